"""Arrays by name from the files in which trained weights are kept: .mat, .safetensors, PyTorch's .pt and .pth.

Everything read here is untrusted: nothing is unpickled here, no file is followed to another one, and sizes are checked
before data are unpacked. The libraries are optional; without one the message says what to install.
Binary floats come back as stored (bfloat16 widened to float32, which is exact).

Every function takes the content of a file, the wanted name, and a check of the shape that raises InputError, and
returns the array or raises InputError.
"""

from __future__ import annotations

import difflib
import io
import math
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InputError

Array = npt.NDArray[np.generic]
ShapeCheck = Callable[[tuple[int, ...]], object]

READABLE = "expected float16, bfloat16, float32, float64 or integer data"
MAX_NAMES = 10_000
MAX_UNPACKED_BYTES = 256 * 2**20
MAX_HEADER_BYTES = 10 * 2**20
_HDF5 = b"\x89HDF\r\n\x1a\n"
_FIRST_SAFE_TORCH = (2, 6)  # earlier ones ran code of hostile files even with weights_only=True


class MissingArrayError(InputError):
    """A file has no array of this name."""


def missing_key(key: str, names: list[str], suffix: str = ".npz") -> MissingArrayError:
    """What is wrong with a key, and which there are."""
    shown = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
    hint = f'expected "file{suffix}:KEY" with one of the keys {shown}' if names else "the archive is empty"
    if not key:
        return MissingArrayError(f"no key given; {hint}")
    close = difflib.get_close_matches(key, names, n=1)
    return MissingArrayError(f"no array {key!r}; {hint}" + (f" (did you mean {close[0]!r}?)" if close else ""))


def kind_of_entries(dtype: np.dtype[Any]) -> str | None:
    """What the entries are where they are no floats or integers that can be read exactly, else None."""
    if (dtype.kind == "f" and dtype.itemsize in (2, 4, 8)) or dtype.kind in "iu":
        return None
    return {"c": "complex", "O": "object", "U": "string", "S": "string", "b": "bool"}.get(dtype.kind, str(dtype))


def _optional(module: str, suffix: str, remedy: str) -> Any:
    try:
        return import_module(module)
    except ImportError:
        raise InputError(f"{suffix} files need {module.split('.')[0]}, which is not installed; {remedy}") from None


_EXTRA = "install it with pip install 'proofgen[formats]', or save the array as .npy"


def _reason(error: Exception) -> str:
    text = str(error).splitlines()[0][:100] if str(error) else ""
    return text or type(error).__name__


# .safetensors ----------------------------------------------------------------------------------

_SAFETENSORS = {
    "F16": "<f2", "BF16": "<u2", "F32": "<f4", "F64": "<f8",
    "I8": "<i1", "I16": "<i2", "I32": "<i4", "I64": "<i8", "U8": "<u1", "U16": "<u2", "U32": "<u4", "U64": "<u8",
}  # fmt: skip


def safetensors_tensors(content: bytes) -> dict[str, Any]:
    """All tensors, as the library gives them; offsets that overlap or leave the file are refused by it."""
    library = _optional("safetensors", ".safetensors", _EXTRA)
    if len(content) < 8 or int.from_bytes(content[:8], "little") > min(MAX_HEADER_BYTES, len(content) - 8):
        raise InputError("not a readable .safetensors file (its header is cut off or too large)")
    try:
        return dict(library.deserialize(content))
    except Exception as error:  # the library's own kinds of errors
        raise InputError(f"not a readable .safetensors file ({_reason(error)})") from None


def read_safetensors(content: bytes, key: str, check_shape: ShapeCheck) -> Array:
    """One tensor."""
    tensors = safetensors_tensors(content)
    if key not in tensors:
        raise missing_key(key, sorted(tensors), ".safetensors")
    tensor = tensors[key]
    shape = tuple(int(size) for size in tensor["shape"])
    check_shape(shape)
    if tensor["dtype"] not in _SAFETENSORS:
        raise InputError(f"the array has {tensor['dtype']} entries; {READABLE}")
    dtype = np.dtype(_SAFETENSORS[tensor["dtype"]])
    if len(tensor["data"]) != math.prod(shape) * dtype.itemsize:
        raise InputError(f"{len(tensor['data'])} bytes of data for {math.prod(shape)} {tensor['dtype']} entries")
    array: Array = np.frombuffer(tensor["data"], dtype=dtype).reshape(shape)
    return widened_bfloat16(array) if tensor["dtype"] == "BF16" else array


def widened_bfloat16(bits: Array) -> Array:
    """bfloat16 is the upper half of float32; ml_dtypes would be a dependency for this one line."""
    return (bits.astype(np.uint32) << np.uint32(16)).view(np.float32)


# .mat ------------------------------------------------------------------------------------------

