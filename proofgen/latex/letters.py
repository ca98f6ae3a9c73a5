"""One letter, one meaning: where a model has a letter that proofs use, the text about it gets another one.

Names of a model whose letter is taken come as \\mathnormal (`formulas.names`); so every other letter in mathematics is
the text's own. Sans-serif letters are always the text's own, but for the T and H of transposes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

PLAIN = {
    "A": "LPF", "B": "PLF", "C": "FLP", "D": "ZFL", "G": "JZF", "I": "ZJF", "O": "o", "a": "rgh", "b": "hgr",
    "c": "hgr", "f": "FLP", "j": "mr", "k": "rm", "l": "rm", "n": "PLF", "p": "rg", "q": "gh", "t": "mr", "u": "gr",
    "v": "hr", "w": "rm", "x": "y",
}  # fmt: skip
GREEK = {
    r"\lambda": (r"\nu",), r"\omega": (r"\varpi",), r"\zeta": (r"\xi",), r"\varepsilon": (r"\delta",),
    r"\epsilon": (r"\delta",), r"\mu": (r"\psi",), r"\tau": (r"\vartheta",), r"\kappa": (r"\iota",),
    r"\theta": (r"\vartheta",), r"\varphi": (r"\psi",),
}  # fmt: skip
OTHERS = "LPFZJKUMNQYHXmrghyo"  # first those that have no sans-serif sister
SANS = {
    "g": (r"\iota",), "h": (r"\delta",), "m": (r"\eta",), "s": (r"\varsigma",), "u": (r"\upsilon",), "y": (r"\psi",),
    "z": (r"\xi",),
}  # fmt: skip
SMALL = (
    r"\delta", r"\eta", r"\iota", r"\xi", r"\upsilon", r"\psi", r"\vartheta", r"\varsigma", r"\varpi", r"\nu",
)  # fmt: skip
LARGE = (r"\Gamma", r"\Theta", r"\Xi", r"\Psi", r"\Phi", r"\Upsilon", r"\Delta", r"\Pi")
NOTE = r"\proofgenletters"  # in a template: the place of the sentence that says what was replaced

_MATHS = frozenset(f"{name}{star}" for name in ("equation", "align", "gather", "multline") for star in ("", "*"))
_TEXT = frozenset(rf"\{name}" for name in ("text", "textup", "textit", "textbf", "emph", "mbox", "parbox"))
_VERBATIM = frozenset(
    rf"\{name}" for name in (
        "mathrm", "mathnormal", "mathtt", "mathbf", "mathcal", "boldsymbol", "operatorname", "texttt", "label", "ref",
        "eqref", "cite", "tag", "hspace", "vspace", "setlength", "proofgenpicture", "proofgenifpicture",
    )
)  # fmt: skip
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\\\\*?(?:\[[^]]*\])?|\\.|%[^\n]*\n|[^\\%]", re.DOTALL)
_PLAIN_TEXT = re.compile(r"[^\\%${}]+")  # in which nothing is mathematics or a command
_PLAIN_MATHS = re.compile(r"[\s0-9=+\-()\[\],.;:&_^'/|!<>*]+")
_GROUP = re.compile(r"\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\[[^]]*\]|\\[A-Za-z]+|[A-Za-z])")
_SANS = re.compile(r"\s*(?:\{([A-Za-z])\}|([A-Za-z]))")
_OWN = re.compile(r"\\mathnormal\{([^{}]*)\}")


@dataclass(frozen=True)
class Letters:
    """model: the letters of the names of a model; shared: those of them that the text has, not in sans serif."""

    model: frozenset[str]
    shared: frozenset[str]

    def apply(self, text: str) -> str:
        """A text in LaTeX in which the letters of the model mean nothing else."""
        plain, sans = self.replacements()
        renamed, replaced = _renamed(text, plain, sans)
        return unmarked(renamed.replace(NOTE + "\n", _sentence(replaced)))

    def replacements(self) -> tuple[dict[str, str], dict[str, str]]:
        """Old → new, of plain and of sans-serif letters."""
        taken = set(self.model)
        plain: dict[str, str] = {}
        for letter in sorted(self.shared):
            others = SMALL if letter in GREEK else OTHERS
            new = _first((*PLAIN.get(letter, ""), *GREEK.get(letter, ()), *others), taken)
            plain[letter] = new.replace("%s", letter)
            taken.add(new)
        sans: dict[str, str] = {}
        for letter in sorted(self.model - {"T", "H"}):
            if len(letter) == 1:
                new = _first((*SANS.get(letter, ()), *(SMALL if letter.islower() else LARGE)), taken)
                sans[letter] = new.replace("%s", rf"\mathsf{{{letter}}}")
                taken.add(new)
        return plain, sans


def unmarked(text: str) -> str:
    """A text in which the letters of a model are as any others."""
    return _OWN.sub(r"\1", text)


def _first(wanted: Collection[str], taken: Collection[str]) -> str:
    return next((letter for letter in wanted if letter not in taken), r"\mathring{%s}")


def _sentence(replaced: Mapping[str, str]) -> str:
    if not replaced:
        return ""
    old, new = ([f"${letter}$" for letter in letters] for letters in (replaced, replaced.values()))
    if len(old) == 1:
        return f"The letter {old[0]} belongs to the system; {new[0]}~stands where other texts have it.\n"
    return f"The letters {_listed(old)} belong to the system; {_listed(new)} stand where other texts have them.\n"


def _listed(items: list[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def _renamed(text: str, plain: Mapping[str, str], sans: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The text with other letters in mathematics, and those of ``plain`` that were there."""
    parts, replaced = list[str](), dict[str, str]()
    maths, opened, text_next, place = False, list[bool](), False, 0
    while place < len(text):
        if run := (_PLAIN_MATHS if maths else _PLAIN_TEXT).match(text, place):
            parts.append(run[0])
            place = run.end()
            continue
        token = _TOKEN.match(text, place)
        assert token is not None
        word, place = token[0], token.end()
        if word in (r"\begin", r"\end"):
            group = _GROUP.match(text, place)
            name = group[1].strip("{}") if group else ""
            maths = (word == r"\begin") if name in _MATHS else maths
            parts.append(word + (group[0] if group else ""))
            place = group.end() if group else place
            continue
        if word in (r"\[", r"\("):
            maths = True
        elif word in (r"\]", r"\)"):
            maths = False
        elif word == "$":
            maths = not maths
        elif word == "{":
            opened.append(maths)
            maths, text_next = maths and not text_next, False
        elif word == "}" and opened:
            maths = opened.pop()
        elif word in _TEXT:
            text_next = True
        elif word == r"\mathsf":
            found = _SANS.match(text, place)
            letter = next(filter(None, found.groups()), "") if found else ""
            if found and letter in sans:
                word, place = f"{{{sans[letter]}}}", found.end()
            elif group := _GROUP.match(text, place):
                word, place = word + group[0], group.end()
        elif word in _VERBATIM:
            while (group := _GROUP.match(text, place)) and (group[1][0] in "{[" or maths):
                word, place = word + group[0], group.end()
                if group[1][0] != "[":
                    break
        elif maths and word in plain:
            replaced[word] = plain[word]
            word = plain[word] if len(plain[word]) == 1 else f"{{{plain[word]}}}"
        parts.append(word)
    return "".join(parts), replaced
