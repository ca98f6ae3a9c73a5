"""The inverse of the linear part at a witness, component by component: 𝓠, 𝓢 and 𝓘 of MATHEMATICS.md, section 16.

Arithmetic: balls only; every matrix here has upper bounds of absolute values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flint import acb_mat, arb, arb_mat

from ..numbers.balls import largest, proves_less, proves_positive
from .failure import FailureCode, ProofFailure
from .orbit_polynomials import PieceWitness
from .orbit_samples import Norms


@dataclass(frozen=True)
class Inverse:
    """|Q^{-1}Z| ≤ 𝓠(|Z|) and the bounds of 𝓑^{-1} for |Im θ| ≤ ν.

    frame_defect: ρ_P; S_inverse: 𝓢 (4 × 4); decay: δ_j for j ≥ 3; critical: (I − L)^{-1} (2 × 2); coupling: λ^+_j and
    λ^−_j (2 × n); T_g_y: [T̄g_y], A_inverse: 𝓒 (n × n), both None on a zero branch, which has no component η.
    """

    P: arb_mat
    rows: tuple[arb, ...]
    frame_defect: arb
    S_inverse: arb_mat
    decay: tuple[arb, ...]
    critical: arb_mat
    coupling: arb_mat
    T_g_y: arb_mat | None = None
    A_inverse: arb_mat | None = None

    @cached_property
    def n(self) -> int:
        return int(self.P.nrows())

    def frame(self, Z: arb_mat) -> arb_mat:
        """𝓠 of the columns of Z ≥ 0."""
        return _neumann(self.rows, self.frame_defect, self.P * Z)

    def apply(self, s: arb_mat, t: tuple[arb, arb], e: arb_mat | None = None) -> list[arb]:
        """𝓘(s, t, e): bounds of (w_1 … w_n, ψ_1, ψ_2, δγ, δT, η), where the means of w_1, w_2 are ψ."""
        n, eta = self.n, list[arb]()
        if self.A_inverse is not None and self.T_g_y is not None:
            if e is None:
                raise ValueError("a right side without its last component")
            solved = self.A_inverse * e
            s, eta = s + self.frame(self.T_g_y * solved), solved.entries()
        w = [
            *(self.critical[i, 0] * s[0, 0] + self.critical[i, 1] * s[1, 0] for i in range(2)),
            *(self.decay[j - 2] * s[j, 0] for j in range(2, n)),
        ]
        coupled = self.coupling * arb_mat([[x] for x in w])
        right = arb_mat([[s[0, 0]], [s[1, 0]], [t[0] + coupled[0, 0]], [t[1] + coupled[1, 0]]])
        return [*w, *(self.S_inverse * right).entries(), *eta]


def invert(witness: PieceWitness, norms: Norms, nu: arb) -> Inverse:
    """Raises ProofFailure where a defect is not below 1 or an exponent is not away from iZ."""
    n = witness.n
    zero = arb(0)
    rows = _row_sums(norms.R_P)
    frame_defect = _below_one(rows, "the inverse of the Floquet frame is not verified")
    S_rows = _row_sums(norms.S_defect)
    S_defect = _below_one(S_rows, "the linear system of the critical pair, parameter and period is not verified")
    S_inverse = _neumann(S_rows, S_defect, witness.V.bound(zero, nu))
    sizes = witness.Lam.bound(zero, nu)
    L = arb_mat([[sizes[i, j] for j in range(2)] for i in range(2)])
    _below_one(_row_sums(L), "the block of the critical pair is too large")
    _require_block_diagonal(witness)
    A_inverse = T_g_y = None
    if witness.moving is not None and norms.moving is not None:
        C_rows = _row_sums(norms.moving.C_defect)
        worst = _below_one(C_rows, "the linearisation at the equilibrium is not proved invertible")
        A_inverse = _neumann(C_rows, worst, witness.moving.C.bound(zero, nu))
        T_g_y = norms.moving.T_g_y
    return Inverse(
        P=witness.P.bound(zero, nu), rows=tuple(rows), frame_defect=frame_defect, S_inverse=S_inverse,
        decay=tuple(_decay(witness, j, nu) for j in range(2, n)), critical=_critical_inverse(L),
        coupling=arb_mat([_coupling(witness, nu, 1), _coupling(witness, nu, -1)]),
        T_g_y=T_g_y, A_inverse=A_inverse,
    )  # fmt: skip


def _row_sums(M: arb_mat) -> list[arb]:
    return [sum(row, arb(0)).upper() for row in M.table()]


def _below_one(rows: list[arb], reason: str) -> arb:
    worst = largest(rows)
    if not proves_less(worst, arb(1)):
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, reason)
    return worst


def _neumann(rows: list[arb] | tuple[arb, ...], worst: arb, X: arb_mat) -> arb_mat:
    """Σ_i R^i X ≤ X_j + r_j/(1 − max r)·max_m X_m, column by column."""
    table = [[x.upper() for x in row] for row in X.table()]
    top = [largest(row[c] for row in table) for c in range(X.ncols())]
    factors = [r / (1 - worst) for r in rows]
    return arb_mat([[x + f * t for x, t in zip(row, top, strict=True)] for f, row in zip(factors, table, strict=True)])


def _require_block_diagonal(witness: PieceWitness) -> None:
    """Λ = Λ_c ⊕ diag(λ_j), exactly."""
    for m in range(witness.Lam.degree + 1):
        c = witness.Lam.coefficient(m, 0)
        for i in range(witness.n):
            for j in range(witness.n):
                if i != j and max(i, j) >= 2 and not c[i, j].is_zero():
                    raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "Λ has another form")


def _critical_inverse(L: arb_mat) -> arb_mat:
    """(I − L)^{-1} of a nonnegative 2 × 2 matrix with row sums below 1."""
    a, b, c, d = 1 - L[0, 0], L[0, 1], L[1, 0], 1 - L[1, 1]
    determinant = a * d - b * c
    if not proves_positive(determinant):
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "the block of the critical pair is too large")
    return arb_mat([[d / determinant, b / determinant], [c / determinant, a / determinant]])


def distance_from_turns(value_real: arb, value_imag: arb) -> arb:
    """A lower bound of min_k |ik − λ| over all integers k."""
    middle = float(value_imag.mid())
    if not value_imag.is_finite() or not abs(middle) < 2**40:
        raise ProofFailure(FailureCode.NOT_FINITE, "an exponent is not finite")
    centre = round(middle)
    distances = []
    for k in (centre - 1, centre, centre + 1):
        x, y = value_real, value_imag - k
        least = x.abs_lower() * x.abs_lower() + y.abs_lower() * y.abs_lower()
        distances.append(least.abs_lower().sqrt().lower())
    nearest = distances[0]
    for d in distances[1:]:
        nearest = d if d < nearest else nearest
    return nearest


def _decay(witness: PieceWitness, j: int, nu: arb) -> arb:
    """δ_j: 1/δ_j is below |ik − λ_j(θ)| for all k and |Im θ| ≤ ν."""
    c = witness.Lam.coefficient(0, 0)[j, j]
    moved = witness.Lam.bound(arb(0), nu)[j, j] - witness.Lam.sizes[0, j * witness.n + j]
    distance = (distance_from_turns(c.real, c.imag) - moved).lower()
    if not proves_positive(distance):
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "a Floquet exponent comes near a multiple of i")
    return (1 / distance).upper()


def _coupling(witness: PieceWitness, nu: arb, sign: int) -> list[arb]:
    """λ^±_j = max over the modes m of column j of Q of Σ_μ |p^± c_{mμ,j}| e^{νμ}; j ≤ 2 without m = ±1."""
    Q, n = witness.Q, witness.n
    row = acb_mat([[z if sign == 1 else z.conjugate() for z in witness.p]])
    best = [arb(0)] * n
    weights = [(nu * m).exp() for m in range(Q.degree + 1)]
    for k in range(-Q.harmonics, Q.harmonics + 1):
        totals = [arb(0)] * n
        for m, weight in enumerate(weights):
            values = row * Q.coefficient(m, k)
            for j in range(n):
                totals[j] += values[0, j].abs_upper() * weight
        for j in range(n):
            if not (j < 2 and k == sign):
                best[j] = largest([best[j], totals[j]])
    return best
