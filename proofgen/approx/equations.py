"""A field given by its equations, in binary64. UNTRUSTED."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .field import Array


class EquationsFieldApprox:
    """Emitted binary64 code as arrays; where it fails (a division by 0, an overflow) everything is NaN."""

    def __init__(self, n: int, module: Any) -> None:
        self.n = n
        self._module = module
        self._last: tuple[Any, Any] = (None, None)  # where `first` was evaluated, and what it gave

    def f(self, x: Array, gamma: float) -> Array:
        where, found = self._last
        if where == (at := (x.tolist(), float(gamma))):
            return self._array(lambda: found[0], (self.n,))
        return self._array(lambda: self._module.value(*at), (self.n,))

    def jacobian(self, x: Array, gamma: float) -> Array:
        return self._array(lambda: self._first(x, gamma)[1], (self.n, self.n))

    def f_gamma(self, x: Array, gamma: float) -> Array:
        return self._array(lambda: self._first(x, gamma)[2], (self.n,))

    def _first(self, x: Array, gamma: float) -> Any:
        """f, A and ∂f/∂γ, evaluated once where they are asked for one after another."""
        where = (x.tolist(), float(gamma))
        if self._last[0] != where:
            self._last = where, self._module.first(*where)
        return self._last[1]

    def jacobian_times_derivatives(self, x: Array, gamma: float, a: Array) -> tuple[Array, Array]:
        """∂_x(J a) and ∂_γ(J a)."""
        n = self.n

        def both() -> list[Any]:
            rows, column = self._module.second(x.tolist(), float(gamma), a.tolist(), 0.0)
            return [*rows, column]

        values = self._array(both, (n + 1, n))
        return values[:n], values[n]

    def jacobian_along(self, x: Array, gamma: float, dx: Array, dgamma: float) -> Array:
        """B(dx, ·) + dγ ∂A/∂γ."""
        where, along = (x.tolist(), float(gamma)), (dx.tolist(), float(dgamma))
        return self._array(lambda: self._module.second(*where, *along)[0], (self.n, self.n))

    def _array(self, compute: Callable[[], Any], shape: tuple[int, ...]) -> Array:
        try:
            values = np.array(compute(), dtype=np.float64)
        except (ArithmeticError, ValueError, TypeError):
            return np.full(shape, np.nan)
        return values if values.shape == shape else np.full(shape, np.nan)
