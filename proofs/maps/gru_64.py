"""The weights of gru-64.toml, random ones of order 1/√64 in float32: `python gru_64.py` writes gru-64.npz again.

The gates r and z have independent normal entries; in the block n they are those of A − Aᵀ, so that its eigenvalues lie
near the imaginary axis and the network oscillates when they are multiplied by a large enough gain.
"""

from pathlib import Path

import numpy as np

UNITS, SEED = 64, 64


def weights() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(SEED)
    A = rng.standard_normal((UNITS, UNITS))
    W = np.vstack([0.5 * rng.standard_normal((2 * UNITS, UNITS)), A - A.T]) / np.sqrt(UNITS)
    arrays = {"weight_hh_l0": W, "bias_hh_l0": 0.1 * rng.standard_normal(3 * UNITS)}
    return {name: array.astype(np.float32) for name, array in arrays.items()}


if __name__ == "__main__":
    np.savez(Path(__file__).with_name("gru-64.npz"), **weights())
