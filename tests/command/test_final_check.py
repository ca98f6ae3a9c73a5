"""`prove` ends with the independent check of its files, and the verdict counts."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from folders import snapshot
from networks import PAPER, paper
from typer.testing import CliRunner, Result

from proofgen import api, documents, final_check
from proofgen.bundle import disk
from proofgen.claims import zero_branch
from proofgen.command import main
from proofgen.numbers.printed import Enclosure
from proofgen.progress import Stopwatch
from proofgen.strategy import result as results
from proofgen.strategy import run as pipeline
from proofgen.strategy.result import Check

SPEC = str(PAPER / "n4-printed.toml")
FAILURE = {"verdict": "rejected", "step": "H4", "statement": "omega", "left": "1", "relation": "<", "right": "0\u202e"}


RUN = final_check._run  # before conftest.py puts another in its place


@pytest.fixture(autouse=True)
def _a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(final_check, "_run", RUN)


@pytest.fixture(scope="module")
def proof() -> results.Result:
    return pipeline.prove(paper("n4-printed"))


@pytest.fixture
def known(proof: results.Result, monkeypatch: pytest.MonkeyPatch) -> None:
    """A prover that has the proof at hand, and writes no LaTeX."""

    def again(*arguments: Any, **options: Any) -> results.Result:
        return replace(proof, stopwatch=Stopwatch())

    monkeypatch.setattr(api, "_prove", again)
    for module in (api, documents):
        monkeypatch.setattr(module, "make_documents", lambda *arguments: {})


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Result]:
    """`proofgen prove SPEC --out out …` in an empty directory, as a terminal of 120 columns shows it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(main.output, "_width", 120)

    def run(*options: str, spec: str = SPEC) -> Result:
        return CliRunner().invoke(main.app, ["prove", spec, "--out", "out", *options])

    return run


@pytest.fixture
def prove(known: None, whole: Callable[..., Result]) -> Callable[..., Result]:
    return whole


@pytest.fixture
def checker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Put a script in the place of the checker."""

    def put(text: str) -> None:
        path = tmp_path / "stub.py"
        path.write_text(f"import json, os, shutil, signal, sys\n{text}\n")
        monkeypatch.setattr(final_check, "_CHECKER", path)

    return put


def report(verdict: str, code: int, failures: list[dict[str, Any]] | None = None) -> str:
    """A checker that says this."""
    entry = {"verdict": verdict, "usage": None, "items": [{"name": "points/hopf-0001", "failures": failures or []}]}
    return f"print(json.dumps({{'reports': [json.loads({json.dumps(entry)!r})]}})); sys.exit({code})"


UNDECIDED = report("incomplete", 3, [FAILURE | {"verdict": "incomplete", "relation": None}])
REFUSED = report("rejected", 1, [FAILURE | {"verdict": "incomplete"}, FAILURE])


def forge(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prover with a defect: every crossing speed is printed ten times too large."""
    honest = zero_branch.named_point

    def named(*arguments: Any) -> Any:
        made = honest(*arguments)
        speed = Enclosure.of(*(f"{text}e1" for text in made.claims.crossing_speed.text))
        return replace(made, claims=replace(made.claims, crossing_speed=speed))

    monkeypatch.setattr(zero_branch, "named_point", named)


def test_what_the_terminal_shows(
    prove: Callable[..., Result], checker: Callable[[str], None], golden: Callable[[str, str], None]
) -> None:
    texts = []
    for title, script, options in (
        ("accepted", None, ()),
        ("left out", None, ("--no-check",)),
        ("incomplete", UNDECIDED, ()),
        ("not started", "raise SystemExit('no room')", ()),
        ("rejected", REFUSED, ()),
    ):
        if script is not None:
            checker(script)
        done = prove(*options)
        text = done.output.replace(os.getcwd(), "/DIR")
        texts.append(f"# {title} (exit code {done.exit_code})\n" + "\n".join(s.rstrip() for s in text.splitlines()))
    golden("prove-command.txt", "\n\n".join(texts) + "\n")


