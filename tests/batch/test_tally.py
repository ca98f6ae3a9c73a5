"""Counts of subcritical points: against counts made in another way, and the page that shows them."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from runs import command, go, write_run

from proofgen.batch import tally as tally_module
from proofgen.batch.tally import SHARES, Count, Share, page, tally, write_tally
from proofgen.bundle.hopf_point import HopfRow
from proofgen.errors import InputError
from proofgen.latex.pdf import compile_pdf

BY, CURVE = "network.random.perturbation", "network.random.dimension"
HOPF = SHARES["hopf"]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("run")
    text = write_run(directory, seeds=6).read_text().partition("[[group]]\nname = \"odd\"")[0]
    go(write_run(directory, text=text), directory / "out")
    return directory / "out"


def test_counts_are_those_of_the_points(out: Path) -> None:
    with (out / "points.csv").open(newline="") as stream:
        points = list(csv.DictReader(stream))
    cells = tally(out, BY, CURVE).cells
    assert [(cell.curve, cell.by) for cell in cells] == [("3", "0.01"), ("3", "1"), ("5", "0.01"), ("5", "1")]
    for cell in cells:
        mine = [p for p in points if p[BY] == cell.by and p[CURVE] == cell.curve]
        kinds = [p["criticality"] for p in mine]
        count = cell.counts[HOPF]
        assert (cell.networks, count.total) == (6, len(mine))
        assert (count.of, count.rest) == (kinds.count("subcritical"), kinds.count("supercritical"))
    assert sum(cell.counts[HOPF].total for cell in cells) == len(points)
    whole = tally(out, BY).cells
    assert [cell.by for cell in whole] == ["0.01", "1"] and sum(cell.counts[HOPF].total for cell in whole) == len(points)


def test_standard_error_against_the_bootstrap() -> None:
    rng = np.random.default_rng(5)
    points = rng.integers(1, 6, 400)
    subcritical = rng.binomial(points, rng.beta(2, 3, 400))
    cell = Count()
    for m, s in zip(points.tolist(), subcritical.tolist(), strict=True):
        cell.add(m, s, m - s)
    drawn = rng.integers(0, 400, (4000, 400))
    spread = float(np.std(subcritical[drawn].sum(axis=1) / points[drawn].sum(axis=1)))
    assert cell.standard_error_approx == pytest.approx(spread, rel=0.08)
    naive = math.sqrt(float(cell.fraction * (1 - cell.fraction)) / cell.total)  # type: ignore[operator]
    assert cell.standard_error_approx > 1.1 * naive  # points of one network are not independent


def test_nothing_to_divide_by() -> None:
    cell = Count()
    assert cell.fraction is None and cell.standard_error_approx is None
    cell.add(2, 1, 1)
    assert cell.fraction == 0.5 and cell.standard_error_approx is None


def test_the_page(out: Path, golden: Callable[[str, str], None], tmp_path: Path) -> None:
    counted = tally(out, BY, CURVE)
    golden("tally.tex", page(counted, True))
    pytest.importorskip("matplotlib")
    shutil.copytree(out, tmp_path / "out")
    written = write_tally(tmp_path / "out", counted, figure=True)
    assert [path.name for path in written] == ["tally.csv", "tally.pdf", "tally.tex"]
    before = written[1].read_bytes()
    write_tally(tmp_path / "out", counted, figure=True)
    assert written[1].read_bytes() == before
    if shutil.which("pdflatex"):
        compile_pdf([written[2]])
        assert written[2].with_suffix(".pdf").stat().st_size > before.__len__()


def test_another_kind_needs_a_row(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tallied beside the first, with its own columns, table and figure; without a row it is not counted at all."""
    run = Path(shutil.copytree(out, tmp_path / "run"))
    other = Share("points", "supercritical", "subcritical", "other_fraction", "other_error", "other", "other points", HOPF.said)
    assert tally(run, BY).shares == (HOPF,)
    kinds = [HopfRow, type("OtherRow", (HopfRow,), {"prefix": "other"})]
    monkeypatch.setattr(tally_module, "kinds_of", lambda directory: kinds)
    assert tally(run, BY).shares == (HOPF,)
    monkeypatch.setitem(SHARES, "other", other)
    counted = tally(run, BY)
    assert counted.shares == (HOPF, other)
    assert page(counted, False).count(r"\begin{longtable}") == 2
    written = write_tally(run, counted, figure=True)
    assert [path.name for path in written if path.suffix == ".pdf"] == ["tally.pdf", "other.pdf"]
    with (run / "tally.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows and all(float(row["other_fraction"]) == pytest.approx(1 - float(row["fraction"]), abs=2e-6) for row in rows)
    code, text, _ = command("tally", run, "--by", BY)
    assert code == 0 and text.count("fraction") == 2


def test_the_command_for_programs(out: Path, tmp_path: Path) -> None:
    shutil.copytree(out, tmp_path / "out")
    code, text, _ = command("tally", tmp_path / "out", "--by", BY, "--curve", CURVE, "--json")
    found = json.loads(text)
    assert code == 0 and (found["format"], found["version"]) == ("proofgen-tally", 1)
    assert (found["by"], found["curve"], found["title"]) == (BY, CURVE, "Small run")
    assert found["run_sha256"] == hashlib.sha256((out / "run.toml").read_bytes()).hexdigest()
    assert {Path(path).name for path in found["written"]} >= {"tally.csv", "tally.tex"}
    with (tmp_path / "out" / "tally.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(found["cells"]) == 4
    for row, cell in zip(rows, found["cells"], strict=True):
        assert (cell["by"], cell["curve"]) == (row[BY], row[CURVE])
        counts = ("networks", "complete", "points", "subcritical", "supercritical")
        assert [cell[key] for key in counts] == [int(row[key]) for key in counts]
        assert cell["fraction"] == cell["subcritical"] / cell["points"] and f"{cell['standard_error']:.6f}" == row["standard_error"]
    code, text, _ = command("tally", tmp_path / "out", "--by", BY, "--json")
    found = json.loads(text)
    assert found["curve"] is None and all(cell["curve"] is None for cell in found["cells"])


def test_texts_are_no_formulas() -> None:
    pytest.importorskip("matplotlib")
    from proofgen.figures.fractions import Curve, draw_fractions
    from proofgen.figures.style import pdf_bytes, styled

    with styled():
        figure = draw_fractions([Curve(r"$\frac{ $x", [1.0, 100.0], [0.4, 0.6], [0.1, 0.1])], "$", "$")
        assert pdf_bytes(figure).startswith(b"%PDF")


def test_titles_are_escaped(out: Path) -> None:
    counted = tally(out, BY)
    counted.results["title"] = r"\input{/etc/passwd} $x$"
    assert r"\input{/etc" not in page(counted, False)


def test_a_key_may_be_named_as_the_table_is_headed(out: Path) -> None:
    assert tally(out, "perturbation", CURVE) == tally(out, BY, CURVE)


def test_bad_keys(out: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"by: got 'seeds': no such column; expected one of group, .*network\.random\.seed"):
        tally(out, "seeds")
    code, _, err = command("tally", tmp_path, "--by", "x")
    assert code == 2 and "expected the directory of a finished run" in err
    shutil.copytree(out, tmp_path / "out")
    with (tmp_path / "out/networks.csv").open("a") as stream:
        stream.write("x\n")
    with pytest.raises(InputError, match=r"digest of networks\.csv"):
        tally(tmp_path / "out", BY)


FORGED = {
    "a count": ("networks.csv", r",zero-branch,\d+,", ",zero-branch,-1,", "networks.csv: not as a run writes it"),
    "a huge count": ("networks.csv", r",zero-branch,\d+,", f",zero-branch,{'9' * 3000},", "networks.csv: not as a run writes it"),
    "a short line": ("networks.csv", r"^tanh-000001,tanh,", "tanh-000001,", "another number of cells"),
    "no count": ("results.json", r'"points": \d+,', "", "results.json: not as a run writes it"),
    "no number": ("results.json", r'"points": \d+,', '"points": [],', "results.json: not as a run writes it"),
    "no versions": ("results.json", r'"versions": ', '"tools": ', "has no title and versions"),
    "beyond binary64": ("networks.csv", r"^(tanh-000001,tanh,\d+),[^,]*,", r"\1,1e399,", None),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_forged_runs(out: Path, tmp_path: Path, name: str) -> None:
    """One message; values that no axis can show are shown in the table alone."""
    shutil.copytree(out, tmp_path / "out")
    file, pattern, replacement, message = FORGED[name]
    path = tmp_path / "out" / file
    path.write_text(re.sub(pattern, replacement, path.read_text(), count=1, flags=re.MULTILINE))
    manifest = tmp_path / "out/MANIFEST.sha256"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest.write_text(re.sub(rf"^\w+  {file}$", f"{digest}  {file}", manifest.read_text(), flags=re.MULTILINE))
    if message is None:
        assert not any(file.suffix == ".pdf" for file in write_tally(tmp_path / "out", tally(tmp_path / "out", BY), figure=True))
        return
    with pytest.raises(InputError, match=message):
        tally(tmp_path / "out", BY)


def test_a_tally_writes_over_its_own_files_only(out: Path, tmp_path: Path) -> None:
    run = Path(shutil.copytree(out, tmp_path / "run"))
    (run / "tally.tex").write_text("mine")
    with pytest.raises(InputError, match=r"tally\.tex: is not of a tally"):
        write_tally(run, tally(run, BY), figure=False)
    assert (run / "tally.tex").read_text() == "mine" and not (run / "tally.csv").exists()
    (run / "tally.tex").unlink()
    write_tally(run, tally(run, BY), figure=True)
    write_tally(run, tally(run, BY, CURVE), figure=False)
    assert CURVE in (run / "tally.csv").read_text() and not (run / "figures/tally.pdf").exists()
    (run / "tally.tex").write_text("my own words")
    assert command("tally", run, "--by", BY)[0] == 2
    assert (run / "tally.tex").read_text() == "my own words"
