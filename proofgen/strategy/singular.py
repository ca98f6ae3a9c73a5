"""What the real crossings of the branch W(γ)x + b = 0 are: lines of equilibria, poles, or not known."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb

from ..claims.singular import PrintedSingular, printed_singular
from ..claims.zero_crossing import PlainCrossing
from ..numbers.outward import claim
from ..numbers.printed import Enclosure
from ..proof.failure import Failure, ProofFailure
from ..proof.singular import prove_singular
from ..proof.zero_branch import ZeroBranchProof


def name_singular(
    branch: ZeroBranchProof,
    bias: list[arb] | None,
    sigma_1: arb,
    crossings: Sequence[Enclosure],
    precision: int,
) -> tuple[list[PrintedSingular], list[PlainCrossing]]:
    """Of the real crossings in the range, as printed: those that are named, and those that stay plain."""
    named: list[PrintedSingular] = []
    plain: list[PlainCrossing] = []
    for block, crossing in branch.real_crossings:
        printed = claim(crossing, precision)
        if printed not in crossings or branch.spectrum is None or branch.basis is None:
            continue
        try:
            proof = prove_singular(branch.spectrum, branch.basis, bias, sigma_1, block)
        except ProofFailure as error:
            plain.append(PlainCrossing(error.failure.code, error.failure.reason, printed))
            continue
        found = printed_singular(proof, branch.spectrum, precision)
        if isinstance(found, PrintedSingular):
            named.append(found)
        else:
            failure = Failure(found, "the inequality is proved, but no longer holds as printed")
            plain.append(PlainCrossing(failure.code, failure.reason, printed))
    return named, sorted(plain, key=lambda item: item.parameter.low)
