"""Functions, jets and the rule of the trivial branch of section 14, against mpmath and SymPy."""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from check_tools import load
from hypothesis import given, settings
from hypothesis import strategies as st
from test_check_equations_reader import FUNCTIONS, problem

check = load()
F = 192
POWERS = [0, 1, 2, 3, 4, 7, -1, -2, -3, Fraction(1, 2), Fraction(-1, 2), Fraction(7, 3)]


@functools.cache
def formula(f: str, k: int) -> Any:
    z = sympy.Symbol("z")
    return sympy.lambdify(z, sympy.diff(getattr(sympy, f)(z), z, k), "mpmath")


def derivative(f: Any, x: mpmath.mpf, k: int) -> mpmath.mpf:
    """f^(k)(x)"""
    if f == "exprel":
        return mpmath.hyp1f1(k + 1, k + 2, x) / (k + 1)
    if f in FUNCTIONS:
        return formula(f, k)(x)
    b = mpmath.mpf(f.numerator) / f.denominator
    coefficient = mpmath.fprod(b - i for i in range(k))
    return coefficient * x ** (b - k) if coefficient else coefficient


@settings(max_examples=200, deadline=None)
@given(st.sampled_from([*sorted(check.FUNCTIONS), *POWERS]), st.floats(-4, 4), st.sampled_from([0, 1e-20, 1e-6, 0.03, 0.4, 2]))
def test_functions(f: Any, middle: float, radius: float) -> None:
    """Over an interval: all values lie in the enclosure, and it is hardly wider than they are."""
    z = check.Interval(Fraction(middle) - Fraction(radius), Fraction(middle) + Fraction(radius)).rounded(F)
    try:
        enclosures = check.derivatives(f, z)
    except (check.Rejected, check.Undecided):
        positive = f in ("log", "sqrt") or isinstance(f, Fraction)
        assert (positive and z.lo <= 0) or (f == "tan" and radius > 0.4) or (isinstance(f, int) and f < 0 and z.lo <= 0 <= z.hi) or f == "tan"
        return
    with mpmath.workprec(450):
        xs = [mpmath.mpf(z.lo + (z.hi - z.lo) * i // 32) / 2**F for i in range(0, 33, 1 if radius > 1e-3 else 16)]
        for k, (lo, hi) in enumerate((x.lo, x.hi) for x in enclosures):
            values = [derivative(f, x, k) * 2**F for x in xs]
            slack = mpmath.mpf(2) ** (F - 100) * (1 + max(map(abs, values)) / 2**F)
            assert lo - slack <= min(values)
            assert max(values) <= hi + slack
            spread = max(values) - min(values)
            assert hi - lo <= 1.05 * spread + slack + (0.01 * spread + mpmath.mpf(2) ** F * radius**2 if radius > 1e-3 else 0)
            if isinstance(f, int) and (f - k) % 2 == 0 and (f - k >= 0 or f < 0) and check.falling(f, k) > 0:
                assert lo >= 0


@pytest.mark.parametrize("u", [0, 1e-30, -1e-9, 0.2499, 0.25, -0.25, 0.2501, 1, -1, 30, -30, 700, -3000, -5000, -(10**9)])
def test_exprel(u: float) -> None:
    z = check.real(Fraction(u), F).lo
    with mpmath.workprec(12000):
        x, before = mpmath.mpf(z) / 2**F, None
        for k, (lo, hi) in enumerate((v.lo, v.hi) for v in check.derivatives("exprel", check.Real(z, z, F))):
            if abs(x) < 1:
                exact = mpmath.nsum(lambda j, k=k: x**j / (mpmath.factorial(j) * (j + k + 1)), [0, 60], method="d")
            else:
                exact = (mpmath.exp(x) - (k * before if k else 1)) / x
            before = exact
            assert lo <= exact * 2**F + mpmath.mpf(2) ** -50
            assert exact * 2**F - mpmath.mpf(2) ** -50 <= hi
            assert hi - lo <= 2 ** (F - 160) * (1 + exact)
            assert lo >= 0 or u < -1000


def test_exprel_is_increasing() -> None:
    for a, b in ((-3, 2), (-0.3, 0.26), (0, 1e-6), (-1000, 5)):
        low, high = (check.real(Fraction(x), F).lo for x in (a, b))
        ends = [check.derivatives("exprel", check.Real(x, x, F)) for x in (low, high)]
        whole = check.derivatives("exprel", check.Real(low, high, F))
        for k in range(4):
            assert whole[k] == ends[0][k].up_to(ends[1][k])


def test_arguments_that_are_large() -> None:
    far, one = check.real(10**6, F), 1 << F
    assert check.derivatives("tanh", far)[0].lo >= one - 2
    assert check.derivatives("erf", -far)[0].hi <= -one + 2
    assert check.derivatives("exp", -far)[0] == check.Real(0, 1, F)
    assert check.derivatives("sin", check.Real(0, 100 << F, F))[0] == check.Real(-one, one, F)
    for f in ("exp", "cosh", "sinh", "exprel"):
        with pytest.raises(check.Undecided):
            check.derivatives(f, far)


spans = st.tuples(st.integers(-(2**70), 2**70), st.integers(-(2**70), 2**70)).map(lambda t: (min(t), max(t)))


@settings(max_examples=300, deadline=None)
@given(spans, spans, st.integers(-5, 7))
def test_products_and_powers_are_exact_hulls(a: tuple[int, int], b: tuple[int, int], k: int) -> None:
    one = 1 << 64
    ends = [Fraction(x * y, one) for x in a for y in b]
    x, y = check.Real(*a, 64), check.Real(*b, 64)
    lo, hi = (x * y).lo, (x * y).hi
    assert lo <= min(ends) < lo + 1
    assert hi - 1 < max(ends) <= hi
    if k < 0 and a[0] <= 0 <= a[1]:
        return
    powers = [Fraction(x) ** k * Fraction(one) ** (1 - k) for x in a] + ([Fraction(0)] if a[0] <= 0 <= a[1] and k > 0 else [])
    if k < 0 and min(map(abs, a)) < 2**30:
        return  # 1/x is rounded first
    power = check.power_of(x, k)
    lo, hi = power.lo, power.hi
    slack = 1 if k >= -1 else 1 + abs(k) * 2 ** (34 * (abs(k) - 1))
    assert lo <= min(powers) < lo + slack
    assert hi - slack < max(powers) <= hi


# --- jets ---

FIELDS: dict[str, list[str]] = {
    "brusselator": ["1 - (g + 1)*x + x**2*y", "g*x - x**2*y"],
    "rates": ["g - 120*y**3*(x - 1.15) - 0.3*(x + 0.1)", "(1 - y)/exprel((25 - x)/10) - 4*y*exp(-x/18)"],
    "quotients": ["x*y/(2 + x**2 + g)", "tanh(x*y - g)/cosh(x)"],
    "logarithms": ["log(3 + x*y)*sqrt(2 + g*x)", "(2 + x)**1.5 - (3 + y)**(g*x) + 2**x"],
    "waves": ["sin(x*y)*cos(g*x) + tan(y/3)", "atan(x + y**2*g) + erf(x - y) + sinh(x/y)"],
    "powers": ["(x + y)**-2*g**3 - x**-1", "(x*y + g)**5*exprel(x*y)"],
}  # fmt: skip


@functools.cache
def tensors(name: str) -> tuple[Any, ...]:
    """f and its derivatives up to order three with respect to (x, y, g), to be evaluated at any precision."""
    symbols = sympy.symbols("x y g")
    names = dict(zip("xyg", symbols, strict=True)) | {"exprel": lambda u: (sympy.exp(u) - 1) / u}
    f = [sympy.sympify(sympy.nsimplify(sympy.sympify(text, names), rational=True)) for text in FIELDS[name]]
    first = [[sympy.diff(h, a) for a in symbols] for h in f]
    second = [[[sympy.diff(h, a) for a in symbols] for h in row] for row in first]
    third = [[[[sympy.diff(h, a) for a in symbols] for h in row] for row in rows] for rows in second]
    return tuple(sympy.lambdify(symbols, t, "mpmath") for t in (f, first, second, third))


def as_array(value: Any) -> Any:
    return np.array(value, dtype=object)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FIELDS)), st.tuples(*[st.floats(0.3, 1.2)] * 3), st.lists(st.floats(-2, 2), min_size=9, max_size=9),
       st.sampled_from([0, 1e-12, 1e-4, 1e-2]))  # fmt: skip
