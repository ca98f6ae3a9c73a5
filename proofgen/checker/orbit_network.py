"""Networks for the theorems of periodic orbits: values, and bounds on complex neighbourhoods (section 18)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from .activations import sigma_over
from .budget import OPERATION, bytes_of, digits_in
from .elementary import cos_sin_of, exp_of
from .files import Array
from .intervals import Real, up
from .network_problem import Layer, NetworkProblem
from .orbit_numbers import Table, Upward, added, product, scaled
from .orbit_strip import Reach, reach_of, weighted
from .orbit_tables import number_times, real_product, real_table, rows_scaled, total
from .orbit_witness import Piece, Strip
from .series import pi_for
from .verdicts import Matrix, Rejected, Undecided


def slope_bound(name: str, Y: int, F: int) -> int:
    """sup |sigma'| on |Im z| <= Y, rounded up."""
    y, one, U = Real(Y, Y, F), Real(1 << F, 1 << F, F), Upward(F)
    pi = pi_for(one).lo
    pole = {"tanh": pi >> 1, "logistic": pi, "arctan": one.lo, "softplus": pi >> 1, "silu": pi >> 1}.get(name)
    if pole is not None and pole <= Y:
        raise Rejected("a complex neighbourhood of the orbit reaches a pole of sigma")
    match name:
        case "tanh" | "logistic":
            c, _ = cos_sin_of(y if name == "tanh" else y.over(2))
            square = c.lo * c.lo >> F if c.lo > 0 else 0
            return U.over(1 << F, square if name == "tanh" else 4 * square)
        case "arctan":
            return U.over(1 << F, (1 << F) - U.times(Y, Y))
        case "sin":
            return up(exp_of(y).hi + exp_of(-y).hi, 2)
        case "erf":
            return (one.of(2) * exp_of(y * y) / pi_for(one).sqrt()).hi
        case "identity" | "softplus":  # of softplus 1/|1 + e^-z|, and Re e^-z >= 0
            return 1 << F
        case "silu":  # |z|/(2|cosh x + cos y|), |x| <= 0.67 cosh x
            c, _ = cos_sin_of(y)
            return (1 << F) + up(67 << F, 200) + U.over(Y, 2 * ((1 << F) + c.lo))
        case "gelu":  # phi(iY) = e^(Y^2/2)/sqrt(2 pi), |x| e^(-x^2/2) <= e^(-1/2)
            at_axis = (exp_of((y * y).over(2)) / (pi_for(one) * one.of(2)).sqrt()).hi
            return (1 << F) + U.times(at_axis, exp_of(-one.over(2)).hi + 2 * Y)
    raise Undecided("this checker has no bound of the activation in the complex plane")


@lru_cache(64)
def slopes_of(name: str, F: int) -> tuple[int, int]:
    """sup |sigma'| and sup |sigma''| over the real line, of the second by Cauchy from |Im z| <= 1/2."""
    return slope_bound(name, 0, F), 2 * slope_bound(name, 1 << F - 1, F)


