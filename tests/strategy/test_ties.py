"""Two Hopf points at one γ, points at an end of the interval, and coefficients near 0: proved and accepted, or undecided."""

from __future__ import annotations

import copy
from fractions import Fraction
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from check_tools import SHORT_CHECKER, read, rehash, write
from check_tools import load as load_checker
from independent import equations_field, hopf_at, jacobian_of
from networks import network
from ordinary import some

from proofgen import api
from proofgen.numbers.exact import parse_printed_decimal
from proofgen.problem.network import Problem
from proofgen.problem.options import ProofOptions
from proofgen.spec.load import load, load_text
from proofgen.strategy.result import Result

check, short = load_checker(), load_checker(SHORT_CHECKER)
SPECS = Path(__file__).parents[1] / "data" / "specs"
METHODS = ("spectral", "newton-kantorovich")


def ends(pair: list[str]) -> tuple[Fraction, Fraction]:
    return parse_printed_decimal(pair[0]), parse_printed_decimal(pair[1])


def holds(pair: list[str], value: Fraction | int | mp.mpf) -> bool:
    low, high = ends(pair)
    if isinstance(value, mp.mpf):
        return bool(mp.mpf(low.numerator) / low.denominator <= value <= mp.mpf(high.numerator) / high.denominator)
    return low <= value <= high


def accepted(problem: Any, out: Path, method: str = "spectral") -> Result:
    result = api.prove(problem, out, method=method, check=False)
    report = check.check_path(out)
    assert report.exit_code == 0, check.table(report)
    return result


def verdict(root: Path) -> Any:
    """That of a forger's bundle: every digest is made consistent first."""
    rehash(root)
    return check.check_path(root)


def failures(report: Any) -> str:
    return "\n".join(str(failure) for item in report.items for failure in item.failures)


# --- two sheets ---


@pytest.mark.parametrize("method", some(METHODS, 0, ["spectral"]))
def test_two_points_at_one_gamma_on_two_sheets(method: str, tmp_path: Path) -> None:
    """x = ±√(1 − mu) folds at mu = 1; on both sheets (u, v) has r' = r(mu − 1/2 − r²): γ* = 1/2, ω = 1, ℓ1 = −2, d = 1."""
    result = accepted(load(SPECS / "two-sheets-one-gamma.toml"), tmp_path / "bundle", method)
    assert [(point["id"], point["status"]) for point in result.summary["points"]] == [
        ("hopf-0001", "proved"), ("hopf-0002", "proved"), ("fold-0001", "proved")
    ]  # fmt: skip
    *points, fold = (certificate["claims"] for certificate in result.points.values())
    assert holds(fold["parameter"], 1) and (fold["solutions_for"], fold["unstable"]) == ("below", 2)
    x = mp.sqrt(mp.mpf(1) / 2)
    for claims, sign, unstable in zip(points, (1, -1), (0, 1), strict=True):
        known = {"parameter": Fraction(1, 2), "omega": 1, "first_lyapunov_coefficient": -2, "crossing_speed": 1}
        for key, value in known.items():
            assert holds(claims[key], value)
            low, high = ends(claims[key])
            assert high - low < Fraction(1, 10**8)
        assert claims["unstable_eigenvalues"] == unstable  # −2x is the third eigenvalue
        assert holds(claims["equilibrium"][0], sign * x) and all(holds(y, 0) for y in claims["equilibrium"][1:])
    assert result.summary["complete"] and result.branch["method"] == "arcs"
    pieces = result.branch["witness"]["pieces"]
    assert sorted(piece["point"] for piece in pieces if piece["kind"] == "hopf") == ["hopf-0001", "hopf-0002"]


def test_a_tie_is_not_called_increasing(tmp_path: Path) -> None:
    accepted(load(SPECS / "two-sheets-one-gamma.toml"), tmp_path / "bundle")
    for name in ("summary", "points/hopf-0001", "points/hopf-0002"):
        text = " ".join((tmp_path / "bundle" / f"{name}.tex").read_text().split())
        text = text.partition(r"\label{points}")[0]  # behind it is the table of the one fold
        assert "in the order of the lower ends of their enclosures of" in text and "order of increasing" not in text


