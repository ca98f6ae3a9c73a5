"""Pieces and completeness: what the search misses is never proved complete, and hard cases are reported as what they are."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from networks import PAPER
from ordinary import some

from proofgen.errors import InputError
from proofgen.numbers.exact import parse_printed_decimal
from proofgen.search.candidates import Candidates
from proofgen.search.location import CrossingApprox
from proofgen.spec.load import load_text
from proofgen.strategy import branch as pipeline
from proofgen.strategy import cover
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove

HEAD = '[network]\nfamily = "layered"\nleak = "1"\n'


def spec(layers: str, interval: str = '["-0.5", "0.5"]', head: str = HEAD) -> str:
    return f"{head}{layers}\n[parameter]\ninterval = {interval}\n"


def layer(weights: str, activation: str = "tanh", bias: str = "", enters: str = '"identity"') -> str:
    given = f"bias = {bias}\n" if bias else ""
    return f'[[network.layer]]\nweights = {weights}\n{given}activation = "{activation}"\nenters = {enters}\n'


def run(text: str, **arguments: object) -> Result:
    return prove(load_text(text), **arguments)  # type: ignore[arg-type]


def nothing_proved(result: Result) -> None:
    assert not result.proved and not result.points
    assert result.summary["status"] == "incomplete" and not result.summary["complete"]
    assert all(point["status"] == "undecided" for point in result.summary["points"])


def covers(result: Result, gamma: str) -> str:
    """The code of the unsettled piece that holds γ."""
    value = Fraction(gamma)
    for piece in result.summary["unsettled"]:
        low, high = (parse_printed_decimal(end) for end in piece["interval"])
        if low <= value <= high:
            return str(piece["code"])
    raise AssertionError(f"{gamma} is not in an unsettled piece")


DOUBLE = (
    '[["0.75", "2.25", "-0.25", "0.25"], ["-1.25", "1.25", "0.75", "0.25"],'
    ' ["-0.25", "0.25", "0.75", "2.25"], ["0.75", "0.25", "-1.25", "1.25"]]'
)


def test_double_hopf_is_not_a_hopf_point() -> None:
    """data/adversarial.md, 2, with a leak: ±i and ±2i on the axis together at γ = 0."""
    result = run(spec(layer(DOUBLE)))
    nothing_proved(result)
    assert covers(result, "0") == "double-hopf"
    reason = result.summary["unsettled"][0]["reason"]
    assert "2 pairs" in reason and "codimension two" in reason


def test_fold_hopf() -> None:
    result = run(spec(layer('[["1", "-1", "0.3"], ["1", "1", "0.2"], ["0", "0", "1"]]')))
    nothing_proved(result)
    assert covers(result, "0") == "fold-hopf"


@pytest.mark.parametrize("method", ["spectral", "newton-kantorovich"])
def test_bautin(method: str) -> None:
    """ℓ1 = 0 exactly: γ* and ω are enclosed, the point is undecided."""
    result = run(spec(layer('[["1", "-1"], ["1", "1"]]', "z + z**5")), method=method)
    nothing_proved(result)
    (point,) = result.summary["points"]
    assert point["code"] == "lyapunov-encloses-zero"
    low, high = (parse_printed_decimal(end) for end in point["first_lyapunov_coefficient"])
    assert low <= 0 <= high
    low, high = (parse_printed_decimal(end) for end in point["omega"])
    assert low <= 1 <= high and high - low < Fraction(1, 10**9)


def test_a_pair_that_touches_the_axis() -> None:
    """Re λ = −γ²: the speed is 0 at γ = 0, nothing crosses."""
    layers = layer('[["1", "0"], ["0", "1"]]') + layer(
        '[["1", "-1"], ["1", "1"]]', enters='{ matrix = [["-1", "1"], ["-1", "-1"]] }'
    )
    result = run(spec(layers, '["-0.5", "0.4"]'))
    nothing_proved(result)
    assert covers(result, "0") == "not-transversal"
    assert any("Re λ'" in piece["reason"] for piece in result.summary["unsettled"])


@pytest.mark.slow
@pytest.mark.usefixtures("patience")
def test_a_fold_ends_the_complete_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the whole branch is not proved; here it can be."""
    layers = layer('[["2", "0.5"], ["-0.3", "0.4"]]', bias='["-0.2", "0"]', enters="{ row = 1, column = 2 }")
    head = HEAD + 'start = ["0.02", "-0.01"]\n'
    assert run(spec(layers, '["-20", "20"]', head)).proved
    monkeypatch.setattr(cover, "with_arcs", lambda *arguments: None)
    result = run(spec(layers, '["-20", "20"]', head))
    assert not result.proved
    assert covers(result, "10") == "fold" and covers(result, "0.6") == "fold"
    low, _ = (parse_printed_decimal(end) for end in result.summary["unsettled"][0]["interval"])
    assert Fraction("0.5") < low < Fraction("0.5725")
    before = run(spec(layers, '["-20", "0.5"]', head))
    assert before.proved and before.summary["points"] == []


