"""Method S end to end: the paper's networks, independent recomputation, boxes, and honest failures."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from independent import HopfData, zero_branch
from networks import exact, network, paper
from ordinary import some

from proofgen.errors import InputError, UnsupportedError
from proofgen.numbers.exact import ExactMatrix, parse_decimal
from proofgen.problem.network import Problem
from proofgen.problem.options import ProofOptions
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove
from proofgen.symbolic.activations import derive_activation

REFERENCE = json.loads((Path(__file__).parents[1] / "data" / "reference_points.json").read_text(encoding="utf-8"))


def ends(pair: list[str]) -> tuple[Fraction, Fraction]:
    return parse_decimal(pair[0]), parse_decimal(pair[1])


def holds(pair: list[str], value: float | mp.mpf, tolerance: float = 0.0) -> bool:
    lower, upper = (mp.mpf(end.numerator) / end.denominator for end in ends(pair))
    slack = tolerance * max(1, abs(value))
    return bool(lower - slack <= value <= upper + slack)


def hopf(result: Result) -> list[dict[str, Any]]:
    """The certificates of Hopf points."""
    return [document for name, document in result.points.items() if name.startswith("hopf-")]


def rows_of(result: Result) -> list[dict[str, Any]]:
    """The rows of Hopf points in the summary."""
    return [row for row in result.summary["points"] if row["id"].startswith("hopf-")]


def codes(result: Result) -> set[str]:
    return {piece["code"] for piece in result.summary["unsettled"]}


def assert_incomplete(result: Result, *expected: str) -> None:
    assert result.summary["status"] == "incomplete"
    assert result.summary["complete"] is False
    assert result.branch["claims"]["complete"] is False
    assert codes(result) == set(expected)


# --- the paper's networks ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "n4-printed", "n4-seed80", "n6-seed80", "n6-seed90", "n6-seed80-sine", "n20-seed80", "n50-seed80", "n50-seed120",
        pytest.param("n400-seed80", marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_the_paper_is_reproduced(name: str) -> None:
    """Against binary64 reference values that others computed (not proofs): agreement to their accuracy."""
    expected = REFERENCE[name]
    result = prove(paper(name))
    points = rows_of(result)
    assert result.proved
    assert result.summary["complete"]
    assert len(points) == len(expected["points"])
    for point, (gamma, omega, ell1, speed, unstable) in zip(points, expected["points"], strict=True):
        assert holds(point["parameter"], gamma, 1e-12)
        assert holds(point["omega"], omega, 1e-11)
        assert holds(point["first_lyapunov_coefficient"], ell1, 1e-10)
        lower, upper = ends(point["first_lyapunov_coefficient"])
        assert upper - lower < abs(ell1) / 10**3
        assert holds(point["crossing_speed"], speed, 1e-8)
        assert point["unstable_eigenvalues"] == unstable
        assert point["criticality"] == ("supercritical" if ell1 < 0 else "subcritical")
    assert len(result.summary["real_crossings"]) == len(expected["real_crossings"])
    for pair, value in zip(result.summary["real_crossings"], expected["real_crossings"], strict=True):
        assert holds(pair, value, 1e-8)


@pytest.mark.slow
def test_criticality_counts_at_400_neurons() -> None:
    kinds = [point["criticality"] for point in rows_of(prove(paper("n400-seed80")))]
    assert (kinds.count("subcritical"), kinds.count("supercritical")) == (112, 88)


# --- against an independent 50-digit computation -----------------------------------------------------

W5 = [
    ["0.2", "1.3", "-0.4", "0.1", "0.7"],
    ["-1.1", "-0.3", "0.9", "0.2", "-0.2"],
    ["0.5", "-0.8", "0.1", "2.1", "0.3"],
    ["-0.2", "-0.1", "-1.7", "-0.2", "0.6"],
    ["-0.6", "0.3", "-0.4", "-0.9", "0.4"],
]
BIAS5 = ["0.3", "-0.2", "0.1", "0.05", "-0.4"]
SIGMAS = {
    "tanh": (mp.tanh, "1"), "sin": (mp.sin, "1"), "arctan": (mp.atan, "1"), "erf": (mp.erf, None),
    "silu": (lambda z: z / (1 + mp.exp(-z)), "0.5"),
    "gelu": (lambda z: z * (1 + mp.erf(z / mp.sqrt(2))) / 2, "0.5"),
    "-tanh(z) + z**2/3": (lambda z: -mp.tanh(z) + z * z / 3, "-1"),
    "z*exp(z)": (lambda z: z * mp.exp(z), "1"),
}  # fmt: skip


def independent_points(activation: str, bias: list[str], W: list[list[str]] = W5) -> list[HopfData]:
    sigma, slope = SIGMAS[activation]
    value = 2 / mp.sqrt(mp.pi) if slope is None else mp.mpf(slope)
    matrix = mp.matrix([[mp.mpf(x) for x in row] for row in W])
    return zero_branch(matrix, sigma, value, [mp.mpf(x) for x in bias])


@pytest.mark.parametrize("bias", [None, BIAS5], ids=["zero bias", "bias"])
@pytest.mark.parametrize("activation", some(SIGMAS, 2))
def test_enclosures_contain_an_independent_computation(activation: str, bias: list[str] | None) -> None:
    result = prove(network(W5, activation=activation, bias=bias, options=ProofOptions(digits=24)))
    assert result.proved
    with mp.workdps(50):
        expected = independent_points(activation, bias or ["0"] * 5)
        assert len(expected) == len(hopf(result)) > 0
        for certificate, point in zip(hopf(result), expected, strict=True):
            claims = certificate["claims"]
            assert holds(claims["parameter"], point.gamma)
            assert holds(claims["omega"], point.omega)
            assert holds(claims["first_lyapunov_coefficient"], point.ell1, 1e-24)
            lower, upper = ends(claims["first_lyapunov_coefficient"])
            assert upper - lower < Fraction(1, 10**18)
            assert claims["unstable_eigenvalues"] == point.unstable
            assert claims["unstable_eigenvalues"] + claims["stable_eigenvalues"] == 3


def test_the_planar_formula_fails_where_B_is_not_zero() -> None:
    """MATHEMATICS.md, section 3: for n > 2 the planar formula is another number."""
    result = prove(network(W5, activation="silu"))
    with mp.workdps(50):
        for certificate, point in zip(hopf(result), independent_points("silu", ["0"] * 5), strict=True):
            pair = certificate["claims"]["first_lyapunov_coefficient"]
            assert holds(pair, point.ell1)
            assert not holds(pair, point.planar)


def test_equilibria_are_enclosed() -> None:
    result = prove(network(W5, bias=BIAS5))
    W, b = mp.matrix([[mp.mpf(x) for x in row] for row in W5]), mp.matrix([mp.mpf(x) for x in BIAS5])
    with mp.workdps(40):
        for certificate, point in zip(hopf(result), independent_points("tanh", BIAS5), strict=True):
            x = mp.lu_solve(W + point.gamma * mp.eye(5), -b)
            for pair, value in zip(certificate["claims"]["equilibrium"], x, strict=True):
                assert holds(pair, value)
                lower, upper = ends(pair)
                assert upper - lower < Fraction(1, 10**10)


# --- weight boxes ------------------------------------------------------------------------------------


def test_every_network_in_the_box_lies_in_the_enclosures() -> None:
    radius = "0.000001"
    problem = network(W5, bias=BIAS5, activation="silu", weight_radius=radius)
    result = prove(problem)
    assert hopf(result)
    generator = np.random.default_rng(5)
    with mp.workdps(30):
        for _ in range(4):
            signs = generator.choice([-1, 1], size=(5, 5))
            shift = [[float(radius) * signs[i][j] * (1 if i == j else 3) for j in range(5)] for i in range(5)]
            W = [[str(mp.mpf(W5[i][j]) + shift[i][j]) for j in range(5)] for i in range(5)]
            bias = [str(mp.mpf(c) + float(radius) * s) for c, s in zip(BIAS5, generator.choice([-1, 1], size=5), strict=True)]
            others = independent_points("silu", bias, W)
            for certificate in hopf(result):
                claims = certificate["claims"]
                inside = [p for p in others if holds(claims["parameter"], p.gamma) and holds(claims["omega"], p.omega)]
                assert len(inside) == 1
                assert holds(claims["first_lyapunov_coefficient"], inside[0].ell1)


def test_the_printed_network_is_proved_for_all_weights_that_print_so() -> None:
    from dataclasses import replace

    result = prove(replace(paper("n4-printed"), weight_radius=Fraction(1, 20000)))
    assert result.proved
    assert len(hopf(result)) == 2
    for point, (gamma, omega, _, _, _) in zip(rows_of(result), REFERENCE["n4-seed80"]["points"], strict=True):
        assert holds(point["parameter"], gamma)  # the network with all digits is one of them
        assert holds(point["omega"], omega)


def test_a_box_that_is_too_large_stays_undecided() -> None:
    result = prove(network(W5, weight_radius="0.5"))
    assert result.summary["status"] == "incomplete"
    assert not hopf(result)


# --- the interval -------------------------------------------------------------------------------------


def with_interval(problem: Problem, low: str, high: str) -> Problem:
    from dataclasses import replace

    return replace(problem, interval=(Fraction(low), Fraction(high)))


def test_only_the_interval_is_claimed() -> None:
    result = prove(with_interval(paper("n6-seed80"), "-0.1", "0"))
    assert result.proved
    assert result.summary["interval"] == ["-0.1", "0"]
    assert len(hopf(result)) == 1
    assert holds(rows_of(result)[0]["parameter"], -0.0074367172644706, 1e-12)


def test_an_interval_that_ends_in_a_point_is_undecided() -> None:
    result = prove(network([["0", "1"], ["-2", "0.5"]], interval=("-0.25", "1")))
    assert_incomplete(result, "interval-end")


def test_an_empty_list_can_be_complete() -> None:
    result = prove(network([["1", "0.5"], ["0.25", "-1"]]))
    assert result.proved
    assert not hopf(result)
    assert len(result.summary["real_crossings"]) == 2


# --- honest failures ------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [2, 3, 4, 7])
def test_exactly_antisymmetric(n: int) -> None:
    generator = np.random.default_rng(n)
    R = generator.standard_normal((n, n))
    problem = network(ExactMatrix.from_binary64(R) + ExactMatrix.from_binary64(-R.T))
    result = prove(problem)
    assert_incomplete(result, "antisymmetric")
    assert not hopf(result)


def test_antisymmetric_up_to_the_identity() -> None:
    assert_incomplete(prove(network([["0.25", "1", "2"], ["-1", "0.25", "3"], ["-2", "-3", "0.25"]])), "antisymmetric")


def test_double_hopf() -> None:
    """A published program takes this for a Hopf point: ±i and ±2i are on the axis together."""
    W = [["-.25", "2.25", "-.25", ".25"], ["-1.25", ".25", ".75", ".25"], ["-.25", ".25", "-.25", "2.25"], [".75", ".25", "-1.25", ".25"]]  # fmt: skip
    result = prove(network(W))
    assert_incomplete(result, "real-parts-not-separated")
    assert not hopf(result)
    assert "double Hopf" in result.summary["unsettled"][0]["reason"]
    for piece in result.summary["unsettled"]:
        assert holds(piece["interval"], 0.0)


def test_fold_hopf() -> None:
    result = prove(network([["0", "1", "0"], ["-1", "0", "0"], ["0.5", "0", "0"]]))
    assert_incomplete(result, "real-parts-not-separated")
    assert "fold-Hopf" in result.summary["unsettled"][0]["reason"]


def test_defective() -> None:
    W = [["0", "1", "1", "0"], ["-1", "0", "0", "1"], ["0", "0", "0", "1"], ["0", "0", "-1", "0"]]
    result = prove(network(W))
    assert result.summary["status"] == "incomplete"
    assert not hopf(result)
    assert all(holds(piece["interval"], 0.0) for piece in result.summary["unsettled"])


def test_without_any_eigenbasis(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a proved basis nothing is said but where eigenvalues can meet the axis: |γ| ≤ ‖W‖_∞."""
    problem = network([["0", "3"], ["-3", "1"]])
    monkeypatch.setattr("proofgen.strategy.zero_branch.eigenbasis_approx", lambda W: None)
    result = prove(problem)
    assert_incomplete(result, "no-eigenbasis")
    lower, upper = ends(result.summary["unsettled"][0]["interval"])
    assert lower <= -4
    assert upper >= 4
    assert prove(network([["0", "3"], ["0", "0"]])).summary["status"] == "incomplete"


