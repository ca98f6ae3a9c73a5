"""One source of formulas for `proofgen derive` and for the certificates.

Everything on the right of an equals sign is printed by SymPy from the expressions of `activations`,
`jets` and `lyapunov`. Typed in are only definitions: the vector field, the general formula of the
first Lyapunov coefficient, S and T.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy as sp

from ..errors import UnsupportedError
from ..numbers.exact import ExactMatrix
from ..problem.network import Problem, Term
from . import lyapunov as ly
from .activations import Activation, derive_activation, s
from .jets import Subset, faa_di_bruno, sigma_derivatives, subsets, z_symbol
from .names import GREEK
from .weight_box import StatedBox, stated_box

DISPLAY_DIMENSION = 6  # matrices up to this size are written out
DISPLAY_PLACES = 4
LONG = 240  # characters of LaTeX beyond which a formula does not fit on one line

GENERAL_FORMULA = (
    r"\ell_1 = \frac{1}{2\omega}\operatorname{Re}\Bigl[p^{\mathsf H} C(q,q,\bar q)"
    r" - 2p^{\mathsf H} B\bigl(q, A^{-1}B(q,\bar q)\bigr)"
    r" + p^{\mathsf H} B\bigl(\bar q, (2i\omega I - A)^{-1}B(q,q)\bigr)\Bigr]"
)
GENERAL_FORMULA_TEXT = (
    "ℓ1 = 1/(2ω) · Re[ pᴴ C(q,q,q̄) − 2 pᴴ B(q, A⁻¹ B(q,q̄)) + pᴴ B(q̄, (2iωI − A)⁻¹ B(q,q)) ],   qᴴ q = pᴴ q = 1"
)
S_DEFINITION = r"S = \frac{1}{p^{\mathsf H} q}\sum_{l=1}^{n} \bar p_l\, q_l^2\, \bar q_l"

_Wu, _Wv, _Ww, _Wx1, _xl, _ul = sp.symbols("Wu Wv Ww Wx1 x_l u_l")
_SIGMA = dict(zip(sigma_derivatives, (r"\sigma'", r"\sigma''", r"\sigma'''"), strict=True))
_SIGMA_ZERO = dict(zip(sigma_derivatives, (r"\sigma_1", r"\sigma_2", r"\sigma_3"), strict=True))
_SIGMA_TEXT = dict(zip(sigma_derivatives, ("σ'", "σ''", "σ'''"), strict=True))
_SIGMA_ZERO_TEXT = dict(zip(sigma_derivatives, ("σ₁", "σ₂", "σ₃"), strict=True))
_LATEX: dict[sp.Symbol, str] = {
    _Wu: r"(Wu)_l", _Wv: r"(Wv)_l", _Ww: r"(Ww)_l", _Wx1: r"(Wx')_l",
    _xl: "x_l", _ul: "u_l",
    ly.omega: r"\omega", ly.nu: r"\nu", ly.q: "q_l", ly.q_bar: r"\bar q_l", ly.p_bar: r"\bar p_l", ly.h: "h_l",
    ly.im_S: r"\operatorname{Im}(S)", ly.re_T: r"\operatorname{Re}(T)", ly.q_norm_squared: r"q^{\mathsf H} q",
}  # fmt: skip
_TEXT: dict[sp.Symbol, str] = {
    _Wu: "(Wu)_l", _Wv: "(Wv)_l", _Ww: "(Ww)_l", _Wx1: "(Wx')_l",
    ly.omega: "ω", ly.nu: "ν", ly.q: "q_l", ly.q_bar: "q̄_l", ly.p_bar: "p̄_l", ly.h: "h_l",
    ly.im_S: "Im(S)", ly.re_T: "Re(T)", ly.q_norm_squared: "qᴴq",
}  # fmt: skip
_LAST = {
    _Wu: "1", _Wv: "2", _Ww: "3", _Wx1: "4", _xl: "5", _ul: "6", ly.q_norm_squared: "7", ly.im_S: "8", ly.re_T: "9",
}  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """``left = right``: two LaTeX strings, and the whole as text for a terminal."""

    left: str
    right: str
    text: str

    @property
    def latex(self) -> str:
        return f"{self.left} = {self.right}"

    @property
    def aligned(self) -> str:
        return f"{self.left} &= {self.right}"

    @property
    def long(self) -> bool:
        return len(self.right) > LONG


@dataclass(frozen=True)
class Display:
    """A matrix as shown to a reader: entries rounded to four decimals; exact when nothing was rounded."""

    rows: tuple[tuple[str, ...], ...]
    exact: bool

    @property
    def latex(self) -> str:
        return _pmatrix(self.rows)


@dataclass(frozen=True)
class Derivation:
    """All formulas of one problem (one layer, γ on the identity).

    parameter: LaTeX of γ; parameter_renamed: the spec's name cannot stand for itself in formulas;
    sigma, derivatives (in z), in_s (as polynomials in s, or empty), at_zero (values σ_k and their sum form);
    jets: Faà di Bruno; jacobian, bilinear, trilinear, parameter_terms, slope: componentwise; the others
    belong to the first Lyapunov coefficient: quadratic says whether σ''(0) ≠ 0 (then B_qq, W_k, t_summand matter).
    weights, bias: shown matrices for n ≤ 6; jacobian_matrix: D_x f written out for n ≤ 6
    (two lines of an align).
    entry_range: smallest and largest entry of W⁰, exactly.
    """

    title: str
    dimension: int
    parameter: str
    parameter_text: str
    parameter_renamed: bool
    has_bias: bool
    weight_formula: str
    weight_formula_text: str
    sigma: Formula
    derivatives: tuple[Formula, ...]
    in_s: tuple[Formula, ...]
    at_zero: tuple[Formula, ...]
    jets: tuple[Formula, ...]
    jacobian: Formula
    bilinear: Formula
    trilinear: Formula
    parameter_terms: tuple[Formula, ...]
    slope: Formula
    quadratic: bool
    sigma1_positive: bool
    B_qq: Formula
    W_k: Formula
    coefficient_S: Formula
    t_summand: Formula
    ell1_generic: Formula
    ell1_odd: Formula
    ell1: Formula
    t_summand_special: Formula
    weights: Display | None
    bias: Display | None
    jacobian_matrix: str | None
    entry_range: tuple[Fraction, Fraction]
    box: StatedBox | None


def derive(problem: Problem) -> Derivation:
    """Derive everything that a certificate of ``problem`` shows. Raises UnsupportedError beyond one layer."""
    if len(problem.layers) != 1:
        raise UnsupportedError("derivations are shown for one layer", key="network.layers")
    layer = problem.layers[0]
    activation = derive_activation(layer.activation)
    values = activation.derivatives_at_zero
    special, generic = ly.zero_branch_formula(*values), ly.zero_branch_formula()
    W0 = problem.combine(layer.weights)
    parameter, parameter_text, renamed = parameter_symbol(problem.parameter_name)
    numerators = W0.numerators.ravel().tolist()
    small = problem.dimension <= DISPLAY_DIMENSION
    shown = display(W0) if small else None
    bias = None if layer.bias is None else problem.arrays[layer.bias]
    s1, s2, _ = sigma_derivatives
    jet1, jet2 = faa_di_bruno(1)[(1,)], faa_di_bruno(2)[(1, 2)]
    z1, z2, z12 = z_symbol((1,)), z_symbol((2,)), z_symbol((1, 2))
    f_gamma = jet1.subs(z1, _xl)
    A_gamma = jet2.subs({z1: _Wu, z2: _xl, z12: _ul}, simultaneous=True)
    moving = ly.bilinear(_Wu, _Wx1)
    on_branch = sp.solve(sp.Eq(jet1.subs(z1, _Wx1), -f_gamma), _Wx1)[0]  # A x' = −∂f/∂γ
    slope = sp.factor(sp.expand(A_gamma + moving.subs(_Wx1, on_branch)))
    W_k = sp.expand(ly.bilinear(sp.I * ly.nu * ly.q, -sp.I * ly.nu * ly.q_bar) / s1)
    generic_ell1 = _collected(generic.first_lyapunov_coefficient)
    odd = generic_ell1.subs({s2: 0, ly.re_T: 0})
    zero = {**_LATEX, **_SIGMA_ZERO}, {**_TEXT, **_SIGMA_ZERO_TEXT}
    at_z = {**_LATEX, **_SIGMA}, {**_TEXT, **_SIGMA_TEXT}
    sigma, derivatives, in_s = activation_formulas(activation)
    return Derivation(
        title=problem.title,
        dimension=problem.dimension,
        parameter=parameter,
        parameter_text=parameter_text,
        parameter_renamed=renamed,
        has_bias=layer.bias is not None,
        weight_formula=term_combination(layer.weights, latex=True),
        weight_formula_text=term_combination(layer.weights, latex=False),
        sigma=sigma,
        derivatives=derivatives,
        in_s=in_s,
        at_zero=tuple(
            _formula(rf"\sigma_{k}", f"σ{'₁₂₃'[k - 1]}", value) for k, value in enumerate(values, start=1)
        ),
        jets=tuple(jet_formula(subset) for subset in [(1,), (1, 2), (1, 2, 3)]),
        jacobian=_formula(r"(Au)_l", "(A u)_l", jet1.subs(z1, _Wu), *at_z),
        bilinear=_formula(r"B(u,v)_l", "B(u,v)_l", ly.bilinear(_Wu, _Wv), *at_z),
        trilinear=_formula(r"C(u,v,w)_l", "C(u,v,w)_l", ly.trilinear(_Wu, _Wv, _Ww), *at_z),
        parameter_terms=(
            _formula(rf"(\partial_{{{parameter}}} f)_l", f"(∂f/∂{parameter_text})_l", f_gamma, *at_z),
            _formula(rf"(\partial_{{{parameter}}} A\,u)_l", f"(∂A/∂{parameter_text} u)_l", A_gamma, *at_z),
            _formula(r"B(u,x')_l", "B(u,x')_l", moving, *at_z),
        ),
        slope=_formula(
            rf"\Bigl(\tfrac{{d}}{{d{parameter}}}A\,u\Bigr)_l", f"(dA/d{parameter_text} u)_l", slope, *zero
        ),
        quadratic=special.t_summand != 0,
        sigma1_positive=bool(values[0] > 0),
        B_qq=_formula("B(q,q)_l", "B(q,q)_l", generic.B_qq, *zero),
        W_k=_formula(r"\bigl(W A^{-1}B(q,\bar q)\bigr)_l", "(W A⁻¹B(q,q̄))_l", W_k, *zero),
        coefficient_S=_formula("c_S", "c_S", generic.coefficient_S, *zero),
        t_summand=_formula("t_l", "t_l", generic.t_summand, *zero),
        ell1_generic=_formula(r"\ell_1", "ℓ1", generic_ell1, *zero),
        ell1_odd=_formula(r"\ell_1", "ℓ1", odd, *zero),
        ell1=_formula(r"\ell_1", "ℓ1", _collected(special.first_lyapunov_coefficient), *zero),
        t_summand_special=_formula("t_l", "t_l", special.t_summand, *zero),
        weights=shown,
        bias=None if bias is None or not small else display(bias),
        jacobian_matrix=None if shown is None else _jacobian_matrix(shown, parameter),
        entry_range=(Fraction(min(numerators), W0.denominator), Fraction(max(numerators), W0.denominator)),
        box=stated_box(problem, lambda name: _array_name(name, latex=True)),
    )  # fmt: skip


# --- printing by SymPy -------------------------------------------------------------------------


def activation_formulas(activation: Activation) -> tuple[Formula, tuple[Formula, ...], tuple[Formula, ...]]:
    """σ, its three derivatives in z, and these as polynomials in s = σ(z) (empty where there are none)."""
    primes = ("'", "''", "'''")
    derivatives = tuple(
        _formula(rf"\sigma{mark}(z)", f"σ{mark}(z)", _factored(expression))
        for mark, expression in zip(primes, activation.derivatives, strict=True)
    )
    in_s = tuple(
        _formula(rf"\sigma{mark}(z)", f"σ{mark}(z)", _in_powers(expression, activation.polynomial))
        for mark, expression in zip(primes, activation.in_s or (), strict=False)
    )
    return _formula(r"\sigma(z)", "σ(z)", activation.expression), derivatives, in_s


def _factored(expression: sp.Expr) -> sp.Expr:
    return sp.factor(expression) if expression.is_rational_function() and sp.count_ops(expression) < 60 else expression


def _formula(
    left: str,
    left_text: str,
    right: sp.Expr,
    names: Mapping[sp.Symbol, str] | None = None,
    text_names: Mapping[sp.Symbol, str] | None = None,
) -> Formula:
    names = names or _LATEX
    last = {symbol: sp.Symbol(f"zz{name}") for symbol, name in _LAST.items()}  # SymPy sorts factors by name
    latex = sp.latex(
        right.xreplace(last),
        fold_func_brackets=True,
        inv_trig_style="full",
        symbol_names={last.get(symbol, symbol): name for symbol, name in names.items()},
    )
    renamed = right.xreplace({symbol: sp.Symbol(name) for symbol, name in (text_names or _TEXT).items()})
    return Formula(left, latex, _beside(f"{left_text} = ", sp.pretty(renamed, use_unicode=True, wrap_line=False)))


def _beside(left: str, block: str) -> str:
    """A multi-line block with ``left`` before its middle line."""
    lines = block.splitlines()
    middle = next((i for i, line in enumerate(lines) if "─" in line), len(lines) // 2)
    return "\n".join((left if i == middle else " " * len(left)) + line for i, line in enumerate(lines))


def _in_powers(expression: sp.Expr, polynomial: sp.Expr) -> sp.Expr:
    """σ^(k) = P·Q with P = σ' expanded and Q factored, e.g. −2s(1 − s²)."""
    quotient = sp.factor(sp.cancel(expression / polynomial))
    if not quotient.is_polynomial(s):
        return expression
    expanded = sp.expand(polynomial)
    if expanded.subs(s, 0) == 0:  # s(1 − s)
        expanded = sp.Mul(s, sp.expand(expanded / s), evaluate=False)
    factors = () if quotient == 1 else sp.Mul.make_args(quotient)
    return sp.Mul(*factors, *sp.Mul.make_args(expanded), evaluate=False) if factors else expanded


