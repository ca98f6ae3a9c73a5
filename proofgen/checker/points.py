"""The certificates in points/, each by its method."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from .basis import Basis
from .budget import OPERATION, bytes_of, digits_in
from .context import Checker
from .documents import CERTIFICATES, Certificate, Point, fineness
from .hopf_point import check_hopf_point
from .intervals import ZERO
from .newton_ball import by_newton_ball
from .processes import shared_out
from .reading import shown
from .reports import Item
from .tube import Chart
from .verdicts import MAX_PRECISION, Rejected
from .window import by_window
from .zero_branch import check_equilibria, check_h4, enclose_eigenvectors, enclose_resolvents, simple_pair

SHARED = 4000  # from so many entries of eigenvectors on, H4 is worth more than a process


def read_certificate(checker: Checker, name: str, item: Item) -> Certificate | Point:
    """Read points/NAME.json and its witness."""
    where = f"points/{name}.json"
    c = checker.read(where, "proofgen-certificate", CERTIFICATES)
    witness, k = c["witness"], 2 * c["witness"]["pair"]
    checker.bundle.budget.spend((checker.problem.n + 40) * 400 * OPERATION)
    if c["id"] != name or not re.fullmatch(r"hopf-[0-9]{4,6}", name):
        raise Rejected(f"{where}: `id` is not the name of the file")
    if len(c["claims"]["equilibrium"]) != checker.problem.n:
        raise Rejected(f"{where}: equilibrium has the wrong length")
    if k >= 2 * witness["pairs"]:
        raise Rejected(f"{where}: the witness has no such pair; a real eigenvalue is not a Hopf point")
    if c["method"] != "zero-branch":
        return read_point(checker, c, item, where)
    if len(c["bounds"]["eigenvalue"]) != 2:
        raise Rejected(f"{where}: eigenvalue has the wrong length")
    checker.problem.require_zero_branch()
    item.begin("Theorem A")
    return Certificate(item, name, c["claims"], c["bounds"], checker.spectrum(witness, c["precision"], where), k)


def read_point(checker: Checker, c: dict[str, Any], item: Item, where: str) -> Point:
    """The witness of a certificate of section 11."""
    witness, n, bits = c["witness"], checker.problem.n, fineness([c["claims"], c["bounds"]])
    net = checker.field(max(c["precision"], min(bits, 4 * MAX_PRECISION)))
    m, zero = witness["pairs"], [(0, 0)] * n
    if 2 * m > n or len(c["bounds"]["terms"]) != 3:
        raise Rejected(f"{where}: more pairs than columns, or not three terms")
    X, Y, d = (checker.bundle.limb_sum(witness[name], f"{where}: {name}", shape)
               for name, shape in (("X", (n, n)), ("Y", (n, n)), ("d", (n - m, 2))))  # fmt: skip
    basis = Basis(checker.problem.product, checker.problem.budget, m, X, Y, d)
    trivial = witness["x"] is None
    x = zero if trivial else checker.vector(net, witness["x"], f"{where}: x", n)
    net = checker.wide(net, witness["gamma"], [Fraction(y, net.one) for y, _ in x])
    x = zero if trivial else checker.vector(net, witness["x"], f"{where}: x", n)
    slope = zero
    if c["method"] == "spectral":
        if [witness["slope"] is None, witness["radius"] is None] != [trivial, trivial]:
            raise Rejected(f"{where}: x, slope and radius are null together")
        slope = zero if trivial else checker.vector(net, witness["slope"], f"{where}: slope", n)
    item.begin("Theorem A")
    chart = Chart(net, basis, witness["gamma"], x, slope)
    k = 2 * witness["pair"]
    return Point(item, c["id"], c["method"], c["claims"], c["bounds"], witness, basis, net, k, chart)


def check_point(checker: Checker, c: Point) -> None:
    item, trivial = c.item, c.witness["x"] is None
    item.require(not trivial or checker.problem.trivial, "x = 0 is claimed, but f(0, gamma) = 0 is not shown")
    section, gamma, omega = (
        by_newton_ball(checker, c) if c.method == "newton-kantorovich" else by_window(checker, c, trivial)
    )
    check_hopf_point(c, section, gamma, omega)


def check_points(checker: Checker, names: Iterable[str]) -> list[tuple[Item, Certificate | Point | None]]:
    """Check certificates: those with one witness together."""
    result: list[tuple[Item, Certificate | Point | None]] = []
    groups: dict[int, list[Certificate]] = {}
    for name in names:
        item = Item(f"points/{shown(name)}")
        item.begin("format")
        parsed: list[Certificate | Point] = []
        budget = checker.bundle.budget
        item.guard(lambda name=name, item=item, to=parsed: to.append(read_certificate(checker, name, item)))
        result.append((item, parsed[0] if parsed else None))
        if budget.exhausted:
            break
        for c in parsed:
            if isinstance(c, Point):
                item.guard(check_point, checker, c)
                c.forget()
                budget.held = 0
            elif item.guard(simple_pair, checker, c):
                groups.setdefault(id(c.spectrum), []).append(c)
    for group in groups.values():
        A, batch = group[0].spectrum, Item("")
        size = 4 * (A.F + A.X_unit + A.Y_unit)  # q and p, g, and products of four of them
        checker.bundle.budget.spend(len(group) * A.n * (200 * OPERATION + 30 * digits_in(size) ** 2))
        checker.bundle.budget.hold(9 * len(group) * bytes_of(A.n, A.F + A.X_unit + A.Y_unit))
        done = batch.guard(enclose_eigenvectors, checker, A, group) and batch.guard(check_equilibria, checker, A, group)
        if done and checker.problem.sigma[1] != ZERO:
            batch.guard(enclose_resolvents, checker, A, group)
        if not batch.failures and share_h4(checker, group):
            continue
        for c in group:
            c.item.failures += batch.failures
            if not batch.failures:
                c.item.guard(check_h4, checker, c)
    return result


def share_h4(checker: Checker, group: list[Certificate]) -> bool:
    """H4 of many points in several processes, if nothing fails there."""

    def work(indices: Iterable[int]) -> list[Any]:
        for i in indices:
            if not group[i].item.guard(check_h4, checker, group[i]):
                raise Rejected("to be reported by the one process that does it all again")
        return [[c.item.steps, c.item.facts] for c in group]

    parts = shared_out(checker.jobs if len(group) * checker.problem.n >= SHARED else 1, len(group), work)
    for part in parts or ():
        for c, (steps, facts) in zip(group, part, strict=True):
            c.item.steps |= steps
            c.item.facts |= facts
    return parts is not None


def check_distinct(checker: Checker, points: list[Certificate | Point]) -> None:
    """No Hopf point is listed twice: of any two, the certificates enclose gamma*, omega or an entry of x* in
    disjoint intervals.  (omega belongs to the point: +-i omega are the only eigenvalues on the axis.)"""
    near: list[Certificate | Point] = []  # points whose gamma* may be that of one still to come
    for c in sorted(points, key=lambda c: c.claims["parameter"].lo):
        near = [other for other in near if other.claims["parameter"].hi >= c.claims["parameter"].lo]
        checker.bundle.budget.spend(len(near) * (checker.problem.n + 2) * 10 * OPERATION)
        for other in near:
            pairs = zip(*([x.claims["omega"], *x.claims["equilibrium"]] for x in (c, other)), strict=True)
            if not any(x.hi < y.lo or y.hi < x.lo for x, y in pairs):
                raise Rejected(f"{other.id} and {c.id} are not shown to be two Hopf points, not one: their "
                               "enclosures of gamma, omega and the equilibrium overlap")  # fmt: skip
        near.append(c)
