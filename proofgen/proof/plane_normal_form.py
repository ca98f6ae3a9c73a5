"""The normal form w' = iωw + c_1 w|w|² + c_2 w|w|⁴ + … at a point of a curve of Hopf points, by truncated series.

The centre manifold is H(w, w̄) = x + Σ h_jk w^j w̄^k, h_10 = q, h_kj = conj h_jk (no factorials). With F_jk the
coefficient of f(H) that belongs to the h of lower degree, R_jk = ((j−1)c_1 + (k−1)c̄_1) h_{j−1,k−1}:

    ((j − k)iω − A) h_jk = F_jk − R_jk,   c_1 = p^H F_21/p^H q,   c_2 = p^H(F_32 − (2c_1 + c̄_1)h_21)/p^H q,

h_21 with a coordinate 0 in the eigenbasis (a multiple of q changes neither Re c_2 nor c_1'). Along the curve, with
' = d/ds in ε, ε² = 0, c_1' = p^H(F_21ε − iω'h_21 − c_1q')/p^H q (MATHEMATICS.md, section 23). Arithmetic: balls only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flint import acb, arb

from ..symbolic.series import Algebra, Monomial, algebra
from .failure import FailureCode, ProofFailure
from .plane_field import PlaneField, Unknowns
from .resolvent import Resolvent
from .spectrum import Basis, Spectrum

Vector = list[acb]
Terms = dict[Monomial, Vector]


@dataclass(frozen=True)
class Linear:
    """The linear systems at points of the curve. p_bar: conj(p) of any length; pq: p^H q; k: the block of iω."""

    resolvent: Resolvent
    p_bar: Vector
    pq: acb
    k: int

    def project(self, v: Vector) -> acb:
        """p^H v/p^H q."""
        return _dot(self.p_bar, v) / self.pq


@dataclass(frozen=True)
class CubicForm:
    """c_1 for the q of the tube, with h_20, h_11, F_21; gap_0, gap_2: β of Lemma C at 0 and 2iω."""

    linear: Linear
    h20: Vector
    h11: Vector
    F21: Vector
    c1: acb
    gap_0: arb
    gap_2: arb


def cubic_form(
    field: PlaneField, basis: Basis, spectrum: Spectrum, k: int, u: Unknowns, p_bar: Vector
) -> CubicForm:
    """Raises ProofFailure."""
    pq = _dot(p_bar, u.q)
    if not abs(pq) > 0:
        raise ProofFailure(FailureCode.EIGENVECTOR_NOT_ISOLATED, "p^H q is not proved nonzero")
    linear = Linear(Resolvent(spectrum, basis.witness.X, basis.witness.Y, by_entries=True), p_bar, pq, k)
    H: Terms = {(1, 0): u.q, (0, 1): _conjugate(u.q)}
    F = _coefficients(field, u, H, [(2, 0), (1, 1)])
    h20, gap_2 = linear.resolvent.solve(acb(0, 2 * u.omega), F[2, 0])
    h11, gap_0 = linear.resolvent.solve(acb(0), F[1, 1])
    h11 = [acb(x.real) for x in h11]
    F21 = _coefficients(field, u, H | {(2, 0): h20, (1, 1): h11}, [(2, 1)])[2, 1]
    return CubicForm(linear, h20, h11, F21, linear.project(F21), gap_0, gap_2)


def bordered(form: CubicForm, u: Unknowns, c1: acb) -> tuple[Vector, arb]:
    """h_21, and β of its system. c1: at the points in question."""
    return form.linear.resolvent.solve(acb(0, u.omega), form.F21, without=form.linear.k, less=(c1, u.q))


def cubic_slope(field: PlaneField, form: CubicForm, u: Unknowns, slope: Unknowns, h21: Vector) -> acb:
    """c_1' = dc_1/ds for the q of the tube. slope: u'(s)."""
    solve, project = form.linear.resolvent.solve, form.linear.project
    turning = acb(0, slope.omega)
    H: Terms = {(1, 0): u.q, (0, 1): _conjugate(u.q), (2, 0): form.h20, (1, 1): form.h11}
    H_s: Terms = {(1, 0): slope.q, (0, 1): _conjugate(slope.q)}
    F = _moving(field, u, slope, H, H_s, [(2, 0), (1, 1)])
    h20, _ = solve(acb(0, 2 * u.omega), [x - 2 * turning * y for x, y in zip(F[2, 0], form.h20, strict=True)])
    h11, _ = solve(acb(0), F[1, 1])
    H_s |= {(2, 0): h20, (1, 1): [acb(x.real) for x in h11]}
    F21 = _moving(field, u, slope, H | {(2, 1): h21}, H_s, [(2, 1)])[2, 1]
    return project(
        [x - turning * y - form.c1 * z for x, y, z in zip(F21, h21, slope.q, strict=True)]
    )


def quintic(field: PlaneField, form: CubicForm, u: Unknowns, h21: Vector, c1: acb) -> tuple[acb, arb]:
    """c_2 for the q of the tube, and β of Lemma C at 3iω."""
    solve, project = form.linear.resolvent.solve, form.linear.project
    H: Terms = {(1, 0): u.q, (2, 0): form.h20, (1, 1): form.h11, (2, 1): h21}

    def coefficients(wanted: list[Monomial]) -> dict[Monomial, Vector]:
        mirrored = {(k, j): _conjugate(h) for (j, k), h in H.items() if j != k}
        return _coefficients(field, u, H | mirrored, wanted, (3, 2))

    H[3, 0], gap_3 = solve(acb(0, 3 * u.omega), coefficients([(3, 0)])[3, 0])
    F = coefficients([(3, 1), (2, 2)])
    h31, _ = solve(acb(0, 2 * u.omega), [x - 2 * c1 * y for x, y in zip(F[3, 1], form.h20, strict=True)])
    h22, _ = solve(acb(0), [x - 2 * c1.real * y for x, y in zip(F[2, 2], form.h11, strict=True)])
    H |= {(3, 1): h31, (2, 2): [acb(x.real) for x in h22]}
    F32 = coefficients([(3, 2)])[3, 2]
    return project([x - (2 * c1 + c1.conjugate()) * y for x, y in zip(F32, h21, strict=True)]), gap_3


def speed(field: PlaneField, form: CubicForm, u: Unknowns, parameter: int) -> acb:
    """∂λ/∂α of the eigenvalue at iω, for α_1 (0) or α_2 (1): p^H(A_αq + B(q, x_α))/p^H q with Ax_α = −f_α."""
    e, n = field.expand(u.inputs, u.q), field.n
    x, _ = form.linear.resolvent.solve(acb(0), [acb(y) for y in e.columns[n + parameter]])
    moved = list(e.q_columns[n + parameter])
    for column, y in zip(e.q_columns[:n], x, strict=True):
        moved = [a + b * y.real for a, b in zip(moved, column, strict=True)]
    return form.linear.project(moved)


def _coefficients(
    field: PlaneField, u: Unknowns, H: Mapping[Monomial, Vector], wanted: Sequence[Monomial], top: Monomial = (2, 1)
) -> dict[Monomial, Vector]:
    """Coefficients of f(H(w, w̄)); those of H that are not given are 0."""
    return _evaluated(field, u, H, wanted, algebra(top))


def _moving(
    field: PlaneField,
    u: Unknowns,
    slope: Unknowns,
    H: Mapping[Monomial, Vector],
    H_s: Mapping[Monomial, Vector],
    wanted: Sequence[Monomial],
) -> dict[Monomial, Vector]:
    """Coefficients w^j w̄^k ε of f(H + εH', α + εα')."""
    every = {(*m, 0): h for m, h in H.items()} | {(*m, 1): h for m, h in H_s.items()}
    every[0, 0, 1] = [acb(x) for x in slope.inputs]
    found = _evaluated(field, u, every, [(*m, 1) for m in wanted], algebra((2, 1, 1)))
    return {m: found[*m, 1] for m in wanted}


def _evaluated(
    field: PlaneField, u: Unknowns, H: Mapping[Monomial, Vector], wanted: Sequence[Monomial], through: Algebra
) -> dict[Monomial, Vector]:
    """The constant terms are the inputs; what H says of monomials outside of the algebra does not matter."""
    given = [through.zero for _ in u.inputs]
    for i, x in enumerate(u.inputs):
        given[i][0] = x
    for monomial, h in H.items():
        for series, y in zip(given, h, strict=False):
            if monomial in through.index:
                series[through.index[monomial]] = y
    f = field.series(through, given)
    zero = acb(0)
    return {m: [zero if y[through.index[m]] is None else acb(y[through.index[m]]) for y in f] for m in wanted}


def _dot(u: Sequence[acb], v: Sequence[acb]) -> acb:
    return sum((x * y for x, y in zip(u, v, strict=True)), acb(0))


def _conjugate(v: Vector) -> Vector:
    return [x.conjugate() for x in v]
