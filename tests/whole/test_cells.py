"""GRUs and LSTMs as maps: points computed independently to 40 digits, PyTorch's definitions, forged weights."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from check_tools import read, write
from flint import acb, arb
from ordinary import some
from test_rnn import holds

from proofgen import api
from proofgen.bundle.bundle import Bundle
from proofgen.bundle.neimark_sacker import NeimarkSackerClaims
from proofgen.bundle.problem import describe
from proofgen.bundle.read import load_bundle
from proofgen.check import check_path, table
from proofgen.checker.files import Bundle as CheckedBundle
from proofgen.checker.intervals import real
from proofgen.checker.problem import read_problem
from proofgen.checker.products import engine_of
from proofgen.codegen.approx import field_approx
from proofgen.errors import InputError
from proofgen.numbers.balls import working_precision
from proofgen.problem.cell import CellProblem
from proofgen.problem.problem import AnyProblem
from proofgen.spec.load import load, load_text
from proofgen.spec.written import cell_toml
from proofgen.strategy.fields import emit_field, field_balls

DATA = Path(__file__).parents[1] / "data" / "cells"
VALUES = json.loads((DATA / "values.json").read_text())


# --- points ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cell") / "bundle"
    check_points("gru-2", out)
    return out


def check_points(name: str, out: Path) -> Bundle:
    found = api.prove(load(DATA / f"{name}.toml"), out)
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    points = sorted((point.claims for point in found.bundle.points.values()), key=lambda claims: claims.parameter.low)
    assert [claims.kind for claims in points] == [value["kind"] for value in VALUES[name]]
    for claims, value in zip(points, VALUES[name], strict=True):
        assert holds(claims.parameter, value["parameter"]) and holds(claims.coefficient, value["coefficient"])
        assert all(holds(*pair) for pair in zip(claims.equilibrium, value["fixed_point"], strict=True))
        assert (claims.inside, claims.outside) == (value["inside"], value["outside"])
        speed = claims.log_modulus_speed if isinstance(claims, NeimarkSackerClaims) else claims.multiplier_speed
        assert holds(speed, value["speed"])
        if isinstance(claims, NeimarkSackerClaims):
            assert holds(claims.theta, value["theta"])
    return found.bundle


@pytest.mark.parametrize("name", some(sorted(VALUES.keys() - {"gru-2"}), 0, ["flip-lstm-2"]))
def test_points(name: str, tmp_path: Path) -> None:
    check_points(name, tmp_path / "bundle")


CONTINUOUS = {  # rounded to 40 digits, computed independently
    "parameter": "2.599371795627193483897542492981877276978", "omega": "0.6126939414881924289075438399117562894856",
    "crossing_speed": "0.1891459588405751360238084058737540034602",
    "first_lyapunov_coefficient": "-2.518350895565009459866464403336433636938",
}  # fmt: skip


def test_a_gru_in_continuous_time(tmp_path: Path) -> None:
    """h' = (1 − z)∘(n − h): a Hopf point, in a bundle of a flow; as a map, or of an LSTM, it is refused."""
    out = tmp_path / "bundle"
    problem = load(DATA / "ctgru-4.toml")
    assert isinstance(problem, CellProblem) and not problem.discrete
    narrow = replace(problem, interval=(Fraction("2.55"), Fraction("2.65")), start=tuple(map(Fraction, ("-0.975", "-0.999", "0.122", "-0.197"))))
    found = api.prove(narrow, out)
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    claims: Any = found.bundle.points["hopf-0001"].claims
    assert all(holds(getattr(claims, key), value) for key, value in CONTINUOUS.items()) and claims.unstable_eigenvalues == 0
    text = (out / "points/hopf-0001.tex").read_text()
    assert r"\dot{\mathrm h} &= (1-\mathrm z)\circ (\mathrm n - \mathrm h)" in text and "in continuous time" in text
    assert describe(load_text(cell_toml(narrow)))[1].document == describe(narrow)[1].document
    assert describe(load_bundle(out).problem)[1].document == describe(narrow)[1].document
    document = read(out / "problem.json")
    for change, message in (({"time": "discrete"}, "is not for a"), ({"cell": "lstm"}, "Rejected")):
        forged = shutil.copytree(out, tmp_path / f"forged-{message[:2]}")
        write(forged / "problem.json", document | change)
        assert check_path(str(forged)).exit_code == 1
    with pytest.raises(InputError, match="an LSTM is a map"):
        load_text((DATA / "lstm-2.toml").read_text().replace('family = "lstm"', 'family = "lstm"\ntime = "continuous"'))


