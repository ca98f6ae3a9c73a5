"""Write the good corpus with the installed prover:  python tests/certificates/make_good.py

Run it only when the format changes.  Documents for reading (.tex, evaluator.py) are left out.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "check"))

ROOT = HERE.parents[1]
ODD = """R1 = [["0.5", "-1", "2", "0.3", "-0.7"], ["1.1", "0.2", "-0.4", "0.9", "0.1"], ["-1.3", "0.6", "0.1", "-2", "1"],
      ["0.2", "-0.8", "1.4", "0.3", "-1.1"], ["0.9", "-0.5", "0.7", "0.6", "-0.2"]]
R2 = [["0.01", "0.02", "0", "-0.02", "0.03"], ["0", "0.01", "-0.01", "0.01", "0.02"], ["0.03", "-0.03", "0.01", "0", "0.01"],
      ["-0.01", "0", "0.02", "0.01", "-0.03"], ["0.02", "-0.02", "0.01", "0", "0.01"]]
"""
BIAS = 'bias = ["0.5", "0.25", "-1", "0.125", "1"]\n'


def spec(title: str, network: str, parameter: str = "", proof: str = "", activation: str = "tanh") -> str:
    return (
        f'title = "{title}"\n[network]\nfamily = "asymmetric-rnn"\nactivation = "{activation}"\n{network}'
        f'[parameter]\nname = "gamma"\n{parameter}\n[proof]\n{proof}\n'
    )


DOUBLE_HOPF = """R1 = [["0", "0", "0", "0"], ["0", "0", "0", "0"], ["0", "0", "0", "0"], ["0", "0", "0", "0"]]
R2 = [["-0.25", "2.25", "-0.25", "0.25"], ["-1.25", "0.25", "0.75", "0.25"], ["-0.25", "0.25", "-0.25", "2.25"],
      ["0.75", "0.25", "-1.25", "0.25"]]
"""
PLANAR = 'R1 = [["0.2", "1"], ["-1.5", "0.1"]]\nR2 = [["0.03", "0.5"], ["0", "-0.1"]]\n'
ANTISYMMETRIC = 'R1 = [["0", "1"], ["0", "0"]]\nR2 = [["0", "0"], ["0", "0"]]\n'
SPECS = {
    "n4-printed": (ROOT / "proofs" / "paper" / "n4-printed.toml").read_text(),
    "n6-seed80": (ROOT / "proofs" / "paper" / "n6-seed80.toml").read_text(),
    "real-crossing": spec("Five neurons, one real crossing", ODD),
    "bias": spec("Five neurons with a bias", ODD + BIAS),
    "weight-radius": spec("Every weight known up to 1e-6", ODD + BIAS, proof='weight_radius = "1e-6"'),
    "radii-by-entry": spec(
        "Every weight known up to half a unit of float16 or float32", ODD + BIAS,
        proof='weight_radius = { R1 = "float32", R2 = "float16", bias = "1e-4" }',
    ),
    "rate-rnn-radii": (ROOT / "proofs" / "examples" / "rate-rnn.toml").read_text()
    + '[proof]\nweight_radius = { W1 = "float32", b1 = "1e-8" }\n',
    "silu": spec("Five neurons, silu, so that sigma''(0) is not 0", ODD, activation="silu"),
    "gelu-bias": spec("Five neurons, gelu, with a bias", ODD + BIAS, activation="gelu"),
    "erf": spec("Five neurons, erf", ODD, activation="erf"),
    "expression": spec("An expression with sigma'(0) < 0", ODD, activation="1 - exp(z) + z**2/(z + 2) - z**3*0.1"),
    "interval": spec("A statement for an interval", ODD, 'interval = ["-0.02", "0.6"]'),
    "planar": spec("Two neurons", PLANAR),
    "incomplete": spec("Every weight known up to 1e-3: undecided", ODD, proof='weight_radius = "1e-3"'),
    "degenerate": spec("An antisymmetric network: the first Lyapunov coefficient is 0, undecided", ANTISYMMETRIC),
    "double-hopf": spec("An honest double Hopf point: undecided", DOUBLE_HOPF, proof="max_precision = 128"),
}


def main() -> None:
    from check_tools import write_manifest

    for name, text in SPECS.items():
        with tempfile.TemporaryDirectory() as folder:
            source, out = Path(folder) / "spec.toml", HERE / "good" / name
            source.write_text(text)
            shutil.rmtree(out, ignore_errors=True)
            subprocess.run(
                [sys.executable, "-m", "proofgen", "prove", str(source), "--out", str(out), "--no-check"], cwd=ROOT, check=False
            )
        for path in [*out.rglob("*.tex"), *out.glob("evaluator.py")]:
            path.unlink()
        write_manifest(out)


if __name__ == "__main__":
    main()
