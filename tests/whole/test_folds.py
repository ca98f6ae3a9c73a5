"""Folds: closed forms, published values to 30 digits, the two equilibria by a second computation, honest failures."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import mpmath as mp
import pytest
from fields import field, spec, textbook

import proofgen
from proofgen import api
from proofgen.bundle.fold import FoldClaims
from proofgen.latex.documents import render_documents
from proofgen.latex.kinds import derivations
from proofgen.numbers.printed import Enclosure
from proofgen.proof.failure import FailureCode
from proofgen.spec.load import load_text
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove

THIRTY = "digits = 30\nprecision = 192"
# CO oxidation (Bykov, Yablonskii, Kim): BifurcationKit's test COModel.jl has folds at q2 = 1.05220029, 1.04204851
CO = field(
    "x; y; s",
    "2*q1*(1 - x - y - s)**2 - 2*q5*x**2 - q3*x*y; q2*(1 - x - y - s) - q6*y - q3*x*y; q4*((1 - x - y - s) - k*s)",
    "0.5, 2", constants='{ q1 = "2.5", q3 = "10", q4 = "0.0675", q5 = "1", q6 = "0.1", k = "0.4" }', parameter="q2",
    more='start = ["0.001137", "0.891483", "0.062345"]', proof=THIRTY,
)  # fmt: skip
# γ*, x*, a, b (with b > 0) rounded to 40 digits, computed independently
CO_FOLDS = [
    ("1.042048505378526659254108548428345232525",
     ("0.02471644491145350721031747436025544815465",
      "0.4502600371554467503527236581259993202766",
      "0.3750167985236426731692563339383894511205",
     ),
     "-0.1166593468807370584619854428925505993531", "0.1249746335559417268558007959392600815814"),
    ("1.052200287869954692495685086585288461649",
     ("0.05402941507127515088547900002441927839887",
      "0.3022414400400176817602886574145597909704",
      "0.4598065320633622623958802446864435218791",
     ),
     "0.1346505161239244247932188980633420688675", "0.1153803472816720475932276533804513726209"),
]  # fmt: skip


@cache
def co() -> Result:
    return prove(CO)


def folds(result: Result) -> list[FoldClaims]:
    claims = [point.claims for point in result.bundle.points.values()]
    return [one for one in claims if isinstance(one, FoldClaims)]


def encloses(claim: Enclosure, value: str) -> bool:
    """A value that is rounded to 40 digits, enclosed to 30."""
    exact = Fraction(value)
    rounded = max(abs(exact), Fraction(1, 10)) / 10**39
    return claim.low - rounded <= exact <= claim.high + rounded and claim.width <= 10 * rounded * 10**8


def holds(claim: Enclosure, value: mp.mpf) -> bool:
    """A value of 60 digits, in an enclosure that is much wider."""
    return bool(mp.mpf(claim.low.numerator) / claim.low.denominator < value < mp.mpf(claim.high.numerator) / claim.high.denominator)


@pytest.mark.slow
def test_to_thirty_digits() -> None:
    found = folds(co())
    assert [claims.solutions_for for claims in found] == ["above", "below"]
    for claims, (gamma, x, a, b) in zip(found, CO_FOLDS, strict=True):
        assert encloses(claims.parameter, gamma) and encloses(claims.a, a) and encloses(claims.b, b)
        assert all(encloses(*pair) for pair in zip(claims.equilibrium, x, strict=True))
        assert (claims.unstable, claims.stable) == (1, 1)


def test_rows_and_order() -> None:
    summary = co().bundle.summary
    assert not summary.complete and summary.status == "incomplete"  # `start` is far from any equilibrium at the left end
    assert [row.id for row in summary.points] == ["hopf-0001", "fold-0001", "hopf-0002", "fold-0002"]
    assert all(row.proved for row in summary.points)
    lows = [row.parameter.low for row in summary.points]
    assert lows == sorted(lows)


@pytest.mark.slow
def test_a_summary_says_where_the_axis_is_met() -> None:
    """A fold is on no settled piece: of these, only Hopf points meet the axis. Beyond the fold, x grows as γ tends to 0."""
    pair = "(x - 0.5)*y - z - y*(y**2 + z**2); y + (x - 0.5)*z - z*(y**2 + z**2)"
    for variables, other, text in (
        ("x; y; z", pair, "meets the imaginary axis only at these values of Hopf points."),
        ("x; y", "-y", "has no eigenvalue on the imaginary axis."),
    ):
        start = f"start = {[str(float(x)) for x in (-0.28, 0, 0)[: len(variables.split(';'))]]}"
        result = prove(field(variables, f"gamma - x*exp(1 - x); {other}", "-1, 2", more=start))
        assert not result.bundle.summary.complete and len(folds(result)) == 1
        summary = render_documents(result.bundle, derivations(result.bundle))["summary.tex"].decode()
        assert f"and its linearisation {text} It is not claimed" in summary


@pytest.mark.parametrize("index", [0, 1])
def test_separation(index: int) -> None:
    """The two equilibria at two values of γ by Newton's method: their distance, and the eigenvalue that was 0."""
    claims = folds(co())[index]
    with mp.workdps(60):
        values = {"q1": mp.mpf("2.5"), "q3": mp.mpf(10), "q4": mp.mpf("0.0675"), "q5": mp.mpf(1), "q6": mp.mpf("0.1"), "k": mp.mpf("0.4")}

        def f(gamma: mp.mpf) -> Any:
            def at(x: mp.mpf, y: mp.mpf, s: mp.mpf) -> list[mp.mpf]:
                z = 1 - x - y - s
                return [2 * values["q1"] * z**2 - 2 * values["q5"] * x**2 - values["q3"] * x * y,
                        gamma * z - values["q6"] * y - values["q3"] * x * y, values["q4"] * (z - values["k"] * s)]  # fmt: skip

            return at

        star = mp.mpf(claims.parameter.middle.numerator) / claims.parameter.middle.denominator
        x_star = mp.matrix([mp.mpf(x.middle.numerator) / x.middle.denominator for x in claims.equilibrium])
        q = _null_vector(_jacobian(f(star), x_star))
        a, b = (mp.mpf(x.middle.numerator) / x.middle.denominator for x in (claims.a, claims.b))
        side, errors = (1 if claims.solutions_for == "above" else -1), []
        for delta in (mp.mpf("1e-6"), mp.mpf("1e-6") / 4):
            gamma, s = star + side * delta, mp.sqrt(b / abs(a) * delta)
            pair = [mp.findroot(f(gamma), list(x_star + sign * s * q), tol=1e-40) for sign in (1, -1)]
            errors.append(abs(mp.norm(pair[0] - pair[1]) / (2 * s) - 1))
            spectra = [mp.eig(_jacobian(f(gamma), x), left=False, right=False) for x in pair]
            smallest = [min(values, key=abs) for values in spectra]
            assert mp.re(smallest[0]) * mp.re(smallest[1]) < 0
            assert all(abs(abs(value) / (2 * abs(a) * s) - 1) < 0.05 for value in smallest)
            unstable = sorted(sum(mp.re(value) > 0 for value in values) for values in spectra)
            assert unstable == [claims.unstable, claims.unstable + 1]
        assert errors[0] < 1e-3 and 3.5 < errors[0] / errors[1] < 4.5  # of the order of s²


