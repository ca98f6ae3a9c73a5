"""Theorem O4: the family that leaves a Hopf point, on which side of γ* it lies, and its stability.

MATHEMATICS.md, section 16. Arithmetic: balls only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import arb

from ..numbers.balls import ball, ball_with_radius, proves_negative, proves_positive
from .failure import FailureCode, ProofFailure
from .orbit import OrbitPiece
from .orbit_floquet import Floquet, theta_cells


@dataclass(frozen=True)
class Direction:
    """γ'(a)/a has the sign ``sign`` and lies in one of ``slopes``, for 0 < a ≤ a_0 or for all a of a further piece."""

    sign: int
    slopes: tuple[arb, ...]


def prove_direction(piece: OrbitPiece, cells: int) -> Direction:
    """(ii): enclosures of γ'(a)/a, one for each cell. Raises ProofFailure where they have not one sign."""
    if not proves_positive(piece.estimates.nu) or piece.estimates.witness.single:
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "only a piece with a strip has a direction")
    around_0 = piece.estimates.witness.centre == 0
    slopes = _slopes_from_the_point(piece, cells) if around_0 else _slopes_further_on(piece, cells)
    for sign, proves in ((1, proves_positive), (-1, proves_negative)):
        if all(proves(s) for s in slopes):
            return Direction(sign, tuple(slopes))
    raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "the parameter is not proved to be monotone along the orbits")


def _slopes_from_the_point(piece: OrbitPiece, cells: int) -> list[arb]:
    """(O), in cells of 2(a/a_0)² − 1."""
    gamma, nu = piece.estimates.witness.gamma, piece.estimates.nu
    a_0 = ball(piece.estimates.witness.half_width)
    odd = sum(((nu * m).exp() * gamma.sizes[m, 0] for m in range(1, gamma.degree + 1, 2)), arb(0))
    error = 8 * (piece.gamma_radius + odd) * _sum_of_squares(2 * nu)
    terms = [(4 * m * gamma.coefficient(2 * m, 0)[0, 0].real) for m in range(1, gamma.degree // 2 + 1)]
    return [ball_with_radius(_second_kind_sum(terms, c, delta), error.upper()) / (a_0 * a_0)
            for c, delta in theta_cells(cells)]  # fmt: skip


def _slopes_further_on(piece: OrbitPiece, cells: int) -> list[arb]:
    """(O'), in cells of cos θ, where a > 0."""
    witness, nu = piece.estimates.witness, piece.estimates.nu
    gamma, width = witness.gamma, ball(witness.half_width)
    if not witness.centre > witness.half_width:
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "a further piece has positive amplitudes")
    error = 2 * piece.gamma_radius * _sum_of_squares(nu)
    terms = [m * gamma.coefficient(m, 0)[0, 0].real for m in range(1, gamma.degree + 1)]
    slopes = []
    for x, delta in theta_cells(cells):
        a = ball(witness.centre) + width * ball_with_radius(x, delta)
        slopes.append(ball_with_radius(_second_kind_sum(terms, x, delta), error.upper()) / (width * a))
    return slopes


def _sum_of_squares(nu: arb) -> arb:
    """Σ m²e^{−mν}, m ≥ 1."""
    z = (-nu).exp()
    return z * (1 + z) / (1 - z) ** 3


def _second_kind_sum(terms: list[arb], c: arb, delta: arb) -> arb:
    """Σ terms_m U_{m−1} over a cell, by |U'_{m−1}| ≤ (m³ − m)/3, |U_{m−1}| ≤ m."""
    total, U = arb(0), _second_kind(c, len(terms))
    for m, term in enumerate(terms, start=1):
        reach = delta * (m**3 - m) / 3
        total += term * ball_with_radius(U[m - 1], (reach if reach < 2 * m else arb(2 * m)).upper())
    return total


def _second_kind(c: arb, count: int) -> list[arb]:
    """U_0(c) … U_{count−1}(c)."""
    values = [arb(1), 2 * c]
    while len(values) < count:
        values.append(2 * c * values[-1] - values[-2])
    return values


def kappa_signs(
    floquets: Sequence[Floquet], directions: Sequence[Direction | None], crossing_speed: arb
) -> list[int]:
    """(iii) and (iv): the sign of κ on each of the glued pieces, the first around 0; 0 where it is not decided.

    crossing_speed: d of the Hopf point that the first piece starts from.
    """
    signs: list[int] = []
    for index, (floquet, direction) in enumerate(zip(floquets, directions, strict=True)):
        sign = 0
        if index == 0:
            sign = 0 if direction is None else -_sign(crossing_speed) * direction.sign
        elif direction is None:
            sign = floquet.kappa_sign
        elif signs[-1] and directions[index - 1] is not None:
            sign = signs[-1]  # κ is not 0 at the joint, nor on this piece
        else:
            sign = next((s for s in map(_sign, floquet.kappa) if s), 0)
        signs.append(sign)
    return signs


def _sign(x: arb) -> int:
    return 1 if proves_positive(x) else -1 if proves_negative(x) else 0


def unstable_multipliers(floquet: Floquet, kappa_sign: int) -> int | None:
    """How many multipliers of every orbit of a piece are outside of the unit circle; None: not decided."""
    if floquet.outside is None or not kappa_sign:
        return None
    return floquet.outside + (kappa_sign > 0)
