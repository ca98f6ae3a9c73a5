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
from .locus import require_clear, require_isolated
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


def prove_arc(field: FieldBalls, basis: Basis, w: ArcWitness, k: int) -> ArcTube:
    """k: the block of the eigenvalue that vanishes once on the arc, a real one. Raises ProofFailure."""
    half = w.half * LONGER
    if not all(map(proves_positive, (*w.R, half))):
        raise ProofFailure(FailureCode.FOLD_NOT_VERIFIED, "a radius of the tube of an arc is not positive")
    box = [arb(x, half * abs(v) + radius) for x, v, radius in zip(w.x, w.v, w.R[1:], strict=True)]
    e = field.expand(arb(w.gamma, w.R[0]), box, 2)
    A, v = field.jacobian(e), [acb(y) for y in w.v]
    along = image(A, w.v)
    centre = field.expand(w.gamma, w.x, 1)
    bending = [y.real for y in field.B(e, v, v)]
    parts = [_step(w, y) for y in (centre.value, image(field.jacobian(centre), w.v), bending, along)]
    start, first, bend = (_weighted(w, y) for y in parts[:3])
    eta = largest([start + half * (first + half * bend / 2)])
    fixed = [y.real for y in field.parameter_derivative(centre)]
    Z = largest(_defect(w, f, A) for f in ([y.real for y in field.parameter_derivative(e)], fixed))
    if not proves_less(ROOM * (eta + Z), arb(1)):
        raise ProofFailure(FailureCode.FOLD_NOT_VERIFIED, "the tube of an arc is not mapped into itself")
    gamma_speed, *others = _solution(w, parts[3], Z)
    x_speed = [y + z for y, z in zip(w.v, others, strict=True)]
    require_once(_solution(w, _step(w, _turned(field, e, x_speed, gamma_speed)), Z)[0])
    near = field.expand(arb(w.gamma, w.R[0]), [arb(x, radius) for x, radius in zip(w.x, w.R[1:], strict=True)], 1)
    motion = (arb(0, half), field.jacobian_along(e, v, 0))  # from x − tv, which is near
    spectrum = enclose_spectrum(field.jacobian(near), basis.witness, basis, motion)
    if k < spectrum.m:
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "the eigenvalue 0 is not a real one of the witness")
    require_clear(spectrum, k)
    require_isolated(spectrum, k)
    return ArcTube(w, eta, Z, largest([eta / (1 - Z)]))


def require_once(bend: arb) -> None:
    """g' ≠ 0, with room for a checker that bounds it in another way."""
    if not proves_nonzero(arb(bend, bend.rad())):
        raise ProofFailure(FailureCode.FOLD_NOT_VERIFIED, "an arc is not proved to turn around only once")


def _defect(w: ArcWitness, f_gamma: list[arb], A: arb_mat) -> arb:
    """|I − C DG|_R."""
    rows = [[y, *row] for y, row in zip(f_gamma, A.table(), strict=True)]
    table = (w.C * arb_mat([*rows, [arb(0), *w.phi]])).table()
    return largest(
        sum((abs((1 if i == j else 0) - y) * w.R[j] for j, y in enumerate(row)), arb(0)) / w.R[i]
        for i, row in enumerate(table)
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
