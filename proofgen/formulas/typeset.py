"""Expressions for reading: in LaTeX, broken over lines where they are long, and as text.

An expression is a small tree made either from the user's text, whose order it keeps (`Layout` is an algebra for
`parse.interpret`), or from SymPy. Nothing is computed here but signs and the order of factors. (SymPy's printers would
put what the user wrote into another order, and know nothing of the width of a line.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..numbers.decimals import exact_decimal
from .names import Symbol


@dataclass(frozen=True)
class Number:
    """A rational number ≥ 0; decimal: written as a decimal where it is one."""

    value: Fraction
    decimal: bool = True


@dataclass(frozen=True)
class Name:
    symbol: Symbol


@dataclass(frozen=True)
class Sum:
    """Σ sign · term; one term with the sign −1 is a negative expression."""

    terms: tuple[tuple[int, Item], ...]


@dataclass(frozen=True)
class Product:
    """above/below."""

    above: tuple[Item, ...]
    below: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Power:
    base: Item
    exponent: Item


@dataclass(frozen=True)
class Call:
    """A function; primes: which derivative of it."""

    name: str
    argument: Item
    primes: int = 0


Item = Number | Name | Sum | Product | Power | Call
ONE = Number(Fraction(1))


@dataclass(frozen=True)
class Layout:
    """The algebra that keeps a text as it was written: an item for every expression."""

    names: Mapping[str, Symbol]

    def number(self, value: Fraction) -> Item:
        return Number(value) if value >= 0 else negative(Number(-value))

    def variable(self, name: str) -> Item:
        return Name(self.names[name])

    def add(self, x: Item, y: Item) -> Item:
        return Sum((*_terms(x), *_terms(y)))

    def multiply(self, x: Item, y: Item) -> Item:
        return negative(y) if x == negative(ONE) else product((x, y))

    def divide(self, x: Item, y: Item) -> Item:
        return quotient(x, y)

    def power(self, x: Item, exponent: int) -> Item:
        return Power(x, self.number(Fraction(exponent)))

    def general_power(self, x: Item, y: Item) -> Item:
        return Power(x, y)

    def function(self, name: str, x: Item) -> Item:
        return Call(name, x)


def _terms(x: Item) -> tuple[tuple[int, Item], ...]:
    return x.terms if isinstance(x, Sum) else ((1, x),)


def _is_one(x: Item) -> bool:
    return isinstance(x, Number) and x.value == 1


def negative(x: Item) -> Item:
    if isinstance(x, Sum) and len(x.terms) == 1:
        sign, term = x.terms[0]
        return term if sign < 0 else Sum(((-1, term),))
    return Sum(((-1, x),))


def product(factors: Sequence[Item]) -> Item:
    """Signs in front, numbers first; the factor 1 is left out."""
    sign, above, below = 1, list[Item](), list[Item]()
    for factor in factors:
        if isinstance(factor, Sum) and len(factor.terms) == 1:
            sign *= factor.terms[0][0]
            factor = factor.terms[0][1]
        inner = factor if isinstance(factor, Product) else Product((factor,))
        above += [part for part in inner.above if not _is_one(part)]
        below += inner.below
    above.sort(key=lambda factor: not isinstance(factor, Number))
    whole: Item = Product(tuple(above or [ONE]), tuple(below))
    if not below and len(above) <= 1:
        whole = above[0] if above else ONE
    return negative(whole) if sign < 0 else whole


def quotient(x: Item, y: Item) -> Item:
    sign = 1
    if isinstance(y, Sum) and len(y.terms) == 1:
        sign, y = y.terms[0]
    below = y.above if isinstance(y, Product) and not y.below else (y,)
    whole = product((x, Product((ONE,), below)))
    return negative(whole) if sign < 0 else whole


# --- text --------------------------------------------------------------------------------------

_SUM, _PRODUCT, _ATOM = 0, 1, 2


def text(item: Item, level: int = _SUM) -> str:
    """One line for a terminal, with · for products and ^ for powers."""
    match item:
        case Number():
            shown = _number_text(item)
            own = _PRODUCT if "/" in shown else _ATOM
        case Name(symbol=symbol):
            shown, own = symbol.text, _ATOM
        case Sum(terms=terms):
            shown, own = "", _SUM
            for sign, term in terms:
                joint = (" - " if sign < 0 else " + ") if shown else ("-" if sign < 0 else "")
                shown += joint + text(term, _PRODUCT)
        case Product(above=above, below=below):
            own = _PRODUCT
            shown = "·".join(text(factor, _ATOM) for factor in above)
            if below:
                divisor = "·".join(text(factor, _ATOM) for factor in below)
                shown += f"/({divisor})" if len(below) > 1 else f"/{divisor}"
        case Power(base=base, exponent=exponent):
            inner = text(base, _ATOM)
            inner = f"({inner})" if isinstance(base, Power) else inner
            shown, own = f"{inner}^{text(exponent, _ATOM)}", _ATOM
        case Call(name=name, argument=argument, primes=primes):
            shown, own = f"{name}{chr(39) * primes}({text(argument)})", _ATOM
    return f"({shown})" if own < level else shown


def _number_text(item: Number) -> str:
    decimal = exact_decimal(item.value, 400) if item.decimal else None
    return decimal if decimal is not None else str(item.value)


# --- LaTeX -------------------------------------------------------------------------------------

_FUNCTIONS = {
    "exp": r"\exp", "log": r"\log", "sin": r"\sin", "cos": r"\cos", "tan": r"\tan", "tanh": r"\tanh",
    "sinh": r"\sinh", "cosh": r"\cosh", "atan": r"\arctan", "erf": r"\operatorname{erf}",
    "exprel": r"\operatorname{exprel}",
}  # fmt: skip
_OPERATORS = {command[1:4] for command in _FUNCTIONS.values()}
_WIDE_EXPONENT, _NARROW, _CHUNK = 12, 8.0, 40
_FLAT, _PARENTHESES, _TALL, _TALLER = range(4)  # heights, which decide about the size of parentheses
_DELIMITERS = [("(", ")"), (r"\bigl(", r"\bigr)"), (r"\Bigl(", r"\Bigr)"), (r"\biggl(", r"\biggr)")]


@dataclass(frozen=True)
class Piece:
    """LaTeX that is not broken. joint: what stands before it; start: what stands before it at the start of a line."""

    latex: str
    width: float
    height: int = _FLAT
    level: int = _ATOM
    joint: str = ""
    start: str = ""


@dataclass(frozen=True)
class Typesetter:
    """euler: e^u for exponentials (not where e is a name of the spec)."""

    euler: bool = True

    def inline(self, item: Item) -> str:
        """In a line of text: quotients with a slash."""
        return self._show(item, slash=True).latex

    def lines(self, item: Item, width: float, first: float | None = None) -> list[str]:
        """Lines of about the width (in letters; first: of the first line), as few as there is no wide piece."""
        found: list[str] = []
        current, used, room = "", 0.0, width if first is None else first
        for piece in self._pieces(item, width):
            extra = 0.0 if not current else 1.5 if piece.joint.strip() else 0.3
            if current and used + extra + piece.width > room:
                found.append(current)
                current, used, room = piece.start + piece.latex, piece.width + 2, width
            else:
                current += (piece.joint if current else "") + piece.latex
                used += extra + piece.width
        return [*found, current]

    def width(self, item: Item) -> float:
        return self._show(item).width

    def display(self, item: Item) -> str:
        return self._show(item).latex

    # one piece

    def _show(self, item: Item, level: int = _SUM, slash: bool = False) -> Piece:
        piece = self._bare(item, slash)
        return _enclosed(piece) if piece.level < level else piece

    def _bare(self, item: Item, slash: bool) -> Piece:
        match item:
            case Number():
                return _number(item, slash)
            case Name(symbol=symbol):
                return Piece(symbol.plain, symbol.width)
            case Sum(terms=terms):
                latex, width, height = "", 0.0, _FLAT
                for sign, term in terms:
                    piece = self._show(term, _PRODUCT, slash)
                    joint = (" - " if sign < 0 else " + ") if latex else ("-" if sign < 0 else "")
                    latex += joint + piece.latex
                    width += piece.width + (2.0 if len(joint) == 3 else len(joint))
                    height = max(height, piece.height)
                return Piece(latex, width, height, _SUM)
            case Product(above=above, below=()):
                return self._juxtaposed(above, slash)
            case Product(above=above, below=below) if slash:
                top, bottom = self._juxtaposed(above, slash), self._juxtaposed(below, slash)
                top = _enclosed(top) if top.level == _SUM else top
                bottom = _enclosed(bottom) if bottom.level < _ATOM else bottom
                height = max(top.height, bottom.height)
                return Piece(f"{top.latex}/{bottom.latex}", top.width + bottom.width + 1, height, _PRODUCT)
            case Product(above=above, below=below):
                if all(isinstance(factor, Number) for factor in below) and len(above) > 1:
                    numbers = tuple(factor for factor in above if isinstance(factor, Number))
                    rest = above[len(numbers) :]
                    if numbers and any(not isinstance(factor, Name | Power) for factor in rest):
                        return self._juxtaposed((Product(numbers, below), *rest), slash)
                top, bottom = self._whole(above), self._whole(below)
                height = _TALL if max(top.height, bottom.height) < _TALL else _TALLER
                wide = max(top.width, bottom.width) + 0.5
                return Piece(rf"\frac{{{top.latex}}}{{{bottom.latex}}}", wide, height, _PRODUCT)
            case Power(base=base, exponent=exponent):
                return self._power(base, exponent, slash)
            case Call(name=name, argument=argument, primes=primes):
                return self._call(name, argument, primes, slash)

    def _whole(self, factors: tuple[Item, ...]) -> Piece:
        return self._show(factors[0], slash=True) if len(factors) == 1 else self._juxtaposed(factors, True)

    def _juxtaposed(self, factors: tuple[Item, ...], slash: bool) -> Piece:
        if len(factors) == 1:
            return self._show(factors[0], slash=slash)
        latex, width, height = "", 0.0, _FLAT
        before: Item | None = None
        for factor in factors:
            piece = self._show(factor, _ATOM if slash or not isinstance(factor, Product) else _PRODUCT, slash)
            joint = "" if before is None else _joint(before, factor, latex, piece.latex)
            latex += joint + piece.latex
            width += piece.width + {r"\,": 0.4, r" \cdot ": 1.5}.get(joint, 0)
            height = max(height, piece.height)
            before = factor
        return Piece(latex, width, height, _PRODUCT)

    def _power(self, base: Item, exponent: Item, slash: bool) -> Piece:
        raised = self._show(exponent, slash=True)
        if isinstance(base, Call) and base.name not in ("exp", "sqrt"):
            whole = isinstance(exponent, Number) and exponent.value.denominator == 1 and not base.primes
            inner = _enclosed(self._show(base.argument, slash=slash))
            head, mark = _FUNCTIONS[base.name] + "'" * base.primes, f"^{{{raised.latex}}}"
            latex = head + mark + inner.latex if whole else head + inner.latex + mark
            return Piece(latex, inner.width + len(base.name) + 1, inner.height)
        inner = self._bare(base, slash)
        if not isinstance(base, Name | Number) or inner.level < _ATOM or "^" in inner.latex:
            inner = _enclosed(inner)
        return Piece(f"{inner.latex}^{{{raised.latex}}}", inner.width + 0.7 * raised.width, inner.height)

    def _call(self, name: str, argument: Item, primes: int, slash: bool) -> Piece:
        inner = self._show(argument, slash=slash)
        if name == "exp" and self.euler:
            raised = inner if slash else self._show(argument, slash=True)
            if raised.width <= _WIDE_EXPONENT and "^" not in raised.latex:
                return Piece(f"e^{{{raised.latex}}}", 1 + 0.7 * raised.width)
        if name == "sqrt":
            return Piece(rf"\sqrt{{{inner.latex}}}", inner.width + 1.5, max(_PARENTHESES, inner.height))
        argued = _enclosed(inner)
        return Piece(
            _FUNCTIONS[name] + "'" * primes + argued.latex, argued.width + len(name) + 0.4 * primes, argued.height
        )

    # several pieces

    def _pieces(self, item: Item, limit: float, level: int = _SUM) -> list[Piece]:
        whole = self._show(item, level)
        if whole.width <= limit and not (isinstance(item, Sum) and level == _SUM):
            return [whole]
        inside = max(limit - 6, 20.0)
        match item:
            case Sum(terms=terms):
                pieces: list[Piece] = []
                for sign, term in terms:
                    first, *rest = self._pieces(term, inside, _PRODUCT)
                    mark = "-" if sign < 0 else "+"
                    if pieces:
                        first = _joined(first, f" {mark} ", f"{{}}{mark} ", 2)
                    elif sign < 0:
                        first = replace(first, latex="-" + first.latex, width=first.width + 1)
                    pieces += [first, *rest]
                return _wrapped(pieces) if level > _SUM else pieces
            case Product(above=above, below=below):
                pieces = []
                if below:
                    divisor = self._show(Product((ONE,), below))
                    pieces = [divisor] if divisor.width <= inside else []
                    above = tuple(factor for factor in above if not _is_one(factor))
                before: Item | None = None
                for factor in above:
                    level = _PRODUCT if isinstance(factor, Product) else _ATOM
                    more = self._pieces(factor, inside, level)
                    if pieces and len(more) == 1 and more[0].width <= _NARROW:
                        joint = _joint(before or factor, factor, pieces[-1].latex, more[0].latex)
                        pieces[-1] = replace(
                            pieces[-1], latex=pieces[-1].latex + joint + more[0].latex,
                            width=pieces[-1].width + more[0].width + 0.4,
                        )  # fmt: skip
                    else:
                        pieces += self._continued(more, bool(pieces))
                    before = factor
                if below and not (pieces and pieces[0].latex.startswith(r"\frac{1}")):
                    for factor in below:
                        base, power = _without_power(factor)
                        more = _wrapped(self._pieces(base, inside), f"^{{-{power}}}")
                        pieces += self._continued(more, bool(pieces))
                return pieces
            case Power(base=base, exponent=exponent):
                raised = self._show(exponent, slash=True)
                if raised.width > inside:
                    return self._pieces(Call("exp", product((exponent, Call("log", base)))), limit)
                return _wrapped(self._pieces(base, inside), f"^{{{raised.latex}}}")
            case Call(name="sqrt", argument=argument):
                return _wrapped(self._pieces(argument, inside), "^{1/2}")
            case Call(name=name, argument=argument, primes=primes):
                return _wrapped(self._pieces(argument, inside), before=_FUNCTIONS[name] + "'" * primes)
            case Number():
                bare = self._bare(item, False)
                return _wrapped(_digits(bare)) if bare.level < level else _digits(bare)
            case _:
                return [whole]

    def _continued(self, pieces: list[Piece], after: bool) -> list[Piece]:
        first, *rest = pieces
        return [_joined(first, r"\,", r"{}\times ", 1), *rest] if after else pieces


def _without_power(item: Item) -> tuple[Item, int]:
    if isinstance(item, Power) and isinstance(item.exponent, Number) and item.exponent.value.denominator == 1:
        return item.base, int(item.exponent.value)
    return item, 1


def _digits(number: Piece) -> list[Piece]:
    """A long decimal in several pieces."""
    mantissa, dot, power = number.latex.partition(r"\cdot ")
    if set(mantissa) - set("0123456789."):
        return [number]
    pieces = [Piece(mantissa[k : k + _CHUNK], _CHUNK) for k in range(0, len(mantissa), _CHUNK)]
    return [*pieces, Piece(power, 6, joint=" " + dot, start="{}" + dot)] if dot else pieces


def _joined(piece: Piece, joint: str, start: str, extra: float) -> Piece:
    return replace(piece, width=piece.width + extra, joint=joint, start=start)


def _enclosed(piece: Piece) -> Piece:
    left, right = _DELIMITERS[piece.height]
    height = {_FLAT: _PARENTHESES, _TALL: _TALLER}.get(piece.height, piece.height)
    return Piece(left + piece.latex + right, piece.width + 1.4, height)


def _wrapped(pieces: list[Piece], after: str = "", before: str = "") -> list[Piece]:
    """Parentheses around pieces that may stand on several lines."""
    left, right = _DELIMITERS[max(piece.height for piece in pieces)]
    first, last = pieces[0], pieces[-1]
    height = max(max(piece.height for piece in pieces), _PARENTHESES)
    if len(pieces) == 1:
        return [Piece(before + left + first.latex + right + after, first.width + 2 + len(before) / 2, height)]
    opening = Piece(before + left, 1 + len(before) / 2, height)
    closing = Piece(right + after, 1.5 + 0.5 * len(after), height)
    head = replace(first, latex=opening.latex + first.latex, width=first.width + opening.width, height=height)
    tail = replace(last, latex=last.latex + closing.latex, width=last.width + closing.width, height=height)
    heads = [head] if head.width <= _CHUNK else [opening, first]
    return [*heads, *pieces[1:-1], *([tail] if tail.width <= _CHUNK else [last, closing])]


def _number(item: Number, slash: bool) -> Piece:
    decimal = exact_decimal(item.value, 400) if item.decimal or item.value.denominator == 1 else None
    if decimal is None:
        above, below = str(item.value.numerator), str(item.value.denominator)
        if slash:
            return Piece(f"{above}/{below}", len(above) + len(below) + 1, _FLAT, _PRODUCT)
        return Piece(rf"\frac{{{above}}}{{{below}}}", max(len(above), len(below)) + 0.5, _TALL, _PRODUCT)
    mantissa, _, exponent = decimal.partition("e")
    if exponent:
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        head = "" if mantissa == "1" else rf"{mantissa}\cdot "
        level = _PRODUCT if head else _ATOM
        return Piece(f"{head}10^{{{exponent}}}", len(mantissa) + 3 + 0.7 * len(exponent), _FLAT, level)
    return Piece(decimal, len(decimal))


def _joint(before: Item, factor: Item, left: str, right: str) -> str:
    """What stands between two factors: nothing, a thin space, or a dot where digits meet."""
    if right[0].isdigit():
        return r" \cdot "
    if right.startswith("\\") and right[1:4] in _OPERATORS and not left.endswith(")"):
        return " "  # TeX sets a thin space before an operator
    opens = right.startswith(("(", r"\bigl", r"\Bigl", r"\biggl"))
    if left.endswith(")") and opens:
        return ""
    wide = isinstance(before, Call) or isinstance(factor, Call | Product) or isinstance(before, Product)
    apart = opens or left.endswith(")") or wide or r"{\math" in left or right.startswith(r"{\math")
    return r"\," if apart or (isinstance(before, Number) and "." in left) else " "
