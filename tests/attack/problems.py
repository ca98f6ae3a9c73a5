"""Random problems of little-tested kinds, as specs: fields grown from normal forms, and networks with random weights.

A problem is a function of (kind, index, seed) alone: `python tests/attack/problems.py KIND INDEX [SEED]` prints its spec.
Fields of the normal-form kinds have a Hopf point at a known γ*, in the plane with ℓ1 in closed form.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np

Spec = dict[str, Any]
Jet = dict[tuple[int, int], Any]  # (i, j) → coefficient of u^i v^j


@dataclass(frozen=True)
class Known:
    """A Hopf point by construction: γ*, ω, and ℓ1 where it has a closed form; on the branch that `start` begins."""

    gamma: Fraction
    omega: Fraction
    ell1: mp.mpf | None = None


@dataclass(frozen=True)
class Attack:
    """known: Hopf points of the branch (inside the interval or not); around: values of γ near which a scan looks closely."""

    kind: str
    index: int
    seed: int
    spec: Spec
    known: tuple[Known, ...] = ()
    around: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.index}" + (f"-seed{self.seed}" if self.seed else "")

    def toml(self) -> str:
        return toml(self.spec)


# --- specs as text ---


def value_text(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {value_text(v)}" for key, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(value_text, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else '"' + str(value) + '"'


def toml(spec: Spec) -> str:
    lines = [f"title = {value_text(spec['title'])}"]
    for name in ("network", "parameter", "proof"):
        table = dict(spec.get(name, {}))
        layers = table.pop("layer", [])
        lines += ["", f"[{name}]", *(f"{key} = {value_text(value)}" for key, value in table.items())]
        for layer in layers:
            lines += ["", f"[[{name}.layer]]", *(f"{key} = {value_text(value)}" for key, value in layer.items())]
    return "\n".join(lines) + "\n"


def decimal(rng: random.Random, low: float, high: float, places: int = 3) -> str:
    """A decimal that is not 0."""
    while True:
        text = f"{rng.uniform(low, high):.{places}f}"
        if float(text):
            return text


def signed(rng: random.Random, low: float, high: float, places: int = 3) -> str:
    return ("-" if rng.random() < 0.5 else "") + decimal(rng, low, high, places)


def dec(x: Fraction) -> str:
    """An exact decimal."""
    k = 0
    while (x * 10**k).denominator != 1:
        k += 1
    digits = str(abs((x * 10**k).numerator)).rjust(k + 1, "0")
    text = digits[: len(digits) - k] + ("." + digits[len(digits) - k :] if k else "")
    return ("-" if x < 0 else "") + text


# --- nonlinear terms with their Taylor coefficients ---

F = Fraction
ONE: list[tuple[str, Any, Any]] = [  # of one argument u: text, coefficients of u², u³; no lower orders
    ("{u}**2", 1, 0), ("{u}**3", 0, 1), ("(sin({u}) - {u})", 0, F(-1, 6)), ("(cosh({u}) - 1)", F(1, 2), 0),
    ("({u} - tanh({u}))", 0, F(1, 3)), ("(atan({u}) - {u})", 0, F(-1, 3)), ("(exprel({u}) - 1 - {u}/2)", F(1, 6), F(1, 24)),
    ("(exp({u}) - 1 - {u})", F(1, 2), F(1, 6)), ("(sqrt(1 + {u}) - 1 - {u}/2)", F(-1, 8), F(1, 16)),
    ("((1 + {u})**(3/2) - 1 - 3/2*{u})", F(3, 8), F(-1, 16)), ("(log(1 + {u}) - {u})", F(-1, 2), F(1, 3)),
    ("(1/(1 + {u}) - 1 + {u})", 1, -1), ("({u}/(1 + {u}**2) - {u})", 0, -1), ("(tan({u}) - {u})", 0, F(1, 3)),
    ("((1 + {u})**-2 - 1 + 2*{u})", 3, -4), ("{u}*sinh({u})", 1, 0), ("exp(-{u}**2)*{u}**2", 1, 0),
    ("(cos({u}) - 1)", F(-1, 2), 0), ("{u}**2/(2 + {u})", F(1, 2), F(-1, 4)), ("(2 + {u})**(1/3)*{u}**3", 0, "2**(1/3)"),
    ("erf({u})*{u}", "2/sqrt(pi)", 0), ("(erf({u}) - erf(1/2*{u})*2)", 0, "-1/(2*sqrt(pi))"),
]  # fmt: skip
TWO: list[tuple[str, Jet]] = [
    ("{u}*{v}", {(1, 1): 1}), ("{u}*{v}**2", {(1, 2): 1}), ("sin({u})*{v}", {(1, 1): 1}),
    ("{v}*(exp({u}) - 1)", {(1, 1): 1, (2, 1): F(1, 2)}), ("{u}**2/(1 + {v})", {(2, 0): 1, (2, 1): -1}),
    ("{u}*{v}/sqrt(1 + {u})", {(1, 1): 1, (2, 1): F(-1, 2)}), ("tanh({u})*erf({v})", {(1, 1): "2/sqrt(pi)"}),
    ("(exprel({u}*{v}) - 1)", {(1, 1): F(1, 2)}), ("{u}*log(1 + {v})", {(1, 1): 1, (1, 2): F(-1, 2)}),
    ("{u}**2*atan({v})", {(2, 1): 1}), ("{u}*{v}/(2 + cos({u}))", {(1, 1): F(1, 3)}),
]  # fmt: skip
SLOW: list[str] = [  # functions of m with the value 0 and a derivative other than 0 at m = 0, for |m| < 0.9
    "m", "exprel(m) - 1", "log(1 + m**2/2 + m/2)", "sin(m) + m**2", "atan(3*m)", "(1 + m)**(3/2) - 1", "sqrt(1 + m) - 1",
    "m/(1 + m**2)", "erf(m)", "1 - exp(m)", "m**3 + m", "1/(1 + m) - 1", "(1 + m)**(-5/2) - 1", "tanh(2*m + 1) - tanh(1)",
    "m*cos(2*m)", "exp(erf(m)) - 1",
]  # fmt: skip


def number(x: Any) -> mp.mpf:
    if isinstance(x, str):
        return mp.mpf(eval(x, {"__builtins__": {}, "sqrt": mp.sqrt, "pi": mp.pi}) if "/3" not in x else mp.cbrt(2))
    return mp.mpf(F(x).numerator) / F(x).denominator


def add(jet: dict[tuple[int, int], mp.mpf], coefficient: str, term: Jet, order: tuple[int, int]) -> None:
    for (i, j), c in term.items():
        key = (i, j) if order == (0, 1) else (j, i)
        jet[key] = jet.get(key, mp.mpf(0)) + mp.mpf(coefficient) * number(c)


def planar_coefficient(f: dict[tuple[int, int], mp.mpf], g: dict[tuple[int, int], mp.mpf], omega: mp.mpf) -> mp.mpf:
    """Re c1 for q = (1, −i) of u' = −ωv + f, v' = ωu + g (Guckenheimer, Holmes, (3.4.11); their a is Re c1/4)."""

    def d(h: dict[tuple[int, int], mp.mpf], i: int, j: int) -> mp.mpf:
        return h.get((i, j), mp.mpf(0)) * mp.factorial(i) * mp.factorial(j)

    cubic = d(f, 3, 0) + d(f, 1, 2) + d(g, 2, 1) + d(g, 0, 3)
    square = d(f, 1, 1) * (d(f, 2, 0) + d(f, 0, 2)) - d(g, 1, 1) * (d(g, 2, 0) + d(g, 0, 2))
    square += d(f, 0, 2) * d(g, 0, 2) - d(f, 2, 0) * d(g, 2, 0)
    return (cubic + square / omega) / 4


class NormalForm:
    """X' = F(X, m) with a pair p(m) ± iω in the first two components; x = S T (X + c(m)), γ = m + γ*.

    T is upper triangular with ones, S diagonal. Terms may be added to every component of F.
    """

    def __init__(self, rng: random.Random, n: int) -> None:
        self.rng, self.n = rng, n
        self.omega = decimal(rng, 0.4, 3)
        self.gamma = rng.choice([F(0), F(0), F(1, 4), F(-3, 2), F(rng.randint(-999, 999), 1000)])
        self.p = rng.choice(SLOW)
        self.definitions: dict[str, str] = {}
        self.scales = ["1"] * n
        self.centres = [signed(rng, 0.1, 1.5) if rng.random() < 0.8 else "0" for _ in range(n)]
        self.drift = [rng.choice(["", f" + {signed(rng, 0.05, 0.5)}*m", f" + {signed(rng, 0.05, 0.5)}*sin(2*m)"]) for _ in range(n)]
        self.T = [[("1" if i == j else "0") for j in range(n)] for i in range(n)]
        self.linear = [f"p*X0 - {self.omega}*X1", f"{self.omega}*X0 + p*X1"]
        self.linear += [f"{signed(rng, 0.3, 2)}*X{k}" for k in range(2, n)]
        self.terms: list[list[str]] = [[] for _ in range(n)]
        self.jets: list[dict[tuple[int, int], mp.mpf]] = [{}, {}]
        self.planar = n == 2  # whether ℓ1 has the closed form
        self.half_width = F(str(rng.choice(["0.9", "0.5", "0.1", "0.03", "0.002"])))

    def mixed(self) -> None:
        for i in range(self.n):
            for j in range(i + 1, self.n):
                if self.rng.random() < 0.5:
                    self.T[i][j] = signed(self.rng, 0.1, 1.2, 2)

    def term(self, i: int, text: str, jet: Jet, order: tuple[int, int] = (0, 1), coefficient: str | None = None) -> None:
        coefficient = coefficient or signed(self.rng, 0.03, 1.4)
        self.terms[i].append(f"({coefficient})*{text}")
        if i < 2:
            with mp.workdps(220):
                add(self.jets[i], coefficient, jet, order)

    def random_terms(self, count: int) -> None:
        rng = self.rng
        for _ in range(count):
            i, k = rng.randrange(self.n), rng.randrange(self.n)
            if rng.random() < 0.6:
                text, square, cube = rng.choice(ONE)
                jet = {(2, 0): square, (3, 0): cube}
                self.term(i, text.format(u=f"X{k}"), jet, (0, 1) if k == 0 else (1, 0))
            else:
                text, jet = rng.choice(TWO)
                other = rng.choice([j for j in range(self.n) if j != k])
                self.term(i, text.format(u=f"X{k}", v=f"X{other}"), jet, (0, 1) if k == 0 else (1, 0))
        for i in (0, 1):  # never degenerate by chance
            self.term(i, f"X{i}**3", {(3, 0): 1}, (0, 1) if i == 0 else (1, 0))

    def start(self, gamma: Fraction) -> list[str]:
        """The equilibrium at γ, to 15 digits."""
        with mp.workdps(30):
            m = number(gamma - self.gamma)
            X = [eval(f"{c}{d}", {"sin": mp.sin, "cos": mp.cos, "tanh": mp.tanh, "m": m}) for c, d in zip(self.centres, self.drift, strict=True)]
            x = [mp.mpf(s) * mp.fsum(mp.mpf(t) * c for t, c in zip(row, X, strict=True)) for s, row in zip(self.scales, self.T, strict=True)]
            return [mp.nstr(v, 17, min_fixed=-20, max_fixed=20) for v in x]

    def ell1(self) -> mp.mpf | None:
        if not self.planar:
            return None
        with mp.workdps(220):
            q = [mp.mpc(1), mp.mpc(0, -1)]
            norm = mp.fsum(
                abs(mp.mpf(s) * (mp.mpf(row[0]) * q[0] + mp.mpf(row[1]) * q[1])) ** 2
                for s, row in zip(self.scales, self.T, strict=True)
            )
            return planar_coefficient(*self.jets, mp.mpf(self.omega)) / (mp.mpf(self.omega) * norm)

    def spec(self, title: str, interval: tuple[Fraction, Fraction] | None = None) -> Spec:
        n, rng = self.n, self.rng
        names = ["x", "y", "z", "u", "v", "w"][:n]
        if interval is None:
            low = self.half_width * F(rng.randint(300, 1000), 1000)
            high = self.half_width * F(rng.randint(300, 1000), 1000)
            interval = (self.gamma - low, self.gamma + high)
        definitions = {"m": f"mu - ({dec(self.gamma)})" if self.gamma else "mu + 0"}
        for i in reversed(range(n)):  # X = T⁻¹ S⁻¹ x − c
            rest = "".join(f" - ({self.T[i][j]})*Z{j}" for j in range(i + 1, n) if self.T[i][j] != "0")
            definitions[f"Z{i}"] = (names[i] if self.scales[i] == "1" else f"{names[i]}/{self.scales[i]}") + rest
            definitions[f"X{i}"] = f"Z{i} - ({self.centres[i]}{self.drift[i]})"
        definitions["p"] = self.p
        definitions |= self.definitions
        for i in range(n):
            definitions[f"F{i}"] = " + ".join([self.linear[i], *self.terms[i]])
        equations = []
        for i in range(n):
            total = " + ".join(f"F{j}" if self.T[i][j] == "1" else f"({self.T[i][j]})*F{j}" for j in range(n) if self.T[i][j] != "0")
            equations.append(total if self.scales[i] == "1" else f"{self.scales[i]}*({total})")
        network = {"family": "equations", "variables": names, "definitions": definitions, "equations": equations, "start": self.start(interval[0])}
        return {"title": title, "network": network, "parameter": {"name": "mu", "interval": [dec(interval[0]), dec(interval[1])]}}

    def known(self) -> tuple[Known, ...]:
        return (Known(self.gamma, F(self.omega), self.ell1()),)


# --- kinds: fields ---


def normal_form(rng: random.Random, name: str) -> tuple[Spec, tuple[Known, ...]]:
    form = NormalForm(rng, rng.choice([2, 2, 3]))
    form.random_terms(rng.randint(1, 5))
    if rng.random() < 0.5:
        form.mixed()
    return form.spec(name), form.known()


def scales(rng: random.Random, name: str) -> tuple[Spec, tuple[Known, ...]]:
    form = NormalForm(rng, rng.choice([2, 2, 3]))
    form.scales = [rng.choice(["1", "1", "1000", "0.001", "1e4", "1e8", "1e-8"]) for _ in range(form.n)]
    form.random_terms(rng.randint(1, 3))
    return form.spec(name), form.known()


def curved(rng: random.Random, name: str) -> tuple[Spec, tuple[Known, ...]]:
    """Violently curved in γ (coefficients, drift, speed, real part) and in x."""
    form = NormalForm(rng, rng.choice([2, 2, 2, 3]))
    form.half_width = F(1, 10 ** rng.randint(1, 6)) * rng.randint(1, 9)
    K = f"{rng.uniform(1, 9):.6f}e{rng.randint(1, 40)}"
    slower = f"{rng.uniform(1, 9):.3f}e{rng.randint(1, 6)}"
    phase = decimal(rng, 0.2, 1.2, 6)
    if rng.random() < 0.4:
        steepness = rng.randint(1, 99) * 10 ** rng.randint(1, 4)
        form.p = f"tanh({steepness}*m + 1) - tanh(1)"
        form.half_width = F(f"{rng.uniform(0.05, 0.3) / steepness:.3e}")
    elif rng.random() < 0.4:
        form.p = f"m - 2*sin({slower}*m)/{slower}" if rng.random() < 0.5 else f"m + sin({slower}*m)/(2*{slower})"
    choice = rng.choice(["cubic", "cubic", "drift", "omega", "steep in x", "all"])
    if choice in ("cubic", "all"):
        with mp.workdps(30):
            level = mp.nstr(mp.cos(mp.mpf(phase)) - mp.mpf(signed(rng, 0.003, 0.3, 6)), 6)
        with mp.workdps(220):
            form.jets[0][3, 0] = mp.cos(mp.mpf(phase)) - mp.mpf(level)
        form.terms[0].append(f"(cos({K}*m + {phase}) - {level})*X0**3")
    else:
        form.random_terms(rng.randint(1, 2))
    if choice in ("drift", "all"):
        amplitude = rng.choice([slower, slower, f"({slower})**(3/2)"])
        form.drift = [f" + sin({slower}*m)/{slower}", *[f" + cos({slower}*m)/{amplitude}"] * (form.n - 1)]
        form.drift = [d.replace("(3/2)", "1.5") for d in form.drift]
    if choice in ("omega", "all"):
        form.definitions["w0"] = f"{form.omega} + {signed(rng, 0.05, 0.2)}*sin({slower}*m)"
        form.linear[:2] = ["p*X0 - w0*X1", "w0*X0 + p*X1"]
    if choice == "steep in x":
        k = 10 ** rng.randint(1, 4)
        form.term(1, f"(sin({k}*X1)/{k**3} - X1/{k**2})", {(3, 0): F(-1, 6)}, (1, 0))
    return form.spec(name), form.known()


def end(rng: random.Random, name: str) -> tuple[Spec, tuple[Known, ...]]:
    """An end of the interval exactly at the Hopf point, or within 1e-12 of it on either side."""
    form = NormalForm(rng, rng.choice([2, 2, 3]))
    form.random_terms(rng.randint(1, 3))
    offset = rng.choice([F(0), F(0), F(1, 10**12), F(-1, 10**12), F(1, 10**17), F(-1, 10**17), F(1, 10**40), F(1, 10**8), F(-1, 10**9)])
    width = form.half_width * F(rng.randint(300, 1000), 1000)
    left = rng.random() < 0.5
    near = form.gamma + offset
    interval = (near, near + width) if left else (near - width, near)
    return form.spec(name, interval), form.known()


def double(rng: random.Random, name: str) -> tuple[Spec, tuple[Known, ...]]:
    """Two pairs that reach the axis within ε of each other; frequencies apart or nearly equal (with other vectors)."""
    form = NormalForm(rng, 4)
    epsilon = rng.choice([F(1, 10**k) for k in (2, 4, 6, 8, 10, 12, 16)]) * rng.randint(1, 9)
    form.p = "m"
    other = form.omega if rng.random() < 0.3 else decimal(rng, 0.4, 3)
    sign = rng.choice(["", "-"])
    form.definitions["p2"] = f"{sign}(m - {dec(epsilon)})"
    form.linear[2:] = [f"p2*X2 - {other}*X3", f"{other}*X2 + p2*X3"]
    form.random_terms(rng.randint(1, 3))
    form.terms[2].append(f"({signed(rng, 0.1, 1)})*X2**3")
    form.mixed()
    return form.spec(name), (*form.known(), Known(form.gamma + epsilon, F(other)))


def shear(rng: random.Random, name: str) -> tuple[Spec, tuple[Known, ...]]:
    """In the plane, behind the nonlinear change u = x − a y² − b y³: the closed form stays."""
    form = NormalForm(rng, 2)
    form.random_terms(rng.randint(1, 3))
    form.centres, form.drift = ["0", "0"], ["", ""]
    spec = form.spec(name)
    network = spec["network"]
    a, b = signed(rng, 0.1, 1.5), signed(rng, 0.1, 1.5)
    network["definitions"]["X0"] = f"x - ({a})*y**2 - ({b})*y**3"
    network["definitions"]["X1"] = "y + 0"
    for unused in ("Z0", "Z1"):
        del network["definitions"][unused]
    network["equations"] = [f"F0 + (2*({a})*y + 3*({b})*y**2)*F1", "F1"]
    return spec, form.known()


def fold(rng: random.Random, name: str) -> tuple[Spec, tuple[Known, ...]]:
    """w' = c − γ − w²: a Hopf point on the upper sheet, a fold at γ = c, inside the range, at its end or beyond."""
    w = F(decimal(rng, 0.05, 0.9))
    c = F(signed(rng, 0.1, 1))
    gamma = c - w * w
    omega = decimal(rng, 0.5, 2)
    slope = signed(rng, 0.3, 2)
    gap = rng.choice([F(0), F(1, 10**6), F(1, 1000), w * w / 4, -F(1, 10)])
    low = gamma - F(rng.randint(50, 500), 1000)
    kind = rng.choice(["one", "one", "two sheets"])
    p = f"({slope})*(w - {dec(w)})" if kind == "one" else f"({slope})*(mu - ({dec(gamma)}))"
    terms = [f"({signed(rng, 0.1, 1)})*x**3 + ({signed(rng, 0.1, 1)})*(w - {dec(w)})*y + ({signed(rng, 0.1, 1)})*x*y",
             f"({signed(rng, 0.1, 1)})*y**2*x + ({signed(rng, 0.1, 1)})*sinh(x)*x"]  # fmt: skip
    with mp.workdps(20):
        start = [mp.nstr(mp.sqrt(number(c - low)), 15), "0", "0"]
    network = {
        "family": "equations", "variables": ["w", "x", "y"], "definitions": {"p": p},
        "equations": [f"{dec(c)} - mu - w**2 + ({signed(rng, 0.1, 1)})*(x**2 + y**2)" if rng.random() < 0.7 else f"{dec(c)} - mu - w**2",
                      f"p*x - {omega}*y + {terms[0].replace('(w - ' + dec(w) + ')*y', '(w - ' + dec(w) + ')*x*y')}",
                      f"{omega}*x + p*y + {terms[1]}"],
        "start": start,
    }  # fmt: skip
    spec = {"title": name, "network": network, "parameter": {"name": "mu", "interval": [dec(low), dec(c - gap)]}}
    return spec, (Known(gamma, F(omega)),) if low <= gamma <= c - gap else ()


