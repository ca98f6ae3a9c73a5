"""The untrusted search: every crossing on an equilibrium branch is found, polished, or reported as skipped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

from proofgen.approx.field import Array, jacobian_along
from proofgen.approx.network import LayeredFieldApprox, layered_field_approx
from proofgen.numbers.exact import ExactMatrix
from proofgen.problem.network import Layer, Problem, Term
from proofgen.search.candidates import Candidates, find_candidates, hopf_system_zero
from proofgen.search.continuation import ContinuationOptions, follow_branch
from proofgen.search.equilibrium import find_equilibrium
from proofgen.search.extended import hopf_system, hopf_system_jacobian
from proofgen.search.tracking import SpectrumApprox, assess
from proofgen.spec.matlab_random import paper_matrices

ONE = Fraction(1)
SHIFT = (Term(ONE),)


@dataclass(frozen=True)
class Field:
    """A field given by its formula; the Jacobian by complex steps, exact to rounding for polynomials."""

    n: int
    formula: Callable[[Array, float], Sequence[object]]

    def f(self, x: Array, gamma: float) -> Array:
        return np.array(self.formula(x, gamma), dtype=float)

    def jacobian(self, x: Array, gamma: float) -> Array:
        h = 1e-30
        columns = [np.imag(np.array(self.formula(x + 1j * h * e, gamma))) / h for e in np.eye(self.n)]
        return np.column_stack(columns)

    def f_gamma(self, x: Array, gamma: float) -> Array:
        return np.imag(np.array(self.formula(x + 0j, gamma + 1e-30j), dtype=complex)) / 1e-30


def oscillator(alpha: Callable[[float], float], omega: float = 1.0) -> Callable[[Array, float], list[object]]:
    """z' = (α(γ) + iω)z − z|z|² in real coordinates: the pair crosses at the zeros of α."""

    def formula(x: Array, gamma: float) -> list[object]:
        r2 = x[0] * x[0] + x[1] * x[1]
        return [
            (alpha(gamma) - r2) * x[0] - omega * x[1],
            omega * x[0] + (alpha(gamma) - r2) * x[1],
        ]

    return formula


def matrix(rows: object) -> ExactMatrix:
    return ExactMatrix.from_binary64(np.array(rows, dtype=float))


def paper_network(
    seed: int, activation: str, layers: int, parameter: tuple[Term, ...], shift: str = "0"
) -> LayeredFieldApprox:
    r1, r2 = paper_matrices(seed, 6, 0.1)
    weights = (Term(ONE, "R1"), Term(-ONE, "R1", transpose=True), Term(ONE, "R2"), Term(Fraction(shift)))
    arrays = {"R1": matrix(r1), "R2": matrix(r2)}
    layer = Layer(activation, weights, parameter)
    return layered_field_approx(Problem("paper", 6, (layer,) * layers, arrays))


def hopf_points(found: Candidates) -> list[tuple[float, float]]:
    return [(c.gamma, c.omega) for c in found.crossings if c.kind == "hopf"]


def reasons(found: Candidates) -> str:
    return "; ".join(s.reason for s in found.skipped)


