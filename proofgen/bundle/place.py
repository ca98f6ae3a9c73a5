"""Where a bundle may go, and how it takes the place of an older one.

A directory for a bundle is new, empty, or a bundle as it was written; anything else in it is somebody's, and nothing is
written then. A new bundle is built whole beside its place and takes its name: there is an old bundle or a new one.
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

from ..errors import ArgumentError, InputError, not_written
from .disk import (
    BRANCHES,
    MANIFEST,
    UNLISTED,
    branch_places,
    is_as_listed,
    manifest_bytes,
    read_manifest,
    remove_listed,
    split_place,
    write_atomically,
)

COQ_RECORD, SUMMARY = "coq.json", "summary.json"
_OWN = re.compile(  # what the manifest of a bundle may list, so that no other list of digests is taken for one
    r"(problem|branch)\.json|evaluator\.py|references\.bib|index\.html|summary(-body)?\.tex"
    r"|(points|orbits|arrays|figures)/[A-Za-z0-9_.-]+"
)
_FOR_READERS = (".tex", ".bib", ".html")  # what somebody may have gone on writing


def check_place(out: Path) -> None:
    """Raise InputError unless a bundle may be written to ``out`` and can be. Changes nothing."""
    check_writable(out)
    check_whole(out)
    foreign = foreign_file(out)
    if foreign is not None:
        raise ArgumentError(_refusal(*foreign), source=str(out / foreign[0]), key="out")


def check_whole(out: Path) -> None:
    """Raise InputError for a further branch of a bundle, which is written with the whole of it only."""
    folder = out.absolute().parent
    if folder.name == BRANCHES and (folder.parent / "problem.json").is_file():
        raise InputError(f"is a branch of a bundle; expected the bundle {folder.parent}", source=str(out))


def check_writable(out: Path) -> None:
    """Raise InputError unless something could be written into a directory ``out``. Changes nothing."""
    try:
        if out.exists() and not out.is_dir():
            raise ArgumentError("expected a directory", source=str(out), key="out")
        existing = out.absolute()
        while not existing.exists():
            existing = existing.parent
        writable = existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    except OSError as error:
        raise ArgumentError(f"expected a writable directory ({error.strerror})", source=str(out), key="out") from None
    if not writable:
        raise ArgumentError("expected a writable directory", source=str(out), key="out")


def _refusal(name: str, changed: bool) -> str:
    if changed:
        return "was changed since proofgen wrote it; move it away, or choose another directory"
    return "is not of a bundle; expected a new or empty directory, or a bundle and nothing else (it is then replaced)"


def foreign_file(out: Path) -> tuple[str, bool] | None:
    """The first thing in a directory that is not of an unchanged bundle, and whether it was changed; None where
    everything may be replaced."""
    if not out.is_dir():
        return None
    listed = read_manifest(out) or {}
    if not {"problem.json", "branch.json"} <= listed.keys() or not all(map(_is_own, listed)):
        listed = {}
    own = set(listed) | (own_unlisted(listed) if listed else set())
    folders = {folder.as_posix() for path in own for folder in Path(path).parents}
    try:
        for path in sorted(out.rglob("*")):
            name = path.relative_to(out).as_posix()
            if path.is_symlink() or (name not in folders if path.is_dir() else name not in own):
                return name, False
            if name.endswith(_FOR_READERS) and not is_as_listed(out, name, listed):
                return name, True
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", source=str(error.filename or out)) from None
    return None


def _is_own(path: str) -> bool:
    return _OWN.fullmatch(split_place(path)[1]) is not None


def own_unlisted(listed: Mapping[str, str]) -> set[str]:
    """Files of a bundle that its manifest does not list: notes of the run, and the PDF of each document."""
    notes = {*UNLISTED, COQ_RECORD, *(f"{folder}/{SUMMARY}" for folder in branch_places(listed))}
    return notes | {pdf_of(path) for path in listed if path.endswith(".tex")}


def pdf_of(tex: str) -> str:
    return tex.removesuffix(".tex") + ".pdf"


def check_replaceable(out: Path, paths: Mapping[str, bytes]) -> None:
    """Raise InputError where one of these files of a bundle is there and is not its own, or was changed."""
    listed = read_manifest(out) or {}
    own = own_unlisted(listed)
    for path, data in paths.items():
        if not os.path.lexists(out / path) or path in own:
            continue
        if path not in listed or (path.endswith(_FOR_READERS) and not is_as_listed(out, path, listed)):
            if not (out / path).is_symlink() and (out / path).is_file() and (out / path).read_bytes() == data:
                continue
            raise InputError(_refusal(path, path in listed), source=str(out / path))


def write_bundle(out: Path, contents: Mapping[str, bytes], remedy: str = "") -> None:
    """Put a bundle at ``out``, with a manifest (that of ``contents`` if it has one), in place of an older one.

    Raises InputError where something else is there (`check_place`), and where the disk or its permissions do not allow
    it; the message then ends with ``remedy``. An older bundle stays as it was.
    """
    check_place(out)
    manifest = contents.get(MANIFEST) or manifest_bytes(contents)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        place = Path(os.path.realpath(out))
        beside = _may_be_renamed(place)
        made = _first_free(_hidden(place if not beside else place.parent, place.name), lambda path: os.mkdir(path))
        try:
            for path, data in {**contents, MANIFEST: manifest}.items():
                _write(made / path, data)
            if beside:
                _take_name(made, place)
            else:
                _take_files(made, place, [*contents, MANIFEST])
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    except OSError as error:
        raise not_written(error, out, remedy) from None


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _may_be_renamed(place: Path) -> bool:
    """Whether a directory may be exchanged: not what a shell stands in, not what is mounted, not in a closed folder."""
    here = Path(os.path.realpath(os.curdir))
    return not here.is_relative_to(place) and not os.path.ismount(place) and os.access(place.parent, os.W_OK | os.X_OK)


def _hidden(parent: Path, name: str) -> Iterator[Path]:
    return (parent / f".{name}.proofgen-{os.getpid()}-{k}" for k in range(1000))


def _take_name(made: Path, place: Path) -> None:
    """A finished directory takes the name of another one, which goes, or comes back where that fails."""
    old = None
    try:
        if place.is_dir():
            shutil.copymode(place, made)
            old = _first_free(_hidden(place.parent, f"{place.name}.old"), lambda path: os.rename(place, path))
            foreign = foreign_file(old)
            if foreign is not None:  # it has come while the new one was made
                raise ArgumentError(_refusal(*foreign), source=str(place / foreign[0]), key="out")
        os.rename(made, place)
    except BaseException:
        if old is not None and not place.exists():
            os.rename(old, place)
        raise
    if old is not None:
        shutil.rmtree(old, ignore_errors=True)


def _take_files(made: Path, place: Path, paths: list[str]) -> None:
    """The files of a finished directory inside of ``place`` go up into it one by one; the manifest goes first and
    comes last, so that a directory with a manifest is always a whole bundle."""
    previous = read_manifest(place) or {}
    (place / MANIFEST).unlink(missing_ok=True)
    for path in [*previous, *(own_unlisted(previous) if previous else ())]:
        remove_listed(place, path)
    for path in paths:
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        os.replace(made / path, place / path)
    shutil.rmtree(made, ignore_errors=True)


def update_bundle(
    out: Path, contents: Mapping[str, bytes], replaced: Callable[[str], bool] = lambda path: False
) -> None:
    """Replace or add files of an existing bundle and bring its manifest up to date; files that are not its own stay.

    replaced: which listed files go unless ``contents`` has them. The PDF of a document that changes goes too.
    """
    check_writable(out)
    check_whole(out)
    listed = read_manifest(out) or {}
    check_replaceable(out, contents)
    old = [path for path in listed if replaced(path) and path not in contents]
    check_replaceable(out, dict.fromkeys(old, b""))
    try:
        digests = {path: hashlib.sha256(data).hexdigest() for path, data in contents.items()}
        for path in listed:
            if path.endswith(".tex") and (path in old or digests.get(path, listed[path]) != listed[path]):
                (out / pdf_of(path)).unlink(missing_ok=True)
        for path in old:
            remove_listed(out, path)
            del listed[path]
        for path, data in contents.items():
            write_atomically(out / path, data)
        write_atomically(out / MANIFEST, manifest_bytes(contents, listed))
    except OSError as error:
        raise not_written(error, error.filename or out) from None


def set_aside(out: Path) -> Path:
    """Move a bundle that must not be used away from ``out``, and return where it is: OUT.rejected, or OUT.rejected-2, …

    Nothing is overwritten. The folder is renamed as one; where that would take along more than the bundle (files of
    others, a link, the working directory), its files go one by one. Where nothing can be made beside ``out``, they go
    to a temporary folder.
    """
    out = out.absolute()
    listed = read_manifest(out) or {}
    own = [MANIFEST, SUMMARY, *(f"{folder}/{SUMMARY}" for folder in branch_places(listed)), *listed]
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
            remove_listed(out, path)
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
