"""Receipts, certificates and differences on pages (I2, I8, I10, T5)."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from controller.people.models import User
from controller.people.roles import Role
from inventory.models import Asset, Certificate, CollectionDifference, Disposal, Receipt
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.doors.receipts import collected, gone
from tests.inventory.collections.collected import CLAUSE, Away, away

CSV = b"Serial number,Result,Method,Date\n" + b"".join(
    b"%s,destroyed,Shredded,20/11/2026\n" % one
    for one in (b"WD-WX12345", b"S3Z9NB0K", b"STICK-0001")
)


@pytest.fixture
def out(place: Place) -> Away:
    return gone(place)


@pytest.fixture
def office(place: Place, signed_in: SignedIn) -> Client:
    return signed_in(school.make_person(place.site, Role.BUSINESS_MANAGER, "office"))


@pytest.fixture
def head(place: Place, slt: User, signed_in: SignedIn) -> Client:
    return signed_in(slt)


def _url(out: Away, name: str) -> str:
    return f"/register/collections/{out.collection}/{name}/"


def _receipt(out: Away, *left_out: str, **changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "day": "20/11/2026",
        "accepts": "yes",
        "clause": CLAUSE,
        "more": "",
        "seen": "0",
        "file": SimpleUploadedFile("receipt.txt", b"Received: see overleaf."),
    }
    drives = {"OUT-1": ("WD-WX12345", "S3Z9NB0K"), "OUT-2": ("STICK-0001",)}
    for tag, serials in drives.items():
        told[f"thing-{out.disposals[tag]}"] = "1"
        told[f"serial-{out.disposals[tag]}"] = [one for one in serials if one not in left_out]
    return told | changes


def _certificate(**changes: Any) -> dict[str, Any]:
    return {
        "contractor": changes.pop("contractor"),
        "reference": "C-17",
        "day": "2026-11-20",
        "level": "destroy",
        "technique": "",
        "tool": "",
        "lines": "",
        "file": SimpleUploadedFile("list.csv", CSV),
    } | changes


def test_a_collection_is_closed_by_two_people_with_a_receipt_and_a_companys_list(
    out: Away, office: Client, head: Client
) -> None:
    page = head.get(_url(out, "papers")).content.decode()
    assert "Take in the receipt" in page
    answer = head.post(_url(out, "receipt"), _receipt(out))
    assert answer.status_code == 302, answer.content.decode()
    answer = office.post(_url(out, "certificate"), _certificate(contractor=out.contractor))
    assert answer.status_code == 302, answer.content.decode()
    row = Certificate.objects.get()
    assert (row.read_as, row.lines.count()) == ("certificate-csv", 3)
    decide = f"{answer.headers['Location']}decide/"
    told = {"decision": "confirmed", "seq": "1"}
    assert "You entered this" in office.post(decide, told, follow=True).content.decode()
    body = head.post(decide, told, follow=True).content.decode()
    assert "Closed: all 2 things are disposed of." in body
    assert {*Disposal.objects.values_list("state", flat=True)} == {"disposed"}
    assert {*Asset.objects.filter(tag__startswith="OUT").values_list("state", flat=True)} == {
        "disposed"
    }


def test_a_receipt_that_accepts_nothing_is_refused_and_what_was_typed_stays(
    out: Away, head: Client
) -> None:
    answer = head.post(
        _url(out, "receipt"),
        _receipt(out, "S3Z9NB0K", accepts="no", more="EXTRA-1; NUMBER1")
        | {f"condition-{out.disposals['OUT-2']}": "cracked <screen>"},
    )
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "does not accept responsibility for destroying personal data (T5, I8)" in body
    assert not Receipt.objects.exists()
    assert "receipt.txt is kept already" in body
    assert 'value="cracked &lt;screen&gt;"' in body
    for typed in ("EXTRA-1; NUMBER1", CLAUSE, 'value="WD-WX12345" checked', 'value="S3Z9NB0K"> '):
        assert typed in body
    kept = body.split('name="kept" value="')[1][:64]
    again = _receipt(out, "S3Z9NB0K", kept=kept)
    again[f"condition-{out.disposals['OUT-2']}"] = "cracked <screen>"
    del again["file"]
    assert head.post(_url(out, "receipt"), again).status_code == 302
    assert Receipt.objects.get().evidence == kept
    assert "OUT-2: cracked &lt;screen&gt;" in head.get(_url(out, "papers")).content.decode()


def test_who_asked_for_the_disposal_is_told_that_somebody_else_takes_the_receipt_in(
    place: Place, head: Client, slt: User
) -> None:
    out = away(
        place.site.id,
        {"OUT-1": ("WD-WX12345", "S3Z9NB0K"), "OUT-2": ("STICK-0001",)},
        people=(slt.id, "user_other"),
        at=school.NOW - 4 * school.DAY,
    )
    answer = head.post(_url(out, "receipt"), _receipt(out))
    assert "You asked for this disposal, so somebody else" in answer.content.decode()
    assert not Receipt.objects.exists()


def test_a_difference_is_shown_side_by_side_and_settled_by_two(
    out: Away, office: Client, head: Client
) -> None:
    head.post(_url(out, "receipt"), _receipt(out, more="; <b>FOREIGN</b>-9"))
    body = head.get(_url(out, "papers")).content.decode()
    assert "&lt;b&gt;FOREIGN&lt;/b&gt;-9 is on the receipt, and nothing of ours" in body
    row = CollectionDifference.objects.get()
    url = f"/register/collections/differences/{row.id}/"
    answer = office.post(f"{url}settle/", {"then": "settle", "seq": "1", "reason": " "})
    assert answer.status_code == 422
    assert "Say how it was settled" in answer.content.decode()
    told = {"then": "settle", "seq": "1", "reason": "Another customer’s, says their letter"}
    assert (
        "somebody else looks at it"
        in office.post(f"{url}settle/", told, follow=True).content.decode()
    )
    assert "Somebody else confirms it" in office.get(url).content.decode()
    body = head.post(f"{url}settle/", {"then": "settle", "seq": "2"}, follow=True).content.decode()
    assert "Another customer’s, says their letter" in body
    row.refresh_from_db()
    assert row.how == "settled"
    settled = head.get("/register/collections/differences/?show=closed").content.decode()
    assert "is on the receipt, and nothing of ours" in settled


def test_a_certificate_that_no_program_reads_is_typed(out: Away, office: Client) -> None:
    told = _certificate(
        contractor=out.contractor,
        file=SimpleUploadedFile("scan.txt", b"Certificate of destruction"),
    )
    answer = office.post(_url(out, "certificate"), told)
    assert answer.status_code == 422
    assert "one to a line" in answer.content.decode()
    told = _certificate(
        contractor=out.contractor,
        file=SimpleUploadedFile("scan.txt", b"Certificate of destruction"),
        lines="WD-WX12345; OUT-1\nS3Z9NB0K; failed\n",
    )
    answer = office.post(_url(out, "certificate"), told, follow=True)
    assert "Not done" in answer.content.decode()
    lines = Certificate.objects.get().lines.order_by("position")
    assert [*lines.values_list("key", "tag", "level", "done")] == [
        ("WDWX12345", "OUT-1", "destroy", True),
        ("S3Z9NB0K", "", "destroy", False),
    ]


def test_a_file_is_given_back_as_it_came_and_can_do_nothing(place: Place, head: Client) -> None:
    collection = collected(place)
    row = Certificate.objects.get()
    answer = head.get(f"/register/collections/{collection}/files/{row.evidence}/")
    assert answer.content == b"Serial,Status\nWD-WX12345,destroyed\n"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert head.get(f"/register/collections/{collection}/files/{'0' * 64}/").status_code == 404


def test_the_pages_ask_as_many_questions_for_many_drives_as_for_few(
    place: Place, head: Client
) -> None:
    counted = []
    for number, n in enumerate((1, 12)):
        things = {f"Q{number}-{i}": (f"SERIAL{number}A{i}",) for i in range(n)}
        out = away(place.site.id, things, at=school.NOW - (8 - 4 * number) * school.DAY)
        head.get(_url(out, "papers"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert head.get(_url(out, "papers")).status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert counted[0] <= 30, counted


def test_a_file_that_is_too_large_or_none_is_refused_in_a_sentence(out: Away, head: Client) -> None:
    told = _receipt(out, file=io.BytesIO(b"\x7fELF\x00\x01" * 10))
    answer = head.post(_url(out, "receipt"), told)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Receipt.objects.exists()
