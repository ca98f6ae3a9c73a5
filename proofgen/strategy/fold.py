"""A fold near a candidate: its witness refined, then a box as large as can be proved (MATHEMATICS.md, section 17)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from flint import arb, arb_mat

from ..approx.field import Array
from ..claims.fold import FoldContent, FoldData, fold_content, unknown_fold
from ..claims.open_row import OpenRow
from ..numbers.balls import dot, image, working_precision
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.field import FieldBalls
from ..proof.fold import prove_fold
from ..proof.fold_system import FoldWitness, fold_system, prove_fold_box
from ..search.fold import FoldApprox, fold_approx
from ..search.location import CrossingApprox
from .open_point import open_as
from .refine import iterated
from .window import narrow_parameter
from .workshop import (
    LARGE,
    Workshop,
    basis_balls,
    exact_vector_of_limbs,
    limbs,
    parameter_range,
    point_of_fraction,
)

RADII = (-4, -7, -10, -14, -18, -23, -28, -34, -40)  # tried, as powers of two times the sizes of the search
FEWER = (-10, -18, -28, -40)  # of large fields
_left_open = open_as(unknown_fold)


def fold_point(shop: Workshop, crossing: CrossingApprox) -> FoldContent | OpenRow:
    """Proved at a precision that gives the digits asked for, or at the largest one."""
    problem = shop.setting.problem
    guess = fold_approx(shop.field, crossing)
    if guess is None:
        reason = "no approximate fold with an eigenbasis was found"
        return _left_open(crossing, Failure(FailureCode.NO_EIGENBASIS, reason), shop)
    best: FoldContent | Failure | None = None
    most = max(problem.proof.max_precision, shop.setting.precision)
    bits = shop.setting.precision
    while True:
        with working_precision(bits):
            outcome = _attempt(shop, guess, bits)
        if isinstance(outcome, FoldContent) or not isinstance(best, FoldContent):
            best = outcome
        if bits >= most or (isinstance(outcome, FoldContent) and _narrow(shop, outcome)):
            break
        bits = min(2 * bits, most)
    if isinstance(best, Failure):
        return _left_open(crossing, best, shop)
    low, high = parameter_range(problem)
    if not (low <= best.parameter.low and best.parameter.high <= high):
        reason = "the enclosure of γ* reaches over an end of the parameter interval"
        return _left_open(crossing, Failure(FailureCode.INTERVAL_END, reason), shop)
    return best


def _attempt(shop: Workshop, guess: FoldApprox, bits: int) -> FoldContent | Failure:
    """At the working precision in force."""
    evaluator, problem = shop.evaluator_at(bits), shop.setting.problem
    try:
        refined, basis = _refined(evaluator, guess), basis_balls(guess.basis)
    except ProofFailure as error:
        return error.failure
    failure = Failure(FailureCode.FOLD_NOT_VERIFIED, "no box tried makes the map contract")
    for power in RADII if len(guess.phi) < LARGE else FEWER:
        R = _powers_of_two(guess.sizes, power)
        try:
            box = prove_fold_box(evaluator, refined.witness(guess, R))
        except ProofFailure as error:
            failure = error.failure
            continue
        try:
            proof = prove_fold(evaluator, basis, box, guess.index, shop.locus)
        except ProofFailure as error:
            return error.failure  # its enclosures are those of any box
        data = FoldData(
            refined.gamma, refined.x, refined.v, refined.left, guess.phi, guess.A, R, guess.basis, guess.index
        )
        content = fold_content(proof, data, bits, problem.proof.digits, problem.has_box, shop.locus)
        return content if isinstance(content, FoldContent) else Failure(
            content, "the printed enclosures do not prove the fold any more"
        )  # fmt: skip
    return failure


def _narrow(shop: Workshop, content: FoldContent) -> bool:
    """Whether γ*, a and b are enclosed to the digits asked for; in a box of weights more bits do not help."""
    problem, claims = shop.setting.problem, content.claims
    goal = Fraction(1, 10**problem.proof.digits)
    close = all(x.width <= goal * max(abs(x.low), abs(x.high)) for x in (claims.a, claims.b))
    return problem.has_box or (close and narrow_parameter(shop, content))


@dataclass(frozen=True)
class _Refined:
    """γ̃, x̃, ṽ and the left vector as sums of limbs."""

    gamma: Fraction
    x: list[Array]
    v: list[Array]
    left: list[Array]

    def witness(self, guess: FoldApprox, R: Array) -> FoldWitness:
        x, v, left = (exact_vector_of_limbs(part) for part in (self.x, self.v, self.left))
        phi, radii = ([arb(value) for value in part.tolist()] for part in (guess.phi, R))
        return FoldWitness(point_of_fraction(self.gamma), x, v, phi, arb_mat(guess.A.tolist()), radii, left)


def _refined(evaluator: FieldBalls, guess: FoldApprox) -> _Refined:
    """Newton-like steps with the binary64 inverse, for u and then for the left vector: midpoints only, untrusted."""
    n, A = len(guess.phi), arb_mat(guess.A.tolist())
    phi = [arb(value) for value in guess.phi.tolist()]

    def step_of_u(u: list[arb]) -> list[arb]:
        F = fold_system(evaluator, u[0], u[1 : n + 1], u[n + 1 :], phi)
        return image(A, F)

    u = iterated([arb(value) for value in guess.u.tolist()], step_of_u, guess.sizes)
    parts = limbs(u)
    e = evaluator.expand(u[0], u[1 : n + 1], 1)
    jacobian, f_gamma = evaluator.jacobian(e), [y.real for y in evaluator.parameter_derivative(e)]

    def step_of_left(left: list[arb]) -> list[arb]:
        errors = [dot(left, f_gamma) - 1, *(arb_mat([left]) * jacobian).table()[0], *[arb(0)] * n]
        return list((arb_mat([errors]) * A).table()[0][:n])

    sizes = np.abs(guess.left)
    sizes = np.maximum(sizes, 1e-6 * np.max(sizes))
    left = iterated([arb(value) for value in guess.left.tolist()], step_of_left, sizes)
    gamma = sum((Fraction(float(limb[0])) for limb in parts), Fraction(0))
    return _Refined(gamma, [limb[1 : n + 1] for limb in parts], [limb[n + 1 :] for limb in parts], limbs(left))


def _powers_of_two(sizes: Array, power: int) -> Array:
    """Radii in proportion to the sizes, such as are short in print."""
    return np.array([2.0 ** (math.frexp(size)[1] + power) for size in sizes.tolist()])
