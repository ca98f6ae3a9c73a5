"""Bundles of section 14 without the prover: SymPy and double precision, and claims that are wide enough.

Not rigorous, and nothing of proofgen is used; the checker decides whether what is written is true.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import sympy
from check_tools import rehash, write
from layered_maker import save

SERIES = {"exprel": lambda u: sum(u**j / sympy.factorial(j + 1) for j in range(15))}  # for small arguments


@dataclass
class Example:
    variables: list[str]
    equations: list[str]
    interval: list[str]
    start: list[float]  # an equilibrium near the left end; all 0: the trivial branch
    constants: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    parameter: str = "g"
    pieces: int = 7
    radius: str = "1e-6"
    half_width: str = "0.01"

    @property
    def trivial(self) -> bool:
        return not any(self.start)


EXAMPLES = {
    "van-der-pol": Example(["x", "y"], ["y", "-x + g*y - x**2*y"], ["-0.5", "0.5"], [0, 0]),
    "brusselator": Example(  # Hopf at g = 1 + A^2, l1 = -(A^2 + 2)/(2A(1 + 2A^2))
        ["x", "y"], ["A - (g + 1)*x + r", "g*x - r"], ["1.6", "2.4"], [1, 1.6], {"A": "1"}, {"r": "x**2*y"}, pieces=41
    ),
    "three": Example(  # l1 = -2; the formula for planar fields gives 0
        ["x", "y", "z"], ["-y + x*z + g*x", "x + y*z + g*y", "-z - (x**2 + y**2)"], ["-0.3", "0.3"], [0, 0, 0]
    ),
    "crossing": Example(
        ["x", "y", "z"], ["-y + g*x - x**3", "x + g*y", "(g - 1/2)*sinh(z) - z**3"], ["-0.25", "0.8"], [0, 0, 0], pieces=23
    ),
    "functions": Example(
        ["u", "v"], ["v - tanh(k*u) + g*sin(u)/s + log(1 + u**2)/3", "-u - w*v + exprel(u*v) - 1 + v*u**2 + c*v**2"], ["0.2", "0.35"],
        [0, 0], {"k": "1/10", "s": "sqrt(2)", "w": "0.1", "c": "2**(-1.5)"},
    ),
    "rates": Example(  # Hodgkin-Huxley's kind of terms
        ["v", "w"], ["I - 2*minf*(v - 1) - 4*w*(v + 0.7) - 2*(v + 0.5)", "0.3*(1/(1 + exp(-(v + 0.1)/0.15)) - w)*cosh((v + 0.1)/0.3)"],
        ["0.9", "1.6"], [-0.12, 0.45], definitions={"minf": "0.5*(1 + tanh((v + 0.01)/0.15))"}, parameter="I", pieces=151, radius="1e-4",
        half_width="0.0005",
    ),
}  # fmt: skip


class Flow:
    """The field of an example, and its derivatives up to the third order, in double precision."""

    def __init__(self, e: Example) -> None:
        names: dict[str, Any] = {x: sympy.Symbol(x) for x in [*e.variables, e.parameter]} | SERIES
        for group in (e.constants, e.definitions):
            for name, text in group.items():
                names[name] = sympy.sympify(text, names)
        x, self.g = [names[v] for v in e.variables], names[e.parameter]
        self.n, f = len(x), sympy.Matrix([sympy.sympify(text, names) for text in e.equations])
        A = f.jacobian(x)
        arguments = (x, self.g)
        tensors = [f, A, f.diff(self.g), A.diff(self.g)]
        flat = [sympy.lambdify(arguments, t, "numpy") for t in tensors]
        self.f, self.A, self.f_g, self.A_g = (lambda x, g, h=h: np.array(h(x, g), dtype=float) for h in flat)
        B = [[[sympy.diff(A[i, j], a) for a in x] for j in range(self.n)] for i in range(self.n)]
        C = [[[[sympy.diff(b, a) for a in x] for b in row] for row in rows] for rows in B]
        flat = [sympy.lambdify(arguments, t, "numpy") for t in (B, C)]
        self.B, self.C = (lambda x, g, h=h: np.array(h(x, g), dtype=float) for h in flat)

    def equilibrium(self, x: Any, g: float) -> np.ndarray:
        x = np.array(x, dtype=float)
        for _ in range(50 if x.any() else 0):
            x = x - np.linalg.solve(self.A(x, g), self.f(x, g).ravel())
        return x

    def slope(self, x: np.ndarray, g: float) -> np.ndarray:
        return np.linalg.solve(self.A(x, g), -self.f_g(x, g).ravel()) if x.any() else 0 * x


def basis(A: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
    """m, X and the centres by complex index; pairs first."""
    values, vectors = np.linalg.eig(A)
    pairs = [i for i in range(len(A)) if values[i].imag > 1e-9]
    reals = [i for i in range(len(A)) if abs(values[i].imag) <= 1e-9]
    X = [f(vectors[:, i]) for i in pairs for f in (np.real, np.imag)] + [vectors[:, i].real for i in reals]
    d = [z for i in pairs for z in (values[i], values[i].conjugate())] + [values[i].real + 0j for i in reals]
    return len(pairs), np.stack(X, axis=1), np.array(d)


def around(x: float, tolerance: float = 1e-5) -> list[str]:
    return [f"{x - tolerance:.12f}", f"{x + tolerance:.12f}"]


def bisect(f: Callable[[float], float], lo: float, hi: float) -> float:
    sign = f(lo) > 0
    for _ in range(60):
        mid = (lo + hi) / 2
        lo, hi = (mid, hi) if (f(mid) > 0) == sign else (lo, mid)
    return (lo + hi) / 2


def write_problem(root: Path, e: Example) -> None:
    root.mkdir(parents=True, exist_ok=True)
    write(root / "problem.json", {
        "format": "proofgen-equations", "version": 1, "title": "an example", "dimension": len(e.variables),
        "parameter": {"name": e.parameter, "interval": e.interval}, "variables": e.variables,
        "constants": [{"name": k, "expression": v} for k, v in e.constants.items()],
        "definitions": [{"name": k, "expression": v} for k, v in e.definitions.items()], "equations": e.equations,
    })  # fmt: skip


def certificate(root: Path, name: str, e: Example, flow: Flow, x: np.ndarray, g: float, method: str) -> dict[str, Any]:
    A, n = flow.A(x, g), flow.n
    m, X, d = basis(A)
    pair = min(range(m), key=lambda a: abs(d[2 * a].real))
    k, omega, slope = 2 * pair, d[2 * pair].imag, flow.slope(x, g)
    XP = X.astype(complex)
    for a in range(m):
        XP[:, 2 * a], XP[:, 2 * a + 1] = X[:, 2 * a] + 1j * X[:, 2 * a + 1], X[:, 2 * a] - 1j * X[:, 2 * a + 1]
    q, p = XP[:, k], np.linalg.inv(XP)[k]
    B, C = flow.B(x, g), flow.C(x, g)

    def b(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.einsum("ijk,j,k", B, u, v)

    speed = (p @ (flow.A_g(x, g) @ q + b(q, slope))).real
    terms = [p @ np.einsum("ijkl,j,k,l", C, q, q, q.conj()), -2 * p @ b(q, np.linalg.solve(A, b(q, q.conj()))),
             p @ b(q.conj(), np.linalg.solve(2j * omega * np.eye(n) - A, b(q, q)))]  # fmt: skip
    norm = np.vdot(q, q).real
    l1 = sum(t.real for t in terms) / (2 * omega * norm)
    others = [z.real for i, z in enumerate(d) if i not in (k, k + 1)]
    unstable = sum(z > 0 for z in others)
    claims = {
        "parameter": around(g, 1e-8), "omega": around(omega), "first_lyapunov_coefficient": around(l1),
        "crossing_speed": around(speed), "unstable_eigenvalues": int(unstable), "stable_eigenvalues": int(n - 2 - unstable),
        "criticality": "supercritical" if l1 < 0 else "subcritical",
        "spectral_gap": f"{0.9 * min(map(abs, others)):.9f}" if others else None,
        "equilibrium": [["0", "0"] if e.trivial else around(y, 1e-7) for y in x], "window": None, "uniqueness_radius": None,
    }  # fmt: skip
    bounds: dict[str, Any] = dict.fromkeys(
        ["branch_gap", "branch_residual", "branch_radius", "window_disc_radius", "window_clearance", "window_slope", "real_part",
         "Y", "Z", "r_min"]
    ) | {
        "rho": "1e-9", "disc_radius": "0.01", "isolation": "0.001", "delta_right": "0.1", "delta_left": "0.1", "pq_defect": "0.1",
        "q_norm_squared": around(norm), "gap_0": "0.0001", "gap_2": "0.0001", "terms": [around(t.real) for t in terms],
    }  # fmt: skip
    centres = np.array([[d[2 * a].real, d[2 * a].imag] for a in range(m)] + [[z.real, 0] for z in d[2 * m :]])

    def limbs(key: str, array: Any) -> list[dict[str, Any]]:
        return [save(root, f"{name}-{key}", array)]

    witness: dict[str, Any] = {"pairs": m, "pair": pair, "X": limbs("X", X), "Y": limbs("Y", np.linalg.inv(X)), "d": limbs("d", centres)}
    if method == "spectral":
        half = float(e.half_width)
        middle = round(g, 11)
        claims["window"] = [f"{middle - half:.11f}", f"{middle + half:.11f}"]
        bounds |= {
            "window_disc_radius": "1", "window_clearance": "0.0001" if others else None, "real_part": around(speed * (middle - g)),
            "window_slope": sorted([f"{0.5 * speed:.9f}", f"{1.5 * speed:.9f}"], key=float),
        }  # fmt: skip
        if not e.trivial:
            bounds |= {"branch_gap": "0.0001", "branch_residual": "1", "branch_radius": f"{0.999 * float(e.radius):.9f}"}
        xs = flow.equilibrium(x, middle)
        witness |= {
            "gamma": f"{middle:.11f}", "half_width": e.half_width, "x": None if e.trivial else limbs("x", xs),
            "slope": None if e.trivial else limbs("slope", flow.slope(xs, middle)), "radius": None if e.trivial else e.radius,
        }  # fmt: skip
    else:
        q = q * np.exp(-0.5j * np.angle((q * q).sum())) * 1j  # then a and b are orthogonal
        a, b_ = q.real, q.imag
        q = q / np.linalg.norm(b_)
        a, b_ = q.real, q.imag
        phi, zero, eye = b_, np.zeros((n, n)), np.eye(n)
        A_g = flow.A_g(x, g)
        Ba, Bb = np.einsum("ijk,k->ij", B, a), np.einsum("ijk,k->ij", B, b_)
        column = lambda v: v.reshape(n, 1)  # noqa: E731
        DF = np.block([
            [np.zeros((1, 2 + n)), phi.reshape(1, n), np.zeros((1, n))],
            [np.zeros((1, 2 + 2 * n)), phi.reshape(1, n)],
            [flow.f_g(x, g).reshape(n, 1), np.zeros((n, 1)), A, zero, zero],
            [column(A_g @ a), column(b_), Ba, A, omega * eye],
            [column(A_g @ b_), column(-a), Bb, -omega * eye, A],
        ])  # fmt: skip
        claims["uniqueness_radius"] = "1e-7"
        bounds |= {"Y": "1e-10", "Z": "0.1", "r_min": "1e-10"}
        witness |= {
            "gamma": f"{g:.20f}", "omega": f"{omega:.20f}", "x": limbs("x", x), "a": limbs("a", a), "b": limbs("b", b_),
            "phi": limbs("phi", phi), "A": limbs("A", np.linalg.inv(DF)), "R": "1e-6",
        }  # fmt: skip
    write(root / "points" / f"{name}.json", {
        "format": "proofgen-certificate", "version": 1, "id": name, "problem": {"file": "problem.json", "sha256": ""},
        "method": method, "claims": claims, "bounds": bounds, "witness": witness, "precision": 128,
    })  # fmt: skip
    return claims


def make(root: Path, e: Example, method: str = "spectral") -> Path:
    write_problem(root, e)
    (root / "points").mkdir()
    flow, K = Flow(e), e.pieces
    low, high = (float(x) for x in e.interval)
    ends = [f"{low + (high - low) * i / K:.9f}" for i in range(K + 1)]
    ends[0], ends[-1] = e.interval
    pieces, points, crossings, rows = [], [], [], []
    x = flow.equilibrium(e.start, low)
    start = None if e.trivial else [around(y, 1e-8) for y in x]

    def spectrum(g: float) -> Any:
        return np.linalg.eigvals(flow.A(flow.equilibrium(x, g), g))

    for lo, hi in itertools.pairwise(ends):
        g = (float(lo) + float(hi)) / 2
        x = flow.equilibrium(x, g)
        m, X, d = basis(flow.A(x, g))
        rows.append((x, flow.slope(x, g), X, np.linalg.inv(X), np.stack([d.real, d.imag], axis=1)))
        piece = {"interval": [lo, hi], "centre": f"{g:.12f}", "radius": None if e.trivial else e.radius, "pairs": m,
                 "kind": "clear", "index": None, "point": None, "crossing": None}  # fmt: skip
        for complex_, kind in ((True, "hopf"), (False, "real")):
            def part(g: float, complex_: bool = complex_) -> float:
                return min((z.real for z in spectrum(g) if (abs(z.imag) > 1e-9) == complex_), key=abs, default=1)

            if part(float(lo)) * part(float(hi)) < 0:
                at = bisect(part, float(lo), float(hi))
                index = min(range(m) if complex_ else range(2 * m, flow.n), key=lambda i: abs(d[2 * i if complex_ else i].real))
                piece |= {"kind": kind, "index": index}
                if complex_:
                    name = f"hopf-{len(points) + 1:04d}"
                    claims = certificate(root, name, e, flow, flow.equilibrium(x, at), at, method)
                    points.append({"id": name, "pair": None, "parameter": claims["parameter"], "claims": claims})
                    piece["point"] = name
                else:
                    piece["crossing"] = len(crossings)
                    crossings.append(around(at))
        pieces.append(piece)
    arrays = [save(root, f"pieces-{key}", np.stack(part) if key in ("x", "slope") else np.concatenate(part))
              for key, part in zip(("x", "slope", "X", "Y", "d"), zip(*rows, strict=True), strict=True)]  # fmt: skip
    keys = dict(zip(("x", "slope", "X", "Y", "d"), arrays, strict=True)) | ({"x": None, "slope": None} if e.trivial else {})
    claims = {"interval": e.interval, "start": start, "complete": True, "real_crossings": crossings, "unsettled": [],
              "points": [{key: p[key] for key in ("id", "pair", "parameter")} for p in points]}  # fmt: skip
    write(root / "branch.json", {
        "format": "proofgen-branch", "version": 1, "problem": {"file": "problem.json", "sha256": ""}, "method": "pieces",
        "claims": claims, "bounds": None, "witness": {"pieces": pieces} | keys, "precision": 128,
    })  # fmt: skip
    shown = ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed", "unstable_eigenvalues", "stable_eigenvalues", "criticality")
    write(root / "summary.json", {
        "format": "proofgen-summary", "version": 1, "title": "an example", "dimension": flow.n, "status": "proved", "complete": True,
        "interval": e.interval, "method": "pieces", "real_crossings": crossings, "unsettled": [], "options": {}, "timing": {},
        "versions": {}, "points": [
            {"id": p["id"], "status": "proved", "reason": None, "code": None, "certificate": f"points/{p['id']}.json", "tex": None}
            | {key: p["claims"][key] for key in shown} for p in points
        ],
    })  # fmt: skip
    rehash(root)
    return root
