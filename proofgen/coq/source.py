"""A bundle as a file for Coq: the data of problem.json, the witness, and as the last theorem what the bundle claims.

The development in proofs/coq says what `claims_hold` means (Statement.v) and proves that it follows where the
computation `check` answers true.  Nothing of the bundle is believed: the numbers of the problem and of the claims stand
in the theorem, and the witness is evidence for `check` only.  Covered are complete bundles of the method zero-branch
for all real gamma, with tanh, sin, arctan, erf, silu or gelu; the theorem is about every bias and every W in the box of
weights. It says nothing of certificates of lines and poles; that W(gamma) is singular there is part of it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from ..bundle.bundle import Bundle
from ..bundle.codec import Limbs
from ..bundle.coq_record import checked_digests
from ..bundle.hopf_point import HopfClaims
from ..bundle.read import load_bundle
from ..bundle.singular import LinePoint, PolePoint
from ..bundle.untrusted import read_array_file
from ..bundle.zero_branch import ZeroBranch, ZeroBranchPoint
from ..errors import InputError, UnsupportedError
from ..numbers.exact import ExactMatrix
from ..numbers.printed import Decimal, Enclosure

ACTIVATIONS = {"tanh": "Tanh", "sin": "Sin", "arctan": "Arctan", "erf": "Erf", "silu": "Silu", "gelu": "Gelu"}
LARGEST_DIMENSION = 400
PACKED = 1000  # matrices with more entries are written as machine integers: much less to read for Coq
WORD = 2**63  # machine integers are modulo this
NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,40}")

HEADER = """\
(* Written by proofgen from a bundle; problem.json has the SHA-256
   {digest}.
   Statement.v says what claims_hold means.  Check this file with: coqc -Q proofs/coq Proofgen {{this file}} *)
