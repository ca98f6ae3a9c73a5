"""What the pictures show, in binary64: the claims and witnesses of a bundle."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..bundle.arcs import Arcs
from ..bundle.bundle import Bundle
from ..bundle.circle_branch import CircleBranch, CircleFlipPoint, CirclePairPoint
from ..bundle.codec import ArrayReference, Limbs
from ..bundle.form_pieces import FormPieces
from ..bundle.gain_branch import GainBranch, GainPoint
from ..bundle.hopf_curve import HopfCurves
from ..bundle.hopf_point import Eigenbasis
from ..bundle.kinds import Branch, HopfPoint
from ..bundle.newton_ball import NewtonBallPoint
from ..bundle.pieces import Pieces
from ..bundle.window import WindowPoint
from ..bundle.zero_branch import ZeroBranch, ZeroBranchPoint
from ..errors import InputError
from ..latex.letters import unmarked
from ..numbers.printed import Enclosure
from ..problem.circle_branch import circle_map
from .map_points import MapPointData, read_circle_point, read_map_point
from .meetings import FOLD, MeetingData, read_fold, read_singular, read_zero_crossing
from .proved_orbits import ProvedOrbits, read_orbit

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

    @property
    def plain(self) -> Labels:
        """Without the marks by which documents know the letters of a model."""
        return Labels(unmarked(self.parameter), unmarked(self.vector), tuple(map(unmarked, self.state)))


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

    width = 2.0  # the extremes of a component to leading order are those of x* ± width·|q_i|ρ

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
    """A whole run. points: of Hopf; meetings: other points, where two branches of equilibria meet; lines: (μ, σ_1) of
    the method zero-branch (eigenvalues σ_1(μ + γ)); pieces: of the others, of sheet after sheet where the branch folds.
    Of a map: map_points; law: (μ, ρ, τ, whether ν = γμ, else μ + γ) of the method circle-branch (multipliers ρ + τν).
    """

    dimension: int
    interval: tuple[float, float] | None
    complete: bool
    points: tuple[PointData, ...]
    meetings: tuple[MeetingData, ...]
    crossings: tuple[float, ...]
    unsettled: tuple[tuple[float, float], ...]
    lines: tuple[ComplexArray, float] | None
    pieces: tuple[PieceData, ...]
    trivial: bool
    orbits: tuple[ProvedOrbits, ...] = ()
    discrete: bool = False
    map_points: tuple[MapPointData, ...] = ()
    law: tuple[ComplexArray, float, float, bool] | None = None

    @property
    def marks(self) -> tuple[PointData | MapPointData, ...]:
        """What is marked on the branch."""
        return (*self.points, *self.map_points)

    @property
    def folds(self) -> tuple[MeetingData, ...]:
        return tuple(point for point in self.meetings if point.kind == FOLD)


def read_run(bundle: Bundle, read: ReadFile) -> RunData:
    """What a bundle shows; arrays are read with ``read``. Raises InputError."""
    branch, arrays = bundle.branch, _Sums(read, bundle.problem)
    read_points = [POINTS[p.method](p, branch, arrays) for p in bundle.points.values() if p.method in POINTS]
    points = tuple(point for point in read_points if isinstance(point, PointData))
    of_map = tuple(point for point in read_points if isinstance(point, MapPointData))
    lines, pieces, trivial = BRANCHES[branch.method](branch, points, bundle.problem.dimension, arrays)
    interval = branch.claims.interval
    unsettled = () if isinstance(branch, HopfCurves) else branch.claims.unsettled
    return RunData(
        dimension=bundle.problem.dimension,
        interval=None if interval is None else _ends(interval),
        complete=branch.claims.complete,
        points=points,
        meetings=tuple(point for point in read_points if isinstance(point, MeetingData)),
        crossings=tuple(_middle(item) for item in branch.claims.real_crossings),
        unsettled=tuple(_ends(item.interval) for item in unsettled),
        lines=lines,
        pieces=pieces,
        trivial=trivial,
        discrete=bundle.problem.discrete,
        map_points=of_map,
        law=_law(branch, of_map, arrays) if isinstance(branch, CircleBranch) else None,
        orbits=tuple(
            piece
            for orbit in bundle.orbits.values()
            for piece in read_orbit(orbit, bundle.problem.dimension, lambda reference: array_of(reference, read))
        ),
    )


# --- points ----------------------------------------------------------------------------------


def _located(point: WindowPoint | NewtonBallPoint, branch: Branch, arrays: _Sums) -> PointData:
    """A point whose witness is about its own Jacobian."""
    centres, q = _witness(point, arrays)
    return _point(point, centres, float(point.bounds.disc_radius.value), None, q)


def _on_zero_branch(point: ZeroBranchPoint, branch: Branch, arrays: _Sums) -> PointData:
    """Its witness is about W⁰; the eigenvalues of A are σ_1(μ + γ*), with σ_1 the crossing speed."""
    centres, q = _witness(point, arrays)
    claims, other = point.claims, None
    gamma, speed = _middle(claims.parameter), _middle(claims.crossing_speed)
    low, high = _ends(claims.parameter)
    if isinstance(branch, ZeroBranch) and branch.bounds is not None and _same(branch.witness, point.witness):
        other = abs(speed) * (float(branch.bounds.max_disc_radius.value) + (high - low) / 2)
    radius = abs(speed) * (float(point.bounds.disc_radius.value) + (high - low) / 2)
    return _point(point, speed * (centres + gamma), radius, other, q if speed > 0 else q.conj())


def _on_gain_branch(point: GainPoint, branch: Branch, arrays: _Sums) -> PointData:
    """Its witness is about W; the eigenvalues of A are σ_1γ*μ − δ, δ = σ_1γ*α, and the speed is σ_1α, α = Re μ."""
    centres, q = _witness(point, arrays)
    factor = _middle(point.claims.crossing_speed) * _middle(point.claims.parameter)  # δ
    alpha = _middle(point.bounds.eigenvalue[0])
    radius = 4 * abs(factor / alpha) * float(point.bounds.disc_radius.value)
    return _point(point, factor * (centres / alpha - 1), radius, None, q if factor / alpha > 0 else q.conj())


def _point(
    point: HopfPoint, centres: ComplexArray, radius: float, other: float | None, q: ComplexArray
) -> PointData:
    claims, index = point.claims, point.witness.pair
    return PointData(
        id=point.id,
        gamma=_middle(claims.parameter),
        omega=_middle(claims.omega),
        ell1=_middle(claims.first_lyapunov_coefficient),
        speed=_middle(claims.crossing_speed),
        n_u=claims.unstable_eigenvalues,
        supercritical=claims.supercritical,
        equilibrium=_middles(claims.equilibrium),
        gap=None if claims.spectral_gap is None else float(claims.spectral_gap.value),
        centres=centres,
        pair=2 * index if centres[2 * index].imag > 0 else 2 * index + 1,
        radius=radius,
        other_radius=other,
        q=q / np.linalg.norm(q),
        errors=(_half_width(claims.omega), _half_width(claims.first_lyapunov_coefficient)),
    )


def _witness(point: HopfPoint, arrays: _Sums) -> tuple[ComplexArray, ComplexArray]:
    """The centres of all discs, and the eigenvector of the pair."""
    w, n = point.witness, len(point.claims.equilibrium)
    if not (w.pair < w.pairs and 2 * w.pairs <= n):
        raise InputError("expected the index of a pair", key="witness.pair")
    centres = _all_centres(arrays.sum(w.d), w.pairs, n)
    X = arrays.sum(w.X)
    if X.shape != (n, n):
        raise InputError(f"expected an array of {n} × {n} entries", key="witness.X")
    return centres, X[:, 2 * w.pair] + 1j * X[:, 2 * w.pair + 1]


def _same(one: Eigenbasis | None, other: Eigenbasis) -> bool:
    return one is not None and [a.sha256 for a in one.d] == [a.sha256 for a in other.d]


def _of_map(point: Any, branch: Branch, arrays: _Sums) -> MapPointData:
    def witness(point: Any, n: int) -> tuple[ComplexArray, Array]:
        w = point.witness
        if not 2 * w.pairs <= n:
            raise InputError("expected at most half as many pairs", key="witness.pairs")
        centres, X = _all_centres(arrays.sum(w.d), w.pairs, n), arrays.sum(w.X)
        own = getattr(w, "index", 0) if getattr(w, "pair", None) is None else 2 * w.pair + 1
        if X.shape != (n, n) or not 0 <= own < n:
            raise InputError(f"expected {n} × {n} entries, and an index below {n}", key="witness.X")
        return centres, X

    if not isinstance(point, CirclePairPoint | CircleFlipPoint):
        return read_map_point(point, witness)
    law = circle_map(arrays.problem)
    if law is None:
        raise InputError("the method is not for this map", key="method")
    return read_circle_point(point, witness, law)


def _law(
    branch: CircleBranch, points: tuple[MapPointData, ...], arrays: _Sums
) -> tuple[ComplexArray, float, float, bool] | None:
    """How the multipliers move; τ by the points, None without one."""
    problem = arrays.problem
    law = circle_map(problem)
    if law is None or branch.witness is None or not points:
        return None
    mu, point = _all_centres(arrays.sum(branch.witness.d), branch.witness.pairs, problem.dimension), points[0]
    nu, k = point.gamma * mu if law.gain else mu + point.gamma, point.own[0]
    rest = float(law.rest)
    return mu, rest, float(((point.multipliers[k] - rest) / nu[k]).real), law.gain


# kind of point → what the pictures show of it; others are in no picture
POINTS: dict[str, Callable[[Any, Branch, _Sums], PointData | MeetingData | MapPointData]] = {
    "zero-branch": _on_zero_branch, "gain-branch": _on_gain_branch, "spectral": _located,
    "newton-kantorovich": _located, "fold": lambda point, branch, arrays: read_fold(point),
    **dict.fromkeys(("neimark-sacker", "flip", "circle-pair", "circle-flip"), _of_map),
    **dict.fromkeys(("transcritical", "pitchfork"), lambda point, branch, arrays: read_zero_crossing(point)),
    **dict.fromkeys(("line", "pole"), lambda point, branch, arrays: read_singular(point)),
}  # fmt: skip


# --- branches --------------------------------------------------------------------------------

Shown = tuple[tuple[ComplexArray, float] | None, tuple[PieceData, ...], bool]  # lines, pieces, trivial of `RunData`


def _lines(branch: ZeroBranch, points: tuple[PointData, ...], n: int, arrays: _Sums) -> Shown:
    trivial = all(not np.any(point.equilibrium) for point in points)
    if branch.witness is None or not points:
        return None, (), trivial
    sigma_1 = points[0].speed  # A = σ_1 W(γ), so that every speed is σ_1
    return (_all_centres(arrays.sum(branch.witness.d), branch.witness.pairs, n), sigma_1), (), trivial


def _pieces(branch: Pieces | Arcs, points: tuple[PointData, ...], n: int, arrays: _Sums) -> Shown:
    w = branch.witness
    if w is None:
        return None, (), True
    count, read = len(w.pieces), arrays.read
    d = array_of(w.d, read, (count * n, 2)).reshape(count, n, 2)
    zero = np.zeros((count, n))
    x = zero if w.x is None else array_of(w.x, read, (count, n))
    # of a cubic predictor the first of three rows
    slope = zero if w.slope is None else array_of(w.slope, read, w.slope.shape).reshape(count, -1, n)[:, 0]
    pieces = []
    for k, piece in enumerate(w.pieces):
        low, high = _ends(piece.interval)
        spectrum = d[k, :, 0] + 1j * d[k, :, 1]
        pieces.append(PieceData(low, high, float(piece.centre), piece.kind, x[k], slope[k], spectrum))
    return None, tuple(pieces), w.x is None


def _no_lines(branch: GainBranch | CircleBranch, points: tuple[PointData, ...], n: int, arrays: _Sums) -> Shown:
    """Eigenvalues do not move in parallel: of a flow only the points are drawn; of a map see `RunData.law`."""
    return None, (), True


def _form_pieces(branch: FormPieces, points: tuple[PointData, ...], n: int, arrays: _Sums) -> Shown:
    """No eigenvalues are stored with quadratic forms, so that only the points are drawn."""
    return None, (), branch.witness.curve is None


# kind of branch → what the pictures of a run show
BRANCHES: dict[str, Callable[[Any, tuple[PointData, ...], int, _Sums], Shown]] = {
    "zero-branch": _lines, "gain-branch": _no_lines, "circle-branch": _no_lines, "pieces": _pieces, "arcs": _pieces,
    "lyapunov-pieces": _form_pieces,
}  # fmt: skip


# --- arrays and numbers ----------------------------------------------------------------------


def _all_centres(d: Array, pairs: int, n: int) -> ComplexArray:
    """Centres of all n eigenvalues: a pair, its conjugate, …, then the real ones."""
    if d.shape != (n - pairs, 2):
        raise InputError(f"expected {n - pairs} × 2 entries", key="witness.d")
    upper = d[:pairs, 0] + 1j * d[:pairs, 1]
    return np.concatenate([np.column_stack([upper, upper.conj()]).ravel(), d[pairs:, 0].astype(np.complex128)])


class _Sums:
    """Sums of arrays, each added up once: the points of a zero branch share their witness. problem: of the bundle."""

    def __init__(self, read: ReadFile, problem: Any) -> None:
        self.read, self.problem = read, problem
        self.known: dict[tuple[tuple[str, tuple[int, ...]], ...], Array] = {}

    def sum(self, references: Limbs) -> Array:
        key = tuple((reference.file, reference.shape) for reference in references)
        if key not in self.known:
            total: Array = sum((array_of(reference, self.read) for reference in references), np.zeros(()))
            total.setflags(write=False)
            self.known[key] = total
        return self.known[key]


def array_of(reference: ArrayReference, read: ReadFile, shape: tuple[int, ...] | None = None) -> Array:
    wanted = list(reference.shape if shape is None else shape)
    try:
        array = np.lib.format.read_array(
            io.BytesIO(read(reference.file)), allow_pickle=False, max_header_size=MOST_HEADER
        )
        if array.dtype.str != "<f8" or list(array.shape) != wanted or not np.isfinite(array).all():
            raise ValueError
    except InputError:
        raise
    except Exception:  # a hostile header makes numpy fail in many ways
        raise InputError("expected finite <f8 data of the stated shape", source=reference.file) from None
    return np.asarray(array, dtype=np.float64)


def _middle(enclosure: Enclosure) -> float:
    return sum(_ends(enclosure)) / 2


def _middles(enclosures: Sequence[Enclosure]) -> Array:
    return np.array([_middle(enclosure) for enclosure in enclosures])


def _ends(enclosure: Enclosure) -> tuple[float, float]:
    return float(enclosure.low), float(enclosure.high)


def _half_width(enclosure: Enclosure) -> float:
    return float(enclosure.width / 2)
