"""The short checker against the full one, against forgers, and against its own rules."""

from __future__ import annotations

import ast
import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
from bundle_maker import make
from check_tools import (
    BAD,
    CERTIFICATES,
    GOOD,
    ROOT,
    SHORT_CHECKER,
    digest,
    load,
    materialise,
    read,
    rehash,
    sampled,
    write,
    write_manifest,
)
from test_check_mutations import JUNK, branch_mutants, header_mutants, leaves, mutants, replaced

SOURCE = SHORT_CHECKER.read_text(encoding="utf-8")


full, short = load(), load(SHORT_CHECKER)

NAMED: dict[str, Callable[[Any], Any]] = {
    "tanh": lambda z: mpmath.tanh(z), "sin": lambda z: mpmath.sin(z), "arctan": lambda z: mpmath.atan(z), "identity": lambda z: z, "erf": lambda z: mpmath.erf(z),
    "silu": lambda z: z / (1 + mpmath.exp(-z)), "gelu": lambda z: z * (1 + mpmath.erf(z / mpmath.sqrt(2))) / 2,
}  # fmt: skip


def verdict(root: Path, without: tuple[str, ...] = ()) -> str:
    found = {item.verdict() for item in short.check_bundle(root) if item.name not in without}
    return next(v for v in ("rejected", "incomplete", "accepted") if v in found)


def failures(root: Path) -> str:
    return "\n".join(f"{x.name}: {text}" for x in short.check_bundle(root) for text in x.rejected + x.undecided)


def method(root: Path) -> str:
    """That of the Hopf points too; certificates of lines and poles are covered."""
    found = {read(p)["method"] for p in [root / "branch.json", *root.glob("points/*.json")]} - {"line", "pole"}
    return found.pop() if len(found) == 1 else "several"


def named(root: Path) -> bool:
    """The activation has a name: expressions are not covered."""
    layers = read(root / "problem.json")["layers"]
    return isinstance(layers, list) and all(isinstance(x, dict) and x.get("activation") in (*NAMED, "logistic", "softplus") for x in layers)


# ---------------------------------------------------------------- agreement with the full checker

COMMITTED = [p for p in sorted((ROOT / "proofs" / "certificates").iterdir()) if (p / "branch.json").is_file()]


@pytest.mark.parametrize("bundle", [*GOOD, *COMMITTED], ids=lambda p: f"{p.parent.name}-{p.name}")
def test_good(bundle: Path) -> None:
    expected = "accepted" if method(bundle) == "zero-branch" and named(bundle) else "incomplete"
    assert verdict(bundle) == expected, failures(bundle)


@pytest.mark.parametrize("bundle", [p for p in GOOD if method(p) == "zero-branch" and named(p)], ids=lambda p: p.name)
def test_both_accept(bundle: Path) -> None:
    assert full.check_path(bundle).verdict == "accepted" == verdict(bundle)


EXPRESSIONS = ("another-activation", "nonzero-at-zero", "not-smooth")  # forged activations that are no names


@pytest.mark.parametrize("bad", BAD, ids=lambda p: p.name)
def test_bad(bad: Path, tmp_path: Path) -> None:
    root = materialise(bad, tmp_path / "bundle")
    expected = full.check_path(root).verdict
    assert expected == read(bad / "patch.json")["expect"]
    assert verdict(root) == ("incomplete" if bad.name in EXPRESSIONS else expected), failures(root)


def test_attacks() -> None:
    for root in sorted((CERTIFICATES / "attacks").iterdir()):
        assert verdict(root) == "rejected"


