"""Bundles of section 14: good ones are accepted, forged ones are refused at the step that fails."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from check_tools import CHECKER, few_calls, load, read, rehash, write
from equations_maker import EXAMPLES, Example, make, write_problem
from ordinary import some
from test_check_layered import (
    MORE,
    POINT,
    Change,
    bound,
    claim,
    edit,
    edit_array,
    first_failure,
    gap,
    hopf_piece,
    no_points,
    witness,
)
from test_check_mutations import Campaign, assess, branch_mutants, header_mutants, leaves, mutants, replaced

check = load()
METHODS = ["spectral", "newton-kantorovich"]
CASES = list(product(EXAMPLES, METHODS))
NOT_ACCEPTED = ("rejected", "incomplete")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    root = tmp_path_factory.mktemp("equations")

    def get(name: str, method: str = "spectral") -> Path:
        path = root / f"{name}-{method}"
        return path if path.exists() else make(path, EXAMPLES[name], method)

    return get


Made = Callable[..., Path]


@pytest.fixture
def bundle(made: Made, tmp_path: Path) -> Callable[..., Path]:
    """A copy that may be forged."""

    def get(name: str, method: str = "spectral", to: str = "bundle") -> Path:
        return Path(shutil.copytree(made(name, method), tmp_path / to))

    return get


@pytest.mark.parametrize(("name", "method"), some(CASES, 2, [("crossing", "spectral")]))
def test_accepted(name: str, method: str, made: Made) -> None:
    report = check.check_path(made(name, method))
    assert report.exit_code == 0, check.table(report)


def test_known_coefficients(made: Made) -> None:
    """l1 of the Brusselator is -(A^2 + 2)/(2A(1 + 2A^2)), of the field in three dimensions -2, of van der Pol's -1/4."""
    for name, exact in (("brusselator", -1 / 2), ("three", -2), ("van-der-pol", -1 / 4)):
        lo, hi = read(made(name) / POINT)["claims"]["first_lyapunov_coefficient"]
        assert float(lo) < exact < float(hi) < float(lo) + 1e-4


def test_command(made: Made) -> None:
    run = subprocess.run([sys.executable, "-I", str(CHECKER), str(made("crossing")), "--json"], capture_output=True, text=True)
    assert run.returncode == 0
    items = {item["name"]: item for item in json.loads(run.stdout)["reports"][0]["items"]}
    assert items["branch"]["facts"] == {"complete": True, "points": 1, "real_crossings": 1, "unsettled": 0, "pieces": 23}
    one = subprocess.run([sys.executable, "-I", str(CHECKER), str(made("three") / POINT)], capture_output=True, text=True)
    assert one.returncode == 0, one.stdout


# --- another problem, with consistent digests ---

