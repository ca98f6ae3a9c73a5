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
    BRANCH_NOT_VERIFIED = "branch-not-verified"
    AXIS_NOT_CLEAR = "axis-not-clear"
    NOT_TRANSVERSAL = "not-transversal"
    NO_CROSSING = "no-crossing"
    FOLD = "fold"
    DOUBLE_HOPF = "double-hopf"
    FOLD_HOPF = "fold-hopf"
    NO_CANDIDATE = "no-candidate"
    OTHER_BRANCH = "other-branch"
    CONSERVED = "conserved"
    NEWTON_NOT_CONTRACTING = "newton-not-contracting"
    POINT_UNDECIDED = "point-undecided"
    OUTSIDE_DOMAIN = "outside-domain"
    ORBIT_NOT_VERIFIED = "orbit-not-verified"
    FOLD_NOT_VERIFIED = "fold-not-verified"
    CIRCLE_NOT_CLEAR = "circle-not-clear"
    SEVERAL_ON_CIRCLE = "several-on-circle"
    CIRCLE_NOT_CROSSED = "circle-not-crossed"
    STRONG_RESONANCE = "strong-resonance"
    COEFFICIENT_ENCLOSES_ZERO = "coefficient-encloses-zero"
    REAL_PART_ENCLOSES_ZERO = "real-part-encloses-zero"
    LARGE_NETWORK = "large-network"
    SINGULAR_WEIGHTS = "singular-weights"
    EIGENVALUE_ENCLOSES_ZERO = "eigenvalue-encloses-zero"
    NO_CURVE = "no-curve"
    CURVE_NOT_VERIFIED = "curve-not-verified"
    BAUTIN_NOT_VERIFIED = "bautin-not-verified"

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
    FailureCode.BRANCH_NOT_VERIFIED: "the branch may fold, end or leave here; give network.start, shorten "
    "parameter.interval, or raise proof.precision",
    FailureCode.AXIS_NOT_CLEAR: "raise proof.precision or lower proof.weight_radius; another eigenvalue may be on the "
    "axis at the same parameter",
    FailureCode.NOT_TRANSVERSAL: "the pair may touch the axis without crossing it; no Hopf theorem applies then",
    FailureCode.NO_CROSSING: "the candidate is not a crossing as far as can be proved; raise proof.precision",
    FailureCode.FOLD: "the branch turns around here (a fold); shorten "
    "parameter.interval to one side of it for a complete list",
    FailureCode.DOUBLE_HOPF: "two pairs reach the axis together (codimension two) or nearly so; raise proof.precision "
    "to tell them apart",
    FailureCode.FOLD_HOPF: "a pair and a real eigenvalue reach the axis together (codimension two) or nearly so; raise "
    "proof.precision to tell them apart",
    FailureCode.NO_CANDIDATE: "give network.start near the branch at the left end of parameter.interval",
    FailureCode.OTHER_BRANCH: "for the branch of one of them, give that one as network.start",
    FailureCode.CONSERVED: "for each of them leave out the equation of one of its variables, and define that variable "
    "by the others and a constant, as x + y = T by the definition y = \"T - x\"",
    FailureCode.NEWTON_NOT_CONTRACTING: "raise proof.precision, or use --method spectral",
    FailureCode.POINT_UNDECIDED: "see the point's own reason",
    FailureCode.OUTSIDE_DOMAIN: "the equations are not proved to be smooth there; rewrite the expression (exprel for a "
    "removable singularity), or shorten parameter.interval",
    FailureCode.ORBIT_NOT_VERIFIED: "ask for a smaller amplitude, or raise proof.precision",
    FailureCode.FOLD_NOT_VERIFIED: "raise proof.precision or lower proof.weight_radius; if that does not help, the "
    "fold is probably degenerate (two folds meet in a cusp, or another branch passes through)",
    FailureCode.CIRCLE_NOT_CLEAR: "raise proof.precision or lower proof.weight_radius; another multiplier may be on "
    "the unit circle at the same parameter",
    FailureCode.SEVERAL_ON_CIRCLE: "raise proof.precision to tell them apart; where they do reach the unit circle "
    "together (codimension two) no theorem about one of them applies",
    FailureCode.CIRCLE_NOT_CROSSED: "the multiplier may touch the unit circle without crossing it; no theorem applies "
    "then",
    FailureCode.STRONG_RESONANCE: "at e^(ikθ) = 1, k = 3 or 4, there need be no invariant curve; near it raise "
    "proof.digits or proof.max_precision",
    FailureCode.REAL_PART_ENCLOSES_ZERO: "make parameter.interval shorter, so that no such eigenvalue can be on the "
    "axis there, or raise proof.max_precision",
    FailureCode.EIGENVALUE_ENCLOSES_ZERO: "make parameter.interval shorter, so that no such multiplier can be on the "
    "unit circle there, or raise proof.max_precision",
    FailureCode.COEFFICIENT_ENCLOSES_ZERO: "raise proof.max_precision or proof.digits; if zero stays inside, the point "
    "is probably degenerate, as that of a linear map is, and a higher coefficient decides",
    FailureCode.LARGE_NETWORK: "give parameter.interval around it: over an interval it is proved what happens there",
    FailureCode.SINGULAR_WEIGHTS: "leave out network.time: of the flow with the same weights, whose equilibria are "
    "these fixed points, it is proved what happens there",
    FailureCode.NO_CURVE: "give network.start, a rough equilibrium in the middle of parameter.box, or choose a box "
    "in which there are Hopf points",
    FailureCode.CURVE_NOT_VERIFIED: "make parameter.box smaller; a curve of Hopf points ends at a Bogdanov-Takens "
    "point, and cannot be followed through a double Hopf or a fold-Hopf point",
    FailureCode.BAUTIN_NOT_VERIFIED: "raise proof.max_precision; the point may be degenerate (l2 = 0, or l1 does not "
    "change its sign there)",
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


def require_orbit(holds: bool, reason: str) -> None:
    """Raises ProofFailure (ORBIT_NOT_VERIFIED)."""
    if not holds:
        raise ProofFailure(FailureCode.ORBIT_NOT_VERIFIED, reason)
