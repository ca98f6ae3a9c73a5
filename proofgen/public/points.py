"""What a proof has shown at single points, as objects for scripts and notebooks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..numbers.printed import Enclosure

COLUMNS = ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed", "unstable_eigenvalues",
           "stable_eigenvalues", "criticality", "equilibrium")  # fmt: skip
BRANCHING_KEYS = ("kind", "parameter", "eigenvalue_speed", "coefficient", "unstable", "stable", "criticality",
                  "solutions_for", "equilibrium")  # fmt: skip
SINGULAR_KEYS = ("kind", "parameter", "eigenvalue_speed", "coefficient", "unstable", "stable", "direction", "residue")
BAUTIN_KEYS = ("parameters", "omega", "second_lyapunov_coefficient", "determinant", "crossing_speed", "unstable",
               "stable", "equilibrium")  # fmt: skip
FOLD_KEYS = ("parameter", "a", "b", "unstable", "stable", "solutions_for", "equilibrium")
MAP_KEYS = ("kind", "parameter", "theta", "log_modulus_speed", "multiplier_speed", "coefficient", "inside", "outside",
            "criticality", "equilibrium")  # fmt: skip


@dataclass(frozen=True, repr=False)
class Tried:
    """What was tried, and is proved or undecided, then with a reason and its code."""

    id: str
    status: str
    reason: str | None
    code: str | None

    @property
    def proved(self) -> bool:
        return self.status == "proved"


@dataclass(frozen=True, repr=False)
class Point(Tried):
    """A Hopf point. What is not known of an undecided one is None.

    Every `Enclosure` contains its number: .lower and .upper are exact, float() is the middle.
    """

    parameter: Enclosure
    omega: Enclosure | None
    first_lyapunov_coefficient: Enclosure | None
    crossing_speed: Enclosure | None
    unstable_eigenvalues: int | None
    stable_eigenvalues: int | None
    criticality: str | None
    equilibrium: tuple[Enclosure, ...] | None
    certificate: Path | None

    def __repr__(self) -> str:
        what = self.criticality if self.proved else f"undecided ({self.code})"
        return f"<Point {self.id}: {what}, parameter {float(self.parameter):.10g}>"


@dataclass(frozen=True, repr=False)
class Fold(Tried):
    """Where two equilibria meet and vanish. What is not known of an undecided one is None.

    a, b: s' = b(γ − γ*) + as² + … on the centre manifold, b > 0; unstable, stable: numbers of the other eigenvalues;
    solutions_for: "above" or "below", on which side of γ* the two equilibria are.
    """

    parameter: Enclosure
    a: Enclosure | None
    b: Enclosure | None
    unstable: int | None
    stable: int | None
    solutions_for: str | None
    equilibrium: tuple[Enclosure, ...] | None
    certificate: Path | None

    def __repr__(self) -> str:
        what = f"two equilibria {self.solutions_for}" if self.proved else f"undecided ({self.code})"
        return f"<Fold {self.id}: {what}, parameter {float(self.parameter):.10g}>"


@dataclass(frozen=True, repr=False)
class MapPoint(Tried):
    """A Neimark-Sacker point or a flip of a map, as kind says. What is not known of an undecided one is None.

    theta, log_modulus_speed: of a Neimark-Sacker point, else None; multiplier_speed: of a flip; coefficient: a or c;
    inside, outside: numbers of the other multipliers; equilibrium: the fixed point.
    """

    kind: str
    parameter: Enclosure
    theta: Enclosure | None
    log_modulus_speed: Enclosure | None
    multiplier_speed: Enclosure | None
    coefficient: Enclosure | None
    inside: int | None
    outside: int | None
    criticality: str | None
    equilibrium: tuple[Enclosure, ...] | None
    certificate: Path | None

    def __repr__(self) -> str:
        what = self.criticality if self.proved else f"undecided ({self.code})"
        return f"<MapPoint {self.id}: {what}, parameter {float(self.parameter):.10g}>"


@dataclass(frozen=True, repr=False)
class Branching(Tried):
    """A transcritical point or a pitchfork on x = 0, as kind says.

    eigenvalue_speed: d; coefficient: a > 0 or e; unstable, stable: numbers of the other eigenvalues; criticality,
    solutions_for ("above" or "below"): of a pitchfork, else None.
    """

    kind: str
    parameter: Enclosure
    eigenvalue_speed: Enclosure | None
    coefficient: Enclosure | None
    unstable: int | None
    stable: int | None
    criticality: str | None
    solutions_for: str | None
    equilibrium: tuple[Enclosure, ...] | None
    certificate: Path | None

    def __repr__(self) -> str:
        return f"<Branching {self.id}: {self.kind}, parameter {float(self.parameter):.10g}>"


@dataclass(frozen=True, repr=False)
class Singular(Tried):
    """Where W(γ) is singular along W(γ)x + b = 0, as kind says: a "line" of equilibria, spanned by direction, of length
    1, or a "pole", at which the branch is residue/(γ − parameter) + O(1).

    eigenvalue_speed: d; coefficient: the length of the residue; unstable, stable: numbers of the other eigenvalues.
    """

    kind: str
    parameter: Enclosure
    eigenvalue_speed: Enclosure | None
    coefficient: Enclosure | None
    unstable: int | None
    stable: int | None
    direction: tuple[Enclosure, ...] | None
    residue: tuple[Enclosure, ...] | None
    certificate: Path | None

    def __repr__(self) -> str:
        return f"<Singular {self.id}: {self.kind}, parameter {float(self.parameter):.10g}>"


@dataclass(frozen=True, repr=False)
class Bautin(Tried):
    """Where the first Lyapunov coefficient changes its sign along a curve of Hopf points, in two parameters.

    second_lyapunov_coefficient: Re c2/ω, determinant: of d(Re λ, Re c1)/d(parameters), for q^H q = 1; crossing_speed:
    Re ∂λ/∂α of one of the parameters; unstable, stable: numbers of the other eigenvalues.
    """

    parameters: tuple[Enclosure, Enclosure]
    omega: Enclosure | None
    second_lyapunov_coefficient: Enclosure | None
    determinant: Enclosure | None
    crossing_speed: Enclosure | None
    unstable: int | None
    stable: int | None
    equilibrium: tuple[Enclosure, ...] | None
    certificate: Path | None

    def __repr__(self) -> str:
        first, second = (f"{float(x):.10g}" for x in self.parameters)
        return f"<Bautin {self.id}: {'proved' if self.proved else f'undecided ({self.code})'}, ({first}, {second})>"


@dataclass(frozen=True)
class Undecided:
    """A part of the interval on which something stayed open, and why; with two parameters, interval is None. code: see
    `proofgen explain`."""

    interval: Enclosure | None
    code: str
    reason: str
