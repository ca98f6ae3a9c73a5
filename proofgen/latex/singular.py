"""Certificates of lines of equilibria and of poles of the branch W(γ)x + b = 0: numbers and wording. What the prose
states is tested on the printed numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..bundle.kinds import Branch, SingularPoint
from ..bundle.singular import PoleBounds, PoleClaims
from ..errors import InputError
from ..formulas.one_layer import Derivation
from . import numbers as nb
from .hopf_point import EQUILIBRIUM_DIGITS, LISTED_DIMENSION, bound, positive_bound
from .listing import Column, RowWords, undecided
from .numbers import Printed, Tex, enclosure, upper_bound
from .shared import witness_files


@dataclass(frozen=True)
class SingularTex:
    """One certificate, ready for the template. pole: else a line; vector: r or the direction, of few variables, with
    the names of its entries; growing: d > 0; coefficient: of a pole."""

    id: str
    pole: bool
    position: int
    count: int
    complete: bool
    tied: bool
    parameter: Printed
    speed: Printed
    growing: bool
    coefficient: Printed | None
    vector: tuple[Printed, ...] | None
    names: tuple[Tex, ...]
    gap: Printed
    n_u: int
    n_s: int
    bounds: Mapping[str, Printed | None]
    precision: int
    witness_files: int


def singular_point(
    certificate: SingularPoint, branch: Branch, position: int, count: int, d: Derivation, style: str
) -> SingularTex:
    """Round everything outward and re-prove the printed statements. Raises InputError if one fails."""
    claims, bounds = certificate.claims, certificate.bounds
    pole = isinstance(claims, PoleClaims)
    if not claims.sign_is_claimed:
        raise InputError("what must not be 0 is not shown to be so", key="claims")
    if claims.unstable + claims.stable + 1 != d.dimension:
        raise InputError("the numbers of eigenvalues do not add up to the dimension", key="claims")
    if pole and not d.has_bias:
        raise InputError("there is no bias, hence no pole", key="claims.kind")
    left_bias = bounds.left_bias.ends if isinstance(bounds, PoleBounds) else None
    listed = d.dimension <= LISTED_DIMENSION
    return SingularTex(
        id=certificate.id,
        pole=pole,
        position=position,
        count=count,
        complete=branch.claims.complete,
        tied=nb.overlapping(
            [x.parameter.ends for x in branch.claims.points if x.id.startswith(f"{claims.row.prefix}-")]
        ),
        parameter=enclosure(*claims.parameter.ends, style=style),
        speed=enclosure(*claims.eigenvalue_speed.ends, nb.nonzero, style=style),
        growing=claims.eigenvalue_speed.low > 0,
        coefficient=enclosure(*claims.coefficient.ends, nb.positive, style=style)
        if isinstance(claims, PoleClaims)
        else None,
        vector=tuple(enclosure(*x.ends, digits=EQUILIBRIUM_DIGITS, style=style) for x in claims.vector)
        if listed
        else None,
        names=tuple(Tex(f"{'r' if pole else 'q'}_{{{i}}}") for i in range(1, d.dimension + 1)),
        gap=positive_bound(claims.spectral_gap),
        n_u=claims.unstable,
        n_s=claims.stable,
        bounds={
            **{key: bound(getattr(bounds, key)) for key in ("disc_radius", "delta_right", "delta_left")},
            **{key: bound(getattr(bounds, key), nb.below_one) for key in ("rho", "pq_defect")},
            "norm_N": upper_bound(bounds.norm_N.value, digits=4),
            "eigenvalue": enclosure(*bounds.eigenvalue.ends, style=style),
            "separation": positive_bound(bounds.separation),
            "q_norm_squared": enclosure(*bounds.q_norm_squared.ends, nb.positive, digits=6, style=style),
            "left_bias": None if left_bias is None else enclosure(*left_bias, nb.nonzero, style=style),
        },
        precision=certificate.precision,
        witness_files=witness_files(certificate.witness),
    )


_SPEED = Column("eigenvalue_speed", Tex("$d$"), lambda row: nb.nonzero)
_UNSTABLE = Column("unstable", Tex("$n_u$"), count=True)
_EXPLAINED = Tex(
    r"$d$~is the speed of the eigenvalue that is~$0$ there; $n_u$~other eigenvalues have positive real part."
)

LINE_ROWS = RowWords(
    label="lines",
    columns=(_SPEED, _UNSTABLE),
    explained=_EXPLAINED,
    undecided=undecided("a real eigenvalue that crosses~$0$", "a line of equilibria"),
    of_crossings=True,
    nondegenerate=False,
)
POLE_ROWS = RowWords(
    label="poles",
    columns=(_SPEED, Column("coefficient", Tex(r"$\lvert r\rvert$"), lambda row: nb.positive), _UNSTABLE),
    explained=Tex(r"Near~$\gamma^*$ the branch is $r/(\gamma-\gamma^*)+O(1)$. " + _EXPLAINED),
    undecided=undecided("a real eigenvalue that crosses~$0$", "a pole of the branch"),
    of_crossings=True,
    nondegenerate=False,
)
