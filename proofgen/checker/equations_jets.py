"""The jets of equations (section 14) over their graph.  A Span (lo, hi) is [lo, hi] in units of 2^-F."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from itertools import chain
from operator import mul

from .budget import OPERATION, digits_in
from .equations_problem import Equations
from .functions import Function, cost_of, derivatives, long_power, outside
from .intervals import Interval, opposite, span_of, span_sum, span_times, total
from .jets import Field, Jets, State, ball, plus, wider
from .reports import show
from .verdicts import Ball, Rejected, Span, Undecided, Vector

FINER = 640  # bits of a unit that shows what is positive by its form


class System(Field):
    """x' = f(x, gamma) given by equations; values, and coefficients of jets, for every node that is not constant."""

    def __init__(self, p: Equations, F: int) -> None:
        graph = p.graph
        sizes = [(x.f.numerator.bit_length(), x.f.denominator.bit_length()) for x in graph.nodes
                 if x.op == "number" and isinstance(x.f, Fraction) and x.f]  # fmt: skip
        extra = [max((s * (q - r) for q, r in sizes), default=0) for s in (1, -1)]  # for large and small constants
        super().__init__(p, F + min(sum(max(x, 0) for x in extra), 2048))
        self.graph, self.roots, self.start = graph, p.roots, [(0, 0)] * len(graph.nodes)
        self.latest: tuple[tuple[Ball, Vector], State] | None = None
        for i in graph.reached([*p.roots, *p.constants]):
            if graph.constant[i]:
                self.start[i] = self.value(i, self.start, {}, [])
        held = self.count(self.start, len(self.start))
        self.budget.held -= held
        self.active = [(i, *graph.nodes[i]) for i in graph.reached(p.roots) if not graph.constant[i]]
        masks = [0] * len(graph.nodes)  # bit j: x_j occurs; bit n: gamma
        for i, op, a, _, _ in self.active:
            masks[i] = 1 << (a if op == "variable" else self.n) if op in ("variable", "parameter") else 0
            for j in graph.operands(i):
                masks[i] |= masks[j]
        self.budget.spend(len(self.active) * (self.n + 20) * OPERATION)
        self.budget.keep(held + 16 * len(self.start) + len(self.active) * (200 + 8 * (self.n + 1)))
        self.concerned = [[x for x in self.active if masks[x[0]] >> j & 1] for j in range(self.n + 1)]

    def value(self, i: int, v: list[Span], calls: dict[int, list[Span]], inputs: list[Span]) -> Span:
        """The value of a node from those of its operands."""
        op, a, b, f = self.graph.nodes[i]
        match op:
            case "+":
                return v[a][0] + v[b][0], v[a][1] + v[b][1]
            case "*":
                return span_times(v[a], v[b], self.F)
            case "neg":
                return -v[a][1], -v[a][0]
            case "number":
                return span_of(Fraction(f), self.F)
            case "variable":
                return inputs[a]
            case "parameter":
                return inputs[-1]
        self.budget.spend(cost_of(f, v[a], self.F))
        try:
            if outside(f, v[a], self.F):
                calls[i] = self.closer(f, a, v[a], inputs)
            else:
                calls[i] = derivatives(f, v[a], self.F)
        except (Rejected, Undecided) as error:
            shown = show(Interval(Fraction(v[a][0], self.one), Fraction(v[a][1], self.one)), 4)
            raise Undecided(f"{self.graph.origin[i]}, argument in {shown}: {error}") from None
        return calls[i][0]

    def closer(self, f: Function, argument: int, known: Span, inputs: list[Span]) -> list[Span]:
        """f and its derivatives where the domain is not shown by the span known of its argument: in finer units, where
        e^-300 and 1 + tanh(-150) are not 0, and with equal factors of a product taken together."""
        graph, F, v = self.graph, self.F + FINER, dict[int, Span]()
        spend = self.budget.spend
        spend(len(graph.nodes) * OPERATION)
        for i in graph.reached([argument]):
            op, a, b, g = graph.nodes[i]
            spend(cost_of(g, v[a], F) if op == "call" else 4 * OPERATION + digits_in(2 * F) ** 2)
            match op:
                case "+":
                    v[i] = v[a][0] + v[b][0], v[a][1] + v[b][1]
                case "neg":
                    v[i] = -v[a][1], -v[a][0]
                case "number":
                    v[i] = span_of(Fraction(g), F)
                case "variable" | "parameter":
                    lo, hi = inputs[a if op == "variable" else -1]
                    v[i] = lo << FINER, hi << FINER
                case "call" if not isinstance(g, int) or g == 0:
                    v[i] = derivatives(g, v[a], F)[0]
                case _:
                    sign, factors = graph.factors(i)
                    spend(sum(cost_of(k, v[j], F) for j, k in factors.items()))
                    if any(outside(k, v[j], F) for j, k in factors.items()):
                        raise Undecided("the denominator is not shown to exclude 0")
                    spans = [long_power(v[j], k, F) for j, k in factors.items()]
                    v[i] = reduce(lambda x, y: span_times(x, y, F), spans, (sign << F, sign << F))
        lo, hi = v[argument]
        z = max(lo, known[0] << FINER), min(hi, known[1] << FINER)
        if z[0] > z[1]:
            raise Undecided("two enclosures of one number are disjoint")
        return [(lo >> FINER, -(-hi >> FINER)) for lo, hi in derivatives(f, z, F)]

    def largest(self, gamma: Ball, x: Vector) -> int:
        return max((max(abs(lo), abs(hi)).bit_length() for lo, hi in self.at(gamma, x).values), default=0) - self.F

    def at(self, gamma: Ball, x: Vector) -> State:
        if self.latest is None or self.latest[0] != (gamma, x):  # often asked for twice in a row
            self.latest = (gamma, list(x)), self.evaluated(gamma, x)
        return self.latest[1]

    def over(self, gamma: Ball, x: Vector, slope: Vector, h: int, spread: list[int]) -> tuple[State, State]:
        """Every value lies in its plain enclosure and in (that at gamma) + [-h, h] (its derivative along (slope, 1));
        both are formed from the intersected enclosures of the operands, node by node."""
        still = self.evaluated(gamma, wider(x, spread))
        if not h:
            return still, still
        box = wider(plus(x, self.scale(slope, (0, h))), spread)
        return still, self.evaluated((gamma[0], gamma[1] + h), box, still.values, slope, h)

    def evaluated(self, gamma: Ball, x: Vector, still: list[Span] | None = None, slope: Vector | None = None,
                  h: int = 0) -> State:  # fmt: skip
        v, calls, F = list(self.start), dict[int, list[Span]](), self.F
        inputs = [(m - r, m + r) for m, r in [*x, gamma]]
        u = self.direction(slope, 1) if slope else []
        moving: list[Span | None] = [None] * len(v)
        for i, op, a, b, _ in self.active:
            v[i] = self.value(i, v, calls, inputs)
            if still is None:
                continue
            moving[i] = self.first(i, op, a, b, v, calls, moving, u)
            lo, hi = still[i]
            if (slope_ := moving[i]) is not None:
                change = span_times((-h, h), slope_, F)
                lo, hi = lo + change[0], hi + change[1]
            lo, hi = max(lo, v[i][0]), min(hi, v[i][1])
            if lo > hi:
                raise Undecided(f"{self.graph.origin[i]}: two enclosures are disjoint")
            v[i] = lo, hi
        self.count(chain(v, *calls.values()), len(self.active) + 4 * len(calls))
        self.count(moving, len(self.active) if slope else 0)
        return State(x, [ball(*v[root]) for root in self.roots], values=v, calls=calls)

    def count(self, spans: Iterable[Span | None], computed: int, products: int = 2) -> int:
        """Work and memory of so many computed spans, by their real sizes; the memory."""
        bits = list(map(int.bit_length, chain.from_iterable(filter(None, spans))))
        size = 76 * len(bits) + sum(bits) // 7
        squares = len(bits) + sum(bits) // 15 + sum(map(mul, bits, bits)) // 900  # of digits_in
        self.budget.spend((computed * 2 * OPERATION + squares) * products)
        self.budget.hold(size)
        return size

    def direction(self, u: Vector, flag: int) -> list[Span | None]:
        """The coefficients of the variables and the parameter; None is 0."""
        spans = [None if m == r == 0 else (m - r, m + r) for m, r in u]
        return [*spans, (flag << self.F, flag << self.F) if flag else None]

    def first(self, i: int, op: str, a: int, b: int, v: list[Span], calls: dict[int, list[Span]],
              d: list[Span | None], u: list[Span | None]) -> Span | None:  # fmt: skip
        """The coefficient of the direction u at a node, from those of its operands."""
        F = self.F
        match op:
            case "+":
                return span_sum(d[a], d[b])
            case "*":
                x, y = d[a], d[b]
                return span_sum(None if x is None else span_times(x, v[b], F),
                                None if y is None else span_times(v[a], y, F))  # fmt: skip
            case "neg":
                return opposite(d[a])
            case "variable":
                return u[a]
            case "parameter":
                return u[-1]
        z = d[a]
        return None if z is None else span_times(calls[i][1], z, F)

    def jets(self, at: State, u: list[Vector], flags: Sequence[int], pairs: Sequence[tuple[int, int]] = (),
             triples: Sequence[tuple[int, int, int]] = ()) -> Jets:  # fmt: skip
        v, calls, size = at.values, at.calls, len(at.values)

        def product(*factors: Span | None) -> Span | None:
            result = factors[0]
            for x in factors[1:]:
                if result is None or x is None:
                    return None
                result = span_times(result, x, self.F)
            return result

        def output(d: list[Span | None]) -> Vector:
            return [(0, 0) if (x := d[root]) is None else ball(*x) for root in self.roots]

        D1, D2, D3 = list[list[Span | None]](), dict[tuple[int, int], list[Span | None]](), list[Vector]()
        concerned, held = [], 0  # the nodes whose coefficients may be other than 0
        for vector, flag in zip(u, flags, strict=True):
            direction, d = self.direction(vector, flag), list[Span | None]([None] * size)
            support = [j for j, x in enumerate(direction) if x is not None]
            concerned.append(self.concerned[support[0]] if len(support) == 1 else self.active)
            for i, op, a, b, _ in concerned[-1]:
                d[i] = self.first(i, op, a, b, v, calls, d, direction)
            held += self.count(d, len(concerned[-1]))
            D1.append(d)
        for i, j in pairs:
            x, y, d = D1[i], D1[j], list[Span | None]([None] * size)
            concerned.append(min(concerned[i], concerned[j], key=len))
            for node, op, a, b, _ in concerned[-1]:
                if op == "+":
                    d[node] = span_sum(d[a], d[b])
                elif op == "neg":
                    d[node] = opposite(d[a])
                elif op == "*":
                    d[node] = total(product(d[a], v[b]), product(v[a], d[b]), product(x[a], y[b]), product(y[a], x[b]))
                elif op == "call":
                    _, s1, s2, _ = calls[node]
                    d[node] = total(product(s2, product(x[a], y[a])), product(s1, d[a]))
            held += self.count(d, len(concerned[-1]), 4)
            D2[i, j] = d
        for i, j, k in triples:
            split = [(D1[p], D2[q]) for p, q in ((i, (j, k)), (j, (i, k)), (k, (i, j)))]
            x, y, z, d = D1[i], D1[j], D1[k], list[Span | None]([None] * size)
            for node, op, a, b, _ in self.active:
                if op == "+":
                    d[node] = span_sum(d[a], d[b])
                elif op == "neg":
                    d[node] = opposite(d[a])
                elif op == "*":
                    mixed = [product(p[s], q[t]) for p, q in split for s, t in ((a, b), (b, a))]
                    d[node] = total(product(d[a], v[b]), product(v[a], d[b]), *mixed)
                elif op == "call":
                    _, s1, s2, s3 = calls[node]
                    mixed = [product(s2, total(*(product(p[a], q[a]) for p, q in split)))]
                    d[node] = total(product(s3, product(x[a], y[a], z[a])), product(s1, d[a]), *mixed)
            held += self.count(d, len(self.active), 12)
            D3.append(output(d))
        self.budget.held -= held
        return Jets([output(d) for d in D1], [output(D2[pair]) for pair in pairs], D3, [])


FIELD = System
