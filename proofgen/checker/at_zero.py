"""sigma', sigma'' and sigma''' at 0 of the named activations with sigma(0) = 0 (the table of section 7)."""

from __future__ import annotations

from fractions import Fraction

from .intervals import Interval, real
from .parts import Parts
from .verdicts import BITS

HALF = Fraction(1, 2)
RATIONAL: dict[str, tuple[Fraction | int, Fraction | int, Fraction | int]] = {
    "tanh": (1, 0, -2), "sin": (1, 0, -1), "arctan": (1, 0, -2), "identity": (1, 0, 0), "silu": (HALF, HALF, 0),
}  # fmt: skip
NAMED = {*RATIONAL, "erf", "gelu"}


def named_at_zero(name: str, parts: Parts) -> tuple[Interval, Interval, Interval]:
    """Of one in NAMED: erf' = g, erf''' = -2g at 0 for g = 2/sqrt(pi), and gelu'' = sqrt(2/pi) = g/sqrt(2)."""
    if name in RATIONAL:
        a, b, c = RATIONAL[name]
        return Interval(a), Interval(b), Interval(c)
    one = real(1, BITS)
    g = one.of(2) / parts("series").pi_for(one).sqrt()
    if name == "gelu":
        g = g / one.of(2).sqrt()
    return (g.exact, Interval(0), g.by(-2).exact) if name == "erf" else (Interval(HALF), g.exact, Interval(0))
