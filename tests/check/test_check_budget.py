"""Hostile bundles end with one clear line, in seconds of processor time and less than 1 GB of address space; those with
many millions of numbers in files in less than 1.75 GB (FORMAT.md: 1.5 GiB of numbers)."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest
from check_tools import CERTIFICATES, CHECKER, SHORT_CHECKER, load, rehash
from hostile_bundles import MAKERS, edit
from ordinary import some

SLOW = ["many_spectra", "a_dense_network_with_long_denominators", "powers_of_powers", "long_activations_in_64_layers", "many_certificates", "constants_full_of_erf", "many_precisions",
        "large_sparse_files",
        "many_pieces_in_branch", "five_million_empty_lists", "many_large_arrays", "a_million_keys",
        "unsettled_pieces_with_long_exponents", "inline_array_with_one_long_denominator", "wide_layers",
        "one_array_of_a_million_named_90_times", "one_large_array_named_100_times"]  # fmt: skip
LARGE = {"many_large_arrays": 7 << 28}  # 100 MB in files, of which nothing is used: what it claims is true
HARMLESS = {"one_array_of_a_million_named_90_times"}  # it is read once


def limited(space: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (space, space))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 61))


def run(checker: Path, root: Path, *options: str, space: int = 1 << 30) -> tuple[int, bytes]:
    command = [sys.executable, "-I", str(checker), str(root), *options]
    done = subprocess.run(command, capture_output=True, preexec_fn=partial(limited, space), check=False)
    assert b"Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


@pytest.mark.parametrize("name", some([name for name in MAKERS if name not in SLOW], 2, ["equations_full_of_erf"]) + some(SLOW, 0))
def test_hostile_bundles(name: str, tmp_path: Path) -> None:
    MAKERS[name](tmp_path / "bundle")
    for checker, options in ((CHECKER, ["--engine", "python"]), (SHORT_CHECKER, [])):
        code, out = run(checker, tmp_path / "bundle", *options, space=LARGE.get(name, 1 << 30))
        assert code in ((0,) if name in HARMLESS else (0, 1, 3) if name in LARGE else (1, 3)), out[-2000:]
        assert b"INCOMPLETE" in out or b"REJECTED" in out or code == 0
        for sign in (b"defect", b"ran out of resources", b"limit of this checker", b"\x1b", b"\xe2\x80\xae", b"\xff"):
            assert sign not in out
    if name not in SLOW:
        code, out = run(CHECKER, tmp_path / "bundle", "--json")
        assert json.loads(out)["exit_code"] == code and out.isascii()


def test_a_radius_with_many_digits_is_printed_in_both_forms(tmp_path: Path) -> None:
    root = Path(shutil.copytree(CERTIFICATES / "good" / "weight-radius", tmp_path / "bundle"))
    edit(root / "problem.json", lambda p: p.update(weight_radius="1." + 300 * "1" + "e-4096"))
    rehash(root)
    codes = [run(CHECKER, root, *options) for options in ([], ["--json"])]
    assert codes[0][0] == codes[1][0]
    assert b"1.111111e-4096" in codes[0][1]
    radii = json.loads(codes[1][1])["reports"][0]["weight_radius"]
    assert set(radii.values()) == {"1.1111111111111112e-4096"}


def test_the_budget_is_one_for_the_bundle_and_counts_real_sizes() -> None:
    check = load()
    budget = check.Budget()
    with pytest.raises(check.Undecided, match="work"):
        for _ in range(3):
            budget.spend(check.MAX_WORK // 2)
    assert budget.exhausted
    quarter, wide = Fraction(1, 4), check.Real(0, 1 << 10_000, 192)
    assert check.cost_of("erf", check.real(quarter, 4160)) > 100 * check.cost_of("erf", check.real(quarter, 192))
    assert check.cost_of(64, wide) > 1000 * check.cost_of(2, wide)


def test_what_forms_cost_is_allowed_beside_what_numbers_are() -> None:
    check = load()
    budget = check.Budget()
    budget.extra += 60 * 200 * 256**3
    budget.grant(10**9)  # no more than MOST_WORK
    budget.spend(check.MOST_WORK)
    budget.spend(60 * 125 * 256**3)  # as measured
    with pytest.raises(check.Undecided, match="work"):
        budget.spend(60 * 200 * 256**3)


def test_memory_grows_with_the_numbers_of_files_up_to_a_limit() -> None:
    check = load()
    budget = check.Budget()
    with pytest.raises(check.Undecided, match="memory"):
        budget.keep(check.MAX_MEMORY + 1)
    budget.grant(10**6)
    budget.fits(check.MEMORY_PER_NUMBER * 10**6 - 1)
    with pytest.raises(check.Undecided, match="memory"):
        budget.fits(check.MEMORY_PER_NUMBER * 10**6)
    budget.grant(10**12)
    with pytest.raises(check.Undecided, match="memory"):
        budget.keep(check.MOST_MEMORY)


def test_committed_bundles_stay_well_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A twentieth of the allowance would do."""
    check = load()
    monkeypatch.setattr(check, "MAX_WORK", check.MAX_WORK // 20)
    monkeypatch.setattr(check, "WORK_PER_NUMBER", check.WORK_PER_NUMBER // 20)
    for name in ("hopfield-spectral", "n6-seed80", "weight-radius", "n6-seed80-diagonal-newton-kantorovich"):
        assert check.check_path(CERTIFICATES / "good" / name).exit_code == 0
