"""Transcritical points and pitchforks on x = 0: closed forms, values computed independently to 40 digits, the solutions
themselves by Newton's method, and what must not be proved."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import pytest
from fields import spec

import proofgen
from proofgen import api
from proofgen.bundle.zero_crossing import PitchforkClaims, TranscriticalClaims
from proofgen.check import check_path
from proofgen.numbers.printed import Enclosure
from proofgen.spec.load import load, load_text
from proofgen.strategy.result import Result

ROOT = Path(__file__).parents[2]
THIRTY = "digits = 33\nprecision = 192"


def proved(text: str, out: Path) -> Result:
    result = api.prove(load_text(text), out)
    assert result.check is not None and result.check.verdict == "accepted"
    return result


def claims_of(result: Result) -> list[Any]:
    return [point.claims for point in result.bundle.points.values()]


def middle(x: Enclosure) -> mp.mpf:
    return mp.mpf(x.middle.numerator) / x.middle.denominator


def holds(claim: Enclosure, value: mp.mpf | Fraction | str, digits: int = 30) -> bool:
    """A value known to 38 digits or exactly, in an enclosure as narrow as asked for."""
    with mp.workdps(60):
        exact = Fraction(value) if isinstance(value, str) else value if isinstance(value, Fraction) else Fraction(mp.nstr(value, 55))
    slack = max(abs(exact), Fraction(1, 10)) / 10**38
    return claim.low - slack <= exact <= claim.high + slack and claim.width <= max(abs(exact), 1) * Fraction(1, 10**digits)


# the linear part is in Jordan form but for one turn by which q and l are not those of a diagonal matrix
def test_transcritical_in_closed_form(tmp_path: Path) -> None:
    """The SIR model: γ* = 1, d = 1, a = 1/√(m² + 1)."""
    text = spec("I; s", "(b*(1 + s) - 1)*I; -m*s - b*(1 + s)*I", "0.5, 2", constants='{ m = "0.02" }', parameter="b", proof=THIRTY)
    result = proved(text, tmp_path / "b")
    (claims,) = claims_of(result)
    assert isinstance(claims, TranscriticalClaims) and result.bundle.summary.complete
    with mp.workdps(60):
        a = 1 / mp.sqrt(mp.mpf("0.02") ** 2 + 1)
    assert holds(claims.parameter, Fraction(1)) and holds(claims.eigenvalue_speed, Fraction(1)) and holds(claims.coefficient, a)
    assert (claims.unstable, claims.stable) == (0, 1)
    row = result.bundle.summary.points[0]
    assert row.id == "transcritical-0001" and row.claims.type is None and len(result.bundle.summary.real_crossings) == 1


def test_pitchfork_in_closed_form(tmp_path: Path) -> None:
    """x' = −x + tanh(γWx), W = J/2 + I/4 for a ring of four: γ* = 4/5, d = 5/4, e = −1/12 (q = (1, 1, 1, 1)/2)."""
    ring = (ROOT / "proofs/examples/ring.toml").read_text(encoding="utf-8") + f"[proof]\n{THIRTY}\n"
    result = proved(ring, tmp_path / "b")
    (claims,) = claims_of(result)
    assert isinstance(claims, PitchforkClaims) and result.bundle.summary.complete
    for claim, value in ((claims.parameter, Fraction(4, 5)), (claims.eigenvalue_speed, Fraction(5, 4)), (claims.coefficient, Fraction(-1, 12))):
        assert holds(claim, value)
    assert (claims.unstable, claims.stable, claims.criticality, claims.solutions_for) == (0, 3, "supercritical", "above")


@pytest.mark.parametrize(("equations", "criticality", "side"), [
    ("g*x - x**3; -y", "supercritical", "above"), ("g*x + x**3; -y", "subcritical", "below"),
    ("-g*x - x**3; -y", "supercritical", "below"), ("-g*x + x**3; -y", "subcritical", "above"),
])  # fmt: skip
def test_sides(equations: str, criticality: str, side: str, tmp_path: Path) -> None:
    """gx ± x³ = 0 besides x = 0: x² = ∓g."""
    (claims,) = claims_of(proved(spec("x; y", equations, "-1, 1", parameter="g"), tmp_path / "b"))
    assert (claims.criticality, claims.solutions_for) == (criticality, side)


