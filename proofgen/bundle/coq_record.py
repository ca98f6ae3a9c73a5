"""`coq.json`: that Coq has checked the claims of a bundle.  It is a note and no proof: anybody can write one.  Readers
are told of it only while the files that were checked are those of the bundle, and told how to repeat the check."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import InputError, not_written
from . import disk
from .bundle import Bundle
from .codec import Json
from .json_text import VERSION, dump
from .place import COQ_RECORD as NAME
from .untrusted import read_json

FORMAT = "proofgen-coq-check"
_SHA256 = re.compile("[0-9a-f]{64}")
_COQ = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}")
_AXIOM = re.compile(r"[A-Za-z0-9_.']{1,200}")
_MOST_AXIOMS = 1000


@dataclass(frozen=True)
class CoqRecord:
    """coq: its version; development: SHA-256 of the files of proofs/coq; axioms: those that the theorem rests on."""

    coq: str
    development: str
    axioms: tuple[str, ...]


def checked_digests(bundle: Bundle) -> dict[str, str]:
    """Path → SHA-256 of the documents that Coq checks, not of orbits; they hold the digests of arrays."""
    return {path: digest for path, digest in sorted(bundle.digests.items()) if not path.startswith("orbits/")}


def check_record_place(directory: Path) -> None:
    """Raise InputError where a file of that name is there and is no record."""
    if os.path.lexists(directory / NAME):
        read_json(directory, NAME, FORMAT)


def write_coq_record(directory: Path, files: dict[str, str], record: CoqRecord) -> None:
    """files: path -> SHA-256 of the documents that were checked.  The manifest does not list coq.json."""
    document: Json = {"format": FORMAT, "version": VERSION, "coq": record.coq, "development": record.development}
    document |= {"axioms": list(record.axioms), "files": files}
    try:
        disk.write_atomically(directory / NAME, dump(document).encode())
    except OSError as error:
        raise not_written(error, directory / NAME) from None


def read_coq_record(directory: Path, bundle: Bundle) -> CoqRecord | None:
    """The record of a bundle read from a directory; None without one, or where it is not about these files, or not a
    record."""
    if not (directory / NAME).is_file():
        return None
    try:
        document: Any = read_json(directory, NAME, FORMAT)[0]
        coq, development, axioms = (document.get(key) for key in ("coq", "development", "axioms"))
        if document.get("files") != checked_digests(bundle):
            return None
    except InputError:
        return None
    good = isinstance(coq, str) and isinstance(development, str) and isinstance(axioms, list)
    if not (good and _COQ.fullmatch(coq) and _SHA256.fullmatch(development) and len(axioms) <= _MOST_AXIOMS):
        return None
    if not all(isinstance(axiom, str) and _AXIOM.fullmatch(axiom) for axiom in axioms):
        return None
    return CoqRecord(coq, development, tuple(axioms))
