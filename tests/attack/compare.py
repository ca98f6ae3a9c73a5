"""An independent computation for random problems: the field from the spec's own text, Hopf points with mpmath to more than
50 digits, and a search along the branch in binary64. Nothing here uses the prover or a checker.
"""

from __future__ import annotations

import cmath
import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import CodeType
from typing import Any

import independent
import mpmath as mp
import numpy as np
from independent import HopfData

DIGITS = 220  # of the computation; derivatives with steps of 1e-25 and 1e-60 keep more than 80 of them
RUNAWAY = 10**6  # times the size of the start: elementary functions of much more take minutes
Json = dict[str, Any]

ACTIVATIONS = {
    "tanh": "tanh(z)", "sin": "sin(z)", "arctan": "atan(z)", "erf": "erf(z)", "silu": "z/(1 + exp(-z))",
    "gelu": "z*(1 + erf(z/sqrt(2)))/2", "identity": "z", "logistic": "1/(1 + exp(-z))", "softplus": "log(1 + exp(z))",
}  # fmt: skip

# --- expressions, in mpmath or with complex steps of binary64 ---

_NUMBER = re.compile(r"(?<![A-Za-z0-9_.])(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)")
STEP = 1e-30


@lru_cache(maxsize=100_000)
def _literal(text: str, precision: int) -> mp.mpf:
    return mp.mpf(text)


def _exprel(u: mp.mpc) -> mp.mpc:
    return mp.expm1(u) / u if u != 0 else mp.mpf(1)


MP: dict[str, Any] = {name: getattr(mp, name) for name in ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "sqrt", "erf")}
MP |= {"exprel": _exprel, "N": lambda text: _literal(text, mp.mp.prec), "__builtins__": {}}


def _step(f: Callable[[float], float], derivative: Callable[[float], float]) -> Callable[[complex], complex]:
    return lambda z: complex(f(z.real), z.imag * derivative(z.real)) if isinstance(z, complex) else f(z)


def _real_exprel(u: float) -> float:
    return math.expm1(u) / u if u else 1.0


def _exprel_slope(u: float) -> float:
    if abs(u) < 0.3:
        return sum(u**k / math.factorial(k) / (k + 2) for k in range(16))
    return (math.exp(u) - _real_exprel(u)) / u


FLOAT: dict[str, Any] = {name: getattr(cmath, name) for name in ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "sqrt")}
FLOAT |= {"erf": _step(math.erf, lambda u: 2 / math.sqrt(math.pi) * math.exp(-u * u)), "exprel": _step(_real_exprel, _exprel_slope),
          "N": float, "__builtins__": {}}  # fmt: skip


@lru_cache(maxsize=10_000)
def compiled(text: str, exact: bool) -> CodeType:
    if exact:
        text = _NUMBER.sub(lambda found: f"N('{found[0]}')", text)
    return compile(text, "<expression>", "eval")


