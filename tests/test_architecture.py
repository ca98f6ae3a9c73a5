"""Import rules (which way data flows) and where Flint's global state may be touched."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "proofgen"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> set[str]:
    """Absolute names of the proofgen modules and outside packages that a file imports, at any depth."""
    parts = ("proofgen", *path.relative_to(PACKAGE).with_suffix("").parts)
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(parts[: len(parts) - node.level]) if node.level else ""
            found.add(".".join(filter(None, [base, node.module])))
            if node.module is None:
                found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


# From low to high: a folder (or a file of the root) imports itself and lower rows.
ROWS = [
    "errors resources progress plain", "compiled_templates", "needs", "numbers", "problem", "symbolic", "approx", "spec formulas search proof", "codegen bundle", "claims",
    "strategy latex", "figures page", "documents final_check coq", "api", "batch", "public", "command", "__main__",
]  # fmt: skip
ROW = {name: i for i, row in enumerate(ROWS) for name in row.split()}
APART = {"checker", "check", "check_zero_branch", "__init__"}  # the checkers stand alone; __init__ imports when asked
# folder → what it does without, whatever the row
WITHOUT = {
    "search": "flint", "proof": "numpy scipy search bundle", "symbolic": "flint numpy", "approx": "flint", "spec": "flint",
    "formulas": "flint proof search strategy", "latex": "proof search strategy", "figures": "flint scipy proof search strategy",
    "documents": "proof search strategy", "page": "flint numpy proof search strategy", "batch": "flint sympy mpmath search codegen",
}  # fmt: skip


def top(module: str) -> str:
    """proofgen.codegen.jets → codegen; numpy.typing → numpy"""
    parts = module.split(".")
    return parts[1] if parts[0] == "proofgen" and len(parts) > 1 else parts[0]


NAMES = {str(p.relative_to(PACKAGE.parent).with_suffix("")).replace("/", ".").removesuffix(".__init__") for p in MODULES}


@cache
def resolved(path: Path) -> set[str]:
    """The modules that a file imports; `from ..numbers import balls` is the module balls."""
    parts = ("proofgen", *path.relative_to(PACKAGE).with_suffix("").parts)
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*(parts[: len(parts) - node.level] if node.level else ()), *filter(None, [node.module])])
            found |= {f"{base}.{a.name}" if f"{base}.{a.name}" in NAMES else base for a in node.names}
    return found


def test_every_folder_has_a_row() -> None:
    assert {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES} == ROW.keys() | APART


def test_imports_go_down() -> None:
    wrong = set[tuple[str, str]]()
    for path in MODULES:
        folder = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if folder in APART:
            continue
        for other in map(top, resolved(path)):
            upward = other in ROW and other != folder and ROW[other] >= ROW[folder]
            if upward or other in WITHOUT.get(folder, "").split():
                wrong.add((folder, other))
    assert not wrong


def test_no_circles() -> None:
    """Between files, imports inside of functions included."""
    graph = {}
    for path in MODULES:
        parts = ("proofgen", *path.relative_to(PACKAGE).with_suffix("").parts)
        name = ".".join(parts).removesuffix(".__init__")
        graph[name] = {module for module in resolved(path) if module.startswith("proofgen.")} - {name}
    list(TopologicalSorter(graph).static_order())


def test_matplotlib_is_optional() -> None:
    """Only the pictures import it, and only when one is drawn."""
    for path in MODULES:
        tree = parsed(path)
        if any(name.split(".")[0] == "matplotlib" for name in imports(path)):
            assert path.parent.name == "figures", path
        top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not any("matplotlib" in ast.unparse(node) for node in top), path



@pytest.mark.parametrize("package", ["pyarrow", "zstandard", "distributed", "scipy", "safetensors", "h5py", "torch"])
def test_extras_are_imported_when_needed(package: str) -> None:
    for path in MODULES:
        tree = parsed(path)
        names = [alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names]
        names += [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom) and not node.level]
        assert package not in {name.split(".")[0] for name in names}, path


def test_the_checkers_import_the_standard_library_only() -> None:
    files = sorted((PACKAGE / "checker").glob("*.py"))
    assert len(files) > 20
    for path in files:
        allowed = {"flint"} if path.name == "products.py" else set[str]()
        for name in imports(path) - allowed:
            assert name.startswith("proofgen.checker.") or name.split(".")[0] in sys.stdlib_module_names, (path, name)
    short = {name.split(".")[0] for name in imports(PACKAGE / "check_zero_branch.py")}
    assert short <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("front", ["check.py", "checker"])
def test_a_check_loads_nothing_else(front: str) -> None:
    """By its path the checker is the standard library and its own folder, whatever else is installed."""
    bundle = PACKAGE.parent / "proofs" / "certificates" / "brusselator"
    program = (
        f"import runpy, sys\nsys.argv = ['check', {str(bundle)!r}, '--engine', 'python']\n"
        f"try:\n    runpy.run_path({str(PACKAGE / front)!r}, run_name='__main__')\n"
        "except SystemExit as end:\n    print('END', end.code, *sys.modules, sep='\\n')"
    )
    result = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)
    code, *loaded = result.stdout.split("END\n")[1].split()
    assert code == "0" and "checker.tube" in loaded
    strange = {name.split(".")[0] for name in loaded} - set(sys.stdlib_module_names) - {"__main__", "checker"}
    assert not strange


def test_only_balls_touches_the_global_precision() -> None:
    found = {path.name for path in MODULES for node in ast.walk(parsed(path)) if isinstance(node, ast.Attribute) and node.attr == "ctx"}
    assert found == {"balls.py"}


def test_nothing_evaluates_text() -> None:
    """`exec` stands in one place, for the package's own emitted evaluator; nothing unpickles."""
    for path in MODULES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                allowed = {"exec"} if path.name == "loading.py" else set()
                assert node.func.id not in {"eval", "exec", "__import__"} - allowed, path
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert not any(alias.name in ("pickle", "marshal", "shelve") for alias in node.names), path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in ("parse_expr",), path


