"""Pieces with a quadratic form: candidates of all widths, the proof of each, and a greedy covering (Theorem L)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, arb_mat

from ..approx.field import Array, FieldApprox
from ..claims.form_pieces import FormPiece
from ..codegen.loading import load_emitted
from ..codegen.network import NetworkEmission, activation_names, data_of
from ..numbers.balls import ball, exact_matrix_ball
from ..numbers.decimals import floor_log10
from ..problem.network import Problem
from ..proof.definite import Factor, Scaled, integers, positive_eigenvalues
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.form_piece import ROOM, DefectTooLarge, FormTube, FormWitness, NotDefinite, Remainder, settle_form
from ..proof.layer_motion import LayerBalls, LayeredField
from ..proof.tube_field import TubeField
from ..search.form_crossing import CrossingCandidate
from ..search.form_width import BEND_ROOM, Experience, FormCandidate, factors_again, form_candidate, norm_approx
from ..search.predictor import newton_approx, value_at
from ..search.quadratic_form import FORM_BITS, MOST_FORM_BITS, congruence_approx

Ends = tuple[Fraction, Fraction]
FACTOR_BITS = 28  # of a Cholesky factor, behind the point
GROWTH, SHRINKAGE, LEAST_SHRINKAGE, REPEAT = 1.3, 0.97, 0.2, 0.85  # of widths, see `next_piece`
TRIES = 40  # for one piece
LEAST_SLOPE = 0.1  # see `Experience`


@dataclass(frozen=True)
class Settled:
    """The piece with its proof, and what it says of the next."""

    piece: FormPiece
    tube: FormTube
    experience: Experience


def layered_field(problem: Problem, emission: NetworkEmission) -> LayeredField:
    """The layers of an emitted network as balls at the working precision in force."""
    module, names = load_emitted(emission.source), activation_names(problem)
    data = data_of(module, emission)
    layers = []
    for number, (layer, shape) in enumerate(zip(problem.layers, problem.shapes, strict=True), start=1):
        E = problem.combine(layer.parameter, shape)
        bias, c = (
            None if column is None else [row[0] for row in column.table()]
            for column in (data.get(f"b{number}"), data.get(f"c{number}"))
        )
        layers.append(
            LayerBalls.of(
                data[f"W{number}"],
                None if E.is_zero() else exact_matrix_ball(E),
                bias,
                getattr(module, f"activation_{names.index(layer.activation) + 1}"),
                c,
            )
        )
    return LayeredField([ball(x) for x in problem.leak_entries()], tuple(layers))


def next_piece(
    approx: FieldApprox,
    field: TubeField,
    rest: Ends,
    guess: Callable[[float], Array | None],
    width: Fraction,
    smallest: Fraction,
    experience: Experience,
) -> Settled | Failure:
    """The leftmost piece of ``rest``, of about the given width at first; Failure where it would be below ``smallest``.

    A width is tried when binary64 says that it will do; a width that fails is shortened by what binary64, or the proof,
    says is missing. guess: x near the branch, None on the trivial one.
    """
    failure = Failure(FailureCode.BRANCH_NOT_VERIFIED, "no quadratic form was found for a piece")
    shrinkage = SHRINKAGE
    for _ in range(TRIES):
        if width < smallest:
            break
        ends = rest[0], right_end(rest, width)
        centre = float((ends[0] + ends[1]) / 2)
        if not ends[0] <= Fraction(centre) <= ends[1]:
            break
        half = float(max(ends[1] - Fraction(centre), Fraction(centre) - ends[0])) * (1 + 2.0**-50)
        candidate = form_candidate(approx, centre, half, guess(centre), experience, field.has_centre)
        if candidate is None:
            width = (ends[1] - ends[0]) / 2
            continue
        if candidate.share < 1 or len(candidate.factors) < 2:
            width = (ends[1] - ends[0]) * Fraction(max(LEAST_SHRINKAGE, shrinkage * min(candidate.share, 1.0)))
            shrinkage = REPEAT  # what is missing is foretold well, but not always
            continue
        try:
            witness = form_witness(candidate, candidate.P, candidate.margin, candidate.bend)
            tube = settle_form(field, witness, ends, factors_of(candidate))
            if experience.spread > 1 and 2 * float(tube.eta) * experience.spread > candidate.margin * candidate.radius:
                raise DefectTooLarge(tube.eta)
        except DefectTooLarge as error:
            failure, excess = error.failure, _excess(candidate, error.eta)
            if not excess > experience.excess_at(half):  # that is known already: nothing to learn
                width = (ends[1] - ends[0]) * Fraction(REPEAT)
            experience = replace(experience, excess=excess, half=half)
            continue
        except NotDefinite as error:
            failure, learnt = error.failure, _learnt_of_epsilon(candidate, error.epsilon, experience)
            if not (learnt.slope > 1.05 * experience.slope or learnt.bend > 1.05 * experience.bend):
                width = (ends[1] - ends[0]) * Fraction(REPEAT)
            experience = replace(
                experience, slope=max(learnt.slope, experience.slope), bend=max(learnt.bend, experience.bend)
            )
            continue
        except ProofFailure as error:
            failure, width = error.failure, (ends[1] - ends[0]) * Fraction(REPEAT)
            continue
        near = near_ends(approx, candidate.curve, Fraction(centre), ends)
        learnt = _learnt(candidate, tube, experience)
        return Settled(FormPiece(ends, replace(candidate, factors=[]), near), tube, learnt)
    return failure


def near_ends(approx: FieldApprox, curve: Array | None, centre: Fraction, ends: Ends) -> tuple[Array, Array] | None:
    """Points near the equilibria at both ends; None on the trivial branch."""
    if curve is None:
        return None
    along = [(float(end), value_at(curve, float(end - centre))) for end in ends]
    found = [(newton_approx(approx, x, gamma), x) for gamma, x in along]
    left, right = (guess if x is None else x for x, guess in found)
    return left, right


def _learnt(candidate: FormCandidate, tube: FormTube, before: Experience) -> Experience:
    learnt = _learnt_of_epsilon(candidate, tube.epsilon, before)
    return replace(learnt, excess=max(0.0, _excess(candidate, tube.eta)), half=candidate.half)


def _learnt_of_epsilon(candidate: FormCandidate, epsilon: Remainder, before: Experience) -> Experience:
    """By how much ε grows for each unit of r, for a P of norm 1, and with the motion along the predictor."""
    most, beside = float(epsilon.most), float(epsilon.beside)
    reach = 0.0 if candidate.curve is None else candidate.radius * norm_approx(candidate.P)
    slope = max(LEAST_SLOPE, ROOM * beside / reach) if reach > 0 else LEAST_SLOPE
    bend = max(BEND_ROOM, BEND_ROOM * (most - beside) / candidate.curved) if candidate.curved > 0 else before.bend
    return replace(before, slope=slope, bend=bend)


def _excess(candidate: FormCandidate, eta: arb) -> float:
    """By how much η is larger than it looked, for a P of norm 1."""
    return 1.2 * (float(eta) - candidate.sampled) / norm_approx(candidate.P)


def following_width(settled: Settled) -> Fraction:
    """What the next piece is tried with."""
    ends, share = settled.piece.ends, settled.piece.candidate.share
    return (ends[1] - ends[0]) * Fraction(min(GROWTH, max(1.0, SHRINKAGE * share)))


def right_end(rest: Ends, width: Fraction) -> Fraction:
    """The end of a piece of this width at the left of ``rest``: a short decimal, or the end of the rest."""
    length = rest[1] - rest[0]
    if width >= length:
        return rest[1]
    if 2 * width > length:  # two pieces of one width rather than a wide and a narrow one
        width = length / 2
    unit = Fraction(10) ** (floor_log10(width) - 2)
    end = round((rest[0] + width) / unit) * unit
    return end if rest[0] < end < rest[1] else rest[0] + width


def form_witness(
    candidate: FormCandidate | CrossingCandidate, form: Array, margin: float, bend: Array | None = None
) -> FormWitness:
    """The branch as exact numbers, with a form and its margin: P and q, or at a Hopf point G and g. bend: C."""
    curve = None
    if candidate.curve is not None:
        c0, c1, c2, c3 = ([arb(x) for x in row] for row in candidate.curve.tolist())
        curve = c0, c1, c2, c3
    radius = None if candidate.curve is None else arb(candidate.radius)
    C = None if bend is None else arb_mat(bend.tolist())
    return FormWitness(Fraction(candidate.gamma), curve, radius, Fraction(margin), exact_form(form), C)


def exact_form(P: Array) -> Scaled:
    entries, shift = form_integers(P)
    return Scaled(integers(entries), shift)


def form_integers(P: Array) -> tuple[Any, int]:
    """Integers and s with P = integers·2^−s exactly."""
    top = math.ceil(math.log2(float(np.max(np.abs(P)))))
    for bits in range(FORM_BITS, MOST_FORM_BITS + 1):
        entries = np.rint(P * 2.0 ** (bits - top))
        if np.array_equal(entries * 2.0 ** (top - bits), P):
            return [[int(x) for x in row] for row in entries.tolist()], bits - top
    raise ValueError("a form with more bits than it may have")


def unstable_over(piece: FormPiece) -> int | None:
    """How many eigenvalues have a positive real part over a clear piece, by the signs of P's eigenvalues; None where
    that is not proved."""
    if not isinstance(piece.candidate, FormCandidate):
        return None
    P = piece.candidate.P
    return positive_eigenvalues(exact_form(P), exact_form(congruence_approx(P)))


def factors_of(candidate: FormCandidate) -> tuple[Factor, Factor]:
    """Both Cholesky factors as integers; what is small asks for more bits."""
    return factors_as_integers(candidate.factors, max(0, math.ceil(-math.log2(candidate.margin))))


def factors_as_integers(factors: Sequence[tuple[Array, float]], more_bits: int = 0) -> tuple[Factor, Factor]:
    bits = FACTOR_BITS + more_bits
    left, right = (
        Factor(integers([[round(x * 2**bits) for x in row] for row in L.tolist()]), bits, Fraction(theta))
        for L, theta in factors
    )
    return left, right


def tube_of(piece: FormPiece, approx: FieldApprox, field: TubeField) -> FormTube:
    """The tube of a clear piece that was settled before, proved again."""
    assert isinstance(piece.candidate, FormCandidate)
    candidate = replace(piece.candidate, factors=factors_again(approx, piece.candidate))
    if len(candidate.factors) < 2:
        raise ProofFailure(FailureCode.AXIS_NOT_CLEAR, "a quadratic form has no Cholesky factor")
    witness = form_witness(candidate, candidate.P, candidate.margin, candidate.bend)
    return settle_form(field, witness, piece.ends, factors_of(candidate))
