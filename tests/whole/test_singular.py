"""Where W(γ) is singular on the branch W(γ)x + b = 0: lines of equilibria and poles, against values computed
independently, the solutions themselves near a pole, and what must not be proved."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import schemas
from check_tools import SHORT_CHECKER, load, read, rehash, write

import proofgen
from proofgen import api
from proofgen.bundle.singular import LineClaims, PoleClaims
from proofgen.check import check_path, table
from proofgen.numbers.printed import Enclosure
from proofgen.spec.load import load as load_spec
from proofgen.spec.load import load_text

ROOT = Path(__file__).parents[2]
short = load(SHORT_CHECKER)
W = [
    ["0.01", "-2.08", "3.3", "0.08", "-1.57"],
    ["2.1", "0.01", "-1.01", "1.71", "0.62"],
    ["-3.27", "0.97", "0.01", "-3.4", "0.31"],
    ["-0.11", "-1.7", "3.42", "0.01", "-1.73"],
    ["1.62", "-0.62", "-0.29", "1.7", "0.01"],
]
BIAS = ["0.5", "0.25", "-1", "0.125", "1"]
# three real eigenvalues: 1, −1/2, 2
TRIANGULAR = [["1", "0", "0"], ["1", "-0.5", "0"], ["0.5", "0.25", "2"]]


def spec(weights: list[list[str]], bias: list[str] | None = None, more: str = "", activation: str = "tanh") -> str:
    zeros = [["0"] * len(weights)] * len(weights)
    b = "" if bias is None else f"bias = {json.dumps(bias)}\n"
    return (
        f'[network]\nfamily = "asymmetric-rnn"\nactivation = "{activation}"\nR1 = {json.dumps(zeros)}\n'
        f"R2 = {json.dumps(weights)}\n{b}{more}"
    )


def proved(text: str, out: Path, **options: Any) -> Any:
    found = api.prove(load_text(text), out, **options)
    assert found.check is not None and found.check.verdict == "accepted"
    for path in (out / "points").glob("[lp]*.json"):
        document = read(path)
        schemas.validator(schemas.methods("certificate")[document["method"]]).validate(document)
    return found


def claims_of(found: Any) -> list[Any]:
    every = (point.claims for point in found.bundle.points.values())
    return [claims for claims in every if isinstance(claims, LineClaims | PoleClaims)]


def holds(claim: Enclosure, value: Any, digits: int) -> bool:
    exact = Fraction(mp.nstr(value, 45)) if isinstance(value, mp.mpf) else Fraction(value)
    slack = max(abs(exact), Fraction(1, 100)) / 10**40
    return claim.low - slack <= exact <= claim.high + slack and claim.width <= Fraction(1, 10**digits)


def matrix(rows: list[list[str]]) -> mp.matrix:
    return mp.matrix([[mp.mpf(x) for x in row] for row in rows])


def real_eigenvalues(A: mp.matrix) -> list[tuple[mp.mpf, mp.matrix, mp.matrix, int]]:
    """μ, q, l with lq = 1 and the number of eigenvalues to the right, of every real eigenvalue."""
    values, left, right = mp.eig(A, left=True)
    found = []
    for k, value in enumerate(values):
        if abs(mp.im(value)) < mp.mpf(10) ** -40:
            q, p = right[:, k].apply(mp.re), left[k, :].apply(mp.re)
            found.append((mp.re(value), q, p / (p * q)[0], sum(mp.re(v) > mp.re(value) + mp.mpf(10) ** -20 for v in values)))
    return sorted(found, key=lambda item: -item[0])


@pytest.mark.parametrize(("activation", "slope"), [("tanh", "1"), ("silu", "0.5"), ("exp(-z) - 1", "-1")])
def test_poles_to_thirty_digits(activation: str, slope: str, tmp_path: Path) -> None:
    """γ_k, r, |r|, d and the counts, with σ' of both signs; the second checker agrees where it covers the activation."""
    found = proved(spec(W, BIAS, "[proof]\ndigits = 34\n", activation), tmp_path / "b")
    with mp.workdps(60):
        expected = real_eigenvalues(matrix(W))
        claims = claims_of(found)
        assert len(claims) == len(expected) == 1 and found.bundle.summary.complete
        for claim, (mu, q, left, above) in zip(claims, expected, strict=True):
            r = -(left * mp.matrix([mp.mpf(x) for x in BIAS]))[0] * q
            assert isinstance(claim, PoleClaims) and holds(claim.parameter, -mu, 30) and holds(claim.coefficient, mp.norm(r), 30)
            assert all(holds(entry, x, 30) for entry, x in zip(claim.residue, r, strict=True))
            assert claim.eigenvalue_speed.low == claim.eigenvalue_speed.high == Fraction(slope)
            assert (claim.unstable, claim.stable) == ((above, 4 - above) if Fraction(slope) > 0 else (4 - above, above))
    assert short.main([str(tmp_path / "b")]) == (3 if "exp" in activation else 0)
    assert "1 pole proved" in str(found.bundle.summary.points[-1].id.startswith("pole") and proofgen.Result(found).theorem)