# --- kinds: networks ---

BOUNDED = ["tanh", "sin", "arctan", "erf"]
SMOOTH = [*BOUNDED, "logistic", "softplus", "silu", "gelu", "identity", "z/(1 + z**2)", "tanh(z)**3 + z", "sin(z)*cosh(z/4)",
          "log(2 + z**2)", "sqrt(1 + z**2)", "atan(z)/(2 + cos(z))", "(1 + z**2)**-1", "exp(-z**2)*z"]  # fmt: skip
ODD_AT_ZERO = [*BOUNDED, "silu", "gelu", "z/(1 + z**2)", "tanh(z)**3 + z", "sin(z)*cosh(z/4)", "exp(z) - 1", "z - z**2", "-tanh(z) + z**2/3",
               "log(1 + z + z**2)", "exp(-z**2)*z"]  # fmt: skip
INVERSE: dict[str, Callable[[mp.mpf], mp.mpf]] = {
    "tanh": mp.atanh, "sin": mp.asin, "arctan": mp.tan, "erf": mp.erfinv, "identity": lambda y: y
}  # fmt: skip


def matrix(rng: random.Random, rows: int, columns: int, size: float = 1.5) -> list[list[str]]:
    return [[decimal(rng, -size, size, 2) for _ in range(columns)] for _ in range(rows)]


