"""Jets over an expression graph as straight-line code: one line for each coefficient that does not vanish.

Sums act linearly, products by Leibniz' rule, functions of one argument by Faà di Bruno's formulas, whose terms are
those of SymPy (`symbolic.jets`; the tests compare). The text consists of names made here and of integers; no text of a
spec is copied into code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from ..symbolic.graph import Graph, Node
from ..symbolic.subsets import Subset, partitions, parts, subsets

ONE = "1"
GAMMA = "γ"
# name, directions (u, v, w of x, or that of γ) and meaning of the multilinear forms of every field
JETS: list[tuple[str, tuple[str, ...], str]] = [
    ("parameter_derivative", (GAMMA,), "∂f/∂γ"),
    ("jacobian_parameter", ("u", GAMMA), "(∂A/∂γ) u"),
    ("B", ("u", "v"), "B(u, v) = D²f[u, v]"),
    ("C", ("u", "v", "w"), "C(u, v, w) = D³f[u, v, w]"),
]
Lookup = Callable[[int, Subset], str | None]
Number = Callable[[Fraction], str]


@dataclass(frozen=True)
class GraphJets:
    """Code of jets of one graph. number: how a rational number is written."""

    graph: Graph
    number: Number

    def values(self) -> list[tuple[int, str]]:
        """(node, code of its value) for sums and products; the others are calls of functions or given."""
        lines = []
        for i, node in enumerate(self.graph.nodes):
            if node.op == "rational":
                lines.append((i, self.number(node.value)))
            elif node.op == "sum":
                terms = [(c, f"v{a}") for c, a in zip(node.coefficients, node.args, strict=True)]
                lines.append((i, self._sum(terms, node.value)))
            elif node.op == "product":
                lines.append((i, f"v{node.args[0]}*v{node.args[1]}"))
        return lines

    def jet(self, order: int, given: Lookup, prefix: str) -> tuple[list[str], Lookup]:
        """Code of all coefficients of the square-free monomials in ``order`` directions.

        given: the coefficients at variables and parameter (None: 0). Lines, and where to find every coefficient.
        """
        known: dict[tuple[int, Subset], str] = {}

        def lookup(node: int, subset: Subset) -> str | None:
            return known.get((node, subset))

        lines: list[str] = []
        needed = self.graph.needed()
        for i, node in enumerate(self.graph.nodes):
            if i in needed:
                for subset in subsets(order):
                    name = f"{prefix}{i}_{''.join(map(str, subset))}"
                    atom = self.coefficient(i, node, subset, lookup, given, order, name, lines)
                    if atom is not None:
                        known[i, subset] = atom
        return lines, lookup

    def coefficient(
        self, i: int, node: Node, subset: Subset, lookup: Lookup, given: Lookup, order: int, name: str, lines: list[str]
    ) -> str | None:
        """The atom of one coefficient; its line is appended where one is needed. None: it is 0."""
        if node.op in ("variable", "parameter"):
            return given(i, subset)
        if node.op == "rational":
            return None
        if node.op == "sum":
            pairs = [(c, lookup(a, subset)) for c, a in zip(node.coefficients, node.args, strict=True)]
            terms = [(c, atom) for c, atom in pairs if atom is not None]
            if not terms:
                return None
            if len(terms) == 1 and terms[0][0] == 1:
                return terms[0][1]
            code = self._sum(terms, Fraction(0))
        elif node.op == "product":
            code = self._product(node, subset, lookup)
        else:
            code = _unary(i, node, subset, lookup)
        if not code:
            return None
        lines.append(f"{name} = {code}")
        return name

    def _sum(self, terms: Sequence[tuple[Fraction, str]], constant: Fraction) -> str:
        text = ""
        for coefficient, atom in terms:
            size = abs(coefficient)
            piece = self.number(size) if atom == ONE else (atom if size == 1 else f"{self.number(size)}*{atom}")
            if not text:
                text = piece if coefficient > 0 else f"-{piece}"
            else:
                text += f" {'+' if coefficient > 0 else '-'} {piece}"
        if constant and text:
            return f"{text} {'+' if constant > 0 else '-'} {self.number(abs(constant))}"
        return text or self.number(constant)

    def _product(self, node: Node, subset: Subset, lookup: Lookup) -> str:
        a, b = node.args
        terms = []
        for size in range(len(subset) + 1):
            for part in combinations(subset, size):
                rest = tuple(k for k in subset if k not in part)
                left = f"v{a}" if not part else lookup(a, part)
                right = f"v{b}" if not rest else lookup(b, rest)
                if left is not None and right is not None:
                    factors = [factor for factor in (left, right) if factor != ONE]
                    terms.append("*".join(factors) or ONE)
        return " + ".join(terms)


def _unary(i: int, node: Node, subset: Subset, lookup: Lookup) -> str:
    argument = node.args[0]
    atoms = {part: lookup(argument, part) for part in parts(subset)}
    present = tuple(part for part, atom in atoms.items() if atom is not None)
    ones = tuple(part for part, atom in atoms.items() if atom == ONE)
    pattern = _faa_pattern(subset, present, ones)
    if not pattern:
        return ""
    names = {"z_" + "".join(map(str, part)): atom for part, atom in atoms.items()}
    return pattern.format(s_1=f"d{i}[0]", s_2=f"d{i}[1]", s_3=f"d{i}[2]", **names)


@lru_cache(maxsize=4096)
def _faa_pattern(subset: Subset, present: tuple[Subset, ...], ones: tuple[Subset, ...]) -> str:
    """Faà di Bruno's formula for one coefficient, with blanks for φ^(k) and the coefficients of the argument: the terms
    as SymPy orders them."""
    terms: Counter[tuple[int, tuple[Subset, ...]]] = Counter()
    for found in partitions(subset):
        if all(part in present for part in found):
            terms[len(found), tuple(sorted(part for part in found if part not in ones))] += 1
    texts = []
    for (k, kept), count in sorted(terms.items()):
        factors = [f"{{s_{k}}}", *(f"{{z_{''.join(map(str, part))}}}" for part in kept)]
        texts.append("*".join(factors if count == 1 else [str(count), *factors]))
    return " + ".join(texts)
