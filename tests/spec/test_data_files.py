"""Matrices and vectors of a spec: exact values from inline entries, .npy, .npz and .csv; hostile files."""

from __future__ import annotations

import io
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofgen.errors import InputError, UnsupportedError
from proofgen.spec import data_files
from proofgen.spec.data_files import TomlFloat, exact_number, read_matrix, read_vector
from proofgen.spec.limits import as_shape
from proofgen.spec.numpy_files import read_npy, read_npz

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

EXACT = [[Fraction(1, 2), Fraction(-3)], [Fraction(0), Fraction(1, 4)]]
FLOATS = np.array([[0.5, -3.0], [0.0, 0.25]])


def npy_bytes(array: np.ndarray[Any, Any], version: tuple[int, int] | None = None) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=version, allow_pickle=True)
    return stream.getvalue()


def npy_with_header(header: str, data: bytes = b"") -> bytes:
    padded = header.encode("latin1").ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(padded)) + padded + data


def header(shape: object, descr: str = "'<f8'") -> str:
    return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}"


# Values -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["<f2", "<f4", "<f8", ">f2", ">f4", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_npy_layouts(tmp_path: Path, dtype: str, order: Any, version: tuple[int, int]) -> None:
    (tmp_path / "W.npy").write_bytes(npy_bytes(np.asarray(FLOATS, dtype=dtype, order=order), version))
    assert read_matrix("W.npy", tmp_path).fractions() == EXACT


@pytest.mark.parametrize("dtype", ["i1", "<i2", ">i4", "<i8"])
def test_npy_integers(tmp_path: Path, dtype: str) -> None:
    np.save(tmp_path / "W.npy", np.array([[1, -2, 3], [4, 5, -6]], dtype=dtype))
    assert read_matrix("W.npy", tmp_path).fractions() == [[1, -2, 3], [4, 5, -6]]


def test_npy_integers_beyond_binary64(tmp_path: Path) -> None:
    np.save(tmp_path / "W.npy", np.array([[2**64 - 1]], dtype=np.uint64))
    assert read_matrix("W.npy", tmp_path).entry(0, 0) == 2**64 - 1


def test_floats_in_files_are_the_stored_dyadics(tmp_path: Path) -> None:
    np.save(tmp_path / "W.npy", np.array([[0.1]]))
    np.save(tmp_path / "V.npy", np.array([[0.1]], dtype=np.float32))
    assert read_matrix("W.npy", tmp_path).entry(0, 0) == Fraction(*(0.1).as_integer_ratio())
    assert read_matrix("V.npy", tmp_path).entry(0, 0) == Fraction(13421773, 2**27)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_npz(tmp_path: Path, save: Callable[..., None]) -> None:
    save(tmp_path / "net.npz", W=FLOATS, V=2 * FLOATS)
    assert read_matrix("net.npz:W", tmp_path).fractions() == EXACT
    assert read_matrix("net.npz:V", tmp_path).entry(0, 1) == -6


def test_csv_is_exact(tmp_path: Path) -> None:
    (tmp_path / "W.csv").write_text('\ufeff0.1, -2e-3\r\n\r\n"3",.5\r\n', encoding="utf-8")
    expected = [[Fraction(1, 10), Fraction(-2, 1000)], [Fraction(3), Fraction(1, 2)]]
    assert read_matrix("W.csv", tmp_path).fractions() == expected


def test_file_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "weights").mkdir()
    np.save(tmp_path / "weights" / "W.npy", FLOATS)
    assert read_matrix("weights/W.npy", tmp_path).fractions() == EXACT


def test_inline_values_are_exact(tmp_path: Path) -> None:
    rows = [[1, TomlFloat("0.1")], ["-0.3", TomlFloat("1_0.5e-1")]]
    assert read_matrix(rows, tmp_path).fractions() == [
        [1, Fraction(1, 10)],
        [Fraction(-3, 10), Fraction(105, 100)],
    ]
    assert read_vector([1, "0.1"], tmp_path).fractions() == [[1], [Fraction(1, 10)]]


@pytest.mark.parametrize("shape", [(3,), (3, 1), (1, 3)])
def test_vector_files(tmp_path: Path, shape: tuple[int, ...]) -> None:
    np.save(tmp_path / "b.npy", np.array([1.0, 2.0, 0.5]).reshape(shape))
    assert read_vector("b.npy", tmp_path).fractions() == [[1], [2], [Fraction(1, 2)]]


@pytest.mark.parametrize("text", ["1,2,0.1\n", "1\n2\n0.1\n"])
def test_vector_csv(tmp_path: Path, text: str) -> None:
    (tmp_path / "b.csv").write_text(text)
    assert read_vector("b.csv", tmp_path).fractions() == [[1], [2], [Fraction(1, 10)]]


