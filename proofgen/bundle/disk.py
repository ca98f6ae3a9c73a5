"""Bundles on disk: atomic writes, manifest, what is left of an older bundle.

Every file is written to a temporary name and renamed. The old manifest goes first and the new one
comes last, so that a directory with a manifest is always a whole bundle.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ..errors import InputError, not_written

MANIFEST = "MANIFEST.sha256"
MAX_MANIFEST = 2**24
UNLISTED = ("summary.json", MANIFEST)  # summary.json holds times and versions
_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)")


def check_writable(out: Path) -> None:
    """Raise InputError unless a bundle could be written to ``out``. Changes nothing."""
    try:
        if out.exists() and not out.is_dir():
            raise InputError("expected a directory", source=str(out), key="--out")
        existing = out.absolute()
        while not existing.exists():
            existing = existing.parent
        writable = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    except OSError as error:
        raise InputError(
            f"expected a writable directory ({error.strerror})", source=str(out), key="--out"
        ) from None
    if not writable:
        raise InputError("expected a writable directory", source=str(out), key="--out")


def write_atomically(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def read_manifest(out: Path) -> dict[str, str] | None:
    """Path → SHA-256 as listed, or None when there is no readable manifest."""
    try:
        if not (out / MANIFEST).is_file():
            return None
        with (out / MANIFEST).open("rb") as stream:
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


def manifest_holds(out: Path) -> bool:
    """Whether the directory holds a whole bundle: a manifest, and every listed file with its digest."""
    listed = read_manifest(out)
    if not listed:
        return False
    for path, digest in listed.items():
        try:
            if hashlib.sha256((out / path).read_bytes()).hexdigest() != digest:
                return False
        except OSError:
            return False
    return True


def write_bundle(out: Path, contents: Mapping[str, bytes], remedy: str = "") -> None:
    """Write all files, with a manifest (that of ``contents`` if it has one); remove what is left of an older bundle.

    Only files that the older manifest lists are ever removed. Raises InputError when the disk or its
    permissions do not allow it, whose message ends with ``remedy``.
    """
    check_writable(out)
    previous = read_manifest(out) or {}
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / MANIFEST).unlink(missing_ok=True)
        for path in previous:
            if path not in contents:
                _remove(out, path)
        for path, data in contents.items():
            if path != MANIFEST:
                write_atomically(out / path, data)
        write_atomically(out / MANIFEST, contents.get(MANIFEST) or manifest_bytes(contents))
    except OSError as error:
        raise not_written(error, error.filename or out, remedy) from None


def set_aside(out: Path) -> Path:
    """Move a bundle that must not be used away from ``out``, and return where it is: OUT.rejected, or OUT.rejected-2, …

    Nothing is overwritten. The folder is renamed as one; where that would take along more than the bundle (files of
    others, a link, the working directory), its files go one by one. Where nothing can be made beside ``out``, they go
    to a temporary folder.
    """
    out = out.absolute()
    own = [MANIFEST, "summary.json", *(read_manifest(out) or ())]
    places = (out.with_name(f"{out.name}.rejected{suffix}") for suffix in ("", *(f"-{k}" for k in range(2, 1000))))
    free = (place for place in places if not os.path.lexists(place))
    try:
        foreign = any(not path.is_dir() and path.relative_to(out).as_posix() not in own for path in out.rglob("*"))
        if not (foreign or out.is_symlink() or os.path.samefile(out, os.curdir)):
            return _first_free(free, lambda place: os.rename(out, place))  # fails where something has come there
        target = _first_free(free, os.mkdir)
    except OSError:
        target = Path(tempfile.mkdtemp(prefix=f"{out.name}.rejected-"))
    for path in own:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            shutil.move(out / path, target / path)
            _remove(out, path)
    return target


def _first_free(places: Iterator[Path], make: Callable[[Path], None]) -> Path:
    """The first place that could be made; one that somebody else took meanwhile is left to them."""
    for place in places:
        try:
            make(place)
        except (FileExistsError, NotADirectoryError):
            continue
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:
                raise
            continue
        return place
    raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))


def _remove(out: Path, path: str) -> None:
    """Remove a file, and its folder inside the bundle if that is empty then."""
    (out / path).unlink(missing_ok=True)
    if "/" in path:
        with contextlib.suppress(OSError):
            (out / path).parent.rmdir()


def manifest_bytes(contents: Mapping[str, bytes], listed: Mapping[str, str] | None = None) -> bytes:
    """``contents`` (over ``listed`` digests kept from before) in `sha256sum` format, sorted by path."""
    digests = dict(listed or {})
    digests |= {path: hashlib.sha256(data).hexdigest() for path, data in contents.items()}
    return digest_lines({path: digest for path, digest in digests.items() if path not in UNLISTED})


def digest_lines(digests: Mapping[str, str]) -> bytes:
    """Path → SHA-256 in `sha256sum` format, sorted by path."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(digests.items())).encode("ascii")


def write_manifest(out: Path, contents: Mapping[str, bytes], listed: Mapping[str, str] | None = None) -> None:
    write_atomically(out / MANIFEST, manifest_bytes(contents, listed))


def update_bundle(
    out: Path, contents: Mapping[str, bytes], replaced: Callable[[str], bool] = lambda path: False
) -> None:
    """Replace or add files of an existing bundle and bring its manifest up to date.

    replaced: which listed files go unless ``contents`` has them.
    """
    check_writable(out)
    listed = read_manifest(out) or {}
    try:
        for path in [path for path in listed if replaced(path) and path not in contents]:
            _remove(out, path)
            del listed[path]
        for path, data in contents.items():
            write_atomically(out / path, data)
        write_manifest(out, contents, listed)
    except OSError as error:
        raise not_written(error, error.filename or out) from None
