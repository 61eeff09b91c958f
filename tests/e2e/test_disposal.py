"""A computer with two drives leaves the school in a real browser: by two people, and by four, with
real logs of nwipe, a real reading back, a collection, and its certificate as PDF; each shortcut on
the way is refused."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from controller import clock
from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services as register
from inventory.assets.writing import By
from inventory.models import Disposal, DisposalEvidence, Site
from tests import needs
from tests.controller.web import school
from tests.e2e.bench import read_back, tells
from tests.e2e.conftest import DESKTOP, PHONE, Doorman
from tests.e2e.leaving import KEYS, ONE, SIZE, TWO, Leaving, wipe_both
from tests.e2e.test_pages import barriers
from tests.e2e.van import Van, look


@pytest.fixture(autouse=True)
def real_clock(standing_clock: None) -> Iterator[None]:
    """Logs of nwipe say when they were written, so it is now."""
    clock.use(lambda: int(time.time()))
    yield
    clock.use(None)


@pytest.fixture
def willowbrook(transactional_db: None) -> Site:
    """A school in which four people have to do with what leaves."""
    site = school.make_site()
    for role in (Role.TECHNICIAN, Role.SLT, Role.BUSINESS_MANAGER, Role.ADMIN):
        school.make_person(site, role, role.value)
    by = By("system", int(time.time()))
    register.add(site.id, {"tag": "WB-0042", "kind": "laptop", "name": "Office laptop"}, by=by)
    return site


def test_two_people_and_a_computer_dispose_of_a_laptop_with_two_drives(
    doorman: Doorman, willowbrook: Site, tmp_path: Path
) -> None:
    # The admin is a technician as well: one person who may do everything, and still must not.
    school.add_role(User.objects.get(username="admin"), willowbrook, Role.TECHNICIAN)
    leaving = Leaving(doorman, willowbrook)
    leaving.begin("admin")
    leaving.ask("admin")
    leaving.refused(leaving.sends(leaving.goes("slt", "approve/"), "Approve it"), "look inside")
    leaving.inspect("admin")
    page = leaving.sends(leaving.goes("admin", "approve/"), "Approve it")
    leaving.refused(page, "somebody else has to approve")
    expect(page.get_by_text("How two people can do it all")).to_be_visible()
    leaving.approve("slt")
    wiped_and_read_back(leaving, tmp_path)
    taken_away(leaving, tmp_path)
    proved(leaving, "slt", tmp_path)
    people = {event.actor for event in Disposal.objects.get().events.all()}
    assert people == {User.objects.get(username=who).id for who in ("admin", "slt")}


def wiped_and_read_back(leaving: Leaving, folder: Path) -> None:
    """Both drives, by one person, a computer and another person; nobody does two of these."""
    images = wipe_both(folder)
    leaving.refused(leaving.wipes("admin", TWO, images[ONE][1]), "another drive")
    leaving.refused(leaving.accepts("slt", ONE), "last wipe")
    for serial in (ONE, TWO):
        page = leaving.wipes("admin", serial, images[serial][1])
        expect(page.get_by_text("The wipe is kept.")).to_be_visible()
    leaving.refused(leaving.accepts("slt", ONE), "Nobody has verified")
    tells(leaving.site, read_back(images[ONE][0], ONE, folder / "agent"))
    tells(leaving.site, read_back(images[TWO][0], TWO, folder / "agent"), "BENCH-2")
    page = leaving.goes("admin", f"drives/{KEYS[ONE]}/verify/")
    page.get_by_label("I compared the label").check()
    leaving.refused(leaving.sends(page, "Add this reading"), "ask somebody else")
    page = leaving.goes("slt", f"drives/{KEYS[ONE]}/verify/")
    leaving.refused(leaving.sends(page, "Add this reading"), "Tick that you did")
    for serial in (ONE, TWO):
        page = leaving.goes("slt", f"drives/{KEYS[serial]}/verify/")
        page.get_by_label("I compared the label").check()
        leaving.sends(page, "Add this reading")
        expect(page.get_by_text("The computer’s reading is added")).to_be_visible()
    leaving.refused(leaving.accepts("admin", ONE), "cannot accept the wipe too")
    for serial in (ONE, TWO):
        leaving.accepts("slt", serial)
    expect(leaving.of("slt").locator(".hero-line")).to_contain_text("Ready to go")


def taken_away(leaving: Leaving, folder: Path) -> None:
    """Collected, received and certified, by two people."""
    van = Van(leaving, shortcuts=True)
    van.books("admin")
    van.leaves("admin")
    leaving.refused(van.receives("admin"), "You asked for this disposal, so somebody else")
    van.certifies("admin", folder)
    leaving.refused(van.confirms("slt"), "No receipt names WB-0042 in full yet")
    leaving.refused(van.receives("slt", accepts="no"), "does not accept responsibility")
    expect(van.receives("slt").locator("main")).to_contain_text("Taken in")
    page = van.confirms("slt")
    expect(page.locator("main")).to_contain_text("Closed: all 1 thing is disposed of.")
    look(page)
    assert DisposalEvidence.objects.get(kind="certificate").media_type == "application/pdf"


def proved(leaving: Leaving, who: str, folder: Path) -> None:
    """The page, on a desk and on a phone, and the paper say that the data is gone."""
    page = leaving.goes(who)
    expect(page.locator(".hero-line")).to_contain_text("Disposed of")
    expect(page.locator(".hero-side")).to_contain_text("Yes, and we can show it")
    expect(page.locator(".hero-side")).to_contain_text("Whole and signed")
    sizes: Any = (DESKTOP, PHONE)
    for size in sizes:
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert barriers(page) == []
    answer = page.context.request.get(f"{leaving.doorman.address}{leaving.path}certificate/")
    assert answer.headers["content-type"] == "application/pdf"
    file = folder / "certificate.pdf"
    file.write_bytes(answer.body())
    program = needs.program("pdftotext", package="poppler-utils")
    done = subprocess.run([program, "-layout", file, "-"], capture_output=True, check=True)
    text = " ".join(done.stdout.decode().split())
    for said in ("Certificate of disposal", "All 2 drives are accounted for", ONE, TWO, "nwipe"):
        assert said in text


@pytest.mark.looks  # two people show what a database may get wrong
def test_four_people_share_it(doorman: Doorman, willowbrook: Site, tmp_path: Path) -> None:
    leaving = Leaving(doorman, willowbrook)
    leaving.begin("technician")
    leaving.inspect("technician")
    leaving.ask("business_manager")
    leaving.approve("slt")
    paper = tmp_path / "cmp.txt"
    paper.write_text(f"cmp: EOF on /dev/zero after byte {SIZE}\n")
    for serial, (image, log) in wipe_both(tmp_path).items():
        leaving.wipes("technician", serial, log)
        if serial == ONE:
            leaving.refused(leaving.reads("technician", serial, paper), "cannot verify it too")
            leaving.reads("admin", serial, paper)
        else:
            tells(willowbrook, read_back(image, serial, tmp_path / "agent"))
            page = leaving.goes("admin", f"drives/{KEYS[serial]}/verify/")
            page.get_by_label("I compared the label").check()
            leaving.sends(page, "Add this reading")
        leaving.accepts("slt", serial)
    expect(leaving.of("slt").locator(".hero-line")).to_contain_text("Ready to go")
    van = Van(leaving, shortcuts=False)
    van.books("technician")
    van.leaves("technician")
    van.receives("slt")
    van.certifies("business_manager", tmp_path)
    van.confirms("slt")
    page = leaving.goes("business_manager")
    expect(page.locator(".hero-side")).to_contain_text("Yes, and we can show it")
    people = {event.actor for event in Disposal.objects.get().events.all()}
    assert len(people) == 4
