"""Bundles of section 28 without the prover: SymPy and mpmath, claims from the reference data of the Bautin points.

Not rigorous, and nothing of proofgen is used; the checker decides whether what is written is true.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import sympy
from check_tools import rehash, write
from layered_maker import save

DIGITS = 60


@dataclass(frozen=True)
class PlaneExample:
    """parameters, omega, re_c2, speeds (of Re lambda by each parameter) and determinant: of the reference, qHq = 1."""

    variables: list[str]
    equations: list[str]
    names: tuple[str, str]
    box: list[list[str]]
    point: tuple[str, str]
    x: list[str]
    omega: str
    re_c2: str
    speeds: tuple[str, str]
    determinant: str
    unstable: int
    constants: dict[str, str] = field(default_factory=dict)


PLANES = {
    "bazykin": PlaneExample(
        ["x", "y"], ["x**2*(1 - x)/(n + x) - x*y", "-g*y*(m - x)"], ("m", "n"), [["0.24", "0.26"], ["0.115", "0.135"]],
        ("0.25", "0.125"), ["0.25", "0.5"], "0.3535533905932737622004221810524245196424",
        "-0.7023319615912208504801097393689986282579",
        ("-0.6666666666666666666666666666666666666667", "0.4444444444444444444444444444444444444444"),
        "1.053497942386831275720164609053497942387", 0, {"g": "1"},
    ),
    "rate": PlaneExample(
        ["x", "y", "z"],
        ["-x + tanh(gain*(0.439*x + 1.044*y + 0.42*z) + 0.176 - 0.736*u)",
         "-y + tanh(gain*(-1.655*x + 1.15*y + 0.567*z) + 0.017 - 0.163*u)",
         "-z + tanh(gain*(-0.682*x + 0.738*y + 0.463*z) + 0.328 - 0.482*u)"],
        ("gain", "u"), [["1.8766", "1.9532"], ["-2.0793", "-1.9978"]],
        ("1.914943321817997725222189223531954986097", "-2.038566820747053852840548615708109904932"),
        ["0.009813956283921005392804853639952656146093", "-0.9040156127764880052463865890897329915394",
         "0.1647290470851999335753104732992276385247"],
        "1.451230653878842536707978800904794674926", "-4.466660431406167851507649697745033632574",
        ("0.7733002442874127028293454715618810142776", "0.3331981008446661939489330847052820300945"),
        "0.2343305937123236985410787339309595189132", 0,
    ),
    "co": PlaneExample(
        ["x", "y", "s"],
        ["2*q1*(1 - x - y - s)**2 - 2*q5*x**2 - q3*x*y", "q2*(1 - x - y - s) - q6*y - q3*x*y", "q4*((1 - x - y - s) - k*s)"],
        ("k", "q2"), [["0.2", "0.3"], ["0.8", "1"]],
        ("0.2324873542030366354953619144417857890967", "0.8913189807743186188243120776629220663146"),
        ["0.01802242141762909602483809534528857808920", "0.3682379394978044425667348994323042257070",
         "0.4979683053068150605264580262116654900473"],
        "0.05765543915597294634364550544085037389666", "-776.9003443442932714288150347415820096448",
        ("1.408329538824977777385926626631737359362", "-0.8918219891793554817143854416143560538059"),
        "61.31195846181289597165780446662072100264", 0, {"q1": "2.5", "q3": "10", "q4": "0.0675", "q5": "1", "q6": "0.1"},
    ),
    "quadratic": PlaneExample(  # the curve is m = 0
        ["x", "y", "z"],
        ["m*x - y + x*z + c*x*(x**2 + y**2) - x**5/7", "x + m*y + y*z + c*y*(x**2 + y**2) + x**2*z/3", "-z + x**2/2 + x*y - z**2/5"],
        ("m", "c"), [["-1", "1"], ["-1", "1"]], ("0", "-0.25"), ["0", "0", "0"], "1", "-0.5035714285714285714285714285714285714286",
        ("1", "0"), "2", 0,
    ),
}  # fmt: skip


class PlaneFlow:
    """f and its derivatives up to the third order, in mpmath."""

    def __init__(self, e: PlaneExample) -> None:
        names: dict[str, Any] = {x: sympy.Symbol(x) for x in [*e.variables, *e.names]}
        names |= {k: sympy.Rational(v) for k, v in e.constants.items()}
        x, alphas = [names[v] for v in e.variables], [names[v] for v in e.names]
        self.n = n = len(x)
        f = sympy.Matrix([sympy.nsimplify(sympy.sympify(text, names), rational=True) for text in e.equations])
        A = f.jacobian(x)
        B = [[[sympy.diff(A[i, j], a) for a in x] for j in range(n)] for i in range(n)]
        C = [[[[sympy.diff(b, a) for a in x] for b in row] for row in rows] for rows in B]
        tensors = [list(f), A.tolist(), [list(f.diff(a)) for a in alphas], [A.diff(a).tolist() for a in alphas], B, C]
        flat = [sympy.lambdify((x, alphas), t, "mpmath") for t in tensors]
        self.f, self.A, self.f_a, self.A_a, self.B, self.C = (
            lambda x, p, h=h: np.array(h(list(x), list(p)), dtype=object) for h in flat)  # fmt: skip


def solve(M: np.ndarray, v: np.ndarray) -> np.ndarray:
    return np.array(list(mp.lu_solve(mp.matrix(M.tolist()), mp.matrix(v.tolist()))), dtype=object)


def parameters(along: int, s: Any, alpha: Any) -> list[Any]:
    return [alpha, s] if along else [s, alpha]


def system(flow: PlaneFlow, along: int, s: Any, u: np.ndarray, phi: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """F, DF and dF/ds of section 28."""
    n = flow.n
    alpha, omega, x, a, b = u[0], u[1], u[2 : n + 2], u[n + 2 : 2 * n + 2], u[2 * n + 2 :]
    p = parameters(along, s, alpha)
    A, B, f_a, A_a = flow.A(x, p), flow.B(x, p), flow.f_a(x, p), flow.A_a(x, p)
    F = np.concatenate([[phi @ a, phi @ b - 1], flow.f(x, p), A @ a + omega * b, A @ b - omega * a])
    o, run = 1 - along, along
    zero, eye = np.full((n, n), mp.mpf(0), dtype=object), np.array([[mp.mpf(int(i == j)) for j in range(n)] for i in range(n)], dtype=object)
    none = np.full((1, n), mp.mpf(0), dtype=object)
    head = np.full((2, 2), mp.mpf(0), dtype=object)

    def column(v: np.ndarray) -> np.ndarray:
        return v.reshape(n, 1)

    DF = np.block([
        [head, np.vstack([none, none]), np.vstack([phi.reshape(1, n), none]), np.vstack([none, phi.reshape(1, n)])],
        [column(f_a[o]), column(none), A, zero, zero],
        [column(A_a[o] @ a), column(b), np.einsum("ijk,k->ij", B, a), A, omega * eye],
        [column(A_a[o] @ b), column(-a), np.einsum("ijk,k->ij", B, b), -omega * eye, A],
    ])  # fmt: skip
    F_s = np.concatenate([[mp.mpf(0)] * 2, f_a[run], A_a[run] @ a, A_a[run] @ b])
    return F, DF, F_s


def newton(flow: PlaneFlow, along: int, s: Any, u: np.ndarray, phi: np.ndarray) -> np.ndarray:
    for _ in range(12):
        F, DF, _ = system(flow, along, s, u, phi)
        step = solve(DF, F)
        u = u - step
        if max(map(abs, step)) < mp.mpf(10) ** (3 - mp.mp.dps):
            break
    return u


def eigenvector(flow: PlaneFlow, x: np.ndarray, p: list[Any]) -> tuple[Any, np.ndarray]:
    """omega and q = a + ib with b^T q = i, roughly."""
    values, vectors = np.linalg.eig(flow.A(x, p).astype(float))
    k = min((i for i in range(flow.n) if values[i].imag > 1e-9), key=lambda i: abs(values[i].real))
    q = vectors[:, k] * np.exp(-0.5j * np.angle((vectors[:, k] ** 2).sum())) * 1j
    return values[k].imag, q / np.linalg.norm(q.imag)


def limbs(root: Path, name: str, array: np.ndarray, count: int = 3) -> list[dict[str, Any]]:
    """A limb sum."""
    rest, result = np.array(array, dtype=object), []
    for i in range(count):
        part = rest.astype(float)
        result.append(save(root, f"{name}-{i}", part))
        rest = rest - np.array([mp.mpf(float(y)) for y in part.ravel()], dtype=object).reshape(part.shape)
    return result


def text(x: Any, digits: int = 45) -> str:
    return str(mp.nstr(mp.mpf(x), digits, min_fixed=-100, max_fixed=100))


def around(x: Any, tolerance: Any) -> list[str]:
    x, tolerance = mp.mpf(x), mp.mpf(tolerance)
    return [text(x - tolerance), text(x + tolerance)]


def similarity(A: np.ndarray) -> tuple[list[Any], np.ndarray, np.ndarray]:
    """Eigenvalues, pairs first; X and its inverse."""
    values, vectors = mp.eig(mp.matrix(A.tolist()))
    pairs = [i for i, z in enumerate(values) if z.imag > 1e-9]
    reals = [i for i, z in enumerate(values) if abs(z.imag) <= 1e-9]
    columns = [[part(vectors[j, i]) for j in range(len(A))] for i in pairs for part in (mp.re, mp.im)]
    for i in reals:
        largest = max((vectors[j, i] for j in range(len(A))), key=abs)
        columns.append([mp.re(vectors[j, i] / largest) for j in range(len(A))])
    X = mp.matrix(columns).T
    found = [z for i in pairs for z in (values[i], mp.conj(values[i]))] + [mp.mpc(mp.re(values[i])) for i in reals]
    return found, np.array(X.tolist(), dtype=object), np.array((X**-1).tolist(), dtype=object)


def piece_witness(flow: PlaneFlow, along: int, s: Any, h: Any, u: np.ndarray, phi: np.ndarray, radius: float,
                  ) -> tuple[dict[str, Any], dict[str, np.ndarray], np.ndarray]:  # fmt: skip
    """Numbers and arrays of a piece with zeros near u, and the derivative along the curve."""
    n = flow.n
    _, DF, F_s = system(flow, along, s, u, phi)
    slope = -solve(DF, F_s)
    values, X, Y = similarity(flow.A(u[2 : n + 2], parameters(along, s, u[0])))
    pairs = [i for i, z in enumerate(values) if z.imag > 0]
    sizes = np.abs(slope.astype(float)) + np.abs(u.astype(float)) + 0.1
    numbers = {"along": along, "s": text(s), "h": text(h), "pairs": len(pairs),
               "pair": min(range(len(pairs)), key=lambda a: abs(values[pairs[a]].real))}  # fmt: skip
    arrays = {"centre": u, "direction": slope, "phi": phi, "A": np.linalg.inv(DF.astype(float)), "R": radius * sizes, "X": X, "Y": Y,
              "d": np.array([[z.real, z.imag] for z in values], dtype=object)}  # fmt: skip
    return numbers, arrays, slope


def vector(values: Sequence[Any]) -> np.ndarray:
    return np.array([mp.mpf(x) for x in values], dtype=object)


def start(flow: PlaneFlow, e: PlaneExample, along: int) -> tuple[np.ndarray, np.ndarray]:
    """u at the Bautin point, and phi."""
    p = [mp.mpf(x) for x in e.point]
    omega, q = eigenvector(flow, vector(e.x), p)
    u = vector([p[1 - along], omega, *e.x, *q.real, *q.imag])
    return u, vector(q.imag)


def norm(u: np.ndarray, n: int) -> Any:
    return sum(y * y for y in u[n + 2 :])


def write_problem(root: Path, e: PlaneExample) -> None:
    root.mkdir(parents=True, exist_ok=True)
    write(root / "problem.json", {
        "format": "proofgen-plane", "version": 1, "title": "an example", "dimension": len(e.variables),
        "parameters": [{"name": k, "interval": x} for k, x in zip(e.names, e.box, strict=True)], "variables": e.variables,
        "constants": [{"name": k, "expression": v} for k, v in e.constants.items()], "definitions": [], "equations": e.equations,
    })  # fmt: skip


def certificate(root: Path, e: PlaneExample, flow: PlaneFlow, along: int, tolerance: str = "1e-30", name: str = "bautin-0001") -> dict[str, Any]:
    """Claims from the reference, more precise than the tolerance."""
    n, s = flow.n, mp.mpf(e.point[along])
    u, phi = start(flow, e, along)
    u = newton(flow, along, s, u, phi)
    witness, arrays, _ = piece_witness(flow, along, s, "1e-39", u, phi, 1e-22)
    arrays["d"] = arrays["d"][[i for i, row in enumerate(arrays["d"]) if row[1] >= 0]]
    witness |= {key: limbs(root, f"{name}-{key}", array, 1 if key in ("phi", "A", "R") else 4) for key, array in arrays.items()}
    qq, speed = norm(u, n), mp.mpf(e.speeds[1 - along])
    motion = mp.mpf(e.determinant) * qq / speed * (1 if along else -1)
    values = np.linalg.eigvals(flow.A(u[2 : n + 2], parameters(along, s, u[0])).astype(float))
    others = sorted(abs(z.real) for z in values)[2:]
    omega, re_c2 = mp.mpf(e.omega), mp.mpf(e.re_c2)
    claims = {
        "kind": "bautin", "parameters": [around(x, tolerance) for x in e.point], "omega": around(omega, tolerance),
        "second_lyapunov_coefficient": around(re_c2 / omega, tolerance), "determinant": around(e.determinant, tolerance),
        "unstable": e.unstable, "stable": n - 2 - e.unstable, "spectral_gap": text(0.99 * others[0]) if others else None,
        "equilibrium": [around(x, tolerance) for x in e.x], "crossing_speed": around(speed, tolerance),
    }  # fmt: skip
    bounds = {
        "rho": "1e-10", "disc_radius": "1e-8", "isolation": text(0.9 * omega), "Y": "1e-10", "Z": "1e-5", "r": "1e-10", "drift": "1e5",
        "delta_left": "1e-8", "q_norm_squared": around(qq, tolerance), "re_c1": around(0, tolerance),
        "re_c1_slope": around(motion, tolerance), "re_c2": around(re_c2 * qq**2, tolerance),
        "gap_0": "1e-6", "gap_1": "1e-6", "gap_2": "1e-6", "gap_3": "1e-6",
    }  # fmt: skip
    write(root / "points" / f"{name}.json", {
        "format": "proofgen-certificate", "version": 1, "id": name, "problem": {"file": "problem.json", "sha256": ""},
        "method": "bautin", "claims": claims, "bounds": bounds, "witness": witness, "precision": 192,
    })  # fmt: skip
    return claims


def point_bundle(root: Path, e: PlaneExample, along: int = 0, tolerance: str = "1e-30") -> Path:
    """The certificate alone."""
    with mp.workdps(DIGITS):
        write_problem(root, e)
        (root / "points").mkdir()
        certificate(root, e, PlaneFlow(e), along, tolerance)
    rehash(root)
    return root


@dataclass(frozen=True)
class Curve:
    """Pieces of one curve around the point, of which the parameter `along` runs as far as `reach` on either side.  The
    first has the half-width `least`, others far away from it are longer, as `growth` says."""

    along: int
    reach: float
    least: float
    growth: float
    radius: float  # of tubes, in half-widths

    def ends(self) -> list[float]:
        """Of the pieces on one side, as distances from the point."""
        result = [self.least]
        while result[-1] < self.reach:
            result.append(result[-1] + self.growth * result[-1] ** 0.5)
        return result


CURVES = {"bazykin": Curve(1, 4e-5, 1e-6, 1.5e-3, 0.4), "rate": Curve(0, 4e-5, 5e-6, 3e-3, 0.4)}


def first_lyapunov(flow: PlaneFlow, along: int, s: Any, u: np.ndarray) -> tuple[float, np.ndarray]:
    """l1, and the eigenvalues, roughly."""
    n = flow.n
    x, p, omega = u[2 : n + 2], parameters(along, s, u[0]), float(u[1])
    A, B, C = (g(x, p).astype(float) for g in (flow.A, flow.B, flow.C))
    values, vectors = np.linalg.eig(A)
    k = int(np.argmin(abs(values - 1j * omega)))
    q, left = vectors[:, k], np.linalg.inv(vectors)[k]

    def b(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.einsum("ijk,j,k", B, u, v)

    h11, h20 = -np.linalg.solve(A, b(q, q.conj())), np.linalg.solve(2j * omega * np.eye(n) - A, b(q, q))
    c1 = left @ (np.einsum("ijkl,j,k,l", C, q, q, q.conj()) / 2 + b(q, h11) + b(q.conj(), h20) / 2)
    return c1.real / (omega * np.vdot(q, q).real), values


def curve_bundle(root: Path, e: PlaneExample, c: Curve) -> Path:
    """A list with one curve and the point on it, in a box that is narrow where the curve leaves it."""
    along, centre = c.along, e.point[c.along]
    box = list(e.box)
    box[along] = around(mp.mpf(centre), c.reach)
    e = replace(e, box=box)
    with mp.workdps(DIGITS):
        write_problem(root, e)
        (root / "points").mkdir()
        flow = PlaneFlow(e)
        point = certificate(root, e, flow, along)
    sides = c.ends()
    parts = [*[(-y, -x) for x, y in itertools.pairwise(sides)][::-1], (-c.least, c.least), *list(itertools.pairwise(sides))]
    with mp.workdps(25):
        rows, pieces, stacks = list[dict[str, Any]](), list[dict[str, Any]](), dict[str, list[np.ndarray]]()
        u, phi = start(flow, e, along)
        for low, high in parts:
            s, h = mp.mpf(centre) + (low + high) / 2, mp.mpf(high - low) / 2
            u = newton(flow, along, s, u, phi)
            numbers, arrays, slope = piece_witness(flow, along, s, h * (1 + mp.mpf(10) ** -6), u, phi, c.radius * float(h))
            ends = [mp.mpf(text(mp.mpf(centre) + mp.mpf(y), 30)) for y in (low, high)]
            arrays["begin"], arrays["end"] = (newton(flow, along, y, u, phi) for y in ends)
            l1, values = first_lyapunov(flow, along, s, u)
            changes = low < 0 < high
            reach = [(abs(slope[j]) + 1) * h * 2 for j in (0, 1)]
            rows.append({
                "along": along, "interval": [text(y, 30) for y in ends], "other": around(u[0], reach[0]),
                "omega": around(u[1], reach[1]), "unstable": int(sum(z.real > 1e-6 for z in values)),
                "criticality": "changes" if changes else "subcritical" if l1 > 0 else "supercritical",
                "point": "bautin-0001" if changes else None,
                "direction": 1,
            })  # fmt: skip
            pieces.append(numbers)
            for key, array in arrays.items():
                stacks.setdefault(key, []).append(np.atleast_2d(array.astype(float)))
        witness = {"pieces": pieces, **{key: save(root, f"curve-{key}", np.concatenate(part)) for key, part in stacks.items()}}
        curves = [{"pieces": rows, "ends": ["box", "box"], "reasons": [None, None]}]
        write(root / "branch.json", {
            "format": "proofgen-branch", "version": 1, "problem": {"file": "problem.json", "sha256": ""}, "method": "hopf-curve",
            "precision": 128, "witness": {"curves": [witness]},
            "claims": {"box": e.box, "complete": True, "curves": curves, "unsettled": [],
                       "points": [{"id": "bautin-0001", "parameters": point["parameters"]}]},
        })  # fmt: skip
    rehash(root)
    return root
