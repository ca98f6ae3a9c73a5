"""Arrays of NumPy's .npy and .npz files. As tensor_files.py: untrusted, nothing is unpickled, sizes before data.

NumPy's own functions read the headers. `numpy.load(allow_pickle=False)` would set aside what a header announces before
it is known whether the data are there, and unpack a member of an archive however large it becomes.
"""

from __future__ import annotations

import io
import math
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import numpy as np

from ..errors import InputError
from .limits import MAX_DIMENSION, times
from .tensor_files import MAX_NAMES, READABLE, Array, ShapeCheck, kind_of_entries, missing_key

_MAX_HEADER_BYTES = 10_000
_MAX_MEMBER_BYTES = MAX_DIMENSION**2 * 8 + _MAX_HEADER_BYTES + 128
_ARCHIVE_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, struct.error)
Header = tuple[tuple[int, ...], bool, np.dtype[np.generic]]


def read_npy(content: bytes, key: str, check_shape: ShapeCheck) -> Array:
    """The array of an .npy file, which has no name."""
    stream = io.BytesIO(content)
    shape, fortran_order, dtype = _header(stream)
    what = kind_of_entries(dtype)
    if what is not None:
        raise InputError(f"the array has {what} entries; {READABLE}")
    check_shape(shape)
    size = math.prod(shape) * dtype.itemsize
    data = content[stream.tell() :]
    if len(data) != size:
        raise InputError(f"{len(data)} bytes of data; expected {size} for {times(shape)} {dtype.name} entries")
    return np.frombuffer(data, dtype=dtype).reshape(shape, order="F" if fortran_order else "C")


def npy_shape(content: bytes) -> tuple[int, ...]:
    """The shape that the header of an .npy file states."""
    return _header(io.BytesIO(content))[0]


def read_npz(content: bytes, key: str, check_shape: ShapeCheck) -> Array:
    """One array of an .npz archive, never more of it than an array may have."""
    with _opened(content) as (archive, members):
        if key not in members:
            raise missing_key(key, list(members))
        size = members[key].file_size
        if size > _MAX_MEMBER_BYTES:
            raise InputError(f"array {key!r} unpacks to {size} bytes; expected at most {_MAX_MEMBER_BYTES}")
        array = _begin(archive, members, key, _MAX_MEMBER_BYTES)
    return read_npy(array, "", check_shape)


def npz_shapes(content: bytes) -> list[tuple[str, tuple[int, ...]]]:
    """Names and shapes of the arrays of an .npz archive in its order, by their headers."""
    with _opened(content) as (archive, members):
        return [(name, npy_shape(_begin(archive, members, name, _MAX_HEADER_BYTES + 128))) for name in members]


@contextmanager
def _opened(content: bytes) -> Iterator[tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]]:
    """The archive, and its members by the names of their arrays."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_NAMES:
                raise InputError(f"the archive has {len(infos)} members; expected at most {MAX_NAMES}")
            yield archive, {info.filename.removesuffix(".npy"): info for info in infos}
    except _ARCHIVE_ERRORS as error:
        raise InputError(f"not a readable .npz archive ({error})") from None


def _begin(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], key: str, most: int) -> bytes:
    """The first bytes of a member."""
    if members[key].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(f"array {key!r} is packed in an unusual way; expected numpy.savez's")
    with archive.open(members[key]) as stream:
        return stream.read(most)


def _header(stream: BinaryIO) -> Header:
    readers: dict[tuple[int, int], Callable[..., Header]] = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    try:
        version = np.lib.format.read_magic(stream)
        if version not in readers:
            raise InputError(f".npy format {version[0]}.{version[1]}; expected 1.0 or 2.0")
        return readers[version](stream, max_header_size=_MAX_HEADER_BYTES)
    except InputError:
        raise
    except Exception as error:  # numpy parses the header of a hostile file with many kinds of errors
        reason = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
        raise InputError(f"not a readable .npy array ({reason})") from None
