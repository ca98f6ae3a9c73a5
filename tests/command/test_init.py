"""`proofgen init`: a draft that is a spec, for every kind of file; and `proofgen explain`, and --json everywhere."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commands import run
from networks import PAPER

from proofgen.batch.work import CODES
from proofgen.bundle.sentence import OTHER_BRANCH
from proofgen.command.explain import MEANINGS, remedies
from proofgen.errors import InputError
from proofgen.proof.failure import FailureCode
from proofgen.spec.draft import draft, guess
from proofgen.spec.listing import Listed, arrays_in
from proofgen.spec.load import load

ROOT = Path(__file__).resolve().parents[2]
RNG = np.random.default_rng(3)
W1, B1, W2 = RNG.normal(size=(5, 3)), RNG.normal(size=5), RNG.normal(size=(3, 5))
ARRAYS = {"0.weight": W1, "0.bias": B1, "10.weight": W2, "steps": np.arange(4)}


def write(path: Path) -> None:
    if path.suffix == ".npz":
        np.savez(path, **ARRAYS)  # type: ignore[arg-type]
    elif path.suffix == ".safetensors":
        pytest.importorskip("safetensors.numpy").save_file(dict(reversed(ARRAYS.items())), path)
    elif path.suffix == ".mat":
        pytest.importorskip("scipy.io").savemat(path, {"W1": W1, "b1": B1, "W2": W2})


@pytest.mark.parametrize("suffix", [".npz", ".safetensors", ".mat"])
def test_the_draft_is_a_spec(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / "weights" / f"net{suffix}"
    file.parent.mkdir()
    write(file)
    done = run("init", file, "--out", "net.toml", cwd=tmp_path)
    assert done.returncode == 0 and "lines to look at (FILL IN)" in done.stdout, done.stderr
    problem: Any = load(tmp_path / "net.toml")
    assert problem.dimension == 3 and [layer.bias for layer in problem.layers] == ["b1", None]
    assert np.array_equal(problem.arrays["W1"].to_binary64_approx(), W1) and np.array_equal(problem.arrays["W2"].to_binary64_approx(), W2)
    text = (tmp_path / "net.toml").read_text(encoding="utf-8")
    for name in ("5 x 3", f"net{suffix}:", 'leak = "1"', "FILL IN: the range of gamma"):
        assert name in text
    again = run("init", file, "--out", "net.toml", cwd=tmp_path)
    assert again.returncode == 2 and "net.toml: --out: is there already" in again.stderr
    assert (tmp_path / "net.toml").read_text(encoding="utf-8") == text


def test_single_arrays_and_the_paper(tmp_path: Path) -> None:
    np.save(tmp_path / "W.npy", RNG.normal(size=(4, 4)))
    assert "W.toml: 1 array found, " in run("init", "W.npy", cwd=tmp_path).stdout
    assert load(tmp_path / "W.toml").dimension == 4
    np.savez(tmp_path / "paper.npz", R1=np.eye(3), R2=np.eye(3))
    assert run("init", "paper.npz", cwd=tmp_path).returncode == 0
    problem: Any = load(tmp_path / "paper.toml")
    assert set(problem.arrays) == {"R1", "R2"}


def test_recurrent_layers_of_pytorch(tmp_path: Path) -> None:
    """Their names are known: the draft is of a map, with the prefix that the file has."""
    arrays = {"weight_ih_l0": RNG.normal(size=(3, 2)), "weight_hh_l0": RNG.normal(size=(3, 3)), "bias_hh_l0": np.ones(3)}
    named = {f"net.rnn.{name}": array for name, array in arrays.items()}
    np.savez(tmp_path / "model.npz", **named, **{"out.weight": np.ones((1, 3))})  # type: ignore[arg-type]
    assert run("init", "model.npz", cwd=tmp_path).returncode == 0
    problem: Any = load(tmp_path / "model.toml")
    assert problem.discrete and problem.arrays["b1"].fractions() == [[1]] * 3
    assert np.array_equal(problem.arrays["E1"].to_binary64_approx(), arrays["weight_hh_l0"])
    text = (tmp_path / "model.toml").read_text(encoding="utf-8")
    assert 'prefix = "net.rnn."' in text and 'input = ["0", "0"]   # FILL IN' in text
    listed = [Listed("a.weight_hh_l0", (3, 3)), Listed("b.weight_hh_l0", (2, 2)), Listed("g.weight_hh_l0", (9, 3))]
    both = draft("x.npz", listed)
    assert 'prefix = "a."\n# prefix = "b."\n' in both and "g." not in both.partition("[network]")[2]
    assert 'family = "gru"' in draft("x.npz", listed[2:]) and 'family = "lstm"' in draft("x.npz", [Listed("weight_hh", (8, 2))])
    assert 'family = "layered"' in draft("x.npz", [Listed("weight_hh_l0", (5, 2))])


def test_layers_are_guessed_by_their_sizes() -> None:
    def shapes(*given: tuple[int, ...]) -> list[tuple[int, ...]]:
        return [w.shape for w, _ in guess([Listed(f"{k}.weight", shape) for k, shape in enumerate(given)]).layers]

    assert shapes((5, 3), (5,), (7, 5), (3, 7)) == [(5, 3), (7, 5), (3, 7)]
    assert shapes((3, 3), (9, 4), (2, 3)) == [(3, 3)]  # a read-out to 2 numbers is no part of the field
    assert shapes((5, 3), (2, 9)) == []
    text = draft("x.npz", [Listed("a", (2, 9))])
    assert "# FILL IN: no matrices fit together" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["spec.toml"], "spec.toml: expected a file of weights: .npz, .safetensors"), (["no.npz"], "no.npz: no such file\n"), (["a.txt"], "a.txt: expected a file of weights: .npz, .safetensors"),
        (["bad.npz"], "bad.npz: not a readable .npz archive"), (["W.npy", "--kind", "cnn"], "--kind: got 'cnn': expected one of layered"),
        (["W.npy", "--kind", "x"], "--kind: got 'x': expected one of layered"), (["W.npy", "--out", "below/s.toml"], "--out: expected a place beside or above"),
    ],
)  # fmt: skip
def test_bad_input(arguments: list[str], message: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "spec.toml").write_text("x")
    (tmp_path / "bad.npz").write_text("x")
    np.save(tmp_path / "W.npy", np.eye(3))
    before = sorted(tmp_path.iterdir())
    done = run("init", *arguments, cwd=tmp_path)
    assert done.returncode == 2 and message in done.stderr and sorted(tmp_path.iterdir()) == before


def test_an_archive_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many arrays it has; of each only the header."""
    np.savez_compressed(tmp_path / "w.npz", **{f"W{k}": np.zeros((k, 300)) for k in range(1, 40)})  # type: ignore[arg-type]
    opened: list[object] = []
    real = zipfile.ZipFile.__init__
    monkeypatch.setattr(zipfile.ZipFile, "__init__", lambda self, *a, **k: opened.append(self) or real(self, *a, **k))
    assert arrays_in(tmp_path / "w.npz") == [Listed(f"W{k}", (k, 300)) for k in range(1, 40)]
    assert len(opened) == 1