# (γ, ω, n_u) of the paper's networks with other parameters: an independent binary64 computation
OTHER_PARAMETERS = {
    "sine": (
        paper_network(80, "sin", 1, SHIFT),
        (-1.0, 1.0),
        [
            (-0.12042887479884663, 1.5141031911831386, 0),
            (-0.007436717264441499, 4.405323719880437, 2),
            (0.02574763287129468, 2.6970610875828998, 4),
        ],
        [],
    ),
    "three layers": (
        paper_network(80, "tanh", 3, SHIFT),
        (-3.0, 3.0),
        [
            (-2.7429325298302425, 27.768755164943773, 4),
            (-0.12042887479889028, 3.471094395617898, 4),
            (-0.007436717264455932, 85.49357591585357, 2),
            (0.025747632871338372, 19.618795921424308, 0),
            (2.502074780232549, 27.768755164943872, 0),
        ],
        [],
    ),
    "two layers": (
        paper_network(80, "tanh", 2, SHIFT),
        (-5.0, 5.0),
        [
            (-4.412760437144936, 38.81375415388274, 4),
            (-2.6713134547115978, 14.548277020307781, 2),
            (-1.6345320659820204, 4.585016947102034, 0),
            (1.3936743163843133, 4.585016947101997, 0),
            (2.722808720454233, 14.548277020307848, 2),
            (4.397887002616009, 38.81375415388288, 4),
        ],
        [],
    ),
    "diagonal weight, seed 80": (
        paper_network(80, "tanh", 1, (Term(ONE, unit=(6, 6)),), "0.01"),
        (-5.0, 5.0),
        [(0.03208160795689748, 2.6972135628046763, 4)],
        [],
    ),
    "diagonal weight, seed 90": (
        paper_network(90, "tanh", 1, (Term(ONE, unit=(6, 6)),), "0.01"),
        (-5.0, 5.0),
        [
            (-0.6774227103445083, 3.177115568318548, 0),
            (-0.4177100437760596, 0.44750653073564767, 2),
            (-0.1881959977965379, 2.05977886970753, 4),
        ],
        [-2.5688682801748293],
    ),
    "off-diagonal weight": (
        paper_network(80, "tanh", 1, (Term(ONE, unit=(4, 3)), Term(-ONE, unit=(3, 4))), "0.01"),
        (-5.0, 5.0),
        [(-1.8283282665667868, 2.81885425065789, 4), (4.1097328940457745, 2.7951825799316508, 4)],
        [2.0998923199063944, 2.372356984555627],
    ),
}


@pytest.mark.parametrize("name", OTHER_PARAMETERS)
def test_the_papers_networks_with_other_parameters(name: str) -> None:
    field, interval, points, real = OTHER_PARAMETERS[name]
    found = find_candidates(field, interval)
    assert found.trivial and not found.skipped
    np.testing.assert_allclose(hopf_points(found), [p[:2] for p in points], rtol=0, atol=1e-9)
    assert [c.unstable for c in found.crossings if c.kind == "hopf"] == [p[2] for p in points]
    np.testing.assert_allclose([c.gamma for c in found.crossings if c.kind == "real"], real, rtol=0, atol=1e-9)
    assert all(c.converged and not c.note for c in found.crossings)


# ---- activations and derivatives


@pytest.mark.parametrize(
    "activation",
    ["tanh", "sin", "logistic", "softplus", "arctan", "silu", "gelu", "erf", "identity", "z/(1 + z**2)",
     "log(1 + exp(z)) - z**3/7", "sqrt(2 + cos(z))*atan(z/2)", "tan(z/5) + sinh(z)/cosh(z)**2 - erf(z)"],
)  # fmt: skip
def test_derivatives_of_the_field(activation: str) -> None:
    random = np.random.default_rng(3)
    arrays = {"A": matrix(random.standard_normal((3, 4))), "B": matrix(random.standard_normal((4, 3))),
              "G": matrix(random.standard_normal((3, 4))), "b": matrix(random.standard_normal((3, 1))),
              "tau": matrix(random.random((4, 1)))}  # fmt: skip
    layers = (
        Layer(activation, (Term(ONE, "A"),), (Term(Fraction(1, 3), "G"),), "b"),
        Layer("tanh", (Term(ONE, "B"),), ()),
    )
    field = layered_field_approx(Problem("t", 4, layers, arrays, leak="tau"))
    x, a, gamma, h = random.standard_normal(4), random.standard_normal(4), 0.4, 1e-5
    J = field.jacobian(x, gamma)
    differences = [(field.f(x + h * e, gamma) - field.f(x - h * e, gamma)) / (2 * h) for e in np.eye(4)]
    np.testing.assert_allclose(J, np.column_stack(differences), atol=1e-8)
    by_gamma = (field.f(x, gamma + h) - field.f(x, gamma - h)) / (2 * h)
    np.testing.assert_allclose(field.f_gamma(x, gamma), by_gamma, atol=1e-8)
    along_x, along_gamma = field.jacobian_times_derivatives(x, gamma, a)
    second = [jacobian_along(field, x, gamma, e, 0.0) @ a for e in np.eye(4)]
    np.testing.assert_allclose(along_x, np.column_stack(second), atol=1e-7)
    np.testing.assert_allclose(along_gamma, jacobian_along(field, x, gamma, np.zeros(4), 1.0) @ a, atol=1e-7)


