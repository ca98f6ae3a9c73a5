"""proofgen: turns a recurrent neural network, or a vector field, into a theorem about its Hopf bifurcations.

    net = proofgen.network(W, activation="tanh", leak=1, interval=("-1", "1"))   # or proofgen.load("spec.toml")
    result = proofgen.prove(net, out="bundle")
    result.points[0].parameter                                                   # an Enclosure: .lower, .upper, float()
    proofgen.check("bundle").accepted
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from .check import check_path as _check_path  # noqa: F401  (before the function: the module would take its name)
from .errors import InputError, ProofgenError

if TYPE_CHECKING:
    from .final_check import RejectedError
    from .numbers.printed import Enclosure
    from .public.points import Bautin, Branching, Fold, MapPoint, Point, Singular, Undecided
    from .public.problem import Enters, Problem, bias, entry, equations, gain, identity, load, matrix, network
    from .public.recurrent import recurrent
    from .public.report import Report
    from .public.result import Result, prove, render

__version__: str
_WHERE = {
    ".public.problem": "Enters Problem bias entry equations gain identity load matrix network",
    ".public.recurrent": "recurrent", ".public.report": "Report",
    ".public.result": "Result prove render",
    ".public.points": "Bautin Branching Fold MapPoint Point Singular Undecided",
    ".numbers.printed": "Enclosure", ".final_check": "RejectedError",
}  # fmt: skip
_MODULES = {name: module for module, names in _WHERE.items() for name in names.split()}

__all__ = [
    "Bautin", "Branching", "Enclosure", "Enters", "Fold", "InputError", "MapPoint", "Point", "Problem", "ProofgenError",
    "RejectedError", "Report", "Result", "Singular", "Undecided", "__version__", "bias", "check", "entry", "equations",
    "gain", "identity", "load", "matrix", "network", "prove", "recurrent", "render",
]  # fmt: skip


def check(path: str | os.PathLike[str], *, engine: str = "auto", jobs: int = 1) -> Report:
    """Check a bundle, a packed bundle, a certificate, a finished run or a folder of bundles by the independent checker.

    engine: how integer products are computed ("auto", "python" or "flint": the same result); jobs: processes for the
    bundles of a run. The report is true where everything is accepted; report.reasons says what is not. Raises
    InputError where there is nothing to check, such as a path that does not exist.
    """
    from .public.report import check as run

    return run(path, engine=engine, jobs=jobs)


def __getattr__(name: str) -> Any:  # NumPy, SymPy and Flint are imported when first needed
    from importlib import import_module, metadata

    if name == "__version__":
        return metadata.version("proofgen")
    if name in _MODULES:
        return getattr(import_module(_MODULES[name], __name__), name)
    raise AttributeError(f"module 'proofgen' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
