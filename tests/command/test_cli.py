"""The command line as a user meets it: outputs, exit codes, and messages instead of tracebacks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import run, shorter, start
from networks import PAPER

from proofgen.numbers.printed import Enclosure
from proofgen.numbers.shown import proved_digits

ROTATION = """
[network]
family = "asymmetric-rnn"
R1 = [[0, 0.5, 0], [-0.5, 0, 1], [0, -1, 0]]
"""
GOOD = """
title = "three neurons"
[network]
family = "asymmetric-rnn"
R1 = [[0.1, 0.9, 0.2], [-0.4, 0.3, 0.7], [0.1, -0.2, 0.5]]
R2 = [[0.1, 0.2, -0.1], [0.05, -0.2, 0.1], [0.3, 0.1, 0.05]]
"""


def spec(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "net.toml"
    path.write_text(text, encoding="utf-8")
    return path


def shown_in_the_readme(first: str) -> list[str]:
    """The lines of its block that begins so, up to the next empty one."""
    text = (PAPER.parents[1] / "README.md").read_text(encoding="utf-8")
    block = text[text.index(f"\n    {first}") + 1 :].split("\n\n")[0]
    return [line.removeprefix("    ") for line in block.splitlines()]


def test_the_example_of_the_readme(tmp_path: Path) -> None:
    """The spec, what `prove` prints, and of what `check` prints the lines that are not left out."""
    written = (PAPER / "n6-seed80.toml").read_text(encoding="utf-8")
    assert "\n".join(shown_in_the_readme("[network]")) == written[written.index("[network]") :].rstrip()
    (tmp_path / "proofs").symlink_to(PAPER.parent)
    command, *expected = shown_in_the_readme("$ proofgen prove")
    done = run(*command.split()[2:], cwd=tmp_path)
    assert done.returncode == 0 and [shorter(line) for line in done.stdout.splitlines()] == [shorter(line) for line in expected]
    assert done.stderr == ""  # no progress outside a terminal
    command, *expected = shown_in_the_readme("$ proofgen check")
    done = run(*command.split()[2:], cwd=tmp_path)
    assert done.returncode == 0 and "  rests on __init__.py " in done.stdout
    lines = iter(done.stdout.splitlines())
    assert all(line in lines for line in expected if "…" not in line), done.stdout  # in this order
    alone = run("check", "n6/points/hopf-0001.json", cwd=tmp_path)
    assert alone.returncode == 0, alone.stdout


def test_json_is_one_document(tmp_path: Path) -> None:
    done = run("prove", spec(tmp_path, GOOD), "--json", "--no-check", cwd=tmp_path)
    summary = json.loads(done.stdout)
    assert summary["format"] == "proofgen-summary"
    assert summary["status"] == "proved"
    assert summary["timing"]["total_seconds"] > 0
    assert summary.pop("check") is None
    assert json.loads((tmp_path / "net.proof" / "summary.json").read_text(encoding="utf-8")) == summary
    checked = run("check", "net.proof", "--json", cwd=tmp_path)
    assert isinstance(json.loads(checked.stdout), dict | list)


def test_undecided_is_exit_3(tmp_path: Path) -> None:
    done = run("prove", spec(tmp_path, ROTATION), "--out", "bundle", "--no-check", cwd=tmp_path)
    assert done.returncode == 3
    assert "antisymmetric" in done.stdout
    assert "remedy" in done.stdout
    assert not list((tmp_path / "bundle").glob("points/*"))


def test_a_forged_certificate_is_exit_1(tmp_path: Path) -> None:
    run("prove", spec(tmp_path, GOOD), "--out", "bundle", "--no-check", cwd=tmp_path)
    path = tmp_path / "bundle" / "points" / "hopf-0001.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    low, high = document["claims"]["omega"]
    document["claims"]["omega"] = [str(float(low) + 1), str(float(high) + 1)]
    path.write_text(json.dumps(document), encoding="utf-8")
    done = run("check", path, cwd=tmp_path)
    assert done.returncode == 1
    assert "omega" in done.stdout


@pytest.mark.parametrize(
    ("text", "fragments"),
    [
        (GOOD.replace("R2", "R3"), ["net.toml", "network.R3", "R2"]),
        (GOOD + "activation = 'relu'\n", ["net.toml", "activation", "kink"]),
        (GOOD + "activation = 'logistic'\n", ["net.toml", "activation", "W(γ)x + b = 0"]),
        (GOOD.replace("0.9", "nan"), ["net.toml", "R1"]),
        (GOOD + "[proof]\nweight_radius = -1\n", ["weight_radius"]),
        ("title = 3", ["net.toml", "title"]),
        (GOOD + "leak = 1\n", ["net.toml", "parameter.interval", "expected the range"]),
    ],
)
def test_bad_input_is_one_message_and_exit_2(tmp_path: Path, text: str, fragments: list[str]) -> None:
    for command in (["prove"], ["derive"], ["emit"]):
        done = run(*command, spec(tmp_path, text), cwd=tmp_path)
        if command != ["prove"] and fragments[-1] in ("W(γ)x + b = 0", "expected the range"):
            continue  # these can be derived and emitted
        assert done.returncode == 2, done.stdout
        assert "Traceback" not in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        for fragment in fragments:
            assert fragment in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net.toml"]


def test_a_layered_network_from_spec_to_checker(tmp_path: Path) -> None:
    """prove, check, derive, emit and render of a network with bias; both methods."""
    rate = PAPER.parent / "examples" / "rate-rnn.toml"
    for method in ("spectral", "newton-kantorovich"):
        done = run("prove", rate, "--out", method, "--method", method, "--no-check", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "complete for γ in [-4, 0]" in done.stdout and "supercritical" in done.stdout
        assert run("check", method, cwd=tmp_path).returncode == 0
    assert "ℓ1 = 1/(2ω)" in run("derive", rate, cwd=tmp_path).stdout
    assert "\\ell_1" in run("derive", rate, "--latex", cwd=tmp_path).stdout
    assert "def jacobian_parameter" in run("emit", rate, cwd=tmp_path).stdout
    assert run("render", "spectral", cwd=tmp_path).returncode == 0
    assert run("check", "spectral", cwd=tmp_path).returncode == 0


def test_missing_files_and_bad_usage(tmp_path: Path) -> None:
    for arguments in (
        ["prove", "no.toml"],
        ["derive", "no.toml"],
        ["check", "nowhere"],
        ["render", "nowhere"],
        ["prove"],
        ["prove", PAPER / "n4-seed80.toml", "--precision", "many"],
        ["prove", PAPER / "n4-seed80.toml", "--precision", "10"],
        ["prove", PAPER / "n4-seed80.toml", "--method", "newton"],
        ["prove", PAPER / "n4-seed80.toml", "--jobs", "0"],
        ["nonsense"],
    ):
        done = run(*arguments, cwd=tmp_path)
        assert done.returncode == 2, (arguments, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr + done.stdout
        assert done.stderr.strip() or "no such" in done.stdout.lower()
    assert not list(tmp_path.iterdir())


def test_unwritable_output(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for out in ("file", "file/below"):
        done = run("prove", PAPER / "n4-seed80.toml", "--out", out, cwd=tmp_path)
        assert done.returncode == 2
        assert "--out" in done.stderr
        assert "Traceback" not in done.stderr
    assert (tmp_path / "file").read_text() == "mine"


def test_derive_and_emit(tmp_path: Path) -> None:
    path = spec(tmp_path, GOOD)
    derived = run("derive", path, cwd=tmp_path)
    assert derived.returncode == 0, derived.stderr
    assert "ω" in derived.stdout
    latex = run("derive", path, "--latex", cwd=tmp_path)
    assert r"\begin{document}" in latex.stdout
    emitted = run("emit", path, cwd=tmp_path)
    compile(emitted.stdout, "emitted", "exec")
    run("prove", path, "--out", "bundle", "--no-check", cwd=tmp_path)
    assert (tmp_path / "bundle" / "evaluator.py").read_text(encoding="utf-8") == emitted.stdout


def test_render_restores_the_latex(tmp_path: Path) -> None:
    run("prove", spec(tmp_path, GOOD), "--out", "bundle", "--no-check", cwd=tmp_path)
    files = {path: path.read_bytes() for path in (tmp_path / "bundle").rglob("*.tex")}
    manifest = (tmp_path / "bundle" / "MANIFEST.sha256").read_bytes()
    assert files
    for path in files:
        path.unlink()
    done = run("render", "bundle", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in files} == files
    assert (tmp_path / "bundle" / "MANIFEST.sha256").read_bytes() == manifest


def test_help_names_every_command(tmp_path: Path) -> None:
    done = run("--help", cwd=tmp_path)
    assert done.returncode == 0 and not done.stderr
    for command in ("prove", "check", "render", "derive", "emit", "paper"):
        assert command in done.stdout


def test_a_process_of_its_own(tmp_path: Path) -> None:
    """The entry point, its exit code and its streams."""
    process = start("prove", "no.toml", cwd=tmp_path)
    text, complaints = process.communicate(timeout=900)
    assert process.returncode == 2 and not text
    assert "no.toml" in complaints and "Traceback" not in complaints


def test_the_functions_of_the_package(tmp_path: Path) -> None:
    import proofgen

    problem = proofgen.load(spec(tmp_path, GOOD))
    result = proofgen.prove(problem)
    proofgen.render(result, tmp_path / "bundle")
    assert proofgen.check(tmp_path / "bundle").exit_code == 0


@pytest.mark.parametrize(
    ("pair", "shown"),
    [
        (["-0.120428874798", "-0.120428874701"], "-0.1204288747…"),
        (["0.1", "0.2"], "[0.1, 0.2]"),
        (["-0.1", "0.2"], "[-0.1, 0.2]"),
        (["1", "1"], "1"),
        (["1.5e-9", "1.6e-9"], "[1.5e-9, 1.6e-9]"),
        (["2.838444820770677091e-9", "2.838444820770677659e-9"], "2.83844482077…e-9"),
        (["9.512e-10", "9.512e-9"], "[9.512e-10, 9.512e-9]"),
        (["100", "101"], "[100, 101]"),
        (["1.99999999999999999999", "2.00000000000000000001"], "[1.999999, 2.000001]"),
        (["-1.23456789012345678e-200", "1e-300"], "[-1.234568e-200, 1e-206]"),
        (None, "?"),
    ],
)
def test_only_proved_digits_are_shown(pair: list[str] | None, shown: str) -> None:
    assert proved_digits(None if pair is None else Enclosure.of(*pair)) == shown
