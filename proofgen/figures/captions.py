"""The words of the documents about their pictures: what is proved in them, and what is numerical."""

from __future__ import annotations

from collections.abc import Sequence

from ..bundle.pieces import CLEAR
from ..latex.numbers import Tex
from ..latex.pictures import Picture
from ..latex.text import cardinal
from .data import Labels, PointData, RunData
from .map_plots import MultipliersDrawing, components
from .map_points import Iterates, MapPointData
from .meetings import FOLD, POLE, MeetingData
from .orbit_plots import OrbitDrawing
from .orbits import Orbit
from .point_plots import CROWDED, SpectrumDrawing, largest_coordinates, narrow
from .proved_orbits import ProvedOrbits
from .run_plots import MOST_LINES, MOST_MARKERS, WIDE_RANGE, joined_pieces
from .shared_spectrum import SharedSpectrum

GIVEN = " for the weights as given"  # where a theorem is about a box of weights


def _marks(run: RunData) -> str:
    """What stands at the Hopf points of a picture, or at the points of a map."""
    up, down = ("Dots", "squares") if len(run.marks) <= MOST_MARKERS else ("Strokes upwards", "strokes downwards")
    what = "points of the map" if run.discrete else "Hopf points"
    return f"{up} mark the supercritical, {down} the subcritical {what} that are proved"


def number(value: float) -> str:
    """A number of a numerical picture, to six digits."""
    head, _, power = f"{value:.6g}".partition("e")
    return rf"{head}\cdot 10^{{{int(power)}}}" if power else head


def spectrum(name: str, point: PointData, drawing: SpectrumDrawing) -> Picture:
    """The spectrum of A."""
    n, size = len(point.centres), _size(drawing.factor)
    text = r"The spectrum of~$A$ at the Hopf point. "
    text += rf"The grey discs, drawn {size}, enclose the certified pair~$\pm i\omega$"
    mark = "Crosses" if n < CROWDED else "Dots"
    if n > 2 and drawing.others_enclosed:
        text += f"; the circles, drawn {size}, enclose the other eigenvalues"
    elif n > 2:
        text += f". {mark}: centres of the discs of Theorem~A for the other eigenvalues"
    text += ". The axes have different scales, so that discs look like bars" if narrow(point) else ""
    if point.gap is not None:
        text += ". It is proved that none of these lies in the shaded strip"
    return _picture(name, "spectrum", r"Figure~\ref{spectrum} shows the spectrum of~$A$.", text)


def marked_spectrum(name: str, base: str, point: PointData, shared: SharedSpectrum, labels: Labels) -> Picture:
    """The spectrum of W⁰, which all points share, with what belongs to one."""
    g, size = labels.parameter, _size(shared.factor)
    text = (
        rf"The spectrum of~$W^0$ (dots). Its eigenvalues~$\mu$ give those of~$A$, which are $\sigma_1(\mu+{g}^*)$; "
        rf"the vertical line $\operatorname{{Re}}\mu=-{g}^*$ becomes the imaginary axis, and the two large dots on it "
        rf"the certified pair~$\pm i\omega$. The grey discs, drawn {size}, enclose this pair; the circles, drawn "
        f"{size}, enclose the other eigenvalues"
    )
    text += ". The axes have different scales, so that discs look like bars" if shared.narrow else ""
    if point.gap is not None:
        text += ". It is proved that none of these lies in the shaded strip (which may be as narrow as the line)"
    return _picture(name, "spectrum", r"Figure~\ref{spectrum} shows the spectrum of~$A$.", text, base)


def _size(factor: tuple[int, int]) -> str:
    m, k = factor
    power = str(m * 10**k) if k < 3 else f"10^{{{k}}}" if m == 1 else rf"{m}\cdot 10^{{{k}}}"
    return "at their true size" if (m, k) == (1, 0) else f"${power}$ times too large"


