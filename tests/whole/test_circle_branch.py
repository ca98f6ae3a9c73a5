"""Maps with a gain or a shift on the whole real line: known values, a second computation, and cases that must stay
undecided; forged bundles are refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath as mp
import pytest
import schemas
from check_tools import read, rehash, write
from forged import at, refused, shifted
from independent import SIGMA, bilinear, jacobian_of, trilinear_uuv
from ordinary import some

from proofgen import api
from proofgen.bundle.neimark_sacker import NeimarkSackerClaims, may_be_resonant
from proofgen.bundle.problem import describe
from proofgen.check import check_path
from proofgen.command.results import branch_followed
from proofgen.errors import InputError, UnsupportedError
from proofgen.formulas.circle_branch import circle_text, derive_circle
from proofgen.numbers.printed import Enclosure
from proofgen.problem.circle_branch import circle_map
from proofgen.progress import Stopwatch, quiet
from proofgen.spec.load import load_text
from proofgen.strategy.methods import METHODS, method_for
from proofgen.strategy.run import prove as run
from proofgen.strategy.task import Task

KNOWN = json.loads((Path(__file__).parents[1] / "data" / "circle_branch.json").read_text())
FIVE = [
    ["-0.802", "-1.324", "-0.249", "0.441", "-0.261"], ["-0.548", "-0.103", "-0.292", "-0.116", "1.116"],
    ["0.379", "-0.417", "0.298", "0.717", "-0.473"], ["0.585", "-1.171", "0.526", "-0.324", "0.962"],
    ["0.147", "0.643", "-0.851", "0.417", "0.238"],
]  # fmt: skip
IDENTITY = json.dumps([[int(i == j) for j in range(5)] for i in range(5)])
BIAS = ["0.65", "-0.08", "-0.14", "0.2", "0.53"]


def rnn(weights: list[list[str]], more: str = "", alpha: str = "1", activation: str = "tanh") -> str:
    own = f'weight_hh = {json.dumps(weights)}\nalpha = "{alpha}"\nactivation = "{activation}"\n'
    return f'[network]\nfamily = "rnn"\n{own}[parameter]\nname = "g"\nenters = {{ gain = "weight_hh" }}\n{more}'


def layered(form: str, activation: str, time: str, leak: str, bias: bool = False, more: str = "") -> str:
    """form: inside or outside, of a gain or a shift."""
    where, kind = form.split()
    enters = "{ gain = true }" if kind == "gain" else '"identity"'
    own = f"[[network.layer]]\nweights = {json.dumps(FIVE)}\nenters = {enters}\n" + (f"bias = {json.dumps(BIAS)}\n" if bias else "")
    first = f'[[network.layer]]\nweights = {IDENTITY}\nenters = "none"\nactivation = "{activation}"\n'
    layers = f'{own}activation = "{activation}"\n' if where == "inside" else f'{first}{own}activation = "identity"\n'
    return f'[network]\nfamily = "layered"\ntime = {time}\nleak = "{leak}"\n{layers}[parameter]\nname = "g"\n{more}'


def holds(claim: Enclosure, value: Any, digits: int) -> bool:
    exact = Fraction(mp.nstr(value, 42)) if isinstance(value, mp.mpf) else Fraction(value)
    slack = abs(exact) / 10**37
    return claim.low - slack <= exact <= claim.high + slack and claim.width <= abs(exact) / 10**digits


def proved(text: str, out: Path) -> Any:
    found = api.prove(load_text(text), out)
    assert found.check is not None and found.check.verdict == "accepted"
    assert found.bundle.branch.method == "circle-branch"
    for path in [out / "branch.json", *(out / "points").glob("*.json")]:
        kind = "certificate" if path.parent.name == "points" else "branch"
        document = read(path)
        schemas.validator(schemas.methods(kind)[document["method"]]).validate(document)
    return found


def claims_of(found: Any) -> list[Any]:
    """Of Neimark–Sacker points and flips."""
    every = (point.claims for point in found.bundle.points.values())
    return sorted((c for c in every if c.kind not in ("pitchfork", "transcritical")), key=lambda c: c.parameter.low)


@pytest.mark.parametrize("name", some(list(KNOWN), 0, ["zero-branch-leaky-6-11", "euler-asymmetric-6"]))
def test_known_values(name: str, tmp_path: Path) -> None:
    """To 30 digits, the list complete for all real γ, of both signs; pitchforks are crossings at 1."""
    found = proved(KNOWN[name]["spec"] + "\n[proof]\ndigits = 36\n", tmp_path / "b")
    values = [value for value in KNOWN[name]["points"] if value["kind"] != "pitchfork"]
    summary, crossings = found.bundle.summary, found.bundle.branch.claims.real_crossings
    assert summary.complete and summary.interval is None and summary.method == "circle-branch"
    for claims, value in zip(claims_of(found), values, strict=True):
        assert claims.kind == value["kind"] and holds(claims.parameter, value["parameter"], 30)
        assert holds(claims.coefficient, value["coefficient"], 30)
        assert (claims.inside, claims.outside) == (value["inside"], value["outside"])
        if isinstance(claims, NeimarkSackerClaims):
            assert holds(claims.theta, value["theta"], 30) and holds(claims.log_modulus_speed, value["speed"], 30)
        else:
            assert holds(claims.multiplier_speed, value["speed"], 30)
        fixed = value.get("fixed_point", ["0"] * len(claims.equilibrium))
        assert all(holds(*pair, 28) for pair in zip(claims.equilibrium, fixed, strict=True))
    others = [value for value in KNOWN[name]["points"] if value["kind"] == "pitchfork"]
    assert all(holds(claim, value["parameter"], 30) for claim, value in zip(crossings, others, strict=True))
    named = [point.claims for point in found.bundle.points.values() if point.method == "pitchfork"]
    for one, value in zip(named, others, strict=True):
        assert holds(one.parameter, value["parameter"], 12) and (one.stable, one.unstable) == (value["inside"], value["outside"])


def test_which_branch_the_terminal_names() -> None:
    for name, text in (("zero-branch-map-6-11", "Branch: the fixed point x = 0 for all g."), ("euler-asymmetric-6", "Branch: the fixed points with W(g)x + b = 0.")):
        assert branch_followed(run(load_text(KNOWN[name]["spec"])), "g") == text


# --- a second computation ---------------------------------------------------------------------


def of_point(text: str, claims: Any) -> tuple[mp.mpf, mp.mpf, int, mp.mpf]:
    """d, the coefficient, the count outside, and how far |μ| is from 1: by Cauchy sums, with dense solvers, of the map at
    x* and γ* as they are claimed; of the program only how a spec is read."""
    problem = load_text(text)
    found = circle_map(problem)
    assert found is not None
    W = [[mp.mpf(x.numerator) / x.denominator for x in row] for row in problem.combine(found.terms).fractions()]
    b = [mp.mpf(x) for x in BIAS] if found.bias else [mp.mpf(0)] * 5
    rest, step = (mp.mpf(x.numerator) / x.denominator for x in (found.rest, found.step))
    sigma = SIGMA[problem.layers[0].activation]

    def at(gamma: mp.mpf) -> Callable[[Any], Any]:
        V = [[gamma * x if found.gain else x + gamma * (i == j) for j, x in enumerate(row)] for i, row in enumerate(W)]

        def F(x: Any) -> Any:
            if found.outside:
                y = [sigma(z) for z in x]
                return [rest * x[i] + step * mp.fsum(v * z for v, z in zip(V[i], y, strict=True)) for i in range(5)]
            return [rest * x[i] + step * sigma(mp.fsum(v * z for v, z in zip(V[i], x, strict=True)) + b[i]) for i in range(5)]

        return F

    def fixed(gamma: mp.mpf) -> list[mp.mpf]:
        if not found.bias:
            return [mp.mpf(0)] * 5
        return [-y for y in mp.lu_solve(mp.matrix([[x + gamma * (i == j) for j, x in enumerate(row)] for i, row in enumerate(W)]), mp.matrix(b))]

    def multiplier(gamma: mp.mpf) -> mp.mpc:
        mu, _ = mp.eig(jacobian_of(at(gamma), fixed(gamma)))
        return min(mu, key=lambda z: abs(z - target))

    gamma = mp.mpf(claims.parameter.middle.numerator) / claims.parameter.middle.denominator
    target = mp.expj(float(claims.theta.middle)) if isinstance(claims, NeimarkSackerClaims) else mp.mpc(-1)
    F, x = at(gamma), fixed(gamma)
    A, one = jacobian_of(F, x), mp.eye(5)
    mu = multiplier(gamma)
    h = mp.mpf(10) ** -10
    slope = (multiplier(gamma + h) - multiplier(gamma - h)) / (2 * h)
    values, right = mp.eig(A)
    k = min(range(5), key=lambda j: abs(values[j] - mu))
    q = right[:, k] / mp.norm(right[:, k])
    _, left = mp.eig(A.T)
    p = min((left[:, j] for j in range(5)), key=lambda v: mp.norm(A.T * v - mu * v))
    p = p / mp.fsum(p[i] * q[i] for i in range(5))
    outside = sum(abs(z) > 1 for j, z in enumerate(values) if abs(z - mu) > 1e-6 and abs(z - mp.conj(mu)) > 1e-6)
    q_list, q_bar = list(q), [mp.conj(z) for z in q]
    h11 = list(mp.lu_solve(one - A, mp.matrix(bilinear(F, x, q_list, q_bar))))
    if target == -1:
        vector = [c + 3 * b_ for c, b_ in zip(trilinear_uuv(F, x, q_list, q_list), bilinear(F, x, q_list, h11), strict=True)]
        return mp.re(slope), mp.re(mp.fsum(p[i] * vector[i] for i in range(5)) / 6), outside, abs(mu) - 1
    h20 = list(mp.lu_solve(mu**2 * one - A, mp.matrix(bilinear(F, x, q_list, q_list))))
    parts = zip(trilinear_uuv(F, x, q_list, q_bar), bilinear(F, x, q_list, h11), bilinear(F, x, q_bar, h20), strict=True)
    c1 = mp.fsum(p[i] * (c + 2 * u + v) for i, (c, u, v) in enumerate(parts)) / 2
    return mp.re(mp.conj(mu) * slope), mp.re(mp.conj(mu) * c1), outside, abs(mu) - 1


FORMS = [
    rnn(FIVE, activation="silu"), rnn(FIVE, alpha="0.3", activation="gelu"), rnn(FIVE, alpha="0.3", activation="silu"),
    layered("inside shift", "silu", '{ euler = "0.2" }', "0", bias=True), layered("inside shift", "silu", '"discrete"', "-0.3"),
    layered("outside gain", "silu", '{ euler = "0.2" }', "1"), layered("outside shift", "gelu", '"discrete"', "0"),
    layered("inside gain", "erf", '{ euler = "0.25" }', "2"),
]  # fmt: skip


@pytest.mark.parametrize("number", some(list(range(len(FORMS))), 0, [3, 5]))
def test_the_general_formula(number: int, tmp_path: Path) -> None:
    """σ'' ≠ 0 but in the last: against mpmath, which knows neither closed form nor branch."""
    text = FORMS[number]
    found = proved(text, tmp_path / "b")
    points = claims_of(found)
    assert found.bundle.summary.complete and len(points) >= 2
    for claims in [next(c for c in points if c.kind == kind) for kind in sorted({c.kind for c in points})]:
        with mp.workdps(40):
            speed, coefficient, outside, off = of_point(text, claims)
        own = claims.log_modulus_speed if isinstance(claims, NeimarkSackerClaims) else claims.multiplier_speed
        assert abs(off) < 1e-9 and outside == claims.outside
        assert abs(float(own.middle) - float(speed)) < 1e-8 * abs(float(speed))
        assert abs(float(claims.coefficient.middle) - float(coefficient)) < 1e-7 * abs(float(coefficient))


@pytest.mark.parametrize("number", some([0, 1], 0, [0]))
def test_the_general_method(number: int) -> None:
    """What windows prove over an interval, with jets and Lemma T, is the same points."""
    narrow = load_text(FORMS[number] + 'interval = ["0.2", "20"]\n')
    chosen = METHODS["pieces"]
    one = [x for x in claims_of(run(narrow)) if x.parameter.low > 0]
    files, file = describe(narrow)
    other = chosen.prove(Task(file, files, 128, "spectral", 1, quiet, Stopwatch(), False), chosen.applies(narrow))
    two = sorted((point.claims for point in other.points if point.method in ("neimark-sacker", "flip")), key=lambda c: c.parameter.low)
    assert len(one) == len(two) >= 1
    for x, y in zip(one, two, strict=True):
        assert x.kind == y.kind and (x.inside, x.outside, x.criticality) == (y.inside, y.outside, y.criticality)
        assert not x.parameter.disjoint(y.parameter) and not x.coefficient.disjoint(y.coefficient)


def test_odd_activations_on_both_sides(tmp_path: Path) -> None:
    """Of a gain without leak −γ is a crossing with γ, θ(−γ) = π − θ(γ), and for odd σ with the same a."""
    claims = claims_of(proved(rnn(FIVE), tmp_path / "b"))
    pairs = [c for c in claims if isinstance(c, NeimarkSackerClaims)]
    for low, high in zip(pairs, reversed(pairs), strict=True):
        total = low.theta.low + high.theta.low, low.theta.high + high.theta.high
        assert total[0] <= Fraction("3.14159265358979323846") + Fraction(1, 10**15) and Fraction("3.1415926535897932") - Fraction(1, 10**15) <= total[1]
        assert not low.coefficient.disjoint(high.coefficient) and (low.inside, low.outside) == (high.inside, high.outside)


# --- what must stay open ------------------------------------------------------------------------


def codes(found: Any) -> list[str]:
    return [piece.code for piece in found.bundle.branch.claims.unsettled]


QUATERNION = [["0.5", "-0.5", "-0.5", "-0.5"], ["0.5", "0.5", "-0.5", "0.5"], ["0.5", "0.5", "0.5", "-0.5"], ["0.5", "-0.5", "0.5", "0.5"]]


def test_orthogonal_weights(tmp_path: Path) -> None:
    """All multipliers reach the circle at γ = ±1; two equal pairs besides. Named as what it is."""
    three = [["0.6", "-0.8", "0"], ["0.8", "0.6", "0"], ["0", "0", "1"]]
    found = proved(rnn(three), tmp_path / "b")
    assert not found.bundle.points and not found.bundle.summary.complete
    assert set(codes(found)) == {"several-on-circle"} and all(x.parameter.low <= abs(1) for x in found.bundle.summary.points or [])
    ends = [piece.interval for piece in found.bundle.branch.claims.unsettled]
    assert all(x.low <= s <= x.high for x in ends for s in [1 if x.high > 0 else -1])
    assert not proved(rnn(QUATERNION), tmp_path / "c").bundle.points
    # with a leak the crossings differ
    leaky = proved(rnn(three, alpha="0.5"), tmp_path / "d")
    assert leaky.bundle.summary.complete and len(claims_of(leaky)) == 3 and len(leaky.bundle.branch.claims.real_crossings) == 1


def test_the_reason_names_the_structure() -> None:
    orthogonal = run(load_text(rnn([["0.6", "-0.8", "0", "0"], ["0.8", "0.6", "0", "0"], ["0", "0", "0", "-1"], ["0", "0", "1", "0"]])))
    assert not orthogonal.bundle.points and not orthogonal.bundle.summary.complete
    antisymmetric = run(load_text(rnn([["0", "1", "2", "0"], ["-1", "0", "0", "1"], ["-2", "0", "0", "3"], ["0", "-1", "-3", "0"]])))
    reasons = {piece.reason for piece in antisymmetric.bundle.branch.claims.unsettled}
    assert not antisymmetric.bundle.points and len(reasons) == 1 and "antisymmetric" in next(iter(reasons)) and "1:4" in next(iter(reasons))


def rotation(cosine: str, sine: str) -> list[list[str]]:
    return [[cosine, f"-{sine}"], [sine, cosine]]


def test_resonances(tmp_path: Path) -> None:
    """k = 4 leaves no trace in a, and is excluded by cos θ; k = 3 is one only where σ''(0) ≠ 0."""
    quarter = [["0.001", "-1"], ["1", "-0.001"]]  # trace 0: eigenvalues ±iβ, not antisymmetric
    found = proved(rnn(quarter), tmp_path / "a")
    assert not found.bundle.points and codes(found) == ["strong-resonance"] * 2
    third = [["0", "-1"], ["1", "-1"]]  # e^(±2πi/3)
    _, high = claims_of(proved(rnn(third), tmp_path / "b"))
    assert high.parameter.low <= 1 <= high.parameter.high and may_be_resonant(Fraction(-1, 2), Fraction(-1, 2))
    assert not may_be_resonant(Fraction(-1, 2), Fraction(-1, 2), False) and may_be_resonant(Fraction(0), Fraction(0), False)
    even = proved(rnn(third, activation="silu"), tmp_path / "c")
    assert codes(even) == ["strong-resonance"] and len(even.bundle.points) == 1
    near = proved(rnn([["0", "-1"], ["1", "-1.0000001"]], activation="silu"), tmp_path / "d")
    assert near.bundle.summary.complete and len(near.bundle.points) == 2


def test_a_zero_eigenvalue(tmp_path: Path) -> None:
    """Rank 2: a multiplier is 0 for all γ. If it only is nearly so, an interval is asked for; the checker knows it, too."""
    W = [["1", "2", "0"], ["-2", "1", "0"], ["1", "1", "0"]]
    found = proved(rnn(W), tmp_path / "a")
    assert found.bundle.summary.complete and found.bundle.summary.interval is None
    assert [(c.inside, c.outside) for c in claims_of(found)] == [(1, 0)] * 2
    W[2][2] = "1e-30"
    with pytest.raises(UnsupportedError, match="may be 0"):
        api.prove(load_text(rnn(W, "[proof]\nmax_precision = 128\n")))
    found = proved(rnn(W, 'interval = ["-3", "3"]\n[proof]\nmax_precision = 128\n'), tmp_path / "b")
    assert found.bundle.summary.complete and [(c.inside, c.outside) for c in claims_of(found)] == [(1, 0)] * 2
    far = read(tmp_path / "b" / "branch.json")
    far["claims"]["interval"] = None
    write(tmp_path / "b" / "branch.json", far)
    problem = read(tmp_path / "b" / "problem.json")
    problem["parameter"]["interval"] = None
    write(tmp_path / "b" / "problem.json", problem)
    for path in (tmp_path / "b" / "summary.json", tmp_path / "b" / "MANIFEST.sha256"):
        path.unlink()
    rehash(tmp_path / "b")
    assert check_path(str(tmp_path / "b")).exit_code == 1


@pytest.mark.parametrize(("W", "count"), [
    ([["0.8", "0.6", "0", "0"], ["-0.6", "0.8", "0", "0"], ["0", "0", "0.6", "0.8"], ["0", "0", "-0.8", "0.6"]], 4),
    ([["0.8", "0.6", "0"], ["-0.6", "0.8", "0"], ["0", "0", "1"]], 4), ([["1", "1"], ["0", "1"]], 2),
])  # fmt: skip
def test_what_reaches_the_circle_together(W: list[list[str]], count: int, tmp_path: Path) -> None:
    """Two pairs, a pair and a real eigenvalue, a Jordan block: at γ = ±1."""
    text = rnn(W, 'interval = ["-2", "2"]\n')
    found = proved(text, tmp_path / "b")
    assert not found.bundle.points and not found.bundle.summary.complete and len(codes(found)) >= count


def test_a_pair_beyond_the_step(tmp_path: Path) -> None:
    """|τβ| > 1: the pair is outside of the circle for every γ; |τβ| = 1 touches it, which is undecided."""
    for beta, expected in (("11", []), ("10", ["circle-not-crossed"]), ("9", [])):
        W = [["0", beta, "0"], [f"-{beta}", "0", "0"], ["0", "0", "0.5"]]
        text = f'[network]\nfamily = "layered"\ntime = {{ euler = "0.1" }}\n[[network.layer]]\nweights = {json.dumps(W)}\nenters = "identity"\nactivation = "tanh"\n[parameter]\n'
        found = proved(text, tmp_path / beta)
        assert codes(found) == expected and len(found.bundle.points) == (3 if beta == "9" else 1)
        flip = next(c for c in claims_of(found) if c.kind == "flip")
        assert flip.parameter.low <= Fraction("-20.5") <= flip.parameter.high


def test_degenerate_activation(tmp_path: Path) -> None:
    found = proved(rnn(FIVE, activation="z"), tmp_path / "b")
    assert not found.bundle.points and set(codes(found)) == {"degenerate-activation"}


def test_other_maps_are_for_other_methods() -> None:
    more = 'interval = ["0.5", "0.6"]\n'
    assert method_for(load_text(rnn(FIVE, more))).name == "circle-branch"
    for old, new in [
        ('alpha = "1"', f'alpha = "1"\nbias = {json.dumps(BIAS)}'), ('alpha = "1"', 'alpha = "1"\nstart = ["1", "0", "0", "0", "0"]'),
        ('{ gain = "weight_hh" }', '{ array = "weight_hh", row = 1, column = 2 }'), ('"tanh"', '"logistic"'),
    ]:  # fmt: skip
        assert method_for(load_text(rnn(FIVE, more).replace(old, new))).name == "pieces", new
    for text in (layered("inside gain", "tanh", '"discrete"', "-1", more=more), layered("inside shift", "tanh", '"discrete"', "0", bias=True, more=more),
                 layered("outside shift", "tanh", '{ euler = "0.1" }', "0", bias=True, more=more),
                 layered("inside shift", "tanh", '"discrete"', "0", more=more).replace('leak = "0"', 'leak = ["0", "0", "0", "0", "1"]')):  # fmt: skip
        assert method_for(load_text(text)).name == "pieces", text
    with pytest.raises(InputError, match="expected the range of the parameter"):
        api.prove(load_text(rnn(FIVE).replace('alpha = "1"', f'alpha = "1"\nbias = {json.dumps(BIAS)}')))


def test_derivation() -> None:
    for form in ("inside gain", "outside shift"):
        d = derive_circle(load_text(layered(form, "silu", '"discrete"', "0")))
        assert d.quadratic and r"\nu" in d.circle_c1 and "ζ₁" in circle_text(d) and (r"\bar\nu" in d.circle_c1) == ("inside" in form)


# --- forged bundles -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """σ'' ≠ 0, a leak, pairs, flips and real crossings, on an interval."""
    root = tmp_path_factory.mktemp("circle") / "b"
    found = proved(rnn(FIVE, 'interval = ["-1000", "1000"]\n', alpha="0.75", activation="silu"), root)
    kinds = [c.kind for c in claims_of(found)]
    assert found.bundle.summary.complete and kinds.count("neimark-sacker") == 4 and kinds.count("flip") == 1
    assert len(found.bundle.branch.claims.real_crossings) == 1
    return root


def test_what_is_not_changed_is_accepted(genuine: Path, tmp_path: Path) -> None:
    assert not refused(genuine, tmp_path / "f", "points/ns-0001.json", lambda c: None)


PAIR, FLIP = "points/ns-0002.json", "points/flip-0001.json"
ENCLOSURES: list[tuple[str, tuple[Any, ...]]] = [
    *((PAIR, ("claims", key)) for key in ("parameter", "theta", "log_modulus_speed", "coefficient", "window")),
    *((PAIR, ("bounds", *key)) for key in (("q_norm_squared",), ("eigenvalue", 0), ("eigenvalue", 1), ("S", 0), ("S", 1), ("cosine",))),
    *((FLIP, ("claims", key)) for key in ("parameter", "multiplier_speed", "coefficient", "window")),
    *((FLIP, ("bounds", key)) for key in ("q_norm_squared", "eigenvalue", "S")),
]  # fmt: skip
UPPER = ["rho", "norm_N", "disc_radius", "delta_right", "delta_left", "pq_defect"]


@pytest.mark.parametrize(("name", "path"), ENCLOSURES, ids=[f"{n[7:9]}-{'-'.join(map(str, p))}" for n, p in ENCLOSURES])
def test_forged_enclosures(name: str, path: tuple[Any, ...], genuine: Path, tmp_path: Path) -> None:
    def change(c: Any) -> None:
        at(c, path[:-1])[path[-1]] = shifted(at(c, path), Fraction(1, 10**30))

    assert refused(genuine, tmp_path / "f", name, change)


@pytest.mark.parametrize("name", [PAIR, FLIP])
@pytest.mark.parametrize("key", UPPER)
def test_forged_upper_bounds(key: str, name: str, genuine: Path, tmp_path: Path) -> None:
    def change(c: Any) -> None:
        c["bounds"][key] = f"{float(c['bounds'][key]) / 4:.6e}".replace("e-0", "e-").replace("e+0", "e")

    assert refused(genuine, tmp_path / "f", name, change)


@pytest.mark.parametrize(("name", "key"), [(PAIR, "isolation"), (PAIR, "sine"), (PAIR, "resolvent_gap"), (FLIP, "resolvent_gap")])
def test_forged_lower_bounds(name: str, key: str, genuine: Path, tmp_path: Path) -> None:
    def change(c: Any) -> None:
        c["bounds"][key] = f"{float(c['bounds'][key]) * 1.2:.12f}"

    assert refused(genuine, tmp_path / "f", name, change)


def both(key: str, value: Any) -> Callable[[Any], object]:
    return lambda c: c["claims"].update({key: value})


CERTIFICATES: dict[str, tuple[str, Callable[[Any], object]]] = {
    "outside": (PAIR, lambda c: c["claims"].update(outside=c["claims"]["outside"] + 1)),
    "inside": (FLIP, lambda c: c["claims"].update(inside=c["claims"]["inside"] - 1)),
    "counts exchanged": (PAIR, lambda c: c["claims"].update(inside=c["claims"]["outside"], outside=c["claims"]["inside"])),
    "criticality": (PAIR, lambda c: c["claims"].update(criticality="subcritical" if c["claims"]["criticality"] == "supercritical" else "supercritical")),
    "criticality of a flip": (FLIP, lambda c: c["claims"].update(criticality="subcritical" if c["claims"]["criticality"] == "supercritical" else "supercritical")),
    "gap": (PAIR, lambda c: c["claims"].update(spectral_gap=f"{float(c['claims']['spectral_gap']) * 1.2:.9f}")),
    "no gap": (PAIR, both("spectral_gap", None)),
    "fixed point": (PAIR, lambda c: c["claims"]["equilibrium"].__setitem__(1, ["0.1", "0.2"])),
    "window of the whole line": (PAIR, both("window", ["-1000", "1000"])),
    "window of one side": (PAIR, both("window", ["-1000", "0"])),
    "window without the point": (PAIR, both("window", ["0.001", "0.002"])),
    "coefficient of either sign": (PAIR, both("coefficient", ["-1000", "1000"])),
    "speed of either sign": (PAIR, both("log_modulus_speed", ["-1000", "1000"])),
    "another pair": (PAIR, lambda c: c["witness"].update(pair=1 - c["witness"]["pair"])),
    "no such pair": (PAIR, lambda c: c["witness"].update(pair=2)),
    "the other root": (PAIR, lambda c: c["witness"].update(root="plus" if c["witness"]["root"] == "minus" else "minus")),
    "no root": (PAIR, lambda c: c["witness"].update(root="both")),
    "index of a pair": (FLIP, lambda c: c["witness"].update(index=0)),
    "no such index": (FLIP, lambda c: c["witness"].update(index=5)),
    "no resolvent": (PAIR, lambda c: c["bounds"].update(resolvent_gap=None)),
    "a resonance that is not excluded": (PAIR, lambda c: c["bounds"].update(cosine=["-1", "1"])),
    "S of one part": (PAIR, lambda c: c["bounds"].update(S=c["bounds"]["S"][:1])),
    "kind": (FLIP, both("kind", "neimark-sacker")),
    "method": (PAIR, lambda c: c.update(method="neimark-sacker")),
    "method of the other kind": (FLIP, lambda c: c.update(method="circle-pair")),
}  # fmt: skip


@pytest.mark.parametrize("name", CERTIFICATES)
def test_forged_certificates(name: str, genuine: Path, tmp_path: Path) -> None:
    file, change = CERTIFICATES[name]
    assert refused(genuine, tmp_path / "f", file, change)


BRANCHES: dict[str, Callable[[Any], object]] = {
    "no crossing": lambda b: b["claims"].update(real_crossings=[]),
    "a crossing elsewhere": lambda b: b["claims"].update(real_crossings=[["5", "5.1"]]),
    "a crossing with points in it": lambda b: b["claims"].update(real_crossings=[["-999", "999"]]),
    "twice the crossing": lambda b: b["claims"].update(real_crossings=b["claims"]["real_crossings"] * 2),
    "a flip as a crossing": lambda b: b["claims"].update(
        points=[x for x in b["claims"]["points"] if not x["id"].startswith("flip")],
        real_crossings=sorted(b["claims"]["real_crossings"] + [x["parameter"] for x in b["claims"]["points"] if x["id"].startswith("flip")], key=lambda x: float(x[0]))),
    "a point left out": lambda b: b["claims"].update(points=b["claims"]["points"][:-1]),
    "points in the other order": lambda b: b["claims"]["points"].reverse(),
    "pairs": lambda b: b["claims"]["points"][0].update(pair=0),
    "radius": lambda b: b["bounds"].update(max_disc_radius="1e-60"),
    "nothing is known": lambda b: (b.update(witness=None, bounds=None), b["claims"].update(real_crossings=[])),
    "no bounds": lambda b: b.update(bounds=None),
    "unsettled and complete": lambda b: b["claims"].update(unsettled=[{"interval": ["1", "2"], "reason": "", "code": ""}]),
    "method": lambda b: b.update(method="gain-branch"),
}  # fmt: skip


@pytest.mark.parametrize("name", BRANCHES)
def test_forged_branches(name: str, genuine: Path, tmp_path: Path) -> None:
    assert refused(genuine, tmp_path / "f", "branch.json", BRANCHES[name])


PROBLEMS: dict[str, Callable[[Any], object]] = {
    "leak": lambda p: p.update(leak="-0.26"),
    "no leak": lambda p: p.update(leak="0"),
    "continuous": lambda p: p.pop("time"),
    "weight": lambda p: p["arrays"]["E1"]["entries"][1].__setitem__(1, "-0.104"),
    "another step": lambda p: p["arrays"]["W2"]["entries"][1].__setitem__(1, "0.750001"),
    "step off the diagonal": lambda p: p["arrays"]["W2"]["entries"][1].__setitem__(2, "0.000001"),
    "weights that stay": lambda p: p["arrays"]["W1"]["entries"][1].__setitem__(2, "0.000001"),
    "activation": lambda p: p["layers"][0].update(activation="gelu"),
    "second activation": lambda p: p["layers"][1].update(activation="tanh"),
    "bias": lambda p: (p["layers"][0].update(bias="b"), p["arrays"].update(b={"entries": ["0", "0", "0", "0", "0.1"]})),
    "bias behind": lambda p: (p["layers"][1].update(bias="b"), p["arrays"].update(b={"entries": ["0", "0", "0", "0", "0.1"]})),
    "moving bias": lambda p: (p["layers"][1].update(bias_parameter="c"), p["arrays"].update(c={"entries": ["1"] * 5})),
    "moving step": lambda p: p["layers"][1].update(parameter=[{"coefficient": "1", "identity": True}]),
    "box": lambda p: p.update(weight_radius="1e-9"),
    "interval": lambda p: p["parameter"].update(interval=["-1", "1"]),
}  # fmt: skip


@pytest.mark.parametrize("name", PROBLEMS)
def test_forged_problems(name: str, genuine: Path, tmp_path: Path) -> None:
    assert refused(genuine, tmp_path / "f", "problem.json", PROBLEMS[name])


def test_the_same_point_twice(genuine: Path, tmp_path: Path) -> None:
    """A second certificate of one crossing in the place of another."""
    root = Path(shutil.copytree(genuine, tmp_path / "f"))
    one, two = (read(root / f"points/ns-000{k}.json") for k in (1, 2))
    one["id"] = "ns-0002"
    write(root / "points/ns-0002.json", one)
    branch = read(root / "branch.json")
    for point in branch["claims"]["points"]:
        if point["id"] == "ns-0002":
            point["parameter"] = one["claims"]["parameter"]
    write(root / "branch.json", branch)
    for path in (root / "summary.json", root / "MANIFEST.sha256"):
        path.unlink()
    rehash(root)
    assert two["claims"]["parameter"] != one["claims"]["parameter"] and check_path(str(root)).exit_code == 1


def test_forged_shift_with_bias(tmp_path: Path) -> None:
    """With a bias ρ has to be 1: the zeros of V(γ)x + b are no fixed points of ρx + ησ(V(γ)x + b) otherwise."""
    root = tmp_path / "b"
    found = proved(layered("inside shift", "silu", '{ euler = "0.2" }', "0", bias=True), root)
    assert found.bundle.problem.leak == -1
    summary = " ".join((root / "summary.tex").read_text(encoding="ascii").split())
    assert r"at which the matrix $\rho I+\tau V(\gamma)$ has an eigenvalue on the unit circle" in summary
    assert r"and there $1$ is a simple eigenvalue of this matrix" in summary
    assert refused(root, tmp_path / "f", "problem.json", lambda p: p.update(leak="-0.9"))
    name = f"points/{next(iter(found.bundle.points))}.json"
    assert refused(root, tmp_path / "g", name, lambda c: c["claims"]["equilibrium"].__setitem__(0, ["0", "0"]))