@pytest.mark.parametrize("base", ["silu", "weight-radius", "planar", "degenerate"])
def test_mutants_of_claims(base: str, share: int, tmp_path: Path) -> None:
    """The same verdict on changed certificates and branches; the files that only repeat or list them are left out."""
    root = Path(shutil.copytree(CERTIFICATES / "good" / base, tmp_path / "copy"))
    for name in ("summary.json", "MANIFEST.sha256"):
        (root / name).unlink()
    files = ["branch.json", *sorted(f"points/{p.name}" for p in root.glob("points/*.json"))[:1]]
    accepted = tried = 0
    for name in files:
        document = read(root / name)
        every = [*mutants(name, document), *header_mutants(name, document)]
        every += list(branch_mutants(document)) if name == "branch.json" else []
        for kind, file, changed in sampled(every, 2 * share):
            (root / file).write_text(json.dumps(changed))
            ours, theirs = verdict(root, ("summary", "manifest")), full.check_path(root).verdict
            tried, accepted = tried + 1, accepted + (ours == "accepted")
            assert ours == theirs, (kind, ours, theirs, failures(root))
        write(root / name, document)
    assert 0 < accepted < tried / 2


@pytest.mark.parametrize("base", ["planar", "bias", "radii-by-entry"])
def test_mutants_of_the_problem(base: str, share: int, tmp_path: Path) -> None:
    """The same acceptance, with all digests made right again; names and shapes above all."""
    root = Path(shutil.copytree(CERTIFICATES / "good" / base, tmp_path / base))
    (root / "summary.json").unlink()
    document = read(root / "problem.json")
    names = [*document["arrays"], "none", "1", "0", ""]
    more = [document | {"arrays": document["arrays"] | {"1": {"entries": ["0"] * n}}, "leak": "1"} for n in (1, document["dimension"])]
    for path, value in leaves(document):
        if path[0] == "arrays" and len(path) > 3 and path[-1] != 0:
            continue
        new = [None, "0", "1", "-1", 0, 1, 2, True, [], {}, [value], {"entries": value}, *(names if isinstance(value, str) else [])]
        more += [replaced(document, path, x) for x in new]
    accepted = 0
    for changed in sampled(more, share * max(1, len(more) // 700), keep=2):
        write(root / "problem.json", changed)
        rehash(root)
        ours, theirs = verdict(root), full.check_path(root).verdict
        accepted += ours == "accepted"
        assert ours == theirs or "accepted" not in (ours, theirs), (changed, ours, theirs, failures(root))
    assert 0 < accepted < len(more) / 2


def test_mutants_of_witness_and_weights(share: int, tmp_path: Path) -> None:
    """Every entry of X, Y, d and of the weights, with all digests made right again."""
    rng = np.random.default_rng(5)
    root = make(
        tmp_path / "bundle", {"R1": rng.standard_normal((4, 4)), "R2": 0.1 * rng.standard_normal((4, 4))}, inline=False
    )
    assert verdict(root) == "accepted", failures(root)
    tried = refused = 0
    for letter in ("X", "Y", "d", "R1", "R2"):
        path = root / "arrays" / f"{letter}.npy"
        original = path.read_bytes()
        start = len(original) - np.load(path).nbytes
        bits = itertools.product(range(start, len(original), 8), ((0, 1), (5, 4), (6, 16), (7, 128)))
        for at, (byte, flip) in sampled(bits, share):
            data = bytearray(original)
            data[at + byte] ^= flip
            path.write_bytes(bytes(data))
            rehash(root)
            ours, theirs = verdict(root), full.check_path(root).verdict
            assert ours == theirs, (letter, at, byte, failures(root))
            tried, refused = tried + 1, refused + (ours == "rejected")
        path.write_bytes(original)
        rehash(root)
    assert refused > tried / 3
    assert verdict(root) == "accepted"


@pytest.mark.parametrize("base", ["n4-printed", "incomplete"])
def test_mutants_of_summary_and_manifest(base: str, share: int, tmp_path: Path) -> None:
    root = Path(shutil.copytree(CERTIFICATES / "good" / base, tmp_path / base))
    document = read(root / "summary.json")
    claimed = [leaf for leaf in leaves(document) if leaf[0][-1] not in ("reason", "code", "tex")]
    for (path, value), new in sampled(itertools.product(claimed, (None, [], "x", 7, False, True)), share):
        if new != value or type(new) is not type(value):
            write(root / "summary.json", replaced(document, path, new))
            ours, theirs = verdict(root), full.check_path(root).verdict
            assert ours == theirs, (path, new, ours, theirs)
    write(root / "summary.json", document)
    assert verdict(root) == "accepted"
    lines = (root / "MANIFEST.sha256").read_text().splitlines(keepends=True)
    for i, line in enumerate(lines):
        for new in (
            lines[:i] + lines[i + 1 :],
            [*lines, line],
            ["0" * 64 + line[64:], *lines[:i], *lines[i + 1 :]],
            [*lines, "x\n"],
        ):
            (root / "MANIFEST.sha256").write_text("".join(new))
            assert verdict(root) == "rejected"


def test_what_may_be_missing(bundle: Path) -> None:
    """The summary and the manifest prove nothing; without branch.json nothing is said about completeness."""
    for name, expected in (("summary.json", "accepted"), ("MANIFEST.sha256", "accepted"), ("branch.json", "incomplete")):
        (bundle / name).unlink()
        assert verdict(bundle) == full.check_path(bundle).verdict == expected


def test_values_of_an_undecided_point(tmp_path: Path) -> None:
    """gamma, omega and l1 may be stated, nothing else."""
    root = Path(shutil.copytree(CERTIFICATES / "good" / "double-hopf", tmp_path / "double-hopf"))
    document = read(root / "summary.json")
    for key, value, expected in (
        ("first_lyapunov_coefficient", ["-1", "1"], "accepted"), ("crossing_speed", ["1", "1"], "rejected"),
        ("criticality", "supercritical", "rejected"), ("unstable_eigenvalues", 0, "rejected"), ("certificate", "points/hopf-0001.json", "rejected"),
    ):  # fmt: skip
        write(root / "summary.json", replaced(document, ("points", 0, key), value))
        assert verdict(root) == full.check_path(root).verdict == expected, key


def test_summary_that_contradicts_itself(bundle: Path) -> None:
    document = read(bundle / "summary.json")
    more = dict.fromkeys(document["points"][0]) | {"id": "hopf-0004", "status": "undecided", "reason": "why", "code": "c"}
    proved = document["points"][0] | {"reason": "because"}
    unsettled = [{"interval": ["0", "1"], "reason": "x", "code": "y"}]
    for changed in ({"points": [*document["points"], more]}, {"points": [proved, *document["points"][1:]]}, {"method": "pieces"}, {"unsettled": unsettled},
                    {"method": "spectral"}):  # fmt: skip
        write(bundle / "summary.json", document | changed)
        assert verdict(bundle) == full.check_path(bundle).verdict == "rejected", changed


@pytest.mark.parametrize("key", ["reason", "code"])
def test_unsettled_of_the_summary(key: str, tmp_path: Path) -> None:
    """The reasons may go on with a remedy; nothing else may differ from branch.json."""
    root = Path(shutil.copytree(CERTIFICATES / "good" / "incomplete", tmp_path / "incomplete"))
    document = read(root / "summary.json")
    for text, expected in ((document["unsettled"][0][key] + " more", "accepted" if key == "reason" else "rejected"), ("other", "rejected")):
        write(root / "summary.json", replaced(document, ("unsettled", 0, key), text))
        assert verdict(root) == full.check_path(root).verdict == expected


def test_lines_of_the_manifest(bundle: Path) -> None:
    text = (bundle / "MANIFEST.sha256").read_bytes()
    for changed in (text.replace(b"\n", b"\r\n"), text.replace(b"  ", b" *", 1), text[:-1], text + text[:64] + b"  summary.json\n", text + b"\n",
                    text.replace(b"  problem", b"  ./problem"), text.upper(), text.replace(b"  problem.json", b"   problem.json")):  # fmt: skip
        (bundle / "MANIFEST.sha256").write_bytes(changed)
        assert verdict(bundle) == full.check_path(bundle).verdict == "rejected", changed[:200]


def test_without_a_witness(tmp_path: Path) -> None:
    """Nothing is on the axis for |gamma| > ||W||; inside, one interval is unsettled."""
    terms = [{"coefficient": "1", "matrix": "W", "transpose": False}]
    root = make(tmp_path / "bundle", {"W": np.array([[1.25, -2.0], [1.0, -0.75]])}, terms)
    shutil.rmtree(root / "points")
    (root / "summary.json").unlink()
    problem, branch = read(root / "problem.json"), read(root / "branch.json")
    branch |= {"witness": None, "bounds": None}
    branch["claims"] |= {"points": [], "real_crossings": []}
    far, piece = Fraction("3.26"), {"interval": ["-3.25", "3.25"], "reason": "", "code": ""}
    for interval, complete, unsettled, expected in (
        ((far, far + 1), True, [], "accepted"), ((-far - 1, -far), True, [], "accepted"), ((far, far + 1), False, [], "accepted"),
        ((far, far + 1), False, [piece, piece], "accepted"), ((0, far), True, [], "rejected"), ((0, far), False, [], "rejected"),
        ((-far, 0), False, [piece], "accepted"), ((-far, far), False, [piece, piece], "rejected"), ((-far, far), True, [piece], "rejected"),
    ):  # fmt: skip
        ends = [f"{float(x):.6f}" for x in interval]
        write(root / "problem.json", problem | {"parameter": problem["parameter"] | {"interval": ends}})
        write(root / "branch.json", branch | {"claims": branch["claims"] | {"interval": ends, "complete": complete, "unsettled": unsettled}})
        rehash(root)
        assert verdict(root) == full.check_path(root).verdict == expected, (interval, complete, failures(root))


def test_leak_of_zeros(bundle: Path) -> None:
    """No leak is null or 0, as a number or as a vector."""
    document = read(bundle / "problem.json")
    document["arrays"] |= {"zero": {"entries": ["0", "0", "0", "0", "0", "-0"]}, "small": {"entries": ["0"] * 5 + ["1e-9"]}}
    for leak, expected in (("0", "accepted"), ("zero", "accepted"), ("-0.0e5", "accepted"), ("small", "rejected"), ("1", "rejected"), ("no", "rejected")):
        write(bundle / "problem.json", document | {"leak": leak})
        rehash(bundle)
        assert verdict(bundle) == full.check_path(bundle).verdict == expected, leak


def test_leaks_of_another_shape_and_ambiguous_ones(bundle: Path) -> None:
    """A matrix whose first row is 0, a short vector, a name that is a decimal, an uncertain one: none is a leak of 0."""
    document = read(bundle / "problem.json")
    zeros = {"entries": ["0"] * 6}
    for name, array, more in (
        ("matrix", {"entries": [["0"] * 6] + [["7"] * 6] * 5}, {}),
        ("short", {"entries": ["0"]}, {}),
        ("7", zeros, {}),
        ("zero", zeros, {"weight_radius": "0.001", "layers": [document["layers"][0] | {"bias": "zero"}]}),
    ):
        write(bundle / "problem.json", document | {"leak": name, "arrays": document["arrays"] | {name: array}} | more)
        rehash(bundle)
        assert verdict(bundle) == full.check_path(bundle).verdict == "rejected", name
        assert "leak" in failures(bundle)


def test_negative_radius_without_arrays(tmp_path: Path) -> None:
    """W0 from unit terms alone: no array has the radius, which may not be negative all the same."""
    units = [("1.25", 1, 1), ("-2", 1, 2), ("1", 2, 1), ("-0.75", 2, 2)]
    terms = [{"coefficient": c, "unit": [i, j]} for c, i, j in units]
    root = make(tmp_path / "bundle", {"W": np.array([[1.25, -2.0], [1.0, -0.75]])}, [{"coefficient": "1", "matrix": "W", "transpose": False}])
    document = read(root / "problem.json")
    document["layers"][0]["weights"] = terms
    for radius, expected in (("0", "accepted"), ("1", "accepted"), ("-1", "rejected")):
        write(root / "problem.json", document | {"weight_radius": radius})
        rehash(root)
        assert verdict(root) == full.check_path(root).verdict == expected, failures(root)


# ---------------------------------------------------------------- known values

@pytest.mark.parametrize("name", NAMED)
def test_derivatives(name: str) -> None:
    """From the definitions of section 7, by numerical differentiation with 420 digits; rational ones are exact."""
    with mpmath.workdps(420):
        for k, found in enumerate(short.activation(name), start=1):
            exact = mpmath.diff(NAMED[name], 0, k)
            for end in (found.lo, found.hi):
                assert abs(mpmath.mpf(end.numerator) / end.denominator - exact) < mpmath.mpf(10) ** -90
            assert found.lo <= found.hi < found.lo + Fraction(1, 10**390)
            assert found.lo == found.hi or (name, k) in (("erf", 1), ("erf", 3), ("gelu", 2))


def test_pi_and_roots() -> None:
    with mpmath.workdps(1200):
        for found, exact in ((short.pi(), mpmath.pi), (short.square_root(short.pi()), mpmath.sqrt(mpmath.pi)),
                             (short.square_root(short.Interval(2)), mpmath.sqrt(2))):  # fmt: skip
            value = Fraction(*map(int, mpmath.libmp.to_rational((+exact)._mpf_)))
            assert found.lo < value < found.hi < found.lo + Fraction(1, 10**395)


@pytest.mark.parametrize(("text", "error"), [
    ("logistic", "Rejected"), ("softplus", "Rejected"), ("relu", "Incomplete"), ("tanh(z)", "Incomplete"), ("", "Incomplete"), ("1", "Incomplete"),
])  # fmt: skip
def test_activations_that_are_refused(text: str, error: str) -> None:
    with pytest.raises((short.Rejected, short.Incomplete)) as caught:
        short.activation(text)
    assert error == caught.type.__name__


def test_a_planar_network_in_closed_form(tmp_path: Path) -> None:
    """W0 = [[5/4, -2], [1, -3/4]]: mu = 1/4 + i, q = (2, 1 - i), conj p = (1, i - 1), S = (8 + 4i)/(2 + 2i) = 3 - i, q^H q = 6.
    So for tanh gamma* = -1/4, omega = 1, l1 = omega^2 Im S/(q^H q) = -1/6."""
    terms = [{"coefficient": "1", "matrix": "W", "transpose": False}]
    root = make(tmp_path / "bundle", {"W": np.array([[1.25, -2.0], [1.0, -0.75]])}, terms)
    path = root / "points" / "hopf-0001.json"
    certificate = read(path)
    known = {"parameter": Fraction(-1, 4), "omega": Fraction(1), "first_lyapunov_coefficient": Fraction(-1, 6)}
    (root / "summary.json").unlink()
    assert verdict(root, ("summary",)) == "accepted", failures(root)
    for key, value in known.items():
        assert Fraction(certificate["claims"][key][0]) <= value <= Fraction(certificate["claims"][key][1])
        for off, expected in (
            (Fraction(0), "accepted"),
            (Fraction(1, 10**9), "rejected"),
            (Fraction(-1, 10**9), "rejected"),
        ):
            ends = [value + off + sign * Fraction(1, 10**12) for sign in (-1, 1)]
            claim = {key: [f"{round(x * 10**20)}e-20" for x in ends]}
            write(path, certificate | {"claims": certificate["claims"] | claim})
            write_manifest(root)
            assert {x.name: x for x in short.check_bundle(root)}["points/hopf-0001"].verdict() == expected, failures(
                root
            )


@pytest.mark.parametrize("options", [{}, {"activation": "silu"}, {"radius": "1e-9"}], ids=["tanh", "silu", "radius"])
def test_30_neurons(tmp_path: Path, options: dict[str, str]) -> None:
    rng = np.random.default_rng(30)
    arrays = {"R1": rng.standard_normal((30, 30)), "R2": 0.1 * rng.standard_normal((30, 30))}
    root = make(tmp_path / "bundle", arrays, inline=False, **options)  # type: ignore[arg-type]
    assert verdict(root) == "accepted", failures(root)


def test_products_and_blocks() -> None:
    X = [[2, 0, 1], [-1, 1, 1], [-1, -1, 1]]
    product = short.product(short.Bundle(ROOT), X, [[1, 2, 3], [4, 5, 6], [7, 8, -(10**30)]])
    assert product == (np.array(X, object) @ np.array([[1, 2, 3], [4, 5, 6], [7, 8, -(10**30)]], object)).tolist()
    P, inverse = np.array([[1, 1, 0], [1j, -1j, 0], [0, 0, 1]]), np.array([[0.5, -0.5j, 0], [0.5, 0.5j, 0], [0, 0, 1]])
    Q = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    for columns, expected in ((True, inverse @ np.array(Q) @ P), (False, inverse @ np.array(Q))):
        found = np.array([[complex(*z) for z in row] for row in short.complex_rows(Q, 1, columns)])
        assert np.allclose(found, 2 * expected)
    assert [
        short.root(3, 4),
        short.root(1, 1),
        short.over(-7, 2),
        short.up(-7, 1),
        short.up(7, 1),
        short.up(7, -1),
    ] == [5, 2, -3, -3, 4, 14]


# ---------------------------------------------------------------- hostile input


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CERTIFICATES / "good" / "n6-seed80", tmp_path / "bundle"))


