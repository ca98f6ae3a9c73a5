"""Bundles of every kind are byte for byte what they were: for changes of the program that must not change its results.

The last digits of witnesses come from LAPACK, so the digests hold for the libraries and the processor named beside them;
elsewhere the test is skipped. `--update` renews them, after a change that is meant to change bundles.
"""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from ordinary import some
from threadpoolctl import threadpool_info

from proofgen import api
from proofgen.documents import Layout

ROOT = Path(__file__).parents[2]
DIGESTS = Path(__file__).with_name("digests.json")
PLAIN, PAPER = Layout(), Layout(style="interval", bodies=True)
CASES: dict[str, tuple[str, str, Layout]] = {
    "zero branch": ("proofs/paper/n4-printed", "spectral", PLAIN),
    "zero branch, sine, for a paper": ("proofs/paper/n6-seed80-sine", "spectral", PAPER),
    "zero branch, box": ("proofs/networks/n4-printed-box", "spectral", PLAIN),
    "zero branch, undecided": ("tests/data/specs/undecided-on-the-line", "spectral", PLAIN),
    "zero branch, Newton-Kantorovich": ("proofs/paper/n4-seed80", "newton-kantorovich", PLAIN),
    "zero branch, line, for a paper": ("proofs/networks/line-of-equilibria", "spectral", PAPER),
    "zero branch, poles, box": ("proofs/trained-node/trained-node-float16", "spectral", PLAIN),
    "no zero branch": ("tests/data/specs/terms", "spectral", PLAIN),
    "layers": ("proofs/networks/adversarial-two-layer", "spectral", PLAIN),
    "layers, Newton-Kantorovich, for a paper": ("proofs/paper/n6-seed90-diagonal", "newton-kantorovich", PAPER),
    "layers, box": ("proofs/examples/rate-rnn", "spectral", PLAIN),
    "layers, no point": ("tests/data/specs/saturated", "spectral", PLAIN),
    "equations": ("proofs/textbook/lorenz", "spectral", PLAIN),
    "equations, Newton-Kantorovich": ("proofs/textbook/fitzhugh-nagumo", "newton-kantorovich", PLAIN),
    "equations, x = 0, for a paper": ("proofs/textbook/coupled-4d", "spectral", PAPER),
    "folds": ("proofs/textbook/co-oxidation", "spectral", PLAIN),
    "map": ("tests/data/specs/map", "spectral", PAPER),
    "map, fold, for a paper": ("tests/data/folds/fold-henon", "spectral", PAPER),
    "map, gain": ("proofs/networks/rnn-gain", "spectral", PLAIN),
    "transcritical": ("proofs/textbook/epidemic", "spectral", PLAIN),
    "pitchfork, for a paper": ("proofs/examples/ring", "spectral", PAPER),
}


def machine() -> dict[str, Any]:
    """What the last digits depend on."""
    libraries = {name: version(name) for name in ("jinja2", "mpmath", "numpy", "python-flint", "sympy")}
    blas = [library for library in threadpool_info() if "numpy" in library["filepath"]]
    kernels = sorted(f"{x['internal_api']} {x['version']} {x.get('architecture')}" for x in blas)
    return {"system": platform.system(), "machine": platform.machine(), "kernels": kernels, **libraries}


def digests(directory: Path) -> dict[str, str]:
    """SHA-256 of every file; of summary.json without what depends on the moment or the machine."""
    found = {}
    for path in sorted(p for p in directory.rglob("*") if p.is_file()):
        data = path.read_bytes()
        if path.name == "summary.json":
            summary = json.loads(data)
            assert summary.pop("timing") and summary.pop("versions")
            data = json.dumps(summary, indent=1).encode()
        found[path.relative_to(directory).as_posix()] = hashlib.sha256(data).hexdigest()
    return found


@pytest.mark.parametrize("case", some(CASES, 0, set(CASES) - {"folds"}))
def test_same_bytes(case: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    update = request.config.getoption("--update")
    stored = json.loads(DIGESTS.read_text(encoding="utf-8")) if DIGESTS.exists() else {}
    if not update and stored["machine"] != machine():
        pytest.skip("the digests are those of another machine or other versions")
    spec, method, layout = CASES[case]
    api.prove(api.load(ROOT / f"{spec}.toml"), tmp_path, method=method, layout=layout, check=False)
    found = digests(tmp_path)
    assert {"problem.json", "branch.json", "summary.json", "summary.tex", "MANIFEST.sha256"} <= set(found)
    if update:
        kept = stored.get("bundles", {}) if stored.get("machine") == machine() else {}
        bundles = {name: kept[name] for name in CASES if name in kept} | {case: found}
        text = json.dumps({"machine": machine(), "bundles": bundles}, indent=1)
        DIGESTS.write_text(text + "\n", encoding="utf-8")
    else:
        expected = stored["bundles"][case]
        differ = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
        assert not differ
    api.render_directory(tmp_path, layout)  # from the stored documents alone
    again = digests(tmp_path)
    assert again == found


def test_every_case_is_listed() -> None:
    assert set(json.loads(DIGESTS.read_text(encoding="utf-8"))["bundles"]) == set(CASES)
