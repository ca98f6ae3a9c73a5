"""Results, reports and the cells of the notebook, as a script's author meets them."""

from __future__ import annotations

import ast
import io
import json
import pydoc
import shutil
import subprocess
import sys
from contextlib import redirect_stdout
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from networks import PAPER

import proofgen
from proofgen.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "proofs" / "examples" / "three-neurons.ipynb"
GOOD = ROOT / "tests" / "certificates" / "good"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("result") / "n4"


@pytest.fixture(scope="module")
def result(out: Path) -> proofgen.Result:
    """Of the name of a file, written and checked."""
    return proofgen.prove(str(PAPER / "n4-printed.toml"), out)


def test_points_are_those_of_the_summary(result: proofgen.Result, out: Path) -> None:
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert result.to_dict() == summary and result.proved and result and result.complete
    assert len(result.points) == len(summary["points"]) == 2
    for point, row in zip(result.points, summary["points"], strict=True):
        assert (point.id, point.status, point.criticality) == (row["id"], "proved", row["criticality"])
        assert (point.unstable_eigenvalues, point.stable_eigenvalues) == (row["unstable_eigenvalues"], row["stable_eigenvalues"])
        assert point.omega is not None and point.parameter.text == tuple(row["parameter"])
        low, high = map(Fraction, row["omega"])
        assert (point.omega.lower, point.omega.upper, str(point.omega)) == (low, high, f"[{row['omega'][0]}, {row['omega'][1]}]")
        assert float(point.omega) == float((low + high) / 2) and (low + high) / 2 in point.omega and high + 1 not in point.omega
        assert point.equilibrium is not None and len(point.equilibrium) == 4
        assert point.certificate == out / row["certificate"] and point.certificate.is_file()


def test_texts_are_short(result: proofgen.Result) -> None:
    for value in (result, result.problem, *result.points, *(result.points[0].equilibrium or ())):
        assert len(repr(value)) < 400 and "\n" not in repr(value)
    assert "2 Hopf bifurcations proved (1 supercritical, 1 subcritical); the list is complete for all real gamma" in repr(result)
    assert result.problem.parameter == "gamma" and "Independent check: accepted." in repr(result)


def test_html_is_a_table_with_the_theorem() -> None:
    """Titles are text: nothing in them becomes a tag."""
    problem = proofgen.network([[0, 1], [-1, 0]], title="<script>alert(1)</script>", interval=("-1", "1"))
    found = proofgen.prove(problem)
    tags: list[str] = []
    texts: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            tags.append(tag)

        def handle_data(self, data: str) -> None:
            texts.append(data)

    Reader().feed(found._repr_html_())
    assert set(tags) == {"p", "b", "table", "tr", "th", "td"}
    assert "<script>alert(1)</script>" in texts and any(found.theorem in text for text in texts)
    assert not found.proved and found.points[0].code == "antisymmetric" and "undecided" in repr(found.points[0])


def test_the_table(result: proofgen.Result, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = result.table()
    if not isinstance(rows, list):
        rows = rows.to_dict("records")
    assert [row["id"] for row in rows] == ["hopf-0001", "hopf-0002"]
    assert rows[0]["omega"] == result.points[0].omega and rows[1]["criticality"] == result.points[1].criticality
    made: dict[str, Any] = {}
    fake: Any = ModuleType("pandas")
    fake.DataFrame = lambda rows, columns: made.update(rows=rows, columns=columns) or "frame"
    monkeypatch.setitem(sys.modules, "pandas", fake)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: fake if name == "pandas" else None)
    assert result.table() == "frame" and made["columns"] == list(made["rows"][0])


def test_plots(result: proofgen.Result) -> None:
    for kind in ("eigenvalues", "lyapunov"):
        assert result.plot(kind).get_axes()
    for kind, message in (("branch", "nothing to draw"), ("pie", "kind: got 'pie': expected one of eigenvalues")):
        with pytest.raises(InputError, match=message):
            result.plot(kind)


