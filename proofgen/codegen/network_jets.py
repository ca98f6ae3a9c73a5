"""Jets of a network as code, unrolled layer by layer from Faà di Bruno's formula as SymPy derived it.

Terms that vanish (a linear layer, a layer without γ, mixed coefficients at the input) are not emitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ..symbolic.subsets import Subset, parts, subsets
from .chain_rule import chain_rule
from .jets import GAMMA, JETS


@dataclass(frozen=True)
class EmittedLayer:
    """What the emission needs to know of one layer."""

    number: int
    rows: int
    columns: int
    activation: int
    linear: bool
    has_bias: bool
    identity: tuple[str, ...]  # coefficient factors of γI, such as "" or "2*"
    units: tuple[tuple[int, int, str], ...]
    E: bool
    moves_bias: bool = False  # γ enters it

    @property
    def enters(self) -> bool:
        """Whether γ enters the weights."""
        return bool(self.identity or self.units or self.E)

    @property
    def weights_code(self) -> str:
        if not self.enters:
            return f'balls["W{self.number}"]'
        E = f', balls["E{self.number}"]' if self.E else ""
        return f'weights_{self.number}(balls["W{self.number}"], gamma{E})'

    @property
    def activation_text(self) -> str:
        return f"activation_{self.activation}"

    @property
    def parameter_text(self) -> str:
        parts = [f"{c or '+'}γI".replace("*", " ").replace("+γ", "γ") for c in self.identity]
        parts += [f"{c or ''}γ at ({r + 1}, {k + 1})".replace("*", " ") for r, k, c in self.units]
        return " and ".join([*parts, *(["γE"] if self.E else []), *(["γc"] if self.moves_bias else [])])

    @property
    def c(self) -> str:
        """Code of c, the derivative of the bias by γ, as a complex list."""
        return f'[acb(row[0]) for row in e.data["c{self.number}"].table()]'

    def moved(self, at: str) -> list[str]:
        """Code of E h and of c, as many as there are: the derivative of W(γ)h + b(γ) by γ, at = a complex list."""
        E = f', e.data["E{self.number}"]' if self.E else ""
        return [f"parameter_{self.number}({at}{E})"] * self.enters + [self.c] * self.moves_bias


@lru_cache(maxsize=64)  # networks of a study have the same layers
def network_jets(layers: tuple[EmittedLayer, ...]) -> list[dict[str, Any]]:
    """The forms of `JETS` for the template."""
    return [_jet(name, directions, text, layers) for name, directions, text in JETS]


def _jet(name: str, directions: tuple[str, ...], text: str, layers: tuple[EmittedLayer, ...]) -> dict[str, Any]:
    """One jet, unrolled: blocks of code lines for each layer, and the name of the result."""
    order = len(directions)
    gamma = directions.index(GAMMA) + 1 if GAMMA in directions else None
    jet = _UnrolledJet(order, gamma)
    known: dict[Subset, str] = {(k,): d for k, d in enumerate(directions, start=1) if d != GAMMA}
    blocks = []
    whole = tuple(range(1, order + 1))
    for layer in layers:
        lines, known = jet.layer(layer, known, last=layer is layers[-1])
        if lines:
            blocks.append({"number": layer.number, "lines": lines})
    result = known.get(whole, "[acb(0)] * DIMENSION")
    return {"name": name, "arguments": [d for d in directions if d != GAMMA], "text": text,
            "blocks": blocks, "result": result}  # fmt: skip


@dataclass(frozen=True)
class _UnrolledJet:
    """Code of one jet. ``known`` maps subsets of directions to the name of h_S before a layer; missing means 0."""

    order: int
    gamma: int | None

    def layer(
        self, layer: EmittedLayer, known: dict[Subset, str], last: bool
    ) -> tuple[list[str], dict[Subset, str]]:
        lines: list[str] = []
        index = layer.number - 1
        whole = tuple(range(1, self.order + 1))
        zs: dict[Subset, str] = {}
        for subset in subsets(self.order):
            terms = []
            if subset in known:
                terms.append(f"_times(e.W[{index}], {known[subset]})")
            if self.gamma in subset:
                terms += self._parameter(layer, tuple(i for i in subset if i != self.gamma), known)
            if terms:
                name = "z_" + "".join(map(str, subset))
                zs[subset] = name
                if len(terms) == 1:
                    lines.append(f"{name} = {terms[0]}")
                else:
                    letters = "xyw"[: len(terms)]
                    total = f"[{' + '.join(letters)} for {', '.join(letters)} in zip({', '.join(terms)}, strict=True)]"
                    lines.append(f"{name} = {total}")
        after: dict[Subset, str] = {}
        for subset in [whole] if last else subsets(self.order):
            line = self._through_sigma(layer, subset, zs)
            if line:
                after[subset] = "h_" + "".join(map(str, subset))
                lines.append(f"{after[subset]} = {line}")
        return lines if after else [], after

    def _parameter(self, layer: EmittedLayer, rest: Subset, known: dict[Subset, str]) -> list[str]:
        if not rest:
            return layer.moved(f"[acb(y) for y in e.inputs[{layer.number - 1}]]")
        return layer.moved(known[rest])[:1] if rest in known and layer.enters else []

    def _through_sigma(self, layer: EmittedLayer, subset: Subset, zs: dict[Subset, str]) -> str | None:
        """Code of h_S from the z's: Faà di Bruno, with absent coefficients and derivatives put to 0."""
        if layer.linear:
            return zs.get(subset)
        found = chain_rule(subset, tuple(part for part in parts(subset) if part in zs))
        if found is None:
            return None
        sources = {f"sigma{k + 1}": f"e.sigma[{layer.number - 1}][{k}]" for k in found["sigma"]}
        sources |= {f"y_{part}": f"z_{part}" for part in found["z"]}
        variables, lists = ", ".join(sources), ", ".join(sources.values())
        return f"[{found['code']} for {variables} in zip({lists}, strict=True)]"


