"""Normal-form coefficients that the generated code evaluates: one contract for each theorem, none for each field.

The promise is that of `proofgen.proof.field`: every result contains the exact value for all arguments in their balls.
"""

from __future__ import annotations

from typing import Protocol

from flint import acb, arb


class HopfNormalForm(Protocol):
    """ℓ1 of any field, normalised by q^H q = p^H q = 1."""

    def first_lyapunov_coefficient(self, omega: arb, q_norm_squared: arb, c_1: arb, c_2: arb, c_3: arb) -> arb:
        """ℓ1 for q, p of any length from q^H q and the real parts of p^H C(q,q,q̄), −2p^H B(q, A⁻¹B(q,q̄)) and
        p^H B(q̄, (2iωI − A)⁻¹B(q,q)), each divided by p^H q."""
        ...


class NeimarkSackerNormalForm(Protocol):
    """a of any map, normalised by q^H q = p^H q = 1."""

    def neimark_sacker_coefficient(self, q_norm_squared: arb, c_1: arb, c_2: arb, c_3: arb) -> arb:
        """a for q, p of any length from q^H q and the real parts of μ̄ times p^H C(q,q,q̄), 2p^H B(q, (I − A)⁻¹B(q,q̄))
        and p^H B(q̄, (μ²I − A)⁻¹B(q,q)), each divided by p^H q; here A = D_xF, Aq = μq."""
        ...


class FlipNormalForm(Protocol):
    """c of any map, normalised by qᵀq = lq = 1."""

    def flip_coefficient(self, q_norm_squared: arb, c_1: arb, c_2: arb) -> arb:
        """c for real q, l of any length from qᵀq, l C(q,q,q) and 3 l B(q, (I − A)⁻¹B(q,q)), each divided by lq; here
        A = D_xF, Aq = −q."""
        ...


class ZeroBranchNormalForm(Protocol):
    """The closed form of ℓ1 on W(γ)x + b = 0, where A = σ_1 W(γ), for one σ. quadratic: whether B ≠ 0 there."""

    @property
    def quadratic(self) -> bool: ...

    def sigma_at_zero(self) -> tuple[arb, arb, arb]:
        """σ_1, σ_2, σ_3: the derivatives of σ at 0."""
        ...

    def slope(self, z: arb) -> arb:
        """σ'(z)."""
        ...

    def lyapunov_sums(self, p_bar: list[acb], q: list[acb]) -> tuple[acb, arb]:
        """S = Σ_l conj(p_l) q_l |q_l|², not yet divided by p^H q, and q^H q."""
        ...

    def B_qq(self, nu: arb, q: list[acb]) -> list[acb]:
        """B(q, q) for Aq = iωq, ν = ω/σ_1. Only where quadratic."""
        ...

    def quadratic_sum(self, omega: arb, nu: arb, p_bar: list[acb], q: list[acb], h: list[acb]) -> acb:
        """T = p^H B(q̄, h), h = (2iωI − A)⁻¹B(q, q), not yet divided by p^H q. Only where quadratic."""
        ...

    def first_lyapunov_coefficient_on_branch(self, omega: arb, im_S: arb, re_T: arb, q_norm_squared: arb) -> arb:
        """ℓ1 (q^H q = p^H q = 1) from Im S, Re T (0 where not quadratic), both over p^H q, and q^H q of any q."""
        ...


class GainBranchNormalForm(Protocol):
    """The closed form of ℓ1 on x = 0 of −δx + σ(γWx) or −δx + γWσ(x), for one σ. quadratic: whether B ≠ 0 there."""

    @property
    def quadratic(self) -> bool: ...

    def sigma_at_zero(self) -> tuple[arb, arb, arb]:
        """σ_1, σ_2, σ_3: the derivatives of σ at 0."""
        ...

    def lyapunov_sums(self, p_bar: list[acb], q: list[acb]) -> tuple[acb, arb]:
        """S = Σ_l conj(p_l) q_l |q_l|², not yet divided by p^H q, and q^H q."""
        ...

    def quadratic_sum(
        self, alpha: arb, zeta: acb, p_bar: list[acb], q: list[acb], g: list[acb], h: list[acb]
    ) -> acb:
        """U for g = (αI − W)⁻¹(q∘q̄), h = (ζI − W)⁻¹(q∘q), not yet divided by p^H q. Only where quadratic."""
        ...

    def first_lyapunov_coefficient_on_gain_branch(
        self, omega: arb, kappa: acb, S: acb, U: acb, q_norm_squared: arb
    ) -> arb:
        """ℓ1 (q^H q = p^H q = 1) from κ = (δ + iω)/σ_1, S and U (0 where not quadratic), both over p^H q, and q^H q."""
        ...


class CircleBranchNormalForm(Protocol):
    """The closed form of c1 where the argument of σ is 0, of ρx + ησ(Vx + b) or ρx + ηVσ(x), for one σ. quadratic:
    whether B ≠ 0 there."""

    @property
    def quadratic(self) -> bool: ...

    def sigma_at_zero(self) -> tuple[arb, arb, arb]:
        """σ_1, σ_2, σ_3: the derivatives of σ at 0."""
        ...

    def lyapunov_sums(self, p_bar: list[acb], q: list[acb]) -> tuple[acb, arb]:
        """S = Σ_l conj(p_l) q_l |q_l|², not yet divided by p^H q, and q^H q."""
        ...

    def quadratic_sum(
        self, zeta_1: acb, zeta_2: acb, p_bar: list[acb], q: list[acb], g: list[acb], h: list[acb]
    ) -> acb:
        """U for g = (z_1 I − W)⁻¹(q∘q̄), h = (z_2 I − W)⁻¹(q∘q), not yet divided by p^H q. Only where quadratic."""
        ...

    def normal_form_coefficient(self, eta: arb, nu: acb, S: acb, U: acb, q_norm_squared: arb) -> acb:
        """c1 (q^H q = p^H q = 1), where a = Re(m̄c1) or, of a flip, c = c1/3; S and U (0 where not quadratic) are over
        p^H q."""
        ...
