"""The jobs of the command line as functions: load, prove, render. (`proofgen.check` is the checker itself.)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .bundle import disk, place
from .bundle.branches import branch_place
from .bundle.bundle import Bundle
from .bundle.hopf_curve import HopfCurves
from .bundle.json_text import dump
from .bundle.kinds import Branch, Point
from .bundle.problem import describe
from .bundle.read import load_bundle
from .bundle.schema import validate_bundle
from .bundle.summary import Summary, proved_orbit_row
from .claims.summary import options_asked, versions
from .documents import Layout, generated, make_documents, render_directory
from .errors import InputError
from .final_check import RejectedError, checked
from .numbers.printed import Enclosure
from .problem.network import Problem
from .problem.plane import PlaneProblem
from .problem.problem import AnyProblem
from .progress import Progress, Stopwatch, quiet
from .spec.load import load
from .strategy.result import Result
from .strategy.run import certified_as
from .strategy.run import prove as _prove

if TYPE_CHECKING:
    from .strategy.largest_radius import LargestRadius

PLAIN = Layout()


def prove(
    problem: AnyProblem,
    out: str | Path | None = None,
    *,
    precision: int | None = None,
    method: str = "spectral",
    resume: bool = False,
    jobs: int = 1,
    progress: Progress = quiet,
    layout: Layout = PLAIN,
    check: bool = True,
) -> Result:
    """Prove what can be proved of a problem; with ``out``, write the bundle there (JSON and LaTeX), and check it.

    precision: bits to begin with (default: the spec's). resume: a whole bundle of the same problem and
    options in ``out`` is returned as it is, after its documents are written again in the layout asked for. jobs:
    worker processes. check: the independent checker reads what is in ``out`` then, in a process of its own; see
    `Result.check`. Of a problem with a box, the branches of all equilibria that are found in it are proved
    (`Result.branches`). Raises InputError for bad arguments and RejectedError where the checker rejects the bundle,
    which is then set aside.
    """
    layout.check()
    if out is not None:
        place.check_place(Path(out))
        if resume:
            finished = _finished(problem, Path(out), precision, method)
            if finished is not None:
                render_directory(out, layout, progress=progress)
                return checked(finished, Path(out), jobs, progress) if check else finished
    result = _prove(problem, precision=precision, method=method, jobs=jobs, progress=progress, every_branch=True)
    return result if out is None else _written(result, Path(out), layout, check, jobs, progress)


def _written(result: Result, out: Path, layout: Layout, check: bool, jobs: int, progress: Progress) -> Result:
    """Write the bundle of a result and, if asked for, let the independent checker read it."""
    result = _rendered(result, out, layout, progress)
    if check:
        result = checked(result, out, jobs, progress).timed()
        _write_summary(result, out)  # with the time that the check took; no digest covers this file
    return result


def largest_radius(
    problem: AnyProblem,
    out: str | Path | None = None,
    *,
    precision: int | None = None,
    method: str = "spectral",
    jobs: int = 1,
    layout: Layout = PLAIN,
    progress: Progress = quiet,
    check: bool = True,
) -> LargestRadius:
    """The largest weight radius, to three digits, for which everything that is proved at radius 0 stays proved.

    It replaces the problem's own. With ``out``, the bundle for that radius is written there and checked, as by `prove`.
    """
    from .strategy.largest_radius import largest_radius as search

    if out is not None:
        place.check_place(Path(out))
    if problem.proof.orbits.asked:
        raise InputError("not with --largest-radius: it looks at points and branches only", key="orbits")
    if problem.kind == PlaneProblem.kind:
        raise InputError("not with --largest-radius: with two parameters, all numbers are exact", key="parameter.names")
    tried = 0

    def run(candidate: AnyProblem, everything: bool) -> Result:
        nonlocal tried
        tried += 1
        progress("radii tried", tried, max(tried, 20))
        return _prove(candidate, precision=precision, method=method, jobs=jobs, all_or_nothing=everything)

    found = search(problem, run)
    if out is not None:
        return replace(found, result=_written(found.result, Path(out), layout, check, jobs, progress))
    return found


def render(result: Result, out: str | Path, *, layout: Layout = PLAIN, progress: Progress = quiet) -> None:
    """Write the bundle of a result: certificates, arrays, LaTeX, summary, manifest, and pictures if asked for."""
    _rendered(result, Path(out), layout, progress)


def _rendered(result: Result, out: Path, layout: Layout, progress: Progress) -> Result:
    """The result, with the times of what was written."""
    layout.check()
    progress("LaTeX", 0, 1)
    contents = assembled(result, result.stopwatch, layout, progress)
    for branch in result.branches:
        place_of = branch_place(branch.bundle.number)
        made = assembled(branch, branch.stopwatch, layout, progress)
        made["summary.json"] = dump(branch.timed().summary).encode()
        contents |= {f"{place_of}/{path}": data for path, data in made.items()}
    with result.stopwatch("writing"):
        place.write_bundle(out, contents | {"summary.json": dump(result.summary).encode()})
    result = result.timed()  # with the time that writing took; no digest covers this file
    _write_summary(result, out)
    return result


def assembled(result: Result, watch: Stopwatch, layout: Layout | None, progress: Progress = quiet) -> dict[str, bytes]:
    """The files of a bundle but `summary.json`, all of them valid. layout: of its documents, None for none."""
    contents, bundle = dict(result.files), result.bundle
    if layout is None:
        contents.pop("evaluator.py", None)
    else:
        with watch("LaTeX"):
            contents |= make_documents(bundle, layout, result.files.__getitem__, progress)
    with watch("schemas"):
        documents = result.problem_document, result.branch, result.summary, result.points
        validate_bundle(*documents, result.bundle.orbit_documents)
    return contents


def _write_summary(result: Result, out: Path) -> None:
    disk.write_atomically(out / "summary.json", dump(result.summary).encode())


def _agrees(summary: Summary, branch: Branch, points: Mapping[str, Point]) -> bool:
    """Whether a summary, which no digest covers, says what the certificates say."""
    claims = branch.claims
    return (
        summary.versions == versions()
        and summary.status == summary.with_branches(summary.branches).status
        and (summary.complete, summary.interval, summary.real_crossings)
        == (claims.complete, claims.interval, claims.real_crossings)
        and (summary.box, summary.unsettled_curves != ()) == (getattr(claims, "box", None), _open_curves(branch))
        and [piece.interval for piece in summary.unsettled] == _open_intervals(branch)
        and [row.id for row in summary.proved] == [point.id for point in claims.points] == list(points)
        and all(row.repeats(points[row.id].claims.row) for row in summary.proved)
    )


def _open_intervals(branch: Branch) -> list[Enclosure]:
    return [] if isinstance(branch, HopfCurves) else [piece.interval for piece in branch.claims.unsettled]


def _open_curves(branch: Branch) -> bool:
    return isinstance(branch, HopfCurves) and bool(branch.claims.unsettled)


def _orbits_agree(bundle: Bundle) -> bool:
    """Whether the rows of periodic orbits say what their certificates say, and some were asked for if there are any."""
    rows = bundle.summary.orbits
    return bool(rows) == ("orbits" in bundle.summary.options) and all(
        row == proved_orbit_row(bundle.orbits[row.id]) for row in rows if row.proved
    )


def _finished(problem: AnyProblem, out: Path, precision: int | None, method: str) -> Result | None:
    """The result of an earlier, finished run with the same problem and options, from its files."""
    files, file = describe(problem)
    if not disk.manifest_holds(out):
        return None
    try:
        listed = disk.read_manifest(out) or {}
        folders = disk.branch_places(listed)
        for folder in ("", *folders):
            if (out / folder / "problem.json").read_bytes() != files.contents["problem.json"]:
                return None
        bundles = [replace(load_bundle(out / folder), file=file) for folder in ("", *folders)]
        bundle = bundles[0]
        asked = options_asked(problem, problem.proof.precision if precision is None else precision)
        options = bundle.summary.options
        if {key: options.get(key) for key in asked} != asked or any(
            (key in options) != (key in asked) for key in ("orbits", "source")
        ):
            return None
        wanted = certified_as(problem, method)
        for one in bundles:
            if not _agrees(one.summary, one.branch, one.points) or not _orbits_agree(one):
                return None
            if any(point.method not in wanted for point in one.points.values()):
                return None
        results = [
            Result(one, _contents(out, folder, listed), Stopwatch())
            for one, folder in zip(bundles, ("", *folders), strict=True)
        ]
        whole = results[0].with_branches(results[1:])
        same = whole.bundle.summary.branches == bundle.summary.branches
    except (OSError, ValueError, KeyError, TypeError, InputError):
        return None
    return whole if same else None


def _contents(out: Path, folder: str, listed: Mapping[str, str]) -> dict[str, bytes]:
    """Path in one branch of a bundle → bytes, without what is made from certificates."""
    own = [path for place_of, path in map(disk.split_place, listed) if place_of == folder and not generated(path)]
    return {path: (out / folder / path).read_bytes() for path in own}


__all__ = [
    "InputError", "Layout", "Problem", "RejectedError", "Result", "largest_radius", "load", "prove",
    "render", "render_directory",
]  # fmt: skip