def test_independent_values_of_twenty_neurons(tmp_path: Path) -> None:
    """γ*, d and e computed with 70 digits from the closed forms of x' = −x + tanh(γWx)."""
    result = api.prove(load(ROOT / "tests/data/specs/rate-20.toml"), tmp_path / "b")
    assert result.proved and result.bundle.summary.complete
    known = [
        ("-1.436734829799281989265599927696754976908", "-0.6960226614257721384746700622171181992", "-0.08321724160486902444303165727558620639281"),
        ("1.136084496092671864960876821531736074864", "0.8802162193386967243544451680685183921285", "-0.05206008814058102809234100874379382565728"),
    ]  # fmt: skip
    for claims, (gamma, speed, e) in zip(claims_of(result), known, strict=True):
        assert holds(claims.parameter, gamma) and holds(claims.coefficient, e)
        assert claims.eigenvalue_speed.low <= Fraction(speed[:20]) + Fraction(1, 10**17)
        assert (claims.unstable, claims.stable) == (0, 19)


THREE = [["1", "1", "0"], ["-1", "0.5", "0.25"], ["0.5", "0", "0.5"]]


def network(weights: list[list[str]], activation: str, interval: str, more: str = "") -> str:
    zeros = [["0"] * len(weights)] * len(weights)
    low, high = interval.split(", ")
    return (
        f'[network]\nfamily = "layered"\nleak = 1\n[[network.layer]]\nweights = {json.dumps(zeros)}\nactivation = "{activation}"\n'
        f'enters = {{ matrix = {json.dumps(weights)} }}\n[parameter]\ninterval = ["{low}", "{high}"]\n{more}'
    )


def solutions(f: Any, guesses: list[Any]) -> list[tuple[Any, int, Any]]:
    """Zeros of f, for each the number of eigenvalues with positive real part and the eigenvalue nearest to 0."""
    found = []
    for guess in guesses:
        x = mp.findroot(lambda *x: f(mp.matrix(x)), list(guess), tol=1e-60)
        n = len(x)
        J, h = mp.matrix(n, n), mp.mpf(10) ** -22
        for j in range(n):
            step = mp.matrix([h * (i == j) for i in range(n)])
            column = (mp.matrix(f(x + step)) - mp.matrix(f(x - step))) / (2 * h)
            for i in range(n):
                J[i, j] = column[i]
        values = mp.eig(J, left=False, right=False)
        found.append((x, sum(mp.re(value) > 0 for value in values), mp.re(min(values, key=abs))))
    return found


def test_the_solutions_of_a_pitchfork(tmp_path: Path) -> None:
    """The two solutions at two values of γ by Newton's method: |x|² = −(d/e)(γ − γ*) with an error of the order of γ − γ*,
    the small eigenvalue −2d(γ − γ*), the counts; and none on the other side."""
    result = proved(network(THREE, "tanh", "0.1, 3"), tmp_path / "b")
    (claims,) = [claims for claims in claims_of(result) if isinstance(claims, PitchforkClaims)]
    assert claims.unstable == 2
    with mp.workdps(60):
        W = mp.matrix([[mp.mpf(x) for x in row] for row in THREE])
        star, d, e = (middle(x) for x in (claims.parameter, claims.eigenvalue_speed, claims.coefficient))
        values, vectors = mp.eig(W)
        k = min(range(3), key=lambda i: abs(values[i] - 1 / star))
        q = vectors[:, k].apply(mp.re)
        q = q / mp.norm(q)
        errors = []
        for delta in (mp.mpf("1e-5"), mp.mpf("1e-5") / 4):
            s = mp.sqrt(-d / e * delta)
            one, two = solutions(lambda x, delta=delta: -x + ((star + delta) * W * x).apply(mp.tanh), [s * q, -s * q])
            assert mp.norm(one[0] + two[0]) < mp.mpf(10) ** -40 and one[1] == two[1] == claims.unstable
            assert abs(one[2] / (-2 * d * delta) - 1) < 0.01
            errors.append(abs(mp.norm(one[0]) ** 2 / s**2 - 1))
        assert errors[0] < 1e-3 and 3.5 < errors[0] / errors[1] < 4.5


