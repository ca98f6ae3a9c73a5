"""Certificates of transcritical points and pitchforks: numbers and wording. What the prose states is tested on the
printed numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..bundle.fold import ABOVE
from ..bundle.hopf_point import SUPERCRITICAL
from ..bundle.kinds import Branch, ZeroCrossing
from ..bundle.zero_crossing import PitchforkClaims
from ..errors import InputError
from ..formulas.kinds import FieldDerivation
from . import numbers as nb
from .hopf_point import Length
from .listing import Column, RowWords, undecided
from .numbers import Printed, Tex, enclosure
from .window import crossing_numbers


@dataclass(frozen=True)
class ZeroCrossingPoint:
    """One certificate, ready for the template. pitchfork: else a transcritical point; law: of −d over the coefficient;
    growing: d > 0; above: the two others exist for γ > γ* (pitchfork)."""

    id: str
    pitchfork: bool
    position: int
    count: int
    complete: bool
    tied: bool
    parameter: Printed
    speed: Printed
    coefficient: Printed
    law: Printed
    growing: bool
    supercritical: bool
    above: bool
    gap: Printed | None
    n_u: int
    n_s: int
    window: Printed
    half_width: Length
    bounds: Mapping[str, Printed | None]
    precision: int
    witness_files: int


def zero_crossing_point(
    certificate: ZeroCrossing, branch: Branch, position: int, count: int, d: FieldDerivation, style: str
) -> ZeroCrossingPoint:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    claims = certificate.claims
    pitchfork = isinstance(claims, PitchforkClaims)
    if not claims.sign_is_claimed:
        raise InputError("the signs of the coefficients are not those that are claimed", key="claims.coefficient")
    if claims.unstable + claims.stable + 1 != d.dimension:
        raise InputError("the numbers of eigenvalues do not add up to the dimension", key="claims")
    if any(entry.low != 0 or entry.high != 0 for entry in claims.equilibrium):
        raise InputError("the equilibrium is not 0", key="claims.equilibrium")
    speed, coefficient = claims.eigenvalue_speed.ends, claims.coefficient.ends
    common = crossing_numbers(certificate, branch, position, count, speed, style)
    growing, negative = speed[0] > 0, coefficient[1] < 0
    common["bounds"]["term"] = enclosure(*certificate.bounds.terms[0].ends, nb.nonzero, style=style)
    return ZeroCrossingPoint(
        **common,
        pitchfork=pitchfork,
        growing=growing,
        supercritical=pitchfork and negative,
        above=isinstance(claims, PitchforkClaims) and claims.solutions_for == ABOVE,
        n_u=claims.unstable,
        n_s=claims.stable,
    )


def of_map(words: RowWords) -> RowWords:
    """The same of a map."""
    outside = r"$n_{\mathrm{out}}$~other multipliers are outside of the unit circle"
    explained = Tex(
        words.explained.replace("of the eigenvalue that is~$0$", "of the multiplier that is~$1$")
        .replace("$n_u$~other eigenvalues have positive real part", outside)
    )  # fmt: skip
    columns = (*words.columns[:-1], Column("unstable", Tex(r"$n_{\mathrm{out}}$"), count=True))
    found = Tex(words.undecided.replace("a real eigenvalue that crosses~$0$", "a real multiplier that crosses~$1$"))
    return replace(words, columns=columns, explained=explained, undecided=found)


def _rows(label: str, letter: str, sign: Callable[[Any], nb.Condition], coefficient: Tex, theorem: str) -> RowWords:
    """coefficient: what it is, for the caption."""
    return RowWords(
        label=label,
        columns=(
            Column("eigenvalue_speed", Tex("$d$"), lambda row: nb.nonzero),
            Column("coefficient", Tex(f"${letter}$"), sign),
            Column("unstable", Tex("$n_u$"), count=True),
        ),
        explained=Tex(
            r"$d$~is the speed of the eigenvalue that is~$0$ there; "
            rf"{coefficient}; $n_u$~other eigenvalues have positive real part."
        ),
        undecided=undecided("a real eigenvalue that crosses~$0$", theorem),
        of_crossings=True,
    )


TRANSCRITICAL_ROWS = _rows(
    "transcritical",
    "a",
    lambda row: nb.positive,
    Tex(r"$a=\frac12lB(q,q)$, $q^{\mathsf T}q=lq=1$, with the sign of~$q$ for which it is positive"),
    "a transcritical bifurcation",
)
PITCHFORK_ROWS = _rows(
    "pitchforks",
    "e",
    lambda row: nb.negative if row.criticality == SUPERCRITICAL else nb.positive,
    Tex(r"$e=\frac16lC(q,q,q)$, $q^{\mathsf T}q=lq=1$"),
    "a pitchfork",
)
