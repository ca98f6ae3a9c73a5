"""ASCII names of the characters of mathematics, for consoles that cannot show them: gamma for γ, <= for ≤."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HANDLER = "proofgen.plain"
ENCODING: ContextVar[str] = ContextVar("encoding", default="utf-8")  # of texts laid out in several lines
_SIGNS = {
    "−": "-", "…": "...", "⋯": "...", "ℓ": "l", "·": "*", "⋅": "*", "×": "x", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~",
    "±": "+-", "∞": "infinity", "∈": "in", "∉": "not in", "→": "->", "←": "<-", "‖": "||", "∂": "d", "√": "sqrt",
    "∫": "int", "ℝ": "R", "ᵀ": "^T", "ᴴ": "^H", "⁻": "^-", "½": "1/2", "⅙": "1/6", "⪰": ">=", "∘": "o", "⊂": "in",
    "⊇": "contains", "⊕": "(+)", "∧": "^", "↦": "->",
    "–": "-", "—": "-", "─": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "′": "'", "à": "a",
    "\N{COMBINING TILDE}": "~", "\N{COMBINING MACRON}": "_bar", "\N{COMBINING CIRCUMFLEX ACCENT}": "^",
}  # fmt: skip
_NAMES = ("GREEK SMALL LETTER ", "GREEK CAPITAL LETTER ", "SUPERSCRIPT ", "SUBSCRIPT ", "BRAILLE PATTERN ")
_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")


@contextmanager
def laid_out_for(encoding: str) -> Iterator[None]:
    """Texts of several lines are made for a console of this encoding."""
    token = ENCODING.set(encoding)
    try:
        yield
    finally:
        ENCODING.reset(token)


def plain(text: str, encoding: str) -> str:
    """The text with names for what the encoding does not have; what has no name appears as an escape."""
    try:
        text.encode(encoding)
        return text
    except UnicodeEncodeError:
        return text.encode(encoding, HANDLER).decode(encoding)


def name_of(character: str) -> str:
    if character.isascii():
        return character
    if character in _SIGNS:
        return _SIGNS[character]
    parts = unicodedata.normalize("NFD", character)
    if len(parts) > 1 and all(part.isascii() or part in _SIGNS for part in parts):
        return "".join(_SIGNS.get(part, part) for part in parts)
    small, capital, above, below, braille = _NAMES
    name = unicodedata.name(character, "")
    if name.startswith((small, capital)) and name.split()[-1].isalpha() and " WITH " not in name:
        letter = name.split()[-1].lower().replace("lamda", "lambda")
        return letter if name.startswith(small) else letter.capitalize()
    if name.removeprefix(above).removeprefix(below) in _DIGITS:
        digit = str(_DIGITS.index(name.removeprefix(above).removeprefix(below)))
        return f"^{digit}" if name.startswith(above) else digit
    letter = unicodedata.normalize("NFKC", character)  # of another style
    if letter != character:
        return "".join(map(name_of, letter))
    return "*" if name.startswith(braille) else character.encode("ascii", "backslashreplace").decode()


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(name_of, error.object[error.start : error.end])), error.end


codecs.register_error(HANDLER, _replace)