def jet_formula(subset: Subset) -> Formula:
    order = len(subset)
    indices = {item: "".join(map(str, item)) for item in subsets(order)}
    names = {z_symbol(item): f"z_{{{index}}}" for item, index in indices.items()} | _SIGMA
    text = {z_symbol(item): f"z_{index}" for item, index in indices.items()} | _SIGMA_TEXT
    label = "".join(map(str, subset))
    return _formula(f"h_{{{label}}}", f"h_{label}", faa_di_bruno(order)[subset], names, text)


def _collected(ell1: sp.Expr) -> sp.Expr:
    """ℓ1 as (coefficient)·Im S + (coefficient)·Re T, each coefficient factored."""
    expanded = sp.expand(ell1)
    parts = [sp.factor(expanded.coeff(symbol)) * symbol for symbol in (ly.im_S, ly.re_T)]
    total = sp.Add(*parts)
    if sp.simplify(total - ell1) != 0:
        raise AssertionError("the first Lyapunov coefficient is linear in Im S and Re T")
    return total


def parameter_symbol(name: str) -> tuple[str, str, bool]:
    """LaTeX and text of the parameter; γ in place of a name that is taken or not a symbol."""
    taken = {"omega", "sigma", "lambda", "rho", "nu", "mu", "pi", "delta", "eta", "beta", "epsilon", "Delta"}
    if name in GREEK and name not in taken:
        return "\\" + name, sp.pretty(sp.Symbol(name), use_unicode=True), False
    if name == "a":
        return name, name, False
    return r"\gamma", "γ", True


