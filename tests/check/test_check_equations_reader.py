"""Expressions of section 14 are read with Python's meaning, and everything else is refused quickly."""

from __future__ import annotations

import keyword
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from check_tools import few_calls, load
from hypothesis import given, settings
from hypothesis import strategies as st
from ordinary import some

check = load()
F = 192
FUNCTIONS = {name: getattr(mpmath, name) for name in ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "sqrt", "erf")}
FUNCTIONS["exprel"] = lambda u: mpmath.expm1(u) / u if u else mpmath.mpf(1)


def problem(equation: str = "x", constants: dict[str, str] | None = None, definitions: dict[str, str] | None = None,
            changes: dict[str, Any] | None = None) -> Any:  # fmt: skip
    """x' = the equation, y' = y."""
    raw: dict[str, Any] = {
        "format": "proofgen-equations", "version": 1, "title": "", "dimension": 2, "parameter": {"name": "g", "interval": ["-1", "1"]},
        "variables": ["x", "y"], "equations": [equation, "y"],
        "constants": [{"name": k, "expression": v} for k, v in (constants or {}).items()],
        "definitions": [{"name": k, "expression": v} for k, v in (definitions or {}).items()],
    }  # fmt: skip
    return check.read_equations(raw | (changes or {}), "", check.python_product, "problem.json")


def value(p: Any, x: Fraction = Fraction(7, 5), y: Fraction = Fraction(3, 8), g: Fraction = Fraction(1, 3)) -> tuple[Fraction, Fraction]:
    system = check.field_of(p, F)
    x_, y_, g_ = (check.real(v, system.F) for v in (x, y, g))
    found = system.at(g_, [x_, y_]).f[0].exact
    return found.lo, found.hi


def encloses(ends: tuple[Fraction, Fraction], exact: Any) -> None:
    with mpmath.workprec(500):
        lo, hi = (mpmath.mpf(e.numerator) / e.denominator for e in ends)
        slack = mpmath.mpf(10) ** -60 * (1 + abs(exact))
        assert lo - slack <= exact <= hi + slack
        assert hi - lo < 1e-35 * (1 + abs(exact))


