"""The equations of a vector field in SymPy, for reading: exact, with real symbols, every definition put in.

SymPy evaluates functions of numbers, and powers of products, where it can; numbers on which that could be long work are
replaced by symbols of their own. Raises ArithmeticError where an expression is not worth it or not representable.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import sympy as sp

from ..numbers.decimals import exact_decimal
from ..problem.equations import EquationsProblem
from ..symbolic.parse import EQUATION, MAX_POWER, interpret, parse
from .names import Symbol
from .typeset import Call, Item, Layout, Name, Number, Power, Sum, negative, product, quotient

LARGE_NUMBER = 10**30  # literals beyond are symbols
LARGE_EXPONENT = 64  # numbers beyond are symbols in exponents
MAX_BITS = 5000  # of a number that a power makes
SHORT_DECIMAL = 8
MAX_DEPTH = 24  # of operations in one another


class ExpRel(sp.Function):  # type: ignore[misc]
    """ExpRel(k, u) = ∫_0^1 t^k e^{tu} dt, the k-th derivative of exprel(u) = (e^u − 1)/u."""

    nargs = 2

    def fdiff(self, argindex: int = 1) -> sp.Expr:
        if argindex != 2:
            raise sp.ArgumentIndexError(self, argindex)
        return ExpRel(self.args[0] + 1, self.args[1])

    def _eval_is_real(self) -> bool | None:
        return bool(self.args[1].is_real) or None

    def _eval_evalf(self, prec: int) -> sp.Expr:
        """∫_0^1 t^k e^{tu} dt = M(k + 1, k + 2, u)/(k + 1), Kummer's function."""
        k, u = self.args
        return (sp.hyper([k + 1], [k + 2], u) / (k + 1))._eval_evalf(prec)


@dataclass(frozen=True)
class _Pair:
    """An expression in SymPy and as it is written."""

    value: sp.Expr
    item: Item


@dataclass
class _Algebra:
    names: Mapping[str, _Pair]
    layout: Layout
    opaque: dict[sp.Symbol, Item]

    def _pair(self, value: sp.Expr, item: Item, partial: bool = False) -> _Pair:
        """partial: of an operation that leaves the real numbers; whether it does takes SymPy long to deduce."""
        if value.has(sp.zoo, sp.nan, sp.oo, sp.I) or (partial and value.is_real is False):
            raise ArithmeticError("not a real expression")
        return _Pair(value, item)

    def _symbol(self, item: Item) -> sp.Symbol:
        """A symbol for a number that SymPy shall leave alone."""
        for symbol, known in self.opaque.items():
            if known == item:
                return symbol
        symbol = sp.Symbol(f"y{len(self.opaque):04d}", real=True)
        self.opaque[symbol] = item
        return symbol

    def number(self, value: Fraction) -> _Pair:
        item = self.layout.number(value)
        if max(abs(value.numerator), value.denominator) > LARGE_NUMBER:
            return _Pair(self._symbol(item), item)
        return _Pair(sp.Rational(value.numerator, value.denominator), item)

    def variable(self, name: str) -> _Pair:
        return self.names[name]

    def add(self, x: _Pair, y: _Pair) -> _Pair:
        return self._pair(x.value + y.value, self.layout.add(x.item, y.item))

    def multiply(self, x: _Pair, y: _Pair) -> _Pair:
        return self._pair(x.value * y.value, self.layout.multiply(x.item, y.item))

    def divide(self, x: _Pair, y: _Pair) -> _Pair:
        return self._pair(x.value / y.value, self.layout.divide(x.item, y.item))

    def power(self, x: _Pair, exponent: int) -> _Pair:
        if _bits(x.value) * abs(exponent) > MAX_BITS:
            raise ArithmeticError("a power of a long number")
        return self._pair(x.value**exponent, self.layout.power(x.item, exponent))

    def general_power(self, x: _Pair, y: _Pair) -> _Pair:
        item = self.layout.general_power(x.item, y.item)
        exponent = y.value
        if exponent.is_Integer and abs(exponent) <= MAX_POWER:
            return _Pair(self.power(x, int(exponent)).value, item)
        if x.value.is_Rational and exponent.is_Rational:
            return _Pair(self._symbol(item), item)
        base = self._symbol(x.item) if x.value.is_Rational else x.value
        return self._pair(base ** self._small(exponent), item, partial=True)

    def function(self, name: str, x: _Pair) -> _Pair:
        item = self.layout.function(name, x.item)
        argument = x.value
        if argument.is_Rational:
            return _Pair(self._symbol(item), item)
        if name == "exprel":
            return _Pair(ExpRel(sp.Integer(0), argument), item)
        if name == "exp" and argument.has(sp.log):
            argument = self._small(argument)
        return self._pair(getattr(sp, name)(argument), item, partial=name in ("log", "sqrt"))

    def _small(self, exponent: sp.Expr) -> sp.Expr:
        """An exponent without numbers that would make a power of a number long."""
        large = {
            number: self._symbol(_rational(number, decimal=True)) for number in exponent.atoms(sp.Rational)
            if max(abs(number.p), number.q) > LARGE_EXPONENT
        }  # fmt: skip
        return exponent.xreplace(large)


