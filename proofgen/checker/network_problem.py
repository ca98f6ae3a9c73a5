"""A network (section 3), and the box of networks that its radii span."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from .at_zero import NAMED, named_at_zero
from .budget import OPERATION, bytes_of, digits_in, size_of
from .files import Array, Bundle
from .intervals import Interval
from .parts import Parts
from .problem import Problem
from .products import Engine, added, transpose
from .reading import (
    DECIMAL,
    HEAD,
    Spec,
    anything,
    boolean,
    count,
    decimal,
    document,
    enclosure,
    one_of,
    optional,
    parse,
    short,
    text,
)  # fmt: skip
from .verdicts import MAX_DIMENSION, MAX_LAYERS, MAX_TERMS, Matrix, Rejected, Undecided

TERMS: dict[str, dict[str, Spec]] = {
    "identity": {"coefficient": decimal, "identity": one_of(True)},
    "matrix": {"coefficient": decimal, "matrix": text, "transpose": boolean},
    "unit": {"coefficient": decimal, "unit": [count]},
}

LAYER = {"activation": text, "weights": [anything], "parameter": [anything], "bias": optional(text)}
PROBLEM = HEAD | {
    "title": text, "dimension": count, "parameter": {"name": text, "interval": optional(enclosure)},
    "leak": anything, "arrays": anything, "weight_radius": anything, "layers": [anything],
}  # fmt: skip


@dataclass
class Layer:
    activation: str
    W: Matrix  # W^0 = W/W_unit, exactly
    W_unit: int
    E: Matrix | None  # None: gamma does not enter
    E_unit: int
    b: Array | None
    b_radius: list[Fraction]
    delta: Matrix | None  # Delta, in the same units; None: 0
    c: Array | None  # b(gamma) = b + gamma c


@dataclass
class NetworkProblem(Problem):
    leak: list[Fraction]
    layers: list[Layer]
    parts: Parts

    tubes: ClassVar[str] = "form_network"
    jets: ClassVar[str] = "network_jets"
    orbits: ClassVar[str] = "orbit_network"

    @cached_property
    def sigma(self) -> tuple[Interval, Interval, Interval]:
        """The first three derivatives of sigma at 0, where sigma(0) = 0 and sigma' != 0."""
        name = self.layers[0].activation
        if name in NAMED:
            return named_at_zero(name, self.parts)
        found: tuple[Interval, Interval, Interval] = self.texts.sigma_at_zero(name, self.budget.spend)
        return found

    @property
    def texts(self) -> Any:
        """The file for activations that are expressions, or are read like these."""
        self.parts("extrema")
        return self.parts("activation_texts")

    @cached_property
    def one_shifted_layer(self) -> bool:
        """Whether the network is one layer W^0 + gamma I without leak."""
        first = self.layers[0]
        identity = [[first.E_unit * (i == j) for j in range(self.n)] for i in range(self.n)]
        return len(self.layers) == 1 and not any(self.leak) and identity == first.E and first.c is None

    def require_zero_branch(self) -> None:
        """The method zero-branch is for x' = sigma((W^0 + gamma I)x + b), sigma(0) = 0, sigma'(0) != 0."""
        if not self.one_shifted_layer or self.discrete:
            raise Rejected("the method zero-branch is only for one layer W^0 + gamma I without leak")
        _ = self.sigma  # which raises where sigma(0) is not 0 or sigma'(0) is

    @cached_property
    def trivial(self) -> bool:
        """x = 0 is an equilibrium for all gamma, as there is no bias and every sigma(0) = 0, exactly."""

        def vanishes(name: str) -> bool:
            return name in NAMED or self.texts.vanishes(name, self.budget.spend)

        return all(layer.b is layer.c is None and vanishes(layer.activation) for layer in self.layers)


Term = tuple[Fraction, str | None, bool, tuple[int, int] | None]  # coefficient, array, transposed, unit


