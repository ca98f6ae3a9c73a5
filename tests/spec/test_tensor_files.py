"""Weights from .mat, .safetensors and PyTorch files: exact values, layouts, and hostile files."""

from __future__ import annotations

import io
import itertools
import json
import os
import pickle
import struct
import sys
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofgen.errors import InputError
from proofgen.spec import tensor_files
from proofgen.spec.data_files import read_matrix, read_vector
from proofgen.spec.listing import Listed, arrays_in
from proofgen.spec.load import load_text

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FLOATS = np.array([[0.5, -3.0, 7.0], [0.0, 0.25, 1.0]])
EXACT = [[Fraction(1, 2), Fraction(-3), Fraction(7)], [Fraction(0), Fraction(1, 4), Fraction(1)]]


def refused(name: str, folder: Path, *fragments: str) -> None:
    before = sorted(folder.iterdir())
    with pytest.raises(InputError) as error:
        read_matrix(name, folder)
    for fragment in [name, *fragments]:
        assert fragment in str(error.value)
    assert "\n" not in str(error.value) and len(str(error.value)) < 500
    assert sorted(folder.iterdir()) == before


# .safetensors -----------------------------------------------------------------------------------


def tensor_bytes(table: dict[str, Any], data: bytes, size: int | None = None) -> bytes:
    """A .safetensors file made by hand: 8 bytes of header length, JSON, data."""
    header = json.dumps(table).encode()
    return struct.pack("<Q", len(header) if size is None else size) + header + data


def one_tensor(dtype: str, shape: list[Any], data: bytes, offsets: list[int] | None = None) -> bytes:
    entry = {"dtype": dtype, "shape": shape, "data_offsets": offsets or [0, len(data)]}
    return tensor_bytes({"rnn.weight": entry}, data)


