"""Enclosures of the checker contain values computed with mpmath, and are narrow."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from check_tools import load
from hypothesis import given, settings
from hypothesis import strategies as st

check = load()
mpmath.mp.prec = 2000
Interval = check.Interval
NARROW = Fraction(1, 2**1000)

rationals = st.builds(Fraction, st.integers(-(10**6), 10**6), st.integers(1, 10**5))
positive = st.builds(Fraction, st.integers(1, 10**9), st.integers(1, 10**9))
small = st.builds(Fraction, st.integers(-20 * 10**4, 20 * 10**4), st.just(10**4))


def mp(x: Fraction) -> mpmath.mpf:
    return mpmath.mpf(x.numerator) / x.denominator


F = 1200


def real(x: Fraction | int) -> object:
    """The number x in fixed point."""
    return check.real(x, F)


def encloses(interval: object, value: mpmath.mpf, narrow: Fraction = NARROW) -> None:
    if isinstance(interval, check.Real):
        interval = interval.exact
    slack = mpmath.mpf(2) ** -1900 * (1 + abs(value))  # the error of the mpmath value
    assert mp(interval.lo) - slack <= value <= mp(interval.hi) + slack
    assert interval.hi - interval.lo <= narrow * (1 + abs(interval.hi))


@settings(max_examples=40, deadline=None)
@given(small)
def test_exp(x: Fraction) -> None:
    encloses(check.exp_of(real(x)), mpmath.exp(mp(x)))


@settings(max_examples=40, deadline=None)
@given(positive)
def test_log(x: Fraction) -> None:
    encloses(check.log_of(real(x)), mpmath.log(mp(x)))


@settings(max_examples=40, deadline=None)
@given(positive)
def test_sqrt(x: Fraction) -> None:
    encloses(real(x).sqrt(), mpmath.sqrt(mp(x)))


@settings(max_examples=30, deadline=None)
@given(st.builds(Fraction, st.integers(-4000, 4000), st.integers(1, 1000)))
def test_cos_sin(x: Fraction) -> None:
    cos, sin = check.cos_sin_of(real(x))
    encloses(cos, mpmath.cos(mp(x)))
    encloses(sin, mpmath.sin(mp(x)))


@settings(max_examples=20, deadline=None)
@given(rationals)
def test_atan(x: Fraction) -> None:
    encloses(check.atan_at(real(x)), mpmath.atan(mp(x)))


@settings(max_examples=15, deadline=None)
@given(st.builds(Fraction, st.integers(-6000, 6000), st.just(1000)))
def test_erf(x: Fraction) -> None:
    encloses(check.erf_at(real(x)), mpmath.erf(mp(x)))


def test_pi() -> None:
    encloses(check.pi_for(real(1)), +mpmath.pi)


def test_large_and_small_arguments() -> None:
    encloses(check.exp_of(real(-4000)), mpmath.exp(-4000))
    encloses(check.exp_of(real(-5000)), mpmath.exp(-5000))
    encloses(check.exp_of(real(Fraction(1, 10**60))), mpmath.exp(mpmath.mpf(10) ** -60))
    for x in (-100, -30, 30, 32, 100):
        encloses(check.erf_at(real(x)), mpmath.erf(x))
    for x in (-3000, -2000, 2000, 3000):
        encloses(check.tanh_at(real(x)), mpmath.tanh(x))
    for x in (20, 5000, 10**9, -(10**30), 10**50):
        for found, value in zip(check.cos_sin_of(real(x)), (mpmath.cos(x), mpmath.sin(x)), strict=True):
            encloses(found, value)
    for call, x in ((check.exp_of, 10**9), (check.cos_sin_of, 2 ** (real(1).F + 1))):
        with pytest.raises(check.Undecided, match="too large for this checker"):
            call(real(x))


@settings(max_examples=200, deadline=None)
@given(st.tuples(rationals, rationals), st.tuples(rationals, rationals))
def test_division_in_fixed_point(a: tuple[Fraction, Fraction], b: tuple[Fraction, Fraction]) -> None:
    F = 40
    ends = [sorted(int(x * 2**F) for x in pair) for pair in (a, b)]
    x, y = (check.Real(lo, hi, F) for lo, hi in ends)
    if y.lo <= 0 <= y.hi:
        with pytest.raises(check.Undecided):
            x / y
        return
    quotients = [Fraction(u, v) * 2**F for u in ends[0] for v in ends[1]]
    assert (x / y).lo == min(quotients).__floor__()
    assert (x / y).hi == max(quotients).__ceil__()


ends = st.tuples(st.integers(-(2**80), 2**80), st.integers(-(2**80), 2**80)).map(sorted)


@settings(max_examples=300, deadline=None)
@given(ends, ends, st.fractions(0, 1), st.fractions(0, 1), st.integers(-9, 9), st.integers(1, 9))
def test_real_operations(a: list[int], b: list[int], s: Fraction, t: Fraction, factor: int, divisor: int) -> None:
    """What holds of numbers holds of their enclosures, whose ends are off by less than a unit."""
    x, y = check.Real(*a, 40), check.Real(*b, 40)
    unit = Fraction(1, 2**40)
    u, v = ((lo + share * (hi - lo)) * unit for (lo, hi), share in ((a, s), (b, t)))
    for own, value in ((x + y, u + v), (x - y, u - v), (x * y, u * v), (-x, -u), (abs(x), abs(u)), (x.by(factor), factor * u),
                       (x.over(divisor), u / divisor), (x.finer(7), u), (x.coarser(7), u), (x.exact.rounded(9), u),
                       (x & x.widen(3), u), (check.plus([x], [y], [x])[0], 2 * u + v)):  # fmt: skip
        assert own.exact.lo <= value <= own.exact.hi
        assert own.size * Fraction(1, 2**own.F) >= abs(value)
        m, r = own.middle()
        assert abs(value * 2**own.F - m) <= r
    products = [p * q * unit for p in a for q in b]
    assert ((x * y).lo, (x * y).hi) == (min(products).__floor__(), max(products).__ceil__())
    assert x.exact.lo == a[0] * unit and x.zero == (a == [0, 0])
    with pytest.raises(AssertionError):
        x + y.finer(1)
    with pytest.raises(check.Undecided):
        x & check.Real(a[1] + 1, a[1] + 2, 40)


@settings(max_examples=200, deadline=None)
@given(st.tuples(rationals, rationals), st.tuples(rationals, rationals), st.floats(0, 1), st.floats(0, 1))
def test_interval_operations(a: tuple[Fraction, Fraction], b: tuple[Fraction, Fraction], s: float, t: float) -> None:
    x, y = Interval(min(a), max(a)), Interval(min(b), max(b))
    u, v = x.lo + Fraction(s) * (x.hi - x.lo), y.lo + Fraction(t) * (y.hi - y.lo)
    assert u + v in x + y
    assert u - v in x - y
    assert u * v in x * y
    assert abs(u) in abs(x)
    if 0 in y:
        with pytest.raises(check.Undecided):
            x / y
    else:
        assert u / v in x / y


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10**40), st.integers(1, 10**40), st.integers(-3000, 3000))
def test_rounding_is_outwards_and_relative(p: int, q: int, e: int) -> None:
    x = Fraction(p, q) * Fraction(2) ** e
    lo, hi = check.round_down(x), -check.round_down(-x)
    assert lo <= x <= hi
    assert hi - lo <= x / 2 ** (check.BITS - 2)


def test_exact_numbers_stay_exact_and_bounded() -> None:
    third = Interval(Fraction(1, 3))
    assert (third * Interval(3)) == Interval(1)
    x = Interval(Fraction(1, 3))
    for _ in range(20):
        x = x * x + Interval(Fraction(1, 7))
    assert x.lo < x.hi
    assert x.lo.numerator.bit_length() < 4 * check.BITS


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**30), 10**30), st.integers(-(10**30), 10**30), st.integers(-90, 300))
def test_hypot(a: int, b: int, scale: int) -> None:
    a, b = (x << scale if scale >= 0 else x >> -scale for x in (a, b))
    h, square = check.hypot_up(a, b), a * a + b * b
    assert h * h >= square
    assert h == 0 or (h - 1 - (h >> 62)) ** 2 < square  # the smallest such number, or nearly
    assert square >= 1 << 128 or h == 0 or (h - 1) ** 2 < square


@settings(max_examples=100, deadline=None)
@given(rationals.filter(bool), st.integers(2, 30), st.booleans())
def test_printing_rounds_in_the_direction_asked_for(x: Fraction, digits: int, up: bool) -> None:
    shown = check.digits_of(x, digits, up)
    value = Fraction(shown)
    assert value >= x if up else value <= x
    assert abs(value - x) <= abs(x) / 10 ** (digits - 1)


matrices = st.integers(1, 5).flatmap(lambda k: st.tuples(
    st.lists(st.lists(st.integers(-(2**70), 2**70), min_size=k, max_size=k), min_size=1, max_size=5),
    st.integers(1, 4).flatmap(lambda w: st.lists(st.lists(st.integers(-(2**9), 2**90), min_size=w, max_size=w), min_size=k, max_size=k)),
))  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(matrices)
def test_products_are_exact(pair: tuple[list[list[int]], list[list[int]]]) -> None:
    A, B = pair
    expected = [[sum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*B, strict=True)] for row in A]
    assert check.python_product(A, B) == expected
    flint = pytest.importorskip("flint")
    assert flint and check.engine_of("flint")(A, B) == expected
    thrice = check.python_product(check.transpose(A), expected)
    for product in (check.python_product, check.small_product, check.engine_of("flint")):
        assert product(check.transpose(A), A, B) == thrice


# --- activations ---

ZERO_AT_ZERO = {name: text for name, text in check.NAMES.items() if name not in ("logistic", "softplus")}
EXPRESSIONS = {
    **ZERO_AT_ZERO, "softsign": "z/(1 + z**2)", "log": "log(1 + z)", "tan": "tan(z)", "atan": "3*atan(z/2) - z**3",
    "shifted": "cos(z)*sin(z) + sinh(z)**2*0.25", "roots": "sqrt(4 + z) - 2", "inverse": "(1 + z)**-3 - 1",
    "powers": "-z**2 + (2*z)**3 - - z", "logistic": "1/(1 + exp(-z)) - 0.5", "cosh": "z*cosh(z + 1)", "erf": "z*erf(0.3 + z)",
    "sums": "0.1 + 0.2 - 0.3 + z", "exponents": "1e2*z + 25e-2*z**(2)",
}  # fmt: skip
NAMESPACE = {
    name: getattr(mpmath, name)
    for name in ("exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "atan", "sqrt", "erf")
}


@pytest.mark.parametrize("text", EXPRESSIONS.values())
def test_activations_against_numerical_derivatives(text: str) -> None:
    exact = text.replace("0.25", "mpf('0.25')").replace("0.3", "mpf('0.3')")
    f = eval(f"lambda z: {exact}", NAMESPACE | {"mpf": mpmath.mpf})
    with mpmath.workprec(400):
        derivatives = [mpmath.diff(f, mpmath.mpf(0), k) for k in (1, 2, 3)]
    for enclosure, value in zip(check.sigma_at_zero(text), derivatives, strict=True):
        assert abs(mp(enclosure.lo) - value) < 1e-20
        assert enclosure.hi - enclosure.lo < Fraction(1, 2**900)


def test_the_table_of_the_format() -> None:
    sigma = {name: check.sigma_at_zero(name) for name in ZERO_AT_ZERO}
    half = Interval(Fraction(1, 2))
    for name, values in {"tanh": (1, 0, -2), "sin": (1, 0, -1), "arctan": (1, 0, -2), "identity": (1, 0, 0)}.items():
        assert sigma[name] == tuple(map(Interval, values))
    assert sigma["silu"] == (half, half, Interval(0))
    assert (sigma["gelu"][0], sigma["gelu"][2]) == (half, Interval(0))
    assert sigma["erf"][1] == Interval(0)
    encloses(sigma["gelu"][1], mpmath.sqrt(2 / mpmath.pi))
    encloses(sigma["erf"][2], -4 / mpmath.sqrt(mpmath.pi))


@pytest.mark.parametrize("name", sorted(check.NAMED))
def test_known_values_at_zero_are_those_that_series_give(name: str) -> None:
    known, computed = check.named_at_zero(name, check.Parts()), check.sigma_at_zero(name)
    for a, b in zip(known, computed, strict=True):
        assert a == b or (a & b and max(a.hi, b.hi) - min(a.lo, b.lo) < NARROW)
    assert check.vanishes(name, check.Budget().spend)
    assert all(x.lo == x.hi for x in known) == (name not in ("erf", "gelu"))


@pytest.mark.parametrize("text", ["z +", "x", "z.real", "z**0.5", "z**2**3", "z**65", "z**z", "abs(z)", "exp", "exp()", "exp(z, z)", "lambda: z",
                                  "0x10*z", "1_0*z", "exprel(z)*z", "z**1.0", "z**2.**2", "1j*z", "z if z else z", "[z]", "z@z", "z//2", "z%2", "exp(z=1)", "'z'", "z;z", "",
                                  "z*log(z)", "z/z", "sqrt(z)", "log(-1)*z", "z + 1", "z**2", "True*z", "z\n", "\u2124", "tanh(z)+sqrt(0)"])  # fmt: skip
def test_expressions_outside_the_grammar(text: str) -> None:
    with pytest.raises((check.Rejected, check.Undecided)):
        check.sigma_at_zero(text)


# --- Theorems A and B on a random network, against numpy ---


def test_theorem_b_encloses_the_eigenvectors(tmp_path: object) -> None:
    from bundle_maker import ASYMMETRIC, make

    rng = np.random.default_rng(3)
    arrays = {"R1": rng.standard_normal((9, 9)), "R2": 0.1 * rng.standard_normal((9, 9))}
    root = make(tmp_path, arrays, ASYMMETRIC)
    bundle = check.Bundle(root)
    problem = check.read_problem(bundle, check.python_product)
    W = mpmath.matrix([[mpmath.mpf(x) / problem.layers[0].W_unit for x in row] for row in problem.layers[0].W])
    with mpmath.workprec(300):
        values, left, right = mpmath.eig(W, left=True, right=True)
    checker = check.Checker(bundle, problem)
    results = check.check_points(checker, sorted(p.stem for p in root.glob("points/*.json")))
    assert results
    for _, c in results:
        A = c.spectrum
        x, y, r = A.disc(c.k)
        (i,) = [i for i, v in enumerate(values) if abs(v - mpmath.mpc(mp(x), mp(y))) <= mp(r)]
        q, p = right[:, i], left[i, :]
        XP = [mpmath.mpc(row[c.k], row[c.k + 1]) / 2**A.X_unit for row in A.X]
        u = mpmath.lu_solve(complex_basis(A), q)
        q = q / u[c.k]  # u_k = 1
        w = p * complex_basis(A)
        p = p / w[c.k]  # w_k = 1
        for k, (re, im, rad) in enumerate(c.q.values):
            unit = mpmath.mpf(2) ** c.q.unit
            assert abs(q[k] - mpmath.mpc(re, im) / unit) <= rad / unit < 1e-10
            assert abs(XP[k] - mpmath.mpc(re, im) / unit) < 1e-20
            re, im, rad = c.p.values[k]
            unit = mpmath.mpf(2) ** c.p.unit
            assert abs(p[k] - mpmath.mpc(re, im) / unit) <= rad / unit < 1e-10


@given(st.lists(st.tuples(*[st.integers(-(10**40), 10**40)] * 2, st.integers(0, 10**30)), min_size=1, max_size=5),
       st.integers(0, 90), st.integers(0, 90), st.one_of(st.none(), st.integers(0, 200)))  # fmt: skip
def test_discs_are_rounded_outwards(rows: list[tuple[int, int, int]], unit: int, fine: int, target: int | None) -> None:
    discs = check.Discs.of([(x, y) for x, y, _ in rows], unit, [e for _, _, e in rows], fine, target)
    scale = Fraction(1, 2**discs.unit)
    for (x, y, e), (re, im, rad) in zip(rows, discs.values, strict=True):
        u, v = Fraction(x, 2**unit) - re * scale, Fraction(y, 2**unit) - im * scale
        room = rad * scale - Fraction(e, 2**fine)
        assert room >= 0 and u * u + v * v <= room * room
        assert room <= 3 * scale
    if target is None and any(e for _, _, e in rows):
        assert max(e for _, _, e in rows) * Fraction(2**discs.unit, 2**fine) > 2**57 or discs.unit in (0, fine)


def complex_basis(A: object) -> mpmath.matrix:
    n = A.n
    P = mpmath.matrix(n, n)
    for row in range(n):
        for a in range(0, 2 * A.m, 2):
            re, im = (mpmath.mpf(A.X[row][j]) / 2**A.X_unit for j in (a, a + 1))
            P[row, a], P[row, a + 1] = mpmath.mpc(re, im), mpmath.mpc(re, -im)
        for a in range(2 * A.m, n):
            P[row, a] = mpmath.mpf(A.X[row][a]) / 2**A.X_unit
    return P
