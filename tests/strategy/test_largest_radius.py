"""The largest radius: what is accepted was proved, the next one was not, and a planar network where it is known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from networks import PAPER, network, paper
from typer.testing import CliRunner

from proofgen import api
from proofgen.bundle.kinds import Point
from proofgen.command.main import app
from proofgen.errors import AbandonedError, ArgumentError, InputError
from proofgen.numbers.decimals import exact_decimal
from proofgen.problem.network import Problem
from proofgen.problem.options import ProofOptions
from proofgen.problem.problem import AnyProblem
from proofgen.spec.load import load_text
from proofgen.strategy.largest_radius import largest_radius, still_proved
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove

RUNNER = CliRunner()
OPTIONS = ProofOptions(max_precision=128)


def next_up(radius: Fraction) -> Fraction:
    """The next number of three digits."""
    step = Fraction(1)
    while radius / step >= 1000:
        step *= 10
    while radius / step < 100:
        step /= 10
    assert radius / step == int(radius / step)
    return radius + step


@pytest.mark.parametrize(
    ("name", "above"),
    [("n4-printed", Fraction(1, 20000)), pytest.param("n6-seed80", Fraction(1, 10**6), marks=pytest.mark.slow)],
)
def test_the_result_is_proved_and_the_next_is_not(name: str, above: Fraction) -> None:
    problem = paper(name)
    found = api.largest_radius(problem)
    assert isinstance(found.result.problem, Problem) and found.result.problem.weight_radius == found.radius >= above
    exact = prove(problem)
    assert found.result.proved and still_proved(exact, found.result)
    again = prove(replace(problem, weight_radius=found.radius))
    assert still_proved(exact, again) and again.points == found.result.points
    assert not still_proved(exact, prove(replace(problem, weight_radius=next_up(found.radius))))


def test_no_box_is_claimed_beyond_a_known_limit() -> None:
    """Two neurons: some network of the box has real eigenvalues where (0.13 + 2r)² ≥ 4(3 − 3r)(2.5 − 3r), as W moves by
    3r off the diagonal and by r on it; the proved radius must stay below that."""
    problem = network([["0.03", "3"], ["-2.5", "-0.1"]], options=OPTIONS)
    r = api.largest_radius(problem).radius
    assert r > Fraction(8, 10000)
    assert (Fraction("0.13") + 2 * r) ** 2 < 4 * (3 - 3 * r) * (Fraction("2.5") - 3 * r)


def test_the_problem_own_radius_is_replaced() -> None:
    problem = paper("n4-printed")
    boxed = replace(problem, weight_radius=Fraction(1))
    assert api.largest_radius(boxed).radius == api.largest_radius(problem).radius


def test_nothing_is_proved_for_a_degenerate_network() -> None:
    degenerate = network([["0", "1"], ["-1", "0"]], options=OPTIONS)
    found = api.largest_radius(degenerate)
    assert found.radius == 0 and not found.result.points


def test_every_radius_that_is_accepted_was_proved_as_a_whole() -> None:
    """The search against a prover that proves exactly up to a limit, also one that is not monotonic."""
    problem = paper("n4-printed")
    whole = prove(problem)
    broken = replace_status(whole)
    for limit in (Fraction("3.14159e-7"), Fraction("2e-6"), Fraction("99"), Fraction("1e-33"), Fraction("0.999999")):
        asked = []

        def up_to(candidate: AnyProblem, everything: bool, limit: Fraction = limit, asked: list[Fraction] = asked) -> Result:
            assert isinstance(candidate, Problem) and isinstance(candidate.weight_radius, Fraction)
            asked.append(candidate.weight_radius)
            if candidate.weight_radius > 10 * limit and everything:
                raise AbandonedError("not proved")
            return whole if candidate.weight_radius <= limit else broken

        found = largest_radius(problem, up_to)
        assert found.radius in asked and found.radius <= limit < next_up(found.radius)
    assert largest_radius(problem, lambda p, _: whole if p.weight_radius == 0 else broken).radius == 0  # type: ignore[union-attr]


def replace_status(result: Result) -> Result:
    return saying(result, complete=False)


def saying(result: Result, complete: bool = True, points: Mapping[str, Point] | None = None) -> Result:
    """The result with another summary, and with other points."""
    summary = replace(result.bundle.summary, complete=complete)
    points = result.bundle.points if points is None else points
    return replace(result, bundle=replace(result.bundle, summary=summary, points=points))


@pytest.mark.parametrize("change", ["complete", "status", "parameter", "omega", "criticality", "unstable_eigenvalues", "twice"])
def test_what_counts_as_lost(change: str) -> None:
    before = prove(paper("n4-printed"))
    assert still_proved(before, before)
    points = dict(before.bundle.points)
    first, second = list(points.values())[:2]
    other = {"criticality": "subcritical" if first.claims.supercritical else "supercritical"}
    if change == "twice":
        points["hopf-9999"] = first
    elif change == "status":
        del points[first.id]
    elif change != "complete":
        claims = replace(first.claims, **{change: other.get(change, getattr(second.claims, change))})
        points[first.id] = replace(first, claims=claims)  # type: ignore[arg-type]
    assert not still_proved(before, saying(before, change != "complete", points))


@pytest.mark.slow
def test_general_methods() -> None:
    """A rate network, on an interval; runs that cannot succeed are abandoned, and give no result."""
    problem = load_text((PAPER.parent / "examples" / "rate-rnn.toml").read_text())
    assert isinstance(problem, Problem)
    found = api.largest_radius(problem)
    assert found.result.proved and found.radius > Fraction(1, 10**8)
    again = prove(replace(problem, weight_radius=found.radius))
    assert again.points == found.result.points and again.branch == found.result.branch
    with pytest.raises(AbandonedError):
        prove(replace(problem, weight_radius=Fraction(1, 100)), all_or_nothing=True)
    assert not prove(replace(problem, weight_radius=Fraction(1, 100))).proved


def test_equations_have_no_layers() -> None:
    text = '[network]\nfamily = "equations"\nvariables = ["x", "y"]\nequations = ["gamma*x - y", "x"]\n'
    problem = load_text(text + '[parameter]\ninterval = ["-1", "1"]\n')
    with pytest.raises(ArgumentError, match="only the weights of layers have a radius"):
        api.largest_radius(problem)


# The command --------------------------------------------------------------------------------------


def test_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = RUNNER.invoke(app, ["prove", str(PAPER / "n4-printed.toml"), "--largest-radius"])
    expected = exact_decimal(api.largest_radius(paper("n4-printed")).radius)
    assert result.exit_code == 0 and f"Largest weight_radius: {expected} (three digits, rounded down)" in result.output
    assert not list(tmp_path.iterdir())  # no bundle without --out


def test_command_writes_the_bundle_of_that_radius(tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = RUNNER.invoke(app, ["prove", str(PAPER / "n4-printed.toml"), "--largest-radius", "--json", "--out", str(out)])
    document = json.loads(result.output)
    assert result.exit_code == 0 and document["status"] == "proved"
    assert json.loads((out / "problem.json").read_text())["weight_radius"] == document["largest_weight_radius"]
    assert RUNNER.invoke(app, ["check", str(out)]).exit_code == 0


def test_command_where_nothing_is_proved(tmp_path: Path) -> None:
    spec = tmp_path / "net.toml"
    spec.write_text('[network]\nfamily = "asymmetric-rnn"\nR1 = [[0, 1], [0, 0]]\n')
    result = RUNNER.invoke(app, ["prove", str(spec), "--largest-radius"])
    assert result.exit_code == 3 and "Nothing is proved for a whole box" in result.output


@pytest.mark.parametrize("option", ["--resume", "--pdf"])
def test_options_that_make_no_sense_together(option: str) -> None:
    result = RUNNER.invoke(app, ["prove", str(PAPER / "n4-printed.toml"), "--largest-radius", option])
    assert isinstance(result.exception, InputError) and option in str(result.exception)