class TestSafetensors:
    @pytest.fixture(autouse=True)
    def _library(self) -> None:
        pytest.importorskip("safetensors")

    @pytest.mark.parametrize(("dtype", "stored"), [("F16", "<f2"), ("F32", "<f4"), ("F64", "<f8"), ("I8", "<i1"), ("I64", "<i8")])
    def test_values(self, tmp_path: Path, dtype: str, stored: str) -> None:
        values = FLOATS if dtype.startswith("F") else np.array([[1, -2, 3], [4, 5, -6]])
        (tmp_path / "m.safetensors").write_bytes(one_tensor(dtype, [2, 3], values.astype(stored).tobytes()))
        expected = [[Fraction(x) for x in row] for row in values.tolist()]
        assert read_matrix("m.safetensors:rnn.weight", tmp_path).fractions() == expected

    def test_float32_means_the_stored_dyadic(self, tmp_path: Path) -> None:
        (tmp_path / "m.safetensors").write_bytes(one_tensor("F32", [1, 1], np.float32(0.1).tobytes()))
        assert read_matrix("m.safetensors:rnn.weight", tmp_path).entry(0, 0) == Fraction(13421773, 2**27)

    @UNTIMED
    @given(st.integers(0, 2**16 - 1))
    def test_bfloat16_by_its_definition(self, tmp_path_factory: pytest.TempPathFactory, bits: int) -> None:
        sign, exponent, fraction = bits >> 15, bits >> 7 & 0xFF, bits & 0x7F
        folder = tmp_path_factory.getbasetemp()
        (folder / "b.safetensors").write_bytes(one_tensor("BF16", [1, 1], struct.pack("<H", bits)))
        if exponent == 0xFF:
            refused("b.safetensors:rnn.weight", folder, "finite")
            return
        significand = fraction + (0x80 if exponent else 0)
        value = Fraction(significand, 128) * Fraction(2) ** (max(exponent, 1) - 127)
        assert read_matrix("b.safetensors:rnn.weight", folder).entry(0, 0) == (-value if sign else value)

    def test_written_by_the_library(self, tmp_path: Path) -> None:
        from safetensors.numpy import save_file

        save_file({"W": FLOATS, "b": FLOATS[0].astype(np.float16), "a:b": FLOATS + 1}, tmp_path / "m.safetensors")
        assert read_matrix("m.safetensors:W", tmp_path).fractions() == EXACT
        assert read_vector("m.safetensors:b", tmp_path).fractions() == [[x] for x in EXACT[0]]
        assert read_matrix("m.safetensors:a:b", tmp_path).entry(0, 0) == Fraction(3, 2)

    def test_missing_key(self, tmp_path: Path) -> None:
        (tmp_path / "m.safetensors").write_bytes(one_tensor("F32", [1, 1], bytes(4)))
        refused("m.safetensors:rnn.weigth", tmp_path, "no array 'rnn.weigth'", "did you mean 'rnn.weight'?")
        refused("m.safetensors", tmp_path, "no key given", '"file.safetensors:KEY" with one of the keys rnn.weight')

    @pytest.mark.parametrize(
        ("content", "fragment"),
        [
            (b"", "cut off"),
            (b"\0" * 7, "cut off"),
            (struct.pack("<Q", 2**62) + b"{}", "too large"),
            (struct.pack("<Q", 2**24) + b" " * 2**24, "too large"),
            (one_tensor("F32", [1, 1], bytes(4))[:-1], "not a readable"),
            (one_tensor("F32", [1, 1], bytes(4)) + b"x", "not a readable"),
            (one_tensor("F32", [1, 1], bytes(4), [4, 8]), "not a readable"),
            (one_tensor("F32", [1, 1], bytes(4), [0, 2**40]), "not a readable"),
            (one_tensor("F32", [-1, 1], bytes(4)), "not a readable"),
            (one_tensor("F32", [2**63, 2], bytes(4)), "not a readable"),
            (one_tensor("F32", ["1", 1], bytes(4)), "not a readable"),
            (one_tensor("F33", [1, 1], bytes(4)), "not a readable"),
            (one_tensor("BOOL", [2, 2], bytes(4)), "BOOL entries"),
            (one_tensor("C64", [1, 1], bytes(8)), "C64 entries"),
            (one_tensor("F8_E4M3", [2, 2], bytes(4)), "F8_E4M3 entries"),
            (one_tensor("F32", [1, 1], np.float32("nan").tobytes()), "entry [1, 1] is NaN"),
            (one_tensor("BF16", [1, 2], b"\0\0\x80\x7f"), "entry [1, 2] is inf"),
            (one_tensor("F32", [], bytes(4)), "0 dimensions"),
            (one_tensor("F32", [1, 1, 1], bytes(4)), "3 dimensions"),
            (one_tensor("F32", [0, 1], b""), "empty"),
            (one_tensor("U8", [2001, 1], bytes(2001)), "2001 × 1 is too large"),
            (struct.pack("<Q", 2) + b"[]", "not a readable"),
            (struct.pack("<Q", 5) + b"{{{{{", "not a readable"),
            (pickle.dumps(FLOATS), "not a readable"),
            (tensor_bytes({"a": {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]},
                           "b": {"dtype": "U8", "shape": [2], "data_offsets": [1, 3]}}, bytes(3)), "not a readable"),
        ],
        ids=itertools.count(),  # one of the contents has 16 million bytes
    )  # fmt: skip
    def test_hostile_files(self, tmp_path: Path, content: bytes, fragment: str) -> None:
        (tmp_path / "m.safetensors").write_bytes(content)
        refused("m.safetensors:rnn.weight", tmp_path, fragment)

    @UNTIMED
    @given(st.binary(max_size=30), st.integers(0, 120))
    def test_damage_never_crashes(self, noise: bytes, start: int) -> None:
        good = one_tensor("F32", [2, 2], bytes(range(16)))
        content = good[:start] + noise + good[start + len(noise) :]
        try:
            tensor_files.read_safetensors(content, "rnn.weight", lambda shape: None)
        except InputError:
            return


# .mat -------------------------------------------------------------------------------------------


def mat_bytes(compressed: bool = False, version: str = "5", **variables: Any) -> bytes:
    from scipy.io import savemat

    stream = io.BytesIO()
    savemat(stream, variables, format=version, do_compression=compressed)
    return stream.getvalue()


def big_endian_mat(name: bytes, values: np.ndarray[Any, Any]) -> bytes:
    """A level 5 .mat file of one double matrix, written by hand in big-endian order, from the format's description."""

    def element(kind: int, data: bytes) -> bytes:
        return struct.pack(">II", kind, len(data)) + data + b"\0" * (-len(data) % 8)

    body = element(6, struct.pack(">II", 6, 0)) + element(5, struct.pack(">ii", *values.shape))
    body += element(1, name) + element(9, values.T.astype(">f8").tobytes())
    head = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack(">H", 0x0100) + b"MI"
    return head + element(14, body)


