"""The certificate of disposal: what stands on it, read from the real PDF and from its code."""

import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from controller.disposal import certificate
from controller.disposal.headline import Moment
from controller.disposal.saying import File, Names
from controller.printing.making import make
from inventory.disposal.values import CertifiedLine
from tests import needs
from tests.controller.disposal.made import page_of, told_of
from tests.inventory.disposal.telling import (
    FILE,
    HDD,
    HEAD,
    SSD,
    STICK,
    TECHNICIAN,
    Story,
    approved,
    ready,
    received,
)

ADDRESS = "https://caretaker.willowbrook.example/register/disposal/disp_1/"
NAMES = Names(
    people={TECHNICIAN: "Tariq Aziz", HEAD: "Helen Marsh"},
    machines={"dev_bench": "BENCH-1"},
    companies={"con_1": "GreenTech Recycling Ltd"},
    files={FILE: File(FILE, "nwipe.log", "record of a wipe", "ev_1")},
)


def stands(story: Story, names: Names = NAMES) -> dict[str, Any]:
    """Everything the template is given."""
    told, moment = told_of(story), Moment(story.now.at + 3_600, "Europe/London")
    about = {"school": "Willowbrook Primary School", "address": ADDRESS, "demo": False}
    return certificate.document(told, page_of(story, names), names, moment, about)