def term_combination(terms: tuple[Term, ...], *, latex: bool) -> str:
    """W⁰ as a combination of the given arrays, e.g. R_1 − R_1ᵀ + R_2."""
    total = ""
    for term in terms:
        name = _term_name(term, latex)
        if term.transpose:
            name += r"^{\mathsf T}" if latex else "ᵀ"
        size = abs(term.coefficient)
        number = sp.Rational(size.numerator, size.denominator)
        factor = "" if size == 1 else (sp.latex(number) + r"\," if latex else f"{number}·")
        negative = term.coefficient < 0
        minus, plus = ("-", "+") if latex else ("−", "+")
        if total:
            total += f" {minus if negative else plus} {factor}{name}"
        else:
            total = f"{minus if negative else ''}{factor}{name}"
    return total or "0"


def _term_name(term: Term, latex: bool) -> str:
    if term.unit is not None:
        row, column = term.unit
        return rf"e_{{{row}}}e_{{{column}}}^{{\mathsf T}}" if latex else f"e_{row} e_{column}ᵀ"
    return "I" if term.matrix is None else _array_name(term.matrix, latex)


def _array_name(name: str, latex: bool) -> str:
    known = {"R1": ("R_1", "R1"), "R2": ("R_2", "R2"), "bias": ("b", "b")}
    if name in known:
        return known[name][0 if latex else 1]
    plain = "".join(character for character in name if character.isascii() and character.isalnum()) or "M"
    return rf"\mathrm{{{plain}}}" if latex else plain


