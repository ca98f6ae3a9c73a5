"""Periodic orbits: from an approximate piece to a proved one. Decides nothing about truth."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from flint import acb, acb_mat, arb

from ..approx.field import Array, FieldApprox
from ..numbers.balls import ball, exact_matrix_ball, largest, proves_less
from ..numbers.exact import ExactMatrix
from ..numbers.radius import Radius
from ..problem.equations import EquationsProblem
from ..problem.network import Layer, Problem
from ..problem.problem import AnyProblem
from ..proof.failure import Failure, FailureCode, ProofFailure
from ..proof.field import FieldBalls
from ..proof.orbit import Estimates, OrbitPiece, estimate, prove_piece
from ..proof.orbit_discs import Disc, EquationsField, derivatives_on_discs
from ..proof.orbit_grid import Grid
from ..proof.orbit_polynomials import Moving, PieceWitness, Polynomial
from ..proof.orbit_strip import Neighbourhood, StripField, StripLayer, StripNetwork, has_strip_bound
from ..search.orbit_strips import (
    SLOPES,
    EquationsSizes,
    LayerSizes,
    NetworkSizes,
    SizesApprox,
    StripApprox,
    choose_ball,
    choose_box,
    choose_grid,
)
from ..search.orbit_witness import PieceWitnessApprox
from ..symbolic.graph import build_graph
from .fields import AnyEmission, emit_field, field_approx, field_balls

Span = tuple[Fraction, Fraction]  # centre and half width
ROUNDS = 12  # attempts to find radii
MORE, MUCH_MORE = 1.1, 2.0  # growth of the radii between attempts: at first, and later
LEAST_RADIUS = 1e-3  # no radius is smaller than this share of the largest bound
DECADES = tuple(k / 2 for k in range(28, 0, -1))  # factors of uniqueness that are tried: 10^k, the largest first


@dataclass(frozen=True)
class OrbitField:
    """A field in the three forms that orbits need, and in binary64."""

    balls: FieldBalls
    strips: StripField
    sizes: SizesApprox
    approx: FieldApprox


Bounds = tuple[StripField, SizesApprox, AnyProblem]  # with the field of which samples are taken


def orbit_field(problem: AnyProblem, emission: AnyEmission) -> OrbitField | Failure:
    """At the precision in force; a Failure where orbits cannot be proved for this field."""
    if problem.discrete:
        return Failure(FailureCode.ORBIT_NOT_VERIFIED, "periodic orbits are proved of differential equations only")
    found: Bounds | Failure = _BOUNDS[problem.kind](problem)
    if isinstance(found, Failure):
        return found
    strips, sizes, middle = found
    code = emission if middle is problem else emit_field(middle, "")
    return OrbitField(field_balls(middle, code), strips, sizes, field_approx(middle, code))


def _equations(problem: EquationsProblem) -> Bounds | Failure:
    graph = build_graph(problem)

    def jacobian(x: Array, radii: Array, gamma: float, radius: float) -> Array | None:
        discs = [Disc(arb(float(c)), arb(float(r))) for c, r in zip((*x, gamma), (*radii, radius), strict=True)]
        try:
            rows = derivatives_on_discs(graph, discs[:-1], discs[-1])
        except ProofFailure:
            return None
        return np.array([[float(z) for z in row[:-1]] for row in rows])

    return EquationsField(graph), EquationsSizes(jacobian), problem


def _network(problem: Problem) -> Bounds | Failure:
    """Samples are of the network in the middle of its box."""
    names = [layer.activation for layer in problem.layers]
    if not all(has_strip_bound(name) and name in SLOPES for name in names):
        return Failure(FailureCode.ORBIT_NOT_VERIFIED, "no bound of the activation in the complex plane")
    layers, sizes = [], []
    for layer, shape in zip(problem.layers, problem.shapes, strict=True):
        W, E = problem.combine(layer.weights, shape), problem.combine(layer.parameter, shape)
        b, c = (_column(problem, name, shape[0]) for name in (layer.bias, layer.bias_parameter))
        delta, b_radius = _weight_radii(problem, layer, shape)
        exact = delta.is_zero()
        layers.append(
            StripLayer(
                exact_matrix_ball(W), None if E.is_zero() else exact_matrix_ball(E), b, c, layer.activation,
                None if exact else exact_matrix_ball(delta), b_radius,
            )
        )
        sizes.append(
            LayerSizes(
                W.to_binary64_approx(), None if E.is_zero() else E.to_binary64_approx(), _approx(b), _approx(c),
                delta.to_binary64_approx(), _approx(b_radius), SLOPES[layer.activation],
            )
        )  # fmt: skip
    leak = problem.leak_entries()
    strips = StripNetwork(tuple(layers), tuple(ball(x) for x in leak))
    middle = replace(problem, weight_radius=Fraction(0)) if problem.has_box else problem
    return strips, NetworkSizes(tuple(sizes), np.array([float(x) for x in leak])), middle


def _column(problem: Problem, name: str | None, rows: int) -> tuple[arb, ...]:
    return (arb(0),) * rows if name is None else tuple(exact_matrix_ball(problem.arrays[name]).entries())


def _weight_radii(problem: Problem, layer: Layer, shape: tuple[int, int]) -> tuple[ExactMatrix, tuple[arb, ...]]:
    """Of the entries of W⁰, and of b."""
    found = problem.weight_box(layer.weights, shape)
    if isinstance(found, tuple):
        diagonal, other = found
        rows = [[diagonal if i == j else other for j in range(shape[1])] for i in range(shape[0])]
        found = ExactMatrix.from_fractions(rows)
    radius: Radius = Fraction(0) if layer.bias is None else problem.radius_of(layer.bias)
    if isinstance(radius, Fraction):
        return found, (ball(radius),) * shape[0]
    return found, tuple(exact_matrix_ball(radius).entries())


def _approx(values: Sequence[arb]) -> npt.NDArray[np.float64]:
    return np.array([float(x.mid()) for x in values])


_BOUNDS: dict[str, Callable[[Any], Bounds | Failure]] = {
    "network": _network,
    "equations": _equations,
    "cell": lambda problem: Failure(FailureCode.ORBIT_NOT_VERIFIED, "orbits of gated cells are not proved"),
}


def exact_witness(w: PieceWitnessApprox, span: Span | None = None) -> PieceWitness:
    """The binary64 numbers of the search, exactly; span: centre and half width as they are meant."""
    moving = None
    if not w.zero_branch:
        moving = Moving(_polynomial(w.y[:, None, :, None]), _polynomial(w.y_gamma[:, None, :, None]),
                        _polynomial(w.C[:, None]))  # fmt: skip
    centre, half_width = span or (Fraction(w.centre), Fraction(w.half_width))
    return PieceWitness(
        centre, half_width, tuple(acb(float(z.real), float(z.imag)) for z in w.p), w.partner,
        v=_polynomial(w.v[..., None]), H=_polynomial(w.H), Q=_polynomial(w.Q), P=_polynomial(w.P),
        gamma=_polynomial(w.gamma[:, None, None, None]), T=_polynomial(w.T[:, None, None, None]),
        Lam=_polynomial(w.Lam[:, None]), B=_polynomial(w.B[:, None]), V=_polynomial(w.V[:, None]), moving=moving,
    )  # fmt: skip


def _polynomial(c: npt.NDArray[np.generic]) -> Polynomial:
    degrees, modes, rows, columns = c.shape
    entries = [acb(float(z.real), float(z.imag)) for z in np.asarray(c, dtype=np.complex128).ravel()]
    return Polynomial(
        degrees - 1, (modes - 1) // 2, rows, columns, acb_mat(degrees, modes * rows * columns, entries)
    )


def estimate_piece(field: OrbitField, w: PieceWitnessApprox, nu: float, span: Span | None = None) -> Estimates:
    """Strips, samples and the inverse for a piece. Raises ProofFailure."""
    grid = choose_grid(field.sizes, w, nu)
    around = choose_ball(field.sizes, w, nu)
    box = choose_box(field.sizes, w, nu) if field.strips.has_box else None
    if grid is None or around is None or (box is None and field.strips.has_box):
        raise ProofFailure(FailureCode.OUTSIDE_DOMAIN, "the complex neighbourhood of the orbit reaches a pole")
    exact_grid = Grid(
        grid.over_tau, grid.over_theta, arb(nu), _neighbourhood(grid.tau_strip),
        None if grid.theta_strip is None else _neighbourhood(grid.theta_strip),
    )  # fmt: skip
    found = None if box is None else _neighbourhood(box)
    return estimate(field.balls, field.strips, exact_witness(w, span), exact_grid, _neighbourhood(around), found)


def _neighbourhood(strip: StripApprox) -> Neighbourhood:
    R = tuple(arb(float(r)) for r in strip.R)
    return Neighbourhood(arb(strip.rho), arb(strip.eta), R, arb(strip.R_gamma), arb(strip.box))


def find_radii(estimates: Estimates) -> list[arb]:
    """Radii with 𝐘 + 𝐙(ϱ) < ϱ, or the last that were tried."""
    residual = [y.upper() for y in estimates.residual]
    floor = LEAST_RADIUS * largest(residual) + arb(2) ** -300
    radii = [(2 * y + floor).upper() for y in residual]
    for attempt in range(ROUNDS):
        excess = estimates.excess(radii)
        if all(proves_less(x, r) for x, r in zip(excess, radii, strict=True)):
            break
        growth = MORE if attempt < ROUNDS // 2 else MUCH_MORE
        radii = [_short((growth * x + floor).upper()) for x in excess]
    return [_short(r) for r in radii]


def _short(x: arb) -> arb:
    """A little more than x in few binary digits, for the certificate."""
    if not x.is_finite() or not 1e-280 < float(x) < 1e280:
        return x
    mantissa, exponent = math.frexp(float(x))
    return arb(math.ldexp(math.ceil(mantissa * 2**12) + 1, exponent - 12))


def find_uniqueness(estimates: Estimates, radii: Sequence[arb]) -> arb:
    """The largest factor t of those tried with 𝐘 + 𝐙(tϱ) < tϱ."""
    for k in DECADES:
        t = arb(math.floor(10.0**k))
        larger = [t * r for r in radii]
        try:
            if all(proves_less(x, r) for x, r in zip(estimates.excess(larger), larger, strict=True)):
                return t
        except ProofFailure:
            continue
    return arb(1)


def prove_orbits(
    field: OrbitField,
    w: PieceWitnessApprox,
    nu: float = 0.0,
    span: Span | None = None,
) -> OrbitPiece:
    """One piece (or one orbit) from its approximate witness. Raises ProofFailure."""
    estimates = estimate_piece(field, w, nu, span)
    radii = find_radii(estimates)
    return prove_piece(estimates, radii, find_uniqueness(estimates, radii))
