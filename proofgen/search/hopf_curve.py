"""Points of the curve of Hopf points in two parameters: binary64, UNTRUSTED."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..approx.field import Array
from ..approx.plane import Complex, PlaneApprox

NEWTON_STEPS, CLOSE = 30, 1e-11
STEP, SMALLEST, MAX_STEPS = 1 / 40, 1e-6, 4000  # of a curve, in widths of the box
SAME = 0.03  # points of one curve, in widths of the box and relative in x
MAX_CURVES, LINES, POINTS = 4, 5, 24
Box = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class HopfApprox:
    """u = (α, ω, x, a, b) at s, with φ, the inverse A of DF(u; s) and u' (see `CurveData`)."""

    along: int
    s: float
    u: Array
    phi: Array
    A: Array
    slope: Array

    @property
    def n(self) -> int:
        return len(self.phi)

    @property
    def parameters(self) -> Array:
        return np.array([self.s, self.u[0]] if self.along == 0 else [self.u[0], self.s])

    @property
    def parameter_slope(self) -> Array:
        """(α_1', α_2')."""
        return np.array([1.0, self.slope[0]] if self.along == 0 else [self.slope[0], 1.0])

    @property
    def x(self) -> Array:
        return self.u[2 : self.n + 2]

    @property
    def q(self) -> Complex:
        n = self.n
        return self.u[n + 2 : 2 * n + 2] + 1j * self.u[2 * n + 2 :]

    def at(self, s: float) -> Array:
        """The path through it, at s."""
        return self.u + (s - self.s) * self.slope


def hopf_approx(
    field: PlaneApprox, parameters: Array, x: Array, omega: float, q: Complex, along: int
) -> HopfApprox | None:
    """Newton's method for F = 0 at a fixed s."""
    q = q / np.linalg.norm(q)
    q = q * np.exp(-0.5j * np.angle(q @ q))  # a and b nearly orthogonal, |a| ≥ |b|
    phi = np.where(abs(q.real) > 2.0**-40, q.real, 0.0)
    phi = np.array([float(np.float32(y)) for y in phi])
    q = q * (1j / (phi @ q))
    u = np.array([parameters[1 - along], omega, *x, *q.real, *q.imag])
    return newton(field, u, float(parameters[along]), along, phi)


def newton(field: PlaneApprox, u: Array, s: float, along: int, phi: Array) -> HopfApprox | None:
    """From u; None where it does not converge or leaves the domain."""
    with np.errstate(all="ignore"):
        try:
            last = np.inf
            for _ in range(NEWTON_STEPS):
                F, DF, F_s = field.hopf(u, s, along, phi)
                step = np.linalg.solve(DF, F)
                size = float(np.max(abs(step) / np.maximum(abs(u), 1e-3)))
                if not np.isfinite(size) or size > 1e3:
                    return None
                u = u - step
                if size <= CLOSE * 1e-3 or (size <= CLOSE and size >= last / 2):
                    break
                last = size
            else:
                return None
            _, DF, F_s = field.hopf(u, s, along, phi)
            A = np.linalg.inv(DF)
        except (ArithmeticError, ValueError, np.linalg.LinAlgError):
            return None
    if not (u[1] > 0 and np.all(np.isfinite(A))):
        return None
    return HopfApprox(along, s, u, phi, np.asarray(A, dtype=np.float64), -A @ F_s)


def turned(field: PlaneApprox, point: HopfApprox, along: int) -> HopfApprox | None:
    """The same point, where the other parameter runs, with a φ of its own."""
    return hopf_approx(field, point.parameters, point.x, float(point.u[1]), point.q, along)


@dataclass(frozen=True)
class CurveApprox:
    """Points of a curve in order: from border to border of the box, or where following it ended; closed: it came back
    to the first one."""

    points: tuple[HopfApprox, ...]
    closed: bool

    @property
    def backwards(self) -> CurveApprox:
        return CurveApprox(self.points[::-1], self.closed)


def curves_approx(field: PlaneApprox, box: Box, start: Array | None) -> list[CurveApprox]:
    """Curves through the box, found from equilibria near ``start`` on lines through it."""
    widths = _widths(box)
    found: list[CurveApprox] = []
    seen: list[Array] = []
    for point in _hopf_points(field, box, start):
        here = np.array([*(point.parameters / widths), *point.x])
        if seen and _near(here, np.array(seen)):
            continue
        passed, closed = _follow(field, point, 1, box)
        if not closed:
            passed = [*_follow(field, point, -1, box)[0][:0:-1], *passed]
        seen += _between(passed, widths)
        found.append(CurveApprox(tuple(passed), closed))
        if len(found) >= MAX_CURVES:
            break
    return found


