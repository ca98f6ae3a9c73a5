"""Derivations whose results are kept with the package: the activations that have a name are not derived again in every
process, and SymPy, which takes longer to import than most proofs take, is not imported for them.

`kept.json` holds, by the name of the derivation and by its arguments, what SymPy says; `tests/symbolic/test_kept.py`
derives all of it again and compares it byte for byte. It is written, and the only copy, by

    python -m pytest tests/symbolic/test_kept.py -m slow --update
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

PLACE = Path(__file__).with_name("kept.json")
R = TypeVar("R")


@cache
def _store() -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = json.loads(PLACE.read_text(encoding="utf-8"))
    return found


class Kept(Generic[R]):
    """A derivation, looked up before it is made. derive: the derivation, of texts, numbers, truth values and tuples of
    them, with a result of JSON, which nobody changes; arguments: those for which the result is kept."""

    def __init__(self, derive: Callable[..., R], arguments: Iterable[tuple[Any, ...]]) -> None:
        self.derive, self.arguments = derive, list(arguments)
        self.name, self.__doc__ = derive.__name__, derive.__doc__
        self._found = lru_cache(maxsize=256)(self._find)

    def __call__(self, *arguments: Any) -> R:
        return self._found(*arguments)

    def _find(self, *arguments: Any) -> R:
        kept = _store().get(self.name, {})
        key = key_of(arguments)
        return kept[key] if key in kept else self.derive(*arguments)


def kept(arguments: Iterable[tuple[Any, ...]]) -> Callable[[Callable[..., R]], Kept[R]]:
    """Keep the results of a derivation for these arguments."""
    return lambda derive: Kept(derive, arguments)


def key_of(arguments: tuple[Any, ...]) -> str:
    return json.dumps(arguments, ensure_ascii=False)
