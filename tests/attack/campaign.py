"""One random problem through prover, checkers and the independent computation; what disagrees is a finding.

`python tests/attack/campaign.py KIND FROM TO [SEED]` tries a range of problems of a kind without pytest and prints what it
finds; `--save DIR` also writes the spec of every finding.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "check")]

import check_tools  # noqa: E402
import compare  # noqa: E402
import mpmath as mp  # noqa: E402
import numpy as np  # noqa: E402
from compare import Lost, Point, SpecField  # noqa: E402
from problems import KINDS, Attack, problem  # noqa: E402

from proofgen import api  # noqa: E402
from proofgen.bundle.place import write_bundle  # noqa: E402
from proofgen.errors import InputError  # noqa: E402
from proofgen.spec.load import load_text  # noqa: E402
from proofgen.strategy.result import Result  # noqa: E402

METHODS = ("spectral", "newton-kantorovich")
full, short = check_tools.load(), check_tools.load(check_tools.SHORT_CHECKER)

FALSE = "false theorem"
REJECTED = "false rejection"
DISAGREE = "the checkers disagree"
TRACEBACK = "traceback"
FAILING = (FALSE, REJECTED, DISAGREE, TRACEBACK)
SLOW = "time limit"  # reported, not held against anybody
UNSURE = "no independent value"


@dataclass
class Tally:
    """What was tried; findings: (kind, problem, method, what is wrong)."""

    counts: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[str, Attack, str, str]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        self.counts += other.counts
        self.findings += other.findings

    def failing(self) -> list[tuple[str, Attack, str, str]]:
        return [finding for finding in self.findings if finding[0] in FAILING]

    def text(self) -> str:
        return ", ".join(f"{count} {name}" for name, count in sorted(self.counts.items()))


def shown(finding: tuple[str, Attack, str, str]) -> str:
    """A finding with the spec that reproduces it."""
    kind, attack, method, reason = finding
    return f"# {kind} ({attack.name}, {method}): {reason}\n{attack.toml()}"


class Expired(Exception):
    pass


@contextlib.contextmanager
def limited(seconds: int) -> Iterator[None]:
    def expire(number: int, frame: object) -> None:
        raise Expired

    old = signal.signal(signal.SIGPROF, expire)
    signal.setitimer(signal.ITIMER_PROF, seconds)  # of this process: a busy machine changes nothing
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, old)


def written(result: Result, bundle: Path) -> None:
    """The bundle without the LaTeX, which costs more than most of these proofs."""
    rows = [{**row, "tex": None} for row in result.summary["points"]]
    write_bundle(bundle, {k: v for k, v in result.files.items() if k != "evaluator.py"})
    (bundle / "summary.json").write_text(json.dumps({**result.summary, "points": rows}))


def attacked(attack: Attack, *, methods: Sequence[str] = METHODS, seconds: int = 200) -> Tally:
    """Prove by each method, check, compare."""
    tally = Tally()
    tally.counts["problems"] += 1
    truths: list[Point] = []
    method = "spec"

    def found(kind: str, reason: str) -> None:
        tally.findings.append((kind, attack, method, reason))

    try:
        loaded = load_text(attack.toml())
    except InputError as error:
        tally.counts["refused specs"] += 1
        found("refused", str(error))
        return tally
    for method in methods:
        directory = Path(tempfile.mkdtemp(prefix="attack-"))
        try:
            with limited(seconds):
                try:
                    written(api.prove(loaded, method=method), directory / "bundle")
                except InputError as error:
                    tally.counts["refused problems"] += 1
                    found("refused", str(error))
                    continue
                except Expired:
                    raise
                except Exception:
                    found(TRACEBACK, traceback.format_exc(limit=-4))
                    continue
                tally.counts["bundles"] += 1
                examined(attack, directory / "bundle", tally, truths, found)
        except Expired:
            tally.counts["stopped by the time limit"] += 1
            found(SLOW, f"{seconds} s")
        finally:
            shutil.rmtree(directory, ignore_errors=True)
    return tally


def examined(attack: Attack, bundle: Path, tally: Tally, truths: list[Point], found: Any) -> None:
    """Both checkers on a bundle that the prover wrote, then every claim against the independent computation."""
    report = full.check_path(bundle)
    if report.exit_code:
        found(REJECTED, "\n".join(line for line in full.table(report).splitlines() if "REJECTED" in line or "INCOMPLETE" in line)[:1500])
    branch = compare.read(bundle / "branch.json")
    certificates = [compare.read(path) for path in sorted((bundle / "points").glob("hopf-*.json"))]
    tally.counts["complete bundles" if branch["claims"]["complete"] else "incomplete bundles"] += 1
    if branch["method"] == "zero-branch" and all(c["method"] == "zero-branch" for c in certificates):
        tally.counts["bundles of the short checker"] += 1
        with contextlib.redirect_stdout(io.StringIO()) as out:
            code = short.main([str(bundle)])
        named = attack.spec["network"]["activation"] in compare.ACTIVATIONS
        if code != report.exit_code and not (code == 3 and not named):
            found(DISAGREE, f"check.py {report.exit_code}, check_zero_branch.py {code}: {out.getvalue()[-300:]}")
    networks = [SpecField(attack.spec), *(SpecField(attack.spec, shifts) for shifts in corners(attack))]
    for number, here in enumerate(networks):
        for certificate in certificates:
            claims = certificate["claims"]
            truth = true_point(here, claims, truths if number == 0 else [])
            if isinstance(truth, str):
                tally.counts["points without an independent value"] += 1
                found(UNSURE, f"{certificate['id']}, gamma {claims['parameter']}: {truth}")
                continue
            tally.counts["points compared" if number == 0 else "points compared at networks of a box"] += 1
            tally.counts["of these to 50 digits"] += truth.digits >= 50
            with mp.workdps(compare.DIGITS):
                for difference in compare.point_differences(certificate, truth, bundle if number == 0 else None):
                    found(FALSE, f"{certificate['id']}{' (another network of the box)' if number else ''}: {difference}")
        for difference in branch_differences(attack, here, branch, bundle, certificates, tally):
            found(FALSE, difference)


def true_point(here: SpecField, claims: Any, truths: list[Point]) -> Point | str:
    """The point that the claims mean; computed once for both methods."""
    for truth in truths:
        values = [truth.data.gamma, truth.data.omega, *truth.x]
        pairs = [claims["parameter"], claims["omega"], *claims["equilibrium"]]
        if all(compare.holds(pair, value) for pair, value in zip(pairs, values, strict=True)):  # sheets may share γ and ω
            return truth
    try:
        with mp.workdps(compare.DIGITS):
            middles = [compare.middle(claims[key]) for key in ("parameter", "omega")]
            truth = compare.hopf_near(here, middles[0], [compare.middle(pair) for pair in claims["equilibrium"]], middles[1])
    except (Lost, ArithmeticError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    truths.append(truth)
    return truth


def corners(attack: Attack, count: int = 2) -> Iterator[dict[str, Any]]:
    """Networks of the box of weights: every entry moved by ±r, or by a part of it."""
    radius = attack.spec["proof"].get("weight_radius")
    if radius is None:
        return
    r, rng = Fraction(radius), random.Random(attack.name)
    network = attack.spec["network"]
    if network["family"] == "asymmetric-rnn":
        shapes = {"R1": network["R1"], "R2": network["R2"]} | ({"bias": [network["bias"]]} if "bias" in network else {})
    else:
        shapes = {f"W{k}": layer["weights"] for k, layer in enumerate(network["layer"], 1)}
        shapes |= {f"b{k}": [layer["bias"]] for k, layer in enumerate(network["layer"], 1) if "bias" in layer}
    for number in range(count):
        steps = [r, -r] if number == 0 else [r, -r, Fraction(0), r / 3]
        yield {name: [[rng.choice(steps) for _ in row] for row in rows] for name, rows in shapes.items()}


def branch_differences(
    attack: Attack, here: SpecField, branch: Any, bundle: Path, certificates: Sequence[Any], tally: Tally
) -> Iterator[str]:
    claims = branch["claims"]
    if branch["method"] == "zero-branch":
        yield from spectrum_differences(here, claims, attack)
        return
    yield from compare.piece_differences(here, branch, bundle)
    tally.counts["pieces sampled"] += len((branch["witness"] or {"pieces": []})["pieces"])
    low, high = (Fraction(end) for end in claims["interval"])
    if not claims["complete"]:
        return
    parameters = [[Fraction(end) for end in c["claims"]["parameter"]] for c in certificates]
    if not here.shifts:
        for known in attack.known:
            if low <= known.gamma <= high and not any(a <= known.gamma <= b for a, b in parameters):
                yield f"complete without the Hopf point at {float(known.gamma)!r}"
    tally.counts["completeness searched"] += 1
    start = np.zeros(here.n) if claims["start"] is None else np.array([float(compare.middle(pair)) for pair in claims["start"]])
    around = [*attack.around, *(float(a) for a, _ in parameters)]
    samples = compare.trace(here, compare.grid(float(low), float(high), around, 300), start)
    if not samples or samples[-1].gamma < float(high):
        tally.counts["searches that did not reach the end"] += 1
    yield from compare.missed_points(here, branch, samples)
    for certificate, (a, _) in zip(certificates, parameters, strict=True):
        near = min(samples, key=lambda s: abs(s.gamma - float(a)), default=None)
        if near is None or abs(near.gamma - float(a)) > 1e-6 * float(high - low):
            continue
        x = np.array([float(compare.middle(pair)) for pair in certificate["claims"]["equilibrium"]])
        if np.max(np.abs(x - near.x) / (np.abs(x) + 1e-2 * np.max(np.abs(x)) + 1e-9)) > 0.1:
            yield f"{certificate['id']} does not lie on the branch that begins at the start"


def spectrum_differences(here: SpecField, claims: Any, attack: Attack) -> Iterator[str]:
    """A zero branch: all pairs and real eigenvalues of W against the lists."""
    with mp.workdps(60):
        (_, W, _, _), = here.layers
        values = mp.eig(mp.matrix([[mp.mpf(x.numerator) / x.denominator for x in row] for row in W]))[0]
        size = max(abs(v) for v in values)
        pairs = [-mp.re(v) for v in values if mp.im(v) > size * mp.mpf(10) ** -40]
        real = [-mp.re(v) for v in values if abs(mp.im(v)) <= size * mp.mpf(10) ** -40]
        low, high = (-mp.inf, mp.inf) if claims["interval"] is None else compare.ends(claims["interval"])
        open_places = [compare.ends(piece["interval"]) for piece in claims["unsettled"]]
        for what, values, places in (
            ("Hopf point", pairs, [compare.ends(p["parameter"]) for p in claims["points"]]),
            ("real crossing", real, [compare.ends(pair) for pair in claims["real_crossings"]]),
        ):
            inside = [v for v in values if low <= v <= high and not any(a <= v <= b for a, b in open_places)]
            for v in inside:
                if sum(a <= v <= b for a, b in places) != 1:
                    yield f"{what} at {mp.nstr(v, 25)} is not listed once"
            if claims["complete"] and len(places) != len(inside):
                yield f"{len(places)} times {what} listed, {len(inside)} there"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", help="or 'all'")
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("seed", type=int, nargs="?", default=0)
    parser.add_argument("--save", type=Path)
    parser.add_argument("--seconds", type=int, default=200, help="for each method of a problem")
    arguments = parser.parse_args()
    total = Tally()
    for kind in KINDS if arguments.kind == "all" else [arguments.kind]:
        tally, begin = Tally(), time.process_time()
        for index in range(arguments.first, arguments.last):
            one = attacked(problem(kind, index, arguments.seed), seconds=arguments.seconds)
            tally.add(one)
            for number, finding in enumerate(one.findings):
                print(f"{finding[1].name} {finding[2]}: {finding[0].upper()}: {finding[3]}", flush=True)
                if arguments.save and finding[0] not in ("refused", SLOW):
                    arguments.save.mkdir(parents=True, exist_ok=True)
                    name = f"{finding[0].replace(' ', '-')}-{finding[1].name}-{finding[2]}-{number}.toml"
                    comment = "".join(f"# {line}\n" for line in (f"{finding[0]}, {finding[2]}: {finding[3]}").splitlines())
                    (arguments.save / name).write_text(comment + finding[1].toml())
        seconds = time.process_time() - begin
        print(f"== {kind}: {tally.text()} in {seconds:.0f} s", flush=True)
        total.add(tally)
    print(f"== total: {total.text()}\n== findings: {Counter(f[0] for f in total.findings)}")


if __name__ == "__main__":
    main()
