"""Weights known only up to radii: number formats against NumPy's own rounding, boxes of sums, proofs, LaTeX."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from networks import PAPER, exact, network
from test_zero_branch import BIAS5, W5, ends, holds, independent_points

from proofgen.api import prove
from proofgen.bundle.problem import describe
from proofgen.bundle.read import load_bundle
from proofgen.codegen.network import emit_network, network_data
from proofgen.errors import InputError
from proofgen.numbers.exact import ExactMatrix
from proofgen.numbers.radius import FORMATS, combined, format_of, read_format
from proofgen.problem.network import Problem, Term
from proofgen.spec.load import load, load_text

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
HALF, SINGLE, BRAIN = FORMATS["float16"], FORMATS["float32"], FORMATS["bfloat16"]
NETWORK = '[network]\nfamily = "asymmetric-rnn"\nR1 = [["0.5", "1"], ["-1.5", "0.1"]]\n'


def rows(matrix: object) -> list[list[Fraction]]:
    assert isinstance(matrix, ExactMatrix)
    return matrix.fractions()


# Number formats -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "radius"),
    [
        ("1", Fraction(1, 2**11)),  # above 1 the next number is 1 + 2^-10
        ("-1", Fraction(1, 2**11)),
        ("1.999", Fraction(1, 2**11)),
        ("2", Fraction(1, 2**10)),
        ("0.9999", Fraction(1, 2**12)),
        ("65504", Fraction(16)),
        ("65519.9", Fraction(16)),
        ("6.103515625e-5", Fraction(1, 2**25)),  # the smallest normal number, 2^-14
        ("6.1e-5", Fraction(1, 2**25)),  # subnormal
        ("5.960464477539063e-8", Fraction(1, 2**25)),
        ("1e-30", Fraction(1, 2**25)),
        ("0", Fraction(1, 2**25)),
    ],
)
def test_half_a_unit_in_float16(value: str, radius: Fraction) -> None:
    assert HALF.radius(Fraction(value)) == radius


@pytest.mark.parametrize(("kind", "least"), [(HALF, "65520"), (BRAIN, "3.4e38"), (SINGLE, "3.5e38")])
def test_beyond_the_format(kind: Any, least: str) -> None:
    for sign in (1, -1):
        with pytest.raises(InputError, match=f"beyond the largest {kind.name} number"):
            kind.radius(sign * Fraction(least))


FINITE_HALVES = [float(x) for x in np.arange(0, 0x7C00, dtype=np.uint16).view(np.float16)]


def test_every_float16_number_has_all_that_rounds_to_it_in_its_box() -> None:
    """The reals that are rounded to w lie between the middles to its neighbours."""
    values = [Fraction(x) for x in FINITE_HALVES]
    for below, value, above in zip([-values[1], *values], values, [*values[1:], Fraction(65536)], strict=False):
        radius = HALF.radius(value)
        assert value - radius <= (below + value) / 2 and (value + above) / 2 <= value + radius
        assert (value + above) / 2 == value + radius  # not wider than the format
    assert HALF.radius(values[1]) == Fraction(float(np.finfo(np.float16).smallest_subnormal)) / 2


@UNTIMED
@given(st.floats(-65519, 65519), st.sampled_from(["float16", "float32"]))
def test_what_a_number_is_rounded_to_lies_in_its_box(value: float, name: str) -> None:
    rounded = float(np.dtype(name).type(value))  # numpy rounds to nearest
    assert abs(Fraction(rounded) - Fraction(value)) <= FORMATS[name].radius(Fraction(value))


@UNTIMED
@given(st.floats(-1e38, 1e38))
def test_bfloat16_by_the_upper_half_of_float32(value: float) -> None:
    single = np.float32(value)
    bits = int(single.view(np.uint32))
    down, up = ((bits & 0xFFFF0000) + step for step in (0, 0x10000))
    nearest = min((float(np.uint32(x).view(np.float32)) for x in (down, up)), key=lambda x: abs(x - float(single)))
    if math.isfinite(nearest):
        assert abs(Fraction(nearest) - Fraction(float(single))) <= BRAIN.radius(Fraction(float(single)))


def test_names_of_formats() -> None:
    assert read_format("decimal:4") == Fraction(1, 20000) and read_format("decimal:0") == Fraction(1, 2)
    assert read_format("float16") is HALF and read_format("1e-3") is None
    for text in ("float8", "decimal:", "decimal:-1", "decimal:301", "decimal:4.5", "Float16", "decimal:٤"):
        with pytest.raises(InputError, match="float16"):
            read_format(text)


def test_the_format_of_radii_is_recognised() -> None:
    matrix = exact([["0.3", "-2"], ["0", "1e-3"]])
    assert format_of(matrix, HALF.radii(matrix)) is HALF
    assert format_of(matrix, BRAIN.radii(matrix)) is BRAIN
    assert format_of(matrix, HALF.radii(matrix).scaled(Fraction(2))) is None
    assert format_of(matrix, Fraction(1, 2**12)) is None


# Specs --------------------------------------------------------------------------------------------


def with_radius(radius: str, text: str = NETWORK) -> Problem:
    problem = load_text(f"{text}[proof]\nweight_radius = {radius}\n")
    assert isinstance(problem, Problem)
    return problem


def test_specs() -> None:
    assert with_radius('"decimal:4"').weight_radius == Fraction(1, 20000)
    half = with_radius('"float16"').radius_of("R1")
    assert rows(half) == [[Fraction(1, 2**12), Fraction(1, 2**11)], [Fraction(1, 2**11), Fraction(1, 2**15)]]
    text = NETWORK + 'R2 = [["0.1", "0"], ["0", "0"]]\nbias = ["1", "0"]\n'
    problem = with_radius('{ bias = "bfloat16", R1 = "1e-3" }', text)
    assert problem.radius_of("R1") == Fraction(1, 1000)
    assert rows(problem.radius_of("bias")) == [[Fraction(1, 2**8)], [Fraction(1, 2**134)]]
    assert problem.radius_of("R2") == 0 and problem.has_box
    assert not with_radius("{ R1 = 0 }").has_box and not with_radius("{}").has_box


@pytest.mark.parametrize(
    ("radius", "fragments"),
    [
        ("{ R2 = 1 }", ["proof.weight_radius: no array 'R2' there", "arrays of weights and biases: R1"]),
        ("{ R1 = -1 }", ["proof.weight_radius.R1", "got -1", "nonnegative"]),
        ('{ R1 = "half" }', ["proof.weight_radius.R1", "'half'", '"float16"']),
        ("{ R1 = [1, 2] }", ["proof.weight_radius.R1", "an array"]),
        ('"float64"', ["proof.weight_radius", "'float64'", '"float16", "bfloat16", "float32" or "decimal:DIGITS"']),
        ('"1/2"', ["proof.weight_radius", "'1/2'", "decimal"]),
        ("true", ["proof.weight_radius", "true"]),
    ],
)
def test_refused_specs(radius: str, fragments: list[str]) -> None:
    with pytest.raises(InputError) as error:
        with_radius(radius)
    for fragment in fragments:
        assert fragment in str(error.value)


def test_a_weight_beyond_the_format_is_named() -> None:
    with pytest.raises(InputError, match=r"proof.weight_radius.R1: entry \[1, 2\].*beyond the largest float16"):
        with_radius('"float16"', NETWORK.replace('"1"', '"7e4"'))


def test_fields_given_by_equations_have_no_radius() -> None:
    text = '[network]\nfamily = "equations"\nvariables = ["x", "y"]\nequations = ["-y", "x"]\n'
    text += '[parameter]\ninterval = ["0", "1"]\n[proof]\nweight_radius = "float16"\n'
    with pytest.raises(InputError, match=r"proof.weight_radius: expected 0"):
        load_text(text)


# Boxes of sums ------------------------------------------------------------------------------------

SMALL = st.fractions(0, 2, max_denominator=4)
COEFFICIENTS = st.sampled_from([Fraction(x) for x in (-2, -1, 0, 1, 3)])


def radii_of(draw: Any, rows: int, columns: int) -> ExactMatrix:
    return ExactMatrix.from_fractions([[draw(SMALL) for _ in range(columns)] for _ in range(rows)])


@UNTIMED
@given(st.data())
def test_the_box_of_a_sum_is_attained_and_not_exceeded(data: Any) -> None:
    """For every entry of W⁰, choosing each array entry at its end attains Δ_ij, and no choice goes beyond it."""
    n = data.draw(st.integers(1, 3))
    terms, radii = [], {}
    for name in ("A", "B"):
        radii[name] = radii_of(data.draw, n, n) if data.draw(st.booleans()) else data.draw(SMALL)
        terms += [(data.draw(COEFFICIENTS), name, flip) for flip in (False, True)]
    sides = [(terms[2 * k][0], terms[2 * k + 1][0], radii[name]) for k, name in enumerate("AB")]
    box = combined(sides, (n, n))

    def bound(i: int, j: int) -> Fraction:
        return box.entry(i, j) if isinstance(box, ExactMatrix) else box[i != j]

    def radius(name: str, i: int, j: int) -> Fraction:
        r = radii[name]
        return r.entry(i, j) if isinstance(r, ExactMatrix) else r

    for i in range(n):
        for j in range(n):
            weights: dict[tuple[str, int, int], Fraction] = {}
            for c, name, flip in terms:
                place = (name, j, i) if flip else (name, i, j)
                weights[place] = weights.get(place, Fraction(0)) + c
            assert bound(i, j) == sum((abs(c) * radius(*place) for place, c in weights.items()), Fraction(0))


def test_rectangular_boxes() -> None:
    r = ExactMatrix.from_fractions([[Fraction(1), Fraction(2)]])
    box = combined([(Fraction(-3), Fraction(0), r)], (1, 2))
    assert isinstance(box, ExactMatrix) and box.fractions() == [[3, 6]]
    box = combined([(Fraction(0), Fraction(2), r)], (2, 1))
    assert isinstance(box, ExactMatrix) and box.fractions() == [[2], [4]]


# Emitted evaluators ---------------------------------------------------------------------------------


def boxed_network(n: int, bias: bool = True) -> Problem:
    generator = np.random.default_rng(n)
    arrays = {"R1": generator.normal(size=(n, n)), "R2": generator.normal(size=(n, n)), "bias": generator.normal(size=(n, 1))}
    base = network(ExactMatrix.from_binary64(arrays["R2"]), bias=[str(Fraction(int(x * 64), 64)) for x in arrays["bias"][:, 0]])
    filled = {**base.arrays, "R1": ExactMatrix.from_binary64(arrays["R1"])}
    radii = {name: HALF.radii(filled[name]) for name in ("R1", "R2", "bias")}
    return replace(base, arrays=filled, weight_radius=radii)


def contains_ends(ball: Any, middle: Fraction, radius: Fraction) -> bool:
    low = Fraction(int(ball.lower().man_exp()[0])) * Fraction(2) ** int(ball.lower().man_exp()[1])
    high = Fraction(int(ball.upper().man_exp()[0])) * Fraction(2) ** int(ball.upper().man_exp()[1])
    tight = (high - low) <= 2 * radius * (1 + Fraction(1, 2**20)) + Fraction(1, 2**40)
    return low <= middle - radius and middle + radius <= high and tight


@pytest.mark.parametrize("n", [3, 14])  # written out, and kept outside
def test_emitted_boxes(n: int) -> None:
    problem = boxed_network(n)
    W, r = problem.combine(problem.layers[0].weights), problem.radius_of
    data = network_data(emit_network(problem, "0" * 64))
    for i in range(n):
        for j in range(n):
            r1, r2 = r("R1"), r("R2")
            assert isinstance(r1, ExactMatrix) and isinstance(r2, ExactMatrix)
            radius = r2.entry(i, j) + (r1.entry(i, j) + r1.entry(j, i) if i != j else 0)
            assert contains_ends(data["W1"][i, j], W.entry(i, j), radius)
        rb = r("bias")
        assert isinstance(rb, ExactMatrix)
        assert contains_ends(data["b1"][i, 0], problem.arrays["bias"].entry(i, 0), rb.entry(i, 0))


# Proofs ---------------------------------------------------------------------------------------------


def entrywise(problem: Problem, kind: Any = SINGLE, scale: Fraction = Fraction(1)) -> Problem:
    return replace(problem, weight_radius={a: kind.radii(problem.arrays[a]).scaled(scale) for a in problem.uncertain})


def hopf_claims(result: Any) -> dict[str, Any]:
    """By the names of Hopf points."""
    return {name: document["claims"] for name, document in result.points.items() if name.startswith("hopf-")}


def test_every_network_in_an_entrywise_box_lies_in_the_enclosures() -> None:
    from mpmath import mp

    problem = entrywise(network(W5, bias=BIAS5, activation="silu"), HALF, Fraction(1, 512))
    result = prove(problem)
    assert result.points
    W, r = problem.arrays["R2"], problem.radius_of("R2")
    b, rb = problem.arrays["bias"], problem.radius_of("bias")
    r1 = problem.radius_of("R1")
    assert isinstance(r, ExactMatrix) and isinstance(rb, ExactMatrix) and isinstance(r1, ExactMatrix)
    generator = np.random.default_rng(5)
    with mp.workdps(30):
        for _ in range(4):
            s = generator.choice([-1, 1], size=(3, 5, 5)).tolist()

            def moved(i: int, j: int, s: Any = s) -> Fraction:
                return W.entry(i, j) + s[0][i][j] * r.entry(i, j) + s[1][i][j] * r1.entry(i, j) - s[1][j][i] * r1.entry(j, i)

            matrix = [[str(mp.mpf(moved(i, j).numerator) / moved(i, j).denominator) for j in range(5)] for i in range(5)]
            bias = [str(mp.mpf(str(float(b.entry(i, 0) + s[2][0][i] * rb.entry(i, 0) * Fraction(999, 1000))))) for i in range(5)]
            others = independent_points("silu", bias, matrix)
            for claims in hopf_claims(result).values():
                inside = [p for p in others if holds(claims["parameter"], p.gamma) and holds(claims["omega"], p.omega)]
                assert len(inside) == 1
                assert holds(claims["first_lyapunov_coefficient"], inside[0].ell1)


def test_radii_by_entry_agree_with_one_radius() -> None:
    """The same box written in three ways gives enclosures that agree but for rounding."""
    base = network(W5, bias=BIAS5)
    same = Fraction(1, 10**6)
    table = {a: ExactMatrix.from_fractions([[same] * base.arrays[a].shape[1]] * base.arrays[a].shape[0]) for a in base.uncertain}
    results = [prove(replace(base, weight_radius=radius)) for radius in (same, dict.fromkeys(base.uncertain, same), table)]
    for name in hopf_claims(results[0]):
        for key in ("parameter", "omega", "first_lyapunov_coefficient"):
            values = [ends(result.points[name]["claims"][key]) for result in results]
            width = values[0][1] - values[0][0]
            for low, high in values[1:]:
                assert abs(low - values[0][0]) < width / 100 and abs(high - values[0][1]) < width / 100


def test_arrays_that_are_not_named_are_exact() -> None:
    base = network(W5, bias=BIAS5)
    only_bias = prove(replace(base, weight_radius={"bias": Fraction(1, 1000)}))
    none = prove(base)
    for name, thin in hopf_claims(none).items():
        wide = only_bias.points[name]["claims"]
        assert wide["parameter"] == thin["parameter"] and wide["first_lyapunov_coefficient"] == thin["first_lyapunov_coefficient"]
        for one, other in zip(wide["equilibrium"], thin["equilibrium"], strict=True):
            (a, b), (c, d) = ends(one), ends(other)
            assert a < c and d < b


def test_general_methods_with_entrywise_boxes() -> None:
    problem = load(PAPER.parent / "examples" / "rate-rnn.toml")
    assert isinstance(problem, Problem)
    boxed = entrywise(problem, SINGLE, Fraction(1, 4))
    assert boxed.has_box
    exact_result, result = prove(problem), prove(boxed)
    assert len(result.points) == len(exact_result.points) > 0
    for wide, thin in zip(result.points.values(), exact_result.points.values(), strict=True):
        (a, b), (c, d) = ends(wide["claims"]["parameter"]), ends(thin["claims"]["parameter"])
        assert a <= c and d <= b and b - a > d - c


def test_printed_digits() -> None:
    """All networks that print as the paper's four decimals: the statement of proofs/networks/n4-printed-box.toml."""
    problem = load(PAPER.parent / "networks" / "n4-printed-box.toml")
    assert isinstance(problem, Problem) and problem.weight_radius == Fraction(1, 20000)
    printed = load(PAPER / "n4-printed.toml")
    assert isinstance(printed, Problem)
    assert all(rows(problem.arrays[name]) == rows(printed.arrays[name]) for name in ("R1", "R2"))
    assert prove(problem).proved