class SpecField:
    """f(x, γ) of a spec (its TOML tables): `value` with mpmath, `fast` in binary64 with its Jacobian by complex steps.

    shifts: array name ("W1", "b2", "R1", …) → list of additions to its entries, for other networks in a box of weights.
    """

    def __init__(self, spec: Json, shifts: dict[str, Any] | None = None) -> None:
        self.spec, self.network = spec, spec["network"]
        self.equations = self.network["family"] == "equations"
        self.shifts = shifts or {}
        if self.equations:
            self.n = len(self.network["variables"])
            self.parameter = spec["parameter"].get("name", "gamma")
        else:
            self.layers = list(self._layers())
            first = self.layers[0]
            self.n = len(first[1][0])
        self._prepared: dict[int, Any] = {}

    # networks: (activation text, W⁰, E, b) of texts and fractions

    def _moved(self, name: str, rows: Any) -> Any:
        shift = self.shifts.get(name)
        if shift is None:
            return [[Fraction(x) for x in row] for row in rows]
        return [[Fraction(x) + d for x, d in zip(row, more, strict=True)] for row, more in zip(rows, shift, strict=True)]

    def _layers(self) -> Iterator[tuple[str, Any, Any, Any]]:
        if self.network["family"] == "asymmetric-rnn":
            R1, R2 = self._moved("R1", self.network["R1"]), self._moved("R2", self.network["R2"])
            n = len(R1)
            W = [[R1[i][j] - R1[j][i] + R2[i][j] for j in range(n)] for i in range(n)]
            E = [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]
            b = self._moved("bias", [self.network.get("bias", ["0"] * n)])[0]
            yield self._activation(self.network), W, E, b
            return
        for k, layer in enumerate(self.network["layer"], start=1):
            W = self._moved(f"W{k}", layer["weights"])
            rows, columns = len(W), len(W[0])
            enters = layer.get("enters", "identity")
            E = [[Fraction(0)] * columns for _ in range(rows)]
            if enters == "identity":
                E = [[Fraction(int(i == j)) for j in range(columns)] for i in range(rows)]
            elif isinstance(enters, dict) and "matrix" in enters:
                E = [[Fraction(x) for x in row] for row in enters["matrix"]]
            elif isinstance(enters, dict):
                E[enters["row"] - 1][enters["column"] - 1] = Fraction(1)
            b = self._moved(f"b{k}", [layer["bias"]])[0] if "bias" in layer else [Fraction(0)] * rows
            yield self._activation(layer), W, E, b

    @staticmethod
    def _activation(table: Json) -> str:
        name = table.get("activation", "tanh")
        return ACTIVATIONS.get(name, name)

    def leak(self) -> list[mp.mpf]:
        leak = self.network.get("leak", "0")
        return [mp.mpf(x) for x in (leak if isinstance(leak, list) else [leak] * self.n)]

    def _numbers(self, convert: Callable[[Fraction], Any], key: int) -> Any:
        if key not in self._prepared:
            self._prepared[key] = [
                (s, [[convert(x) for x in r] for r in W], [[convert(x) for x in r] for r in E], [convert(x) for x in b])
                for s, W, E, b in self.layers
            ]
        return self._prepared[key]

    def _through(self, x: Sequence[Any], gamma: Any, exact: bool, last: bool = True) -> list[Any]:
        """All layers (without the last activation where ``last`` is false)."""
        if exact:
            layers = self._numbers(lambda v: mp.mpf(v.numerator) / v.denominator, mp.mp.prec)
        else:
            layers = self._numbers(float, 0)
        space = MP if exact else FLOAT
        h = list(x)
        for number, (sigma, W, E, b) in enumerate(layers, start=1):
            z = [sum((w + gamma * e) * y for w, e, y in zip(row, more, h, strict=True)) + c for row, more, c in zip(W, E, b, strict=True)]
            code = compiled(sigma, exact)
            h = z if number == len(layers) and not last else [eval(code, space, {"z": v}) for v in z]
        return h

    def last_argument(self, x: Sequence[mp.mpf], gamma: mp.mpf) -> list[mp.mpf]:
        return self._through(x, gamma, True, last=False)

    def _evaluate(self, x: Sequence[Any], gamma: Any, exact: bool) -> list[Any]:
        if not self.equations:
            h = self._through(x, gamma, exact)
            leak = self.leak() if exact else [float(d) for d in self._float_leak()]
            return [v - d * y for v, d, y in zip(h, leak, x, strict=True)]
        space = MP if exact else FLOAT
        names: dict[str, Any] = {}
        for name, text in self.network.get("constants", {}).items():
            names[name] = eval(compiled(text, exact), space, names)
        names |= dict(zip(self.network["variables"], x, strict=True))
        names[self.parameter] = gamma
        for name, text in self.network.get("definitions", {}).items():
            names[name] = eval(compiled(text, exact), space, names)
        return [eval(compiled(text, exact), space, names) for text in self.network["equations"]]

    def _float_leak(self) -> list[float]:
        leak = self.network.get("leak", "0")
        return [float(x) for x in (leak if isinstance(leak, list) else [leak] * self.n)]

    def value(self, x: Sequence[mp.mpc], gamma: mp.mpf) -> list[mp.mpc]:
        return self._evaluate(x, gamma, True)

    def fast(self, x: np.ndarray, gamma: float) -> tuple[np.ndarray, np.ndarray]:
        """f and D_x f; raises ArithmeticError or ValueError outside the domain."""
        n = self.n
        columns = []
        for j in range(n):
            at = [complex(v, STEP if i == j else 0.0) for i, v in enumerate(x)]
            columns.append([complex(v) for v in self._evaluate(at, complex(gamma), False)])
        table = np.array(columns)
        return table[0].real, (table.imag / STEP).T


