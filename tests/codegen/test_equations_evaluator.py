"""Emitted evaluators of equations: against SymPy's expanded derivatives and mpmath, exactness, domain, exprel."""

from __future__ import annotations

import ast
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import product

import mpmath as mp
import numpy as np
import pytest
import sympy as sp
from fields import LITERATURE, field, literature, textbook
from flint import acb, arb
from hypothesis import example, given, settings
from hypothesis import strategies as st
from independent import FUNCTIONS, equations_field
from ordinary import some

from proofgen.codegen.approx import equations_field_approx
from proofgen.codegen.equations import emit_equations
from proofgen.codegen.equations_balls import equations_balls
from proofgen.codegen.jets import _faa_pattern
from proofgen.codegen.loading import load_emitted
from proofgen.codegen.printer import flint_code
from proofgen.numbers.balls import ball, enclosure, working_precision
from proofgen.problem.equations import EquationsProblem
from proofgen.proof.failure import FailureCode, ProofFailure
from proofgen.proof.field import FieldBalls
from proofgen.symbolic.activations import z
from proofgen.symbolic.equilibrium_at_zero import vanishes_at_zero
from proofgen.symbolic.functions import exprel_by_quotient
from proofgen.symbolic.graph import build_graph
from proofgen.symbolic.jets import faa_di_bruno, sigma_derivatives, z_symbol
from proofgen.symbolic.parse import EQUATION, parse
from proofgen.symbolic.subsets import Subset, parts

ALL_FUNCTIONS = field(
    "x; y; w",
    "exp(x*y) + log(2 + x) - sin(w)*cos(y) + gamma*tan(x/3); tanh(w) + sinh(x) - cosh(y/2) + atan(x*w)/(1 + y**2);"
    "sqrt(3 + x*w) + erf(y) - exprel(gamma*x - w)/(2 + gamma) + (x + 2)**gamma + y**-3 + w**5",
    "0.25, 1",
)
CASES: dict[str, tuple[EquationsProblem, list[str], str]] = {
    "all functions": (ALL_FUNCTIONS, ["0.3", "1.1", "-0.4"], "0.7"),
    "hodgkin-huxley": (textbook("hodgkin-huxley"), ["9.99999", "0.15", "0.3", "0.4"], "20"),
    "exprel at 0": (textbook("hodgkin-huxley"), ["10", "0.15", "0.3", "0.4"], "20"),
    "coupled-4d": (textbook("coupled-4d"), ["0.1", "-0.7", "0.3", "2"], "0.1"),
    "morris-lecar": (literature("morris-lecar"), ["-20", "0.2"], "90"),
    "repressilator-2.5": (literature("repressilator-2.5"), ["0.5", "1.5", "2.5"], "3"),
}


@pytest.mark.parametrize("subset", [(1,), (2,), (1, 2), (2, 3), (1, 3), (1, 2, 3)])
def test_terms_of_faa_di_bruno_are_printed_as_sympy_orders_them(subset: Subset) -> None:
    """For all arguments with coefficients that vanish, and with directions in which they are 1."""
    names = {symbol: f"{{s_{k}}}" for k, symbol in enumerate(sigma_derivatives, start=1)}
    names |= {z_symbol(part): "{z_" + "".join(map(str, part)) + "}" for part in parts(subset)}
    for present in powerset(parts(subset)):
        for ones in powerset([part for part in present if len(part) == 1]):
            values = {z_symbol(part): 0 for part in parts(subset) if part not in present}
            values |= {z_symbol(part): 1 for part in ones}
            expression = sp.expand(faa_di_bruno(3)[subset].subs(values))
            expected = "" if expression == 0 else flint_code(expression, names)
            assert _faa_pattern(subset, tuple(present), tuple(ones)) == expected


def powerset(items: list[Subset]) -> list[list[Subset]]:
    return [[x for x, used in zip(items, mask, strict=True) if used] for mask in product((0, 1), repeat=len(items))]


def evaluator(problem: EquationsProblem) -> FieldBalls:
    return equations_balls(problem, emit_equations(problem, "0" * 64))


def value(text: str) -> mp.mpf:
    fraction = Fraction(text)
    return mp.mpf(fraction.numerator) / fraction.denominator


