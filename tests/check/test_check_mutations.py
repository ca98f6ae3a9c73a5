"""Mutation campaign: from accepted bundles, change one thing at a time.

Every mutant that makes a claim false or unsupported must be rejected or incomplete.  A few kinds of change leave
every claim true: they are listed in SURVIVORS with the reason, and no other kind may be accepted.
`pytest tests/check/test_check_mutations.py -s` prints the counts.
"""

from __future__ import annotations

import copy
import json
import random
import shutil
import struct
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bundle_maker import make
from check_tools import CERTIFICATES, digest, load, read, references, rehash, write, write_manifest

check = load()
BASES = ["bias", "silu", "weight-radius", "planar", "degenerate"]
MORE = [
    pytest.param(base, marks=pytest.mark.slow)
    for base in ("n4-printed", "gelu-bias", "real-crossing", "interval", "expression")
]

# kind of change -> why every claim is still true
SURVIVORS = {
    "enclosure: widened": "a wider enclosure is a weaker claim",
    "upper bound: larger": "a larger upper bound is a weaker claim",
    "lower bound: smaller": "a smaller positive lower bound is a weaker claim",
    "decimal: written otherwise": "the same number",
    "unsettled: extended": "a larger unsettled piece claims less",
    "complete: not claimed": "the same points without the claim that there are no others",
    "pair: null": "the point is matched by its eigenvalue instead of its index",
    "precision: changed": "advice for rounding, not a claim",
    "reason: changed": "text for a reader",
    "witness: lowest bit, rehashed": "any witness that proves the claims is a good one",
    "witness: tenth bit, rehashed (weights known up to 1e-6)": "the same; the radius of the weights is the larger error",
    "witness: zero with a sign, rehashed": "the same number",
    "weight: last digit, rehashed": "the claims are proved again for the changed network",
    "radius: smaller, rehashed": "fewer networks",
}
# Of these kinds only some mutants survive: where the slack of the claims absorbs the change.
PARTIAL = {
    "witness: lowest bit, rehashed",
    "witness: tenth bit, rehashed (weights known up to 1e-6)",
    "weight: last digit, rehashed",
}

UPPER = {"rho", "norm_N", "disc_radius", "delta_right", "delta_left", "pq_defect", "max_disc_radius",
         "branch_residual", "branch_radius", "window_disc_radius", "Y", "Z", "r_min"}  # fmt: skip
LOWER = {"isolation", "separation", "resolvent_gap", "spectral_gap", "branch_gap", "window_clearance", "gap_0", "gap_2"}
NONZERO = {"omega", "first_lyapunov_coefficient", "crossing_speed", "q_norm_squared", "window_slope"}
JUNK = [None, True, 0, -1, 1.5, "", "NaN", "Infinity", "1e99999", "9" * 5000, "0x1", [], {}, [[]], "\u0661"]

Mutant = tuple[str, str, Any]  # kind, file, the changed document (or bytes)


