"""The coefficients of Neimark–Sacker points and flips of ``x ↦ ρx + ησ(Vx + b)`` and ``x ↦ ρx + ηVσ(x)``, from the
general formulas, where the argument of σ is 0.

There D_xF = ρI + τV, τ = ησ_1. With D_xF q = mq, p^H D_xF = mp^H: Vq = νq, p^H V = νp^H, m = ρ + τν. V = cW + eI for
numbers c ≠ 0, e (γW: c = γ; W + γI: c = 1), so that for ζ_1 = (1 − ρ)/(τc), ζ_2 = (m² − ρ)/(τc)

    (I − D_xF)⁻¹ = ((ζ_1 − e/c)I − W)⁻¹/(τc),     (m²I − D_xF)⁻¹ = ((ζ_2 − e/c)I − W)⁻¹/(τc) .

SymPy puts these into the jets, neuron by neuron. With m = −1, q real and h = g the coefficient c of a flip is c_1/3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sympy as sp

from .jets import sigma_derivatives
from .lyapunov import bilinear, p_bar, q, q_bar, q_norm_squared, trilinear

sigma1, sigma2, sigma3 = sigma_derivatives
eta, rest, scale = sp.symbols("eta rho c", real=True, nonzero=True)
multiplier, nu, nu_bar, zeta1, zeta2 = sp.symbols("m nu nubar zeta_1 zeta_2", complex=True)
# component l of the solutions g of (z_1I − W)g = q∘q̄ and h of (z_2I − W)h = q∘q, z_i = ζ_i − e/c
g, h = sp.symbols("g h", complex=True)
S, U = sp.symbols("S U", complex=True)


@dataclass(frozen=True)
class CircleBranchFormula:
    """Closed form for given derivatives of σ at 0.

    coefficient_S: of S within the bracket; u_summand: component l of U·(p^H q), or 0; c1: of the normal form for q of
    any length, in S, U, q^H q; then a = Re(m̄c1), and c = c1/3 at a flip.
    """

    coefficient_S: sp.Expr
    u_summand: sp.Expr
    c1: sp.Expr


@lru_cache(maxsize=32)
def circle_branch_formula(
    outside: bool, value1: sp.Expr = sigma1, value2: sp.Expr = sigma2, value3: sp.Expr = sigma3
) -> CircleBranchFormula:
    """outside: of ρx + ηVσ(x); σ_k = value_k (symbols or exact numbers)."""
    values = {sigma1: value1, sigma2: value2, sigma3: value3}
    factor = eta * nu if outside else eta * nu**2 * nu_bar
    bracket = sp.expand(sp.simplify(sp.expand(_outside() if outside else _inside()) / factor))
    without = bracket.subs({g: 0, h: 0})
    coefficient_S = sp.simplify(without / (p_bar * q**2 * q_bar))
    u_summand = sp.expand(bracket - without)
    if (coefficient_S.free_symbols | u_summand.free_symbols) & {nu, nu_bar, eta, rest, scale, multiplier}:
        raise AssertionError("the terms do not have the factor in common")
    if coefficient_S.free_symbols - {*sigma_derivatives}:
        raise AssertionError("the cubic term is not a multiple of S")
    coefficient_S, u_summand = (sp.factor(part.subs(values)) for part in (coefficient_S, u_summand))
    total = coefficient_S * S + (U if u_summand != 0 else 0)
    return CircleBranchFormula(coefficient_S, u_summand, factor * total / (2 * q_norm_squared))


def _inside() -> sp.Expr:
    """The bracket 2p^H q·c1 of ρx + ησ(Vx + b): B = η b, C = η c with the jets b, c of σ at 0, from Vu."""
    of_q, of_q_bar, tau = nu * q, nu_bar * q_bar, eta * sigma1
    b_11, b_20 = eta * bilinear(of_q, of_q_bar), eta * bilinear(of_q, of_q)
    image = sp.Symbol("image")

    def of_solution(b: sp.Expr, over: sp.Expr, resolved: sp.Expr, zeta: sp.Expr) -> sp.Expr:
        """V y where (z − ρ)y − τVy = b: y = b/(τc·over)·resolved, and (z − ρ)/(τc) = ζ."""
        shifted = zeta * b / over * resolved  # (z − ρ)y
        return sp.solve(sp.Eq(tau * image, shifted - b), image)[0]

    of_h11 = of_solution(b_11, q * q_bar, g, zeta1)
    of_h20 = of_solution(b_20, q**2, h, zeta2)
    cubic = eta * trilinear(of_q, of_q, of_q_bar)
    return p_bar * (cubic + 2 * eta * bilinear(of_q, of_h11) + eta * bilinear(of_q_bar, of_h20))


def _outside() -> sp.Expr:
    """The bracket of ρx + ηVσ(x): B = ηV b, C = ηV c with the jets b, c of σ at x = 0, and p^H V = νp^H."""
    b_11, b_20 = bilinear(q, q_bar), bilinear(q, q)
    # y = (z − ρ − τV)⁻¹ηVb = ((z − ρ)(z − ρ − τV)⁻¹b − b)/σ_1, and (z − ρ)(z − ρ − τV)⁻¹ = ζ·(resolvent of W)
    h11 = (zeta1 * b_11 / (q * q_bar) * g - b_11) / sigma1
    h20 = (zeta2 * b_20 / q**2 * h - b_20) / sigma1
    return eta * nu * p_bar * (trilinear(q, q, q_bar) + 2 * bilinear(q, h11) + bilinear(q_bar, h20))
