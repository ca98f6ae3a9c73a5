"""Structured forgeries of bundles: claims that the independent computation knows to be false, witnesses that prove nothing,
files of another point or problem; with all digests made consistent again. None may be accepted.

A forgery is (what it is, the change of a copy of a bundle). Bundles come from specs, so that the true values are known.
"""

from __future__ import annotations

import copy
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import compare
import mpmath as mp
import numpy as np
from campaign import full
from check_tools import read, rehash, write
from compare import Point, SpecField

Json = dict[str, Any]
Forgery = tuple[str, Callable[[Path], object]]
POINTS, BRANCH, PROBLEM = "points", "branch.json", "problem.json"


def exact(x: mp.mpf) -> Fraction:
    """An mpf as the fraction that it is."""
    sign, mantissa, exponent, _ = x._mpf_
    value = Fraction(int(mantissa)) * Fraction(2) ** exponent
    return -value if sign else value


def text(x: Fraction | mp.mpf, digits: int = 60) -> str:
    """A decimal of so many places after the first digit."""
    x = exact(x) if isinstance(x, mp.mpf) else x
    if x == 0:
        return "0"
    places = digits
    while abs(x) * 10**places < 10 ** (digits - 1):
        places += 10
    n = round(x * 10**places)
    return f"{n}e-{places}"


def placed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    document = copy.deepcopy(document)
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return document


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def setting(name: str, *changes: tuple[tuple[Any, ...], Any]) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        document = read(root / name)
        for path, value in changes:
            document = placed(document, path, value)
        write(root / name, document)

    return change


def together(*changes: Callable[[Path], object]) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        for one in changes:
            one(root)

    return change


# --- claims of a certificate, of which the truth is known ---


def false_enclosures(pair: list[str], value: mp.mpf) -> Iterator[tuple[str, list[str]]]:
    """Enclosures that have not the value: moved, narrowed to one side by a little, ends only, the sign."""
    low, high = (Fraction(end) for end in pair)
    truth = exact(value)
    width = (high - low) or max(abs(high), Fraction(1)) / 2**40
    yield "moved up", [text(high + width), text(high + 2 * width)]
    yield "moved down", [text(low - 2 * width), text(low - width)]
    yield "moved by a thousandth", [text((low + abs(low) / 1000 + width), 60), text(high + abs(high) / 1000 + 2 * width)]
    for shift in (4, 20, 60):
        step = width / 2**shift
        if truth + step < high:
            yield f"narrowed from below to 2^-{shift} above the truth", [text(truth + step), pair[1]]
        if truth - step > low:
            yield f"narrowed from above to 2^-{shift} below the truth", [pair[0], text(truth - step)]
    if low < truth < high:
        yield "its lower end", [pair[0], pair[0]]
        yield "its upper end", [pair[1], pair[1]]
    if truth and not low <= -truth <= high:
        yield "the sign", [text(-high), text(-low)]


def true_values(certificate: Json, truth: Point, bundle: Path) -> dict[tuple[Any, ...], mp.mpf]:
    """The true values of enclosures of a certificate, by their places."""
    data = truth.data
    found: dict[tuple[Any, ...], mp.mpf] = {
        ("claims", "parameter"): data.gamma, ("claims", "omega"): data.omega,
        ("claims", "first_lyapunov_coefficient"): data.ell1, ("claims", "crossing_speed"): truth.speed,
    }  # fmt: skip
    found |= {("claims", "equilibrium", i): x for i, x in enumerate(truth.x)}
    with mp.workdps(compare.DIGITS):
        scale = compare.norm_in_witness(certificate, truth, bundle)
        found["bounds", "q_norm_squared"] = scale
        found |= {("bounds", "terms", j): term * scale for j, term in enumerate(truth.terms) if "terms" in certificate["bounds"]}
    if certificate["bounds"].get("window_slope"):
        found["bounds", "window_slope"] = truth.speed
    return found


