"""The further branches of a bundle (FORMAT.md, section 24): whole bundles in its folder `branches/`."""

from __future__ import annotations

from collections.abc import Sequence

from ..numbers.printed import ZERO, Enclosure
from .arcs import Arcs
from .bundle import Bundle
from .disk import BRANCHES
from .form_pieces import FormPieces
from .pieces import Pieces
from .summary import BranchRow

MOST_BRANCHES = 64  # of a bundle, with the first one
End = tuple[Enclosure, ...]


def branch_name(number: int) -> str:
    return f"branch-{number:04d}"


def branch_place(number: int) -> str:
    """Where the branch of this number, from 2 on, is; the first one is the bundle itself."""
    return f"{BRANCHES}/{branch_name(number)}"


def branch_row(bundle: Bundle) -> BranchRow:
    """A further branch in the summary of the first one."""
    start = getattr(bundle.branch.claims, "start", None)
    return BranchRow(branch_name(bundle.number), bundle.summary.status, start)


def left_ends(bundle: Bundle) -> list[End]:
    """Enclosures of the equilibria at the left end of the interval through which the branch is shown to pass: where it
    begins, and where its last arc leads back; none where that is not shown."""
    branch = bundle.branch
    if not isinstance(branch, Pieces | FormPieces | Arcs) or branch.witness is None or branch.claims.interval is None:
        return []
    pieces, start = branch.witness.pieces, branch.claims.start
    if not pieces or pieces[0].interval.low != branch.claims.interval.low:
        return []
    ends = [(ZERO,) * bundle.problem.dimension if start is None else tuple(start)]
    if isinstance(branch, Arcs) and branch.ends_on_the_left:
        ends.append(tuple(branch.claims.end))
    return ends


def apart(ends: Sequence[End], others: Sequence[End]) -> bool:
    """Whether both are there, and no enclosure of the first meets one of the second."""
    return bool(ends and others) and all(
        any(x.high < y.low or y.high < x.low for x, y in zip(one, other, strict=True))
        for one in ends
        for other in others
    )
