"""The formulas of fields given by equations: what is printed is evaluated and compared with the user's text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import mpmath as mp
import pytest
import sympy as sp
from independent import bilinear, derivative_along, trilinear_uuv
from ordinary import some
from printed import Latex, exprel, text_value

from proofgen.command.main import app
from proofgen.formulas.derivative import derivative
from proofgen.formulas.equations import derive_equations, equations_text
from proofgen.formulas.names import symbols
from proofgen.formulas.partials import Components
from proofgen.formulas.sympy_form import ExpRel, sympy_field
from proofgen.formulas.typeset import Layout, Typesetter, text
from proofgen.problem.equations import EquationsProblem
from proofgen.spec.load import load
from proofgen.symbolic.functions import exprel_by_quotient
from proofgen.symbolic.parse import EQUATION, interpret, parse

TEXTBOOK = Path(__file__).parents[2] / "proofs" / "textbook"


def field_of(
    variables: Sequence[str],
    equations: Sequence[str],
    constants: Sequence[tuple[str, str]] = (),
    definitions: Sequence[tuple[str, str]] = (),
    parameter: str = "gamma",
    title: str = "a field",
) -> EquationsProblem:
    ends = (Fraction(0), Fraction(1))
    return EquationsProblem(
        title, tuple(variables), tuple(equations), ends, tuple(constants), tuple(definitions), parameter
    )


FUNCTIONS = field_of(
    ["x_1", "x_2", "w"],
    [
        "tan(x_1)*tanh(k*x_2) - erf(w)/sqrt(4 + x_1) + gamma**2*x_1",
        "r*log(2 + x_1) + atan(w*x_2)**3 - (2 + w)**alpha_K*K1/(x_2 + 3)**2 + 2**x_2",
        "cosh(x_1/k)*sinh(w) - cos(x_1*x_2*w)*(-w)**3 + (1 + x_2**2)**(-1/2) + sin(gamma - w)",
    ],
    [("k", "1.5"), ("alpha_K", "7/3"), ("K1", "1e-3")],
    [("s", "x_1 + w*gamma"), ("r", "1/(1 + s**2)")],
)
SPECS: dict[str, Callable[[], EquationsProblem]] = {
    **{path.stem: lambda path=path: load(path) for path in sorted(TEXTBOOK.glob("*.toml"))},  # type: ignore[misc]
    "functions": lambda: FUNCTIONS,
    **{
        expression: lambda expression=expression: field_of(["x", "y"], [f"gamma*x + {expression}", "x - k*y"], [("k", "5/2")])  # type: ignore[misc]
        for expression in [
            *(f"{function}(2 + x*y)" for function in EQUATION.functions), "(1 + x)**y", "(x + 1)**k", "k**(x*y)", "3**-x",
            "1/(x + y**2)", "sqrt(x/y)", "(x + y)**-2", "(x/y)**(2/3)", "exprel((25 - x)/10)**-1",
        ]
    },
}


def constants(problem: EquationsProblem) -> dict[str, mp.mpf]:
    values: dict[str, mp.mpf] = {}
    for name, expression in problem.constants:
        values[name] = text_value(expression, values)
    return values


class Field:
    """f from the user's text alone, at y = (x, γ)."""

    def __init__(self, problem: EquationsProblem) -> None:
        self.problem, self.fixed = problem, constants(problem)

    def names(self, y: Sequence[mp.mpc]) -> dict[str, mp.mpc]:
        values = {**self.fixed, **dict(zip([*self.problem.variables, self.problem.parameter_name], y, strict=True))}
        for name, expression in self.problem.definitions:
            values[name] = text_value(expression, values)
        return values

    def __call__(self, y: Sequence[mp.mpc]) -> list[mp.mpc]:
        values = self.names(y)
        return [text_value(expression, values) for expression in self.problem.equations]


def point(problem: EquationsProblem) -> list[mp.mpf]:
    return [mp.mpf(k * k % 7 + 1) / 11 for k in range(1, problem.dimension + 2)]


def component(left: str) -> int:
    """The number of the component in a left side such as ``B_2(u,v)`` or ``(∂f/∂J)_1``."""
    digits = left.partition("_")[2] if left[0] in "BC" else left.rpartition("_")[2]
    return int(digits.partition("(")[0]) - 1


