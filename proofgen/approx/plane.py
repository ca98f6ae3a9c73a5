"""A field x' = f(x, α_1, α_2) in binary64: values, derivatives, the system of Hopf points, Re c_1. UNTRUSTED.

Inputs are x_1, …, x_n, α_1, α_2; formulas as in MATHEMATICS.md, section 23.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from ..symbolic.graph import Graph
from ..symbolic.series import algebra, evaluate
from .field import Array

Complex = npt.NDArray[np.complex128]


@dataclass(frozen=True)
class PlaneApprox:
    """Errors of arithmetic come as ArithmeticError or ValueError, or as numbers that are not finite."""

    graph: Graph

    @property
    def n(self) -> int:
        return len(self.graph.outputs)

    def coefficients(self, top: tuple[int, ...], inputs: dict[tuple[int, ...], Sequence[Any]]) -> dict[Any, Complex]:
        """All coefficients of f of a series; inputs: by monomials, n + 2 numbers or n."""
        through = algebra(top)
        given = [through.zero for _ in range(self.n + 2)]
        for monomial, values in inputs.items():
            for i, x in enumerate(values):
                given[i][through.index[monomial]] = x
        values = evaluate(self.graph, through, given, _Floats())
        return {m: np.array([values[i][k] or 0 for i in self.graph.outputs]) for m, k in through.index.items()}

    def value(self, inputs: Array) -> Array:
        return np.real(self.coefficients((0,), {(0,): inputs.tolist()})[(0,)])

    def jacobian(self, inputs: Array) -> Array:
        """∂f, n × (n + 2)."""
        return self.turned(inputs, np.zeros(self.n))[1]

    def turned(self, inputs: Array, q: Complex | Array) -> tuple[Array, Array, Complex, Complex]:
        """f, ∂f (n × (n + 2)), Aq and ∂(Aq)."""
        m = self.n + 2
        unit = np.eye(m + 1, dtype=int)
        through = algebra(*(tuple(unit[i] + unit[m]) for i in range(m)))
        given = []
        for i, x in enumerate(inputs.tolist()):
            series = through.zero
            series[0], series[through.index[tuple(unit[i])]] = x, 1.0
            if i < self.n:
                series[through.index[tuple(unit[m])]] = q[i]
            given.append(series)
        values = evaluate(self.graph, through, given, _Floats())

        def column(monomial: Any) -> Any:
            return np.array([values[i][through.index[tuple(monomial)]] or 0 for i in self.graph.outputs])

        first = np.stack([np.real(column(unit[i])) for i in range(m)], axis=1)
        second = np.stack([column(unit[i] + unit[m]) for i in range(m)], axis=1)
        return np.real(column(0 * unit[0])), first, column(unit[m]), second

    def hopf(self, u: Array, s: float, along: int, phi: Array) -> tuple[Array, Array, Array]:
        """F(u; s), DF and ∂_sF for u = (α, ω, x, a, b)."""
        n = self.n
        x, a, b = u[2 : n + 2], u[n + 2 : 2 * n + 2], u[2 * n + 2 :]
        inputs = np.array([*x, *([s, u[0]] if along == 0 else [u[0], s])])
        f, first, image, second = self.turned(inputs, a + 1j * b)
        F = np.array([phi @ a, phi @ b - 1, *f, *(image.real + u[1] * b), *(image.imag - u[1] * a)])
        DF = np.zeros((3 * n + 2, 3 * n + 3))
        for column, i in ((0, n + 1 - along), (3 * n + 2, n + along), *((2 + j, j) for j in range(n))):
            DF[2:, column] = [*first[:, i], *second[:, i].real, *second[:, i].imag]
        DF[2 + n :, 1] = [*b, *(-a)]
        DF[0, n + 2 : 2 * n + 2] = DF[1, 2 * n + 2 : 3 * n + 2] = phi
        one = np.eye(n) * u[1]
        DF[2 + n :, n + 2 : 3 * n + 2] = np.block([[first[:, :n], one], [-one, first[:, :n]]])
        return F, DF[:, :-1], DF[:, -1]

    def re_c1(self, inputs: Array, omega: float, q: Complex) -> float:
        """Re c_1 for this q."""
        n = self.n
        A = self.jacobian(inputs)[:, :n]
        values, left = np.linalg.eig(A.T)
        p_bar = left[:, int(np.argmin(abs(values - 1j * omega)))]
        H: dict[tuple[int, ...], Sequence[Any]] = {(0, 0): inputs.tolist()}
        H |= {(1, 0): q.tolist(), (0, 1): q.conj().tolist()}
        F = self.coefficients((2, 1), H)
        H[2, 0] = np.linalg.solve(2j * omega * np.eye(n) - A, F[2, 0]).tolist()
        H[1, 1] = np.linalg.solve(-A, F[1, 1].real).tolist()
        return float(np.real(p_bar @ self.coefficients((2, 1), H)[2, 1] / (p_bar @ q)))


class _Floats:
    """The ring of binary64 numbers."""

    def number(self, value: Fraction) -> float:
        return float(value)

    def power(self, z: float, exponent: int) -> float:
        return float(z**exponent)

    def elementary(self, name: str, z: float) -> float:
        result: float = getattr(math, name)(z)
        return result

    def erf_slope(self, z: float) -> float:
        return 2 / math.sqrt(math.pi) * math.exp(-z * z)

    def exprel(self, z: float, m: int) -> list[float]:
        """By Gauss' rule for ∫_0^1 t^k e^{tz} dt."""
        nodes, weights = np.polynomial.legendre.leggauss(20)
        t = (nodes + 1) / 2
        return [float(np.sum(weights / 2 * t**k * np.exp(t * z))) for k in range(m + 1)]
