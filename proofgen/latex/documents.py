"""LaTeX documents of a bundle: one certificate per Hopf point, and the summary.

Templates (`templates/latex`) use ``<% … %>`` and ``<< … >>``. Whatever they print is escaped unless it is
`Tex`; an undefined name is an error. The same documents give the same bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jinja2

from ..bundle.branches import branch_name
from ..bundle.bundle import Bundle
from ..bundle.coq_record import CoqRecord
from ..bundle.kinds import place
from ..compiled_templates import template_environment
from ..formulas.formula import GENERAL_FORMULA, S_DEFINITION
from ..formulas.kinds import AnyDerivation
from .branch import other_branches
from .kinds import BRANCHES, POINTS, ROWS, ROWS_OF_MAP, Derive, field_tex
from .letters import Letters
from .listing import listed_rows
from .numbers import Tex
from .orbit import orbit_lines, orbit_tex
from .pictures import Picture, Pictures
from .references import cited
from .rows import rows
from .shared import versions_tex
from .text import cardinal, counted, escape, ordinal

Drawn = dict[str, Picture | None] | None
CERTIFICATES = frozenset(kind.wrapper for kind in POINTS.values())
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
    made = template_environment(
        "latex",
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        finalize=_finalize,
        autoescape=False,  # not HTML: _finalize escapes
    )
    made.globals |= {"ordinal": ordinal, "cardinal": cardinal, "counted": counted, "Tex": Tex, "rows": rows}
    made.globals |= {"general_formula": Tex(GENERAL_FORMULA), "s_definition": Tex(S_DEFINITION)}
    return made


@dataclass(frozen=True)
class _Document:
    """path: without its ending; wrapper, body: templates; labels: what those of its body begin with in papers of one's
    own; context: of the templates."""

    path: str
    wrapper: str
    body: str
    labels: str
    context: dict[str, Any]


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
    made: dict[str, bytes] = {}
    for document in _documents(bundle, derivations, style, pictures, coq):
        context = document.context | {"bodies": bodies, "part": "whole"}
        if bodies:
            text = _LABEL.sub(rf"\g<1>{document.labels}:", _rendered(document.body, **context))
        else:
            text = _wrapped(document.wrapper, document.body, **context)
        made[f"{document.path}.tex"] = _lettered(text, context).encode("ascii")
    return made


@dataclass(frozen=True)
class Parts:
    """What the documents of a bundle say, once for a page about all of it; each a body in LaTeX. documents: path
    without ending → theorem and proof; formulas: of the derivations; statements: the general ones that proofs quote."""

    documents: dict[str, str]
    formulas: dict[str, str]
    statements: dict[str, str]


def render_parts(
    bundle: Bundle, derivations: Mapping[Derive, AnyDerivation], *, style: str = "compact", coq: CoqRecord | None = None
) -> Parts:
    """The documents in parts, with unique labels. Raises InputError as `render_documents` does."""
    parts = Parts({}, {}, {})
    for document in _documents(bundle, derivations, style, None, coq):
        context = document.context | {"bodies": False}
        text = _lettered(_rendered(document.body, **context, part="point"), context)
        name = document.path.rpartition("/")[2]
        labels = re.findall(r"\\label\{([A-Za-z]+)\}", text)
        own = "|".join(label for label in labels if label != "network")  # displayed once, in the summary
        unique = re.compile(rf"(\\(?:label|ref|eqref)\{{)(?=(?:{own})\}})") if own else None
        parts.documents[document.path] = unique.sub(rf"\g<1>{name}:", text) if unique else text
        formulas = context["network"].words.formulas
        if formulas not in parts.formulas:
            parts.formulas[formulas] = _lettered(_rendered(formulas, **context), context)
        if document.wrapper in CERTIFICATES and document.body not in parts.statements:
            statements = _rendered(document.body, **context, part="statements")
            parts.statements[document.body] = _lettered(statements, context)
    return parts


def _documents(
    bundle: Bundle,
    derivations: Mapping[Derive, AnyDerivation],
    style: str,
    pictures: Pictures | None,
    coq: CoqRecord | None,
) -> Iterator[_Document]:
    """The documents of a bundle, the summary last. Raises InputError where one does not prove what it claims."""
    label, points, branch = _run_label(bundle), bundle.points, bundle.branch
    source = bundle.summary.options.get("source")
    source = source.rstrip(". ") if isinstance(source, str) else None
    fields = {derive: field_tex(d, bundle, pictures is not None) for derive, d in derivations.items()}

    def context(derive: Derive, drawn: Drawn, **shown: Any) -> dict[str, Any]:
        layers = any(picture and picture.base for picture in (drawn or {}).values())
        found = {"network": fields[derive], "d": derivations[derive], "pictures": drawn, "layers": layers, **shown}
        return found | {"style": style, "versions": versions_tex(bundle.summary.versions), "coq": coq, "source": source}

    whole = BRANCHES[branch.method]
    along = whole.followed(branch, style)
    counts = Counter(certificate.claims.row.prefix for certificate in points.values())
    positions = Counter[str]()
    for name, certificate in points.items():
        kind, prefix = POINTS[certificate.method], certificate.claims.row.prefix
        positions[prefix] += 1
        point = kind.point(certificate, branch, positions[prefix], counts[prefix], derivations[kind.derive], style)
        drawn = _drawn(pictures.points.get(name) if pictures else None, *kind.pictures)
        shown = context(kind.derive, drawn, point=point, branch=along)
        yield _Document(place(name), kind.wrapper, kind.body, f"{label}-{name}", shown)
    for name, orbit in bundle.orbits.items():
        drawn = _drawn(pictures.points.get(name) if pictures else None, "tube")
        shown = context(whole.derive, drawn, orbit=orbit_tex(orbit, bundle, style))
        yield _Document(f"orbits/{name}", "orbit.tex.jinja", "orbit-body.tex.jinja", f"{label}-{name}", shown)
    drawn = _drawn(pictures.run if pictures else None, "eigenvalues", "lyapunov", "branch", "diagram", "curves")
    words = ROWS_OF_MAP if bundle.problem.discrete else ROWS
    run, listed = whole.run(bundle, branch, style), listed_rows(bundle, words, style)
    more = {"orbits": orbit_lines(bundle, style), "others": other_branches(bundle, style)}
    shown = context(whole.derive, drawn, run=run, listed=listed, **more)
    yield _Document("summary", "summary.tex.jinja", whole.body, label, shown)


def _rendered(template: str, **context: Any) -> str:
    return environment().get_template(template).render(**context)


def _wrapped(wrapper: str, body: str, **context: Any) -> str:
    """A whole document: the body between its preamble and the references that it cites."""
    text = _rendered(body, **context)
    return _rendered(wrapper, body=Tex(text), cited=cited([text]), **context)


def _run_label(bundle: Bundle) -> str:
    """What labels of bodies begin with: the problem, and what tells runs by different methods apart."""
    labels = {POINTS[point.method].label for point in bundle.points.values()} or {"-no-points"}
    number = f"-{branch_name(bundle.number)}" if bundle.number > 1 else ""
    return f"{bundle.file.sha256[:8]}{number}{''.join(sorted(labels))}"


def _drawn(found: Mapping[str, Picture] | None, *kinds: str) -> Drawn:
    """The pictures of one document by their kind; None where there are none."""
    return {kind: found.get(kind) for kind in kinds} if found else None


def render_derivation(d: AnyDerivation) -> str:
    """The derivation alone as a LaTeX document."""
    shown = {"network": field_tex(d, None), "d": d, "pictures": None, "source": None}
    return _lettered(_wrapped("derivation.tex.jinja", "derivation-body.tex.jinja", **shown), shown)


def _lettered(text: str, context: Mapping[str, Any]) -> str:
    """The text with other letters for its own symbols where the model has theirs."""
    letters: Letters | None = getattr(context["network"], "letters", None)
    return text if letters is None else letters.apply(text)
