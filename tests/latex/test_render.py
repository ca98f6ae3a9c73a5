"""Certificates in LaTeX: what is printed follows from the JSON, and nothing in a spec becomes TeX."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ordinary import some
from typed import altered, bundle_of

from proofgen.api import prove, render_directory
from proofgen.bundle.read import load_bundle
from proofgen.errors import InputError
from proofgen.formulas.one_layer import derive
from proofgen.latex import numbers as nb
from proofgen.latex import pdf
from proofgen.latex.documents import environment, render_documents
from proofgen.latex.numbers import enclosure, lower_bound, upper_bound
from proofgen.latex.pdf import Engine, compile_pdf, find_engine
from proofgen.latex.text import cardinal, counted, escape, ordinal
from proofgen.numbers.decimals import floor_log10
from proofgen.numbers.exact import parse_decimal
from proofgen.spec.load import load, load_text
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove as run

PAPER = Path(__file__).parents[2] / "proofs" / "paper"
HOSTILE = r"\input{/etc/passwd} $x$ 100% #1 & a_b^c ~ {\bf } \end{document} é γ 中 ^^5c"
SPEC = """
title = '''{title}'''
[network]
family = "asymmetric-rnn"
activation = "{activation}"
random = {{ generator = "matlab", seed = 80, dimension = {n}, perturbation = "0.1" }}
{more}
"""
ANTISYMMETRIC = """
title = "no perturbation"
[network]
family = "asymmetric-rnn"
R1 = [["0","1","2"],["0","0","1"],["0","0","0"]]
"""


def documents(result: Result, **options: Any) -> dict[str, str]:
    made = render_documents(
        result.bundle, {derive: derive(result.problem)}, **options
    )
    return {path: data.decode("ascii") for path, data in made.items()}


def spec(title: str = "a network", activation: str = "tanh", n: int = 4, more: str = "") -> Result:
    return run(load_text(SPEC.format(title=title, activation=activation, n=n, more=more)))


@pytest.fixture(scope="module")
def n4() -> Result:
    return run(load(PAPER / "n4-printed.toml"))


@pytest.fixture(scope="module")
def silu() -> Result:
    return spec(
        activation="silu",
        n=6,
        more='bias = ["0.1","0.2","-0.3","0.4","0.05","-0.123456"]\n[parameter]\nname = "leak_rate"',
    )


@pytest.fixture(scope="module")
def box() -> Result:
    return spec(n=20, more='[proof]\nweight_radius = "1e-9"')


# --- numbers: parsed back, independently of how they were made ------------------------------------

NUMBER = r"-?\d+(?:\.\d*)?(?:\\cdot 10\^\{-?\d+\})?"
COMPACT = r"-?\d+\.\d*_\{\d+\}\^\{\d+\}(?:\\cdot 10\^\{-?\d+\})?"
ENCLOSURE = rf"(?:{COMPACT}|\[{NUMBER},\\, {NUMBER}\]|{NUMBER} \\pm {NUMBER}|{NUMBER})"


def value(text: str) -> Fraction:
    head, _, power = text.partition(r"\cdot 10^")
    return Fraction(head) * Fraction(10) ** int(power.strip("{}") or 0)


def parse_enclosure(text: str) -> tuple[Fraction, Fraction]:
    """The interval that a reader of the printed enclosure understands."""
    if match := re.fullmatch(rf"\[({NUMBER}),\\, ({NUMBER})\]", text):
        return value(match[1]), value(match[2])
    if match := re.fullmatch(rf"({NUMBER}) \\pm ({NUMBER})", text):
        return value(match[1]) - value(match[2]), value(match[1]) + value(match[2])
    if match := re.fullmatch(r"(-?\d+\.\d*)_\{(\d+)\}\^\{(\d+)\}(.*)", text):
        return value(match[1] + match[2] + match[4]), value(match[1] + match[3] + match[4])
    return value(text), value(text)


decimals = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**9)
scales = st.integers(min_value=-40, max_value=20)


@given(
    decimals,
    st.fractions(min_value=0, max_value=1000, max_denominator=10**9),
    scales,
    scales,
    st.sampled_from(nb.STYLES),
)
def test_enclosures_are_rounded_outward(x: Fraction, width: Fraction, a: int, b: int, style: str) -> None:
    lower = x * Fraction(10) ** a
    upper = lower + width * Fraction(10) ** b
    printed = enclosure(lower, upper, style=style)
    assert parse_enclosure(printed.latex) == (printed.lower, printed.upper)
    assert printed.lower <= lower <= upper <= printed.upper
    size = max(abs(lower), abs(upper))
    if size:
        widest = 100 * max(upper - lower, Fraction(10) ** (floor_log10(size) - nb.DIGITS + 1))
        assert printed.upper - printed.lower <= (upper - lower) + widest


@pytest.mark.parametrize("style", nb.STYLES)
@pytest.mark.parametrize(("low", "high"), [("1.062933722307349745", "1.062933722307349959"), ("-0.100000003", "-0.099999997")])
def test_hardly_wider_than_what_it_must_lie_in(low: str, high: str, style: str) -> None:
    """Ends that share no digits are printed as m ± r, with as many digits as are needed."""
    ends = parse_decimal(low), parse_decimal(high)
    room = (ends[1] - ends[0]) / 10**4
    printed = enclosure(*ends, lambda lower, upper: ends[0] - room <= lower and upper <= ends[1] + room, style=style)
    assert ends[0] - room <= printed.lower <= ends[0] and ends[1] <= printed.upper <= ends[1] + room



@given(decimals, scales)
def test_bounds_are_rounded_to_the_safe_side(x: Fraction, a: int) -> None:
    x = x * Fraction(10) ** a
    up, low = upper_bound(x), lower_bound(x)
    assert low.upper <= x <= up.lower
    assert value(up.latex) == up.upper and value(low.latex) == low.lower


def test_digits_are_added_until_the_printed_statement_is_true() -> None:
    lower, upper = Fraction(1, 10**20), Fraction(1)
    assert enclosure(lower, upper, nb.positive).lower > 0
    assert enclosure(Fraction(-1), -lower, nb.nonzero).upper < 0
    assert upper_bound(Fraction(99999, 100000), nb.below_one).upper < 1
    with pytest.raises(InputError):
        enclosure(Fraction(-1), Fraction(1), nb.nonzero)
    with pytest.raises(InputError):
        upper_bound(Fraction(1), nb.below_one)


@pytest.mark.parametrize(
    ("lower", "upper", "latex"),
    [
        ("-0.1204288747988553", "-0.1204288747988410", "-0.12042887479_{9}^{8}"),
        ("1", "1", "1"),
        ("0", "0", "0"),
        ("0.5", "0.5", "0.5"),
        ("-12300000", "-12300000", "-12300000"),
        ("1.2e-13", "1.3e-13", r"1._{20}^{30}\cdot 10^{-13}"),
        ("-6.96001111e-5", "-6.96001108e-5", r"-6.960011_{11}^{08}\cdot 10^{-5}"),
        ("0.99999999999999528", "1.00000000000000521", r"1 \pm 5.3\cdot 10^{-15}"),
        ("-1e-15", "2e-15", r"[-1\cdot 10^{-15},\, 2\cdot 10^{-15}]"),
    ],
)
def test_printed_forms(lower: str, upper: str, latex: str) -> None:
    assert enclosure(parse_decimal(lower), parse_decimal(upper)).latex == latex


# --- the theorem follows from the certificate -----------------------------------------------------


def stated(tex: str, pattern: str) -> tuple[Fraction, Fraction]:
    """The enclosure after ``pattern`` (a regular expression), as printed."""
    match = re.search(rf"{pattern}&?\s*(?:= |\\in )({ENCLOSURE})(?![\d_^])", tex)
    assert match, pattern
    return parse_enclosure(match[1])


def contains(outer: tuple[Fraction, Fraction], inner: list[str]) -> bool:
    return outer[0] <= parse_decimal(inner[0]) and parse_decimal(inner[1]) <= outer[1]


@pytest.mark.parametrize(("network", "style"), some(product(["n4", "silu", "box"], nb.STYLES), 2, [("box", "compact")]))
def test_every_number_of_the_theorem_follows_from_the_certificate(
    network: str, style: str, request: pytest.FixtureRequest
) -> None:
    result: Result = request.getfixturevalue(network)
    for name, certificate in result.points.items():
        tex = documents(result, style=style)[f"points/{name}.tex"]
        claims, bounds = certificate["claims"], certificate["bounds"]
        theorem = tex[tex.index(r"\begin{theorem}") : tex.index(r"\end{theorem}")]
        corollary = tex[tex.index(r"\begin{corollary}") : tex.index(r"\end{corollary}")]
        assert contains(stated(theorem, r"\\gamma\^\*"), claims["parameter"])
        assert contains(stated(tex, r"parameter value \$\\gamma\^\*"), claims["parameter"])
        omega = stated(theorem, r"\\omega")
        assert contains(omega, claims["omega"]) and omega[0] > 0
        speed = stated(theorem, r"\\lambda\(\\gamma\^\*\)")
        assert contains(speed, claims["crossing_speed"]) and not speed[0] <= 0 <= speed[1]
        ell1 = stated(theorem, r"\\ell_1")
        assert contains(ell1, claims["first_lyapunov_coefficient"])
        assert ell1[1] < 0 if claims["criticality"] == "supercritical" else ell1[0] > 0
        assert claims["criticality"] in theorem
        gap = re.search(rf"\\rvert\\ge ({NUMBER})", theorem)
        assert gap and 0 < value(gap[1]) <= parse_decimal(claims["spectral_gap"])
        assert f"n_u={claims['unstable_eigenvalues']}$" in theorem and f"n_s={claims['stable_eigenvalues']}$" in theorem
        for index, entry in enumerate(claims["equilibrium"] if network == "silu" else [], start=1):
            assert contains(stated(theorem, re.escape(f"x_{{{index}}}")), entry)
        period = stated(corollary, r"2\\pi/\\omega")
        low, high = (parse_decimal(end) for end in claims["omega"])
        below, above = Fraction("3.14159265358979323846"), Fraction("3.14159265358979323847")
        assert period[0] * high <= 2 * below and 2 * above <= period[1] * low
        d, l1 = claims["crossing_speed"], claims["first_lyapunov_coefficient"]
        corners = [
            -parse_decimal(a) / (parse_decimal(b) * parse_decimal(c)) for a in d for b in claims["omega"] for c in l1
        ]
        amplitude = stated(corollary, r"\\ell_1\}")
        assert amplitude[0] <= min(corners) and max(corners) <= amplitude[1] and amplitude[0] * amplitude[1] > 0
        upper_bounds = [
            (r"\\mathsf r\\le", "rho"),
            (r"\\rVert_\\infty\\le", "norm_N"),
            (r"g_k\\le", "disc_radius"),
            (r"\\mathsf e_i\\le", "delta_right"),
            (r"\\mathsf e_i'\\le", "delta_left"),
            (r"q-1\\rvert\\le", "pq_defect"),
        ]
        for pattern, key in upper_bounds:
            proof = tex[tex.index(r"\emph{The eigenvalue.}") :]
            found = re.search(rf"{pattern}({NUMBER})", proof)
            assert found and value(found[1]) >= parse_decimal(bounds[key]), key
        for pattern, key in [
            (r"d_k-\\mathsf g_k\\ge", "isolation"),
            (r"g_j-\\mathsf g_k\\ge", "separation"),
            (r"b\(\\mathsf z\)\\ge", "resolvent_gap"),
        ]:
            found = re.search(rf"{pattern}({NUMBER})", tex)
            assert (found is None) == (bounds[key] is None)
            if found:
                assert 0 < value(found[1]) <= parse_decimal(bounds[key]), key
        assert contains(stated(tex, r"q\^\{\\mathsf H\}q"), bounds["q_norm_squared"])
        assert contains(stated(tex, r"\\operatorname\{Im\}S"), bounds["im_S"])
        assert contains(stated(tex, r"\\operatorname\{Re\}\\mathsf z"), bounds["eigenvalue"][0])
        assert contains(stated(tex, r"\\operatorname\{Im\}\\mathsf z"), bounds["eigenvalue"][1])


def test_uniqueness_in_the_enclosure_is_stated_only_where_it_follows(n4: Result) -> None:
    assert "only value in the stated enclosure" in documents(n4)["points/hopf-0001.tex"]
    points = copy.deepcopy(n4.points)
    points["hopf-0001"]["bounds"]["separation"] = "1e-30"
    made = render_documents(altered(n4, points=points), {derive: derive(n4.problem)})
    assert b"only value in the stated enclosure" not in made["points/hopf-0001.tex"]


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("omega", ["-1", "1"]), ("first_lyapunov_coefficient", ["-1", "1"]), ("crossing_speed", ["0", "1"])],
)
def test_a_claim_that_is_not_proved_is_not_printed(n4: Result, key: str, wrong: list[str]) -> None:
    points = copy.deepcopy(n4.points)
    points["hopf-0001"]["claims"][key] = wrong
    with pytest.raises(InputError):
        render_documents(altered(n4, points=points), {derive: derive(n4.problem)})


def test_consequences_in_words(n4: Result) -> None:
    made = documents(n4)
    first, second = made["points/hopf-0001.tex"], made["points/hopf-0002.tex"]
    assert "It exists for $\\gamma<\\gamma^*$" in first and "subcritical" in first  # (γ − γ*) d ℓ1 < 0, d > 0, ℓ1 > 0
    assert "It exists for $\\gamma>\\gamma^*$" in second
    assert "exponentially stable for $\\gamma<\\gamma^*$" in first
    assert "orbitally asymptotically stable" not in first
    assert "unstable in~$\\mathbf R^{4}$, because two eigenvalues" in second  # supercritical with n_u = 2
    assert "the first of exactly two Hopf points" in first and "the second of exactly two Hopf points" in second


def test_a_negative_slope_reverses_the_side() -> None:
    result = spec(activation="-tanh(z)")
    for name, certificate in result.points.items():
        tex = documents(result)[f"points/{name}.tex"]
        claims = certificate["claims"]
        assert claims["crossing_speed"] == ["-1", "-1"]
        side = "<" if claims["criticality"] == "supercritical" else ">"
        assert f"It exists for $\\gamma{side}\\gamma^*$" in tex
        assert "complex conjugates of these" in tex


# --- wording ------------------------------------------------------------------------------------


def test_golden_certificate_and_summary(
    n4: Result, golden: Callable[[str, str], None], request: pytest.FixtureRequest
) -> None:
    """Rendered from stored documents: the last digits of a new proof depend on the machine's LAPACK."""
    stored = Path(__file__).parents[1] / "golden" / "latex" / "n4-documents.json"
    if request.config.getoption("--update"):
        fresh = [n4.problem_document, n4.branch, n4.points, {**n4.summary, "timing": {}, "versions": {}}]
        stored.parent.mkdir(parents=True, exist_ok=True)
        stored.write_text(json.dumps(fresh, indent=1) + "\n", encoding="utf-8")
    made = render_documents(bundle_of(n4.problem, *json.loads(stored.read_text(encoding="utf-8"))), {derive: derive(n4.problem)})
    golden("latex/n4-hopf-0001.tex", made["points/hopf-0001.tex"].decode())
    golden("latex/n4-summary.tex", made["summary.tex"].decode())


