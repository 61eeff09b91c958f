"""What waits for somebody who vouches for a paper: the page says for whom; a button moves it on."""

import re

import pytest
from django.test import Client

from controller.people.models import User
from controller.people.roles import Role
from inventory.assets.writing import By
from inventory.collections import receipts, settling
from inventory.models import CollectionDifference, Disposal
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.inventory.collections.collected import Away, away
from tests.inventory.collections.paperwork import receipt


@pytest.fixture
def office(place: Place) -> User:
    return school.make_person(place.site, Role.BUSINESS_MANAGER, "office")


@pytest.fixture
def out(place: Place, office: User, slt: User) -> Away:
    """A receipt the office took in; what differed was confirmed by the head."""
    out = away(place.site.id, {"OUT-1": ("WD-WX12345",)}, at=school.NOW - 4 * school.DAY)
    by = By(office.id, school.NOW - 2 * school.DAY)
    given = receipt(out, {"OUT-1": ("DWW-1X3254",)}, day="2026-11-20")
    receipts.take_in(out.site, out.collection, given, seen=0, by=by)
    row = CollectionDifference.objects.get()
    said = By(office.id, by.at + 60, reason="They misread it")
    settling.settle(out.site, row.id, seen=row.seq, by=said)
    row.refresh_from_db()
    settling.settle(out.site, row.id, seen=row.seq, by=By(slt.id, by.at + 120))
    return out


def _text(client: Client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


def test_the_page_says_for_whom_a_receipt_waits_and_they_move_it_on(
    out: Away, office: User, technician: User, signed_in: SignedIn
) -> None:
    url = f"/register/collections/{out.collection}/papers/"
    page = _text(signed_in(technician), url)
    assert f"The receipt waits for {office}, who took it in" in page
    assert "You cannot do this yourself: ask the head" in page
    assert "go on</button>" not in page
    client = signed_in(office)
    page = _text(client, url)
    (key,) = re.findall(r'name="seen" value="([0-9a-f]{64})"', page)
    stale = client.post(f"{url}go-on/", {"seen": "0" * 64}, follow=True)
    assert "Somebody else was faster" in stale.content.decode()
    assert Disposal.objects.get().state == "collected"
    went = client.post(f"{url}go-on/", {"seen": key}, follow=True).content.decode()
    assert "It goes on, in your name." in went
    assert "Waits for somebody" not in went
    assert Disposal.objects.get().state == "received"
