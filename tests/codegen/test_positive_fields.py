"""Fields that are defined everywhere by their form are not called undefined on a moderate box, by prover or checker."""

from __future__ import annotations

from fractions import Fraction

import mpmath as mp
import pytest
from check_tools import load
from fields import field
from flint import arb
from hypothesis import example, given, settings
from hypothesis import strategies as st
from independent import equations_field

from proofgen.codegen.equations import emit_equations
from proofgen.codegen.equations_balls import equations_balls
from proofgen.numbers.balls import enclosure, working_precision
from proofgen.problem.equations import EquationsProblem

check = load()


# moderate: arguments of size 10 or so in a box of width 2
_arguments = st.deferred(lambda: st.one_of(
    st.sampled_from(["x", "y", "x*y", "gamma*x", "(x - y)", "a*y"]),
    st.tuples(st.sampled_from(["sin", "tanh", "atan", "erf"]), _positive).map(lambda t: f"{t[0]}({t[1]})"),
    st.tuples(st.sampled_from(["2", "5", "-3"]), st.sampled_from(["x", "y", "x*y"])).map(lambda t: f"({t[0]})*{t[1]}"),
))  # fmt: skip
_positive = st.deferred(lambda: st.one_of(
    st.tuples(st.sampled_from(["exp", "cosh", "exprel"]), _arguments).map(lambda t: f"{t[0]}({t[1]})"),
    _arguments.map(lambda u: f"(1 + tanh({u}))"),
    _arguments.map(lambda u: f"(1 - tanh({u})/2)"),
    _arguments.map(lambda u: f"(2 - erf({u}) + sin({u}))"),
    _nonnegative.map(lambda u: f"(1/7 + {u})"),
    st.tuples(_positive, _nonnegative).map(lambda t: f"({t[0]} + {t[1]})"),
    st.tuples(_positive, _positive).map(lambda t: f"{t[0]}*{t[1]}"),
    st.tuples(_positive, st.sampled_from(["1/2", "-1", "-2", "-3/2", "3", "gamma"])).map(lambda t: f"({t[0]})**({t[1]})"),
    _positive.map(lambda u: f"sqrt({u})"),
    _positive.map(lambda u: f"log(1 + {u})"),
))  # fmt: skip
_nonnegative = st.deferred(lambda: st.one_of(
    st.tuples(_arguments, st.sampled_from(["2", "4"])).map(lambda t: f"({t[0]})**{t[1]}"),
    _arguments.map(lambda u: f"{u}*{u}"),
    _arguments.map(lambda u: f"(-(-{u})*{u})"),
    st.tuples(_arguments, _arguments).map(lambda t: f"({t[0]})*({t[1]})*({t[0]})*({t[1]})"),
    _arguments.map(lambda u: f"(2*({u}))*({u}/3)"),
))  # fmt: skip


def values_over(problem: EquationsProblem, box: list[tuple[Fraction, Fraction]], gamma: tuple[Fraction, Fraction]) -> list[list[tuple[Fraction, Fraction]]]:
    """f over a box by the emitted code and by the checker; centres and radii."""
    with working_precision(128):
        e = equations_balls(problem, emit_equations(problem, "0" * 64))
        balls = [arb(float(m), float(r)) for m, r in (*box, gamma)]
        expansion = e.expand(balls[-1], balls[:-1], 3)
        assert all(d.is_finite() for jet in expansion.d.values() for d in jet)
        found = [enclosure(y) for y in expansion.value]
        assert all(y.is_finite() for row in e.jacobian(expansion).table() for y in row)
    raw = {
        "format": "proofgen-equations", "version": 1, "title": "", "dimension": problem.dimension,
        "parameter": {"name": problem.parameter_name, "interval": ["0", "1"]}, "variables": list(problem.variables),
        "constants": [{"name": n, "expression": t} for n, t in problem.constants],
        "definitions": [{"name": n, "expression": t} for n, t in problem.definitions], "equations": list(problem.equations),
    }  # fmt: skip
    system = check.field_of(check.read_equations(raw, "0" * 64, None, "problem.json"), 192)
    fixed = [check.real(m, system.F).widen(check.real(r, system.F).hi) for m, r in (*box, gamma)]
    own = system.at(fixed[-1], fixed[:-1]).f
    return [found, [(x.exact.lo, x.exact.hi) for x in own]]


