"""Theorem B: the eigenvectors, and the eigenvalue, of one isolated disc of Theorem A.

If K_k is isolated and η_i > t_i, η_i > c_i for i ≠ k, the right and left eigenvectors u, w of M (u_k = w_k = 1)
satisfy |u_i| ≤ δ_i, |w_i| ≤ δ'_i; see `eigenvector_bounds`. Complex indices and blocks as in `proof.spectrum`.
Arithmetic: balls only. Source: MATHEMATICS.md, section 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import add, mul, sub, truediv

from flint import acb, arb, arb_mat

from ..numbers.balls import largest, proves_positive, working_precision
from .failure import FailureCode, ProofFailure
from .spectrum import BOUND_BITS, Basis, Spectrum, Witness, at_most


@dataclass(frozen=True)
class EigenvectorBounds:
    """Theorem B for one pair: δ and δ' over complex indices, as (i+, i−) per block (i− is 0 for a real block).

    The entry of the certified index itself is 0. pq_defect ≥ |p^H q − 1|;
    left_residual ≥ s_k + Σ_{i≠k} δ'_i s_i.
    """

    right: list[tuple[arb, arb]]
    left: list[tuple[arb, arb]]
    delta_right: arb
    delta_left: arb
    pq_defect: arb
    left_residual: arb


def eigenvalue_of(
    A: arb_mat, basis: Basis, spectrum: Spectrum, bounds: EigenvectorBounds, k: int
) -> acb:
    """The eigenvalue in K_k of any matrix in A, which must lie in the ball matrix of ``spectrum``, by O(n²) operations:

    λ = M_kk + Σ_{j≠k} M_kj u_j from row k of (M − λ)u = 0, with |u_j| ≤ δ_j (Theorem B) and |(SN)_kj| ≤ s_k ν_j.
    """
    m, n, zero = basis.witness.pairs, basis.n, arb(0)
    Y, j = basis.witness.Y, acb(0, 1)
    indices = (2 * k, 2 * k + 1) if k < m else (k + m,)
    rows = arb_mat([[Y[i, column] for column in range(n)] for i in indices])
    table = (rows * A * basis.witness.X).table()
    top, bottom = table[0], table[-1]
    value, defect = acb(0), zero
    for b, (up, down) in enumerate(bounds.right):
        weight_up, weight_down = (arb(1), down) if b == k else (up, down)
        if b < m:
            alpha, beta, mu, nu = top[2 * b], top[2 * b + 1], bottom[2 * b], bottom[2 * b + 1]
            if k < m:
                plus, minus = (acb(alpha + nu, beta - mu) / 2, acb(alpha - nu, -beta - mu) / 2)
            else:
                plus, minus = acb(alpha, beta), acb(alpha, -beta)
        else:
            entry = acb(top[b + m])
            plus, minus = ((entry - j * bottom[b + m]) / 2 if k < m else entry), acb(0)
        value += plus if b == k else plus * _disc(up)
        value += minus * _disc(down)
        defect += spectrum.nu[b] * (weight_up + weight_down)
    return value + _disc(basis.s[k] * defect)


def _disc(radius: arb) -> acb:
    return acb(arb(0, radius), arb(0, radius))


def eigenvector_bounds(spectrum: Spectrum, k: int) -> EigenvectorBounds:
    """Theorem B for the pair or real index k, whose disc must be isolated already.

    With m_ij = |N_ij| + s_i ν_j and η_i = |d_k − d_i| − g_k − e_i − s_i ν_i:

        δ_i = (m_ik + t_i δ)/η_i,   δ = max_i(m_ik/η_i) / (1 − max_i(t_i/η_i)),

    and the same with rows and c_i for the left vector. Raises ProofFailure (EIGENVECTOR_NOT_ISOLATED).
    """
    return EigenvectorTheorem(spectrum).bounds(k)


class EigenvectorTheorem:
    """Theorem B for several indices of one spectrum: what does not depend on k is formed once.

    bits: of the bounds, at most the working precision, which is the default.
    """

    def __init__(self, spectrum: Spectrum, bits: int | None = None) -> None:
        self.spectrum, self.bits = spectrum, bits
        sp = spectrum
        self.conjugates = [centre.conjugate() for centre in sp.d[: sp.m]]
        self.defects = [s * nu for s, nu in zip(sp.s, sp.nu, strict=True)]
        self.columns = [*zip(*sp.plus, strict=True)], [*zip(*sp.minus, strict=True)]
        self.sums = [self._interleaved(values, values) for values in (sp.s, sp.t, sp.c)]
        self.apart: dict[int, tuple[list[arb], list[arb]]] = {}  # k → |d_k − d_a|, |d_k − conj(d_a)|

    def _distances(self, k: int) -> tuple[list[arb], list[arb]]:
        sp, known, centre = self.spectrum, self.apart, self.spectrum.d[k]
        plus = [known[a][0][k] if a in known else abs(centre - d) for a, d in enumerate(sp.d)]
        minus = [known[a][1][k] if a in known and k < sp.m else abs(centre - d) for a, d in enumerate(self.conjugates)]
        known[k] = plus, minus
        return plus, minus

    def bounds(self, k: int) -> EigenvectorBounds:
        """See `eigenvector_bounds`."""
        with working_precision(at_most(self.bits)):
            return self._bounds(k)

    def _bounds(self, k: int) -> EigenvectorBounds:
        """Lists run over 1+, 1−, 2+, …, and the real indices, k itself left out."""
        sp, m = self.spectrum, self.spectrum.m
        place = 2 * k if k < m else k + m
        g_k, s_k, nu_k = sp.g[k], sp.s[k], sp.nu[k]
        apart_plus, apart_minus = self._distances(k)
        into, out = [s * nu_k for s in sp.s], [s_k * nu for nu in sp.nu]
        offset = [g_k + e + defect for e, defect in zip(sp.e, self.defects, strict=True)]
        eta = self._interleaved([*map(sub, apart_plus, offset)], [*map(sub, apart_minus, offset)])
        # m_ik and m_ki; a real k meets a+ and a− in the same moduli
        columns = self.columns[0][k], self.columns[1][k] if k < m else self.columns[0][k]
        column = self._interleaved([*map(add, columns[0], into)], [*map(add, columns[1][:m], into)])
        row = self._interleaved([*map(add, sp.plus[k], out)], [*map(add, sp.minus[k][:m], out)])
        s, t, c = (values.copy() for values in self.sums)
        for values in (eta, column, row, s, t, c):
            del values[place]
        if not (all(map(arb.is_finite, eta)) and all(x > 0 for x in eta)):
            raise ProofFailure(
                FailureCode.EIGENVECTOR_NOT_ISOLATED, "an eigenvector enclosure (Theorem B) could not be verified"
            )
        right, delta_right = _deltas(column, t, eta)
        left, delta_left = _deltas(row, c, eta)
        defect = sum(map(mul, right, left), arb(0))
        residual = sum(map(mul, left, s), s_k)
        return EigenvectorBounds(
            self._by_block(right, place), self._by_block(left, place), delta_right, delta_left, defect, residual
        )

    def _interleaved(self, plus: list[arb], minus: list[arb]) -> list[arb]:
        """What stands at a+ (or real a) and at a−, for all blocks."""
        m = self.spectrum.m
        found = [*plus[:m], *plus]
        found[: 2 * m : 2], found[1 : 2 * m : 2] = plus[:m], minus[:m]
        return found

    def _by_block(self, values: list[arb], place: int) -> list[tuple[arb, arb]]:
        zero, m = arb(0), self.spectrum.m
        values = [*values[:place], zero, *values[place:]]
        return [*zip(values[: 2 * m : 2], values[1 : 2 * m : 2], strict=True), *((x, zero) for x in values[2 * m :])]


def _deltas(entries: list[arb], sums: list[arb], eta: list[arb]) -> tuple[list[arb], arb]:
    """δ_i and their maximum. That max(t_i/η_i) < 1 with η_i > 0 says η_i > t_i."""
    room = 1 - largest(map(truediv, sums, eta))
    if not proves_positive(room):
        raise ProofFailure(
            FailureCode.EIGENVECTOR_NOT_ISOLATED, "an eigenvector enclosure (Theorem B) does not contract"
        )
    delta = largest(map(truediv, entries, eta)) / room
    bounds = [(x + total * delta) / eta_i for x, total, eta_i in zip(entries, sums, eta, strict=True)]
    return bounds, largest(bounds)


def enclose_eigenvectors(
    witness: Witness, ks: Sequence[int], bounds: Sequence[EigenvectorBounds]
) -> tuple[list[list[acb]], list[list[acb]]]:
    """q = XPu and conj(p) = (w^T(I + S)P⁻¹Y)^T for each certified pair, as lists of n balls.

    |q_l − (XP)_lk| ≤ Σ_{i≠k} |(XP)_li| δ_i, and for conj(p) the same with P⁻¹Y, δ' and the residual
    (s_k + Σ δ'_i s_i) max_i |(P⁻¹Y)_il|. The sums for all pairs are two matrix products, of moduli and balls around 0.
    """
    if not ks:
        return [], []
    m = witness.pairs
    X, half = witness.X.table(), (witness.Y * (arb(1) / 2)).table()
    with working_precision(at_most(BOUND_BITS)):
        abs_X = [
            [*map(abs, map(acb, row[: 2 * m : 2], row[1 : 2 * m : 2])), *map(abs, row[2 * m :])]
            for row in X
        ]
        abs_Y = [[*map(abs, map(acb, half[2 * b], half[2 * b + 1]))] for b in range(m)]
        abs_Y += [[abs(2 * x) for x in row] for row in half[2 * m :]]
        peaks = [largest(column) for column in zip(*abs_Y, strict=True)]
        right = [[arb(0, upper + lower) for upper, lower in bound.right] for bound in bounds]
        left = [[arb(0, upper + lower) for upper, lower in bound.left] for bound in bounds]
        residuals = [[arb(0, bound.left_residual)] for bound in bounds]
        q_error = arb_mat(right) * arb_mat(abs_X).transpose()
        p_error = arb_mat(left) * arb_mat(abs_Y) + arb_mat(residuals) * arb_mat([peaks])
    columns = [*zip(*X, strict=True)]
    qs = [
        [*map(acb, map(add, columns[2 * k], error), map(add, columns[2 * k + 1], error))]
        for k, error in zip(ks, q_error.table(), strict=True)
    ]
    p_bars = [
        [*map(acb, map(add, half[2 * k], error), map(sub, error, half[2 * k + 1]))]
        for k, error in zip(ks, p_error.table(), strict=True)
    ]
    return qs, p_bars


def enclose_pair(basis: Basis, k: int, bounds: EigenvectorBounds) -> tuple[list[acb], list[acb]]:
    """q = XPu and conj(p) for one block k (real vectors when k is real), by two matrix-vector products.

    The components of u and w other than k are balls around 0 with the radii of Theorem B; rounding of moduli to
    |Re| + |Im| makes it at most √2 wider than `enclose_eigenvectors`.
    """
    m, n = basis.witness.pairs, basis.n
    right: list[tuple[arb, arb]] = [(arb(0), arb(0))] * n
    left: list[tuple[arb, arb]] = [(arb(0), arb(0))] * n
    for a, ((up, down), (up_left, down_left)) in enumerate(zip(bounds.right, bounds.left, strict=True)):
        ball, ball_left = arb(0, up + down), arb(0, (up_left + down_left) / 2)
        if a < m:
            right[2 * a] = right[2 * a + 1] = (ball, ball)
            left[2 * a] = left[2 * a + 1] = (ball_left, ball_left)
        else:
            imaginary = k < m
            right[a + m] = (ball, ball if imaginary else arb(0))
            ball_left = arb(0, up_left)
            left[a + m] = (ball_left, ball_left if imaginary else arb(0))
    half = arb(1) / 2
    if k < m:
        (re, im), (re_2, im_2) = right[2 * k], right[2 * k + 1]
        right[2 * k], right[2 * k + 1] = (re + 1, im), (re_2, im_2 + 1)
        (re, im), (re_2, im_2) = left[2 * k], left[2 * k + 1]
        left[2 * k], left[2 * k + 1] = (re + half, im), (re_2, im_2 - half)
    else:  # for real k conjugate entries are conjugate, so real vectors come out
        right[k + m], left[k + m] = (arb(1), arb(0)), (arb(1), arb(0))
    q = basis.witness.X * arb_mat([[re, im] for re, im in right])
    p = (arb_mat([[re for re, _ in left], [im for _, im in left]]) * basis.witness.Y).table()
    errors = [bounds.left_residual * peak for peak in basis.peaks]
    q_list = [acb(re, im) for re, im in q.table()]
    p_list = [_around(re, im, error) for re, im, error in zip(p[0], p[1], errors, strict=True)]
    if k >= m:
        return [acb(x.real) for x in q_list], [acb(x.real) for x in p_list]
    return q_list, p_list


def _around(re: arb, im: arb, error: arb) -> acb:
    return acb(arb(re, error), arb(im, error))
