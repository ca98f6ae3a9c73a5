"""Maps: closed forms and values computed independently to 40 digits, completeness, and what must not be proved."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import mpmath as mp
import pytest
from fields import spec

import proofgen
from proofgen import api
from proofgen.bundle.flip import FlipClaims
from proofgen.bundle.neimark_sacker import NeimarkSackerClaims
from proofgen.errors import InputError
from proofgen.numbers.printed import Enclosure
from proofgen.proof.failure import FailureCode
from proofgen.spec.load import load_text
from proofgen.strategy.result import Result

THIRTY = "digits = 33\nprecision = 192"


def a_map(variables: str, equations: str, interval: str, start: str, constants: str = "{}", parameter: str = "gamma", proof: str = "") -> str:
    more = f'time = "discrete"\nstart = {json.dumps(start.split())}'
    return spec(variables, equations, interval, constants=constants, parameter=parameter, more=more, proof=proof)


DELAYED_LOGISTIC = a_map("x; y", "r*x*(1 - y); x", "1.5, 2.2", "0.33 0.33", parameter="r", proof=THIRTY)
PREDATOR_PREY = a_map("x; y", "r*x*(1 - x) - b*x*y; b*x*y", "2.5, 4", "0.357 0.2", '{ b = "2.8" }', "r")
HENON_3D = a_map("x; y; z", "y; z; m + b*x + c*y - z**2", "-0.19, 0.5", "-0.3 -0.3 -0.3", '{ b = "0.6", c = "-0.5" }', "m")
# cubic and quadratic contributions to a almost cancel; a published formula has −0.034
ADVERSARIAL = a_map("x; y", "g*(3*x - 4*y)/5 + x**2 - x**3/2; g*(4*x + 3*y)/5 + x*y/2", "0.7, 1.3", "0 0", parameter="g")
HENON = a_map("x; y", "1 - a*x**2 + y; b*x", "0, 1", "0.9 0.2", '{ b = "0.3" }', "a", proof=THIRTY)


@cache
def result(text: str, tmp: str) -> Result:
    return api.prove(load_text(text), Path(tmp))


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> Any:
    root = tmp_path_factory.mktemp("maps")

    def run(text: str) -> Result:
        found = result(text, str(root / str(abs(hash(text)))))
        assert found.check is not None and found.check.verdict == "accepted"
        return found

    return run


def only(found: Result) -> Any:
    (point,) = found.bundle.points.values()
    return point.claims


def holds(claim: Enclosure, value: Any, digits: int = 14) -> bool:
    """A value that is known exactly or to 40 digits, in an enclosure as narrow as asked for."""
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    slack = max(abs(exact), Fraction(1, 10)) / 10**39
    return claim.low - slack <= exact <= claim.high + slack and claim.width <= max(abs(exact), 1) * Fraction(1, 10**digits)


def test_delayed_logistic(proved: Any) -> None:
    """x = y = 1 − 1/r, |μ|² = r − 1, Re μ = 1/2: r* = 2, θ = π/3, d = 1/2 and a = −1, to thirty digits."""
    found = proved(DELAYED_LOGISTIC)
    claims = only(found)
    assert isinstance(claims, NeimarkSackerClaims) and found.bundle.summary.complete
    with mp.workdps(60):
        theta = mp.nstr(mp.pi / 3, 41)
    for claim, value in ((claims.parameter, Fraction(2)), (claims.theta, theta), (claims.log_modulus_speed, Fraction(1, 2)), (claims.coefficient, Fraction(-1))):
        assert holds(claim, value, 30)
    assert all(holds(x, Fraction(1, 2), 30) for x in claims.equilibrium)
    assert (claims.inside, claims.outside, claims.criticality, claims.spectral_gap) == (0, 0, "supercritical", None)


# parameter, θ, d, a, the fixed point, inside, outside, complete: of two programs, one by multilinear forms
REFERENCE = {
    PREDATOR_PREY: ("3.5", "1.186399552299257353", "0.142857142857142857142857142857142857142857", "-7.6222222222222222222222222222222222222222",
                    (Fraction(5, 14), Fraction(25, 56)), 0, 0, True),
    HENON_3D: ("0.1186111111111111111111111111111111111111", "2.000571758099424305105248666372945830954", "0.2846299810246679316888045540796963946869",
               "-0.1525699328043061904438693151469186480592", (Fraction(7, 60),) * 3, 1, 0, True),
    ADVERSARIAL: ("1", "0.9272952180016122324285124629224288040571", "1", "0.01125", (Fraction(0), Fraction(0)), 0, 0, True),
}  # fmt: skip


@pytest.mark.parametrize("text", REFERENCE, ids=["predator-prey", "henon-3d", "adversarial-signs"])
def test_neimark_sacker_points(text: str, proved: Any) -> None:
    gamma, theta, speed, a, x, inside, outside, complete = REFERENCE[text]
    found = proved(text)
    claims = only(found)
    assert isinstance(claims, NeimarkSackerClaims) and found.bundle.summary.complete == complete
    assert holds(claims.parameter, gamma, 13) and holds(claims.coefficient, a, 13)
    assert holds(claims.log_modulus_speed, speed, 13) and abs(claims.theta.middle - Fraction(theta)) < Fraction(1, 10**12)
    assert all(holds(*pair, 13) for pair in zip(claims.equilibrium, x, strict=True))
    assert (claims.inside, claims.outside) == (inside, outside)
    assert claims.criticality == ("subcritical" if Fraction(a) > 0 else "supercritical")


def test_the_invariant_curve(proved: Any) -> None:
    """Iterates of the three-dimensional map settle on a curve whose mean radius² grows by −d/a, and turn by θ."""
    claims = only(proved(HENON_3D))
    d, a, star, theta = (float(x.middle) for x in (claims.log_modulus_speed, claims.coefficient, claims.parameter, claims.theta))
    for delta in (4e-3, 1e-3):
        m = star + delta
        rest = (-0.9 + math.sqrt(0.81 + 4 * m)) / 2
        x, y, z = rest + 0.01, rest, rest
        squares, turns, last = 0.0, 0.0, 0.0
        for step in range(60000):
            x, y, z = y, z, m + 0.6 * x - 0.5 * y - z * z
            u, v = z - rest, y - rest  # R cos φ, R cos(φ − θ)
            angle = math.atan2(v - u * math.cos(theta), u * math.sin(theta))
            if step >= 30000:
                squares, turns = squares + u * u / 30000, turns + (angle - last) % (2 * math.pi) / 30000
            last = angle
        # z − rest = 2ρ Re(q_3 e^{iφ}): the mean of its square is 2ρ²|q_3|², |q_3|² = 1/3 as |μ| = 1
        assert abs(squares / (2 / 3 * (-d / a) * delta) - 1) < 20 * delta
        assert min(abs(turns - theta), abs(2 * math.pi - turns - theta)) < 5 * delta


def test_henon_flip(proved: Any) -> None:
    """a* = 3(1 − b)²/4 with b = 3/10, to thirty digits; the cycle of period two from its equations."""
    found = proved(HENON)
    claims = only(found)
    assert isinstance(claims, FlipClaims) and found.bundle.summary.complete
    assert holds(claims.parameter, Fraction(147, 400), 30) and holds(claims.multiplier_speed, Fraction(-100, 91), 30)
    assert holds(claims.coefficient, "0.1361591390261115031757233592095977417078", 30)
    assert [holds(*pair, 30) for pair in zip(claims.equilibrium, (Fraction(20, 21), Fraction(2, 7)), strict=True)] == [True, True]
    assert (claims.inside, claims.outside, claims.criticality) == (1, 0, "supercritical")
    with mp.workdps(40):  # x_+ + x_− = (1 − b)/a, x_+ x_− = ((1 − b)² − a)/a², so that (x_+ − x_−)² = 4s²q_1² is known
        c, d = (mp.mpf(x.middle.numerator) / x.middle.denominator for x in (claims.coefficient, claims.multiplier_speed))
        b, q1 = mp.mpf("0.3"), 1 / mp.sqrt(1 + mp.mpf("0.09"))  # q ∝ (−1, b)
        for delta in (mp.mpf("1e-8"), mp.mpf("1e-10")):
            a = mp.mpf(147) / 400 + delta
            distance = ((1 - b) / a) ** 2 - 4 * ((1 - b) ** 2 - a) / a**2
            assert abs(distance / (4 * q1**2 * (-d / c) * delta) - 1) < 100 * delta


def test_logistic_flip(proved: Any) -> None:
    """One variable: r* = 3, x* = 2/3, μ' = −1, and c = (1/6)(3 B²/2) = 9 for B = −2r."""
    claims = only(proved(a_map("x", "r*x*(1 - x)", "2, 3.4", "0.5", parameter="r")))
    assert isinstance(claims, FlipClaims) and (claims.inside, claims.outside, claims.spectral_gap) == (0, 0, None)
    for claim, value in ((claims.parameter, 3), (claims.multiplier_speed, -1), (claims.coefficient, 9), (claims.equilibrium[0], Fraction(2, 3))):
        assert holds(claim, Fraction(value))