def test_equal_eigenvalues() -> None:
    assert_incomplete(prove(network([["1", "0", "0"], ["0", "1", "0"], ["0", "0", "2"]])), "real-parts-not-separated")
    rotation = [["0.5", "1", "0", "0"], ["-1", "0.5", "0", "0"], ["0", "0", "0.5", "1"], ["0", "0", "-1", "0.5"]]
    result = prove(network(rotation))
    assert result.summary["status"] == "incomplete"
    assert not hopf(result)


def test_bautin_like_degeneracy_is_undecided() -> None:
    """For the identity ℓ1 = 0 exactly."""
    assert_incomplete(prove(network(W5, activation="identity")), "degenerate-activation")
    assert not hopf(prove(network(W5, activation="z + z**5")))


@pytest.mark.parametrize("exponent", [-150, 150])
def test_extreme_scalings_scale(exponent: int) -> None:
    """x → cx scales γ, ω by c and ℓ1 by c²: either that is proved, or it stays undecided; never a crash."""
    scale = Fraction(10) ** exponent
    small = prove(network(W5))
    large = prove(network(exact([[str(Fraction(x) * 1) for x in row] for row in W5]).scaled(scale)))
    assert len(hopf(large)) == len(hopf(small))
    for a, b in zip(hopf(small), hopf(large), strict=True):
        for key, power in (("parameter", 1), ("omega", 1), ("first_lyapunov_coefficient", 2)):
            (low, high), (low2, high2) = ends(a["claims"][key]), ends(b["claims"][key])
            assert max(low * scale**power, low2) <= min(high * scale**power, high2)


