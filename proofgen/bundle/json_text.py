"""JSON as it is written: one text for one value; and the files of a bundle by their digests."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, field
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import numpy.typing as npt

from ..numbers.printed import Enclosure
from ..problem.problem import OneParameterProblem
from .codec import ArrayReference, Json, written

VERSION = 1
_NESTED = frozenset({dict, list})
_key = lru_cache(maxsize=4096)(json.JSONEncoder().encode)
_TEXT = json.JSONEncoder(ensure_ascii=False).encode


def head(problem: OneParameterProblem, form: str) -> Json:
    """What `problem.json` of every kind of field with one parameter begins with."""
    interval = None if problem.interval is None else written(Enclosure.exactly(*problem.interval))
    return {
        "format": form,
        "version": VERSION,
        "title": problem.title,
        "dimension": problem.dimension,
        **({"time": "discrete"} if problem.discrete else {}),
        "parameter": {"name": problem.parameter_name, "interval": interval},
    }



@dataclass
class Files:
    """Relative path → content of a bundle in the making."""

    contents: dict[str, bytes] = field(default_factory=dict)

    def add_json(self, path: str, document: Json) -> str:
        """Add a document and return the SHA-256 of its file."""
        data = dump(document).encode()
        self.contents[path] = data
        return hashlib.sha256(data).hexdigest()

    def add_array(self, name: str, array: npt.NDArray[Any]) -> ArrayReference:
        """Add ``arrays/name.npy``."""
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
        path, data = f"arrays/{name}.npy", buffer.getvalue()
        self.contents[path] = data
        return ArrayReference(path, hashlib.sha256(data).hexdigest(), array.shape)


def dump(document: Json) -> str:
    """JSON with one line per key down to two levels; deterministic."""
    return _dump(document, 0) + "\n"


def _dump(value: Any, level: int) -> str:
    if isinstance(value, dict) and value and level < 3:
        pad = " " * (level + 1)
        lines = [
            f"{pad}{_key(key)}: {_dump(item, level + 1) if type(item) in _NESTED else _text(item)}"
            for key, item in value.items()
        ]
        return "{\n" + ",\n".join(lines) + "\n" + " " * level + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict) and level < 3:
        pad = " " * (level + 1)
        lines = [pad + _text(item) for item in value]
        return "[\n" + ",\n".join(lines) + "\n" + " " * level + "]"
    return _text(value)


def _text(value: Any) -> str:
    """`_TEXT`, without its beginnings for what most values are: texts, integers, and short lists of them."""
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if kind is int:
        return str(value)
    if kind is list and len(value) < 4:
        return f"[{', '.join([encode_basestring(x) if type(x) is str else _text(x) for x in value])}]"
    return _TEXT(value)
