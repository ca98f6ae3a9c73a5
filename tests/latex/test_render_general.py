"""LaTeX, derivations and reading back of the methods spectral, newton-kantorovich and pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from networks import PAPER
from test_render import COMPACT, ENCLOSURE, NUMBER, contains, parse_enclosure, stated, value
from typed import altered, bundle_of

from proofgen import api
from proofgen.bundle.kinds import read_point
from proofgen.errors import InputError
from proofgen.formulas.kinds import derive_field
from proofgen.formulas.layered import derive_network, network_text
from proofgen.latex.documents import render_derivation, render_documents
from proofgen.latex.kinds import POINTS
from proofgen.latex.rows import rows
from proofgen.latex.window import window_point
from proofgen.numbers.exact import parse_printed_decimal
from proofgen.spec.load import load
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove

NETWORKS = PAPER.parent / "networks"


@pytest.fixture(scope="module")
def two_layers() -> Result:
    return prove(load(NETWORKS / "adversarial-two-layer.toml"))


def shown(result: Result, certificate: dict[str, Any]) -> Any:
    """What the template is given of a certificate, perhaps an altered one."""
    point = read_point(certificate, "network")
    return POINTS[point.method].point(point, result.bundle.branch, 1, 1, derive_network(result.problem), "compact")


def rendered(result: Result) -> dict[str, str]:
    general = {derive_field: derive_network(result.problem)}
    documents = render_documents(result.bundle, general)
    return {name: content.decode("ascii") for name, content in documents.items()}


@pytest.mark.parametrize(
    ("name", "spec", "method"),
    [
        ("two-layer", NETWORKS / "adversarial-two-layer.toml", "spectral"),
        ("diagonal-newton", PAPER / "n6-seed90-diagonal.toml", "newton-kantorovich"),
    ],
)
def test_golden_certificate_and_summary(
    name: str, spec: Path, method: str, golden: Callable[[str, str], None], request: pytest.FixtureRequest
) -> None:
    """Rendered from stored documents: windows and last digits change with the search and the machine's LAPACK."""
    problem = load(spec)
    stored = Path(__file__).parents[1] / "golden" / "latex" / f"{name}-documents.json"
    if request.config.getoption("--update"):
        fresh = prove(problem, method=method)
        summary = {**fresh.summary, "timing": {}, "versions": {}}
        stored.write_text(
            json.dumps([fresh.problem_document, fresh.branch, fresh.points, summary], indent=1, ensure_ascii=False) + "\n",
            encoding="utf-8",
        )
    read = json.loads(stored.read_text(encoding="utf-8"))
    made = render_documents(bundle_of(problem, *read), {derive_field: derive_network(problem)})
    golden(f"latex/{name}-hopf-0001.tex", made["points/hopf-0001.tex"].decode("ascii"))
    golden(f"latex/{name}-summary.tex", made["summary.tex"].decode("ascii"))


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
        for style in ("compact", "interval"):
            point = window_point(read_point(certificate, "network"), two_layers.bundle.branch, 1, 1, d, style)  # type: ignore[arg-type]
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


def number(document: str | list[int]) -> Fraction:
    return parse_printed_decimal(document) if isinstance(document, str) else document[0] * Fraction(2) ** document[1]


def printed_bound(tex: str, pattern: str) -> Fraction:
    match = re.search(rf"{pattern}\s*({NUMBER})(?![\d_^])", tex)
    assert match, pattern
    return value(match[1])


@pytest.fixture(scope="module")
def diagonal_newton() -> Result:
    return prove(load(PAPER / "n6-seed90-diagonal.toml"), method="newton-kantorovich")


