"""A network (section 3), and the box of networks that its radii span."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from .activations import sigma_at_zero, vanishes
from .budget import OPERATION, Budget, bytes_of, digits_in, size_of
from .files import Array, Bundle
from .intervals import Interval
from .products import Engine, added, small_product, transpose
from .reading import HEAD, Spec, anything, boolean, count, decimal, enclosure, one_of, optional, parse, short, text
from .verdicts import MAX_TERMS, Matrix, Rejected

TERMS: dict[str, dict[str, Spec]] = {
    "identity": {"coefficient": decimal, "identity": one_of(True)},
    "matrix": {"coefficient": decimal, "matrix": text, "transpose": boolean},
    "unit": {"coefficient": decimal, "unit": [count]},
}

PROBLEM = HEAD | {
    "title": text, "dimension": count, "parameter": {"name": text, "interval": optional(enclosure)},
    "leak": anything, "arrays": anything, "weight_radius": anything,
    "layers": [{"activation": text, "weights": [anything], "parameter": [anything], "bias": optional(text)}],
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


@dataclass
class Problem:
    title: str
    n: int
    interval: Interval | None
    leak: list[Fraction]
    layers: list[Layer]
    sha256: str
    multiply: Engine
    box: dict[str, Fraction]  # the largest radius of each array that is not exact
    budget: Budget

    def product(self, *factors: Matrix) -> Matrix:
        """Exact; formed from the right."""
        B = factors[-1]
        width, b = len(B[0]), size_of(B)
        for A in factors[-2::-1]:
            rows, inner, a = len(A), len(A[0]), size_of(A)
            each = digits_in(a) * digits_in(b) + (40 if rows <= 8 else 4)
            self.budget.spend(rows * inner * width * each + (rows + inner) * width * OPERATION + 10 * OPERATION)
            self.budget.fits(bytes_of(rows * width, a + b) + inner * width * (a + b) // 4)
            b += a + inner.bit_length()
        return small_product(*factors) if len(factors[0]) <= 8 else self.multiply(*factors)

    @cached_property
    def sigma(self) -> tuple[Interval, Interval, Interval]:
        return sigma_at_zero(self.layers[0].activation, self.budget.spend)

    @cached_property
    def one_shifted_layer(self) -> bool:
        """Whether the network is one layer W^0 + gamma I without leak."""
        first = self.layers[0]
        identity = [[first.E_unit * (i == j) for j in range(self.n)] for i in range(self.n)]
        return len(self.layers) == 1 and not any(self.leak) and identity == first.E

    def require_zero_branch(self) -> None:
        """The method zero-branch is for x' = sigma((W^0 + gamma I)x + b), sigma(0) = 0, sigma'(0) != 0."""
        if not self.one_shifted_layer:
            raise Rejected("the method zero-branch is only for one layer W^0 + gamma I without leak")
        assert self.sigma

    @cached_property
    def trivial(self) -> bool:
        """x = 0 is an equilibrium for all gamma, as there is no bias and every sigma(0) = 0, exactly."""
        return all(layer.b is None and vanishes(layer.activation, self.budget.spend) for layer in self.layers)


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


Radii = dict[str, Fraction | Array]  # of all entries of an array of `weights` and `bias`, or of each; missing: 0


def read_radii(value: Any, bundle: Bundle, arrays: dict[str, Array], used: list[Any], where: str) -> Radii:
    """`weight_radius`: a decimal for all arrays of `weights` and `bias`, or for some of them a decimal or an array."""
    radii: Radii = {}
    if not isinstance(value, dict):
        if decimal(value, f"{where}: weight_radius") < 0:
            raise Rejected(f"{where}: weight_radius < 0")
        value = {name: value for name in arrays if name in used}
    for name, radius in value.items():
        if name not in used or name not in arrays:
            raise Rejected(f"{where}: weight_radius names {short(name)}, which is no array of weights or bias")
        if isinstance(radius, dict):
            array = bundle.exact_array(radius, f"{where}: weight_radius of {short(name)}")
            radii[name] = array
            if array.shape != arrays[name].shape or any(x < 0 for row in array.rows for x in row):
                raise Rejected(f"{where}: weight_radius of {short(name)} has another shape, or a negative entry")
        else:
            uniform = decimal(radius, f"{where}: weight_radius")
            radii[name] = uniform
            if uniform < 0:
                raise Rejected(f"{where}: weight_radius < 0")
    return radii


def delta_of(bundle: Bundle, weights: list[Term], radii: Radii, rows: int, columns: int,
             unit: int) -> tuple[Matrix, int]:  # fmt: skip
    """Delta_ij = sum |c| r over the distinct array entries in W^0_ij, in units 1/(unit * factor), and the factor."""
    coefficients: dict[str, list[Fraction]] = {}  # of the array entries a_ij and a_ji in W^0_ij
    for c, a, transposed, _ in weights:
        if a is not None:
            coefficients.setdefault(a, [Fraction(0), Fraction(0)])[transposed] += c
    total, budget = [[Fraction(0)] * columns for _ in range(rows)], bundle.budget
    budget.fits(rows * columns * 300)
    for a, (plain, flipped) in coefficients.items():
        r = radii.get(a, Fraction(0))

        def radius(i: int, j: int, r: Fraction | Array = r) -> Fraction:
            return r if isinstance(r, Fraction) else Fraction(r.rows[i][j], r.unit)

        for i, row in enumerate(total):
            bits = max(x.numerator.bit_length() + x.denominator.bit_length() for x in row)
            budget.spend(columns * (20 * OPERATION + 16 * digits_in(bits) ** 2))
            budget.fits(rows * columns * (300 + bits // 7))
            for j in range(columns):
                if i == j:
                    row[j] += abs(plain + flipped) * radius(i, j)
                else:
                    row[j] += abs(plain) * radius(i, j) if plain else 0
                    row[j] += abs(flipped) * radius(j, i) if flipped else 0
    factor = bundle.multiple({unit, *(x.denominator for row in total for x in row)}, "weight_radius") // unit
    bits = (unit * factor).bit_length()
    budget.spend(rows * columns * (4 * OPERATION + digits_in(bits) ** 2))
    budget.keep(2 * bytes_of(rows * columns, bits))
    return [[int(x * unit * factor) for x in row] for row in total], factor


def read_layer(bundle: Bundle, layer: Any, arrays: dict[str, Array], columns: int, radii: Radii, where: str) -> Layer:
    weights, parameter = ([read_term(t, arrays, f"{where}: {kind}") for t in layer[kind]]
                          for kind in ("weights", "parameter"))  # fmt: skip
    if max(len(weights), len(parameter)) > MAX_TERMS:
        raise Rejected(f"{where}: more than {MAX_TERMS} terms")
    shapes = (arrays[a].shape[:: -1 if flipped else 1] for _, a, flipped, _ in weights + parameter if a is not None)
    rows = next(shapes, (columns,))[0]
    W, unit = sum_of(bundle, weights, arrays, rows, columns, where)
    E, E_unit = sum_of(bundle, parameter, arrays, rows, columns, where)
    b = None if layer["bias"] is None else arrays.get(layer["bias"])
    if layer["bias"] is not None and (b is None or b.shape != (rows,)):
        raise Rejected(f"{where}: bias is not an array of shape [{rows}]")
    delta: Matrix | None = None
    if any(radii.get(a) for _, a, _, _ in weights if a is not None):
        delta, factor = delta_of(bundle, weights, radii, rows, columns, unit)
        W, unit = [[x * factor for x in row] for row in W], unit * factor
    r = Fraction(0) if layer["bias"] is None else radii.get(layer["bias"], Fraction(0))
    b_radius = [r] * rows if isinstance(r, Fraction) else [Fraction(x, r.unit) for x in r.rows[0]]
    return Layer(layer["activation"], W, unit, E if any(map(any, E)) else None, E_unit, b, b_radius, delta)
