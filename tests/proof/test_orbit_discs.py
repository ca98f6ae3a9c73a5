"""Discs with real centres (MATHEMATICS.md, section 16): of prover and checker, at random complex points."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import arb
from scipy.special import erf

from proofgen.checker import orbit_discs
from proofgen.checker.intervals import Real, real
from proofgen.checker.verdicts import Rejected, Undecided
from proofgen.numbers.balls import working_precision
from proofgen.proof.failure import ProofFailure
from proofgen.proof.orbit_discs import Disc, derivatives_on_discs
from proofgen.spec.load import load_text
from proofgen.symbolic.graph import build_graph

F = 192
FUNCTIONS = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tan": np.tan, "sinh": np.sinh,
    "cosh": np.cosh, "tanh": np.tanh, "atan": np.arctan, "erf": erf, "exprel": lambda z: np.expm1(z) / z,
    "power": lambda z: z**3, "quotient": lambda z: 1 / z**2, "root": lambda z: z**-0.75,
}  # fmt: skip
TEXTS = {"power": "x**3", "quotient": "1/x**2", "root": "x**(-3/4)"}
CASES = [(name, c, r) for name in FUNCTIONS for c, r in ((0.8, 0.3), (1.3, 0.05), (2.6, 0.5), (-0.7, 0.2))
         if c > 0 or name not in ("log", "sqrt", "root")]  # fmt: skip


def points(c: float, r: float) -> np.ndarray:
    rng = np.random.default_rng(3)
    inside = rng.uniform(size=200) ** 0.5 * np.exp(2j * np.pi * rng.uniform(size=200))
    return np.asarray(c + r * np.concatenate([inside, np.exp(2j * np.pi * np.arange(64) / 64)]))


def slope(f: object, z: np.ndarray) -> np.ndarray:
    h = 1e-6
    assert callable(f)
    return np.asarray((f(z + h) - f(z - h)) / (2 * h))


@pytest.mark.parametrize(("name", "c", "r"), CASES)
def test_discs_of_the_checker(name: str, c: float, r: float) -> None:
    f = {"power": 3, "quotient": -2, "root": Fraction(-3, 4)}.get(name, name)
    z = orbit_discs.Disc(real(Fraction(c), F), int(r * 2**60) << F - 60)
    for found, values in zip(orbit_discs.call_on(f, z), (FUNCTIONS[name](points(c, r)), slope(FUNCTIONS[name], points(c, r))), strict=True):
        centre, radius = (found.c.lo + found.c.hi) / 2 ** (F + 1), found.r / 2**F
        largest = np.abs(values - centre).max()
        assert largest <= radius * (1 + 1e-9) + 1e-8
        assert name == "erf" or radius < 3 * largest + 1e-6  # and not much more than that


@pytest.mark.parametrize(("name", "c", "r"), CASES)
def test_derivatives_of_the_prover(name: str, c: float, r: float) -> None:
    graph = build_graph(load_text(equations(TEXTS.get(name, f"{name}(x)"))))  # type: ignore[arg-type]
    with working_precision(128):
        gamma = Disc(arb(0.5), arb(0.1))
        (by_x, by_y, by_gamma), _ = derivatives_on_discs(graph, [Disc(arb(c), arb(r)), Disc(arb(0), arb(1))], gamma)
    z = points(c, r)
    assert np.abs(slope(FUNCTIONS[name], z)).max() * 0.6 <= float(by_x) * (1 + 1e-9) + 1e-8
    assert np.abs(FUNCTIONS[name](z)).max() <= float(by_gamma) * (1 + 1e-9) and float(by_y) == 1


def equations(text: str) -> str:
    return f"""[network]
family = "equations"
variables = ["x", "y"]
equations = ["gamma*({text}) + y", "x - y"]
[parameter]
name = "gamma"
interval = ["-1", "1"]
"""


@pytest.mark.parametrize(("name", "c", "r"), [
    ("log", 0.5, 0.5), ("sqrt", 0.4, 0.5), ("log", -1.0, 0.1), ("tan", 1.2, 0.4), ("tanh", 0.0, 1.6), ("tanh", 2.0, 1.5),
    ("atan", 0.0, 1.0), ("atan", 2.0, 2.3), ("quotient", 1.0, 1.0), ("quotient", 0.0, 0.1), ("root", 0.1, 0.2),
])  # fmt: skip
def test_what_is_not_holomorphic_is_refused(name: str, c: float, r: float) -> None:
    f = {"quotient": -2, "root": Fraction(-3, 4)}.get(name, name)
    with pytest.raises((Rejected, Undecided)):
        orbit_discs.call_on(f, orbit_discs.Disc(real(Fraction(c), F), int(r * 2**60) << F - 60))
    graph = build_graph(load_text(equations(TEXTS.get(name, f"{name}(x)"))))  # type: ignore[arg-type]
    with working_precision(128), pytest.raises(ProofFailure):
        derivatives_on_discs(graph, [Disc(arb(c), arb(r)), Disc(arb(0), arb(1))], Disc(arb(1), arb(0)))


def test_products_and_inverses_of_discs() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        a, b = rng.uniform(-2, 2, size=2)
        r, s = rng.uniform(0, 1, size=2) * abs(np.array([a, b])) * 0.9
        one, other = (orbit_discs.Disc(real(Fraction(x), F), int(y * 2**60) << F - 60) for x, y in ((a, r), (b, s)))
        for found, values in ((one * other, np.outer(points(a, r), points(b, s))), (one + other, np.add.outer(points(a, r), points(b, s))),
                              (one.inverse(), 1 / points(a, r)), (-one, -points(a, r)), (one.power(5), points(a, r) ** 5)):  # fmt: skip
            centre = (found.c.lo + found.c.hi) / 2 ** (F + 1)
            assert np.abs(values - centre).max() <= found.r / 2**F * (1 + 1e-9) + 1e-12


def test_a_wide_real_argument() -> None:
    """The centre is known to an interval only."""
    z = orbit_discs.Disc(Real(1 << F, 9 << F - 3, F), 1 << F - 4)
    value, _ = orbit_discs.call_on("tanh", z)
    assert value.c.lo / 2**F <= np.tanh(1) and np.tanh(1.125) <= value.c.hi / 2**F
