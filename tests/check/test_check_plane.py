"""What the checker knows of two parameters: derivatives of functions to the fifth order, linear systems, series, problems."""

from __future__ import annotations

import shutil
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from check_tools import CHECKER, SHORT_CHECKER, few_calls, load, read, rehash, write
from plane_maker import (
    CURVES,
    PLANES,
    PlaneFlow,
    curve_bundle,
    first_lyapunov,
    newton,
    norm,
    point_bundle,
    start,
)
from test_check_budget import run

check = load()
Complex = sys.modules["checker.complexes"].Complex
F = 256
FUNCTIONS: dict[Any, tuple[Any, list[str]]] = {
    "exp": (mp.exp, ["-1.5", "0.3"]), "log": (mp.log, ["0.4", "2.5"]), "sin": (mp.sin, ["-1", "2.2"]), "cos": (mp.cos, ["-1", "2.2"]),
    "tan": (mp.tan, ["-0.7", "1.1"]), "tanh": (mp.tanh, ["-1.3", "0", "0.6"]), "sinh": (mp.sinh, ["-1", "2"]), "cosh": (mp.cosh, ["-1", "2"]),
    "atan": (mp.atan, ["-1.2", "0.5"]), "sqrt": (mp.sqrt, ["0.3", "2"]), "erf": (mp.erf, ["-0.8", "1.4"]),
    "exprel": (lambda u: mp.expm1(u) / u, ["-2.5", "0.1", "-0.4", "1.7"]),
    3: (lambda x: x**3, ["-1.2", "0.4"]), 7: (lambda x: x**7, ["-1.2", "0.4"]), -2: (lambda x: x**-2, ["-1.2", "0.4"]),
    Fraction(-3, 2): (lambda x: x ** mp.mpf("-1.5"), ["0.7", "3"]), Fraction(5, 2): (lambda x: x ** mp.mpf("2.5"), ["0.7", "3"]),
}  # fmt: skip


@pytest.mark.parametrize("f", FUNCTIONS, ids=str)
def test_derivatives_to_the_fifth_order(f: Any) -> None:
    """Against divided differences: at numbers sharply, and over intervals all values inside."""
    own, places = FUNCTIONS[f]
    for place in places:
        z = check.real(Fraction(place), F)
        with mp.workdps(90):
            true = mp.taylor(own, mp.mpf(place), 5)
            found = check.taylor(f, z, check.derivatives(f, z), 5)
            for x, y in zip(found, true, strict=True):
                assert abs(mp.mpf(x.lo) / 2**F - y) < 1e-20 * (1 + abs(y)) and x.hi - x.lo < 1 << F - 150
        wide = check.Real(z.lo - (1 << F - 4), z.hi + (1 << F - 4), F)
        over = check.taylor(f, wide, check.derivatives(f, wide), 5)
        for t in (-0.06, -0.02, 0.0, 0.03, 0.06):
            inner = check.real(Fraction(place) + Fraction(t), F)
            for x, y in zip(check.taylor(f, inner, check.derivatives(f, inner), 5), over, strict=True):
                assert y.lo <= x.lo and x.hi <= y.hi


def test_derivatives_outside_of_the_domain() -> None:
    for f in ("log", "sqrt", -1, Fraction(1, 2), "tan"):
        around_a_pole = check.Real(-(1 << F + 1), 1 << F + 1, F)
        with pytest.raises(check.Undecided):
            check.fourth_and_fifth(f, around_a_pole, [around_a_pole] * 4)


def complexes(values: Any) -> list[Any]:
    return [Complex(*(check.real(Fraction(float(y)), F) for y in (z.real, z.imag))) for z in values]


