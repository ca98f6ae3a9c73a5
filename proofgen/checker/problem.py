"""problem.json, a network or equations."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .equations_problem import read_equations
from .files import Array, Bundle
from .network_problem import PROBLEM, Problem, read_layer, read_radii
from .products import Engine
from .reading import DECIMAL, decimal, document, short
from .verdicts import MAX_DIMENSION, MAX_LAYERS, Rejected, Undecided


def read_problem(bundle: Bundle, engine: Engine) -> Problem:
    where = "problem.json"
    raw, sha256 = bundle.json(where)
    if isinstance(raw, dict) and raw.get("format") == "proofgen-equations":
        return read_equations(raw, sha256, engine, where, bundle.budget)
    p = document(raw, "proofgen-problem", PROBLEM, where)
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
    radii = read_radii(p["weight_radius"], bundle, arrays, uncertain, where)
    positive = [a for a, r in radii.items() if (any(map(any, r.rows)) if isinstance(r, Array) else r)]
    if any(name is not None and name in positive for name in [*names_in("parameter"), p["leak"]]):
        raise Rejected(f"{where}: with weight_radius > 0 an array of weights or bias is also in parameter or leak")
    layers, columns = [], n
    for index, value in enumerate(p["layers"]):
        layers.append(read_layer(bundle, value, arrays, columns, radii, f"{where}: layer {index + 1}"))
        columns, entries = len(layers[-1].W), sum(len(layer.W) * len(layer.W[0]) for layer in layers)
        if entries > 4 * MAX_DIMENSION**2:
            raise Undecided(f"{where}: layers of this size are beyond this checker")
    if columns != n:
        raise Rejected(f"{where}: the last layer has {columns} rows, not {n}")
    if all(layer.E is None for layer in layers):
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
    box = {a: Fraction(max(map(max, r.rows)), r.unit) if isinstance(r, Array) else r
           for a, r in radii.items() if a in positive}  # fmt: skip
    bundle.cache.clear()
    return Problem(p["title"], n, p["parameter"]["interval"], leak, layers, sha256, engine, box, bundle.budget)
