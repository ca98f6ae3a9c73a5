"""A field given by equations, in balls: its emitted code with its numbers, and why something has no value there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb

from ..problem.equations import EquationsProblem
from ..proof.failure import FailureCode, ProofFailure
from ..proof.field import Expansion
from ..symbolic.graph import Graph
from ..symbolic.graph_text import node_text
from .emitted_field import EmittedField
from .ends import Ends, disjoint
from .environment import assembled
from .equations import EquationsEmission
from .loading import load_emitted


def equations_balls(problem: EquationsProblem, emission: EquationsEmission) -> EmittedField:
    """The emitted field with its numbers at the precision in force; z of an expansion: the values of all operations.

    Raises ProofFailure (OUTSIDE_DOMAIN) where a constant has no value.
    """
    graph, module = emission.graph, load_emitted(assembled(emission.field))

    def guarded(compute: Callable[[], Any]) -> Any:
        try:
            return compute()
        except module.OutsideDomain as error:
            node, condition = error.args
            raise ProofFailure(FailureCode.OUTSIDE_DOMAIN, _explained(problem, graph, node, condition)) from None
        except module.Disjoint:
            raise disjoint() from None

    def expand(gamma: arb, x: list[arb], order: int, known: list[list[arb]] | None) -> Expansion:
        ends = Ends(graph, module, gamma, x, None if known is None else known[0])
        return guarded(lambda: module.Expansion(data, gamma, x, order, ends, known))  # type: ignore[no-any-return]

    data = guarded(lambda: module.data(Ends(graph, module, None, [])))
    return EmittedField(problem.dimension, module, expand)


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
