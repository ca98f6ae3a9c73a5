"""The derivations: against other computations, and negative cases for the reader of expressions."""

from __future__ import annotations

import contextlib

import mpmath as mp
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from proofgen.errors import InputError
from proofgen.proof.activation_at_zero import zero_branch_obstacle
from proofgen.symbolic.activations import derive_activation, s, z
from proofgen.symbolic.jets import faa_di_bruno, sigma_derivatives, z_symbol
from proofgen.symbolic.lyapunov import im_S, omega, q_norm_squared, re_T, zero_branch_formula
from proofgen.symbolic.named import NAMED
from proofgen.symbolic.parse import interpret, parse
from proofgen.symbolic.subsets import Subset, leibniz, subsets
from proofgen.symbolic.validation import validate_activation

SMOOTH = [*NAMED, "z/(1 + z**2)", "tanh(z)*0.25 + z**3/3", "-tanh(2*z)", "sqrt(1 + z) - 1", "log(1 + z)/2", "z*exp(-z)"]


@pytest.mark.parametrize("text", SMOOTH)
def test_derivatives_agree_with_numerical_ones(text: str) -> None:
    activation = derive_activation(text)
    value = sp.lambdify(z, activation.expression, "mpmath")
    with mp.workdps(40):
        for point in (mp.mpf("0.3"), mp.mpf("-0.7"), mp.mpf(0)):
            for order, derivative in enumerate(activation.derivatives, start=1):
                ours = sp.lambdify(z, derivative, "mpmath")(point)
                assert abs(ours - mp.diff(value, point, order)) < mp.mpf(10) ** -12


@pytest.mark.parametrize("text", ["tanh", "logistic", "-tanh(2*z)"])
def test_polynomials_in_s_are_the_derivatives(text: str) -> None:
    activation = derive_activation(text)
    assert activation.in_s is not None
    for in_s, in_z in zip(activation.in_s, activation.derivatives, strict=True):
        for point in (sp.Rational(1, 3), sp.Rational(-5, 4)):
            value = activation.expression.subs(z, point)
            assert abs(sp.N(in_s.subs(s, value) - in_z.subs(z, point), 30)) < 1e-25


def test_polynomials_are_found_where_they_exist() -> None:
    assert sp.expand(derive_activation("tanh").polynomial) == 1 - s**2
    assert sp.expand(derive_activation("logistic").polynomial) == s - s**2
    assert sp.expand(derive_activation("-tanh(2*z)").polynomial) == 2 * s**2 - 2
    for text in set(SMOOTH) - {"tanh", "logistic", "identity", "-tanh(2*z)"}:
        assert derive_activation(text).polynomial is None


def test_values_at_zero() -> None:
    """FORMAT.md, section 7."""
    half, root = sp.Rational(1, 2), sp.sqrt(sp.pi)
    expected = {
        "tanh": (1, 0, -2), "sin": (1, 0, -1), "arctan": (1, 0, -2), "erf": (2 / root, 0, -4 / root),
        "silu": (half, half, 0), "gelu": (half, sp.sqrt(2) / root, 0), "identity": (1, 0, 0),
    }  # fmt: skip
    for name, values in expected.items():
        found = derive_activation(name).derivatives_at_zero
        assert all(sp.simplify(a - b) == 0 for a, b in zip(found, values, strict=True)), name


def test_faa_di_bruno_as_in_the_literature() -> None:
    s1, s2, s3 = sigma_derivatives
    zs = {"".join(map(str, key)): z_symbol(key) for key in faa_di_bruno(3)}
    jet = faa_di_bruno(3)
    assert jet[(1, 2)] == sp.expand(s2 * zs["1"] * zs["2"] + s1 * zs["12"])
    expected = s3 * zs["1"] * zs["2"] * zs["3"] + s1 * zs["123"]
    expected += s2 * (zs["1"] * zs["23"] + zs["2"] * zs["13"] + zs["3"] * zs["12"])
    assert sp.expand(jet[(1, 2, 3)] - expected) == 0
    with pytest.raises(ValueError, match="order"):
        faa_di_bruno(4)


def test_leibniz_is_what_differentiation_gives() -> None:
    epsilon = sp.symbols("epsilon1:4")
    a, b = ({subset: sp.Symbol(letter + "".join(map(str, subset))) for subset in [(), *subsets(3)]} for letter in "ab")

    def factor(coefficients: dict[Subset, sp.Symbol]) -> sp.Expr:
        return sp.Add(*(x * sp.Mul(*(epsilon[i - 1] for i in subset)) for subset, x in coefficients.items()))

    for whole in subsets(3):
        derivative = sp.diff(factor(a) * factor(b), *(epsilon[i - 1] for i in whole)).subs(dict.fromkeys(epsilon, 0))
        pairs = leibniz(whole)
        assert len(set(pairs)) == len(pairs) == 2 ** len(whole)
        assert sp.expand(derivative - sp.Add(*(a[first] * b[second] for first, second in pairs))) == 0


