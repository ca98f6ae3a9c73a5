"""The names of a spec as a mathematician writes them: gNa as g with the index Na, tau_1 as τ₁.

A name holds letters, digits and underscores only, so that nothing in it is a TeX command. Two names that would look
the same are written out in full. A letter that the text around uses too is marked, as \\mathnormal, so that
documents can give the text another one (`proofgen.latex.letters`); e, i, d and π cannot be given up, and such a name is
set upright (Latin) or bold (Greek).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

GREEK = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
]  # fmt: skip


# Letters of the formulas beside the vector field, and of the proof besides its sans-serif ones. A vector x may have a
# component x (then it has another letter), and directions u, v, w are chosen among free ones.
KEPT = frozenset(["d", "e", "i", "pi"])
TAKEN = frozenset([
    "A", "B", "C", "D", "G", "I", "O", "a", "b", "c", "f", "j", "k", "l", "n", "p", "q", "t", "lambda", "omega",
    "zeta", "epsilon", "varepsilon", "varphi", "theta", "mu", "tau", "kappa",
]) | KEPT  # fmt: skip
FOR_PARAMETERS = TAKEN | frozenset(["u", "v", "w", "x"])
_BASE = re.compile(r"([A-Za-z])([A-Z0-9][A-Za-z0-9]*)?|([A-Za-z]+?)([0-9]+)?")
_GREEK = re.compile(rf"({'|'.join(sorted(GREEK, key=len, reverse=True))})([A-Z0-9][A-Za-z0-9]*)?")


@dataclass(frozen=True)
class Symbol:
    """A name in math mode. base: in braces unless it is a command; index: ``_{…}`` or empty; text: as in the spec;
    marked: "upright" or "bold" where the plain letter keeps another meaning, "plain" where it is the text that has to
    change, or empty."""

    text: str
    base: str
    index: str = ""
    marked: str = ""

    @property
    def latex(self) -> str:
        return self.base + self.index

    @property
    def plain(self) -> str:
        """Without braces around a single letter, for formulas where no command comes before it."""
        return (self.base[1:-1] if len(self.base) == 3 and self.base[0] == "{" else self.base) + self.index

    @property
    def long(self) -> bool:
        return self.base.startswith(r"{\math") and self.marked != "plain"

    @property
    def letter(self) -> str:
        """The single letter, or the Greek command, that it is made of; empty for words."""
        inner = re.sub(r"\\(mathnormal|mathrm|boldsymbol)|[{}]", "", self.base)
        return inner if len(inner) == 1 or (inner.startswith("\\") and "math" not in inner) else ""

    @property
    def width(self) -> float:
        """About how many letters wide it is."""
        inner = re.sub(r"\\[a-z]+", "", self.index).strip("_{}")
        shown = 1 if not self.long or self.marked else len(re.sub(r"\\[a-z]+|[{}\\]", "", self.base))
        return shown + 0.7 * len(re.sub(r"[{}\\]", "", inner))


def symbols(names: Sequence[str], parameter: str) -> Mapping[str, Symbol]:
    """The symbol of every name and of the parameter, all different."""
    found = {name: _symbol(name, TAKEN) for name in names}
    found[parameter] = _symbol(parameter, FOR_PARAMETERS)
    shared = Counter(symbol.latex for symbol in found.values())
    return {name: symbol if shared[symbol.latex] == 1 else _whole(name) for name, symbol in found.items()}


def free_letters(names: Collection[str], wanted: Sequence[Sequence[str]]) -> Sequence[str]:
    """The first group of letters none of which is a name; else the last group."""
    return next((group for group in wanted if not set(group) & set(names)), wanted[-1])


def _symbol(name: str, taken: Collection[str]) -> Symbol:
    first, *rest = name.split("_")
    if not all(rest):
        return _whole(name)
    if match := _GREEK.fullmatch(first):
        base, tail = "\\" + match[1], match[2]
        letter = match[1]
    elif (match := _BASE.fullmatch(first)) is None:
        return _whole(name)
    elif match[1] and not (len(first) > 2 and first.isupper()):
        letter, tail = match[1], match[2]
        base = f"{{{letter}}}"
    else:
        word = re.fullmatch(r"([A-Za-z]+)([0-9]*)", first)
        if word is None:
            return _whole(name)
        letter, tail = word[1], word[2]
        base = f"{{\\mathrm{{{letter}}}}}"
    indices = [index for index in [tail, *rest] if index]
    index = "" if not indices else f"_{{{','.join(map(_index, indices))}}}"
    if letter not in taken or (letter in KEPT and index) or base.startswith("{\\math"):
        return Symbol(name, base, index)
    if letter not in KEPT:
        return Symbol(name, rf"{{\mathnormal{{{base.strip('{}')}}}}}", index, marked="plain")
    if base[0] == "\\":
        return Symbol(name, rf"{{\boldsymbol{{{base}}}}}", marked="bold")
    return Symbol(name, rf"{{\mathrm{{{letter}}}}}", marked="upright")


def _index(part: str) -> str:
    return part if part.isdigit() else "\\" + part if part in GREEK else rf"\mathrm{{{part}}}"


def _whole(name: str) -> Symbol:
    shown = name.replace("_", r"\_")
    return Symbol(name, rf"{{\mathtt{{{shown}}}}}")


def component_names(n: int) -> tuple[str, ...]:
    """LaTeX of the components of the state of a network."""
    return tuple(f"x_{{{k}}}" for k in range(1, n + 1))


class NumberedState:
    """What is derived of a field whose state is x, with the components x_1, …, x_n."""

    dimension: int

    @property
    def vector(self) -> str:
        """LaTeX of the state."""
        return "x"

    @property
    def names(self) -> tuple[str, ...]:
        """LaTeX of its components."""
        return component_names(self.dimension)
