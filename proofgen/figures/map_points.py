"""Neimark–Sacker points and flips in binary64: their multipliers, and iterates of the map beside the leading order.
Iterates are a simulation and prove nothing."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..approx.field import FieldApprox
from ..bundle.circle_branch import CircleFlipPoint, CirclePairPoint
from ..bundle.kinds import WindowMapPoint
from ..bundle.neimark_sacker import NeimarkSackerClaims
from ..numbers.printed import Enclosure
from ..problem.circle_branch import CircleMap

Array = npt.NDArray[np.float64]
ComplexArray = npt.NDArray[np.complex128]
Witness = Callable[[Any, int], tuple[ComplexArray, Array]]  # all centres, and X, of a certificate with n variables
SHOWN, BEFORE = 400, 20_000  # iterates that are drawn, and at most so many before them
SLOW = 0.05  # growth of a small deviation in one step, where iterates are drawn
NEWTON_STEPS = 30
RATES = 12.0  # of the approach to the curve, after which iterates are drawn


@dataclass(frozen=True)
class MapPointData:
    """One certificate. theta: of a pair e^{±iθ} (None: a flip); coefficient: a or c; multipliers: centres of the discs
    of all of them; own: which are on the circle; radius: of their discs; gap: no other has a modulus nearer to 1;
    q: an eigenvector of length 1."""

    id: str
    gamma: float
    theta: float | None
    speed: float
    coefficient: float
    outside: int
    supercritical: bool
    equilibrium: Array
    gap: float | None
    multipliers: ComplexArray
    own: tuple[int, ...]
    radius: float
    q: ComplexArray

    @property
    def growth(self) -> float:
        """c of the law ρ² = c(γ − γ*), or s² = c(γ − γ*) of a flip."""
        return -self.speed / self.coefficient

    @property
    def width(self) -> float:
        """The extremes of a component to leading order are those of x* ± width·|q_i|·√(c(γ − γ*))."""
        return 1.0 if self.theta is None else 2.0

    @property
    def attracts(self) -> bool:
        """Whether iterates that begin near the curve or cycle approach it."""
        return self.supercritical and self.outside == 0


@dataclass(frozen=True)
class Iterates:
    """At γ: the fixed point there, and rows of iterates; none where nothing attracts them."""

    gamma: float
    centre: Array
    rows: Array | None


def read_map_point(point: WindowMapPoint, witness: Witness) -> MapPointData:
    """Its witness is about D_xF − I at the point itself."""
    centres, X = witness(point, len(point.claims.equilibrium))
    return _data(point, 1 + centres, X, float(point.bounds.disc_radius.value))


def read_circle_point(point: CirclePairPoint | CircleFlipPoint, witness: Witness, law: CircleMap) -> MapPointData:
    """Its witness is about W; multipliers are ρ + τν, ν = γ*μ or μ + γ*, where τ follows from the one on the circle."""
    centres, X = witness(point, len(point.claims.equilibrium))
    gamma, rest = _middle(point.claims.parameter), float(law.rest)
    nu = gamma * centres if law.gain else centres + gamma
    own = _own(point)
    theta = _middle(point.claims.theta) if isinstance(point.claims, NeimarkSackerClaims) else math.pi
    turned = [(cmath.exp(1j * sign * theta) - rest) / nu[own[0]] for sign in (1, -1)]
    tau = min(turned, key=lambda z: abs(z.imag)).real
    size = abs(tau * (gamma if law.gain else 1)) * float(point.bounds.disc_radius.value)
    return _data(point, rest + tau * nu, X, size)


def _own(point: Any) -> tuple[int, ...]:
    """Complex indices of what is on the circle."""
    pair = getattr(point.witness, "pair", None)
    return (point.witness.index,) if pair is None else (2 * pair, 2 * pair + 1)


def _data(point: Any, multipliers: ComplexArray, X: Array, radius: float) -> MapPointData:
    claims, own = point.claims, _own(point)
    of_pair = isinstance(claims, NeimarkSackerClaims)
    q = X[:, own[0]] + 1j * X[:, own[1]] if of_pair else X[:, own[0]].astype(np.complex128)
    if of_pair and multipliers[own[0]].imag < 0:
        q = q.conj()
    return MapPointData(
        id=point.id,
        gamma=_middle(claims.parameter),
        theta=_middle(claims.theta) if of_pair else None,
        speed=_middle(claims.log_modulus_speed if of_pair else claims.multiplier_speed),
        coefficient=_middle(claims.coefficient),
        outside=claims.outside,
        supercritical=claims.supercritical,
        equilibrium=np.array([_middle(x) for x in claims.equilibrium]),
        gap=None if claims.spectral_gap is None else float(claims.spectral_gap.value),
        multipliers=multipliers,
        own=own,
        radius=radius,
        q=q / np.linalg.norm(q),
    )


def _middle(enclosure: Enclosure) -> float:
    return float(enclosure.middle)


def reach(point: MapPointData, others: Sequence[float], interval: tuple[float, float] | None) -> float:
    """How far from γ* pictures go: a fraction of the distance to what happens next on that side."""
    side = math.copysign(1.0, point.growth)
    ends = [*others, *(() if interval is None else interval)]
    ahead = [abs(other - point.gamma) for other in ends if (other - point.gamma) * side > 0]
    return min(0.4 * min(ahead, default=math.inf), SLOW / abs(point.speed))


def iterates(field: FieldApprox, point: MapPointData, distance: float) -> Iterates | None:
    """Iterates of x ↦ x + f(x) at this distance from γ*, from the curve or cycle of leading order; None where the fixed
    point is not found."""
    gamma = point.gamma + math.copysign(distance, point.growth)
    with np.errstate(all="ignore"):
        centre = _fixed_point(field, point.equilibrium, gamma) if np.any(point.equilibrium) else point.equilibrium
        if centre is None:
            return None
        if not point.attracts:
            return Iterates(gamma, centre, None)
        size = point.width * math.sqrt(abs(point.growth) * distance)
        x = centre + size * point.q.real
        before = math.ceil(RATES / (2 * abs(point.speed) * distance))
        for _ in range(min(BEFORE, before)):
            x = x + field.f(x, gamma)
        rows = []
        for _ in range(SHOWN):
            rows.append(x)
            x = x + field.f(x, gamma)
    found = np.array(rows)
    close = np.all(np.isfinite(found)) and np.max(np.abs(found - centre)) < 5 * size
    return Iterates(gamma, centre, found if close else None)


def _fixed_point(field: FieldApprox, x: Array, gamma: float) -> Array | None:
    """Near a guess, by Newton's method."""
    for _ in range(NEWTON_STEPS):
        try:
            step = np.linalg.solve(field.jacobian(x, gamma), field.f(x, gamma))
        except np.linalg.LinAlgError:
            return None
        x = x - step
        if not np.all(np.isfinite(x)):
            return None
        if np.max(np.abs(step)) <= 1e-13 * (1 + np.max(np.abs(x))):
            return x
    return None


def predicted(point: MapPointData, at: Iterates, phases: Array) -> Array:
    """Rows x(γ) + 2ρ Re(q e^{iφ}), or x(γ) ± sq for phases 0 and π, of the leading order at γ."""
    size = point.width * math.sqrt(abs(point.growth * (at.gamma - point.gamma)))
    return np.asarray(at.centre + size * np.real(np.exp(1j * phases)[:, None] * point.q))
