"""Reports: what was checked, what holds, what does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from .intervals import Interval, up
from .reading import short, shown
from .verdicts import Rejected, Undecided


def digits_of(x: Fraction, digits: int, upwards: bool) -> str:
    """x to so many significant decimals, rounded in the given direction."""
    if x == 0:
        return "0"
    if x < 0:
        return "-" + digits_of(-x, digits, not upwards)
    e = (x.numerator.bit_length() - x.denominator.bit_length()) * 30103 // 100000 - 1
    while x >= Fraction(10) ** (e + 1):
        e += 1
    q = x / Fraction(10) ** (e - digits + 1)
    m = up(q.numerator, q.denominator) if upwards else q.numerator // q.denominator
    if m == 10**digits:
        m, e = m // 10, e + 1
    s = str(m)
    if -5 <= e < digits:
        s = "0." + "0" * (-e - 1) + s if e < 0 else s[: e + 1] + "." + s[e + 1 :]
        return s.rstrip("0").rstrip(".") if "." in s else s
    return f"{s[0]}.{s[1:].rstrip('0') or '0'}e{e}"


def show(x: Fraction | Interval | None, digits: int = 7) -> str:
    if x is None:
        return "null"
    if isinstance(x, Interval):
        return f"[{digits_of(x.lo, digits, False)}, {digits_of(x.hi, digits, True)}]"
    return digits_of(x, digits, False)


def exact(x: Fraction) -> str:
    """An upper bound of 17 digits where the number itself has too many."""
    long = max(x.numerator, x.denominator).bit_length() > 2000
    return digits_of(x, 17, True) if long else str(x)


@dataclass
class Failure:
    verdict: str  # "rejected" or "incomplete"
    step: str
    statement: str
    left: str | None = None
    relation: str | None = None
    right: str | None = None

    def __str__(self) -> str:
        sides = f": {self.left} {self.relation} {self.right} does not hold" if self.relation else ""
        return f"{self.step}: {self.statement}{sides}"


@dataclass
class Item:
    """One checked file: which steps were verified, and what failed."""

    name: str
    steps: dict[str, bool] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    step: str = "format"

    @property
    def verdict(self) -> str:
        verdicts = {f.verdict for f in self.failures}
        return "rejected" if "rejected" in verdicts else "incomplete" if verdicts else "accepted"

    def begin(self, step: str) -> None:
        self.step = step
        self.steps.setdefault(step, True)

    def fail(self, statement: str, left: str | None = None, relation: str | None = None, right: str | None = None,
             verdict: str = "rejected") -> None:  # fmt: skip
        self.steps[self.step] = False
        self.failures.append(Failure(verdict, self.step, shown(statement), left, relation, right))

    @property
    def brief(self) -> bool:
        """So many failures that the numbers of others are not worth their digits."""
        return len(self.failures) >= 20

    def require(self, holds: bool, statement: str) -> None:
        if not holds:
            self.fail(statement)

    def compare(self, statement: str, left: Fraction, relation: str, right: Fraction) -> None:
        """left <= right, left < right or left >= right."""
        if not {"<=": left <= right, "<": left < right, ">=": left >= right}[relation]:
            digits = 7
            if self.brief:
                return self.fail(statement)
            while left != right and digits < 50 and show(left, digits) == show(right, digits):
                digits += 8
            self.fail(statement, show(left, digits), relation, show(right, digits))

    def inside(self, name: str, own: Interval, claim: Interval) -> None:
        """The checker's enclosure lies inside the claimed one."""
        if not own.within(claim):
            disjoint = own.hi < claim.lo or claim.hi < own.lo
            digits = 7
            if self.brief:
                return self.fail(f"the claim {name} is false or not supported by the witness")
            while digits < 60 and (show(own.lo, digits) == show(claim.lo, digits)) == (own.lo != claim.lo):
                digits += 8
            self.fail(f"the claim {name} is {'false' if disjoint else 'not supported by the witness'}",
                      show(own, digits), "inside", show(claim, digits))  # fmt: skip

    def guard(self, action: Callable[..., object], *arguments: object) -> bool:
        """Run a step; what it raises becomes a failure.  True if nothing failed so far."""
        try:
            action(*arguments)
        except Rejected as error:
            self.fail(str(error))
        except Undecided as error:
            self.fail(str(error), verdict="incomplete")
        except (MemoryError, RecursionError) as error:
            self.fail(f"the checker ran out of resources ({type(error).__name__})", verdict="incomplete")
        except Exception as error:  # never a traceback and never an acceptance
            self.fail(f"defect of the checker: {type(error).__name__}: {short(str(error))}", verdict="incomplete")
        return not self.failures


@dataclass
class Report:
    """What was checked at one path."""

    path: str
    usage: str | None = None
    title: str = ""
    parameter: str = "gamma"
    box: dict[str, Fraction] = field(default_factory=dict)  # the largest radius of each array that is not exact
    items: list[Item] = field(default_factory=list)
    rests_on: dict[str, int] = field(default_factory=dict)  # files of this folder, and their lines

    @property
    def exit_code(self) -> int:
        if self.usage:
            return 2
        verdicts = {item.verdict for item in self.items}
        if not verdicts:
            return 1
        return 1 if "rejected" in verdicts else 3 if "incomplete" in verdicts else 0

    @property
    def verdict(self) -> str:
        return ("accepted", "rejected", "not checked", "incomplete")[self.exit_code]

    def to_dict(self) -> dict[str, Any]:
        entries = [{"name": i.name, "verdict": i.verdict, "steps": i.steps, "facts": i.facts,
                    "failures": [asdict(f) for f in i.failures]} for i in self.items]  # fmt: skip
        return {"path": self.path, "verdict": self.verdict, "exit_code": self.exit_code, "usage": self.usage,
                "title": self.title, "weight_radius": {a: exact(r) for a, r in self.box.items()},
                "items": entries,
                "rests_on": {"files": self.rests_on, "lines": sum(self.rests_on.values())}}  # fmt: skip

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), indent=1)
