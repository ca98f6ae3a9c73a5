"""The vector field of a run: its ball evaluator for the proofs, and its binary64 form for the search."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from flint import arb

from ..codegen.equations import EquationsEmission, EquationsEvaluator
from ..codegen.layered import LayeredEmission, LayeredEvaluator
from ..codegen.loading import load_emitted
from ..errors import DisjointError, OutsideDomainError
from ..problem.equations import EquationsProblem
from ..problem.problem import AnyProblem
from ..proof.failure import FailureCode, ProofFailure
from ..proof.tube import FieldEvaluator
from ..search.field import FieldApprox, layered_field_approx
from ..search.witness import Array

AnyEmission = LayeredEmission | EquationsEmission


def field_evaluator(problem: AnyProblem, emission: AnyEmission) -> FieldEvaluator:
    """The evaluator at the working precision in force; outside its domain it raises ProofFailure."""
    if isinstance(problem, EquationsProblem):
        assert isinstance(emission, EquationsEmission)
        return _Guarded(EquationsEvaluator(problem, emission))
    assert isinstance(emission, LayeredEmission)
    return LayeredEvaluator(problem, emission)


class _Guarded:
    """An evaluator of equations whose domain is a hypothesis like any other."""

    def __init__(self, evaluator: EquationsEvaluator) -> None:
        self.module, self.n, self._evaluator = evaluator.module, evaluator.n, evaluator

    def expand(self, gamma: arb, x: list[arb], order: int, known: list[list[arb]] | None = None) -> Any:
        try:
            return self._evaluator.expand(gamma, x, order, known)
        except OutsideDomainError as error:
            raise ProofFailure(FailureCode.OUTSIDE_DOMAIN, str(error)) from None
        except DisjointError as error:
            raise ProofFailure(FailureCode.BRANCH_NOT_VERIFIED, str(error)) from None


def field_approx(problem: AnyProblem, emission: AnyEmission) -> FieldApprox:
    """The field in binary64 (untrusted)."""
    if isinstance(problem, EquationsProblem):
        assert isinstance(emission, EquationsEmission)
        return EquationsFieldApprox(problem.dimension, emission.approx_source)
    return layered_field_approx(problem)


class EquationsFieldApprox:
    """Emitted binary64 code as arrays; where it fails (a division by 0, an overflow) everything is NaN."""

    def __init__(self, n: int, source: str) -> None:
        self.n = n
        self._module = load_emitted(source)

    def f(self, x: Array, gamma: float) -> Array:
        return self._array(lambda: self._module.value(x.tolist(), float(gamma)), (self.n,))

    def jacobian(self, x: Array, gamma: float) -> Array:
        return self._array(lambda: self._module.first(x.tolist(), float(gamma))[1], (self.n, self.n))

    def f_gamma(self, x: Array, gamma: float) -> Array:
        return self._array(lambda: self._module.first(x.tolist(), float(gamma))[2], (self.n,))

    def jacobian_times_derivatives(self, x: Array, gamma: float, a: Array) -> tuple[Array, Array]:
        """∂_x(J a) and ∂_γ(J a)."""
        n = self.n

        def both() -> list[Any]:
            rows, column = self._module.second(x.tolist(), float(gamma), a.tolist(), 0.0)
            return [*rows, column]

        values = self._array(both, (n + 1, n))
        return values[:n], values[n]

    def _array(self, compute: Callable[[], Any], shape: tuple[int, ...]) -> Array:
        try:
            values = np.array(compute(), dtype=np.float64)
        except (ArithmeticError, ValueError, TypeError):
            return np.full(shape, np.nan)
        return values if values.shape == shape else np.full(shape, np.nan)
