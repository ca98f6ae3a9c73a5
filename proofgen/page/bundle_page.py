"""The page of a bundle: the theorem, the table, pictures, every certificate with its inequalities, how to check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..bundle.bundle import Bundle
from ..bundle.disk import BRANCHES
from ..bundle.kinds import place
from ..bundle.sentence import parameters_shown, sentence
from ..bundle.summary import BranchRow
from ..latex.documents import Parts
from ..latex.letters import unmarked
from ..latex.pictures import Picture as Drawing
from ..latex.pictures import Pictures
from .dialect import for_pandoc
from .html import Detail, Page, Picture, Section, rendered
from .pandoc import to_html
from .tables import files_of, of_kind, of_orbits

SUMMARY = "summary"
KINDS = {
    "spectrum": "spectrum at the point", "orbit": "periodic orbit", "eigenvalues": "eigenvalues along the branch",
    "lyapunov": "first Lyapunov coefficients", "branch": "pieces of the branch", "diagram": "bifurcation diagram",
    "equilibria": "equilibria near the point",
}  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """svg: name → file."""

    pictures: Pictures
    svg: Mapping[str, bytes]


def bundle_page(
    bundle: Bundle, parts: Parts, references: bytes, drawn: Drawn | None, exists: Callable[[str], bool]
) -> bytes:
    """`index.html`. parts: what the documents say; references: BibTeX of what they cite; exists: whether a file beside
    the page is (or will be) there, so that it may be linked. Raises InputError without pandoc."""
    text = _Texts(parts, references, drawn)
    summary, parameters = bundle.summary, parameters_shown(bundle.problem)
    parameter = ", ".join(parameters)
    tables = [of_kind(kind, rows, parameters, exists) for kind, rows in bundle.rows_by_kind.items()]
    if summary.orbits:
        tables.append(of_orbits(summary.orbits, parameter, exists))
    names = {**{name: place(name) for name in bundle.points}, **{name: f"orbits/{name}" for name in bundle.orbits}}
    drawings = {} if drawn is None else drawn.pictures.points
    details = [
        Detail(name, name, text.of(path), links, text.pictures(drawings.get(name, {})))
        for name, path in names.items()
        for links in [files_of(f"{path}.json", f"{path}.tex", exists).links]
    ]
    sections = [Section("result", "The result", text.of(SUMMARY)), Section("list", "List", tables=tuple(tables))]
    if summary.branches:
        sections.append(Section("branches", "Other branches", linked_pages(summary.branches)))
    if drawn is not None and drawn.pictures.run:
        sections.append(Section("pictures", "Pictures", pictures=text.pictures(drawn.pictures.run)))
    if details:
        sections.append(Section("certificates", "Certificates", details=tuple(details)))
    sections.append(Section("formulas", "Formulas", Markup("\n").join(map(text.of, parts.formulas)), folded=True))
    if parts.statements:
        said = Markup("\n").join(map(text.of, parts.statements))
        sections.append(Section("statements", "Appendix: general statements, with proofs", said, folded=True))
    check = _CHECK + _DIGEST.format(bundle.file.sha256)
    sections += [Section("check", "How to check", check), Section("references", "References", text.references)]
    files = (("summary (PDF)", "summary.pdf"), ("summary (TeX)", "summary.tex"), ("summary (JSON)", "summary.json"),
             ("problem", "problem.json"), ("branch", "branch.json"), ("digests", "MANIFEST.sha256"))  # fmt: skip
    lead = sentence(bundle, parameter)
    page = Page(
        title=summary.title, lead=f"{lead[0].upper()}{lead[1:]}.", sections=sections,
        links=tuple((shown, path) for shown, path in files if exists(path)),
        facts={"dimension": str(summary.dimension), "problem": f"SHA-256 {bundle.file.sha256}"},
    )  # fmt: skip
    return rendered(page)


def linked_pages(rows: Sequence[BranchRow]) -> Markup:
    """The pages of further branches."""
    item = Markup('<li><a href="{0}/{1}/index.html">{1}</a>: {2}</li>')
    items = [item.format(BRANCHES, row.id, row.status) for row in rows]
    return Markup("<ul>{}</ul>").format(Markup("").join(items))


class _Texts:
    """All LaTeX of the page, converted at once, by its names."""

    def __init__(self, parts: Parts, references: bytes, drawn: Drawn | None) -> None:
        self._svg = {} if drawn is None else drawn.svg
        captions: dict[str, str] = {}
        if drawn is not None:
            captions = {f"caption {one.name}": unmarked(one.caption) for one in drawn.pictures.run.values()}
            for point, drawings in drawn.pictures.points.items():  # what they refer to has the labels of their point
                for one in drawings.values():
                    captions[f"caption {one.name}"] = unmarked(one.caption).replace(r"\ref{", rf"\ref{{{point}:")
        # the summary first: the equations that it displays are those that the others refer to
        texts = {SUMMARY: parts.documents[SUMMARY], **parts.formulas, **parts.statements, **parts.documents, **captions}
        found, self.references = to_html(for_pandoc(list(texts.values())), references)
        self._html = dict(zip(texts, found, strict=True))

    def of(self, name: str) -> Markup:
        return self._html[name]

    def pictures(self, drawings: Mapping[str, Drawing]) -> tuple[Picture, ...]:
        made = []
        for kind, one in drawings.items():
            layers = [self._svg[name] for name in (one.base, one.name) if name is not None]
            made.append(Picture(tuple(layers), self.of(f"caption {one.name}"), KINDS.get(kind, kind)))
        return tuple(made)


_DIGEST = Markup("<p>The file <code>problem.json</code> has the SHA-256 digest <code>{}</code>.</p>")
_CHECK = Markup(
    "<p>Every claim is in the JSON files beside this page, with a witness that is not trusted. A checker that shares "
    "no code with the prover, and needs Python\u2019s standard library only, verifies every inequality again:</p>"
    "<pre><code>proofgen check DIR\npython -I proofgen/check.py DIR\nsha256sum -c MANIFEST.sha256</code></pre>"
    "<p>(DIR is the directory of this page.) All printed enclosures and bounds are rounded outward; a number such as "
    "<math><msubsup><mn>1.2</mn><mn>3</mn><mn>5</mn></msubsup></math> stands for the interval from 1.23 to 1.25. In "
    "tables every digit shown is proved, and \u2026 means that the number goes on; the enclosure is shown where the "
    "mouse rests. The text of each certificate, with all formulas, is in its TeX file.</p>"
)
