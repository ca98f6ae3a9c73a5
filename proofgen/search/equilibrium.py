"""Where a branch begins: an equilibrium at one parameter value. Binary64, UNTRUSTED."""

from __future__ import annotations

import math

import numpy as np

from ..approx.field import Array, FieldApprox


def is_trivial(field: FieldApprox, interval: tuple[float, float]) -> bool:
    """Whether x = 0 looks like an equilibrium for every γ of the interval."""
    zero = np.zeros(field.n)
    gammas = np.linspace(interval[0], interval[1], 7).tolist()
    return all(float(np.max(np.abs(field.f(zero, gamma)))) <= 1e-14 for gamma in gammas)


def find_equilibrium(
    field: FieldApprox, gamma: float, start: Array | None, box: Array | None = None
) -> Array | None:
    """An equilibrium at γ: by damped Newton from the start or 0, after time integration, from random points.

    box: n × 2, where random points are taken first. An equilibrium at which J is singular is given only if no other is
    found: a saturated network has many such.
    """
    guesses = [np.zeros(field.n) if start is None else np.asarray(start, dtype=np.float64)]
    if start is not None:
        guesses.append(np.zeros(field.n))
    random = np.random.default_rng(0)
    if box is not None:
        middle, half = box.mean(axis=1), 0.5 * (box[:, 1] - box[:, 0])
        places = [middle, *(middle + half * random.uniform(-1, 1, field.n) for _ in range(30))]
        guesses = [*guesses[: int(start is not None)], *places]
    guesses += [scale * random.standard_normal(field.n) for scale in (1.0, 3.0) for _ in range(8)]
    singular: Array | None = None
    for guess in guesses:
        for x in (guess, _settle(field, gamma, guess)):
            found = None if x is None else _damped_newton(field, gamma, x)
            if found is not None and np.linalg.cond(field.jacobian(found, gamma)) < 1e13:
                return found
            singular = found if singular is None else singular
    return singular


def _damped_newton(field: FieldApprox, gamma: float, x: Array) -> Array | None:
    value = field.f(x, gamma)
    for _ in range(80):
        J = field.jacobian(x, gamma)
        if not (np.all(np.isfinite(value)) and np.all(np.isfinite(J))):
            return None
        step = np.linalg.lstsq(J, value, rcond=None)[0]
        size, norm = float(np.max(np.abs(step))), float(np.linalg.norm(value))
        if not (math.isfinite(size) and math.isfinite(norm)) or np.max(np.abs(x)) > 1e8:
            return None
        if size <= 1e-12 * (1 + float(np.max(np.abs(x)))):
            small = 1e-11 * (1 + float(np.max(np.abs(J))) * (1 + float(np.max(np.abs(x)))))
            return np.asarray(x - step) if norm <= small else None  # a saturated network has steps 0 without a zero
        damping = 1.0
        while damping > 1e-4:
            trial = field.f(x - damping * step, gamma)
            if np.linalg.norm(trial) < (1 - 0.1 * damping) * norm:
                break
            damping /= 2
        else:
            return x if norm <= 1e-13 else None
        x, value = x - damping * step, trial
    return None


def _settle(field: FieldApprox, gamma: float, x: Array) -> Array | None:
    """Linearly implicit Euler steps of growing length: towards a stable equilibrium if there is one."""
    step = 0.1
    for _ in range(60):
        try:
            x = x + np.linalg.solve(np.eye(field.n) / step - field.jacobian(x, gamma), field.f(x, gamma))
        except np.linalg.LinAlgError:
            return None
        if not np.max(np.abs(x)) < 1e8:
            return None
        step = min(step * 1.2, 50.0)
    return x