# --- Hopf points to 50 digits and more ---


@dataclass(frozen=True)
class Point:
    """What is true of the Hopf point near a claimed one. digits: to which ℓ1 was computed (two step sizes agree)."""

    data: HopfData
    x: list[mp.mpf]
    speed: mp.mpf
    gap: mp.mpf | None  # least |Re λ| of the other eigenvalues
    terms: list[mp.mpf]  # real parts of the three terms of G21 for q^H q = p^H q = 1
    q: list[mp.mpc]
    eigenvalues: list[mp.mpc]
    digits: float


class Lost(ArithmeticError):
    """The independent computation found no Hopf point."""


def jacobian(field: SpecField, x: Sequence[mp.mpf], gamma: mp.mpf) -> mp.matrix:
    """D_x f by Cauchy sums of 4 nodes with a step of 1e-60 of each variable's size."""
    n = field.n
    A = mp.matrix(n, n)
    for j in range(n):
        step = mp.mpf(10) ** -60 * max(abs(x[j]), mp.mpf("1e-12"))
        total = [mp.mpc(0)] * n
        for w in (1, 1j, -1, -1j):
            moved = [v + (w * step if i == j else 0) for i, v in enumerate(x)]
            total = [t + v / w for t, v in zip(total, field.value(moved, gamma), strict=True)]
        for i in range(n):
            A[i, j] = mp.re(total[i]) / (4 * step)
    return A


def equilibrium(field: SpecField, gamma: mp.mpf, start: Sequence[Any]) -> tuple[list[mp.mpf], mp.matrix]:
    """Newton's method; the Jacobian at the end too."""
    x = [mp.mpf(v) for v in start]
    far = RUNAWAY * (1 + max(map(abs, x)))
    for _ in range(60):
        A = jacobian(field, x, gamma)
        step = mp.lu_solve(A, mp.matrix([mp.re(v) for v in field.value(x, gamma)]))
        x = [a - b for a, b in zip(x, step, strict=True)]
        if max(map(abs, x)) > far:
            raise Lost("Newton's method runs away")
        if all(abs(s) <= mp.mpf(10) ** -100 * max(abs(v), mp.mpf("1e-12")) for s, v in zip(step, x, strict=True)):
            return x, jacobian(field, x, gamma)
    raise Lost("no equilibrium")


def eigenpair(A: mp.matrix, value: mp.mpc, vector: Sequence[mp.mpc]) -> tuple[mp.mpc, list[mp.mpc]]:
    """Newton's method for (A − λ)q = 0, cᴴq = 1."""
    n = A.rows
    q, c = list(vector), [mp.conj(v) for v in vector]
    scale = mp.fsum(a * b for a, b in zip(c, q, strict=True))
    q = [v / scale for v in q]
    for _ in range(40):
        M = mp.matrix(n + 1, n + 1)
        for i in range(n):
            for j in range(n):
                M[i, j] = A[i, j] - (value if i == j else 0)
            M[i, n], M[n, i] = -q[i], c[i]
        rest = [mp.fsum(A[i, j] * q[j] for j in range(n)) - value * q[i] for i in range(n)] + [mp.mpc(0)]
        step = mp.lu_solve(M, -mp.matrix(rest))
        q = [v + step[i] for i, v in enumerate(q)]
        value += step[n]
        if mp.norm(step) < mp.mpf(10) ** -150 * max(abs(value), 1):
            return value, q
    raise Lost("no eigenpair")


def float_pair(A: mp.matrix, near: mp.mpc) -> tuple[mp.mpc, list[mp.mpc]]:
    """The eigenpair nearest to ``near``, to a few digits more than binary64 has."""
    with mp.workdps(40):
        values, vectors = mp.eig(A)
        k = min(range(A.rows), key=lambda j: abs(values[j] - near))
        return values[k], [vectors[i, k] for i in range(A.rows)]


