"""Emit the specialised Flint evaluator of a gated cell (`templates/evaluator/field/cell*.py.jinja`).

The text is made from the program of the cell, SymPy expressions and exact numbers only; no text of a spec is copied.
"""

from __future__ import annotations

from typing import Any

from ..numbers.exact import ExactMatrix
from ..problem.cell import CellProblem, Gate
from ..symbolic.cell import Step, program_of
from .activation_code import activation_code
from .cell_jets import EmittedGate, added, cell_jets, combined
from .environment import python_environment
from .network import NetworkEmission, described, numbered

DATA, TEMPLATE = "field/cell_data.py.jinja", "field/cell.py.jinja"
WITHOUT_H = ("v", "alpha")
ACTIVATIONS = ("logistic", "tanh")  # in the order of their numbers in the emitted text


def emit_cell(problem: CellProblem, problem_sha256: str, *normal_forms: str) -> NetworkEmission:
    """Specialise the template to a cell; normal_forms: of the theorems that are meant."""
    program, gates = program_of(problem.cell, problem.step), problem.gates()
    parts = {
        name: _parts(gate, radii)
        for (name, gate), radii in zip(gates.items(), problem.gate_radii().values(), strict=True)
    }
    known = {name: EmittedGate(*(letter in found for letter in "WEbc")) for name, found in parts.items()}
    matrices = [
        described(f"{letter}_{name}", part, radius)
        for name, found in parts.items()
        for letter, (part, radius) in found.items()
    ]
    outside = {name: exact for m in matrices for name, exact in m.pop("outside").items()}
    steps = list(program.steps)
    functions = [step.args[0] for step in program.steps.values() if step.op == "function"]
    context: dict[str, Any] = {
        "cell": problem.cell,
        "hidden": problem.hidden,
        "n": problem.dimension,
        "blocks": problem.dimension // problem.hidden,
        "problem_sha256": problem_sha256,
        "listing": [f"  {name:<6} = {_in_words(step)}" for name, step in program.steps.items()],
        "nonlinear": [steps.index(name) for name in functions],
        "outputs": "".join(f'"{name}", ' for name in program.outputs).strip(),
        "matrices": matrices,
        "outside": bool(outside),
        "has_box": False,
        "has_radii": any(matrix["radii"] for matrix in matrices),
        "activations": numbered(map(activation_code, ACTIVATIONS)),
        "values": [_value(name, step, known) for name, step in program.steps.items()],
        "weights": [(name, _weights(name, gate)) for name, gate in known.items() if gate.reads_h],
        **cell_jets(program, known),
    }
    data, field = (python_environment().get_template(name).render(context) for name in (DATA, TEMPLATE))
    return NetworkEmission(data, field, normal_forms, ACTIVATIONS, outside)


def _parts(gate: Gate, radii: Gate) -> dict[str, tuple[ExactMatrix, ExactMatrix]]:
    """W, E, b, c with their radii, without those that are 0 exactly."""
    found = {}
    for letter in "WEbc":
        part, radius = getattr(gate, letter), getattr(radii, letter)
        if part is not None and not (part.is_zero() and radius.is_zero()):
            found[letter] = (part, radius)
    return found


def _weights(name: str, gate: EmittedGate) -> str:
    """Code of W(γ)."""
    own = [f'balls["W_{name}"]'] * gate.W + [f'balls["E_{name}"] * gamma'] * gate.E
    return " + ".join(own)


def _value(name: str, step: Step, gates: dict[str, EmittedGate]) -> dict[str, Any]:
    """Code of the value of a step, and lines before it."""
    found: dict[str, Any] = {"name": name, "before": [], "function": None, "argument": None}
    values = [f'v["{a}"]' for a in step.args]
    match step.op:
        case "state":
            code = f"x[{step.index}*UNITS : {step.index + 1}*UNITS]"
        case "gate":
            gate, g = gates[step.name], step.name
            if gate.moves:
                parts = [f'_times(balls["E_{g}"], v["h"])'] * gate.E + [f'_column(balls["c_{g}"])'] * gate.c
                found["before"].append(f'self.moved["{g}"] = {added(parts)}')
            parts = [f'_times(self.W["{g}"], v["h"])'] * gate.reads_h + [f'_column(balls["b_{g}"])'] * gate.b
            parts += [f'[gamma*y for y in _column(balls["c_{g}"])]'] * gate.c
            code = added(parts) or "[arb(0)] * UNITS"
        case "function":
            code = ""
            found |= {"function": ACTIVATIONS.index(step.name) + 1, "argument": step.args[0]}
        case "product":
            code = f"_products({', '.join(values)})"
        case _:
            code = str(combined(list(zip(step.coefficients, values, strict=True))))
            if step.constant:
                code = f"[{step.constant} + x for x in {code}]"
    return found | {"code": code}


def _in_words(step: Step) -> str:
    match step.op:
        case "state":
            return f"block {step.index + 1} of x"
        case "gate":
            return f"b_{step.name}(γ)" if step.name in WITHOUT_H else f"W_{step.name}(γ) h + b_{step.name}(γ)"
        case "function":
            return f"{step.name}({step.args[0]})"
        case "product":
            return " * ".join(step.args)
    sizes = ["" if abs(k) == 1 else f"{abs(k)} * " for k in step.coefficients]
    terms = [f"{'+' if k > 0 else '-'} {size}{a}"
             for k, size, a in zip(step.coefficients, sizes, step.args, strict=True)]  # fmt: skip
    return " ".join(([str(step.constant)] if step.constant else []) + terms).removeprefix("+ ")
