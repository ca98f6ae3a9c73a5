"""Partial derivatives of a vector field, written out by SymPy where that is readable.

Whether it is readable is decided by numbers of terms and widths alone, so that the same problem always gives the same
text; SymPy is not asked for what would be too long anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, permutations
from math import comb

import sympy as sp

from .derivative import derivative
from .names import Symbol
from .sympy_form import Reader, SympyField
from .typeset import Item, Name, Number, Product, Sum, Typesetter, text

LINE = 62.0  # letters in a line of a displayed formula
MATRIX_DIMENSION, MATRIX_WIDTH, ROW_WIDTH = 6, 58.0, 36.0
MAX_OPERATIONS = 300  # of one partial derivative
TIDY_OPERATIONS, TIDY_DEGREE, TIDY_SYMBOLS, TIDY_TERMS = 40, 6, 4, 24


@dataclass(frozen=True)
class Limit:
    """count: of nonzero partial derivatives; width: of all of them, in letters; one: of each."""

    count: int
    width: float
    one: float


FIRST, SECOND, THIRD = Limit(60, 1600, 260), Limit(30, 800, 180), Limit(24, 600, 150)


@dataclass(frozen=True)
class Written:
    """``left = right``. lines: the right side in LaTeX, broken where it is long; text: the whole for a terminal;
    width: of the whole if it were one line, in letters."""

    left: str
    lines: tuple[str, ...]
    text: str
    width: float

    @property
    def aligned(self) -> str:
        """Lines of an align environment."""
        return f"{self.left} &= " + " \\\\\n &\\quad ".join(self.lines)


def written(left: tuple[str, str], item: Item, typesetter: Typesetter) -> Written:
    """left: LaTeX and text."""
    width = LINE - max(0, len(left[1]) - 4)
    whole = f"{left[1]} = {text(item)}"
    return Written(left[0], tuple(typesetter.lines(item, width)), whole, len(left[1]) + typesetter.width(item))


@dataclass(frozen=True)
class Components:
    """A derivative by its components that do not vanish. name: LaTeX of the whole; vanish: some components are 0;
    matrix: the whole as a matrix (a vector as a row, transposed), where it is small."""

    name: str
    text: str
    lines: tuple[Written, ...]
    vanish: bool
    matrix: str | None = None


Partials = dict[tuple[int, ...], sp.Expr]  # (component, variables in increasing order) → what does not vanish


@dataclass(frozen=True)
class Writer:
    """gamma: the parameter; directions: u, v, w."""

    reader: Reader
    typesetter: Typesetter
    gamma: Symbol
    directions: tuple[Symbol, ...]

    def labels(self) -> tuple[tuple[str, str], ...]:
        """A, ∂f/∂γ, (∂A/∂γ)u, B and C in LaTeX and as text."""
        u, v, w = (letter.plain for letter in self.directions)
        a, b, c = (letter.text for letter in self.directions)
        by, name = rf"\partial_{{{self.gamma.plain}}}", self.gamma.text
        return (
            ("A", "A"),
            (f"{by}f", f"∂f/∂{name}"),
            (rf"({by}A){u}", f"(∂A/∂{name}){a}"),
            (f"B({u},{v})", f"B({a},{b})"),
            (f"C({u},{v},{w})", f"C({a},{b},{c})"),
        )

    def expanded(self, field: SympyField) -> tuple[Components | None, ...]:
        """A, ∂f/∂γ, (∂A/∂γ)u, B, C; None for what is too long. Raises ArithmeticError (see `equations_sympy`)."""
        size, labels = len(field.components), self.labels()
        zeroth: Partials = {(i,): f for i, f in enumerate(field.components)}
        by_gamma = self._vector(self._by_gamma(zeroth, field, FIRST), size, labels[1], FIRST)
        first = self._partials(zeroth, field, FIRST)
        jacobian = None if first is None else self._jacobian(first, size, labels[0])
        mixed = self._vector(None if first is None else self._by_gamma(first, field, SECOND), size, labels[2], SECOND)
        second = None if first is None or jacobian is None else self._partials(first, field, SECOND)
        bilinear = self._vector(second, size, labels[3], SECOND)
        third = None if second is None or bilinear is None else self._partials(second, field, THIRD)
        return jacobian, by_gamma, mixed, bilinear, self._vector(third, size, labels[4], THIRD)

    # derivatives

    def _partials(self, partials: Partials, field: SympyField, limit: Limit) -> Partials | None:
        """The derivatives of one order more."""
        found: Partials = {}
        for index, expression in partials.items():
            for k, variable in enumerate(field.variables):
                if k >= max(index[1:], default=0) and variable in expression.free_symbols:
                    found[(*index, k)] = derivative(expression, variable)
                    if not self._kept(found, (*index, k), limit):
                        return None
        return found

    def _by_gamma(self, partials: Partials, field: SympyField, limit: Limit) -> Partials | None:
        found: Partials = {}
        for index, expression in partials.items():
            found[index] = derivative(expression, field.parameter)
            if not self._kept(found, index, limit):
                return None
        return found

    def _kept(self, found: Partials, index: tuple[int, ...], limit: Limit) -> bool:
        """Tidy a new derivative; False where it, or their number, is too large."""
        if not _few(found[index]) and sp.count_ops(found[index]) > MAX_OPERATIONS:
            return False
        found[index] = self._tidy(found[index])
        if found[index] == 0:
            del found[index]
        return len(found) <= limit.count

    def _tidy(self, expression: sp.Expr) -> sp.Expr:
        """The shortest of a few equal forms."""
        symbols, forms = expression.free_symbols, [expression]
        if expression.is_Atom:
            return expression
        if expression.is_polynomial(*symbols):
            if _terms(expression) <= TIDY_TERMS:
                forms.append(sp.expand(expression))
        elif any(power.exp.free_symbols for power in expression.atoms(sp.Pow)):
            forms.append(sp.powsimp(expression))
        elif expression.is_rational_function(*symbols) and len(symbols) <= TIDY_SYMBOLS:
            degree = max((abs(power.exp) for power in expression.atoms(sp.Pow)), default=1)
            if sp.count_ops(expression) <= TIDY_OPERATIONS and degree <= TIDY_DEGREE:
                forms.append(sp.factor(expression))
        return min(forms, key=lambda form: self.typesetter.width(self.reader.item(form)))

    # what is printed

    def _jacobian(self, first: Partials, size: int, label: tuple[str, str]) -> Components | None:
        items = {index: self.reader.item(partial) for index, partial in first.items()}
        lines = []
        for (i, j), item in items.items():
            numbers = f"{i + 1}{j + 1}" if size < 10 else f"{i + 1},{j + 1}"
            lines.append(self._line((f"A_{{{numbers}}}", f"A_{i + 1},{j + 1}"), item))
        if not self._readable(list(items.values()), FIRST):
            return None
        return Components(*label, tuple(lines), len(items) < size * size, self._matrix(items, size))

    def _matrix(self, items: dict[tuple[int, ...], Item], size: int) -> str | None:
        if size > MATRIX_DIMENSION:
            return None
        zero: Item = Number(Fraction(0))
        table = [[items.get((i, j), zero) for j in range(size)] for i in range(size)]
        widths = [max(self.typesetter.width(item) for item in column) for column in zip(*table, strict=True)]
        if sum(widths) + 2 * size > MATRIX_WIDTH:
            return None
        rows = [" & ".join(self.typesetter.display(item) for item in row) for row in table]
        tall = any(r"\frac" in row for row in rows)
        return r"\begin{pmatrix} " + (r" \\[2pt] " if tall else r" \\ ").join(rows) + r" \end{pmatrix}"

    def _vector(self, partials: Partials | None, size: int, label: tuple[str, str], limit: Limit) -> Components | None:
        """Σ of partial derivatives times components of the directions, component by component."""
        if partials is None:
            return None
        rows: dict[int, list[tuple[int, Item]]] = {}
        for index, partial in partials.items():
            rows.setdefault(index[0], []).append(self._term(self.reader.item(partial), index[1:]))
        sums: dict[int, Item] = {
            i: terms[0][1] if len(terms) == 1 and terms[0][0] > 0 else Sum(tuple(terms)) for i, terms in rows.items()
        }
        if not self._readable(list(sums.values()), limit):
            return None
        name, plain = (f"({part})" if part.startswith(("∂f", r"\partial")) else part for part in label)
        indexed = [(self._indexed(name, i), self._indexed(plain, i, "")) for i in sums]
        lines = tuple(self._line(left, item) for left, item in zip(indexed, sums.values(), strict=True))
        row = None
        widths = sum(self.typesetter.width(item) + 1 for item in sums.values())
        if name.startswith("(") and sums and size <= MATRIX_DIMENSION and widths < ROW_WIDTH:
            entries = [self.typesetter.inline(sums[i]) if i in sums else "0" for i in range(size)]
            row = rf"\bigl({', '.join(entries)}\bigr)^{{\mathsf T}}"
        return Components(*label, lines, len(sums) < size, row)

    @staticmethod
    def _indexed(name: str, i: int, braces: str = "{}") -> str:
        """The component of B(u,v) as B_1(u,v), of any other vector with the index behind it."""
        index = f"_{i + 1}" if not braces else f"_{{{i + 1}}}"
        if name[0] in "BC":
            return name[0] + index + name[1:]
        return (name if name.endswith(")") else f"({name})") + index

    def _term(self, partial: Item, variables: tuple[int, ...]) -> tuple[int, Item]:
        """The sign and ∂^k f_i times the symmetric sum of components, such as u_1 v_2 + u_2 v_1."""
        sign = 1
        if isinstance(partial, Sum) and len(partial.terms) == 1:
            sign, partial = partial.terms[0]
        elif isinstance(partial, Sum) and all(part < 0 for part, _ in partial.terms):
            sign, partial = -1, Sum(tuple((1, item) for _, item in partial.terms))
        products: list[Item] = []
        for order in sorted(set(permutations(variables))):
            letters = zip(self.directions, order, strict=False)
            factors = tuple(
                Name(Symbol(f"{letter.text}_{k + 1}", letter.base, f"_{{{k + 1}}}")) for letter, k in letters
            )
            products.append(factors[0] if len(factors) == 1 else Product(factors))
        if not variables:
            return sign, partial
        along = products[0] if len(products) == 1 else Sum(tuple((1, item) for item in products))
        front = partial.above if isinstance(partial, Product) and not partial.below else (partial,)
        back = along.above if isinstance(along, Product) else (along,)
        if partial == Number(Fraction(1), isinstance(partial, Number) and partial.decimal):
            return sign, along
        return sign, Product((*front, *back))

    def _readable(self, items: list[Item], limit: Limit) -> bool:
        widths = [self.typesetter.width(item) for item in items]
        return sum(widths) <= limit.width and max(widths, default=0) <= limit.one

    def _line(self, left: tuple[str, str], item: Item) -> Written:
        return written(left, item, self.typesetter)


def _few(expression: sp.Expr) -> bool:
    """Whether `sympy.count_ops`, which is slow, can only say that there are few: a node counts as a sign, a division
    and what joins it, or its two parts, to others."""
    return 4 * sum(1 for _ in islice(sp.preorder_traversal(expression), MAX_OPERATIONS)) <= MAX_OPERATIONS


def _terms(expression: sp.Expr) -> int:
    """A bound for the number of terms of an expanded polynomial."""
    if expression.is_Add:
        return sum(_terms(term) for term in expression.args)
    if expression.is_Mul:
        count = 1
        for factor in expression.args:
            count *= _terms(factor)
        return count
    if expression.is_Pow and not expression.base.is_Atom:
        terms, power = _terms(expression.base), int(expression.exp)
        return comb(terms + power - 1, power)
    return 1