@pytest.mark.parametrize("name", some(SPECS, 7))
def test_written_out_derivatives_are_those_of_the_text(name: str) -> None:
    """A, ∂f/∂γ, (∂A/∂γ)u, B(u,v), C(u,u,w) from the text and the LaTeX, against numerical differentiation."""
    problem = SPECS[name]()
    d = derive_equations(problem)
    n = problem.dimension
    with mp.workdps(50):
        f, y = Field(problem), point(problem)
        values = f.names(y)
        shown = symbols([*problem.variables, *(c for c, _ in problem.constants)], problem.parameter_name)
        labels = [*(part.text for part in d.written), *(plain for _, plain in d.unwritten)]
        u_name, v_name = next(label for label in labels if label.startswith("B("))[2:-1].split(",")
        w_name = {"v": "w", "eta": "zeta"}[v_name]
        u, w = [mp.mpf(k % 3 - 1) / 7 + mp.mpf("0.03") for k in range(n)], [mp.mpf(1 + k % 2) / 9 for k in range(n)]
        zero, by_gamma = [mp.mpf(0)], [mp.mpf(0)] * n + [mp.mpf(1)]
        expected = {
            "∂f": lambda: derivative_along(f, y, by_gamma, 1),
            "(∂A": lambda: bilinear(f, y, u + zero, by_gamma),
            "B": lambda: bilinear(f, y, u + zero, w + zero),
            "C": lambda: trilinear_uuv(f, y, u + zero, w + zero),
        }
        for part in d.written:
            order_two = part.text.startswith("B")
            along = {u_name: u, v_name: w if order_two else u, w_name: w}
            text_names = dict(values)
            latex_names = {shown[key].plain: values[key] for key in shown}
            for letter, vector in along.items():
                for k, entry in enumerate(vector, start=1):
                    text_names[f"{letter}_{k}"] = entry
                    command = letter if len(letter) == 1 else "\\" + letter
                    latex_names[f"{command}_{{{k}}}"] = entry
            if part.text == "A":
                columns = [derivative_along(f, y, [*(mp.mpf(i == j) for i in range(n)), 0], 1) for j in range(n)]
                found = {tuple(int(k) - 1 for k in line.text[2:].split(" = ")[0].split(",")): line for line in part.lines}
                for i in range(n):
                    for j in range(n):
                        both = _both(found[i, j], text_names, latex_names) if (i, j) in found else [0, 0]
                        assert all(_close(x, columns[j][i]) for x in both), (i, j)
                continue
            reference = next(make for start, make in expected.items() if part.text.startswith(start))()
            lines = {component(line.text.split(" = ")[0]): line for line in part.lines}
            for i in range(n):
                both = _both(lines[i], text_names, latex_names) if i in lines else [0, 0]
                assert all(_close(x, reference[i]) for x in both), (part.text, i)
    assert len(d.written) + len(d.unwritten) == 5 and (len(d.written) >= 4 or name == "functions")


def _both(line: object, text_names: dict[str, mp.mpc], latex_names: dict[str, mp.mpc]) -> list[mp.mpc]:
    written, latex = line.text.split(" = ", 1)[1], " ".join(line.lines)  # type: ignore[attr-defined]
    return [text_value(written, text_names), Latex(latex, latex_names).value()]


def _close(a: mp.mpc, b: mp.mpc) -> bool:
    return bool(abs(a - b) <= mp.mpf(10) ** -18 * max(1, abs(b)))


@pytest.mark.parametrize("name", some(SPECS, 15))
def test_the_field_is_shown_as_it_is_written(name: str) -> None:
    problem = SPECS[name]()
    d = derive_equations(problem)
    assert d.field is not None and d.definitions is not None and d.constants is not None
    with mp.workdps(30):
        f, y = Field(problem), point(problem)
        values, expected = f.names(y), f(y)
        named = [*problem.variables, *(key for key, _ in (*problem.constants, *problem.definitions))]
        shown = symbols(named, problem.parameter_name)
        latex_names = {shown[key].plain: values[key] for key in shown}
        for line, value in zip(d.field, expected, strict=True):
            assert all(_close(x, value) for x in _both(line, values, latex_names))
        for line in (*d.definitions, *d.long_constants):
            key = line.text.split(" = ")[0]
            assert all(_close(x, values[key]) for x in _both(line, values, latex_names))
        for latex, plain in d.constants:
            key, right = plain.split(" = ", 1)
            assert _close(text_value(right, values), values[key])
            assert _close(Latex(latex.split(" = ", 1)[1], latex_names).value(), values[key])