def test_identifiers_stay_out_of_the_prose(n4: Result, silu: Result) -> None:
    for result in (n4, silu):
        for tex in documents(result).values():
            assert "hopf-" not in re.sub(r"\\texttt\{points/hopf-\d+\.json\}", "", tex)


def test_no_raw_python_and_no_long_numbers(n4: Result, silu: Result, box: Result) -> None:
    for result in (n4, silu, box):
        for tex in documents(result).values():
            prose = re.sub(r"\\texttt\{[^}]*\}", "", tex)
            assert not re.search(r"\d{20}", prose)
            for word in ("None", "True", "False", "Fraction", "<<", ">>", "<%", "nan"):
                assert word not in prose, word


def test_summary_states_exactly_what_is_proved() -> None:
    result = run(load(PAPER / "n50-seed120.toml"))
    tex = documents(result)["summary.tex"]
    assert "has exactly 24 Hopf bifurcations" in tex and "for all real $\\gamma$" in tex
    assert "has exactly two equilibrium lines" in tex and "further parameter value" not in tex
    table = tex[tex.index(r"\begin{longtable}") : tex.index(r"\end{longtable}")]
    rows = [line for line in table.splitlines() if re.match(r"\d+ & ", line)]
    assert len(rows) == 24
    hopf = [certificate for name, certificate in result.points.items() if name.startswith("hopf-")]
    for row, certificate in zip(rows, hopf, strict=True):
        _, parameter, omega, ell1, n_u, kind = (cell.strip(" $\\") for cell in row.split(" & "))
        claims = certificate["claims"]
        assert contains(parse_enclosure(parameter), claims["parameter"])
        assert contains(parse_enclosure(omega), claims["omega"])
        assert contains(parse_enclosure(ell1), claims["first_lyapunov_coefficient"])
        assert int(n_u) == claims["unstable_eigenvalues"] and kind == claims["criticality"]
    lines = tex[tex.rindex(r"\begin{longtable}") : tex.rindex(r"\end{longtable}")]
    rows = [line for line in lines.splitlines() if re.match(r"\d+ & ", line)]
    for row, crossing in zip(rows, result.branch["claims"]["real_crossings"], strict=True):
        assert contains(parse_enclosure(row.split(" & ")[1].strip(" $\\")), crossing)