def text_of(paper: bytes, tmp_path: Path) -> str:
    """The words of a PDF, as somebody else's program reads them."""
    program = needs.program("pdftotext", package="poppler-utils")
    file = tmp_path / "certificate.pdf"
    file.write_bytes(paper)
    done = subprocess.run([program, "-layout", file, "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def disposed() -> Story:
    story = approved(HDD, SSD, STICK).wiped(HDD, SSD)
    story.does("medium_failed", medium=STICK).destroyed(STICK)
    return story.does("collected").does("received").does("certified").does("disposed")


def test_the_paper_names_every_drive_with_its_proof_and_its_people(tmp_path: Path) -> None:
    text = text_of(make(certificate.TEMPLATE, stands(disposed())), tmp_path)
    for said in (
        "Certificate of disposal",
        "All 3 drives are accounted for",
        "Willowbrook Primary School",
        HDD.serial,
        SSD.serial,
        STICK.serial,
        "overwritten, nwipe; level: Clear",
        "read back in full",
        "BENCH-1",
        "shredded",
        "Helen Marsh",
        "GreenTech Recycling Ltd",
        "nwipe.log",
    ):
        assert said.casefold() in text.casefold(), said
    assert FILE in text.replace("\u200b", "").replace(" ", "")
    assert "3f" * 32 in text.replace("\u200b", "").replace(" ", "")
    assert "IEEE" not in text
    assert "conforms" not in text


def test_its_code_opens_the_page_and_holds_the_digest_the_record_ends_in(tmp_path: Path) -> None:
    draw = needs.program("pdftoppm", package="poppler-utils")
    reads = needs.program("zbarimg", package="zbar-tools")
    file = tmp_path / "certificate.pdf"
    file.write_bytes(make(certificate.TEMPLATE, stands(ready(HDD))))
    subprocess.run(
        [draw, "-r", "150", "-f", "1", "-l", "1", "-png", file, tmp_path / "p"], check=True
    )
    [picture] = tmp_path.glob("p*.png")
    done = subprocess.run([reads, "-q", "--raw", picture], capture_output=True, check=True)
    assert done.stdout.decode().strip() == f"{ADDRESS}#{'3f' * 32}"


@pytest.mark.parametrize(
    ("story", "title", "verdict", "proved"),
    [
        (disposed(), "Certificate of disposal", "All 3 drives are accounted for", True),
        (ready(HDD), "Disposal, as far as it is", "Its drive is accounted for", True),
        (approved(HDD, SSD), "Disposal, as far as it is", "Not everything is accounted for", False),
        (
            ready(HDD).does("missing"),
            "Disposal, as far as it is",
            "Its drive is accounted for",
            True,
        ),
        (approved(), "Disposal, as far as it is", "There was no drive in it", True),
    ],
)
def test_only_what_has_ended_is_certified_and_only_what_is_proved_is_green(
    story: Story, title: str, verdict: str, proved: bool
) -> None:
    found = stands(story)
    assert (found["title"], found["verdict"], found["proved"]) == (title, verdict, proved)
    unfinished = any("not finished" in one for one in found["honest"])
    assert unfinished == (title != "Certificate of disposal")


def test_what_a_company_certified_is_counted_apart_from_what_the_school_did() -> None:
    assert stands(ready(HDD))["summary"] == "1 wiped, checked and accepted."
    by_paper = approved(HDD, SSD).wiped(HDD).does("medium_failed", medium=SSD)
    media = by_paper.now.media
    line = CertifiedLine(
        serial=SSD.serial, level="destroy", technique=None, finished_at=by_paper.now.at
    )
    drives = [media[HDD.serial], msgspec.structs.replace(media[SSD.serial], certified=line)]
    page = page_of(by_paper)
    assert certificate.summary_of(drives) == [
        "1 wiped, checked and accepted",
        "1 destroyed, as the waste company certified",
    ]
    wiped = msgspec.structs.replace(line, level="clear", technique="overwrite")
    drives = [msgspec.structs.replace(media[HDD.serial], validated_by="", certified=wiped)]
    assert certificate.summary_of(drives) == ["1 wiped, as the waste company certified"]
    assert page.proved is False


def test_a_lost_drive_is_never_accounted_for_on_the_paper() -> None:
    story = approved(HDD, SSD).wiped(HDD).does("medium_missing", medium=SSD)
    story.does("exception_closed", outcome="lost", evidence=(FILE,))
    found = stands(story)
    assert found["verdict"] == "Not everything is accounted for"
    assert (found["proved"], found["summary"]) == (
        False,
        "1 wiped, checked and accepted, 1 given up as lost.",
    )
    [lost] = [one for one in found["media"] if one["serial"] == SSD.serial]
    assert (lost["good"], lost["state"]) == (False, "Lost")


def test_a_record_that_does_not_hold_together_is_never_green() -> None:
    told = told_of(disposed())
    broken = type(told.chain)(False, told.chain.lines, told.chain.last, "", "Line 3 was changed.")
    page = page_of(disposed())
    page = type(page)(**{f: getattr(page, f) for f in page.__struct_fields__} | {"chain": broken})
    moment = Moment(told.now.at, "Europe/London")
    about = {"school": "S", "address": ADDRESS, "demo": False}
    found = certificate.document(told, page, NAMES, moment, about)
    assert (found["proved"], found["verdict"]) == (False, "The record does not hold together")


def test_what_a_reading_leaves_open_is_said() -> None:
    honest = " ".join(stands(ready(HDD))["honest"])
    assert "cannot be read that way" in honest
    assert "Level Clear protects against software" in honest
    assert "waste company" not in honest
    assert "did not see it done" in " ".join(stands(received(HDD).does("certified"))["honest"])


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    nasty = '#panic("x") $x$ <script> \u202e \x1b]52 = *b* @ref `c` https://evil.example'
    people = {TECHNICIAN: nasty, HEAD: nasty}
    names = Names(people=people, files={FILE: File(FILE, nasty, "paper", "ev_1")})
    text = text_of(make(certificate.TEMPLATE, stands(disposed(), names)), tmp_path)
    assert '#panic("x") $x$ <script>' in text
    assert "\u202e" not in text


def test_what_only_one_person_calls_destroyed_is_not_called_that_on_paper(tmp_path: Path) -> None:
    story = approved(STICK).does("medium_failed", medium=STICK).does("destroyed", medium=STICK)
    paper = stands(story)
    [drive] = paper["media"]
    assert (paper["proved"], drive["good"], drive["evidence"]) == (False, False, [])
    text = text_of(make(certificate.TEMPLATE, paper), tmp_path)
    assert "Not confirmed: Helen Marsh has yet to say that they saw it" in text
    for said in ("1 destroyed", "shredded", "accounted for, and", "seen by"):
        assert said not in text, said
