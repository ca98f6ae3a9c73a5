"""Norms of the functions of MATHEMATICS.md, section 16, from samples, with the tails of Lemma O1. Balls only.

The functions U, R_P, 𝓕, r_γ, r_T, T̄g_y are evaluated at N × N_θ points (N, N_θ odd, of
θ only half of them, as all are even in θ); between the samples they are bounded on complex strips.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, acb_mat, arb, arb_mat

from ..numbers.balls import proves_less, proves_nonzero, proves_positive
from .failure import FailureCode, ProofFailure, require_orbit
from .field import FieldBalls
from .orbit_equilibria import Equilibrium, MovingNorms, equilibrium_at, moving_norms
from .orbit_grid import Grid, cosines_of_multiples, transform
from .orbit_polynomials import PieceWitness, Polynomial, cosine_product
from .orbit_strip import Neighbourhood, StripField, geometric_sum, geometric_tail


@dataclass(frozen=True)
class Norms:
    """Upper bounds [·] for |Im θ| ≤ ν: U, R_P n × n; F, r_gamma, r_T n × 1; S_defect = [I − VS] 4 × 4;
    amplitude = [ℓ_±(v̄) − 1]; moving: None on a zero branch."""

    U: arb_mat
    R_P: arb_mat
    F: arb_mat
    r_gamma: arb_mat
    r_T: arb_mat
    S_defect: arb_mat
    amplitude: tuple[arb, arb]
    moving: MovingNorms | None = None


def sample_norms(field: FieldBalls, network: StripField, witness: PieceWitness, grid: Grid) -> Norms:
    """Raises ProofFailure where a strip leaves the domain of f, or the grid does not serve."""
    n, N = witness.n, 2 * grid.over_tau + 1
    require_orbit(grid.over_tau >= 1 and (grid.over_theta >= 1) != witness.single, "the grid does not fit the piece")
    require_orbit(witness.single == (witness.degree == 0), "one orbit does not depend on θ, a piece does")
    columns = _tails(network, witness, grid)
    N_theta, degree = 2 * grid.over_theta + 1, max(witness.degree, 1)
    thetas = [cosines_of_multiples(j, N_theta, degree) for j in range(grid.over_theta + 1)]
    turns = [acb((2 * arb.pi() * j / N).cos(), (2 * arb.pi() * j / N).sin()) for j in range(N)]
    tables = {q.harmonics: _exponentials(turns, q.harmonics) for q in (witness.v, witness.H, witness.Q, witness.P)}
    below = None if witness.moving is None else [equilibrium_at(field, witness, c) for c in thetas]
    samples = acb_mat([
        _samples_at(field, witness, c, tables, None if below is None else below[i]) for i, c in enumerate(thetas)])
    weighted = transform(grid.over_theta) * samples
    size = len(columns)
    totals = [arb(0)] * size
    for m in range(grid.over_theta + 1):
        weight = (grid.nu * m).exp() * (2 if m else 1)
        row = [weighted[m, i] for i in range(N * size)]
        for i in range(size):
            squares = sum((z.real * z.real + z.imag * z.imag for z in row[i::size]), arb(0))
            totals[i] += weight * squares.upper().sqrt()
    bounds = [(total + tail).upper() for total, tail in zip(totals, columns, strict=True)]
    require_orbit(all(b.is_finite() for b in bounds), "a norm is not finite")
    square = n * n

    def block(first: int, width: int) -> arb_mat:
        return arb_mat(n, width, bounds[first : first + n * width])

    return Norms(
        block(0, n), block(square, n), block(2 * square, 1), block(2 * square + n, 1), block(2 * square + 2 * n, 1),
        _defect_of_inverse(witness, grid.nu),
        (_amplitude_defect(witness, grid.nu, 1), _amplitude_defect(witness, grid.nu, -1)),
        None if below is None else moving_norms(network, witness, grid, below, block(2 * square + 3 * n, n)),
    )  # fmt: skip


def _exponentials(turns: list[acb], K: int) -> acb_mat:
    """e^{ikτ_j}, one row for each j."""
    N = len(turns)
    return acb_mat([[turns[j * k % N] for k in range(-K, K + 1)] for j in range(N)])


def _samples_at(
    field: FieldBalls, witness: PieceWitness, c: list[arb], tables: dict[int, acb_mat], below: Equilibrium | None
) -> list[acb]:
    """All functions at one θ: for each τ_j the entries of U, R_P, F, r_γ, r_T, and T̄g_y where ȳ moves."""
    n = witness.n
    a = witness.amplitude(c[1])
    if not proves_nonzero(a):
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "the amplitude 0 is a sample")
    gamma, T = witness.gamma.value(c)[0, 0].real, witness.T.value(c)[0, 0].real
    Lam, B = witness.Lam.value(c), witness.B.value(c)
    v, dv = _with_derivative(witness.v, c, tables)
    Q, dQ = _with_derivative(witness.Q, c, tables)
    H, dH = _with_derivative(witness.H, c, tables)
    P = (tables[witness.P.harmonics] * witness.P.at(c)).table()
    critical = acb_mat([[B[0, 0], B[0, 1]], [B[1, 0], B[1, 1]]] + [[acb(0)] * 2] * (n - 2))
    identity = acb_mat([[acb(int(i == k)) for k in range(n)] for i in range(n)])
    result: list[acb] = []
    for j in range(len(v)):
        x = [a * z.real for z in v[j]]
        if below is not None:
            x = [y + z for y, z in zip(below.y, x, strict=True)]
        e = field.expand(gamma, x, 1)
        M = field.jacobian(e)
        TM = acb_mat(M * T)
        f, f_gamma = e.value, field.parameter_derivative(e)
        if below is not None:
            f = [z - y for z, y in zip(f, below.f, strict=True)]
            f_gamma = [z - y for z, y in zip(f_gamma, below.f_gamma, strict=True)]
            g_y = (M - below.A) / a
            moved = g_y * below.y_gamma
            f_gamma = [z + a * moved[i, 0] for i, z in enumerate(f_gamma)]
        g = [z / a for z in f]
        g_gamma = [z / a for z in f_gamma]
        Qj, Hj = acb_mat(n, n, list(Q[j])), acb_mat(n, 2, list(H[j]))
        U = acb_mat(n, n, list(dQ[j])) - TM * Qj + Qj * Lam
        r = acb_mat(n, 2, list(dH[j])) - TM * Hj - Qj * critical
        result += U.entries()
        result += (identity - acb_mat(n, n, list(P[j])) * Qj).entries()
        result += [dv[j][i] - T * g[i] for i in range(n)]
        result += [r[i, 0] - T * g_gamma[i] for i in range(n)]
        result += [r[i, 1] - g[i] for i in range(n)]
        if below is not None:
            result += acb_mat(g_y * T).entries()
    return result


def _with_derivative(
    q: Polynomial, c: list[arb], tables: dict[int, acb_mat]
) -> tuple[list[list[acb]], list[list[acb]]]:
    """Values and derivatives by τ at all τ_j."""
    at, K = q.at(c), q.harmonics
    slopes = acb_mat([[acb(0, k) * z for z in row] for k, row in zip(range(-K, K + 1), at.table(), strict=True)])
    return (tables[K] * at).table(), (tables[K] * slopes).table()


# --- between the samples ---------------------------------------------------------------------------


def _tails(network: StripField, witness: PieceWitness, grid: Grid) -> list[arb]:
    """What Lemma O1 adds, for the entries of U, R_P, F, r_γ, r_T in this order, then of T̄g_y where ȳ moves."""
    tau, theta = grid.tau_strip, grid.theta_strip
    require_orbit(proves_positive(tau.rho), "a strip of width 0")
    if theta is None:
        require_orbit(witness.single and bool(grid.nu.is_zero()) and bool(tau.eta.is_zero()), "one orbit has one strip")
        return _scaled(_strip_bounds(network, witness, tau), 2 * geometric_tail(tau.rho, grid.over_tau))
    wide = grid.nu >= 0 and proves_less(grid.nu, tau.eta) and proves_less(grid.nu, theta.eta)
    require_orbit(bool(wide) and proves_positive(theta.rho), "the strips are not wider than ν")
    first = 2 * geometric_sum(tau.eta - grid.nu) * geometric_tail(tau.rho, grid.over_tau)
    second = 2 * geometric_sum(theta.rho) * geometric_tail(theta.eta - grid.nu, grid.over_theta)
    one = _scaled(_strip_bounds(network, witness, tau), first)
    other = _scaled(_strip_bounds(network, witness, theta), second)
    return [x + y for x, y in zip(one, other, strict=True)]


def _scaled(bounds: list[arb], factor: arb) -> list[arb]:
    return [factor * x for x in bounds]


def _strip_bounds(network: StripField, witness: PieceWitness, omega: Neighbourhood) -> list[arb]:
    """S of each function on |Im τ| ≤ ρ, |Im θ| ≤ η."""
    n = witness.n
    M = network.bounds(witness, omega).M
    rho, eta = omega.rho, omega.eta
    T = witness.T.bound(arb(0), eta)[0, 0]
    Lam, B = witness.Lam.bound(arb(0), eta), witness.B.bound(arb(0), eta)
    v, Q, P, H = (q.bound(rho, eta) for q in (witness.v, witness.Q, witness.P, witness.H))
    dv, dQ, dH = (q.bound(rho, eta, derivative=True) for q in (witness.v, witness.Q, witness.H))
    U = dQ + (M * Q) * T + Q * Lam
    identity = arb_mat([[int(i == j) for j in range(n)] for i in range(n)])
    R_P = identity + P * Q
    Mv = M * v
    critical = arb_mat([[B[0, 0], B[0, 1]], [B[1, 0], B[1, 1]]] + [[arb(0)] * 2] * (n - 2))
    r = dH + (M * H) * T + Q * critical
    F = dv + Mv * T
    second = 1 / omega.R_gamma
    moving: list[arb] = []
    if witness.moving is not None:
        y_gamma = witness.moving.y_gamma.bound(arb(0), eta)
        second += sum((y_gamma[k, 0] / omega.R[k] for k in range(n)), arb(0))
        moving = [T * Mv[i, 0] / omega.R[k] for i in range(n) for k in range(n)]
    r_gamma = [r[i, 0] + T * Mv[i, 0] * second for i in range(n)]
    r_T = [r[i, 1] + Mv[i, 0] for i in range(n)]
    return [*U.entries(), *R_P.entries(), *F.entries(), *r_gamma, *r_T, *moving]


# --- functions of θ alone, exactly -----------------------------------------------------------------


def linear_system(witness: PieceWitness) -> Polynomial:
    """S = [[−Λ_c, B], [ℓ(Q_c), ℓ(H)]] as a polynomial in cos θ."""
    n = witness.n
    degree = max(q.degree for q in (witness.Lam, witness.B, witness.Q, witness.H))
    plus = acb_mat([list(witness.p)])
    minus = acb_mat([[z.conjugate() for z in witness.p]])
    entries: list[acb] = []
    for m in range(degree + 1):
        Lam, B = witness.Lam.coefficient(m, 0), witness.B.coefficient(m, 0)
        for i in range(2):
            entries += [-Lam[i, 0], -Lam[i, 1], B[i, 0], B[i, 1]]
        for row, k in ((plus, 1), (minus, -1)):
            at_Q, at_H = row * witness.Q.coefficient(m, k), row * witness.H.coefficient(m, k)
            entries += [at_Q[0, 0], at_Q[0, 1], at_H[0, 0], at_H[0, 1]]
    if n < 2:
        raise ValueError("n ≥ 2")
    return Polynomial(degree, 0, 4, 4, acb_mat(degree + 1, 16, entries))


def _defect_of_inverse(witness: PieceWitness, nu: arb) -> arb_mat:
    product = cosine_product(witness.V, linear_system(witness))
    rows = product.coefficients.table()
    defect = [acb(int(i == j)) - rows[0][4 * i + j] for i in range(4) for j in range(4)]
    rest = [-z for row in rows[1:] for z in row]
    return Polynomial(product.degree, 0, 4, 4, acb_mat(product.degree + 1, 16, defect + rest)).bound(arb(0), nu)


def _amplitude_defect(witness: PieceWitness, nu: arb, k: int) -> arb:
    """Σ_m |p^± c_{±1,m} − δ_m0| e^{νm}."""
    row = acb_mat([[z if k == 1 else z.conjugate() for z in witness.p]])
    total = arb(0)
    for m in range(witness.v.degree + 1):
        value = (row * witness.v.coefficient(m, k))[0, 0] - (1 if m == 0 else 0)
        total += value.abs_upper() * (nu * m).exp()
    return total.upper()