def test_incomplete_runs_claim_no_completeness() -> None:
    result = run(load_text(ANTISYMMETRIC))
    assert not result.proved
    tex = documents(result)["summary.tex"]
    assert "exactly" not in tex[tex.index(r"\begin{theorem}") : tex.index(r"\end{theorem}")]
    assert "not proved to be complete" in tex and "What is not proved" in tex and "undecided" in tex


def test_incomplete_with_proved_points(n4: Result) -> None:
    branch, summary = copy.deepcopy(n4.branch), copy.deepcopy(n4.summary)
    branch["claims"]["complete"] = False
    branch["claims"]["points"] = branch["claims"]["points"][:1]
    branch["claims"]["unsettled"] = [{"interval": ["-0.02", "-0.01"], "reason": "50% of it & more", "code": "x"}]
    summary["points"][1] |= {"status": "undecided", "first_lyapunov_coefficient": None}
    points = {"hopf-0001": n4.points["hopf-0001"]}
    made = render_documents(altered(n4, branch, points, summary), {derive: derive(n4.problem)})
    tex, certificate = made["summary.tex"].decode(), made["points/hopf-0001.tex"].decode()
    assert "exactly" not in tex[tex.index(r"\begin{theorem}") : tex.index(r"\end{theorem}")]
    assert r"50\% of it \& more" in tex
    assert (
        "not claimed that there are no others" in certificate
        and "exactly" not in certificate.split(r"\end{abstract}")[0]
    )


