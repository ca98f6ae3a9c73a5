"""What every kind of theorem says in a row of `summary.json`, and how tables call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar, Protocol, TypeVar

from ..numbers.printed import Enclosure

PARAMETER_KEYS = ("parameter", "second_parameter")  # where rows stand; with one parameter, the first


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


R = TypeVar("R", bound=RowClaims)


def row_of(kind: type[R], claims: Any) -> R:
    """The row of claims whose fields have the keys of the row."""
    return kind(**{key: getattr(claims, key) for key in _keys(kind)})


def unknown_row(row: type[R], /, **known: Any) -> R:
    """The row of something undecided; what is not known is None."""
    return row(**(dict.fromkeys(_keys(row)) | known))


def _keys(kind: Any) -> list[str]:
    return [field.name for field in fields(kind)]


class PointClaims(Protocol):
    """Claims of a point. located: the keys of enclosures of one number; discrete: those of what has few values."""

    located: ClassVar[tuple[str, ...]]
    discrete: ClassVar[tuple[str, ...]]

    @property
    def equilibrium(self) -> tuple[Enclosure, ...]: ...


def told_apart(one: PointClaims, two: PointClaims) -> bool:
    """Whether the claims of two points of a kind show that they are not one: enclosures of the same number, or of an
    entry of x*, are disjoint (FORMAT.md, section 10). What is on the axis or the circle there is named by `located`:
    there is nothing else on it."""
    return _apart(one, two) or any(x.disjoint(y) for x, y in zip(one.equilibrium, two.equilibrium, strict=True))


def may_be_one(one: PointClaims, two: PointClaims) -> bool:
    """Whether the claims can be about one point: the enclosures of its numbers meet, and what is discrete agrees."""
    return not _apart(one, two) and all(getattr(one, key) == getattr(two, key) for key in one.discrete)


def _apart(one: PointClaims, two: PointClaims) -> bool:
    return any(getattr(one, key).disjoint(getattr(two, key)) for key in one.located)
