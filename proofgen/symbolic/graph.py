"""A vector field as a graph of operations, each subexpression once: what jets, code and proofs are made from.

No algebra is done beyond exact arithmetic of rational numbers and the sharing of equal subexpressions: nothing is
cancelled or collected (x − x stays), so the graph is defined exactly where the text is, and a checker that knows
nothing of this one encloses as narrowly (FORMAT.md, section 14).
Arithmetic: exact rationals.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import InputError
from ..problem.equations import EquationsProblem
from ..problem.plane import PlaneProblem
from .parse import EQUATION, MAX_POWER, interpret, parse

MAX_RATIONAL = 10**4096  # numerators and denominators of rational constants stay below it
_OPERATIONS = (ast.Constant, ast.Name, ast.BinOp, ast.UnaryOp, ast.Call)


@dataclass(frozen=True)
class Node:
    """One operation. args: numbers of earlier nodes.

    op: "variable" (index), "parameter", "rational" (value), "sum" (value + Σ coefficients · args),
    "product" (two args), "power" (one arg, integer exponent index ≠ 0, 1), "function" (one arg, name).
    """

    op: str
    args: tuple[int, ...] = ()
    index: int = 0
    value: Fraction = Fraction(0)
    coefficients: tuple[Fraction, ...] = ()
    name: str = ""

    @property
    def nonlinear(self) -> bool:
        """A function of one argument with derivatives of its own: a power or a function."""
        return self.op in ("power", "function")


@dataclass(frozen=True)
class Graph:
    """nodes: arguments before results; variables, parameter: their nodes; outputs: of the components of f.

    Two parameters are the last two of ``dimension`` variables, and there are two fewer outputs.
    texts: what each nonlinear node is in the user's words, for messages (node → text).
    """

    nodes: tuple[Node, ...]
    dimension: int
    outputs: tuple[int, ...]
    texts: dict[int, str]

    def dependencies(self) -> list[frozenset[int]]:
        """For every node the variables it depends on; the parameter counts as number ``dimension``."""
        found: list[frozenset[int]] = []
        for node in self.nodes:
            if node.op == "variable":
                found.append(frozenset([node.index]))
            elif node.op == "parameter":
                found.append(frozenset([self.dimension]))
            else:
                found.append(frozenset().union(*(found[a] for a in node.args)))
        return found

    def needed(self) -> set[int]:
        """Nodes that the outputs depend on (the others only have to be defined)."""
        needed: set[int] = set()
        stack = list(self.outputs)
        while stack:
            node = stack.pop()
            if node not in needed:
                needed.add(node)
                stack.extend(self.nodes[node].args)
        return needed


@dataclass(frozen=True)
class Combination:
    """constant + Σ coefficient · node; rational: made of literals and rational constants alone."""

    constant: Fraction
    terms: tuple[tuple[int, Fraction], ...] = ()
    rational: bool = False


@dataclass
class _Builder:
    """An algebra whose values are linear combinations of the nodes made so far."""

    dimension: int
    names: dict[str, Combination] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    numbers: dict[Node, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)

    def node(self, node: Node) -> int:
        if node not in self.numbers:
            self.numbers[node] = len(self.nodes)
            self.nodes.append(node)
        return self.numbers[node]

    def as_node(self, x: Combination) -> int:
        """The node of a combination; a single node stands for itself."""
        if not x.terms:
            return self.node(Node("rational", value=x.constant))
        if x.constant == 0 and len(x.terms) == 1 and x.terms[0][1] == 1:
            return x.terms[0][0]
        args, coefficients = zip(*x.terms, strict=True)
        return self.node(Node("sum", args, value=x.constant, coefficients=coefficients))

    def of(self, node: Node) -> Combination:
        return Combination(Fraction(0), ((self.node(node), Fraction(1)),))

    # the algebra of `interpret`

    def number(self, value: Fraction) -> Combination:
        if max(abs(value.numerator), value.denominator) >= MAX_RATIONAL:
            raise ArithmeticError("a rational constant has more than 4096 digits")
        return Combination(value, rational=True)

    def variable(self, name: str) -> Combination:
        return self.names[name]

    def add(self, x: Combination, y: Combination) -> Combination:
        terms = tuple(sorted((*x.terms, *y.terms)))
        return self._combined(x.constant + y.constant, terms, x.rational and y.rational)

    def multiply(self, x: Combination, y: Combination) -> Combination:
        for a, b in ((x, y), (y, x)):
            if not a.terms:
                kept = tuple((node, a.constant * c) for node, c in b.terms if a.constant)
                return self._combined(a.constant * b.constant, kept, x.rational and y.rational)
        scale, pair = Fraction(1), []
        for factor in (x, y):  # a number in front of a node goes in front of the product
            if factor.constant == 0 and len(factor.terms) == 1:
                scale *= factor.terms[0][1]
                pair.append(factor.terms[0][0])
            else:
                pair.append(self.as_node(factor))
        first, second = sorted(pair)
        same = first == second
        node = Node("power", (first,), index=2) if same else Node("product", (first, second))
        return Combination(Fraction(0), ((self.node(node), scale),))

    def divide(self, x: Combination, y: Combination) -> Combination:
        return self.multiply(x, self._unless_zero(y))

    def _unless_zero(self, y: Combination) -> Combination:
        total: dict[int, Fraction] = {}
        for node, coefficient in y.terms:
            total[node] = total.get(node, Fraction(0)) + coefficient
        if y.constant == 0 and not any(total.values()):
            raise ArithmeticError("division by zero")
        return self.power(y, -1)

    def power(self, x: Combination, exponent: int) -> Combination:
        if exponent == 0:
            return Combination(Fraction(1), rational=x.rational)
        if exponent == 1:
            return x
        if not x.terms:
            if x.constant == 0 and exponent < 0:
                raise ArithmeticError("division by zero")
            bits = max(x.constant.numerator.bit_length(), x.constant.denominator.bit_length())
            if bits * abs(exponent) > 2 * MAX_RATIONAL.bit_length():
                raise ArithmeticError("a rational constant has more than 4096 digits")
            return self._combined(x.constant**exponent, (), x.rational)
        return self.of(Node("power", (self.as_node(x),), index=exponent))

    def general_power(self, x: Combination, y: Combination) -> Combination:
        if y.rational and y.constant.denominator == 1:
            if abs(y.constant) > MAX_POWER:
                raise ArithmeticError(f"an integer exponent is at most {MAX_POWER} in absolute value")
            return self.power(x, int(y.constant))
        return self.function("exp", self.multiply(y, self.function("log", x)))

    def function(self, name: str, x: Combination) -> Combination:
        if name in ("log", "sqrt") and not x.terms and x.constant <= 0:
            raise ArithmeticError(f"the argument of {name} is not positive")
        return self.of(Node("function", (self.as_node(x),), name=name))

    def _combined(self, constant: Fraction, terms: tuple[tuple[int, Fraction], ...], rational: bool) -> Combination:
        if max(abs(constant.numerator), constant.denominator) >= MAX_RATIONAL:
            raise ArithmeticError("a rational constant has more than 4096 digits")
        return Combination(constant, terms, rational)


def build_graph(problem: EquationsProblem) -> Graph:
    """The graph of a problem's equations. Raises InputError with the key of the text that is wrong."""
    return _graph(problem, problem.variables, problem.parameter_name)


