"""Fields given by equations: closed forms, published values, a second computation, completeness, honest failures."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from pathlib import Path

import mpmath as mp
import pytest
from fields import LITERATURE, field, literature, spec, textbook
from independent import general_hopf
from ordinary import some

import proofgen
from proofgen import api
from proofgen.codegen.equations import emit_equations
from proofgen.codegen.normal_form import hopf_text
from proofgen.errors import InputError
from proofgen.numbers.exact import parse_printed_decimal
from proofgen.spec.load import load_text
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove
from proofgen.symbolic.parse import CONSTANT_REMEDIES, EQUATION, FUNCTION_REMEDIES, interpret, parse

TEXTBOOK = ["brusselator", "coupled-4d", "fitzhugh-nagumo", "hodgkin-huxley", "lorenz", "stuart-landau", "third-order",
            "three-dimensional", "van-der-pol"]  # fmt: skip
METHODS = ["spectral", "newton-kantorovich"]
_cache: dict[tuple[str, str], Result] = {}


def proved(name: str, method: str = "spectral") -> Result:
    if (name, method) not in _cache:
        problem = literature(name) if name in LITERATURE else textbook(name)
        _cache[name, method] = prove(problem, method=method)
    return _cache[name, method]


def ends(pair: list[str]) -> tuple[Fraction, Fraction]:
    return parse_printed_decimal(pair[0]), parse_printed_decimal(pair[1])


def encloses(pair: list[str], value: Fraction, width: Fraction = Fraction(1, 10**13)) -> bool:
    low, high = ends(pair)
    return low <= value <= high and high - low <= width * max(1, abs(value))


def holds(pair: list[str], value: mp.mpf) -> bool:
    low, high = (mp.mpf(x.numerator) / x.denominator for x in ends(pair))
    return bool(low <= value <= high)


def near(pair: list[str], text: str) -> bool:
    """A published decimal, good to a unit in its last digit."""
    value, digits = Fraction(text), len(text.partition(".")[2])
    low, high = ends(pair)
    return low - Fraction(1, 10**digits) <= value <= high + Fraction(1, 10**digits)


# (γ, ω, ℓ1) as given in the literature or derived by hand; "=": exact rational numbers
PUBLISHED = {
    "van-der-pol": [("=0", "=1", "=-1/4")],
    "three-dimensional": [("=0", "=1", "=-2")],
    "stuart-landau": [("=0", "=1", "=-2.246")],
    "coupled-4d": [("=0", "=1", "=73/510")],
    "brusselator": [("=2", "=1", "=-1/2")],
    "third-order": [("=1", "=1", "=-0.3")],
    "lorenz": [("=470/19", "9.62453006371575", "0.00026551897258")],
    "fitzhugh-nagumo": [("0.207621268", "0.4318518264", "-2.3736019243"),
                        ("0.401860213", "0.4318518264", "-2.3736019243")],
}  # fmt: skip


@pytest.mark.parametrize(("name", "method"), some(product(PUBLISHED, METHODS), 6, [("lorenz", "spectral"), ("coupled-4d", "spectral")]))
def test_published_values(name: str, method: str) -> None:
    result = proved(name, method)
    assert result.proved and result.summary["complete"] and not result.summary["real_crossings"]
    assert len(result.summary["points"]) == len(PUBLISHED[name])
    for point, expected in zip(result.summary["points"], PUBLISHED[name], strict=True):
        for key, text in zip(("parameter", "omega", "first_lyapunov_coefficient"), expected, strict=True):
            if text.startswith("="):
                width = Fraction(1, 10**13 if method == "spectral" else 10**5)
                assert encloses(point[key], Fraction(text[1:]), width), key
            else:
                assert near(point[key], text), key


def test_the_planar_formula_is_not_used() -> None:
    """It gives 0 and −1/5 for these two fields in three and four variables."""
    for name, planar in (("three-dimensional", Fraction(0)), ("coupled-4d", Fraction(-1, 5))):
        low, high = ends(proved(name).summary["points"][0]["first_lyapunov_coefficient"])
        assert not low <= planar <= high


@pytest.mark.parametrize("A", some([Fraction(1, 2), Fraction(1), Fraction(2), Fraction(7, 3), Fraction("0.1")], 2))
def test_brusselator_in_closed_form(A: Fraction) -> None:
    """B = 1 + A², ω = A, ℓ1 = −(A² + 2)/(2A(1 + 2A²)), to 30 digits."""
    problem = field("x; y", "A - (B + 1)*x + x**2*y; B*x - x**2*y", f"{float(A**2 / 2)}, {float(2 + 2 * A**2)}",
                    constants=f'{{ A = "{A}" }}', parameter="B", more=f'start = ["{float(A)}", "1"]',
                    proof="digits = 32")  # fmt: skip
    result = prove(problem)
    (point,) = result.summary["points"]
    narrow = Fraction(1, 10**30)
    assert encloses(point["parameter"], 1 + A**2, narrow) and encloses(point["omega"], A, narrow)
    assert encloses(point["first_lyapunov_coefficient"], -(A**2 + 2) / (2 * A * (1 + 2 * A**2)), narrow)


COUPLED = [
    ("1", "-1/10", "2", "1/3", "1/2", "3/2", "1/2", "1"),
    ("2", "-1", "1", "1/7", "3", "-1/2", "2", "1/3"),
    ("1/3", "1/2", "5/2", "-1", "1", "1", "1/9", "-2"),
    ("3/2", "0", "1/3", "1", "1/11", "2", "3", "5"),
]


@pytest.mark.parametrize("values", [COUPLED[0], *(pytest.param(values, marks=pytest.mark.slow) for values in COUPLED[1:])])
def test_coupled_system_in_closed_form(values: tuple[str, ...]) -> None:
    """ℓ1 = (2/ω)(σ + bc/a + d e f/(2(e² + 4ω²))), to 30 digits."""
    omega, sigma, a, b, c, d, e, f = (Fraction(value) for value in values)
    names = ("omega", "sigma", "a", "b", "c", "d", "e", "f")
    constants = ", ".join(f'{name} = "{value}"' for name, value in zip(names, values, strict=True))
    problem = field(
        "x1; x2; x3; x4",
        "gamma*x1 - omega*x2 + sigma*x1*r2 + c*x1*x3 + f*x1*x4;"
        "gamma*x2 + omega*x1 + sigma*x2*r2 + c*x2*x3 - f*x2*x4; -a*x3 + b*r2; -e*x4 + d*(x1**2 - x2**2)",
        "-0.1, 0.1", constants=f"{{ {constants} }}", more='definitions = { r2 = "x1**2 + x2**2" }', proof="digits = 32",
    )  # fmt: skip
    (point,) = prove(problem).summary["points"]
    expected = 2 / omega * (sigma + b * c / a + d * e * f / (2 * (e**2 + 4 * omega**2)))
    assert encloses(point["first_lyapunov_coefficient"], expected, Fraction(1, 10**30))
    assert point["criticality"] == ("subcritical" if expected > 0 else "supercritical")
    assert encloses(point["crossing_speed"], Fraction(1), Fraction(1, 10**30))


@pytest.mark.parametrize("name", some([*LITERATURE, "hodgkin-huxley", "lorenz", "fitzhugh-nagumo"], 0, ["selkov", "wilson-cowan", "lorenz", "fitzhugh-nagumo"]))
def test_a_second_computation_agrees(name: str) -> None:
    result = proved(name)
    assert result.proved and result.points
    with mp.workdps(50):
        for document in result.points.values():
            claims = document["claims"]

            def middle(pair: list[str]) -> float:
                return float(sum(ends(pair)) / 2)

            x = [middle(pair) for pair in claims["equilibrium"]]
            gamma, omega = middle(claims["parameter"]), middle(claims["omega"])
            found, equilibrium, speed = general_hopf(result.problem, gamma, x, omega)
            assert holds(claims["parameter"], found.gamma) and holds(claims["omega"], found.omega)
            assert holds(claims["first_lyapunov_coefficient"], found.ell1)
            assert abs(speed - middle(claims["crossing_speed"])) < 1e-8 * abs(speed)
            assert claims["unstable_eigenvalues"] == found.unstable
            assert all(holds(pair, value) for pair, value in zip(claims["equilibrium"], equilibrium, strict=True))
            low, high = ends(claims["first_lyapunov_coefficient"])
            assert high - low < abs(low) / 10**12


@pytest.mark.parametrize("name", some(["hodgkin-huxley", "morris-lecar", "repressilator-2.5", "lorenz"], 0, ["repressilator-2.5", "lorenz"]))
def test_both_methods_agree(name: str) -> None:
    for first, second in zip(proved(name).points.values(), proved(name, "newton-kantorovich").points.values(), strict=True):
        for key in ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed"):
            (a, b), (c, d) = ends(first["claims"][key]), ends(second["claims"][key])
            assert a <= d and c <= b
        assert first["method"] == "spectral" and second["method"] == "newton-kantorovich"


@pytest.mark.slow
def test_hodgkin_huxley() -> None:
    """Two Hopf points on [0, 200], a subcritical and a supercritical one, and no others."""
    summary = proved("hodgkin-huxley").summary
    assert summary["complete"] and summary["interval"] == ["0", "200"] and not summary["unsettled"]
    low, high = summary["points"]
    assert near(low["parameter"], "9.775438") and near(high["parameter"], "154.522434")
    assert [low["criticality"], high["criticality"]] == ["subcritical", "supercritical"]
    assert near(low["first_lyapunov_coefficient"], "0.0147936481") and near(high["first_lyapunov_coefficient"], "-0.0047285027")


def test_the_trivial_branch_may_lose_its_stability_by_a_real_eigenvalue() -> None:
    """x' = γx − x³ (a pitchfork at 0) beside an oscillator with its Hopf point at 1/2."""
    problem = field("x; u; v", "gamma*x - x**3; (gamma - 1/2)*u - v - u**3; u + (gamma - 1/2)*v", "-1, 1")
    summary = prove(problem).summary
    (crossing,) = summary["real_crossings"]
    hopf, pitchfork = sorted(summary["points"], key=lambda point: point["id"])
    assert summary["complete"] and [hopf["id"], pitchfork["id"]] == ["hopf-0001", "pitchfork-0001"]
    assert encloses(crossing, Fraction(0)) and encloses(pitchfork["parameter"], Fraction(0))
    assert encloses(hopf["parameter"], Fraction(1, 2)) and hopf["unstable_eigenvalues"] == 1
    assert encloses(pitchfork["coefficient"], Fraction(-1)) and pitchfork["criticality"] == "supercritical"


