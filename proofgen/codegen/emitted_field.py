"""An emitted module as what a theorem may ask of a field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import acb, arb, arb_mat

from ..proof.field import Expansion


class EmittedField:
    """The functions of an emitted module as `proof.field.FieldBalls`. expand: how its expansions are made."""

    def __init__(self, n: int, module: Any, expand: Callable[..., Expansion]) -> None:
        self.n = n
        self.nonlinear: Sequence[int] = module.NONLINEAR
        self._module, self._expand = module, expand

    def expand(self, gamma: arb, x: list[arb], order: int, known: list[list[arb]] | None = None) -> Expansion:
        return self._expand(gamma, x, order, known)

    def jacobian(self, e: Expansion) -> arb_mat:
        return self._module.jacobian(e)  # type: ignore[no-any-return]

    def parameter_derivative(self, e: Expansion) -> list[acb]:
        return self._module.parameter_derivative(e)  # type: ignore[no-any-return]

    def jacobian_parameter(self, e: Expansion, u: list[acb]) -> list[acb]:
        return self._module.jacobian_parameter(e, u)  # type: ignore[no-any-return]

    def jacobian_along(self, e: Expansion, u: list[acb], gamma: int) -> arb_mat:
        return self._module.jacobian_along(e, u, gamma)  # type: ignore[no-any-return]

    def tangent(self, e: Expansion, slope: list[arb]) -> tuple[list[list[arb]], list[arb]]:
        return self._module.tangent(e, slope)  # type: ignore[no-any-return]

    def second_along(self, e: Expansion, slope: list[arb]) -> list[arb] | None:
        """None: the field's template has no such function."""
        function = getattr(self._module, "second_along", None)
        return None if function is None else function(e, slope)

    def B(self, e: Expansion, u: list[acb], v: list[acb]) -> list[acb]:
        return self._module.B(e, u, v)  # type: ignore[no-any-return]

    def C(self, e: Expansion, u: list[acb], v: list[acb], w: list[acb]) -> list[acb]:
        return self._module.C(e, u, v, w)  # type: ignore[no-any-return]
