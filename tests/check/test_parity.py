"""The checker's parity of subexpressions: never odd where the field is not, by values at random points."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import mpmath as mp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proofgen.checker.activation_texts import activation
from proofgen.checker.parity import EVEN, ODD, is_odd, parities
from proofgen.symbolic.parity import is_odd_activation

ATOMS = st.sampled_from(["z", "1", "0", "2", "z**2", "0.5"])


def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})")
    calls = st.tuples(st.sampled_from(["sin", "cos", "tanh", "exp", "atan", "erf", "cosh", "sinh"]), inner).map(lambda t: f"{t[0]}({t[1]})")
    powers = st.tuples(inner, st.sampled_from(["2", "3"])).map(lambda t: f"({t[0]})**{t[1]}")
    return pairs | calls | powers | inner.map(lambda text: f"(-{text})") | inner.map(lambda text: f"({text})/(3 + z**2)")


@settings(max_examples=150, deadline=None)
@given(st.recursive(ATOMS, deeper, max_leaves=6))
def test_what_is_claimed_holds(text: str) -> None:
    graph, root = activation(text)
    known = parities(graph)[root]
    assert ODD in known or not is_odd_activation(text)  # of what the prover sees nothing is refused
    names = {name: getattr(mp, name) for name in ("sin", "cos", "tanh", "exp", "atan", "erf", "cosh", "sinh")}
    with mp.workdps(30):
        for point in (Fraction(1, 3), Fraction(7, 10)):
            try:
                plus, minus = (eval(text, {"__builtins__": {}, **names, "z": mp.mpf(float(x))}) for x in (point, -point))
            except OverflowError:
                return
            if not mp.isfinite(plus) or abs(plus) > 1e20:
                return
            slack = mp.mpf(10) ** -20 * (1 + abs(plus))
            assert ODD not in known or abs(plus + minus) < slack
            assert EVEN not in known or abs(plus - minus) < slack


@pytest.mark.parametrize(("text", "expected"), [
    ("z", {ODD}), ("z*z", {EVEN}), ("z - z", {ODD}), ("0*z", {ODD, EVEN}), ("z + 0*z**2", {ODD}), ("z + z**2", set()), ("1/z", {ODD}),
    ("exp(z)", set()), ("exp(z**2)", {EVEN}), ("exp(z)*0", set()), ("sin(0*z)", {ODD, EVEN}), ("tanh(z**3)", {ODD}),
])  # fmt: skip
def test_known(text: str, expected: set[int]) -> None:
    graph, root = activation(text)
    assert parities(graph)[root] == expected


@pytest.mark.parametrize(("b", "c", "expected"), [(None, None, True), (object(), None, False), (None, object(), False)])
def test_a_bias_of_either_kind(b: object, c: object, expected: bool) -> None:
    layers = [SimpleNamespace(b=None, c=None, activation="tanh"), SimpleNamespace(b=b, c=c, activation="sin")]
    assert is_odd(SimpleNamespace(layers=layers)) is expected
