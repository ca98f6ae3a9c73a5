"""Sums of series whose terms halve, and pi."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from .intervals import Real, extremes
from .verdicts import Undecided


def series(p: Real, ratio: Real, divisor: Callable[[int], int]) -> Real:
    """Sum of p ratio^k/divisor(k) for |ratio| <= 1/2: the tail after K terms is at most 2|p ratio^K|."""
    if abs(ratio + ratio).hi > p.of(1).hi:
        raise Undecided("a series whose terms do not halve")
    lo, hi, F, low, high, k = p.lo, p.hi, p.F, 0, 0, 0
    while not (lo >= -16 and hi <= 16):  # in integers, as most of the time is spent here
        d = divisor(k)
        low, high, k = low + lo // d, high - -hi // d, k + 1
        lo, hi = extremes(lo, hi, ratio.lo, ratio.hi)
        lo, hi = lo >> F, -(-hi >> F)
    return Real(low, high, F).widen(2 * max(-lo, hi))


@lru_cache(64)
def pi_for(one: Real) -> Real:
    """Machin: pi = 16 atan(1/5) - 4 atan(1/239)."""
    x, y = (series(t, -(t * t), lambda k: 2 * k + 1) for t in (one.over(5), one.over(239)))
    return one.of(16) * x - one.of(4) * y
