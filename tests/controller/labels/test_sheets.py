"""Sheets of labels, printed for real: each label lies where its paper is cut, each code is read
from the picture by somebody else's program, and nothing that was typed is ever more than text."""

import io
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from controller.config import Config
from controller.labels import sheet
from controller.labels.address import address
from controller.labels.papers import Paper, papers
from controller.labels.sheet import Label, Options, SmallError
from controller.printing.making import PrintingError, make
from inventory.labels import codes
from tests import needs

ADDRESS = "https://caretaker.willowbrook.sch.uk:8443"
OPTIONS = Options(ADDRESS, "Willowbrook Primary School", outline=True)
MM = 25.4
TOLERANCE_MM = 0.3


def drawn(pdf: bytes, folder: Path, dpi: int = 300) -> list[Image.Image]:
    """Every page as a printer of that many dots would have it."""
    program = needs.program("pdftoppm", package="poppler-utils")
    (folder / "labels.pdf").write_bytes(pdf)
    command = [program, "-r", str(dpi), "-gray", "labels.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True, timeout=60)
    return [Image.open(io.BytesIO(p.read_bytes())) for p in sorted(folder.glob("page*.pgm"))]


def read_codes(page: Image.Image, paper: Paper, folder: Path, dpi: int = 300) -> list[str]:
    """What zbar sees on each label, one label at a time as a phone does."""
    program = needs.program("zbarimg", package="zbar-tools")
    names = [str(folder / f"look{place:02d}.png") for place in range(paper.on_page)]
    for place, name in enumerate(names):
        x, y = paper.corner(place)
        corners = (x, y, x + paper.label[0], y + paper.label[1])
        page.crop(tuple(round(at * dpi / MM) for at in corners)).save(name)  # type: ignore[arg-type]  # crop takes any four
    done = subprocess.run(
        [program, "-q", "--raw", *names], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout.split()


def written(pdf: bytes, folder: Path) -> str:
    """The words of a PDF."""
    program = needs.program("pdftotext", package="poppler-utils")
    (folder / "words.pdf").write_bytes(pdf)
    command = [program, "-raw", "words.pdf", "-"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def some(number: int) -> list[Label]:
    return [Label(codes.make(), f"WB-{n:04d}", "HP ProBook 440 G9") for n in range(number)]


@pytest.mark.parametrize("name", sorted(papers()))
def test_a_paper_is_cut_symmetrically_within_its_page(name: str) -> None:
    paper = papers()[name]
    for across in (0, 1):
        n = (paper.columns, paper.rows)[across]
        used = (n - 1) * paper.pitch[across] + paper.label[across]
        left_over = paper.page[across] - used
        assert left_over >= -1e-6
        assert paper.first[across] == pytest.approx(left_over / 2, abs=0.05)
        assert paper.pitch[across] >= paper.label[across] - 1e-6


def test_labels_are_placed_row_by_row_from_the_first_free_one() -> None:
    paper = papers()["L7160"]
    told = sheet.document(paper, some(20), Options(ADDRESS, "School", start=21))
    first, second = told["pages"]
    assert [(one["x"], one["y"]) for one in first] == [(139.25, 243.75)]
    assert len(second) == 19
    assert (second[0]["x"], second[0]["y"]) == (7.25, 15.15)
    assert (second[3]["x"], second[3]["y"]) == (7.25, 53.25)


@pytest.mark.parametrize(("start", "pages"), [(0, 1), (1, 1), (2, 2), (21, 2), (99, 2)])
def test_a_start_beyond_the_sheet_is_its_last_label(start: int, pages: int) -> None:
    told = sheet.document(papers()["L7160"], some(21), Options(ADDRESS, "School", start=start))
    assert len(told["pages"]) == pages


def test_a_roll_has_no_used_sheet() -> None:
    told = sheet.document(papers()["dymo 11354"], some(3), Options(ADDRESS, "School", start=2))
    assert [len(page) for page in told["pages"]] == [1, 1, 1]


@pytest.mark.parametrize("name", ["L7651", "dymo 11354"])
def test_every_code_is_read_from_the_printed_sheet(name: str, tmp_path: Path) -> None:
    paper, labels = papers()[name], some(1 if papers()[name].roll else papers()[name].on_page)
    (page,) = drawn(make(sheet.TEMPLATE, sheet.document(paper, labels, OPTIONS)), tmp_path)
    wanted = [sheet.address_of(ADDRESS, label.code) for label in labels]
    assert read_codes(page, paper, tmp_path) == wanted


@pytest.mark.parametrize("name", ["L7160", "L7651", "5160"])
def test_every_label_lies_where_the_paper_is_cut(name: str, tmp_path: Path) -> None:
    paper = papers()[name]
    told = sheet.document(paper, some(paper.on_page), OPTIONS)
    for row in told["pages"]:
        for one in row:
            one.update(svg='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')
            one.update(tag="", name="", code="")
    told["school"] = ""
    dpi = 300
    (page,) = drawn(make(sheet.TEMPLATE, told), tmp_path, dpi)
    dots = dpi / MM
    size = (round(paper.page[0] * dots), round(paper.page[1] * dots))
    assert page.size == pytest.approx(size, abs=2)
    for place in (0, paper.on_page - 1):
        x, y = paper.corner(place)
        assert edge(page, x, y + paper.label[1] * 0.2, dots) == pytest.approx(0, abs=TOLERANCE_MM)
        across = edge(page, x + paper.label[0], y + paper.label[1] * 0.2, dots)
        assert across == pytest.approx(0, abs=TOLERANCE_MM)


def edge(page: Image.Image, x: float, y: float, dots: float) -> float:
    """How far from `x` the nearest line lies, in millimetres, on the row at `y`."""
    reach = round(1.0 * dots)
    middle = round(x * dots)
    row = [page.getpixel((middle + d, round(y * dots))) for d in range(-reach, reach + 1)]
    dark = [d for d, grey in enumerate(row, -reach) if isinstance(grey, int | float) and grey < 200]
    assert dark, "no edge is drawn near there"
    return min(dark, key=abs) / dots


def test_level_and_module_suit_the_size_of_the_label() -> None:
    text = sheet.address_of(ADDRESS, "7K3PX9QW2M")
    assert sheet.level_for(text, sheet.qr_side(papers()["L7160"])) == "Q"
    assert sheet.level_for(text, sheet.qr_side(papers()["L7651"])) == "M"
    with pytest.raises(SmallError):
        sheet.level_for(text, 10)


def test_a_label_too_small_for_an_address_is_refused_not_printed_unreadable() -> None:
    tiny = Paper("tiny", (20, 10), 1, 1, (20, 10), (0, 0), (20, 10), "-", "2026-11-22")
    with pytest.raises(SmallError):
        sheet.document(tiny, some(1), OPTIONS)


MARKUP = (
    *('#read("/etc/passwd")', '#import "@preview/a:0.1.0"', "#{panic()}", '#eval("1+1")'),
    *("*bold*", "_it_", "$x^2$", "= Heading", "- item", "@ref", "<label>", "`raw`", "//x", "\\"),
    *("#include", "#sys.version", "[x](y)", "https://example.org", "~", "--", "...", "'q'", '"'),
)
pieces = st.sampled_from(MARKUP) | st.text(
    st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=6
)
typed = st.lists(pieces, min_size=1, max_size=3).map("".join).map(lambda text: text[:40])


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(typed, min_size=14, max_size=14))
def test_what_was_typed_is_text_and_never_the_typesetters_language(
    tmp_path_factory: pytest.TempPathFactory, tags: list[str]
) -> None:
    labels = [Label(codes.make(), tag) for tag in (*MARKUP[:7], *tags)]
    told = sheet.document(papers()["L7163"], labels, Options(ADDRESS, "School"))
    words = written(make(sheet.TEMPLATE, told), tmp_path_factory.mktemp("words"))
    flat = re.sub(r"\s", "", words)
    for label in labels:
        assert re.sub(r"\s", "", label.tag) in flat
    assert "root:" not in words


def test_the_typesetter_opens_nothing_outside_its_folder(tmp_path: Path) -> None:
    for line in ('#read("/etc/passwd")', '#read("../../etc/passwd")', '#image("/etc/passwd")'):
        template = tmp_path / "bad.typ"
        template.write_text(line)
        with pytest.raises(PrintingError):
            make(template, {})


def test_a_template_that_never_ends_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("controller.printing.making.SECONDS", 1)
    template = tmp_path / "long.typ"
    template.write_text("#{ for a in range(99999) { for b in range(99999) { let c = a + b } } }")
    with pytest.raises(PrintingError, match="too long"):
        make(template, {})


def test_codes_begin_with_the_name_browsers_trust_where_there_is_one() -> None:
    plain = address(Config(), "10.0.0.5:8443")
    assert (plain.base, plain.lasting) == ("https://10.0.0.5:8443", False)
    named = Config(https_name="Caretaker.School.example")
    assert address(named, "10.0.0.5:8443").base == "https://caretaker.school.example:8443"
    usual = Config(https_name="caretaker.school.example", port=443)
    assert address(usual, "x").base == "https://caretaker.school.example"
    behind = Config(https_name="caretaker.school.example", trusted_proxies=1)
    assert address(behind, "x").lasting
    assert address(behind, "x").base == "https://caretaker.school.example"
