"""Emit the specialised Flint evaluator of a field given by equations (`templates/evaluator/equations.py.jinja`).

Values, local derivatives and all jets are straight-line code over the expression graph; beside the evaluator a
binary64 version of the field is emitted for the untrusted search. No text of a spec is copied into code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb

from ..errors import DisjointError, OutsideDomainError
from ..problem.equations import EquationsProblem
from ..symbolic.activations import s, z
from ..symbolic.functions import FunctionRule, function_rule, power_rule, w
from ..symbolic.graph import Graph, build_graph
from ..symbolic.graph_text import node_text
from ..symbolic.jets import Subset
from ..symbolic.lyapunov import c_1, c_2, c_3, general_formula
from .ends import Ends
from .environment import python_environment
from .jets import ONE, GraphJets
from .loading import load_emitted
from .printer import flint_assignments, flint_code

_ON_POSITIVE = ("log", "sqrt")  # functions whose argument must be positive
_WORD = re.compile(r"\w+")
TEMPLATE, APPROX_TEMPLATE = "equations.py.jinja", "equations_approx.py.jinja"


@dataclass(frozen=True)
class EquationsEmission:
    """source: the ball evaluator's text; approx_source: the binary64 field's (search only)."""

    source: str
    approx_source: str
    graph: Graph

    def evaluator(self, problem: Any) -> EquationsEvaluator:
        """The evaluator at the working precision in force."""
        return EquationsEvaluator(problem, self)


def emit_equations(problem: EquationsProblem, problem_sha256: str) -> EquationsEmission:
    """Both texts for one problem."""
    graph = build_graph(problem)
    formula = general_formula()
    ell1_code = flint_code(formula, {c_1: "c_1", c_2: "c_2", c_3: "c_3"})
    source = python_environment().get_template(TEMPLATE).render(
        problem_sha256=problem_sha256,
        ell1_text=f"ℓ1 = {formula}",
        ell1_code=ell1_code,
        **_emitted(graph, _Balls()),
    )  # fmt: skip
    approx = python_environment().get_template(APPROX_TEMPLATE).render(**_emitted(graph, _Floats()))
    return EquationsEmission(source, approx, graph)


class _Balls:
    """How numbers and rules are written in ball arithmetic: fractions are made once for each precision.

    ends: what functions that are not defined everywhere take besides.
    """

    ends = ", ends"

    def __init__(self) -> None:
        self.fractions: dict[Fraction, int] = {}

    def number(self, value: Fraction) -> str:
        if value.denominator == 1:
            return str(value.numerator)
        if value not in self.fractions:
            self.fractions[value] = len(self.fractions)
        return f"c[{self.fractions[value]}]"

    def rule(self, rule: FunctionRule) -> dict[str, Any]:
        names = {z: "z", s: "s", w: "w"}
        parts = []
        for order, expression in enumerate(rule.derivatives, start=1):
            lines, codes = flint_assignments([expression], names, prefix=f"t{order}_")
            parts.append((lines, codes[0]))
        return {"code": flint_code(rule.expression, names), "derivatives": parts}


class _Floats:
    """The same in binary64 (SymPy's printer for Python's math module)."""

    fractions: dict[Fraction, int] = {}  # noqa: RUF012
    ends = ""

    def number(self, value: Fraction) -> str:
        try:
            return repr(float(value))
        except OverflowError:
            return "math.inf"

    def rule(self, rule: FunctionRule) -> dict[str, Any]:
        return {
            "code": sp.pycode(rule.expression),
            "derivatives": [([], sp.pycode(expression)) for expression in rule.derivatives],
        }


def _emitted(graph: Graph, dialect: _Balls | _Floats) -> dict[str, Any]:
    """What both templates print."""
    n = graph.dimension
    jets = GraphJets(graph, dialect.number)
    dependencies, needed = graph.dependencies(), graph.needed()
    names = sorted({node.name for node in graph.nodes if node.op == "function"})
    powers = sorted({node.index for node in graph.nodes if node.op == "power"})
    codes = dict(jets.values())
    values = []
    for i, node in enumerate(graph.nodes):
        if node.op in ("variable", "parameter"):
            code = f"x[{node.index}]" if node.op == "variable" else "gamma"
        elif node.nonlinear:
            name = f"function_{node.name}" if node.op == "function" else _power_name(node.index)
            ends = dialect.ends if node.name in _ON_POSITIVE or node.index < 0 else ""
            code = f"{name}(v{node.args[0]}, {'order' if i in needed else 0}, {i}{ends})"
        else:
            code = codes[i]
        values.append({
            "node": i, "code": code, "nonlinear": node.nonlinear, "constant": not dependencies[i],
            "leaf": node.op in ("variable", "parameter", "rational"),
        })  # fmt: skip
    context = {
        "n": n,
        "nodes": len(graph.nodes),
        "values": values,
        "outputs": graph.outputs,
        "functions": [{"name": name, **dialect.rule(function_rule(name)), "in_s": function_rule(name).in_s,
                       "domain": name in _ON_POSITIVE}
                      for name in names if name != "exprel"],
        "exprel": "exprel" in names,
        "powers": [{"name": _power_name(k), "exponent": k, **dialect.rule(power_rule(k))} for k in powers],
        "jets": [_jet(jets, *shape) for shape in _JETS],
        "jacobian": _jacobian(jets, n),
        "along": _along(jets, n),
        "tangent": _tangent(jets),
        "second": _second_along(jets),
    }  # fmt: skip
    context["fractions"] = [(value.numerator, value.denominator) for value in dialect.fractions]
    return context


def _power_name(exponent: int) -> str:
    return f"power_{exponent}" if exponent > 0 else f"power_minus_{-exponent}"


GAMMA = "γ"
_JETS: list[tuple[str, tuple[str, ...], str]] = [
    ("parameter_derivative", (GAMMA,), "∂f/∂γ"),
    ("jacobian_parameter", ("u", GAMMA), "(∂A/∂γ) u"),
    ("B", ("u", "v"), "B(u, v) = D²f[u, v]"),
    ("C", ("u", "v", "w"), "C(u, v, w) = D³f[u, v, w]"),
]


def _second_along(jets: GraphJets) -> dict[str, Any]:
    """The second derivative of f along (a, 1)."""

    def given(node: int, subset: Subset) -> str | None:
        operation = jets.graph.nodes[node]
        if len(subset) > 1:
            return None
        return ONE if operation.op == "parameter" else f"a[{operation.index}]"

    # both directions are the same, so their coefficients are
    lines, lookup = jets.jet(2, given, "h")
    result = [lookup(output, (1, 2)) or "0" for output in jets.graph.outputs]
    kept = [re.sub(r"\bh([0-9]+)_2\b", r"h\1_1", line) for line in _used(lines, result)]
    kept = _used(list(dict.fromkeys([*_first_order(lines), *kept])), result)
    return {"body": _body(kept, result), "result": result}


def _first_order(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line.split(" = ", 1)[0].endswith("_1")]


def _jet(jets: GraphJets, name: str, directions: tuple[str, ...], text: str) -> dict[str, Any]:
    graph = jets.graph

    def given(node: int, subset: Subset) -> str | None:
        if len(subset) > 1:
            return None
        direction, operation = directions[subset[0] - 1], graph.nodes[node]
        if operation.op == "parameter":
            return ONE if direction == GAMMA else None
        return None if direction == GAMMA else f"{_LETTERS[direction]}[{operation.index}]"

    lines, lookup = jets.jet(len(directions), given, "h")
    whole = tuple(range(1, len(directions) + 1))
    result = [lookup(output, whole) or "0" for output in graph.outputs]
    return {"name": name, "arguments": [_LETTERS[d] for d in directions if d != GAMMA], "text": text,
            "body": _body(_used(lines, result), result), "result": result}  # fmt: skip


_LETTERS = {"u": "a", "v": "b", "w": "g"}  # v, d, c are taken by values, local derivatives and numbers


def _used(lines: Sequence[str], result: Sequence[str]) -> list[str]:
    """Without lines that nothing uses."""
    wanted = set(result)
    kept = []
    for line in reversed(lines):
        name, code = line.split(" = ", 1)
        if name in wanted:
            kept.append(line)
            wanted |= set(_WORD.findall(code))
    return kept[::-1]


def _unit(graph: Graph, direction: int) -> Callable[[int, Subset], str | None]:
    """The unit direction of a variable, or of γ (number n)."""

    def given(node: int, subset: Subset) -> str | None:
        operation = graph.nodes[node]
        number = graph.dimension if operation.op == "parameter" else operation.index
        return ONE if number == direction else None

    return given


def _jacobian(jets: GraphJets, n: int) -> dict[str, Any]:
    """Columns of A and ∂f/∂γ as one piece of code: entries[i][j], j = n meaning γ; 0 where there is none."""
    lines: list[str] = []
    table: list[list[str]] = [[] for _ in range(n)]
    gamma_lines: list[str] = []
    for j in range(n + 1):
        found, lookup = jets.jet(1, _unit(jets.graph, j), f"p{j}_")
        column = [lookup(output, (1,)) or "0" for output in jets.graph.outputs]
        (lines if j < n else gamma_lines).extend(_used(found, column))
        for row, entry in zip(table, column, strict=True):
            row.append(entry)
    rows = [row[:n] for row in table]
    return {"lines": lines, "gamma_lines": gamma_lines, "rows": rows, "gamma": [row[n] for row in table],
            "body": _body(lines, [entry for row in rows for entry in row])}  # fmt: skip


def _along(jets: GraphJets, n: int) -> dict[str, Any]:
    """The mixed derivatives of f along the direction 1 = (a, gamma) and each unit direction (the last: γ).

    The coefficients of the direction 1 (h…_1) are written once.
    """
    graph = jets.graph

    def first(node: int, subset: Subset) -> str | None:
        operation = graph.nodes[node]
        return "gamma" if operation.op == "parameter" else f"a[{operation.index}]"

    shared, own = jets.jet(1, first, "h")
    columns, gamma_lines = [], []
    lines = list(shared)
    everything: list[list[str]] = []
    for j in range(n + 1):
        unit = _unit(graph, j)

        def given(node: int, subset: Subset, unit: Callable[[int, Subset], str | None] = unit) -> str | None:
            if subset == (1,):
                return own(node, (1,))
            return unit(node, (1,)) if subset == (2,) else None

        found, lookup = jets.jet(2, given, f"m{j}_")
        found = [line for line in found if not line.split(" = ", 1)[0].endswith("_1")]
        found = [_renamed(line, f"m{j}_") for line in found]
        column = [_renamed(lookup(output, (1, 2)) or "0", f"m{j}_") for output in graph.outputs]
        everything.append(found)
        columns.append(column)
    results = [entry for column in columns[:n] for entry in column]
    lines += [line for found in everything[:n] for line in found]
    gamma_lines = shared + everything[n]
    lines = _used(lines, results)
    return {
        "lines": lines,
        "body": _body(lines, results),
        "rows": [[columns[j][i] for j in range(n)] for i in range(n)],
        "gamma_lines": _used(gamma_lines, columns[n]),
        "gamma": columns[n],
    }


def _renamed(code: str, prefix: str) -> str:
    """Coefficients of the direction 1 alone are the shared ones."""
    return re.sub(rf"\b{prefix}([0-9]+_1)\b", r"h\1", code)


def _tangent(jets: GraphJets) -> dict[str, Any]:
    """The first derivative of every node along (a, 1)."""

    def given(node: int, subset: Subset) -> str | None:
        operation = jets.graph.nodes[node]
        return ONE if operation.op == "parameter" else f"a[{operation.index}]"

    lines, lookup = jets.jet(1, given, "h")
    nodes = [lookup(i, (1,)) or "0" for i in range(len(jets.graph.nodes))]
    result = [lookup(output, (1,)) or "0" for output in jets.graph.outputs]
    return {"body": _body(lines, nodes), "nodes": nodes, "result": result}


_TAKEN = re.compile(r"\b([vd])([0-9]+)\b")


def _body(lines: Sequence[str], results: Sequence[str]) -> list[str]:
    """The lines of a function of an expansion e, after what they take from it."""
    used = sorted({(kind, int(i)) for line in (*lines, *results) for kind, i in _TAKEN.findall(line)})
    taken = [f"{kind}{i} = e.{kind}[{i}]" for kind, i in used]
    numbers = ["c = e.c"] if any("c[" in line for line in (*lines, *results)) else []
    return [*numbers, *taken, *lines]


class EquationsEvaluator:
    """The emitted module, loaded, with its numbers as balls at one precision.

    Functions of ``module`` take an Expansion made by `expand`. Use it at the working precision at which it was made.
    """

    def __init__(self, problem: EquationsProblem, emission: EquationsEmission) -> None:
        self.module: Any = load_emitted(emission.source)
        self.n = problem.dimension
        self._problem, self._graph = problem, emission.graph
        constants = Ends(emission.graph, self.module, None, [])
        self.data = self._guarded(lambda: self.module.data(constants))

    def expand(self, gamma: arb, x: list[arb], order: int, known: list[list[arb]] | None = None) -> Any:
        """All subexpressions at the boxes of γ and x with local derivatives up to ``order``; known: other enclosures.

        Raises OutsideDomainError where the field is not proved to be defined and analytic on the boxes, DisjointError
        where known enclosures cannot be right.
        """
        ends = Ends(self._graph, self.module, gamma, x, None if known is None else known[0])
        return self._guarded(lambda: self.module.Expansion(self.data, gamma, x, order, ends, known))

    def _guarded(self, compute: Callable[[], Any]) -> Any:
        try:
            return compute()
        except self.module.OutsideDomain as error:
            node, condition = error.args
            raise OutsideDomainError(_explained(self._problem, self._graph, node, condition)) from None
        except self.module.Disjoint:
            raise DisjointError("two enclosures of one subexpression are disjoint") from None


_CONDITIONS = {
    "nonzero": "the denominator {} is not proved different from 0",
    "positive": "the argument {} of a logarithm, root or power is not proved positive",
    "cosine": "cos({}), the denominator of tan, is not proved different from 0",
    "finite": "{} is not proved finite",
}


def _explained(problem: EquationsProblem, graph: Graph, node: int, condition: str) -> str:
    argument = node_text(problem, graph, graph.nodes[node].args[0])
    text = _CONDITIONS[condition].format(argument) + f" ({graph.texts.get(node, 'network.equations')})"
    if condition == "nonzero":
        text += "; where a numerator vanishes too, as in u/(exp(u) - 1), write 1/exprel(u)"
    return text