def turning(rng: random.Random, n: int, size: float = 1.5) -> list[list[str]]:
    """Antisymmetric but for a small part, so that complex pairs are near the axis."""
    S = [[rng.uniform(-size, size) for _ in range(n)] for _ in range(n)]
    return [[f"{(S[i][j] - S[j][i]) / 1.4 + rng.uniform(-0.4, 0.4):.2f}" for j in range(n)] for i in range(n)]


def entering(rng: random.Random, rows: int, columns: int) -> Any:
    choices: list[Any] = [{"row": rng.randint(1, rows), "column": rng.randint(1, columns)}, {"matrix": matrix(rng, rows, columns, 1)}]
    return rng.choice(choices + (["identity"] * 2 if rows == columns else []))


def balanced(spec: Spec, x: Sequence[str], low: str) -> None:
    """The last layer's bias makes x (nearly) an equilibrium at the left end."""
    from compare import SpecField  # evaluates the layers

    last = spec["network"]["layer"][-1]
    last["bias"] = ["0"] * len(x)
    with mp.workdps(30):
        field = SpecField(spec)
        z = field.last_argument([mp.mpf(v) for v in x], mp.mpf(low))
        inverse = INVERSE[last["activation"]]
        wanted = [inverse(d * mp.mpf(v)) for d, v in zip(field.leak(), x, strict=True)]
        last["bias"] = [mp.nstr(w - v, 6, min_fixed=-20, max_fixed=20) for w, v in zip(wanted, z, strict=True)]


