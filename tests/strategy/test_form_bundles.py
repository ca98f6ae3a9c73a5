"""Bundles whose branch is covered with quadratic forms: the checker accepts what is written, and refuses forged pieces."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from check_tools import read, rehash, write
from forged import assert_refused, without_arrays
from networks import PAPER, two_layers

from proofgen import api
from proofgen.check import check_path, table
from proofgen.proof.failure import Failure, FailureCode
from proofgen.spec.load import load_text
from proofgen.strategy import form_cover, workshop

RATE = (PAPER.parent / "examples" / "rate-rnn.toml").read_text(encoding="utf-8")
TWO_LAYERS = two_layers("-0.5", "0.5")
# the pair γ − 1/2 ± i and the real eigenvalues γ − 3/4 (a crossing) and γ − 3 at x = 0
TRIVIAL = """
[network]
family = "layered"
leak = "1"
[[network.layer]]
weights = [["0.5", "-1", "0", "0"], ["1", "0.5", "0", "0"], ["0", "0", "0.25", "0"], ["0", "0", "0", "-2"]]
activation = "tanh"
enters = "identity"
[parameter]
interval = ["-1", "1"]
"""
UNSTABLE = TRIVIAL.replace('["-1", "1"]', '["0.6", "0.7"]')
W1 = np.array([[0.5, -1, 0.25, 0], [1, 0.25, 0, -0.5], [0, 0.75, -0.5, 1]])
E1 = np.array([[1, 0, 0.5, 0], [0, -0.5, 0, 0], [0.25, 0, 0, 1]])
W2 = np.array([[1, 0.5, -0.25], [-0.75, 1, 0.5], [0.25, -1, 0.75], [0, 0.5, 1]])
B1, B2, LEAK = np.array([0.1, -0.2, 0.3]), np.array([0.2, 0, -0.1, 0.4]), np.array([1, 1.25, 0.75, 1.5])
SPECS = {
    "rate": RATE,
    "two layers": TWO_LAYERS,
    "trivial": TRIVIAL,
}


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """Quadratic forms are for large networks; here every network is large."""
    made = {"discs": tmp_path_factory.mktemp("forms") / "bundle"}
    api.prove(load_text(TWO_LAYERS), made["discs"], check=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(workshop.FORM_DIMENSION, "network", 2)
        for name, text in SPECS.items():
            made[name] = tmp_path_factory.mktemp("forms") / "bundle"
            api.prove(load_text(text), made[name], check=False)
        yield made


@pytest.mark.parametrize("name", SPECS)
def test_what_is_written_is_accepted(name: str, bundles: dict[str, Path]) -> None:
    report = check_path(bundles[name])
    assert report.exit_code == 0, table(report)
    branch = read(bundles[name] / "branch.json")
    assert branch["method"] == "lyapunov-pieces" and branch["claims"]["complete"]
    kinds = [(piece["margin"] is None, piece["kind"]) for piece in branch["witness"]["pieces"]]
    assert (False, "clear") in kinds
    assert ((False, "hopf") in kinds) == (name in ("rate", "trivial"))
    assert ((True, "real") in kinds) == (name == "trivial") and (True, "hopf") not in kinds
    assert (branch["witness"]["curve"] is None) == (name == "trivial")
    text = (bundles[name] / "summary.tex").read_text()
    assert r"PA+A^{\mathsf T}P\succeq qI" in text and "Lyapunov" not in text.split(r"\begin{proof}")[-1]
    assert (r"PB+B^{\mathsf T}P\succeq qI" in text) == ((False, "hopf") in kinds)


@pytest.mark.slow
def test_how_many_eigenvalues_are_unstable(
    bundles: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pair γ − 1/2 ± i is, at 0.6, and nothing at −1; a forged number is refused, also where no piece says any."""
    monkeypatch.setitem(workshop.FORM_DIMENSION, "network", 2)
    api.prove(load_text(UNSTABLE), tmp_path / "unstable")
    for root, count, words in (
        (bundles["trivial"], 0, "it is exponentially stable"),
        (tmp_path / "unstable", 2, "two eigenvalues of its linearisation have positive real part"),
    ):
        assert read(root / "branch.json")["claims"]["unstable_eigenvalues"] == count
        assert f"At the left end of the range {words}" in (root / "summary.tex").read_text()
        for engine in ("python", "auto"):
            assert check_path(root, engine=engine).exit_code == 0
        for forged in (count + 1, count + 2):
            assert_refused(root, unstable(forged), tmp_path / f"{root.name}-{count}-{forged}")
    assert_refused(bundles["rate"], no_piece, tmp_path / "no-piece")
    assert_refused(tmp_path / "unstable", in_piece("kind", "hopf"), tmp_path / "kind")