@pytest.mark.parametrize("activation", ["logistic", "softplus", "silu", "gelu", "tanh", "arctan", "erf"])
def test_named_activations_do_not_overflow(activation: str) -> None:
    layer = Layer(activation, (Term(ONE),), SHIFT)
    field = layered_field_approx(Problem("t", 2, (layer,), {}))
    for size in (1e3, -1e3):
        x = np.array([size, 0.1])
        assert np.all(np.isfinite(field.f(x, 0.0))) and np.all(np.isfinite(field.jacobian(x, 0.0)))


# ---- networks off the origin


def two_layers_with_bias() -> LayeredFieldApprox:
    """adversarial case 1: the planar formula for ℓ1 has the wrong sign at its Hopf point."""
    S = matrix([[-0.1, -1.3, 0.5], [1.1, 0.3, -0.7], [0.7, -0.1, -0.6]])
    W2 = matrix([[-0.1, -1.4, 1.5], [0.7, -1.4, 0.2], [1.2, -0.3, 0.7]])
    layers = (Layer("tanh", (Term(ONE, "S"),), SHIFT, "b"), Layer("tanh", (Term(ONE, "W2"),), (), "b"))
    return layered_field_approx(Problem("t", 3, layers, {"S": S, "W2": W2, "b": matrix([[-2.2], [-1.0], [-0.5]])}))


def test_two_layers_with_bias() -> None:
    found = find_candidates(two_layers_with_bias(), (-1.0, 0.0))
    assert not found.trivial and not found.skipped
    (c,) = found.crossings
    assert abs(c.gamma + 0.63290261623230715) < 1e-11 and abs(c.omega - 1.027251412908422) < 1e-11
    np.testing.assert_allclose(c.x, [-1.6568315225782388, -1.3920614344125688, -2.0965824973334213], atol=1e-11)
    assert c.unstable == 0


def test_a_branch_that_goes_to_infinity_says_so() -> None:
    found = find_candidates(two_layers_with_bias(), (-1.0, 1.0))
    assert found.branch.end == "blow-up" and len(hopf_points(found)) == 1
    assert "not visited" in reasons(found)
    (rest,) = found.skipped
    assert 0.41 < rest.interval[0] < 0.412 and rest.interval[1] == 1.0


def leaky(n: int, gain: float, seed: int) -> LayeredFieldApprox:
    random = np.random.default_rng(seed)
    W, b = gain / np.sqrt(n) * random.standard_normal((n, n)), 0.3 * random.standard_normal((n, 1))
    layer = Layer("tanh", (Term(ONE, "W"),), SHIFT, "b")
    return layered_field_approx(Problem("leaky", n, (layer,), {"W": matrix(W), "b": matrix(b)}, leak=ONE))


def dense(field: object, interval: tuple[float, float], step: float = 1 / 1000) -> Candidates:
    options = ContinuationOptions(max_points=100_000, max_step=step)
    return find_candidates(field, interval, options=options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gain", "seed", "crossings"),  # up to four folds
    [(1.5, 8, 2), *(pytest.param(*case, marks=pytest.mark.slow) for case in ((1.5, 13, 3), (1.5, 16, 3), (2.5, 15, 6)))],
)
def test_leaky_networks_agree_with_a_walk_in_much_smaller_steps(gain: float, seed: int, crossings: int) -> None:
    field = leaky(12, gain, seed)
    found, expected = find_candidates(field, (-1.0, 1.0)), dense(field, (-1.0, 1.0))
    assert [(c.kind, c.sheet, c.unstable) for c in found.crossings] == [(c.kind, c.sheet, c.unstable) for c in expected.crossings]
    np.testing.assert_allclose(
        [(c.gamma, c.omega) for c in found.crossings] or np.empty((0, 2)),
        [(c.gamma, c.omega) for c in expected.crossings] or np.empty((0, 2)),
        atol=1e-10,
    )
    assert len(found.crossings) == crossings


def test_no_jump_between_sheets_that_lie_close_together() -> None:
    found = find_candidates(leaky(50, 1.5, 3), (-1.0, 1.0))
    assert [c.kind for c in found.crossings] == ["hopf"] * 3 + ["fold"] * 6
    assert not any(c.note for c in found.crossings)


