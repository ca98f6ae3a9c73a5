"""Forged certificates of folds: each claim, bound and array changed to what is false or proves nothing. None is accepted."""

from __future__ import annotations

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
from forgeries import Forgery, accepted, false_enclosures, limb_change, placed, setting, text

from proofgen import api
from proofgen.spec.load import load_text
from proofgen.strategy import cover

NAME = "fold-0001"
FILE = f"points/{NAME}.json"
# u' = −u + 2 tanh u + γ beside two slow directions: the fold on the left has γ* = √2 − artanh(1/√2), a = 1/√2, b = 1
SPEC = """
[network]
family = "equations"
variables = ["x", "y", "z"]
equations = ["-x + 2*tanh(x) + gamma", "-0.5*y + 0.25*z", "0.25*y + 0.75*z"]
start = ["-1.5", "0", "0"]
[parameter]
interval = ["-0.9", "1"]
"""


# the same f as F − x: multipliers 1 + λ, one outside and one inside of the circle, as far from it as λ from the axis
AS_MAP = SPEC.replace('variables', 'time = "discrete"\nvariables').replace('"-x +', '"').replace('"-0.5*y', '"0.5*y').replace(
    "0.75*z", "1.75*z")  # fmt: skip


@pytest.fixture(scope="module", params=[SPEC, AS_MAP], ids=["flow", "map"])
def bundle(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("fold") / "bundle"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cover, "with_arcs", lambda *arguments: None)  # of the list alone, which is not complete
        result = api.prove(load_text(request.param), out, check=False)
    assert [row.id for row in result.bundle.summary.proved] == ["fold-0001", "fold-0002"]
    assert full.check_path(out).exit_code == 0
    return out


def truths(claims: Any) -> dict[tuple[Any, ...], mp.mpf]:
    """By hand: with q = ±e_1 all is as in one dimension."""
    with mp.workdps(60):
        x, root = mp.atanh(1 / mp.sqrt(2)), mp.sqrt(2)
        sign = -1 if claims["solutions_for"] == "above" else 1
        found = {("parameter",): sign * (root - x), ("a",): sign / root, ("b",): mp.mpf(1)}
        return found | {("equilibrium", i): value for i, value in enumerate((-sign * x, mp.mpf(0), mp.mpf(0)))}


def false_claims(root: Path) -> Iterator[Forgery]:
    document = read(root / FILE)
    claims, bounds = document["claims"], document["bounds"]
    for place, value in truths(claims).items():
        pair = claims[place[0]] if len(place) == 1 else claims[place[0]][place[1]]
        for what, forgery in false_enclosures(pair, value):
            yield f"{place}: {what}", setting(FILE, (("claims", *place), forgery))
    other = {"above": "below", "below": "above"}[claims["solutions_for"]]
    low, high = claims["a"]
    yield "side", setting(FILE, (("claims", "solutions_for"), other))
    yield "side and a", setting(FILE, (("claims", "solutions_for"), other), (("claims", "a"), [text(-Fraction(high)), text(-Fraction(low))]))
    yield "a around 0", setting(FILE, (("claims", "a"), ["-10", "10"]))
    yield "b around 0", setting(FILE, (("claims", "b"), ["-10", "10"]))
    for change in (("unstable", 0), ("unstable", 2), ("stable", 0), ("stable", 2)):
        yield f"{change}", setting(FILE, (("claims", change[0]), change[1]))
    yield "counts exchanged", setting(FILE, (("claims", "unstable"), claims["stable"] + 1), (("claims", "stable"), claims["unstable"] - 1))
    yield "gap", setting(FILE, (("claims", "spectral_gap"), "0.6"))  # the others are 0.797… and −0.547…
    yield "gap 0", setting(FILE, (("claims", "spectral_gap"), "0"))
    yield "no gap", setting(FILE, (("claims", "spectral_gap"), None))
    yield "kind", setting(FILE, (("claims", "kind"), "hopf"))
    unique = Fraction(claims["uniqueness_radius"])
    yield "unique farther", setting(FILE, (("claims", "uniqueness_radius"), text(unique * Fraction(1001, 1000))))
    yield "unique in less than r", setting(FILE, (("claims", "uniqueness_radius"), text(unique / 2**120)))
    yield "unique in 0", setting(FILE, (("claims", "uniqueness_radius"), "0"))
    for key in ("rho", "disc_radius", "Y", "Z", "r"):
        yield f"{key} smaller", setting(FILE, (("bounds", key), text(Fraction(bounds[key]) / 2**90)))
        yield f"{key} negative", setting(FILE, (("bounds", key), "-" + bounds[key]))
    yield "Z = 1", setting(FILE, (("bounds", "Z"), "1"))
    yield "Y = 1", setting(FILE, (("bounds", "Y"), "1"))
    yield "rho = 1", setting(FILE, (("bounds", "rho"), "1"))
    for key in ("bend", "overlap", "v_norm_squared"):
        low, high = map(Fraction, bounds[key])
        yield f"{key}: sign", setting(FILE, (("bounds", key), [text(-high), text(-low)]))
        yield f"{key}: around 0", setting(FILE, (("bounds", key), ["-100", "100"]))
        yield f"{key}: moved", setting(FILE, (("bounds", key), [text(high + (high - low)), text(high + 2 * (high - low))]))
    yield "a missing bound", lambda root: write(root / FILE, {**read(root / FILE), "bounds": {k: v for k, v in bounds.items() if k != "Z"}})
    yield "another method", setting(FILE, (("method",), "spectral"))
    yield "an unknown method", setting(FILE, (("method",), "cusp"))
    yield "another name", setting(FILE, (("id",), "fold-0002"))


