"""What is printed of periodic orbits (FORMAT.md, section 18): enclosures rounded outward, bounds upward."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from flint import arb

from ..bundle.json_text import Files
from ..bundle.orbit import (
    DECREASING,
    INCREASING,
    BoxData,
    Orbit,
    OrbitBounds,
    OrbitClaims,
    OrbitEnd,
    OrbitPart,
    OrbitPieceData,
    OrbitPolynomial,
    OrbitWitness,
    StripData,
)
from ..numbers.balls import ball, ball_with_radius, largest, point_fraction
from ..numbers.decimals import upper_decimal
from ..numbers.outward import DERIVED, UPPER, claim, upper_bound
from ..numbers.printed import Decimal, Enclosure
from ..proof.orbit import OrbitPiece
from ..proof.orbit_family import Direction, kappa_signs, unstable_multipliers
from ..proof.orbit_floquet import Floquet, over_cell, theta_cells
from ..proof.orbit_polynomials import Polynomial
from ..proof.orbit_strip import Neighbourhood
from ..search.orbit_witness import PieceWitnessApprox

T = TypeVar("T", str, int)
PRINTED_DIMENSION, PRINTED_DIGITS = 4, 6  # in which a polynomial is printed; digits after the first of the amplitude


@dataclass(frozen=True)
class ProvedPiece:
    """What is proved of one piece. direction: None of one orbit, and where it is not decided."""

    piece: OrbitPiece
    approx: PieceWitnessApprox
    floquet: Floquet
    direction: Direction | None


@dataclass(frozen=True)
class ProvedOrbit:
    """One orbit, or the glued pieces of a family, the first around 0. crossing_speed: d of the Hopf point (σ_1)."""

    pieces: tuple[ProvedPiece, ...]
    cells: int
    slope_cells: int
    crossing_speed: arb


def printed_orbit(name: str, hopf: str, proved: ProvedOrbit, precision: int, files: Files) -> Orbit:
    """The certificate, with its witness stored."""
    floquets = [part.floquet for part in proved.pieces]
    kappa, slopes = None, [_slope(part.direction, precision) for part in proved.pieces]
    if proved.pieces[0].piece.estimates.witness.single:
        signs = [floquets[0].kappa_sign]
        kappa = claim(floquets[0].kappa[-1], precision, DERIVED) if signs[0] else None
        if kappa is not None and not kappa.excludes_zero:
            kappa, signs = None, [0]
    else:
        directions = [part.direction if slope else None for part, slope in zip(proved.pieces, slopes, strict=True)]
        signs = kappa_signs(floquets, directions, proved.crossing_speed)
    parts = [
        _part(proved, index, precision, slope, sign)
        for index, (slope, sign) in enumerate(zip(slopes, signs, strict=True))
    ]
    claims = _together(parts, proved, precision)
    bounds = OrbitBounds(
        upper_bound(largest(part.piece.rate for part in proved.pieces)),
        upper_bound(largest(r for floquet in floquets for r in floquet.radii)), kappa,
    )  # fmt: skip
    p = tuple((Fraction(float(z.real)), Fraction(float(z.imag))) for z in proved.pieces[0].approx.p)
    data = tuple(_piece_data(_array_name(name, index), part, proved, files) for index, part in enumerate(proved.pieces))
    claims = replace(claims, parts=tuple(parts) if len(parts) > 1 else ())
    if proved.pieces[0].direction is None and len(p) <= PRINTED_DIMENSION and claims.amplitude.width == 0:
        claims = replace(claims, polynomial=_polynomial(proved.pieces[0], claims.distance))
    return Orbit(name, hopf, claims, bounds, OrbitWitness(p, data), precision)


def _array_name(name: str, index: int) -> str:
    return name if index == 0 else f"{name}-{index + 1}"


def _slope(direction: Direction | None, precision: int) -> Enclosure | None:
    """γ'(a)/a as it is printed, None where that does not exclude 0."""
    slope = None if direction is None else _claimed(direction.slopes, precision)
    return slope if slope is not None and slope.excludes_zero else None


