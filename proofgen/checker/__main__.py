"""``python -I proofgen/checker DIR``: the same as check.py."""

import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    folder = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != folder]
    runpy.run_path(str(folder.parent / "check.py"), run_name="__main__")
