"""`proofgen paper`: the networks of the paper that this package began with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from .batch import worst
from .terminal import (
    INCOMPLETE,
    PROVED,
    REJECTED,
    AsJson,
    Jobs,
    NoCheck,
    errors,
    output,
    print_json,
    progress_bars,
)


def paper(
    out: Annotated[Path, typer.Option(help="where the bundles go, one directory each")] = Path("paper"),
    jobs: Jobs = 1,
    no_check: NoCheck = False,
    as_json: AsJson = False,
) -> None:
    """Prove the networks of Kuehn and Queirolo (arXiv:2202.05073), every spec under proofs/paper, and check them."""
    from .. import api
    from ..bundle.place import check_place
    from ..resources import proofs_directory
    from .results import verdict, with_check

    specs = sorted((proofs_directory() / "paper").glob("*.toml"), key=_natural)
    for spec in specs:
        check_place(out / spec.stem)
    codes, networks = list[int](), list[dict[str, Any]]()
    for spec in specs:
        try:
            with progress_bars() as progress:
                result = api.prove(
                    api.load(spec), out / spec.stem, jobs=jobs, progress=progress, check=not no_check
                )  # fmt: skip
        except api.RejectedError as error:
            codes.append(REJECTED)
            networks.append({"name": spec.stem, "status": "rejected", "check": error.check.to_dict()})
            errors.print(f"proofgen: {spec.stem}: {error}")
            continue
        codes.append(PROVED if result.proved else INCOMPLETE)
        networks.append({"name": spec.stem} | with_check(result))
        checked = "" if result.check is None else f". {result.check.sentence}"
        if not as_json:
            output.print(f"{spec.stem:16} {verdict(result)}{checked}", soft_wrap=True)
    code = worst(codes)
    if as_json:
        print_json({"format": "proofgen-paper", "version": 1, "exit_code": code, "networks": networks})
    raise typer.Exit(code)


def _natural(path: Path) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in path.stem.replace("n", "-").split("-")]
