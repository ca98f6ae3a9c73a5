"""Which complex strips and how many samples to use for a piece of orbits, by bounds in binary64. UNTRUSTED.

MATHEMATICS.md, section 16: wide strips make the tails of the discrete transform small until an argument of σ comes
near a pole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ..approx.field import Array
from .orbit_witness import PieceWitnessApprox

TAIL = 1e-17  # the tails should be below this
TAIL_OF_PIECE, MOST_TAIL = 1e-8, 1e-9  # of a piece: times its half width squared, by which γ'/a is divided
MOST_TAU, MOST_THETA = 200, 60  # samples on either side of 0
LARGEST_BOUND, SMALLEST_SCALE = 1e200, 2.0**-12
STRIP_RADIUS = 2.0**-10  # R and R_γ where only the strip matters
RHOS = (0.1, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85, 1.0, 1.2, 1.5, 1.8, 2.2, 2.7)
ETAS = (0.15, 0.3, 0.5, 0.8, 1.1, 1.4, 1.7, 2.0, 2.4, 2.8, 3.2, 3.6)
BALL_RHOS = (0.2, 0.35, 0.5, 0.7, 0.9, 1.2)
BALL_RADII = tuple(2.0**-k for k in range(0, 11))
BOX_RADII, BOXES = (2.0**-4, 2.0**-6, 2.0**-8), tuple(2.0**k for k in range(1, 60))


@dataclass(frozen=True)
class LayerSizes:
    """W⁰, E (or None), b and c of a layer, radii of W⁰ and b, and sup |σ'| on |Im z| ≤ Y (infinite at a pole)."""

    W: Array
    E: Array | None
    b: Array
    c: Array
    delta: Array
    b_radius: Array
    slope: Callable[[Array], Array]


@dataclass(frozen=True)
class StripApprox:
    """ρ, η; R_1 … R_n, R_γ; how many times the radii of a box of weights are added."""

    rho: float
    eta: float
    R: Array
    R_gamma: float
    box: float = 0.0


@dataclass(frozen=True)
class GridApprox:
    """Samples N = 2·over_tau + 1, N_θ = 2·over_theta + 1 with the strips for both tails."""

    over_tau: int
    over_theta: int
    tau_strip: StripApprox
    theta_strip: StripApprox | None


def _with_poles(bound: Callable[[Array], Array], pole: float) -> Callable[[Array], Array]:
    return lambda Y: np.where(pole > Y, bound(np.minimum(Y, pole * (1 - 1e-9))), np.inf)


SLOPES: dict[str, Callable[[Array], Array]] = {
    "tanh": _with_poles(lambda Y: 1 / np.cos(Y) ** 2, math.pi / 2),
    "logistic": _with_poles(lambda Y: 0.25 / np.cos(Y / 2) ** 2, math.pi),
    "arctan": _with_poles(lambda Y: 1 / (1 - Y * Y), 1.0),
    "sin": np.cosh,
    "erf": lambda Y: 2 / math.sqrt(math.pi) * np.exp(Y * Y),
    "identity": np.ones_like,
    "softplus": _with_poles(np.ones_like, math.pi / 2),
    "silu": _with_poles(lambda Y: 1.335 + Y / (2 + 2 * np.cos(Y)), math.pi / 2),
    "gelu": lambda Y: 1 + np.exp(Y * Y / 2) * (0.6066 + 2 * Y) / math.sqrt(2 * math.pi),
}


class SizesApprox(Protocol):
    """How large D_xf is on Ω(ρ, η, R, R_γ). has_box: of a network whose weights have radii."""

    @property
    def has_box(self) -> bool: ...

    def scales(self, w: PieceWitnessApprox) -> Array:
        """Of the components of x, for radii R; the largest is 1."""
        ...

    def bound(self, w: PieceWitnessApprox, strip: StripApprox) -> Array | None:
        """M, or None where a pole is reached (or a number is too large)."""
        ...


@dataclass(frozen=True)
class NetworkSizes:
    layers: Sequence[LayerSizes]
    leak: Array

    def scales(self, w: PieceWitnessApprox) -> Array:
        return np.ones(len(self.leak))

    @property
    def has_box(self) -> bool:
        return any(layer.delta.any() or layer.b_radius.any() for layer in self.layers)

    def bound(self, w: PieceWitnessApprox, strip: StripApprox) -> Array | None:
        with np.errstate(over="ignore", invalid="ignore"):
            return _network_bound(self.layers, self.leak, w, strip)


