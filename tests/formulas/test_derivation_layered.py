"""The formulas of layered networks: printed sums are evaluated and compared with numerical derivatives of f."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction

import mpmath as mp
import pytest
import sympy as sp
from independent import bilinear, derivative_along, trilinear_uuv
from networks import PAPER

from proofgen.formulas.layered import NetworkDerivation, derive_network
from proofgen.formulas.recursion import Step, layered_formulas
from proofgen.problem.network import Problem
from proofgen.spec.load import load
from proofgen.symbolic.activations import derive_activation, z
from proofgen.symbolic.named import activation_text

PROOFS = PAPER.parent
DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
Matrix = list[list[mp.mpf]]
SPECS = ["networks/adversarial-two-layer", "networks/logistic-node", "networks/arctan-unequal-leaks", "examples/hopfield",
         "examples/neural-ode", "paper/n6-seed80-3-layers"]  # fmt: skip


def derivation(name: str) -> NetworkDerivation:
    return derive_network(load(PROOFS / f"{name}.toml"))


class Numbers:
    """Every symbol that a printed formula may hold, from f alone (its own numerical differentiation)."""

    def __init__(self, problem: Problem, x: list[mp.mpf], gamma: mp.mpf, u: list[mp.mpf], w: list[mp.mpf]) -> None:
        number: Callable[[Fraction], mp.mpf] = lambda q: mp.mpf(q.numerator) / q.denominator  # noqa: E731
        self.problem, self.n = problem, problem.dimension
        self.at = [*x, gamma]
        self.directions = {"u": [*u, 0], "v": [*u, 0], "w": [*w, 0], "γ": [mp.mpf(0)] * self.n + [mp.mpf(1)]}
        self.W0: list[Matrix] = []
        self.E: list[Matrix] = []
        self.b: list[list[mp.mpf]] = []
        for layer, shape in zip(problem.layers, problem.shapes, strict=True):
            for terms, store in ((layer.weights, self.W0), (layer.parameter, self.E)):
                store.append([[number(q) for q in row] for row in problem.combine(terms, shape).fractions()])
            bias = [[Fraction(0)]] * shape[0] if layer.bias is None else problem.arrays[layer.bias].fractions()
            self.b.append([number(row[0]) for row in bias])
        self.sigma = []
        for layer in problem.layers:
            activation = derive_activation(layer.activation)
            expressions = [sp.sympify(activation.expression), *activation.derivatives]
            self.sigma.append([sp.lambdify(z, expression, "mpmath") for expression in expressions])
        self.leak = [number(q) for q in problem.leak_entries()]

    def W(self, layer: int, gamma: mp.mpc) -> Matrix:
        pairs = zip(self.W0[layer - 1], self.E[layer - 1], strict=True)
        return [[a + gamma * e for a, e in zip(*rows, strict=True)] for rows in pairs]

    def layer(self, count: int, y: Sequence[mp.mpc], z_only: bool = False) -> list[mp.mpc]:
        """h_count, or z_count, at y = (x, γ)."""
        h = list(y[: self.n])
        for number in range(1, count + 1):
            argument = [a + b for a, b in zip(times(self.W(number, y[-1]), h), self.b[number - 1], strict=True)]
            if z_only and number == count:
                return argument
            h = [self.sigma[number - 1][0](c) for c in argument]
        return h

    def field(self, y: Sequence[mp.mpc]) -> list[mp.mpc]:
        h = self.layer(len(self.problem.layers), y)
        return [c - d * a for c, d, a in zip(h, self.leak, y[: self.n], strict=True)]

    def along(self, f: Callable[[Sequence[mp.mpc]], list[mp.mpc]], letters: str) -> list[mp.mpc]:
        """The derivative of f along the directions (u = v)."""
        chosen = [self.directions[c] for c in letters]
        if len(chosen) == 1:
            return derivative_along(f, self.at, chosen[0], 1)
        if len(chosen) == 2:
            return bilinear(f, self.at, *chosen)
        assert letters == "uvw"
        return trilinear_uuv(f, self.at, chosen[0], chosen[2])

    def vector(self, name: str) -> list[mp.mpc]:
        if match := re.fullmatch(r"(W|E)([₀-₉]*)([uvwx])", name):
            return times(self.matrix(match[1], match[2]), self.vector(match[3]))
        if match := re.fullmatch(r"z([₀-₉]*)_(.+)", name):
            number = int((match[1] or "1").translate(DIGITS))
            return self.along(lambda y: self.layer(number, y, z_only=True), match[2])
        if match := re.fullmatch(r"h([₀-₉]+)(?:_(.+))?", name):
            number = int(match[1].translate(DIGITS))
            at = self.layer(number, self.at)
            return self.along(lambda y: self.layer(number, y), match[2]) if match[2] else at
        return list(self.at[: self.n]) if name == "x" else self.directions[name][: self.n]

    def matrix(self, name: str, index: str, order: int = 0) -> Matrix:
        number = int((index or "1").translate(DIGITS))
        if name == "D":
            return [[d if i == k else mp.mpf(0) for k in range(self.n)] for i, d in enumerate(self.leak)]
        if name == "Σ":
            values = [self.sigma[number - 1][order](c) for c in self.layer(number, self.at, z_only=True)]
            return [[c if i == k else mp.mpf(0) for k in range(len(values))] for i, c in enumerate(values)]
        return self.W(number, self.at[-1]) if name == "W" else self.E[number - 1]

    def value(self, text: str) -> list[mp.mpc]:
        """The right side of a printed formula."""
        total = [mp.mpc(0)] * self.n
        for term in re.split(r" \+ (?![^(]*\))", text.split(" = ", 1)[1]):
            factors = re.findall(r"\([^)]*\)|\S+", term.removeprefix("−"))
            last = factors.pop()
            if last.startswith("("):
                summands = [[self.vector(name) for name in product.split("∘")] for product in last[1:-1].split(" + ")]
                columns = [[mp.fprod(row) for row in zip(*product, strict=True)] for product in summands]
                result = [mp.fsum(row) for row in zip(*columns, strict=True)]
            else:
                result = self.vector(last)
            for factor in reversed(factors):
                match = re.fullmatch(r"(Σ|W|E|D)([₀-₉]*)('*)", factor)
                assert match, factor
                result = times(self.matrix(match[1], match[2], len(match[3])), result)
            sign = -1 if term.startswith("−") else 1
            total = [a + sign * b for a, b in zip(total, result, strict=True)]
        return total


def times(matrix: Matrix, vector: Sequence[mp.mpc]) -> list[mp.mpc]:
    return [mp.fsum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


@pytest.mark.parametrize("name", SPECS)
def test_written_out_formulas_are_the_derivatives_of_f(name: str) -> None:
    problem = load(PROOFS / f"{name}.toml")
    with mp.workdps(40):
        entry = [mp.mpf(k * k % 7 - 3) / 11 for k in range(1, 3 * problem.dimension + 1)]
        n = problem.dimension
        small = [c / 20 for c in entry[n:]]
        numbers = Numbers(problem, [c / 9 for c in entry[:n]], mp.mpf("0.3"), small[:n], small[n:])
        formulas = derive_network(problem).formulas.derivatives
        assert len(formulas) == 5
        for formula, letters in zip(formulas, ("u", "uv", "uvw", "γ", "uγ"), strict=True):
            found, expected = numbers.value(formula.text), numbers.along(numbers.field, letters)
            for a, b in zip(found, expected, strict=True):
                assert abs(a - b) < mp.mpf(10) ** -15 * max(mp.mpf("0.001"), abs(b)), formula.text


def test_vanishing_terms_are_left_out() -> None:
    d = derivation("networks/logistic-node")
    assert [item.text for item in d.formulas.derivatives] == [
        "A u = W₂ Σ₁' W₁ u",
        "B(u,v) = W₂ Σ₁'' (W₁u∘W₁v)",
        "C(u,v,w) = W₂ Σ₁''' (W₁u∘W₁v∘W₁w)",
        "∂f/∂γ = E₂ h₁",
        "(∂A/∂γ)u = E₂ h₁_u",
    ]
    assert derivation("networks/arctan-unequal-leaks").formulas.derivatives[0].text == "A u = −D u + Σ' W u"


def test_a_network_of_linear_layers_has_no_higher_derivatives() -> None:
    formulas = layered_formulas([Step(1, True, True)], r"\gamma", "γ", "", "")
    assert [item.text for item in formulas.derivatives][1:3] == ["B(u,v) = 0", "C(u,v,w) = 0"]


def test_the_affine_step_and_the_coefficient() -> None:
    formulas = derivation("examples/neural-ode").formulas
    assert [item.text for item in formulas.recursion] == [
        "z_1 = W_l h_1", "z_12 = W_l h_12", "z_γ = W_l h_γ + E_l h", "z_1γ = W_l h_1γ + E_l h_1"
    ]  # fmt: skip
    assert formulas.l1.terms == (r"\frac{\mathsf t_1 + \mathsf t_2 + \mathsf t_3}{2 \omega q^{\mathsf H}q}",)


def test_deep_networks_are_described_by_the_recursion() -> None:
    steps = [Step(number, False, True) for number in range(1, 9)]
    assert layered_formulas(steps, r"\gamma", "γ", "", "").derivatives == ()


def test_long_sums_go_on_in_the_next_line() -> None:
    trilinear = derivation("paper/n6-seed80-3-layers").formulas.derivatives[2]
    lines = trilinear.aligned.split(r"\\")
    assert len(lines) == 4 and all(line.startswith("\n &\\quad + ") for line in lines[1:])


def test_the_rational_derivatives_of_the_arctangent() -> None:
    activation = derivation("networks/arctan-unequal-leaks").activations[0]
    assert activation.sigma.right == r"\arctan {z}" and not activation.in_s
    assert activation.derivatives[2].right == r"\frac{2 \left(3 z^{2} - 1\right)}{\left(z^{2} + 1\right)^{3}}"
    assert activation_text("arctan") == "atan(z)"


def test_the_logistic_derivatives_are_polynomials_in_s() -> None:
    first, second, _ = derivation("networks/logistic-node").activations[0].in_s
    assert first.right == r"s \left(1 - s\right)"
    assert second.right == r"s \left(1 - 2 s\right) \left(1 - s\right)"
