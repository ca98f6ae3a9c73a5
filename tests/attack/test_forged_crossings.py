"""Forged certificates of transcritical points and pitchforks: each claim, bound and array changed to what is false or proves
nothing. None is accepted."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from campaign import full
from check_tools import read, write
from forgeries import Forgery, accepted, false_enclosures, forged, limb_change, placed, setting, text

from proofgen import api
from proofgen.spec.load import load_text

# x' = 2(g − 1/3)x + its term of degree 2 or 3, beside a pair −1/2 ± 2i and 1/3: q = e_1, l = e_1ᵀ, d = 2
SPEC = """
[network]
family = "equations"
variables = ["x", "y", "z", "w"]
equations = ["2*(g - 1/3)*x + NONLINEAR", "-y/2 + 2*z + x**3", "-2*y - z/2", "w/3 + g*x*w**2"]
[parameter]
name = "g"
interval = ["0", "1"]
"""
# the same with f = F − x but for the pair, whose multipliers 1/2 ± 3i/10 are inside of the circle as 4/3 is outside
AS_MAP = SPEC.replace('family = "equations"', 'family = "equations"\ntime = "discrete"').replace('"2*(g', '"x + 2*(g').replace(
    "-y/2 + 2*z", "y/2 + 0.3*z").replace("-2*y - z/2", "-0.3*y + z/2").replace('"w/3', '"4*w/3')  # fmt: skip
TERMS = {"transcritical": ("3*x**2 + y**2", 3), "pitchfork": ("x*y**2 - 3*x**3", -3)}
KINDS = pytest.mark.parametrize("name", [f"{kind}-0001" for kind in TERMS], ids=list(TERMS))


@pytest.fixture(scope="module", params=[SPEC, AS_MAP], ids=["flow", "map"])
def bundles(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {}
    for kind, (nonlinear, _) in TERMS.items():
        out = tmp_path_factory.mktemp(kind) / "bundle"
        result = api.prove(load_text(request.param.replace("NONLINEAR", nonlinear)), out, check=False)
        assert [row.id for row in result.bundle.summary.proved] == [f"{kind}-0001"] and result.bundle.summary.complete
        found[f"{kind}-0001"] = out
    return found


def truths(name: str) -> dict[tuple[Any, ...], mp.mpf]:
    with mp.workdps(60):
        coefficient = TERMS[name.removesuffix("-0001")][1]
        return {("parameter",): mp.mpf(1) / 3, ("eigenvalue_speed",): mp.mpf(2), ("coefficient",): mp.mpf(coefficient)}


@KINDS
def test_the_truth(name: str, bundles: dict[str, Path]) -> None:
    claims = read(bundles[name] / f"points/{name}.json")["claims"]
    assert (claims["unstable"], claims["stable"]) == (1, 2)
    for place, value in truths(name).items():
        low, high = claims[place[0]]
        assert mp.mpf(low) <= value <= mp.mpf(high)


def false_claims(root: Path, name: str) -> Iterator[Forgery]:
    file = f"points/{name}.json"
    document = read(root / file)
    claims, bounds, pitchfork = document["claims"], document["bounds"], name.startswith("pitchfork")
    for place, value in truths(name).items():
        for what, forgery in false_enclosures(claims[place[0]], value):
            yield f"{place}: {what}", setting(file, (("claims", *place), forgery))
    low, high = claims["coefficient"]
    turned = [text(-Fraction(high)), text(-Fraction(low))]
    if pitchfork:
        yield "criticality", setting(file, (("claims", "criticality"), "subcritical"))
        yield "criticality and sign", setting(file, (("claims", "criticality"), "subcritical"), (("claims", "coefficient"), turned))
        yield "side", setting(file, (("claims", "solutions_for"), "below"))
        yield "side and speed", setting(file, (("claims", "solutions_for"), "below"), (("claims", "eigenvalue_speed"), ["-2.1", "-1.9"]))
        yield "no side", setting(file, (("claims", "solutions_for"), None))
    else:
        yield "a negative coefficient", setting(file, (("claims", "coefficient"), turned))
        yield "a criticality", lambda root: write(root / file, placed(document, ("claims", "criticality"), "supercritical"))
    for key in ("coefficient", "eigenvalue_speed"):
        yield f"{key} around 0", setting(file, (("claims", key), ["-10", "10"]))
    for key, change in (("unstable", 0), ("unstable", 2), ("stable", 1), ("stable", 3)):
        yield f"{key} {change}", setting(file, (("claims", key), change))
    yield "counts exchanged", setting(file, (("claims", "unstable"), 2), (("claims", "stable"), 1))
    yield "gap", setting(file, (("claims", "spectral_gap"), "0.34"))
    yield "gap 0", setting(file, (("claims", "spectral_gap"), "0"))
    yield "no gap", setting(file, (("claims", "spectral_gap"), None))
    for i in range(4):
        yield f"equilibrium[{i}]", setting(file, (("claims", "equilibrium", i), ["0", "1e-30"]))
    yield "another equilibrium", setting(file, (("claims", "equilibrium"), [["-1e-30", "1e-30"]] * 4))
    yield "an equilibrium of three", setting(file, (("claims", "equilibrium"), [["0", "0"]] * 3))
    other = "transcritical" if pitchfork else "pitchfork"
    yield "kind", setting(file, (("claims", "kind"), other))
    yield "coefficient name", setting(file, (("claims", "coefficient_name"), "a" if pitchfork else "e"))
    yield "wider window", setting(file, (("claims", "window"), ["0", "1"]))
    yield "window elsewhere", setting(file, (("claims", "window"), ["0.4", "0.41"]))
    yield "no window", setting(file, (("claims", "window"), None))
    for key in ("branch_gap", "branch_residual", "branch_radius"):
        yield f"{key} of a tube", setting(file, (("bounds", key), "1"))
    for key in ("rho", "window_disc_radius", "disc_radius", "delta_right", "delta_left", "pq_defect"):
        if key not in ("delta_left", "pq_defect"):  # of a left eigenvector that is known exactly
            yield f"{key} smaller", setting(file, (("bounds", key), text(Fraction(bounds[key]) / 2**90)))
        yield f"{key} negative", setting(file, (("bounds", key), "-1"))
    yield "window_clearance larger", setting(file, (("bounds", "window_clearance"), text(Fraction(bounds["window_clearance"]) * 4)))
    yield "window_clearance 0", setting(file, (("bounds", "window_clearance"), "0"))
    yield "no window_clearance", setting(file, (("bounds", "window_clearance"), None))
    for key in ("rho", "pq_defect"):
        yield f"{key} = 1", setting(file, (("bounds", key), "1"))
    for key in ("window_slope", "level", "q_norm_squared"):
        low, high = map(Fraction, bounds[key])
        yield f"{key}: moved", setting(file, (("bounds", key), [text(high + (high - low)), text(high + 2 * (high - low))]))
        if key != "level":
            yield f"{key}: around 0", setting(file, (("bounds", key), ["-100", "100"]))
    low, high = map(Fraction, bounds["terms"][0])
    yield "term moved", setting(file, (("bounds", "terms", 0), [text(2 * high - low), text(3 * high - 2 * low)]))
    if not pitchfork:
        yield "term around 0", setting(file, (("bounds", "terms", 0), ["-100", "100"]))
    yield "no terms", setting(file, (("bounds", "terms"), []))
    yield "two terms", setting(file, (("bounds", "terms"), bounds["terms"] * 2))
    yield "a missing bound", lambda root: write(root / file, {**document, "bounds": {k: v for k, v in bounds.items() if k != "level"}})
    for method in ("spectral", other, "fold", "flip", "zero-branch", "cusp"):
        yield f"method {method}", setting(file, (("method",), method))
    yield "another name", setting(file, (("id",), f"{other}-0001"))


def false_witnesses(root: Path, name: str) -> Iterator[Forgery]:
    file = f"points/{name}.json"
    witness = read(root / file)["witness"]
    changes: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "zero": np.zeros_like, "negative": lambda a: -a, "shorter": lambda a: a[:-1], "turned": lambda a: a[::-1],
    }  # fmt: skip
    for key in ("X", "Y", "d"):
        for what, change in changes.items():
            if (key, what) != ("d", "negative") or witness["index"] is None:
                yield f"{key}: {what}", limb_change(file, (key,), change)
    for key in ("x", "slope"):
        yield f"{key}: not null", setting(file, (("witness", key), witness["d"]))
    yield "a radius", setting(file, (("witness", "radius"), "0.5"))
    yield "gamma elsewhere", setting(file, (("witness", "gamma"), "0.875"))
    yield "half_width 0", setting(file, (("witness", "half_width"), "0"))
    yield "half_width large", setting(file, (("witness", "half_width"), "0.3"))
    yield "pairs", setting(file, (("witness", "pairs"), 2))
    for k in {0, 1, 2, 3, 4} - {witness["index"]}:
        yield f"index {k}", setting(file, (("witness", "index"), k))


def false_branches(root: Path, name: str) -> Iterator[Forgery]:
    branch, file = read(root / "branch.json"), f"points/{name}.json"
    points, pieces = branch["claims"]["points"], branch["witness"]["pieces"]
    own = next(i for i, piece in enumerate(pieces) if piece["point"] == name)
    piece = ("witness", "pieces", own)
    yield "left out", setting("branch.json", (("claims", "points"), []))
    yield "of no piece", setting("branch.json", ((*piece, "point"), None))
    yield "its piece clear", setting("branch.json", (piece, {**pieces[own], "kind": "clear", "index": None, "point": None, "crossing": None}))
    for kind in ("hopf", "neimark-sacker", "flip", "transcritical", "pitchfork"):
        yield f"its piece {kind}", setting("branch.json", ((*piece, "kind"), kind))
        yield f"its piece {kind}, no crossing", setting("branch.json", (piece, {**pieces[own], "kind": kind, "crossing": None}))
    yield "no crossing", setting("branch.json", ((*piece, "crossing"), None))
    yield "no value", setting("branch.json", (("claims", "real_crossings"), []))
    yield "two values", setting("branch.json", (("claims", "real_crossings"), [*branch["claims"]["real_crossings"], ["0.5", "0.6"]]))
    yield "a value elsewhere", setting("branch.json", (("claims", "real_crossings"), [["0.34", "0.35"]]))
    yield "an enclosure elsewhere", setting("branch.json", (("claims", "points", 0, "parameter"), ["0.34", "0.35"]))
    yield "on another piece", setting("branch.json", (("witness", "pieces", 0), {**pieces[0], "kind": "real", "index": pieces[own]["index"], "crossing": 0, "point": name}))
    yield "on a clear piece", setting("branch.json", (("witness", "pieces", 0, "point"), name))
    yield "a pair", setting("branch.json", (("claims", "points", 0, "pair"), 0))

    def twice(root: Path) -> None:
        other = name[:-1] + "2"
        write(root / f"points/{other}.json", {**read(root / file), "id": other})
        listed = [points[0], {**points[0], "id": other}]
        write(root / "branch.json", placed(placed(read(root / "branch.json"), ("claims", "points"), listed), ("claims", "complete"), False))

    def under_the_name(kind: str) -> Callable[[Path], None]:
        def change(root: Path) -> None:
            document = read(root / file)
            (root / file).unlink()
            write(root / f"points/{kind}-0001.json", {**document, "id": f"{kind}-0001"})
            one = placed(read(root / "branch.json"), ("claims", "points", 0, "id"), f"{kind}-0001")
            write(root / "branch.json", placed(one, (*piece, "point"), f"{kind}-0001"))

        return change

    yield "the same point twice", twice
    for kind in ("hopf", "fold", "flip", "pitchfork" if name.startswith("trans") else "transcritical"):
        yield f"under the name of a {kind}", under_the_name(kind)


def false_summaries(root: Path, name: str) -> Iterator[Forgery]:
    row = read(root / "summary.json")["points"][0]
    for key in ("parameter", "eigenvalue_speed", "coefficient"):
        yield f"{key} of the row", setting("summary.json", (("points", 0, key), ["7", "8"]))
    yield "counts of the row", setting("summary.json", (("points", 0, "unstable"), 0))
    yield "no row", setting("summary.json", (("points",), []))
    yield "two rows", setting("summary.json", (("points",), [row, {**row, "id": name[:-1] + "2"}]))
    yield "undecided", setting("summary.json", (("points", 0, "status"), "undecided"))
    if name.startswith("pitchfork"):
        yield "side of the row", setting("summary.json", (("points", 0, "solutions_for"), "below"))


@KINDS
@pytest.mark.parametrize("kind", [false_claims, false_witnesses, false_branches])
def test_none_is_accepted(
    kind: Callable[[Path, str], Iterator[Forgery]], name: str, bundles: dict[str, Path], tmp_path: Path, tried: Counter[str], count: int | None
) -> None:
    whole, bundle = kind is false_branches, bundles[name]
    reasons = {"the same point twice": ("are not shown to be two", "not one: their enclosures of gamma")} if kind is false_branches else {}
    found = accepted(kind(bundle, name), bundle, tmp_path, tried, "forged real crossings", checked="." if whole else f"points/{name}.json", reasons=reasons, count=count, seed=kind.__name__)
    assert not found, "\n".join(found)


@KINDS
def test_no_false_row_is_accepted(name: str, bundles: dict[str, Path], tmp_path: Path, tried: Counter[str]) -> None:
    for number, (what, change) in enumerate(false_summaries(bundles[name], name)):
        tried["forged real crossings"] += 1
        root = tmp_path / str(number)
        shutil.copytree(bundles[name], root)
        change(root)
        assert full.check_path(root).exit_code == 1, what


EVEN_PARTS = [  # fields in which the pitchfork's certificate holds but for oddness: the same A, C and values
    (0, "+ y**2"), (1, "+ x**2"), (0, "+ x**2 - x**2"), (3, "+ w**4"), (1, "+ 1 - cos(x)"), (2, "+ exp(x) - x - 1"),
]  # fmt: skip


@pytest.mark.parametrize("change", EVEN_PARTS, ids=range(len(EVEN_PARTS)))
def test_a_pitchfork_of_a_field_that_is_not_odd(change: tuple[int, str], bundles: dict[str, Path], tmp_path: Path, tried: Counter[str]) -> None:
    """All numbers are those of the odd field; only its parity is missing."""
    tried["forged real crossings"] += 1
    root, (index, more) = bundles["pitchfork-0001"], change
    other = f"{read(root / 'problem.json')['equations'][index]} {more}"
    root = forged(root, tmp_path / "forged", setting("problem.json", (("equations", index), other)))
    report = full.check_path(root / "points/pitchfork-0001.json")
    assert report.exit_code == 1 and "f(-x, gamma) = -f(x, gamma) is not shown" in " ".join(full.table(report).split())


def test_where_zero_is_no_equilibrium(bundles: dict[str, Path], tmp_path: Path, tried: Counter[str]) -> None:
    for name, root in bundles.items():
        tried["forged real crossings"] += 1
        change = setting("problem.json", (("equations", 2), "-2*y - z/2 + 1e-30"))
        report = full.check_path(forged(root, tmp_path / name, change) / f"points/{name}.json")
        assert report.exit_code == 1 and "f(0, gamma) = 0" in " ".join(full.table(report).split()).replace("F(0", "f(0")


NETWORK = """
[network]
family = "layered"
leak = 1
[[network.layer]]
weights = [["0", "0", "0"], ["0", "0", "0"], ["0", "0", "0"]]
activation = "tanh"
enters = { matrix = [["1", "1", "0"], ["-1", "0.5", "0.25"], ["0.5", "0", "0.5"]] }
[parameter]
interval = ["1.5", "1.7"]
"""


def test_networks(tmp_path: Path, tried: Counter[str]) -> None:
    """A bias of 0 is a bias; an activation with the same three derivatives at 0 is not odd."""
    result = api.prove(load_text(NETWORK), tmp_path / "b")
    assert [row.id for row in result.bundle.summary.proved] == ["pitchfork-0001"] and result.bundle.summary.complete
    file = "points/pitchfork-0001.json"
    for activation in ("tanh(z) + z**4", "sin(z)", "tanh(z)*exp(z**5)", "(tanh(z) + tanh(z))/2 + 0*exp(z)*z**4"):
        tried["forged real crossings"] += 1
        change = setting("problem.json", (("layers", 0, "activation"), activation))
        assert full.check_path(forged(tmp_path / "b", tmp_path / "forged", change) / file).exit_code == 1, activation
    tried["forged real crossings"] += 1
    changes = ((("arrays", "zero"), {"entries": ["0", "0", "0"]}), (("layers", 0, "bias"), "zero"))
    root = forged(tmp_path / "b", tmp_path / "forged", setting("problem.json", *changes))
    assert full.check_path(root / file).exit_code == 1
