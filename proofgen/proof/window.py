"""A Hopf point by a window: one pair of eigenvalues crosses the axis, with nonzero speed (Theorem P)."""

from __future__ import annotations

from flint import arb

from .crossing import prove_crossing
from .field import FieldBalls
from .hopf_point import HopfPointProof, finish_point
from .normal_form import HopfNormalForm
from .spectrum import Basis
from .tube import BranchWitness


def prove_by_window(
    field: FieldBalls, normal_form: HopfNormalForm, basis: Basis, witness: BranchWitness, Gamma: arb, k: int
) -> HopfPointProof:
    """Method P. Raises ProofFailure, UndecidedPoint where only H4 is open."""
    crossing = prove_crossing(field, basis, witness, Gamma, k)
    equilibrium = crossing.tube.equilibrium(crossing.parameter)
    expansion = crossing.tube.expand(field, crossing.parameter, 3)
    return finish_point(
        field, normal_form, basis, crossing.parameter, None, equilibrium, expansion, k, crossing, None
    )