def test_a_fold_is_said_and_points_beyond_it_are_proved() -> None:
    """x' = γ − x² in the other direction: the branch from the left end turns around at 1/4, and comes back to 0."""
    problem = field("x; u; v", "x**2 - x + gamma; (x - 1/4)*u - v - u**3; u + (x - 1/4)*v", "0, 0.3",
                    more='start = ["0", "0", "0"]')  # fmt: skip
    summary = prove(problem).summary
    found = {row.get("kind", "hopf"): row for row in summary["points"]}
    assert summary["complete"] and set(found) == {"hopf", "fold"} and len(summary["points"]) == 2
    assert encloses(found["hopf"]["parameter"], Fraction(3, 16)) and encloses(found["fold"]["parameter"], Fraction(1, 4))


@pytest.mark.usefixtures("patience")
def test_a_degenerate_point_is_undecided() -> None:
    """ℓ1 = 0 exactly (Bautin), and a pair that touches the axis: nothing is claimed."""
    flat = prove(field("x; y", "gamma*x - y - x*(x**2 + y**2)**2; x + gamma*y - y*(x**2 + y**2)**2", "-1, 1"))
    assert not flat.points and flat.summary["points"][0]["code"] == "lyapunov-encloses-zero"
    touching = prove(field("x; y", "gamma**2*x - y - x*(x**2 + y**2); x + gamma**2*y - y*(x**2 + y**2)", "-1, 1"))
    assert not touching.points and not touching.summary["complete"]


