"""A gated cell in binary64: values, Jacobian and second derivatives. UNTRUSTED."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..problem.cell import CellProblem
from ..symbolic.cell import Program, program_of
from .field import Array
from .network import activation_approx

Part = tuple[Array, Array]  # of an array: the fixed part and the derivative by γ


@dataclass(frozen=True)
class CellFieldApprox:
    """f = F − x by the steps of a program. gates: (W, b) of each, with their derivatives by γ."""

    n: int
    hidden: int
    program: Program
    gates: dict[str, tuple[Part, Part]]

    def f(self, x: Array, gamma: float) -> Array:
        values, _ = self._values(x, gamma)
        return self._stacked(values)

    def jacobian(self, x: Array, gamma: float) -> Array:
        return self._stacked(self._first(*self._values(x, gamma), gamma, np.eye(self.n), np.zeros(self.n)))

    def f_gamma(self, x: Array, gamma: float) -> Array:
        moved = self._first(*self._values(x, gamma), gamma, np.zeros((self.n, 1)), np.ones(1))
        return self._stacked(moved)[:, 0]

    def jacobian_along(self, x: Array, gamma: float, dx: Array, dgamma: float) -> Array:
        """B(dx, ·) + dγ ∂A/∂γ."""
        return self._second(x, gamma, dx, dgamma)[:, :-1]

    def jacobian_times_derivatives(self, x: Array, gamma: float, a: Array) -> tuple[Array, Array]:
        """∂_x(J a) and ∂_γ(J a)."""
        both = self._second(x, gamma, a, 0.0)
        return both[:, :-1], both[:, -1]

    # --- a program on arrays of shape (H, directions) ----------------------------------------------

    def _stacked(self, values: dict[str, Array]) -> Array:
        return np.concatenate([values[name] for name in self.program.outputs])

    def _values(self, x: Array, gamma: float) -> tuple[dict[str, Array], dict[str, tuple[Array, Array]]]:
        """Of every step, and σ', σ'' of the functions."""
        v: dict[str, Array] = {}
        slopes: dict[str, tuple[Array, Array]] = {}
        for name, step in self.program.steps.items():
            if step.op == "function":
                v[name], *derivatives = activation_approx(step.name)(v[step.args[0]])
                slopes[name] = derivatives[0], derivatives[1]
            elif step.op == "state":
                v[name] = x[step.index * self.hidden :][: self.hidden]
            elif step.op == "gate":
                (W, E), (b, c) = self.gates[step.name]
                v[name] = (W + gamma * E) @ v["h"] + b + gamma * c
            elif step.op == "product":
                v[name] = v[step.args[0]] * v[step.args[1]]
            else:
                start = np.full(self.hidden, float(step.constant))
                v[name] = sum((float(k) * v[a] for k, a in zip(step.coefficients, step.args, strict=True)), start)
        return v, slopes

    def _first(
        self, v: dict[str, Array], slopes: dict[str, tuple[Array, Array]], gamma: float, dx: Array, dgamma: Array
    ) -> dict[str, Array]:
        """The derivatives of all steps along the columns of (dx, dgamma)."""
        d: dict[str, Array] = {}
        for name, step in self.program.steps.items():
            if step.op == "state":
                d[name] = dx[step.index * self.hidden :][: self.hidden]
            elif step.op == "gate":
                (W, E), (_, c) = self.gates[step.name]
                d[name] = (W + gamma * E) @ d["h"] + np.outer(E @ v["h"] + c, dgamma)
            elif step.op == "function":
                d[name] = slopes[name][0][:, None] * d[step.args[0]]
            elif step.op == "product":
                a, b = step.args
                d[name] = v[a][:, None] * d[b] + v[b][:, None] * d[a]
            else:
                d[name] = sum((float(k) * d[a] for k, a in zip(step.coefficients, step.args, strict=True)), np.zeros(1))
        return d

    def _second(self, x: Array, gamma: float, a: Array, a_gamma: float) -> Array:
        """D²f of (a, a_gamma) and each of the n + 1 unit directions, the last along γ."""
        v, slopes = self._values(x, gamma)
        units, along = np.hstack([np.eye(self.n), np.zeros((self.n, 1))]), np.array([a_gamma])
        last = np.concatenate([np.zeros(self.n), [1.0]])
        one = self._first(v, slopes, gamma, a[:, None], along)
        each = self._first(v, slopes, gamma, units, last)
        d: dict[str, Array] = {}
        for name, step in self.program.steps.items():
            if step.op == "state":
                d[name] = np.zeros((self.hidden, self.n + 1))
            elif step.op == "gate":
                E = self.gates[step.name][0][1]
                d[name] = a_gamma * (E @ each["h"]) + np.outer(E @ one["h"][:, 0], last)
            elif step.op == "function":
                (z,), (s1, s2) = step.args, slopes[name]
                d[name] = s2[:, None] * one[z] * each[z] + s1[:, None] * d[z]
            elif step.op == "product":
                p, q = step.args
                d[name] = v[p][:, None] * d[q] + v[q][:, None] * d[p] + one[p] * each[q] + one[q] * each[p]
            else:
                d[name] = sum((float(k) * d[p] for k, p in zip(step.coefficients, step.args, strict=True)), np.zeros(1))
        return self._stacked(d)


def cell_field_approx(problem: CellProblem) -> CellFieldApprox:
    """The field of an exact problem, every number rounded to binary64 once."""
    H, gates = problem.hidden, {}
    for name, gate in problem.gates().items():
        W, E = (np.zeros((H, H)) if part is None else part.to_binary64_approx() for part in (gate.W, gate.E))
        b, c = (part.to_binary64_approx().ravel() for part in (gate.b, gate.c))
        gates[name] = ((W, E), (b, c))
    return CellFieldApprox(problem.dimension, H, program_of(problem.cell, problem.step), gates)
