"""Layered networks: forged certificates and branches of sections 10 to 13 are refused, at the step that fails."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from check_tools import CERTIFICATES, load, read, rehash, write
from hypothesis import given, settings
from hypothesis import strategies as st
from layered_maker import oscillators, two_wells
from ordinary import some
from test_check_mutations import Campaign, assess, branch_mutants, header_mutants, leaves, mutants, replaced

check = load()
POINT = "points/hopf-0001.json"
METHODS = ["spectral", "newton-kantorovich"]
Change = Callable[[dict[str, Any]], object]


def copied(base: str, root: Path) -> Path:
    return Path(shutil.copytree(CERTIFICATES / "good" / base, root / "bundle"))


def edit(root: Path, name: str, change: Change) -> None:
    document = read(root / name)
    change(document)
    write(root / name, document)


def edit_array(root: Path, name: str, change: Callable[[Any], object]) -> None:
    array = np.load(root / "arrays" / f"{name}.npy")
    change(array)
    np.save(root / "arrays" / f"{name}.npy", array)


def first_failure(root: Path, verdicts: tuple[str, ...] = ("rejected",)) -> tuple[str, str]:
    rehash(root)
    report = check.check_path(root)
    table = check.table(report)
    assert "defect of the checker" not in table
    assert report.verdict in verdicts, table
    return next((item.name, failure.step) for item in report.items for failure in item.failures)


def claim(key: str, value: Any) -> Change:
    return lambda c: c["claims"].update({key: value})


def bound(key: str, value: Any) -> Change:
    return lambda c: c["bounds"].update({key: value})


def witness(key: str, value: Any) -> Change:
    return lambda c: c["witness"].update({key: value})


def scaled(value: list[int], shift: int) -> list[int]:
    return [value[0], value[1] + shift]


def planar(c: dict[str, Any]) -> None:
    """The formula for planar fields forgets the quadratic terms that leave the centre subspace."""
    c["claims"] |= {"first_lyapunov_coefficient": ["1.05", "1.06"], "criticality": "subcritical"}


# --- forged certificates ---

BOTH: dict[str, tuple[Change, str]] = {
    "planar formula": (planar, "H4"),
    "sign of l1": (lambda c: c["claims"].update(first_lyapunov_coefficient=["1.1017055350", "1.1017055352"], criticality="subcritical"), "H4"),
    "criticality": (claim("criticality", "subcritical"), "H4"),
    "l1 unknown": (claim("first_lyapunov_coefficient", ["-2", "2"]), "H4"),
    "n_u": (lambda c: c["claims"].update(unstable_eigenvalues=1, stable_eigenvalues=0), "H2"),
    "dimension": (claim("stable_eigenvalues", 2), "H2"),
    "omega": (claim("omega", ["1.0273", "1.0274"]), "H2"),
    "omega from 0": (claim("omega", ["0", "2"]), "H2"),
    "spectral gap": (claim("spectral_gap", "0.6"), "H2"),
    "no spectral gap": (claim("spectral_gap", None), "H2"),
    "speed": (claim("crossing_speed", ["0.5", "0.6"]), "H3"),
    "speed unknown": (claim("crossing_speed", ["-1", "1"]), "H3"),
    "equilibrium": (lambda c: c["claims"]["equilibrium"].__setitem__(1, ["0", "0"]), "H1"),
    "equilibrium of another dimension": (lambda c: c["claims"]["equilibrium"].pop(), "format"),
    "gap_2": (bound("gap_2", "2"), "H4"),
    "terms": (lambda c: c["bounds"]["terms"].__setitem__(1, ["-1.3", "-1.23"]), "H4"),
    "two terms": (lambda c: c["bounds"]["terms"].pop(), "format"),
    "real eigenvalue": (witness("pair", 1), "format"),
    "too many pairs": (witness("pairs", 2), "format"),
    "missing key": (lambda c: c["bounds"].pop("gap_0"), "format"),
    "extra key": (witness("tau", "0"), "format"),
    "not a number": (claim("parameter", ["NaN", "NaN"]), "format"),
    "huge exponent": (claim("parameter", ["-1e99999", "0"]), "format"),
    "huge dyadic": (witness("gamma", [1, 10**9]), "format"),
    "null number": (witness("gamma", None), "format"),
}  # fmt: skip
SPECTRAL: dict[str, tuple[Change, str]] = {
    "parameter": (claim("parameter", ["-0.632902616", "-0.632902615"]), "window"),
    "radius too small": (lambda c: c["witness"].update(radius=scaled(c["witness"]["radius"], -8)), "Lemma T"),
    "radius too large": (lambda c: c["witness"].update(radius=scaled(c["witness"]["radius"], 12)), "Lemma T"),
    "radius negative": (witness("radius", "-1"), "Lemma T"),
    "half width negative": (witness("half_width", "-0.001"), "Lemma T"),
    "half width too large": (witness("half_width", "0.1"), "Lemma T"),
    "Gamma out of the interval": (witness("half_width", "0.2"), "Lemma T"),
    "window too large": (claim("window", ["-0.8", "-0.5"]), "window"),
    "window elsewhere": (claim("window", ["-0.6328", "-0.6327"]), "window"),
    "no window": (claim("window", None), "window"),
    "slope of lambda": (bound("window_slope", ["-1", "1"]), "window"),
    "branch x = 0": (lambda c: c["witness"].update(x=None, slope=None, radius=None), "Theorem A"),
    "only the slope null": (witness("slope", None), "format"),
    "a uniqueness radius": (claim("uniqueness_radius", "0.1"), "Theorem A"),
}  # fmt: skip
NEWTON: dict[str, tuple[Change, str]] = {
    "parameter": (claim("parameter", ["-0.632902616", "-0.632902615"]), "H1"),
    "R too large": (witness("R", "0.5"), "Newton-Kantorovich"),
    "R zero": (witness("R", "0"), "Newton-Kantorovich"),
    "R too small": (witness("R", "1e-30"), "Newton-Kantorovich"),
    "uniqueness beyond R": (claim("uniqueness_radius", "0.001"), "Newton-Kantorovich"),
    "no uniqueness": (claim("uniqueness_radius", None), "Newton-Kantorovich"),
    "uniqueness below r_min": (claim("uniqueness_radius", "1e-20"), "Newton-Kantorovich"),
    "a window": (claim("window", ["-0.64", "-0.63"]), "Newton-Kantorovich"),
    "Z": (bound("Z", "0.01"), "Newton-Kantorovich"),
    "Y": (bound("Y", "1e-40"), "Newton-Kantorovich"),
    "r_min": (bound("r_min", "1e-40"), "Newton-Kantorovich"),
    "omega negative": (witness("omega", "-1.02725141290842"), "Newton-Kantorovich"),
    "no x": (witness("x", None), "Theorem A"),
}  # fmt: skip
FORGED = [(m, name, *case) for m, cases in zip(METHODS, (BOTH | SPECTRAL, BOTH | NEWTON), strict=True) for name, case in cases.items()]


@pytest.mark.parametrize(("method", "name", "change", "step"), some(FORGED, 30), ids=lambda x: x if isinstance(x, str) else "")
def test_forged_certificate(method: str, name: str, change: Change, step: str, tmp_path: Path) -> None:
    root = copied(f"adversarial-two-layer-{method}", tmp_path)
    edit(root, POINT, change)
    item, found = first_failure(root)
    assert item == "points/hopf-0001"
    assert found == step or (found, step) == ("H1", "window")


ARRAYS = {"spectral": ["x", "slope", "X", "Y", "d"], "newton-kantorovich": ["x", "a", "b", "phi", "A", "X", "Y", "d"]}


@pytest.mark.parametrize(("method", "array"), [(m, a) for m in METHODS for a in ARRAYS[m]])
def test_witness_of_a_certificate(method: str, array: str, tmp_path: Path) -> None:
    """A large change of an entry spoils the proof."""
    for change in (1.0, float("nan"), float("inf"), 1e300):
        root = copied(f"adversarial-two-layer-{method}", tmp_path / f"{change}")
        edit_array(root, f"hopf-0001-{array}", lambda a, by=change: a.flat.__setitem__(0, a.flat[0] + by))
        assert first_failure(root, ("rejected", "incomplete"))[0] == "points/hopf-0001"


def test_approximate_inverse(tmp_path: Path) -> None:
    root = copied("adversarial-two-layer-newton-kantorovich", tmp_path)
    edit_array(root, "hopf-0001-A", lambda A: A.__imul__(0))
    assert first_failure(root) == ("points/hopf-0001", "Newton-Kantorovich")


# --- forged problems ---


def layer(**changes: Any) -> Change:
    return lambda p: p["layers"][1].update(changes)


PROBLEMS: dict[str, Change] = {
    "gamma enters nowhere": layer(parameter=[]),
    "gamma enters as 0": lambda p: p["layers"][1]["parameter"][0].update(coefficient="0"),
    "unit outside": layer(parameter=[{"coefficient": "1", "unit": [4, 1]}]),
    "unit at 0": layer(parameter=[{"coefficient": "1", "unit": [0, 1]}]),
    "unit of three": layer(parameter=[{"coefficient": "1", "unit": [1, 1, 1]}]),
    "no layer": lambda p: p.update(layers=[]),
    "65 layers": lambda p: p.update(layers=p["layers"] * 33),
    "leak of another size": lambda p: (p["arrays"].update(v={"entries": ["1", "2"]}), p.update(leak="v")),
    "leak unknown": lambda p: p.update(leak="none"),
    "leak a list": lambda p: p.update(leak=["1"]),
    "leak ambiguous": lambda p: (p["arrays"].update({"1": {"entries": ["1", "2", "3"]}}), p.update(leak="1")),
    "bias a matrix": layer(bias="W2"),
    "matrix of another size": lambda p: p["arrays"].update(W2={"entries": [["1", "0"], ["0", "1"], ["0", "0"]]}),
    "shared array": lambda p: (p.update(weight_radius="0.001"), p["layers"][1].update(parameter=[{"coefficient": "1", "matrix": "W2", "transpose": False}])),
}  # fmt: skip


@pytest.mark.parametrize("name", PROBLEMS)
def test_forged_problem(name: str, tmp_path: Path) -> None:
    root = copied("hopfield-spectral", tmp_path)
    edit(root, "problem.json", PROBLEMS[name])
    assert first_failure(root) == ("problem", "format")


@pytest.mark.parametrize("method", some(METHODS, 0, ["spectral"]))
def test_every_weight_matters(method: str, tmp_path: Path) -> None:
    base = copied(f"hopfield-{method}", tmp_path)
    arrays = read(base / "problem.json")["arrays"]
    places = [(name, *at) for name, a in arrays.items() for at in np.ndindex(np.shape(a["entries"]))]
    for place in places:
        def change(p: dict[str, Any], place: tuple[Any, ...] = place) -> None:
            row = p["arrays"][place[0]]["entries"]
            for i in place[1:-1]:
                row = row[i]
            row[place[-1]] = str(float(row[place[-1]]) + 1e-7)

        root = Path(shutil.copytree(base, tmp_path / "-".join(map(str, place))))
        edit(root, "problem.json", change)
        first_failure(root)


@pytest.mark.parametrize("change", [layer(activation="logistic"), lambda p: p.update(leak="1.0000001"), lambda p: p.update(leak=None),
                                    layer(bias=None), lambda p: p["layers"].pop(), lambda p: p.update(weight_radius="0.0001")])  # fmt: skip
@pytest.mark.parametrize("method", METHODS)
def test_another_network(method: str, change: Change, tmp_path: Path) -> None:
    root = copied(f"hopfield-{method}", tmp_path)
    edit(root, "problem.json", change)
    first_failure(root)


# --- forged branches ---


def hopf_piece(branch: dict[str, Any]) -> dict[str, Any]:
    return next(piece for piece in branch["witness"]["pieces"] if piece["kind"] == "hopf")


def no_points(b: dict[str, Any]) -> None:
    hopf_piece(b).update(kind="clear", index=None, point=None)


def gap(b: dict[str, Any]) -> None:
    ends = b["witness"]["pieces"][0]["interval"]
    ends[1] = f"{float(ends[1]) - 1e-4:.8f}"


BRANCHES: dict[str, tuple[Change, str]] = {
    "gap": (gap, "pieces"),
    "first piece dropped": (lambda b: b["witness"]["pieces"].pop(0), "pieces"),
    "overlap": (lambda b: b["witness"]["pieces"][1]["interval"].__setitem__(0, b["witness"]["pieces"][0]["interval"][0]), "pieces"),
    "out of order": (lambda b: b["witness"]["pieces"].reverse(), "pieces"),
    "hopf piece claimed clear": (no_points, "pieces"),
    "wrong index": (lambda b: hopf_piece(b).update(index=7), "pieces"),
    "index of clear": (lambda b: b["witness"]["pieces"][0].update(index=0), "pieces"),
    "point of clear": (lambda b: b["witness"]["pieces"][0].update(kind="hopf", index=0, point="hopf-0001"), "pieces"),
    "unknown point": (lambda b: hopf_piece(b).update(point="hopf-0002"), "pieces"),
    "real crossing of a pair": (lambda b: hopf_piece(b).update(kind="real", index=2, point=None, crossing=0), "pieces"),
    "crossing invented": (lambda b: b["claims"].update(real_crossings=[["-0.1", "0.1"]]), "completeness"),
    "radius small": (lambda b: [p.update(radius="1e-12") for p in b["witness"]["pieces"]], "pieces"),
    "radius large": (lambda b: [p.update(radius="10") for p in b["witness"]["pieces"]], "pieces"),
    "centre outside": (lambda b: b["witness"]["pieces"][0].update(centre="1"), "pieces"),
    "start elsewhere": (lambda b: b["claims"]["start"].__setitem__(0, ["7", "8"]), "joints"),
    "start not one equilibrium": (lambda b: b["claims"].update(start=[["-9", "9"]] * 3), "joints"),
    "no start": (claim("start", None), "pieces"),
    "interval": (claim("interval", ["-1", "1"]), "points"),
    "complete and unsettled": (claim("unsettled", [{"interval": ["-0.1", "0"], "reason": "", "code": ""}]), "points"),
    "point dropped": (claim("points", []), "points"),
    "parameter elsewhere": (lambda b: b["claims"]["points"][0].update(parameter=["0.1", "0.2"]), "points"),
    "x null": (witness("x", None), "pieces"),
    "x and slope null": (lambda b: b["witness"].update(x=None, slope=None), "pieces"),
    "no witness": (lambda b: b.update(witness=None), "pieces"),
    "more pairs": (lambda b: b["witness"]["pieces"][0].update(pairs=2), "pieces"),
    "extra key": (lambda b: b["witness"]["pieces"][0].update(extra=0), "format"),
    "zero-branch": (lambda b: (b.update(method="zero-branch"), b["claims"].pop("start"), b["witness"].update(pairs=0), [b["witness"].pop(k) for k in ("pieces", "x", "slope")]), "points"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "method"), some(product(BRANCHES, METHODS), 20))
def test_forged_branch(name: str, method: str, tmp_path: Path) -> None:
    change, step = BRANCHES[name]
    root = copied(f"hopfield-{method}", tmp_path)
    edit(root, "branch.json", change)
    assert first_failure(root) == ("branch", step)


@pytest.mark.parametrize("method", METHODS)
def test_dropped_certificate(method: str, tmp_path: Path) -> None:
    root = copied(f"hopfield-{method}", tmp_path)
    (root / POINT).unlink()
    edit(root, "branch.json", lambda b: (no_points(b), b["claims"].update(points=[])))
    assert first_failure(root) == ("branch", "pieces")


@pytest.mark.parametrize("method", some(METHODS, 0, ["spectral"]))
def test_crossings(method: str, tmp_path: Path) -> None:
    """On the branch x = 0: a crossing dropped, moved, doubled; two with one enclosure; a piece called clear."""
    cases: list[tuple[Change, str]] = [
        (lambda b: b["claims"]["real_crossings"].pop(0), "pieces"),
        (lambda b: b["claims"]["real_crossings"].__setitem__(0, ["2.09", "2.0998"]), "pieces"),
        (lambda b: b["claims"]["real_crossings"].__setitem__(0, ["1", "2.3"]), "pieces"),
        (lambda b: b["claims"]["real_crossings"].reverse(), "pieces"),
        (lambda b: b["claims"].update(start=[["0", "0"]] * 6), "pieces"),
        (lambda b: [p.update(kind="clear", index=None, crossing=None) for p in b["witness"]["pieces"] if p["kind"] == "real"], "pieces"),
        (lambda b: [p.update(crossing=0) for p in b["witness"]["pieces"] if p["kind"] == "real"], "pieces"),
    ]  # fmt: skip
    for index, (change, step) in enumerate(cases):
        root = copied(f"n6-seed80-off-diagonal-{method}", tmp_path / str(index))
        edit(root, "branch.json", change)
        assert first_failure(root) == ("branch", step), index


@pytest.mark.parametrize("array", ["x", "slope", "X", "Y", "d"])
def test_witness_of_a_branch(array: str, tmp_path: Path) -> None:
    for change in (5.0, float("nan"), 1e300):
        root = copied("hopfield-spectral", tmp_path / f"{change}")
        edit_array(root, f"pieces-{array}", lambda a, by=change: a.flat.__setitem__(4, a.flat[4] + by))
        assert first_failure(root, ("rejected", "incomplete"))[0] == "branch"


# --- by hand ---


def test_joint_of_two_branches(tmp_path: Path) -> None:
    """Both tubes hold one equilibrium each; only if it is the same one do the pieces continue one branch."""
    for i, signs in enumerate([(1, 1), (-1, -1)]):
        report = check.check_path(two_wells(tmp_path / f"good-{i}", signs))
        assert report.exit_code == 0, check.table(report)
    for i, signs in enumerate([(1, -1), (-1, 1)]):
        assert first_failure(two_wells(tmp_path / f"bad-{i}", signs)) == ("branch", "joints")


def test_double_hopf(tmp_path: Path) -> None:
    certificate = oscillators(tmp_path / "good", "-0.5") / POINT
    report = check.check_path(certificate)
    assert report.exit_code == 0, check.table(report)
    report = check.check_path(oscillators(tmp_path / "bad", "0") / POINT)
    assert report.verdict == "rejected", check.table(report)
    assert report.items[0].failures[0].step == "window"


def test_point_on_a_zero_branch(tmp_path: Path) -> None:
    base = "zero-branch-newton-kantorovich"
    cases: list[tuple[str, Change]] = [
        ("branch.json", lambda b: b["claims"].update(points=b["claims"]["points"][:2])),
        ("branch.json", lambda b: b["claims"]["points"].reverse()),
        ("branch.json", lambda b: b["claims"]["points"][0].update(pair=7)),
        (POINT, lambda c: c["claims"].update(parameter=["-1", "1"], omega=["0.1", "100"])),
    ]
    for index, (name, change) in enumerate(cases):
        root = copied(base, tmp_path / str(index))
        edit(root, name, change)
        assert first_failure(root)[0] == "branch"


# --- fixed point against mpmath ---

F = 192
balls = st.tuples(st.integers(-3 * 10**6, 3 * 10**6), st.sampled_from([0, 1, 10**3, 10**5]))
OTHER = ["z/(1 + z**2)", "log(2 + sin(z))", "sqrt(1 + z**2)", "cos(z)*sinh(z)", "cosh(z)", "tan(z/4)", "erf(z)**2", "(2 + tanh(z))**-3"]


@settings(max_examples=120, deadline=None)
@given(balls, st.sampled_from([*check.NAMES.values(), *OTHER]), st.floats(-1, 1))
def test_derivatives_over_an_interval(z: tuple[int, int], text: str, where: float) -> None:
    m, r = (x * 2**F // 10**6 for x in z)
    network = check.Network.__new__(check.Network)
    network.F, network.one, network.budget = F, 1 << F, check.Budget()
    inside = m + int(Fraction(where) * r)
    functions = {name: getattr(mpmath, name) for name in ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "sqrt", "erf")}
    with mpmath.workprec(600):
        values = mpmath.taylor(eval(f"lambda z: {text}", functions), mpmath.mpf(inside) / 2**F, 3)
        for k, (value, own) in enumerate(zip(values, network.sigma(text, check.around(m, r, F)), strict=True)):
            exact, slack = value * mpmath.factorial(k) * 2**F, mpmath.mpf(2) ** (F - 90)
            assert own.lo - slack <= exact <= own.hi + slack
            width = own.hi - own.lo
            if r == 0:
                assert width < 2 ** (F - 149)
            elif r < 2**F // 100:
                assert width < 400 * (r + 2 ** (F - 100))


# --- mutation campaigns: the survivors, with reasons, are those of test_check_mutations, and these ---

MORE = {
    "upper bound: smaller": "the checker's own bound is less than half of the printed one",
    "lower bound: larger": "the same: more than twice as large",
    "enclosure: lower half": "the checker's own enclosure lies in that half, or a part of the window with the parameter in it",
    "enclosure: upper half": "the same",
    "enclosure: sign": "the checker's own enclosure of a number that is nearly 0 (real_part) lies in both",
    "structure: no witness": "the bounds of the method pieces are null already",
}


@pytest.mark.parametrize("method", METHODS)
def test_mutations_of_a_certificate(method: str, share: int, tmp_path: Path) -> None:
    campaign = Campaign(f"hopfield-{method}", tmp_path, share)
    campaign.target = campaign.root / POINT
    document = read(campaign.root / POINT)
    for mutant in [*mutants(POINT, document), *header_mutants(POINT, document)]:
        campaign.run(mutant)
    assess(campaign.tried, campaign.survived, MORE)


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_mutations_of_a_branch(method: str, share: int, tmp_path: Path) -> None:
    campaign = Campaign(f"hopfield-{method}", tmp_path, share)
    document = read(campaign.root / "branch.json")
    for mutant in [*mutants("branch.json", document), *header_mutants("branch.json", document), *branch_mutants(document)]:
        campaign.run(mutant)
    assess(campaign.tried, campaign.survived, MORE)


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_mutations_of_the_pieces(method: str, share: int, tmp_path: Path) -> None:
    """Every value of every piece, and of the numbers of the certificate's witness."""
    campaign = Campaign(f"hopfield-{method}", tmp_path, share)
    junk = [None, True, -1, 1.5, "", "NaN", "1e99999", [], {}, [0.5, 1], [1, 2, 3], "7", 10**9, [1, 4000], [-1, -4000], "clear", "hopf", "real"]
    for name in ("branch.json", POINT):
        document = read(campaign.root / name)
        campaign.target = campaign.root if name == "branch.json" else campaign.root / POINT
        for path, value in leaves(document["witness"], ("witness",)):
            if (path[1:2] == ("pieces",) and len(path) > 2 and path[2] not in (0, 13)) or "sha256" in path:
                continue
            for new in junk:
                if new != value and not (isinstance(value, list) and new == "7" and path[-1] == "none"):
                    campaign.run((f"witness: {path[-1]}", name, replaced(document, path, new)))
    print(sum(campaign.tried.values()), campaign.survived)
    assert not campaign.survived


@pytest.mark.slow
@pytest.mark.parametrize("base", [f"{b}-{m}" for b in ("hopfield", "adversarial-two-layer") for m in METHODS])
def test_bits_of_the_witness(base: str, share: int, tmp_path: Path) -> None:
    """One bit of each entry of each array: a high one is refused but where the entry hardly enters, and never a defect."""
    campaign = Campaign(base, tmp_path, share)
    for path in sorted((campaign.root / "arrays").iterdir()):
        campaign.target = campaign.root if path.name.startswith("pieces") else campaign.root / POINT
        data = path.read_bytes()
        size = np.load(path).size
        for i in range(0, size, max(1, size // 12)):
            at = len(data) - 8 * size + 8 * i
            for bit in (0, 20, 45, 52, 63):
                new = int.from_bytes(data[at : at + 8], "little") ^ (1 << bit)
                kind = f"{path.stem}, bit {bit}"
                campaign.run_rehashed(kind, f"arrays/{path.name}", data[:at] + new.to_bytes(8, "little") + data[at + 8 :])
    print(sum(campaign.tried.values()), sum(campaign.survived.values()), {k: f"{n} of {campaign.tried[k]}" for k, n in sorted(campaign.survived.items())})