def test_the_box_is_part_of_the_statement(box: Result, n4: Result) -> None:
    made = documents(box)["points/hopf-0001.tex"]
    assert "For every network in the box" in made and r"1\cdot 10^{-9}" in made and r"3\cdot 10^{-9}" in made
    assert "in the box" not in documents(n4)["points/hopf-0001.tex"]


def test_words() -> None:
    assert [ordinal(k) for k in (1, 2, 12, 13, 21, 22, 111, 113)] == [
        "first", "second", "twelfth", "13th", "21st", "22nd", "111th", "113th"
    ]  # fmt: skip
    assert cardinal(3) == "three" and cardinal(24) == "24"
    assert counted(1, "point") == "one point" and counted(2, "point") == "two points"


# --- untrusted text --------------------------------------------------------------------------------


@given(st.text(max_size=60))
def test_escaped_text_is_inert(text: str) -> None:
    escaped = escape(text)
    assert escaped.isascii() and "\n" not in escaped
    bare = escaped
    for harmless in (r"\{", r"\}", r"\$", r"\&", r"\#", r"\_", r"\%"):
        bare = bare.replace(harmless, "")
    assert not set(bare) & set("%#&") and "~" not in bare.replace(r"\~", "")
    assert bare.count("$") % 2 == 0 and bare.count("{") == bare.count("}")
    for command in re.findall(r"\\([a-zA-Z]+)", bare):
        assert command not in ("input", "include", "write", "catcode", "def", "end", "begin", "csname")


