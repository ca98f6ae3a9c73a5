"""Cost of fields given by equations, measured in one run and given as ratios.

    python -m pytest tests/benchmarks/bench_equations.py -q -s -o python_files="bench_*.py" -o python_functions="bench_*"

Unit: one evaluation of the field with two derivatives (`expand`, order 2) at the precision of the proof. Hodgkin–Huxley
on [0, 200] with one process and with two, a whole run with its documents in a fresh interpreter, and its re-check;
emission for twelve equations and for forty; an arc around a fold in ordinary pieces of the same branch.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from fields import LITERATURE, field, textbook
from flint import arb

from proofgen.codegen.equations import emit_equations
from proofgen.codegen.equations_balls import equations_balls
from proofgen.numbers.balls import working_precision
from proofgen.problem.equations import EquationsProblem
from proofgen.strategy import arcs, fold, pieces
from proofgen.strategy.run import prove

ROOT = Path(__file__).parent.parent.parent


def fastest(run: Callable[[], object], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def unit() -> float:
    problem = textbook("hodgkin-huxley")
    with working_precision(128):
        evaluator = equations_balls(problem, emit_equations(problem, "0" * 64))
        x = [arb(8.4, 0.01), arb(0.13, 1e-4), arb(0.31, 1e-4), arb(0.45, 1e-4)]

        def many() -> None:
            for _ in range(1000):
                evaluator.expand(arb(20, 0.1), x, 2)

        return fastest(many) / 1000


@pytest.mark.parametrize("jobs", [1, 2])
def bench_hodgkin_huxley(jobs: int) -> None:
    problem, one = textbook("hodgkin-huxley"), unit()
    seconds = fastest(lambda: prove(problem, jobs=jobs))
    print(f"\nHodgkin-Huxley on [0, 200], {jobs} process(es): {seconds:.2f} s = {seconds / one:.0f} evaluations of the field")


def bench_hodgkin_huxley_whole(tmp_path: Path) -> None:
    spec, out = ROOT / "proofs" / "textbook" / "hodgkin-huxley.toml", tmp_path / "hh"

    def run() -> None:
        command = [sys.executable, "-m", "proofgen", "prove", str(spec), "--out", str(out), "--jobs", "2", "--no-check"]
        subprocess.run(command, check=True, capture_output=True)

    def check() -> None:
        subprocess.run([sys.executable, "-I", str(ROOT / "proofgen" / "check.py"), str(out)], check=True, capture_output=True)

    proof, checked = fastest(run), fastest(check)
    print(f"\nfresh interpreter, documents and LaTeX, two processes: {proof:.2f} s; re-check {checked:.2f} s = {checked / proof:.1f}×")


@pytest.mark.parametrize("name", ["co-oxidation"])
def bench_arc(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest arc that is proved and the certificate of its fold, beside a settled piece: searches and proofs."""
    spent: dict[str, list[float]] = {"_fold": [], "_attempt": [], "_try_piece": []}

    def timed(module: object, key: str) -> None:
        original = getattr(module, key)

        def run(*arguments: object, **options: object) -> object:
            start = time.process_time()
            try:
                return original(*arguments, **options)
            finally:
                spent[key].append(time.process_time() - start)

        monkeypatch.setattr(module, key, run)

    timed(arcs, "_fold")
    timed(fold, "_attempt")
    timed(pieces, "_try_piece")
    settled = prove(textbook(name)).bundle.branch.witness
    assert settled is not None
    folds, piece = len(spent["_fold"]), sum(spent["_try_piece"]) / len(settled.pieces)
    arc, point = sum(spent["_fold"]) / folds / piece, sum(spent["_attempt"]) / folds / piece
    print(f"\n{name}: an arc costs {arc:.1f} pieces (each {1e3 * piece:.1f} ms with its failed attempts), the certificate of its fold {point:.1f}")


def ring(pairs: int) -> EquationsProblem:
    """FitzHugh-Nagumo cells, unequal, coupled in a ring."""
    variables = "; ".join(f"u{i}; w{i}" for i in range(pairs))
    texts = "; ".join(
        f"u{i}*(u{i} - 1/10)*(1 - u{i}) - w{i} + I + 0.05*(u{i - 1 if i else pairs - 1} - 2*u{i} + u{(i + 1) % pairs})"
        f"*(1 + {i}/100); (0.248 + {i}/1000)*(u{i} - w{i})"
        for i in range(pairs)
    )
    start = ", ".join(['"0.18"'] * (2 * pairs))
    return field(variables, texts, "0.18, 0.23", parameter="I", more=f"start = [{start}]")


@pytest.mark.parametrize("n", [12, 40])
def bench_emission(n: int) -> None:
    problem = ring(n // 2)
    seconds = fastest(lambda: emit_equations(problem, "0" * 64))
    whole = fastest(lambda: prove(problem), times=1)
    print(f"\nring of {n} equations: emission {seconds:.2f} s, whole proof {whole:.2f} s")


@pytest.mark.parametrize("name", LITERATURE)
def bench_literature(name: str) -> None:
    from fields import literature

    problem = literature(name)
    seconds = fastest(lambda: prove(problem))
    print(f"\n{name}: {seconds:.2f} s")
