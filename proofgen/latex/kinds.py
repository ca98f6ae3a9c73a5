"""THE TABLE of the documents: what every kind of proof, of branch and of field is shown with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..bundle.codec import Json
from ..formulas.equations import EquationsDerivation
from ..formulas.kinds import derive_field
from ..formulas.layered import NetworkDerivation
from ..formulas.one_layer import Derivation, derive
from ..problem.problem import AnyProblem
from ..symbolic.time_limit import guarded
from .equations import EquationsTex, equations_tex
from .hopf_point import HopfPoint
from .layered import NetworkTex, network_tex
from .newton_ball import newton_ball_point
from .one_layer import OneLayerTex, one_layer_tex
from .pieces import pieces_run
from .summary import Run, run_of
from .window import window_point
from .zero_branch import zero_branch_point

AnyDerivation = Derivation | NetworkDerivation | EquationsDerivation
FieldTex = OneLayerTex | NetworkTex | EquationsTex
Derive = Callable[[Any], AnyDerivation]


@dataclass(frozen=True)
class PointKind:
    """Certificates of one method. body: template of their text; point(certificate, branch, position, count, derivation,
    style): their numbers; derive: their formulas, of a problem."""

    body: str
    point: Callable[[Json, Json, int, int, Any, str], HopfPoint]
    derive: Derive


@dataclass(frozen=True)
class BranchKind:
    """Summaries of one method. body, derive: as of points; run(summary, branch, points, style): their numbers."""

    body: str
    run: Callable[[Json, Json, Mapping[str, Json], str], Run]
    derive: Derive


# the method that a document names → its kind
POINTS: Mapping[str, PointKind] = {
    "zero-branch": PointKind("proof/zero_branch.tex.jinja", zero_branch_point, derive),
    "spectral": PointKind("proof/window.tex.jinja", window_point, derive_field),
    "newton-kantorovich": PointKind("proof/newton_ball.tex.jinja", newton_ball_point, derive_field),
}
BRANCHES: Mapping[str, BranchKind] = {
    "zero-branch": BranchKind("branch/zero_branch.tex.jinja", run_of, derive),
    "pieces": BranchKind("branch/pieces.tex.jinja", pieces_run, derive_field),
}


def field_tex(
    d: AnyDerivation, problem: Json, branch: Json, points: Mapping[str, Json], pictures: bool = False
) -> FieldTex:
    """The vector field for the templates; empty documents give what a derivation alone needs."""
    match d:
        case Derivation():
            return one_layer_tex(problem, branch, points, d)
        case NetworkDerivation():
            return network_tex(problem, branch, d)
        case EquationsDerivation():
            return equations_tex(problem, branch, d, pictures)


def derivations(problem: AnyProblem, branch: Json, points: Iterable[Json]) -> dict[Derive, AnyDerivation]:
    """The formulas that the documents of a bundle show, by what derives them, each derived once."""
    wanted = [BRANCHES[branch["method"]].derive, *(POINTS[point["method"]].derive for point in points)]
    return {made: guarded(problem, partial(made, problem)) for made in dict.fromkeys(wanted)}
