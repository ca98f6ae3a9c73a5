"""The method pole (section 27): p b != 0 for the left eigenvector p, and the branch goes to infinity at one gamma."""

from __future__ import annotations

from fractions import Fraction

from .context import Checker
from .intervals import ONE, ZERO, around
from .reading import enclosure, one_of
from .singular import Certificate, bias_of, check_crossing, check_vector, method, root, row, squared_length
from .verdicts import Rejected

POLE = row("pole", {"coefficient_name": one_of("|r|"), "coefficient": enclosure})
ROW = POLE, set[str]()  # in summary.json; none is undecided


def check(checker: Checker, c: Certificate) -> None:
    """x = r/(gamma - gamma_k) + O(1) with r = -(pb) q/(pq)."""
    v = check_crossing(checker, c)
    item, claims, bias = c.item, c.claims, bias_of(checker)
    item.begin("pole")
    if bias is None:
        raise Rejected("b = 0: there is a line of equilibria, and no pole")
    product = ZERO
    for (x, _, e), b in zip(v.p.values, bias, strict=True):
        product = product + around(x, e, v.p.unit).exact * b
    item.inside("left_bias", product, c.bounds["left_bias"])
    item.require(0 not in c.bounds["left_bias"], "the bound left_bias does not exclude 0")
    factor = product / ONE.widen(Fraction(v.defect, c.spectrum.one))
    check_vector(c, v, "residue", -factor)
    item.inside("coefficient", abs(factor) * root(squared_length(v)), claims["coefficient"])
    item.compare("coefficient", Fraction(0), "<", claims["coefficient"].lo)


METHOD = method("pole", POLE, "residue", {"left_bias": enclosure}, check)