PROBLEMS: dict[str, tuple[str, Change, str]] = {
    "constant": ("brusselator", lambda p: p["constants"][0].update(expression="1.0001"), "points/hopf-0001"),
    "constant of tanh": ("functions", lambda p: p["constants"][0].update(expression="1/11"), "points/hopf-0001"),
    "exponent": ("three", lambda p: p["equations"].__setitem__(2, "-z - (x**2 + y**4)"), "points/hopf-0001"),
    "definition": ("brusselator", lambda p: p["definitions"][0].update(expression="x**2*y*1.001"), "points/hopf-0001"),
    "definition used before it is defined": ("rates", lambda p: p["definitions"].insert(0, {"name": "d", "expression": "minf"}), "problem"),
    "definition named as a variable": ("rates", lambda p: p["definitions"].append({"name": "v", "expression": "w"}), "problem"),
    "definition named as the parameter": ("rates", lambda p: p["definitions"].append({"name": "I", "expression": "w"}), "problem"),
    "definition named as a constant": ("brusselator", lambda p: p["definitions"].append({"name": "A", "expression": "2"}), "problem"),
    "two definitions": ("rates", lambda p: p["definitions"].append({"name": "minf", "expression": "1"}), "problem"),
    "definition of itself": ("rates", lambda p: p["definitions"].append({"name": "d", "expression": "d"}), "problem"),
    "constant named as a function": ("brusselator", lambda p: p["constants"].append({"name": "tan", "expression": "2"}), "problem"),
    "constant with a variable": ("brusselator", lambda p: p["constants"].append({"name": "c", "expression": "x"}), "problem"),
    "variables exchanged": ("functions", lambda p: p["variables"].reverse(), "points/hopf-0001"),
    "equations exchanged": ("brusselator", lambda p: p["equations"].reverse(), "points/hopf-0001"),
    "other interval": ("brusselator", lambda p: p["parameter"].update(interval=["1.6", "2.5"]), "branch"),
    "small interval": ("brusselator", lambda p: p["parameter"].update(interval=["1.9999", "2.0001"]), "points/hopf-0001"),
    "format": ("three", lambda p: p.update(format="proofgen-problem"), "problem"),
    "huge exponent": ("three", lambda p: p["equations"].__setitem__(0, "-y + x*z + g*x + x**1000000000"), "problem"),
    "nested powers": ("three", lambda p: p["equations"].__setitem__(0, "-y + x*z + g*x + x**2**64**64"), "problem"),
    "not an equation": ("three", lambda p: p["equations"].__setitem__(0, "x' = y"), "problem"),
    "Abs": ("three", lambda p: p["equations"].__setitem__(0, "-y + x*z + g*x + Abs(x)"), "problem"),
    "Max": ("three", lambda p: p["equations"].__setitem__(0, "-y + x*z + g*x + Max(x, 0)"), "problem"),
    "sign": ("three", lambda p: p["equations"].__setitem__(0, "-y + x*z + g*x + sign(x)*x"), "problem"),
    "Piecewise": ("three", lambda p: p["equations"].__setitem__(0, "Piecewise((x, x > 0))"), "problem"),
    "a leak": ("three", lambda p: p.update(leak="1"), "problem"),
    "equilibrium elsewhere": ("three", lambda p: p["equations"].__setitem__(2, "1e-9 - z - (x**2 + y**2)"), "points/hopf-0001"),
    "not an equilibrium for all g": ("three", lambda p: p["equations"].__setitem__(2, "1e-9*g**9 - z - (x**2 + y**2)"), "points/hopf-0001"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "method"), some(product(PROBLEMS, METHODS), 14))
def test_another_problem(name: str, method: str, bundle: Callable[..., Path]) -> None:
    base, change, item = PROBLEMS[name]
    root = bundle(base, method)
    edit(root, "problem.json", change)
    with few_calls():
        found = first_failure(root, NOT_ACCEPTED)[0]
    assert found == item or (name, found) == ("small interval", "branch")


@pytest.mark.parametrize(("name", "method"), some(CASES, 2))
def test_signs(name: str, method: str, bundle: Callable[..., Path]) -> None:
    """Every sign, and every digit, of every equation, definition and constant."""
    base = bundle(name, method)
    document = read(base / "problem.json")
    swap = {"+": "-", "-": "+", "*": "+", "/": "*", "**": "*"}
    tried = 0
    places: list[tuple[Any, ...]] = [("equations", i) for i in range(len(document["equations"]))]
    places += [(kind, i, "expression") for kind in ("constants", "definitions") for i in range(len(document[kind]))]
    for path in places:
        value: Any = document
        for key in path:
            value = value[key]
        if name == "crossing":
            value = value.removesuffix(" - z**3")  # it is in no claim
        for match in re.finditer(r"\*\*|[-+*/]|[0-9]", value):
            new = swap.get(match[0]) or str((int(match[0]) + 1) % 10)
            write(base / "problem.json", replaced(document, path, value[: match.start()] + new + value[match.end() :]))
            rehash(base)
            assert check.check_path(base).verdict in NOT_ACCEPTED, (path, value, match)
            tried += 1
    assert tried > 5


def without_domain(text: str, at: str) -> Example:
    """x' = -y + g x, with something added that vanishes where it is defined."""
    return replace(EXAMPLES["van-der-pol"], equations=["y", f"-x + g*y - x**2*y + 0*({text})"], definitions={"d": at})


@pytest.mark.parametrize("text", ["y/x", "x/(exp(x) - 1)", "sin(x)/x", "log(x)", "log(-1 + x)", "sqrt(x)", "sqrt(x*x)", "x**0.5", "x**y", "x**-1", "tan(x + d)",
                                  "log(g + 0.4)", "1/g", "1/(g - 0.3)", "sqrt(0.25 - g**2)", "(g - 0.1)**-2", "log(abs)", "x**(1/3)", "0**x"])  # fmt: skip
