"""Theorem O4 and Lemma O4: the family that leaves a Hopf point, on which side of γ* it lies, and its stability.

MATHEMATICS.md, section 16. Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, arb

from ..numbers.balls import ball, ball_with_radius, proves_negative, proves_positive
from .failure import FailureCode, ProofFailure
from .orbit import OrbitPiece
from .orbit_floquet import Floquet, theta_cells
from .orbit_polynomials import Polynomial, cosines
from .spectrum import Spectrum


@dataclass(frozen=True)
class Direction:
    """γ'(a)/a for 0 < a ≤ a_0 has the sign ``sign`` and lies in one of ``slopes`` (for every cell of 2(a/a_0)² − 1)."""

    sign: int
    slopes: tuple[arb, ...]


def prove_direction(piece: OrbitPiece, cells: int) -> Direction:
    """(ii): enclosures (O) of γ'(a)/a. Raises ProofFailure where they have not one sign."""
    witness, nu = piece.estimates.witness, piece.estimates.nu
    if witness.single or witness.centre != 0 or not proves_positive(nu):
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "only a piece around the Hopf point has a direction")
    gamma: Polynomial = witness.gamma
    a_0 = ball(witness.half_width)
    odd = sum(((nu * m).exp() * gamma.sizes[m, 0] for m in range(1, gamma.degree + 1, 2)), arb(0))
    z = (-2 * nu).exp()
    error = 8 * (piece.gamma_radius + odd) * z * (1 + z) / (1 - z) ** 3
    slopes = []
    for c, delta in theta_cells(cells):
        total, U = arb(0), _second_kind(c, gamma.degree // 2)
        for m in range(1, gamma.degree // 2 + 1):
            reach = delta * (m**3 - m) / 3  # |U'_{m−1}| ≤ (m³ − m)/3, |U_{m−1}| ≤ m
            near = ball_with_radius(U[m - 1], (reach if reach < 2 * m else arb(2 * m)).upper())
            total += 4 * m * gamma.coefficient(2 * m, 0)[0, 0].real * near
        slopes.append(ball_with_radius(total, error.upper()) / (a_0 * a_0))
    if all(proves_positive(s) for s in slopes):
        return Direction(1, tuple(slopes))
    if all(proves_negative(s) for s in slopes):
        return Direction(-1, tuple(slopes))
    raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "the parameter is not proved to be monotone along the orbits")


def _second_kind(c: arb, count: int) -> list[arb]:
    """U_0(c) … U_{count−1}(c)."""
    values = [arb(1), 2 * c]
    while len(values) < count:
        values.append(2 * c * values[-1] - values[-2])
    return values


def unstable_multipliers(floquet: Floquet, direction: Direction, crossing_speed: arb) -> int | None:
    """(iii): how many multipliers of every orbit with 0 < a ≤ a_0 are outside of the unit circle; None: not decided.

    crossing_speed: d of the Hopf point that the piece starts from.
    """
    if floquet.outside is None:
        return None
    if proves_positive(crossing_speed):
        return floquet.outside + (direction.sign < 0)
    if proves_negative(crossing_speed):
        return floquet.outside + (direction.sign > 0)
    return None


def unstable_multipliers_of_one(floquet: Floquet) -> int | None:
    """(d) of Theorem O3 where κ has a sign by its own enclosure."""
    if floquet.outside is None or floquet.kappa_sign == 0:
        return None
    return floquet.outside + (floquet.kappa_sign > 0)


@dataclass(frozen=True)
class Start:
    """The orbit of amplitude 0: γ(0), ω = 1/T(0)."""

    gamma: arb
    omega: arb


def start_of(piece: OrbitPiece) -> Start:
    """Enclosures at a = 0. Raises ProofFailure for a piece that is not around 0."""
    witness = piece.estimates.witness
    if witness.single or witness.centre != 0:
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "the piece does not start at a Hopf point")
    middle = arb(0)
    gamma = witness.gamma.value(cosines(middle, witness.gamma.degree))[0, 0].real
    T = witness.T.value(cosines(middle, witness.T.degree))[0, 0].real
    T = ball_with_radius(T, piece.T_radius)
    if not proves_positive(T):
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "the period is not proved positive")
    return Start(ball_with_radius(gamma, piece.gamma_radius), 1 / T)


def require_same_point(start: Start, spectrum: Spectrum, pair: int, sigma_1: arb) -> None:
    """Lemma O4 on the zero branch of Method S, A = σ_1(W⁰ + γI): the start belongs to the pair of the disc K_pair.

    W⁰ has the eigenvalue −γ(0) + iω/|σ_1|, and every eigenvalue lies in a disc; if it can be in no other one, it is in
    the isolated K_pair, which holds one eigenvalue. Raises ProofFailure.
    """
    value = acb(-start.gamma, start.omega / abs(sigma_1))
    for k, (d, g) in enumerate(zip(spectrum.d, spectrum.g, strict=True)):
        centres = [d, d.conjugate()] if k < spectrum.m else [d]
        for conjugate, centre in enumerate(centres):
            if k == pair and not conjugate:
                continue
            if not proves_positive((value - centre).abs_lower() - g):
                reason = "the orbits are not proved to start at this Hopf point"
                raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, reason)