@settings(max_examples=40)
@given(_positive.filter(lambda text: len(text) < 1000), st.integers(-8, 8), st.integers(-8, 8), st.integers(0, 8))
@example("sqrt(1/2 + ((1 + (x*y)**2)**(-5/2))**2)", -8, -7, 3)
@example("sqrt((1/7 + (2*(erf((exp(x) + (5)*x*(5)*x))))*(erf((exp(x) + (5)*x*(5)*x))/3)))", 0, 0, 3)
@example("sqrt((2 - erf((5)*y) + sin((5)*y)))", 1, 7, 8)
@example("log(1 + tanh(20*x))", 0, 0, 8)
@example("sqrt(exp(12*x))", 0, 0, 8)
@example("1/(exp(5*x)*exp(6*y))", 0, 0, 8)
@example("1/sqrt(1/100 + x*y*x*y)", 0, 0, 8)
@example("log(1/100 - (-x)*x + (x/3)*(2*x))", 0, 0, 8)
@example("(1/100 + (x + y)**2*x**4)**gamma", 1, -1, 8)
@example("1/cosh(5*x)**2", 0, 0, 8)
@example("(exp(-5*x)**-2)**-1", 0, 0, 8)
@example("1/(1/8 + exprel(9*x)**3)", 0, 0, 8)
def test_fields_that_are_defined_everywhere(text: str, a: int, b: int, wide: int) -> None:
    problem = field("x; y", f"{text} + 0*y; gamma - y", "0, 1", constants='{ a = "-3/7" }')
    radius, f = Fraction(wide, 8), equations_field(problem)
    box = [(Fraction(a, 8), radius), (Fraction(b, 8), radius)]
    gamma = (Fraction(1, 2), Fraction(1, 4))
    both = values_over(problem, box, gamma)
    with mp.workdps(60):
        for s, t, u in ((-1, -1, 1), (0, 0, 0), (1, 1, -1), (1, -1, 0)):
            x = [mp.mpf((m + s_ * r).numerator) / (m + s_ * r).denominator for (m, r), s_ in zip(box, (s, t), strict=True)]
            at = gamma[0] + u * gamma[1]
            exact = mp.re(f(x, mp.mpf(at.numerator) / at.denominator)[0])
            for found in both:
                low, high = (mp.mpf(end.numerator) / end.denominator for end in found[0])
                slack = mp.mpf(10) ** -30 * (1 + abs(exact))
                assert low - slack <= exact <= high + slack


@pytest.mark.parametrize("text, expected", [
    ("x**2", (0, 1)), ("x*x", (0, 1)), ("-(-x)*x", (0, 1)), ("(2*x)*(x/2)", (0, 1)), ("x**4", (0, 1)),
    ("(x + 2)**2", (1, 9)), ("(x - 2)*(x - 2)", (1, 9)), ("(x + 2)**-2", (Fraction(1, 9), 1)),
    ("(x + 1)**2", (0, 4)), ("cosh(x) + 0*y", (1, Fraction("1.5430806348152437784"))),
    ("exp(4*x)", (Fraction("0.018315638888734180294"), Fraction("54.598150033144239078"))),
])  # fmt: skip
def test_squares_and_exp_over_a_box_are_tight(text: str, expected: tuple[Fraction, Fraction]) -> None:
    problem = field("x; y", f"{text}; gamma - y", "0, 1")
    for found in values_over(problem, [(Fraction(0), Fraction(1)), (Fraction(0), Fraction(0))], (Fraction(1, 2), Fraction(0))):
        low, high = found[0]
        width = expected[1] - expected[0]
        assert 0 <= low <= expected[0] + Fraction(1, 10**15)
        assert low >= expected[0] - width / 10**6
        assert expected[1] - Fraction(1, 10**15) <= high <= expected[1] + width / 10**6