def _bits(value: sp.Expr) -> int:
    return max((max(abs(x.p), x.q).bit_length() for x in value.atoms(sp.Rational)), default=0)


def _depth(value: sp.Expr) -> int:
    return 1 + max(map(_depth, value.args), default=0)


@dataclass(frozen=True)
class SympyField:
    """f in SymPy. variables, parameter: its symbols; items: how the symbols are written."""

    variables: tuple[sp.Symbol, ...]
    parameter: sp.Symbol
    components: tuple[sp.Expr, ...]
    items: Mapping[sp.Symbol, Item]


def sympy_field(problem: EquationsProblem, names: Mapping[str, Symbol]) -> SympyField:
    """f with definitions put in and constants as symbols. Raises ArithmeticError (see above)."""
    layout, items = Layout(names), dict[sp.Symbol, Item]()
    known: dict[str, _Pair] = {}
    ordered = [*problem.variables, problem.parameter_name, *(name for name, _ in problem.constants)]
    for number, name in enumerate(ordered):  # SymPy orders terms by names: variables first
        symbol = sp.Symbol(f"x{number:04d}", real=True)
        items[symbol] = Name(names[name])
        known[name] = _Pair(symbol, items[symbol])
    algebra = _Algebra(known, layout, items)

    def read(text: str) -> _Pair:
        try:
            return interpret(parse(text, known, EQUATION), algebra)
        except (ValueError, TypeError, RecursionError) as error:
            raise ArithmeticError(f"not represented in SymPy: {error}") from None

    variables = tuple(known[name].value for name in problem.variables)
    parameter = known[problem.parameter_name].value
    for name, text in problem.definitions:
        known[name] = read(text)
    components = tuple(read(text).value for text in problem.equations)
    if any(_depth(component) > MAX_DEPTH for component in components):
        raise ArithmeticError("nested too deeply to be differentiated for reading")
    if any(component.atoms(sp.Float) for component in components):
        raise AssertionError("a rounded number in an exact expression")
    return SympyField(variables, parameter, components, items)


# --- from SymPy to what is printed -------------------------------------------------------------

_NAMES: dict[type[sp.Function], str] = {
    sp.exp: "exp", sp.log: "log", sp.sin: "sin", sp.cos: "cos", sp.tan: "tan", sp.tanh: "tanh", sp.sinh: "sinh",
    sp.cosh: "cosh", sp.atan: "atan", sp.erf: "erf",
}  # fmt: skip
PI = Symbol("pi", r"\pi")


