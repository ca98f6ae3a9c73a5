"""A field over an interval whose parameter runs backwards. UNTRUSTED."""

from __future__ import annotations

from dataclasses import dataclass

from .field import Array, FieldApprox, jacobian_along, jacobian_times_derivatives, values_along


@dataclass(frozen=True)
class Mirrored:
    """At γ the field at total − γ."""

    field: FieldApprox
    total: float

    @property
    def n(self) -> int:
        return self.field.n

    def f(self, x: Array, gamma: float) -> Array:
        return self.field.f(x, self.total - gamma)

    def jacobian(self, x: Array, gamma: float) -> Array:
        return self.field.jacobian(x, self.total - gamma)

    def f_gamma(self, x: Array, gamma: float) -> Array:
        return -self.field.f_gamma(x, self.total - gamma)

    def values_along(self, x: Array, gamma: float) -> tuple[Array, Array, Array]:
        value, jacobian, slope = values_along(self.field, x, self.total - gamma)
        return value, jacobian, -slope

    def jacobian_times_derivatives(self, x: Array, gamma: float, a: Array) -> tuple[Array, Array]:
        by_x, by_gamma = jacobian_times_derivatives(self.field, x, self.total - gamma, a)
        return by_x, -by_gamma

    def jacobian_along(self, x: Array, gamma: float, dx: Array, dgamma: float) -> Array:
        return jacobian_along(self.field, x, self.total - gamma, dx, -dgamma)
