"""Pictures show what the certificates say, numerical ones are labelled, and everything works without them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from commands import run as run_command
from ordinary import some
from typed import bundle_of

from proofgen.api import prove, render_directory
from proofgen.approx.network import layered_field_approx
from proofgen.bundle.read import load_bundle
from proofgen.check import main
from proofgen.documents import Layout
from proofgen.errors import InputError
from proofgen.figures import captions, run_plots
from proofgen.figures.data import Labels, RunData, read_run
from proofgen.figures.orbits import orbit_of_amplitude, periodic_orbit, reach
from proofgen.figures.point_plots import orbit_plot, predicted, spectrum_plot
from proofgen.figures.run_plots import (
    BranchSamples,
    branch_samples,
    diagram_plot,
    eigenvalues_plot,
    joined_pieces,
    lyapunov_plot,
    pieces_plot,
)
from proofgen.figures.shared_spectrum import shared_spectrum
from proofgen.figures.style import pdf_bytes, styled
from proofgen.formulas.one_layer import derive
from proofgen.latex.documents import environment, render_documents
from proofgen.latex.pdf import Engine, compile_pdf
from proofgen.problem.network import Problem
from proofgen.spec.load import load

ROOT = Path(__file__).parents[2]
BUNDLES = ROOT / "proofs" / "certificates"
ENGINES = [name for name in ("pdflatex", "lualatex") if shutil.which(name)]
EACH_ENGINE = [*ENGINES[:1], *(pytest.param(name, marks=pytest.mark.slow) for name in ENGINES[1:])]
needs_tex = pytest.mark.skipif(not ENGINES, reason="no TeX engine")
GAMMA = Labels(r"\gamma", "x", tuple(f"x_{{{k}}}" for k in range(1, 13)))


def run_of(name: str | Path) -> RunData:
    return read_run(load_bundle(BUNDLES / name), lambda path: (BUNDLES / name / path).read_bytes())


def claims(name: str | Path, identifier: str = "hopf-0001") -> dict[str, Any]:
    document: dict[str, Any] = json.loads((BUNDLES / name / "points" / f"{identifier}.json").read_text())
    return document


def drawn(figure: Any, name: str, axes: int = 0) -> list[Any]:
    return [artist for artist in figure.axes[axes].get_children() if artist.get_gid() == name]


def others_of(figure: Any) -> list[float]:
    return [float(x) for x in drawn(figure, "others")[0].get_xdata()]


def inside(value: float, enclosure: list[str], slack: float = 1e-12) -> bool:
    low, high = map(float, enclosure)
    return low - slack * (1 + abs(low)) <= value <= high + slack * (1 + abs(high))


# --- what is proved ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["n6-seed80", "leaky-tanh-12", "hodgkin-huxley", "n6-seed80-newton-kantorovich"])
def test_spectrum(name: str) -> None:
    run, document = run_of(name), claims(name)
    drawing = spectrum_plot(run.points[0])
    mantissa, exponent = drawing.factor
    discs = drawn(drawing.figure, "pair")
    assert len(discs) == 2
    for disc in discs:
        assert abs(disc.center[0]) <= disc.radius / (mantissa * 10.0**exponent) + 1e-15
        assert inside(abs(disc.center[1]), document["claims"]["omega"])
        claimed = float(document["bounds"]["disc_radius"])
        assert claimed * 0.999 <= disc.radius / (mantissa * 10.0**exponent) <= 3 * claimed  # γ* is added for W⁰
    (others,) = drawn(drawing.figure, "others")
    enclosing = drawn(drawing.figure, "other-discs")
    if document["method"] == "zero-branch":  # only there the certificates claim radii for all discs
        centres = enclosing[0].get_offsets()
        assert list(centres[:, 0]) == others_of(drawing.figure) and len(centres) == run.dimension - 2
        largest = float(json.loads((BUNDLES / name / "branch.json").read_text())["bounds"]["max_disc_radius"])
        drawing.figure.draw_without_rendering()
        scale = drawing.figure.axes[0].transData.get_matrix()[0, 0]
        right, middle = enclosing[0].get_transform().transform([[1.0, 0.0], [0.0, 0.0]])[:, 0] / scale
        assert right - middle >= 0.999 * largest * mantissa * 10.0**exponent
    else:
        assert not enclosing
    gap = float(document["claims"]["spectral_gap"])
    assert len(others.get_xdata()) == run.dimension - 2 and np.all(np.abs(others.get_xdata()) >= gap)
    assert np.sum(others.get_xdata() > 0) == document["claims"]["unstable_eigenvalues"]
    (strip,) = drawn(drawing.figure, "gap")
    assert strip.get_x() == -gap and strip.get_width() == 2 * gap
    caption = captions.spectrum("spectrum", run.points[0], drawing).caption
    assert f"10^{{{exponent}}}" in caption and "shaded strip" in caption


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 50 neurons with 24 points."""
    out = tmp_path_factory.mktemp("figures") / "n50"
    prove(load(ROOT / "proofs" / "paper" / "n50-seed120.toml"), out, layout=Layout(figures=True, bodies=True), check=False)
    return out


