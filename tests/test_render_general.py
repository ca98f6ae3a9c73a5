"""LaTeX, derivations and reading back of the methods spectral, newton-kantorovich and pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from networks import PAPER

from proofgen import api
from proofgen.errors import InputError
from proofgen.exact import parse_printed_decimal
from proofgen.pipeline import prove
from proofgen.render.general import general_point
from proofgen.render.latex import render_documents, render_network_derivation
from proofgen.results import Result
from proofgen.spec import load
from proofgen.symbolic.network_derivation import derive_network, network_text

NETWORKS = PAPER.parent / "networks"


@pytest.fixture(scope="module")
def two_layers() -> Result:
    return prove(load(NETWORKS / "adversarial-two-layer.toml"))


def rendered(result: Result) -> dict[str, str]:
    general = derive_network(result.problem)
    documents = render_documents(
        result.problem_document, result.branch, result.points, result.summary, None, general=general
    )
    return {name: content.decode("ascii") for name, content in documents.items()}


def test_golden_certificate_and_summary(two_layers: Result, golden: Callable[[str, str], None]) -> None:
    documents = rendered(two_layers)
    golden("latex/two-layer-hopf-0001.tex", documents["points/hopf-0001.tex"])
    golden("latex/two-layer-summary.tex", documents["summary.tex"])


def test_golden_newton_certificate(golden: Callable[[str, str], None]) -> None:
    result = prove(load(PAPER / "n6-seed90-diagonal.toml"), method="newton-kantorovich")
    golden("latex/diagonal-newton-hopf-0001.tex", rendered(result)["points/hopf-0001.tex"])
    golden("latex/diagonal-summary.tex", rendered(result)["summary.tex"])


def test_newton_points_on_a_whole_line(tmp_path: Path) -> None:
    """A network of Method S with the paper's method: the summary is that of the zero branch."""
    result = prove(load(PAPER / "n4-seed80.toml"), method="newton-kantorovich")
    api.render(result, tmp_path / "bundle")
    text = (tmp_path / "bundle" / "points" / "hopf-0001.tex").read_text()
    assert "for all real $\\gamma$" in text and "Newton--Kantorovich" in text
    assert "exactly two Hopf bifurcations" in (tmp_path / "bundle" / "summary.tex").read_text()
    api.render_directory(tmp_path / "bundle")


def test_printed_numbers_contain_the_claims(two_layers: Result) -> None:
    """Every printed enclosure contains the certificate's, and the printed statement follows from the printed ends."""
    d = derive_network(two_layers.problem)
    for certificate in two_layers.points.values():
        for style in ("compact", "bracket"):
            point = general_point(certificate, two_layers.branch, 1, 1, d, style)
            claims, bounds = certificate["claims"], certificate["bounds"]
            for printed, key in (
                (point.parameter, "parameter"), (point.omega, "omega"), (point.speed, "crossing_speed"),
                (point.ell1, "first_lyapunov_coefficient"),
            ):  # fmt: skip
                low, high = (parse_printed_decimal(x) for x in claims[key])
                assert printed.lower <= low and high <= printed.upper
            assert point.omega.lower > 0 and point.ell1.upper < 0 and point.supercritical
            assert point.bounds["rho"].upper < 1 and point.bounds["pq_defect"].upper < 1  # type: ignore[union-attr]
            assert point.bounds["branch_radius"].upper < point.tube_radius.lower  # type: ignore[union-attr]
            slope = point.bounds["window_slope"]
            assert slope is not None and (slope.lower > 0 or slope.upper < 0)
            for key in ("branch_gap", "window_clearance", "isolation", "gap_0", "gap_2"):
                assert 0 < point.bounds[key].lower <= parse_printed_decimal(bounds[key])  # type: ignore[union-attr]
            low, high = (parse_printed_decimal(x) for x in claims["window"])
            assert (point.window.lower, point.window.upper) == (low, high)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("first_lyapunov_coefficient", ["-1", "1"]),
        ("omega", ["-1", "1"]),
        ("crossing_speed", ["-1", "0"]),
        ("window", ["0", "1"]),
        ("criticality", "subcritical"),
    ],
)
def test_a_statement_that_does_not_follow_is_not_printed(two_layers: Result, key: str, wrong: object) -> None:
    certificate = json.loads(json.dumps(two_layers.points["hopf-0001"]))
    certificate["claims"][key] = wrong
    with pytest.raises(InputError):
        general_point(certificate, two_layers.branch, 1, 1, derive_network(two_layers.problem), "compact")