@pytest.mark.usefixtures("patience")
def test_a_branch_that_leaves() -> None:
    """x = (I − W(γ))⁻¹b has a pole in the interval."""
    layers = layer('[["0.5", "-1"], ["1", "0.5"]]', "identity", '["0.1", "0.2"]', "{ row = 1, column = 1 }")
    result = run(spec(layers, '["-1", "4"]'))
    nothing_proved(result)
    assert covers(result, "3") == "branch-not-verified"
    assert covers(result, "1") == "lyapunov-encloses-zero"  # the pair of a linear system


@pytest.mark.usefixtures("patience")
def test_no_equilibrium() -> None:
    result = run(spec(layer('[["0.5", "-1"], ["1", "0.5"]]', "logistic"), '["-1", "1"]', HEAD.replace('leak = "1"\n', "")))
    nothing_proved(result)
    assert covers(result, "0") in ("no-candidate", "branch-not-verified", "not-finite")


def test_a_point_at_the_end_of_the_interval() -> None:
    result = run(spec(layer('[["1", "-1"], ["1", "1"]]'), '["0", "0.5"]'))
    nothing_proved(result)
    assert covers(result, "0")


def test_gamma_enters_nowhere() -> None:
    with pytest.raises(InputError, match="nowhere"):
        run(spec(layer('[["1", "-1"], ["1", "1"]]', enters='"none"')))


def test_an_interval_is_needed() -> None:
    with pytest.raises(InputError, match=r"parameter\.interval") as caught:
        run(f"{HEAD}{layer('[[1, -1], [1, 1]]')}")
    assert "expected the range of the parameter" in str(caught.value)


def doctored(monkeypatch: pytest.MonkeyPatch, change: object) -> None:
    honest = pipeline.search

    def search(*arguments: Any) -> Candidates:
        found = honest(*arguments)
        return replace(found, crossings=change(found.crossings))  # type: ignore[operator]

    monkeypatch.setattr(pipeline, "search", search)


@pytest.mark.parametrize("missing", some([0, 2, 4], 0, [2]))
def test_what_the_search_misses_is_not_complete(monkeypatch: pytest.MonkeyPatch, missing: int) -> None:
    text = (PAPER / "n6-seed80-3-layers.toml").read_text()
    lost: list[CrossingApprox] = []

    def drop(crossings: list[CrossingApprox]) -> list[CrossingApprox]:
        lost.append(crossings[missing])
        return [*crossings[:missing], *crossings[missing + 1 :]]

    doctored(monkeypatch, drop)
    result = run(text)
    assert not result.proved and len(result.points) == 4
    covers(result, str(lost[0].gamma))


def test_a_missing_real_crossing_is_not_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    doctored(monkeypatch, lambda crossings: [c for c in crossings if c.kind == "hopf"])
    result = run((PAPER / "n6-seed80-off-diagonal.toml").read_text())
    assert len(result.points) == 2 and not result.proved and result.summary["real_crossings"] == []
    covers(result, "2.0998923199")
    covers(result, "2.3723569845")


def test_wrong_candidates_prove_nothing_false(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shifted, repeated and invented candidates: the true points stay, the others are undecided."""

    def spoil(crossings: list[CrossingApprox]) -> list[CrossingApprox]:
        invented = replace(crossings[0], gamma=1.0, omega=3.0)
        shifted = replace(crossings[1], gamma=crossings[1].gamma + 0.01)
        wrong_omega = replace(crossings[2], omega=crossings[0].omega)
        return [*crossings, crossings[0], invented, shifted, wrong_omega]

    doctored(monkeypatch, spoil)
    result = run((PAPER / "n6-seed80-3-layers.toml").read_text())
    assert len(result.points) == 5
    gammas = [float(c["claims"]["parameter"][0]) for c in result.points.values()]
    assert gammas == pytest.approx([-2.742932529830, -0.120428874799, -0.007436717264, 0.025747632871, 2.502074780232])


@pytest.mark.slow
def test_the_number_of_processes_changes_nothing() -> None:
    text = (PAPER.parent / "networks" / "arctan-unequal-leaks.toml").read_text()
    one, two = run(text), run(text, jobs=2)
    assert one.files == two.files


def test_the_cost_grows_with_the_difficult_places() -> None:
    """Ten times the interval, with the same difficult places, needs far less than ten times the pieces."""
    layers = layer('[["0.5", "-1.2"], ["1.1", "0.6"]]', bias='["0.3", "-0.2"]')
    short, long = (
        len(run(spec(layers, interval)).branch["witness"]["pieces"]) for interval in ('["-1", "1"]', '["-10", "10"]')
    )
    assert long < 5 * short
