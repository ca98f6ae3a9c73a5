"""Forged certificates of lines and poles: each claim, bound and array changed to what is false or proves nothing. Neither
checker accepts one."""

from __future__ import annotations

import contextlib
import io
import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from campaign import full, short
from check_tools import read, rehash, write
from forgeries import Forgery, false_enclosures, limb_change, placed, setting, text

from proofgen import api
from proofgen.spec.load import load_text

# the real eigenvalues 1/2, with the left row (1, 0, 0, 0), and −1, beside a pair 1/4 ± …i
W = [["0.5", "0", "0", "0"], ["0.25", "0.5", "2", "0"], ["2", "-1", "0", "0"], ["0", "0", "0", "-1"]]
BIAS = ["2", "0", "1", "0.5"]
KINDS = pytest.mark.parametrize("name", ["line-0001", "pole-0001"])


def spec(bias: list[str] | None) -> str:
    b = "" if bias is None else f"bias = {json.dumps(bias)}\n"
    return f'[network]\nfamily = "asymmetric-rnn"\nR1 = {json.dumps([["0"] * 4] * 4)}\nR2 = {json.dumps(W)}\n{b}'


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each has two real crossings; the first certificate is that of μ = 1/2."""
    found = {}
    for name, bias in (("line-0001", None), ("pole-0001", BIAS)):
        out = tmp_path_factory.mktemp(name) / "bundle"
        result = api.prove(load_text(spec(bias)), out)
        assert result.bundle.summary.complete and len(result.bundle.summary.real_crossings) == 2
        found[name] = out
    return found


def truths(name: str) -> dict[tuple[Any, ...], mp.mpf]:
    """Of μ = 1/2: q = (1, …) by a linear system."""
    with mp.workdps(60):
        A = mp.matrix([[mp.mpf(x) for x in row] for row in W])
        q = mp.lu_solve((A - mp.eye(4) / 2)[1:4, 1:4], -A[1:4, 0])
        q = mp.matrix([1, *q])
        assert mp.norm(A * q - q / 2) < mp.mpf(10) ** -50
        found: dict[tuple[Any, ...], mp.mpf] = {("parameter",): mp.mpf(-1) / 2, ("eigenvalue_speed",): mp.mpf(1)}
        if name.startswith("pole"):  # l = (1, 0, 0, 0)
            r = -2 * q
            return found | {("coefficient",): mp.norm(r)} | {("residue", i): r[i] for i in range(4)}
        return found | {("direction", i): q[i] / mp.norm(q) for i in range(4)}


@KINDS
def test_the_truth(name: str, bundles: dict[str, Path]) -> None:
    claims = read(bundles[name] / f"points/{name}.json")["claims"]
    sign = None
    for place, value in truths(name).items():
        pair = claims[place[0]] if len(place) == 1 else claims[place[0]][place[1]]
        if place[0] == "direction":
            sign = sign or (1 if (Fraction(pair[0]) > 0) == (value > 0) else -1)
            value = sign * value
        assert mp.mpf(pair[0]) <= value + mp.mpf(10) ** -40 and value - mp.mpf(10) ** -40 <= mp.mpf(pair[1])
    assert (claims["unstable"], claims["stable"]) == (0, 3)


def false_claims(root: Path, name: str) -> Iterator[Forgery]:
    file, vector = f"points/{name}.json", "residue" if name.startswith("pole") else "direction"
    document = read(root / file)
    claims, bounds = document["claims"], document["bounds"]
    for place, value in truths(name).items():
        if place[0] != "direction":
            pair = claims[place[0]] if len(place) == 1 else claims[place[0]][place[1]]
            for what, forgery in false_enclosures(pair, value):
                yield f"{place}: {what}", setting(file, (("claims", *place), forgery))
    low, high = map(Fraction, claims[vector][1])
    yield "an entry moved", setting(file, (("claims", vector, 1), [text(2 * high - low), text(3 * high - 2 * low)]))
    yield "an entry turned", setting(file, (("claims", vector, 1), [text(-high), text(-low)]))
    yield "entries exchanged", setting(file, (("claims", vector), claims[vector][::-1]))
    yield "a vector of three", setting(file, (("claims", vector), claims[vector][:3]))
    yield "no vector", setting(file, (("claims", vector), []))
    if vector == "direction":
        yield "a direction around 0", setting(file, (("claims", vector), [["-1", "1"]] * 4))
        yield "twice the direction", setting(file, (("claims", vector), [[text(2 * Fraction(x)) for x in pair] for pair in claims[vector]]))
    else:
        low, high = map(Fraction, claims["coefficient"])
        yield "a coefficient around 0", setting(file, (("claims", "coefficient"), ["-10", "10"]))
        yield "a coefficient from 0 on", setting(file, (("claims", "coefficient"), ["0", "10"]))
        yield "a negative coefficient", setting(file, (("claims", "coefficient"), [text(-high), text(-low)]))
        yield "left_bias around 0", setting(file, (("bounds", "left_bias"), ["-10", "10"]))
        low, high = map(Fraction, bounds["left_bias"])
        yield "left_bias moved", setting(file, (("bounds", "left_bias"), [text(2 * high - low), text(3 * high - 2 * low)]))
        yield "left_bias null", setting(file, (("bounds", "left_bias"), None))
        yield "another coefficient name", setting(file, (("claims", "coefficient_name"), "a"))
    yield "a speed around 0", setting(file, (("claims", "eigenvalue_speed"), ["-10", "10"]))
    for key, change in (("unstable", 1), ("unstable", 2), ("stable", 2), ("stable", 4)):
        yield f"{key} {change}", setting(file, (("claims", key), change))
    yield "counts exchanged", setting(file, (("claims", "unstable"), 3), (("claims", "stable"), 0))
    for value in ("0.2500001", "0", "-1"):
        yield f"gap {value}", setting(file, (("claims", "spectral_gap"), value))
        yield f"separation {value}", setting(file, (("bounds", "separation"), value))
    yield "no gap", setting(file, (("claims", "spectral_gap"), None))
    other = "line" if vector == "residue" else "pole"
    yield "kind", setting(file, (("claims", "kind"), other))
    yield "an equilibrium", lambda root: write(root / file, placed(document, ("claims", "equilibrium"), [["0", "0"]] * 4))
    for key in ("rho", "norm_N", "disc_radius", "delta_right", "delta_left", "pq_defect"):
        if Fraction(bounds[key]) and key not in ("delta_left", "pq_defect"):  # of a left eigenvector that is known exactly
            yield f"{key} smaller", setting(file, (("bounds", key), text(Fraction(bounds[key]) / 2**90)))
        yield f"{key} negative", setting(file, (("bounds", key), "-1"))
        yield f"{key} null", setting(file, (("bounds", key), None))
    for key in ("rho", "pq_defect"):
        yield f"{key} = 1", setting(file, (("bounds", key), "1"))
    for key in ("eigenvalue", "q_norm_squared"):
        low, high = map(Fraction, bounds[key])
        yield f"{key} moved", setting(file, (("bounds", key), [text(2 * high - low + 1), text(3 * high - 2 * low + 1)]))
    yield "q_norm_squared around 0", setting(file, (("bounds", "q_norm_squared"), ["-100", "100"]))
    yield "a missing bound", lambda root: write(root / file, {**document, "bounds": {k: v for k, v in bounds.items() if k != "rho"}})
    for method in (other, "zero-branch", "spectral", "fold", "pitchfork"):
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
            yield f"{key}: {what}", limb_change(file, (key,), change)
    for pairs in (0, 2, 3):
        yield f"pairs {pairs}", setting(file, (("witness", "pairs"), pairs))
    for k in {0, 1, 2, 3, 4} - {witness["index"]}:
        yield f"index {k}", setting(file, (("witness", "index"), k))
    yield "a pair", setting(file, (("witness", "pair"), 0))


def false_branches(root: Path, name: str) -> Iterator[Forgery]:
    branch, file = read(root / "branch.json"), f"points/{name}.json"
    points, crossings = branch["claims"]["points"], branch["claims"]["real_crossings"]
    own = [point["id"] for point in points].index(name)
    yield "left out", setting("branch.json", (("claims", "points"), [point for point in points if point["id"] != name]))
    yield "no values", setting("branch.json", (("claims", "real_crossings"), []))
    yield "not its value", setting("branch.json", (("claims", "real_crossings"), [x for x in crossings if not Fraction(x[0]) <= Fraction(-1, 2) <= Fraction(x[1])]))
    yield "another value", setting("branch.json", (("claims", "real_crossings"), sorted([["3", "4"], *crossings], key=lambda x: Fraction(x[0]))))
    yield "an enclosure elsewhere", setting("branch.json", (("claims", "points", own, "parameter"), ["-0.49", "-0.48"]))
    yield "a pair", setting("branch.json", (("claims", "points", own, "pair"), 0))
    yield "another order", setting("branch.json", (("claims", "points"), points[::-1]))

    def twice(root: Path) -> None:
        other = name[:-1] + "3"
        write(root / f"points/{other}.json", {**read(root / file), "id": other})
        listed = sorted([*points, {**points[own], "id": other}], key=lambda point: Fraction(point["parameter"][0]))
        write(root / "branch.json", placed(read(root / "branch.json"), ("claims", "points"), listed))

    def under_the_name(kind: str) -> Callable[[Path], None]:
        def change(root: Path) -> None:
            document = read(root / file)
            (root / file).unlink()
            write(root / f"points/{kind}-0001.json", {**document, "id": f"{kind}-0001"})
            write(root / "branch.json", placed(read(root / "branch.json"), ("claims", "points", own, "id"), f"{kind}-0001"))

        return change

    yield "the same twice", twice
    for kind in ("fold", "pitchfork", "ns", "pole" if name.startswith("line") else "line"):
        yield f"under the name of a {kind}", under_the_name(kind)


def false_summaries(root: Path, name: str) -> Iterator[Forgery]:
    rows = read(root / "summary.json")["points"]
    own = [row["id"] for row in rows].index(name)
    for key in {"parameter", "eigenvalue_speed", "coefficient"} & set(rows[own]):
        yield f"{key} of the row", setting("summary.json", (("points", own, key), ["7", "8"]))
    yield "counts of the row", setting("summary.json", (("points", own, "unstable"), 3))
    yield "no row", setting("summary.json", (("points",), [row for row in rows if row["id"] != name]))
    yield "undecided", setting("summary.json", (("points", own, "status"), "undecided"))
    yield "kind of the row", setting("summary.json", (("points", own, "kind"), "fold"))


@KINDS
@pytest.mark.parametrize("kind", [false_claims, false_witnesses, false_branches, false_summaries])
def test_none_is_accepted(
    kind: Callable[[Path, str], Iterator[Forgery]], name: str, bundles: dict[str, Path], tmp_path: Path, tried: Counter[str], count: int | None
) -> None:
    forgeries = list(kind(bundles[name], name))
    if count is not None:
        forgeries = random.Random(f"{kind.__name__} {name}").sample(forgeries, min(count, len(forgeries)))
    for number, (what, change) in enumerate(forgeries):
        tried["forged lines and poles"] += 1
        root = tmp_path / str(number)
        shutil.copytree(bundles[name], root)
        change(root)
        if kind is not false_summaries:
            (root / "summary.json").unlink()
            rehash(root)
        report = full.check_path(root)
        assert report.exit_code == 1 and "defect of the checker" not in full.table(report), f"{what}\n{full.table(report)}"
        with contextlib.redirect_stdout(io.StringIO()) as out:
            code = short.main([str(root)])
        assert code in (1, 3) and "a defect or a limit" not in out.getvalue(), f"{what}\n{out.getvalue()}"
        shutil.rmtree(root)


OTHER_NETWORKS = {  # what the certificate would say of a network of which it is false
    "pole-0001": [["0", "0", "1", "0.5"], ["0", "0", "0", "0"], ["-2", "0", "1", "0.5"]],
    "line-0001": [["0", "0", "0", "1e-30"], ["1", "0", "0", "0"]],
}


@KINDS
def test_of_another_bias(name: str, bundles: dict[str, Path], tmp_path: Path) -> None:
    """lb = 0, b = 0 or −b under a pole; b ≠ 0 under a line: the arrays of problem.json are others."""
    for number, bias in enumerate(OTHER_NETWORKS[name]):
        root = tmp_path / str(number)
        shutil.copytree(bundles[name], root)
        problem = read(root / "problem.json")
        problem["arrays"]["bias"] = {"entries": bias}
        problem["layers"][0]["bias"] = "bias"
        write(root / "problem.json", problem)
        (root / "summary.json").unlink()
        rehash(root)
        assert full.check_path(root).exit_code == 1
        with contextlib.redirect_stdout(io.StringIO()):
            assert short.main([str(root)]) == 1


@KINDS
def test_not_on_an_interval_by_pieces(name: str, bundles: dict[str, Path], tmp_path: Path) -> None:
    """There nothing would tell three copies of one certificate apart."""
    root = tmp_path / "three"
    shutil.copytree(bundles[name], root)
    branch, row = read(root / "branch.json"), next(row for row in read(root / "summary.json")["points"] if row["id"] == name)
    certificate, kind = read(root / f"points/{name}.json"), name[:4]
    for path in (root / "points").glob("*.json"):
        path.unlink()
    names = [f"{kind}-{i:04d}" for i in (1, 2, 3)]
    for own in names:
        write(root / f"points/{own}.json", certificate | {"id": own})
    problem = read(root / "problem.json")
    problem["parameter"]["interval"] = ["-2", "2"]
    write(root / "problem.json", problem)
    open_part = [{"interval": ["-2", "2"], "reason": "x", "code": "x"}]
    listed = [{"id": own, "pair": None, "parameter": certificate["claims"]["parameter"]} for own in names]
    claims = {"interval": ["-2", "2"], "complete": False, "real_crossings": [], "points": listed, "unsettled": open_part, "start": None}
    write(root / "branch.json", branch | {"method": "pieces", "witness": None, "bounds": None, "claims": claims})
    summary = read(root / "summary.json")
    rows = [row | {"id": own, "certificate": f"points/{own}.json", "tex": None} for own in names]
    summary |= {"method": "pieces", "interval": ["-2", "2"], "points": rows, "complete": False, "status": "incomplete"}
    summary |= {"real_crossings": [], "unsettled": open_part}
    summary.pop("plain_crossings", None)
    write(root / "summary.json", summary)
    rehash(root)
    report = full.check_path(root)
    assert report.exit_code == 1 and "is of a kind that is not listed on an interval" in full.table(report), full.table(report)


@KINDS
def test_none_is_undecided(name: str, bundles: dict[str, Path], tmp_path: Path) -> None:
    root = tmp_path / "b"
    shutil.copytree(bundles[name], root)
    summary = read(root / "summary.json")
    keys = set(summary["points"][-1]) - {"id", "status", "tex", "certificate"}
    row = dict.fromkeys(keys) | {"id": f"{name[:4]}-0003", "status": "undecided", "reason": "x", "code": "x", "tex": None, "certificate": None}
    assert summary["points"][-1]["id"] == f"{name[:4]}-0002"
    summary["points"].append(row)
    write(root / "summary.json", summary)
    assert full.check_path(root).exit_code == 1
