"""Theorem V: a piece of the curve of Hopf points of x' = f(x, α_1, α_2), over an interval of one parameter.

One parameter, s, runs through J = s̃ ± h; the other one, α, is an unknown of

    F(u; s) = (φᵀa, φᵀb − 1, f(x), Aa + ωb, Ab − ωa),   u = (α, ω, x, a, b) ∈ R^{3n+2},  A = D_x f.

With a path ũ(s) = ũ + (s − s̃)ũ', radii R > 0, the norm |v| = max |v_i|/R_i, A_N ≈ DF⁻¹ and D = DF ũ' + ∂_sF over the
hull of the tube |u − ũ(s)| ≤ 1, s ∈ J: Y ≥ |A_N F(ũ; s̃)| + h|A_N D|, Z ≥ |I − A_N DF|. If Y + Z < 1, then for every
s in J exactly one zero lies in the tube, within r = Y/(1 − Z) of the path; u(s) is analytic, and |u'(s) − ũ'| ≤
|A_N D|/(1 − Z). The spectrum (H2) and Re c_1 are enclosed over the smaller tube. Arithmetic: balls only. Source:
MATHEMATICS.md, section 23.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import acb, arb, arb_mat

from ..numbers.balls import (
    dot,
    largest,
    proves_less,
    proves_nonzero,
    proves_positive,
    square,
)
from .eigenvectors import eigenvector_bounds, enclose_pair
from .failure import FailureCode, ProofFailure
from .locus import require_clear, require_isolated, unstable
from .plane_field import Expansion, PlaneField, Unknowns
from .plane_normal_form import CubicForm, cubic_form
from .spectrum import Basis, Spectrum, Witness, enclose_spectrum, prepare_basis
from .weighted import defect, step_size

SUPERCRITICAL, SUBCRITICAL, CHANGES = "supercritical", "subcritical", "changes"


@dataclass(frozen=True)
class CurveWitness:
    """along: index of the parameter that runs; s, h; centre ũ and direction ũ', 3n + 2 numbers (α, ω, x, a, b); φ, n;
    A_N; R; an eigenbasis of A at the centre; pair: its block of ±iω. Exact points, untrusted."""

    along: int
    s: arb
    h: arb
    centre: list[arb]
    direction: list[arb]
    phi: list[arb]
    A: arb_mat
    R: list[arb]
    basis: Witness
    pair: int

    @property
    def n(self) -> int:
        return len(self.phi)

    @property
    def J(self) -> arb:
        return arb(self.s, self.h)

    def path(self, s: arb) -> list[arb]:
        """ũ(s)."""
        return [u + (s - self.s) * slope for u, slope in zip(self.centre, self.direction, strict=True)]

    def hull(self, reach: arb, h: arb | None = None) -> list[arb]:
        """ũ ± (h|ũ'| + reach R)."""
        h = self.h if h is None else h
        moved = [h * abs(slope) + reach * R for slope, R in zip(self.direction, self.R, strict=True)]
        return [arb(u, far) for u, far in zip(self.centre, moved, strict=True)]


@dataclass(frozen=True)
class CurveTube:
    """What Theorem V gives: start = |A_N F(ũ; s̃)|, Y, Z, r and drift = |A_N D|/(1 − Z), in the norm of R."""

    witness: CurveWitness
    start: arb
    Y: arb
    Z: arb
    r: arb
    drift: arb

    @property
    def over(self) -> Unknowns:
        """All u(s), s in J."""
        w = self.witness
        return Unknowns.of(w.hull(self.r), w.J, w.along)

    @property
    def centre(self) -> Unknowns:
        """u(s̃)."""
        w, reach = self.witness, largest([self.start / (1 - self.Z)])
        return Unknowns.of(w.hull(reach, arb(0)), w.s, w.along)

    def at(self, s: arb) -> Unknowns:
        """u(s) for the s of a part of J."""
        w = self.witness
        return Unknowns.of([arb(u, self.r * R) for u, R in zip(w.path(s), w.R, strict=True)], s, w.along)

    @property
    def slope(self) -> Unknowns:
        """u'(s) with s' = 1."""
        w = self.witness
        return Unknowns.of([arb(v, self.drift * R) for v, R in zip(w.direction, w.R, strict=True)], arb(1), w.along)


@dataclass(frozen=True)
class CurvePiece:
    """A proved piece: n_u, n_s and the gap of the other eigenvalues, Re c_1 (q of the tube), q^H q, and ℓ1 over J;
    criticality: by the sign of ℓ1, None where it is open."""

    tube: CurveTube
    basis: Basis
    spectrum: Spectrum
    spectral_gap: arb | None
    isolation: arb
    unstable: int
    stable: int
    delta_left: arb
    normal: CubicForm
    q_norm_squared: arb
    first_lyapunov_coefficient: arb
    criticality: str | None

    @property
    def witness(self) -> CurveWitness:
        return self.tube.witness


def prove_tube(field: PlaneField, witness: CurveWitness) -> CurveTube:
    """Raises ProofFailure (NEWTON_NOT_CONTRACTING)."""
    w, R = witness, witness.R
    if not (all(map(proves_positive, R)) and (proves_positive(w.h) or w.h.is_zero())):
        raise ProofFailure(FailureCode.NEWTON_NOT_CONTRACTING, "h or a radius of the tube is not positive")
    centre = Unknowns.of(w.centre, w.s, w.along)
    F = hopf_system(field.expand(centre.inputs, centre.q), centre, w.phi)
    start = step_size(w.A, F, R, w.centre)
    box = Unknowns.of(w.hull(arb(1)), w.J, w.along)
    DF, _ = derivative(field.expand(box.inputs, box.q), box, w.phi, w.along)
    D = along_path(field, box, Unknowns.of(w.direction, arb(1), w.along), w.phi)
    motion = step_size(w.A, D, R, w.centre)
    Y = largest([start + w.h * motion])
    Z = defect(w.A, DF, R)
    if not (proves_less(Z, arb(1)) and proves_less(Y + Z, arb(1))):
        raise ProofFailure(
            FailureCode.NEWTON_NOT_CONTRACTING, "the Newton-like map is not proved to contract the tube around the path"
        )
    return CurveTube(w, start, Y, Z, largest([Y / (1 - Z)]), largest([motion / (1 - Z)]))


def hopf_system(e: Expansion, u: Unknowns, phi: Sequence[arb]) -> list[arb]:
    """F(u; s), 3n + 2 components."""
    return [
        dot(phi, u.a),
        dot(phi, u.b) - 1,
        *e.value,
        *(y.real + u.omega * b for y, b in zip(e.image, u.b, strict=True)),
        *(y.imag - u.omega * a for y, a in zip(e.image, u.a, strict=True)),
    ]


def derivative(e: Expansion, u: Unknowns, phi: Sequence[arb], along: int) -> tuple[arb_mat, list[arb]]:
    """DF(u; s) with the columns α, ω, x, a, b, and ∂_sF."""
    n = len(phi)
    none, A = [arb(0)] * n, e.columns[:n]
    unit = [[arb(int(i == j)) for j in range(n)] for i in range(n)]

    def moved(i: int) -> list[arb]:
        return [arb(0), arb(0), *e.columns[i], *(y.real for y in e.q_columns[i]), *(y.imag for y in e.q_columns[i])]

    columns = [moved(n + 1 - along), [arb(0), arb(0), *none, *u.b, *(-y for y in u.a)], *map(moved, range(n))]
    columns += [[phi[j], arb(0), *none, *A[j], *(-u.omega * y for y in unit[j])] for j in range(n)]
    columns += [[arb(0), phi[j], *none, *(u.omega * y for y in unit[j]), *A[j]] for j in range(n)]
    return arb_mat([list(row) for row in zip(*columns, strict=True)]), moved(n + along)


def along_path(field: PlaneField, u: Unknowns, slope: Unknowns, phi: Sequence[arb]) -> list[arb]:
    """D = DF ũ' + ∂_sF."""
    f, Aq = field.along(u, slope)
    return [
        dot(phi, slope.a),
        dot(phi, slope.b),
        *f,
        *(y.real + u.omega * p + slope.omega * b for y, p, b in zip(Aq, slope.b, u.b, strict=True)),
        *(y.imag - u.omega * p - slope.omega * a for y, p, a in zip(Aq, slope.a, u.a, strict=True)),
    ]


def prove_piece(field: PlaneField, witness: CurveWitness) -> CurvePiece:
    """Theorem V with H2 and Re c_1 over the tube. Raises ProofFailure."""
    basis, tube = prepare_basis(witness.basis), prove_tube(field, witness)
    w, u, k = witness, tube.over, witness.pair
    still, towards = tube.at(w.s), Unknowns.of(w.direction, arb(1), w.along)
    motion = arb(0, w.h), field.jacobian_along(u, towards)
    spectrum = enclose_spectrum(field.expand(still.inputs, still.q).jacobian, basis.witness, basis, motion)
    if not k < spectrum.m:
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "the eigenvalue is not that of a pair of the witness")
    gap = require_clear(spectrum, k)
    require_isolated(spectrum, k)
    if not proves_positive(u.omega):
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "ω is not proved positive")
    bounds = eigenvector_bounds(spectrum, k)
    _, p_bar = enclose_pair(basis, k, bounds)
    normal = cubic_form(field, basis, spectrum, k, u, p_bar)
    norm = sum((square(y.real) + square(y.imag) for y in u.q), arb(0))
    if not proves_positive(norm):
        raise ProofFailure(FailureCode.EIGENVECTOR_NOT_ISOLATED, "q^H q is not proved positive")
    n_u = unstable(spectrum, k)
    ell1 = normal.c1.real / (u.omega * norm)
    kind = None
    if proves_nonzero(normal.c1.real):
        kind = SUPERCRITICAL if proves_positive(-normal.c1.real) else SUBCRITICAL
    isolation = largest([spectrum.d[k].imag - spectrum.g[k]])
    return CurvePiece(
        tube, basis, spectrum, gap, isolation, n_u, w.n - 2 - n_u, bounds.delta_left, normal, norm, ell1, kind
    )