def encloses(ball_: arb, exact: mp.mpf, digits: int = 25) -> bool:
    """Contains a value that is good to 35 digits, and is narrow."""
    low, high = (mp.mpf(x.numerator) / x.denominator for x in enclosure(ball_))
    slack = mp.mpf(10) ** -33 * (1 + abs(exact))
    return bool(low - slack <= exact <= high + slack and high - low < mp.mpf(10) ** -digits * (1 + abs(exact)))


def encloses_complex(x: acb, exact: mp.mpc) -> bool:
    return encloses(x.real, mp.re(exact)) and encloses(x.imag, mp.im(exact))


def mixed(problem: EquationsProblem, x: list[mp.mpf], gamma: mp.mpf, directions: list[tuple[list[mp.mpc], int]]) -> list[mp.mpc]:
    """The coefficient of ε_1⋯ε_m of f(x + Σ ε_i u_i, γ + Σ ε_i g_i), by Cauchy sums in every ε (independent of any jet)."""
    f, nodes, radius = equations_field(problem), 6, mp.mpf(10) ** -8
    points = [radius * mp.expjpi(mp.mpf(2) * j / nodes) for j in range(nodes)]

    def summed(fixed: list[mp.mpc]) -> list[mp.mpc]:
        if len(fixed) == len(directions):
            shifted = [a + sum(e * u[i] for e, (u, _) in zip(fixed, directions, strict=True)) for i, a in enumerate(x)]
            return f(shifted, gamma + sum(e * g for e, (_, g) in zip(fixed, directions, strict=True)))
        total = [mp.mpc(0)] * len(x)
        for point in points:
            total = [t + v / point for t, v in zip(total, summed([*fixed, point]), strict=True)]
        return [t / nodes for t in total]

    return summed([])


@pytest.mark.parametrize("name", some(CASES, 3))
def test_all_jets_against_cauchy_sums(name: str) -> None:
    problem, at, gamma_text = CASES[name]
    n = problem.dimension
    rng = np.random.default_rng(5)
    u, v, w = ([complex(*rng.integers(-9, 10, 2)) / 8 for _ in range(n)] for _ in range(3))
    with mp.workdps(75), working_precision(160):
        x, gamma = [value(text) for text in at], value(gamma_text)
        e_ = evaluator(problem)
        e = e_.expand(ball(Fraction(gamma_text)), [ball(Fraction(text)) for text in at], 3)
        module, zero = e_, [mp.mpc(0)] * n
        U, V, W = ([mp.mpc(c) for c in d] for d in (u, v, w))
        balls = [[acb(c) for c in d] for d in (u, v, w)]

        def agrees(found: list[acb], directions: list[tuple[list[mp.mpc], int]]) -> None:
            expected = mixed(problem, x, gamma, directions)
            assert all(encloses_complex(acb(a), b) for a, b in zip(found, expected, strict=True))

        agrees(e.value, [])
        agrees(module.parameter_derivative(e), [(zero, 1)])
        agrees(module.jacobian_parameter(e, balls[0]), [(U, 0), (zero, 1)])
        agrees(module.B(e, balls[0], balls[1]), [(U, 0), (V, 0)])
        agrees(module.C(e, *balls), [(U, 0), (V, 0), (W, 0)])
        real = [c.real for c in u]
        real_direction = ([mp.mpc(c) for c in real], 1)
        agrees(module.tangent(e, [arb(c) for c in real])[1], [real_direction])
        agrees(module.second_along(e, [arb(c) for c in real]), [real_direction, real_direction])
        units = [[mp.mpc(i == j) for i in range(n)] for j in range(n)]
        A, moved = module.jacobian(e).table(), module.jacobian_along(e, [acb(c) for c in real], 1).table()
        for j, unit in enumerate(units):
            agrees([acb(row[j]) for row in A], [(unit, 0)])
            agrees([acb(row[j]) for row in moved], [real_direction, (unit, 0)])


def expanded(problem: EquationsProblem) -> tuple[list[sp.Symbol], sp.Symbol, list[sp.Expr]]:
    """The right-hand sides as SymPy reads them (texts of these tests only), every number a Rational."""
    names: dict[str, sp.Expr] = {name: sp.Symbol(name) for name in (*problem.variables, problem.parameter_name)}
    functions = {name: getattr(sp, name) for name in FUNCTIONS if name != "exprel"}
    functions["exprel"] = lambda u: (sp.exp(u) - 1) / u
    for name, text in (*problem.constants, *problem.definitions):
        names[name] = sp.sympify(text, {**functions, **names}, rational=True)
    texts = [sp.sympify(text, {**functions, **names}, rational=True) for text in problem.equations]
    return [names[name] for name in problem.variables], names[problem.parameter_name], texts  # type: ignore[return-value]


