"""A, B, C and the derivatives by γ of a layered network, written out layer by layer.

SymPy differentiates the affine step and σ (`jets.faa_di_bruno`); here its results are followed through the layers of
one network, and what vanishes there is left out: mixed coefficients at the input, E where γ does not enter, σ'' of a
linear layer. Matrices are non-commuting symbols, Σ_l^(k) = diag σ_l^(k)(z_l), W_l, E_l; ∘ is the componentwise product.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from ..symbolic import lyapunov as ly
from ..symbolic.jets import faa_di_bruno, sigma_derivatives, z_symbol
from ..symbolic.subsets import Subset, subsets
from .formula import opposite

WRITTEN_LAYERS = 3  # deeper networks are described by the recursion alone
LINE = 60  # characters, as a reader sees them, before a sum goes on in the next line
GAMMA = "γ"
_PRIMES = ("'", "''", "'''")


@dataclass(frozen=True)
class Step:
    """One layer: whether σ is the identity, and whether γ enters its weights (E) and its bias (c)."""

    number: int
    linear: bool
    enters: bool
    moves_bias: bool = False


@dataclass(frozen=True)
class Expansion:
    """``left`` = the sum of ``terms`` (LaTeX); ``text``: the whole for a terminal."""

    left: str
    terms: tuple[str, ...]
    text: str

    @property
    def aligned(self) -> str:
        """Lines of an align environment."""
        lines, current = [], self.terms[0]
        for term in self.terms[1:]:
            joint = " " if term.startswith("-") else " + "
            if _visible(current + joint + term) > LINE:
                lines.append(current)
                current = (r"\quad " + joint.lstrip() if joint != " " else r"\quad ") + term
            else:
                current += joint + term
        return f"{self.left} &= " + " \\\\\n &".join([*lines, current])


@dataclass(frozen=True)
class LayeredFormulas:
    """recursion: the affine step; first (A u), second (B), third (C), by_gamma (∂f/∂γ, (∂A/∂γ)u), for networks of at
    most three layers; l1: ℓ1 from the three terms."""

    recursion: tuple[Expansion, ...]
    derivatives: tuple[Expansion, ...]
    l1: Expansion


def layered_formulas(
    steps: Sequence[Step], gamma: str, gamma_text: str, leak: str, leak_text: str
) -> LayeredFormulas:
    """gamma: LaTeX of γ; leak: LaTeX of D (``""``: no leak)."""
    network = _Network(tuple(steps), gamma, gamma_text)
    derivatives: tuple[Expansion, ...] = ()
    if len(steps) <= WRITTEN_LAYERS:
        derivatives = (
            network.expansion("A\\,u", "A u", ("u",), leak, leak_text),
            network.expansion("B(u,v)", "B(u,v)", ("u", "v")),
            network.expansion("C(u,v,w)", "C(u,v,w)", ("u", "v", "w")),
            network.expansion(rf"\partial_{{{gamma}}}f", f"∂f/∂{gamma_text}", (GAMMA,)),
            network.expansion(rf"(\partial_{{{gamma}}}A)u", f"(∂A/∂{gamma_text})u", ("u", GAMMA)),
        )
    moving = any(step.moves_bias for step in steps)
    return LayeredFormulas(_recursion(gamma, gamma_text, moving), derivatives, evaluated_l1())


def _visible(latex: str) -> int:
    return len(re.sub(r"\\circ", "o", re.sub(r"\\bigl|\\bigr|\\quad|\\,|[{}_^ ]|\\(?!circ)[A-Za-z]+", "", latex)))


def _recursion(gamma: str, gamma_text: str, moving: bool) -> tuple[Expansion, ...]:
    """z_S of the affine step, by differentiating (W + ε_γ E)(h + Σ h_S ε^S) + b + ε_γ c at ε = 0; moving: c ≠ 0."""
    names = {"1": "1", "2": "2", "12": "12", GAMMA: gamma, f"1{GAMMA}": f"1{gamma}"}
    W, E, h, b, c = (sp.Symbol(name, commutative=False) for name in ("W_l", "E_l", "h", "b", "c_l"))
    epsilon = {key: sp.Symbol(f"epsilon_{key}") for key in ("1", "2", GAMMA)}
    parts = {key: sp.Symbol(f"h_{key}", commutative=False) for key in names}
    moved = h + sum((part * sp.Mul(*(epsilon[c] for c in key)) for key, part in parts.items()), sp.Integer(0))
    z = sp.expand((W + epsilon[GAMMA] * E) * moved + b + (epsilon[GAMMA] * c if moving else 0))
    latex = {part: f"h_{{{names[key]}}}" for key, part in parts.items()}
    text = {part.name: f"h_{key.replace(GAMMA, gamma_text)}" for key, part in parts.items()}
    found = []
    for key in ("1", "12", GAMMA, f"1{GAMMA}"):
        coefficient = sp.diff(z, *(epsilon[c] for c in key)).subs(dict.fromkeys(epsilon.values(), 0))
        terms = sorted(sp.Add.make_args(coefficient), key=lambda term: (term.has(E), term.has(c)))
        plain = " + ".join(" ".join(text.get(f.name, f.name) for f in sp.Mul.make_args(term)) for term in terms)
        shown = tuple(sp.latex(term, symbol_names=latex) for term in terms)
        found.append(Expansion(f"z_{{{names[key]}}}", shown, f"z_{key.replace(GAMMA, gamma_text)} = {plain}"))
    return tuple(found)


def evaluated_l1() -> Expansion:
    """ℓ1 from the three terms t_1, t_2, t_3, for p, q of any length."""
    formula, terms = ly.general_formula(), (ly.c_1, ly.c_2, ly.c_3)
    names = {ly.omega: r"\omega", ly.q_norm_squared: r"q^{\mathsf H}q"}
    names |= {term: rf"\mathsf t_{k}" for k, term in enumerate(terms, start=1)}
    plain = formula.xreplace({ly.q_norm_squared: sp.Symbol("qᴴq"), ly.omega: sp.Symbol("ω")})
    plain = plain.xreplace({term: sp.Symbol(f"t_{k}") for k, term in enumerate(terms, start=1)})
    return Expansion(r"\ell_1", (sp.latex(formula, symbol_names=names),), f"ℓ1 = {str(plain).replace('*', '·')}")


@dataclass(frozen=True)
class _Network:
    steps: tuple[Step, ...]
    gamma: str
    gamma_text: str

    def expansion(
        self, left: str, left_text: str, directions: tuple[str, ...], leak: str = "", leak_text: str = ""
    ) -> Expansion:
        """The coefficient of all directions together at the last layer; ``leak`` is subtracted."""
        factors = self._propagated(directions)
        names = {symbol: latex for term in factors for symbol, latex, _ in term}
        products = [sp.Mul(*(symbol for symbol, _, _ in term)) for term in factors]
        terms = [sp.latex(product, symbol_names=names) for product in products]
        plain = [" ".join(text for _, _, text in term) for term in factors]
        if leak:
            terms.insert(0, opposite(leak))
            plain.insert(0, opposite(leak_text, "−"))
        return Expansion(left, tuple(terms or ["0"]), f"{left_text} = {' + '.join(plain or ['0'])}")

    def _propagated(self, directions: tuple[str, ...]) -> list[list[_Factor]]:
        order = len(directions)
        whole = tuple(range(1, order + 1))
        gamma = directions.index(GAMMA) + 1 if GAMMA in directions else None
        alive: set[Subset] = {(k,) for k in whole if k != gamma}  # h_S that do not vanish before a layer
        terms: list[list[_Factor]] = [[_factor("u", "u", "u")]] if whole in alive else []
        for step in self.steps:
            entering = {
                subset for subset in subsets(order)
                if step.enters and gamma in subset and (subset == (gamma,) or _without(subset, gamma) in alive)
            }  # fmt: skip
            entering |= {(gamma,)} if step.moves_bias and gamma is not None else set()
            present = alive | entering
            terms = [[self._matrix("W", step), *term] for term in terms]
            if whole in entering and step.enters:
                terms.append([self._matrix("E", step), self._below(step, _without(whole, gamma), directions)])
            if whole == (gamma,) and step.moves_bias:
                terms.append([self._matrix("c", step)])
            if not step.linear:
                terms = [[self._sigma(step, 1), *term] for term in terms]
                terms = self._sources(step, whole, present, directions) + terms
            alive = present | self._bent(order, present, step)
        return terms

    def _bent(self, order: int, present: set[Subset], step: Step) -> set[Subset]:
        """Mixed coefficients that σ makes of products."""
        if step.linear:
            return set()
        absent = {z_symbol(other): 0 for other in subsets(order) if other not in present}
        return {subset for subset in subsets(order) if faa_di_bruno(order)[subset].subs(absent) != 0}

    def _sources(
        self, step: Step, whole: Subset, present: set[Subset], directions: tuple[str, ...]
    ) -> list[list[_Factor]]:
        """The terms of Faà di Bruno's formula with σ'' and σ''', each with its products collected."""
        absent = {z_symbol(other): 0 for other in subsets(len(whole)) if other not in present}
        expression = sp.expand(faa_di_bruno(len(whole))[whole].subs(absent))
        found = []
        for order in (3, 2):
            products: list[tuple[list[Subset], list[_Factor]]] = []
            for term in sp.Add.make_args(expression.coeff(sigma_derivatives[order - 1])):
                if term != 0:
                    sets = [s for s in subsets(len(whole)) if term.has(z_symbol(s))]
                    if term != sp.Mul(*(z_symbol(s) for s in sets)):
                        raise AssertionError("a coefficient of square-free monomials has coefficient 1")
                    products.append((sets, [self._argument(step, s, directions) for s in sets]))
            products.sort(key=lambda item: item[0])
            if products:
                latex = " + ".join(r" \circ ".join(name for _, name, _ in product) for _, product in products)
                text = " + ".join("∘".join(name for _, _, name in product) for _, product in products)
                found.append([self._sigma(step, order), _factor(text, rf"\bigl({latex}\bigr)", f"({text})")])
        return found

    def _argument(self, step: Step, subset: Subset, directions: tuple[str, ...]) -> _Factor:
        """z_S of a layer; at the input what it is."""
        letters = [directions[k - 1] for k in subset]
        plain = [letter for letter in letters if letter != GAMMA]
        if step.number == 1 and len(plain) <= 1 and (plain or not step.moves_bias):
            matrix = self._matrix("E" if GAMMA in letters else "W", step)
            vector = plain[0] if plain else "x"
            return _factor(f"{matrix[2]}{vector}", f"{matrix[1]} {vector}", f"{matrix[2]}{vector}")
        index, text_index = self._index(step)
        latex, text = ("".join(name if c == GAMMA else c for c in letters) for name in (self.gamma, self.gamma_text))
        return _factor(f"z{index}_{text}", f"z_{{{index}{',' if index else ''}{latex}}}", f"z{text_index}_{text}")

    def _below(self, step: Step, rest: Subset, directions: tuple[str, ...]) -> _Factor:
        """h_S before a layer, for at most one direction."""
        letters = "".join(directions[k - 1] for k in rest)
        if step.number == 1:
            return _factor(letters or "x", letters or "x", letters or "x")
        index = str(step.number - 1)
        text = f"h{_subscript(index)}" + (f"_{letters}" if letters else "")
        return _factor(text, f"h_{{{index}{',' if letters else ''}{letters}}}", text)

    def _index(self, step: Step) -> tuple[str, str]:
        """The number of a layer as a subscript, which one layer does without: LaTeX, text."""
        index = "" if len(self.steps) == 1 else str(step.number)
        return index, _subscript(index)

    def _matrix(self, name: str, step: Step) -> _Factor:
        index, text = self._index(step)
        return _factor(f"{name}_{index}", f"{name}_{{{index}}}" if index else name, f"{name}{text}")

    def _sigma(self, step: Step, order: int) -> _Factor:
        (index, text), mark = self._index(step), _PRIMES[order - 1]
        latex = rf"\Sigma{mark}_{{{index}}}" if index else rf"\Sigma{mark}"
        return _factor(f"Sigma{order}_{index}", latex, f"Σ{text}{mark}")


_Factor = tuple[sp.Symbol, str, str]


def _subscript(number: str) -> str:
    return number.translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def _factor(name: str, latex: str, text: str) -> _Factor:
    return sp.Symbol(name, commutative=False), latex, text


def _without(subset: Subset, gamma: int | None) -> Subset:
    return tuple(k for k in subset if k != gamma)
