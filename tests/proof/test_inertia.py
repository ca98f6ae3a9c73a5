"""How many eigenvalues of a form are positive: by the prover and by the checker, with a singular form refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from proofgen.checker.budget import Budget
from proofgen.checker.inertia import positive_eigenvalues as checked
from proofgen.checker.products import python_product
from proofgen.checker.quadratic_form import Form
from proofgen.checker.verdicts import Rejected
from proofgen.proof.definite import Scaled, positive_eigenvalues
from proofgen.search.quadratic_form import congruence_approx
from proofgen.strategy.forms import exact_form

SHIFT = 24


def form(P: Any) -> Form:
    rows = np.rint(P * 2.0**SHIFT).astype(int).tolist()
    return Form.of([row[: i + 1] for i, row in enumerate(rows)], SHIFT)


def known(n: int, seed: int) -> tuple[Any, int]:
    """A symmetric matrix with eigenvalues of moduli from 1e-2 to 1e2, and how many are positive."""
    rng = np.random.default_rng(seed)
    Q, _ = np.linalg.qr(rng.normal(size=(n, n)))
    signs = rng.choice([-1, 1], n)
    P = (Q * (signs * 10 ** rng.uniform(-2, 2, n))) @ Q.T
    return np.rint((P + P.T) / 2 * 2.0**SHIFT) / 2.0**SHIFT, int(np.sum(signs > 0))


@pytest.mark.parametrize("n", [1, 2, 5, 12, 30])
def test_signs_of_eigenvalues(n: int) -> None:
    for seed in range(3):
        P, count = known(n, seed)
        assert checked(form(P), python_product, Budget()) == count
        assert positive_eigenvalues(exact_form(P), exact_form(congruence_approx(P))) == count


@pytest.mark.parametrize(("P", "count"), [([[0, 1], [1, 0]], 1), ([[0, 1, 1], [1, 0, 1], [1, 1, 0]], 1), ([[0, -3], [-3, 1e-5]], 1)])
def test_nothing_on_the_diagonal(P: Any, count: int) -> None:
    assert checked(form(np.array(P, dtype=float)), python_product, Budget()) == count


@pytest.mark.parametrize("P", [[[0, 0], [0, 0]], [[1, 1], [1, 1]], [[1, 2, 3], [2, 4, 6], [3, 6, 9]], [[1, 0], [0, 0]]])
def test_a_singular_form_has_no_signs(P: Any) -> None:
    with pytest.raises(Rejected, match="signs"):
        checked(form(np.array(P, dtype=float)), python_product, Budget())
    W = np.eye(len(P))
    assert positive_eigenvalues(exact_form(np.array(P) + 0.0 * W) if np.any(P) else zero(len(P)), exact_form(W)) is None


def zero(n: int) -> Scaled:
    form = exact_form(np.eye(n))
    return Scaled(form.entries * 0, form.exponent)


def test_a_wrong_congruence_says_nothing() -> None:
    P, _ = known(5, 7)
    assert positive_eigenvalues(exact_form(P), exact_form(np.eye(5))) is None