def false_witnesses(root: Path) -> Iterator[Forgery]:
    document = read(root / FILE)
    changes: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "zero": np.zeros_like, "negative": lambda a: -a, "doubled": lambda a: 2 * a, "shorter": lambda a: a[:-1],
        "turned": lambda a: a[::-1],
    }  # fmt: skip
    harmless = {("R", "doubled"), ("R", "turned"), ("d", "doubled")}  # for which the same holds
    for key in ("x", "v", "phi", "A", "R", "left", "X", "Y", "d"):
        for what, change in changes.items():
            if (key, what) not in harmless:
                yield f"{key}: {what}", limb_change(FILE, (key,), change)
    yield "R: 2^12 times", limb_change(FILE, ("R",), lambda a: a * 2.0**12)
    yield "R: one of them 0", limb_change(FILE, ("R",), lambda a: np.append(a[:-1], 0.0))
    yield "R: one of them negative", limb_change(FILE, ("R",), lambda a: np.append(a[:-1], -a[-1]))
    yield "A of less precision", limb_change(FILE, ("A",), lambda a: a + 0.5)
    for k in {0, 1, 2} - {document["witness"]["index"]}:
        yield f"index {k}", setting(FILE, (("witness", "index"), k))
    yield "index n", setting(FILE, (("witness", "index"), 3))
    yield "pairs", setting(FILE, (("witness", "pairs"), 1))
    yield "gamma elsewhere", setting(FILE, (("witness", "gamma"), "0.25"))


def false_branches(root: Path) -> Iterator[Forgery]:
    branch = read(root / "branch.json")
    points = branch["claims"]["points"]
    yield "complete", setting("branch.json", (("claims", "complete"), True))
    yield "complete, nothing unsettled", setting("branch.json", (("claims", "complete"), True), (("claims", "unsettled"), []))
    yield "one left out", setting("branch.json", (("claims", "points"), points[:1]))
    yield "in another order", setting("branch.json", (("claims", "points"), points[::-1]))
    yield "an enclosure elsewhere", setting("branch.json", (("claims", "points", 0, "parameter"), points[1]["parameter"]))
    pieces = branch["witness"]["pieces"]
    forged_piece = {**pieces[0], "kind": "hopf", "index": 0, "point": NAME}
    yield "a piece with a fold", setting("branch.json", (("witness", "pieces", 0), forged_piece))

    def twice(root: Path) -> None:
        """fold-0001 again as fold-0002, with the old one as fold-0003."""
        one, two = (read(root / f"points/fold-000{k}.json") for k in (1, 2))
        write(root / "points/fold-0002.json", {**one, "id": "fold-0002"})
        write(root / "points/fold-0003.json", {**two, "id": "fold-0003"})
        listed = [points[0], {**points[0], "id": "fold-0002"}, {**points[1], "id": "fold-0003"}]
        write(root / "branch.json", placed(read(root / "branch.json"), ("claims", "points"), listed))

    def as_hopf(root: Path) -> None:
        one = read(root / FILE)
        (root / FILE).unlink()
        write(root / "points/hopf-0001.json", {**one, "id": "hopf-0001"})
        listed = [{**points[0], "id": "hopf-0001"}, *points[1:]]
        write(root / "branch.json", placed(read(root / "branch.json"), ("claims", "points"), listed))

    yield "the same fold twice", twice
    yield "a fold under the name of a Hopf point", as_hopf


@pytest.mark.parametrize("kind", [false_claims, false_witnesses, false_branches])
def test_none_is_accepted(kind: Callable[[Path], Iterator[Forgery]], bundle: Path, tmp_path: Path, tried: Counter[str], count: int | None) -> None:
    twice = {"the same fold twice": ("two points, not one: their enclosures of gamma and the equilibrium overlap",)}
    reasons = twice if kind is false_branches else {}
    found = accepted(kind(bundle), bundle, tmp_path, tried, "forged folds", reasons=reasons, count=count, seed=kind.__name__)
    assert not found, "\n".join(found)
