"""The page itself, from templates that escape whatever they print."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import jinja2
from markupsafe import Markup

from ..compiled_templates import template_environment
from ..resources import templates_directory
from .tables import Table

EMPTY = Markup()


@dataclass(frozen=True)
class Picture:
    """layers: SVG files of one size, the lowest first; caption: HTML."""

    layers: tuple[bytes, ...]
    caption: Markup
    alt: str

    @property
    def sources(self) -> tuple[str, ...]:
        """As images of their own, so that nothing in them acts on the page."""
        return tuple(f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}" for svg in self.layers)


@dataclass(frozen=True)
class Detail:
    """A certificate that can be opened."""

    id: str
    title: str
    text: Markup
    links: tuple[tuple[str, str], ...]
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Section:
    """A part of the page: text, tables, pictures and certificates, in this order. folded: closed at first."""

    id: str
    title: str
    text: Markup = EMPTY
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    details: tuple[Detail, ...] = ()
    folded: bool = False


@dataclass(frozen=True)
class Page:
    """lead: what is proved, in a sentence; links: (text, file beside the page); facts: name → text."""

    title: str
    lead: str
    sections: Sequence[Section]
    links: tuple[tuple[str, str], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


def rendered(page: Page) -> bytes:
    """The page as UTF-8, with its one script and style inside; its policy allows no others, and no request."""
    script, style = _text("page.js"), _text("page.css")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    text = _environment().get_template("page.html.jinja").render(
        page=page, script=Markup(script), style=Markup(style), digest=digest
    )  # fmt: skip
    return text.encode()


@cache
def _text(name: str) -> str:
    return (templates_directory() / "page" / name).read_text("utf-8")


@cache
def _environment() -> jinja2.Environment:
    return template_environment("page", autoescape=True)
