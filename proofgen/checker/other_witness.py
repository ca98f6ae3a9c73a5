"""Which disc of the branch's witness belongs to a point that is certified with another one."""

from __future__ import annotations

from fractions import Fraction

from .budget import OPERATION, digits_in
from .context import Checker
from .documents import Proved
from .intervals import Interval
from .similarity import Spectrum
from .verdicts import Rejected
from .zero_branch import Certificate, network_of


def matching_disc(checker: Checker, A: Spectrum, c: Proved) -> int:
    """The isolated disc a+ of A that holds the eigenvalue of a certificate with another witness: the only one
    which its disc K_k, or the rectangle -gamma + i omega/|sigma_1| of its claims, meets."""
    checker.bundle.budget.spend(A.n * (100 * OPERATION + 40 * digits_in(A.F) ** 2))
    discs = [A.disc(j) for j in range(A.n)]
    u, v, r = Fraction(0), Fraction(0), Fraction(0)

    def meets(x: Interval, y: Interval, r: Fraction) -> list[int]:
        """The discs within r of a rectangle."""
        gaps = [(max(x.lo - u, u - x.hi, Fraction(0)), max(y.lo - v, v - y.hi, Fraction(0))) for u, v, _ in discs]
        return [j for j, ((s, t), disc) in enumerate(zip(gaps, discs, strict=True))
                if s * s + t * t <= (r + disc[2]) ** 2]  # fmt: skip

    if not isinstance(c, Certificate):
        found = meets(-c.claims["parameter"], c.claims["omega"] / abs(network_of(checker).sigma[0]), Fraction(0))
        checker.parts("zero_equilibrium").require_zero(checker, c)
    else:
        u, v, r = c.spectrum.disc(c.k)
        found = meets(Interval(u), Interval(v), r)
    if len(found) == 1:
        u, v, r = discs[found[0]]
    if len(found) != 1 or meets(Interval(u), Interval(v), r) != found or found[0] >= 2 * A.m or found[0] % 2:
        raise Rejected(f"{c.id} does not belong to one isolated disc of the branch's witness")
    return found[0]
