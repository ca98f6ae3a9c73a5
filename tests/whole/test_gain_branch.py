"""x = 0 of rate networks whose gain is the parameter, on the whole real line: known values, a second computation, and
cases that must stay undecided; forged bundles are refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import schemas
from check_tools import read, rehash, write
from forged import at, refused, shifted
from independent import general_hopf

from proofgen import api
from proofgen.bundle.hopf_point import HopfClaims
from proofgen.check import check_path
from proofgen.command.results import branch_followed
from proofgen.errors import InputError, UnsupportedError
from proofgen.formulas.gain_branch import derive_gain, gain_text
from proofgen.numbers.printed import Enclosure
from proofgen.spec.load import load_text
from proofgen.strategy import zero_crossing
from proofgen.strategy.methods import method_for

DATA = Path(__file__).parents[1] / "data"
KNOWN, TWENTY = (json.loads((DATA / f"{name}.json").read_text()) for name in ("rate_gain", "rate_gain_20"))
FIVE = [
    ["-0.802", "-1.324", "-0.249", "0.441", "-0.261"], ["-0.548", "-0.103", "-0.292", "-0.116", "1.116"],
    ["0.379", "-0.417", "0.298", "0.717", "-0.473"], ["0.585", "-1.171", "0.526", "-0.324", "0.962"],
    ["0.147", "0.643", "-0.851", "0.417", "0.238"],
]  # fmt: skip


FOUR_REAL = [["1", "0.5", "0.25", "0"], ["0.5", "-1", "0.125", "0.25"], ["-0.5", "0.25", "2.5", "0.5"], ["0.25", "-0.5", "0", "0.5"]]
ZEROS = json.dumps([["0"] * 5] * 5)


def spec(weights: list[list[str]], form: str, activation: str = "tanh", leak: str = "1", more: str = "") -> str:
    n = len(weights)
    own = f'[[network.layer]]\nweights = {json.dumps(weights)}\nenters = {{ gain = true }}\nactivation = '
    identity = json.dumps([[int(i == j) for j in range(n)] for i in range(n)])
    first = f'[[network.layer]]\nweights = {identity}\nenters = "none"\nactivation = "{activation}"\n'
    layers = f'{own}"{activation}"\n' if form == "inside" else f'{first}{own}"identity"\n'
    return f'[network]\nfamily = "layered"\nleak = "{leak}"\n{layers}[parameter]\nname = "g"\n{more}'


def holds(claim: Enclosure, value: Any, digits: int) -> bool:
    exact = Fraction(mp.nstr(value, 42)) if isinstance(value, mp.mpf) else Fraction(value)
    slack = abs(exact) / 10**37
    return claim.low - slack <= exact <= claim.high + slack and claim.width <= abs(exact) / 10**digits


def proved(text: str, out: Path, **options: Any) -> Any:
    found = api.prove(load_text(text), out, **options)
    assert found.check is not None and found.check.verdict == "accepted"
    for path in [out / "branch.json", *(out / "points").glob("*.json")]:
        kind = "certificate" if path.parent.name == "points" else "branch"
        document = read(path)
        schemas.validator(schemas.methods(kind)[document["method"]]).validate(document)
    return found


def claims_of(found: Any) -> list[HopfClaims]:
    """Of the Hopf points."""
    every = (point.claims for point in found.bundle.points.values())
    return sorted((claims for claims in every if isinstance(claims, HopfClaims)), key=lambda c: c.parameter.low)


@pytest.mark.parametrize("n", [6, 20])
@pytest.mark.parametrize("form", ["inside", "outside"])
def test_known_values(form: str, n: int, tmp_path: Path) -> None:
    """To 30 digits, the list complete for all real γ, of both signs."""
    known = KNOWN if n == 6 else TWENTY
    found = proved(spec(known["weights"], form, more="[proof]\ndigits = 34\n"), tmp_path / "b")
    summary = found.bundle.summary
    assert summary.complete and summary.interval is None and summary.method == "gain-branch"
    for claims, value in zip(claims_of(found), known["points"], strict=True):
        assert holds(claims.parameter, value["parameter"], 30) and holds(claims.omega, value["omega"], 30)
        assert holds(claims.crossing_speed, value["speed"], 30)
        assert holds(claims.first_lyapunov_coefficient, Fraction(value[form]) / Fraction(value["omega"]), 30)
        assert (claims.unstable_eigenvalues, claims.stable_eigenvalues) == (value["unstable"], value["stable"])
    assert branch_followed(found, "g") == "Branch: the equilibrium x = 0 for all g."


@pytest.mark.parametrize(
    ("form", "activation", "leak"),
    [("inside", "silu", "0.7"), ("outside", "gelu", "-0.7"),
     pytest.param("outside", "silu", "2", marks=pytest.mark.slow),
     pytest.param("inside", "log(2 - exp(-z))", "-1", marks=pytest.mark.slow)],
)  # fmt: skip
def test_the_general_formula(form: str, activation: str, leak: str, tmp_path: Path) -> None:
    """σ'' ≠ 0, δ of both signs: against mpmath, which knows neither closed form nor branch."""
    text = spec(FIVE, form, activation, leak)
    found = proved(text, tmp_path / "b")
    assert found.bundle.summary.complete and len(claims_of(found)) >= 1
    problem = load_text(text)
    if activation == "log(2 - exp(-z))":
        return  # mpmath's part has only activations that have names; both programs derive it themselves
    with mp.workdps(40):
        for claims in claims_of(found):
            data, x, speed = general_hopf(problem, float(claims.parameter.middle), [0.0] * 5, float(claims.omega.middle))
            assert max(abs(y) for y in x) < mp.mpf(10) ** -30 and data.unstable == claims.unstable_eigenvalues
            assert holds(claims.parameter, data.gamma, 6) and holds(claims.omega, data.omega, 6)
            assert holds(claims.first_lyapunov_coefficient, data.ell1, 5)
            low, high = claims.crossing_speed.ends
            assert low - Fraction(1, 10**9) <= Fraction(mp.nstr(speed, 15)) <= high + Fraction(1, 10**9)


DERIVATIVES = {"tanh": ("1", "0", "-2"), "silu": ("0.5", "0.5", "0"), "gelu": ("0.5", None, "0")}  # at 0; gelu: √(2/π)


@pytest.mark.parametrize(
    ("form", "activation", "leak"),
    [("inside", "tanh", "1"), ("outside", "tanh", "-0.7"), ("inside", "silu", "0.7"), ("outside", "gelu", "2"),
     ("outside", "silu", "-1")],
)  # fmt: skip
def test_every_real_crossing_is_named(form: str, activation: str, leak: str, tmp_path: Path) -> None:
    """γ*, d, a and e against closed forms, which neither program knows; eigenvectors by mpmath with 60 digits."""
    found = proved(spec(FOUR_REAL, form, activation, leak, "[proof]\ndigits = 34\n"), tmp_path / "b")
    summary = found.bundle.summary
    points = [point for point in found.bundle.points.values() if not isinstance(point.claims, HopfClaims)]
    assert summary.complete and summary.interval is None and not summary.plain_crossings
    assert len(points) == len(summary.real_crossings) == 4 and found.bundle.named_crossings == {0, 1, 2, 3}
    assert {point.method for point in points} == {"pitchfork" if activation == "tanh" else "transcritical"}
    with mp.workdps(60):
        s1, s2, s3 = (mp.sqrt(2 / mp.pi) if x is None else mp.mpf(x) for x in DERIVATIVES[activation])
        values, left, right = mp.eig(mp.matrix(FOUR_REAL), left=True, right=True)
        expected, scale = {}, mp.mpf(leak) / s1
        for k in range(4):
            mu, q, p = mp.re(values[k]), [mp.re(right[i, k]) for i in range(4)], [mp.re(left[k, i]) for i in range(4)]
            norm = mp.sqrt(sum(x * x for x in q))
            q = [x / norm for x in q]
            p = [x / sum(map(mp.fmul, p, q)) for x in p]
            a = abs(s2 * scale ** (2 if form == "inside" else 1) * sum(y * x**2 for x, y in zip(q, p, strict=True))) / 2
            e = s3 * scale ** (3 if form == "inside" else 1) * sum(y * x**3 for x, y in zip(q, p, strict=True)) / 6
            expected[scale / mu] = (s1 * mu, e if activation == "tanh" else a)
    for point, (gamma, (speed, coefficient)) in zip(points, sorted(expected.items()), strict=True):
        assert holds(point.claims.parameter, gamma, 30) and holds(point.claims.coefficient, coefficient, 25)
        assert holds(point.claims.eigenvalue_speed, speed, 25)
        others = [float(leak) * (float(mp.re(mu)) * float(gamma) * float(s1) / float(leak) - 1) for mu in values]
        assert point.claims.unstable == sum(x > 1e-9 for x in others)


def test_a_crossing_that_stays_plain(tmp_path: Path) -> None:
    """l q² = 0 for the eigenvalue 1 and silu, which is not odd: a encloses 0. The crossing is listed all the same."""
    S = [["1.5", "0.5", "0"], ["0.5", "1.5", "0"], ["0", "0", "-1"]]  # (1, 1, 0) and (1, -1, 0), whose l q² is 0
    found = proved(spec(S, "inside", "silu"), tmp_path / "b")
    summary = found.bundle.summary
    assert summary.complete and len(summary.real_crossings) == 3 and len(found.bundle.named_crossings) == 2
    (plain,) = summary.plain_crossings
    assert plain.interval.low <= 2 <= plain.interval.high and "a encloses 0" in plain.reason
    text = " ".join((tmp_path / "b/summary.tex").read_text(encoding="ascii").split())
    assert "exactly two transcritical points" not in text  # the third crossing may be one


def test_large_networks_are_not_named_on_the_whole_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over an interval they are."""
    monkeypatch.setattr(zero_crossing, "MOST_NAMED", 3)
    found = proved(spec(FOUR_REAL, "inside"), tmp_path / "a")
    plain = found.bundle.summary.plain_crossings
    assert found.bundle.summary.complete and not found.bundle.points and [x.code for x in plain] == ["large-network"] * 4
    assert [x.interval for x in plain] == [*found.bundle.summary.real_crossings]
    found = proved(spec(FOUR_REAL, "inside", more='interval = ["0.8", "0.9"]\n'), tmp_path / "b")
    assert [*found.bundle.points] == ["pitchfork-0001"] and found.bundle.summary.complete


