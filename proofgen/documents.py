"""The documents of a bundle for readers: LaTeX, bodies for somebody's own paper, pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .bundle import place
from .bundle.bundle import Bundle
from .bundle.coq_record import CoqRecord, read_coq_record
from .bundle.disk import read_manifest
from .errors import ArgumentError
from .needs import has, require
from .problem.problem import AnyProblem
from .progress import Progress, quiet

if TYPE_CHECKING:
    from .approx.field import FieldApprox

ReadFile = Callable[[str], bytes]
FIGURES = "figures/"


@dataclass(frozen=True)
class Layout:
    """How documents look. style: "compact" (1.2_{3}^{5}) or "interval" ([1.23, 1.25]); bodies: also write texts without
    a preamble, to be read into somebody's own paper; figures: draw pictures (needs matplotlib)."""

    style: str = "compact"
    bodies: bool = False
    figures: bool = False

    def check(self) -> None:
        """Raise InputError for what cannot be had, before any work is done."""
        from .latex.numbers import STYLES

        if self.style not in STYLES:
            raise ArgumentError(f"expected one of {', '.join(STYLES)}", key="style", value=self.style)
        if self.figures:
            require("pictures")


def make_documents(
    bundle: Bundle, layout: Layout, read: ReadFile, progress: Progress = quiet, coq: CoqRecord | None = None
) -> dict[str, bytes]:
    """Path → bytes of the LaTeX of a bundle, with the derivations that its methods need. read: the arrays' files;
    coq: the record of a check in Coq."""
    from .latex.documents import render_documents
    from .latex.kinds import derivations
    from .latex.references import bibliography

    problem, derived = bundle.problem, derivations(bundle)
    contents: dict[str, bytes] = {}
    pictures = None
    if layout.figures:
        from .figures.data import Labels, read_run
        from .figures.draw import draw

        shown = next(iter(derived.values()))
        labels = Labels(shown.parameter, shown.vector, shown.names)
        run = read_run(bundle, read)
        drawn = draw(run, _field(problem), labels, progress, box=problem.has_box)
        contents |= drawn.files
        pictures = drawn.pictures
    for bodies in (False, True) if layout.bodies else (False,):
        made = render_documents(bundle, derived, style=layout.style, bodies=bodies, pictures=pictures, coq=coq)
        contents |= {path.replace(".tex", "-body.tex") if bodies else path: data for path, data in made.items()}
    texts = [data.decode("ascii") for path, data in contents.items() if path.endswith(".tex")]
    contents["references.bib"] = bibliography(texts).encode("ascii")
    return contents


def _field(problem: AnyProblem) -> FieldApprox | None:
    """The vector field in binary64; None for fields too large for a simulation."""
    from .codegen.approx import field_approx
    from .figures.orbits import MOST_DIMENSION

    return field_approx(problem) if problem.dimension <= MOST_DIMENSION else None


def generated(path: str) -> bool:
    """Whether a file of a bundle is made from its certificates, for readers: LaTeX, references, pictures."""
    return path.endswith((".tex", ".bib")) or path.startswith(FIGURES)


def has_figures(out: Path) -> bool:
    """Whether a bundle lists pictures."""
    return any(path.startswith(FIGURES) for path in read_manifest(out) or {})


def render_directory(
    directory: str | Path, layout: Layout | None = None, *, progress: Progress = quiet
) -> list[Path]:
    """Write the LaTeX of an existing bundle again, from its certificates. Returns the .tex documents.

    layout: without one, pictures are drawn again if the bundle has any and matplotlib is there.
    """
    from .bundle.read import load_bundle
    from .bundle.untrusted import read_array_file

    out = Path(directory)
    if layout is None:
        layout = Layout(figures=has_figures(out) and has("pictures"))
    layout.check()
    bundle = load_bundle(out)
    place.check_replaceable(out, dict.fromkeys(filter(generated, read_manifest(out) or ()), b""))
    record = read_coq_record(out, list(bundle.points))
    contents = make_documents(bundle, layout, lambda path: read_array_file(out, path), progress, record)
    place.update_bundle(out, contents, generated)
    return [out / path for path in contents if path.endswith(".tex") and not path.endswith("-body.tex")]
