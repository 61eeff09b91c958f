"""Network → Rounds in a real browser: written, read in words, authorised, ended."""

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from controller.fleet.models import Device, Scanner, SurveyScope
from tests.controller.web import school
from tests.e2e.conftest import DESKTOP, PHONE, Doorman, Visit
from tests.e2e.test_pages import barriers
from wire import credentials

SIZES = {"desk": DESKTOP, "phone": PHONE}
URL = "/register/network/scopes/"


def looked_at(visit: Visit, name: str) -> None:
    """Nothing is wider than the window, and nobody is kept out."""
    page = visit.page
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    size = page.viewport_size
    assert size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    faults = barriers(page)
    assert faults == [], f"{name}: {json.dumps(faults, indent=1)}"


def write(page: Page, device: Device) -> None:
    page.fill("[name=authorised_by]", "Anna Müller")
    page.fill("[name=role]", "Head teacher")
    page.fill("[name=contact]", "01632 960123")
    page.select_option("[name=scanner]", device.id)
    page.fill("[name=subnets]", "10.20.0.0/24\n10.20.4.0/22")
    page.fill("[name=exclude]", "10.20.0.9\n00-1B-63")
    page.fill("[name=equipment_of_others]", "Tills | Caterer Ltd | 2026-09-01 | 10.20.0.64/27")
    page.fill("[name=credentials]", "switches snmp-v3 10.20.0.0/28")
    page.fill("[name=services]", "telnet:23")
    page.check("[name=dhcp]")


@pytest.mark.looks
@pytest.mark.parametrize("size", sorted(SIZES))
def test_a_round_is_written_read_authorised_and_ended(size: str, doorman: Doorman) -> None:
    visit = doorman.open("slt", viewport=SIZES[size])
    device = Device.objects.filter(state="active").order_by("name").first()
    assert device is not None
    page = visit.go(URL)
    looked_at(visit, f"rounds-none-{size}")
    page.click("a[href$='/new/']")
    write(page, device)
    page.fill("[name=subnets]", "8.8.8.0/24")
    page.click("button[value=show]")
    expect(page.locator(".note-error")).to_contain_text("is not private")
    looked_at(visit, f"rounds-wrong-{size}")
    page.fill("[name=subnets]", "10.20.0.0/24\n10.20.4.0/22")
    page.click("button[value=show]")
    expect(page.locator(".survey-said")).to_contain_text("Caterer Ltd")
    looked_at(visit, f"rounds-words-{size}")
    page.click("button[value=use]")
    expect(page.locator("main")).to_contain_text("It is in use")
    key = credentials.public_of(bytes(range(32)))
    Scanner.objects.create(
        device=device,
        site=device.site,
        sealing=key,
        scope=SurveyScope.objects.get().envelope_digest,
    )
    visit.go(URL)
    page.click("a:has-text('SNMP v3')")
    looked_at(visit, f"rounds-secret-{size}")
    page.fill("[name=name]", "switches")
    page.fill("[name=user]", "reader")
    page.fill("[name=authentication_password]", "correct horse")
    page.fill("[name=privacy_password]", "battery staple")
    page.click("button:has-text('Seal it')")
    expect(page.locator("main")).to_contain_text("Only the scanner can open it")
    looked_at(visit, f"rounds-{size}")
    page.click("button:has-text('End it')")
    expect(page.locator("main")).to_contain_text("nothing is asked any more")
    SurveyScope.objects.update(ended_at=None, expires_at=school.NOW + 20 * school.DAY)
    visit.go(URL)
    looked_at(visit, f"rounds-soon-{size}")
    # What was refused is a 422, and Chromium has wishes about forms with passwords.
    assert [one for one in visit.trouble if "422" not in one and "[DOM]" not in one] == []