def test_a_double_hopf_point_is_undecided() -> None:
    text = "gamma*x - y - x**3; x + gamma*y; gamma*u - 2*v - u**3; 2*u + gamma*v"
    result = prove(field("x; y; u; v", text, "-1, 1"))
    assert not result.points and not result.summary["complete"]


# --- where the field is not defined ----------------------------------------------------------------


def unsettled(problem: object) -> list[dict[str, object]]:
    result = prove(problem)  # type: ignore[arg-type]
    assert not result.proved
    return list(result.summary["unsettled"])


@pytest.mark.slow
@pytest.mark.usefixtures("patience")
def test_a_removable_singularity_is_named_with_the_remedy() -> None:
    """The branch x = γ passes x/(exp(x) − 1) at 0; with exprel it does not matter."""
    text = "gamma - x + 0*y; x/(exp(x) - 1) - 2*y"
    (piece,) = unsettled(field("x; y", text, "-1, 1.5", more='start = ["-1", "0.7"]'))
    assert piece["code"] == "outside-domain"
    assert "exprel" in str(piece["reason"]) and "network.equations[2]" in str(piece["reason"])
    assert prove(field("x; y", "gamma - x; 1/exprel(x) - 2*y", "-1, 1.5", more='start = ["-1", "0.7"]')).proved


