"""The formulas that several kinds of fields show; SymPy prints what is not kept."""

from __future__ import annotations

import codecs
from typing import Any

from ..plain import ENCODING
from ..symbolic.kept import kept
from ..symbolic.named import NAMED
from ..symbolic.subsets import Subset
from .formula import Formula, Right, formula

UTF_8 = "utf-8"  # formulas are kept for consoles that show all characters
_JETS: list[Subset] = [(1,), (1, 2), (1, 2, 3)]


def encoding_now() -> str:
    """Of the console that texts are laid out for, under the name that Python gives it."""
    return codecs.lookup(ENCODING.get()).name


@kept((name, UTF_8) for name in NAMED)
def _activation_rights(activation: str, encoding: str) -> dict[str, Any]:
    from .printed import activation_rights  # SymPy is slow to import

    return activation_rights(activation, encoding)


def activation_formulas(activation: str) -> tuple[Formula, tuple[Formula, ...], tuple[Formula, ...]]:
    """σ, its three derivatives in z, and these as polynomials in s = σ(z) (empty where there are none)."""
    rights, primes = _activation_rights(activation, encoding_now()), ("'", "''", "'''")
    derivatives, in_s = (
        tuple(
            formula(rf"\sigma{mark}(z)", f"σ{mark}(z)", right)
            for mark, right in zip(primes, rights[which], strict=False)
        )
        for which in ("derivatives", "in_s")
    )
    return formula(r"\sigma(z)", "σ(z)", rights["sigma"]), derivatives, in_s


def is_affine(activation: str) -> bool:
    """Whether σ' = 1."""
    return bool(_activation_rights(activation, encoding_now())["affine"])


@kept((subset, UTF_8) for subset in _JETS)
def _jet_right(subset: Subset, encoding: str) -> Right:
    from .printed import jet_right

    return jet_right(subset, encoding)


def jet_formulas() -> tuple[Formula, ...]:
    """Faà di Bruno's formula for one, two and three directions."""
    labels = {subset: "".join(map(str, subset)) for subset in _JETS}
    return tuple(
        formula(f"h_{{{label}}}", f"h_{label}", _jet_right(subset, encoding_now())) for subset, label in labels.items()
    )