def test_closed_form_on_the_zero_branch() -> None:
    """MATHEMATICS.md, section 3: ℓ1 = −σ'''(0) ω²/(2σ'(0)³) Im S/(q^H q) for odd σ, and ω² Im S for tanh."""
    s1, s2, s3 = sigma_derivatives
    general = zero_branch_formula().first_lyapunov_coefficient
    odd = zero_branch_formula(s1, sp.Integer(0), s3)
    expected = -s3 * omega**2 / (2 * s1**3) * im_S / q_norm_squared
    assert sp.simplify(odd.first_lyapunov_coefficient - expected) == 0
    assert sp.simplify(general.subs({s2: 0, re_T: 0}) - expected) == 0
    assert odd.t_summand == 0
    tanh = zero_branch_formula(*derive_activation("tanh").derivatives_at_zero)
    assert sp.simplify(tanh.first_lyapunov_coefficient - omega**2 * im_S / q_norm_squared) == 0
    linear = zero_branch_formula(*derive_activation("identity").derivatives_at_zero)
    assert linear.first_lyapunov_coefficient == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("relu", "not smooth"),
        ("LeakyReLU", "not smooth"),
        ("hardtanh", "not smooth"),
        ("max(z, 0)", "not smooth"),
        ("Max(z)", "not smooth"),
        ("abs(z)", "not smooth"),
        ("sqrt(z**2)", "smooth"),
        ("tahn", "unknown activation"),
        ("z +", "syntax"),
        ("f(z)", "unknown function"),
        ("y", "unknown activation"),
        ("z + y", "unknown name"),
        ("1 + 2", "depends on z"),
        ("z**0.5", "exponent"),
        ("z**z", "exponent"),
        ("z**65", "exponent"),
        ("((z + 2)**64)**64", "nested powers"),
        ("1e999*z", "exponent"),
        ("z/(1 - 1)", "division by zero"),
        ("__import__('os').system('true')", "only numbers"),
        ("z.real", "only numbers"),
        ("(lambda: z)()", "only numbers"),
        ("z if z else 1", "a choice by a condition"),
        ("tanh(z, z)", "function of one argument"),
        ("tanh(*z)", "only numbers"),
        ("'z'", "only numbers"),
        ("True*z", "only numbers"),
        ("1j*z", "only numbers"),
        ("ζ + z", "ASCII"),
        ("z\n+1", "one line"),
        ("(" * 80 + "z" + ")" * 80 + "+" + "-" * 60 + "z", "nesting"),
        ("+".join(["z"] * 900), "nesting"),
        ("z+" * 1500 + "z", "2000 characters"),
        ("(" * 1000 + "z" + ")" * 1000, ""),
        ("", "syntax"),
    ],
)
def test_refused_activations(text: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        validate_activation(text)
    assert reason in str(caught.value)


@given(st.text(alphabet="z0123456789.+-*/() ,esqrtanhlog_'\"[]", max_size=40))
@settings(max_examples=300, deadline=None)
def test_arbitrary_text_is_parsed_or_refused(text: str) -> None:
    with contextlib.suppress(InputError):
        parse(text)


def test_decimals_in_expressions_are_exact() -> None:
    assert derive_activation("0.1*z").derivatives_at_zero[0] == sp.Rational(1, 10)
    assert derive_activation("z − 0.3*z").derivatives_at_zero[0] == sp.Rational(7, 10)  # Unicode minus


def test_interpretation_has_the_usual_precedence() -> None:
    class Float:
        number = staticmethod(float)
        variable = staticmethod(lambda name: 0.7)
        add = staticmethod(lambda x, y: x + y)
        multiply = staticmethod(lambda x, y: x * y)
        divide = staticmethod(lambda x, y: x / y)
        power = staticmethod(lambda x, k: x**k)
        function = staticmethod(lambda name, x: float(getattr(mp, name)(x)))

    x = 0.7
    assert interpret(parse("-z**2 + 2*z/4/z - (1 - z)**-3"), Float()) == pytest.approx(-(x**2) + 0.5 - (1 - x) ** -3)
    assert interpret(parse("2 - 3 - 4*z**2*tanh(z)"), Float()) == pytest.approx(-1 - 4 * x**2 * float(mp.tanh(x)))


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("logistic", "σ(0) = 1/2"),
        ("softplus", "σ(0) ≠ 0"),
        ("tanh(z + 1) - tanh(1)", "not established"),
        ("1/z - 1/z + z", "denominator"),
        ("z/(exp(1) - exp(0.5)*exp(0.5))", "denominator"),
        ("sqrt(z)", "sqrt"),
        ("log(z)*z", "log"),
        ("z*tan(z + 1.5707963267948966)", None),
        ("tanh(z) + 0.1", "σ(0) = 1/10"),
    ],
)
def test_where_the_zero_branch_is_refused(text: str, fragment: str | None) -> None:
    obstacle = zero_branch_obstacle(text)
    assert obstacle is None if fragment is None else obstacle is not None and fragment in obstacle


@pytest.mark.parametrize("text", ["tanh", "sin", "arctan", "erf", "silu", "gelu", "identity", "z*exp(z)", "sqrt(1+z)-1"])
def test_where_the_zero_branch_exists(text: str) -> None:
    assert zero_branch_obstacle(text) is None


def test_no_number_is_replaced_by_one_that_is_only_close() -> None:
    """tanh(1) − 0.7615941559557649 is about 1e-17 but not 0, and must stay what it is."""
    activation = derive_activation("z*(tanh(1) - 0.7615941559557649) + z**2")
    slope = activation.derivatives_at_zero[0]
    assert slope != 0
    assert sp.simplify(slope - (sp.tanh(1) - sp.Rational(7615941559557649, 10**16))) == 0
