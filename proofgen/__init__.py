"""proofgen: turns a recurrent neural network into a theorem about its Hopf bifurcations.

    problem = proofgen.load("spec.toml")
    result = proofgen.prove(problem, out="bundle")
    proofgen.check("bundle")
    proofgen.render(result, "another directory")
"""

from types import ModuleType
from typing import TYPE_CHECKING, Any

from . import check

if TYPE_CHECKING:
    from .api import load, prove, render

__all__ = ["check", "load", "prove", "render"]


class _CheckModule(ModuleType):
    """`proofgen.check` is the checker's module and, called with a path, its main function."""

    def __call__(self, path: Any, *, engine: str = "auto") -> Any:
        return self.check_path(str(path), engine=engine)


check.__class__ = _CheckModule


def __getattr__(name: str) -> Any:  # SymPy and Flint are imported when first needed
    if name in ("load", "prove", "render"):
        from . import api

        return getattr(api, name)
    raise AttributeError(f"module 'proofgen' has no attribute {name!r}")
