"""A network in binary64: values, Jacobian and second derivatives. UNTRUSTED.

An activation is evaluated together with its first two derivatives: by closed forms that do not overflow for the
named ones, by truncated Taylor arithmetic over the safe syntax tree for expressions.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..problem.network import Problem
from ..symbolic.parse import interpret, parse
from .field import Array

Jet = tuple[Array, Array, Array]  # value, first and second derivative with respect to z, entry by entry
ActivationApprox = Callable[[Array], Jet]


@dataclass(frozen=True)
class LayerApprox:
    """σ((W0 + γE)h + b + γc)."""

    W0: Array
    E: Array
    b: Array
    sigma: ActivationApprox
    c: Array

    def weights(self, gamma: float) -> Array:
        return np.asarray(self.W0 + gamma * self.E)

    def bias(self, gamma: float) -> Array:
        return np.asarray(self.b + gamma * self.c)


@dataclass(frozen=True)
class LayeredFieldApprox:
    """x' = −D x + h_L, h_l = σ_l(W_l(γ) h_{l−1} + b_l + γ c_l), W_l = W0_l + γ E_l."""

    n: int
    leak: Array
    layers: tuple[LayerApprox, ...]

    def f(self, x: Array, gamma: float) -> Array:
        h = x
        for layer in self.layers:
            h = layer.sigma(layer.weights(gamma) @ h + layer.bias(gamma))[0]
        return np.asarray(h - self.leak * x)

    def jacobian(self, x: Array, gamma: float) -> Array:
        h, H = x, None
        for layer in self.layers:
            W = layer.weights(gamma)
            h, slope, _ = layer.sigma(W @ h + layer.bias(gamma))
            H = slope[:, None] * (W if H is None else W @ H)
        assert H is not None
        return np.asarray(H - np.diag(self.leak))

    def f_gamma(self, x: Array, gamma: float) -> Array:
        h, h_gamma = x, np.zeros_like(x)
        for layer in self.layers:
            W = layer.weights(gamma)
            z_gamma = W @ h_gamma + layer.E @ h + layer.c
            h, slope, _ = layer.sigma(W @ h + layer.bias(gamma))
            h_gamma = slope * z_gamma
        return h_gamma

    def values_along(self, x: Array, gamma: float) -> tuple[Array, Array, Array]:
        """f, ∂_xf and ∂_γf at the rows of x, (N, n), (N, n, n), (N, n)."""
        h, h_gamma, H = x, np.zeros_like(x), np.broadcast_to(np.eye(self.n), (len(x), self.n, self.n))
        for layer in self.layers:
            W = layer.weights(gamma)
            z_gamma = h_gamma @ W.T + h @ layer.E.T + layer.c
            h, slope, _ = layer.sigma(h @ W.T + layer.bias(gamma))
            h_gamma, H = slope * z_gamma, slope[:, :, None] * (W @ H)
        return h - self.leak * x, H - np.diag(self.leak), h_gamma

    def jacobian_times_derivatives(self, x: Array, gamma: float, a: Array) -> tuple[Array, Array]:
        """∂_x(J a) and ∂_γ(J a) by jets (MATHEMATICS.md, section 4); no n³ tensor is formed."""
        h, h_a = x, a
        H, H_a = np.eye(self.n), np.zeros((self.n, self.n))  # ∂_x h, ∂_x h_a
        g, g_a = np.zeros(self.n), np.zeros(self.n)  # ∂_γ h, ∂_γ h_a
        for layer in self.layers:
            W, E = layer.weights(gamma), layer.E
            z_a, Z, Z_a = W @ h_a, W @ H, W @ H_a
            z_g, z_ag = W @ g + E @ h + layer.c, W @ g_a + E @ h_a
            h, s1, s2 = layer.sigma(W @ h + layer.bias(gamma))
            h_a = s1 * z_a
            H, H_a = s1[:, None] * Z, (s2 * z_a)[:, None] * Z + s1[:, None] * Z_a
            g, g_a = s1 * z_g, s2 * z_a * z_g + s1 * z_ag
        return H_a, g_a


def layered_field_approx(problem: Problem) -> LayeredFieldApprox:
    """The field of an exact problem, every number rounded to binary64 once."""
    layers = []
    for layer, (rows, columns) in zip(problem.layers, problem.shapes, strict=True):
        W0 = problem.combine(layer.weights, (rows, columns)).to_binary64_approx()
        E = problem.combine(layer.parameter, (rows, columns)).to_binary64_approx()
        b, c = (
            np.zeros(rows) if name is None else problem.arrays[name].to_binary64_approx().ravel()
            for name in (layer.bias, layer.bias_parameter)
        )
        layers.append(LayerApprox(W0, E, b, activation_approx(layer.activation), c))
    leak = np.array([float(entry) for entry in problem.leak_entries()])
    return LayeredFieldApprox(problem.dimension, leak, tuple(layers))