def hopf_near(field: SpecField, gamma: mp.mpf, x: Sequence[Any], omega: mp.mpf) -> Point:
    """The Hopf point to which Newton's method for Re λ(γ) = 0 along the branch leads from here."""
    with mp.workdps(DIGITS):
        h = mp.mpf(10) ** -60
        g = mp.mpf(gamma)
        y, A = equilibrium(field, g, x)
        value, q = eigenpair(A, *float_pair(A, 1j * mp.mpf(omega)))

        def along(at: mp.mpf, y: Sequence[mp.mpf], value: mp.mpc, q: list[mp.mpc]) -> Any:
            y, A = equilibrium(field, at, y)
            return y, A, *eigenpair(A, value, q)

        for _ in range(30):
            other = along(g + h, y, value, q)[2]
            slope = (mp.re(other) - mp.re(value)) / h
            if slope == 0:
                raise Lost("no slope")
            step = -mp.re(value) / slope
            g += step
            if abs(g) > RUNAWAY * (1 + abs(gamma)):
                raise Lost("the parameter runs away")
            y, A, value, q = along(g, y, value, q)
            if abs(mp.re(value)) < mp.mpf(10) ** -105 * abs(value):
                break
        else:
            raise Lost("Re λ = 0 not reached")
        if mp.im(value) <= 0:
            raise Lost("another eigenvalue")
        speed = mp.re(along(g + h, y, value, q)[2] - along(g - h, y, value, q)[2]) / (2 * h)

        def f(u: Sequence[mp.mpc]) -> list[mp.mpc]:
            return field.value(u, g)

        results = [independent.hopf_terms(f, y, A, g, radius=mp.mpf(10) ** -k, nodes=8) for k in (25, 28)]
        (data, terms, unit), (again, _, _) = results
        error = abs(data.ell1 - again.ell1)
        digits = float(-mp.log10(error / max(abs(data.ell1), mp.mpf(10) ** -60))) if error else 150.0
        eigenvalues = list(mp.eig(A)[0])
        others = [v for v in eigenvalues if abs(v - value) > abs(value) * mp.mpf(10) ** -60 and abs(v - mp.conj(value)) > abs(value) * mp.mpf(10) ** -60]
        gap = min((abs(mp.re(v)) for v in others), default=None)
        return Point(data, y, speed, gap, terms, unit, eigenvalues, digits)


# --- claims against it ---


def ends(pair: Sequence[str]) -> tuple[mp.mpf, mp.mpf]:
    low, high = (Fraction(text) for text in pair)
    return mp.mpf(low.numerator) / low.denominator, mp.mpf(high.numerator) / high.denominator


def middle(pair: Sequence[str]) -> mp.mpf:
    low, high = ends(pair)
    return (low + high) / 2


def holds(pair: Sequence[str], value: mp.mpf) -> bool:
    """Whether an enclosure has the value; an error of 1e-60 of the computation is not held against it."""
    low, high = ends(pair)
    slack = mp.mpf(10) ** -60 * max(abs(value), mp.mpf(10) ** -30)
    return bool(low - slack <= value <= high + slack)


def limbs(bundle: Path, references: Sequence[Json]) -> list[list[mp.mpf]]:
    total: Any = 0
    for reference in references:
        total = total + np.vectorize(mp.mpf, otypes=[object])(np.load(bundle / reference["file"]))
    return [list(row) for row in np.atleast_2d(total)]


