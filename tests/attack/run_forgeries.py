"""Forged runs: every cell, row and total of the tables, Parquet columns, bundles at each other's place, and false claims that
bundle, tables and totals tell alike. Digests and Parquet tables follow, as a forger would see to.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import forgeries
import pyarrow
import pyarrow.parquet as parquet
from check_tools import read, write

from proofgen.batch.packing import content_digest, pack, unpack, unpacked
from proofgen.batch.record import record_of
from proofgen.batch.tables import cell, point_cells
from proofgen.bundle.disk import manifest_bytes
from proofgen.bundle.hopf_point import HopfRow
from proofgen.bundle.summary import read_summary

Forgery = tuple[str, Callable[[Path], object]]
TABLES = ("networks", "points", "failures")

RUN = """
title = "attacked"
method = "METHOD"
[output]
packing = "PACKING"

[[group]]
name = "rate"
[group.base.network]
family = "layered"
leak = "1"
start = ["0.35", "0.23"]
[[group.base.network.layer]]
weights = [["12", "-10"], ["10", "-2"]]
bias = ["-1.1", "-4.2"]
activation = "logistic"
enters = { row = 1, column = 1 }
[group.base.parameter]
interval = ["-2", "-1.95"]
[group.product]
proof.weight_radius = ["0", "1e-8"]

[[group]]
name = "zero"
[group.base.network]
family = "asymmetric-rnn"
random = { generator = "matlab", seed = 1, dimension = 3, perturbation = "0.1" }
[group.product.network.random]
seed = { from = 1, to = 2 }

