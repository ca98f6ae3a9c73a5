"""The file for Coq: what stands in it, what is refused, and that Coq's check answers false where a claim is false."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from commands import run

from proofgen.api import Layout, render_directory
from proofgen.bundle.coq_record import NAME, CoqRecord, read_coq_record, write_coq_record
from proofgen.bundle.read import load_bundle
from proofgen.coq import compiler
from proofgen.coq import source as coq_file
from proofgen.coq.compiler import CoqRefusesError, check_with_coq, development
from proofgen.coq.source import coq_source
from proofgen.errors import InputError, UnsupportedError
from proofgen.resources import PACKAGE

CERTIFICATES = Path(__file__).parents[2] / "proofs" / "certificates"
GOOD = Path(__file__).parents[1] / "certificates" / "good"
needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="needs Coq")


def copy(tmp_path: Path, name: str = "n4-printed") -> Path:
    return Path(shutil.copytree(CERTIFICATES / name, tmp_path / name))


def test_the_theorem_states_the_printed_claims() -> None:
    source = coq_source(CERTIFICATES / "n4-printed", "four_neurons")
    theorem = source[source.index("Theorem four_neurons : claims_hold Tanh (weights 4 terms)") :]
    for name in ("hopf-0001", "hopf-0002"):
        claims = json.loads((CERTIFICATES / f"n4-printed/points/{name}.json").read_text(encoding="utf-8"))["claims"]
        for key in ("parameter", "omega", "first_lyapunov_coefficient", "crossing_speed"):
            assert f"(Enclosure ({claims[key][0]}) ({claims[key][1]}))" in theorem
    assert theorem.rstrip().endswith("Print Assumptions four_neurons.")
    # R1 and R2 in their decimals, W0 = R1 - R1^T + R2 is left to Coq
    assert "[:: 820; 19805; -10459; -9195]" in source
    assert re.sub(r"\s+", " ", source).count("Term (-1) array_R1 true; Term (1) array_R2 false]") == 1


def packed_source(name: str) -> str:
    """The source of a small bundle, written as those of large networks are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coq_file, "PACKED", 10)
        return coq_source(CERTIFICATES / name)


