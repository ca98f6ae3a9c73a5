"""The documentation: its tutorials do what they say, and the site is built without a broken link."""

from __future__ import annotations

import contextlib
import importlib.util
import re
import subprocess
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest
from commands import run, shorter
from ordinary import some

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "proofs" / "docs"
_BLOCK = re.compile(r'^```(\w+)(?: title="([\w.-]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[str, str, str]]:
    """(language, title, text), files before what uses them."""
    found = [(match[1], match[2] or "", match[3]) for match in _BLOCK.finditer(page.read_text("utf-8"))]
    return sorted(found, key=lambda block: block[0] != "toml")


def even(lines: list[str]) -> list[str]:
    """Tables have columns as wide as what stands in them, and numbers as many digits as LAPACK allows."""
    return [shorter(line) for line in lines if line.strip()]


def matches(expected: list[str], said: list[str]) -> bool:
    """Line by line; … stands for anything in a line, and alone for any lines."""
    if not expected:
        return not said
    if expected[0] == "…":
        return any(matches(expected[1:], said[k:]) for k in range(len(said) + 1))
    pattern = ".*".join(map(re.escape, expected[0].split("…")))
    return bool(said) and re.fullmatch(pattern, said[0]) is not None and matches(expected[1:], said[1:])


def test_what_matches() -> None:
    assert matches(["a", "…", "b … d"], ["a", "x", "y", "b c d"]) and matches(["…"], [])
    assert not matches(["a"], ["a", "b"]) and not matches(["a", "…", "b"], ["a", "c"]) and not matches(["b"], [])


@pytest.mark.parametrize("name", some(["index", "tutorials/paper", "tutorials/network", "tutorials/trained", "tutorials/equations", "tutorials/two-parameters", "tutorials/referee", "tutorials/run"], 0, ["index", "tutorials/equations"]))
def test_the_blocks_of_a_page_run(name: str, tmp_path: Path) -> None:
    found, names = blocks(DOCS / f"{name}.md"), dict[str, object]()
    assert found
    with contextlib.chdir(tmp_path):
        for language, title, text in found:
            if language == "toml":
                tomllib.loads(text)
                Path(title).write_text(text, encoding="utf-8")
            elif language == "python":
                exec(compile(text, f"{name}.md", "exec"), names)
            else:
                assert language == "console"
                for part in re.split(r"^\$ proofgen ", text, flags=re.MULTILINE)[1:]:
                    command, *expected = part.rstrip().splitlines()
                    done = run(*command.split(), cwd=tmp_path)
                    assert done.returncode == 0, done.stderr
                    assert matches(even(expected), even(done.stdout.splitlines())), done.stdout


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links, self.loaded, self.ids = list[str](), list[str](), set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids |= {value for key in ("id", "name") if (value := found.get(key))}
        if (link := found.get("href")) and tag == "a":
            self.links.append(link)
        for key, tags in (("src", ("img", "script")), ("href", ("link",))):
            if tag in tags and (link := found.get(key)) and found.get("rel") != "canonical":
                self.loaded.append(link)


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("mkdocstrings") is None, reason="needs the extra docs")
def test_the_site(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", ROOT / ".mkdocs.yml", "--site-dir", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = {path: _Links() for path in tmp_path.rglob("*.html")}
    for path, links in pages.items():
        links.feed(path.read_text("utf-8"))
    assert {"index.html", "reference/undecided.html", "reference/python.html"} <= {path.relative_to(tmp_path).as_posix() for path in pages}
    for path, links in pages.items():
        if path.name == "404.html":
            continue
        for link in [*links.links, *links.loaded]:
            if link.startswith(("https://", "mailto:")) and link not in links.loaded:
                continue
            place, _, anchor = link.partition("#")
            target = (path.parent / place).resolve() if place else path
            assert target.is_file(), (path.name, link)
            assert not anchor or target not in pages or anchor in pages[target].ids, (path.name, link)
    python = (tmp_path / "reference" / "python.html").read_text("utf-8")
    import proofgen

    assert all(name in python for name in proofgen.__all__ if name != "__version__")
    for name in ("network", "equations", "prove", "Result", "Enclosure"):
        assert re.search(rf'id="proofgen\.[\w.]*{name}"', python), name


@pytest.mark.parametrize("name", ["FORMAT", "MATHEMATICS", "REFERENCE"])
def test_the_star_of_a_letter_is_no_emphasis(name: str) -> None:
    """Two of them in a paragraph would set what is between in italics: outside of code they are escaped."""
    lines = (ROOT / "proofs" / f"{name}.md").read_text("utf-8").splitlines()
    prose = [re.sub(r"`+[^`]*`+", "", line) for line in lines if not line.startswith("    ")]
    assert any(r"\*" in line for line in prose)
    assert not [line for line in prose if re.search(r"[γωxμλΓAS]\*(?![*\w])", line)]