def test_large_runs_share_a_spectrum(large: Path) -> None:
    run = run_of(large)
    shared = shared_spectrum(run)
    assert shared is not None and run.lines is not None
    mantissa, exponent = shared.factor
    factor, sigma_1 = mantissa * 10.0**exponent, run.lines[1]
    figure = shared.figure()
    (others,), (circles,) = drawn(figure, "others"), drawn(figure, "other-discs")
    assert len(others.get_xdata()) == len(circles.get_offsets()) == run.dimension
    largest = float(json.loads((large / "branch.json").read_text())["bounds"]["max_disc_radius"])
    assert shared.whole.other_radius is not None and shared.whole.other_radius >= 0.999 * largest
    for identifier in ("hopf-0001", "hopf-0007"):
        stated = claims(large, identifier)
        point = next(point for point in run.points if point.id == identifier)
        marks = shared.marks(point)
        (axis,), (strip,), discs = (drawn(marks, kind) for kind in ("imaginary-axis", "gap", "pair"))
        assert inside(-axis.get_xdata()[0], stated["claims"]["parameter"]) and axis.get_xdata()[1] == axis.get_xdata()[0]
        assert sorted(np.sign(disc.center[1]) for disc in discs) == [-1, 1]
        for disc in discs:
            assert abs(disc.center[0] - axis.get_xdata()[0]) <= disc.width / factor
            assert inside(abs(sigma_1 * disc.center[1]), stated["claims"]["omega"])
            assert disc.width == disc.height >= 2 * 0.999 * factor * float(stated["bounds"]["disc_radius"])
        gap = float(stated["claims"]["spectral_gap"]) / abs(sigma_1)
        assert (strip.get_x(), strip.get_width()) == pytest.approx((-point.gamma - gap, 2 * gap))
        outside = np.abs(others.get_xdata() + point.gamma) >= gap
        assert np.sum(outside) == run.dimension - 2  # none but the pair is in the strip
        assert np.sum(outside & (sigma_1 * (others.get_xdata() + point.gamma) > 0)) == stated["claims"]["unstable_eigenvalues"]
        assert marks.axes[0].get_xlim() == figure.axes[0].get_xlim() and list(marks.get_size_inches()) == list(figure.get_size_inches())
        assert np.allclose(marks.axes[0].get_position().bounds, figure.axes[0].get_position().bounds)
    text = captions.marked_spectrum("m", "spectrum", point, shared, GAMMA).caption
    assert f"10^{{{exponent}}}" in text and "shaded strip" in text


def test_marks_do_not_depend_on_what_was_drawn_before(large: Path) -> None:
    run = run_of(large)
    one, other = shared_spectrum(run), shared_spectrum(run)
    assert one is not None and other is not None
    with styled():
        pdf_bytes(one.marks(dataclasses.replace(run.points[0], gap=None)))
        assert pdf_bytes(one.marks(run.points[3])) == pdf_bytes(other.marks(run.points[3])) != pdf_bytes(one.marks(run.points[4]))


def test_small_runs_and_others_share_nothing(large: Path) -> None:
    for name in ("n6-seed80", "leaky-tanh-12", "n6-seed80-newton-kantorovich"):
        assert shared_spectrum(run_of(name)) is None
    run = run_of(large)
    unlike = dataclasses.replace(run.points[0], other_radius=None)  # a certificate with a witness of its own
    assert shared_spectrum(dataclasses.replace(run, points=(unlike, *run.points[1:]))) is None


