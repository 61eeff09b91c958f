"""Reports of other tools: what each is worth, and why none but a whole one is taken by itself."""

import pytest

from inventory.assets.errors import RegisterError
from inventory.disposal.proof import certificates, reading
from inventory.disposal.proof.by_hand import by_hand
from inventory.disposal.proof.claims import Claim
from inventory.disposal.proof.judging import Accepted, NeedsPerson, Refused, judged
from inventory.disposal.proof.reading import Reading, Unreadable
from tests.checks.formats.nwipe_logs import log
from tests.checks.formats.test_erasure_formats import (
    HDPARM,
    SANITIZED,
    SANITIZED_JSON,
    blancco,
    erasure,
)
from tests.checks.formats.test_nwipe_pdf import PAGE, pdf
from tests.inventory.disposal.proof.cases import RULES, WINDOW, claims, medium, verdict

SAID = '\n <entry name="verification_percentage" type="uint">100</entry>'
LIST = """\
Serial Number,Model,Erasure Method,Status,Date
CT24K7A0,CARETAKER TEST,HMG IS5 Baseline overwrite,Erased,22/11/2026 11:00
A1B2C3D4,CARETAKER TEST,Shredded to 6 mm,Destroyed,2026-11-22
"""


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (log("zero"), "nwipe-log"),
        (pdf(), "nwipe-pdf"),
        (blancco(erasure("CT24K7A0")), "blancco-xml"),
        (SANITIZED.encode(), "nvme-sanitize-log"),
        (SANITIZED_JSON.encode(), "nvme-sanitize-log"),
        (HDPARM.encode(), "hdparm-identify"),
        (LIST.encode(), "certificate-csv"),
        (LIST.replace(",", ";").encode("utf-8-sig"), "certificate-csv"),
    ],
)
def test_a_file_is_known_by_its_content(data: bytes, name: str) -> None:
    found = reading.read(data)
    assert isinstance(found, Reading)
    assert (found.format, found.version) == (name, reading.VERSION)
    assert found.claims


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"hello", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7 other", b"<root/>", b"{}"),
        *(b"a,b\n1,2\n", b"x" * (reading.LARGEST + 1), b"<blancco_data>", b"{(SPROG)}"),
    ],
)
def test_what_nobody_can_read_is_said_in_a_sentence(data: bytes) -> None:
    found = reading.read(data)
    assert isinstance(found, Unreadable)
    assert found.sentence.endswith(".")


def test_a_pdf_without_its_log_is_refused() -> None:
    found = verdict(pdf())
    assert isinstance(found, Refused)
    assert (found.code, found.line) == ("pdf_alone", "Status: ERASED")


def test_a_pdf_that_says_failed_says_so_first() -> None:
    items = [(x, y, "FAILED" if text == "ERASED" else text) for x, y, text in PAGE]
    found = verdict(pdf(items))
    assert isinstance(found, Refused)
    assert (found.code, found.line) == ("failed", "Status: FAILED")


def test_a_file_of_many_erasures_makes_as_many_claims() -> None:
    serials = [f"SER{number:05}" for number in range(25)]
    read = claims(blancco(*(erasure(one) for one in serials)))
    assert [one.serial for one in read] == serials
    assert {(one.tool, one.tool_version, one.result) for one in read} == {
        ("Blancco Drive Eraser", "7.9.0", "erased")
    }


def test_a_whole_erasure_of_blancco_is_taken_where_it_says_that_it_read_back() -> None:
    drive = medium(kind="hdd_sas")
    found = verdict(blancco(erasure("CT24K7A0", more=SAID)), drive)
    assert isinstance(found, Accepted)
    assert (found.level, found.hidden_areas_clear) == ("clear", None)
    silent = verdict(blancco(erasure("CT24K7A0")), drive)
    assert isinstance(silent, NeedsPerson)
    assert silent.code == "verify_unsaid"


