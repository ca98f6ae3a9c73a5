"""Theorem K: an arc of equilibria around a fold (MATHEMATICS.md, section 19).

For |t| ≤ h let c(t) = (γ̃, x̃ + tv), and DG = (∂_γf, A; 0, φ) over the tube |z − c(t)|_R ≤ 1, z = (γ, x). If

    η ≥ |C(f(c(t)), 0)|_R,   Z ≥ |I − C DG|_R,   η + Z < 1,

there is exactly one equilibrium z(t) in the tube with φ(x − x̃) = tφv, analytic in t, with z' = (0, v) + w and
w ∈ −C(Av, 0) ± ZκR, κ = |C(Av, 0)|_R/(1 − Z). With the fixed column b = ∂_γf at the centre in DG, for which Z must hold
too, the solution (g, w) of DG(g, w) = (0, φv) lies in the same set; A is singular exactly where g = 0, and g' is the
first entry of a solution with the right side −(B(x', w) + γ'(∂_γA)w, 0). Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, arb, arb_mat

from ..numbers.balls import dot, image, largest, proves_less, proves_nonzero, proves_positive
from .failure import FailureCode, ProofFailure
from .field import Expansion, FieldBalls
from .locus import IMAGINARY_AXIS, Locus, require_clear, require_isolated, require_zero
from .spectrum import Basis, enclose_spectrum

ROOM = 1.5  # η and Z may be so many times as large: room for a checker that bounds them in another way
LONGER = 1.125  # the tube is proved to be good on an arc longer by this


@dataclass(frozen=True)
class ArcWitness:
    """γ̃, x̃, v, φ, C, R and h: exact points, untrusted. C is (n + 1) × (n + 1), γ first; so are the n + 1 radii R."""

    gamma: arb
    x: list[arb]
    v: list[arb]
    phi: list[arb]
    C: arb_mat
    R: list[arb]
    half: arb


@dataclass(frozen=True)
class ArcTube:
    """What is proved of an arc. r: |z(t) − c(t)|_R is at most this."""

    witness: ArcWitness
    eta: arb
    Z: arb
    r: arb

    @property
    def parameter(self) -> arb:
        """An enclosure of γ on the arc."""
        return arb(self.witness.gamma, self.r * self.witness.R[0])

    def contains(self, gamma: arb, x: list[arb]) -> bool:
        """Certainly an equilibrium in these balls is one of the arc."""
        w = self.witness
        away, length = [a - b for a, b in zip(x, w.x, strict=True)], dot(w.phi, w.v)
        if not proves_nonzero(length):
            return False
        t = dot(w.phi, away) / length
        y = [gamma - w.gamma, *(a - t * v for a, v in zip(away, w.v, strict=True))]
        return proves_less(abs(t), w.half) and all(
            proves_less(abs(entry), radius) for entry, radius in zip(y, w.R, strict=True)
        )


def prove_arc(
    field: FieldBalls, basis: Basis, w: ArcWitness, k: int, locus: Locus = IMAGINARY_AXIS
) -> ArcTube:
    """k: the block of the eigenvalue that vanishes once on the arc, a real one. Raises ProofFailure."""
    half = w.half * LONGER
    if not all(map(proves_positive, (*w.R, half))):
        raise ProofFailure(FailureCode.FOLD_NOT_VERIFIED, "a radius of the tube of an arc is not positive")
    near, e = _centred(field, w, half)
    A, v = field.jacobian(near), [acb(y) for y in w.v]
    B, turn = field.jacobian_along(e, v, 0), [y.real for y in field.jacobian_parameter(e, v)]
    centre = field.expand(w.gamma, w.x, 1)
    bending = [y.real for y in field.B(e, v, v)]
    along = [a + arb(0, half) * b for a, b in zip(image(A, w.v), bending, strict=True)]
    parts = [_step(w, y) for y in (centre.value, image(field.jacobian(centre), w.v), bending, along)]
    start, first, bend = (_weighted(w, y) for y in parts[:3])
    eta = largest([start + half * (first + half * bend / 2)])
    fixed = [y.real for y in field.parameter_derivative(centre)]
    Z = largest(_defect(w, f, A) for f in ([y.real for y in field.parameter_derivative(near)], fixed))
    Z += half * _grown(w, w.C * _bordered(turn, B, [arb(0)] * len(w.phi)))
    if not proves_less(ROOM * (eta + Z), arb(1)):
        raise ProofFailure(FailureCode.FOLD_NOT_VERIFIED, "the tube of an arc is not mapped into itself")
    gamma_speed, *others = _solution(w, parts[3], Z)
    x_speed = [y + z for y, z in zip(w.v, others, strict=True)]
    require_once(_solution(w, _step(w, _turned(field, e, x_speed, gamma_speed)), Z)[0])
    spectrum = enclose_spectrum(A, basis.witness, basis, (arb(0, half), B))  # from x − tv, which is near
    if k < spectrum.m:
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "the eigenvalue 0 is not a real one of the witness")
    require_clear(spectrum, k, locus)
    require_isolated(spectrum, k)
    require_zero(spectrum, k, locus)
    return ArcTube(w, eta, Z, largest([eta / (1 - Z)]))


def _centred(field: FieldBalls, w: ArcWitness, half: arb) -> tuple[Expansion, Expansion]:
    """The field on |z − c(0)|_R ≤ 1, and over the arc tube: there every argument z_l lies in that of the first plus t
    times its derivative along (v, 0)."""
    gamma, t = arb(w.gamma, w.R[0]), arb(0, half)
    close = [arb(x, radius) for x, radius in zip(w.x, w.R[1:], strict=True)]
    box = [x + t * v for x, v in zip(close, w.v, strict=True)]
    near, rough = field.expand(gamma, close, 1), field.expand(gamma, box, 1)
    both = (field.tangent(rough, slope)[0] for slope in (w.v, [arb(0)] * len(w.v)))  # along (v, 1) and (0, 1)
    known = [
        [z + t * (a - b) for z, a, b in zip(*groups, strict=True)] for groups in zip(near.z, *both, strict=True)
    ]
    return near, field.expand(gamma, box, 2, known)


def require_once(bend: arb) -> None:
    """g' ≠ 0, with room for a checker that bounds it in another way."""
    if not proves_nonzero(arb(bend, bend.rad())):
        raise ProofFailure(FailureCode.FOLD_NOT_VERIFIED, "an arc is not proved to turn around only once")


