"""ℓ1 on x = 0 of rate networks with a gain, ``x' = −δx + σ(γWx)`` and ``x' = −δx + γWσ(x)``, from the general formula.

There A = σ_1γW − δI. At a Hopf point with Aq = iωq, p^H A = iωp^H: γWq = κq and p^H γW = κp^H for
κ = (δ + iω)/σ_1, and with the real part α = δ/(σ_1γ) of the eigenvalue of W and ζ = α(1 + 2iω/δ)

    −A⁻¹ = (α/δ)(αI − W)⁻¹,     (2iωI − A)⁻¹ = (α/δ)(ζI − W)⁻¹ .

SymPy puts these into the jets, neuron by neuron.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import sympy as sp

from .jets import sigma_derivatives
from .lyapunov import bilinear, omega, p_bar, q, q_bar, q_norm_squared, trilinear

sigma1, sigma2, sigma3 = sigma_derivatives
delta, alpha = sp.symbols("delta alpha", real=True, nonzero=True)
kappa, kappa_bar, zeta = sp.symbols("kappa kappa_bar zeta", complex=True)
# component l of g = (αI − W)⁻¹(q∘q̄) and of h = (ζI − W)⁻¹(q∘q)
g, h = sp.symbols("g h", complex=True)
S, U = sp.symbols("S U", complex=True)


@dataclass(frozen=True)
class GainBranchFormula:
    """Closed form for given derivatives of σ at 0.

    factor: what all terms share (κ|κ|² or κ); coefficient_S: of S within the bracket; u_summand: component l of
    U·(p^H q), or 0; c1: the coefficient of the normal form for q of any length, in S, U, q^H q; ℓ1 = Re c1/ω.
    """

    factor: sp.Expr
    coefficient_S: sp.Expr
    u_summand: sp.Expr
    c1: sp.Expr


@lru_cache(maxsize=32)
def gain_branch_formula(
    outside: bool, value1: sp.Expr = sigma1, value2: sp.Expr = sigma2, value3: sp.Expr = sigma3
) -> GainBranchFormula:
    """outside: of −δx + γWσ(x); σ_k = value_k (symbols or exact numbers)."""
    values = {sigma1: value1, sigma2: value2, sigma3: value3}
    bracket = sp.expand(_outside() if outside else _inside())
    factor = kappa if outside else kappa**2 * kappa_bar
    bracket = sp.expand(sp.simplify(bracket / factor))
    monomial = p_bar * q**2 * q_bar
    without = bracket.subs({g: 0, h: 0})
    coefficient_S, u_summand = sp.simplify(without / monomial), sp.expand(bracket - without)
    if (coefficient_S.free_symbols | u_summand.free_symbols) & {kappa, kappa_bar, delta, omega}:
        raise AssertionError("the terms do not have the factor in common")
    if coefficient_S.free_symbols - {*sigma_derivatives}:
        raise AssertionError("the cubic term is not a multiple of S")
    coefficient_S, u_summand = (sp.factor(part.subs(values)) for part in (coefficient_S, u_summand))
    total = coefficient_S * S + (U if u_summand != 0 else 0)
    return GainBranchFormula(factor, coefficient_S, u_summand, factor * total / (2 * q_norm_squared))


def _inside() -> sp.Expr:
    """The bracket of −δx + σ(γWx): jets at z = γWx."""
    of_q, of_q_bar = kappa * q, kappa_bar * q_bar
    B_q_q_bar, B_qq = bilinear(of_q, of_q_bar), bilinear(of_q, of_q)
    image = sp.Symbol("image")
    # A k = B(q, q̄), k = A⁻¹B(q, q̄) = −(α/δ)·(σ_2|κ|²) g, and σ_1γWk = Ak + δk
    k = -(alpha / delta) * (B_q_q_bar / (q * q_bar)) * g
    of_k = sp.solve(sp.Eq(sigma1 * image, B_q_q_bar + delta * k), image)[0]
    # (2iω − A) m = B(q, q), and σ_1γWm = Am + δm = (2iω + δ)m − B(q, q); (2iω + δ)α/δ = ζ
    m_part = B_qq / q**2 * h
    of_m = sp.solve(sp.Eq(sigma1 * image, zeta * m_part - B_qq), image)[0]
    return p_bar * (trilinear(of_q, of_q, of_q_bar) - 2 * bilinear(of_q, of_k) + bilinear(of_q_bar, of_m))


def _outside() -> sp.Expr:
    """The bracket of −δx + γWσ(x): B = γW b, C = γW c with the jets b, c of σ at x, and p^H γW = κp^H."""
    b_q_q_bar, b_qq = bilinear(q, q_bar), bilinear(q, q)
    # σ_1γW = A + δ: k = A⁻¹γWb = (b + δA⁻¹b)/σ_1, with A⁻¹b = −(α/δ)σ_2 g
    k = (b_q_q_bar - alpha * b_q_q_bar / (q * q_bar) * g) / sigma1
    # m = (2iω − A)⁻¹γWb = ((2iω + δ)(2iω − A)⁻¹b − b)/σ_1; (2iω + δ)α/δ = ζ
    m = (zeta * b_qq / q**2 * h - b_qq) / sigma1
    return kappa * p_bar * (trilinear(q, q, q_bar) - 2 * bilinear(q, k) + bilinear(q_bar, m))
