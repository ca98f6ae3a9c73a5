"""problem.json: a vector field x' = f(x, gamma), or a map x -> x + f(x, gamma)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from .budget import OPERATION, Budget, bytes_of, digits_in, size_of
from .files import Bundle
from .intervals import Interval
from .products import Engine, small_product
from .verdicts import Matrix

KINDS = {f"proofgen-{x}": f"{x}_problem" for x in ("equations", "cell", "plane")}  # others are networks


@dataclass
class Problem:
    title: str
    n: int
    interval: Interval | None
    sha256: str
    multiply: Engine
    budget: Budget
    box: dict[str, Fraction]  # the largest radius of each array that is not exact

    parameter = "gamma"  # its name, for readers
    discrete = False  # whether it is a map (section 20)
    plane: ClassVar[bool] = False  # whether it has two parameters (section 28)
    branch: ClassVar[str] = "branch"  # the file with what branch.json is for it
    jets: ClassVar[str]  # the file with f and its derivatives
    orbits: ClassVar[str]  # that with f for periodic orbits
    tubes: ClassVar[str]  # the file with f and its Jacobian around a curve

    @property
    def trivial(self) -> bool:
        """Whether f(0, gamma) = 0 for all gamma, exactly."""
        raise NotImplementedError

    def product(self, *factors: Matrix) -> Matrix:
        """Exact; formed from the right."""
        B = factors[-1]
        width, b = len(B[0]), size_of(B)
        for A in factors[-2::-1]:
            rows, inner, a = len(A), len(A[0]), size_of(A)
            each = digits_in(a) * digits_in(b) + (40 if rows <= 8 else 4)
            self.budget.spend(rows * inner * width * each + (rows + inner) * width * OPERATION + 10 * OPERATION)
            self.budget.fits(bytes_of(rows * width, a + b) + inner * width * (a + b) // 4)
            b += a + inner.bit_length()
        return small_product(*factors) if len(factors[0]) <= 8 else self.multiply(*factors)


def read_problem(bundle: Bundle, engine: Engine) -> Problem:
    raw, sha256 = bundle.json("problem.json")
    kind = raw.get("format") if isinstance(raw, dict) else None
    module = bundle.parts(KINDS.get(kind if isinstance(kind, str) else "", "network_problem"))
    problem: Problem = module.read(bundle, raw, sha256, engine, "problem.json")
    problem.parameter = ", ".join(x["name"] for x in (raw["parameters"] if problem.plane else [raw["parameter"]]))
    return problem
