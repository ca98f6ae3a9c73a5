"""Forged certificates of Bautin points and lists of curves of Hopf points: none is accepted."""

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
from check_tools import read, rehash, write
from forgeries import Forgery, accepted, false_enclosures, limb_change, placed, setting, text, together
from plane_maker import CURVES, PLANES, curve_bundle

NAME = "bautin-0001"
FILE = f"points/{NAME}.json"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The predator-prey model of Bazykin and Khibnik, whose numbers are known in closed form."""
    out = curve_bundle(tmp_path_factory.mktemp("bautin") / "bundle", PLANES["bazykin"], CURVES["bazykin"])
    report = full.check_path(out)
    assert report.exit_code == 0, full.table(report)
    return out


def truths() -> dict[tuple[Any, ...], mp.mpf]:
    with mp.workdps(80):
        omega, re_c2 = mp.sqrt(mp.mpf(1) / 8), mp.mpf(-512) / 729
        return {
            ("parameters", 0): mp.mpf(1) / 4, ("parameters", 1): mp.mpf(1) / 8, ("omega",): omega,
            ("second_lyapunov_coefficient",): re_c2 / omega, ("determinant",): mp.mpf(256) / 243, ("equilibrium", 0): mp.mpf(1) / 4,
            ("equilibrium", 1): mp.mpf(1) / 2, ("crossing_speed",): mp.mpf(-2) / 3,
        }  # fmt: skip


def false_claims(root: Path) -> Iterator[Forgery]:
    document = read(root / FILE)
    claims, bounds = document["claims"], document["bounds"]
    for place, value in truths().items():
        pair = claims[place[0]] if len(place) == 1 else claims[place[0]][place[1]]
        for what, forgery in false_enclosures(pair, value):
            yield f"{place}: {what}", setting(FILE, (("claims", *place), forgery))
    for key in ("second_lyapunov_coefficient", "determinant", "crossing_speed"):
        yield f"{key} around 0", setting(FILE, (("claims", key), ["-100", "100"]))
    yield "omega around 0", setting(FILE, (("claims", "omega"), ["-1", "1"]))
    for key, count in (("unstable", 1), ("stable", 1)):
        yield key, setting(FILE, (("claims", key), count))
    yield "a gap of nothing", setting(FILE, (("claims", "spectral_gap"), "0.1"))
    yield "kind", setting(FILE, (("claims", "kind"), "hopf"))
    yield "one parameter", setting(FILE, (("claims", "parameters"), claims["parameters"][:1]))
    yield "three parameters", setting(FILE, (("claims", "parameters"), [*claims["parameters"], ["0", "0"]]))
    yield "parameters exchanged", setting(FILE, (("claims", "parameters"), claims["parameters"][::-1]))
    for key in ("rho", "disc_radius", "Y", "Z", "r", "drift", "delta_left"):
        yield f"{key} smaller", setting(FILE, (("bounds", key), text(Fraction(bounds[key]) / 2**400, 20)))
        yield f"{key} negative", setting(FILE, (("bounds", key), "-" + bounds[key]))
    for key in ("isolation", "gap_0", "gap_1", "gap_2", "gap_3"):
        yield f"{key} larger", setting(FILE, (("bounds", key), "2"))
        yield f"{key} zero", setting(FILE, (("bounds", key), "0"))
    for key in ("Y", "Z", "rho"):
        yield f"{key} = 1", setting(FILE, (("bounds", key), "1"))
    for key in ("re_c1", "re_c1_slope", "re_c2", "q_norm_squared"):
        low, high = map(Fraction, bounds[key])
        yield f"{key}: moved", setting(FILE, (("bounds", key), [text(high + (high - low)), text(high + 2 * (high - low))]))
        if key != "re_c1":
            yield f"{key}: sign", setting(FILE, (("bounds", key), [text(-high), text(-low)]))
            yield f"{key}: around 0", setting(FILE, (("bounds", key), ["-100", "100"]))
    yield "a missing bound", lambda root: write(root / FILE, {**read(root / FILE), "bounds": {k: v for k, v in bounds.items() if k != "gap_1"}})
    for method in ("fold", "spectral", "newton-kantorovich", "neimark-sacker", "cusp"):
        yield f"method {method}", setting(FILE, (("method",), method))
    yield "another name", setting(FILE, (("id",), "bautin-0002"))
    yield "the name of a Hopf point", setting(FILE, (("id",), "hopf-0001"))


def false_witnesses(root: Path) -> Iterator[Forgery]:
    changes: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "zero": np.zeros_like, "negative": lambda a: -a, "doubled": lambda a: 2 * a, "shorter": lambda a: a[:-1],
        "turned": lambda a: a[::-1],
    }  # fmt: skip
    harmless = {("R", "doubled"), ("R", "turned"), ("d", "turned")}  # for which the same holds
    for key in ("centre", "direction", "phi", "A", "R", "X", "Y", "d"):
        for what, change in changes.items():
            if (key, what) not in harmless:
                yield f"{key}: {what}", limb_change(FILE, (key,), change)
    yield "R too large", limb_change(FILE, ("R",), lambda a: a * 2.0**72)
    yield "R: one of them 0", limb_change(FILE, ("R",), lambda a: np.append(a[:-1], 0.0))
    yield "R: one of them negative", limb_change(FILE, ("R",), lambda a: np.append(a[:-1], -a[-1]))
    yield "R too small", limb_change(FILE, ("R",), lambda a: a * 2.0**-80)
    yield "centre beside the curve", limb_change(FILE, ("centre",), lambda a: a + 1e-12)
    yield "direction of another curve", limb_change(FILE, ("direction",), lambda a: a + 1e-3)
    yield "A of less precision", limb_change(FILE, ("A",), lambda a: a + 0.5)
    for h in ("0", "-1e-39", "1e-15", "1e-3"):
        yield f"h = {h}", setting(FILE, (("witness", "h"), h))
    yield "h smaller than the distance", setting(FILE, (("witness", "h"), "1e-60"))
    yield "s elsewhere", setting(FILE, (("witness", "s"), "0.2500001"))
    yield "the other parameter", setting(FILE, (("witness", "along"), 0))
    yield "no such parameter", setting(FILE, (("witness", "along"), 2))
    yield "no such pair", setting(FILE, (("witness", "pair"), 1))
    yield "no pairs", setting(FILE, (("witness", "pairs"), 0))
    yield "more pairs", setting(FILE, (("witness", "pairs"), 2))


ARRAYS = ("centre", "direction", "begin", "end", "R", "phi", "A", "X", "Y", "d")


def stacked(root: Path) -> dict[str, np.ndarray]:
    """The arrays of the curve, by pieces."""
    witness = read(root / "branch.json")["witness"]["curves"][0]
    m = len(witness["pieces"])
    return {key: np.load(root / witness[key]["file"]).reshape(m, -1, witness[key]["shape"][1]) for key in ARRAYS}


def rewrite(root: Path, order: list[int], back: list[bool] | None = None, curves: int = 1) -> None:
    """The list with these pieces in this order, some of them passed backwards."""
    branch, arrays = read(root / "branch.json"), stacked(root)
    back = back or [False] * len(order)
    curve, witness = branch["claims"]["curves"][0], branch["witness"]["curves"][0]
    chosen = {key: array[order].copy() for key, array in arrays.items()}
    for i, turned in enumerate(back):
        if turned:
            chosen["begin"][i], chosen["end"][i] = chosen["end"][i].copy(), chosen["begin"][i].copy()
    for key, array in chosen.items():
        flat = array.reshape(-1, array.shape[-1])
        np.save(root / witness[key]["file"], flat)
        witness[key]["shape"] = list(flat.shape)
    witness["pieces"] = [witness["pieces"][i] for i in order]
    curve["pieces"] = [{**curve["pieces"][i], "direction": -1 if turned else 1} for i, turned in zip(order, back, strict=True)]
    branch["claims"]["curves"], branch["witness"]["curves"] = [curve] * curves, [witness] * curves
    write(root / "branch.json", branch)


def array_change(key: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        branch = read(root / "branch.json")
        reference = branch["witness"]["curves"][0][key]
        value = np.ascontiguousarray(change(np.load(root / reference["file"])))
        np.save(root / reference["file"], value)
        reference["shape"] = list(value.shape)
        write(root / "branch.json", branch)

    return edit


def of_branch(*changes: tuple[tuple[Any, ...], Any]) -> Callable[[Path], None]:
    return setting("branch.json", *changes)


def false_lists(root: Path) -> Iterator[Forgery]:
    claims = read(root / "branch.json")["claims"]
    pieces = claims["curves"][0]["pieces"]
    m, where, witness = len(pieces), ("claims", "curves", 0), ("witness", "curves", 0)
    middle = next(i for i, piece in enumerate(pieces) if piece["criticality"] == "changes")
    every = list(range(m))
    yield "an open end, complete", of_branch(((*where, "ends"), ["box", "open"]), ((*where, "reasons"), [None, "lost"]))
    yield "an open end without a reason", of_branch(((*where, "ends"), ["box", "open"]), (("claims", "complete"), False))
    yield "a reason of no open end", of_branch(((*where, "reasons"), [None, "lost"]))
    yield "closed", of_branch(((*where, "ends"), ["closed", "closed"]))
    yield "half closed", of_branch(((*where, "ends"), ["box", "closed"]))
    yield "three ends", of_branch(((*where, "ends"), ["box"] * 3), ((*where, "reasons"), [None] * 3))
    yield "unsettled, complete", of_branch((("claims", "unsettled"), [{"reason": "a", "code": "b"}]))
    yield "no curve, complete", of_branch((("claims", "curves"), []), (("witness", "curves"), []))
    yield "no piece", of_branch(((*where, "pieces"), []))
    yield "another box", of_branch((("claims", "box"), [claims["box"][0], ["0.1", "0.2"]]))
    yield "box exchanged", of_branch((("claims", "box"), claims["box"][::-1]))
    yield "a point left out", of_branch((("claims", "points"), []))
    yield "a point elsewhere", of_branch((("claims", "points", 0, "parameters"), [["0.25", "0.25"], ["0.126", "0.127"]]))
    yield "one parameter of a point", of_branch((("claims", "points", 0, "parameters"), claims["points"][0]["parameters"][:1]))
    yield "method", of_branch((("method",), "pieces"))
    yield "the first piece left out", lambda root: rewrite(root, every[1:])
    yield "the last piece left out", lambda root: rewrite(root, every[:-1])
    yield "a piece in the middle left out", lambda root: rewrite(root, every[:3] + every[4:])
    yield "two pieces exchanged", lambda root: rewrite(root, [0, 2, 1, *every[3:]])
    yield "in the other order", lambda root: rewrite(root, every[::-1])
    yield "all backwards in the same order", lambda root: rewrite(root, every, [True] * m)
    yield "there and back", lambda root: rewrite(root, [*every[:3], *every[2::-1]], [False] * 3 + [True] * 3)
    yield "there and back, without turning", lambda root: rewrite(root, [*every[:3], *every[2::-1]])
    yield "the curve twice", lambda root: rewrite(root, every, curves=2)
    for i in (0, middle - 1, middle + 1, m - 1):
        other = {"supercritical": "subcritical", "subcritical": "supercritical"}[pieces[i]["criticality"]]
        yield f"piece {i}: {other}", of_branch(((*where, "pieces", i, "criticality"), other))
        moved = {**pieces[i], "criticality": "changes", "point": NAME}
        yield f"piece {i}: changes", of_branch(((*where, "pieces", i), moved))
        left = {**pieces[middle], "criticality": pieces[i]["criticality"], "point": None}
        yield f"the point on piece {i}", of_branch(((*where, "pieces", i), moved), ((*where, "pieces", middle), left))
    for sign in ("supercritical", "subcritical"):
        yield f"in the middle {sign}", of_branch(((*where, "pieces", middle, "criticality"), sign), ((*where, "pieces", middle, "point"), None))
    yield "a change without a point", of_branch(((*where, "pieces", middle, "point"), None))
    yield "a change at no point", of_branch(((*where, "pieces", middle, "point"), "bautin-0002"))
    low, high = map(Fraction, pieces[1]["interval"])
    yield "interval beyond s +- h", of_branch(((*where, "pieces", 1, "interval"), [text(low), text(high + (high - low) / 1000)]))
    yield "interval with a gap", of_branch(((*where, "pieces", 1, "interval"), [text(low), text(high - (high - low) / 1000)]))
    yield "interval of a point", of_branch(((*where, "pieces", 1, "interval"), [text(low), text(low)]))
    at = pieces[middle]["interval"]
    yield "interval without the point", of_branch(((*where, "pieces", middle, "interval"), ["0.12500001", at[1]]))
    yield "interval reversed", of_branch(((*where, "pieces", 1, "interval"), [text(high), text(low)]))
    for key in ("other", "omega"):
        low, high = map(Fraction, pieces[1][key])
        yield f"{key} narrow", of_branch(((*where, "pieces", 1, key), [text((low + high) / 2), text(high)]))
        yield f"{key} beside", of_branch(((*where, "pieces", 1, key), [text(high), text(2 * high - low)]))
    yield "omega around 0", of_branch(((*where, "pieces", 1, "omega"), ["-1", "1"]))
    yield "unstable", of_branch(((*where, "pieces", 1, "unstable"), 1))
    yield "along", of_branch(((*where, "pieces", 1, "along"), 0))
    yield "along of the witness, too", of_branch(((*where, "pieces", 1, "along"), 0), ((*witness, "pieces", 1, "along"), 0))
    yield "direction", of_branch(((*where, "pieces", 1, "direction"), -1))
    yield "direction 0", of_branch(((*where, "pieces", 1, "direction"), 0))
    for h in ("0", "-0.001", "0.01"):
        yield f"h = {h}", of_branch(((*witness, "pieces", 1, "h"), h))
    yield "s elsewhere", of_branch(((*witness, "pieces", 1, "s"), "0.13"))
    yield "no such pair", of_branch(((*witness, "pieces", 1, "pair"), 1))
    yield "one piece of the witness left out", of_branch(((*witness, "pieces"), read(root / "branch.json")["witness"]["curves"][0]["pieces"][1:]))
    for key in ARRAYS:
        yield f"{key}: zero", array_change(key, np.zeros_like)
        yield f"{key}: negative", array_change(key, lambda a: -a)
        if key not in ("direction", "R", "phi"):  # which are nearly the same for all pieces
            yield f"{key}: turned", array_change(key, lambda a: a[::-1])
        yield f"{key}: shorter", array_change(key, lambda a: a[:-1])
    yield "begin beside the tube", array_change("begin", lambda a: a + 0.01)
    yield "end beside the curve", array_change("end", lambda a: a + 1e-7)
    yield "R small", array_change("R", lambda a: a / 2.0**30)
    yield "R large", array_change("R", lambda a: a * 2.0**20)


def false_problems(root: Path) -> Iterator[Forgery]:
    problem = read(root / "problem.json")
    for key, value in {
        "parameters": problem["parameters"][::-1], "equations": problem["equations"][::-1], "dimension": 3,
        "variables": ["x", "x"], "constants": [{"name": "g", "expression": "2"}],
    }.items():  # fmt: skip
        yield key, setting("problem.json", ((key,), value))
    yield "one parameter", setting("problem.json", (("parameters",), problem["parameters"][:1]))
    yield "three parameters", setting("problem.json", (("parameters",), [*problem["parameters"], {"name": "k", "interval": ["0", "1"]}]))
    yield "one name of two", setting("problem.json", (("parameters", 0, "name"), "n"))
    yield "an empty box", setting("problem.json", (("parameters", 0, "interval"), ["0.25", "0.25"]))
    yield "a wider box", setting("problem.json", (("parameters", 1, "interval"), ["0.12", "0.13"]))
    yield "a map", setting("problem.json", (("time",), "discrete"))

    def twice(root: Path) -> None:
        shutil.copy(root / FILE, root / "points/bautin-0002.json")
        write(root / "points/bautin-0002.json", placed(read(root / FILE), ("id",), "bautin-0002"))
        branch = read(root / "branch.json")
        listed = branch["claims"]["points"]
        write(root / "branch.json", placed(branch, ("claims", "points"), [*listed, {**listed[0], "id": "bautin-0002"}]))

    yield "the point twice", twice
    shift = [["0.2400", "0.2600"], ["0.2", "0.3"]]
    moved = [{**x, "interval": y} for x, y in zip(problem["parameters"], shift, strict=True)]
    yield "a curve outside of the box", together(setting("problem.json", (("parameters",), moved)), of_branch((("claims", "box"), shift)))

    def beside(name: str) -> Callable[[Path], None]:
        """The certificate again, under another name."""

        def copy(root: Path) -> None:
            (root / name).parent.mkdir(exist_ok=True)
            write(root / name, placed(read(root / FILE), ("id",), Path(name).stem))

        return copy

    def as_a_branch(root: Path) -> None:
        files = [x for x in root.iterdir() if x.name != "branches"]
        inner = root / "branches/branch-0002"
        inner.mkdir(parents=True)
        for x in files:
            (shutil.copytree if x.is_dir() else shutil.copy)(x, inner / x.name)

    for name in ("points/hopf-0001.json", "points/fold-0001.json", "orbits/orbit-0001.json", "points/bautin-1.json"):
        yield f"another file, {name}", beside(name)
    yield "a second branch", as_a_branch


def summary(root: Path) -> Json:
    """What is true of the bundle."""
    problem, branch, point = (read(root / name) for name in ("problem.json", "branch.json", FILE))
    kinds = [piece["criticality"] for piece in branch["claims"]["curves"][0]["pieces"]]
    keys = ("kind", "parameters", "omega", "second_lyapunov_coefficient", "determinant", "unstable", "stable")
    row = {"id": NAME, "status": "proved", "reason": None, "code": None, **{key: point["claims"][key] for key in keys}}
    return {
        "format": "proofgen-summary", "version": 1, "title": problem["title"], "dimension": 2, "status": "proved", "complete": True,
        "box": branch["claims"]["box"], "method": "hopf-curve", "unsettled": [], "options": {}, "timing": {}, "versions": {},
        "curves": [{"pieces": len(kinds), **{k: kinds.count(k) for k in ("supercritical", "subcritical")}, "ends": ["box", "box"]}],
        "points": [row | {"certificate": FILE, "tex": None}],
    }  # fmt: skip


def test_summaries(bundle: Path, tmp_path: Path) -> None:
    """The true one is accepted, and no other."""
    root = shutil.copytree(bundle, tmp_path / "bundle")
    good = summary(root)
    row, curve = good["points"][0], good["curves"][0]
    assert verdict(root, good) == 0
    false: list[Json] = [
        {"complete": False, "status": "incomplete"}, {"status": "incomplete"}, {"curves": []}, {"curves": [curve, curve]},
        {"curves": [{**curve, "supercritical": 0}]}, {"curves": [{**curve, "ends": ["closed", "closed"]}]}, {"box": good["box"][::-1]},
        {"points": []}, {"points": [row, {**row, "id": "bautin-0002"}]}, {"points": [{**row, "second_lyapunov_coefficient": ["1", "2"]}]},
        {"points": [{**row, "kind": "hopf"}]}, {"points": [{**row, "status": "undecided"}]}, {"unsettled": [{"reason": "a", "code": "b"}]},
        {"title": "another"}, {"dimension": 3}, {"interval": None}, {"real_crossings": []}, {"method": "pieces"}, {"orbits": []},
    ]  # fmt: skip
    assert [verdict(root, good | change) for change in false] == [1] * len(false)


def verdict(root: Path, said: Json) -> int:
    write(root / "summary.json", said)
    report = full.check_path(root)
    assert "defect of the checker" not in full.table(report)
    return int(report.exit_code)


CERTIFIED = Path(__file__).parents[2] / "proofs" / "certificates" / "two-parameters-fitzhugh-nagumo"


def test_a_curve_that_turns_back(tmp_path: Path) -> None:
    """A true list whose pieces run along both parameters, passed backwards; and chains that turn back on themselves where the
    parameter changes, so that both ends are one exit from the box."""
    pieces = read(CERTIFIED / "branch.json")["claims"]["curves"][0]["pieces"]
    every, along = list(range(len(pieces))), [piece["along"] for piece in pieces]
    ways = [piece["direction"] for piece in pieces]
    turns = [i for i in every[:-1] if along[i] != along[i + 1]]
    assert turns and len(set(ways)) == 1  # as `rewrite` supposes
    found = []
    for order, back in [
        (every, [False] * len(every)), (every[::-1], [True] * len(every)),
        *(([*every[: i + 2], *every[i::-1]], [False] * (i + 1) + [True] * (i + 2)) for i in turns),
        *(([*every[: i + 2], *every[i::-1]], [False] * (i + 2) + [True] * (i + 1)) for i in turns),
    ]:  # fmt: skip
        root = tmp_path / str(len(found))
        shutil.copytree(CERTIFIED, root, ignore=shutil.ignore_patterns("summary.json", "MANIFEST.sha256", "*.tex", "*.pdf"))
        rewrite(root, order, back)
        rehash(root)
        found.append(full.check_path(root).exit_code)
    assert found == [0, 0] + [1] * (2 * len(turns))


@pytest.mark.parametrize("kind", [false_claims, false_witnesses, false_lists, false_problems])
def test_none_is_accepted(kind: Callable[[Path], Iterator[Forgery]], bundle: Path, tmp_path: Path, tried: Counter[str], count: int | None) -> None:
    found = accepted(kind(bundle), bundle, tmp_path, tried, "forged Bautin points and curves", count=count, seed=kind.__name__)
    assert not found, "\n".join(found)
