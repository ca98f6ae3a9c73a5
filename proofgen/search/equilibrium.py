"""Where a branch begins: an equilibrium at one parameter value. Binary64, UNTRUSTED."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..approx.field import Array, FieldApprox

ROUNDING = 2.0**-52
STEP, NOISE = 1e-12, 1e3  # a last Newton step: relative to each entry, or in units of its rounding
STALLED = 1e6  # times that, where no step makes f smaller
TOO_LARGE = 1e8  # times the guess: given up
SINGULAR = 1e13  # condition of a Jacobian whose rows and columns are of size 1
FAR = 0.8  # of the larger norm: what is so far away from a start is another equilibrium
SAME = 1e-6
RANDOM_TRIES, BOX_TRIES = 8, 30
MOST_NAMED = 4  # entries and equilibria that a message shows


@dataclass(frozen=True)
class Origin:
    """Where a branch begins. x: None where nothing was found; reason: how that is not what was asked for, or ""."""

    x: Array | None
    reason: str = ""


def is_trivial(field: FieldApprox, interval: tuple[float, float]) -> bool:
    """Whether x = 0 looks like an equilibrium for every γ of the interval, and the field smooth there."""
    zero = np.zeros(field.n)
    gammas = np.linspace(interval[0], interval[1], 7).tolist()
    return all(
        float(np.max(np.abs(field.f(zero, gamma)))) <= 1e-14 and bool(np.all(np.isfinite(field.jacobian(zero, gamma))))
        for gamma in gammas
    )


def find_origin(
    field: FieldApprox, gamma: float, start: Array | None, box: Array | None = None, trivial: bool = False
) -> Origin:
    """The equilibrium at γ that is asked for: by a rough one, by a box (n × 2) or, without both, any.

    trivial: x = 0 is one and goes before others. An equilibrium at which J is singular counts only if no other is
    found: a saturated network has many such.
    """
    if start is not None and (np.any(start) or not trivial):
        return _from_start(field, gamma, np.asarray(start, dtype=np.float64), box)
    if box is not None:
        return _in_box(field, gamma, box, [np.zeros(field.n)] if trivial else [])
    if trivial:
        return Origin(np.zeros(field.n))
    x = find_equilibrium(field, gamma)
    return Origin(x, "" if x is not None else f"no equilibrium was found at parameter {gamma:.12g}")


def find_equilibrium(field: FieldApprox, gamma: float) -> Array | None:
    """Any equilibrium at γ: from 0, then from random points, also from positive ones, as roots and powers need."""
    singular: Array | None = None
    for guess in (np.zeros(field.n), *_random_guesses(field.n)):
        for x in _from_guess(field, gamma, guess):
            if not is_singular(field.jacobian(x, gamma)):
                return x
            singular = x if singular is None else singular
    return singular


def another_equilibrium(field: FieldApprox, gamma: float) -> Array | None:
    """One that is not 0, with a regular Jacobian, from random points."""
    for guess in _random_guesses(field.n):
        for x in _from_guess(field, gamma, guess):
            if np.max(np.abs(x)) > SAME and not is_singular(field.jacobian(x, gamma)):
                return x
    return None


def _random_guesses(n: int) -> list[Array]:
    random = np.random.default_rng(0)
    anywhere = [scale * random.standard_normal(n) for scale in (1.0, 3.0) for _ in range(RANDOM_TRIES)]
    return anywhere + [np.exp(scale * random.standard_normal(n)) for scale in (1.0, 3.0) for _ in range(RANDOM_TRIES)]


def is_singular(J: Array) -> bool:
    """Whether a finite matrix is singular to rounding, whatever the units of its rows and columns."""
    rows = np.max(np.abs(J), axis=1, keepdims=True)
    J = J / np.where(rows > 0, rows, 1.0)
    columns = np.max(np.abs(J), axis=0, keepdims=True)
    return not float(np.linalg.cond(J / np.where(columns > 0, columns, 1.0))) < SINGULAR


def shown(x: Array) -> str:
    """(1.5, -0.25, …) for a message."""
    entries = [f"{value:.6g}" for value in x[:MOST_NAMED].tolist()]
    return f"({', '.join(entries + ['…'] * (len(x) > MOST_NAMED))})"


def _from_start(field: FieldApprox, gamma: float, start: Array, box: Array | None) -> Origin:
    found = sorted(
        _from_guess(field, gamma, start),
        key=lambda x: (is_singular(field.jacobian(x, gamma)), float(np.max(np.abs(x - start)))),
    )
    if found:
        x = next((x for x in found if _near(x, start)), found[0])
        if _near(x, start):
            return Origin(x)
        return Origin(x, f"network.start leads to the equilibrium {shown(x)} at parameter {gamma:.12g}, far from it")
    other = find_equilibrium(field, gamma) if box is None else _in_box(field, gamma, box).x
    reason = f"no equilibrium was found from network.start at parameter {gamma:.12g}"
    return Origin(None, reason if other is None else f"{reason}; another one, which is not followed, is {shown(other)}")


def _near(x: Array, start: Array) -> bool:
    """Whether a rough equilibrium may mean x; zeros mean any."""
    size = max(float(np.max(np.abs(x), initial=0.0)), float(np.max(np.abs(start), initial=0.0)))
    return not np.any(start) or float(np.max(np.abs(x - start))) <= FAR * size


def _in_box(field: FieldApprox, gamma: float, box: Array, known: Sequence[Array] = ()) -> Origin:
    """One equilibrium in a box, and that there are others, whose branches are not followed. known: some of them."""
    return first_of(equilibria_in_box(field, gamma, box, known), gamma)


def first_of(inside: Sequence[Array], gamma: float) -> Origin:
    """The first of the equilibria that were found in a box, and that there are others."""
    if not inside:
        return Origin(None, f"no equilibrium was found in network.box at parameter {gamma:.12g}")
    return Origin(inside[0], not_followed(inside[1:], gamma))


def not_followed(others: Sequence[Array], gamma: float) -> str:
    """That there are other equilibria in a box, "" where there are none."""
    if not others:
        return ""
    named = ", ".join(map(shown, others[:MOST_NAMED])) + (", …" if len(others) > MOST_NAMED else "")
    return f"network.box holds other equilibria at parameter {gamma:.12g} that are not followed: {named}"


def equilibria_in_box(field: FieldApprox, gamma: float, box: Array, known: Sequence[Array] = ()) -> list[Array]:
    """Those that are found, known ones first and those with a singular Jacobian last; there may be more."""
    middle, half = box.mean(axis=1), 0.5 * (box[:, 1] - box[:, 0])
    random = np.random.default_rng(0)
    inside = list(known)
    for guess in (middle, *(middle + half * random.uniform(-1, 1, field.n) for _ in range(BOX_TRIES))):
        for x in _from_guess(field, gamma, guess):
            new = not any(is_same(x, other, half) for other in inside)
            if new and np.all(np.abs(x - middle) <= (1 + SAME) * half):
                inside.append(x)
    inside[len(known) :] = sorted(inside[len(known) :], key=lambda x: is_singular(field.jacobian(x, gamma)))
    return inside


def is_same(x: Array, other: Array, half: Array) -> bool:
    """Whether two equilibria in a box with these half widths look like one."""
    return not np.any(np.abs(x - other) > SAME * (half + np.abs(x)))


def _from_guess(field: FieldApprox, gamma: float, guess: Array) -> Iterator[Array]:
    """Equilibria by damped Newton from the guess, and after time integration from it; then the same with equations in
    units of their own, which is best where rates are very different, and bad where a network is saturated."""
    later = _settle(field, gamma, guess)
    for units in (False, True):
        for x in (guess, later):
            found = None if x is None else _damped_newton(field, gamma, x, units)
            if found is not None:
                yield found


def _damped_newton(field: FieldApprox, gamma: float, x: Array, own_units: bool) -> Array | None:
    largest = TOO_LARGE * max(1.0, float(np.max(np.abs(x), initial=0.0)))
    value = field.f(x, gamma)
    for _ in range(80):
        J = field.jacobian(x, gamma)
        if not (np.all(np.isfinite(value)) and np.all(np.isfinite(J)) and np.max(np.abs(x)) <= largest):
            return None
        units = np.max(np.abs(J) * np.where(x == 0, 1.0, np.abs(x)), axis=1) if own_units else np.ones(field.n)
        units = np.where(units > 0, units, 1.0)
        step = _newton_step(J / units[:, None], value / units)
        if _settled(J, x, value, step):
            return np.asarray(x - step)
        norm, damping = float(np.linalg.norm(value / units)), 1.0
        while damping > 1e-4:
            trial = field.f(x - damping * step, gamma)
            if np.linalg.norm(trial / units) < (1 - 0.1 * damping) * norm:
                break
            damping /= 2
        else:
            return np.asarray(x - step) if _settled(J, x, value, step, STALLED) else None
        x, value = x - damping * step, trial
    return None


def _newton_step(J: Array, value: Array) -> Array:
    """NaN where there is none."""
    if not (np.all(np.isfinite(J)) and np.all(np.isfinite(value))):
        return np.full(len(value), np.nan)
    try:
        step = np.linalg.solve(J, value)
        if np.all(np.isfinite(step)):
            return np.asarray(step)
    except np.linalg.LinAlgError:
        pass
    try:
        return np.asarray(np.linalg.lstsq(J, value, rcond=None)[0])
    except np.linalg.LinAlgError:
        return np.full(len(value), np.nan)


def _settled(J: Array, x: Array, value: Array, step: Array, times: float = 1.0) -> bool:
    """Whether a Newton step is small in every component, and solves its equations: those of a saturated network with
    J = 0 have no solution, and least squares give a step 0 there."""
    size = np.abs(J) @ np.abs(x)
    if not np.all(np.abs(value - J @ step) <= 1e-9 * (size + np.max(np.abs(J), axis=1, initial=0.0))):
        return False
    wide = np.abs(step) > times * STEP * np.abs(x - step)
    if not np.any(wide):
        return True
    try:
        noise = np.abs(np.linalg.inv(J)) @ size
    except np.linalg.LinAlgError:
        noise = np.abs(np.linalg.pinv(J)) @ size
    return bool(np.all(np.abs(step[wide]) <= times * NOISE * ROUNDING * noise[wide]))


def _settle(field: FieldApprox, gamma: float, x: Array) -> Array | None:
    """Linearly implicit Euler steps of growing length: towards a stable equilibrium if there is one."""
    step, largest = 0.1, TOO_LARGE * max(1.0, float(np.max(np.abs(x), initial=0.0)))
    for _ in range(60):
        try:
            x = x + np.linalg.solve(np.eye(field.n) / step - field.jacobian(x, gamma), field.f(x, gamma))
        except np.linalg.LinAlgError:
            return None
        if not np.max(np.abs(x)) < largest:
            return None
        step = min(step * 1.2, 50.0)
    return x