class TestMat:
    @pytest.fixture(autouse=True)
    def _library(self) -> None:
        pytest.importorskip("scipy")

    @pytest.mark.parametrize("compressed", [False, True])
    @pytest.mark.parametrize("order", ["C", "F"])
    @pytest.mark.parametrize("dtype", ["f4", "f8", ">f8"])
    def test_values(self, tmp_path: Path, compressed: bool, order: Any, dtype: str) -> None:
        array = np.asarray(FLOATS, dtype=dtype, order=order)
        (tmp_path / "W.mat").write_bytes(mat_bytes(compressed, W=array, other=np.ones(3), text="abc"))
        assert read_matrix("W.mat:W", tmp_path).fractions() == EXACT
        assert read_vector("W.mat:other", tmp_path).fractions() == [[1], [1], [1]]

    def test_version_4(self, tmp_path: Path) -> None:
        (tmp_path / "W.mat").write_bytes(mat_bytes(version="4", W=FLOATS))
        assert read_matrix("W.mat:W", tmp_path).fractions() == EXACT

    def test_integers(self, tmp_path: Path) -> None:
        (tmp_path / "W.mat").write_bytes(mat_bytes(W=np.array([[2**63 - 1, -5]])))
        assert read_matrix("W.mat:W", tmp_path).fractions() == [[2**63 - 1, -5]]

    def test_big_endian(self, tmp_path: Path) -> None:
        (tmp_path / "W.mat").write_bytes(big_endian_mat(b"W", FLOATS))
        assert read_matrix("W.mat:W", tmp_path).fractions() == EXACT

    def test_missing_key(self, tmp_path: Path) -> None:
        (tmp_path / "W.mat").write_bytes(mat_bytes(weights=FLOATS, b=np.ones(2)))
        refused("W.mat:weigths", tmp_path, "no array 'weigths'", "keys b, weights", "did you mean 'weights'?")
        refused("W.mat", tmp_path, "no key given", '"file.mat:KEY"')

    @pytest.mark.parametrize(
        ("value", "fragments"),
        [
            (np.array([[1j]]), ["complex"]),
            ("text", ["MATLAB char array"]),
            (np.array([["a", "b"]], dtype=object), ["MATLAB cell array"]),
            ({"W": 1.0}, ["MATLAB struct array"]),
            (np.array([[True]]), ["MATLAB logical array"]),
            (np.array([[1.0, np.nan]]), ["entry [1, 2] is NaN"]),
            (np.array([[np.inf]]), ["entry [1, 1] is inf"]),
            (np.ones((2, 2, 2)), ["3 dimensions"]),
            (np.zeros((0, 2)), ["empty"]),
            (np.ones((2001, 1)), ["2001 × 1 is too large"]),
        ],
        ids=lambda value: str(value)[:20].replace("\n", " "),
    )
    def test_refused_values(self, tmp_path: Path, value: Any, fragments: list[str]) -> None:
        (tmp_path / "W.mat").write_bytes(mat_bytes(W=value))
        refused("W.mat:W", tmp_path, *fragments)

    def test_sparse(self, tmp_path: Path) -> None:
        from scipy.sparse import csc_matrix

        (tmp_path / "W.mat").write_bytes(mat_bytes(W=csc_matrix(FLOATS)))
        refused("W.mat:W", tmp_path, "MATLAB sparse array")

    @pytest.mark.parametrize("content", [b"", b"x" * 50, b"MATLAB 5.0".ljust(200, b"\xff"), pickle.dumps(FLOATS) * 9])
    def test_no_mat_file(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "W.mat").write_bytes(content)
        refused("W.mat:W", tmp_path, "")

    @pytest.mark.parametrize("compressed", [False, True])
    def test_truncated(self, tmp_path: Path, compressed: bool) -> None:
        content = mat_bytes(compressed, W=FLOATS)
        for length in range(0, len(content), 7):
            (tmp_path / "W.mat").write_bytes(content[:length])
            refused("W.mat:W", tmp_path, "")

    def test_same_name_twice(self, tmp_path: Path) -> None:
        one, two = mat_bytes(W=FLOATS), mat_bytes(W=FLOATS + 1)
        (tmp_path / "W.mat").write_bytes(one + two[128:])
        refused("W.mat:W", tmp_path, "2 times")

    def test_bomb(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tensor_files, "MAX_UNPACKED_BYTES", 2**20)
        packed = zlib.compress(b"\0" * 2**24)
        head = mat_bytes(W=FLOATS)[:128]
        (tmp_path / "W.mat").write_bytes(head + struct.pack("<II", 15, len(packed)) + packed)
        refused("W.mat:W", tmp_path, "unpack to too much", "at most 1 MiB")

    def test_a_size_that_is_only_claimed_is_not_read(self, tmp_path: Path) -> None:
        content = big_endian_mat(b"W", FLOATS).replace(struct.pack(">ii", 2, 3), struct.pack(">ii", 2**30, 2**30))
        (tmp_path / "W.mat").write_bytes(content)
        refused("W.mat:W", tmp_path, "too large")
        content = big_endian_mat(b"W", FLOATS).replace(struct.pack(">ii", 2, 3), struct.pack(">ii", -2, 3))
        (tmp_path / "W.mat").write_bytes(content)
        refused("W.mat:W", tmp_path, "")

    @UNTIMED
    @given(st.binary(max_size=20), st.integers(0, 400), st.booleans())
    def test_damage_never_crashes(self, noise: bytes, start: int, compressed: bool) -> None:
        good = mat_bytes(compressed, W=FLOATS)
        content = good[:start] + noise + good[start + len(noise) :]
        try:
            tensor_files.read_mat(content, "W", lambda shape: None)
        except InputError:
            return


