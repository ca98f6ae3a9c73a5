"""The tables of kinds agree: whatever is known to one stage is known to all."""

from __future__ import annotations

import dataclasses
import json
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
import schemas
from networks import PAPER

from proofgen.batch.form import RunForm
from proofgen.bundle import kinds as bundle_kinds
from proofgen.bundle import problem as bundle_problem
from proofgen.bundle import schema
from proofgen.checker import branch as checker_branch
from proofgen.checker import points as checker_points
from proofgen.codegen import approx
from proofgen.command.main import Method as Option
from proofgen.figures import data as figures
from proofgen.formulas import kinds as formulas
from proofgen.latex import kinds as latex
from proofgen.spec.load import load
from proofgen.strategy import fields
from proofgen.strategy.methods import METHODS, method_for
from proofgen.strategy.task import EXISTENCE
from proofgen.symbolic.time_limit import OWN_TEXTS

SCHEMAS = Path(str(schema.__file__)).parent / "schema"


def test_points() -> None:
    expected = {"zero-branch", "gain-branch", "spectral", "newton-kantorovich", "fold", "neimark-sacker", "flip", "circle-pair", "circle-flip", "transcritical", "pitchfork", "line", "pole", "bautin"}
    proved = {name for method in METHODS.values() for names in method.points.values() for name in names}
    tables = (bundle_kinds.POINTS, schemas.methods("certificate"), latex.POINTS, checker_points.METHODS, proved)
    assert [set(table) for table in tables] == [expected] * len(tables)
    assert all(name == kind.method for name, kind in bundle_kinds.POINTS.items())
    assert {name for name, kind in latex.POINTS.items() if kind.pictures} <= {*figures.POINTS, "bautin"} <= expected
    assert set(formulas.METHODS) == set(METHODS)


def test_branches() -> None:
    expected = {"zero-branch", "gain-branch", "circle-branch", "pieces", "lyapunov-pieces", "arcs", "hopf-curve"}
    proved = {name for method in METHODS.values() for name in method.branches}
    summary = json.loads((SCHEMAS / "summary.schema.json").read_text(encoding="utf-8"))["properties"]["method"]["enum"]
    tables = (bundle_kinds.BRANCHES, schemas.methods("branch"), latex.BRANCHES, {*figures.BRANCHES, "hopf-curve"}, checker_branch.METHODS, proved, summary)
    assert [set(table) for table in tables] == [expected] * len(tables)


def test_rows() -> None:
    """What a point is, by the name of its certificate: the same keys for every stage, and in the published schema."""
    assert [set(table) for table in (latex.ROWS, checker_points.KINDS)] == [set(bundle_kinds.ROWS)] * 2
    shared = json.loads((SCHEMAS / "shared.schema.json").read_text(encoding="utf-8"))["$defs"]
    published = [shared[item["$ref"].rpartition("/")[2]]["oneOf"] for item in shared["row"]["anyOf"]]
    for (prefix, kind), (proved, undecided) in zip(bundle_kinds.ROWS.items(), published, strict=True):
        keys = [field.name for field in dataclasses.fields(kind)]
        row, known = import_module(f"proofgen.checker.{checker_points.KINDS[prefix]}").ROW
        assert prefix == kind.prefix and list(row) == proved["required"] == undecided["required"] == keys and known < set(keys)
        assert proved["properties"]["id"]["pattern"] == undecided["properties"]["id"]["pattern"] == f"^{prefix}-"
        shown = {*kind.headings, *kind.names, *(column.key for column in latex.ROWS[prefix].columns)}
        assert shown <= set(keys) and {of for of in kind.counts.values() if of} <= set(kind.types)
    tables = [kind.table for kind in bundle_kinds.ROWS.values()]
    counts = [column for kind in bundle_kinds.ROWS.values() for column in kind.counts]
    assert len({*tables, "failures", "networks"}) == len(tables) + 2 and len({*counts, "real_crossings"}) == len(counts) + 1


def test_fields() -> None:
    expected = {"network", "equations", "cell"}
    tables = (fields.KINDS, approx.KINDS)
    assert [set(table) for table in tables] == [expected] * len(tables)
    expected.add("plane")  # with two parameters, whose proof goes through the graph
    tables = (bundle_problem.KINDS, formulas.KINDS, OWN_TEXTS)
    assert [set(table) for table in tables] == [expected] * len(tables)
    formats = {schemas.read(name)["properties"]["format"]["const"] for name in schemas.NAMES if name.startswith("problem")}
    assert formats == set(bundle_problem.FORMATS)
    assert {field for kind in bundle_kinds.POINTS.values() for field in kind.fields} == expected


def test_proofs_of_existence() -> None:
    """What can be asked for on the command line and in a run file is what there is."""
    expected = set(EXISTENCE)
    assert {option.value for option in Option} == set(get_args(RunForm.model_fields["method"].annotation)) == expected
    assert all(set(method.points) == expected for method in METHODS.values())


@pytest.mark.parametrize(("name", "method", "refused"), [("n4-printed", "zero-branch", 0), ("n6-seed90-diagonal", "pieces", 3)])
def test_the_first_method_that_applies(name: str, method: str, refused: int) -> None:
    chosen = method_for(load(PAPER / f"{name}.toml"))
    assert chosen.name == method and len(chosen.reasons) == refused
    assert all(reason.text for reason in chosen.reasons.values())
