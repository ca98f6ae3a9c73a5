"""Emit the specialised Flint evaluator of a field given by equations (`templates/evaluator/field/equations.py.jinja`).

Values, local derivatives and all jets are straight-line code over the expression graph; beside the evaluator a
binary64 version of the field is emitted for the untrusted search. No text of a spec is copied into code.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..problem.equations import EquationsProblem
from ..symbolic.graph import Graph, build_graph
from .environment import assembled, python_environment
from .equations_jets import form, jacobian, jacobian_along, second_along, tangent
from .function_rules import function_code
from .jets import JETS, GraphJets

_ON_POSITIVE = ("log", "sqrt")  # functions whose argument must be positive
TEMPLATE, APPROX_TEMPLATE = "field/equations.py.jinja", "field/equations_approx.py.jinja"


@dataclass(frozen=True)
class EquationsEmission:
    """field: the emitted text in balls; approx_source: that in binary64 (search only); normal_forms: what is printed
    behind the field."""

    field: str
    approx_source: str
    normal_forms: tuple[str, ...]
    graph: Graph

    @property
    def source(self) -> str:
        """The whole text in balls, `evaluator.py` of a bundle."""
        return assembled(self.field, *self.normal_forms)


def emit_equations(problem: EquationsProblem, problem_sha256: str, *normal_forms: str) -> EquationsEmission:
    """Both texts for one problem; normal_forms: of the theorems that are meant."""
    graph, environment = build_graph(problem), python_environment()
    field = environment.get_template(TEMPLATE).render(problem_sha256=problem_sha256, **_emitted(graph, _Balls()))
    approx = environment.get_template(APPROX_TEMPLATE).render(**_emitted(graph, _Floats()))
    return EquationsEmission(field, approx, normal_forms, graph)


class _Balls:
    """How numbers are written in ball arithmetic: fractions are made once for each precision.

    ends: what functions that are not defined everywhere take besides; key: their code, in `function_code`.
    """

    key = "balls"
    ends = ", ends"

    def __init__(self) -> None:
        self.fractions: dict[Fraction, int] = {}

    def number(self, value: Fraction) -> str:
        if value.denominator == 1:
            return str(value.numerator)
        if value not in self.fractions:
            self.fractions[value] = len(self.fractions)
        return f"c[{self.fractions[value]}]"


class _Floats:
    """The same in binary64."""

    key = "floats"
    fractions: dict[Fraction, int] = {}  # noqa: RUF012
    ends = ""

    def number(self, value: Fraction) -> str:
        try:
            return repr(float(value))
        except OverflowError:
            return "math.inf"


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
        "functions": [{"name": name, **function_code(name)[dialect.key], "in_s": function_code(name)["in_s"],
                       "domain": name in _ON_POSITIVE}
                      for name in names if name != "exprel"],
        "exprel": "exprel" in names,
        "powers": [{"name": _power_name(k), "exponent": k, **function_code(k)[dialect.key]} for k in powers],
        "jets": [form(jets, *shape) for shape in JETS],
        "jacobian": jacobian(jets, n),
        "along": jacobian_along(jets, n),
        "tangent": tangent(jets),
        "second": second_along(jets),
    }  # fmt: skip
    context["fractions"] = [(value.numerator, value.denominator) for value in dialect.fractions]
    return context


def _power_name(exponent: int) -> str:
    return f"power_{exponent}" if exponent > 0 else f"power_minus_{-exponent}"
