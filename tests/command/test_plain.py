"""Consoles that know ASCII only, or one of the small encodings: names instead of signs, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import commands
import pytest
from networks import PAPER

from proofgen.command.main import app
from proofgen.plain import name_of, plain

ROOT = Path(__file__).resolve().parents[2]
SPEC = PAPER / "n4-printed.toml"
COMMANDS = ("batch", "check", "coq", "derive", "emit", "merge", "paper", "prove", "render", "status", "tally")


def test_names() -> None:
    text = "γ = −0.5, σ′ ≤ ½‖W⁰ − Wᵀ‖, ω, Γ, λ₁ → ∞, x ∈ ℝ², ℓ1 …"
    shown = plain(text, "ascii")
    assert shown == "gamma = -0.5, sigma' <= 1/2||W^0 - W^T||, omega, Gamma, lambda1 -> infinity, x in R^2, l1 ..."
    assert plain("é γ 日", "latin-1") == "é gamma \\u65e5" and plain(text, "utf-8") == text
    assert plain("γ", "cp437") == "gamma" and plain("σ ±", "cp437") == "σ ±"


def test_every_sign_of_the_package_has_a_name() -> None:
    """But those in tables of names."""
    files = [*(ROOT / "proofgen").rglob("*.py"), *(ROOT / "templates" / "evaluator").rglob("*.jinja")]
    signs = {c for path in files if path.name not in ("text.py", "names.py") for c in path.read_text(encoding="utf-8") if not c.isascii()}
    unnamed = {c for c in signs if "\\" in name_of(c)}
    assert len(signs) > 50 and unnamed <= set("∋é⎛"), unnamed


@pytest.mark.parametrize("encoding", ["ascii", "cp437"])
def test_commands_name_the_signs(tmp_path: Path, encoding: str) -> None:
    def said(*arguments: object, code: int = 0) -> str:
        done = commands.run(*arguments, cwd=tmp_path, encoding=encoding)
        assert done.returncode == code, done.stderr
        assert "\\u" not in done.stdout + done.stderr and "?" not in done.stderr
        return done.stdout + done.stderr

    out = said("prove", SPEC, "--out", "n4", "--no-check")
    lines = out.splitlines()
    assert "complete for all real gamma" in out and lines[1].startswith("point      gamma")
    assert {line.index(part) for line, part in ((lines[1], "l1"), (lines[2], "0.0010509"))} == {lines[1].index("l1")} or encoding == "cp437"
    assert "gamma" in said("derive", SPEC) and "def " in said("emit", SPEC)
    compile(said("emit", SPEC), "emitted", "exec")
    said("check", "n4")
    said("render", "n4")
    (tmp_path / "bad.toml").write_text(SPEC.read_text(encoding="utf-8").replace("tanh", "relu") + "leak = 'γ'\n", encoding="utf-8")
    said("prove", "bad.toml", code=2)


def test_help_is_ascii() -> None:
    names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert set(COMMANDS) <= names
    for name in ["", *sorted(names)]:
        done = commands.run(*name.split(), "--help", encoding="ascii")
        assert done.returncode == 0 and "\\u" not in done.stdout and "Usage" in done.stdout, name


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "ascii"}, pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, marks=pytest.mark.slow)],
)
def test_a_process_on_such_a_console(environment: dict[str, str], tmp_path: Path) -> None:
    out, err = commands.start("explain", cwd=tmp_path, environment=environment).communicate(timeout=900)
    assert out.isascii() and "gamma" in out and "\\u" not in out and err == ""
