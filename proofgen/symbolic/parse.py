"""A safe reader of expressions: text → syntax tree → any algebra.

The text is untrusted. It is parsed with Python's `ast` against a white list and never
evaluated; `interpret` walks the tree with the operations of an `Algebra` (SymPy, exact
rationals, balls, graphs), so that one text has one meaning everywhere.
"""

from __future__ import annotations

import ast
import difflib
import keyword
import re
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeVar

from ..errors import InputError
from ..numbers.exact import parse_decimal

MAX_POWER = 64
LARGEST_LITERAL = Fraction(10) ** 300  # of equations; 1/LARGEST_LITERAL is the smallest one
MAX_NESTED_POWER = 256  # product of the literal exponents above a subexpression of an activation
FUNCTIONS = ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "sqrt", "erf")
NON_SMOOTH = ("relu", "leakyrelu", "leaky_relu", "elu", "prelu", "relu6", "hardtanh", "hard_tanh", "hardsigmoid",
              "hard_sigmoid", "hardswish", "abs", "max", "min", "sign", "sgn", "heaviside", "heav", "piecewise",
              "floor", "ceil", "ceiling", "round", "mod", "step")  # fmt: skip

# Words of other programs → what to write here.
OPERATORS = {
    ast.BitXor: "^ is not a power here; write **",
    ast.Mod: "% jumps, so Hopf's theorem does not apply there",
    ast.FloorDiv: "// jumps; write / for a quotient",
    ast.MatMult: "@ is not a product of numbers; write *",
}
FUNCTION_REMEDIES = {  # of u, or of a and b
    "ln": "log(u)", "log10": "log(u)/log(10)", "log2": "log(u)/log(2)", "log1p": "log(1 + u)", "expm1": "exp(u) - 1",
    "pow": "(a)**(b)", "power": "(a)**(b)", "square": "(u)**2", "cbrt": "(u)**(1/3), for positive u",
    "arctan": "atan(u)", "arcsin": "atan(u/sqrt(1 - u**2))", "asin": "atan(u/sqrt(1 - u**2))",
    "sec": "1/cos(u)", "csc": "1/sin(u)", "cot": "1/tan(u)",
    "sech": "1/cosh(u)", "csch": "1/sinh(u)", "coth": "1/tanh(u)",
    "asinh": "log(u + sqrt(u**2 + 1))", "arcsinh": "log(u + sqrt(u**2 + 1))", "atanh": "log((1 + u)/(1 - u))/2",
    "sigmoid": "1/(1 + exp(-u))", "logistic": "1/(1 + exp(-u))", "expit": "1/(1 + exp(-u))", "erfc": "1 - erf(u)",
    "softplus": "log(1 + exp(u))",
}  # fmt: skip
CONSTANT_REMEDIES = {"pi": "4*atan(1)", "e": "exp(1)"}


_SMOOTH = "expected a smooth function, such as tanh(k*u) for a step or sqrt(u**2 + e) for abs(u)"


@dataclass(frozen=True)
class Grammar:
    """What a text may contain. general_powers: any exponent, not only integer literals.

    max_depth: of parentheses and calls, and of signs, powers and right operands around one operand.
    """

    functions: tuple[str, ...]
    max_chars: int
    max_depth: int
    max_nodes: int
    general_powers: bool


ACTIVATION = Grammar(FUNCTIONS, 2000, 50, 500, general_powers=False)
EQUATION = Grammar((*FUNCTIONS, "exprel"), 10_000, 100, 20_000, general_powers=True)

T = TypeVar("T")


class Algebra(Protocol[T]):
    """What `interpret` needs of a number type. Operations may raise ArithmeticError."""

    def number(self, value: Fraction) -> T: ...
    def variable(self, name: str) -> T: ...
    def add(self, x: T, y: T) -> T: ...
    def multiply(self, x: T, y: T) -> T: ...
    def divide(self, x: T, y: T) -> T: ...
    def power(self, x: T, exponent: int) -> T: ...
    def function(self, name: str, x: T) -> T: ...


class PowerAlgebra(Algebra[T], Protocol[T]):
    """An algebra for a grammar with general powers."""

    def general_power(self, x: T, y: T) -> T: ...