def read_term(t: Any, arrays: dict[str, Array], where: str) -> Term:
    kind = next((key for key in ("identity", "unit") if isinstance(t, dict) and key in t), "matrix")
    t = parse(t, TERMS[kind], where)
    if kind == "matrix" and (t["matrix"] not in arrays or len(arrays[t["matrix"]].shape) != 2):
        raise Rejected(f"{where}: {short(t['matrix'])} is not a matrix of `arrays`")
    if kind == "unit" and len(t["unit"]) != 2:
        raise Rejected(f"{where}: a unit term has one row and one column")
    return t["coefficient"], t.get("matrix"), t.get("transpose", False), tuple(t["unit"]) if kind == "unit" else None


def sum_of(bundle: Bundle, terms: list[Term], arrays: dict[str, Array], rows: int, columns: int,
           where: str) -> tuple[Matrix, int]:  # fmt: skip
    """The exact sum of terms of one shape, and its unit."""
    unit = bundle.multiple((c.denominator * (arrays[a].unit if a is not None else 1) for c, a, _, _ in terms), where)
    bits = unit.bit_length() + max((size_of(arrays[a].rows) for _, a, _, _ in terms if a is not None), default=0)
    bits += max((c.numerator.bit_length() for c, _, _, _ in terms), default=0)
    bundle.budget.spend(rows * columns * (len(terms) + 1) * (OPERATION + digits_in(bits) * 2))
    bundle.budget.keep(bytes_of(rows * columns, bits) + (rows << 6))
    W = [[0] * columns for _ in range(rows)]
    for c, a, transposed, place in terms:
        if a is not None:
            entries = transpose(arrays[a].rows) if transposed else arrays[a].rows
            if (len(entries), len(entries[0])) != (rows, columns):
                raise Rejected(f"{where}: {short(a)} is not an array of shape {rows} x {columns} here")
            W = added(W, entries, int(c * (unit // arrays[a].unit)))
        elif place is not None:
            if not (1 <= place[0] <= rows and 1 <= place[1] <= columns):
                raise Rejected(f"{where}: the unit term {place} is outside of the matrix")
            W[place[0] - 1][place[1] - 1] += int(c * unit)
        elif rows != columns:
            raise Rejected(f"{where}: an identity term in a matrix that is not square")
        else:
            W = added(W, [[int(i == j) for j in range(rows)] for i in range(rows)], int(c * unit))
    return W, unit


def read_layer(bundle: Bundle, layer: Any, arrays: dict[str, Array], columns: int,
               radii: dict[str, Fraction | Array], where: str) -> Layer:  # fmt: skip
    weights, parameter = ([read_term(t, arrays, f"{where}: {kind}") for t in layer[kind]]
                          for kind in ("weights", "parameter"))  # fmt: skip
    if max(len(weights), len(parameter)) > MAX_TERMS:
        raise Rejected(f"{where}: more than {MAX_TERMS} terms")
    shapes = (arrays[a].shape[:: -1 if flipped else 1] for _, a, flipped, _ in weights + parameter if a is not None)
    rows = next(shapes, (columns,))[0]
    W, unit = sum_of(bundle, weights, arrays, rows, columns, where)
    E, E_unit = sum_of(bundle, parameter, arrays, rows, columns, where)
    named = [layer["bias"], layer.get("bias_parameter")]
    b, c = (None if name is None else arrays.get(name) for name in named)
    if any(name is not None and (x is None or x.shape != (rows,)) for name, x in zip(named, (b, c), strict=True)):
        raise Rejected(f"{where}: bias is not an array of shape [{rows}]")
    delta: Matrix | None = None
    if any(radii.get(a) for _, a, _, _ in weights if a is not None):
        delta, factor = bundle.parts("boxes").delta_of(bundle, weights, radii, rows, columns, unit)
        W, unit = [[x * factor for x in row] for row in W], unit * factor
    r = Fraction(0) if layer["bias"] is None else radii.get(layer["bias"], Fraction(0))
    b_radius = [r] * rows if isinstance(r, Fraction) else [Fraction(x, r.unit) for x in r.rows[0]]
    return Layer(layer["activation"], W, unit, E if any(map(any, E)) else None, E_unit, b, b_radius, delta, c)


def read(bundle: Bundle, raw: Any, sha256: str, engine: Engine, where: str) -> NetworkProblem:
    discrete = isinstance(raw, dict) and "time" in raw
    p = document(raw, "proofgen-problem", PROBLEM | ({"time": one_of("discrete")} if discrete else {}), where)
    p["layers"] = [parse(x, LAYER | {key: text for key in ("bias_parameter",) if isinstance(x, dict) and key in x},
                         f"{where}: layers") for x in p["layers"]]  # fmt: skip
    n, names = p["dimension"], p["arrays"]
    if not isinstance(names, dict) or len(names) > 100 or n < 2 or len(p["title"]) > 500:
        raise Rejected(f"{where}: dimension < 2, too long a title, or bad arrays")
    if not 0 < len(p["layers"]) <= MAX_LAYERS:
        raise Rejected(f"{where}: expected 1 to {MAX_LAYERS} layers")
    if n > MAX_DIMENSION:
        raise Undecided(f"{where}: a dimension above {MAX_DIMENSION} is beyond this checker")
    arrays = {name: bundle.exact_array(value, f"{where}: array {short(name)}") for name, value in names.items()}

    def names_in(kind: str) -> list[Any]:
        return [t.get("matrix") for layer in p["layers"] for t in layer[kind] if isinstance(t, dict)]

    uncertain = names_in("weights") + [layer["bias"] for layer in p["layers"]]
    exact = p["weight_radius"] == "0"
    radii = {} if exact else bundle.parts("boxes").read_radii(p["weight_radius"], bundle, arrays, uncertain, where)
    positive = [a for a, r in radii.items() if (any(map(any, r.rows)) if isinstance(r, Array) else r)]
    exact_ones = [*names_in("parameter"), p["leak"], *(layer.get("bias_parameter") for layer in p["layers"])]
    if any(name is not None and name in positive for name in exact_ones):
        raise Rejected(f"{where}: with weight_radius > 0 an array of weights or bias is also in parameter or leak")
    layers, columns = [], n
    for index, value in enumerate(p["layers"]):
        layers.append(read_layer(bundle, value, arrays, columns, radii, f"{where}: layer {index + 1}"))
        columns, entries = len(layers[-1].W), sum(len(layer.W) * len(layer.W[0]) for layer in layers)
        if entries > 4 * MAX_DIMENSION**2:
            raise Undecided(f"{where}: layers of this size are beyond this checker")
    if columns != n:
        raise Rejected(f"{where}: the last layer has {columns} rows, not {n}")
    if all(layer.E is None and not (layer.c and any(layer.c.rows[0])) for layer in layers):
        raise Rejected(f"{where}: gamma enters no layer")
    leak, known = [Fraction(0)] * n, type(p["leak"]) is str and p["leak"] in names
    if known and DECIMAL.fullmatch(p["leak"]):
        raise Rejected(f"{where}: leak is a decimal and the name of an array")
    if known:
        vector = arrays[p["leak"]]
        if vector.shape != (n,):
            raise Rejected(f"{where}: leak is not an array of shape [{n}]")
        leak = [Fraction(x, vector.unit) for x in vector.rows[0]]
    elif p["leak"] is not None:
        leak = [decimal(p["leak"], f"{where}: leak")] * n
    leak = [x + 1 for x in leak] if discrete else leak  # f = F - x
    box = {a: Fraction(max(map(max, r.rows)), r.unit) if isinstance(r, Array) else r
           for a, r in radii.items() if a in positive}  # fmt: skip
    bundle.cache.clear()
    interval = p["parameter"]["interval"]
    problem = NetworkProblem(p["title"], n, interval, sha256, engine, bundle.budget, box, leak, layers, bundle.parts)
    problem.discrete = discrete
    return problem