def test_lyapunov_coefficients() -> None:
    name = "n6-seed80"
    figure = lyapunov_plot(run_of(name))
    (above,), (below,) = drawn(figure, "subcritical"), drawn(figure, "supercritical")
    assert len(above.get_xdata()) == 1 and len(below.get_xdata()) == 2
    assert above.get_marker() != below.get_marker()
    shown = {*zip(*above.get_data(), strict=True), *zip(*below.get_data(), strict=True)}
    for identifier in ("hopf-0001", "hopf-0002", "hopf-0003"):
        stated = claims(name, identifier)["claims"]
        assert any(
            inside(omega, stated["omega"]) and inside(ell1, stated["first_lyapunov_coefficient"])
            for omega, ell1 in shown
        )


@pytest.mark.parametrize("name", ["n6-seed80", "leaky-tanh-12", "n6-seed90-diagonal", "n4-printed", "n6-seed80-newton-kantorovich"])
def test_crossings_lie_on_the_lines(name: str) -> None:
    run = run_of(name)
    samples = branch_samples(run)
    assert samples is not None
    figure = eigenvalues_plot(run, samples, GAMMA)
    marks = [x for kind in ("supercritical", "subcritical") for line in drawn(figure, kind) for x in line.get_xdata()]
    assert len(marks) == len(run.points)
    crossings = [x for line in drawn(figure, "real-crossings") for x in line.get_xdata()]
    assert sorted(crossings) == sorted(run.crossings)
    for gamma in (*marks, *crossings):
        nearest = int(np.argmin(np.abs(samples.gamma - gamma)))
        around = samples.real_parts[max(0, nearest - 1) : nearest + 2]
        assert np.any((around.min(axis=0) <= 1e-9) & (around.max(axis=0) >= -1e-9))
    assert "Numerical picture" in captions.eigenvalues(run, GAMMA, False).caption


def test_pieces_are_those_of_the_proof() -> None:
    run = run_of("arctan-unequal-leaks")
    figure = pieces_plot(run, GAMMA)
    spans = sorted((span.get_x(), span.get_x() + span.get_width()) for span in drawn(figure, "piece", 1))
    assert run.interval is not None
    assert spans[0][0] == pytest.approx(run.interval[0]) and spans[-1][1] == pytest.approx(run.interval[1])
    assert all(a[1] == pytest.approx(b[0]) for a, b in pairwise(spans))
    dark = drawn(figure, "crossing-piece", 1)
    assert len(dark) == len(run.points)
    for point in run.points:
        assert any(span.get_x() <= point.gamma <= span.get_x() + span.get_width() for span in dark)
    assert sum(count for _, _, count in joined_pieces(run.pieces)) == len(run.pieces)


def test_unsettled_intervals_are_marked() -> None:
    """Where a piece is missing nothing is drawn as proved, and lines do not cross the gap."""
    whole = run_of("arctan-unequal-leaks")
    gone = whole.pieces[5]
    run = dataclasses.replace(
        whole, pieces=whole.pieces[:5] + whole.pieces[6:], unsettled=((gone.low, gone.high),), complete=False
    )
    figure = pieces_plot(run, GAMMA)
    for axes in (0, 1):
        (hatched,) = drawn(figure, "unsettled", axes)
        assert (hatched.get_x(), hatched.get_width()) == pytest.approx((gone.low, gone.high - gone.low))
    for span in drawn(figure, "piece", 1):
        assert span.get_x() + span.get_width() <= gone.low + 1e-12 or span.get_x() >= gone.high - 1e-12
    samples = branch_samples(run)
    assert samples is not None and samples.breaks == (5,) and len(samples.parts()) == 2
    assert "not settled" in captions.branch(run, captions.Tex("x")).caption


# --- what is numerical ------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "index"), some([("n6-seed80", 0), ("n6-seed80", 2), ("leaky-tanh-12", 1)], 0, [("n6-seed80", 2)]))
def test_simulated_orbits_approach_the_predicted_ellipse(name: str, index: int) -> None:
    """Stable and unstable ones: distances shrink like ρ², and γ − γ* like ρ²/c."""
    run = run_of(name)
    field = layered_field_approx(load_bundle(BUNDLES / name).problem)  # type: ignore[arg-type]
    point = run.points[index]
    others = [other.gamma for other in run.points if other is not point]
    found = periodic_orbit(field, point, reach(point, others, run.interval))
    assert found is not None
    assert np.max(np.abs(found.x[-1] - found.x[0])) < 1e-5 * np.ptp(found.x)
    errors = []
    for rho in (found.rho / 4, found.rho / 8):
        orbit = orbit_of_amplitude(field, point, rho)
        assert orbit is not None
        ellipse = predicted(point, orbit.gamma, np.linspace(0, 2 * np.pi, len(orbit.x)))
        errors.append(np.max(np.abs(orbit.x - ellipse)))
        assert orbit.period == pytest.approx(2 * math.pi / point.omega, rel=0.05)
    assert errors[1] < 0.4 * errors[0]
    figure = orbit_plot(point, found, found.gamma, GAMMA)
    (line,) = drawn(figure, "orbit")
    assert len(line.get_xdata()) == len(found.x)
    text = captions.orbit("o", point, found, found.gamma, GAMMA, False).caption
    assert "not a proof" in text
    assert "No orbit was found" in captions.orbit("o", point, None, found.gamma, GAMMA, False).caption