def parse(text: str, names: Collection[str] = ("z",), grammar: Grammar = ACTIVATION) -> ast.expr:
    """The checked syntax tree of a text in the given names. Raises InputError naming the column of the first error."""
    if len(text) > grammar.max_chars:
        raise InputError(f"expected an expression of at most {grammar.max_chars} characters, got {len(text)}")
    source = text.strip().replace("\N{MINUS SIGN}", "-")
    if not source.isascii() or not source.isprintable():
        place = next(i for i, c in enumerate(source, 1) if not (c.isascii() and c.isprintable()))
        raise InputError(f"expected one line of ASCII text (column {place})", value=text)
    what = "an expression in z" if not grammar.general_powers else "an expression"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", None)
        where = f" at column {column}" if column else ""
        reserved = sorted(set(re.findall(r"[A-Za-z_]+", source)) & set(keyword.kwlist))
        where += f" ({reserved[0]} is a reserved word)" if reserved else ""
        where += "; write * for a product" if re.search(r"[0-9)]\s*[A-DF-Za-df-z_(]", source) else ""
        raise InputError(f"expected {what}; syntax error{where}", value=text) from None
    if nesting(source) > grammar.max_depth:
        raise InputError(f"expected nesting of at most {grammar.max_depth} (parentheses)")
    _Checker(source, names, grammar).check(tree)
    for character in "#,":  # a comment, or a comma after the argument
        if character in source:
            raise InputError(f"unexpected {character!r} (column {source.index(character) + 1})", value=text)
    return tree


def nesting(source: str) -> int:
    """How deep parentheses stand in one another."""
    depth = most = 0
    for character in source:
        depth += (character == "(") - (character == ")")
        most = max(most, depth)
    return most


@dataclass(frozen=True)
class _Checker:
    source: str
    names: Collection[str]
    grammar: Grammar

    def check(self, tree: ast.expr) -> None:
        """Refuse what is not on the white list; literals become exact. Raises InputError."""
        stack: list[tuple[ast.expr, int, int]] = [(tree, 1, 1)]
        count = 0
        while stack:
            node, depth, power = stack.pop()
            count += 1
            if depth > self.grammar.max_depth or count > self.grammar.max_nodes:
                limits = f"nesting of at most {self.grammar.max_depth} and at most {self.grammar.max_nodes} operations"
                raise InputError(f"expected {limits}")
            deeper: list[ast.expr] = []
            match node:
                case ast.Constant(value=value) if type(value) in (int, float):
                    node.value = self._literal(node)  # type: ignore[assignment]
                case ast.Name(id=name):
                    if name not in self.names:
                        raise self._unknown(node, name)
                case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div()):
                    stack.append((node.left, depth, power))  # a long sum is not deep
                    deeper = [node.right]
                case ast.BinOp(op=ast.Pow()) if self.grammar.general_powers:
                    deeper = [node.left, node.right]
                case ast.BinOp(op=ast.Pow()):
                    power *= max(1, abs(_literal_power(node)))
                    if power > MAX_NESTED_POWER:
                        raise _refuse(node, f"nested powers may multiply to at most {MAX_NESTED_POWER}")
                    deeper = [node.left]
                case ast.UnaryOp(op=ast.UAdd() | ast.USub()):
                    deeper = [node.operand]
                case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in self.grammar.functions:
                    deeper = [argument]
                case ast.Call(func=ast.Name(id=name)):
                    raise self._no_function(node, name)
                case ast.BinOp(op=op) if type(op) in OPERATORS:
                    raise _refuse(node, OPERATORS[type(op)])
                case ast.IfExp() | ast.Compare() | ast.BoolOp():
                    raise _refuse(node, f"a choice by a condition is not smooth where it switches; {_SMOOTH}")
                case ast.Tuple():
                    raise _refuse(node, "a comma; expected one expression, and numbers with a point: 0.5")
                case _:
                    raise _refuse(node, "only numbers, + - * / **, parentheses and functions are allowed")
            stack.extend((child, depth + 1, power) for child in deeper)

    def _unknown(self, node: ast.expr, name: str) -> InputError:
        if name in self.grammar.functions:
            return _refuse(node, f"{name} is a function of one argument: {name}(…)")
        if name.lower() in CONSTANT_REMEDIES:
            return _refuse(node, f"{name} is not a name here; write {CONSTANT_REMEDIES[name.lower()]}")
        close = difflib.get_close_matches(name, list(self.names), n=1)
        if self.names == ("z",):
            return _refuse(node, f"unknown name {name!r}; the variable is z")
        known = f"known: {', '.join(list(self.names)[:20])}" if self.names else "none is known here"
        hint = f"; did you mean {close[0]!r}?" if close else f"; {known}"
        return _refuse(node, f"unknown name {name!r}{hint}")

    def _no_function(self, node: ast.expr, name: str) -> InputError:
        if name.lower() in NON_SMOOTH:
            return _refuse(node, f"{name} is not smooth, Hopf's theorem does not apply at a kink; {_SMOOTH}")
        if name in self.names:
            return _refuse(node, f"{name} is not a function; write {name}*(…) for a product")
        if name.lower() in FUNCTION_REMEDIES:
            call = f"{name}(a, b)" if name.lower() in ("pow", "power") else f"{name}(u)"
            return _refuse(node, f"{name} is not a function here; for {call} write {FUNCTION_REMEDIES[name.lower()]}")
        if name in self.grammar.functions:
            return _refuse(node, f"{name} is a function of one argument: {name}(…)")
        known = ", ".join(self.grammar.functions)
        return _refuse(node, f"unknown function {name!r}; known (one argument): {known}")

    def _literal(self, node: ast.expr) -> Fraction:
        """The decimal exactly as written, not the binary64 number nearest to it."""
        segment = self.source[node.col_offset : node.end_col_offset]  # one line; the function of `ast` is slow
        try:
            value = parse_decimal(segment)
        except InputError as error:
            raise _refuse(node, error.expected) from None
        if self.grammar.general_powers and value and not 1 / LARGEST_LITERAL <= abs(value) <= LARGEST_LITERAL:
            raise _refuse(node, "a number must be 0 or between 1e-300 and 1e300 in absolute value")
        return value


