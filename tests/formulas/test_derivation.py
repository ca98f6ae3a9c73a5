"""The derivation shown to a reader is SymPy's, and agrees with independent evaluation."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import sympy as sp
from ordinary import some

from proofgen.formulas.one_layer import Derivation, derivation_text, derive
from proofgen.latex.documents import render_derivation
from proofgen.spec.load import load, load_text

PAPER = Path(__file__).parents[2] / "proofs" / "paper"


def derivation(activation: str = "tanh", name: str = "gamma", more: str = "") -> Derivation:
    return derive(
        load_text(f"""
title = "a network"
[network]
family = "asymmetric-rnn"
activation = "{activation}"
R1 = [["0.1", "1"], ["0", "0.25"]]
{more}
[parameter]
name = "{name}"
""")
    )


def test_tanh_as_polynomials_in_s() -> None:
    d = derivation()
    assert [item.right for item in d.in_s] == [
        "1 - s^{2}",
        r"- 2 s \left(1 - s^{2}\right)",
        r"2 \left(1 - s^{2}\right) \left(3 s^{2} - 1\right)",
    ]
    assert [item.right for item in d.at_zero] == ["1", "0", "-2"]
    assert d.ell1.right == r"\frac{\omega^{2} \operatorname{Im}(S)}{q^{\mathsf H} q}"
    assert not d.quadratic and d.sigma1_positive


@pytest.mark.parametrize("activation", ["tanh", "exp(z) - 1", "tanh(2*z)/2"])
def test_polynomials_in_s_are_the_derivatives(activation: str) -> None:
    from proofgen.formulas.printed import _in_powers
    from proofgen.symbolic.activations import derive_activation, s, z

    found = derive_activation(activation)
    assert found.in_s is not None and found.polynomial is not None
    for polynomial, expression in zip(found.in_s, found.derivatives, strict=True):
        shown = _in_powers(polynomial, found.polynomial)
        at = {z: sp.Rational(3, 7)}
        assert abs(sp.N((shown.subs(s, found.expression) - expression).subs(at), 40)) < 1e-30


@pytest.mark.parametrize(
    ("activation", "quadratic", "positive"), [("sin", False, True), ("silu", True, True), ("-tanh(z)", False, False)]
)
def test_shape_of_the_closed_form(activation: str, quadratic: bool, positive: bool) -> None:
    d = derivation(activation)
    assert d.quadratic == quadratic and d.sigma1_positive == positive
    assert ("operatorname{Re}(T)" in d.ell1.right) == quadratic


def test_the_slope_on_the_branch_is_sigma_1() -> None:
    assert derivation().slope.right == r"\sigma_1 u_l"  # the terms with σ'' cancel


def test_matrices_are_shown_exactly_or_marked() -> None:
    d = derivation()
    assert d.weights is not None and d.weights.exact and d.weights.rows == (("0.0000", "1.0000"), ("-1.0000", "0.0000"))
    rounded = derivation(more='R2 = [["0.00001", "0"], ["0.12345", "1e20"]]').weights
    assert rounded is not None and not rounded.exact
    assert rounded.rows == ((r"1.00\cdot 10^{-5}", "1.0000"), ("-0.8766", r"1.00\cdot 10^{20}"))
    large = derive(load(PAPER / "n20-seed80.toml"))
    assert large.weights is None and large.jacobian_matrix is None and large.entry_range[0] < 0 < large.entry_range[1]


@pytest.mark.parametrize(
    ("name", "latex", "renamed"),
    [
        ("gamma", r"\gamma", False),
        ("alpha", r"\alpha", False),
        ("omega", r"\gamma", True),
        ("leak_rate", r"\gamma", True),
        ("x", r"\gamma", True),
    ],
)
def test_parameter_names(name: str, latex: str, renamed: bool) -> None:
    d = derivation(name=name)
    assert (d.parameter, d.parameter_renamed) == (latex, renamed)


def test_text_for_a_terminal() -> None:
    text = derivation_text(derivation("silu"))
    for part in ("Faà di Bruno", "σ₁", "h_123", "2iωI − A", "Re(T)", "R1 − R1ᵀ"):
        assert part in text
    assert "\\" not in text and "zz" not in text
    assert derivation_text(derivation("silu")) == text


@pytest.mark.parametrize("activation", some(["tanh", "gelu", "sin(z)*exp(z)/(1 + z**2)"], 0, ["gelu"]))
def test_the_latex_document_is_whole(activation: str, tmp_path: Path) -> None:
    tex = render_derivation(derivation(activation))
    assert tex.isascii() and not re.search(r"zz\d|<<|<%", tex)
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    (tmp_path / "a.tex").write_text(tex)
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=900).returncode == 0


def test_derivations_are_immutable() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        derivation().title = "other"  # type: ignore[misc]
