"""A row of a summary belongs to its kind: what a kind that is not there yet would say is written, read, shown and tabled."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from proofgen.batch.read import columns_of, kinds_of, table_rows
from proofgen.batch.record import ProvedPoint, record_of
from proofgen.batch.state import Row, State
from proofgen.batch.tables import cell, network_cells, point_cells, point_columns, writing
from proofgen.bundle.bundle import Bundle
from proofgen.bundle.codec import read_as, written
from proofgen.bundle.hopf_point import HopfRow
from proofgen.bundle.kinds import ROWS, place, row_kind
from proofgen.bundle.read import load_bundle
from proofgen.bundle.rows import RowClaims
from proofgen.bundle.summary import SummaryRow, proved_row, read_summary, undecided_row, write_summary
from proofgen.claims.rows import numbered
from proofgen.command import results
from proofgen.errors import InputError
from proofgen.latex.documents import environment
from proofgen.latex.listing import Column, RowWords, listed_rows
from proofgen.latex.numbers import Tex
from proofgen.numbers.printed import Enclosure

BUNDLE = Path(__file__).parents[2] / "proofs" / "certificates" / "n6-seed80"


@dataclass(frozen=True)
class IsolaRow:
    prefix: ClassVar[str] = "isola"
    folder: ClassVar[str] = "points"
    noun: ClassVar[str] = "isola"
    types: ClassVar[tuple[str, ...]] = ("above", "below")
    headings: ClassVar[Mapping[str, str]] = {"a": "a", "stable": "n_s"}
    table: ClassVar[str] = "isolas"
    names: ClassVar[Mapping[str, str]] = {"a": "normal_form"}
    counts: ClassVar[Mapping[str, str | None]] = {"isolas": None, "isolas_above": "above"}

    parameter: Enclosure
    a: Enclosure | None
    stable: int | None
    solutions_for: str | None

    @property
    def type(self) -> str | None:
        return self.solutions_for


ABOVE = IsolaRow(Enclosure.of("0.5", "0.6"), Enclosure.of("-3.001", "-3.0002"), 4, "above")
KNOWN = IsolaRow(Enclosure.of("-9", "-8"), None, None, None)
WORDS = RowWords("isolas", (Column("a", Tex("$a$")), Column("stable", Tex("$n_s$"), count=True)), Tex("No more."), Tex("it is unknown"))


@pytest.fixture
def bundle(monkeypatch: pytest.MonkeyPatch) -> Bundle:
    """A run with Hopf points, a proved isola and an undecided one."""
    monkeypatch.setitem(ROWS, "isola", IsolaRow)
    found = load_bundle(BUNDLE)
    rows = (undecided_row("isola-0001", KNOWN, "not known", "isola"), *found.summary.points, proved_row("isola-0002", ABOVE))
    return replace(found, points={**found.points, "isola-0002": _Certificate()}, summary=replace(found.summary, points=rows))  # type: ignore[dict-item]


class _Certificate:
    class claims:
        row = ABOVE


def test_it_is_written_and_read(bundle: Bundle) -> None:
    document = write_summary(bundle.summary)
    *_, last = document["points"]
    assert list(last.items()) == [
        ("id", "isola-0002"), ("status", "proved"), ("reason", None), ("code", None), ("parameter", ["0.5", "0.6"]),
        ("a", ["-3.001", "-3.0002"]), ("stable", 4), ("solutions_for", "above"), ("certificate", "points/isola-0002.json"),
        ("tex", "points/isola-0002.tex"),
    ]  # fmt: skip
    assert read_summary(document) == bundle.summary
    for key in last:
        with pytest.raises(InputError, match=f"{key}: " if key == "id" else f"{key}: this key is missing"):
            read_as(SummaryRow, {name: value for name, value in last.items() if name != key}, "points")
    with pytest.raises(InputError, match="omega: this key is missing"):
        read_as(SummaryRow, last | {"id": "hopf-0001"}, "points")


@pytest.mark.parametrize("identifier", ["isola-1", "isola-0001x", "hopf", "cusp-0001", "hopf-0001/..", "", 3, None])
def test_names_of_no_kind_are_refused(identifier: Any) -> None:
    with pytest.raises(InputError, match=r'points.id: .*an identifier such as "hopf-0001"'):
        row_kind(identifier, "points.id")
    assert row_kind("hopf-0001") is HopfRow and place("hopf-000123") == "points/hopf-000123"


def test_each_kind_is_numbered_by_itself() -> None:
    @dataclass(frozen=True)
    class Item:
        row: RowClaims

        @property
        def parameter(self) -> Enclosure:
            return self.row.parameter

    hopf = [HopfRow(Enclosure.of(x, x), None, None, None, None, None, None) for x in ("0", "1")]
    items: list[Any] = [Item(ABOVE), Item(hopf[1]), Item(KNOWN), Item(hopf[0])]
    assert [(name, item.row) for name, item in numbered(items, [])] == [
        ("isola-0001", KNOWN), ("hopf-0001", hopf[0]), ("isola-0002", ABOVE), ("hopf-0002", hopf[1])
    ]  # fmt: skip


def test_the_terminal_shows_it(bundle: Bundle, capsys: pytest.CaptureFixture[str]) -> None:
    class Result:
        problem, check, note, branches = bundle.problem, None, "", ()

    Result.bundle = bundle  # type: ignore[attr-defined]
    results.report(Result(), None)  # type: ignore[arg-type]
    shown = " ".join(capsys.readouterr().out.split())
    assert "point γ a n_s type isola-0001 [-9, -8] ? ? undecided isola-0002 [0.5, 0.6] -3.00… 4 above" in shown
    assert "3 Hopf bifurcations proved (" in shown and "), 1 isola proved (1 above, 0 below)" in shown


def test_the_tables_of_a_run_have_it(bundle: Bundle, tmp_path: Path) -> None:
    record = record_of(bundle.summary)
    assert read_as(type(record), written(record)) == record and ProvedPoint("isola-0002", ABOVE) in record.points
    (cells,) = point_cells(record, IsolaRow)
    assert list(point_columns({}, IsolaRow))[3:] == list(cells)[1:] == [
        "point", "parameter_lo", "parameter_hi", "parameter_mid", "parameter_rad", "normal_form_lo", "normal_form_hi",
        "normal_form_mid", "normal_form_rad", "stable", "solutions_for",
    ]  # fmt: skip
    assert (cells["normal_form_lo"], cells["stable"], cells["solutions_for"]) == ("-3.001", 4, "above")
    counted = network_cells(record, [HopfRow, IsolaRow])
    assert (counted["points"], counted["isolas"], counted["isolas_above"], counted["failures"]) == (3, 1, 1, 1)
    assert "isolas" not in columns_of(tmp_path) and "isolas" not in columns_of(tmp_path)["networks"]  # a run without isolas
    (tmp_path / "isolas.csv").touch()
    assert {"isolas", "points", "failures", "networks"} == set(columns_of(tmp_path)) and "isolas" in columns_of(tmp_path)["networks"]


def test_a_run_writes_and_reads_a_table_of_it(bundle: Bundle, tmp_path: Path) -> None:
    """It has one where something of the kind is proved, and only then."""
    for number, (points, tables) in enumerate([(bundle.summary.points, {"points", "isolas"}), (bundle.summary.points[1:-1], {"points"})]):
        record = record_of(replace(bundle.summary, points=points))
        row = Row("g-000001", 0, "g", (), "incomplete", None, None, None, record, {}, {})
        place = tmp_path / str(number)
        with closing(State(place)) as state:
            state.save_row(row)
            kinds = state.kinds()
            assert {kind.table for kind in kinds} == tables and state.row("g-000001") == row
            assert state.counts()["points"] == record.hopf_points == 3  # as in the tables: Hopf points
        with writing(place, {}, kinds) as written_:
            written_.add(row)
        assert {path.stem for path in place.glob("*.csv")} == {*tables, "failures", "networks"}
        for kind in kinds_of(place):
            own = [{name: cell(value) for name, value in cells.items()} for cells in point_cells(record, kind)]
            head = {"network": "g-000001", "group": "g"}
            assert list(table_rows(place / f"{kind.table}.csv")) == [head | cells for cells in own]
        (network,) = table_rows(place / "networks.csv")
        assert network["points"] == "3" and network.get("isolas") == ("1" if "isolas" in tables else None)


def test_latex_lists_it(bundle: Bundle) -> None:
    from proofgen.latex.kinds import ROWS as HOPF

    hopf, isolas = listed_rows(bundle, {**HOPF, "isola": WORDS}, "compact")
    assert (hopf.proved, hopf.undecided, isolas.proved, isolas.undecided) == (3, 0, 1, 1) and not isolas.tied
    assert isolas.lines == (r"1 & $[-9,\, -8]$ &  & & undecided", r"2 & $[0.5,\, 0.6]$ & $-3.00_{10}^{02}$ & 4 & above")
    assert (isolas.qualities, isolas.counts) == ("It is nondegenerate and above", " (one above, no below)")
    text = environment().get_template("points-table.tex.jinja").render(listed=(hopf, isolas), g=Tex(r"\gamma"), style="compact")
    assert r"\begin{longtable}{@{}rllrl@{}}" in text and r"No more.}\label{isolas} \\" in text and text.count(r"\end{longtable}") == 2
    with pytest.raises(KeyError):
        listed_rows(bundle, HOPF, "compact")