@pytest.mark.parametrize(
    "name", ["problem.json", "branch.json", "points/hopf-0001.json", "arrays/X.npy", "MANIFEST.sha256", "summary.json"]
)
def test_links_and_pipes(name: str, bundle: Path, tmp_path: Path) -> None:
    (bundle / name).rename(tmp_path / "moved")
    (bundle / name).symlink_to(tmp_path / "moved")
    assert verdict(bundle) == "rejected"
    (bundle / name).unlink()
    os.mkfifo(bundle / name)
    assert verdict(bundle) == "rejected"
    (bundle / name).unlink()
    (bundle / name).symlink_to("/dev/zero")
    assert verdict(bundle) == "rejected"
    (bundle / name).unlink()
    (bundle / name).mkdir()
    assert verdict(bundle) == "rejected"


@pytest.mark.parametrize("folder", ["points", "arrays"])
def test_linked_folders(folder: str, bundle: Path, tmp_path: Path) -> None:
    (bundle / folder).rename(tmp_path / "moved")
    (bundle / folder).symlink_to(tmp_path / "moved")
    assert verdict(bundle) == "rejected"


HOSTILE = ["[" * 10**6, '{"a":' * 10**5, "9" * 10**6, "-" + "9" * 41, "1e999999999", '{"a":1,"a":1}', "NaN", "[Infinity]", "", "null", "[]",
           '"\\ud800"', "\ufeff{}", "1.5", "[" * 990 + "]" * 990]  # fmt: skip