def enclose_end(field: PlaneField, tube: CurveTube, s: arb, u: Sequence[arb]) -> Unknowns:
    """u(s) for one s of J, from a point u of the tube there: |u(s) − u| ≤ |A_N F(u; s)|/(1 − Z). Raises ProofFailure
    (BRANCH_NOT_VERIFIED)."""
    w = tube.witness
    if not _within(u, w.path(s), w.R):
        raise _no_joint("the end of a piece is not proved to lie in its tube")
    point = Unknowns.of(u, s, w.along)
    F = hopf_system(field.expand(point.inputs, point.q), point, w.phi)
    far = step_size(w.A, F, w.R, u) / (1 - tube.Z)
    return Unknowns.of([arb(y, far * radius) for y, radius in zip(u, w.R, strict=True)], s, w.along)


def require_in(tube: CurveTube, point: Unknowns) -> None:
    """A point of a curve lies in the tube, for each s of its enclosure, all of which belong to J: so it is u(s) there.
    Its q may be of another length and phase. Raises ProofFailure (BRANCH_NOT_VERIFIED)."""
    w, n = tube.witness, tube.witness.n
    s, other = point.inputs[n + w.along], point.inputs[n + 1 - w.along]
    if not proves_less(abs(s - w.s), w.h):
        raise _no_joint("the end of a piece is not proved to lie over the next one")
    scale = sum((acb(y) * z for y, z in zip(w.phi, point.q, strict=True)), acb(0))
    if not abs(scale) > 0:
        raise _no_joint("φᵀq is not proved nonzero at a joint")
    q = [acb(0, 1) * y / scale for y in point.q]
    u = [other, point.omega, *point.inputs[:n], *(y.real for y in q), *(y.imag for y in q)]
    if not _within(u, w.path(s), w.R):
        raise _no_joint("the end of a piece is not proved to lie in the tube of the next one")


def _within(u: Sequence[arb], path: Sequence[arb], R: Sequence[arb]) -> bool:
    return all(proves_less(abs(y - z), radius) for y, z, radius in zip(u, path, R, strict=True))


def _no_joint(reason: str) -> ProofFailure:
    return ProofFailure(FailureCode.BRANCH_NOT_VERIFIED, reason)