def test_on_the_first_sheet_alone_the_list_is_complete(tmp_path: Path) -> None:
    text = (SPECS / "two-sheets-one-gamma.toml").read_text().replace('"2"', '"0.75"')
    assert accepted(load_text(text), tmp_path / "bundle").proved


def test_an_open_point_on_another_sheet_does_not_open_the_first(tmp_path: Path) -> None:
    """r' = r(mu − 1/2 − (x + √½)r²) with ℓ1 = −2√2 on one sheet and 0, to all digits that were given, on the other."""
    text = (SPECS / "two-sheets-one-gamma.toml").read_text().replace("(u**2+v**2)", "(u**2+v**2)*(x + sqrt(1/2))")
    result = accepted(load_text(text), tmp_path / "bundle")
    hopf = [point["status"] for point in result.summary["points"] if point["id"].startswith("hopf-")]
    assert sorted(hopf) == ["proved", "undecided"]
    assert [piece["code"] for piece in result.summary["unsettled"]] == ["fold"]


# --- one point must not be listed twice ---

PLANE = """
title = "plane"
[network]
family = "equations"
variables = ["u", "v"]
equations = ["(mu - 0.5)*u - v - u*(u**2+v**2)", "u + (mu - 0.5)*v - v*(u**2+v**2)"]
[parameter]
name = "mu"
interval = {interval}
"""


def listed_twice(root: Path, **claims: list[str]) -> None:
    """A second certificate for the point of a bundle, with other (true) enclosures, listed everywhere."""
    certificate, branch, summary = (read(root / name) for name in ("points/hopf-0001.json", "branch.json", "summary.json"))
    certificate["id"] = "hopf-0002"
    certificate["claims"] |= claims
    write(root / "points" / "hopf-0002.json", certificate)
    point = copy.deepcopy(branch["claims"]["points"][0])
    branch["claims"]["points"].append(point | {"id": "hopf-0002", "parameter": certificate["claims"]["parameter"]})
    branch["claims"]["complete"] = summary["complete"] = False
    summary["status"] = "incomplete"
    row = copy.deepcopy(summary["points"][0]) | {"id": "hopf-0002", "certificate": "points/hopf-0002.json", "tex": None}
    summary["points"].append(row | {key: value for key, value in certificate["claims"].items() if key in row})
    write(root / "branch.json", branch)
    write(root / "summary.json", summary)


CLAIMS: list[dict[str, Any]] = [
    {}, {"parameter": ["0.4999999999999", "0.5000000000001"]}, {"omega": ["0.9999", "1.0001"]},
    {"equilibrium": [["-0.00001", "0.00001"], ["0", "0"]]},
]  # fmt: skip


@pytest.mark.parametrize(("claims", "method"), some(product(CLAIMS, METHODS), 3))
def test_one_point_listed_twice(method: str, claims: dict[str, Any], tmp_path: Path) -> None:
    root = tmp_path / "bundle"
    accepted(load_text(PLANE.format(interval='["0", "1"]')), root, method)
    if "parameter" in claims:  # in the order of the format
        claims = {"parameter": [read(root / "points/hopf-0001.json")["claims"]["parameter"][0], "0.5000000000001"]}
    listed_twice(root, **claims)
    report = verdict(root)
    assert report.exit_code == 1
    assert "not shown to be two points" in failures(report)
    assert {item.verdict for item in report.items if item.name.startswith("points/")} == {"accepted"}


def test_points_out_of_order(tmp_path: Path) -> None:
    root = tmp_path / "bundle"
    accepted(load(SPECS / "two-sheets-one-gamma.toml"), root)
    branch = read(root / "branch.json")
    branch["claims"]["points"][1]["parameter"] = ["0.4999999", "0.5000001"]  # true, but it begins below the first one
    write(root / "branch.json", branch)
    report = verdict(root)
    assert report.exit_code == 1 and "not in the order of the lower ends" in failures(report)


