"""Why something stayed undecided: a fixed list of reasons, each with a remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FailureCode(Enum):
    """The value is the code in files and scripts; ``remedy`` is advice for a person."""

    NO_EIGENBASIS = "no-eigenbasis"
    REAL_PARTS_NOT_SEPARATED = "real-parts-not-separated"
    EIGENVALUE_TYPE = "eigenvalue-type"
    EIGENVECTOR_NOT_ISOLATED = "eigenvector-not-isolated"
    LYAPUNOV_ENCLOSES_ZERO = "lyapunov-encloses-zero"
    ANTISYMMETRIC = "antisymmetric"
    DEGENERATE_ACTIVATION = "degenerate-activation"
    INTERVAL_END = "interval-end"
    NOT_FINITE = "not-finite"

    @property
    def remedy(self) -> str:
        return _REMEDIES[self]


_REMEDIES = {
    FailureCode.NO_EIGENBASIS: "the matrix may be defective or have equal eigenvalues; perturb the weights, "
    "or raise proof.max_precision when eigenvalues are merely close",
    FailureCode.REAL_PARTS_NOT_SEPARATED: "raise proof.max_precision; if the enclosures keep touching, the "
    "eigenvalues probably reach the axis together (a codimension-two point) and no Hopf theorem applies",
    FailureCode.EIGENVALUE_TYPE: "raise proof.max_precision; a real double eigenvalue cannot be told from a "
    "complex pair by any enclosure",
    FailureCode.EIGENVECTOR_NOT_ISOLATED: "raise proof.max_precision or lower proof.weight_radius",
    FailureCode.LYAPUNOV_ENCLOSES_ZERO: "raise proof.max_precision or proof.digits; if zero stays inside, the "
    "point is probably degenerate (Bautin) and a fifth-order coefficient decides",
    FailureCode.ANTISYMMETRIC: "add a perturbation: at exact antisymmetry the bifurcation is degenerate",
    FailureCode.DEGENERATE_ACTIVATION: "choose an activation whose second or third derivative at 0 is not zero",
    FailureCode.INTERVAL_END: "move the end of parameter.interval away from the bifurcation",
    FailureCode.NOT_FINITE: "rescale the weights; some bound left the range of the arithmetic",
}


@dataclass(frozen=True)
class Failure:
    code: FailureCode
    reason: str

    def __str__(self) -> str:
        return f"{self.reason} (remedy: {self.code.remedy})"


class ProofFailure(Exception):
    """Raised inside a proof where a hypothesis could not be verified."""

    def __init__(self, code: FailureCode, reason: str) -> None:
        super().__init__(reason)
        self.failure = Failure(code, reason)
