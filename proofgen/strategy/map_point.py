"""Neimark–Sacker points and flips of a map, each in a window around a candidate."""

from __future__ import annotations

from fractions import Fraction

from ..claims.flip import flip_content, unknown_flip
from ..claims.hopf_point import WITH_BOX, WITH_WITNESS, Printer
from ..claims.map_point import MapContent
from ..claims.neimark_sacker import neimark_sacker_content, unknown_neimark_sacker
from ..claims.rows import Located, Opened
from ..codegen.normal_form import load_flip, load_neimark_sacker
from ..problem.problem import AnyProblem
from ..proof.flip import prove_flip
from ..proof.locus import UNIT_CIRCLE
from ..proof.neimark_sacker import prove_neimark_sacker
from ..search.location import CrossingApprox
from .fields import KINDS
from .open_point import open_as
from .window import Theorem, narrow_parameter, proved_in_window
from .workshop import Workshop


def neimark_sacker_point(shop: Workshop, crossing: CrossingApprox) -> Located | Opened:
    return proved_in_window(shop, crossing, _neimark_sacker(shop))


def flip_point(shop: Workshop, crossing: CrossingApprox) -> Located | Opened:
    return proved_in_window(shop, crossing, FLIP)


def _printer(bits: int, problem: AnyProblem) -> Printer:
    return Printer(bits, problem.proof.digits, WITH_BOX if problem.has_box else WITH_WITNESS)


def _narrow(shop: Workshop, content: MapContent) -> bool:
    """Whether γ* and θ are enclosed to the digits asked for."""
    theta = content.claims.theta
    goal = Fraction(1, 10**shop.setting.problem.proof.digits)
    return narrow_parameter(shop, content) and theta.width <= goal * theta.high


def _neimark_sacker(shop: Workshop) -> Theorem[Opened]:
    setting = shop.setting
    odd = setting.trivial and KINDS[setting.problem.kind].odd(setting.problem)
    return Theorem(
        locus=UNIT_CIRCLE,
        block=lambda w, value: w.nearest_pair(value),
        prove=lambda field, basis, witness, Gamma, k: prove_neimark_sacker(
            field, load_neimark_sacker(), basis, witness, Gamma, k, odd
        ),
        print=lambda proof, data, bits, problem: neimark_sacker_content(proof, data, _printer(bits, problem)),
        narrow=_narrow,
        leave_open=open_as(unknown_neimark_sacker),
    )


FLIP: Theorem[Opened] = Theorem(
    locus=UNIT_CIRCLE,
    block=lambda w, value: w.nearest_real(value.real),
    prove=lambda field, basis, witness, Gamma, k: prove_flip(field, load_flip(), basis, witness, Gamma, k),
    print=lambda proof, data, bits, problem: flip_content(proof, data, _printer(bits, problem)),
    narrow=narrow_parameter,
    leave_open=open_as(unknown_flip),
)