@pytest.mark.parametrize("key", ["parameter", "omega", "equilibrium", None])
def test_what_tells_two_points_apart(key: str | None) -> None:
    """Disjoint enclosures of one of γ, ω, an entry of x*; nothing else, and no common end."""

    class Listed:
        def __init__(self, name: str, **changed: Any) -> None:
            self.id = name
            zero_one = check.Interval(0, 1)
            self.claims = {"parameter": zero_one, "omega": zero_one, "equilibrium": [zero_one, zero_one],
                           "first_lyapunov_coefficient": zero_one} | changed  # fmt: skip

    far, touching = check.Interval(Fraction(3, 2), 2), check.Interval(1, 2)

    def refused(value: Any) -> bool:
        changed = {} if key is None else {key: [check.Interval(0, 1), value] if key == "equilibrium" else value}
        first, second = Listed("hopf-0001"), Listed("hopf-0002", first_lyapunov_coefficient=far, **changed)
        item = check.Item("branch")
        bundle = check.Bundle(Path())
        item.guard(check.check_distinct, SimpleNamespace(bundle=bundle, problem=SimpleNamespace(n=2)), [second, first])
        return item.verdict == "rejected"

    assert refused(far) is (key is None)
    assert refused(touching)


# --- the zero branch: pairs with real parts close to each other ---


def close_pairs(gap: str, frequency: str = "2.2") -> list[list[Fraction]]:
    """W with the pairs 0.1 ± i√1.5 and 0.1 + gap ± i√(2·frequency)."""
    X = sp.Matrix([[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0], [1, 0, 1, 1]])
    a, b, w = sp.Rational("0.1"), sp.Rational("0.1") + sp.Rational(gap), sp.Rational(frequency)
    D = sp.Matrix([[a, -1, 0, 0], [sp.Rational("1.5"), a, 0, 0], [0, 0, b, -w], [0, 0, 2, b]])
    W = X * D * X.inv()
    return [[Fraction(int(x.p), int(x.q)) for x in W.row(i)] for i in range(4)]


def pairs(gap: str, digits: int = 40) -> Problem:
    return network(close_pairs(gap), options=ProofOptions(digits=digits, max_precision=1024))


@pytest.mark.parametrize("method", METHODS)
def test_a_double_hopf_point_is_undecided(method: str, tmp_path: Path) -> None:
    """Both pairs are on the axis at one γ and one equilibrium: no nondegenerate Hopf point."""
    result = accepted(pairs("0"), tmp_path / "bundle", method)
    assert [point["code"] for point in result.summary["points"]] == ["real-parts-not-separated"] * 2


@pytest.mark.parametrize("gap", ["1e-13", "1e-31"])
def test_nearly_double_pairs(gap: str, tmp_path: Path) -> None:
    """By Method S both points; by Method N the same, or undecided where its balls hold both."""
    result = accepted(pairs(gap), tmp_path / "bundle")
    assert result.proved and len(result.points) == 2
    assert all(item.verdict() == "accepted" for item in short.check_bundle(tmp_path / "bundle"))
    newton = accepted(pairs(gap), tmp_path / "newton", "newton-kantorovich")
    assert newton.proved is (gap == "1e-13") and len(newton.summary["points"]) == 2


@pytest.mark.parametrize(("low", "code"), [("-0.101", 0), ("-0.2", 1)])
def test_overlapping_enclosures_on_the_zero_branch(low: str, code: int, tmp_path: Path) -> None:
    """Different discs are different points: enclosures may overlap, but their lower ends are in order, for both checkers."""
    root = tmp_path / "bundle"
    accepted(pairs("0.0001", 8), root)
    branch, summary = read(root / "branch.json"), read(root / "summary.json")
    for index, enclosure in enumerate((["-0.102", "-0.09"], [low, "-0.08"])):
        certificate = read(root / f"points/hopf-000{index + 1}.json")
        for place in (certificate["claims"], branch["claims"]["points"][index], summary["points"][index]):
            place["parameter"] = enclosure
        write(root / f"points/hopf-000{index + 1}.json", certificate)
    for name, document in (("branch.json", branch), ("summary.json", summary)):
        write(root / name, document)
    report = verdict(root)
    assert report.exit_code == code, check.table(report)
    verdicts = {item.verdict() for item in short.check_bundle(root)}
    assert ("rejected" in verdicts) is bool(code)


