"""What is printed of a fold (FORMAT.md, section 19).

Makes no claim of its own: enclosures of the proof are rounded outward and widened, and every printed inequality is
proved again on the printed numbers. Contents are plain values, so that worker processes can return them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb

from ..approx.field import Array
from ..bundle.fold import FoldBounds, FoldClaims, FoldPoint, FoldRow, FoldWitness
from ..bundle.json_text import Files
from ..bundle.rows import unknown_row
from ..numbers.outward import DERIVED, SHORT, lower_bound, upper_bound
from ..numbers.printed import Decimal, Enclosure
from ..proof.failure import FailureCode
from .hopf_point import OTHER_ORDER, WITH_BOX, WITH_WITNESS, Printer, below, store_basis, store_limbs

if TYPE_CHECKING:
    from ..proof.fold import FoldProof
    from ..proof.locus import Locus
    from ..search.witness import WitnessLimbs

KIND = "fold"


@dataclass(frozen=True)
class FoldData:
    """The binary64 witness; x, v and left are limbs, whose exact sums are meant. index: the block of 0."""

    gamma: Fraction
    x: list[Array]
    v: list[Array]
    left: list[Array]
    phi: Array
    A: Array
    R: Array
    basis: WitnessLimbs
    index: int


@dataclass(frozen=True)
class FoldContent:
    """A certificate before it has a name. candidate: position among the crossings that were tried."""

    claims: FoldClaims
    bounds: FoldBounds
    data: FoldData
    precision: int
    candidate: int = 0

    @property
    def parameter(self) -> Enclosure:
        return self.claims.parameter

    @property
    def row(self) -> FoldRow:
        return self.claims.row

    def point(self, name: str, files: Files) -> FoldPoint:
        """The certificate; its arrays are added to ``files``."""
        data, basis = self.data, self.data.basis
        vectors = {key: store_limbs(f"{name}-{key}", getattr(data, key), files) for key in ("x", "v", "left")}
        others = {key: store_limbs(f"{name}-{key}", [getattr(data, key)], files) for key in ("phi", "A", "R")}
        bases = store_basis(name, basis, files)
        index = data.index + basis.pairs  # a real block of the prover is one complex index there
        witness = FoldWitness(gamma=data.gamma, pairs=basis.pairs, index=index, **vectors, **others, **bases)
        return FoldPoint(name, self.claims, self.bounds, witness, self.precision)


def unknown_fold(parameter: Enclosure) -> FoldRow:
    """What is known of an undecided one."""
    return unknown_row(FoldRow, kind=KIND, parameter=parameter)


def fold_content(
    proof: FoldProof, data: FoldData, precision: int, digits: int, has_box: bool, locus: Locus
) -> FoldContent | FailureCode:
    """A certificate, or why its printed form no longer proves the fold. digits: printed are about 8 more."""
    derived = WITH_BOX if has_box else WITH_WITNESS
    printer, box = Printer(precision, digits, derived), proof.box
    printed = printer.enclosure
    claims = FoldClaims(
        kind=KIND,
        parameter=printed(box.parameter, SHORT),
        a=printed(proof.a),
        b=printed(proof.b),
        unstable=proof.unstable,
        stable=proof.stable,
        solutions_for=proof.solutions_for,
        spectral_gap=None if proof.spectral_gap is None else lower_bound(proof.spectral_gap),
        equilibrium=tuple(printed(x, SHORT) for x in box.equilibrium),
        uniqueness_radius=Decimal.exactly(min(Fraction(x) for x in data.R.tolist())),
    )
    bounds = FoldBounds(
        rho=upper_bound(proof.rho),
        disc_radius=printer.radius(proof.disc_radius),
        Y=upper_bound(OTHER_ORDER * box.Y),
        Z=below(box.Z, arb(1)),
        r=upper_bound(OTHER_ORDER * box.r),
        bend=printed(proof.bend, max(derived, DERIVED)),
        overlap=printed(proof.overlap, max(derived, DERIVED)),
        v_norm_squared=printed(proof.norm_squared, max(derived, DERIVED)),
    )
    failure = _printed_failure(claims, bounds, data, locus.not_clear)
    return FoldContent(claims, bounds, data, precision) if failure is None else failure


def _printed_failure(
    claims: FoldClaims, bounds: FoldBounds, data: FoldData, not_clear: FailureCode
) -> FailureCode | None:
    """The inequalities of the theorem, proved again on the printed numbers."""
    if not (bounds.Y.value + bounds.Z.value < 1 and bounds.rho.value < 1):
        return FailureCode.FOLD_NOT_VERIFIED
    widest = max(Fraction(x) for x in data.R.tolist())
    if bounds.r.value * widest > claims.uniqueness_radius.value:
        return FailureCode.FOLD_NOT_VERIFIED
    if not (claims.sign_is_claimed and bounds.bend.excludes_zero and bounds.overlap.excludes_zero):
        return FailureCode.FOLD_NOT_VERIFIED
    if bounds.v_norm_squared.low <= 0:
        return FailureCode.FOLD_NOT_VERIFIED
    if claims.spectral_gap is not None and claims.spectral_gap.value <= 0:
        return not_clear
    return None
