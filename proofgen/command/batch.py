"""The commands for large runs: batch, status, merge; and `check` for what they write."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from .terminal import INCOMPLETE, INTERRUPTED, PROVED, AsJson, errors, new_table, output, print_json, print_table

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="the directory of a run")]


def batch(
    run_file: Annotated[Path, typer.Argument(metavar="RUN.toml", help="which networks to prove")],
    out: Annotated[Path, typer.Option(help="directory of the run")],
    jobs: Annotated[int, typer.Option(min=1, help="worker processes")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="go on with an interrupted or changed run")] = False,
    shard: Annotated[str, typer.Option(metavar="I/N", help="every N-th network only, from the I-th")] = "1/1",
    dask: Annotated[str | None, typer.Option(metavar="ADDRESS", help="use the workers of this Dask scheduler")] = None,
    as_json: AsJson = False,
) -> None:
    """Prove many networks: sweeps over the keys of specs, resumable, with tables of the results."""
    from ..batch.engines import DaskEngine, Engine, LocalEngine
    from ..batch.form import load_run
    from ..batch.items import read_shard
    from ..batch.progress import watching
    from ..batch.run import run_batch
    from ..needs import NEEDS, has

    run, part = load_run(run_file), read_shard(shard)
    if not has("parquet"):
        errors.print(f"proofgen: {NEEDS['parquet'].message}; the tables are CSV only")

    def start_engine() -> Engine:
        if dask is None:
            return LocalEngine(jobs, run.time_limit)
        engine = DaskEngine(dask)
        say(engine.description)
        return engine

    def say(text: str) -> None:
        errors.print(f"proofgen: {text}")

    try:
        with watching(errors) as watch:
            results = run_batch(run, out, start_engine, shard=part, resume=resume, watch=watch, say=say)
    except KeyboardInterrupt:
        say("interrupted; go on with --resume")
        raise typer.Exit(INTERRUPTED) from None
    directory = out if part.count == 1 else out / part.name
    _report(results, directory, as_json)
    if not as_json and part.count > 1:
        output.print(f"When all {part.count} shards are done: proofgen merge {out}", soft_wrap=True)
    raise typer.Exit(PROVED if results["proved"] == results["networks"] else INCOMPLETE)


def merge(directory: Directory, as_json: AsJson = False) -> None:
    """Put the finished shards of a run (DIR/shard-I-of-N) together into one run in DIR."""
    from ..batch.merge import merge_shards

    results = merge_shards(directory)
    _report(results, directory, as_json)
    raise typer.Exit(PROVED if results["proved"] == results["networks"] else INCOMPLETE)


def tally(
    directory: Directory,
    by: Annotated[str, typer.Option(metavar="KEY", help="a swept key, such as network.random.perturbation")],
    curve: Annotated[str | None, typer.Option(metavar="KEY", help="another: a curve for each value")] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="also compile the page (needs a TeX engine)")] = False,
    as_json: AsJson = False,
) -> None:
    """Count subcritical and supercritical Hopf points of a finished run against a swept value: table, figure, page."""
    from ..batch.tally import check_tally_place, document, short, write_tally
    from ..batch.tally import tally as count
    from ..latex.pdf import compile_pdf
    from ..needs import NEEDS, has, require

    require(*(["tex"] if pdf else []))
    if not has("pictures"):
        errors.print(f"proofgen: {NEEDS['pictures'].message}; the page is written without them")
    check_tally_place(directory)
    counted = count(directory, by, curve)
    written = write_tally(directory, counted, figure=has("pictures"))
    if pdf:
        written += compile_pdf([path for path in written if path.suffix == ".tex"])
    if as_json:
        print_json(document(counted, written))
        return
    for share in counted.shares:
        heads = [short(by), *([short(curve)] if curve else []), "networks", share.total, share.of, "fraction", "±"]
        table = new_table(*heads)
        for cell in counted.cells:
            found = cell.counts[share]
            fraction, error = found.fraction, found.standard_error_approx
            table.add_row(
                cell.by, *([cell.curve] if curve else []), str(cell.networks), str(found.total), str(found.of),
                "" if fraction is None else f"{float(fraction):.4f}", "" if error is None else f"{error:.4f}",
            )  # fmt: skip
        print_table(table)
    output.print("(±: one standard error, networks taken as independent)", soft_wrap=True)
    output.print("Written: " + ", ".join(map(str, written)), soft_wrap=True)


def render_page(directory: Path, as_json: bool) -> None:
    """`proofgen render --html` for a run."""
    from ..batch.page import write_page

    page = write_page(directory)
    if as_json:
        head = {"format": "proofgen-documents", "version": 1, "directory": str(directory)}
        print_json(head | {"tex": [], "pdf": [], "html": str(page)})
        return
    output.print(f"Written: {page}", soft_wrap=True)


def status(directory: Directory, as_json: AsJson = False) -> None:
    """How far the run in DIR (and its shards) is; also while it is running."""
    from ..batch.status import run_status

    found = run_status(directory)
    if as_json:
        print_json(found)
        return
    table = new_table("run", *_COUNTS, "state")
    for run in found["runs"]:
        counts = (str(run[key]) for key in _COUNTS[1:])
        table.add_row(run["name"], f"{run['done']} of {run['total']}", *counts, run["state"])
    print_table(table)
    for run in found["runs"]:
        if run["state"] == "running":
            output.print(f"{run['name']}: {_pace(run)}", soft_wrap=True)
    if any(run["state"] == "stopped" for run in found["runs"]):
        output.print("(stopped: --resume goes on)", soft_wrap=True)
    _print_reasons(found["failures_by_code"])


_COUNTS = ("networks", "proved", "incomplete", "failed", "points")


def _print_reasons(counts: dict[str, int]) -> None:
    from ..batch.work import CODES

    for code, count in counts.items():
        output.print(f"{count} × {code}: {CODES.get(code, 'unknown')}", soft_wrap=True)


def _pace(run: dict[str, Any]) -> str:
    from ..batch.progress import duration

    parts = [f"process {run['pid']} on {run['host']}"]
    if run["networks_per_second"]:
        parts.append(f"{run['networks_per_second']:.3g} networks/s")
    if run["left_seconds"] is not None:
        parts.append(f"{duration(run['left_seconds'])} left")
    silent = time.time() - run["seen"]
    if silent > 60:
        parts.append(f"no sign of life for {duration(silent)}")
    return ", ".join(parts)


def _report(results: dict[str, Any], directory: Path, as_json: bool) -> None:
    if as_json:
        print_json(results)
        return
    output.print(results["title"], soft_wrap=True)
    columns = ("networks", "proved", "incomplete", "failed", "points", "supercritical", "subcritical", "accepted")
    heads = (*columns[:-3], "super", "sub", "re-checked")
    table = new_table("group", *heads)
    rows = results["groups"] if len(results["groups"]) == 1 else [*results["groups"], {"name": "all", **results}]
    for row in rows:
        table.add_row(row["name"], *(str(row[key]) for key in columns))
    print_table(table)
    _print_reasons(results["failures_by_code"])
    output.print(f"Tables in {directory}; check everything with: proofgen check {directory}", soft_wrap=True)


def check_paths(paths: list[str], engine: str, jobs: int, as_json: bool) -> int:
    """`proofgen check` for whatever can be checked. Returns the exit code."""
    from ..batch.paths import check_all_at

    reports: list[dict[str, Any]] = []
    for path in paths:
        for checked in check_all_at(path, engine, jobs, errors.print):
            reports.append(checked.document)
            if not as_json:
                print(checked.text, file=sys.stderr if checked.document["usage"] else sys.stdout)
    code = worst(report["exit_code"] for report in reports)
    if as_json:
        print_json({"format": "proofgen-check", "version": 1, "exit_code": code, "reports": reports})
    return code


def is_bundle(path: str) -> bool:
    """Whether a path may be a bundle or a certificate: no run, not packed."""
    from ..batch.names import is_run
    from ..batch.packing import is_packed

    return not is_run(Path(path)) and not is_packed(Path(path))


def worst(codes: Iterable[int]) -> int:
    found = set(codes)
    return next(code for code in (2, 1, 3, 0) if code in found)


__all__ = ["batch", "check_paths", "is_bundle", "merge", "status", "tally", "worst"]