@pytest.mark.parametrize("entries", [("1e-150", "1e150"), ("1e150", "1e-150")])
def test_wildly_mixed_scalings_do_not_crash(entries: tuple[str, str]) -> None:
    a, b = entries
    result = prove(network([[a, b, "1"], ["-1", "1e-3", a], [b, "2", "-1"]]))
    assert result.summary["status"] in ("proved", "incomplete")


def test_close_pairs_are_separated_by_refinement() -> None:
    """Real parts 1e-25 apart: binary64 cannot, refined witnesses can; and both points are proved."""
    W = [["0", "1", "0.3", "0.1"], ["-1", "0", "0.2", "0.4"], ["0", "0", "1e-25", "2.5"], ["0", "0", "-2.5", "1e-25"]]
    result = prove(network(W))
    assert result.summary["options"]["precision_used"] > 128
    (a, b), (c, d) = (ends(point["parameter"]) for point in rows_of(result))
    assert a <= -Fraction(1, 10**25) <= b < c <= 0 <= d
    limited = prove(network(W, options=ProofOptions(max_precision=128)))
    assert_incomplete(limited, "real-parts-not-separated")


def test_more_digits_on_request() -> None:
    from dataclasses import replace

    result = prove(replace(paper("n6-seed80"), proof=ProofOptions(digits=60)))
    for point in rows_of(result):
        lower, upper = ends(point["parameter"])
        assert upper - lower < Fraction(1, 10**58)


