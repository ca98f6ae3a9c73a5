"""What the pictures show, in binary64: the claims and witnesses of a bundle, read from its documents."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError
from ..numbers.exact import parse_printed_decimal

Json = dict[str, Any]
Array = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]
ReadFile = Callable[[str], bytes]
MOST_HEADER = 4096


@dataclass(frozen=True)
class Labels:
    """The parameter, x and its components, as LaTeX for math mode."""

    parameter: str
    vector: str
    state: tuple[str, ...]


@dataclass(frozen=True)
class PointData:
    """One certificate. gamma … ell1: middles of the enclosures, which are far narrower than a line is thick.

    centres: of the discs of all eigenvalues of A; pair: the index of iω's among them; radius: claimed for its disc, and
    other_radius for all others (None where nothing is claimed); gap: no other eigenvalue has a smaller |Re|;
    q: Aq = iωq, of length 1; errors: half-widths of the enclosures of ω and ℓ1.
    """

    id: str
    gamma: float
    omega: float
    ell1: float
    speed: float
    n_u: int
    supercritical: bool
    equilibrium: Array
    gap: float | None
    centres: ComplexArray
    pair: int
    radius: float
    other_radius: float | None
    q: ComplexArray
    errors: tuple[float, float]

    @property
    def growth(self) -> float:
        """c of the amplitude law ρ² = c(γ − γ*)."""
        return -self.speed / (self.omega * self.ell1)


@dataclass(frozen=True)
class PieceData:
    """A proved piece: over ``low`` … ``high`` the equilibrium is in the tube around x + (γ − centre)·slope."""

    low: float
    high: float
    centre: float
    kind: str
    x: Array
    slope: Array
    spectrum: ComplexArray


@dataclass(frozen=True)
class RunData:
    """A whole run. lines: (μ, σ_1) of the method zero-branch (eigenvalues σ_1(μ + γ)); pieces: of the others."""

    dimension: int
    interval: tuple[float, float] | None
    complete: bool
    points: tuple[PointData, ...]
    crossings: tuple[float, ...]
    unsettled: tuple[tuple[float, float], ...]
    lines: tuple[ComplexArray, float] | None
    pieces: tuple[PieceData, ...]
    trivial: bool


def read_run(problem: Json, branch: Json, certificates: Mapping[str, Json], read: ReadFile) -> RunData:
    """A bundle whose documents have been checked for their form; arrays are read with ``read``. Raises InputError."""
    n = int(problem["dimension"])
    claims, witness = branch["claims"], branch["witness"]
    arrays = _Sums(read)
    points = tuple(_point(document, branch, n, arrays) for document in certificates.values())
    lines: tuple[ComplexArray, float] | None = None
    pieces: tuple[PieceData, ...] = ()
    trivial = True
    if branch["method"] == "zero-branch":
        sigma_1 = points[0].speed if points else None  # A = σ_1 W(γ), so that every speed is σ_1
        if witness is not None and sigma_1 is not None:
            lines = _all_centres(arrays.sum(witness["d"]), witness["pairs"], n), sigma_1
        trivial = all(not np.any(point.equilibrium) for point in points)
    elif witness is not None:
        pieces, trivial = _pieces(witness, n, read), witness["x"] is None
    return RunData(
        dimension=n,
        interval=None if claims["interval"] is None else _ends(claims["interval"]),
        complete=bool(claims["complete"]),
        points=points,
        crossings=tuple(sum(_ends(item)) / 2 for item in claims["real_crossings"]),
        unsettled=tuple(_ends(item["interval"]) for item in claims["unsettled"]),
        lines=lines,
        pieces=pieces,
        trivial=trivial,
    )


def _point(document: Json, branch: Json, n: int, arrays: _Sums) -> PointData:
    claims, bounds, witness = document["claims"], document["bounds"], document["witness"]
    gamma, omega, ell1, speed = (
        sum(_ends(claims[key])) / 2 for key in ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed")
    )
    pairs, index = witness["pairs"], witness["pair"]
    if not (type(pairs) is int and type(index) is int and 0 <= index < pairs and 2 * pairs <= n):
        raise InputError("expected the index of a pair", key="witness.pair")
    centres = _all_centres(arrays.sum(witness["d"]), pairs, n)
    X = arrays.sum(witness["X"])
    if X.shape != (n, n):
        raise InputError(f"expected an array of {n} × {n} entries", key="witness.X")
    q = X[:, 2 * index] + 1j * X[:, 2 * index + 1]
    radius, other = float(bounds["disc_radius"]), None
    if document["method"] == "zero-branch":  # discs of W⁰; the eigenvalues of A are σ_1(μ + γ*)
        low, high = _ends(claims["parameter"])
        if branch["method"] == "zero-branch" and branch["bounds"] is not None and _same(branch["witness"], witness):
            other = abs(speed) * (float(branch["bounds"]["max_disc_radius"]) + (high - low) / 2)
        radius = abs(speed) * (radius + (high - low) / 2)
        centres = speed * (centres + gamma)
        q = q if speed > 0 else q.conj()
    pair = 2 * index if centres[2 * index].imag > 0 else 2 * index + 1
    return PointData(
        id=document["id"],
        gamma=gamma,
        omega=omega,
        ell1=ell1,
        speed=speed,
        n_u=claims["unstable_eigenvalues"],
        supercritical=claims["criticality"] == "supercritical",
        equilibrium=np.array([sum(_ends(entry)) / 2 for entry in claims["equilibrium"]]),
        gap=None if claims["spectral_gap"] is None else float(claims["spectral_gap"]),
        centres=centres,
        pair=pair,
        radius=radius,
        other_radius=other,
        q=q / np.linalg.norm(q),
        errors=(_half_width(claims["omega"]), _half_width(claims["first_lyapunov_coefficient"])),
    )


def _same(one: Json | None, other: Json) -> bool:
    return one is not None and [a["sha256"] for a in one["d"]] == [a["sha256"] for a in other["d"]]


def _pieces(witness: Json, n: int, read: ReadFile) -> tuple[PieceData, ...]:
    rows = witness["pieces"]
    count = len(rows)
    d = _array(witness["d"], read, (count * n, 2)).reshape(count, n, 2)
    zero = np.zeros((count, n))
    x = zero if witness["x"] is None else _array(witness["x"], read, (count, n))
    slope = zero if witness["slope"] is None else _array(witness["slope"], read, (count, n))
    pieces = []
    for k, row in enumerate(rows):
        low, high = _ends(row["interval"])
        spectrum = d[k, :, 0] + 1j * d[k, :, 1]
        pieces.append(PieceData(low, high, _number(row["centre"]), row["kind"], x[k], slope[k], spectrum))
    return tuple(pieces)


def _all_centres(d: Array, pairs: int, n: int) -> ComplexArray:
    """Centres of all n eigenvalues: a pair, its conjugate, …, then the real ones."""
    if d.shape != (n - pairs, 2):
        raise InputError(f"expected {n - pairs} × 2 entries", key="witness.d")
    upper = d[:pairs, 0] + 1j * d[:pairs, 1]
    return np.concatenate([np.column_stack([upper, upper.conj()]).ravel(), d[pairs:, 0].astype(np.complex128)])


class _Sums:
    """Sums of arrays, each added up once: the points of a zero branch share their witness."""

    def __init__(self, read: ReadFile) -> None:
        self.read = read
        self.known: dict[tuple[str, ...], Array] = {}

    def sum(self, references: list[Json]) -> Array:
        key = tuple(str((reference["file"], reference["shape"])) for reference in references)
        if key not in self.known:
            total: Array = sum((_array(reference, self.read) for reference in references), np.zeros(()))
            total.setflags(write=False)
            self.known[key] = total
        return self.known[key]


def _array(reference: Json, read: ReadFile, shape: tuple[int, ...] | None = None) -> Array:
    wanted = list(reference["shape"] if shape is None else shape)
    try:
        array = np.lib.format.read_array(
            io.BytesIO(read(reference["file"])), allow_pickle=False, max_header_size=MOST_HEADER
        )
        if array.dtype.str != "<f8" or list(array.shape) != wanted or not np.isfinite(array).all():
            raise ValueError
    except InputError:
        raise
    except Exception:  # a hostile header makes numpy fail in many ways
        raise InputError("expected finite <f8 data of the stated shape", source=str(reference["file"])) from None
    return np.asarray(array, dtype=np.float64)


def _number(value: str | list[int]) -> float:
    """A decimal, or [m, e] meaning m·2^e."""
    return float(value) if isinstance(value, str) else float(np.ldexp(float(value[0]), value[1]))


def _ends(pair: list[str]) -> tuple[float, float]:
    low, high = (float(parse_printed_decimal(end)) for end in pair)
    return low, high


def _half_width(pair: list[str]) -> float:
    low, high = (parse_printed_decimal(end) for end in pair)
    return float((high - low) / 2)
