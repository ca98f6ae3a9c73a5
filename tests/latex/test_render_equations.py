"""Certificates of fields given by equations: what is printed follows from the JSON, and no name becomes TeX."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ordinary import some
from test_equations_derivation import GOODWIN, LARGE, TEXTBOOK, field_of
from test_render import HOSTILE, _compiled_log, contains, needs_tex, stated
from test_render_general import printed_bound
from typed import altered, bundle_of

from proofgen import api
from proofgen.bundle.equations import read_equations
from proofgen.bundle.kinds import read_point
from proofgen.bundle.problem import describe
from proofgen.bundle.read import load_bundle
from proofgen.bundle.schema import first_error, validate
from proofgen.documents import Layout, make_documents
from proofgen.errors import InputError
from proofgen.formulas.equations import derive_equations
from proofgen.formulas.kinds import derive_field
from proofgen.latex.documents import render_derivation, render_documents
from proofgen.latex.hopf_point import normal_form_coefficient
from proofgen.latex.letters import unmarked
from proofgen.latex.window import window_point
from proofgen.numbers.exact import parse_printed_decimal
from proofgen.problem.equations import EquationsProblem
from proofgen.spec.load import load, load_text
from proofgen.strategy.result import Result
from proofgen.strategy.run import prove

Json = dict[str, Any]
METHODS = [("lorenz", "spectral"), ("brusselator", "newton-kantorovich"), ("van-der-pol", "spectral"),
           ("fitzhugh-nagumo", "spectral")]  # fmt: skip


def run(name: str, method: str = "spectral") -> Result:
    return prove(load(TEXTBOOK / f"{name}.toml"), method=method)


@pytest.fixture(scope="module")
def lorenz() -> Result:
    return run("lorenz")


@pytest.fixture(scope="module", params=METHODS, ids=lambda pair: "-".join(pair))
def result(request: pytest.FixtureRequest) -> Result:
    return run(*request.param)


def rendered(result: Result, **options: Any) -> dict[str, str]:
    assert isinstance(result.problem, EquationsProblem)
    documents = render_documents(
        result.bundle, {derive_field: derive_equations(result.problem)}, **options,
    )  # fmt: skip
    return {name: content.decode("ascii") for name, content in documents.items()}


@pytest.mark.parametrize("name", ["lorenz", "fitzhugh-nagumo"])
def test_golden_certificate_and_summary(
    name: str, golden: Callable[[str, str], None], request: pytest.FixtureRequest
) -> None:
    """Rendered from stored documents, as in `test_render_general`."""
    problem = load(TEXTBOOK / f"{name}.toml")
    stored = Path(__file__).parents[1] / "golden" / "latex" / f"{name}-documents.json"
    if request.config.getoption("--update"):
        fresh = prove(problem)
        summary = {**fresh.summary, "timing": {}, "versions": {}}
        documents = [fresh.problem_document, fresh.branch, fresh.points, summary]
        stored.write_text(json.dumps(documents, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    made = render_documents(bundle_of(problem, *json.loads(stored.read_text(encoding="utf-8"))), {derive_field: derive_field(problem)})
    golden(f"latex/{name}-hopf-0001.tex", made["points/hopf-0001.tex"].decode("ascii"))
    golden(f"latex/{name}-summary.tex", made["summary.tex"].decode("ascii"))


@pytest.mark.parametrize("style", ["compact", "interval"])
def test_the_printed_text_proves_the_statement(result: Result, style: str) -> None:
    """Numbers parsed back from the LaTeX contain the claims, with the variables' own names."""
    made = rendered(result, style=style)
    d = derive_equations(result.problem)  # type: ignore[arg-type]
    gamma = re.escape(unmarked(d.parameter))
    for name, certificate in result.points.items():
        tex, claims, bounds = made[f"points/{name}.tex"], certificate["claims"], certificate["bounds"]
        theorem = tex[tex.index(r"\begin{theorem}") : tex.index(r"\end{theorem}")]
        proof = tex[tex.index(r"\section{Proof") :]
        assert contains(stated(theorem, rf"{gamma}\^\*"), claims["parameter"])
        assert contains(stated(theorem, r"(?<!=)\\omega"), claims["omega"])
        speed, ell1 = stated(theorem, rf"\\lambda\({gamma}\^\*\)"), stated(theorem, r"\\ell_1")
        assert contains(speed, claims["crossing_speed"]) and not speed[0] <= 0 <= speed[1]
        assert contains(ell1, claims["first_lyapunov_coefficient"])
        assert ell1[1] < 0 if claims["criticality"] == "supercritical" else ell1[0] > 0
        trivial = all(entry == ["0", "0"] for entry in claims["equilibrium"])
        for latex, entry in zip(map(unmarked, d.names), [] if trivial else claims["equilibrium"], strict=trivial is False):
            assert contains(stated(theorem, rf"{re.escape(latex)}&?"), entry)
        assert printed_bound(proof, r"\\mathsf r\\le") >= parse_printed_decimal(bounds["rho"])
        for index, term in enumerate(bounds["terms"], start=1):
            assert contains(stated(proof, rf"\\mathsf t_{index}"), term)


