"""Proved periodic orbits as pictures show them: samples of the polynomials of their certificates, in binary64."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..bundle.codec import ArrayReference
from ..bundle.orbit import Orbit, OrbitPieceData
from ..errors import InputError

Array = npt.NDArray[np.float64]
TIMES, ALONG = 128, 33  # samples of τ, and of the amplitudes of a piece


@dataclass(frozen=True)
class ProvedOrbits:
    """One orbit, or a piece of a family, of the certificate ``id``.

    gamma, amplitude: (m,); x: (m, TIMES, n) over a period; distance: bound of |x − that of the orbit|, any component;
    gamma_distance: the same of γ; stable: None where it is not decided. exponents: (n − 2,), centres of the discs of
    the Floquet exponents of the last orbit (0 and κ aside), of radius exponent_radius at most.
    """

    id: str
    hopf: str
    amplitude: Array
    gamma: Array
    x: Array
    distance: float
    gamma_distance: float
    stable: bool | None
    exponents: npt.NDArray[np.complex128]
    exponent_radius: float

    @property
    def single(self) -> bool:
        return len(self.gamma) == 1


def read_orbit(orbit: Orbit, n: int, read: Callable[[ArrayReference], Array]) -> Iterator[ProvedOrbits]:
    """Its pieces. Raises InputError for arrays of another form."""
    claims = orbit.claims
    stable = [part.stable for part in claims.parts] or [claims.stable]
    for piece, holds in zip(orbit.witness.pieces, stable, strict=True):
        centre, half = float(piece.centre.value), float(piece.half_width.value)
        cosines = np.linspace(-1 if centre else 0, 1, ALONG) if half else np.zeros(1)
        amplitude = centre + half * cosines
        try:
            v, y, gamma = _sampled(piece, n, cosines, read)
            Lam = read(piece.Lam).sum(axis=0).reshape(n + 2, 2)  # where cos θ = 1
        except ValueError:
            raise InputError("expected the arrays of periodic orbits", source=f"orbits/{orbit.id}.json") from None
        x = y[:, None] + amplitude[:, None, None] * v
        radius = float(piece.radii[n + 2])
        yield ProvedOrbits(
            orbit.id, orbit.hopf, amplitude, gamma, x, float(claims.distance.value), radius, holds,
            Lam[4:, 0] + 1j * Lam[4:, 1], float(orbit.bounds.exponent_radius.value),
        )  # fmt: skip


def _sampled(
    piece: OrbitPieceData, n: int, cosines: Array, read: Callable[[ArrayReference], Array]
) -> tuple[Array, Array, Array]:
    """v̄ (m, TIMES, n), ȳ (m, n) and γ̄ (m)."""
    polynomial = np.polynomial.chebyshev.chebval

    def along(reference: ArrayReference) -> Array:
        return np.asarray(polynomial(cosines, read(reference)), dtype=np.float64).T

    stored = along(piece.v).reshape(len(cosines), -1, n, 2)
    c = stored[..., 0] + 1j * stored[..., 1]
    turns = np.exp(1j * np.outer(2 * np.pi * np.arange(TIMES) / TIMES, np.arange(c.shape[1])))
    v = 2 * np.einsum("tk,mkn->mtn", turns, c).real - c[:, :1].real
    y = np.zeros((len(cosines), n)) if piece.y is None else along(piece.y).reshape(len(cosines), n)
    return np.asarray(v, dtype=np.float64), y, along(piece.gamma).reshape(len(cosines))
