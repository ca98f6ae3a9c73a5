"""The plain value in which an untrusted witness travels from search to proof and certificate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class WitnessLimbs:
    """pairs m; X, Y: limbs, n × n; d: limbs, (n − m) × 2 (real and imaginary parts).

    A limb list means the exact sum of its binary64 arrays.
    """

    pairs: int
    X: list[Array]
    Y: list[Array]
    d: list[Array]
