"""The documents of a bundle for readers: LaTeX, bodies for somebody's own paper, pictures, one page of HTML."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .bundle import place
from .bundle.bundle import Bundle
from .bundle.coq_record import CoqRecord, read_coq_record
from .bundle.disk import branch_places, read_manifest, split_place
from .bundle.hopf_curve import HopfCurves
from .errors import ArgumentError
from .needs import has, require
from .problem.problem import AnyProblem
from .progress import Progress, quiet

if TYPE_CHECKING:
    from .approx.field import FieldApprox
    from .figures.draw import Drawn
    from .formulas.kinds import AnyDerivation
    from .latex.kinds import Derive

ReadFile = Callable[[str], bytes]
FIGURES = "figures/"
PAGE = "index.html"


@dataclass(frozen=True)
class Layout:
    """How documents look. style: "compact" (1.2_{3}^{5}) or "interval" ([1.23, 1.25]); bodies: also write texts without
    a preamble, to be read into somebody's own paper; figures: draw pictures (needs matplotlib); html: also one page
    `index.html` (needs pandoc); illustrated: with pictures, where matplotlib is installed; pdf: the documents will be
    compiled, so that the page may link to them."""

    style: str = "compact"
    bodies: bool = False
    figures: bool = False
    html: bool = False
    illustrated: bool = True
    pdf: bool = False

    def check(self) -> None:
        """Raise InputError for what cannot be had, before any work is done."""
        from .latex.numbers import STYLES

        if self.style not in STYLES:
            raise ArgumentError(f"expected one of {', '.join(STYLES)}", key="style", value=self.style)
        require(*(["pictures"] if self.figures else []), *(["pandoc"] if self.html else []))


def make_documents(
    bundle: Bundle,
    layout: Layout,
    read: ReadFile,
    progress: Progress = quiet,
    coq: CoqRecord | None = None,
    has_pdf: Callable[[str, bytes], bool] = lambda path, tex: False,
) -> dict[str, bytes]:
    """Path → bytes of the LaTeX of a bundle, with the derivations that its methods need. read: the arrays' files;
    coq: the record of a check in Coq; has_pdf: whether the PDF of a document of these bytes is there."""
    from .latex.documents import render_documents
    from .latex.kinds import derivations
    from .latex.references import bibliography

    derived = derivations(bundle)
    contents: dict[str, bytes] = {}
    drawn = _drawn(bundle, next(iter(derived.values())), layout, read, progress)
    if drawn is not None and layout.figures:
        contents |= drawn.files
    pictures = drawn.pictures if drawn is not None and layout.figures else None
    for bodies in (False, True) if layout.bodies else (False,):
        made = render_documents(bundle, derived, style=layout.style, bodies=bodies, pictures=pictures, coq=coq)
        contents |= {path.replace(".tex", "-body.tex") if bodies else path: data for path, data in made.items()}
    texts = [data.decode("ascii") for path, data in contents.items() if path.endswith(".tex")]
    contents["references.bib"] = bibliography(texts).encode("ascii")
    if layout.html:
        progress("page", 0, 1)
        documents = {path: data for path, data in contents.items() if path.endswith(".tex")}
        linked = {place.pdf_of(path) for path, tex in documents.items() if layout.pdf or has_pdf(path, tex)}
        contents[PAGE] = _page(bundle, derived, layout, drawn, coq, contents, linked)
        progress("page", 1, 1)
    return contents


def _drawn(
    bundle: Bundle, shown: AnyDerivation, layout: Layout, read: ReadFile, progress: Progress
) -> Drawn | None:
    """The pictures; None where none are asked for, or a page is and matplotlib is missing."""
    on_page = layout.html and layout.illustrated and has("pictures")
    if not (layout.figures or on_page):
        return None
    from .figures.data import Labels, read_run
    from .figures.draw import draw
    from .figures.draw_curves import draw_curves

    problem, branch = bundle.problem, bundle.branch
    forms = {"pdf": layout.figures, "svg": on_page}
    if isinstance(branch, HopfCurves):
        parameters: tuple[str, str] = getattr(shown, "parameters")  # noqa: B009
        return draw_curves(bundle, branch, read, parameters, progress, **forms)
    labels = Labels(shown.parameter, shown.vector, tuple(shown.names))
    return draw(read_run(bundle, read), _field(problem), labels, progress, box=problem.has_box, **forms)


def _page(
    bundle: Bundle,
    derived: Mapping[Derive, AnyDerivation],
    layout: Layout,
    drawn: Drawn | None,
    coq: CoqRecord | None,
    contents: Mapping[str, bytes],
    linked: set[str],
) -> bytes:
    from .latex.documents import render_parts
    from .page import bundle_page as page

    parts = render_parts(bundle, derived, style=layout.style, coq=coq)
    pictures = page.Drawn(drawn.pictures, drawn.svg) if drawn is not None and drawn.svg else None

    def exists(path: str) -> bool:
        return path in linked if path.endswith(".pdf") else path in contents or not path.endswith(".tex")

    return page.bundle_page(bundle, parts, contents["references.bib"], pictures, exists)


def _field(problem: AnyProblem) -> FieldApprox | None:
    """The vector field in binary64; None for fields too large for a simulation."""
    from .codegen.approx import field_approx
    from .figures.orbits import MOST_DIMENSION

    return field_approx(problem) if problem.dimension <= MOST_DIMENSION else None


def generated(path: str) -> bool:
    """Whether a file of a bundle is made from its certificates, for readers: LaTeX, references, pictures, page."""
    path = split_place(path)[1]
    return path.endswith((".tex", ".bib")) or path == PAGE or path.startswith(FIGURES)


def has_figures(out: Path) -> bool:
    """Whether a bundle lists pictures."""
    return any(path.startswith(FIGURES) for path in read_manifest(out) or {})


def has_page(out: Path) -> bool:
    """Whether a bundle lists a page."""
    return PAGE in (read_manifest(out) or {})


def render_directory(
    directory: str | Path, layout: Layout | None = None, *, progress: Progress = quiet
) -> list[Path]:
    """Write the LaTeX of an existing bundle again, from its certificates. Returns the .tex documents.

    layout: without one, pictures are drawn again if the bundle has any and matplotlib is there, and so for its page.
    """
    from .bundle.read import load_bundle
    from .bundle.untrusted import read_array_file

    out = Path(directory)
    if layout is None:
        layout = Layout(figures=has_figures(out) and has("pictures"), html=has_page(out) and has("pandoc"))
    layout.check()
    place.check_whole(out)
    listed = read_manifest(out) or {}
    place.check_replaceable(out, dict.fromkeys(filter(generated, listed), b""))
    contents: dict[str, bytes] = {}
    for number, folder in enumerate(["", *branch_places(listed)], start=1):
        root = out / folder
        bundle = replace(load_bundle(root), number=number)
        record = read_coq_record(root, bundle)
        prefix = f"{folder}/" if folder else ""

        def has_pdf(path: str, tex: bytes, prefix: str = prefix) -> bool:
            name = prefix + path
            return (out / place.pdf_of(name)).is_file() and listed.get(name) == hashlib.sha256(tex).hexdigest()

        def read(path: str, root: Path = root) -> bytes:
            return read_array_file(root, path)

        made = make_documents(bundle, layout, read, progress, record, has_pdf)
        contents |= {f"{prefix}{path}": data for path, data in made.items()}
    place.update_bundle(out, contents, generated)
    return [out / path for path in contents if path.endswith(".tex") and not path.endswith("-body.tex")]