def test_the_hopf_system_at_a_crossing() -> None:
    field = leaky(12, 1.5, 8)
    c = find_candidates(field, (-1.0, 1.0)).crossings[0]
    zero = hopf_system_zero(field, c)
    assert abs(zero.phi @ zero.a) < 1e-13 and abs(zero.phi @ zero.b - 1) < 1e-13
    assert np.max(np.abs(hopf_system(field, zero.u, zero.phi))) < 1e-13
    assert abs(zero.gamma - c.gamma) < 1e-12 and abs(zero.omega - c.omega) < 1e-12
    D = hopf_system_jacobian(field, zero.u, zero.phi)
    h = 1e-6
    for j, e in enumerate(np.eye(len(zero.u))):
        column = hopf_system(field, zero.u + h * e, zero.phi) - hopf_system(field, zero.u - h * e, zero.phi)
        np.testing.assert_allclose(D[:, j], column / (2 * h), atol=1e-8)
    fold = find_candidates(Field(3, s_shape), (-1.0, 1.0)).crossings[1]
    with pytest.raises(ValueError, match="not a crossing of a pair"):
        hopf_system_zero(field, fold)


@pytest.mark.slow
def test_two_hundred_neurons() -> None:
    found = find_candidates(leaky(200, 1.05, 1), (-0.5, 0.5))
    assert found.branch.end == "right" and all(c.converged for c in found.crossings)


def test_results_are_repeated_bit_by_bit() -> None:
    field = leaky(12, 1.5, 8)
    first, second = (find_candidates(field, (-1.0, 1.0)) for _ in range(2))
    assert hopf_points(first) == hopf_points(second)


# ---- folds, ends


def s_shape(x: Array, gamma: float) -> list[object]:
    """γ = x3³ − x3 with folds at x3 = ∓1/√3 and Hopf points at x3 = −0.9, 0.2, 1.2, one on every sheet."""
    alpha = (x[2] + 0.9) * (x[2] - 0.2) * (x[2] - 1.2)
    return [alpha * x[0] - x[1] - x[0] ** 3, x[0] + alpha * x[1] - x[1] ** 3, gamma - x[2] ** 3 + x[2] + x[0] ** 2]


def test_hopf_points_beyond_folds() -> None:
    found = find_candidates(Field(3, s_shape), (-1.0, 1.0))
    assert found.branch.end == "right" and not found.skipped
    fold = 2 / np.sqrt(27)
    expected = [("hopf", 0.171, 0), ("fold", fold, 0), ("hopf", -0.192, 1), ("fold", -fold, 1), ("hopf", 0.528, 2)]
    assert [(c.kind, c.sheet) for c in found.crossings] == [(kind, sheet) for kind, _, sheet in expected]
    np.testing.assert_allclose([c.gamma for c in found.crossings], [g for _, g, _ in expected], atol=1e-12)
    assert [c.s for c in found.crossings] == sorted(c.s for c in found.crossings)


def test_a_branch_that_folds_and_leaves_where_it_came_from() -> None:
    found = find_candidates(
        Field(2, lambda x, g: [0.25 - g - x[0] ** 2, x[0] - x[1]]), (0.0, 1.0), np.array([0.5, 0.5])
    )
    assert found.branch.end == "left"
    assert [(c.kind, round(c.gamma, 12)) for c in found.crossings] == [("fold", 0.25)]
    assert "leaves the interval on the left" in reasons(found)
    assert found.skipped[-1].interval[1] == 1.0


def test_no_equilibrium() -> None:
    found = find_candidates(Field(2, lambda x, g: [1 + x[0] ** 2, x[1]]), (0.0, 1.0))
    assert not found.crossings and found.branch.end == "no equilibrium"
    assert found.skipped[0].interval == (0.0, 1.0)


def test_a_saturated_network_is_no_equilibrium() -> None:
    x = find_equilibrium(two_layers_with_bias(), -3.0)
    assert x is not None and np.max(np.abs(two_layers_with_bias().f(x, -3.0))) < 1e-12


