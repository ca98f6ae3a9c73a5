"""The points at which functions of τ and θ are sampled. Letters of MATHEMATICS.md, section 16. Balls only."""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, acb_mat, arb

from .orbit_strip import Neighbourhood


@dataclass(frozen=True)
class Grid:
    """N = 2·over_tau + 1 and N_θ = 2·over_theta + 1 samples (over_theta 0 for one orbit); ν; strips for both tails."""

    over_tau: int
    over_theta: int
    nu: arb
    tau_strip: Neighbourhood
    theta_strip: Neighbourhood | None


def cosines_of_multiples(j: int, N: int, degree: int) -> list[arb]:
    """cos(mθ_j), θ_j = 2πj/N, m = 0 … degree."""
    return [(2 * arb.pi() * (j * m % N) / N).cos() for m in range(degree + 1)]


def transform(over_theta: int) -> acb_mat:
    """From samples at θ_0 … θ_M' of an even function to its coefficients G_m = G_{−m} of e^{imθ}, m = 0 … M'."""
    N = 2 * over_theta + 1
    rows = [cosines_of_multiples(m, N, over_theta) for m in range(over_theta + 1)]
    return acb_mat([[acb(c * (2 if j else 1) / N) for j, c in enumerate(row)] for row in rows])