def _widths(box: Box) -> Array:
    return np.array([high - low for low, high in box])


def _near(here: Array, seen: Array) -> bool:
    """To one of the points; in a variable relative to its largest value."""
    scale = np.maximum(1e-3, np.max(abs(seen), axis=0))
    scale[:2] = 1
    return bool(np.min(np.max(abs(here - seen) / scale, axis=1)) < SAME)


def _between(points: list[HopfApprox], widths: Array) -> list[Array]:
    """Points of the curve so close to each other that what lies on it is near one."""
    marks = [np.array([*(p.parameters / widths), *p.x]) for p in points]
    dense = list(marks)
    for first, second in pairwise(marks):
        dense += [first + (second - first) * t for t in np.linspace(0, 1, 20)[1:-1]]
    return dense


def _follow(field: PlaneApprox, point: HopfApprox, sign: int, box: Box) -> tuple[list[HopfApprox], bool]:
    """By natural continuation in the parameter that moves faster, of the box's widths; whether it came back."""
    widths, step, passed = _widths(box), STEP, [point]
    first, direction = point, sign * point.parameter_slope / np.linalg.norm(point.parameter_slope / widths)
    for count in range(MAX_STEPS):
        slope = point.parameter_slope / widths
        if abs(slope[1 - point.along]) > 1.2 * abs(slope[point.along]):
            other = turned(field, point, 1 - point.along)
            point = point if other is None else other
        way = 1 if point.parameter_slope @ (direction / widths**2) > 0 else -1
        s = point.s + way * step * widths[point.along]
        after = newton(field, point.at(s), s, point.along, point.phi)
        if after is None or _jump(after.parameters, point.parameters, after, point.at(s), widths, step):
            step /= 2
            if step < SMALLEST:
                return passed, False
            continue
        direction = way * after.parameter_slope / np.linalg.norm(after.parameter_slope / widths)
        outside = [i for i in (0, 1) if not box[i][0] < after.parameters[i] < box[i][1]]
        if outside:
            return [*passed, _at_border(field, point, after, box, outside)], False
        passed.append(after)
        gap = (after.parameters - first.parameters) / widths
        if count > 5 and np.max(abs(gap)) < 1.5 * STEP and np.max(abs(after.x - first.x)) < 0.1 * (
            1e-3 + np.max(abs(first.x))
        ) and direction @ first.parameter_slope * sign > 0 and len(passed) > 10:  # fmt: skip
            return passed, True
        point, step = after, min(1.5 * step, STEP)
    return passed, False


def _jump(after: Array, before: Array, point: HopfApprox, predicted: Array, widths: Array, step: float) -> bool:
    """Whether Newton's method went to another point than the next one."""
    far = np.max(abs(after - before) / widths) > 3 * step
    scale = np.max(abs(point.u[1:])) * 0.2 + 1e-9
    return bool(far or np.max(abs(point.u[1:] - predicted[1:])) > scale)


def _at_border(field: PlaneApprox, inside: HopfApprox, outside: HopfApprox, box: Box, which: list[int]) -> HopfApprox:
    """The point where a parameter reaches its border; where that fails, the one outside."""
    for i in which:
        border = box[i][0] if outside.parameters[i] <= box[i][0] else box[i][1]
        from_here = inside if inside.along == i else turned(field, inside, i)
        if from_here is None:
            continue
        found = newton(field, from_here.at(border), border, i, from_here.phi)
        widths = _widths(box)
        if found is not None and np.max(abs(found.parameters - outside.parameters) / widths) < 3 * STEP:
            other = found.parameters[1 - i]
            if box[1 - i][0] <= other <= box[1 - i][1]:
                return found
    return outside


