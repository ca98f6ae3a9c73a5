"""Names and texts from specs, bundles and runs reach a console, JSON and LaTeX without a character that acts on it."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import commands
import pytest

from proofgen.api import render_directory
from proofgen.batch.packing import pack
from proofgen.bundle.disk import manifest_bytes
from proofgen.check import check_path, table
from proofgen.command.terminal import output, print_json
from proofgen.errors import InputError, printable
from proofgen.spec.load import load

GOOD = Path(__file__).resolve().parents[1] / "certificates" / "good"
EQUATIONS = Path(__file__).resolve().parents[2] / "proofs" / "certificates" / "van-der-pol"
NASTY = "a\x1b[31m\u202eb\ud800\n\x9b[red]:smile:\x07\u2066\u2028c"
SPEC = """
title = "TITLE"
[network]
family = "asymmetric-rnn"
R1 = [[0.1, 0.9, 0.2], [-0.4, 0.3, 0.7], [0.1, -0.2, 0.5]]
R2 = [[0.1, 0.2, -0.1], [0.05, -0.2, 0.1], [0.3, 0.1, 0.05]]
"""


def run(*arguments: object, cwd: Path, encoding: str = "utf-8") -> tuple[int, str, str]:
    """Exit code, stdout, stderr of the command; both are text of the encoding without a character that acts."""
    done = commands.run(*arguments, cwd=cwd, encoding=encoding)
    for text in (done.stdout, done.stderr):
        assert all(c.isprintable() for c in text.replace("\n", "")), text
        assert "Traceback" not in text
    return done.returncode, done.stdout, done.stderr


def edit(root: Path, name: str, change: Callable[[Any], object]) -> None:
    """Change a document of a bundle; its digests are made right again, as a forger would."""
    import hashlib

    value = json.loads((root / name).read_text(encoding="utf-8"))
    change(value)
    (root / name).write_text(json.dumps(value))
    digest = hashlib.sha256((root / "problem.json").read_bytes()).hexdigest()
    for path in [root / "branch.json", *(root / "points").glob("*.json")]:
        document = json.loads(path.read_text())
        document["problem"]["sha256"] = digest
        path.write_text(json.dumps(document))
    files = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    listed = {name: (root / name).read_bytes() for name in files if name != "MANIFEST.sha256"}
    (root / "MANIFEST.sha256").write_bytes(manifest_bytes(listed))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """In a directory with a name that acts on a terminal."""
    root = Path(shutil.copytree(GOOD / "n6-seed80", tmp_path / os.fsdecode(b"b\x1b[31m\xe2\x80\xae\xff\n[red]:smile:")))
    for name in ("summary.json", "problem.json"):
        edit(root, name, lambda p: p.update(title=NASTY))
    return root


def refused(root: Path) -> None:
    """By both that read bundles; in this process, for speed."""
    with pytest.raises(InputError) as raised:
        render_directory(root)
    assert str(raised.value).isprintable()
    report = check_path(root)
    assert report.exit_code in (1, 3) and table(report).replace("\n", "").isprintable()


def test_what_is_visible_stays_and_the_rest_is_escaped() -> None:
    assert printable("γ = 1, ω ℓ1 é 日 א") == "γ = 1, ω ℓ1 é 日 א"
    assert printable(NASTY) == r"a\x1b[31m\u202eb\ud800\n\x9b[red]:smile:\x07\u2066\u2028c"
    assert printable("".join(map(chr, range(0x110000)))).isprintable()
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in printable(NASTY))


def test_errors_are_one_line_of_visible_text() -> None:
    error = InputError(f"expected {NASTY}", source=NASTY, key=NASTY, value=[NASTY, {NASTY: 1}])
    for text in (str(error), str(error.within()), str(InputError("x", value=NASTY))):
        assert text.isprintable() and "\\x1b[31m" in text
    assert str(InputError("expected γ", key="ω", value="é")) == "ω: got 'é': expected γ"


def test_the_console_shows_text_as_it_is() -> None:
    """Neither markup nor emoji; strings in tables too."""
    from rich.table import Table

    table = Table(NASTY, box=None)
    table.add_row(NASTY)
    with output.capture() as captured:
        output.print(NASTY, soft_wrap=True)
        output.print(table, width=200)
    lines = captured.get().splitlines()
    assert [line.strip() for line in lines] == [printable(NASTY)] * 3


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "cp437"])
def test_json_is_json_in_every_encoding(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    document = {NASTY: [NASTY, "γ é 😀 \x85\x7f", 1]}
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict")
    monkeypatch.setattr(sys, "stdout", stream)
    print_json(document)
    stream.flush()
    monkeypatch.undo()
    text = stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]
    assert json.loads(text) == document
    assert text.replace("\n", "").isprintable()
    assert ("é" in text) == (encoding != "ascii") and ("γ" in text) == (encoding == "utf-8")


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_check(bundle: Path, tmp_path: Path, as_json: tuple[str, ...]) -> None:
    code, out, _ = run("check", bundle, *as_json, cwd=tmp_path)
    assert code == 0
    if as_json:
        assert json.loads(out)["reports"][0]["title"] == NASTY
    else:
        assert r"a\x1b[31m\u202eb\ud800\n" in out


@pytest.mark.parametrize("as_json", [(), ("--json",)])
@pytest.mark.parametrize("suffix", [".zip", ".tar.zst"])
def test_check_of_packed_bundles(bundle: Path, tmp_path: Path, suffix: str, as_json: tuple[str, ...]) -> None:
    files = {path.relative_to(bundle).as_posix(): path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    packed = tmp_path / f"{bundle.name}{suffix}"
    packed.write_bytes(pack(files, suffix))
    assert run("check", packed, *as_json, cwd=tmp_path)[0] == 0
    if suffix == ".zip":  # pack refuses nothing, but zip names are text
        with zipfile.ZipFile(packed, "a") as archive:
            archive.writestr("points/\x1b[31m\u202e\n.json", b"{}")
    else:
        packed.write_bytes(pack({**files, "points/\x1b[31m\u202e\n.json": b"{}"}, suffix))
    code, out, err = run("check", packed, *as_json, cwd=tmp_path)
    assert code == 2 and r"\x1b[31m\u202e\n" in (json.loads(out)["reports"][0]["usage"] if as_json else err)


def test_check_of_files_with_such_names(bundle: Path, tmp_path: Path) -> None:
    shutil.copy(bundle / "points/hopf-0001.json", bundle / "points" / os.fsdecode(b"\x1b[31m\xe2\x80\xae\xff\n.json"))
    for options in ([], ["--json"], ["--reading"]):
        assert run("check", bundle, *options, cwd=tmp_path)[0] in (1, 3)
    name = bundle / "points" / os.fsdecode(b"\x1b[31m\xe2\x80\xae\xff\n.json")
    assert run("check", name, cwd=tmp_path)[0] in (1, 3)


def test_render(bundle: Path, tmp_path: Path) -> None:
    code, out, _ = run("render", bundle, cwd=tmp_path)
    assert code == 0 and r"\x1b[31m\u202e" in out
    for path in bundle.rglob("*.tex"):
        text = path.read_bytes().decode("ascii")
        assert text.replace("\n", "").isprintable()
    assert "[U+D800]" in (bundle / "summary.tex").read_text()


@pytest.mark.parametrize("change", [
    lambda p: p.update(variables=[NASTY, "y"]), lambda p: p.update(equations=[f"y{NASTY}", "x"]),
    lambda p: p["parameter"].update(name=NASTY), lambda p: p.update({NASTY: 1}),
    lambda p: p.update(constants=[{"name": NASTY, "expression": NASTY}]), lambda p: p.update(format=NASTY),
])  # fmt: skip
def test_names_of_equations(tmp_path: Path, change: Callable[[Any], object]) -> None:
    root = Path(shutil.copytree(EQUATIONS, tmp_path / "bundle"))
    edit(root, "problem.json", change)
    refused(root)


@pytest.mark.parametrize("change", [
    lambda p: p["layers"][0].update(activation=NASTY), lambda p: p["layers"][0].update(bias=NASTY),
    lambda p: p["arrays"].update({NASTY: {"entries": [[NASTY]]}}), lambda p: p.update(weight_radius={NASTY: NASTY}),
    lambda p: p["layers"][0]["weights"].append({"coefficient": NASTY, "matrix": NASTY, "transpose": False}),
])  # fmt: skip
def test_names_of_networks(bundle: Path, change: Callable[[Any], object]) -> None:
    edit(bundle, "problem.json", change)
    refused(bundle)


TEXTS = [
    SPEC.replace("TITLE", r"a\u001b[31m\u202e"), SPEC + '"\\u001b[31m\\u202e\\n" = 1\n', SPEC + 'leak = "\\u001b[31m"\n',
    SPEC + 'activation = "\\u001b[31m\\u202e\\n"\n', SPEC + "\x1b[31m", SPEC + "# \u202e\nx = [\u202e",
    SPEC + 'bias = "\\u001b[31m\\u202e\\n.npy"\n', SPEC + 'bias = "a.npz:\\u001b[31m\\u202e"\n',
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_prove_of_bad_specs(tmp_path: Path, text: str) -> None:
    name = os.fsdecode(b"s\x1b[31m\xe2\x80\xae\xff\n[red]:smile:.toml")
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load(tmp_path / name)
    assert str(raised.value).isprintable()
    if text == TEXTS[0]:
        code, out, err = run("prove", name, "--json", cwd=tmp_path)
        assert code == 2 and not out and err.count("\n") == 1
        assert err.startswith(r"proofgen: s\x1b[31m\u202e\udcff\n[red]:smile:.toml: ")


def test_prove_and_derive_of_a_file_with_such_a_name(tmp_path: Path) -> None:
    name = os.fsdecode(b"s\x1b[31m\xe2\x80\xae\xff\n[red]:smile:.toml")
    (tmp_path / name).write_text(SPEC.replace("TITLE", "γ [red] :smile: é"), encoding="utf-8")
    code, out, _ = run("prove", name, "--no-check", cwd=tmp_path)
    assert code == 0 and out.startswith("γ [red] :smile: é\n")
    code, out, _ = run("prove", name, "--no-check", "--json", cwd=tmp_path, encoding="latin-1")
    assert code == 0 and json.loads(out)["title"] == "γ [red] :smile: é"
    assert run("derive", name, cwd=tmp_path)[0] == run("emit", name, cwd=tmp_path)[0] == 0
