"""Real vectors in the coordinates of an eigenbasis, v = XPy and y = P⁻¹Yv up to a factor I + S. Arithmetic: balls."""

from __future__ import annotations

from flint import acb, arb

from ..numbers.balls import image, largest
from .spectrum import Basis


def complex_moduli(basis: Basis, v: list[arb]) -> list[arb]:
    """Upper bounds of |(P⁻¹Yv)_i| by block, for a real vector v."""
    m = basis.witness.pairs
    y = image(basis.witness.Y, v)
    pairs = [abs(acb(y[2 * a], y[2 * a + 1])) / 2 for a in range(m)]
    return [largest([x]) for x in (*pairs, *(abs(x) for x in y[2 * m :]))]


def complex_norm(basis: Basis, v: list[arb], weights: list[arb] | None = None) -> arb:
    """An upper bound of ‖P⁻¹Yv‖_∞, or of max_i |(P⁻¹Yv)_i|/w_i."""
    moduli = complex_moduli(basis, v)
    return largest(moduli if weights is None else (x / w for x, w in zip(moduli, weights, strict=True)))


def newton_like_step(basis: Basis, value: list[arb]) -> list[arb]:
    """XP diag(1/d_i) P⁻¹Y v for a real vector v."""
    m, d = basis.witness.pairs, basis.witness.d
    y = image(basis.witness.Y, value)
    column: list[arb] = []
    for a in range(m):
        z = acb(y[2 * a], -y[2 * a + 1]) / 2 / d[a]
        column += [2 * z.real, -2 * z.imag]
    column += [y[a + m] / d[a].real for a in range(m, len(d))]
    return image(basis.witness.X, column)


def image_of_ball(basis: Basis, radius: arb) -> list[arb]:
    """Balls around 0 with the entries of XPy for all |y_i| ≤ radius with a real image."""
    m, n = basis.witness.pairs, basis.n
    y = [arb(0, 2 * radius)] * (2 * m) + [arb(0, radius)] * (n - 2 * m)
    return image(basis.witness.X, y)
