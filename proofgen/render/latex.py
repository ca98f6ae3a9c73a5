"""LaTeX documents of a bundle: one certificate per Hopf point, and the summary.

Templates (`templates/latex`) use ``<% … %>`` and ``<< … >>``. Whatever they print is escaped unless it is
`Tex`; an undefined name is an error. The same documents give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2

from ..paths import templates_directory
from ..symbolic.derivation import GENERAL_FORMULA, S_DEFINITION, Derivation
from .numbers import Tex
from .point import point_context
from .shared import network_context
from .summary import summary_context
from .text import cardinal, counted, escape, ordinal

Json = dict[str, Any]


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
    made.globals |= {"ordinal": ordinal, "cardinal": cardinal, "counted": counted, "Tex": Tex}
    made.globals |= {"general_formula": Tex(GENERAL_FORMULA), "s_definition": Tex(S_DEFINITION)}
    return made


def render_documents(
    problem_document: Json,
    branch: Json,
    points: Mapping[str, Json],
    summary: Json,
    derivation: Derivation,
    *,
    style: str = "compact",
    bodies: bool = False,
) -> dict[str, bytes]:
    """``points/ID.tex`` and ``summary.tex`` as ASCII bytes, from the JSON documents of a bundle.

    points: id → certificate, in increasing γ; style of enclosures: "compact" (1.2_{3}^{5}) or "bracket"; bodies:
    without preamble, to be read into somebody's own paper with \\input. Raises InputError where a document does not
    prove what it claims.
    """
    network = network_context(problem_document, branch, derivation)
    wrapper = "certificate-body.tex.jinja" if bodies else "certificate.tex.jinja"
    template = environment().get_template(wrapper)
    documents: dict[str, bytes] = {}
    for position, (name, certificate) in enumerate(points.items(), start=1):
        context = point_context(certificate, branch, position, len(points), network, derivation, style)
        documents[f"points/{name}.tex"] = template.render(network=network, d=derivation, point=context).encode("ascii")
    run = summary_context(summary, branch, points, network, style)
    template = environment().get_template("summary-body.tex.jinja" if bodies else "summary.tex.jinja")
    documents["summary.tex"] = template.render(network=network, d=derivation, run=run).encode("ascii")
    return documents


def render_derivation(derivation: Derivation) -> str:
    """The derivation alone as a LaTeX document."""
    network = network_context({}, {}, derivation)
    return environment().get_template("derivation.tex.jinja").render(network=network, d=derivation)