def test_documents(small: Path) -> None:
    """PyTorch's equations stand in the certificate, the weights in the bundle; the same is read back."""
    text = (small / "points/ns-0001.tex").read_text()
    assert r"\mathrm n &= \tanh\bigl(W_{\mathrm{in}}\mathrm u + b_{\mathrm{in}} + \mathrm r\circ \bigl(W_{\mathrm{hn}}\mathrm h + b_{\mathrm{hn}}\bigr)\bigr)" in text
    assert r"W_{\mathrm h} = \gamma\,W_{\mathrm h}'" in text and "gated network (GRU) of two units" in text
    again = load_bundle(small).problem
    assert describe(again)[1].document == describe(load(DATA / "gru-2.toml"))[1].document


# --- the field, as PyTorch defines it -----------------------------------------------------------


def step(arrays: dict[str, Any], cell: str, x: Any, tanh: Callable[[Any], Any], sigma: Callable[[Any], Any]) -> Any:
    """One step of torch.nn.GRU or LSTM, line by line of its documentation; arrays of objects."""
    H = arrays["weight_hh"].shape[1]
    h, into = x[:H], arrays["weight_ih"] @ arrays["input"] + arrays["bias_ih"]
    back = arrays["weight_hh"] @ h + arrays["bias_hh"]
    if cell == "gru":
        r, z = sigma(into[:H] + back[:H]), sigma(into[H : 2 * H] + back[H : 2 * H])
        n = tanh(into[2 * H :] + r * back[2 * H :])
        return (1 - z) * n + z * h
    i, f, g, o = (function((into + back)[k * H : (k + 1) * H]) for k, function in enumerate((sigma, sigma, tanh, sigma)))
    c = f * x[H:] + i * g
    return np.concatenate([o * tanh(c), c])


EXACT = np.vectorize(lambda x: mp.mpf(x.numerator) / x.denominator, otypes=[object])
TANH, SIGMA = (np.vectorize(f, otypes=[object]) for f in (mp.tanh, lambda y: 1 / (1 + mp.exp(-y))))
WAYS = {
    "gain": '{ gain = "weight_hh" }', "gain-of-bias": '{ gain = "bias_hh" }', "input": "{ input = 2 }",
    "weight": '{ array = "weight_hh", row = 5, column = 2 }', "weight_ih": '{ array = "weight_ih", row = 5, column = 1 }',
    "bias": '{ array = "bias_hh", row = 6 }', "towards": '{ towards = "other.npz" }',
}  # fmt: skip


