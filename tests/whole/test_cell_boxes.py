"""Recurrent networks whose weights are known up to a radius, and alpha as the parameter of an RNN: networks drawn from the
box are inside the claims, prover and checker span the same box, and forged boxes are not accepted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from check_tools import read, rehash, write
from flint import acb, arb
from test_cells import DATA, random_cell

from proofgen import api
from proofgen.bundle.problem import describe
from proofgen.bundle.read import load_bundle
from proofgen.check import check_path
from proofgen.checker.cell_problem import CellProblem as CheckedCell
from proofgen.checker.files import Bundle as CheckedBundle
from proofgen.checker.intervals import real
from proofgen.checker.problem import read_problem
from proofgen.checker.products import engine_of
from proofgen.errors import ArgumentError, InputError
from proofgen.numbers.balls import working_precision
from proofgen.numbers.exact import ExactMatrix
from proofgen.problem.cell import ARRAYS, CellProblem
from proofgen.problem.network import Problem
from proofgen.spec.load import load_text
from proofgen.spec.written import cell_toml
from proofgen.strategy.fields import emit_field, field_balls

RNN = DATA.parent / "rnn"
Arrays = dict[str, np.ndarray[Any, Any]]


def boxed(path: Path, radius: str) -> CellProblem:
    """A spec with a weight radius."""
    problem = load_text(path.read_text() + f"\n[proof]\nweight_radius = {radius}\n", path.parent)
    assert isinstance(problem, CellProblem)
    return problem


# --- samples ---------------------------------------------------------------------------------------


def drawn(problem: CellProblem, rng: np.random.Generator, corner: bool) -> CellProblem:
    """A network of the box, exactly; corner: every array as far from its middle as it can be."""
    moved: dict[str, dict[str, ExactMatrix]] = {"arrays": dict(problem.arrays), "directions": dict(problem.directions)}
    for name in problem.with_radii:
        radius, part = problem.radius_of(name), "arrays" if name in problem.arrays else "directions"
        given = problem.given(name)
        change = [
            [
                (radius if isinstance(radius, Fraction) else radius.entry(i, j))
                * Fraction(int(rng.choice([-64, 64]) if corner else rng.integers(-64, 65)), 64)
                for j in range(given.shape[1])
            ]
            for i in range(given.shape[0])
        ]
        moved[part][name] = given + ExactMatrix.from_fractions(change)
    return replace(problem, **moved, weight_radius=Fraction(0))  # type: ignore[arg-type]


def floats(problem: CellProblem, gamma: float) -> Arrays:
    """X + γX' in binary64, 0 where there is none."""
    return {
        name: np.zeros(problem.shape(name))
        + (problem.arrays[name].to_binary64_approx() if name in problem.arrays else 0)
        + gamma * (problem.directions[name].to_binary64_approx() if name in problem.directions else 0)
        for name in ARRAYS
    }


def step(problem: CellProblem, x: Any, gamma: float) -> Any:
    """One step of PyTorch's module, written down once more."""
    a, H = floats(problem, gamma), problem.hidden
    sigma = lambda y: 1 / (1 + np.exp(-y))  # noqa: E731
    h, into = x[:H], (a["weight_ih"] @ a["input"] + a["bias_ih"])[:, 0]
    back = a["weight_hh"] @ h + a["bias_hh"][:, 0]
    if problem.cell == "rnn":
        alpha = a["alpha"][:, 0]
        return (1 - alpha) * h + alpha * np.tanh(into + back)
    if problem.cell == "gru":
        r, z = sigma(into[:H] + back[:H]), sigma(into[H : 2 * H] + back[H : 2 * H])
        n = np.tanh(into[2 * H :] + r * back[2 * H :])
        return (1 - z) * n + z * h if problem.step == 1 else h + float(problem.step) * (1 - z) * (n - h)
    i, f, g, o = ((into + back)[k * H : (k + 1) * H] for k in range(4))
    c = sigma(f) * x[H:] + sigma(i) * np.tanh(g)
    return np.concatenate([sigma(o) * np.tanh(c), c])


def jacobian(problem: CellProblem, x: Any, gamma: float) -> Any:
    """By complex steps, to rounding."""
    n = problem.dimension
    return np.array([step(problem, x + 1e-30j * np.eye(n)[j], gamma).imag / 1e-30 for j in range(n)]).T


