"""An activation (section 7) and its first three derivatives over an interval."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module

from .functions import cost_of, derivatives
from .intervals import Real, around, up

FUNCTIONS_OF_Z = {"tanh": "tanh", "sin": "sin", "arctan": "atan", "erf": "erf"}


@lru_cache(1024)
def sigma_over(text: str, z: Real, spend: Callable[[int], None]) -> list[Real]:
    """sigma and its first three derivatives over z, in finer units where values on the way are large: there quotients
    such as 1/(1 + e^-z) are far below the unit."""
    steps = all_steps(text, z, spend)
    bits = max(max(-step[0].lo, step[0].hi).bit_length() for step in steps) - z.F
    if bits <= 16:
        return steps[-1]
    extra = 3 * min(bits, 1000)
    return [x.coarser(extra) for x in all_steps(text, z.finer(extra), spend)[-1]]


def sigma_near(text: str, z: Real, spend: Callable[[int], None]) -> list[Real]:
    """sigma^(k)([z]), k = 0..3, in sigma^(k)(m) + [-r, r] sigma^(k+1)([z]) and in the plain enclosure."""
    m, r = z.middle()
    values = list(sigma_over(text, z, spend))
    if r > 256:
        for k, x in reversed(list(enumerate(sigma_over(text, around(m, 0, z.F), spend)[:3]))):
            values[k] = values[k] & x.widen(up(r * values[k + 1].size, 1 << z.F))
    return values


def all_steps(text: str, z: Real, spend: Callable[[int], None]) -> list[list[Real]]:
    """The same of every step of its evaluation, sigma last."""
    f = FUNCTIONS_OF_Z.get(text)
    if f is None:
        steps: list[list[Real]] = import_module(".activation_texts", __package__).steps_of(text, z, spend)
        return steps
    spend(cost_of(f, z))
    return [[z], derivatives(f, z)]
