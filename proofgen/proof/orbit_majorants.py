"""Bounds of D_xf on a complex neighbourhood for polynomials, by moduli (MATHEMATICS.md, section 16). Balls only."""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb_mat

from ..numbers.balls import ball
from ..symbolic.graph import Graph
from ..symbolic.majorants import majorant
from .failure import FailureCode, ProofFailure
from .orbit_polynomials import PieceWitness
from .orbit_strip import (
    Neighbourhood,
    StripBounds,
    largest_arguments,
    largest_parameter_change,
    require_neighbourhood,
    upper,
)


@dataclass(frozen=True)
class PolynomialField:
    """A field given by polynomials (`symbolic.majorants.is_polynomial`)."""

    graph: Graph
    has_box = False

    @property
    def exponent(self) -> int:
        return self.graph.dimension + 1

    def bounds(self, witness: PieceWitness, omega: Neighbourhood) -> StripBounds:
        require_neighbourhood(witness, omega)
        X = [x.upper() for x in largest_arguments(witness, omega).entries()]
        centre = witness.gamma.sizes[0, 0]
        G = (centre + largest_parameter_change(witness, omega)).upper()
        found = majorant(self.graph, X, G, ball)
        M, m = arb_mat(found.jacobian), arb_mat([[x] for x in found.by_parameter])
        if not all(x.is_finite() for x in (*M.entries(), *m.entries())):
            raise ProofFailure(FailureCode.NOT_FINITE, "a bound of the field is not finite")
        return StripBounds(upper(M), upper(m), arb_mat(len(X), 1))
