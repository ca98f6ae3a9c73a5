"""Import rules (which way data flows) and where Flint's global state may be touched."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "proofgen"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Absolute names of the proofgen modules and outside packages that a file imports, at any depth."""
    parts = ("proofgen", *path.relative_to(PACKAGE).with_suffix("").parts)
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(parts[: len(parts) - node.level]) if node.level else ""
            found.add(".".join(filter(None, [base, node.module])))
            if node.module is None:
                found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def modules_under(folder: str) -> list[Path]:
    return [path for path in MODULES if path.relative_to(PACKAGE).parts[0] == folder]


# folder → prefixes it must not import
FORBIDDEN = {
    "search": ("proofgen.proof", "proofgen.codegen", "proofgen.numbers.balls", "flint"),
    "proof": ("proofgen.search", "proofgen.latex", "proofgen.figures", "proofgen.claims.zero_branch", "proofgen.strategy.run", "proofgen.covering", "numpy", "scipy"),
    "symbolic": ("proofgen.proof", "proofgen.search", "proofgen.codegen", "flint", "numpy"),
    "covering": ("proofgen.latex", "proofgen.figures", "proofgen.strategy.run"),
    "codegen": ("proofgen.proof", "proofgen.search", "proofgen.latex", "proofgen.claims.zero_branch"),
    "models": ("proofgen.proof", "proofgen.search", "proofgen.symbolic", "flint"),
    "render": ("proofgen.proof", "proofgen.search", "proofgen.strategy.run", "proofgen.figures"),
    "figures": ("proofgen.proof", "proofgen.strategy.run", "flint", "scipy"),
}


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_layers(folder: str) -> None:
    files = modules_under(folder)
    assert files
    for path in files:
        for name in imports(path):
            for prefix in FORBIDDEN[folder]:
                assert not (name == prefix or name.startswith(prefix + ".")), f"{path.name} imports {name}"


def test_matplotlib_is_optional() -> None:
    """Only the pictures import it, and only when one is drawn."""
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(name.split(".")[0] == "matplotlib" for name in imports(path)):
            assert path.parent.name == "figures", path
        top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not any("matplotlib" in ast.unparse(node) for node in top), path


def test_runs_stand_on_top() -> None:
    """Only the command line knows of runs, and no part of a run searches or proves by itself."""
    for path in MODULES:
        folder = path.relative_to(PACKAGE).parts[0]
        found = {name for name in imports(path) if name.startswith("proofgen.")}
        if folder == "batch":
            assert not any(name.startswith(("proofgen.search", "proofgen.codegen", "proofgen.covering")) for name in found)
            assert not {name.split(".")[0] for name in imports(path)} & {"flint", "sympy", "mpmath"}, path
        elif path.name != "cli_batch.py":
            assert not any(name.startswith("proofgen.batch") for name in found), path


@pytest.mark.parametrize("package", ["pyarrow", "zstandard", "distributed", "scipy", "safetensors", "h5py", "torch"])
def test_extras_are_imported_when_needed(package: str) -> None:
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
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
        "except SystemExit as end:\n    print(end.code, *sys.modules, sep='\\n')"
    )
    result = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)
    code, *loaded = result.stdout.split("ACCEPTED\n")[1].split()
    assert code == "0" and "checker.tube" in loaded
    strange = {name.split(".")[0] for name in loaded} - set(sys.stdlib_module_names) - {"__main__", "checker"}
    assert not strange


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_balls_touches_the_global_precision(path: Path) -> None:
    if path.name == "balls.py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Attribute) and node.attr == "ctx"), path


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_evaluates_text(path: Path) -> None:
    """`exec` stands in one place, for the package's own emitted evaluator; nothing unpickles."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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
