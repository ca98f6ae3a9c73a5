"""Theorem A: the whole spectrum, from one approximate similarity.

Theorem A. W real n × n (any matrix in a ball matrix), X, Y real with R = I − YX, N = YWX. In complex
indices (FORMAT.md, section 8) put r_i = Σ_j |R_ij|, ρ = max r_i. If ρ < 1 then X is invertible,
X⁻¹WX = M = (I + S)N with Σ_j |S_ij| ≤ s_i = r_i/(1 − ρ), and every eigenvalue of W lies in a disc

    K_i = {|z − d_i| ≤ g_i},   g_i = |N_ii − d_i| + Σ_{j≠i} |N_ij| + s_i ‖N‖_∞.

A disc disjoint from all others contains exactly one eigenvalue, a simple one (Gershgorin).

Complex indices: block a < m (a pair) stands for a+ and a−, block a ≥ m for one real index.
Arithmetic: balls only. Source: MATHEMATICS.md, section 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import add, sub

from flint import acb, arb, arb_mat

from ..numbers.balls import current_precision, largest, proves_less, smallest, working_precision
from .failure import FailureCode, ProofFailure

Rows = list[list[arb]]
MOTION_BITS = 80
BOUND_BITS = 64  # of moduli and what follows from them, which are bounds only: their radii have 30


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

    s: upper bounds of Σ_j |S_ij| by block, rho < 1, R = I − YX, size_R its moduli by block (plus, minus); peaks: upper
    bounds of max_i |(P⁻¹Y)_il| for each l, formed when they are asked for, with ``bits``.
    """

    witness: Witness
    rho: arb
    s: list[arb]
    R: arb_mat
    size_R: tuple[Rows, Rows]
    bits: int

    @property
    def n(self) -> int:
        return int(self.witness.X.nrows())

    @cached_property
    def peaks(self) -> list[arb]:
        m = self.witness.pairs
        with working_precision(self.bits):
            moduli = [[*map(abs, row)] for row in self.witness.Y.table()]
            blocks = [[(x + y) / 2 for x, y in zip(moduli[2 * a], moduli[2 * a + 1], strict=True)] for a in range(m)]
            return [largest(column) for column in zip(*blocks, *moduli[2 * m :], strict=True)]

    def coarse(self) -> Basis:
        """The same basis with X and Y as balls of the working precision in force: enough for wide matrices."""
        one, peaks = arb(1), self.peaks
        made = replace(self, witness=replace(self.witness, X=self.witness.X * one, Y=self.witness.Y * one))
        made.__dict__["peaks"] = peaks
        return made


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


def at_most(bits: int | None) -> int:
    """The working precision, or fewer bits."""
    return current_precision() if bits is None else min(bits, current_precision())


def prepare_basis(witness: Witness, bits: int | None = None) -> Basis:
    """R = I − YX with its bounds. Raises ProofFailure (NO_EIGENBASIS) unless ρ < 1 is proved. bits: of moduli, which
    are bounds only, at most the working precision, which is the default."""
    n, m = witness.X.nrows(), witness.pairs
    identity = arb_mat(n, n)
    for i in range(n):
        identity[i, i] = arb(1)
    R = identity - witness.Y * witness.X
    R_plus, R_minus, R_diagonal = _block_moduli(R, m, bits)
    for a in range(n - m):
        R_plus[a][a] = abs(R_diagonal[a])
    r = [sum(R_plus[a], sum(R_minus[a], arb(0))) for a in range(n - m)]
    rho = largest(r)
    if not proves_less(rho, arb(1)):
        raise ProofFailure(
            FailureCode.NO_EIGENBASIS, "the approximate eigenvectors could not be proved to form a basis (ρ ≥ 1)"
        )
    return Basis(witness, rho, [r_a / (1 - rho) for r_a in r], R, (R_plus, R_minus), at_most(bits))