def test_a_start_outside_the_domain_is_named() -> None:
    (piece,) = unsettled(field("x; y", "gamma - log(-1 - x**2) - y; x - y", "0, 1"))
    assert "the argument -1 - x**2 of a logarithm" in str(piece["reason"])


@pytest.mark.usefixtures("patience")
def test_the_branch_leaves_the_domain() -> None:
    """x = √(1/2 − γ) ends at γ = 1/2 in a logarithm of 0."""
    pieces = unsettled(field("x; y", "log(1/2 - gamma) - x; x - y", "0, 1", more='start = ["-0.7", "-0.7"]'))
    assert {piece["code"] for piece in pieces} & {"outside-domain", "branch-not-verified"}
    assert any(parse_printed_decimal(piece["interval"][1]) == 1 for piece in pieces)  # type: ignore[index]


# --- the spec ---------------------------------------------------------------------------------------

BAD = [
    (("x; y", "abs(x) + gamma; y", "0, 1"), "network.equations[1]", "abs is not smooth"),
    (("x; y", "x + gamma; y + Max(x, y)", "0, 1"), "network.equations[2]", "Max is not smooth, Hopf's theorem does not apply at a kink; expected a smooth function, such as tanh(k*u)"),
    (("x; y", "x + gamma; sign(y)", "0, 1"), "network.equations[2]", "sign is not smooth"),
    (("x; y", "x + gamma; Heaviside(y)", "0, 1"), "network.equations[2]", "not smooth"),
    (("x; y", "x + gamma; Piecewise(y)", "0, 1"), "network.equations[2]", "not smooth"),
    (("x; y", "x + gamma; y +* x", "0, 1"), "network.equations[2]", "syntax error at column 4"),
    (("x; y", "x + gamma; y + w", "0, 1"), "network.equations[2]", "unknown name 'w'"),
    (("x; y", "x + gamma; y + Gamma", "0, 1"), "network.equations[2]", "did you mean 'gamma'?"),
    (("x; y", "x + gamma; y(x + 1)", "0, 1"), "network.equations[2]", "y is not a function; write y*(…)"),
    (("x; y", "x + gamma; exp", "0, 1"), "network.equations[2]", "exp is a function of one argument"),
    (("x; y", "x + gamma; y.real", "0, 1"), "network.equations[2]", "only numbers"),
    (("x; y", "x + gamma; [y][0]", "0, 1"), "network.equations[2]", "only numbers"),
    (("x; y", "x + gamma; lambda y: y", "0, 1"), "network.equations[2]", "only numbers"),
    (("x; y", "x + gamma; lambda*y", "0, 1"), "network.equations[2]", "lambda is a reserved word"),
    (("x; y", "x + gamma; y + 1j", "0, 1"), "network.equations[2]", "only numbers"),
    (("x; y", "x + gamma; __import__(y)", "0, 1"), "network.equations[2]", "unknown function"),
    (("x; y", "x + gamma; y if x else 1", "0, 1"), "network.equations[2]", "a choice by a condition is not smooth"),
    (("x; y", "x + gamma; y if x > 0 else 1", "0, 1"), "network.equations[2]", "a choice by a condition is not smooth"),
    (("x; y", "x + gamma; (x > 0)*y", "0, 1"), "network.equations[2]", "a choice by a condition is not smooth"),
    (("x; y", "x + gamma; y if x else 1", "0, 1"), "network.equations[2]", "expected a smooth function, such as tanh(k*u) for a step"),
    (("x; y", "x + gamma; 0,5*y", "0, 1"), "network.equations[2]", "a comma; expected one expression, and numbers with a point"),
    (("x; y", "x + gamma; y + 1e99999999", "0, 1"), "network.equations[2]", "expected a decimal exponent of at most 400"),
    (("x; y", "x + gamma; y^3", "0, 1"), "network.equations[2]", "^ is not a power here; write ** (column 1)"),
    (("x; y", "x + gamma; y % 2", "0, 1"), "network.equations[2]", "% jumps"),
    (("x; y", "x + gamma; 2x + y", "0, 1"), "network.equations[2]", "write * for a product"),
    (("x; y", "x + gamma; pi*y", "0, 1"), "network.equations[2]", "pi is not a name here; write 4*atan(1)"),
    (("x; y", "x + gamma; E**y", "0, 1"), "network.equations[2]", "E is not a name here; write exp(1)"),
    (("x; y", "x + gamma; ln(y)", "0, 1"), "network.equations[2]", "ln is not a function here; for ln(u) write log(u)"),
    (("x; y", "x + gamma; log10(y)", "0, 1"), "network.equations[2]", "write log(u)/log(10)"),
    (("x; y", "x + gamma; pow(y, 2)", "0, 1"), "network.equations[2]", "for pow(a, b) write (a)**(b)"),
    (("x; y", "x + gamma; heav(y)", "0, 1"), "network.equations[2]", "heav is not smooth"),
    (("x; y", "x + gamma; sin(x, y)", "0, 1"), "network.equations[2]", "sin is a function of one argument"),
    (("x; y", "x + gamma; y/(x - x)", "0, 1"), "network.equations[2]", "division by zero"),
    (("x; y", "x + gamma; log(0) + y", "0, 1"), "network.equations[2]", "the argument of log is not positive"),
    (("x; y", "x + gamma; y**65", "0, 1"), "network.equations[2]", "at most 64"),
    (("x; y", "x + gamma; y + 9**(9**9)", "0, 1"), "network.equations[2]", "at most 64"),
    (("x; y", "x + gamma; y + ((10**64)**64)**64", "0, 1"), "network.equations[2]", "4096 digits"),
    (("x; y", "x + gamma; " + "(" * 120 + "y" + ")" * 120, "0, 1"), "network.equations[2]", "nesting"),
    (("x; y", "x + gamma; " + "-" * 200 + "y", "0, 1"), "network.equations[2]", "nesting"),
    (("x; y", "x + gamma; " + "+".join(["y"] * 5001), "0, 1"), "network.equations[2]", "10000 characters"),
    (("x; y", "x + gamma; y # c", "0, 1"), "network.equations[2]", "unexpected '#' (column 3)"),
    (("x; y", "x + gamma; tanh(y,)", "0, 1"), "network.equations[2]", "unexpected ',' (column 7)"),
    (("x; y", "x + gamma; y + 1e-400", "0, 1"), "network.equations[2]", "between 1e-300 and 1e300"),
    (("x; y", "x + gamma; y + 1e400", "0, 1"), "network.equations[2]", "between 1e-300 and 1e300"),
    (("x; y", "x + gamma", "0, 1"), "network.equations", "1 equations; expected 2"),
    (("x; y", "x; y", "0, 1"), "network.equations", "the parameter gamma occurs in no equation"),
    (("x; gamma", "x; gamma", "0, 1"), "network.variables", "taken by the parameter"),
    (("x; x", "x; gamma", "0, 1"), "network.variables", "taken by a variable"),
    (("x; sin", "x; gamma", "0, 1"), "network.variables", "the name of a function"),
    (("x; lambda", "x; gamma", "0, 1"), "network.variables", "reserved word"),
    (("x; 2y", "x; gamma", "0, 1"), "network.variables", "expected a name"),
]  # fmt: skip