@dataclass(frozen=True)
class Reader:
    """SymPy → items. decimal: short decimals are written so; moving: the symbols that are not constants."""

    items: Mapping[sp.Symbol, Item]
    decimal: bool
    moving: frozenset[sp.Symbol]
    known: dict[tuple[sp.Expr, bool], Item] = field(default_factory=dict, compare=False)  # what was asked before

    def item(self, expression: sp.Expr) -> Item:
        """Raises ArithmeticError for what the grammar cannot say."""
        key = expression, self.decimal
        if key not in self.known:
            self.known[key] = self._item(expression)
        return self.known[key]

    def _item(self, expression: sp.Expr) -> Item:
        if expression.is_Rational:
            return _rational(expression, self.decimal)
        if expression.is_Symbol:
            return self.items[expression]
        if expression is sp.pi:
            return Name(PI)
        if expression is sp.E:
            return Call("exp", Number(Fraction(1)))
        if expression.is_Add:
            content, primitive = (sp.Integer(1), expression) if self.decimal else _content(expression)
            return self._sum(primitive) if content == 1 else self._product([content, primitive])
        if expression.is_Mul:
            return self._product(sp.Mul.make_args(expression))
        if expression.is_Pow:
            return self._power(expression.base, expression.exp)
        if isinstance(expression, ExpRel):
            return Call("exprel", self._inside(expression.args[1]), int(expression.args[0]))
        name = _NAMES.get(expression.func)
        if name is None or len(expression.args) != 1:
            raise ArithmeticError(f"{expression.func} has no form in the grammar")
        return Call(name, self._inside(expression.args[0]))

    def _inside(self, argument: sp.Expr) -> Item:
        """The argument of a function, with fractions: (25 − V)/10, −V/18."""
        return replace(self, decimal=False).item(argument)

    def _sum(self, expression: sp.Add) -> Item:
        terms: list[tuple[int, Item]] = []
        for term in expression.as_ordered_terms():
            item = self.item(term)
            terms += item.terms if isinstance(item, Sum) and len(item.terms) == 1 else [(1, item)]
        turned = len(terms) == 2 and isinstance(terms[1][1], Number) and isinstance(terms[0][1], Call)
        if (len(terms) == 2 and terms[0][0] < 0) or turned:  # 1 − x rather than −x + 1, 1 + e^x rather than e^x + 1
            first = 1 if turned and terms[1][0] > 0 else next((k for k, (sign, _) in enumerate(terms) if sign > 0), 0)
            terms.insert(0, terms.pop(first))
        return Sum(tuple(terms))

    def _power(self, base: sp.Expr, exponent: sp.Expr) -> Item:
        if exponent.is_Rational and exponent.is_negative:
            return quotient(Number(Fraction(1)), self._power(base, -exponent))
        if exponent == 1:
            return self.item(base)
        if exponent == sp.Rational(1, 2):
            return Call("sqrt", self.item(base))
        return Power(self.item(base), self.item(exponent))

    def _product(self, factors: Sequence[sp.Expr]) -> Item:
        above: list[tuple[tuple[int, str], Item]] = []
        below: list[tuple[tuple[int, str], Item]] = []
        number = sp.Integer(1)
        for factor in factors:
            if factor.is_Rational:
                number *= factor
                continue
            if factor.is_Add:
                content, primitive = _content(factor)
                number *= content
                above.append((self._key(factor), self._sum(primitive)))
                continue
            base, exponent = (factor, sp.Integer(1)) if factor.func is sp.exp else factor.as_base_exp()
            inverse = exponent.is_Rational and exponent.is_negative
            item = self._power(base, -exponent if inverse else exponent)
            (below if inverse else above).append((self._key(base), item))
        size = abs(number)
        divided = below and size.p == 1
        whole = size.q == 1 or (self.decimal and not divided and len(_decimal(size)) <= SHORT_DECIMAL)
        top = [item for _, item in sorted(above, key=lambda pair: pair[0])]
        bottom = [item for _, item in sorted(below, key=lambda pair: pair[0])]
        top.insert(0, Number(Fraction(int(size.p), int(size.q) if whole else 1), self.decimal))
        if not whole:
            bottom.insert(0, Number(Fraction(int(size.q))))
        found = quotient(product(top), product(bottom)) if bottom else product(top)
        return negative(found) if number < 0 else found

    def _key(self, base: sp.Expr) -> tuple[int, str]:
        """Constants, then the parameter and the variables, then sums, then functions."""
        if base.is_Symbol:
            return (2 if base in self.moving else 1), base.name
        return (3 if base.is_Add else 4), ""


def _content(expression: sp.Add) -> tuple[sp.Rational, sp.Expr]:
    """(25 − V)/10 rather than 5/2 − V/10: a common factor of two terms that leaves whole numbers and a 1."""
    content, primitive = expression.primitive()
    terms = sp.Add.make_args(primitive)
    coefficients = [abs(term.as_coeff_Mul()[0]) for term in terms]
    plain = len(terms) == 2 and 1 in coefficients and not expression.has(sp.Function)
    return (content, primitive) if plain else (sp.Integer(1), expression)


def _decimal(value: sp.Rational) -> str:
    """The decimal, or a text too long to be used."""
    return exact_decimal(Fraction(int(value.p), int(value.q)), SHORT_DECIMAL) or "/" * (SHORT_DECIMAL + 1)


def _rational(value: sp.Rational, decimal: bool) -> Item:
    number = Number(Fraction(int(abs(value.p)), int(value.q)), decimal and len(_decimal(abs(value))) <= SHORT_DECIMAL)
    return negative(number) if value.is_negative else number
