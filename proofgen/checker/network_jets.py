"""The jets of a network (section 12)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain

from .activations import FUNCTIONS_OF_Z, sigma_near
from .budget import OPERATION, bytes_of, digits_in, size_of
from .intervals import Real, Vector, around, real, up
from .jets import Box, Field, Jets, Stage, State, largest, plus, wider
from .network_problem import NetworkProblem


class Network(Field):
    """A network (section 3), with the weights in their box."""

    def __init__(self, p: NetworkProblem, F: int) -> None:
        super().__init__(p, F)
        if any(x.activation not in FUNCTIONS_OF_Z for x in p.layers):
            _ = p.texts  # so that the report names what they need
        self.layers = []
        for x in p.layers:
            entries, bits = len(x.W) * len(x.W[0]), size_of(x.W) + x.W_unit.bit_length() + size_of(x.E or [])
            self.budget.spend(entries * (10 * OPERATION + digits_in(bits + F) * digits_in(bits)))
            self.budget.keep((3 if x.E is None else 6) * bytes_of(entries, F))
            b = [real(Fraction(y, x.b.unit), F) for y in x.b.rows[0]] if x.b else [real(0, F)] * len(x.W)
            b = wider(b, [up(r.numerator << F, r.denominator) for r in x.b_radius])
            E = None if x.E is None else Box.of(x.E, x.E_unit, F)
            self.layers.append((x.activation, Box.of(x.W, x.W_unit, F, x.delta), E, b))
        self.moving = [None if x.c is None else [real(Fraction(y, x.c.unit), F) for y in x.c.rows[0]] for x in p.layers]
        self.leak = [real(-x, F) for x in p.leak]

    def bias(self, b: Vector, c: Vector | None, gamma: Real) -> Vector:
        """b + gamma c."""
        return b if c is None else plus(b, self.scale(c, gamma))

    def sigma(self, text: str, z: Real) -> list[Real]:
        return sigma_near(text, z, self.budget.spend)

    def at(self, gamma: Real, x: Vector, clip: list[Vector] | None = None) -> State:
        """All layers; `clip` holds other enclosures of z_l."""
        stages, h = [], x
        for index, (text, W0, E, b) in enumerate(self.layers):
            W = self.weights(W0, E, gamma)
            z = plus(self.apply(W, [h])[0], self.bias(b, self.moving[index], gamma))
            if clip:
                z = [u & v for u, v in zip(z, clip[index], strict=True)]
            sigma = [list(v) for v in zip(*(self.sigma(text, y) for y in z), strict=True)]
            stages.append(Stage(h, W, z, sigma))
            h = sigma[0]
        return State(x, plus(h, self.times(self.leak, x)), stages)

    def over(self, gamma: Real, x: Vector, slope: Vector, h: int, spread: list[int], flag: int = 1,
             ) -> tuple[State, State]:  # fmt: skip
        still, wide = self.at(gamma, wider(x, spread)), gamma.widen(h * flag)
        if not h:
            return still, still
        t = around(0, h, self.F)  # gamma - gamma~
        box = wider(plus(x, self.scale(slope, t)), spread)
        rough = self.jets(self.at(wide, box), [slope], [flag]).z
        clip = [plus(stage.z, self.scale(z[0], t)) for stage, z in zip(still.stages, rough, strict=True)]
        return still, self.at(wide, box, clip)

    def jets(self, at: State, u: list[Vector], flags: Sequence[int], pairs: Sequence[tuple[int, int]] = (),
             triples: Sequence[tuple[int, int, int]] = ()) -> Jets:  # fmt: skip
        times, where = self.times, {pair: i for i, pair in enumerate(pairs)}
        H1, H2, H3, z_all = u, [self.none] * len(pairs), [self.none] * len(triples), list[list[Vector]]()
        for (_, _, E, _), c, stage in zip(self.layers, self.moving, at.stages, strict=True):
            _, s1, s2, s3 = stage.sigma
            Z = self.apply(stage.W, H1 + H2 + H3)
            Z1, Z2, Z3 = Z[: len(u)], Z[len(u) : len(u) + len(pairs)], Z[len(u) + len(pairs) :]
            if E is not None and any(flags):
                E_h, *E_H = self.apply(E, [stage.h, *H1])
                Z1 = [plus(z, E_h) if flag else z for z, flag in zip(Z1, flags, strict=True)]
                Z2 = [plus(z, *([E_H[j]] * flags[i]), *([E_H[i]] * flags[j]))
                      for z, (i, j) in zip(Z2, pairs, strict=True)]  # fmt: skip
            if c is not None:
                Z1 = [plus(z, c) if flag else z for z, flag in zip(Z1, flags, strict=True)]
            H3 = []
            for z, (i, j, k) in zip(Z3, triples, strict=True):
                mixed = plus(*(times(Z1[a], Z2[where[b, c]]) for a, b, c in ((i, j, k), (j, i, k), (k, i, j))))
                cube = times(Z1[i], times(Z1[j], Z1[k]))
                H3.append(plus(times(s3, cube), times(s2, mixed), times(s1, z)))
            H2 = [plus(times(s2, times(Z1[i], Z1[j])), times(s1, z)) for z, (i, j) in zip(Z2, pairs, strict=True)]
            H1 = [times(s1, z) for z in Z1]
            bits = max((largest(v) for v in chain(H1, H2, H3)), default=0).bit_length()
            each = 3 * len(u) + 10 * len(pairs) + 30 * len(triples)
            self.budget.spend(len(s1) * each * (2 * OPERATION + digits_in(bits) ** 2))
            z_all.append(Z1)
        return Jets([plus(h, times(self.leak, v)) for h, v in zip(H1, u, strict=True)], H2, H3, z_all)


FIELD = Network