def _part(proved: ProvedOrbit, index: int, precision: int, slope: Enclosure | None, kappa_sign: int) -> OrbitPart:
    part = proved.pieces[index]
    piece, witness = part.piece, part.piece.estimates.witness
    first = Fraction(0) if index == 0 and not witness.single else witness.centre - witness.half_width
    gammas = _over_cells(witness.gamma, proved.cells, witness.single, piece.gamma_radius)
    periods = [2 * arb.pi() * T for T in _over_cells(witness.T, proved.cells, witness.single, piece.T_radius)]
    outside = unstable_multipliers(part.floquet, kappa_sign)
    direction = None if slope is None else INCREASING if slope.lower > 0 else DECREASING
    return OrbitPart(
        amplitude=Enclosure.exactly(first, witness.centre + witness.half_width),
        parameter=_claimed(gammas, precision), period=_claimed(periods, precision),
        direction=direction, slope=slope,
        unstable_multipliers=outside, stable=None if outside is None else outside == 0,
    )  # fmt: skip


def _together(parts: Sequence[OrbitPart], proved: ProvedOrbit, precision: int) -> OrbitClaims:
    """Of all pieces: what they have in common, and of enclosures the hull."""
    last = proved.pieces[-1].piece
    witness = last.estimates.witness
    # at cos θ = 1, and of one orbit anywhere, the value is the sum of the coefficients
    gamma = ball_with_radius(_total(witness.gamma), last.gamma_radius)
    period = 2 * arb.pi() * ball_with_radius(_total(witness.T), last.T_radius)
    ends = [part.piece.estimates.witness for part in proved.pieces]
    distances = [
        k + ball(w.centre + w.half_width) * h
        for w, part in zip(ends, proved.pieces, strict=True)
        for k, h in zip(part.piece.offset, part.piece.distance, strict=True)
    ]
    direction = _common([part.direction for part in parts])
    outside = _common([part.unstable_multipliers for part in parts])
    return OrbitClaims(
        amplitude=Enclosure.exactly(parts[0].amplitude.lower, parts[-1].amplitude.upper),
        parameter=reduce(Enclosure.hull, [part.parameter for part in parts]),
        period=reduce(Enclosure.hull, [part.period for part in parts]),
        end=OrbitEnd(
            Decimal.exactly(parts[-1].amplitude.upper), claim(gamma, precision, DERIVED),
            claim(period, precision, DERIVED)),
        distance=upper_bound(largest(distances)), direction=direction,
        slope=None if direction is None else reduce(
            Enclosure.hull, [part.slope for part in parts if part.slope is not None]),
        unstable_multipliers=outside, stable=None if outside is None else outside == 0,
    )  # fmt: skip


def _common(values: Sequence[T | None]) -> T | None:
    """The value that all have."""
    return values[0] if all(value == values[0] for value in values) else None


def _claimed(values: Iterable[arb], precision: int) -> Enclosure:
    """Of values over cells the hull of what is claimed of each: widened by errors, not by the range."""
    return reduce(Enclosure.hull, [claim(x, precision, DERIVED) for x in values])