def test_the_solution_of_a_transcritical_point(tmp_path: Path) -> None:
    """The other solution at γ* ± δ by Newton's method: |x| = (d/a)δ with an error of the order of δ, −d(γ − γ*) its small
    eigenvalue, and exchange of stability. σ = silu: the quadratic term comes from σ''(0) ≠ 0."""
    result = proved(network(THREE, "silu", "2.5, 3.5"), tmp_path / "b")
    (claims,) = [claims for claims in claims_of(result) if isinstance(claims, TranscriticalClaims)]
    with mp.workdps(60):
        W = mp.matrix([[mp.mpf(x) for x in row] for row in THREE])
        star, d, a = (middle(x) for x in (claims.parameter, claims.eigenvalue_speed, claims.coefficient))
        values, vectors = mp.eig(W)
        k = min(range(3), key=lambda i: abs(values[i] - 2 / star))
        q = vectors[:, k].apply(mp.re)
        q = q / mp.norm(q)
        assert a > 0
        for side in (1, -1):
            errors = []
            for delta in (mp.mpf("1e-5"), mp.mpf("1e-5") / 4):
                def f(x: Any, gamma: mp.mpf = star + side * delta) -> Any:
                    return -x + (gamma * W * x).apply(lambda z: z / (1 + mp.exp(-z)))

                s = -d / a * side * delta
                found = [item for sign in (1, -1) for item in solutions(f, [sign * s * q]) if mp.norm(item[0]) > abs(s) / 2]
                assert found, "neither direction has the other solution"
                x, unstable, small = found[0]
                assert abs(small / (-d * side * delta) - 1) < 0.01 and unstable == claims.unstable + (d * side < 0)
                errors.append(abs(mp.norm(x) / abs(s) - 1))
            assert errors[0] < 1e-2 and 3.5 < errors[0] / errors[1] < 4.5