@pytest.mark.parametrize("name", ["problem.json", "branch.json", "points/hopf-0001.json", "summary.json"])
def test_hostile_json(name: str, bundle: Path) -> None:
    for text in HOSTILE:
        (bundle / name).write_bytes(text.encode("utf-8", "surrogatepass"))
        assert verdict(bundle) in ("rejected", "incomplete")
        assert "defect" not in failures(bundle)


def test_values_of_any_type(bundle: Path, share: int) -> None:
    """Wrong types everywhere: no other exception than a verdict."""
    for name in ("problem.json", "points/hopf-0001.json", "branch.json"):
        document = read(bundle / name)
        for path, _ in list(leaves(document))[:: 6 if share > 1 else 2]:
            for junk in [*JUNK[1:12:3], {"entries": [[[10**19, -4096]] * 6] * 6}]:
                write(bundle / name, replaced(document, path, junk))
                report = failures(bundle)
                assert report and "defect" not in report
        write(bundle / name, document)


def test_long_numbers_are_a_limit(bundle: Path) -> None:
    document = read(bundle / "problem.json")
    first = next(iter(document["arrays"].values()))
    for k, row in enumerate(first.get("entries", [])):
        row[:] = [f"{10**400 + j + 7 * k}e-4096" for j in range(len(row))]
    document["weight_radius"] = "1e-4096"
    write(bundle / "problem.json", document)
    rehash(bundle)
    assert verdict(bundle) in ("rejected", "incomplete")


