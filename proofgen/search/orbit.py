"""A periodic orbit with its Floquet frame at a given amplitude, by quasi-Newton steps. Binary64, UNTRUSTED.

Letters of MATHEMATICS.md, section 16: x = y + a v(τ), t = Tτ. The frame Q(τ) carries the linearised equation to
w' = Λw with constant Λ = Λ_c ⊕ diag(λ_j), so that a step is a division for each Fourier mode and component and one
system of size 4; frame and orbit are improved in turn. Functions of τ are held as N samples, N odd.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..approx.field import Array, FieldApprox, jacobian_along, values_along

ComplexArray = npt.NDArray[np.complex128]
KEPT = 1 / 3  # share of the modes that is kept after a product: the rest would be aliases
STEPS = 30
CLOSE, CLOSE_ENOUGH = 1e-13, 1e-10  # sizes of an update at which the iteration ends, and with which it may end


class NoOrbitFound(Exception):
    """The iteration did not settle; the message says at which amplitude. reached: the last orbit that was found."""

    def __init__(self, message: str, reached: OrbitApprox | None = None) -> None:
        super().__init__(message)
        self.reached = reached


@dataclass(frozen=True)
class Linearised:
    """What the last step knew of the linearised equation: H (N, n, 2), B (2, 2), S (4, 4), y_γ (n), A_0 (n, n)."""

    H: Array
    B: ComplexArray
    S: ComplexArray
    y_gamma: Array
    A0: Array


@dataclass(frozen=True)
class OrbitApprox:
    """One orbit and its frame.

    p: the row of the amplitude condition (n); v: (N, n); Q: (N, n, n), its columns 0 and 1 the critical pair; Lam: Λ;
    shift: number of turns of each column at the Hopf point; partner: the index of the conjugate column; reference: the
    inverse of a frame with which Q is normalised; turn: integers m with conj Q_j = e^{−im_jτ}Q_{partner j} (0 but where
    multipliers are negative); clusters: columns whose exponents nearly meet (mod i), between which Λ need not be 0.
    """

    field: FieldApprox
    zero_branch: bool
    p: ComplexArray
    amplitude: float
    gamma: float
    T: float
    y: Array
    v: Array
    Q: ComplexArray
    Lam: ComplexArray
    shift: tuple[int, ...]
    partner: tuple[int, ...]
    reference: ComplexArray
    turn: tuple[int, ...]
    clusters: tuple[tuple[int, ...], ...] = ()
    linearised: Linearised | None = None

    @property
    def samples(self) -> int:
        return int(self.v.shape[0])

    @property
    def x(self) -> Array:
        """The orbit at τ = 2πj/N, shape (N, n)."""
        return np.asarray(self.y + self.amplitude * self.v)

    @property
    def blocks(self) -> npt.NDArray[np.bool_]:
        """Where Λ need not be 0, shape (n, n)."""
        mask = np.eye(self.field.n, dtype=bool)
        for columns in ((0, 1), *self.clusters):
            mask[np.ix_(columns, columns)] = True
        return mask


def modes(G: npt.NDArray[np.generic]) -> ComplexArray:
    """Fourier coefficients along axis 0, in the order of `frequencies`."""
    return np.asarray(np.fft.fft(G, axis=0) / G.shape[0])


def frequencies(N: int) -> Array:
    return np.asarray(np.fft.fftfreq(N, 1.0 / N))


def samples_of(C: ComplexArray) -> ComplexArray:
    return np.asarray(np.fft.ifft(C, axis=0) * C.shape[0])


def along(k: Array, like: ComplexArray) -> Array:
    return k.reshape((-1,) + (1,) * (like.ndim - 1))


def derivative(G: npt.NDArray[np.generic]) -> ComplexArray:
    C = modes(G)
    return samples_of(1j * along(frequencies(G.shape[0]), C) * C)


def _low_modes(G: npt.NDArray[np.generic]) -> ComplexArray:
    C = modes(G)
    C[np.abs(frequencies(G.shape[0])) > KEPT * G.shape[0]] = 0
    return samples_of(C)


def resampled(orbit: OrbitApprox, N: int) -> OrbitApprox:
    """The same orbit with N samples (odd)."""

    def change(G: npt.NDArray[np.generic]) -> ComplexArray:
        C, K = modes(G), (min(N, orbit.samples) - 1) // 2
        D = np.zeros((N, *C.shape[1:]), dtype=np.complex128)
        D[: K + 1] = C[: K + 1]
        D[N - K :] = C[C.shape[0] - K :]
        return samples_of(D)

    return dataclasses.replace(
        orbit, v=change(orbit.v).real, Q=change(orbit.Q), reference=change(orbit.reference), linearised=None
    )


# --- at the Hopf point -----------------------------------------------------------------------------


def orbit_at_hopf_point(
    field: FieldApprox, x: Array, gamma: float, omega: float, N: int, zero_branch: bool
) -> OrbitApprox:
    """The limit a = 0: v = q e^{iτ} + c.c., the frame from the eigenvectors; N odd."""
    values, vectors = np.linalg.eig(field.jacobian(x, gamma))
    critical = int(np.argmin(np.abs(values - 1j * omega)))
    T = 1 / float(values[critical].imag)
    q = vectors[:, critical] / np.linalg.norm(vectors[:, critical])
    columns, exponents, shift, partner = [q, q.conj()], [0j, 0j], [1, -1], [1, 0]
    other = int(np.argmin(np.abs(values - values[critical].conj())))
    scale = float(np.max(np.abs(values)))
    for j in sorted(set(range(field.n)) - {critical, other}, key=lambda j: -float(values[j].real)):
        at, value = len(columns), T * complex(values[j])
        u = vectors[:, j] / np.linalg.norm(vectors[:, j])
        if abs(values[j].imag) < 1e-12 * scale:
            real = u / (u[np.argmax(np.abs(u))] / np.abs(u).max())
            columns.append(real.real + 0j)
            exponents.append(value.real + 0j)
            shift.append(0)
            partner.append(at)
        elif values[j].imag > 0:
            columns += [u, u.conj()]
            exponents += [value, value.conjugate()]
            shift += [0, 0]  # no turns, as they would raise the modes of Q
            partner += [at + 1, at]
    X = np.array(columns).T
    tau = 2 * np.pi * np.arange(N) / N
    Q = X[None] * np.exp(1j * np.outer(tau, shift))[:, None, :]
    v = 2 * (q[None] * np.exp(1j * tau)[:, None]).real
    return OrbitApprox(
        field, zero_branch, np.linalg.inv(X)[0], 0.0, float(gamma), T, np.array(x, dtype=float), v, Q,
        np.diag(np.array(exponents)), tuple(shift), tuple(partner), np.linalg.inv(Q), (0,) * field.n,
    )  # fmt: skip


# --- one step --------------------------------------------------------------------------------------


def _improved_frame(orbit: OrbitApprox, M: Array) -> tuple[OrbitApprox, float]:
    """Q(I + C) with ikC − ΛC + CΛ = −Q^{-1}U mode by mode; Λ takes what a mode 0 cannot: size of U."""
    n, N, constant = orbit.field.n, orbit.samples, orbit.blocks
    U = derivative(orbit.Q) - orbit.T * M @ orbit.Q + orbit.Q @ orbit.Lam
    E = modes(np.linalg.solve(orbit.Q, U))
    lam = np.diag(orbit.Lam)
    divisor = 1j * frequencies(N)[:, None, None] - lam[None, :, None] + lam[None, None, :]
    divisor[0][constant] = 1
    C = -E / divisor
    _solve_critical(C, -E, np.asarray(1j * frequencies(N), dtype=np.complex128), orbit.Lam)
    C[0][constant] = 0
    Q = _low_modes(orbit.Q @ (np.eye(n) + samples_of(C)))
    Lam = orbit.Lam - np.where(constant, E[0], 0)
    return _symmetric(dataclasses.replace(orbit, Q=Q, Lam=Lam)), float(np.abs(U).max())


def _solve_critical(C: ComplexArray, E: ComplexArray, ik: ComplexArray, Lam: ComplexArray) -> None:
    """Rows and columns 0, 1 of C from ikC − ΛC + CΛ = E, with all of the critical block of Λ; at k = 0 not its own."""
    block, lam, two = Lam[:2, :2], np.diag(Lam)[2:], np.eye(2)
    z = (ik[:, None] + lam)[..., None, None] * two - block
    C[:, :2, 2:] = np.linalg.solve(z, E[:, :2, 2:].transpose(0, 2, 1)[..., None])[..., 0].transpose(0, 2, 1)
    z = (ik[:, None] - lam)[..., None, None] * two + block.T
    C[:, 2:, :2] = np.linalg.solve(z, E[:, 2:, :2, None])[..., 0]
    system = ik[1:, None, None] * np.eye(4) - np.kron(block, two) + np.kron(two, block.T)
    C[1:, :2, :2] = np.linalg.solve(system, E[1:, :2, :2].reshape(-1, 4, 1)).reshape(-1, 2, 2)


def _symmetric(orbit: OrbitApprox) -> OrbitApprox:
    """conj Q = QΠ and conj Λ = ΠΛΠ (with the turns) again, but for roundings."""
    partner, turn = list(orbit.partner), np.array(orbit.turn)
    Q = 0.5 * (orbit.Q + orbit.Q.conj()[:, :, partner] * turned(orbit.samples, turn))
    Lam = 0.5 * (orbit.Lam + orbit.Lam.conj()[partner][:, partner] - 1j * np.diag(turn))
    return dataclasses.replace(orbit, Q=Q, Lam=Lam)


def turned(N: int, turns: npt.NDArray[np.int_]) -> ComplexArray:
    """e^{imτ} for each of the turns m, shape (N, 1, n): a factor of the columns of Q."""
    return np.asarray(np.exp(2j * np.pi / N * np.outer(np.arange(N), turns)))[:, None, :]


def _normalised(orbit: OrbitApprox) -> OrbitApprox:
    """Columns (of a block: the block) so that the mean of reference·Q is the identity there."""
    mean = (orbit.reference @ orbit.Q).mean(0)
    block = np.where(orbit.blocks, mean, 0)
    inverse = np.linalg.inv(block)
    return _symmetric(dataclasses.replace(orbit, Q=orbit.Q @ inverse, Lam=block @ orbit.Lam @ inverse))


def _invert(orbit: OrbitApprox, right: npt.NDArray[np.generic]) -> tuple[ComplexArray, ComplexArray]:
    """Qw with (d/dτ − Λ)w = Q^{-1}·right but for the critical means, and these means. right: (N, n)."""
    w = modes(np.linalg.solve(orbit.Q, np.asarray(right)[..., None])[..., 0])
    critical = w[0, :2].copy()
    k, lam = frequencies(orbit.samples), np.diag(orbit.Lam)
    joined = [j for columns in orbit.clusters for j in columns]
    alone = [j for j in range(2, orbit.field.n) if j not in joined]
    w[:, alone] /= 1j * k[:, None] - lam[None, alone]
    for columns in map(list, orbit.clusters):
        block = 1j * k[:, None, None] * np.eye(len(columns)) - orbit.Lam[np.ix_(columns, columns)]
        w[:, columns] = np.linalg.solve(block, w[:, columns, None])[..., 0]
    w[0, :2] = 0
    block = 1j * k[1:, None, None] * np.eye(2) - orbit.Lam[:2, :2]
    w[1:, :2] = np.linalg.solve(block, w[1:, :2, None])[..., 0]
    return (orbit.Q @ samples_of(w)[..., None])[..., 0], critical


def _step(orbit: OrbitApprox, improve_frame: bool = True) -> tuple[OrbitApprox, float]:
    """The frame (where wanted) and the orbit improved once, linearised with that frame, and the size of the update."""
    field, a, residual = orbit.field, orbit.amplitude, 0.0
    f, M, f_gamma = values_along(field, orbit.x, orbit.gamma)
    if improve_frame:
        orbit, residual = _improved_frame(orbit, M)
    f_y, A0, f_gamma_y = (values[0] for values in values_along(field, orbit.y[None], orbit.gamma))
    y_gamma = np.zeros(field.n) if orbit.zero_branch else np.linalg.solve(A0, -f_gamma_y)
    dy = np.zeros(field.n) if orbit.zero_branch else np.linalg.solve(A0, -f_y)
    if a == 0:
        g = orbit.v @ A0.T
        g_gamma = orbit.v @ jacobian_along(field, orbit.y, orbit.gamma, y_gamma, 1.0).T
        g_dy = orbit.v @ jacobian_along(field, orbit.y, orbit.gamma, dy, 0.0).T
    else:
        g = (f - f_y) / a
        g_gamma = (f_gamma - f_gamma_y) / a + (M - A0) @ y_gamma / a
        g_dy = (M - A0) @ dy / a
    H_T, c_T = _invert(orbit, g)
    H_gamma, c_gamma = _invert(orbit, orbit.T * g_gamma)
    rest, c_rest = _invert(orbit, orbit.T * (g + g_dy) - derivative(orbit.v))
    first = modes(np.concatenate([orbit.Q[:, :, :2], np.stack([H_gamma, H_T, rest, orbit.v], -1)], axis=2))
    plus, minus = orbit.p @ first[1], orbit.p.conj() @ first[-1]
    B = -np.stack([c_gamma, c_T], -1)
    S = np.block([[-orbit.Lam[:2, :2], B], [np.stack([plus[:4], minus[:4]])]])
    right = np.concatenate([c_rest, [1 - plus[5] - plus[4], 1 - minus[5] - minus[4]]])
    psi1, psi2, dgamma, dT = np.linalg.solve(S, right)
    dv = (rest + orbit.Q[:, :, 0] * psi1 + orbit.Q[:, :, 1] * psi2 + H_gamma * dgamma + H_T * dT).real
    linearised = Linearised(np.stack([H_gamma, H_T], -1).real, B, S, y_gamma, A0)
    moved = dataclasses.replace(
        orbit, v=_low_modes(orbit.v + dv).real, gamma=orbit.gamma + float(dgamma.real), T=orbit.T + float(dT.real),
        y=orbit.y + dy + y_gamma * float(dgamma.real), linearised=linearised,
    )  # fmt: skip
    return moved, max(float(np.abs(dv).max()), abs(dgamma), abs(dT), float(np.abs(dy).max()), 1e-3 * residual)


# --- an orbit --------------------------------------------------------------------------------------


def orbit_at(start: OrbitApprox, amplitude: float) -> OrbitApprox:
    """The orbit at this amplitude from one nearby, with its frame normalised and linearised. Raises NoOrbitFound."""
    orbit, last = dataclasses.replace(start, amplitude=float(amplitude)), math.inf
    with np.errstate(all="ignore"):
        for count in range(STEPS):
            try:
                orbit, size = _step(orbit)
            except np.linalg.LinAlgError:
                size = math.inf
            if not size < 1e3:
                raise NoOrbitFound(f"the iteration for the orbit of amplitude {amplitude:.6g} diverges")
            if size < CLOSE or (count > 6 and size < CLOSE_ENOUGH and size > 0.5 * last):
                break
            last = size
        else:
            raise NoOrbitFound(f"the iteration for the orbit of amplitude {amplitude:.6g} does not settle")
        orbit, _ = _step(_normalised(orbit))
        orbit = _normalised(orbit)
        moved, _ = _step(orbit, improve_frame=False)  # H, B, S of exactly this frame and orbit
    return dataclasses.replace(orbit, linearised=moved.linearised)


def follow(start: OrbitApprox, amplitude: float, shortest: float = 1e-3) -> OrbitApprox:
    """From one amplitude to another, in shorter steps where the iteration asks for them. Raises NoOrbitFound."""
    orbit = start
    step = amplitude - start.amplitude
    while orbit.amplitude != amplitude:
        remaining = amplitude - orbit.amplitude
        target = amplitude if abs(step) >= abs(remaining) else orbit.amplitude + step
        try:
            orbit = orbit_at(orbit, target)
            step *= 1.5
        except NoOrbitFound as error:
            step /= 2
            if abs(step) < shortest:
                raise NoOrbitFound(str(error), orbit) from None
    return orbit


def highest_mode(orbit: OrbitApprox) -> float:
    """How much of orbit and frame stands in the last tenth of the kept modes, relative: to judge N."""
    k = np.abs(frequencies(orbit.samples))
    top = (k > 0.9 * KEPT * orbit.samples) & (k <= KEPT * orbit.samples)
    sizes = []
    for G in (orbit.v, orbit.Q):
        C = np.abs(modes(G)).reshape(orbit.samples, -1)
        sizes.append(float(C[top].max() / C.max()))
    return max(sizes)
