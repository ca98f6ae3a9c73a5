"""A commented spec for a file of weights: its arrays, a guess of the layers, and what is to be filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import ArgumentError
from .listing import Listed
from .recurrent import GATES
from .written import toml_text

KINDS = ("layered", "asymmetric-rnn", "rnn", "gru", "lstm")
RECURRENT = ("weight_hh_l0", "weight_hh")  # PyTorch's names of the recurrent weights of a layer and of a cell
SHOWN = 60


@dataclass(frozen=True)
class Guess:
    """Layers as (weights, bias or None)."""

    layers: tuple[tuple[Listed, Listed | None], ...]


def draft(file: str, arrays: Sequence[Listed], kind: str | None = None) -> str:
    """The text of a spec. file: as the spec names it; kind: of network, guessed where it is None.

    It is a whole spec where the arrays fit together, and else has gaps that say so. Raises ArgumentError.
    """
    if kind is not None and kind not in KINDS:
        raise ArgumentError(f"expected one of {', '.join(KINDS)}", key="kind", value=kind)
    names = {array.name for array in arrays}
    recurrent = [array for array in arrays if array.name.rpartition(".")[2] in RECURRENT]
    if kind is None:
        kind = "asymmetric-rnn" if "R1" in names else next(filter(None, map(_gated, recurrent)), "layered")
    recurrent = [array for array in recurrent if _gated(array) == kind]
    lines = [f"# A draft for the weights in {_comment(file)}. Lines with FILL IN are guesses: look at each of them."]
    for array in arrays[:SHOWN]:
        lines.append(f"#   {_comment(array.name or file):40} {' x '.join(map(str, array.shape)) or 'a number'}")
    lines += [f"# … and {len(arrays) - SHOWN} more"] if len(arrays) > SHOWN else []
    lines += ["", f"title = {toml_text(file)}", "", "[network]", f'family = "{kind}"']
    if kind in GATES:
        return "\n".join([*lines, *_recurrent(file, arrays, recurrent, kind)]) + "\n"
    lines += _asymmetric(file, arrays) if kind == "asymmetric-rnn" else _layered(file, guess(arrays))
    lines += [
        "", "[parameter]", 'name = "gamma"',
        'enters = "identity"         # W + gamma*I; or { row = 1, column = 2 }, { matrix = … }',
        'interval = ["-1", "1"]      # FILL IN: the range of gamma',
        "", "[proof]", 'weight_radius = "0"         # "float32": for every network whose weights are rounded to these',
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def guess(arrays: Sequence[Listed]) -> Guess:
    """Matrices in the order of the file, as far as each takes what the one before gives; biases by their names."""
    matrices = [a for a in arrays if len(a.shape) == 2 and min(a.shape) > 1] or [a for a in arrays if len(a.shape) == 2]
    layers: list[tuple[Listed, Listed | None]] = []
    for matrix in matrices:
        if not layers or matrix.shape[1] == layers[-1][0].shape[0]:
            layers.append((matrix, _bias_of(matrix, arrays)))
    while layers and layers[-1][0].shape[0] != layers[0][0].shape[1]:
        layers.pop()
    return Guess(tuple(layers))


def _bias_of(matrix: Listed, arrays: Sequence[Listed]) -> Listed | None:
    for old, new in (("weight", "bias"), ("kernel", "bias"), ("W", "b"), ("w", "b")):
        name = new.join(matrix.name.rsplit(old, 1)) if old in matrix.name else None
        for array in arrays:
            if array.name == name and array.shape in ((matrix.shape[0],), (matrix.shape[0], 1), (1, matrix.shape[0])):
                return array
    return None


def _asymmetric(file: str, arrays: Sequence[Listed]) -> list[str]:
    names = {array.name for array in arrays}
    lines = ['activation = "tanh"          # FILL IN']
    lines += [f"{name} = {_reference(file, name)}" for name in ("R1", "R2", "bias") if name in names]
    return lines if "R1" in names else [*lines, '# R1 = "…"                    # FILL IN: W = R1 - R1^T + R2']


def _gated(array: Listed) -> str | None:
    """The family whose recurrent weights have such a shape."""
    rows, columns = array.shape if len(array.shape) == 2 else (0, 1)
    return next((family for family, gates in GATES.items() if rows == gates * columns), None)


def _recurrent(file: str, arrays: Sequence[Listed], weights: Sequence[Listed], family: str) -> list[str]:
    """What follows the family, for the names of PyTorch."""
    lines = [f"state_dict = {toml_text(file)}"]
    if not weights:
        lines.append('prefix = ""                  # FILL IN: what stands before weight_hh_l0 in its names')
    for number, array in enumerate(weights):  # of several, one is to be chosen
        prefix, _, name = array.name.rpartition("weight_hh")
        lines.append(f"{'# ' * (number > 0)}prefix = {toml_text(prefix)}")
        inputs = [a.shape[1] for a in arrays if a.name == f"{prefix}weight_ih{name}" and len(a.shape) == 2]
        if inputs and not number:
            zeros = ", ".join(['"0"'] * inputs[0])
            lines.append(f"input = [{zeros}]   # FILL IN: the constant input")
    if family == "rnn":
        lines.append('activation = "tanh"          # FILL IN: a state_dict does not say it')
    return [
        *lines, "", "[parameter]", 'name = "gamma"',
        'enters = { gain = "weight_hh" }   # or { input = 1 }, { array = "weight_hh", row = 1, column = 2 }',
        'interval = ["0.5", "1.5"]    # FILL IN: the range of gamma',
    ]  # fmt: skip


def _layered(file: str, guessed: Guess) -> list[str]:
    lines = ['leak = "1"                   # FILL IN: x\' = -leak*x + …']
    square = any(weights.shape[0] == weights.shape[1] for weights, _ in guessed.layers)
    for number, (weights, bias) in enumerate(guessed.layers):
        lines += ["", "[[network.layer]]", f"weights = {_reference(file, weights.name)}"]
        lines += [] if bias is None else [f"bias = {_reference(file, bias.name)}"]
        lines += ['activation = "tanh"          # FILL IN']
        if not square and not number:
            lines.append(f"enters = {{ matrix = {_reference(file, weights.name)} }}   # FILL IN: W + gamma*W")
        elif weights.shape[0] != weights.shape[1]:
            lines.append('enters = "none"              # FILL IN')
    if not guessed.layers:
        return [*lines, "", "# FILL IN: no matrices fit together; the last layer gives back as many numbers as come in",
                "# [[network.layer]]", f"# weights = {_reference(file, 'NAME')}", '# activation = "tanh"']  # fmt: skip
    return lines


def _reference(file: str, name: str) -> str:
    return toml_text(f"{file}:{name}" if name else file)


def _comment(text: str) -> str:
    """Text of a file in a comment: one line."""
    return "".join(c if c.isprintable() else "_" for c in text)[:120]
