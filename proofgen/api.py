"""The jobs of the command line as functions: load, prove, render. (`proofgen.check` is the checker itself.)"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from .bundle import disk
from .bundle.json_text import Json, dump
from .bundle.problem_writer import describe
from .bundle.schema import validate_bundle
from .claims.summary import versions
from .documents import Layout, generated, has_figures, make_documents
from .errors import InputError
from .final_check import RejectedError, checked
from .problem.network import Problem
from .problem.problem import AnyProblem, search_hints
from .proof.zero_branch import Progress
from .spec.load import load
from .strategy.largest_radius import LargestRadius
from .strategy.largest_radius import largest_radius as _largest_radius
from .strategy.result import Result
from .strategy.run import emission_for
from .strategy.run import prove as _prove
from .strategy.stopwatch import Stopwatch, quiet
from .strategy.zero_branch import zero_branch_series
from .symbolic.time_limit import guarded

PLAIN = Layout()


def prove(
    problem: AnyProblem,
    out: str | Path | None = None,
    *,
    precision: int | None = None,
    method: str = "spectral",
    resume: bool = False,
    jobs: int = 1,
    progress: Progress = quiet,
    layout: Layout = PLAIN,
    check: bool = True,
) -> Result:
    """Prove what can be proved of a problem; with ``out``, write the bundle there (JSON and LaTeX), and check it.

    precision: bits to begin with (default: the spec's). resume: a whole bundle of the same problem and
    options in ``out`` is returned as it is, after its documents are written again in the layout asked for. jobs:
    worker processes. check: the independent checker reads what is in ``out`` then, in a process of its own; see
    `Result.check`. Raises InputError for bad arguments and RejectedError where the checker rejects the bundle, which
    is then set aside.
    """
    layout.check()
    if out is not None:
        disk.check_writable(Path(out))
        if resume:
            finished = _finished(problem, Path(out), precision, method)
            if finished is not None:
                render_directory(out, layout, progress=progress)
                return checked(finished, Path(out), jobs, progress) if check else finished
    result = _prove(problem, precision=precision, method=method, jobs=jobs, progress=progress)
    return result if out is None else _written(result, Path(out), layout, check, jobs, progress)


def _written(result: Result, out: Path, layout: Layout, check: bool, jobs: int, progress: Progress) -> Result:
    """Write the bundle of a result and, if asked for, let the independent checker read it."""
    render(result, out, layout=layout, progress=progress)
    if check:
        result = checked(result, out, jobs, progress)
        _write_summary(result, out)  # with the time that the check took; no digest covers this file
    return result


def largest_radius(
    problem: AnyProblem,
    out: str | Path | None = None,
    *,
    precision: int | None = None,
    method: str = "spectral",
    jobs: int = 1,
    layout: Layout = PLAIN,
    progress: Progress = quiet,
    check: bool = True,
) -> LargestRadius:
    """The largest weight radius, to three digits, for which everything that is proved at radius 0 stays proved.

    It replaces the problem's own. With ``out``, the bundle for that radius is written there and checked, as by `prove`.
    """
    if out is not None:
        disk.check_writable(Path(out))
    tried = 0

    def run(candidate: AnyProblem, everything: bool) -> Result:
        nonlocal tried
        tried += 1
        progress("radii tried", tried, max(tried, 20))
        return _prove(candidate, precision=precision, method=method, jobs=jobs, all_or_nothing=everything)

    found = _largest_radius(problem, run)
    if out is not None:
        return replace(found, result=_written(found.result, Path(out), layout, check, jobs, progress))
    return found


def render(result: Result, out: str | Path, *, layout: Layout = PLAIN, progress: Progress = quiet) -> None:
    """Write the bundle of a result: certificates, arrays, LaTeX, summary, manifest, and pictures if asked for."""
    layout.check()
    progress("LaTeX", 0, 1)
    contents = dict(result.files)
    with result.stopwatch("LaTeX"):
        contents |= make_documents(
            result.problem, result.problem_document, result.branch, result.points, result.summary, layout,
            result.files.__getitem__, progress,
        )  # fmt: skip
    with result.stopwatch("schemas"):
        validate_bundle(result.problem_document, result.branch, result.summary, result.points)
    with result.stopwatch("writing"):
        disk.write_bundle(Path(out), contents)
    _write_summary(result, Path(out))


def _write_summary(result: Result, out: Path) -> None:
    """Write summary.json, with the seconds of each stage until now."""
    seconds = result.stopwatch.seconds
    result.summary["timing"] = {
        "total_seconds": round(sum(seconds.values()), 3),
        **{stage: round(value, 3) for stage, value in seconds.items()},
    }
    disk.write_atomically(out / "summary.json", dump(result.summary).encode())


def render_directory(
    directory: str | Path, layout: Layout | None = None, *, progress: Progress = quiet
) -> list[Path]:
    """Write the LaTeX of an existing bundle again, from its certificates. Returns the .tex documents.

    layout: without one, pictures are drawn again if the bundle has any and matplotlib is there.
    """
    from .bundle.read import load_bundle
    from .bundle.untrusted import read_array_file
    from .figures.style import available

    out = Path(directory)
    if layout is None:
        layout = Layout(figures=has_figures(out) and available())
    layout.check()
    problem_document, branch, points, summary, problem = load_bundle(out)
    contents = make_documents(
        problem, problem_document, branch, points, summary, layout, lambda path: read_array_file(out, path), progress
    )
    disk.update_bundle(out, contents, generated)
    return [out / path for path in contents if path.endswith(".tex") and not path.endswith("-body.tex")]


def _agrees(summary: Json, branch: Json, points: dict[str, Json]) -> bool:
    """Whether a summary, which no digest covers, says what the certificates say."""
    claims = branch["claims"]
    rows = [row for row in summary["points"] if row["status"] != "undecided"]
    pieces, listed = ([piece["interval"] for piece in side["unsettled"]] for side in (summary, claims))
    proved = {row["id"]: points[row["id"]]["claims"] for row in rows}
    return (
        summary["versions"] == versions()
        and summary["status"] == ("proved" if claims["complete"] else "incomplete")
        and all(summary[key] == claims[key] for key in ("complete", "interval", "real_crossings"))
        and pieces == listed
        and list(proved) == [point["id"] for point in claims["points"]] == list(points)
        and all(row[key] == value for row in rows for key, value in proved[row["id"]].items() if key in row)
    )


def _finished(problem: AnyProblem, out: Path, precision: int | None, method: str) -> Result | None:
    """The result of an earlier, finished run with the same problem and options, from its files."""
    files, document, digest = describe(problem)
    if not disk.manifest_holds(out):
        return None
    try:
        if (out / "problem.json").read_bytes() != files.contents["problem.json"]:
            return None
        summary: Json = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        branch: Json = json.loads((out / "branch.json").read_text(encoding="utf-8"))
        options = summary["options"]
        asked = {
            "precision": problem.proof.precision if precision is None else precision,
            "max_precision": problem.proof.max_precision,
            "digits": problem.proof.digits,
            **search_hints(problem),
        }
        if {key: options[key] for key in asked} != asked:
            return None
        points = {
            row["id"]: json.loads((out / row["certificate"]).read_text(encoding="utf-8"))
            for row in summary["points"]
            if row["certificate"]
        }
        listed = disk.read_manifest(out) or {}
        contents = {path: (out / path).read_bytes() for path in listed if not generated(path)}
        if not _agrees(summary, branch, points) or not _made_by(method, problem, points):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    emission = guarded(problem, lambda: emission_for(problem, digest, method))
    return Result(problem, emission, document, branch, points, summary, contents, Stopwatch())


def _made_by(method: str, problem: AnyProblem, points: dict[str, Json]) -> bool:
    """Whether the certificates are those that the method asked for would give."""
    wanted = method
    if method == "spectral" and not isinstance(zero_branch_series(problem), str):
        wanted = "zero-branch"
    return all(point["method"] == wanted for point in points.values())


__all__ = [
    "InputError", "LargestRadius", "Layout", "Problem", "RejectedError", "Result", "largest_radius", "load", "prove",
    "render", "render_directory",
]  # fmt: skip
