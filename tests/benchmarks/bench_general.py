"""Cost of one general Hopf point (leak 1, bias, tanh) as a multiple of one n × n ball product, measured in one run.

    python -m pytest tests/benchmarks/bench_general.py -q -s -o python_files="bench_*.py" -o python_functions="bench_*"

Two units: the product of two matrices of binary64 numbers at 128 bits (the cheapest that can be called so), and that of two
ball matrices with full mantissas at the precision of the proof, 181 bits. The candidate comes from the search; measured is
everything after it: refinement of the witness, window, Theorems A and B, both linear systems, printing. Also: the gain of a
second process in a run of many points and pieces.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from flint import arb, arb_mat

from proofgen.approx.network import layered_field_approx
from proofgen.claims.hopf_point import PointContent
from proofgen.codegen.network import emit_network
from proofgen.numbers.balls import working_precision
from proofgen.numbers.exact import ExactMatrix
from proofgen.problem.network import Layer, Problem, Term
from proofgen.search.candidates import find_candidates
from proofgen.spec.load import load
from proofgen.strategy.points import prove_point
from proofgen.strategy.run import prove
from proofgen.strategy.workshop import Setting, Workshop

INTERVAL = Fraction("1.07"), Fraction("1.08")  # holds a Hopf point for dimensions up to 200
WIDER = Fraction("1"), Fraction("1.1")  # for all
NETWORKS = Path(__file__).parent.parent.parent / "proofs" / "networks"


def leaky(n: int) -> Problem:
    """x' = −x + tanh(W(γ)x + b), W antisymmetric plus a perturbation of size 0.1, entries of order 1/√n."""
    rng = np.random.default_rng(n)
    A = rng.standard_normal((n, n))
    W = (A - A.T) / np.sqrt(n) + 0.1 * rng.standard_normal((n, n)) / np.sqrt(n)
    arrays = {"W1": ExactMatrix.from_binary64(W), "b1": ExactMatrix.from_binary64(0.1 * rng.standard_normal((n, 1)))}
    layer = Layer("tanh", (Term(Fraction(1), "W1"),), (Term(Fraction(1)),), "b1")
    interval = INTERVAL if n <= 200 else WIDER
    return Problem(f"leaky, {n} neurons", n, (layer,), arrays, interval=interval, leak=Fraction(1))


def fastest(run: Callable[[], object], times: int = 5) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


@pytest.mark.parametrize("n", [100, 200, 256, 512])
def bench_one_point(n: int) -> None:
    problem = leaky(n)
    assert problem.interval is not None
    ends = float(problem.interval[0]), float(problem.interval[1])
    crossing = next(c for c in find_candidates(layered_field_approx(problem), ends, None, False).crossings if c.kind == "hopf")
    rng = np.random.default_rng(0)
    with working_precision(128):
        A = arb_mat(rng.standard_normal((n, n)).tolist())
        plain = fastest(lambda: A * A)
    with working_precision(181):
        B = arb_mat([[arb(x) / 3 for x in row] for row in rng.standard_normal((n, n)).tolist()])
        full = fastest(lambda: B * B)
    emission = emit_network(problem, "0" * 64)
    for method in ("spectral", "newton-kantorovich")[: 2 if n <= 200 else 1]:
        shop = Workshop(Setting(problem, emission, 128, False, method))
        assert isinstance(prove_point(shop, crossing), PointContent)
        seconds = fastest(lambda shop=shop: prove_point(shop, crossing), 3 if n <= 200 else 1)  # type: ignore[misc]
        print(f"\nn = {n}, {method}: {seconds:.3f} s = {seconds / plain:.0f} products of binary64 matrices at 128 bits "
              f"({plain:.4f} s) = {seconds / full:.0f} full ball products at 181 bits ({full:.4f} s)")  # fmt: skip


def bench_two_processes() -> None:
    problem = load(NETWORKS / "leaky-tanh-12.toml")
    one, two = (fastest(lambda jobs=jobs: prove(problem, jobs=jobs), 3) for jobs in (1, 2))  # type: ignore[misc]
    print(f"\nleaky-tanh-12: {one:.2f} s with one process, {two:.2f} s with two ({two / one:.2f})")