@pytest.mark.parametrize(
    ("state", "more", "code"),
    [
        ("Erased with exceptions", "", "exceptions"),
        ("Successful with exceptions", "", "exceptions"),
        ("Failed", "", "failed"),
        ("Cancelled", "", "aborted"),
        ("Marvellous", "", "status_unknown"),
        (
            "Successful",
            '<entries name="exception"><entry name="message">HPA unreachable</entry></entries>',
            "exceptions",
        ),
        ("Successful", '<entry name="total_errors">1</entry>', "errors_counted"),
        (
            "Successful",
            '<entries name="failure"><entry name="message">x</entry></entries>',
            "failed",
        ),
        ("Successful", '<entry name="state">Successful</entry>', "differs"),
    ],
)
def test_less_than_a_whole_erasure_is_refused(state: str, more: str, code: str) -> None:
    data = blancco(erasure("CT24K7A0", state, SAID + more))
    found = verdict(data, medium(kind="hdd_sas"))
    assert isinstance(found, Refused)
    assert found.code == code
    assert found.line
    assert found.line.partition(": ")[2] in data.decode().split("\n")[found.line_number - 1]


def test_one_drive_twice_in_a_file_is_refused_both_times() -> None:
    data = blancco(erasure("CT24K7A0", more=SAID), erasure("CT24-K7A0", more=SAID))
    for claim in claims(data):
        found = judged(claim, medium(kind="hdd_sas"), RULES, WINDOW)
        assert isinstance(found, Refused)
        assert found.code == "serial_twice"


def test_the_erasures_of_a_file_may_stand_in_any_order() -> None:
    parts = [erasure("CT24K7A0", more=SAID), erasure("A1B2C3D4", "Failed", SAID)]
    for order in (parts, parts[::-1]):
        found = verdict(blancco(*order), medium(kind="hdd_sas"))
        assert isinstance(found, Accepted)


def test_a_sanitize_log_names_no_drive_so_a_person_must() -> None:
    drive = medium(kind="ssd_nvme")
    for text in (SANITIZED, SANITIZED_JSON):
        found = verdict(text.encode(), drive)
        assert isinstance(found, NeedsPerson)
    failed = verdict(SANITIZED.replace("0x101", "0x3").encode(), drive)
    assert isinstance(failed, Refused)
    assert (failed.code, "SSTAT" in failed.line) == ("failed", True)
    since = verdict(SANITIZED_JSON.replace('erased": 1', 'erased": 0').encode(), drive)
    assert isinstance(since, Refused)
    assert since.code == "written_since"


def test_what_a_drive_could_do_is_no_evidence() -> None:
    text = HDPARM.partition("Sanitize status")[0]
    found = verdict(text.encode(), medium("Y8I9COUQT", size_bytes=625_142_448 * 512))
    assert isinstance(found, Refused)
    assert (found.code, "Serial Number" in found.line) == ("not_evidence", True)


def test_a_companys_list_always_waits_for_a_person() -> None:
    one, two = claims(LIST.encode())
    assert (one.technique, one.finished, one.result) == ("overwrite", "2026-11-22 11:00", "erased")
    assert (two.level, two.technique) == ("destroy", "")
    assert isinstance(verdict(LIST.encode()), NeedsPerson)
    failed = verdict(LIST.replace("Erased", "Failed").encode())
    assert isinstance(failed, Refused)
    assert (failed.line_number, "CT24K7A0" in failed.line) == (2, True)


def test_columns_go_by_their_names_or_by_a_persons_choice() -> None:
    headers = ["Box", "HDD Serial", "Erasure Status", "Nr"]
    assert certificates.columns(headers) == {"serial": 1, "result": 2}
    assert certificates.columns(headers, {"Nr": "serial"})["serial"] == 3
    (claim,) = certificates.claims(b"Nr,Status\nA1B2C3D4,Passed\n", {"Nr": "serial"})
    assert (claim.serial, claim.result) == ("A1B2C3D4", "erased")


def test_what_is_typed_waits_for_somebody_else() -> None:
    typed = Claim(
        source="manual",
        serial="CT24K7A0",
        size_bytes=4_194_304,
        technique="overwrite",
        verified="full",
        result="erased",
        hidden="none",
        finished="2026-11-22T12:00:00+00:00",
    )
    claim = by_hand(typed, "KillDisk certificate 118, seen on paper by the office")
    found = judged(claim, medium(), RULES, WINDOW)
    assert isinstance(found, NeedsPerson)
    assert found.code == "by_hand"
    for spoilt, reason in ((typed, "because"), (Claim(source="manual", serial="?"), "x" * 40)):
        with pytest.raises(RegisterError):
            by_hand(spoilt, reason)
