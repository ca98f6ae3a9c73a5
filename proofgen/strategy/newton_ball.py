"""A Newton-Kantorovich ball around a candidate (Method N)."""

from __future__ import annotations

import math

import numpy as np

from ..claims.hopf_point import OpenPoint, PointContent
from ..claims.newton_ball import NewtonBallData, newton_ball_content
from ..codegen.normal_form import load_hopf, load_zero_branch
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.hopf_point import UndecidedPoint
from ..proof.hopf_system import prove_newton_ball
from ..proof.newton_ball import prove_by_newton_ball
from ..proof.pieces import Ends
from ..proof.zero_branch import on_zero_branch
from ..search.candidates import hopf_system_zero
from ..search.extended import hopf_system_jacobian
from ..search.local_witness import inverse_approx, local_witness
from ..search.location import CrossingApprox
from .open_point import left_open, left_open_known
from .workshop import LARGE, Workshop, basis_balls, newton_witness, parameter_range, printed_ball


def newton_ball_point(shop: Workshop, crossing: CrossingApprox) -> PointContent | OpenPoint:
    try:
        zero = hopf_system_zero(shop.field, crossing)
        if shop.setting.trivial:
            zero = zero._replace(x=np.zeros(shop.field.n))
        inverse = inverse_approx(hopf_system_jacobian(shop.field, zero.u, zero.phi))
    except (ValueError, np.linalg.LinAlgError) as error:
        return left_open(crossing, Failure(FailureCode.NEWTON_NOT_CONTRACTING, f"no numerical zero: {error}"), shop)
    w = local_witness(shop.field, zero.gamma, None if shop.setting.trivial else zero.x, 0.0)
    if w is None or (k := w.nearest_pair(1j * zero.omega)) < 0:
        return left_open(crossing, Failure(FailureCode.NO_EIGENBASIS, "no approximate eigenbasis was found"), shop)
    last = Failure(FailureCode.NEWTON_NOT_CONTRACTING, "no radius tried makes the map contract")
    scale = 2.0 ** math.floor(math.log2(max(1.0, float(np.max(np.abs(zero.u))))))
    for power in (-20, -28, -34) if shop.field.n >= LARGE else (-6, -10, -14, -20, -28, -34):
        R = scale * 2.0**power
        data = NewtonBallData(zero.gamma, zero.omega, zero.x, zero.a, zero.b, zero.phi, inverse, R, w.basis)
        witness = newton_witness(data)
        try:
            basis = basis_balls(w.basis)
            proof = prove_by_newton_ball(
                shop.evaluator, load_hopf(), basis, prove_newton_ball(shop.evaluator, witness), k, shop.setting.trivial
            )
        except UndecidedPoint as error:
            return left_open_known(error, shop.setting.precision)
        except ProofFailure as error:
            last = error.failure
            continue
        problem = shop.setting.problem
        content = newton_ball_content(proof, data, shop.setting.precision, problem.proof.digits, problem.has_box)
        if isinstance(content, PointContent):
            if not shop.setting.zero_branch and not _inside(content, parameter_range(problem)):
                reason = "the enclosure of γ* reaches over an end of the parameter interval"
                return left_open(crossing, Failure(FailureCode.INTERVAL_END, reason), shop)
            if shop.setting.zero_branch and not _on_zero_branch(shop, shop.setting.zero_branch, content):
                reason = "the equilibrium is not proved to lie on the branch W(γ)x + b = 0"
                return left_open(crossing, Failure(FailureCode.BRANCH_NOT_VERIFIED, reason), shop)
            return content
        last = Failure(content, "the printed enclosures do not prove it any more")
    return left_open(crossing, last, shop)


def _on_zero_branch(shop: Workshop, normal_form: str, content: PointContent) -> bool:
    """Whether the equilibrium as printed is proved to be that of the zero branch."""
    claims = content.claims
    x = [printed_ball(entry) for entry in claims.equilibrium]
    return on_zero_branch(shop.evaluator, load_zero_branch(normal_form), printed_ball(claims.parameter), x)


def _inside(content: PointContent, ends: Ends) -> bool:
    """Whether γ* as printed lies in the interval, as a window does (on the zero branch its disc says so)."""
    return ends[0] <= content.parameter.low and content.parameter.high <= ends[1]