def test_remedies_are_right() -> None:
    """What to write for a function that is not known here has its value; these are also texts that the reader takes."""
    u = mp.mpf("0.7")
    values = {"ln": mp.log(u), "log1p": mp.log(1 + u), "log2": mp.log(u, 2), "square": u * u, "arctan": mp.atan(u), "arcsin": mp.asin(u),
              "arcsinh": mp.asinh(u), "softplus": mp.log(1 + mp.exp(u))}  # fmt: skip
    values |= {"pi": mp.pi, "e": mp.e} | dict.fromkeys(["sigmoid", "logistic", "expit"], 1 / (1 + mp.exp(-u)))
    for name, remedy in {**FUNCTION_REMEDIES, **CONSTANT_REMEDIES}.items():
        if name not in ("pow", "power"):
            tree = parse(remedy.split(",")[0], ("u",), EQUATION)
            assert mp.almosteq(interpret(tree, Numbers(u)), values[name] if name in values else getattr(mp, name)(u)), name


class Numbers:
    """mpmath as an algebra of the reader, at one point u."""

    def __init__(self, u: mp.mpf) -> None:
        self.u = u

    number = staticmethod(lambda value: mp.mpf(value.numerator) / value.denominator)
    add = staticmethod(lambda x, y: x + y)
    multiply = staticmethod(lambda x, y: x * y)
    divide = staticmethod(lambda x, y: x / y)
    power = general_power = staticmethod(lambda x, y: x**y)
    function = staticmethod(lambda name, x: getattr(mp, name)(x))

    def variable(self, name: str) -> mp.mpf:
        return self.u


