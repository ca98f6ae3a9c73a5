"""The search for periodic orbits against limits at the Hopf point and against integration of the equation."""

from __future__ import annotations

import numpy as np
import pytest
from networks import network, paper
from scipy.integrate import solve_ivp

from proofgen.approx.network import LayeredFieldApprox, layered_field_approx
from proofgen.search.orbit import (
    NoOrbitFound,
    OrbitApprox,
    follow,
    highest_mode,
    modes,
    orbit_at,
    orbit_at_hopf_point,
    resampled,
)
from proofgen.search.orbit_strips import SLOPES, LayerSizes, NetworkSizes, choose_grid
from proofgen.search.orbit_witness import piece_nodes, piece_witness, reflected
from proofgen.spec.load import load_text

ROTATION = [["0.1", "-1", "0.3"], ["1.2", "-0.2", "0.1"], ["-0.4", "0.5", "-0.9"]]


def hopf_points(field: LayeredFieldApprox) -> list[tuple[float, float]]:
    """(γ*, ω) of x' = σ((W + γI)x) with σ'(0) = 1, in increasing γ."""
    values = np.linalg.eigvals(field.layers[0].W0)
    return sorted((-float(z.real), float(z.imag)) for z in values if z.imag > 1e-9)


def started(field: LayeredFieldApprox, which: int = 0, samples: int = 81) -> OrbitApprox:
    gamma, omega = hopf_points(field)[which]
    return orbit_at_hopf_point(field, np.zeros(field.n), gamma, omega, samples, zero_branch=True)


def integrated(orbit: OrbitApprox) -> tuple[np.ndarray, np.ndarray]:
    """The solution from x(0) at the N + 1 times of the samples, and the monodromy matrix."""
    field, n = orbit.field, orbit.field.n

    def right(t: float, u: np.ndarray) -> np.ndarray:
        x, fundamental = u[:n], u[n:].reshape(n, n)
        return np.concatenate([field.f(x, orbit.gamma), (field.jacobian(x, orbit.gamma) @ fundamental).ravel()])

    period = 2 * np.pi * orbit.T
    times = np.linspace(0, period, orbit.samples + 1)
    start = np.concatenate([orbit.x[0], np.eye(n).ravel()])
    solution = solve_ivp(right, (0, period), start, method="DOP853", rtol=1e-12, atol=1e-14, t_eval=times)
    return solution.y[:n].T, solution.y[n:, -1].reshape(n, n)


@pytest.mark.parametrize("name", ["n4-printed", "n6-seed80", "n6-seed80-sine"])
def test_limits_at_the_hopf_point(name: str) -> None:
    """det S = −2i d with d = σ'(0) = 1, and γ'/a → −2ωℓ1/d: for σ_2 = 0, ℓ1 = −σ_3ω²/2 · Im Σ p̄q|q|²."""
    field = layered_field_approx(paper(name))
    third = {"n4-printed": -2.0, "n6-seed80": -2.0, "n6-seed80-sine": -1.0}[name]
    for which, (gamma, omega) in enumerate(hopf_points(field)):
        start = started(field, which)
        limit = orbit_at(start, 0.0)
        assert limit.linearised is not None
        assert np.linalg.det(limit.linearised.S) == pytest.approx(-2j, abs=1e-9)
        assert limit.gamma == pytest.approx(gamma, abs=1e-13) and limit.T * omega == pytest.approx(1, rel=1e-13)
        q = modes(limit.v)[1]  # v = q e^{iτ} + c.c., q^H q = 1, p^H q = 1
        ell1 = -third * omega**2 / 2 * np.imag(np.sum(limit.p * q * np.abs(q) ** 2))
        small = orbit_at(start, 0.01)
        assert 2 * (small.gamma - gamma) / 0.01**2 == pytest.approx(-2 * omega * ell1, rel=0.01)


@pytest.mark.parametrize(("which", "amplitude"), [(0, 0.05), (0, 0.3), (1, 0.1), (2, 0.2)])
def test_orbit_and_multipliers_by_integration(which: int, amplitude: float) -> None:
    orbit = follow(started(layered_field_approx(paper("n6-seed80")), which), amplitude)
    assert highest_mode(orbit) < 1e-13
    assert orbit.p @ modes(orbit.x)[1] == pytest.approx(amplitude, rel=1e-12)
    x, monodromy = integrated(orbit)
    assert np.abs(x[:-1] - orbit.x).max() < 1e-10 and np.abs(x[-1] - orbit.x[0]).max() < 1e-10
    multipliers = list(np.exp(2 * np.pi * np.linalg.eigvals(orbit.Lam)))
    for value in np.linalg.eigvals(monodromy):
        nearest = min(multipliers, key=lambda z: abs(z - value))
        assert abs(nearest - value) < 1e-5 * abs(value)  # the two at 1 are nearly one double eigenvalue
        multipliers.remove(nearest)