class TestMat73:
    @pytest.fixture(autouse=True)
    def _library(self) -> None:
        self.h5py = pytest.importorskip("h5py")

    def write(self, path: Path, kind: str = "double", **variables: Any) -> None:
        with self.h5py.File(path, "w", userblock_size=512) as file:
            for name, value in variables.items():
                file[name] = value
                file[name].attrs["MATLAB_class"] = np.bytes_(kind)
        head = b"MATLAB 7.3 MAT-file".ljust(124) + struct.pack("<H", 0x0200) + b"IM"
        path.write_bytes(head.ljust(512, b"\0") + path.read_bytes()[512:])

    @pytest.mark.parametrize("dtype", ["<f8", ">f8", "<f4", "<f2"])
    def test_values(self, tmp_path: Path, dtype: str) -> None:
        self.write(tmp_path / "W.mat", W=FLOATS.T.astype(dtype))  # MATLAB stores by columns
        assert read_matrix("W.mat:W", tmp_path).fractions() == EXACT

    def test_listing(self, tmp_path: Path) -> None:
        """By its own reader; links and structures are no arrays of the file."""
        self.write(tmp_path / "W.mat", W=FLOATS.T, b=np.ones((1, 4)))
        with self.h5py.File(tmp_path / "W.mat", "a") as file:
            file.create_group("S")["data"] = FLOATS
            file["other"] = self.h5py.ExternalLink("other.h5", "/W")
        assert arrays_in(tmp_path / "W.mat") == [Listed("W", (2, 3)), Listed("b", (4, 1))]
        (tmp_path / "W.mat").write_bytes((tmp_path / "W.mat").read_bytes()[:700])
        with pytest.raises(InputError, match=r"not a readable \.mat file"):
            arrays_in(tmp_path / "W.mat")

    def test_missing_key(self, tmp_path: Path) -> None:
        self.write(tmp_path / "W.mat", W=FLOATS, b=np.ones((1, 2)))
        refused("W.mat:V", tmp_path, "no array 'V'", "keys W, b")
        refused("W.mat:/W", tmp_path, "no array '/W'")

    @pytest.mark.parametrize("kind", ["char", "cell", "logical", "function_handle"])
    def test_other_classes(self, tmp_path: Path, kind: str) -> None:
        self.write(tmp_path / "W.mat", kind, W=np.ones((2, 2), dtype=np.uint16))
        refused("W.mat:W", tmp_path, f"MATLAB {kind} array")

    def test_complex(self, tmp_path: Path) -> None:
        self.write(tmp_path / "W.mat", W=np.zeros((2, 2), dtype=[("real", "<f8"), ("imag", "<f8")]))
        refused("W.mat:W", tmp_path, "complex entries")

    def test_structure_and_sparse(self, tmp_path: Path) -> None:
        with self.h5py.File(tmp_path / "W.mat", "w") as file:
            file.create_group("W")["data"] = FLOATS
        refused("W.mat:W", tmp_path, "structure or sparse")

    def test_nothing_outside_is_followed(self, tmp_path: Path) -> None:
        (tmp_path / "secret.bin").write_bytes(np.ones(4).tobytes())
        with self.h5py.File(tmp_path / "other.h5", "w") as file:
            file["W"] = FLOATS
        with self.h5py.File(tmp_path / "W.mat", "w") as file:
            file["external"] = self.h5py.ExternalLink(str(tmp_path / "other.h5"), "/W")
            file["soft"] = self.h5py.SoftLink("/raw")
            file.create_dataset("raw", (2, 2), "<f8", external=[(str(tmp_path / "secret.bin"), 0, 32)])
            layout = self.h5py.VirtualLayout((2, 3), "<f8")
            layout[:] = self.h5py.VirtualSource(str(tmp_path / "other.h5"), "W", shape=(2, 3))
            file.create_virtual_dataset("virtual", layout)
        for name in ("external", "soft"):
            refused(f"W.mat:{name}", tmp_path, "is a link")
        for name in ("raw", "virtual"):
            refused(f"W.mat:{name}", tmp_path, "refers to another file")

    def test_a_size_that_is_only_claimed(self, tmp_path: Path) -> None:
        with self.h5py.File(tmp_path / "W.mat", "w") as file:
            file.create_dataset("W", (10**6, 10**6), "<f8", chunks=(1000, 1000))
        refused("W.mat:W", tmp_path, "too large")

    def test_huge_pieces(self, tmp_path: Path) -> None:
        with self.h5py.File(tmp_path / "W.mat", "w") as file:
            file.create_dataset("W", (2, 2), "<f8", maxshape=(None, None), chunks=(2**14, 2**14))
        refused("W.mat:W", tmp_path, "pieces of (16384, 16384)")

    def test_packed(self, tmp_path: Path) -> None:
        with self.h5py.File(tmp_path / "W.mat", "w") as file:
            file.create_dataset("W", data=FLOATS.T, compression="gzip")
        assert read_matrix("W.mat:W", tmp_path).fractions() == EXACT

    @UNTIMED
    @given(st.binary(max_size=20), st.integers(0, 3000))
    def test_damage_never_crashes(self, noise: bytes, start: int) -> None:
        stream = io.BytesIO()
        with self.h5py.File(stream, "w") as file:
            file["W"] = FLOATS
        good = stream.getvalue()
        content = good[:start] + noise + good[start + len(noise) :]
        try:
            tensor_files.read_mat(content, "W", lambda shape: None)
        except InputError:
            return

    def test_truncated(self, tmp_path: Path) -> None:
        self.write(tmp_path / "W.mat", W=FLOATS)
        content = (tmp_path / "W.mat").read_bytes()
        for length in range(520, len(content) - 1, 97):
            (tmp_path / "W.mat").write_bytes(content[:length])
            refused("W.mat:W", tmp_path, "")


