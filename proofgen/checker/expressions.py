"""Expressions (section 14), read into one graph in which equal subexpressions are one node."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from heapq import heappop, heappush
from typing import Any, NamedTuple, NoReturn

from .budget import OPERATION, Budget, digits_in
from .functions import FUNCTIONS, MAX_DEGREE, Function
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
MAX_RATIONAL, MAX_LITERAL = 10**4096, Fraction(10) ** 300
AT_ZERO = dict.fromkeys(["sin", "tan", "tanh", "sinh", "atan", "erf"], 0) | dict.fromkeys(
    ["exp", "cos", "cosh", "exprel"], 1
)
AT_ONE = {"log": 0, "sqrt": 1}


class Node(NamedTuple):
    """`number` f, `variable` a, `parameter`, `+` or `*` of the nodes a and b, `neg` of a, or `call` of f at a."""

    op: str
    a: int = 0
    b: int = 0
    f: Function = 0


class Graph:
    """The nodes, each after those that it is made of."""

    def __init__(self, budget: Budget | None = None) -> None:
        self.budget = budget or Budget()
        self.nodes: list[Node] = []
        self.index: dict[Node, int] = {}
        self.origin: list[str] = []  # where a node was first read
        self.operations = 0

    def add(self, node: Node, origin: str) -> int:
        if node not in self.index:
            self.index[node] = len(self.nodes)
            self.nodes.append(node)
            self.origin.append(origin)
        return self.index[node]

    def weigh(self, *numbers: Fraction | None, power: int = 1) -> None:
        """Count an operation on rational numbers."""
        bits = [max(x.numerator.bit_length(), x.denominator.bit_length()) for x in numbers if x is not None]
        self.budget.spend(10 * OPERATION + 8 * digits_in(max(bits, default=0) * max(abs(power), 1)) ** 2)

    def operands(self, i: int) -> tuple[int, ...]:
        op, a, b, _ = self.nodes[i]
        return (a, b) if op in ("+", "*") else (a,) if op in ("neg", "call") else ()

    def reached(self, roots: Iterable[int]) -> list[int]:
        """All nodes that occur in the roots."""
        found = set(roots)
        for i in reversed(range(len(self.nodes))):
            if i in found:
                found.update(self.operands(i))
        return sorted(found)

    def factors(self, i: int) -> tuple[int, dict[int, int]]:
        """A sign, and exponents of nodes whose product is the node i (a product or an integer power other than 0)."""
        sign, found, exponents, heap = 1, dict[int, int](), {i: 1}, [-i]
        while heap:  # a node comes after all that it is a factor of, so once
            j = -heappop(heap)
            k, op, f = exponents[j], self.nodes[j].op, self.nodes[j].f
            times = f if op == "call" and isinstance(f, int) and (f > 0 or j == i) else 0 if op == "call" else 1
            if op not in ("*", "neg", "call") or not times or abs(k * times) > MAX_DEGREE:
                found[j] = k
                continue
            sign = -sign if op == "neg" and k % 2 else sign
            for x in self.operands(j):
                if x not in exponents:
                    heappush(heap, -x)
                exponents[x] = exponents.get(x, 0) + k * times
        return sign, found

    @cached_property
    def constant(self) -> list[bool]:
        """Whether neither a variable nor the parameter occurs in a node."""
        result = list[bool]()
        for i, node in enumerate(self.nodes):
            result.append(node.op not in ("variable", "parameter") and all(result[j] for j in self.operands(i)))
        return result

    def at_zero(self) -> list[Fraction | None]:
        """The values at x = 0 that are known rational numbers, for all gamma (section 14, The trivial branch)."""
        known = list[Fraction | None]()
        for i, (op, _, _, f) in enumerate(self.nodes):
            values = [known[j] for j in self.operands(i)]
            self.weigh(*values, power=f if isinstance(f, int) and op == "call" else 1)
            x, value = values[0] if values else None, None
            if op == "number":
                value = Fraction(f)
            elif op == "variable" or (op == "*" and 0 in values):
                value = Fraction(0)
            elif op == "call" and f == 0 and isinstance(f, int):
                value = Fraction(1)
            elif x is None or None in values:
                pass
            elif op == "call" and isinstance(f, int):
                value = x**f if x or f >= 0 else None
            elif op == "call":
                table = {0: AT_ZERO, 1: AT_ONE}.get(int(x) if x.denominator == 1 else -1, {})
                found = 1 if isinstance(f, Fraction) and x == 1 else table.get(str(f))
                value = None if found is None else Fraction(found)
            else:
                value = -x if op == "neg" else x + (values[1] or 0) if op == "+" else x * (values[1] or 0)
            known.append(value if value is not None and moderate(value) else None)
        return known


def moderate(x: Fraction) -> bool:
    return max(abs(x.numerator), x.denominator) < MAX_RATIONAL


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
