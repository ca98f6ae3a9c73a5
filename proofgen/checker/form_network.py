"""Networks along a curve and around it (section 17): what Theorem L asks of a field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from .budget import OPERATION, bytes_of, digits_in
from .form_motion import UNIT, Matrices, Motion, product, sums
from .form_series import Series, centres, divided, over_part, recentred
from .intervals import Real, Vector, around, split, up
from .jets import Box, minus, plus, wider
from .network_jets import Network
from .network_problem import NetworkProblem
from .quadratic_form import SHORT, Moduli, Stage, deviation, times_moduli


@dataclass
class Layer:
    """A layer of the network: its activation, W(gamma~), E, b and the moduli of E."""

    text: str
    W: Box
    E: Box | None
    b: Vector  # at gamma~
    size_E: Moduli | None
    c: Vector | None


class LayerRest:
    """Of the product of the layers over the tube."""

    def __init__(self, net: Network, stages: Sequence[Stage]) -> None:
        self.net, self.stages = net, stages

    def times(self, v: list[int]) -> list[int]:
        return self.applied(v, False)

    def turned(self, v: list[int]) -> list[int]:
        return self.applied(v, True)

    def applied(self, v: list[int], turned: bool) -> list[int]:
        self.net.budget.spend(self.net.n**2 * 6 * len(self.stages) * 8)
        return deviation(self.stages, v, self.net.F, turned)

    def still(self, share: Fraction) -> LayerRest:
        """All coefficients of |gamma - gamma~| are positive."""
        return LayerRest(self.net, [
            replace(s, s1=[0] * len(s.s1), swing=[0] * len(s.swing), moved=[0] * len(s.moved),
                    bend=[up(x * share.numerator, share.denominator) for x in s.aside])
            for s in self.stages])  # fmt: skip


class FormNetwork:
    """A network in units 2^-UNIT with what all its pieces have in common."""

    parts = 4

    def __init__(self, problem: NetworkProblem) -> None:
        self.net = Network(problem, UNIT)
        self.size_E = [None if E is None else Moduli.of(E.mid, E.rad, UNIT) for _, _, E, _ in self.net.layers]

    def layers(self, gamma: Real) -> list[Layer]:
        return [
            Layer(text, self.net.weights(W, E, gamma), E, self.net.bias(b, c, gamma), size, c)
            for (text, W, E, b), size, c in zip(self.net.layers, self.size_E, self.net.moving, strict=True)
        ]

    def around(self, gamma: Real, curve: Sequence[Vector], h: int, r: int,
               trivial: bool) -> tuple[list[tuple[Series, int]], Motion]:  # fmt: skip
        net = self.net
        net.budget.spend(net.n * 40 * (len(net.layers) + 1) * 20 * OPERATION)
        return AlongNetwork(net, curve, h, r).along(self.layers(gamma), [] if trivial else centres(h, self.parts))


class AlongNetwork:
    """A network over a piece; spread and others in the units of the field."""

    def __init__(self, net: Network, curve: Sequence[Vector], h: int, r: int) -> None:
        self.net, self.curve, self.h, self.r = net, list(curve), h, r

    def along(self, layers: Sequence[Layer],
              parts: list[tuple[int, int]]) -> tuple[list[tuple[Series, int]], Motion]:  # fmt: skip
        """f around the centres of the parts, and all that is known around gamma~."""
        net, h, F = self.net, self.h, UNIT
        places = [(0, h), *parts]
        vectors = [Series(recentred(self.curve, t), [0] * net.n) for t, _ in places]
        inputs, stages, reach = vectors, list[Stage](), list[int]()
        A0: Matrices = [], []
        A1: Matrices = [], []
        for number, layer in enumerate(layers):
            size_W = Moduli.of(layer.W.mid, layer.W.rad, F)
            z = self.through_weights(layer, size_W, vectors, places, first=number == 0)
            near, far = self.spread(size_W, reach), self.spread(layer.size_E, reach)
            moved = [x + up(h * y, 1 << F) for x, y in zip(near, far or [0] * len(near), strict=True)]
            over = over_part(z[0], h)
            tube = self.sigma(layer.text, wider(over[0], moved))
            points = [self.sigma(layer.text, series.v[0]) for series in z]
            vectors = [self.through_sigma(points[0], tube, z[0], over)]
            for still, series, (_, eta) in zip(points[1:], z[1:], places[1:], strict=True):
                part = over_part(series, eta)
                vectors.append(self.through_sigma(still, self.widened(still, tube, series.v[0], part[0]), series, part))
            s1 = net.times(points[0][2], z[0].v[1])
            stages.append(self.stage(layer, size_W, points[0][1], s1, tube, over, moved))
            A0, A1 = self.jacobian(layer, points[0][1], s1, A0, A1)
            reach = [up(x.size * y, 1 << F) for x, y in zip(tube[1], moved, strict=True)]
        leak = [[net.times(net.leak, v) for v in series.v] for series in inputs]
        fields = [(Series([*map(plus, series.v, less)], series.drift), eta)
                  for series, less, (_, eta) in zip(vectors, leak, places, strict=True)]  # fmt: skip
        mid, rad = A0
        for i, x in enumerate(net.leak):
            m, e = x.middle()
            mid[i][i] += m
            rad[i][i] += e
        rest = LayerRest(net, stages)
        return fields[1:], Motion(fields[0][0], rest, A0, A1, A0, rest)

    def through_weights(self, layer: Layer, size_W: Moduli, vectors: list[Series], places: list[tuple[int, int]],
                        first: bool) -> list[Series]:  # fmt: skip
        """z = (W + s E)v + b + s c around each centre t, s = t + epsilon: z_k = (W + tE)v_k + E v_(k-1), with
        b + tc and c added to z_0 and z_1, and
        |z_3(xi) - z_3| <= (|W| + |t||E|)D + 4 eta (|E v_3| + |E|D), by the mean value theorem for v_2."""
        net, F, result = self.net, UNIT, list[Series]()
        # the inputs of the first layer are one polynomial, seen from different centres: so are W v and E v
        given = self.curve if first else [v for series in vectors for v in series.v]
        of_W = net.apply(layer.W, given)
        of_E = None if layer.E is None else net.apply(layer.E, given)
        for i, (series, (t, eta)) in enumerate(zip(vectors, places, strict=True)):

            def at_centre(images: list[Vector], i: int = i, t: int = t) -> list[Vector]:
                return recentred(images, t) if first else images[4 * i : 4 * i + 4]

            z = at_centre(of_W)
            total = times_moduli(size_W.rows, series.drift, len(z[0]))
            if of_E is not None and layer.size_E is not None:
                moving = at_centre(of_E)
                step = around(t, 0, F)
                z = [plus(z[k], net.scale(moving[k], step), *moving[k - 1 : k]) if k else
                     plus(z[0], net.scale(moving[0], step)) for k in range(4)]  # fmt: skip
                far = times_moduli(layer.size_E.rows, series.drift, len(total))
                total = [d + up(abs(t) * e + 4 * eta * (x.size + e), 1 << F)
                         for d, e, x in zip(total, far, moving[3], strict=True)]  # fmt: skip
            z[0] = plus(z[0], layer.b)
            if layer.c is not None:
                z[0], z[1] = plus(z[0], net.scale(layer.c, around(t, 0, F))), plus(z[1], layer.c)
            result.append(Series(z, total))
        return result

    def spread(self, size: Moduli | None, reach: list[int]) -> list[int]:
        """|W v| for |v|_2 <= r (no reach), or |v| <= reach entry by entry."""
        if size is None:
            return []
        if not reach:
            return [up(x * self.r, 1 << SHORT) for x in size.lengths()]
        return times_moduli(size.rows, reach, len(size.rows))

    def sigma(self, text: str, z: Vector) -> list[Vector]:
        """sigma, ..., sigma''' entry by entry."""
        return [list(v) for v in zip(*(self.net.sigma(text, x) for x in z), strict=True)]

    def third(self, s: list[Vector], z: Sequence[Vector]) -> Vector:
        """sigma' z_3 + sigma'' z_1 z_2 + sigma''' z_1^3/6."""
        times = self.net.times
        cube = times(s[3], times(z[1], times(z[1], z[1])))
        return plus(times(s[1], z[3]), times(s[2], times(z[1], z[2])), divided(cube, 6))

    def widened(self, still: list[Vector], tube: list[Vector], at: Vector, over: Vector) -> list[Vector]:
        """sigma', sigma'' on a part, by the mean value theorem from its centre with the next derivative over the tube;
        sigma''' over the tube."""
        far, result = [x.size for x in minus(over, at)], [still[0]]
        for k in (1, 2):
            step = [up(y.size * d, 1 << UNIT) for y, d in zip(tube[k + 1], far, strict=True)]
            result.append(wider(still[k], step))
        return [*result, tube[3]]

    def through_sigma(self, still: list[Vector], wide: list[Vector], z: Series, over: list[Vector]) -> Series:
        times, v = self.net.times, z.v
        third = self.third(still, v)
        drift = [x.size for x in minus(self.third(wide, over), third)]
        square = divided(times(still[2], times(v[1], v[1])), 2)
        return Series([still[0], times(still[1], v[1]), plus(times(still[1], v[2]), square), third], drift)

    def stage(self, layer: Layer, size_W: Moduli, s0: Vector, s1: Vector, wide: list[Vector], over: list[Vector],
              spread: list[int]) -> Stage:  # fmt: skip
        """How s = sigma'(z) differs from s_0 + (gamma - gamma~)s_1 over the tube: by at most h^2 |s_2| along c, and
        |sigma''| |z - z(c)| from there."""
        net, h, F = self.net, self.h, UNIT
        s2 = plus(divided(net.times(wide[3], net.times(over[1], over[1])), 2), net.times(wide[2], over[2]))
        bend, swing, aside = [], [], []
        for x, y, u, far in zip(s2, wide[2], s1, spread, strict=True):
            aside.append(up(y.size * far, 1 << F))
            bend.append(up(up(h * h * x.size, 1 << F) + y.size * far, 1 << F))
            swing.append(up(h * (up(h * u.size, 1 << F) + bend[-1]), 1 << F))
        sizes = [x.size for x in s0]
        return Stage(size_W, layer.size_E, sizes, [up(h * x.size, 1 << F) for x in s1], bend, swing,
                     [up(h * x, 1 << F) for x in sizes], aside)  # fmt: skip

    def jacobian(self, layer: Layer, s0: Vector, s1: Vector, A0: Matrices,
                 A1: Matrices) -> tuple[Matrices, Matrices]:  # fmt: skip
        """A_0 = ... diag(s_0)W A_0 and A_1 = ... (diag(s_1)W + diag(s_0)E)A_0 + diag(s_0)W A_1 as middles and radii."""
        still, moving = self.rows(layer.W, s0), self.rows(layer.W, s1)
        if layer.E is not None:
            moving = sums(moving, self.rows(layer.E, s0))
        if not A0[0]:
            return still, moving
        return product(self.net, still, A0), sums(product(self.net, moving, A0), product(self.net, still, A1))

    def rows(self, W: Box, s: Vector) -> Matrices:
        """diag(s)W."""
        F, mid, rad = UNIT, [], []
        self.net.budget.spend(len(s) * len(W.mid) * (4 * OPERATION + digits_in(F) ** 2))
        self.net.budget.hold(2 * bytes_of(len(s) * len(W.mid), F))
        for x, e, row, radii in zip(*split(s), zip(*W.mid, strict=True), zip(*W.rad, strict=True), strict=True):
            far = abs(x) + e
            mid.append([(x * w) >> F for w in row])
            rad.append([((far * r + e * abs(w)) >> F) + 2 for w, r in zip(row, radii, strict=True)])
        return mid, rad


TUBE_FIELD = FormNetwork