def test_jets(name: str, at: tuple[float, ...], numbers: list[float], radius: float) -> None:
    """Coefficients for directions along x and gamma, at points of a box; and they are narrow."""
    p = problem(FIELDS[name][0], changes={"equations": FIELDS[name]})
    system = check.field_of(p, F)
    G = system.F
    balls = [check.real(Fraction(v), G).widen(int(Fraction(radius) * 2**G)) for v in at]
    u = [[check.real(Fraction(v), G) for v in numbers[2 * i : 2 * i + 2]] for i in range(4)]
    flags = [1, 0, 0, 0]  # the first direction has a component along gamma
    pairs, triples = [(0, 1), (1, 1), (1, 2), (2, 3), (1, 3), (0, 0)], [(1, 2, 3), (1, 1, 2)]
    jets = system.jets(system.at(balls[2], balls[:2]), u, flags, pairs, triples)
    directions = [as_array([*map(mpmath.mpf, numbers[2 * i : 2 * i + 2]), mpmath.mpf(flags[i])]) for i in range(4)]
    with mpmath.workprec(400):
        for corner in (-1, 0, 1):
            point = [mpmath.mpf(v) + corner * mpmath.mpf(radius) * sign for v, sign in zip(at, (1, -1, 1), strict=True)]
            value, first, second, third = (as_array(t(*point)) for t in tensors(name))
            expected = [value]
            expected += [first @ v for v in directions]
            expected += [second @ directions[j] @ directions[i] for i, j in pairs]
            expected += [third @ directions[k] @ directions[j] @ directions[i] for i, j, k in triples]
            found = [system.at(balls[2], balls[:2]).f, *jets.first, *jets.second, *jets.third]
            size = max(abs(y) for v in expected for y in v) + 1
            for exact, vector in zip(expected, found, strict=True):
                for y, own in zip(exact, vector, strict=True):
                    m, r = own.middle()
                    assert abs(y * 2**G - m) <= r + mpmath.mpf(2) ** (G - 120) * size
                    assert r <= 2**G * size * (2000 * radius + 1e-40) or radius > 1e-3


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(FIELDS)), st.tuples(*[st.floats(0.4, 1.1)] * 3), st.floats(-1, 1), st.floats(-1, 1))
def test_centred_evaluation(name: str, at: tuple[float, ...], where: float, drift: float) -> None:
    """Over gamma and x moving along a line: values inside, and never outside of the plain enclosure."""
    system = check.field_of(problem(FIELDS[name][0], changes={"equations": FIELDS[name]}), F)
    G = system.F
    h, spread = 2**G // 50, 2**G // 10**4
    x = [check.real(Fraction(v), G) for v in at[:2]]
    slope = [check.real(Fraction(drift), G), check.real(Fraction(-drift / 2), G)]
    gamma = check.real(Fraction(at[2]), G)
    _, state = system.over(gamma, x, slope, h, [spread] * 2)
    line = check.plus(x, system.scale(slope, check.around(0, h, G)))
    plain = system.at(gamma.widen(h), check.wider(line, [spread] * 2))
    for own, other in zip(state.values, plain.values, strict=True):
        assert other.lo - 2**20 <= own.lo <= own.hi <= other.hi + 2**20
    with mpmath.workprec(400):
        t, s = mpmath.mpf(where) / 50, mpmath.mpf(drift) / 10**4
        exact = tensors(name)[0](at[0] + t * mpmath.mpf(drift) + s, at[1] - t * mpmath.mpf(drift) / 2 - s, at[2] + t)
        for y, own in zip(exact, state.f, strict=True):
            assert own.lo - 2 ** (G - 40) <= y * 2**G <= own.hi + 2 ** (G - 40)