def test_no_claim_of_an_orbit(proved: Any) -> None:
    """A closed invariant curve, and nothing of the dynamics on it."""
    text = (proved(DELAYED_LOGISTIC).check.directory / "points/ns-0001.tex").read_text()
    assert "closed invariant curve" in text and "Nothing is claimed of the dynamics on the curve" in text
    assert "periodic orbit" not in text and "imaginary axis." not in text and "equilibri" not in text
    summary = (proved(DELAYED_LOGISTIC).check.directory / "summary.tex").read_text()
    assert "exactly one Neimark-Sacker bifurcation" in summary and "has no flip" in summary and "imaginary axis" not in summary


NEUTRAL_SADDLE = a_map("x; y", "2*g*x + x**2; y/2 + x*y", "0.8, 1.2", "0 0", parameter="g")
RESONANCE_13 = a_map("x; y", "y; -g*x - y + x**2", "0.5, 1.5", "0 0", parameter="g")
RESONANCE_14 = a_map("x; y", "y; -g*x + x**2", "0.5, 1.5", "0 0", parameter="g")
ROTATION = a_map("x; y", "g*(3*x - 4*y)/5; g*(4*x + 3*y)/5", "0.5, 1.5", "0 0", parameter="g")
TWO_PAIRS = a_map("x; y; u; v", "g*(3*x - 4*y)/5 - x**3; g*(4*x + 3*y)/5; g*(4*u - 3*v)/5 - u**3; g*(3*u + 4*v)/5", "0.5, 1.5", "0 0 0 0", parameter="g")
TOUCHING = a_map("x; y", "(1 - (g - 1)**2)*(3*x - 4*y)/5 - x**3; (1 - (g - 1)**2)*(4*x + 3*y)/5", "0.5, 1.5", "0 0", parameter="g")


