"""The method line (section 27): b = 0, and at one gamma the kernel of W(gamma), a line, consists of equilibria."""

from __future__ import annotations

from .context import Checker
from .intervals import ONE
from .singular import Certificate, bias_of, check_crossing, check_vector, method, root, row, squared_length
from .verdicts import Rejected

LINE = row("line", {})
ROW = LINE, set[str]()  # in summary.json; none is undecided


def check(checker: Checker, c: Certificate) -> None:
    v = check_crossing(checker, c)
    c.item.begin("line")
    if bias_of(checker) is not None:
        raise Rejected("b = 0 does not hold")
    check_vector(c, v, "direction", ONE / root(squared_length(v)))
    c.item.require(any(0 not in x for x in c.claims["direction"]), "the claim direction does not exclude 0")


METHOD = method("line", LINE, "direction", {}, check)
