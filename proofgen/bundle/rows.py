"""What every kind of theorem says in a row of `summary.json`, and how tables call it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from ..numbers.printed import Enclosure


class RowClaims(Protocol):
    """A kind: a frozen dataclass whose fields are the keys of its rows, between `code` and `certificate`.
    Of something undecided, those that are not known are None.

    prefix: of ids, hopf-0001; folder: of the certificates; noun, types: for people, "3 Hopf bifurcations (2
    supercritical, 1 subcritical)"; headings: of keys in the table of the terminal. In the tables of a run, table: where
    the rows stand; names: of keys that are called otherwise there; counts: columns of `networks`, each with the type
    that it counts (None: all).
    """

    prefix: ClassVar[str]
    folder: ClassVar[str]
    noun: ClassVar[str]
    types: ClassVar[tuple[str, ...]]
    headings: ClassVar[Mapping[str, str]]
    table: ClassVar[str]
    names: ClassVar[Mapping[str, str]]
    counts: ClassVar[Mapping[str, str | None]]

    @property
    def parameter(self) -> Enclosure: ...
    @property
    def type(self) -> str | None: ...
