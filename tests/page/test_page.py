"""The page of a bundle and of a run: what it says, that it needs nothing else, and how it behaves in a real browser."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import CHROMIUM, Browser, browser
from check_tools import rehash
from commands import run
from markupsafe import Markup

from proofgen.batch.page import write_page
from proofgen.bundle.disk import manifest_bytes
from proofgen.check import check_path
from proofgen.documents import PAGE, Layout, render_directory
from proofgen.errors import InputError
from proofgen.figures.run_points import RunPoint, points_figure, points_svg
from proofgen.needs import has
from proofgen.numbers.printed import Enclosure
from proofgen.page.dialect import for_pandoc
from proofgen.page.html import Page, Picture, Section, rendered
from proofgen.page.tables import Cell, Table, of_enclosure

CERTIFICATES = Path(__file__).resolve().parents[2] / "proofs" / "certificates"
PLAIN = Layout(html=True, illustrated=False)
NASTY = "</title><script>document.title='x'</script><img src=x onerror=alert(1)>{{ 7*7 }}&amp;\"'"
needs_pandoc = pytest.mark.skipif(not has("pandoc"), reason="needs pandoc")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")


def bundle_with_page(name: str, out: Path, layout: Layout = PLAIN) -> Path:
    shutil.copytree(CERTIFICATES / name, out)
    render_directory(out, layout)
    return out


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle_with_page("n4-printed", tmp_path_factory.mktemp("page") / "n4")


@pytest.fixture(scope="module")
def window() -> Iterator[Browser]:
    with browser() as found:
        yield found


def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def hostile(out: Path) -> Path:
    """A bundle whose title acts, where it is printed raw."""
    shutil.copytree(CERTIFICATES / "van-der-pol", out)
    for name in ("problem.json", "summary.json"):
        document = json.loads((out / name).read_text())
        (out / name).write_text(json.dumps(document | {"title": NASTY}))
    rehash(out)
    return out


@needs_pandoc
class TestBundle:
    def test_everything_is_said(self, bundle: Path) -> None:
        page, summary = text_of(bundle / PAGE), json.loads((bundle / "summary.json").read_text())
        assert summary["title"] in page and "2 Hopf bifurcations proved" in page and "proofgen check DIR" in page
        for row in summary["points"]:
            assert f'<details id="{row["id"]}">' in page and f'href="{row["certificate"]}"' in page
            low, high = row["omega"]
            assert f'title="[{low}, {high}]"' in page
        for label in ("(H1)", "(H2)", "(H3)", "(H4)"):
            assert page.count(f"<p>{label} ") + page.count(f"<p><em>{label} ") == len(summary["points"])
        for name in ("Theorem 1", "Theorem A", "Theorem B", "Kuznetsov"):
            assert name in page

    def test_equations_are_referred_to_by_their_numbers(self, bundle: Path) -> None:
        """Those of the summary, too: its network is what every certificate is about."""
        page = " ".join(text_of(bundle / PAGE).split())
        assert page.count("at which (1) has") == 2 and page.count("periodic orbits of (1)") == 2
        digest = json.loads((bundle / "branch.json").read_text())["problem"]["sha256"]
        assert f"<code>{digest}</code>" in page.split('<section id="check">')[1]
        assert "▫" not in page and page.count("◻") >= 3  # one sign for the ends of proofs

    def test_formulas_are_mathml(self, bundle: Path) -> None:
        page = text_of(bundle / PAGE)
        assert page.count("<math") > 100
        for left in ("$", "\\mathsf", "\\ref", "\\eqref", "\\cite", "[network]", "[l1]", "\\begin", "application/x-tex"):
            assert left not in page.split("<main>")[1].split("<script>")[0], left

    def test_it_needs_nothing_else(self, bundle: Path) -> None:
        page = text_of(bundle / PAGE)
        assert "default-src 'none'" in page
        body, references = page.split('<section id="references">')
        assert set(re.findall(r'(?:href|src)="([^#"]*)"', references)) == {"https://arxiv.org/abs/2202.05073"}  # to be followed
        for address in re.findall(r'(?:href|src)="([^"]*)"', body):
            assert address.startswith(("#", "data:image/svg+xml;base64,")) or (bundle / address).is_file(), address

    def test_a_page_is_part_of_the_bundle(self, bundle: Path, tmp_path: Path) -> None:
        assert check_path(str(bundle)).verdict == "accepted"
        listed = (bundle / "MANIFEST.sha256").read_text()
        assert PAGE in listed
        copy = shutil.copytree(bundle, tmp_path / "copy")
        render_directory(copy, PLAIN)
        assert (copy / PAGE).read_bytes() == (bundle / PAGE).read_bytes()
        render_directory(copy, Layout())
        assert not (copy / PAGE).exists() and PAGE not in (copy / "MANIFEST.sha256").read_text()

    def test_a_page_that_was_edited_stays(self, bundle: Path, tmp_path: Path) -> None:
        copy = shutil.copytree(bundle, tmp_path / "copy")
        (copy / PAGE).write_text("mine")
        with pytest.raises(InputError, match="changed since proofgen wrote it"):
            render_directory(copy, PLAIN)
        assert (copy / PAGE).read_text() == "mine"

    def test_pdfs_are_linked_where_they_are(self, bundle: Path, tmp_path: Path) -> None:
        copy = shutil.copytree(bundle, tmp_path / "copy")
        (copy / "points" / "hopf-0002.pdf").write_bytes(b"%PDF")
        render_directory(copy, PLAIN)
        page = text_of(copy / PAGE)
        assert 'href="points/hopf-0002.pdf"' in page and 'href="points/hopf-0001.pdf"' not in page

    def test_a_map_has_pictures(self, tmp_path: Path) -> None:
        """Its multipliers and iterates are on the page, too."""
        page = text_of(bundle_with_page("henon", tmp_path / "map", Layout(html=True)) / PAGE)
        assert "<figure>" in page and "1 flip proved" in page and "Simulation, not a proof" in page and "unit circle" in page

    def test_names_are_never_printed_raw(self, tmp_path: Path) -> None:
        out = hostile(tmp_path / "hostile")
        render_directory(out, PLAIN)
        page = text_of(out / PAGE)
        assert page.count("<script>") == 1 and "<img src=x" not in page and "&lt;script&gt;" in page


def run_directory(out: Path) -> Path:
    """The tables of a run that somebody has filled with what they like."""
    out.mkdir()
    columns = "network,group,network.random.seed,dimension,status,complete,method,points,supercritical,subcritical," \
        "real_crossings,failures,check,bundle,content_sha256"
    row = 'n-000001,"<b>g</b>",{seed},4,proved,true,zero-branch,1,1,0,0,0,accepted,{bundle},00'
    links = ["networks/tanh/0000/n.zip", "javascript:alert(1)", "networks/../../etc.zip", "networks/a/b"]
    rows = [row.format(seed=seed, bundle=link) for seed, link in zip((3, 20, 100, 1), links, strict=True)]
    ends = ",".join(f"{name}_{end}" for name in ("parameter", "omega", "l1", "crossing_speed") for end in ("lo", "hi", "mid", "rad"))
    point = f"network,group,network.random.seed,dimension,point,{ends},unstable_eigenvalues,stable_eigenvalues,criticality"
    value = ",".join(["0.123456789", "0.123456799", "0.12", "1e-8"] * 4)
    texts = {
        "networks.csv": "\n".join([columns, *rows, ""]),
        "points.csv": f"{point}\nn-000001,<i>g</i>,1,4,hopf-0001,{value},0,2,supercritical\n",
        "failures.csv": "network,group,network.random.seed,code,reason,parameter_lo,parameter_hi\n",
        "run.toml": "",
    }
    for name, text in texts.items():
        (out / name).write_text(text)
    digest = hashlib.sha256(b"").hexdigest()
    results = {"format": "proofgen-run", "version": 1, "title": NASTY, "run_sha256": digest, "networks": 4, "proved": 4,
               "incomplete": 0, "failed": 0, "points": 4, "accepted": 4, "versions": {},
               "groups": [{"name": "<u>g</u>", "networks": 4}, "odd"]}  # fmt: skip
    (out / "results.json").write_text(json.dumps(results))
    files = {path.name: path.read_bytes() for path in out.iterdir()}
    (out / "MANIFEST.sha256").write_bytes(manifest_bytes(files))
    return out


class TestRun:
    def test_tables(self, tmp_path: Path) -> None:
        directory = run_directory(tmp_path / "run")
        write_page(directory)
        page = text_of(directory / PAGE)
        assert "4 networks, 4 proved" in page and "0.1234567…" in page and "[0.123456789, 0.123456799]" in page
        assert page.count("<script>") == 1 and not re.search(r"<(b|i|u)[ >]", page)
        assert page.count("<img") == page.count('<img src="data:image/svg+xml;base64,') <= 1
        links = [link for link in re.findall(r'href="([^"]*)"', page) if link[0] != "#" and not (directory / link).is_file()]
        assert links == ["networks/tanh/0000/n.zip", "networks/a/b"]

    def test_pictures(self, tmp_path: Path) -> None:
        """The picture shows the points of the table; without a point there is none."""
        directory = run_directory(tmp_path / "run")
        write_page(directory)
        found = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', text_of(directory / PAGE))
        assert len(found) == 1 and "1 Hopf points" in text_of(directory / PAGE)
        figure = points_figure([RunPoint(0.1, 2.0, -1e-3), RunPoint(0.2, 3.0, 5.0), RunPoint(0.3, 4.0, 0.5)])
        left, right = figure.axes
        drawn = {line.get_label(): line.get_xydata().tolist() for line in left.lines}
        assert drawn == {"supercritical": [[0.1, 2.0]], "subcritical": [[0.2, 3.0], [0.3, 4.0]]}
        assert [2.0, -1e-3] in [point for line in right.lines for point in line.get_xydata().tolist()]
        assert right.get_yscale() == "symlog" and points_svg([RunPoint(0.1, 2.0, 1.0)]).startswith(b"<?xml")
        assert not RunPoint(0.1, float("inf"), 1.0).finite

    def test_what_is_not_its_own_stays(self, tmp_path: Path) -> None:
        directory = run_directory(tmp_path / "run")
        (directory / PAGE).write_text("mine")
        with pytest.raises(InputError, match="is not a page of proofgen"):
            write_page(directory)
        assert (directory / PAGE).read_text() == "mine"

    @needs_pandoc
    def test_command(self, tmp_path: Path) -> None:
        done = run("render", run_directory(tmp_path / "run"), "--html", "--json")
        assert done.returncode == 0 and Path(json.loads(done.stdout)["html"]).is_file()

    def test_changed_tables_are_refused(self, tmp_path: Path) -> None:
        directory = run_directory(tmp_path / "run")
        (directory / "points.csv").write_text("")
        with pytest.raises(InputError, match="digest"):
            write_page(directory)

    def test_numbers_beyond_binary64(self) -> None:
        assert of_enclosure(Enclosure.of("1e400", "2e400")).sort is None


class TestDialect:
    def test_equations_are_numbered_through_all_parts(self) -> None:
        one = r"\begin{equation}\label{a} x \end{equation} \begin{align} y \notag \\ \label{b} z \end{align}"
        made = for_pandoc([one, r"by~\eqref{b}, \eqref{a}", r"\begin{equation}\label{c} w\end{equation}\eqref{nowhere}"])
        assert r"x\qquad(1)\end{equation}" in made[0] and r"z\qquad(2)\end{align*}" in made[0]
        assert made[1] == "by~(2), (1)" and r"w\qquad(3)" in made[2] and made[2].endswith("above")

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            (r"\operatorname{Re}\lambda", r"\operatorname{Re}\,\lambda"),
            (r"\operatorname{Re} c_1", r"\operatorname{Re}\, c_1"),
            (r"\operatorname{diag}\bigl(x\bigr)", r"\operatorname{diag}\bigl(x\bigr)"),
            (r"\operatorname{exprel}^{(k)}(u)", r"\operatorname{exprel}^{(k)}(u)"),
            (r"\max_{i\ne k}\mathsf e_i", r"\max_{i\ne k}\,\mathsf e_i"),
        ],
    )
    def test_space_after_operators(self, given: str, expected: str) -> None:
        assert for_pandoc([given]) == [expected]


def large_page(path: Path, rows: int) -> Path:
    """A table of thousands of rows, some of whose numbers are not known, and a picture that would act if it could."""
    cells = [(Cell(f"p-{i}", f"p-{i}"), Cell("?") if i % 100 == 7 else Cell(f"{(i * 7919) % rows}.5", float((i * 7919) % rows)))
             for i in range(rows)]  # fmt: skip
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>top.document.title="acted"</script></svg>'
    picture = Picture((svg, svg), Markup("<p>two layers</p>"), "picture")
    table = Table("points", "Points", ("point", "γ"), tuple(cells))
    path.write_bytes(rendered(Page("Large", "Many.", (Section("list", "List", tables=(table,), pictures=(picture,)),))))
    return path


@needs_browser
class TestBrowser:
    @pytest.mark.parametrize("width", [400, 1400])
    @needs_pandoc
    def test_a_bundle_fits_and_is_silent(self, window: Browser, bundle: Path, width: int) -> None:
        window.open(bundle / PAGE, width)
        window.run("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        assert window.run("document.documentElement.scrollWidth") <= width
        assert window.complaints == []
        assert window.requests == [(bundle / PAGE).resolve().as_uri()]

    @needs_pandoc
    @pytest.mark.parametrize("name", ["henon", pytest.param("co-oxidation", marks=pytest.mark.slow)])
    def test_long_formulas_stay_in_the_window(self, window: Browser, name: str, tmp_path: Path) -> None:
        window.open(bundle_with_page(name, tmp_path / name, Layout(html=True)) / PAGE, 400)
        window.run("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        assert window.run("document.documentElement.scrollWidth") <= 400

    @needs_pandoc
    def test_a_link_opens_its_certificate(self, window: Browser, bundle: Path) -> None:
        window.open(bundle / PAGE, 1000)
        found = "document.querySelector('details#hopf-0002').open"
        assert window.run(found) is False
        window.run("document.querySelector('a[href=\"#hopf-0002\"]').click(); new Promise((go) => setTimeout(go, 200))")
        assert window.run(found) is True

    @needs_pandoc
    def test_print(self, window: Browser, bundle: Path, tmp_path: Path) -> None:
        """What is closed on the screen is on paper, the search is not."""
        window.open(bundle / PAGE, 1000)
        (tmp_path / "page.pdf").write_bytes(window.printed())
        if shutil.which("pdftotext") is None:
            pytest.skip("needs pdftotext")
        done = subprocess.run(["pdftotext", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True)
        text = " ".join(done.stdout.split())
        assert "crosses the imaginary axis with speed" in text and "Search" not in text

    @needs_pandoc
    def test_names_do_not_act(self, window: Browser, tmp_path: Path) -> None:
        out = hostile(tmp_path / "hostile")
        render_directory(out, PLAIN)
        window.open(out / PAGE, 1000)
        assert window.complaints == [] and window.run("document.title") == NASTY

    @pytest.mark.slow
    def test_a_large_table(self, window: Browser, tmp_path: Path) -> None:
        window.open(large_page(tmp_path / PAGE, 5000), 1400)
        column = "Array.from(document.querySelectorAll('tbody tr:not([hidden]) td:nth-child(2)')).map((cell) => cell.textContent)"
        head = "document.querySelectorAll('th button')[1].click()"
        window.run(head)
        up: list[Any] = window.run(column)
        known = [float(text) for text in up if text != "?"]
        assert known == sorted(known) and len(known) == 4950 and up[-50:] == ["?"] * 50
        window.run(head)
        down: list[Any] = window.run(column)
        assert [float(text) for text in down[:4950]] == known[::-1] and down[-50:] == ["?"] * 50
        window.run("document.querySelectorAll('th button')[0].click()")  # names with numbers: p-2 before p-10
        first = window.run("Array.from(document.querySelectorAll('tbody td:first-child')).slice(0, 3).map((cell) => cell.textContent)")
        assert first == ["p-0", "p-1", "p-2"]
        window.run("{ const field = document.querySelector('input'); field.value = 'P-123'; field.dispatchEvent(new Event('input')); }")
        assert len(window.run(column)) == 11 and window.run("document.querySelector('output').textContent") == "11 of 5000 rows"
        assert window.complaints == [] and window.run("document.title") == "Large"
