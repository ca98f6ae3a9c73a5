"""`proofgen coq`: a bundle as a file for Coq."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from .terminal import REJECTED, AsJson, errors, output, print_json


def coq(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="a bundle written by prove, method zero-branch")],
    out: Annotated[Path | None, typer.Option(metavar="FILE.v", help="where to write it (default: stdout)")] = None,
    check_it: Annotated[bool, typer.Option("--check", help="run Coq on it (needs coqc); writes DIR/coq.json")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a bundle as a file for Coq, whose last theorem is what the bundle claims, and have Coq check it."""
    from ..bundle.coq_record import CoqRecord, check_record_place, write_coq_record
    from ..bundle.disk import write_atomically
    from ..coq.compiler import CoqRefusesError, check_with_coq, coq_version, development_digest
    from ..coq.source import coq_source_and_files
    from ..errors import InputError, not_written
    from ..needs import require

    if check_it:
        require("coq")
    source, files = coq_source_and_files(directory)
    if check_it:
        check_record_place(directory)
    if out is not None:
        try:
            if os.path.lexists(out) and (not out.is_file() or out.read_bytes() != source.encode()):
                raise InputError("is there already; expected the name of a new file", source=str(out), key="--out")
            write_atomically(out, source.encode())
        except OSError as error:
            raise not_written(error, out) from None
    elif not check_it and not as_json:
        sys.stdout.write(source)
    document: dict[str, Any] = {"format": "proofgen-coq", "version": 1, "directory": str(directory)}
    document |= {"out": None if out is None else str(out), "source": source, "checked": None, "axioms": None}
    if check_it:
        try:
            axioms = check_with_coq(source)
        except CoqRefusesError as error:
            if as_json:
                print_json(document | {"checked": False, "reason": str(error)})
            errors.print(f"proofgen: {directory}: {error}")
            raise typer.Exit(REJECTED) from None
        write_coq_record(directory, files, CoqRecord(coq_version(), development_digest(), tuple(axioms)))
        document |= {"checked": True, "axioms": list(axioms)}
        if not as_json:
            output.print(
                f"{directory}: proved in Coq, from {len(axioms)} axioms of proofs/coq/AXIOMS; "
                f"recorded in coq.json (proofgen render adds a sentence to the LaTeX)",
                soft_wrap=True,
            )
    if as_json:
        print_json(document)
