"""Bounds of D_xf on a complex neighbourhood of a piece of orbits, and the tails of Lemma O1.

The neighbourhood is Ω(ρ, η, R, R_γ) of MATHEMATICS.md, section 16: arguments of the activations stay in strips
|Im z| ≤ Y, where |σ'| has a closed bound. Arithmetic: balls only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from flint import acb, acb_mat, arb, arb_mat

from ..numbers.balls import ball, proves_less, proves_positive
from .failure import FailureCode, ProofFailure
from .orbit_polynomials import PieceWitness, Polynomial
from .tube_field import scaled_rows, sizes


@dataclass(frozen=True)
class StripLayer:
    """σ((W + γE)h + b + γc) in balls; E None where γ does not enter W. delta, b_radius: how far the weights and biases
    of a box are from W, b; delta None of exact weights."""

    W: arb_mat
    E: arb_mat | None
    b: tuple[arb, ...]
    c: tuple[arb, ...]
    activation: str
    delta: arb_mat | None
    b_radius: tuple[arb, ...]

    @property
    def has_box(self) -> bool:
        return self.delta is not None or not all(r.is_zero() for r in self.b_radius)


@dataclass(frozen=True)
class StripBounds:
    """M ≥ |D_xf| (n × n), m ≥ |∂_γf| and by_box ≥ |∂_zf| (n × 1; z: along the box of weights) on Ω."""

    M: arb_mat
    m: arb_mat
    by_box: arb_mat


class StripField(Protocol):
    """A field, as far as the bounds on Ω need it. exponent: e of Theorem O1; has_box: whether weights have radii."""

    @property
    def has_box(self) -> bool: ...

    @property
    def exponent(self) -> int: ...

    def bounds(self, witness: PieceWitness, omega: Neighbourhood) -> StripBounds:
        """Raises ProofFailure where f is not proved holomorphic on Ω."""
        ...


@dataclass(frozen=True)
class StripNetwork:
    """−Dx + h_L."""

    layers: tuple[StripLayer, ...]
    leak: tuple[arb, ...]

    @property
    def has_box(self) -> bool:
        return any(layer.has_box for layer in self.layers)

    @property
    def exponent(self) -> int:
        return 2 if len(self.layers) == 1 else len(self.leak) + 1

    def bounds(self, witness: PieceWitness, omega: Neighbourhood) -> StripBounds:
        return network_bounds(self, witness, omega)


@dataclass(frozen=True)
class Neighbourhood:
    """ρ, η ≥ 0 and the radii R_1 … R_n, R_γ > 0: exact numbers that somebody proposes. box: so many times the radii of
    the weights are added, in the complex plane, to the weights in the middle of their box; 0 for these alone."""

    rho: arb
    eta: arb
    R: tuple[arb, ...]
    R_gamma: arb
    box: arb = field(default_factory=lambda: arb(0))


def _tanh(Y: arb) -> arb:
    _inside(Y, arb.pi() / 2)
    cosine: arb = Y.cos()
    return 1 / (cosine * cosine)


def _logistic(Y: arb) -> arb:
    _inside(Y, arb.pi())
    cosine: arb = (Y / 2).cos()
    return 1 / (4 * cosine * cosine)


def _arctan(Y: arb) -> arb:
    _inside(Y, arb(1))
    return 1 / (1 - Y * Y)


def _erf(Y: arb) -> arb:
    result: arb = 2 * (Y * Y).exp() / arb.pi().sqrt()
    return result


def _softplus(Y: arb) -> arb:
    """1/|1 + e^{−z}|: the real part of 1 + e^{−z} is at least 1 where cos y ≥ 0."""
    _inside(Y, arb.pi() / 2)
    return arb(1)


def _silu(Y: arb) -> arb:
    """|L| ≤ 1 as of softplus, |zL'| ≤ (|x| + Y)/(2 cosh x + 2 cos Y), |x| ≤ 0.67 cosh x."""
    _inside(Y, arb.pi() / 2)
    return 1 + arb(67) / 200 + Y / (2 * (1 + Y.cos()))