def layers(rng: random.Random, name: str, radius: str | None = None) -> tuple[Spec, tuple[Known, ...]]:
    """Two or three layers n → k → n, γ in several of them, mixed activations, leaks also negative and by neuron."""
    n, depth = rng.choice([2, 2, 2, 3]), rng.choice([2, 2, 2, 3])
    sizes = [n, *[rng.choice([n, n, 2, 3]) for _ in range(depth - 1)], n]
    found = []
    for k in range(depth):
        rows, columns = sizes[k + 1], sizes[k]
        last = k == depth - 1
        square = turning(rng, n) if rows == columns == n and (last or rng.random() < 0.5) else matrix(rng, rows, columns)
        layer: Spec = {"weights": square, "activation": rng.choice([*BOUNDED, "identity"]) if last else rng.choice(SMOOTH),
                       "enters": entering(rng, rows, columns) if rng.random() < 0.7 else "none"}  # fmt: skip
        if rng.random() < 0.6:
            layer["bias"] = [signed(rng, 0.1, 1, 2) for _ in range(rows)]
        found.append(layer)
    if all(layer["enters"] == "none" for layer in found):
        found[0]["enters"] = entering(rng, sizes[1], n)
    leak: Any = rng.choice([None, decimal(rng, 0.1, 1, 2), "-" + decimal(rng, 0.05, 0.4, 2), [signed(rng, 0.05, 1, 2) for _ in range(n)]])
    network: Spec = {"family": "layered"} | ({} if leak is None else {"leak": leak}) | {"layer": found}
    width = rng.choice([0.1, 0.2, 0.5])
    centre = rng.uniform(-1, 1)
    interval = [f"{centre - width:.3f}", f"{centre + width:.3f}"]
    spec: Spec = {"title": name, "network": network, "parameter": {"interval": interval}}
    if rng.random() < 0.85:
        x = [signed(rng, 0.02, 0.8, 2) for _ in range(n)]
        network["start"] = x
        balanced(spec, x, interval[0])
    if radius:
        spec["proof"] = {"weight_radius": radius}
    return spec, ()


