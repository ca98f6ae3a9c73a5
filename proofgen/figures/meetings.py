"""Where two branches of equilibria meet: folds, transcritical points and pitchforks, to leading order; and where W(γ)
is singular: lines and poles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..bundle.fold import FoldPoint
from ..bundle.kinds import SingularPoint, ZeroCrossing
from ..bundle.singular import PoleClaims
from ..bundle.zero_crossing import PitchforkPoint
from ..numbers.printed import Enclosure

Array = npt.NDArray[np.float64]
SHOWN = 3.0  # how much more than the box or window is drawn
SAMPLES = 121
FOLD, TRANSCRITICAL, PITCHFORK, LINE, POLE = "fold", "transcritical", "pitchfork", "line", "pole"
NEAREST = 0.05  # of the reach: how near to a pole it is drawn


@dataclass(frozen=True)
class MeetingData:
    """One certificate, in binary64. speed: b of a fold, else d; coefficient: a or e, of a pole |r|, of a line 0;
    window: γ − γ* from … to …, of the box in which the fold system has one zero, or of the γ of which no other has an
    eigenvalue on the axis."""

    id: str
    kind: str
    gamma: float
    equilibrium: Array
    speed: float
    coefficient: float
    n_u: int
    window: tuple[float, float]

    @property
    def reach(self) -> float:
        """How far on both sides of γ* it is drawn."""
        return max(-self.window[0], self.window[1]) * (1 if self.kind in (LINE, POLE) else SHOWN)


@dataclass(frozen=True)
class Curve:
    """Equilibria x* + sq near a point: γ − γ*, s, and how many eigenvalues have positive real part."""

    gamma: Array
    s: Array
    n_u: int


def read_fold(point: FoldPoint) -> MeetingData:
    claims = point.claims
    middle, radius = point.witness.gamma - claims.parameter.middle, claims.uniqueness_radius.value
    return MeetingData(
        point.id, FOLD, _middle(claims.parameter), np.array([_middle(x) for x in claims.equilibrium]),
        _middle(claims.b), _middle(claims.a), claims.unstable, (float(middle - radius), float(middle + radius)),
    )  # fmt: skip


def read_zero_crossing(point: ZeroCrossing) -> MeetingData:
    claims = point.claims
    low, high = (float(end - claims.parameter.middle) for end in claims.window.ends)
    return MeetingData(
        point.id, PITCHFORK if isinstance(point, PitchforkPoint) else TRANSCRITICAL, _middle(claims.parameter),
        np.zeros(len(claims.equilibrium)), _middle(claims.eigenvalue_speed), _middle(claims.coefficient),
        claims.unstable, (low, high),
    )  # fmt: skip


def read_singular(point: SingularPoint) -> MeetingData:
    claims = point.claims
    speed = _middle(claims.eigenvalue_speed)
    alone = float(claims.spectral_gap.value) / abs(speed)  # no other eigenvalue reaches the axis for nearer γ
    kind, coefficient = (POLE, _middle(claims.coefficient)) if isinstance(claims, PoleClaims) else (LINE, 0.0)
    return MeetingData(
        point.id, kind, _middle(claims.parameter), np.zeros(len(claims.vector)), speed, coefficient, claims.unstable,
        (-alone, alone),
    )  # fmt: skip


def _middle(enclosure: Enclosure) -> float:
    return float(enclosure.middle)


def curves(point: MeetingData) -> list[Curve]:
    """To leading order. In all of them the sign of the eigenvalue that is 0 at γ* says how many have positive real part
    (MATHEMATICS.md, sections 17 and 20)."""
    reach, n_u = point.reach, point.n_u
    speed, coefficient = point.speed, point.coefficient
    if point.kind == FOLD:  # γ − γ* = −(a/b)s², the eigenvalue is 2as
        s = np.sqrt(abs(speed / coefficient) * reach) * np.linspace(0, 1, SAMPLES)
        gamma = -coefficient / speed * s**2
        return [Curve(gamma, sign * s, n_u + (sign * coefficient > 0)) for sign in (1, -1)]
    found = []
    if point.kind == LINE:
        found.append(Curve(np.zeros(SAMPLES), np.linspace(-1, 1, SAMPLES), n_u))
    for side in (1, -1):
        gamma = side * reach * np.linspace(0, 1, SAMPLES)
        growing = side * speed > 0  # the eigenvalue of x = 0, or of the branch at a pole, is d(γ − γ*)
        if point.kind == POLE:  # s = |r|/(γ − γ*)
            gamma = side * reach * np.linspace(NEAREST, 1, SAMPLES)
            found.append(Curve(gamma, coefficient / gamma, n_u + growing))
            continue
        found.append(Curve(gamma, np.zeros(SAMPLES), n_u + growing))
        if point.kind == TRANSCRITICAL:  # s = −(d/a)(γ − γ*), the eigenvalue is −d(γ − γ*)
            found.append(Curve(gamma, -speed / coefficient * gamma, n_u + (not growing)))
        elif side * speed * coefficient < 0:  # s² = −(d/e)(γ − γ*), the eigenvalue is 2es²
            s = np.sqrt(-speed / coefficient * gamma)
            found += [Curve(gamma, sign * s, n_u + (coefficient > 0)) for sign in (1, -1)]
    return found
