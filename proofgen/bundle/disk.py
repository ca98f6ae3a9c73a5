"""Files on disk: atomic writes, and the manifest of a bundle."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

MANIFEST = "MANIFEST.sha256"
MAX_MANIFEST = 2**24
TEMPORARY = ".proofgen-"  # what names of unfinished files begin with
UNLISTED = ("summary.json", MANIFEST)  # summary.json holds times and versions
BRANCHES = "branches"  # the folder of further branches, each a bundle of its own (FORMAT.md, section 24)
_IN_BRANCH = re.compile(rf"({BRANCHES}/branch-[0-9]{{4}})/(.+)")
_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)")


def write_atomically(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY, suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def read_manifest(out: Path, name: str = MANIFEST) -> dict[str, str] | None:
    """Path → SHA-256 as listed, or None when there is no readable manifest."""
    try:
        if not (out / name).is_file():
            return None
        with (out / name).open("rb") as stream:
            data = stream.read(MAX_MANIFEST + 1)
        text = data.decode("ascii")
    except (OSError, UnicodeDecodeError):
        return None
    if len(data) > MAX_MANIFEST:
        return None
    listed: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is None or match[2] in listed or ".." in match[2].split("/"):
            return None
        listed[match[2]] = match[1]
    return listed


def file_digest(path: Path) -> str:
    """SHA-256 of a file that may be large."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def is_as_listed(out: Path, path: str, listed: Mapping[str, str]) -> bool:
    """Whether a file, not a link, is there with the digest that a list of them has for it. Raises OSError."""
    return path in listed and not (out / path).is_symlink() and file_digest(out / path) == listed[path]


def manifest_holds(out: Path) -> bool:
    """Whether the directory holds a whole bundle: a manifest, and every listed file with its digest."""
    listed = read_manifest(out)
    if not listed:
        return False
    for path, digest in listed.items():
        try:
            if file_digest(out / path) != digest:
                return False
        except OSError:
            return False
    return True


def remove_listed(out: Path, path: str) -> None:
    """Remove a file, and its folders inside the bundle that are empty then."""
    (out / path).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        for folder in list(Path(path).parents)[:-1]:
            (out / folder).rmdir()


def split_place(path: str) -> tuple[str, str]:
    """The folder of the branch that a file of a bundle belongs to ("" for the first one), and its path in there."""
    match = _IN_BRANCH.fullmatch(path)
    return ("", path) if match is None else (match[1], match[2])


def branch_places(paths: Iterable[str]) -> list[str]:
    """The folders of further branches, in order, by the files of a bundle."""
    return sorted({split_place(path)[0] for path in paths} - {""})


def is_listed(path: str) -> bool:
    """Whether the manifest of a bundle lists a file of this name."""
    return split_place(path)[1] not in UNLISTED


def manifest_bytes(contents: Mapping[str, bytes], listed: Mapping[str, str] | None = None) -> bytes:
    """``contents`` (over ``listed`` digests kept from before) in `sha256sum` format, sorted by path."""
    digests = dict(listed or {})
    digests |= {path: hashlib.sha256(data).hexdigest() for path, data in contents.items()}
    return digest_lines({path: digest for path, digest in digests.items() if is_listed(path)})


def digest_lines(digests: Mapping[str, str]) -> bytes:
    """Path → SHA-256 in `sha256sum` format, sorted by path."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode("ascii")
