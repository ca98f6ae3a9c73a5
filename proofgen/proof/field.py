"""What a theorem may ask of a vector field x' = f(x, γ), in balls: the contract of the generated code.

Whoever implements it (`proofgen.codegen` prints and loads the code) promises for every function: its result contains
the exact value for every choice of the arguments in their balls, at the working precision in force; what is not finite
or not defined comes out as NaN or as an exception, never as a narrow ball. A = D_x f, B = D²_x f, C = D³_x f.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from flint import acb, arb, arb_mat


class Expansion(Protocol):
    """The field at one box of (x, γ): its intermediate values with the derivatives of its functions of one argument.

    value: f, n balls. z: the intermediate values by which a tube is followed, in groups (the arguments of the layers of
    a network, all operations of equations): along a line in (x, γ) each moves as `FieldBalls.tangent` says, and `known`
    of `FieldBalls.expand` has the same shape.
    """

    @property
    def value(self) -> list[arb]: ...
    @property
    def z(self) -> list[list[arb]]: ...


class FieldBalls(Protocol):
    """A field with its data as balls (weights with their box) at one working precision; use it at that precision.

    n: dimension; nonlinear: groups of `Expansion.z` whose width counts, since a function with φ'' ≠ 0 takes them.
    Directions u, v, w are lists of n acb; a slope is a list of n real balls x', the direction (x', 1) of (x, γ).
    """

    @property
    def n(self) -> int: ...
    @property
    def nonlinear(self) -> Sequence[int]: ...

    def expand(self, gamma: arb, x: list[arb], order: int, known: list[list[arb]] | None = None) -> Expansion:
        """The field over the boxes of γ and x, with what derivatives up to ``order`` (at most 3) need.

        known: other enclosures of z, entry by entry. Raises ProofFailure where f is not proved defined and analytic on
        the boxes (OUTSIDE_DOMAIN); it may where known enclosures cannot be right.
        """
        ...

    def jacobian(self, e: Expansion) -> arb_mat:
        """A, n × n. Order 1."""
        ...

    def parameter_derivative(self, e: Expansion) -> list[acb]:
        """∂f/∂γ. Order 1."""
        ...

    def jacobian_parameter(self, e: Expansion, u: list[acb]) -> list[acb]:
        """(∂A/∂γ)u. Order 2."""
        ...

    def jacobian_along(self, e: Expansion, u: list[acb], gamma: int) -> arb_mat:
        """The matrix B(u, ·) + γ' ∂A/∂γ for a real direction u and γ' = ``gamma``, 0 or 1. Order 2."""
        ...

    def tangent(self, e: Expansion, slope: list[arb]) -> tuple[list[list[arb]], list[arb]]:
        """z and f differentiated along (slope, 1). Order 1."""
        ...

    def second_along(self, e: Expansion, slope: list[arb]) -> list[arb] | None:
        """D²f[(slope, 1), (slope, 1)], or None where the field does not offer it. Order 2."""
        ...

    def B(self, e: Expansion, u: list[acb], v: list[acb]) -> list[acb]:
        """B(u, v). Order 2."""
        ...

    def C(self, e: Expansion, u: list[acb], v: list[acb], w: list[acb]) -> list[acb]:
        """C(u, v, w). Order 3."""
        ...
