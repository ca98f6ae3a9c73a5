"""What the prover writes, the checkers accept: also for many digits, odd ranges, undecided points and larger networks."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from check_tools import SHORT_CHECKER
from check_tools import load as load_checker
from networks import network
from ordinary import some

from proofgen import api
from proofgen.check import check_path, table
from proofgen.checker.reading import fraction
from proofgen.errors import InputError
from proofgen.problem.network import Problem
from proofgen.problem.options import ProofOptions
from proofgen.spec.load import load

short = load_checker(SHORT_CHECKER)


def accepted_by_both(problem: Problem, out: Path) -> dict[str, object]:
    """The summary of a bundle that both checkers accept."""
    result = api.prove(problem, out, check=False)
    report = check_path(out)
    assert report.exit_code == 0, table(report)
    for item in short.check_bundle(out):
        assert item.verdict() == "accepted", (item.name, item.rejected, item.undecided)
    summary: dict[str, object] = result.summary
    return summary


def decimals(M: np.ndarray) -> list[list[str]]:
    return [[f"{x:.4f}" for x in row] for row in M]


@pytest.mark.parametrize(("digits", "activation"), some(product([24, 30, 60, 120, 250], ["tanh", "gelu"]), 3))
def test_many_digits(digits: int, activation: str, tmp_path: Path) -> None:
    """Defects such as |p^H q - 1| are then far below the unit of a checker that rounds."""
    rng = np.random.default_rng(1)
    W = decimals(rng.standard_normal((4, 4)))
    problem = network(W, activation=activation, bias=["0.5", "-1", "2", "0"], options=ProofOptions(digits=digits, max_precision=1024))
    points = accepted_by_both(problem, tmp_path / "bundle")["points"]
    assert isinstance(points, list) and points
    for point in points:
        low, high = (fraction(x, "") for x in point["parameter"])
        assert high - low <= abs(low) / 10 ** (digits - 1)


@pytest.mark.parametrize(("interval", "radius"), some(product([("5", "6"), ("-6", "-5"), ("-0.5", "0.5")], ["0", "0.01"]), 3))
def test_no_eigenbasis(interval: tuple[str, str], radius: str, tmp_path: Path) -> None:
    """A Jordan block: no witness.  Beyond its norm nothing can be on the axis; near 0 nothing is known."""
    problem = network([["0", "1", "0"], ["0", "0", "1"], ["0", "0", "0"]], interval=interval, weight_radius=radius)
    summary = accepted_by_both(problem, tmp_path / "bundle")
    assert summary["complete"] is (interval != ("-0.5", "0.5"))


def test_an_undecided_lyapunov_coefficient(tmp_path: Path) -> None:
    """With a box so large that l1 may vanish; what is known of the point is in the summary, and nothing is claimed."""
    rng = np.random.default_rng(3)
    for _ in range(40):
        problem = network(decimals(rng.standard_normal((4, 4))), weight_radius="0.003", activation="gelu")
        points = accepted_by_both(problem, tmp_path / "bundle")["points"]
        assert isinstance(points, list)
        if any(p["status"] == "undecided" and p["first_lyapunov_coefficient"] for p in points):
            return
    pytest.fail("no such network among these")


@pytest.mark.parametrize("scale", ["1e-200", "1e-60", "1e60", "1e200"])
def test_scales(scale: str, tmp_path: Path) -> None:
    """The checkers choose their units by the numbers at hand."""
    rng = np.random.default_rng(5)
    W = [[f"{x}{scale[1:]}" for x in row] for row in decimals(rng.standard_normal((4, 4)))]
    assert accepted_by_both(network(W, activation="silu", bias=["1", "2", "3", "4"]), tmp_path / "bundle")["points"]


@pytest.mark.slow
def test_more_than_two_hundred_neurons(tmp_path: Path) -> None:
    """The general method at a size at which stacks of arrays are large; a range so short that it is one piece."""
    spec = tmp_path / "leaky.toml"
    spec.write_text("""
title = "leaky, 210 neurons"
[network]
family = "asymmetric-rnn"
activation = "tanh"
leak = "1"
random = { generator = "matlab", seed = 80, dimension = 210, perturbation = "0.1" }
[parameter]
interval = ["1.0000", "1.00001"]
""")
    api.prove(load(spec), tmp_path / "bundle", check=False)
    report = check_path(tmp_path / "bundle")
    assert report.exit_code == 0, table(report)


FOUND = Path(__file__).parents[1] / "data" / "specs"


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize(
    ("name", "method", "points"),
    some([
        ("end-at-a-point", "newton-kantorovich", 1),  # the range ends where the certificate's enclosure still reaches
        ("undecided-on-the-line", "newton-kantorovich", 0),  # no interval to measure "near" by
        ("undecided-on-the-line-2", "newton-kantorovich", 0),
        ("saturated", "spectral", 0),  # 2z/(1 + e^-2z) far out, in a unit that is coarser than the quotient
        ("low-precision", "spectral", 0),  # the start as printed is larger than the tube
        ("narrow", "spectral", 0),  # pieces without a binary64 number
        ("crossing-speed", "newton-kantorovich", 1),  # discs lose what p and q share
        ("many-digits", "newton-kantorovich", 1),
        ("terms", "newton-kantorovich", 1),
        ("oscillating", "spectral", 0),  # sin far out
        ("large-weights", "spectral", 1),  # a term that is small beside the uncertainty of the others
    ], 0, [("crossing-speed", "newton-kantorovich", 1), ("narrow", "spectral", 0), ("end-at-a-point", "newton-kantorovich", 1)]),
)  # fmt: skip
def test_what_random_networks_found(name: str, method: str, points: int, tmp_path: Path) -> None:
    """The checker refused these, each true, or the prover failed, before both were mended."""
    result = api.prove(load(FOUND / f"{name}.toml"), tmp_path / "bundle", method=method, check=False)
    report = check_path(tmp_path / "bundle")
    assert report.exit_code == 0, table(report)
    assert sum(name.startswith("hopf-") for name in result.points) == points


def test_an_interval_that_is_one_binary64_number(tmp_path: Path) -> None:
    text = (FOUND / "narrow.toml").read_text(encoding="utf-8").replace('"-0.98839462397526068"', '"-0.9883946239752612999"')
    (tmp_path / "narrow.toml").write_text(text)
    with pytest.raises(InputError, match="the ends of the interval are the same number in binary64"):
        api.prove(load(tmp_path / "narrow.toml"), tmp_path / "bundle", check=False)
    assert not (tmp_path / "bundle").exists()
