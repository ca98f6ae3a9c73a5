"""LaTeX documents of a bundle: one certificate per Hopf point, and the summary.

Templates (`templates/latex`) use ``<% … %>`` and ``<< … >>``. Whatever they print is escaped unless it is
`Tex`; an undefined name is an error. The same documents give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2

from ..bundle.bundle import Bundle
from ..bundle.coq_record import CoqRecord
from ..bundle.kinds import place
from ..formulas.formula import GENERAL_FORMULA, S_DEFINITION
from ..formulas.kinds import AnyDerivation
from ..resources import templates_directory
from .kinds import BRANCHES, POINTS, ROWS, Derive, field_tex
from .listing import listed_rows
from .numbers import Tex
from .orbit import orbit_lines, orbit_tex
from .pictures import Picture, Pictures
from .references import cited
from .rows import rows
from .shared import versions_tex
from .text import cardinal, counted, escape, ordinal

Drawn = dict[str, Picture | None] | None
_LABEL = re.compile(r"(\\(?:label|ref|eqref)\{|\\proofgen(?:picture|layers\{[a-z0-9-]+\})\{[a-z0-9-]+\}\{)(?=[A-Za-z])")


def _finalize(value: object) -> object:
    """What an expression of a template prints: `Tex` as it is, integers, any other text escaped."""
    if isinstance(value, Tex | jinja2.Undefined):
        return value
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError(f"a template printed a {type(value).__name__}")


@cache
def environment() -> jinja2.Environment:
    """The LaTeX templates, compiled once."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_directory() / "latex"),
        undefined=jinja2.StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_finalize,
        autoescape=False,  # not HTML: _finalize escapes
    )
    made.globals |= {"ordinal": ordinal, "cardinal": cardinal, "counted": counted, "Tex": Tex, "rows": rows}
    made.globals |= {"general_formula": Tex(GENERAL_FORMULA), "s_definition": Tex(S_DEFINITION)}
    return made


def render_documents(
    bundle: Bundle,
    derivations: Mapping[Derive, AnyDerivation],
    *,
    style: str = "compact",
    bodies: bool = False,
    pictures: Pictures | None = None,
    coq: CoqRecord | None = None,
) -> dict[str, bytes]:
    """``points/ID.tex``, ``orbits/ID.tex`` and ``summary.tex`` as ASCII bytes.

    derivations: of `kinds.derivations`; style of enclosures: "compact"
    (1.2_{3}^{5}) or "interval" ([1.23, 1.25]); bodies: without preamble, to be read into somebody's own paper with
    \\input, with labels that are unique to run and point; pictures: to be included; coq: the record of a check in Coq
    of these documents. Raises InputError where a document does not prove what it claims.
    """
    label, points, branch = _run_label(bundle), bundle.points, bundle.branch
    fields = {derive: field_tex(d, bundle, pictures is not None) for derive, d in derivations.items()}

    def document(wrapper: str, body: str, derive: Derive, labels: str, drawn: Drawn, **shown: Any) -> bytes:
        layers = any(picture and picture.base for picture in (drawn or {}).values())
        context = {"network": fields[derive], "d": derivations[derive], "pictures": drawn, "layers": layers, **shown}
        context |= {"style": style, "bodies": bodies, "versions": versions_tex(bundle.summary.versions), "coq": coq}
        if bodies:
            return _LABEL.sub(rf"\g<1>{labels}:", _rendered(body, **context)).encode("ascii")
        return _wrapped(wrapper, body, **context).encode("ascii")

    documents: dict[str, bytes] = {}
    whole = BRANCHES[branch.method]
    along = whole.followed(branch, style)
    for position, (name, certificate) in enumerate(points.items(), start=1):
        kind = POINTS[certificate.method]
        point = kind.point(certificate, branch, position, len(points), derivations[kind.derive], style)
        drawn = _drawn(pictures.points.get(name) if pictures else None, "spectrum", "orbit")
        documents[f"{place(name)}.tex"] = document(
            "certificate.tex.jinja", kind.body, kind.derive, f"{label}-{name}", drawn, point=point, branch=along
        )
    for name, orbit in bundle.orbits.items():
        shown = orbit_tex(orbit, bundle, style)
        documents[f"orbits/{name}.tex"] = document(
            "orbit.tex.jinja", "orbit-body.tex.jinja", whole.derive, f"{label}-{name}", None, orbit=shown
        )
    drawn = _drawn(pictures.run if pictures else None, "eigenvalues", "lyapunov", "branch", "diagram")
    run, listed = whole.run(bundle, branch, style), listed_rows(bundle, ROWS, style)
    lines = orbit_lines(bundle, style)
    documents["summary.tex"] = document(
        "summary.tex.jinja", whole.body, whole.derive, label, drawn, run=run, listed=listed, orbits=lines
    )  # fmt: skip
    return documents


def _rendered(template: str, **context: Any) -> str:
    return environment().get_template(template).render(**context)


def _wrapped(wrapper: str, body: str, **context: Any) -> str:
    """A whole document: the body between its preamble and the references that it cites."""
    text = _rendered(body, **context)
    return _rendered(wrapper, body=Tex(text), cited=cited([text]), **context)


def _run_label(bundle: Bundle) -> str:
    """What labels of bodies begin with: the problem, and what tells runs by different methods apart."""
    labels = {POINTS[point.method].label for point in bundle.points.values()} or {"-no-points"}
    return f"{bundle.file.sha256[:8]}{''.join(sorted(labels))}"


def _drawn(found: Mapping[str, Picture] | None, *kinds: str) -> Drawn:
    """The pictures of one document by their kind; None where there are none."""
    return {kind: found.get(kind) for kind in kinds} if found else None


def render_derivation(d: AnyDerivation) -> str:
    """The derivation alone as a LaTeX document."""
    network = field_tex(d, None)
    return _wrapped("derivation.tex.jinja", "derivation-body.tex.jinja", network=network, d=d, pictures=None)
