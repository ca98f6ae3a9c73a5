"""An equilibrium branch f(x, γ) = 0 followed by pseudo-arclength, through folds. Binary64, UNTRUSTED.

The branch is a curve in the scaled coordinates u = (x/x_scale, (γ − γ_a)/(γ_b − γ_a)); s is its arclength there.
Steps adapt to the corrector; each step is then halved until no eigenvalue can have crossed unseen (`tracking`).
On the trivial branch x = 0 the curve is a straight line and no equation is solved.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..approx.field import Array, FieldApprox, jacobian_along
from ..approx.threads import one_blas_thread
from .eigenvalues import ComplexArray, relative_units
from .equilibrium import Origin, find_origin, is_trivial
from .tracking import Piece, SpectrumApprox, assess, spectrum

End = Literal["right", "left", "closed", "blow-up", "stuck", "budget", "no equilibrium"]


@dataclass(frozen=True)
class ContinuationOptions:
    """Lengths are relative: 1 is the interval's length, or the size of x.

    max_points: eigenvalue computations at most, None: by the dimension; max_step: None: by the dimension;
    shortest_jump: a change of orientation over a longer step is taken for a jump to another branch, over a shorter
    one for a branch point.
    """

    max_points: int | None = None
    max_step: float | None = None
    min_step: float = 1e-9
    min_piece: float = 1e-7
    shortest_jump: float = 1e-5
    blow_up: float = 1e4


@dataclass(frozen=True)
class BranchPoint:
    """An equilibrium with its eigenvalues; tangent (dx/ds, dγ/ds); u, t: the same in scaled coordinates."""

    gamma: float
    x: Array
    dx_ds: Array
    dgamma_ds: float
    spectrum: SpectrumApprox
    s: float
    u: Array
    t: Array

    @property
    def eigenvalues(self) -> ComplexArray:
        return self.spectrum.values


@dataclass(frozen=True)
class Branch:
    """points[i] and points[i + 1] are the ends of pieces[i]; end, detail: why it ends there; unlike: how it is not the
    branch that was asked for, or ""."""

    interval: tuple[float, float]
    curve: Curve
    points: tuple[BranchPoint, ...]
    pieces: tuple[Piece, ...]
    end: End
    detail: str
    unlike: str = ""


@dataclass(frozen=True)
class Curve:
    """The equations of the branch in scaled coordinates; x_scale: a unit for each component of x; circle: of a map
    x ↦ x + f(x), whose fixed points these are (`tracking.side`)."""

    field: FieldApprox
    origin: float
    length: float
    x_scale: Array
    trivial: bool
    circle: bool = False

    def split(self, u: Array) -> tuple[Array, float]:
        return u[:-1] * self.x_scale, self.origin + float(u[-1]) * self.length

    def join(self, x: Array, gamma: float) -> Array:
        return np.append(x / self.x_scale, (gamma - self.origin) / self.length)

    def in_units(self, J: Array) -> Array:
        """A matrix that acts on x, in the units of x; itself where they are the same."""
        same = bool(np.all(self.x_scale == self.x_scale[0]))
        return J if same else J * self.x_scale[None, :] / self.x_scale[:, None]

    def derivative(self, u: Array) -> Array:
        x, gamma = self.split(u)
        J, f_gamma = self.field.jacobian(x, gamma), self.field.f_gamma(x, gamma)
        return np.column_stack([J * self.x_scale, f_gamma * self.length])

    def correct(self, guess: Array, row: Array) -> tuple[Array, int] | None:
        """The point of the curve with rowᵀ(u − guess) = 0 near ``guess`` by Newton's method; iterations."""
        if self.trivial:
            return guess, 1
        u, before = guess.copy(), math.inf
        for iteration in range(1, 11):
            matrix = np.vstack([self.derivative(u), row])
            residual = np.append(self.field.f(*self.split(u)), row @ (u - guess))
            try:
                step = np.linalg.solve(matrix, residual)
            except np.linalg.LinAlgError:
                return None
            u = u - step
            size, unit = float(np.linalg.norm(step)), 1 + float(np.linalg.norm(u))
            if size <= 1e-13 * unit or (size <= 1e-10 * unit and size > 0.1 * before):
                return u, iteration
            if not math.isfinite(size) or (iteration > 2 and size > before):
                return None
            before = size
        return None

    def tangent(self, u: Array, towards: Array) -> Array:
        if self.trivial:
            return np.append(np.zeros(len(u) - 1), 1.0)
        matrix, right = np.vstack([self.derivative(u), towards]), np.append(np.zeros(len(u) - 1), 1.0)
        try:
            t = np.linalg.solve(matrix, right)
        except np.linalg.LinAlgError:
            t = np.linalg.lstsq(matrix, right, rcond=None)[0]
        norm = float(np.linalg.norm(t))
        return t / norm if math.isfinite(norm) and norm > 0 else towards

    def orientation(self, u: Array, t: Array) -> float:
        """The sign of det [DF; tᵀ]: it changes at branch points only, so a change shows a jump to another curve."""
        if self.trivial:
            return 1.0
        return float(np.linalg.slogdet(np.vstack([self.derivative(u), t]))[0])

    def point(self, u: Array, t: Array, s: float = 0.0) -> BranchPoint:
        x, gamma = self.split(u)
        dx, dgamma = t[:-1] * self.x_scale, float(t[-1]) * self.length
        dJ = jacobian_along(self.field, x, gamma, dx, dgamma)
        J = self.in_units(self.field.jacobian(x, gamma))
        return BranchPoint(gamma, x, dx, dgamma, spectrum(J, self.in_units(dJ), self.circle), s, u, t)

    def midpoint(self, left: BranchPoint, right: BranchPoint) -> BranchPoint | None:
        """The point in the middle of a piece, None where the corrector fails."""
        chord = right.u - left.u
        length = float(np.linalg.norm(chord))
        guess = 0.5 * (left.u + right.u) + 0.125 * length * (left.t - right.t)
        corrected = self.correct(guess, chord / length) if length else None
        if corrected is None or np.linalg.norm(corrected[0] - guess) > 0.25 * length:
            return None
        t = self.tangent(corrected[0], chord / length)
        return self.point(corrected[0], t) if t @ chord > 0.8 * length else None