def test_many_files(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short, "MAX_FILES", 2)
    assert verdict(bundle) == "incomplete"


def test_files_out_of_the_bundle(bundle: Path, tmp_path: Path) -> None:
    manifest = bundle / "MANIFEST.sha256"
    (tmp_path / "outside").write_text("x")
    for name in (
        "../outside",
        str(tmp_path / "outside"),
        "./problem.json",
        "points/../problem.json",
        "a\\b",
        "points//x",
    ):
        text = manifest.read_text()
        manifest.write_text(text + f"{digest(tmp_path / 'outside')}  {name}\n")
        assert verdict(bundle) == "rejected"
        manifest.write_text(text)
    assert verdict(bundle) == "accepted"


# ---------------------------------------------------------------- the command, and rules of the file


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", str(SHORT_CHECKER), *map(str, arguments)], capture_output=True, text=True, timeout=900
    )


def test_command(bundle: Path, tmp_path: Path) -> None:
    done = run(bundle)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith(": ACCEPTED")
    assert sum(line.startswith("points/hopf-") and " l1 [" in line for line in done.stdout.splitlines()) == 3
    done = run(bundle, CERTIFICATES / "good" / "hopfield-spectral")
    assert done.returncode == 3
    assert [line.rsplit(" ", 1)[1] for line in done.stdout.splitlines() if line.endswith(("ACCEPTED", "INCOMPLETE"))] == ["ACCEPTED", "INCOMPLETE"]
    branch = read(bundle / "branch.json")
    branch["claims"]["points"][0]["id"] = "\u202e<b>"
    write(bundle / "branch.json", branch)
    done = run(bundle)
    assert done.returncode == 1 and done.stdout.isascii() and "Traceback" not in done.stderr
    assert run().returncode == run("--what").returncode == 2
    done = run(bundle, tmp_path / "nothing\u2028")
    assert done.returncode == 2 and done.stderr.endswith("nothing\\u2028: not a bundle: missing problem.json\n") and not done.stdout