def test_centred_evaluation_is_tighter() -> None:
    """x - g hardly moves along x' = 1."""
    system = check.field_of(problem("exp(x - g)*(x - g)"), F)
    h = 1 << F - 3
    zero, one = check.real(0, F), check.real(1, F)
    _, state = system.over(zero, [zero, zero], [one, zero], h, [1 << 100] * 2)
    assert state.f[0].hi - state.f[0].lo < 1 << 105


def test_domains_are_named() -> None:
    cases = {
        "y + log(x)": "equation 1: 'log(x)'", "y/(exp(x) - 1)": "equation 1: '(exp(x) - 1)'", "y*sqrt(x)": "equation 1: 'sqrt(x)'",
        "y*tan(x + 1.5708)": "equation 1: 'tan(x + 1.5708)'", "y + x**-3": "equation 1: 'x**-3'", "y + x**0.5": "equation 1: 'x**0.5'",
        "y + x**y": r"equation 1: 'x\*\*y'|equation 1: 'x", "y/x": "equation 1: 'x", "x/x": "equation 1: 'x", "0*log(x)": "equation 1: 'log(x)'",
        "log(x)**0": "equation 1: 'log(x)'", "x**-0.5 - x**-0.5": "equation 1: 'x**-0.5'",
    }  # fmt: skip
    for text, place in cases.items():
        for radius in (0, 1 << F - 10) if "tan" not in text else (1 << F - 10,):
            system = check.field_of(problem(text), F)
            with pytest.raises(check.Undecided) as error:
                system.at(check.real(0, system.F), [check.real(x, system.F).widen(radius) for x in (0, 1)])
            assert place in str(error.value) or place[-1] == "x"
            assert "is not shown to" in str(error.value)


