"""A vector field given by its equations, as LaTeX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..symbolic.equations_derivation import EquationsDerivation, Operations
from ..symbolic.partials import Components, Written
from .numbers import Tex
from .shared import hash_tex, interval_tex, range_words
from .words import Words, equations_words

Json = dict[str, Any]
ONE_BLOCK = 24  # lines of a system that need not be broken over pages
NAMED = 8  # variables that are listed
COLUMNS = 60.0  # letters of formulas that stand side by side


@dataclass(frozen=True)
class ComponentsTex:
    """name: of the whole, such as B(u,v); lines: of an align environment, empty where everything vanishes."""

    name: Tex
    lines: tuple[Tex, ...]
    vanish: bool
    matrix: Tex | None


@dataclass(frozen=True)
class EquationsTex:
    """What all documents of a bundle share. state: x = (V, m, …); block: the equations stay on one page."""

    words: Words
    title: str
    gamma: Tex
    range_words: Tex
    box: None
    state: Tex
    field: tuple[Tex, ...] | None
    block: bool
    definitions: tuple[Tex, ...]
    constants: tuple[Tex, ...] | None
    constant_count: int
    marked: tuple[Tex, ...]
    marks: str
    exprel: bool
    everywhere: bool
    operations: Operations
    product_rule: tuple[Tex, ...]
    jets: tuple[Tex, ...]
    jacobian: ComponentsTex | None
    others: tuple[ComponentsTex, ...]
    unwritten: tuple[Tex, ...]
    l1: Tex
    problem_digest: Tex


def equations_tex(problem: Json, branch: Json, d: EquationsDerivation) -> EquationsTex:
    """The field; empty documents give what a derivation alone needs."""
    words, gamma = equations_words(d.vector, d.names), Tex(d.parameter)
    field = None if d.field is None else _aligned(d.field)
    if d.field is not None and sum(len(item.lines) for item in d.field) > ONE_BLOCK:
        field = _packed(d.field)
    written = [_components(components) for components in d.written]
    jacobian = next((components for components in written if components.name == "A"), None)
    return EquationsTex(
        words=words,
        title=d.title,
        gamma=gamma,
        range_words=range_words(gamma, interval_tex(problem.get("parameter", {}))),
        box=None,
        state=_state(words, d.dimension),
        field=field,
        block=sum(line.count("\n") + 1 for line in field or ()) <= ONE_BLOCK,
        definitions=_aligned((*(d.definitions or ()), *d.long_constants)),
        constants=None if d.constants is None else tuple(Tex(latex) for latex, _ in d.constants),
        constant_count=d.constant_count,
        marked=tuple(Tex(latex) for _, latex in d.marked),
        marks=" or ".join(sorted({how for how, _ in d.marked}, reverse=True)),
        exprel=d.exprel,
        everywhere=d.everywhere,
        operations=d.operations,
        product_rule=tuple(Tex(formula.aligned) for formula in d.product_rule),
        jets=tuple(Tex(formula.aligned) for formula in d.jets),
        jacobian=jacobian,
        others=tuple(components for components in written if components is not jacobian),
        unwritten=tuple(Tex(latex) for latex, _ in d.unwritten),
        l1=Tex(f"{d.l1.left} = {d.l1.terms[0]}"),
        problem_digest=hash_tex(branch.get("problem", {}).get("sha256", "")),
    )


def _aligned(items: tuple[Written, ...]) -> tuple[Tex, ...]:
    return tuple(Tex(item.aligned) for item in items)


def _state(words: Words, n: int) -> Tex:
    names = words.names if n <= NAMED else (*words.names[:2], r"\dots", words.names[-1])
    return Tex(f"{words.vector} = ({', '.join(names)})")


def _components(components: Components) -> ComponentsTex:
    name, matrix = Tex(components.name), None if components.matrix is None else Tex(components.matrix)
    if name == "A":
        return ComponentsTex(name, _packed(components.lines), components.vanish, matrix)
    if matrix is not None:
        return ComponentsTex(name, (Tex(f"{name} &= {matrix}"),), False, None)
    return ComponentsTex(name, _aligned(components.lines), components.vanish, None)


def _packed(items: tuple[Written, ...]) -> tuple[Tex, ...]:
    """Short formulas side by side."""
    widest = max((item.width for item in items), default=0.0)
    columns = next((count for count in (3, 2) if widest <= COLUMNS / count), 1)
    if columns == 1:
        return _aligned(items)
    rows = [items[k : k + columns] for k in range(0, len(items), columns)]
    return tuple(Tex(", & \\qquad ".join(item.aligned for item in row)) for row in rows)
