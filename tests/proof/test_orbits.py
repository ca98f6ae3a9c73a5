"""Theorems O1 to O4 on zero branches: enclosures against other computations, and every hypothesis falsified once."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from flint import acb, acb_mat, arb, arb_mat
from networks import paper
from ordinary import some
from scipy.integrate import solve_ivp

from proofgen.approx.network import LayeredFieldApprox, layered_field_approx
from proofgen.numbers.balls import ball, working_precision
from proofgen.problem.network import Problem
from proofgen.proof.failure import ProofFailure
from proofgen.proof.orbit import OrbitPiece, prove_piece, require_joint, require_start
from proofgen.proof.orbit_family import kappa_signs, prove_direction, unstable_multipliers
from proofgen.proof.orbit_floquet import enclose_exponents
from proofgen.proof.orbit_grid import Grid
from proofgen.proof.orbit_inverse import distance_from_turns, invert
from proofgen.proof.orbit_polynomials import PieceWitness, Polynomial, cosine_product, cosines
from proofgen.proof.orbit_samples import sample_norms
from proofgen.proof.orbit_strip import (
    Neighbourhood,
    StripLayer,
    StripNetwork,
    geometric_sum,
    geometric_tail,
    network_bounds,
)  # fmt: skip
from proofgen.search.orbit import OrbitApprox, follow, orbit_at_hopf_point
from proofgen.search.orbit_witness import PieceWitnessApprox, piece_nodes, piece_witness
from proofgen.strategy.fields import emit_field
from proofgen.strategy.orbit import OrbitField, estimate_piece, exact_witness, find_radii, orbit_field, prove_orbits

BITS = 100
TENTH = Fraction(0.1)


class Case:
    """One Hopf point of a network with an orbit of amplitude 0.1 and the piece [−0.1, 0.1], both proved."""

    def __init__(self, problem: Problem, which: int) -> None:
        self.approx: LayeredFieldApprox = layered_field_approx(problem)
        values = np.linalg.eigvals(self.approx.layers[0].W0)
        self.gamma, self.omega = sorted((-float(z.real), float(z.imag)) for z in values if z.imag > 1e-9)[which]
        zero = np.zeros(problem.dimension)
        self.start = orbit_at_hopf_point(self.approx, zero, self.gamma, self.omega, 81, zero_branch=True)
        self.orbit: OrbitApprox = follow(self.start, 0.1)
        self.one_approx: PieceWitnessApprox = piece_witness([self.orbit], 0.1, 0.0)
        self.many_approx: PieceWitnessApprox = piece_witness(piece_nodes(self.start, 0.0, 0.1, 11), 0.0, 0.1)
        found = orbit_field(problem, emit_field(problem, "0" * 64))
        assert isinstance(found, OrbitField)
        self.field: OrbitField = found
        self.one: OrbitPiece = prove_orbits(self.field, self.one_approx)
        self.many: OrbitPiece = prove_orbits(self.field, self.many_approx, 0.2)


@pytest.fixture(scope="module")
def case() -> Iterator[Case]:
    with working_precision(BITS):
        yield Case(paper("n4-seed80"), 1)


@pytest.fixture(autouse=True)
def precision() -> Iterator[None]:
    with working_precision(BITS):
        yield


def integrated(field: LayeredFieldApprox, x: np.ndarray, gamma: float, times: np.ndarray) -> np.ndarray:
    solution = solve_ivp(lambda t, u: field.f(u, gamma), (0, times[-1]), x, method="DOP853", rtol=1e-13, atol=1e-15, t_eval=times)
    return np.asarray(solution.y.T)


def midpoint(x: arb) -> float:
    return float(x.mid())


# --- one orbit -------------------------------------------------------------------------------------


def test_one_orbit_is_narrow_and_closes(case: Case) -> None:
    piece, w = case.one, case.one_approx
    assert float(piece.gamma_radius) < 1e-11 and float(piece.T_radius) < 1e-11
    assert float(max(piece.distance)) < 1e-10 and float(piece.rate) < 1e-5 and float(piece.uniqueness) > 1e3
    times = 2 * np.pi * w.T[0] * np.linspace(0, 1, case.orbit.samples + 1)
    x = integrated(case.approx, case.orbit.x[0], w.gamma[0], times)
    assert np.abs(x[:-1] - case.orbit.x).max() < 1e-10 and np.abs(x[-1] - x[0]).max() < 1e-10


def test_multipliers_lie_in_the_discs(case: Case) -> None:
    """The monodromy matrix by integration; n4-seed80 has n_u = 2 at its second point."""
    floquet = enclose_exponents(case.one, 1)
    n, gamma = 4, case.one_approx.gamma[0]

    def right(t: float, u: np.ndarray) -> np.ndarray:
        return np.concatenate([case.approx.f(u[:n], gamma), (case.approx.jacobian(u[:n], gamma) @ u[n:].reshape(n, n)).ravel()])

    end = 2 * np.pi * case.one_approx.T[0]
    start = np.concatenate([case.orbit.x[0], np.eye(n).ravel()])
    u = solve_ivp(right, (0, end), start, method="DOP853", rtol=1e-13, atol=1e-15).y[:, -1]
    multipliers = sorted(np.linalg.eigvals(u[n:].reshape(n, n)), key=lambda z: abs(z - 1))
    exponents = [np.log(z) / (2 * np.pi) for z in multipliers]
    kappa = exponents[0] + exponents[1]  # one of them is 0 but for errors of the square root of the roundings
    assert abs(kappa.real - midpoint(floquet.kappa[0])) < 1e-8
    assert float(floquet.kappa_error) < 1e-7
    centres = [case.one_approx.Lam[0, j, j] for j in (2, 3)]
    for z in exponents[2:]:
        assert min(abs(np.exp(2 * np.pi * (z - c)) - 1) for c in centres) < 1e-8
    outside = sum(abs(z) > 1 + 1e-6 for z in multipliers)
    assert unstable_multipliers(floquet, floquet.kappa_sign) == outside
    assert floquet.outside == 2


@pytest.mark.parametrize("size", some([1e-7, 1e-6, 1e-5, 1e-4], 0, [1e-6, 1e-4]))
def test_perturbed_witness_is_refused_or_its_radii_hold_the_orbit(case: Case, size: float) -> None:
    w = case.one_approx
    for name in ("gamma", "T", "v", "Q", "P", "Lam", "B", "V", "H"):
        value = getattr(w, name)
        index = (0,) * value.ndim if name not in ("v", "H", "Q") else (0, (value.shape[1] - 1) // 2, *(0,) * (value.ndim - 2))
        moved = value.copy()
        moved[index] += size
        try:
            piece = prove_orbits(case.field, dataclasses.replace(w, **{name: moved}))
        except ProofFailure:
            continue
        gap = size if name in ("gamma", "T") else 0.0
        true_gamma = abs(w.gamma[0] - (moved[0] if name == "gamma" else w.gamma[0]))
        assert float(piece.gamma_radius) >= true_gamma - 1e-11 and float(max(piece.radii)) >= 0.1 * gap


def test_radii_that_are_too_small_are_refused(case: Case) -> None:
    e, radii = case.one.estimates, case.one.radii
    for i in range(len(radii)):
        smaller = [*radii]
        smaller[i] = radii[i] / 1000
        with pytest.raises(ProofFailure, match="does not contract"):
            prove_piece(e, smaller, arb(1))
    with pytest.raises(ProofFailure, match="positive"):
        prove_piece(e, [arb(0), *radii[1:]], arb(1))


def test_factor_of_uniqueness_is_verified(case: Case) -> None:
    e, radii = case.one.estimates, case.one.radii
    with pytest.raises(ProofFailure, match=r"contract|leaves"):
        prove_piece(e, radii, case.one.uniqueness * 1000)
    with pytest.raises(ProofFailure, match="below 1"):
        prove_piece(e, radii, arb("0.5"))


def test_ball_must_stay_in_the_neighbourhood(case: Case) -> None:
    e = case.one.estimates
    small = dataclasses.replace(e.around, R_gamma=case.one.gamma_radius / 2)
    with pytest.raises(ProofFailure, match="leaves the neighbourhood"):
        prove_piece(dataclasses.replace(e, around=small), case.one.radii, arb(1))


def test_an_orbit_that_is_not_real_is_refused(case: Case) -> None:
    w = case.one_approx
    v = w.v.copy()
    v[0, 0, 0] += 1e-15j
    with pytest.raises(ProofFailure, match="exactly real"):
        prove_orbits(case.field, dataclasses.replace(w, v=v))


def test_reality_by_uniqueness_alone(case: Case) -> None:
    """(B) of Lemma O2: a frame that is not exactly symmetric; with t = 1 it is refused."""
    w = case.one_approx
    Q = w.Q.copy()
    Q[0, 0, 0, 0] += 1e-16
    other = dataclasses.replace(w, Q=Q)
    assert not exact_witness(other).is_symmetric and exact_witness(w).is_symmetric
    piece = prove_orbits(case.field, other)
    with pytest.raises(ProofFailure, match="not proved real"):
        prove_piece(piece.estimates, piece.radii, arb(1))


def test_negative_time_is_refused(case: Case) -> None:
    """With T < 0 nothing is said about stability: the witness of a reversed orbit does not pass."""
    e = case.one.estimates
    reversed_time = dataclasses.replace(
        e.witness, T=Polynomial(0, 0, 1, 1, acb_mat([[acb(case.one.T_radius / 2)]]))
    )
    with pytest.raises(ProofFailure, match="period"):
        prove_piece(dataclasses.replace(e, witness=reversed_time), case.one.radii, arb(1))


# --- pieces ----------------------------------------------------------------------------------------


def test_piece_holds_the_orbits_between_its_nodes(case: Case) -> None:
    w, piece = case.many_approx, case.many
    assert float(piece.gamma_radius) < 1e-8
    for a in (0.013, 0.041, 0.0777, 0.0999):
        orbit = follow(case.start, a)
        c = np.cos(np.arange(len(w.gamma)) * np.arccos(a / 0.1))
        assert abs(orbit.gamma - c @ w.gamma) < float(piece.gamma_radius) + 1e-13
        assert abs(orbit.T - c @ w.T) < float(piece.T_radius) + 1e-13


def test_piece_and_orbit_are_the_same_at_their_joint(case: Case) -> None:
    require_joint(case.many, case.one, TENTH)
    require_joint(case.one, case.many, TENTH)
    for a in (Fraction(1, 20), Fraction(1, 5)):
        with pytest.raises(ProofFailure, match="does not belong"):
            require_joint(case.one, case.many, a) if a > TENTH else require_joint(case.many, case.one, a)


def test_joint_of_different_orbits_is_refused(case: Case) -> None:
    other = prove_orbits(case.field, piece_witness([follow(case.start, 0.09)], 0.09, 0.0))
    moved = dataclasses.replace(other.estimates.witness, centre=TENTH)
    liar = dataclasses.replace(other, estimates=dataclasses.replace(other.estimates, witness=moved))
    with pytest.raises(ProofFailure, match="not proved to be the same"):
        require_joint(liar, case.many, TENTH)
    p = (case.one.estimates.witness.p[0] + acb(1e-15), *case.one.estimates.witness.p[1:])
    scaled = dataclasses.replace(
        case.one, estimates=dataclasses.replace(case.one.estimates, witness=dataclasses.replace(case.one.estimates.witness, p=p))
    )
    with pytest.raises(ProofFailure, match="different amplitudes"):
        require_joint(scaled, case.many, TENTH)


def test_reality_of_a_piece_by_an_orbit(case: Case) -> None:
    """(C) of Lemma O2: a piece whose frame is not exactly symmetric and whose t is 1."""
    Q = case.many_approx.Q.copy()
    Q[0, 0, 0, 0] += 1e-16
    e = estimate_piece(case.field, dataclasses.replace(case.many_approx, Q=Q), 0.0)
    radii = find_radii(e)
    with pytest.raises(ProofFailure, match="not proved real"):
        prove_piece(e, radii, arb(1))
    t = arb(1000)
    assert prove_piece(e, radii, t, real_by=case.one, at=TENTH).uniqueness == t


def test_direction_and_stability(case: Case) -> None:
    """γ'/a → −2ωℓ1/d at 0, and its values between; κ by the exchange of stability and by its own enclosure agree."""
    floquet = enclose_exponents(case.many, 32)
    direction = prove_direction(case.many, 64)
    slopes = [2 * (follow(case.start, a).gamma - case.gamma) / a**2 for a in (0.01, 0.05, 0.1)]
    low, high = (min(float(s.lower()) for s in direction.slopes), max(float(s.upper()) for s in direction.slopes))
    assert low <= min(slopes) and max(slopes) <= high and high - low < 2 * (max(slopes) - min(slopes)) + 0.1 * abs(low)
    assert direction.sign == (1 if slopes[0] > 0 else -1)
    single = enclose_exponents(case.one, 1)
    found = [unstable_multipliers(floquet, *kappa_signs([floquet], [direction], arb(*d))) for d in ((1,), (-1,), (0, 1))]
    assert found[0] == unstable_multipliers(single, single.kappa_sign) != found[1] and found[2] is None
    assert kappa_signs([floquet], [None], arb(1)) == [0]
    for x, kappa in [(floquet.kappa[-1], single.kappa[0])]:
        assert x.overlaps(kappa)


