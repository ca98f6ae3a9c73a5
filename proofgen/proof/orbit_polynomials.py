"""Polynomials Σ c_km e^{ikτ} cos mθ with exact coefficients, and the data of one piece of orbits made of them.

Letters of MATHEMATICS.md, section 16. Arithmetic: balls only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from flint import acb, acb_mat, arb, arb_mat

from ..numbers.balls import ball


@dataclass(frozen=True)
class Polynomial:
    """A rows × columns matrix of functions Σ_{m≤degree, |k|≤harmonics} c_km e^{ikτ} cos mθ.

    coefficients: (degree + 1) × ((2·harmonics + 1)·rows·columns), k from −harmonics on, entries row by row.
    """

    degree: int
    harmonics: int
    rows: int
    columns: int
    coefficients: acb_mat

    def __post_init__(self) -> None:
        shape = self.degree + 1, (2 * self.harmonics + 1) * self.rows * self.columns
        if (self.coefficients.nrows(), self.coefficients.ncols()) != shape:
            raise ValueError("coefficients of another shape")

    @cached_property
    def sizes(self) -> arb_mat:
        """Upper bounds of |c_km|, in the shape of the coefficients."""
        rows, columns = self.coefficients.nrows(), self.coefficients.ncols()
        return arb_mat(rows, columns, [c.abs_upper() for c in self.coefficients.entries()])

    def coefficient(self, m: int, k: int) -> acb_mat:
        """The matrix c_km; zero for modes that are not there."""
        if abs(k) > self.harmonics or m > self.degree:
            return acb_mat(self.rows, self.columns)
        size = self.rows * self.columns
        first = (k + self.harmonics) * size
        return acb_mat(self.rows, self.columns, [self.coefficients[m, first + i] for i in range(size)])

    def bound(self, rho: arb, eta: arb, derivative: bool = False) -> arb_mat:
        """Σ |c_km| e^{ρ|k| + ηm} entry by entry (of the derivative by τ with a factor |k|)."""
        over_theta = arb_mat([[(eta * m).exp() for m in range(self.degree + 1)]]) * self.sizes
        K = self.harmonics
        weights = [(rho * abs(k)).exp() * (abs(k) if derivative else 1) for k in range(-K, K + 1)]
        total = arb_mat([weights]) * arb_mat(2 * K + 1, self.rows * self.columns, over_theta.entries())
        return arb_mat(self.rows, self.columns, total.entries())

    def at(self, cosines: Sequence[arb]) -> acb_mat:
        """Coefficients of e^{ikτ} (rows) where cos mθ = cosines[m], shape (2·harmonics + 1) × (rows·columns)."""
        row = acb_mat([[acb(cosines[m]) for m in range(self.degree + 1)]]) * self.coefficients
        return acb_mat(2 * self.harmonics + 1, self.rows * self.columns, row.entries())

    def value(self, cosines: Sequence[arb]) -> acb_mat:
        """The matrix at one θ of a polynomial without τ."""
        return acb_mat(self.rows, self.columns, self.at(cosines).entries())

    def is_real(self) -> bool:
        """Exactly c_{−k,m} = conj c_km, so that its values at real τ and θ are real."""
        return self.is_symmetric(range(self.columns))

    def is_symmetric(self, partner: Sequence[int]) -> bool:
        """Exactly conj U = UΠ at real τ and θ, where Π puts column partner[j] at place j."""
        K = self.harmonics
        for m in range(self.degree + 1):
            for k in range(K + 1):
                c, opposite = self.coefficient(m, k), self.coefficient(m, -k)
                for i in range(self.rows):
                    for j in range(self.columns):
                        if not (opposite[i, partner[j]] - c[i, j].conjugate()).is_zero():
                            return False
                        if not (c[i, partner[j]] - opposite[i, j].conjugate()).is_zero():
                            return False
        return True


@dataclass(frozen=True)
class Moving:
    """ȳ, y_γ (n × 1) and C ≈ A_0^{-1} (n × n), without τ and real."""

    y: Polynomial
    y_gamma: Polynomial
    C: Polynomial


@dataclass(frozen=True)
class PieceWitness:
    """Untrusted data of one piece a = centre + half_width·cos θ (one orbit: half_width 0, degree 0).

    All numbers exact (centre and half_width rational); v n × 1, H n × 2 (columns γ, T), Q, P, Lam n × n,
    gamma, T 1 × 1, B 2 × 2, V 4 × 4; moving: None on a zero branch, where ȳ = 0.
    """

    centre: Fraction
    half_width: Fraction
    p: tuple[acb, ...]
    partner: tuple[int, ...]
    v: Polynomial
    H: Polynomial
    Q: Polynomial
    P: Polynomial
    gamma: Polynomial
    T: Polynomial
    Lam: Polynomial
    B: Polynomial
    V: Polynomial
    moving: Moving | None = None

    @property
    def n(self) -> int:
        return self.Q.rows

    @property
    def single(self) -> bool:
        return self.half_width == 0

    @cached_property
    def is_real(self) -> bool:
        """Exactly real: v̄, H, γ̄, T̄, ȳ, y_γ, C (coefficients), centre and half width."""
        return all(q.is_real() for q in (self.v, self.H, self.gamma, self.T, *self._moving))

    @property
    def _moving(self) -> tuple[Polynomial, ...]:
        return () if self.moving is None else (self.moving.y, self.moving.y_gamma, self.moving.C)

    @cached_property
    def is_symmetric(self) -> bool:
        """Exactly (A) of Lemma O2: conj Q = QΠ, conj Λ = ΠΛΠ, conj B = B with its rows exchanged, and all else real."""
        n, partner = self.n, self.partner
        if sorted(partner) != list(range(n)) or any(partner[partner[j]] != j for j in range(n)) or partner[0] != 1:
            return False
        for m in range(self.Lam.degree + 1):
            c = self.Lam.coefficient(m, 0)
            if any(not (c[partner[i], partner[j]] - c[i, j].conjugate()).is_zero() for i in range(n) for j in range(n)):
                return False
        for m in range(self.B.degree + 1):
            c = self.B.coefficient(m, 0)
            if any(not (c[1 - i, j] - c[i, j].conjugate()).is_zero() for i in range(2) for j in range(2)):
                return False
        return self.is_real and self.Q.is_symmetric(partner)

    @property
    def degree(self) -> int:
        own = (self.v, self.H, self.Q, self.P, self.gamma, self.T, self.Lam, self.B, self.V)
        return max(q.degree for q in (*own, *self._moving))

    def amplitude(self, cosine: arb) -> arb:
        return ball(self.centre) + ball(self.half_width) * cosine

    def largest_amplitude(self, nu: arb) -> arb:
        """â: a bound of |a| for |Im θ| ≤ ν."""
        return (ball(abs(self.centre)) + ball(self.half_width) * nu.cosh()).upper()


def cosines(cosine: arb, degree: int) -> list[arb]:
    """T_m(cos θ) = cos mθ for m = 0 … degree, by recurrence (for exact or narrow arguments)."""
    values = [arb(1), cosine]
    for _ in range(degree - 1):
        values.append(2 * cosine * values[-1] - values[-2])
    return values[: degree + 1]


def cosine_product(U: Polynomial, V: Polynomial) -> Polynomial:
    """UV of two polynomials without τ, by 2 cos mθ cos lθ = cos (m + l)θ + cos (m − l)θ."""
    size = U.rows * V.columns
    rows = [acb_mat(U.rows, V.columns) for _ in range(U.degree + V.degree + 1)]
    for m in range(U.degree + 1):
        for k in range(V.degree + 1):
            half = U.coefficient(m, 0) * V.coefficient(k, 0) * acb(arb(1) / 2)
            rows[m + k] = rows[m + k] + half
            rows[abs(m - k)] = rows[abs(m - k)] + half
    entries = [z for row in rows for z in row.entries()]
    return Polynomial(U.degree + V.degree, 0, U.rows, V.columns, acb_mat(len(rows), size, entries))