def random_cell(cell: str, way: str, folder: Path, seed: int = 1) -> tuple[AnyProblem, Callable[[Any, Any], Any]]:
    """A cell of two units and two inputs from a state_dict, and its map (x, γ) ↦ F in mpmath from the arrays themselves."""
    rng = np.random.default_rng(seed)
    rows = {"gru": 6, "lstm": 8}[cell]
    shapes = {"weight_hh": (rows, 2), "weight_ih": (rows, 2), "bias_hh": (rows,), "bias_ih": (rows,)}
    own, other = ({key: rng.standard_normal(shape).astype(np.float32) for key, shape in shapes.items()} for _ in range(2))
    for file, arrays in (("model.npz", own), ("other.npz", other)):
        np.savez(folder / file, **{f"net.{key}_l0": array for key, array in arrays.items()})  # type: ignore[arg-type]
    u = ["0.5", "0" if way == "input" else "-0.3"]
    problem = load_text(f"""
    [network]
    family = "{cell}"
    state_dict = "model.npz"
    prefix = "net."
    input = {json.dumps(u)}
    [parameter]
    enters = {WAYS[way]}
    interval = ["0", "1"]
    """, folder)

    def move(x: Any, gamma: Any) -> Any:
        arrays = {key: EXACT(np.vectorize(lambda y: Fraction(float(y)), otypes=[object])(array)) for key, array in own.items()}
        arrays["input"] = EXACT(np.array([Fraction(x) for x in u], dtype=object))
        match way:
            case "gain" | "gain-of-bias":
                name = "weight_hh" if way == "gain" else "bias_hh"
                arrays[name] = arrays[name] * gamma
            case "input":
                arrays["input"][1] = gamma
            case "weight":
                arrays["weight_hh"][4, 1] += gamma
            case "weight_ih":
                arrays["weight_ih"][4, 0] += gamma
            case "bias":
                arrays["bias_hh"][5] += gamma
            case "towards":
                for key, array in other.items():
                    arrays[key] = arrays[key] + gamma * (EXACT(np.vectorize(lambda y: Fraction(float(y)), otypes=[object])(array)) - arrays[key])
        return step(arrays, cell, x, TANH, SIGMA)

    return problem, move


def slopes(f: Callable[[Any], Any], order: int) -> list[Any]:
    """The derivative of a vector function of one number at 0."""
    return [mp.diff(lambda t, i=i: f(t)[i], 0, order) for i in range(len(f(mp.mpf(0))))]


def near(found: Any, values: Any) -> bool:
    """Balls that are narrow and hold numbers known to 15 digits, whose number is the same."""
    pairs = list(zip([y.real if isinstance(y, acb) else y for y in found], values, strict=True))
    return all(abs(float(y.mid()) - float(value)) < 1e-13 * (1 + abs(value)) and y.rad() < 1e-25 for y, value in pairs)