def build_plane_graph(problem: PlaneProblem) -> Graph:
    """The same with two parameters: the last two of its variables, of which there are ``problem.dimension + 2``."""
    return _graph(problem, problem.variables + problem.parameters)


def _graph(problem: EquationsProblem | PlaneProblem, inputs: tuple[str, ...], parameter: str | None = None) -> Graph:
    builder = _Builder(len(inputs))
    budget = EQUATION.max_nodes
    known: list[str] = []
    not_yet = {name for name, _ in (*problem.constants, *problem.definitions)}  # each may use those before it

    def read(text: str, key: str, names: Sequence[str]) -> Combination:
        nonlocal budget
        try:
            tree = parse(text, names, EQUATION)
            budget -= sum(isinstance(node, _OPERATIONS) for node in ast.walk(tree))
            if budget < 0:
                raise InputError(f"expected at most {EQUATION.max_nodes} operations in all expressions together")
            before = len(builder.nodes)
            result = interpret(tree, builder)
            result = result if not result.terms else _whole(builder, result)
        except InputError as error:
            later = not_yet.intersection(re.findall(r"\w+", text)) if "unknown name" in error.expected else ()
            hint = f"; {min(later)} does not stand before this one" if later else ""
            raise InputError(error.expected + hint, key=key, value=text) from None
        except (ArithmeticError, RecursionError) as error:
            reason = str(error) or "nested too deeply"
            raise InputError(f"expected a smooth expression: {reason}", key=key, value=text) from None
        for number in range(before, len(builder.nodes)):
            builder.texts.setdefault(number, key)
        return result

    for name, text in problem.constants:
        builder.names[name] = read(text, f"network.constants.{name}", known)
        known.append(name)
        not_yet.remove(name)
    for index, name in enumerate(inputs):
        builder.names[name] = builder.of(Node("variable", index=index))
    known += inputs
    if parameter is not None:
        builder.names[parameter] = builder.of(Node("parameter"))
        known.append(parameter)
    for name, text in problem.definitions:
        builder.names[name] = read(text, f"network.definitions.{name}", known)
        known.append(name)
        not_yet.remove(name)
    values = [read(text, f"network.equations[{number}]", known) for number, text in enumerate(problem.equations, 1)]
    if problem.discrete:  # f = F − x
        opposite = [builder.multiply(Combination(Fraction(-1)), builder.names[name]) for name in problem.variables]
        values = [builder.add(value, x) for value, x in zip(values, opposite, strict=True)]
    outputs = [builder.as_node(value) for value in values]
    return Graph(tuple(builder.nodes), len(inputs), tuple(outputs), builder.texts)


def _whole(builder: _Builder, x: Combination) -> Combination:
    """A named value or equation as one node, so that what uses it shares it; a multiple of a node stays one."""
    if len(x.terms) == 1 and x.constant == 0:
        return x
    return Combination(Fraction(0), ((builder.as_node(x), Fraction(1)),), x.rational)
