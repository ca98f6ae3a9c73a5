"""What all certificates of a bundle have in common: the network and the formulas, made once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .box import BoxTex, box_tex
from .numbers import Printed, Tex, enclosure, lower_bound, pair, upper_bound
from .text import escape
from .words import network_words

if TYPE_CHECKING:
    from ..formulas.formula import Formula
    from ..formulas.one_layer import Derivation

Json = dict[str, Any]
PROGRAMS = {
    "proofgen": "proofgen", "flint": "FLINT", "python-flint": "python-flint", "sympy": "SymPy", "numpy": "NumPy",
    "python": "Python",
}  # fmt: skip


@dataclass(frozen=True)
class StoredArray:
    """An array that is stored in a file of the bundle: its name in formulas, its file and its digest."""

    name: Tex
    file: str
    rows: int
    columns: int
    digest: Tex


@dataclass(frozen=True)
class Network:
    """The network as LaTeX. names: of the components of x; gamma: its parameter; arrays: too large to be written."""

    title: str
    names: tuple[Tex, ...]
    gamma: Tex
    field: Tex
    argument: Tex
    branch_equation: Tex
    interval: Tex | None
    range_words: Tex
    parameter_name: str | None
    weight_formula: Tex
    arrays: tuple[StoredArray, ...]
    smallest_entry: Printed
    largest_entry: Printed
    problem_digest: Tex
    box: BoxTex | None
    jets: tuple[Tex, ...]
    derivative_lines: tuple[Tex, ...]
    long_derivatives: bool
    sigma_short: Tex | None
    short_checker: bool


def network_context(
    problem_document: Json, branch: Json, derivation: Derivation, points: Iterable[Json] = ()
) -> Network:
    """Shared strings; empty documents give what a derivation alone needs.

    short_checker: the activation has a name, and no point was proved by another method.
    """
    gamma = Tex(derivation.parameter)
    argument = Tex(rf"W({gamma})x" + (" + b" if derivation.has_bias else ""))
    parameter = problem_document.get("parameter", {})
    low, high = derivation.entry_range
    digest = branch.get("problem", {}).get("sha256", "")
    derivatives = derivation.in_s or derivation.derivatives
    short = derivation.sigma if len(derivation.sigma.right) <= 60 else None
    window = interval_tex(parameter)
    return Network(
        title=derivation.title,
        names=network_words(derivation.dimension).names,
        gamma=gamma,
        field=Tex(rf"\sigma\bigl({argument}\bigr)"),
        argument=argument,
        branch_equation=Tex(f"{argument} = 0"),
        interval=window,
        range_words=range_words(gamma, window),
        parameter_name=str(parameter.get("name")) if derivation.parameter_renamed else None,
        weight_formula=Tex(derivation.weight_formula),
        arrays=stored_arrays(problem_document.get("arrays", {})),
        smallest_entry=lower_bound(low, digits=5),
        largest_entry=upper_bound(high, digits=5),
        problem_digest=hash_tex(digest),
        box=box_tex(derivation.box),
        jets=tuple(Tex(jet.latex) for jet in derivation.jets),
        derivative_lines=tuple(Tex(formula.aligned) for formula in derivatives if not formula.long),
        long_derivatives=any(formula.long for formula in derivatives),
        sigma_short=None if short is None else Tex(short.right),
        short_checker=all(point["method"] == "zero-branch" for point in points)
        and all(
            layer["activation"].isidentifier() and layer["activation"] != "z"
            for layer in problem_document.get("layers", [])
        ),
    )


def interval_tex(parameter: Json) -> Tex | None:
    """The range of γ, exactly; None for the whole line."""
    interval = parameter.get("interval")
    if interval is None:
        return None
    return Tex(rf"[{', '.join(enclosure(end, end, digits=20).latex for end in pair(interval))}]")


def range_words(gamma: Tex, window: Tex | None) -> Tex:
    """``all real γ`` or ``γ ∈ [0, 200]``."""
    return Tex(rf"all real ${gamma}$" if window is None else rf"${gamma}\in{window}$")


def hash_tex(digest: str) -> Tex:
    """A SHA-256 digest that can be broken over lines every eight digits."""
    groups = [digest[i : i + 8] for i in range(0, len(digest), 8)]
    return Tex(r"\allowbreak ".join(escape(group) for group in groups))


def versions_tex(summary: Json) -> Tex | None:
    """``proofgen 0.1.0, SymPy 1.14.0 and Python 3.11.7``, as far as a summary tells; None where it does not."""
    listed = summary.get("versions")
    if not isinstance(listed, dict):
        return None
    known = {key: escape(text[:30]) for key, text in listed.items() if isinstance(text, str) and text}
    found = [Tex(f"{name}~{known[key]}") for key, name in PROGRAMS.items() if key in known]
    return Tex(", ".join(found[:-1]) + " and " + found[-1]) if len(found) > 1 else None


def lines(formulas: Mapping[str, Formula] | tuple[Formula, ...]) -> Tex:
    """Formulas one below the other, aligned at the equals sign."""
    items = formulas.values() if isinstance(formulas, Mapping) else formulas
    return Tex(" \\\\\n".join(formula.aligned for formula in items))


def stored_arrays(arrays: Mapping[str, Json]) -> tuple[StoredArray, ...]:
    found = []
    for name, array in arrays.items():
        if "file" in array:
            shape = [*array["shape"], 1]
            found.append(StoredArray(escape(name), array["file"], shape[0], shape[1], hash_tex(array["sha256"])))
    return tuple(found)


def witness_files(witness: Json) -> int:
    """How many files hold the arrays of a certificate's witness."""
    lists = [value for value in witness.values() if isinstance(value, list)]
    return len({array["file"] for value in lists for array in value if isinstance(array, dict)})