def false_bounds(
    certificate: Json, truth: Point, eigenvalues: list[mp.mpc], bundle: Path
) -> Iterator[tuple[str, tuple[Any, ...], Any]]:
    """Bounds that cannot be true: beyond what they bound. (A witness may be the zero itself: then any Y and r_min >= 0 are true.)"""
    claims, bounds, witness = certificate["claims"], certificate["bounds"], certificate["witness"]
    omega = truth.data.omega
    if truth.gap is not None:
        for factor in ("1.0000001", "2"):
            yield f"spectral_gap {factor} times the gap", ("claims", "spectral_gap"), text(truth.gap * mp.mpf(factor))
        yield "no spectral_gap", ("claims", "spectral_gap"), None
    for key, z in (("gap_0", mp.mpc(0)), ("gap_2", mp.mpc(0, 2 * omega))):
        if key in bounds:
            nearest = min(abs(z - v) for v in eigenvalues)
            yield f"{key} beyond the nearest eigenvalue", ("bounds", key), text(nearest * mp.mpf("1.000001"))
    yield "isolation beyond omega", ("bounds", "isolation"), text(omega * 2)
    for key in ("rho", "disc_radius", "delta_right", "delta_left", "pq_defect", "Y", "Z", "r_min", "window_disc_radius", "branch_residual", "branch_radius", "norm_N"):
        if bounds.get(key) is not None and Fraction(bounds[key]) > 0:
            if key in ("Y", "r_min") and compare.error_of_witness(certificate, truth, bundle) < mp.mpf(10) ** -100:
                continue
            for name, value in (("0", "0"), ("a thousandth", text(Fraction(bounds[key]) / 1000)), ("1e-300", "1e-300"), ("null", None), ("negative", "-" + bounds[key])):
                if (key, name) != ("pq_defect", "a thousandth"):  # a product of two bounds: a checker may know better
                    yield f"{key}: {name}", ("bounds", key), value
    for key in ("Z", "rho", "pq_defect"):
        if bounds.get(key) is not None:
            yield f"{key} is 1", ("bounds", key), "1"
    if claims.get("uniqueness_radius") is not None:
        radius = Fraction(claims["uniqueness_radius"])
        for factor in (Fraction(1000001, 1000000), Fraction(2), Fraction(10**6)):
            yield f"uniqueness_radius {float(factor)} R", ("claims", "uniqueness_radius"), text(radius * factor)
        for value in (None, "-1", "-1e-300"):  # 0 is true of a point that is found exactly
            yield f"uniqueness_radius {value}", ("claims", "uniqueness_radius"), value
        for shift in (-60, 8, 20):
            m, e = witness["R"] if isinstance(witness["R"], list) else (1, 0)
            yield f"R times 2^{shift}", ("witness", "R"), [m, e + shift]
    for key in ("gamma", "omega"):
        if isinstance(witness.get(key), list) and abs(witness[key][0]) * 2.0 ** witness[key][1] > 1e-3:
            m, e = witness[key]
            yield f"witness {key} negative", ("witness", key), [-m, e]
            yield f"witness {key} moved in its tenth bit", ("witness", key), [m + (1 << max(m.bit_length() - 10, 0)), e]