def test_rules_of_the_file() -> None:
    lines = SOURCE.splitlines()
    assert len(lines) <= 1162 and max(map(len, lines)) <= 120
    tree = ast.parse(SOURCE)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [str(node.module)]
            assert all(name.split(".")[0] in sys.stdlib_module_names for name in names)
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        assert not (isinstance(node, ast.Global))
        if isinstance(node, ast.Name):
            assert node.id not in ("float", "complex", "eval", "exec", "compile", "__import__", "round", "pow")
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("sqrt", "log", "exp", "pi", "literal_eval", "fsum", "limit_denominator", "pickle")
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("__") and node in tree.body:
            assert ast.get_docstring(node), node.name


def test_no_float_ever_arises(monkeypatch: pytest.MonkeyPatch) -> None:
    """Division by / happens between fractions or intervals only: no frame of the checker ever holds a float."""

    def profile(frame: Any, event: str, argument: Any) -> Any:
        if frame.f_code.co_filename == str(SHORT_CHECKER):
            assert not isinstance(argument, float)
            assert not any(isinstance(x, float) for x in frame.f_locals.values())

    sys.setprofile(profile)
    try:
        for base in ("gelu-bias", "weight-radius", "erf"):
            assert verdict(CERTIFICATES / "good" / base) == "accepted"
    finally:
        sys.setprofile(None)
