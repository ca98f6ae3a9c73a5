"""Method P: one nondegenerate Hopf point of any network, given a verified window or a Newton–Kantorovich ball.

H1 the branch (Lemma T, or Method N), H2 Theorem A over Γ* and the enclosure of x*, H3 the slope over Γ*, H4 the
n-dimensional first Lyapunov coefficient with both linear systems enclosed (MATHEMATICS.md, section 10). Arithmetic:
balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb

from ..numbers.balls import proves_nonzero, proves_positive
from .crossing import Crossing, enclose_slope, speed_across
from .failure import FailureCode, ProofFailure
from .field import Expansion, FieldBalls
from .hopf_system import NewtonBall
from .locus import require_clear, require_isolated, unstable
from .lyapunov import LyapunovEnclosure, criticality, enclose_first_lyapunov_coefficient
from .normal_form import HopfNormalForm
from .spectrum import Basis, enclose_spectrum


@dataclass(frozen=True)
class HopfPointProof:
    """One proved point; enclosures over Γ* = parameter. Existence: crossing (spectral) or ball (newton-kantorovich).

    equilibrium: n balls; spectral_gap: lower bound of |Re λ| over the other eigenvalues, None when n = 2; isolation,
    disc_radius: of the pair over Γ*.
    """

    pair: int
    parameter: arb
    omega: arb
    crossing_speed: arb
    unstable_eigenvalues: int
    stable_eigenvalues: int
    criticality: str
    spectral_gap: arb | None
    equilibrium: list[arb]
    disc_radius: arb
    isolation: arb
    rho: arb
    lyapunov: LyapunovEnclosure
    crossing: Crossing | None
    ball: NewtonBall | None


class UndecidedPoint(ProofFailure):
    """H1 to H3 hold, H4 does not: what is known of the point goes with the reason."""

    def __init__(self, error: ProofFailure, parameter: arb, omega: arb, ell1: arb | None) -> None:
        super().__init__(error.failure.code, error.failure.reason)
        self.parameter, self.omega, self.first_lyapunov_coefficient = parameter, omega, ell1


def finish_point(
    field: FieldBalls,
    normal_form: HopfNormalForm,
    basis: Basis,
    parameter: arb,
    known_omega: arb | None,
    equilibrium: list[arb],
    expansion: Expansion,
    k: int,
    crossing: Crossing | None,
    ball: NewtonBall | None,
) -> HopfPointProof:
    spectrum = enclose_spectrum(field.jacobian(expansion), basis.witness, basis)
    gap = require_clear(spectrum, k)
    require_isolated(spectrum, k)
    omega = arb(spectrum.d[k].imag, spectrum.g[k])
    if known_omega is not None:
        if not omega.overlaps(known_omega):
            raise ProofFailure(FailureCode.NO_CROSSING, "the Newton ball and the eigenvalue disc do not meet")
        omega = known_omega if known_omega.rad() < omega.rad() else omega
    if not proves_positive(omega):
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "ω is not proved positive")
    slope = enclose_slope(field, basis, spectrum, expansion, k)
    speed = speed_across(spectrum, k, slope)
    if not proves_nonzero(speed):
        raise ProofFailure(FailureCode.NOT_TRANSVERSAL, "the crossing speed is not proved nonzero")
    lyapunov = None
    try:
        lyapunov = enclose_first_lyapunov_coefficient(field, normal_form, basis, spectrum, expansion, omega, slope)
        kind = criticality(lyapunov.first_lyapunov_coefficient)
    except ProofFailure as error:
        ell1 = None if lyapunov is None else lyapunov.first_lyapunov_coefficient
        finite = ell1 if ell1 is not None and ell1.is_finite() else None
        raise UndecidedPoint(error, parameter, omega, finite) from None
    n_u = unstable(spectrum, k)
    return HopfPointProof(
        pair=k,
        parameter=parameter,
        omega=omega,
        crossing_speed=speed,
        unstable_eigenvalues=n_u,
        stable_eigenvalues=spectrum.n - 2 - n_u,
        criticality=kind,
        spectral_gap=gap,
        equilibrium=equilibrium,
        disc_radius=spectrum.g[k],
        isolation=spectrum.d[k].imag - spectrum.g[k],
        rho=spectrum.rho,
        lyapunov=lyapunov,
        crossing=crossing,
        ball=ball,
    )
