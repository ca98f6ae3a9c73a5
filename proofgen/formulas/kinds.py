"""The formulas of a field of any kind: the table of kinds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..problem.problem import AnyProblem
from .equations import EquationsDerivation, derive_equations, equations_text
from .layered import NetworkDerivation, derive_network, network_text

FieldDerivation = NetworkDerivation | EquationsDerivation


@dataclass(frozen=True)
class Kind:
    """text: the formulas for a terminal."""

    derive: Callable[[Any], FieldDerivation]
    text: Callable[[Any], str]


KINDS = {
    "network": Kind(derive_network, network_text),
    "equations": Kind(derive_equations, equations_text),
}


def derive_field(problem: AnyProblem) -> FieldDerivation:
    """What certificates show of a field, whatever its kind."""
    return KINDS[problem.kind].derive(problem)


def field_text(problem: AnyProblem, derivation: FieldDerivation) -> str:
    return KINDS[problem.kind].text(derivation)
