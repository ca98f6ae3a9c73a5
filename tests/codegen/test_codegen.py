"""The emitted evaluators: golden files, exactness, agreement with mpmath."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction

import mpmath as mp
import pytest
import sympy as sp
from flint import acb, arb
from hypothesis import given, settings
from hypothesis import strategies as st
from independent import bilinear, derivative_along, trilinear_uuv
from networks import PAPER, exact, network, paper
from ordinary import some

from proofgen.codegen.environment import assembled
from proofgen.codegen.equations import emit_equations
from proofgen.codegen.equations_balls import equations_balls
from proofgen.codegen.loading import load_emitted
from proofgen.codegen.network import NetworkEmission, emit_network, network_balls, network_data
from proofgen.codegen.normal_form import IMPORTS, hopf_text, load_hopf, load_zero_branch, zero_branch_text
from proofgen.codegen.printer import flint_assignments, flint_code
from proofgen.numbers.balls import enclosure, working_precision
from proofgen.problem.equations import EquationsProblem
from proofgen.problem.network import Problem
from proofgen.proof.field import FieldBalls
from proofgen.proof.normal_form import HopfNormalForm, ZeroBranchNormalForm
from proofgen.spec.load import load
from proofgen.symbolic.activations import derive_activation

x, y = sp.symbols("x y")
ACTIVATIONS = ["tanh", "sin", "arctan", "erf", "silu", "gelu", "identity", "z/(1 + z**2)", "tanh(2*z)/3 + z**3/7"]
W = [["-0.1", "-1.3", "0.5"], ["1.1", "0.3", "-0.7"], ["0.7", "-0.1", "-0.6"]]
BIAS = ["0.25", "-1", "0.5"]


def emitted(problem: Problem) -> NetworkEmission:
    """As for the zero branch."""
    return emit_network(problem, "0" * 64, zero_branch_text(problem.layers[0].activation))


@pytest.mark.parametrize("name", ["n4-printed", "n6-seed80-sine", "n20-seed80"])
def test_emitted_text_is_the_golden_one(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"evaluator/{name}.py.txt", emitted(paper(name)).source)


def test_golden_with_quadratic_terms_bias_and_box(golden: Callable[[str, str], None]) -> None:
    problem = network(W, bias=BIAS, activation="gelu", weight_radius="0.001")
    golden("evaluator/gelu-box.py.txt", emitted(problem).source)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_emitted_text_holds_no_binary_float(activation: str) -> None:
    tree = ast.parse(emitted(network(W, bias=BIAS, activation=activation)).source)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    divisions = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)]
    assert not [d for d in divisions if isinstance(d.left, ast.Constant) and isinstance(d.right, ast.Constant)]


def test_terms_that_vanish_are_not_emitted() -> None:
    assert "quadratic_sum" not in emitted(network(W)).source
    assert "quadratic_sum" in emitted(network(W, activation="silu")).source
    linear = emitted(network(W, activation="identity")).source
    assert linear[linear.index("def B(") :].split("\n\n\n")[0].endswith("return [acb(0)] * DIMENSION")


def contains(ball: arb, value: mp.mpf, digits: int = 30) -> bool:
    """Contains the 45-digit value, and is narrow."""
    lower, upper = (mp.mpf(end.numerator) / end.denominator for end in enclosure(ball))
    slack = mp.mpf(10) ** -digits * max(1, abs(value))
    return lower - slack <= value <= upper + slack and upper - lower < slack


@pytest.mark.parametrize("activation", some(ACTIVATIONS, 4))
@given(data=st.data())
@settings(max_examples=5, deadline=None)
def test_evaluators_agree_with_mpmath(activation: str, data: st.DataObject) -> None:
    entries = st.fractions(-1, 1, max_denominator=1000)
    point, u_re, u_im, v_re, v_im = (data.draw(st.lists(entries, min_size=3, max_size=3)) for _ in range(5))
    gamma = data.draw(entries)
    problem = network(W, bias=BIAS, activation=activation)
    emission = emitted(problem)
    with mp.workdps(50), working_precision(192):
        evaluated, normal_form = network_balls(problem, emission), load_zero_branch(emission.normal_forms[0])
        sigma = sp.lambdify(sp.Symbol("z", real=True), derive_activation(emission.activations[0]).expression, "mpmath")
        number = lambda q: mp.mpf(q.numerator) / q.denominator  # noqa: E731
        M = [[number(Fraction(W[i][j]) + (gamma if i == j else 0)) for j in range(3)] for i in range(3)]
        b = [number(Fraction(c)) for c in BIAS]

        def f(at: list[mp.mpc]) -> list[mp.mpc]:
            return [sigma(sum(M[i][j] * at[j] for j in range(3)) + b[i]) for i in range(3)]

        at = [number(c) for c in point]
        u = [mp.mpc(number(a), number(c)) for a, c in zip(u_re, u_im, strict=True)]
        v = [mp.mpc(number(a), number(c)) for a, c in zip(v_re, v_im, strict=True)]
        quotient = lambda q: arb(q.numerator) / q.denominator  # noqa: E731
        e = evaluated.expand(quotient(gamma), [quotient(c) for c in point], 3)
        u_ball = [acb(quotient(a), quotient(c)) for a, c in zip(u_re, u_im, strict=True)]
        v_ball = [acb(quotient(a), quotient(c)) for a, c in zip(v_re, v_im, strict=True)]
        jacobian = evaluated.jacobian(e)
        B, C = evaluated.B(e, u_ball, v_ball), evaluated.C(e, u_ball, u_ball, v_ball)
        expected_B, expected_C = bilinear(f, at, u, v), trilinear_uuv(f, at, u, v)
        for i in range(3):
            assert contains(e.value[i], f(at)[i])
            assert contains(normal_form.slope(e.z[0][i]), mp.diff(sigma, sum(M[i][j] * at[j] for j in range(3)) + b[i]), 20)
            for j in range(3):
                axis = [mp.mpc(1 if k == j else 0) for k in range(3)]
                assert contains(jacobian[i, j], derivative_along(f, at, axis, 1)[i].real, 20)
            for ball, value in ((B[i], expected_B[i]), (C[i], expected_C[i])):
                assert contains(ball.real, value.real, 15)
                assert contains(ball.imag, value.imag, 15)


def test_weights_are_exact_and_boxes_are_as_wide_as_stated() -> None:
    problem = network(W, bias=BIAS, weight_radius="0.001")
    with working_precision(128):
        data = network_data(emitted(problem))
    weights, bias = data["W1"], data["b1"]
    for i in range(3):
        for j in range(3):
            lower, upper = enclosure(weights[i, j])
            # R1 = 0 is also known only up to the radius, so entries off the diagonal carry three of them
            radius = Fraction(1, 1000) * (1 if i == j else 3)
            assert lower <= Fraction(W[i][j]) - radius
            assert upper >= Fraction(W[i][j]) + radius
            assert upper - lower <= radius * Fraction(2001, 1000)
        lower, upper = enclosure(bias[i, 0])
        assert lower <= Fraction(BIAS[i]) - Fraction(1, 1000) <= Fraction(BIAS[i]) + Fraction(1, 1000) <= upper


def test_large_matrices_come_from_the_problem() -> None:
    problem = paper("n20-seed80")
    emission = emitted(problem)
    W0 = problem.combine(problem.layers[0].weights)
    with working_precision(128):
        weights = network_data(emission)["W1"]
    assert all(enclosure(weights[i, j]) == (W0.entry(i, j),) * 2 for i in range(20) for j in range(20))
    with pytest.raises(ValueError):
        load_emitted(emission.source).data({"W1": [0] * 399})


def test_shape_guards() -> None:
    problem = network(W)
    emission = emitted(problem)
    with pytest.raises(ValueError, match="3 components"):
        network_balls(problem, emission).expand(arb(0), [arb(0)] * 4, 1)
    with pytest.raises(ValueError):
        load_zero_branch(emission.normal_forms[0]).lyapunov_sums([acb(0)], [acb(0), acb(0)])


def members(contract: type) -> set[str]:
    return {name for name in vars(contract) if not name.startswith("_")}


def test_generated_code_keeps_its_contracts() -> None:
    """What a theorem may ask for is there: for both kinds of field, and for each normal form."""
    problem = network(W)
    equations = load(PAPER.parent / "textbook" / "brusselator.toml")
    assert isinstance(equations, EquationsProblem)
    for field in (network_balls(problem, emitted(problem)), equations_balls(equations, emit_equations(equations, ""))):
        assert members(FieldBalls) <= set(dir(field))
    assert members(HopfNormalForm) <= set(dir(load_hopf()))
    assert members(ZeroBranchNormalForm) <= set(dir(load_zero_branch(zero_branch_text("silu"))))


def test_normal_forms_know_no_field() -> None:
    """They are printed behind a field and run without one; no field's own text has a Lyapunov coefficient in it."""
    problem = network(W)
    bare = emit_network(problem, "0" * 64)
    assert "lyapunov" not in bare.source.lower()
    form = zero_branch_text("tanh")
    both = emit_network(problem, "0" * 64, form, hopf_text())
    assert (both.data, both.field) == (bare.data, bare.field) and form.strip() in both.source and hopf_text().strip() in both.source
    compile(both.source, "evaluator.py", "exec")


