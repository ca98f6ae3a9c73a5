"""One letter, one meaning: a model's letters are not the proof's, not even in another font."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from proofgen.bundle.read import load_bundle
from proofgen.latex import documents
from proofgen.latex.kinds import derivations
from proofgen.latex.letters import NOTE, Letters

COMMITTED = Path(__file__).parents[2] / "proofs" / "certificates"
BUNDLES = ("brusselator", "coupled-4d", "hodgkin-huxley", "henon", "co-oxidation", "two-patches", "epidemic", "hodgkin-huxley-newton-kantorovich")
ENVIRONMENT = r"\{(?:align|gather|equation)\*?\}"
MATHS = re.compile(rf"\$([^$]*)\$|\\\[(.*?)\\\]|\\begin{ENVIRONMENT}(.*?)\\end{ENVIRONMENT}", re.DOTALL)
WORDS = re.compile(r"\\(?:mathrm|mathtt|mathbf|mathcal|boldsymbol|operatorname|text\w*|label|begin|end)\s*\{[^{}]*\}|\\\\\[[^]]*\]")
SANS = re.compile(r"\\mathsf\s*\{?\s*([A-Za-z])\}?")


def letters_of(text: str) -> tuple[set[str], set[str]]:
    """Plain letters (and Greek commands) and sans-serif ones of the mathematics of a text."""
    maths = " ".join(part for found in MATHS.finditer(text.partition(r"\begin{document}")[2]) for part in found.groups() if part)
    maths = WORDS.sub(" ", maths)
    plain = SANS.sub(" ", maths)
    return set(re.findall(r"\\[a-z]+", plain)) | set(re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", plain))), set(SANS.findall(maths))


@pytest.mark.parametrize("name", BUNDLES)
def test_letters_of_a_model_have_no_other_meaning(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw: list[str] = []

    def keep(self: Letters, text: str) -> str:
        raw.append(text)
        return text

    bundle = load_bundle(COMMITTED / name)
    derived = derivations(bundle)
    with monkeypatch.context() as patch:
        patch.setattr(Letters, "apply", keep)
        documents.render_documents(bundle, derived)
    (derivation,) = derived.values()
    letters = Letters(frozenset(derivation.letters), frozenset(derivation.shared))
    plain, sans = letters.replacements()
    assert raw and (plain or sans)
    for text in raw:
        unmarked = re.sub(r"\{\\mathnormal\{[^{}]*\}\}", "{}", text).replace(NOTE, "")  # what is not the model's
        before, after = letters_of(unmarked), letters_of(letters.apply(unmarked))
        assert not set(plain) & after[0], name
        assert not set(sans) & after[1] and not after[1] - before[1], name
        assert not {new for old, new in plain.items() if old in before[0]} & before[0], name
        assert not {new for old, new in sans.items() if old in before[1]} & before[0], name
        done = letters.apply(text)
        assert r"\mathnormal" not in done and NOTE not in done


LETTERS = Letters(frozenset(["A", r"\omega"]), frozenset(["A", r"\omega"]))


def test_only_mathematics_is_changed() -> None:
    text = (
        "A $A$ \\emph{A $A_1$} \\[ \\text{A $A$} \\operatorname{A} A \\\\[2mm] \\mathrm{A} {\\mathnormal{A}} \\mathsf A \\mathsf{A}_A \\omega \\] % A $\n"
        "\\label{A} \\begin{align*} a &= A \\end{align*} \\$ A \\mathsf T\n" + NOTE + "\n"
    )
    plain, sans = LETTERS.replacements()
    new, nu, own = plain["A"], plain[r"\omega"], sans["A"]
    assert len({new, nu, own, "A"}) == 4
    assert LETTERS.apply(text) == (
        f"A ${new}$ \\emph{{A ${new}_1$}} \\[ \\text{{A ${new}$}} \\operatorname{{A}} {new} \\\\[2mm] \\mathrm{{A}} {{A}} {{{own}}} {{{own}}}_{new} "
        f"{{{nu}}} \\] % A $\n\\label{{A}} \\begin{{align*}} a &= {new} \\end{{align*}} \\$ A \\mathsf T\n"
        f"The letters $A$ and $\\omega$ belong to the system; ${new}$ and ${nu}$ stand where other texts have them.\n"
    )


def test_every_letter_has_another_one() -> None:
    """However many letters a model has; then a ring tells them apart."""
    everything = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcfghjklmnopqrstuvwxyz") | {r"\omega", r"\nu", r"\varpi", r"\kappa"}
    plain, sans = Letters(everything, everything).replacements()
    news = [*plain.values(), *sans.values()]
    assert not set(news) & everything and len(set(plain.values())) == len(plain) and len(set(sans.values())) == len(sans)
    assert Letters(everything, everything).apply(r"$A \mathsf A$") == rf"${{{plain['A']}}} {{{sans['A']}}}$"
