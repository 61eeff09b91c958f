"""Reports of nwipe as PDF, read as nwipe writes them and in no other form."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from checks.formats import nwipe_pdf
from checks.formats.errors import ParseError
from tests.needs import IMPOSSIBLE


def text_object(number: int, x: float, y: float, text: str, *, tilted: bool = False) -> str:
    turn = "0.000096 1.000000 -1.000000 0.000096 " if tilted else ""
    kind = "Tm" if tilted else "TD"
    place = f"{turn}{x:.6f} {y:.6f} {kind}"
    stream = f"BT /GS0 gs {place} /F3 10.000000 Tf 0.0 0.0 0.0 rg 0.000000 Tc ({text}) Tj ET"
    head = f"{number} 0 obj\r\n<< /Length {len(stream)} >>stream"
    return f"{head}\r\n{stream}\r\nendstream\r\nendobj\r\n"


PAGE = [
    (50, 745, "Page 1 - Erasure Status"),
    (50, 30, "Disc Erasure by NWIPE version 0.42"),
    (60, 410, "Make/Model:"),
    (135, 410, "Maker \\(5\\)"),
    (340, 410, "Serial:"),
    (380, 410, "CT24K7A0"),
    (60, 390, "Size\\(Apparent\\): "),
    (145, 390, "  4 MB, 4194304 bytes"),
    (300, 290, "Status:"),
    (365, 290, "ERASED"),
    (60, 190, "Errors\\(pass/sync/verify/retries\\):"),
    (230, 190, "0/0/0/0"),
]


def pdf(items: Sequence[tuple[float, float, str]] = PAGE) -> bytes:
    """As nwipe's writer lays it out, with one page."""
    head = "%PDF-1.3\r\n1 0 obj\r\n<<\r\n  /Producer (https://github.com/martijnvanbrummelen/nwipe)\r\n>>"
    head += "\r\nendobj\r\n2 0 obj\r\n<<\r\n  /Type /Pages\r\n  /Kids [ 3 0 R ]\r\n>>\r\nendobj\r\n"
    contents = "\r\n".join(f"{number} 0 R" for number in range(4, 4 + len(items)))
    head += (
        f"3 0 obj\r\n<<\r\n  /Type /Page\r\n  /Contents [\r\n{contents}\r\n]\r\n>>\r\nendobj\r\n"
    )
    body = "".join(
        text_object(number, *item, tilted=item[0] == 48) for number, item in enumerate(items, 4)
    )
    return f"{head}{body}xref\r\n0 1\r\ntrailer\r\nstartxref\r\n9\r\n%%EOF\r\n".encode()


SMALLEST = """%PDF-1.3\r
1 0 obj\r
<<\r
  /Producer (https://github.com/martijnvanbrummelen/nwipe)\r
>>\r
endobj\r
2 0 obj\r
<<\r
  /Type /Pages\r
  /Kids [ 3 0 R ]\r
>>\r
endobj\r
3 0 obj\r
<<\r
  /Type /Page\r
  /Contents [\r
4 0 R\r
]\r
>>\r
endobj\r
4 0 obj\r
<< /Length 91 >>stream\r
BT /GS0 gs 50.0 30.0 TD /F3 9.0 Tf 0 0 0 rg 0 Tc (Disc Erasure by NWIPE version 0.42) Tj ET\r
endstream\r
endobj\r
xref\r
%%EOF"""


def test_a_report_is_read_by_where_its_labels_stand() -> None:
    (drive,) = nwipe_pdf.parse(pdf()).drives
    assert {name: field.value for name, field in drive.fields.items()} == {
        "model": "Maker (5)",
        "serial": "CT24K7A0",
        "size": "4 MB, 4194304 bytes",
        "status": "ERASED",
        "errors": "0/0/0/0",
    }
    assert nwipe_pdf.parse(SMALLEST.encode()).drives == []


def test_a_page_of_results_without_any_drive_has_none() -> None:
    assert nwipe_pdf.parse(pdf(PAGE[:2])).drives == []


def test_a_report_of_a_machine_has_its_drives_one_below_the_other() -> None:
    items = [(50.0, 745.0, "Page 1 - Erasure Status"), (50, 765, "System Erasure Report")]
    items.append((50, 30, "Disc Erasure by NWIPE version 0.42"))
    for top, serial, status in ((410.0, "AAA111", "ERASED"), (310.0, "BBB222", "FAILED")):
        items += [(60, top, "Make:"), (300, top, "S/N:"), (330, top, serial)]
        items += [(48, top - 60, status)]
    read = nwipe_pdf.parse(pdf(items))
    assert read.of_machine
    assert [(d.fields["serial"].value, d.fields["status"].value) for d in read.drives] == [
        ("AAA111", "ERASED"),
        ("BBB222", "FAILED"),
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7\n",
        pdf().replace(b"nwipe)", b"other)"),
        pdf()[:-40],
        pdf() + pdf(),
        pdf().replace(b"4 0 obj", b"5 0 obj", 1),
        pdf([*PAGE, (400, 290, "Status:"), (450, 290, "FAILED")]),
    ],
)
def test_any_other_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        nwipe_pdf.parse(data)


CORPUS = Path("/work/shared/corpus/nwipe")


@pytest.mark.skipif(
    not CORPUS.exists(), reason=f"{IMPOSSIBLE}the reports of a real 0.42 are not here"
)
def test_real_reports_of_a_later_nwipe_are_read() -> None:
    found = [nwipe_pdf.parse(path.read_bytes()) for path in sorted(CORPUS.glob("*.pdf"))]
    assert [(one.version, one.of_machine, len(one.drives)) for one in found] == [
        ("0.42", False, 1),
        ("0.42", True, 1),
    ]
    for one in found:
        fields = {name: field.value for name, field in one.drives[0].fields.items()}
        assert (fields["status"], fields["serial"], fields["verify"]) == (
            "ERASED",
            "Unknown",
            "Last",
        )