@pytest.mark.parametrize("style", ["compact", "interval"])
@pytest.mark.parametrize("network", ["two_layers", "diagonal_newton"])
def test_the_printed_text_proves_the_statement(network: str, style: str, request: pytest.FixtureRequest) -> None:
    """Numbers parsed back from the LaTeX: they contain the claims, and every inequality holds between them."""
    result: Result = request.getfixturevalue(network)
    general = {derive_field: derive_network(result.problem)}
    made = render_documents(result.bundle, general, style=style)
    for name, certificate in result.points.items():
        tex = made[f"points/{name}.tex"].decode("ascii")
        claims, bounds, witness = certificate["claims"], certificate["bounds"], certificate["witness"]
        theorem = tex[tex.index(r"\begin{theorem}") : tex.index(r"\end{theorem}")]
        proof = tex[tex.index(r"\section{Proof") :]
        gamma = stated(theorem, r"\\gamma\^\*")
        assert contains(gamma, claims["parameter"])
        assert contains(stated(theorem, r"\\omega"), claims["omega"])
        speed = stated(theorem, r"\\lambda\(\\gamma\^\*\)")
        assert contains(speed, claims["crossing_speed"]) and not speed[0] <= 0 <= speed[1]
        ell1 = stated(theorem, r"\\ell_1")
        assert contains(ell1, claims["first_lyapunov_coefficient"])
        assert ell1[1] < 0 if claims["criticality"] == "supercritical" else ell1[0] > 0
        for index, entry in enumerate(claims["equilibrium"] if network == "two_layers" else [], start=1):
            assert contains(stated(theorem, re.escape(f"x_{{{index}}}")), entry)
        for pattern, key in (
            (r"\\mathsf r\\le", "rho"), (r"g_k\\le", "disc_radius"), (r"\\mathsf e_i\\le", "delta_right"),
            (r"\\mathsf e_i'\\le", "delta_left"), (r"q-1\\rvert\\le", "pq_defect"),
        ):  # fmt: skip
            section = proof[proof.index(r"\textup{(H2)}") :] if key == "disc_radius" else proof
            assert printed_bound(section, pattern) >= parse_printed_decimal(bounds[key]), key
        assert 0 < printed_bound(proof, r"d_k-\\mathsf g_k\\ge") <= parse_printed_decimal(bounds["isolation"])
        assert contains(stated(proof, r"q\^\{\\mathsf H\}q"), bounds["q_norm_squared"])
        for index, term in enumerate(bounds["terms"], start=1):
            assert contains(stated(proof, rf"\\mathsf t_{index}"), term)
        if claims["window"] is not None:
            shown = re.search(rf"for every \$\\gamma\\in \[({NUMBER}),\\, ({NUMBER})\]", theorem)
            assert shown and value(shown[1]) <= gamma[0] and gamma[1] <= value(shown[2])
            centre, half_width = number(witness["gamma"]), number(witness["half_width"])
            assert centre - half_width <= value(shown[1]) and value(shown[2]) <= centre + half_width
            chain = re.search(rf"\\mathsf E\}}\{{\\mathsf b_\{{\\mathsf G\}}\}}\\le({NUMBER}) < ({NUMBER})\\le\\mathsf R", proof)
            assert chain and parse_printed_decimal(bounds["branch_radius"]) <= value(chain[1]) < value(chain[2])
            assert value(chain[2]) <= number(witness["radius"])
            slope = re.search(rf"p\^\{{\\mathsf H\}}q\}} \\in ({COMPACT}|{ENCLOSURE})\\quad", proof)
            real_part = stated(proof, r"\\lambda\(\\tilde\\gamma\)")
            assert slope and contains(parse_enclosure(slope[1]), bounds["window_slope"])
            assert contains(real_part, bounds["real_part"])
            ends = [-re_part / rate for re_part in real_part for rate in parse_enclosure(slope[1])]
            step = printed_bound(proof, "by at most \\$")
            assert max(map(abs, ends)) <= step < half_width
        else:
            radius = re.search(r"within the distance \$2\^\{(-\d+)\}\$", theorem)
            assert radius and Fraction(2) ** int(radius[1]) == parse_printed_decimal(claims["uniqueness_radius"])
            Y, Z = printed_bound(proof, r"\\mathsf E\\le"), printed_bound(proof, r"\\mathsf L\\le")
            assert parse_printed_decimal(bounds["Y"]) <= Y and parse_printed_decimal(bounds["Z"]) <= Z < 1
            assert ("also for these printed bounds" in proof) == (Y + Z * number(witness["R"]) <= number(witness["R"]))
            assert parse_printed_decimal(bounds["r_min"]) <= printed_bound(proof, r"\\mathsf E/\(1-\\mathsf L\)\\le")


