"""A short checker for bundles of the method zero-branch with a named activation (proofs/FORMAT.md, 1 to 9 and 27).

    python -I check_zero_branch.py DIR [DIR ...]

One file, the standard library only, written from FORMAT.md: it shares no line with the prover or with check.py, which
covers every method.  Every decision is made with integers and fractions; what is rounded (roots, quotients, shifts) is
rounded in the safe direction.  A witness is never trusted: all is computed again from problem and witness, and a claim
is accepted only where the interval found lies inside the claimed one.

ACCEPTED (exit code 0).  REJECTED (1): malformed, or a claim does not follow from the witness.  INCOMPLETE (3): not
covered (another method, a limit of size), or no branch.json.  Bad usage: 2.

Reading order: numbers and JSON; files and arrays; the activation; the network; Theorems A and B, Lemma C; the claims of
one point (H1 to H4, or a line or a pole); the branch; summary and manifest.  Letters are those of FORMAT.md, section 8.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import stat
import struct
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from operator import mul
from pathlib import Path
from typing import Any

Rows = list[list[int]]
Complex = tuple[int, int]  # real and imaginary part, in a common unit
Disc = tuple[int, int, int]  # the same and a radius
Ends = tuple[Fraction, Fraction]

MAX_FILE, MAX_JSON = 2**26, 2**24  # bytes of a file
MAX_FILES, MAX_DIMENSION = 20_000, 1000  # names in points/ and in the manifest; n
MAX_ENTRIES, MAX_DIGITS = 2**21, 2**16  # numbers of an array; bits of a common denominator
# What one bundle may cost (Bundle.spend, Bundle.hold).  Work: products of two 30-bit digits, about a nanosecond each;
# something done with Python's objects is some hundreds.  So much for each bundle and for each number in its files,
# which is more than twenty times what honest ones need, and never more than the last.  Memory: bytes.
WORK, WORK_PER_NUMBER, MOST_WORK, MEMORY = 2 * 10**10, 10**7, 10**12, 7 * 10**8
DIGITS = 400  # decimals of the enclosure of sqrt(pi)


class Rejected(Exception):
    """Malformed, or a claim that does not follow from problem and witness."""


class Incomplete(Exception):
    """Neither shown to be true nor refused: not covered, or too large."""


def need(condition: bool, text: str) -> None:
    """Reject unless the condition holds."""
    if not condition:
        raise Rejected(text)


def can(condition: bool, text: str) -> None:
    """Leave undecided unless the condition holds."""
    if not condition:
        raise Incomplete(text)


# ---------------------------------------------------------------- numbers and JSON (section 1)

DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:e(-?)(0|[1-9][0-9]*))?")


def read_json(data: bytes, where: str) -> Any:
    """Strict JSON: no duplicate keys, no NaN or Infinity, no long integers; fractions become bytes."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len(dict(pairs)) == len(pairs), f"{where}: a key occurs twice")
        return dict(pairs)

    def integer(digits: str) -> int:
        need(len(digits) <= 40, f"{where}: an integer has too many digits")
        return int(digits)

    hooks: dict[str, Any] = {"object_pairs_hook": members, "parse_int": integer}
    hooks["parse_constant"] = lambda name: need(False, f"{where}: {name} is not a number")
    try:
        return json.loads(data.decode("utf-8"), parse_float=str.encode, **hooks)
    except (ValueError, RecursionError):
        raise Rejected(f"{where}: not JSON of reasonable depth") from None


def decimal(value: Any, where: str) -> Fraction:
    """A decimal of section 1, exactly."""
    match = DECIMAL.fullmatch(value) if type(value) is str and len(value) <= 4096 else None
    if not match:
        raise Rejected(f"{where}: not a decimal")
    sign, whole, part, minus, exponent = match.groups("")
    need(len(exponent) <= 4 and int(exponent or "0") <= 4096, f"{where}: the exponent of a decimal is too large")
    power, digits = int(minus + (exponent or "0")) - len(part), int(sign + whole + part)
    return Fraction(digits * 10**power) if power >= 0 else Fraction(digits, 10**-power)


def enclosure(value: Any, where: str) -> Ends:
    """[LO, HI] with LO <= HI."""
    lo, hi = parse(value, [Fraction, 2, 2], where)
    need(lo <= hi, f"{where}: LO > HI")
    return lo, hi


def number(value: Any, where: str) -> Fraction:
    """A decimal or a dyadic [m, e]."""
    if type(value) is not list:
        return decimal(value, where)
    need(len(value) == 2 and all(type(x) is int for x in value), f"{where}: not a dyadic")
    need(abs(value[0]) < 2**64 and abs(value[1]) <= 4096, f"{where}: a dyadic is out of range")
    return Fraction(value[0] << max(value[1], 0), 1 << max(-value[1], 0))


def parse(value: Any, spec: Any, where: str) -> Any:
    """Read a value by a spec: {key: spec} has exactly these keys, or any for "*"; [spec, least, most] is an array;
    (spec,) may be null; a string is a pattern of the whole text; int a count, Fraction a decimal, 1 the version,
    object anything without a floating-point number; a function reads the value itself."""
    if spec is int or spec is bool:  # `true` is no count
        need(type(value) is spec and 0 <= value <= 10**6, f"{where}: not a count, or neither true nor false")
        return value
    if spec is Fraction:
        return decimal(value, where)
    if spec is object:
        for x in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            parse(x, object, where)
        need(type(value) is not bytes, f"{where}: a floating-point number")
        return value
    if spec == 1:
        need(type(value) is int, f"{where}: not a version")
        can(value == 1, f"{where}: version {value} is not covered")
        return value
    if isinstance(spec, tuple):
        return None if value is None else parse(value, spec[0], where)
    if isinstance(spec, dict):
        need(type(value) is dict, f"{where}: not an object")
        for key in sorted(set(spec) ^ set(value)) if "*" not in spec else ():
            raise Rejected(f"{where}: {'missing' if key in spec else 'unknown'} key {key[:80]!a}")
        return {key: parse(x, spec.get("*", spec.get(key)), f"{where}.{key[:80]!a}") for key, x in value.items()}
    if isinstance(spec, list):
        inner, least, most = (*spec, 0, 10**6)[:3]
        need(type(value) is list and least <= len(value) <= most, f"{where}: not an array of {least} to {most}")
        return [parse(x, inner, f"{where}[{i}]") for i, x in enumerate(value)]
    if isinstance(spec, str):
        need(type(value) is str and re.fullmatch(spec, value) is not None, f"{where}: bad text {ascii(value)[:80]}")
        return value
    return spec(value, where)


# The keys of sections 2, 3, 5, 6, 9 and 27.
# fmt: off
TEXT, DIGEST, ID, PART = "(?s:.{0,5000})", "[0-9a-f]{64}", "(hopf|line|pole)-[0-9]{4,6}", "[A-Za-z0-9_-][A-Za-z0-9_.-]*"
ARRAY = {"file": r"arrays/[A-Za-z0-9_-][A-Za-z0-9_.-]*\.npy", "sha256": DIGEST, "shape": [int, 1, 2]}
WITNESS = {"pairs": int, "X": [ARRAY, 1, 32], "Y": [ARRAY, 1, 32], "d": [ARRAY, 1, 32]}
FILE = {"version": 1, "problem": {"file": r"problem\.json", "sha256": DIGEST}, "method": "zero-branch",
        "precision": int}
CLAIMS = {
    "parameter": enclosure, "omega": enclosure, "first_lyapunov_coefficient": enclosure, "crossing_speed": enclosure,
    "unstable_eigenvalues": int, "stable_eigenvalues": int, "criticality": "supercritical|subcritical"}
LINE = {"kind": "line", "parameter": enclosure, "eigenvalue_speed": enclosure, "unstable": int, "stable": int}
POLE = LINE | {"kind": "pole", "coefficient_name": r"\|r\|", "coefficient": enclosure}
ROWS = {"hopf": CLAIMS, "line": LINE, "pole": POLE}  # by the kind of point: what its row in the summary repeats
BRANCH_CLAIMS = {"interval": (enclosure,), "complete": bool, "real_crossings": [enclosure],
                 "unsettled": [{"interval": enclosure, "reason": TEXT, "code": TEXT}]}
TERMS = [object, 0, 100]
PROBLEM = {
    "format": "proofgen-problem", "version": 1, "title": "(?s:.{0,500})", "dimension": int, "leak": (TEXT,),
    "parameter": {"name": TEXT, "interval": (enclosure,)}, "arrays": {"*": object}, "weight_radius": object,
    "layers": [{"activation": ".{1,2000}", "weights": TERMS, "parameter": TERMS, "bias": (TEXT,)}, 1, 64]}
BRANCH = FILE | {
    "format": "proofgen-branch", "witness": (WITNESS,),
    "bounds": ({"rho": Fraction, "norm_N": Fraction, "max_disc_radius": Fraction},),
    "claims": BRANCH_CLAIMS | {"points": [{"id": ID, "pair": (int,), "parameter": enclosure}]}}
CERTIFICATE = FILE | {
    "format": "proofgen-certificate", "id": ID, "witness": WITNESS | {"pair": int},
    "claims": CLAIMS | {"spectral_gap": (Fraction,), "equilibrium": [enclosure]},
    "bounds": {
        "rho": Fraction, "norm_N": Fraction, "eigenvalue": [enclosure, 2, 2], "disc_radius": Fraction,
        "isolation": Fraction, "separation": (Fraction,), "delta_right": Fraction, "delta_left": Fraction,
        "pq_defect": Fraction, "q_norm_squared": enclosure, "im_S": enclosure, "resolvent_gap": (Fraction,)}}
