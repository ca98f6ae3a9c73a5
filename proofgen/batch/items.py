"""The networks of a run, one after another."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ArgumentError, InputError, UnsupportedError
from ..problem.plane import PlaneProblem
from ..problem.problem import AnyProblem
from ..spec.load import load_document
from .form import Base, Group, Run
from .sweep import Axis, with_values, written

MAX_ITEMS = 10_000_000


@dataclass(frozen=True)
class Item:
    """One network of a run. name: group and number, such as tanh-000017; values: what the sweeps chose for it."""

    index: int
    name: str
    group: str
    document: dict[str, Any]
    directory: Path
    values: tuple[tuple[str, object], ...]

    def load(self) -> AnyProblem:
        """The problem. Raises InputError, which names the item."""
        problem = load_document(self.document, self.directory, self.name)
        if problem.kind == PlaneProblem.kind:
            expected = "two parameters: a run is of specs with one; prove this one with 'proofgen prove'"
            raise UnsupportedError(expected, source=self.name, key="parameter.names")
        return problem


@dataclass(frozen=True)
class Shard:
    """Every ``count``-th item, beginning with number ``number`` (from 1)."""

    number: int = 1
    count: int = 1

    @property
    def name(self) -> str:
        return f"shard-{self.number}-of-{self.count}"


WHOLE = Shard()


_SHARD = re.compile(r"shard-[0-9]+-of-[0-9]+")


def is_shard(path: Path) -> bool:
    """Whether a directory is named like that of a shard."""
    return _SHARD.fullmatch(path.name) is not None and path.is_dir()


def read_shard(text: str) -> Shard:
    """``i/n``. Raises InputError."""
    number, slash, count = text.partition("/")
    if slash and number.isdecimal() and count.isdecimal() and len(text) < 16:
        shard = Shard(int(number), int(count))
        if 1 <= shard.number <= shard.count <= 100_000:
            return shard
    raise ArgumentError("expected i/n with 1 ≤ i ≤ n", key="shard", value=text)


def item_name(group: str, number: int) -> str:
    """number: in the group, from 1."""
    return f"{group}-{number:06d}"


def group_size(group: Group) -> int:
    rows = len(group.zipped[0].values) if group.zipped else 1
    return len(group.bases) * rows * math.prod(len(axis.values) for axis in group.product)


def count_items(run: Run, shard: Shard = WHOLE) -> int:
    """How many networks a run, or its shard, has. Raises InputError for too many."""
    total = sum(group_size(group) for group in run.groups)
    if total > MAX_ITEMS:
        found = total if total < 10**20 else "more than 1e20"
        raise InputError(f"{found} networks; expected at most {MAX_ITEMS}", source=run.source, key="group")
    return (total - shard.number) // shard.count + 1


def items(run: Run, shard: Shard = WHOLE) -> Iterator[Item]:
    """The networks in their order: groups, spec files, rows of zip, then the product, last key fastest."""
    before = 0
    for group in run.groups:
        size = group_size(group)
        for number in range((shard.number - 1 - before) % shard.count, size, shard.count):
            yield _item(run, group, number, before + number)
        before += size


def _item(run: Run, group: Group, number: int, index: int) -> Item:
    """A network of a group, counted from 0 there, and from ``index`` in the run."""
    base, assignments = _chosen(group, number)
    label = [] if base.label is None else [("spec", base.label)]
    values = [*label, *((axis.column, written(value)) for axis, value in assignments)]
    try:
        document = with_values(base.document, assignments)
    except InputError as error:
        raise error.within(source=run.source) from None
    return Item(index, item_name(group.name, number + 1), group.name, document, base.directory, tuple(values))


def _chosen(group: Group, number: int) -> tuple[Base, list[tuple[Axis, object]]]:
    assignments: list[tuple[Axis, object]] = []
    for axis in reversed(group.product):
        number, k = divmod(number, len(axis.values))
        assignments.append((axis, axis.values[k]))
    if group.zipped:
        number, k = divmod(number, len(group.zipped[0].values))
        assignments += [(axis, axis.values[k]) for axis in reversed(group.zipped)]
    return group.bases[number], assignments[::-1]


def check_first_items(run: Run) -> None:
    """Load the first network of every group and spec file, so that misspelt keys are told before any work.

    Where others of its sweep load, the first one alone is bad: a failure of that network, which the run records.
    """
    for group in run.groups:
        for k, base in enumerate(group.bases):
            count = group_size(group) // len(group.bases)
            error = _error_of(_item(run, group, k * count, 0))
            if error is None:
                continue
            others = (_item(run, group, k * count + number, 0) for number in _spread(group, count))
            if any(_error_of(item) is None for item in others):
                continue
            where = base.label or f"group {group.name}"
            raise type(error)(error.expected, source=f"{run.source}: {where}", key=error.key, value=error.value)


def _error_of(item: Item) -> InputError | None:
    try:
        item.load()
    except InputError as error:
        return error
    return None


def _spread(group: Group, count: int) -> list[int]:
    """Some networks of a sweep beside its first: every key with its next and its last value, then all keys together."""
    sizes = [len(axis.values) for axis in reversed(group.product)] + [len(axis.values) for axis in group.zipped[:1]]
    strides = [math.prod(sizes[:k]) for k in range(len(sizes))]
    single = [number for size, stride in zip(sizes, strides, strict=True) for number in (stride, (size - 1) * stride)]
    numbers = dict.fromkeys([*single, sum(strides), count - 1])
    return [number for number in numbers if 0 < number < count]
