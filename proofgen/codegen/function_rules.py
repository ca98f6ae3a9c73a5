"""The functions and powers that equations may use, with their derivatives, as code in balls and in binary64."""

from __future__ import annotations

from typing import Any

from ..symbolic.kept import kept
from ..symbolic.parse import FUNCTIONS

USUAL_POWERS = (*range(-8, 0), *range(2, 13))


@kept((function,) for function in (*FUNCTIONS, *USUAL_POWERS))
def function_code(function: str | int) -> dict[str, Any]:
    """What the templates of equations print of a function of the grammar other than exprel, or of the power of this
    exponent. balls, floats: its code and that of its three derivatives (lines before it, code); in_s: these in s."""
    import sympy as sp  # slow to import

    from ..symbolic.activations import s, z
    from ..symbolic.functions import function_rule, power_rule, w
    from .printer import flint_assignments, flint_code

    rule = function_rule(function) if isinstance(function, str) else power_rule(function)
    names = {z: "z", s: "s", w: "w"}
    parts = []
    for order, expression in enumerate(rule.derivatives, start=1):
        lines, codes = flint_assignments([expression], names, prefix=f"t{order}_")
        parts.append((lines, codes[0]))
    return {
        "balls": {"code": flint_code(rule.expression, names), "derivatives": parts},
        "floats": {  # SymPy's printer for Python's math module
            "code": sp.pycode(rule.expression),
            "derivatives": [([], sp.pycode(expression)) for expression in rule.derivatives],
        },
        "in_s": rule.in_s,
    }