REAL = {"rho": Fraction, "norm_N": Fraction, "eigenvalue": enclosure, "disc_radius": Fraction, "separation": Fraction,
        "delta_right": Fraction, "delta_left": Fraction, "pq_defect": Fraction, "q_norm_squared": enclosure}
SINGULAR = {kind: FILE | {
    "format": "proofgen-certificate", "id": ID, "method": kind, "witness": WITNESS | {"index": int}, "bounds": bounds,
    "claims": ROWS[kind] | {"spectral_gap": Fraction, vector: [enclosure]}}
    for kind, vector, bounds in (("line", "direction", REAL), ("pole", "residue", REAL | {"left_bias": enclosure}))}
SUMMARY = BRANCH_CLAIMS | {
    "format": "proofgen-summary", "version": 1, "title": "(?s:.{0,500})", "dimension": int,
    "status": "proved|incomplete", "method": "zero-branch", "options": {"*": object}, "versions": {"*": TEXT},
    "timing": {"*": lambda value, where: need(type(value) in (int, bytes), f"{where}: not a number")},
    "points": [lambda value, where: parse(value, {key: (inner,) for key, inner in row_of(value).items()} | {
        "id": ID, "status": "proved|undecided", "reason": (TEXT,), "code": (TEXT,), "tex": (TEXT,),
        "certificate": (TEXT,)}, where)]}
HEADER = re.compile(rb"\{'descr': '([^']*)', 'fortran_order': (True|False), "
                    rb"'shape': \(([0-9]{1,7}),(?: ([0-9]{1,7}))?\), \} *\n")
# fmt: on


# ---------------------------------------------------------------- files and arrays (section 2)
class Matrix:
    """Exact rationals: integers over a common denominator.  A vector has one row."""

    def __init__(self, rows: Rows, den: int, shape: tuple[int, ...]) -> None:
        self.rows, self.den, self.shape = rows, den, shape


