"""Which branch of equilibria a run followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..bundle.arcs import Arcs
from ..bundle.bundle import Bundle
from ..bundle.form_pieces import FormPieces
from ..bundle.pieces import Pieces
from ..bundle.summary import PROVED
from ..bundle.zero_branch import ZeroBranch
from ..numbers.printed import Enclosure
from .hopf_point import EQUILIBRIUM_DIGITS, LISTED_DIMENSION
from .numbers import Printed, enclosure, upper_bound


@dataclass(frozen=True)
class Branch:
    """zero: the argument of σ vanishes along it; trivial: it is x = 0; start, start_norm: where it begins at the left
    end of the interval, by its entries or, for n > 12, by its norm; unstable: how many eigenvalues have a positive real
    part there, None where that is not said."""

    zero: bool
    trivial: bool
    start: tuple[Printed, ...] | None
    start_norm: Printed | None
    unstable: int | None = None


def zero_branch_followed(branch: ZeroBranch, style: str) -> Branch:
    return Branch(zero=True, trivial=False, start=None, start_norm=None)


def pieces_followed(branch: Pieces | FormPieces | Arcs, style: str) -> Branch:
    claimed, witness = branch.claims.start, branch.witness
    start, norm = (None, None) if claimed is None else entries_shown(claimed, style)
    unstable = branch.claims.unstable_eigenvalues if isinstance(branch, FormPieces) else None
    return Branch(
        zero=False, trivial=witness is not None and witness.trivial, start=start, start_norm=norm, unstable=unstable
    )


@dataclass(frozen=True)
class OtherBranch:
    """One that the first summary names. complete: everything on it is proved."""

    name: str
    branch: Branch
    complete: bool


@dataclass(frozen=True)
class OtherBranches:
    """number: of the branch that a summary is about; rows: the others, of the first one; apart: all lists are complete,
    so that no two branches meet (FORMAT.md, section 24)."""

    number: int
    rows: tuple[OtherBranch, ...]
    apart: bool


def other_branches(bundle: Bundle, style: str) -> OtherBranches | None:
    """None where a bundle has one branch."""
    rows = bundle.summary.branches
    if not rows and bundle.number == 1:
        return None
    apart = bundle.summary.complete and all(row.status == PROVED for row in rows)
    shown = []
    for row in rows:
        start, norm = (None, None) if row.start is None else entries_shown(row.start, style)
        shown.append(OtherBranch(row.id, Branch(False, row.start is None, start, norm), row.status == PROVED))
    return OtherBranches(bundle.number, tuple(shown), apart)


def entries_shown(x: Sequence[Enclosure], style: str) -> tuple[tuple[Printed, ...] | None, Printed | None]:
    """The entries of an equilibrium, or for many a bound of their norm."""
    entries = [entry.ends for entry in x]
    if len(entries) <= LISTED_DIMENSION:
        return tuple(enclosure(*ends, digits=EQUILIBRIUM_DIGITS, style=style) for ends in entries), None
    return None, upper_bound(max(max(-a, b) for a, b in entries), digits=6)