# --- an end of the interval at a Hopf point ---


@pytest.mark.parametrize(
    ("interval", "method"), some(product(['["0", "0.5"]', '["0.5", "1"]', '["0.49999999999999999999", "1"]'], METHODS), 2)
)
def test_an_end_at_a_point(interval: str, method: str, tmp_path: Path) -> None:
    """γ* = 1/2 is not shown to be inside, so it is undecided, never proved and never lost."""
    result = accepted(load_text(PLANE.format(interval=interval)), tmp_path / "bundle", method)
    assert not result.proved and not result.points
    assert any(holds(piece["interval"], Fraction(1, 2)) for piece in result.summary["unsettled"])
    assert all(point["code"] == "interval-end" for point in result.summary["points"])


def test_a_newton_ball_that_reaches_over_an_end(tmp_path: Path) -> None:
    """Its enclosure of γ* proves that the point is in the range, or the point is not listed; the checker insists on it."""
    root = tmp_path / "bundle"
    result = accepted(load_text(PLANE.format(interval='["0", "0.5000000000000001"]')), root, "newton-kantorovich")
    assert result.proved  # 10⁻¹⁶ inside
    low, _ = ends(result.points["hopf-0001"]["claims"]["parameter"])
    assert low < Fraction(1, 2)
    for name in ("problem.json", "branch.json", "summary.json"):
        document = read(root / name)
        if name == "problem.json":
            document["parameter"]["interval"][1] = "0.5"
        else:
            place = document if name == "summary.json" else document["claims"]
            place["interval"][1] = "0.5"
            place["complete"] = False
            if name == "branch.json":  # the piece with the point reaches to the end of the range
                document["witness"]["pieces"][-1]["interval"][1] = "0.5"
            if name == "summary.json":
                place["status"] = "incomplete"
        write(root / name, document)
    report = verdict(root)
    assert report.exit_code == 1 and "hopf-0001 lies outside of it" in failures(report)  # of the cut piece


# --- room ---


def test_a_coefficient_near_zero_is_accepted(tmp_path: Path) -> None:
    """ℓ1 ≈ −2.29·10⁻²⁵, the rest of terms that cancel, against a computation with 60 digits."""
    problem = load(SPECS / "tiny-l1.toml")
    result = accepted(problem, tmp_path / "bundle")
    (point,) = result.summary["points"]
    assert result.proved and point["criticality"] == "supercritical"
    with mp.workdps(70):
        field = equations_field(problem)
        x = [mp.mpf("-1.573"), mp.mpf(971), mp.mpf(-125000), mp.mpf("0.093")]
        assert max(abs(y) for y in field(x, mp.mpf(0))) < mp.mpf(10) ** -60
        scale = (mp.mpf(1), mp.mpf(1000), mp.mpf(10) ** 6, mp.mpf(1))  # differences need variables of one size

        def scaled(y: list[mp.mpc]) -> list[mp.mpc]:
            return [a / s for a, s in zip(field([b * s for b, s in zip(y, scale, strict=True)], mp.mpf(0)), scale, strict=True)]

        at = [a / s for a, s in zip(x, scale, strict=True)]
        data = hopf_at(scaled, at, jacobian_of(scaled, at), mp.mpf(0))
        assert holds(point["parameter"], mp.mpf(0)) and holds(point["omega"], data.omega)
        # q^H q = 1 in the variables of the spec: q = (1, ∓1000i, 0, 0)/√(1 + 10⁶) there, (1, ∓i, 0, 0)/√2 here
        ell1 = data.ell1 * 2 / (1 + mp.mpf(10) ** 6)
        assert abs(ell1 - mp.mpf("-2.29e-25")) < mp.mpf("1e-27")
        assert holds(point["first_lyapunov_coefficient"], ell1)
