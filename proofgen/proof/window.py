"""A Hopf point by a window: one pair of eigenvalues crosses the axis, with nonzero speed (Theorem P)."""

from __future__ import annotations

from flint import arb

from .crossing import prove_crossing
from .hopf_point import GeneralHopfProof, finish_point
from .spectrum import Basis
from .tube import BranchWitness, FieldEvaluator


def prove_by_window(
    evaluator: FieldEvaluator, basis: Basis, witness: BranchWitness, Gamma: arb, k: int
) -> GeneralHopfProof:
    """Method P. Raises ProofFailure, UndecidedPoint where only H4 is open."""
    crossing = prove_crossing(evaluator, basis, witness, Gamma, k)
    equilibrium = crossing.tube.equilibrium(crossing.parameter)
    expansion = crossing.tube.expand(evaluator, crossing.parameter, 3)
    return finish_point(evaluator, basis, crossing.parameter, None, equilibrium, expansion, k, crossing, None)
