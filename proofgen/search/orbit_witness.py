"""Orbits at the Chebyshev nodes of a piece of amplitudes, turned into the witness of Theorem O1. Binary64, UNTRUSTED.

A piece is a = centre + half_width·cos θ; its witness interpolates orbit, frame and linearised equation in cos mθ.
With half_width 0 it is one orbit.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..approx.field import Array
from .orbit import KEPT, ComplexArray, NoOrbitFound, OrbitApprox, along, follow, frequencies, modes, samples_of

FINE, COARSE = 3e-16, 1e-12  # relative size below which modes are left out: of v and Q; of P and H
SETTLED = 1e-12  # relative size of the last coefficients over θ at which the degree is enough
NEGLIGIBLE = 1e-17  # coefficients below this share of the largest are 0


@dataclass(frozen=True)
class PieceWitnessApprox:
    """Coefficients of e^{ikτ} cos mθ: index m first, then k = −K … K where τ enters.

    v: (d+1, 2K+1, n); H: (…, n, 2), columns γ, T; Q, P: (…, n, n); gamma, T: (d+1,); y, y_gamma: (d+1, n);
    C: (d+1, n, n) ≈ A_0^{-1}; Lam: (d+1, n, n); B: (d+1, 2, 2); V: (d+1, 4, 4) ≈ S^{-1}. conj Q = QΠ with Π by
    ``partner`` holds exactly (but for negative multipliers), and v, H are exactly real.
    """

    centre: float
    half_width: float
    p: ComplexArray
    partner: tuple[int, ...]
    v: ComplexArray
    H: ComplexArray
    Q: ComplexArray
    P: ComplexArray
    gamma: Array
    T: Array
    y: Array
    y_gamma: Array
    C: Array
    Lam: ComplexArray
    B: ComplexArray
    V: ComplexArray
    zero_branch: bool


def chebyshev_nodes(centre: float, half_width: float, degree: int) -> list[float]:
    """centre + half_width·cos(π(i + ½)/(d + 1)), i = 0 … d; for an odd degree none is the centre."""
    return [centre + half_width * math.cos(math.pi * (i + 0.5) / (degree + 1)) for i in range(degree + 1)]


def piece_nodes(start: OrbitApprox, centre: float, half_width: float, degree: int) -> list[OrbitApprox]:
    """The orbits at the nodes, all normalised with the frame of ``start``. Raises NoOrbitFound.

    With centre 0 (odd degree) those of negative amplitude are mirror images.
    """
    nodes = chebyshev_nodes(centre, half_width, degree)
    found: dict[int, OrbitApprox] = {}
    orbit = start
    order = sorted(range(degree + 1), key=lambda i: abs(nodes[i] - start.amplitude))
    if centre == 0:
        if degree % 2 == 0:
            raise ValueError("a piece around 0 needs an odd degree")
        for i in sorted(range((degree + 1) // 2), key=lambda i: nodes[i]):
            found[i] = orbit = follow(orbit, nodes[i])
            found[degree - i] = reflected(orbit)
        return [found[i] for i in range(degree + 1)]
    for i in order:
        nearest = min(found.values(), key=lambda o: abs(o.amplitude - nodes[i]), default=start)
        found[i] = follow(nearest, nodes[i])
    return [found[i] for i in range(degree + 1)]


def reflected(orbit: OrbitApprox) -> OrbitApprox:
    """The orbit of amplitude −a: v(τ) ↦ −v(τ + π), columns with the sign that makes them continuous through a = 0."""
    k = frequencies(orbit.samples)
    half_turn = np.where(np.round(k) % 2 == 0, 1.0, -1.0)
    signs = np.array([-1.0 if m % 2 else 1.0 for m in orbit.shift])

    def turned(G: npt.NDArray[np.generic]) -> ComplexArray:
        C = modes(G)
        return samples_of(C * along(half_turn, C))

    linearised = orbit.linearised
    if linearised is None:
        raise NoOrbitFound("an orbit without its linearised equation has no mirror image")
    return dataclasses.replace(
        orbit, amplitude=-orbit.amplitude, v=-turned(orbit.v).real, Q=turned(orbit.Q) * signs,
        Lam=orbit.Lam * signs[:, None] * signs[None, :],
        linearised=dataclasses.replace(linearised, H=-turned(linearised.H).real),
    )  # fmt: skip


def piece_witness(nodes: Sequence[OrbitApprox], centre: float, half_width: float) -> PieceWitnessApprox:
    """Interpolation in cos θ of the orbits at `chebyshev_nodes` (or of one orbit, half_width 0)."""
    first = nodes[0]
    partner = list(first.partner)
    inverses = [np.asarray(np.linalg.inv(orbit.Q)) for orbit in nodes]
    parts = [orbit.linearised for orbit in nodes]
    known = [part for part in parts if part is not None]
    if len(known) != len(nodes):
        raise NoOrbitFound("an orbit without its linearised equation")
    v = _fourier([orbit.v for orbit in nodes], FINE)
    H = _fourier([part.H for part in known], COARSE)
    Q = _fourier([orbit.Q for orbit in nodes], FINE)
    Lam = _interpolated([_block_diagonal(orbit.Lam) for orbit in nodes])
    B = _interpolated([part.B for part in known])
    real: Callable[[Sequence[npt.NDArray[np.generic]]], Array] = lambda values: _interpolated(values).real  # noqa: E731
    return PieceWitnessApprox(
        centre, half_width, first.p, first.partner,
        v=0.5 * (v + v[:, ::-1].conj()),
        H=0.5 * (H + H[:, ::-1].conj()),
        Q=_mirrored(Q, first),
        P=_mirrored(_fourier(inverses, COARSE).swapaxes(-1, -2), first).swapaxes(-1, -2),
        gamma=real([np.asarray(orbit.gamma) for orbit in nodes]),
        T=real([np.asarray(orbit.T) for orbit in nodes]),
        y=real([orbit.y for orbit in nodes]),
        y_gamma=real([part.y_gamma for part in known]),
        C=real([np.linalg.inv(part.A0) for part in known]),
        Lam=0.5 * (Lam + Lam.conj()[:, partner][:, :, partner] - 1j * np.diag(first.turn)),
        B=0.5 * (B + B[:, ::-1].conj()),
        V=_interpolated([np.linalg.inv(part.S) for part in known]),
        zero_branch=first.zero_branch,
    )  # fmt: skip


def _mirrored(Q: ComplexArray, orbit: OrbitApprox) -> ComplexArray:
    """conj Q = QΠ exactly, for the columns without a turn; so of P, transposed."""
    mirrored = Q[:, ::-1][..., list(orbit.partner)].conj()
    return np.where(np.array(orbit.turn) == 0, 0.5 * (Q + mirrored), Q)


def settled(w: PieceWitnessApprox) -> bool:
    """Whether the last coefficients over θ are small."""
    return all(np.abs(c[-2:]).max() < SETTLED * np.abs(c).max() for c in (w.v, w.Q, w.Lam))


def _block_diagonal(Lam: ComplexArray) -> ComplexArray:
    result = np.diag(np.diag(Lam))
    result[:2, :2] = Lam[:2, :2]
    return result


def _interpolated(values: Sequence[npt.NDArray[np.generic]]) -> ComplexArray:
    """Coefficients of cos mθ from values at the nodes θ_i = π(i + ½)/(d + 1)."""
    count = len(values)
    theta = np.pi * (np.arange(count) + 0.5) / count
    weights = np.cos(np.outer(np.arange(count), theta)) * 2 / count
    weights[0] /= 2
    result = np.tensordot(weights, np.stack(values).astype(np.complex128), axes=(1, 0))
    result[np.abs(result) < NEGLIGIBLE * np.abs(result).max()] = 0
    return np.asarray(result)


def _fourier(values: Sequence[npt.NDArray[np.generic]], tolerance: float) -> ComplexArray:
    """The same for functions of τ given by samples, with as many modes as the tolerance asks for."""
    C = np.stack([modes(G) for G in values])
    N = C.shape[1]
    sizes = np.abs(C).reshape(len(values), N, -1).max(axis=(0, 2))
    large = np.maximum(sizes, np.roll(sizes[::-1], 1)) > tolerance * sizes.max()
    K = max((k for k in range(1, int(KEPT * N) + 1) if large[k]), default=1)
    return _interpolated([np.concatenate([c[-K:], c[: K + 1]]) for c in C])