def python(text: str, **names: Any) -> Any:
    """What Python makes of it, with exact literals."""
    with mpmath.workprec(500):
        x, y, g = mpmath.mpf(7) / 5, mpmath.mpf(3) / 8, mpmath.mpf(1) / 3
        literal = check.re.compile(r"(?<![A-Za-z_0-9])((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
        exact = literal.sub(lambda m: f"mpf('{m[1]}')", text)
        return eval(exact, FUNCTIONS | {"x": x, "y": y, "g": g, "mpf": mpmath.mpf} | names)


GOOD = [
    "x - y - g", "x - (y - g)", "x/y/g", "x/(y/g)", "x/y*g", "2 + 3*x**2", "-x**2", "(-x)**2", "2**-1", "x**-2", "x**-y", "-x**-y**g",
    "2**3**2", "x**y**g", "(x**y)**g", "-+-x", "x*-y", "x--y", "x+-+y", "- - x", "x * - y ** 2", "0.1", ".5", "2.", "1e-3", "1E+3", "007*x",
    "1.5e2*x", "x**0", "x**1", "x**64", "x**(1/2)", "x**(3 - 1)", "x**2.", "x**-(1/3)", "exp(x)*log(x)", "sin(cos(x))", "tan(g)", "tanh(x)",
    "sinh(y) + cosh(y)", "atan(x)", "sqrt(x)", "erf(g)", "exprel(x)", "exprel(-x/8)", "exprel(0)", "exprel(x - x)", " x  +  y ", "((x))",
    "exp (x)", "x*x", "x*x*x", "x/x", "1/(1 + x**2)", "x**g", "2**x", "2**0.5", "x*(x + 1)*(x + 2)", "0*x", "0e5 + x",
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_meaning(text: str) -> None:
    encloses(value(problem(text)), python(text))


REFUSED = [
    "", " ", "x y", "2x", "x(2)", "1 2", "1..2", "1_000", "0x10", "1j", "1e", "1e+", ".", "..", "x.real", "x + ", "* x", "x ** * y", "()", "(x", "x)",
    "exp", "exp x", "exp()", "exp(x, y)", "exp(x,)", "z", "Abs(x)", "abs(x)", "Max(x, y)", "Piecewise((x, y))", "sign(x)", "gamma(x)", "acos(x)",
    "lambda: x", "x if y else g", "x and y", "not x", "x < y", "x = y", "x == y", "x // y", "x % y", "x @ y", "x & y", "x ^ y", "~x", "[x]", "{x}",
    "x[0]", "'x'", '"x"', "x;y", "x\ny", "x\t", "x#y", "x!", "χ", "x²", "\u0661", "x\u00a0+ y", "__import__('os')", "True", "None", "x**1000000000",
    "x**65", "x**-65", "2**65", "x**(2**64)", "x**" + "9" * 4000, "2**2**2**2**2**2", "1e301", "1e-301", "1e999999999999", "1/0", "x/0", "x/(1 - 1)",
    "0**-1", "x + 0**-2", "(1e300**64)*x", "x**(1e300**64)", "0." + "1" * 5000, "x*0.0000" + "0" * 300 + "1", "$x", "x\x00", "x\\", "\ufeffx",
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(check.Rejected, match=r"problem\.json: "):
        problem(text)


HOSTILE: dict[str, dict[str, Any]] = {
    "parentheses": {"equation": "(" * 4999 + "x" + ")" * 4999},
    "calls": {"equation": "exp(" * 1000 + "x" + ")" * 1000},
    "signs": {"equation": "-" * 9999 + "x"},
    "powers": {"equation": "**".join(["x"] * 3000)},
    "a million characters": {"equation": "x" + "+x" * 600000},
    "a million characters in a constant": {"constants": {"c": "1" + "+1" * 600000}},
    "operations": {"definitions": {f"d{i}": "x" + "+x" * 4000 for i in range(10)}},
    "powers of constants": {"constants": {"c": "2**64"} | {f"c{i}": f"c{i - 1 if i else ''}**64" for i in range(100)}},
    "products of constants": {"constants": {"c": "1/3**64"} | {f"c{i}": f"c{i - 1 if i else ''}*c{i - 1 if i else ''}" for i in range(400)}},
    "sums of constants": {"constants": {f"c{i}": "+".join(f"1/{i * 400 + j + 10**6 + 3}" for j in range(1, 400)) for i in range(20)}},
    "501 definitions": {"definitions": {f"d{i}": "x" for i in range(501)}},
    "501 constants": {"constants": {f"d{i}": "1" for i in range(501)}},
}  # fmt: skip


@pytest.mark.parametrize("name", some(HOSTILE, 0, set(HOSTILE) - {"sums of constants"}))
def test_hostile(name: str) -> None:
    with few_calls(), pytest.raises(check.Rejected):
        problem(**HOSTILE[name])


BLOW_UP = {
    "sums": ("d{}+d{}", False), "squares": ("d{}*d{}", True), "powers": ("d{}**64", True), "exponentials": ("exp(d{})", True),
    "logarithms": ("exp(-d{})", False), "powers of powers": ("(2 + d{}**2)**d{}", True),
}  # fmt: skip


@pytest.mark.parametrize("name", BLOW_UP)
def test_definitions_are_shared(name: str) -> None:
    """400 definitions, each in terms of the one before: no expression is written out, and no number gets too long."""
    text, undecided = BLOW_UP[name]
    with few_calls():
        p = problem("d399", definitions={f"d{i}": text.replace("{}", str(i - 1)) if i else "2 + x" for i in range(400)})
        assert len(p.graph.nodes) < 3000
        if undecided:
            with pytest.raises(check.Undecided, match=r"definition d\d+: '"):
                value(p)
        else:
            value(p)
        assert p.trivial is False


def test_100_deep() -> None:
    problem("(" * 100 + "x" + ")" * 100)
    problem("-" * 100 + "x")
    with pytest.raises(check.Rejected, match="100 deep"):
        problem("(" * 101 + "x" + ")" * 101)


# --- names ---


@pytest.mark.parametrize("name", [*keyword.kwlist, *FUNCTIONS, "_x", "1x", "", "x" * 31, "é", "x-y", "x y", "x\n", 3, None, "x", "y", "g"])
def test_names_refused(name: Any) -> None:
    for kind in ("constants", "definitions"):
        with pytest.raises(check.Rejected):
            problem(**{kind: {name: "1"}})


@pytest.mark.parametrize("changes", [
    {"parameter": {"name": "x", "interval": ["0", "1"]}}, {"parameter": {"name": "in", "interval": ["0", "1"]}}, {"variables": ["x", "x"]},
    {"variables": ["x"]}, {"variables": ["x", "y", "z"]}, {"variables": ["x", "exp"]}, {"equations": ["x"]}, {"equations": ["x", "y", "x"]},
    {"equations": ["x", 1]}, {"equations": ["x", None]}, {"dimension": 1}, {"dimension": 101}, {"dimension": "2"}, {"title": "x" * 501},
    {"parameter": {"name": "g", "interval": None}}, {"parameter": {"name": "g", "interval": ["1", "1"]}},
    {"parameter": {"name": "g", "interval": ["1", "0"]}}, {"parameter": {"name": "g", "interval": [0, 1]}}, {"parameter": "g"},
    {"constants": [{"name": "c", "expression": "1"}, {"name": "c", "expression": "1"}]}, {"constants": [{"name": "c"}]},
    {"constants": [{"name": "c", "expression": 1}]}, {"constants": {"c": "1"}}, {"weight_radius": "0"}, {"layers": []},
    {"definitions": [{"name": "d", "expression": "x", "note": ""}]}, {"constants": [{"name": "d", "expression": "d"}]},
    {"constants": [{"name": "c", "expression": "x"}]}, {"constants": [{"name": "c", "expression": "g"}]},
    {"constants": [{"name": "c", "expression": "d"}], "definitions": [{"name": "d", "expression": "1"}]},
    {"definitions": [{"name": "d", "expression": "e"}, {"name": "e", "expression": "x"}]},
], ids=str)  # fmt: skip
def test_problems_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(check.Rejected):
        problem(changes=changes)


def test_unknown_version() -> None:
    with pytest.raises(check.Undecided):
        problem(changes={"version": 2})


@pytest.mark.parametrize("key", ["title", "dimension", "parameter", "variables", "constants", "definitions", "equations"])
def test_missing_key(key: str) -> None:
    raw: dict[str, Any] = {
        "format": "proofgen-equations", "version": 1, "title": "", "dimension": 2, "parameter": {"name": "g", "interval": ["-1", "1"]},
        "variables": ["x", "y"], "equations": ["x", "y"], "constants": [], "definitions": [],
    }  # fmt: skip
    check.read_equations(raw, "", check.python_product, "problem.json")
    del raw[key]
    with pytest.raises(check.Rejected):
        check.read_equations(raw, "", check.python_product, "problem.json")


# --- powers: which exponents are integers ---


def test_rational_exponents() -> None:
    for exponent, constants in (("k", {"k": "3"}), ("k/j", {"k": "6", "j": "2"}), ("2**1 + 1", {}), ("k", {"j": "2", "k": "2*j - 1"}), ("+3.0", {})):
        encloses(value(problem(f"(x - 2)**({exponent})", constants)), python("(x - 2)**3"))
    encloses(value(problem("(x - 2)**k", {}, {"k": "6/2"})), python("(x - 2)**3"))
    for exponent, constants, definitions in (("k", {"k": "sqrt(9)"}, {}), ("k", {}, {"k": "3 + 0*x"}), ("y/y*3", {}, {}), ("3 + 0*x", {}, {})):
        p = problem(f"(x - 2)**({exponent})", constants, definitions)  # exp(b log a), although b = 3
        with pytest.raises(check.Undecided, match="positive"):
            value(p)


def test_sharing() -> None:
    """Equal subexpressions are one node, wherever they occur."""
    p = problem("exp(x*y) + exp(x*y)*d + (x*y)", definitions={"d": "1/(x*y)"})
    assert sum(node.op == "*" and node.a == 0 and node.b == 1 for node in p.graph.nodes) == 1
    assert sum(node.f == "exp" for node in p.graph.nodes) == 1


# --- fuzzing ---

expressions = st.recursive(
    st.sampled_from(["x", "y", "g", "1", "0.5", "2", ".25", "3e-1"]),
    lambda s: st.one_of(
        st.tuples(s, st.sampled_from(["+", "-", "*", " / ", "*-"]), s).map("".join),
        st.tuples(st.sampled_from(["-", "+", "- "]), s).map("".join),
        st.tuples(s, st.sampled_from(["**2", "**3", "**-1", "**0.5", "**(1/3)"])).map("".join),
        st.tuples(st.sampled_from([*sorted(FUNCTIONS), ""]), st.just("("), s, st.just(")")).map("".join),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(expressions)
def test_agrees_with_python(text: str) -> None:
    try:
        ends = value(problem(text))
    except (check.Rejected, check.Undecided):
        return
    exact = python(text)
    with mpmath.workprec(500):
        lo, hi = (mpmath.mpf(e.numerator) / e.denominator for e in ends)
        slack = mpmath.mpf(10) ** -60 * (1 + abs(exact))
        assert lo - slack <= exact <= hi + slack


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text("xyg01.eE+-*/() ^", max_size=40), st.lists(st.sampled_from(
    ["x", "y", "exp", "log", "(", ")", "+", "-", "*", "/", "**", "2", "0.1", " ", "1e9", "tan"]), max_size=25).map("".join)))  # fmt: skip
def test_never_a_crash(text: str) -> None:
    try:
        value(problem(text))
    except (check.Rejected, check.Undecided):
        return
