"""Methods P and N on the paper's other parameters and on networks with bias and leak, against a second computation."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from pathlib import Path

import mpmath as mp
import pytest
from independent import general_hopf
from ordinary import some

from proofgen.numbers.exact import ExactMatrix, parse_printed_decimal
from proofgen.problem.network import Problem
from proofgen.spec.load import load
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove

PROOFS = Path(__file__).parents[2] / "proofs"
# γ, ω, ℓ1, d, n_u of binary64 computations, not proofs (the same values as in the paper's networks' data)
REFERENCE = json.loads((Path(__file__).parents[1] / "data" / "other_parameters.json").read_text())
SPECS = {
    "three layers [6,6,6] tanh, each layer seed 80, shift in every layer": "n6-seed80-3-layers",
    "two layers [6,6] tanh, each layer seed 80, shift in every layer": "n6-seed80-2-layers",
    "diagonal weight (6,6) as parameter, n=6, seed 80, W0 = R1-R1^T+0.01 I+R2": "n6-seed80-diagonal",
    "diagonal weight (6,6) as parameter, n=6, seed 90, W0 = R1-R1^T+0.01 I+R2": "n6-seed90-diagonal",
    "off-diagonal weight (4,3) with -gamma at (3,4), n=6, seed 80, W0 = R1-R1^T+0.01 I+R2": "n6-seed80-off-diagonal",
}
GENERAL = ["networks/adversarial-two-layer", "networks/arctan-unequal-leaks", "networks/logistic-node",
           "networks/leaky-tanh-12", "examples/hopfield", "examples/neural-ode", "examples/rate-rnn"]  # fmt: skip
LONG = ["networks/logistic-node", "networks/leaky-tanh-12", "networks/arctan-unequal-leaks"]
_cache: dict[tuple[str, str], Result] = {}


def proved(name: str, method: str = "spectral") -> Result:
    if (name, method) not in _cache:
        _cache[name, method] = prove(load(PROOFS / f"{name}.toml"), method=method)
    return _cache[name, method]


def ends(pair: list[str]) -> tuple[Fraction, Fraction]:
    return parse_printed_decimal(pair[0]), parse_printed_decimal(pair[1])


def holds(pair: list[str], value: mp.mpf) -> bool:
    low, high = (mp.mpf(x.numerator) / x.denominator for x in ends(pair))
    return bool(low <= value <= high)


def width(pair: list[str]) -> float:
    low, high = ends(pair)
    return float(high - low)


def close(pair: list[str], value: float, tolerance: float = 1e-7) -> bool:
    """A reference value that is good to about nine digits."""
    low, high = ends(pair)
    slack = Fraction(tolerance) * (1 + abs(Fraction(value)))
    return low - slack <= Fraction(value) <= high + slack


@pytest.mark.parametrize(("case", "method"), some(product(SPECS, ["spectral", "newton-kantorovich"]), 3))
def test_the_papers_other_parameters(case: str, method: str) -> None:
    result = proved(f"paper/{SPECS[case]}", method)
    reference = REFERENCE[case]
    summary = result.summary
    assert summary["status"] == "proved" and summary["complete"]
    assert [int(end) for end in summary["interval"]] == reference["interval"]
    assert len(summary["points"]) == len(reference["points"])
    for point, expected in zip(summary["points"], reference["points"], strict=True):
        assert point["status"] == "proved"
        assert close(point["parameter"], expected["gamma"], 1e-11) and width(point["parameter"]) < 1e-10
        assert close(point["omega"], expected["omega"], 1e-10) and width(point["omega"]) < 1e-9
        assert close(point["first_lyapunov_coefficient"], expected["l1"], 1e-8)
        assert width(point["first_lyapunov_coefficient"]) < 1e-5 * (1 + abs(expected["l1"]))
        assert close(point["crossing_speed"], expected["d"], 1e-6)
        assert point["unstable_eigenvalues"] == expected["n_u"]
        assert (point["criticality"] == "supercritical") == (expected["l1"] < 0)
    assert len(summary["real_crossings"]) == len(reference["real_crossings"])
    for crossing, value in zip(summary["real_crossings"], reference["real_crossings"], strict=True):
        assert close(crossing, value, 1e-10) and width(crossing) < 1e-8


@pytest.mark.parametrize("name", some([name for name in GENERAL if name not in LONG], 2) + some(LONG, 0))
def test_against_forty_digits(name: str) -> None:
    """Every enclosure holds the value of a computation with numerical derivatives; the planar ℓ1 lies outside."""
    result = proved(name)
    assert result.proved
    newton = proved(name, "newton-kantorovich") if result.problem.dimension < 12 else None
    for index, (identifier, certificate) in enumerate(result.points.items()):
        if index and result.problem.dimension > 6:
            break  # the second computation is slow
        claims = certificate["claims"]
        middle = {key: float(sum(ends(claims[key]))) / 2 for key in ("parameter", "omega")}
        with mp.workdps(40):
            x = [float(sum(ends(pair))) / 2 for pair in claims["equilibrium"]]
            data, equilibrium, speed = general_hopf(result.problem, middle["parameter"], x, middle["omega"])
            for claimed in filter(None, (claims, newton and newton.points[identifier]["claims"])):
                assert holds(claimed["parameter"], data.gamma)
                assert holds(claimed["omega"], data.omega)
                assert holds(claimed["first_lyapunov_coefficient"], data.ell1)
                in_the_plane = result.problem.dimension == 2  # where the planar formula is right
                assert holds(claimed["first_lyapunov_coefficient"], data.planar) == in_the_plane
                assert holds(claimed["crossing_speed"], speed)
                assert all(holds(pair, mp.re(y)) for pair, y in zip(claimed["equilibrium"], equilibrium, strict=True))
                assert claimed["unstable_eigenvalues"] == data.unstable


def test_the_published_wrong_sign() -> None:
    """data/adversarial.md, 1: ℓ1 = −1.1017…; the planar formula gives +1.05…"""
    result = proved("networks/adversarial-two-layer")
    (point,) = result.summary["points"]
    assert close(point["first_lyapunov_coefficient"], -1.1017055351, 1e-9)
    assert point["criticality"] == "supercritical" and point["unstable_eigenvalues"] == 0


@pytest.mark.parametrize("name", ["paper/n6-seed80", "paper/n6-seed90", "paper/n6-seed80-sine", "paper/n20-seed80"])
def test_newton_kantorovich_agrees_with_method_s(name: str) -> None:
    spectral, newton = proved(name), proved(name, "newton-kantorovich")
    assert newton.proved and len(newton.points) == len(spectral.points)
    assert newton.branch["method"] == "zero-branch"
    for identifier, certificate in newton.points.items():
        assert certificate["method"] == "newton-kantorovich"
        for key in ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed"):
            (a, b), (c, d) = ends(certificate["claims"][key]), ends(spectral.points[identifier]["claims"][key])
            assert a <= d and c <= b, key
        assert certificate["claims"]["unstable_eigenvalues"] == spectral.points[identifier]["claims"]["unstable_eigenvalues"]
        bounds = {key: parse_printed_decimal(certificate["bounds"][key]) for key in ("Y", "Z", "r_min")}
        R = parse_printed_decimal(certificate["claims"]["uniqueness_radius"])
        assert bounds["Z"] < 1 and bounds["r_min"] < R


@pytest.mark.parametrize("name", ["networks/adversarial-two-layer", "paper/n6-seed80-2-layers"])
def test_both_methods_intersect(name: str) -> None:
    one, other = proved(name), proved(name, "newton-kantorovich")
    assert list(one.points) == list(other.points)
    for identifier in one.points:
        for key in ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed"):
            (a, b), (c, d) = (ends(result.points[identifier]["claims"][key]) for result in (one, other))
            assert a <= d and c <= b


def with_weights(problem: Problem, arrays: dict[str, ExactMatrix], radius: Fraction) -> Problem:
    return Problem(
        problem.title, problem.dimension, problem.layers, arrays, problem.parameter_name, problem.interval, radius,
        problem.proof, problem.leak, problem.start,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "digits", "complete"),
    some(
        [
            ("networks/adversarial-two-layer", 10, True),
            ("networks/adversarial-two-layer", 8, True),
            ("examples/rate-rnn", 7, True),
            ("examples/rate-rnn", 5, False),
        ],
        0,
        [("examples/rate-rnn", 7, True)],
    ),
)
def test_a_weight_box_holds_every_network_in_it(name: str, digits: int, complete: bool) -> None:
    """The box theorem holds for corners of the box; larger boxes lose completeness first."""
    problem = proved(name).problem
    radius = Fraction(1, 10**digits)
    box = prove(with_weights(problem, dict(problem.arrays), radius))
    assert box.proved == complete
    (claims,) = [certificate["claims"] for certificate in box.points.values()]
    assert width(claims["parameter"]) > radius
    assert claims["first_lyapunov_coefficient"][1].startswith("-")
    given = {term.matrix for layer in problem.layers for term in layer.weights} | {layer.bias for layer in problem.layers}
    for sign in (1, -1):
        arrays = {
            name: ExactMatrix.from_fractions(
                [[x + sign * radius * (-1) ** (i * j) for j, x in enumerate(row)] for i, row in enumerate(array.fractions())]
            )
            if name in given
            else array
            for name, array in problem.arrays.items()
        }
        (corner,) = [c["claims"] for c in prove(with_weights(problem, arrays, Fraction(0))).points.values()]
        for key in ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed"):
            (a, b), (c, d) = ends(claims[key]), ends(corner[key])
            assert a <= c and d <= b
