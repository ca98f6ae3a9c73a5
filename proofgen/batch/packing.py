"""Bundles packed into one file each: zip (standard library) or tar.zst (needs zstandard). Packed files are untrusted.

What a bundle *is* does not depend on how it is packed: `content_digest` is over the files, never over the archive,
whose bytes may differ between builds of the compression library.
"""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ..bundle.disk import digest_lines
from ..errors import InputError
from ..needs import require

if TYPE_CHECKING:
    from types import ModuleType

SUFFIXES = (".zip", ".tar.zst")
MAX_FILES, MAX_TOTAL = 100_000, 2**28  # of one bundle, unpacked: it is held in memory while it is checked
_PART = r"[A-Za-z0-9_-][A-Za-z0-9_.-]*"
_PATH = re.compile(rf"{_PART}(?:/{_PART}){{0,3}}")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def content_digest(contents: Mapping[str, bytes]) -> str:
    """SHA-256 of the list of ``digest  path`` lines, sorted by path, of all files of a bundle."""
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in contents.items()}
    return hashlib.sha256(digest_lines(digests)).hexdigest()


def is_packed(path: Path) -> bool:
    try:
        return path.name.endswith(SUFFIXES) and path.is_file()
    except OSError:  # a name that is too long
        return False


def pack(contents: Mapping[str, bytes], suffix: str) -> bytes:
    """One archive with all files, sorted, without times and owners. Raises InputError without zstandard."""
    buffer = io.BytesIO()
    if suffix == ".zip":
        with zipfile.ZipFile(buffer, "w") as archive:
            for path, data in sorted(contents.items()):
                entry = zipfile.ZipInfo(path, _EPOCH)
                entry.external_attr = 0o644 << 16
                numbers = path.endswith(".npy")  # of random digits, which do not shrink
                archive.writestr(entry, data, zipfile.ZIP_STORED if numbers else zipfile.ZIP_DEFLATED, 6)
        return buffer.getvalue()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path, data in sorted(contents.items()):
            info = tarfile.TarInfo(path)
            info.size, info.mode = len(data), 0o644
            tar.addfile(info, io.BytesIO(data))
    compressed: bytes = _zstandard().ZstdCompressor(level=3).compress(buffer.getvalue())
    return compressed


def unpack(path: Path) -> dict[str, bytes]:
    """The files of a packed bundle. Raises InputError for whatever is not one, or larger than a bundle may be."""
    try:
        if path.name.endswith(".zip"):
            return _unzip(path)
        decompressor = _zstandard().ZstdDecompressor(max_window_size=2**27)
        with path.open("rb") as stream, decompressor.stream_reader(stream) as raw:
            return _untar(_Bounded(raw), path)
    except InputError:
        raise
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", source=str(path)) from None
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, ValueError, RuntimeError, EOFError, NotImplementedError):
        raise InputError("damaged; expected a packed bundle", source=str(path)) from None
    except Exception as error:  # zstandard's own error cannot be named without importing it
        if type(error).__name__ == "ZstdError":
            raise InputError("damaged; expected a packed bundle", source=str(path)) from None
        raise


@contextmanager
def unpacked(contents: Mapping[str, bytes]) -> Iterator[Path]:
    """A temporary directory with the files of a bundle."""
    with TemporaryDirectory(prefix="proofgen-") as name:
        root = Path(name) / "bundle"
        root.mkdir()
        for path, data in contents.items():
            file = root / _checked(path, Path(path))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        yield root


def _unzip(path: Path) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _bounded(len(entries), sum(entry.file_size for entry in entries), path)
        for entry in entries:
            name = _checked(entry.filename, path, contents)
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise InputError(f"{name!r} is packed by another method; expected stored or deflated", source=str(path))
            with archive.open(entry) as stream:  # never more than the size that was counted
                data = stream.read(entry.file_size + 1)
            if len(data) != entry.file_size:
                raise InputError(f"{entry.filename!r} has another size than stated", source=str(path))
            contents[name] = data
    return contents


def _untar(stream: _Bounded, path: Path) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        for member in tar:
            if not member.isreg() or member.sparse is not None:
                raise InputError(f"{member.name!r} is not a regular file", source=str(path))
            _bounded(len(contents) + 1, member.size, path)
            name = _checked(member.name, path, contents)
            file = tar.extractfile(member)
            contents[name] = b"" if file is None else file.read()
    return contents


class _Bounded(io.RawIOBase):
    """A stream that ends with an error once more than a bundle has been read from it."""

    def __init__(self, stream: io.RawIOBase) -> None:
        self.stream, self.left = stream, MAX_TOTAL

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(size) or b""
        self.left -= len(data)
        if self.left < 0:
            raise ValueError("larger than a bundle may be")
        return data


def _checked(name: str, path: Path, seen: Mapping[str, bytes] | None = None) -> str:
    if not _PATH.fullmatch(name) or len(name) > 300:
        raise InputError(f"{name[:80]!r} is not a path of a bundle", source=str(path))
    if seen is not None and name in seen:
        raise InputError(f"{name!r} is there twice", source=str(path))
    return name


def _bounded(files: int, size: int, path: Path) -> None:
    if files > MAX_FILES or size > MAX_TOTAL:
        limits = f"{MAX_FILES} files and {MAX_TOTAL // 2**20} MiB"
        raise InputError(f"larger than a bundle may be ({limits})", source=str(path))


def _zstandard() -> ModuleType:
    require("zstandard")
    import zstandard

    module: ModuleType = zstandard
    return module