def test_large_matrices_are_machine_integers() -> None:
    plain, source = coq_source(CERTIFICATES / "trained-node-float16"), packed_source("trained-node-float16")
    assert "packed" not in plain
    assert "evidence : witness := packed_witness\n 4\n" in source
    starts = re.findall(r"Definition \w+ : array := ", source)
    assert starts
    for start in starts:
        words, rows = (text[text.index(start) + len(start) :].split("\n\n", 1)[0] for text in (source, plain))
        assert words.startswith("packed_array")
        exact = [int(x) for x in re.findall(r"-?\d+", rows)]
        # Statement.v: a word is 512 (m + 2^53) + e, the entry m 2^e; the last numbers are the denominator's
        found = map(int, re.findall(r"\d+", words))
        decoded = [(x // 512 - 2**53) * 2 ** (x % 512) for x in found]
        assert len(exact) == 102
        assert decoded[:100] == exact[:100]


@pytest.mark.parametrize("value", [0, 1, -1, 2**53 - 1, 1 - 2**53, (2**53 - 1) << 511, -3 << 500])
def test_a_word_holds_a_mantissa_and_an_exponent(value: int) -> None:
    word = coq_file._packed(value)
    assert word is not None
    assert 0 <= word < 2**63
    assert (word // 512 - 2**53) * 2 ** (word % 512) == value


@pytest.mark.parametrize("value", [2**53 + 1, -(2**53) - 1, (2**53 - 1) << 512, 1 << 600])
def test_what_does_not_fit_in_a_word_is_not_packed(value: int) -> None:
    assert coq_file._packed(value) is None


def test_a_witness_is_rounded_only_where_its_rows_are_alike() -> None:
    assert coq_file._shortened([[3 << 70, -(1 << 69)], [1 << 71, 5]], 80) == ([[3 << 59, -(1 << 58)], [1 << 60, 0]], 69)
    assert coq_file._shortened([[3, -1], [2, 2]], 80) == ([[3, -1], [2, 2]], 80)
    assert coq_file._shortened([[1 << 70, 0], [1 << 60, 5]], 80) is None
    assert coq_file._shortened([[1 << 70, 0], [0, 0]], 80) is None


def test_real_crossings_and_other_activations_are_covered() -> None:
    assert "claims_hold Sin (weights 6 terms)" in coq_source(CERTIFICATES / "n6-seed80-sine")
    assert "claims_hold Tanh" in coq_source(CERTIFICATES / "n6-seed90")
    assert "claims_hold Erf" in coq_source(GOOD / "erf")


def test_a_box_of_weights_stands_in_the_theorem() -> None:
    source = coq_source(CERTIFICATES / "n4-printed-box")
    assert "forall W, in_box (weights 4 terms) Delta W ->\n  claims_hold Tanh W" in source
    # radius 1/20000: three times that off the diagonal of R1 - R1^T + R2, once on it
    assert "Definition Delta : array := Array\n [:: [:: 1; 3; 3; 3];" in source
    assert "20000.\n\nLemma checked : check_box Tanh 4" in source


@pytest.mark.parametrize("name", ["n6-seed80-2-layers", "lorenz", "arctan-unequal-leaks"])
def test_what_is_not_covered_is_said(name: str) -> None:
    with pytest.raises(UnsupportedError, match=r"does not cover .*; expected Hopf points of a network of one layer"):
        coq_source(CERTIFICATES / name)


def test_a_second_derivative_is_covered() -> None:
    assert "claims_hold Silu (weights 5 terms)" in coq_source(GOOD / "silu")
    assert "claims_hold Gelu (weights 5 terms)" in coq_source(GOOD / "gelu-bias")


def test_a_folder_that_is_no_bundle(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(InputError):
            coq_source(folder)


def test_no_file_is_written_over(tmp_path: Path) -> None:
    bundle = copy(tmp_path)
    assert run("coq", bundle, "--out", "theorem.v", cwd=tmp_path).returncode == 0
    assert run("coq", bundle, "--out", "theorem.v", cwd=tmp_path).returncode == 0  # the same
    (tmp_path / "theorem.v").write_text("mine")
    done = run("coq", bundle, "--out", "theorem.v", cwd=tmp_path)
    assert done.returncode == 2 and "theorem.v: --out: is there already" in done.stderr
    assert (tmp_path / "theorem.v").read_text() == "mine"
    (bundle / NAME).write_text("mine")
    assert run("coq", bundle, "--check", cwd=tmp_path).returncode == 2
    assert (bundle / NAME).read_text() == "mine"


def renamed(bundle: Path, old: str, new: str) -> None:
    """An array gets another name, and all documents the digest of problem.json as it is then."""
    problem = bundle / "problem.json"
    problem.write_text(problem.read_text(encoding="utf-8").replace(json.dumps(old), json.dumps(new)), encoding="utf-8")
    digest = hashlib.sha256(problem.read_bytes()).hexdigest()
    for path in (bundle / "branch.json", *bundle.glob("points/*.json")):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r'(problem.json",\s*"sha256": )"[0-9a-f]*"', rf'\1"{digest}"', text), encoding="utf-8")


def test_text_of_a_bundle_never_becomes_coq(tmp_path: Path) -> None:
    """Names of arrays are free text; numbers are decimals and nothing else."""
    bundle = copy(tmp_path)
    renamed(bundle, "R1", "x-0.Axiom")
    assert "Axiom" not in coq_source(bundle)
    assert "Definition array_1 : array" in coq_source(bundle)
    renamed(bundle, "x-0.Axiom", "x := 0. Axiom a : False. (*")
    with pytest.raises(InputError, match="expected names of letters"):
        coq_source(bundle)


@pytest.mark.parametrize("number", ["0) (0", "0x10", "1 ", "1.", "", "nan"])
def test_numbers_are_decimals_and_nothing_else(tmp_path: Path, number: str) -> None:
    bundle = copy(tmp_path)
    path = bundle / "points/hopf-0001.json"
    digits = json.loads(path.read_text(encoding="utf-8"))["claims"]["parameter"][0]
    path.write_text(path.read_text(encoding="utf-8").replace(digits, number), encoding="utf-8")
    with pytest.raises(InputError, match=r"claims\.parameter: expected a decimal string"):
        coq_source(bundle)


def test_an_array_of_another_form_is_refused(tmp_path: Path) -> None:
    bundle = copy(tmp_path)
    (file,) = {item["file"] for item in json.loads((bundle / "branch.json").read_text(encoding="utf-8"))["witness"]["d"]}
    for data in (b"", b"\x93NUMPY", (bundle / "arrays/X.npy").read_bytes()):
        (bundle / file).write_bytes(data)
        with pytest.raises(InputError, match=r"not a sound bundle: .*expected finite <f8 data of shape"):
            coq_source(bundle)


def test_the_development_admits_nothing() -> None:
    listed = (development() / "ORDER").read_text(encoding="utf-8").split()
    assert sorted(listed) == sorted(path.stem for path in development().glob("*.v"))
    for name in listed:
        text = (development() / f"{name}.v").read_text(encoding="utf-8")
        assert not re.search(r"\b(Admitted|admit|Axiom|Parameter|Conjecture|bypass_check|Unset Guard)\b", text), name


def false_claims() -> dict[str, str]:
    """Coq definitions of n4-printed up to `checked`, each with one thing wrong, by what is wrong."""
    source = coq_source(CERTIFICATES / "n4-printed")
    body = source[source.index("Definition array_R1") : source.index("Lemma checked")]
    call = re.sub(r"\s+", " ", source[source.index("check Tanh 4") : source.index("Proof. vm_cast")]).strip(" .")
    wrong: dict[str, str] = {}

    def add(what: str, old: str, new: str, where: str = body, then: str = call) -> None:
        assert old in where + then and old != new, what
        text, goal = where.replace(old, new, 1), then.replace(old, new, 1) if old in then else then
        wrong[what] = f"{text}\nGoal {goal} = false.\nProof. vm_cast_no_check (erefl false). Qed.\n"

    add("n_u", ") 0 2;", ") 1 2;")
    add("n_s", ") 0 2;", ") 0 1;")
    add("n_u and n_s exchanged", ") 0 2;", ") 2 0;")
    claims = json.loads((CERTIFICATES / "n4-printed/points/hopf-0001.json").read_text(encoding="utf-8"))["claims"]
    for what, key in (("gamma", "parameter"), ("omega", "omega"), ("l1", "first_lyapunov_coefficient")):
        low, high = claims[key]
        width = Decimal(high) - Decimal(low)
        add(f"{what} from below", f"({low})", f"({Decimal(high) - width / 50:f})")
        add(f"{what} from above", f"({high})", f"({Decimal(low) + width / 50:f})")
    add("the crossing speed from below", "(Enclosure (1) (1)) 0 2;", "(Enclosure (1.0001) (1.0002)) 0 2;")
    add("the crossing speed from above", "(Enclosure (1) (1)) 0 2;", "(Enclosure (0.5) (0.9999)) 0 2;")
    low, high = (Decimal(end) for end in claims["first_lyapunov_coefficient"])
    add("l1 of the other sign", f"({low:f}) ({high:f})", f"({-high:f}) ({-low:f})")
    add("l1 may be 0", f"({low:f})", f"({-low:f})")
    add("another weight", "19805;", "19806;")
    add("another coefficient", "Term (-1)", "Term (1)")
    add("not transposed", "array_R1 true", "array_R1 false")
    add("another denominator", "10000.\n\nDefinition array_R2", "10001.\n\nDefinition array_R2")
    add("pairs exchanged", "[:: 0; 2]%nat", "[:: 2; 0]%nat")
    add("a conjugate", "[:: 0; 2]%nat", "[:: 1; 2]%nat")
    add("a point is missing", "[:: 0; 2]%nat", "[:: 0]%nat")
    add("a real crossing that is none", "[:: ]%nat", "[:: 1]%nat")
    add("another activation", "check Tanh", "check Sin")
    add("an activation of another slope", "check Tanh", "check Erf")
    add("an activation with a second derivative", "check Tanh", "check Silu")
    points = body[body.index("Definition points") : body.index("Definition real_crossings")]
    entries = re.findall(r"Point .*? [0-9] [0-9]", points, re.DOTALL)
    one = body.replace(points, f"Definition points : seq point := [:: {entries[0]}].\n")
    wrong["a list that is not complete"] = (
        f"{one}\nGoal {call.replace('[:: 0; 2]%nat', '[:: 0]%nat')} = false.\n"
        "Proof. vm_cast_no_check (erefl false). Qed.\n"
    )
    parts = body[body.index("make_witness") : body.index("Definition points")]
    matrices = re.findall(r"\[:: \[::.*?\]\]", parts, re.DOTALL)
    assert len(matrices) == 4
    swapped = [matrices[2], matrices[3], matrices[0], matrices[1]]
    for what, order in (
        ("X and Y exchanged", swapped),
        ("X conjugated", [matrices[0], matrices[1], matrices[2], matrices[1]]),
    ):
        text = parts
        for i, matrix in enumerate(matrices):
            text = text.replace(matrix, f"<{i}>", 1)
        for i, matrix in enumerate(order):
            text = text.replace(f"<{i}>", matrix)
        add(what, parts, text)
    box = coq_source(CERTIFICATES / "n4-printed-box")
    text = box[box.index("Definition array_R1") : box.index("Theorem")]
    delta = text[text.index("Definition Delta") : text.index("Lemma checked")]
    assert delta.count("; 3") == 9
    text = text.replace(delta, re.sub(r"\b3\b", "6", delta)).replace(
        "checked : check_box", "checked : false = check_box"
    )
    wrong["a larger box"] = text.replace("erefl true", "erefl false")
    words = packed_source("n6-seed80")
    text = words[words.index("Definition array_") : words.index("Theorem")]
    text = text.replace("checked : check Tanh", "checked : false = check Tanh").replace("erefl true", "erefl false")
    entry = re.findall(r"\d{15,}", text)[1]  # not on the diagonal of R1, which R1 - R1^T does not depend on
    assert int(entry) != 512 * 2**53
    X, Y = re.findall(r"\[:: \[::.*?\]\]%word", text[text.index("packed_witness") :], re.DOTALL)
    for what, old, new in (
        ("one bit of a packed weight", entry, str(int(entry) ^ 2**60)),
        ("the exponent of a packed weight", entry, str(int(entry) ^ 1)),
        ("a pair too few in the packed witness", "packed_witness\n 3\n", "packed_witness\n 2\n"),
        ("packed X and Y exchanged", f"{X}\n {Y}", f"{Y}\n {X}"),
    ):
        assert old in text, what
        wrong[what] = text.replace(old, new, 1)
    erf = coq_source(GOOD / "erf")
    text = erf[erf.index("Definition array_") : erf.index("Theorem")]
    text = text.replace("checked : check Erf", "checked : false = check Erf").replace("erefl true", "erefl false")
    claims = json.loads((GOOD / "erf/points/hopf-0001.json").read_text(encoding="utf-8"))["claims"]
    speed, omega = (tuple(map(Decimal, claims[key])) for key in ("crossing_speed", "omega"))
    for what, old, new in (
        ("2/sqrt(pi) is larger", f"({speed[0]:f})", f"({speed[1]:f})"),
        ("2/sqrt(pi) is less", f"({speed[1]:f})", f"({speed[0]:f})"),
        ("omega for the slope 1", f"({omega[0]:f}) ({omega[1]:f})", f"({omega[0] / speed[1]:f}) ({omega[1] / speed[0]:f})"),
    ):
        assert old in text, what
        wrong[what] = text.replace(old, new, 1)
    for name, activation, other in (("silu", "Silu", "Gelu"), ("gelu-bias", "Gelu", "Silu")):
        source = coq_source(GOOD / name)
        text = source[source.index("Definition array_") : source.index("Theorem")].replace("erefl true", "erefl false")
        text = text.replace(f"checked : check {activation}", f"checked : false = check {activation}")
        claims = json.loads((GOOD / name / "points/hopf-0001.json").read_text(encoding="utf-8"))["claims"]
        low, high = (Decimal(end) for end in claims["first_lyapunov_coefficient"])
        width = (high - low) / 50
        for what, old, new in (
            ("l1 from below", f"({low:f})", f"({high - width:f})"),
            ("l1 from above", f"({high:f})", f"({low + width:f})"),
            ("l1 of the other sign", f"({low:f}) ({high:f})", f"({-high:f}) ({-low:f})"),
            ("the other activation", f"check {activation}", f"check {other}"),
        ):
            assert old in text, what
            wrong[f"{name}, {what}"] = text.replace(old, new, 1)
    return wrong


@needs_coq
@pytest.mark.slow
def test_false_claims_evaluate_to_false(tmp_path: Path) -> None:
    wrong = false_claims()
    assert len(wrong) > 20
    folder = compiler.compile_development()
    source = [coq_source(CERTIFICATES / "n4-printed").split("Definition array_R1")[0]]
    source += [f"(* {what} *)\nModule M{i}.\n{text}End M{i}.\n" for i, (what, text) in enumerate(wrong.items())]
    path = tmp_path / "wrong.v"
    path.write_text("\n".join(source), encoding="utf-8")
    command = ["coqc", "-w", "none", "-Q", str(folder), "Proofgen", str(path)]
    done = compiler._run(command, tmp_path, 900)
    assert done.returncode == 0, done.stderr[-2000:]


@needs_coq
@pytest.mark.slow
@pytest.mark.parametrize(
    "bundle",
    [GOOD / "erf", GOOD / "silu", GOOD / "gelu-bias", *(CERTIFICATES / name for name in ("n4-printed", "n6-seed80", "n6-seed80-sine", "n6-seed90", "trained-node", "n4-printed-box"))],
    ids=lambda path: path.name,
)
def test_coq_accepts_what_is_true(bundle: Path) -> None:
    axioms = check_with_coq(coq_source(bundle))
    assert "Classical_Prop.classic" in axioms
    assert "PrimInt63.int" in axioms


@needs_coq
@pytest.mark.slow
def test_coq_accepts_machine_integers() -> None:
    assert "Classical_Prop.classic" in check_with_coq(packed_source("trained-node-float16"))


@needs_coq
@pytest.mark.slow
def test_coq_refuses_a_false_bundle(tmp_path: Path) -> None:
    bundle = copy(tmp_path)
    path = bundle / "points/hopf-0001.json"
    text = path.read_text(encoding="utf-8").replace('"unstable_eigenvalues": 0', '"unstable_eigenvalues": 1')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CoqRefusesError, match="answers false"):
        check_with_coq(coq_source(bundle))


@needs_coq
@pytest.mark.slow
def test_another_axiom_is_noticed() -> None:
    source = coq_source(CERTIFICATES / "n4-printed")
    theorem = "Axiom shortcut : false = true.\nLemma checked"
    source = source.replace("Lemma checked", theorem).replace("vm_cast_no_check (erefl true)", "by case: shortcut")
    with pytest.raises(CoqRefusesError):
        check_with_coq(source)


RECORD = CoqRecord("8.16.1", "ab" * 32, ("Classical_Prop.classic", "PrimInt63.int"))


def recorded(tmp_path: Path) -> Path:
    bundle = copy(tmp_path)
    write_coq_record(bundle, coq_file.coq_source_and_files(bundle)[1], RECORD)
    return bundle


def test_a_record_is_about_the_documents_that_were_checked(tmp_path: Path) -> None:
    bundle = recorded(tmp_path)
    files = json.loads((bundle / NAME).read_text(encoding="utf-8"))["files"]
    assert sorted(files) == ["branch.json", "points/hopf-0001.json", "points/hopf-0002.json", "problem.json"]
    loaded = load_bundle(bundle)
    fewer = {path: digest for path, digest in loaded.digests.items() if path != "points/hopf-0002.json"}
    assert read_coq_record(bundle, loaded) == RECORD
    assert read_coq_record(bundle, replace(loaded, digests=fewer)) is None
    assert read_coq_record(copy(tmp_path, "n6-seed80"), loaded) is None


@pytest.mark.parametrize("path", ["problem.json", "branch.json", "points/hopf-0002.json"])
def test_a_record_of_other_documents_says_nothing(tmp_path: Path, path: str) -> None:
    bundle = recorded(tmp_path)
    loaded = load_bundle(bundle)
    assert read_coq_record(bundle, replace(loaded, digests={**loaded.digests, path: "00" * 32})) is None
    if path != "problem.json":  # to which the others belong
        with (bundle / path).open("a", encoding="utf-8") as stream:
            stream.write("\n")
        assert read_coq_record(bundle, load_bundle(bundle)) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [("format", "x"), ("version", 2), ("coq", "8.16}"), ("coq", 8), ("development", "00"), ("axioms", {}), ("axioms", ["\\input{x}"]),
     ("axioms", [1]), ("files", {})],
)  # fmt: skip
def test_what_is_no_record_says_nothing(tmp_path: Path, key: str, value: object) -> None:
    bundle = recorded(tmp_path)
    document = json.loads((bundle / NAME).read_text(encoding="utf-8")) | {key: value}
    (bundle / NAME).write_text(json.dumps(document), encoding="utf-8")
    assert read_coq_record(bundle, load_bundle(bundle)) is None