def test_a_removable_singularity() -> None:
    system = check.field_of(problem("1/exprel(x)"), F)
    zero, one = check.real(0, F), 1 << F
    own = system.at(zero, [zero.widen(1 << F - 10), zero]).f[0]
    assert own.lo <= one <= own.hi < own.lo + (1 << F - 9)


def test_constants_fulfil_their_conditions() -> None:
    for text in ("log(-1)", "sqrt(0)", "1/(exp(0) - 1)", "(-2)**0.5", "exp(1)/(1 - cos(0))"):
        with pytest.raises(check.Undecided, match="constant c"):
            check.field_of(problem("x", {"c": text}), F)


# --- the trivial branch ---

ZERO = [
    "y", "x*y*g", "g*x", "x/g", "x*exp(g)", "0*g", "sin(x) + tan(x)*g - tanh(x) + sinh(x) + atan(x) - erf(x)", "exp(x) - 1", "g*(cos(x) - 1)",
    "cosh(x) - exprel(x)", "log(1 + x)", "sqrt(1 + x) - 1", "(1 + x)**g - 1", "(1 + x)**0.5 - 1", "c*x", "(0.1 + x) - 0.1", "(2 + x)**3 - 8",
    "(1/3 + x)*3 - 1", "0/g", "k - k", "x*log(2)", "d", "(x + 2)**-1 - 1/2", "exp(sin(x)) - cos(y)", "1 - 1", "x**64", "x**1*g",
]  # fmt: skip
NOT_ZERO = [
    "g", "x + g", "1", "c", "x + c", "c - c", "g - g", "x*g + 1e-300", "exp(x)", "cos(x)", "exprel(x)*g", "exp(x) - 1.0000000001", "log(2 + x) - log(2)",
    "sqrt(4 + x) - 2", "sin(g)", "x - g*0 + g", "exp(0*g) - 1 + g", "sin(1 + x) - sin(1)", "x + 1e-300", "(2 + x)**0.5 - sqrt(2)", "c/c - 1",
    "log(1 + x + g*0)*0 + k", "(x - 1)**2 - k*k", "0/x", "x**-1", "x**0 - 1 + k",
]  # fmt: skip


@pytest.mark.parametrize("text", ZERO)
def test_trivial(text: str) -> None:
    assert problem(text, {"c": "sqrt(2)", "k": "3/7"}, {"d": "x*y + 2*x"}).trivial


@pytest.mark.parametrize("text", NOT_ZERO)
def test_not_trivial(text: str) -> None:
    p = problem(text, {"c": "sqrt(2)", "k": "3/7"}, {"d": "x*y + 2*x"})
    if text not in ("0/x",):  # which is outside of its domain
        assert not p.trivial


def test_known_numbers_do_not_grow() -> None:
    definitions = {f"d{i}": f"d{i - 1}**64" if i else "2 + x" for i in range(200)}
    assert not problem("d199 - d199", definitions=definitions).trivial
    assert problem("x*d199", definitions=definitions).trivial
