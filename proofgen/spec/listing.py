"""What arrays a data file holds: names and shapes, read with the same care as the arrays themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import InputError
from .data_files import exact_from_csv, open_and_read
from .numpy_files import npy_shape, npz_shapes
from .tensor_files import mat_shapes, safetensors_tensors, torch_tensors

SUFFIXES = (".npz", ".safetensors", ".mat", ".pt", ".pth", ".npy", ".csv")


@dataclass(frozen=True)
class Listed:
    """name: what follows the colon in a spec, empty for a file with one array."""

    name: str
    shape: tuple[int, ...]


def arrays_in(path: Path) -> list[Listed]:
    """The arrays of a file in its order. Raises InputError."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise InputError(f"expected a file of weights: {', '.join(SUFFIXES)}", source=str(path))
    if not path.exists():
        raise InputError("no such file", source=str(path))
    try:
        content = open_and_read(path)
        if suffix == ".safetensors":
            tensors = safetensors_tensors(content)  # in no order of their own
            return [Listed(name, tuple(tensors[name]["shape"])) for name in sorted(tensors, key=_numbers)]
        if suffix in (".pt", ".pth"):
            return [Listed(name, tuple(tensor.shape)) for name, tensor in torch_tensors(content)[1].items()]
        if suffix == ".mat":
            return [Listed(name, shape) for name, shape in mat_shapes(content)]
        if suffix == ".npy":
            return [Listed("", npy_shape(content))]
        if suffix == ".csv":
            return [Listed("", exact_from_csv(content).shape)]
        return [Listed(name, shape) for name, shape in npz_shapes(content)]
    except InputError as error:
        raise error.within(source=str(path)) from None


def _numbers(name: str) -> list[tuple[int, str]]:
    """2.weight before 10.weight."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]
