"""What a person reads: whole tables, the right command, and that a run was interrupted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import run
from networks import PAPER

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATES = ROOT / "proofs" / "certificates"


def test_tables_are_never_cut(tmp_path: Path) -> None:
    """A shortened number would look like one whose digits go on; also where the console is narrow."""
    spec = ROOT / "proofs" / "textbook" / "brusselator.toml"
    narrow, wide = (run("prove", spec, "--out", f"w{width}", "--no-check", cwd=tmp_path, width=width) for width in (40, 160))
    assert narrow.returncode == 0
    tables = ([line.split() for line in done.stdout.splitlines() if line.startswith(("point", "hopf"))] for done in (narrow, wide))
    (head, row), other = tables
    assert other == [head, row] and head[0] == "point" and "supercritical" in row and not any("…" in word for word in row)


def test_columns_of_a_report_do_not_touch(tmp_path: Path) -> None:
    """And the parameter has its own name."""
    bundle = CERTIFICATES / "brusselator"
    head, row = run("check", bundle, cwd=tmp_path).stdout.splitlines()[1:3]
    assert head.split() == ["B", "omega", "l1", "n_u"]
    assert row.count("]  [") == 2 and all(row[head.index(name) - 1] == " " != row[head.index(name)] for name in head.split())
    for name in ("n6-seed80", "lorenz"):
        report = run("check", CERTIFICATES / name, cwd=tmp_path).stdout
        assert "][" not in report
    assert report.splitlines()[1].split()[0] == "rho"


def test_specs_and_run_files_point_to_each_other(tmp_path: Path) -> None:
    done = run("prove", ROOT / "proofs" / "study" / "one-minute.toml", cwd=tmp_path)
    assert done.returncode == 2 and "this is a run file, which 'proofgen batch' proves; expected a spec" in done.stderr
    done = run("batch", PAPER / "n4-printed.toml", "--out", "out", cwd=tmp_path)
    assert done.returncode == 2 and "this is a spec, which 'proofgen prove' proves; expected a run file" in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["net.npz:b", ":smile:.toml", "[red]x[/red].toml"])
def test_names_are_shown_as_they_are(name: str, tmp_path: Path) -> None:
    for command in (["prove", name], ["derive", name], ["render", name], ["status", name], ["check", name]):
        done = run(*command, cwd=tmp_path)
        assert done.returncode == 2 and name in done.stderr, done


@pytest.mark.parametrize("command", ["check", "prove", "derive"])
def test_an_interrupt_is_told(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    for target in ("proofgen.batch.paths.check_all_at", "proofgen.api.prove", "proofgen.spec.load.load"):
        monkeypatch.setattr(target, interrupted)
    done = run(command, PAPER / "n4-printed.toml", cwd=tmp_path)
    assert done.returncode == 130 and done.stderr == "proofgen: interrupted\n" and done.stdout == ""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGVTALRM"), reason="needs timers of processor time")
def test_a_real_interrupt(tmp_path: Path) -> None:
    """In the middle of the work: a part of a second of processor time after everything is imported; the check takes several."""
    shutil.copytree(CERTIFICATES / "hodgkin-huxley", tmp_path / "hh")
    program = (
        "import os, signal; import proofgen.check; from proofgen.command.main import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # what runs in the background ignores it
        "signal.signal(signal.SIGVTALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))\n"
        "signal.setitimer(signal.ITIMER_VIRTUAL, 0.4)\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "check", "hh"], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (130, "proofgen: interrupted\n") and "Traceback" not in done.stdout


def test_the_version(tmp_path: Path) -> None:
    import proofgen

    done = run("--version", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"proofgen {proofgen.__version__}\n")
