"""The parameter in the biases of a network: what prover and checker enclose along a curve, and around an equilibrium."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from check_tools import load, read, write
from flint import arb
from independent import layered_field
from networks import two_layers

from proofgen.bundle.network import read_network
from proofgen.bundle.problem import describe
from proofgen.codegen.network import NetworkEmission
from proofgen.errors import InputError
from proofgen.numbers.balls import working_precision
from proofgen.problem.network import Problem
from proofgen.spec.load import load_text
from proofgen.strategy.fields import emit_field, field_approx
from proofgen.strategy.forms import layered_field as layers_in_balls

check = load()
BIASES = {
    "both": ('bias = ["0.3", "-1", "0.5"]', 'bias = ["1", "0", "-0.5", "0.25"]'),
    "second": ("", 'bias = ["1", "0", "-0.5", "0.25"]'),
}  # fmt: skip
GAMMA, HALF = 0.25, 0.125


def problem(name: str) -> Problem:
    first, second = BIASES[name]
    text = two_layers("-1", "1")
    text = text.replace(" }\n[[", f"{', ' if first else ''}{first} }}\n[[").replace('"none"', f"{{ {second} }}")
    found = load_text(text)
    assert isinstance(found, Problem) and found.layers[1].bias_parameter == "c2"
    return found


def curve_of(seed: int) -> list[list[float]]:
    """c_0, …, c_3: any curve will do."""
    r = random.Random(seed)
    return [[r.uniform(-1, 1) / 2**k for _ in range(4)] for k in range(4)]


def samples(curve: list[list[float]], t: float, eta: float) -> list[tuple[float, list[mp.mpf]]]:
    steps = [t + eta * k / 4 for k in range(-4, 5)]
    return [(s, [mp.polyval([c[i] for c in reversed(curve)], s) for i in range(4)]) for s in steps]


@pytest.mark.parametrize("name", BIASES)
def test_f_along_a_curve(name: str) -> None:
    """Theorem L: of the prover and of the checker, for all parts of a piece."""
    network, curve = problem(name), curve_of(1)
    with mp.workdps(40), working_precision(128):
        f = layered_field(network)
        emission = emit_field(network, "0" * 64)
        assert isinstance(emission, NetworkEmission)
        columns: Any = tuple([arb(x) for x in row] for row in curve)
        piece = layers_in_balls(network, emission).on_piece(arb(GAMMA), columns, arb(HALF), arb(0))
        for i, part in enumerate(piece.parts):
            t = HALF * (2 * i + 1 - len(piece.parts)) / len(piece.parts)
            for s, x in samples(curve, t, HALF / len(piece.parts)):
                step = arb(s - t)
                for value, v0, v1, v2, v3, d in zip(f(x, mp.mpf(GAMMA + s)), *part.f.at, part.f.drift, strict=True):
                    enclosed = v0 + step * (v1 + step * (v2 + step * arb(v3, d)))
                    assert abs(float(enclosed.mid()) - value) <= float(enclosed.rad()) + 1e-15
                    assert float(enclosed.rad()) < 0.05


@pytest.mark.parametrize("name", BIASES)
def test_the_checker_along_a_curve(name: str, tmp_path: Path) -> None:
    network, curve = problem(name), curve_of(2)
    net = check.FormNetwork(read_by_checker(network, tmp_path))
    unit = check.UNIT
    one = 1 << unit
    series, motion = net.around(check.real(check.Fraction(GAMMA), unit), [[check.real(check.Fraction(x), unit) for x in row] for row in curve],
                                int(HALF * one), 0, False)  # fmt: skip
    with mp.workdps(40):
        f = layered_field(network)
        centres = check.centres(int(HALF * one), net.parts)
        for (part, _), (t, eta) in zip(series, centres, strict=True):
            for s, x in samples(curve, t / one, eta / one):
                for j, value in enumerate(f(x, mp.mpf(GAMMA) + s)):
                    step = s - t / one
                    (v0, v1, v2, v3), drift = ([v[j] for v in part.v], part.drift[j] / one)
                    middle = [(v.lo + v.hi) / 2 / one for v in (v0, v1, v2, v3)]
                    radius = sum((v.hi - v.lo) / 2 / one for v in (v0, v1, v2, v3)) + drift * abs(step) ** 3
                    assert abs(sum(m * step**k for k, m in enumerate(middle)) - value) <= radius + 1e-15
                    assert radius < 0.05
        x0 = curve[0]
        slope = [mp.diff(lambda s, j=j: f(samples(curve, float(s), 0)[0][1], mp.mpf(GAMMA) + s)[j], 0) for j in range(4)]
        assert all(abs((v.lo + v.hi) / 2 / one - true) < 1e-9 for v, true in zip(motion.whole.v[1], slope, strict=True)), x0


def stored(network: Problem, root: Path) -> Path:
    for name, data in describe(network)[0].contents.items():
        (root / name).write_bytes(data)
    return root


def read_by_checker(network: Problem, root: Path) -> Any:
    return check.read_problem(check.Bundle(stored(network, root)), check.engine_of("python"))


@pytest.mark.parametrize("name", BIASES)
def test_derivatives_of_the_checker(name: str, tmp_path: Path) -> None:
    """f, ∂f/∂γ and ∂A/∂γ u at one point; x = 0 is no equilibrium."""
    network = problem(name)
    own = read_by_checker(network, tmp_path)
    assert not own.trivial and not own.one_shifted_layer
    F = 128
    net = check.field_of(own, F)
    r = random.Random(3)
    x, u = ([check.Fraction(r.randint(-9, 9), 8) for _ in range(4)] for _ in range(2))
    gamma = check.Fraction(3, 8)
    balls = [[check.real(y, F) for y in v] for v in (x, u)]
    state = net.at(check.real(gamma, F), balls[0])
    jets = net.jets(state, [[check.real(0, F)] * 4, balls[1]], [1, 0], [(0, 1)])
    with mp.workdps(50):
        f = layered_field(network)
        point = [mp.mpf(y.numerator) / y.denominator for y in x]
        other = [mp.mpf(y.numerator) / y.denominator for y in u]
        at = mp.mpf(gamma.numerator) / gamma.denominator
        by_gamma = [mp.diff(lambda g, j=j: f(point, g)[j], at) for j in range(4)]
        mixed = [mp.diff(lambda g, t, j=j: f([a + t * b for a, b in zip(point, other, strict=True)], g)[j], (at, 0), (1, 1)) for j in range(4)]
        for found, true in ((state.f, f(point, at)), (jets.first[0], by_gamma), (jets.second[0], mixed)):
            for ball, value in zip(found, true, strict=True):
                assert abs(mp.mpf(ball.lo + ball.hi) / 2 / 2**F - value) < mp.mpf(10) ** -20


def test_binary64() -> None:
    """What the search computes, against differences."""
    network = problem("both")
    field = field_approx(network, emit_field(network, "0" * 64))
    with mp.workdps(40):
        f = layered_field(network)
        x, a = [0.3, -0.2, 0.5, 0.1], [0.5, 1.0, -0.75, 0.25]
        point = [mp.mpf(y) for y in x]
        value, slope = field.f(np.array(x), 0.4), field.f_gamma(np.array(x), 0.4)
        assert all(abs(mp.mpf(v) - t) < 1e-14 for v, t in zip(value, f(point, mp.mpf(0.4)), strict=True))
        true = [mp.diff(lambda g, j=j: f(point, g)[j], mp.mpf(0.4)) for j in range(4)]
        assert all(abs(mp.mpf(v) - t) < 1e-13 for v, t in zip(slope, true, strict=True))
        _, moved = field.jacobian_times_derivatives(np.array(x), 0.4, np.array(a))
        mixed = [mp.diff(lambda g, t, j=j: f([p + t * b for p, b in zip(point, a, strict=True)], g)[j], (0.4, 0), (1, 1)) for j in range(4)]
        assert all(abs(mp.mpf(v) - t) < 1e-10 for v, t in zip(moved, mixed, strict=True))


CHANGES: dict[str, Any] = {
    "zeros": lambda d: d["arrays"].update(c2={"entries": ["0"] * 4}),
    "missing": lambda d: d["layers"][1].update(bias_parameter="c3"),
    "short": lambda d: d["arrays"].update(c2={"entries": ["1"] * 3}),
    "number": lambda d: d["layers"][1].update(bias_parameter=3),
    "null": lambda d: d["layers"][1].update(bias_parameter=None),
    "not exact": lambda d: (d["layers"][1].update(bias="c2"), d.update(weight_radius="0.01")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_forged_problems(change: str, tmp_path: Path) -> None:
    """γ nowhere, names of no vector, and a c that is known only up to a radius: by both readers."""
    document = read(stored(problem("second"), tmp_path) / "problem.json")
    document["layers"][0]["parameter"] = []
    write(tmp_path / "problem.json", document)
    assert read_network(tmp_path, document).layers[1].bias_parameter == "c2"
    assert check.read_problem(check.Bundle(tmp_path), check.engine_of("python")).layers[1].c is not None
    CHANGES[change](document)
    write(tmp_path / "problem.json", document)
    with pytest.raises(check.Rejected):
        check.read_problem(check.Bundle(tmp_path), check.engine_of("python"))
    if change != "not exact":  # which the prover's own problems cannot be, and its reader leaves to the checker
        with pytest.raises(InputError):
            read_network(tmp_path, document)
