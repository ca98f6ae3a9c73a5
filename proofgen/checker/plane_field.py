"""The field of a problem with two parameters: its inputs are the state and the parameters (section 28)."""

from __future__ import annotations

from .equations_jets import System
from .equations_problem import Equations
from .plane_problem import Plane


class PlaneField(System):
    """f(x, alpha_1, alpha_2) with n + 2 inputs and n outputs.  What Field calls gamma does not occur in it."""

    def __init__(self, p: Plane, F: int) -> None:
        super().__init__(Equations(p.title, p.n + 2, None, p.sha256, p.multiply, p.budget, {}, p.graph, p.constants,
                                   p.roots), F)  # fmt: skip
        self.states = p.n


FIELD = PlaneField
