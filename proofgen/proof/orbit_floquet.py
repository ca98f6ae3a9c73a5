"""Theorem O3: the Floquet exponents of the orbits of a piece, in discs; the multipliers outside of the unit circle.

MATHEMATICS.md, section 16. A piece is cut into cells of x = cos θ; one orbit is one cell. Arithmetic: balls only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import acb, arb

from ..numbers.balls import ball_with_radius, largest, proves_less, proves_negative, proves_positive
from .failure import FailureCode, ProofFailure
from .orbit import OrbitPiece
from .orbit_inverse import distance_from_turns
from .orbit_polynomials import Polynomial, cosines

HALF = arb(1) / 2
ROOM = arb(33) / 32  # for a checker's own roundings
MARGIN = arb(129) / 128  # s is the root of its quadratic inequality times this


@dataclass(frozen=True)
class Floquet:
    """Of every orbit of the piece.

    radii: g_1 … g_n; outside: number of multipliers of j ≥ 3 outside of the unit circle, None where a disc meets the
    axis; trace: enclosure of Re tr Λ_c in each cell; kappa_error: |κ − Re tr Λ_c| is at most this.
    """

    radii: tuple[arb, ...]
    outside: int | None
    trace: tuple[arb, ...]
    kappa_error: arb

    @property
    def kappa(self) -> tuple[arb, ...]:
        """Enclosures of the nontrivial exponent of the critical pair, cell by cell."""
        return tuple(ball_with_radius(t, self.kappa_error) for t in self.trace)

    @property
    def kappa_sign(self) -> int:
        """1 or −1 where κ has this sign for every orbit of the piece, 0 where it is not proved."""
        if all(proves_positive(k) for k in self.kappa):
            return 1
        return -1 if all(proves_negative(k) for k in self.kappa) else 0


def enclose_exponents(piece: OrbitPiece, cells: int) -> Floquet:
    """(a) to (d). Raises ProofFailure where the critical pair is not apart from the other exponents."""
    e = piece.estimates
    n, Lam = e.n, e.witness.Lam
    change = e.jacobian_change(piece.deviation, piece.T_radius)
    G = e.inverse.frame(e.norms.U + (e.M * e.Q) * change)
    g = [sum(row, arb(0)).upper() for row in G.table()]
    if not all(x.is_finite() for x in g):
        raise ProofFailure(FailureCode.NOT_FINITE, "a radius of a Floquet disc is not finite")
    g_c = largest(g[:2])
    traces = []
    apart, on_axis = True, False
    sides: list[int] | None = None
    for x, delta in theta_cells(cells if e.witness.degree else 1, e.witness.single):
        L = over_cell(Lam, x, delta)
        s = _critical_radius(L, g_c)
        for j in range(2, n):
            clear = distance_from_turns(L[j][j].real, L[j][j].imag)
            if not proves_less((s + g[j]) * ROOM, clear):
                raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "a Floquet exponent comes near the critical pair")
        found = [_side(L[j][j].real, g[j]) for j in range(2, n)]
        on_axis = on_axis or 0 in found or (sides is not None and found != sides)
        sides = found
        apart = apart and _pairwise_apart([L[j][j] for j in range(2, n)], g[2:])
        traces.append((L[0][0] + L[1][1]).real)
    others = sum(g[2:], arb(0))
    error = sum((G[j, j] for j in range(n)), arb(0)) + others * (1 if apart else 2 * (n - 2))
    decided = sides is not None and not on_axis
    outside = sum(side > 0 for side in sides or []) if decided else None
    return Floquet(tuple(g), outside, tuple(traces), error.upper())


def theta_cells(cells: int, single: bool = False) -> list[tuple[arb, arb]]:
    """Centres and half widths of equal cells of cos θ that cover [−1, 1]; for one orbit a single cell of width 0."""
    if single:
        return [(arb(0), arb(0))]
    if cells < 1:
        raise ValueError("no cells")
    return [(arb(2 * q + 1 - cells) / cells, (arb(1) / cells).upper()) for q in range(cells)]


def over_cell(U: Polynomial, x: arb, delta: arb) -> list[list[acb]]:
    """Enclosure of a polynomial without τ for |cos θ − x| ≤ δ, by |T_m'| ≤ m² and |T_m| ≤ 1."""
    values = U.value(cosines(x, U.degree))
    result = [[values[i, j] for j in range(U.columns)] for i in range(U.rows)]
    size = U.columns
    for i in range(U.rows):
        for j in range(U.columns):
            moved = arb(0)
            for m in range(1, U.degree + 1):
                reach = delta * m * m
                moved += U.sizes[m, i * size + j] * (reach if reach < 2 else arb(2))
            moved = moved.upper()
            z = result[i][j]
            result[i][j] = acb(ball_with_radius(z.real, moved), ball_with_radius(z.imag, moved))
    return result


def _critical_radius(L: Sequence[Sequence[acb]], g_c: arb) -> arb:
    """An s ≤ 1/2 with (s + c_n)g_c < s² − s|tr Λ_c| − |det Λ_c|. Raises ProofFailure where there is none."""
    a, b, c, d = L[0][0], L[0][1], L[1][0], L[1][1]
    trace, determinant = (a + d).abs_upper(), (a * d - b * c).abs_upper()
    c_n = largest([d.abs_upper() + b.abs_upper(), a.abs_upper() + c.abs_upper()])
    sum_ = trace + g_c
    root = (sum_ + (sum_ * sum_ + 4 * (determinant + c_n * g_c)).sqrt()) / 2
    s = (MARGIN * root).upper()
    holds = proves_less((s + c_n) * g_c, s * s - s * trace - determinant)
    if not holds or not bool(s <= HALF):
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "the critical Floquet exponents are not enclosed")
    return s


def _side(real: arb, g: arb) -> int:
    """1 or −1: the disc is right or left of the axis; 0: it may meet it."""
    if proves_positive(real - g):
        return 1
    return -1 if proves_negative(real + g) else 0


def _pairwise_apart(centres: Sequence[acb], g: Sequence[arb]) -> bool:
    """Whether the discs are disjoint modulo i."""
    for i, z in enumerate(centres):
        for j in range(i):
            difference = z - centres[j]
            if not proves_less(g[i] + g[j], distance_from_turns(difference.real, difference.imag)):
                return False
    return True
