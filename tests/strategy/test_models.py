"""Models that people analyse: rates of very different sizes, conserved quantities, slivers beside Hopf points, joints."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import mpmath as mp
import numpy as np
import pytest
from fields import field

from proofgen import api
from proofgen.numbers.exact import parse_printed_decimal
from proofgen.search.candidates import find_candidates
from proofgen.search.eigenvalues import eigen
from proofgen.strategy import branch
from proofgen.strategy.fields import field_approx
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove

# AUTO-07p, demo abc: A → B → C in a tank
ABC = (
    "u; v; w",
    "-u + D*(1 - u)*exp(w); -v + D*exp(w)*(1 - u - s*v); -w - beta*w + D*B*exp(w)*(1 - u + s*v)",
    '{ beta = "1.55", B = "8", s = "0.04" }',
)
# Kholodenko, Eur. J. Biochem. 267 (2000), the first two levels of the cascade
CASCADE = (
    "KKK; KKKP; KK; KKP; KKPP",
    "0.25*KKKP/(8 + KKKP) - V1*KKK/(10 + KKK); V1*KKK/(10 + KKK) - 0.25*KKKP/(8 + KKKP);"
    "0.75*KKP/(15 + KKP) - 0.025*KKKP*KK/(15 + KK);"
    "0.025*KKKP*KK/(15 + KK) + 0.75*KKPP/(15 + KKPP) - 0.025*KKKP*KKP/(15 + KKP) - 0.75*KKP/(15 + KKP);"
    "0.025*KKKP*KKP/(15 + KKP) - 0.75*KKPP/(15 + KKPP)",
    "0.2, 5",
)


def reasons(result: Result) -> str:
    return "; ".join(piece["reason"] for piece in result.summary["unsettled"])


def test_no_slivers_beside_hopf_points(tmp_path: Path) -> None:
    """A piece around a Hopf point may be much wider than the clear ones beside it, and the checker bounds the speed of
    its pair as well as the prover does."""
    variables, equations, constants = ABC
    problem = field(variables, equations, "0.18, 0.24", constants=constants, parameter="D",
                    more='start = ["0.5", "0.4", "1.5"]')  # fmt: skip
    result = api.prove(problem, tmp_path / "abc")
    assert result.summary["complete"], reasons(result)
    assert result.check is not None and result.check.verdict == "accepted"
    found = [parse_printed_decimal(point["parameter"][0]) for point in result.summary["points"]]
    assert [float(x) for x in found] == pytest.approx([0.2041845357006136, 0.2298390376484668], abs=1e-12)
    pieces = json.loads((tmp_path / "abc" / "branch.json").read_text())["witness"]["pieces"]
    ends = [[Fraction(end) for end in piece["interval"]] for piece in pieces if piece["kind"] == "hopf"]
    assert all(high - low > Fraction("0.00001") for low, high in ends)


def test_conserved_quantities_are_named() -> None:
    result = prove(field(*CASCADE, parameter="V1", more='start = ["90", "10", "280", "10", "10"]'))
    (piece,) = result.summary["unsettled"]
    assert piece["code"] == "conserved" and 'definition y = "T - x"' in piece["reason"]
    assert "KKK + KKKP, KK + KKP + KKPP are conserved" in piece["reason"]
    one = prove(field("x; y; z", "2*gamma - 2*x*y; x*y - gamma; 1 - z", "1, 2", more='start = ["1", "1", "1"]'))
    assert "x + 2*y is conserved" in reasons(one)
    reduced = prove(field("x; z", "gamma - x*(3 - x); 1 - z", "1, 2", more='start = ["0.4", "1"]'))
    assert reduced.proved and "conserved" not in reasons(reduced)


def test_a_fold_is_no_conserved_quantity() -> None:
    result = prove(field("x; y", "gamma - x**2; x - y", "0, 1", more='start = ["0.0", "0.0"]'))
    assert not result.proved and "conserved" not in reasons(result)


def test_eigenvalues_of_graded_matrices() -> None:
    """The Jacobian of BifurcationKit's issue 45 near its Hopf point, with rates from 1e-3 to 1e9, against 50 digits."""
    J = np.array([
        [-6.03777927e-01, 0, -2.65191444e9, -8.54799672e-04],
        [4.13951124e-05, -2.05126365e-02, 2.94735432e4, 8.54799672e-04],
        [-6.03736529e-01, -1.00000911, -2.65194391e9, -9.99984118e-01],
        [-4.13951124e-05, 1.81674929e-02, 0, -8.79791414e-04],
    ])  # fmt: skip
    with mp.workdps(50):
        exact = sorted((complex(x) for x in mp.eig(mp.matrix(J.tolist()), left=False, right=False)), key=lambda z: z.real)
    found, plain = eigen(J), sorted(np.linalg.eigvals(J), key=lambda z: z.real)
    slow = np.sort(found.values.real)[1:]
    np.testing.assert_allclose(slow, [z.real for z in exact[1:]], rtol=0, atol=1e-14)
    assert abs(plain[2].real - exact[2].real) > 1e-11  # else the matrix would show nothing
    assert np.sum(found.rates < 10) == 3


def test_a_slow_pair_beside_a_fast_rate_is_found() -> None:
    """Re λ = γ/1000 at a rate of 1e9: the search must not call the pair "on the axis" all along."""
    equations = "1e-3*(gamma*x - 3*y) - x*y**2; 1e-3*(3*x + gamma*y) - 1e-3*y**3; 1e9*(y*1e-9 - z)"
    problem = field("x; y; z", equations, "-1, 1", more='start = ["0", "0", "0"]')
    approx = field_approx(problem, branch.emit(problem, "0" * 64))
    found = find_candidates(approx, (-1.0, 1.0), np.zeros(3), False)
    assert [crossing.kind for crossing in found.crossings] == ["hopf"] and not found.skipped
    assert abs(found.crossings[0].gamma) < 1e-9