def test_names_of_arrays_stay_in_their_comments(tmp_path: Path) -> None:
    np.savez(tmp_path / "w.npz", **{'a\nevil = "1"\n#': np.eye(3)})  # type: ignore[arg-type]
    assert [array.shape for array in arrays_in(tmp_path / "w.npz")] == [(3, 3)]
    assert run("init", "w.npz", cwd=tmp_path).returncode == 0
    lines = (tmp_path / "w.toml").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.startswith("evil")]
    with pytest.raises(InputError):
        arrays_in(tmp_path / "w.toml")


# explain -------------------------------------------------------------------------------------------


def test_every_code_is_explained(tmp_path: Path) -> None:
    codes = {code.value for code in FailureCode} | CODES.keys()
    assert MEANINGS.keys() == remedies().keys() == codes
    assert FailureCode.OTHER_BRANCH.value == OTHER_BRANCH  # readers of bundles know nothing of the prover
    assert all(text.endswith(".") and text[0].isupper() for text in MEANINGS.values())
    done = run("explain", "fold", cwd=tmp_path)
    assert done.stdout.startswith("fold\n  Two equilibria, or fixed points of a map, meet") and "What to try: the branch" in done.stdout
    every = "\n" + run("explain", cwd=tmp_path).stdout
    assert all(f"\n{code}\n" in every for code in codes)
    done = run("explain", "fould", cwd=tmp_path)
    assert done.returncode == 2 and "did you mean fold?" in done.stderr


# --json --------------------------------------------------------------------------------------------


def test_every_command_has_json(tmp_path: Path) -> None:
    spec = PAPER / "n4-printed.toml"
    shutil.copytree(ROOT / "proofs" / "certificates" / "n4-printed", tmp_path / "n4")
    np.save(tmp_path / "W.npy", np.eye(3))

    def said(*arguments: object) -> Any:
        done = run(*arguments, "--json", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    assert said("render", "n4")["tex"] == ["n4/points/hopf-0001.tex", "n4/points/hopf-0002.tex", "n4/summary.tex"]
    derived = said("derive", spec)
    assert "σ" in derived["text"] and r"\begin{document}" in derived["latex"]
    compile(said("emit", spec)["source"], "emitted", "exec")
    assert said("coq", "n4")["source"].startswith("(* Written by proofgen")
    assert [row["code"] for row in said("explain", "fold")["codes"]] == ["fold"]
    assert said("init", "W.npy")["arrays"] == [{"name": "", "shape": [3, 3]}]
    assert said("check", "n4")["exit_code"] == 0


def test_every_command_offers_it() -> None:
    from proofgen.command.main import app

    for command in app.registered_commands:
        assert command.callback is not None and "as_json" in command.callback.__annotations__, command.callback