def test_a_title_never_injects_tex(tmp_path: Path) -> None:
    result = spec(title=HOSTILE)
    for tex in documents(result).values():
        assert r"\input" not in tex and r"\textbackslash{}input\{/etc/passwd\}" in tex
        assert r"\$x\$" in tex and r"100\%" in tex and r"\#1" in tex and "[U+4E2D]" in tex and r"$\gamma$" in tex
        assert tex.count(r"\end{document}") == 1 and "^^" not in tex


def test_templates_escape_by_default_and_refuse_undefined_names() -> None:
    assert environment().from_string("<< x >>").render(x=r"\a") == r"\textbackslash{}a"
    with pytest.raises(jinja2.UndefinedError):
        environment().from_string("<< missing >>").render()
    with pytest.raises(TypeError):
        environment().from_string("<< x >>").render(x=1.5)


# --- determinism, speed, bundles --------------------------------------------------------------------


def test_the_same_documents_give_the_same_bytes(n4: Result) -> None:
    summary = copy.deepcopy(n4.summary) | {"timing": {"total_seconds": 1}}
    again = render_documents(altered(n4, summary=summary), {derive: derive(n4.problem)})
    assert {path: data.decode() for path, data in again.items()} == documents(n4)


@pytest.mark.parametrize(
    ("versions", "printed"),
    [
        ({"sympy": "1.2", "numpy": "3", "python": HOSTILE, "flint": 4, "other": "5"}, r"SymPy~1.2, NumPy~3 and Python~"),
        ({}, None),
        (None, None),
        ([], None),
    ],
)
def test_versions_are_those_of_the_summary(n4: Result, versions: Any, printed: str | None) -> None:
    summary = n4.summary | {"versions": versions}
    made = render_documents(altered(n4, summary=summary), {derive: derive(n4.problem)})
    for data in made.values():
        assert (printed or "SymPy's") in data.decode() or "summary" in data.decode()
        assert r"\input{/etc" not in data.decode() and ("SymPy~" in data.decode()) == (printed is not None)


