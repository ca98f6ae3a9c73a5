"""The few things in proofgen's own LaTeX that pandoc does not carry over to HTML, said in a way that it does."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SMALL = re.compile(r"\\text\{\\footnotesize\$(?:\\setlength\{\\arraycolsep\}\{[^{}]*\})?(.*?)\$\}", re.DOTALL)
_ITEM = re.compile(r"\\item\[\\textup\{(.*?)\}\]")
_NUMBERED = re.compile(r"\\begin\{(equation|align)\}(.*?)\\end\{\1\}", re.DOTALL)
_LABEL = re.compile(r"\\label\{([^{}]*)\}")
_EQREF = re.compile(r"\\eqref\{([^{}]*)\}")
_SECTION = re.compile(r"Section~\\ref\{(?:[^{}]*:)?([a-z]+)\}")
_TABLE = re.compile(r"Table~\\ref\{[^{}]*\}")
_OPERATOR = re.compile(  # before a letter or a command that does not open a bracket
    r"(\\operatorname\{\w+\}|\\(?:max|min|sup)_(?:\{[^{}]*\}|[a-z]))"
    r"(?=\s*(?:[A-Za-z]|\\[A-Za-z]))(?!\s*\\(?:[bB]igl|left)\b)"
)
_SECTIONS = {
    "proof": "the proof", "recheck": "``How to check''", "open": "``What is not proved''",
}  # fmt: skip


def for_pandoc(parts: Sequence[str]) -> list[str]:
    """Bodies of one page: equations get numbers, which are the same in all of them."""
    numbers: dict[str, int] = {}

    def numbered(match: re.Match[str]) -> str:
        environment, text = match[1], match[2]
        label = _LABEL.search(text)
        if label is None:
            return match[0]
        number = numbers.setdefault(label[1], len(numbers) + 1)
        text = _LABEL.sub("", text).replace(r"\notag", "").rstrip()
        star = "*" if environment == "align" else ""
        return rf"\begin{{{environment}{star}}}{text}\qquad({number})\end{{{environment}{star}}}"

    made = [_NUMBERED.sub(numbered, _SMALL.sub(r"\1", part)) for part in parts]

    def referred(match: re.Match[str]) -> str:
        return f"({numbers[match[1]]})" if match[1] in numbers else "above"

    return [_without_sections(_EQREF.sub(referred, part)) for part in made]


def _without_sections(text: str) -> str:
    """Sections of a page have no numbers."""
    text = _SECTION.sub(lambda match: _SECTIONS.get(match[1], "another section"), text)
    text = _TABLE.sub("the table", text)
    text = _OPERATOR.sub(r"\1\\,", text)  # browsers leave no space after the names of operators
    return _ITEM.sub(r"\\item \1 ", text).replace(r"\section{", r"\subsection{").replace(r"\qed", "\u25fb")