def test_the_general_normal_form() -> None:
    """ℓ1 of a point where everything is a known number: (1 + 2 − 3/2)/(2·3·4) = 1/16."""
    found = load_hopf().first_lyapunov_coefficient(arb(3), arb(4), arb(1), arb(2), arb(-3) / 2)
    assert found.overlaps(arb(1) / 16) and found.rad() < 1e-12


@pytest.mark.parametrize(
    "expression",
    [
        sp.Rational(1, 3), sp.Rational(-7, 2), sp.Integer(2), sp.pi, x / 3, -x, x - y, -(x + y) ** 2, x**-2,
        sp.sqrt(2) / sp.sqrt(sp.pi), sp.pi ** sp.Rational(-3, 2), sp.Rational(2, 3) * x * y**2 / (1 + x), 1 / (1 + x**2),
        sp.exp(-x) + sp.exp(1), sp.tanh(x - y) * (1 - x) ** 3, 2 / x, -2 / (x * y), sp.sqrt(x**2 + 1) ** 3, x**3 * (-y),
        sp.erf(x / sp.sqrt(2)), sp.I * x * 2 - sp.I / 3, (x + y) / (x - 2 * y) / 5, -sp.Rational(1, 2) * (x + 1) ** 2,
    ],
)  # fmt: skip
def test_printed_expressions_evaluate_to_the_same_number(expression: sp.Expr) -> None:
    with working_precision(200):
        module = load_emitted(assembled(IMPORTS))
        values = {**vars(module), "x": arb(7) / 5, "y": arb(2) / 7}
        shared, (code,) = flint_assignments([expression])
        for name, line in shared:
            values[name] = eval(line, dict(values))
        found = acb(eval(code, dict(values)))
        direct = acb(eval(flint_code(expression), dict(values)))
    expected = sp.N(expression.subs({x: sp.Rational(7, 5), y: sp.Rational(2, 7)}), 60)
    with mp.workdps(50):
        for ball in (found, direct):
            assert contains(ball.real, mp.mpf(str(sp.re(expected))))
            assert contains(ball.imag, mp.mpf(str(sp.im(expected))))


