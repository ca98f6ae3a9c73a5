"""Folds of maps: closed forms and values computed independently to 40 digits, whole branches with their folds, real
crossings at the multiplier 1, and what must not be proved or accepted."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from check_tools import read, write
from ordinary import some

from proofgen import api
from proofgen.bundle.fold import FoldClaims
from proofgen.bundle.neimark_sacker import NeimarkSackerClaims
from proofgen.bundle.problem import describe
from proofgen.check import check_path, table
from proofgen.command.explain import MEANINGS
from proofgen.numbers.printed import Enclosure
from proofgen.progress import quiet
from proofgen.proof.failure import FailureCode
from proofgen.proof.locus import IMAGINARY_AXIS
from proofgen.search.location import FOLD
from proofgen.spec.load import load, load_text
from proofgen.strategy import branch, workshop
from proofgen.strategy.open_point import of_map
from proofgen.strategy.points import candidate_points
from proofgen.strategy.workshop import Setting, workers

DATA = Path(__file__).parents[1] / "data" / "folds"
VALUES: dict[str, list[dict[str, Any]]] = json.loads((DATA / "values.json").read_text())


def holds(claim: Enclosure, value: str, digits: int) -> bool:
    """A value rounded to 40 digits, in an enclosure as narrow as asked for."""
    exact = Fraction(value)
    slack = max(abs(exact), Fraction(1, 10)) / 10**38
    return claim.low - slack <= exact <= claim.high + slack and claim.width <= max(abs(exact), 1) * Fraction(1, 10**digits)


def agrees(claims: FoldClaims, value: dict[str, Any], digits: int) -> bool:
    own = [(claims.parameter, value["parameter"]), (claims.a, value["a"]), (claims.b, value["b"])]
    own += zip(claims.equilibrium, value["fixed_point"], strict=True)
    return all(holds(*pair, digits) for pair in own) and (claims.unstable, claims.stable, claims.solutions_for) == (
        value["outside"], value["inside"], value["side"])  # fmt: skip


@pytest.mark.parametrize("name", some(VALUES, 0, ["fold-henon", "fold-rnn-4"]))
def test_to_thirty_digits(name: str) -> None:
    problem = load(DATA / f"{name}.toml")
    problem = replace(problem, proof=replace(problem.proof, digits=31, precision=192))
    emission = branch.emit(problem, describe(problem)[1].sha256)
    crossings = [crossing for crossing in branch.search(problem, emission, False).crossings if crossing.kind == FOLD]
    with workers(Setting(problem, emission, 192, trivial=False, method="spectral"), 1) as run:
        proved, opened = candidate_points(run, crossings, quiet)
    values = [value for value in VALUES[name] if value["kind"] == FOLD]
    assert not opened and len(proved) == len(values)
    assert all(agrees(content.claims, value, 30) for content, value in zip(proved, values, strict=True))  # type: ignore[union-attr]


@pytest.mark.parametrize("name", some(["fold-henon", "fold-rnn-4", "fold-gru-4"], 0, ["fold-henon"]))
def test_the_whole_branch(name: str, tmp_path: Path) -> None:
    """All folds and Neimark–Sacker points from one end to the other, in a bundle that the checker accepts."""
    found = api.prove(load(DATA / f"{name}.toml"), tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted"
    assert found.bundle.summary.complete and found.bundle.branch.method == "arcs"
    points = sorted((point.claims for point in found.bundle.points.values()), key=lambda claims: claims.parameter.low)
    for claims, value in zip(points, VALUES[name], strict=True):
        if isinstance(claims, FoldClaims):
            assert agrees(claims, value, 9)
        else:
            assert isinstance(claims, NeimarkSackerClaims) and holds(claims.coefficient, value["a"], 8)
            assert holds(claims.theta, value["theta"], 8) and (claims.inside, claims.outside) == (value["inside"], value["outside"])
    texts = [(tmp_path / "bundle" / name).read_text() for name in ("points/fold-0001.tex", "summary.tex")]
    for text in texts:
        assert "fixed point" in text and "equilibri" not in text.replace("{equilibria}", "") and "imaginary axis" not in text.replace(
            "takes the place of the imaginary axis", "")  # fmt: skip
    assert "multiplier)~$1$" in texts[0]


def odd_map(equations: str, interval: str = '["0.5", "1.5"]') -> str:
    return f"""
    [network]
    family = "equations"
    time = "discrete"
    variables = ["x", "y"]
    equations = [{equations}]
    [parameter]
    name = "r"
    interval = {interval}
    """


# f = F − x: at r* the multiplier 1 of (r, 1/10; 1/5, −3/10): (r − 1)(−13/10) = 1/50; l, q by hand
CROSSINGS = {
    "pitchfork": odd_map('"tanh(r*x) + y/10", "-3*y/10 + x/5"'),
    "transcritical": odd_map('"r*x - x**2 + y/10", "-3*y/10 + x/5"'),
}


@pytest.mark.parametrize("kind", CROSSINGS)
def test_crossings_at_one(kind: str, tmp_path: Path) -> None:
    """q ∝ (1, 2/13), l ∝ (1, 1/13): with q of length 1, lq = 1, everything follows from l_1q_1 = 1/(1 + 2/169)."""
    found = api.prove(load_text(CROSSINGS[kind]), tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    (point,) = found.bundle.points.values()
    claims: Any = point.claims
    star, share, square = Fraction(64, 65), Fraction(169, 171), Fraction(169, 173)  # l_1q_1, q_1²
    assert claims.kind == kind and holds(claims.parameter, str(float(star)), 13) and (claims.unstable, claims.stable) == (0, 1)
    assert claims.eigenvalue_speed.low <= share <= claims.eigenvalue_speed.high
    if kind == "pitchfork":  # e = (1/6)·(−2r³)·l_1q_1·q_1²
        e = -share * square * star**3 / 3
        assert claims.coefficient.low <= e <= claims.coefficient.high and claims.solutions_for == "above"
    else:  # a = l_1q_1·q_1
        assert claims.coefficient.low**2 <= share**2 * square <= claims.coefficient.high**2
    text = (tmp_path / "bundle" / "points" / f"{kind}-0001.tex").read_text()
    assert "fixed point" in text and "equilibrium" not in text and "(multiplier)~$1$" in text


def test_the_fixed_points_beside_a_crossing() -> None:
    """Newton's method finds those that the pitchfork and the transcritical point promise, and no others."""
    import numpy as np

    for kind, law in (("pitchfork", 0.5), ("transcritical", 1.0)):
        found = api.prove(load_text(CROSSINGS[kind]))
        claims: Any = next(iter(found.bundle.points.values())).claims
        d, e = float(claims.eigenvalue_speed.middle), float(claims.coefficient.middle)
        q = np.array([1, 2 / 13]) / np.hypot(1, 2 / 13)
        for delta in (1e-4, 1e-6):
            r = 64 / 65 + delta
            s = (d / abs(e) * delta) ** law
            x = s * q  # a guess; sign of q with a > 0 is the other one for −x²
            for _ in range(60):
                u = x[0]
                value, slope = (np.tanh(r * u), r / np.cosh(r * u) ** 2) if kind == "pitchfork" else (r * u - u * u, r - 2 * u)
                f = np.array([value + x[1] / 10 - u, -1.3 * x[1] + u / 5])
                x = x - np.linalg.solve(np.array([[slope - 1, 0.1], [0.2, -1.3]]), f)
            assert abs(np.linalg.norm(x) / s - 1) < 30 * delta**0.5


