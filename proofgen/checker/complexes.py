"""Complex numbers in interval arithmetic: rectangles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .blocks import Discs
from .functions import power_of
from .intervals import Real, Vector, hypot_up, real
from .verdicts import Undecided


@dataclass(frozen=True)
class Complex:
    re: Real
    im: Real

    def __add__(self, o: Complex) -> Complex:
        return Complex(self.re + o.re, self.im + o.im)

    def __sub__(self, o: Complex) -> Complex:
        return Complex(self.re - o.re, self.im - o.im)

    def __neg__(self) -> Complex:
        return Complex(-self.re, -self.im)

    def __mul__(self, o: Complex) -> Complex:
        return Complex(self.re * o.re - self.im * o.im, self.re * o.im + self.im * o.re)

    def __truediv__(self, o: Complex) -> Complex:
        size = power_of(o.re, 2) + power_of(o.im, 2)
        if size.lo <= 0:
            raise Undecided("a complex denominator is not certainly nonzero")
        product = self * o.conjugate
        return Complex(product.re / size, product.im / size)

    def __and__(self, o: Complex) -> Complex:
        return Complex(self.re & o.re, self.im & o.im)

    @property
    def size(self) -> int:
        """The largest modulus, rounded up."""
        return hypot_up(self.re.size, self.im.size)

    def widen(self, r: int) -> Complex:
        return Complex(self.re.widen(r), self.im.widen(r))

    @property
    def conjugate(self) -> Complex:
        return Complex(self.re, -self.im)

    def by(self, k: int) -> Complex:
        return Complex(self.re.by(k), self.im.by(k))

    def times(self, x: Real) -> Complex:
        return Complex(self.re * x, self.im * x)


def total(numbers: Iterable[Complex], F: int) -> Complex:
    result = Complex(real(0, F), real(0, F))
    for x in numbers:
        result = result + x
    return result


def joined(re: Vector, im: Vector) -> list[Complex]:
    return [Complex(x, y) for x, y in zip(re, im, strict=True)]


def of_discs(v: Discs) -> list[Complex]:
    return joined(*v.parts())


def parts(v: Iterable[Complex]) -> tuple[Vector, Vector]:
    both = list(v)
    return [z.re for z in both], [z.im for z in both]


def dot(u: list[Complex], v: list[Complex]) -> Complex:
    """The sum of products, without conjugation."""
    return total((x * y for x, y in zip(u, v, strict=True)), u[0].re.F)


def norm_squared(v: list[Complex]) -> Real:
    """v^H v."""
    result = v[0].re.of(0)
    for z in v:
        result = result + power_of(z.re, 2) + power_of(z.im, 2)
    return result