ROTATION = [["0", "1", "2"], ["-1", "0", "0.5"], ["-2", "-0.5", "0"]]


def test_eigenvalues_with_real_part_zero(tmp_path: Path) -> None:
    """Antisymmetric W: nothing is on the axis for any γ, which is proved on an interval, γ = 0 in it, and not on the line."""
    with pytest.raises(UnsupportedError, match="real part 0"):
        api.prove(load_text(spec(ROTATION, "inside")))
    found = proved(spec(ROTATION, "inside", more='interval = ["-100", "100"]\n'), tmp_path / "b")
    assert found.bundle.summary.complete and not found.bundle.points and not found.bundle.branch.claims.real_crossings


def test_a_zero_eigenvalue_beside_a_pair(tmp_path: Path) -> None:
    """1 ± 2i and 0: one Hopf point at γ = 1 (δ = 1), the zero eigenvalue is at −1 for all γ, which is exact."""
    W = [["1", "2", "0"], ["-2", "1", "0"], ["1", "1", "0"]]
    for more in ("", 'interval = ["-3", "3"]\n'):
        found = proved(spec(W, "outside", more=more), tmp_path / f"b{len(more)}")
        (claims,) = claims_of(found)
        assert found.bundle.summary.complete and claims.parameter.low <= 1 <= claims.parameter.high
        assert (claims.unstable_eigenvalues, claims.stable_eigenvalues) == (0, 1)


