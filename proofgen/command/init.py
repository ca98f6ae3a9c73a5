"""`proofgen init`: a spec to begin with, for weights in a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ..errors import ArgumentError, not_written
from .terminal import AsJson, output, print_json


def init(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="weights: .npz, .safetensors, .mat, .pt, .npy or .csv")],
    kind: Annotated[str | None, typer.Option(help="layered, asymmetric-rnn, rnn, gru or lstm, else guessed")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="SPEC.toml", help="where to write it (default: beside FILE)")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a commented spec for a file of weights: what is in it, a guess, and what to fill in."""
    from ..bundle.disk import write_atomically
    from ..spec.draft import draft
    from ..spec.listing import arrays_in

    arrays = arrays_in(file)
    target = file.with_suffix(".toml") if out is None else out
    if os.path.lexists(target):
        raise ArgumentError("is there already; expected the name of a new file", source=str(target), key="out")
    above = Path(os.path.realpath(target)).parent
    try:
        name = Path(os.path.realpath(file)).relative_to(above).as_posix()
    except ValueError:
        expected = "expected a place beside or above the file of weights, which the spec names relative to itself"
        raise ArgumentError(expected, source=str(target), key="out") from None
    text = draft(name, arrays, kind)
    try:
        write_atomically(target, text.encode())
    except OSError as error:
        raise not_written(error, target) from None
    gaps = text.count("FILL IN") - 1
    if as_json:
        head = {"format": "proofgen-init", "version": 1, "spec": str(target), "to_fill_in": gaps}
        print_json(head | {"arrays": [{"name": a.name, "shape": list(a.shape)} for a in arrays], "text": text})
        return
    found = f"{len(arrays)} array{'' if len(arrays) == 1 else 's'} found"
    output.print(f"{target}: {found}, {gaps} lines to look at (FILL IN)", soft_wrap=True)
    output.print(f"Then: proofgen prove {target}", soft_wrap=True)
