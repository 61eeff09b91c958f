"""A collection on a telephone at the gate, in a real browser: what went, and what is refused."""

import pytest
from playwright.sync_api import Page, expect

from controller.people.roles import Role
from inventory.assets.writing import By
from inventory.collections import services
from inventory.collections.services import Wanted
from inventory.models import Collection, Disposal, Site
from tests.controller.web import school
from tests.e2e.conftest import PHONE, Doorman
from tests.e2e.test_pages import barriers
from tests.inventory.collections.things import ready
from tests.inventory.contractors.firms import enter
from tests.inventory.disposal.journey import NOW

TODAY = "2026-11-23"


def sign(page: Page) -> None:
    """By a typed name, as where nobody can draw."""
    if not page.get_by_label("Full name").is_visible():
        page.get_by_text("Type the name instead").click()
    page.get_by_label("Full name").fill("Helen Marsh")
    page.get_by_label("This typed name is my signature").check()
    page.get_by_role("button", name="Hand it over").click()


@pytest.mark.looks
def test_a_van_takes_what_is_ticked_and_what_is_hazardous_needs_its_note(
    willowbrook: Site, doorman: Doorman
) -> None:
    from controller import clock

    school.make_person(willowbrook, Role.SLT, "helen")
    clock.use(lambda: NOW + 3_600)
    by, site = By("system", NOW + 3_600), willowbrook.id
    one, two = ready(site, "ZZ-0101", "WD-WCC4E1111"), ready(site, "ZZ-0102")
    firm = enter(site, by)
    made = services.book(site, firm, "recycle", Wanted(TODAY), by=by, today=TODAY)
    services.choose(site, made, [one, two], seen=1, by=by)
    visit = doorman.open("helen", viewport=PHONE)
    page = visit.go(f"/register/collections/{made}/")
    page.get_by_role("link", name="They are here").click()
    page.locator("tbody input[type=checkbox]").first.check()
    page.get_by_label("Who drove").fill("Sam Carter")
    page.get_by_label("Which note they left").select_option("transfer")
    page.get_by_label("Its number").fill("HWCN-77")
    sign(page)
    expect(page.get_by_text("it goes on a consignment note")).to_be_visible()
    expect(page.get_by_label("Who drove")).to_have_value("Sam Carter")
    assert barriers(page) == []
    page.get_by_label("Which note they left").select_option("consignment")
    sign(page)
    expect(page.get_by_text("Handed over: 1 thing.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert barriers(page) == []
    # A page that answers 422 is said in the console; nothing else was.
    assert [said for said in visit.trouble if "422" not in said] == []
    assert Collection.objects.get(id=made).state == "collected"
    assert Disposal.objects.get(id=one).state == "collected"
    assert Disposal.objects.get(id=two).state == "ready"
