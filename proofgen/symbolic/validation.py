"""Whether a text is an activation; SymPy is imported for those without a name."""

from __future__ import annotations

from .named import NAMED


def validate_activation(text: str) -> None:
    """Raise InputError unless ``text`` names a known activation or is a smooth expression in z.

    ReLU and its relatives are refused with the reason (MATHEMATICS.md, section 1).
    """
    if text.strip() not in NAMED:
        from .activations import smooth_expression

        smooth_expression(text)
