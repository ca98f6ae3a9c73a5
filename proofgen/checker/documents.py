"""Certificates (sections 5, 6 and 11), the branch and the summary as documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .basis import Basis
from .blocks import Discs
from .intervals import ZERO, Interval
from .jets import Field
from .reading import (
    HEAD,
    Spec,
    anything,
    boolean,
    count,
    decimal,
    each,
    enclosure,
    never,
    number,
    one_of,
    optional,
    plain,
    seconds,
    short,
    text,
)
from .reports import Item, show
from .similarity import Spectrum
from .tube import Chart
from .verdicts import Rejected, Undecided, Vector

PROVED_HEAD = HEAD | {"problem": {"file": one_of("problem.json"), "sha256": text}, "method": text, "precision": count}
WITNESS: dict[str, Spec] = {"pairs": count, "X": anything, "Y": anything, "d": anything}
BRANCH = PROVED_HEAD | {
    "claims": {
        "interval": optional(enclosure), "complete": boolean, "real_crossings": [enclosure],
        "points": [{"id": text, "pair": optional(count), "parameter": enclosure}],
        "unsettled": [{"interval": enclosure, "reason": text, "code": text}],
    },
    "bounds": optional({"rho": decimal, "norm_N": decimal, "max_disc_radius": decimal}),
    "witness": optional(WITNESS),
}  # fmt: skip
PIECES_WITNESS: dict[str, Spec] = {
    "pieces": [{
        "interval": enclosure, "centre": number, "radius": optional(number), "pairs": count,
        "kind": one_of("clear", "hopf", "real"), "index": optional(count), "point": optional(text),
        "crossing": optional(count),
    }],
    "x": anything, "slope": anything, "X": anything, "Y": anything, "d": anything,
}  # fmt: skip
PIECES = BRANCH | {
    "claims": BRANCH["claims"] | {"start": optional([enclosure]), "interval": enclosure,
                                   "points": [{"id": text, "pair": never, "parameter": enclosure}]},
    "bounds": never,
    "witness": optional(PIECES_WITNESS),
}  # fmt: skip
PIECE: dict[str, Spec] = PIECES_WITNESS["pieces"][0]
FORM_PIECES = PIECES | {"witness": optional(PIECES_WITNESS | {
    "pieces": [PIECE | {"margin": optional(number), "pairs": optional(count)}],
    "curve": anything, "P": anything, "ends": anything,
})}  # fmt: skip
POINT: dict[str, Spec] = {
    "parameter": enclosure, "omega": enclosure, "first_lyapunov_coefficient": enclosure, "crossing_speed": enclosure,
    "unstable_eigenvalues": count, "stable_eigenvalues": count,
    "criticality": one_of("supercritical", "subcritical"),
}  # fmt: skip
CERTIFICATE = PROVED_HEAD | {
    "id": text,
    "claims": POINT | {"spectral_gap": optional(decimal), "equilibrium": [enclosure]},
    "bounds": {
        "rho": decimal, "norm_N": decimal, "eigenvalue": [enclosure], "disc_radius": decimal, "isolation": decimal,
        "separation": optional(decimal), "delta_right": decimal, "delta_left": decimal, "pq_defect": decimal,
        "q_norm_squared": enclosure, "im_S": enclosure, "resolvent_gap": optional(decimal),
    },
    "witness": WITNESS | {"pair": count},
}  # fmt: skip
CERTIFICATE_LAYERED = CERTIFICATE | {
    "claims": CERTIFICATE["claims"] | {"window": optional(enclosure), "uniqueness_radius": optional(decimal)},
    "bounds": {
        "rho": decimal, "branch_gap": optional(decimal), "branch_residual": optional(decimal),
        "branch_radius": optional(decimal), "window_disc_radius": optional(decimal),
        "window_clearance": optional(decimal), "window_slope": optional(enclosure), "real_part": optional(enclosure),
        "disc_radius": decimal, "isolation": decimal, "delta_right": decimal, "delta_left": decimal,
        "pq_defect": decimal, "q_norm_squared": enclosure, "gap_0": decimal, "gap_2": decimal, "terms": [enclosure],
        "Y": optional(decimal), "Z": optional(decimal), "r_min": optional(decimal),
    },
}  # fmt: skip
CERTIFICATES = {
    "zero-branch": CERTIFICATE,
    "spectral": CERTIFICATE_LAYERED | {"witness": WITNESS | {
        "pair": count, "gamma": number, "half_width": number, "x": anything, "slope": anything,
        "radius": optional(number),
    }},
    "newton-kantorovich": CERTIFICATE_LAYERED | {"witness": WITNESS | {
        "pair": count, "gamma": number, "omega": number, "x": anything, "a": anything, "b": anything,
        "phi": anything, "A": anything, "R": number,
    }},
}  # fmt: skip
SUMMARY: dict[str, Spec] = {
    "format": anything, "version": anything, "title": text, "dimension": count,
    "status": one_of("proved", "incomplete"), "complete": boolean,
    "interval": optional(enclosure), "points": [anything],
    "method": one_of("zero-branch", "pieces", "lyapunov-pieces"),
    "real_crossings": [enclosure], "unsettled": [{"interval": enclosure, "reason": text, "code": text}],
    "options": each(plain), "timing": each(seconds), "versions": each(text),
}  # fmt: skip


@dataclass
class Certificate:
    """A parsed certificate and, as it is checked, what has been computed of its point."""

    item: Item
    id: str
    claims: dict[str, Any]
    bounds: dict[str, Any]
    spectrum: Spectrum
    k: int  # the complex index a+ of the certified pair
    delta: list[int] = field(default_factory=list)  # delta_i of Theorem B
    delta_left: list[int] = field(default_factory=list)  # delta'_i
    pq_defect: int = 0
    q: Discs = field(default_factory=Discs)
    p: Discs = field(default_factory=Discs)  # the entries of p^H
    g: Discs | None = None  # (zI - W)^-1 (q o q)

    @property
    def parameter(self) -> Interval:
        return -self.spectrum.re(self.k)


@dataclass
class Point:
    """A certificate of the methods spectral and newton-kantorovich."""

    item: Item
    id: str
    method: str
    claims: dict[str, Any]
    bounds: dict[str, Any]
    witness: dict[str, Any]
    basis: Basis
    net: Field
    k: int
    chart: Chart
    parameter: Interval = ZERO  # Gamma*, as verified
    z: Vector = field(default_factory=list)  # of the first layer, at the equilibrium

    def compare(self, key: str, value: int | Fraction, relation: str) -> None:
        """A printed bound; lower bounds are also positive."""
        if self.bounds[key] is None:
            raise Rejected(f"the bound {key} is null")
        value = value if isinstance(value, Fraction) else Fraction(value, self.net.one)
        self.item.compare(key, value, relation, self.bounds[key])
        if relation == ">=":
            self.item.compare(f"{key} > 0", Fraction(0), "<", self.bounds[key])

    def forget(self) -> None:
        """What the branch does not need, as a bundle may have thousands of points."""
        del self.basis, self.chart, self.witness

    def nulls(self, *keys: str) -> None:
        for key in keys:
            self.item.require((self.claims | self.bounds)[key] is None, f"{key} is not null")


def fineness(claims: Any) -> int:
    """Bits behind the point, rounded up to a multiple of 64, of the narrowest claimed enclosure: a unit must be finer
    by some 64 bits more."""
    if isinstance(claims, Interval):
        width = claims.hi - claims.lo
        return max(0, width.denominator.bit_length() - width.numerator.bit_length() + 64 >> 6) << 6 if width else 0
    every = claims.values() if isinstance(claims, dict) else claims if isinstance(claims, list) else ()
    return max(map(fineness, every), default=0)


def check_criticality(item: Item, claims: dict[str, Any], l1: Interval) -> None:
    claim = claims["first_lyapunov_coefficient"]
    item.inside("first_lyapunov_coefficient", l1, claim)
    item.require(0 not in claim, "the claim first_lyapunov_coefficient does not exclude 0")
    sign = "supercritical" if claim.hi < 0 else "subcritical"
    item.require(claims["criticality"] == sign, f"the claim {claims['criticality']} is false: {sign}")
    item.facts["first_lyapunov_coefficient"] = show(l1)


def in_order(item: Item, listed: list[Any], checked: dict[str, Certificate | Point | None],
             ) -> list[Certificate | Point]:  # fmt: skip
    """The accepted certificates of the listed points.  What is in order are the lower ends of the enclosures of
    the parameter: of points at one gamma, or with enclosures that overlap, nothing more is known."""
    last: Fraction | None = None
    result = []
    for point in listed:
        c = checked.get(point["id"])
        if c is None:
            raise Undecided(f"rests on {short(point['id'])}, which is not accepted")
        item.inside(f"points: parameter of {point['id']}", c.parameter, point["parameter"])
        ordered = last is None or point["parameter"].lo >= last
        item.require(ordered, f"{point['id']} is not in the order of the lower ends of the parameter")
        last = point["parameter"].lo
        result.append(c)
    return result