# PyTorch ----------------------------------------------------------------------------------------


class _Bomb:
    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, ("unpickled",)


class TestTorch:
    @pytest.fixture(autouse=True)
    def _library(self) -> None:
        self.torch = pytest.importorskip("torch", minversion="2.6")

    @pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32", "float64"])
    @pytest.mark.parametrize("suffix", ["pt", "pth"])
    def test_values(self, tmp_path: Path, dtype: str, suffix: str) -> None:
        tensor = self.torch.tensor(FLOATS).to(getattr(self.torch, dtype))
        self.torch.save({"rnn.weight": tensor, "t": tensor.T}, tmp_path / f"m.{suffix}")
        assert read_matrix(f"m.{suffix}:rnn.weight", tmp_path).fractions() == EXACT
        assert read_matrix(f"m.{suffix}:t", tmp_path).fractions() == [list(row) for row in zip(*EXACT, strict=True)]

    def test_a_state_dict_with_parameters(self, tmp_path: Path) -> None:
        layer = self.torch.nn.Linear(2, 2)
        self.torch.save({"epoch": 3, "model": layer.state_dict(), "w": layer.weight}, tmp_path / "m.pt")
        expected = [[Fraction(x) for x in row] for row in layer.weight.tolist()]
        assert read_matrix("m.pt:model.weight", tmp_path).fractions() == expected
        assert read_matrix("m.pt:w", tmp_path).fractions() == expected
        refused("m.pt:weight", tmp_path, "keys model.bias, model.weight, w")

    def test_nothing_is_unpickled(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        self.torch.save({"w": _Bomb()}, tmp_path / "m.pt")
        refused("m.pt:w", tmp_path, "tensors only", "torch.save(model.state_dict(), FILE)")
        self.torch.save(self.torch.nn.RNN(2, 3), tmp_path / "m.pt")  # a whole model
        refused("m.pt:weight_hh_l0", tmp_path, "holds more than tensors")
        (tmp_path / "m.pt").write_bytes(pickle.dumps({"w": _Bomb()}))
        refused("m.pt:w", tmp_path, "not a readable PyTorch file")
        self.torch.save({"w": self.torch.ones(2, 2)}, tmp_path / "m.pt", _use_new_zipfile_serialization=False)
        refused("m.pt:w", tmp_path, "expected one written by torch.save")

    def test_unusual_tensors(self, tmp_path: Path) -> None:
        torch = self.torch
        torch.save(
            {"big": torch.ones(1).expand(10**6, 10**6), "sparse": torch.eye(2).to_sparse(), "bool": torch.ones(2, 2) > 0,
             "complex": torch.ones(2, 2, dtype=torch.complex64), "nan": torch.full((2, 2), float("nan"))},
            tmp_path / "m.pt",
        )  # fmt: skip
        for name, fragment in [("big", "too large"), ("sparse", "not a plain dense"), ("bool", "bool entries"), ("complex", "complex"), ("nan", "NaN")]:
            refused(f"m.pt:{name}", tmp_path, fragment)

    def test_truncated(self, tmp_path: Path) -> None:
        self.torch.save({"w": self.torch.ones(2, 2)}, tmp_path / "m.pt")
        content = (tmp_path / "m.pt").read_bytes()
        for length in range(0, len(content), 61):
            (tmp_path / "m.pt").write_bytes(content[:length])
            refused("m.pt:w", tmp_path, "not a readable PyTorch file")


# Without the libraries --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "module", "remedy"),
    [
        ("m.safetensors:W", "safetensors", "pip install 'proofgen[formats]'"),
        ("m.mat:W", "scipy.io", "pip install 'proofgen[formats]'"),
        ("m.pt:W", "torch", "use the .safetensors file"),
        ("m.pth:W", "torch", "use the .safetensors file"),
    ],
)
def test_a_missing_library_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, remedy: str
) -> None:
    (tmp_path / name.partition(":")[0]).write_bytes(b"x" * 200)
    monkeypatch.setitem(sys.modules, module, None)
    refused(name, tmp_path, f"need {module.split('.')[0]}, which is not installed", remedy)


