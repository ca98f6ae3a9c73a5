"""The field of a problem in the units that a certificate needs, and the arrays of witnesses in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from .context import Checker
from .files import Stored
from .intervals import real
from .jets import Field
from .parts import Parts
from .problem import Problem
from .verdicts import MAX_OTHER, Rejected


def field_of(problem: Problem, F: int, parts: Parts | None = None) -> Field:
    """f and its jets, in units of 2^-F."""
    parts = parts or Parts()
    parts("extrema")
    field: Field = parts(problem.jets).FIELD(problem, F)
    return field


def field_for(checker: Checker, precision: int) -> Field:
    F = max(precision, 128) + 64
    if F not in checker.fields:
        checker.fields[F] = field_of(checker.problem, F, checker.parts)
    found: Field = checker.fields[F]
    return found


def wide(checker: Checker, net: Field, gamma: Fraction, x: Sequence[Fraction]) -> Field:
    """A field with finer units where values are large: there derivatives such as 2z'^2/z^3 meet numbers far below
    the unit (the units of all numbers are the same)."""
    bits = net.largest(real(gamma, net.F), [real(y, net.F) for y in x])
    return net if bits <= 16 else field_for(checker, net.F - 64 + 3 * min(bits, 1000))


def read_vector(checker: Checker, value: Any, where: str, n: int) -> list[Fraction]:
    (row,), shift = checker.bundle.limb_sum(value, where, (n,))
    return [Fraction(x, 1 << shift) for x in row]


def stacked_arrays(checker: Checker, witness: dict[str, Any], shapes: dict[str, tuple[int, int]],
                   may_be_null: Collection[str],
                   others: Mapping[str, tuple[int, int]] = MappingProxyType({}),
                   ) -> dict[str, Stored | None]:  # fmt: skip
    """Binary64 arrays of these shapes, some of them of these or of others."""
    result = dict[str, Stored | None]()
    for key, shape in shapes.items():
        absent = key in may_be_null and witness[key] is None
        found = None if absent else checker.bundle.stored(witness[key], f"branch.json: {key}", MAX_OTHER // 8)
        if found:
            checker.bundle.budget.hold(len(found.data))
        if found and (found.shape not in (shape, others.get(key)) or found.denominator is not None):
            raise Rejected(f"branch.json: {key} is not a binary64 array of shape {shape}")
        result[key] = found
    return result