def _jacobian(f: Any, x: Any) -> Any:
    """By central differences, to about 25 digits."""
    n, h = len(x), mp.mpf(10) ** -20
    J = mp.matrix(n, n)
    for j in range(n):
        up, down = ([x[i] + sign * h * (i == j) for i in range(n)] for sign in (1, -1))
        for i, (p, m) in enumerate(zip(f(*up), f(*down), strict=True)):
            J[i, j] = (p - m) / (2 * h)
    return J


def _null_vector(A: Any) -> Any:
    values, vectors = mp.eig(A)
    k = min(range(len(values)), key=lambda i: abs(values[i]))
    q = vectors[:, k].apply(mp.re)
    return q / mp.norm(q)


# x' = −x + 2 tanh x + u: tanh x* = ±1/√2, a = ∓1/√2, b = 1
NEURON = ("x; y", "-x + 2*tanh(x) + u; -y")


def test_closed_form() -> None:
    problem = field(*NEURON, "-0.9, 1", parameter="u", more='start = ["-1.5", "0"]', proof=THIRTY)
    right, left = folds(prove(problem))
    with mp.workdps(60):
        x = mp.atanh(1 / mp.sqrt(2))
        for claims, sign in ((right, 1), (left, -1)):
            assert holds(claims.parameter, sign * (x - mp.sqrt(2))) and holds(claims.equilibrium[0], sign * x)
            assert holds(claims.a, -sign / mp.sqrt(2)) and claims.b.low <= 1 <= claims.b.high
            assert claims.solutions_for == ("above" if sign > 0 else "below") and (claims.unstable, claims.stable) == (0, 1)
            assert claims.a.width < Fraction(1, 10**30)