def test_the_branch_near_a_pole(tmp_path: Path) -> None:
    """x(γ)·(γ − γ_k) tends to r, of both signs of γ − γ_k, with an error of the order of γ − γ_k, and the number of unstable
    eigenvalues of the Jacobian changes as it is claimed: the system is solved at four values of γ, nothing is followed."""
    (claims,) = claims_of(proved(spec(W, BIAS, "[proof]\ndigits = 34\n"), tmp_path / "b"))
    with mp.workdps(60):
        A, b = matrix(W), mp.matrix([mp.mpf(x) for x in BIAS])
        r = mp.matrix([mp.mpf(x.middle.numerator) / x.middle.denominator for x in claims.residue])
        gamma = mp.mpf(claims.parameter.middle.numerator) / claims.parameter.middle.denominator
        for side in (1, -1):
            errors = []
            for delta in (mp.mpf("1e-6"), mp.mpf("1e-6") / 4):
                shifted = A + (gamma + side * delta) * mp.eye(5)
                x = mp.lu_solve(shifted, -b)
                errors.append(mp.norm(x * (side * delta) - r) / mp.norm(r))
                unstable = sum(mp.re(v) > 0 for v in mp.eig(shifted, left=False, right=False))
                assert unstable == claims.unstable + (side > 0)
                assert mp.norm((shifted * x + b).apply(mp.tanh)) < mp.mpf(10) ** -40
            assert errors[0] < 1e-4 and 3.9 < errors[0] / errors[1] < 4.1


@pytest.mark.parametrize("bias", [None, ["0"] * 5], ids=["no bias", "a bias of zeros"])
def test_a_line_to_thirty_digits(bias: list[str] | None, tmp_path: Path) -> None:
    found = proved(spec(W, bias, "[proof]\ndigits = 34\n"), tmp_path / "b")
    (claims,) = claims_of(found)
    with mp.workdps(60):
        ((mu, q, _, above),) = real_eigenvalues(matrix(W))
        q = q / mp.norm(q)
        sign = 1 if (claims.direction[0].low > 0) == (q[0] > 0) else -1
        assert isinstance(claims, LineClaims) and holds(claims.parameter, -mu, 30)
        assert all(holds(entry, sign * x, 30) for entry, x in zip(claims.direction, q, strict=True))
        assert (claims.unstable, claims.stable) == (above, 4 - above)
        for s in (mp.mpf("0.5"), mp.mpf(-40)):
            assert mp.norm(((matrix(W) - mu * mp.eye(5)) * q * s).apply(mp.tanh)) < mp.mpf(10) ** -40
    assert short.main([str(tmp_path / "b")]) == 0


