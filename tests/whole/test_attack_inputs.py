"""Inputs that an attack found: each with its right value, proved or left undecided, and the same from the checker."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import pytest
from check_tools import load as load_checker
from check_tools import rehash, write
from flint import arb
from independent import general_hopf
from ordinary import some

from proofgen import api
from proofgen.codegen.equations import emit_equations
from proofgen.numbers.exact import parse_printed_decimal
from proofgen.problem.equations import EquationsProblem
from proofgen.proof import tube
from proofgen.proof.failure import FailureCode, ProofFailure
from proofgen.proof.tube import BranchWitness
from proofgen.spec.load import load, load_text
from proofgen.strategy import pieces
from proofgen.strategy.fields import field_balls

check = load_checker()

ATTACKS = Path(__file__).parents[1] / "data" / "attacks"


def loaded(name: str) -> EquationsProblem:
    problem = load(ATTACKS / f"{name}.toml")
    assert isinstance(problem, EquationsProblem)
    return problem


def holds(pair: list[str], value: mp.mpf) -> bool:
    with mp.workdps(200):
        low, high = (mp.mpf(x.numerator) / x.denominator for x in map(parse_printed_decimal, pair))
        return bool(low <= value <= high)


def displaced() -> EquationsProblem:
    """The same with its point at μ = 1/3, which no binary64 number is."""
    text = (ATTACKS / "false-theorem.toml").read_text(encoding="utf-8").replace("*mu", "*(mu - 1/3)")
    problem = load_text(text.replace('["-0.000065", "0.000075"]', '["0.333268", "0.333408"]'))
    assert isinstance(problem, EquationsProblem)
    return problem


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest of the interval, which stays open, is given up at once."""
    monkeypatch.setattr(pieces, "PATIENCE", (1, 1))


def true_value() -> mp.mpf:
    """ℓ1 = 3a/(4w) of u' = −wv + au³, v' = wu."""
    return 3 * (mp.cos(mp.mpf("0.643501")) - mp.mpf("0.783")) / (4 * mp.mpf("1.32"))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("place", [Fraction(0), Fraction(1, 3)])
def test_a_coefficient_that_oscillates(place: Fraction, tmp_path: Path) -> None:
    """cos(10³⁴γ + …): over Γ*, far from γ̃ by its own width, the coefficient of the cubic term is positive."""
    problem = displaced() if place else loaded("false-theorem")
    summary = api.prove(problem, tmp_path / "bundle", check=False).summary
    points = summary["points"]
    assert [point["status"] for point in points] == ["proved"]
    with mp.workdps(50):
        assert mp.nstr(true_value(), 6) == "0.00965913"
        assert points[0]["criticality"] == "subcritical" and holds(points[0]["first_lyapunov_coefficient"], true_value())
        assert holds(points[0]["parameter"], mp.mpf(place.numerator) / place.denominator) and holds(points[0]["omega"], mp.mpf("1.32"))
    report = check.check_path(tmp_path / "bundle")
    assert report.exit_code == 0, check.table(report)


FORGERIES: dict[str, Callable[[dict[str, Any]], None]] = {
    "sign": lambda c: c["claims"].update(criticality="supercritical", first_lyapunov_coefficient=["-0.0175", "-0.0095"]),
    "both signs": lambda c: c["claims"].update(criticality="supercritical", first_lyapunov_coefficient=["-0.0175", "0.0175"]),
    "word": lambda c: c["claims"].update(criticality="supercritical"),
    "displaced": lambda c: c["claims"].update(parameter=["1e-40", "2e-40"]),
}  # fmt: skip


@pytest.mark.usefixtures("impatient")
def test_forged_claims_are_rejected(tmp_path: Path) -> None:
    root = tmp_path / "bundle"
    api.prove(loaded("false-theorem"), root, check=False)
    path = root / "points" / "hopf-0001.json"
    original = path.read_text()
    for name, forge in FORGERIES.items():
        certificate = json.loads(original)
        forge(certificate)
        write(path, certificate)
        rehash(root)
        assert check.check_path(root).exit_code == 1, name