@pytest.mark.parametrize("name", ["coupled-4d", "brusselator", "lorenz", "hodgkin-huxley"])
def test_jets_are_sympys_expanded_derivatives(name: str) -> None:
    """At rational points: exactly for polynomials (the ball holds the rational number), to 25 digits else."""
    problem = textbook(name)
    x, gamma, f = expanded(problem)
    n = problem.dimension
    at = dict(zip(x, [sp.Rational(k + 2, 2 * k + 3) for k in range(n)], strict=True)) | {gamma: sp.Rational(3, 7)}
    directions = [[sp.Rational(3 * i + j * j + 1, 4) for i in range(n)] for j in range(3)]
    with working_precision(160), mp.workdps(50):
        module_of = evaluator(problem)
        points = [ball(Fraction(int(at[s].p), int(at[s].q))) for s in x]
        e = module_of.expand(ball(Fraction(3, 7)), points, 3)
        balls = [[acb(ball(Fraction(int(c.p), int(c.q)))) for c in d] for d in directions]
        u, v, w = directions
        for i, component in enumerate(f):
            def summed(*vectors: list[sp.Rational], component: sp.Expr = component) -> mp.mpf:
                result = component
                for vector in vectors:
                    result = sum((sp.diff(result, s) * c for s, c in zip(x, vector, strict=True)), sp.Integer(0))
                return mp.mpf(sp.N(result.subs(at), 45))

            assert encloses(module_of.B(e, balls[0], balls[1])[i].real, summed(u, v))
            assert encloses(module_of.C(e, *balls)[i].real, summed(u, v, w))
            A_u = sum((a * b.real for a, b in zip(module_of.jacobian(e).table()[i], balls[0], strict=True)), arb(0))
            assert encloses(A_u, summed(u))


# --- exprel ----------------------------------------------------------------------------------------


@cache
def exprel_function(bits: int) -> Callable[[arb, int], list[arb]]:
    module = load_emitted(emit_equations(textbook("hodgkin-huxley"), "0" * 64).source)
    return lambda x, order: module.function_exprel(x, order, 0)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.floats(-60, 60), st.floats(-1e-3, 1e-3), st.sampled_from([0.0, 1.0, -1.0, 1e-300, 2.0**-60])))
def test_exprel_is_enclosed_narrowly(at: float) -> None:
    with mp.workdps(120), working_precision(128):
        for k, found in enumerate(exprel_function(128)(arb(at), 3)):
            exact = mp.hyp1f1(k + 1, k + 2, mp.mpf(at)) / (k + 1)
            low, high = (mp.mpf(x.numerator) / x.denominator for x in enclosure(found))
            assert low <= exact <= high
            assert high - low < mp.mpf(10) ** -28 * exact


@settings(max_examples=60, deadline=None)
@given(st.floats(-20, 20), st.floats(0, 5))
def test_exprel_over_an_interval_has_the_values_at_the_ends(middle: float, radius: float) -> None:
    with mp.workdps(60), working_precision(128):
        x = arb(middle, radius)
        low, high = (mp.mpf(end.numerator) / end.denominator for end in enclosure(x))
        for k, found in enumerate(exprel_function(128)(x, 3)):
            a, b = (mp.hyp1f1(k + 1, k + 2, end) / (k + 1) for end in (low, high))
            inner, outer = (mp.mpf(end.numerator) / end.denominator for end in enclosure(found))
            assert inner <= a * (1 + mp.mpf(10) ** -50) and b <= outer * (1 + mp.mpf(10) ** -50)
            assert (outer - inner) <= (b - a) * mp.mpf("1.0001") + mp.mpf(10) ** -8 * b


def test_exprel_has_the_derivatives_that_sympy_finds() -> None:
    with working_precision(128), mp.workdps(50):
        for k, found in enumerate(exprel_function(128)(ball(Fraction(7, 5)), 3)):
            exact = sp.N(sp.diff(exprel_by_quotient(), z, k).subs(z, sp.Rational(7, 5)), 40)
            assert encloses(found, mp.mpf(exact))