def _polynomial(part: ProvedPiece, distance: Decimal) -> OrbitPolynomial:
    """ȳ + a v̄ of one orbit with a few digits. The distance holds for the rounded numbers: no rounding is trusted."""
    w, a = part.approx, part.piece.estimates.witness.centre
    n, K = w.v.shape[2], (w.v.shape[1] - 1) // 2
    unit = Fraction(10) ** (math.floor(math.log10(a)) - PRINTED_DIGITS)
    error = [Fraction(0)] * n

    def printed(i: int, exact: Fraction) -> Decimal:
        shown = round(exact / unit) * unit
        error[i] += abs(exact - shown)
        return Decimal.exactly(shown)

    y = [Fraction(0) if w.zero_branch else Fraction(float(x)) for x in w.y[0]]
    mean = [printed(i, y[i] + a * Fraction(float(w.v[0, K, i].real))) for i in range(n)]
    cosines, sines = (
        [[printed(i, factor * a * Fraction(float(getattr(w.v[0, K + k, i], part)))) for i in range(n)]
         for k in range(1, K + 1)]
        for factor, part in ((2, "real"), (-2, "imag"))
    )  # fmt: skip
    while cosines and not any(x.value for x in (*cosines[-1], *sines[-1])):
        cosines, sines = cosines[:-1], sines[:-1]
    total = Decimal.of(upper_decimal((max(error) + distance.value) * UPPER))
    return OrbitPolynomial(tuple(mean), tuple(map(tuple, cosines)), tuple(map(tuple, sines)), total)


def _total(q: Polynomial) -> arb:
    total = arb(0)
    for m in range(q.degree + 1):
        total += q.coefficient(m, 0)[0, 0].real
    return total


def _over_cells(q: Polynomial, cells: int, single: bool, radius: arb) -> list[arb]:
    return [ball_with_radius(over_cell(q, x, delta)[0][0].real, radius) for x, delta in theta_cells(cells, single)]


# --- the witness ------------------------------------------------------------------------------


def _piece_data(name: str, part: ProvedPiece, proved: ProvedOrbit, files: Files) -> OrbitPieceData:
    piece, w, grid = part.piece, part.approx, part.piece.estimates.grid
    witness, estimates = piece.estimates.witness, piece.estimates
    n = witness.n

    arrays = {
        "v": _interleaved(w.v[:, (w.v.shape[1] - 1) // 2 :]),
        "H": _interleaved(w.H[:, (w.H.shape[1] - 1) // 2 :]),
        "Q": _interleaved(w.Q),
        "P": _interleaved(w.P),
        "gamma": w.gamma[:, None],
        "T": w.T[:, None],
        "Lam": _interleaved(np.concatenate(
            [w.Lam[:, :2, :2].reshape(-1, 4), w.Lam[:, range(2, n), range(2, n)]], axis=1)),
        "B": _interleaved(w.B),
        "V": _interleaved(w.V),
    }  # fmt: skip
    if not w.zero_branch:
        arrays |= {"y": w.y, "y_gamma": w.y_gamma, "C": w.C.reshape(len(w.C), -1)}
    return OrbitPieceData(
        centre=Decimal.exactly(witness.centre), half_width=Decimal.exactly(witness.half_width),
        partner=tuple(int(j) for j in w.partner),
        **{key: files.add_array(f"{name}-{key}", array) for key, array in arrays.items()},
        over_tau=grid.over_tau, over_theta=grid.over_theta, nu=point_fraction(grid.nu),
        tau_strip=_strip(grid.tau_strip), theta_strip=None if grid.theta_strip is None else _strip(grid.theta_strip),
        around=_strip(estimates.around), radii=tuple(point_fraction(r) for r in piece.radii),
        uniqueness=point_fraction(piece.uniqueness), cells=proved.cells, slope_cells=proved.slope_cells,
        box=None if estimates.box is None else _box(estimates.box),
    )  # fmt: skip


def _interleaved(array: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    """One row for each cos mθ: real and imaginary parts in turn."""
    flat = np.ascontiguousarray(array, dtype=np.complex128).reshape(array.shape[0], -1)
    return np.asarray(flat.view(np.float64))


def _box(omega: Neighbourhood) -> BoxData:
    strip = _strip(omega)
    return BoxData(strip.rho, strip.R, strip.R_gamma, point_fraction(omega.box))


def _strip(omega: Neighbourhood) -> StripData:
    rho, eta, R_gamma = (point_fraction(x) for x in (omega.rho, omega.eta, omega.R_gamma))
    return StripData(rho, eta, tuple(point_fraction(r) for r in omega.R), R_gamma)


