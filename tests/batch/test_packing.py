"""Packed bundles: nothing is lost, nothing depends on time, and nothing in a hostile archive reaches the disk."""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import tarfile
import warnings
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from proofgen.batch import packing
from proofgen.batch.packing import content_digest, pack, unpack, unpacked
from proofgen.errors import InputError

NAMES = st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,8}(/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,8}){0,3}", fullmatch=True)
CONTENTS = st.dictionaries(NAMES, st.binary(max_size=300), max_size=8)


@pytest.mark.parametrize("suffix", packing.SUFFIXES)
@given(contents=CONTENTS)
def test_unpacking_gives_back_what_was_packed(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, contents: dict[str, bytes]
) -> None:
    path = tmp_path_factory.mktemp("pack") / f"a{suffix}"
    path.write_bytes(pack(contents, suffix))
    assert unpack(path) == contents
    assert pack(dict(reversed(contents.items())), suffix) == path.read_bytes()  # neither order nor time matter


@given(contents=CONTENTS, path=NAMES, data=st.binary(max_size=5))
def test_the_digest_is_of_the_contents(contents: dict[str, bytes], path: str, data: bytes) -> None:
    changed = {**contents, path: data}
    assert (content_digest(changed) == content_digest(contents)) == (changed == contents)


def zip_of(*entries: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for info, data in members:
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return zstandard.ZstdCompressor().compress(buffer.getvalue())


def link(name: str) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return info


def hard_link(name: str) -> tarfile.TarInfo:
    info = link(name)
    info.type = tarfile.LNKTYPE
    return info


def sparse_tar() -> bytes:
    """A member that says it is 8 GiB of holes."""
    info = tarfile.TarInfo("a")
    info.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "a",
                        "GNU.sparse.realsize": str(8 << 30)}  # fmt: skip
    info.size = 512
    data = info.tobuf(tarfile.PAX_FORMAT) + b"1\n0\n1\n".ljust(512, b"\0") + bytes(1024)
    return zstandard.ZstdCompressor().compress(data)


