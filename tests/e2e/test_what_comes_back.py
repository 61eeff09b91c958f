"""A receipt on a phone, in a real browser: refused, then short, then whole. How a certificate ends
a collection is part of `test_disposal`."""

import json

import pytest
from playwright.sync_api import Page, expect

from controller.people.models import User
from controller.people.roles import Role
from inventory.models import Disposal, Site
from tests.controller.web import school
from tests.e2e.conftest import PHONE, Doorman
from tests.e2e.test_pages import barriers
from tests.inventory.collections.collected import CLAUSE, Away, away

pytestmark = pytest.mark.looks
SERIALS = ("WD-WX12345", "S3Z9NB0K")


@pytest.fixture
def willowbrook(transactional_db: None) -> Site:
    """A school without computers: nothing here is about them."""
    site = school.make_site()
    for role in (Role.TECHNICIAN, Role.SLT):
        school.make_person(site, role, role.value)
    return site


@pytest.fixture
def gone(willowbrook: Site) -> Away:
    people = (User.objects.get(username="technician").id, User.objects.get(username="slt").id)
    things = {"OUT-1": SERIALS}
    return away(willowbrook.id, things, people=people, at=school.NOW - 4 * school.DAY)


def look(page: Page, wide: int) -> None:
    """It fits, and keeps nobody out."""
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    faults = barriers(page)
    assert faults == [], f"{page.url}: {json.dumps(faults, indent=1)}"


def give(page: Page, name: str, data: str) -> None:
    """Choose a file."""
    file = {"name": name, "mimeType": "text/plain", "buffer": data.encode()}
    page.set_input_files("[name=file]", file)  # type: ignore[arg-type]  # a dict with these keys


def take_in(page: Page, *, day: str, accepts: str, clause: str, ticks: list[str]) -> None:
    """Fill in a receipt and send it."""
    page.fill("[name=day]", day)
    page.check(f"[name=accepts][value={accepts}]")
    page.fill("[name=clause]", clause)
    for tick in ticks:
        page.check(tick)
    page.click("text=Take it in")


def test_a_receipt_is_refused_then_short_then_whole_on_a_phone(
    gone: Away, doorman: Doorman
) -> None:
    visit, wide = doorman.open("slt", viewport=PHONE), PHONE["width"]
    page = visit.go(f"/register/collections/{gone.collection}/papers/")
    look(page, wide)
    page.click("text=Take in the receipt")
    look(page, wide)
    give(page, "receipt.txt", "Received with thanks.")
    ticks = ["text=Its tag", "[value=WD-WX12345]"]
    take_in(page, day="2026-11-20", accepts="no", clause="", ticks=ticks)
    expect(page.locator("[role=alert]")).to_contain_text("does not accept responsibility")
    look(page, wide)
    take_in(page, day="2026-11-20", accepts="yes", clause=CLAUSE, ticks=[])
    expect(page.locator("main")).to_contain_text("S3Z9NB0K is not on the receipt.")
    look(page, wide)
    page.click("a:has-text('S3Z9NB0K is not on the receipt.')")
    look(page, wide)
    page.click("text=To the papers")
    page.click("text=Take in a corrected one")
    give(page, "again.txt", "Received with thanks: both drives.")
    page.fill("[name=reason]", "They had forgotten a drive")
    ticks.append("[value=S3Z9NB0K]")
    take_in(page, day="2026-11-21", accepts="yes", clause=CLAUSE, ticks=ticks)
    expect(page.locator("main")).to_contain_text("Taken in")
    look(visit.go("/register/collections/differences/?show=closed"), wide)
    assert Disposal.objects.get().state == "received"
    refused = "the server responded with a status of 422"
    assert [one for one in visit.trouble if refused not in one] == []
