"""A formula as LaTeX and as text, and the formulas that all kinds of fields share."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from ..numbers.exact import ExactMatrix
from ..plain import ENCODING, plain
from ..problem.network import Term
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

Right = list[str]  # the right side of a formula, as SymPy prints it: LaTeX, and lines for a terminal


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


def formula(left: str, left_text: str, right: Right) -> Formula:
    """A formula with a right side that SymPy has printed."""
    latex, drawn = right
    return Formula(left, latex, _beside(f"{plain(left_text, ENCODING.get())} = ", drawn))


def _beside(left: str, block: str) -> str:
    """A multi-line block with ``left`` before its middle line."""
    lines = block.splitlines()
    middle = next((i for i, line in enumerate(lines) if "─" in line or "---" in line), len(lines) // 2)
    return "\n".join((left if i == middle else " " * len(left)) + line for i, line in enumerate(lines))


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


def parameter_symbol(name: str) -> tuple[str, str, bool]:
    """LaTeX and text of the parameter; γ in place of a name that is taken or not a symbol."""
    taken = {"omega", "sigma", "lambda", "rho", "nu", "mu", "pi", "delta", "eta", "beta", "epsilon", "Delta"}
    if name in GREEK and name not in taken:
        return "\\" + name, _greek(name), False
    if name == "a":
        return name, name, False
    return r"\gamma", "γ", True


def _greek(name: str) -> str:
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    return unicodedata.lookup(f"GREEK {size} LETTER {name.upper().replace('LAMBDA', 'LAMDA')}")


def term_combination(terms: tuple[Term, ...], *, latex: bool) -> str:
    """W⁰ as a combination of the given arrays, e.g. R_1 − R_1ᵀ + R_2."""
    total = ""
    for term in terms:
        name = _term_name(term, latex)
        if term.transpose:
            name += r"^{\mathsf T}" if latex else "ᵀ"
        size = abs(term.coefficient)
        factor = "" if size == 1 else (rf"{_fraction(size)}\," if latex else f"{size}·")
        negative = term.coefficient < 0
        minus, plus = ("-", "+") if latex else ("−", "+")
        if total:
            total += f" {minus if negative else plus} {factor}{name}"
        else:
            total = f"{minus if negative else ''}{factor}{name}"
    return total or "0"


def _fraction(x: Fraction) -> str:
    return str(x) if x.denominator == 1 else rf"\frac{{{x.numerator}}}{{{x.denominator}}}"


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


def opposite(term: str, sign: str = "-") -> str:
    """A term with the other sign."""
    return term[1:] if term[0] == "-" else f"{sign}{term}"


def _pmatrix(rows: tuple[tuple[str, ...], ...]) -> str:
    return r"\begin{pmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{pmatrix}"
