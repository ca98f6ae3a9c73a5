"""Templates that another process has compiled: used where they are the same, never where they are not."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from proofgen import compiled_templates
from proofgen.codegen.environment import python_environment
from proofgen.latex.documents import environment
from proofgen.resources import templates_directory


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Templates of one's own, and Python that may write what it has compiled."""
    monkeypatch.setattr(compiled_templates, "templates_directory", lambda: tmp_path)
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr("sys.pycache_prefix", None)
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "a.tex.jinja").write_text("one {{ x }}", encoding="utf-8")
    return tmp_path / "own"


def rendered(**options: object) -> str:
    return compiled_templates.template_environment("own", **options).get_template("a.tex.jinja").render(x=1)


def compiled(folder: Path) -> list[Path]:
    return sorted((folder / "__pycache__").glob("*"))


def test_a_template_is_compiled_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rendered() == "one 1" and len(compiled(folder)) == 1
    monkeypatch.setattr(jinja2.Environment, "compile", lambda *arguments, **options: pytest.fail("compiled again"))
    assert rendered() == "one 1"


def test_another_source_and_other_options_are_compiled_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert rendered() == "one 1"
    assert rendered(variable_start_string="<<", variable_end_string=">>") == "one {{ x }}"
    (folder / "a.tex.jinja").write_text("two {{ x }}", encoding="utf-8")
    assert rendered() == "two 1"
    monkeypatch.setattr(jinja2, "__version__", "another")
    before = compiled(folder)[0].read_bytes()
    assert rendered() == "two 1" and compiled(folder)[0].read_bytes() != before


@pytest.mark.parametrize("damage", [b"", b"x", "half"])
def test_a_damaged_file_is_compiled_again(folder: Path, damage: bytes | str) -> None:
    assert rendered() == "one 1"
    file = compiled(folder)[0]
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2] if isinstance(damage, str) else damage)
    assert rendered() == "one 1" and file.read_bytes() == data


def test_nothing_is_written_where_python_writes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert rendered() == "one 1" and not (folder / "__pycache__").exists()
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    (folder / "__pycache__").write_text("no folder", encoding="utf-8")
    assert rendered() == "one 1"


def test_nothing_of_a_template_is_computed_when_it_is_compiled() -> None:
    """Else what is compiled would depend on filters and on how texts are escaped, not on its source alone."""
    for folder, made in (("latex", environment()), ("evaluator", python_environment())):
        for path in sorted((templates_directory() / folder).rglob("*.jinja")):
            for found in made.parse(path.read_text(encoding="utf-8")).find_all((nodes.Output, nodes.Filter, nodes.Call)):
                if isinstance(found, nodes.Output):
                    assert not any(isinstance(node, nodes.Const) for node in found.nodes), path
                    continue
                with pytest.raises(nodes.Impossible):
                    found.as_const()