# --- small matrices, for reading ---------------------------------------------------------------


def display(matrix: ExactMatrix) -> Display:
    """The matrix rounded to four decimals; `exact` tells whether that changed anything."""
    rows, exact = [], True
    scale = 10**DISPLAY_PLACES
    for row in matrix.fractions():
        shown = []
        for entry in row:
            mantissa = round(entry * scale)
            exact = exact and entry * scale == mantissa
            sign = "-" if mantissa < 0 else ""
            if abs(mantissa) >= 10**9 or (entry and abs(mantissa) < 1):
                shown.append(_scientific(entry))
                exact = False
            else:
                shown.append(f"{sign}{abs(mantissa) // scale}.{abs(mantissa) % scale:0{DISPLAY_PLACES}d}")
        rows.append(tuple(shown))
    return Display(tuple(rows), exact)


def _scientific(x: Fraction) -> str:
    from ..numbers.decimals import floor_log10

    exponent = floor_log10(x)
    mantissa = round(x * Fraction(10) ** (2 - exponent))
    sign = "-" if mantissa < 0 else ""
    digits = str(abs(mantissa))
    return rf"{sign}{digits[0]}.{digits[1:3]}\cdot 10^{{{exponent + len(digits) - 3}}}"


def _pmatrix(rows: tuple[tuple[str, ...], ...]) -> str:
    return r"\begin{pmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{pmatrix}"


