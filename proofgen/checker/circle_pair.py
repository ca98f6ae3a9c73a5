"""The method circle-pair (section 25): a Neimark-Sacker point of a map whose multipliers follow from one matrix."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .circle_branch import BOUNDS, Certificate, check_coefficient, check_crossing, check_sign, read_crossing
from .circle_law import root_of
from .context import Checker
from .documents import WITNESS, Method
from .elementary import atan_at
from .intervals import Interval
from .locus import square
from .map_point import HEAD, MORE_CLAIMS
from .neimark_sacker import POINT
from .reading import count, decimal, enclosure, one_of
from .reports import Item, show
from .series import pi_for
from .verdicts import Rejected

CERTIFICATE = HEAD | {
    "claims": POINT | MORE_CLAIMS,
    "bounds": BOUNDS | {
        "eigenvalue": [enclosure], "S": [enclosure], "isolation": decimal, "cosine": enclosure, "sine": decimal,
    },
    "witness": WITNESS | {"pair": count, "root": one_of("plus", "minus")},
}  # fmt: skip


def read(checker: Checker, c: dict[str, Any], item: Item, where: str) -> Certificate:
    if c["witness"]["pair"] >= c["witness"]["pairs"]:
        raise Rejected(f"{where}: the witness has no such pair")
    if len(c["bounds"]["eigenvalue"]) != 2 or len(c["bounds"]["S"]) != 2:
        raise Rejected(f"{where}: eigenvalue or S has the wrong length")
    root = 1 if c["witness"]["root"] == "plus" else -1
    return read_crossing(checker, c, item, where, 2 * c["witness"]["pair"], root)


def angle(cosine: Interval, sine: Interval, F: int) -> Interval:
    """theta in (0, pi), by that one of both that moves more: tan^2(theta/2) = 2/(1 + cos) - 1, cot^2 = 1/sin^2 - 1."""
    one = Interval(1)
    if abs(cosine).hi < Fraction(3, 4):
        return atan_at(root_of(Interval(2) / (one + cosine) - one, F).rounded(F)).by(2).exact
    x = (one / root_of(one / square(sine) - one, F)).rounded(F)
    return (pi_for(x.of(1)) - atan_at(x) if cosine.hi < 0 else atan_at(x)).exact


def check(checker: Checker, c: Certificate) -> None:
    v = check_crossing(checker, c)
    item, claims, bounds, A, law, (cosine, im) = c.item, c.claims, c.bounds, c.spectrum, c.law, c.crossing.m
    item.begin("N3")
    mu = A.mu[c.k]
    c.bound("isolation", mu[1].lo, ">=")
    for part, own, claim in zip(("real", "imaginary"), mu, bounds["eigenvalue"], strict=True):
        item.inside(f"eigenvalue ({part} part)", own, claim)
    sine = abs(im)
    c.bound("sine", sine.lo, ">=")
    item.inside("cosine", cosine, bounds["cosine"])
    item.require(0 not in bounds["cosine"], "the resonance 1:4 is not excluded")
    if law.sigma[1] != Interval(0):  # else there are no quadratic terms, whose monomial asks for 1:3
        item.require(Fraction(-1, 2) not in bounds["cosine"], "the resonance 1:3 is not excluded")
    theta = angle(cosine, sine, A.F)
    item.inside("theta", theta, claims["theta"])
    item.compare("theta > 0", Fraction(0), "<", claims["theta"].lo)
    item.facts["theta"] = show(theta)
    item.begin("N4")  # Re(conj(m) m'), m' = tau mu or tau
    speed = law.tau * (cosine * mu[0] + im * mu[1] if law.gain else cosine)
    item.inside("log_modulus_speed", speed, claims["log_modulus_speed"])
    item.require(0 not in claims["log_modulus_speed"], "the claim log_modulus_speed does not exclude 0")
    item.begin("N5")
    S, (re, other) = check_coefficient(c, v)
    for part, own, claim in zip(("real", "imaginary"), S, bounds["S"], strict=True):
        item.inside(f"S ({part} part)", own, claim)
    check_sign(c, cosine * re + im * other, "supercritical")


METHOD = Method(CERTIFICATE, read, check, kind="ns", of_maps=True)