def rate(rng: random.Random, name: str, radius: str | None = None) -> tuple[Spec, tuple[Known, ...]]:
    """One layer with a leak by neuron, γ on the identity, on one entry or on a matrix."""
    n = rng.choice([2, 2, 3])
    layer: Spec = {"weights": turning(rng, n, 2), "activation": rng.choice(BOUNDED), "enters": entering(rng, n, n)}
    network: Spec = {"family": "layered", "leak": [signed(rng, 0.05, 0.9, 2) if rng.random() < 0.3 else decimal(rng, 0.1, 0.9, 2) for _ in range(n)], "layer": [layer]}
    centre, width = rng.uniform(-0.5, 1), rng.choice([0.1, 0.3])
    spec: Spec = {"title": name, "network": network, "parameter": {"interval": [f"{centre - width:.3f}", f"{centre + width:.3f}"]}}
    if rng.random() < 0.8:
        x = [signed(rng, 0.02, 0.8, 2) for _ in range(n)]
        network["start"] = x
        balanced(spec, x, spec["parameter"]["interval"][0])
    if radius:
        spec["proof"] = {"weight_radius": radius}
    return spec, ()


def zero_branch(rng: random.Random, name: str, radius: str | None = None) -> tuple[Spec, tuple[Known, ...]]:
    n = rng.choice([2, 3, 4, 5])
    network: Spec = {"family": "asymmetric-rnn", "activation": rng.choice(ODD_AT_ZERO), "R1": matrix(rng, n, n, 1.5),
                     "R2": [[decimal(rng, -0.4, 0.4, 3) for _ in range(n)] for _ in range(n)]}  # fmt: skip
    if rng.random() < 0.5:
        network["bias"] = [signed(rng, 0.1, 1, 2) for _ in range(n)]
    spec: Spec = {"title": name, "network": network}
    if rng.random() < 0.4:
        spec["parameter"] = {"interval": [decimal(rng, -0.6, -0.01), decimal(rng, 0.01, 0.6)]}
    if radius:
        spec["proof"] = {"weight_radius": radius}
    return spec, ()


