"""What is kept of SymPy's derivations is what SymPy derives (`--update` writes it)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from proofgen.codegen.activation_code import activation_code
from proofgen.codegen.chain_rule import chain_rule
from proofgen.codegen.function_rules import function_code
from proofgen.codegen.normal_form import (
    circle_branch_text,
    flip_text,
    gain_branch_text,
    hopf_text,
    neimark_sacker_text,
    zero_branch_text,
)
from proofgen.formulas import one_layer, shared
from proofgen.plain import laid_out_for
from proofgen.symbolic.at_zero import vanishing_at_zero
from proofgen.symbolic.kept import PLACE, Kept, key_of
from proofgen.symbolic.named import NAMED

ROOT = Path(__file__).parents[2]
KEPT: list[Kept] = [  # type: ignore[type-arg]
    vanishing_at_zero, activation_code, function_code, chain_rule, hopf_text, neimark_sacker_text, flip_text, zero_branch_text,
    gain_branch_text, circle_branch_text, shared._activation_rights, shared._jet_right, one_layer._rights_for_any,
    one_layer._rights_for,
]  # fmt: skip


def derived_again() -> str:
    """One result a line."""

    def lines(made: Kept) -> str:  # type: ignore[type-arg]
        found = {key_of(a): json.dumps(made.derive(*a), ensure_ascii=False) for a in made.arguments}
        return ",\n".join(f"{json.dumps(key, ensure_ascii=False)}: {result}" for key, result in found.items())

    return "{\n" + ",\n".join(f'"{made.name}": {{\n{lines(made)}\n}}' for made in KEPT) + "\n}\n"


@pytest.mark.slow
def test_what_is_kept_is_what_sympy_derives(request: pytest.FixtureRequest) -> None:
    """To the byte. `pytest tests/symbolic/test_kept.py -m slow --update` writes it again."""
    text = derived_again()
    if request.config.getoption("--update"):
        PLACE.write_text(text, encoding="utf-8")
    assert PLACE.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("made", KEPT, ids=lambda made: made.name)
def test_what_is_kept_for_one_activation(made: Kept) -> None:  # type: ignore[type-arg]
    kept = json.loads(PLACE.read_text(encoding="utf-8"))[made.name]
    assert list(kept) == [key_of(a) for a in made.arguments]
    for arguments in made.arguments:
        if not NAMED.keys() - {"logistic"} & set(arguments):
            assert json.loads(json.dumps(made.derive(*arguments))) == kept[key_of(arguments)]


def test_all_that_is_kept_is_tested() -> None:
    """Also a derivation that is added later."""
    found = [path.read_text(encoding="utf-8").count("\n@kept(") for path in (ROOT / "proofgen").rglob("*.py")]
    assert sum(found) == len(KEPT) == len({made.name for made in KEPT})


@pytest.mark.parametrize("activation", NAMED)
def test_an_activation_without_a_name_is_derived(activation: str) -> None:
    """By the same code: the expression that a name stands for gives what is kept for the name."""
    expression = NAMED[activation]
    assert key_of((expression,)) not in json.loads(PLACE.read_text(encoding="utf-8"))["zero_branch_text"]
    assert zero_branch_text(expression) == zero_branch_text(activation)
    assert json.loads(json.dumps(activation_code(expression))) == activation_code(activation)


def test_formulas_are_kept_for_consoles_that_show_them() -> None:
    with laid_out_for("ascii"):
        first = shared.activation_formulas("logistic")[1][0]
    assert first.text.isascii() and first.right == shared.activation_formulas("logistic")[1][0].right
    with laid_out_for("UTF8"):
        assert "σ" in shared.activation_formulas("logistic")[1][0].text


def test_a_proof_of_the_paper_needs_no_sympy(tmp_path: Path) -> None:
    """From the command to the documents; the modules that were loaded are asked at the end."""
    spec = ROOT / "proofs" / "paper" / "n4-seed80.toml"
    program = (
        "import sys\nfrom proofgen.command.main import app\n"
        f"try:\n    app(['prove', {str(spec)!r}, '--out', {str(tmp_path / 'out')!r}])\n"
        "except SystemExit as end:\n    print('END', end.code, 'sympy' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.stdout.splitlines()[-1] == "END 0 False", result.stderr