def test_readers_are_told_of_a_record_and_checkers_take_no_notice(tmp_path: Path) -> None:
    bundle = recorded(tmp_path)
    render_directory(bundle, Layout())
    for path in ("summary.tex", "points/hopf-0001.tex"):
        text = (bundle / path).read_text(encoding="ascii")
        assert "Coq~8.16.1 has checked the claims" in text
        assert "two axioms" in text
        assert "ab" * 32 in text
    for checker in ("check.py", "check_zero_branch.py"):
        command = [sys.executable, "-I", str(PACKAGE / checker), str(bundle)]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    (bundle / NAME).unlink()
    render_directory(bundle, Layout())
    assert "Coq" not in (bundle / "summary.tex").read_text(encoding="ascii")


def test_an_installed_development_is_compiled_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "package" / "proofs" / "coq"
    shutil.copytree(development(), installed, ignore=shutil.ignore_patterns("*.vo*", ".*", "*.glob"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert compiler._build_folder() == development()
    digest = compiler.development_digest()
    monkeypatch.setattr(compiler, "PACKAGE", tmp_path / "package")
    monkeypatch.setattr(compiler, "proofs_directory", lambda: tmp_path / "package" / "proofs")
    before = sorted(installed.iterdir())
    folder = compiler._build_folder()
    assert folder == tmp_path / "cache" / "proofgen" / f"coq-{digest[:16]}"
    assert (folder / "Statement.v").read_bytes() == (installed / "Statement.v").read_bytes()
    assert sorted(installed.iterdir()) == before
    (installed / "Statement.v").write_text("", encoding="utf-8")
    assert compiler._build_folder() != folder


def test_the_wheel_has_the_development() -> None:
    project = tomllib.loads((CERTIFICATES.parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    listed = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert {f"proofs/coq/{name}" for name in compiler.development_files()} <= set(listed)
