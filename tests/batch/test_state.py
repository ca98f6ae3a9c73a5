"""States and locks: killed, damaged, from elsewhere."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock
from runs import go, snapshot, write_run

from proofgen.batch.lock import is_locked, locked, owner
from proofgen.batch.status import run_status
from proofgen.errors import InputError


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 15 networks that was never interrupted."""
    directory = tmp_path_factory.mktemp("whole")
    go(write_run(directory), directory / "out")
    return directory / "out"


def forge(out: Path, statement: str, *values: str) -> None:
    with contextlib.closing(sqlite3.connect(out / "state.sqlite")) as connection:
        connection.execute(statement, values)
        connection.commit()


@pytest.mark.parametrize("path", ["../home", "networks/tanh/0001/home"])
def test_nothing_outside_is_removed(tmp_path: Path, whole: Path, path: str) -> None:
    """A state from elsewhere cannot make --resume remove what is not a bundle of the run, nor through links."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copytree(whole, tmp_path / "out")
    (tmp_path / "out/networks/tanh/0001").symlink_to(tmp_path)
    forge(tmp_path / "out", "UPDATE items SET name = 'gone', path = ? WHERE name = 'tanh-000001'", path)
    go(write_run(tmp_path), tmp_path / "out", resume=True)
    assert home.is_dir()
    (tmp_path / "out/networks/tanh/0001").unlink()
    assert snapshot(tmp_path / "out") == snapshot(whole)


def test_links_are_not_followed(tmp_path: Path, whole: Path) -> None:
    for name in ("lock.json", ".points.csv.tmp"):
        (tmp_path / "mine").write_text("mine")
        shutil.copytree(whole, tmp_path / "out", dirs_exist_ok=True)
        (tmp_path / "out" / name).symlink_to(tmp_path / "mine")
        go(write_run(tmp_path), tmp_path / "out", resume=True)
        assert (tmp_path / "mine").read_text() == "mine"
    shutil.move(tmp_path / "out/networks", tmp_path / "networks")
    (tmp_path / "out/networks").symlink_to(tmp_path / "networks")
    with pytest.raises(InputError, match="networks: is a link; expected a directory of the run"):
        go(write_run(tmp_path), tmp_path / "out", resume=True)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE facts SET value = '7' WHERE name = 'version'", "written by another version of proofgen; expected 1"),
        ("UPDATE facts SET value = '{' WHERE name = 'total'", "could not be read or written"),
        ("UPDATE sessions SET facts = '{}'", "not as a run writes it"),
        ("UPDATE items SET record = '[]'", "could not be read or written"),
        ("UPDATE items SET record = '{'", "could not be read or written"),
        ("DROP TABLE items", "could not be read or written"),
    ],
)
def test_odd_states(tmp_path: Path, whole: Path, statement: str, reason: str) -> None:
    shutil.copytree(whole, tmp_path / "out")
    forge(tmp_path / "out", statement)
    with pytest.raises(InputError, match=rf"state\.sqlite: {reason}"):
        run_status(tmp_path / "out")


@pytest.mark.parametrize("size", [0, 100, 5000])
def test_truncated_states(tmp_path: Path, whole: Path, size: int) -> None:
    """One message, or the run is made again from nothing."""
    shutil.copytree(whole, tmp_path / "out")
    os.truncate(tmp_path / "out/state.sqlite", size)
    try:
        go(write_run(tmp_path), tmp_path / "out", resume=True)
    except InputError as error:
        assert "state.sqlite: could not be read or written" in str(error) and size > 0
    else:
        assert snapshot(tmp_path / "out") == snapshot(whole)


def test_status_after_a_kill_in_the_middle_of_a_commit(tmp_path: Path, whole: Path) -> None:
    """What the killed process left in the journal is rolled back."""
    shutil.copytree(whole, tmp_path / "out")
    script = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('PRAGMA cache_size = 1');"
        "[c.execute('INSERT INTO facts VALUES (?, ?)', (str(k), 'x' * 1000)) for k in range(100)]; os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "out/state.sqlite")], check=False)
    assert (tmp_path / "out/state.sqlite-journal").stat().st_size > 0
    assert run_status(tmp_path / "out")["runs"][0]["done"] == 15


def test_a_run_starts_while_others_look_at_it(tmp_path: Path) -> None:
    looking = FileLock(tmp_path / "lock", thread_local=False)
    looking.acquire()
    assert is_locked(tmp_path)
    threading.Timer(0.1, looking.release).start()
    with locked(tmp_path):
        pass


@pytest.mark.parametrize("text", ["[" * 10_000, '{"pid": 1e999, "host": "h", "since": 0}', '{"pid": 1, "host": "h", "since": 1e300}'])
def test_odd_owners(tmp_path: Path, text: str) -> None:
    (tmp_path / "lock.json").write_text(text)
    assert owner(tmp_path) is None


def test_an_owner_that_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lock.json")
    assert owner(tmp_path) is None


def test_the_state_of_a_run_that_may_not_be_locked(tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: object, **options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("proofgen.batch.lock.FileLock", refused)
    assert run_status(whole)["runs"][0]["state"] == "finished"