def test_a_title_injects_nothing(two_layers: Result) -> None:
    title = r"\input{/etc/passwd} $x_1$ % & # \end{document} ~ ^ {"
    problem = replace(two_layers.problem, title=title)
    general = derive_network(problem)
    documents = render_documents(
        two_layers.problem_document, two_layers.branch, two_layers.points, two_layers.summary, None, general=general
    )
    for content in documents.values():
        text = content.decode("ascii")
        assert r"\input{" not in text and text.count(r"\end{document}") == 1
        assert r"\textbackslash{}input\{/etc/passwd\}" in text


def test_no_python_in_the_text(two_layers: Result) -> None:
    for text in rendered(two_layers).values():
        assert not re.search(r"None|Fraction\(|\bTrue\b|\bFalse\b|\[\+/-", text)


def test_render_again_gives_the_same(tmp_path: Path, two_layers: Result) -> None:
    out = tmp_path / "bundle"
    api.render(two_layers, out)
    before = {path: path.read_bytes() for path in out.rglob("*.tex")}
    assert len(before) == 2
    api.render_directory(out)
    assert {path: path.read_bytes() for path in out.rglob("*.tex")} == before
    again = api.prove(two_layers.problem, out, resume=True)
    assert again.points == two_layers.points and again.stopwatch.seconds == {}
    other = api.prove(two_layers.problem, out, resume=True, method="newton-kantorovich")
    assert other.points["hopf-0001"]["method"] == "newton-kantorovich"


@pytest.mark.parametrize(
    ("file", "change", "fragment"),
    [
        ("points/hopf-0001.json", lambda d: d["bounds"].pop("terms"), "terms"),
        ("points/hopf-0001.json", lambda d: d["claims"].update(omega=["2", "1"]), "LO ≤ HI"),
        ("points/hopf-0001.json", lambda d: d["claims"]["equilibrium"].pop(), "3 enclosures"),
        ("branch.json", lambda d: d["claims"].update(complete="yes"), "complete"),
        ("branch.json", lambda d: d["claims"]["start"].pop(), "3 enclosures"),
        ("branch.json", lambda d: d["witness"]["pieces"][0].update(kind="maybe"), "kind"),
    ],
)
def test_malformed_bundles_are_one_message(
    tmp_path: Path, two_layers: Result, file: str, change: Callable[[dict[str, object]], object], fragment: str
) -> None:
    out = tmp_path / "bundle"
    api.render(two_layers, out)
    document = json.loads((out / file).read_text())
    change(document)
    (out / file).write_text(json.dumps(document))
    with pytest.raises(InputError) as caught:
        api.render_directory(out)
    assert fragment in str(caught.value) and file in str(caught.value)


def test_derivation_names_everything() -> None:
    problem = load(NETWORKS / "arctan-unequal-leaks.toml")
    text = network_text(derive_network(problem))
    for expected in ("− D x" if "− D x" in text else "−D x", "atan(z)", "h_123", "λ'(γ)", "pᴴ"):
        assert expected in text
    latex = render_network_derivation(derive_network(problem))
    assert r"\operatorname{atan}" in latex and r"\ell_1" in latex and latex.isascii()
    two = network_text(derive_network(load(PAPER / "n6-seed80-off-diagonal.toml")))
    assert "e_4 e_3ᵀ" in two and "0.01" not in two.split("W_1⁰")[0].replace("1/100", "")


def test_the_weight_radius_is_stated() -> None:
    problem = replace(load(PAPER.parent / "examples" / "rate-rnn.toml"), weight_radius=Fraction(1, 10**7))
    result = prove(problem)
    assert result.proved
    text = rendered(result)["points/hopf-0001.tex"]
    assert "known only up to $10^{-7}$" in text or "known only up to $1\\cdot 10^{-7}$" in text
    assert "For every network in the box" in text
