"""What documents say differently of networks and of fields given by equations."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..formulas.names import component_names
from .numbers import Tex
from .text import cardinal, counted


@dataclass(frozen=True)
class Words:
    """noun, long, subject: of what is proved; discrete: of a map; description, formulas: templates; vector, jacobian: x
    and D_x f; names: of the components of x; trivial: why x = 0 is an equilibrium; source: of the prover's code."""

    equations: bool
    noun: str
    long: str
    subject: str
    description: str
    formulas: str
    vector: Tex
    jacobian: Tex
    names: tuple[Tex, ...]
    trivial: Tex
    source: Tex
    discrete: bool = False


def network_words(n: int, discrete: bool = False) -> Words:
    return Words(
        discrete=discrete,
        equations=False,
        noun="network",
        long="recurrent network",
        subject=f"network of {cardinal(n)} neurons",
        description="field/layered.tex.jinja",
        formulas="formulas/layered.tex.jinja",
        vector=Tex("x"),
        jacobian=Tex("D_xf"),
        names=tuple(map(Tex, component_names(n))),
        trivial=Tex(r"because all biases vanish and every activation vanishes at~$0$"),
        source=Tex("SymPy's formulas"),
    )


def one_layer_words(n: int) -> Words:
    """A network on its zero branch: the same words, its own formulas."""
    return replace(
        network_words(n), description="field/one_layer.tex.jinja", formulas="formulas/one_layer.tex.jinja"
    )  # fmt: skip


def equations_words(vector: str, names: tuple[str, ...], discrete: bool = False) -> Words:
    bold = vector != "x"
    words = Words(
        equations=True,
        noun="system",
        long="system",
        subject=f"system of {counted(len(names), 'equation')}",
        description="field/equations.tex.jinja",
        formulas="formulas/equations.tex.jinja",
        vector=Tex(f"{{{vector}}}" if bold else vector),
        jacobian=Tex(rf"D_{{{vector}}}f" if bold else "D_xf"),
        names=tuple(map(Tex, names)),
        trivial=Tex("because every right-hand side vanishes there"),
        source=Tex("the expression graph of~$f$ and SymPy's formulas"),
    )
    if not discrete:
        return words
    size = "one variable" if len(names) == 1 else f"{cardinal(len(names))} variables"
    trivial = Tex("because every component of the map vanishes there")
    return replace(words, noun="map", long="map", subject=f"map of {size}", trivial=trivial, discrete=True)
