"""Where a multiplier of a map x ↦ F(x, γ) crosses the unit circle: what its bifurcations have in common.

Fixed points are the equilibria of f = F − x, and multipliers are 1 + λ for the eigenvalues λ of A = D_x f. So all that
is proved of a branch of equilibria holds, with the circle |1 + λ| = 1 in place of the imaginary axis (MATHEMATICS.md,
section 18). Second and third derivatives of F are those of f. Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, arb

from ..numbers.balls import proves_nonzero, proves_positive, square
from .crossing import Crossing, Slope, enclose_slope, prove_crossing, speed_across
from .failure import FailureCode, ProofFailure
from .field import Expansion, FieldBalls
from .locus import UNIT_CIRCLE, Locus, require_clear, require_isolated, unstable
from .spectrum import Basis, Spectrum, enclose_spectrum
from .tube import BranchWitness


@dataclass(frozen=True)
class OnCircle:
    """A multiplier on the circle at γ* ∈ parameter, the only one but its conjugate; enclosures over Γ*.

    multiplier: 1 + λ; speed: d/dγ ½|multiplier|²; inside, outside: the numbers of the others, gap: a lower bound of
    their ||μ| − 1|, None where there are none; expansion: of order 3; q_norm_squared: of the q of ``slope``.
    On the imaginary axis of a flow: speed: d/dγ Re λ; inside, outside: of eigenvalues with negative and with positive
    real part, gap: of their |Re λ|.
    """

    k: int
    crossing: Crossing
    parameter: arb
    equilibrium: list[arb]
    expansion: Expansion
    spectrum: Spectrum
    multiplier: acb
    slope: Slope
    speed: arb
    inside: int
    outside: int
    gap: arb | None
    q_norm_squared: arb


def prove_on_circle(
    field: FieldBalls, basis: Basis, witness: BranchWitness, Gamma: arb, k: int, locus: Locus = UNIT_CIRCLE
) -> OnCircle:
    """One crossing in the window Γ, of the pair or the real block k. Raises ProofFailure."""
    crossing = prove_crossing(field, basis, witness, Gamma, k, locus)
    parameter = crossing.parameter
    expansion = crossing.tube.expand(field, parameter, 3)
    spectrum = enclose_spectrum(field.jacobian(expansion), basis.witness, basis)
    gap = require_clear(spectrum, k, locus)
    require_isolated(spectrum, k)
    slope = enclose_slope(field, basis, spectrum, expansion, k)
    speed = speed_across(spectrum, k, slope, locus)
    if not proves_nonzero(speed):
        raise ProofFailure(locus.not_crossed, f"the speed across {locus.name} is not proved nonzero")
    q_norm_squared = sum((square(x.real) + square(x.imag) for x in slope.q), arb(0))
    if not proves_positive(q_norm_squared):
        raise ProofFailure(FailureCode.EIGENVECTOR_NOT_ISOLATED, "q^H q is not proved positive")
    outside = unstable(spectrum, k, locus)
    d, g = spectrum.d[k], spectrum.g[k]
    return OnCircle(
        k=k,
        crossing=crossing,
        parameter=parameter,
        equilibrium=crossing.tube.equilibrium(parameter),
        expansion=expansion,
        spectrum=spectrum,
        multiplier=1 + acb(arb(d.real, g), arb(d.imag, g if k < spectrum.m else 0)),
        slope=slope,
        speed=speed,
        inside=spectrum.n - spectrum.multiplicity(k) - outside,
        outside=outside,
        gap=gap,
        q_norm_squared=q_norm_squared,
    )


def projected(point: OnCircle, v: list[acb]) -> acb:
    """p^H v/p^H q."""
    return sum((p * x for p, x in zip(point.slope.p_bar, v, strict=True)), acb(0)) / point.slope.pq
