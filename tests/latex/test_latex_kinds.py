"""The table of the documents: every method of the format has a kind, and every kind fills the places of its body."""

from __future__ import annotations

import jinja2
import jinja2.nodes
import pytest
import schemas

from proofgen.batch.tally import SHARES
from proofgen.latex.documents import environment
from proofgen.latex.kinds import BRANCHES, POINTS
from proofgen.resources import templates_directory

LATEX = templates_directory() / "latex"


def blocks(template: str) -> set[str]:
    tree = environment().parse((LATEX / template).read_text(encoding="utf-8"))
    return {block.name for block in tree.find_all(jinja2.nodes.Block)}


def parent(template: str) -> str | None:
    tree = environment().parse((LATEX / template).read_text(encoding="utf-8"))
    found = [node.template.value for node in tree.find_all(jinja2.nodes.Extends) if isinstance(node.template, jinja2.nodes.Const)]
    return found[0] if found else None


def test_the_methods_are_those_of_the_format() -> None:
    assert set(POINTS) == set(schemas.methods("certificate"))
    assert set(BRANCHES) == set(schemas.methods("branch"))


def ancestors(name: str) -> list[str]:
    above = parent(name)
    return [above, *ancestors(above)] if above else []


@pytest.mark.parametrize(("base", "bodies"), [
    ("certificate-body.tex.jinja", {kind.body for kind in POINTS.values() if kind.wrapper == "certificate.tex.jinja"}),
    ("summary-body.tex.jinja", {kind.body for name, kind in BRANCHES.items() if name != "hopf-curve"}),
])  # fmt: skip
def test_every_body_is_a_kind_s(base: str, bodies: set[str]) -> None:
    extending = {path.relative_to(LATEX).as_posix() for path in LATEX.rglob("*.jinja")}
    assert {name for name in extending if base in ancestors(name)} == bodies
    for name in bodies:
        assert "proof" in blocks(name) <= blocks(base)


def test_every_template_is_used() -> None:
    used = {"tally.tex.jinja", "certificate.tex.jinja", "summary.tex.jinja", "derivation.tex.jinja", "derivation-body.tex.jinja",
            "orbit.tex.jinja", "orbit-body.tex.jinja"}  # fmt: skip
    used |= {kind.body for kind in (*POINTS.values(), *BRANCHES.values())} | {kind.wrapper for kind in POINTS.values()}
    used |= {f"{folder}/{name}.tex.jinja" for folder in ("field", "formulas") for name in ("one_layer", "layered", "equations", "cell")}
    used |= {f"formulas/{name}.tex.jinja" for name in ("transcritical", "pitchfork", "plane")}
    used |= {share.said for share in SHARES.values()}
    for path in LATEX.rglob("*.jinja"):
        tree = environment().parse(path.read_text(encoding="utf-8"))
        for node in tree.find_all((jinja2.nodes.Include, jinja2.nodes.Extends)):
            if isinstance(node.template, jinja2.nodes.Const):
                used.add(node.template.value)
    assert {path.relative_to(LATEX).as_posix() for path in LATEX.rglob("*.jinja")} == used