[[group]]
name = "odd" # undecided
[group.base.network]
family = "asymmetric-rnn"
R1 = [[0, 1], [0, 0]]
"""


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def write_table(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def edited(name: str, change: Callable[[list[list[str]]], list[list[str]]]) -> Callable[[Path], None]:
    """A CSV table changed, and its Parquet table made again from it where its columns still fit."""

    def edit(out: Path) -> None:
        path = out / f"{name}.csv"
        rows = change(table(path))
        write_table(path, rows)
        old = parquet.read_schema(path.with_suffix(".parquet"))
        if old.names != rows[0]:
            return
        convert: dict[str, Callable[[str], Any]] = {"int64": int, "double": float, "bool": lambda t: t == "true", "string": str}
        columns = {}
        try:
            for k, field in enumerate(old):
                columns[field.name] = [convert[str(field.type)](row[k]) if row[k] else None for row in rows[1:]]
            parquet.write_table(pyarrow.table(columns, schema=old), path.with_suffix(".parquet"))
        except (ValueError, IndexError, pyarrow.ArrowInvalid):
            pass  # the Parquet table stays as it was

    return edit


def changed_cell(text: str) -> Iterator[str]:
    """Other values of the same kind."""
    if text in ("true", "false"):
        yield {"true": "false", "false": "true"}[text]
    elif text in ("supercritical", "subcritical"):
        yield {"supercritical": "subcritical", "subcritical": "supercritical"}[text]
    elif text and text.lstrip("-")[0].isdigit():
        digit = next(k for k in reversed(range(len(text.split("e")[0]))) if text[k].isdigit())
        yield text[:digit] + str((int(text[digit]) + 1) % 10) + text[digit + 1 :]
        yield text[1:] if text[0] == "-" else "-" + text
    elif text:
        yield text + "x"
        yield text[:-1]
    else:
        yield "1"


def table_forgeries(out: Path) -> Iterator[Forgery]:
    for name in TABLES:
        rows = table(out / f"{name}.csv")
        head = rows[0]
        for i in range(1, len(rows)):
            for k, key in enumerate(head):
                for new in changed_cell(rows[i][k]):

                    def cell_changed(t: list[list[str]], i: int = i, k: int = k, new: str = new) -> list[list[str]]:
                        t[i][k] = new
                        return t

                    yield f"{name} row {i} {key} is {new[:40]!r}", edited(name, cell_changed)
            yield f"{name} row {i} dropped", edited(name, lambda t, i=i: t[:i] + t[i + 1 :])
            yield f"{name} row {i} twice", edited(name, lambda t, i=i: [*t[: i + 1], t[i], *t[i + 1 :]])
            if i + 1 < len(rows) and rows[i] != rows[i + 1]:
                yield f"{name} row {i} after the next", edited(name, lambda t, i=i: [*t[:i], t[i + 1], t[i], *t[i + 2 :]])
            if 1 < i < len(rows) - 1 and rows[i] != rows[-1]:
                yield f"{name} row {i} at the end", edited(name, lambda t, i=i: [*t[:i], *t[i + 1 :], t[i]])
        yield f"{name}, two columns exchanged", edited(name, lambda t: [[row[1], row[0], *row[2:]] for row in t])
        if len(rows) > 2:
            yield f"{name}, no rows", edited(name, lambda t: t[:1])
    for name in TABLES:
        schema = parquet.read_schema(out / f"{name}.parquet")
        count = parquet.read_metadata(out / f"{name}.parquet").num_rows
        for key in schema.names if count else ():
            yield f"{name}.parquet, {key}", lambda r, name=name, key=key: in_parquet(r / f"{name}.parquet", key)
        if count > 1:
            yield f"{name}.parquet reversed", lambda r, name=name: reversed_parquet(r / f"{name}.parquet")


def in_parquet(path: Path, key: str) -> None:
    content = parquet.read_table(path)
    place = content.schema.get_field_index(key)
    values, kind = content.column(key).to_pylist(), content.schema.field(key).type
    old = values[0]
    values[0] = {"int64": (old or 0) + 1 if not isinstance(old, str) else 0, "double": 0.123, "bool": not old, "string": f"{old}0"}[str(kind)]
    parquet.write_table(content.set_column(place, content.schema.field(key), pyarrow.array(values, kind)), path)


def reversed_parquet(path: Path) -> None:
    content = parquet.read_table(path)
    parquet.write_table(content.take(list(reversed(range(len(content))))), path)


def total_forgeries(out: Path) -> Iterator[Forgery]:
    results = read(out / "results.json")

    def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
        if isinstance(value, dict):
            for key, v in value.items():
                yield from leaves(v, (*path, key))
        elif isinstance(value, list):
            for k, v in enumerate(value):
                yield from leaves(v, (*path, k))
        else:
            yield path, value

    for path, value in leaves(results):
        if path[0] in ("versions", "run_sha256"):
            continue
        new = value + 1 if isinstance(value, int) and not isinstance(value, bool) else (not value if isinstance(value, bool) else f"{value}x")
        yield f"results {path}", forgeries.setting("results.json", (path, new))
    for key in results:
        if key not in ("versions",):
            yield f"results without {key}", lambda r, key=key: write(r / "results.json", {k: v for k, v in read(r / "results.json").items() if k != key})


def contents_of(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        return {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}
    return unpack(path)


def put(out: Path, place: str, contents: dict[str, bytes]) -> None:
    """A bundle at its place, with its digest in networks.csv."""
    path = out / place
    if path.is_dir():
        shutil.rmtree(path)
        for name, data in contents.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
    else:
        path.write_bytes(pack(contents, ".zip" if place.endswith(".zip") else ".tar.zst"))

    def digest(rows: list[list[str]]) -> list[list[str]]:
        at, column = rows[0].index("bundle"), rows[0].index("content_sha256")
        return [[*row[:column], content_digest(contents), *row[column + 1 :]] if row[at] == place else row for row in rows]

    edited("networks", digest)(out)


def bundle_forgeries(out: Path) -> Iterator[Forgery]:
    rows = table(out / "networks.csv")
    name_at, place_at = rows[0].index("network"), rows[0].index("bundle")
    places = [(row[name_at], row[place_at]) for row in rows[1:] if row[place_at]]
    for k, (name, place) in enumerate(places):
        other = places[(k + 1) % len(places)][1]
        yield f"{name}, the bundle of another network", lambda r, place=place, other=other: put(r, place, contents_of(r / other))
        files = contents_of(out / place)
        for certificate in sorted(p for p in files if p.startswith("points/")):
            yield f"{name} without {certificate}", lambda r, place=place, c=certificate: put(r, place, {k: v for k, v in contents_of(r / place).items() if k != c})
            claims = json.loads(files[certificate])["claims"]
            for key in ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed") if "omega" in claims else ():
                for what, pair in moved(claims[key]):
                    yield f"{name} {certificate} {key} {what}, told alike everywhere", lambda r, n=name, p=place, c=certificate, k=key, v=pair: told_alike(r, n, p, c, k, v)
    yield "another seed in the run file", lambda r: replaced(r / "run.toml", "to = 2", "to = 3")
    yield "another seed in the run file (same count)", lambda r: replaced(r / "run.toml", "from = 1, to = 2", "from = 2, to = 3")
    yield "a larger radius in the run file", lambda r: replaced(r / "run.toml", '"1e-8"', '"1e-3"')
    yield "another title", lambda r: replaced(r / "run.toml", '"attacked"', '"another"')
    yield "another interval in the run file", lambda r: replaced(r / "run.toml", '"-1.95"', '"-1.94"')


def moved(pair: list[str]) -> Iterator[tuple[str, list[str]]]:
    low, high = map(Fraction, pair)
    width = high - low or Fraction(1, 2**30)
    yield "moved up", [forgeries.text(high + width, 30), forgeries.text(high + 2 * width, 30)]
    yield "moved down", [forgeries.text(low - 2 * width, 30), forgeries.text(low - width, 30)]


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def told_alike(out: Path, name: str, place: str, certificate: str, key: str, pair: list[str]) -> None:
    """A false enclosure in the certificate, in branch.json, summary.json and both tables."""
    contents = contents_of(out / place)
    with unpacked(contents) as root:
        forgeries.setting(certificate, (("claims", key), pair))(root)
        if key == "parameter":
            forgeries.in_branch(Path(certificate).stem, pair)(root)
        summary = read(root / "summary.json")
        for row in summary["points"]:
            if row["certificate"] == certificate:
                row[key] = pair
        write(root / "summary.json", summary)
        from check_tools import rehash

        rehash(root)
        contents = {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file() and p.name != "MANIFEST.sha256"}
    contents["MANIFEST.sha256"] = manifest_bytes({k: v for k, v in contents.items() if k != "summary.json"})
    put(out, place, contents)
    cells = list(point_cells(record_of(read_summary(json.loads(contents["summary.json"]))), HopfRow))

    def rows_changed(rows: list[list[str]]) -> list[list[str]]:
        new = iter(cells)
        result = [rows[0]]
        for row in rows[1:]:
            if row[0] == name:
                values = next(new)
                row = [cell(values[k]) if k in values else old for k, old in zip(rows[0], row, strict=True)]
            result.append(row)
        return result

    edited("points", rows_changed)(out)


def consistent(out: Path) -> None:
    """The digests of a forged run."""
    results = json.loads((out / "results.json").read_text())
    if "run_sha256" in results:
        results["run_sha256"] = hashlib.sha256((out / "run.toml").read_bytes()).hexdigest()
    (out / "results.json").write_text(json.dumps(results))
    names = [line.split("  ")[1] for line in (out / "MANIFEST.sha256").read_text().splitlines()]
    (out / "MANIFEST.sha256").write_text("".join(f"{hashlib.sha256((out / n).read_bytes()).hexdigest()}  {n}\n" for n in names if (out / n).exists()))