def orbit(name: str, point: PointData, found: Orbit | None, gamma: float, labels: Labels, box: bool) -> Picture:
    """A simulated orbit beside the predicted ellipse."""
    i, j = (labels.state[k] for k in largest_coordinates(point))
    g, given = labels.parameter, GIVEN if box else ""
    law = rf"${labels.vector}^*+2\lvert\zeta\rvert\operatorname{{Re}}(q\,e^{{i\theta}})$ of Corollary~\ref{{orbits}}"
    at = rf"${g}\approx {number(gamma)}$"
    views = rf"Left: the components $({i},{j})$, and ${labels.vector}^*$ (cross). Right: ${i}$ over two periods"
    if found is not None:
        text = (
            rf"Simulation, not a proof: a periodic orbit at {at}{given} (solid; Newton's method for a numerical "
            rf"integration over one period), beside the ellipse {law}, of the leading order (dashed). {views}"
        )
        return _picture(name, "orbit", r"Figure~\ref{orbit} compares the leading order with a simulation.", text)
    text = (
        rf"The ellipse {law}, of the leading order at {at}{given}. {views}. No orbit was found numerically to "
        r"compare with, and nothing is claimed about the accuracy of the leading order there"
    )
    return _picture(name, "orbit", r"The leading order is drawn in Figure~\ref{orbit}.", text)


def equilibria(name: str, point: MeetingData, labels: Labels, of_map: bool = False) -> Picture:
    """The equilibria, or fixed points of a map, that meet at a fold, a transcritical point or a pitchfork."""
    g, x, n_u = labels.parameter, labels.vector, point.n_u
    fold = point.kind == FOLD
    rests = "fixed points" if of_map else "equilibria"
    where = rf"{x}^*+s\,q+\dots" if fold else rf"{x}=0$ and~$s\,q+\dots"
    text = (
        rf"The {rests} ${where}$ of Corollary~\ref{{equilibria}} against~${g}-{g}^*$, to leading order: computed in "
        r"binary64 from the middles of the proved enclosures. "
    )
    text += "Solid: stable; dashed: with one unstable direction. " if n_u == 0 else (
        f"All are unstable: black with {_directions(n_u)}, grey with {cardinal(n_u + 1)}. "
    )
    text += "The diamond is the point, whose enclosure is far smaller; "
    text += (
        rf"shaded is the range of~${g}$ of the box in which the fold system has no other zero"
        if fold
        else rf"for no other of the shaded values of~${g}$ has the "
        + (
            rf"fixed point~${x}=0$ a multiplier on the unit circle"
            if of_map
            else rf"linearisation at~${x}=0$ an eigenvalue on the imaginary axis"
        )
    )
    return _picture(name, "meeting", rf"Figure~\ref{{meeting}} shows the {rests} near the point.", text)


def multipliers(name: str, point: MapPointData, drawing: MultipliersDrawing) -> Picture:
    """The multipliers at a point of a map."""
    n, one = len(point.multipliers), point.theta is None
    own = "multiplier~$-1$" if one else r"pair~$e^{\pm i\theta}$"
    text = "The multipliers at the point, with the unit circle. "
    text += rf"The grey disc{'' if one else 's'}, drawn {_size(drawing.factor)}, enclose{'s' * one} the certified {own}"
    if n > len(point.own):
        mark = "Crosses" if n < CROWDED else "Dots"
        text += f". {mark}: centres of the discs of Theorem~A for the other multipliers"
    if point.gap is not None:
        text += ". It is proved that none of these lies in the shaded ring"
    return _picture(name, "multipliers", r"Figure~\ref{multipliers} shows the multipliers.", text)


