"""Jets of a gated cell as code, unrolled step by step: Faà di Bruno's formula as SymPy derived it, and Leibniz' rule.

Coefficients that vanish are not emitted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Any

import sympy as sp

from ..symbolic.cell import Program, Step
from ..symbolic.jets import faa_di_bruno, sigma_derivatives, z_symbol
from ..symbolic.subsets import Subset, subsets
from .jets import GAMMA, JETS
from .printer import flint_code


@dataclass(frozen=True)
class EmittedGate:
    """What the emission needs to know of a gate: which of W, E, b, c are not 0."""

    W: bool
    E: bool
    b: bool
    c: bool

    @property
    def reads_h(self) -> bool:
        return self.W or self.E

    @property
    def moves(self) -> bool:
        return self.E or self.c


@dataclass
class _Jet:
    """Code of the coefficients of one jet. directions: (name of its components along x or None, whether it moves γ)."""

    program: Program
    gates: Mapping[str, EmittedGate]
    directions: tuple[tuple[str | None, bool], ...]
    lines: list[str] = field(default_factory=list)
    known: dict[tuple[str, Subset], str] = field(default_factory=dict)  # absent: 0

    def run(self) -> None:
        for name, step in self.program.steps.items():
            for subset in subsets(len(self.directions)):
                code = self._code(name, step, subset)
                if code is not None:
                    label = f"{name}_{''.join(map(str, subset))}"
                    self.lines.append(f"{label} = {code}")
                    self.known[name, subset] = label

    def _code(self, name: str, step: Step, subset: Subset) -> str | None:
        match step.op:
            case "state":
                u = self.directions[subset[0] - 1][0]
                place = f"[{step.index}*UNITS : {step.index + 1}*UNITS]"
                return None if u is None or len(subset) > 1 else f"{u}{place}"
            case "gate":
                return added(self._gate(step.name, subset))
            case "function":
                return self._function(name, step.args[0], subset)
            case "product":
                a, b = step.args
                return added(self._product(a, b, subset))
        pairs = [(k, self.known.get((a, subset))) for k, a in zip(step.coefficients, step.args, strict=True)]
        return combined([(k, atom) for k, atom in pairs if atom is not None])

    def _gate(self, name: str, subset: Subset) -> list[str]:
        gate, terms = self.gates[name], []
        if gate.reads_h and ("h", subset) in self.known:
            terms.append(f'_times(e.W["{name}"], {self.known["h", subset]})')
        for g in subset if gate.moves else ():
            if self.directions[g - 1][1]:
                rest = tuple(k for k in subset if k != g)
                if not rest:
                    terms.append(f'e.moved["{name}"]')
                elif gate.E and ("h", rest) in self.known:
                    terms.append(f'_times(e.data["E_{name}"], {self.known["h", rest]})')
        return terms

    def _product(self, a: str, b: str, subset: Subset) -> list[str]:
        terms = []
        for size in range(len(subset) + 1):
            for part in combinations(subset, size):
                rest = tuple(k for k in subset if k not in part)
                left = self.known.get((a, part)) if part else f'e.v["{a}"]'
                right = self.known.get((b, rest)) if rest else f'e.v["{b}"]'
                if left is not None and right is not None:
                    terms.append(f"_products({left}, {right})")
        return terms

    def _function(self, name: str, argument: str, subset: Subset) -> str | None:
        """Faà di Bruno, with absent coefficients put to 0."""
        order = len(self.directions)
        absent = {z_symbol(other): 0 for other in subsets(order) if (argument, other) not in self.known}
        expression = sp.expand(faa_di_bruno(order)[subset].subs(absent))
        if expression == 0:
            return None
        sources, names = {}, dict[sp.Symbol, str]()
        for k, symbol in enumerate(sigma_derivatives):
            if expression.has(symbol):
                sources[symbol.name] = f'e.slopes["{name}"][{k}]'
        for other in subsets(order):
            if expression.has(z_symbol(other)):
                names[z_symbol(other)] = f"y_{''.join(map(str, other))}"
                sources[names[z_symbol(other)]] = self.known[argument, other]
        variables, lists = ", ".join(sources), ", ".join(sources.values())
        return f"[{flint_code(expression, names)} for {variables} in zip({lists}, strict=True)]"


def added(terms: list[str]) -> str | None:
    """Code of the sum of lists."""
    if len(terms) < 2:
        return terms[0] if terms else None
    return f"[sum(x, start=arb(0)) for x in zip({', '.join(terms)}, strict=True)]"


def combined(pairs: list[tuple[int | Fraction, str]]) -> str | None:
    """Code of a combination of lists."""
    if not pairs:
        return None
    letters = [f"x{k}" for k in range(len(pairs))]
    total = " + ".join(_multiple(k, x) for (k, _), x in zip(pairs, letters, strict=True)).replace("+ -", "- ")
    if len(pairs) == 1:
        return pairs[0][1] if pairs[0][0] == 1 else f"[{total} for x0 in {pairs[0][1]}]"
    return f"[{total} for {', '.join(letters)} in zip({', '.join(atom for _, atom in pairs)}, strict=True)]"


def _multiple(k: int | Fraction, code: str) -> str:
    """By exact integers."""
    if k.denominator != 1:
        return f"{_multiple(k.numerator, code)} / {k.denominator}"
    return {1: code, -1: f"-{code}"}.get(k.numerator, f"{code} * {k}")


def _total(terms: list[str]) -> str | None:
    """Code of the sum of matrices."""
    return " + ".join(terms).replace("+ -", "- ") or None


def _result(program: Program, coefficient: Callable[[str], str | None]) -> str:
    return " + ".join(coefficient(name) or "[arb(0)] * UNITS" for name in program.outputs)


def cell_jets(program: Program, gates: Mapping[str, EmittedGate]) -> dict[str, Any]:
    """The forms of `JETS`, and what else the template prints."""
    forms = []
    for name, letters, text in JETS:
        jet = _Jet(program, gates, tuple((None, True) if d == GAMMA else (d, False) for d in letters))
        jet.run()
        whole = tuple(range(1, len(letters) + 1))
        result = _result(program, lambda output, jet=jet, whole=whole: jet.known.get((output, whole)))  # type: ignore[misc]
        forms.append({"name": name, "arguments": [d for d in letters if d != GAMMA], "text": text,
                      "lines": jet.lines, "result": result})  # fmt: skip
    once, twice = (_Jet(program, gates, (("u", True),) * order) for order in (1, 2))
    once.run()
    twice.run()
    return {
        "jets": forms,
        "tangent": {
            "lines": once.lines,
            "steps": ", ".join(once.known.get((name, (1,)), "[arb(0)] * UNITS") for name in program.steps),
            "result": _result(program, lambda name: once.known.get((name, (1,)))),
        },
        "second": {"lines": twice.lines, "result": _result(program, lambda name: twice.known.get((name, (1, 2))))},
        "jacobian": _matrices(program, gates, along=False),
        "along": _matrices(program, gates, along=True),
    }


def _matrices(program: Program, gates: Mapping[str, EmittedGate], along: bool) -> dict[str, Any]:
    """Code of A; or of its derivative along (u, gamma), the jet of order two with that and all unit directions.

    …_2: first-order coefficients of the unit directions, H × n; …_12: the mixed ones; …_1: the list of (u, gamma).
    """
    lines: list[str] = []
    one, unit, mixed = set[str](), set[str](), set[str]()

    def put(name: str, order: str, found: set[str], code: str | None) -> None:
        if code is not None:
            lines.append(f"{name}_{order} = {code}")
            found.add(name)

    for name, step in program.steps.items():
        args = step.args
        if step.op == "state":
            put(name, "2", unit, f"_block(None, {step.index})")
            if along:
                put(name, "1", one, f"u[{step.index}*UNITS : {step.index + 1}*UNITS]")
        elif step.op == "gate":
            gate = gates[step.name]
            put(name, "2", unit, f'_block(e.W["{step.name}"], 0)' if gate.reads_h else None)
            if along:
                own = [f'_times(e.W["{step.name}"], h_1)'] * gate.reads_h
                put(name, "1", one, added(own + [f'[gamma*y for y in e.moved["{step.name}"]]'] * gate.moves))
                put(name, "12", mixed, f'_block(e.data["E_{step.name}"] * gamma, 0)' if gate.E else None)
        elif step.op == "function":
            (z,), slope = args, f'e.slopes["{name}"]'
            put(name, "2", unit, f"_scaled_rows({slope}[0], {z}_2)" if z in unit else None)
            if along:
                bent = [f"_scaled_rows(_products({slope}[1], {z}_1), {z}_2)"] * (z in one and z in unit)
                put(name, "12", mixed, _total(bent + [f"_scaled_rows({slope}[0], {z}_12)"] * (z in mixed)))
                put(name, "1", one, f"_products({slope}[0], {z}_1)" if z in one else None)
        elif step.op == "product":
            pairs = [(args[0], args[1]), (args[1], args[0])]
            put(name, "2", unit, _total([f'_scaled_rows(e.v["{a}"], {b}_2)' for a, b in pairs if b in unit]))
            if along:
                own = [f'_scaled_rows(e.v["{a}"], {b}_12)' for a, b in pairs if b in mixed]
                cross = [f"_scaled_rows({a}_1, {b}_2)" for a, b in pairs if a in one and b in unit]
                put(name, "12", mixed, _total(own + cross))
                put(name, "1", one, added([f'_products(e.v["{a}"], {b}_1)' for a, b in pairs if b in one]))
        else:
            terms = list(zip(step.coefficients, args, strict=True))
            for order, found in (("2", unit), ("12", mixed)):
                put(name, order, found, _total([_multiple(k, f"{a}_{order}") for k, a in terms if a in found]))
            if along:
                put(name, "1", one, combined([(k, f"{a}_1") for k, a in terms if a in one]))
    order, found = ("12", mixed) if along else ("2", unit)
    zero = "arb_mat(UNITS, DIMENSION)"
    return {"lines": lines, "result": ", ".join(f"{a}_{order}" if a in found else zero for a in program.outputs)}
