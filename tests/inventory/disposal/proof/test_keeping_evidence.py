"""Evidence is kept as it came, once, by its hash; what is no evidence is refused in a sentence."""

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.disposal.proof import content, storing
from inventory.disposal.proof.storing import keep
from inventory.documents.letting_go import DAY, forget_signatures, sweep
from inventory.documents.services import keep as keep_paper
from inventory.documents.storage import store
from inventory.models import DisposalEvidence, Event
from inventory.places.services import create_site
from tests.checks.formats.nwipe_logs import log
from tests.checks.formats.test_erasure_formats import HDPARM, SANITIZED_JSON, blancco, erasure
from tests.checks.formats.test_nwipe_pdf import pdf
from tests.inventory.documents import files

NOW = 1_795_400_000
BY = By("user_1", NOW)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of papers of this test's own."""
    monkeypatch.setattr(settings, "DOCUMENTS_FOLDER", tmp_path / "documents")
    return tmp_path / "documents"


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


PHOTOGRAPH = files.photograph()
TAKEN = {
    "nwipe.log": (log("zero"), "text/plain", "nwipe-log"),
    "report.pdf": (pdf(), "application/pdf", "nwipe-pdf"),
    "blancco.xml": (blancco(erasure("CT24K7A0")), "application/xml", "blancco-xml"),
    "nvme.json": (SANITIZED_JSON.encode(), "application/json", "nvme-sanitize-log"),
    "hdparm.txt": (HDPARM.encode(), "text/plain", "hdparm-identify"),
    "list.csv": (b"Serial,Status\nCT24K7A0,Erased\n", "text/csv", "certificate-csv"),
    "shredder.jpg": (PHOTOGRAPH, "image/jpeg", ""),
    "seal.png": (files.picture("PNG"), "image/png", ""),
    "receipt.pdf": (files.PDF, "application/pdf", ""),
    "notes.txt": ("Anhänger, blau".encode("cp1252"), "text/plain", ""),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_file_is_kept_as_it_came_and_read(site: str, name: str) -> None:
    data, media_type, form = TAKEN[name]
    kept = keep(site, "wipe_log", name, data, by=BY)
    assert (kept.media_type, kept.format, kept.name) == (media_type, form, name)
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    assert storing.original(kept) == data
    assert bool(kept.claims) == bool(form)
    assert bool(kept.sentence) == (not form)
    assert storing.by_digest([site], kept.sha256) == storing.by_id([site], kept.id)


REFUSED = {
    "empty": b"",
    "web page": b"<html><script>alert(1)</script></html>",
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "entities": b'<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>',
    "broken XML": b"<r><a></r>",
    "broken JSON": b'{"a": ',
    "deep JSON": b"[" * 100_000,
    "program": b"MZ\x90\x00\x03",
    "script": b"#!/bin/sh\nrm -rf /\n",
    "archive": files.office("xl/workbook.xml"),
    "cut PDF": files.PDF[:-9],
    "cut picture": PHOTOGRAPH[:40],
    "iPhone": b"\0\0\0\x18ftypheic",
    "zeros": bytes(100),
    "too large": b"a" * (content.MOST_BYTES + 1),
}


@pytest.mark.parametrize("case", REFUSED)
def test_anything_else_is_refused_and_leaves_nothing(site: str, folder: Path, case: str) -> None:
    with pytest.raises(RegisterError) as refused:
        keep(site, "wipe_log", "nwipe.log", REFUSED[case], by=BY)
    assert str(refused.value).endswith(".")
    assert not list(folder.rglob("*"))
    assert not DisposalEvidence.objects.exists()


def test_a_name_says_nothing_about_a_file(site: str) -> None:
    kept = keep(site, "photo", "../../holiday.jpg.exe", log("zero"), by=BY)
    assert (kept.media_type, kept.name) == ("text/plain", "holiday.jpg.txt")
    with pytest.raises(RegisterError):
        keep(site, "poem", "a.txt", b"a", by=BY)


def test_the_same_content_twice_is_one_and_is_told_once(site: str) -> None:
    first = keep(site, "wipe_log", "one.log", log("zero"), by=BY)
    again = keep(site, "certificate", "two.txt", log("zero"), by=By("user_2", NOW + 9))
    assert again == first
    assert Event.objects.filter(verb=storing.KEEP).count() == 1


def test_two_people_at_once_keep_one(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds the row only when it writes its own."""
    data = log("zero")
    real = store().put

    def put(self: object, school: str, given: bytes) -> str:
        monkeypatch.undo()
        monkeypatch.setattr(settings, "DOCUMENTS_FOLDER", store().folder)
        keep(school, "wipe_log", "first.log", given, by=BY)
        return real(school, given)

    folder = store().folder
    monkeypatch.setattr("inventory.documents.storage.Store.put", put)
    monkeypatch.setattr(settings, "DOCUMENTS_FOLDER", folder)
    kept = keep(site, "wipe_log", "second.log", data, by=By("user_2", NOW))
    assert kept.name == "first.log"
    assert DisposalEvidence.objects.count() == 1


def test_another_school_sees_nothing(site: str) -> None:
    other = create_site(name="Vale School", at=NOW)
    kept = keep(site, "wipe_log", "one.log", log("zero"), by=BY)
    assert storing.by_digest([other], kept.sha256) is None
    assert storing.by_id([other], kept.id) is None
    mine = keep(other, "wipe_log", "one.log", log("zero"), by=BY)
    assert mine.id != kept.id


def test_no_sweep_takes_evidence_and_none_is_replaced(site: str, folder: Path) -> None:
    kept = keep(site, "wipe_log", "one.log", log("zero"), by=BY)
    assert sweep(NOW + 10_000 * DAY) == 0
    row = DisposalEvidence.objects.get(id=kept.id)
    row.id = "ev_other"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    path = store().path(site, kept.sha256)
    path.write_bytes(b"another")
    with pytest.raises(RegisterError, match="damaged"):
        storing.original(kept)


def test_a_signature_that_is_evidence_too_stays(
    site: str, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    signed = b"Signed by typing a name: Ada\n"
    paper = keep_paper(site, "signature", "", signed, by=BY)
    evidence = keep(site, "receipt", "driver.txt", signed, by=BY)
    assert evidence.sha256 == paper.sha256
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_signatures(site, [paper.sha256], NOW) == 1
    assert storing.original(evidence) == signed


def test_what_is_past_its_keeping_says_so_and_may_come_again(site: str) -> None:
    kept = keep(site, "wipe_log", "one.log", log("zero"), by=BY)
    DisposalEvidence.objects.filter(id=kept.id).update(erased_at=NOW)
    gone = storing.by_id([site], kept.id)
    assert gone is not None
    with pytest.raises(RegisterError, match="past its keeping"):
        storing.original(gone)
    again = keep(site, "wipe_log", "one.log", log("zero"), by=BY)
    assert (again.id, again.erased) == (kept.id, False)