def test_accepted(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = api.prove(paper("n4-printed"), out)
    assert result.check == Check("accepted", None, out) and result.proved
    written = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert written == result.summary and written["timing"]["check"] > 0
    assert written["timing"]["total_seconds"] == pytest.approx(sum(list(written["timing"].values())[1:]), abs=0.01)
    assert disk.manifest_holds(out)


def test_only_the_times_change_after_the_check(
    prove: Callable[..., Result], checker: Callable[[str], None], tmp_path: Path
) -> None:
    checker("shutil.copytree(sys.argv[-1], 'seen'); " + report("accepted", 0))
    assert prove().exit_code == 0
    seen, left = snapshot(tmp_path / "seen"), snapshot(tmp_path / "out")
    before, after = (json.loads(files.pop("summary.json")) for files in (seen, left))
    assert seen == left and seen
    assert "check" in after.pop("timing") and "check" not in before.pop("timing")
    assert before == after


def test_a_process_of_its_own(prove: Callable[..., Result], checker: Callable[[str], None], tmp_path: Path) -> None:
    state = "{'isolated': sys.flags.isolated, 'arguments': sys.argv[1:], 'leaked': [m for m in sys.modules if 'proofgen' in m]}"
    checker(f"open('state', 'w').write(json.dumps({state})); " + report("accepted", 0))
    prove("--jobs", "2")
    state = json.loads((tmp_path / "state").read_text())
    assert state == {"isolated": 1, "arguments": ["--json", "--jobs", "2", str(tmp_path / "out")], "leaked": []}  # type: ignore[comparison-overlap]


def test_a_prover_with_a_defect(whole: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The real checker; nothing is proved, and no rejected bundle takes the place of another."""
    forge(monkeypatch)
    places = ["out.rejected", "out.rejected-2"]
    for place in places:
        done = whole()
        assert done.exit_code == 1 and done.stdout == ""
        assert "REJECTED" in done.stderr and "crossing_speed" in done.stderr and "report" in done.stderr
        assert done.stderr.strip().endswith(place)
    done = whole("--json")
    document = json.loads(done.stdout)
    assert done.exit_code == 1 and document["status"] == document["check"]["verdict"] == "rejected"
    assert "points" not in document and document["check"]["bundle"] == str(tmp_path / "out.rejected-3")
    assert sorted(path.name for path in tmp_path.iterdir()) == [*places, "out.rejected-3"]
    assert CliRunner().invoke(main.app, ["check", "out.rejected"]).exit_code == 1
    with pytest.raises(api.RejectedError) as caught:
        api.prove(paper("n4-printed"), "out")
    assert caught.value.check.verdict == "rejected" and not Path("out").exists()


def test_an_undecided_check(prove: Callable[..., Result], checker: Callable[[str], None], tmp_path: Path) -> None:
    checker(UNDECIDED)
    document = json.loads(prove("--json").stdout)
    assert document["status"] == "incomplete"
    assert document["check"] == {"verdict": "incomplete", "reason": "points/hopf-0001: H4: omega", "bundle": "out"}
    result = api.prove(paper("n4-printed"), "out")
    assert result.check is not None and result.check.verdict == "incomplete" and not result.proved
    assert disk.manifest_holds(tmp_path / "out")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("1/0", "exit code 1: ZeroDivisionError"),
        ("sys.exit(0)", "exit code 0"),
        ("print('accepted'); sys.exit(0)", "exit code 0"),
        (report("accepted", 1), "exit code 1"),
        (report("rejected", 0, [FAILURE]), "exit code 0"),
        (report("fine", 0), "exit code 0"),
        ("print(json.dumps({'reports': []}))", "exit code 0"),
        ("sys.stdout.buffer.write(b'\\xff')", "exit code 0"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
        ("print(json.dumps({'reports': [{'verdict': 'not checked', 'usage': 'no such\\x1b'}]})); sys.exit(2)", "no such\\x1b"),
    ],
)
def test_a_checker_without_a_verdict(
    prove: Callable[..., Result], checker: Callable[[str], None], script: str, reason: str
) -> None:
    """It neither accepts nor refutes, whatever its exit code."""
    checker(script)
    done = prove()
    assert done.exit_code == 3 and "NOT CHECKED" in done.output and reason in done.output
    assert Path("out").is_dir()


@pytest.mark.parametrize("executable", ["/no/such/python", "", None])
def test_a_checker_that_cannot_start(
    prove: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, executable: str | None
) -> None:
    monkeypatch.setattr(sys, "executable", executable)
    done = prove()
    assert done.exit_code == 3 and "NOT CHECKED independently: the checker cannot be started" in done.output


def test_an_interrupt(prove: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(final_check.subprocess, "run", interrupted)
    done = prove()
    assert done.exit_code == 130 and done.stderr == "proofgen: interrupted: out is written, but not checked\n"


def test_left_out(prove: Callable[..., Result], checker: Callable[[str], None]) -> None:
    checker(REFUSED)
    document = json.loads(prove("--no-check", "--json").stdout)
    assert document["status"] == "proved" and document["check"] is None and "check" not in document["timing"]
    assert api.prove(paper("n4-printed"), "out", check=False).check is None
    assert api.prove(paper("n4-printed")).check is None


def test_resume_checks_what_is_there(prove: Callable[..., Result], checker: Callable[[str], None]) -> None:
    prove("--no-check")
    before = snapshot(Path("out"))
    done = prove("--resume")
    assert done.exit_code == 0 and "Independent check: accepted" in done.output
    assert snapshot(Path("out")) == before
    checker(REFUSED)
    assert prove("--resume").exit_code == 1
    assert not Path("out").exists() and Path("out.rejected").is_dir()


def test_largest_radius(prove: Callable[..., Result], checker: Callable[[str], None]) -> None:
    checker(UNDECIDED)
    done = prove("--largest-radius", "--json")
    assert done.exit_code == 3 and json.loads(done.stdout)["check"]["verdict"] == "incomplete"
    checker(REFUSED)
    assert prove("--largest-radius").exit_code == 1 and Path("out.rejected").is_dir()


def test_the_networks_of_the_paper(
    checker: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("proofgen.resources.proofs_directory", lambda: tmp_path)
    (tmp_path / "paper").mkdir()
    for name in ("a-1", "a-2", "a-3"):
        (tmp_path / "paper" / f"{name}.toml").write_bytes(Path(SPEC).read_bytes())
    checker(f"if sys.argv[-1].endswith('a-2'):\n {REFUSED}\nif sys.argv[-1].endswith('a-3'):\n {UNDECIDED}\n{report('accepted', 0)}")
    done = CliRunner().invoke(main.app, ["paper", "--out", "all"])
    assert done.exit_code == 1 and "a-2: REJECTED" in done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["a-1", "a-3"]
    assert sorted(path.name for path in Path("all").iterdir()) == ["a-1", "a-2.rejected", "a-3"]