def _refuse(node: ast.expr, reason: str) -> InputError:
    return InputError(f"{reason} (column {node.col_offset + 1})")


def _literal_power(node: ast.BinOp) -> int:
    exponent = node.right
    sign = 1
    while isinstance(exponent, ast.UnaryOp) and isinstance(exponent.op, ast.USub | ast.UAdd):
        sign = -sign if isinstance(exponent.op, ast.USub) else sign
        exponent = exponent.operand
    value = exponent.value if isinstance(exponent, ast.Constant) else None
    if type(value) is not int or value > MAX_POWER:
        raise _refuse(node, f"an exponent must be an integer literal of absolute value at most {MAX_POWER}")
    node.right = ast.Constant(value=sign * value)
    return value


def interpret(node: ast.expr, algebra: Algebra[T]) -> T:
    """The value of a tree from `parse` in the given algebra (a `PowerAlgebra` where its grammar has general powers)."""
    pending: list[ast.BinOp] = []  # left operands first, without recursion: sums may be long
    while isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Pow):
        pending.append(node)
        node = node.left
    value = _operand(node, algebra)
    for operation in reversed(pending):
        value = _combined(value, operation.op, interpret(operation.right, algebra), algebra)
    return value


def _combined(x: T, op: ast.operator, y: T, algebra: Algebra[T]) -> T:
    match op:
        case ast.Add():
            return algebra.add(x, y)
        case ast.Sub():
            return algebra.add(x, algebra.multiply(algebra.number(Fraction(-1)), y))
        case ast.Mult():
            return algebra.multiply(x, y)
        case _:
            return algebra.divide(x, y)


def _operand(node: ast.expr, algebra: Algebra[T]) -> T:
    match node:
        case ast.Constant(value=value):
            return algebra.number(Fraction(value))  # type: ignore[arg-type]
        case ast.Name(id=name):
            return algebra.variable(name)
        case ast.UnaryOp(op=op, operand=operand):
            inner = interpret(operand, algebra)
            return inner if isinstance(op, ast.UAdd) else algebra.multiply(algebra.number(Fraction(-1)), inner)
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return algebra.function(name, interpret(argument, algebra))
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int() as exponent)):
            return algebra.power(interpret(left, algebra), exponent)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            powers: PowerAlgebra[T] = algebra  # type: ignore[assignment]
            return powers.general_power(interpret(left, algebra), interpret(right, algebra))
    raise TypeError(f"not a checked tree: {ast.dump(node)}")