def fixed_matrix(A: Matrix, unit: int, F: int) -> Table:
    zero = [[0] * len(A[0]) for _ in A]
    return Table([[(x << F) // unit for x in row] for row in A], zero, 1)


def weights_at(layer: Layer, gamma: tuple[int, int], F: int) -> Table:
    """W^0 + gamma E for gamma = (value, error)."""
    W = fixed_matrix(layer.W, layer.W_unit, F)
    if layer.E is None:
        return W
    E = fixed_matrix(layer.E, layer.E_unit, F)
    c, e = gamma
    most = max(abs(x) for row in E.re for x in row)
    err = (abs(c) + most * e + e >> F) + 3
    re = [[x + (c * y >> F) for x, y in zip(r, s, strict=True)] for r, s in zip(W.re, E.re, strict=True)]
    return Table(re, W.im, err)


def upper(A: Table) -> Matrix:
    """|A| of a real matrix."""
    return [[abs(x) + A.err for x in row] for row in A.re]


Columns = list[Table | None]


def field_at(problem: NetworkProblem, W: list[Table], E: Columns, biases: Columns, moved: Columns, x: Table,
             F: int) -> tuple[Table, Table, Table]:  # fmt: skip
    """f, D_x f and the derivative by gamma at a real x (a column); biases: b + gamma c of each layer, moved: c."""
    h, J, hg = x.re, None, None
    e_h, e_J, e_g = x.err, 0, 0
    for layer, w, entering, b, c in zip(problem.layers, W, E, biases, moved, strict=True):
        z, e_z = real_product(w.re, w.err, h, e_h, F)
        if b is not None:
            z, e_z = [[p + q] for (p,), (q,) in zip(z, b.re, strict=True)], e_z + b.err
        jets = [sigma_over(layer.activation, Real(y, y, F), problem.budget.spend) for (y,) in z]
        value, slope = ([(jet[k].lo + jet[k].hi) >> 1 for jet in jets] for k in (0, 1))
        e_value, e_slope = (max((jet[k].hi - jet[k].lo + 3) >> 1 for jet in jets) + up(e_z * most, 1 << F)
                            for k, most in enumerate(slopes_of(layer.activation, F)))  # fmt: skip
        Z, e_Z = (w.re, w.err) if J is None else real_product(w.re, w.err, J, e_J, F)
        zg: Matrix | None = None
        e_zg = 0
        if hg is not None:
            zg, e_zg = real_product(w.re, w.err, hg, e_g, F)
        if entering is not None:
            more, e_more = real_product(entering.re, entering.err, h, e_h, F)
            zg = more if zg is None else [[a + b] for (a,), (b,) in zip(zg, more, strict=True)]
            e_zg += e_more
        if c is not None:
            zg = c.re if zg is None else [[a + b] for (a,), (b,) in zip(zg, c.re, strict=True)]
            e_zg += c.err
        J, e_J = rows_scaled(slope, e_slope, Z, e_Z, F)
        if zg is not None:
            hg, e_g = rows_scaled(slope, e_slope, zg, e_zg, F)
        h, e_h = [[v] for v in value], e_value
    assert J is not None
    if hg is None:
        raise Rejected("gamma enters no layer")
    leak = [(d.numerator << F) // d.denominator for d in problem.leak]
    e_x = max(abs(v) for v, in x.re) + x.err
    f = [[a - (d * b >> F)] for (a,), d, (b,) in zip(h, leak, x.re, strict=True)]
    e_f = e_h + (max(map(abs, leak), default=0) * x.err + e_x >> F) + 3
    J = [[a - (leak[i] if i == j else 0) for j, a in enumerate(row)] for i, row in enumerate(J)]
    return real_table(f, e_f), real_table(J, e_J + 1), real_table(hg, e_g)


def column_of(b: Array | None, F: int) -> Table | None:
    return None if b is None else real_table([[(x << F) // b.unit] for row in b.rows for x in row], 1)


def bias_at(b: Table | None, c: Table | None, gamma: tuple[int, int], F: int) -> Table | None:
    """b + gamma c."""
    if c is None:
        return b
    moved = number_times(*gamma, c, F)
    return moved if b is None else total(b, moved)


class NetworkField:
    """-Dx + h_L; of a box of networks the one in the middle, and bounds for all of them."""

    def __init__(self, problem: NetworkProblem, F: int) -> None:
        self.problem, self.F = problem, F
        self.exponent = 2 if len(problem.layers) == 1 else problem.n + 1
        neurons, sizes = sum(len(layer.W) for layer in problem.layers), [len(x.W) * len(x.W[0]) for x in problem.layers]
        products = 3 * sizes[0] + 2 * (problem.n + 3) * sum(sizes[1:])  # W h, E h; after the first layer W J, W h_gamma
        self.cost = (products + 14 * neurons) * (OPERATION // 3 + digits_in(F) ** 2)
        self.entries = sum(sizes)
        self.E = [None if layer.E is None else fixed_matrix(layer.E, layer.E_unit, F) for layer in problem.layers]
        self.biases, self.moved = ([column_of(b, F) for b in columns]
                                   for columns in zip(*((x.b, x.c) for x in problem.layers), strict=True))  # fmt: skip

    def at(self, gamma: tuple[int, int]) -> Callable[[Table], tuple[Table, Table, Table]]:
        self.weigh()
        W = [weights_at(layer, gamma, self.F) for layer in self.problem.layers]
        biases = [bias_at(b, c, gamma, self.F) for b, c in zip(self.biases, self.moved, strict=True)]
        return lambda x: field_at(self.problem, W, self.E, biases, self.moved, x, self.F)

    def bounds(self, piece: Piece, strip: Strip) -> tuple[Matrix, Matrix, Matrix]:
        self.weigh()
        self.problem.budget.spend(self.cost)
        return network_bounds(self, piece, strip, reach_of(piece, strip))

    def weigh(self) -> None:
        """What W^0 + gamma E of all layers costs."""
        self.problem.budget.spend(6 * OPERATION * self.entries)
        self.problem.budget.fits(6 * bytes_of(self.entries, self.F))


def radii_of(layer: Layer, F: int) -> tuple[Matrix | None, Matrix]:
    """Of the entries of W^0 (None: exact), and of b, as a column, rounded up."""
    delta, unit = layer.delta, layer.W_unit
    return (None if delta is None else [[up(x << F, unit) for x in row] for row in delta],
            [[up(r.numerator << F, r.denominator)] for r in layer.b_radius])  # fmt: skip


def network_bounds(field: NetworkField, piece: Piece, strip: Strip, reach: Reach) -> tuple[Matrix, Matrix, Matrix]:
    problem, F, U, box = field.problem, piece.F, Upward(piece.F), strip.box.hi
    gamma, D, X = (piece.gamma.table.re[0][0], 1), reach.D, reach.X
    R = [[r] for r in strip.R]
    J: Matrix | None = None
    j: Matrix = []
    by_box: Matrix = []
    imaginary: Matrix | None = None
    for layer, E, bias, c in zip(problem.layers, field.E, field.biases, field.moved, strict=True):
        W = weights_at(layer, gamma, F)
        sizes = upper(W)
        if imaginary is None:
            Y = added(weighted(product(problem, W, reach.orbit, F), reach.sinh, U), U.product(sizes, R))
            if reach.y is not None:
                Y = added(Y, weighted(product(problem, W, reach.y, F), reach.y_sinh, U))
        else:
            Y = U.product(sizes, imaginary)
        delta, r = radii_of(layer, F)
        large, moved = sizes, [[0] for _ in sizes] if c is None else upper(c)
        by_gamma, along_box = moved, r
        Y = added(Y, scaled(moved, D, F), scaled(r, box, F))
        if E is not None:
            entering = upper(E)
            Y, large = added(Y, U.product(scaled(entering, D, F), X)), added(large, scaled(entering, D, F))
            by_gamma = added(by_gamma, U.product(entering, X))
        if delta is not None:
            reached = U.product(delta, X)
            Y, large = added(Y, scaled(reached, box, F)), added(large, scaled(delta, box, F))
            along_box = added(along_box, reached)
        if J is not None:
            by_gamma, along_box = added(by_gamma, U.product(large, j)), added(along_box, U.product(large, by_box))
        s = [slope_bound(layer.activation, y, F) for y, in Y]
        product_so_far = large if J is None else U.product(large, J)
        J = [[U.times(a, x) for x in row] for a, row in zip(s, product_so_far, strict=True)]
        j, by_box = ([[U.times(a, x)] for a, (x,) in zip(s, part, strict=True)] for part in (by_gamma, along_box))
        imaginary = [[U.times(a, y)] for a, (y,) in zip(s, Y, strict=True)]
        z = added(U.product(large, X), scaled(r, box, F), scaled(moved, abs(gamma[0]) + 1 + D, F))
        if bias is not None:
            z = added(z, upper(bias))
        X = [[U.times(a, x) + at_zero(layer.activation, F)] for a, (x,) in zip(s, z, strict=True)]
    assert J is not None
    leak = [up(abs(d).numerator << F, d.denominator) for d in problem.leak]
    return [[x + (leak[i] if i == k else 0) for k, x in enumerate(row)] for i, row in enumerate(J)], j, by_box


def at_zero(name: str, F: int) -> int:
    """|sigma(0)|, rounded up."""
    if name == "logistic":
        return 1 << F - 1
    if name in ("tanh", "arctan", "sin", "erf", "identity", "silu", "gelu"):
        return 0
    if name == "softplus":
        return 1 << F
    raise Undecided("this checker does not know the value of the activation at 0")


FIELD = NetworkField