def certificate_forgeries(root: Path, name: str, truth: Point, eigenvalues: list[mp.mpc]) -> Iterator[Forgery]:
    """Of one certificate, with branch.json and the certificate itself kept consistent where they must agree."""
    path = f"{POINTS}/{name}.json"
    certificate = read(root / path)
    claims = certificate["claims"]
    n = len(claims["equilibrium"])
    for place, value in true_values(certificate, truth, root).items():
        for what, pair in false_enclosures(at(certificate, place), value):
            changes = [setting(path, (place, pair))]
            if place[-1] == "parameter":
                changes.append(in_branch(name, pair))
            if place[-1] == "first_lyapunov_coefficient" and Fraction(pair[0]) * Fraction(pair[1]) > 0:
                kind = "subcritical" if Fraction(pair[0]) > 0 else "supercritical"
                changes.append(setting(path, (("claims", "criticality"), kind)))
            yield f"{name} {place}: {what}", together(*changes)
    for what, place, new in false_bounds(certificate, truth, eigenvalues, root):
        yield f"{name} {what}", setting(path, (place, new))
    for u in range(-1, n + 1):
        for s in {n - 2 - u, claims["stable_eigenvalues"]}:
            if (u, s) != (claims["unstable_eigenvalues"], claims["stable_eigenvalues"]):
                yield f"{name} n_u {u}, n_s {s}", setting(path, (("claims", "unstable_eigenvalues"), u), (("claims", "stable_eigenvalues"), s))
    other = {"supercritical": "subcritical", "subcritical": "supercritical"}[claims["criticality"]]
    yield f"{name} criticality", setting(path, (("claims", "criticality"), other))
    yield f"{name} l1 over 0", setting(path, (("claims", "first_lyapunov_coefficient"), ["-9", "9"]))
    yield f"{name} speed over 0", setting(path, (("claims", "crossing_speed"), ["-9", "9"]))
    for method in {"spectral", "newton-kantorovich", "zero-branch", "pieces"} - {certificate["method"]}:
        yield f"{name} method {method}", setting(path, (("method",), method))
    if claims.get("window") is not None:
        low, high = (Fraction(end) for end in claims["window"])
        for what, pair in (("far wider", [text(2 * low - high), text(2 * high - low)]), ("beside the point", [text(exact(truth.data.gamma) + (high - low) / 64), claims["window"][1]]), ("null", None)):
            yield f"{name} window {what}", setting(path, (("claims", "window"), pair))
    yield from witness_forgeries(root, path, certificate)


def in_branch(name: str, pair: list[str]) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        branch = read(root / BRANCH)
        for point in branch["claims"]["points"]:
            if point["id"] == name:
                point["parameter"] = pair
        write(root / BRANCH, branch)

    return change


# --- witnesses ---


def arrays_of(witness: Json) -> Iterator[tuple[tuple[Any, ...], Json]]:
    for key, value in witness.items():
        if isinstance(value, list) and value and isinstance(value[0], dict) and "sha256" in value[0]:
            yield (key, 0), value[0]
        elif isinstance(value, dict) and "sha256" in value:
            yield (key,), value


def array_change(file: str, change: Callable[[Any], Any]) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        array = np.load(root / file)
        new = np.ascontiguousarray(change(array.copy()).astype(array.dtype))
        np.save(root / file, new)

    return edit


def limb_change(path: str, place: tuple[Any, ...], change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Path], None]:
    """A changed array, perhaps of another shape, in the place of the first limb of a witness, and no other."""

    def edit(root: Path) -> None:
        document = read(root / path)
        reference = at(document, ("witness", *place))[0]
        value = np.ascontiguousarray(change(np.load(root / reference["file"])))
        with (root / reference["file"]).open("wb") as stream:
            np.lib.format.write_array(stream, value, version=(1, 0), allow_pickle=False)
        write(root / path, placed(document, ("witness", *place), [{**reference, "shape": list(value.shape)}]))

    return edit


