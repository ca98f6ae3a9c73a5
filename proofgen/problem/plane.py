"""A vector field with two parameters, given by its equations."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import ClassVar

from .options import ProofOptions

Range = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class PlaneProblem:
    """``x' = f(x, α₁, α₂)`` by its equations (FORMAT.md, section 28); all texts are checked and read exactly.

    parameters: the names of α₁ and α₂; box: the range of each, in which Hopf points are followed; constants,
    definitions: (name, expression) in order; each may use those before it, definitions also variables and parameters.
    start: a rough equilibrium in the middle of the box (a hint for the search, no part of the theorem).
    source: of the model, as the spec says.
    """

    kind: ClassVar[str] = "plane"
    discrete: ClassVar[bool] = False
    has_box: ClassVar[bool] = False  # every number is exact
    interval: ClassVar[None] = None  # of one parameter

    title: str
    variables: tuple[str, ...]
    equations: tuple[str, ...]
    parameters: tuple[str, str]
    box: tuple[Range, Range]
    constants: tuple[tuple[str, str], ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    proof: ProofOptions = field(default_factory=ProofOptions)
    start: tuple[Fraction, ...] | None = None
    source: str = ""

    @property
    def dimension(self) -> int:
        return len(self.variables)

    @property
    def parameter_name(self) -> str:
        """Both names, for what has one place for them."""
        return ", ".join(self.parameters)

    @property
    def largest_number(self) -> Fraction:
        """Of the box."""
        return max(abs(end) for ends in self.box for end in ends)