def test_modules_can_be_read_in_one_sitting() -> None:
    for path in MODULES:
        if path.name != "check_zero_branch.py":  # one file by design
            assert len(path.read_text(encoding="utf-8").splitlines()) <= (360 if path.parent.name == "checker" else 450), path


def test_claims_have_types() -> None:
    """Documents are dictionaries in `bundle` and for the checkers only, and only there is printed text read."""
    outside = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] not in {"bundle", "checker", "check_zero_branch.py"}]
    claims = {"first_lyapunov_coefficient", "crossing_speed", "spectral_gap", "equilibrium", "window", "uniqueness_radius",
              "unsettled", "disc_radius", "im_S"}  # fmt: skip
    for path in outside:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
                assert node.slice.value not in claims, (path, node.lineno)
            if isinstance(node, ast.Name) and path.parent.name != "numbers":
                assert node.id != "parse_printed_decimal", path


def test_kinds_are_told_apart_by_tables() -> None:
    kinds = {"Problem", "EquationsProblem", "CellProblem", "PlaneProblem", "Derivation", "NetworkDerivation", "EquationsDerivation", "CellDerivation"}
    for path in MODULES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance":
                assert not kinds & {name.id for name in ast.walk(node.args[1]) if isinstance(name, ast.Name)}, (path, node.lineno)


def test_documents_need_no_prover() -> None:
    """Rendering loads nothing that proves or searches, by any way."""
    program = "import sys\nimport proofgen.documents, proofgen.latex.kinds, proofgen.figures.draw, proofgen.bundle.read, proofgen.codegen.approx\nprint(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "proofgen.documents" in loaded
    assert not [name for name in loaded if name.startswith(("proofgen.proof", "proofgen.search", "proofgen.strategy", "proofgen.claims"))]


def test_nothing_takes_the_function_for_the_module() -> None:
    """`proofgen.check` is a function; what is in the module of that name is imported from it."""
    for path in [*MODULES, *sorted((PACKAGE.parent / "tests").rglob("*.py"))]:
        bare = re.search(r"from\s+(proofgen|\.+)\s+import", path.read_text(encoding="utf-8"))
        for node in ast.walk(parsed(path)) if bare else ():
            if isinstance(node, ast.ImportFrom):
                package = path.is_relative_to(PACKAGE) and node.level == len(path.relative_to(PACKAGE).parts) and not node.module
                named = (package or node.module == "proofgen") and any(alias.name == "check" for alias in node.names)
                assert not named, path


@pytest.mark.parametrize("program", ["import proofgen", "import runpy, sys; sys.argv = ['proofgen', '--help']; runpy.run_module('proofgen', run_name='__main__')"])
def test_what_begins_quickly(program: str) -> None:
    """Neither the package itself nor the help of the command loads a library of numbers."""
    ending = "import atexit, sys\natexit.register(lambda: print('LOADED', *sys.modules))\n"
    result = subprocess.run([sys.executable, "-c", ending + program], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in result.stdout.split("LOADED")[-1].split()}
    assert "proofgen" in loaded and not loaded & {"numpy", "sympy", "flint", "pydantic", "jinja2", "mpmath"}
