"""Lemma O5: norms for every network of a box from those of the network in the middle.

MATHEMATICS.md, section 16. Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import replace

from flint import arb, arb_mat

from ..numbers.balls import proves_less, proves_positive
from .failure import require_orbit
from .orbit_polynomials import PieceWitness
from .orbit_samples import Norms
from .orbit_strip import Neighbourhood, StripBounds, geometric_sum, upper


def for_all_weights(norms: Norms, witness: PieceWitness, omega: Neighbourhood, found: StripBounds) -> Norms:
    """norms: of the network in the middle; found: on ``omega``. Raises ProofFailure where κ ≤ 1."""
    require_orbit(proves_less(arb(1), omega.box), "the box of weights is not inside of its neighbourhood")
    require_orbit(proves_positive(omega.rho), "a strip of width 0")
    zero, nu, n = arb(0), omega.eta, witness.n
    share = 1 / (omega.box - 1)
    dM = found.M * (share * geometric_sum(omega.rho))
    T = witness.T.bound(zero, nu)[0, 0]
    Q, H, v = (q.bound(zero, nu) for q in (witness.Q, witness.H, witness.v))
    dMv, dMH = dM * v, dM * H
    per_gamma = 1 / omega.R_gamma
    moving = norms.moving
    if moving is not None and witness.moving is not None:
        y_gamma, C = (q.bound(zero, nu) for q in (witness.moving.y_gamma, witness.moving.C))
        per_gamma += sum((y_gamma[k, 0] / omega.R[k] for k in range(n)), arb(0))
        T_dg_y = arb_mat([[T * dMv[i, 0] / omega.R[k] for k in range(n)] for i in range(n)])
        moving = replace(
            moving, T_g_y=upper(moving.T_g_y + T_dg_y), f=upper(moving.f + found.by_box),
            slope_defect=upper(moving.slope_defect + (found.M * y_gamma + found.m) * share),
            C_defect=upper(moving.C_defect + C * found.M * share),
        )  # fmt: skip
    r_gamma = arb_mat([[T * (dMH[i, 0] + dMv[i, 0] * per_gamma)] for i in range(n)])
    r_T = arb_mat([[T * dMH[i, 1] + dMv[i, 0]] for i in range(n)])
    return replace(
        norms, U=upper(norms.U + dM * Q * T), F=upper(norms.F + dMv * T), r_gamma=upper(norms.r_gamma + r_gamma),
        r_T=upper(norms.r_T + r_T), moving=moving,
    )  # fmt: skip