@UNTIMED
@given(st.integers(-(10**300), 10**300))
def test_integers_are_exact(value: int) -> None:
    assert exact_number(value) == value


@pytest.mark.parametrize("value", [0, "0", "-0.0", "1e-300", "1e300", 10**300, TomlFloat("-1e300")])
def test_magnitudes_allowed(value: object) -> None:
    exact_number(value)


@pytest.mark.parametrize("value", ["1.1e300", "0.9e-300", 10**300 + 1, TomlFloat("1e301"), 10**4000])
def test_magnitudes_refused(value: object) -> None:
    with pytest.raises(InputError, match="between 1e-300 and 1e300"):
        exact_number(value)


@pytest.mark.parametrize("value", [True, None, [1], {"a": 1}, 0.5, TomlFloat("nan"), TomlFloat("-inf"), "x"])
def test_not_numbers(value: object) -> None:
    with pytest.raises(InputError, match="expected a"):
        exact_number(value)


# Refusals ---------------------------------------------------------------------------------------

REFUSED_ARRAYS: list[tuple[str, np.ndarray[Any, Any], list[str]]] = [
    ("complex", np.array([[1j]]), ["complex", "expected float16, bfloat16, float32, float64 or integer"]),
    ("object", np.array([[Fraction(1, 3)]], dtype=object), ["object entries"]),
    ("string", np.array([["1.5"]]), ["string entries"]),
    ("bytes", np.array([[b"1.5"]]), ["string entries"]),
    ("bool", np.array([[True]]), ["bool entries"]),
    ("structured", np.array([[(1.0,)]], dtype=[("x", "<f8")]), ["expected float16"]),
    ("date", np.array([["2020-01-01"]], dtype="M8[D]"), ["expected float16"]),
    ("NaN", np.array([[1.0, 2.0], [3.0, np.nan]]), ["entry [2, 2] is NaN", "finite"]),
    ("first NaN", np.array([[1.0, np.nan], [np.nan, 1.0]]), ["entry [1, 2] is NaN"]),
    ("infinity", np.array([[1.0, 2.0, -np.inf]]), ["entry [1, 3] is -inf", "finite"]),
    ("half infinity", np.array([[np.inf]], dtype=np.float16), ["entry [1, 1] is inf", "finite"]),
    ("huge", np.array([[1.0], [1e301]]), ["entry [2, 1] is 1e+301", "between 1e-300 and 1e300"]),
    ("tiny", np.array([[5e-324, 1.0]]), ["entry [1, 1] is 5e-324", "between 1e-300 and 1e300"]),
    ("number", np.array(3.0), ["0 dimensions", "expected a matrix"]),
    ("vector", np.ones(3), ["1 dimensions", "expected a matrix"]),
    ("cube", np.ones((2, 2, 2)), ["3 dimensions", "expected a matrix"]),
    ("empty", np.ones((0, 3)), ["empty"]),
    ("long", np.ones((2001, 1)), ["2001 × 1 is too large", "at most 2000"]),
]