def test_reports(result: proofgen.Result, out: Path, tmp_path: Path) -> None:
    report = proofgen.check(out)
    assert report and report.accepted and report.reasons == () and report.exit_code == 0 and "ACCEPTED" in str(report)
    forged = Path(shutil.copytree(out, tmp_path / "forged"))
    path = forged / "points" / "hopf-0001.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["claims"]["unstable_eigenvalues"] += 1
    path.write_text(json.dumps(document), encoding="utf-8")
    report = proofgen.check(forged)
    assert not report and not report.accepted and (report.verdict, report.exit_code) == ("rejected", 1)
    assert any("points/hopf-0001" in reason for reason in report.reasons)
    assert repr(report).startswith(f"<Report {forged}: REJECTED: ") and len(repr(report)) < 500
    shutil.copytree(out, tmp_path / "good")
    both = proofgen.check(tmp_path)
    assert both.verdict == "rejected" and both.document["reports"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: proofgen.check("nowhere"), "'nowhere': no such directory or certificate"),
        (lambda: proofgen.check(ROOT / "proofs" / "certificates" / "n20-seed80"), "a summary alone proves nothing"),
        (lambda: proofgen.check(3), "path: got 3: expected the name of a file or directory"),  # type: ignore[arg-type]
        (lambda: proofgen.check(GOOD / "planar", engine="magic"), "engine: got 'magic': expected one of auto"),
        (lambda: proofgen.check(GOOD / "planar", jobs=-1), "jobs: got -1: expected an integer from 1 on"),
        (lambda: proofgen.prove("no.toml"), "no.toml: no such file"),
        (lambda: proofgen.prove(3), "problem: got 'int': expected a problem"),  # type: ignore[arg-type]
        (lambda: proofgen.load(3), "spec: got 3: expected the name of a file"),  # type: ignore[arg-type]
        (lambda: proofgen.render(3, "x"), "result: got 'int': expected what prove returns"),  # type: ignore[arg-type]
        *((lambda o=options: proofgen.prove(PAPER / "n4-printed.toml", **o), message) for options, message in (
            ({"jobs": -2}, "jobs: got -2: "), ({"jobs": 0}, "jobs: got 0: "), ({"jobs": 1.5}, "jobs: got 1.5: "),
            ({"method": "magic"}, "method: got 'magic': expected one of spectral"), ({"precision": 3}, "precision: got 3: "),
            ({"style": "baroque"}, "style: got 'baroque': "), ({"out": ROOT / "tests"}, "tests/.*: out: is not of a bundle"),
        )),
    ],
)  # fmt: skip
def test_bad_arguments_are_named(call: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as raised:
        call()
    assert "--" not in str(raised.value)


def test_check_stays_a_function() -> None:
    """Also where somebody has imported the module of that name."""
    program = (
        "import proofgen\nfrom proofgen.check import check_path\nimport proofgen.check\n"
        "print(type(proofgen.check).__name__, check_path.__name__, proofgen.__version__ != '', 'sympy' in __import__('sys').modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["function", "check_path", "True", "False"]
    for thing in (proofgen.check, proofgen.prove, proofgen.network):
        assert len(pydoc.render_doc(thing).splitlines()) < 40


def test_everything_public_is_documented() -> None:
    for name in proofgen.__all__:
        thing = getattr(proofgen, name)
        assert name == "__version__" or (thing.__doc__ and not thing.__doc__.startswith(f"{name}(")), name


def test_the_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell runs, and the last line of each is shown without error as text and, where it can, as HTML."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    shown = []
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        assert cell["outputs"] == []
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(tree, "cell", "exec"), names)
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if isinstance(last, ast.Expr) else None
        shown.append(f"{printed.getvalue()}{value!r}{getattr(value, '_repr_html_', str)()}")
    text = "\n".join(shown)
    for part in ("three neurons", "supercritical", "ACCEPTED", 'family = "layered"', "not smooth", "the list is complete"):
        assert part in text, part
    assert names["result"].proved and names["report"].accepted


@pytest.mark.slow
def test_the_documented_calls_have_types(tmp_path: Path) -> None:
    """mypy in strict mode, as in somebody's own project."""
    script = tmp_path / "script.py"
    script.write_text(
        "import proofgen\n\n"
        'net = proofgen.network([["0.5", "1"], ["-1", "0.25"]], parameter=proofgen.identity(), interval=("-1", "1"))\n'
        'result = proofgen.prove(net, out="dir", jobs=2)\nlow = result.points[0].parameter.lower + 1\n'
        'report = proofgen.check("dir")\naccepted: bool = report.accepted\ntext: str = net.to_toml()\n'
        'reveal_type(report)\nreveal_type(low)\nproofgen.render(proofgen.prove("spec.toml"), "other")\n'
        "proofgen.check(1)\n"
    )
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--config-file", "", str(script)], capture_output=True, text=True, check=False)
    notes = [line.partition(": ")[2] for line in done.stdout.splitlines()[:-1]]
    assert notes[:2] == ['note: Revealed type is "proofgen.public.report.Report"', 'note: Revealed type is "fractions.Fraction"'], done.stdout
    assert len(notes) == 3 and notes[2].startswith("error: Argument 1 to \"check\""), done.stdout
