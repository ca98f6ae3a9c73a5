"""Pieces with a quadratic form (section 17): Theorem L, in fixed point."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .form_motion import Matrices, TubeField
from .form_series import Series
from .intervals import Interval, Vector, real, up
from .jets import minus, plus
from .products import transpose
from .quadratic_form import Form, length, remainder, require_definite
from .reports import show
from .verdicts import Matrix, Rejected, Undecided

CONTROL_BITS = 48  # of the entries of a control matrix


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


class FormTube:
    """Theorem L over a piece: exactly one equilibrium x(gamma) with |x - c(gamma)|_2 <= r, and, where P is symmetric,
    no eigenvalue of A on the axis there."""

    def __init__(self, field: TubeField, witness: Witness) -> None:
        self.net, self.F, self.witness, self.trivial = field.net, field.net.F, witness, witness.curve is None
        net, F = self.net, self.F
        half = max(witness.interval.hi - witness.gamma, witness.gamma - witness.interval.lo)
        if half < 0 or not witness.interval.lo <= witness.gamma <= witness.interval.hi or witness.margin <= 0:
            raise Rejected("the centre does not lie in the piece, or q > 0 does not hold")
        if witness.radius is not None and witness.radius <= 0:
            raise Rejected("r > 0 does not hold")
        self.h = up(up(half.numerator << F, half.denominator), field.parts) * field.parts  # so that they are exact
        self.r = 0 if witness.radius is None else up(witness.radius.numerator << F, witness.radius.denominator)
        self.one, self.n = net.one, net.n
        n = self.n
        curve = witness.curve or [[Fraction(0)] * n] * 4
        self.curve = [[real(x, F) for x in row] for row in curve]
        parts, self.motion = field.around(real(witness.gamma, F), self.curve, self.h, self.r, self.trivial)
        if not self.trivial:
            eta = max(self.defect(f, width) for f, width in parts)
            if not 2 * Fraction(eta, net.one) < witness.margin * Fraction(witness.radius or 0):
                raise Rejected(f"2 eta < q r does not hold: eta = {show(Fraction(eta, net.one))}, "
                               f"q r = {show(witness.margin * (witness.radius or 0))}")  # fmt: skip
        self.definite(witness.form, witness.margin, self.motion.centre)

    def definite(self, form: Form, margin: Fraction, centre: Matrices) -> None:
        """PA + A^T P^T >= q I on the tube; centre: A_0 + C, perhaps less a constant matrix."""
        net = self.net
        controls = [self.control(centre, self.motion.A1, sign) for sign in (-1, 1)]
        change = max(change for _, change in controls)
        need = margin + remainder(form, self.motion.around_centre, change, self.F, net.budget)
        for A, _ in controls:
            PA = net.p.product(form.P, A)
            M = [[x + y for x, y in zip(*pair, strict=True)] for pair in zip(PA, transpose(PA), strict=True)]
            require_definite(M, form.shift + CONTROL_BITS, need, net.p.product, net.budget)

    def require_alone(self, window: Interval | None) -> None:
        """Where an eigenvalue is on the axis: of a clear piece there is no such place."""
        raise Rejected("a quadratic form without G, U and V shows a piece to be clear, nothing else")

    def control(self, A0: Matrices, A1: Matrices, sign: int) -> tuple[Matrix, int]:
        """Integers close to A_0 + sign h A_1 in units 2^-CONTROL_BITS, and by how much an entry differs at most."""
        h, F, shift, worst, result = sign * self.h, self.F, self.F - CONTROL_BITS, 0, []
        for row, radii, moving, more in zip(*A0, *A1, strict=True):
            entries = [x + ((h * y) >> F) for x, y in zip(row, moving, strict=True)]
            result.append([x >> shift for x in entries])
            worst = max(worst, max(r + up(self.h * e, 1 << F) + 2 for r, e in zip(radii, more, strict=True)))
        return result, worst + (1 << shift)

    def defect(self, f: Series, eta: int) -> int:
        """eta_f >= |P f(c(gamma), gamma)|_2 over a part: sum_j eta^j |P f_j|_2 + eta^k |P (f_k(xi) - f_k)|_2,
        k the order of the last."""
        form, total, power = self.witness.form, 0, self.one
        for column in f.v:
            total += up(form.moved(column) * power, 1 << self.F)
            last, power = power, up(power * eta, 1 << self.F)
        return total + up(length(form.size_times(f.drift)) * last, 1 << self.F)

    def centre(self, gamma: Interval) -> Vector:
        """c(gamma) over an interval."""
        t, value = (gamma - Interval(self.witness.gamma)).rounded(self.F), self.curve[3]
        for row in self.curve[2::-1]:
            value = plus(row, self.net.scale(value, t))
        return value

    def contains(self, gamma: Interval, x: list[Interval], distance: Fraction | int = 0) -> bool:
        """All that is no further than this from the box x lies in the tube at every gamma of the interval, and that in
        the piece."""
        if not gamma.within(self.witness.interval):
            return False
        if self.witness.radius is None:
            return all(y.lo == y.hi == 0 for y in x)
        away = minus([y.rounded(self.F) for y in x], self.centre(gamma))
        return Fraction(length([y.size for y in away]), self.one) + distance <= self.witness.radius

    def ball(self, gamma: Fraction) -> tuple[list[Interval], Fraction]:
        """Of the equilibrium at an end: |x - x^|_2 <= (2/q)|P f(x^)|_2 for a point x^ of the tube."""
        witness = self.witness
        if self.trivial or witness.ends is None:
            return [Interval(0)] * self.n, Fraction(0)
        if gamma not in (witness.interval.lo, witness.interval.hi):
            raise Undecided("an equilibrium is asked for that is not at an end of its piece")
        near = witness.ends[int(gamma == witness.interval.hi)]
        exact = [Interval(x) for x in near]
        if not self.contains(Interval(gamma), exact):
            raise Rejected("an approximate equilibrium at an end of a piece does not lie in its tube")
        value = self.net.at(real(gamma, self.F), [real(y, self.F) for y in near]).f
        return exact, 2 * Fraction(witness.form.moved(value), self.one) / witness.margin

    def box(self, gamma: Fraction) -> list[Interval]:
        """That ball in a box."""
        near, far = self.ball(gamma)
        distance = up(far.numerator << self.F, far.denominator)
        return [y.rounded(self.F).widen(distance).exact for y in near]

    def continues(self, other: FormTube, gamma: Fraction) -> bool:
        """The equilibrium at a common end lies in the tube of the other."""
        return other.contains(Interval(gamma), *self.ball(gamma))