@pytest.mark.parametrize(
    ("array", "fragments"), [row[1:] for row in REFUSED_ARRAYS], ids=[r[0] for r in REFUSED_ARRAYS]
)
@pytest.mark.parametrize("container", ["npy", "npz"])
def test_refused_arrays(tmp_path: Path, array: Any, fragments: list[str], container: str) -> None:
    content = npy_bytes(array)
    name = "W.npy"
    if container == "npz":
        name = "net.npz:W"
        with zipfile.ZipFile(tmp_path / "net.npz", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("W.npy", content)
    else:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_matrix(name, tmp_path)
    for fragment in [name, *fragments]:
        assert fragment in str(refused.value)


class _Bomb:
    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return os.mkdir, ("unpickled",)


GOOD_NPY = npy_bytes(FLOATS)
REFUSED_NPY = {
    "empty file": (b"", "not a readable .npy"),
    "text": (b"1 2 3\n", "not a readable .npy"),
    "pickle": (pickle.dumps(_Bomb()), "not a readable .npy"),
    "pickled objects": (npy_bytes(np.array([[_Bomb()]], dtype=object)), "object entries"),
    "only the magic": (GOOD_NPY[:6], "not a readable .npy"),
    "half a header": (GOOD_NPY[:40], "not a readable .npy"),
    "truncated": (GOOD_NPY[:-1], "31 bytes of data; expected 32"),
    "no data": (GOOD_NPY[:-32], "0 bytes of data; expected 32"),
    "trailing bytes": (GOOD_NPY + b"x", "33 bytes of data; expected 32"),
    "unknown version": (b"\x93NUMPY\x09\x00" + GOOD_NPY[8:], "expected 1.0 or 2.0"),
    "version 3": (b"\x93NUMPY\x03\x00" + GOOD_NPY[8:], "expected 1.0 or 2.0"),
    "claims 80 TB": (npy_with_header(header("(10000000, 1000000)")), "too large"),
    "claims many dimensions": (npy_with_header(header("(" + "2000, " * 12 + ")")), "12 dimensions"),
    "negative size": (npy_with_header(header("(-1, 2)")), "too large"),
    "size is text": (npy_with_header(header("'a'")), "not a readable .npy"),
    "code in the header": (npy_with_header("__import__('os').mkdir('unpickled')"), "not a readable .npy"),
    "unknown type": (npy_with_header(header("(1, 1)", "'<q99'")), "not a readable .npy"),
    "long double": (npy_with_header(header("(1, 1)", "'<f16'"), b"\0" * 16), ""),
    "sub-array": (npy_with_header(header("(1, 1)", "('<f8', (9999, 9999))")), "expected float16"),
    "header of 1 MB": (b"\x93NUMPY\x02\x00" + struct.pack("<I", 2**20) + b" " * 2**20, "not a readable .npy"),
}


@pytest.mark.parametrize("name", REFUSED_NPY)
def test_refused_npy_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    content, fragment = REFUSED_NPY[name]
    (tmp_path / "W.npy").write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_matrix("W.npy", tmp_path)
    assert "W.npy: " in str(refused.value)
    assert fragment in str(refused.value)
    assert not (tmp_path / "unpickled").exists()


@UNTIMED
@given(st.binary(max_size=200), st.integers(0, len(GOOD_NPY)))
def test_damaged_npy_never_crashes(noise: bytes, start: int) -> None:
    content = GOOD_NPY[:start] + noise + GOOD_NPY[start + len(noise) :]
    for read in (data_files.exact_from_csv, lambda data: read_npy(data, "", lambda shape: as_shape(shape, "matrix"))):
        try:
            read(content)
        except InputError:
            continue


def _good_npz() -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, W=FLOATS)
    return stream.getvalue()


GOOD_NPZ = _good_npz()


@UNTIMED
@given(st.binary(max_size=20), st.integers(0, len(GOOD_NPZ)))
def test_damaged_npz_never_crashes(noise: bytes, start: int) -> None:
    content = GOOD_NPZ[:start] + noise + GOOD_NPZ[start + len(noise) :]
    try:
        read_npz(content, "W", lambda shape: as_shape(shape, "matrix"))
    except InputError:
        return


@pytest.mark.parametrize(
    ("name", "fragments"),
    [
        ("net.npz", ["no key given", "R1, R2, weights"]),
        ("net.npz:", ["no key given", "R1, R2, weights"]),
        ("net.npz:weight", ["no array 'weight'", "R1, R2, weights", "did you mean 'weights'?"]),
        ("net.npz:../R1", ["no array '../R1'"]),
        ("empty.npz:W", ["archive is empty"]),
        ("text.npz:W", ["not a readable .npz"]),
        ("lzma.npz:W", ["unusual way"]),
    ],
)
def test_npz_keys(tmp_path: Path, name: str, fragments: list[str]) -> None:
    np.savez(tmp_path / "net.npz", R1=FLOATS, R2=FLOATS, weights=FLOATS)
    zipfile.ZipFile(tmp_path / "empty.npz", "w").close()
    (tmp_path / "text.npz").write_text("hello")
    with zipfile.ZipFile(tmp_path / "lzma.npz", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("W.npy", GOOD_NPY)
    with pytest.raises(InputError) as refused:
        read_matrix(name, tmp_path)
    for fragment in fragments:
        assert fragment in str(refused.value)


def test_zip_bomb_is_refused_by_its_declared_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("W.npy", npy_with_header(header("(2, 2)"), b"\0" * (33 * 2**20)))
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_, **__: pytest.fail("the member was unpacked"))
    with pytest.raises(InputError, match="unpacks to 34603"):
        read_matrix("bomb.npz:W", tmp_path)


def test_zip_bomb_with_a_forged_size_is_not_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("W.npy", npy_with_header(header("(2, 2)"), b"\0" * (40 * 2**20)))
        size = archive.getinfo("W.npy").file_size
    content = (tmp_path / "bomb.npz").read_bytes().replace(struct.pack("<I", size), struct.pack("<I", 160))
    (tmp_path / "bomb.npz").write_bytes(content)
    with pytest.raises(InputError, match=r"not a readable \.npz"):
        read_matrix("bomb.npz:W", tmp_path)


