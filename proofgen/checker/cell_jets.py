"""The jets of a cell (section 26): short programs of vectors, of which None is one of zeros."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from .activations import sigma_near
from .budget import OPERATION, bytes_of, digits_in, size_of
from .cell_problem import CellProblem
from .intervals import Real, Vector, around, real, up
from .jets import Box, Field, Jets, State, largest, plus, wider

CellStep = tuple[str, ...]
OfSteps = dict[str, Vector | None]  # of the steps

# f = F - x; of an RNN (1 - alpha)h + alpha t - h = alpha (t - h), of a GRU (1 - z)n + zh - h = (1 - z)(n - h)
PROGRAMS: dict[str, dict[str, CellStep]] = {
    "rnn": {
        "h": ("state", "0"), "sum": ("gate", "a"), "t": ("tanh", "sum"), "alpha": ("gate", "alpha"),
        "change": ("-", "t", "h"), "f": ("*", "alpha", "change"),
    },
    "gru": {
        "h": ("state", "0"),
        "ar": ("gate", "r"), "r": ("logistic", "ar"), "az": ("gate", "z"), "z": ("logistic", "az"),
        "hn": ("gate", "n"), "reset": ("*", "r", "hn"), "in": ("gate", "v"), "an": ("+", "reset", "in"),
        "n": ("tanh", "an"), "rest": ("1-", "z"), "change": ("-", "n", "h"), "f": ("*", "rest", "change"),
    },
    "lstm": {
        "h": ("state", "0"), "c": ("state", "1"),
        "ai": ("gate", "i"), "i": ("logistic", "ai"), "af": ("gate", "f"), "f": ("logistic", "af"),
        "ag": ("gate", "g"), "g": ("tanh", "ag"), "ao": ("gate", "o"), "o": ("logistic", "ao"),
        "fc": ("*", "f", "c"), "ig": ("*", "i", "g"), "next": ("+", "fc", "ig"),
        "t": ("tanh", "next"), "ot": ("*", "o", "t"), "fh": ("-", "ot", "h"), "fcell": ("-", "next", "c"),
    },
}  # fmt: skip
COSTS = {"*": (3, 8, 20), "logistic": (1, 5, 15), "tanh": (1, 5, 15)}  # of the orders 1 to 3
OUTPUTS = {"rnn": ["f"], "gru": ["f"], "lstm": ["fh", "fcell"]}


@dataclass
class CellState(State):
    """v: of the steps; slopes: the derivatives of the functions; weights: W(gamma) of the gates; moved: Eh + c."""

    v: dict[str, Vector] = field(default_factory=dict)
    slopes: dict[str, list[Vector]] = field(default_factory=dict)
    weights: dict[str, Box] = field(default_factory=dict)
    moved: dict[str, Vector] = field(default_factory=dict)


@dataclass
class GateBoxes:
    W: Box
    E: Box | None
    b: Vector
    c: Vector


class Cell(Field):
    """f of a cell, with its arrays in their box."""

    def __init__(self, p: CellProblem, F: int) -> None:
        super().__init__(p, F)
        self.program, self.outputs, self.H, H = PROGRAMS[p.cell], OUTPUTS[p.cell], p.hidden, p.hidden
        self.step = p.step
        if p.step != 1:  # of the Euler map
            self.program = self.program | {f"h{name}": ("step", name) for name in self.outputs}
            self.outputs = [f"h{name}" for name in self.outputs]
        small = self.units if p.n == H else [[real(int(i == j), F) for j in range(H)] for i in range(H)]
        self.unit_index |= {id(e): i for i, e in enumerate(small)}
        self.unit_blocks = {id(e): [small[i % H] if i // H == k else None for k in range(p.n // H)]
                            for i, e in enumerate(self.units)}  # fmt: skip
        self.gates = dict[str, GateBoxes]()
        for letter, gate in p.gates.items():
            bits = sum(map(size_of, (gate.W, gate.W_radius, gate.E, gate.E_radius)))
            bits += gate.W_unit.bit_length() + gate.E_unit.bit_length()
            self.budget.spend(H * H * (20 * OPERATION + digits_in(bits + F) * digits_in(bits)))
            self.budget.keep(6 * bytes_of(H * H, F))
            moves = any(map(any, gate.E)) or any(map(any, gate.E_radius))
            E = Box.of(gate.E, gate.E_unit, F, gate.E_radius) if moves else None
            b, c = (wider([real(x, F) for x in column], [up(r.numerator << F, r.denominator) for r in radii])
                    for column, radii in ((gate.b, gate.b_radius), (gate.c, gate.c_radius)))  # fmt: skip
            self.gates[letter] = GateBoxes(Box.of(gate.W, gate.W_unit, F, gate.W_radius), E, b, c)

    def largest(self, gamma: Real, x: Vector) -> int:
        return max((y.size.bit_length() for v in self.at(gamma, x).v.values() for y in v), default=0) - self.F

    def evaluated(self, gamma: Real, x: Vector, still: CellState | None = None, slope: Vector | None = None,
                  h: int = 0, flag: int = 1) -> CellState:  # fmt: skip
        s, moving, t = CellState(x, []), OfSteps(), around(0, h, self.F)
        blocks = self.blocks(slope) if slope else []
        s.weights = {letter: self.weights(gate.W, gate.E, gamma) for letter, gate in self.gates.items()}
        for name, step in self.program.items():
            v = self.value(name, step, s, x, gamma)
            if still is not None:
                self.advance(name, step, s, [blocks], [flag], [moving], {}, {})
                change = moving[name]
                near = still.v[name] if change is None else plus(still.v[name], self.scale(change, t))
                v = [a & b for a, b in zip(v, near, strict=True)]
            s.v[name] = v
            self.count([v], 6)
        s.f = [y for name in self.outputs for y in s.v[name]]
        return s

    def value(self, name: str, step: CellStep, s: CellState, x: Vector, gamma: Real) -> Vector:
        """Of a step, from those of its operands; of a function also the derivatives."""
        op, a = step[:2]
        if op == "state":
            return x[int(a) * self.H :][: self.H]
        if op == "gate":
            gate = self.gates[a]
            s.moved[a] = gate.c if gate.E is None else plus(self.apply(gate.E, [s.v["h"]])[0], gate.c)
            return plus(self.apply(s.weights[a], [s.v["h"]])[0], gate.b, self.scale(gate.c, gamma))
        v = s.v[a]
        if op in ("logistic", "tanh"):
            values = [(logistic_over if op == "logistic" else tanh_over)(z, self.budget.spend) for z in v]
            s.slopes[name] = [list(column) for column in zip(*values, strict=True)][1:]
            return [row[0] for row in values]
        if op == "step":
            return self.stepped(v)
        if op == "1-":
            return [real(1, self.F) - y for y in v]
        w = s.v[step[2]]
        return self.times(v, w) if op == "*" else plus(v, w if op == "+" else [-y for y in w])

    def stepped(self, v: Vector) -> Vector:
        """h v."""
        return [y.by(self.step.numerator).over(self.step.denominator) for y in v]

    def blocks(self, u: Vector) -> list[Vector | None]:
        """The blocks of a direction."""
        known = self.unit_blocks.get(id(u))
        if known is not None:
            return known
        parts = [u[k : k + self.H] for k in range(0, self.n, self.H)]
        return [None if all(y.zero for y in part) else part for part in parts]

    def jets(self, at: State, u: list[Vector], flags: Sequence[int], pairs: Sequence[tuple[int, int]] = (),
             triples: Sequence[tuple[int, int, int]] = ()) -> Jets:  # fmt: skip
        assert isinstance(at, CellState)
        blocks, held = [self.blocks(vector) for vector in u], 0
        D1 = [OfSteps() for _ in u]
        D2, D3 = {pair: OfSteps() for pair in pairs}, {triple: OfSteps() for triple in triples}
        for name, step in self.program.items():
            self.advance(name, step, at, blocks, flags, D1, D2, D3)
            one, two, three = COSTS.get(step[0], (1, 1, 1))
            held += self.count([d[name] for d in D1], one) + self.count([d[name] for d in D2.values()], two)
            held += self.count([d[name] for d in D3.values()], three)
        self.budget.held -= held
        zeros = self.none[: self.H]

        def output(d: OfSteps) -> Vector:
            return [y for name in self.outputs for y in d[name] or zeros]

        return Jets([output(d) for d in D1], [output(D2[pair]) for pair in pairs],
                    [output(D3[triple]) for triple in triples], [])  # fmt: skip

    def advance(self, name: str, step: CellStep, s: CellState, blocks: list[list[Vector | None]], flags: Sequence[int],
                D1: list[OfSteps], D2: dict[tuple[int, int], OfSteps],
                D3: dict[tuple[int, int, int], OfSteps]) -> None:  # fmt: skip
        """The coefficients at one step, from those at its operands."""
        op, a = step[:2]
        others: list[OfSteps] = [*D2.values(), *D3.values()]
        if op in ("state", "gate"):  # a gate is linear in h, which has no coefficients of higher order
            for d in others:
                d[name] = None
            for j, d in enumerate(D1):
                d[name] = blocks[j][int(a)] if op == "state" else None
            if op == "gate":
                self.through_gate(name, a, s, flags, D1, D2)
            return
        if op == "step":
            for d in [*D1, *others]:
                own = d[a]
                d[name] = None if own is None else self.stepped(own)
            return
        if op in ("1-", "+", "-"):
            for d in [*D1, *others]:
                first = vneg(d[a]) if op == "1-" else d[a]
                d[name] = first if op == "1-" else vsum(first, d[step[2]] if op == "+" else vneg(d[step[2]]))
            return
        if op == "*":
            b = step[2]
            v, w = s.v[a], s.v[b]
            for d in [*D1, *others]:
                d[name] = vsum(vmul(d[a], w), vmul(v, d[b]))
            for (i, j), d in D2.items():
                d[name] = vsum(d[name], vmul(D1[i][a], D1[j][b]), vmul(D1[j][a], D1[i][b]))
            for triple, d in D3.items():
                mixed = [vmul(p[x], q[y]) for p, q in others_of(triple, D1, D2) for x, y in ((a, b), (b, a))]
                d[name] = vsum(d[name], *mixed)
            return
        s1, s2, s3 = s.slopes[name]
        for d in [*D1, *others]:
            d[name] = vmul(s1, d[a])
        for (i, j), d in D2.items():
            d[name] = vsum(d[name], vmul(s2, D1[i][a], D1[j][a]))
        for triple, d in D3.items():  # Faa di Bruno: f''' g' g' g' + f'' g' g'' for each of the three + f' g'''
            bent = vsum(*(vmul(p[a], q[a]) for p, q in others_of(triple, D1, D2)))
            d[name] = vsum(d[name], vmul(s2, bent), vmul(s3, *(D1[k][a] for k in triple)))

    def through_gate(self, name: str, letter: str, s: CellState, flags: Sequence[int], D1: list[OfSteps],
                     D2: dict[tuple[int, int], OfSteps]) -> None:  # fmt: skip
        """W(gamma) h_u, and for every direction that moves gamma E h + c; of two directions E h_u."""
        directions = [h for d in D1 if (h := d["h"]) is not None]
        images = iter(self.apply(s.weights[letter], directions) if directions else [])
        E, moved = self.gates[letter].E, s.moved[letter]
        for d, flag in zip(D1, flags, strict=True):
            own = None if d["h"] is None else next(images)
            d[name] = vsum(own, moved) if flag else own
        if E is not None and D2 and any(flags):
            bent = iter(self.apply(E, directions) if directions else [])
            with_E = [None if d["h"] is None else next(bent) for d in D1]
            for (i, j), d in D2.items():
                d[name] = vsum(with_E[j] if flags[i] else None, with_E[i] if flags[j] else None)

    def count(self, vectors: Iterable[Vector | None], products: int) -> int:
        """Work and memory of so many computed numbers; the memory."""
        found = [v for v in vectors if v]
        numbers = self.H * len(found)
        bits = max((largest(v) for v in found), default=0).bit_length()
        size = numbers * 160 + 2 * bytes_of(numbers, bits)
        self.budget.spend(numbers * products * (2 * OPERATION + digits_in(bits) ** 2))
        self.budget.hold(size)
        return size


def tanh_over(z: Real, spend: Callable[[int], None]) -> list[Real]:
    """The function and its first three derivatives over z."""
    return sigma_near("tanh", z, spend)


def logistic_over(z: Real, spend: Callable[[int], None]) -> list[Real]:
    """The same of 1/(1 + e^-z) = (1 + tanh(z/2))/2."""
    values = [t.over(2 << k) for k, t in enumerate(tanh_over(z.over(2), spend))]
    return [z.of(Fraction(1, 2)) + values[0], *values[1:]]


def others_of(triple: tuple[int, int, int], D1: list[OfSteps], D2: dict[tuple[int, int], OfSteps]
              ) -> list[tuple[OfSteps, OfSteps]]:  # fmt: skip
    """Each of three directions with the coefficients of the other two."""
    i, j, k = triple
    return [(D1[i], D2[j, k]), (D1[j], D2[i, k]), (D1[k], D2[i, j])]


def vsum(*vectors: Vector | None) -> Vector | None:
    found = [v for v in vectors if v is not None]
    return None if not found else found[0] if len(found) == 1 else plus(*found)


def vmul(*vectors: Vector | None) -> Vector | None:
    result = vectors[0]
    for v in vectors[1:]:
        if result is None or v is None:
            return None
        result = [x * y for x, y in zip(result, v, strict=True)]
    return result


def vneg(v: Vector | None) -> Vector | None:
    return None if v is None else [-x for x in v]


FIELD = Cell