def test_a_parameter_that_enters_nowhere_and_a_small_budget() -> None:
    constant = Field(2, lambda x, g: [0.3 - x[0], x[0] - x[1] + 0 * g])
    assert not find_candidates(constant, (0.0, 1.0)).crossings
    short = find_candidates(leaky(12, 1.5, 8), (-1.0, 1.0), options=ContinuationOptions(max_points=5))
    assert short.branch.end == "budget" and "too many steps" in reasons(short)


def test_a_crossing_at_the_end_of_the_interval_is_not_lost() -> None:
    for interval in ((0.0, 1.0), (-1.0, 0.0)):
        found = find_candidates(Field(2, oscillator(lambda g: g)), interval)
        assert hopf_points(found) or "begins or ends" in reasons(found)


def test_branch_points_and_pairs_on_a_branch_off_zero() -> None:
    def transcritical(x: Array, gamma: float) -> list[object]:
        return [*oscillator(lambda g: g - 0.5)(x, gamma), -(x[2] - 1) * (x[2] - 1 - gamma)]

    found = find_candidates(Field(3, transcritical), (-1.0, 1.3), np.array([0.0, 0.0, 1.0]))
    assert [c.kind for c in found.crossings] == ["real", "hopf"]
    assert abs(found.crossings[0].gamma) < 1e-9 and "branch point" in found.crossings[0].note
    assert abs(found.crossings[1].gamma - 0.5) < 1e-12


# ---- nothing missed between steps, degenerate crossings


@pytest.mark.parametrize("distance", [1e-2, 1e-3, 1e-4, 1e-5])
def test_two_crossings_close_together(distance: float) -> None:
    centre = 0.12345
    found = find_candidates(Field(2, oscillator(lambda g: (g - centre) ** 2 - distance**2)), (-1.0, 1.0))
    np.testing.assert_allclose([g for g, _ in hopf_points(found)], [centre - distance, centre + distance], atol=1e-10)


def test_a_narrow_excursion_across_the_axis() -> None:
    def alpha(g: float) -> float:
        return 0.01 - np.exp(-(((g - 0.3) / 0.02) ** 2))

    found = find_candidates(Field(2, oscillator(alpha)), (-1.0, 1.0))
    np.testing.assert_allclose([alpha(g) for g, _ in hopf_points(found)], [0, 0], atol=1e-12)
    assert len(hopf_points(found)) == 2


def test_touching_and_nearly_touching() -> None:
    touching = find_candidates(Field(2, oscillator(lambda g: (g - 0.1234) ** 2)), (-1.0, 1.0))
    assert not touching.crossings and "touches" in reasons(touching)
    (low, high) = touching.skipped[0].interval
    assert low <= 0.1234 <= high and high - low < 1e-4
    near = find_candidates(Field(2, oscillator(lambda g: (g - 0.1234) ** 2 + 1e-9)), (-1.0, 1.0))
    assert not near.crossings and not near.skipped


def test_crossing_with_speed_zero() -> None:
    found = find_candidates(Field(2, oscillator(lambda g: (g - 0.1) ** 3)), (-1.0, 1.0))
    assert "speed of nearly 0" in reasons(found) or any("speed" in c.note for c in found.crossings)


def test_double_hopf_of_the_adversarial_network() -> None:
    W = matrix(
        [[-0.25, 2.25, -0.25, 0.25], [-1.25, 0.25, 0.75, 0.25], [-0.25, 0.25, -0.25, 2.25], [0.75, 0.25, -1.25, 0.25]]
    )
    field = layered_field_approx(Problem("t", 4, (Layer("tanh", (Term(ONE, "W"),), SHIFT),), {"W": W}))
    found = find_candidates(field, (-1.0, 1.3))
    assert sorted(round(c.omega, 9) for c in found.crossings) == [1.0, 2.0]
    assert all("double Hopf" in c.note and abs(c.gamma) < 1e-12 for c in found.crossings)


@pytest.mark.parametrize("direction", [1, -1])
@pytest.mark.parametrize("omega", [1.0, 1.001, 3.0])
def test_double_hopf(direction: int, omega: float) -> None:
    def formula(x: Array, gamma: float) -> list[object]:
        second = oscillator(lambda g: direction * (g - 0.33), omega)
        return [*oscillator(lambda g: g - 0.33)(x[:2], gamma), *second(x[2:], gamma)]

    found = find_candidates(Field(4, formula), (-1.0, 1.0))
    assert len(found.crossings) == 2 and all("double Hopf" in c.note for c in found.crossings)


