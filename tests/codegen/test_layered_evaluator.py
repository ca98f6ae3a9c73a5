"""Emitted evaluators of layered networks against derivatives that know no jets (Cauchy sums in mpmath)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import mpmath as mp
import pytest
from flint import acb, arb
from independent import SIGMA, bilinear, derivative_along, jacobian_of, layered_field
from ordinary import some

from proofgen.codegen.loading import load_emitted
from proofgen.codegen.network import emit_network, network_balls
from proofgen.numbers.balls import working_precision
from proofgen.numbers.exact import ExactMatrix
from proofgen.problem.network import Layer, Problem, Term

ONE = Fraction(1)


def matrix(random_: random.Random, rows: int, columns: int) -> ExactMatrix:
    return ExactMatrix.from_fractions(
        [[Fraction(random_.randint(-900, 900), 1000) for _ in range(columns)] for _ in range(rows)]
    )


def network(first: str, second: str, hidden: int = 4, leak: str | Fraction = "leak") -> Problem:
    """n = 3 → hidden → 3: a matrix direction in the first layer, identity and a single entry in the second ones."""
    r = random.Random(f"{first}{second}{hidden}")
    arrays = {
        "W1": matrix(r, hidden, 3), "b1": matrix(r, hidden, 1), "E1": matrix(r, hidden, 3),
        "W2": matrix(r, 3, hidden), "W3": matrix(r, 3, 3), "b3": matrix(r, 3, 1), "leak": matrix(r, 3, 1),
    }  # fmt: skip
    layers = (
        Layer(first, (Term(ONE, "W1"),), (Term(Fraction(1, 3), "E1"),), "b1"),
        Layer("identity", (Term(ONE, "W2"),), (Term(Fraction(2), unit=(1, 2)), Term(-ONE, unit=(2, 1)))),
        Layer(second, (Term(ONE, "W3"), Term(ONE, "W3", True)), (Term(ONE),), "b3"),
    )
    return Problem("jets", 3, layers, arrays, interval=(Fraction(-1), ONE), leak=leak)


def moving(first: str, second: str) -> Problem:
    """The same with γ in the biases of two layers, in one of them (which has none else) alone."""
    problem = network(first, second)
    r = random.Random(second)
    one, two, three = problem.layers
    layers = (one, replace(two, parameter=(), bias_parameter="c2"), replace(three, bias_parameter="c3"))
    return replace(problem, layers=layers, arrays={**problem.arrays, "c2": matrix(r, 3, 1), "c3": matrix(r, 3, 1)})


def contains(ball: acb, value: mp.mpc, width: float = 1e-25) -> bool:
    """The ball holds the value (known to about 25 digits) and is narrow."""
    re, im = mp.mpf(ball.real.mid().str(45, radius=False)), mp.mpf(ball.imag.mid().str(45, radius=False))
    narrow = float(ball.real.rad()) < width and float(ball.imag.rad()) < width
    return narrow and abs(mp.mpc(re, im) - value) < mp.mpf(10) ** -24 * (1 + abs(value))


CASES = [("tanh", "sin"), ("logistic", "identity"), ("arctan", "softplus"), ("silu", "tanh"), ("gelu", "erf"), ("identity", "tanh"), ("sin", "logistic")]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), some(CASES, 0, CASES[2:5]))
def test_every_jet(first: str, second: str) -> None:
    assert_every_jet(network(first, second))


@pytest.mark.parametrize(("first", "second"), CASES[:2])
def test_every_jet_with_the_parameter_in_biases(first: str, second: str) -> None:
    assert_every_jet(moving(first, second))


def test_every_jet_of_a_gain() -> None:
    """W⁰ = 0 in the first layer, which has a moving bias too."""
    problem = network("tanh", "arctan")
    one, *others = problem.layers
    first = replace(one, weights=(), parameter=one.weights, bias_parameter="b1")
    assert_every_jet(replace(problem, layers=(first, *others)))


def assert_every_jet(problem: Problem) -> None:
    r = random.Random(7)
    with mp.workdps(50), working_precision(160):
        f = layered_field(problem)
        x = [mp.mpf(r.randint(-900, 900)) / 1000 for _ in range(3)]
        gamma = mp.mpf(r.randint(-900, 900)) / 1000
        u, v, w = ([mp.mpc(r.randint(-9, 9), r.randint(-9, 9)) / 8 for _ in range(3)] for _ in range(3))
        real = [mp.mpf(r.randint(-9, 9)) / 8 for _ in range(3)]
        evaluator = network_balls(problem, emit_network(problem, "0" * 64))
        to_arb = lambda y: arb(int(mp.nint(y * 8000))) / 8000  # noqa: E731
        to_acb = lambda y: acb(to_arb(mp.re(y)), to_arb(mp.im(y)))  # noqa: E731
        e = evaluator.expand(to_arb(gamma), [to_arb(y) for y in x], 3)
        module, U, V, W = evaluator, *([to_acb(y) for y in direction] for direction in (u, v, w))
        at = lambda y: f(y, gamma)  # noqa: E731

        def holds(balls: Sequence[acb], values: Sequence[mp.mpc]) -> bool:
            return all(contains(acb(b), value) for b, value in zip(balls, values, strict=True))

        def by_gamma(g: object, order: int = 1) -> list[mp.mpc]:
            """d/dγ of g(γ), a vector, by a Cauchy sum."""
            return derivative_along(lambda s: g(s[0]), [gamma], [mp.mpf(1)], order)  # type: ignore[operator]

        assert holds(e.value, at(x))
        A = jacobian_of(at, x)
        assert holds([y for row in module.jacobian(e).table() for y in row], [A[i, j] for i in range(3) for j in range(3)])
        assert holds(module.parameter_derivative(e), by_gamma(lambda s: f(x, s)))
        assert holds(module.jacobian_parameter(e, U), by_gamma(lambda s: derivative_along(lambda y: f(y, s), x, u, 1)))
        assert holds(module.B(e, U, V), bilinear(at, x, u, v))
        third = [0] * 3
        for sign_v in (1, -1):  # polarisation of D³f[u, v, w]
            for sign_w in (1, -1):
                direction = [a + sign_v * b + sign_w * c for a, b, c in zip(u, v, w, strict=True)]
                value = derivative_along(at, x, direction, 3)
                third = [t + sign_v * sign_w * y for t, y in zip(third, value, strict=True)]
        assert holds(module.C(e, U, V, W), [t / 24 for t in third])
        along = module.jacobian_along(e, [acb(to_arb(y)) for y in real], 1).table()
        B_real = [bilinear(at, x, real, [mp.mpf(i == j) for i in range(3)]) for j in range(3)]
        A_gamma = [
            by_gamma(lambda s, j=j: derivative_along(lambda y: f(y, s), x, [mp.mpf(i == j) for i in range(3)], 1))
            for j in range(3)
        ]
        expected = [B_real[j][i] + A_gamma[j][i] for i in range(3) for j in range(3)]
        assert holds([y for row in along for y in row], expected)
        arguments, value = module.tangent(e, [to_arb(y) for y in real])
        path = by_gamma(lambda s: f([a + (s - gamma) * b for a, b in zip(x, real, strict=True)], s))
        assert holds(value, path)
        assert [len(z) for z in arguments] == [4, 3, 3]


def test_boxes_contain_every_point() -> None:
    """Wide boxes: the expansion over a box holds those at random points of it."""
    problem = network("tanh", "logistic", leak=Fraction(1, 2))
    r = random.Random(3)
    with working_precision(96):
        evaluator = network_balls(problem, emit_network(problem, "0" * 64))
        box = [arb(0.3, 0.05), arb(-0.2, 0.05), arb(0.1, 0.05)]
        wide = evaluator.expand(arb(0.25, 0.05), box, 2)
        A = evaluator.jacobian(wide)
        for _ in range(20):
            point = [arb(float(b.mid())) + arb(r.randint(-50, 50)) / 1000 for b in box]
            thin = evaluator.expand(arb(0.25) + arb(r.randint(-50, 50)) / 1000, point, 2)
            assert all(a.contains(b) for a, b in zip(wide.value, thin.value, strict=True))
            small = evaluator.jacobian(thin)
            assert all(A[i, j].contains(small[i, j]) for i in range(3) for j in range(3))


@pytest.mark.parametrize("name", SIGMA)
def test_activation_around_zero(name: str) -> None:
    """Balls around z = 0 give finite jets: integer powers are products."""
    problem = network(name, "identity")
    with working_precision(96):
        module = load_emitted(emit_network(problem, "0" * 64).source)
        jet = module.activation_1(arb(0, 1e-9), 3)
        assert all(value.is_finite() and float(value.rad()) < 1e-7 for value in jet)


def test_only_what_is_needed_is_emitted() -> None:
    """A linear layer has no σ'', a layer without γ no E, and a weight box appears only where there is one."""
    source = emit_network(network("tanh", "identity"), "0" * 64).source
    assert "parameter_2" in source and "_box" not in source
    B = source[source.index("def B(") : source.index("def C(")]
    assert "e.sigma[0][1]" in B and "e.sigma[1]" not in B and "e.sigma[2]" not in B


def test_a_text_of_the_spec_never_reaches_the_code() -> None:
    problem = network("tanh", "identity")
    layers = (Layer("z + z**3/3", problem.layers[0].weights, problem.layers[0].parameter, "b1"), *problem.layers[1:])
    source = emit_network(Problem("'''; import os", 3, layers, problem.arrays, leak=Fraction(0)), "0" * 64).source
    assert "import os" not in source and "_power(z, 3)" in source