def test_bodies_without_preamble(n4: Result) -> None:
    body = documents(n4, bodies=True)["points/hopf-0001.tex"]
    assert r"\documentclass" not in body and r"\begin{theorem}" in body


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bundle") / "n20"
    prove(load(PAPER / "n20-seed80.toml"), out, check=False)
    return out


def test_a_bundle_is_rendered_again_from_its_files(bundle: Path) -> None:
    def digests() -> dict[str, str]:
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in bundle.rglob("*.tex")}

    before = digests()
    render_directory(bundle)
    assert digests() == before and len(before) == 11
    problem = load(PAPER / "n20-seed80.toml")
    again = load_bundle(bundle).problem
    terms = problem.layers[0].weights
    assert again.combine(terms).fractions() == problem.combine(terms).fractions() and again.layers == problem.layers


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("problem.json", '"dimension": 20', '"dimension": 21', "R1|bias|array"),
        ("problem.json", "arrays/R1.npy", "arrays/../../x.npy", "arrays/NAME.npy"),
        ("problem.json", '"weight_radius": "0"', '"weight_radius": 0.5', "floating"),
        ("problem.json", '"weight_radius": "0"', '"weight_radius": "-1"', "weight_radius"),
        ("problem.json", '"tanh"', '"relu"', "smooth"),
        ("problem.json", "{", "", "JSON"),
        ("branch.json", '"id": "hopf-0001"', '"id": "../../secret"', "hopf-0001"),
        ("branch.json", '"unsettled": []', '"unsettled": 3', "unsettled"),
        ("points/hopf-0001.json", '"omega"', '"omegas"', "omega"),
        ("points/hopf-0001.json", '"version": 1', '"version": 2', "version"),
        ("points/hopf-0001.json", '"spectral_gap": "', '"spectral_gap": "\\\\input', "spectral_gap"),
        ("summary.json", '"points"', '"dots"', "points"),
    ],
)
def test_malformed_bundles_are_refused(
    bundle: Path, tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    copied = tmp_path / "copy"
    shutil.copytree(bundle, copied)
    text = (copied / file).read_text(encoding="utf-8")
    assert old in text
    (copied / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message) as error:
        load_bundle(copied)
    assert str(copied) in str(error.value)


def test_missing_and_foreign_files_are_refused(bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="directory"):
        load_bundle(tmp_path / "nothing")
    with pytest.raises(InputError, match="missing"):
        load_bundle(tmp_path)
    copied = tmp_path / "copy"
    shutil.copytree(bundle, copied)
    secret = tmp_path / "secret.npy"
    (copied / "arrays/R1.npy").rename(secret)
    (copied / "arrays/R1.npy").symlink_to(secret)
    with pytest.raises(InputError, match=r"cannot be read|link"):
        load_bundle(copied)
    (copied / "arrays/R1.npy").unlink()
    (copied / "arrays/R1.npy").write_bytes(b"\x93NUMPY something else")
    with pytest.raises(InputError, match="SHA-256"):
        load_bundle(copied)


# --- PDF --------------------------------------------------------------------------------------------

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")


def test_without_an_engine_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="texlive-latex-recommended"):
        find_engine()