def _defect(w: ArcWitness, f_gamma: list[arb], A: arb_mat) -> arb:
    """|I − C DG|_R."""
    n = len(w.R)
    unit = arb_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])
    return _grown(w, unit - w.C * _bordered(f_gamma, A, w.phi))


def _bordered(column: list[arb], A: arb_mat, row: list[arb]) -> arb_mat:
    """(column, A; 0, row)."""
    rows = [[y, *entries] for y, entries in zip(column, A.table(), strict=True)]
    return arb_mat([*rows, [arb(0), *row]])


def _grown(w: ArcWitness, M: arb_mat) -> arb:
    """|M|_R."""
    return largest(
        sum((abs(y) * w.R[j] for j, y in enumerate(row)), arb(0)) / w.R[i] for i, row in enumerate(M.table())
    )


def _solution(w: ArcWitness, Cy: list[arb], Z: arb) -> list[arb]:
    """u with DG u = −y, from Cy: u = −Cy + (I − C DG)u, |u|_R ≤ |Cy|_R/(1 − Z)."""
    far = Z * _weighted(w, Cy) / (1 - Z)
    return [-y + arb(0, far * radius) for y, radius in zip(Cy, w.R, strict=True)]


def _turned(field: FieldBalls, e: Expansion, x: list[arb], gamma: arb) -> list[arb]:
    """B(x', w) + γ'(∂_γA)w for any two x', w of a set that is known by balls."""
    w = [acb(y) for y in x]
    moving, turning = field.B(e, w, list(w)), field.jacobian_parameter(e, w)
    return [y.real + gamma * z.real for y, z in zip(moving, turning, strict=True)]


def _step(w: ArcWitness, y: list[arb]) -> list[arb]:
    """C(y, 0)."""
    return image(w.C, [*y, arb(0)])


def _weighted(w: ArcWitness, y: list[arb]) -> arb:
    return largest(abs(entry) / radius for entry, radius in zip(y, w.R, strict=True))