def test_direction_of_a_further_piece(case: Case) -> None:
    """(O') on [0.05, 0.07] against differences of γ; the pieces around 0 and this one are the same at 0.05."""
    near = follow(case.start, 0.06)
    approx = piece_witness(piece_nodes(near, 0.06, 0.01, 7), 0.06, 0.01)
    piece = prove_orbits(case.field, approx, 0.2)
    direction = prove_direction(piece, 32)
    points = [follow(near, a).gamma for a in (0.05, 0.06, 0.07)]
    between = [(points[i + 1] - points[i]) / 0.01 / a for i, a in enumerate((0.055, 0.065))]
    low, high = (min(float(s.lower()) for s in direction.slopes), max(float(s.upper()) for s in direction.slopes))
    assert low <= min(between) and max(between) <= high and high - low < 0.3 * abs(low)
    require_joint(case.many, piece, Fraction(0.06) - Fraction(0.01))
    with pytest.raises(ProofFailure, match="positive amplitudes"):
        prove_direction(with_witness(piece, half_width=Fraction(1, 10)), 32)
    floquets = [enclose_exponents(x, 8) for x in (case.many, piece)]
    signs = kappa_signs(floquets, [prove_direction(case.many, 64), direction], arb(1))
    assert signs[0] == signs[1] != 0
    one, cells = dataclasses.replace(floquets[0], kappa_error=arb("0.1")), (arb(-1), arb(0))
    here = [one, dataclasses.replace(one, trace=cells)]  # negative in its first cell
    assert kappa_signs(here, [None, direction], arb(1)) == [0, -1] and kappa_signs(here, [None, None], arb(1)) == [0, 0]
    assert kappa_signs([one, dataclasses.replace(one, trace=cells[:1])], [None, None], arb(1)) == [0, -1]
    assert kappa_signs([one, dataclasses.replace(one, trace=cells[1:])], [None, direction], arb(1)) == [0, 0]


