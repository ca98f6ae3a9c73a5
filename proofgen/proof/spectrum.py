"""Theorems A and B: the whole spectrum, and eigenvectors, from one approximate similarity.

Theorem A. W real n × n (any matrix in a ball matrix), X, Y real with R = I − YX, N = YWX. In complex
indices (FORMAT.md, section 8) put r_i = Σ_j |R_ij|, ρ = max r_i. If ρ < 1 then X is invertible,
X⁻¹WX = M = (I + S)N with Σ_j |S_ij| ≤ s_i = r_i/(1 − ρ), and every eigenvalue of W lies in a disc

    K_i = {|z − d_i| ≤ g_i},   g_i = |N_ii − d_i| + Σ_{j≠i} |N_ij| + s_i ‖N‖_∞.

A disc disjoint from all others contains exactly one eigenvalue, a simple one (Gershgorin).

Theorem B. If K_k is isolated and η_i > t_i, η_i > c_i for i ≠ k, the right and left eigenvectors u, w
of M (u_k = w_k = 1) satisfy |u_i| ≤ δ_i, |w_i| ≤ δ'_i; see `eigenvector_bounds`.

Complex indices: block a < m (a pair) stands for a+ and a−, block a ≥ m for one real index.
Arithmetic: balls only. Source: MATHEMATICS.md, sections 5 and 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flint import acb, arb, arb_mat

from ..numbers.balls import current_precision, largest, proves_less, proves_positive, smallest, working_precision
from .failure import FailureCode, ProofFailure

Rows = list[list[arb]]
MOTION_BITS = 80


@dataclass(frozen=True)
class Witness:
    """Approximate eigenvectors X, inverse Y, centres d: exact numbers, trusted by nobody.

    X, Y: n × n; the first 2m columns of X are Re v_1, Im v_1, …; d: n − m complex centres, the first m
    of the pairs (in the upper half plane), then real ones.
    """

    pairs: int
    X: arb_mat
    Y: arb_mat
    d: list[acb]


@dataclass(frozen=True)
class Basis:
    """What Theorem A takes from X and Y alone; made once for several matrices (see `prepare_basis`).

    s: upper bounds of Σ_j |S_ij| by block, rho < 1, R = I − YX; peaks: upper bounds of max_i |(P⁻¹Y)_il| for each l.
    """

    witness: Witness
    rho: arb
    s: list[arb]
    R: arb_mat
    peaks: list[arb]

    @property
    def n(self) -> int:
        return int(self.witness.X.nrows())

    def coarse(self) -> Basis:
        """The same basis with X and Y as balls of the working precision in force: enough for wide matrices."""
        one = arb(1)
        return replace(self, witness=replace(self.witness, X=self.witness.X * one, Y=self.witness.Y * one))


@dataclass(frozen=True)
class Spectrum:
    """What Theorem A gives. Lists run over blocks; every ``arb`` is an upper bound (as a ball).

    d: disc centres; g: disc radii; s, e = |N_ii − d_i|, t = row and c = column bounds of |M_ij|, j ≠ i;
    nu_j = max_i |N_ij|; plus[a][b], minus[a][b]: |N_ij| from a+ (or real a) to b+ and b−, with 0 on the
    diagonal; diagonal: N_ii; N, R: the real matrices (their midpoints serve refinement).
    """

    n: int
    m: int
    d: list[acb]
    g: list[arb]
    rho: arb
    norm_N: arb
    s: list[arb]
    e: list[arb]
    t: list[arb]
    c: list[arb]
    nu: list[arb]
    plus: Rows
    minus: Rows
    diagonal: list[acb]
    N: arb_mat
    R: arb_mat

    def multiplicity(self, block: int) -> int:
        return 2 if block < self.m else 1


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


def prepare_basis(witness: Witness) -> Basis:
    """R = I − YX with its bounds. Raises ProofFailure (NO_EIGENBASIS) unless ρ < 1 is proved."""
    n, m = witness.X.nrows(), witness.pairs
    identity = arb_mat(n, n)
    for i in range(n):
        identity[i, i] = arb(1)
    R = identity - witness.Y * witness.X
    R_plus, R_minus, R_diagonal = _block_moduli(R, m)
    r = [sum(R_plus[a], sum(R_minus[a], abs(R_diagonal[a]))) for a in range(n - m)]
    rho = largest(r)
    if not proves_less(rho, arb(1)):
        raise ProofFailure(
            FailureCode.NO_EIGENBASIS, "the approximate eigenvectors could not be proved to form a basis (ρ ≥ 1)"
        )
    rows = witness.Y.table()
    moduli = [[abs(x) for x in row] for row in rows]
    blocks = [[(x + y) / 2 for x, y in zip(moduli[2 * a], moduli[2 * a + 1], strict=True)] for a in range(m)]
    peaks = [largest(column) for column in zip(*blocks, *moduli[2 * m :], strict=True)]
    return Basis(witness, rho, [r_a / (1 - rho) for r_a in r], R, peaks)


def enclose_spectrum(
    W: arb_mat, witness: Witness, basis: Basis | None = None, motion: tuple[arb, arb_mat] | None = None
) -> Spectrum:
    """Theorem A. Raises ProofFailure (NO_EIGENBASIS) unless ρ < 1 is proved.

    motion (step, W'): for all matrices W + tW', t in the ball ``step``; N = YWX + step·YW'X is narrower than the
    product with the ball matrix W + step·W'.
    """
    basis = prepare_basis(witness) if basis is None else basis
    n, m, s, rho, R = W.nrows(), witness.pairs, basis.s, basis.rho, basis.R
    blocks = range(n - m)
    N = witness.Y * (W * witness.X)
    if motion is not None:  # a small term with wide balls: fewer bits do
        with working_precision(min(MOTION_BITS, current_precision())):
            moved = witness.Y * (motion[1] * witness.X) * motion[0]
        N = N + moved
    plus, minus, diagonal = _block_moduli(N, m)
    d = witness.d
    e = [abs(diagonal[a] - d[a]) for a in blocks]
    o = [sum(plus[a], sum(minus[a], arb(0))) for a in blocks]
    norm_N = largest(abs(diagonal[a]) + o[a] for a in blocks)
    t = [o[a] + s[a] * norm_N for a in blocks]
    g = [largest([e[a] + t[a]]) for a in blocks]
    if not all(radius.is_finite() for radius in g):
        raise ProofFailure(FailureCode.NOT_FINITE, "a radius of an eigenvalue enclosure is not finite")
    nu, c = _column_bounds(plus, minus, diagonal, s, m)
    return Spectrum(n, m, d, g, rho, norm_N, s, e, t, c, nu, plus, minus, diagonal, N, R)


def _block_moduli(Q: arb_mat, m: int) -> tuple[Rows, Rows, list[acb]]:
    """Moduli of P⁻¹QP: rows a+ against b+ and b−, diagonal entries apart (0 in their place)."""
    table = Q.table()
    n = len(table)
    plus: Rows = []
    minus: Rows = []
    diagonal: list[acb] = []
    zero = arb(0)
    for a in range(m):
        top, bottom = table[2 * a], table[2 * a + 1]
        plus_row, minus_row = [], []
        for b in range(m):
            alpha, beta, mu, nu = top[2 * b], top[2 * b + 1], bottom[2 * b], bottom[2 * b + 1]
            same = acb(alpha + nu, beta - mu) / 2
            if a == b:
                diagonal.append(same)
                plus_row.append(zero)
            else:
                plus_row.append(abs(same))
            minus_row.append(abs(acb(alpha - nu, beta + mu)) / 2)
        for j in range(2 * m, n):
            plus_row.append(abs(acb(top[j], bottom[j])) / 2)
            minus_row.append(zero)
        plus.append(plus_row)
        minus.append(minus_row)
    for a in range(2 * m, n):
        row = table[a]
        moduli = [abs(acb(row[2 * b], row[2 * b + 1])) for b in range(m)]
        diagonal.append(acb(row[a]))
        plus.append(moduli + [zero if j == a else abs(row[j]) for j in range(2 * m, n)])
        minus.append(moduli + [zero] * (n - 2 * m))
    return plus, minus, diagonal


def _column_bounds(
    plus: Rows, minus: Rows, diagonal: list[acb], s: list[arb], m: int
) -> tuple[list[arb], list[arb]]:
    """ν_j = max_i |N_ij| and c_j = Σ_{i≠j} |N_ij| + ν_j Σ_i s_i."""
    blocks = len(diagonal)
    sum_s = sum((2 * s[a] if a < m else s[a] for a in range(blocks)), arb(0))
    nu, c = [], []
    columns = zip(zip(*plus, strict=True), zip(*minus, strict=True), strict=True)
    for b, (plus_column, minus_column) in enumerate(columns):
        if b < m:  # entry (a−, b+) has the modulus of (a+, b−); a real row meets b+ once
            total = sum(plus_column, sum(minus_column[:m], arb(0)))
            peak = largest([*plus_column, *minus_column[:m], abs(diagonal[b])])
        else:
            total = sum(plus_column, sum(plus_column[:m], arb(0)))
            peak = largest([*plus_column, abs(diagonal[b])])
        nu.append(peak)
        c.append(total + peak * sum_s)
    return nu, c


def real_part_separation(spectrum: Spectrum, k: int) -> tuple[arb | None, int | None]:
    """A lower bound of |Re d_j − Re d_k| − g_j − g_k over the other blocks, and the block nearest to it.

    (None, None) when there is no other block.
    """
    centre, g_k = spectrum.d[k].real, spectrum.g[k]
    gaps = [
        (smallest([abs(d_j.real - centre) - g_j - g_k]), j)
        for j, (d_j, g_j) in enumerate(zip(spectrum.d, spectrum.g, strict=True))
        if j != k
    ]
    if not gaps:
        return None, None
    nearest = gaps[0]
    for gap in gaps[1:]:
        if not nearest[0] < gap[0]:
            nearest = gap
    return nearest


def isolated(spectrum: Spectrum, k: int) -> bool:
    """Whether K_k is certainly disjoint from every other disc, and from its conjugate where k is a pair."""
    d_k, g_k = spectrum.d[k], spectrum.g[k]
    if k < spectrum.m and not proves_less(g_k, d_k.imag):
        return False
    for j, (d, g) in enumerate(zip(spectrum.d, spectrum.g, strict=True)):
        partners = [d, d.conjugate()] if j < spectrum.m else [d]
        if j != k and not all(proves_less(g + g_k, abs(d_k - centre)) for centre in partners):
            return False
    return True


def axis_distance(spectrum: Spectrum, k: int) -> arb:
    """A lower bound of |Re λ| over the eigenvalues of the block k, at most 0 where none is proved.

    It is |Re d_k| − g_k, or, where K_k is isolated and Theorem B applies, from row k of (M − λ)u = 0

        |Re d_k| − |Re(N_kk − d_k)| − s_k ν_k − Σ_{i≠k} m_ki δ_i .
    """
    sp = spectrum
    plain = smallest([abs(sp.d[k].real) - sp.g[k]])
    if proves_positive(plain) or not isolated(sp, k):
        return plain
    try:
        bounds = eigenvector_bounds(sp, k)
    except ProofFailure:
        return plain
    coupling = arb(0)
    for a, (up, down) in enumerate(bounds.right):
        other = sp.s[k] * sp.nu[a]
        if a != k:
            coupling += (sp.plus[k][a] + other) * up
        if a < sp.m:
            coupling += (sp.minus[k][a] + other) * down
    offset = abs((sp.diagonal[k] - sp.d[k]).real) + sp.s[k] * sp.nu[k] + coupling
    refined = smallest([abs(sp.d[k].real) - offset])
    return refined if proves_less(plain, refined) else plain


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