def spectrum(A: np.ndarray, wide: float) -> Any:
    """Theorem A for A +- wide, with the eigenbasis of A; one pair, which comes first."""
    values, vectors = np.linalg.eig(A)
    order = sorted(range(len(A)), key=lambda i: (-abs(values[i].imag), -values[i].imag))
    k = order[0]
    X = np.stack([vectors[:, k].real, vectors[:, k].imag, *(vectors[:, i].real for i in order[2:])], axis=1)

    def exact(M: np.ndarray) -> list[list[int]]:
        return [[round(float(x) * 2**60) for x in row] for row in M]

    d = np.array([[values[k].real, values[k].imag], *([values[i].real, 0] for i in order[2:])])
    basis = check.Basis(check.small_product, check.Budget(), 1, (exact(X), 60), (exact(np.linalg.inv(X)), 60), (exact(d), 60))
    middle = [[x << F - 60 for x in row] for row in exact(A)]
    radii = [[int(wide * 2**F)] * len(A)] * len(A)
    return check.LocalSpectrum(basis, middle, radii, F, None)


@pytest.mark.parametrize("wide", [0, 1e-9, 1e-4])
def test_linear_systems(wide: float) -> None:
    """Lemma C by entries holds the solution for every matrix of the box, and for a matrix alone it is sharp."""
    draw = np.random.default_rng(5)
    A = np.array([[0.0, -1.5, 0.2, 0.1], [1.4, 0.01, -0.3, 0.2], [0.1, 0.2, -2.0, 0.4], [0.3, -0.1, 0.2, 3.0]])
    S = spectrum(A, wide)
    v = draw.normal(size=4) + 1j * draw.normal(size=4)
    for z in (0j, 2.9j, 4.3j):
        near = (0, round(z.imag * 2**60))
        own = Complex(check.real(0, F), check.real(Fraction(near[1], 1 << 60), F))
        y, beta = check.solved(S, own, near, check.coordinates(S, complexes(v)))
        assert y is not None and beta > 0
        x = check.vector_of(S, y)
        for _ in range(20):
            B = A + wide * draw.uniform(-1, 1, size=A.shape)
            true = np.linalg.solve(z * np.eye(4) - B, v)
            for a, b in zip(x, true, strict=True):
                for part, value in ((a.re, b.real), (a.im, b.imag)):
                    assert part.lo / 2**F - 1e-13 <= value <= part.hi / 2**F + 1e-13
        assert max(a.re.hi - a.re.lo for a in x) / 2**F < 1e-14 + 50 * wide


def test_linear_systems_at_an_eigenvalue() -> None:
    """The solution without one coordinate solves the system, if there is one; at another eigenvalue there is no answer."""
    A = np.array([[0.0, -1.5, 0.2], [1.4, 0.0, -0.3], [0.1, 0.2, -2.0]])
    S = spectrum(A, 0)
    values, vectors = np.linalg.eig(A)
    k = int(np.argmax(values.imag))
    left = np.linalg.inv(vectors)[k]
    v = np.array([1.0, -2.0 + 1j, 0.5])
    v = v - vectors[:, k] * (left @ v)  # orthogonal to the left eigenvector
    z = Complex(*(check.real(Fraction(float(y)), F) for y in (values[k].real, values[k].imag)))
    near = S.centres[0]
    y, beta = check.solved(S, z, near, check.coordinates(S, complexes(v)), 0)
    assert y is not None and beta > 0 and y[0].size == 0
    x = np.array([complex(a.re.lo / 2**F, a.im.lo / 2**F) for a in check.vector_of(S, y)])
    assert np.abs(values[k] * x - A @ x - v).max() < 1e-13
    assert check.solved(S, z, near, check.coordinates(S, complexes(v)))[0] is None
    assert check.solved(S, z, near, check.coordinates(S, complexes(v)), 1)[0] is None


