"""What a search or a picture may ask of a vector field in binary64. UNTRUSTED."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_DIFFERENCE = 6e-6  # about the cube root of the unit roundoff: the step of central differences


class FieldApprox(Protocol):
    """x' = f(x, γ) with what the continuation needs; other fields than networks are welcome."""

    @property
    def n(self) -> int: ...
    def f(self, x: Array, gamma: float) -> Array: ...
    def jacobian(self, x: Array, gamma: float) -> Array: ...
    def f_gamma(self, x: Array, gamma: float) -> Array: ...


@runtime_checkable
class ValuesAlongApprox(Protocol):
    """A field that evaluates f, ∂_xf and ∂_γf at many points at once, the rows of x."""

    def values_along(self, x: Array, gamma: float) -> tuple[Array, Array, Array]: ...


def values_along(field: FieldApprox, x: Array, gamma: float) -> tuple[Array, Array, Array]:
    """f (N, n), ∂_xf (N, n, n) and ∂_γf (N, n) at the rows of x."""
    if isinstance(field, ValuesAlongApprox):
        return field.values_along(x, gamma)
    return (
        np.array([field.f(row, gamma) for row in x]),
        np.array([field.jacobian(row, gamma) for row in x]),
        np.array([field.f_gamma(row, gamma) for row in x]),
    )


@runtime_checkable
class SecondDerivativesApprox(Protocol):
    """A field that also knows ∂_x(J a) (n × n) and ∂_γ(J a) (n) for a fixed vector a."""

    def jacobian_times_derivatives(self, x: Array, gamma: float, a: Array) -> tuple[Array, Array]: ...


def jacobian_times_derivatives(field: FieldApprox, x: Array, gamma: float, a: Array) -> tuple[Array, Array]:
    """∂_x(J a) and ∂_γ(J a): from the field where it knows them, else by central differences of J."""
    if isinstance(field, SecondDerivativesApprox):
        return field.jacobian_times_derivatives(x, gamma, a)
    columns = [jacobian_along(field, x, gamma, e, 0.0) @ a for e in np.eye(field.n)]
    return np.column_stack(columns), jacobian_along(field, x, gamma, np.zeros(field.n), 1.0) @ a


@runtime_checkable
class JacobianAlongApprox(Protocol):
    """A field that also knows the derivative of J in a direction (n × n); NaN where it is not defined."""

    def jacobian_along(self, x: Array, gamma: float, dx: Array, dgamma: float) -> Array: ...


def jacobian_along(field: FieldApprox, x: Array, gamma: float, dx: Array, dgamma: float) -> Array:
    """The derivative of J in the direction (dx, dγ): from the field where it knows it, else by central differences."""
    if isinstance(field, JacobianAlongApprox):
        found = field.jacobian_along(x, gamma, dx, dgamma)
        if np.all(np.isfinite(found)):
            return found
    length = max(float(np.max(np.abs(dx), initial=0.0)), abs(dgamma))
    if length == 0.0:
        return np.zeros((field.n, field.n))
    step = _DIFFERENCE * max(1.0, float(np.max(np.abs(x), initial=0.0)), abs(gamma)) / length
    forward = field.jacobian(x + step * dx, gamma + step * dgamma)
    backward = field.jacobian(x - step * dx, gamma - step * dgamma)
    return np.asarray((forward - backward) / (2 * step))
