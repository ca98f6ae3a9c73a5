"""An activation and its derivatives as code."""

from __future__ import annotations

from typing import Any

from ..symbolic.kept import kept
from ..symbolic.named import NAMED


@kept((name,) for name in NAMED)
def activation_code(activation: str) -> dict[str, Any]:
    """What `field/activations.py.jinja` prints of an activation, and whether σ' = 1 ("affine"). Raises UnsupportedError
    as `derive_activation`."""
    from ..symbolic.activations import derive_activation, s, z  # SymPy is slow to import
    from .printer import flint_assignments, flint_code

    derived = derive_activation(activation)
    derivatives = []
    for order in range(3):
        expression = (derived.in_s or derived.derivatives)[order]
        lines, codes = flint_assignments([expression], {z: "z", s: "s"}, prefix=f"t{order + 1}_")
        derivatives.append((lines, codes[0]))
    affine = bool(derived.derivatives[0] == 1)
    return {
        "text": str(derived.expression),
        "in_s": derived.in_s is not None,
        "affine": affine,
        "linear": affine and derived.expression == z,
        "code": flint_code(derived.expression, {z: "z"}),
        "derivatives": derivatives,
    }