def test_with_a_box_of_weights(tmp_path: Path) -> None:
    """Every network of the box has its pitchfork: those of the centre and of corners are enclosed."""
    E = [["1", "0", "0"], ["0", "1", "0"], ["0", "0", "1"]]
    text = (
        f'[network]\nfamily = "layered"\nleak = 1\n[[network.layer]]\nweights = {json.dumps(THREE)}\nactivation = "tanh"\n'
        f'enters = {{ matrix = {json.dumps(E)} }}\n[parameter]\ninterval = ["0.3", "0.5"]\n[proof]\nweight_radius = "1e-6"\n'
    )
    result = proved(text, tmp_path / "b")
    (claims,) = [claims for claims in claims_of(result) if isinstance(claims, PitchforkClaims)]
    with mp.workdps(30):
        for signs in range(0, 512, 37):
            W = mp.matrix(3, 3)
            for i in range(9):
                W[i // 3, i % 3] = mp.mpf(THREE[i // 3][i % 3]) + (mp.mpf("1e-6") if signs >> i & 1 else -mp.mpf("1e-6"))
            values, left, right = mp.eig(W, left=True)
            k = min(range(3), key=lambda i: abs(mp.im(values[i])))
            gamma, q, p = 1 - mp.re(values[k]), right[:, k].apply(mp.re), left[k, :].apply(mp.re)
            q = q / mp.norm(q)
            p = p / (p * q)[0]
            e = -sum(p[i] * q[i] ** 3 for i in range(3)) / 3  # (W + γI)q = q, σ''' = −2
            assert claims.parameter.low <= Fraction(mp.nstr(gamma, 25)) <= claims.parameter.high
            assert claims.coefficient.low <= Fraction(mp.nstr(e, 25)) <= claims.coefficient.high


@pytest.mark.parametrize(("equations", "reason"), [
    ("g*x - x**2 + x**2; -y", "a encloses 0"),  # odd, but not seen to be
    ("g*x + x*y; -y + x**2", "a encloses 0"),  # e = 0 and a second arc all the same
    ("g*x - x**5; -y", "e encloses 0"), ("g*x; -y", "e encloses 0"),
])  # fmt: skip
def test_nothing_is_named_without_proof(equations: str, reason: str, tmp_path: Path) -> None:
    result = proved(spec("x; y", equations, "-1, 1", parameter="g"), tmp_path / "b")
    summary = result.bundle.summary
    assert summary.complete and not result.bundle.points and len(summary.real_crossings) == 1
    (plain,) = summary.plain_crossings
    assert reason in plain.reason and plain.code == "coefficient-encloses-zero" and plain.interval.low < 0 < plain.interval.high


@pytest.mark.parametrize(("power", "noun"), [("x**2", "transcritical point"), ("x**3", "pitchfork")])
def test_a_crossing_that_is_not_named_may_be_of_the_same_kind(power: str, noun: str, tmp_path: Path) -> None:
    """At g = 1 the coefficient is -10^-420: nondegenerate, but not shown, so the other one is not said to be the only one."""
    result = proved(spec("x", f"(g - 1)*(3 - g)*x + (g - 1 - (1/10**60)**7)*{power}", "0.5, 3.5", parameter="g"), tmp_path / "b")
    summary = result.bundle.summary
    assert summary.complete and len(summary.points) == len(summary.plain_crossings) == 1 and len(summary.real_crossings) == 2
    text = (tmp_path / "b/summary.tex").read_text(encoding="ascii")
    assert f"has one {noun} on this branch" in text and f"exactly one {noun}" not in text
    assert "It is not claimed that there is none at the further value below." in text


def test_without_transversality_nothing_is_claimed(tmp_path: Path) -> None:
    """g²x − x³: the eigenvalue touches 0; g³x − x³: it crosses with speed 0."""
    for equations in ("g**2*x - x**3; -y", "g**3*x - x**3; -y"):
        result = api.prove(load_text(spec("x; y", equations, "-1, 1", parameter="g")), tmp_path / str(len(equations)))
        assert not result.bundle.points and not result.bundle.summary.complete


def test_two_at_once_stay_open(tmp_path: Path) -> None:
    result = api.prove(load_text(spec("x; y", "g*x - x**3; g*y - y**3", "-1, 1", parameter="g")), tmp_path / "b")
    assert not result.bundle.points and not result.bundle.summary.complete


def test_both_kinds_of_points_and_documents(tmp_path: Path) -> None:
    """Hopf point and pitchfork on one branch; the summary says that the value of the pitchfork is no further one."""
    result = proved(network(THREE, "tanh", "0.1, 3"), tmp_path / "b")
    assert [row.id for row in result.bundle.summary.points] == ["hopf-0001", "pitchfork-0001"]
    text = (tmp_path / "b/summary.tex").read_text(encoding="ascii")
    assert "exactly one pitchfork on this branch" in text and "further parameter value" not in text
    assert "only the disc of one real eigenvalue does" in text
    point = (tmp_path / "b/points/pitchfork-0001.tex").read_text(encoding="ascii")
    assert "All of them are unstable." in point and r"each of the two others has two eigenvalues" in point


def test_from_python() -> None:
    ring = proofgen.load(ROOT / "proofs/examples/ring.toml")
    result = proofgen.prove(ring)
    (point,) = result.branchings
    assert (point.id, point.kind, point.criticality, point.solutions_for) == ("pitchfork-0001", "pitchfork", "supercritical", "above")
    assert point.proved and abs(float(point.coefficient) + 1 / 12) < 1e-12 and point.unstable == 0
    assert result.theorem.startswith("0 Hopf bifurcations proved, 1 pitchfork proved (1 supercritical, 0 subcritical); the list is complete")
    assert "<td>pitchfork-0001</td>" in result._repr_html_() and "<th>ω</th>" not in result._repr_html_()


def test_in_several_processes_and_alone(tmp_path: Path) -> None:
    text = network(THREE, "tanh", "0.1, 3")
    proved(text, tmp_path / "one")
    api.prove(load_text(text), tmp_path / "two", jobs=2)
    for name in ("branch.json", "points/pitchfork-0001.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert check_path(tmp_path / "one/points/pitchfork-0001.json").verdict == "accepted"


ONE_LAYER = """
[network]
family = "layered"
[[network.layer]]
weights = [["1", "2", "0"], ["-1", "0.5", "0.25"], ["0.5", "0", "0.5"]]
activation = "tanh"
enters = {{ row = 1, column = 1 }}
{bias}
[parameter]
interval = ["-3", "3"]
"""


def test_lines_of_equilibria(tmp_path: Path) -> None:
    """x' = σ(Wx): at a real crossing the kernel of W consists of equilibria, and this is said; det W = 0 at γ = −6."""
    text = ONE_LAYER.format(bias="").replace('"-3", "3"', '"-7", "-5"')
    result = proved(text, tmp_path / "b")
    (crossing,) = result.bundle.summary.real_crossings
    assert result.bundle.summary.complete and not result.bundle.summary.plain_crossings and result.bundle.lines
    gamma = crossing.middle
    W = [[1 + gamma, 2, 0], [-1, Fraction(1, 2), Fraction(1, 4)], [Fraction(1, 2), 0, Fraction(1, 2)]]
    det = W[0][0] * (W[1][1] * W[2][2] - W[1][2] * W[2][1]) - W[0][1] * (W[1][0] * W[2][2] - W[1][2] * W[2][0])
    assert abs(det) < Fraction(1, 10**15)
    assert "all points of a straight line" in (tmp_path / "b/summary.tex").read_text(encoding="ascii")


def test_no_lines_with_a_leak_or_a_bias() -> None:
    for change in ('leak = "1"', None):
        text = ONE_LAYER.format(bias='bias = ["0", "0", "0"]' if change is None else "")
        text = text if change is None else text.replace('family = "layered"', f'family = "layered"\n{change}')
        assert not load_text(text).lines_of_equilibria  # type: ignore[union-attr]
    assert load_text(ONE_LAYER.format(bias="")).lines_of_equilibria  # type: ignore[union-attr]