def _gelu(Y: arb) -> arb:
    """|Φ| ≤ 1 + Yφ(iY), |zφ| ≤ (|x|e^{−x²/2} + Y)φ(iY), |x|e^{−x²/2} ≤ e^{−1/2}."""
    at_axis = (Y * Y / 2).exp() / (2 * arb.pi()).sqrt()
    result: arb = 1 + at_axis * ((-arb(1) / 2).exp() + 2 * Y)
    return result


def _inside(Y: arb, pole: arb) -> None:
    if not proves_less(Y, pole):
        raise ProofFailure(FailureCode.OUTSIDE_DOMAIN, "the complex neighbourhood of the orbit reaches a pole of σ")


# sup |σ'| on |Im z| ≤ Y, and |σ(0)|
_ACTIVATIONS: dict[str, tuple[Callable[[arb], arb], arb]] = {
    "tanh": (_tanh, arb(0)),
    "logistic": (_logistic, arb(1) / 2),
    "arctan": (_arctan, arb(0)),
    "sin": (lambda Y: Y.cosh(), arb(0)),
    "erf": (_erf, arb(0)),
    "identity": (lambda Y: arb(1), arb(0)),
    "softplus": (_softplus, arb(1)),
    "silu": (_silu, arb(0)),
    "gelu": (_gelu, arb(0)),
}


def has_strip_bound(activation: str) -> bool:
    """Whether |σ'| is bounded on strips here."""
    return activation in _ACTIVATIONS


def require_neighbourhood(witness: PieceWitness, omega: Neighbourhood) -> None:
    """Raises ProofFailure."""
    if not (omega.rho >= 0 and omega.eta >= 0 and all(proves_positive(r) for r in (*omega.R, omega.R_gamma))):
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "a complex neighbourhood needs positive radii")
    if not witness.is_real:
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, "the approximate orbit is not exactly real")


def largest_parameter_change(witness: PieceWitness, omega: Neighbourhood) -> arb:
    """D_γ ≥ |γ − γ̄_0| on Ω."""
    gamma = witness.gamma
    return (gamma.bound(arb(0), omega.eta)[0, 0] - gamma.sizes[0, 0] + omega.R_gamma).upper()


def largest_moves(witness: PieceWitness, omega: Neighbourhood) -> arb_mat:
    """Bounds of |x_j − ȳ_0,j| on Ω (ȳ_0 the mean of ȳ over θ, 0 on a zero branch)."""
    X = _column_bound(_times_amplitude(witness), omega, sinh=False) + arb_mat([[r] for r in omega.R])
    if witness.moving is None:
        return X
    return X + (witness.moving.y.bound(arb(0), omega.eta) - _first_sizes(witness.moving.y))


def largest_arguments(witness: PieceWitness, omega: Neighbourhood) -> arb_mat:
    """X_j ≥ |x_j| on Ω."""
    X = largest_moves(witness, omega)
    return X if witness.moving is None else X + _first_sizes(witness.moving.y)


def _first_sizes(y: Polynomial) -> arb_mat:
    return arb_mat(y.rows, 1, [y.sizes[0, i] for i in range(y.rows)])