@pytest.mark.parametrize("method", METHODS)
def test_domain(text: str, method: str, bundle: Callable[..., Path]) -> None:
    """0 times an expression that is not defined everywhere is not 0: f(0, g) = 0 follows, but not the rest."""
    root = bundle("van-der-pol", method)
    write_problem(root, without_domain(text, "2*atan(1)*2/2"))
    rehash(root)
    report = check.check_path(root)
    assert report.verdict == ("rejected" if text == "log(abs)" else "incomplete"), check.table(report)
    if text != "log(abs)":
        messages = [str(f) for item in report.items for f in item.failures if f.verdict == "incomplete"]
        assert any("equation 2: '" in m and "is not shown to" in m for m in messages)


def test_a_removable_singularity_by_exprel(tmp_path: Path) -> None:
    """x/(exp(x) - 1) - 1 is not accepted, 1/exprel(x) - 1 is."""
    for text, accepted in (("-x/2 + 1 - 1/exprel(x)", True), ("-x/2 + 1 - x/(exp(x) - 1)", False)):
        e = replace(EXAMPLES["van-der-pol"], equations=["y", f"-x + g*y - x**2*y + 3*({text})*0 + 0*y"])
        root = make(tmp_path / str(accepted), e)
        assert (check.check_path(root).exit_code == 0) is accepted


# --- forged certificates ---


def planar(c: dict[str, Any]) -> None:
    """The formula for planar fields forgets the third variable: 0."""
    c["claims"].update(first_lyapunov_coefficient=["1e-9", "1e-5"], criticality="subcritical")


BOTH: dict[str, tuple[str, Change, str]] = {
    "planar formula": ("three", planar, "H4"),
    "criticality": ("three", claim("criticality", "subcritical"), "H4"),
    "criticality and sign": ("three", lambda c: c["claims"].update(first_lyapunov_coefficient=["1.99999", "2.00001"], criticality="subcritical"), "H4"),
    "another norm": ("brusselator", claim("first_lyapunov_coefficient", ["-0.250001", "-0.249999"]), "H4"),
    "l1 around 0": ("brusselator", claim("first_lyapunov_coefficient", ["-1", "1"]), "H4"),
    "parameter": ("brusselator", lambda c: c["claims"].update(parameter=["2.0001", "2.0002"]), "H1"),
    "omega": ("brusselator", claim("omega", ["1.0001", "1.0002"]), "H2"),
    "n_u": ("three", lambda c: c["claims"].update(unstable_eigenvalues=1, stable_eigenvalues=0), "H2"),
    "speed": ("brusselator", claim("crossing_speed", ["0.9", "1.1"]), "H3"),
    "equilibrium": ("brusselator", lambda c: c["claims"]["equilibrium"].__setitem__(1, ["2.1", "2.2"]), "H1"),
    "equilibrium not 0": ("three", lambda c: c["claims"]["equilibrium"].__setitem__(1, ["0.1", "0.2"]), "H1"),
    "gap": ("three", claim("spectral_gap", "1.01"), "H2"),
    "terms": ("three", lambda c: c["bounds"]["terms"].__setitem__(1, ["0", "0.001"]), "H4"),
    "gap_2": ("three", bound("gap_2", "10"), "H4"),
    "extra key": ("three", witness("extra", "0"), "format"),
    "method": ("three", lambda c: c.update(method="zero-branch"), "format"),
    "precision": ("three", lambda c: c.update(precision=2000), "format"),
}  # fmt: skip
SPECTRAL: dict[str, tuple[str, Change, str]] = {
    "x null": ("brusselator", lambda c: c["witness"].update(x=None, slope=None, radius=None), "Theorem A"),
    "radius large": ("brusselator", witness("radius", "1"), "Lemma T"),
    "radius small": ("rates", witness("radius", "1e-30"), "Lemma T"),
    "half width": ("brusselator", witness("half_width", "1"), "Lemma T"),
    "window": ("three", claim("window", ["-0.2", "0.2"]), "window"),
}  # fmt: skip
FORGED = [(m, name, *case) for m, cases in zip(METHODS, (BOTH | SPECTRAL, BOTH), strict=True) for name, case in cases.items()]


@pytest.mark.parametrize(("method", "name", "base", "change", "step"), FORGED, ids=lambda x: x if isinstance(x, str) else "")
def test_forged_certificate(method: str, name: str, base: str, change: Change, step: str, bundle: Callable[..., Path]) -> None:
    root = bundle(base, method)
    edit(root, POINT, change)
    item, found = first_failure(root, NOT_ACCEPTED)
    assert item == "points/hopf-0001"
    assert found == step or (found, step) == ("window", "H1")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("base", some(["brusselator", "three", "functions"], 0, ["brusselator"]))