From Coq Require Import ZArith QArith.
From Coq Require Uint63.
From mathcomp Require Import all_ssreflect.
From Proofgen Require Import Statement Checker Correct.
Declare Scope word_scope.
Delimit Scope word_scope with word.
Number Notation PrimInt63.int PrimInt63.parser PrimInt63.printer : word_scope.
Delimit Scope Z_scope with Z.
Local Open Scope Z_scope.
"""


def coq_source(directory: Path, theorem: str = "bundle_holds") -> str:
    """The Coq file of the bundle in a directory, whose last theorem has this name."""
    return coq_source_and_files(directory, theorem)[0]


def coq_source_and_files(directory: Path, theorem: str = "bundle_holds") -> tuple[str, dict[str, str]]:
    """The same, and path -> SHA-256 of the documents that it was made from."""
    bundle = load_bundle(directory)
    try:
        source = "\n".join(_Source(bundle, Path(directory)).lines(theorem)) + "\n"
    except UnsupportedError as error:
        raise error.within(source=str(directory)) from None
    except InputError as error:
        raise InputError(f"not a sound bundle: {error}", source=str(directory)) from None
    return source, checked_digests(bundle)


def _uncovered(text: str) -> UnsupportedError:
    covered = "expected Hopf points of a network of one layer on the branch x = 0"
    return UnsupportedError(f"the Coq check does not cover {text}; {covered}")


class _Source:
    """The parts of one file."""

    def __init__(self, bundle: Bundle, directory: Path) -> None:
        branch = bundle.branch
        if not isinstance(branch, ZeroBranch):
            raise _uncovered(f"the method {branch.method}")
        for point in bundle.points.values():
            if not isinstance(point, ZeroBranchPoint | LinePoint | PolePoint):
                raise _uncovered(f"points by the method {point.method}")
        problem: Any = bundle.problem  # the method is for networks
        if not problem.one_layer_shift:
            raise _uncovered("other networks than those of one layer, without leak, with the parameter on the identity")
        (layer,), claims = problem.layers, branch.claims
        reasons = {
            "other activations than tanh, sin, arctan, erf, silu and gelu": layer.activation not in ACTIVATIONS,
            f"more than {LARGEST_DIMENSION} dimensions": problem.dimension > LARGEST_DIMENSION,
            "a range of the parameter; the theorem is about all real values": problem.interval is not None,
            "bundles without a complete list": not claims.complete or branch.witness is None,
            "weights other than matrices and their transposes": any(term.matrix is None for term in layer.weights),
        }
        for reason, applies in reasons.items():
            if applies:
                raise _uncovered(reason)
        assert branch.witness is not None
        self.bundle, self.directory, self.problem, self.layer = bundle, directory, problem, layer
        self.claims, self.eigenbasis, self.n = claims, branch.witness, problem.dimension
        self.box = _box(problem.weight_box(layer.weights), self.n)
        self.boxed = not self.box.is_zero()

    def lines(self, theorem: str) -> Iterator[str]:
        n, activation = self.n, ACTIVATIONS[self.layer.activation]
        yield HEADER.format(digest=self.bundle.file.sha256)
        names = {}
        for i, key in enumerate(dict.fromkeys(term.matrix for term in self.layer.weights)):
            names[key] = f"array_{key}" if NAME.fullmatch(key) else f"array_{i + 1}"
            yield f"Definition {names[key]} : array := {_array(self.problem.arrays[key])}.\n"
        terms = [
            f"Term ({Decimal.exactly(t.coefficient).text}) {names[t.matrix]} {'true' if t.transpose else 'false'}"
            for t in self.layer.weights
        ]
        yield f"Definition terms : seq term := {_sequence(terms)}.\n"
        witness, centres, unit = self.witness()
        yield witness
        points = list(self.points())
        crossings = [_enclosure(crossing) for crossing in self.claims.real_crossings]
        pairs = _sequence(str(2 * listed.pair) for listed in self.claims.points if listed.pair is not None)
        reals = _sequence(str(self.real_index(crossing, centres, unit)) for crossing in self.claims.real_crossings)
        yield f"Definition points : seq point := {_sequence(points)}."
        yield f"Definition real_crossings : seq enclosure := {_sequence(crossings)}.\n"
        claims, evidence = f"\n  {_sequence(points)}\n  {_sequence(crossings)}.", f"evidence {pairs}%nat {reals}%nat"
        if self.boxed:
            yield f"Definition Delta : array := {_array(self.box)}.\n"
            yield f"Lemma checked : check_box {activation} {n} terms Delta points real_crossings {evidence}."
            yield "Proof. vm_cast_no_check (erefl true). Qed.\n"
            yield f"Theorem {theorem} : forall W, in_box (weights {n} terms) Delta W ->"
            yield f"  claims_hold {activation} W{claims}"
            yield "Proof. exact: check_box_correct checked. Qed.\n"
        else:
            yield f"Lemma checked : check {activation} {n} terms points real_crossings {evidence}."
            yield "Proof. vm_cast_no_check (erefl true). Qed.\n"
            yield f"Theorem {theorem} : claims_hold {activation} (weights {n} terms){claims}"
            yield "Proof. exact: check_correct checked. Qed.\n"
        yield f"Print Assumptions {theorem}."

    def witness(self) -> tuple[str, list[tuple[int, int]], int]:
        """The complex witness in the units of Checker.v, the centres of the discs and their unit."""
        n, w = self.n, self.eigenbasis
        m = w.pairs
        if 2 * m > n:
            raise InputError("more pairs than fit", key="witness.pairs")
        X, Y = (self.exact(limbs, (n, n)) for limbs in (w.X, w.Y))
        d = self.exact(w.d, (n - m, 2))
        # the columns of XP are v_a and conj v_a; the rows of 2 P^-1 Y those of a+ and a-
        columns, rows = X.numerators.T.tolist(), Y.numerators.tolist()
        x, y = (matrix.denominator.bit_length() - 1 for matrix in (X, Y))
        packed = False
        if n * n > PACKED and (short_X := _shortened(columns, x)) and (short_Y := _shortened(rows, y)):
            packed = True
            (columns, x), (rows, y) = short_X, short_Y
        re = [columns[j - j % 2 if j < 2 * m else j] for j in range(n)]
        im = [[(-1) ** j * value for value in columns[j | 1]] if j < 2 * m else [0] * n for j in range(n)]
        top, bottom, real = (Y.numerators[part].tolist() for part in _blocks(m))
        zeros = [[0] * n] * (n - 2 * m)
        rows_re = [*(row for row in top for _ in "+-"), *([2 * value for value in row] for row in real)]
        rows_im = [*([sign * value for value in row] for row in bottom for sign in (-1, 1)), *zeros]
        E = 2 << x + y
        D = self.problem.combine(self.layer.weights).denominator
        if self.boxed:  # Delta is rounded up to a multiple of 1/D
            D <<= 40
        centres = [
            (_nearest(u * E * D, d.denominator), sign * _nearest(v * E * D, d.denominator))
            for a, (u, v) in enumerate(d.numerators.tolist())
            for sign in ((1, -1) if a < m else (0,))
        ]
        if packed:  # Coq forms the complex columns and rows itself
            parts = [str(m), *(_rows([[v % WORD for v in row] for row in A]) + "%word" for A in (columns, rows))]
        else:
            parts = [_rows(A, hexadecimal=True) for A in (re, im, rows_re, rows_im)]
        parts += [_row([z[k] for z in centres], hexadecimal=True) for k in (0, 1)]
        text = "\n ".join([*parts, _denominator(E), _denominator(D)])
        maker = "packed_witness" if packed else "make_witness"
        return f"Definition evidence : witness := {maker}\n {text}.\n", centres, E * D

    def exact(self, limbs: Limbs, shape: tuple[int, int]) -> ExactMatrix:
        """The sum of arrays of the witness; whatever it is, Coq checks what it is evidence for."""
        total = ExactMatrix.zeros(*shape)
        for limb in limbs:
            data = read_array_file(self.directory, limb.file)
            try:
                array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False, max_header_size=4096)
                if array.dtype.str != "<f8" or array.shape != shape:
                    raise ValueError
                total = total + ExactMatrix.from_binary64(array)
            except Exception:  # a hostile header makes numpy fail in many ways
                raise InputError(f"expected finite <f8 data of shape {shape}", source=limb.file) from None
        return total

    def points(self) -> Iterator[str]:
        """The claims of each point, in increasing order of the parameter."""
        for listed in self.claims.points:
            if isinstance(self.bundle.points[listed.id], LinePoint | PolePoint):
                continue
            if listed.pair is None or 2 * listed.pair + 1 >= self.n:
                raise _uncovered("points without a pair of the witness of branch.json")
            claims = self.bundle.points[listed.id].claims
            if not isinstance(claims, HopfClaims):
                raise _uncovered("points that are no Hopf points")
            enclosures = (
                claims.parameter, claims.omega, claims.first_lyapunov_coefficient, claims.crossing_speed
            )  # fmt: skip
            counts = f"{claims.unstable_eigenvalues} {claims.stable_eigenvalues}"
            yield f"Point {' '.join(f'({_enclosure(claimed)})' for claimed in enclosures)} {counts}"

    def real_index(self, crossing: Enclosure, centres: list[tuple[int, int]], unit: int) -> int:
        """The disc of a real crossing; any choice is checked."""
        first = 2 * self.eigenbasis.pairs
        gammas = [-Fraction(real, unit) for real, _ in centres]
        found = [i for i in range(first, len(gammas)) if crossing.low <= gammas[i] <= crossing.high]
        if not found:
            raise InputError("no centre belongs to one of them", key="claims.real_crossings")
        return found[0]


def _box(box: tuple[Fraction, Fraction] | ExactMatrix, n: int) -> ExactMatrix:
    """The radii of all weights."""
    if isinstance(box, ExactMatrix):
        return box
    return ExactMatrix.from_fractions([[box[i != j] for j in range(n)] for i in range(n)])


def _blocks(pairs: int) -> tuple[slice, slice, slice]:
    """The first and the second rows of pairs, and those of real eigenvalues."""
    return slice(0, 2 * pairs, 2), slice(1, 2 * pairs, 2), slice(2 * pairs, None)


def _nearest(a: int, b: int) -> int:
    """The integer nearest to a / b, b > 0."""
    return (2 * a + b) // (2 * b)


def _enclosure(claimed: Enclosure) -> str:
    """Its texts are decimals and nothing else: they were read as such."""
    return "Enclosure ({}) ({})".format(*claimed.text)


def _array(matrix: ExactMatrix) -> str:
    """An array of the problem: its integers, or where it is large and binary64 the machine integers of packed_array."""
    numerators = matrix.numerators.tolist()
    if matrix.numerators.size > PACKED and matrix.denominator & (matrix.denominator - 1) == 0:
        words = [[word for value in row if (word := _packed(value)) is not None] for row in numerators]
        if sum(map(len, words)) == matrix.numerators.size:
            return f"packed_array\n {_rows(words)}%word\n {_denominator(matrix.denominator)}"
    return f"Array\n {_rows(matrix.numerators.tolist())}\n {_denominator(matrix.denominator)}"


def _sequence(items: Iterable[str]) -> str:
    return "[:: " + ";\n   ".join(items) + "]"


def _row(row: Iterable[int], hexadecimal: bool = False) -> str:
    return "[:: " + "; ".join(hex(value) if hexadecimal else str(value) for value in row) + "]"


def _rows(rows: Iterable[Iterable[int]], hexadecimal: bool = False) -> str:
    return "[:: " + ";\n   ".join(_row(row, hexadecimal) for row in rows) + "]"


def _packed(value: int) -> int | None:
    """512 (m + 2^53) + e where value = m 2^e; None where it does not fit."""
    e = max(abs(value).bit_length() - 53, 0)
    m = value >> e
    return 512 * (m + 2**53) + e if m << e == value and e < 512 else None


def _shortened(rows: Sequence[Sequence[int]], f: int) -> tuple[list[list[int]], int] | None:
    """Integers over 2^f rounded to less than 2^62; None where a row is much smaller than another and would suffer."""
    sizes = [max(map(abs, row)).bit_length() for row in rows]
    if max(sizes) - min(sizes) > 8 or min(sizes) == 0:
        return None
    shift = max(max(sizes) - 61, 0)
    if shift > f:
        return None
    return [[(value + (1 << shift >> 1)) >> shift for value in row] for row in rows], f - shift


def _denominator(q: int) -> str:
    return f"(2 ^ {q.bit_length() - 1})" if q & (q - 1) == 0 else str(q)
