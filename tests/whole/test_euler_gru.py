"""Euler maps x ↦ x + εf(x) of recurrent networks as flows: of a GRU by its step, of an RNN by alpha."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from check_tools import read, write
from flint import acb, arb
from test_cell_boxes import boxed, crossing, drawn
from test_cells import DATA, EXACT, SIGMA, TANH, random_cell, step
from test_rnn import holds

import proofgen
from proofgen import api
from proofgen.bundle.problem import describe
from proofgen.bundle.read import load_bundle
from proofgen.check import check_path, table
from proofgen.checker.files import Bundle as CheckedBundle
from proofgen.checker.intervals import real
from proofgen.checker.problem import read_problem
from proofgen.checker.products import engine_of
from proofgen.codegen.approx import field_approx
from proofgen.errors import InputError
from proofgen.formulas.cell import cell_text, derive_cell
from proofgen.numbers.balls import working_precision
from proofgen.problem.cell import CellProblem
from proofgen.spec.load import load_text
from proofgen.spec.written import cell_toml
from proofgen.strategy.fields import emit_field, field_balls

FLOW = (DATA / "ctgru-4.toml").read_text()
START = ("-0.975", "-0.999", "0.122", "-0.197")
AT_HOPF = {"parameter": "2.599371795627193483897542492981877276978", "omega": "0.6126939414881924289075438399117562894856",
           "coefficient": "-2.518350895565009459866464403336433636938"}  # fmt: skip


def euler(epsilon: str, interval: tuple[str, str]) -> CellProblem:
    """The GRU of four units in Euler steps, near its Hopf point as a flow."""
    problem = load_text(FLOW.replace('time = "continuous"', f'time = {{ euler = "{epsilon}" }}'))
    assert isinstance(problem, CellProblem) and problem.discrete
    low, high = map(Fraction, interval)
    return replace(problem, interval=(low, high), start=tuple(map(Fraction, START)))


def exact(problem: CellProblem, gamma: Any) -> dict[str, Any]:
    arrays = {name: EXACT(np.array(array.fractions(), dtype=object)) for name, array in problem.arrays.items()}
    arrays |= {name: gamma * EXACT(np.array(array.fractions(), dtype=object)) for name, array in problem.directions.items()}
    return {name: array if name.startswith("weight") else array[:, 0] for name, array in arrays.items()}


def spectrum(problem: CellProblem, gamma: Any, x: list[Any]) -> tuple[list[Any], list[Any]]:
    """Of the flow, from PyTorch's definition: an equilibrium near x and the eigenvalues there, by differences."""
    arrays = exact(problem, gamma)

    def f(*y: Any) -> list[Any]:
        h = np.array(y, dtype=object)
        return list(step(arrays, "gru", h, TANH, SIGMA) - h)

    x = list(mp.findroot(f, x))
    n = len(x)
    A = mp.matrix(n)
    for j in range(n):
        moved = [mp.diff(lambda t, i=i, j=j: f(*(y + t * (k == j) for k, y in enumerate(x)))[i], 0) for i in range(n)]
        for i in range(n):
            A[i, j] = moved[i]
    return x, list(mp.eig(A, right=False))