def dec(x: Fraction) -> str:
    """An exact decimal, for denominators with the factors 2 and 5."""
    k = 0
    while (x * 10**k).denominator != 1:
        k += 1
    return f"{(x * 10**k).numerator}e-{k}"


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value of a document with its path; enclosures count as one value."""
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, v in value.items():
            yield from leaves(v, (*path, key))
    elif isinstance(value, list) and not is_enclosure(value):
        for i, v in enumerate(value):
            yield from leaves(v, (*path, i))


def is_enclosure(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(v, str) for v in value)


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    document = copy.deepcopy(document)
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return document


def removed(document: Any, path: tuple[Any, ...]) -> Any:
    document = copy.deepcopy(document)
    place = document
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return document


def enclosure_mutants(path: tuple[Any, ...], value: list[str]) -> Iterator[tuple[str, Any]]:
    lo, hi = map(Fraction, value)
    w = hi - lo
    step = w or Fraction(1, 2**30)
    yield "enclosure: shifted up", [dec(lo + 2 * step), dec(hi + 2 * step)]
    yield "enclosure: shifted down", [dec(lo - 2 * step), dec(hi - 2 * step)]
    unsettled = "unsettled" in path
    yield "unsettled: extended" if unsettled else "enclosure: widened", [dec(lo - step / 4), dec(hi + step / 4)]
    if w and not unsettled:
        middle = (lo + hi) / 2
        yield "enclosure: narrowed to a point", [dec(middle), dec(middle)]
        yield "enclosure: upper half", [dec(middle), dec(hi)]
        yield "enclosure: lower half", [dec(lo), dec(middle)]
    if w:
        yield "enclosure: ends exchanged", value[::-1]
    if lo != -hi:
        yield "enclosure: sign", [dec(-hi), dec(-lo)]
    if path[-1] in NONZERO:
        yield "enclosure: contains 0", [dec(min(lo, -hi)), dec(max(hi, -lo))]
        yield "enclosure: reaches 0", ["0", dec(hi)] if lo > 0 else [dec(lo), "0"]
    yield "decimal: written otherwise", [dec(lo), dec(hi)]
    for junk in (
        ["NaN", value[1]],
        [value[0], "Infinity"],
        value[:1],
        [*value, "1"],
        [value[0], 1.5],
        ["-1e99999", "1e99999"],
    ):
        yield "enclosure: malformed", junk


def mutants(name: str, document: dict[str, Any]) -> Iterator[Mutant]:
    """Changes of a certificate or of branch.json."""
    for path, value in leaves(document):
        key = path[-1]
        if any(p in ("witness", "problem", "format", "version", "method", "id") for p in path):
            continue
        if is_enclosure(value) and not (key == "interval" and "unsettled" not in path):
            for kind, new in enclosure_mutants(path, value):
                yield kind, name, replaced(document, path, new)
        elif key in UPPER or key in LOWER:
            if value is None:
                yield "null bound: a number", name, replaced(document, path, "1e-9")
                continue
            x, lower = Fraction(value), key in LOWER
            yield (
                "upper bound: smaller" if key in UPPER else "lower bound: larger",
                name,
                replaced(document, path, dec(2 * x if lower else x / 2)),
            )
            if lower or key in ("norm_N", "max_disc_radius") or 2 * x < 1:
                kind = "lower bound: smaller" if lower else "upper bound: larger"
                yield kind, name, replaced(document, path, dec(x / 2 if lower else 2 * x))
            yield "bound: zero", name, replaced(document, path, "0")
            yield "bound: sign", name, replaced(document, path, dec(-x))
            yield "bound: null", name, replaced(document, path, None)
            for junk in JUNK[1:]:
                yield "bound: malformed", name, replaced(document, path, junk)
        elif key in ("unstable_eigenvalues", "stable_eigenvalues"):
            for new in (value + 1, value - 1, -value - 1, str(value), float(value), 10**9, None):
                yield "count: wrong", name, replaced(document, path, new)
        elif key == "criticality":
            other = {"supercritical": "subcritical", "subcritical": "supercritical"}[value]
            for new in (other, "degenerate", None, ""):
                yield "criticality: wrong", name, replaced(document, path, new)
        elif key == "complete":
            if value:
                yield "complete: not claimed", name, replaced(document, path, False)
            else:
                yield "complete: falsely claimed", name, replaced(document, path, True)
            for junk in (None, 1, "true"):
                yield "complete: malformed", name, replaced(document, path, junk)
        elif key == "pair":
            yield "pair: null", name, replaced(document, path, None)
            yield "pair: another", name, replaced(document, path, 0 if value is None else value + 1)
        elif key == "precision":
            yield "precision: changed", name, replaced(document, path, value + 1)
            for junk in (None, "128", -1, 10**7, 10**6):
                yield "precision: malformed or too large", name, replaced(document, path, junk)
        elif key in ("reason", "code"):
            yield "reason: changed", name, replaced(document, path, "because")
        elif isinstance(value, list | dict):
            for junk in JUNK[1:6]:
                yield "structure: malformed", name, replaced(document, path, junk)
    for path, value in leaves(document):
        if isinstance(path[-1], str):
            yield "structure: missing key", name, removed(document, path)
        if isinstance(value, dict):
            yield "structure: extra key", name, replaced(document, (*path, "extra"), "0")
    yield "structure: extra key", name, document | {"extra": None}


def header_mutants(name: str, document: dict[str, Any]) -> Iterator[Mutant]:
    for key, values in {"format": ["x", None, 1], "version": [2, "1", 1.0, True, None], "method": ["x", None, ""],
                        "id": ["hopf-9999", "../x", None], "problem": [None, {}, "problem.json"]}.items():  # fmt: skip
        if key in document:
            for new in values:
                yield f"header: {key}", name, document | {key: new}
    for file in ("Problem.json", "../problem.json", "/etc/passwd", "branch.json"):
        yield "hash: another file", name, document | {"problem": document["problem"] | {"file": file}}
    sha = document["problem"]["sha256"]
    for new in (flipped(sha), sha.upper(), sha[:-1], "", None):
        if new != sha:
            yield "hash: of the problem", name, document | {"problem": document["problem"] | {"sha256": new}}


def flipped(sha: str) -> str:
    return sha[:-1] + ("0" if sha[-1] != "0" else "1")


def branch_mutants(document: dict[str, Any]) -> Iterator[Mutant]:
    name, claims = "branch.json", document["claims"]
    points, crossings, pieces = claims["points"], claims["real_crossings"], claims["unsettled"]

    def claiming(**changes: Any) -> dict[str, Any]:
        return document | {"claims": claims | changes}

    for i in range(len(points)):
        yield "points: dropped from the list", name, claiming(points=points[:i] + points[i + 1 :])
        yield "points: listed twice", name, claiming(points=[*points, points[i]])
        for new in ("hopf-9999", "hopf-1", "", None, "../x"):
            yield "points: another id", name, claiming(points=replaced(points, (i, "id"), new))
    if len(points) > 1:
        yield "points: exchanged", name, claiming(points=points[::-1])
        yield (
            "points: ids exchanged",
            name,
            claiming(points=[p | {"id": q["id"]} for p, q in zip(points, points[::-1], strict=True)]),
        )
    for i in range(len(crossings)):
        yield "crossings: dropped", name, claiming(real_crossings=crossings[:i] + crossings[i + 1 :])
        yield "crossings: twice", name, claiming(real_crossings=[crossings[i], *crossings])
    for point in points:
        yield "crossings: a Hopf point", name, claiming(real_crossings=[*crossings, point["parameter"]])
    yield "crossings: invented", name, claiming(real_crossings=[*crossings, ["7", "8"]])
    for i in range(len(pieces)):
        yield "unsettled: dropped", name, claiming(unsettled=pieces[:i] + pieces[i + 1 :])
        middle = dec(sum(map(Fraction, pieces[i]["interval"])) / 2)
        for j in (0, 1):
            cut = replaced(pieces, (i, "interval", j), middle)
            if not covered(cut, pieces):
                yield "unsettled: cut", name, claiming(unsettled=cut)
    yield "interval: changed", name, claiming(interval=["-0.015", "0.59"])
    if claims["interval"] is not None:
        yield "interval: changed", name, claiming(interval=None)
    for key in ("bounds", "witness"):
        yield "structure: no witness", name, document | {key: None}


def covered(cut: list[Any], pieces: list[Any]) -> bool:
    """The other pieces cover what has been cut off."""

    def union(xs: list[Any]) -> list[list[Fraction]]:
        merged: list[list[Fraction]] = []
        for lo, hi in sorted(tuple(map(Fraction, x["interval"])) for x in xs):
            if merged and lo <= merged[-1][1]:
                merged[-1][1] = max(hi, merged[-1][1])
            else:
                merged.append([lo, hi])
        return merged

    return union(cut) == union(pieces)


class Campaign:
    """A working copy of one good bundle; each mutant, or one in `share`, is written, checked, and undone."""

    def __init__(self, base: str | Path, root: Path, share: int) -> None:
        self.draw, self.share = random.Random(16), share
        self.root = Path(shutil.copytree(CERTIFICATES / "good" / base, root / "copy"))
        for name in ("summary.json", "MANIFEST.sha256"):  # so that the claims themselves are what is refused
            (self.root / name).unlink(missing_ok=True)
        self.target = self.root
        self.tried: Counter[str] = Counter()
        self.survived: Counter[str] = Counter()
        assert check.check_path(self.root).exit_code == 0

    def left_out(self) -> bool:
        return self.draw.randrange(self.share) > 0

    def judge(self, kind: str) -> None:
        report = check.check_path(self.target)
        self.tried[kind] += 1
        assert "defect of the checker" not in check.table(report)
        assert report.exit_code in (0, 1, 3)
        if report.exit_code == 0:
            self.survived[kind] += 1

    def run(self, mutant: Mutant) -> None:
        kind, name, content = mutant
        if self.left_out():
            return
        original = (self.root / name).read_bytes()
        (self.root / name).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        self.judge(kind)
        (self.root / name).write_bytes(original)

    def run_rehashed(self, kind: str, name: str, content: bytes) -> None:
        """The same with all digests made consistent again."""
        if self.left_out():
            return
        documents = [
            p for p in [*self.root.glob("*.json"), *self.root.glob("points/*.json")] if p.name != "problem.json"
        ]
        saved = {p: p.read_bytes() for p in [*documents, self.root / "problem.json", self.root / name]}
        (self.root / name).write_bytes(content)
        sha = digest(self.root / name)
        for path in [self.root / "problem.json", *documents]:
            value = read(path)
            for ref in references(value):
                if ref["file"] == name:
                    ref["sha256"] = sha
            if path in documents:
                value["problem"]["sha256"] = digest(self.root / "problem.json")
            write(path, value)
        self.judge(kind)
        for path, data in saved.items():
            path.write_bytes(data)


def assess(tried: Counter[str], survived: Counter[str], more: dict[str, str] | None = None) -> None:
    """`more` are kinds of which some mutants may survive, with the reason."""
    reasons = SURVIVORS | (more or {})
    print(f"\n{sum(tried.values())} mutants, {sum(tried.values()) - sum(survived.values())} refused")
    for kind in sorted(survived):
        print(f"  accepted: {survived[kind]} of {tried[kind]} {kind}: {reasons.get(kind, '!!!')}")
    assert set(survived) <= set(reasons)
    partial = PARTIAL | ({"enclosure: widened", "upper bound: larger"} if more else set())  # up to Gamma, below r
    for kind in SURVIVORS.keys() & tried.keys() - partial:
        assert survived[kind] == tried[kind], f"{kind}: refused although still true"


@pytest.mark.parametrize("base", BASES + MORE)
def test_claims(base: str, share: int, tmp_path: Path) -> None:
    campaign = Campaign(base, tmp_path, share)
    points = sorted(f"points/{p.name}" for p in campaign.root.glob("points/*.json"))
    for name in ["branch.json", *points[:1], *points[-1:]]:
        document = read(campaign.root / name)
        for mutant in [*mutants(name, document), *header_mutants(name, document)]:
            campaign.run(mutant)
    for mutant in branch_mutants(read(campaign.root / "branch.json")):
        campaign.run(mutant)
    for name in points:
        (campaign.root / name).rename(campaign.root / "moved")
        campaign.judge("points: certificate dropped")
        (campaign.root / "moved").rename(campaign.root / name)
        shutil.copy(campaign.root / name, campaign.root / "points" / "hopf-0099.json")
        campaign.judge("points: certificate duplicated")
        write(campaign.root / "points" / "hopf-0099.json", read(campaign.root / name) | {"id": "hopf-0099"})
        campaign.judge("points: certificate duplicated")
        (campaign.root / "points" / "hopf-0099.json").unlink()
    assess(campaign.tried, campaign.survived)


def bits_of(x: float) -> int:
    return int(struct.unpack("<Q", struct.pack("<d", x))[0])


@pytest.mark.parametrize("base", ["n4-printed", "silu", "weight-radius"])
def test_witness(base: str, share: int, tmp_path: Path) -> None:
    campaign = Campaign(base, tmp_path, share)
    for letter in "XYd":
        name = f"arrays/{letter}.npy"
        data = (campaign.root / name).read_bytes()
        array = np.load(campaign.root / name)
        start = len(data) - 8 * array.size
        for i, x in enumerate(array.flat):
            at = start + 8 * i
            if x == 0:
                campaign.run_rehashed(
                    "witness: zero with a sign, rehashed", name, data[: at + 7] + b"\x80" + data[at + 8 :]
                )
                changes = {"witness: not a number": bits_of(float("nan"))}
            else:
                b = bits_of(x)
                changes = {"witness: lowest bit": b ^ 1, "witness: sign": b ^ (1 << 63), "witness: exponent": b ^ (1 << 53),
                           "witness: tenth bit": b ^ (1 << 42), "witness: infinity": bits_of(float("inf"))}  # fmt: skip
            for kind, new in changes.items():
                mutant = data[:at] + struct.pack("<Q", new) + data[at + 8 :]
                note = " (weights known up to 1e-6)" if (base, kind) == ("weight-radius", "witness: tenth bit") else ""
                campaign.run_rehashed(f"{kind}, rehashed{note}", name, mutant)
                if i % 5 == 0:
                    campaign.run((f"{kind}, hash kept", name, mutant))
        campaign.run(("array: shortened", name, data[:-1]))
        campaign.run_rehashed("array: shortened", name, data[:-1])
        campaign.run_rehashed("array: lengthened", name, data + b"\0" * 8)
        campaign.run_rehashed("array: another type", name, data.replace(b"<f8", b"<i8"))
        campaign.run_rehashed("array: another order", name, data.replace(b"False", b"True "))
        campaign.run_rehashed("array: version 2", name, data.replace(b"NUMPY\x01", b"NUMPY\x02"))
    for name in ["branch.json", *(f"points/{p.name}" for p in campaign.root.glob("points/*.json"))]:
        document = read(campaign.root / name)
        for path, value in leaves(document["witness"], ("witness",)):
            if path[-1] == "sha256":
                campaign.run(("hash: of an array", name, replaced(document, path, flipped(value))))
            elif path[-1] in ("pairs", "pair"):
                for new in (value + 1, value - 1, value + 100, -1, None, "0", 10**7):
                    campaign.run(("witness: pairs", name, replaced(document, path, new)))
            elif path[-1] in ("file", "shape", "X", "Y", "d"):
                wrong = [
                    None,
                    [],
                    {},
                    "arrays/X.npy",
                    "../X.npy",
                    "arrays/none.npy",
                    [4, 4, 4],
                    [10**7],
                    ["4", 4],
                    value * 2,
                ]
                for new in wrong:
                    if new != value and not (
                        path[-1] == "file" and read_file(campaign.root, new) == read_file(campaign.root, value)
                    ):
                        campaign.run(("witness: malformed reference", name, replaced(document, path, new)))
            elif path[-1] == 0 and isinstance(value, dict):
                campaign.run(
                    ("witness: malformed reference", name, replaced(document, path, value | {"denominator": "1"}))
                )
                campaign.run(("witness: extra key", name, replaced(document, path, value | {"offset": 0})))
    assess(campaign.tried, campaign.survived)


def read_file(root: Path, name: object) -> bytes | None:
    return (root / name).read_bytes() if isinstance(name, str) and (root / name).is_file() else None


@pytest.mark.parametrize("base", ["n4-printed", "gelu-bias", "weight-radius"])
def test_problem(base: str, share: int, tmp_path: Path) -> None:
    """Each weight: a leading digit, and the seventeenth; the fields of the layer."""
    campaign = Campaign(base, tmp_path, share)
    name = "problem.json"
    document = read(campaign.root / name)

    def rehashed(kind: str, new: Any) -> None:
        campaign.run((f"{kind}, hash kept", name, new))
        campaign.run_rehashed(f"{kind}, rehashed", name, json.dumps(new).encode())

    for array, value in document["arrays"].items():
        for path, x in leaves(value["entries"]):
            if not isinstance(x, str):
                continue
            diagonal = array == "R1" and path[0] == path[-1]  # cancels in R1 - R1^T
            step = Fraction(1, 10**4 if document["weight_radius"] == "0" else 10)
            where = ("arrays", array, "entries", *path)
            if not diagonal:
                rehashed("weight: a leading digit", replaced(document, where, dec(Fraction(x) + step)))
                rehashed("weight: null", replaced(document, where, None))
            rehashed("weight: last digit", replaced(document, where, dec(Fraction(x) + Fraction(1, 10**17))))
    layer = document["layers"][0]

    def with_layer(**changes: Any) -> Any:
        return document | {"layers": [layer | changes]}

    for new in (
        "sin(2*z)",
        "z",
        "abs(z)",
        "exp(z)",
        "0*z",
        "z**2",
        None,
        "",
        "tanh(z",
        "relu",
        1,
        "tanh(z)" + " " * 3000,
    ):
        rehashed("layer: activation", with_layer(activation=new))
    for i, term in enumerate(layer["weights"]):
        rehashed("layer: term dropped", with_layer(weights=[t for t in layer["weights"] if t is not term]))
        for change in ({"coefficient": "2"}, {"coefficient": "-" + term["coefficient"].lstrip("-") if term["coefficient"][0] != "-" else "1"},
                       {"transpose": not term["transpose"]}, {"matrix": "none"}, {"extra": 1}, {"coefficient": 1}):  # fmt: skip
            rehashed("layer: term", with_layer(weights=replaced(layer["weights"], (i,), term | change)))
    for new in (
        [],
        [{"coefficient": "2", "identity": True}],
        layer["parameter"] * 2,
        [{"coefficient": "1", "identity": False}],
        layer["weights"][:1],
    ):
        rehashed("layer: parameter", with_layer(parameter=new))
    if layer["bias"]:
        rehashed("layer: bias", with_layer(bias=None))
    rehashed("layer: bias", with_layer(bias="R1"))
    for key, values in {"version": [2, "1", None], "format": ["x"], "dimension": [3, 6, 2, 0, "4", None], "leak": ["1", 0], "layers": [[], None],
                        "parameter": [None, {"name": "gamma", "interval": ["-0.02", "0"]}, {"name": "gamma", "interval": "x"}],
                        "weight_radius": ["1e-3", "-1", None, 0, "NaN"], "arrays": [{}, None, []]}.items():  # fmt: skip
        for new in values:
            rehashed(f"problem: {key}", document | {key: new})
    if document["weight_radius"] != "0":
        rehashed("radius: smaller", document | {"weight_radius": "1e-7"})
        rehashed("radius: larger", document | {"weight_radius": "2e-6"})
    for key in document:
        rehashed("problem: missing key", {k: v for k, v in document.items() if k != key})
    rehashed("problem: extra key", document | {"extra": 0})
    assess(campaign.tried, campaign.survived)


def test_weights_in_arrays(share: int, tmp_path: Path) -> None:
    """Binary64 weights, bit by bit; an integer array; one file for two arrays."""
    rng = np.random.default_rng(5)
    arrays = {"R1": rng.standard_normal((4, 4)), "R2": 0.1 * rng.standard_normal((4, 4))}
    make(tmp_path / "bundle", arrays, inline=False)
    for name in ("summary.json", "MANIFEST.sha256"):
        (tmp_path / "bundle" / name).unlink()
    campaign = Campaign(tmp_path / "bundle", tmp_path / "copy", share)
    for letter in ("R1", "R2"):
        name = f"arrays/{letter}.npy"
        data = (campaign.root / name).read_bytes()
        start = len(data) - 8 * 16
        for i, x in enumerate(arrays[letter].flat):
            at = start + 8 * i
            if letter == "R1" and i % 5 == 0:
                continue  # the diagonal cancels in R1 - R1^T
            for bit in (0, 42, 51, 52, 53, 62, 63):
                mutant = data[:at] + struct.pack("<Q", bits_of(x) ^ 1 << bit) + data[at + 8 :]
                kind = "weight: last digit" if bit == 0 else "weight: bit 42 or higher"
                campaign.run((f"{kind}, hash kept", name, mutant))
                campaign.run_rehashed(f"{kind}, rehashed", name, mutant)
    assess(campaign.tried, campaign.survived)


@pytest.mark.parametrize("base", ["n4-printed", "bias", "degenerate", "incomplete", "interval"])
def test_summary_and_manifest(base: str, share: int, tmp_path: Path) -> None:
    root = Path(shutil.copytree(CERTIFICATES / "good" / base, tmp_path / base))
    rehash(root)
    tried, accepted = 0, []
    draw = random.Random(16)
    document = read(root / "summary.json")

    def attempt(label: str, file: str, content: str) -> None:
        nonlocal tried
        if draw.randrange(share):
            return
        (root / file).write_text(content)
        tried += 1
        if check.check_path(root).exit_code not in (1, 3):
            accepted.append(label)

    for path, value in leaves(document):
        if path[0] in ("timing", "versions", "options") or path[-1] in ("reason", "code", "tex"):
            continue
        undecided = path[0] == "points" and len(path) > 2 and document["points"][path[1]]["status"] == "undecided"
        if undecided and path[-1] not in ("certificate", "status"):
            continue  # they claim nothing
        news: list[Any] = [None, [], {}, "x", 7, True, not value]
        news += [[dec(Fraction(value[0]) - 1), value[1]]] if is_enclosure(value) else []
        for new in news:
            unclaimed = path == ("points",) and new == [] and all(x["status"] == "undecided" for x in value)
            if (new != value or type(new) is not type(value)) and not unclaimed:
                attempt(f"{path} {new}", "summary.json", json.dumps(replaced(document, path, new)))
    for i, point in enumerate(document["points"]):
        if point["status"] == "proved":
            for points in (document["points"][:i] + document["points"][i + 1 :], [*document["points"], point]):
                attempt(f"points {i}", "summary.json", json.dumps(document | {"points": points}))
    write(root / "summary.json", document)
    assert check.check_path(root).exit_code == 0
    lines = (root / "MANIFEST.sha256").read_text().splitlines(keepends=True)
    for i, line in enumerate(lines):
        rest = lines[:i] + lines[i + 1 :]
        for new in (rest, [*lines, line], [flipped(line[:64]) + line[64:], *rest], [*lines, "x\n"]):
            attempt(f"manifest {line}", "MANIFEST.sha256", "".join(new))
    write_manifest(root)
    assert check.check_path(root).exit_code == 0
    print(f"\n{tried} mutants, {tried - len(accepted)} refused")
    assert accepted == []
