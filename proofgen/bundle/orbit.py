"""What a bundle says of periodic orbits: `orbits/orbit-0001.json` (FORMAT.md, section 18)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from ..errors import InputError
from ..numbers.printed import Decimal, Enclosure
from .codec import ArrayReference, Json, read_as, written
from .kinds import head

INCREASING, DECREASING = "increasing", "decreasing"


@dataclass(frozen=True)
class OrbitEnd:
    """The orbit of the largest amplitude. period: 2πT, in time."""

    amplitude: Decimal
    parameter: Enclosure
    period: Enclosure


@dataclass(frozen=True)
class OrbitPart:
    """What is claimed of one of several pieces: of the amplitudes in [lower, upper], without 0."""

    amplitude: Enclosure
    parameter: Enclosure
    period: Enclosure
    direction: str | None
    slope: Enclosure | None
    unstable_multipliers: int | None
    stable: bool | None


@dataclass(frozen=True)
class OrbitPolynomial:
    """mean_i + Σ_k cosines_ki cos kτ + sines_ki sin kτ, k = 1, 2, …, as it is printed; distance: of every x_i(Tτ) from
    it."""

    mean: tuple[Decimal, ...]
    cosines: tuple[tuple[Decimal, ...], ...]
    sines: tuple[tuple[Decimal, ...], ...]
    distance: Decimal


@dataclass(frozen=True)
class OrbitClaims:
    """amplitude: ["0", a] for every amplitude in (0, a], [a, a] for one orbit; parameter, period: over all of them;
    distance: of every component from the trigonometric polynomial of the witness, at equal phase; direction, slope: of
    γ(a) and γ'(a)/a, None for one orbit; unstable_multipliers: outside of the unit circle; stable: None where open;
    parts: of each piece, where there are several, else none; polynomial: of one orbit in few dimensions.
    """

    amplitude: Enclosure
    parameter: Enclosure
    period: Enclosure
    end: OrbitEnd
    distance: Decimal
    direction: str | None
    slope: Enclosure | None
    unstable_multipliers: int | None
    stable: bool | None
    parts: tuple[OrbitPart, ...] = ()
    polynomial: OrbitPolynomial | None = None


@dataclass(frozen=True)
class OrbitBounds:
    """rate: of the contraction; exponent_radius: largest radius of a Floquet disc; kappa: the nontrivial critical
    exponent of the last orbit, where its own enclosure has a sign."""

    rate: Decimal
    exponent_radius: Decimal
    kappa: Enclosure | None


@dataclass(frozen=True)
class StripData:
    """ρ, η, R_1 … R_n, R_γ of a complex neighbourhood."""

    rho: Fraction
    eta: Fraction
    R: tuple[Fraction, ...]
    R_gamma: Fraction


@dataclass(frozen=True)
class BoxData:
    """The neighbourhood of Lemma O5: ρ, R_1 … R_n, R_γ, and how many times the radii of the weights are added."""

    rho: Fraction
    R: tuple[Fraction, ...]
    R_gamma: Fraction
    factor: Fraction


@dataclass(frozen=True)
class OrbitPieceData:
    """The witness of Theorem O1 for a = centre + half_width·cos θ, with what Theorems O3 and O4 are verified by; y,
    y_gamma, C: where the equilibrium moves, None on the branch x = 0; box: of a box of weights."""

    centre: Decimal
    half_width: Decimal
    partner: tuple[int, ...]
    v: ArrayReference
    H: ArrayReference
    Q: ArrayReference
    P: ArrayReference
    gamma: ArrayReference
    T: ArrayReference
    Lam: ArrayReference
    B: ArrayReference
    V: ArrayReference
    over_tau: int
    over_theta: int
    nu: Fraction
    tau_strip: StripData
    theta_strip: StripData | None
    around: StripData
    radii: tuple[Fraction, ...]
    uniqueness: Fraction
    cells: int
    slope_cells: int
    y: ArrayReference | None = None
    y_gamma: ArrayReference | None = None
    C: ArrayReference | None = None
    box: BoxData | None = None


@dataclass(frozen=True)
class OrbitWitness:
    """p: the row of the amplitude, real and imaginary parts."""

    p: tuple[tuple[Fraction, Fraction], ...]
    pieces: tuple[OrbitPieceData, ...]


@dataclass(frozen=True)
class Orbit:
    """A certificate. hopf: the point from which the orbits start (of one orbit: from which it was found)."""

    method: ClassVar[str] = "floquet-frame"

    id: str
    hopf: str
    claims: OrbitClaims
    bounds: OrbitBounds
    witness: OrbitWitness
    precision: int

    def require_dimension(self, n: int) -> None:
        """Raise InputError unless the certificate is about n variables."""
        for piece in self.witness.pieces:
            moving = (piece.y, piece.y_gamma, piece.C)
            radii = n + 4 if moving == (None, None, None) else 2 * n + 4
            if len(self.witness.p) != n or len(piece.partner) != n or len(piece.radii) != radii:
                raise InputError(f"expected a witness of dimension {n}", key="witness")


def write_orbit(orbit: Orbit, problem_sha256: str) -> Json:
    """`orbits/ID.json`."""
    said: Json = written(orbit)
    if not orbit.claims.parts:
        del said["claims"]["parts"]  # of one piece nothing is said twice
    if orbit.claims.polynomial is None:
        del said["claims"]["polynomial"]
    for piece in said["witness"]["pieces"]:
        for key in ("y", "y_gamma", "C", "box"):
            if piece[key] is None:
                del piece[key]
    return head("proofgen-orbit", {"id": said.pop("id")}, problem_sha256, orbit.method) | said


def read_orbit(document: Json) -> Orbit:
    """Raises InputError."""
    if document.get("method") != Orbit.method:
        raise InputError(f"expected {Orbit.method}", key="method")
    return read_as(Orbit, document)
