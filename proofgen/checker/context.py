"""What the files of one bundle have in common."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from .basis import Basis
from .budget import OPERATION, digits_in
from .equations_jets import System
from .equations_problem import Equations
from .files import Bundle
from .intervals import Interval
from .jets import Field, fix
from .network_jets import Network
from .network_problem import Problem
from .reading import document
from .similarity import Spectrum
from .verdicts import MAX_PRECISION, Rejected, Undecided, Vector


def field_of(problem: Problem, F: int) -> Field:
    """f and its jets, in units of 2^-F."""
    return System(problem, F) if isinstance(problem, Equations) else Network(problem, F)


class Checker:
    """Everything that one bundle's files have in common."""

    def __init__(self, bundle: Bundle, problem: Problem, jobs: int = 1) -> None:
        self.bundle, self.problem, self.jobs = bundle, problem, jobs
        self.spectra: dict[str, Spectrum | Exception] = {}
        self.fields: dict[int, Field] = {}

    def read(self, name: str, kind: str, spec: Any) -> dict[str, Any]:
        raw: dict[str, Any] = document(self.bundle.json(name)[0], kind, spec, name)
        if raw["problem"]["sha256"] != self.problem.sha256:
            raise Rejected(f"{name}: the digest is not that of problem.json")
        if raw["precision"] > MAX_PRECISION:
            raise Rejected(f"{name}: a precision above {MAX_PRECISION} bits")
        return raw

    def spectrum(self, witness: dict[str, Any], precision: int, where: str) -> Spectrum:
        """Theorem A, once for each different witness."""
        m, n, bits, held = witness["pairs"], self.problem.n, max(precision, 128) + 64, self.bundle.budget.held
        if 2 * m > n:
            raise Rejected(f"{where}: more pairs than columns")
        key = json.dumps([bits, m, witness["X"], witness["Y"], witness["d"]])
        if key not in self.spectra:
            try:
                X, Y, d = (self.bundle.limb_sum(witness[name], f"{where}: {name}", shape)
                           for name, shape in (("X", (n, n)), ("Y", (n, n)), ("d", (n - m, 2))))  # fmt: skip
                layer = self.problem.layers[0]
                basis = Basis(self.problem.product, self.problem.budget, m, X, Y, d)
                self.spectra[key] = Spectrum(basis, layer.W, layer.W_unit, layer.delta, bits)
                self.bundle.budget.keep(self.bundle.budget.held - held)
            except (Rejected, Undecided) as error:
                self.spectra[key] = error
            self.bundle.budget.held = held
        found = self.spectra[key]
        if isinstance(found, Exception):
            raise found
        return found

    def field(self, precision: int) -> Field:
        F = max(precision, 128) + 64
        if F not in self.fields:
            self.fields[F] = field_of(self.problem, F)
        return self.fields[F]

    def wide(self, net: Field, gamma: Fraction, x: Sequence[Fraction]) -> Field:
        """A field with finer units where values are large: there derivatives such as 2z'^2/z^3 meet numbers far below
        the unit (the units of all numbers are the same)."""
        if not isinstance(net, System):
            return net
        state = net.at(fix(gamma, net.F), [fix(y, net.F) for y in x])
        bits = max((max(abs(lo), abs(hi)).bit_length() for lo, hi in state.values), default=0) - net.F
        return net if bits <= 16 else self.field(net.F - 64 + 3 * min(bits, 1000))

    def vector(self, net: Field, value: Any, where: str, n: int) -> Vector:
        (row,), shift = self.bundle.limb_sum(value, where, (n,))
        return [fix(Fraction(x, 1 << shift), net.F) for x in row]


def united(checker: Checker, intervals: list[Interval]) -> list[tuple[Fraction, Fraction]]:
    """Their union, as disjoint intervals in increasing order."""
    bits = max((max(x.numerator.bit_length(), x.denominator.bit_length()) for y in intervals for x in (y.lo, y.hi)),
               default=0)  # fmt: skip
    comparisons = len(intervals) * (len(intervals).bit_length() + 2)
    checker.bundle.budget.spend(comparisons * (3 * OPERATION + digits_in(bits) ** 2))
    result = list[tuple[Fraction, Fraction]]()
    for x in sorted(intervals, key=lambda x: x.lo):
        if result and x.lo <= result[-1][1]:
            result[-1] = result[-1][0], max(result[-1][1], x.hi)
        else:
            result.append((x.lo, x.hi))
    return result
