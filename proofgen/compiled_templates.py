"""Templates of Jinja, compiled once for all processes."""

from __future__ import annotations

import hashlib
import os
import sys
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket

from .resources import templates_directory


class TemplateCache(jinja2.BytecodeCache):
    """What Python's ``.pyc`` is to a module: a compiled template is kept in `__pycache__` beside its source, where
    PYTHONDONTWRITEBYTECODE and PYTHONPYCACHEPREFIX say what they say of modules, and used for the same source, options,
    Jinja and Python only. Where nothing can be written, templates are compiled in every process."""

    def __init__(self, options: str) -> None:
        self.options = options

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return cache_from_source(filename or name, optimization="jinja")

    def get_source_checksum(self, source: str) -> str:
        return hashlib.sha256("\0".join([jinja2.__version__, self.options, source]).encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            with open(bucket.key, "rb") as file:
                bucket.load_bytecode(file)
        except OSError:
            pass

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        place = Path(bucket.key)
        part = place.with_name(f"{place.name}.{os.getpid()}")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            with open(part, "wb") as file:
                bucket.write_bytecode(file)
            part.replace(place)
        except OSError:
            pass


def template_environment(folder: str, **options: Any) -> jinja2.Environment:
    """The templates of a folder of `templates`; an undefined name is an error. options: of Jinja's environment."""
    options = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True, **options}
    plain = sorted((name, value) for name, value in options.items() if not callable(value))
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates_directory() / folder),
        undefined=jinja2.StrictUndefined,
        bytecode_cache=TemplateCache(repr(plain)),
        **options,
    )
