"""Photographs and papers on an entry's page: who sees them, how they are handed out, and what a
person is told.
"""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.documents.queries import listed
from inventory.documents.services import MOST_PER_ENTRY, keep
from inventory.documents.signatures import drawn, typed
from inventory.documents.storage import store
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.inventory.documents import files

BY = By("system", school.NOW)


def send(
    client: Client, asset: str, data: bytes, name: str = "a.bin", kind: str = "document"
) -> list[str]:
    """Add a file as the page's form does; what the page says next."""
    form = {"kind": kind, "file": SimpleUploadedFile(name, data)}
    answer = client.post(f"/register/{asset}/papers/add/", form, follow=True)
    where, _ = answer.redirect_chain[-1]
    assert where.removesuffix("#papers") == f"/register/{asset}/"
    return [str(message) for message in answer.context["messages"]]


def test_a_photograph_and_an_invoice_are_added_seen_and_taken_off(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client, asset = signed_in(technician), place.entry
    assert send(client, asset, files.photograph(), "IMG_1.jpg", "photo") == ["Added."]
    assert send(client, asset, files.PDF, "Invoice 7.pdf") == ["Added."]
    page = client.get(f"/register/{asset}/").context["page"]
    (photo,), (paper,) = page.papers.photos, page.papers.papers
    assert (photo.name, paper.name, paper.what) == ("IMG_1.jpg", "Invoice 7.pdf", "PDF, 1 kB")
    newest = page.past[0]
    assert (newest.what, newest.who) == ("Paper or photograph added", "Tariq Aziz")
    assert [(c.title, c.before, c.after) for c in newest.changes] == [
        ("Papers and photographs", "", "Invoice 7.pdf")
    ]
    answer = client.post(f"/register/{asset}/papers/{paper.id}/remove/", follow=True)
    page = answer.context["page"]
    assert (len(page.papers.photos), page.papers.papers) == (1, [])
    assert page.past[0].changes[0].before == "Invoice 7.pdf"
    assert client.get(f"/register/{asset}/papers/{paper.id}/").status_code == 404


@pytest.mark.parametrize(
    "case",
    [
        (b"<script>alert(1)</script>", "photo.jpg", "photo", "This is no picture."),
        (b"<script>alert(1)</script>", "invoice.pdf", "document", "This file is something else."),
        (b"MZ\x00", "invoice.pdf", "document", "This file is something else."),
        (b"", "empty.txt", "document", "The file is empty."),
        (b"x" * (10 * 1024 * 1024 + 1), "long.txt", "document", "A file may have 10 MB at most"),
    ],
    ids=["no picture", "page of the web", "program", "empty", "large"],
)
def test_what_is_refused_is_said_in_a_sentence(
    place: Place, technician: User, signed_in: SignedIn, case: tuple[bytes, str, str, str]
) -> None:
    data, name, kind, said = case
    (told,) = send(signed_in(technician), place.entry, data, name, kind)
    assert told.startswith(said)
    assert listed([place.site.id], place.entry) == []


def test_no_file_is_a_sentence_too(place: Place, technician: User, signed_in: SignedIn) -> None:
    answer = signed_in(technician).post(f"/register/{place.entry}/papers/add/", follow=True)
    assert "Choose a file first" in answer.content.decode()


def kept(place: Place, data: bytes, kind: str = "document", name: str = "n") -> str:
    return keep(place.site.id, kind, name, data, asset_id=place.entry, by=BY).id


@pytest.mark.parametrize(
    "case",
    [
        ("photo", files.photograph(), 'inline; filename="n.jpg"'),
        ("document", files.PDF, 'attachment; filename="n.pdf"'),
        ("document", b"words", 'attachment; filename="n.txt"'),
        ("document", files.office("word/document.xml"), 'attachment; filename="n.docx"'),
    ],
    ids=["photograph", "pdf", "text", "word"],
)
def test_what_somebody_sent_runs_nowhere(
    place: Place, technician: User, signed_in: SignedIn, case: tuple[str, bytes, str]
) -> None:
    kind, data, how = case
    paper = kept(place, data, kind)
    client = signed_in(technician)
    answer = client.get(f"/register/{place.entry}/papers/{paper}/")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == how
    assert "html" not in answer.headers["Content-Type"]
    assert (
        client.get(f"/register/{place.entry}/")
        .headers["Content-Security-Policy"]
        .startswith("default-src 'none'; script-src 'self'")
    )


def test_a_thumbnail_is_small_and_a_paper_has_none(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    photo = kept(place, files.picture(size=(1_600, 1_200)), "photo")
    client = signed_in(technician)
    answer = client.get(f"/register/{place.entry}/papers/{photo}/small/")
    with Image.open(io.BytesIO(answer.content)) as made:
        assert made.size == (240, 180)
    paper = kept(place, files.PDF)
    assert client.get(f"/register/{place.entry}/papers/{paper}/small/").status_code == 404


def test_a_paper_is_found_only_on_its_own_entrys_page(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    paper = kept(place, files.PDF)
    other = assets.add(place.site.id, {"tag": "OTHER"}, by=BY)
    client = signed_in(technician)
    assert client.get(f"/register/{other}/papers/{paper}/").status_code == 404
    client.post(f"/register/{other}/papers/{paper}/remove/")
    assert len(listed([place.site.id], place.entry)) == 1


def test_who_may_only_look_is_offered_no_form(place: Place, slt: User, signed_in: SignedIn) -> None:
    kept(place, files.PDF)
    page = signed_in(slt).get(f"/register/{place.entry}/").content.decode()
    assert "n.pdf" in page
    assert "Take off" not in page
    assert 'type="file"' not in page


def test_rights_are_those_held_at_the_entrys_own_school(
    place: Place, elsewhere: Place, technician: User, signed_in: SignedIn
) -> None:
    school.add_role(technician, elsewhere.site, Role.SLT)
    client, theirs = signed_in(technician), elsewhere.entry
    assert client.get(f"/register/{theirs}/").context["page"].papers.may_add is False
    assert client.post(f"/register/{theirs}/papers/add/").status_code == 404


def test_with_twenty_there_is_no_form_but_a_reason(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    for number in range(MOST_PER_ENTRY):
        kept(place, f"Paper {number}".encode())
    page = signed_in(technician).get(f"/register/{place.entry}/").content.decode()
    assert 'type="file"' not in page
    assert "There are 20, which is the most" in page


def test_a_hostile_name_is_text(place: Place, technician: User, signed_in: SignedIn) -> None:
    client = signed_in(technician)
    send(client, place.entry, files.PDF, '"><img src=x onerror=alert(1)>\u202efdp.exe')
    page = client.get(f"/register/{place.entry}/").content.decode()
    assert "<img src=x" not in page
    assert "\u202e" not in page
    (paper,) = listed([place.site.id], place.entry)
    answer = client.get(f"/register/{place.entry}/papers/{paper.id}/")
    assert "\n" not in answer.headers["Content-Disposition"]


def test_what_the_disk_lost_is_said_and_the_page_still_opens(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    photo = kept(place, files.photograph(), "photo")
    (row,) = listed([place.site.id], place.entry)
    store().remove(place.site.id, row.sha256)
    client = signed_in(technician)
    for path in ("", "small/"):
        answer = client.get(f"/register/{place.entry}/papers/{photo}/{path}")
        assert (answer.status_code, b"backup" in answer.content) == (410, True)
    assert client.get(f"/register/{place.entry}/").status_code == 200


def test_a_signature_is_shown_by_its_digest_and_nothing_else_is(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    line = keep(place.site.id, "signature", "", drawn(files.SIGNED), by=BY)
    name = keep(place.site.id, "signature", "", typed("Maya Jones", ticked=True), by=BY)
    assert client.get(f"/register/signatures/{line.sha256}/").headers["Content-Type"] == "image/png"
    answer = client.get(f"/register/signatures/{name.sha256}/")
    assert b"Maya Jones" in answer.content
    kept(place, files.PDF)
    (paper,) = listed([place.site.id], place.entry)
    assert client.get(f"/register/signatures/{paper.sha256}/").status_code == 404
