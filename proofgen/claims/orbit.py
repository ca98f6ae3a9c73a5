"""What is printed of periodic orbits (FORMAT.md, section 18): enclosures rounded outward, bounds upward."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from flint import arb

from ..bundle.json_text import Files
from ..bundle.orbit import (
    DECREASING,
    INCREASING,
    Orbit,
    OrbitBounds,
    OrbitClaims,
    OrbitEnd,
    OrbitPieceData,
    OrbitWitness,
    StripData,
)
from ..numbers.balls import ball, ball_with_radius, largest, point_fraction
from ..numbers.outward import DERIVED, claim, upper_bound
from ..numbers.printed import Decimal, Enclosure
from ..proof.orbit import OrbitPiece
from ..proof.orbit_family import Direction, unstable_multipliers, unstable_multipliers_of_one
from ..proof.orbit_floquet import Floquet, over_cell, theta_cells
from ..proof.orbit_polynomials import Polynomial
from ..proof.orbit_strip import Neighbourhood
from ..search.orbit_witness import PieceWitnessApprox


@dataclass(frozen=True)
class ProvedOrbit:
    """All that is proved with one piece. direction None: of one orbit; crossing_speed: d of the Hopf point (σ_1)."""

    piece: OrbitPiece
    approx: PieceWitnessApprox
    floquet: Floquet
    cells: int
    direction: Direction | None
    slope_cells: int
    crossing_speed: arb


def printed_orbit(name: str, hopf: str, proved: ProvedOrbit, precision: int, files: Files) -> Orbit:
    """The certificate, with its witness stored."""
    floquet, direction = proved.floquet, proved.direction
    if direction is None:
        outside = unstable_multipliers_of_one(floquet)
    else:
        outside = unstable_multipliers(floquet, direction, proved.crossing_speed)
    kappa = floquet.kappa[-1] if direction is None and floquet.kappa_sign else None
    printed_kappa = None if kappa is None else claim(kappa, precision, DERIVED)
    if printed_kappa is not None and not printed_kappa.excludes_zero:
        printed_kappa, outside = None, None
    slope = None if direction is None else claim(_hull(direction.slopes), precision, DERIVED)
    if slope is not None and not slope.excludes_zero:
        slope, direction, outside = None, None, None
    claims = _claims(proved, precision, direction, slope, outside)
    bounds = OrbitBounds(upper_bound(proved.piece.rate), upper_bound(largest(floquet.radii)), printed_kappa)
    p = tuple((Fraction(float(z.real)), Fraction(float(z.imag))) for z in proved.approx.p)
    return Orbit(name, hopf, claims, bounds, OrbitWitness(p, (_piece_data(name, proved, files),)), precision)


def _claims(
    proved: ProvedOrbit, precision: int, direction: Direction | None, slope: Enclosure | None, outside: int | None
) -> OrbitClaims:
    piece, witness = proved.piece, proved.piece.estimates.witness
    amplitude = witness.centre + witness.half_width
    gammas = _over_cells(witness.gamma, proved.cells, witness.single, piece.gamma_radius)
    periods = [2 * arb.pi() * T for T in _over_cells(witness.T, proved.cells, witness.single, piece.T_radius)]
    # at cos θ = 1, and of one orbit anywhere, the value is the sum of the coefficients
    gamma = ball_with_radius(_total(witness.gamma), piece.gamma_radius)
    period = 2 * arb.pi() * ball_with_radius(_total(witness.T), piece.T_radius)
    end = OrbitEnd(Decimal.exactly(amplitude), claim(gamma, precision, DERIVED), claim(period, precision, DERIVED))
    sign = None if direction is None else INCREASING if direction.sign > 0 else DECREASING
    return OrbitClaims(
        amplitude=Enclosure.exactly(amplitude if witness.single else Fraction(0), amplitude),
        parameter=claim(_hull(gammas), precision, DERIVED),
        period=claim(_hull(periods), precision, DERIVED),
        end=end,
        distance=upper_bound(ball(amplitude) * largest(piece.distance)),
        direction=sign,
        slope=slope,
        unstable_multipliers=outside,
        stable=None if outside is None else outside == 0,
    )


def _total(q: Polynomial) -> arb:
    total = arb(0)
    for m in range(q.degree + 1):
        total += q.coefficient(m, 0)[0, 0].real
    return total


def _over_cells(q: Polynomial, cells: int, single: bool, radius: arb) -> list[arb]:
    return [ball_with_radius(over_cell(q, x, delta)[0][0].real, radius) for x, delta in theta_cells(cells, single)]


def _hull(values: Iterable[arb]) -> arb:
    first, *others = values
    for x in others:
        first = first.union(x)
    return first


# --- the witness ------------------------------------------------------------------------------


def _piece_data(name: str, proved: ProvedOrbit, files: Files) -> OrbitPieceData:
    piece, w, grid = proved.piece, proved.approx, proved.piece.estimates.grid
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
    return OrbitPieceData(
        centre=Decimal.exactly(witness.centre), half_width=Decimal.exactly(witness.half_width),
        partner=tuple(int(j) for j in w.partner),
        **{key: files.add_array(f"{name}-{key}", array) for key, array in arrays.items()},
        over_tau=grid.over_tau, over_theta=grid.over_theta, nu=point_fraction(grid.nu),
        tau_strip=_strip(grid.tau_strip), theta_strip=None if grid.theta_strip is None else _strip(grid.theta_strip),
        around=_strip(estimates.around), radii=tuple(point_fraction(r) for r in piece.radii),
        uniqueness=point_fraction(piece.uniqueness), cells=proved.cells, slope_cells=proved.slope_cells,
    )  # fmt: skip


def _interleaved(array: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    """One row for each cos mθ: real and imaginary parts in turn."""
    flat = np.ascontiguousarray(array, dtype=np.complex128).reshape(array.shape[0], -1)
    return np.asarray(flat.view(np.float64))


def _strip(omega: Neighbourhood) -> StripData:
    rho, eta, R_gamma = (point_fraction(x) for x in (omega.rho, omega.eta, omega.R_gamma))
    return StripData(rho, eta, tuple(point_fraction(r) for r in omega.R), R_gamma)


