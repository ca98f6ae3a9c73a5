"""What the documents need to know of pictures; drawing them is not their business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .numbers import Tex


@dataclass(frozen=True)
class Picture:
    """A picture in figures/NAME.pdf: a sentence of the text that refers to it (with ``\\ref{LABEL}``), its caption.

    base: the name of a picture of the same size that is laid upon it, shared with other documents.
    """

    name: str
    label: str
    sentence: Tex
    caption: Tex
    base: str | None = None


@dataclass(frozen=True)
class Pictures:
    """points: id → kind → picture; run: kind → picture, for the summary."""

    points: Mapping[str, Mapping[str, Picture]] = field(default_factory=dict)
    run: Mapping[str, Picture] = field(default_factory=dict)
