"""Letting a program in, in a real browser."""

import pytest
from playwright.sync_api import expect

from controller.people.roles import Role
from inventory.models import Site
from tests.controller.web import school
from tests.e2e.conftest import PHONE, Doorman
from tests.e2e.test_pages import barriers


@pytest.mark.looks
def test_a_program_is_let_in_its_token_seen_once_and_ended(
    willowbrook: Site, doorman: Doorman
) -> None:
    school.make_person(willowbrook, Role.ADMIN, "ada")
    visit = doorman.open("ada", viewport=PHONE)
    page = visit.go("/register/programs/")
    page.get_by_label("Which program").fill("Lists of pupils")
    page.get_by_label("Read who has what").check()
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_role("heading", name="Copy this token now")).to_be_visible()
    assert page.locator(".token-secret").inner_text().startswith("ct_")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert barriers(page) == []
    page.get_by_role("button", name="End Lists of pupils").click()
    expect(page.get_by_text("Ended. The program is refused")).to_be_visible()
    assert visit.trouble == []
