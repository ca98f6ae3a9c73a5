"""proofgen: turns a recurrent neural network into a theorem about its Hopf bifurcations.

    problem = proofgen.load("spec.toml")
    result = proofgen.prove(problem, out="bundle")
    proofgen.check("bundle")
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import check, load, prove, render

__all__ = ["check", "load", "prove", "render"]


def __getattr__(name: str) -> Any:  # SymPy and Flint are imported when first needed
    if name in __all__:
        from . import api

        return getattr(api, name)
    raise AttributeError(f"module 'proofgen' has no attribute {name!r}")