def _hopf_points(field: PlaneApprox, box: Box, start: Array | None) -> Iterator[HopfApprox]:
    """Where a pair crosses the axis on lines through the box, along equilibria that are followed from its centre."""
    centre = np.array([(low + high) / 2 for low, high in box])
    x = _equilibrium(field, np.zeros(field.n) if start is None else start, centre)
    if x is None:
        return
    near = _gauss_newton(field, x, centre, box)
    if near is not None:
        yield near
    for along in (0, 1):
        for t in np.linspace(0.02, 0.98, LINES)[np.argsort(abs(np.linspace(0.02, 0.98, LINES) - 0.5), kind="stable")]:
            middle = centre.copy()
            middle[1 - along] = box[1 - along][0] + t * (box[1 - along][1] - box[1 - along][0])
            y = _moved(field, x, centre, middle)
            if y is None:
                continue
            for end in box[along]:
                yield from _on_line(field, y, middle, along, end)


def _on_line(field: PlaneApprox, x: Array, middle: Array, along: int, end: float) -> Iterator[HopfApprox]:
    """From the middle of a line to its end."""
    last = middle.copy()
    pairs = _pairs(field, x, last)
    for t in np.linspace(0, 1, POINTS)[1:]:
        here = middle.copy()
        here[along] += t * (end - middle[along])
        y = _moved(field, x, last, here)
        if y is None:
            return
        after = _pairs(field, y, here)
        if len(pairs) != len(after) or np.any((pairs.real > 0) != (after.real > 0)):
            k = _crossing(pairs, after)
            if k is not None:
                found = _from_eigenvalue(field, y, here, after[k], 1 - along)
                if found is None:
                    found = _from_eigenvalue(field, y, here, after[k], along)
                near = 3 * abs(end - middle[along]) / POINTS + 1e-9
                if found is not None and np.all(abs(found.parameters - here) < near):
                    yield found
        x, last, pairs = y, here, after


def _pairs(field: PlaneApprox, x: Array, parameters: Array) -> Complex:
    A = field.jacobian(np.array([*x, *parameters]))[:, : field.n]
    values = np.asarray(np.linalg.eigvals(A), dtype=np.complex128)
    return np.sort_complex(values[values.imag > 0])


def _crossing(before: Complex, after: Complex) -> int | None:
    """The pair nearest to the axis, of those that may have crossed."""
    if not len(after) or int(np.sum(before.real > 0)) == int(np.sum(after.real > 0)):
        return None
    return int(np.argmin(abs(after.real)))


def _from_eigenvalue(field: PlaneApprox, x: Array, parameters: Array, value: complex, along: int) -> HopfApprox | None:
    A = field.jacobian(np.array([*x, *parameters]))[:, : field.n]
    values, vectors = np.linalg.eig(A)
    k = int(np.argmin(abs(values - value)))
    return hopf_approx(field, parameters, x, float(values[k].imag), vectors[:, k], along)


def _gauss_newton(field: PlaneApprox, x: Array, parameters: Array, box: Box) -> HopfApprox | None:
    """From an equilibrium to a nearby point of the curve, in the parameter that brings it nearer."""
    pairs = _pairs(field, x, parameters)
    if not len(pairs):
        return None
    value, widths = pairs[int(np.argmin(abs(pairs.real)))], _widths(box)
    tries = [_from_eigenvalue(field, x, parameters, value, along) for along in (0, 1)]
    found = [p for p in tries if p is not None and _inside(p, box)]
    return min(found, key=lambda p: float(np.max(abs(p.parameters - parameters) / widths)), default=None)


def _inside(point: HopfApprox, box: Box) -> bool:
    return all(low <= y <= high for y, (low, high) in zip(point.parameters, box, strict=True))


def _moved(field: PlaneApprox, x: Array, before: Array, after: Array) -> Array | None:
    """The equilibrium followed from one pair of parameters to another."""
    first = field.jacobian(np.array([*x, *before]))
    try:
        guess = x - np.linalg.solve(first[:, : field.n], first[:, field.n :] @ (after - before))
    except np.linalg.LinAlgError:
        guess = x
    return _equilibrium(field, guess, after)


def _equilibrium(field: PlaneApprox, x: Array, parameters: Array) -> Array | None:
    with np.errstate(all="ignore"):
        try:
            for _ in range(60):
                inputs = np.array([*x, *parameters])
                step = np.linalg.solve(field.jacobian(inputs)[:, : field.n], field.value(inputs))
                size = float(np.max(abs(step)))
                if not np.isfinite(size):
                    return None
                x = x - step
                if size <= 1e-12 * (1e-3 + float(np.max(abs(x)))):
                    return x
        except (ArithmeticError, ValueError, np.linalg.LinAlgError):
            return None
    return None