def test_a_neutral_saddle_is_no_bifurcation(proved: Any) -> None:
    """Real multipliers 2g and 1/2 with product 1 at g = 1: none is on the circle."""
    found = proved(NEUTRAL_SADDLE)
    assert found.bundle.summary.complete and not found.bundle.points and found.bundle.summary.points == ()


@pytest.mark.parametrize(("text", "code"), [
    (RESONANCE_13, FailureCode.STRONG_RESONANCE), (RESONANCE_14, FailureCode.STRONG_RESONANCE),
    (ROTATION, FailureCode.COEFFICIENT_ENCLOSES_ZERO), (TWO_PAIRS, FailureCode.SEVERAL_ON_CIRCLE),
], ids=["1:3", "1:4", "linear", "two pairs"])  # fmt: skip
def test_undecided(text: str, code: FailureCode, proved: Any) -> None:
    """At the exact value 1 no theorem applies; the rest of the interval is clear."""
    found = proved(text)
    summary = found.bundle.summary
    assert not summary.complete and not found.bundle.points
    assert {row.code for row in summary.points} == {code.value} and all(row.reason for row in summary.points)
    (piece,) = {(piece.interval.text, piece.code) for piece in summary.unsettled}
    assert piece[1] == code.value and all(piece.interval.low < 1 < piece.interval.high for piece in summary.unsettled)


# x + y, y + s + x²: fixed points s = −x², multipliers 1 ± √(2x), both 1 at the fold; and a double −1 where μ² + … crosses
RESONANCE_11 = a_map("x; y", "x + y; y + s + x**2", "-1, 0.5", "-1 0", parameter="s")
RESONANCE_12 = a_map("x; y; z", "y; z; m + b*x + c*y - z**2", "1.5, 1.8", "0.6 0.6 0.6", '{ b = "0.3", c = "-0.4" }', "m")


@pytest.mark.parametrize("text", [RESONANCE_11, RESONANCE_12], ids=["1:1", "1:2"])
def test_double_multipliers(text: str, proved: Any) -> None:
    """Neither a fold nor a flip nor a Neimark–Sacker point: the multiplier 1, or −1, is not simple."""
    found = proved(text)
    assert not found.bundle.points and not found.bundle.summary.complete


