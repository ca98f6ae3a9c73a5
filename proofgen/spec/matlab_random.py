"""MATLAB's ``rng('default'); rng(seed); randn(...)`` in binary64.

MATLAB's default stream is a Mersenne Twister (MT19937) feeding a 256-layer ziggurat. Every
step of the ziggurat consumes whole pairs of 32-bit words, so the usual first step is done for
all pairs at once and only the about 1 % of pairs it rejects are looked at one by one.

Arithmetic: binary64. Every exp, log and erfc that enters a number of the stream is computed to
60 digits and rounded once, so the stream does not depend on the platform's mathematical library.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import NamedTuple

import mpmath
import numpy as np
import numpy.typing as npt

from ..errors import InputError

MAX_SEED = 2**32 - 1
_LAYERS = 256
_TAIL_START = 3.6541528853610088  # r, where the tail of the bottom layer begins
_DEFAULT_SEED = 5489  # what MATLAB uses for seed 0
_BLOCK_PAIRS = 1 << 20


class _Ziggurat(NamedTuple):
    """Layer edges x_0 > x_1 = r > … > x_256 = 0 and the heights e^{−x_i²/2}."""

    edges: npt.NDArray[np.float64]
    heights: npt.NDArray[np.float64]


def _exp(x: float) -> float:
    with mpmath.workdps(60):
        return float(mpmath.exp(mpmath.mpf(x)))


def _log(x: float) -> float:
    with mpmath.workdps(60):
        return float(mpmath.log(mpmath.mpf(x)))


@functools.cache
def ziggurat_table() -> _Ziggurat:
    """The 257 edges and heights, by the recursion in binary64 as it is usually programmed.

    The recursion amplifies rounding errors, so the order of operations is part of the
    definition: numbers of the stream depend on it in their last two or three digits.
    """
    r = _TAIL_START
    with mpmath.workdps(60):
        tail = float(mpmath.erfc(mpmath.mpf(r / math.sqrt(2))))
    area = r * _exp(-r * r / 2) + math.sqrt(math.pi / 2) * tail
    edges = [area / _exp(-r * r / 2), r]
    while len(edges) < _LAYERS:
        x = edges[-1]
        edges.append(math.sqrt(-2 * _log(area / x + _exp(-x * x / 2))))
    edges.append(0.0)
    table = _Ziggurat(np.array(edges), np.array([_exp(-x * x / 2) for x in edges]))
    for array in table:
        array.setflags(write=False)
    return table


def check_seed(seed: object) -> int:
    """The seed as an int. Raises InputError unless it is an integer in [0, 2^32)."""
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= MAX_SEED:
        raise InputError(f"expected an integer seed between 0 and {MAX_SEED}", value=seed)
    return seed


class MatlabStream:
    """The normal numbers that MATLAB's ``randn`` gives after ``rng(seed)``, in order.

    Raises InputError for a seed that is not an integer in [0, 2^32).
    """

    def __init__(self, seed: int) -> None:
        self._words = np.random.RandomState(check_seed(seed) or _DEFAULT_SEED)
        self._pairs: npt.NDArray[np.uint32] = np.empty((0, 2), dtype=np.uint32)
        self._next = 0  # the first pair not consumed yet

    def normals(self, count: int) -> npt.NDArray[np.float64]:
        """The next ``count`` numbers of the stream."""
        output = np.empty(count)
        filled = 0
        while filled < count:
            if self._next >= len(self._pairs):
                self._drop_consumed_and_draw(min(_BLOCK_PAIRS, count - filled + 64))
            filled += self._fill_from_pairs(output[filled:])
        return output

    def _fill_from_pairs(self, output: npt.NDArray[np.float64]) -> int:
        """Write numbers until the output is full or the pairs present are used up; how many."""
        start = self._next
        candidates, layers = _first_step(self._pairs[start:])
        accepted = np.abs(candidates) < ziggurat_table().edges[layers + 1]
        filled = position = 0  # position counts pairs from start
        for rejected in np.flatnonzero(~accepted).tolist():
            if rejected < position:
                continue  # consumed inside an earlier rejection
            run = min(rejected - position, len(output) - filled)
            output[filled : filled + run] = candidates[position : position + run]
            filled, position = filled + run, position + run
            if filled == len(output):
                self._next = start + position
                return filled
            self._next = start + rejected + 1
            value = self._second_step(float(candidates[rejected]), int(layers[rejected]))
            if value is not None:
                output[filled] = value
                filled += 1
            position = self._next - start
            if filled == len(output):
                return filled
        run = max(0, min(len(candidates) - position, len(output) - filled))
        output[filled : filled + run] = candidates[position : position + run]
        self._next = start + position + run
        return filled + run

    def _second_step(self, x: float, layer: int) -> float | None:
        """The number that a pair outside its layer's rectangle gives; None: start again."""
        edges, heights = ziggurat_table()
        if layer == 0:
            r = float(edges[1])
            while True:
                beyond = -_log(self._uniform()) / r
                if -2 * _log(self._uniform()) > beyond * beyond:
                    return math.copysign(r + beyond, x)
        low, high = float(heights[layer]), float(heights[layer + 1])
        under_the_curve = low + self._uniform() * (high - low) < math.exp(-x * x / 2)
        return x if under_the_curve else None

    def _uniform(self) -> float:
        if self._next >= len(self._pairs):
            self._pairs = np.concatenate([self._pairs, self._draw(64)])
        a, b = self._pairs[self._next].tolist()
        self._next += 1
        return float(((a >> 5) * 2**26 + (b >> 6)) / 2**53)

    def _drop_consumed_and_draw(self, pairs: int) -> None:
        self._pairs, self._next = np.concatenate([self._pairs[self._next :], self._draw(pairs)]), 0

    def _draw(self, pairs: int) -> npt.NDArray[np.uint32]:
        return self._words.randint(0, 2**32, size=(pairs, 2), dtype=np.uint32)


def _first_step(pairs: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """For every pair of words: the candidate t·x_i and its layer i."""
    a, b = pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64)
    layers = (_LAYERS - 1 - (b >> 24)).astype(np.intp)
    integers = ((a >> 3) << 24) + (b & 0xFFFFFF)  # below 2^53
    t = integers.astype(np.float64) * 2.0**-52 - 1.0  # exact
    return t * ziggurat_table().edges[layers], layers


def matlab_randn(seed: int, shapes: Sequence[tuple[int, int]]) -> list[npt.NDArray[np.float64]]:
    """``rng('default'); rng(seed)``, then one ``randn(rows, columns)`` for every shape.

    Each array is filled column by column, as MATLAB does. Raises InputError for a seed that is
    not an integer in [0, 2^32).
    """
    stream = MatlabStream(seed)
    return [
        np.ascontiguousarray(stream.normals(rows * columns).reshape((rows, columns), order="F"))
        for rows, columns in shapes
    ]


def paper_matrices(
    seed: int, dimension: int, perturbation: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """``R1 = randn(n,n)`` and ``R2 = perturbation*randn(n,n)``, the product rounded as in MATLAB."""
    r1, unscaled = matlab_randn(seed, [(dimension, dimension)] * 2)
    with np.errstate(over="ignore", under="ignore"):
        return r1, perturbation * unscaled
