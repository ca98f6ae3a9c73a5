"""Train three small recurrent networks; writes weights, a training log and a picture of each.

    oscillator-rnn, oscillator-gru    while the input is 1, the output is a sine of 15 steps, while it is 0, it is 0
    memory-rnn                        the output is the sign of the last pulse ±1 of the input

16 units each. Plain PyTorch on the CPU, fixed seeds, one thread: torch.nn.RNN and torch.nn.GRU with a linear readout.
It needs torch, safetensors and matplotlib; proofgen needs only safetensors, to read the weights:

    pip install torch safetensors matplotlib
    python train.py
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file

HERE = Path(__file__).parent
UNITS, PERIOD, STEPS, BATCH = 16, 15, 75, 32
Batch = tuple[torch.Tensor, torch.Tensor]  # input and wanted output, each steps × batch × 1


def oscillation(generator: torch.Generator) -> Batch:
    """The input is switched on at a random step; the wanted sine begins there."""
    onset = torch.randint(5, 25, (BATCH,), generator=generator)
    step = torch.arange(STEPS)[:, None] - onset[None, :]
    on = (step >= 0).float()
    return on[..., None], (0.8 * on * torch.sin(2 * math.pi * step / PERIOD))[..., None]


def memory(generator: torch.Generator) -> Batch:
    """Rare pulses; the first one comes at once."""
    pulse = (torch.rand(STEPS, BATCH, generator=generator) < 0.08).float()
    pulse[0] = 1.0
    sign = 2.0 * (torch.rand(STEPS, BATCH, generator=generator) < 0.5).float() - 1
    wanted = torch.zeros(STEPS, BATCH)
    for t in range(STEPS):
        wanted[t] = torch.where(pulse[t] > 0, sign[t], wanted[t - 1] if t else wanted[t])
    return (pulse * sign)[..., None], wanted[..., None]


@dataclass(frozen=True)
class Run:
    """name: of its files; cell: of torch.nn; rate: of Adam."""

    name: str
    cell: Callable[[int, int], torch.nn.Module]
    task: Callable[[torch.Generator], Batch]
    updates: int
    rate: float
    seed: int


RUNS = (
    Run("oscillator-rnn", torch.nn.RNN, oscillation, 1500, 0.003, 1),
    Run("oscillator-gru", torch.nn.GRU, oscillation, 1000, 0.005, 1),
    Run("memory-rnn", torch.nn.RNN, memory, 2500, 0.003, 1),
)


class Network(torch.nn.Module):
    def __init__(self, cell: Callable[[int, int], torch.nn.Module]) -> None:
        super().__init__()
        self.rnn = cell(1, UNITS)
        self.readout = torch.nn.Linear(UNITS, 1)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        states, _ = self.rnn(inputs)
        return self.readout(states)


def train(run: Run) -> Network:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(run.seed)
    generator = torch.Generator().manual_seed(run.seed)
    model = Network(run.cell)
    optimizer = torch.optim.Adam(model.parameters(), lr=run.rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, run.updates)
    rows = []
    for update in range(run.updates + 1):
        inputs, wanted = run.task(generator)
        loss = torch.nn.functional.mse_loss(model(inputs), wanted)
        if update % 50 == 0:
            rows.append([str(update), f"{loss.item():.6g}"])
            print(run.name, *rows[-1], flush=True)
        if update < run.updates:
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
    with (HERE / f"{run.name}-log.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["update", "loss"])
        writer.writerows(rows)
    return model


def save(model: Network, run: Run) -> None:
    """All weights in float32, as trained, with the names of PyTorch."""
    path = HERE / f"{run.name}.safetensors"
    save_file({name: value.detach().clone() for name, value in model.state_dict().items()}, path)
    path.chmod(0o644)


def draw(model: Network, run: Run) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    inputs, wanted = run.task(torch.Generator().manual_seed(99))
    with torch.no_grad():
        output = model(inputs)
    figure, axes = pyplot.subplots(figsize=(6, 2.6), dpi=100, layout="constrained")
    axes.step(range(STEPS), inputs[:, 0, 0], where="mid", color="0.6", linewidth=1, label="input")
    axes.plot(wanted[:, 0, 0], "--", color="0.4", linewidth=1, label="wanted")
    axes.plot(output[:, 0, 0], ".-", color="black", linewidth=0.8, markersize=3, label="output")
    axes.set(xlabel="step", title=f"{run.name} after training")
    axes.legend(loc="lower left", ncols=3, frameon=False, fontsize=8)
    figure.savefig(HERE / f"{run.name}.png", metadata={"Software": None})


if __name__ == "__main__":
    for run in RUNS:
        trained = train(run)
        save(trained, run)
        draw(trained, run)
