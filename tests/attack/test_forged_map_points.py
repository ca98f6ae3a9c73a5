"""Forged certificates of Neimark–Sacker points and flips: each claim, bound and array changed to what is false or proves
nothing. None is accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from campaign import full, short
from check_tools import read, write
from forgeries import Forgery, accepted, false_enclosures, forged, limb_change, placed, setting, text, without_time

from proofgen import api
from proofgen.bundle.read import load_bundle
from proofgen.coq.source import coq_source
from proofgen.errors import InputError
from proofgen.spec.load import load_text

# A pair g e^{±iθ}, cos θ = 3/5, a multiplier −(g + 1/5) and 1/2, around the fixed point x = g/2 + g²/10, y = w = v = 0. On the
# centre manifold of the pair v = 2|(x, y)|² + …, so that the cubic term is −1 + 2/4: a = 2·(−1/2)·3/5, at g = 1; on that
# of w it is 2 + 2/4 = c, at g = 4/5.
SPEC = """
[network]
family = "equations"
time = "discrete"
variables = ["x", "y", "w", "v"]
definitions = { r = "g/2 + g**2/10", p = "x - r", s = "p**2 + y**2" }
equations = [
    "r + g*(3*p - 4*y)/5 - p*s + p*v/4", "g*(4*p + 3*y)/5 - y*s + y*v/4",
    "-(g + 0.2)*w + 2*w**3 + w*v/4", "v/2 + s + w**2",
]
start = ["0.44", "0", "0", "0"]
[parameter]
name = "g"
interval = ["0.77", "1.03"]
"""
NS, FLIP = "points/ns-0001.json", "points/flip-0001.json"
KINDS = pytest.mark.parametrize("file", [NS, FLIP], ids=["neimark-sacker", "flip"])


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("map") / "bundle"
    result = api.prove(load_text(SPEC), out, check=False)
    assert [row.id for row in result.bundle.summary.proved] == ["flip-0001", "ns-0001"] and result.bundle.summary.complete
    assert full.check_path(out).exit_code == 0
    return out


def truths(file: str) -> dict[tuple[Any, ...], mp.mpf]:
    """By hand."""
    with mp.workdps(60):
        if file == FLIP:
            g, own = mp.mpf(4) / 5, {("multiplier_speed",): mp.mpf(-1), ("coefficient",): mp.mpf(5) / 2}
        else:
            g = mp.mpf(1)
            own = {("theta",): mp.acos(mp.mpf(3) / 5), ("log_modulus_speed",): mp.mpf(1), ("coefficient",): mp.mpf(-3) / 5}
        return own | {("parameter",): g} | {("equilibrium", i): x for i, x in enumerate((g / 2 + g**2 / 10, mp.mpf(0), mp.mpf(0), mp.mpf(0)))}


def test_the_truth(bundle: Path) -> None:
    for file, counts in ((NS, (1, 1)), (FLIP, (3, 0))):
        claims = read(bundle / file)["claims"]
        assert (claims["inside"], claims["outside"], claims["criticality"]) == (*counts, "supercritical")
        for place, value in truths(file).items():
            low, high = claims[place[0]] if len(place) == 1 else claims[place[0]][place[1]]
            assert mp.mpf(low) <= value <= mp.mpf(high)


def false_claims(root: Path, file: str) -> Iterator[Forgery]:
    document = read(root / file)
    claims, bounds = document["claims"], document["bounds"]
    for place, value in truths(file).items():
        pair = claims[place[0]] if len(place) == 1 else claims[place[0]][place[1]]
        for what, forgery in false_enclosures(pair, value):
            yield f"{place}: {what}", setting(file, (("claims", *place), forgery))
    low, high = claims["coefficient"]
    turned = [text(-Fraction(high)), text(-Fraction(low))]
    yield "criticality", setting(file, (("claims", "criticality"), "subcritical"))
    yield "criticality and sign", setting(file, (("claims", "criticality"), "subcritical"), (("claims", "coefficient"), turned))
    for key in ("coefficient", "log_modulus_speed" if file == NS else "multiplier_speed"):
        yield f"{key} around 0", setting(file, (("claims", key), ["-10", "10"]))
    for key in ("inside", "outside"):
        for change in (-1, 1):
            yield f"{key} {change:+}", setting(file, (("claims", key), max(0, claims[key] + change) if claims[key] + change >= 0 else 7))
    yield "counts exchanged", setting(file, (("claims", "inside"), claims["inside"] + 1), (("claims", "outside"), claims["outside"] - 1 if claims["outside"] else 2))
    yield "gap", setting(file, (("claims", "spectral_gap"), "0.201"))  # the nearest modulus is 1.2, or 0.8
    yield "gap 0", setting(file, (("claims", "spectral_gap"), "0"))
    yield "no gap", setting(file, (("claims", "spectral_gap"), None))
    yield "kind", setting(file, (("claims", "kind"), "flip" if file == NS else "neimark-sacker"))
    yield "coefficient name", setting(file, (("claims", "coefficient_name"), "c" if file == NS else "a"))
    yield "wider window", setting(file, (("claims", "window"), ["0.77", "1.03"]))
    yield "window elsewhere", setting(file, (("claims", "window"), ["0.9", "0.91"]))
    yield "no window", setting(file, (("claims", "window"), None))
    for key in ("rho", "branch_residual", "branch_radius", "window_disc_radius", "disc_radius", "delta_right", "delta_left"):
        if (file, key) != (FLIP, "delta_left"):  # that left eigenvector is known exactly
            yield f"{key} smaller", setting(file, (("bounds", key), text(Fraction(bounds[key]) / 2**90)))
        yield f"{key} negative", setting(file, (("bounds", key), "-1"))
    for key in ("branch_gap", "window_clearance", "gap_1", *(("gap_2", "isolation") if file == NS else ())):
        yield f"{key} larger", setting(file, (("bounds", key), text(Fraction(bounds[key]) * 4)))
        yield f"{key} 0", setting(file, (("bounds", key), "0"))
        yield f"{key} negative", setting(file, (("bounds", key), "-" + bounds[key]))
    for key in ("rho", "pq_defect"):
        yield f"{key} = 1", setting(file, (("bounds", key), "1"))
    for key in ("window_slope", "level", "q_norm_squared", *(("cosine",) if file == NS else ())):
        low, high = map(Fraction, bounds[key])
        yield f"{key}: moved", setting(file, (("bounds", key), [text(high + (high - low)), text(high + 2 * (high - low))]))
        if key != "level":
            yield f"{key}: around 0", setting(file, (("bounds", key), ["-100", "100"]))
    if file == NS:
        yield "1:3 not excluded", setting(file, (("bounds", "cosine"), ["-0.5", "0.7"]))
        yield "1:4 not excluded", setting(file, (("bounds", "cosine"), ["0", "0.7"]))
    for i, (low, high) in enumerate(bounds["terms"]):
        width = Fraction(high) - Fraction(low) or Fraction(1)
        yield f"terms[{i}]", setting(file, (("bounds", "terms", i), [text(Fraction(high) + width), text(Fraction(high) + 2 * width)]))
    yield "fewer terms", setting(file, (("bounds", "terms"), bounds["terms"][:1]))
    yield "a missing bound", lambda root: write(root / file, {**document, "bounds": {k: v for k, v in bounds.items() if k != "level"}})
    for method in ("spectral", "flip" if file == NS else "neimark-sacker", "fold", "zero-branch", "cusp"):
        yield f"method {method}", setting(file, (("method",), method))
    yield "another name", setting(file, (("id",), "ns-0002"))


def false_witnesses(root: Path, file: str) -> Iterator[Forgery]:
    witness = read(root / file)["witness"]
    changes: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "zero": np.zeros_like, "negative": lambda a: -a, "doubled": lambda a: 2 * a, "shorter": lambda a: a[:-1], "turned": lambda a: a[::-1],
    }  # fmt: skip
    for key in ("x", "slope", "X", "Y", "d"):
        for what, change in changes.items():
            yield f"{key}: {what}", limb_change(file, (key,), change)
    yield "x = 0", setting(file, (("witness", "x"), None), (("witness", "slope"), None), (("witness", "radius"), None))
    yield "no slope", setting(file, (("witness", "slope"), None))
    yield "radius 0", setting(file, (("witness", "radius"), "0"))
    yield "no radius", setting(file, (("witness", "radius"), None))
    yield "gamma elsewhere", setting(file, (("witness", "gamma"), "0.875"))
    yield "half_width 0", setting(file, (("witness", "half_width"), "0"))
    yield "half_width large", setting(file, (("witness", "half_width"), "0.3"))
    yield "pairs", setting(file, (("witness", "pairs"), 2))
    key = "pair" if file == NS else "index"
    for k in {0, 1, 2, 3, 4} - {witness[key]}:
        yield f"{key} {k}", setting(file, (("witness", key), k))


def false_branches(root: Path, file: str) -> Iterator[Forgery]:
    branch = read(root / "branch.json")
    points, pieces = branch["claims"]["points"], branch["witness"]["pieces"]
    name = Path(file).stem
    own = next(i for i, piece in enumerate(pieces) if piece["point"] == name)
    yield "one left out", setting("branch.json", (("claims", "points"), [point for point in points if point["id"] != name]))
    yield "in another order", setting("branch.json", (("claims", "points"), points[::-1]))
    yield "its piece clear", setting("branch.json", (("witness", "pieces", own), {**pieces[own], "kind": "clear", "index": None, "point": None}))
    for kind in ("hopf", "real", "neimark-sacker", "flip"):
        if kind != pieces[own]["kind"]:
            yield f"its piece {kind}", setting("branch.json", (("witness", "pieces", own, "kind"), kind))
    for index in {0, 1, 2, 3, 4} - {pieces[own]["index"]}:
        yield f"its piece with index {index}", setting("branch.json", (("witness", "pieces", own, "index"), index))
    yield "on another piece", setting("branch.json", (("witness", "pieces", 0), {**pieces[0], **{key: pieces[own][key] for key in ("kind", "index", "point")}}))
    yield "by another method", setting("branch.json", (("method",), "lyapunov-pieces"))
    yield "zero-branch", setting("branch.json", (("method",), "zero-branch"))
    yield "a real crossing", setting("branch.json", (("claims", "real_crossings"), [points[0]["parameter"]]))

    def twice(root: Path) -> None:
        one, other = read(root / file), name[:-1] + "2"
        write(root / f"points/{other}.json", {**one, "id": other})
        listed = [entry for point in points for entry in ([point, {**point, "id": other}] if point["id"] == name else [point])]
        write(root / "branch.json", placed(placed(read(root / "branch.json"), ("claims", "points"), listed), ("claims", "complete"), False))

    yield "the same point twice", twice
    yield "a flow", without_time
    yield "another time", setting("problem.json", (("time",), "continuous"))


@KINDS
@pytest.mark.parametrize("kind", [false_claims, false_witnesses, false_branches])
def test_none_is_accepted(kind: Callable[[Path, str], Iterator[Forgery]], file: str, bundle: Path, tmp_path: Path, tried: Counter[str], count: int | None) -> None:
    whole = kind is false_branches
    reasons = {"the same point twice": ("are not shown to be two", "not one: their enclosures of gamma")} if whole else {}
    found = accepted(kind(bundle, file), bundle, tmp_path, tried, "forged points of maps", checked="." if whole else file, reasons=reasons, count=count, seed=kind.__name__)
    assert not found, "\n".join(found)


@KINDS
def test_a_flow_is_refused_as_such(file: str, bundle: Path, tmp_path: Path) -> None:
    """The methods of a map are of no flow, and those of flows of no map, whatever else holds."""
    report = full.check_path(forged(bundle, tmp_path / "flow", without_time))
    assert report.exit_code == 1 and "is not for a flow" in " ".join(full.table(report).split())
    report = full.check_path(forged(bundle, tmp_path / "hopf", setting("branch.json", (("method",), "lyapunov-pieces"))))
    assert report.exit_code in (1, 2, 3)


RNN = """
[network]
family = "rnn"
weight_hh = [["0.6", "-0.8"], ["0.8", "0.6"]]
bias = ["0.1", "0"]
alpha = "0.5"
[parameter]
enters = { gain = "weight_hh" }
interval = ["0.9", "1.9"]
"""
GOOD = Path(__file__).parents[1] / "certificates" / "good"


def test_networks_in_discrete_time(tmp_path: Path, tried: Counter[str]) -> None:
    """Another leak, α or time in problem.json; and networks in continuous time that are called maps."""
    result = api.prove(load_text(RNN), tmp_path / "rnn", check=False)
    assert [row.id for row in result.bundle.summary.proved] == ["ns-0001"] and result.bundle.summary.complete
    assert full.check_path(forged(tmp_path / "rnn", tmp_path / "forged", lambda root: None)).exit_code == 0

    forgeries = [
        without_time, setting("problem.json", (("leak",), "0.5")), setting("problem.json", (("leak",), None)),
        setting("problem.json", (("leak",), "-0.25")), setting("problem.json", (("time",), "continuous")),
        setting("problem.json", (("arrays", "W2", "entries"), [["0.4", "0"], ["0", "0.4"]])),
    ]  # fmt: skip
    for change in forgeries:
        tried["forged points of maps"] += 1
        assert full.check_path(forged(tmp_path / "rnn", tmp_path / "forged", change)).exit_code in (1, 2, 3)
    for name in ("bias", "hopfield-spectral", "hopfield-newton-kantorovich", "adversarial-two-layer-spectral"):
        change = setting("problem.json", (("time",), "discrete"))
        report = full.check_path(forged(GOOD / name, tmp_path / "forged", change))
        assert report.exit_code in (1, 2, 3), name


def called_a_map(root: Path) -> None:
    """The problem of a flow as that of a map with the same f = F − x, so that its witnesses are those of the map."""
    document = read(root / "problem.json")
    leak = Fraction(document["leak"] or 0) - 1
    write(root / "problem.json", {**document, "time": "discrete", "leak": text(leak)})


@pytest.mark.parametrize("name", [
    "n4-printed", "real-crossing", "interval", "hopfield-spectral", "hopfield-newton-kantorovich", "adversarial-two-layer-spectral",
])  # fmt: skip
def test_what_is_proved_of_a_flow_is_not_of_the_map_with_the_same_f(name: str, tmp_path: Path, tried: Counter[str]) -> None:
    """By neither checker; no document is made of it, and none for Coq."""
    root = forged(GOOD / name, tmp_path / "map", called_a_map)
    tried["forged points of maps"] += 1
    report = full.check_path(root)
    assert report.exit_code == 1 and "is not for a map" in " ".join(full.table(report).split())
    if read(root / "branch.json")["method"] == "zero-branch":
        assert short.main([str(root)]) == 1
    for made in (load_bundle, coq_source):
        with pytest.raises(InputError, match="not for maps"):
            made(root)


@KINDS
def test_what_is_proved_of_a_map_is_not_read_as_of_a_flow(file: str, bundle: Path, tmp_path: Path) -> None:
    def as_flow(root: Path) -> None:
        document = read(root / "problem.json")
        del document["time"]
        pairs = zip(document["equations"], document["variables"], strict=True)
        write(root / "problem.json", {**document, "equations": [f"{equation} - {name}" for equation, name in pairs]})

    root = forged(bundle, tmp_path / "flow", as_flow)
    assert full.check_path(root / file).exit_code == full.check_path(root).exit_code == 1
    with pytest.raises(InputError, match="not for flows"):
        load_bundle(root)