def activation_approx(text: str) -> ActivationApprox:
    """σ, σ', σ'' of a named activation or of an expression in z."""
    name = text.strip()
    if name in _NAMED:
        return _NAMED[name]
    tree = parse(name)
    return lambda z: interpret(tree, _TaylorAlgebra(z))


def _erf(z: Array) -> Array:
    return np.array([math.erf(value) for value in z.ravel().tolist()]).reshape(z.shape)


def _logistic(z: Array) -> Jet:
    s = 0.5 * (1 + np.tanh(0.5 * z))
    s1 = 0.25 / np.cosh(0.5 * np.clip(z, -700, 700)) ** 2
    return s, s1, s1 * (1 - 2 * s)


def _tanh(z: Array) -> Jet:
    s = np.tanh(z)
    return s, 1 - s * s, -2 * s * (1 - s * s)


def _softplus(z: Array) -> Jet:
    s, s1, _ = _logistic(z)
    return np.logaddexp(0.0, z), s, s1


def _arctan(z: Array) -> Jet:
    slope = 1 / (1 + z * z)
    return np.arctan(z), slope, -2 * z * slope**2


def _silu(z: Array) -> Jet:
    s, s1, s2 = _logistic(z)
    return z * s, s + z * s1, 2 * s1 + z * s2


def _gelu(z: Array) -> Jet:
    cumulative = 0.5 * (1 + _erf(z / math.sqrt(2)))
    density = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    return z * cumulative, cumulative + z * density, (2 - z * z) * density


def _erf_jet(z: Array) -> Jet:
    slope = 2 / math.sqrt(math.pi) * np.exp(-z * z)
    return _erf(z), slope, -2 * z * slope


_NAMED: dict[str, ActivationApprox] = {
    "tanh": _tanh,
    "sin": lambda z: (np.sin(z), np.cos(z), -np.sin(z)),
    "logistic": _logistic,
    "softplus": _softplus,
    "arctan": _arctan,
    "silu": _silu,
    "gelu": _gelu,
    "erf": _erf_jet,
    "identity": lambda z: (z, np.ones_like(z), np.zeros_like(z)),
}

_FUNCTIONS: dict[str, ActivationApprox] = {
    "exp": lambda v: (np.exp(v), np.exp(v), np.exp(v)),
    "log": lambda v: (np.log(v), 1 / v, -1 / (v * v)),
    "sin": _NAMED["sin"],
    "cos": lambda v: (np.cos(v), -np.sin(v), -np.cos(v)),
    "tan": lambda v: (np.tan(v), 1 + np.tan(v) ** 2, 2 * np.tan(v) * (1 + np.tan(v) ** 2)),
    "tanh": _tanh,
    "sinh": lambda v: (np.sinh(v), np.cosh(v), np.sinh(v)),
    "cosh": lambda v: (np.cosh(v), np.sinh(v), np.cosh(v)),
    "atan": _arctan,
    "sqrt": lambda v: (np.sqrt(v), 0.5 / np.sqrt(v), -0.25 / (v * np.sqrt(v))),
    "erf": _erf_jet,
}


@dataclass(frozen=True)
class _TaylorAlgebra:
    """Jets of order two in z, for `interpret`."""

    z: Array

    def number(self, value: Fraction) -> Jet:
        return np.full_like(self.z, float(value)), np.zeros_like(self.z), np.zeros_like(self.z)

    def variable(self, name: str) -> Jet:
        return self.z, np.ones_like(self.z), np.zeros_like(self.z)

    def add(self, x: Jet, y: Jet) -> Jet:
        return x[0] + y[0], x[1] + y[1], x[2] + y[2]

    def multiply(self, x: Jet, y: Jet) -> Jet:
        return x[0] * y[0], x[1] * y[0] + x[0] * y[1], x[2] * y[0] + 2 * x[1] * y[1] + x[0] * y[2]

    def divide(self, x: Jet, y: Jet) -> Jet:
        return self.multiply(x, self.power(y, -1))

    def power(self, x: Jet, exponent: int) -> Jet:
        def term(coefficient: int, order: int) -> Array:
            return np.asarray(coefficient * x[0] ** order) if coefficient else np.zeros_like(x[0])

        outer = term(1, exponent), term(exponent, exponent - 1), term(exponent * (exponent - 1), exponent - 2)
        return _compose(outer, x)

    def function(self, name: str, x: Jet) -> Jet:
        return _compose(_FUNCTIONS[name](x[0]), x)


def _compose(outer: Jet, x: Jet) -> Jet:
    return outer[0], outer[1] * x[1], outer[2] * x[1] ** 2 + outer[1] * x[2]
