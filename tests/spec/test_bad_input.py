"""Specs that are wrong: each gets one message that names the file, the key and the expectation."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofgen.errors import InputError, UnsupportedError
from proofgen.spec import load as spec_module
from proofgen.spec.load import load, load_text

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

HEAD = '[network]\nfamily = "asymmetric-rnn"\n'
GOOD = HEAD + "R1 = [[0, 1], [0, 0]]\n"


def random(**changes: str) -> str:
    values = {"generator": '"matlab"', "seed": "80", "dimension": "4", "perturbation": '"0.1"'} | changes
    pairs = ", ".join(f"{key} = {value}" for key, value in values.items() if value)
    return f"{HEAD}random = {{ {pairs} }}\n"


# (name, spec, fragments of the message)
ROWS: list[tuple[str, str, list[str]]] = [
    # the file as a whole
    ("empty", "", ["network", "missing", "a table [network]"]),
    ("syntax", "[network]\nfamily = \n", ["not valid TOML", "line 2"]),
    ("syntax at the end", '[network]\nfamily = "asym', ["not valid TOML", "line 2"]),
    ("key twice", GOOD + 'family = "x"\n', ["not valid TOML", "line 4"]),
    ("deep nesting", HEAD + "R1 = " + "[" * 5000, ["not valid TOML", "nested too deeply"]),
    ("endless integer", HEAD + "layers = " + "9" * 5000, ["not valid TOML", "integer"]),
    ("impossible date", "title = 2020-02-31", ["not valid TOML"]),
    ("network is a number", "network = 3", ["network", "got 3", "a table [network]"]),
    ("network is an array", "[[network]]\nfamily = 1", ["network", "an array", "a table [network]"]),
    ("proof is text", 'proof = "fast"\n' + GOOD, ["proof", "'fast'", "a table [proof]"]),
    # unknown keys
    ("misspelt table", "[netwrok]\n" + GOOD, ["netwrok", "unknown key", "did you mean 'network'?"]),
    ("misspelt key", GOOD + 'activaton = "tanh"', ["network.activaton", "did you mean 'activation'?"]),
    ("wrong case", HEAD + "r1 = [[0, 1], [0, 0]]", ["network.r1", "did you mean 'R1'?"]),
    ("misspelt seed", random(sede="1"), ["network.random.sede", "did you mean 'seed'?"]),
    ("wrong table", GOOD + "weight_radius = 0", ["network.weight_radius", "it belongs to [proof]"]),
    ("nested table", GOOD + "perturbation = 0", ["network.perturbation", "it belongs to [network.random]"]),
    ("too high", "precision = 64\n" + GOOD, ["precision", "it belongs to [proof]"]),
    ("no idea", GOOD + "[proof]\nqqq = 1", ["proof.qqq", "expected one of precision, max_precision, digits"]),
    ("layer tables", GOOD + "[[network.layer]]\n", ["network.layer", "did you mean 'layers'?"]),
    ("control characters", '"a\\n\\u001b[2J" = 1\n' + GOOD, ["a\\n\\x1b[2J", "unknown key"]),
    ("endless key", "a" * 10**6 + " = 1\n" + GOOD, ["aaa…", "unknown key"]),
    # title
    ("title number", "title = 1.5\n" + GOOD, ["title", "got 1.5", "one line of text"]),
    ("title empty", 'title = " "\n' + GOOD, ["title", "1 to 200 characters"]),
    ("title long", f'title = "{"a" * 201}"\n' + GOOD, ["title", "1 to 200 characters"]),
    ("title lines", 'title = "a\\nb"\n' + GOOD, ["title", "one line"]),
    # family, activation, layers
    ("no family", "[network]\nR1 = [[0, 1], [0, 0]]", ["network.family", "missing", '"asymmetric-rnn"']),
    ("no family of other keys", '[network]\nvariables = ["x"]', ["network.family", "missing", '"equations"']),
    ("key of another family", GOOD + 'variables = ["x"]', ['family "equations"; here it is "asymmetric-rnn"']),
    ("link to itself", HEAD + 'R1 = "loop.npy"', ["network.R1", "'loop.npy'", "leads back to itself"]),
    ("huge exponent", HEAD + 'R1 = [["1e99999999", 0], [0, 0]]', ["network.R1: entry [1, 1]", "decimal exponent of at most 400"]),
    ("family", '[network]\nfamily = "cnn"', ["network.family", "'cnn'", 'expected "asymmetric-rnn"']),
    ("family like a later one", '[network]\nfamily = "layerd"', ['did you mean "layered"?']),
    ("family number", "[network]\nfamily = 1", ["network.family", "got 1", 'expected "asymmetric-rnn"']),
    (
        "activation",
        GOOD + 'activation = "tahn"',
        ["network.activation", "'tahn'", "unknown activation", "(did you mean tanh?)"],
    ),
    ("relu", GOOD + 'activation = "relu"', ["network.activation", "'relu'", "not smooth"]),
    ("activation number", GOOD + "activation = 1", ["network.activation", "got 1", "name of an activation"]),
    ("activation long", GOOD + f'activation = "z{"+z" * 1001}"', ["network.activation", "at most 2000"]),
    ("activation code", GOOD + "activation = \"__import__('os').abort()\"", ["network.activation", "got"]),
    ("layers zero", GOOD + "layers = 0", ["network.layers", "got 0", "positive integer"]),
    ("layers 65", GOOD + "layers = 65", ["network.layers", "got 65", "at most 64 layers"]),
    ("layers text", GOOD + 'layers = "1"', ["network.layers", "'1'", "positive integer"]),
    ("layers bool", GOOD + "layers = true", ["network.layers", "got true", "positive integer"]),
    # random weights
    (
        "random text",
        HEAD + 'random = "matlab"',
        ["network.random", "'matlab'", "{ generator, seed, dimension"],
    ),
    ("generator", random(generator='"numpy"'), ["network.random.generator", "'numpy'", '"matlab"']),
    ("no generator", random(generator=""), ["network.random.generator", "missing", '"matlab"']),
    ("no seed", random(seed=""), ["network.random.seed", "missing", "integer seed"]),
    ("no dimension", random(dimension=""), ["network.random.dimension", "missing", "number of neurons"]),
    ("no perturbation", random(perturbation=""), ["network.random.perturbation", "missing", "decimal"]),
    ("seed negative", random(seed="-1"), ["network.random.seed", "got -1", "between 0 and 4294967295"]),
    ("seed 2^32", random(seed="4294967296"), ["network.random.seed", "got 4294967296", "4294967295"]),
    ("seed float", random(seed="80.0"), ["network.random.seed", "got 80.0", "integer seed"]),
    ("seed text", random(seed='"80"'), ["network.random.seed", "'80'", "integer seed"]),
    ("seed bool", random(seed="true"), ["network.random.seed", "got true", "integer seed"]),
    ("seed huge", random(seed="1" + "0" * 400), ["network.random.seed", "300 digits", "integer seed"]),
    ("one neuron", random(dimension="1"), ["network.random.dimension", "got 1", "n >= 2"]),
    ("dimension 0", random(dimension="0"), ["network.random.dimension", "got 0", "between 2 and 2000"]),
    ("dimension large", random(dimension="2001"), ["network.random.dimension", "2001", "between 2 and 2000"]),
    (
        "dimension bool",
        random(dimension="true"),
        ["network.random.dimension", "got true", "between 2 and 2000"],
    ),
    (
        "perturbation text",
        random(perturbation='"small"'),
        ["network.random.perturbation", "'small'", "decimal"],
    ),
    (
        "perturbation nan",
        random(perturbation="nan"),
        ["network.random.perturbation", "'nan'", "finite decimal"],
    ),
    (
        "perturbation inf",
        random(perturbation="-inf"),
        ["network.random.perturbation", "'-inf'", "finite decimal"],
    ),
    ("perturbation huge", random(perturbation="1e400"), ["network.random.perturbation", "1e300"]),
    ("products huge", random(perturbation="1e300"), ["network.random.perturbation", "entry [", "1e300"]),
    ("products tiny", random(perturbation="1e-300"), ["network.random.perturbation", "entry [", "1e-300"]),
    ("random and R1", random() + "R1 = [[0, 1], [0, 0]]", ["network.R1", "not both"]),
    ("random and R2", random() + "R2 = [[0, 1], [0, 0]]", ["network.R2", "not both"]),
    ("no weights", HEAD, ["network.R1", "missing", "R1", "random"]),
    ("R2 only", HEAD + "R2 = [[0, 1], [0, 0]]", ["network.R1", "missing"]),
    # matrices
    ("matrix number", HEAD + "R1 = 3", ["network.R1", "got 3", "array of rows"]),
    ("matrix flat", HEAD + "R1 = [1, 2]", ["network.R1", "row 1", "array of rows"]),
    ("matrix table", HEAD + "R1 = { a = 1 }", ["network.R1", "a table", "array of rows"]),
    ("matrix empty", HEAD + "R1 = []", ["network.R1", "empty"]),
    ("matrix empty row", HEAD + "R1 = [[]]", ["network.R1", "empty"]),
    ("matrix ragged", HEAD + "R1 = [[1, 2], [3]]", ["network.R1", "row 2 has 1 entries", "equal length"]),
    ("matrix 2x3", HEAD + "R1 = [[1, 2, 3], [4, 5, 6]]", ["network.R1", "2 × 3", "square"]),
    ("matrix 1x1", HEAD + "R1 = [[1]]", ["network.R1", "n >= 2"]),
    ("entry nan", HEAD + "R1 = [[0, 1], [nan, 0]]", ["network.R1: entry [2, 1]", "nan", "finite decimal"]),
    ("entry inf", HEAD + "R1 = [[0, +inf], [0, 0]]", ["network.R1: entry [1, 2]", "inf", "finite decimal"]),
    ("entry text", HEAD + 'R1 = [[0, "one"], [0, 0]]', ["network.R1: entry [1, 2]", "'one'", "decimal"]),
    ("entry complex", HEAD + 'R1 = [[0, "1+2j"], [0, 0]]', ["network.R1: entry [1, 2]", "'1+2j'", "decimal"]),
    ("entry fraction", HEAD + 'R1 = [[0, "1/3"], [0, 0]]', ["network.R1: entry [1, 2]", "'1/3'", "decimal"]),
    ("entry bool", HEAD + "R1 = [[0, true], [0, 0]]", ["network.R1: entry [1, 2]", "got true", "number"]),
    (
        "entry date",
        HEAD + "R1 = [[0, 2020-01-01], [0, 0]]",
        ["network.R1: entry [1, 2]", "got a date", "number"],
    ),
    ("entry array", HEAD + "R1 = [[0, [1]], [0, 0]]", ["network.R1: entry [1, 2]", "an array", "number"]),
    (
        "entry huge",
        HEAD + "R1 = [[0, 1e301], [0, 0]]",
        ["network.R1: entry [1, 2]", "1e301", "1e-300 and 1e300"],
    ),
    ("entry tiny", HEAD + 'R1 = [[0, "1e-301"], [0, 0]]', ["network.R1: entry [1, 2]", "1e-300 and 1e300"]),
    ("R2 size", GOOD + "R2 = [[1]]", ["network.R2", "1 × 1", "expected 2 × 2, the size of R1"]),
    ("R2 random text", GOOD + 'R2 = "[[1]]"', ["network.R2", "'[[1]]'", ".npy, .npz, .csv"]),
    ("bias length", GOOD + "bias = [1, 2, 3]", ["network.bias", "3 entries", "expected 2"]),
    ("bias number", GOOD + "bias = 1", ["network.bias", "got 1", "array of numbers"]),
    ("bias matrix", GOOD + "bias = [[1, 2]]", ["network.bias: entry [1]", "an array", "number"]),
    ("bias empty", GOOD + "bias = []", ["network.bias", "empty"]),
    ("bias of random", random() + "bias = [1]", ["network.bias", "1 entries", "expected 4"]),
    # data files
    ("file missing", HEAD + 'R1 = "none.npy"', ["network.R1: none.npy", "no such file"]),
    ("file nan", HEAD + 'R1 = "nan.npy"', ["network.R1: nan.npy", "entry [2, 1] is NaN", "finite"]),
    ("file infinity", HEAD + 'R1 = "inf.npy"', ["network.R1: inf.npy", "entry [1, 2] is inf", "finite"]),
    ("file complex", HEAD + 'R1 = "complex.npy"', ["network.R1: complex.npy", "complex entries", "float64"]),
    ("file object", HEAD + 'R1 = "object.npy"', ["network.R1: object.npy", "object entries", "float64"]),
    ("file not square", HEAD + 'R1 = "wide.npy"', ["network.R1", "2 × 3", "square"]),
    ("file key", HEAD + 'R1 = "net.npz:R3"', ["network.R1: net.npz:R3", "no array 'R3'", "keys R1, R2"]),
    ("file no key", HEAD + 'R1 = "net.npz"', ["network.R1: net.npz", "no key", "keys R1, R2"]),
    ("file csv entry", HEAD + 'R1 = "bad.csv"', ["network.R1: bad.csv: entry [2, 2]", "'x'", "decimal"]),
    ("file outside", HEAD + 'R1 = "../W.npy"', ["network.R1", "'../W.npy'", "inside"]),
    ("file absolute", HEAD + 'R1 = "/etc/W.npy"', ["network.R1", "relative to the spec's directory"]),
    ("file bias", GOOD + 'bias = "wide.npy"', ["network.bias: wide.npy", "2 × 3", "expected a vector"]),
    # parameter
    ("name empty", GOOD + '[parameter]\nname = ""', ["parameter.name", "expected a letter"]),
    ("name digits", GOOD + '[parameter]\nname = "1a"', ["parameter.name", "'1a'", "expected a letter"]),
    ("name greek", GOOD + '[parameter]\nname = "γ"', ["parameter.name", "expected a letter"]),
    ("name long", GOOD + f'[parameter]\nname = "{"a" * 31}"', ["parameter.name", "at most 29"]),
    ("name newline", GOOD + '[parameter]\nname = "a\\n"', ["parameter.name", "expected a letter"]),
    ("name number", GOOD + "[parameter]\nname = 1", ["parameter.name", "got 1", "expected a letter"]),
    ("enters", GOOD + '[parameter]\nenters = "row"', ["parameter.enters", "'row'", 'expected "identity"']),
    ("enters table", GOOD + "[parameter]\nenters = { x = 1 }", ["parameter.enters", "a table", '"identity"']),
    ("enters bool", GOOD + "[parameter]\nenters = true", ["parameter.enters", "got true", '"identity"']),
    ("shift text", GOOD + '[parameter]\nshift = "a"', ["parameter.shift", "'a'", "decimal"]),
    ("shift nan", GOOD + "[parameter]\nshift = nan", ["parameter.shift", "nan", "finite decimal"]),
    ("shift array", GOOD + "[parameter]\nshift = [1]", ["parameter.shift", "an array", "number"]),
    ("interval one", GOOD + '[parameter]\ninterval = ["1"]', ["parameter.interval", "two decimals"]),
    (
        "interval text",
        GOOD + '[parameter]\ninterval = "all"',
        ["parameter.interval", "'all'", "two decimals"],
    ),
    (
        "interval order",
        GOOD + "[parameter]\ninterval = [1, 0.5]",
        ["parameter.interval", "[1, 0.5]", "smaller first"],
    ),
    (
        "interval point",
        GOOD + '[parameter]\ninterval = ["1", "1.0"]',
        ["parameter.interval", "smaller first"],
    ),
    (
        "interval infinite",
        GOOD + "[parameter]\ninterval = [-inf, 0]",
        ["parameter.interval", "inf", "finite"],
    ),
    (
        "interval bool",
        GOOD + "[parameter]\ninterval = [false, true]",
        ["parameter.interval", "false", "decimals"],
    ),
    # proof
    ("precision low", GOOD + "[proof]\nprecision = 63", ["proof.precision", "got 63", "between 64 and 1024"]),
    ("precision high", GOOD + "[proof]\nprecision = 1025", ["proof.precision", "between 64 and 1024"]),
    ("precision float", GOOD + "[proof]\nprecision = 128.0", ["proof.precision", "got 128.0", "an integer"]),
    ("precision text", GOOD + '[proof]\nprecision = "128"', ["proof.precision", "'128'", "an integer"]),
    ("precision bool", GOOD + "[proof]\nprecision = true", ["proof.precision", "got true", "an integer"]),
    (
        "max below precision",
        GOOD + "[proof]\nprecision = 256\nmax_precision = 128",
        ["proof.max_precision", "got 128", "at least the precision to begin with, 256"],
    ),
    ("digits 0", GOOD + "[proof]\ndigits = 0", ["proof.digits", "got 0", "between 1 and 250"]),
    ("digits 251", GOOD + "[proof]\ndigits = 251", ["proof.digits", "got 251", "between 1 and 250"]),
    (
        "radius negative",
        GOOD + '[proof]\nweight_radius = "-1e-9"',
        ["proof.weight_radius", "'-1e-9'", "nonnegative"],
    ),
    (
        "radius minus one",
        GOOD + "[proof]\nweight_radius = -1",
        ["proof.weight_radius", "got -1", "nonnegative"],
    ),
    ("radius text", GOOD + '[proof]\nweight_radius = "small"', ["proof.weight_radius", "'small'", "decimal"]),
    ("radius inf", GOOD + "[proof]\nweight_radius = inf", ["proof.weight_radius", "inf", "finite decimal"]),
    ("mat", HEAD + 'R1 = "coefs.mat:W"', ["network.R1", "coefs.mat:W", "no such file"]),
    ("keras", HEAD + 'R1 = "m.keras:w"', ["network.R1", "'m.keras:w'", ".npy, .npz, .csv, .mat"]),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("specs")
    arrays: dict[str, Any] = {
        "nan": [[0.0, 1.0], [np.nan, np.nan]],
        "inf": [[0.0, np.inf], [0.0, 0.0]],
        "complex": [[0j, 1j], [0j, 0j]],
        "wide": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]],
    }
    for name, array in arrays.items():
        np.save(base / f"{name}.npy", np.array(array))
    np.save(base / "object.npy", np.array([[0, None], [None, 0]], dtype=object))
    np.savez(base / "net.npz", R1=np.eye(2), R2=np.eye(2))
    (base / "bad.csv").write_text("0,1\n0,x\n")
    (base / "loop.npy").symlink_to("loop.npy")
    return base


def refusal(folder: Path, text: str) -> InputError:
    path = folder / "bad.toml"
    path.write_text(text, encoding="utf-8")
    before = sorted(folder.iterdir())
    with pytest.raises(InputError) as refused:
        load(path)
    assert sorted(folder.iterdir()) == before  # nothing is written
    return refused.value


@pytest.mark.parametrize(("text", "fragments"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_refused(folder: Path, text: str, fragments: list[str]) -> None:
    error = refusal(folder, text)
    assert not isinstance(error, UnsupportedError) or "not supported" not in str(error)
    for fragment in [str(folder / "bad.toml") + ": ", *fragments]:
        assert fragment in str(error)
    assert len(str(error)) < 600 and "\n" not in str(error)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: no such file; expected a spec file"):
        load(tmp_path / "none.toml")


def test_a_name_without_its_ending(tmp_path: Path) -> None:
    (tmp_path / "net.toml").write_text(GOOD)
    with pytest.raises(InputError, match=r"net: no such file; expected a spec file \(TOML\) \(did you mean .*net\.toml\?\)"):
        load(tmp_path / "net")


def test_directory(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory; expected a spec file"):
        load(tmp_path)


def test_not_a_regular_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(InputError, match="not a regular file"):
        load(tmp_path / "pipe.toml")


def test_names_that_cannot_be_files() -> None:
    for name in ("a\0b.toml", "a" * 5000 + ".toml", ""):
        with pytest.raises(InputError, match=r"expected|cannot be read"):
            load(name)


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'[network]\n# caf\xe9\nfamily = "asymmetric-rnn"\n')
    with pytest.raises(InputError, match=r"latin\.toml: line 2 is not UTF-8"):
        load(tmp_path / "latin.toml")


def test_spec_size_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spec_module, "MAX_SPEC_BYTES", 2**20)
    (tmp_path / "large.toml").write_text(GOOD + "#" * 2**20)
    with pytest.raises(InputError, match="at most 1 MiB"):
        load(tmp_path / "large.toml")


KEYS = [
    "title",
    "network",
    "parameter",
    "proof",
    "network.family",
    "network.R1",
    "network.R2",
    "network.bias",
    "network.random",
    "network.random.seed",
    "network.layers",
    "network.activation",
    "parameter.enters",
    "parameter.interval",
    "parameter.shift",
    "parameter.name",
    "proof.precision",
    "proof.weight_radius",
    "x",
]
VALUES = [
    "0",
    "-1",
    "1.5",
    "nan",
    "true",
    '""',
    '"a"',
    '"1"',
    "[]",
    "[[]]",
    "[1,2]",
    "[[0,1],[1,0]]",
    "{}",
    "{a=1}",
    "2020-01-01",
    "07:32:00",
    '"identity"',
    '"tanh"',
    '"asymmetric-rnn"',
    '["0","1"]',
]


@UNTIMED
@given(st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=6))
def test_any_spec_loads_or_is_refused(entries: dict[str, str]) -> None:
    text = "\n".join(f"{key} = {value}" for key, value in entries.items())
    try:
        load_text(text, "/nonexistent", "any.toml")
    except InputError as error:
        assert str(error).startswith("any.toml: ")


@UNTIMED
@given(st.text(max_size=60))
def test_any_text_loads_or_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        load_text(text, "/nonexistent")