def iterates(name: str, point: MapPointData, found: Iterates, labels: Labels) -> Picture:
    """Simulated iterates beside the leading order."""
    g, x = labels.parameter, labels.vector
    i, j = (labels.state[k] for k in components(point))
    of_pair = point.theta is not None
    what = "closed curve" if of_pair else "cycle of period two"
    law = rf"${x}({g})+2\rho\operatorname{{Re}}(q\,e^{{i\varphi}})$" if of_pair else rf"${x}({g})\pm s\,q$"
    ref = r"Corollary~\ref{curves}" if of_pair else r"Corollary~\ref{cycles}"
    at = rf"${g}\approx {number(found.gamma)}$"
    views = rf"the component~${i}$ against the number of the step, with its extremes to leading order (dashed)"
    if i != j:
        mark = "dashed" if of_pair else "circles"
        left = rf"Left: the components~$({i},{j})$, the leading order ({mark}) and the fixed point (cross)"
        views = f"{left}. Right: {views}"
    else:
        views = views[0].upper() + views[1:]
    if found.rows is None:
        text = f"The {what} {law} of {ref}, to leading order at {at}; it attracts no iterates, so that none are shown"
        text += f". {views}"
        return _picture(name, "iterates", r"The leading order is drawn in Figure~\ref{iterates}.", text)
    text = f"Simulation, not a proof: {len(found.rows)} iterates of the map at {at} (dots), after many others, beside "
    text += rf"the {what} {law} of {ref}, to leading order. {views}"
    return _picture(name, "iterates", r"Figure~\ref{iterates} compares the leading order with iterates.", text)


def singular(name: str, point: MeetingData, labels: Labels) -> Picture:
    """The equilibria near a line or a pole."""
    g, n_u = labels.parameter, point.n_u
    at = rf"$x(s)=s\,r/\lvert r\rvert$, $s=\lvert r\rvert/({g}-{g}^*)$," if point.kind == POLE else r"$x=s\,q$"
    how = "to leading order" if point.kind == POLE else "of the branch"
    text = rf"The equilibria {at} near~${g}^*$ against~${g}-{g}^*$, {how}: "
    text += r"computed in binary64 from the middles of the proved enclosures. "
    text += "Solid: stable; dashed: with one unstable direction. " if n_u == 0 else (
        f"All are unstable: black with {_directions(n_u)}, grey with {cardinal(n_u + 1)}. "
    )
    if point.kind != POLE:
        text += "On the line one more eigenvalue is~$0$. "
    text += rf"In the shaded range of~${g}$ no other eigenvalue is on the imaginary axis"
    return _picture(name, "meeting", r"Figure~\ref{meeting} shows the equilibria near this value.", text)


def _directions(count: int) -> str:
    return f"{cardinal(count)} unstable direction{'' if count == 1 else 's'}"


def tube(name: str, pieces: Sequence[ProvedOrbits], drawing: OrbitDrawing, labels: Labels) -> Picture:
    """Proved orbits, and their exponents."""
    i, j = (labels.state[k] for k in drawing.components)
    which = "The orbit" if drawing.drawn == 1 else f"{cardinal(drawing.drawn).capitalize()} of the proved orbits"
    tubes = "drawn as the grey tube around it" if drawing.tubes else "much thinner than the line"
    discs = "drawn as circles" if drawing.discs else "much smaller than the marks"
    text = rf"{which}, from the polynomials of the certificate. Left: the components~$({i},{j})$; the tube in which "
    text += rf"{'it' if drawing.drawn == 1 else 'each'} is proved to lie is {tubes}. "
    if len(pieces[-1].exponents):
        last = "" if drawing.drawn == 1 else "of the largest one "
        text += rf"Right: the Floquet exponents {last}modulo~$i$; the crosses are centres of proved discs, {discs}; "
        text += r"the dot is the disc around~$0$ with $0$ and~$\kappa$"
    else:
        text += r"Right: the Floquet exponents $0$ and~$\kappa$ lie in a disc around~$0$ (dot)"
    return _picture(name, "tube", r"Figure~\ref{tube} shows what is proved.", text)


