"""Recurrent networks of PyTorch, from modules and state_dicts: the same as those of a spec, exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_problem import Tensor, parts

import proofgen
from proofgen.errors import InputError
from proofgen.spec.load import load_text

RNG = np.random.default_rng(5)
ARRAYS = {
    name: RNG.standard_normal(shape).astype(np.float32)
    for name, shape in (("weight_hh_l0", (3, 3)), ("weight_ih_l0", (3, 2)), ("bias_hh_l0", (3,)), ("bias_ih_l0", (3,)))
}
INTERVAL = ("0.5", "1.5")


def module(name: str, arrays: dict[str, Any], **settings: Any) -> Any:
    """A module of torch as far as it is looked at."""
    return type(name, (), {"state_dict": lambda self: arrays, **settings})()


@pytest.mark.parametrize("cell", [False, True])
@pytest.mark.parametrize(("way", "enters"), [
    (None, '{ gain = "weight_hh" }'), (proofgen.gain(), '{ gain = "weight_hh" }'),
    (proofgen.entry(2, 1), '{ array = "weight_hh", row = 2, column = 1 }'),
])  # fmt: skip
def test_as_the_spec_says(cell: bool, way: Any, enters: str, tmp_path: Path) -> None:
    arrays = {name.removesuffix("_l0") if cell else name: array for name, array in ARRAYS.items()}
    np.savez(tmp_path / "model.npz", **{f"rnn.{name}": array for name, array in arrays.items()})  # type: ignore[arg-type]
    text = f"""
    title = "t"
    [network]
    family = "rnn"
    state_dict = "model.npz"
    prefix = "rnn."
    input = ["0.5", "-0.25"]
    alpha = "0.2"
    start = ["0", "0", "0.1"]
    [parameter]
    name = "g"
    enters = {enters}
    interval = ["0.5", "1.5"]
    """
    tensors = {f"rnn.{name}": Tensor(array) for name, array in arrays.items()}
    more: Any = {"alpha": "0.2", "input": [0.5, -0.25], "start": [0, 0, "0.1"], "name": "g", "title": "t"}
    made = proofgen.recurrent(tensors, prefix="rnn.", parameter=way, interval=INTERVAL, **more)
    assert parts(made.exact) == parts(load_text(text, tmp_path))
    assert parts(load_text(made.to_toml())) == parts(made.exact)


def test_modules() -> None:
    """A module says its activation; what is no plain RNN is refused, whatever its arrays look like."""
    given = proofgen.recurrent(ARRAYS, interval=INTERVAL)
    tanh = proofgen.recurrent(module("RNN", ARRAYS, nonlinearity="tanh"), interval=INTERVAL)
    assert parts(tanh.exact) == parts(given.exact)
    for wrong, message in (
        (module("RNN", ARRAYS, nonlinearity="relu"), "activation: got 'relu': .*not smooth"),
        (module("Transformer", ARRAYS), "weights: a module Transformer; expected one of RNN, RNNCell, GRU.*perhaps a part of it"),
        (module("ParametrizedRNN", ARRAYS, nonlinearity="tanh"), "weights: a module ParametrizedRNN"),
    ):
        with pytest.raises(InputError, match=f"^{message}"):
            proofgen.recurrent(wrong, interval=INTERVAL)
    with pytest.raises(InputError, match="activation: expected none"):
        proofgen.recurrent(module("RNN", ARRAYS, nonlinearity="tanh"), activation="sin", interval=INTERVAL)


def test_real_modules() -> None:
    torch: Any = pytest.importorskip("torch")
    net = torch.nn.RNN(2, 3)
    made: Any = proofgen.recurrent(net, input=[1, 0], interval=INTERVAL).exact
    assert np.array_equal(made.arrays["E1"].to_binary64_approx(), net.weight_hh_l0.detach().numpy())
    with pytest.raises(InputError, match="not smooth"):
        proofgen.recurrent(torch.nn.RNNCell(2, 3, nonlinearity="relu"), interval=INTERVAL)


@pytest.mark.parametrize(("change", "message"), [
    ({"kind": "gru"}, 'weight_hh: 3 × 3 entries; .* family = "rnn"'), ({"kind": "LSTM2"}, "kind: got 'LSTM2': expected one of rnn, gru"),
    ({"kind": "lstm", "activation": "tanh"}, "activation: only of kind"), ({"kind": "gru", "alpha": "0.5"}, "alpha: only of kind"),
    ({"weights": np.eye(2)}, "weights: got 'ndarray': expected a module RNN"),
    ({"weights": {}}, "weights: no weight_hh_l0 or weight_hh; it has nothing"),
    ({"weights": ARRAYS | {"weight_hh_l1": np.eye(3)}}, "weights: it has weight_hh_l1: a second layer is not supported"),
    ({"weights": ARRAYS | {"weight_hh_l0_reverse": np.eye(3)}}, "weights: it has weight_hh_l0_reverse: a second direction"),
    ({"weights": ARRAYS | {"weight_hh_l1": np.full((3, 3), np.nan)}}, "weights: weight_hh_l1: entry .* is NaN"),
    ({"weights": {"weight_hh_l0": np.ones((9, 3))}}, "weight_hh: 9 × 3 entries; .* family = \"gru\""),
    ({"weights": {"weight_hh_l0": np.ones((12, 3))}}, "weight_hh: 12 × 3 entries; .* family = \"lstm\""),
    ({"prefix": "rnn."}, "weights: no rnn.weight_hh_l0"),
    ({"weights": {f"net.rnn.{name}": array for name, array in ARRAYS.items()}}, r'weights: no weight_hh_l0 .* \(did you mean prefix="net.rnn."\?'),
    ({"input": [1, 2, 3]}, "weight_ih: 3 × 2 entries; expected 3 × 3"),
    ({"parameter": proofgen.identity()}, r"parameter: expected gain\(\), entry"),
    ({"parameter": proofgen.entry(1, 2, antisymmetric=True)}, r"parameter: expected gain\(\), entry"),
    ({"parameter": proofgen.entry(4, 1)}, "parameter: row: got 4"), ({"alpha": 2}, r"alpha: got '2': expected a number in \(0, 1\]"),
    ({"activation": "relu"}, "activation: got 'relu': .*not smooth"), ({"interval": (1, 0)}, "interval: "), ({"start": [1]}, "start: 1 entries"),
])  # fmt: skip
def test_messages_name_the_argument(change: dict[str, Any], message: str) -> None:
    arguments = {"interval": INTERVAL} | change
    with pytest.raises(InputError, match=f"^{message}") as raised:
        proofgen.recurrent(arguments.pop("weights", ARRAYS), **arguments)
    assert "network." not in str(raised.value)