def low_rank(n: int, rank: int, seed: int) -> list[list[str]]:
    generator = np.random.default_rng(seed)
    product = generator.integers(-20, 21, (n, rank)) @ generator.integers(-20, 21, (rank, n))
    return [[f"{x}e-3" for x in row] for row in product.tolist()]


@pytest.mark.parametrize(("n", "rank"), [(5, 4), (20, 4), pytest.param(50, 6, marks=pytest.mark.slow)])
def test_networks_of_low_rank(n: int, rank: int, tmp_path: Path) -> None:
    """On the whole line: each eigenvalue of W but the n − rank ones that are 0 gives its crossing (mpmath)."""
    W = low_rank(n, rank, n)
    found = proved(spec(W, "inside"), tmp_path / "b")
    with mp.workdps(60):
        values = mp.eig(mp.matrix([[mp.mpf(x) for x in row] for row in W]), left=False, right=False)
        others = [v for v in values if abs(v) > mp.mpf(10) ** -20]
    assert len(others) == rank and found.bundle.summary.complete and found.bundle.summary.interval is None
    pairs = sorted(1 / mp.re(v) for v in others if mp.im(v) > mp.mpf(10) ** -20)
    reals = sorted(1 / mp.re(v) for v in others if abs(mp.im(v)) < mp.mpf(10) ** -20)
    crossings = found.bundle.branch.claims.real_crossings
    assert all(holds(c.parameter, gamma, 8) for c, gamma in zip(claims_of(found), pairs, strict=True))
    assert all(holds(c, gamma, 8) for c, gamma in zip(crossings, reals, strict=True))


