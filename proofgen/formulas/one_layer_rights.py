"""The right sides of `one_layer`, printed by SymPy."""

from __future__ import annotations

from functools import partial
from typing import Any

import sympy as sp

from ..symbolic import lyapunov as ly
from ..symbolic.activations import derive_activation
from ..symbolic.jets import faa_di_bruno, sigma_derivatives, z_symbol
from .formula import Right
from .printed import (
    LATEX,
    SIGMA,
    SIGMA_TEXT,
    SIGMA_ZERO,
    SIGMA_ZERO_TEXT,
    TEXT,
    Wu,
    Wv,
    Ww,
    Wx1,
    collected,
    printed,
    ul,
    xl,
)


def rights_for_any(encoding: str) -> dict[str, Right]:
    """What holds for every σ, by the names in `one_layer.Derivation`."""
    generic = ly.zero_branch_formula()
    s1, s2, _ = sigma_derivatives
    jet1, jet2 = faa_di_bruno(1)[(1,)], faa_di_bruno(2)[(1, 2)]
    z1, z2, z12 = z_symbol((1,)), z_symbol((2,)), z_symbol((1, 2))
    f_gamma = jet1.subs(z1, xl)
    A_gamma = jet2.subs({z1: Wu, z2: xl, z12: ul}, simultaneous=True)
    moving = ly.bilinear(Wu, Wx1)
    on_branch = sp.solve(sp.Eq(jet1.subs(z1, Wx1), -f_gamma), Wx1)[0]  # A x' = −∂f/∂γ
    W_k = sp.expand(ly.bilinear(sp.I * ly.nu * ly.q, -sp.I * ly.nu * ly.q_bar) / s1)
    ell1 = collected(generic.first_lyapunov_coefficient)
    at_z = partial(printed, names={**LATEX, **SIGMA}, text_names={**TEXT, **SIGMA_TEXT}, encoding=encoding)
    at_zero = partial(printed, names={**LATEX, **SIGMA_ZERO}, text_names={**TEXT, **SIGMA_ZERO_TEXT}, encoding=encoding)
    return {
        "jacobian": at_z(jet1.subs(z1, Wu)),
        "bilinear": at_z(ly.bilinear(Wu, Wv)),
        "trilinear": at_z(ly.trilinear(Wu, Wv, Ww)),
        "f_gamma": at_z(f_gamma),
        "A_gamma": at_z(A_gamma),
        "moving": at_z(moving),
        "slope": at_zero(sp.factor(sp.expand(A_gamma + moving.subs(Wx1, on_branch)))),
        "B_qq": at_zero(generic.B_qq),
        "W_k": at_zero(W_k),
        "coefficient_S": at_zero(generic.coefficient_S),
        "t_summand": at_zero(generic.t_summand),
        "ell1_generic": at_zero(ell1),
        "ell1_odd": at_zero(ell1.subs({s2: 0, ly.re_T: 0})),
    }


def rights_for(activation: str, encoding: str) -> dict[str, Any]:
    """What holds for this σ: σ_1, σ_2, σ_3 ("at_zero"), ℓ1 and t_l; quadratic: σ_2 ≠ 0; sigma1_positive: σ_1 > 0."""
    values = derive_activation(activation).derivatives_at_zero
    special = ly.zero_branch_formula(*values)
    at_zero = partial(printed, names={**LATEX, **SIGMA_ZERO}, text_names={**TEXT, **SIGMA_ZERO_TEXT}, encoding=encoding)
    return {
        "at_zero": [printed(value, encoding=encoding) for value in values],
        "quadratic": special.t_summand != 0,
        "sigma1_positive": bool(values[0] > 0),
        "ell1": at_zero(collected(special.first_lyapunov_coefficient)),
        "t_summand_special": at_zero(special.t_summand),
    }
