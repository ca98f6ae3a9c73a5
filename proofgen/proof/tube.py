"""Lemma T: the branch of equilibria over a parameter interval, from the same similarity as the spectrum.

Let A enclose D_x f over a tube around c(γ) = x̃ + (γ − γ̃)x̃', γ ∈ Γ, |γ − γ̃| ≤ h, and put (complex indices)

    η = ‖P⁻¹Y f(x̃, γ̃)‖_∞ + h ‖P⁻¹Y(A x̃' + ∂_γ f)‖_∞,      β = min_i (|d_i| − e_i − o_i).

If ρ < 1, β > 0 and η/β < r, then for every γ ∈ Γ exactly one equilibrium x(γ) = c(γ) + XPy has |y_i| ≤ r; there
|y_i| ≤ η/β, it is analytic in γ, and A is invertible: the Newton-like map with the fixed matrix XP diag(1/d_i) P⁻¹Y
contracts the tube (MATHEMATICS.md, section 9; FORMAT.md, section 12). Where the field knows the second
derivative f_ττ of f along τ = (x̃', 1), Taylor's formula to the second order along c gives the smaller

    η = ‖P⁻¹Y f(x̃, γ̃)‖_∞ + h ‖P⁻¹Y f_τ(x̃, γ̃)‖_∞ + ½h² ‖P⁻¹Y f_ττ‖_∞     (f_ττ over the tube).

Weighted form (pieces): with the norm max_i |(P⁻¹Yv)_i|/|d_i| in η and 1 − max_i (e_i + o_i)/|d_i| in the place of β the
same holds. On the trivial branch x = 0 there is nothing to prove.

Every step of the mean value theorem goes from a centre (γ', c(γ') + XPy) along (x̃', 1) to (γ, c(γ) + XPy) with the same
y: it stays inside the tube over any interval that holds γ' and γ. So a centre always lies in the interval of its tube;
over a part Γ' of Γ it is moved to the midpoint of Γ'. Arithmetic: balls only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from flint import acb, arb, arb_mat

from ..numbers.balls import (
    current_precision,
    enclosure,
    image,
    largest,
    proves_less,
    proves_positive,
    smallest,
    working_precision,
)
from .eigen_coordinates import complex_moduli, complex_norm, image_of_ball, newton_like_step
from .failure import FailureCode, ProofFailure
from .field import Expansion, FieldBalls
from .field_motion import bound_along, parts_along
from .spectrum import Basis, Spectrum, enclose_spectrum
from .tube_field import recentred

TUBE_ROOM = 1.5  # r is at least so many times η/β: room for a checker that bounds η in another way
WIDEST_ARGUMENT = 0.05  # radius of z over a tube: beyond it enclosures of σ depend much on how they are computed
PARTS = 2, 4  # of an interval, over which f along a cubic c is bounded one by one where it must be
PLAIN_DIMENSION = 50  # from here on D_x f is enclosed entry by entry over narrow windows: two products fewer


class TubeTooNarrow(ProofFailure):
    """η/β ≥ r: a tube with a radius larger than ``needed`` may do."""

    def __init__(self, needed: arb) -> None:
        super().__init__(
            FailureCode.BRANCH_NOT_VERIFIED, "the tube around the approximate branch is not mapped into itself"
        )
        self.needed = needed


@dataclass(frozen=True)
class BranchWitness:
    """An approximate equilibrium, untrusted and exact: γ̃, x̃, x̃' and r as points; x None on the trivial branch.

    bends: c_2 and c_3 where c(γ) is a cubic polynomial, else None.
    """

    gamma: arb
    x: list[arb] | None
    slope: list[arb] | None
    radius: arb | None
    bends: tuple[list[arb], list[arb]] | None = None

    def curve(self) -> tuple[list[arb], list[arb], list[arb], list[arb]]:
        """c_0, …, c_3, not on the trivial branch."""
        assert self.x is not None and self.slope is not None
        zeros = [arb(0)] * len(self.x)
        return self.x, self.slope, *(self.bends or (zeros, zeros))


@dataclass(frozen=True)
class Tube:
    """The verified branch over Γ. residual ≥ ‖P⁻¹Yf(x̃, γ̃)‖, drift ≥ ‖P⁻¹Y(Ax̃' + ∂_γf)‖; None on the trivial branch.

    bend: 0, or an upper bound of ‖P⁻¹Y d²f/dγ²‖ along c over the tube; then drift is taken at γ̃ alone. Where parts of a
    cubic c are needed, residual is η, drift and bend are 0.
    weights: lower bounds of |d_i| in the weighted form, else None.
    start, turn: D_x f at γ̃ over the tube, and its derivative along (c', 1) over it; None in the plain form.
    along: Ac' + ∂_γf over the tube.
    expansion, spectrum: of D_x f over the tube and Γ; eta, beta as in Lemma T.
    """

    witness: BranchWitness
    basis: Basis
    Gamma: arb
    expansion: Expansion
    spectrum: Spectrum
    residual: arb | None
    drift: arb | None
    bend: arb | None
    eta: arb | None
    beta: arb | None
    weights: list[arb] | None = None
    start: arb_mat | None = None
    turn: arb_mat | None = None
    along: list[arb] | None = None

    def centre(self, gamma: arb) -> list[arb]:
        """c(γ)."""
        return _centre(self.witness, gamma, self.basis.n)

    def equilibrium(self, gamma: arb) -> list[arb]:
        """An enclosure of x(γ) for every γ in the ball. Raises ProofFailure unless it lies in Γ."""
        return [c + e for c, e in zip(self.centre(gamma), self._reach(gamma), strict=True)]

    def _require_part(self, gamma: arb) -> None:
        if not contained(gamma, self.Gamma):
            raise ProofFailure(
                FailureCode.BRANCH_NOT_VERIFIED, "a parameter outside of those over which the branch is verified"
            )

    def _reach(self, gamma: arb) -> list[arb]:
        self._require_part(gamma)
        if self.residual is None or self.drift is None or self.bend is None or self.beta is None:
            return [arb(0)] * self.basis.n
        y = largest([_eta(abs(gamma - self.witness.gamma), self.residual, self.drift, self.bend) / self.beta])
        return image_of_ball(self.basis, y)

    def expand(self, field: FieldBalls, gamma: arb, order: int) -> Expansion:
        """All layers at (x(γ), γ) for every γ in the ball; centred at its midpoint. Raises ProofFailure, as above."""
        reach = self._reach(gamma)
        return _centred_expansion(field, _moved(self.witness, gamma.mid()), gamma, reach, order)[1]

    def equilibrium_at(self, field: FieldBalls, gamma: arb, steps: int = 1) -> list[arb]:
        """A closer enclosure at one point γ of Γ: for any x̂ = c(γ) + XPŷ in the tube, |y_i − ŷ_i| ≤ ‖P⁻¹Yf(x̂, γ)‖/β.

        x̂ is c(γ) after Newton-like steps, as long as these stay in the tube. Raises ProofFailure, as above.
        """
        self._require_part(gamma)
        if self.beta is None:
            return [arb(0)] * self.basis.n
        centre = self.centre(gamma)
        value = field.expand(gamma, centre, 0).value
        for _ in range(steps):
            moved = [(c - step).mid() for c, step in zip(centre, newton_like_step(self.basis, value), strict=True)]
            if not self.contains(gamma, moved):
                break
            centre, value = moved, field.expand(gamma, moved, 0).value
        y = largest([complex_norm(self.basis, value, self.weights) / self.beta])
        return [c + e for c, e in zip(centre, image_of_ball(self.basis, y), strict=True)]

    def contains(self, gamma: arb, x: list[arb]) -> bool:
        """Certainly (γ, x) lies in the tube for every γ and x in the balls."""
        if not contained(gamma, self.Gamma):
            return False
        if self.witness.radius is None:
            return all(entry.is_zero() for entry in x)
        v = [a - c for a, c in zip(x, self.centre(gamma), strict=True)]
        moduli = complex_moduli(self.basis, v)
        top = largest(moduli)
        return all(
            proves_less(modulus + s * top, self.witness.radius) for modulus, s in zip(moduli, self.basis.s, strict=True)
        )


def enclose_branch(
    field: FieldBalls,
    basis: Basis,
    witness: BranchWitness,
    Gamma: arb,
    order: int = 2,
    weighted: bool = False,
    centre_bits: int | None = None,
) -> Tube:
    """Lemma T over Γ, which must hold γ̃. Raises ProofFailure (BRANCH_NOT_VERIFIED).

    order: of the derivatives of σ that the tube's expansion holds; weighted: in the better of both forms;
    centre_bits: precision at which f(x̃, γ̃) is evaluated, where that in force is too small for good witnesses.
    """
    n = basis.n
    zeros = [arb(0)] * n
    reach = zeros if witness.radius is None else image_of_ball(basis, witness.radius)
    centre, expansion, along = _centred_expansion(field, witness, Gamma, reach, max(order, 2))
    widest = largest(z.rad() for group in field.nonlinear for z in expansion.z[group])
    if not proves_less(widest, arb(WIDEST_ARGUMENT)):
        raise ProofFailure(FailureCode.BRANCH_NOT_VERIFIED, "an argument of an activation varies too much")
    plain = basis.n >= PLAIN_DIMENSION and not weighted
    spectrum, start, turn = _spectrum_over(field, basis, witness, Gamma, centre, expansion, plain)
    if witness.x is None or witness.radius is None:
        nothing = (None, None, None, None, None)
        return Tube(witness, basis, Gamma, expansion, spectrum, *nothing, start=start, turn=turn, along=along)
    # below t_i ≥ o_i stands for o_i, so that β is at most that of the lemma
    forms: list[tuple[list[arb] | None, arb]] = []
    sizes = [smallest([abs(d)]) for d in spectrum.d]
    for weights in [None, sizes] if weighted and all(proves_positive(size) for size in sizes) else [None]:
        beta = smallest(
            abs(d) - e - t if weights is None else 1 - (e + t) / weights[i]
            for i, (d, e, t) in enumerate(zip(spectrum.d, spectrum.e, spectrum.t, strict=True))
        )
        if proves_positive(beta):
            forms.append((weights, beta))
    if not forms:
        raise ProofFailure(
            FailureCode.BRANCH_NOT_VERIFIED, "the Jacobian is not proved invertible over the parameter piece (β ≤ 0)"
        )
    with working_precision(centre_bits or current_precision()):
        # a ball of its own: a field may keep what it made of another one at fewer bits
        at_centre = field.expand(arb(witness.gamma), witness.x, 0).value
    step = abs(_step(witness, Gamma))
    vectors = _defect(field, witness, Gamma, at_centre, expansion, along)
    known, tubes = (start, turn, _narrower(field, witness, Gamma, centre, along, vectors[2])), []
    for weights, beta in forms:
        residual, drift, bend = (complex_norm(basis, v, weights) for v in vectors)
        eta = largest([_eta(step, residual, drift, bend)])
        bounds = residual, drift, bend, eta, beta, weights
        tubes.append(Tube(witness, basis, Gamma, expansion, spectrum, *bounds, *known))
    tube, needed = _best(tubes)
    whole, tried = needed, False
    for count in PARTS if witness.bends is not None else ():
        if not proves_less(needed, witness.radius) and proves_less(whole / count**3, witness.radius):
            parts = parts_along(field, witness.gamma, witness.curve(), largest([step]), count)
            etas = [bound_along(parts, partial(complex_norm, basis, weights=weights)) for weights, _ in forms]
            for i, eta in enumerate(etas):
                tubes[i] = replace(tubes[i], residual=eta, drift=arb(0), bend=arb(0), eta=eta)
            (tube, needed), tried = _best(tubes), True
    if not proves_less(needed, witness.radius):  # with a guess of what the finest parts would ask for
        guess = not tried and witness.bends is not None
        raise TubeTooNarrow(largest([2 * whole / PARTS[-1] ** 3]) if guess else needed)
    return tube


def _best(tubes: list[Tube]) -> tuple[Tube, arb]:
    """That which asks for the smallest radius, and this radius."""
    quotients = [(tube.eta, tube.beta) for tube in tubes]
    needed = [largest([TUBE_ROOM * eta / beta]) for eta, beta in quotients if eta is not None and beta is not None]
    best = 0
    for i, radius in enumerate(needed):
        if radius < needed[best]:
            best = i
    return tubes[best], needed[best]


def _eta(step: arb, residual: arb, drift: arb, bend: arb) -> arb:
    """An upper bound of ‖P⁻¹Yf(c(γ), γ)‖ for |γ − γ̃| ≤ step."""
    return residual + step * (drift + step * bend / 2)


def _defect(
    field: FieldBalls,
    witness: BranchWitness,
    Gamma: arb,
    at_centre: list[arb],
    expansion: Expansion,
    along: list[arb],
) -> tuple[list[arb], list[arb], list[arb]]:
    """f, its first and its second derivative along the approximate branch c, as `_eta` takes them."""
    zeros = [arb(0)] * len(along)
    if witness.x is None or witness.slope is None:
        return at_centre, along, zeros
    step = _step(witness, Gamma)
    bend = field.second_along(expansion, _slope_over(witness, step))
    if bend is None:
        return at_centre, along, zeros
    if witness.bends is not None:
        turning = [2 * (c + 3 * step * d) for c, d in zip(*witness.bends, strict=True)]
        bend = [x + y for x, y in zip(bend, image(field.jacobian(expansion), turning), strict=True)]
    return at_centre, field.tangent(field.expand(witness.gamma, witness.x, 1), witness.slope)[1], bend


def _centred_expansion(
    field: FieldBalls, witness: BranchWitness, Gamma: arb, reach: list[arb], order: int
) -> tuple[Expansion, Expansion, list[arb]]:
    """The field at γ̃, x̃ + reach, over the tube c(γ) + reach, γ ∈ Γ ∋ γ̃, and d/dγ f along (x̃', 1) over it.

    Centred form: every argument z_l lies in z_l(γ̃, x̃ + reach) + (Γ − γ̃) z_l', with the derivative z_l' along (x̃', 1)
    taken over the tube; much narrower than the plain evaluation where x(γ) moves fast and z_l does not. γ̃ and x̃ may be
    those of a moved centre, balls.
    """
    step = _step(witness, Gamma)
    if witness.x is None or witness.slope is None:
        zeros = [arb(0)] * len(reach)
        return field.expand(witness.gamma, zeros, 1), field.expand(Gamma, zeros, order), zeros
    hull = [c + e for c, e in zip(_centre(witness, Gamma, len(reach)), reach, strict=True)]
    plain = field.expand(Gamma, hull, 1)
    centre = field.expand(witness.gamma, [x + e for x, e in zip(witness.x, reach, strict=True)], 1)
    slope = _slope_over(witness, step)
    moving, _ = field.tangent(plain, slope)
    known = [[z + step * dz for z, dz in zip(*pair, strict=True)] for pair in zip(centre.z, moving, strict=True)]
    expansion = field.expand(Gamma, hull, order, known)
    return centre, expansion, field.tangent(expansion, slope)[1]


def _spectrum_over(
    field: FieldBalls,
    basis: Basis,
    witness: BranchWitness,
    Gamma: arb,
    centre: Expansion,
    expansion: Expansion,
    plain: bool,
) -> tuple[Spectrum, arb_mat | None, arb_mat | None]:
    """Theorem A over the tube, with what it is made of: D_x f is A at (γ̃, x̃ + reach) plus (γ − γ̃) times its derivative
    along (c', 1) there.

    centre, expansion: of `_centred_expansion` with the same witness and Γ; plain: D_x f entry by entry instead.
    """
    if plain:
        return enclose_spectrum(field.jacobian(expansion), basis.witness, basis), None, None
    step = _step(witness, Gamma)
    slope = [acb(0)] * basis.n if witness.slope is None else [acb(y) for y in _slope_over(witness, step)]
    start, turn = field.jacobian(centre), field.jacobian_along(expansion, slope, 1)
    return enclose_spectrum(start, basis.witness, basis, (step, turn)), start, turn


def _narrower(
    field: FieldBalls, witness: BranchWitness, Gamma: arb, centre: Expansion, along: list[arb], bend: list[arb]
) -> list[arb]:
    """Ac' + ∂_γf over the tube; around a cubic c also by its value at γ̃ and its derivative ``bend``."""
    if witness.bends is None or witness.slope is None:
        return along
    step, start = _step(witness, Gamma), field.tangent(centre, witness.slope)[1]
    moved = [x + step * y for x, y in zip(start, bend, strict=True)]
    return [x if x.rad() < y.rad() else y for x, y in zip(along, moved, strict=True)]


def tangent_over(tube: Tube) -> list[arb]:
    """x'(γ) = c' + XPy' for all γ ∈ Γ: Ny' = −P⁻¹Y(Ac' + ∂_γf), so ‖y'‖ ≤ ‖P⁻¹Y(Ac' + ∂_γf)‖/β, as in Lemma T."""
    if tube.beta is None or tube.along is None:
        return [arb(0)] * tube.basis.n
    y = largest([complex_norm(tube.basis, tube.along, tube.weights) / tube.beta])
    slope = _slope_over(tube.witness, _step(tube.witness, tube.Gamma))
    return [x + e for x, e in zip(slope, image_of_ball(tube.basis, y), strict=True)]


def contained(inner: arb, outer: arb) -> bool:
    """Certainly inner ⊂ outer, as closed intervals; exact comparison of the ends."""
    if not (inner.is_finite() and outer.is_finite()):
        return False
    (low, high), (low_outer, high_outer) = enclosure(inner), enclosure(outer)
    return low_outer <= low and high <= high_outer


def _step(witness: BranchWitness, Gamma: arb) -> arb:
    """Γ − γ̃ for a step of the mean value theorem: derivatives are taken over Γ, so γ̃ must lie in it."""
    if not contained(witness.gamma, Gamma):
        raise ProofFailure(
            FailureCode.BRANCH_NOT_VERIFIED, "the centre of a mean value form lies outside of its interval"
        )
    return Gamma - witness.gamma


def _moved(witness: BranchWitness, gamma: arb) -> BranchWitness:
    """The same line c and tube, seen from another centre on it: γ in the place of γ̃, c(γ) (a ball) in that of x̃."""
    if witness.x is None:
        return replace(witness, gamma=gamma)
    if witness.bends is None:
        return replace(witness, gamma=gamma, x=_centre(witness, gamma, len(witness.x)))
    x, slope, *bends = recentred(witness.curve(), gamma - witness.gamma)
    return replace(witness, gamma=gamma, x=x, slope=slope, bends=(bends[0], bends[1]))


def _centre(witness: BranchWitness, gamma: arb, n: int) -> list[arb]:
    if witness.x is None or witness.slope is None:
        return [arb(0)] * n
    step = gamma - witness.gamma
    if witness.bends is None:
        return [x + step * slope for x, slope in zip(witness.x, witness.slope, strict=True)]
    return [a + step * (b + step * (c + step * d)) for a, b, c, d in zip(*witness.curve(), strict=True)]


def _slope_over(witness: BranchWitness, step: arb) -> list[arb]:
    """c'(γ) for all γ − γ̃ in the ball."""
    assert witness.slope is not None
    if witness.bends is None:
        return witness.slope
    return [b + step * (2 * c + 3 * step * d) for b, c, d in zip(witness.slope, *witness.bends, strict=True)]
