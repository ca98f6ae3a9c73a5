"""Lemma C: solutions of (zI − M)y = (I + S)r, with M = X⁻¹WX from Theorem A.

If β = min_j (|z − d_j| − g_j) > 0, zI − M is strictly diagonally dominant, so ‖(zI − M)⁻¹‖_∞ ≤ 1/β, and
for ỹ_j = r_j/(z − d_j) the residual gives ‖y − ỹ‖_∞ ≤ (max s_i ‖r‖_∞ + max g_i ‖ỹ‖_∞)/β.
Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, arb, arb_mat

from ..numbers.balls import largest, proves_positive, smallest
from .failure import FailureCode, ProofFailure
from .spectrum import Spectrum


@dataclass(frozen=True)
class Resolvent:
    """Solves (zI − W)x = v as x = XP(zI − M)⁻¹(I + S)P⁻¹Y v, for any W of the spectrum's box."""

    spectrum: Spectrum
    X: arb_mat
    Y: arb_mat
    by_entries: bool = False  # take `_sharper` enclosures

    def solve(
        self, z: acb, v: list[acb], without: int | None = None, less: tuple[acb, list[acb]] | None = None
    ) -> tuple[list[acb], arb]:
        """Enclosures of the entries of x, and the lower bound β.

        without: z is the eigenvalue of that block (of a pair the upper one), and v has a solution; it is the one whose
        coordinate there, in the eigenbasis, is 0, and β is the minimum over the other j (MATHEMATICS.md, section 23).
        less: (c, q), for the right-hand side v − cq; where c is wide, coordinates in which q is small stay narrow.
        Raises ProofFailure (NOT_FINITE) unless β > 0 is proved.
        """
        spectrum, m = self.spectrum, self.spectrum.m
        centres = [*spectrum.d, *(d.conjugate() for d in spectrum.d[:m])]
        radii = [*spectrum.g, *spectrum.g[:m]]
        others = [i for i in range(len(centres)) if i != without]
        beta = smallest(abs(z - centres[i]) - radii[i] for i in others)
        if not proves_positive(beta):
            raise ProofFailure(FailureCode.NOT_FINITE, "a linear system could not be proved solvable")
        rho = complex_times(self.Y, v)
        if less is not None:
            rho = [x - less[0] * y for x, y in zip(rho, complex_times(self.Y, less[1]), strict=True)]
        n = len(rho)
        j = acb(0, 1)
        r = [(rho[2 * a] - j * rho[2 * a + 1]) / 2 for a in range(m)]
        r += rho[2 * m : n]
        r += [(rho[2 * a] + j * rho[2 * a + 1]) / 2 for a in range(m)]
        y = [acb(0) if i == without else r_i / (z - d) for i, (r_i, d) in enumerate(zip(r, centres, strict=True))]
        error = (
            largest(spectrum.s) * largest(abs(x) for x in r) + largest(spectrum.g) * largest(abs(x) for x in y)
        ) / beta
        ball = acb(arb(0, error), arb(0, error))
        y = [x if i == without else x + ball for i, x in enumerate(y)]
        if self.by_entries:
            y = self._sharper(z, r, y, without)
        column: list[acb] = []
        for a in range(m):
            upper, lower = y[a], y[n - m + a]
            column += [upper + lower, j * (upper - lower)]
        column += y[m : n - m]
        return complex_times(self.X, column), beta


    def _sharper(self, z: acb, r: list[acb], y: list[acb], without: int | None) -> list[acb]:
        """Row j of (z − M)y = (I + S)r, with |y_i| as known: y_j = (r_j + e_j)/(z − N_jj),

            |e_j| ≤ Σ_{i≠j} |N_ji||y_i| + s_j (max_l |r_l| + max_l Σ_i |N_li||y_i|).

        A large disc of one eigenvalue does not spoil the coordinates of the others.
        """
        sp, m = self.spectrum, self.spectrum.m
        blocks = len(sp.d)
        sizes = [abs(x) for x in y]
        upper, lower = sizes[:blocks], [*sizes[blocks:], *[arb(0)] * (blocks - m)]
        sums_plus = []  # Σ_{i≠j} |N_ji||y_i| for j = a+ (or real a), then for j = a−
        for first, second in ((upper, lower), ([*lower[:m], *upper[m:]], [*upper[:m], *lower[m:]])):
            sums_plus.append([
                sum((p * u + q * v for p, u, q, v in zip(plus, first, minus, second, strict=True)), arb(0))
                for plus, minus in zip(sp.plus, sp.minus, strict=True)
            ])
        off = [*sums_plus[0], *sums_plus[1][:m]]
        diagonal = [*sp.diagonal, *(x.conjugate() for x in sp.diagonal[:m])]
        image = [abs(N) * size + o for N, size, o in zip(diagonal, sizes, off, strict=True)]
        most = largest(abs(x) for x in r) + largest(image)
        s = [*sp.s, *sp.s[:m]]
        result = []
        for i, (old, r_i, N, o, s_i) in enumerate(zip(y, r, diagonal, off, s, strict=True)):
            new = old
            if i != without and abs(z - N) > 0:
                error = o + s_i * most
                new = (r_i + acb(arb(0, error), arb(0, error))) / (z - N)
            result.append(new if new.is_finite() and new.rad() < old.rad() else old)
        return result


def complex_times(M: arb_mat, v: list[acb]) -> list[acb]:
    """M v for a real matrix and a complex vector."""
    return [acb(re, im) for re, im in (M * arb_mat([[x.real, x.imag] for x in v])).table()]