def enclose_spectrum(
    W: arb_mat,
    witness: Witness,
    basis: Basis | None = None,
    motion: tuple[arb, arb_mat] | None = None,
    by_entries: bool = True,
    bits: int | None = None,
) -> Spectrum:
    """Theorem A. Raises ProofFailure (NO_EIGENBASIS) unless ρ < 1 is proved.

    motion (step, W'): for all matrices W + tW', t in the ball ``step``; N = YWX + step·YW'X is narrower than the
    product with the ball matrix W + step·W'. by_entries: in the place of s_i‖N‖ the smaller `_defects`; bits: as of
    `prepare_basis`.
    """
    basis = prepare_basis(witness, bits) if basis is None else basis
    n, m, s, rho, R = W.nrows(), witness.pairs, basis.s, basis.rho, basis.R
    blocks = range(n - m)
    N = witness.Y * (W * witness.X)
    if motion is not None:  # a small term with wide balls: fewer bits do
        with working_precision(min(MOTION_BITS, current_precision())):
            moved = witness.Y * (motion[1] * witness.X) * motion[0]
        N = N + moved
    plus, minus, diagonal = _block_moduli(N, m, bits)
    d = witness.d
    e = [abs(diagonal[a] - d[a]) for a in blocks]
    o = [sum(plus[a], sum(minus[a], arb(0))) for a in blocks]
    norm_N = largest(abs(diagonal[a]) + o[a] for a in blocks)
    defects = _defects(basis, [abs(diagonal[a]) + o[a] for a in blocks]) if by_entries else [x * norm_N for x in s]
    t = [o[a] + defects[a] for a in blocks]
    g = [largest([e[a] + t[a]]) for a in blocks]
    if not all(radius.is_finite() for radius in g):
        raise ProofFailure(FailureCode.NOT_FINITE, "a radius of an eigenvalue enclosure is not finite")
    nu, c = _column_bounds(plus, minus, diagonal, s, m)
    return Spectrum(n, m, d, g, rho, norm_N, s, e, t, c, nu, plus, minus, diagonal, N, R)


def _defects(basis: Basis, rows: list[arb]) -> list[arb]:
    """Σ_k |R_ik|n_k + s_iρ‖N‖ ≥ Σ_j |(SN)_ij|, with the row sums n_k of |N|, as S = R + R(R + R² + …).

    Where some rates are many powers of ten larger than others, s_i‖N‖ would make all discs as large as the largest.
    """
    size_R, most = basis.size_R, basis.rho * largest(rows)
    return [
        sum((x * y for part in (plus, minus) for x, y in zip(part, rows, strict=True)), s * most)
        for plus, minus, s in zip(*size_R, basis.s, strict=True)
    ]


def _block_moduli(Q: arb_mat, m: int, bits: int | None) -> tuple[Rows, Rows, list[acb]]:
    """Moduli of P⁻¹QP: rows a+ against b+ and b−, diagonal entries apart (0 in their place)."""
    table = Q.table()
    zero, pairs, partners, real = arb(0), slice(0, 2 * m, 2), slice(1, 2 * m, 2), table[2 * m :]
    nothing = [zero] * len(real)
    plus: Rows = []
    minus: Rows = []
    diagonal: list[acb] = []
    for a in range(m):
        (alpha, beta), (mu, nu) = table[2 * a][2 * a : 2 * a + 2], table[2 * a + 1][2 * a : 2 * a + 2]
        diagonal.append(acb(alpha + nu, beta - mu) / 2)
    diagonal += [acb(row[a]) for a, row in enumerate(real, start=2 * m)]
    with working_precision(at_most(bits)):
        for top, bottom in zip(table[pairs], table[partners], strict=True):
            alphas, betas, mus, nus = top[pairs], top[partners], bottom[pairs], bottom[partners]
            same = map(acb, map(add, alphas, nus), map(sub, betas, mus))
            other = map(acb, map(sub, alphas, nus), map(add, betas, mus))
            beside = map(acb, top[2 * m :], bottom[2 * m :])
            plus.append([*(abs(x / 2) for x in same), *(abs(x) / 2 for x in beside)])
            minus.append([*(abs(x) / 2 for x in other), *nothing])
        for row in real:
            moduli = [*map(abs, map(acb, row[pairs], row[partners]))]
            plus.append([*moduli, *map(abs, row[2 * m :])])
            minus.append([*moduli, *nothing])
    for a, sizes in enumerate(plus):
        sizes[a] = zero
    return plus, minus, diagonal


def _column_bounds(plus: Rows, minus: Rows, diagonal: list[acb], s: list[arb], m: int) -> tuple[list[arb], list[arb]]:
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
    nearest: tuple[arb, int] | None = None
    for j, (d_j, g_j) in enumerate(zip(spectrum.d, spectrum.g, strict=True)):
        if j != k:
            gap = abs(d_j.real - centre) - g_j - g_k
            if nearest is None or not nearest[0] < gap:
                lower = smallest([gap])
                if nearest is None or not nearest[0] < lower:
                    nearest = lower, j
    return (None, None) if nearest is None else nearest


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


def block_diagonal(d: Sequence[Sequence[arb]], pairs: int) -> arb_mat:
    """The real matrix of eigenvalues (re, im): two rows for each of the first ``pairs``, one for each real one."""
    n = len(d) + pairs
    D = arb_mat(n, n)
    for a, (re, im) in enumerate(d):
        if a < pairs:
            D[2 * a, 2 * a] = D[2 * a + 1, 2 * a + 1] = re
            D[2 * a, 2 * a + 1], D[2 * a + 1, 2 * a] = im, -im
        else:
            D[a + pairs, a + pairs] = re
    return D
