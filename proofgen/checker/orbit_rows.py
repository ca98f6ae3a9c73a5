"""The certificates of periodic orbits, and what summary.json says of them (section 18)."""

from __future__ import annotations

from typing import Any

from .context import Checker
from .documents import Proved
from .reading import (
    Spec,
    boolean,
    count,
    decimal,
    enclosure,
    never,
    one_of,
    optional,
    parse,
    short,
    shown,
    text,
)
from .reports import Item, Report
from .verdicts import Rejected

ORBIT_CLAIMS: dict[str, Spec] = {
    "parameter": enclosure, "period": enclosure,
    "end": {"amplitude": decimal, "parameter": enclosure, "period": enclosure}, "distance": decimal,
    "direction": optional(text), "unstable_multipliers": optional(count), "stable": optional(boolean),
}  # fmt: skip


def check_orbits(checker: Checker, report: Report, points: dict[str, Proved | None]) -> dict[str, Any]:
    """Of each certificate in orbits/: what it says of its orbits, None where it is not accepted."""
    bundle, found, known = checker.bundle, list[str](), dict[str, Any]()
    listing = Item("orbits")
    if not listing.guard(lambda: found.extend(x[:-5] for x in bundle.names("orbits") if x.endswith(".json"))):
        report.items.append(listing)
    for name in found:
        item, said = Item(f"orbits/{shown(name)}"), list[Any]()
        item.guard(lambda name=name, item=item, said=said: said.append(
            bundle.parts("orbit").check_orbit(checker, name, item, points)))  # fmt: skip
        known[name] = said[0] if item.verdict == "accepted" else None
        report.items.append(item)
        if bundle.budget.exhausted:
            break
    return known


def check_orbit_rows(item: Item, rows: list[Any], orbits: dict[str, Any], where: str) -> None:
    """Rows of periodic orbits say what their certificates say (section 18)."""
    proved = list[str]()
    for index, raw in enumerate(rows, start=1):
        proof = isinstance(raw, dict) and raw.get("status") != "undecided"
        spec: dict[str, Spec] = {key: kind if proof else never for key, kind in ORBIT_CLAIMS.items()}
        spec |= {"id": text, "hopf": text, "status": one_of("proved", "undecided"), "reason": optional(text),
                 "amplitude": enclosure, "certificate": optional(text), "tex": optional(text)}  # fmt: skip
        if isinstance(raw, dict) and "beyond" in raw:
            spec["beyond"] = text
        row = parse(raw, spec, where)
        name = row["id"]
        item.require(name == f"orbit-{index:04d}", f"{short(name)} is not orbit-{index:04d}, the next in order")
        item.require(row["tex"] in (None, f"orbits/{name}.tex"), "bad `tex`")
        item.require(row["certificate"] == (f"orbits/{name}.json" if proof else None), "bad `certificate`")
        item.require(not proof or row["reason"] is None, "a proved orbit needs no reason")
        if proof:
            c = orbits.get(name)
            if c is None:
                raise Rejected(f"rests on the certificate {short(name)}, which is missing or not accepted")
            proved.append(name)
            item.require(row["hopf"] == c["hopf"], f"{name}: hopf differs from the certificate")
            for key in ("amplitude", *ORBIT_CLAIMS):
                item.require(row[key] == c["claims"][key], f"{name}: {key} differs from the certificate")
    item.require(sorted(proved) == sorted(orbits), "the proved orbits are not the certificates in orbits/")
