"""Texts of expressions (section 14), read into a graph."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from .functions import FUNCTIONS
from .graph import Graph, Node, moderate
from .reading import fraction, short
from .verdicts import MAX_DEPTH, MAX_EXPRESSION, MAX_OPERATIONS, Rejected


def name_of(value: Any, where: str) -> str:
    if type(value) is not str or not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,29}", value):
        raise Rejected(f"{where}: {short(value)} is not a name")
    if value in FUNCTIONS or keyword.iskeyword(value):
        raise Rejected(f"{where}: {short(value)} is the name of a function or a reserved word")
    return value


def source(value: Any, where: str) -> str:
    if type(value) is not str or len(value) > MAX_EXPRESSION:
        raise Rejected(f"{where}: expected an expression of at most {MAX_EXPRESSION} characters")
    return value


TOKEN = re.compile(r" *(?:((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|([A-Za-z][A-Za-z0-9_]*)|(\*\*|[-+*/()]))")
MAX_LITERAL = Fraction(10) ** 300


@dataclass
class Value:
    """A subexpression as it is read: its node, its value if it is rational in the sense of section 14 (Powers), and
    the place in the text where it begins."""

    node: int
    rational: Fraction | None
    start: int


class Reader:
    """One expression of the format, by recursive descent with Python's precedences; nothing of it is run."""

    def __init__(self, graph: Graph, names: dict[str, tuple[int, Fraction | None]], text: str, where: str) -> None:
        self.graph, self.names, self.text, self.where, self.depth = graph, names, text.rstrip(" "), where, 0
        if len(text) > MAX_EXPRESSION:
            raise Rejected(f"{where}: longer than {MAX_EXPRESSION} characters")
        self.tokens: list[tuple[str, int, int]] = []  # text, start, end
        end = 0
        while end < len(self.text):
            match = TOKEN.match(self.text, end)
            if match is None:
                self.refuse(f"{short(self.text[end : end + 12])} is not of the format", end)
            end = match.end()
            token = match[1] or match[2] or match[3]
            self.tokens.append((token, end - len(token), end))
        self.at = 0

    def read(self) -> Value:
        value = self.sum()
        if self.at < len(self.tokens):
            self.refuse(f"unexpected {short(self.peek())}")
        return value

    # --- tokens ---

    def refuse(self, message: str, place: int | None = None) -> NoReturn:
        if place is None:
            place = self.tokens[self.at][1] if self.at < len(self.tokens) else len(self.text)
        raise Rejected(f"{self.where}, character {place + 1}: {message}")

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            self.refuse("the expression ends too early")
        self.at += 1
        return token

    def operation(self) -> None:
        self.graph.operations += 1
        if self.graph.operations > MAX_OPERATIONS:
            self.refuse(f"the problem has more than {MAX_OPERATIONS} operations")

    def nested(self, rule: Callable[[], Value]) -> Value:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(f"nested more than {MAX_DEPTH} deep")
        value = rule()
        self.depth -= 1
        return value

    # --- grammar ---

    def sum(self) -> Value:
        left = self.product()
        while self.peek() in ("+", "-"):
            sign = self.take()
            left = self.combined(sign, left, self.product())
        return left

    def product(self) -> Value:
        left = self.signed()
        while self.peek() in ("*", "/"):
            sign = self.take()
            left = self.combined(sign, left, self.signed())
        return left

    def signed(self) -> Value:
        if self.peek() not in ("+", "-"):
            return self.power()
        start, sign = self.tokens[self.at][1], self.take()
        self.operation()
        value = self.nested(self.signed)
        if sign == "-":
            value = self.made(Node("neg", value.node), None if value.rational is None else -value.rational, start)
        return value

    def power(self) -> Value:
        base = self.atom()
        if self.peek() != "**":
            return base
        self.take()
        self.operation()
        exponent = self.nested(self.signed)
        b, x = exponent.rational, base.rational
        if b is None:
            log = self.made(Node("call", base.node, f="log"), None, base.start)
            product = self.made(Node("*", exponent.node, log.node), None, base.start)
            return self.made(Node("call", product.node, f="exp"), None, base.start)
        if b.denominator != 1:
            return self.made(Node("call", base.node, f=b), None, base.start)
        k = b.numerator
        if abs(k) > 64:
            self.refuse(f"an integer exponent of absolute value above 64: {short(b.numerator)[:20]}")
        if x == 0 and k < 0:
            self.refuse("division by zero")
        self.graph.weigh(x, power=k)
        return self.made(Node("call", base.node, f=k), None if x is None else x**k, base.start)

    def atom(self) -> Value:
        start = self.tokens[self.at][1] if self.at < len(self.tokens) else 0
        token = self.take()
        if token == "(":
            value = self.nested(self.sum)
            self.close()
            return Value(value.node, value.rational, start)
        if token[0] in "0123456789.":
            self.operation()
            return self.made(Node("number"), self.literal(token), start)
        if self.peek() == "(" and token in FUNCTIONS:
            self.take()
            self.operation()
            argument = self.nested(self.sum)
            self.close()
            return self.made(Node("call", argument.node, f=token), None, start)
        if token not in self.names:
            self.at -= 1
            self.refuse(f"{short(token)} is not defined here")
        self.operation()
        return Value(*self.names[token], start)

    def close(self) -> None:
        if self.peek() != ")":
            self.refuse(f"expected ')', found {short(self.peek())}")
        self.take()

    def literal(self, token: str) -> Fraction:
        mantissa, _, exponent = token.lower().partition("e")
        whole, _, part = mantissa.partition(".")
        sign, exponent = "-" if exponent[:1] == "-" else "", exponent.lstrip("+-").lstrip("0") or "0"
        value = fraction(f"{whole.lstrip('0') or '0'}.{part or '0'}e{sign}{exponent}", self.where)
        if value and not 1 / MAX_LITERAL <= value <= MAX_LITERAL:
            self.refuse(f"the literal {short(token)} is not 0 and not between 1e-300 and 1e300")
        return value

    # --- nodes ---

    def combined(self, sign: str, left: Value, right: Value) -> Value:
        self.operation()
        x, y, start, a, b = left.rational, right.rational, left.start, left.node, right.node
        value: Fraction | None = None
        if sign == "/" and y == 0:
            self.refuse("division by zero")
        if x is not None and y is not None:
            self.graph.weigh(x, y)
            value = x + y if sign == "+" else x - y if sign == "-" else x * y if sign == "*" else x / y
            return self.made(Node("number"), value, start)
        if sign == "-":
            b = self.made(Node("neg", b), None if y is None else -y, right.start).node
        elif sign == "/":
            b = self.made(Node("call", b, f=-1), None if y is None else 1 / y, right.start).node
        if sign in "+-":
            return self.made(Node("+", a, b), None, start)
        scale, (a, b) = self.scaled(a, b)
        result = self.made(Node("call", a, f=2) if a == b else Node("*", a, b), None, start)
        if scale == -1:
            return self.made(Node("neg", result.node), None, start)
        if scale != 1:
            result = self.made(Node("*", self.made(Node("number"), scale, start).node, result.node), None, start)
        return result

    def scaled(self, *factors: int) -> tuple[Fraction, list[int]]:
        """Signs and numbers of factors in front of them, so that (-x)*x and (2*x)*(x/3) are seen to be squares."""
        nodes, scale, result = self.graph.nodes, Fraction(1), list[int]()
        if "number" in (nodes[i].op for i in factors):
            return scale, list(factors)
        for i in factors:
            while True:
                op, a, b, _ = nodes[i]
                if op == "*" and nodes[b].op == "number":
                    a, b = b, a
                if op == "neg":
                    scale, i = -scale, a
                elif op == "*" and nodes[a].op == "number":
                    scale, i = scale * Fraction(nodes[a].f), b
                else:
                    break
            result.append(i)
        return (scale, result) if moderate(scale) else (Fraction(1), list(factors))

    def made(self, node: Node, rational: Fraction | None, start: int) -> Value:
        """The node, or the number that it is."""
        if rational is not None:
            if not moderate(rational):
                self.refuse("a rational number with a numerator or denominator above 10^4096")
            node = Node("number", f=rational)
        end = self.tokens[self.at - 1][2]
        return Value(self.graph.add(node, f"{self.where}: {short(self.text[start:end])}"), rational, start)