def test_bounds_too_coarse_for_the_printed_step_are_not_used(diagonal_newton: Result, two_layers: Result) -> None:
    certificate = json.loads(json.dumps(two_layers.points["hopf-0001"]))
    certificate["bounds"]["real_part"] = ["-1", "1"]
    point = shown(two_layers, certificate)
    assert point.newton_step is None
    certificate = json.loads(json.dumps(diagonal_newton.points["hopf-0001"]))
    certificate["bounds"]["Y"] = "0.1"
    point = shown(diagonal_newton, certificate)
    assert not point.contracts


def test_an_incomplete_summary_claims_no_more_than_its_pieces(two_layers: Result) -> None:
    branch, summary = (json.loads(json.dumps(document)) for document in (two_layers.branch, two_layers.summary))
    branch["claims"]["complete"] = False
    branch["claims"]["unsettled"] = [
        {"interval": ["-0.8", "-0.7"], "reason": "50% & more", "code": "axis-not-clear"},
        {"interval": ["-0.7", "-0.65"], "reason": "50% & more", "code": "axis-not-clear"},
        {"interval": ["-0.6", "-0.5"], "reason": "50% & more", "code": "axis-not-clear"},
    ]
    general = {derive_field: derive_network(two_layers.problem)}
    made = render_documents(altered(two_layers, branch, summary=summary), general)
    tex = made["summary.tex"].decode("ascii")
    theorem = tex[tex.index(r"\begin{theorem}") : tex.index(r"\end{theorem}")]
    assert "exactly one Hopf" not in theorem and "not claimed that the branch continues" in theorem
    items = [line for line in tex.splitlines() if line.startswith(r"\item $\gamma")]
    assert len(items) == 2 and all(r"50\% \& more" in item for item in items)  # neighbours are one item


def test_enclosures_share_rows_as_they_fit() -> None:
    short, long = [rf"\in 1.23_{{{k}}}^{{6}}" for k in range(1, 5)], [r"\in [0.12345678901, 0.12345678902]"] * 3
    names = [f"x_{k}" for k in range(4)]
    assert r"\\" not in rows(names, short) and rows([], short + short[:1]).split(r" \\")[1].count("&") == 3
    assert rows(names[:3], long).count(r"\\") == 1
    assert rows([], ["1_{2}^{3}"], ",") == "\\[\n  \\begin{aligned}\n    &1_{2}^{3},\n  \\end{aligned}\n\\]"


def test_the_trivial_branch_has_no_tube(diagonal_newton: Result) -> None:
    spectral = prove(load(PAPER / "n6-seed90-diagonal.toml"))
    tex = rendered(spectral)["points/hopf-0001.tex"]
    assert "$x=0$ is an equilibrium for every" in tex and "Lemma~T" not in tex and "tube" not in tex
    assert "Consider the equilibria $x=0$" in rendered(diagonal_newton)["summary.tex"]


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
        shown(two_layers, certificate)


def test_a_title_injects_nothing(two_layers: Result) -> None:
    title = r"\input{/etc/passwd} $x_1$ % & # \end{document} ~ ^ {"
    problem = replace(two_layers.problem, title=title)
    general = {derive_field: derive_network(problem)}
    documents = render_documents(two_layers.bundle, general)
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
    again = api.prove(two_layers.problem, out, resume=True, check=False)
    assert again.points == two_layers.points and again.stopwatch.seconds == {}
    other = api.prove(two_layers.problem, out, resume=True, method="newton-kantorovich", check=False)
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
    latex = render_derivation(derive_network(problem))
    assert "problem.json" not in latex  # there is no bundle
    assert r"\arctan {z}" in latex and r"\Sigma''" in latex and r"\ell_1" in latex and latex.isascii()
    two = network_text(derive_network(load(PAPER / "n6-seed80-off-diagonal.toml")))
    assert "e_4 e_3ᵀ" in two and "0.01" not in two.split("W_1⁰")[0].replace("1/100", "")


def test_the_weight_radius_is_stated() -> None:
    problem = replace(load(PAPER.parent / "examples" / "rate-rnn.toml"), weight_radius=Fraction(1, 10**7))
    result = prove(problem)
    assert result.proved
    text = rendered(result)["points/hopf-0001.tex"]
    assert "known only up to $10^{-7}$" in text or "known only up to $1\\cdot 10^{-7}$" in text
    assert "For every network in the box" in text