def with_witness(piece: OrbitPiece, **changes: object) -> OrbitPiece:
    witness = dataclasses.replace(piece.estimates.witness, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(piece, estimates=dataclasses.replace(piece.estimates, witness=witness))


def test_direction_needs_a_small_radius(case: Case) -> None:
    n = case.many.estimates.n
    wide = [*case.many.radii]
    wide[n + 2] = arb("1e-3")
    with pytest.raises(ProofFailure, match="monotone"):
        prove_direction(dataclasses.replace(case.many, radii=tuple(wide)), 64)
    with pytest.raises(ProofFailure, match="has a direction"):
        prove_direction(case.one, 64)


def test_start_is_the_hopf_point(case: Case) -> None:
    """The point of the spectrum of W⁰ is that of the tube; others, and orbits elsewhere, are not."""
    gamma, omega, zero = arb(case.gamma, 1e-11), arb(case.omega, 1e-11), [arb(0)] * 4
    require_start(case.many, gamma, omega, zero)
    near = [(gamma + arb("1e-2"), omega, zero), (gamma, omega + arb("1e-2"), zero), (gamma, -omega, zero),
            (gamma, omega, [arb(0, 1e-30), *zero[1:]]), (arb(case.gamma, 0.1), omega, zero)]  # fmt: skip
    for point in near:
        with pytest.raises(ProofFailure, match="Hopf point"):
            require_start(case.many, *point)
    with pytest.raises(ProofFailure, match="does not start"):
        require_start(case.one, gamma, omega, zero)



def test_exponents_near_the_critical_pair_are_refused(case: Case) -> None:
    w = case.one.estimates.witness
    entries = w.Lam.coefficients.entries()
    entries[2 * 4 + 2] = entries[3 * 4 + 3] = acb(arb("1e-6"))
    near = dataclasses.replace(w, Lam=Polynomial(0, 0, 4, 4, acb_mat(1, 16, entries)))
    piece = dataclasses.replace(case.one, estimates=dataclasses.replace(case.one.estimates, witness=near))
    with pytest.raises(ProofFailure, match="near the critical pair"):
        enclose_exponents(piece, 1)
    entries[2 * 4 + 3] = acb(arb("1e-6"))
    with pytest.raises(ProofFailure, match="another form"):
        invert(dataclasses.replace(w, Lam=Polynomial(0, 0, 4, 4, acb_mat(1, 16, entries))), case.one.estimates.norms, arb(0))
    entries[2 * 4 + 3], entries[2 * 4 + 2] = acb(0), acb(0, 1)
    with pytest.raises(ProofFailure, match="multiple of i"):
        invert(dataclasses.replace(w, Lam=Polynomial(0, 0, 4, 4, acb_mat(1, 16, entries))), case.one.estimates.norms, arb(0))


def test_disc_on_the_axis_leaves_the_count_open(case: Case) -> None:
    w = case.one.estimates.witness
    entries = w.Lam.coefficients.entries()
    for j in (2, 3):
        entries[5 * j] = acb(arb(0), entries[5 * j].imag)
    moved = dataclasses.replace(w, Lam=Polynomial(0, 0, 4, 4, acb_mat(1, 16, entries)))
    piece = dataclasses.replace(case.one, estimates=dataclasses.replace(case.one.estimates, witness=moved))
    floquet = enclose_exponents(piece, 1)
    assert floquet.outside is None and unstable_multipliers(floquet, floquet.kappa_sign) is None
    assert unstable_multipliers(floquet, 1) is None


def test_defects_of_inverses_are_verified(case: Case) -> None:
    e = case.one.estimates
    for name, reason, size in [("R_P", "frame", 4), ("S_defect", "linear system", 4)]:
        bad = dataclasses.replace(e.norms, **{name: arb_mat([[arb("0.3")] * size] * size)})
        with pytest.raises(ProofFailure, match=reason):
            invert(e.witness, bad, arb(0))
    entries = e.witness.Lam.coefficients.entries()
    entries[0] = entries[5] = acb(1)
    with pytest.raises(ProofFailure, match="block of the critical pair"):
        invert(dataclasses.replace(e.witness, Lam=Polynomial(0, 0, 4, 4, acb_mat(1, 16, entries))), e.norms, arb(0))


# --- bounds ----------------------------------------------------------------------------------------


def test_strip_bound_holds_at_random_points(case: Case) -> None:
    """|σ'(z_i)W_ij| at complex points of Ω, and the bound is not idle."""
    w, rng = case.many_approx, np.random.default_rng(5)
    omega = Neighbourhood(arb("0.5"), arb("0.4"), (arb("0.01"),) * 4, arb("0.02"))
    M = np.array([[float(x) for x in row] for row in case.field.strips.bounds(exact_witness(w), omega).M.table()])
    largest = np.zeros((4, 4))
    K, d = (w.v.shape[1] - 1) // 2, w.v.shape[0] - 1
    for _ in range(400):
        tau = rng.uniform(0, 6.3) + 0.5j * rng.choice([-1, 1])
        theta = rng.uniform(0, 6.3) + 0.4j * rng.choice([-1, 1])
        c = np.cos(np.arange(d + 1) * theta)
        v = np.exp(1j * np.arange(-K, K + 1) * tau) @ np.tensordot(c, w.v, axes=1)
        x = rng.uniform(0, 1) * 0.1 * np.cos(theta) * v + 0.01 * np.exp(2j * np.pi * rng.uniform(size=4))
        gamma = c @ w.gamma + 0.02 * np.exp(2j * np.pi * rng.uniform())
        W = case.approx.layers[0].W0 + gamma * np.eye(4)
        largest = np.maximum(largest, np.abs((1 - np.tanh(W @ x) ** 2)[:, None] * W))
    assert (largest <= M * (1 + 1e-12)).all() and (2 * largest + 0.05 >= M).all()


def test_strip_bound_of_deeper_layers() -> None:
    """Two layers with leak and γ in a bias, at random points and for random complex weights of a box; the orbit is a
    circle."""
    rng = np.random.default_rng(7)
    W1, W2 = rng.normal(size=(3, 2)) / 2, rng.normal(size=(2, 3)) / 2
    E, b = rng.normal(size=(3, 2)) / 4, rng.normal(size=3) / 4
    bias_slope, radius, factor = rng.normal(size=3) / 4, 0.01, 3.0
    exact = [arb_mat(m.tolist()) for m in (W1, E, W2)]
    none, delta = (arb(0), arb(0)), arb(radius)
    network = StripNetwork(
        (StripLayer(exact[0], exact[1], *(tuple(arb(float(x)) for x in column) for column in (b, bias_slope)), "logistic",
                    arb_mat(3, 2, [delta] * 6), (delta,) * 3),
         StripLayer(exact[2], None, none, none, "arctan", arb_mat(2, 3, [delta] * 6), none)), (arb(1), arb(2)),
    )  # fmt: skip
    c = np.zeros((1, 3, 2), dtype=complex)
    c[0, 2] = [0.1, 0.05j]
    c[0, 0] = c[0, 2].conj()
    v = Polynomial(0, 1, 2, 1, acb_mat(1, 6, [acb(z.real, z.imag) for z in c.ravel().tolist()]))
    one = Polynomial(0, 0, 1, 1, acb_mat([[acb("0.25")]]))
    square = Polynomial(0, 0, 2, 2, acb_mat(1, 4))
    H = Polynomial(0, 0, 2, 2, acb_mat(1, 4))
    witness = PieceWitness(Fraction(1), Fraction(0), (acb(1), acb(0)), (1, 0), v, H, square, square, one, one, square, square,
                           Polynomial(0, 0, 4, 4, acb_mat(1, 16)))  # fmt: skip
    omega = Neighbourhood(arb("0.3"), arb(0), (arb("0.05"),) * 2, arb("0.1"), arb(factor))
    found = network_bounds(network, witness, omega)
    M, m, along = (np.array([[float(x) for x in row] for row in part.table()]) for part in (found.M, found.m, found.by_box))

    def field(x: np.ndarray, gamma: complex, s: complex, directions: list[np.ndarray]) -> np.ndarray:
        V1, V2, r = directions
        h = 1 / (1 + np.exp(-((W1 + s * V1 + gamma * E) @ x + b + s * r + gamma * bias_slope)))
        return np.arctan((W2 + s * V2) @ h) - np.array([1, 2]) * x

    for _ in range(300):
        tau = rng.uniform(0, 6.3) + 0.3j
        x = rng.uniform() * (np.exp(1j * tau) * c[0, 2] + np.exp(-1j * tau) * c[0, 0]) + 0.05 * np.exp(2j * np.pi * rng.uniform(size=2))
        gamma = 0.25 + 0.1 * np.exp(2j * np.pi * rng.uniform())
        directions = [radius * rng.uniform(-1, 1, size=shape) for shape in ((3, 2), (2, 3), 3)]
        s, step = factor * rng.uniform() * np.exp(2j * np.pi * rng.uniform()), 1e-5
        columns = []
        for u in np.eye(4) * step:
            one, other = (field(x + e * u[:2], gamma + e * u[2], s + e * u[3], directions) for e in (1, -1))
            columns.append((one - other) / (2 * step))
        J = np.array(columns).T
        assert (np.abs(J) <= np.hstack([M, m, along]) + 1e-8).all()
    assert network.exponent == 3


def test_a_pole_in_the_strip_is_refused(case: Case) -> None:
    wide = Neighbourhood(arb(8), arb(0), (arb("0.01"),) * 4, arb("0.01"))
    with pytest.raises(ProofFailure, match="pole"):
        case.field.strips.bounds(exact_witness(case.one_approx), wide)
    with pytest.raises(ProofFailure, match="positive radii"):
        case.field.strips.bounds(exact_witness(case.one_approx), dataclasses.replace(wide, R_gamma=arb(0)))


def test_grid_has_to_fit(case: Case) -> None:
    w = exact_witness(case.one_approx)
    strip = Neighbourhood(arb(1), arb(0), (arb("0.01"),) * 4, arb("0.01"))
    wide = dataclasses.replace(strip, eta=arb("0.1"))
    for grid in (
        Grid(20, 3, arb(0), strip, None), Grid(20, 0, arb("0.1"), strip, None), Grid(20, 0, arb(0), wide, None),
        Grid(20, 0, arb(0), dataclasses.replace(strip, rho=arb(0)), None), Grid(0, 0, arb(0), strip, None),
    ):  # fmt: skip
        with pytest.raises(ProofFailure):
            sample_norms(case.field.balls, case.field.strips, w, grid)
    many = exact_witness(case.many_approx)
    with pytest.raises(ProofFailure, match="wider"):
        sample_norms(case.field.balls, case.field.strips, many, Grid(20, 15, arb("0.2"), wide, wide))


def test_few_samples_make_large_tails(case: Case) -> None:
    """The bound [·] of Lemma O1 falls with the number of samples and is above the true norm of the residual."""
    w = exact_witness(case.one_approx)
    strip = Neighbourhood(arb(1), arb(0), (arb("0.01"),) * 4, arb("0.01"))
    sizes = [float(max(sample_norms(case.field.balls, case.field.strips, w, Grid(K, 0, arb(0), strip, None)).U.entries()))
             for K in (5, 12, 30)]  # fmt: skip
    assert sizes[0] > 10 * sizes[1] > 100 * sizes[2]


@pytest.mark.parametrize("r", ["0.1", "1", "5"])
def test_geometric_sums(r: str) -> None:
    x = arb(r)
    direct = sum((-x * abs(k)).exp() for k in range(-2000, 2001))
    assert abs(geometric_sum(x) - direct) < 1e-20
    assert abs(geometric_sum(x) - sum((-x * abs(k)).exp() for k in range(-3, 4)) - geometric_tail(x, 3)) < 1e-20


def test_distance_from_turns() -> None:
    assert float(distance_from_turns(arb("0.3"), arb("2.4"))) == pytest.approx(0.5)
    assert float(distance_from_turns(arb(0), arb("0.5"))) == pytest.approx(0.5)
    assert float(distance_from_turns(arb(0, 1), arb("7.1", "0.3"))) == 0
    with pytest.raises(ProofFailure):
        distance_from_turns(arb(0), arb("nan"))


def test_products_of_cosines() -> None:
    U = Polynomial(2, 0, 1, 2, acb_mat([[acb(k + 2 * m) for k in range(2)] for m in range(3)]))
    V = Polynomial(1, 0, 2, 1, acb_mat([[acb(3 * m - k, 1) for k in range(2)] for m in range(2)]))
    product = cosine_product(U, V)
    for x in (arb("0.3"), arb(-1), arb("0.77")):
        expected = U.value(cosines(x, 2)) * V.value(cosines(x, 1))
        assert (product.value(cosines(x, 3)) - expected)[0, 0].abs_upper() < 1e-20


def test_exact_numbers_of_the_witness(case: Case) -> None:
    w = exact_witness(case.one_approx)
    assert (ball(Fraction(float(case.one_approx.gamma[0]))) - w.gamma.coefficient(0, 0)[0, 0].real).is_zero()
    assert w.v.is_real() and not w.Q.is_real()
