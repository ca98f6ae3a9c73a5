"""Activations that have a name, and the texts of activations. Without SymPy, which is slow to import."""

from __future__ import annotations

NAMED = {
    "tanh": "tanh(z)",
    "sin": "sin(z)",
    "logistic": "1/(1 + exp(-z))",
    "softplus": "log(1 + exp(z))",
    "arctan": "atan(z)",
    "silu": "z/(1 + exp(-z))",
    "gelu": "z*(1 + erf(z/sqrt(2)))/2",
    "erf": "erf(z)",
    "identity": "z",
}


def activation_text(text: str) -> str:
    """The expression in z that an activation's name stands for, or the expression itself."""
    return NAMED.get(text.strip(), text.strip())


def normalised_activation(text: str) -> str:
    """The text as it is stored: without surrounding blanks, with ASCII minus signs and single blanks."""
    return " ".join(text.replace("\N{MINUS SIGN}", "-").split())
