"""The plain value in which an untrusted witness travels from search to proof and certificate."""

from __future__ import annotations

from dataclasses import dataclass

from ..approx.field import Array


@dataclass(frozen=True)
class WitnessLimbs:
    """pairs m; X, Y: limbs, n × n; d: limbs, (n − m) × 2 (real and imaginary parts).

    A limb list means the exact sum of its binary64 arrays.
    """

    pairs: int
    X: list[Array]
    Y: list[Array]
    d: list[Array]
