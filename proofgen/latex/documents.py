"""LaTeX documents of a bundle: one certificate per Hopf point, and the summary.

Templates (`templates/latex`) use ``<% … %>`` and ``<< … >>``. Whatever they print is escaped unless it is
`Tex`; an undefined name is an error. The same documents give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import jinja2

from ..formulas.equations import EquationsDerivation
from ..formulas.formula import GENERAL_FORMULA, S_DEFINITION
from ..formulas.layered import NetworkDerivation
from ..formulas.one_layer import Derivation
from ..resources import templates_directory
from .equations import EquationsTex, equations_tex
from .hopf_point import general_point
from .layered import NetworkTex, network_tex
from .numbers import Tex
from .pictures import Picture, Pictures
from .pieces import general_run
from .rows import rows
from .shared import network_context, versions_tex
from .summary import summary_context
from .text import cardinal, counted, escape, ordinal
from .zero_branch import point_context

Json = dict[str, Any]
T = TypeVar("T")
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
    problem_document: Json,
    branch: Json,
    points: Mapping[str, Json],
    summary: Json,
    derivation: Derivation | None,
    *,
    general: NetworkDerivation | EquationsDerivation | None = None,
    style: str = "compact",
    bodies: bool = False,
    pictures: Pictures | None = None,
) -> dict[str, bytes]:
    """``points/ID.tex`` and ``summary.tex`` as ASCII bytes, from the JSON documents of a bundle.

    points: id → certificate, in their order; derivation: for documents of the method zero-branch, general: for those
    of the others; style of enclosures: "compact" (1.2_{3}^{5}) or "interval" ([1.23, 1.25]); bodies: without preamble,
    to be read into somebody's own paper with \\input, with labels that are unique to run and point; pictures: to be
    included. Raises InputError where a document does not prove what it claims.
    """
    tail = "-body.tex.jinja" if bodies else ".tex.jinja"
    common = {"style": style, "bodies": bodies, "versions": versions_tex(summary)}
    label = _run_label(branch, points)

    def document(kind: str, labels: str, context: dict[str, Any]) -> bytes:
        layers = any(picture and picture.base for picture in (context["pictures"] or {}).values())
        text = environment().get_template(kind + tail).render(**context, **common, layers=layers)
        return (_LABEL.sub(rf"\g<1>{labels}:", text) if bodies else text).encode("ascii")

    zero = None if derivation is None else network_context(problem_document, branch, derivation, points.values())
    layered = None if general is None else field_tex(problem_document, branch, general, pictures is not None)
    documents: dict[str, bytes] = {}
    for position, (name, certificate) in enumerate(points.items(), start=1):
        context: dict[str, Any]
        if certificate["method"] == "zero-branch":
            d, network = _needed(derivation), _needed(zero)
            point = point_context(certificate, branch, position, len(points), d, style)
            context, kind = {"network": network, "d": d, "point": point}, "certificate"
        else:
            if general is None:
                raise ValueError("a derivation for the general methods is needed")
            shown = general_point(certificate, branch, position, len(points), general, style)
            context, kind = {"network": _needed(layered), "d": general, "point": shown}, "general-certificate"
        drawn = _kinds(pictures.points[name] if pictures else None, "spectrum", "orbit")
        context["pictures"] = drawn
        documents[f"points/{name}.tex"] = document(kind, f"{label}-{name}", context)
    if branch["method"] == "zero-branch":
        run = summary_context(summary, branch, points, _needed(zero), style)
        context, kind = {"network": _needed(zero), "d": _needed(derivation), "run": run}, "summary"
    else:
        whole = general_run(summary, branch, points, style)
        context, kind = {"network": _needed(layered), "d": _needed(general), "general": whole}, "general-summary"
    drawn = _kinds(pictures.run if pictures else None, "eigenvalues", "lyapunov", "branch", "diagram")
    context["pictures"] = drawn
    documents["summary.tex"] = document(kind, label, context)
    return documents


def _run_label(branch: Json, points: Mapping[str, Json]) -> str:
    """What labels of bodies begin with: the problem, and what tells runs by different methods apart."""
    methods = {certificate["method"] for certificate in points.values()}
    suffix = "-newton-kantorovich" if "newton-kantorovich" in methods else "" if methods else "-no-points"
    return f"{branch['problem']['sha256'][:8]}{suffix}"


def _kinds(found: Mapping[str, Picture] | None, *kinds: str) -> dict[str, Picture | None] | None:
    """The pictures of one document by their kind; None where there are none."""
    return {kind: found.get(kind) for kind in kinds} if found else None


def field_tex(
    problem: Json, branch: Json, derivation: NetworkDerivation | EquationsDerivation, pictures: bool = False
) -> NetworkTex | EquationsTex:
    """The vector field for the templates; empty documents give what a derivation alone needs."""
    if isinstance(derivation, EquationsDerivation):
        return equations_tex(problem, branch, derivation, pictures)
    return network_tex(problem, branch, derivation)


def _needed(value: T | None) -> T:
    if value is None:
        raise ValueError("a derivation for the method of these documents is needed")
    return value


def render_network_derivation(derivation: NetworkDerivation | EquationsDerivation) -> str:
    """The derivation alone, of a layered network or of equations, as a LaTeX document."""
    network = field_tex({}, {}, derivation)
    template = environment().get_template("general-derivation.tex.jinja")
    return template.render(network=network, d=derivation, pictures=None)


def render_derivation(derivation: Derivation) -> str:
    """The derivation alone as a LaTeX document."""
    network = network_context({}, {}, derivation)
    return environment().get_template("derivation.tex.jinja").render(network=network, d=derivation, pictures=None)