def point_differences(certificate: Json, truth: Point, bundle: Path | None = None) -> Iterator[str]:
    """Every claim, and every bound that means something without its witness, that is not true of the point."""
    claims, bounds, data = certificate["claims"], certificate["bounds"], truth.data
    values = {"parameter": data.gamma, "omega": data.omega, "first_lyapunov_coefficient": data.ell1, "crossing_speed": truth.speed}
    for key, value in values.items():
        if not holds(claims[key], value):
            yield f"{key} {claims[key]} has not {mp.nstr(value, 30)}"
    for i, (pair, value) in enumerate(zip(claims["equilibrium"], truth.x, strict=True)):
        if not holds(pair, value):
            yield f"equilibrium[{i}] {pair} has not {mp.nstr(value, 30)}"
    n = len(truth.x)
    if (claims["unstable_eigenvalues"], claims["stable_eigenvalues"]) != (data.unstable, n - 2 - data.unstable):
        yield f"n_u, n_s = {claims['unstable_eigenvalues']}, {claims['stable_eigenvalues']}, but {data.unstable} of {n - 2} are unstable"
    if claims["criticality"] != ("supercritical" if data.ell1 < 0 else "subcritical"):
        yield f"{claims['criticality']}, but l1 = {mp.nstr(data.ell1, 20)}"
    gap = claims["spectral_gap"]
    if (gap is None) != (truth.gap is None) or (gap is not None and mp.mpf(gap) > truth.gap * (1 + mp.mpf(10) ** -50)):
        yield f"spectral_gap {gap}, but {truth.gap}"
    if claims.get("window") and not (ends(claims["window"])[0] <= data.gamma <= ends(claims["window"])[1]):
        yield "window without the point"
    if bounds.get("window_slope") and not holds(bounds["window_slope"], truth.speed):
        yield f"window_slope {bounds['window_slope']} has not {mp.nstr(truth.speed, 20)}"
    if bundle is not None:
        yield from witness_differences(certificate, truth, bundle)


def witness_differences(certificate: Json, truth: Point, bundle: Path) -> Iterator[str]:
    """Bounds that depend on the witness: the norm of q as X scales it, the three terms, the disc, r_min."""
    witness, bounds = certificate["witness"], certificate["bounds"]
    with mp.workdps(DIGITS):
        d, k = limbs(bundle, witness["d"]), witness["pair"]
        norm = norm_in_witness(certificate, truth, bundle)
        if not holds(bounds["q_norm_squared"], norm):
            yield f"q_norm_squared {bounds['q_norm_squared']} has not {mp.nstr(norm, 20)}"
        for j, pair in enumerate(bounds.get("terms", [])):
            if not holds(pair, truth.terms[j] * norm):
                yield f"terms[{j}] {pair} has not {mp.nstr(truth.terms[j] * norm, 20)}"
        if certificate["method"] != "zero-branch":
            distance = abs(mp.mpc(0, truth.data.omega) - mp.mpc(d[k][0], d[k][1]))
            if mp.mpf(bounds["disc_radius"]) < distance * (1 - mp.mpf(10) ** -50):
                yield f"disc_radius {bounds['disc_radius']}, but the eigenvalue is {mp.nstr(distance, 10)} away"
        if certificate["method"] == "newton-kantorovich":
            distance = error_of_witness(certificate, truth, bundle)
            if mp.mpf(bounds["r_min"]) < distance * (1 - mp.mpf(10) ** -50):
                yield f"r_min {bounds['r_min']}, but the zero is {mp.nstr(distance, 10)} away"


def error_of_witness(certificate: Json, truth: Point, bundle: Path) -> mp.mpf:
    """How far a Newton-Kantorovich witness is from the zero in gamma, omega and x."""
    witness = certificate["witness"]
    with mp.workdps(DIGITS):
        x = limbs(bundle, witness["x"])[0] if witness["x"] is not None else [mp.mpf(0)] * len(truth.x)
        error = abs(dyadic(witness["gamma"]) - truth.data.gamma), abs(dyadic(witness["omega"]) - truth.data.omega)
        return max(*error, *(abs(a - b) for a, b in zip(x, truth.x, strict=True)))


def norm_in_witness(certificate: Json, truth: Point, bundle: Path) -> mp.mpf:
    """q^H q of the eigenvector q = XPu with u_k = 1."""
    witness = certificate["witness"]
    X = limbs(bundle, witness["X"])
    n, k, m = len(X), witness["pair"], witness["pairs"]
    XP = mp.matrix(n, n)
    for i in range(n):
        for a in range(m):
            XP[i, 2 * a], XP[i, 2 * a + 1] = mp.mpc(X[i][2 * a], X[i][2 * a + 1]), mp.mpc(X[i][2 * a], -X[i][2 * a + 1])
        for j in range(2 * m, n):
            XP[i, j] = X[i][j]
    u = mp.lu_solve(XP, mp.matrix(truth.q))
    return 1 / max(abs(u[2 * k]), abs(u[2 * k + 1])) ** 2  # the conjugate pair where σ'(0) < 0


