"""Emit the normal form of a theorem: once for all fields, printed behind theirs. SymPy derives what is not kept."""

from __future__ import annotations

from functools import cache, lru_cache

from ..proof.normal_form import (
    CircleBranchNormalForm,
    FlipNormalForm,
    GainBranchNormalForm,
    HopfNormalForm,
    NeimarkSackerNormalForm,
    ZeroBranchNormalForm,
)
from ..symbolic.kept import kept
from ..symbolic.named import NAMED
from .environment import assembled
from .loading import load_emitted

IMPORTS = "from flint import acb, arb"
_PLACES = [(name, outside) for name in NAMED for outside in (False, True)]


@kept([()])
def hopf_text() -> str:
    """ℓ1 by the n-dimensional formula."""
    from . import normal_form_text  # SymPy is slow to import

    return normal_form_text.hopf_text()


@cache
def load_hopf() -> HopfNormalForm:
    """What `hopf_text` says, as functions."""
    normal_form: HopfNormalForm = load_emitted(assembled(IMPORTS, hopf_text()))
    return normal_form


@kept([()])
def neimark_sacker_text() -> str:
    """a of a Neimark–Sacker point of a map."""
    from . import normal_form_text

    return normal_form_text.neimark_sacker_text()


@kept([()])
def flip_text() -> str:
    """c of a flip of a map."""
    from . import normal_form_text

    return normal_form_text.flip_text()


@cache
def load_neimark_sacker() -> NeimarkSackerNormalForm:
    """What `neimark_sacker_text` says, as functions."""
    normal_form: NeimarkSackerNormalForm = load_emitted(assembled(IMPORTS, neimark_sacker_text()))
    return normal_form


@cache
def load_flip() -> FlipNormalForm:
    """What `flip_text` says, as functions."""
    normal_form: FlipNormalForm = load_emitted(assembled(IMPORTS, flip_text()))
    return normal_form


@kept((name,) for name in NAMED)
def zero_branch_text(activation: str) -> str:
    """The closed form of ℓ1 on the zero branch of one layer with this activation."""
    from . import normal_form_text

    return normal_form_text.zero_branch_text(activation)


@lru_cache(maxsize=32)
def load_zero_branch(text: str) -> ZeroBranchNormalForm:
    """What `zero_branch_text` says, as functions."""
    normal_form: ZeroBranchNormalForm = load_emitted(assembled(IMPORTS, text))
    return normal_form


@kept(_PLACES)
def gain_branch_text(activation: str, outside: bool) -> str:
    """The closed form of ℓ1 on x = 0 of −δx + σ(γWx), or outside: −δx + γWσ(x), with this activation."""
    from . import normal_form_text

    return normal_form_text.gain_branch_text(activation, outside)


@lru_cache(maxsize=32)
def load_gain_branch(text: str) -> GainBranchNormalForm:
    """What `gain_branch_text` says, as functions."""
    normal_form: GainBranchNormalForm = load_emitted(assembled(IMPORTS, text))
    return normal_form


@kept(_PLACES)
def circle_branch_text(activation: str, outside: bool) -> str:
    """The closed form of c1 where the argument of σ is 0, of ρx + ησ(Vx + b), or outside: ρx + ηVσ(x)."""
    from . import normal_form_text

    return normal_form_text.circle_branch_text(activation, outside)


@lru_cache(maxsize=32)
def load_circle_branch(text: str) -> CircleBranchNormalForm:
    """What `circle_branch_text` says, as functions."""
    normal_form: CircleBranchNormalForm = load_emitted(assembled(IMPORTS, text))
    return normal_form
