"""Lemma O5: norms for every network of a box from those of the network in the middle (section 18)."""

from __future__ import annotations

from dataclasses import replace

from .orbit_numbers import Upward, added, scaled
from .orbit_samples import Norms
from .orbit_strip import geometric_sum
from .orbit_witness import Piece, Strip
from .verdicts import Matrix


def for_all_weights(norms: Norms, piece: Piece, box: Strip, bounds: tuple[Matrix, Matrix, Matrix]) -> Norms:
    """bounds: on `box`; what D_x f differs by over the box of weights is at most 1/(factor - 1) of the first."""
    F, n, U, (M, m, by_box) = piece.F, piece.n, Upward(piece.F), bounds
    zero, nu = piece.nu.of(0), piece.nu
    share = U.over(U.one, (box.box - zero.of(1)).lo)
    dM = scaled(M, U.times(share, geometric_sum(box.rho)), F)
    T = piece.T.bound(zero, nu)[0][0]
    Q, H, v = (q.bound(zero, nu) for q in (piece.Q, piece.H, piece.v))
    dMv, dMH = U.product(dM, v), U.product(dM, H)
    second, moving = U.over(U.one, box.R_gamma.lo), norms.moving
    if moving is not None and piece.y_gamma is not None and piece.C is not None:
        slopes, C = piece.y_gamma.bound(zero, nu), piece.C.bound(zero, nu)
        second += sum(U.over(slopes[k][0], box.R_least[k]) for k in range(n))
        g_y = [[U.over(U.times(T, dMv[i][0]), box.R_least[k]) for k in range(n)] for i in range(n)]
        moving = replace(
            moving, T_g_y=added(moving.T_g_y, g_y), f=added(moving.f, by_box),
            slope_defect=added(moving.slope_defect, scaled(added(U.product(M, slopes), m), share, F)),
            C_defect=added(moving.C_defect, scaled(U.product(C, M), share, F)),
        )  # fmt: skip
    r_gamma = [[U.times(T, dMH[i][0] + U.times(dMv[i][0], second))] for i in range(n)]
    r_T = [[U.times(T, dMH[i][1]) + dMv[i][0]] for i in range(n)]
    return replace(
        norms, U=added(norms.U, scaled(U.product(dM, Q), T, F)), F=added(norms.F, scaled(dMv, T, F)),
        r_gamma=added(norms.r_gamma, r_gamma), r_T=added(norms.r_T, r_T), moving=moving,
    )  # fmt: skip
