"""Polynomial equations for the theorems of periodic orbits: values, and bounds by moduli (section 18)."""

from __future__ import annotations

from collections.abc import Callable

from .budget import OPERATION, digits_in
from .equations_jets import System
from .equations_problem import Equations
from .intervals import Real, Vector
from .orbit_numbers import Table, Upward
from .orbit_strip import reach_of
from .orbit_tables import real_table
from .orbit_witness import Piece, Strip
from .verdicts import Matrix, Undecided


class EquationsField:
    """x_i' = polynomials."""

    def __init__(self, problem: Equations, F: int) -> None:
        graph = problem.graph
        self.needed = graph.reached(problem.roots)
        for i in self.needed:
            op, _, _, f = graph.nodes[i]
            if op == "call" and not (isinstance(f, int) and f >= 0) and not graph.constant[i]:
                raise Undecided("orbits of equations that are no polynomials are beyond this checker")
        self.problem, self.F, self.exponent = problem, F, problem.n + 1
        self.system = System(problem, F)
        self.extra = self.system.F - F
        self.cost = len(self.needed) * (problem.n + 3) * (OPERATION + digits_in(self.system.F) ** 2)

    def at(self, gamma: tuple[int, int]) -> Callable[[Table], tuple[Table, Table, Table]]:
        value, error = gamma

        def field(x: Table) -> tuple[Table, Table, Table]:
            n, system = self.problem.n, self.system
            held = self.problem.budget.held
            point = [Real(a - x.err, a + x.err, self.F).finer(self.extra) for a, in x.re]
            state = system.at(Real(value - error, value + error, self.F).finer(self.extra), point)
            found = system.jets(state, [*system.units, system.none], [0] * n + [1]).first
            self.problem.budget.held = held
            return self.table([state.f]), self.table(found[:n]), self.table([found[n]])

        return field

    def table(self, columns: list[Vector]) -> Table:
        coarse = [[x.coarser(self.extra) for x in column] for column in columns]
        err = max((x.hi - x.lo + 1) >> 1 for column in coarse for x in column) + 1
        return real_table([[(x.lo + x.hi) >> 1 for x in row] for row in zip(*coarse, strict=True)], err)

    def bounds(self, piece: Piece, strip: Strip) -> tuple[Matrix, Matrix, Matrix]:
        reach, U = reach_of(piece, strip), Upward(piece.F)
        G = abs(piece.gamma.table.re[0][0]) + 1 + reach.D
        rows = majorants(self, [x for x, in reach.X], G, U)
        return [row[:-1] for row in rows], [[row[-1]] for row in rows], [[0] for _ in rows]


def majorants(field: EquationsField, X: list[int], G: int, U: Upward) -> Matrix:
    """For each equation bounds of its derivatives by x_1 .. x_n, gamma where |x_j| <= X_j, |gamma| <= G."""
    graph, n = field.problem.graph, field.problem.n
    v, d = dict[int, int](), dict[int, list[int]]()
    for i in field.needed:
        op, a, b, f = graph.nodes[i]
        if graph.constant[i]:
            exact = field.system.start[i].coarser(field.extra)
            v[i], d[i] = exact.size, [0] * (n + 1)
        elif op in ("variable", "parameter"):
            place = a if op == "variable" else n
            v[i], d[i] = X[a] if op == "variable" else G, [U.one * (j == place) for j in range(n + 1)]
        elif op == "+":
            v[i], d[i] = v[a] + v[b], [x + y for x, y in zip(d[a], d[b], strict=True)]
        elif op == "*":
            v[i] = U.times(v[a], v[b])
            d[i] = [U.times(v[a], y) + U.times(v[b], x) for x, y in zip(d[a], d[b], strict=True)]
        elif op == "neg":
            v[i], d[i] = v[a], d[a]
        elif isinstance(f, int) and f > 0:
            lower = U.times(U.one, *([v[a]] * (f - 1)))
            v[i], d[i] = U.times(lower, v[a]), [f * U.times(lower, x) for x in d[a]]
        elif f == 0 and isinstance(f, int):
            v[i], d[i] = U.one, [0] * (n + 1)
        else:
            raise Undecided("orbits of equations that are no polynomials are beyond this checker")
    return [d[root] for root in field.problem.roots]


FIELD = EquationsField
