"""Theorem B: the eigenvectors, and the eigenvalue, of one isolated disc of Theorem A.

If K_k is isolated and η_i > t_i, η_i > c_i for i ≠ k, the right and left eigenvectors u, w of M (u_k = w_k = 1)
satisfy |u_i| ≤ δ_i, |w_i| ≤ δ'_i; see `eigenvector_bounds`. Complex indices and blocks as in `proof.spectrum`.
Arithmetic: balls only. Source: MATHEMATICS.md, section 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import acb, arb, arb_mat

from ..numbers.balls import largest, proves_less, proves_positive
from .failure import FailureCode, ProofFailure
from .spectrum import Basis, Spectrum, Witness


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
    sp, m = spectrum, spectrum.m
    d_k, g_k, s_k, nu_k = sp.d[k], sp.g[k], sp.s[k], sp.nu[k]
    zero = arb(0)
    indices: list[tuple[int, bool]] = []
    eta: list[arb] = []
    column: list[arb] = []  # m_ik
    row: list[arb] = []  # m_ki
    for a in range(len(sp.d)):
        offset = g_k + sp.e[a] + sp.s[a] * sp.nu[a]
        into, out = sp.s[a] * nu_k, s_k * sp.nu[a]
        if a != k:
            indices.append((a, True))
            eta.append(abs(d_k - sp.d[a]) - offset)
            column.append(sp.plus[a][k] + into)
            row.append(sp.plus[k][a] + out)
        if a < m:  # a−; a real k meets a+ and a− in the same moduli
            indices.append((a, False))
            eta.append(abs(d_k - sp.d[a].conjugate()) - offset)
            column.append((sp.minus[a][k] if k < m else sp.plus[a][k]) + into)
            row.append(sp.minus[k][a] + out)
    for (a, _), eta_i in zip(indices, eta, strict=True):
        if not (proves_less(sp.t[a], eta_i) and proves_less(sp.c[a], eta_i)):
            raise ProofFailure(
                FailureCode.EIGENVECTOR_NOT_ISOLATED, "an eigenvector enclosure (Theorem B) could not be verified"
            )
    t = [sp.t[a] for a, _ in indices]
    c = [sp.c[a] for a, _ in indices]
    right, delta_right = _deltas(column, t, eta)
    left, delta_left = _deltas(row, c, eta)
    defect = sum((x * y for x, y in zip(right, left, strict=True)), zero)
    residual = sum((x * sp.s[a] for (a, _), x in zip(indices, left, strict=True)), s_k)

    def by_block(values: list[arb]) -> list[tuple[arb, arb]]:
        table = [[zero, zero] for _ in sp.d]
        for (a, is_plus), value in zip(indices, values, strict=True):
            table[a][0 if is_plus else 1] = value
        return [(first, second) for first, second in table]

    return EigenvectorBounds(by_block(right), by_block(left), delta_right, delta_left, defect, residual)


def _deltas(entries: list[arb], sums: list[arb], eta: list[arb]) -> tuple[list[arb], arb]:
    first = largest(x / eta_i for x, eta_i in zip(entries, eta, strict=True))
    contraction = largest(x / eta_i for x, eta_i in zip(sums, eta, strict=True))
    if not proves_positive(1 - contraction):
        raise ProofFailure(
            FailureCode.EIGENVECTOR_NOT_ISOLATED, "an eigenvector enclosure (Theorem B) does not contract"
        )
    delta = first / (1 - contraction)
    bounds = [(x + total * delta) / eta_i for x, total, eta_i in zip(entries, sums, eta, strict=True)]
    return bounds, largest(bounds)


def enclose_eigenvectors(
    witness: Witness, ks: Sequence[int], bounds: Sequence[EigenvectorBounds]
) -> tuple[list[list[acb]], list[list[acb]]]:
    """q = XPu and conj(p) = (w^T(I + S)P⁻¹Y)^T for each certified pair, as lists of n balls.

    |q_l − (XP)_lk| ≤ Σ_{i≠k} |(XP)_li| δ_i, and for conj(p) the same with P⁻¹Y, δ' and the residual
    (s_k + Σ δ'_i s_i) max_i |(P⁻¹Y)_il|. The sums for all pairs are two matrix products.
    """
    if not ks:
        return [], []
    m = witness.pairs
    X, Y = witness.X.table(), witness.Y.table()
    n = len(X)
    abs_X = [
        [abs(acb(row[2 * b], row[2 * b + 1])) for b in range(m)] + [abs(row[j]) for j in range(2 * m, n)]
        for row in X
    ]
    abs_Y = [
        [abs(acb(x, y)) / 2 for x, y in zip(Y[2 * b], Y[2 * b + 1], strict=True)] for b in range(m)
    ] + [[abs(x) for x in Y[j]] for j in range(2 * m, n)]
    peaks = [largest(column) for column in zip(*abs_Y, strict=True)]
    weights_right = [[upper + lower for upper, lower in bound.right] for bound in bounds]
    weights_left = [[upper + lower for upper, lower in bound.left] for bound in bounds]
    q_error = (arb_mat(abs_X) * arb_mat(weights_right).transpose()).transpose().table()
    p_error = (arb_mat(weights_left) * arb_mat(abs_Y)).table()
    qs, p_bars = [], []
    for k, bound, q_row, p_row in zip(ks, bounds, q_error, p_error, strict=True):
        qs.append([_around(X[i][2 * k], X[i][2 * k + 1], q_row[i]) for i in range(n)])
        p_bars.append(
            [
                _around(re / 2, -im / 2, error + bound.left_residual * peak)
                for re, im, error, peak in zip(Y[2 * k], Y[2 * k + 1], p_row, peaks, strict=True)
            ]
        )
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
