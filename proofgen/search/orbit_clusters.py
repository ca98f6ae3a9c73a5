"""Orbits past amplitudes at which exponents meet: their columns of the frame are kept together, and taken apart after.

Where two exponents nearly meet mod i, no frame with a diagonal Λ varies smoothly: real ones may become a pair, a pair
may become two negative multipliers. A block of Λ for all of them does vary smoothly. Binary64, UNTRUSTED.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .orbit import ComplexArray, NoOrbitFound, OrbitApprox, orbit_at, turned

NEAR = (0.03, 0.1, 0.2)  # distances of exponents (mod i) from which they are kept together: tried in this order
APART = 2.0  # times that distance from which they are taken apart
SHORTEST = 1e-3  # step of the amplitude


def follow_past_meetings(start: OrbitApprox, amplitude: float) -> OrbitApprox:
    """The orbit with a diagonal Λ at this amplitude, its frame not that of ``start`` continued. Raises NoOrbitFound."""
    failure = NoOrbitFound("no orbit")
    for near in NEAR:
        try:
            return _follow(start, amplitude, near)
        except NoOrbitFound as error:
            failure = error
    raise failure


def _follow(start: OrbitApprox, amplitude: float, near: float) -> OrbitApprox:
    orbit, step = start, amplitude - start.amplitude
    while orbit.amplitude != amplitude:
        remaining = amplitude - orbit.amplitude
        target = amplitude if abs(step) >= abs(remaining) else orbit.amplitude + step
        orbit = together(orbit, near)
        try:
            orbit = orbit_at(orbit, target)
            step *= 1.5
        except NoOrbitFound as error:
            step /= 2
            if abs(step) < SHORTEST:
                raise NoOrbitFound(str(error), orbit) from None
    return orbit_at(apart(orbit, 0.0), amplitude)


def together(orbit: OrbitApprox, near: float) -> OrbitApprox:
    """Clusters whose exponents have moved apart are taken apart, columns whose exponents are near are put together."""
    orbit = apart(orbit, APART * near)
    lam = np.diag(orbit.Lam)
    n = orbit.field.n
    group = list(range(n))

    def join(i: int, j: int) -> None:
        old, new = group[j], group[i]
        group[:] = [new if g == old else g for g in group]

    for columns in orbit.clusters:
        for j in columns[1:]:
            join(columns[0], j)
    for i in range(2, n):
        for j in range(i + 1, n):
            if _distance(lam[i] - lam[j]) < near:
                join(i, j)
    clusters = [tuple(j for j in range(n) if group[j] == g) for g in dict.fromkeys(group)]
    clusters = [columns for columns in clusters if len(columns) > 1]
    shifts, done = np.zeros(n, dtype=int), set[int]()
    for columns in clusters:
        if columns[0] in done:
            continue
        done.update(columns, [orbit.partner[j] for j in columns])
        for j in columns:
            shifts[j] = round(float(lam[j].imag - lam[columns[0]].imag))
            if orbit.partner[j] not in columns:
                shifts[orbit.partner[j]] = -shifts[j]
    return dataclasses.replace(_shifted(orbit, shifts), clusters=tuple(clusters))


def _distance(z: complex) -> float:
    return float(abs(z - 1j * round(z.imag)))


def _shifted(orbit: OrbitApprox, shifts: npt.NDArray[np.int_]) -> OrbitApprox:
    """Columns e^{imτ}Q_j with exponents λ_j − im."""
    if not shifts.any():
        return orbit
    partner = list(orbit.partner)
    factor = turned(orbit.samples, shifts)
    return dataclasses.replace(
        orbit, Q=orbit.Q * factor, Lam=orbit.Lam - 1j * np.diag(shifts),
        reference=orbit.reference * factor.conj().transpose(0, 2, 1), linearised=None,
        shift=tuple(int(m) for m in np.array(orbit.shift) + shifts),
        turn=tuple(int(m) for m in np.array(orbit.turn) + shifts + shifts[partner]),
    )  # fmt: skip


def apart(orbit: OrbitApprox, least: float) -> OrbitApprox:
    """Λ diagonal on the clusters whose exponents are at least so far from each other. Raises NoOrbitFound."""
    kept: list[tuple[int, ...]] = []
    done = set[int]()
    n = orbit.field.n
    X, lam, partner, turns = np.eye(n, dtype=complex), np.diag(orbit.Lam).copy(), list(orbit.partner), list(orbit.turn)
    shifts = np.zeros(n, dtype=int)
    for columns in orbit.clusters:
        if columns[0] in done:
            continue
        conjugate = tuple(orbit.partner[j] for j in columns)
        done.update(columns, conjugate)
        block = orbit.Lam[np.ix_(columns, columns)]
        own = set(conjugate) == set(columns)
        values, vectors, partners = _own_pairs(orbit, columns, block) if own else _eigenvectors(block)
        if min(_distance(a - b) for i, a in enumerate(values) for b in values[:i]) < least:
            kept += [columns] if own else [columns, conjugate]
            continue
        X[np.ix_(columns, columns)], lam[list(columns)] = vectors, values
        if own:
            for i, j in enumerate(columns):
                partner[j] = columns[partners[i]]
                if partners[i] > i:  # a pair needs no turn
                    shifts[columns[partners[i]]] = -turns[j]
                elif partners[i] == i:
                    shifts[j] = -(turns[j] // 2)
        else:
            X[np.ix_(conjugate, conjugate)], lam[list(conjugate)] = vectors.conj(), np.conj(values)
    if len(kept) == len(orbit.clusters):
        return orbit
    joined = np.zeros((n, n), dtype=bool)
    for columns in kept:
        joined[np.ix_(columns, columns)] = True
    joined[:2, :2] = True
    Lam = np.where(joined, orbit.Lam, np.diag(lam))
    if not np.isfinite(X).all() or np.linalg.cond(X) > 1e8:
        raise NoOrbitFound(f"two exponents meet near the amplitude {orbit.amplitude:.6g}")
    Q = orbit.Q @ X
    reference: ComplexArray = np.asarray(np.linalg.inv(Q), dtype=np.complex128)
    changed = dataclasses.replace(
        orbit, Q=Q, Lam=Lam, partner=tuple(partner), clusters=tuple(kept), reference=reference, linearised=None
    )
    return _shifted(changed, shifts)


def _eigenvectors(block: ComplexArray) -> tuple[ComplexArray, ComplexArray, list[int]]:
    values, vectors = np.linalg.eig(block)
    return values, vectors, []


def _own_pairs(
    orbit: OrbitApprox, columns: Sequence[int], block: ComplexArray
) -> tuple[ComplexArray, ComplexArray, list[int]]:
    """Of a cluster with the conjugate of each of its columns: eigenvalues, vectors, place of each one's partner."""
    size, half_turn = len(columns), 0.5j * orbit.turn[columns[0]]
    basis = np.zeros((size, size), dtype=complex)  # of the vectors with conj x = Πx: there the block is real
    for i, j in enumerate(columns):
        k = columns.index(orbit.partner[j])
        if k == i:
            basis[i, i] = 1
        elif i < k:
            basis[[i, k], i] = 1
            basis[[i, k], k] = 1j, -1j
    real = np.linalg.solve(basis, (block + half_turn * np.eye(size)) @ basis).real
    values, vectors = np.linalg.eig(real)
    partners = [i if values[i].imag == 0 else int(np.argmin(np.abs(values - values[i].conj()))) for i in range(size)]
    return values - half_turn, basis @ vectors, partners