def test_what_is_not_supported_is_said() -> None:
    with pytest.raises(UnsupportedError, match="σ\\(0\\) = 1/2"):
        prove(network(W5, activation="logistic"))
    with pytest.raises(InputError, match="expected one of spectral, newton-kantorovich"):
        prove(network(W5), method="guess")


def test_two_runs_give_the_same_bytes() -> None:
    first, second = prove(paper("n20-seed80")), prove(paper("n20-seed80"))
    assert first.files == second.files
    assert first.summary == second.summary


# --- what a referee found ---------------------------------------------------------------------------------


def test_printed_real_crossings_hold_one_singular_value_each() -> None:
    """Disjoint discs whose printed, widened enclosures meet: the network [[1, 3], [−3, 7.001]] lies in this box and
    has both singular values in both printed enclosures, so no crossing may be claimed."""
    result = prove(network([["0", "0"], ["0", "8.001"]], weight_radius="1", options=ProofOptions()))
    crossings = [ends(pair) for pair in result.summary["real_crossings"]]
    for (_, high), (low, _) in pairwise(crossings):
        assert high < low
    assert_incomplete(result, "real-parts-not-separated")
    assert not crossings


@given(st.integers(0, 10**9), st.integers(2, 5), st.sampled_from(["0.001", "0.01", "0.05", "0.2"]))
@settings(max_examples=60, deadline=None)
def test_printed_crossings_stay_disjoint_in_random_boxes(seed: int, n: int, radius: str) -> None:
    generator = np.random.default_rng(seed)
    W = np.triu(generator.standard_normal((n, n)))
    result = prove(network(ExactMatrix.from_binary64(W), weight_radius=radius))
    printed = [ends(pair) for pair in result.summary["real_crossings"]]
    others = [ends(piece["interval"]) for piece in result.summary["unsettled"]]
    for index, (low, high) in enumerate(printed):
        assert all(high < a or b < low for k, (a, b) in enumerate(printed) if k != index)
        assert all(high < a or b < low for a, b in others) or result.summary["status"] == "incomplete"