def fixed(problem: CellProblem, x: Any, gamma: float) -> Any:
    for _ in range(30):
        x = x - np.linalg.solve(jacobian(problem, x, gamma) - np.eye(len(x)), step(problem, x, gamma) - x)
    return x


def crossing(problem: CellProblem, x: Any, gamma: float, mu: complex) -> tuple[float, Any, complex]:
    """Where the multiplier near μ has the modulus 1: γ, x and the multiplier, by the secant method."""

    def state(g: float) -> tuple[float, Any, complex]:
        y = fixed(problem, x, g)
        values = np.linalg.eigvals(jacobian(problem, y, g))
        own = values[np.argmin(abs(values - mu))]
        return abs(own) - 1, y, own

    a, b = gamma, gamma * (1 + 1e-6)
    fa, fb = state(a)[0], state(b)[0]
    for _ in range(60):
        if fa == fb or a == b:
            break
        a, b, fa = b, b - fb * (b - a) / (fb - fa), fb
        fb = state(b)[0]
    return (b, *state(b)[1:])


CASES: dict[str, Callable[[], CellProblem]] = {
    "gru": lambda: boxed(DATA / "gru-2.toml", '"1e-6"'),
    "rnn": lambda: boxed(RNN / "rnn-4.toml", '"1e-7"'),
    "leaky": lambda: boxed(RNN / "leaky-5.toml", '{ weight_hh = "float32", bias_ih = "1e-8" }'),
}


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[CellProblem, Path, Any]]:
    found: dict[str, tuple[CellProblem, Path, Any]] = {}

    def bundle(name: str) -> tuple[CellProblem, Path, Any]:
        if name not in found:
            problem, out = CASES[name](), tmp_path_factory.mktemp(name) / "bundle"
            found[name] = problem, out, api.prove(problem, out)
        return found[name]

    return bundle


Bundles = Callable[[str], tuple[CellProblem, Path, Any]]


@pytest.mark.parametrize("name", ["gru", "rnn", pytest.param("leaky", marks=pytest.mark.slow)])
def test_networks_of_the_box_are_inside(name: str, bundles: Bundles) -> None:
    """Forty networks, half of them corners, by PyTorch's definition in binary64: γ*, θ and the fixed point; the box moves
    them by far more than rounding. One is proved by itself: its speed, coefficient and counts are inside, too."""
    problem, _, found = bundles(name)
    assert found.check.verdict == "accepted" and found.bundle.summary.complete
    (claims,) = (point.claims for point in found.bundle.points.values())
    rng, moved = np.random.default_rng(3), []
    x, gamma = np.array([float(e.middle) for e in claims.equilibrium]), float(claims.parameter.middle)
    mu = np.exp(1j * float(claims.theta.middle)) if hasattr(claims, "theta") else -1
    for k in range(40):
        g, y, own = crossing(drawn(problem, rng, k % 2 == 0), x, gamma, mu)
        assert claims.parameter.low < g < claims.parameter.high and abs(abs(own) - 1) < 1e-12
        assert all(e.low < v < e.high for e, v in zip(claims.equilibrium, y.tolist(), strict=True))
        if hasattr(claims, "theta"):
            assert claims.theta.low < np.angle(own) < claims.theta.high or claims.theta.low < -np.angle(own) < claims.theta.high
        moved.append(g)
    assert max(moved) - min(moved) > 1e-12 + float(claims.parameter.width) / 100
    (one,) = (point.claims for point in api.prove(drawn(problem, rng, True)).bundle.points.values())
    pairs = [(claims.parameter, one.parameter), (claims.coefficient, one.coefficient), *zip(claims.equilibrium, one.equilibrium, strict=True)]
    pairs.append((claims.log_modulus_speed, one.log_modulus_speed) if hasattr(claims, "theta") else (claims.multiplier_speed, one.multiplier_speed))
    assert all(wide.low < thin.low and thin.high < wide.high for wide, thin in pairs)
    assert (claims.inside, claims.outside, claims.criticality) == (one.inside, one.outside, one.criticality)


