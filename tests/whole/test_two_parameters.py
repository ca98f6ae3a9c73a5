"""Two parameters, from the spec to the documents: curves of Hopf points, Bautin points, what is said of them."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemas
from ordinary import some
from typer.testing import CliRunner

import proofgen
from proofgen import api
from proofgen.bundle.bautin import BautinPoint
from proofgen.bundle.hopf_curve import CHANGES, SUBCRITICAL, SUPERCRITICAL, HopfCurves
from proofgen.bundle.read import load_bundle
from proofgen.bundle.stretches import stretches
from proofgen.command.main import app
from proofgen.documents import Layout
from proofgen.errors import InputError, UnsupportedError
from proofgen.formulas.equations import derive_plane, plane_text
from proofgen.proof.failure import Failure, FailureCode
from proofgen.spec.load import load, load_text
from proofgen.strategy import plane_method
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove

SPECS = Path(__file__).parents[2] / "proofs" / "two-parameters"
# x' = m x − y + …: a curve of Hopf points m = 0, and ℓ1 = 0 where c = −1/4 (30 digits of a second computation)
QUADRATIC = """
[network]
family = "equations"
variables = ["x", "y", "z"]
equations = [
    "m*x - y + x*z + c*x*(x**2 + y**2) - x**5/7",
    "x + m*y + y*z + c*y*(x**2 + y**2) + x**2*z/3",
    "-z + x**2/2 + x*y - z**2/5",
]
start = ["0", "0", "0"]
[parameter]
names = ["m", "c"]
box = [["-0.01", "0.01"], ["-0.26", "-0.24"]]
"""


@cache
def quadratic() -> Result:
    return prove(load_text(QUADRATIC, source_name="quadratic.toml"))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("plane") / "bundle"
    api.render(quadratic(), out, layout=Layout(bodies=True))
    return out


def only_point(result: Result) -> BautinPoint:
    (point,) = result.bundle.points.values()
    assert isinstance(point, BautinPoint)
    return point


def test_a_bautin_point_in_closed_form() -> None:
    """c* = −1/4, ω = 1; determinant and ℓ2 as computed independently."""
    claims = only_point(quadratic()).claims
    m, c = claims.parameters
    assert 0 in m and Fraction(-1, 4) in c and Fraction(1) in claims.omega and 2 in claims.determinant
    assert abs(claims.second_lyapunov_coefficient.middle - Fraction("-0.50357142857142857")) < Fraction(1, 10**14)
    assert claims.second_lyapunov_coefficient.width < Fraction(1, 10**14)
    assert (claims.unstable, claims.stable) == (0, 1) and claims.row.type == "l2 < 0"


REFERENCES = Path(__file__).parents[1] / "data" / "bautin"


@pytest.mark.parametrize("name", some(["bazykin-khibnik", "co-oxidation", "quadratic-3d", "rate-3-1"], 0, ["quadratic-3d"]))
def test_the_references_to_30_digits(name: str, tmp_path: Path) -> None:
    """Proved, printed to 30 digits around independent values (that of MatCont and BifurcationKit is one), and accepted."""
    problem = load(REFERENCES / f"bautin-{name}.toml")
    result = api.prove(replace(problem, proof=replace(problem.proof, digits=30, precision=192)), tmp_path)
    assert result.proved and result.check is not None and result.check.verdict == "accepted"
    claims = only_point(result).claims
    known = json.loads((REFERENCES / f"bautin-{name}.json").read_text(encoding="utf-8"))["points"][0]
    told = [*zip(claims.parameters, known["parameters"].values(), strict=True), (claims.omega, known["omega"])]
    told += [(claims.second_lyapunov_coefficient, known["l2 = Re_c2/omega"]), (claims.determinant, known["determinant"])]
    told += zip(claims.equilibrium, known["equilibrium"], strict=True)
    for enclosure, text in told:
        value = Fraction(text)
        rounding = abs(value) / 10**38
        assert enclosure.low - rounding <= value <= enclosure.high + rounding
        assert enclosure.width <= max(abs(value), Fraction(1, 10**10)) / 10**30
    assert (claims.unstable, claims.stable) == (known["unstable"], known["stable"])


def test_the_fitzhugh_nagumo_point_in_closed_form() -> None:
    """ℓ1 = 0 where 2b − cb² = 1, on the Hopf curve v² = 1 − bc, w = (v + a)/b, I = w − v + v³/3."""
    result = prove(load(SPECS / "fitzhugh-nagumo.toml"))
    current, b = only_point(result).claims.parameters
    assert b.width < Fraction(1, 10**8)
    assert 2 * b.low - Fraction("0.08") * b.low**2 < 1 < 2 * b.high - Fraction("0.08") * b.high**2
    v = -math.sqrt(1 - 0.08 * float(b))
    assert float(current) == pytest.approx((v + 0.7) / float(b) - v + v**3 / 3, abs=1e-12)
    assert result.proved and result.bundle.summary.complete


def test_the_curve_is_in_pieces_from_border_to_border() -> None:
    branch = quadratic().bundle.branch
    assert isinstance(branch, HopfCurves)
    (curve,) = branch.claims.curves
    assert curve.ends == ("box", "box") and curve.reasons == (None, None) and branch.claims.complete
    low, high = branch.claims.box[1].ends
    intervals = [piece.interval for piece in curve.pieces]
    assert {intervals[0].low, intervals[-1].high} == {low, high} or {intervals[0].high, intervals[-1].low} == {low, high}
    assert all(0 in piece.other and 1 in piece.omega for piece in curve.pieces)
    kinds = [stretch.criticality for stretch in stretches(curve)]
    assert sorted(kinds) == sorted([SUPERCRITICAL, CHANGES, SUBCRITICAL]) and kinds[1] == CHANGES
    for piece in curve.pieces:  # ℓ1 < 0 exactly where c < −1/4
        if piece.criticality != CHANGES:
            assert (piece.interval.high < Fraction(-1, 4)) == (piece.criticality == SUPERCRITICAL)


def test_documents_follow_the_schemas(written: Path) -> None:
    for path, schema in (("problem", "problem-plane"), ("branch", "branch-hopf-curve"), ("summary", "summary"),
                         ("points/bautin-0001", "certificate-bautin")):  # fmt: skip
        schemas.validator(schema).validate(json.loads((written / f"{path}.json").read_text(encoding="utf-8")))
    summary = json.loads((written / "summary.json").read_text(encoding="utf-8"))
    assert "interval" not in summary and "real_crossings" not in summary
    assert summary["curves"][0]["ends"] == ["box", "box"] and summary["box"] == [["-0.01", "0.01"], ["-0.26", "-0.24"]]


def test_a_bundle_is_read_as_it_was_written(written: Path) -> None:
    read, made = load_bundle(written), quadratic().bundle
    assert read.branch == made.branch and dict(read.points) == dict(made.points)
    assert read.summary.curves == made.summary.curves and read.summary.points == made.summary.points
    assert api.prove(load_text(QUADRATIC, source_name="quadratic.toml"), written, resume=True, check=False, layout=Layout(bodies=True)).points == quadratic().points


def test_what_the_documents_say(written: Path) -> None:
    summary, point = ((written / f"{name}.tex").read_text() for name in ("summary", "points/bautin-0001"))
    for text in ("goes from border to border", "exactly at the one Bautin point", "It is not claimed that"):
        assert text in " ".join(summary.split())
    for text in ("nondegenerate Bautin point", r"\begin{corollary}[Bautin]", "MatCont and BifurcationKit print", "both attract"):
        assert text in " ".join(point.split())
    assert (written / "points" / "bautin-0001-body.tex").exists()


def test_a_curve_that_is_found_twice_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is listed that is not proved to be another curve, and no point twice."""
    proved = plane_method.prove_plane

    def twice(*arguments: Any) -> Any:
        outcome = proved(*arguments)
        outcome.curves += outcome.curves
        outcome.points += [replace(point, curve=1) for point in outcome.points]
        return outcome

    monkeypatch.setattr(plane_method, "prove_plane", twice)
    result = prove(load_text(QUADRATIC, source_name="quadratic.toml"))
    assert result.bundle.branch == quadratic().bundle.branch and result.points == quadratic().points