@cache
def neimark_sacker(epsilon: str, gamma: str) -> tuple[Any, list[Any], Any]:
    """Where |1 + ελ| = 1 for a pair of eigenvalues of the flow: γ, x and λ, to 35 digits."""
    problem = euler(epsilon, ("2", "3"))
    with mp.workdps(45):
        e, x = mp.mpf(epsilon), [mp.mpf(y) for y in START]

        def pair(g: Any) -> tuple[list[Any], Any]:
            found, values = spectrum(problem, g, x)
            return found, max(values, key=lambda value: (value.imag, value.real))

        g = mp.findroot(lambda g: abs(1 + e * pair(g)[1]) ** 2 - 1, (mp.mpf(gamma), mp.mpf(gamma) + mp.mpf("0.001")))
        return (g, *pair(g))


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the step 0.1."""
    out = tmp_path_factory.mktemp("euler") / "bundle"
    found = api.prove(euler("0.1", ("2.4", "2.65")), out)
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    return out


def test_against_the_spectrum_of_the_flow(bundle: Path) -> None:
    """Fixed points are the equilibria of the flow, multipliers 1 + ελ."""
    claims: Any = load_bundle(bundle).points["ns-0001"].claims
    g, x, value = neimark_sacker("0.1", "2.49")
    with mp.workdps(45):
        assert holds(claims.parameter, mp.nstr(g, 38)) and holds(claims.theta, mp.nstr(mp.arg(1 + value / 10), 38))
        assert all(holds(entry, mp.nstr(y, 38)) for entry, y in zip(claims.equilibrium, x, strict=True))
    assert (claims.inside, claims.outside) == (2, 0)


@pytest.mark.parametrize("epsilon", ["1e-3", pytest.param("1e-9", marks=pytest.mark.slow)])
def test_small_steps(epsilon: str, tmp_path: Path) -> None:
    """Close to the Hopf point of the flow, below it as |1 + ελ| > 1 on the axis: θ ≈ εω, a ≈ εωℓ1."""
    found = api.prove(euler(epsilon, ("2.59", "2.605")), tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    claims: Any = found.bundle.points["ns-0001"].claims
    e, gamma, omega, l1 = float(epsilon), *(float(AT_HOPF[key]) for key in ("parameter", "omega", "coefficient"))
    distance = gamma - float(claims.parameter.middle)
    assert claims.parameter.high < Fraction(AT_HOPF["parameter"]) and 0.9 < distance / e < 1.1
    assert abs(float(claims.theta.middle) / (e * omega) - 1) < 2 * e + 1e-12
    assert abs(float(claims.coefficient.middle) / (e * omega * l1) - 1) < 5 * e + 1e-9


def test_all_forms_are_those_of_the_flow(tmp_path: Path) -> None:
    """f and its derivatives times ε, emitted, in binary64 and in the checker."""
    one, _ = random_cell("gru", "towards", tmp_path)
    assert isinstance(one, CellProblem)
    epsilon, n, g = Fraction("0.0123"), one.dimension, Fraction(3, 8)
    problem, rng = replace(one, step=epsilon), np.random.default_rng(3)
    x, u = ([Fraction(int(k), 64) for k in rng.integers(-64, 64, n)] for _ in range(2))

    def emitted(given: CellProblem) -> list[Any]:
        field = field_balls(given, emit_field(given, "0" * 64))
        e = field.expand(arb(3) / 8, [arb(y.numerator) / y.denominator for y in x], 3)
        a = [acb(y.numerator) / y.denominator for y in u]
        second = field.second_along(e, [y.real for y in a]) or []
        return [*e.value, *field.jacobian(e).entries(), *field.parameter_derivative(e), *field.jacobian_parameter(e, a), *field.B(e, a, a),
                *field.C(e, a, a, a), *field.jacobian_along(e, a, 1).entries(), *field.tangent(e, [y.real for y in a])[1], *second]  # fmt: skip

    def checked(given: CellProblem, name: str) -> list[Any]:
        for path, data in describe(given)[0].contents.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_bytes(data)
        bundle = CheckedBundle(tmp_path / name)
        read_back = read_problem(bundle, engine_of("python"))
        net = bundle.parts(read_back.jets).FIELD(read_back, 192)
        xs, us = ([real(y, 192) for y in w] for w in (x, u))
        at = net.at(real(g, 192), xs)
        jets = net.jets(at, [us, net.none, *net.units], [0, 1] + [0] * n, [(0, 0), (0, 1)], [(0, 0, 0), (0, 0, 1)])
        over = net.over(real(g, 192), xs, us, 2**184, [2**183] * n)[1]
        assert all(b.lo <= p.lo and p.hi <= b.hi for p, b in zip(at.f, over.f, strict=True))
        return [y.exact for w in (at.f, *jets.first, *jets.second, *jets.third) for y in w]

    with working_precision(160):
        for found, expected in zip(emitted(problem), emitted(one), strict=True):
            value = expected * epsilon.numerator / epsilon.denominator
            assert found.overlaps(value) and abs(found - value).rad() < 1e-30 + abs(value).mid() * 1e-25
    for found, expected in zip(checked(problem, "euler"), checked(one, "map"), strict=True):
        assert found.lo <= epsilon * expected.hi and epsilon * expected.lo <= found.hi and found.hi - found.lo < Fraction(1, 10**35)
    at = np.array(list(map(float, x))), 0.375
    for name in ("f", "jacobian", "f_gamma"):
        assert np.allclose(getattr(field_approx(problem), name)(*at), 0.0123 * getattr(field_approx(one), name)(*at))
    along = (*at, np.array(list(map(float, u))), 1.0)
    assert np.allclose(field_approx(problem).jacobian_along(*along), 0.0123 * field_approx(one).jacobian_along(*along))


def test_a_box(tmp_path: Path) -> None:
    """Networks drawn from it cross inside of the claims."""
    problem = boxed(DATA / "ctgru-4.toml", '"1e-8"')
    problem = replace(problem, **{key: getattr(euler("0.1", ("2.48", "2.5")), key) for key in ("interval", "start", "step", "discrete")})
    found = api.prove(problem, tmp_path / "bundle")
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    claims: Any = found.bundle.points["ns-0001"].claims
    rng, moved = np.random.default_rng(3), []
    x, gamma = np.array([float(e.middle) for e in claims.equilibrium]), float(claims.parameter.middle)
    for k in range(20):
        g, y, own = crossing(drawn(problem, rng, k % 2 == 0), x, gamma, np.exp(1j * float(claims.theta.middle)))
        assert claims.parameter.low < g < claims.parameter.high and abs(abs(own) - 1) < 1e-12
        assert claims.theta.low < abs(np.angle(own)) < claims.theta.high
        assert all(e.low < v < e.high for e, v in zip(claims.equilibrium, y.tolist(), strict=True))
        moved.append(g)
    assert max(moved) - min(moved) > 1e-9 + float(claims.parameter.width) / 500
    radius = read(tmp_path / "bundle" / "problem.json")
    assert radius["step"] == "0.1" and radius["weight_radius"] == "1e-8"


# --- what is written ------------------------------------------------------------------------------


def test_documents(bundle: Path) -> None:
    """The printed map has the step; the bundle and the spec give the problem back; a step of 1 is PyTorch's map."""
    text = (bundle / "points/ns-0001.tex").read_text()
    assert r"\mathrm h^+ &= \mathrm h + 0.1\,(1-\mathrm z)\circ (\mathrm n - \mathrm h)" in text
    assert "GRU network in Euler steps" in text and "but for the length of the step" in text
    problem = euler("0.1", ("2.4", "2.65"))
    for again in (load_bundle(bundle).problem, load_text(cell_toml(problem))):
        assert describe(again)[1].document == describe(problem)[1].document
    assert "h⁺ = h + 0.1 (1 − z)∘(n − h)" in cell_text(derive_cell(problem))
    assert "step_f = 1/10 * f" in emit_field(problem, "0" * 64).source
    of_one = describe(euler("1", ("2.4", "2.65")))[1].document
    assert "step" not in of_one and of_one["time"] == "discrete"


