"""Jets of a field given by equations, as code over its expression graph; a line stands where something uses it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from ..symbolic.graph import Graph
from ..symbolic.subsets import Subset
from .jets import GAMMA, ONE, GraphJets

_WORD = re.compile(r"\w+")


def second_along(jets: GraphJets) -> dict[str, Any]:
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


def form(jets: GraphJets, name: str, directions: tuple[str, ...], text: str) -> dict[str, Any]:
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


def jacobian(jets: GraphJets, n: int) -> dict[str, Any]:
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


def jacobian_along(jets: GraphJets, n: int) -> dict[str, Any]:
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


def tangent(jets: GraphJets) -> dict[str, Any]:
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