TRICKY = [
    "x - (y - 3)", "-(x + y)**2", "x/y/3", "x/(y/3)", "2**-x", "x**y**2", "(x**y)**2", "-x**2", "(-x)**2", "1/(x*y)*3",
    "--x", "x*-3", "-x*-y", "exp(x)**2", "exp(-(x + y)/7)", "2*3*x", "x*2*y*3", "x*(y/3)", "x - -y", "+x", "3 - (x)",
    "0*x + y", "x**0", "x**1", "1*x", "x/1", "1/x", "-1/x", "(x + y)*(x - y)", "(x)*(y)", "x**(1/3)", "x**(-2)",
    "0.5**x", "1e-7*x", "2.50e10*x**2", "(x/y)**2", "exprel(x/y)**2/3", "sqrt(x)**3", "(x*y)**2", "((x + 1)**2)**3",
    "exp(exp(x))", "exp(x**2)", "log(x)*3", "tan(x)**-2", "1/3*x", "x*(1/3)", "7*(1/3)", "-(-(x))", "(2/3)**x",
    "1e-7**x", "x**1e-7", "x*(-y)*z", "-(x - y - z)", "x/(-y)", "x/(y*z)/2", "x*y/(z*2)*3", "2/(3/x)",
]  # fmt: skip


@pytest.mark.parametrize("expression", TRICKY)
@pytest.mark.parametrize("width", [60.0, 4.0])
def test_layout_keeps_the_meaning(expression: str, width: float) -> None:
    names = symbols(["x", "y", "z"], "gamma")
    item = interpret(parse(expression, names, EQUATION), Layout(names))
    with mp.workdps(30):
        values = {"x": mp.mpf("0.7"), "y": mp.mpf("1.3"), "z": mp.mpf("0.4")}
        expected = text_value(expression, values)
        assert _close(text_value(text(item), values), expected)
        assert _close(Latex(" ".join(Typesetter().lines(item, width)), values).value(), expected)
        assert _close(Latex(Typesetter().inline(item), values).value(), expected)


def test_long_numbers_are_broken_but_exact() -> None:
    names = symbols(["x", "y"], "gamma")
    digits = "1." + "123456789" * 20
    lines = Typesetter().lines(interpret(parse(f"{digits}*x", names, EQUATION), Layout(names)), 60)
    assert len(lines) > 2 and "".join(lines).replace(" ", "") == digits + "x"


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("x", "x"), ("x1", "x_{1}"), ("x_1", "x_{1}"), ("gNa", r"g_{\mathrm{Na}}"), ("gK", r"g_{\mathrm{K}}"),
        ("Ca", r"{\mathrm{Ca}}"), ("DNA", r"{\mathrm{DNA}}"), ("I_app", r"{\mathnormal{I}}_{\mathrm{app}}"), ("tau_1", r"{\mathnormal{\tau}}_{1}"), ("rho_1", r"\rho_{1}"),
        ("rhoE", r"\rho_{\mathrm{E}}"), ("sigma", r"\sigma"), ("x_1_2", "x_{1,2}"), ("k_alpha", r"{\mathnormal{k}}_{\alpha}"),
        ("lambda_", r"{\mathtt{lambda\_}}"), ("x__2", r"{\mathtt{x\_\_2}}"), ("alphabet", r"{\mathrm{alphabet}}"),
        ("B", r"{\mathnormal{B}}"), ("omega", r"{\mathnormal{\omega}}"), ("c1", r"{\mathnormal{c}}_{1}"), ("e", r"{\mathrm{e}}"), ("pi", r"{\boldsymbol{\pi}}"), ("Na2", r"{\mathrm{Na}}_{2}"),
    ],
)  # fmt: skip
def test_names(name: str, latex: str) -> None:
    assert symbols([name], "gamma")[name].plain == latex


def test_names_that_would_look_alike_are_written_out() -> None:
    found = symbols(["x1", "x_1", "x1_", "gK", "g_K", "B", "gamma1"], "gamma_1")
    assert len({symbol.plain for symbol in found.values()}) == len(found)
    assert found["x1"].plain == r"{\mathtt{x1}}" and found["gamma_1"].plain == r"{\mathtt{gamma\_1}}"


def test_directions_and_the_state_keep_clear_of_the_names() -> None:
    d = derive_equations(field_of(["v", "w"], ["v*w - gamma", "v - w**2"]))
    assert [part.name for part in d.written][3:] == [r"B(\xi,\eta)", r"C(\xi,\eta,\zeta)"]
    assert d.vector == "x"
    assert derive_equations(field_of(["x", "y"], ["y", "gamma - x"])).vector == r"\chi"
    euler = derive_equations(field_of(["x", "y"], ["exp(x)", "gamma - x*e"], [("e", "2")]))
    assert euler.field is not None and euler.field[0].lines == (r"\exp(x)",)


