"""summary.json and MANIFEST.sha256."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from .context import Checker
from .documents import Proved
from .points import KINDS
from .reading import (
    Spec,
    anything,
    boolean,
    count,
    document,
    each,
    enclosure,
    never,
    one_of,
    optional,
    parse,
    plain,
    seconds,
    short,
    text,
)  # fmt: skip
from .reports import Item
from .verdicts import MAX_OTHER, Rejected

SUMMARY: dict[str, Spec] = {
    "format": anything, "version": anything, "title": text, "dimension": count,
    "status": one_of("proved", "incomplete"), "complete": boolean,
    "interval": optional(enclosure), "points": [anything],
    "method": one_of("zero-branch", "gain-branch", "circle-branch", "pieces", "lyapunov-pieces", "arcs"),
    "real_crossings": [enclosure], "unsettled": [{"interval": enclosure, "reason": text, "code": text}],
    "options": each(plain), "timing": each(seconds), "versions": each(text),
}  # fmt: skip


def check_summary(checker: Checker, item: Item, points: dict[str, Proved | None], orbits: dict[str, Any]) -> None:
    """summary.json may claim only what the certificates claim."""
    where, proved = "summary.json", list[str]()
    item.begin("format")
    raw = checker.bundle.json(where, floats=True)[0]
    more = [key for key in ("orbits", "plain_crossings", "branches") if isinstance(raw, dict) and key in raw]
    plane = checker.parts("curve_rows") if checker.problem.plane else None
    spec = plane.of_curves(SUMMARY) if plane else SUMMARY | {key: [anything] for key in more}
    s = document(raw, "proofgen-summary", spec, where)
    item.begin("claims")
    claims = {"method": s["method"], "complete": False, "real_crossings": [], "unsettled": [], "curves": []}
    claims |= checker.bundle.claims[0] if checker.bundle.claims else {}
    if plane:
        plane.check_curve_rows(checker, item, s, claims["curves"])
    item.require(s.get("interval") == checker.problem.interval, "the interval is not the one of problem.json")
    item.require(s.get("real_crossings", []) == claims["real_crossings"], "real_crossings differs from branch.json")
    same = (s["dimension"], s["title"]) == (checker.problem.n, checker.problem.title)
    item.require(same, "the dimension or title is not the one of problem.json")
    item.require(s["complete"] == claims["complete"], "`complete` is not what branch.json claims")
    same = len(s["unsettled"]) == len(claims["unsettled"]) and all(
        x["reason"].startswith(y["reason"]) and x == y | {"reason": x["reason"]}
        for x, y in zip(s["unsettled"], claims["unsettled"], strict=True))  # fmt: skip
    item.require(same, "unsettled differs from branch.json")
    item.require(s["method"] == claims["method"], "the method is not that of branch.json")
    numbers = Counter[str]()
    for point in s["points"]:
        name = text(point.get("id") if isinstance(point, dict) else None, f"{where}: points: id")
        kind, proof = name.rpartition("-")[0], point.get("status") != "undecided"
        if kind not in KINDS:
            raise Rejected(f"{short(name)} is not the name of a point")
        row, known = checker.parts(KINDS[kind]).ROW
        numbers[kind] += 1
        spec = row if proof else {key: optional(row[key] if key in known else never) for key in row}
        point = parse(point, spec | {"id": text, "status": one_of("proved", *["undecided"] * bool(known)),
                                     "reason": optional(text), "code": optional(text), "certificate": optional(text),
                                     "tex": optional(text)}, where)  # fmt: skip
        due = f"{kind}-{numbers[kind]:04d}"
        item.require(name == due, f"{short(name)} is not {due}, the next in order")
        item.require(point["tex"] in (None, f"points/{name}.tex"), "bad `tex`")
        item.require(not proof or point["reason"] is point["code"] is None, "a proved point needs no reason")
        item.require(point["certificate"] == (f"points/{name}.json" if proof else None), "bad `certificate`")
        if proof:
            c = points.get(name)
            if c is None:
                raise Rejected(f"rests on the certificate {short(name)}, which is missing or not accepted")
            proved.append(name)
            for key in row:
                item.require(point[key] == c.claims[key], f"{name}: {key} differs from the certificate")
    item.require(sorted(proved) == sorted(points), "the proved points are not the certificates in points/")
    if "orbits" in s or orbits:
        checker.parts("orbit_rows").check_orbit_rows(item, s.get("orbits", []), orbits, where)
    undecided = len(proved) < len(s["points"])
    item.require(not (claims["complete"] and undecided), "a complete list has an undecided point")
    whole = claims["complete"] and ("branches" not in s or checker.parts("branches").all_proved(checker, s["branches"]))
    item.require(s["status"] == ("proved" if whole else "incomplete"), "`status` is not supported")


def check_manifest(checker: Checker, item: Item) -> None:
    """MANIFEST.sha256: every listed digest, and every file that was used is listed."""
    item.begin("digests")
    listed: set[str] = set()
    *lines, end = checker.bundle.read("MANIFEST.sha256", 1 << 24).decode("utf-8", "replace").split("\n")
    for line in lines:
        match = re.fullmatch(r"([0-9a-f]{64})  (.+)", line)
        if end or match is None or match[2] in listed or match[2] in ("summary.json", "MANIFEST.sha256"):
            raise Rejected(f"MANIFEST.sha256: bad line {short(line)}, or the last one does not end")
        listed.add(match[2])
        if checker.bundle.digest(match[2], MAX_OTHER) != match[1]:
            raise Rejected(f"MANIFEST.sha256: the digest of {short(match[2])} is not the stated one")
    for name in sorted(checker.bundle.used - listed - {"summary.json", "MANIFEST.sha256"}):
        raise Rejected(f"MANIFEST.sha256: {short(name)} is not listed")