def dyadic(value: Any) -> mp.mpf:
    """A number of the format: a decimal or [m, e]."""
    return mp.mpf(value) if isinstance(value, str) else mp.ldexp(mp.mpf(value[0]), value[1])


# --- the branch in binary64 ---


@dataclass(frozen=True)
class Sample:
    gamma: float
    x: np.ndarray
    unstable: int
    near: float  # least |Re λ| / largest |λ|
    complex_near: bool  # whether the eigenvalue nearest to the axis has an imaginary part


def settle(field: SpecField, gamma: float, x: np.ndarray, tries: int = 12) -> np.ndarray | None:
    """Newton's method in binary64; None where it does not settle near the start."""
    try:
        for _ in range(tries):
            f, A = field.fast(x, gamma)
            step = np.linalg.solve(A, f)
            x = x - step
            if not np.all(np.isfinite(x)):
                return None
            if np.all(np.abs(step) <= 1e-10 * np.abs(x) + 1e-12 * np.max(np.abs(x)) + 1e-15):
                return x
    except (ArithmeticError, ValueError, np.linalg.LinAlgError):
        pass
    return None


def sample(field: SpecField, gamma: float, x: np.ndarray) -> Sample:
    values = np.linalg.eigvals(field.fast(x, gamma)[1])
    k = int(np.argmin(np.abs(values.real)))
    size = float(np.max(np.abs(values))) or 1.0
    return Sample(gamma, x, int(np.sum(values.real > 0)), float(abs(values[k].real)) / size, abs(values[k].imag) > 1e-9 * size)


def grid(low: float, high: float, around: Sequence[float], count: int) -> list[float]:
    """Even points, and points that come close to the given ones."""
    found = {low, high, *(low + (high - low) * k / count for k in range(1, count))}
    for centre in around:
        for k in range(1, 40):
            found |= {centre + s * (high - low) * 0.5**k for s in (-1, 1)}
    return sorted(g for g in found if low <= g <= high)


def trace(field: SpecField, points: Sequence[float], start: np.ndarray, most: int = 20_000) -> list[Sample]:
    """The branch from the left through the given γ (and more of them where it bends), as far as Newton's method follows.

    most: steps that are tried in all.
    """
    x = settle(field, points[0], start, 60)
    if x is None:
        return []
    found = [sample(field, points[0], x)]
    slope: np.ndarray | None = None
    for target in points[1:]:
        stack = [target]
        while stack:
            most -= 1
            if most < 0:
                return found
            last, goal = found[-1], stack[-1]
            guess = last.x if slope is None else last.x + slope * (goal - last.gamma)
            x = settle(field, goal, guess)
            moved = None if x is None else np.max(np.abs(x - guess) / (np.abs(guess) + 1e-3 * np.max(np.abs(guess)) + 1e-9))
            if x is None or (moved is not None and moved > 0.02):
                if len(stack) > 25 or goal - last.gamma < 1e-13 * max(abs(goal), 1e-3):
                    return found
                stack.append((last.gamma + goal) / 2)
                continue
            slope = (x - last.x) / (goal - last.gamma)
            found.append(sample(field, goal, x))
            stack.pop()
    return found


def bracketed(samples: Sequence[Sample], tolerance: float = 1e-9) -> Iterator[tuple[Sample, Sample]]:
    """Neighbours, both clearly off the axis, between which the number of unstable eigenvalues changes."""
    clear = [s for s in samples if s.near > tolerance]
    for a, b in pairwise(clear):
        if a.unstable != b.unstable:
            yield a, b


