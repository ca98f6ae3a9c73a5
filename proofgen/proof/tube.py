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

from flint import acb, arb

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
from .failure import FailureCode, ProofFailure
from .field import Expansion, FieldBalls
from .spectrum import Basis, Spectrum, enclose_spectrum

TUBE_ROOM = 1.5  # r is at least so many times η/β: room for a checker that bounds η in another way
WIDEST_ARGUMENT = 0.05  # radius of z over a tube: beyond it enclosures of σ depend much on how they are computed
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
    """An approximate equilibrium, untrusted and exact: γ̃, x̃, x̃' and r as points; x None on the trivial branch."""

    gamma: arb
    x: list[arb] | None
    slope: list[arb] | None
    radius: arb | None


@dataclass(frozen=True)
class Tube:
    """The verified branch over Γ. residual ≥ ‖P⁻¹Yf(x̃, γ̃)‖, drift ≥ ‖P⁻¹Y(Ax̃' + ∂_γf)‖; None on the trivial branch.

    bend: 0, or an upper bound of ‖P⁻¹Yf_ττ‖ over the tube; then drift is taken at γ̃ alone.
    weights: lower bounds of |d_i| in the weighted form, else None.
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
        return _image_of_ball(self.basis, y)

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
            moved = [(c - step).mid() for c, step in zip(centre, _newton_like_step(self.basis, value), strict=True)]
            if not self.contains(gamma, moved):
                break
            centre, value = moved, field.expand(gamma, moved, 0).value
        y = largest([complex_norm(self.basis, value, self.weights) / self.beta])
        return [c + e for c, e in zip(centre, _image_of_ball(self.basis, y), strict=True)]

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
            proves_less(modulus + s * top, self.witness.radius)
            for modulus, s in zip(moduli, self.basis.s, strict=True)
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
    reach = zeros if witness.radius is None else _image_of_ball(basis, witness.radius)
    centre, expansion, along = _centred_expansion(field, witness, Gamma, reach, max(order, 2))
    widest = largest(z.rad() for group in field.nonlinear for z in expansion.z[group])
    if not proves_less(widest, arb(WIDEST_ARGUMENT)):
        raise ProofFailure(FailureCode.BRANCH_NOT_VERIFIED, "an argument of an activation varies too much")
    plain = basis.n >= PLAIN_DIMENSION and not weighted
    spectrum = _spectrum_over(field, basis, witness, Gamma, centre, expansion, plain)
    if witness.x is None or witness.radius is None:
        return Tube(witness, basis, Gamma, expansion, spectrum, None, None, None, None, None)
    # below t_i ≥ o_i stands for o_i, so that β is at most that of the lemma
    forms: list[list[arb] | None] = [None]
    sizes = [smallest([abs(d)]) for d in spectrum.d]
    if weighted and all(proves_positive(size) for size in sizes):
        forms.append(sizes)
    with working_precision(centre_bits or current_precision()):
        # a ball of its own: a field may keep what it made of another one at fewer bits
        at_centre = [] if witness.x is None else field.expand(arb(witness.gamma), witness.x, 0).value
    vectors = _defect(field, witness, at_centre, expansion, along)
    step = abs(_step(witness, Gamma))
    needed, best = arb.pos_inf(), None
    for weights in forms:
        beta = smallest(
            abs(d) - e - t if weights is None else 1 - (e + t) / weights[i]
            for i, (d, e, t) in enumerate(zip(spectrum.d, spectrum.e, spectrum.t, strict=True))
        )
        if not proves_positive(beta):
            continue
        residual, drift, bend = (complex_norm(basis, v, weights) for v in vectors)
        eta = largest([_eta(step, residual, drift, bend)])
        room = largest([TUBE_ROOM * eta / beta])
        if best is None or room < needed:
            needed = room
            best = Tube(witness, basis, Gamma, expansion, spectrum, residual, drift, bend, eta, beta, weights)
    if best is None:
        raise ProofFailure(
            FailureCode.BRANCH_NOT_VERIFIED, "the Jacobian is not proved invertible over the parameter piece (β ≤ 0)"
        )
    if not proves_less(needed, witness.radius):
        raise TubeTooNarrow(needed)
    return best


def _eta(step: arb, residual: arb, drift: arb, bend: arb) -> arb:
    """An upper bound of ‖P⁻¹Yf(c(γ), γ)‖ for |γ − γ̃| ≤ step."""
    return residual + step * (drift + step * bend / 2)


def _defect(
    field: FieldBalls, witness: BranchWitness, at_centre: list[arb], expansion: Expansion, along: list[arb]
) -> tuple[list[arb], list[arb], list[arb]]:
    """f, its first and its second derivative along the approximate branch c, as `_eta` takes them."""
    zeros = [arb(0)] * len(along)
    if witness.x is None or witness.slope is None:
        return at_centre, along, zeros
    bend = field.second_along(expansion, witness.slope)
    if bend is None:
        return at_centre, along, zeros
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
    moving, _ = field.tangent(plain, witness.slope)
    known = [[z + step * dz for z, dz in zip(*pair, strict=True)] for pair in zip(centre.z, moving, strict=True)]
    expansion = field.expand(Gamma, hull, order, known)
    return centre, expansion, field.tangent(expansion, witness.slope)[1]


def _spectrum_over(
    field: FieldBalls,
    basis: Basis,
    witness: BranchWitness,
    Gamma: arb,
    centre: Expansion,
    expansion: Expansion,
    plain: bool,
) -> Spectrum:
    """Theorem A over the tube: D_x f is A at (γ̃, x̃ + reach) plus (γ − γ̃) times its derivative along (x̃', 1) there.

    centre, expansion: of `_centred_expansion` with the same witness and Γ; plain: D_x f entry by entry instead.
    """
    if plain:
        return enclose_spectrum(field.jacobian(expansion), basis.witness, basis)
    slope = [acb(0)] * basis.n if witness.slope is None else [acb(y) for y in witness.slope]
    motion = (_step(witness, Gamma), field.jacobian_along(expansion, slope, 1))
    return enclose_spectrum(field.jacobian(centre), basis.witness, basis, motion)


def contained(inner: arb, outer: arb) -> bool:
    """Certainly inner ⊂ outer, as closed intervals; exact comparison of the ends."""
    if not (inner.is_finite() and outer.is_finite()):
        return False
    (low, high), (low_outer, high_outer) = enclosure(inner), enclosure(outer)
    return low_outer <= low and high <= high_outer


def complex_moduli(basis: Basis, v: list[arb]) -> list[arb]:
    """Upper bounds of |(P⁻¹Yv)_i| by block, for a real vector v."""
    m = basis.witness.pairs
    y = image(basis.witness.Y, v)
    pairs = [abs(acb(y[2 * a], y[2 * a + 1])) / 2 for a in range(m)]
    return [largest([x]) for x in (*pairs, *(abs(x) for x in y[2 * m :]))]


def complex_norm(basis: Basis, v: list[arb], weights: list[arb] | None = None) -> arb:
    """An upper bound of ‖P⁻¹Yv‖_∞, or of max_i |(P⁻¹Yv)_i|/w_i."""
    moduli = complex_moduli(basis, v)
    return largest(moduli if weights is None else (x / w for x, w in zip(moduli, weights, strict=True)))


def _step(witness: BranchWitness, Gamma: arb) -> arb:
    """Γ − γ̃ for a step of the mean value theorem: derivatives are taken over Γ, so γ̃ must lie in it."""
    if not contained(witness.gamma, Gamma):
        raise ProofFailure(
            FailureCode.BRANCH_NOT_VERIFIED, "the centre of a mean value form lies outside of its interval"
        )
    return Gamma - witness.gamma


def _moved(witness: BranchWitness, gamma: arb) -> BranchWitness:
    """The same line c and tube, seen from another centre on it: γ in the place of γ̃, c(γ) (a ball) in that of x̃."""
    x = None if witness.x is None else _centre(witness, gamma, len(witness.x))
    return replace(witness, gamma=gamma, x=x)


def _centre(witness: BranchWitness, gamma: arb, n: int) -> list[arb]:
    if witness.x is None or witness.slope is None:
        return [arb(0)] * n
    step = gamma - witness.gamma
    return [x + step * slope for x, slope in zip(witness.x, witness.slope, strict=True)]


def _newton_like_step(basis: Basis, value: list[arb]) -> list[arb]:
    """XP diag(1/d_i) P⁻¹Y v for a real vector v."""
    m, d = basis.witness.pairs, basis.witness.d
    y = image(basis.witness.Y, value)
    column: list[arb] = []
    for a in range(m):
        z = acb(y[2 * a], -y[2 * a + 1]) / 2 / d[a]
        column += [2 * z.real, -2 * z.imag]
    column += [y[a + m] / d[a].real for a in range(m, len(d))]
    return image(basis.witness.X, column)


def _image_of_ball(basis: Basis, radius: arb) -> list[arb]:
    """Balls around 0 with the entries of XPy for all |y_i| ≤ radius with a real image."""
    m, n = basis.witness.pairs, basis.n
    y = [arb(0, 2 * radius)] * (2 * m) + [arb(0, radius)] * (n - 2 * m)
    return image(basis.witness.X, y)
