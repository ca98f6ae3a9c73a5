"""Forged pieces of a family of periodic orbits: order, gaps, joints and what is said of each (FORMAT.md, section 18)."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from test_check_orbits import SPEC, negative, shifted, verdict

from proofgen.api import prove
from proofgen.spec.load import load_text
from proofgen.strategy import orbit_branch

Change = Callable[[dict[str, Any]], None]
NAME = "orbits/orbit-0001.json"


def spec(goal: str) -> str:
    return SPEC.replace('at = ["0.1"]\n', "").replace('branch = "0.05"', f'branch = "{goal}"')


def proved(out: Path, goal: str, first: str) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orbit_branch, "MOST_FIRST", Fraction(first))
        result = prove(load_text(spec(goal)), out, check=False)
    row: dict[str, Any] = result.summary["orbits"][0]
    assert row["status"] == "proved" and row["amplitude"] == ["0", goal]
    return row


@pytest.fixture(scope="module")
def glued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Amplitudes (0, 0.05] and [0.05, 0.06]."""
    out = tmp_path_factory.mktemp("glued") / "bundle"
    proved(out, "0.06", "0.05")
    return out


def forged(glued: Path, tmp_path: Path, change: Change) -> tuple[int, list[str]]:
    out = tmp_path / "forged"
    shutil.copytree(glued, out)
    for name in ("MANIFEST.sha256", "summary.json"):
        (out / name).unlink()
    document = json.loads((out / NAME).read_text(encoding="utf-8"))
    change(document)
    (out / NAME).write_text(json.dumps(document), encoding="utf-8")
    return verdict(out)


def pieces(by: Callable[[list[Any]], list[Any]]) -> Change:
    def change(document: dict[str, Any]) -> None:
        document["witness"]["pieces"] = by(document["witness"]["pieces"])

    return change


def second(**changes: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        found = document["witness"]["pieces"][1]
        for key, to in changes.items():
            assert key in found
            found[key] = to(found[key]) if callable(to) else to

    return change


def part(index: int, key: str, to: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        found = document["claims"]["parts"][index]
        assert key in found
        found[key] = to(found[key]) if callable(to) else to

    return change


def claim(key: str, to: Any) -> Change:
    def change(document: dict[str, Any]) -> None:
        assert key in document["claims"]
        document["claims"][key] = to(document["claims"][key]) if callable(to) else to

    return change


def without_parts(document: dict[str, Any]) -> None:
    del document["claims"]["parts"]


def one_part_fewer(document: dict[str, Any]) -> None:
    document["claims"]["parts"].pop()


def only_the_first(document: dict[str, Any]) -> None:
    """The claims of both with the witness of one."""
    document["witness"]["pieces"].pop()


def renamed(document: dict[str, Any], **arrays: str) -> None:
    first, other = document["witness"]["pieces"]
    for key in arrays:
        other[key] = first[key]


FORGED: dict[str, tuple[Change, str]] = {
    "swapped": (pieces(lambda p: p[::-1]), "around the amplitude 0"),
    "a gap": (second(centre="0.056", half_width="0.004"), "begin where"),
    "moved": (second(centre="0.0551", half_width="0.0049"), "begin where"),
    "twice the first": (pieces(lambda p: [p[0], p[0]]), "begin where"),
    "twice the second": (pieces(lambda p: [*p, p[1]]), "begin where"),
    "backwards": (second(centre="0.045", half_width="0.005"), "begin where"),
    "of width 0": (second(centre="0.05", half_width="0"), "a single orbit"),
    "the second alone": (pieces(lambda p: p[1:]), "around the amplitude 0"),
    "only the first": (only_the_first, "end is not"),
    "no uniqueness": (second(uniqueness=[1, 0]), "O2"),
    "larger than it is": (second(centre="0.06", half_width="0.01"), "O1|O2|end is not"),
    "no strip": (second(nu=[0, 0]), "another strip|strip"),
    "arrays of the first": (lambda d: renamed(d, v="", gamma="", T=""), "O1|O2"),
    "without parts": (without_parts, "parts are not"),
    "one part fewer": (one_part_fewer, "parts are not"),
    "amplitudes of a part": (part(0, "amplitude", ["0", "0.04"]), "amplitudes of a part"),
    "parameter of a part": (part(1, "parameter", shifted), "parameter"),
    "period of a part": (part(1, "period", shifted), "period"),
    "slope of a part": (part(1, "slope", shifted), "slope"),
    "sign of a slope": (part(1, "slope", negative), "slope"),
    "direction of a part": (part(1, "direction", "decreasing"), "direction"),
    "part without direction": (part(1, "direction", None), "belong together"),
    "multipliers of a part": (part(1, "unstable_multipliers", lambda k: k + 1), "unstable_multipliers"),
    "stability of a part": (part(0, "stable", False), "stable"),
    "stability without number": (part(1, "unstable_multipliers", None), "stable"),
    "slope of all": (claim("slope", lambda s: [s[0], s[0]]), "slope"),
    "direction of all": (claim("direction", "decreasing"), "direction"),
    "multipliers of all": (claim("unstable_multipliers", 1), "unstable_multipliers"),
    "amplitudes of all": (claim("amplitude", ["0", "0.07"]), "amplitude"),
    "parameter of all": (claim("parameter", lambda x: [x[0], x[0]]), "parameter"),
}
QUICK = ("swapped", "a gap")


def test_genuine(glued: Path, tmp_path: Path) -> None:
    document = json.loads((glued / NAME).read_text(encoding="utf-8"))
    assert [p["amplitude"] for p in document["claims"]["parts"]] == [["0", "0.05"], ["0.05", "0.06"]]
    assert len(document["witness"]["pieces"]) == 2 and verdict(glued) == (0, [])
    text = (glued / NAME.replace(".json", ".tex")).read_text(encoding="ascii")
    assert "Theorem~O2" in text and "$0.05<a\\le0.06$" in text and "increasing & $0$" in text


@pytest.mark.parametrize("name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in FORGED])
def test_forged(glued: Path, tmp_path: Path, name: str) -> None:
    change, reason = FORGED[name]
    code, failures = forged(glued, tmp_path, change)
    assert code in (1, 3) and any(any(part in text for part in reason.split("|")) for text in failures), failures


@pytest.mark.slow
def test_less_may_be_claimed(glued: Path, tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        for claims in (document["claims"], *document["claims"]["parts"]):
            claims.update(direction=None, slope=None, unstable_multipliers=None, stable=None)

    assert forged(glued, tmp_path, change) == (0, [])


@pytest.mark.slow
def test_piece_of_another_family(glued: Path, tmp_path: Path) -> None:
    """A second piece that is right in itself, but of another network whose orbits begin at the same amplitude."""
    other = tmp_path / "other"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(orbit_branch, "MOST_FIRST", Fraction("0.05"))
        prove(load_text(spec("0.06").replace('"0.1", "-1"', '"0.1000001", "-1"')), other, check=False)
    theirs = json.loads((other / NAME).read_text(encoding="utf-8"))["witness"]["pieces"][1]
    mixed = tmp_path / "mixed"
    shutil.copytree(glued, mixed)
    for file in (other / "arrays").glob("orbit-0001-2-*"):
        shutil.copy(file, mixed / "arrays" / file.name)
    code, failures = forged(mixed, tmp_path, pieces(lambda p: [p[0], theirs]))
    assert code == 1 and any("O1" in text or "O2" in text or "<" in text for text in failures)
