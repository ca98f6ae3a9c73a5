"""What a process needs to prove points and pieces: evaluator, field, and witnesses as balls."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

import numpy as np
from flint import acb, arb, arb_mat

from ..approx.field import Array
from ..approx.threads import one_blas_thread
from ..claims.newton_ball import NewtonBallData
from ..numbers.balls import ball, binary64_matrix, current_precision, midpoints_approx, working_precision
from ..numbers.printed import Enclosure
from ..problem.problem import OneParameterProblem
from ..proof.field import FieldBalls
from ..proof.hopf_system import NewtonWitness
from ..proof.locus import IMAGINARY_AXIS, UNIT_CIRCLE, Locus
from ..proof.pieces import Ends, interval_ball
from ..proof.spectrum import Basis, Witness, prepare_basis
from ..proof.tube import BranchWitness, TubeTooNarrow
from ..proof.tube_field import TubeField
from ..search.local_witness import LocalWitness
from ..search.witness import WitnessLimbs
from .fields import KINDS, AnyEmission, field_approx, field_balls

T = TypeVar("T")
R = TypeVar("R")
LIMB_BITS = 50  # that one more limb of a vector is worth
EXACT = 4400  # bits: sums of binary64 numbers are exact
LARGE = 50  # dimension from which fewer windows and radii are tried for a point
FORM_DIMENSION = {"network": 20, "equations": 40, "cell": 10**6}  # from which on forms are tried first
BOX_DIMENSION = FORM_DIMENSION | {"network": 3}  # the same with a box of weights, over which discs are soon too wide
MODERATE = 2**16  # of weights and parameter: beyond, a checker takes finer units for discs, but not for forms
PIECE_BITS = 256  # most for pieces: their witnesses are binary64 numbers, and a checker's work grows with its units
TUBES = 3  # times that a tube is widened before a window or piece is given up


@dataclass(frozen=True)
class Setting:
    """What every worker needs. trivial: the branch is x = 0 (established exactly); zero_branch: the text of its
    normal form, where points are meant to lie on W(γ)x + b = 0 of one layer with σ(0) = 0 and this is to be proved.
    all_or_nothing: AbandonedError is raised at the first point or piece that stays open.
    """

    problem: OneParameterProblem
    emission: AnyEmission
    precision: int
    trivial: bool
    method: str
    zero_branch: str | None = None
    all_or_nothing: bool = False

    @property
    def of_pieces(self) -> Setting:
        """The same at the precision of pieces and arcs."""
        return replace(self, precision=min(self.precision, PIECE_BITS))


class Workshop:
    """A setting with its evaluator at the working precision and its binary64 field; one per process."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.field = field_approx(setting.problem, setting.emission)
        self._evaluators: dict[int, FieldBalls] = {}
        self.evaluator = self.evaluator_at(setting.precision)

    def evaluator_at(self, bits: int) -> FieldBalls:
        """The evaluator with its data at a precision."""
        if bits not in self._evaluators:
            with working_precision(bits):
                self._evaluators[bits] = field_balls(self.setting.problem, self.setting.emission)
        return self._evaluators[bits]

    @property
    def of_pieces(self) -> Workshop:
        """The same at the precision of pieces and arcs."""
        return self if self.setting.of_pieces == self.setting else Workshop(self.setting.of_pieces)

    @cached_property
    def tube_field(self) -> TubeField:
        """The field as Theorem L asks for it, at the working precision in force."""
        return KINDS[self.setting.problem.kind].tube_field(self.setting.problem, self.setting.emission)

    @property
    def locus(self) -> Locus:
        """Where eigenvalues change stability."""
        return UNIT_CIRCLE if self.setting.problem.discrete else IMAGINARY_AXIS

    def around(self, gamma: float) -> Workshop:
        """For a problem on the whole line: the same over an interval around γ ≠ 0, with the same evaluators."""
        centre = Fraction(gamma)
        half = abs(centre) / 2
        other = copy.copy(self)
        problem = replace(self.setting.problem, interval=(centre - half, centre + half))
        other.setting = replace(self.setting, problem=problem)
        return other

    @property
    def length(self) -> Fraction:
        low, high = parameter_range(self.setting.problem)
        return high - low


def with_forms(problem: OneParameterProblem) -> bool:
    """Whether quadratic forms are tried first: for a field of this size they are the cheaper ones."""
    if problem.has_box:
        large = problem.dimension >= BOX_DIMENSION[problem.kind]
        return large and not problem.discrete and problem.largest_number <= MODERATE
    return problem.dimension >= FORM_DIMENSION[problem.kind] and not problem.discrete


