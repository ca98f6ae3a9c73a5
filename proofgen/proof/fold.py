"""A nondegenerate fold: two equilibria that meet and vanish (MATHEMATICS.md, sections 17 and 18).

F1, F3, F4 and the simplicity of the eigenvalue 0 follow from the box of the fold system; the other eigenvalues are
counted by Theorem A over the enclosure of (x*, γ*): on both sides of the axis or, of a map, of the unit circle. With v*
and l* of the box, l* ∂_γf = 1, and q = ± v*/|v*|, lq = 1, b > 0:

    b = |v*|/|l* v*|,   a = l* B(v*, v*)/(2 |v*| |l* v*|).

Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, arb

from ..numbers.balls import dot, proves_negative, proves_nonzero, proves_positive, square
from .failure import FailureCode, ProofFailure
from .field import FieldBalls
from .fold_system import FoldBox
from .locus import IMAGINARY_AXIS, Locus, require_clear, require_isolated, unstable
from .spectrum import Basis, enclose_spectrum

ABOVE, BELOW = "above", "below"


@dataclass(frozen=True)
class FoldProof:
    """a, b: as above; bend: l* B(v*, v*); overlap: l* v*; norm_squared: |v*|².

    unstable, stable: the numbers of the other eigenvalues with positive and with negative real part (of a map outside
    and inside of the circle); spectral_gap: a lower bound of their distance from it, None when there are none;
    solutions_for: on which side of γ* the two equilibria exist;
    disc_radius: of the eigenvalue 0; index: its block.
    """

    box: FoldBox
    index: int
    a: arb
    b: arb
    bend: arb
    overlap: arb
    norm_squared: arb
    unstable: int
    stable: int
    spectral_gap: arb | None
    solutions_for: str
    rho: arb
    disc_radius: arb


def prove_fold(
    field: FieldBalls, basis: Basis, box: FoldBox, k: int, locus: Locus = IMAGINARY_AXIS
) -> FoldProof:
    """k: the block of the eigenvalue 0, a real one. Raises ProofFailure."""
    e = field.expand(box.parameter, box.equilibrium, 2)
    spectrum = enclose_spectrum(field.jacobian(e), basis.witness, basis)
    if k < spectrum.m:
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "the eigenvalue 0 is not a real one of the witness")
    gap = require_clear(spectrum, k, locus)
    require_isolated(spectrum, k)
    v = [acb(x) for x in box.vector]
    bend = dot(box.left, [x.real for x in field.B(e, v, v)])
    overlap = dot(box.left, box.vector)
    norm_squared = sum((square(x) for x in box.vector), arb(0))
    if not (proves_nonzero(overlap) and proves_positive(norm_squared)):
        raise ProofFailure(FailureCode.EIGENVECTOR_NOT_ISOLATED, "l v is not proved nonzero")
    if not proves_nonzero(bend):
        raise ProofFailure(FailureCode.FOLD_NOT_VERIFIED, "l B(v, v) is not proved nonzero")
    norm = norm_squared.sqrt()
    n_u = unstable(spectrum, k, locus)
    return FoldProof(
        box=box,
        index=k,
        a=bend / (2 * norm * abs(overlap)),
        b=norm / abs(overlap),
        bend=bend,
        overlap=overlap,
        norm_squared=norm_squared,
        unstable=n_u,
        stable=spectrum.n - 1 - n_u,
        spectral_gap=gap,
        solutions_for=ABOVE if proves_negative(bend) else BELOW,
        rho=spectrum.rho,
        disc_radius=spectrum.g[k],
    )