@dataclass(frozen=True)
class EquationsSizes:
    """jacobian: of discs around centres of x and γ, with these radii, bounds of |∂_jf_i|; None where f has none."""

    jacobian: Callable[[Array, Array, float, float], Array | None]
    has_box: bool = False

    def scales(self, w: PieceWitnessApprox) -> Array:
        """As large as the orbit, in powers of 2."""
        sizes = _sum(w.v, 0.0, 0.0)
        return np.asarray(np.exp2(np.round(np.log2(np.maximum(sizes / sizes.max(), SMALLEST_SCALE)))))

    def bound(self, w: PieceWitnessApprox, strip: StripApprox) -> Array | None:
        with np.errstate(over="ignore", invalid="ignore"):
            moved = _arguments(w, strip) - np.abs(w.y[0])
            M = self.jacobian(w.y[0], moved, float(w.gamma[0]), _parameter_change(w, strip))
        return M if M is not None and np.isfinite(M).all() else None


def _exponents(w: PieceWitnessApprox, strip: StripApprox) -> Array:
    K = (w.v.shape[1] - 1) // 2
    return strip.rho * np.abs(np.arange(-K, K + 1))[None, :] + strip.eta * np.arange(len(w.v) + 1)[:, None]


def _times_amplitude(w: PieceWitnessApprox) -> npt.NDArray[np.complex128]:
    """Coefficients of av̄."""
    av = np.zeros((len(w.v) + 1, *w.v.shape[1:]), dtype=np.complex128)
    for m in range(len(w.v)):
        av[m] += w.centre * w.v[m]
        av[m + 1] += w.half_width / 2 * w.v[m]
        av[abs(m - 1)] += w.half_width / 2 * w.v[m]
    return av


def _arguments(w: PieceWitnessApprox, strip: StripApprox) -> Array:
    """X_j."""
    moving = np.exp(strip.eta * np.arange(len(w.y))) @ np.abs(w.y)
    return np.asarray(
        np.tensordot(np.exp(_exponents(w, strip)), np.abs(_times_amplitude(w)), axes=2) + moving + strip.R
    )


def _parameter_change(w: PieceWitnessApprox, strip: StripApprox) -> float:
    return float(np.sum(np.abs(w.gamma[1:]) * np.exp(strip.eta * np.arange(1, len(w.gamma))))) + strip.R_gamma


def _network_bound(
    layers: Sequence[LayerSizes], leak: Array, w: PieceWitnessApprox, strip: StripApprox
) -> Array | None:
    av, exponents = _times_amplitude(w), _exponents(w, strip)
    X, D = _arguments(w, strip), _parameter_change(w, strip)
    J = imaginary = None
    for layer in layers:
        E = np.zeros_like(layer.W) if layer.E is None else np.abs(layer.E)
        W = layer.W if layer.E is None else layer.W + w.gamma[0] * layer.E
        if imaginary is None:
            Y = np.tensordot(np.sinh(exponents), np.abs(av @ W.T), axes=2) + np.abs(W) @ strip.R
            Y = Y + np.sinh(strip.eta * np.arange(len(w.y))) @ np.abs(w.y @ W.T)
        else:
            Y = np.abs(W) @ imaginary
        Y = Y + D * (E @ X + np.abs(layer.c)) + strip.box * (layer.delta @ X + layer.b_radius)
        s = layer.slope(Y)
        if not np.isfinite(s).all():
            return None
        widened = np.abs(W) + D * E + strip.box * layer.delta
        bias = np.abs(layer.b) + strip.box * layer.b_radius + (abs(w.gamma[0]) + D) * np.abs(layer.c)
        J = s[:, None] * (widened if J is None else widened @ J)
        imaginary, X = s * Y, s * (widened @ X + bias) + 1
    assert J is not None
    return np.asarray(J + np.diag(np.abs(leak)))