def test_a_part_that_does_not_hold_the_centre(tmp_path: Path) -> None:
    """Enclosures at γ̃ and over Γ* that have nothing in common: the point is proved, with the right ℓ1."""
    problem = loaded("empty-intersection")
    points = api.prove(problem, tmp_path / "bundle", check=False).summary["points"]
    assert [point["status"] for point in points] == ["proved"]
    with mp.workdps(60):
        data = general_hopf(problem, 0.0, [-0.662, 314000.0], 1.32)[0]
        assert holds(points[0]["parameter"], mp.mpf(0)) and holds(points[0]["omega"], mp.mpf("1.32"))
        assert abs(data.gamma) < mp.mpf(10) ** -25
        low, high = (mp.mpf(end) for end in points[0]["first_lyapunov_coefficient"])
        assert abs((low + high) / 2 - data.ell1) < abs(data.ell1) * mp.mpf(10) ** -4
        assert high - low < abs(data.ell1) * mp.mpf(10) ** -6
    assert check.check_path(tmp_path / "bundle").exit_code == 0


def test_disjoint_enclosures_prove_nothing() -> None:
    """Known enclosures that cannot be right are a reason to leave something open, no traceback."""
    problem = loaded("empty-intersection")
    evaluator = field_balls(problem, emit_equations(problem, "0" * 64))
    box = [arb(-0.907), arb(314000)]
    known = [[z + 1000 for z in evaluator.expand(arb(0), box, 1).z[0]]]
    with pytest.raises(ProofFailure) as caught:
        evaluator.expand(arb(0), box, 1, known)
    assert caught.value.failure.code is FailureCode.BRANCH_NOT_VERIFIED
    with pytest.raises(check.Undecided):
        check.Interval(0, 1) & check.Interval(2, 3)
    assert (check.Interval(0, 2) & check.Interval(2, 3)) == check.Interval(2)


def test_a_centre_outside_of_its_interval_is_refused() -> None:
    problem = loaded("false-theorem")
    evaluator = field_balls(problem, emit_equations(problem, "0" * 64))
    witness = BranchWitness(arb(0), [arb(1), arb(2)], [arb(0), arb(0)], arb(1e-9))
    for Gamma in (arb(1e-9, 1e-10), arb("nan"), arb(0, "inf"), arb(1e-9, 1e-9) + 1e-12):
        with pytest.raises(ProofFailure):
            tube._centred_expansion(evaluator, witness, Gamma, [arb(0), arb(0)], 1)
        with pytest.raises(ProofFailure):
            tube._centred_expansion(evaluator, BranchWitness(arb(0), None, None, None), Gamma, [arb(0), arb(0)], 1)


@pytest.mark.parametrize(
    "digits", some([8, 16, 24, 28, 40, 42, 44, 60, 100, 150], 0, [8, 42, 60])
)
def test_the_brusselator_to_many_digits(digits: int, tmp_path: Path) -> None:
    """B = 2, ω = 1, ℓ1 = −1/2 at A = 1; the enclosures are as narrow as asked, and the checker's too."""
    text = (ATTACKS / "brusselator-40-digits.toml").read_text().replace("digits = 40", f"digits = {digits}")
    summary = api.prove(load_text(text), tmp_path / "bundle", check=False).summary
    assert summary["complete"]
    (point,) = summary["points"]
    for key, value in (("parameter", mp.mpf(2)), ("omega", mp.mpf(1)), ("first_lyapunov_coefficient", mp.mpf("-0.5"))):
        assert holds(point[key], value)
    low, high = map(parse_printed_decimal, point["parameter"])
    assert (high - low) * 10**digits <= 2
    report = check.check_path(tmp_path / "bundle")
    assert report.exit_code == 0, check.table(report)


@pytest.mark.parametrize("method", ["spectral", "newton-kantorovich"])
def test_a_fold_beyond_the_end(method: str, tmp_path: Path) -> None:
    """The branch turns around less than a step of the search after the right end: complete up to that end."""
    summary = api.prove(loaded("fold-beyond-the-end"), tmp_path / "bundle", method=method, check=False).summary
    assert summary["complete"] and not summary["unsettled"]
    (point,) = summary["points"]
    assert holds(point["parameter"], mp.mpf("0.602924")) and holds(point["omega"], mp.mpf("1.886"))
    assert check.check_path(tmp_path / "bundle").exit_code == 0


@pytest.mark.parametrize("method", ["spectral", "newton-kantorovich"])
def test_an_undecided_point_on_another_sheet(method: str, tmp_path: Path) -> None:
    """The branch up to the end is settled, but a list with an undecided point is not complete."""
    summary = api.prove(loaded("undecided-on-another-sheet"), tmp_path / "bundle", method=method, check=False).summary
    assert sorted(point["status"] for point in summary["points"]) == ["proved", "undecided"]
    assert not summary["complete"] and summary["status"] == "incomplete"
    assert check.check_path(tmp_path / "bundle").exit_code == 0