@pytest.mark.parametrize("arguments, key, expected", BAD)
def test_bad_specs_are_refused_with_place_and_reason(arguments: tuple[str, str, str], key: str, expected: str) -> None:
    with pytest.raises(InputError) as refused:
        prove(field(*arguments))
    assert refused.value.key == key and expected in str(refused.value)
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 400


@pytest.mark.parametrize(
    "more, key, expected",
    [
        ({"constants": '{ a = "b", b = "1" }'}, "network.constants.a", "unknown name 'b'"),
        ({"constants": '{ a = "x" }'}, "network.constants.a", "unknown name 'x'"),
        ({"constants": "{ a = true }"}, "network.constants: a", "expected a number or an expression"),
        ({"constants": '{ x = "1" }'}, "network.constants", "taken by a variable"),
        ({"constants": "{ a = inf }"}, "network.constants", "expected"),
        ({"constants": '"a"'}, "network.constants", "expected a table"),
        ({"more": 'definitions = { r = "r + x" }'}, "network.definitions.r", "unknown name 'r'"),
        ({"more": 'definitions = { r = "s", s = "x" }'}, "network.definitions.r", "s does not stand before this one"),
        ({"constants": '{ a = "b", b = "1" }', "more": ""}, "network.constants.a", "none is known here (column 1); b does not stand before"),
        ({"more": 'definitions = { exp = "x" }'}, "network.definitions", "the name of a function"),
        ({"more": 'start = ["1"]'}, "network.start", "expected 2, one for every variable"),
        ({"more": 'box = [["0", "1"]]'}, "network.box", "expected 2 pairs"),
        ({"more": 'box = [["0", "1"], ["2", "1"]]'}, "network.box", "the smaller first"),
        ({"more": 'leak = "1"'}, "network.leak", "unknown key"),
        ({"parameter": "tan"}, "parameter.name", "the name of a function"),
        ({"parameter": "lambda"}, "parameter.name", "reserved word"),
        ({"proof": 'weight_radius = "0.1"'}, "proof.weight_radius", "expected 0"),
    ],
)
def test_bad_tables_are_refused(more: dict[str, str], key: str, expected: str) -> None:
    with pytest.raises(InputError) as refused:
        load_text(spec("x; y", "x + gamma; y", "0, 1", **more))
    assert refused.value.key == key and expected in str(refused.value)


CHECKABLE = {  # found by a referee: proved, but at first not accepted by the checker
    "a decoupled component": ("x; y; z", "gamma*x - y - x*(x**2 + y**2); x + gamma*y - y*(x**2 + y**2); -z + z**2", "-1, 1", ""),
    "a start that is nearly 0": ("x; y; z", "(z**gamma - 2)*x - y - x*(x**2 + y**2); x + (z**gamma - 2)*y - y*(x**2 + y**2);"
                                 "sqrt(4) - z + 0*gamma", "0.5, 2", 'start = ["0", "0", "2"]'),
    "the power 0": ("x; y", "y + gamma**0 - 1; -x + gamma*y - x**2*y", "-1, 1", ""),
}  # fmt: skip