@pytest.mark.parametrize("style", ["compact", "interval"])
def test_the_normal_form_coefficient(result: Result, style: str) -> None:
    """Re c_1 = ω ℓ1: the printed interval contains all products, and has their sign."""
    for name, certificate in result.points.items():
        ends = [
            tuple(map(parse_printed_decimal, certificate["claims"][key])) for key in ("omega", "first_lyapunov_coefficient")
        ]
        low, high = normal_form_coefficient(*ends)  # type: ignore[arg-type]
        products = [w * lyapunov for w in ends[0] for lyapunov in ends[1]]
        assert (low, high) == (min(products), max(products)) and low * high > 0
        printed = stated(rendered(result, style=style)[f"points/{name}.tex"], r"\\operatorname\{Re\}c_1")
        assert printed[0] <= low and high <= printed[1] and printed[0] * printed[1] > 0


def test_known_values_of_re_c1() -> None:
    """Brusselator with A = 1 at B = 2: ω = 1, ℓ1 = −1/2 with qᴴq = 1."""
    certificate = run("brusselator").points["hopf-0001"]["claims"]
    low, high = normal_form_coefficient(
        *(tuple(map(parse_printed_decimal, certificate[key])) for key in ("omega", "first_lyapunov_coefficient"))  # type: ignore[arg-type]
    )
    assert low <= Fraction(-1, 2) <= high and high - low < Fraction(1, 10**6)


def letters_of_the_proof(tex: str) -> set[str]:
    """Letters and Greek commands of its formulas that are not sans serif; not those of words in them and of n_u, n_s."""
    proof = tex[tex.index(r"\section{Proof") : tex.index(r"\section{How to check")]
    formulas = re.findall(r"\$(.+?)\$|\\\[(.+?)\\\]|\\begin\{equation\}(.+?)\\end\{equation\}", proof, re.DOTALL)
    text = " ".join("".join(parts) for parts in formulas)
    text = re.sub(r"\\(mathsf|operatorname|mathbf|text|label|quad|begin|end)\s?(\{[^}]*\}|[A-Za-z])?|n_[us]\b", " ", text)
    return set(re.findall(r"\\(?:sigma|beta|rho|mu|eta|delta)\b|(?<![\\A-Za-z])[A-Za-z](?![A-Za-z])", text))


def test_no_letter_of_a_model_means_something_else(lorenz: Result) -> None:
    """Lorenz's parameter is ρ; Hodgkin's and Huxley's variables V, m, h and n do not occur in the proof at all."""
    found = letters_of_the_proof(rendered(lorenz)["points/hopf-0001.tex"])
    assert r"\rho" in found and "q" in found and not found & {r"\sigma", r"\beta", "y", "z"}
    for bundle in ("hodgkin-huxley", "hodgkin-huxley-newton-kantorovich"):
        path = TEXTBOOK.parent / "certificates" / bundle
        made = make_documents(load_bundle(path), Layout(), lambda name, path=path: (path / name).read_bytes())  # type: ignore[misc]
        found = letters_of_the_proof(made["points/hopf-0001.tex"].decode())
        assert "J" in found and not found & {"V", "m", "h", "n"}


def test_completeness_is_the_summary_s_theorem(lorenz: Result) -> None:
    """With the equilibrium where the branch begins."""
    made = rendered(lorenz)
    tex, start = made["points/hopf-0001.tex"], lorenz.branch["claims"]["start"]
    after = tex[tex.index(r"\end{corollary}") : tex.index(r"\section{Derivation}")]
    assert "By Theorem~1 of the summary of this run" in after and "the only Hopf point on the branch" in after
    for name, entry in zip("xyz", start, strict=True):
        assert contains(stated(after, name), entry)
    assert "exactly one Hopf bifurcation" in made["summary.tex"]
    branch = copy.deepcopy(lorenz.branch)
    branch["claims"]["start"] = None  # of a bundle by another hand
    problem = {derive_field: derive_equations(lorenz.problem)}  # type: ignore[arg-type]
    made_anew = render_documents(altered(lorenz, branch), problem)
    assert b"that begins" not in made_anew["points/hopf-0001.tex"]
    branch["claims"]["complete"] = False
    open_ = render_documents(altered(lorenz, branch), problem)["points/hopf-0001.tex"]
    assert b"not claimed that there are no others" in open_ and b"By Theorem~1 of the summary" not in open_