def hopf_between(field: SpecField, a: Sample, b: Sample) -> Point | None:
    """The Hopf point of a bracket, by bisection and then to many digits."""
    low, high = a, b
    for _ in range(200):
        g = (low.gamma + high.gamma) / 2
        if not low.gamma < g < high.gamma:
            break
        t = (g - low.gamma) / (high.gamma - low.gamma)
        x = settle(field, g, low.x + t * (high.x - low.x))
        if x is None:
            break
        s = sample(field, g, x)
        if s.near < 1e-10:
            low = s
            break
        low, high = (s, high) if s.unstable == low.unstable else (low, s)
    try:
        values = np.linalg.eigvals(field.fast(low.x, low.gamma)[1])
        omega = max((v for v in values if v.imag > 0), key=lambda v: -abs(v.real)).imag
        return hopf_near(field, mp.mpf(low.gamma), list(low.x), mp.mpf(omega))
    except (ArithmeticError, ValueError):
        return None


def missed_points(field: SpecField, branch: Json, samples: Sequence[Sample]) -> Iterator[str]:
    """Hopf points of the traced branch that a branch.json, complete or not, has left out."""
    claims = branch["claims"]
    places = [p["parameter"] for p in claims["points"]] + claims["real_crossings"] + [u["interval"] for u in claims["unsettled"]]
    for a, b in bracketed(samples):
        inside = [pair for pair in places if Fraction(pair[0]) <= Fraction(b.gamma) and Fraction(pair[1]) >= Fraction(a.gamma)]
        if inside:
            continue
        point = hopf_between(field, a, b)
        where = f"n_u goes from {a.unstable} to {b.unstable} between {a.gamma!r} and {b.gamma!r}"
        yield where + ("" if point is None else f": a Hopf point at {mp.nstr(point.data.gamma, 25)}") + " that is not listed"


def predictors(witness: Json, bundle: Path) -> Iterator[list[Any]]:
    """Coefficients around its centre of the curve that a tube is around, for each piece (none where x = 0 is the branch)."""

    def rows(key: str) -> Any:
        return None if witness.get(key) is None else np.load(bundle / witness[key]["file"])

    x, slope, curve, places = rows("x"), rows("slope"), rows("curve"), [0, 0]
    for piece in witness["pieces"]:
        form = piece.get("margin") is not None
        k = places[form]
        places[form] += 1
        if form:
            yield [] if curve is None else list(curve[4 * k : 4 * k + 4])
        else:
            yield [] if x is None else [x[k], slope[k]]


def piece_differences(field: SpecField, branch: Json, bundle: Path) -> Iterator[str]:
    """Pieces against samples of the branch in their own tubes: clear ones meet no axis, those of a point once."""
    witness = branch["witness"]
    if branch["method"] not in ("pieces", "lyapunov-pieces") or witness is None:
        return
    trivial = witness["curve" if "curve" in witness else "x"] is None
    for k, (piece, predictor) in enumerate(zip(witness["pieces"], predictors(witness, bundle), strict=True)):
        low, high = (float(Fraction(end)) for end in piece["interval"])
        centre, form = float(dyadic(piece["centre"])), piece.get("margin") is not None
        samples = []
        for t in (0.001, 0.13, 0.27, 0.41, 0.5, 0.62, 0.77, 0.88, 0.999):
            g = low + (high - low) * t
            guess = np.zeros(field.n) if trivial else sum((g - centre) ** j * c for j, c in enumerate(predictor))
            at = guess if trivial else settle(field, g, guess)
            if at is None or (form and not trivial and np.linalg.norm(at - guess) > float(dyadic(piece["radius"])) + 1e-13):
                yield f"piece {k} {piece['interval']}: no equilibrium in its tube at {g!r}"
                break
            samples.append(sample(field, g, at))
        unstable = branch["claims"].get("unstable_eigenvalues")
        if k == 0 and unstable is not None and any(s.unstable != unstable for s in samples):
            yield f"{unstable} unstable eigenvalues are claimed, but n_u is {[s.unstable for s in samples]}"
        changes = list(bracketed(samples))
        allowed = 0 if piece["kind"] == "clear" else 1
        steps = [abs(b.unstable - a.unstable) for a, b in changes]
        if len(changes) > allowed or any(step != (2 if piece["kind"] == "hopf" else 1) for step in steps):
            yield f"piece {k} {piece['interval']} is called {piece['kind']}, but n_u is {[s.unstable for s in samples]}"


def read(path: Path) -> Json:
    return json.loads(path.read_text())