def folding(more: str) -> str:
    """x ↦ x + x² − s beside other multipliers."""
    return f"""
    [network]
    family = "equations"
    time = "discrete"
    variables = ["x", "y"]
    equations = ["x + x**2 + s", "{more}"]
    start = ["-1", "0"]
    [parameter]
    name = "s"
    interval = ["-1", "0.5"]
    """


@pytest.mark.parametrize("more, code", [("-y", FailureCode.CIRCLE_NOT_CLEAR), ("-y + y**3", FailureCode.CIRCLE_NOT_CLEAR)])
def test_another_multiplier_on_the_circle(more: str, code: FailureCode) -> None:
    """−1 is a multiplier all along; of the flow of the same f, with the eigenvalue −2, it would be a fold."""
    found = api.prove(load_text(folding(more)))
    assert not found.bundle.points
    assert code.value in {row.code for row in found.bundle.summary.points} and not found.bundle.summary.complete


def test_a_fold_of_the_axis_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Proved as of a flow, with a multiplier −1 on the circle, it is refused."""
    monkeypatch.setattr(workshop.Workshop, "locus", IMAGINARY_AXIS)
    found = api.prove(load_text(folding("-y")), tmp_path / "bundle", check=False)
    assert "fold-0001" in found.bundle.points
    report = check_path(tmp_path / "bundle" / "points" / "fold-0001.json")
    assert report.exit_code == 1 and "not clear of the unit circle" in " ".join(table(report).split())


def test_a_flip_is_no_transcritical_point(tmp_path: Path) -> None:
    """The real multiplier on the circle is −1: all numbers of a window fit, but the crossing is not at 1."""
    out = tmp_path / "bundle"
    api.prove(load_text(odd_map('"-r*x + x**2 + x**3", "y/2"')), out)
    flip = read(out / "points/flip-0001.json")
    claims, bounds = flip["claims"], flip["bounds"]
    kept = {key: claims[key] for key in ("parameter", "coefficient", "spectral_gap", "equilibrium", "window")}
    forged = flip | {
        "id": "transcritical-0001", "method": "transcritical",
        "claims": kept | {"kind": "transcritical", "eigenvalue_speed": claims["multiplier_speed"], "coefficient_name": "a",
                          "unstable": claims["outside"], "stable": claims["inside"]},
        "bounds": {key: value for key, value in bounds.items() if key != "gap_1"} | {"terms": bounds["terms"][:1]},
    }  # fmt: skip
    write(out / "points/transcritical-0001.json", forged)
    report = check_path(out / "points/transcritical-0001.json")
    assert report.exit_code == 1 and "the multiplier on the unit circle is not shown to be 1" in " ".join(table(report).split())


GAIN = """
[network]
family = "rnn"
weight_hh = [["0.5", "0.3", "0.1"], ["0.2", "-0.4", "0.7"], ["-0.3", "-0.5", "0.1"]]
ACTIVATION
[parameter]
enters = { gain = "weight_hh" }
"""


@pytest.mark.parametrize("kind, activation", [("pitchfork", ""), ("transcritical", 'activation = "exp(z) - 1"')])
def test_named_on_the_whole_line(kind: str, activation: str, tmp_path: Path) -> None:
    """x ↦ σ(γWx): at γ* = 1/μ for the real eigenvalue μ, d = μ and e = σ'''(0)/6·Σ l_iq_i³/(lq), a = σ''(0)/2·|Σ l_iq_i²|/lq."""
    import numpy as np

    out = tmp_path / "bundle"
    found = api.prove(load_text(GAIN.replace("ACTIVATION", activation)), out)
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    assert found.bundle.branch.method == "circle-branch" and len(found.bundle.summary.real_crossings) == 1
    claims: Any = found.bundle.points[f"{kind}-0001"].claims
    W = np.array([[0.5, 0.3, 0.1], [0.2, -0.4, 0.7], [-0.3, -0.5, 0.1]])
    values, X = np.linalg.eig(W)
    k = int(np.argmin(abs(values.imag)))
    q, left = X[:, k].real / np.linalg.norm(X[:, k].real), np.linalg.inv(X)[k].real
    left = left / (left @ q)
    expected = -2 / 6 * left @ q**3 if kind == "pitchfork" else abs(left @ q**2) / 2
    assert abs(float(claims.coefficient.middle) / expected - 1) < 1e-12 and abs(float(claims.parameter.middle) * values[k].real - 1) < 1e-12
    assert abs(float(claims.eigenvalue_speed.middle) / values[k].real - 1) < 1e-12 and (claims.unstable, claims.stable) == (2, 0)
    # about another crossing, or twice
    branch_document = read(out / "branch.json")
    for change in ({"real_crossings": []}, {"real_crossings": [["1", "1.1"]]}):
        write(out / "branch.json", branch_document | {"claims": branch_document["claims"] | change})
        assert check_path(out).exit_code != 0
    points = branch_document["claims"]["points"]
    again = [{**point, "id": point["id"].replace("0001", "0002")} for point in points if point["id"].startswith(kind)]
    write(out / f"points/{kind}-0002.json", read(out / f"points/{kind}-0001.json") | {"id": f"{kind}-0002"})
    write(out / "branch.json", branch_document | {"claims": branch_document["claims"] | {"points": [*points, *again]}})
    report = check_path(out)
    assert report.exit_code == 1 and "are about the same real crossing" in " ".join(table(report).split())


def test_words() -> None:
    """What is said of maps does not speak of equilibria."""
    assert of_map("no equilibrium was found; other equilibria, an equilibrium") == "no fixed point was found; other fixed points, a fixed point"
    found = api.prove(load_text(folding("y/2").replace('"-1", "0.5"', '"0.5", "1"')))
    said = [piece.reason for piece in found.bundle.summary.unsettled]
    assert said and all("equilibri" not in text for text in said)
    assert "fixed points" in MEANINGS["fold"]