def test_one_variable(tmp_path: Path) -> None:
    """n = 1: there is no other eigenvalue, and no Hopf point. The same values, in a bundle that the checker accepts."""
    result = api.prove(textbook("one-neuron"), tmp_path)
    assert result.check is not None and result.check.verdict == "accepted"
    right, left = folds(result)
    with mp.workdps(60):
        x = mp.atanh(1 / mp.sqrt(2))
        for claims, sign in ((right, 1), (left, -1)):
            assert holds(claims.parameter, sign * (x - mp.sqrt(2))) and holds(claims.a, -sign / mp.sqrt(2))
            assert (claims.unstable, claims.stable, claims.spectral_gap) == (0, 0, None)
    text = (tmp_path / "points/fold-0001.tex").read_text()
    assert "of one differential equation with" in text and "There are no other eigenvalues." in text


NETWORK = """
[network]
family = "layered"
leak = "1"
start = ["-0.9", "0.3"]
[[network.layer]]
weights = [["0", "0.25"], ["0.5", "-0.3"]]
bias = ["0.2", "0.1"]
activation = "tanh"
enters = { matrix = [["-1", "0"], ["0", "0"]] }
[parameter]
interval = ["-3", "-1"]
"""


@pytest.mark.slow
def test_network_with_a_box_of_weights(tmp_path: Path) -> None:
    """A rate network, with and without uncertain weights: the enclosures of the box hold those of its middle."""
    asked = api.prove(load_text(NETWORK + '[orbits]\nbranch = "auto"\n'), tmp_path / "exact")
    assert asked.bundle.summary.orbits == ()  # orbits start at Hopf points
    exact = folds(asked)
    wide = folds(api.prove(load_text(NETWORK + '[proof]\nweight_radius = "1e-6"\n'), tmp_path / "box"))
    assert len(exact) == len(wide) == 1
    for narrow, box in ((exact[0].parameter, wide[0].parameter), (exact[0].a, wide[0].a), (exact[0].b, wide[0].b)):
        assert box.low < narrow.low and narrow.high < box.high and box.width > Fraction(1, 10**7)
    assert exact[0].solutions_for == wide[0].solutions_for == "below"
    own, of_folds = r"each with its own $\gamma^*$, ", r"$x^*$, $a$ and~$b$"
    assert f"{own}{of_folds} in the stated" in (tmp_path / "box/points/fold-0001.tex").read_text()
    assert rf"~$\ell_1$ (of folds $\gamma^*$, {of_folds}) in the stated" in (tmp_path / "box/summary.tex").read_text()
    check_by_mpmath(exact[0])


def check_by_mpmath(claims: FoldClaims) -> None:
    """det A = 0 at the zero of the extended system, by another program."""
    with mp.workdps(40):

        def system(g: mp.mpf, x: mp.mpf, y: mp.mpf) -> list[mp.mpf]:
            p, r = mp.tanh(-g * x + y / 4 + mp.mpf("0.2")), mp.tanh(x / 2 - mp.mpf("0.3") * y + mp.mpf("0.1"))
            dp, dr = 1 - p * p, 1 - r * r
            return [p - x, r - y, (-g * dp - 1) * (-mp.mpf("0.3") * dr - 1) - dp / 4 * dr / 2]

        guess = [float(x.middle) for x in (claims.parameter, *claims.equilibrium)]
        g, x, y = mp.findroot(system, guess, tol=1e-30)
        assert holds(claims.parameter, g) and holds(claims.equilibrium[0], x) and holds(claims.equilibrium[1], y)


