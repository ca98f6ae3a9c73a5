"""Forged branches with folds: sheets, arcs, ends and claims changed to what is false or proves nothing. None is accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from campaign import full
from check_tools import read, write
from forgeries import Forgery, accepted, forged, limb_change, setting, text

from proofgen import api
from proofgen.spec.load import load_text

FILE = "branch.json"
# u = x − 2 tanh x: two folds, three sheets; the pair has the real part (x − 3/10)/4, so that a Hopf point is on the middle one
SPEC = """
[network]
family = "equations"
variables = ["x", "y", "z"]
equations = ["-x + 2*tanh(x) + u", "c*y - z - y*(y**2 + z**2)", "y + c*z - z*(y**2 + z**2)"]
definitions = { c = "(x - 0.3)/4" }
start = ["-2.5", "0", "0"]
[parameter]
name = "u"
interval = ["-0.7", "0.7"]
"""


# the same folds of a map, with the multipliers (1 + (x − 3/10)/4) e^{±iθ}, cos θ = 3/5
AS_MAP = SPEC.replace("variables", 'time = "discrete"\nvariables').replace('"-x +', '"').replace("(x - 0.3)/4", "1 + (x - 0.3)/4").replace(
    '"c*y - z - y*(y**2 + z**2)", "y + c*z - z*(y**2 + z**2)"', '"c*(3*y - 4*z)/5 - y*(y**2 + z**2)", "c*(4*y + 3*z)/5 - z*(y**2 + z**2)"')


@pytest.fixture(scope="module", params=[SPEC, AS_MAP], ids=["flow", "map"])
def bundle(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("arcs") / "bundle"
    result = api.prove(load_text(request.param), out, check=False)
    assert result.bundle.summary.complete and result.bundle.branch.method == "arcs"
    middle = "ns-0001" if result.problem.discrete else "hopf-0001"
    assert [row.id for row in result.bundle.summary.proved] == ["fold-0001", middle, "fold-0002"]
    return out


@pytest.fixture(scope="module")
def parabola(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """x = ∓√−u: both ends on the left."""
    out = tmp_path_factory.mktemp("parabola") / "bundle"
    text = SPEC.replace("-x + 2*tanh(x) + u", "u + x**2").replace("-0.7", "-1").replace("-2.5", "-1").replace("0.3", "3")
    assert api.prove(load_text(text), out, check=False).bundle.summary.complete
    return out


def set_all(change: Callable[[Any], Any]) -> Callable[[Path], None]:
    """A change of the document."""
    return lambda root: write(root / FILE, change(read(root / FILE)))


def false_claims(root: Path) -> Iterator[Forgery]:
    branch = read(root / FILE)
    claims = branch["claims"]
    for key in ("start", "end"):
        for what, box in {
            "elsewhere": [[text(Fraction(x) + 1) for x in pair] for pair in claims[key]],
            "wide": [["-10", "10"]] * 3, "shorter": claims[key][:2], "none": None,
            "a point": [[pair[0], pair[0]] for pair in claims[key]],
            "the other": claims["end" if key == "start" else "start"],
        }.items():  # fmt: skip
            yield f"{key}: {what}", setting(FILE, (("claims", key), box))
    yield "ends exchanged", setting(FILE, (("claims", "start"), claims["end"]), (("claims", "end"), claims["start"]))
    yield "another interval", setting(FILE, (("claims", "interval"), ["-0.6", "0.7"]))
    yield "not complete", setting(FILE, (("claims", "complete"), False))
    yield "something unsettled", setting(FILE, (("claims", "unsettled"), [{"interval": ["0", "0.1"], "reason": "x", "code": "fold"}]))
    yield "a real crossing", setting(FILE, (("claims", "real_crossings"), [["0", "0.1"]]))
    yield "a point left out", setting(FILE, (("claims", "points"), claims["points"][1:]))
    yield "points in another order", setting(FILE, (("claims", "points"), claims["points"][::-1]))
    yield "another method", setting(FILE, (("method",), "pieces"))


def false_sheets(root: Path) -> Iterator[Forgery]:
    witness = read(root / FILE)["witness"]
    sheets, pieces, arcs = witness["sheets"], witness["pieces"], witness["arcs"]
    a, b, *rest = sheets
    for what, value in {
        "one too many": [a + 1, b - 1, *rest], "one too few": [a - 1, b + 1, *rest], "none in one": [a + b, 0, *rest],
        "two sheets": [a, b + sum(rest)], "one sheet": [sum(sheets)], "four": [a, b - 1, 1, *rest], "a sum": [a, b, rest[0] + 1],
        "reversed": sheets[::-1] if sheets != sheets[::-1] else [a - 2, b + 2, *rest],
    }.items():  # fmt: skip
        yield f"sheets: {what}", setting(FILE, (("witness", "sheets"), value))
    for i, piece in enumerate(pieces):
        if piece["kind"] in ("hopf", "neimark-sacker"):
            clear = {**piece, "kind": "clear", "index": None, "point": None}
            yield f"piece {i}: its point left out", setting(FILE, (("witness", "pieces", i), clear))
            yield f"piece {i}: real", setting(FILE, (("witness", "pieces", i), {**clear, "kind": "real", "index": 2, "crossing": 0}))
    # where an arc goes on a sheet may end a little earlier
    harmless = {(a - 1, "right"), (a + b - 1, "right"), (a, "left"), (a + b, "left")}
    for i in (0, a - 1, a, a + b - 1, a + b, len(pieces) - 1):
        low, high = map(Fraction, pieces[i]["interval"])
        for what, pair in {"shorter on the left": ((3 * low + high) / 4, high), "shorter on the right": (low, (low + 3 * high) / 4),
                           "longer on the left": (low - (high - low), high), "longer on the right": (low, 2 * high - low)}.items():  # fmt: skip
            if what.startswith("shorter") and (i, what.split()[-1]) in harmless:
                continue
            yield f"piece {i}: {what}", setting(FILE, (("witness", "pieces", i, "interval"), [text(end) for end in pair]))
        yield f"piece {i}: radius", setting(FILE, (("witness", "pieces", i, "radius"), [1, 3]))
    yield "arcs exchanged", setting(FILE, (("witness", "arcs"), arcs[::-1]))
    yield "one arc twice", setting(FILE, (("witness", "arcs"), [arcs[0], arcs[0]]))
    yield "no arc", setting(FILE, (("witness", "arcs"), []))
    yield "one arc", setting(FILE, (("witness", "arcs"), arcs[:1]))
    yield "one arc, two sheets", setting(FILE, (("witness", "arcs"), arcs[:1]), (("witness", "sheets"), [a, b + sum(rest)]))
    first = {"pieces": pieces[: a + b], "sheets": [a, b], "arcs": arcs[:1]}
    yield "a part of it", set_all(lambda document: {**document, "witness": {**document["witness"], **first}})
    yield "no witness", setting(FILE, (("witness",), None))


def false_arcs(root: Path) -> Iterator[Forgery]:
    arcs = read(root / FILE)["witness"]["arcs"]
    changes: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "zero": np.zeros_like, "negative": lambda a: -a, "doubled": lambda a: 2 * a, "shorter": lambda a: a[:-1],
        "turned": lambda a: a[::-1],
    }  # fmt: skip
    harmless = {("phi", "negative"), ("v", "negative"), ("phi", "doubled"), ("d", "doubled"), ("R", "doubled")}

    def array(key: str, change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Path], None]:
        return limb_change(FILE, ("arcs", 0, key), change)

    for key in ("x", "v", "phi", "C", "R", "X", "Y", "d"):
        for what, change in changes.items():
            if (key, what) not in harmless:
                yield f"{key}: {what}", array(key, change)
    for power in (-20, -8, 8, 20):
        yield f"R: 2^{power} times", array("R", lambda a, power=power: a * 2.0**power)
    yield "R: one of them 0", array("R", lambda a: np.append(a[:-1], 0.0))
    yield "R: one of them negative", array("R", lambda a: np.append(a[:-1], -a[-1]))
    yield "C: another", array("C", lambda a: a + 1.0)
    m, e = arcs[0]["half_width"]
    for what, value in {"0": [0, 0], "negative": [-m, e], "a half": [m, e - 1], "32 times": [m, e + 5], "2^30 times": [m, e + 30]}.items():
        yield f"half_width {what}", setting(FILE, (("witness", "arcs", 0, "half_width"), value))
    yield "gamma elsewhere", setting(FILE, (("witness", "arcs", 0, "gamma"), [1, -2]))
    for name in ("fold-0001", "fold-0003", "hopf-0001", "x"):
        yield f"fold {name}", setting(FILE, (("witness", "arcs", 0, "fold"), name))
    for k in {0, 1, 2, 3} - {arcs[0]["index"]}:
        yield f"index {k}", setting(FILE, (("witness", "arcs", 0, "index"), k))
    yield "pairs 0", setting(FILE, (("witness", "arcs", 0, "pairs"), 0))
    yield "pairs 2", setting(FILE, (("witness", "arcs", 0, "pairs"), 2))


@pytest.mark.parametrize("kind", [false_claims, false_sheets, false_arcs])
def test_none_is_accepted(kind: Callable[[Path], Iterator[Forgery]], bundle: Path, tmp_path: Path, tried: Counter[str], count: int | None) -> None:
    few = None if count is None else count // 3  # three sheets are checked for each of them
    found = accepted(kind(bundle), bundle, tmp_path, tried, "forged arcs", count=few, seed=kind.__name__)
    assert not found, "\n".join(found)


def back_the_same_way(root: Path) -> None:
    """Sheet 0 once more in the place of sheet 1: everything joins, but both ends are one equilibrium."""
    document = read(root / FILE)
    claims, witness = document["claims"], document["witness"]
    size, all_ = witness["sheets"][0], sum(witness["sheets"])
    for key in ("x", "slope", "X", "Y", "d"):
        reference = witness[key]
        value = np.load(root / reference["file"])
        value = np.ascontiguousarray(np.vstack([value[: len(value) // all_ * size]] * 2))
        with (root / reference["file"]).open("wb") as stream:
            np.lib.format.write_array(stream, value, version=(1, 0), allow_pickle=False)
        witness[key] = {**reference, "shape": list(value.shape)}
    witness |= {"sheets": [size, size], "pieces": witness["pieces"][:size] * 2}
    claims["end"] = claims["start"]
    write(root / FILE, document)


def test_a_branch_that_goes_back_the_same_way(parabola: Path, tmp_path: Path, tried: Counter[str]) -> None:
    report = full.check_path(forged(parabola, tmp_path / "forged", back_the_same_way))
    tried["forged arcs"] += 1
    assert report.exit_code == 1
    assert "are not shown to be two equilibria" in " ".join(full.table(report).split())