def shown(problem: EquationsProblem) -> dict[str, Components]:
    return {part.text: part for part in derive_equations(problem).written}


@pytest.mark.parametrize("name", some(SPECS, 8, ["functions", "hodgkin-huxley"]))
def test_derivatives_are_those_of_sympy_in_every_letter(name: str) -> None:
    """The form, not only the value: what is printed, and what is too long for it, depends on the form."""
    problem = SPECS[name]()
    named = [given for given, _ in (*problem.constants, *problem.definitions)]
    field = sympy_field(problem, symbols([*problem.variables, *named], problem.parameter_name))
    expressions = [*field.components]
    for _ in range(3):
        found = []
        for expression in expressions:
            for symbol in (*field.variables, field.parameter):
                expected = sp.diff(expression, symbol)
                assert sp.srepr(derivative(expression, symbol)) == sp.srepr(expected)
                found += [expected] if expected.free_symbols else []
        expressions = found[:12]


def test_textbook_derivatives() -> None:
    lorenz = shown(load(TEXTBOOK / "lorenz.toml"))
    assert lorenz["A"].matrix is not None and r"-\sigma & \sigma & 0 \\" in lorenz["A"].matrix
    assert [line.text for line in lorenz["B(u,v)"].lines] == [
        "B_2(u,v) = -(u_1·v_3 + u_3·v_1)", "B_3(u,v) = u_1·v_2 + u_2·v_1",
    ]  # fmt: skip
    assert lorenz["C(u,v,w)"].lines == () and lorenz["C(u,v,w)"].vanish
    brusselator = shown(load(TEXTBOOK / "brusselator.toml"))
    assert brusselator["B(u,v)"].lines[0].text == "B_1(u,v) = 2·y·u_1·v_1 + 2·x·(u_1·v_2 + u_2·v_1)"
    assert brusselator["C(u,v,w)"].lines[0].text == "C_1(u,v,w) = 2·(u_1·v_1·w_2 + u_1·v_2·w_1 + u_2·v_1·w_1)"
    huxley = shown(load(TEXTBOOK / "hodgkin-huxley.toml"))
    assert r"\operatorname{exprel}'\bigl((25 - V)/10\bigr)" in " ".join(huxley["A"].lines[4].lines)
    assert huxley["∂f/∂J"].matrix == r"\bigl(1, 0, 0, 0\bigr)^{\mathsf T}"


def test_exprel_and_its_derivatives() -> None:
    u = sp.Symbol("u", real=True)
    z = next(iter(exprel_by_quotient().free_symbols))
    for k in range(4):
        derivative = sp.diff(ExpRel(sp.Integer(0), u), u, k)
        assert derivative == ExpRel(sp.Integer(k), u)
        for at in (sp.Rational(7, 3), sp.Rational(-5, 2), sp.Integer(0)):
            value = derivative.subs(u, at).evalf(30)
            with mp.workdps(30):
                assert abs(mp.mpf(str(value)) - exprel(mp.mpf(at.p) / at.q, k)) < mp.mpf(10) ** -25
            if at != 0:
                assert abs(sp.diff(exprel_by_quotient(), z, k).subs(z, at).evalf(30) - value) < 1e-25


def test_no_number_is_rounded() -> None:
    problem = field_of(["x", "y"], ["0.1*x + 1e-30*y - gamma", "x*3.14159 - y**2.5"])
    field = sympy_field(problem, symbols(["x", "y"], "gamma"))
    assert not any(component.atoms(sp.Float) for component in field.components)
    assert sp.diff(field.components[0], field.variables[0]) == sp.Rational(1, 10)


