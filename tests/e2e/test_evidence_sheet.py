"""The sheet of the evidence log in a real browser: on a desk, on a phone, on one page of paper."""

import re

import pytest
from playwright.sync_api import expect

from controller.config import current
from controller.evidence import services
from inventory.models import Site
from tests.controller.web import school
from tests.e2e.conftest import DESKTOP, PHONE, Doorman
from tests.e2e.test_pages import barriers


@pytest.mark.looks
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_the_sheet_is_readable_and_prints_on_one_page(
    size: dict[str, int], doorman: Doorman, willowbrook: Site
) -> None:
    for days in (120, 1):
        at = school.NOW - days * school.DAY
        services.make(willowbrook.id, actor="system", at=at, data=current().folder)
    visit = doorman.open("slt", viewport=size)
    page = visit.go("/evidence/")
    expect(page.get_by_text("Consistent with the sheet before: yes")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert barriers(page) == []
    assert visit.trouble == []
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert re.findall(rb"/Count (\d+)", paper) == [b"1"]
