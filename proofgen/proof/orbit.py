"""Theorem O1: periodic orbits for all amplitudes of a piece, with Lemma O2 (real) and Theorem O2 (joints).

The radii ϱ are proposed by somebody; here the inequalities are verified.
MATHEMATICS.md, section 16. Arithmetic: balls only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import acb, arb, arb_mat

from ..numbers.balls import ball, largest, proves_less, proves_positive
from .failure import FailureCode, ProofFailure, require_orbit
from .field import FieldBalls
from .orbit_box import for_all_weights
from .orbit_grid import Grid
from .orbit_inverse import Inverse, invert
from .orbit_polynomials import PieceWitness, Polynomial, cosines
from .orbit_samples import Norms, sample_norms
from .orbit_strip import Neighbourhood, StripField, geometric_sum


@dataclass(frozen=True)
class Deviation:
    """What radii ϱ mean: w, h = bound of |δv|, k = bound of |δy|, ε, and κ_1, κ_2."""

    w: arb_mat
    h: arb_mat
    k: arb_mat
    epsilon: arb
    kappa_1: arb
    kappa_2: arb


@dataclass(frozen=True)
class Estimates:
    """All that Theorem O1 needs of a witness, before radii are chosen. Norms for |Im θ| ≤ ν.

    M, m: bounds of |D_xf|, |∂_γf| on ``around`` = Ω(ρ, ν, R, R_γ), c = c(ρ), exponent: e; Q, H, v, T, y_gamma: [Q],
    [H], [v̄], [T̄], [y_γ] (0 on a zero branch); residual: 𝐘.
    """

    witness: PieceWitness
    grid: Grid
    around: Neighbourhood
    box: Neighbourhood | None
    norms: Norms
    inverse: Inverse
    M: arb_mat
    m: arb_mat
    c: arb
    exponent: int
    Q: arb_mat
    H: arb_mat
    v: arb_mat
    T: arb
    y_gamma: arb_mat
    residual: tuple[arb, ...]

    @property
    def n(self) -> int:
        return self.witness.n

    @property
    def nu(self) -> arb:
        return self.grid.nu

    @property
    def moving(self) -> bool:
        """Whether the equilibrium is an unknown: there are n radii of η more."""
        return self.witness.moving is not None

    def deviation(self, radii: Sequence[arb]) -> Deviation:
        """Raises ProofFailure unless ε < 1."""
        n = self.n
        if len(radii) != (2 * n + 4 if self.moving else n + 4) or not all(proves_positive(r) for r in radii):
            raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "radii have to be positive")
        w = arb_mat([[radii[j] + (radii[n + j] if j < 2 else 0)] for j in range(n)])
        h = self.Q * w + self.H * arb_mat([[radii[n + 2]], [radii[n + 3]]])
        k = arb_mat(n, 1)
        if self.moving:
            k = arb_mat([[r] for r in radii[n + 4 :]]) + self.y_gamma * radii[n + 2]
        a = self.witness.largest_amplitude(self.nu)
        ratios = [(k[i, 0] + a * h[i, 0]) / self.around.R[i] for i in range(n)]
        ratios.append(radii[n + 2] / self.around.R_gamma)
        epsilon = largest(ratios)
        if not proves_less(epsilon, arb(1)):
            raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "the ball of orbits leaves the neighbourhood")
        kappa_1 = 1 / (1 - epsilon) ** self.exponent - 1
        kappa_2 = 1 / (1 - epsilon) ** (self.exponent + 1) - 1
        return Deviation(w, h, k, epsilon, kappa_1, kappa_2)

    def jacobian_change(self, d: Deviation, radius_T: arb) -> arb:
        """c(ϱ_T(1 + κ_1) + T̂κ_1): times M it bounds |TD_xf(x, γ) − T̄M̄|."""
        return self.c * (radius_T * (1 + d.kappa_1) + self.T * d.kappa_1)

    def contraction(self, radii: Sequence[arb]) -> list[arb]:
        """𝐙(ϱ)."""
        n, norms = self.n, self.norms
        d = self.deviation(radii)
        r_gamma, r_T = radii[n + 2], radii[n + 3]
        Mh, Mv = self.M * d.h, self.M * self.v
        one, two, E = 1 + d.kappa_1, 1 + d.kappa_2, r_gamma / self.around.R_gamma
        if self.moving:
            E += sum((d.k[i, 0] / self.around.R[i] for i in range(n)), arb(0))
        change = self.jacobian_change(d, r_T)
        N = Mh * change + (
            (Mv * d.kappa_1 + Mh * one) * r_T
            + ((Mv + Mh) * (r_T * two) + (Mv * d.kappa_2 + Mh * two) * self.T) * E
        ) * self.c
        total = norms.U * d.w + norms.r_gamma * r_gamma + norms.r_T * r_T + N
        N_y = None
        if norms.moving is not None:
            N_y = norms.moving.slope_defect * r_gamma + (self.M * d.k + self.m * r_gamma) * d.kappa_1
        return self.inverse.apply(self.inverse.frame(total), (arb(0), arb(0)), N_y)

    def excess(self, radii: Sequence[arb]) -> list[arb]:
        """𝐘 + 𝐙(ϱ), to be compared with ϱ."""
        return [y + z for y, z in zip(self.residual, self.contraction(radii), strict=True)]


def estimate(
    field: FieldBalls,
    network: StripField,
    witness: PieceWitness,
    grid: Grid,
    around: Neighbourhood,
    box: Neighbourhood | None = None,
) -> Estimates:
    """Steps 2 to 4: neighbourhoods, norms, inverse. around.eta has to be ν; box: the neighbourhood of Lemma O5 where
    the weights are those of a box. Raises ProofFailure."""
    if network.has_box != (box is not None):
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "the weights have radii, or there is none to allow for")
    if not (around.eta - grid.nu).is_zero() or not proves_positive(around.rho):
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "the neighbourhood of the ball belongs to another strip")
    zero, nu = arb(0), grid.nu
    found = network.bounds(witness, around)
    norms = sample_norms(field, network, witness, grid)
    if box is not None:
        holds = (box.eta - around.eta).is_zero() and bool(around.box >= 1)
        require_orbit(holds, "the neighbourhoods do not hold the box of weights")
        norms = for_all_weights(norms, witness, box, network.bounds(witness, box))
    inverse = invert(witness, norms, nu)
    at_y = None if norms.moving is None else norms.moving.f
    residual = inverse.apply(inverse.frame(norms.F), norms.amplitude, at_y)
    y_gamma = arb_mat(witness.n, 1) if witness.moving is None else witness.moving.y_gamma.bound(zero, nu)
    return Estimates(
        witness, grid, around, box, norms, inverse, found.M, found.m, geometric_sum(around.rho), network.exponent,
        witness.Q.bound(zero, nu), witness.H.bound(zero, nu), witness.v.bound(zero, nu),
        witness.T.bound(zero, nu)[0, 0], y_gamma, tuple(residual),
    )  # fmt: skip


@dataclass(frozen=True)
class OrbitPiece:
    """For every a of the piece exactly one orbit within the radii; all of them real, T > 0.

    radii: ϱ_1 … ϱ_n, ϱ_ψ1, ϱ_ψ2, ϱ_γ, ϱ_T, and ϱ_η but on a zero branch; uniqueness: t; rate: max 𝐙_i/ϱ_i; distance,
    offset: bounds of |v_i − v̄_i| and |y_i − ȳ_i|, so that |x_i(Tτ) − x̄_i(τ)| ≤ offset_i + |a|·distance_i.
    """

    estimates: Estimates
    radii: tuple[arb, ...]
    uniqueness: arb
    deviation: Deviation
    rate: arb
    distance: tuple[arb, ...]
    offset: tuple[arb, ...]

    @property
    def gamma_radius(self) -> arb:
        return self.radii[self.estimates.n + 2]

    @property
    def T_radius(self) -> arb:
        return self.radii[self.estimates.n + 3]


def prove_piece(
    estimates: Estimates,
    radii: Sequence[arb],
    uniqueness: arb,
    real_by: OrbitPiece | None = None,
    at: Fraction | None = None,
) -> OrbitPiece:
    """Steps 5 to 7. real_by: a proved piece with the amplitude ``at`` in common, for (C) of Lemma O2."""
    n = estimates.n
    require_orbit(bool(uniqueness >= 1), "the factor of uniqueness is below 1")
    contraction = estimates.contraction(radii)
    larger = [uniqueness * r for r in radii]
    for moved, candidate in ((contraction, radii), (estimates.contraction(larger), larger)):
        pairs = zip(estimates.residual, moved, candidate, strict=True)
        require_orbit(all(proves_less(y + z, r) for y, z, r in pairs), "the map does not contract the ball")
    d = estimates.deviation(radii)
    rate = largest(z / r for z, r in zip(contraction, radii, strict=True))
    distance, offset = (tuple(x.upper() for x in bound.entries()) for bound in (d.h, d.k))
    piece = OrbitPiece(estimates, tuple(radii), uniqueness, d, rate, distance, offset)
    least = estimates.witness.T.coefficient(0, 0)[0, 0].real - (
        estimates.witness.T.bound(arb(0), arb(0))[0, 0] - estimates.witness.T.sizes[0, 0]
    )
    require_orbit(proves_positive(least - radii[n + 3]), "the period is not proved positive")
    if real_by is not None and at is not None:
        require_joint(real_by, piece, at)
    else:
        require_orbit(estimates.witness.is_symmetric or _conjugate_inside(piece), "the orbit is not proved real")
    return piece


def _conjugate_inside(piece: OrbitPiece) -> bool:
    """(B) of Lemma O2."""
    e = piece.estimates
    return e.witness.is_real and _inside(piece, e.inverse.frame(e.Q * piece.deviation.w))


def _inside(piece: OrbitPiece, w: arb_mat) -> bool:
    """Whether |w_j| is below tϱ_j, and tϱ_ψj for the critical pair."""
    n, t = piece.estimates.n, piece.uniqueness
    pairs = [(w[j, 0], t * piece.radii[j]) for j in range(n)] + [(w[j, 0], t * piece.radii[n + j]) for j in range(2)]
    return all(proves_less(x, r) for x, r in pairs)


# --- joints ----------------------------------------------------------------------------------------


def require_joint(one: OrbitPiece, other: OrbitPiece, a: Fraction) -> None:
    """Theorem O2 at an amplitude a that both pieces hold: their orbits are the same. Raises ProofFailure."""
    first, second = one.estimates.witness, other.estimates.witness
    same = all((x - y).is_zero() for x, y in zip(first.p, second.p, strict=True))
    require_orbit(same, "the pieces mean different amplitudes")
    c, c_other = _cosine(first, a), _cosine(second, a)
    n = first.n
    difference = _difference(first.v, c, second.v, c_other)
    gamma = _difference(first.gamma, c, second.gamma, c_other)[0, 0] + one.gamma_radius
    T = _difference(first.T, c, second.T, c_other)[0, 0] + one.T_radius
    v = arb_mat([[difference[i, 0] + one.distance[i]] for i in range(n)])
    w = other.estimates.inverse.frame(v + other.estimates.H * arb_mat([[gamma], [T]]))
    require_orbit(
        _inside(other, w) and _rest_inside(other, gamma, T, _moved_equilibrium(one, c, other, c_other)),
        "the orbits of two pieces are not proved to be the same",
    )


def _moved_equilibrium(one: OrbitPiece, c: arb, other: OrbitPiece, c_other: arb) -> list[arb]:
    """Δy; empty on a zero branch."""
    first, second = one.estimates.witness.moving, other.estimates.witness.moving
    require_orbit((first is None) == (second is None), "one of two pieces has a moving equilibrium")
    if first is None or second is None:
        return []
    difference = _difference(first.y, c, second.y, c_other)
    return [difference[i, 0] + r for i, r in enumerate(one.offset)]


def _rest_inside(piece: OrbitPiece, gamma: arb, T: arb, y: Sequence[arb]) -> bool:
    """Whether changes of γ, T and of the equilibrium are below tϱ_γ, tϱ_T, tϱ_η."""
    e, t = piece.estimates, piece.uniqueness
    pairs = [(gamma, t * piece.gamma_radius), (T, t * piece.T_radius)]
    pairs += [(x + e.y_gamma[i, 0] * gamma, t * piece.radii[e.n + 4 + i]) for i, x in enumerate(y)]
    return all(proves_less(x, r) for x, r in pairs)


def require_start(piece: OrbitPiece, gamma: arb, omega: arb, x: Sequence[arb]) -> None:
    """Lemma O4: the Hopf point (x, γ, ω) of another proof is the orbit of amplitude 0. Raises ProofFailure."""
    witness = piece.estimates.witness
    require_orbit(not witness.single and witness.centre == 0, "the piece does not start at a Hopf point")
    middle = cosines(arb(0), max(witness.degree, 1))
    change = (gamma - witness.gamma.value(middle)[0, 0].real).abs_upper()
    period = (1 / omega - witness.T.value(middle)[0, 0].real).abs_upper()
    y = [z.real for z in witness.moving.y.value(middle).entries()] if witness.moving is not None else [arb(0)] * len(x)
    moved = [(z - y_i).abs_upper() for z, y_i in zip(x, y, strict=True)]
    if witness.moving is None:
        require_orbit(all(bool(z.is_zero()) for z in x), "the Hopf point is not on the branch x = 0")
        moved = []
    require_orbit(
        proves_positive(omega) and _rest_inside(piece, change, period, moved),
        "the orbits are not proved to start at this Hopf point",
    )


def _cosine(witness: PieceWitness, a: Fraction) -> arb:
    """cos θ at an amplitude a of the piece."""
    offset = a - witness.centre
    if witness.single:
        require_orbit(offset == 0, "the amplitude does not belong to the orbit")
        return arb(0)
    require_orbit(abs(offset) <= witness.half_width, "the amplitude does not belong to the piece")
    return ball(offset / witness.half_width)


def _difference(one: Polynomial, c: arb, other: Polynomial, c_other: arb) -> arb_mat:
    """Norms of one − other at one θ of each."""
    K = max(one.harmonics, other.harmonics)
    size = one.rows * one.columns
    values = [_padded(q, cosine, K) for q, cosine in ((one, c), (other, c_other))]
    totals = [
        sum(((x - y).abs_upper() for x, y in zip(values[0][i::size], values[1][i::size], strict=True)), arb(0))
        for i in range(size)
    ]
    return arb_mat(one.rows, one.columns, totals)


def _padded(q: Polynomial, cosine: arb, K: int) -> list[acb]:
    zeros = [acb(0)] * ((K - q.harmonics) * q.rows * q.columns)
    return [*zeros, *q.at(cosines(cosine, q.degree)).entries(), *zeros]