@pytest.mark.parametrize(
    "name",
    ["../W.npy", "sub/../../W.npy", "sub/../W.npy", "..", "link.npy", "linked/W.npy", "..\\W.npy"],
)
def test_paths_out_of_the_directory(tmp_path: Path, name: str) -> None:
    base = tmp_path / "specs"
    (base / "sub").mkdir(parents=True)
    np.save(tmp_path / "W.npy", FLOATS)
    np.save(base / "W.npy", FLOATS)
    (base / "link.npy").symlink_to(tmp_path / "W.npy")
    (base / "linked").symlink_to(tmp_path)
    with pytest.raises(InputError, match="leaves the spec's directory"):
        read_matrix(name, base)


@pytest.mark.parametrize("name", ["/W.npy", "C:\\W.npy", "C:W.npy", "\\W.npy", "", "\0.npy", "//host/W.npy"])
def test_paths_that_are_not_relative(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="relative to the spec's directory"):
        read_matrix(name, tmp_path)


def test_things_that_are_not_files(tmp_path: Path) -> None:
    (tmp_path / "folder.npy").mkdir()
    os.mkfifo(tmp_path / "pipe.npy")
    for name, fragment in [
        ("folder.npy", "not a regular"),
        ("pipe.npy", "not a regular"),
        ("x.npy", "no such file"),
    ]:
        with pytest.raises(InputError, match=fragment) as refused:
            read_matrix(name, tmp_path)
        assert name in str(refused.value)


@pytest.mark.parametrize(
    "name", ["W.onnx", "W.pkl:W", "W.h5:W", "W.txt", "W", "[[1]]", "W.npy.gz"]
)
def test_other_formats(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsupportedError, match=r"supported: \.npy, \.npz, \.csv, \.mat, \.safetensors"):
        read_matrix(name, tmp_path)


def test_file_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_files, "MAX_FILE_BYTES", 2**20)
    (tmp_path / "W.npy").write_bytes(b"\0" * (2**20 + 1))
    with pytest.raises(InputError, match="at most 1 MiB"):
        read_matrix("W.npy", tmp_path)


@pytest.mark.parametrize(
    ("content", "fragment"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"1,2\n3\n", "row 2 has 1 entries, row 1 has 2"),
        (b"a,b\n1,2\n", "entry [1, 1]: got 'a'"),
        (b"1,2\n3,nan\n", "entry [2, 2]: got 'nan'"),
        (b"1;2\n", "entry [1, 1]: got '1;2'"),
        (b"1,\n", "entry [1, 2]: got ''"),
        (b"1,1e301\n", "entry [1, 2]: got '1e301'"),
        (b"\xff\xfe1", "not UTF-8"),
        (b'"1\n', "not readable"),
        (b"1" * 200_000, "not readable"),
        (b"1," * 2001 + b"1", "1 × 2002 is too large"),
    ],
)
def test_refused_csv(tmp_path: Path, content: bytes, fragment: str) -> None:
    (tmp_path / "W.csv").write_bytes(content)
    with pytest.raises(InputError) as refused:
        read_matrix("W.csv", tmp_path)
    assert "W.csv: " in str(refused.value)
    assert fragment in str(refused.value)


@pytest.mark.parametrize(
    ("value", "fragment"),
    [
        ([], "empty"),
        ([[]], "empty"),
        ([[], [1]], "empty"),
        ([1, 2], "row 1: got 1: expected an array of rows"),
        ([[1, 2], [3]], "row 2 has 1 entries, row 1 has 2"),
        ([[1, 2], 3], "row 2"),
        ([[1, True]], "entry [1, 2]"),
        ([[1], [[1]]], "entry [2, 1]"),
        ([[1], ["nan"]], "entry [2, 1]"),
        (3, "expected an array of rows"),
        (TomlFloat("0.5"), "expected an array of rows"),
        (None, "expected an array of rows"),
        ({"a": 1}, "expected an array of rows"),
        ([[0] * 2001], "too large"),
    ],
)
def test_refused_inline_matrices(tmp_path: Path, value: object, fragment: str) -> None:
    with pytest.raises(InputError) as refused:
        read_matrix(value, tmp_path)
    assert fragment in str(refused.value)


@pytest.mark.parametrize(
    ("value", "fragment"),
    [
        ([], "empty"),
        ([1, [2]], "entry [2]"),
        ([1, "x"], "entry [2]"),
        (1, "array of numbers"),
        ([0] * 2001, "too large"),
    ],
)
def test_refused_inline_vectors(tmp_path: Path, value: object, fragment: str) -> None:
    with pytest.raises(InputError) as refused:
        read_vector(value, tmp_path)
    assert fragment in str(refused.value)


@pytest.mark.parametrize("shape", [(), (2, 2), (2, 1, 1)])
def test_refused_vector_files(tmp_path: Path, shape: tuple[int, ...]) -> None:
    np.save(tmp_path / "b.npy", np.ones(shape))
    with pytest.raises(InputError, match="expected a"):
        read_vector("b.npy", tmp_path)