def test_the_appendix_proves_what_the_proof_quotes(result: Result, lorenz: Result) -> None:
    for made in (result, lorenz):
        for tex in (text for name, text in rendered(made).items() if name.startswith("points/")):
            text, appendix = tex.split(r"\section*{Appendix")
            quoted = set(re.findall(r"(?:Theorem|Lemma)~([A-Z])\b", text)) | set(re.findall(r"Lemmas ([A-Z])", text))
            stated = re.findall(r"\\textbf\{(?:Theorem|Lemma) ([A-Z])\}", appendix)
            assert {"A", "B"} <= quoted <= set(stated)
            for part in re.split(r"\\textbf\{(?:Theorem|Lemma) [A-Z]\}", appendix)[1:]:
                assert r"\emph{Proof.}" in part and r"\qed" in part


def test_every_certificate_states_its_normalisation(result: Result, lorenz: Result) -> None:
    for tex in (text for name, text in rendered(result).items() if name.startswith("points/")):
        for words in ("Kuznetsov", "MatCont", "PyDSTool", "BifurcationKit", r"\operatorname{Re}G_{21}/(2\omega)"):
            assert words in tex


def test_it_speaks_of_a_system(result: Result) -> None:
    for tex in rendered(result).values():
        plain = re.sub(r"\\(label|eqref|ref)\{\w+\}", "", tex)
        body = plain[: plain.index(r"\begin{thebibliography}")]
        assert not re.search(r"network|neuron|layer|weight|bias|activation|recurrent", body)
        cited = set(re.findall(r"\w+", " ".join(re.findall(r"\\cite(?:\[[^]]*\])?\{([^}]*)\}", tex))))
        assert cited <= set(re.findall(r"\\bibitem\{(\w+)\}", tex))
        assert ("KQ" in cited) == (r"\bibitem{KQ}" in tex) == ("Newton--Kantorovich" in tex)


@cache
def large_derivations() -> list[str]:
    return [render_derivation(derive_equations(problem)) for problem in LARGE.values()]


def test_no_python_in_the_text(result: Result) -> None:
    no_python(rendered(result).values())


@pytest.mark.slow
def test_no_python_in_large_derivations() -> None:
    no_python(large_derivations())


def no_python(texts: Iterable[str]) -> None:
    for text in texts:
        assert not re.search(r"None|Fraction\(|\bTrue\b|\bFalse\b|\[\+/-|\*\*|sqrt\(|exp\(\d|<<|>>|<%|%>", text)
        assert text.isascii()


def test_a_title_injects_nothing(lorenz: Result) -> None:
    problem = replace(lorenz.problem, title=HOSTILE)
    bundle = replace(lorenz.bundle, file=replace(lorenz.bundle.file, problem=problem))
    for text in rendered(replace(lorenz, bundle=bundle)).values():
        assert r"\input{" not in text and text.count(r"\end{document}") == 1
        assert r"\textbackslash{}input\{/etc/passwd\}" in text


def test_names_inject_nothing() -> None:
    names = ["input", "end_document", "x__", "immediate_", "write18", "e", "i", "lambda_", "undefined", "N" + "a" * 28]
    problem = field_of(names, [f"{name}*gamma - 1" for name in names])
    text = render_derivation(derive_equations(problem))
    commands = set(re.findall(r"\\([A-Za-z]+)", text[text.index(r"\begin{document}") :]))
    assert not commands & {"input", "immediate", "write", "undefined", "lambda", "in"} - {"lambda", "in"}
    assert r"{\mathtt{end\_document}}" in text or r"{\mathrm{end}}_{\mathrm{document}}" in text


