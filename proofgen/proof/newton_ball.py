"""A Hopf point by a ball in which the Hopf system has one zero (Newton-Kantorovich)."""

from __future__ import annotations

from flint import arb

from .field import FieldBalls
from .hopf_point import HopfPointProof, finish_point
from .hopf_system import NewtonBall
from .locus import require_clear, require_isolated
from .normal_form import HopfNormalForm
from .spectrum import Basis, enclose_spectrum


def prove_by_newton_ball(
    field: FieldBalls, normal_form: HopfNormalForm, basis: Basis, ball: NewtonBall, k: int, trivial: bool
) -> HopfPointProof:
    """H2 to H4 over the ball of Method N, whose zero gives H1 and an eigenvalue iω. Raises ProofFailure.

    trivial: f(0, γ) = 0 for all γ. Then, if 0 lies in the ball and A is invertible over it, x* = 0.
    """
    equilibrium = ball.equilibrium
    expansion = field.expand(ball.parameter, equilibrium, 3)
    if trivial and all(x.contains(0) for x in equilibrium):
        spectrum = enclose_spectrum(field.jacobian(expansion), basis.witness, basis)
        require_clear(spectrum, k)
        require_isolated(spectrum, k)
        equilibrium = [arb(0)] * basis.n
        expansion = field.expand(ball.parameter, equilibrium, 3)
    return finish_point(field, normal_form, basis, ball.parameter, ball.omega, equilibrium, expansion, k, None, ball)
