"""Proved orbits against a second computation: Taylor series in fixed-point integers, shooting, no code of the prover.

The orbit through x(0), its period and parameter solve x(2πT) = x(0), p^H x̂_1 = a, to about 30 digits; of the certificate
only p, a and a start for the iteration are used. Multipliers come from differences of the flow.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from operator import mul
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from proofgen.api import prove
from proofgen.spec.load import load_text

BITS, ORDER, STEPS = 130, 26, 48  # fixed point 2^−BITS; terms of a Taylor step; steps of a period
ONE = 1 << BITS
AMPLITUDES = ("0.03", "0.1", "0.22")
SEEDS = {"tanh": (4, 7, 34, 44, 55), "sin": (1, 23, 51), "arctan": (10, 28, 40)}  # no multiplier is beyond 10^±4
SLOPES = {"tanh": lambda z: 1 - np.tanh(z) ** 2, "sin": np.cos, "arctan": lambda z: 1 / (1 + z * z)}
VALUES = {"tanh": np.tanh, "sin": np.sin, "arctan": np.arctan}


def weights(seed: int) -> list[list[Fraction]]:
    W = np.round(np.random.default_rng(seed).normal(size=(3, 3)) * 16)
    return [[Fraction(int(x), 16) for x in row] for row in W]


def spec(activation: str, seed: int) -> str:
    rows = ", ".join("[" + ", ".join(f'"{float(x)}"' for x in row) + "]" for row in weights(seed))
    at = ", ".join(f'"{a}"' for a in AMPLITUDES)
    return f"""[network]
