"""The three ways to stop, and the limits of what is read."""

from __future__ import annotations

MAX_JSON, MAX_OTHER = 16 << 20, 512 << 20  # bytes of one JSON file, of one other file
MAX_DIMENSION, MAX_ENTRIES, MAX_PRECISION = 1500, 1 << 22, 1024  # neurons; numbers of an array; bits

BITS = MAX_PRECISION + 64  # significant bits kept of scalars that are not exact
GUARD = 32  # extra bits of moduli
MAX_NAMES, MAX_TERMS, MAX_LIMBS, MAX_LAYERS = 20_000, 100, 32, 64
MAX_EXPRESSION, MAX_DEPTH, MAX_OPERATIONS, MAX_LIST, MAX_FIELD = 10_000, 100, 20_000, 500, 100  # section 14
MAX_UNIT = 1 << 16  # bits of a common denominator

Matrix = list[list[int]]
Disc = tuple[int, int, int]  # real part, imaginary part, radius, in a common unit


class Rejected(Exception):
    """The bundle is malformed, or a claim is false or not supported by the witness."""


class Undecided(Exception):
    """Nothing is refuted, but this checker cannot decide."""


class Usage(Exception):
    """The command was not given something that can be checked."""