@pytest.mark.parametrize(("name", "method"), some(product(CHECKABLE, METHODS), 3))
def test_what_is_proved_is_accepted(name: str, method: str, tmp_path: Path) -> None:
    variables, equations, interval, more = CHECKABLE[name]
    result = api.prove(field(variables, equations, interval, more=more), tmp_path / "out", method=method, check=False)
    assert result.points
    assert proofgen.check(tmp_path / "out").verdict == "accepted"


def test_a_parameter_value_without_a_field_on_the_branch() -> None:
    """sin(γ)/γ at γ = 0: the search meets NaN and nothing is proved there."""
    summary = prove(field("x; y", "y; -x + gamma*y - x**2*y + (sin(gamma)/gamma - 1)*0", "-1, 1")).summary
    assert summary["status"] == "incomplete" and summary["unsettled"]


def test_the_interval_is_needed() -> None:
    text = '[network]\nfamily = "equations"\nvariables = ["x", "y"]\nequations = ["x", "y"]\n'
    for tail in ("", '[parameter]\nname = "a"\n'):
        with pytest.raises(InputError, match="parameter"):
            load_text(text + tail)


def test_numbers_are_exact() -> None:
    problem = field("x; y", "a*x + gamma; y", "0, 1", constants="{ a = 0.1, b = 1e-3, c = -2, d = 1_000 }")
    assert problem.constants == (("a", "0.1"), ("b", "1e-3"), ("c", "-2"), ("d", "1000"))
    graph = emit_equations(problem, "0" * 64).graph
    assert Fraction(1, 10) in {c for node in graph.nodes for c in node.coefficients}


@pytest.mark.parametrize("name", ["hodgkin-huxley", "coupled-4d"])
def test_emitted_text_is_the_golden_one(name: str, golden: Callable[[str, str], None]) -> None:
    golden(f"evaluator/{name}.py.txt", emit_equations(textbook(name), "0" * 64, hopf_text()).source)


def test_a_box_helps_where_nothing_else_is_said() -> None:
    """Equilibria at x = ±50 only, far from where the search looks by itself."""
    text = "gamma*(x - 50) - y - (x - 50)**3; x - 50 + gamma*y", "-0.5, 0.5"
    summary = prove(field("x; y", *text, more='box = [["45", "55"], ["-1", "1"]]')).summary
    assert summary["complete"] and encloses(summary["points"][0]["parameter"], Fraction(0), Fraction(1, 10**10))


def test_resume_notices_another_start(tmp_path: Path) -> None:
    """The start is a hint of the search and in no certificate, but another one may lead to another branch."""
    texts = [
        spec("x; y", "gamma*x - y - x**3; x + gamma*y", "-0.5, 0.5", more=f'start = ["{x}", "0"]') for x in ("0", "0.125")
    ]
    first, second = (load_text(text) for text in texts)
    out = tmp_path / "bundle"
    made = api.prove(first, out, check=False)
    again = api.prove(first, out, resume=True, check=False)
    assert again.summary == json.loads((out / "summary.json").read_text()) and again.branch == made.branch
    before = (out / "summary.json").read_bytes()
    api.prove(second, out, resume=True, check=False)
    assert (out / "summary.json").read_bytes() != before


def test_the_same_spec_gives_the_same_bytes(tmp_path: Path) -> None:
    for number, jobs in enumerate((1, 2)):
        api.prove(textbook("lorenz"), tmp_path / str(number), jobs=jobs, check=False)
    files = {path.relative_to(tmp_path / "0") for path in (tmp_path / "0").rglob("*") if path.is_file()}
    assert len(files) > 8
    for path in files - {Path("summary.json")}:
        assert (tmp_path / "0" / path).read_bytes() == (tmp_path / "1" / path).read_bytes(), path


def test_the_example_of_the_interface() -> None:
    """With the Unicode minus sign; the same problem as with the ASCII one."""
    text = spec("x; y", "a \N{MINUS SIGN} (gamma + 1)*x + x**2*y; gamma*x \N{MINUS SIGN} x**2*y", "1, 3",
                constants='{ a = "1" }', more='start = ["1", "2"]')  # fmt: skip
    problem = load_text(text)
    assert problem == load_text(text.replace("\N{MINUS SIGN}", "-"))
    (point,) = prove(problem).summary["points"]
    assert encloses(point["parameter"], Fraction(2)) and encloses(point["first_lyapunov_coefficient"], Fraction(-1, 2))
