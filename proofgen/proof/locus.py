"""Which eigenvalues stay away from the curve where stability changes, and on which side of it they are.

The curve, a locus, is known by a signed distance s: s(z) > 0 where an eigenvalue z is unstable, |s(z)| the distance of
z from the curve. So |s(z + w) − s(z)| ≤ shift(w) ≤ |w|, and a disc {|z − d| ≤ g} is clear of it where |s(d)| > g. Along
the branch a simple eigenvalue λ(γ) crosses with the speed d/dγ level(λ(γ)). Arithmetic: balls only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import acb, arb

from ..numbers.balls import proves_less, proves_positive, smallest, square
from .eigenvectors import eigenvector_bounds
from .failure import FailureCode, ProofFailure
from .spectrum import Spectrum, isolated


@dataclass(frozen=True)
class Locus:
    """name: in messages; side: s; shift: how far a displacement w of an eigenvalue can move it across; level: a smooth
    function with the sign of s; speed: of λ and λ', d/dγ level(λ(γ)): the derivative of level at λ in the direction λ';
    not_clear, together, mixed, not_crossed: what fails where one block, several of a kind, several of both kinds may be
    on it, or where the speed may be 0."""

    name: str
    side: Callable[[acb], arb]
    shift: Callable[[acb], arb]
    level: Callable[[acb], arb]
    speed: Callable[[acb, acb], arb]
    not_clear: FailureCode
    together: FailureCode
    mixed: FailureCode
    not_crossed: FailureCode


IMAGINARY_AXIS = Locus(  # of a flow
    "the imaginary axis",
    side=lambda z: z.real,
    shift=lambda w: abs(w.real),
    level=lambda z: z.real,
    speed=lambda value, derivative: derivative.real,
    not_clear=FailureCode.AXIS_NOT_CLEAR,
    together=FailureCode.DOUBLE_HOPF,
    mixed=FailureCode.FOLD_HOPF,
    not_crossed=FailureCode.NOT_TRANSVERSAL,
)
UNIT_CIRCLE = Locus(  # of a map x ↦ x + f(x), whose multipliers are 1 + λ
    "the unit circle",
    side=lambda z: abs(1 + z) - 1,
    shift=abs,
    level=lambda z: (square(1 + z.real) + square(z.imag) - 1) / 2,
    speed=lambda value, derivative: ((1 + value).conjugate() * derivative).real,
    not_clear=FailureCode.CIRCLE_NOT_CLEAR,
    together=FailureCode.SEVERAL_ON_CIRCLE,
    mixed=FailureCode.SEVERAL_ON_CIRCLE,
    not_crossed=FailureCode.CIRCLE_NOT_CROSSED,
)


def distance(spectrum: Spectrum, k: int, locus: Locus = IMAGINARY_AXIS) -> arb:
    """A lower bound of |s(λ)| over the eigenvalues λ of the block k, at most 0 where none is proved.

    It is |s(d_k)| − g_k, or, where K_k is isolated and Theorem B applies, from row k of (M − λ)u = 0

        |s(d_k)| − shift(N_kk − d_k) − s_k ν_k − Σ_{i≠k} m_ki δ_i .
    """
    sp = spectrum
    away = abs(locus.side(sp.d[k]))
    plain = smallest([away - sp.g[k]])
    if proves_positive(plain) or not isolated(sp, k):
        return plain
    try:
        bounds = eigenvector_bounds(sp, k)
    except ProofFailure:
        return plain
    coupling = arb(0)
    for a, (up, down) in enumerate(bounds.right):
        other = sp.s[k] * sp.nu[a]
        if a != k:
            coupling += (sp.plus[k][a] + other) * up
        if a < sp.m:
            coupling += (sp.minus[k][a] + other) * down
    offset = locus.shift(sp.diagonal[k] - sp.d[k]) + sp.s[k] * sp.nu[k] + coupling
    refined = smallest([away - offset])
    return refined if proves_less(plain, refined) else plain


def clearance(
    spectrum: Spectrum, k: int | None, locus: Locus = IMAGINARY_AXIS
) -> tuple[arb | None, list[int]]:
    """A lower bound of the distance from the locus of all eigenvalues but block k, and the blocks that may meet it.

    (None, []) when there is no other block.
    """
    gaps = {j: distance(spectrum, j, locus) for j in range(len(spectrum.d)) if j != k}
    if not gaps:
        return None, []
    return smallest(gaps.values()), [j for j, gap in gaps.items() if not proves_positive(gap)]


def require_clear(spectrum: Spectrum, k: int | None, locus: Locus = IMAGINARY_AXIS) -> arb | None:
    """The clearance; raises ProofFailure that says which kinds of eigenvalues may meet the locus."""
    gap, touching = clearance(spectrum, k, locus)
    if not touching:
        return gap
    kinds = ["pair" if j < spectrum.m else "real" for j in [*touching, *([] if k is None else [k])]]
    if kinds.count("pair") > 1:
        raise ProofFailure(
            locus.together, f"{kinds.count('pair')} pairs may be on {locus.name} together: "
            + _shown(spectrum, touching)
        )  # fmt: skip
    if "pair" in kinds and "real" in kinds:
        raise ProofFailure(
            locus.mixed,
            f"a pair and a real eigenvalue may be on {locus.name} together: {_shown(spectrum, touching)}",
        )
    raise ProofFailure(locus.not_clear, f"not proved off {locus.name}: {_shown(spectrum, touching)}")


def _shown(spectrum: Spectrum, blocks: list[int]) -> str:
    """Discs of an inequality that failed, for people (rounded)."""
    texts = []
    for j in blocks[:3]:
        d, g = spectrum.d[j], float(spectrum.g[j].mid())
        imaginary = f" ± {float(d.imag.mid()):.6g}i" if j < spectrum.m else ""
        texts.append(f"an eigenvalue within {g:.2g} of {float(d.real.mid()):.6g}{imaginary}")
    return ", ".join(texts) + (f" and {len(blocks) - 3} more" if len(blocks) > 3 else "")


def require_isolated(spectrum: Spectrum, k: int) -> None:
    """K_k is disjoint from every other disc, and from the real axis where k is a pair."""
    if k < spectrum.m and not proves_less(spectrum.g[k], spectrum.d[k].imag):
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "the eigenvalue could be a pair or two real eigenvalues")
    if not isolated(spectrum, k):
        raise ProofFailure(FailureCode.REAL_PARTS_NOT_SEPARATED, "two eigenvalue discs overlap")


def require_zero(spectrum: Spectrum, k: int, locus: Locus) -> None:
    """An eigenvalue of the real block k that is on the locus is 0: on the circle it might be −2, the multiplier −1."""
    if locus is UNIT_CIRCLE and not proves_positive(1 + spectrum.d[k].real - spectrum.g[k]):
        raise ProofFailure(FailureCode.EIGENVALUE_TYPE, "the multiplier on the unit circle could be -1")


def unstable(spectrum: Spectrum, k: int, locus: Locus = IMAGINARY_AXIS) -> int:
    """The number of unstable eigenvalues; every disc but K_k is clear of the locus."""
    return sum(spectrum.multiplicity(j) for j, d in enumerate(spectrum.d) if j != k and proves_positive(locus.side(d)))
