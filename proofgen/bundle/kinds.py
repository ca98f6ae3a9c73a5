"""THE TABLES of what a bundle can hold: certificates and branches by the method that their documents name, and what
they are about by the ids of certificates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ..errors import InputError
from .arcs import Arcs
from .bautin import BautinPoint, BautinRow
from .circle_branch import CircleBranch, CircleFlipPoint, CirclePairPoint
from .codec import Json, read_as, written
from .flip import FlipPoint, FlipRow
from .fold import FoldPoint, FoldRow
from .form_pieces import FormPieces
from .gain_branch import GainBranch, GainPoint
from .hopf_curve import HopfCurves
from .hopf_point import HopfRow
from .json_text import VERSION
from .neimark_sacker import NeimarkSackerPoint, NeimarkSackerRow
from .newton_ball import NewtonBallPoint
from .pieces import Pieces
from .rows import RowClaims
from .singular import LinePoint, LineRow, PolePoint, PoleRow
from .window import WindowPoint
from .zero_branch import ZeroBranch, ZeroBranchPoint
from .zero_crossing import PitchforkPoint, PitchforkRow, TranscriticalPoint, TranscriticalRow

HopfPoint = ZeroBranchPoint | GainPoint | WindowPoint | NewtonBallPoint
WindowMapPoint = NeimarkSackerPoint | FlipPoint
MapPoint = WindowMapPoint | CirclePairPoint | CircleFlipPoint
ZeroCrossing = TranscriticalPoint | PitchforkPoint
SingularPoint = LinePoint | PolePoint
OfBoth = FoldPoint | ZeroCrossing  # of flows and of maps
Point = HopfPoint | FoldPoint | MapPoint | ZeroCrossing | SingularPoint | BautinPoint
Branch = ZeroBranch | GainBranch | CircleBranch | Pieces | FormPieces | Arcs | HopfCurves
POINTS: dict[str, type[Point]] = {
    kind.method: kind
    for kind in (
        ZeroBranchPoint, GainPoint, WindowPoint, NewtonBallPoint, FoldPoint, NeimarkSackerPoint, FlipPoint,
        CirclePairPoint, CircleFlipPoint, TranscriticalPoint, PitchforkPoint, LinePoint, PolePoint, BautinPoint,
    )
}
BRANCHES: dict[str, type[Branch]] = {
    kind.method: kind for kind in (ZeroBranch, GainBranch, CircleBranch, Pieces, FormPieces, Arcs, HopfCurves)
}
ROWS: dict[str, type[RowClaims]] = {
    kind.prefix: kind
    for kind in (
        HopfRow, FoldRow, NeimarkSackerRow, FlipRow, TranscriticalRow, PitchforkRow, LineRow, PoleRow, BautinRow,
    )
}
SOUGHT: tuple[type[RowClaims], ...] = (HopfRow,)  # what lists of points of a flow are about first of all
SOUGHT_IN_PLANE: tuple[type[RowClaims], ...] = (BautinRow,)
SOUGHT_OF_MAP: tuple[type[RowClaims], ...] = (NeimarkSackerRow, FlipRow)
_IDENTIFIER = re.compile(r"([a-z]+)-[0-9]{4,6}")
K = TypeVar("K", bound=Point | Branch)


def kinds_shown(among: Callable[[type[RowClaims]], bool]) -> list[type[RowClaims]]:
    """Those of `ROWS` of which something is there, in its order; of `SOUGHT` also without."""
    return [kind for kind in ROWS.values() if kind in SOUGHT or among(kind)]


def row_kind(identifier: Any, key: str = "id") -> type[RowClaims]:
    """What a certificate is about, by its id. Raises InputError."""
    match = _IDENTIFIER.fullmatch(identifier) if isinstance(identifier, str) else None
    if match is None or match[1] not in ROWS:
        known = " or ".join(f'"{prefix}-0001"' for prefix in ROWS)
        raise InputError(f"expected an identifier such as {known}", key=key, value=identifier)
    return ROWS[match[1]]


def place(identifier: str) -> str:
    """Where the documents of an id are in the bundle, without their endings: points/hopf-0001."""
    return f"{row_kind(identifier).folder}/{identifier}"


def write_point(point: Point, problem_sha256: str) -> Json:
    """`points/ID.json`."""
    said: Json = written(point)
    return head("proofgen-certificate", {"id": said.pop("id")}, problem_sha256, point.method) | said


def write_branch(branch: Branch, problem_sha256: str) -> Json:
    """`branch.json`."""
    return head("proofgen-branch", {}, problem_sha256, branch.method) | dict(written(branch))


def head(form: str, name: Json, problem_sha256: str, method: str) -> Json:
    problem = {"file": "problem.json", "sha256": problem_sha256}
    return {"format": form, "version": VERSION, **name, "problem": problem, "method": method}


def read_point(document: Json, field: str) -> Point:
    """The certificate of a document, about a field of this kind. Raises InputError."""
    return read_as(_kind(POINTS, document, field), document)


def read_branch(document: Json, field: str) -> Branch:
    return read_as(_kind(BRANCHES, document, field), document)


def _kind(kinds: Mapping[str, type[K]], document: Json, field: str) -> type[K]:
    method, known = document.get("method"), [name for name, kind in kinds.items() if field in kind.fields]
    if not isinstance(method, str) or method not in known:
        raise InputError(f"expected one of {', '.join(known)}", key="method")
    return kinds[method]