def test_fold_hopf() -> None:
    found = find_candidates(Field(3, lambda x, g: [*oscillator(lambda t: t)(x, g), g * x[2] - x[2] ** 3]), (-1.0, 1.3))
    notes = {c.kind: c.note for c in found.crossings}
    assert "fold-Hopf" in notes["hopf"] and "a pair is on the axis" in notes["real"]


def test_bogdanov_takens() -> None:
    found = find_candidates(Field(2, lambda x, g: [x[1], -g * x[0] + g * x[1] + x[0] ** 2]), (-1.0, 1.0))
    assert not hopf_points(found) and "Bogdanov-Takens" in reasons(found)


def test_pairs_that_stay_on_the_axis() -> None:
    found = find_candidates(Field(2, lambda x, g: [x[1], -x[0] * (1 + g)]), (0.0, 1.0))
    assert not found.crossings and "all along" in reasons(found)


def test_the_rule_for_a_piece() -> None:
    def spectrum(values: list[complex], speeds: list[complex]) -> SpectrumApprox:
        at, by = np.array(values), np.array(speeds)
        return SpectrumApprox(at, by, np.zeros(len(values), dtype=bool), np.ones(len(values)), at.real, by.real)

    def settled(r0: float, d0: float, r1: float, d1: float, length: float = 1.0) -> bool:
        p, q = spectrum([r0 + 1j, r0 - 1j], [d0, d0]), spectrum([r1 + 1j, r1 - 1j], [d1, d1])
        return not np.any(assess(p, q, length).unresolved)

    assert settled(-1, 0.1, -0.9, 0.1)  # moves little
    assert settled(-1, 2, 1, 2)  # one crossing
    assert not settled(-1, 3, -1, -3)  # may go across and back
    assert not settled(-0.1, 1, -0.1, -1)
    assert not settled(-1, 20, 1, 2)
    p, q = spectrum([-0.1 + 1j, -0.1 - 1j], [0, 0]), spectrum([-0.1, -0.2], [0, 0])
    assert np.all(assess(p, q, 1.0).unresolved)  # a pair became two real eigenvalues near the axis


# ---- published systems


def test_brusselator() -> None:
    for A in (0.5, 1.0, 2.0):
        field = Field(2, lambda x, B, A=A: [A - (B + 1) * x[0] + x[0] ** 2 * x[1], B * x[0] - x[0] ** 2 * x[1]])
        found = find_candidates(field, (0.5, 6.0))
        np.testing.assert_allclose(hopf_points(found), [(1 + A * A, A)], atol=1e-10)
        assert abs(found.crossings[0].speed - 0.5) < 1e-8


def lorenz(x: Array, rho: float) -> list[object]:
    return [10 * (x[1] - x[0]), x[0] * (rho - x[2]) - x[1], x[0] * x[1] - 8 / 3 * x[2]]


def test_lorenz() -> None:
    found = find_candidates(Field(3, lorenz), (2.0, 30.0), np.array([1.6, 1.6, 1.0]))
    assert [c.kind for c in found.crossings] == ["hopf"] and abs(found.crossings[0].gamma - 470 / 19) < 1e-10
    trivial = find_candidates(Field(3, lorenz), (0.5, 30.0))
    assert trivial.trivial and [(c.kind, round(c.gamma, 10)) for c in trivial.crossings] == [("real", 1.0)]
    forced = follow_branch(Field(3, lorenz), (2.0, 30.0), np.array([1.6, 1.6, 1.0]), trivial=True)
    assert not np.any(forced.points[-1].x)


def test_fitzhugh_nagumo() -> None:
    def formula(x: Array, current: float) -> list[object]:
        return [x[0] * (x[0] - 0.1) * (1 - x[0]) - x[1] + current, 0.248 * (x[0] - x[1])]

    found = find_candidates(Field(2, formula), (0.0, 1.0))
    np.testing.assert_allclose([g for g, _ in hopf_points(found)], [0.207621268, 0.401860213], atol=1e-9)
