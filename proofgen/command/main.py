"""The command line. Results on stdout, progress and messages on stderr.

Exit codes: 0 everything proved or accepted; 1 a certificate is rejected, also by the check that ends a proof; 2 bad
usage or input (nothing is written); 3 incomplete: nothing refuted, but something stayed undecided or unchecked.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from ..errors import ArgumentError, InputError, ProofgenError
from ..numbers.decimals import exact_decimal
from ..plain import HANDLER
from ..problem.options import OrbitOptions
from . import batch
from .coq import coq
from .explain import explain
from .init import init
from .paper import paper
from .show import derive, emit
from .terminal import (
    BAD_INPUT,
    INCOMPLETE,
    INTERRUPTED,
    PROVED,
    REJECTED,
    AsJson,
    Jobs,
    NoCheck,
    Spec,
    errors,
    output,
    print_json,
    print_lines,
    progress_bars,
)

if TYPE_CHECKING:
    from ..documents import Layout
    from ..progress import Progress as ProgressCallback
    from ..strategy.result import Result

class _Commands(TyperGroup):
    """Says that a command was interrupted, where Typer is silent."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        return _loud(super().make_context, *arguments, **options)

    def invoke(self, ctx: Any) -> Any:
        return _loud(super().invoke, ctx)


def _loud(run: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    try:
        return run(*arguments, **options)
    except KeyboardInterrupt:
        errors.print("proofgen: interrupted")
        raise typer.Exit(INTERRUPTED) from None


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        output.print(f"proofgen {version('proofgen')}")
        raise typer.Exit


app = typer.Typer(
    cls=_Commands,
    add_completion=True,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Prove bifurcations of recurrent neural networks and vector fields, with certificates that anyone can check.",
)


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


class Method(StrEnum):
    """Existence proofs to choose from."""

    spectral = "spectral"
    newton_kantorovich = "newton-kantorovich"


class Engine(StrEnum):
    """Integer arithmetic of the checker."""

    auto = "auto"
    python = "python"
    flint = "flint"


class Style(StrEnum):
    """How enclosures are printed."""

    compact = "compact"
    interval = "interval"


Pdf = Annotated[bool, typer.Option("--pdf", help="also compile the LaTeX (needs a TeX engine)")]
StyleOption = Annotated[Style, typer.Option(help="numbers as 1.2_{3}^{5} or as [1.23, 1.25]")]
Body = Annotated[bool, typer.Option("--body", help="also write *-body.tex, for papers of your own")]
Figures = Annotated[bool, typer.Option("--figures", help="also draw pictures (needs matplotlib)")]


def _orbits_up_to(asked: OrbitOptions, text: str) -> OrbitOptions:
    """What ``--orbits`` asks for, over the table [orbits] of the spec."""
    from ..spec.amplitudes import LARGEST, amplitude_or_auto

    try:
        return replace(asked, branch=amplitude_or_auto(text))
    except InputError:
        expected = f"expected auto, or a positive amplitude of at most {LARGEST}, such as 0.1"
        raise InputError(expected, key="--orbits", value=text) from None


@app.command()
def prove(
    spec: Spec,
    out: Annotated[Path | None, typer.Option(help="directory of the bundle (default: SPEC.proof)")] = None,
    jobs: Jobs = 1,
    precision: Annotated[int | None, typer.Option(metavar="BITS", help="bits to begin with")] = None,
    method: Annotated[Method, typer.Option(help="existence proof")] = Method.spectral,
    resume: Annotated[bool, typer.Option("--resume", help="keep a finished bundle of the same problem")] = False,
    largest_radius: Annotated[
        bool,
        typer.Option("--largest-radius", help="find the largest weight_radius for which everything stays proved"),
    ] = False,
    pdf: Pdf = False,
    figures: Figures = False,
    style: StyleOption = Style.compact,
    body: Body = False,
    no_check: NoCheck = False,
    orbits: Annotated[
        str | None, typer.Option(metavar="auto|AMPLITUDE", help="prove periodic orbits up to this amplitude, too")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Prove the bifurcations of a network or vector field, write a certificate for each, check them independently."""
    from .. import api
    from .results import report, with_check

    _require(pdf, figures)
    problem = api.load(spec)
    if orbits is not None:
        problem = replace(problem, proof=replace(problem.proof, orbits=_orbits_up_to(problem.proof.orbits, orbits)))
    if largest_radius:
        for chosen, option in ((resume, "--resume"), (pdf and out is None, "--pdf")):
            if chosen:
                raise InputError("not with --largest-radius, which writes a bundle only with --out", key=option)
    directory = Path(spec.stem + ".proof") if out is None else out
    layout = _layout(style, body, figures)
    radius = None
    with progress_bars() as progress:
        try:
            if largest_radius:
                found = api.largest_radius(
                    problem, out, precision=precision, method=method.value, jobs=jobs,
                    progress=progress, layout=layout, check=not no_check,
                )  # fmt: skip
                result, radius = found.result, found.radius
            else:
                result = api.prove(
                    problem, directory, precision=precision, method=method.value, resume=resume, jobs=jobs,
                    progress=progress, layout=layout, check=not no_check,
                )  # fmt: skip
        except InputError as error:
            raise error.within(source=str(spec)) from None
        except api.RejectedError as error:
            if as_json:
                head = {"format": "proofgen-summary", "version": 1, "title": problem.title, "status": "rejected"}
                print_json(head | {"check": error.check.to_dict()})
            errors.print(f"proofgen: {error}")
            raise typer.Exit(REJECTED) from None
        except KeyboardInterrupt as error:
            errors.print(": ".join(["proofgen: interrupted", *map(str, error.args)]))
            raise typer.Exit(INTERRUPTED) from None
        if pdf:
            _compile(_tex_files(directory, result), jobs, progress)
    if as_json:
        extra = {} if radius is None else {"largest_weight_radius": exact_decimal(radius)}
        print_json(extra | with_check(result))
    else:
        report(result, directory if radius is None else out)
        if radius is not None:
            output.print(_radius_report(radius), soft_wrap=True)
    raise typer.Exit(PROVED if result.proved and radius != 0 else INCOMPLETE)


def _radius_report(radius: Fraction) -> str:
    if radius == 0:
        return "Nothing is proved for a whole box of weights (no radius of at least 1e-40)."
    return (
        f"Largest weight_radius: {exact_decimal(radius)} (three digits, rounded down): all of this is proved for every "
        "network whose weights and biases each differ by at most that."
    )


@app.command()
def check(
    paths: Annotated[
        list[str], typer.Argument(metavar="DIR_OR_CERTIFICATE", help="bundles, points/NAME.json of one, runs")
    ],
    engine: Annotated[Engine, typer.Option(help="how integer products are computed; same result")] = Engine.auto,
    jobs: Jobs = 1,
    reading: Annotated[
        bool, typer.Option("--reading", help="print the lines of the checker that gave the verdict")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check bundles (also packed ones), single certificates or whole runs with the independent checker."""
    from .batch import check_paths, is_bundle, worst

    if reading:
        from .reading import reading as read

        for path in paths:
            if not is_bundle(path):
                raise InputError("expected a bundle or a certificate, not packed", key="--reading", value=path)
        reports = [read(path, engine.value) for path in paths]
        print_lines("\n\n".join(text for _, text in reports))
        raise typer.Exit(worst(report.exit_code for report, _ in reports))
    raise typer.Exit(check_paths(paths, engine.value, jobs, as_json))


@app.command()
def render(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="a bundle written by prove; with --html also a run")],
    pdf: Pdf = False,
    figures: Annotated[
        bool | None,
        typer.Option("--figures/--no-figures", help="with pictures (default: if it has them; needs matplotlib)"),
    ] = None,
    style: StyleOption = Style.compact,
    body: Body = False,
    html: Annotated[
        bool | None,
        typer.Option("--html/--no-html", help="also one page, index.html (default: if it has it; needs pandoc)"),
    ] = None,
    jobs: Jobs = 1,
    as_json: AsJson = False,
) -> None:
    """Write the LaTeX of a bundle again from its certificates, or the page of a run."""
    from ..batch.names import is_run
    from ..bundle.place import pdf_of
    from ..documents import PAGE, has_figures, has_page, render_directory

    _require(pdf, figures, bool(html))
    if html and is_run(directory):
        batch.render_page(directory, as_json)
        return
    layout = _layout(style, body, has_figures(directory) if figures is None else figures)
    layout = replace(layout, html=_page_wanted(html, has_page(directory)), illustrated=figures is not False, pdf=pdf)
    with progress_bars() as progress:
        files = render_directory(directory, layout, progress=progress)
        if pdf:
            _compile(files, jobs, progress)
    if as_json:
        names = [str(file) for file in files]
        head = {"format": "proofgen-documents", "version": 1, "directory": str(directory)}
        page = {"html": str(directory / PAGE)} if layout.html else {}
        compiled = [pdf_of(name) for name in names] if pdf else []
        print_json(head | {"tex": names, "pdf": compiled} | page)
        return
    output.print(f"{len(files)} LaTeX files{f' and {PAGE}' if layout.html else ''} in {directory}", soft_wrap=True)


def _require(pdf: bool, figures: bool | None, html: bool = False) -> None:
    """Say what to install before any work is done."""
    from ..needs import require

    require(*(["tex"] if pdf else []), *(["pictures"] if figures else []), *(["pandoc"] if html else []))


def _page_wanted(asked: bool | None, there: bool) -> bool:
    """Whether a page is written; one that is there but cannot be written again goes, and a note says so."""
    from ..needs import NEEDS, has

    if asked is None and there and not has("pandoc"):
        errors.print(f"proofgen: {NEEDS['pandoc'].message}; the documents are written without the page")
        return False
    return there if asked is None else asked


def _layout(style: Style, body: bool, figures: bool) -> Layout:
    """The layout; without matplotlib, a bundle that has pictures is written again without them, and a note says so."""
    from ..documents import Layout
    from ..needs import NEEDS, has

    if figures and not has("pictures"):
        errors.print(f"proofgen: {NEEDS['pictures'].message}; the documents are written without them")
        figures = False
    return Layout(style.value, body, figures)


def _compile(files: list[Path], jobs: int, progress: ProgressCallback) -> None:
    from ..latex.pdf import compile_pdf

    compile_pdf(files, jobs, progress)


def _tex_files(directory: Path, result: Result) -> list[Path]:
    from ..bundle.branches import branch_place
    from ..bundle.kinds import place

    points, orbits = (place(name) for name in result.points), (f"orbits/{name}" for name in result.bundle.orbits)
    files = [directory / f"{name}.tex" for name in (*points, *orbits, "summary")]
    further = [(directory / branch_place(branch.bundle.number), branch) for branch in result.branches]
    return [*files, *(file for there, branch in further for file in _tex_files(there, branch))]


for _command in (paper, batch.batch, batch.status, batch.merge, batch.tally, coq, derive, emit, explain, init):
    app.command()(_command)


def main() -> None:
    """Entry point: turns expected errors into one message and exit code 2."""
    for stream in (sys.stdout, sys.stderr):  # a console that has no γ shows its name
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)
    try:
        app()
    except ProofgenError as raised:
        error = raised.as_option() if isinstance(raised, ArgumentError) else raised
        errors.print(f"proofgen: {error}")
        raise SystemExit(BAD_INPUT) from None
    except OSError as error:  # such as a name that is too long
        name = "" if error.filename is None else f"{str(error.filename)[:200]}: "
        errors.print(f"proofgen: {name}{error.strerror or error}")
        raise SystemExit(BAD_INPUT) from None
    except KeyboardInterrupt:
        errors.print("proofgen: interrupted")
        raise SystemExit(INTERRUPTED) from None


__all__ = ["InputError", "app", "main"]