def test_a_point_that_is_proved_twice_is_claimed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    proved = plane_method.prove_plane

    def twice(*arguments: Any) -> Any:
        outcome = proved(*arguments)
        (point,) = outcome.points
        outcome.points.append(replace(point, piece=point.piece + 1))
        return outcome

    monkeypatch.setattr(plane_method, "prove_plane", twice)
    result = prove(load_text(QUADRATIC, source_name="quadratic.toml"))
    assert not result.proved and len(result.points) == 1
    assert {one.code for one in result.bundle.summary.unsettled_curves} == {"bautin-not-verified"}


def test_an_open_bautin_point_leaves_its_piece_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The piece in which ℓ1 changes is not listed without a certificate: the curve is open there, and nothing is complete."""
    proved = plane_method.prove_plane

    def without_points(*arguments: Any) -> Any:
        outcome = proved(*arguments)
        failure = Failure(FailureCode.LYAPUNOV_ENCLOSES_ZERO, "no reason")
        outcome.open_pieces += [(point.curve, point.piece, failure) for point in outcome.points]
        outcome.points.clear()
        return outcome

    monkeypatch.setattr(plane_method, "prove_plane", without_points)
    result = prove(load_text(QUADRATIC, source_name="quadratic.toml"))
    branch, summary = result.bundle.branch, result.bundle.summary
    assert isinstance(branch, HopfCurves) and not branch.claims.complete and not result.proved
    assert [curve.ends for curve in branch.claims.curves] == [("box", "open"), ("open", "box")]
    assert not any(piece.criticality == CHANGES for curve in branch.claims.curves for piece in curve.pieces)
    (row,) = summary.points
    assert (row.status, row.code) == ("undecided", "bautin-not-verified") and not branch.claims.points
    assert {one.code for one in summary.unsettled_curves} == {"bautin-not-verified"}
    tex = api.assembled(result, result.stopwatch, Layout())["summary.tex"].decode()
    assert "What is not proved" in tex and "undecided" in tex


def test_a_box_without_hopf_points_is_undecided() -> None:
    result = prove(load_text(QUADRATIC.replace('["-0.01", "0.01"]', '["0.1", "0.2"]'), source_name="none.toml"))
    assert not result.proved and [one.code for one in result.bundle.summary.unsettled_curves] == ["no-curve"]
    assert b"Nothing has been proved" in api.assembled(result, result.stopwatch, Layout())["summary.tex"]


def test_derivation() -> None:
    text = plane_text(derive_plane(load_text(QUADRATIC)))  # type: ignore[arg-type]
    assert "f(x, m, c)" in text.replace("χ", "x") and "c_2 = pᴴ(F_32" in text and "Constants" not in text


@pytest.mark.parametrize(
    ("run", "fragment"),
    [
        (lambda problem: prove(problem, method="newton-kantorovich"), "two parameters"),
        (lambda problem: api.largest_radius(problem), "largest-radius"),
    ],
)
def test_what_is_for_one_parameter_is_refused(run: Any, fragment: str) -> None:
    with pytest.raises(InputError, match=fragment):
        run(load_text(QUADRATIC))


def test_commands(tmp_path: Path) -> None:
    spec = tmp_path / "quadratic.toml"
    spec.write_text(QUADRATIC)
    runner = CliRunner()
    shown = runner.invoke(app, ["prove", str(spec), "--out", str(tmp_path / "out"), "--no-check"])
    assert shown.exit_code == 0 and "from border to border of the box" in shown.output and "bautin-0001" in shown.output
    assert runner.invoke(app, ["derive", str(spec)]).exit_code == 0
    for refused in (["emit", str(spec)], ["prove", str(spec), "--orbits", "0.1", "--no-check"]):
        assert isinstance(runner.invoke(app, refused).exception, UnsupportedError)
    document = json.loads(runner.invoke(app, ["prove", str(spec), "--out", str(tmp_path / "out"), "--resume", "--no-check", "--json"]).stdout)
    assert document["status"] == "proved" and document["points"][0]["kind"] == "bautin"


def test_runs_refuse_two_parameters(tmp_path: Path) -> None:
    (tmp_path / "quadratic.toml").write_text(QUADRATIC)
    (tmp_path / "run.toml").write_text('title = "x"\n[[group]]\nname = "a"\nspecs = ["quadratic.toml"]\n')
    shown = CliRunner().invoke(app, ["batch", str(tmp_path / "run.toml"), "--out", str(tmp_path / "out")])
    table = (tmp_path / "out" / "failures.csv").read_text() if shown.exception is None or shown.exit_code == 3 else str(shown.exception)
    assert "two parameters" in table


def test_from_python(written: Path) -> None:
    result = proofgen.prove(proofgen.Problem(load_text(QUADRATIC, source_name="quadratic.toml")))
    (point,), (curve,) = result.bautin, result.curves
    assert point.proved and 0 in point.parameters[0] and curve.ends == ("box", "box") and result.problem.parameters == ("m", "c")
    assert "Bautin bautin-0001" in repr(point) and "<table>" in result._repr_html_() and result.points == ()
    assert result.plot("curves") is not None
    with pytest.raises(InputError):
        result.plot("lyapunov")


def test_equations_from_python() -> None:
    quadratic_spec = load_text(QUADRATIC)
    made = proofgen.equations(
        dict(zip(quadratic_spec.variables, quadratic_spec.equations, strict=True)),  # type: ignore[union-attr]
        parameter=("m", "c"), interval=[("-0.01", "0.01"), ("-0.26", "-0.24")], start=[0, 0, 0], title=quadratic_spec.title,
    )  # fmt: skip
    assert made.exact == quadratic_spec and proofgen.load is not None and "parameters m, c" in repr(made)
    for parameter, interval, named in ((("m",), [(0, 1), (0, 1)], "parameter"), (("m", "c"), (0, 1), "interval"), (("m", "c"), [(0, 1), (1, 0)], "interval")):
        with pytest.raises(InputError, match=named):
            proofgen.equations({"x": "m*x", "y": "c*y"}, parameter=parameter, interval=interval)


def test_pictures(written: Path) -> None:
    pytest.importorskip("matplotlib")
    made = api.assembled(quadratic(), quadratic().stopwatch, Layout(figures=True))
    assert {"figures/curves.pdf", "figures/bautin-0001-unfolding.pdf"} <= set(made)
    assert b"proofgenpicture{bautin-0001-unfolding}" in made["points/bautin-0001.tex"] and b"proofgenpicture{curves}" in made["summary.tex"]