SYSTEMS = {
    **{name: (lambda problem=problem: problem) for name, problem in LARGE.items()},  # type: ignore[misc]
    "huxley": lambda: load(TEXTBOOK / "hodgkin-huxley.toml"),
    "names": lambda: field_of(
        ["x1", "x_1", "V_membrane_total", "lambda_"],
        ["A*e*exp(x1) + omega - B**2", "x_1*gNa_K/alpha_1", "u_*V_membrane_total + DNA", "lambda_ - p*x_1**(-2)**2"],
        [("A", "1.50"), ("e", "2"), ("omega", "1e-12"), ("gNa_K", "3.0000001"), ("alpha_1", "1/3"), ("DNA", "2**0.5"),
         ("p", "1"), ("u_", "2")], parameter="B", title=HOSTILE,
    ),
    "digits": lambda: field_of(
        ["x", "y"],
        ["1." + "123456789" * 40 + "*x + gamma",
         "y - " + "9" * 120 + "*x*y*exp(-((x + y)/(1 + x**2 + y**2))**3*(x - 1)/(x + 2))**3/(1 + exp(-((x + y)/(1 + x**2))**3)"
         " + x**2*y**3*gamma + sin(x*y)*cos(x + y)*tanh(x*gamma))"], [("k", "8" * 200), ("l", "1/k + 7**0.25*" + "k*" * 40 + "3")],
    ),
}  # fmt: skip


ORDINARY = ("nested", "numbers", "constants")  # the others take seconds each


@needs_tex
@pytest.mark.parametrize("name", [pytest.param(name, marks=() if name in ORDINARY else pytest.mark.slow) for name in SYSTEMS])
def test_derivations_compile_without_overfull_lines(name: str, tmp_path: Path) -> None:
    log = _compiled_log(render_derivation(derive_equations(SYSTEMS[name]())), tmp_path / "a")
    assert "Overfull" not in log and "undefined" not in log


@needs_tex
@pytest.mark.parametrize(("name", "method"), some(METHODS, 0, [("van-der-pol", "spectral")]))
def test_certificates_compile_without_overfull_lines(name: str, method: str, tmp_path: Path) -> None:
    made = rendered(run(name, method))
    for path in ("summary.tex", "points/hopf-0001.tex"):
        log = _compiled_log(made[path], tmp_path / Path(path).stem)
        assert "Overfull" not in log and "undefined" not in log
        pages = re.search(r"\((\d+) pages?,", log)
        assert pages and int(pages[1]) <= 4


@needs_tex
def test_bodies_compile_in_another_document(lorenz: Result, tmp_path: Path) -> None:
    body = rendered(lorenz, bodies=True)["points/hopf-0001.tex"]
    frame = "\\documentclass{article}\n\\usepackage{amsmath,amssymb,amsthm}\n\\newtheorem{theorem}{Theorem}\n" \
        "\\newtheorem{corollary}[theorem]{Corollary}\n\\begin{document}\n"  # fmt: skip
    assert r"\documentclass" not in body
    _compiled_log(frame + body + "\n\\end{document}\n", tmp_path / "a")


def test_a_large_system_may_break_over_pages() -> None:
    text = render_derivation(derive_equations(LARGE["forty"]))
    assert r"\allowdisplaybreaks" in text and text.count(r"\label{network}") == 1
    huge = field_of(["x", "y"], ["+".join(f"sin({k}*x)*cos({k}*y)" for k in range(400))] * 2)
    assert "too long to be printed here" in render_derivation(derive_equations(huge))


# --- reading bundles ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(path.stem for path in TEXTBOOK.glob("*.toml")))
def test_problem_documents_are_read_back(name: str) -> None:
    problem = load(TEXTBOOK / f"{name}.toml")
    document = describe(problem)[1].document
    validate("problem", document)
    read = read_equations(document)
    assert derive_equations(read) == derive_equations(problem)  # type: ignore[arg-type]
    keys = ("title", "variables", "equations", "constants", "definitions", "interval", "parameter_name")
    assert all(getattr(read, key) == getattr(problem, key) for key in keys)


def test_bundles_are_read_back(lorenz: Result, tmp_path: Path) -> None:
    api.render(lorenz, tmp_path / "bundle")
    bundle = load_bundle(tmp_path / "bundle")
    assert bundle.file.document == lorenz.problem_document and bundle.points == lorenz.bundle.points
    assert bundle.branch == lorenz.bundle.branch
    made = render_documents(bundle, {derive_field: derive_field(bundle.problem)})
    assert {name: text.decode() for name, text in made.items()} == rendered(lorenz)