GOODWIN = field_of(
    [f"x_{i}" for i in range(1, 13)],
    ["k1*K**p/(K**p + x_12**p) - gamma*x_1"]
    + [f"k2*x_{i - 1}*exp(-x_{i - 1}/K) - gamma*x_{i}/(1 + x_{i}**2)" for i in range(2, 13)],
    [("k1", "1.5"), ("k2", "2/3"), ("K", "1"), ("p", "9/2")],
)
RING = field_of(
    [f"u{i}" for i in range(40)],
    [f"(u{(i + 1) % 40} - u{(i - 2) % 40})*u{(i - 1) % 40} - u{i} + F" for i in range(40)],
    parameter="F",
)
LARGE = {
    "twelve": GOODWIN,
    "forty": RING,
    "long": field_of(["x", "y"], ["+".join(f"sin({k}*x*y)*exp(-x**2/{k})" for k in range(1, 200)), "gamma - x"]),
    "nested": field_of(
        ["x", "y"], ["d99 - y*gamma", "x"],
        definitions=[("d0", "x*y + 1"), *((f"d{k}", f"d{k - 1}*d{k - 1} + x") for k in range(1, 100))],
    ),
    "numbers": field_of(
        ["x", "y"], ["exp(1e250*log(2*x)) + (3*x)**(1e250 + 0.5) + 2**(x + 1e9)", "((99*x)**64)**64 + ((1e300*y)**64)**64"]
    ),
    "constants": field_of(["x", "y"], ["2**0.5*x + sqrt(2)*y + log(8)*exp(1)*x*y + x**y", "exp(log(2*x)*1e9) - gamma"]),
    "deep": field_of(["x", "y"], ["exp(" * 95 + "x*gamma" + ")" * 95, "(" * 90 + "x" + ")**y" * 90]),
    "fractions": field_of(["x", "y"], ["1/(1+" * 45 + "x*gamma" + ")" * 45, "/(x+".join(["y"] * 45) + ")" * 44]),
    "operations": field_of(["x", "y"], ["x" + "*y+1" * 2400, "-".join(["gamma"] * 1600)], definitions=[
        (f"d{k}", "+".join([f"x**{k + 1}*y"] * 150)) for k in range(6)]),
    "roots": field_of(["x", "y"], ["sqrt(x**2)*x - y", "1/(x*(y + 1) - x*y - x) + gamma"]),
}  # fmt: skip


@pytest.mark.parametrize("name", some(LARGE, 0, ["constants", "roots"]))
def test_length_stays_bounded(name: str) -> None:
    d = derive_equations(LARGE[name])
    lengths = [len(line) for part in d.written for row in part.lines for line in row.lines]
    assert len(lengths) < 150 and max(lengths, default=0) < 1500
    assert len(d.written) + len(d.unwritten) == 5
    assert ("Too long to be written out" in equations_text(d)) == bool(d.unwritten)
    assert d.unwritten or name == "constants"


def test_what_is_evaluated_is_counted() -> None:
    o = derive_equations(load(TEXTBOOK / "brusselator.toml")).operations
    assert (o.sums, o.products, o.powers, o.functions, o.shared) == (3, 3, 1, 0, 1)  # x²y is shared
    assert o.total == 7


def test_the_product_rule() -> None:
    rules = derive_equations(load(TEXTBOOK / "lorenz.toml")).product_rule
    assert [rule.latex for rule in rules[:2]] == [
        "(ab)_{1} = a_{1} b + a b_{1}", "(ab)_{12} = a_{12} b + a_{1} b_{2} + a_{2} b_{1} + a b_{12}",
    ]  # fmt: skip
    assert rules[2].right.count("+") == 7


def test_derive_on_the_command_line(golden: Callable[[str, str], None]) -> None:
    from typer.testing import CliRunner

    for name in ("hodgkin-huxley", "coupled-4d"):
        spec = str(TEXTBOOK / f"{name}.toml")
        plain = CliRunner().invoke(app, ["derive", spec])
        assert plain.exit_code == 0 and "∂f/∂" in plain.output and "pᴴ" in plain.output and "\\" not in plain.output
        latex = CliRunner().invoke(app, ["derive", spec, "--latex"])
        assert latex.exit_code == 0 and latex.output.isascii()
        golden(f"latex/derive-{name}.txt", plain.output)
        golden(f"latex/derive-{name}.tex", latex.output)


def test_derive_shows_folds_and_of_one_equation_no_hopf_point(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    spec = tmp_path / "one.toml"
    text = '[network]\nfamily = "equations"\nvariables = ["x"]\nequations = ["-x + 2*tanh(x) + u"]\n[parameter]\nname = "u"\ninterval = ["-1", "1"]\n'
    for time, system, absent in (("", "F(u, x, v) = (f, Av, φv − 1)", "Lyapunov"), ('time = "discrete"\n', "F(u, x, v) = (f − x, (A − I)v, φv − 1)", "Neimark")):
        spec.write_text(text.replace("variables", f"{time}variables"))
        plain = CliRunner().invoke(app, ["derive", str(spec)])
        assert plain.exit_code == 0 and system in plain.output and absent not in plain.output
        latex = CliRunner().invoke(app, ["derive", str(spec), "--latex"])
        assert latex.exit_code == 0 and r"\varphi v-1\bigr)" in latex.output