def eigenvalues(run: RunData, labels: Labels, box: bool) -> Picture:
    """Real parts along the branch."""
    what, level = "real parts of the eigenvalues of the linearisation", 0
    if run.discrete:
        what, level = "moduli of the multipliers of the fixed points", 1
    text = (
        rf"Numerical picture: {what} against~${labels.parameter}$, "
        rf"computed in binary64{GIVEN if box else ''}; those far from~${level}$ may be cut off"
    )
    text += "; darker where there are more of them" if run.dimension > MOST_LINES else ""
    text += f". {_marks(run)}" if run.marks else ""
    one = "multiplier" if run.discrete else "eigenvalue"
    text += f". White diamonds mark the proved crossings of a real {one}" if run.crossings else ""
    text += _folds(run)
    sentence = rf"Figure~\ref{{eigenvalues}} shows how the {one}s move."
    return _picture("eigenvalues", "eigenvalues", sentence, text + _unsettled(run))


def lyapunov(run: RunData) -> Picture:
    """ℓ1 against ω."""
    sizes = [abs(point.ell1) for point in run.points]
    text = (
        r"The first Lyapunov coefficient~$\ell_1$ against~$\omega$ for the proved points of Table~\ref{points}: "
        "middles of the enclosures, with bars where these are wider than a marker"
    )
    if max(sizes) > WIDE_RANGE * min(sizes):
        text += r". The axis of~$\ell_1$ is logarithmic on both sides of~$0$"
    return _picture("lyapunov", "lyapunov", r"Figure~\ref{lyapunov} shows $\ell_1$ against~$\omega$.", text)


def branch(run: RunData, component: Tex) -> Picture:
    """The branch and its proved pieces."""
    spans = joined_pieces(run.pieces)
    most = max(count for _, _, count in spans)
    pieces = f"{cardinal(len(run.pieces))} piece{'' if len(run.pieces) == 1 else 's'}"
    text = f"The {pieces}"
    if not run.trivial:
        text = (
            rf"The component~${component}$ along the proved branch; the certificate's tubes around the line "
            f"contain it. Below: the {pieces}"
        )
    text += " over which the statements about the branch are proved"
    if len(spans) > 1:
        text += ", in alternating shades" + (f" (up to {cardinal(most)} neighbours in one)" if most > 1 else "")
    locus = "unit circle" if run.discrete else "imaginary axis"
    text += f"; dark: with a crossing of the {locus}" if any(p.kind != CLEAR for p in run.pieces) else ""
    text += "" if run.trivial else _folds(run)
    sentence = r"Figure~\ref{branchpieces} shows the pieces of the proof."
    return _picture("branch", "branchpieces", sentence, text + _unsettled(run))


def diagram(run: RunData, component: Tex, simulated: bool, box: bool) -> Picture:
    """The bifurcation diagram."""
    text = "Bifurcation diagram"
    if run.trivial or run.lines is None:
        text += (
            rf". Black: the component~${component}$ of the fixed points, solid where no numerical multiplier is "
            "outside of the unit circle, else dashed"
            if run.discrete
            else rf". Black: the component~${component}$ of the equilibria, solid where no numerical eigenvalue has a "
            "positive real part, else dashed"
        )
    if run.marks:
        born = "closed invariant curves and cycles" if run.discrete else "periodic orbits"
        text += (
            rf". Grey: the extremes of~${component}$ to leading order on the {born} that are proved to exist "
            rf"near each point (solid: supercritical, dashed: subcritical). {_marks(run)}"
        )
    text += _folds(run)
    if run.orbits:
        text += (
            rf". Dark bands (diamonds: single orbits): the extremes of~${component}$ on proved periodic orbits, with a "
            "solid edge where these are proved stable; a band holds the enclosures of them, which are mostly thinner "
            "than its edge"
        )
    if simulated:
        text += f". Small dots: extremes of simulated orbits{GIVEN if box else ''}, which prove nothing"
    return _picture("diagram", "diagram", r"Figure~\ref{diagram} is the bifurcation diagram.", text + _unsettled(run))


def _picture(name: str, label: str, sentence: str, caption: str, base: str | None = None) -> Picture:
    return Picture(name, label, Tex(sentence), Tex(caption + "."), base)


def _folds(run: RunData) -> str:
    return ". Grey diamonds mark the folds that are proved" if run.folds else ""


def _unsettled(run: RunData) -> str:
    return ". Hatched intervals are not settled" if run.unsettled else ""
