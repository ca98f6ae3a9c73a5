"""The witness of a piece of a curve of Hopf points (section 28): of a certificate, and many, stacked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .basis import Basis, read_basis
from .context import Checker
from .fields import stacked_arrays
from .files import binary64
from .reading import Spec, anything, count, number, one_of
from .verdicts import Matrix, Rejected

NUMBERS: dict[str, Spec] = {"along": one_of(0, 1), "s": number, "h": number, "pairs": count, "pair": count}
VECTORS = ("centre", "direction", "begin", "end", "R")  # of 3n + 2 numbers each; begin and end in lists only
SINGLE: dict[str, Spec] = NUMBERS | dict.fromkeys(("centre", "direction", "phi", "A", "R", "X", "Y", "d"), anything)
STACKED: dict[str, Spec] = {"pieces": [NUMBERS], **dict.fromkeys((*VECTORS, "phi", "A", "X", "Y", "d"), anything)}


@dataclass(frozen=True)
class PieceWitness:
    """Vectors as exact numbers, A as integers in units of 2^-shift."""

    along: int
    s: Fraction
    h: Fraction
    pair: int
    basis: Basis
    A: tuple[Matrix, int]
    vectors: dict[str, list[Fraction]]  # phi and those of VECTORS


def require_sense(w: dict[str, Any], n: int, where: str) -> None:
    if 2 * w["pairs"] > n or w["pair"] >= w["pairs"]:
        raise Rejected(f"{where}: more pairs than columns, or the witness has no such pair")
    if w["h"] <= 0:
        raise Rejected(f"{where}: h > 0 does not hold")


def single(checker: Checker, w: dict[str, Any], where: str) -> PieceWitness:
    n, limb_sum = checker.problem.n, checker.bundle.limb_sum
    require_sense(w, n, where)
    vectors = dict[str, list[Fraction]]()
    for key, size in (("centre", 3 * n + 2), ("direction", 3 * n + 2), ("R", 3 * n + 2), ("phi", n)):
        (row,), shift = limb_sum(w[key], f"{where}: {key}", (size,))
        vectors[key] = [Fraction(x, 1 << shift) for x in row]
    A = limb_sum(w["A"], f"{where}: A", (3 * n + 2, 3 * n + 2))
    return PieceWitness(w["along"], w["s"], w["h"], w["pair"], read_basis(checker, w, where), A, vectors)


def stacked(checker: Checker, w: dict[str, Any], where: str) -> Iterator[PieceWitness]:
    """Of the pieces of one curve; each holds memory until the caller lets it go."""
    n, m, problem = checker.problem.n, len(w["pieces"]), checker.problem
    wide = 3 * n + 2
    shapes = dict.fromkeys(VECTORS, (m, wide)) | {"phi": (m, n), "A": (m * wide, wide)}
    arrays = stacked_arrays(checker, w, shapes | {"X": (m * n, n), "Y": (m * n, n), "d": (m * n, 2)}, ())

    for index, p in enumerate(w["pieces"]):
        name = f"{where}, piece {index}"
        require_sense(p, n, name)

        def part(key: str, rows: int, index: int = index, name: str = name) -> tuple[Matrix, int]:
            """Integers and s with unit 2^-s."""
            array = arrays[key]
            assert array is not None
            width = array.shape[1]
            data = array.data[8 * width * rows * index : 8 * width * rows * (index + 1)]
            flat, unit = binary64(data, name, checker.bundle.budget)
            return [flat[i : i + width] for i in range(0, len(flat), width)], unit.bit_length() - 1

        d, d_unit = part("d", n)
        if any(d[2 * a + 1] != [d[2 * a][0], -d[2 * a][1]] for a in range(p["pairs"])):
            raise Rejected(f"{name}: the centres of a pair are not conjugate")
        centres = d[: 2 * p["pairs"] : 2] + d[2 * p["pairs"] :], d_unit
        basis = Basis(problem.product, problem.budget, p["pairs"], part("X", n), part("Y", n), centres)
        vectors = dict[str, list[Fraction]]()
        for key in (*VECTORS, "phi"):
            (row,), shift = part(key, 1)
            vectors[key] = [Fraction(x, 1 << shift) for x in row]
        yield PieceWitness(p["along"], p["s"], p["h"], p["pair"], basis, part("A", wide), vectors)