def test_what_is_nearly_singular_is_not(tmp_path: Path) -> None:
    """An eigenvalue of 1e-30, or a pair ±i·1e-30 beside the kernel: no list for the whole line; and the bundle of the
    singular network is refused for the other one, whose discs are the same."""
    W = [["1", "2", "0", "0"], ["-2", "1", "0", "0"], ["1", "1", "0", "0"], ["0", "1", "0", "0"]]
    found = proved(spec(W, "inside"), tmp_path / "b")
    assert found.bundle.summary.complete
    for number, changes in enumerate(({(2, 2): "1e-30"}, {(2, 3): "1e-30", (3, 2): "-1e-30"}, {(3, 3): "-1e-200"})):
        near = [[changes.get((i, j), x) for j, x in enumerate(row)] for i, row in enumerate(W)]
        with pytest.raises(UnsupportedError, match="real part 0"):
            api.prove(load_text(spec(near, "inside", more="[proof]\nmax_precision = 128\n")))
        root = tmp_path / str(number)
        shutil.copytree(tmp_path / "b", root)
        problem = read(root / "problem.json")
        (name,) = problem["arrays"]
        problem["arrays"][name] = {"entries": near}
        write(root / "problem.json", problem)
        (root / "summary.json").unlink()
        rehash(root)
        assert check_path(str(root)).exit_code == 1


@pytest.mark.parametrize(
    ("W", "count"),
    [([["1", "1", "0", "0"], ["-1", "1", "0", "0"], ["0", "0", "1", "2"], ["0", "0", "-2", "1"]], 2),
     ([["1", "1", "0"], ["-1", "1", "0"], ["0", "0", "1"]], 2), ([["1", "1"], ["0", "1"]], 2)],
)  # fmt: skip
def test_what_reaches_the_axis_together_is_undecided(W: list[list[str]], count: int, tmp_path: Path) -> None:
    """Two pairs, a pair and a real eigenvalue, a Jordan block: at γ = 1."""
    found = proved(spec(W, "inside", more='interval = ["-2", "2"]\n'), tmp_path / "b")
    unsettled = found.bundle.branch.claims.unsettled
    assert not found.bundle.points and not found.bundle.summary.complete and len(unsettled) == count
    assert all(piece.interval.low <= 1 <= piece.interval.high for piece in unsettled)


def test_degenerate_activation(tmp_path: Path) -> None:
    found = proved(spec(FIVE, "inside", "z"), tmp_path / "b")
    assert not found.bundle.points and {piece.code for piece in found.bundle.branch.claims.unsettled} == {"degenerate-activation"}


