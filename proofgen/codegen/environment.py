"""The templates of Python source, and how their texts become one module."""

from __future__ import annotations

from functools import cache

import jinja2

from ..compiled_templates import template_environment


@cache
def python_environment() -> jinja2.Environment:
    """Templates of Python source (`templates/evaluator`); an undefined name is an error."""
    return template_environment("evaluator", autoescape=False)


def assembled(*parts: str) -> str:
    """One module of several texts, with the helpers that they call at its end."""
    util = python_environment().get_template("util.py.jinja").render()
    return "\n\n\n".join(part.strip("\n") for part in (*parts, util)) + "\n"
