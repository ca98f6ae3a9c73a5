"""Curves of Hopf points in pieces: against points that mpmath finds, and what must not join."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from flint import arb
from independent import hopf_at
from plane import Case, case, equations_case, expressions

from proofgen.numbers.balls import ball, working_precision
from proofgen.proof.failure import ProofFailure
from proofgen.proof.hopf_curve import prove_piece, require_in
from proofgen.strategy.bautin import curve_witness
from proofgen.strategy.hopf_curve import CHANGES, CurveOutcome, PlacedPiece
from proofgen.strategy.plane import PIECE_BITS, PlaneOutcome, prove_plane

M = "(a**2 + b**2 - 1/4)"
BOX = [("-1", "1"), ("-1", "1")]


def outcome(c: Case) -> PlaneOutcome:
    return prove_plane(c.graph, c.problem.box, c.start, 128, 256, 15)


def normal_form(m: str, c: str) -> Case:
    """r' = m r + c r³ − r⁵, θ' = 1."""
    radius = "(x**2 + y**2)"
    equations = [f"({m})*x - y + ({c})*x*{radius} - x*{radius}**2", f"x + ({m})*y + ({c})*y*{radius} - y*{radius}**2"]
    return equations_case(["x", "y"], equations, ("a", "b"), BOX, ["0", "0"])


@pytest.fixture(scope="module")
def rate() -> tuple[Case, PlaneOutcome]:
    c = case("rate-3-1")
    return c, outcome(c)


def test_the_curve_of_a_rate_network_goes_from_border_to_border(rate: tuple[Case, PlaneOutcome]) -> None:
    _, found = rate
    assert found.complete and len(found.curves) == 1 and len(found.points) == 1
    kinds = [piece.criticality for piece in found.curves[0].pieces]
    assert kinds.count(CHANGES) == 1
    before, after = kinds[: kinds.index(CHANGES)], kinds[kinds.index(CHANGES) + 1 :]
    assert set(before) == {"supercritical"} and set(after) == {"subcritical"}
    ends = [piece.interval for piece in found.curves[0].pieces]
    assert all(first[1] == second[0] for first, second in pairwise(ends))  # one parameter runs


def test_points_of_a_second_computation_lie_in_the_tubes(rate: tuple[Case, PlaneOutcome]) -> None:
    """Newton's method of mpmath for (x, gain, ω, q) at a value of u, and ℓ1 there by other formulas."""
    c, found = rate
    f, inputs = expressions(c.problem)
    n = len(f)
    A = sp.Matrix([[sp.diff(g, x) for x in inputs[:n]] for g in f])
    F, DF = (sp.lambdify(inputs, g, "mpmath") for g in (f, A))
    pieces = found.curves[0].pieces
    with mp.workdps(40):
        for piece in (pieces[0], pieces[len(pieces) // 3], pieces[-2]):
            along, s = piece.data.along, mp.mpf(float(piece.data.s) + 0.3 * float(piece.data.h))

            def system(*y: Any, along: int = along, s: Any = s) -> list[Any]:
                x, alpha, omega, a, b = y[:n], y[n], y[n + 1], y[n + 2 : 2 * n + 2], y[2 * n + 2 :]
                given = [*x, *((s, alpha) if along == 0 else (alpha, s))]
                J = DF(*given)
                q = mp.matrix([p + 1j * r for p, r in zip(a, b, strict=True)])
                rest = J * q - 1j * omega * q
                norm = sum(q) - 1
                return [*F(*given), *map(mp.re, rest), *map(mp.im, rest), mp.re(norm), mp.im(norm)]

            u = [float(y) for y in piece.data.centre[0]]
            q = mp.matrix([complex(p, r) for p, r in zip(u[n + 2 : 2 * n + 2], u[2 * n + 2 :], strict=True)])
            q = q / sum(q)
            start = [*u[2 : n + 2], u[0], u[1], *map(mp.re, q), *map(mp.im, q)]
            y = mp.findroot(system, start, tol=1e-30)
            with working_precision(120):
                at = piece.piece.tube.at(arb(mp.nstr(s, 38)))
                texts = [mp.nstr(v, 36) for v in (*y[:n], y[n], y[n + 1])]
                mine = [*at.inputs[:n], at.inputs[n + 1 - along], at.omega]
                for enclosure, text in zip(mine, texts, strict=True):
                    assert enclosure.contains(arb(text).mid()) or abs(enclosure - arb(text)) < enclosure.rad()
                    assert enclosure.rad() < arb("1e-3") * (1 + abs(enclosure))
            given = [*y[:n], *((s, y[n]) if along == 0 else (y[n], s))]
            data = hopf_at(lambda x, given=given: F(*x, *given[n:]), given[:n], mp.matrix(DF(*given)), s)
            ell1 = piece.piece.first_lyapunov_coefficient
            with working_precision(120):
                assert ell1.overlaps(arb(mp.nstr(data.ell1, 20), "1e-15")) and data.unstable == piece.piece.unstable
            assert (data.ell1 < 0) == (piece.criticality == "supercritical")


@pytest.mark.parametrize(("c", "points"), [("-1", 0), ("a", 2), ("a - b", 2)])
def test_a_circle_is_closed_and_gone_round_once(c: str, points: int) -> None:
    """Both parameters run in turn, in both directions."""
    found = outcome(normal_form("a**2 + b**2 - 1/4", c))
    (curve,) = found.curves
    assert found.complete and curve.ends == ("closed", "closed")
    assert {(p.data.along, p.forward) for p in curve.pieces} == {(0, 1), (0, -1), (1, 1), (1, -1)}
    assert len(found.points) == points and len(curve.pieces) < 100
    for found_point in found.points:
        first, second = found_point.proof.parameters
        assert abs(first**2 + second**2 - arb(1) / 4) < arb("1e-15")
        assert abs(found_point.proof.second_lyapunov_coefficient + 4) < arb("1e-12")


def test_a_parabola_turns_in_one_parameter() -> None:
    """b = a² − 1/4 with c = a + b: one zero at a = (√2 − 1)/2."""
    found = outcome(normal_form("a**2 - b - 1/4", "a + b"))
    assert found.complete and found.curves[0].ends == ("box", "box")
    assert {p.data.along for p in found.curves[0].pieces} == {0, 1}
    (point,) = found.points
    with working_precision(100):
        assert abs(point.proof.parameters[0] - (arb(2).sqrt() - 1) / 2) < arb("1e-15")


def test_where_the_first_coefficient_vanishes_identically_nothing_is_claimed() -> None:
    found = outcome(normal_form("a", "0"))
    assert not found.complete and not found.points
    assert all(p.criticality not in ("supercritical", "subcritical") for curve in found.curves for p in curve.pieces)


def test_where_it_touches_zero_the_curve_is_open() -> None:
    found = outcome(normal_form("a", "b**2"))
    assert not found.complete and not found.points
    assert all(p.criticality == "subcritical" for curve in found.curves for p in curve.pieces)


def test_a_curve_that_begins_at_a_bogdanov_takens_point_is_open_there() -> None:
    """x'' = a + bx' + x² + xx': Hopf points at b = √−a, which end at a = b = 0, where ω = 0."""
    c = equations_case(["x", "y"], ["y", "a + b*y + x**2 + x*y"], ("a", "b"), [("-0.2", "0.1"), ("-0.1", "0.4")], ["-0.3", "0"])
    found = outcome(c)
    (curve,) = found.curves
    assert not found.complete and curve.ends == ("open", "box") and not found.points
    assert {p.criticality for p in curve.pieces} == {"subcritical"}
    with working_precision(PIECE_BITS):
        for piece in curve.pieces[::20]:
            a, b = piece.end.inputs[-2:]
            assert (b * b + a).contains(0)


def test_a_box_without_hopf_points_has_a_reason() -> None:
    found = outcome(normal_form("a + 2", "b"))
    assert not found.complete and not found.curves and "no Hopf point" in found.failures[0].reason


def placed(found: PlaneOutcome, number: int) -> PlacedPiece:
    return found.curves[0].pieces[number]


def test_pieces_that_do_not_meet_do_not_join(rate: tuple[Case, PlaneOutcome]) -> None:
    _, found = rate
    with working_precision(PIECE_BITS):
        require_in(placed(found, 4).piece.tube, placed(found, 3).end)
        for other in (0, 6, 20):
            with pytest.raises(ProofFailure):
                require_in(placed(found, other).piece.tube, placed(found, 3).end)


def test_a_shifted_tube_or_one_of_another_network_is_not_proved(rate: tuple[Case, PlaneOutcome]) -> None:
    c, found = rate
    data = placed(found, 5).data
    with working_precision(PIECE_BITS):
        prove_piece(c.field, curve_witness(data))
        far = [data.centre[0] + 30 * data.R]
        for wrong in (
            replace(data, centre=far),
            replace(data, h=data.h * 64),
            replace(data, direction=[0 * data.direction[0]]),
            replace(data, A=data.A.T.copy()),
            replace(data, R=data.R / 64),
            replace(data, pair=data.basis.pairs),
        ):
            with pytest.raises((ProofFailure, IndexError)):
                prove_piece(c.field, curve_witness(wrong))
        other = case("quadratic-3d")
        with pytest.raises(ProofFailure):
            prove_piece(other.field, curve_witness(data))


def test_the_end_of_a_piece_is_known_closely(rate: tuple[Case, PlaneOutcome]) -> None:
    _, found = rate
    curve: CurveOutcome = found.curves[0]
    with working_precision(PIECE_BITS):
        for piece in curve.pieces:
            assert all(x.rad() < arb("1e-11") for x in (*piece.end.inputs, piece.end.omega))
            assert ball(piece.interval[1]).overlaps(piece.end.inputs[-1]) or piece.data.along == 0