def parameter_range(problem: OneParameterProblem) -> Ends:
    if problem.interval is None:
        raise ValueError("a parameter interval is needed")
    return problem.interval


def basis_witness(limbs: WitnessLimbs) -> Witness:
    """The exact eigenbasis."""
    X, Y, d = (exact_matrix_of_limbs(part) for part in (limbs.X, limbs.Y, limbs.d))
    return Witness(limbs.pairs, X, Y, [acb(re, im) for re, im in d.table()])


def basis_balls(limbs: WitnessLimbs) -> Basis:
    """The same with its bounds. Raises ProofFailure."""
    return prepare_basis(basis_witness(limbs))


def branch_witness(w: LocalWitness) -> BranchWitness:
    if w.x is None or w.slope is None or w.radius is None:
        return BranchWitness(point_of_fraction(w.gamma), None, None, None)
    x, slope = exact_vector_of_limbs(w.x), [arb(v) for v in w.slope.tolist()]
    bends = None if w.bends is None else ([arb(v) for v in w.bends[0].tolist()], [arb(v) for v in w.bends[1].tolist()])
    return BranchWitness(point_of_fraction(w.gamma), x, slope, arb(w.radius), bends)


def exact_matrix_of_limbs(limbs: Sequence[Array]) -> arb_mat:
    """The exact sum of binary64 arrays."""
    return binary64_matrix(limbs, EXACT if len(limbs) > 1 else current_precision())


def exact_vector_of_limbs(limbs: Sequence[Array]) -> list[arb]:
    return [row[0] for row in exact_matrix_of_limbs([limb.reshape(-1, 1) for limb in limbs]).table()]


def limbs(values: Sequence[arb]) -> list[Array]:
    """Binary64 arrays with these sums, to the working precision."""
    rest, found = arb_mat([[x.mid()] for x in values]), list[Array]()
    for _ in range(-(-current_precision() // LIMB_BITS) + 1):
        limb = midpoints_approx(rest)
        if found and not np.any(limb):
            break
        found.append(np.ascontiguousarray(limb[:, 0]))
        rest = (rest - arb_mat(limb.tolist())).mid()
    return found


def point_of_fraction(x: Fraction) -> arb:
    """The exact point of a dyadic rational."""
    with working_precision(EXACT):
        return arb(x.numerator) * arb(2) ** (1 - x.denominator.bit_length())


def with_wide_tube(
    w: LocalWitness, attempt: Callable[[Basis, BranchWitness], R], widening: float = 1.0
) -> tuple[LocalWitness, R]:
    """The attempt, with wider tubes as long as that is what is missing; the witness that succeeded."""
    basis = basis_balls(w.basis)
    if w.radius is not None and widening != 1:
        w = replace(w, radius=w.radius * widening)
    for _ in range(TUBES):
        try:
            return w, attempt(basis, branch_witness(w))
        except TubeTooNarrow as error:
            needed = 1.3 * widening * float(error.needed)
            if w.radius is None or not math.isfinite(needed) or needed > 1e3 * max(1.0, w.radius):
                raise
            w = replace(w, radius=needed)
    return w, attempt(basis, branch_witness(w))


def newton_witness(data: NewtonBallData) -> NewtonWitness:
    x, a, b, phi = ([arb(v) for v in part.tolist()] for part in (data.x, data.a, data.b, data.phi))
    A = arb_mat(data.A.tolist())
    return NewtonWitness(arb(data.gamma), arb(data.omega), x, a, b, phi, A, arb(data.R))


def printed_ball(printed: Enclosure) -> arb:
    return ball(printed.low) if printed.low == printed.high else interval_ball(printed.ends)


@contextmanager
def workers(setting: Setting, jobs: int) -> Iterator[Callable[[Callable[[Workshop, T], R], Iterable[T]], Iterator[R]]]:
    """A map of worker functions over values, in order; in this process when jobs is 1."""
    if jobs <= 1:
        shop = Workshop(setting)
        yield lambda function, values: (function(shop, value) for value in values)
        return
    with ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=(setting,)) as pool:
        yield lambda function, values: pool.map(_run, [(function, value) for value in values])


_shop: list[Workshop] = []  # of a worker process, set once by its initializer
_limits: list[object] = []


def _start_worker(setting: Setting) -> None:
    _limits.append(one_blas_thread())  # set from here on; several processes share the cores already
    _shop.append(Workshop(setting))


def _run(task: tuple[Callable[[Workshop, T], R], T]) -> R:
    function, value = task
    return function(_shop[0], value)
