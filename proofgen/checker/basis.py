"""The witness of a similarity, and products with it: y -> XPy and v -> P^-1 Y v (section 8)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from operator import mul
from typing import Any

from .blocks import Discs, short
from .budget import OPERATION, Budget, bytes_of, digits_in, size_of
from .context import Checker
from .intervals import Vector, hypot_up, split, up
from .products import Engine, absolute, transpose
from .verdicts import GUARD, Matrix, Rejected, Undecided


class Basis:
    """The witness of a similarity: X, Y in units of 2^-X_unit, 2^-Y_unit, centres d in units of 2^-d_unit."""

    def __init__(self, product: Engine, budget: Budget, m: int, X: tuple[Matrix, int], Y: tuple[Matrix, int],
                 d: tuple[Matrix, int]) -> None:  # fmt: skip
        self.product, self.budget, self.m, self.n = product, budget, m, len(X[0])
        bits = size_of(X[0]) + size_of(Y[0])
        budget.spend(self.n**2 * (12 * OPERATION + 8 * digits_in(bits + 4 * GUARD) ** 2))
        budget.hold(7 * bytes_of(self.n**2, bits))
        self.X, self.X_unit = X
        self.Y, self.Y_unit = Y
        self.d, self.d_unit = d  # a row for each pair, imaginary part > 0, and one for each real index
        for a, (_, im) in enumerate(self.d):
            if (im <= 0) if a < m else im:
                raise Rejected(f"witness: row {a} of d has a bad imaginary part")
        self.X_rows, self.Y_rows = transpose(X[0]), transpose(Y[0])
        self.Y_size = absolute(self.Y_rows)
        self.centres = [(re, s * im) for a, (re, im) in enumerate(self.d) for s in ((1, -1) if a < m else (1,))]
        # |(XP)_lj| and |(P^-1 Y)_jl| for groups j, rounded up; units 2^-(X_unit + GUARD), 2^-(Y_unit + 1 + GUARD)
        self.X_abs = transpose(self.pairs_abs(self.X_rows)
                               + [[abs(x) << GUARD for x in row] for row in self.X_rows[2 * m :]])  # fmt: skip
        self.Y_abs = self.pairs_abs(self.Y) + [[abs(x) << GUARD + 1 for x in row] for row in self.Y[2 * m :]]
        self.R = [[-x for x in row] for row in product(self.Y, self.X)]
        for i, row in enumerate(self.R):
            row[i] += 1 << self.X_unit + self.Y_unit

    def pairs_abs(self, rows: Matrix) -> Matrix:
        """|x + iy| for the two rows of each pair."""
        pairs = (zip(*rows[2 * a : 2 * a + 2], strict=True) for a in range(self.m))
        return [[hypot_up(x << GUARD, y << GUARD) for x, y in pair] for pair in pairs]

    def grouped(self, v: Sequence[int]) -> list[int]:
        """Sums over the two indices of each pair."""
        top = 2 * self.m
        return [x + y for x, y in zip(v[:top:2], v[1:top:2], strict=True)] + list(v[top:])

    def ungrouped(self, v: Sequence[int]) -> list[int]:
        """What is known of each group, for each of its indices."""
        return [x for x in v[: self.m] for _ in range(2)] + list(v[self.m :])

    def times_X(self, vectors: Sequence[Discs], unit: int | None = None) -> list[Discs]:
        """XPy for several y, in a unit that is given or that suits the errors."""
        rows, top, radii = list[list[int]](), 2 * self.m, []
        for y in vectors:  # Py has the entries y_a+ + y_a-, i(y_a+ - y_a-)
            re, im, e = (list(part) for part in zip(*y.values, strict=True))
            for a in range(0, top, 2):
                p, u, q, v = re[a], re[a + 1], im[a], im[a + 1]
                re[a], re[a + 1], im[a], im[a + 1] = p + u, v - q, q + v, p - u
            rows += [re, im]
            radii.append(short(self.grouped(e)))
        parts, result = iter(self.product(rows, self.X_rows)), []
        errors = self.product([row for row, _ in radii], transpose(self.X_abs))
        for y, re, im, row, (_, spare) in zip(vectors, parts, parts, errors, radii, strict=True):
            own = y.unit + self.X_unit
            result.append(Discs.of(zip(re, im, strict=True), own, row, own + GUARD - spare, unit))
        return result

    def times_Y(self, vectors: Sequence[Discs]) -> list[Discs]:
        """P^-1 Y v for several v."""
        rows, top, radii, result = list[list[int]](), 2 * self.m, [], []
        for v in vectors:
            re, im, e = (list(part) for part in zip(*v.values, strict=True))
            rows += [re, im]
            radii.append(short(e))
        parts = iter(self.product(rows, self.Y_rows))
        errors = self.product([row for row, _ in radii], transpose(self.Y_abs))
        for v, re, im, row, (_, spare) in zip(vectors, parts, parts, errors, radii, strict=True):
            centres = list[tuple[int, int]]()
            for a in range(0, top, 2):  # a+ is (top - i bottom)/2, a- is (top + i bottom)/2
                centres += [(re[a] + im[a + 1], im[a] - re[a + 1]), (re[a] - im[a + 1], im[a] + re[a + 1])]
            centres += [(2 * x, 2 * y) for x, y in zip(re[top:], im[top:], strict=True)]
            own = v.unit + self.Y_unit + 1
            result.append(Discs.of(centres, own, self.ungrouped(row), own + GUARD - spare))
        return result

    def times_Y_real(self, v: Vector, target: int | None = None) -> Discs:
        """P^-1 Y v for a real v.  The error of a pair's entry is known by its real and imaginary
        parts, which is less than the sum of moduli that errors of complex numbers need."""
        mid, radii = split(v)
        (row,), top, own = self.product([mid], self.Y_rows), 2 * self.m, v[0].F + self.Y_unit + 1
        centres = [(row[i & ~1], row[i] if i % 2 else -row[i + 1]) for i in range(top)]
        centres += [(2 * x, 0) for x in row[top:]]
        if not any(radii):
            return Discs.of(centres, own, [0] * self.n, own, target)
        (rad,) = self.product([radii], self.Y_size)
        radii = self.ungrouped([hypot_up(*pair) for pair in zip(rad[:top:2], rad[1:top:2], strict=True)]
                               + [2 * x for x in rad[top:]])  # fmt: skip
        return Discs.of(centres, own, radii, own, target)

    def real(self, y: Discs) -> tuple[Vector, Vector]:
        """The real and the imaginary part of XPy, in the unit of y."""
        (discs,) = self.times_X([y], y.unit)
        return discs.parts()

    def spread(self, r: int) -> list[int]:
        """Bounds of |(XPy)_l| for |y_i| <= r."""
        weights = [2] * self.m + [1] * (self.n - 2 * self.m)
        return [up(r * sum(map(mul, row, weights)), 1 << self.X_unit + GUARD) for row in self.X_abs]


def read_basis(checker: Checker, witness: dict[str, Any], where: str) -> Basis:
    """X, Y and d of a witness; that it has no more pairs than columns is known."""
    m, n = witness["pairs"], checker.problem.n
    X, Y, d = (checker.bundle.limb_sum(witness[name], f"{where}: {name}", shape)
               for name, shape in (("X", (n, n)), ("Y", (n, n)), ("d", (n - m, 2))))  # fmt: skip
    return Basis(checker.problem.product, checker.problem.budget, m, X, Y, d)


def spectrum_of(checker: Checker, witness: dict[str, Any], precision: int, where: str, kind: Callable[..., Any],
                *matrix: Any) -> Any:  # fmt: skip
    """Theorem A, once for each different witness.  kind: of spectrum; matrix: W, its unit and Delta."""
    m, n, bits, held = witness["pairs"], checker.problem.n, max(precision, 128) + 64, checker.bundle.budget.held
    if 2 * m > n:
        raise Rejected(f"{where}: more pairs than columns")
    key = json.dumps([bits, m, witness["X"], witness["Y"], witness["d"]])
    if key not in checker.spectra:
        try:
            checker.spectra[key] = kind(read_basis(checker, witness, where), *matrix, bits)
            checker.bundle.budget.keep(checker.bundle.budget.held - held)
        except (Rejected, Undecided) as error:
            checker.spectra[key] = error
        checker.bundle.budget.held = held
    found = checker.spectra[key]
    if isinstance(found, Exception):
        raise found
    return found