def witness_forgeries(root: Path, path: str, document: Json) -> Iterator[Forgery]:
    """Arrays that are zero, permuted, turned, of another role or point; indices of others."""
    witness = document["witness"]
    listed = list(arrays_of(witness))
    everything = [r for other in [root / BRANCH, *sorted((root / POINTS).glob("*.json"))] for _, r in arrays_of(read(other)["witness"] or {})]
    for place, reference in listed:
        file = reference["file"]
        array = np.load(root / file)
        if not array.any():
            continue
        changes: list[tuple[str, Callable[[Any], Any]]] = [
            ("zero", lambda a: 0 * a), ("doubled", lambda a: 2 * a), ("negative", lambda a: -a), ("reversed", lambda a: a.reshape(-1)[::-1].reshape(a.shape)),
            ("an entry more by 1", lambda a: np.concatenate([a.reshape(-1)[:-1], a.reshape(-1)[-1:] + 1]).reshape(a.shape)),
        ]  # fmt: skip
        if array.ndim == 2 and array.shape[0] == array.shape[1]:
            changes.append(("transposed", lambda a: a.T))
        for what, change in changes:
            if np.array_equal(change(array.copy()), array):
                continue
            if path == BRANCH and (place[0] == "slope" or (place[0] in ("x", "d") and what not in ("zero", "negative"))):
                continue  # other centres may do as well: any witness that proves the claims is a good one
            yield f"{path} {place} {what}", array_change(file, change)
        for other in everything:
            if other["shape"] == reference["shape"] and not np.array_equal(np.load(root / other["file"]), array):
                yield f"{path} {place} is {other['file']}", setting(path, (("witness", *place), other))
                break
    if "pair" in witness:
        for new in (witness["pair"] + 1, witness["pairs"], -1, None):
            yield f"{path} pair {new}", setting(path, (("witness", "pair"), new))
        for new in (witness["pairs"] + 1, witness["pairs"] - 1):
            yield f"{path} pairs {new}", setting(path, (("witness", "pairs"), new))


# --- the branch ---


