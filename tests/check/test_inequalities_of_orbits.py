"""Each inequality that a certificate of periodic orbits has to fulfil, falsified by itself (FORMAT.md, section 18).

The witness is genuine; one bound, radius or claim on the way to a verdict is changed, and the checker names what fails.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proofgen.api import prove
from proofgen.checker.context import Checker
from proofgen.checker.files import Bundle
from proofgen.checker.intervals import Interval, Real, real
from proofgen.checker.orbit import ORBIT, require_real
from proofgen.checker.orbit_existence import End, Existence, invert
from proofgen.checker.orbit_floquet import exponents, slopes
from proofgen.checker.orbit_network import NetworkField
from proofgen.checker.orbit_numbers import Polynomial, Table
from proofgen.checker.orbit_samples import norms_of
from proofgen.checker.orbit_witness import Piece, read_piece
from proofgen.checker.problem import read_problem
from proofgen.checker.products import engine_of
from proofgen.checker.verdicts import Rejected
from proofgen.spec.load import load

F = 256
SPEC = Path(__file__).resolve().parents[2] / "proofs" / "paper" / "n4-printed.toml"


@dataclass
class Case:
    checker: Checker
    field: NetworkField
    claims: dict[str, Any]
    piece: Piece
    existence: Existence

    def with_piece(self, **changes: Any) -> Existence:
        """The same bounds for another piece."""
        found = object.__new__(Existence)
        found.__dict__ |= self.existence.__dict__ | {"piece": replace(self.piece, **changes)}
        return found


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Case]:
    out = tmp_path_factory.mktemp("inequalities") / "bundle"
    problem = load(SPEC)
    options = replace(problem.proof.orbits, at=(Fraction(1, 10),), branch=Fraction(1, 50), points=("hopf-0001",))
    prove(replace(problem, proof=replace(problem.proof, orbits=options)), out, check=False)
    bundle = Bundle(out)
    checker = Checker(bundle, read_problem(bundle, engine_of("auto")))
    field = NetworkField(checker.problem, F)  # type: ignore[arg-type]
    hopf = checker.bundle.json("points/hopf-0001.json")[0]["claims"]
    found = {}
    for name in ("orbit-0001", "orbit-0002"):
        c = checker.read(f"orbits/{name}.json", "proofgen-orbit", lambda method: ORBIT)
        piece = read_piece(checker, c["witness"]["pieces"][0], c["witness"]["p"], F, name)
        found[name] = Case(checker, field, hopf, piece, Existence(field, piece))
    return found


@pytest.fixture
def one(cases: dict[str, Case]) -> Case:
    return cases["orbit-0001"]


@pytest.fixture
def family(cases: dict[str, Case]) -> Case:
    return cases["orbit-0002"]


def test_genuine(one: Case, family: Case) -> None:
    for case in (one, family):
        assert case.existence.rate() < 1 and case.existence.exponents()[0].outside is not None
        require_real(case.piece, case.existence)


def moved(q: Polynomial, place: int, amount: float) -> Polynomial:
    """The real part of one entry of a polynomial without τ."""
    re = [list(row) for row in q.table.re]
    re[0][place] += int(amount * 2**60) << F - 60
    return replace(q, table=Table(re, q.table.im, q.table.err))


@pytest.mark.parametrize(("what", "norm"), [("[I - PQ]", "R_P"), ("[I - VS]", "S_defect")])
def test_defects_are_below_one(one: Case, what: str, norm: str) -> None:
    rows = getattr(one.existence.norms, norm)
    forged = replace(one.existence.norms, **{norm: [[1 << F, *rows[0][1:]], *rows[1:]]})
    with pytest.raises(Rejected) as error:
        invert(one.checker.problem, one.piece, forged)
    assert what in str(error.value)


def test_critical_block_is_below_one(one: Case) -> None:
    with pytest.raises(Rejected, match="Lam_c"):
        invert(one.checker.problem, replace(one.piece, Lam=moved(one.piece.Lam, 0, 1.0)), one.existence.norms)


def test_exponents_are_away_from_multiples_of_i(one: Case) -> None:
    n = one.piece.n
    table, place = one.piece.Lam.table, 2 * n + 2
    re, im = [list(table.re[0])], [list(table.im[0])]
    re[0][place], im[0][place] = 0, 3 << F
    forged = replace(one.piece, Lam=replace(one.piece.Lam, table=Table(re, im, table.err)))
    with pytest.raises(Rejected, match="multiples of i"):
        invert(one.checker.problem, forged, one.existence.norms)


def test_ball_stays_in_its_neighbourhood(one: Case) -> None:
    for place in (0, one.piece.n + 2):
        radii = list(one.piece.radii)
        radii[place] = Fraction(10)
        with pytest.raises(Rejected, match="leaves the neighbourhood"):
            one.existence.deviation(radii)


def test_every_component_contracts(one: Case) -> None:
    for i in range(one.piece.n + 4):
        existence = one.with_piece()
        existence.Y = list(one.existence.Y)
        existence.Y[i] = existence.rounded(one.piece.radii[i])
        with pytest.raises(Rejected, match=r"Y \+ Z\(r\) < r does not hold"):
            existence.rate()


def test_the_larger_ball_contracts(one: Case) -> None:
    messages = []
    for k in range(4, 60):
        try:
            one.with_piece(uniqueness=one.piece.uniqueness * 2**k).rate()
        except Rejected as error:
            messages.append(str(error))
    assert "Y + Z(r) < r does not hold" in messages[0] and "leaves the neighbourhood" in messages[-1]


def test_reality_and_positive_period(one: Case) -> None:
    partner = list(range(one.piece.n))
    require_real(one.piece, one.existence)
    lonely = one.with_piece(partner=partner, uniqueness=Fraction(1))
    with pytest.raises(Rejected, match="Lemma O2"):
        require_real(lonely.piece, lonely)
    radii = list(one.piece.radii)
    radii[one.piece.n + 3] = Fraction(100)
    with pytest.raises(Rejected, match="T > 0"):
        require_real(replace(one.piece, radii=radii), one.existence)


def test_joints_component_by_component(family: Case) -> None:
    existence, n = family.existence, family.piece.n
    here = existence.at(-1)
    none = [[0] * n, [0], [0]]
    existence.require_joint(End(here, none))
    for k, place in [*((0, i) for i in range(n)), (1, 0), (2, 0)]:
        radii = [list(part) for part in none]
        radii[k][place] = existence.rounded(family.piece.uniqueness * max(family.piece.radii) * 100)
        with pytest.raises(Rejected, match="Theorem O2"):
            existence.require_joint(End(here, radii))


def test_start_at_the_hopf_point(family: Case) -> None:
    def interval(key: str) -> Interval:
        return Interval(*map(Fraction, family.claims[key]))

    gamma, omega, x = interval("parameter"), interval("omega"), [Interval(0)] * family.piece.n
    family.existence.require_start(gamma, omega, x)
    far = Interval(family.piece.uniqueness * max(family.piece.radii) * 100)
    for changed in ((gamma + far, omega, x), (gamma, omega + far, x), (gamma, Interval(0) - omega, x), (gamma, omega, [far, *x[1:]])):
        with pytest.raises(Rejected, match="Lemma O4"):
            family.existence.require_start(*changed)


def radii_of(n: int, critical: float, other: float) -> list[list[int]]:
    """G with these row sums."""
    return [[int((critical if j < 2 else other) * 2**60) << F - 60 if i == j else 0 for i in range(n)] for j in range(n)]


def test_discs_of_exponents(one: Case) -> None:
    n, piece = one.piece.n, one.piece
    exponent = complex(piece.Lam.table.re[0][2 * n + 2] / 2**F, piece.Lam.table.im[0][2 * n + 2] / 2**F)
    genuine = exponents(piece, radii_of(n, 1e-9, 1e-9))
    assert genuine.outside is not None
    with pytest.raises(Rejected, match="not enclosed"):
        exponents(piece, radii_of(n, 0.6, 1e-9))
    with pytest.raises(Rejected, match="apart from the critical pair"):
        exponents(piece, radii_of(n, 1e-9, 3.0))
    assert exponents(piece, radii_of(n, 1e-9, abs(exponent.real) * 1.01)).outside is None  # a disc meets the axis
    re, im = [list(piece.Lam.table.re[0])], [list(piece.Lam.table.im[0])]
    for j, imaginary in ((2, 0.4), (3, -0.4)):  # 0.2 apart, modulo i
        re[0][j * n + j], im[0][j * n + j] = int(0.3 * 2**60) << F - 60, int(imaginary * 2**60) << F - 60
    placed = replace(piece, Lam=replace(piece.Lam, table=Table(re, im, 1)))
    apart, touching = (exponents(placed, radii_of(n, 1e-9, r)).kappa[0] for r in (0.09, 0.15))
    assert float(apart.hi - apart.lo) == pytest.approx(2 * (2 + 2) * 0.09, rel=1e-6)
    assert float(touching.hi - touching.lo) == pytest.approx(2 * (2 + 2 * (n - 2) * 2) * 0.15, rel=1e-6)


def test_slope_needs_a_small_radius(family: Case) -> None:
    radius = family.piece.radii[family.piece.n + 2]
    assert 0 not in slopes(family.piece, family.existence.rounded(radius))
    assert 0 in slopes(family.piece, 1 << F - 8)
    with pytest.raises(Rejected, match="only a piece with a strip"):
        slopes(replace(family.piece, nu=real(0, F)), family.existence.rounded(radius))


def test_strips_of_a_family(family: Case) -> None:
    piece = family.piece
    for key in ("tau_strip", "theta_strip"):
        strip = getattr(piece, key)
        for change, message in (({"eta": piece.nu}, "not wider than nu"), ({"eta": real(20, F)}, "pole"), ({"rho": real(20, F)}, "pole")):
            with pytest.raises(Rejected, match=message):
                norms_of(family.field, replace(piece, **{key: replace(strip, **change)}))
    with pytest.raises(Rejected, match="another strip"):
        Existence(family.field, replace(piece, around=replace(piece.around, eta=Real(1, 1, F))))
