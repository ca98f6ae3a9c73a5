"""Theorem H: its inequality against eigenvalues, a settled piece against dense spectra, and witnesses to be refused."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from flint import arb

from proofgen.codegen.network import NetworkEmission
from proofgen.numbers.balls import working_precision
from proofgen.problem.network import Problem
from proofgen.proof.definite import Scaled
from proofgen.proof.failure import ProofFailure
from proofgen.proof.form_crossing import AxisWitness, CrossingNotExcluded, Growth, settle_crossing
from proofgen.proof.form_piece import DefectTooLarge, FormTube, FormWitness
from proofgen.proof.layer_motion import LayeredField
from proofgen.search.form_crossing import CrossingCandidate, crossing_candidate
from proofgen.search.predictor import newton_approx
from proofgen.search.quadratic_form import quadratic_form
from proofgen.spec.load import load
from proofgen.strategy.fields import emit_field, field_approx
from proofgen.strategy.form_crossing import axis_witness, branch_witness_of
from proofgen.strategy.forms import factors_as_integers, layered_field

SPEC = Path(__file__).parent.parent.parent / "proofs" / "networks" / "arctan-unequal-leaks.toml"
GAMMA = 1.4289  # near a Hopf point, see `bench`
CERTIFIED = Fraction(1, 2**20)


@dataclass
class Bench:
    """Six neurons with unequal leaks; gamma, omega: where a pair crosses the axis, in binary64."""

    problem: Problem
    approx: Any
    layers: LayeredField
    gamma: float
    omega: float
    candidate: CrossingCandidate

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        half = Fraction(self.candidate.half)
        return Fraction(self.gamma) - half, Fraction(self.gamma) + half

    def settle(self, **changes: Any) -> FormTube:
        c = self.candidate
        branch = replace(branch_witness_of(c), **changes.pop("branch", {}))
        axis = replace(axis_witness(c), **changes.pop("axis", {}))
        factors = factors_as_integers(c.factors[0]), factors_as_integers(c.factors[1])
        return settle_crossing(
            self.layers, branch, axis, changes.pop("ends", self.ends), factors, changes.pop("certified", CERTIFIED)
        )


def critical(approx: Any, x: Any, gamma: float) -> complex:
    values = np.linalg.eigvals(approx.jacobian(x, gamma))
    values = values[values.imag > 0]
    return complex(values[np.argmin(np.abs(values.real))])


@pytest.fixture(scope="module")
def bench() -> Any:
    with working_precision(128):
        problem = load(SPEC)
        assert isinstance(problem, Problem)
        emission = emit_field(problem, "0" * 64)
        assert isinstance(emission, NetworkEmission)
        approx, x = field_approx(problem, emission), np.zeros(6)
        low, high = 1.3, 1.5
        for gamma in np.linspace(-2, low, 60):
            found = newton_approx(approx, x, float(gamma))
            assert found is not None
            x = found
        sign = np.sign(critical(approx, x, low).real)
        for _ in range(55):
            middle = (low + high) / 2
            found = newton_approx(approx, x, middle)
            assert found is not None
            if np.sign(critical(approx, found, middle).real) == sign:
                low, x = middle, found
            else:
                high = middle
        omega = critical(approx, x, low).imag
        half = 0.08
        candidate = crossing_candidate(approx, low, half, x, omega)
        assert candidate is not None and candidate.share > 1
        yield Bench(problem, approx, layered_field(problem, emission), low, omega, candidate)


# --- the theorem's inequality, against eigenvalues ------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_an_eigenvalue_on_the_axis_obeys_the_inequality(seed: int) -> None:
    """A with the eigenvalues ±iω exactly, U and V those of another matrix near it: |ρ| ≤ τ + (ε + τ)²/(μ − τ)."""
    rng = np.random.default_rng(seed)
    n, omega = 6, 1.0
    values = np.diag([0.0, 0, -0.7, -1.2, 0.8, -0.5])
    values[0, 1], values[1, 0] = omega, -omega
    X = rng.standard_normal((n, n)) + 3 * np.eye(n)
    A = X @ values @ np.linalg.inv(X)
    tested = 0
    for size in (1e-1, 3e-2, 1e-2, 1e-3):
        near = X + size * rng.standard_normal((n, n))
        U, V = near[:, :2], np.linalg.inv(near).T[:, :2] * (1 + size * rng.standard_normal())
        shift = 0.5 * float(rng.choice([-1, 1]))
        B = A - shift * U @ V.T
        P = quadratic_form(B)
        assert P is not None
        q = float(np.linalg.eigvalsh(P @ B + B.T @ P)[0])
        if not q > 0:
            continue
        norm = np.linalg.norm
        N = V.T @ A @ U
        F, K, D = A @ U - U @ N, V.T @ A - N @ V.T, np.eye(2) - V.T @ U
        phi = 2 / q * (norm(P @ F) + norm(P @ U) * (abs(shift) + norm(N)) * norm(D))
        chi = 2 / q * norm(P @ U) * norm(K)
        if not chi < 1:
            continue
        tau = norm(K) * phi / (1 - chi) + norm(N) * norm(D)
        w, vector = np.linalg.eig(A)
        v = vector[:, np.argmin(np.abs(w - 1j * omega))]
        a = V.T @ v
        assert norm((1j * omega * np.eye(2) - N) @ a) <= tau * norm(a) + 1e-12
        mu, rho = abs(N[0, 1] - N[1, 0]) / 2, abs(N[0, 0] + N[1, 1]) / 2
        epsilon = float(np.hypot(N[0, 0] - N[1, 1], N[0, 1] + N[1, 0])) / 2
        if mu > tau:
            tested += 1
            assert rho <= tau + (epsilon + tau) ** 2 / (mu - tau) + 1e-12
    assert tested


def test_growth_is_a_bound() -> None:
    one, other = Growth(arb(2), arb(3)), Growth(arb("0.5"), arb(4))
    for s in (0.0, 0.25, 1.0):
        a, b = 2 + 3 * s, 0.5 + 4 * s
        product, total = one * other, one + other
        assert a * b <= float(product.still) + s * float(product.moving) + 1e-12
        assert abs(a + b - float(total.still) - s * float(total.moving)) < 1e-12
    assert float((one * other).most) == 5 * 4.5


def independent(x: Any, gamma: Any) -> tuple[Any, Any]:
    """−Dx + arctan((W + γ(e_2e_1ᵀ − e_1e_2ᵀ))x + b) and its Jacobian from the text of the spec, by mpmath."""
    given = tomllib.loads(SPEC.read_text(encoding="utf-8"))["network"]
    layer = given["layer"][0]
    W = mpmath.matrix([[mpmath.mpf(v) for v in row] for row in layer["weights"]])
    W[1, 0], W[0, 1] = W[1, 0] + gamma, W[0, 1] - gamma
    z = W * x + mpmath.matrix([mpmath.mpf(v) for v in layer["bias"]])
    leak = [mpmath.mpf(v) for v in given["leak"]]
    f = mpmath.matrix([mpmath.atan(z[i]) - leak[i] * x[i] for i in range(6)])
    A = mpmath.matrix(6, 6)
    for i in range(6):
        for j in range(6):
            A[i, j] = W[i, j] / (1 + z[i] ** 2) - (leak[i] if i == j else 0)
    return f, A


def by_newton(x: Any, gamma: Any) -> Any:
    for _ in range(12):
        f, A = independent(x, gamma)
        x = x - mpmath.lu_solve(A, f)
    assert mpmath.norm(independent(x, gamma)[0]) < 1e-35
    return x


# --- a settled piece -------------------------------------------------------------------------------


def test_dense_spectra_over_a_settled_piece(bench: Bench) -> None:
    """Equilibria and eigenvalues in 40 digits: one in the tube; on the axis nowhere but at the crossing, and the others
    stay away from it."""
    tube, signs = bench.settle(), []
    assert bench.candidate.curve is not None
    x = mpmath.matrix(bench.candidate.curve[0].tolist())
    with mpmath.workdps(40):
        for s in (-0.99, -0.5, -1e-2, -1e-4, 1e-4, 1e-2, 0.5, 0.99):
            gamma = bench.gamma + s * bench.candidate.half
            x = by_newton(x, mpmath.mpf(gamma))
            assert tube.holds(Fraction(gamma), [arb(str(v)) for v in x])
            A = independent(x, mpmath.mpf(gamma))[1]
            values = sorted(mpmath.eig(A, left=False, right=False), key=lambda z: abs(z.real))
            assert abs(abs(values[0].imag) - bench.omega) < 0.1 and abs(values[2].real) > 0.1
            assert abs(values[0].real) > 1e-7
            signs.append(values[0].real > 0)
    assert len(set(signs[:4])) == len(set(signs[4:])) == 1 and signs[0] != signs[-1]


def test_the_point_has_to_lie_on_it(bench: Bench) -> None:
    tube, c = bench.settle(), bench.candidate
    assert c.curve is not None
    x = [arb(v, 1e-12) for v in c.curve[0].tolist()]
    assert tube.holds_over(arb(c.gamma, 1e-12), x)
    assert not tube.holds_over(arb(c.gamma, 2 * c.half), x)
    assert not tube.holds_over(arb("nan"), x)
    assert not tube.holds_over(arb(c.gamma), [arb(v) + 0.1 for v in c.curve[0].tolist()])


def scaled(form: Scaled, factor: int) -> Scaled:
    return Scaled(form.entries * factor, form.exponent)


REFUSED: dict[str, Callable[[FormWitness, AxisWitness], dict[str, Any]]] = {
    "−P": lambda b, a: {"axis": {"form": scaled(a.form, -1)}},
    "0 for P": lambda b, a: {"axis": {"form": scaled(a.form, 0)}},
    "−G": lambda b, a: {"branch": {"form": scaled(b.form, -1)}},
    "G of P": lambda b, a: {"branch": {"form": a.form}},
    "Gᵀ": lambda b, a: {"branch": {"form": Scaled(b.form.entries.transpose(), b.form.exponent)}},
    "κ 0": lambda b, a: {"axis": {"shift": Fraction(0)}},
    "−κ": lambda b, a: {"axis": {"shift": -a.shift}},
    "U 0": lambda b, a: {"axis": {"U": ([arb(0)] * 6, [arb(0)] * 6)}},
    "U turned": lambda b, a: {"axis": {"U": a.U[::-1]}},
    "V turned": lambda b, a: {"axis": {"V": a.V[::-1]}},
    "U not a number": lambda b, a: {"axis": {"U": ([arb("nan")] * 6, a.U[1])}},
    "q larger": lambda b, a: {"axis": {"margin": Fraction(5)}},
    "q tiny": lambda b, a: {"axis": {"margin": Fraction(1, 10**6)}},
    "g larger": lambda b, a: {"branch": {"margin": Fraction(5)}},
    "r smaller": lambda b, a: {"branch": {"radius": arb("1e-14")}},
    "r larger": lambda b, a: {"branch": {"radius": arb(10)}},
    "no window": lambda b, a: {"certified": Fraction(1, 2**70)},
    "wider": lambda b, a: {"ends": (b.gamma - 1, b.gamma + 1)},
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_witness_is_refused(name: str, bench: Bench) -> None:
    change = REFUSED[name](branch_witness_of(bench.candidate), axis_witness(bench.candidate))
    bench.settle()
    with pytest.raises(ProofFailure):
        bench.settle(**change)


def test_the_crossing_has_to_be_in_the_middle(bench: Bench) -> None:
    """Around a centre that is 1e-3 away from the crossing the window of ±1e-6 is not where the pair is on the axis."""
    c = crossing_candidate(bench.approx, bench.gamma + 1e-3, 0.02, bench.candidate.curve[0], bench.omega)  # type: ignore[index]
    assert c is not None and c.share > 1
    moved = replace(bench, gamma=c.gamma, candidate=c)
    with pytest.raises(CrossingNotExcluded):
        moved.settle()


def test_a_narrow_tube_says_what_it_needs(bench: Bench) -> None:
    with pytest.raises(DefectTooLarge) as caught:
        bench.settle(branch={"radius": arb("1e-9")})
    assert float(caught.value.eta) > 0
