"""Enclosures for a person: the digits that are proved."""

from __future__ import annotations

from .decimals import ceil_to, floor_log10, floor_to, render_decimal
from .printed import Enclosure


def proved_digits(enclosure: Enclosure | None, most: int = 12) -> str:
    """The digits that all numbers of an enclosure share, or the enclosure itself where there are too few."""
    if enclosure is None:
        return "?"
    lower, upper = enclosure.text
    if lower == upper:
        return lower
    (lower, _, exponent), (upper, _, other) = lower.partition("e"), upper.partition("e")
    common = 0
    while common < min(len(lower), len(upper)) and lower[common] == upper[common]:
        common += 1
    digits = sum(character.isdigit() for character in lower[:common].lstrip("-0."))
    if digits < 3 or exponent != other or "." not in lower[:common]:
        return _rounded(enclosure)
    text = lower[:common]
    while sum(character.isdigit() for character in text.lstrip("-0.")) > most:
        text = text[:-1]
    return text + ("…e" + exponent if exponent else "…")


def _rounded(enclosure: Enclosure, significant: int = 7) -> str:
    """``[LO, HI]``, rounded outward to few digits where it is long."""
    if sum(map(len, enclosure.text)) <= 30:
        return f"[{', '.join(enclosure.text)}]"
    low, high = enclosure.ends
    exponent = floor_log10(max(abs(low), abs(high))) - significant + 1
    ends = (floor_to(low, exponent), ceil_to(high, exponent))
    return "[" + ", ".join(render_decimal(end, exponent) for end in ends) + "]"
