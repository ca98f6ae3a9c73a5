"""Theorem W: a nondegenerate Bautin point, the only zero of ℓ1 on a short piece of the curve of Hopf points.

On a piece (Theorem V) let g(s) = Re c_1, for the q of the tube, 0 ∉ g'(J) and J* = s̃ − g(s̃)/g'(J) ⊂ J. Then ℓ1 has
exactly one zero s* on the piece, s* ∈ J*. There Re c_2 ≠ 0 is enclosed, and

    det ∂(Re λ, Re c_1)/∂(α_1, α_2) = ± Re ∂λ/∂α · g'(s*)/q^H q     (q^H q = 1; + where s = α_2, − where s = α_1)

is not 0: the curve has the direction in which Re λ rests, and Re c_1 moves along it (MATHEMATICS.md, section 23).
ℓ2 = Re c_2/ω for q^H q = 1, as in Kuznetsov. Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, arb

from ..numbers.balls import proves_less, proves_nonzero, square
from .eigenvectors import eigenvector_bounds, enclose_pair
from .failure import FailureCode, ProofFailure
from .hopf_curve import CurvePiece, CurveWitness, prove_piece
from .plane_field import PlaneField, Unknowns
from .plane_normal_form import bordered, cubic_form, cubic_slope, quintic, speed
from .spectrum import enclose_spectrum


@dataclass(frozen=True)
class BautinProof:
    """re_c1: g(s̃); re_c1_slope: g'(J); re_c2: for the q of the tube; parameters: enclosures of (α_1*, α_2*);
    crossing_speed: Re ∂λ/∂α of the parameter that does not run; gap_1, gap_3: β of Lemma C at iω (bordered) and 3iω."""

    piece: CurvePiece
    point: Unknowns
    re_c1: arb
    re_c1_slope: arb
    re_c2: arb
    second_lyapunov_coefficient: arb
    crossing_speed: arb
    determinant: arb
    gap_1: arb
    gap_3: arb

    @property
    def parameters(self) -> tuple[arb, arb]:
        first, second = self.point.inputs[-2:]
        return first, second


def slope_over(field: PlaneField, piece: CurvePiece) -> arb:
    """g' over the whole piece; where it is not 0, ℓ1 has at most one zero there. Raises ProofFailure."""
    u, form = piece.tube.over, piece.normal
    h21, _ = bordered(form, u, form.c1)
    return cubic_slope(field, form, u, piece.tube.slope, h21).real


def value_at_centre(field: PlaneField, piece: CurvePiece) -> arb:
    """g(s̃). Raises ProofFailure."""
    u, k, basis = piece.tube.centre, piece.witness.pair, piece.basis
    spectrum = enclose_spectrum(field.expand(u.inputs, u.q).jacobian, basis.witness, basis)
    _, p_bar = enclose_pair(basis, k, eigenvector_bounds(spectrum, k))
    return cubic_form(field, basis, spectrum, k, u, p_bar).c1.real


def prove_bautin(field: PlaneField, witness: CurveWitness) -> BautinProof:
    """Raises ProofFailure."""
    piece = prove_piece(field, witness)
    u, form, along = piece.tube.over, piece.normal, witness.along
    slope = slope_over(field, piece)
    if not proves_nonzero(slope):
        raise ProofFailure(FailureCode.NOT_TRANSVERSAL, "the slope of Re c_1 along the curve is not proved nonzero")
    value = value_at_centre(field, piece)
    where = witness.s - value / slope
    if not proves_less(abs(where - witness.s), witness.h):
        raise ProofFailure(FailureCode.NO_CROSSING, "the zero of Re c_1 is not proved to lie on the piece")
    c1 = acb(0, form.c1.imag)  # at s*
    h21, gap_1 = bordered(form, u, c1)
    c2, gap_3 = quintic(field, form, u, h21, c1)
    if not proves_nonzero(c2.real):
        raise ProofFailure(
            FailureCode.LYAPUNOV_ENCLOSES_ZERO, "the enclosure of the second Lyapunov coefficient contains 0"
        )
    across = speed(field, form, u, 1 - along).real
    norm = piece.q_norm_squared
    determinant = across * slope / norm * (1 if along == 1 else -1)
    if not proves_nonzero(determinant):
        raise ProofFailure(FailureCode.NOT_TRANSVERSAL, "the determinant in the two parameters is not proved nonzero")
    ell2 = c2.real / (u.omega * square(norm))
    point = piece.tube.at(where)
    return BautinProof(piece, point, value, slope, c2.real, ell2, across, determinant, gap_1, gap_3)