def lying_zip() -> bytes:
    """A stored entry whose header states a smaller size than there is."""
    data = bytearray(zip_of(("a", b"x" * 100)))
    end = data.rindex(b"PK\x01\x02")
    data[end + 24 : end + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def twice_zip() -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile knows that this is odd
        return zip_of(("a", b"x"), ("a", b"y"))


HOSTILE = {
    "leaves.zip": zip_of(("../evil", b"x")),
    "absolute.zip": zip_of(("/evil", b"x")),
    "windows.zip": zip_of(("a\\..\\evil", b"x")),
    "hidden.zip": zip_of((".bashrc", b"x")),
    "deep.zip": zip_of(("a/b/c/d/e", b"x")),
    "twice.zip": twice_zip(),
    "directory.zip": zip_of(("a/", b"")),
    "lying.zip": lying_zip(),
    "bzip2.zip": zip_of(("a", b"x"), method=zipfile.ZIP_BZIP2),
    "lzma.zip": zip_of(("a", b"x" * 1000), method=zipfile.ZIP_LZMA).replace(b"\x5d\x00\x00\x80\x00", b"\xff" * 5),
    "cut.zip": zip_of(("a", b"x" * 1000))[:-30],
    "nothing.zip": b"",
    "no-zip.zip": b"PK\x03\x04" + b"\0" * 50,
    "leaves.tar.zst": tar_of((tarfile.TarInfo("../evil"), b"x")),
    "absolute.tar.zst": tar_of((tarfile.TarInfo("/evil"), b"x")),
    "nested.tar.zst": tar_of((tarfile.TarInfo("arrays/../../evil"), b"x")),
    "hard-link.tar.zst": tar_of((hard_link("a"), b"")),
    "sparse.tar.zst": sparse_tar(),
    "link.tar.zst": tar_of((link("a"), b"")),
    "twice.tar.zst": tar_of((tarfile.TarInfo("a"), b"x"), (tarfile.TarInfo("a"), b"y")),
    "cut.tar.zst": tar_of((tarfile.TarInfo("a"), b"x" * 1000))[:-20],
    "nothing.tar.zst": b"",
    "no-tar.tar.zst": zstandard.ZstdCompressor().compress(b"x" * 2000),
    "no-zst.tar.zst": b"x" * 2000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_archives(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name])
    with pytest.raises(InputError, match=name):
        unpack(path)
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("suffix", packing.SUFFIXES)
def test_bombs(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "MAX_TOTAL", 10**6)
    path = tmp_path / f"a{suffix}"
    path.write_bytes(pack({"a": bytes(10**6 - 10**5)}, suffix))
    assert len(unpack(path)["a"]) == 9 * 10**5
    path.write_bytes(pack({"a": bytes(6 * 10**5), "b": bytes(6 * 10**5)}, suffix))
    with pytest.raises(InputError):
        unpack(path)
    monkeypatch.setattr(packing, "MAX_FILES", 3)
    path.write_bytes(pack(dict.fromkeys("abcd", b""), suffix))
    with pytest.raises(InputError, match="larger than a bundle may be"):
        unpack(path)


def test_writing_out_refuses_other_paths(tmp_path: Path) -> None:
    with unpacked({"points/a.json": b"1"}) as directory:
        assert (directory / "points/a.json").read_bytes() == b"1"
    assert not directory.exists()
    with pytest.raises(InputError, match="not a path of a bundle"), unpacked({"../a": b"1"}):
        pass


def zeros_zip(sizes: list[int]) -> bytes:
    """Members that unpack to so many zero bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, size in enumerate(sizes):
            with archive.open(f"arrays/a{number}.npy", "w", force_zip64=True) as member:
                for _ in range(size >> 20):
                    member.write(bytes(1 << 20))
    return buffer.getvalue()


def zeros_tar(size: int) -> bytes:
    """One member of so many zero bytes, without a stated size of the frame."""
    info = tarfile.TarInfo("arrays/a.npy")
    info.size = size
    compressor = zstandard.ZstdCompressor(level=1).compressobj()
    parts = [compressor.compress(info.tobuf()), *(compressor.compress(bytes(1 << 20)) for _ in range(size >> 20))]
    return b"".join([*parts, compressor.flush()])


def many_zip(count: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(count):
            archive.writestr(f"points/p{number}.json", b"")
    return buffer.getvalue()


def understated_zip() -> bytes:
    """2 GiB of zeros, of which the directory says that they are 10 bytes."""
    data = bytearray(zeros_zip([2 << 30]))
    where = data.rindex(b"PK\x01\x02")
    data[where + 24 : where + 28] = (10).to_bytes(4, "little")
    return bytes(data)


BOMBS = {
    "large.zip": lambda: zeros_zip([3 << 30]), "sum.zip": lambda: zeros_zip([200 << 20] * 3), "understated.zip": understated_zip,
    "many.zip": lambda: many_zip(packing.MAX_FILES + 1), "large.tar.zst": lambda: zeros_tar(3 << 30),
    "header.tar.zst": lambda: zstandard.ZstdCompressor().compress(pax_header(3 << 30)),
}  # fmt: skip


def pax_header(size: int) -> bytes:
    """A header block of tar that announces a name of so many bytes."""
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, size
    return info.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 20)


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_bombs_of_full_size_end_in_one_line_within_a_gigabyte(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (1 << 30, 1 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (60, 61))

    command = [sys.executable, "-m", "proofgen", "check", str(path)]
    done = subprocess.run(command, capture_output=True, preexec_fn=limited, check=False)
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1 and name.encode() in done.stderr, done.stderr[-2000:]
    assert any(word in done.stderr for word in (b"larger than a bundle may be", b"damaged", b"another size"))
    done = subprocess.run([*command, "--json"], capture_output=True, preexec_fn=limited, check=False)
    assert done.returncode == 2 and json.loads(done.stdout)["exit_code"] == 2