@pytest.mark.parametrize("activation", some(["z*exp(z**2)", "z+sin(z**2)", "sqrt((1+z)**3)-1", "z/(1+z**2)**3", "sinh(z)", "cosh(z)*z"], 2))
def test_powers_inside_functions(activation: str) -> None:
    result = prove(network(W5, activation=activation))
    assert hopf(result)
    with mp.workdps(50):
        import sympy as sp

        derived = derive_activation(activation)
        sigma = sp.lambdify(sp.Symbol("z", real=True), derived.expression, "mpmath")
        slope = mp.mpf(str(sp.N(derived.derivatives_at_zero[0], 45)))
        matrix = mp.matrix([[mp.mpf(x) for x in row] for row in W5])
        expected = zero_branch(matrix, sigma, slope, [mp.mpf(0)] * 5)
        for certificate, point in zip(hopf(result), expected, strict=True):
            assert holds(certificate["claims"]["first_lyapunov_coefficient"], point.ell1)


@pytest.mark.parametrize(
    ("activation", "reason"),
    [
        ("z**2", "σ'(0)"),
        ("z**3", "σ'(0)"),
        ("z*(tan(1)*cos(1)-sin(1))+z**3", "σ'(0)"),
        ("z*(16*atan(1/5)-4*atan(1/239)-4*atan(1))+z**3", "σ'(0)"),
        ("exp(20000)*tanh(z)", "1e100"),
        ("exp(-20000)*tanh(z)", "1e-100"),
        ("exp(exp(50))*tanh(z)", ""),
        ("z+(9e99)**64*z**3", "1e100"),
        ("z+(9e99)**64", "σ(0) ≠ 0"),
        ("tanh(z*tan(-(2)))", "SymPy"),
        ("exp(log(1+z)/3)-1", ""),
        ("z*exp(exp(exp(exp(5))))", "σ'(0)"),
    ],
)
def test_awkward_activations_are_refused_with_a_reason(activation: str, reason: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        prove(network(W5, activation=activation))
    assert reason in str(caught.value)
    assert "network.activation" in str(caught.value)


def test_far_scalings_are_printed() -> None:
    scale = Fraction(10) ** 250
    large = prove(network(exact(W5).scaled(scale)))
    assert large.proved
    assert "e497" in rows_of(large)[0]["first_lyapunov_coefficient"][0]


def test_points_are_in_increasing_order() -> None:
    result = prove(network(W5, weight_radius="1e-4"))
    parameters = [ends(point["parameter"]) for point in rows_of(result)]
    assert parameters == sorted(parameters)