# Bundles and LaTeX ------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [3, 14])
def test_problem_json_gives_the_problem_back(tmp_path: Path, n: int) -> None:
    problem = boxed_network(n)
    files, file = describe(problem)
    document = file.document
    from proofgen.bundle.network import read_network
    from proofgen.bundle.schema import validate

    validate("problem", document)
    for path, data in files.contents.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(data)
    again = read_network(tmp_path, json.loads(files.contents["problem.json"]))
    for name in problem.uncertain:
        one, other = problem.radius_of(name), again.radius_of(name)
        assert isinstance(one, ExactMatrix) and isinstance(other, ExactMatrix) and one.fractions() == other.fractions()


@pytest.mark.parametrize(
    "value",
    [{"R3": "1"}, {"R1": "-1"}, {"R1": {"entries": [["1"]]}}, {"R1": {"entries": [["-1", "0"], ["0", "0"]]}}, {"R1": 1}, [], {"": "0"}],
)
def test_bad_radii_in_a_bundle(tmp_path: Path, value: Any) -> None:
    from proofgen.bundle.network import read_network

    document = describe(with_radius('"float16"'))[1].document
    with pytest.raises(InputError, match="weight_radius"):
        read_network(tmp_path, document | {"weight_radius": value})


def test_the_theorem_states_the_box(tmp_path: Path) -> None:
    text = NETWORK + 'R2 = [["0.03", "0.5"], ["0", "-0.1"]]\nbias = ["0.1", "0"]\n'
    problem = with_radius('{ R1 = "float32", R2 = "float32", bias = "1e-9" }', text)
    prove(problem, tmp_path / "out", check=False)
    for name in ("points/hopf-0001.tex", "summary.tex"):
        tex = (tmp_path / "out" / name).read_text()
        assert tex.count("half a unit in the last place of that value in IEEE binary32 (at most") >= 2
        theorem = tex[tex.index(r"\begin{theorem}") :]
        theorem = theorem[: theorem.index(r"\end{theorem}")]
        assert "every network in the box" in theorem and "every entry of $R_1$ and $R_2$ within half a unit" in theorem
        assert r"every entry of $b$ within $1\cdot 10^{-9}$" in theorem and "all other numbers exact" in theorem
    assert load_bundle(tmp_path / "out").problem.has_box


def test_printed_radii_are_parts_of_the_proved_box() -> None:
    from proofgen.latex.box import proved_radius

    assert proved_radius(Fraction(1, 20000)) == r"5\cdot 10^{-5}"
    assert proved_radius(Fraction(2, 3) + Fraction(1, 2**80)).startswith("0.666666")


def test_unit_and_identity_terms_are_exact() -> None:
    problem = with_radius('"float16"')
    assert problem.weight_box((Term(Fraction(1)), Term(Fraction(2), unit=(1, 1)))) == (0, 0)
