"""`network.start` and `network.box`: the equilibrium that is asked for is followed, or the run says what it did."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from fields import field, spec
from typer.testing import CliRunner

from proofgen.command.main import app
from proofgen.numbers.exact import parse_printed_decimal
from proofgen.spec.load import load_text
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove

# PyDSTool's PyCont_PredPrey.py: predators and prey on two patches; Hopf at k = 14/3 where both live, none at 0
TWO_PATCHES = (
    "v1; v2; p1; p2",
    "v1*(1 - v1/k) - v1/(1 + v1/2)*p1; v2*(1 - v2/k) - v2/(1 + v2/2)*p2;"
    "-0.8*p1 + v1/(1 + v1/2)*p1 + (p2 - p1)/2; -0.8*p2 + v2/(1 + v2/2)*p2 + (p1 - p2)/2",
    "2, 7",
)
# COCO's ep tutorial: equilibria on an isola, which does not reach the left end 0.01
ISOLA = (
    "u; v", "-u + 0.115*tau*(1 - u)*exp(v); -v + 8*0.115*tau*(1 - u)*exp(v) - tau*v", "0.01, 1",
)  # fmt: skip
OSCILLATORS = "(gamma - 1/2)*x - y - x*(x**2 + y**2); x + (gamma - 1/2)*y - y*(x**2 + y**2)"


def box(low: str, high: str) -> str:
    """The same for both predators and both prey."""
    return "box = [" + ", ".join([f'["{low}", "{high}"]'] * 4) + "]"


def codes(result: Result) -> list[str]:
    return [piece["code"] for piece in result.summary["unsettled"]]


def start_of(result: Result) -> list[float]:
    return [float(low) for low, _ in result.branch["claims"]["start"]]


def first_parameter(result: Result) -> Fraction:
    low, high = (parse_printed_decimal(end) for end in result.summary["points"][0]["parameter"])
    assert 0 <= high - low < Fraction(1, 10**12)
    return low


def test_a_box_that_excludes_zero_is_looked_into() -> None:
    result = prove(field(*TWO_PATCHES, parameter="k", more=box("0.5", "2")))
    assert result.summary["complete"] and len(result.points) == 1
    assert abs(first_parameter(result) - Fraction(14, 3)) < Fraction(1, 10**12)


def test_a_box_around_zero_means_zero_and_names_the_others() -> None:
    result = prove(field(*TWO_PATCHES, parameter="k", more=box("-0.5", "2")))
    assert result.branch["claims"]["start"] is None and codes(result) == ["other-branch"]
    assert not result.proved and "that are not followed: (1.333" in result.summary["unsettled"][0]["reason"]


def test_one_of_several_equilibria_in_a_box_is_not_all() -> None:
    equations = f"{OSCILLATORS}; (z - 1)*(z - 2)*(3 - z)"
    wide = prove(field("x; y; z", equations, "0, 1", more='box = [["-1", "1"], ["-1", "1"], ["0", "4"]]'))
    assert not wide.summary["complete"] and codes(wide) == ["other-branch"] and len(wide.points) == 1
    one = prove(field("x; y; z", equations, "0, 1", more='box = [["-1", "1"], ["-1", "1"], ["2.5", "4"]]'))
    assert one.proved and start_of(one)[2] == pytest.approx(3)


def test_no_equilibrium_in_a_box() -> None:
    result = prove(field(*TWO_PATCHES, parameter="k", more=box("5", "6")))
    assert codes(result) == ["no-candidate"] and "network.box" in result.summary["unsettled"][0]["reason"]


def test_an_equilibrium_far_from_the_start_is_not_what_was_asked_for() -> None:
    result = prove(field(*ISOLA, parameter="tau", more='start = ["0.895", "5.505"]'))
    assert not result.summary["complete"] and codes(result) == ["other-branch"]
    assert "far from it" in result.summary["unsettled"][0]["reason"]
    again = prove(field(*ISOLA, parameter="tau", more='start = ["0.001", "0.01"]'))
    assert again.proved and not again.points


def test_a_start_that_leads_nowhere_is_refused() -> None:
    """Hill's function with exponent 5/2 is not defined left of 0, where x = y = 0 is the only equilibrium."""
    result = prove(field("x; y", "p*x**2.5/(1 + x**2.5)/(1 + y) - x; 0.1*(x - y)", "1, 10", parameter="p",
                         more='start = ["0.1", "0.1"]'))  # fmt: skip
    assert codes(result) == ["no-candidate"] and result.branch["witness"] is None
    elsewhere = prove(field("x; y", "1 - exp(x); log(y) - 1 + p", "0, 1", parameter="p", more='start = ["1", "-1"]'))
    assert codes(elsewhere) == ["outside-domain"]
    assert "another one, which is not followed, is (" in elsewhere.summary["unsettled"][0]["reason"]


