"""Equations for the theorems of periodic orbits: values, and bounds of derivatives on discs (section 18)."""

from __future__ import annotations

from collections.abc import Callable

from .budget import OPERATION, digits_in
from .equations_jets import System
from .equations_problem import Equations
from .functions import cost_of
from .intervals import Real, Vector, up
from .orbit_discs import Disc, call_on
from .orbit_numbers import LARGE, Table
from .orbit_strip import reach_of
from .orbit_tables import real_table
from .orbit_witness import Piece, Strip
from .verdicts import Matrix, Undecided


class EquationsField:
    """x' = f(x, gamma)."""

    def __init__(self, problem: Equations, F: int) -> None:
        graph = problem.graph
        self.needed = graph.reached(problem.roots)
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
        reach, n, extra, F = reach_of(piece, strip), self.problem.n, self.extra, self.F
        y = [0] * n if piece.y is None else piece.y.table.re[0]
        middle = [*y, piece.gamma.table.re[0][0]]
        radii = [*(x for x, in reach.moved), reach.D]
        discs = [Disc(Real(c, c + 1, F).finer(extra), r << extra) for c, r in zip(middle, radii, strict=True)]
        rows = [[up(x, 1 << extra) for x in row] for row in self.slopes_on(discs)]
        return [row[:n] for row in rows], [[row[n]] for row in rows], [[0] for _ in rows]

    def slopes_on(self, discs: list[Disc]) -> Matrix:
        """For each equation bounds of its derivatives by x_1 .. x_n, gamma, in units of the system."""
        graph, n, start, spend = self.problem.graph, self.problem.n, self.system.start, self.problem.budget.spend
        v, d, one, bits = dict[int, Disc](), dict[int, dict[int, Disc]](), self.system.units[0][0], self.system.F
        for i in self.needed:
            op, a, b, f = graph.nodes[i]
            spend((n + 3) * (OPERATION + digits_in(2 * bits) ** 2))
            if graph.constant[i]:
                v[i], d[i] = Disc(start[i], 0), {}
            elif op in ("variable", "parameter"):
                place = a if op == "variable" else n
                v[i], d[i] = discs[place], {place: Disc(one, 0)}
            elif op in ("+", "neg"):
                v[i] = v[a] + v[b] if op == "+" else -v[a]
                d[i] = together(d[a], d[b]) if op == "+" else {j: -x for j, x in d[a].items()}
            elif op == "*":
                v[i] = v[a] * v[b]
                d[i] = together({j: x * v[b] for j, x in d[a].items()}, {j: x * v[a] for j, x in d[b].items()})
            else:
                spend(4 * cost_of(f, v[a].c))
                v[i], slope = call_on(f, v[a])
                d[i] = {j: x * slope for j, x in d[a].items()}
            if max(z.size for z in (v[i], *d[i].values())) >> bits + LARGE:
                raise Undecided("a bound is too large for this checker")
        return [[d[root][j].size if j in d[root] else 0 for j in range(n + 1)] for root in self.problem.roots]


def together(one: dict[int, Disc], other: dict[int, Disc]) -> dict[int, Disc]:
    """Sums of coefficients, of which those that are not there are 0."""
    return {j: one[j] + other[j] if j in one and j in other else one.get(j) or other[j] for j in {**one, **other}}


FIELD = EquationsField