def test_the_diagram_has_the_amplitudes_of_the_law() -> None:
    run = run_of("leaky-tanh-12")
    point = run.points[0]
    figure = diagram_plot(run, branch_samples(run), {}, {p.id: 0.01 for p in run.points}, GAMMA)
    (upper,), (lower,) = drawn(figure, f"{point.id}-upper"), drawn(figure, f"{point.id}-lower")
    gamma = upper.get_xdata()
    height = (upper.get_ydata() - lower.get_ydata()) / 2
    stated = claims("leaky-tanh-12")["claims"]
    d, omega, ell1 = (
        float(stated[key][0]) for key in ("crossing_speed", "omega", "first_lyapunov_coefficient")
    )
    component = int(np.argmax(np.max([np.abs(p.q) for p in run.points], axis=0)))
    expected = 2 * abs(point.q[component]) * np.sqrt(-d / (omega * ell1) * (gamma - gamma[0]))
    assert height == pytest.approx(expected, rel=1e-6, abs=1e-6) and height[-1] > 0
    assert np.linalg.norm(point.q) == pytest.approx(1)


def test_orbits_begin_on_the_sheet_of_their_point() -> None:
    """Where the branch folds there are several equilibria at one γ; the curves of a point follow its own."""
    run = run_of("co-oxidation")
    samples = branch_samples(run)
    assert samples is not None and len(samples.parts()) == 3
    for part in samples.parts():
        gamma, x = samples.gamma[part], samples.x[part]
        for i in range(1, len(gamma) - 1, max(1, len(gamma) // 20)):
            point = dataclasses.replace(run.points[0], gamma=float(gamma[i]), equilibrium=x[i])
            for component in range(run.dimension):
                found = run_plots._branch_at(run, samples, point, component, gamma[i - 1 : i + 2])
                assert np.array_equal(found, x[i - 1 : i + 2, component])


def test_eigenvectors_are_those_of_the_field() -> None:
    for name in ("n6-seed80", "leaky-tanh-12", "n6-seed80-newton-kantorovich"):
        field = layered_field_approx(load_bundle(BUNDLES / name).problem)  # type: ignore[arg-type]
        for point in run_of(name).points:
            A = field.jacobian(point.equilibrium, point.gamma)
            assert np.max(np.abs(A @ point.q - 1j * point.omega * point.q)) < 1e-9


# --- files ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("figures") / "three-dimensional"
    shutil.copytree(BUNDLES / "three-dimensional", out)
    render_directory(out, Layout(figures=True, bodies=True))
    return out


def test_the_checker_accepts_pictures(bundle: Path, tmp_path: Path) -> None:
    names = sorted(path.name for path in (bundle / "figures").iterdir())
    assert names == ["branch.pdf", "diagram.pdf", "eigenvalues.pdf", "hopf-0001-orbit.pdf", "hopf-0001-spectrum.pdf"]
    manifest = (bundle / "MANIFEST.sha256").read_text()
    assert all(f"  figures/{name}\n" in manifest for name in names) and "  references.bib\n" in manifest
    assert main([str(bundle)]) == 0
    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    (copy / "figures" / "branch.pdf").write_bytes(b"%PDF another")
    assert main([str(copy)]) == 1
    render_directory(copy, Layout())
    assert not (copy / "figures").exists() and "figures/" not in (copy / "MANIFEST.sha256").read_text()
    assert "proofgenpicture" not in (copy / "points" / "hopf-0001.tex").read_text()
    assert main([str(copy)]) == 0


def test_the_same_bundle_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(bundle, copy)
    render_directory(copy)  # a bundle with pictures keeps them
    for path in (bundle / "figures").iterdir():
        data = path.read_bytes()
        assert (copy / "figures" / path.name).read_bytes() == data
        assert b"CreationDate" not in data and b"Matplotlib v" not in data
    assert (copy / "summary.tex").read_bytes() == (bundle / "summary.tex").read_bytes()


def test_a_users_own_matplotlib_settings_do_not_matter() -> None:
    import matplotlib

    point = run_of("n6-seed80").points[0]
    with styled():
        plain = pdf_bytes(spectrum_plot(point).figure)
    with matplotlib.rc_context({"font.size": 30, "axes.facecolor": "red"}), styled():
        assert pdf_bytes(spectrum_plot(point).figure) == plain


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Said before any work, with the command that installs it."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    spec = ROOT / "proofs" / "paper" / "n4-printed.toml"
    done = run_command("prove", spec, "--figures", "--out", "bundle", "--no-check", cwd=tmp_path)
    assert done.returncode == 2 and not done.stdout and not (tmp_path / "bundle").exists()
    assert len(done.stderr.splitlines()) == 1 and "pip install 'proofgen[figures]'" in done.stderr


def test_the_library_refuses_before_any_work(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    problem = load(ROOT / "proofs" / "paper" / "n4-printed.toml")
    with pytest.raises(InputError, match="figures"):
        prove(problem, tmp_path / "out", layout=Layout(figures=True), check=False)
    assert not (tmp_path / "out").exists()
    with pytest.raises(InputError, match="compact, interval"):
        prove(problem, tmp_path / "out", layout=Layout(style="roman"), check=False)


def test_arrays_of_a_hostile_bundle(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(BUNDLES / "n4-printed", copy)
    for path in (copy / "arrays").iterdir():
        path.write_bytes(b"\x93NUMPY\x01\x00\xff\xff{")
    with pytest.raises(InputError):
        render_directory(copy, Layout(figures=True))


def test_points_without_a_known_branch() -> None:
    """A bundle whose pieces are missing is drawn as far as it goes."""
    run = dataclasses.replace(run_of("leaky-tanh-12"), pieces=())
    assert branch_samples(run) is None
    figure = diagram_plot(run, None, {}, {point.id: 0.01 for point in run.points}, GAMMA)
    assert len(drawn(figure, "supercritical")[0].get_xdata()) == 3
    empty = BranchSamples(np.array([0.0, 1.0]), np.zeros((2, 2)), np.array([[-1.0, 1.0], [-1.0, 1.0]]))
    assert [part.start for part in empty.parts()] == [0]


# --- TeX --------------------------------------------------------------------------------------------


def compiled(tex: Path, directory: Path, engine: str = "pdflatex") -> str:
    """The log of two runs of an engine on a document and its pictures."""
    directory.mkdir()
    shutil.copy(tex, directory / "document.tex")
    if (figures := tex.parents[tex.parent.name == "points"] / "figures").exists():
        shutil.copytree(figures, directory / "figures")
    for options in (["-draftmode"], []):  # the first run is for references
        command = [engine, *options, "-interaction=nonstopmode", "-halt-on-error", "document.tex"]
        done = subprocess.run(command, cwd=directory, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:]
    return (directory / "document.log").read_text(encoding="utf-8", errors="replace")


@needs_tex
@pytest.mark.parametrize("engine", EACH_ENGINE)
@pytest.mark.parametrize("document", some(["summary.tex", "points/hopf-0001.tex"], 0, ["points/hopf-0001.tex"]))
def test_documents_compile_with_and_without_the_pictures(
    bundle: Path, tmp_path: Path, engine: str, document: str
) -> None:
    log = compiled(bundle / document, tmp_path / "with", engine)
    assert "Overfull" not in log and "undefined" not in log and "figures/" in log
    pages = re.search(r"\((\d+) pages?,", log)
    assert pages and int(pages[1]) <= 4
    bare = tmp_path / "bundle" / document
    bare.parent.mkdir(parents=True)
    shutil.copy(bundle / document, bare)
    log = compiled(bare, tmp_path / "without", engine)
    assert "Overfull" not in log and "undefined" not in log and ".pdf>" not in log
    text = bare.read_text().replace("{graphicx.sty}", "{no-such-package.sty}")
    bare.write_text(text)
    shutil.copytree(bundle / "figures", tmp_path / "bundle" / "figures")
    assert "undefined" not in compiled(bare, tmp_path / "no-graphicx", engine)


def test_the_checker_accepts_a_shared_spectrum(large: Path, tmp_path: Path) -> None:
    names = {path.name for path in (large / "figures").iterdir()}
    points = [path.stem for path in (large / "points").glob("hopf-*.json")]
    lines = {f"{path.stem}-equilibria.pdf" for path in (large / "points").glob("line-*.json")}
    assert len(lines) == 2 and names == lines | {f"{name}-marks.pdf" for name in points} | {f"{n}.pdf" for n in ("spectrum", "eigenvalues", "lyapunov", "diagram")}
    assert main([str(large)]) == 0
    shutil.copytree(large, tmp_path / "copy")
    render_directory(tmp_path / "copy", Layout())
    assert "proofgenlayers" not in (tmp_path / "copy" / "points" / "hopf-0001.tex").read_text()
    body = (large / "points" / "hopf-0001-body.tex").read_text()
    assert re.search(r"\\proofgenlayers\{spectrum\}\{hopf-0001-marks\}\{[0-9a-f]{8}\S*-hopf-0001:spectrum\}", body)


@needs_tex
@pytest.mark.parametrize("engine", EACH_ENGINE)
def test_a_shared_spectrum_is_laid_on_its_marks(large: Path, tmp_path: Path, engine: str) -> None:
    log = compiled(large / "points" / "hopf-0001.tex", tmp_path / "with", engine).replace("\n", "")
    assert "Overfull" not in log and "undefined" not in log
    assert "figures/spectrum.pdf" in log and "figures/hopf-0001-marks.pdf" in log


@needs_tex
@pytest.mark.parametrize("engine", EACH_ENGINE)
@pytest.mark.parametrize("missing", some(["spectrum", "hopf-0001-marks"], 0, ["spectrum"]))
def test_half_of_a_shared_spectrum_is_not_drawn(large: Path, tmp_path: Path, engine: str, missing: str) -> None:
    copy = tmp_path / "points" / "hopf-0001.tex"
    copy.parent.mkdir(parents=True)
    shutil.copy(large / "points" / "hopf-0001.tex", copy)
    shutil.copytree(large / "figures", tmp_path / "figures")
    (tmp_path / "figures" / f"{missing}.pdf").unlink()
    log = compiled(copy, tmp_path / "compiled", engine).replace("\n", "")
    assert "undefined" not in log and "<./figures/spectrum.pdf" not in log and "-marks.pdf>" not in log


@needs_tex
def test_layers_are_printed_at_one_place(large: Path, tmp_path: Path) -> None:
    """Both together are as high as one of them."""
    macros = environment().get_template("picture-macro.tex.jinja").render(pictures=True, bodies=False, layers=True)
    heights = []
    for number, text in enumerate((r"\proofgenlayers{spectrum}{hopf-0001-marks}", r"\proofgenpicture{spectrum}")):
        tex = tmp_path / str(number) / "points" / "page.tex"
        tex.parent.mkdir(parents=True)
        shutil.copytree(large / "figures", tmp_path / str(number) / "figures")
        tex.write_text(
            rf"\documentclass{{article}}\usepackage{{graphicx}}{macros}\begin{{document}}"
            r"\renewenvironment{figure}[1][]{}{\par}\def\caption#1{}\setbox0\vbox{" + text + r"{a}{b}}"
            r"\typeout{height \the\ht0}\box0\end{document}"
        )  # fmt: skip
        found = re.search(r"height ([0-9.]+)pt", compiled(tex, tmp_path / str(number) / "compiled", ENGINES[0]))
        assert found and float(found[1]) > 100
        heights.append(found[1])
    assert heights[0] == heights[1]


@needs_tex
@pytest.mark.parametrize(
    "missing",
    [["lmodern", "geometry", "microtype", "hyperref", "graphicx"], *(pytest.param([name], marks=pytest.mark.slow) for name in ("lmodern", "graphicx"))],
)
def test_recommended_packages_may_be_missing(bundle: Path, tmp_path: Path, missing: list[str]) -> None:
    for document in ("summary.tex", "points/hopf-0001.tex"):
        text = (bundle / document).read_text()
        optional = re.findall(r"IfFileExists\{(\w+)\.sty\}", text)
        required = {name for found in re.findall(r"^\\usepackage\{(.*)\}", text, re.MULTILINE) for name in found.split(",")}
        assert set(missing) <= set(optional) and required == {"amsmath", "amssymb", "amsthm", "longtable"}
        for package in missing:
            text = text.replace(f"{{{package}.sty}}", "{no-such-package.sty}")
        tex = tmp_path / Path(document).name
        tex.write_text(text)
        assert "undefined" not in compiled(tex, tmp_path / tex.stem, ENGINES[0])


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("xetex") is None, reason="XeTeX is not installed")
def test_documents_compile_with_the_engine_of_tectonic(bundle: Path, tmp_path: Path) -> None:
    """tectonic is XeTeX with LaTeX's ordinary format, which is built here because distributions pack it elsewhere."""
    command = ["xetex", "-ini", "-etex", "-interaction=nonstopmode", "-jobname=xelatex", "xelatex.ini"]
    if subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode:
        pytest.skip("the format cannot be built")
    shutil.copytree(bundle / "figures", tmp_path / "figures")
    for document in ("summary.tex", "points/hopf-0001.tex"):
        (tmp_path / "document.tex").write_bytes((bundle / document).read_bytes())
        for _ in range(2):
            command = ["xetex", "-fmt=./xelatex", "-etex", "-halt-on-error", "-interaction=nonstopmode", "document.tex"]
            done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
            assert done.returncode == 0, done.stdout[-3000:]
        log = (tmp_path / "document.log").read_text(encoding="utf-8", errors="replace")
        assert "Overfull" not in log and "undefined" not in log and "figures/" in log


@needs_tex
@pytest.mark.slow
@pytest.mark.parametrize("name", ENGINES)
def test_pdfs_are_reproducible(bundle: Path, tmp_path: Path, name: str) -> None:
    path = shutil.which(name)
    assert path is not None
    found = []
    for run in ("first", "a-second-directory"):
        shutil.copytree(bundle, tmp_path / run)
        files = [tmp_path / run / "summary.tex", tmp_path / run / "points" / "hopf-0001.tex"]
        found.append([pdf.read_bytes() for pdf in compile_pdf(files, engine=Engine(name, path))])
    assert found[0] == found[1]
    assert all(len(data) > 20000 for data in found[0])  # the pictures are in


@needs_tex
def test_bodies_stand_in_another_paper(bundle: Path, tmp_path: Path) -> None:
    """With the references of the bundle and a bibliography of its own."""
    for name in ("summary-body.tex", "points/hopf-0001-body.tex"):
        body = (bundle / name).read_text()
        assert "thebibliography" not in body and r"\documentclass" not in body and "references.bib" in body
        tex = tmp_path / f"{Path(name).stem}-paper.tex"
        keys = re.findall(r"^@\w+\{(\w+),", (bundle / "references.bib").read_text(), re.MULTILINE)
        cited = "".join(rf"\bibitem{{{key}}} x" for key in keys)
        tex.write_text(
            "\\documentclass{article}\n\\usepackage{amsmath,amssymb,amsthm,longtable,graphicx}\n"
            "\\newtheorem{theorem}{Theorem}\\newtheorem{corollary}{Corollary}\n\\begin{document}\n"
            + body + "\\begin{thebibliography}{9}" + cited + "\\end{thebibliography}\\end{document}\n"
        )  # fmt: skip
        assert "undefined" not in compiled(tex, tmp_path / Path(name).stem, ENGINES[0])


@needs_tex
@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bibtex") is None, reason="bibtex is not installed")
def test_bodies_of_several_runs_stand_in_one_paper(bundle: Path, tmp_path: Path) -> None:
    """Labels do not collide, references resolve, and pictures are found from another folder."""
    shutil.copytree(bundle, tmp_path / "field")
    shutil.copytree(BUNDLES / "n4-printed", tmp_path / "network")
    render_directory(tmp_path / "network", Layout(figures=True, bodies=True))
    parts = []
    for folder in ("field", "network"):
        texts = sorted((tmp_path / folder).rglob("*-body.tex"))
        parts += [rf"\def\proofgenfolder{{{folder}/}}", *(rf"\input{{{t.relative_to(tmp_path)}}}" for t in texts)]
    assert len(parts) == 7
    head = [
        r"\documentclass{amsart}", r"\usepackage{amssymb,longtable,graphicx,hyperref}",
        r"\newtheorem{theorem}{Theorem}[section]", r"\newtheorem{corollary}[theorem]{Corollary}",
        r"\begin{document}", r"\section{Mine}\label{main}Section~\ref{main}.",
    ]  # fmt: skip
    tail = [r"\bibliographystyle{amsplain}", r"\bibliography{field/references,network/references}", r"\end{document}"]
    (tmp_path / "paper.tex").write_text("\n".join(head + parts + tail))
    latex = [ENGINES[0], "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    for command in (latex, ["bibtex", "paper"], latex, latex):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0 or command[0] == "bibtex", done.stdout[-3000:]
    log = (tmp_path / "paper.log").read_text(errors="replace").replace("\n", "")
    assert "multiply" not in log and "undefined" not in log and "same identifier" not in log
    assert "network/figures/hopf-0002-spectrum.pdf" in log and "field/figures/diagram.pdf" in log


def test_labels_of_two_methods_differ(tmp_path: Path) -> None:
    """Two runs of one problem can stand in one paper, also where nothing was proved."""
    found: list[set[str]] = []
    for name in ("n6-seed80", "n6-seed80-newton-kantorovich"):
        copy = tmp_path / name
        shutil.copytree(BUNDLES / name, copy)
        render_directory(copy, Layout(bodies=True))
        found.append({key for path in copy.rglob("*-body.tex") for key in re.findall(r"\\label\{([^}]*)\}", path.read_text())})
    one, other = found
    assert one and other and not one & other
    assert {key[:8] for key in one | other} == {hashlib.sha256((BUNDLES / "n6-seed80" / "problem.json").read_bytes()).hexdigest()[:8]}
    bundle = load_bundle(BUNDLES / "n6-seed80")
    branch, summary = bundle.branch_document, bundle.summary_document
    branch["claims"]["points"], summary["points"] = [], []
    assert isinstance(bundle.problem, Problem)
    pointless = bundle_of(bundle.problem, bundle.file.document, branch, {}, summary)
    text = render_documents(pointless, {derive: derive(bundle.problem)}, bodies=True)["summary.tex"].decode()
    assert not one & set(re.findall(r"\\label\{([^}]*)\}", text))


# --- references and styles --------------------------------------------------------------------------

CITE = re.compile(r"\\cite(?:\[[^]]*\])?\{([^}]*)\}")


@pytest.mark.parametrize("name", ["three-dimensional", "n4-printed", "leaky-tanh-12", "three-dimensional-newton-kantorovich"])
def test_every_citation_resolves(name: str, tmp_path: Path) -> None:
    copy = tmp_path / name
    shutil.copytree(BUNDLES / name, copy)
    files = render_directory(copy, Layout(style="interval"))
    entries = {}
    text = (copy / "references.bib").read_text(encoding="ascii")
    for kind, key, body in re.findall(r"@(\w+)\{(\w+),\n(.*?)\n\}\n", text, re.DOTALL):
        assert body.count("{") == body.count("}") and all(
            re.fullmatch(r"\s+\w+\s*=\s*\{.*\},", line) for line in body.splitlines()
        )
        fields = dict(re.findall(r"^\s+(\w+)\s*=\s*\{(.*)\},$", body, re.MULTILINE))
        assert {"author", "title", "year"} <= fields.keys()
        assert ("journal" if kind == "article" else "publisher") in fields
        entries[key] = fields
    used = set()
    for path in files:
        document = path.read_text(encoding="ascii")
        cited = {key for found in CITE.findall(document) for key in found.split(",")}
        assert cited <= set(re.findall(r"\\bibitem\{(\w+)\}", document))
        used |= cited
    assert entries.keys() == used


def test_styles_by_the_command_line(tmp_path: Path) -> None:
    copy = tmp_path / "n4"
    shutil.copytree(BUNDLES / "n4-printed", copy)
    before = (copy / "points" / "hopf-0001.tex").read_text()

    def render(*options: str) -> str:
        assert run_command("render", copy, *options).returncode == 0
        return (copy / "points" / "hopf-0001.tex").read_text()

    text = render("--style", "interval", "--body")
    assert not re.search(r"\d_\{\d+\}\^\{\d+\}", text) and re.search(r"\\omega \\in \[\d\.\d+,\\, \d\.\d+\]", text)
    assert not re.search(r"\d_\{\d+\}\^\{\d+\}", (copy / "summary.tex").read_text())
    assert r"\begin{theorem}" in (copy / "summary-body.tex").read_text()
    assert render() == before and not (copy / "summary-body.tex").exists()
    assert main([str(copy)]) == 0
