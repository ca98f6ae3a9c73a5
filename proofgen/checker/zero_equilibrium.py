"""A point that another method certifies, on the branch W(gamma)x + b = 0 of a network of one layer."""

from __future__ import annotations

from .context import Checker
from .intervals import Real
from .local_points import Point
from .network_jets import Network
from .verdicts import Rejected


def require_zero(checker: Checker, c: Point) -> None:
    """sigma(z) = 0 at the equilibrium; if sigma' != 0 between z and 0 then z = 0, which is the zero branch."""
    net = c.net
    assert isinstance(net, Network)
    for z in c.z:
        slope = net.sigma(net.layers[0][0], Real(min(z.lo, 0), max(z.hi, 0), z.F))[1]
        if slope.lo <= 0 <= slope.hi:
            raise Rejected(f"{c.id} is not shown to lie on the branch W(gamma)x + b = 0")