def test_biased_activation_is_followed_too() -> None:
    """A sine, on which orbits exist at larger amplitudes, far from the first order."""
    field = layered_field_approx(network(ROTATION, activation="sin"))
    orbit = follow(started(field), 1.0)
    x, _ = integrated(orbit)
    assert np.abs(x[-1] - orbit.x[0]).max() < 1e-10


def test_mirror_image_is_the_orbit_of_the_negative_amplitude() -> None:
    start = started(layered_field_approx(paper("n4-printed")))
    positive, negative = orbit_at(start, 0.1), orbit_at(start, -0.1)
    image = reflected(positive)
    assert image.linearised is not None and negative.linearised is not None
    for one, other in [(image.v, negative.v), (image.Q, negative.Q), (image.Lam, negative.Lam),
                       (image.linearised.H, negative.linearised.H), (image.linearised.S, negative.linearised.S)]:  # fmt: skip
        assert np.abs(one - other).max() < 1e-10
    assert image.gamma == pytest.approx(negative.gamma, abs=1e-13)


def test_witness_interpolates() -> None:
    """Between its nodes the witness of a piece is near the orbits there."""
    start = started(layered_field_approx(paper("n4-printed")))
    w = piece_witness(piece_nodes(start, 0.0, 0.1, 9), 0.0, 0.1)
    orbit = resampled(orbit_at(start, 0.07), 45)
    cosines = np.cos(np.arange(10) * np.arccos(0.7))
    assert cosines @ w.gamma == pytest.approx(orbit.gamma, abs=1e-11)
    assert cosines @ w.T == pytest.approx(orbit.T, abs=1e-11)
    K = (w.v.shape[1] - 1) // 2
    C = modes(orbit.v)
    assert np.abs(np.tensordot(cosines, w.v, axes=1) - np.concatenate([C[-K:], C[: K + 1]])).max() < 1e-9


def test_witness_is_exactly_symmetric() -> None:
    start = started(layered_field_approx(paper("n6-seed80")))
    w = piece_witness([follow(start, 0.1)], 0.1, 0.0)
    assert np.array_equal(w.v, w.v[:, ::-1].conj())
    assert np.array_equal(w.Q, w.Q[:, ::-1][..., list(w.partner)].conj())


def test_no_orbit_is_an_error() -> None:
    start = started(layered_field_approx(paper("n4-printed")))
    with pytest.raises(NoOrbitFound, match="amplitude"):
        follow(start, 1e6, shortest=1.0)


def test_strip_beyond_every_pole() -> None:
    """No strip serves when the orbit is so large that the narrowest one reaches a pole of tanh."""
    field = layered_field_approx(paper("n4-printed"))
    w = piece_witness([follow(started(field), 0.1)], 0.1, 0.0)
    layers = [LayerSizes(1e4 * field.layers[0].W0, None, *[np.zeros(4)] * 2, np.zeros((4, 4)), np.zeros(4), SLOPES["tanh"])]
    assert choose_grid(NetworkSizes(layers, np.zeros(4)), w, 0.0) is None


def test_a_slow_oscillation_beside_a_fast_one() -> None:
    """The columns of the frame do not turn, so that few samples hold them: here 13 turns would need far more."""
    problem = load_text(
        '[network]\nfamily = "asymmetric-rnn"\n'
        'random = { generator = "matlab", seed = 13, dimension = 4, perturbation = "0.1" }\n'
    )
    field = layered_field_approx(problem)
    orbit = follow(started(field, 0, samples=45), 0.1)
    assert highest_mode(orbit) < 1e-13 and abs(orbit.Lam[2, 2].imag) > 10
    _, monodromy = integrated(orbit)
    found = np.exp(2 * np.pi * np.diag(orbit.Lam)[2:])
    for value in found:
        assert np.abs(np.linalg.eigvals(monodromy) - value).min() < 1e-6 * abs(value)