@pytest.mark.parametrize(("cell", "way"), [("gru", "gain"), ("gru", "bias"), ("gru", "towards"), ("lstm", "input"), ("lstm", "weight"), ("lstm", "weight_ih"), ("gru", "gain-of-bias")])
def test_against_the_definition(cell: str, way: str, tmp_path: Path) -> None:
    """Values, all forms and the Jacobian, emitted and in the checker, against derivatives of the definition by differences."""
    problem, F = random_cell(cell, way, tmp_path)
    n, g = problem.dimension, "0.375"
    rng = np.random.default_rng(2)
    x, u, v = ([Fraction(int(k), 64) for k in rng.integers(-64, 64, n)] for _ in range(3))
    with mp.workdps(60), working_precision(160):
        X, U, V = (EXACT(np.array(y, dtype=object)) for y in (x, u, v))
        field = field_balls(problem, emit_field(problem, "0" * 64))
        e = field.expand(arb(g), [arb(y.numerator) / y.denominator for y in x], 3)
        a, b = ([acb(y.numerator) / y.denominator for y in w] for w in (u, v))
        G = mp.mpf(g)
        along_u, along_gamma = slopes(lambda t: F(X + t * U, G) - (X + t * U), 1), slopes(lambda t: F(X, G + t), 1)
        A = field.jacobian(e)
        product = A * type(A)([[y.real] for y in a])
        second_u = slopes(lambda t: F(X + t * U, G), 2)
        mixed = [(p - q) / 4 for p, q in zip(*(slopes(lambda t, s=s: F(X + t * (U + s * V), G), 2) for s in (1, -1)), strict=True)]
        third = slopes(lambda t: F(X + t * U, G), 3)
        rate = slopes(lambda s: np.array(slopes(lambda t: F(X + t * U, G + s), 1), dtype=object), 1)
        assert near(e.value, F(X, G) - X) and near(product.entries(), along_u)
        assert near(field.parameter_derivative(e), along_gamma) and near(field.jacobian_parameter(e, a), rate)
        assert near(field.B(e, a, a), second_u) and near(field.B(e, a, b), mixed) and near(field.C(e, a, a, a), third)
        bent = field.jacobian_along(e, a, 1) * type(A)([[y.real] for y in a])
        assert near(bent.entries(), [p + q for p, q in zip(second_u, rate, strict=True)])
        whole = slopes(lambda t: F(X + t * U, G + t), 2)
        steps, tangent = field.tangent(e, [y.real for y in a])
        assert near(tangent, [p + q for p, q in zip(along_u, along_gamma, strict=True)]) and len(steps) == len(e.z)
        assert near(field.second_along(e, [y.real for y in a]) or [], whole)
    approx = field_approx(problem)
    floats = np.array([float(y) for y in x]), 0.375
    assert np.allclose(approx.jacobian(*floats) @ [float(y) for y in u], [float(y) for y in along_u])
    assert np.allclose(approx.f_gamma(*floats), [float(y) for y in along_gamma])
    # the checker, which builds the cell from problem.json
    files, _ = describe(problem)
    for path, data in files.contents.items():
        (tmp_path / "bundle" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bundle" / path).write_bytes(data)
    bundle = CheckedBundle(tmp_path / "bundle")
    checked = read_problem(bundle, engine_of("python"))
    net = bundle.parts(checked.jets).FIELD(checked, 192)
    xs, us, vs = ([real(y, 192) for y in w] for w in (x, u, v))
    at = net.at(real(Fraction(g), 192), xs)
    jets = net.jets(at, [us, vs, net.none, *net.units], [0, 0, 1] + [0] * n, [(0, 0), (0, 1), (0, 2)], [(0, 0, 0)])
    expected = [(at.f, F(X, G) - X), (jets.first[0], along_u), (jets.first[2], along_gamma), (jets.second[0], second_u),
                (jets.second[1], mixed), (jets.second[2], rate), (jets.third[0], third)]  # fmt: skip
    for found, values in expected:
        for y, value in zip(found, values, strict=True):
            assert y.hi - y.lo < 2**80 and abs(float(y.exact.lo) - float(value)) < 1e-12 * (1 + abs(value))
    assert sum((y.exact.lo * c for y, c in zip([jets.first[3 + j][0] for j in range(n)], u, strict=True)), Fraction(0)) - jets.first[0][0].exact.lo < Fraction(1, 10**40)
    # over a box: what is taken at points of it lies inside
    h, spread = 2**184, [2**183] * n
    _, box = net.over(real(Fraction(g), 192), xs, us, h, spread)
    for s in (-1, Fraction(1, 3), 1):
        t = Fraction(s * h, 2**192)
        moved = [y + t * w + Fraction(s * r, 2**192) for y, w, r in zip(x, u, spread, strict=True)]
        point = net.evaluated(real(Fraction(g) + t, 192), [real(y, 192) for y in moved])
        assert all(b.lo <= p.lo and p.hi <= b.hi for p, b in zip(point.f, box.f, strict=True))
        assert all(b.hi - b.lo > 0 for b in box.f)


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_against_torch(cell: str) -> None:
    torch: Any = pytest.importorskip("torch")
    import proofgen

    net = {"gru": torch.nn.GRU, "lstm": torch.nn.LSTM}[cell](2, 3).double()
    made: Any = proofgen.recurrent(net, input=[1, -0.5], interval=("0.5", "1")).exact
    rng = np.random.default_rng(4)
    h, c = torch.tensor(rng.standard_normal((1, 3))), torch.tensor(rng.standard_normal((1, 3)))
    state = h if cell == "gru" else (h, c)
    _, after = net(torch.tensor([[1.0, -0.5]]).double(), state)
    blocks = [h, after] if cell == "gru" else [torch.cat([h, c], 1), torch.cat(list(after), 1)]
    x, y = (block.detach().numpy().ravel() for block in blocks)
    assert np.allclose(field_approx(made).f(x, 1.0) + x, y, atol=1e-14)


# --- forged weights -----------------------------------------------------------------------------


def swapped(name: str, first: int, second: int) -> Callable[[Any], None]:
    """Two blocks of rows of two units."""

    def change(problem: Any) -> None:
        rows = next(problem[part][name] for part in ("arrays", "directions") if name in problem[part])["entries"]
        for k in range(2):
            rows[2 * first + k], rows[2 * second + k] = rows[2 * second + k], rows[2 * first + k]

    return change


def other_biases(problem: Any) -> None:
    """Of the block n bias_hh lies within the reset gate's product, bias_ih does not."""
    own, back = (problem["arrays"][name]["entries"] for name in ("bias_ih", "bias_hh"))
    own[4:], back[4:] = back[4:], own[4:]


def one_weight(problem: Any) -> None:
    problem["directions"]["weight_hh"]["entries"][3][1] = "0.531"


def still_weights(problem: Any) -> None:
    problem["arrays"]["weight_hh"] = problem["directions"]["weight_hh"]


def lstm(problem: Any) -> None:
    problem["cell"] = "lstm"


def no_array(problem: Any) -> None:
    problem["arrays"]["weight_hr"] = problem["arrays"]["bias_hh"]


def two_moving(problem: Any) -> None:
    problem["directions"] |= {"weight_ih": problem["arrays"]["weight_ih"], "input": {"entries": ["1"]}}


def flow(problem: Any) -> None:
    del problem["time"]


FORGED: list[Callable[[Any], None]] = [
    swapped("weight_hh", 0, 1), swapped("weight_hh", 1, 2), swapped("bias_ih", 0, 1), other_biases, one_weight,
    still_weights, lstm, no_array, two_moving, flow,
]  # fmt: skip


@pytest.mark.parametrize("change", FORGED, ids=range(len(FORGED)))
def test_forged(change: Callable[[Any], None], small: Path, tmp_path: Path) -> None:
    """Every document names the new problem: what is claimed is false of it, or it is none."""
    root = tmp_path / "bundle"
    shutil.copytree(small, root)
    old = hashlib.sha256((root / "problem.json").read_bytes()).hexdigest()
    document = read(root / "problem.json")
    change(document)
    write(root / "problem.json", document)
    new = hashlib.sha256((root / "problem.json").read_bytes()).hexdigest()
    for path in root.rglob("*.json"):
        path.write_text(path.read_text().replace(old, new))
    for path in [*root.glob("MANIFEST*"), *root.rglob("*.tex")]:
        path.unlink()
    report = check_path(str(root))
    assert report.verdict == "rejected", table(report)
    assert "defect of the checker" not in table(report)


# --- specs --------------------------------------------------------------------------------------


def test_written_again() -> None:
    for name in ("gru-2", "lstm-2", "gru-4-input"):
        problem = load(DATA / f"{name}.toml")
        assert isinstance(problem, CellProblem)
        assert describe(load_text(cell_toml(problem)))[1].document == describe(problem)[1].document


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_every_way_is_written_again(cell: str, way: str, tmp_path: Path) -> None:
    """The line between two checkpoints too, by its direction: the same problem, to the last byte."""
    problem, _ = random_cell(cell, way, tmp_path)
    assert isinstance(problem, CellProblem)
    assert describe(load_text(cell_toml(problem)))[1].document == describe(problem)[1].document


def test_directions(tmp_path: Path) -> None:
    """X + γX' for arrays X' of a spec: at γ = 1 the arrays are those of the other checkpoint."""
    head = '[network]\nfamily = "rnn"\nweight_hh = [["1", "2"], ["3", "4"]]\nbias_ih = ["1", "0"]\n{}[parameter]\nenters = {{ directions = {} }}\ninterval = ["0", "1"]\n'
    problem: Any = load_text(head.format("", '{ weight_hh = [["0", "-1"], ["0.5", "0"]], bias_hh = ["2", "3"] }'))
    assert [[str(x) for x in row] for row in problem.arrays["E1"].fractions()] == [["0", "-1"], ["1/2", "0"]]
    assert [row[0] for row in problem.arrays["c1"].fractions()] == [2, 3]
    moved: Any = load_text(head.format('weight_ih = [["2"], ["5"]]\n', '{ input = ["3"] }'))
    assert [row[0] for row in moved.arrays["c1"].fractions()] == [6, 15]
    for more, given, message in (
        ("", '{ weight_hh = [["0", "0"], ["0", "0"]] }', "all of them are 0"),
        ("", '{ weight_hh = [["1", "0"]] }', "1 × 2 entries; expected 2 × 2"),
        ("", '{ bias_hh = ["1"] }', "1 × 1 entries; expected 2 × 1"),
        ("", '{ weights = [["1"]] }', "expected { gain"),
        ("", "{}", "expected { gain"),
        ("", '{ input = ["1"] }', "an input needs weight_ih"),
        ('weight_ih = [["2"], ["5"]]\n', '{ input = ["3"], weight_ih = [["1"], ["1"]] }', "would not be linear"),
    ):
        with pytest.raises(InputError, match=message):
            load_text(head.format(more, given))


def test_a_bias_free_cell_rests_at_0(tmp_path: Path) -> None:
    """Without biases and input x = 0 is a fixed point, whatever γ is; with the bias of another gate, too."""
    text = '[network]\nfamily = "gru"\nweight_hh = [["1"], ["2"], ["3"]]\n{}[parameter]\nenters = {{ gain = "weight_hh" }}\ninterval = ["0.5", "1"]\n'
    for bias, vanishes in (("", True), ('bias_hh = ["1", "0", "0"]\n', True), ('bias_hh = ["0", "0", "1"]\n', False), ('bias_ih = ["0", "0", "1"]\n', False)):
        problem = load_text(text.format(bias))
        assert isinstance(problem, CellProblem) and problem.vanishes == vanishes
        files, _ = describe(problem)
        (tmp_path / "problem.json").write_bytes(files.contents["problem.json"])
        assert read_problem(CheckedBundle(tmp_path), engine_of("python")).trivial == vanishes


@pytest.mark.parametrize(("change", "message"), [
    (('family = "gru"', 'family = "lstm"'), '6 × 2 entries; expected 4 times as many rows as columns: these are the weights of family = "gru"'),
    (('family = "gru"', 'family = "gru"\nbias = ["1", "1", "1", "1", "1", "1"]'), "the two biases of a GRU do not add up"),
    (('family = "gru"', 'family = "gru"\ntime = "discreet"'), 'expected "discrete" or, but of an LSTM, "continuous" or { euler = "0.1" }'),
    (('family = "gru"', 'family = "gru"\nactivation = "relu"'), "unknown key"),
    (('family = "gru"', 'family = "gru"\nalpha = "0.5"'), "unknown key"),
    (('{ gain = "weight_hh" }', "{ input = 2 }"), "expected 1 to 1"),
    (('{ gain = "weight_hh" }', '{ towards = "none.npz" }'), "none.npz"),
    (('input = ["0"]', 'input = ["0", "1"]'), "expected 6 × 2"),
    (('{ gain = "weight_hh" }', '{ gain = "weight_ih" }'), "the parameter changes nothing"),
    (('start = ["-0.0145", "0.1030"]', 'start = ["0"]'), "expected 2, one for every entry of the state"),
])  # fmt: skip
def test_refused(change: tuple[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_text((DATA / "gru-2.toml").read_text().replace(*change))


def test_the_entry_of_the_input_is_the_parameter() -> None:
    text = (DATA / "gru-2.toml").read_text().replace('{ gain = "weight_hh" }', "{ input = 1 }")
    assert isinstance(load_text(text), CellProblem)
    with pytest.raises(InputError, match="expected 0 as the entry 1 of input"):
        load_text(text.replace('input = ["0"]', 'input = ["0.5"]'))


def test_layers_of_a_module(tmp_path: Path) -> None:
    """One of several is named; proj_size and a second direction are refused."""
    rng = np.random.default_rng(7)
    arrays = {f"weight_hh_l{k}": rng.standard_normal((6, 2)) for k in range(2)}
    text = '[network]\nfamily = "gru"\nstate_dict = "m.npz"\n[parameter]\nenters = { gain = "weight_hh" }\ninterval = ["0.5", "1"]\n'
    np.savez(tmp_path / "m.npz", **arrays)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="weight_hh_l1: a second layer is not supported"):
        load_text(text, tmp_path)
    named = load_text(text.replace('"m.npz"', '"m.npz"\nlayer = 1'), tmp_path)
    assert isinstance(named, CellProblem)
    assert np.array_equal(named.directions["weight_hh"].to_binary64_approx(), arrays["weight_hh_l1"])
    for name, feature in (("weight_hr_l0", "proj_size"), ("weight_hh_l0_reverse", "a second direction")):
        np.savez(tmp_path / "m.npz", **{"weight_hh_l0": arrays["weight_hh_l0"], name: np.eye(2)})  # type: ignore[arg-type]
        with pytest.raises(InputError, match=f"{name}: {feature} is not supported"):
            load_text(text, tmp_path)
    np.savez(tmp_path / "m.npz", weight_hh_l0=arrays["weight_hh_l0"], bias_hh_l0=np.full(6, np.nan))
    with pytest.raises(InputError, match="NaN"):
        load_text(text, tmp_path)


def test_an_rnn_moves_in_the_same_ways(tmp_path: Path) -> None:
    """Of an RNN both biases are one, and what moves it is a matrix and a column."""
    rng = np.random.default_rng(8)
    own, other = ({"weight_hh_l0": rng.standard_normal((2, 2)), "weight_ih_l0": rng.standard_normal((2, 1)), "bias_hh_l0": rng.standard_normal(2)} for _ in range(2))
    np.savez(tmp_path / "a.npz", **own)  # type: ignore[arg-type]
    np.savez(tmp_path / "b.npz", **other)  # type: ignore[arg-type]
    text = '[network]\nfamily = "rnn"\nstate_dict = "a.npz"\ninput = ["{}"]\n[parameter]\nenters = {}\ninterval = ["0", "1"]\n'
    x, g = np.array([0.3, -0.2]), 0.4
    for enters, u, moved in (
        ("{ input = 1 }", "0", lambda a: np.tanh(a["weight_hh_l0"] @ x + a["weight_ih_l0"][:, 0] * g + a["bias_hh_l0"])),
        ('{ array = "bias_hh", row = 2 }', "0.5", lambda a: np.tanh(a["weight_hh_l0"] @ x + a["weight_ih_l0"][:, 0] / 2 + a["bias_hh_l0"] + [0, g])),
        ('{ array = "weight_ih", row = 1, column = 1 }', "0.5", lambda a: np.tanh(a["weight_hh_l0"] @ x + (a["weight_ih_l0"][:, 0] + [g, 0]) / 2 + a["bias_hh_l0"])),
        ('{ towards = "b.npz" }', "0.5", lambda a: np.tanh(sum(w * (b["weight_hh_l0"] @ x + b["weight_ih_l0"][:, 0] / 2 + b["bias_hh_l0"]) for w, b in ((1 - g, a), (g, other))))),
    ):  # fmt: skip
        problem = load_text(text.format(u, enters), tmp_path)
        assert np.allclose(field_approx(problem).f(x, g) + x, moved(own), atol=1e-14), enters