# --- random expressions ------------------------------------------------------------------------------

_leaves = st.sampled_from(["x", "y", "gamma", "2", "1/3", "0.7", "a"])
_smooth = st.sampled_from(["exp", "sin", "cos", "tanh", "atan", "erf", "exprel"])
expressions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(_smooth, inner).map(lambda t: f"{t[0]}(({t[1]})/3)"),
        st.tuples(inner, st.sampled_from([2, 3, 4])).map(lambda t: f"({t[0]})**{t[1]}"),
        st.tuples(inner, inner).map(lambda t: f"({t[0]})/(2 + ({t[1]})**2)"),
        inner.map(lambda t: f"log(1.5 + ({t})**2)"),
        inner.map(lambda t: f"sqrt(0.5 + ({t})**2)"),
        inner.map(lambda t: f"(1 + ({t})**2)**(-5/2)"),
        inner.map(lambda t: f"-({t})"),
    ),
    max_leaves=8,
)


@settings(max_examples=120)
@example("sqrt(0.5 + ((1 + ((x * y))**2)**(-5/2))**2)", "y", -8, -7, 3)
@given(expressions, expressions, st.integers(-8, 8), st.integers(-8, 8), st.integers(0, 3))
def test_random_expressions(first: str, second: str, a: int, b: int, wide: int) -> None:
    """Values and first derivatives over boxes contain those at points inside; at points they are narrow."""
    problem = field("x; y", f"{first} + 0*x; {second} + gamma", "0, 1", constants='{ a = "-3/7" }')
    f = equations_field(problem)
    radius = Fraction(wide, 16)
    centre = [Fraction(a, 8), Fraction(b, 8)]
    with working_precision(128), mp.workdps(50):
        e_ = evaluator(problem)
        e = e_.expand(arb(0.5), [arb(float(c), float(radius)) for c in centre], 1)
        A = e_.jacobian(e).table()
        for corner in {-radius, Fraction(0), radius}:
            x = [mp.mpf((c + corner).numerator) / (c + corner).denominator for c in centre]
            for found, exact in zip(e.value, f(x, mp.mpf(1) / 2), strict=True):
                low, high = (mp.mpf(end.numerator) / end.denominator for end in enclosure(found))
                slack = mp.mpf(10) ** -40 * (1 + abs(exact))
                assert low - slack <= mp.re(exact) <= high + slack
                assert radius or high - low <= mp.mpf(10) ** -25 * (1 + abs(exact))
            for j in range(2):
                unit = [mp.mpc(i == j) for i in range(2)]
                for row, exact in zip(A, mixed(problem, x, mp.mpf(1) / 2, [(unit, 0)]), strict=True):
                    low, high = (mp.mpf(end.numerator) / end.denominator for end in enclosure(row[j]))
                    assert low - mp.mpf(10) ** -25 * (1 + abs(exact)) <= mp.re(exact) <= high + mp.mpf(10) ** -25 * (1 + abs(exact))


# --- domain, exactness, the binary64 field -------------------------------------------------------------


@pytest.mark.parametrize(
    "text, box, what",
    [
        ("1/x", ("-0.1", "0.1"), "the denominator x is not proved different from 0"),
        ("x**-2", ("-0.1", "0.1"), "the denominator x"),
        ("1/(x*y)**2", ("-0.1", "0.1"), "the denominator (x*y)**2 is"),
        ("sqrt(x**2)", ("-0.1", "0.1"), "the argument x**2 of"),
        ("log(x*x - (-x)*x)", ("-0.1", "0.1"), "the argument"),
        ("sqrt(x*y*x)", ("-0.1", "0.1"), "the argument"),
        ("log(cosh(x) - 1)", ("-0.1", "0.1"), "the argument"),
        ("1/(1 + 1000*tanh(20*x))", ("-0.1", "0.1"), "the denominator"),
        ("log(x)", ("-0.1", "0.1"), "the argument x of a logarithm, root or power"),
        ("sqrt(x)", ("0", "0.1"), "the argument x"),
        ("x**gamma", ("-1", "0.1"), "the argument x"),
        ("x**(1/3)", ("0", "1"), "the argument x"),
        ("tan(x)", ("1.5", "1.6"), "cos(x), the denominator of tan"),
        ("0*log(x)", ("-0.1", "0.1"), "the argument x"),
        ("log(x) - log(x)", ("-0.1", "0.1"), "the argument x"),
        ("x/x", ("-0.1", "0.1"), "the denominator x"),
    ],
)
def test_outside_its_domain_a_field_has_no_value(text: str, box: tuple[str, str], what: str) -> None:
    problem = field("x; y", f"{text} + gamma; y", "0, 1")
    with working_precision(128), pytest.raises(ProofFailure) as refused:
        low, high = (ball(Fraction(end)) for end in box)
        evaluator(problem).expand(arb(0.5), [low.union(high), arb(1)], 0)
    assert refused.value.failure.code is FailureCode.OUTSIDE_DOMAIN
    assert what in str(refused.value) and "network.equations[1]" in str(refused.value)


