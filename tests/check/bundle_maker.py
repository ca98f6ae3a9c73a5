"""A small prover for tests: writes bundles of proofs/FORMAT.md from the formulas of its section 8.

It is not rigorous (extended floating point, radii enlarged by half) and shares nothing with proofgen;
the checker decides whether what it writes is true.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

SIGMA = {"tanh": (1.0, 0.0, -2.0), "sin": (1.0, 0.0, -1.0), "silu": (0.5, 0.5, 0.0),
         "erf": (2 / np.pi**0.5, 0.0, -4 / np.pi**0.5), "gelu": (0.5, (2 / np.pi) ** 0.5, 0.0),
         "identity": (1.0, 0.0, 0.0)}  # fmt: skip
ASYMMETRIC = ({"coefficient": "1", "matrix": "R1", "transpose": False},
              {"coefficient": "-1", "matrix": "R1", "transpose": True},
              {"coefficient": "1", "matrix": "R2", "transpose": False})  # fmt: skip


def decimal(x: Any, up: bool) -> str:
    """A decimal a little below or above x."""
    f = Fraction(str(np.format_float_scientific(np.longdouble(x), unique=False, precision=24)))
    f += abs(f) * Fraction(1, 10**18) * (1 if up else -1)
    scaled = f * 10**30
    n = -(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator
    sign, digits = "-" if n < 0 else "", str(abs(n)).rjust(31, "0")
    return f"{sign}{digits[:-30]}.{digits[-30:]}".rstrip("0").rstrip(".") if n else "0"


def enclosure(mid: Any, rad: Any) -> list[str]:
    return [decimal(mid - 1.5 * rad, False), decimal(mid + 1.5 * rad, True)]


def upper(x: Any) -> str:
    return decimal(1.5 * np.longdouble(x) + 1e-25, True)


def lower(x: Any) -> str:
    return decimal(x - abs(x) / 4, False)


def dump(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save(root: Path, name: str, array: np.ndarray) -> dict[str, Any]:
    path = root / "arrays" / f"{name}.npy"
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        np.lib.format.write_array(file, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    return {"file": f"arrays/{name}.npy", "sha256": digest(path), "shape": list(array.shape)}


def manifest(root: Path) -> None:
    files = sorted(p for p in root.rglob("*") if p.is_file() and p.name not in ("MANIFEST.sha256", "summary.json"))
    (root / "MANIFEST.sha256").write_text("".join(f"{digest(p)}  {p.relative_to(root)}\n" for p in files))


def weights(arrays: Mapping[str, Any], terms: Sequence[Mapping[str, Any]]) -> np.ndarray:
    W = 0
    for t in terms:
        A = np.vectorize(lambda x: np.longdouble(x))(np.array(arrays[t["matrix"]]))
        W = W + np.longdouble(t["coefficient"]) * (A.T if t["transpose"] else A)
    return np.asarray(W)


def make(root: Path, arrays: Mapping[str, Any], terms: Sequence[Mapping[str, Any]] = ASYMMETRIC,
         activation: str = "tanh", sigma: tuple[float, float, float] | None = None, bias: str | None = None,
         radius: str = "0", interval: list[str] | None = None, inline: bool = True,
         undecided: Sequence[int] = (), title: str = "a test network") -> Path:  # fmt: skip
    """Write a bundle.  `arrays` holds binary64 arrays, or lists of decimal strings; `undecided` drops pairs."""
    s1, s2, s3 = sigma or SIGMA[activation]
    root.mkdir(parents=True, exist_ok=True)
    W = weights(arrays, terms)
    n = len(W)
    exact = {}
    for name, value in arrays.items():
        if isinstance(value, np.ndarray) and not inline:
            exact[name] = save(root, name, value)
        else:
            strings = np.vectorize(lambda x: x if isinstance(x, str) else format_exact(x), otypes=[object])(value)
            exact[name] = {"entries": strings.tolist()}
    layer = {"activation": activation, "weights": list(terms), "bias": bias,
             "parameter": [{"coefficient": "1", "identity": True}]}  # fmt: skip
    dump(root / "problem.json", {
        "format": "proofgen-problem", "version": 1, "title": title, "dimension": n,
        "parameter": {"name": "gamma", "interval": interval}, "leak": None, "layers": [layer],
        "arrays": exact, "weight_radius": radius,
    })  # fmt: skip
    reference = {"file": "problem.json", "sha256": digest(root / "problem.json")}

    # witness
    values, vectors = np.linalg.eig(W.astype(float))
    pairs = [i for i in range(n) if values[i].imag > 0]
    reals = [i for i in range(n) if values[i].imag == 0]
    columns = [f(vectors[:, i]) for i in pairs for f in (np.real, np.imag)] + [vectors[:, i].real for i in reals]
    X = np.stack(columns, axis=1)
    Y = np.linalg.inv(X)
    d = np.array([[values[i].real, values[i].imag] for i in pairs + reals])
    m = len(pairs)
    witness = {"pairs": m, "X": [save(root, "X", X)], "Y": [save(root, "Y", Y)], "d": [save(root, "d", d)]}

    # Theorem A
    L, C = np.longdouble, np.clongdouble
    XP = np.zeros((n, n), C)
    YP = np.zeros((n, n), C)
    centre = np.zeros(n, C)
    for a in range(m):
        XP[:, 2 * a], XP[:, 2 * a + 1] = X[:, 2 * a] + 1j * X[:, 2 * a + 1], X[:, 2 * a] - 1j * X[:, 2 * a + 1]
        YP[2 * a], YP[2 * a + 1] = (Y[2 * a] - 1j * Y[2 * a + 1]) / 2, (Y[2 * a] + 1j * Y[2 * a + 1]) / 2
        centre[2 * a], centre[2 * a + 1] = d[a, 0] + 1j * L(d[a, 1]), d[a, 0] - 1j * L(d[a, 1])
    XP[:, 2 * m :], YP[2 * m :], centre[2 * m :] = X[:, 2 * m :], Y[2 * m :], d[m:, 0]
    N = YP @ (W.astype(C) @ XP)
    r = np.abs(np.eye(n) - YP @ XP).sum(1)
    wide = np.zeros((n, n), L)
    if float(radius):
        Delta = np.full((n, n), 3 * L(radius)) - 2 * L(radius) * np.eye(n)  # of AsymmetricRNN
        wide = np.abs(YP) @ Delta @ np.abs(XP)
    M = np.abs(N) + wide
    rho = r.max()
    s, norm, diagonal = r / (1 - rho), M.sum(1).max(), np.abs(np.diag(N) - centre) + np.diag(wide)
    o = M.sum(1) - np.diag(M)
    t = o + s * norm
    g = diagonal + t
    nu = M.max(0)
    c = M.sum(0) - np.diag(M) + nu * s.sum()
    bounds = {"rho": upper(rho), "norm_N": upper(norm)}
    precision = 53

    points, crossings, pieces, summary = [], [], [], []
    order = sorted(range(m), key=lambda a: -d[a, 0])
    low, high = (float(x) for x in interval) if interval else (-np.inf, np.inf)
    for a in order:
        k = 2 * a
        if not low <= -d[a, 0] <= high:
            continue
        others = [j for j in range(n) if j not in (k, k + 1)]
        gap = min((abs(centre[j].real - centre[k].real) - g[j] - g[k] for j in others), default=None)
        if a in undecided or centre[k].imag <= g[k] or (gap is not None and gap <= 0):
            pieces.append(enclosure(-centre[k].real, 2 * g[k]))
            continue
        rest = [j for j in range(n) if j != k]
        eta = np.abs(centre[k] - centre) - g[k] - diagonal - s * nu
        mr, ml = M[:, k] + s * nu[k], M[k] + s[k] * nu
        deltas = []
        for entries, sums in ((mr, t), (ml, c)):
            delta = max(entries[j] / eta[j] for j in rest) / (1 - max(sums[j] / eta[j] for j in rest))
            vector = (entries + sums * delta) / eta
            vector[k] = 0
            deltas.append(vector)
        q, p = XP[:, k], YP[k]
        eq = np.abs(XP) @ deltas[0]
        extra = s[k] + (deltas[1] * s).sum()
        ep = deltas[1] @ np.abs(YP) + extra * np.abs(YP).max(0)
        defect = (deltas[0] * deltas[1]).sum()
        S = (p * q * np.abs(q) ** 2).sum()
        eS = ((np.abs(p) + ep) * (np.abs(q) + eq) ** 3 - np.abs(p) * np.abs(q) ** 3).sum()
        eS += (abs(S) + eS) * defect / (1 - defect)
        qq, eqq = (np.abs(q) ** 2).sum(), ((2 * np.abs(q) + eq) * eq).sum()
        v = centre[k].imag
        curvature = s2 * s2 / s1
        G, eG, resolvent_gap = 0, 0, None
        if s2:
            z = centre[k].real + 2j * v
            resolvent_gap = (np.abs(z - centre) - g).min() - 2 * g[k]
            rr, er = YP @ (q * q), np.abs(YP) @ ((2 * np.abs(q) + eq) * eq)
            y = rr / (z - centre)
            ey = er / resolvent_gap + np.abs(rr) * 2 * g[k] / resolvent_gap**2
            ey = ey + (s.max() * np.abs(rr).max() + g.max() * np.abs(y).max()) / resolvent_gap * 1.01
            h, eh = XP @ y, np.abs(XP) @ ey
            G = (p * q.conj() * h).sum()
            eG = ((np.abs(p) + ep) * (np.abs(q) + eq) * (np.abs(h) + eh) - np.abs(p * q * h)).sum() + abs(G) * defect
        bracket = (3 * curvature - s3) * S.imag - 2 * v * curvature * np.real(G)
        ebracket = abs(3 * curvature - s3) * eS + 2 * abs(curvature) * (v * eG + g[k] * abs(G))
        l1 = v**2 / (2 * abs(s1) * qq) * bracket
        el1 = abs(l1) * (2 * g[k] / v + eqq / qq) * 1.1 + v**2 / (2 * abs(s1) * qq) * ebracket * 1.1
        if abs(l1) <= 2 * el1:
            pieces.append(enclosure(-centre[k].real, 2 * g[k]))
            continue
        above = sum(s1 * (centre[j].real - centre[k].real) > 0 for j in others)
        equilibrium = [["0", "0"]] * n
        if bias is not None:
            b = np.array([L(x) for x in arrays[bias]])
            z = centre[k].real
            rr, er = YP @ b, np.abs(YP).sum(1) * L(radius)
            y = rr / (z - centre)
            beta = (np.abs(z - centre) - g).min() - g[k]
            ey = (
                er / beta
                + np.abs(rr) * g[k] / beta**2
                + (s.max() * np.abs(rr).max() + g.max() * np.abs(y).max()) / beta
            )
            x, ex = XP @ y, np.abs(XP) @ ey
            equilibrium = [enclosure(u.real, e) for u, e in zip(x, ex, strict=True)]
        name = f"hopf-{len(points) + 1:04d}"
        claims = {
            "parameter": enclosure(-centre[k].real, g[k]), "omega": enclosure(abs(s1) * v, abs(s1) * g[k]),
            "first_lyapunov_coefficient": enclosure(l1, el1),
            "crossing_speed": [str(Fraction(s1)) if s1 == 1 else decimal(s1, False), decimal(s1, True)]
            if s1 not in (0.5, 1.0) else [str(s1).rstrip("0").rstrip(".")] * 2,
            "unstable_eigenvalues": int(above), "stable_eigenvalues": int(n - 2 - above),
            "criticality": "supercritical" if l1 < 0 else "subcritical",
            "spectral_gap": None if gap is None else lower(abs(s1) * gap), "equilibrium": equilibrium,
        }  # fmt: skip
        certificate = {
            "format": "proofgen-certificate", "version": 1, "id": name, "problem": reference, "method": "zero-branch",
            "claims": claims,
            "bounds": bounds | {
                "eigenvalue": [enclosure(centre[k].real, g[k]), enclosure(v, g[k])], "disc_radius": upper(g[k]),
                "isolation": lower(v - g[k]), "separation": None if gap is None else lower(gap),
                "delta_right": upper(deltas[0].max()), "delta_left": upper(deltas[1].max()), "pq_defect": upper(defect),
                "q_norm_squared": enclosure(qq, eqq), "im_S": enclosure(S.imag, eS),
                "resolvent_gap": None if resolvent_gap is None else lower(resolvent_gap)},
            "witness": witness | {"pair": a}, "precision": precision,
        }  # fmt: skip
        dump(root / "points" / f"{name}.json", certificate)
        points.append({"id": name, "pair": a, "parameter": claims["parameter"]})
        summary.append({"id": name, "status": "proved", "reason": None, "code": None,
                        "certificate": f"points/{name}.json", "tex": None}
                       | {key: claims[key] for key in list(claims)[:7]})  # fmt: skip
    for i in sorted(range(2 * m, n), key=lambda i: -centre[i].real):
        if low <= -centre[i].real <= high:
            crossings.append(enclosure(-centre[i].real, g[i]))
    unsettled = [{"interval": x, "reason": "test", "code": "test"} for x in pieces]
    dump(root / "branch.json", {
        "format": "proofgen-branch", "version": 1, "problem": reference, "method": "zero-branch",
        "claims": {"interval": interval, "complete": not unsettled, "points": points, "real_crossings": crossings,
                   "unsettled": unsettled},
        "bounds": bounds | {"max_disc_radius": upper(g.max())}, "witness": witness, "precision": precision,
    })  # fmt: skip
    dump(root / "summary.json", {
        "format": "proofgen-summary", "version": 1, "title": title, "dimension": n,
        "status": "incomplete" if unsettled else "proved", "complete": not unsettled, "interval": interval,
        "method": "zero-branch", "points": summary, "real_crossings": crossings, "unsettled": unsettled, "options": {},
        "timing": {"total_seconds": 0.5}, "versions": {},
    })  # fmt: skip
    manifest(root)
    return root


def format_exact(x: float) -> str:
    """The exact decimal of a binary64 number."""
    f = Fraction(float(x))
    k = f.denominator.bit_length() - 1
    digits = str(abs(f.numerator) * 5**k).rjust(k + 1, "0")
    sign = "-" if f < 0 else ""
    return f"{sign}{digits[:-k]}.{digits[-k:]}" if k else f"{sign}{digits}"