def boxed(make: Callable[..., tuple[Spec, tuple[Known, ...]]]) -> Callable[[random.Random, str], tuple[Spec, tuple[Known, ...]]]:
    def kind(rng: random.Random, name: str) -> tuple[Spec, tuple[Known, ...]]:
        return make(rng, name, rng.choice(["1e-5", "1e-6", "1e-7", "3e-9"]))

    return kind


KINDS: dict[str, Callable[[random.Random, str], tuple[Spec, tuple[Known, ...]]]] = {
    "normal-form": normal_form, "scales": scales, "curved": curved, "end": end, "double": double, "shear": shear,
    "fold": fold, "layers": layers, "rate": rate, "zero-branch": zero_branch, "box-layers": boxed(layers),
    "box-rate": boxed(rate), "box-zero-branch": boxed(zero_branch),
}  # fmt: skip


def crosses(spec: Spec) -> bool:
    """Whether a coarse search sees a pair cross the axis: most random networks have no Hopf point in a short interval."""
    from compare import SpecField, grid, trace

    low, high = (float(end) for end in spec["parameter"]["interval"])
    field = SpecField(spec)
    start = [float(x) for x in spec["network"].get("start", ["0"] * field.n)]
    counts = [sample.unstable for sample in trace(field, grid(low, high, [], 12), np.array(start), most=60)]
    return any(abs(a - b) == 2 for a, b in pairwise(counts))


def problem(kind: str, index: int, seed: int = 0) -> Attack:
    """The problem of this kind with this number; the same on every machine."""
    rng = random.Random(f"{kind}-{index}-{seed}")
    for _ in range(40):
        spec, known = KINDS[kind](rng, f"attack {kind} {index} {seed}")
        if known or kind in ("fold", "zero-branch", "box-zero-branch") or rng.random() < 0.05 or crosses(spec):
            break
    proof = spec.setdefault("proof", {})
    if rng.random() < 0.3:
        proof["digits"] = rng.choice([8, 12, 20, 30])
    if rng.random() < 0.2:
        proof["precision"] = rng.choice([64, 96, 200, 256])
    return Attack(kind, index, seed, spec, known, tuple(float(k.gamma) for k in known))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    print(problem(sys.argv[1], int(sys.argv[2]), int((sys.argv[3:] or ["0"])[0])).toml(), end="")