def test_values_that_are_not_finite_are_no_values() -> None:
    problem = field("x; y", "1/x + gamma; exprel(y)", "0, 1")
    with working_precision(128):
        for bad in (arb("nan"), arb("inf"), arb(0, "inf")):
            with pytest.raises(ProofFailure):
                evaluator(problem).expand(arb(0), [bad, arb(1)], 0)
            with pytest.raises(ProofFailure):
                evaluator(problem).expand(arb(0), [arb(1), bad], 0)


def test_an_even_power_is_not_negative() -> None:
    problem = field("x; y", "x**2 + gamma; (x - y)**4", "0, 1")
    with working_precision(128):
        values = evaluator(problem).expand(arb(0), [arb(-0.25, 1), arb(0)], 0).value
        assert all(enclosure(y)[0] >= -Fraction(1, 2**25) for y in values)
        assert enclosure(values[0])[1] < Fraction("1.5626")


@pytest.mark.parametrize("name", [*LITERATURE, "hodgkin-huxley"])
def test_emitted_text_holds_no_binary_float_and_no_text_of_the_spec(name: str) -> None:
    problem = literature(name) if name in LITERATURE else textbook(name)
    source = emit_equations(problem, "0" * 64).source
    tree = ast.parse(source)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & ({"V", "gNa", "m1", "alpha", "start"} | {n for n, _ in problem.constants if len(n) > 1})


def test_equal_subexpressions_are_shared() -> None:
    problem = field("x; y", "exp(x*y + 1)*sin(y*x + 1); gamma + exp(1 + x*y)", "0, 1")
    graph = build_graph(problem)
    assert [node.op for node in graph.nodes].count("product") == 2  # x y, and exp · sin
    assert [node.name for node in graph.nodes if node.op == "function"] == ["exp", "sin"]


def test_constants_are_exact() -> None:
    problem = field("x; y", "k*x + gamma; y", "0, 1", constants='{ a = "1/3", b = "0.1", k = "3*a + 10*b - 2**-1/4" }')
    graph = build_graph(problem)
    assert graph.nodes[graph.outputs[0]].coefficients[0] == Fraction(15, 8)


def test_powers_associate_to_the_right_and_bind_before_signs() -> None:
    problem = field("x; y", "-x**2 + gamma; 2**-1**2*y + 2**3**2", "0, 1")
    nodes = build_graph(problem).nodes
    sums = [node for node in nodes if node.op == "sum"]
    assert any(Fraction(-1) in node.coefficients for node in sums)
    assert any(node.value == 512 and Fraction(1, 2) in node.coefficients for node in sums)


@pytest.mark.parametrize("more, integer", [
    ({"constants": '{ k = "3" }'}, True), ({"constants": '{ k = "6", j = "2" }'}, True),
    ({"more": 'definitions = { k = "6/2" }'}, True), ({"constants": '{ k = "sqrt(9)" }'}, False),
    ({"more": 'definitions = { k = "3 + 0*x" }'}, False), ({"constants": '{ k = "5/2" }'}, False),
])  # fmt: skip
def test_which_exponents_are_integers(more: dict[str, str], integer: bool) -> None:
    exponent = "k/j" if "j" in str(more) else "k"
    ops = {node.name or node.op for node in build_graph(field("x; y", f"x**({exponent}) + gamma; y", "0, 1", **more)).nodes}
    assert ("power" in ops and "log" not in ops) is integer


def test_a_long_sum_is_no_deep_expression() -> None:
    text = " + ".join(["x*y"] * 900)
    assert parse(text, ("x", "y"), EQUATION)
    graph = build_graph(field("x; y", f"{text}; gamma", "0, 1"))
    assert len(graph.nodes) < 8 and len(graph.nodes[graph.outputs[0]].args) == 900