def test_rational_poles(tmp_path: Path) -> None:
    """μ = 2, 1, −1/2 with b = (3, 0, 6): lb by hand, with l = (3/5, 1/10, 1), (1, 0, 0), (−2/3, 1, 0)."""
    found = proved(spec(TRIANGULAR, ["3", "0", "6"]), tmp_path / "b")
    claims = claims_of(found)
    # q for μ = 2: (0, 0, 1); μ = 1: (1, 2/3, −2/3); μ = −1/2: (0, 1, −1/10)
    expected = [
        (-2, (0, 0, -Fraction(39, 5)), 0), (-1, (-3, -2, 2), 1), (Fraction(1, 2), (0, 2, -Fraction(1, 5)), 2),
    ]  # fmt: skip
    for claim, (gamma, residue, unstable) in zip(claims, expected, strict=True):
        assert holds(claim.parameter, gamma, 9) and claim.unstable == unstable
        assert all(holds(entry, x, 7) for entry, x in zip(claim.residue, residue, strict=True))


def test_the_singular_network_of_the_paper(tmp_path: Path) -> None:
    """n = 50, seed 120, without bias: both singular values are lines of equilibria, one at the γ = 0.1887 of the paper."""
    found = api.prove(load_spec(ROOT / "proofs/paper/n50-seed120.toml"), tmp_path / "b")
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    one, two = claims_of(found)
    assert isinstance(one, LineClaims) and isinstance(two, LineClaims) and abs(float(two.parameter.middle) - 0.1887) < 5e-5
    problem = load_spec(ROOT / "proofs/paper/n50-seed120.toml")
    weights = problem.combine(problem.layers[0].weights).to_binary64_approx()
    for claims in (one, two):
        gamma, q = float(claims.parameter.middle), [float(x.middle) for x in claims.direction]
        assert abs(sum(x * x for x in q) - 1) < 1e-12
        assert abs(weights @ np.array(q) + gamma * np.array(q)).max() < 1e-9


def test_b_in_the_range_stays_plain(tmp_path: Path) -> None:
    """lb = 0 exactly for μ = 1 (l = (1, 0, 0)): no enclosure proves it, so nothing more is claimed there."""
    found = proved(spec(TRIANGULAR, ["0", "1", "1"]), tmp_path / "b")
    assert [claims.kind for claims in claims_of(found)] == ["pole", "pole"] and found.bundle.summary.complete
    assert len(found.bundle.summary.real_crossings) == 3
    (plain,) = found.bundle.summary.plain_crossings
    assert plain.code == "coefficient-encloses-zero" and plain.interval.low <= -1 <= plain.interval.high
    assert short.main([str(tmp_path / "b")]) == 0
    assert "1 other real crossing" in proofgen.Result(found).theorem


def test_of_a_plain_crossing_with_a_bias_the_summary_speaks_of_the_matrix(tmp_path: Path) -> None:
    """The branch need not have a point where W(γ) is singular, so nothing is said of a linearisation there."""
    api.prove(load_text(spec(TRIANGULAR, ["0", "1", "1"])), tmp_path / "b")
    text = " ".join((tmp_path / "b/summary.tex").read_text(encoding="utf-8").split())
    assert "at which the matrix $W(\\gamma)$ has an eigenvalue on the imaginary axis" in text
    assert "it is not claimed that the branch has a point there" in text and "the linearisation has an eigenvalue" not in text


def test_a_box_of_biases_around_zero_is_neither(tmp_path: Path) -> None:
    text = spec(W, ["0"] * 5, '[proof]\nweight_radius = { bias = "1e-3" }\n')
    found = proved(text, tmp_path / "b")
    assert claims_of(found) == [] and len(found.bundle.summary.plain_crossings) == 1
    assert found.bundle.summary.complete and len(found.bundle.summary.real_crossings) == 1


