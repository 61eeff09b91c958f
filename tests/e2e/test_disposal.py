"""A computer with two drives leaves the school in a real browser: by two people, and by four, with
real logs of nwipe, a real reading back, and a certificate; each shortcut on the way is refused."""

import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from controller import clock
from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services as register
from inventory.assets.writing import By
from inventory.disposal import services
from inventory.disposal.proof import storing
from inventory.disposal.rules import default
from inventory.disposal.values import CertifiedLine, Paper
from inventory.models import Asset, Disposal, Site
from tests import needs
from tests.controller.web import school
from tests.e2e.bench import read_back, tells
from tests.e2e.conftest import DESKTOP, PHONE, Doorman
from tests.e2e.test_pages import barriers
from tests.nwiped import wiped

SIZE = 4 * 1024 * 1024
ONE, TWO = "WD-WXM1A7654321", "WD-WXM1A7654322"
KEYS = {one: one.replace("-", "") for one in (ONE, TWO)}


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


def wipe(serial: str, folder: Path) -> tuple[Path, Path]:
    """An image that held something, wiped now; and its log."""
    image = folder / f"{serial}.img"
    image.write_bytes(b"Pupil reports " * (SIZE // 14 + 1))
    with image.open("r+b") as file:
        file.truncate(SIZE)
    log = folder / f"{serial}.log"
    log.write_bytes(wiped(image, serial))
    return image, log


def wipe_both(folder: Path) -> dict[str, tuple[Path, Path]]:
    """Both drives at once, each by an nwipe of its own."""
    with ThreadPoolExecutor(2) as pool:
        both = pool.map(lambda serial: wipe(serial, folder), (ONE, TWO))
        return dict(zip((ONE, TWO), both, strict=True))


class Leaving:
    """One disposal, from windows of several people."""

    def __init__(self, doorman: Doorman, site: Site) -> None:
        """The laptop of the school."""
        self.doorman, self.site = doorman, site
        self.asset = Asset.objects.get(tag="WB-0042").id
        self.pages: dict[str, Page] = {}

    @property
    def path(self) -> str:
        """Its page."""
        return f"/register/disposal/{Disposal.objects.get(asset=self.asset).id}/"

    def of(self, who: str) -> Page:
        """The window of somebody."""
        if who not in self.pages:
            self.pages[who] = self.doorman.open(who).page
        return self.pages[who]

    def goes(self, who: str, path: str = "") -> Page:
        """Open its page, or a form of it."""
        page = self.of(who)
        page.goto(f"{self.doorman.address}{self.path}{path}")
        return page

    def sends(self, page: Page, button: str) -> Page:
        """Press a button."""
        page.get_by_role("button", name=button).first.click()
        return page

    def refused(self, page: Page, sentence: str) -> None:
        """The page says why not."""
        expect(page.get_by_role("alert")).to_contain_text(sentence)

    def begin(self, who: str) -> None:
        """Taken out of use, from its entry's page."""
        page = self.of(who)
        page.goto(f"{self.doorman.address}/register/{self.asset}/")
        page.get_by_role("link", name="Take out of use").click()
        page.get_by_label("Yes", exact=True).check()
        self.sends(page, "Take it out of use")
        self.refused_field(page, "Say why")
        page.get_by_label("Why?").fill("Hinge broken, not worth mending")
        self.sends(page, "Take it out of use")
        expect(page.locator(".hero-line")).to_contain_text("Out of use")

    def refused_field(self, page: Page, sentence: str) -> None:
        """A field says what is missing."""
        expect(page.locator(".errorlist")).to_contain_text(sentence)

    def ask(self, who: str) -> None:
        """Asked for, licences forgotten at first."""
        page = self.goes(who, "request/")
        page.get_by_label("Recycled as electrical waste").check()
        page.get_by_label("What is it worth today").fill("40")
        self.sends(page, "Ask for it")
        self.refused(page, "Release or move the licences")
        page.get_by_label("I looked which licences").check()
        self.sends(page, "Ask for it")
        expect(page.locator(".hero-line")).to_contain_text("Asked for")

    def inspect(self, who: str) -> None:
        """Two drives are found in it."""
        page = self.goes(who, "inspect/")
        for at, serial in enumerate((ONE, TWO)):
            page.locator(f"[name=drive{at}-serial]").fill(serial)
            page.locator(f"[name=drive{at}-kind]").select_option("hdd_sas")
            page.locator(f"[name=drive{at}-size]").fill(str(SIZE))
        self.sends(page, "This is all that is in it")
        expect(page.get_by_text("2 found")).to_be_visible()

    def approve(self, who: str) -> None:
        """Said yes to."""
        page = self.goes(who, "approve/")
        expect(page.locator(".drives")).to_contain_text(TWO)
        self.sends(page, "Approve it")
        expect(page.locator(".hero-line")).to_contain_text("Approved")

    def wipes(self, who: str, serial: str, log: Path) -> Page:
        """The log of a wipe is sent."""
        page = self.goes(who, f"drives/{KEYS[serial]}/sanitise/")
        page.locator("[name=evidence]").first.set_input_files(log)
        return self.sends(page, "Keep this wipe")

    def accepts(self, who: str, serial: str) -> Page:
        """A wipe is accepted."""
        page = self.goes(who, f"drives/{KEYS[serial]}/validate/")
        page.get_by_label("Yes: I looked").check()
        return self.sends(page, "Keep this decision")

    def reads(self, who: str, serial: str, paper: Path) -> Page:
        """Somebody read it back with a program of their own."""
        page = self.goes(who, f"drives/{KEYS[serial]}/verify/")
        page.get_by_label("Read back in full").check()
        page.get_by_label("Nothing was left").check()
        page.get_by_label("How many bytes were read").fill(str(SIZE))
        page.locator("[name=evidence]").set_input_files(paper)
        return self.sends(page, "Keep this reading")

    def leaves(self, technician: str, office: str) -> None:
        """A waste company takes it, signs for it and certifies it (their pages have tests)."""
        driven_away(self.site, Disposal.objects.get(asset=self.asset), technician, office)


def driven_away(site: Site, row: Disposal, technician: str, office: str) -> None:
    """Collected, receipt taken in, certificate compared, closed."""
    now = int(time.time())
    tech, head = (By(User.objects.get(username=who).id, now) for who in (technician, office))
    papers = tuple(
        Paper(kind=kind, valid_from="2020-01-01", valid_until="2099-01-01")
        for kind in default().contractors.papers
    )
    gone = services.Gone(
        collection="coll_1",
        contractor="contractor_1",
        day=time.strftime("%Y-%m-%d", time.gmtime(now)),
        papers=papers,
    )
    services.collect(site.id, gone, seen={row.id: None}, by=tech)
    paper = storing.keep(site.id, "receipt", "receipt.txt", b"Received: WB-0042\n", by=head)
    keys = tuple(sorted(KEYS.values()))
    receipt = services.Receipt(
        collection="coll_1",
        contractor="contractor_1",
        accepts_responsibility=True,
        tag="WB-0042",
        serials=keys,
        evidence=(paper.sha256,),
    )
    services.receive(site.id, {row.id: receipt}, seen={row.id: None}, by=head)
    lines = tuple(CertifiedLine(serial=key, level="destroy", finished_at=now) for key in keys)
    certificate = services.Certificate(
        contractor="contractor_1",
        lines=lines,
        entered_by=tech.actor,
        evidence=(paper.sha256,),
        number="C-77",
    )
    services.certify(site.id, {row.id: certificate}, seen={row.id: None}, by=head)
    every = services.Papers(manifest=keys, receipt=keys, certificate=keys)
    services.dispose(site.id, {row.id: every}, seen={row.id: None}, by=head)


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
    images = wipe_both(tmp_path)
    leaving.refused(leaving.wipes("admin", TWO, images[ONE][1]), "another drive")
    leaving.refused(leaving.accepts("slt", ONE), "last wipe")
    for serial in (ONE, TWO):
        page = leaving.wipes("admin", serial, images[serial][1])
        expect(page.get_by_text("The wipe is kept.")).to_be_visible()
    leaving.refused(leaving.accepts("slt", ONE), "Nobody has verified")
    tells(willowbrook, read_back(images[ONE][0], ONE, tmp_path / "agent"))
    tells(willowbrook, read_back(images[TWO][0], TWO, tmp_path / "agent"), "BENCH-2")
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
    leaving.leaves("admin", "slt")
    proved(leaving, "slt", tmp_path)
    people = {event.actor for event in Disposal.objects.get().events.all()}
    assert people == {User.objects.get(username=who).id for who in ("admin", "slt")}


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


def test_four_people_share_it(doorman: Doorman, willowbrook: Site, tmp_path: Path) -> None:
    leaving = Leaving(doorman, willowbrook)
    leaving.begin("technician")
    leaving.inspect("technician")
    leaving.ask("business_manager")
    leaving.approve("slt")
    paper = tmp_path / "cmp.txt"
    paper.write_text(f"cmp: EOF on /dev/zero after byte {SIZE}\n")
    for serial, (_, log) in wipe_both(tmp_path).items():
        leaving.wipes("technician", serial, log)
        if serial == ONE:
            leaving.refused(leaving.reads("technician", serial, paper), "cannot verify it too")
        leaving.reads("admin", serial, paper)
        leaving.accepts("slt", serial)
    expect(leaving.of("slt").locator(".hero-line")).to_contain_text("Ready to go")
    leaving.leaves("technician", "slt")
    page = leaving.goes("business_manager")
    expect(page.locator(".hero-side")).to_contain_text("Yes, and we can show it")
    people = {event.actor for event in Disposal.objects.get().events.all()}
    assert len(people) == 4
