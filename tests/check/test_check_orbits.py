"""Forged certificates of periodic orbits: whatever is changed, the checker refuses (FORMAT.md, section 18)."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ordinary import some
from scipy.special import erf

from proofgen.api import prove
from proofgen.checker import orbit_samples
from proofgen.checker.context import Checker
from proofgen.checker.files import Bundle
from proofgen.checker.intervals import Real
from proofgen.checker.orbit import GUARD, ORBIT
from proofgen.checker.orbit_floquet import chebyshev, critical_radius, distance_from_turns, second_kind
from proofgen.checker.orbit_network import NetworkField, at_zero, slope_bound
from proofgen.checker.orbit_numbers import Table, Upward, product, turns
from proofgen.checker.orbit_strip import geometric_sum, geometric_tail
from proofgen.checker.orbit_witness import read_piece
from proofgen.checker.parts import Parts
from proofgen.checker.problem import read_problem
from proofgen.checker.products import engine_of
from proofgen.checker.verdicts import Rejected
from proofgen.checker.whole import check_path
from proofgen.spec.load import load_text

SPEC = """
[network]
family = "layered"
[[network.layer]]
weights = [["0.1", "-1", "0.3"], ["1.2", "-0.2", "0.1"], ["-0.4", "0.5", "-0.9"]]
activation = "tanh"
[orbits]
at = ["0.1"]
branch = "0.05"
"""
ONE, FAMILY = "orbit-0001", "orbit-0002"
Change = Callable[[dict[str, Any], dict[str, np.ndarray]], None]


@pytest.fixture(scope="module")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("orbits") / "bundle"
    result = prove(load_text(SPEC), out, check=False)
    assert [row["status"] for row in result.summary["orbits"]] == ["proved", "proved"]
    return out


def verdict(path: Path) -> tuple[int, list[str]]:
    report = check_path(path, "auto")
    failures = [str(failure) for item in report.items for failure in item.failures]
    assert not any("defect of the checker" in text for text in failures), failures
    return report.exit_code, failures


def forged(genuine: Path, tmp_path: Path, name: str, change: Change) -> tuple[int, list[str]]:
    """A bundle with this certificate alone, changed; no summary and no manifest."""
    out = tmp_path / "forged"
    shutil.copytree(genuine, out)
    for path in [out / "MANIFEST.sha256", out / "summary.json", *(out / "orbits").glob("*.json")]:
        if path.stem != name:
            path.unlink()
    file = out / "orbits" / f"{name}.json"
    document = json.loads(file.read_text(encoding="utf-8"))
    piece = document["witness"]["pieces"][0]
    keys = [key for key, value in piece.items() if isinstance(value, dict) and "file" in value]
    arrays = {key: np.load(out / piece[key]["file"]) for key in keys}
    before = {key: array.copy() for key, array in arrays.items()}
    change(document, arrays)
    for key in keys:
        if not np.array_equal(arrays[key], before[key]):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, np.ascontiguousarray(arrays[key]), version=(1, 0))
            (out / piece[key]["file"]).write_bytes(buffer.getvalue())
            piece[key] |= {"sha256": hashlib.sha256(buffer.getvalue()).hexdigest(), "shape": list(arrays[key].shape)}
    file.write_text(json.dumps(document), encoding="utf-8")
    return verdict(out)


def claim(*path: str, to: Any) -> Change:
    def change(document: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        place = document
        for key in path[:-1]:
            place = place[key]
        assert path[-1] in place
        place[path[-1]] = to(place[path[-1]]) if callable(to) else to

    return change


def piece(key: str, to: Any) -> Change:
    def change(document: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        found = document["witness"]["pieces"][0]
        assert key in found
        found[key] = to(found[key]) if callable(to) else to

    return change


def array(key: str, by: Callable[[np.ndarray], None]) -> Change:
    def change(document: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        by(arrays[key])

    return change


def all_of(*changes: Change) -> Change:
    def change(document: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        for part in changes:
            part(document, arrays)

    return change


def plus(index: tuple[int, ...], amount: float) -> Callable[[np.ndarray], None]:
    def by(a: np.ndarray) -> None:
        a[index] += amount

    return by


def times(factor: float) -> Callable[[np.ndarray], None]:
    def by(a: np.ndarray) -> None:
        a *= factor

    return by


def shifted(pair: list[str]) -> list[str]:
    width = Fraction(pair[1]) - Fraction(pair[0])
    return [str(float(Fraction(end) + 3 * width)) for end in pair]


def halved(pair: list[str]) -> list[str]:
    return [pair[0], pair[0]]


def negative(pair: list[str]) -> list[str]:
    return [x[1:] if x.startswith("-") else f"-{x}" for x in reversed(pair)]


def tenth(text: str) -> str:
    return f"{float(text) / 10:.17f}".rstrip("0")


def radius(index: int, factor: float) -> Change:
    return piece("radii", lambda radii: [[round(r[0] * factor), r[1]] if i == index else r for i, r in enumerate(radii)])


def finer(index: int, bits: int) -> Change:
    return piece("radii", lambda radii: [[r[0], r[1] - bits] if i == index else r for i, r in enumerate(radii)])


OF_ONE: dict[str, Change] = {
    "parameter beside it": claim("claims", "parameter", to=shifted),
    "parameter too narrow": claim("claims", "parameter", to=halved),
    "period beside it": claim("claims", "period", to=shifted),
    "parameter of the end": claim("claims", "end", "parameter", to=shifted),
    "period of the end": claim("claims", "end", "period", to=halved),
    "amplitude": claim("claims", "amplitude", to=["0.2", "0.2"]),
    "all amplitudes up to it": claim("claims", "amplitude", to=["0", "0.1"]),
    "amplitude of the end": claim("claims", "end", "amplitude", to="0.2"),
    "distance": claim("claims", "distance", to=tenth),
    "a direction": all_of(claim("claims", "direction", to="increasing"), claim("claims", "slope", to=["1", "2"])),
    "one multiplier more": claim("claims", "unstable_multipliers", to=lambda k: k + 1),
    "stable or not": claim("claims", "stable", to=lambda b: not b),
    "a number for a truth": claim("claims", "stable", to=1),
    "multipliers without kappa": claim("bounds", "kappa", to=None),
    "sign of kappa": claim("bounds", "kappa", to=negative),
    "rate": claim("bounds", "rate", to=tenth),
    "rate 1": claim("bounds", "rate", to="1"),
    "radius of the exponents": claim("bounds", "exponent_radius", to=tenth),
    "another id": claim("id", to="orbit-0003"),
    "another problem": claim("problem", "sha256", to="0" * 64),
    "another method": claim("method", to="shooting"),
    "a bad name of a point": claim("hopf", to="../hopf"),
    "no piece": claim("witness", "pieces", to=[]),
    "two pieces": claim("witness", "pieces", to=lambda pieces: pieces * 2),
    "p": claim("witness", "p", to=lambda p: [p[1], p[0], *p[2:]]),
    "p of another length": claim("witness", "p", to=lambda p: p[1:]),
    "an orbit of another amplitude": all_of(
        piece("centre", "0.11"), claim("claims", "amplitude", to=["0.11", "0.11"]),
        claim("claims", "end", "amplitude", to="0.11")),
    "amplitude 0": all_of(piece("centre", "0"), claim("claims", "amplitude", to=["0", "0"]), claim("claims", "end", "amplitude", to="0")),
    "a negative width": piece("half_width", "-0.1"),
    "gamma": array("gamma", plus((0, 0), 1e-7)),
    "T": array("T", plus((0, 0), 1e-7)),
    "time reversed": array("T", times(-1)),
    "v": array("v", plus((0, 6), 1e-6)),
    "v is not real": array("v", plus((0, 1), 1e-17)),
    "Q": array("Q", plus((0, 0), 0.1)),
    "P": array("P", times(2)),
    "V": array("V", times(2)),
    "B": array("B", times(2)),
    "H": array("H", times(3)),
    "critical block": array("Lam", plus((0, 0), 0.9)),
    "an exponent near 0": array("Lam", lambda a: a.__setitem__((0, slice(8, 10)), 1e-9)),
    "an exponent on the axis": array("Lam", lambda a: a.__setitem__((0, 8), 0.0)),
    "no number": array("v", plus((0, 6), float("nan"))),
    "another number of columns": lambda d, a: a.update(Q=a["Q"][:, :-2]),
    "more rows": lambda d, a: a.update(v=np.vstack([a["v"], a["v"]])),
    "ten times smaller radius of gamma": finer(5, 4),
    "smaller radius of T": finer(6, 8),
    "smaller radius of w": finer(0, 6),
    "smaller radius of the mean": finer(3, 6),
    "a radius 0": piece("radii", lambda r: [[0, 0], *r[1:]]),
    "one radius fewer": piece("radii", lambda r: r[1:]),
    "uniqueness": piece("uniqueness", [1, 60]),
    "uniqueness below 1": piece("uniqueness", [1, -1]),
    "not shown to be real": all_of(piece("partner", [0, 1, 2]), piece("uniqueness", [1, 0])),
    "few samples": piece("over_tau", 3),
    "no samples": piece("over_tau", 0),
    "samples in theta": piece("over_theta", 5),
    "strip up to a pole": piece("tau_strip", lambda s: s | {"rho": [9, 0]}),
    "strip of width 0": piece("tau_strip", lambda s: s | {"rho": [0, 0]}),
    "strip in theta": piece("tau_strip", lambda s: s | {"eta": [1, -3]}),
    "two strips": lambda d, a: d["witness"]["pieces"][0].update(theta_strip=d["witness"]["pieces"][0]["tau_strip"]),
    "neighbourhood up to a pole": piece("around", lambda s: s | {"rho": [9, 0]}),
    "neighbourhood too small": piece("around", lambda s: s | {"R_gamma": [1, -60]}),
    "neighbourhood of width 0": piece("around", lambda s: s | {"rho": [0, 0]}),
    "a negative R": piece("around", lambda s: s | {"R": [[-1, 0], *s["R"][1:]]}),
    "nu": piece("nu", [1, -4]),
    "no cells": piece("cells", 0),
    "too many cells": piece("cells", 10**6),
    "an unknown key": lambda d, a: d["claims"].update(more=True),
    "a missing key": lambda d, a: d["bounds"].pop("rate"),
}  # fmt: skip

OF_FAMILY: dict[str, Change] = {
    "direction": claim("claims", "direction", to=lambda x: "increasing" if x == "decreasing" else "decreasing"),
    "sign of the slope": all_of(claim("claims", "slope", to=negative), claim("claims", "direction", to=lambda x: "increasing" if x == "decreasing" else "decreasing")),
    "slope too narrow": claim("claims", "slope", to=halved),
    "slope without direction": claim("claims", "direction", to=None),
    "one multiplier more": claim("claims", "unstable_multipliers", to=lambda k: k + 1),
    "stable or not": claim("claims", "stable", to=lambda b: not b),
    "kappa of a family": claim("bounds", "kappa", to=["0.1", "0.2"]),
    "larger amplitudes": all_of(claim("claims", "amplitude", to=["0", "0.06"]), claim("claims", "end", "amplitude", to="0.06")),
    "larger amplitudes of the witness, too": all_of(
        claim("claims", "amplitude", to=["0", "0.06"]), claim("claims", "end", "amplitude", to="0.06"), piece("half_width", "0.06")),
    "a piece that does not begin at 0": piece("centre", "0.01"),
    "parameter of some of them": claim("claims", "parameter", to=halved),
    "a point that is not there": claim("hopf", to="hopf-0009"),
    "nu too large": piece("nu", [1, 2]),
    "nu 0": all_of(piece("nu", [0, 0]), piece("around", lambda s: s | {"eta": [0, 0]})),
    "few samples in theta": piece("over_theta", 3),
    "gamma is not even": array("gamma", plus((1, 0), 1e-4)),
    "gamma is another function": array("gamma", plus((2, 0), 1e-6)),
    "an exponent varies": array("Lam", plus((1, 8), 0.5)),
    "swapped rows": lambda d, a: a.update(v=a["v"][::-1].copy()),
}  # fmt: skip


def test_genuine(genuine: Path, tmp_path: Path) -> None:
    assert verdict(genuine) == (0, [])
    assert forged(genuine, tmp_path, ONE, lambda d, a: None) == (0, [])


@pytest.mark.parametrize("name", some(OF_ONE, 25))
def test_forged_orbit(genuine: Path, tmp_path: Path, name: str) -> None:
    code, failures = forged(genuine, tmp_path, ONE, OF_ONE[name])
    assert code in (1, 3) and failures


@pytest.mark.parametrize("name", some(OF_FAMILY, 2))
def test_forged_family(genuine: Path, tmp_path: Path, name: str) -> None:
    code, failures = forged(genuine, tmp_path, FAMILY, OF_FAMILY[name])
    assert code in (1, 3) and failures


def test_less_may_be_claimed(genuine: Path, tmp_path: Path) -> None:
    """Claims that follow from true ones are accepted: wider enclosures, and nothing about stability."""
    change = all_of(
        claim("claims", "unstable_multipliers", to=None), claim("claims", "stable", to=None), claim("bounds", "kappa", to=None),
        claim("claims", "parameter", to=lambda x: ["-9", "9"]), claim("claims", "distance", to="1"),
    )  # fmt: skip
    assert forged(genuine, tmp_path, ONE, change) == (0, [])


def test_family_needs_its_point(genuine: Path, tmp_path: Path) -> None:
    out = tmp_path / "bundle"
    shutil.copytree(genuine, out)
    for name in ("MANIFEST.sha256", "summary.json", "points/hopf-0001.json", "branch.json", f"orbits/{ONE}.json"):
        (out / name).unlink()
    code, failures = verdict(out)
    assert code != 0 and any("hopf-0001" in text for text in failures)


@pytest.fixture(scope="module")
def with_one_orbit(genuine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("one") / "bundle"
    shutil.copytree(genuine, out)
    (out / f"orbits/{FAMILY}.json").unlink()
    (out / "MANIFEST.sha256").unlink()
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    summary["orbits"] = summary["orbits"][:1]
    (out / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    assert verdict(out)[0] == 0
    return out


@pytest.mark.parametrize(
    ("key", "value"),
    [("status", "undecided"), ("distance", "1e-9"), ("stable", None), ("amplitude", ["0", "0.1"]), ("reason", "because"),
     ("certificate", None), ("id", "orbit-0007"), ("hopf", "hopf-0002"), ("direction", "increasing"), ("tex", "x.tex")],
)  # fmt: skip
def test_summary_says_the_same(with_one_orbit: Path, tmp_path: Path, key: str, value: object) -> None:
    out = tmp_path / "bundle"
    shutil.copytree(with_one_orbit, out)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    summary["orbits"][0][key] = value
    (out / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    assert verdict(out)[0] == 1


# --- arithmetic of the checker ---------------------------------------------------------------------

F = 160


def test_sums_of_the_checker(genuine: Path) -> None:
    """Products of complex matrices, roots of unity, Chebyshev polynomials and geometric sums against floats."""
    problem = read_problem(Bundle(genuine), engine_of("python"))
    rng = np.random.default_rng(3)
    A, B = (rng.normal(size=shape) + 1j * rng.normal(size=shape) for shape in ((3, 4), (4, 2)))

    def table(M: np.ndarray) -> Table:
        return Table([[int(x * 2**60) << F - 60 for x in row] for row in M.real], [[int(x * 2**60) << F - 60 for x in row] for row in M.imag], 1)

    found = product(problem, table(A), table(B), F)
    expected = A @ B
    for i in range(3):
        for j in range(2):
            assert abs(found.re[i][j] / 2**F + 1j * (found.im[i][j] / 2**F) - expected[i, j]) < 1e-14
    assert 0 < found.err < 100
    for N in (1, 7, 45):
        for j, (c, s) in enumerate(turns(N, F)):
            assert abs(c / 2**F + 1j * s / 2**F - np.exp(2j * np.pi * j / N)) < 1e-14
    for x in (Fraction(1, 3), Fraction(-31, 32), Fraction(1)):
        T = [value / 2**F for value, _ in chebyshev(x, 12, F)]
        assert np.allclose(T, np.cos(np.arange(13) * np.arccos(float(x))), atol=1e-12)
        U = [value / 2**F for value, _ in second_kind(x, 5, F)]
        theta = np.arccos(float(x)) + 1e-12
        assert np.allclose(U, [np.sin((m + 1) * theta) / np.sin(theta) for m in range(5)], atol=1e-3)
    r = Real(1 << F - 1, 1 << F - 1, F)
    assert geometric_sum(r) / 2**F == pytest.approx(sum(np.exp(-abs(k) / 2) for k in range(-99, 100)))
    assert geometric_tail(r, 4) / 2**F == pytest.approx(sum(np.exp(-abs(k) / 2) for k in range(-99, 100) if abs(k) > 4))


def test_work_of_wide_layers(tmp_path: Path) -> None:
    """What a sample costs is known beforehand: all products of a layer, not only its neurons."""
    wide, H = tmp_path / "wide", 50

    def layer(name: str, parameter: bool = False) -> dict[str, Any]:
        term = {"coefficient": "1", "matrix": name, "transpose": False}
        return {"activation": "tanh", "weights": [term], "parameter": [term] * parameter, "bias": None}

    problem = {
        "format": "proofgen-problem", "version": 1, "title": "", "dimension": 2, "leak": "1", "weight_radius": "0",
        "parameter": {"name": "gamma", "interval": ["-1", "1"]},
        "arrays": {name: {"entries": [["0.5"] * q] * p} for name, p, q in (("A", H, 2), ("B", H, H), ("C", 2, H))},
        "layers": [layer("A", True), layer("B"), layer("C")],
    }  # fmt: skip
    wide.mkdir()
    (wide / "problem.json").write_text(json.dumps(problem), encoding="utf-8")
    read = read_problem(Bundle(wide), engine_of("python"))
    field, before = NetworkField(read, F), read.budget.work
    assert field.cost > 100 * (read.n + 3) * H * H
    field.at((0, 0))
    assert read.budget.work - before > 100 * H * H


@pytest.mark.parametrize(("name", "Y", "expected"), [
    ("tanh", 1.2, 1 / np.cos(1.2) ** 2), ("logistic", 2.0, 0.25 / np.cos(1.0) ** 2), ("arctan", 0.5, 1 / 0.75),
    ("sin", 1.5, np.cosh(1.5)), ("erf", 0.7, 2 / np.sqrt(np.pi) * np.exp(0.49)), ("identity", 3.0, 1.0),
    ("softplus", 1.5, 1.0), ("silu", 1.2, 1.335 + 0.6 / (1 + np.cos(1.2))),
    ("gelu", 0.8, 1 + np.exp(0.32) * (np.exp(-0.5) + 1.6) / np.sqrt(2 * np.pi)),
])  # fmt: skip
def test_bounds_of_activations(name: str, Y: float, expected: float) -> None:
    found = slope_bound(name, int(Y * 2**60) << F - 60, F) / 2**F
    assert expected * (1 - 1e-12) <= found <= expected * (1 + 1e-12)


@pytest.mark.parametrize("name", ["tanh", "logistic", "arctan", "sin", "erf", "softplus", "silu", "gelu"])
def test_bounds_hold_on_strips(name: str) -> None:
    """|σ'| at complex arguments, by differences."""
    sigma = {"tanh": np.tanh, "logistic": lambda z: 1 / (1 + np.exp(-z)), "arctan": np.arctan, "sin": np.sin, "erf": erf,
             "softplus": lambda z: np.log(1 + np.exp(z)), "silu": lambda z: z / (1 + np.exp(-z)),
             "gelu": lambda z: z * (1 + erf(z / np.sqrt(2))) / 2}[name]  # fmt: skip
    for Y in (0.0, 0.3, 0.9):
        x, y = np.meshgrid(np.linspace(-6, 6, 241), np.linspace(-Y, Y, 9))
        z, step = x + 1j * y, 1e-5
        largest = np.abs((sigma(z + step) - sigma(z - step)) / (2 * step)).max()
        assert largest <= slope_bound(name, int(Y * 2**60) << F - 60, F) / 2**F + 1e-8
        assert abs(sigma(0j)) <= at_zero(name, F) / 2**F


