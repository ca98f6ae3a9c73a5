"""Why methods for networks are not for a field: what is said before they are imported."""

from __future__ import annotations

from .task import Reason

ZERO_BRANCH = Reason("it is for networks in continuous time")
GAIN_BRANCH = Reason("it is for −δx + σ(γWx) and −δx + γWσ(x) with one δ ≠ 0, exact weights and no bias")
CIRCLE_BRANCH = Reason("it is for maps (1 − κ)x + κσ(V(γ)x), V = γW or W + γI, with exact weights")