def _compiled_log(tex: str, directory: Path) -> str:
    import subprocess

    directory.mkdir()
    (directory / "a.tex").write_text(tex, encoding="ascii")
    for options in (["-draftmode"], []):  # the first run is for references
        command = ["pdflatex", *options, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
        finished = subprocess.run(command, cwd=directory, capture_output=True, timeout=900, check=False)
        assert finished.returncode == 0, finished.stdout[-3000:]
    return (directory / "a.log").read_text(encoding="latin-1")


@needs_tex
@pytest.mark.parametrize(
    "name",
    some(["n6-seed80", "hostile", "box", "undecided", "n4-printed", "n50-seed120", "silu", "n400-seed80"], 0, ["hostile", "undecided"]),
)
def test_documents_compile_without_overfull_lines(name: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    result = (
        spec(title=HOSTILE) if name == "hostile"
        else run(load_text(ANTISYMMETRIC)) if name == "undecided"
        else request.getfixturevalue(name) if name in ("silu", "box")
        else run(load(PAPER / f"{name}.toml"))
    )  # fmt: skip
    made = documents(result)
    for path in ["summary.tex", *[path for path in made if path != "summary.tex"][:1]]:
        log = _compiled_log(made[path], tmp_path / Path(path).stem)
        assert "Overfull" not in log and "undefined" not in log.replace("undefined control sequence", "")
        pages = re.search(r"\((\d+) pages?,", log)
        assert pages and int(pages[1]) <= (5 if path != "summary.tex" else 10)


@needs_tex
def test_pdfs_are_reproducible_and_errors_are_told(n4: Result, tmp_path: Path) -> None:
    made = documents(n4)
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "summary.tex").write_text(made["summary.tex"])
    seen: list[tuple[str, int, int]] = []
    paths = [tmp_path / folder / "summary.tex" for folder in ("one", "two")]
    first, second = compile_pdf(
        paths, 2, lambda *step: seen.append(step), Engine("pdflatex", shutil.which("pdflatex") or "")
    )
    assert first.read_bytes() == second.read_bytes() and first.read_bytes().startswith(b"%PDF")
    assert seen[0] == ("PDF", 0, 2) and seen[-1] == ("PDF", 2, 2)
    assert sorted(path.name for path in (tmp_path / "one").iterdir()) == ["summary.pdf", "summary.tex"]
    broken = tmp_path / "broken.tex"
    broken.write_text(r"\documentclass{article}\begin{document}\nosuchcommand\end{document}")
    with pytest.raises(InputError, match="Undefined control sequence"):
        compile_pdf([broken])
    assert not broken.with_suffix(".pdf").exists()


@pytest.mark.slow
@needs_tex
def test_a_shared_preamble_changes_nothing(n4: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many documents at once have the bytes that each has alone; one that is wrong is told as always."""
    monkeypatch.setattr(pdf, "FEWEST", 2)
    texts = {Path(path).name: tex for path, tex in documents(n4).items()}
    alone = tmp_path / "alone.tex"
    alone.write_text(texts["hopf-0001.tex"])
    many = [tmp_path / f"{number}.tex" for number in range(pdf.FEWEST)]
    for path in many:
        path.write_text(texts["hopf-0001.tex"])
    (expected,) = compile_pdf([alone])
    assert all(made.read_bytes() == expected.read_bytes() for made in compile_pdf(many, 2))
    many[0].write_text(texts["hopf-0001.tex"].replace(r"\maketitle", r"\nosuchcommand"))
    with pytest.raises(InputError, match="Undefined control sequence"):
        compile_pdf(many)


def test_the_short_checker_is_named_where_it_covers_the_bundle(n4: Result, silu: Result) -> None:
    for result in (n4, silu):
        assert all(r"check\_zero\_branch.py" in tex for tex in documents(result).values())
    expression = run(load_text(SPEC_OF_AN_EXPRESSION))
    assert expression.points and not any(r"zero\_branch" in tex for tex in documents(expression).values())
    newton = Path(__file__).parents[2] / "proofs" / "certificates" / "n6-seed80-newton-kantorovich"
    assert all(r"zero\_branch" not in path.read_text(encoding="utf-8") for path in newton.rglob("*.tex"))


SPEC_OF_AN_EXPRESSION = """
title = "a cubic"
[network]
family = "asymmetric-rnn"
activation = "z - z**3"
R1 = [["0", "0"], ["0", "0"]]
R2 = [["1.25", "-2"], ["1", "-0.75"]]
"""
