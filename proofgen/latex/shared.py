"""What the documents of all networks and equations have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..bundle.bundle import Bundle
from .numbers import Tex, enclosure
from .text import escape

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


def interval_tex(bundle: Bundle | None) -> Tex | None:
    """The range of γ, exactly; None for the whole line."""
    if bundle is None or bundle.problem.interval is None:
        return None
    return Tex(rf"[{', '.join(enclosure(end, end, digits=20).latex for end in bundle.problem.interval)}]")


def range_words(gamma: Tex, window: Tex | None) -> Tex:
    """``all real γ`` or ``γ ∈ [0, 200]``."""
    return Tex(rf"all real ${gamma}$" if window is None else rf"${gamma}\in{window}$")


def hash_tex(digest: str) -> Tex:
    """A SHA-256 digest that can be broken over lines every eight digits."""
    groups = [digest[i : i + 8] for i in range(0, len(digest), 8)]
    return Tex(r"\allowbreak ".join(escape(group) for group in groups))


def problem_digest(bundle: Bundle | None) -> Tex:
    return hash_tex("" if bundle is None else bundle.file.sha256)


def versions_tex(listed: Mapping[str, object]) -> Tex | None:
    """``proofgen 0.1.0, SymPy 1.14.0 and Python 3.11.7``, as far as a summary tells; None where it does not."""
    known = {key: escape(text[:30]) for key, text in listed.items() if isinstance(text, str) and text}
    found = [Tex(f"{name}~{known[key]}") for key, name in PROGRAMS.items() if key in known]
    return Tex(", ".join(found[:-1]) + " and " + found[-1]) if len(found) > 1 else None


def stored_arrays(bundle: Bundle | None) -> tuple[StoredArray, ...]:
    found = []
    for name, array in ({} if bundle is None else bundle.file.arrays).items():
        rows, columns = (*array.shape, 1)[:2]
        found.append(StoredArray(escape(name), array.file, rows, columns, hash_tex(array.sha256)))
    return tuple(found)


def witness_files(witness: object) -> int:
    """How many files hold the arrays of a certificate's witness."""
    limbs = [value for value in vars(witness).values() if isinstance(value, tuple)]
    return len({array.file for value in limbs for array in value})
