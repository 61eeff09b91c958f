"""One disposal from the windows of several people: the steps until a laptop is ready to go."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from playwright.sync_api import Page, expect

from inventory.models import Asset, Disposal, Site
from tests.e2e.conftest import Doorman
from tests.nwiped import wiped

SIZE = 4 * 1024 * 1024
ONE, TWO = "WD-WXM1A7654321", "WD-WXM1A7654322"
KEYS = {one: one.replace("-", "") for one in (ONE, TWO)}


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