def test_python() -> None:
    weights = {"weight_hh": np.array([[1.0], [2.0], [3.0]])}
    made: Any = proofgen.recurrent(weights, kind="gru", interval=("0.5", "1"), time={"euler": 0.25})
    assert made.exact.step == Fraction(1, 4) and made.exact.discrete


RNN = """
[network]
family = "rnn"
time = { euler = "0.25" }
weight_hh = [["0.8", "-1.1"], ["1.2", "0.7"]]
bias_hh = ["0.1", "-0.2"]
alpha = "0.5"
[parameter]
enters = { gain = "weight_hh" }
interval = ["0.5", "1.6"]
"""


@pytest.mark.parametrize("radius", ["", '[proof]\nweight_radius = "1e-9"\n'])
def test_of_an_rnn_it_is_alpha(radius: str) -> None:
    moved, map_ = load_text(RNN + radius), load_text(RNN.replace('time = { euler = "0.25" }\n', "").replace('"0.5"\n', '"0.125"\n', 1) + radius)
    assert describe(moved)[1].document == describe(map_)[1].document


LSTM = (DATA / "lstm-2.toml").read_text()


@pytest.mark.parametrize(("text", "message"), [
    (LSTM.replace('family = "lstm"', 'family = "lstm"\ntime = { euler = "0.1" }'), "an LSTM is a map"),
    (FLOW.replace('"continuous"', '{ euler = "0" }'), "expected a positive step"),
    (FLOW.replace('"continuous"', '{ euler = "-0.1" }'), "expected a positive step"),
    (FLOW.replace('"continuous"', '{ euler = "nan" }'), "network.time.euler"),
    (FLOW.replace('"continuous"', '{ euler = "1e200" }'), "expected a decimal from 1e-100 to 1e100"),
    (FLOW.replace('"continuous"', f'{{ euler = "0.{"1" * 130}" }}'), "at most 120 characters"),
    (FLOW.replace('"continuous"', '{ step = "0.1" }'), "expected \"continuous\""),
    (FLOW.replace('"continuous"', "0.1"), "an Euler step of this flow"),
    (RNN.replace('"0.25"', '"2.5"'), "at most 1, the alpha of the map"),
    (RNN.replace('alpha = "0.5"', 'alpha = "2"'), "network.alpha"),
    (RNN.replace('{ gain = "weight_hh" }', '"alpha"'), "alpha is the step"),
])  # fmt: skip
def test_refused(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        load_text(text)
    assert message in str(error.value)


# --- forged steps ---------------------------------------------------------------------------------

NOT_READ: list[dict[str, Any]] = [
    {"step": 1}, {"step": [1, -3]}, {"step": None}, {"step": "0"}, {"step": "0.0"}, {"step": "-0.1"}, {"step": "nan"}, {"step": "inf"}, {"step": "1/10"},
    {"step": "+0.1"}, {"step": " 0.1"}, {"step": "1e-101"}, {"step": "1e101"}, {"step": "1e-4000"}, {"step": "1e99999999"}, {"step": f"0.1{'0' * 200}"},
    {"step": "0.1", "time": None}, {"step": "0.1", "cell": "lstm"}, {"step": "0.1", "cell": "rnn"}, {"step": ["0.1"]},
]  # fmt: skip
FALSE: list[dict[str, Any]] = [{"step": step} for step in ("0.2", "0.05", "0.1000001", "0.0999999", "1", "10", None)]


def forged(bundle: Path, out: Path, change: dict[str, Any]) -> Any:
    """The bundle with another problem.json, which every document names."""
    shutil.copytree(bundle, out)
    old, document = hashlib.sha256((out / "problem.json").read_bytes()).hexdigest(), read(out / "problem.json")
    document |= change
    for key in ("step", "time"):
        if document.get(key, "") is None:
            del document[key]
    write(out / "problem.json", document)
    new = hashlib.sha256((out / "problem.json").read_bytes()).hexdigest()
    for path in out.rglob("*.json"):
        path.write_text(path.read_text().replace(old, new))
    for path in [*out.glob("MANIFEST*"), *out.rglob("*.tex")]:
        path.unlink()
    return check_path(str(out))


def test_the_forger_alone_changes_nothing(bundle: Path, tmp_path: Path) -> None:
    """Another text of the same number: whatever is refused below is refused for the step."""
    report = forged(bundle, tmp_path / "b", {"step": "1e-1"})
    assert report.verdict != "rejected", table(report)


@pytest.mark.parametrize("change", FALSE, ids=lambda change: str(change["step"]))
def test_another_step(change: dict[str, Any], bundle: Path, tmp_path: Path) -> None:
    report = forged(bundle, tmp_path / "b", change)
    assert report.verdict == "rejected" and "defect of the checker" not in table(report)


@pytest.mark.parametrize("change", NOT_READ, ids=lambda change: json.dumps(change)[:40])
def test_no_step(change: dict[str, Any], bundle: Path, tmp_path: Path) -> None:
    """Refused where it is read, by the checker and by the prover."""
    out = tmp_path / "b"
    shutil.copytree(bundle, out)
    document = read(out / "problem.json") | change
    if document["time"] is None:
        del document["time"]
    write(out / "problem.json", document)
    report = check_path(str(out))
    assert report.verdict == "rejected" and "problem.json" in table(report) and "defect of the checker" not in table(report)
    with pytest.raises(InputError):
        load_bundle(out)


def test_a_step_as_a_float(bundle: Path, tmp_path: Path) -> None:
    out = tmp_path / "b"
    shutil.copytree(bundle, out)
    text = (out / "problem.json").read_text()
    assert '"step": "0.1"' in text
    for value in ("0.1", "1e-1", "NaN", "Infinity", "1" * 30):
        (out / "problem.json").write_text(text.replace('"step": "0.1"', f'"step": {value}'))
        assert check_path(str(out)).verdict == "rejected"
        with pytest.raises(InputError):
            load_bundle(out)
