"""A constant input, a gain and both as the parameter: points against mpmath, both methods, and forged problems."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import mpmath as mp
import pytest
from check_tools import ROOT, SHORT_CHECKER, rehash
from independent import general_hopf

from proofgen import api
from proofgen.bundle.hopf_point import HopfClaims
from proofgen.check import check_path
from proofgen.numbers.printed import Enclosure
from proofgen.spec.load import load_text

CERTIFICATES = ROOT / "proofs" / "certificates"
W = '[["2", "-2.5", "0.3"], ["2.5", "1.5", "-0.2"], ["0.1", "0.4", "0.5"]]'
SPECS = {
    "bias": f"""
[network]
family = "layered"
leak = "1"
start = ["-0.67", "0.67", "-0.55"]
[[network.layer]]
weights = {W}
bias = ["0.1", "0.2", "-0.1"]
activation = "tanh"
[parameter]
name = "u"
enters = {{ bias = ["1", "0.5", "-0.2"] }}
interval = ["2.17", "2.23"]
""",
    "gain": f"""
[network]
family = "layered"
leak = "1"
[[network.layer]]
weights = {W}
bias = ["0.1", "0.2", "-0.1"]
activation = "tanh"
enters = {{ gain = true, bias = ["0.1", "0", "0"] }}
[[network.layer]]
weights = [["1", "0.2", "0"], ["0", "1", "0"], ["0", "0", "0.9"]]
activation = "identity"
enters = "none"
[parameter]
name = "g"
interval = ["0.5", "0.53"]
""",
    "asymmetric": """
[network]
family = "asymmetric-rnn"
leak = "0.5"
R1 = [["0", "1.5", "-0.5"], ["0", "0", "1"], ["0", "0", "0"]]
R2 = [["0.8", "0", "0"], ["0", "0.6", "0.1"], ["0.2", "0", "0.4"]]
bias = ["0.1", "-0.1", "0.2"]
start = ["1.30", "0.24", "1.85"]
[parameter]
enters = { gain = true, bias = ["0.2", "0", "0"] }
interval = ["1.0", "1.05"]
""",
}


def holds(claim: Enclosure, value: mp.mpf, slack: Fraction = Fraction(1, 10**24)) -> bool:
    exact = Fraction(mp.nstr(value, 30))
    return claim.low - slack <= exact <= claim.high + slack and claim.width < Fraction(1, 10**6)


@pytest.mark.parametrize(
    ("name", "method"),
    [pytest.param("bias", "spectral", marks=pytest.mark.slow), ("gain", "newton-kantorovich"), ("asymmetric", "spectral")],
)
def test_points(name: str, method: str, tmp_path: Path) -> None:
    problem = load_text(SPECS[name])
    root = tmp_path / "bundle"
    found = api.prove(problem, root, method=method)
    assert found.check is not None and found.check.verdict == "accepted" and found.bundle.summary.complete
    ((_, point),) = found.bundle.points.items()
    claims = point.claims
    assert isinstance(claims, HopfClaims)
    with mp.workdps(40):
        x = [float(entry.middle) for entry in claims.equilibrium]
        data, true_x, speed = general_hopf(problem, float(claims.parameter.middle), x, float(claims.omega.middle))
        assert holds(claims.parameter, data.gamma) and holds(claims.omega, data.omega)
        assert holds(claims.first_lyapunov_coefficient, data.ell1)
        assert holds(claims.crossing_speed, speed, Fraction(1, 10**15))
        assert all(holds(*pair) for pair in zip(claims.equilibrium, true_x, strict=True))
    document = json.loads((root / "problem.json").read_text(encoding="utf-8"))
    c = document["layers"][0]["bias_parameter"]
    for forge in (
        lambda d: d["layers"][0].pop("bias_parameter"),
        lambda d: d["arrays"][c]["entries"].__setitem__(0, "1.01"),
        lambda d: d["layers"][0].update(bias=c),
    ):
        forged = json.loads(json.dumps(document))
        forge(forged)
        (root / "problem.json").write_text(json.dumps(forged), encoding="utf-8")
        rehash(root)
        assert check_path(str(root)).exit_code == 1


def test_a_zero_branch_with_a_moving_bias_is_none(tmp_path: Path) -> None:
    """A key that a checker passed over would make a theorem of another field true: both refuse it."""
    root = Path(shutil.copytree(CERTIFICATES / "n4-seed80", tmp_path / "b"))
    (root / "summary.json").unlink()
    rehash(root)
    short = [sys.executable, "-I", str(SHORT_CHECKER), str(root)]
    assert check_path(str(root)).exit_code == 0 and subprocess.run(short, capture_output=True, check=False).returncode == 0
    document = json.loads((root / "problem.json").read_text(encoding="utf-8"))
    document["layers"][0]["bias_parameter"] = "c"
    document["arrays"]["c"] = {"entries": ["1"] * 4}
    (root / "problem.json").write_text(json.dumps(document), encoding="utf-8")
    rehash(root)
    assert check_path(str(root)).exit_code == 1 and subprocess.run(short, capture_output=True, check=False).returncode == 1
