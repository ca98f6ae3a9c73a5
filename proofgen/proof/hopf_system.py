"""Method N: the existence proof of Kuehn and Queirolo on the system of 3n + 2 equations, in n-dimensional blocks.

For u = (γ, ω, x, a, b) and a fixed vector φ,

    F(u) = (φᵀa, φᵀb − 1, f(x, γ), Aa + ωb, Ab − ωa),   A = D_x f(x, γ).

With A_N ≈ DF(ū)⁻¹, Y ≥ ‖A_N F(ū)‖_∞ and Z ≥ sup_{u ∈ B(ū,R)} ‖I − A_N DF(u)‖_∞: if Z < 1 and Y + ZR ≤ R, exactly one
zero lies in B(ū, R), at distance at most r_min = Y/(1 − Z) (MATHEMATICS.md, section 11). Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import acb, arb, arb_mat

from ..numbers.balls import current_precision, dot, image, largest, proves_less, proves_positive
from .failure import FailureCode, ProofFailure
from .field import FieldBalls

ROUNDINGS = 16  # bits of room for roundings in Y


@dataclass(frozen=True)
class NewtonWitness:
    """ū, φ, A_N and R: exact points, untrusted. A_N is (3n + 2) × (3n + 2)."""

    gamma: arb
    omega: arb
    x: list[arb]
    a: list[arb]
    b: list[arb]
    phi: list[arb]
    A: arb_mat
    R: arb


@dataclass(frozen=True)
class NewtonBall:
    """What Method N proves: exactly one zero within R of ū, and it lies within r_min."""

    witness: NewtonWitness
    Y: arb
    Z: arb
    r_min: arb

    @property
    def parameter(self) -> arb:
        return arb(self.witness.gamma, self.r_min)

    @property
    def omega(self) -> arb:
        return arb(self.witness.omega, self.r_min)

    @property
    def equilibrium(self) -> list[arb]:
        return [arb(x, self.r_min) for x in self.witness.x]


def prove_newton_ball(field: FieldBalls, witness: NewtonWitness) -> NewtonBall:
    """Y, Z and r_min. Raises ProofFailure (NEWTON_NOT_CONTRACTING)."""
    w, R = witness, witness.R
    F = hopf_system(field, w.gamma, w.omega, w.x, w.a, w.b, w.phi)
    Y = largest(abs(y) for y in image(w.A, F))
    # a witness may be an exact zero; a checker that rounds must have room
    largest_entry = largest(abs(y) for y in (w.gamma, w.omega, *w.x, *w.a, *w.b))
    Y = largest([Y + (1 + largest_entry) * arb(2) ** (ROUNDINGS - current_precision())])
    zero = arb(0)
    ball = arb(zero, R)
    DF = hopf_system_derivative(
        field, w.gamma + ball, w.omega + ball, [x + ball for x in w.x], [x + ball for x in w.a],
        [x + ball for x in w.b], w.phi,
    )  # fmt: skip
    product = (w.A * DF).table()
    Z = largest(
        sum((abs((1 if i == j else 0) - x) for j, x in enumerate(row)), zero) for i, row in enumerate(product)
    )
    if not (proves_less(Z, arb(1)) and proves_positive(R) and proves_less(Y + Z * R, R)):
        raise ProofFailure(
            FailureCode.NEWTON_NOT_CONTRACTING, "the Newton-like map is not proved to contract the ball around ū"
        )
    return NewtonBall(w, Y, Z, largest([Y / (1 - Z)]))


def hopf_system(
    field: FieldBalls, gamma: arb, omega: arb, x: list[arb], a: list[arb], b: list[arb], phi: list[arb]
) -> list[arb]:
    """F(u), 3n + 2 components."""
    e = field.expand(gamma, x, 1)
    A = field.jacobian(e)
    Aa, Ab = ([row[k] for row in (A * arb_mat([list(y) for y in zip(a, b, strict=True)])).table()] for k in (0, 1))
    return [
        dot(phi, a),
        dot(phi, b) - 1,
        *e.value,
        *(y + omega * z for y, z in zip(Aa, b, strict=True)),
        *(y - omega * z for y, z in zip(Ab, a, strict=True)),
    ]


def hopf_system_derivative(
    field: FieldBalls, gamma: arb, omega: arb, x: list[arb], a: list[arb], b: list[arb], phi: list[arb]
) -> arb_mat:
    """DF(u) with the columns γ, ω, x, a, b."""
    n = len(x)
    e = field.expand(gamma, x, 2)
    A = field.jacobian(e).table()
    f_gamma = [y.real for y in field.parameter_derivative(e)]
    zeros = [arb(0)] * n
    rows = [[arb(0), arb(0), *zeros, *phi, *zeros], [arb(0), arb(0), *zeros, *zeros, *phi]]
    rows += [[f_gamma[i], arb(0), *A[i], *zeros, *zeros] for i in range(n)]
    for first, other, sign in ((a, b, 1), (b, a, -1)):
        direction = [acb(y) for y in first]
        A_gamma = field.jacobian_parameter(e, direction)
        B = field.jacobian_along(e, direction, 0).table()
        for i in range(n):
            diagonal = [sign * omega if i == j else arb(0) for j in range(n)]
            blocks = (A[i], diagonal) if sign > 0 else (diagonal, A[i])
            rows.append([A_gamma[i].real, sign * other[i], *B[i], *blocks[0], *blocks[1]])
    return arb_mat(rows)