def test_the_coefficient_in_other_programs(proved: Any) -> None:
    """From the terms of a certificate: a (MatContM), and what BifurcationKit forms, which has the other sign here."""
    (point,) = proved(ADVERSARIAL).bundle.points.values()
    first, second, third = (float(term.middle) for term in point.bounds.terms)
    norm = float(point.bounds.q_norm_squared.middle)
    assert abs((first + second + third) / (2 * norm) - 0.01125) < 1e-12
    assert abs((3 * first + 2 * second + 2 * third) / (12 * norm) + 0.03375) < 1e-12
    (point,) = proved(DELAYED_LOGISTIC).bundle.points.values()  # Kuznetsov's q = (1, …) has q^H q = 2 there: −2 for −1
    assert abs(float(point.claims.coefficient.middle) + 1) < 1e-12


def test_a_pair_that_touches_the_circle_is_no_point(proved: Any) -> None:
    found = proved(TOUCHING)
    assert not found.bundle.summary.complete and not found.bundle.points


def test_where_a_real_multiplier_is_one(proved: Any) -> None:
    """On x = 0 it is a real crossing, and no flip; at −1 a flip, and no real crossing."""
    found = proved(a_map("x; y", "g*x - x**3; y/3 + x*y", "-1.5, 1.5", "0 0", parameter="g"))
    (crossing,) = found.bundle.summary.real_crossings
    claims = only(found)
    assert found.bundle.summary.complete and crossing.low < 1 < crossing.high
    # c = (1/6) l C(q, q, q) = −1, multiplier speed 1
    assert holds(claims.parameter, Fraction(-1)) and holds(claims.coefficient, Fraction(-1)) and claims.criticality == "subcritical"


def test_what_is_not_for_maps(tmp_path: Path) -> None:
    problem = load_text(DELAYED_LOGISTIC)
    with pytest.raises(InputError, match=r"method: .*not for maps"):
        api.prove(problem, method="newton-kantorovich")
    with pytest.raises(InputError, match=r"orbits: .*not of maps"):
        api.prove(load_text(DELAYED_LOGISTIC + '[orbits]\nbranch = "0.1"\n'))
    with pytest.raises(InputError, match=r'network.time: .*expected "continuous"'):
        load_text(DELAYED_LOGISTIC.replace('"discrete"', '"slow"'))


def test_a_map_and_its_flow_differ(proved: Any, tmp_path: Path) -> None:
    """The same equations without the key are another problem; a certificate of one is none of the other."""
    bundle = proved(DELAYED_LOGISTIC).check.directory
    document = json.loads((bundle / "problem.json").read_text())
    assert document["time"] == "discrete" and list(document)[:5] == ["format", "version", "title", "dimension", "time"]
    assert "time" not in json.loads((proved_flow(tmp_path) / "problem.json").read_text())


def proved_flow(tmp_path: Path) -> Path:
    api.prove(load_text(DELAYED_LOGISTIC.replace('time = "discrete"', "")), tmp_path / "flow", check=False)
    return tmp_path / "flow"


def test_the_python_interface(proved: Any) -> None:
    found = proofgen.prove(proofgen.equations(
        {"x": "r*x*(1 - y)", "y": "x"}, parameter="r", interval=("1.5", "2.2"), start=["0.33", "0.33"], time="discrete"
    ))  # fmt: skip
    (point,) = found.map_points
    assert (point.kind, point.criticality, point.multiplier_speed) == ("neimark-sacker", "supercritical", None)
    assert point.theta is not None and abs(float(point.theta) - 1.0471975511966) < 1e-12
    assert found.points == () and found.folds == () and found.complete
    assert found.theorem.startswith("1 Neimark-Sacker bifurcation proved (1 supercritical, 0 subcritical), 0 flips proved; the list is complete")
    rows: Any = found.table()
    (row,) = rows if isinstance(rows, list) else rows.to_dict("records")
    assert (row["id"], row["kind"], row["theta"]) == (point.id, "neimark-sacker", point.theta) if "kind" in row else row["theta"] == point.theta
    assert point.id in found._repr_html_() and "<th>θ</th>" in found._repr_html_()
    assert load_text(found.problem.to_toml()) == load_text(found.problem.to_toml()) and 'time = "discrete"' in found.problem.to_toml()
