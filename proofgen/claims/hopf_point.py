"""Certificates of the methods spectral and newton-kantorovich, and `branch.json` of the method pieces.

FORMAT.md, sections 10 and 11. Makes no claim of its own: enclosures of the proofs are rounded outward and widened
(`claims`), and every printed inequality is proved again on the printed decimals. Contents are plain values, so that
worker processes can return them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from flint import arb

from ..bundle.json_text import VERSION, Files, Json
from ..numbers.balls import ball, largest, proves_nonzero
from ..numbers.decimals import ceil_to, exact_decimal, floor_log10, floor_to, render_decimal
from ..numbers.exact import parse_printed_decimal
from ..numbers.outward import DERIVED, Enclosure, claim, excludes_zero, lower_bound, roomy, upper_bound
from ..proof.failure import Failure, FailureCode
from ..proof.hopf_point import GeneralHopfProof
from ..search.local_witness import LocalWitness
from ..search.witness import WitnessLimbs

Array = npt.NDArray[np.float64]
QUARTER = Fraction(5, 4)
# Room. For a radius ρ of the prover κρ + 2^−precision is printed, or more, and a checker finds at most
# κρ + c·2^−(precision + 64), c < 2^64 for the operations of a field with moderate numbers. κ: 5/4 (QUARTER) for γ*, ω,
# which follow from one quotient over a narrower window than the prover's (`ROOM`) or from a ball that is given; 2 for
# g, η, Y and r_min (another order of the same sums); the factors below for what follows from eigenvectors: a checker
# that knows q, p and the solutions of Lemma C by discs loses √2 at each, and what their entries share, more so over the
# wider boxes of Method N. In a box of weights the radii are those of the box, and little is lost. (Z + 1)/2 and
# (η/β + r)/2 lie half-way to what they must stay below; there 4/5 undoes the 5/4 of `upper_bound`.
WITH_WITNESS, WITH_BALL, WITH_BOX = Fraction(4), Fraction(16), DERIVED
SPARE_DIGITS = 8


@dataclass(frozen=True)
class NewtonData:
    """The binary64 witness of Method N; see FORMAT.md, section 11."""

    gamma: float
    omega: float
    x: Array
    a: Array
    b: Array
    phi: Array
    A: Array
    R: float
    basis: WitnessLimbs


@dataclass(frozen=True)
class PointContent:
    """A certificate before it has a name: claims and bounds as printed; plain: witness keys that are not arrays;
    arrays: witness key → limbs (None: the key is null); candidate: position among the crossings that were tried, by
    which points at one γ are told apart."""

    method: str
    claims: Json
    bounds: Json
    plain: Json
    arrays: Mapping[str, list[Array] | None]
    gamma: Fraction
    precision: int
    candidate: int = 0

    @property
    def parameter(self) -> tuple[Fraction, Fraction]:
        low, high = self.claims["parameter"]
        return parse_printed_decimal(low), parse_printed_decimal(high)


@dataclass(frozen=True)
class OpenPoint:
    """A crossing about which not everything could be proved; candidate: as in `PointContent`."""

    gamma: float
    code: FailureCode
    reason: str
    parameter: Enclosure
    omega: Enclosure | None = None
    first_lyapunov_coefficient: Enclosure | None = None
    proved_crossing: bool = False
    candidate: int = 0

    @property
    def explanation(self) -> str:
        return str(Failure(self.code, self.reason))


def dyadic(x: float | Fraction) -> list[int] | str:
    """[m, e] with x = m·2^e for a dyadic number; its exact decimal where m has more than 64 bits."""
    numerator, denominator = x.as_integer_ratio()
    exponent = 1 - denominator.bit_length()
    while numerator and numerator % 2 == 0:
        numerator, exponent = numerator // 2, exponent + 1
    if abs(numerator) >= 2**64:
        return decimal_text(Fraction(x))
    return [numerator, exponent]


def decimal_text(x: Fraction) -> str:
    text = exact_decimal(x)
    if text is None:
        raise ValueError("ends of intervals are terminating decimals")
    return text


def window_inside(gamma: Fraction, half_width: float) -> Enclosure:
    """A short decimal interval inside [γ̃ − h, γ̃ + h], of nearly that length."""
    low, high = gamma - Fraction(half_width), gamma + Fraction(half_width)
    exponent = floor_log10(high - low) - 2
    return [render_decimal(ceil_to(low, exponent), exponent), render_decimal(floor_to(high, exponent), exponent)]


def point_content(
    proof: GeneralHopfProof,
    witness: LocalWitness | NewtonData,
    half_width: float | None,
    precision: int,
    digits: int,
    has_box: bool,
) -> PointContent | FailureCode:
    """The claims and bounds as printed, or why the printed form no longer proves them.

    precision: bits of the proof; digits: enclosures are printed to about 8 digits more than these; has_box: the
    weights are in a box.
    """
    relative = Fraction(1, 10 ** (digits + SPARE_DIGITS))
    derived = WITH_BOX if has_box else WITH_WITNESS if isinstance(witness, LocalWitness) else WITH_BALL

    def printed(x: arb, factor: Fraction = derived) -> Enclosure:
        return claim(roomy(x, precision), precision, factor, relative)

    lyapunov = proof.lyapunov
    # The room of the three terms below is that of ℓ1, so that who knows them as printed knows ℓ1 as printed.
    room = 3 * ball(Fraction(1, 1 << precision)) / (2 * proof.omega * lyapunov.q_norm_squared)
    trivial = all(x.is_zero() for x in proof.equilibrium)
    claims: Json = {
        "parameter": printed(proof.parameter, QUARTER),
        "omega": printed(proof.omega, QUARTER),
        "first_lyapunov_coefficient": printed(arb(lyapunov.first_lyapunov_coefficient, room)),
        "crossing_speed": printed(proof.crossing_speed),
        "unstable_eigenvalues": proof.unstable_eigenvalues,
        "stable_eigenvalues": proof.stable_eigenvalues,
        "criticality": proof.criticality,
        "spectral_gap": None if proof.spectral_gap is None else lower_bound(proof.spectral_gap),
        "equilibrium": [["0", "0"] if trivial else printed(x) for x in proof.equilibrium],
        "window": None,
        "uniqueness_radius": None,
    }
    crossing, newton = proof.crossing, proof.ball
    # A term near 0 is known relative to the others, and no better than the least known of them need be.
    largest_term = largest(abs(term) for term in lyapunov.terms)
    term_room = largest_term * ball(relative) + largest(arb(0, term.rad()) for term in lyapunov.terms)
    tube = None if crossing is None else crossing.tube
    bounds: Json = {
        "rho": upper_bound(proof.rho),
        "branch_gap": None if tube is None or tube.beta is None else _half(lower_bound(tube.beta)),
        "branch_residual": None if tube is None or tube.eta is None else upper_bound(roomy(2 * tube.eta, precision)),
        "branch_radius": None,
        "window_disc_radius": None if tube is None else upper_bound(roomy(2 * tube.spectrum.g[proof.pair], precision)),
        "window_clearance": None
        if crossing is None or crossing.clearance is None
        else _half(lower_bound(crossing.clearance)),
        "window_slope": None if crossing is None else printed(_wider(crossing.slope)),
        "real_part": None if crossing is None else printed(arb(crossing.real_part, 2 * proof.disc_radius)),
        "disc_radius": upper_bound(roomy(2 * proof.disc_radius, precision)),
        "isolation": lower_bound(proof.isolation),
        "delta_right": upper_bound(roomy(2 * lyapunov.delta_right, precision)),
        "delta_left": upper_bound(roomy(2 * lyapunov.delta_left, precision)),
        "pq_defect": upper_bound(roomy(4 * lyapunov.pq_defect, precision)),
        "q_norm_squared": printed(lyapunov.q_norm_squared),
        "gap_0": lower_bound(lyapunov.gap_0),
        "gap_2": lower_bound(lyapunov.gap_2),
        "terms": [printed(term if term.is_zero() else arb(term, term_room)) for term in lyapunov.terms],
        "Y": None if newton is None else upper_bound(2 * newton.Y),
        "Z": None if newton is None else _below_one(newton.Z),
        "r_min": None if newton is None else upper_bound(2 * newton.r_min),
    }
    if tube is not None and tube.beta is not None and tube.eta is not None and tube.witness.radius is not None:
        bounds["branch_radius"] = upper_bound(arb_middle(tube.eta / tube.beta, tube.witness.radius) * 4 / 5)
    failure = _printed_failure(claims, bounds, proof)
    if failure is not None:
        return failure
    if isinstance(witness, LocalWitness):
        if half_width is None:
            raise ValueError("the method spectral has a window")
        claims["window"] = window_inside(witness.gamma, half_width)
        (low, high), (low_window, high_window) = (
            [parse_printed_decimal(text) for text in claims[key]] for key in ("parameter", "window")
        )
        if not (low_window <= low and high <= high_window):
            return FailureCode.NO_CROSSING
        plain: Json = {
            "gamma": dyadic(witness.gamma),
            "half_width": dyadic(half_width),
            "radius": None if witness.radius is None else dyadic(witness.radius),
        }
        arrays: dict[str, list[Array] | None] = {
            "x": witness.x,
            "slope": None if witness.slope is None else [witness.slope],
        }
        method, gamma = "spectral", witness.gamma
    else:
        claims["uniqueness_radius"] = decimal_text(Fraction(witness.R))
        plain = {"gamma": dyadic(witness.gamma), "omega": dyadic(witness.omega), "R": dyadic(witness.R)}
        arrays = {"x": [witness.x], "a": [witness.a], "b": [witness.b], "phi": [witness.phi], "A": [witness.A]}
        method, gamma = "newton-kantorovich", Fraction(witness.gamma)
    basis = witness.basis
    plain |= {"pairs": basis.pairs, "pair": proof.pair}
    arrays |= {"X": basis.X, "Y": basis.Y, "d": basis.d}
    return PointContent(method, claims, bounds, plain, arrays, gamma, precision)


def arb_middle(low: arb, high: arb) -> arb:
    """Half-way between a bound and what it must stay below."""
    return (low + high) / 2


def _wider(x: arb) -> arb:
    """The slope over a window as claimed: wider where it stays away from 0, an eighth of its radius at least."""
    generous = arb(x, 2 * x.rad() + abs(x.mid()) / 8)
    return generous if proves_nonzero(generous) else arb(x, x.rad() / 8)


def _half(text: str) -> str:
    return decimal_text(parse_printed_decimal(text) / 2)


def _below_one(Z: arb) -> str:
    """An upper bound of Z that is still below 1 where Z is."""
    return upper_bound(arb_middle(Z, arb(1)) * 4 / 5)


def _printed_failure(claims: Json, bounds: Json, proof: GeneralHopfProof) -> FailureCode | None:
    """The inequalities of the theorem, proved again on the printed decimals."""
    low, high = (parse_printed_decimal(x) for x in claims["first_lyapunov_coefficient"])
    supercritical = proof.criticality == "supercritical"
    if not (high < 0 if supercritical else low > 0):
        return FailureCode.LYAPUNOV_ENCLOSES_ZERO
    if parse_printed_decimal(claims["omega"][0]) <= 0 or parse_printed_decimal(bounds["isolation"]) <= 0:
        return FailureCode.EIGENVALUE_TYPE
    if not excludes_zero(claims["crossing_speed"]):
        return FailureCode.NOT_TRANSVERSAL
    if bounds["window_slope"] is not None and not excludes_zero(bounds["window_slope"]):
        return FailureCode.NOT_TRANSVERSAL
    gap = claims["spectral_gap"]
    if gap is not None and parse_printed_decimal(gap) <= 0:
        return FailureCode.AXIS_NOT_CLEAR
    for key in ("gap_0", "gap_2"):
        if parse_printed_decimal(bounds[key]) <= 0:
            return FailureCode.NOT_FINITE
    if any(parse_printed_decimal(bounds[key]) >= 1 for key in ("rho", "pq_defect")):
        return FailureCode.EIGENVECTOR_NOT_ISOLATED
    if bounds["branch_radius"] is not None and proof.crossing is not None:
        radius = proof.crossing.tube.witness.radius
        if radius is None or not parse_printed_decimal(bounds["branch_radius"]) < Fraction(float(radius)):
            return FailureCode.BRANCH_NOT_VERIFIED
    if bounds["Z"] is not None and parse_printed_decimal(bounds["Z"]) >= 1:
        return FailureCode.NEWTON_NOT_CONTRACTING
    return None


def point_document(identifier: str, content: PointContent, problem_sha256: str, files: Files) -> Json:
    """`points/ID.json`; the witness arrays are added to ``files``."""
    witness: Json = dict(content.plain)
    for key, limbs in content.arrays.items():
        witness[key] = None if limbs is None else [
            files.add_array(f"{identifier}-{key}" if i == 0 else f"{identifier}-{key}-{i + 1}", limb)
            for i, limb in enumerate(limbs)
        ]  # fmt: skip
    return {
        "format": "proofgen-certificate",
        "version": VERSION,
        "id": identifier,
        "problem": {"file": "problem.json", "sha256": problem_sha256},
        "method": content.method,
        "claims": content.claims,
        "bounds": content.bounds,
        "witness": witness,
        "precision": content.precision,
    }
