"""Neimark–Sacker points and flips of a map, each in a window around a candidate."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ..claims.flip import OpenFlip, flip_content
from ..claims.hopf_point import WITH_BOX, WITH_WITNESS, Printer
from ..claims.neimark_sacker import NeimarkSackerContent, OpenNeimarkSacker, neimark_sacker_content
from ..claims.rows import Located, Opened
from ..codegen.normal_form import load_flip, load_neimark_sacker
from ..numbers.printed import Enclosure
from ..problem.problem import AnyProblem
from ..proof.failure import Failure
from ..proof.flip import prove_flip
from ..proof.locus import UNIT_CIRCLE
from ..proof.neimark_sacker import prove_neimark_sacker
from ..search.location import CrossingApprox
from .open_point import CARVED
from .window import Theorem, narrow_parameter, proved_in_window
from .workshop import Workshop


def neimark_sacker_point(shop: Workshop, crossing: CrossingApprox) -> Located | Opened:
    return proved_in_window(shop, crossing, NEIMARK_SACKER)


def flip_point(shop: Workshop, crossing: CrossingApprox) -> Located | Opened:
    return proved_in_window(shop, crossing, FLIP)


def _printer(bits: int, problem: AnyProblem) -> Printer:
    return Printer(bits, problem.proof.digits, WITH_BOX if problem.has_box else WITH_WITNESS)


def _open_as(kind: type[OpenNeimarkSacker | OpenFlip]) -> Callable[[CrossingApprox, Failure, Workshop], Opened]:
    """Its parameter interval is where it was looked for, no enclosure of anything proved."""

    def leave_open(crossing: CrossingApprox, failure: Failure, shop: Workshop) -> Opened:
        gamma, half = Fraction(crossing.gamma), CARVED * shop.length
        return kind(failure.code, failure.reason, Enclosure.around(gamma - half, gamma + half))

    return leave_open


def _narrow(shop: Workshop, content: NeimarkSackerContent) -> bool:
    """Whether γ* and θ are enclosed to the digits asked for."""
    theta = content.claims.theta
    goal = Fraction(1, 10**shop.setting.problem.proof.digits)
    return narrow_parameter(shop, content) and theta.width <= goal * theta.high


NEIMARK_SACKER: Theorem[Opened] = Theorem(
    locus=UNIT_CIRCLE,
    block=lambda w, value: w.nearest_pair(value),
    prove=lambda field, basis, witness, Gamma, k: prove_neimark_sacker(
        field, load_neimark_sacker(), basis, witness, Gamma, k
    ),
    print=lambda proof, data, bits, problem: neimark_sacker_content(proof, data, _printer(bits, problem)),
    narrow=_narrow,
    leave_open=_open_as(OpenNeimarkSacker),
)
FLIP: Theorem[Opened] = Theorem(
    locus=UNIT_CIRCLE,
    block=lambda w, value: w.nearest_real(value.real),
    prove=lambda field, basis, witness, Gamma, k: prove_flip(field, load_flip(), basis, witness, Gamma, k),
    print=lambda proof, data, bits, problem: flip_content(proof, data, _printer(bits, problem)),
    narrow=narrow_parameter,
    leave_open=_open_as(OpenFlip),
)
