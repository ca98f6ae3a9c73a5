"""A problem → the spec that says the same. Exact: decimals, or arrays of binary64 in files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from ..errors import UnsupportedError
from ..numbers.decimals import exact_decimal
from ..numbers.exact import MAX_DECIMAL_CHARS, ExactMatrix
from ..numbers.radius import Radius, format_of, is_zero
from ..problem.cell import CellProblem
from ..problem.equations import EquationsProblem
from ..problem.network import Layer, Problem, Term
from ..problem.options import OrbitOptions, ProofOptions
from ..problem.plane import PlaneProblem
from ..problem.problem import AnyProblem

Store = Callable[[str, ExactMatrix], str | None]  # name, matrix → the data file that holds it, None: write it inline


def nowhere(name: str, matrix: ExactMatrix) -> None:
    """All arrays stand in the spec."""


def network_toml(problem: Problem, store: Store = nowhere) -> str:
    """Raises UnsupportedError for numbers that have no short decimal and are not stored."""
    texts = {name: _array(name, array, store) for name, array in problem.arrays.items()}
    lines = [*_head(problem), "", "[network]"]
    hints = [] if problem.leak == 0 else [f"leak = {_leak(problem, texts)}"]
    hints += [] if problem.start is None else [f"start = {_vector(problem.start)}"]
    hints = ['time = "discrete"', *hints] if problem.discrete else hints
    first, count = problem.layers[0], len(problem.layers)
    if "R1" in problem.arrays:
        if f"W{count}" in problem.arrays:  # an Euler map, whose last layer is εI
            step = problem.arrays[f"W{count}"].fractions()[0][0]
            hints, count = _of_euler(problem, texts, step), count - 1
        lines += ['family = "asymmetric-rnn"', f"activation = {toml_text(first.activation)}"]
        lines += [f"{name} = {texts[name]}" for name in ("R1", "R2", "bias") if name in texts]
        lines += [f"layers = {count}"] if count > 1 else []
        lines += hints
        enters = _enters(first, texts)
    else:
        lines += ['family = "layered"', *hints]
        enters = None
        for layer in problem.layers:
            bias = [] if layer.bias is None else [f"bias = {texts[layer.bias]}"]
            terms = layer.weights if _own(layer) else layer.parameter
            name = next(term.matrix for term in terms if term.matrix is not None)
            lines += ["", "[[network.layer]]", f"weights = {texts[name]}", *bias]
            lines += [f"activation = {toml_text(layer.activation)}", f"enters = {_enters(layer, texts)}"]
    lines += ["", "[parameter]", f"name = {toml_text(problem.parameter_name)}"]
    lines += [] if enters is None else [f"enters = {enters}"]
    shifts = {_shift(layer) for layer in problem.layers if layer.parameter or layer.bias_parameter} - {Fraction(0)}
    lines += [f"shift = {_number(shift)}" for shift in shifts]
    lines += [] if problem.interval is None else [f"interval = {_vector(problem.interval)}"]
    return "\n".join([*lines, *_proof(problem.proof, _radii(problem))]) + "\n"


def _of_euler(problem: Problem, texts: dict[str, str], step: Fraction) -> list[str]:
    """What stands beside the layers, of the flow."""
    if isinstance(problem.leak, str):
        rows = problem.arrays[problem.leak].fractions()
        leak = [f"leak = {_vector(tuple((row[0] + 1) / step for row in rows))}"]
    else:
        own = (problem.leak + 1) / step
        leak = [f"leak = {_number(own)}"] if own else []
    start = [] if problem.start is None else [f"start = {_vector(problem.start)}"]
    return [f"time = {{ euler = {_number(step)} }}", *leak, *start]


def equations_toml(problem: EquationsProblem, store: Store = nowhere) -> str:
    """Raises UnsupportedError for numbers that have no short decimal."""
    lines = _texts(problem, ['time = "discrete"'] if problem.discrete else [])
    lines += [] if problem.box is None else [f"box = {_box(problem.box)}"]
    lines += ["", "[parameter]", f"name = {toml_text(problem.parameter_name)}"]
    lines.append(f"interval = {_vector(problem.interval)}")
    return "\n".join([*lines, *_proof(problem.proof, [])]) + "\n"


def plane_toml(problem: PlaneProblem, store: Store = nowhere) -> str:
    """Raises UnsupportedError for numbers that have no short decimal. Networks stay written out."""
    names = ", ".join(map(toml_text, problem.parameters))
    lines = [*_texts(problem, []), "", "[parameter]", f"names = [{names}]", f"box = {_box(problem.box)}"]
    return "\n".join([*lines, *_proof(problem.proof, [])]) + "\n"


def _texts(problem: EquationsProblem | PlaneProblem, time: list[str]) -> list[str]:
    lines = [*_head(problem), "", "[network]", 'family = "equations"', *time]
    lines.append(f"variables = [{', '.join(map(toml_text, problem.variables))}]")
    for name, table in (("constants", problem.constants), ("definitions", problem.definitions)):
        if table:
            entries = ", ".join(f"{key} = {toml_text(text)}" for key, text in table)
            lines.append(f"{name} = {{ {entries} }}")
    lines += ["equations = [", *(f"    {toml_text(text)}," for text in problem.equations), "]"]
    return lines + ([] if problem.start is None else [f"start = {_vector(problem.start)}"])


def _box(box: Iterable[tuple[Fraction, Fraction]]) -> str:
    return f"[{', '.join(map(_vector, box))}]"


def cell_toml(problem: CellProblem, store: Store = nowhere) -> str:
    """Raises UnsupportedError as `network_toml`. The line between two checkpoints is written by its direction."""
    moved, arrays = problem.directions, dict(problem.arrays)
    if len(moved) == 1:
        ((name, direction),) = moved.items()
        enters, arrays = _enters_cell(name, direction, arrays, store)
    else:
        enters, arrays = _along(moved, arrays, store)
    lines = [*_head(problem), "", "[network]", f'family = "{problem.cell}"']
    lines += [] if problem.discrete else ['time = "continuous"']
    lines += [] if problem.step == 1 else [f"time = {{ euler = {_number(problem.step)} }}"]
    alpha = arrays.pop("alpha", None)
    lines += [] if alpha is None else [f"alpha = {_number(_alike(alpha))}"]
    lines += [f"{key} = {_array(key, array, store)}" for key, array in arrays.items()]
    lines += [] if problem.start is None else [f"start = {_vector(problem.start)}"]
    lines += ["", "[parameter]", f"name = {toml_text(problem.parameter_name)}", f"enters = {enters}"]
    lines.append(f"interval = {_vector(problem.interval)}")
    return "\n".join([*lines, *_proof(problem.proof, _radii(problem))]) + "\n"


def _alike(alpha: ExactMatrix) -> Fraction:
    """The alpha of all units. Raises UnsupportedError."""
    first, *others = {row[0] for row in alpha.fractions()}
    if others:
        raise UnsupportedError("a spec has one alpha for all units")
    return first


def _radii(problem: Problem | CellProblem) -> list[str]:
    """The line of the weight radius, where there is one."""
    radius = problem.weight_radius
    if isinstance(radius, Fraction):
        return [f"weight_radius = {_number(radius)}"] if radius else []
    named = [f"{name} = {_radius(r, problem.given(name))}" for name, r in radius.items() if not is_zero(r)]
    return [f"weight_radius = {{ {', '.join(named)} }}"] if named else []


Named = dict[str, ExactMatrix]


def _along(moved: Mapping[str, ExactMatrix], arrays: Named, store: Store) -> tuple[str, Named]:
    """`enters` of several arrays, and the arrays."""
    if "weight_hh" not in arrays and "weight_hh" in moved:
        arrays["weight_hh"] = ExactMatrix.zeros(*moved["weight_hh"].shape)
    parts = [f"{name} = {_array(name, X, lambda name, X: store(f'{name}_direction', X))}" for name, X in moved.items()]
    return f"{{ directions = {{ {', '.join(parts)} }} }}", arrays


def _enters_cell(name: str, direction: ExactMatrix, arrays: Named, store: Store) -> tuple[str, Named]:
    """`enters` of one array, and the arrays with it."""
    units = [(i + 1, j + 1) for i, row in enumerate(direction.fractions()) for j, x in enumerate(row) if x]
    place = units[0] if len(units) == 1 and direction.entry(units[0][0] - 1, units[0][1] - 1) == 1 else None
    if name == "alpha" and name not in arrays and _alike(direction) == 1:
        return '"alpha"', arrays
    if name == "input" and place and not arrays["input"].entry(place[0] - 1, 0):
        return f"{{ input = {place[0]} }}", arrays
    if name not in arrays:
        return f'{{ gain = "{name}" }}', arrays | {name: direction}
    if place and name != "input":
        column = f", column = {place[1]}" if name.startswith("weight") else ""
        return f'{{ array = "{name}", row = {place[0]}{column} }}', arrays
    return _along({name: direction}, arrays, store)


def _head(problem: AnyProblem) -> list[str]:
    source = [f"source = {toml_text(problem.source)}"] if problem.source else []
    return [f"title = {toml_text(problem.title)}", *source]


def _proof(options: ProofOptions, more: list[str]) -> list[str]:
    plain = {key: value for key, value in vars(options).items() if key != "orbits"}
    given = [f"{key} = {value}" for key, value in plain.items() if value != getattr(ProofOptions, key)]
    return [*(["", "[proof]", *given, *more] if given or more else []), *_orbits(options.orbits)]


def _orbits(asked: OrbitOptions) -> list[str]:
    lines = []
    if asked.branch is not None:
        lines.append(f"branch = {toml_text(asked.branch) if isinstance(asked.branch, str) else _number(asked.branch)}")
    lines += [f"at = {_vector(asked.at)}"] if asked.at else []
    lines += [] if asked.points is None else [f"points = [{', '.join(map(toml_text, asked.points))}]"]
    lines += [f"time_limit = {asked.time_limit}"] if asked.time_limit != OrbitOptions.time_limit else []
    return ["", "[orbits]", *lines] if lines else []


def toml_text(text: str) -> str:
    """A string of TOML; JSON's escapes are among TOML's."""
    return json.dumps(text, ensure_ascii=False)


def _number(x: Fraction) -> str:
    text = exact_decimal(x)
    if text is None or len(text) > MAX_DECIMAL_CHARS:
        raise UnsupportedError("a number has no decimal of at most 400 characters; write its array to a file")
    return f'"{text}"'


def _vector(values: tuple[Fraction, ...]) -> str:
    return f"[{', '.join(map(_number, values))}]"


def _array(name: str, array: ExactMatrix, store: Store) -> str:
    file = store(name, array)
    if file is not None:
        return toml_text(file)
    rows = array.fractions()
    if name[0] in "bc" or name in ("leak", "input"):
        return _vector(tuple(row[0] for row in rows))
    return "[\n" + "".join(f"    {_vector(tuple(row))},\n" for row in rows) + "]"


def _leak(problem: Problem, texts: dict[str, str]) -> str:
    return texts[problem.leak] if isinstance(problem.leak, str) else _number(problem.leak)


def _shift(layer: Layer) -> Fraction:
    return sum((term.coefficient for term in layer.weights if term.matrix is None), Fraction(0))


def _own(layer: Layer) -> bool:
    """Whether the layer has weights that do not move, which it has not where γ is their gain."""
    return any(term.matrix is not None for term in layer.weights)


def _enters(layer: Layer, texts: dict[str, str]) -> str:
    c = layer.bias_parameter
    bias = [] if c is None else [f"bias = {texts[c]}"]
    keys = _direction(layer, texts) if _own(layer) else ["gain = true"]
    if not bias and keys in ([], ["identity = true"]):
        return '"identity"' if keys else '"none"'
    return f"{{ {', '.join([*keys, *bias])} }}"


def _direction(layer: Layer, texts: dict[str, str]) -> list[str]:
    match layer.parameter:
        case ():
            return []
        case (Term(matrix=None, unit=None),):
            return ["identity = true"]
        case (Term(unit=None) as term,):
            return [f"matrix = {' '.join(texts[str(term.matrix)].split())}"]
        case (Term() as term, *others):
            row, column = term.unit or (0, 0)
            return [f"row = {row}", f"column = {column}", *(["antisymmetric = true"] if others else [])]
    raise AssertionError(layer.parameter)


def _radius(radius: Radius, array: ExactMatrix) -> str:
    if isinstance(radius, Fraction):
        return _number(radius)
    known = format_of(array, radius)
    if known is None:
        raise UnsupportedError("radii of single entries have no place in a spec")
    return toml_text(known.name)


WRITERS: Mapping[str, Callable[[Any, Store], str]] = {  # by the kind of a problem
    "network": network_toml, "equations": equations_toml, "plane": plane_toml, "cell": cell_toml,
}  # fmt: skip