def test_powers_of_balls_around_zero_are_finite() -> None:
    """``**`` of such a ball is NaN in python-flint; the emitted `_power` is not."""
    power = load_emitted(assembled(IMPORTS))._power
    assert not (arb(0, 1e-9) ** 2).is_finite()
    assert power(arb(0, 1e-9), 2).contains(0) and power(arb(0, 1e-9), 3).rad() < 1e-26
    assert power(arb(3), 4) == 81


@pytest.mark.parametrize("name", ["networks/arctan-unequal-leaks", "networks/logistic-node", "paper/n6-seed80-2-layers"])
def test_layered_text_is_the_golden_one(name: str, golden: Callable[[str, str], None]) -> None:
    source = emit_network(load(PAPER.parent / f"{name}.toml"), "0" * 64, hopf_text()).source
    golden(f"evaluator/{name.split('/')[1]}.py.txt", source)
    assert not any(isinstance(node, ast.Constant) and isinstance(node.value, float) for node in ast.walk(ast.parse(source)))


@pytest.mark.parametrize("expression", [sp.Float("0.5") * x, sp.Function("g")(x), x**y, x ** sp.Rational(1, 3)])
def test_what_has_no_exact_meaning_is_not_printed(expression: sp.Expr) -> None:
    with pytest.raises(TypeError):
        flint_code(expression)


def test_exact_matrices_in_the_text() -> None:
    problem = network(exact([["1e-150", "1"], ["-1", "1e150"]]))
    with working_precision(128):
        lower, upper = enclosure(network_data(emitted(problem))["W1"][0, 0])
    assert lower <= Fraction(1, 10**150) <= upper
    assert upper - lower <= Fraction(1, 10**185)
