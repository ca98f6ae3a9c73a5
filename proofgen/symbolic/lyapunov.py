"""The first Lyapunov coefficient: the n-dimensional formula, and its closed form on the zero branch.

General (Kuznetsov, Elements of Applied Bifurcation Theory, section 5.4), for q, p of any length:

    ℓ1 = 1/(2ω q^H q) · Re[(p^H C(q,q,q̄) − 2 p^H B(q, A⁻¹B(q,q̄)) + p^H B(q̄, (2iωI − A)⁻¹B(q,q)))/(p^H q)]

On the zero branch of one layer, A = σ_1 W, and the jets give B and C componentwise. SymPy
substitutes the eigenvector equation and the two linear systems, neuron by neuron.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

import sympy as sp

from .activations import shortened
from .jets import faa_di_bruno, sigma_derivatives, z_symbol

omega = sp.Symbol("omega", positive=True)
nu = sp.Symbol("nu", real=True)  # ν = ω/σ_1
sigma1, sigma2, sigma3 = sigma_derivatives
# component l of q, conj(q), conj(p), and of h = (2iωI − A)⁻¹ B(q, q)
q, q_bar, p_bar, h = sp.symbols("q qbar pbar h", complex=True)
im_S, re_S, re_T, q_norm_squared = sp.symbols("im_S re_S re_T q_norm_squared", real=True)
# real parts of p^H C(q,q,q̄), −2p^H B(q, A⁻¹B(q,q̄)) and p^H B(q̄, (2iωI − A)⁻¹B(q,q)), divided by p^H q
c_1, c_2, c_3 = sp.symbols("c_1 c_2 c_3", real=True)


@dataclass(frozen=True)
class ZeroBranchFormula:
    """Closed form of ℓ1 for given derivatives of σ at 0.

    S = Σ_l conj(p_l) q_l² conj(q_l)/(p^H q) and T = Σ_l t_summand/(p^H q);
    B_qq: component l of B(q, q); resolvent: (W h)_l in terms of h_l and B(q, q)_l;
    coefficient_S: the factor of S in the bracket; t_summand: component l of the last term, or 0;
    first_lyapunov_coefficient: ℓ1 in ω, im_S, re_T and q^H q.
    """

    B_qq: sp.Expr
    coefficient_S: sp.Expr
    t_summand: sp.Expr
    first_lyapunov_coefficient: sp.Expr


def general_formula() -> sp.Expr:
    """ℓ1 from the three terms, for q of any length: (c_1 + c_2 + c_3)/(2ω q^H q)."""
    return (c_1 + c_2 + c_3) / (2 * omega * q_norm_squared)


def neimark_sacker_formula() -> sp.Expr:
    """a of a map from its three terms (`proof.normal_form`): half of their sum, for q^H q = 1."""
    return (c_1 + c_2 + c_3) / (2 * q_norm_squared)


def flip_formula() -> sp.Expr:
    """c of a map from its two terms (`proof.normal_form`): a sixth of their sum, for qᵀq = 1."""
    return (c_1 + c_2) / (6 * q_norm_squared)


def bilinear(u: sp.Expr, v: sp.Expr) -> sp.Expr:
    """Component l of B for one affine layer, from (Wu)_l and (Wv)_l (mixed z_12 vanish)."""
    jet = faa_di_bruno(2)[(1, 2)]
    return jet.subs({z_symbol((1, 2)): 0}).subs({z_symbol((1,)): u, z_symbol((2,)): v}, simultaneous=True)


def trilinear(u: sp.Expr, v: sp.Expr, w: sp.Expr) -> sp.Expr:
    """Component l of C for one affine layer, from (Wu)_l, (Wv)_l and (Ww)_l."""
    jet = faa_di_bruno(3)[(1, 2, 3)]
    mixed = {z_symbol(pair): 0 for pair in [(1, 2), (1, 3), (2, 3), (1, 2, 3)]}
    directions = {z_symbol((1,)): u, z_symbol((2,)): v, z_symbol((3,)): w}
    return jet.subs(mixed).subs(directions, simultaneous=True)


def _put_in(expression: sp.Expr, values: dict[sp.Symbol, sp.Expr]) -> sp.Expr:
    """``expression`` at exact values; brought to a shorter form where the values are short."""
    result = expression.subs(values)
    short = all(sp.count_ops(value) <= 6 and not value.atoms(sp.exp, sp.log) for value in values.values())
    return shortened(result) if short else result


@lru_cache(maxsize=16)
def zero_branch_formula(
    value1: sp.Expr = sigma1, value2: sp.Expr = sigma2, value3: sp.Expr = sigma3
) -> ZeroBranchFormula:
    """Derive the closed form from the general formula, for σ_k = value_k (symbols or exact numbers).

    The derivation is made with symbols (0 where a value is exactly 0); other values are put in at the end.
    """
    given = {sigma1: value1, sigma2: value2, sigma3: value3}
    symbols = [symbol if value != 0 else value for symbol, value in given.items()]
    if symbols != list(given.values()):
        generic = zero_branch_formula(*symbols)
        return ZeroBranchFormula(*(_put_in(getattr(generic, part.name), given) for part in fields(generic)))
    values = given
    W_q, W_q_bar = sp.I * nu * q, -sp.I * nu * q_bar  # A q = iωq, A = σ_1 W, ν = ω/σ_1
    unknown = sp.Symbol("unknown")
    # A k = B(q, q̄), so σ_1 (W k)_l = B(q, q̄)_l
    W_k = sp.solve(sp.Eq(sigma1 * unknown, bilinear(W_q, W_q_bar)), unknown)[0]
    # (2iωI − A) h = B(q, q), so σ_1 (W h)_l = 2iω h_l − B(q, q)_l
    B_qq = sp.expand(bilinear(W_q, W_q).subs(values))
    W_h = sp.solve(sp.Eq(sigma1 * unknown, 2 * sp.I * omega * h - bilinear(W_q, W_q)), unknown)[0]
    cubic = p_bar * (trilinear(W_q, W_q, W_q_bar) - 2 * bilinear(W_q, W_k))
    monomial = p_bar * q**2 * q_bar
    coefficient_S = sp.factor((sp.expand(cubic) / monomial).subs(values))
    if coefficient_S.has(q, q_bar, p_bar):
        raise AssertionError("the cubic term is not a multiple of S")
    t_summand = sp.expand((p_bar * bilinear(W_q_bar, W_h)).subs(values))
    if B_qq == 0:
        t_summand = t_summand.subs(h, 0)
    real_part = sp.re(sp.expand(coefficient_S * (re_S + sp.I * im_S)))
    if t_summand != 0:
        real_part += re_T
    ell1 = sp.cancel(sp.together(real_part.subs(nu, omega / value1) / (2 * omega * q_norm_squared)))
    return ZeroBranchFormula(B_qq, coefficient_S, sp.factor(t_summand), ell1)
