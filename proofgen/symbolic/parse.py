"""A safe reader of expressions in one variable: text → syntax tree → any algebra.

The text is untrusted. It is parsed with Python's `ast` against a white list and never
evaluated; `interpret` walks the tree with the operations of an `Algebra` (SymPy, exact
rationals, balls), so that one text has one meaning everywhere.
"""

from __future__ import annotations

import ast
import warnings
from fractions import Fraction
from typing import Protocol, TypeVar

from ..errors import InputError
from ..exact import parse_decimal

MAX_CHARS = 2000
MAX_DEPTH = 50
MAX_NODES = 500
MAX_POWER = 64
MAX_NESTED_POWER = 256  # product of the exponents above a subexpression
FUNCTIONS = ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "sqrt", "erf")
NON_SMOOTH = ("relu", "leakyrelu", "leaky_relu", "elu", "prelu", "relu6", "hardtanh", "hard_tanh", "hardsigmoid",
              "hard_sigmoid", "hardswish", "abs", "max", "min", "sign", "heaviside", "piecewise", "floor",
              "ceil", "step")  # fmt: skip

T = TypeVar("T")


class Algebra(Protocol[T]):
    """What `interpret` needs of a number type. Operations may raise ArithmeticError."""

    def number(self, value: Fraction) -> T: ...
    def variable(self) -> T: ...
    def add(self, x: T, y: T) -> T: ...
    def multiply(self, x: T, y: T) -> T: ...
    def divide(self, x: T, y: T) -> T: ...
    def power(self, x: T, exponent: int) -> T: ...
    def function(self, name: str, x: T) -> T: ...


def parse(text: str, variable: str = "z") -> ast.expr:
    """The checked syntax tree of ``text``. Raises InputError naming the column of the first error."""
    if len(text) > MAX_CHARS:
        raise InputError(f"expected an expression of at most {MAX_CHARS} characters, got {len(text)}")
    source = text.strip().replace("\N{MINUS SIGN}", "-")
    if not source.isascii() or "\n" in source:
        raise InputError("expected one line of ASCII text", value=text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", None)
        where = f" at column {column}" if column else ""
        raise InputError(f"expected an expression in {variable}; syntax error{where}", value=text) from None
    _check(tree, source, variable)
    return tree


def _check(tree: ast.expr, source: str, variable: str) -> None:
    stack: list[tuple[ast.expr, int, int]] = [(tree, 1, 1)]
    count = 0
    while stack:
        node, depth, power = stack.pop()
        count += 1
        if depth > MAX_DEPTH or count > MAX_NODES:
            raise InputError(f"expected nesting of at most {MAX_DEPTH} and at most {MAX_NODES} operations")
        children: list[ast.expr] = []
        match node:
            case ast.Constant(value=value) if type(value) in (int, float):
                node.value = _literal(node, source)  # type: ignore[assignment]
            case ast.Name(id=name):
                if name != variable:
                    raise _refuse(node, f"unknown name {name!r}; the variable is {variable}")
            case ast.BinOp(op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div()):
                children = [node.left, node.right]
            case ast.BinOp(op=ast.Pow()):
                power *= max(1, abs(_check_power(node)))
                if power > MAX_NESTED_POWER:
                    raise _refuse(node, f"nested powers may multiply to at most {MAX_NESTED_POWER}")
                children = [node.left]
            case ast.UnaryOp(op=ast.UAdd() | ast.USub()):
                children = [node.operand]
            case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
                children = [argument]
            case ast.Call(func=ast.Name(id=name)):
                if name.lower() in NON_SMOOTH:
                    raise _refuse(node, f"{name} is not smooth; Hopf's theorem does not apply at a kink")
                raise _refuse(node, f"unknown function {name!r}; known (one argument): {', '.join(FUNCTIONS)}")
            case _:
                raise _refuse(node, "only numbers, + - * / **, parentheses and functions are allowed")
        stack.extend((child, depth + 1, power) for child in children)


def _refuse(node: ast.expr, reason: str) -> InputError:
    return InputError(f"{reason} (column {node.col_offset + 1})")


def _literal(node: ast.expr, source: str) -> Fraction:
    """The decimal exactly as written, not the binary64 number nearest to it."""
    segment = ast.get_source_segment(source, node) or ""
    try:
        return parse_decimal(segment)
    except InputError as error:
        raise _refuse(node, error.expected) from None


def _check_power(node: ast.BinOp) -> int:
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
    """The value of a tree from `parse` in the given algebra."""
    match node:
        case ast.Constant(value=value):
            return algebra.number(Fraction(value))  # type: ignore[arg-type]
        case ast.Name():
            return algebra.variable()
        case ast.UnaryOp(op=op, operand=operand):
            inner = interpret(operand, algebra)
            return inner if isinstance(op, ast.UAdd) else algebra.multiply(algebra.number(Fraction(-1)), inner)
        case ast.Call(func=ast.Name(id=name), args=[argument]):
            return algebra.function(name, interpret(argument, algebra))
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=exponent)):
            return algebra.power(interpret(left, algebra), exponent)  # type: ignore[arg-type]
        case ast.BinOp(left=left, op=op, right=right):
            x, y = interpret(left, algebra), interpret(right, algebra)
            match op:
                case ast.Add():
                    return algebra.add(x, y)
                case ast.Sub():
                    return algebra.add(x, algebra.multiply(algebra.number(Fraction(-1)), y))
                case ast.Mult():
                    return algebra.multiply(x, y)
                case _:
                    return algebra.divide(x, y)
    raise TypeError(f"not a checked tree: {ast.dump(node)}")