def follow_branch(
    field: FieldApprox,
    interval: tuple[float, float],
    start: Array | None = None,
    *,
    options: ContinuationOptions | None = None,
    trivial: bool | None = None,
    box: Array | None = None,
    circle: bool = False,
    origin: Origin | None = None,
) -> Branch:
    """The branch that begins at the interval's left end, at the equilibrium that ``start`` or ``box`` (n × 2) ask for,
    until it leaves the interval.

    trivial: follow x = 0; None: if it is an equilibrium for every γ and neither ``start`` nor ``box`` says otherwise;
    circle: of a map x ↦ x + f(x); origin: where it begins, if that is known already.
    """
    with one_blas_thread(), np.errstate(all="ignore"):
        a, b = float(interval[0]), float(interval[1])
        forced = bool(trivial)
        if trivial is None:
            away = start is not None and np.any(start)
            outside = box is not None and not np.all((box[:, 0] <= 0) & (box[:, 1] >= 0))
            trivial = not away and not outside and is_trivial(field, interval)
        origin = origin or find_origin(field, a, None if forced else start, box, trivial)
        if origin.x is None:
            nothing = Curve(field, a, b - a, np.ones(field.n), False, circle)
            return Branch((a, b), nothing, (), (), "no equilibrium", origin.reason)
        x = origin.x
        curve = Curve(field, a, b - a, _units(x), trivial, circle)
        return dataclasses.replace(_Walk(curve, options or ContinuationOptions(), (a, b)).run(x), unlike=origin.reason)


def _units(x: Array) -> Array:
    """Of the components of x; √n times as large, so that steps do not depend on n."""
    root = math.sqrt(len(x))
    return root * max(1.0, float(np.linalg.norm(x)) / root) * relative_units(x)


