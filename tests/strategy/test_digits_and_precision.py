"""Every spec under `proofs/` that proves within seconds, for few and many digits and bits, by both methods: what the
prover writes the checkers accept. The full cross is marked exhaustive; an ordinary run takes a fixed part of it, and that
with the documents."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from check_tools import SHORT_CHECKER
from check_tools import load as load_checker
from ordinary import some

from proofgen import api
from proofgen.bundle.json_text import dump
from proofgen.bundle.place import write_bundle
from proofgen.bundle.summary import write_summary
from proofgen.check import check_path, table
from proofgen.spec.load import load
from proofgen.strategy.workshop import PIECE_BITS

short = load_checker(SHORT_CHECKER)
PROOFS = Path(__file__).parents[2] / "proofs"
LARGE = {"n50-seed80", "n50-seed120", "n400-seed80"}  # more than seconds
SPECS = {path.stem: path for folder in ("paper", "networks", "examples", "textbook", "trained-node")
         for path in sorted((PROOFS / folder).glob("*.toml")) if path.stem not in LARGE}  # fmt: skip
DIGITS, PRECISIONS = (8, 16, 24, 40, 60, 100), (64, 128, 256, 512, 1024)
METHODS = ("spectral", "newton-kantorovich")
NOT_FOR = {(name, "newton-kantorovich") for name in ("antisymmetric-rnn-cell", "rnn-gain", "rate-gain")}  # maps, all gains
SLOW = {"leaky-tanh-12", "logistic-node", "hodgkin-huxley", "trained-node-gamma"}  # hundreds of pieces, half a minute a bundle: a part of the cross
SAMPLE = [
    ("n4-printed", 100, 64, "spectral"), ("n4-printed-box", 16, 1024, "spectral"), ("n4-seed80", 40, 512, "newton-kantorovich"),
    ("n6-seed80-sine", 24, 256, "newton-kantorovich"), ("n6-seed80-diagonal", 60, 1024, "newton-kantorovich"),
    ("n6-seed90", 100, 128, "spectral"), ("hopfield", 8, 64, "spectral"), ("coupled-4d", 24, 64, "spectral"),
    ("fitzhugh-nagumo", 100, 128, "spectral"), ("lorenz", 24, 1024, "spectral"), ("lorenz", 8, 64, "newton-kantorovich"),
    ("stuart-landau", 100, 512, "newton-kantorovich"), ("third-order", 40, 128, "spectral"),
    ("three-dimensional", 60, 256, "spectral"), ("van-der-pol", 100, 1024, "spectral"), ("trained-node-float16", 40, 64, "spectral"),
]  # fmt: skip


def proved(name: str, digits: int, precision: int, method: str, out: Path, *, latex: bool) -> tuple[int, str]:
    """How many points are proved, and why a checker that covers the bundle does not accept it; empty if it does.

    latex: whether its documents are written too, which costs ten times as much as the proof.
    """
    problem = load(SPECS[name])
    most = max(precision, problem.proof.max_precision)
    options = replace(problem.proof, digits=digits, precision=precision, max_precision=most)
    problem = replace(problem, proof=options)
    if latex:
        result = api.prove(problem, out, method=method, check=False)
    else:
        result = api.prove(problem, method=method)
        summary = dump(write_summary(result.bundle.summary.without_documents())).encode()
        write_bundle(out, api.assembled(result, result.stopwatch, None) | {"summary.json": summary})
    report = check_path(out)
    if report.exit_code:
        return len(result.points), table(report)
    if {certificate["method"] for certificate in result.points.values()} != {"zero-branch"}:
        return len(result.points), ""
    refused = [item for item in short.check_bundle(out) if item.verdict() != "accepted"]
    return len(result.points), "\n".join(f"{item.name}: {item.rejected} {item.undecided}" for item in refused)


def test_the_sample_is_of_many_kinds() -> None:
    """So that a spec that is renamed or left out is seen."""
    assert len(SPECS) >= 30 and {name for name, *_ in SAMPLE} <= set(SPECS)
    assert [set(column) for column in list(zip(*SAMPLE, strict=True))[1:]] == [set(DIGITS), set(PRECISIONS), set(METHODS)]


@pytest.mark.parametrize(("name", "digits", "precision", "method"), some(SAMPLE, 8))
def test_a_sample_of_the_cross(name: str, digits: int, precision: int, method: str, tmp_path: Path) -> None:
    points, refused = proved(name, digits, precision, method, tmp_path / "bundle", latex=True)
    assert points and not refused


def test_pieces_take_no_more_bits_than_they_need(tmp_path: Path) -> None:
    """A checker's work grows with them: at 1024 bits 713 pieces of a leaky network were beyond its budget."""
    points, refused = proved("van-der-pol", 100, 1024, "spectral", tmp_path / "bundle", latex=False)
    assert points and not refused
    branch, point = (json.loads((tmp_path / "bundle" / name).read_bytes())["precision"] for name in ("branch.json", "points/hopf-0001.json"))
    assert branch == PIECE_BITS < 1024 <= point


@pytest.mark.exhaustive
@pytest.mark.parametrize(("name", "method"), [case for case in product(SPECS, METHODS) if case not in NOT_FOR])
def test_the_cross(name: str, method: str, tmp_path: Path) -> None:
    found, most = {}, 0
    for digits, precision in product(DIGITS, PRECISIONS):
        if name in SLOW and digits not in (DIGITS[0], DIGITS[-1]) and precision != 128:
            continue
        points, refused = proved(name, digits, precision, method, tmp_path / f"{digits}-{precision}", latex=False)
        most = max(most, points)
        if refused:
            found[digits, precision] = refused
    assert not found, "\n".join(f"{key}: {text}" for key, text in found.items())
    assert most
