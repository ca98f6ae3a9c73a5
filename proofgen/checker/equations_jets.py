"""The jets of equations (section 14) over their graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain
from operator import mul

from .budget import OPERATION, digits_in
from .equations_problem import Equations
from .functions import Function, cost_of, derivatives, long_power, outside
from .graph_jets import Calls, Coefficients, first, second, third, value
from .intervals import Real, Vector, around, real
from .jets import Field, Jets, State
from .reports import show
from .verdicts import Rejected, Undecided

FINER = 640  # bits of a unit that shows what is positive by its form


class System(Field):
    """x' = f(x, gamma) given by equations; values, and coefficients of jets, for every node that is not constant."""

    def __init__(self, p: Equations, F: int) -> None:
        graph = p.graph
        sizes = [(x.f.numerator.bit_length(), x.f.denominator.bit_length()) for x in graph.nodes
                 if x.op == "number" and isinstance(x.f, Fraction) and x.f]  # fmt: skip
        extra = [max((s * (q - r) for q, r in sizes), default=0) for s in (1, -1)]  # for large and small constants
        super().__init__(p, F + min(sum(max(x, 0) for x in extra), 2048))
        self.graph, self.roots, self.start = graph, p.roots, [real(0, self.F)] * len(graph.nodes)
        for i in graph.reached([*p.roots, *p.constants]):
            if graph.constant[i]:
                v, node, inputs = self.start, graph.nodes[i], [self.start[i]]
                v[i] = self.called(i, v, {}, inputs) if node.op == "call" else value(node, v, inputs)
        held = self.count(self.start, len(self.start))
        self.budget.held -= held
        self.active = [(i, graph.nodes[i]) for i in graph.reached(p.roots) if not graph.constant[i]]
        masks = [0] * len(graph.nodes)  # bit j: x_j occurs; bit n: gamma
        bends = [0] * len(graph.nodes)  # bit j: the derivative by x_j (by gamma) may be other than constant
        for i, node in self.active:
            op, a, _, _ = node
            masks[i] = 1 << (a if op == "variable" else self.n) if op in ("variable", "parameter") else 0
            for j in graph.operands(i):
                masks[i] |= masks[j]
                bends[i] |= bends[j]
            if op == "call" or (op == "*" and not any(map(graph.constant.__getitem__, graph.operands(i)))):
                bends[i] = masks[i]
        self.budget.spend(len(self.active) * (self.n + 20) * 2 * OPERATION)
        self.budget.keep(held + 16 * len(self.start) + len(self.active) * (200 + 16 * (self.n + 1)))
        self.concerned = [[x for x in self.active if masks[x[0]] >> j & 1] for j in range(self.n + 1)]
        self.bent = [[x for x in self.active if bends[x[0]] >> j & 1] for j in range(self.n + 1)]
        self.curved, self.slopes = [x for x in self.active if bends[x[0]]], dict[int, Coefficients]()

    def called(self, i: int, v: list[Real], calls: Calls, inputs: list[Real]) -> Real:
        """The value of a call, from that of its argument."""
        node = self.graph.nodes[i]
        z, f = v[node.a], node.f
        self.budget.spend(cost_of(f, z))
        try:
            calls[i] = self.closer(f, node.a, z, inputs) if outside(f, z) else derivatives(f, z)
        except (Rejected, Undecided) as error:
            raise Undecided(f"{self.graph.origin[i]}, argument in {show(z.exact, 4)}: {error}") from None
        return calls[i][0]

    def closer(self, f: Function, argument: int, known: Real, inputs: list[Real]) -> list[Real]:
        """f and its derivatives where the domain is not shown by what is known of its argument: in finer units, where
        e^-300 and 1 + tanh(-150) are not 0, and with equal factors of a product taken together."""
        graph, spend, v = self.graph, self.budget.spend, [real(0, known.F)] * len(self.graph.nodes)
        spend(len(graph.nodes) * OPERATION)
        inputs = [x.finer(FINER) for x in inputs]
        for i in graph.reached([argument]):
            node = graph.nodes[i]
            op, a, _, g = node
            spend(cost_of(g, v[a]) if op == "call" else 4 * OPERATION + digits_in(2 * (known.F + FINER)) ** 2)
            if op == "call" and (not isinstance(g, int) or g == 0):
                v[i] = derivatives(g, v[a])[0]
            elif op in ("call", "*"):
                sign, factors = graph.factors(i)
                spend(sum(cost_of(k, v[j]) for j, k in factors.items()))
                if any(outside(k, v[j]) for j, k in factors.items()):
                    raise Undecided("the denominator is not shown to exclude 0")
                v[i] = real(sign, known.F + FINER)
                for j, k in factors.items():
                    v[i] = v[i] * long_power(v[j], k)
            else:
                v[i] = value(node, v, inputs)
        return [x.coarser(FINER) for x in derivatives(f, v[argument] & known.finer(FINER))]

    def largest(self, gamma: Real, x: Vector) -> int:
        return max((y.size.bit_length() for y in self.at(gamma, x).values), default=0) - self.F

    def evaluated(self, gamma: Real, x: Vector, still: State | None = None, slope: Vector | None = None,
                  h: int = 0, flag: int = 1) -> State:  # fmt: skip
        v, calls, inputs, t = list(self.start), Calls(), [*x, gamma], around(0, h, self.F)
        u = self.direction(slope, flag) if slope else []
        moving: Coefficients = [None] * len(v)
        for i, node in self.active:
            v[i] = self.called(i, v, calls, inputs) if node.op == "call" else value(node, v, inputs)
            if still is not None:
                change = moving[i] = first(i, node, v, calls, moving, u)
                v[i] = v[i] & (still.values[i] if change is None else still.values[i] + t * change)
        self.count(chain(v, *calls.values()), len(self.active) + 4 * len(calls))
        self.count(moving, len(self.active) if slope else 0)
        return State(x, [v[root] for root in self.roots], values=v, calls=calls)

    def count(self, numbers: Iterable[Real | None], computed: int, products: int = 2) -> int:
        """Work and memory of so many computed numbers, by their real sizes; the memory."""
        bits = [end.bit_length() for x in numbers if x is not None for end in (x.lo, x.hi)]
        size = 76 * len(bits) + sum(bits) // 7
        squares = len(bits) + sum(bits) // 15 + sum(map(mul, bits, bits)) // 900  # of digits_in
        self.budget.spend((computed * 2 * OPERATION + squares) * products)
        self.budget.hold(size)
        return size

    def direction(self, u: Vector, flag: int) -> Coefficients:
        """The coefficients of the variables and the parameter; None is 0."""
        last, only = real(flag, self.F) if flag else None, self.unit_index.get(id(u))
        if only is None:
            return [*(None if x.zero else x for x in u), last]
        return [*[None] * only, u[only], *[None] * (self.n - only - 1), last]

    def along_unit(self, j: int) -> Coefficients:
        """The derivatives by x_j that are constant, of every node."""
        if j not in self.slopes:
            nodes, direction = self.concerned[j], self.direction(self.units[j], 0)
            d = self.slopes[j] = Coefficients([None] * len(self.start))
            bent = {i for i, _ in self.bent[j]}
            for i, node in nodes:
                d[i] = None if i in bent else first(i, node, self.start, {}, d, direction)
            held = self.count([d[i] for i, _ in nodes], len(nodes))
            self.budget.held -= held
            self.budget.keep(held + 8 * len(d))
        return self.slopes[j]

    def jets(self, at: State, u: list[Vector], flags: Sequence[int], pairs: Sequence[tuple[int, int]] = (),
             triples: Sequence[tuple[int, int, int]] = ()) -> Jets:  # fmt: skip
        v, calls, size, none = at.values, at.calls, len(at.values), self.none[0]

        def output(d: Coefficients) -> Vector:
            return [d[root] or none for root in self.roots]

        D1, D2, D3 = list[Coefficients](), dict[tuple[int, int], Coefficients](), list[Vector]()
        bent, held = [], 0  # the nodes whose second coefficients may be other than 0
        for vector, flag in zip(u, flags, strict=True):
            direction, unit = self.direction(vector, flag), None if flag else self.unit_index.get(id(vector))
            support = [j for j, x in enumerate(direction) if x is not None] if unit is None else [unit]
            one = support[0] if len(support) == 1 else None
            bent.append(self.curved if one is None else self.bent[one])
            nodes = self.active if one is None else self.concerned[one] if unit is None else bent[-1]
            d = Coefficients([None] * size) if unit is None else list(self.along_unit(unit))
            for i, node in nodes:
                d[i] = first(i, node, v, calls, d, direction)
            held += self.count([d[i] for i, _ in nodes], len(nodes))
            D1.append(d)
        for j, k in pairs:
            nodes, d = min(bent[j], bent[k], key=len), Coefficients([None] * size)
            for i, node in nodes:
                d[i] = second(i, node, v, calls, D1[j], D1[k], d)
            held += self.count([d[i] for i, _ in nodes], len(nodes), 4)
            D2[j, k] = d
        for j, k, m in triples:
            split, d = [(D1[j], D2[k, m]), (D1[k], D2[j, m]), (D1[m], D2[j, k])], Coefficients([None] * size)
            for i, node in self.curved:
                d[i] = third(i, node, v, calls, split, d)
            held += self.count(d, len(self.curved), 12)
            D3.append(output(d))
        self.budget.held -= held
        return Jets([output(d) for d in D1], [output(D2[pair]) for pair in pairs], D3, [])


FIELD = System