def unstable(count: int) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        branch = read(root / "branch.json")
        branch["claims"]["unstable_eigenvalues"] = count
        write(root / "branch.json", branch)

    return change


def no_piece(root: Path) -> None:
    """No witness, so that everything is unsettled, but a number all the same."""
    branch = read(root / "branch.json")
    claims = branch["claims"]
    branch["witness"] = claims["start"] = None
    claims |= {"complete": False, "real_crossings": [], "unstable_eigenvalues": 0}
    claims["unsettled"] = [{"interval": claims["interval"], "reason": "no piece", "code": "axis-not-clear"}]
    write(root / "branch.json", branch)


def test_a_box_of_weights(tmp_path: Path) -> None:
    """Discs do not get through here with a hundred times as many pieces. The equilibria of networks at corners of the
    box lie in the tubes; points at the ends of pieces that are in their tubes, but too far off, are refused."""
    root = tmp_path / "box"
    problem = load_text(f'{TWO_LAYERS}\n[proof]\nweight_radius = "{RADIUS}"')
    api.prove(problem, root, check=False)
    branch = read(root / "branch.json")
    pieces = branch["witness"]["pieces"]
    assert branch["claims"]["complete"] and branch["claims"]["unstable_eigenvalues"] == unstable_at(-0.5, 0)
    assert len(pieces) < 100 and all(piece["margin"] is not None for piece in pieces)
    assert all(check_path(root, engine=engine).exit_code == 0 for engine in ("python", "auto"))
    curve = np.load(root / branch["witness"]["curve"]["file"])
    for corner in range(4):
        for index in (0, len(pieces) // 2, -1):
            piece, c = pieces[index], curve.reshape(-1, 4, 4)[index]
            for end in piece["interval"]:
                delta = float(Fraction(end) - as_number(piece["centre"]))
                predicted = c[0] + delta * (c[1] + delta * (c[2] + delta * c[3]))
                x = equilibrium(predicted, float(end), corner)
                assert np.linalg.norm(x - predicted) < float(as_number(piece["radius"]))
    assert_refused(root, apart, tmp_path / "apart")


RADIUS = 1e-6


def as_number(value: Any) -> Fraction:
    return Fraction(value) if isinstance(value, str) else Fraction(value[0]) * Fraction(2) ** value[1]


def at_corner(array: Any, corner: int) -> Any:
    signs = np.random.default_rng(corner).choice([-1, 1], array.shape)
    return array + (signs * RADIUS * 0.999 if corner else 0)


def two_layer_field(x: Any, gamma: float, corner: int) -> tuple[Any, Any]:
    """f and its Jacobian for one network of the box."""
    V1, V2, c1, c2 = (at_corner(array, corner) for array in (W1, W2, B1, B2))
    W = V1 + gamma * E1
    h = np.tanh(W @ x + c1)
    z = V2 @ h + c2
    slopes = (1 / (1 + z * z))[:, None] * (V2 @ ((1 - h * h)[:, None] * W))
    return np.arctan(z) - LEAK * x, slopes - np.diag(LEAK)


def equilibrium(x: Any, gamma: float, corner: int) -> Any:
    for _ in range(5):
        value, slopes = two_layer_field(x, gamma, corner)
        x = x - np.linalg.solve(slopes, value)
    return x


def unstable_at(gamma: float, corner: int) -> int:
    x = equilibrium(np.zeros(4), gamma, corner)
    assert np.max(np.abs(two_layer_field(x, gamma, corner)[0])) < 1e-12
    return int(np.sum(np.linalg.eigvals(two_layer_field(x, gamma, corner)[1]).real > 0))


def apart(root: Path) -> None:
    """Both points at the first joint lie at nine tenths of a radius from where they should be."""
    branch = read(root / "branch.json")
    radii = [float(as_number(piece["radius"])) for piece in branch["witness"]["pieces"][:2]]
    path = root / branch["witness"]["ends"]["file"]
    ends = np.load(path)
    ends[1:3, 0] += 0.9 * min(radii)
    np.save(path, ends)


def test_fewer_pieces_than_with_discs(bundles: dict[str, Path]) -> None:
    with_discs, with_forms = (read(bundles[name] / "branch.json") for name in ("discs", "two layers"))
    assert with_discs["method"] == "pieces"
    assert len(with_forms["witness"]["pieces"]) < len(with_discs["witness"]["pieces"])


# --- forged pieces ------------------------------------------------------------------------------


def first_form(branch: Any) -> int:
    return next(k for k, piece in enumerate(branch["witness"]["pieces"]) if piece["margin"] is not None)


def in_piece(key: str, value: Any) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        branch = read(root / "branch.json")
        piece = branch["witness"]["pieces"][first_form(branch)]
        piece[key] = value(piece[key]) if callable(value) else value
        write(root / "branch.json", branch)

    return change


def in_array(name: str, value: Callable[[Any], Any]) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        path = root / "arrays" / f"pieces-{name}.npy"
        np.save(path, value(np.load(path)))

    return change


def added(row: int, by: float) -> Callable[[Any], Any]:
    def value(array: Any) -> Any:
        array[row, 0] += by
        return array

    return value


def widened(root: Path) -> None:
    """The first piece takes the place of all others."""
    branch = read(root / "branch.json")
    witness, claims = branch["witness"], branch["claims"]
    witness["pieces"] = witness["pieces"][:1]
    witness["pieces"][0]["interval"] = claims["interval"]
    for key, rows in (("curve", 4), ("P", 1), ("ends", 2)):
        path = root / witness[key]["file"]
        array = np.load(path)[:rows]
        np.save(path, array)
        witness[key]["shape"] = list(array.shape)
    write(root / "branch.json", branch)


def without(index: int) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        branch = read(root / "branch.json")
        del branch["witness"]["pieces"][index]
        write(root / "branch.json", branch)

    return change


FORGERIES: dict[str, Callable[[Path], None]] = {
    "one piece for all": widened,
    "a piece dropped": without(1),
    "-P": in_array("P", lambda P: -P),
    "0 for P": in_array("P", lambda P: 0 * P),
    "an entry of P": in_array("P", added(0, 3.0)),
    "P not a number": in_array("P", lambda P: P * np.nan),
    "P transposed in rows": in_array("P", lambda P: P[:, ::-1].copy()),
    "P times 1e-9": in_array("P", lambda P: P * 1e-9),
    "c moved": in_array("curve", added(0, 1e-2)),
    "c' turned": in_array("curve", lambda c: c * np.where(np.arange(len(c)) % 4 == 1, -1, 1)[:, None]),
    "r smaller": in_piece("radius", "1e-12"),
    "r larger": in_piece("radius", "100"),
    "r negative": in_piece("radius", "-1"),
    "r null": in_piece("radius", None),
    "q larger": in_piece("margin", "1.5"),
    "q tiny": in_piece("margin", "1e-9"),
    "q negative": in_piece("margin", "-1"),
    "q 0": in_piece("margin", "0"),
    "q null": in_piece("margin", None),
    "pairs": in_piece("pairs", 1),
    "kind": in_piece("kind", "hopf"),
    "index": in_piece("index", 0),
    "centre outside": in_piece("centre", "7"),
    "an end moved": in_array("ends", added(1, 1e-2)),
    "no ends": without_arrays("ends"),
    "no curve": without_arrays("curve"),
    "no P": without_arrays("P"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_piece_is_refused(forgery: str, bundles: dict[str, Path], tmp_path: Path) -> None:
    assert_refused(bundles["two layers"], FORGERIES[forgery], tmp_path / "bundle")


def test_x_0_is_not_claimed_where_it_is_no_equilibrium(bundles: dict[str, Path], tmp_path: Path) -> None:
    root = tmp_path / "bundle"
    shutil.copytree(bundles["two layers"], root)
    branch = read(root / "branch.json")
    branch["witness"]["curve"] = branch["witness"]["ends"] = branch["claims"]["start"] = None
    for piece in branch["witness"]["pieces"]:
        piece["radius"] = None
    write(root / "branch.json", branch)
    rehash(root)
    assert check_path(root).exit_code == 1


# --- limits --------------------------------------------------------------------------------------


def test_where_no_form_is_found_a_large_network_says_so_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No discs are tried, and the rest of each part stays open after a few failures; the bundle is written."""
    tried = []

    def none(*_: Any) -> Failure:
        tried.append(1)
        return Failure(FailureCode.AXIS_NOT_CLEAR, "no form here")

    monkeypatch.setitem(workshop.FORM_DIMENSION, "network", 2)
    monkeypatch.setattr(form_cover, "DISCS_BELOW", 2)
    monkeypatch.setattr(form_cover, "next_piece", none)
    result = api.prove(load_text(TWO_LAYERS), tmp_path / "bundle", check=False)
    branch = read(tmp_path / "bundle" / "branch.json")
    assert len(tried) == form_cover.FORM_CHUNKS * form_cover.MOST_OPEN and result.bundle.summary.status == "incomplete"
    assert not branch["claims"]["complete"] and {x["code"] for x in branch["claims"]["unsettled"]} >= {"axis-not-clear"}
    assert check_path(tmp_path / "bundle").exit_code in (0, 3)


def test_beside_a_real_crossing_discs_are_of_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On x = 0 there is no tube, and discs reach from the crossing to where forms begin, however large the network."""
    monkeypatch.setitem(workshop.FORM_DIMENSION, "network", 2)
    monkeypatch.setattr(form_cover, "DISCS_BELOW", 2)
    by_forms = form_cover.next_piece

    def fewer(approx: Any, field: Any, rest: Any, *others: Any) -> Any:
        """No form near the crossing at 3/4."""
        near = abs(rest[0] - Fraction(3, 4)) < Fraction(1, 10)
        failure = Failure(FailureCode.AXIS_NOT_CLEAR, "near the axis")
        return failure if near else by_forms(approx, field, rest, *others)

    monkeypatch.setattr(form_cover, "next_piece", fewer)
    api.prove(load_text(TRIVIAL), tmp_path / "bundle", check=False)
    branch = read(tmp_path / "bundle" / "branch.json")
    kinds = {(piece["kind"], piece["margin"] is None) for piece in branch["witness"]["pieces"]}
    assert branch["claims"]["complete"] and kinds >= {("real", True), ("clear", True), ("clear", False)}


def test_too_many_forms_are_foreseen() -> None:
    rest, n = (Fraction(0), Fraction(1)), 512
    most = form_cover.most_forms(n)
    few = [Fraction(1, 4 * most)] * 7
    assert 1 < most < 200 and not form_cover._too_many(n, few, rest)
    assert not form_cover._too_many(n, [Fraction(1, 3 * most)] * 8, rest)
    assert form_cover._too_many(n, [Fraction(1, 5 * most)] * 8, rest)
    assert not form_cover._too_many(n, [Fraction(1, 5 * most)] * 8, (Fraction(1, 2), Fraction(1)))
    assert form_cover._too_many(n, [Fraction(1)] * most, rest)
