"""The command."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from .table import table
from .whole import check_path


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="check.py", description="Check bundles of proofgen (proofs/FORMAT.md).")
    parser.add_argument("paths", nargs="+", metavar="DIR_OR_CERTIFICATE")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
    parser.add_argument("--engine", choices=("auto", "python", "flint"), default="auto", help="integer matrix products")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes may run at once")
    arguments = parser.parse_args(argv)
    reports = [check_path(path, arguments.engine, arguments.jobs) for path in arguments.paths]
    codes = {report.exit_code for report in reports}
    code = next(c for c in (2, 1, 3, 0) if c in codes)
    if arguments.json:
        print(json.dumps({"format": "proofgen-check", "version": 1, "exit_code": code,
                          "reports": [report.to_dict() for report in reports]}, indent=1))  # fmt: skip
    else:
        for report in reports:
            print(table(report), file=sys.stderr if report.usage else sys.stdout)
    return code