NORMAL_FORM = field("x; y", "gamma + x**2; -y", "-1, 1", more='start = ["-1", "0"]')


def test_two_processes_and_resumed(tmp_path: Path) -> None:
    """The same bytes from two processes, and what an earlier run has proved is taken from its files."""
    first, alone = api.prove(NORMAL_FORM, tmp_path, jobs=2), prove(NORMAL_FORM)
    assert first.files["points/fold-0001.json"] == alone.files["points/fold-0001.json"]
    again = api.prove(NORMAL_FORM, tmp_path, resume=True)
    assert folds(again) == folds(first) and "search" not in again.stopwatch.seconds


def test_from_python() -> None:
    fld = proofgen.equations({"x": "-x + 2*tanh(x) + u", "y": "-y"}, parameter="u", interval=("-0.9", "1"), start=[-1.5, 0])
    result = proofgen.prove(fld)
    left, right = result.folds
    text = "0 Hopf bifurcations proved, 2 folds proved (1 opening to the right, 1 opening to the left); the list is complete for u in "
    assert result.theorem.startswith(text)
    assert (left.id, left.solutions_for, right.solutions_for) == ("fold-0001", "above", "below") and left.proved
    assert float(right.parameter) == pytest.approx(0.53283997535355, abs=1e-13) and left.b is not None and 1 in (round(float(left.b)),)
    assert repr(left).startswith("<Fold fold-0001: two equilibria above, parameter -0.53283997")


def test_at_zero_exactly() -> None:
    """The normal form: γ* = 0, x* = 0, a = b = 1."""
    (claims,) = folds(prove(NORMAL_FORM))
    assert claims.parameter.low < 0 < claims.parameter.high and claims.a.low <= 1 <= claims.a.high
    assert claims.solutions_for == "below"


@pytest.mark.parametrize("scale", ["1e-4", "1e4"])
def test_units(scale: str) -> None:
    """x in other units: a = 1/k, b = k for x' = k(γ + (x/k)²)."""
    problem = field("x; y", "k*(gamma + (x/k)**2); -y", "-1, 1", constants=f'{{ k = "{scale}" }}', more=f'start = ["-{scale}", "0"]')
    (claims,) = folds(prove(problem))
    k = Fraction(scale)
    assert claims.a.low <= 1 / k <= claims.a.high and claims.b.low <= k <= claims.b.high


def rows(equations: str, interval: str = "-1, 1", start: str = "-1, 0", variables: str = "x; y") -> list[Any]:
    values = ", ".join(f'"{x.strip()}"' for x in start.split(","))
    result = prove(load_text(spec(variables, equations, interval, more=f"start = [{values}]")))
    return [row for row in result.bundle.summary.points if row.id.startswith("fold-")]


@pytest.mark.usefixtures("patience")
def test_fold_and_hopf_together_stay_undecided() -> None:
    """A pair ±i beside the fold: the search finds the fold, and the hypothesis that fails is named."""
    (row,) = rows("gamma + x**2; -z; y", start="-1, 0, 0", variables="x; y; z")
    assert not row.proved and row.code == FailureCode.FOLD_HOPF.value and row.claims.a is None


def test_a_fold_at_the_end_of_the_interval_stays_undecided() -> None:
    (row,) = rows("gamma + x**2; -y", interval="-1, 1e-40") or [None]
    assert row is None or (not row.proved and row.code == FailureCode.INTERVAL_END.value)


def test_no_fold_where_there_is_none() -> None:
    """A cusp, a transcritical crossing, a double zero: nothing is claimed."""
    assert not [row for row in rows("gamma + x**3; -y") if row.proved]
    assert not [row for row in rows("gamma*x - x**2; -y", start="-1, 0") if row.proved]
    assert not [row for row in rows("y; gamma + x**2 + x*y") if row.proved]
