"""A formula as LaTeX and as text, and the formulas that all kinds of fields share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import sympy as sp

from ..numbers.exact import ExactMatrix
from ..plain import ENCODING, plain
from ..problem.network import Term
from ..symbolic import lyapunov as ly
from ..symbolic.activations import Activation, s
from ..symbolic.jets import Subset, faa_di_bruno, sigma_derivatives, subsets, z_symbol
from .names import GREEK

DISPLAY_DIMENSION = 6  # matrices up to this size are written out

DISPLAY_PLACES = 4

LONG = 240  # characters of LaTeX beyond which a formula does not fit on one line

GENERAL_FORMULA = (
    r"\ell_1 = \frac{1}{2\omega}\operatorname{Re}\Bigl[p^{\mathsf H} C(q,q,\bar q)"
    r" - 2p^{\mathsf H} B\bigl(q, A^{-1}B(q,\bar q)\bigr)"
    r" + p^{\mathsf H} B\bigl(\bar q, (2i\omega I - A)^{-1}B(q,q)\bigr)\Bigr]"
)

MOVED = "x'"
OF_MAPS = (  # for a terminal
    "Coefficient of a Neimark-Sacker point, A q = μq, pᴴ A = μpᴴ, μ = e^(iθ), qᴴq = pᴴq = 1",
    "a = ½ Re μ̄ pᴴ[C(q,q,q̄) + 2B(q, (I − A)⁻¹B(q,q̄)) + B(q̄, (μ²I − A)⁻¹B(q,q))]",
    "Coefficient of a flip, A q = −q, l A = −l, qᵀq = lq = 1",
    "c = ⅙ l [C(q,q,q) + 3B(q, (I − A)⁻¹B(q,q))]",
)
FOLD_OF_FLOW = ("Fold, where two equilibria meet: A q = 0, l A = 0, qᵀq = lq = 1, b > 0", "f", "A")
FOLD_OF_MAP = ("Fold, where two fixed points meet: A q = q, l A = l, qᵀq = lq = 1, b > 0", "f − x", "(A − I)")
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


def fold_texts(gamma: str, discrete: bool) -> list[str]:
    """What is proved at a fold, and the system that locates it, for a terminal."""
    what, f, A = FOLD_OF_MAP if discrete else FOLD_OF_FLOW
    return [
        what,
        f"b = l ∂f/∂{gamma},   a = ½ l B(q,q)",
        f"The system F that locates it, with a fixed row φ, and the rows of its derivative by ({gamma}, x, v)",
        f"F({gamma}, x, v) = ({f}, {A}v, φv − 1)",
        f"(∂f/∂{gamma}, {A}, 0),   ((∂A/∂{gamma})v, B(v,·), {A}),   (0, 0, φ)",
    ]


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
    encoding = ENCODING.get()
    shown = {symbol: sp.Symbol(plain(name, encoding)) for symbol, name in (text_names or _TEXT).items()}
    drawn = sp.pretty(right.xreplace(shown), use_unicode=plain("⎛", encoding) == "⎛", wrap_line=False)
    return Formula(left, latex, _beside(f"{plain(left_text, encoding)} = ", drawn))


def _beside(left: str, block: str) -> str:
    """A multi-line block with ``left`` before its middle line."""
    lines = block.splitlines()
    middle = next((i for i, line in enumerate(lines) if "─" in line or "---" in line), len(lines) // 2)
    return "\n".join((left if i == middle else " " * len(left)) + line for i, line in enumerate(lines))


@cache
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


@cache
def _collected(ell1: sp.Expr) -> sp.Expr:
    """ℓ1 as (coefficient)·Im S + (coefficient)·Re T, each coefficient factored."""
    expanded = sp.expand(ell1)
    parts = [sp.factor(expanded.coeff(symbol)) * symbol for symbol in (ly.im_S, ly.re_T)]
    total = sp.Add(*parts)
    if sp.cancel(sp.together(total - ell1)) != 0:
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