def square(bits: int) -> int:
    """The work of a product of two numbers of so many bits."""
    return (bits // 30 + 1) ** 2


def common_denominator(bundle: Bundle, numbers: Iterable[int], count: int) -> int:
    """Their least common multiple, which so many numerators will be brought over."""
    den = 1
    for q in set(numbers):
        bundle.spend(4 * square(max(den, q).bit_length()) + 300)
        den = math.lcm(den, q)
        can(den.bit_length() <= MAX_DIGITS, "problem.json: too many digits in a common denominator")
    bundle.hold(count * (40 + den.bit_length() // 7))
    bundle.spend(count * (600 + 4 * square(den.bit_length())))
    return den


class Bundle:
    """Reads regular files below one directory and remembers their digests, arrays and spectra."""

    def __init__(self, root: Path) -> None:
        self.root, self.work, self.size, self.limit = root, 0, 0, WORK
        self.digests: dict[str, str] = {}
        self.arrays: dict[tuple[str, str], Matrix] = {}
        self.spectra: dict[str, Spectrum] = {}

    def spend(self, work: int) -> None:
        """Work of the whole bundle."""
        self.work += work
        can(self.work <= self.limit, "the bundle needs more work than is spent here on one of its size")

    def hold(self, size: int) -> None:
        """Memory of what is kept to the end."""
        self.size += size
        can(self.size <= MEMORY, "the bundle needs more memory than is spent here")

    def json(self, name: str) -> Any:
        """A document; its values are counted: at least 300 bytes each, and the digits of decimals and dyadics."""
        data = self.read(name, MAX_JSON)
        self.spend(100 * len(data))
        document = read_json(data, name)
        work, size, values = 0, 0, [document]
        while values:
            value, digits = values.pop(), 0
            if isinstance(value, dict | list):
                values += value.values() if isinstance(value, dict) else value
            elif isinstance(value, int):
                digits = min(abs(value), 4096) // 3  # perhaps the exponent of a dyadic
            elif isinstance(value, str) and (match := DECIMAL.fullmatch(value[:4097])):
                digits = len(value) + min(int((match[5] or "0")[:5]), 4096)
            size, work = size + 300 + digits // 2, work + 1000 + digits * (30 + digits // 8)
            can(size <= MEMORY and work <= MOST_WORK, f"{name}: more values, or digits, than are read here")
        self.spend(work)
        self.hold(size)
        return document

    def read(self, name: str, most: int = MAX_FILE) -> bytes:
        """A file's bytes.  No link, device or pipe is opened, nor any link to a folder on the way."""
        need(re.fullmatch(f"(?:{PART}/){{0,3}}{PART}", name) is not None, f"{name[:200]!a}: not a path of a bundle")
        parts, path = name.split("/"), self.root
        flags = sum(getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"))
        try:
            for i, part in enumerate(parts, start=1):
                path = path / part
                kind = os.lstat(path).st_mode
                need(stat.S_ISDIR(kind) if i < len(parts) else stat.S_ISREG(kind), f"{name}: not a regular file")
            handle = os.open(path, os.O_RDONLY | flags)
            with os.fdopen(handle, "rb") as file:
                need(stat.S_ISREG(os.fstat(handle).st_mode), f"{name}: not a regular file")
                self.spend(60_000 + 3 * min(os.fstat(handle).st_size, most))
                data = file.read(most + 1)
        except OSError as error:
            raise Rejected(f"{name}: cannot be read ({error.strerror})") from None
        can(len(data) <= most, f"{name}: larger than {most} bytes")
        digest = hashlib.sha256(data).hexdigest()
        need(self.digests.setdefault(name, digest) == digest, f"{name}: changed while it was read")
        return data

    def array(self, value: Any, where: str) -> Matrix:
        """An array reference: binary64 as exact dyadics, or integers over a denominator (0 where none is given)."""
        ref = parse(value, ARRAY | ({"denominator": Fraction} if "denominator" in value else {}), where)
        key, q = (ref["file"], ref["sha256"]), ref.get("denominator", Fraction(0))
        if key not in self.arrays:
            data = self.read(ref["file"])
            need(self.digests[ref["file"]] == ref["sha256"], f"{where}: {ref['file']} has another SHA-256")
            self.arrays[key] = npy(data, ref["file"])
            count = math.prod(self.arrays[key].shape)
            self.limit = min(self.limit + WORK_PER_NUMBER * count, MOST_WORK)
            self.spend(count * 3000)
            self.hold(count * (60 + max(max(map(int.bit_length, row)) for row in self.arrays[key].rows) // 7))
        found = self.arrays[key]
        need(found.shape == tuple(ref["shape"]), f"{where}: {ref['file']} has another shape")
        need("denominator" not in ref or (found.den == 0 and q.denominator == 1 <= q), f"{where}: bad denominator")
        return Matrix(found.rows, found.den or int(q), found.shape)

    def exact(self, value: Any, where: str) -> Matrix:
        """An exact array: a reference, or entries given here (a vector is one list, not a list of rows)."""
        need(type(value) is dict, f"{where}: not an array")
        if "entries" not in value:
            found = self.array(value, where)
            return Matrix(found.rows, found.den or 1, found.shape)
        entries = parse(value, {"entries": [object, 1, 10**6]}, where)["entries"]
        flat = all(type(x) is str or (type(x) is list and x and type(x[0]) is int) for x in entries)
        rows = parse([entries] if flat else entries, [[number, 1, 10**6]], where)
        need(len({len(row) for row in rows}) == 1, f"{where}: rows of different lengths")
        den = common_denominator(self, (x.denominator for row in rows for x in row), len(rows) * len(rows[0]))
        numerators = [[x.numerator * (den // x.denominator) for x in row] for row in rows]
        return Matrix(numerators, den, (len(rows[0]),) if flat else (len(rows), len(rows[0])))

    def limb_sum(self, limbs: list[Any], shape: tuple[int, int], where: str) -> tuple[Rows, int]:
        """A limb sum as integers over 2^f, and f."""
        parts = [self.array(limb, where) for limb in limbs]
        need(all(part.den > 0 and part.shape == shape for part in parts), f"{where}: not binary64 of shape {shape}")
        f = max(part.den.bit_length() - 1 for part in parts)
        scales, stacks = [(1 << f) // part.den for part in parts], zip(*(part.rows for part in parts), strict=True)
        return [[sum(map(mul, limbs, scales)) for limbs in zip(*rows, strict=True)] for rows in stacks], f


def npy(data: bytes, name: str) -> Matrix:
    """NumPy format 1.0, as NumPy writes it.  Integers get the denominator 0, so that they can be told from binary64."""
    need(data[:8] == b"\x93NUMPY\x01\x00" and len(data) >= 10, f"{name}: not NumPy format 1.0")
    start = 10 + int.from_bytes(data[8:10], "little")
    match = HEADER.fullmatch(data[10:start])
    if not match or match[2] != b"False" or match[1] not in (b"<f8", b"<i8"):
        raise Rejected(f"{name}: not an array '<f8' or '<i8' in C order")
    shape = tuple(int(x) for x in match.group(3, 4) if x is not None)
    need(all(shape) and len(data) - start == 8 * math.prod(shape), f"{name}: the length does not fit the shape")
    can(math.prod(shape) <= MAX_ENTRIES, f"{name}: more than {MAX_ENTRIES} numbers")
    flat = struct.unpack(f"<{math.prod(shape)}{'q' if match[1] == b'<i8' else 'Q'}", data[start:])
    den = 0
    if match[1] == b"<f8":  # (-1)^s m 2^(e - 1075); the hidden bit belongs to m, and e = 1 for subnormal numbers
        need(all((x >> 52) & 2047 != 2047 for x in flat), f"{name}: NaN or infinity")
        e_m = [(max(e, 1), x & (2**52 - 1) | (2**52 if e else 0)) for x in flat for e in ((x >> 52) & 2047,)]
        f = max([0, *(1075 - e for e, m in e_m if m)])
        flat = tuple((-m if x >> 63 else m) << max(f + e - 1075, 0) for x, (e, m) in zip(flat, e_m, strict=True))
        den = 1 << f
    return Matrix([list(flat[i : i + shape[-1]]) for i in range(0, len(flat), shape[-1])], den, shape)


# ---------------------------------------------------------------- the activation (section 7)
class Interval:
    """The closed interval [lo, hi], exactly."""

    def __init__(self, lo: Fraction | int, hi: Fraction | int | None = None) -> None:
        self.lo, self.hi = Fraction(lo), Fraction(lo if hi is None else hi)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.lo - other.hi, self.hi - other.lo)

    def __mul__(self, other: Interval | int) -> Interval:
        factors = (other.lo, other.hi) if isinstance(other, Interval) else (other,)
        ends = [a * b for a in (self.lo, self.hi) for b in factors]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other: Interval) -> Interval:
        need(not other.lo <= 0 <= other.hi, "a denominator may be zero")
        return self * Interval(1 / other.hi, 1 / other.lo)

    def widened(self, by: Fraction) -> Interval:
        """All numbers within `by` of it."""
        return Interval(self.lo - by, self.hi + by)


def pi() -> Interval:
    """Machin: pi = 16 atan(1/5) - 4 atan(1/239).  The terms of atan(1/k) = 1/k - 1/(3k^3) + 1/(5k^5) - ... alternate
    and decrease, so it lies between the sums of an even and of an odd number of them."""

    def atan(k: int) -> Interval:
        even = sum(Fraction((-1) ** i, (2 * i + 1) * k ** (2 * i + 1)) for i in range(2 * DIGITS))
        return Interval(even, even + Fraction(1, (4 * DIGITS + 1) * k ** (4 * DIGITS + 1)))

    return atan(5) * 16 - atan(239) * 4


def square_root(x: Interval) -> Interval:
    """The square roots of positive numbers."""
    low, high = (math.isqrt(math.floor(end * 10 ** (2 * DIGITS))) for end in (x.lo, x.hi))
    return Interval(Fraction(low, 10**DIGITS), Fraction(high + 1, 10**DIGITS))


def activation(name: str) -> tuple[Interval, Interval, Interval]:
    """sigma_1, sigma_2, sigma_3 at 0, from the table of section 7; sigma(0) = 0 and sigma_1 > 0 for all of these."""
    need(name not in ("logistic", "softplus"), "activation: sigma(0) is not 0")
    root_pi = square_root(pi()) if name in ("erf", "gelu") else Interval(1)
    half, one = Interval(Fraction(1, 2)), Interval(1)
    table = {
        "tanh": (one, one * 0, one * -2), "sin": (one, one * 0, one * -1), "arctan": (one, one * 0, one * -2),
        "identity": (one, one * 0, one * 0), "silu": (half, half, one * 0),
        "erf": (one * 2 / root_pi, one * 0, one * -4 / root_pi),
        "gelu": (half, square_root(one * 2) / root_pi, one * 0)}  # fmt: skip
    can(name in table, "activation: expressions are not covered")
    return table[name]


# ---------------------------------------------------------------- the network (section 3)
class Network:
    """W0 with its box Delta, the bias with its radii, sigma_1 to sigma_3, and the range of gamma (None: all)."""

    def __init__(self, bundle: Bundle) -> None:
        document, self.bundle = bundle.json("problem.json"), bundle
        equations = type(document) is dict and document.get("format") == "proofgen-equations"
        can(not equations, "problem.json: vector fields given by equations are not covered")
        problem = parse(document, PROBLEM, "problem.json")
        self.title, self.n, self.range = problem["title"], problem["dimension"], problem["parameter"]["interval"]
        need(self.n >= 2, "problem.json: the dimension is less than 2")
        can(self.n <= MAX_DIMENSION, f"problem.json: more than {MAX_DIMENSION} dimensions are not covered")
        layer, r, n, leak = problem["layers"][0], problem["weight_radius"], self.n, problem["leak"]
        arrays = {key: bundle.exact(x, f"arrays.{key!a}") for key, x in problem["arrays"].items()}
        vector = leak not in arrays or (arrays[leak].shape == (n,) and not DECIMAL.fullmatch(leak))
        need(vector, "leak: not a vector of n entries, or its name is a decimal")
        leaks = any(arrays[leak].rows[0]) if leak in arrays else leak is not None and decimal(leak, "leak") != 0
        need(len(problem["layers"]) == 1 and not leaks, "zero-branch is for one layer without leak")
        W, E = ([self.term(t, arrays) for t in layer[key]] for key in ("weights", "parameter"))
        b, b_name = Matrix([[0] * n], 1, (n,)), layer["bias"]
        if b_name is not None:
            need(b_name in arrays and arrays[b_name].shape == (n,), "bias: no such vector of n entries")
            b = arrays[b_name]
        used, exact = ({key for _, key, _ in terms if key is not None} for terms in (W, E))
        used, exact = used | {b_name} - {None}, exact | {leak}
        if type(r) is not dict:  # one radius for all arrays of weights and bias
            need(decimal(r, "weight_radius") >= 0, "weight_radius: negative")
            r = dict.fromkeys(used, r)
        radii: dict[str, Matrix] = {}
        for key, x in r.items():
            where = f"weight_radius of {key[:80]!a}"
            need(key in used, f"{where}: not an array of weights or bias")
            a, q = arrays[key], Fraction(0) if type(x) is dict else decimal(x, where)
            bundle.hold(8 * math.prod(a.shape))
            constant = Matrix([[q.numerator] * len(row) for row in a.rows], q.denominator, a.shape)
            radii[key] = bundle.exact(x, where) if type(x) is dict else constant
            need(radii[key].shape == a.shape, f"{where}: another shape")
            need(all(v >= 0 for row in radii[key].rows for v in row), f"{where}: negative")
            need(key not in exact or not any(map(any, radii[key].rows)), f"{where}: also in `parameter` or leak")
        # E = I exactly; W0_ij = sum c a over distinct array entries a, Delta_ij = sum |c| r(a)
        identity = self.combined(E, arrays, False)
        need(identity.rows == [[identity.den * (i == j) for j in range(n)] for i in range(n)], "`parameter` is not I")
        self.W, self.Delta = self.combined(W, arrays, False), self.combined(W, radii, True)
        self.b, self.b_radius = b, radii.get(b_name, Matrix([[0] * n], 1, (n,)))
        self.sigma = activation(layer["activation"])

    def term(self, term: Any, arrays: dict[str, Matrix]) -> tuple[Fraction, str | None, tuple[int, ...]]:
        """Coefficient, array, (is it transposed); for I the last two are None and (), for a unit None and (r, c)."""
        kind = next((k for k in ("matrix", "unit", "identity") if type(term) is dict and k in term), "identity")
        more: dict[str, Any] = {"matrix": {"matrix": TEXT, "transpose": bool}, "unit": {"unit": [int, 2, 2]}}
        t = parse(term, {"coefficient": Fraction} | more.get(kind, {"identity": bool}), "term")
        if kind == "matrix":
            a = arrays.get(t["matrix"])
            need(a is not None and a.shape == (self.n, self.n), "term: no such n x n matrix")
            return t["coefficient"], t["matrix"], (int(t["transpose"]),)
        need(t.get("identity", True) and all(1 <= i <= self.n for i in t.get("unit", [])), "term: identity or unit")
        return t["coefficient"], None, tuple(t.get("unit", []))

    def combined(self, terms: list[Any], arrays: dict[str, Matrix], radii: bool) -> Matrix:
        """The sum of c a; with radii that of |c| r(a), where c is added up for each entry: on the diagonal of a matrix
        and its transpose it is the same entry."""
        n, c = self.n, dict[tuple[str | None, tuple[int, ...]], Fraction]()
        for coefficient, key, place in terms:
            if key in arrays or (key is None and not radii):  # I and units have no radius, nor have exact arrays
                c[key, place] = c.get((key, place), Fraction(0)) + coefficient
        dens = {key: arrays[key].den if key is not None else 1 for key, _ in c}
        den = common_denominator(self.bundle, (x.denominator * dens[key] for (key, _), x in c.items()), n * n)
        rows = [[0] * n for _ in range(n)]
        for key, place in c:
            if key is None:
                for i, j in [(i, i) for i in range(n)] if not place else [(place[0] - 1, place[1] - 1)]:
                    rows[i][j] += int(c[key, place] * den)
            elif place == (0,) or (key, (0,)) not in c:
                # the coefficients of a_ij, of a_ji, and of a_ii, over den
                both = [c.get((key, (0,)), Fraction(0)), c.get((key, (1,)), Fraction(0))]
                both.append(both[0] + both[1])
                u, v, w = (int((abs(x) if radii else x) * den / dens[key]) for x in both)
                a = arrays[key].rows
                for i, (row, column) in enumerate(zip(a, zip(*a, strict=True), strict=True)):
                    rows[i] = [z + u * x + v * y for z, x, y in zip(rows[i], row, column, strict=True)]
                    rows[i][i] += (w - u - v) * row[i]
        return Matrix(rows, den, (n, n))


# ---------------------------------------------------------------- integers in fixed units, rounded safely
def up(x: int, k: int) -> int:
    """An integer >= x / 2^k."""
    return -(-x >> k) if k >= 0 else x << -k


def over(a: int, b: int) -> int:
    """An integer >= a / b, b > 0."""
    return -(-a // b)


def root(a: int, b: int) -> int:
    """An integer >= sqrt(a^2 + b^2)."""
    r = math.isqrt(a * a + b * b)
    return r + (r * r < a * a + b * b)


def product(bundle: Bundle, A: Rows, B: Rows) -> Rows:
    """AB exactly: a row of B is packed into one integer whose slots can hold any entry of a row of AB."""
    bits = [max(max(map(int.bit_length, row)) for row in M) for M in (A, B)]
    width = (bits[0] + bits[1] + len(B).bit_length() + 9) // 8
    bundle.spend(len(A) * len(B) * len(B[0]) * (bits[0] // 30 + 1) * (width * 8 // 30 + 1))
    bundle.spend((len(A) + len(B)) * len(B[0]) * 300)
    half = 1 << 8 * width - 1
    halves = int.from_bytes(half.to_bytes(width, "little") * len(B[0]), "little")
    slots = [b"".join([(x + half).to_bytes(width, "little") for x in row]) for row in B]
    packed, out = [int.from_bytes(slot, "little") - halves for slot in slots], []
    for row in A:
        line = (sum(map(mul, row, packed)) + halves).to_bytes(width * len(B[0]), "little")
        out.append([int.from_bytes(line[i : i + width], "little") - half for i in range(0, len(line), width)])
    return out


def complex_rows(Q: list[list[Any]], m: int, columns: bool) -> list[list[Complex]]:
    """2 P^-1 Q P, or 2 P^-1 Q, of a real matrix Q: by the 2 x 2 blocks of section 8."""
    out: list[list[Complex]] = []
    for a in range(0, 2 * m, 2):
        s, t = Q[a], Q[a + 1]
        row = [(x, -y) for x, y in zip(s, t, strict=True)]
        for b in range(0, 2 * m if columns else 0, 2):
            row[b : b + 2] = [(s[b] + t[b + 1], s[b + 1] - t[b]), (s[b] - t[b + 1], -s[b + 1] - t[b])]
        out += [row, [(x, -y) for x, y in (exchanged(row, m) if columns else row)]]
    for s in Q[2 * m :]:
        row = [(2 * x, 0) for x in s]
        for b in range(0, 2 * m if columns else 0, 2):
            row[b : b + 2] = [(2 * s[b], 2 * s[b + 1]), (2 * s[b], -2 * s[b + 1])]
        out.append(row)
    return out


def exchanged(row: list[Any], m: int) -> list[Any]:
    """Every b+ exchanged with its b-."""
    return [row[j ^ 1] if j < 2 * m else x for j, x in enumerate(row)]


# ---------------------------------------------------------------- Theorems A and B, Lemma C (section 8)
class Spectrum:
    """Theorem A for W0 (and its box) with one witness.

    X, Y are integers in units of 2^-x, 2^-y.  What has the dimension of W (|N_ij|, d, e, o, g, nu, t, c) is in units
    of 2^-F: d exact, the others upper bounds over the box.  r, s, rho are upper bounds in units of 2^-B; XP and
    PY = P^-1 Y are exact in units of 2^-FX, 2^-FY, their moduli absXP, absPY upper bounds.
    """

    def __init__(self, bundle: Bundle, net: Network, witness: dict[str, Any], precision: int) -> None:
        n, m = net.n, witness["pairs"]
        need(2 * m <= n, "witness.pairs: more than fit")
        self.n, self.m, self.B = n, m, 2 * max(128, precision) + 64
        (X, x), (Y, y) = (bundle.limb_sum(witness[key], (n, n), f"witness.{key}") for key in "XY")
        d, f = bundle.limb_sum(witness["d"], (n - m, 2), "witness.d")
        need(all(v > 0 if a < m else v == 0 for a, (_, v) in enumerate(d)), "witness.d: bad imaginary part")
        self.X, self.x, self.Y, self.y, B = X, x, Y, y, self.B
        # some twenty matrices of numbers up to 2^bits; squares, quotients and roots of each
        bits = 2 * B + net.W.den.bit_length() + max(max(map(int.bit_length, row)) for M in (X, Y) for row in M)
        bundle.hold(n * n * (700 + bits))
        bundle.spend(n * n * (30_000 + 20 * square(bits)))
        # R = I - YX, r_i = sum_j |R_ij|, rho = max r_i < 1, s_i = r_i/(1 - rho)
        R = [[((i == j) << x + y) - z for j, z in enumerate(row)] for i, row in enumerate(product(bundle, Y, X))]
        unit = 2 << x + y
        blocks = complex_rows(R, m, True)
        r = [sum(root(over(abs(u) << B, unit), over(abs(v) << B, unit)) for u, v in row) for row in blocks]
        self.rho = max(r)
        need(self.rho < 1 << B, f"Theorem A: rho = {show(Fraction(self.rho, 1 << B))} < 1 does not hold")
        self.s = [over(r_i << B, (1 << B) - self.rho) for r_i in r]
        # N = YWX, in units of 1/den; over the box the real matrix YWX moves by at most T = |Y| Delta |X|
        N = complex_rows(product(bundle, Y, product(bundle, net.W.rows, X)), m, True)
        den = net.W.den << x + y + 1
        self.F = F = max(den.bit_length() - max(abs(v) for row in N for z in row for v in z).bit_length() + B, f, 0)
        absY, absX = ([list(map(abs, row)) for row in M] for M in (Y, X))
        T = complex_rows(product(bundle, absY, product(bundle, net.Delta.rows, absX)), m, True)
        self.absN, self.e = [], []
        self.d = [(u << F - f, w << F - f) for a, (u, v) in enumerate(d) for w in ((v, -v) if a < m else (0,))]
        unit = net.Delta.den << x + y + 1
        for i, (row, moves) in enumerate(zip(N, T, strict=True)):
            # how far Re N_ij, Im N_ij move: as T >= 0, of b+ and b- one has the sum alpha + nu, the other beta + mu
            pairs = zip(moves, exchanged(moves, m), strict=True)
            wide = [tuple(over(max(abs(p), abs(q)) << F, unit) for p, q in zip(*z, strict=True)) for z in pairs]
            # |z| + the motion of its parts, and the same of N_ii - d_i
            parts = [[over(abs(u) << F, den) + p for u, p in zip(*z, strict=True)] for z in zip(row, wide, strict=True)]
            self.absN.append([root(u, v) for u, v in parts])
            off = [(z << F) - d_i * den for z, d_i in zip(row[i], self.d[i], strict=True)]
            self.e.append(root(*(over(abs(z), den) + w for z, w in zip(off, wide[i], strict=True))))
        # ||N|| = max_i sum_j |N_ij|, e_i = |N_ii - d_i|, o_i = sum_(j != i) |N_ij|, g_i = e_i + o_i + s_i ||N||
        self.norm = max(map(sum, self.absN))
        self.o = [sum(row) - row[i] for i, row in enumerate(self.absN)]
        self.t = [o + up(s * self.norm, B) for o, s in zip(self.o, self.s, strict=True)]
        self.g = [e + t for e, t in zip(self.e, self.t, strict=True)]
        # for Theorem B: nu_j = max_i |N_ij|, t_i = o_i + s_i ||N||, c_j = sum_(i != j) |N_ij| + nu_j sum s_i
        self.columnsN = [list(column) for column in zip(*self.absN, strict=True)]
        self.nu = [max(column) for column in self.columnsN]
        self.c = [sum(a) - a[j] + up(self.nu[j] * sum(self.s), B) for j, a in enumerate(self.columnsN)]
        # exact, in units so fine that the moduli have at least B bits; the columns of XP are v_a, conj v_a
        longest = [max(max(map(abs, row)) for row in M).bit_length() for M in (X, Y)]
        self.FX, self.FY = max(B + x - longest[0], x + 1), max(B + y - longest[1], y + 1)
        self.PY = [[(u << self.FY - y - 1, v << self.FY - y - 1) for u, v in row] for row in complex_rows(Y, m, False)]
        re = [[row[j & -2 if j < 2 * m else j] << self.FX - x for j in range(n)] for row in X]
        im = [[(row[j | 1] * (-1) ** j if j < 2 * m else 0) << self.FX - x for j in range(n)] for row in X]
        self.XP = [list(zip(*parts, strict=True)) for parts in zip(re, im, strict=True)]
        self.absPY, self.absXP = ([[root(*z) for z in row] for row in M] for M in (self.PY, self.XP))
        self.columnsPY = [list(column) for column in zip(*self.absPY, strict=True)]

    def real(self, a: int, f: int | None = None) -> Fraction:
        """An integer in units of 2^-F (or of 2^-f) as a number."""
        return Fraction(a, 1 << (self.F if f is None else f))

    def gammas(self, k: int) -> Ends:
        """-Re mu for every mu in K_k."""
        return self.real(-self.d[k][0] - self.g[k]), self.real(-self.d[k][0] + self.g[k])

    def meeting(self, other: Spectrum, k: int) -> list[int]:
        """The discs that meet K_k of another spectrum (or of this one), compared in units of 2^-(F + other.F)."""
        f, (u, v, g) = other.F, (x << self.F for x in (*other.d[k], other.g[k]))
        discs = [(a << f, b << f, g_i << f) for (a, b), g_i in zip(self.d, self.g, strict=True)]
        return [i for i, (a, b, g_i) in enumerate(discs) if (a - u) ** 2 + (b - v) ** 2 <= (g_i + g) ** 2]

    def separation(self, k: int, last: int) -> int | None:
        """min of |Re d_j - Re d_k| - g_j - g_k over all j but k, ..., last."""
        others = [j for j in range(self.n) if not k <= j <= last]
        return min((abs(self.d[j][0] - self.d[k][0]) - self.g[j] - self.g[k] for j in others), default=None)

    def deltas(self, k: int) -> list[list[int]]:
        """Theorem B, K_k being isolated: |u_i| <= delta_i, |w_i| <= delta'_i, in units of 2^-B (0 at i = k)."""
        (u, v), B, s, out = self.d[k], self.B, self.s, []
        # eta_i = |d_k - d_i| - g_k - e_i - s_i nu_i;  m_ij = |N_ij| + s_i nu_j
        off = [self.g[k] + e + up(s_i * nu, B) for e, s_i, nu in zip(self.e, s, self.nu, strict=True)]
        eta = [math.isqrt((u - a) ** 2 + (v - b) ** 2) - x for (a, b), x in zip(self.d, off, strict=True)]
        right = [a + up(s_i * self.nu[k], B) for a, s_i in zip(self.columnsN[k], s, strict=True)]
        left = [a + up(s[k] * nu, B) for a, nu in zip(self.absN[k], self.nu, strict=True)]
        rest = [i for i in range(self.n) if i != k]
        for name, m, t in (("t", right, self.t), ("c", left, self.c)):
            i = min(rest, key=lambda i: eta[i] - t[i])
            both = f"{show(self.real(eta[i]))}, {show(self.real(t[i]))}"
            need(eta[i] > t[i], f"Theorem B: eta_i > {name}_i does not hold: {both}")
            ratio = max(over(t[i] << B, eta[i]) for i in rest)
            need(ratio < 1 << B, f"Theorem B: max {name}_i/eta_i < 1 does not hold")  # it may be rounded up to 1
            delta = over(max(over(m[i] << B, eta[i]) for i in rest) << B, (1 << B) - ratio)
            out.append([0 if i == k else over((m[i] << B) + t[i] * delta, eta[i]) for i in range(self.n)])
        return out

    def gap(self, z: Complex, zeta: int) -> int:
        """Lemma C: a lower bound of beta = min_j (|z' - d_j| - g_j) for all z' within zeta of z."""
        lows = [math.isqrt((z[0] - u) ** 2 + (z[1] - v) ** 2) for u, v in self.d]
        return min(low - zeta - g for low, g in zip(lows, self.g, strict=True))

    def resolvent(self, z: Complex, zeta: int, v: list[Disc], fv: int) -> tuple[list[Disc], int]:
        """Lemma C: discs of the entries of (z' - W)^-1 v = XPy, (z' - M)y = (I + S)r, r = P^-1 Y v, and f of their
        unit 2^-f.

        z' is anything within zeta of z, v are discs in units of 2^-fv.  With y~_j = r_j/(z' - d_j),
        |y_j - y~_j| <= E = (max s_i ||r|| + max g_i ||y~||)/beta.  y~ and E are in units of 2^-fy, upper bounds
        of |r_j| and of its error in units of 2^-fv.
        """
        far = max(root(z[0] - u, z[1] - w) for u, w in self.d).bit_length()
        B, F, y, fy = self.B, self.F, self.y, max(fv + max(far, self.B) - self.F, 0) + 64
        beta = self.gap(z, zeta)
        need(beta > 0, f"Lemma C: beta > 0 does not hold: {show(self.real(beta))}")
        *parts, v_radii = zip(*v, strict=True)
        Yv = [[sum(map(mul, row, part)) for row in self.Y] for part in parts]
        re, im = (complex_rows([[a] for a in part], self.m, False) for part in Yv)
        discs, r_norm, y_norm = [], 0, 0
        for j, (d, sizes) in enumerate(zip(self.d, self.absPY, strict=True)):
            a, b = re[j][0][0] - im[j][0][1], re[j][0][1] + im[j][0][0]  # 2 r_j in units of 2^-(fv + y)
            p, q = z[0] - d[0], z[1] - d[1]
            square, low, k = p * p + q * q, math.isqrt(p * p + q * q), F + fy - fv - y - 1
            error = up(sum(map(mul, sizes, v_radii)), self.FY)
            r_j = up(root(a, b), y + 1) + error
            u, w = ((up(t, -k) // square) for t in (a * p + b * q, b * p - a * q))
            # |r_j/(z - d_j) - r_j/(z' - d_j)| <= |r_j|/|z - d_j| zeta/(|z - d_j| - zeta); u, w are less than 1 off
            e = over(error + over(r_j * zeta, low - zeta) << F + fy, low << fv) + 2
            discs.append((u, w, e))
            r_norm, y_norm = max(r_norm, r_j), max(y_norm, root(u, w) + e)
        E = over(up(max(self.s) * r_norm << fy, B + fv - F) + max(self.g) * y_norm, beta)
        Py: list[Complex] = [(u, w) for u, w, _ in discs]
        for a in range(0, 2 * self.m, 2):
            (p, q), (u, w) = Py[a], Py[a + 1]
            Py[a : a + 2] = [(p + u, q + w), (w - q, p - u)]
        errors = [e + E for _, _, e in discs]
        radii = [up(sum(map(mul, sizes, errors)), self.FX - self.x) for sizes in self.absXP]
        centres = [[sum(map(mul, row, part)) for row in self.X] for part in zip(*Py, strict=True)]
        return list(zip(*centres, radii, strict=True)), fy + self.x


# ---------------------------------------------------------------- claims and verdicts
def show(x: Fraction | int, rounding: str = ROUND_FLOOR) -> str:
    """A number with 17 digits, for readers only."""
    return str(Context(prec=17, rounding=rounding).divide(Decimal(x.numerator), Decimal(x.denominator)))


def shown(ends: Ends) -> str:
    """An interval for readers, rounded outwards."""
    return f"[{show(ends[0])}, {show(ends[1], ROUND_CEILING)}]"


class Item:
    """One file of the report: what failed, with both sides, or what was found."""

    def __init__(self, name: str) -> None:
        self.name, self.facts, self.rejected, self.undecided = name, "", list[str](), list[str]()

    def run(self, step: Callable[..., Any], *arguments: Any) -> Any:
        """The result of a step, or None with the failure noted."""
        try:
            return step(*arguments)
        except Rejected as error:
            self.rejected.append(str(error))
        except Incomplete as error:
            self.undecided.append(str(error))
        return None

    def less(self, what: str, a: Fraction | int, b: Fraction | int, strict: bool = False) -> None:
        """a <= b, or a < b."""
        if a > b or (strict and a == b):
            self.rejected.append(f"{what} does not hold: {show(a)}, {show(b)}")

    def inside(self, what: str, own: Ends, claimed: Ends, zero: bool = True) -> None:
        """The interval found lies inside the claimed one, which holds no 0 unless it may."""
        if not claimed[0] <= own[0] <= own[1] <= claimed[1]:
            self.rejected.append(f"{what}: {shown(own)} does not lie inside the claimed {shown(claimed)}")
        if not zero and claimed[0] <= 0 <= claimed[1]:
            self.rejected.append(f"{what}: the claimed {shown(claimed)} contains 0")

    def verdict(self) -> str:
        """Rejected if anything is refused, else incomplete if anything is undecided."""
        return "rejected" if self.rejected else "incomplete" if self.undecided else "accepted"


def document_of(bundle: Bundle, name: str, spec: Any) -> Any:
    """branch.json or a certificate, if it is of this method and about problem.json."""
    value = bundle.json(name)
    method = value.get("method") if type(value) is dict else None
    covered = ("zero-branch", *SINGULAR)
    can(type(method) is not str or method in covered, f"method {ascii(method)[:80]} is not covered")
    document = parse(value, spec, name)
    need(document["precision"] <= 1024, "precision: more than 1024 bits")
    bundle.read("problem.json")
    need(document["problem"]["sha256"] == bundle.digests["problem.json"], "problem.json has another SHA-256")
    return document


def spectrum_of(item: Item, bundle: Bundle, net: Network, document: dict[str, Any]) -> Spectrum:
    """Theorem A, once for each witness: rho and ||N||."""
    witness, bounds = document["witness"], document["bounds"]
    key = json.dumps([document["precision"], *(witness[letter] for letter in ("pairs", "X", "Y", "d"))])
    if key not in bundle.spectra:
        bundle.spectra[key] = Spectrum(bundle, net, witness, document["precision"])
    sp = bundle.spectra[key]
    item.less("Theorem A: rho <= claimed", sp.real(sp.rho, sp.B), bounds["rho"])
    item.less("Theorem A: claimed rho < 1", bounds["rho"], 1, True)
    item.less("Theorem A: ||N|| <= claimed", sp.real(sp.norm), bounds["norm_N"])
    return sp


def check_point(item: Item, bundle: Bundle, net: Network, name: str) -> tuple[dict[str, Any], Spectrum, int]:
    """All claims and bounds of one certificate (sections 6 and 8, or 27): the claims, the spectrum, and k."""
    if not name.startswith("hopf-"):
        return check_singular(item, bundle, net, name)
    document = document_of(bundle, f"points/{name}.json", CERTIFICATE)
    need(document["id"] == name, "the id is not the name of the file")
    claims, bounds, k = document["claims"], document["bounds"], 2 * document["witness"]["pair"]
    sp = spectrum_of(item, bundle, net, document)
    bundle.spend(net.n * (400_000 + 100 * square(4 * max(sp.F, sp.FX, sp.FY))))
    need(k < 2 * sp.m, "witness.pair: no such pair")
    crossing(item, net, sp, k, claims, bounds)
    q, a, defect = eigenvectors(item, sp, k, bounds)
    equilibrium(item, net, sp, k, claims)
    lyapunov(item, net, sp, k, q, a, defect, claims, bounds)
    item.facts = f"gamma {shown(claims['parameter'])} omega {shown(claims['omega'])} l1 "
    item.facts += f"{shown(claims['first_lyapunov_coefficient'])} n_u {claims['unstable_eigenvalues']}"
    return claims, sp, k


def check_singular(item: Item, bundle: Bundle, net: Network, name: str) -> tuple[dict[str, Any], Spectrum, int]:
    """A line or a pole (section 27): the disc K_k of a real index shares real parts with no other, so W has one
    eigenvalue mu in it, a simple real one, and W + gamma I is singular at gamma = -mu.  The eigenvectors q, p = a of
    Theorem B are real.  If b = 0, the kernel is Rq; if pb != 0, the branch is r/(gamma + mu) + O(1), r = -pb q/pq."""
    kind = name[:4]
    document = document_of(bundle, f"points/{name}.json", SINGULAR[kind])
    need(document["id"] == name, "the id is not the name of the file")
    claims, bounds, k, s1 = document["claims"], document["bounds"], document["witness"]["index"], net.sigma[0]
    sp, b, radii = spectrum_of(item, bundle, net, document), net.b.rows[0], net.b_radius.rows[0]
    bundle.spend(net.n * (400_000 + 100 * square(4 * max(sp.F, sp.FX, sp.FY))))
    need(2 * sp.m <= k < net.n, "witness.index: no such real eigenvalue")
    gap, re, real = sp.separation(k, k) or 0, sp.d[k][0], sp.real
    need(gap > 0, f"real crossing: |Re d_j - d_k| - g_j - g_k > 0 does not hold: {show(real(gap))}")
    item.less("real crossing: g_k <= claimed", real(sp.g[k]), bounds["disc_radius"])
    item.inside("real crossing: K_k", (real(re - sp.g[k]), real(re + sp.g[k])), bounds["eigenvalue"])
    item.inside("real crossing: gamma", sp.gammas(k), claims["parameter"])
    item.inside("real crossing: speed", (s1.lo, s1.hi), claims["eigenvalue_speed"], False)
    for key, table, own in (("separation", bounds, real(gap)), ("spectral_gap", claims, real(gap) * s1.lo)):
        item.less(f"real crossing: 0 < claimed {key}", 0, table[key], True)
        item.less(f"real crossing: claimed {key} <= that found", table[key], own)
    n_u = sum(sp.d[j][0] > re for j in range(net.n) if j != k)
    need((claims["unstable"], claims["stable"]) == (n_u, net.n - 1 - n_u), f"real crossing: n_u is {n_u}")
    q, a, defect = eigenvectors(item, sp, k, bounds)
    qq, error = sum(x * x for x, _, _ in q), sum((2 * abs(x) + e) * e for x, _, e in q)
    norm = Interval(real(qq, 2 * sp.FX)).widened(real(error, 2 * sp.FX))
    need(norm.lo > 0, "Theorem B: q^T q > 0 does not hold")
    item.inside("q^T q", (norm.lo, norm.hi), bounds["q_norm_squared"], False)
    vector, length = claims["direction" if kind == "line" else "residue"], square_root(norm)
    need(len(vector) == net.n, "the direction or residue has not n entries")
    need((kind == "pole") == (any(b) or any(radii)), "line: b = 0; pole: b != 0; this does not hold")
    if kind == "line":
        factor = Interval(1) / length
        need(any(not lo <= 0 <= hi for lo, hi in vector), "line: the claimed direction may be 0")
    else:
        pb = Interval(Fraction(sum(y * x for (y, _, _), x in zip(a, b, strict=True)), net.b.den << sp.FY))
        spread = sum(e * abs(x) for (_, _, e), x in zip(a, b, strict=True))
        moved = sum((abs(y) + e) * r for (y, _, e), r in zip(a, radii, strict=True))
        pb = pb.widened(Fraction(spread, net.b.den << sp.FY) + Fraction(moved, net.b_radius.den << sp.FY))
        item.inside("pole: pb", (pb.lo, pb.hi), bounds["left_bias"], False)
        factor = Interval(0) - pb / Interval(1 - defect, 1 + defect)
        size = length * (factor if factor.lo > 0 else Interval(0) - factor)
        item.inside("pole: |r|", (size.lo, size.hi), claims["coefficient"], False)
    for i, ((x, _, e), claimed) in enumerate(zip(q, vector, strict=True)):
        found = Interval(real(x - e, sp.FX), real(x + e, sp.FX)) * factor
        item.inside(f"vector_{i + 1}", (found.lo, found.hi), claimed)
    item.facts = f"gamma {shown(claims['parameter'])} n_u {n_u}"
    return claims, sp, k


def crossing(item: Item, net: Network, sp: Spectrum, k: int, claims: dict[str, Any], bounds: dict[str, Any]) -> None:
    """H2: if Im d_k > g_k and |Re d_j - Re d_k| > g_j + g_k for all j outside the pair, K_k holds exactly one
    eigenvalue mu of W; then A(gamma*) = sigma_1 (W + gamma* I), gamma* = -Re mu, has the simple eigenvalues
    +-i omega, omega = sigma_1 Im mu, and no other on the axis; n_u counts the j with Re d_j > Re d_k.
    H3: lambda(gamma) = sigma_1 (mu + gamma), so the crossing speed is sigma_1."""
    real, (re, im), g, s1 = sp.real, sp.d[k], sp.g[k], net.sigma[0]
    mu = (real(im - g), real(im + g))  # Im mu
    item.less("H2: g_k <= claimed", real(g), bounds["disc_radius"])
    item.inside("H2: Re of K_k", (real(re - g), real(re + g)), bounds["eigenvalue"][0])
    item.inside("H2: Im of K_k", mu, bounds["eigenvalue"][1])
    need(im > g, f"H2: Im d_k > g_k does not hold: {show(real(im))}, {show(real(g))}")
    gap = sp.separation(k, k + 1)
    need(gap is None or gap > 0, f"H2: |Re d_j - Re d_k| - g_j - g_k > 0 does not hold: {show(real(gap or 0))}")
    apart = None if gap is None else real(gap)
    lower = [("isolation", bounds, mu[0]), ("separation", bounds, apart)]
    for key, table, own in [*lower, ("spectral_gap", claims, None if apart is None else apart * s1.lo)]:
        need((own is None) == (table[key] is None), f"H2: {key} is null exactly when n = 2")
        if own is not None:
            item.less(f"H2: 0 < claimed {key}", 0, table[key], True)
            item.less(f"H2: claimed {key} <= that found", table[key], own)
    item.inside("H2: gamma*", sp.gammas(k), claims["parameter"])
    item.inside("H2: omega", (mu[0] * s1.lo, mu[1] * s1.hi), claims["omega"], False)
    n_u = sum(sp.d[j][0] > re for j in range(net.n) if j not in (k, k + 1))
    for key, found in (("unstable_eigenvalues", n_u), ("stable_eigenvalues", net.n - 2 - n_u)):
        need(claims[key] == found, f"H2: {key}: claimed {claims[key]}, found {found}")
    item.inside("H3: crossing speed", (s1.lo, s1.hi), claims["crossing_speed"], False)


def eigenvectors(item: Item, sp: Spectrum, k: int, bounds: dict[str, Any]) -> tuple[list[Disc], list[Disc], Fraction]:
    """Theorem B: discs of the entries of q (units 2^-FX) and of a = conj p (units 2^-FY) with
    |q_l - (XP)_lk| <= sum |(XP)_li| delta_i,
    |a_l - (P^-1 Y)_kl| <= sum delta'_i |(P^-1 Y)_il| + (s_k + sum delta'_i s_i) max_i |(P^-1 Y)_il|,
    and |p^H q - 1| <= sum delta_i delta'_i, which must be less than 1."""
    right, left = sp.deltas(k)
    B, defect = sp.B, sp.real(sum(map(mul, right, left)), 2 * sp.B)
    item.less("Theorem B: max delta_i <= claimed", sp.real(max(right), B), bounds["delta_right"])
    item.less("Theorem B: max delta'_i <= claimed", sp.real(max(left), B), bounds["delta_left"])
    item.less("Theorem B: |p^H q - 1| <= claimed", defect, bounds["pq_defect"])
    item.less("Theorem B: claimed pq_defect < 1", bounds["pq_defect"], 1, True)
    need(defect < 1, "Theorem B: |p^H q - 1| < 1 does not hold")
    extra = sp.s[k] + up(sum(map(mul, left, sp.s)), B)
    q = [(*row[k], up(sum(map(mul, sizes, right)), B)) for row, sizes in zip(sp.XP, sp.absXP, strict=True)]
    a = [(*z, up(sum(map(mul, sizes, left)) + extra * max(sizes), B))
         for z, sizes in zip(sp.PY[k], sp.columnsPY, strict=True)]  # fmt: skip
    return q, a, defect


def equilibrium(item: Item, net: Network, sp: Spectrum, k: int, claims: dict[str, Any]) -> None:
    """H1: x* = -W(gamma*)^-1 b, which is Lemma C with z = -gamma*, v = b; 0 if b = 0."""
    n, b, radii = net.n, net.b.rows[0], net.b_radius.rows[0]
    need(len(claims["equilibrium"]) == n, "H1: equilibrium has not n entries")
    xs = [(Fraction(0), Fraction(0))] * n
    if any(b) or any(radii):
        f = max(sp.B + net.b.den.bit_length() - max(map(abs, b)).bit_length(), 0)
        v = [((x << f) // net.b.den, 0, over(r << f, net.b_radius.den) + 1) for x, r in zip(b, radii, strict=True)]
        found, f = sp.resolvent((sp.d[k][0], 0), sp.g[k], v, f)
        xs = [(sp.real(x - r, f), sp.real(x + r, f)) for x, _, r in found]
    for i, (own, claimed) in enumerate(zip(xs, claims["equilibrium"], strict=True)):
        item.inside(f"H1: x*_{i + 1}", own, claimed)


def lyapunov(item: Item, net: Network, sp: Spectrum, k: int, q: list[Disc], a: list[Disc], defect: Fraction,
             claims: dict[str, Any], bounds: dict[str, Any]) -> None:  # fmt: skip
    """H4: let nu = Im mu, z = 2i nu - gamma*, (z - W) h = q o q, S = sum a_l q_l |q_l|^2/(p^H q) and
    G = sum a_l conj(q_l) h_l/(p^H q).  The h of section 8 is -(sigma_2 nu^2/sigma_1) times this one, so its T is
    -i nu^3 (sigma_2^2/sigma_1) (S - 2i nu G), and
        l1 = nu^2/(2 sigma_1 q^H q) [(3 sigma_2^2/sigma_1 - sigma_3) Im S - 2 nu (sigma_2^2/sigma_1) Re G]."""
    real, (s1, s2, s3), f = sp.real, net.sigma, sp.FY + 3 * sp.FX
    nu, off = Interval(sp.real(sp.d[k][1] - sp.g[k]), sp.real(sp.d[k][1] + sp.g[k])), defect / (1 - defect)

    def quotient(part: int, error: int, size: int, f: int) -> Interval:
        """A part of sum/(p^H q), where |sum| <= size; |1/(p^H q) - 1| <= off."""
        return Interval(real(part, f)).widened(real(error, f) + real(size, f) * off)

    # q_l = x + i x_ and a_l = y + i y_ up to ex and ey; w = |q_l|^2, u + iv = q_l^2.  To first order Im S moves by
    # |2|q|^2 a - conj(a q^2)| ex + |q|^3 ey; the rest is at most (|a| + ey)(|q| + ex)^3 less its terms of order 0
    # and 1, which grows with |a| and |q|, so that upper bounds of these will do
    re_s = im_s = error_im = error = qq = error_qq = 0
    for (x, x_, ex), (y, y_, ey) in zip(q, a, strict=True):
        w, u, v, size_q, size_a = x * x + x_ * x_, x * x - x_ * x_, 2 * x * x_, root(x, x_), root(y, y_)
        every = (size_a + ey) * (size_q + ex) ** 3 - size_a * size_q**3
        first = root(2 * w * y - y * u + y_ * v, 2 * w * y_ + y * v + y_ * u) * ex
        re_s, im_s = re_s + w * (y * x - y_ * x_), im_s + w * (y * x_ + y_ * x)
        error_im, error = error_im + first + every - 3 * size_a * size_q**2 * ex, error + every
        qq, error_qq = qq + w, error_qq + (2 * size_q + ex) * ex
    S = quotient(im_s, error_im, root(re_s, im_s) + error, f)
    norm = Interval(real(qq, 2 * sp.FX)).widened(real(error_qq, 2 * sp.FX))
    item.inside("H4: q^H q", (norm.lo, norm.hi), bounds["q_norm_squared"], False)
    item.inside("H4: Im S", (S.lo, S.hi), bounds["im_S"])
    curvature, gap = s2 * s2 / s1, bounds["resolvent_gap"]
    bracket = (curvature * 3 - s3) * S
    need((gap is None) == (s2.hi == 0), "H4: resolvent_gap is null exactly if sigma_2 = 0")
    if gap is not None:
        z, zeta = (sp.d[k][0], 2 * sp.d[k][1]), 2 * sp.g[k]
        item.less("H4: 0 < claimed resolvent_gap", 0, gap, True)
        item.less("H4: claimed resolvent_gap <= that found", gap, real(sp.gap(z, zeta)))
        # q o q in units of 2^-FX; 2 for the two roundings
        squares = [((x * x - x_ * x_) >> sp.FX, 2 * x * x_ >> sp.FX, up((2 * root(x, x_) + ex) * ex, sp.FX) + 2)
                   for x, x_, ex in q]  # fmt: skip
        h, f = sp.resolvent(z, zeta, squares, sp.FX)
        re_g = im_g = error = 0
        for (x, x_, ex), (y, y_, ey), (p, p_, ep) in zip(q, a, h, strict=True):
            u, v, size_q, size_a, size_h = y * x + y_ * x_, y_ * x - y * x_, root(x, x_), root(y, y_), root(p, p_)
            re_g, im_g = re_g + u * p - v * p_, im_g + u * p_ + v * p
            error += (size_a + ey) * (size_q + ex) * (size_h + ep) - size_a * size_q * size_h
        G = quotient(re_g, error, root(re_g, im_g) + error, f + sp.FX + sp.FY)
        bracket = bracket - nu * curvature * G * 2
    l1 = nu * nu * bracket / (s1 * norm * 2)
    item.inside("H4: l1", (l1.lo, l1.hi), claims["first_lyapunov_coefficient"], False)
    kind = "supercritical" if claims["first_lyapunov_coefficient"][1] < 0 else "subcritical"
    need(claims["criticality"] == kind, f"H4: claimed {claims['criticality']}, but l1 is in {shown((l1.lo, l1.hi))}")


# ---------------------------------------------------------------- the branch (section 5)
def located(item: Item, what: str, gammas: Ends, claimed: Ends, net: Network) -> None:
    """A gamma lies in its claimed enclosure and in the range."""
    item.inside(f"points: {what}", gammas, claimed)
    item.inside(f"points: {what} in the range", gammas, net.range or gammas)


def check_branch(item: Item, bundle: Bundle, net: Network, branch: dict[str, Any], points: dict[str, Any]) -> None:
    """The list of points, real crossings, completeness."""
    claims, listed = branch["claims"], [p["id"] for p in branch["claims"]["points"]]
    pieces, crossings = [p["interval"] for p in claims["unsettled"]], claims["real_crossings"]
    need(claims["interval"] == net.range, "interval: not that of the problem")
    need(not (claims["complete"] and pieces), "completeness: claimed beside unsettled intervals")
    need(sorted(listed) == sorted(points), f"points: listed {listed[:9]!a}, certified {sorted(points)[:9]!a}")
    need((branch["bounds"] is None) == (branch["witness"] is None), "bounds and witness are null together")
    if branch["witness"] is None:  # outside of +-||W|| no eigenvalue of W + gamma I has real part 0
        rows = zip(net.W.rows, net.Delta.rows, strict=True)
        norm = max(Fraction(sum(map(abs, w)), net.W.den) + Fraction(sum(r), net.Delta.den) for w, r in rows)
        need(not (listed or crossings), "without a witness there are no points and no real crossings")
        lo, hi = net.range or (-norm, norm)
        if hi < -norm or norm < lo:
            return
        need(not claims["complete"] and len(pieces) == 1, "without a witness exactly one interval is unsettled")
        need(pieces[0][0] <= max(lo, -norm) and min(hi, norm) <= pieces[0][1], f"unsettled: less than +-{show(norm)}")
        return
    sp = spectrum_of(item, bundle, net, branch)
    item.less("Theorem A: max g_i <= claimed", sp.real(max(sp.g)), branch["bounds"]["max_disc_radius"])
    can(all(points.values()), "points: some are not proved here, so nothing is said about completeness")
    last: Fraction | None = None
    settled: set[int] = set()
    # The mu of a certificate lies in its K_k and in a disc of this witness, so in the only one that meets K_k.  That
    # must be an isolated a+, which holds no other eigenvalue; its a- holds conj mu.
    singular: list[tuple[str, int]] = []
    for entry in claims["points"]:
        _, own, k = points[entry["id"]]
        ordered = last is None or last <= entry["parameter"][0]
        need(ordered, f"points: {entry['id']} is not in the order of the lower ends of the parameter")
        last = entry["parameter"][0]
        if not entry["id"].startswith("hopf-"):
            need(own is sp and entry["pair"] is None, f"points: {entry['id']} has another witness, or a pair")
            located(item, f"gamma of {entry['id']}", sp.gammas(k), entry["parameter"], net)
            singular.append((entry["id"], k))
            continue
        meets = sp.meeting(own, k)
        single = len(meets) == 1 and meets[0] in range(0, 2 * sp.m, 2) and sp.meeting(sp, meets[0]) == meets
        need(single and meets[0] not in settled, f"points: {entry['id']} does not belong to one more isolated pair")
        need(entry["pair"] in (None, meets[0] // 2), f"points: {entry['id']} belongs to the pair {meets[0] // 2}")
        settled |= {meets[0], meets[0] + 1}
        low, high = zip(own.gammas(k), sp.gammas(meets[0]), strict=True)  # gamma* lies in both
        located(item, f"gamma* of {entry['id']}", (max(low), min(high)), entry["parameter"], net)
        # two pairs are two points, also where nothing is known of the order of their gamma*
    # A real crossing: of the discs that meet the real axis only one, with a real centre, has a -Re in the enclosure;
    # no other disc shares its real parts, so it holds one eigenvalue, which is real, and no other has that real part.
    last, real = None, set[int]()
    bundle.spend((len(crossings) + len(listed)) * net.n * (6000 + 10 * square(sp.F)))
    on_axis = [i for i, (_, v) in enumerate(sp.d) if abs(v) <= sp.g[i]]
    for claimed in crossings:
        near = [i for i in on_axis if sp.gammas(i)[0] <= claimed[1] and claimed[0] <= sp.gammas(i)[1]]
        single = len(near) == 1 and near[0] >= 2 * sp.m
        need(single, f"real crossings: not exactly one real disc belongs to {shown(claimed)}")
        gap = sp.separation(near[0], near[0])
        need(gap is None or gap > 0, f"real crossings: that in {shown(claimed)} shares real parts with another disc")
        settled.add(near[0])
        real.add(near[0])
        located(item, "a real crossing", sp.gammas(near[0]), claimed, net)
        need(last is None or last < claimed[0], f"points: a real crossing in {shown(claimed)} is not increasing")
        last = claimed[1]
    for name, k in singular:  # each is about one more of them
        need(k in real, f"points: {name} is not about one more listed real crossing")
        real.remove(k)
    # Completeness: the other eigenvalues lie in the other discs; one in K_j meets the axis in -Re d_j +- g_j only.
    cover: list[Ends] = []
    count = len(pieces) + len(crossings) + len(listed)
    longest = max((x.denominator.bit_length() + x.numerator.bit_length() for p in [*pieces, *crossings] for x in p),
                  default=0)  # fmt: skip
    bundle.spend((count + net.n) * count.bit_length() * 3 * (1000 + square(longest)))
    for p in sorted([*pieces, *crossings, *(p["parameter"] for p in claims["points"])]):
        if cover and p[0] <= cover[-1][1]:
            cover[-1] = (cover[-1][0], max(cover[-1][1], p[1]))
        else:
            cover.append(p)
    starts = [lo for lo, _ in cover]
    for j in set(range(sp.n)) - settled:
        a, b = sp.gammas(j)
        a, b = (max(a, net.range[0]), min(b, net.range[1])) if net.range else (a, b)
        text = f"completeness: an eigenvalue may reach the axis in {shown((a, b))}"
        need(a > b or not claims["complete"], f"{text}, which is no listed point or real crossing")
        before = bisect_right(starts, a)
        need(a > b or (before > 0 and b <= cover[before - 1][1]), f"{text}, which is not in the listed intervals")
    item.facts = f"complete {claims['complete']}, points {len(listed)}, real crossings {len(crossings)}, "
    item.facts += f"unsettled {len(pieces)}"


# ---------------------------------------------------------------- summary and manifest (section 9)
def row_of(value: Any) -> dict[str, Any]:
    """What a row of the summary repeats of its certificate."""
    kind = str(value.get("id"))[:4] if isinstance(value, dict) else ""
    need(kind in ROWS, "points: a row without the name of a point")
    return ROWS[kind]


def check_summary(bundle: Bundle, net: Network, branch: dict[str, Any], points: dict[str, Any]) -> None:
    """summary.json, if there is one, claims what the other files claim."""
    value, claims, counts = bundle.json("summary.json"), branch["claims"], dict.fromkeys(ROWS, 0)
    more = {"plain_crossings": object} if isinstance(value, dict) and "plain_crossings" in value else {}
    summary = parse(value, SUMMARY | more, "summary")
    need((summary["title"], summary["dimension"]) == (net.title, net.n), "title or dimension: not that of the problem")
    for key in ("complete", "interval", "real_crossings"):
        need(summary[key] == claims[key], f"{key}: not that of branch.json")
    need((summary["status"] == "proved") == claims["complete"], "status: not supported by branch.json")
    need(len(summary["unsettled"]) == len(claims["unsettled"]), "unsettled: not those of branch.json")
    for ours, theirs in zip(summary["unsettled"], claims["unsettled"], strict=True):  # the reasons end with a remedy
        same = ours["reason"].startswith(theirs["reason"]) and ours | {"reason": ""} == theirs | {"reason": ""}
        need(same, "unsettled: not those of branch.json")
    proved = [entry["id"] for entry in summary["points"] if entry["status"] == "proved"]
    need(proved == [p["id"] for p in claims["points"]], "points: those proved are not those of branch.json")
    need(not claims["complete"] or len(proved) == len(summary["points"]), "a complete list with an undecided point")
    for entry in summary["points"]:
        name, certified, row = entry["id"], (points.get(entry["id"]) or [{}])[0], row_of(entry)
        counts[name[:4]] += 1
        need(name == f"{name[:4]}-{counts[name[:4]]:04d}", f"points: {name} is not in order")
        need(entry["tex"] in (None, f"points/{name}.tex"), f"{name}: bad tex")
        if entry["status"] == "undecided":
            none = all(entry[key] is None for key in (*list(CLAIMS)[3:], "certificate")) if row is CLAIMS else False
            need(none, f"{name}: undecided, but claimed")
            continue
        need(entry["certificate"] == f"points/{name}.json", f"{name}: bad certificate")
        need(entry["reason"] is None and entry["code"] is None, f"{name}: proved, but with a reason why not")
        for key in row if certified else ():
            need(entry[key] == certified[key], f"{name}: {key} is not that of the certificate")


def check_manifest(bundle: Bundle) -> None:
    """If there is a manifest, all files in it have their digests, and all that the verdict rests upon are in it."""
    lines = bundle.read("MANIFEST.sha256").decode("ascii", "replace").split("\n")
    can(len(lines) <= MAX_FILES, "more lines than are read here")
    need(lines.pop() == "", "the last line does not end")
    listed = {line[66:]: line[:64] for line in lines}
    need(len(listed) == len(lines), "a file is listed twice")
    for line, (name, digest) in zip(lines, listed.items(), strict=True):
        need(line[64:66] == "  " and name not in ("summary.json", "MANIFEST.sha256"), f"bad line {line[:120]!a}")
        bundle.read(name)
        need(bundle.digests[name] == digest, f"{name} has another SHA-256")
    missing = set(bundle.digests) - set(listed) - {"summary.json", "MANIFEST.sha256"}
    need(not missing, f"not listed: {sorted(missing)[:5]}")


def begin(bundle: Bundle) -> tuple[dict[str, Any], Network, list[str]]:
    """branch.json, the network, and the names of all certificates in points/."""
    need(bundle.root.is_dir(), "not a directory")
    can(os.path.lexists(bundle.root / "branch.json"), "no branch.json: nothing is said about completeness")
    need(not os.path.lexists(bundle.root / "branches"), "a branch of this method is the only one of its bundle")
    branch, folder, names = document_of(bundle, "branch.json", BRANCH), bundle.root / "points", list[str]()
    if os.path.lexists(folder):
        need(stat.S_ISDIR(os.lstat(folder).st_mode), "points: not a folder")
        with os.scandir(folder) as entries:
            for i, entry in enumerate(entries):
                can(i < MAX_FILES, "points: more files than are read here")
                names += [parse(entry.name[:-5], ID, "points")] if entry.name.endswith(".json") else []
    return branch, Network(bundle), sorted(names)


def check_bundle(root: Path) -> list[Item]:
    """The report on one bundle."""
    bundle, items = Bundle(root), [Item("bundle")]
    found = items[0].run(begin, bundle)
    if found:
        branch, net, names = found
        points: dict[str, Any] = {}
        for name in names:
            items.append(Item(f"points/{name}"))
            point = items[-1].run(check_point, items[-1], bundle, net, name)
            points[name] = point if items[-1].verdict() == "accepted" else None
            if bundle.work > bundle.limit or bundle.size > MEMORY:  # so that the rest cannot be checked
                return items
        items.append(Item("branch"))
        items[-1].run(check_branch, items[-1], bundle, net, branch, points)
        if os.path.lexists(root / "summary.json"):
            items.append(Item("summary"))
            items[-1].run(check_summary, bundle, net, branch, points)
    if os.path.lexists(root / "MANIFEST.sha256"):
        items.append(Item("manifest"))
        items[-1].run(check_manifest, bundle)
    return items


CODES = {"accepted": 0, "incomplete": 3, "rejected": 1}  # from good to bad


def main(folders: list[str]) -> int:
    """Check each directory and print the report; the exit code is that of the worst verdict."""
    if not folders or any(x.startswith("-") for x in folders):
        print("usage: python -I check_zero_branch.py DIR [DIR ...]", file=sys.stderr)
        return 2
    missing = [x for x in folders if not os.path.lexists(Path(x) / "problem.json")]
    if missing:  # nothing is claimed there, and nothing refuted
        print(ascii(f"{missing[0]}: not a bundle: missing problem.json")[1:-1], file=sys.stderr)
        return 2
    worst = 0
    for folder in folders:
        try:
            items = check_bundle(Path(folder))
        except Exception as error:  # whatever happens: no traceback, and no acceptance
            items = [Item("bundle")]
            items[0].undecided.append(f"a defect or a limit of this checker: {type(error).__name__}")
        grade = max(list(CODES).index(item.verdict()) for item in items)
        worst, lines = max(worst, grade), []
        for x in items:
            lines += [f"{x.name}: {x.facts}"] if x.facts and x.verdict() == "accepted" else []
            lines += [f"{x.name}: REJECTED: {text}" for text in x.rejected]
            lines += [f"{x.name}: INCOMPLETE: {text}" for text in x.undecided]
        for line in [*lines, f"{folder}: {list(CODES)[grade].upper()}"]:
            print(ascii(line)[1:-1])
    return list(CODES.values())[worst]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