def branch_forgeries(root: Path) -> Iterator[Forgery]:
    branch = read(root / BRANCH)
    claims, witness = branch["claims"], branch["witness"]
    names = [point["id"] for point in claims["points"]]
    interval = claims["interval"]

    def claiming(**changes: Any) -> Callable[[Path], None]:
        return setting(BRANCH, *((("claims", key), value) for key, value in changes.items()))

    for k, name in enumerate(names):
        rest = claims["points"][:k] + claims["points"][k + 1 :]
        yield f"{name} not listed", claiming(points=rest)
        yield f"{name} not listed, no certificate", together(claiming(points=rest), lambda root, name=name: (root / POINTS / f"{name}.json").unlink())
        if branch["method"] == "pieces":
            yield f"{name} forgotten in its piece too", together(claiming(points=rest), forgotten(name))
        yield f"{name} listed twice", claiming(points=[*claims["points"], claims["points"][k]])
        yield f"a copy of {name} as another point", together(copied_point(name), claiming(points=[*claims["points"], claims["points"][k] | {"id": "hopf-0099"}]))
    if len(names) > 1:
        yield "points exchanged", exchanged(names[0], names[1])
        yield "points in another order", claiming(points=claims["points"][::-1])
    if interval is not None:
        low, high = (Fraction(end) for end in interval)
        span = high - low
        for what, pair in (
            ("wider to the left", [text(low - span / 7), interval[1]]), ("wider to the right", [interval[0], text(high + span / 7)]),
            ("wider by 1e-30", [interval[0], text(high + Fraction(1, 10**30))]), ("elsewhere", [text(high + 1), text(high + 1 + span)]),
        ):  # fmt: skip
            yield f"interval {what}", claiming(interval=pair)
            yield f"interval {what}, in the problem too", together(claiming(interval=pair), setting(PROBLEM, (("parameter", "interval"), pair)))
    yield "a crossing invented", claiming(real_crossings=[*claims["real_crossings"], ["1234", "1235"]])
    if claims["complete"]:
        piece = {"interval": interval or ["-1", "1"], "reason": "x", "code": "not-isolated"}
        yield "complete with something unsettled", claiming(unsettled=[piece])
    else:
        yield "complete is claimed", claiming(complete=True)
        yield "complete is claimed, nothing unsettled", claiming(complete=True, unsettled=[])
    if branch["method"] != "pieces" or witness is None:
        return
    if claims["start"] is not None:
        for i, pair in enumerate(claims["start"]):
            low, high = (Fraction(end) for end in pair)
            yield f"start[{i}] elsewhere", setting(BRANCH, (("claims", "start", i), [text(high + (high - low) + Fraction(1, 100)), text(high + 2 * (high - low) + Fraction(2, 100))]))
        yield "no start", claiming(start=None)
    pieces = witness["pieces"]
    for k in sorted({0, len(pieces) // 2, len(pieces) - 1, *(j for j, piece in enumerate(pieces) if piece["kind"] != "clear")}):
        piece, where = pieces[k], ("witness", "pieces", k)
        low, high = (Fraction(end) for end in piece["interval"])
        if piece["kind"] != "clear":
            yield f"piece {k} called clear", setting(BRANCH, (where, piece | {"kind": "clear", "index": None, "point": None, "crossing": None}))
            yield f"piece {k}, another index", setting(BRANCH, ((*where, "index"), piece["index"] + 1))
        elif names:
            yield f"piece {k} called hopf", setting(BRANCH, (where, piece | {"kind": "hopf", "index": 0, "point": names[0]}))
        yield f"piece {k} shorter", setting(BRANCH, ((*where, "interval"), [piece["interval"][0], text((low + 3 * high) / 4)]))
        following = Fraction(pieces[k + 1]["interval"][0]) if k + 1 < len(pieces) else high
        if following == high:  # else it may well be longer
            yield f"piece {k} longer", setting(BRANCH, ((*where, "interval"), [piece["interval"][0], text(high + (high - low) / 4)]))
        yield f"piece {k} five times as long", setting(BRANCH, ((*where, "interval"), [text(low - 2 * (high - low)), text(high + 2 * (high - low))]))
        yield f"piece {k} with its centre outside", setting(BRANCH, ((*where, "centre"), text(high + (high - low), 30)))
        if len(pieces) > 1:
            yield f"piece {k} dropped", together(setting(BRANCH, (("witness", "pieces"), pieces[:k] + pieces[k + 1 :])), rows_dropped(k))
        if piece["radius"] is not None:
            for shift in (-60, 60):  # a somewhat larger one may do
                m, e = piece["radius"] if isinstance(piece["radius"], list) else (1, 0)
                yield f"piece {k}, radius times 2^{shift}", setting(BRANCH, ((*where, "radius"), [m, e + shift]))
    for what in ("x", "slope"):
        if witness[what] is not None:
            yield f"pieces, {what} null", setting(BRANCH, (("witness", what), None))
    yield from witness_forgeries(root, BRANCH, branch)


def forgotten(name: str) -> Callable[[Path], None]:
    """The piece of a point is called clear, and its certificate is gone."""

    def change(root: Path) -> None:
        branch = read(root / BRANCH)
        for piece in branch["witness"]["pieces"]:
            if piece["point"] == name:
                piece.update(kind="clear", index=None, point=None)
        write(root / BRANCH, branch)
        (root / POINTS / f"{name}.json").unlink()

    return change


def copied_point(name: str) -> Callable[[Path], None]:
    return lambda root: write(root / POINTS / "hopf-0099.json", read(root / POINTS / f"{name}.json") | {"id": "hopf-0099"})


def exchanged(a: str, b: str) -> Callable[[Path], None]:
    """The certificates of two points under each other's name."""

    def change(root: Path) -> None:
        one, other = read(root / POINTS / f"{a}.json"), read(root / POINTS / f"{b}.json")
        write(root / POINTS / f"{a}.json", other | {"id": a})
        write(root / POINTS / f"{b}.json", one | {"id": b})

    return change


def rows_dropped(k: int) -> Callable[[Path], None]:
    """The rows of a piece in the arrays of branch.json."""

    def change(root: Path) -> None:
        branch = read(root / BRANCH)
        witness = branch["witness"]
        count = len(witness["pieces"]) + 1
        for key in ("x", "slope", "X", "Y", "d"):
            reference = witness[key]
            if reference is None:
                continue
            array = np.load(root / reference["file"])
            per = array.shape[0] // count
            array = np.delete(array, range(k * per, (k + 1) * per), axis=0)
            np.save(root / reference["file"], array)
            reference["shape"] = list(array.shape)
        write(root / BRANCH, branch)

    return change


# --- the problem ---


def problem_forgeries(root: Path, spec: Json, truths: dict[str, Point], tries: int, rng: Any) -> Iterator[Forgery]:
    """Other networks and other fields, and wider boxes with a network of them, of which a claim is known to be false."""
    problem = read(root / PROBLEM)
    certificates = {name: read(root / POINTS / f"{name}.json") for name in truths}

    def false_at(field: SpecField) -> bool:
        """Whether some claim misses the true value of this field."""
        for name, truth in truths.items():
            try:
                new = compare.hopf_near(field, truth.data.gamma, truth.x, truth.data.omega)
            except ArithmeticError:
                continue
            with mp.workdps(compare.DIGITS):
                if any(True for _ in compare.point_differences(certificates[name], new)):
                    return True
        return False

    def another(*path_and_value: Any) -> SpecField:
        return SpecField({**spec, "network": placed(spec["network"], tuple(path_and_value[:-1]), path_and_value[-1])})

    if "layers" not in problem:
        changes = [(k, new) for k, old in enumerate(problem["equations"])
                   for new in (f"{old} + 1/50*{problem['variables'][k]}**3", f"({old})*(1 + 1/100)", f"{old} - 1/100")]  # fmt: skip
        for k, new in rng.sample(changes, min(tries, len(changes))):
            if false_at(another("equations", k, new)):
                yield f"equation {k} is {new[-24:]}", setting(PROBLEM, (("equations", k), new))
        return
    names = {"R1", "R2", "bias"} | {f"{letter}{k}" for letter in "Wb" for k in range(1, 9)}
    tables = {name: array["entries"] for name, array in problem["arrays"].items() if name in names and "entries" in array}
    matrices = {name: rows if isinstance(rows[0], list) else [rows] for name, rows in tables.items()}
    entries = [(name, i, j) for name, rows in matrices.items() for i, row in enumerate(rows) for j in range(len(row))]
    for name, i, j in rng.sample(entries, min(tries, len(entries))):
        step = Fraction(1, 50)
        shift = [[step * ((i, j) == (k, m)) for m in range(len(row))] for k, row in enumerate(matrices[name])]
        place = ("arrays", name, "entries", *((i, j) if isinstance(tables[name][0], list) else (j,)))
        if false_at(SpecField(spec, {name: shift})):
            yield f"another weight {name} {i} {j}", setting(PROBLEM, (place, text(Fraction(at(problem, place)) + step, 30)))
    radius = problem["weight_radius"]
    for factor in (64, 1024, 2**20) if isinstance(radius, str) else ():
        wide = factor * Fraction(radius) or factor * Fraction(1, 10**8)
        shifts = {name: [[rng.choice([1, -1]) * wide for _ in row] for row in rows] for name, rows in matrices.items()}
        if wide < Fraction(1, 10) and false_at(SpecField(spec, shifts)):
            yield f"radius {text(wide, 12)}", setting(PROBLEM, (("weight_radius",), text(wide, 12)))
    if spec["network"]["family"] == "layered":
        for number, layer in enumerate(problem["layers"]):
            activation = rng.choice(["sin", "gelu", "arctan"])
            if activation != layer["activation"] and false_at(another("layer", number, "activation", activation)):
                yield f"layer {number} with {activation}", setting(PROBLEM, (("layers", number, "activation"), activation))
            if layer["bias"] and false_at(another("layer", number, "bias", ["0"] * len(problem["arrays"][layer["bias"]]["entries"]))):
                yield f"layer {number} without bias", setting(PROBLEM, (("layers", number, "bias"), None))
        if false_at(another("leak", "0.987")):
            yield "another leak", setting(PROBLEM, (("leak",), "0.987"))


def foreign_forgeries(root: Path, other: Path) -> Iterator[Forgery]:
    """Files of another bundle."""
    for name in (PROBLEM, BRANCH):
        yield f"{name} of another bundle", lambda r, name=name: shutil.copy(other / name, r / name)
    yield "points of another bundle", lambda r: [shutil.copy(path, r / POINTS / path.name) for path in (other / POINTS).glob("*.json")]
    yield "all but the problem of another bundle", lambda r: [
        shutil.rmtree(r / POINTS), shutil.copytree(other / POINTS, r / POINTS), shutil.copy(other / BRANCH, r / BRANCH),
        shutil.copytree(other / "arrays", r / "arrays", dirs_exist_ok=True),
    ]  # fmt: skip


# --- the summary of a forged bundle follows its files, as a forger would see to ---

ROW_KEYS = {
    "hopf": ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed", "unstable_eigenvalues", "stable_eigenvalues", "criticality"),
    "fold": ("kind", "parameter", "a", "b", "unstable", "stable", "solutions_for"),
}  # fmt: skip


def consistent(root: Path) -> None:
    """summary.json says what the forged files say, and every digest holds."""
    try:
        summary, branch = read(root / "summary.json"), read(root / BRANCH)
        claims = branch["claims"]
        summary |= {"complete": claims["complete"], "status": "proved" if claims["complete"] else "incomplete",
                    "interval": claims["interval"], "real_crossings": claims["real_crossings"], "unsettled": claims["unsettled"]}  # fmt: skip
        rows = []
        for point in claims["points"]:
            certificate = read(root / POINTS / f"{point['id']}.json")
            rows.append({key: certificate["claims"].get(key) for key in ROW_KEYS[point["id"][:4]]}
                        | {"id": point["id"], "status": "proved", "reason": None, "code": None, "certificate": f"points/{point['id']}.json", "tex": f"points/{point['id']}.tex"})  # fmt: skip
        summary["points"] = rows
        write(root / "summary.json", summary)
    except (OSError, KeyError, TypeError):
        (root / "summary.json").unlink(missing_ok=True)
    rehash(root)


def forged(base: Path, target: Path, change: Callable[[Path], object]) -> Path:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(base, target)
    change(target)
    consistent(target)
    return target


def without_time(root: Path) -> None:
    """The same equations as those of a vector field."""
    document = read(root / PROBLEM)
    del document["time"]
    write(root / PROBLEM, document)


def accepted(
    forgeries: Iterable[Forgery], genuine: Path, work: Path, tried: Counter[str], kind: str,
    *, checked: str = ".", reasons: Mapping[str, tuple[str, ...]] = MappingProxyType({}), count: int | None = None, seed: str = "",
) -> list[str]:  # fmt: skip
    """Those of the forgeries that the checker accepts, stumbles over, or refuses without what is to be said of them (reasons).
    checked: what of the bundle is checked; count: a sample of so many, drawn by the seed, and those with reasons."""
    listed = list(forgeries)
    assert listed
    if count is not None and count < len(listed):
        drawn = random.Random(seed).sample(range(len(listed)), count)
        listed = [forgery for i, forgery in enumerate(listed) if i in drawn or forgery[0] in reasons]
    assert full.check_path(forged(genuine, work / "forged", lambda root: None)).exit_code == 0  # forged, without a lie
    found, seen = [], set()
    for what, change in listed:
        report = full.check_path(forged(genuine, work / "forged", change) / checked)
        table = full.table(report)
        tried[kind] += 1
        tried[f"{kind} refused by their form alone"] += any(f.step == "format" for item in report.items for f in item.failures)
        seen.add(what)
        said = " ".join(table.split())
        if report.exit_code not in (1, 2, 3) or "defect of the checker" in table or not all(text in said for text in reasons.get(what, ())):
            found.append(f"{what}: exit {report.exit_code}\n{table[-400:]}")
    assert reasons.keys() <= seen
    return found