class _Walk:
    def __init__(self, curve: Curve, options: ContinuationOptions, interval: tuple[float, float]) -> None:
        n = curve.field.n
        self.curve, self.options, self.interval = curve, options, interval
        self.budget = options.max_points or min(4000, max(400, 80000 // n))
        self.max_step = options.max_step or 1 / min(100, max(20, 1000 // n))
        self.points: list[BranchPoint] = []
        self.pieces: list[Piece] = []

    def run(self, x: Array) -> Branch:
        end, detail = self._run(x)
        return Branch(self.interval, self.curve, tuple(self.points), tuple(self.pieces), end, detail)

    def _run(self, x: Array) -> tuple[End, str]:
        curve, options = self.curve, self.options
        large = options.blow_up * math.sqrt(len(x)) * max(1.0, float(np.linalg.norm(x)) / math.sqrt(len(x)))
        u = curve.join(x, self.interval[0])
        upwards = np.append(np.zeros(len(x)), 1.0)
        t = curve.tangent(u, upwards)
        try:
            self.points.append(curve.point(u, t))
            h = self.max_step / 4
            while self.budget > 0:
                here = self.points[-1]
                limit = self.max_step * (1 + float(np.linalg.norm(here.u[:-1])))
                h = min(h, limit)
                if h < options.min_step:
                    return "stuck", f"the corrector fails near parameter {here.gamma:.17g}"
                step = self._step(here, h)
                if step is None:
                    h /= 2
                    continue
                new, iterations, end = step
                self._subdivide(new)
                if end is not None:
                    return end, f"the branch leaves the interval on the {end}"
                here = self.points[-1]
                if np.linalg.norm(here.x) > large:
                    return "blow-up", f"the equilibrium grows beyond all bounds near parameter {here.gamma:.17g}"
                first = self.points[0]
                if len(self.points) > 10 and np.linalg.norm(here.u - first.u) < h and here.t @ first.t > 0.9:
                    return "closed", "the branch returns to where it began"
                if iterations <= 4:
                    h *= 1.5
        except np.linalg.LinAlgError:
            return "stuck", "the eigenvalue computation fails"
        return "budget", f"too many steps; reached parameter {self.points[-1].gamma:.17g}"

    def _step(self, here: BranchPoint, h: float) -> tuple[BranchPoint, int, End | None] | None:
        """One step of length h, shortened to land on the end of the interval; None: h is too long."""
        curve = self.curve
        guess = here.u + h * here.t
        end: End | None = None
        corrected = curve.correct(guess, here.t)
        if corrected is None or np.linalg.norm(corrected[0] - guess) > 0.25 * h:
            return None
        level = float(corrected[0][-1])
        if level >= 1 or level < 0 or (level == 0 and here.s > 0):
            end, border = ("right", 1.0) if level >= 1 else ("left", 0.0)
            fraction = (border - float(here.u[-1])) / (level - float(here.u[-1]))
            guess = here.u + fraction * (corrected[0] - here.u)
            guess[-1] = border
            corrected = curve.correct(guess, np.append(np.zeros(len(guess) - 1), 1.0))
            if corrected is None or np.linalg.norm(corrected[0] - guess) > 0.25 * h:
                return None
        chord = corrected[0] - here.u
        t = curve.tangent(corrected[0], chord / max(float(np.linalg.norm(chord)), 1e-300))
        if t @ here.t < 0.9:
            return None
        if h > self.options.shortest_jump and curve.orientation(corrected[0], t) != curve.orientation(here.u, here.t):
            return None
        return curve.point(corrected[0], t), corrected[1], end

    def _subdivide(self, new: BranchPoint) -> None:
        """Append ``new`` and as many points before it as the eigenvalues ask for."""
        stack = [new]
        self.budget -= 1
        while stack:
            left, right = self.points[-1], stack[-1]
            length = float(np.linalg.norm(right.u - left.u))
            piece = assess(left.spectrum, right.spectrum, length)
            shortest = self.options.min_piece * (1 + float(np.linalg.norm(left.u[:-1])))
            if np.any(piece.unresolved) and length > shortest and self.budget > 0:
                middle = self.curve.midpoint(left, right)
                if middle is not None:
                    stack.append(middle)
                    self.budget -= 1
                    continue
            self.pieces.append(piece)
            self.points.append(dataclasses.replace(stack.pop(), s=left.s + length))
