"""What the certificates and the branch of all methods have in common (sections 5, 6 and 11)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from .intervals import Interval
from .reading import HEAD, Spec, anything, boolean, count, decimal, enclosure, one_of, optional, short, text
from .reports import Item, show
from .verdicts import Undecided

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
POINT: dict[str, Spec] = {
    "parameter": enclosure, "omega": enclosure, "first_lyapunov_coefficient": enclosure, "crossing_speed": enclosure,
    "unstable_eigenvalues": count, "stable_eigenvalues": count,
    "criticality": one_of("supercritical", "subcritical"),
}  # fmt: skip
ROW = POINT, {"parameter", "omega", "first_lyapunov_coefficient"}  # in summary.json; what an undecided point may state
CLAIMS = POINT | {"spectral_gap": optional(decimal), "equilibrium": [enclosure]}


class Proved(Protocol):
    """A parsed certificate; of an accepted one the parameter is verified."""

    item: Item
    id: str
    claims: dict[str, Any]

    @property
    def parameter(self) -> Interval: ...


@dataclass(frozen=True, eq=False)
class Method:
    """The form of a method's certificates; how one is read and checked, and what passed, together; the kind of point,
    with which their names begin; whether it is for maps (else for flows)."""

    spec: Spec
    read: Callable[..., Any]
    check: Callable[..., None]
    together: Callable[..., None] = lambda checker, group: None
    kind: str = "hopf"
    of_maps: bool | None = False  # None: both
    plane: bool = False  # whether it is for two parameters


def check_criticality(item: Item, claims: dict[str, Any], l1: Interval) -> None:
    claim = claims["first_lyapunov_coefficient"]
    item.inside("first_lyapunov_coefficient", l1, claim)
    item.require(0 not in claim, "the claim first_lyapunov_coefficient does not exclude 0")
    sign = "supercritical" if claim.hi < 0 else "subcritical"
    item.require(claims["criticality"] == sign, f"the claim {claims['criticality']} is false: {sign}")
    item.facts["first_lyapunov_coefficient"] = show(l1)


def in_order(item: Item, listed: list[Any], checked: dict[str, Proved | None]) -> list[Proved]:
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
