"""Pieces with a quadratic form (section 17): Theorem L for a network, in fixed point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .budget import OPERATION, bytes_of, digits_in
from .form_series import Series, divided, over_part, recentred
from .intervals import Interval, Real, Vector, around, real, split, up
from .jets import Box, minus, plus, wider
from .network_jets import Network
from .network_problem import NetworkProblem
from .products import transpose
from .quadratic_form import SHORT, Form, Moduli, Stage, length, remainder, require_definite, times_moduli
from .reports import show
from .verdicts import Matrix, Rejected, Undecided

UNIT = 128  # bits behind the point of all numbers here
CONTROL_BITS = 48  # of the entries of a control matrix
PARTS = 4  # of the piece, over which f is bounded one by one
Matrices = tuple[Matrix, Matrix]  # middles and radii


@dataclass
class Layer:
    """A layer of the network: its activation, W(gamma~), E, b and the moduli of E."""

    text: str
    W: Box
    E: Box | None
    b: Vector
    size_E: Moduli | None


class FormNetwork:
    """A network in units 2^-UNIT with what all its pieces have in common."""

    def __init__(self, problem: NetworkProblem) -> None:
        self.net = Network(problem, UNIT)
        self.size_E = [None if E is None else Moduli.of(E.mid, E.rad, UNIT) for _, _, E, _ in self.net.layers]

    @staticmethod
    def of(problem: Any) -> FormNetwork:
        """Only for networks."""
        if not hasattr(problem, "layers"):
            raise Undecided("this checker knows quadratic forms for networks only")
        return FormNetwork(problem)

    def layers(self, gamma: Real) -> list[Layer]:
        return [
            Layer(text, self.net.weights(W, E, gamma), E, b, size)
            for (text, W, E, b), size in zip(self.net.layers, self.size_E, strict=True)
        ]


@dataclass
class Witness:
    """gamma~, h, c_0, ..., c_3 and r (None on the trivial branch), q, P, and approximate equilibria at both ends.

    On a piece with a crossing, q and P are g and G, which need not be symmetric."""

    interval: Interval
    gamma: Fraction
    curve: list[list[Fraction]] | None
    radius: Fraction | None
    margin: Fraction
    form: Form
    ends: list[list[Fraction]] | None


@dataclass
class Motion:
    """f around gamma~ (on the trivial branch 0), the layers over the tube, A_0 and A_1."""

    whole: Series
    stages: list[Stage]
    A0: Matrices
    A1: Matrices


class FormTube:
    """Theorem L over a piece: exactly one equilibrium x(gamma) with |x - c(gamma)|_2 <= r, and, where P is symmetric,
    no eigenvalue of A on the axis there."""

    def __init__(self, field: FormNetwork, witness: Witness) -> None:
        self.net, self.witness, self.trivial = field.net, witness, witness.curve is None
        net, F = self.net, UNIT
        half = max(witness.interval.hi - witness.gamma, witness.gamma - witness.interval.lo)
        if half < 0 or not witness.interval.lo <= witness.gamma <= witness.interval.hi or witness.margin <= 0:
            raise Rejected("the centre does not lie in the piece, or q > 0 does not hold")
        if witness.radius is not None and witness.radius <= 0:
            raise Rejected("r > 0 does not hold")
        self.h = up(up(half.numerator << F, half.denominator), PARTS) * PARTS  # so that the parts are exact
        self.r = 0 if witness.radius is None else up(witness.radius.numerator << F, witness.radius.denominator)
        self.one, self.n = net.one, net.n
        n = self.n
        net.budget.spend(n * 40 * (len(net.layers) + 1) * 20 * OPERATION)
        curve = witness.curve or [[Fraction(0)] * n] * 4
        self.curve = [[real(x, F) for x in row] for row in curve]
        layers = field.layers(real(witness.gamma, F))
        parts, self.motion = self.along(layers)
        if not self.trivial:
            eta = max(self.defect(f, width) for f, width in parts)
            if not 2 * Fraction(eta, net.one) < witness.margin * Fraction(witness.radius or 0):
                raise Rejected(f"2 eta < q r does not hold: eta = {show(Fraction(eta, net.one))}, "
                               f"q r = {show(witness.margin * (witness.radius or 0))}")  # fmt: skip
        self.definite(witness.form, witness.margin, self.motion.A0)

    def definite(self, form: Form, margin: Fraction, A0: Matrices) -> None:
        """PA + A^T P^T >= q I on the tube; A_0 may stand there less a constant matrix."""
        net = self.net
        controls = [self.control(A0, self.motion.A1, sign) for sign in (-1, 1)]
        change = max(change for _, change in controls)
        need = margin + remainder(form, self.motion.stages, change, UNIT, net.budget)
        for A, _ in controls:
            PA = net.p.product(form.P, A)
            M = [[x + y for x, y in zip(*pair, strict=True)] for pair in zip(PA, transpose(PA), strict=True)]
            require_definite(M, form.shift + CONTROL_BITS, need, net.p.product, net.budget)

    def require_alone(self, window: Interval | None) -> None:
        """Where an eigenvalue is on the axis: of a clear piece there is no such place."""
        raise Rejected("a quadratic form without G, U and V shows a piece to be clear, nothing else")

    def along(self, layers: Sequence[Layer]) -> tuple[list[tuple[Series, int]], Motion]:
        """f around the centres of the parts, and all that is known around gamma~."""
        net, h, F = self.net, self.h, UNIT
        width = h // PARTS
        centres = [(0, h), *((width * (2 * i + 1 - PARTS), width) for i in range(0 if self.trivial else PARTS))]
        vectors = [Series(recentred(self.curve, t), [0] * net.n) for t, _ in centres]
        inputs, stages, reach = vectors, list[Stage](), list[int]()
        A0: Matrices = [], []
        A1: Matrices = [], []
        for number, layer in enumerate(layers):
            size_W = Moduli.of(layer.W.mid, layer.W.rad, F)
            z = self.through_weights(layer, size_W, vectors, centres, first=number == 0)
            near, far = self.spread(size_W, reach), self.spread(layer.size_E, reach)
            moved = [x + up(h * y, 1 << F) for x, y in zip(near, far or [0] * len(near), strict=True)]
            over = over_part(z[0], h)
            tube = self.sigma(layer.text, wider(over[0], moved))
            points = [self.sigma(layer.text, series.v[0]) for series in z]
            vectors = [self.through_sigma(points[0], tube, z[0], over)]
            for still, series, (_, eta) in zip(points[1:], z[1:], centres[1:], strict=True):
                part = over_part(series, eta)
                vectors.append(self.through_sigma(still, self.widened(still, tube, series.v[0], part[0]), series, part))
            s1 = net.times(points[0][2], z[0].v[1])
            stages.append(self.stage(layer, size_W, points[0][1], s1, tube, over, moved))
            A0, A1 = self.jacobian(layer, points[0][1], s1, A0, A1)
            reach = [up(x.size * y, 1 << F) for x, y in zip(tube[1], moved, strict=True)]
        leak = [[net.times(net.leak, v) for v in series.v] for series in inputs]
        fields = [(Series([*map(plus, series.v, less)], series.drift), eta)
                  for series, less, (_, eta) in zip(vectors, leak, centres, strict=True)]  # fmt: skip
        mid, rad = A0
        for i, x in enumerate(net.leak):
            m, e = x.middle()
            mid[i][i] += m
            rad[i][i] += e
        return fields[1:], Motion(fields[0][0], stages, A0, A1)

    def through_weights(self, layer: Layer, size_W: Moduli, vectors: list[Series], centres: list[tuple[int, int]],
                        first: bool) -> list[Series]:  # fmt: skip
        """z = (W + s E)v + b around each centre t, s = t + epsilon: z_k = (W + tE)v_k + E v_(k-1), and
        |z_3(xi) - z_3| <= (|W| + |t||E|)D + 4 eta (|E v_3| + |E|D), by the mean value theorem for v_2."""
        net, F, result = self.net, UNIT, list[Series]()
        # the inputs of the first layer are one polynomial, seen from different centres: so are W v and E v
        given = self.curve if first else [v for series in vectors for v in series.v]
        of_W = net.apply(layer.W, given)
        of_E = None if layer.E is None else net.apply(layer.E, given)
        for i, (series, (t, eta)) in enumerate(zip(vectors, centres, strict=True)):

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
        return self.product(still, A0), sums(self.product(moving, A0), self.product(still, A1))

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

    def product(self, A: Matrices, B: Matrices) -> Matrices:
        """Of two matrices of middles and radii."""
        F, product = UNIT, self.net.p.product
        size_A = [[abs(x) for x in row] for row in A[0]]
        whole_B = [[abs(x) + r for x, r in zip(*rows, strict=True)] for rows in zip(*B, strict=True)]
        mid, near, far = product(A[0], B[0]), product(size_A, B[1]), product(A[1], whole_B)
        return ([[x >> F for x in row] for row in mid],
                [[((x + y) >> F) + 2 for x, y in zip(*rows, strict=True)]
                 for rows in zip(near, far, strict=True)])  # fmt: skip

    def control(self, A0: Matrices, A1: Matrices, sign: int) -> tuple[Matrix, int]:
        """Integers close to A_0 + sign h A_1 in units 2^-CONTROL_BITS, and by how much an entry differs at most."""
        h, F, shift, worst, result = sign * self.h, UNIT, UNIT - CONTROL_BITS, 0, []
        for row, radii, moving, more in zip(*A0, *A1, strict=True):
            entries = [x + ((h * y) >> F) for x, y in zip(row, moving, strict=True)]
            result.append([x >> shift for x in entries])
            worst = max(worst, max(r + up(self.h * e, 1 << F) + 2 for r, e in zip(radii, more, strict=True)))
        return result, worst + (1 << shift)

    def defect(self, f: Series, eta: int) -> int:
        """eta_f >= |P f(c(gamma), gamma)|_2 over a part: sum_j eta^j |P f_j|_2 + eta^3 |P (f_3(xi) - f_3)|_2."""
        form, total, power = self.witness.form, 0, self.one
        for column in f.v:
            total += up(form.moved(column) * power, 1 << UNIT)
            last, power = power, up(power * eta, 1 << UNIT)
        return total + up(length(form.size_times(f.drift)) * last, 1 << UNIT)

    def centre(self, gamma: Interval) -> Vector:
        """c(gamma) over an interval."""
        t, value = (gamma - Interval(self.witness.gamma)).rounded(UNIT), self.curve[3]
        for row in self.curve[2::-1]:
            value = plus(row, self.net.scale(value, t))
        return value

    def contains(self, gamma: Interval, x: list[Interval]) -> bool:
        """The box x lies in the tube at every gamma of the interval, and that in the piece."""
        if not gamma.within(self.witness.interval):
            return False
        if self.witness.radius is None:
            return all(y.lo == y.hi == 0 for y in x)
        away = minus([y.rounded(UNIT) for y in x], self.centre(gamma))
        return Fraction(length([y.size for y in away]), self.one) <= self.witness.radius

    def box(self, gamma: Fraction) -> list[Interval]:
        """The equilibrium at an end: |x - x^|_2 <= (2/q)|P f(x^)|_2 for a point x^ of the tube."""
        witness = self.witness
        if self.trivial or witness.ends is None:
            return [Interval(0)] * self.n
        if gamma not in (witness.interval.lo, witness.interval.hi):
            raise Undecided("an equilibrium is asked for that is not at an end of its piece")
        near = witness.ends[int(gamma == witness.interval.hi)]
        if not self.contains(Interval(gamma), [Interval(x) for x in near]):
            raise Rejected("an approximate equilibrium at an end of a piece does not lie in its tube")
        x = [real(y, UNIT) for y in near]
        far = 2 * Fraction(witness.form.moved(self.net.at(real(gamma, UNIT), x).f), self.one) / witness.margin
        distance = up(far.numerator << UNIT, far.denominator)
        return [y.widen(distance).exact for y in x]


def sums(A: Matrices, B: Matrices) -> Matrices:
    first, second = ([list(map(sum, zip(*rows, strict=True))) for rows in zip(x, y, strict=True)]
                     for x, y in zip(A, B, strict=True))  # fmt: skip
    return first, second
