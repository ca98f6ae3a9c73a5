"""`proofgen explain`: what each reason for something undecided means, and what to try."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer

from ..errors import InputError
from .terminal import AsJson, output, print_json

MEANINGS = {
    "no-eigenbasis": (
        "No basis of eigenvectors could be verified: the matrix may have a defective or a multiple "
        "eigenvalue."
    ),
    "real-parts-not-separated": (
        "Two enclosures of real parts overlap, so that it is open in which order eigenvalues reach the "
        "imaginary axis as γ grows."
    ),
    "eigenvalue-type": "It could not be decided whether two eigenvalues are real or a complex pair.",
    "eigenvector-not-isolated": "The enclosure of an eigenvector does not belong to one eigenvalue alone.",
    "lyapunov-encloses-zero": (
        "The enclosure of the first Lyapunov coefficient contains 0: the point exists, but whether it is sub- "
        "or supercritical is open."
    ),
    "antisymmetric": (
        "W is antisymmetric up to a multiple of I: all pairs reach the axis together, and no Hopf theorem "
        "applies."
    ),
    "degenerate-activation": (
        "The derivatives of the activation at 0 that make up the first Lyapunov coefficient vanish."
    ),
    "interval-end": "An eigenvalue may be on the imaginary axis at an end of the interval.",
    "not-finite": "A bound became infinite or undefined in the arithmetic.",
    "branch-not-verified": (
        "No tube around the branch could be verified over a piece of the interval, so that "
        "nothing is proved there."
    ),
    "axis-not-clear": (
        "Over a piece where nothing crosses, some eigenvalue could not be proved to keep off the imaginary "
        "axis."
    ),
    "not-transversal": "The crossing speed of an eigenvalue pair encloses 0: it may touch the axis and turn back.",
    "no-crossing": "What the search took for a crossing could not be proved to be one.",
    "fold": (
        "Two equilibria, or fixed points of a map, meet, and the branch turns around. Its list is complete only where "
        "everything is proved up to its other end at an end of the interval."
    ),
    "fold-not-verified": (
        "The branch turns around, but that this is a nondegenerate fold could not be proved in any box "
        "that was tried."
    ),
    "circle-not-clear": "A multiplier of the map is on the unit circle or too close to it to be told off.",
    "several-on-circle": "Several multipliers are on the unit circle together, or too close to be told apart.",
    "singular-weights": (
        "The weights are singular at this value of the parameter, where 1 is a multiplier of the Euler map: its fixed "
        "points W(γ)x + b = 0 go to infinity there (a pole), or fill a line. Of the flow it is proved which."
    ),
    "large-network": (
        "A real eigenvalue crosses 0, which is proved; what happens there takes a proof of its own for each crossing, "
        "which is not tried on the whole line for many variables."
    ),
    "real-part-encloses-zero": (
        "With a gain as the parameter, an eigenvalue of the weights may have the real part 0: then nothing bounds the "
        "gains at which it could reach the axis."
    ),
    "eigenvalue-encloses-zero": (
        "With a gain as the parameter of a map, an eigenvalue of the weights may be 0: then nothing bounds the gains "
        "at which its multiplier could reach the unit circle."
    ),
    "circle-not-crossed": "The speed of a multiplier encloses 0: it may touch the unit circle and turn back.",
    "strong-resonance": (
        "The pair of multipliers on the unit circle has an argument of ±2π/3 or ±π/2, or one too close to it: the "
        "theorem about invariant curves excludes these resonances 1:3 and 1:4."
    ),
    "coefficient-encloses-zero": (
        "The coefficient of the normal form of the map encloses 0, so that its sign, and with it the side on which "
        "something bifurcates, is not known."
    ),
    "double-hopf": "Two pairs of eigenvalues are on the axis together, or too close to be told apart.",
    "fold-hopf": "A pair and a real eigenvalue are on the axis together, or too close to be told apart.",
    "no-candidate": (
        "The search found no equilibrium at the left end of the interval from which the branch could begin."
    ),
    "other-branch": (
        "The equilibrium that was followed is not the one that start or box asked for, or one of several "
        "that are not all followed: the list is of another branch."
    ),
    "conserved": (
        "The equations conserve a combination of their variables, so that equilibria are not isolated: 0 is an "
        "eigenvalue of every Jacobian."
    ),
    "newton-not-contracting": (
        "The Newton-Kantorovich map of a point is not proved to contract in any ball that was tried."
    ),
    "point-undecided": "The piece contains a point that stayed undecided, for the reason given with it.",
    "outside-domain": "A denominator, a logarithm or a root in the equations may vanish or change its sign there.",
    "orbit-not-verified": (
        "A periodic orbit, or the orbits up to an amplitude, could not be proved: an inequality does not hold, or the "
        "kind of network is not covered."
    ),
    "no-curve": "With two parameters: no Hopf point was found in the box, on the lines that the search went along.",
    "curve-not-verified": (
        "With two parameters: a curve of Hopf points could not be proved up to a border of the box. The pieces before "
        "that are proved, and the end is called open."
    ),
    "bautin-not-verified": (
        "With two parameters: the first Lyapunov coefficient changes its sign on a piece of a curve of Hopf points, "
        "but that it does so at a nondegenerate Bautin point could not be proved."
    ),
    "input": "The spec of this network is not as expected: a key, a value or a data file.",
    "unsupported": "The spec is well formed, but outside what this version can prove.",
    "not-proved": "The proof could not begin, for the reason given with it.",
    "internal": "An error that should not occur. Nothing is claimed of this network.",
    "time-limit": "The network took longer than time_limit of the run file allows.",
    "worker-died": "The process that worked on this network died at every try, often for want of memory.",
    "memory": "The network needs more memory than there was.",
    "other-software": "A worker of the cluster has other versions of proofgen, Flint or SymPy than the run.",
    "check-rejected": "The independent checker rejects what the prover wrote. Nothing of it is proved.",
    "check-incomplete": "The independent checker can neither confirm nor refute the bundle.",
    "check-not checked": "The independent checker could not read the bundle.",
}
_TRY = {
    "input": "mend the key that the message names",
    "unsupported": "see the table of methods in README.md",
    "not-proved": "see the reason",
    "internal": "please report it, with the spec and its data files",
    "time-limit": "raise time_limit in the run file, and go on with --resume",
    "worker-died": "use fewer --jobs, and go on with --resume",
    "memory": "use fewer --jobs, and go on with --resume",
    "other-software": "install the same versions everywhere, and go on with --resume",
    "check-rejected": "please report it, with the spec and its data files",
    "check-incomplete": "raise proof.precision; sizes beyond the checker are listed in proofs/FORMAT.md",
    "check-not checked": "check it again: proofgen check DIR",
}


def remedies() -> dict[str, str]:
    """What to try, by code."""
    from ..proof.failure import FailureCode

    return {code.value: code.remedy for code in FailureCode} | _TRY


def explain(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="such as fold; without one, all of them")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a code of something undecided or failed means, and what to try."""
    tries = remedies()
    if code is not None and code not in MEANINGS:
        close = difflib.get_close_matches(code, MEANINGS, n=1)
        hint = f"did you mean {close[0]}?" if close else f"expected one of {', '.join(MEANINGS)}"
        raise InputError(f"no such code; {hint}", key="CODE", value=code)
    chosen = list(MEANINGS) if code is None else [code]
    if as_json:
        rows = [{"code": name, "meaning": MEANINGS[name], "remedy": tries[name]} for name in chosen]
        print_json({"format": "proofgen-codes", "version": 1, "codes": rows})
        return
    for number, name in enumerate(chosen):
        if number:
            output.print()
        output.print(name)
        output.print(f"  {MEANINGS[name]}", soft_wrap=True)
        output.print(f"  What to try: {tries[name]}.", soft_wrap=True)
