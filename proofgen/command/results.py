"""What a run has proved, for the terminal: every digit shown is proved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..bundle.branches import branch_name, branch_place
from ..bundle.hopf_curve import HopfCurves
from ..bundle.rows import PARAMETER_KEYS
from ..bundle.sentence import parameter_shown, parameters_shown, sentence
from ..numbers.decimals import exact_decimal
from ..numbers.shown import proved_digits
from .curves import curve_lines
from .terminal import new_table, output, print_table

if TYPE_CHECKING:
    from ..bundle.rows import RowClaims
    from ..bundle.summary import OrbitRow, SummaryRow
    from ..numbers.printed import Enclosure
    from ..strategy.result import Result

ROWS_SHOWN = 30
OUTSIDE = "n_out"  # what maps call the number of unstable multipliers
ENTRIES_SHOWN = 12  # of an equilibrium


def verdict(result: Result) -> str:
    """What a run has proved, in a sentence."""
    return sentence(result.bundle, _parameter(result))


def _parameter(result: Result) -> str:
    return parameter_shown(result.problem.parameter_name)


def with_check(result: Result) -> dict[str, Any]:
    """The summary with what the independent checker said; what it did not accept is not called proved."""
    status = "proved" if result.proved else "incomplete"
    return {**result.summary, "status": status, "check": None if result.check is None else result.check.to_dict()}


def branch_followed(result: Result, name: str) -> str:
    """Which branch a list is about, "" where nothing is settled of one. name: of the parameter."""
    from ..bundle.circle_branch import CircleBranch
    from ..bundle.form_pieces import FormPieces
    from ..bundle.gain_branch import GainBranch
    from ..bundle.zero_branch import ZeroBranch

    branch = result.bundle.branch
    if isinstance(branch, ZeroBranch):
        return "" if result.problem.start is None else f"Branch: the equilibria with W({name})x + b = 0."
    if isinstance(branch, GainBranch):
        return f"Branch: the equilibrium x = 0 for all {name}."
    if isinstance(branch, CircleBranch):
        biased = any(layer.bias for layer in getattr(result.problem, "layers", ()))
        return f"Branch: the fixed point{f's with W({name})x + b = 0' if biased else f' x = 0 for all {name}'}."
    if isinstance(branch, HopfCurves) or branch.witness is None:
        return ""
    start, where = branch.claims.start, branch.witness.pieces[0].interval.text[0]
    n = result.problem.dimension
    names = getattr(result.problem, "variables", None) or [f"x{i}" for i in range(1, n + 1)]
    rest = "fixed point" if result.problem.discrete else "equilibrium"
    stability = ""
    if isinstance(branch, FormPieces) and (unstable := branch.claims.unstable_eigenvalues) is not None:
        directions = f"unstable in {unstable} direction{'s' * (unstable > 1)}" if unstable else "stable"
        stability = f" At {name} = {where} it is {directions}."
    if start is None:
        text = " = ".join([*names[:ENTRIES_SHOWN], *["…"] * (n > ENTRIES_SHOWN), "0"])
        return f"Branch: the {rest} {text} for all {name}.{stability}"
    entries = [f"{entry} = {proved_digits(x, 6)}" for entry, x in zip(names, start, strict=True)]
    text = ", ".join(entries[:ENTRIES_SHOWN]) + (", …" if n > ENTRIES_SHOWN else "")
    return f"Branch: from the {rest} {text} at {name} = {where}.{stability}"


def report(result: Result, directory: Path | None) -> None:
    """Print what a run has proved. directory: where its bundle is, if anywhere."""
    output.print(result.bundle.summary.title, soft_wrap=True)
    for branch in (result, *result.branches):
        number = branch.bundle.number
        if result.branches:
            output.print("")
            output.print(f"{branch_name(number)} of {len(result.branches) + 1}", soft_wrap=True)
        place = directory if directory is None or number == 1 else directory / branch_place(number)
        _report_branch(branch, place)
    if result.branches:
        output.print("")
        output.print(branches_followed(result), soft_wrap=True)
    if result.note:
        output.print(result.note, soft_wrap=True)
    if result.check is not None:
        output.print(result.check.sentence, soft_wrap=True)
    if directory is not None:
        again = "" if result.check is None or result.check.verdict == "not checked" else " again"
        output.print(f"Certificates in {directory}; check them{again} with: proofgen check {directory}", soft_wrap=True)


def branches_followed(result: Result) -> str:
    """How many branches there are, and that there may be more. Of several only."""
    low = result.problem.interval[0] if result.problem.interval else None
    at = "" if low is None else f" at {_parameter(result)} = {exact_decimal(low)}"
    return (
        f"{len(result.branches) + 1} branches, of different equilibria{at} in network.box; it is not proved that there "
        "are no others in it."
    )


def _report_branch(result: Result, directory: Path | None) -> None:
    """What is proved of one branch."""
    summary, name = result.bundle.summary, _parameter(result)
    branch, names = result.bundle.branch, parameters_shown(result.problem)
    if isinstance(branch, HopfCurves):
        for line in curve_lines(branch, (names[0], names[1])):
            output.print(line, soft_wrap=True)
    elif followed := branch_followed(result, name):
        output.print(followed, soft_wrap=True)
    for kind, rows in result.bundle.rows_by_kind.items():
        if rows:
            _print_rows(kind, rows, names, directory, result.problem.discrete)
    if summary.points:
        output.print("(every digit shown is proved; … means that the number goes on)", soft_wrap=True)
    for row in summary.orbits:
        output.print(_orbit_line(row, name), soft_wrap=True)
    rests = "fixed points" if result.problem.discrete else "equilibria"
    for number, crossing in enumerate(summary.real_crossings):
        if number not in result.bundle.named_crossings:
            line = f": there all points of a line are {rests}" * result.bundle.lines
            output.print(f"real crossing at {name} = {proved_digits(crossing)}{line}", soft_wrap=True)
    for plain in summary.plain_crossings:
        near = f"{name} in [{', '.join(plain.interval.text)}]"
        output.print(f"nothing more is proved of the real crossing at {near}: {plain.reason}", soft_wrap=True)
    for piece in summary.unsettled:
        output.print(f"undecided: {name} in [{', '.join(piece.interval.text)}]: {piece.reason}", soft_wrap=True)
    for open_curve in summary.unsettled_curves:
        output.print(f"undecided: {open_curve.reason}", soft_wrap=True)
    codes = dict.fromkeys(row.code for row in summary.points if row.code)
    codes |= dict.fromkeys(piece.code for piece in summary.unsettled)
    codes |= dict.fromkeys(open_curve.code for open_curve in summary.unsettled_curves)
    if codes:
        output.print(f"(what that means, and what to try: proofgen explain {min(codes)})", soft_wrap=True)
    output.print(verdict(result) + ".", soft_wrap=True)


def _print_rows(
    kind: type[RowClaims], rows: Sequence[SummaryRow], parameters: Sequence[str], directory: Path | None, of_map: bool
) -> None:
    """The rows of one kind as a table."""
    headings = {**dict(zip(PARAMETER_KEYS, parameters, strict=False)), **kind.headings}
    if of_map and "unstable" in headings:
        headings["unstable"] = OUTSIDE
    table = new_table("point", *headings.values(), "type")
    for row in rows[:ROWS_SHOWN]:
        cells = (_cell(getattr(row.claims, key)) for key in headings)
        table.add_row(row.id, *cells, (row.claims.type or "") if row.proved else "undecided")
    print_table(table)
    if len(rows) > ROWS_SHOWN:
        where = "" if directory is None else f" in {directory}/summary.json"
        output.print(f"… and {len(rows) - ROWS_SHOWN} more{where}", soft_wrap=True)


def _orbit_line(row: OrbitRow, name: str) -> str:
    """An orbit, or the orbits of a branch, in one line."""
    single = row.amplitude.low == row.amplitude.high
    head = f"{row.id} {'found near' if single else 'from'} {row.hopf}"
    if row.end is None:
        return f"{head}: undecided: {row.reason}"
    amplitudes = "0 < a ≤" if row.amplitude.low != row.amplitude.high else "a ="
    where = f"{amplitudes} {row.end.amplitude.text}, {name} = {proved_digits(row.end.parameter)} there"
    period = f"period {proved_digits(row.end.period)}"
    many = "" if row.unstable_multipliers == 1 else "s"
    unstable = f"unstable, {row.unstable_multipliers} multiplier{many} outside"
    stability = "stability not decided" if row.stable is None else "stable" if row.stable else unstable
    side = "" if row.direction is None else f", {name} {row.direction}"
    return f"{head}: {where}, {period}{side}; {stability}"


def _cell(value: Enclosure | int | str | None) -> str:
    return str(value) if isinstance(value, int | str) else proved_digits(value)
