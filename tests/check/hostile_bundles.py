"""Hostile bundles, each made from a committed one with its digests made consistent again, as a forger would."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from check_tools import CERTIFICATES, ROOT, read, rehash, write, write_manifest

GENERAL, POINTS = CERTIFICATES / "good" / "n6-seed80-off-diagonal-spectral", "points/hopf-0001.json"
LAYERED = CERTIFICATES / "good" / "hopfield-spectral"
EQUATIONS, ZERO = ROOT / "proofs" / "certificates" / "van-der-pol", CERTIFICATES / "good" / "n6-seed80"
MAKERS: dict[str, Callable[[Path], None]] = {}


def maker(base: Path) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    def register(change: Callable[[Path], None]) -> Callable[[Path], None]:
        def make(root: Path) -> None:
            shutil.copytree(base, root)
            change(root)

        MAKERS[change.__name__] = make
        return make

    return register


def edit(path: Path, change: Callable[[Any], object]) -> None:
    value = read(path)
    change(value)
    write(path, value)


def compact(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, separators=(",", ":")))


def save(path: Path, array: np.ndarray) -> None:
    with open(path, "wb") as file:
        np.lib.format.write_array(file, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)


def copies(root: Path, count: int, change: Callable[[Any, int], object]) -> None:
    """So many certificates, all listed."""
    first = read(root / POINTS)
    for i in range(count):
        point = json.loads(json.dumps(first)) | {"id": f"hopf-{i + 1:04d}"}
        change(point, i)
        write(root / "points" / f"hopf-{i + 1:04d}.json", point)
    listed = read(root / "branch.json")["claims"]["points"][0]
    edit(root / "branch.json", lambda b: b["claims"].update(
        points=[listed | {"id": f"hopf-{i + 1:04d}"} for i in range(count)]))  # fmt: skip
    (root / "summary.json").unlink(missing_ok=True)
    rehash(root)


# --- work ---


def fine(point: Any, i: int = 0) -> None:
    """The unit of a field is the finest decimal of its point, down to 4096 bits: another one for each i."""
    point["precision"] = 1024
    point["bounds"]["window_slope"] = ["0", f"1e-{1230 - i}" if i else "1e-4090"]


@maker(LAYERED)
def long_activations_in_64_layers(root: Path) -> None:
    """The network of a true bundle, then 62 layers z + 1e-290 (...): all values stay moderate."""
    terms = "+".join(f"erf(z/{k})" for k in range(3, 180))
    more = {"activation": f"z+1e-290*({terms})", "bias": None, "parameter": [],
            "weights": [{"coefficient": "1", "identity": True}]}  # fmt: skip
    edit(root / "problem.json", lambda p: p.update(layers=[*p["layers"], *[more] * (64 - len(p["layers"]))]))
    edit(root / POINTS, fine)
    rehash(root)


@maker(EQUATIONS)
def many_precisions(root: Path) -> None:
    """Of erf, arguments around 25 are the slowest: it takes thousands of terms."""
    x = read(root / "problem.json")["variables"][0]
    names = [{"name": f"d{i}", "expression": "+".join(f"erf(25+{x}/{13 * i + k + 30})" for k in range(13))} for i in range(30)]
    equations = read(root / "problem.json")["equations"]
    with_equations(root, definitions=names, equations=[
        f"{equations[0]} + 1e-200*(" + "+".join(d["name"] for d in names) + ")", *equations[1:]])  # fmt: skip
    copies(root, 300, fine)


def with_equations(root: Path, **changes: Any) -> None:
    edit(root / "problem.json", lambda p: p.update(changes))


@maker(EQUATIONS)
def constants_full_of_erf(root: Path) -> None:
    with_equations(root, constants=[{"name": f"c{i}", "expression": "+".join(f"erf({k + 1}.{i + 1})" for k in range(13))}
                                    for i in range(490)])  # fmt: skip
    copies(root, 200, fine)


@maker(EQUATIONS)
def equations_full_of_erf(root: Path) -> None:
    x = read(root / "problem.json")["variables"][0]
    names = [{"name": f"d{i}", "expression": "+".join(f"erf({x}/{13 * i + k + 30})" for k in range(13))} for i in range(280)]
    equations = read(root / "problem.json")["equations"]
    with_equations(root, definitions=names, equations=[f"{equations[0]} + 1e-200*(" + "+".join(d["name"] for d in names) + ")",
                                                       *equations[1:]])  # fmt: skip
    copies(root, 200, fine)


@maker(EQUATIONS)
def powers_of_powers(root: Path) -> None:
    x = read(root / "problem.json")["variables"][0]
    names = [{"name": "d0", "expression": f"({x} + 1e60)"}]
    names += [{"name": f"d{i}", "expression": f"((1 + d{i - 1}/1e300)**64*1e290)"} for i in range(1, 480)]
    equations = read(root / "problem.json")["equations"]
    with_equations(root, definitions=names, equations=[f"{equations[0]} + 1e-300*d479", *equations[1:]])
    copies(root, 50, fine)


@maker(EQUATIONS)
def powers_of_long_rationals(root: Path) -> None:
    x = read(root / "problem.json")["variables"][0]
    big = "*".join(["(1e300/7)"] * 13)
    names = [{"name": f"d{i}", "expression": "+".join(f"({x} + c/{40 * i + k + 3})**64" for k in range(6))} for i in range(420)]
    with_equations(root, constants=[{"name": "c", "expression": big}], definitions=names)
    rehash(root)


@maker(EQUATIONS)
def towers_of_exponentials(root: Path) -> None:
    x = read(root / "problem.json")["variables"][0]
    tower = x
    for _ in range(90):
        tower = f"exp({tower})"
    equations = read(root / "problem.json")["equations"]
    with_equations(root, equations=[f"{equations[0]} + {tower}", *equations[1:]])
    rehash(root)


@maker(ZERO)
def many_spectra(root: Path) -> None:
    copies(root, 900, lambda point, i: point.update(precision=1024 - i))


@maker(ZERO)
def many_certificates(root: Path) -> None:
    copies(root, 4000, lambda point, i: None)


@maker(ZERO)
def unsettled_pieces_with_long_exponents(root: Path) -> None:
    pieces = [{"interval": [f"{i}.5e-4080", "1e4080"], "reason": "r", "code": "c"} for i in range(1, 20_001)]
    edit(root / "branch.json", lambda b: b["claims"].update(unsettled=pieces, complete=False))
    (root / "summary.json").unlink()
    rehash(root)


@maker(ZERO)
def witness_with_all_bits_of_binary64(root: Path) -> None:
    """Entries from 1e-308 to 1e308 and 32 limbs: numbers of 2100 bits."""
    point = read(root / POINTS)
    n = point["witness"]["X"][0]["shape"][0]
    save(root / "arrays" / "wild.npy", np.where(np.eye(n) > 0, 1e308, 5e-324))
    limb = {"file": "arrays/wild.npy", "sha256": "", "shape": [n, n]}
    edit(root / POINTS, lambda c: c["witness"].update(X=[limb] * 32, Y=[limb] * 32))
    rehash(root)


@maker(ZERO)
def a_dense_network_with_long_denominators(root: Path) -> None:
    n = 400
    save(root / "arrays" / "big.npy", np.full((n, n), 2**62 + 1, dtype=np.int64))
    reference = {"file": "arrays/big.npy", "sha256": "", "shape": [n, n]}
    arrays = {f"A{k}": reference | {"denominator": str(10**300 + 2 * k + 1)} for k in range(60)}
    terms = [{"coefficient": "1e-4000", "matrix": name, "transpose": False} for name in arrays]
    edit(root / "problem.json", lambda p: p.update(dimension=n, arrays=arrays, weight_radius="1e-4000"))
    edit(root / "problem.json", lambda p: p["layers"][0].update(weights=terms, bias=None))
    rehash(root)


# --- memory ---


@maker(ZERO)
def one_large_array_named_100_times(root: Path) -> None:
    save(root / "arrays" / "big.npy", np.zeros((4096, 4096)))
    reference = {"file": "arrays/big.npy", "sha256": "", "shape": [4096, 4096]}
    edit(root / "problem.json", lambda p: p["arrays"].update({f"A{k}": reference for k in range(90)}))
    rehash(root)


@maker(ZERO)
def one_array_of_a_million_named_90_times(root: Path) -> None:
    save(root / "arrays" / "big.npy", np.full((1024, 1024), 0.1))
    reference = {"file": "arrays/big.npy", "sha256": "", "shape": [1024, 1024]}
    edit(root / "problem.json", lambda p: p["arrays"].update({f"A{k}": reference for k in range(90)}))
    rehash(root)


@maker(ZERO)
def many_large_arrays(root: Path) -> None:
    arrays = {}
    for k in range(12):
        save(root / "arrays" / f"big{k}.npy", np.full((1024, 1024), (-1.0) ** k * 5e-324 + (k > 5) * 1e300))
        arrays[f"A{k}"] = {"file": f"arrays/big{k}.npy", "sha256": "", "shape": [1024, 1024]}
    edit(root / "problem.json", lambda p: p["arrays"].update(arrays))
    rehash(root)


@maker(ZERO)
def inline_array_with_one_long_denominator(root: Path) -> None:
    edit(root / "problem.json", lambda p: p["arrays"].update(A={"entries": [["1"] * 600_000 + ["1e-4090"]]}))
    rehash(root)
    compact(root / "problem.json", read(root / "problem.json"))
    seal(root)


@maker(ZERO)
def inline_array_of_long_numbers(root: Path) -> None:
    compact(root / "problem.json", read(root / "problem.json") | {"arrays": {"A": {"entries": ["1e-4090"] * 700_000}}})
    seal(root)


@maker(ZERO)
def decimals_of_4096_digits(root: Path) -> None:
    digits = "0." + "7" * 4090
    compact(root / "problem.json", read(root / "problem.json") | {"arrays": {"A": {"entries": [digits] * 3000}}})
    seal(root)


def seal(root: Path) -> None:
    """Digests, without printing the documents again."""
    from check_tools import digest

    for path in [root / "branch.json", *(root / "points").glob("*.json")]:
        edit(path, lambda v: v["problem"].update(sha256=digest(root / "problem.json")))
    write_manifest(root)


@maker(ZERO)
def a_million_keys(root: Path) -> None:
    compact(root / "problem.json", {str(k): k for k in range(1_000_000)})
    seal(root)


@maker(ZERO)
def five_million_empty_lists(root: Path) -> None:
    (root / "problem.json").write_text("[" + "[]," * 5_000_000 + "[]]")
    seal(root)


@maker(ZERO)
def nested_lists(root: Path) -> None:
    (root / "problem.json").write_text("[" * 200_000 + "]" * 200_000)
    seal(root)


@maker(ZERO)
def a_long_string(root: Path) -> None:
    edit(root / "problem.json", lambda p: p.update(title="x" * 60_000_000))
    seal(root)


@maker(ZERO)
def many_pieces_in_branch(root: Path) -> None:
    pieces = [{"interval": ["1", "2"], "reason": "r", "code": "c"}] * 250_000
    branch = read(root / "branch.json")
    branch["claims"].update(unsettled=pieces, complete=False)
    compact(root / "branch.json", branch)
    write_manifest(root)


@maker(ZERO)
def large_sparse_files(root: Path) -> None:
    for k in range(300):
        with open(root / "arrays" / f"sparse{k}.npy", "wb") as file:
            file.truncate(500 << 20)
    lines = [f"{'0' * 64}  arrays/sparse{k}.npy\n" for k in range(300)]
    import hashlib

    digest = hashlib.sha256()
    for _ in range(500):
        digest.update(bytes(1 << 20))
    text = (root / "MANIFEST.sha256").read_text() + "".join(lines).replace("0" * 64, digest.hexdigest())
    (root / "MANIFEST.sha256").write_text(text)


@maker(GENERAL)
def wide_layers(root: Path) -> None:
    save(root / "arrays" / "in.npy", np.full((1400, 6), 0.1))
    save(root / "arrays" / "square.npy", np.full((1400, 1400), 0.1))
    save(root / "arrays" / "out.npy", np.full((6, 1400), 0.1))
    arrays = {name: {"file": f"arrays/{name}.npy", "sha256": "", "shape": shape}
              for name, shape in (("in", [1400, 6]), ("square", [1400, 1400]), ("out", [6, 1400]))}  # fmt: skip

    def change(p: Any) -> None:
        p["arrays"].update(arrays)
        names = ["in", *["square"] * 4, "out"]
        p["layers"] = [{"activation": "tanh", "bias": None, "parameter": [{"coefficient": "1", "matrix": x, "transpose": False}],
                        "weights": [{"coefficient": "1", "matrix": x, "transpose": False}]} for x in names]  # fmt: skip
        p["weight_radius"] = "0"

    edit(root / "problem.json", change)
    rehash(root)


# --- files ---


@maker(ZERO)
def names_that_turn_the_writing(root: Path) -> None:
    names = ["hopf-\x1b[31m", "hopf-\u202egnp", "hopf-\n", os.fsdecode(b"hopf-\xff"), "x" * 250]
    for name in names:
        shutil.copy(root / POINTS, root / "points" / f"{name}.json")
    listed = read(root / "branch.json")["claims"]["points"]
    more = [listed[0] | {"id": name} for name in names]
    edit(root / "branch.json", lambda b: b["claims"].update(points=sorted([*listed, *more], key=lambda x: str(x["id"]))))


@maker(ZERO)
def more_certificates_than_are_read(root: Path) -> None:
    for k in range(20_001):
        (root / "points" / f"hopf-{k:06d}.json").write_text("{}")


@maker(ZERO)
def fifos_and_links(root: Path) -> None:
    os.mkfifo(root / "points" / "hopf-0900.json")
    (root / "points" / "hopf-0901.json").symlink_to("/dev/zero")
    (root / "points" / "hopf-0902.json").mkdir()


@maker(ZERO)
def problem_is_a_fifo(root: Path) -> None:
    (root / "problem.json").unlink()
    os.mkfifo(root / "problem.json")