def test_arrays(base: str, method: str, bundle: Callable[..., Path]) -> None:
    names = [p.stem for p in bundle(base, method, "list").glob("arrays/*.npy")]
    for i, name in enumerate(n for n in names if n not in ("pieces-x", "pieces-slope") or base == "brusselator"):
        for change in (3.0, float("nan"), 1e300):
            root = bundle(base, method, f"{i}-{change}")
            edit_array(root, name, lambda a, by=change: a.flat.__setitem__(0, a.flat[0] + by))
            first_failure(root, NOT_ACCEPTED)


# --- forged branches ---


def twice(b: dict[str, Any]) -> None:
    b["claims"]["points"].append(b["claims"]["points"][0])


BRANCHES: dict[str, tuple[str, Change, str]] = {
    "gap": ("brusselator", gap, "pieces"),
    "first piece dropped": ("brusselator", lambda b: b["witness"]["pieces"].pop(0), "pieces"),
    "hopf piece claimed clear": ("brusselator", no_points, "pieces"),
    "point dropped": ("brusselator", claim("points", []), "points"),
    "point twice": ("brusselator", twice, "points"),
    "point of another name": ("brusselator", lambda b: hopf_piece(b).update(point="hopf-0002"), "pieces"),
    "radius small": ("brusselator", lambda b: [p.update(radius="1e-40") for p in b["witness"]["pieces"]], "pieces"),
    "radius large": ("brusselator", lambda b: [p.update(radius="10") for p in b["witness"]["pieces"]], "pieces"),
    "start elsewhere": ("brusselator", lambda b: b["claims"]["start"].__setitem__(0, ["7", "8"]), "joints"),
    "no start": ("brusselator", claim("start", None), "pieces"),
    "x null": ("brusselator", lambda b: (b["witness"].update(x=None, slope=None), b["claims"].update(start=None)), "pieces"),
    "crossing dropped": ("crossing", claim("real_crossings", []), "pieces"),
    "crossing moved": ("crossing", claim("real_crossings", [["0.51", "0.52"]]), "pieces"),
    "crossing wide": ("crossing", claim("real_crossings", [["0.4", "0.6"]]), "pieces"),
    "crossing invented": ("crossing", lambda b: b["claims"]["real_crossings"].append(["0.7", "0.71"]), "completeness"),
    "crossing claimed clear": ("crossing", lambda b: [p.update(kind="clear", index=None, crossing=None) for p in b["witness"]["pieces"] if p["kind"] == "real"], "pieces"),
    "crossing claimed a pair": ("crossing", lambda b: [p.update(kind="hopf", index=0, crossing=None, point="hopf-0001") for p in b["witness"]["pieces"] if p["kind"] == "real"], "pieces"),
    "zero-branch": ("three", lambda b: (b.update(method="zero-branch"), b["claims"].pop("start"), b["witness"].update(pairs=0), [b["witness"].pop(k) for k in ("pieces", "x", "slope")]), "points"),
    "no witness": ("three", lambda b: b.update(witness=None), "pieces"),
    "slope without x": ("three", lambda b: b["witness"].update(slope=b["witness"]["d"]), "pieces"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "method"), some(product(BRANCHES, METHODS), 20))
def test_forged_branch(name: str, method: str, bundle: Callable[..., Path]) -> None:
    base, change, step = BRANCHES[name]
    root = bundle(base, method)
    edit(root, "branch.json", change)
    assert first_failure(root) == ("branch", step)


def test_dropped_certificate(bundle: Callable[..., Path]) -> None:
    root = bundle("brusselator")
    (root / POINT).unlink()
    edit(root, "branch.json", lambda b: (no_points(b), b["claims"].update(points=[])))
    assert first_failure(root) == ("branch", "pieces")


def test_doubled_certificate(bundle: Callable[..., Path]) -> None:
    root = bundle("brusselator")
    c = read(root / POINT)
    write(root / "points/hopf-0002.json", c | {"id": "hopf-0002"})
    edit(root, "branch.json", lambda b: b["claims"]["points"].append(b["claims"]["points"][0] | {"id": "hopf-0002"}))
    assert first_failure(root) == ("branch", "points")