def jacobian_jet(layers: tuple[EmittedLayer, ...]) -> list[str]:
    """Code of the derivative of A along (u, gamma): the jet of order two with that and all unit directions.

    H_2: first-order coefficients of the unit directions, H_12: the mixed ones, h_1: the list for u.
    """
    lines: list[str] = []
    for layer in layers:
        index = layer.number - 1
        first = layer is layers[0]
        E = f', e.data["E{layer.number}"]' if layer.E else ""
        lines.append(f"# layer {layer.number}")
        lines.append(f"z_1 = [x.real for x in _times(e.W[{index}], {'u' if first else 'h_1'})]")
        lines.append(f"Z_2 = e.W[{index}]" + ("" if first else " * H_2"))
        zero = f"arb_mat({layer.rows}, DIMENSION)"
        lines.append(f"Z_12 = {zero}" if first else f"Z_12 = e.W[{index}] * H_12")
        moved = layer.moved(f"[acb(y) for y in e.inputs[{index}]]")
        if moved:
            lines.append("if gamma:")
            lines += [f"    z_1 = [x + y.real for x, y in zip(z_1, {part}, strict=True)]" for part in moved]
        if layer.enters:
            H = "_identity(DIMENSION)" if first else "H_2"
            lines.append(f"    Z_12 = Z_12 + parameter_matrix_{layer.number}({H}{E})")
        if layer.linear:
            lines.append("h_1, H_2, H_12 = [acb(y) for y in z_1], Z_2, Z_12")
            continue
        bent = f"_scaled_rows([sigma2*y for sigma2, y in zip(e.sigma[{index}][1], z_1, strict=True)], Z_2)"
        lines.append(f"H_12 = {bent} + _scaled_rows(e.sigma[{index}][0], Z_12)")
        if layer is not layers[-1]:
            lines.append(f"H_2 = _scaled_rows(e.sigma[{index}][0], Z_2)")
            lines.append(f"h_1 = [acb(sigma1*y) for sigma1, y in zip(e.sigma[{index}][0], z_1, strict=True)]")
    return lines
