"""THE TABLE of the documents: what every kind of proof, of branch and of field is shown with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..bundle.bundle import Bundle
from ..bundle.kinds import Branch
from ..formulas.kinds import AnyDerivation, derive_circle, derive_field, derive_gain
from ..formulas.one_layer import derive
from ..symbolic.time_limit import guarded
from . import bautin, fold, hopf_point, map_point, singular, zero_crossing
from .branch import Branch as Followed
from .branch import pieces_followed, zero_branch_followed
from .cell import CellTex, cell_tex
from .circle_branch import circle_followed, circle_point
from .equations import EquationsTex, equations_tex, plane_tex
from .gain_branch import gain_followed, gain_point
from .hopf_point import HopfPoint
from .layered import NetworkTex, network_tex
from .listing import RowWords
from .newton_ball import newton_ball_point
from .one_layer import OneLayerTex, one_layer_tex
from .pieces import arcs_run, pieces_run
from .summary import Run, zero_branch_run
from .window import window_point
from .zero_branch import zero_branch_point

OtherPointTex = fold.FoldPoint | map_point.PointOfMap | zero_crossing.ZeroCrossingPoint | singular.SingularTex
PointTex = HopfPoint | OtherPointTex | bautin.BautinPoint
FieldTex = OneLayerTex | NetworkTex | EquationsTex | CellTex
Derive = Callable[[Any], AnyDerivation]


@dataclass(frozen=True)
class PointKind:
    """Certificates of one method. body: template of their text; point(certificate, branch, position, count, derivation,
    style): their numbers; derive: their formulas, of a problem; label: what tells the labels of a run with them from
    those of a run that proves the same points by another method; wrapper: template of a document around the text;
    pictures: those that it has where a run is drawn, in their order."""

    body: str
    point: Callable[[Any, Branch, int, int, Any, str], PointTex]
    derive: Derive
    label: str = ""
    wrapper: str = "certificate.tex.jinja"
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class BranchKind:
    """Summaries of one method. body, derive: as of points; run(bundle, branch, style): their numbers;
    followed(branch, style): which branch it was."""

    body: str
    run: Callable[[Bundle, Any, str], Run | bautin.CurvesRun]
    derive: Derive
    followed: Callable[[Any, str], Followed]


HOPF_PICTURES = ("spectrum", "orbit")
MEETING_PICTURES = ("equilibria",)
MAP_PICTURES = ("multipliers", "iterates")

# the method that a document names → its kind
POINTS: Mapping[str, PointKind] = {
    "zero-branch": PointKind("proof/zero_branch.tex.jinja", zero_branch_point, derive, pictures=HOPF_PICTURES),
    "gain-branch": PointKind("proof/gain_branch.tex.jinja", gain_point, derive_gain, pictures=HOPF_PICTURES),
    "spectral": PointKind("proof/window.tex.jinja", window_point, derive_field, pictures=HOPF_PICTURES),
    "newton-kantorovich": PointKind(
        "proof/newton_ball.tex.jinja", newton_ball_point, derive_field, "-newton-kantorovich", pictures=HOPF_PICTURES
    ),
    "fold": PointKind(
        "proof/fold.tex.jinja", fold.fold_point, derive_field, wrapper="fold.tex.jinja", pictures=MEETING_PICTURES
    ),
    "neimark-sacker": PointKind(
        "proof/neimark_sacker.tex.jinja", map_point.point_of_map, derive_field, wrapper="map_point.tex.jinja",
        pictures=MAP_PICTURES,
    ),
    "flip": PointKind(
        "proof/flip.tex.jinja", map_point.point_of_map, derive_field, wrapper="map_point.tex.jinja",
        pictures=MAP_PICTURES,
    ),
    "circle-pair": PointKind(
        "proof/circle_pair.tex.jinja", circle_point, derive_circle, wrapper="map_point.tex.jinja", pictures=MAP_PICTURES
    ),
    "circle-flip": PointKind(
        "proof/circle_flip.tex.jinja", circle_point, derive_circle, wrapper="map_point.tex.jinja", pictures=MAP_PICTURES
    ),
    **dict.fromkeys(
        ("transcritical", "pitchfork"),
        PointKind(
            "proof/zero_crossing.tex.jinja", zero_crossing.zero_crossing_point, derive_field,
            wrapper="zero_crossing.tex.jinja", pictures=MEETING_PICTURES,
        ),
    ),
    **dict.fromkeys(
        ("line", "pole"),
        PointKind(
            "proof/singular.tex.jinja", singular.singular_point, derive, wrapper="singular.tex.jinja",
            pictures=MEETING_PICTURES,
        ),
    ),
    "bautin": PointKind(
        "proof/bautin.tex.jinja", bautin.bautin_point, derive_field, wrapper="bautin.tex.jinja", pictures=("unfolding",)
    ),
}
BRANCHES: Mapping[str, BranchKind] = {
    "zero-branch": BranchKind("branch/zero_branch.tex.jinja", zero_branch_run, derive, zero_branch_followed),
    "gain-branch": BranchKind("branch/gain_branch.tex.jinja", zero_branch_run, derive_gain, gain_followed),
    "circle-branch": BranchKind("branch/circle_branch.tex.jinja", zero_branch_run, derive_circle, circle_followed),
    "pieces": BranchKind("branch/pieces.tex.jinja", pieces_run, derive_field, pieces_followed),
    "arcs": BranchKind("branch/arcs.tex.jinja", arcs_run, derive_field, pieces_followed),
    "lyapunov-pieces": BranchKind("branch/form_pieces.tex.jinja", pieces_run, derive_field, pieces_followed),
    "hopf-curve": BranchKind(
        "branch/hopf_curve.tex.jinja", bautin.curves_run, derive_field, bautin.curves_followed
    ),
}
# the prefix of ids → how a summary speaks of them
ROWS: Mapping[str, RowWords] = {
    "hopf": hopf_point.ROWS, "fold": fold.ROWS, "ns": map_point.NEIMARK_SACKER_ROWS, "flip": map_point.FLIP_ROWS,
    "transcritical": zero_crossing.TRANSCRITICAL_ROWS, "pitchfork": zero_crossing.PITCHFORK_ROWS,
    "line": singular.LINE_ROWS, "pole": singular.POLE_ROWS, "bautin": bautin.ROWS,
}  # fmt: skip
ROWS_OF_MAP: Mapping[str, RowWords] = {
    **ROWS, "fold": fold.ROWS_OF_MAP, "transcritical": zero_crossing.of_map(zero_crossing.TRANSCRITICAL_ROWS),
    "pitchfork": zero_crossing.of_map(zero_crossing.PITCHFORK_ROWS),
}  # fmt: skip


# what formulas are shown as → the vector field, of bundle, formulas and whether there are pictures
FIELDS: Mapping[str, Callable[[Bundle | None, Any, bool], FieldTex]] = {
    "one layer": lambda bundle, d, pictures: one_layer_tex(bundle, d),
    "layers": lambda bundle, d, pictures: network_tex(bundle, d),
    "plane": plane_tex,
    "equations": equations_tex,
    "cell": lambda bundle, d, pictures: cell_tex(bundle, d),
}


def field_tex(d: AnyDerivation, bundle: Bundle | None, pictures: bool = False) -> FieldTex:
    """The vector field for the templates; no bundle gives what a derivation alone needs."""
    return FIELDS[d.shown_as](bundle, d, pictures)


def derivations(bundle: Bundle) -> dict[Derive, AnyDerivation]:
    """The formulas that the documents of a bundle show, by what derives them, each derived once."""
    wanted = [BRANCHES[bundle.branch.method].derive, *(POINTS[point.method].derive for point in bundle.points.values())]
    return {made: guarded(bundle.problem, partial(made, bundle.problem)) for made in dict.fromkeys(wanted)}
