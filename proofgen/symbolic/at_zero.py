"""What is known of the derivatives of activations at 0."""

from __future__ import annotations

from .kept import kept
from .named import NAMED


@kept((name,) for name in NAMED)
def vanishing_at_zero(activation: str) -> list[bool]:
    """Which of σ'(0), σ''(0), σ'''(0) SymPy finds to be 0. Raises UnsupportedError as `derive_activation`."""
    from .activations import derive_activation

    return [bool(value == 0) for value in derive_activation(activation).derivatives_at_zero]
