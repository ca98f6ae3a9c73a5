"""The witness of one piece of periodic orbits, read exactly (section 18)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from .budget import OPERATION, bytes_of
from .context import Checker
from .intervals import Real, real
from .orbit_numbers import Polynomial, Table
from .reading import Spec, anything, count, decimal, number, optional, parse
from .verdicts import Matrix, Rejected, Undecided

STRIP: dict[str, Spec] = {"rho": number, "eta": number, "R": [number], "R_gamma": number}
BOX: dict[str, Spec] = {"rho": number, "R": [number], "R_gamma": number, "factor": number}
ARRAYS = ("v", "H", "Q", "P", "gamma", "T", "Lam", "B", "V")
MOVING = ("y", "y_gamma", "C")
FIXED: dict[str, Spec] = {
    "centre": decimal, "half_width": decimal, "partner": [count], **dict.fromkeys(ARRAYS, anything),
    "over_tau": count, "over_theta": count, "nu": number, "tau_strip": STRIP, "theta_strip": optional(STRIP),
    "around": STRIP, "radii": [number], "uniqueness": number, "cells": count, "slope_cells": count,
}  # fmt: skip


def piece_of(value: Any, where: str) -> Any:
    """With y, y_gamma and C where the equilibrium moves, without them on the branch x = 0; with `box` for a box."""
    moving = isinstance(value, dict) and any(key in value for key in MOVING)
    more: dict[str, Spec] = {"box": BOX} if isinstance(value, dict) and "box" in value else {}
    return parse(value, FIXED | more | (dict.fromkeys(MOVING, anything) if moving else {}), where)


MOST_MODES, MOST_SAMPLES, MOST_CELLS, LARGEST = 500, 1000, 10_000, 1 << 10
LARGEST_BOX = 200


@dataclass(frozen=True)
class Strip:
    """rho, eta >= 0; R_1 .. R_n, R_gamma > 0."""

    rho: Real
    eta: Real
    R: list[int]  # rounded up; of R_1 .. R_n, as the neighbourhood may be larger
    R_gamma: Real
    R_least: list[int]  # rounded down
    box: Real  # so many radii are added to the weights: 0 on those of Lemma O1, of Theorem O1 1 if there are some


@dataclass
class Piece:
    """a = centre + half_width cos(theta); p: the row of the amplitude; polynomials by their letters."""

    n: int
    F: int
    centre: Fraction
    half_width: Fraction
    partner: list[int]
    p: Table
    v: Polynomial
    H: Polynomial
    Q: Polynomial
    P: Polynomial
    gamma: Polynomial
    T: Polynomial
    Lam: Polynomial  # n x n
    B: Polynomial
    V: Polynomial
    over_tau: int
    over_theta: int
    nu: Real
    tau_strip: Strip
    theta_strip: Strip | None
    around: Strip
    box: Strip | None  # None of exact weights
    radii: list[Fraction]
    uniqueness: Fraction
    cells: int
    slope_cells: int
    y: Polynomial | None  # None on the branch x = 0
    y_gamma: Polynomial | None
    C: Polynomial | None

    @property
    def single(self) -> bool:
        return self.half_width == 0

    @property
    def degree(self) -> int:
        return self.v.degree

    def amplitude_row(self, k: int) -> Table:
        """p^H for k = 1, its conjugate p^T for k = -1."""
        return self.p if k == 1 else Table(self.p.re, [[-y for y in self.p.im[0]]], self.p.err)

    @cached_property
    def symmetric(self) -> bool:
        """(A) of Lemma O2, exactly: conj Q = Q Pi, conj Lam = Pi Lam Pi, conj B = B with its rows exchanged."""
        n, s = self.n, self.partner
        if sorted(s) != list(range(n)) or s[0] != 1 or any(s[s[j]] != j for j in range(n)):
            return False
        for flat in self.Q.flat:
            for k in range(2 * self.Q.K + 1):
                here, there = 2 * k * n * n, 2 * (2 * self.Q.K - k) * n * n
                for i in range(n):
                    for j in range(n):
                        x, y = here + 2 * (i * n + j), there + 2 * (i * n + s[j])
                        if flat[x] != flat[y] or flat[x + 1] != -flat[y + 1]:
                            return False
        for flat in self.Lam.flat:
            for i in range(n):
                for j in range(n):
                    x, y = 2 * (i * n + j), 2 * (s[i] * n + s[j])
                    if flat[x] != flat[y] or flat[x + 1] != -flat[y + 1]:
                        return False
        return all(flat[2 * j] == flat[4 + 2 * j] and flat[2 * j + 1] == -flat[5 + 2 * j]
                   for flat in self.B.flat for j in range(2))  # fmt: skip


    @cached_property
    def symmetric_inverse(self) -> bool:
        """conj P = Pi P, exactly."""
        n, s, K = self.n, self.partner, self.P.K
        for flat in self.P.flat:
            for k in range(2 * K + 1):
                for i in range(n):
                    here, there = 2 * (k * n + i) * n, 2 * ((2 * K - k) * n + s[i]) * n
                    if any(flat[here + j] != (-1) ** j * flat[there + j] for j in range(2 * n)):
                        return False
        return True


def read_strip(raw: dict[str, Any], n: int, F: int, where: str, box: Fraction | int = 0) -> Strip:
    rho, eta, R = raw["rho"], raw["eta"], raw["R"]
    radii = [*R, raw["R_gamma"]]
    if len(R) != n or min(rho, eta) < 0 or min(radii) <= 0 or max(rho, eta, *radii) > LARGEST:
        raise Rejected(f"{where}: a bad neighbourhood")
    exact = [real(r, F) for r in R]
    return Strip(real(rho, F), real(eta, F), [r.hi for r in exact], real(raw["R_gamma"], F), [r.lo for r in exact],
                 real(box, F))  # fmt: skip


def read_piece(checker: Checker, raw: dict[str, Any], p: list[Any], F: int, where: str) -> Piece:
    """Raises Rejected for a witness of another form."""
    n = checker.problem.n
    moving = MOVING[0] in raw
    if not len(p) == len(raw["partner"]) == n or len(raw["radii"]) != n + 4 + n * moving or any(len(z) != 2 for z in p):
        raise Rejected(f"{where}: the witness is not of dimension {n}")
    if max([abs(x) for z in p for x in z]) > LARGEST:
        raise Rejected(f"{where}: p is too large")
    keys = (*ARRAYS, *MOVING) if moving else ARRAYS
    arrays = {key: checker.bundle.array(raw[key], f"{where}: {key}") for key in keys}
    rows = {len(a.rows) for a in arrays.values()}
    if len(rows) != 1 or any(len(a.shape) != 2 for a in arrays.values()):
        raise Rejected(f"{where}: arrays of different degrees")
    if ("box" in raw) != bool(checker.problem.box):
        raise Rejected(f"{where}: `box` is for a box of weights, and for every piece of it")
    box = None
    if "box" in raw:
        if not 1 < raw["box"]["factor"] <= 1 << LARGEST_BOX or raw["box"]["rho"] <= 0:
            raise Rejected(f"{where}: Lemma O5 does not hold: the factor is not above 1, or too large, or rho is 0")
        box = read_strip(raw["box"] | {"eta": raw["nu"]}, n, F, where, raw["box"]["factor"])
    single = raw["half_width"] == 0
    if raw["half_width"] < 0 or single != (rows == {1}) or single != (raw["over_theta"] == 0):
        raise Rejected(f"{where}: one orbit does not depend on theta, a piece does")
    samples, cells = (raw["over_tau"], raw["over_theta"]), (raw["cells"], raw["slope_cells"])
    if not 0 < samples[0] <= MOST_SAMPLES or samples[1] > MOST_SAMPLES:
        raise Undecided(f"{where}: a number of samples that is beyond this checker")
    if min(cells) < 1 or max(cells) > MOST_CELLS or max(rows) > MOST_MODES:
        raise Undecided(f"{where}: a number of cells or a degree that is beyond this checker")
    if not 0 <= raw["nu"] <= LARGEST or raw["uniqueness"] < 1 or min(raw["radii"]) <= 0:
        raise Rejected(f"{where}: nu < 0, uniqueness < 1 or a radius that is not positive")

    def polynomial(key: str, height: int, width: int, kind: str) -> Polynomial:
        """kind: `real` (k >= 0 is given), `complex`, `constant` (complex, no tau) or `number` (real, no tau)."""
        array, size = arrays[key], height * width
        entries, factor = len(array.rows[0]), 1 if kind == "number" else 2
        modes = entries // (factor * size)
        if modes * factor * size != entries or not 0 < modes <= MOST_MODES:
            raise Rejected(f"{where}: {key} has a bad number of columns")
        K = {"real": modes - 1, "complex": (modes - 1) // 2}.get(kind, 0)
        if (kind == "complex" and modes % 2 == 0) or (kind in ("constant", "number") and modes != 1):
            raise Rejected(f"{where}: {key} has a bad number of columns")
        checker.bundle.budget.spend(20 * OPERATION * len(array.rows) * entries)
        twice = 1 if kind in ("complex", "constant") else 2  # with k < 0, or imaginary parts
        checker.bundle.budget.hold(2 * twice * bytes_of(len(array.rows) * entries, F))  # exactly, and in the unit
        flat = [widened(row, kind, size) for row in array.rows]
        if kind == "real" and any(x for row in array.rows for x in row[1 : 2 * size : 2]):
            raise Rejected(f"{where}: the mode 0 of {key} is not real")
        fixed = [[(x << F) // array.unit for x in row] for row in flat]
        return Polynomial(K, height, width, Table([r[::2] for r in fixed], [r[1::2] for r in fixed], 1), flat, F)

    spectrum = arrays["Lam"]
    if len(spectrum.rows[0]) != 2 * (n + 2):
        raise Rejected(f"{where}: Lam has a bad number of columns")
    diagonal = [full_matrix(row, n) for row in spectrum.rows]
    fixed = [[(x << F) // spectrum.unit for x in row] for row in diagonal]
    Lam = Polynomial(0, n, n, Table([r[::2] for r in fixed], [r[1::2] for r in fixed], 1), diagonal, F)
    re, im = ([(z[part].numerator << F) // z[part].denominator for z in p] for part in (0, 1))
    row = Table([re], [im], 1)
    return Piece(
        n, F, raw["centre"], raw["half_width"], raw["partner"], row,
        polynomial("v", n, 1, "real"), polynomial("H", n, 2, "real"), polynomial("Q", n, n, "complex"),
        polynomial("P", n, n, "complex"), polynomial("gamma", 1, 1, "number"), polynomial("T", 1, 1, "number"),
        Lam, polynomial("B", 2, 2, "constant"), polynomial("V", 4, 4, "constant"),
        raw["over_tau"], raw["over_theta"], real(raw["nu"], F), read_strip(raw["tau_strip"], n, F, where),
        None if raw["theta_strip"] is None else read_strip(raw["theta_strip"], n, F, where),
        read_strip(raw["around"], n, F, where, int(box is not None)), box, raw["radii"], raw["uniqueness"],
        raw["cells"], raw["slope_cells"],
        *((polynomial(key, n, n if key == "C" else 1, "number") if moving else None) for key in MOVING),
    )  # fmt: skip


def widened(row: list[int], kind: str, size: int) -> list[int]:
    """Real and imaginary parts in turn, for k = -K .. K."""
    if kind == "number":
        return [part for x in row for part in (x, 0)]
    if kind != "real":
        return row
    modes = [row[i : i + 2 * size] for i in range(0, len(row), 2 * size)]
    mirrored = [[-x if i % 2 else x for i, x in enumerate(mode)] for mode in modes[:0:-1]]
    return [x for mode in [*mirrored, *modes] for x in mode]


def full_matrix(row: list[int], n: int) -> list[int]:
    """Lam = Lam_c + diag(lam_3 .. lam_n), from the entries that are not 0 by its form."""
    result = [0] * (2 * n * n)
    for place, (i, j) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1), *((j, j) for j in range(2, n))]):
        result[2 * (i * n + j) : 2 * (i * n + j) + 2] = row[2 * place : 2 * place + 2]
    return result


def identity(n: int, one: int) -> Matrix:
    return [[one * (i == j) for j in range(n)] for i in range(n)]