@pytest.mark.parametrize(
    ("change", "fragment"),
    [
        (lambda d: d["equations"].append("x"), "dimension"),
        (lambda d: d["variables"].pop(), "variables"),
        (lambda d: d["variables"].__setitem__(0, "y"), "variables"),
        (lambda d: d["variables"].__setitem__(0, "sigma"), "constants"),
        (lambda d: d["variables"].__setitem__(0, "exp"), "function"),
        (lambda d: d["variables"].__setitem__(0, "lambda"), "reserved"),
        (lambda d: d["variables"].__setitem__(0, r"\input"), "variables"),
        (lambda d: d["variables"].__setitem__(0, "x\n"), "variables"),
        (lambda d: d["variables"].__setitem__(0, "x" * 31), "variables"),
        (lambda d: d["parameter"].update(name="x"), "variables"),
        (lambda d: d["parameter"].update(interval=["1", "1"]), "LO < HI"),
        (lambda d: d["parameter"].update(interval=["2", "1"]), "LO ≤ HI"),
        (lambda d: d["parameter"].update(interval=None), "interval"),
        (lambda d: d["parameter"].update(interval=["nan", "1"]), "interval"),
        (lambda d: d["equations"].__setitem__(0, "__import__('os')"), "equations[1]"),
        (lambda d: d["equations"].__setitem__(0, "x.real"), "equations[1]"),
        (lambda d: d["equations"].__setitem__(0, "q"), "unknown name"),
        (lambda d: d["equations"].__setitem__(0, "x +\ny"), "equations"),
        (lambda d: d["equations"].__setitem__(0, "x" + "+x" * 6000), "equations"),
        (lambda d: d["equations"].__setitem__(0, "(" * 101 + "x" + ")" * 101), "nesting"),
        (lambda d: d["equations"].__setitem__(0, "1/0"), "smooth"),
        (lambda d: d["equations"].__setitem__(0, 3), "equations"),
        (lambda d: d["constants"][0].update(expression="x"), "constants.sigma"),
        (lambda d: d["constants"][0].update(value="1"), "constants"),
        (lambda d: d["constants"].extend([{"name": "k", "expression": "1"}] * 501), "constants"),
        (lambda d: d["definitions"].append({"name": "s", "expression": "s"}), "definitions.s"),
        (lambda d: d.update(dimension=2), "dimension"),
        (lambda d: d.update(title="x" * 501), "title"),
        (lambda d: d.update(layers=[]), "layers"),
        (lambda d: d.pop("constants"), "constants"),
    ],
)
def test_malformed_problems_are_one_message(lorenz: Result, change: Callable[[Json], object], fragment: str) -> None:
    document = copy.deepcopy(lorenz.problem_document)
    change(document)
    with pytest.raises(InputError) as caught:
        read_equations(document)
    assert fragment in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("file", "change", "fragment"),
    [
        ("problem.json", lambda d: d.update(format="proofgen-problem"), "dimension|layers|leak|arrays"),
        ("problem.json", lambda d: d.update(format="proofgen"), "format"),
        ("problem.json", lambda d: d.update(version=True), "version"),
        ("branch.json", lambda d: d.update(method="zero-branch"), "method"),
        ("points/hopf-0001.json", lambda d: d.update(method="zero-branch"), "method"),
    ],
)
def test_malformed_bundles_are_one_message(
    tmp_path: Path, lorenz: Result, file: str, change: Callable[[Json], object], fragment: str
) -> None:
    api.render(lorenz, tmp_path / "bundle")
    path = tmp_path / "bundle" / file
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    with pytest.raises(InputError, match=fragment):
        load_bundle(tmp_path / "bundle")


def test_the_schema_is_chosen_by_the_format(lorenz: Result) -> None:
    assert first_error("problem", lorenz.problem_document) is None
    assert first_error("problem", {**lorenz.problem_document, "format": "proofgen-problem"}) is not None
    with pytest.raises(AssertionError, match="problem"):
        validate("problem", {**lorenz.problem_document, "leak": None})


@pytest.mark.parametrize(("key", "wrong"), [("first_lyapunov_coefficient", ["-1", "1"]), ("omega", ["-1", "1"])])
def test_a_statement_that_does_not_follow_is_not_printed(lorenz: Result, key: str, wrong: object) -> None:
    certificate = json.loads(json.dumps(lorenz.points["hopf-0001"]))
    certificate["claims"][key] = wrong
    with pytest.raises(InputError):
        window_point(read_point(certificate, "equations"), lorenz.bundle.branch, 1, 1, derive_field(lorenz.problem), "compact")  # type: ignore[arg-type]


def test_many_variables_are_not_all_listed() -> None:
    text = render_derivation(derive_equations(GOODWIN))
    assert r"x = (x_{1}, x_{2}, \dots, x_{12})" in text


def test_specs_may_hold_any_title() -> None:
    spec = "title = '''$x^2$ \\\\end{document}'''\n" + '[network]\nfamily = "equations"\nvariables = ["x", "y"]\n' \
        'equations = ["gamma*x - y - x**3", "x + gamma*y"]\n[parameter]\ninterval = ["-1", "1"]\n'  # fmt: skip
    text = render_derivation(derive_equations(load_text(spec)))  # type: ignore[arg-type]
    assert text.count(r"\end{document}") == 1