def _sum(c: npt.NDArray[np.generic], rho: float, eta: float) -> Array:
    d, K = c.shape[0] - 1, (c.shape[1] - 1) // 2
    weights = np.exp(rho * np.abs(np.arange(-K, K + 1))[None, :] + eta * np.arange(d + 1)[:, None])
    return np.asarray(np.tensordot(weights, np.abs(c), axes=2))


def choose_grid(sizes: SizesApprox, w: PieceWitnessApprox, nu: float) -> GridApprox | None:
    """The fewest samples with small tails (or the most that are allowed); None where no strip is free of poles."""
    single = w.half_width == 0
    scales = sizes.scales(w)
    tail = TAIL if single else min(MOST_TAIL, TAIL_OF_PIECE * w.half_width**2)

    def size(strip: StripApprox) -> float:
        M = sizes.bound(w, strip)
        if M is None:
            return math.inf
        Q, v = _sum(w.Q, strip.rho, strip.eta), _sum(w.v, strip.rho, strip.eta)
        return float((M @ np.column_stack([Q, v / min(1.0, strip.R_gamma)])).max())

    def needed(S: float, rate: float, factor: float) -> int:
        """K with factor·S·e^{−rate(K+1)} below the tail that is wanted."""
        return max(1, math.ceil(math.log(factor * S / tail) / rate) - 1)

    best: dict[str, tuple[int, StripApprox]] = {}
    for rho in RHOS:
        for eta in (0.0,) if single else ETAS:
            if not single and eta <= nu + 0.05:
                continue
            strip = StripApprox(rho, eta, STRIP_RADIUS * scales, STRIP_RADIUS)
            S = size(strip)
            if not S < LARGEST_BOUND:
                continue
            rates = {"tau": (rho, 1.0 if single else _sum_of_powers(eta - nu))}
            if not single:
                rates["theta"] = eta - nu, _sum_of_powers(rho)
            for which, (rate, other) in rates.items():
                K = needed(S, rate, 4 * other / (1 - math.exp(-rate)))
                if which not in best or best[which][0] > K:
                    best[which] = K, strip
    if "tau" not in best or not (single or "theta" in best):
        return None
    over_tau = min(best["tau"][0], MOST_TAU)
    if single:
        return GridApprox(over_tau, 0, best["tau"][1], None)
    return GridApprox(over_tau, min(best["theta"][0], MOST_THETA), best["tau"][1], best["theta"][1])


def choose_ball(sizes: SizesApprox, w: PieceWitnessApprox, nu: float) -> StripApprox | None:
    """The neighbourhood in which the ball of orbits is put: about the smallest c(ρ)·M/R."""
    scales, box = sizes.scales(w), float(sizes.has_box)
    strips = [StripApprox(rho, nu, R * scales, R, box) for rho in BALL_RHOS for R in BALL_RADII]
    return _cheapest(
        sizes, w, strips, lambda s, M: _sum_of_powers(s.rho) / s.R_gamma * float((M @ scales / scales).max())
    )


def choose_box(sizes: SizesApprox, w: PieceWitnessApprox, nu: float) -> StripApprox | None:
    """The neighbourhood by which the box of weights is estimated: about the smallest c(ρ)·M[v̄]/(κ − 1)."""
    v = _sum(w.v, 0.0, nu)
    scales = sizes.scales(w)
    strips = [StripApprox(rho, nu, R * scales, R, box) for rho in BALL_RHOS for R in BOX_RADII for box in BOXES]

    def cost(s: StripApprox, M: Array) -> float:
        return _sum_of_powers(s.rho) * float((M @ v).max()) * (1 + BOX_RADII[-1] / s.R_gamma) / (s.box - 1)

    return _cheapest(sizes, w, strips, cost)


def _cheapest(
    sizes: SizesApprox,
    w: PieceWitnessApprox,
    strips: Sequence[StripApprox],
    cost: Callable[[StripApprox, Array], float],
) -> StripApprox | None:
    best: tuple[float, StripApprox] | None = None
    for strip in strips:
        M = sizes.bound(w, strip)
        if M is not None and (best is None or cost(strip, M) < best[0]):
            best = cost(strip, M), strip
    return None if best is None else best[1]


def _sum_of_powers(r: float) -> float:
    """c(r) = Σ_k e^{−r|k|}."""
    return (1 + math.exp(-r)) / (1 - math.exp(-r))