def test_a_missing_h5py_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m.mat").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(600))
    monkeypatch.setitem(sys.modules, "h5py", None)
    refused("m.mat:W", tmp_path, "version 7.3 .mat files need h5py", "pip install 'proofgen[formats]'")


def test_an_old_torch_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before 2.6, weights_only did not keep hostile files from running code."""
    from types import SimpleNamespace

    (tmp_path / "m.pt").write_bytes(b"x")
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(__version__="2.5.1+cpu"))
    refused("m.pt:W", tmp_path, "torch 2.6 or later")


@pytest.mark.parametrize("name", ["../m.safetensors:W", "/m.mat:W", "..\\m.pt:W"])
def test_paths_stay_inside(tmp_path: Path, name: str) -> None:
    (tmp_path / "inner").mkdir()
    with pytest.raises(InputError, match=r"relative to the spec's directory|leaves the spec's directory"):
        read_matrix(name, tmp_path / "inner")


def test_a_spec_reads_its_weights_from_them(tmp_path: Path) -> None:
    pytest.importorskip("safetensors")
    data = np.array([[0.0, 1.0], [0.5, 0.0]], dtype="<f4").tobytes()
    (tmp_path / "m.safetensors").write_bytes(one_tensor("F32", [2, 2], data))
    text = '[network]\nfamily = "asymmetric-rnn"\nR1 = "m.safetensors:rnn.weight"\n'
    problem = load_text(text, tmp_path)
    assert problem.arrays["R1"].fractions() == [[0, 1], [Fraction(1, 2), 0]]
    with pytest.raises(InputError) as error:
        load_text(text.replace("weight", "bias"), tmp_path, "net.toml")
    assert str(error.value).startswith("net.toml: network.R1: m.safetensors:rnn.bias: no array 'rnn.bias'")
