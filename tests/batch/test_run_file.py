"""Run files: what sweeps expand to, and one clear message for everything that is wrong."""

from __future__ import annotations

import csv
import itertools
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import SMALL, command, go, write_run

from proofgen.batch.form import Base, Group, load_run
from proofgen.batch.items import Shard, _chosen, _spread, count_items, group_size, items, read_shard
from proofgen.batch.sweep import Axis, read_axes, with_values, written
from proofgen.bundle.problem import describe
from proofgen.errors import InputError
from proofgen.spec.data_files import TomlFloat
from proofgen.spec.load import load_text

BASE = """
title = "t"
[[group]]
name = "g"
"""
NETWORK = """
[group.base.network]
family = "asymmetric-rnn"
random = { generator = "matlab", seed = 1, dimension = 4, perturbation = "0.1" }
"""


def load(tmp_path: Path, text: str) -> Any:
    return load_run(write_run(tmp_path, text=text))


def test_order_names_and_values(tmp_path: Path) -> None:
    run = load_run(write_run(tmp_path, seeds=3))
    found = list(items(run))
    assert len(found) == count_items(run) == 2 * 2 * 3 + 3
    assert [item.index for item in found] == list(range(15))
    expected = itertools.product([3, 5], ["0.01", "1"], [1, 2, 3])  # the last key runs fastest
    keys = ("network.random.dimension", "network.random.perturbation", "network.random.seed")
    assert [item.values for item in found[:12]] == [tuple(zip(keys, values, strict=True)) for values in expected]
    assert [item.name for item in found[11:14]] == ["tanh-000012", "odd-000001", "odd-000002"]
    assert found[4].document["network"]["random"] == {
        "generator": "matlab", "seed": 2, "dimension": 3, "perturbation": "1"
    }  # fmt: skip
    assert [item.document["network"]["activation"] for item in found[12:]] == ["tanh", "sin", "tan"]
    assert [item.document["title"] for item in found[12:]] == ["one", "two", "three"]


def test_an_item_is_the_spec_that_a_person_would_write(tmp_path: Path) -> None:
    run = load_run(write_run(tmp_path))
    problem = list(items(run))[4].load()
    spec = """
    title = "tanh-000005"
    [network]
    family = "asymmetric-rnn"
    random = { generator = "matlab", seed = 2, dimension = 3, perturbation = "1" }
    """
    assert describe(problem)[0].contents == describe(load_text(spec))[0].contents


def test_spec_files_and_their_data_files(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / "specs" / name).mkdir(parents=True)
        (tmp_path / f"specs/{name}/R1.csv").write_text(f"1,{ord(name)}\n-1,1\n")
        (tmp_path / f"specs/{name}/net.toml").write_text('[network]\nfamily = "asymmetric-rnn"\nR1 = "R1.csv"\n')
    run = load(tmp_path, BASE + 'specs = ["specs/*/net.toml"]\n[group.product]\nparameter.shift = ["0", "0.5"]\n')
    found = list(items(run))
    assert [dict(item.values)["spec"] for item in found] == ["specs/a/net.toml"] * 2 + ["specs/b/net.toml"] * 2
    assert [item.load().arrays["R1"].fractions()[0][1] for item in found] == [97, 97, 98, 98]