def _jacobian_matrix(weights: Display, parameter: str) -> str:
    """D_x f = diag(σ'(z_1), …, σ'(z_n)) (W⁰ + γI), written out on two aligned lines (LaTeX)."""
    n = len(weights.rows)
    rows = tuple(
        tuple(f"{entry}{{+}}{parameter}" if i == j else entry for j, entry in enumerate(row))
        for i, row in enumerate(weights.rows)
    )
    relation = "=" if weights.exact else r"\approx"
    matrix = rf"\text{{\footnotesize$\setlength{{\arraycolsep}}{{3pt}}{_pmatrix(rows)}$}}"
    return (
        rf"D_xf &= \operatorname{{diag}}\bigl(\sigma'(z_1), \dots, \sigma'(z_{n})\bigr)\,W({parameter}), \\"
        rf" W({parameter}) &{relation} {matrix}"
    )


# --- documents ---------------------------------------------------------------------------------


def derivation_text(derivation: Derivation) -> str:
    """The same formulas for a terminal."""
    d = derivation
    blocks: list[str] = [
        f"{d.title}\n{'=' * len(d.title)}",
        f"x' = f(x, {d.parameter_text}) = σ(W({d.parameter_text})x{' + b' if d.has_bias else ''}),   "
        f"W({d.parameter_text}) = W⁰ + {d.parameter_text}I,   W⁰ = {d.weight_formula_text},   x ∈ ℝ^{d.dimension}",
        "Activation",
        d.sigma.text,
        *(item.text for item in d.derivatives),
    ]
    if d.in_s:
        blocks += ["As polynomials in s = σ(z)", *(item.text for item in d.in_s)]
    blocks += ["At z = 0: σ₁ = σ'(0), σ₂ = σ''(0), σ₃ = σ'''(0)", *(item.text for item in d.at_zero)]
    blocks += [
        "Jets of the layer (Faà di Bruno): coefficients of σ(z_0 + Σ z_S ε^S) at ε^S",
        *(item.text for item in d.jets),
        "Derivatives of f, neuron by neuron (σ', σ'', σ''' at z_l)",
        d.jacobian.text,
        d.bilinear.text,
        d.trilinear.text,
        *(item.text for item in d.parameter_terms),
    ]
    if d.weights is not None:
        kind = "exact" if d.weights.exact else "rounded to four decimals for display"
        lines = "\n".join("  " + "  ".join(f"{entry:>10}" for entry in row) for row in d.weights.rows)
        blocks.append(f"W⁰ ({kind})\n{lines}")
    blocks += [
        "First Lyapunov coefficient, A q = iωq, pᴴ A = iω pᴴ",
        GENERAL_FORMULA_TEXT,
        f"On the branch W({d.parameter_text})x{' + b' if d.has_bias else ''} = 0: z = 0, A = σ₁W, Wq = iνq, ν = ω/σ₁",
        d.slope.text,
        d.B_qq.text,
        d.W_k.text,
        "With S = Σ_l p̄_l q_l² q̄_l / (pᴴq), T = Σ_l t_l / (pᴴq), h = (2iωI − A)⁻¹B(q,q)",
        d.coefficient_S.text,
        d.t_summand.text,
        "for any σ (p, q of any length):",
        d.ell1_generic.text,
        "for σ''(0) = 0:",
        d.ell1_odd.text,
        "for this activation:",
        *([d.t_summand_special.text] if d.quadratic else []),
        d.ell1.text,
    ]
    return "\n\n".join(blocks) + "\n"