def test_other_networks_are_for_other_methods() -> None:
    """A bias, unequal leaks, no leak, a box, a map, and a start elsewhere."""
    text = spec(FIVE, "inside", more='interval = ["0.5", "0.6"]\n')
    assert method_for(load_text(text)).name == "gain-branch"
    for old, new in [
        ('leak = "1"', 'leak = ["1", "1", "1", "1", "2"]'), ('leak = "1"', 'leak = "0"'),
        ('leak = "1"', 'leak = "1"\ntime = "discrete"'), ('leak = "1"', 'leak = "1"\nstart = ["1", "0", "0", "0", "0"]'),
        ("enters = {", "bias = [0, 0, 0, 0, 1]\nenters = {"), ("{ gain = true }", "{ gain = true, bias = [1, 0, 0, 0, 0] }"),
        ("{ gain = true }", '"identity"'), ('"tanh"', '"logistic"'),
        (f"weights = {json.dumps(FIVE)}\nenters = {{ gain = true }}", f"weights = {ZEROS}\nenters = {{ matrix = {json.dumps(FIVE)} }}"),
    ]:  # fmt: skip
        assert method_for(load_text(text.replace(old, new))).name == "pieces", new
    other = spec(FIVE, "outside").replace('enters = "none"\nactivation = "tanh"', 'enters = "none"\nactivation = "tanh"\nbias = [1, 0, 0, 0, 0]')
    assert method_for(load_text(other + 'interval = ["0", "1"]\n')).name == "pieces"