def test_false_completeness(bundle: Callable[..., Path]) -> None:
    """A part of the range is not covered, as `unsettled` says: then nothing is complete."""
    root = bundle("van-der-pol")

    def cut(b: dict[str, Any], complete: bool) -> None:
        last = b["witness"]["pieces"].pop()
        b["claims"].update(complete=complete, unsettled=[{"interval": last["interval"], "reason": "", "code": ""}])
        for key in ("X", "Y", "d"):
            b["witness"][key]["shape"][0] -= 2

    for key in ("X", "Y", "d"):
        np.save(root / "arrays" / f"pieces-{key}.npy", np.load(root / "arrays" / f"pieces-{key}.npy")[:-2])
    document = read(root / "branch.json")
    cut(document, True)
    write(root / "branch.json", document)
    assert first_failure(root) == ("branch", "points")
    edit(root, "branch.json", claim("unsettled", []))
    assert first_failure(root) == ("branch", "pieces")
    edit(root, "branch.json", lambda b: b["claims"].update(complete=False, unsettled=[{"interval": ["0.3", "0.5"], "reason": "", "code": ""}]))
    edit(root, "summary.json", lambda s: s.update(complete=False, status="incomplete", unsettled=[{"interval": ["0.3", "0.5"], "reason": "", "code": ""}]))
    rehash(root)
    report = check.check_path(root)
    assert report.exit_code == 0, check.table(report)


def test_two_equilibria(tmp_path: Path) -> None:
    """x' = ..., z' = z - z^3: a branch along z = 1 does not continue one along z = 0 or -1."""
    e = Example(["x", "y", "z"], ["-y + g*x - x**3 + 0*z", "x + g*y", "z - z**3"], ["0.1", "0.5"], [0, 0, 1], pieces=8)
    root = make(tmp_path / "good", e)
    assert check.check_path(root).exit_code == 0
    for other in (0.0, -1.0):
        bad = Path(shutil.copytree(root, tmp_path / f"bad{other}"))
        edit_array(bad, "pieces-x", lambda a, z=other: a.__setitem__((slice(4, None), 2), z))
        if other == 0:
            edit_array(bad, "pieces-d", lambda a: a.__setitem__((slice(14, None, 3), 0), 1.0))
        assert first_failure(bad)[1] in ("joints", "pieces")


# --- mutations ---

WIDE = {
    "enclosure: lower half": "the claims of the maker are wide",
    "enclosure: upper half": "the same",
    "enclosure: narrowed to a point": "the first term of a field without cubic terms is exactly 0",
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("base", ["brusselator", "three"])
def test_mutations_of_a_certificate(base: str, method: str, made: Made, share: int, tmp_path: Path) -> None:
    """The claims and bounds of this maker are wide, so that some narrower ones hold too."""
    campaign = Campaign(made(base, method), tmp_path, share)
    campaign.target = campaign.root / POINT
    document = read(campaign.root / POINT)
    for mutant in [*mutants(POINT, document), *header_mutants(POINT, document)]:
        campaign.run(mutant)
    assess(campaign.tried, campaign.survived, MORE | WIDE)


@pytest.mark.parametrize("base", ["brusselator", "crossing"])
def test_mutations_of_a_branch(base: str, made: Made, share: int, tmp_path: Path) -> None:
    campaign = Campaign(made(base), tmp_path, share)
    document = read(campaign.root / "branch.json")
    for mutant in [*mutants("branch.json", document), *header_mutants("branch.json", document), *branch_mutants(document)]:
        campaign.run(mutant)
    assess(campaign.tried, campaign.survived, MORE)


JUNK = [None, True, -1, 1.5, "", "NaN", "1e99999", [], {}, "x y", "exp", "(", "x" * 20000, 10**9, [1, 2], {"name": "a", "expression": "1"}, "\ud800"]


def test_junk_in_a_problem(made: Made, bundle: Callable[..., Path]) -> None:
    root = bundle("brusselator")
    document = read(root / "problem.json")
    places = [path for path, _ in leaves(document)] + [(key,) for key in document]
    for path in places:
        for new in JUNK:
            if path == ("title",) and isinstance(new, str) and len(new) <= 500:
                continue
            write(root / "problem.json", replaced(document, path, new))
            report = check.check_path(root)  # the digests are those of the good problem
            assert report.verdict in NOT_ACCEPTED, (path, new)
            assert "defect of the checker" not in check.table(report)
