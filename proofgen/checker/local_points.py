"""Certificates of section 11, which have a chart of their own: what they hold, and their reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .basis import Basis, read_basis
from .context import Checker
from .documents import CLAIMS, PROVED_HEAD
from .fields import field_for, read_vector, wide
from .intervals import ZERO, Interval, Vector, real
from .jets import Field
from .reading import decimal, enclosure, optional, text
from .reports import Item
from .tube import Chart
from .verdicts import MAX_PRECISION, Rejected

LOCAL = PROVED_HEAD | {
    "id": text,
    "claims": CLAIMS | {"window": optional(enclosure), "uniqueness_radius": optional(decimal)},
    "bounds": {
        "rho": decimal, "branch_gap": optional(decimal), "branch_residual": optional(decimal),
        "branch_radius": optional(decimal), "window_disc_radius": optional(decimal),
        "window_clearance": optional(decimal), "window_slope": optional(enclosure), "real_part": optional(enclosure),
        "disc_radius": decimal, "isolation": decimal, "delta_right": decimal, "delta_left": decimal,
        "pq_defect": decimal, "q_norm_squared": enclosure, "gap_0": decimal, "gap_2": decimal, "terms": [enclosure],
        "Y": optional(decimal), "Z": optional(decimal), "r_min": optional(decimal),
    },
}  # fmt: skip


TERMS = {"flip": 2, "transcritical": 1, "pitchfork": 1}  # of a coefficient, where they are not three


@dataclass
class Point:
    """A certificate of the methods spectral and newton-kantorovich, and of points of maps."""

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


def read_point(checker: Checker, c: dict[str, Any], item: Item, where: str) -> Point:
    """The witness of a certificate of section 11."""
    witness, n, bits = c["witness"], checker.problem.n, fineness([c["claims"], c["bounds"]])
    net = field_for(checker, max(c["precision"], min(bits, 4 * MAX_PRECISION)))
    if 2 * witness["pairs"] > n or len(c["bounds"]["terms"]) != TERMS.get(c["method"], 3):
        raise Rejected(f"{where}: more pairs than columns, or not as many terms as the method has")
    basis = read_basis(checker, witness, where)
    trivial = witness["x"] is None
    exact = [Fraction(0)] * n if trivial else read_vector(checker, witness["x"], f"{where}: x", n)
    net = wide(checker, net, witness["gamma"], exact)
    x, slope = [real(y, net.F) for y in exact], net.none
    if c["method"] != "newton-kantorovich":
        if [witness["slope"] is None, witness["radius"] is None] != [trivial, trivial]:
            raise Rejected(f"{where}: x, slope and radius are null together")
        if not trivial:
            slope = [real(y, net.F) for y in read_vector(checker, witness["slope"], f"{where}: slope", n)]
    item.begin("Theorem A")
    chart = Chart(net, basis, witness["gamma"], x, slope)
    k = witness["index"] if "index" in witness else 2 * witness["pair"]
    return Point(item, c["id"], c["method"], c["claims"], c["bounds"], witness, basis, net, k, chart)
