"""A drive is destroyed on a desktop and confirmed on a telephone, by two people (I2)."""

import json

import pytest
from playwright.sync_api import Page, expect

from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services as register
from inventory.assets.writing import By
from inventory.disposal import services
from inventory.disposal.values import FoundMedium
from inventory.models import Disposal, Site
from tests.controller.web import school
from tests.e2e.conftest import DESKTOP, PHONE, Doorman
from tests.e2e.test_pages import barriers

pytestmark = pytest.mark.looks
SERIAL = "WDWXM1A7654321"


@pytest.fixture
def willowbrook(transactional_db: None) -> Site:
    """A school of two."""
    site = school.make_site()
    for role in (Role.TECHNICIAN, Role.SLT):
        school.make_person(site, role, role.value)
    return site


@pytest.fixture
def path(willowbrook: Site) -> str:
    """The page of an approved laptop, which the technician asked for."""
    asks, approves = (User.objects.get(username=one).id for one in ("technician", "slt"))
    site = willowbrook.id

    def by(who: str, minutes: int) -> By:
        return By(who, school.NOW - 3_600 + minutes * 60)

    entry = register.add(
        site, {"tag": "WB-7", "kind": "laptop", "name": "Trolley 7"}, by=by(asks, 0)
    )
    [made] = services.withdraw(site, [entry], reason="Wet", by=by(asks, 1))
    drive = FoundMedium(
        serial=SERIAL, kind="hdd_ata", serial_raw="WD-WXM1A7654321", make="WDC", model="WD5000LPCX"
    )
    services.inspect(site, made.disposal, media=[drive], by=by(asks, 2), seen=None)
    asked = services.Asked("waste", 4_000, licences_checked=True)
    services.request(site, made.disposal, asked, by=by(asks, 3), seen=None)
    services.approve(site, made.disposal, services.Approval("slt"), by=by(approves, 4), seen=None)
    return f"/register/disposal/{made.disposal}/"


def look(page: Page, wide: int) -> None:
    """It fits, and keeps nobody out."""
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
    faults = barriers(page)
    assert faults == [], f"{page.url}: {json.dumps(faults, indent=1)}"


def test_a_destruction_waits_for_its_witness_and_counts_with_their_word(
    path: str, doorman: Doorman
) -> None:
    page = doorman.open("technician", viewport=DESKTOP).go(f"{path}drives/{SERIAL}/destroy/")
    look(page, DESKTOP["width"])
    page.get_by_label("Shredded").check()
    page.get_by_label("Who saw it?").select_option(label="Helen Marsh")
    slip = {"name": "slip.txt", "mimeType": "text/plain", "buffer": b"Shredded in the yard\n"}
    page.set_input_files("[name=evidence]", slip)  # type: ignore[arg-type]  # a dict with these keys
    page.get_by_role("button", name="Ask the witness").click()
    expect(page.locator(".story-next")).to_contain_text("Helen Marsh, named as the one who saw it")
    look(page, DESKTOP["width"])

    visit, wide = doorman.open("slt", viewport=PHONE), PHONE["width"]
    page = visit.go("/register/disposal/")
    expect(page.locator(".mine")).to_contain_text("Say whether you saw a drive destroyed")
    page.get_by_role("link", name="Open Trolley 7").click()
    page.locator(".story-next").get_by_text("Say whether").first.wait_for()
    look(page, wide)
    page.locator(".drive-do").get_by_role("link", name="Say whether you saw it").click()
    look(page, wide)
    page.get_by_role("button", name="That is what I saw").click()
    expect(page.locator(".errorlist")).to_contain_text("Say whether you saw it")
    page.get_by_label("Yes: I saw it destroyed").check()
    page.get_by_role("button", name="That is what I saw").click()
    expect(page.locator(".hero-line")).to_contain_text("Ready to go")
    assert Disposal.objects.get().n_media_left == 0