def test_the_other_method_needs_an_interval(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a range"):
        api.prove(load_text(spec(KNOWN["weights"], "inside")), method="newton-kantorovich")
    text = spec(KNOWN["weights"], "inside", more='interval = ["-1.6", "-1.5"]\n')
    found = proved(text, tmp_path / "b", method="newton-kantorovich")
    (claims,) = claims_of(found)
    assert found.bundle.branch.method == "pieces" and holds(claims.parameter, KNOWN["points"][1]["parameter"], 8)


def test_derivation() -> None:
    for form in ("inside", "outside"):
        d = derive_gain(load_text(spec(FIVE, form, "silu")))
        assert d.quadratic and r"\kappa" in d.c1 and "ζ" in gain_text(d) and (r"\bar\kappa" in d.c1) == (form == "inside")


# --- forged bundles -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """σ'' ≠ 0, two points and a real crossing at least, on an interval."""
    root = tmp_path_factory.mktemp("gain") / "b"
    found = proved(spec(FIVE, "outside", "silu", "0.7", more='interval = ["-1000", "1000"]\n'), root)
    assert found.bundle.summary.complete and len(claims_of(found)) == 2 and len(found.bundle.branch.claims.real_crossings) == 1
    assert [*found.bundle.points] == ["hopf-0001", "transcritical-0001", "hopf-0002"]
    return root


def test_what_is_not_changed_is_accepted(genuine: Path, tmp_path: Path) -> None:
    assert not refused(genuine, tmp_path / "f", "points/hopf-0001.json", lambda c: None)


def test_a_wide_enclosure_of_a_crossing_holds_that_of_the_certificate(genuine: Path, tmp_path: Path) -> None:
    """Wider than the window, and with one crossing: the same. Not so beside it."""
    claims = read(genuine / "points/transcritical-0001.json")["claims"]
    assert float(claims["window"][0]) > 0.5 and float(claims["window"][1]) < 1.2
    assert not refused(genuine, tmp_path / "f", "branch.json", lambda b: b["claims"].update(real_crossings=[["0.5", "1.2"]]))
    high = claims["parameter"][1]
    assert refused(genuine, tmp_path / "g", "branch.json", lambda b: b["claims"].update(real_crossings=[[high, "1.2"]]))


ENCLOSURES = [("claims", key) for key in ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed")]
ENCLOSURES += [("bounds", "q_norm_squared"), ("bounds", "eigenvalue", 0), ("bounds", "eigenvalue", 1), ("bounds", "S", 0), ("bounds", "S", 1)]
UPPER = ["rho", "norm_N", "disc_radius", "delta_right", "delta_left", "pq_defect"]
LOWER = ["isolation", "away", "separation", "resolvent_gap"]


@pytest.mark.parametrize("path", ENCLOSURES, ids=["-".join(map(str, path)) for path in ENCLOSURES])
def test_forged_enclosures(path: tuple[Any, ...], genuine: Path, tmp_path: Path) -> None:
    def change(c: Any) -> None:
        with mp.workdps(60):
            at(c, path[:-1])[path[-1]] = shifted(at(c, path))

    assert refused(genuine, tmp_path / "f", "points/hopf-0001.json", change)


@pytest.mark.parametrize("key", UPPER)
def test_forged_upper_bounds(key: str, genuine: Path, tmp_path: Path) -> None:
    def change(c: Any) -> None:
        c["bounds"][key] = f"{float(c['bounds'][key]) / 4:.6e}".replace("e-0", "e-").replace("e+0", "e")

    assert refused(genuine, tmp_path / "f", "points/hopf-0002.json", change)


@pytest.mark.parametrize("key", LOWER)
def test_forged_lower_bounds(key: str, genuine: Path, tmp_path: Path) -> None:
    def change(c: Any) -> None:
        c["bounds"][key] = f"{float(c['bounds'][key]) * 1.2:.12f}"

    assert refused(genuine, tmp_path / "f", "points/hopf-0002.json", change)


CERTIFICATES: dict[str, Callable[[Any], object]] = {
    "counts": lambda c: c["claims"].update(unstable_eigenvalues=c["claims"]["unstable_eigenvalues"] + 1),
    "both counts": lambda c: c["claims"].update(
        unstable_eigenvalues=c["claims"]["stable_eigenvalues"], stable_eigenvalues=c["claims"]["unstable_eigenvalues"]),
    "criticality": lambda c: c["claims"].update(criticality="subcritical"),
    "gap": lambda c: c["claims"].update(spectral_gap=f"{float(c['claims']['spectral_gap']) * 1.2:.9f}"),
    "no gap": lambda c: c["claims"].update(spectral_gap=None),
    "equilibrium": lambda c: c["claims"]["equilibrium"].__setitem__(1, ["0.1", "0.2"]),
    "another pair": lambda c: c["witness"].update(pair=1 - c["witness"]["pair"]),
    "no such pair": lambda c: c["witness"].update(pair=2),
    "no resolvent": lambda c: c["bounds"].update(resolvent_gap=None),
    "S of one part": lambda c: c["bounds"].update(S=c["bounds"]["S"][:1]),
    "method": lambda c: c.update(method="zero-branch"),
    "Lyapunov coefficient of either sign": lambda c: c["claims"].update(first_lyapunov_coefficient=["-10", "10"]),
}  # fmt: skip


@pytest.mark.parametrize("name", CERTIFICATES)
def test_forged_certificates(name: str, genuine: Path, tmp_path: Path) -> None:
    assert refused(genuine, tmp_path / "f", "points/hopf-0001.json", CERTIFICATES[name])


def only(count: int) -> Callable[[Any], object]:
    return lambda b: b["claims"].update(points=b["claims"]["points"][:count])


BRANCHES: dict[str, Callable[[Any], object]] = {
    "no crossing": lambda b: b["claims"].update(real_crossings=[]),
    "a crossing elsewhere": lambda b: b["claims"].update(real_crossings=[["5", "5.1"]]),
    "a crossing with a point in it": lambda b: b["claims"].update(real_crossings=[["-1000", "1000"], ["1000.1", "1000.2"]]),
    "twice the crossing": lambda b: b["claims"].update(real_crossings=b["claims"]["real_crossings"] * 2),
    "a point left out": only(1),
    "points in the other order": lambda b: b["claims"]["points"].reverse(),
    "pairs": lambda b: b["claims"]["points"][0].update(pair=b["claims"]["points"][2]["pair"]),
    "a pair of a real crossing": lambda b: b["claims"]["points"][1].update(pair=0),
    "the crossing of a certificate left out": lambda b: b["claims"].update(real_crossings=[], complete=False, unsettled=[
        {"interval": b["claims"]["real_crossings"][0], "reason": "", "code": "interval-end"}]),
    "radius": lambda b: b["bounds"].update(max_disc_radius="1e-60"),
    "nothing is known": lambda b: (b.update(witness=None, bounds=None), b["claims"].update(real_crossings=[])),
    "no bounds": lambda b: b.update(bounds=None),
    "unsettled and complete": lambda b: b["claims"].update(unsettled=[{"interval": ["1", "2"], "reason": "", "code": ""}]),
    "method": lambda b: b.update(method="zero-branch"),
}  # fmt: skip


@pytest.mark.parametrize("name", BRANCHES)
def test_forged_branches(name: str, genuine: Path, tmp_path: Path) -> None:
    assert refused(genuine, tmp_path / "f", "branch.json", BRANCHES[name])


PROBLEMS: dict[str, Callable[[Any], object]] = {
    "leak": lambda p: p.update(leak="0.71"),
    "leak of the other sign": lambda p: p.update(leak="-0.7"),
    "no leak": lambda p: p.update(leak="0"),
    "weight": lambda p: p["arrays"]["W2"]["entries"][1].__setitem__(1, "-0.104"),
    "not the identity": lambda p: p["arrays"]["W1"]["entries"][1].__setitem__(1, "1.000001"),
    "activation": lambda p: p["layers"][0].update(activation="gelu"),
    "second activation": lambda p: p["layers"][1].update(activation="tanh"),
    "W inside": lambda p: p.update(layers=[p["layers"][1] | {"activation": "silu"}]),
    "weights that stay": lambda p: p["layers"][1].update(weights=[{"coefficient": "1e-9", "identity": True}]),
    "moving first layer": lambda p: p["layers"][0].update(parameter=[{"coefficient": "1", "identity": True}]),
    "bias": lambda p: (p["layers"][0].update(bias="b"), p["arrays"].update(b={"entries": ["0"] * 5})),
    "moving bias": lambda p: (p["layers"][1].update(bias_parameter="c"), p["arrays"].update(c={"entries": ["1"] * 5})),
    "time": lambda p: p.update(time="discrete"),
    "box": lambda p: p.update(weight_radius="1e-9"),
    "interval": lambda p: p["parameter"].update(interval=["-1", "1"]),
}  # fmt: skip


@pytest.mark.parametrize("name", PROBLEMS)
def test_forged_problems(name: str, genuine: Path, tmp_path: Path) -> None:
    assert refused(genuine, tmp_path / "f", "problem.json", PROBLEMS[name])


def test_the_whole_line_is_not_claimed_of_an_interval(tmp_path: Path) -> None:
    """Where a real part may be 0, on the line or up to where it may matter: nothing settles that."""
    found = proved(spec(ROTATION, "inside", more='interval = ["-100", "100"]\n'), tmp_path / "b")
    assert found.bundle.summary.complete
    for number, interval in enumerate((None, ["-1e300", "1e300"])):
        root = Path(shutil.copytree(tmp_path / "b", tmp_path / f"f{number}"))
        for name, key in (("problem.json", "parameter"), ("branch.json", "claims")):
            document = read(root / name)
            document[key]["interval"] = interval
            write(root / name, document)
        for path in (root / "summary.json", root / "MANIFEST.sha256"):
            path.unlink()
        rehash(root)
        assert check_path(str(root)).exit_code == 1


def test_what_is_left_may_lie_in_listed_enclosures(tmp_path: Path) -> None:
    """A real crossing at the end of the range, which the listed enclosure of the Hopf point may cover: the summary says no more."""
    W = [["1", "2", "0"], ["-2", "1", "0"], ["0", "0", "0.5"]]
    root = tmp_path / "b"
    found = proved(spec(W, "inside", more='interval = ["0", "2"]\n'), root)
    assert len(found.bundle.points) == 1 and [x.code for x in found.bundle.branch.claims.unsettled] == ["interval-end"]
    text = " ".join((root / "summary.tex").read_text(encoding="ascii").split())
    assert r"lies in one of the enclosures of these or of the intervals listed in Section~\ref{open}" in text

    def change(branch: Any) -> None:
        branch["claims"]["points"][0]["parameter"], branch["claims"]["unsettled"] = ["0.5", "2.5"], []

    assert not refused(root, tmp_path / "f", "branch.json", change)