SMALL = """
[network]
family = "rnn"
weight_hh = [["0.8", "0.1"], ["0.2", "-0.5"]]
[parameter]
enters = { gain = "weight_hh" }
interval = ["0.5", "1.6"]
[proof]
weight_radius = "1e-6"
"""


def test_a_pitchfork_of_a_box(tmp_path: Path) -> None:
    """x = 0 of an RNN without biases: 1 is a multiplier at γ = 1/ν, and 14 of its terms say which way the fork points."""
    problem = load_text(SMALL)
    assert isinstance(problem, CellProblem)
    found = api.prove(problem, tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    (claims,) = (point.claims for point in found.bundle.points.values())
    rng = np.random.default_rng(1)
    for k in range(20):
        one = drawn(problem, rng, k % 2 == 0)
        nu = max(np.linalg.eigvals(one.directions["weight_hh"].to_binary64_approx()).real)
        assert claims.parameter.low < 1 / nu < claims.parameter.high
    text = (tmp_path / "bundle/points/pitchfork-0001.tex").read_text()
    assert r"every entry of $W_{\mathrm h}'$ within $1\cdot 10^{-6}$ of its given value, all other numbers exact" in text


EULER = """
[network]
family = "asymmetric-rnn"
R1 = [["0.8", "-1.1"], ["1.2", "0.7"]]
leak = "1"
time = { euler = "0.3" }
[parameter]
interval = ["-1", "1.4"]
[proof]
weight_radius = { R1 = "1e-5" }
"""


def test_a_map_of_layers_with_a_box(tmp_path: Path) -> None:
    """x ↦ x + 0.3(−x + tanh((W + γI)x)), W = R1 − R1ᵀ: W moves off its diagonal alone, and |0.7 + 0.3(γ ± iw)| = 1."""
    found = api.prove(load_text(EULER), tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    (claims,) = (point.claims for point in found.bundle.points.values())
    for w in (2.3 - 2e-5, 2.3, 2.3 + 2e-5):
        gamma = ((1 - (0.3 * w) ** 2) ** 0.5 - 0.7) / 0.3
        assert claims.parameter.low < gamma < claims.parameter.high
    assert claims.parameter.width < Fraction(1, 10**3)


@pytest.mark.slow
def test_folds_of_a_box(tmp_path: Path) -> None:
    """One neuron with itself, h ↦ tanh(2h + γ) beside one that follows: folds at tanh' = 1/2 for all networks of the box."""
    text = SMALL.replace("0.8", "2").replace('"0.2", "-0.5"', '"0.3", "0.5"').replace('"0.1"', '"0"').replace("1e-6", "1e-5")
    text = text.replace('{ gain = "weight_hh" }', '{ array = "bias_hh", row = 1 }').replace('"0.5", "1.6"', '"-1", "0.7"')
    text = text.replace("[parameter]", 'bias_hh = ["0", "0"]\nstart = ["-0.995", "-0.5"]\n[parameter]')
    problem = load_text(text)
    found = api.prove(problem, tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted"
    folds = [claims for point in found.bundle.points.values() if hasattr(claims := point.claims, "solutions_for")]
    assert folds
    for claims in folds:
        sign = 1 if claims.parameter.low > 0 else -1
        for w in (2 - 1e-5, 2, 2 + 1e-5):
            h = -sign * (1 - 1 / w) ** 0.5
            for b in (-1e-5, 0, 1e-5):
                assert claims.parameter.low < np.arctanh(h) - w * h - b < claims.parameter.high


# --- the box ---------------------------------------------------------------------------------------


WAYS = [("gru", "gain"), ("gru", "towards"), ("gru", "weight_ih"), ("lstm", "input"), ("lstm", "bias")]


def spread(problem: CellProblem, radii: dict[str, str]) -> CellProblem:
    return replace(problem, weight_radius={name: Fraction(r) for name, r in radii.items() if name in problem.with_radii})


RADII = {"weight_ih": "1e-3", "weight_hh": "2e-3", "bias_hh": "3e-3", "bias_ih": "4e-3", "input": "5e-3"}


@pytest.mark.parametrize(("cell", "way"), WAYS)
def test_gates_of_networks_of_the_box(cell: str, way: str, tmp_path: Path) -> None:
    """The affine steps of networks drawn from the box lie within the radii, and come near them; the checker spans the
    same box from problem.json, which gives the problem back, as its spec does."""
    drawn_cell, _ = random_cell(cell, way, tmp_path)
    assert isinstance(drawn_cell, CellProblem)
    problem, rng = spread(drawn_cell, RADII), np.random.default_rng(5)
    gates, radii = problem.gates(), problem.gate_radii()
    largest = dict.fromkeys(((name, letter) for name in gates for letter in "WEbc"), Fraction(0))
    for k in range(60):
        for name, gate in drawn(problem, rng, k % 4 > 0).gates().items():
            for letter in "WEbc":
                own, middle, radius = (getattr(g, letter) for g in (gate, gates[name], radii[name]))
                for row, near, r in zip(*((m.fractions() if m is not None else []) for m in (own, middle, radius)), strict=True):
                    for y, z, bound in zip(row, near, r, strict=True):
                        assert abs(y - z) <= bound
                        largest[name, letter] = max(largest[name, letter], abs(y - z) / bound if bound else Fraction(0))
    moving = [key for key in largest if (part := getattr(radii[key[0]], key[1])) is not None and not part.is_zero()]
    assert moving and all(largest[key] > Fraction(4, 5) for key in moving)
    files, file = describe(problem)
    for path, data in files.contents.items():
        (tmp_path / "bundle" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bundle" / path).write_bytes(data)
    checked = read_problem(CheckedBundle(tmp_path / "bundle"), engine_of("python"))
    assert isinstance(checked, CheckedCell) and checked.box == {name: Fraction(r) for name, r in RADII.items() if name in problem.with_radii}
    for name, gate in checked.gates.items():
        if radii[name].W is not None:
            for rows, unit, part in ((gate.W_radius, gate.W_unit, radii[name].W), (gate.E_radius, gate.E_unit, radii[name].E)):
                assert part is not None and [[Fraction(x, unit) for x in row] for row in rows] == part.fractions()
        assert [[x] for x in gate.b_radius] == radii[name].b.fractions() and [[x] for x in gate.c_radius] == radii[name].c.fractions()
    assert describe(load_text(cell_toml(problem)))[1].document == file.document


@pytest.mark.parametrize(("cell", "way"), WAYS)
def test_the_field_over_the_box(cell: str, way: str, tmp_path: Path) -> None:
    """f and all its forms, emitted and in the checker, hold those of networks drawn from the box, and are not exact."""
    exact, _ = random_cell(cell, way, tmp_path)
    assert isinstance(exact, CellProblem)
    problem, rng, n = spread(exact, RADII), np.random.default_rng(6), exact.dimension
    x, u = ([Fraction(int(k), 64) for k in rng.integers(-64, 64, n)] for _ in range(2))

    def emitted(given: CellProblem) -> list[Any]:
        with working_precision(128):
            field = field_balls(given, emit_field(given, "0" * 64))
            e = field.expand(arb("0.375"), [arb(y.numerator) / y.denominator for y in x], 3)
            a = [acb(y.numerator) / y.denominator for y in u]
            forms = [field.B(e, a, a), field.C(e, a, a, a), field.parameter_derivative(e), field.jacobian_parameter(e, a)]
            return [*e.value, *field.jacobian(e).entries(), *(y.real for form in forms for y in form)]

    def checked(given: CellProblem, number: int) -> list[Any]:
        files, _ = describe(given)
        for path, data in files.contents.items():
            (tmp_path / str(number) / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / str(number) / path).write_bytes(data)
        bundle = CheckedBundle(tmp_path / str(number))
        net = bundle.parts((own := read_problem(bundle, engine_of("python"))).jets).FIELD(own, 192)
        xs, us = ([real(y, 192) for y in w] for w in (x, u))
        at = net.at(real(Fraction(3, 8), 192), xs)
        jets = net.jets(at, [us, net.none, *net.units], [0, 1] + [0] * n, [(0, 0), (0, 1)], [(0, 0, 0)])
        return [*at.f, *(y for part in (jets.first, jets.second, jets.third) for v in part for y in v)]

    wide, box = emitted(problem), checked(problem, 0)
    for number in range(1, 5):
        one = drawn(problem, rng, number % 2 == 0)
        thin = emitted(one)
        assert all(a.contains(b.mid()) for a, b in zip(wide, thin, strict=True))
        for a, b in zip(box, checked(one, number), strict=True):
            assert a.lo <= b.hi and b.lo <= a.hi and a.hi - a.lo >= b.hi - b.lo
            assert a.lo - 8 <= b.lo and b.hi <= a.hi + 8  # but for roundings
    assert all(a.rad() > 1e-6 for a in wide[:n]) and all(a.hi - a.lo > 2**170 for a in box[:n])


def test_a_bias_that_is_not_exact_moves_the_origin() -> None:
    """x = 0 is no fixed point of all networks of the box, though it is one of its middle; then nothing is odd."""
    exact = 'family = "rnn"\nweight_hh = [["0", "1"], ["-1", "0.5"]]\n'
    spec = f'[network]\n{exact}bias = ["0", "0"]\n[parameter]\nenters = {{ gain = "weight_hh" }}\ninterval = ["0.5", "1.5"]\n[proof]\nweight_radius = '
    still, moved = (load_text(spec + radius) for radius in ('{ weight_hh = "1e-6" }', '"1e-6"'))
    assert isinstance(still, CellProblem) and isinstance(moved, CellProblem)
    assert still.vanishes and still.odd and not moved.vanishes and not moved.odd


def test_refused() -> None:
    text = (RNN / "rnn-4.toml").read_text()
    for more, message in (
        ('\n[proof]\nweight_radius = { alpha = "-1" }', "weight_radius"), ('\n[proof]\nweight_radius = { W1 = "1" }', "no array 'W1'"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=message):
            load_text(text + more)
    with pytest.raises(InputError, match='expected "tanh"'):
        load_text(text.replace('family = "rnn"', 'family = "rnn"\nactivation = "sin"') + '\n[proof]\nweight_radius = "1e-6"')
    exact = load_text(text)
    assert isinstance(exact, Problem)
    with pytest.raises(ArgumentError, match="which says what is not exact"):
        api.largest_radius(exact)


# --- alpha -----------------------------------------------------------------------------------------


ALPHA = """
[network]
family = "rnn"
weight_hh = [["1.2", "-1.5"], ["1.5", "1.2"]]
bias = ["0.1", "-0.05"]
start = ["0", "0"]
[parameter]
name = "alpha"
enters = "alpha"
interval = ["0.02", "1"]
"""


def test_alpha_as_the_parameter(tmp_path: Path) -> None:
    """h ↦ (1 − α)h + α tanh(Wh + b): the fixed point does not move, and its multipliers are 1 + α(ν − 1). Known in closed
    form where ν is: |1 + α(ν − 1)| = 1 at α = 2(1 − Re ν)/|1 − ν|²."""
    problem = load_text(ALPHA.replace("1.2", "0.8").replace("1.5", "1.4"))
    assert isinstance(problem, CellProblem)
    found = api.prove(problem, tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    (claims,) = (point.claims for point in found.bundle.points.values())
    x = fixed(problem, np.zeros(2), 1.0)
    nu = np.linalg.eigvals(jacobian(problem, x, 1.0))[0]
    expected = 2 * (1 - nu.real) / abs(1 - nu) ** 2
    assert abs(float(claims.parameter.middle) - expected) < 1e-12 and 0.1 < expected < 0.9
    text = (tmp_path / "bundle/points/ns-0001.tex").read_text()
    assert r"\mathrm h^+ &= (1-\boldsymbol\alpha)\circ \mathrm h + \boldsymbol\alpha\circ \tanh" in text
    assert r"$\alpha$ is every entry of~$\boldsymbol\alpha$" in text
    assert describe(load_text(cell_toml(problem)))[1].document == describe(problem)[1].document
    assert describe(load_bundle(tmp_path / "bundle").problem)[1].document == describe(problem)[1].document


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [('"rnn"', '"rnn"\nalpha = "0.5"', "expected no alpha"), ('"rnn"', '"rnn"\ntime = "continuous"', "scale the time"),
     ('"0.02"', '"-0.1"', "positive"), ('"rnn"', '"rnn"\nactivation = "sin"', "tanh"), ('"rnn"', '"lstm"', "square|lstm|rows")],
)  # fmt: skip
def test_alpha_where_it_cannot_be(old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_text(ALPHA.replace(old, new))


# --- forgeries -------------------------------------------------------------------------------------


def forged(bundle: Path, copy: Path, file: str, **changes: Any) -> str:
    """A copy with other values of keys, and all digests right again."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(bundle, copy)
    write(copy / file, read(copy / file) | changes)
    rehash(copy)
    return str(copy)


def test_forged_boxes(bundles: Bundles, tmp_path: Path) -> None:
    """A larger box than the one that was proved, and boxes that are none; a smaller one is a part of it."""
    _, out, _ = bundles("gru")
    inline = {"entries": ["1e-6"] * 6}
    radii: list[Any] = [
        "1e-4", "-1e-6", 0, None, [], {"weight_hh": "1e-4"}, {"weight_hh": "-1e-6"}, {"alpha": "1e-6"}, {"W": "1e-6"},
        {"bias_hh": {"entries": ["-1e-6"] * 6}}, {"bias_hh": {"entries": ["1e-6"] * 5}}, {"weight_hh": inline},
    ]  # fmt: skip
    for radius in radii:
        assert check_path(forged(out, tmp_path / "copy", "problem.json", weight_radius=radius)).exit_code == 1, radius
    assert check_path(forged(out, tmp_path / "copy", "problem.json")).exit_code == 0


def test_claims_that_leave_out_networks_of_the_box(bundles: Bundles, tmp_path: Path) -> None:
    """Enclosures narrowed to those of one network: true of it, false of others."""
    problem, out, _ = bundles("gru")
    rng = np.random.default_rng(7)
    (one,) = (point.claims for point in api.prove(drawn(problem, rng, True)).bundle.points.values())
    certificate = read(out / "points/ns-0001.json")
    for key, claim in (("parameter", one.parameter), ("theta", one.theta), ("coefficient", one.coefficient), ("log_modulus_speed", one.log_modulus_speed)):
        claims = certificate["claims"] | {key: list(claim.text)}
        assert check_path(forged(out, tmp_path / "copy", "points/ns-0001.json", claims=claims)).exit_code == 1


def test_gamma_squared_is_in_no_network_of_the_box(tmp_path: Path) -> None:
    """W'u' with X' = 0 in the middle and a radius: tanh(γ²/2) at x = 0, of a network in the box, is not 0."""
    text = '''[network]
family = "rnn"
weight_hh = [["0", "1"], ["-1", "-1"]]
[parameter]
enters = { gain = "weight_hh" }
interval = ["0.8", "1.2"]
[proof]
weight_radius = { weight_hh = "1e-7" }
'''
    out = tmp_path / "out"
    assert api.prove(load_text(text), out).proved
    whole = read(out / "problem.json")
    moved, zero, one = {"entries": [["0"], ["0"]]}, {"entries": ["0"]}, {"entries": ["1"]}
    for W, u, radius, arrays in (
        (moved, one, {"weight_ih": "0.5"}, {}),
        ({"entries": [["1"], ["0"]]}, zero, {"input": "0.5"}, {}),
        (moved, zero, {"weight_ih": "3", "input": "0.5"}, {}),
        (moved, one, "1e-7", {}),
        ({"entries": [["1"], ["0"]]}, one, {}, {}),
    ):
        radii = radius if isinstance(radius, str) else whole["weight_radius"] | radius
        changes = {
            "directions": whole["directions"] | {"weight_ih": W, "input": u}, "weight_radius": radii,
            "arrays": whole["arrays"] | arrays,
        }  # fmt: skip
        copy = Path(forged(out, tmp_path / "copy", "problem.json", **changes))
        report = check_path(str(copy))
        assert report.exit_code == 1 and "gamma squared" in str(report.items[0].failures), radius
        with pytest.raises(InputError, match="γ² occurs"):
            load_bundle(copy)
    problem = load_text(text)
    assert isinstance(problem, CellProblem)
    zeros = {"weight_ih": ExactMatrix.zeros(2, 1), "input": ExactMatrix.zeros(1, 1)}
    wide = replace(problem, directions=dict(problem.directions) | zeros, weight_radius={"weight_ih": Fraction(1), "input": Fraction(1)})
    with pytest.raises(ValueError, match="not affine"):
        wide.gates()
