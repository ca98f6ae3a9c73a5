"""Branches with folds, from end to end: closed forms, Hopf points on every sheet, what must stay incomplete."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import mpmath as mp
import pytest
from fields import field, textbook

from proofgen import api
from proofgen.bundle.arcs import Arcs
from proofgen.check import check_path, table
from proofgen.latex.documents import render_documents
from proofgen.latex.kinds import derivations
from proofgen.numbers.printed import Enclosure
from proofgen.spec.load import load_text
from proofgen.strategy import cover
from proofgen.strategy.arcs import with_arcs
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove

PARABOLA = field("x; y", "gamma + x**2; -y", "-1, 1", more='start = ["-1", "0"]')
# u = x − 2 tanh x, so that folds are at tanh x = ±1/√2; the pair has the real part (x − 3/10)(x − 9/5)/4
NEURON = field(
    "x; y; z",
    "-x + 2*tanh(x) + u; c*y - z - y*(y**2 + z**2); y + c*z - z*(y**2 + z**2)",
    "-0.9, 1", parameter="u", more='definitions = { c = "(x - 0.3)*(x - 1.8)/4" }\nstart = ["-2.5", "0", "0"]',
)  # fmt: skip
# x = −√−γ to √−γ: the pair has the real part x + 1/2
SMALL = field(
    "x; y; z", "gamma + x**2; (x + 0.5)*y - z - y*(y**2 + z**2); y + (x + 0.5)*z - z*(y**2 + z**2)", "-1, 1",
    more='start = ["-1", "0", "0"]',
)  # fmt: skip
NETWORK = """
[network]
family = "layered"
leak = "1"
start = ["-0.9", "0.3"]
[[network.layer]]
weights = [["0", "0.25"], ["0.5", "-0.3"]]
bias = ["0.2", "0.1"]
activation = "tanh"
enters = { matrix = [["-1", "0"], ["0", "0"]] }
[parameter]
interval = ["-3", "-1"]
"""


def branch(result: Result) -> Arcs:
    found = result.bundle.branch
    assert isinstance(found, Arcs)
    return found


def holds(claim: Enclosure, value: mp.mpf) -> bool:
    low, high = (mp.mpf(end.numerator) / end.denominator for end in claim.ends)
    return bool(low <= value <= high) and claim.width < 1e-2


@cache
def neuron() -> Result:
    return prove(NEURON)


def test_a_parabola_ends_where_it_began(tmp_path: Path) -> None:
    """x = ∓√−γ: both ends at γ = −1, at x = −1 and x = 1."""
    result = api.prove(PARABOLA, tmp_path / "bundle", check=False)
    found = branch(result)
    assert result.bundle.summary.complete and result.proved
    assert len(found.witness.arcs) == 1 and len(found.witness.sheets) == 2 and found.ends_on_the_left
    assert holds(found.claims.start[0], mp.mpf(-1)) and holds(found.claims.end[0], mp.mpf(1))
    report = check_path(tmp_path / "bundle")
    assert report.exit_code == 0, table(report)
    assert "arcs.py" in report.rests_on
    text = " ".join((tmp_path / "bundle/summary.tex").read_text().split())
    assert "It turns around one time and ends, at the left end of the interval, at the equilibrium" in text


def test_hopf_points_on_every_sheet() -> None:
    """At x = 0.3 on the middle sheet and x = 1.8 on the last one; u there by the closed form."""
    found, summary = branch(neuron()), neuron().bundle.summary
    assert summary.complete and summary.status == "proved" and summary.method == "arcs"
    assert [row.id for row in summary.points] == ["fold-0001", "hopf-0001", "hopf-0002", "fold-0002"]
    assert [arc.fold for arc in found.witness.arcs] == ["fold-0002", "fold-0001"] and not found.ends_on_the_left
    with mp.workdps(40):
        for row, x in zip(summary.points[1:3], sorted([mp.mpf("0.3"), mp.mpf("1.8")], key=lambda x: x - 2 * mp.tanh(x)), strict=True):
            assert holds(row.parameter, x - 2 * mp.tanh(x))
        for u, box in ((mp.mpf("-0.9"), found.claims.start), (mp.mpf(1), found.claims.end)):
            x = mp.findroot(lambda x, u=u: x - 2 * mp.tanh(x) - u, 2 if u > 0 else -2)
            assert holds(box[0], x)
    first = 0
    points = list[tuple[int, str]]()
    for sheet, size in enumerate(found.witness.sheets):
        pieces = found.witness.pieces[first : first + size]
        assert all(left.interval.high == right.interval.low for left, right in pairwise(pieces))
        points += [(sheet, piece.point) for piece in pieces if piece.point is not None]
        first += size
    assert sorted(sheet for sheet, _ in points) == [1, 2] and len(points) == 2


def test_the_summary_says_what_the_arc_is() -> None:
    text = " ".join(render_documents(neuron().bundle, derivations(neuron().bundle))["summary.tex"].decode().split())
    assert "form an arc, the branch considered. It turns around two times and ends, at the right end" in text
    assert "has exactly two folds on this branch" in text and "exactly two Hopf bifurcations on this branch" in text
    assert "At no other point of this branch does the linearisation have an eigenvalue on the imaginary axis." in text


def test_one_variable(tmp_path: Path) -> None:
    result = api.prove(textbook("one-neuron"), tmp_path / "bundle", check=False)
    assert result.proved and result.bundle.summary.complete and len(branch(result).witness.arcs) == 2
    report = check_path(tmp_path / "bundle")
    assert report.exit_code == 0, table(report)


@pytest.mark.slow
def test_a_network(tmp_path: Path) -> None:
    result = api.prove(load_text(NETWORK), tmp_path / "bundle", check=False)
    assert result.bundle.summary.complete and branch(result).ends_on_the_left
    report = check_path(tmp_path / "bundle")
    assert report.exit_code == 0, table(report)


@pytest.mark.slow
def test_weights_in_a_box_have_no_arcs() -> None:
    result = prove(load_text(NETWORK + '[proof]\nweight_radius = "1e-6"\n'))
    assert result.bundle.branch.method == "pieces" and not result.bundle.summary.complete


@pytest.mark.parametrize("equations", ["gamma*x - x**2; -y", "gamma + x**3; -y"])
def test_where_there_is_no_fold_there_is_no_arc(equations: str) -> None:
    """A transcritical crossing and a cusp."""
    result = prove(field("x; y", equations, "-1, 1", more='start = ["-1", "0"]'))
    assert result.bundle.branch.method == "pieces"
    assert not result.bundle.summary.complete


def test_a_point_on_no_sheet_is_not_on_the_branch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Hopf point once more, as if it were proved elsewhere: the whole branch is as it was, but the list is not of it."""
    tried = list[bool]()

    def one_more(run: Any, setting: Any, candidates: Any, crossings: Any, proved: Any, progress: Any) -> None:
        point = next(content for content in proved if type(content).__name__ == "PointContent")
        other = [*crossings, replace(crossings[point.candidate], sheet=9)]
        found = replace(candidates, crossings=other)
        more = [*proved, replace(point, candidate=len(crossings))]
        for followed, events, points in ((candidates, crossings, proved), (found, other, more)):
            tried.append(with_arcs(run, setting, followed, events, points, progress) is not None)

    monkeypatch.setattr(cover, "with_arcs", one_more)
    prove(SMALL)
    assert tried == [True, False]
