"""Where bundles go: whole or not at all, and nothing of anybody else is written over or lost."""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

import pytest
from commands import run
from folders import snapshot
from networks import PAPER, paper
from ordinary import some

from proofgen import api
from proofgen.bundle import disk, place
from proofgen.documents import render_directory
from proofgen.errors import InputError
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove

SMALL = {"problem.json": b"{}", "branch.json": b"{}", "summary.tex": b"text", "points/hopf-0001.tex": b"x"}


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    """Of two networks, the second with fewer points."""
    return {name: prove(paper(name)) for name in ("n6-seed80", "n4-seed80")}


def stable(directory: Path) -> dict[str, bytes]:
    return {name: data for name, data in snapshot(directory).items() if name != "summary.json"}


@pytest.mark.parametrize("here", [False, True])
def test_an_older_bundle_is_replaced_whole(
    results: dict[str, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: bool
) -> None:
    """Its PDFs, its notes of Coq and its further points go; also where a shell stands in it."""
    out = tmp_path / "out"
    api.render(results["n6-seed80"], out)
    for name in ("summary.pdf", "points/hopf-0003.pdf", "points/hopf-0001.pdf", "coq.json"):
        (out / name).write_bytes(b"old")
    if here:
        monkeypatch.chdir(out)
    api.render(results["n4-seed80"], Path(".") if here else out)
    api.render(results["n4-seed80"], tmp_path / "fresh")
    assert stable(out) == stable(tmp_path / "fresh")
    assert disk.manifest_holds(out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fresh", "out"]
    assert not [name for name in os.listdir(out) if name.startswith(".")]


def test_a_link_to_a_bundle_stays_a_link(results: dict[str, Result], tmp_path: Path) -> None:
    api.render(results["n6-seed80"], tmp_path / "real")
    (tmp_path / "link").symlink_to("real")
    api.render(results["n4-seed80"], tmp_path / "link")
    assert (tmp_path / "link").is_symlink() and not (tmp_path / "real/points/hopf-0003.json").exists()


@pytest.mark.parametrize(
    ("name", "command"),
    some(product(["notes.txt", "points/mine.json", "points/notes/a.txt", "summary.aux", ".hidden"],
                 ["prove", "prove --resume", "prove --largest-radius"]), 5),
)  # fmt: skip
def test_a_file_of_somebody_else(results: dict[str, Result], tmp_path: Path, name: str, command: str) -> None:
    api.render(results["n4-seed80"], tmp_path / "out")
    (tmp_path / "out" / name).parent.mkdir(exist_ok=True)
    (tmp_path / "out" / name).write_text("mine")
    before = snapshot(tmp_path)
    verb, *options = command.split()
    done = run(verb, PAPER / "n4-seed80.toml", "--out", "out", *options, cwd=tmp_path)
    first = "points/notes" if name.startswith("points/notes") else name
    assert done.returncode == 2 and f"out/{first}: --out: is not of a bundle" in done.stderr, done.stderr
    assert snapshot(tmp_path) == before


def test_a_directory_that_never_was_a_bundle(results: dict[str, Result], tmp_path: Path) -> None:
    """Also one with a list of digests, which `sha256sum` prints in the form of a manifest."""
    mine = tmp_path / "mine"
    mine.mkdir()
    for names in (["thesis.tex"], ["thesis.tex", "problem.json", "branch.json"]):
        for name in names:
            (mine / name).write_bytes(b"years of work")
        (mine / disk.MANIFEST).write_bytes(disk.manifest_bytes(dict.fromkeys(names, b"years of work")))
        before = snapshot(tmp_path)
        with pytest.raises(InputError, match="is not of a bundle"):
            api.render(results["n4-seed80"], mine)
        assert snapshot(tmp_path) == before
    (tmp_path / "empty").mkdir()
    api.render(results["n4-seed80"], tmp_path / "empty")
    assert disk.manifest_holds(tmp_path / "empty")


def test_links_in_a_bundle_are_somebody_elses(results: dict[str, Result], tmp_path: Path) -> None:
    api.render(results["n4-seed80"], tmp_path / "out")
    (tmp_path / "out/evaluator.py").rename(tmp_path / "mine.py")
    (tmp_path / "out/evaluator.py").symlink_to("../mine.py")
    with pytest.raises(InputError, match=r"evaluator\.py: out: is not of a bundle"):
        api.render(results["n4-seed80"], tmp_path / "out")
    assert (tmp_path / "mine.py").is_file()


@pytest.mark.parametrize("writer", ["prove", "render"])
def test_an_edited_document_is_not_written_over(results: dict[str, Result], tmp_path: Path, writer: str) -> None:
    out = tmp_path / "out"
    api.render(results["n4-seed80"], out)
    (out / "summary.tex").write_text("my own words")
    with pytest.raises(InputError, match=r"summary\.tex.*was changed since proofgen wrote it"):
        render_directory(out) if writer == "render" else api.render(results["n4-seed80"], out)
    assert (out / "summary.tex").read_text() == "my own words"


def test_render_leaves_what_is_not_its_own(results: dict[str, Result], tmp_path: Path) -> None:
    out = tmp_path / "out"
    api.render(results["n4-seed80"], out)
    (out / "notes.txt").write_text("mine")
    for name in ("summary.pdf", "points/hopf-0001.pdf"):
        (out / name).write_bytes(b"compiled")
    render_directory(out)
    assert (out / "summary.pdf").exists()  # the documents are the same
    render_directory(out, api.Layout(style="interval"))
    assert not (out / "summary.pdf").exists() and not (out / "points/hopf-0001.pdf").exists()
    assert (out / "notes.txt").read_text() == "mine" and disk.manifest_holds(out)
    (out / "summary-body.tex").write_text("mine")
    with pytest.raises(InputError, match=r"summary-body\.tex: is not of a bundle"):
        render_directory(out, api.Layout(style="interval", bodies=True))
    assert (out / "summary-body.tex").read_text() == "mine"


@pytest.mark.parametrize("here", [False, True])
def test_a_full_disk_leaves_the_old_bundle(
    results: dict[str, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: bool
) -> None:
    out = tmp_path / "out"
    api.render(results["n6-seed80"], out)
    before, write = snapshot(out), Path.write_bytes

    def failing(path: Path, data: bytes) -> int:
        if path.name == "branch.json":
            raise OSError(28, "No space left on device", str(path))
        return write(path, data)

    if here:
        monkeypatch.chdir(out)
    monkeypatch.setattr(Path, "write_bytes", failing)
    with pytest.raises(InputError, match="No space left"):
        api.render(results["n4-seed80"], out)
    assert snapshot(out) == before and [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_old_bundle_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the new one cannot take its name."""
    place.write_bundle(tmp_path / "out", SMALL)
    before, rename = snapshot(tmp_path), os.rename

    def failing(source: Path, target: Path) -> None:
        if Path(target).name == "out" and ".old" not in Path(source).name:
            raise KeyboardInterrupt
        rename(source, target)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(KeyboardInterrupt):
        place.write_bundle(tmp_path / "out", SMALL | {"summary.tex": b"new"})
    assert snapshot(tmp_path) == before


def test_a_file_that_comes_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write_bundle(tmp_path / "out", SMALL)
    write = Path.write_bytes

    def meanwhile(path: Path, data: bytes) -> int:
        write(tmp_path / "out" / "notes.txt", b"mine")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", meanwhile)
    with pytest.raises(InputError, match=r"notes\.txt: out: is not of a bundle"):
        place.write_bundle(tmp_path / "out", SMALL | {"summary.tex": b"new"})
    assert (tmp_path / "out/notes.txt").read_bytes() == b"mine" and (tmp_path / "out/summary.tex").read_bytes() == b"text"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_goes_with_its_last_file(tmp_path: Path) -> None:
    place.write_bundle(tmp_path, SMALL | {"figures/a.pdf": b"x"})
    place.update_bundle(tmp_path, {}, lambda path: path.startswith("figures/"))
    assert not (tmp_path / "figures").exists() and (tmp_path / "points").exists()


def test_every_network_of_the_paper_has_a_place(tmp_path: Path) -> None:
    """Looked at before the first is proved."""
    (tmp_path / "all/n6-seed90").mkdir(parents=True)
    (tmp_path / "all/n6-seed90/notes.txt").write_text("mine")
    done = run("paper", "--out", "all", cwd=tmp_path)
    assert done.returncode == 2 and "all/n6-seed90/notes.txt: --out: is not of a bundle" in done.stderr
    assert list(snapshot(tmp_path)) == ["all/n6-seed90/notes.txt"]


# Where a rejected bundle goes -----------------------------------------------------------------------


def written(out: Path) -> dict[str, bytes]:
    place.write_bundle(out, SMALL | {"points/hopf-0001.json": b"{}", "summary.json": b"{}"})
    return snapshot(out)


def test_set_aside_takes_only_the_bundle(tmp_path: Path) -> None:
    files = written(tmp_path / "out")
    (tmp_path / "out" / "notes.txt").write_text("mine")
    (tmp_path / "out.rejected").write_text("also mine")
    aside = place.set_aside(tmp_path / "out")
    assert aside == tmp_path / "out.rejected-2" and snapshot(aside) == files
    assert snapshot(tmp_path / "out") == {"notes.txt": b"mine"}
    assert (tmp_path / "out.rejected").read_text() == "also mine"


@pytest.mark.parametrize("kind", ["link", "working directory"])
def test_set_aside_moves_no_folder_of_the_user(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = written(tmp_path / "real")
    out = tmp_path / "real"
    if kind == "link":
        out = tmp_path / "link"
        out.symlink_to("real")
    else:
        monkeypatch.chdir(out)
        out = Path(".")
    aside = place.set_aside(out)
    assert snapshot(aside) == files and not snapshot(tmp_path / "real")
    assert (tmp_path / "real").is_dir() and aside.parent == tmp_path


def test_set_aside_where_nothing_can_be_made_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = written(tmp_path / "out")
    (tmp_path / "temporary").mkdir()
    make = os.mkdir

    def beside(place: Path, *arguments: int) -> None:
        if place.parent == tmp_path:
            raise PermissionError(13, "Permission denied")
        make(place, *arguments)

    monkeypatch.setattr(place.os, "rename", lambda out, place: beside(place))
    monkeypatch.setattr(place.os, "mkdir", beside)
    monkeypatch.setattr(place.tempfile, "mkdtemp", lambda prefix: str(tmp_path / "temporary"))
    monkeypatch.setattr(place.shutil, "move", os.replace)
    assert place.set_aside(tmp_path / "out") == tmp_path / "temporary"
    assert snapshot(tmp_path / "temporary") == files and not snapshot(tmp_path / "out")