@pytest.mark.parametrize("name", CASES)
def test_the_binary64_field_agrees(name: str) -> None:
    problem, at, gamma_text = CASES[name]
    approx = equations_field_approx(problem, emit_equations(problem, "0" * 64))
    x, gamma = np.array([float(Fraction(text)) for text in at]), float(Fraction(gamma_text))
    a = np.linspace(-1, 1, problem.dimension)
    with working_precision(128):
        e_ = evaluator(problem)
        e = e_.expand(arb(gamma), [arb(c) for c in x.tolist()], 2)

        def floats(rows: list[list[arb]]) -> np.ndarray:
            return np.array([[float(arb(c).mid()) for c in row] for row in rows])

        def close(found: np.ndarray, expected: np.ndarray) -> bool:
            return bool(np.allclose(found, expected, rtol=1e-10, atol=1e-10 * (1 + np.max(np.abs(expected)))))

        assert close(approx.f(x, gamma), floats([e.value])[0])
        assert close(approx.jacobian(x, gamma), floats(e_.jacobian(e).table()))
        derivative = [y.real for y in e_.parameter_derivative(e)]
        assert close(approx.f_gamma(x, gamma), floats([derivative])[0])
        direction = [acb(c) for c in a.tolist()]
        along, moved = approx.jacobian_times_derivatives(x, gamma, a)
        assert close(along, floats(e_.jacobian_along(e, direction, 0).table()))
        assert close(moved, floats([[y.real for y in e_.jacobian_parameter(e, direction)]])[0])


def test_what_is_kept_of_the_binary64_field_belongs_to_its_point() -> None:
    """f after A at the same point is what it is without; arrays are nobody else's, and another point is another."""
    problem, at, gamma_text = CASES["hodgkin-huxley"]
    emission = emit_equations(problem, "0" * 64)
    approx, x, gamma = equations_field_approx(problem, emission), np.array([float(t) for t in at]), float(gamma_text)
    for point, parameter in ((x, gamma), (1.5 * x, gamma), (1.5 * x, 2 * gamma), (x, gamma)):
        fresh = equations_field_approx(problem, emission)
        approx.jacobian(point, parameter)[:] = 7
        approx.f(point, parameter)[:] = 7
        assert np.array_equal(approx.f(point, parameter), fresh.f(point, parameter))
        assert np.array_equal(approx.jacobian(point, parameter), fresh.jacobian(point, parameter))
        assert np.array_equal(approx.f_gamma(point, parameter), fresh.f_gamma(point, parameter))
    moved = x.copy()
    approx.jacobian(moved, gamma)
    moved[0] += 1
    assert not np.array_equal(approx.f(moved, gamma), approx.f(x, gamma))


def test_the_binary64_field_is_nan_where_it_fails() -> None:
    problem = field("x; y", "log(x) + gamma; exp(exp(y))", "0, 1")
    approx = equations_field_approx(problem, emit_equations(problem, "0" * 64))
    for x in ([-1.0, 0.0], [1.0, 1e3], [0.0, 0.0]):
        assert np.all(np.isnan(approx.f(np.array(x), 0.0))) and np.all(np.isnan(approx.jacobian(np.array(x), 0.0)))


@pytest.mark.parametrize(
    "equations, expected",
    [
        ("gamma*x - y*exp(x); sin(x*gamma) + tanh(y)", True),
        ("(exp(x) - 1)*gamma; exprel(y) - cos(x)", True),
        ("x/(gamma + 5) + log(1 + x); sqrt(1 + y) - 1", True),
        ("gamma*x + y; a*x + (b - 1/2)", True),
        ("gamma; x - y", False),
        ("x + gamma - gamma; y + sin(gamma) - sin(gamma)", False),
        ("exp(gamma*x) - 1; sqrt(4 + y) - 2", False),
        ("x + c - c; y", False),
        ("x; y + c**2 - 2", False),
    ],
)
def test_whether_zero_is_an_equilibrium_for_all_parameters(equations: str, expected: bool) -> None:
    constants = '{ a = "2", b = "0.5", c = "sqrt(2)" }'
    assert vanishes_at_zero(build_graph(field("x; y", equations, "0, 1", constants=constants))) is expected