@pytest.mark.parametrize(("name", "Y"), [("tanh", 1.5708), ("logistic", 3.1416), ("arctan", 1.0), ("softplus", 1.5708), ("silu", 1.5708)])
def test_poles_of_activations(name: str, Y: float) -> None:
    with pytest.raises(Rejected, match="pole"):
        slope_bound(name, int(Y * 2**60) << F - 60, F)


def test_distances_and_quotients_are_rounded_to_the_safe_side() -> None:
    unit = 1 << F
    assert distance_from_turns(3 * unit // 10, 24 * unit // 10, 0, F) <= unit // 2
    assert distance_from_turns(0, 0, unit, F) == 0
    U = Upward(F)
    assert U.over(1, 3 * unit) == 1 and U.times(1, 1) == 1 and U.sqrt(2) == 2
    with pytest.raises(Rejected):
        U.over(1, 0)


@pytest.mark.parametrize("name", [ONE, FAMILY])
def test_conjugate_columns_have_the_norms_of_their_partners(genuine: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of each conjugate pair is sampled: all give the same bounds; and P is asked whether it is so everywhere."""
    checker = Checker(Bundle(genuine, Parts()), read_problem(Bundle(genuine, Parts()), engine_of("auto")), 1)
    c = json.loads((genuine / f"orbits/{name}.json").read_text())
    raw = checker.read(f"orbits/{name}.json", "proofgen-orbit", lambda method: ORBIT)["witness"]
    piece = read_piece(checker, raw["pieces"][0], raw["p"], 192 + GUARD, c["id"])
    field = NetworkField(checker.problem, 192 + GUARD)
    assert piece.symmetric and piece.symmetric_inverse
    half = orbit_samples.norms_of(field, piece)
    monkeypatch.setattr(orbit_samples, "columns_of", lambda piece: orbit_samples.Columns(
        list(range(piece.n)), [(j, False) for j in range(piece.n)]))  # fmt: skip
    whole = orbit_samples.norms_of(field, piece)
    unit = 2**-192
    for key in ("U", "R_P", "F", "r_gamma", "r_T", "S_defect"):
        for row, other in zip(getattr(half, key), getattr(whole, key), strict=True):
            assert [x * unit for x in row] == pytest.approx([x * unit for x in other], rel=1e-12, abs=1e-40), key
    for flat in piece.P.flat:  # one entry of a row whose partner is sampled in its place
        flat[-2 * piece.n] += 1
    del piece.__dict__["symmetric_inverse"]
    assert not piece.symmetric_inverse


def test_the_critical_radius_holds_over_rectangles_and_is_narrow() -> None:
    """Over matrices with entries in rectangles: at least what each of them needs, and not much more than the worst."""
    rng, F, one = np.random.default_rng(4), 192, 2.0**192
    for _ in range(50):
        size = 10.0 ** rng.uniform(-4, -1.2)
        centre = size * (rng.standard_normal(4) + 1j * rng.standard_normal(4))
        errors, g_c = size * rng.uniform(0.05, 0.6, 4), size * rng.uniform(0, 0.1)
        L = [(int(z.real * one), int(z.imag * one), int(e * one)) for z, e in zip(centre, errors, strict=True)]
        try:
            s = critical_radius(L, int(g_c * one), F) / one
        except Rejected:
            continue
        corner = rng.choice([-1, 1], (4000, 4)) + 1j * rng.choice([-1, 1], (4000, 4))
        a, b, c, d = (centre + errors * corner).T
        linear = abs(a + d) + g_c
        constant = abs(a * d - b * c) + np.maximum(abs(d) + abs(b), abs(a) + abs(c)) * g_c
        needed = np.max((linear + np.sqrt(linear**2 + 4 * constant)) / 2)
        assert needed < s < 1.7 * needed
