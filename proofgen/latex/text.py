"""Text for LaTeX: escaping of anything that comes from outside, and numbers in words."""

from __future__ import annotations

import unicodedata

from .numbers import Tex

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "^": r"\textasciicircum{}",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    '"': r"\textquotedblright{}", "`": r"\textquoteleft{}", "'": r"\textquoteright{}",
    "\N{EN DASH}": r"\textendash{}", "\N{EM DASH}": r"\textemdash{}", "\N{MINUS SIGN}": "$-$",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{LEFT SINGLE QUOTATION MARK}": r"\textquoteleft{}", "\N{RIGHT SINGLE QUOTATION MARK}": r"\textquoteright{}",
    "\N{LEFT DOUBLE QUOTATION MARK}": r"\textquotedblleft{}",
    "\N{RIGHT DOUBLE QUOTATION MARK}": r"\textquotedblright{}",
    "\N{HORIZONTAL ELLIPSIS}": r"\dots{}", "\N{SUPERSCRIPT TWO}": "$^2$", "\N{DEGREE SIGN}": r"$^\circ$",
    "\N{PLUS-MINUS SIGN}": r"$\pm$", "\N{MIDDLE DOT}": r"$\cdot$", "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}",
    "ø": r"\o{}", "Ø": r"\O{}", "œ": r"\oe{}", "Œ": r"\OE{}", "ł": r"\l{}", "Ł": r"\L{}", "ı": r"\i{}",
    "≤": r"$\le$", "≥": r"$\ge$", "→": r"$\to$", "∞": r"$\infty$", "⁰": "$^0$", "¹": "$^1$", "³": "$^3$",
    "ᵀ": r"$^{\mathsf T}$",
    "≠": r"$\ne$", "ℓ": r"$\ell$", "₁": "$_1$", "₂": "$_2$", "₃": "$_3$", "∈": r"$\in$",
    "ℝ": r"$\mathbf R$",
}  # fmt: skip
_ACCENTS = {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u", "\u0307": ".",
            "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0327": "c", "\u0328": "k"}  # fmt: skip
_GREEK = [
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "omicron", "pi", "rho", "sigma", "varsigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
]  # fmt: skip
_CAPITALS = {"alpha": "A", "beta": "B", "epsilon": "E", "zeta": "Z", "eta": "H", "iota": "I", "kappa": "K", "mu": "M",
             "nu": "N", "omicron": "O", "rho": "P", "tau": "T", "chi": "X"}  # fmt: skip
_ORDINALS = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
]  # fmt: skip
_CARDINALS = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
]  # fmt: skip


def escape(text: str) -> Tex:
    """Plain text as LaTeX: prints the same characters and can do nothing else.

    ASCII only in the result; characters without a LaTeX form appear as [U+4E2D]; controls become spaces.
    """
    escaped = "".join(_escaped(character) for character in unicodedata.normalize("NFC", text))
    return Tex(escaped.replace("--", "-{}-{}"))  # no ligature


def _escaped(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    if " " <= character < "\x7f":
        return character
    if unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
        return " "
    name = unicodedata.name(character, "")
    if name.startswith("GREEK") and " LETTER " in name and " WITH " not in name:
        return _greek(name)
    parts = unicodedata.normalize("NFD", character)
    base = parts[0]
    if base.isascii() and base.isalpha() and len(parts) == 2 and parts[1] in _ACCENTS:
        accent = _ACCENTS[parts[1]]
        letter = {"i": r"\i", "j": r"\j"}.get(base, base) if accent not in "ck" else base
        return rf"\{accent}{{{letter}}}"
    return f"[U+{ord(character):04X}]"


def _greek(name: str) -> str:
    case, _, letter = name.partition(" LETTER ")
    letter = {"LAMDA": "lambda", "FINAL SIGMA": "varsigma"}.get(letter, letter.lower())
    if letter not in _GREEK:
        return "[?]"
    if case.endswith("CAPITAL"):
        return rf"$\mathrm{{{_CAPITALS[letter]}}}$" if letter in _CAPITALS else rf"$\{letter.capitalize()}$"
    return "$o$" if letter == "omicron" else rf"$\{letter}$"


def ordinal(number: int) -> str:
    """first, second, …, twelfth, 13th, 21st, …"""
    if 1 <= number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def cardinal(number: int) -> str:
    """no, one, two, …, twelve, 13, …"""
    return _CARDINALS[number] if 0 <= number < len(_CARDINALS) else str(number)


def counted(number: int, noun: str) -> str:
    """``two points``, ``one point``, ``no points``."""
    return f"{cardinal(number)} {noun}{'' if number == 1 else 's'}"