def test_patterns_do_not_follow_links_to_directories(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/net.toml").write_text(NETWORK.replace("group.base.", ""))
    for name in "bcd":
        (tmp_path / name).symlink_to(".")
    (run,) = load(tmp_path, BASE + 'specs = ["*/net.toml", "[ab]/n?t.toml"]\n').groups
    assert [base.label for base in run.bases] == ["a/net.toml"] * 2
    with pytest.raises(InputError, match="no such file; expected a pattern"):  # and not 3 to the power of 30 places
        load(tmp_path, BASE + f'specs = ["{"*/" * 30}*.toml"]\n')
    (tmp_path / "loop.toml").symlink_to("loop.toml")
    with pytest.raises(InputError, match=r"group\[1\]\.spec: got 'loop\.toml': expected a file beside or below"):
        load(tmp_path, BASE + 'spec = "loop.toml"\n')


@pytest.mark.parametrize(
    ("given", "values"),
    [
        ({"from": 1, "to": 4}, [1, 2, 3, 4]),
        ({"from": 1, "to": 8, "step": 3}, [1, 4, 7]),
        ({"from": "0.1", "to": "0.3", "step": "0.1"}, ["0.1", "0.2", "0.3"]),  # exact: no 0.30000000000000004
        ({"from": TomlFloat("0.1"), "to": 1, "step": TomlFloat("0.3")}, ["0.1", "0.4", "0.7", "1"]),
        ({"from": -1, "to": "1", "step": 1}, ["-1", "0", "1"]),
        ([TomlFloat("0.1"), "x", {"row": 1}], [TomlFloat("0.1"), "x", {"row": 1}]),
    ],
)
def test_ranges(given: object, values: list[object]) -> None:
    (axis,) = read_axes({"network.leak": given}, "p")
    shown = [v.text if isinstance(v, TomlFloat) and "from" in str(given) else v for v in axis.values]
    assert shown == values


@given(st.lists(st.integers(1, 40), min_size=1, max_size=4), st.integers(1, 30))
def test_shards_are_a_partition(sizes: list[int], count: int) -> None:
    groups = "".join(
        f'[[group]]\nname = "g{k}"\nbase = {{}}\nproduct.title = {{from = 1, to = {size}}}\n' for k, size in enumerate(sizes)
    )
    with TemporaryDirectory() as directory:
        run = load(Path(directory), 'title = "t"\n' + groups)
    whole = list(items(run))
    found = [list(items(run, Shard(number, count))) for number in range(1, count + 1)]
    assert [len(part) for part in found] == [count_items(run, Shard(number, count)) for number in range(1, count + 1)]
    for number, part in enumerate(found):
        assert part == whole[number::count]


def test_keys_of_array_entries() -> None:
    document = {"network": {"layer": [{"bias": 0}, {"bias": 0}]}}
    (axis,) = read_axes({"network.layer[2].bias": [7]}, "p")
    assert with_values(document, [(axis, 7)]) == {"network": {"layer": [{"bias": 0}, {"bias": 7}]}}
    assert document["network"]["layer"][1]["bias"] == 0
    (axis,) = read_axes({"network.layer[3].bias": [7]}, "p")
    with pytest.raises(InputError, match=r"network\.layer\[3\]\.bias: the spec has no such"):
        with_values(document, [(axis, 7)])


BAD = {
    "title": ('[[group]]\nname = "g"\n' + NETWORK, r"title: missing; expected text"),
    "unknown key": ("colour = 1\n" + BASE + NETWORK, r"colour: unknown key; expected one of title, check"),
    "unknown output": (BASE + NETWORK + "[output]\nzip = true\n", r"output\.zip: unknown key; expected one of packing"),
    "packing": (BASE + NETWORK + '[output]\npacking = "rar"\n', r"output\.packing: got 'rar': expected \"directory\""),
    "no group": ('title = "t"\n', r"group: missing; expected one or more tables \[\[group\]\]"),
    "name": (BASE.replace('"g"', '"../g"') + NETWORK, r"group\[1\]\.name: got '\.\./g': expected 1 to 40 letters"),
    "same name": (BASE + NETWORK + '[[group]]\nname = "G"\n' + NETWORK, r"group\[2\]\.name: got 'G': expected a different"),
    "no base": (BASE, r"group\[1\]: expected exactly one of spec, specs and base"),
    "two bases": (BASE + 'spec = "a.toml"\n' + NETWORK, r"group\[1\]: got 'spec, base': expected exactly one"),
    "outside": (BASE + 'spec = "../a.toml"\n', r"group\[1\]\.spec: got '\.\./a\.toml': expected a file beside or below"),
    "absolute": (BASE + 'specs = ["/etc/*"]\n', r"group\[1\]\.specs\[1\]: got '/etc/\*': expected a file beside"),
    "no match": (BASE + 'specs = ["none-*.toml"]\n', r"no such file; expected a pattern"),
    "missing spec": (BASE + 'spec = "none.toml"\n', r"none\.toml: no such file; expected a spec file"),
    "zip lengths": (
        BASE + NETWORK + "[group.zip]\nnetwork.random.seed = [1, 2]\ntitle = ['a']\n",
        r"group\[1\]\.zip: expected lists of one length, found network\.random\.seed: 2, title: 1",
    ),
    "twice": (
        BASE + NETWORK + "[group.zip]\ntitle = ['a']\n[group.product]\ntitle = ['b']\n",
        r"title stands in zip and in product",
    ),
    "overlap": (
        BASE + NETWORK + "[group.product]\n\"network\" = [1]\n\"network.leak\" = [1]\n",
        r"group\[1\]\.product\.network\.leak: sets the same value as network",
    ),
    "not a list": (BASE + NETWORK + "[group.product]\nnetwork.leak = 3\n", r"product\.network\.leak: got 3: expected a list"),
    "empty": (BASE + NETWORK + "[group.product]\nnetwork.leak = []\n", r"product\.network\.leak: got an array: expected a list"),
    "half a range": (BASE + NETWORK + "[group.product]\nnetwork.leak = {from = 1}\n", r"network\.leak\.to: missing"),
    "backwards": (BASE + NETWORK + "[group.product]\nnetwork.leak = {from = 1, to = 0}\n", r"expected from ≤ to"),
    "no step": (BASE + NETWORK + "[group.product]\nnetwork.leak = {from = 1, to = 2, step = 0}\n", r"positive step"),
    "not a number": (BASE + NETWORK + "[group.product]\nnetwork.leak = {from = 'x', to = 2}\n", r"leak\.from: got 'x'"),
    "huge": (BASE + NETWORK + "[group.product]\nnetwork.leak = {from = 1, to = 100000000}\n", r"expected at most 10000000"),
    "odd key": (BASE + NETWORK + "[group.product]\n\"network leak\" = [1]\n", r"expected a key of a spec"),
    "not TOML": ("title = \n", r"run\.toml: not valid TOML"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_run_files(tmp_path: Path, name: str) -> None:
    text, message = BAD[name]
    with pytest.raises(InputError, match=message) as caught:
        load(tmp_path, text)
    assert "run.toml" in str(caught.value) or "none.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_too_many_networks(tmp_path: Path) -> None:
    sweep = "[group.product]\nnetwork.random.seed = {from = 1, to = 10000}\nnetwork.leak = {from = 1, to = 10000}\n"
    with pytest.raises(InputError, match="100000000 networks; expected at most 10000000"):
        count_items(load(tmp_path, BASE + NETWORK + sweep))


def test_misspelt_keys_are_told_before_any_work(tmp_path: Path) -> None:
    file = write_run(tmp_path, text=SMALL.replace("network.random]\ndimension = [3, 5]", "network.random]\ndimensoin = [3, 5]"))
    code, out, err = command("batch", file, "--out", tmp_path / "out")
    assert code == 2 and not out and not (tmp_path / "out").exists()
    assert "group tanh: network.random.dimensoin: unknown key; did you mean 'dimension'?" in err
    assert len(err.strip().splitlines()) == 1


FIRST_IS_BAD = """
title = "The first is bad"

[[group]]
name = "a"
[group.base]
network = { family = "asymmetric-rnn", R1 = [["0", "1"], ["-1", "0"]], R2 = [["0.1", "0.2"], ["0.05", "0.1"]] }
[group.product]
network.activation = ["tan", "tanh"]
title = ["one", "two"]

[[group]]
name = "b"
[group.base.network]
family = "asymmetric-rnn"
random = { generator = "matlab", seed = 1, dimension = 2, perturbation = "0.1" }
[group.zip]
network.activation = ["tan", "tan", "sin"]
network.random.dimension = [0, 2, 3]
"""


def test_a_bad_first_network_is_a_failure_of_its_own(tmp_path: Path) -> None:
    """Like a bad network that comes later, as long as others of its sweep are right."""
    results = go(write_run(tmp_path, text=FIRST_IS_BAD), tmp_path / "out")
    assert (results["networks"], results["failed"]) == (7, 4)
    with (tmp_path / "out/failures.csv").open(newline="") as stream:
        bad = {row["network"]: row["code"] for row in csv.DictReader(stream) if row["code"] in ("input", "unsupported")}
    assert set(bad) == {"a-000001", "a-000002", "b-000001", "b-000002"}


def test_a_group_of_bad_networks_is_refused(tmp_path: Path) -> None:
    text = FIRST_IS_BAD.replace('["tan", "tanh"]', '["tan", "cot"]')
    with pytest.raises(InputError, match=r"run.toml: group a: .*activation"):
        go(write_run(tmp_path, text=text), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("sizes", "rows"), [([], 1), ([3], 1), ([2, 3, 4], 1), ([2, 3], 5), ([1, 1], 1), ([1, 7], 2)])
def test_networks_that_are_tried_beside_the_first(sizes: list[int], rows: int) -> None:
    """Each key has another value in one of them, and the last is among them."""
    product = tuple(Axis(f"k{k}", (f"k{k}",), tuple(range(size))) for k, size in enumerate(sizes))
    group = Group("g", (Base({}, Path(), None),), (Axis("z", ("z",), tuple(range(rows))),), product)
    count = group_size(group)
    tried = _spread(group, count)
    assert 0 not in tried and len(set(tried)) == len(tried) <= 2 * len(sizes) + 4
    assert count == 1 or count - 1 in tried
    values = [[value for _, value in _chosen(group, number)[1]] for number in [0, *tried]]
    for place, size in enumerate([rows, *sizes]):
        alone = [v for v in values if all(other == 0 for k, other in enumerate(v) if k != place)]
        assert {v[place] for v in alone} == {0, min(1, size - 1), size - 1}


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/0", "-1/2", "1/2/3", "", "²/3"])
def test_bad_shards(text: str) -> None:
    with pytest.raises(InputError, match="shard: got"):
        read_shard(text)


DEEP = {
    "arrays": "a = " + "[" * 400 + "]" * 400,
    "tables": ".".join(["a"] * 400) + " = [1]",
    "a long key": ".".join(["a"] * 100_000) + " = [1]",
}


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.parametrize("table", ["group.base", "group.product"])
def test_nothing_is_nested_deeply(tmp_path: Path, name: str, table: str) -> None:
    text = BASE + ("" if table == "group.base" else NETWORK) + f"[{table}]\n{DEEP[name]}\n"
    with pytest.raises(InputError, match="nested too deeply"):
        load(tmp_path, text)


def test_large_sweeps_take_no_memory(tmp_path: Path) -> None:
    """Neither ranges nor their product are written out, and too many networks are told in one line."""
    ranges = [f'network.a{k} = {{from = "0", to = "1", step = "1e-6"}}\n' for k in range(4)]
    tracemalloc.start()
    try:
        run = load(tmp_path, BASE + NETWORK + "[group.product]\n" + "".join(ranges))
        first = next(items(run))
        assert tracemalloc.get_traced_memory()[1] < 5 * 10**7
    finally:
        tracemalloc.stop()
    assert first.values[0] == ("network.a0", "0")
    with pytest.raises(InputError, match="more than 1e20 networks"):
        count_items(run)


def test_too_many_keys(tmp_path: Path) -> None:
    keys = "".join(f"network.a{k} = [1]\n" for k in range(101))
    with pytest.raises(InputError, match=r"group\[1\]\.product: 101 keys; expected at most 100"):
        load(tmp_path, BASE + NETWORK + "[group.product]\n" + keys)


def test_long_values_are_shown_with_their_digest() -> None:
    shown = [written([[1, k] * 1000]) for k in range(2)]
    assert all(str(text).startswith("[[1, ") and len(str(text)) < 1100 for text in shown) and shown[0] != shown[1]
