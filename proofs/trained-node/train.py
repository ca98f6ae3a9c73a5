"""Train two small neural ODEs on two moons; writes weights, a training log and a picture of each.

    x(0) = V u + c,   x' = tanh((W − Wᵀ + εP − γI) x + b),   0 <= t <= 5,   logit(u) = r·x(5) + s

with x in R^10, and ε and γ = 1/20 held fixed, as in the antisymmetric networks of Chang et al. (arXiv:1902.09689).
Plain PyTorch on the CPU, fixed seeds, one thread. It needs torch, safetensors and matplotlib; proofgen needs only
safetensors, to read the weights:

    pip install torch safetensors matplotlib
    python train.py
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file

HERE = Path(__file__).parent
NEURONS, GAMMA = 10, 0.05
TIME, STEPS = 5.0, 40
RATE, NOISE = 0.02, 0.12


@dataclass(frozen=True)
class Run:
    """One network: its ε (a power of two), the spread of the first W, how long and from which seed it is trained."""

    suffix: str
    epsilon: float
    spread: float
    epochs: int
    seed: int


RUNS = (
    Run("", 0.125, 0.5, 150, 2202),
    Run("-robust", 0.25, 0.1, 100, 72),  # the first of the seeds 0, 1, 2, … that is proved under float16 rounding
)


def two_moons(count: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Points on two interleaved half circles, with noise, and their labels 0 and 1."""
    half = count // 2
    angle = math.pi * torch.rand(half, generator=generator)
    upper = torch.stack([torch.cos(angle), torch.sin(angle)], 1)
    angle = math.pi * torch.rand(half, generator=generator)
    lower = torch.stack([1 - torch.cos(angle), 0.5 - torch.sin(angle)], 1)
    points = torch.cat([upper, lower]) + NOISE * torch.randn(2 * half, 2, generator=generator)
    return points - torch.tensor([0.5, 0.25]), torch.cat([torch.zeros(half), torch.ones(half)])


class NeuralODE(torch.nn.Module):
    def __init__(self, run: Run) -> None:
        super().__init__()
        self.epsilon = run.epsilon
        self.V = torch.nn.Parameter(torch.randn(NEURONS, 2))
        self.c = torch.nn.Parameter(torch.zeros(NEURONS))
        self.W = torch.nn.Parameter(run.spread * torch.randn(NEURONS, NEURONS))
        self.P = torch.nn.Parameter(torch.randn(NEURONS, NEURONS))
        self.b = torch.nn.Parameter(0.1 * torch.randn(NEURONS))
        self.r = torch.nn.Parameter(0.3 * torch.randn(NEURONS))
        self.s = torch.nn.Parameter(torch.zeros(()))

    def forward(self, points: torch.Tensor) -> torch.Tensor:
        matrix = self.W - self.W.T + self.epsilon * self.P - GAMMA * torch.eye(NEURONS)

        def field(x: torch.Tensor) -> torch.Tensor:
            return torch.tanh(x @ matrix.T + self.b)

        x = points @ self.V.T + self.c
        h = TIME / STEPS
        for _ in range(STEPS):  # the classical Runge-Kutta method
            k1 = field(x)
            k2 = field(x + h / 2 * k1)
            k3 = field(x + h / 2 * k2)
            k4 = field(x + h * k3)
            x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        return x @ self.r + self.s


def accuracy(logits: torch.Tensor, labels: torch.Tensor) -> float:
    return float(((logits > 0) == (labels > 0.5)).float().mean())


def train(run: Run) -> tuple[NeuralODE, torch.Tensor, torch.Tensor]:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(run.seed)
    generator = torch.Generator().manual_seed(5073)
    points, labels = two_moons(400, generator)
    test_points, test_labels = two_moons(400, generator)
    model = NeuralODE(run)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, run.epochs)
    rows = []
    for epoch in range(run.epochs + 1):
        logits = model(points)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels)
        if epoch % 10 == 0:
            with torch.no_grad():
                test = model(test_points)
            test_loss = torch.nn.functional.binary_cross_entropy_with_logits(test, test_labels)
            row = [epoch, loss.item(), accuracy(logits, labels), test_loss.item(), accuracy(test, test_labels)]
            rows.append([f"{x:.6g}" for x in row])
            print(*rows[-1], flush=True)
        if epoch < run.epochs:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    with (HERE / f"training-log{run.suffix}.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["epoch", "loss", "accuracy", "test loss", "test accuracy"])
        writer.writerows(rows)
    return model, test_points, test_labels


def save(model: NeuralODE, run: Run) -> None:
    """All weights in float32, as trained; ε is a power of two, so that eps_P is exactly εP."""
    weights = {name: value.detach().clone() for name, value in model.named_parameters()}
    weights["eps_P"] = run.epsilon * weights.pop("P")
    path = HERE / f"weights{run.suffix}.safetensors"
    save_file(weights, path)
    path.chmod(0o644)


def draw(model: NeuralODE, run: Run, points: torch.Tensor, labels: torch.Tensor) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    xs, ys = torch.linspace(-2.2, 2.2, 221), torch.linspace(-1.6, 1.6, 161)
    grid = torch.cartesian_prod(xs, ys)
    with torch.no_grad():
        probability = torch.sigmoid(model(grid)).reshape(len(xs), len(ys)).T
    figure, axes = pyplot.subplots(figsize=(6, 4.4), dpi=100, layout="constrained")
    axes.contourf(xs, ys, probability, levels=20, vmin=0, vmax=1, cmap="RdBu_r", alpha=0.6)
    axes.contour(xs, ys, probability, levels=[0.5], colors="black", linewidths=1.5)
    for label, colour, marker in ((0, "#2166ac", "o"), (1, "#b2182b", "^")):
        chosen = points[labels == label]
        axes.scatter(chosen[:, 0], chosen[:, 1], s=14, c=colour, marker=marker, edgecolors="white", linewidths=0.4)
    axes.set(title="Decision boundary of the trained neural ODE, test points", xlabel="$u_1$", ylabel="$u_2$")
    axes.set_aspect("equal")
    figure.savefig(HERE / f"decision-boundary{run.suffix}.png", metadata={"Software": None})


if __name__ == "__main__":
    for run in RUNS:
        trained, test_points, test_labels = train(run)
        save(trained, run)
        draw(trained, run, test_points, test_labels)
