"""Eigenvalues followed along a branch, and whether a piece of it can hide a crossing. Binary64, UNTRUSTED.

A piece is the part of the branch between two computed points, of length h. Of a map x ↦ x + f(x) the eigenvalues λ of
D_x f count by the side of the circle |1 + λ| = 1 on which they are: Re λ + |λ|²/2 takes the place of the real part, and
the circle that of the axis. An eigenvalue is settled on a piece when it is

* clear: it moves by less than about half its distance to the imaginary axis, by its values and by its speeds, or
* monotone: its real part has speeds of one sign at both ends, not very different from the mean speed, so that it
  crosses exactly once or not at all, as the signs at the ends say, or
* resting: it is on the axis to within rounding at both ends and hardly moves.

A piece with another eigenvalue is to be halved. Near a crossing or a touching the pieces shrink geometrically.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ..approx.field import Array
from .eigenvalues import ComplexArray, eigen

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
T = TypeVar("T", float, complex, Array)

_ILL_CONDITIONED = 1e6  # condition of an eigenvalue beyond which its computed speed says nothing
_MONOTONE_RATIO = 3.0
_RESTING = 1e-11


@dataclass(frozen=True)
class SpectrumApprox:
    """Eigenvalues of J and their derivatives with respect to arclength; shaky: nearly defective; rates: what small is
    relative to, for each (`eigenvalues.Eigen`); sides: positive where an eigenvalue is unstable, and side_speeds: their
    derivatives."""

    values: ComplexArray
    speeds: ComplexArray
    shaky: BoolArray
    rates: Array
    sides: Array
    side_speeds: Array


@dataclass(frozen=True)
class Piece:
    """The eigenvalues between two points: entry k is about the k-th at the left end, partner[k]-th at the right one."""

    length: float
    partner: IntArray
    changes: BoolArray  # real parts of different sign at the ends
    resting: BoolArray
    unresolved: BoolArray


def side(value: ComplexArray, circle: bool) -> Array:
    """Positive where an eigenvalue is unstable: Re λ of a flow; of a map, circle, ½(|1 + λ|² − 1)."""
    return value.real + 0.5 * np.abs(value) ** 2 if circle else value.real


def side_speed(value: ComplexArray, speed: ComplexArray, circle: bool) -> Array:
    """The derivative of `side` along an eigenvalue that moves with a speed."""
    return speed.real + (np.conj(value) * speed).real if circle else speed.real


def spectrum(J: Array, dJ: Array, circle: bool = False) -> SpectrumApprox:
    """Eigenvalues of J and their speeds when J moves with speed dJ. Raises LinAlgError if LAPACK fails."""
    found = eigen(J)
    if found.Y is None:
        speeds, condition = np.zeros_like(found.values), np.full(len(J), np.inf)
    else:
        speeds = np.einsum("ij,ji->i", found.Y, dJ @ found.X)
        condition = np.linalg.norm(found.Y, axis=1) * np.linalg.norm(found.X, axis=0)
    shaky = ~(condition <= _ILL_CONDITIONED) | ~np.isfinite(speeds)
    values, speeds = found.values, np.where(shaky, 0, speeds)
    sides, side_speeds = side(values, circle), side_speed(values, speeds, circle)
    return SpectrumApprox(values, speeds, shaky, found.rates, sides, side_speeds)


def match(p: SpectrumApprox, q: SpectrumApprox, length: float) -> IntArray:
    """For every eigenvalue of p its partner in q: nearest first, both extrapolated to the middle of the piece."""
    cost = np.abs((p.values + 0.5 * length * p.speeds)[:, None] - (q.values - 0.5 * length * q.speeds)[None, :])
    partner: IntArray = np.argmin(cost, axis=1).astype(np.int64)
    if len(np.unique(partner)) == len(partner):
        return partner
    partner[:] = -1
    taken = np.zeros(len(partner), dtype=bool)
    left = len(partner)
    for index in np.argsort(cost, axis=None, kind="stable").tolist():
        i, j = divmod(index, len(partner))
        if partner[i] < 0 and not taken[j]:
            partner[i], taken[j] = j, True
            left -= 1
            if not left:
                break
    return partner


def assess(p: SpectrumApprox, q: SpectrumApprox, length: float) -> Piece:
    """What the values and speeds at both ends say about the piece between them."""
    partner = match(p, q, length)
    r0, r1 = p.sides, q.sides[partner]
    d0, d1 = p.side_speeds, q.side_speeds[partner]
    shaky = p.shaky | q.shaky[partner]
    changes = (r0 > 0) != (r1 > 0)
    distance = np.minimum(np.abs(r0), np.abs(r1))
    motion = length * np.maximum(np.abs(d0), np.abs(d1))
    bound = _RESTING * np.maximum(p.rates, q.rates[partner])
    same_kind = (p.values.imag == 0) == (q.values[partner].imag == 0)
    moved = np.where(same_kind, np.abs(r1 - r0), np.abs(q.values[partner] - p.values))  # a pair became real: all of it
    clear = ~changes & (distance > bound) & (moved <= 0.5 * distance) & (motion <= distance)
    slope = (r1 - r0) / length
    speeds = np.sort(np.abs([d0, d1, slope]), axis=0)
    monotone = same_kind & ~shaky & (d0 * d1 > 0) & (d0 * slope > 0) & (speeds[2] <= _MONOTONE_RATIO * speeds[0])
    resting = (np.maximum(np.abs(r0), np.abs(r1)) <= bound) & (motion <= bound) & ~clear
    return Piece(length, partner, changes, resting, ~(clear | monotone | resting))


def hermite_value(v0: T, d0: T, v1: T, d1: T, length: float, t: float) -> T:
    """The cubic with these values and derivatives at the ends of a piece, at t in [0, 1]."""
    start = (1 + 2 * t) * (1 - t) ** 2 * v0 + t * (1 - t) ** 2 * length * d0
    return start + t * t * (3 - 2 * t) * v1 + t * t * (t - 1) * length * d1


def hermite_root(r0: float, d0: float, r1: float, d1: float, length: float) -> float:
    """A zero in [0, 1] of such a cubic, r0 and r1 being of different sign, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(60):
        t = 0.5 * (low + high)
        if (hermite_value(r0, d0, r1, d1, length, t) > 0) == (r0 > 0):
            low = t
        else:
            high = t
    return 0.5 * (low + high)
