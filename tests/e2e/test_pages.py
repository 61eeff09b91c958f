"""The pages in a real browser: on a desk and on a phone, with scripts and without, for every
reader.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from controller.fleet.models import Device, JoinCode
from inventory.models import Site
from tests.controller.web import school
from tests.controller.web.policies import put_policy
from tests.e2e.conftest import DESKTOP, PHONE, Doorman

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
STAY_AT_THE_TOP = """async () => {
    document.documentElement.style.scrollBehavior = "auto";
    for (let still = 0; still < 3; still += 1) {
        if (scrollY !== 0) { scrollTo(0, 0); still = 0; }
        await new Promise(requestAnimationFrame);
    }
}"""
SIZES = {"desk": DESKTOP, "phone": PHONE}


def paths() -> list[str]:
    """Every page, with the things of the school in them."""
    put_policy(Site.objects.get())
    active = Device.objects.filter(state="active").order_by("-worst", "-n_fail")
    worst, best = active.first(), active.last()
    assert worst is not None
    assert best is not None
    silent = Device.objects.filter(last_seen_at__lt=school.NOW - 3 * school.DAY).first()
    assert silent is not None
    code = JoinCode.objects.get()
    return [
        "/",
        "/areas/locking/",
        "/computers/",
        "/computers/?state=silent&sort=heard",
        "/computers/?q=nothing-is-called-this",
        f"/computers/{worst.id}/",
        f"/computers/{best.id}/",
        f"/computers/{silent.id}/",
        "/checks/",
        "/checks/lock-idle-timeout/",
        "/policy/",
        "/waiting/",
        "/join-codes/",
        f"/join-codes/{code.id}/",
        "/account/password/",
    ]


@pytest.mark.looks
@pytest.mark.parametrize("size", sorted(SIZES))
def test_every_page_works_fits_and_keeps_nobody_out(size: str, doorman: Doorman) -> None:
    visit = doorman.open("technician", viewport=SIZES[size])
    for path in paths():
        page = visit.go(path)
        expect(page.locator("h1")).to_have_count(1)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= SIZES[size]["width"], f"{path} is wider than the {size}"
        assert visit.trouble == []
        faults = barriers(page)
        assert faults == [], f"{path}: {json.dumps(faults, indent=1)}"


def barriers(page: Any) -> list[dict[str, Any]]:
    """What axe finds against WCAG 2.2 AA and best practice."""
    # What is under the bar that stays is not out of reach. The browser glides to an address's
    # fragment for as long as the page loads, and would glide on below it while axe measures.
    page.wait_for_load_state("load")
    page.evaluate(STAY_AT_THE_TOP)
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})"
    )
    return [
        {"rule": fault["id"], "at": [node["html"][:160] for node in fault["nodes"][:3]]}
        for fault in found["violations"]
    ]


def test_the_sign_in_page_keeps_nobody_out_and_lets_in(doorman: Doorman) -> None:
    visit = doorman.open("technician")
    visit.context.clear_cookies()
    page = visit.go("/sign-in/")
    assert barriers(page) == []
    page.fill("[name=login]", "technician")
    page.fill("[name=password]", school.PASSWORD)
    page.click("button[type=submit]")
    assert page.url == visit.address + "/"
    expect(page.locator("main")).to_be_visible()


def test_without_scripts_a_technician_finds_filters_and_lets_in(doorman: Doorman) -> None:
    visit = doorman.open("technician", java_script_enabled=False)
    page = visit.go("/computers/")
    page.fill("[name=q]", "TROLLEY")
    page.select_option("[name=sort]", "name")
    page.click("text=Show")
    expect(page).to_have_url(re.compile("q=TROLLEY"))  # the list before has 50 rows as well
    expect(page.locator("tbody tr")).to_have_count(50)
    top = page.locator("tbody tr th a").first
    first = top.inner_text()
    page.click("a[rel=next]")
    expect(top).not_to_have_text(first)
    assert top.inner_text() > first
    page.click("a[rel=prev]")
    expect(top).to_have_text(first)

    visit.go("/waiting/")
    page.locator("input[name=device]").nth(1).check()
    page.select_option("[name=profile]", "loan")
    page.click("text=Let in the ticked")
    expect(page.locator(".note")).to_contain_text("1 computer is let in.")
    assert Device.objects.filter(state="active", profile_source="person").count() == 1

    page.locator("summary", has_text="Turn it away").first.click()
    page.locator("[name=reason]").first.fill("Nobody knows it")
    page.locator("text=Turn away").first.click()
    expect(page.locator(".note")).to_contain_text("turned away")
    assert Device.objects.filter(state="refused").count() == 1


@pytest.mark.looks
def test_without_scripts_the_account_panel_opens_and_signs_out(doorman: Doorman) -> None:
    visit = doorman.open("governor", java_script_enabled=False)
    visit.page.click("details.me summary")
    visit.page.click("text=Sign out")
    assert visit.page.url.endswith("/sign-in/")


@pytest.mark.looks
def test_a_changed_filter_shows_its_result_at_once(doorman: Doorman) -> None:
    visit = doorman.open("technician")
    page = visit.go("/computers/")
    page.select_option("[name=runs]", "macos")
    expect(page.locator(".found")).to_contain_text("6 computers found")
    assert visit.trouble == []


def test_one_tick_takes_a_whole_trolley(doorman: Doorman) -> None:
    visit = doorman.open("technician")
    page = visit.go("/waiting/")
    page.check("[data-tick-all]")
    page.click("text=Let in the ticked")
    expect(page.locator(".note")).to_contain_text("5 computers are let in.")
    expect(page.locator("main")).to_contain_text("Nobody is waiting.")


@pytest.mark.looks
def test_on_a_phone_filters_open_and_the_menu_is_under_the_thumb(doorman: Doorman) -> None:
    visit = doorman.open("technician", viewport=PHONE, is_mobile=True, has_touch=True)
    page = visit.go("/computers/")
    expect(page.locator("[name=runs]")).not_to_be_visible()
    page.tap("text=Filter and sort")
    expect(page.locator("[name=runs]")).to_be_visible()
    box = page.locator("nav.menu").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == PHONE["height"]


@pytest.mark.looks
def test_a_page_prints_without_menus_and_buttons(doorman: Doorman) -> None:
    visit = doorman.open("slt")
    page = visit.go("/")
    page.emulate_media(media="print")
    expect(page.locator("header.top")).not_to_be_visible()
    expect(page.locator(".print-head")).to_contain_text("Willowbrook Primary School")


@pytest.mark.looks
def test_no_name_a_computer_gives_itself_runs_in_the_browser(doorman: Doorman) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>\u202e"
    Device.objects.filter(state="active").update(name=evil, model=evil, os_name=evil)
    Device.objects.filter(state="pending").update(name=evil, factors={evil: [evil]})
    JoinCode.objects.update(label=evil)
    visit = doorman.open("technician")
    for path in paths():
        page = visit.go(path)
        assert page.locator("main img").count() == 0
    assert visit.trouble == []


def test_a_head_reaches_a_computer_from_the_most_urgent_job(doorman: Doorman) -> None:
    visit = doorman.open("slt")
    title = visit.page.locator(".job-title").first.inner_text()
    number = visit.page.locator(".job-count strong").first.inner_text()
    visit.page.locator(".job-title a").first.click()
    expect(visit.page.locator(".found")).to_have_text(f"{number} computers found")
    visit.page.locator("tbody a").first.click()
    expect(visit.page.locator("main")).to_contain_text(title)
    assert visit.trouble == []
