"""Emit the specialised Flint evaluator of a problem, and load what was emitted.

The emitted text is made from SymPy expressions and integers only; no text of a spec is copied
into code (the activation appears in the docstring as printed by SymPy).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import acb, arb, arb_mat

from ..errors import UnsupportedError
from ..numbers.exact import ExactMatrix
from ..problem.network import Problem
from ..symbolic.activations import Activation, derive_activation, s, z
from ..symbolic.jets import z_symbol
from ..symbolic.lyapunov import ZeroBranchFormula, bilinear, h, p_bar, q, q_bar, trilinear, zero_branch_formula
from .environment import python_environment
from .loading import load_emitted
from .printer import flint_assignments, flint_code

TEMPLATE = "one_layer.py.jinja"
INLINE_DIMENSION = 12  # larger matrices stay in the problem's arrays


@dataclass(frozen=True)
class Emission:
    """The emitted module's text with the derivation it came from."""

    source: str
    activation: Activation
    formula: ZeroBranchFormula


def emit_evaluator(problem: Problem, problem_sha256: str) -> Emission:
    """Specialise `templates/evaluator/one_layer.py.jinja` to a one-layer problem."""
    if len(problem.layers) != 1:
        raise UnsupportedError("evaluators are emitted for one layer", key="network.layers")
    layer = problem.layers[0]
    activation = derive_activation(layer.activation)
    formula = zero_branch_formula(*activation.derivatives_at_zero)
    weights = problem.combine(layer.weights).reduced()
    box = problem.weight_box(layer.weights)
    radius_diagonal, radius_off = (Fraction(0), Fraction(0)) if isinstance(box, ExactMatrix) else box
    radius_bias = Fraction(0) if layer.bias is None else problem.radius_of(layer.bias)
    radii, bias_radii = _entrywise(box), _entrywise(radius_bias)
    jet = activation.in_s or activation.derivatives
    jet_lines, jet_codes = flint_assignments(jet, {z: "z", s: "s"})
    bias = None if layer.bias is None else problem.arrays[layer.bias].reduced()
    inline = problem.dimension <= INLINE_DIMENSION
    elements = {z_symbol((k,)): f"z_{k}[i, 0]" for k in (1, 2, 3)}
    names = {q: "q_l", q_bar: "q_l.conjugate()", p_bar: "p_bar_l", h: "h_l", **elements}
    directions = [z_symbol((k,)) for k in (1, 2, 3)]
    source = python_environment().get_template(TEMPLATE).render(
        n=problem.dimension,
        problem_sha256=problem_sha256,
        activation_text=f"σ(z) = {activation.expression}",
        inline=inline,
        w0_rows=weights.numerators.tolist() if inline else [],
        w0_denominator=weights.denominator,
        has_bias=bias is not None,
        bias_numerators=list(bias.numerators.flat) if bias is not None and inline else [],
        bias_denominator=bias.denominator if bias is not None else 1,
        has_box=problem.has_box,
        radii=radii,
        bias_radii=bias_radii,
        radius_diagonal=_fraction_code(radius_diagonal),
        radius_off=_fraction_code(radius_off),
        radius_bias=_fraction_code(radius_bias) if isinstance(radius_bias, Fraction) else "",
        radius_diagonal_text=radius_diagonal,
        radius_off_text=radius_off,
        sigma_code=flint_code(activation.expression, {z: "z"}),
        in_s=activation.in_s is not None,
        jet_lines=jet_lines,
        jet_codes=jet_codes,
        second_vanishes=activation.derivatives[1] == 0,
        third_vanishes=activation.derivatives[2] == 0,
        bilinear_code=flint_code(bilinear(directions[0], directions[1]), names),
        trilinear_code=flint_code(trilinear(*directions), names),
        at_zero_codes=[flint_code(value) for value in activation.derivatives_at_zero],
        quadratic=formula.t_summand != 0,
        B_qq_code=flint_code(formula.B_qq, names),
        t_code=flint_code(formula.t_summand, names),
        ell1_text=f"ℓ1 = {formula.first_lyapunov_coefficient}",
        ell1_code=flint_code(formula.first_lyapunov_coefficient),
    )  # fmt: skip
    return Emission(source, activation, formula)


def _entrywise(box: object) -> ExactMatrix | None:
    return box.reduced() if isinstance(box, ExactMatrix) else None


def _fraction_code(value: Fraction) -> str:
    return flint_code(sp.Rational(value.numerator, value.denominator))


class Evaluator:
    """The emitted module, loaded; the prover calls it at the working precision in force.

    weights(), bias(): W⁰ and b with the weight box. The other emitted functions are attributes
    of ``module``; those of the zero branch are named here.
    """

    def __init__(self, problem: Problem, emission: Emission) -> None:
        module = load_emitted(emission.source)
        layer = problem.layers[0]
        self.module: Any = module
        self.emission = emission
        self.quadratic = emission.formula.t_summand != 0
        self._inline = problem.dimension <= INLINE_DIMENSION
        self._weights = None if self._inline else problem.combine(layer.weights).reduced()
        self._bias = None if layer.bias is None or self._inline else problem.arrays[layer.bias].reduced()
        self._radii = None if self._inline else _entrywise(problem.weight_box(layer.weights))
        bare = self._inline or layer.bias is None
        self._bias_radii = None if bare else _entrywise(problem.radius_of(layer.bias or ""))
        self.has_bias = layer.bias is not None

    def weights(self) -> arb_mat:
        matrix: arb_mat = self.module.weights(*_numerators(self._weights), *_numerators(self._radii))
        return matrix

    def bias(self) -> arb_mat:
        column: arb_mat = self.module.bias(*_numerators(self._bias), *_numerators(self._bias_radii))
        return column

    def sigma_at_zero(self) -> tuple[arb, arb, arb]:
        first, second, third = self.module.sigma_at_zero()
        return first, second, third

    @property
    def lyapunov_sums(self) -> Callable[[list[acb], list[acb]], tuple[acb, arb]]:
        return self.module.lyapunov_sums  # type: ignore[no-any-return]


def _numerators(matrix: ExactMatrix | None) -> tuple[list[int], ...]:
    return () if matrix is None else (matrix.numerators.ravel().tolist(),)
