"""Vector fields from the literature that several tests use, as specs."""

from __future__ import annotations

from pathlib import Path

from proofgen.problem.equations import EquationsProblem
from proofgen.spec.load import load, load_text

TEXTBOOK = Path(__file__).parent.parent / "proofs" / "textbook"


def spec(
    variables: str, equations: str, interval: str, *, constants: str = "{}", parameter: str = "gamma", more: str = "",
    proof: str = "",
) -> str:  # fmt: skip
    """The text of a spec; lists as TOML, variables and equations separated by semicolons."""
    names = ", ".join(f'"{name.strip()}"' for name in variables.split(";"))
    texts = ", ".join(f'"{text.strip()}"' for text in equations.split(";"))
    ends = ", ".join(f'"{end.strip()}"' for end in interval.split(","))
    return (
        f'[network]\nfamily = "equations"\nvariables = [{names}]\nconstants = {constants}\nequations = [{texts}]\n{more}\n'
        f'[parameter]\nname = "{parameter}"\ninterval = [{ends}]\n[proof]\n{proof}\n'
    )


def field(*arguments: str, **options: str) -> EquationsProblem:
    problem = load_text(spec(*arguments, **options))
    assert isinstance(problem, EquationsProblem)
    return problem


def textbook(name: str) -> EquationsProblem:
    problem = load(TEXTBOOK / f"{name}.toml")
    assert isinstance(problem, EquationsProblem)
    return problem


LITERATURE = {
    # C. Morris, H. Lecar, Biophys. J. 35 (1981); parameters of Rinzel and Ermentrout (1989), class II
    "morris-lecar": spec(
        "V; w",
        "(I - gCa*(1 + tanh((V + 1.2)/18))/2*(V - 120) - 8*w*(V + 84) - 2*(V + 60))/20;"
        "0.04*((1 + tanh((V - 2)/30))/2 - w)*cosh((V - 2)/60)",
        "60, 250", constants='{ gCa = "4.4" }', parameter="I", more='start = ["-35", "0.1"]',
    ),
    # M. B. Elowitz, S. Leibler, Nature 403 (2000)
    "repressilator": spec(
        "m1; p1; m2; p2; m3; p3",
        "alpha/(1 + p3**n) + a0 - m1; beta*(m1 - p1); alpha/(1 + p1**n) + a0 - m2; beta*(m2 - p2);"
        "alpha/(1 + p2**n) + a0 - m3; beta*(m3 - p3)",
        "1, 30", constants='{ n = "2", beta = "1", a0 = "0.1" }', parameter="alpha",
        more='start = ["0.7", "0.7", "0.7", "0.7", "0.7", "0.7"]',
    ),
    # Hill exponent that is no integer: powers mean exp(b log a)
    "repressilator-2.5": spec(
        "x; y; z", "alpha/(1 + z**n) - x; alpha/(1 + x**n) - y; alpha/(1 + y**n) - z", "1, 6",
        constants='{ n = "5/2 + 1/2*sqrt(2)" }', parameter="alpha", more='start = ["0.7", "0.7", "0.7"]',
    ),
    # M. L. Rosenzweig, R. H. MacArthur (1963)
    "rosenzweig-macarthur": spec(
        "x; y", "r*x*(1 - x/K) - c*x*y/(1 + x); -d*y + c*x*y/(1 + x)", "2, 6",
        constants='{ r = "1", c = "1", d = "1/2" }', parameter="K", more='start = ["1", "1"]',
    ),
    # H. R. Wilson, J. D. Cowan, Biophys. J. 12 (1972), logistic response
    "wilson-cowan": spec(
        "E; I", "-E + 1/(1 + exp(-(10*E - 12*I + P - 2))); -I + 1/(1 + exp(-(13*E + 3*I - 4)))", "-2, 3.4",
        parameter="P", more='start = ["0.02", "0.02"]',
    ),
    # E. E. Sel'kov, Eur. J. Biochem. 4 (1968)
    "selkov": spec(
        "x; y", "-x + a*y + x**2*y; b - a*y - x**2*y", "0.2, 1", constants='{ a = "0.08" }', parameter="b",
        more='start = ["0.2", "1.7"]',
    ),
}  # fmt: skip


def literature(name: str) -> EquationsProblem:
    problem = load_text(LITERATURE[name])
    assert isinstance(problem, EquationsProblem)
    return problem
