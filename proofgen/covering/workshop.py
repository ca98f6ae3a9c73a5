"""What a process needs to prove points and pieces: evaluator, field, and witnesses as balls."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from flint import acb, arb, arb_mat

from ..balls import ball, working_precision
from ..certificate_general import NewtonData
from ..codegen.emit_layered import LayeredEmission, LayeredEvaluator
from ..exact import parse_printed_decimal
from ..problem import Problem
from ..proof.branch import BranchWitness, TubeTooNarrow
from ..proof.completeness import Ends, interval_ball
from ..proof.newton_kantorovich import NewtonWitness
from ..proof.spectrum import Basis, Witness, prepare_basis
from ..search.field import layered_field_approx
from ..search.local_witness import LocalWitness
from ..search.witness import WitnessLimbs

T = TypeVar("T")
R = TypeVar("R")
Progress = Callable[[str, int, int], None]
TUBES = 3  # times that a tube is widened before a window or piece is given up


@dataclass(frozen=True)
class Setting:
    """What every worker needs. trivial: the branch is x = 0 (established exactly)."""

    problem: Problem
    emission: LayeredEmission
    precision: int
    trivial: bool
    method: str


class Workshop:
    """A setting with its evaluator at the working precision and its binary64 field; one per process."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.field = layered_field_approx(setting.problem)
        with working_precision(setting.precision):
            self.evaluator = LayeredEvaluator(setting.problem, setting.emission)

    @property
    def length(self) -> Fraction:
        low, high = parameter_range(self.setting.problem)
        return high - low


def parameter_range(problem: Problem) -> Ends:
    if problem.interval is None:
        raise ValueError("a parameter interval is needed")
    return problem.interval


def basis_balls(limbs: WitnessLimbs) -> Basis:
    """The exact eigenbasis with its bounds. Raises ProofFailure."""
    X, Y = arb_mat(limbs.X[0].tolist()), arb_mat(limbs.Y[0].tolist())
    return prepare_basis(Witness(limbs.pairs, X, Y, [acb(re, im) for re, im in limbs.d[0].tolist()]))


def branch_witness(w: LocalWitness) -> BranchWitness:
    if w.x is None or w.slope is None or w.radius is None:
        return BranchWitness(arb(w.gamma), None, None, None)
    x, slope = ([arb(v) for v in array.tolist()] for array in (w.x, w.slope))
    return BranchWitness(arb(w.gamma), x, slope, arb(w.radius))


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
            needed = 1.5 * widening * float(error.needed)
            if w.radius is None or not math.isfinite(needed) or needed > 1e3 * max(1.0, w.radius):
                raise
            w = replace(w, radius=needed)
    return w, attempt(basis, branch_witness(w))


def newton_witness(data: NewtonData) -> NewtonWitness:
    x, a, b, phi = ([arb(v) for v in part.tolist()] for part in (data.x, data.a, data.b, data.phi))
    A = arb_mat(data.A.tolist())
    return NewtonWitness(arb(data.gamma), arb(data.omega), x, a, b, phi, A, arb(data.R))


def printed_ball(pair: Sequence[str]) -> arb:
    low, high = (parse_printed_decimal(text) for text in pair)
    return ball(low) if low == high else interval_ball((low, high))


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


def _start_worker(setting: Setting) -> None:
    _shop.append(Workshop(setting))


def _run(task: tuple[Callable[[Workshop, T], R], T]) -> R:
    function, value = task
    return function(_shop[0], value)
