"""What specs of all families say alike: title, source, start, how hard to try. Exact."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from ..errors import InputError
from ..numbers.decimals import exact_decimal
from ..problem.options import OrbitOptions, ProofOptions
from .data_files import at, read_vector, sized
from .form import Spec
from .form_values import MAX_TITLE


def read_start(value: object, dimension: int, base_dir: Path, what: str = "neuron") -> tuple[Fraction, ...] | None:
    if value is None:
        return None
    start = at("network.start", lambda: sized(read_vector(value, base_dir), dimension, what))
    return tuple(row[0] for row in start.fractions())


def source_of(spec: Spec) -> str:
    """Where the numbers are from; of random ones the commands that draw them."""
    random = getattr(spec.network, "random", None)
    if random is None:
        return spec.source
    n, factor = random.dimension, exact_decimal(random.perturbation)
    drawn = f"MATLAB's rng({random.seed}), R1 = randn({n}), R2 = {factor}*randn({n})"
    return f"{spec.source}; {drawn}" if spec.source else drawn


def proof_options(spec: Spec) -> ProofOptions:
    proof, orbits = spec.proof, OrbitOptions(**dict(spec.orbits))
    most = proof.max_precision
    if most is None:
        most = max(ProofOptions.max_precision, proof.precision)
    if most < proof.precision:
        raise InputError(
            f"expected at least the precision to begin with, {proof.precision}",
            key="proof.max_precision",
            value=most,
        )
    return ProofOptions(precision=proof.precision, max_precision=most, digits=proof.digits, orbits=orbits)


def default_title(source_name: str) -> str:
    stem = Path(source_name).stem.strip() or "spec"
    return "".join(c if c.isprintable() else "_" for c in stem)[:MAX_TITLE]
