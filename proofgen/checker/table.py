"""The report for a human."""

from __future__ import annotations

from textwrap import wrap

from .reading import shown
from .reports import Report, show


def _aligned(cells: list[str], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def table(report: Report) -> str:
    """The report for a human: plain ASCII, so that no bundle can send control characters to a terminal."""
    if report.usage:
        return f"error: {report.usage}"
    lines = [f"{shown(report.path)}: {shown(report.title)}"]
    if report.box:
        radii = ", ".join(f"{shown(a)} {show(r)}" for a, r in report.box.items())
        lines.append(f"  for every network whose weights and biases differ by at most the radii (largest: {radii})")
    columns = ("parameter", "omega", "first_lyapunov_coefficient", "unstable_eigenvalues")
    rows = {i.name: [str(i.facts.get(key, "-")) for key in columns]
            for i in report.items if i.facts and "points/hopf-" in i.name}  # fmt: skip
    wide = max([17, *(len(shown(i.name)) for i in report.items)]) + 1
    heads = [shown(report.parameter), "omega", "l1", "n_u"]
    widths = [max(map(len, column)) for column in zip(heads, *rows.values(), strict=True)]
    if rows:
        lines.append(f"  {'':{wide}}{_aligned(heads, widths)}")
    for i in report.items:
        name = shown(i.name)
        facts = ", ".join(f"{key} {value}" for key, value in i.facts.items())
        if i.facts:
            lines.append(f"  {name:{wide}}{_aligned(rows[i.name], widths) if i.name in rows else facts}")
            name = ""
        steps = " ".join(f"{step} {'ok' if ok else 'FAILED'}," for step, ok in i.steps.items())
        lines.append(f"  {name:{wide}}{steps} {i.verdict}")
        lines += [f"      {f.verdict.upper()} {f}" for f in i.failures[:5]]
        if len(i.failures) > 5:
            lines.append(f"      and {len(i.failures) - 5} more failures")
    files = ", ".join(f"{name} {count}" for name, count in report.rests_on.items())
    lines.append(f"  {report.verdict.upper()}")
    if report.rests_on:
        text = f"rests on {files}: {sum(report.rests_on.values())} lines"
        lines += wrap(text, 110, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(lines)