def network_bounds(network: StripNetwork, witness: PieceWitness, omega: Neighbourhood) -> StripBounds:
    require_neighbourhood(witness, omega)
    centre: arb = witness.gamma.coefficient(0, 0)[0, 0].real
    D = largest_parameter_change(witness, omega)
    X = largest_arguments(witness, omega)
    orbit, moving = _times_amplitude(witness), witness.moving
    R = arb_mat([[r] for r in omega.R])
    size_of_gamma = abs(centre) + D
    J: arb_mat | None = None
    j = by_box = arb_mat(len(network.leak), 1)
    imaginary: arb_mat | None = None
    for layer in network.layers:
        W = layer.W if layer.E is None else layer.W + layer.E * centre
        size_W = sizes(W)
        if imaginary is None:
            Y = _column_bound([acb_mat(W) * c for c in orbit], omega, sinh=True) + size_W * R
            if moving is not None:
                ys = [moving.y.coefficient(m, 0) for m in range(moving.y.degree + 1)]
                Y = Y + _column_bound([acb_mat(W) * y for y in ys], omega, sinh=True)
        else:
            Y = size_W * imaginary
        c, b, r = (_column(abs(x) for x in column) for column in (layer.c, layer.b, layer.b_radius))
        widened, own, own_box = size_W, c, r
        Y = Y + c * D + r * omega.box
        if layer.E is not None:
            entering = sizes(layer.E) * D
            Y, widened = Y + entering * X, widened + entering
            own = own + sizes(layer.E) * X
        if layer.delta is not None:
            Y, widened = Y + (layer.delta * X) * omega.box, widened + layer.delta * omega.box
            own_box = own_box + layer.delta * X
        by_gamma, along_box = (own, own_box) if J is None else (widened * j + own, widened * by_box + own_box)
        slope, at_zero = _ACTIVATIONS[layer.activation]
        Y = upper(Y)
        s = [slope(Y[i, 0]).upper() for i in range(Y.nrows())]
        if not all(x.is_finite() for x in s):
            raise ProofFailure(FailureCode.OUTSIDE_DOMAIN, "|σ'| is not bounded on the complex neighbourhood")
        J = scaled_rows(s, widened if J is None else widened * J)
        j, by_box = scaled_rows(s, by_gamma), scaled_rows(s, along_box)
        imaginary = scaled_rows(s, Y)
        bias = b + r * omega.box + c * size_of_gamma
        X = upper(scaled_rows(s, widened * X + bias) + arb_mat([[at_zero]] * len(s)))
    if J is None:
        raise ValueError("a network without layers")
    for i, d in enumerate(network.leak):
        J[i, i] = J[i, i] + abs(d)
    return StripBounds(upper(J), upper(j), upper(by_box))


def _column(values: Iterable[arb]) -> arb_mat:
    return arb_mat([[x] for x in values])


def _times_amplitude(witness: PieceWitness) -> list[acb_mat]:
    """Coefficients of av̄: for m = 0 … d + 1 an n × (2K + 1) matrix, as 2 cos θ cos mθ = cos (m+1)θ + cos (m−1)θ."""
    v, K = witness.v, witness.v.harmonics
    rows = [acb_mat(K * 2 + 1, v.rows, list(v.coefficients.table()[m])) for m in range(v.degree + 1)]
    total = [acb_mat(K * 2 + 1, v.rows) for _ in range(v.degree + 2)]
    for m, c in enumerate(rows):
        total[m] = total[m] + c * acb(ball(witness.centre))
        half = c * acb(ball(witness.half_width / 2))
        total[m + 1] = total[m + 1] + half
        total[abs(m - 1)] = total[abs(m - 1)] + half
    return [c.transpose() for c in total]


def _column_bound(parts: Sequence[acb_mat], omega: Neighbourhood, sinh: bool) -> arb_mat:
    """Σ_km |c_km| e^{ρ|k|+ηm}, or with sinh(ρ|k| + ηm): rows × 1."""
    rows, K = parts[0].nrows(), (parts[0].ncols() - 1) // 2
    total = arb_mat(rows, 1)
    for m, part in enumerate(parts):
        exponents = [omega.rho * abs(k) + omega.eta * m for k in range(-K, K + 1)]
        weights = arb_mat([[z.sinh() if sinh else z.exp()] for z in exponents])
        total = total + arb_mat(rows, 2 * K + 1, [c.abs_upper() for c in part.entries()]) * weights
    return total


def upper(M: arb_mat) -> arb_mat:
    """Upper bounds of the entries, as points."""
    return arb_mat(M.nrows(), M.ncols(), [x.upper() for x in M.entries()])


# --- Lemma O1 ------------------------------------------------------------------------------------


def geometric_sum(r: arb) -> arb:
    """c(r) = Σ_k e^{−r|k|} for r > 0."""
    q = (-r).exp()
    return (1 + q) / (1 - q)


def geometric_tail(r: arb, K: int) -> arb:
    """t(r, K) = Σ_{|k|>K} e^{−r|k|} for r > 0."""
    return 2 * (-r * (K + 1)).exp() / (1 - (-r).exp())
