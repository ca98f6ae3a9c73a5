"""Runs whose names and texts act on a terminal: shown escaped, in tables, JSON and LaTeX, and never a traceback."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from commands import run
from runs import go, write_run

from proofgen.batch import read

NASTY = "a\x1b[31m\u202eb\n\x9b[red]:smile:\x07\u2066\u2028$\\frac{c"
TEXT = """
title = "γ [red] :smile:"
[[group]]
name = "one"
[group.base]
title = "x"
[group.base.network]
family = "asymmetric-rnn"
R1 = [[0, 1], [0, 0]]
[group.product]
network.activation = ["tanh", "tan\\u001b[31m\\u202e"]
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("names")
    out = directory / os.fsdecode(b"b\x1b[31m\xe2\x80\xae\xff\n[red]:smile:")
    go(write_run(directory, text=TEXT), out)
    return out


@pytest.fixture
def out(finished: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(finished, tmp_path / finished.name))


def command(*arguments: object) -> tuple[int, str, str]:
    """Exit code, stdout, stderr of the command: nothing in them acts on a terminal."""
    done = run(*arguments)
    for text in (done.stdout, done.stderr):
        assert text.replace("\n", "").isprintable(), text
    return done.returncode, done.stdout, done.stderr


def consistent(out: Path) -> None:
    names = [line.split("  ")[1] for line in (out / "MANIFEST.sha256").read_text().splitlines()]
    lines = [f"{hashlib.sha256((out / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (out / "MANIFEST.sha256").write_text("".join(lines))


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_run_and_status_and_check(out: Path, monkeypatch: pytest.MonkeyPatch, as_json: tuple[str, ...]) -> None:
    code, text, _ = command("check", out, *as_json)
    assert code in (0, 3) and r"b\x1b[31m" in text.replace("\\\\", "\\").replace("\\u001b", r"\x1b")
    assert command("status", out, *as_json)[0] == 0
    assert command("merge", out, *as_json)[0] == 2
    with contextlib.closing(sqlite3.connect(out / "state.sqlite")) as state:
        state.execute("UPDATE items SET status = ? WHERE number = 1", (NASTY,))
        record = json.loads(state.execute("SELECT record FROM items WHERE failures > 0").fetchone()[0])
        record["failures"] = [{"code": NASTY + "\ud800"}]
        state.execute("UPDATE items SET record = ? WHERE failures > 0", (json.dumps(record),))
        state.execute("UPDATE facts SET value = ? WHERE name = 'title'", (json.dumps(NASTY + "\ud800"),))
        state.commit()
    code, text, _ = command("status", out, *as_json)
    assert code == 0
    if as_json:
        assert json.loads(text)["runs"][0]["title"] == NASTY + "\ud800"


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_tally(out: Path, monkeypatch: pytest.MonkeyPatch, as_json: tuple[str, ...]) -> None:
    path = out / "networks.csv"
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.reader(stream))
    swept = rows[0].index("network.activation")
    rows[0][swept] = f"network.{NASTY}"
    for row in rows[1:]:
        row[swept] = NASTY
    rows[-1][rows[0].index("dimension")] = "2"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    consistent(out)
    for options in (["--by", f"network.{NASTY}"], ["--by", "dimension", "--curve", f"network.{NASTY}"]):
        code, text, _ = command("tally", out, *options, *as_json)
        assert code == 0
        if as_json:
            assert NASTY in (json.loads(text)["by"] + (json.loads(text)["curve"] or ""))
        assert (out / "tally.tex").read_bytes().decode("ascii").replace("\n", "").isprintable()
    assert command("tally", out, "--by", NASTY, *as_json)[0] == 0  # the end of a name, as tables are headed
    assert command("tally", out, "--by", f"{NASTY}x", *as_json)[0] == 2
    assert command("check", out, *as_json)[0] == 1


@pytest.mark.parametrize("title", [NASTY, "\ud800", "x\n"])
def test_titles_of_results(out: Path, monkeypatch: pytest.MonkeyPatch, title: str) -> None:
    results = json.loads((out / "results.json").read_text())
    (out / "results.json").write_text(json.dumps(results | {"title": title}))
    consistent(out)
    for as_json in ((), ("--json",)):
        assert command("check", out, *as_json)[0] == 1
        assert command("tally", out, "--by", "group", *as_json)[0] == 2


def test_a_table_of_few_rows_that_are_very_long_ends_early(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = out / "failures.csv"
    row = path.read_text().splitlines()[-1]
    name, group = row.split(",")[:2]
    columns = len(path.read_text().splitlines()[0].split(","))
    path.write_text(path.read_text() + f"{','.join([name, group, *['x' * 1000] * (columns - 2)])}\n" * 10)
    consistent(out)
    monkeypatch.setattr(read, "MAX_RESULTS", 9000)
    code, text, _ = command("check", out)
    assert code == 1 and "longer ones, than a bundle can give" in text
