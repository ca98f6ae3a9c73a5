"""Bautin points: 30 digits of references and of a second computation; what is not one stays undecided."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
from flint import arb
from plane import NAMES, Case, case, equations_case, multilinear

from proofgen.numbers.balls import working_precision
from proofgen.proof.bautin import BautinProof, prove_bautin
from proofgen.proof.failure import FailureCode, ProofFailure
from proofgen.proof.hopf_curve import CurveWitness
from proofgen.search.hopf_curve import HopfApprox, hopf_approx, newton
from proofgen.strategy.bautin import bautin_point, curve_witness

DIGITS = "1e-30"


def near(c: Case, x: list[float], parameters: list[float], omega: float, along: int, off: float = 1e-4) -> HopfApprox:
    """A Hopf point not far from the Bautin point."""
    field = c.approx
    A = field.jacobian(np.array([*x, *parameters]))[:, : field.n]
    values, vectors = np.linalg.eig(A)
    k = int(np.argmin(abs(values - 1j * omega)))
    point = hopf_approx(field, np.array(parameters), np.array(x), omega, vectors[:, k], along)
    assert point is not None
    s = point.s + off * max(abs(point.s), 1e-2)
    moved = newton(field, point.at(s), s, along, point.phi)
    assert moved is not None
    return moved


def proved(c: Case, along: int, bits: int = 256) -> tuple[CurveWitness, BautinProof]:
    r = c.reference
    x, parameters = ([float(y) for y in values] for values in (r["equilibrium"], c.parameters))
    guess = near(c, x, parameters, float(r["omega"]), along)
    with working_precision(bits):
        data, proof = bautin_point(c.field, guess)
        return curve_witness(data), proof


def agrees(mine: arb, text: str) -> None:
    """To 30 digits, and no wider."""
    with working_precision(300):
        exact, size = arb(text), max(1.0, abs(float(text)))
        assert abs(mine - exact) < arb(DIGITS) * size * 10
        assert mine.rad() < arb(DIGITS) * size * 10


@pytest.mark.parametrize("along", [0, 1])
@pytest.mark.parametrize("name", NAMES)
def test_references_to_thirty_digits(name: str, along: int) -> None:
    if name == "quadratic-3d" and along == 0:
        pytest.skip("its curve is a line on which that parameter does not run")
    c = case(name)
    _, proof = proved(c, along)
    r = c.reference
    for mine, text in zip(proof.parameters, c.parameters, strict=True):
        agrees(mine, text)
    for mine, text in zip(proof.point.inputs, r["equilibrium"], strict=False):
        agrees(mine, text)
    agrees(proof.point.omega, r["omega"])
    agrees(proof.second_lyapunov_coefficient, r["l2 = Re_c2/omega"])
    agrees(proof.determinant, r["determinant"])
    assert (proof.piece.unstable, proof.piece.stable) == (r["unstable"], r["stable"])
    which = 1 - along
    rows = next(value for key, value in r.items() if key.startswith("jacobian"))
    agrees(proof.crossing_speed, rows[0][which])


@pytest.mark.parametrize("name", ["bazykin-khibnik", "co-oxidation", "quadratic-3d", pytest.param("rate-3-1", marks=pytest.mark.slow)])
def test_multilinear_forms_give_the_same(name: str) -> None:
    """The recursion through series against tensors of order five."""
    c = case(name)
    _, proof = proved(c, 1)
    with mp.workdps(50):
        other = multilinear(c.problem, [*c.reference["equilibrium"], *c.parameters])
        assert abs(other["re_c1"]) < mp.mpf(10) ** -30
        agrees(proof.second_lyapunov_coefficient, mp.nstr(other["l2"], 34))


def test_signs_of_published_programs() -> None:
    """l2 of the CO oxidation is negative and that of ours: MatCont's and BifurcationKit's Re G32/12 is Re c_2 = ω l2."""
    c = case("co-oxidation")
    _, proof = proved(c, 1)
    with working_precision(256):
        re_c2 = proof.second_lyapunov_coefficient * proof.point.omega
        assert re_c2 < 0
        G32 = arb(c.reference["G32"]["re"])
        assert abs(re_c2 - G32 / 12) < arb("1e-10") * abs(re_c2)


PLANAR = ("m*x - y + (c*x)*(x**2 + y**2) + {k}*x*(x**2 + y**2)**2", "x + m*y + c*y*(x**2 + y**2) + {k}*y*(x**2 + y**2)**2")


def planar(k: str) -> Case:
    """r' = mr + cr³ + kr⁵, θ' = 1."""
    equations = [text.format(k=k) for text in PLANAR]
    return equations_case(["x", "y"], equations, ("m", "c"), [("-0.1", "0.1"), ("-0.1", "0.1")], ["0", "0"])


@pytest.mark.parametrize("k", ["-1", "3/7"])
def test_the_normal_form_itself(k: str) -> None:
    """For q^H q = 1 r² = 2|w|², so c_1 = 2c and c_2 = 4k; the determinant is 2."""
    c = planar(k)
    with working_precision(256):
        _, proof = bautin_point(c.field, near(c, [0.0, 0.0], [0.0, 0.0], 1.0, 1, 1.0))
        assert abs(proof.second_lyapunov_coefficient - 4 * arb(Fraction(k).numerator) / Fraction(k).denominator) < arb("1e-40")
        assert abs(proof.determinant - 2) < arb("1e-40") and abs(proof.crossing_speed - 1) < arb("1e-40")
        assert all(abs(x) < arb("1e-40") for x in proof.parameters)


def test_a_vanishing_second_coefficient_is_undecided() -> None:
    c = planar("0")
    guess = near(c, [0.0, 0.0], [0.0, 0.0], 1.0, 1, 1.0)
    with working_precision(256), pytest.raises(ProofFailure) as error:
        bautin_point(c.field, guess)
    assert error.value.failure.code is FailureCode.LYAPUNOV_ENCLOSES_ZERO


def test_a_coefficient_that_only_touches_zero_is_undecided() -> None:
    """c² in the place of c: ℓ1 ≥ 0 along the whole curve."""
    equations = ["m*x - y + c**2*x*(x**2 + y**2) - x*(x**2 + y**2)**2", "x + m*y + c**2*y*(x**2 + y**2) - y*(x**2 + y**2)**2"]
    c = equations_case(["x", "y"], equations, ("m", "c"), [("-0.1", "0.1"), ("-0.1", "0.1")], ["0", "0"])
    guess = near(c, [0.0, 0.0], [0.0, 0.01], 1.0, 1, 0.1)
    with working_precision(128), pytest.raises(ProofFailure):
        bautin_point(c.field, guess)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda w: replace(w, s=w.s + 4 * w.h), FailureCode.NO_CROSSING),
        (lambda w: replace(w, centre=[x + w.R[0] * 1000 for x in w.centre]), FailureCode.NEWTON_NOT_CONTRACTING),
        (lambda w: replace(w, direction=[-x for x in w.direction]), FailureCode.NEWTON_NOT_CONTRACTING),
        (lambda w: replace(w, A=2 * w.A), FailureCode.NEWTON_NOT_CONTRACTING),
        (lambda w: replace(w, A=0 * w.A), FailureCode.NEWTON_NOT_CONTRACTING),
        (lambda w: replace(w, h=-w.h), FailureCode.NEWTON_NOT_CONTRACTING),
        (lambda w: replace(w, R=[-x for x in w.R]), FailureCode.NEWTON_NOT_CONTRACTING),
        (lambda w: replace(w, R=[x * 0 for x in w.R]), FailureCode.NEWTON_NOT_CONTRACTING),
        (lambda w: replace(w, h=w.h * arb("nan")), FailureCode.NEWTON_NOT_CONTRACTING),
        (lambda w: replace(w, along=1 - w.along), FailureCode.NEWTON_NOT_CONTRACTING),
    ],
)
def test_false_witnesses_prove_nothing(change, code) -> None:  # type: ignore[no-untyped-def]
    c = case("rate-3-1")
    witness, _ = proved(c, 1, 128)
    with working_precision(128):
        prove_bautin(c.field, witness)
        with pytest.raises(ProofFailure) as error:
            prove_bautin(c.field, change(witness))
    assert error.value.failure.code in (code, FailureCode.NEWTON_NOT_CONTRACTING)