def test_every_network_of_a_box(tmp_path: Path) -> None:
    """The poles of corners of the box lie in the enclosures."""
    (claims,) = claims_of(proved(spec(W, BIAS, '[proof]\nweight_radius = "1e-5"\n'), tmp_path / "b"))
    with mp.workdps(30):
        for signs in range(0, 2**25, 2**25 // 11 + 7919):
            A, b = matrix(W), mp.matrix([mp.mpf(x) for x in BIAS])
            for i in range(25):
                A[i // 5, i % 5] += mp.mpf("1e-5") * (1 if signs >> i & 1 else -1)
            for i in range(5):
                b[i] += mp.mpf("1e-5") * (1 if signs >> 2 * i & 1 else -1)
            ((mu, q, left, _),) = real_eigenvalues_near(A)
            r = -(left * b)[0] * q
            for entry, value in zip((claims.parameter, claims.coefficient, *claims.residue), (-mu, mp.norm(r), *r), strict=True):
                assert entry.low <= Fraction(mp.nstr(value, 25)) <= entry.high


def real_eigenvalues_near(A: mp.matrix) -> list[tuple[mp.mpf, mp.matrix, mp.matrix, int]]:
    """With 30 digits in use."""
    values, left, right = mp.eig(A, left=True)
    k = min(range(5), key=lambda i: abs(mp.im(values[i])))
    q, p = right[:, k].apply(mp.re), left[k, :].apply(mp.re)
    return [(mp.re(values[k]), q, p / (p * q)[0], 0)]


def test_by_newton_kantorovich_and_on_an_interval(tmp_path: Path) -> None:
    """The same poles beside Hopf points by Method N; outside the interval there are none."""
    found = proved(spec(W, BIAS), tmp_path / "n", method="newton-kantorovich")
    assert [point.method for point in found.bundle.points.values()].count("pole") == 1 and found.bundle.summary.complete
    (claims,) = claims_of(found)
    low = float(claims.parameter.middle) + 0.01
    more = f'[parameter]\ninterval = ["{low:.3f}", "{low + 1:.3f}"]\n'
    assert claims_of(proved(spec(W, BIAS, more), tmp_path / "i")) == []


def test_public_names(tmp_path: Path) -> None:
    result = proofgen.prove(proofgen.load(_written(tmp_path, spec(W, BIAS))))
    (pole,) = result.singular
    assert pole.kind == "pole" and pole.proved and pole.residue is not None and pole.direction is None
    assert "pole-0001" in repr(pole) and result.branchings == ()
    result = proofgen.prove(proofgen.load(_written(tmp_path, spec(W))))
    (line,) = result.singular
    assert line.kind == "line" and line.coefficient is None and line.direction is not None


def _written(folder: Path, text: str) -> Path:
    (folder / "spec.toml").write_text(text)
    return folder / "spec.toml"


def test_a_crossing_at_an_end_of_the_range_is_not_named(tmp_path: Path) -> None:
    """γ_k = −1 is an end, which no enclosure shows to be in the range: it is left out, and no checker accepts its line."""
    root = tmp_path / "b"
    api.prove(load_text(spec(TRIANGULAR)), root)
    for name in ("points/line-0001.json", "points/line-0003.json"):  # γ = −2, 1/2
        (root / name).unlink()
    problem, branch = read(root / "problem.json"), read(root / "branch.json")
    claims = branch["claims"]
    problem["parameter"]["interval"] = claims["interval"] = ["-1", "0.25"]
    claims["complete"], claims["points"], claims["real_crossings"] = False, claims["points"][1:2], claims["real_crossings"][1:2]
    (root / "summary.json").unlink()
    write(root / "problem.json", problem)
    write(root / "branch.json", branch)
    rehash(root)
    said = [table(check_path(root)), "\n".join(str(item.rejected) for item in short.check_bundle(root))]
    assert "line-0002 is not certainly in the interval" in said[0] and "line-0002" in said[1] and "range" in said[1]


@pytest.mark.parametrize("bias", [None, BIAS], ids=["line", "pole"])
def test_the_largest_radius_keeps_them(bias: list[str] | None) -> None:
    found = api.largest_radius(load_text(spec(W, bias)))
    assert found.radius > 0 and len(claims_of(found.result)) == 1 and found.result.bundle.summary.complete
