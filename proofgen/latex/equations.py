"""A vector field given by its equations, as LaTeX."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..bundle.bundle import Bundle
from ..formulas.formula import Formula
from .letters import Letters
from .numbers import Tex
from .shared import interval_tex, problem_digest, range_words
from .words import Words, equations_words

ONE_BLOCK = 24  # lines of a system that need not be broken over pages
NAMED = 8  # variables that are listed
COLUMNS = 60.0  # letters of formulas that stand side by side
WRITTEN_LINES = 28  # of the derivatives that a certificate writes out; a derivation prints all of them
_OWN = {
    letter: rf"\mathsf {own}" for letter, own in (("a", "U"), ("b", "W"), ("h", "V"), ("z", "U"), (r"\sigma", "S"))
}  # fmt: skip
BESIDE_PICTURES = 18  # of them in a certificate with pictures

if TYPE_CHECKING:
    from ..formulas.equations import EquationsDerivation, Operations, PlaneDerivation
    from ..formulas.partials import Components, Written


@dataclass(frozen=True)
class ComponentsTex:
    """name: of the whole, such as B(u,v); lines: of an align environment, empty where everything vanishes."""

    name: Tex
    lines: tuple[Tex, ...]
    vanish: bool
    matrix: Tex | None


@dataclass(frozen=True)
class EquationsTex:
    """What all documents of a bundle share. state: x = (V, m, …); letters: of the model; block: the equations
    stay on one page; unwritten: derivatives that are too long everywhere, left_out: that only a derivation prints."""

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
    letters: Letters
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
    left_out: tuple[Tex, ...]
    l1: Tex
    problem_digest: Tex
    short_checker: bool = False
    parameters: tuple[Tex, ...] = ()  # both, where there are two

    @property
    def parameter_words(self) -> Tex:
        """``the parameter~$m$``, of two ``the parameters~$m$ and~$n$``."""
        if not self.parameters:
            return Tex(f"the parameter~${self.gamma}$")
        return Tex(f"the parameters~${self.parameters[0]}$ and~${self.parameters[1]}$")


def equations_tex(bundle: Bundle | None, d: EquationsDerivation, pictures: bool) -> EquationsTex:
    """The field; no bundle gives what a derivation alone needs. pictures: they take room."""
    words, gamma = equations_words(d.vector, d.names, d.discrete), Tex(d.parameter)
    field = None if d.field is None else _aligned(d.field)
    if d.field is not None and sum(len(item.lines) for item in d.field) > ONE_BLOCK:
        field = _packed(d.field)
    written = [_components(components) for components in d.written]
    kept = _fitting(written, BESIDE_PICTURES if pictures else WRITTEN_LINES) if bundle is not None else len(written)
    written, left_out = written[:kept], tuple(components.name for components in written[kept:])
    jacobian = next((components for components in written if components.name == "A"), None)
    return EquationsTex(
        words=words,
        title=d.title,
        gamma=gamma,
        range_words=range_words(gamma, interval_tex(bundle)),
        box=None,
        state=_state(words, d.dimension),
        field=field,
        block=sum(line.count("\n") + 1 for line in field or ()) <= ONE_BLOCK,
        definitions=_aligned((*(d.definitions or ()), *d.long_constants)),
        constants=None if d.constants is None else tuple(Tex(latex) for latex, _ in d.constants),
        constant_count=d.constant_count,
        letters=Letters(frozenset(d.letters), frozenset(d.shared)),
        marked=tuple(Tex(latex) for _, latex in d.marked),
        marks=" or ".join(sorted({how for how, _ in d.marked}, reverse=True)),
        exprel=d.exprel,
        everywhere=d.everywhere,
        operations=d.operations,
        product_rule=tuple(_own_letters(formula) for formula in d.product_rule),
        jets=tuple(_own_letters(formula) for formula in d.jets),
        jacobian=jacobian,
        others=tuple(components for components in written if components is not jacobian),
        unwritten=tuple(Tex(latex) for latex, _ in d.unwritten),
        left_out=left_out,
        l1=Tex(f"{d.l1.left} = {d.l1.terms[0]}"),
        problem_digest=problem_digest(bundle),
    )


def plane_tex(bundle: Bundle | None, d: PlaneDerivation, pictures: bool) -> EquationsTex:
    """A field with two parameters, which stand together where others have one."""
    both = (Tex(d.parameters[0]), Tex(d.parameters[1]))
    shown = equations_tex(bundle, d, pictures)
    words = replace(shown.words, formulas="formulas/plane.tex.jinja")
    return replace(shown, gamma=Tex(f"{both[0]},{both[1]}"), words=words, parameters=both)


def _own_letters(formula: Formula) -> Tex:
    """A rule for jets, h = σ(z) or a product ab, in letters that no variable of a model has."""
    return Tex(re.sub(r"\\sigma|[abhz]", lambda found: _OWN[found[0]], formula.latex))


def _fitting(written: list[ComponentsTex], room: int) -> int:
    """How many derivatives, the lowest first, have room (in lines)."""
    used = 0
    for number, components in enumerate(written):
        used += 1 + sum(line.count("\n") + 1 for line in components.lines if components.matrix is None)
        if used > room:
            return number
    return len(written)


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
        return _joined(items)
    rows = [items[k : k + columns] for k in range(0, len(items), columns)]
    return tuple(Tex(", & \\qquad ".join(item.aligned for item in row)) for row in rows)


def _joined(items: tuple[Written, ...]) -> tuple[Tex, ...]:
    """Neighbours in one line where they fit, aligned at the first of a line only."""
    rows: list[str] = []
    used = COLUMNS
    for item in items:
        single = len(item.lines) == 1
        if single and used + 4 + item.width <= COLUMNS:
            rows[-1] += rf",\qquad {item.left} = {item.lines[0]}"
            used += 4 + item.width
        else:
            rows.append(item.aligned)
            used = item.width if single else COLUMNS
    return tuple(Tex(row) for row in rows)
