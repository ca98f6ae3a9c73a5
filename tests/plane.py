"""Problems with two parameters for tests, and a second computation of their Bautin points.

`multilinear` has c_1, c_2 and l2 by the formulas in multilinear forms (Kuznetsov 1999), whose tensors SymPy differentiates:
no series, no jets, no code of proofgen's.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import sympy as sp

from proofgen.approx.plane import PlaneApprox
from proofgen.problem.plane import PlaneProblem
from proofgen.proof.plane_field import PlaneField
from proofgen.spec.load import load
from proofgen.symbolic.graph import Graph, build_plane_graph

FOLDER = Path(__file__).parent / "data" / "bautin"
NAMES = ("bazykin-khibnik", "co-oxidation", "quadratic-3d", "rate-3-1")


@dataclass(frozen=True)
class Case:
    problem: PlaneProblem
    graph: Graph
    reference: dict[str, Any]  # of 40 digits

    @property
    def field(self) -> PlaneField:
        return PlaneField(self.graph)

    @property
    def approx(self) -> PlaneApprox:
        return PlaneApprox(self.graph)

    @property
    def start(self) -> list[float] | None:
        return None if self.problem.start is None else [float(x) for x in self.problem.start]

    @property
    def parameters(self) -> list[str]:
        return list(self.reference["parameters"].values())


def case(name: str) -> Case:
    problem: Any = load(FOLDER / f"bautin-{name}.toml")
    reference = json.loads((FOLDER / f"bautin-{name}.json").read_text())["points"][0]
    return Case(problem, build_plane_graph(problem), reference)


def equations_case(
    variables: Sequence[str], equations: Sequence[str], parameters: tuple[str, str], box: Any, start: Sequence[str]
) -> Case:
    ranges = tuple((Fraction(low), Fraction(high)) for low, high in box)
    problem = PlaneProblem(
        "", tuple(variables), tuple(equations), parameters, (ranges[0], ranges[1]),
        start=tuple(Fraction(x) for x in start),
    )  # fmt: skip
    return Case(problem, build_plane_graph(problem), {})


def expressions(problem: PlaneProblem) -> tuple[list[sp.Expr], list[sp.Symbol]]:
    """f and its inputs; the texts are the tests' own."""
    names = {name: sp.Symbol(name) for name in (*problem.variables, *problem.parameters)}
    inputs = list(names.values())
    for name, text in (*problem.constants, *problem.definitions):
        names[name] = sp.sympify(text, locals=names, rational=True)
    return [sp.sympify(text, locals=names, rational=True) for text in problem.equations], inputs


def multilinear(problem: PlaneProblem, at: Sequence[str]) -> dict[str, mp.mpf]:
    """At an equilibrium with a pair on the axis; at: x and the two parameters. q^H q = 1."""
    f, inputs = expressions(problem)
    n = len(f)
    point = dict(zip(inputs, [sp.Rational(x) for x in at], strict=True))
    tensors: dict[int, dict[tuple[int, ...], list[mp.mpf]]] = {}
    for order in range(1, 6):
        tensors[order] = {}
        for index in itertools.combinations_with_replacement(range(n), order):
            values = [sp.diff(g, *[inputs[i] for i in index]).subs(point) for g in f]
            tensors[order][index] = [mp.mpf(str(sp.N(v, 60))) for v in values]

    def form(*vectors: mp.matrix) -> mp.matrix:
        total = mp.matrix(n, 1)
        for index in itertools.product(range(n), repeat=len(vectors)):
            weight = mp.mpf(1)
            for i, v in zip(index, vectors, strict=True):
                weight = weight * v[i]
            if weight != 0:
                for row, value in enumerate(tensors[len(vectors)][tuple(sorted(index))]):
                    total[row] += weight * value
        return total

    A = mp.matrix([[tensors[1][(j,)][i] for j in range(n)] for i in range(n)])
    values, left, right = mp.eig(A, left=True, right=True)
    k = min((k for k in range(n) if mp.im(values[k]) > 0), key=lambda k: abs(mp.re(values[k])))
    w = mp.im(values[k])
    q = right[:, k] / mp.norm(right[:, k])
    p = left[k, :] / (left[k, :] * q)[0]
    conj = lambda v: v.apply(mp.conj)  # noqa: E731
    r = conj(q)
    one = mp.eye(n)

    def solve(z: mp.mpc, v: mp.matrix) -> mp.matrix:
        return mp.lu_solve(z * one - A, v)

    B, C, D, E = form, form, form, form
    h20, h11 = solve(2j * w, B(q, q)), solve(mp.mpf(0), B(q, r))
    c1 = (p * (C(q, q, r) + 2 * B(q, h11) + B(r, h20)))[0] / 2
    h30 = solve(3j * w, C(q, q, q) + 3 * B(q, h20))
    bordered = mp.matrix(n + 1, n + 1)
    bordered[:n, :n], bordered[:n, n], bordered[n, :n] = 1j * w * one - A, q, p
    right_side = mp.matrix(n + 1, 1)
    right_side[:n, 0] = C(q, q, r) + 2 * B(q, h11) + B(r, h20) - 2 * c1 * q
    h21 = mp.lu_solve(bordered, right_side)[:n, 0]
    t, s = conj(h20), conj(h21)
    h31 = solve(2j * w, D(q, q, q, r) + 3 * C(q, q, h11) + 3 * C(q, r, h20) + 3 * B(h20, h11) + B(r, h30)
                + 3 * B(q, h21) - 6 * c1 * h20)  # fmt: skip
    h22 = solve(mp.mpf(0), D(q, q, r, r) + 4 * C(q, r, h11) + 2 * (C(r, r, h20) + C(q, q, t)) / 2
                + 2 * B(h11, h11) + 2 * (B(r, h21) + B(q, s)) + B(h20, t) - 8 * mp.re(c1) * h11)  # fmt: skip
    total = (
        E(q, q, q, r, r) + D(q, q, q, t) + 3 * D(q, r, r, h20) + 6 * D(q, q, r, h11) + C(r, r, h30) + 3 * C(q, q, s)
        + 6 * C(q, r, h21) + 3 * C(q, t, h20) + 6 * C(q, h11, h11) + 6 * C(r, h20, h11) + 2 * B(r, h31) + 3 * B(q, h22)
        + B(t, h30) + 3 * B(s, h20) + 6 * B(h11, h21)
    )  # fmt: skip
    c2 = (p * total)[0] / 12
    return {"omega": w, "re_c1": mp.re(c1), "re_c2": mp.re(c2), "l2": mp.re(c2) / w}
