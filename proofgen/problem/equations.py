"""A vector field, or a map, given by its equations."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

from .options import ProofOptions


@dataclass(frozen=True)
class EquationsProblem:
    """``x' = f(x, γ)`` by its equations (FORMAT.md, section 14); all texts are checked and read exactly.

    constants, definitions: (name, expression) in order; each may use those before it, definitions also variables and γ.
    start: a rough equilibrium at the left end of the interval; box: (low, high) of each variable, where the search for
    one begins (both are hints for the search, no part of the theorem). discrete: the equations are those of a map
    ``x ↦ F(x, γ)``; then f = F − x, whose equilibria are the fixed points of F. source: of the model, as the spec says.
    """

    kind: ClassVar[str] = "equations"

    title: str
    variables: tuple[str, ...]
    equations: tuple[str, ...]
    interval: tuple[Fraction, Fraction]
    constants: tuple[tuple[str, str], ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    parameter_name: str = "gamma"
    proof: ProofOptions = field(default_factory=ProofOptions)
    start: tuple[Fraction, ...] | None = None
    box: tuple[tuple[Fraction, Fraction], ...] | None = None
    discrete: bool = False
    source: str = ""

    @property
    def dimension(self) -> int:
        return len(self.variables)

    @property
    def has_box(self) -> bool:
        """Every number is exact."""
        return False

    @property
    def largest_number(self) -> Fraction:
        """Of the parameter's interval: the equations have no arrays."""
        return max(map(abs, self.interval))