_MAT_NUMBERS = ("double", "single", *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)))


def _mat_variables(content: bytes) -> tuple[Any, bytes, list[tuple[str, tuple[int, ...], str]]]:
    """SciPy's reader, the unpacked file, and (name, shape, kind) of what is in it; versions 4 to 7."""
    matlab = _optional("scipy.io", ".mat", _EXTRA)
    unpacked = _unpacked(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            described = matlab.whosmat(io.BytesIO(unpacked))
    except Exception as error:  # SciPy fails on a hostile file in many ways
        raise InputError(f"not a readable .mat file ({_reason(error)})") from None
    if len(described) > MAX_NAMES:
        raise InputError(f"the file has {len(described)} variables; expected at most {MAX_NAMES}")
    return matlab, unpacked, described


def read_mat(content: bytes, key: str, check_shape: ShapeCheck) -> Array:
    """One matrix of a MATLAB file: versions 4 to 7 by SciPy, 7.3 (an HDF5 file) by h5py."""
    if _is_hdf5(content):
        with _hdf5_opened(content) as (h5py, file):
            return _hdf5_array(h5py, file, key, check_shape)
    matlab, unpacked, described = _mat_variables(content)
    found = [(tuple(shape), kind) for name, shape, kind in described if name == key]
    if not found or not key:
        raise missing_key(key, sorted({name for name, _, _ in described}), ".mat")
    if len(found) > 1:
        raise InputError(f"{key!r} is there {len(found)} times; expected one variable of that name")
    ((shape, kind),) = found
    if kind not in _MAT_NUMBERS:
        raise InputError(f"{key!r} is a MATLAB {kind} array; {READABLE}, full and real")
    check_shape(shape)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            array = matlab.loadmat(io.BytesIO(unpacked), variable_names=[key], mat_dtype=False)[key]
    except Exception as error:
        raise InputError(f"not a readable .mat file ({_reason(error)})") from None
    if not isinstance(array, np.ndarray) or array.shape != shape:
        raise InputError(f"{key!r} is not the full matrix that the file announces")
    return array


def _unpacked(content: bytes) -> bytes:
    """A .mat file of version 5 to 7 with its packed variables unpacked, so that SciPy, which reads them, never
    unpacks without a bound."""
    if len(content) < 128 or 0 in content[:4] or content[126:128] not in (b"IM", b"MI"):
        return content  # version 4, or no .mat file: nothing in it is packed
    order = "<" if content[126:128] == b"IM" else ">"
    parts, place, total = [content[:128]], 128, 128
    while place + 8 <= len(content):
        kind, size = struct.unpack(order + "II", content[place : place + 8])
        element = content[place + 8 : place + 8 + size]
        if len(element) != size:
            raise InputError("not a readable .mat file (it is cut off)")
        packed = kind == 15
        part = _inflated(element, MAX_UNPACKED_BYTES - total) if packed else content[place : place + 8] + element
        parts.append(part)
        place, total = place + 8 + size, total + len(part)
        if len(parts) > MAX_NAMES:
            raise InputError(f"the file has too many variables; expected at most {MAX_NAMES}")
    return b"".join(parts)


def _inflated(packed: bytes, most: int) -> bytes:
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(packed, max(most, 1))
    except zlib.error as error:
        raise InputError(f"not a readable .mat file ({error})") from None
    if not stream.eof:
        limit = f"expected at most {MAX_UNPACKED_BYTES // 2**20} MiB"
        raise InputError(f"its variables are cut off, or unpack to too much; {limit}")
    return data


def mat_shapes(content: bytes) -> list[tuple[str, tuple[int, ...]]]:
    """Names and shapes of what is in a MATLAB file, as MATLAB shows them; of version 7.3 of its arrays only."""
    if not _is_hdf5(content):
        return [(name, tuple(shape)) for name, shape, _ in _mat_variables(content)[2]]
    with _hdf5_opened(content) as (h5py, file):
        names = _hdf5_names(file)
        if len(names) > MAX_NAMES:
            raise InputError(f"the file has {len(names)} variables; expected at most {MAX_NAMES}")
        own = [name for name in names if isinstance(file.get(name, getlink=True), h5py.HardLink)]
        found = [(name, file[name]) for name in own]
        return [(name, tuple(reversed(data.shape))) for name, data in found if isinstance(data, h5py.Dataset)]


def _is_hdf5(content: bytes) -> bool:
    return content[:8] == _HDF5 or content[512:520] == _HDF5


@contextmanager
def _hdf5_opened(content: bytes) -> Iterator[tuple[Any, Any]]:
    """h5py, and the file of it."""
    h5py = _optional("h5py", "version 7.3 .mat", _EXTRA)
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            yield h5py, file
    except InputError:
        raise
    except Exception as error:  # HDF5 fails on a hostile file in many ways
        raise InputError(f"not a readable .mat file ({_reason(error)})") from None


def _hdf5_names(file: Any) -> list[str]:
    return [name for name in file if not name.startswith("#")]


def _hdf5_array(h5py: Any, file: Any, key: str, check_shape: ShapeCheck) -> Array:
    names = _hdf5_names(file)
    if key not in names:
        raise missing_key(key, sorted(names[:MAX_NAMES]), ".mat")
    if not isinstance(file.get(key, getlink=True), h5py.HardLink):
        raise InputError(f"{key!r} is a link; expected data in the file itself")
    data = file[key]
    if not isinstance(data, h5py.Dataset):
        raise InputError(f"{key!r} is a MATLAB structure or sparse array; {READABLE}, full and real")
    if data.is_virtual or data.external:
        raise InputError(f"{key!r} refers to another file; expected data in the file itself")
    kind = data.attrs.get("MATLAB_class", b"double")
    kind = kind.decode("ascii", "replace") if isinstance(kind, bytes) else str(kind)
    if kind not in _MAT_NUMBERS or "MATLAB_empty" in data.attrs:
        raise InputError(f"{key!r} is {'empty' if kind in _MAT_NUMBERS else f'a MATLAB {kind} array'}; {READABLE}")
    entries = kind_of_entries(data.dtype)
    if entries is not None:
        what = "complex" if data.dtype.names == ("real", "imag") else entries
        raise InputError(f"the array has {what} entries; {READABLE}")
    check_shape(tuple(reversed(data.shape)))  # MATLAB stores by columns
    if math.prod(data.chunks or ()) * data.dtype.itemsize > MAX_UNPACKED_BYTES:
        raise InputError(f"packed in pieces of {data.chunks} entries; expected smaller ones")
    array: Array = data[()].T
    return array


# .pt, .pth -------------------------------------------------------------------------------------


def read_torch(content: bytes, key: str, check_shape: ShapeCheck) -> Array:
    """One tensor of a saved state_dict."""
    torch, tensors = torch_tensors(content)
    if key not in tensors:
        raise missing_key(key, sorted(tensors), ".pt")
    tensor = tensors[key].detach()
    check_shape(tuple(tensor.shape))
    if tensor.layout != torch.strided or tensor.is_quantized or tensor.device.type != "cpu":
        raise InputError(f"the tensor is not a plain dense one; {READABLE}")
    if tensor.dtype == torch.bfloat16:
        tensor = tensor.to(torch.float32)
    try:
        array: Array = tensor.resolve_neg().contiguous().numpy()
    except (TypeError, RuntimeError):
        raise InputError(f"the array has {tensor.dtype} entries; {READABLE}") from None
    return array


def torch_tensors(content: bytes) -> tuple[Any, dict[str, Any]]:
    """torch, and all tensors of a saved state_dict, by PyTorch's own restricted reader."""
    remedy = "save the weights with safetensors.torch.save_file and use the .safetensors file, or install torch"
    torch = _optional("torch", ".pt", remedy)
    version = re.match(r"(\d+)\.(\d+)", str(torch.__version__))
    if version is None or (int(version[1]), int(version[2])) < _FIRST_SAFE_TORCH:
        raise InputError(f".pt files need torch 2.6 or later, this is {torch.__version__}; {remedy}")
    _check_torch_archive(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            saved = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # refused objects, damaged files
        if type(error).__name__ == "UnpicklingError":  # whose text advises to run what the file brings along
            expected = "expected torch.save(model.state_dict(), FILE), not the model itself"
            raise InputError(f"holds more than tensors, and tensors only are loaded; {expected}") from None
        raise InputError(f"not a readable PyTorch file of tensors only ({_reason(error)})") from None
    return torch, _tensors(torch, saved)


def _check_torch_archive(content: bytes) -> None:
    """A zip archive, as torch.save writes it, whose members are stored as they are."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError, struct.error):
        raise InputError("not a readable PyTorch file; expected one written by torch.save (1.6 or later)") from None
    stored = all(info.compress_type == zipfile.ZIP_STORED for info in infos)
    if not stored or len(infos) > MAX_NAMES or sum(info.file_size for info in infos) > len(content):
        raise InputError("packed in an unusual way; expected a file written by torch.save")


def _tensors(torch: Any, saved: object, prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """The tensors of a state_dict, also inside tables of a checkpoint (``state_dict.rnn.weight``)."""
    found: dict[str, Any] = {}
    if isinstance(saved, Mapping) and depth < 4:
        for name, value in saved.items():
            if isinstance(value, torch.Tensor):
                found[f"{prefix}{name}"] = value
            else:
                found |= _tensors(torch, value, f"{prefix}{name}.", depth + 1)
    return found