@pytest.mark.parametrize(("name", "along"), [(name, along) for name in PLANES for along in (0, 1) if (name, along) != ("quadratic", 0)])
def test_reference_points(name: str, along: int, tmp_path: Path) -> None:
    """30 digits of the reference, with either parameter as the one that runs; without a list the bundle is incomplete."""
    root = point_bundle(tmp_path / "bundle", PLANES[name], along, "1e-22" if name == "co" else "1e-30")
    with few_calls(3_000_000):
        report = check.check_path(root / "points/bautin-0001.json")
    assert report.exit_code == 0, check.table(report)
    assert check.check_path(root).exit_code == 3


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Bundles with a curve, not to be changed."""
    return {name: curve_bundle(tmp_path_factory.mktemp(name) / "bundle", PLANES[name], CURVES[name]) for name in CURVES}


@pytest.mark.parametrize("name", CURVES)
def test_enclosures_over_pieces(name: str, made: dict[str, Path]) -> None:
    """Over wide pieces: u, u', Re c1 and its derivative along the curve are inside, wherever they are computed."""
    bundle = check.Bundle(made[name])
    checker = check.Checker(bundle, check.read_problem(bundle, check.engine_of("auto")))
    branch, c, e = read(made[name] / "branch.json"), CURVES[name], PLANES[name]
    flow = PlaneFlow(e)
    pieces = check.parse(branch["witness"]["curves"][0], check.STACKED, "")
    u, phi = start(flow, e, c.along)

    def inside(x: Any, value: float, slack: float) -> bool:
        return bool(x.lo / 2**x.F - slack <= value <= x.hi / 2**x.F + slack)

    for index, w in enumerate(check.stacked(checker, pieces, "")):
        if index not in (0, 4, len(pieces["pieces"]) - 1):
            continue
        piece = check.HopfPiece(checker, w, 128, "")
        whole, motion = piece.whole, piece.motion()
        form = check.NormalForm(piece, whole)
        slope = form.slope(motion)
        for part in (-0.99, -0.3, 0.5, 0.99):
            s, step = mp.mpf(float(w.s + Fraction(part) * w.h)), mp.mpf("1e-7")
            places = [s + k * step for k in (-1, 0, 1)]
            near = [newton(flow, c.along, y, u, phi) for y in places]
            g = [first_lyapunov(flow, c.along, y, v)[0] * v[1] * norm(v, flow.n) for y, v in zip(places, near, strict=True)]
            assert inside(form.c1.re, g[1], 1e-11) and inside(slope.re, (g[2] - g[0]) / (2 * step), 1e-5)
            for x, y, value, before, after in zip(whole.u.all(), motion.all(), near[1], near[0], near[2], strict=True):
                assert inside(x, value, 1e-13) and inside(y, (after - before) / (2 * step), 1e-6)


def test_a_curve_of_three_neurons(made: dict[str, Path], tmp_path: Path) -> None:
    root = shutil.copytree(made["rate"], tmp_path / "bundle")
    report = check.check_path(root)
    assert report.exit_code == 0, check.table(report)
    assert {"hopf_curves.py", "bautin.py", "lemma_c.py"} <= set(report.rests_on)
    point = read(root / "points/bautin-0001.json")
    assert point["claims"]["spectral_gap"] is not None
    for change in ({"spectral_gap": None}, {"spectral_gap": "5"}, {"stable": 0}, {"unstable": 1}):
        write(root / "points/bautin-0001.json", {**point, "claims": point["claims"] | change})
        assert check.check_path(root / "points/bautin-0001.json").exit_code == 1


def test_without_its_point(made: dict[str, Path], tmp_path: Path) -> None:
    """A list rests on its certificates."""
    root = shutil.copytree(made["bazykin"], tmp_path / "bundle")
    (root / "points/bautin-0001.json").unlink()
    assert check.check_path(root).exit_code == 1


@pytest.mark.slow
@pytest.mark.parametrize("sums", [20, 45])
def test_long_equations_end_soon(sums: int, made: dict[str, Path], tmp_path: Path) -> None:
    """Series through many functions are counted: such a bundle ends within its budget, in both checkers."""
    root = shutil.copytree(made["bazykin"], tmp_path / "bundle")
    problem = read(root / "problem.json")
    terms = [[f"sin(x*{30 * i + j + 2} + y)*exp(-y*{j + 1})" for j in range(30)] for i in range(sums)]
    problem["definitions"] = [{"name": f"d{i}", "expression": " + ".join(row)} for i, row in enumerate(terms)]
    problem["equations"][0] += f" + 1e-200*({' + '.join(x['name'] for x in problem['definitions'])})"
    write(root / "problem.json", problem)
    rehash(root)
    for checker in (CHECKER, SHORT_CHECKER):
        code, out = run(checker, root)
        assert code in (1, 3) and b"defect" not in out and b"ran out of resources" not in out
