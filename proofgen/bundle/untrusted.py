"""Files and values of a bundle, which is untrusted input: bounded reads, and one clear message for what is wrong."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import InputError
from .codec import ARRAY_FILE, Json

MAX_JSON_BYTES = 64 * 2**20
MAX_WITNESS_BYTES = 2**31


def within(path: Path, action: Callable[[], Any]) -> Any:
    try:
        return action()
    except InputError as error:
        raise error.within(source=str(path)) from None


# --- files -----------------------------------------------------------------------------------


def read(base: Path, relative: str, limit: int) -> bytes:
    path = base / relative
    try:
        if (base / relative).parent.resolve() != (base.resolve() / relative).parent:
            raise InputError("a link leads out of the bundle", source=str(path))
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with open(os.open(path, flags), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise InputError("expected a regular file", source=str(path))
            data = stream.read(limit + 1)
    except OSError as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        raise InputError(f"this file of the bundle {reason}", source=str(path)) from None
    if len(data) > limit:
        raise InputError(f"expected at most {limit} bytes", source=str(path))
    return data


def read_array_file(base: Path, relative: str) -> bytes:
    """An array of a witness."""
    if not ARRAY_FILE.fullmatch(relative):
        raise InputError('expected a file name of the form "arrays/NAME.npy"', key="witness", value=relative)
    return read(base, relative, MAX_WITNESS_BYTES)


def read_json(base: Path, relative: str, *forms: str) -> tuple[Json, str]:
    """A document of one of the expected formats and version 1, and the digest of its file."""
    data = read(base, relative, MAX_JSON_BYTES)
    try:
        if relative == "summary.json":  # holds times in seconds
            document = json.loads(data.decode("utf-8"))
        else:
            document = json.loads(data.decode("utf-8"), parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not a JSON document of a bundle ({str(error)[:80]})", source=str(base / relative)) from None
    known = isinstance(document, dict) and isinstance(document.get("format"), str) and document["format"] in forms
    if not known or type(document.get("version")) is not int or document["version"] != 1:
        names = " or ".join(f'"{form}"' for form in forms)
        raise InputError(f'expected a document with "format": {names} and "version": 1', source=str(base / relative))
    return document, hashlib.sha256(data).hexdigest()


def _no_number(text: str) -> None:
    raise ValueError(f"{text}: floating-point numbers do not occur")


# --- values ----------------------------------------------------------------------------------


def get(document: Any, key: str, kind: type | tuple[type, ...], where: str = "") -> Any:
    name = f"{where}.{key}" if where else key
    if not isinstance(document, dict) or key not in document:
        raise InputError("this key is missing", key=name)
    value = document[key]
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise InputError(f"expected {' or '.join(_WORDS[item] for item in kinds)}", key=name)
    return value


_WORDS: dict[type, str] = {
    dict: "an object", list: "an array", str: "a string", int: "an integer", bool: "true or false", type(None): "null"
}  # fmt: skip
