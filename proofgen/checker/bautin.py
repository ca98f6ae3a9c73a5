"""The method bautin (section 28): where the criticality changes along a curve of Hopf points."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .complexes import norm_squared
from .context import Checker
from .curve_witness import SINGLE, single
from .documents import PROVED_HEAD, Method
from .hopf_piece import HopfPiece, HopfPoints
from .intervals import Interval
from .local_points import fineness
from .plane_form import NormalForm
from .reading import Spec, count, decimal, enclosure, one_of, optional, text
from .reports import Item, show
from .verdicts import MAX_PRECISION, Rejected

POINT: dict[str, Spec] = {
    "kind": one_of("bautin"), "parameters": [enclosure], "omega": enclosure, "second_lyapunov_coefficient": enclosure,
    "determinant": enclosure, "unstable": count, "stable": count,
}  # fmt: skip
ROW = POINT, {"kind", "parameters"}  # in summary.json; what an undecided point may state
CERTIFICATE = PROVED_HEAD | {
    "id": text,
    "claims": POINT | {"spectral_gap": optional(decimal), "equilibrium": [enclosure], "crossing_speed": enclosure},
    "bounds": {
        "rho": decimal, "disc_radius": decimal, "isolation": decimal, "Y": decimal, "Z": decimal, "r": decimal,
        "drift": decimal, "delta_left": decimal, "q_norm_squared": enclosure, "re_c1": enclosure,
        "re_c1_slope": enclosure, "re_c2": enclosure, "gap_0": decimal, "gap_1": decimal, "gap_2": decimal,
        "gap_3": decimal,
    },
    "witness": SINGLE,
}  # fmt: skip


@dataclass
class Bautin:
    """A certificate; of an accepted one `place` is verified, and q there is normalised by `phi`."""

    item: Item
    id: str
    claims: dict[str, Any]
    bounds: dict[str, Any]
    witness: dict[str, Any]
    precision: int
    place: HopfPoints | None = None
    phi: list[Fraction] | None = None

    @property
    def parameter(self) -> Interval:
        assert self.place is not None
        return self.place.parameters[0]


def read(checker: Checker, c: dict[str, Any], item: Item, where: str) -> Bautin:
    if len(c["claims"]["parameters"]) != 2:
        raise Rejected(f"{where}: parameters has the wrong length")
    bits = min(fineness([c["claims"], c["bounds"]]), 4 * MAX_PRECISION)
    return Bautin(item, c["id"], c["claims"], c["bounds"], c["witness"], max(c["precision"], bits))


def check_bautin(checker: Checker, c: Bautin) -> None:
    item, claims, bounds = c.item, c.claims, c.bounds
    item.begin("Theorem V")
    where = f"points/{c.id}.json"
    piece = HopfPiece(checker, single(checker, c.witness, where), c.precision, where)
    one = piece.net.one

    def bound(key: str, value: int, relation: str = "<=") -> None:
        item.compare(key, Fraction(value, one), relation, bounds[key])
        if relation == ">=":
            item.compare(f"{key} > 0", Fraction(0), "<", bounds[key])

    def excludes(key: str, own: Interval, claim: Interval) -> None:
        item.inside(key, own, claim)
        item.require(0 not in claim, f"{key} does not exclude 0")

    for key, value in (("Y", piece.Y), ("Z", piece.Z), ("r", piece.r), ("drift", piece.drift)):
        bound(key, value)
    item.compare("Y + Z < 1", bounds["Y"] + bounds["Z"], "<", Fraction(1))
    item.begin("B2")
    section, centre = piece.whole, piece.centre
    A = section.A
    bound("rho", A.rho)
    item.compare("rho < 1", bounds["rho"], "<", Fraction(1))
    bound("disc_radius", A.g[piece.k])
    item.compare("isolation", A.im(piece.k).lo, ">=", bounds["isolation"])
    item.compare("isolation > 0", Fraction(0), "<", bounds["isolation"])
    bound("delta_left", section.v.delta_left)
    if section.gap is None or claims["spectral_gap"] is None:
        item.require(section.gap is claims["spectral_gap"] is None, "spectral_gap is null exactly when n = 2")
    else:
        item.compare("spectral_gap", section.gap, ">=", claims["spectral_gap"])
        item.compare("spectral_gap > 0", Fraction(0), "<", claims["spectral_gap"])
    for key, found in (("unstable", section.unstable), ("stable", piece.n - 2 - section.unstable)):
        item.require(claims[key] == found, f"the claim {key} = {claims[key]} is false: {found}")
    item.begin("B3")
    form = NormalForm(piece, section)
    start, slope = NormalForm(piece, centre).c1.re.exact, form.slope(piece.motion()).re.exact
    item.inside("re_c1", start, bounds["re_c1"])
    excludes("re_c1_slope", slope, bounds["re_c1_slope"])
    if 0 in slope:
        raise Rejected(f"Re c1' != 0 over J does not hold: {show(slope)}")
    S = Interval(piece.s) - start / slope
    if not S.within(piece.J):
        raise Rejected(f"s~ - g(s~)/g'(J) is not in J: {show(S)} and {show(piece.J)}")
    place = piece.points(S)
    item.begin("B1")
    for i, x in enumerate(place.parameters):
        item.inside(f"parameters[{i}]", x, claims["parameters"][i])
    item.inside("omega", place.omega, claims["omega"])
    item.compare("omega > 0", Fraction(0), "<", claims["omega"].lo)
    for i, x in enumerate(place.x):
        item.inside(f"equilibrium[{i}]", x, claims["equilibrium"][i])
    item.facts |= {"parameters": [show(x) for x in place.parameters], "omega": show(place.omega)}
    item.begin("B4")
    c2, qq = form.second().re.exact, norm_squared(form.q).exact
    excludes("re_c2", c2, bounds["re_c2"])
    item.inside("q_norm_squared", qq, bounds["q_norm_squared"])
    item.compare("q_norm_squared > 0", Fraction(0), "<", bounds["q_norm_squared"].lo)
    if qq.lo <= 0:
        raise Rejected("q^H q > 0 does not hold")
    l2 = c2 / (place.omega * qq * qq)
    excludes("second_lyapunov_coefficient", l2, claims["second_lyapunov_coefficient"])
    item.begin("B5")
    speed = form.speed().exact
    excludes("crossing_speed", speed, claims["crossing_speed"])
    determinant = speed * slope / qq if piece.along else -(speed * slope / qq)
    excludes("determinant", determinant, claims["determinant"])
    item.begin("Lemma C")
    for multiple in range(4):
        bound(f"gap_{multiple}", form.gaps[multiple], ">=")
    item.facts |= {"second_lyapunov_coefficient": show(l2), "determinant": show(determinant),
                   "unstable": section.unstable}  # fmt: skip
    c.place, c.phi = place, piece.phi


def check(checker: Checker, c: Bautin) -> None:
    try:
        check_bautin(checker, c)
    finally:
        c.witness = {}  # which the list does not need
        checker.bundle.budget.held = 0


METHOD = Method(CERTIFICATE, read, check, kind="bautin", plane=True)