family = "layered"
[[network.layer]]
weights = [{rows}]
activation = "{activation}"
[orbits]
at = [{at}]
points = ["hopf-0001"]
"""


def fixed(x: Fraction | float) -> int:
    exact = Fraction(x)
    return (exact.numerator << BITS) // exact.denominator


def convolved(a: list[int], b: list[int], k: int) -> int:
    return sum(map(mul, a[: k + 1], b[k::-1])) >> BITS


class Series:
    """σ(z(t)) term by term: the value at t = 0, then each term from those of z."""

    def __init__(self, activation: str, z: int) -> None:
        exact = z / ONE
        self.kind, self.z = activation, [z]
        if activation == "tanh":
            e = exp_fixed(2 * z)
            self.y = [((e - ONE) << BITS) // (e + ONE)]
            self.other = [ONE - (self.y[0] ** 2 >> BITS)]  # 1 − y²
        elif activation == "sin":
            s, c = sin_cos_fixed(z)
            self.y, self.other = [s], [c]
        else:
            y = fixed(float(np.arctan(exact)))
            for _ in range(3):  # Newton for tan y = z
                s, c = sin_cos_fixed(y)
                y -= (s - (z * c >> BITS)) * c >> BITS
            self.y, self.other = [y], [ONE + (z * z >> BITS)]  # 1 + z²

    def next_term(self, z: int) -> int:
        """z: the next Taylor coefficient of the argument."""
        self.z.append(z)
        k = len(self.y)
        dz = [i * c for i, c in enumerate(self.z)][1:]
        if self.kind == "arctan":  # (1 + z²)y' = z'
            dy = [i * c for i, c in enumerate(self.y)][1:]
            known = sum(map(mul, dy, self.other[k - 1 : 0 : -1])) >> BITS if k > 1 else 0
            self.y.append(((dz[k - 1] - known) * ONE // self.other[0]) // k)
            self.other.append(convolved(self.z, self.z, k))
            return self.y[k]
        self.y.append(convolved(self.other, dz, k - 1) // k)  # y' = (1 − y²)z', or cos z · z'
        if self.kind == "tanh":
            self.other.append(-convolved(self.y, self.y, k))
        else:
            self.other.append(-convolved(self.y[:k], dz, k - 1) // k)
        return self.y[k]


def exp_fixed(x: int) -> int:
    halvings, term, total, k = 8, ONE, ONE, 0
    while term:
        k += 1
        term = ((term * x >> BITS) >> halvings) // k
        if term == -1:
            break
        total += term
    for _ in range(halvings):
        total = total * total >> BITS
    return total


def sin_cos_fixed(x: int) -> tuple[int, int]:
    parts = [0, 0]
    term, k = ONE, 0
    while abs(term) > 1:
        parts[k % 2] += term if k % 4 < 2 else -term
        k += 1
        term = (term * x >> BITS) // k
    return parts[1], parts[0]


@dataclass
class Network:
    activation: str
    W: list[list[int]]

    def steps(self, x: list[int], gamma: int, period: int) -> list[list[int]]:
        """The solution at the times j·period/STEPS, j = 0 … STEPS."""
        n, h, path = len(x), period // STEPS, [x]
        W = [[w + (gamma if i == j else 0) for j, w in enumerate(row)] for i, row in enumerate(self.W)]
        for _ in range(STEPS):
            coefficients = [[value] for value in path[-1]]
            layer = [Series(self.activation, sum(map(mul, row, path[-1])) >> BITS) for row in W]
            for i in range(n):
                coefficients[i].append(layer[i].y[0])
            for k in range(1, ORDER):
                last = [c[k] for c in coefficients]
                for i in range(n):
                    coefficients[i].append(layer[i].next_term(sum(map(mul, W[i], last)) >> BITS) // (k + 1))
            end = []
            for c in coefficients:
                value = 0
                for term in reversed(c):
                    value = term + (value * h >> BITS)
                end.append(value)
            path.append(end)
        return path

    def residual(self, p: list[tuple[int, int]], a: int, unknown: list[int]) -> tuple[list[int], list[list[int]]]:
        """x(P) − x(0), and p^H x̂_1 − a in two parts; the path."""
        *x, gamma, period = unknown
        path = self.steps(x, gamma, period)
        re = im = 0
        for j, point in enumerate(path[:-1]):
            s, c = roots()[j]
            u = sum(map(mul, [z[0] for z in p], point)) >> BITS
            v = sum(map(mul, [z[1] for z in p], point)) >> BITS
            re += (u * c + v * s) >> BITS
            im += (v * c - u * s) >> BITS
        return [b - c for b, c in zip(path[-1], x, strict=True)] + [re // STEPS - a, im // STEPS], path


@cache
def roots() -> list[tuple[int, int]]:
    """Sines and cosines of 2πj/STEPS."""
    pi = 4 * (4 * arctan_of_one_over(5) - arctan_of_one_over(239))
    return [sin_cos_fixed(2 * pi * j // STEPS) for j in range(STEPS)]


def arctan_of_one_over(m: int) -> int:
    return sum((-1) ** k * (ONE // m ** (2 * k + 1)) // (2 * k + 1) for k in range(100))


def differences(network: Network, p: list[tuple[int, int]], a: int, unknown: list[int]) -> list[list[Fraction]]:
    """The derivative of the residual by differences, right to about 1e-18."""
    step, columns = 1 << BITS - 60, []
    before, _ = network.residual(p, a, unknown)
    for i in range(len(unknown)):
        after, _ = network.residual(p, a, [x + (step if i == j else 0) for j, x in enumerate(unknown)])
        columns.append([Fraction(u - v, step) for u, v in zip(after, before, strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


def shoot(network: Network, p: list[tuple[int, int]], a: int, start: list[int]) -> tuple[list[int], list[list[int]], int]:
    """The unknown, its path and the size of the last residual, by a chord method."""
    residual, path = network.residual(p, a, start)
    inverse = np.linalg.inv(np.array(differences(network, p, a, start), dtype=float))
    unknown = start
    for _ in range(8):
        if max(map(abs, residual)) < 1 << 40:
            break
        scale = max(map(abs, residual)) or 1
        update = inverse @ np.array([r / scale for r in residual])
        unknown = [x - int(Fraction(float(d)) * scale) for x, d in zip(unknown, update, strict=True)]
        residual, path = network.residual(p, a, unknown)
    return unknown, path, max(map(abs, residual))


def multipliers(network: Network, p: list[tuple[int, int]], a: int, unknown: list[int]) -> tuple[complex, complex]:
    """Those but the trivial one: 1 + ε, nearest to 1, and the other, from exact trace and determinant of the flow."""
    A = differences(network, p, a, unknown)
    (c, d, e), (f, g, h), (i, j, k) = [[A[row][column] + (row == column) for column in range(3)] for row in range(3)]
    total, product = c + g + k - 1, c * (g * k - h * j) - d * (f * k - h * i) + e * (f * j - g * i)
    linear, constant = float(2 - total), float(1 - total + product)
    root = np.sqrt(complex(linear**2 - 4 * constant))
    epsilon = -2 * constant / max((linear + root, linear - root), key=abs)
    return epsilon, complex(float(product) / (1 + epsilon))


def within(value: int, claim: list[str]) -> bool:
    """Up to the error of the shooting, far below the width of a claim."""
    tolerance = Fraction(1, 10**20)
    return Fraction(claim[0]) - tolerance <= Fraction(value, ONE) <= Fraction(claim[1]) + tolerance


def profile(out: Path, piece: dict[str, Any], j: int) -> list[float]:
    """v̄ at the time j of the steps."""
    row = np.load(out / piece["v"]["file"])[0].reshape(-1, 3, 2)
    c = row[..., 0] + 1j * row[..., 1]
    turns = np.exp(2j * np.pi * j / STEPS * np.arange(len(c)))
    return list(map(float, 2 * (c * turns[:, None]).sum(0).real - c[0].real))


def test_series_of_the_activations() -> None:
    """Against the values of NumPy at the end of a step, and a known derivative."""
    for activation, sigma in VALUES.items():
        series = Series(activation, fixed(0.7))
        for _ in range(1, 20):
            series.next_term(fixed(1.0) if len(series.z) == 1 else 0)
        value = sum(c / ONE * 0.1**k for k, c in enumerate(series.y))
        assert value == pytest.approx(float(sigma(0.8)), abs=1e-14)
        assert series.y[1] / ONE == pytest.approx(float(SLOPES[activation](0.7)), abs=1e-15)


CASES = [(activation, seed) for activation, seeds in SEEDS.items() for seed in seeds]
QUICK = ("tanh", 7)


@pytest.mark.parametrize(
    ("activation", "seed"), [case if case == QUICK else pytest.param(*case, marks=pytest.mark.slow) for case in CASES])  # fmt: skip
def test_orbits_by_shooting(activation: str, seed: int, tmp_path: Path) -> None:
    """33 orbits at three amplitudes: enclosures, distance, κ and the number of multipliers outside of the circle."""
    out = tmp_path / "bundle"
    rows = prove(load_text(spec(activation, seed)), out, check=False).summary["orbits"]
    assert [row["status"] for row in rows] == ["proved"] * 3
    network = Network(activation, [[fixed(w) for w in row] for row in weights(seed)])
    for row, amplitude in zip(rows, AMPLITUDES, strict=True):
        certificate = json.loads((out / row["certificate"]).read_text(encoding="utf-8"))
        claims, piece = certificate["claims"], certificate["witness"]["pieces"][0]
        p = [tuple(fixed(Fraction(c[0]) * Fraction(2) ** c[1]) for c in z) for z in certificate["witness"]["p"]]
        a = fixed(Fraction(amplitude))
        start = [int(a * value) for value in profile(out, piece, 0)]
        start += [fixed(Fraction(claims[key][0])) for key in ("parameter", "period")]
        (*x, gamma, period), path, residual = shoot(network, p, a, start)
        assert residual < 1 << 40
        assert within(gamma, claims["parameter"]) and within(period, claims["period"])
        # the claims are narrow, and not around a number that is not the orbit's
        assert Fraction(claims["parameter"][1]) - Fraction(claims["parameter"][0]) < Fraction(1, 10**10)
        off = max(abs(u / ONE - float(amplitude) * v) for j in range(STEPS) for u, v in zip(path[j], profile(out, piece, j), strict=True))
        assert off <= float(claims["distance"]) + 1e-15
        epsilon, second = multipliers(network, p, a, [*x, gamma, period])
        kappa = float(np.log1p(epsilon.real)) / (2 * np.pi)
        low, high = map(float, certificate["bounds"]["kappa"])
        assert low - 1e-13 <= kappa <= high + 1e-13 and high - low < 1e-8
        assert claims["unstable_multipliers"] == (kappa > 0) + (abs(second) > 1)
        assert claims["stable"] == (kappa < 0 and abs(second) < 1)
        lam = np.load(out / piece["Lam"]["file"])[0]
        disc = float(certificate["bounds"]["exponent_radius"])
        assert abs(second * np.exp(-2 * np.pi * complex(lam[8], lam[9])) - 1) < 7 * disc + 1e-13
