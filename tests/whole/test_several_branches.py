"""A box that holds several equilibria: the branch of each in a bundle of its own, all of them checked together."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from check_tools import digest, read, rehash, write
from fields import field, spec, textbook
from typer.testing import CliRunner

from proofgen import api
from proofgen.batch.packing import pack, unpack, unpacked
from proofgen.bundle.branches import apart, left_ends
from proofgen.bundle.disk import read_manifest
from proofgen.bundle.json_text import dump
from proofgen.bundle.place import foreign_file, set_aside
from proofgen.bundle.read import load_bundle
from proofgen.bundle.schema import first_error
from proofgen.check import check_path, table
from proofgen.checker import budget
from proofgen.checker.branches import left_ends as ends_checked
from proofgen.checker.intervals import exactly
from proofgen.checker.verdicts import Rejected
from proofgen.command.main import app
from proofgen.errors import InputError
from proofgen.page.bundle_page import linked_pages
from proofgen.problem.options import OrbitOptions
from proofgen.problem.problem import AnyProblem
from proofgen.progress import Stopwatch
from proofgen.public.result import Result
from proofgen.strategy.in_box import _further
from proofgen.strategy.run import prove

OSCILLATOR = "(gamma - z/4)*x - y - x*(x**2 + y**2); x + (gamma - z/4)*y - y*(x**2 + y**2)"
LEVELS = "x; y; z", f"{OSCILLATOR}; (z - 1)*(2 - z)", "0, 1"  # Hopf points at z/4: at 1/4 where z = 1, at 1/2 where z = 2
ARC = (
    "x; y; z", "(z - 1/4)*x - y - x*(x**2 + y**2); x + (z - 1/4)*y - y*(x**2 + y**2); (1/2 - gamma - z**2)*(3 - z)", "0, 1",
)  # fmt: skip
BOX = 'box = [["-1", "1"], ["-1", "1"], ["0", "4"]]'
CERTIFICATES = Path(__file__).parent.parent.parent / "proofs" / "certificates"
SECOND = Path("branches", "branch-0002")


def levels() -> AnyProblem:
    return field(*LEVELS, more=BOX)


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> tuple[api.Result, Path]:
    out = tmp_path_factory.mktemp("several") / "bundle"
    return api.prove(levels(), out), out


@pytest.fixture
def root(proved: tuple[api.Result, Path], tmp_path: Path) -> Path:
    """A copy that may be changed."""
    return Path(shutil.copytree(proved[1], tmp_path / "bundle"))


def parameter(result: api.Result) -> Fraction:
    (point,) = result.bundle.summary.points
    assert point.parameter.high - point.parameter.low < Fraction(1, 10**12)
    return (point.parameter.low + point.parameter.high) / 2


def test_every_equilibrium_in_the_box_is_followed(proved: tuple[api.Result, Path]) -> None:
    result, out = proved
    assert result.proved and result.check is not None and result.check.verdict == "accepted"
    (second,) = result.branches
    found = {round(float(one.branch["claims"]["start"][2][0])): parameter(one) for one in (result, second)}
    assert found.keys() == {1, 2}
    assert all(abs(gamma - Fraction(z, 4)) < Fraction(1, 10**12) for z, gamma in found.items())
    summary = read(out / "summary.json")
    assert summary["status"] == "proved" and first_error("summary", summary) is None
    assert summary["branches"] == [
        {"id": "branch-0002", "status": "proved", "start": second.branch["claims"]["start"]}
    ]
    assert digest(out / "problem.json") == digest(out / SECOND / "problem.json")
    assert check_path(out / SECOND).verdict == "accepted"


def test_one_equilibrium_gives_the_bundle_that_it_always_gave() -> None:
    one = field(*LEVELS, more='box = [["-1", "1"], ["-1", "1"], ["1.5", "4"]]')
    every, single = prove(one, every_branch=True), prove(one)
    assert every.files == single.files and not every.branches
    assert "branches" not in every.summary


def test_without_every_branch_one_is_followed_and_the_run_says_so() -> None:
    result = prove(levels())
    assert not result.proved and not result.branches
    assert [piece["code"] for piece in result.summary["unsettled"]] == ["other-branch"]


def test_what_is_written_names_all_branches(proved: tuple[api.Result, Path]) -> None:
    _, out = proved
    first, second = ((out / folder / "summary.tex").read_text() for folder in (".", SECOND))
    assert "first of two branches" in first and r"\texttt{branches/branch-0002}" in first
    assert "No equilibrium lies on two of them" in first and "It is not claimed" in first
    assert "This is branch~2 of several" in second
    listed = read_manifest(out) or {}
    assert {"branches/branch-0002/problem.json", "branches/branch-0002/points/hopf-0001.tex"} <= listed.keys()
    assert not any(path.endswith("summary.json") for path in listed)
    assert foreign_file(out) is None


def test_the_terminal_has_a_table_for_each_branch(tmp_path: Path) -> None:
    (tmp_path / "two.toml").write_text(spec(*LEVELS, more=BOX), encoding="utf-8")
    command = ["prove", str(tmp_path / "two.toml"), "--out", str(tmp_path / "b"), "--no-check"]
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    for words in ("branch-0001 of 2", "branch-0002 of 2", "z = [0.999999", "z = [1.999999", "2 branches, of different"):
        assert words in done.stdout
    assert done.stdout.count("hopf-0001") == 2 and done.stdout.count("complete for γ in [0, 1] on this branch") == 2
    assert "it is not proved that there are no others" in done.stdout


def test_resume_keeps_all_branches(proved: tuple[api.Result, Path], root: Path) -> None:
    again = api.prove(levels(), root, resume=True, check=False)
    assert [one.files.keys() for one in (again, *again.branches)] == [
        one.files.keys() for one in (proved[0], *proved[0].branches)
    ]
    assert again.stopwatch.seconds.keys() <= {"check"}  # nothing was proved again
    assert check_path(root).verdict == "accepted"


def test_documents_are_written_again(root: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(root.rglob("*.tex"))}
    files = api.render_directory(root)
    assert {*files} == {*before} and all(path.read_bytes() == data for path, data in before.items())
    assert check_path(root).verdict == "accepted"
    bodies = [path for path in api.render_directory(root, api.Layout(bodies=True)) if path.name == "summary.tex"]
    labels = [path.with_name("summary-body.tex").read_text().split(r"\label{")[1].split("}")[0] for path in bodies]
    assert len(set(labels)) == 2


def test_a_branch_alone_is_not_written(root: Path) -> None:
    for write_it in (
        lambda: api.render_directory(root / SECOND),
        lambda: api.prove(levels(), root / SECOND),
    ):
        with pytest.raises(InputError, match="is a branch of a bundle"):
            write_it()


def test_a_bundle_is_replaced_and_set_aside_as_one(root: Path) -> None:
    (root / SECOND / "mine.txt").write_text("mine")
    assert foreign_file(root) == ("branches/branch-0002/mine.txt", False)
    (root / SECOND / "mine.txt").unlink()
    aside = set_aside(root)
    assert not root.exists() and check_path(aside).verdict == "accepted"
    one = api.prove(field(*LEVELS, more='box = [["-1", "1"], ["-1", "1"], ["1.5", "4"]]'), aside, check=False)
    assert one.proved and not (aside / "branches").exists()


def test_files_go_one_by_one_where_the_folder_must_stay(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    api.prove(field(*LEVELS, more='box = [["-1", "1"], ["-1", "1"], ["1.5", "4"]]'), root, check=False)
    assert not (root / "branches").exists() and check_path(root).verdict == "accepted"


def test_branches_in_python(proved: tuple[api.Result, Path]) -> None:
    found, out = proved
    result = Result(found, out)
    first, second = result.branches
    assert first is result and second.points[0].certificate == out / SECOND / "points" / "hopf-0001.json"
    assert second.branches == (second,) and "1 further branch" in result.theorem
    assert result._repr_html_().count("hopf-0001") == 2


def test_all_equilibria_of_lorenz() -> None:
    """x = 0 and both others, which lose stability together at ρ = 470/19 with ω² = β(ρ + σ), subcritically."""
    corners = tuple((Fraction(low), Fraction(high)) for low, high in ((-10, 10), (-10, 10), (-1, 30)))
    result = prove(replace(textbook("lorenz"), start=None, box=corners), every_branch=True)
    assert result.proved and [len(one.points) for one in (result, *result.branches)] == [0, 1, 1]
    rho = Fraction(470, 19)
    for one in result.branches:
        (point,) = one.bundle.summary.points
        assert point.parameter.low <= rho <= point.parameter.high
        assert point.claims.omega.low ** 2 <= Fraction(8, 3) * (rho + 10) <= point.claims.omega.high ** 2  # type: ignore[attr-defined]
        assert point.claims.type == "subcritical"
    x, y = (one.branch["claims"]["start"][0] for one in result.branches)
    assert float(x[0]) * float(y[0]) < 0


def test_an_arc_around_a_fold_is_one_branch() -> None:
    """z = ±sqrt(1/2 − γ) are two equilibria at the left end and one connected arc; z = 3 is another branch."""
    result = prove(field(*ARC, more='box = [["-1", "1"], ["-1", "1"], ["-2", "4"]]'), every_branch=True)
    (second,) = result.branches
    assert result.proved and {result.branch["method"], second.branch["method"]} == {"arcs", "pieces"}
    arc = next(one for one in (result, second) if one.branch["method"] == "arcs")
    (upper, lower) = left_ends(arc.bundle)
    assert {round(float(end[2]), 4) for end in (upper, lower)} == {0.7071, -0.7071}
    hopf = next(point for point in arc.bundle.summary.points if point.id == "hopf-0001")
    assert hopf.parameter.low < Fraction(7, 16) < hopf.parameter.high
    assert apart([upper, lower], left_ends(second.bundle)) and not apart([lower, upper], [lower])


def test_a_branch_that_is_not_complete_leaves_the_run_incomplete(tmp_path: Path) -> None:
    """z = 2 is a branch; z = 1 − γ/2 is crossed by z = γ, which begins at 0 outside of the box."""
    equations = f"{OSCILLATOR}; (1 - gamma/2 - z)*(gamma - z)*(z - 2)"
    result = api.prove(field("x; y; z", equations, "0, 1", more='box = [["-1", "1"], ["-1", "1"], ["0.5", "4"]]'), tmp_path / "b")
    assert not result.proved and result.check is not None and result.check.verdict == "accepted"
    assert {one.bundle.branch.claims.complete for one in (result, *result.branches)} == {True, False}
    assert read(tmp_path / "b" / "summary.json")["status"] == "incomplete"
    assert "may be one of another" in (tmp_path / "b" / "summary.tex").read_text()


def test_a_branch_that_does_not_begin_at_the_left_end_is_not_among_them() -> None:
    """γ = (z − 2)² turns around at the left end itself: nothing is proved there, and the run says what is missing."""
    equations = f"{OSCILLATOR}; (z - 1)*(gamma - (z - 2)**2)"
    result = prove(field("x; y; z", equations, "0, 0.5", more='box = [["-1", "1"], ["-1", "1"], ["0.5", "4"]]'), every_branch=True)
    assert not result.branches and not result.proved and len(result.points) == 1
    (piece,) = (piece for piece in result.summary["unsettled"] if piece["code"] == "other-branch")
    assert "that are not followed: (0, 0, 2)" in piece["reason"].replace("-0,", "0,")


def test_orbits_of_named_points_are_those_of_the_first_branch() -> None:
    asked = replace(levels().proof, orbits=OrbitOptions(branch="auto", points=("hopf-0001",)))
    further = _further(replace(levels(), proof=asked))
    assert not further.proof.orbits.asked and further.box == levels().box
    every = replace(asked, orbits=OrbitOptions(branch="auto"))
    assert _further(replace(levels(), proof=every)).proof == every


def test_a_page_links_to_those_of_the_other_branches(proved: tuple[api.Result, Path]) -> None:
    rows = proved[0].bundle.summary.branches
    assert linked_pages(rows) == (
        '<ul><li><a href="branches/branch-0002/index.html">branch-0002</a>: proved</li></ul>'
    )


# --- forged bundles --------------------------------------------------------------------------


def same_branch_twice(root: Path) -> None:
    for name in ("branch.json", "summary.json", "points", "arrays"):
        if (root / SECOND / name).is_dir():
            shutil.rmtree(root / SECOND / name)
            shutil.copytree(root / name, root / SECOND / name)
        else:
            shutil.copy(root / name, root / SECOND / name)
    summary = read(root / SECOND / "summary.json")
    del summary["branches"]
    write(root / SECOND / "summary.json", summary)
    start = read(root / "branch.json")["claims"]["start"]
    in_summary(lambda rows: rows[0].update(start=start))(root)


def in_summary(change: Callable[[list[dict[str, object]]], object]) -> Callable[[Path], None]:
    def forge(root: Path) -> None:
        summary = read(root / "summary.json")
        change(summary["branches"])
        write(root / "summary.json", summary)

    return forge


def another_problem(root: Path) -> None:
    problem = read(root / SECOND / "problem.json")
    problem["title"] = "another"
    write(root / SECOND / "problem.json", problem)
    summary = read(root / SECOND / "summary.json")
    summary["title"] = "another"
    write(root / SECOND / "summary.json", summary)


def missing(root: Path) -> None:
    shutil.rmtree(root / "branches")


def unnamed(root: Path) -> None:
    summary = read(root / "summary.json")
    del summary["branches"]
    write(root / "summary.json", summary)


def nested(root: Path) -> None:
    shutil.copytree(root / SECOND, root / SECOND / "branches" / "branch-0002")


def linked(root: Path) -> None:
    shutil.move(root / SECOND, root / "elsewhere")
    os.symlink(root / "elsewhere", root / SECOND)


def all_linked(root: Path) -> None:
    shutil.move(root / "branches", root / "elsewhere")
    os.symlink(root / "elsewhere", root / "branches")


def other_name(root: Path) -> None:
    shutil.move(root / SECOND, root / "branches" / "branch-0003")


def something_else(root: Path) -> None:
    (root / "branches" / "notes.txt").write_text("")


def too_many(root: Path) -> None:
    for k in range(3, 66):
        (root / "branches" / f"branch-{k:04d}").mkdir()


def false_claim(root: Path) -> None:
    path = root / SECOND / "points" / "hopf-0001.json"
    point = read(path)
    point["claims"]["omega"] = ["1.5", "1.6"]
    write(path, point)


def no_branch(root: Path) -> None:
    for name in ("branch.json", "summary.json"):
        (root / SECOND / name).unlink()


FORGED = [
    (same_branch_twice, 1, "not shown to be two branches"),
    (another_problem, 1, "problem.json is not that of this bundle"),
    (missing, 1, "names branches, but there is no folder"),
    (unnamed, 1, "summary.json: branches: expected an array"),
    (nested, 1, "has branches of its own"),
    (linked, 1, "not a directory, or a link"),
    (all_linked, 1, "not a directory, or a link"),
    (other_name, 1, "holds something else than branch-0002"),
    (something_else, 1, "holds something else than branch-0002"),
    (too_many, 1, "holds something else than branch-0002"),
    (false_claim, 1, "omega"),
    (no_branch, 3, "there is no branch.json"),
    (in_summary(lambda rows: rows[0].update(status="incomplete")), 1, "are not those in branches/"),
    (in_summary(lambda rows: rows[0].update(start=None)), 1, "are not those in branches/"),
    (in_summary(lambda rows: rows[0].update(id="branch-0003")), 1, "are not those in branches/"),
    (in_summary(lambda rows: rows.append(rows[0])), 1, "are not those in branches/"),
    (in_summary(lambda rows: rows.clear()), 1, "are not those in branches/"),
]


@pytest.mark.parametrize(("forge", "code", "words"), FORGED, ids=[f"{k}-{case[0].__name__}" for k, case in enumerate(FORGED)])
def test_forged(root: Path, forge: Callable[[Path], None], code: int, words: str) -> None:
    forge(root)
    for folder in sorted((root / "branches").glob("branch-*")):
        if (folder / "problem.json").is_file():
            rehash(folder)
    rehash(root)
    report = check_path(root)
    assert report.exit_code == code, table(report)
    assert words in table(report) and "defect of the checker" not in table(report)


def test_an_arc_from_its_other_end_is_not_another_branch(tmp_path: Path) -> None:
    """Each is a true bundle, and their starts differ; but they are one arc, and the same points would be listed twice."""
    found = [prove(field(*ARC, more=f'start = ["0", "0", "{z}"]')) for z in ("0.7", "-0.7")]
    assert [one.branch["method"] for one in found] == ["arcs", "arcs"]
    first = found[0].with_branches(found[1:])
    for one, root in ((first, tmp_path), (first.branches[0], tmp_path / SECOND)):
        for path, data in (api.assembled(one, Stopwatch(), None) | {"summary.json": dump(one.summary).encode()}).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
    report = check_path(tmp_path)
    assert check_path(tmp_path / SECOND).verdict == "accepted"
    assert report.exit_code == 1 and "this bundle and branch-0002 are not shown to be two branches" in table(report)


def test_a_manifest_covers_all_branches(root: Path) -> None:
    lines = (root / "MANIFEST.sha256").read_text().splitlines(keepends=True)
    used = [line for line in lines if line.endswith("branches/branch-0002/branch.json\n")]
    (root / "MANIFEST.sha256").write_text("".join(line for line in lines if line not in used))
    report = check_path(root)
    assert len(used) == 1 and report.exit_code == 1 and "is not listed" in table(report)


def test_other_methods_have_one_branch(tmp_path: Path) -> None:
    root = Path(shutil.copytree(CERTIFICATES / "n4-seed80", tmp_path / "zero"))
    shutil.copytree(CERTIFICATES / "n4-seed80", root / SECOND)
    rehash(root)
    report = check_path(root)
    assert report.exit_code == 1 and "is the only one of its bundle" in table(report)


def test_a_branch_has_to_begin_at_the_left_end() -> None:
    """What is proved from a later value on may be part of another branch."""
    interval = exactly(Fraction(0), Fraction(1))
    later = {"pieces": [{"interval": exactly(Fraction(1, 2), Fraction(1))}]}
    for witness in (None, later):
        with pytest.raises(Rejected, match="begin at the left end"):
            ends_checked(None, "branch-0002", {"method": "pieces", "witness": witness, "interval": interval})  # type: ignore[arg-type]


def test_one_budget_for_all_branches(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "WORK_PER_NUMBER", 0)
    spent: list[int] = []
    original = budget.Budget.spend

    def spend(self: budget.Budget, work: int) -> None:
        original(self, work)
        spent[0] = self.work

    monkeypatch.setattr(budget.Budget, "spend", spend)
    work = {}
    for name, path in (("second", root / SECOND), ("all", root)):
        spent[:] = [0]
        assert check_path(path).verdict == "accepted"
        work[name] = spent[0]
    monkeypatch.setattr(budget, "MAX_WORK", (work["second"] + work["all"]) // 2)
    assert check_path(root / SECOND).verdict == "accepted"
    report = check_path(root)
    assert report.verdict == "incomplete" and "more work" in table(report)


def test_a_packed_bundle_holds_all_branches(root: Path, tmp_path: Path) -> None:
    contents = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    (tmp_path / "b.zip").write_bytes(pack(contents, ".zip"))
    with unpacked(unpack(tmp_path / "b.zip")) as directory:
        assert check_path(directory).verdict == "accepted"


def test_reading_back_is_what_was_written(proved: tuple[api.Result, Path]) -> None:
    result, out = proved
    assert load_bundle(out).summary.branches == result.bundle.summary.branches
    assert json.loads((out / "summary.json").read_text())["branches"]