@pytest.mark.parametrize("scale", ["1", "1e9", "1e-9"])
def test_units_do_not_matter(scale: str) -> None:
    """Bazykin's model, counted in other units: an equilibrium of size 1e9 is one, and 0 is not the one near 1e-9."""
    constants = f'{{ s = "{scale}" }}'
    equations = "s*(x/s - x*y/s**2/(1 + alpha*x/s) - 0.01*(x/s)**2); s*(-y/s + x*y/s**2/(1 + alpha*x/s) - 0.1*(y/s)**2)"
    start = [str(Fraction(value) * Fraction(scale)) for value in ("1.117", "1")]
    decimal = [f"{float(Fraction(value)):.6g}" for value in start]
    more = f'start = ["{decimal[0]}", "{decimal[1]}"]'
    result = prove(field("x; y", equations, "0.01, 0.5", constants=constants, parameter="alpha", more=more))
    assert result.summary["complete"]
    assert abs(first_parameter(result) - Fraction("0.1145773620824674")) < Fraction(1, 10**12)


def test_a_search_does_not_begin_where_the_field_is_not_smooth() -> None:
    """Braza, Nonlinear Anal. RWA 13 (2012): a response of sqrt(x); Hopf at s = 1/sqrt(3)."""
    result = prove(field("x; y", "x*(1 - x) - sqrt(x)*y; -s*y + sqrt(x)*y", "0.3, 0.9", parameter="s"))
    assert result.summary["complete"] and len(result.points) == 1
    assert float(first_parameter(result)) == pytest.approx(3**-0.5, abs=1e-12)


def test_a_network_without_bias_and_a_start_is_not_answered_by_its_zero_branch() -> None:
    text = (
        '[network]\nfamily = "layered"\nstart = ["1", "1"]\n[[network.layer]]\nweights = [["2", "-1"], ["1", "2"]]\n'
        'activation = "tanh"\n[parameter]\ninterval = ["0", "1"]\n'
    )
    result = prove(load_text(text))
    assert result.branch["method"] == "pieces" and not result.summary["complete"]
    assert prove(load_text(text.replace('start = ["1", "1"]\n', ""))).branch["method"] == "zero-branch"


def test_the_terminal_says_which_branch(tmp_path_factory: pytest.TempPathFactory) -> None:
    directory = tmp_path_factory.mktemp("branch")
    for name, more, words in (
        ("zero", "", "Branch: the equilibrium v1 = v2 = p1 = p2 = 0 for all k."),
        ("start", 'start = ["1.3", "1.3", "0.6", "0.6"]', "Branch: from the equilibrium v1 = 1.3333"),
        ("box", box("-0.5", "1.5"), "2 branches, of different equilibria at k = 2 in network.box"),
    ):
        path = directory / f"{name}.toml"
        path.write_text(spec(*TWO_PATCHES, parameter="k", more=more), encoding="utf-8")
        done = CliRunner().invoke(app, ["prove", str(path), "--out", str(directory / name), "--no-check"])
        assert words in done.stdout and done.exit_code == 0, done.stdout
        assert ("There seem to be other equilibria, as (" in done.stdout) == (name == "zero")
        assert done.stdout.count("complete for k in [2, 7] on this branch") == 1 + (name == "box")


def test_newton_is_judged_in_every_component() -> None:
    """A large component does not hide that a small one has not converged."""
    from proofgen.search.equilibrium import find_origin

    class Stiff:
        n = 2

        def f(self, x: np.ndarray, gamma: float) -> np.ndarray:  # type: ignore[type-arg]
            return np.array([1e9 - x[0], 1e-12 * (x[1] ** 3 - 1e-24)])

        def jacobian(self, x: np.ndarray, gamma: float) -> np.ndarray:  # type: ignore[type-arg]
            return np.array([[-1.0, 0.0], [0.0, 3e-12 * x[1] ** 2]])

        def f_gamma(self, x: np.ndarray, gamma: float) -> np.ndarray:  # type: ignore[type-arg]
            return np.zeros(2)

    found = find_origin(Stiff(), 0.0, np.array([2e9, 3e-8]))
    assert found.x is not None and found.x[0] == 1e9
    assert found.x[1] == pytest.approx(1e-8, rel=1e-9, abs=0)


def test_points_are_seen_from_the_right_end_where_nothing_begins_at_the_left() -> None:
    """The fixed points of the Hénon map exist for a ≥ −(1 − b)²/4 only: the fold is proved, no list is."""
    text = """
[network]
family = "equations"
time = "discrete"
variables = ["x", "y"]
constants = { b = "0.3" }
equations = ["1 - a*x**2 + y", "b*x"]
start = ["1.4", "0.4"]
[parameter]
name = "a"
interval = ["-0.2", "0.3"]
"""
    result = prove(load_text(text))
    (point,) = result.bundle.points.values()
    assert Fraction(-49, 400) in point.claims.parameter and point.claims.solutions_for == "above"
    assert codes(result) == ["no-candidate"] and "seen from the right end" in result.summary["unsettled"][0]["reason"]
    assert not result.summary["complete"]
