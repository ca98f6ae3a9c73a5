"""Files and arrays (sections 1 and 2): nothing outside the bundle, nothing large."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain, islice
from math import lcm, prod
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from .budget import MAX_MEMORY, MAX_WORK, OPERATION, Budget, bytes_of, digits_in, size_of
from .parts import Parts
from .reading import DECIMAL, Spec, anything, count, decimal, number, parse, read_json, short, text
from .verdicts import MAX_ENTRIES, MAX_JSON, MAX_LIMBS, MAX_NAMES, MAX_UNIT, Matrix, Rejected, Undecided


@dataclass(frozen=True)
class Array:
    """Integers in units 1/unit; a vector is one row."""

    rows: Matrix
    unit: int
    shape: tuple[int, ...]


class Stored(NamedTuple):
    """The numbers of a file, 8 bytes each; the denominator of integers, None for binary64."""

    data: memoryview
    shape: tuple[int, ...]
    denominator: Fraction | None


def binary64(data: memoryview, where: str, budget: Budget | None = None) -> tuple[list[int], int]:
    """Integers in units 1/unit, a power of two."""
    floats = struct.unpack(f"<{len(data) // 8}d", data)  # not iter_unpack: it made the collector of CPython 3.11 crash
    try:
        ratios = list(map(float.as_integer_ratio, floats))
        unit = max([q for _, q in ratios])
        most = int(max(map(abs, floats)))
    except (ValueError, OverflowError):
        raise Rejected(f"{where}: a NaN or an infinity") from None
    if budget:
        bits = unit.bit_length() + most.bit_length()
        budget.spend(len(floats) * (2 * OPERATION + bits))
        budget.fits(bytes_of(len(floats), bits))
    return [p * (unit // q) for p, q in ratios], unit


class Bundle:
    """Read access to the files of one bundle: regular files below `root`, never through a link."""

    def __init__(self, root: Path, parts: Parts | None = None) -> None:
        self.root, self.budget, self.parts = root, Budget(), parts or Parts()
        self.used: set[str] = set()
        self.claims = list[dict[str, Any]]()  # of branch.json, once it is checked
        self.sizes: dict[str, int] = {}  # numbers of the array files
        self.cache: dict[tuple[str, str, Fraction | None], Array] = {}  # of problem.json

    def exists(self, name: str) -> bool:
        return os.path.lexists(self.root / name)

    def json(self, name: str, floats: bool = False) -> tuple[Any, str]:
        """A JSON file, its size and digits counted, and its digest."""
        data = self.read(name, MAX_JSON)
        self.budget.fits(25 * len(data))  # [[],[],...
        value = read_json(data, name, floats)
        weigh(value, self.budget)
        return value, hashlib.sha256(data).hexdigest()

    def digest(self, name: str, limit: int) -> str:
        """Of a file that is not held."""
        result = hashlib.sha256()
        with self.opened(name, limit) as file:
            while block := file.read(1 << 20):
                self.budget.spend(3 * len(block))
                result.update(block)
        return result.hexdigest()

    def read(self, name: str, limit: int) -> bytes:
        with self.opened(name, limit) as file:
            size = os.fstat(file.fileno()).st_size
            self.budget.spend(3 * size + 200 * OPERATION)
            self.budget.fits(size)
            data = file.read(limit + 1)
        if len(data) > limit:
            raise Undecided(f"{name}: longer than {limit} bytes, which is beyond this checker")
        return data

    @contextmanager
    def opened(self, name: str, limit: int) -> Iterator[BinaryIO]:
        parts = name.split("/")
        self.used.add(name)
        if len(parts) > 4 or any(not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*", p) for p in parts):
            raise Rejected(f"{short(name)} is not a path of a bundle")
        try:
            for i in range(1, len(parts)):
                if not stat.S_ISDIR(os.lstat(self.root.joinpath(*parts[:i])).st_mode):
                    raise Rejected(f"{'/'.join(parts[:i])}: not a directory, or a link")
            path = self.root.joinpath(*parts)
            if not stat.S_ISREG(os.lstat(path).st_mode):
                raise Rejected(f"{name}: not a regular file, or a link")
            flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            with open(os.open(path, os.O_RDONLY | flags), "rb") as file:
                info = os.fstat(file.fileno())
                if not stat.S_ISREG(info.st_mode):
                    raise Rejected(f"{name}: not a regular file")
                if info.st_size > limit:
                    raise Undecided(f"{name}: longer than {limit} bytes, which is beyond this checker")
                yield file
        except OSError as error:
            raise Rejected(f"{name}: cannot be read ({error.strerror})") from None

    def names(self, directory: str) -> list[str]:
        path = self.root / directory
        if not os.path.lexists(path):
            return []
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            raise Rejected(f"{directory}: not a directory, or a link")
        with os.scandir(path) as entries:
            result = [entry.name for entry in islice(entries, MAX_NAMES + 1)]
        if len(result) > MAX_NAMES:
            raise Undecided(f"{directory}: more than {MAX_NAMES} files")
        return sorted(result)

    def stored(self, value: Any, where: str, most: int = MAX_ENTRIES) -> Stored:
        """The data of an array reference: a NumPy 1.0 file with the stated digest (section 2), not too large."""
        integers = isinstance(value, dict) and "denominator" in value
        ref = parse(value, REFERENCE | ({"denominator": decimal} if integers else {}), where)
        file, shape = ref["file"], tuple(ref["shape"])
        if not re.fullmatch(r"arrays/[A-Za-z0-9_-][A-Za-z0-9_.-]*\.npy", file):
            raise Rejected(f"{where}: {short(file)} is not of the form arrays/NAME.npy")
        if len(shape) not in (1, 2) or min(shape) <= 0:
            raise Rejected(f"{where}: bad shape {short(shape)}")
        data = self.read(file, 8 * most + 4096)
        if hashlib.sha256(data).hexdigest() != ref["sha256"]:
            raise Rejected(f"{where}: the SHA-256 digest of {file} is not the stated one")
        start = 10 + int.from_bytes(data[8:10], "little")
        head = re.fullmatch(rb"\x93NUMPY\x01\x00..\{'descr': '(<f8|<i8)', 'fortran_order': False, 'shape': "
                            rb"\((\d{1,7}),(?: (\d{1,7}))?\), \} *\n", data[:start], re.DOTALL)  # fmt: skip
        size = prod(shape)
        if not head or tuple(int(s) for s in head.groups()[1:] if s) != shape or len(data) != start + 8 * size:
            raise Rejected(f"{where}: {file} is not a NumPy 1.0 file of shape {shape}")
        denominator = ref.get("denominator", Fraction(1)) if head[1] == b"<i8" else None
        if integers and denominator is None:
            raise Rejected(f"{where}: a binary64 array has no denominator")
        if denominator is not None and (denominator < 1 or denominator.denominator != 1):
            raise Rejected(f"{where}: {file}: a bad denominator")
        if file not in self.sizes:
            self.sizes[file] = size
            self.budget.grant(size)
        return Stored(memoryview(data)[start:], shape, denominator)

    def array(self, value: Any, where: str) -> Array:
        """An array reference; one file is one array however often it is named."""
        data, shape, denominator = self.stored(value, where)
        key = value["file"], value["sha256"], denominator
        if key in self.cache:
            return self.cache[key]
        self.budget.fits(2 * bytes_of(prod(shape), 64))
        if denominator is None:
            flat, unit = binary64(data, where, self.budget)
        else:
            flat, unit = list(struct.unpack(f"<{len(data) // 8}q", data)), denominator.numerator
        rows = [flat[i : i + shape[-1]] for i in range(0, len(flat), shape[-1])]
        self.budget.keep(bytes_of(prod(shape), size_of(rows)) + (len(rows) << 6))
        self.cache[key] = Array(rows, unit, shape)
        return self.cache[key]

    def exact_array(self, value: Any, where: str) -> Array:
        """An array reference, or inline decimals and dyadics."""
        if not isinstance(value, dict) or "entries" not in value:
            return self.array(value, where)
        rows = parse(value, {"entries": [anything]}, where)["entries"]
        # A row of a matrix is a list whose first entry is not an integer (a dyadic begins with one).
        nested = bool(rows) and all(isinstance(r, list) and not (r and type(r[0]) is int) for r in rows)
        entries = parse(rows if nested else [rows], [[number]], where)
        if not entries[0] or any(len(row) != len(entries[0]) for row in entries):
            raise Rejected(f"{where}: the rows are empty or differ in length")
        unit = self.multiple({x.denominator for x in chain(*entries)}, where)
        bits = unit.bit_length() + max(x.numerator.bit_length() for x in chain(*entries))
        self.budget.keep(bytes_of(len(entries) * len(entries[0]), bits) + (len(rows) << 6))
        self.budget.spend(len(entries) * len(entries[0]) * (2 * OPERATION + digits_in(unit.bit_length()) ** 2))
        shape = (len(rows), len(entries[0])) if nested else (len(rows),)
        return Array([[x.numerator * (unit // x.denominator) for x in row] for row in entries], unit, shape)

    def multiple(self, denominators: Iterable[int], where: str) -> int:
        """The least common multiple, of a size that is bounded."""
        unit = 1
        for q in denominators:
            self.budget.spend(OPERATION + 4 * digits_in(max(q, unit).bit_length()) ** 2)
            unit = lcm(unit, q)
            if unit.bit_length() > MAX_UNIT:
                raise Undecided(f"{where}: the common denominator is beyond this checker")
        return unit

    def limb_sum(self, value: Any, where: str, shape: tuple[int, ...]) -> tuple[Matrix, int]:
        """The exact sum of binary64 arrays: integers, and s with unit 2^-s."""
        references = parse(value, [anything], where)
        if not 0 < len(references) <= MAX_LIMBS:
            raise Rejected(f"{where}: expected 1 to {MAX_LIMBS} arrays")
        self.budget.hold(2 * bytes_of(prod(shape), 64))
        total, unit = list[int](), 1
        for reference in references:
            data, found, denominator = self.stored(reference, where)
            if denominator is not None or found != shape:
                raise Rejected(f"{where}: expected binary64 arrays of shape {shape}")
            flat, u = binary64(data, where, self.budget)
            common = max(unit, u)  # all are powers of two
            pairs = zip(total, flat, strict=True)
            total = [x * (common // unit) + y * (common // u) for x, y in pairs] if total else flat
            unit = common
        return [total[i : i + shape[-1]] for i in range(0, len(total), shape[-1])], unit.bit_length() - 1


def weigh(value: Any, budget: Budget) -> None:
    """Count what a JSON value costs to hold and to read: its objects, and the digits of its decimals and dyadics."""
    work = size = 0
    todo = [value]
    while todo:
        x = todo.pop()
        size += 250
        work += 4 * OPERATION
        if isinstance(x, str):
            digits = decimal_digits(x)
            size += 2 * len(x) + digits
            work += digits * (50 + digits)  # 2 digits^2/81 for each product, quotient and comparison
        elif isinstance(x, list):
            todo += x
            size += 8 * len(x)
            if len(x) == 2 and type(x[0]) is type(x[1]) is int:
                size += min(abs(x[1]), 4096) // 4
        elif isinstance(x, dict):
            todo += x.values()
            size += 200 * len(x)
        if work > MAX_WORK or size > MAX_MEMORY:
            break
    budget.spend(work)
    budget.keep(size)


@lru_cache(1024)  # most numbers are the 0 of equilibria
def decimal_digits(text: str) -> int:
    """Of a decimal, with its exponent; 0 for other texts."""
    match = DECIMAL.fullmatch(text) if len(text) <= 4096 else None
    return len(text) + min(int(match[5][:5]) if match[5] else 0, 4096) if match else 0


REFERENCE: dict[str, Spec] = {"file": text, "sha256": text, "shape": [count]}
