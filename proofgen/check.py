#!/usr/bin/env python3
"""Independent checker of proofgen bundles:  python -I check.py DIR_OR_CERTIFICATE [...] [--json] [--engine E]

The checker is the folder `checker` beside this file; `checker/__init__.py` says what it is and how to read it.

Exit codes: 0 accepted, 1 rejected, 2 bad usage, 3 incomplete (nothing refuted, something not decided).
"""

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING or getattr(__spec__, "parent", ""):  # as a part of proofgen
    from .checker.command import main
    from .checker.reports import Report
    from .checker.table import table
    from .checker.whole import check_path
else:  # by its path: the folder is loaded by its place, without an entry of sys.path, so that nothing beside it can be
    place = Path(__file__).resolve().parent / "checker" / "__init__.py"
    spec = importlib.util.spec_from_file_location("checker", place, submodule_search_locations=[str(place.parent)])
    sys.modules["checker"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["checker"])
    from checker.command import main
    from checker.reports import Report
    from checker.table import table
    from checker.whole import check_path

__all__ = ["Report", "check_path", "main", "table"]

if __name__ == "__main__":
    sys.exit(main())
