"""A waste company that takes a laptop, from the windows of several people: booked, put on the list,
driven away, received and certified."""

import time
from pathlib import Path

from playwright.sync_api import Page, expect

from controller import clock
from inventory.assets.writing import By
from inventory.models import Collection, ContractorPaper
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.leaving import ONE, TWO, Leaving
from tests.e2e.test_pages import barriers
from tests.inventory.collections.collected import CLAUSE
from tests.inventory.contractors.firms import enter

CERTIFICATE = """<h1>Certificate of destruction C-77</h1><p>Green IT Recycling Ltd</p>
<p>These drives were shredded:</p><ul><li>{}</li><li>{}</li></ul>"""


def look(page: Page) -> None:
    """It fits, and keeps nobody out."""
    assert page.viewport_size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert barriers(page) == [], page.url


class Van:
    """The collection. `shortcuts`: each is tried, and looked at, before the step that counts."""

    def __init__(self, leaving: Leaving, *, shortcuts: bool) -> None:
        """A company whose papers are in force, whenever this runs."""
        self.leaving, self.shortcuts = leaving, shortcuts
        now = clock.now()
        self.today = time.strftime("%Y-%m-%d", time.gmtime(now))
        enter(leaving.site.id, By("system", now))
        papers = ContractorPaper.objects.all()
        papers.update(valid_from="2020-01-01")
        papers.exclude(valid_to="").update(valid_to="2099-12-31")

    def goes(self, who: str, path: str = "") -> Page:
        """Open its page, or one below it."""
        page, one = self.leaving.of(who), Collection.objects.get().id
        page.goto(f"{self.leaving.doorman.address}/register/collections/{one}/{path}")
        return page

    def books(self, who: str) -> None:
        """A day with the company, and the laptop on its list; refused while a paper is not in
        force (I7)."""
        page = self.leaving.of(who)
        page.goto(f"{self.leaving.doorman.address}/register/collections/new/")
        page.locator("[name=firm]").select_option(index=1)
        page.fill("[name=day]", self.today)
        if self.shortcuts:
            carrier = ContractorPaper.objects.filter(kind="carrier")
            carrier.update(valid_to="2020-12-31")
            self.leaving.sends(page, "Book it")
            expect(page.locator("main")).to_contain_text("(I7)")
            assert not Collection.objects.exists()
            carrier.update(valid_to="2099-12-31")
        self.leaving.sends(page, "Book it")
        page.get_by_label("Office laptop").check()
        self.leaving.sends(page, "This is the list")
        page.get_by_role("link", name="The list as a page").click()
        for serial in (ONE, TWO):
            expect(page.locator("main")).to_contain_text(serial)

    def leaves(self, who: str) -> None:
        """It is driven away, signed for on a phone; batteries need a consignment note."""
        page = self.goes(who)
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a dict with these keys
        page.get_by_role("link", name="They are here").click()
        page.locator("tbody input[type=checkbox]").first.check()
        page.get_by_label("Who drove").fill("Sam Carter")
        page.get_by_label("Its number").fill("HWCN-77")
        if self.shortcuts:
            page.get_by_label("Which note they left").select_option("transfer")
            self._signs(page)
            expect(page.get_by_text("it goes on a consignment note")).to_be_visible()
            expect(page.get_by_label("Who drove")).to_have_value("Sam Carter")
            look(page)
        page.get_by_label("Which note they left").select_option("consignment")
        self._signs(page)
        expect(page.get_by_text("Handed over: 1 thing.")).to_be_visible()
        if self.shortcuts:
            look(page)
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]  # a dict with these keys

    def _signs(self, page: Page) -> None:
        """By a typed name, as where nobody can draw."""
        if not page.get_by_label("Full name").is_visible():
            page.get_by_text("Type the name instead").click()
        page.get_by_label("Full name").fill("Helen Marsh")
        page.get_by_label("This typed name is my signature").check()
        self.leaving.sends(page, "Hand it over")

    def certifies(self, who: str, folder: Path) -> None:
        """Somebody adds the company's certificate, a PDF, and types the drives that stand on it."""
        paper = folder / "certificate-of-destruction.pdf"
        page = self.leaving.of(who)
        printed = page.context.new_page()
        printed.set_content(CERTIFICATE.format(ONE, TWO))
        printed.pdf(path=paper)
        printed.close()
        page = self.goes(who, "papers/")
        page.get_by_role("link", name="Enter a certificate").click()
        page.set_input_files("[name=file]", paper)
        page.fill("[name=reference]", "C-77")
        page.fill("[name=day]", self.today)
        page.select_option("[name=level]", "destroy")
        if self.shortcuts:
            self.leaving.sends(page, "Enter it")
            expect(page.get_by_role("alert")).to_contain_text("drive")
            expect(
                page.get_by_text("certificate-of-destruction.pdf is kept already")
            ).to_be_visible()
            look(page)
        page.fill("[name=lines]", f"{ONE}\n{TWO}")
        self.leaving.sends(page, "Enter it")
        expect(page.locator("main")).to_contain_text("You entered it, so somebody else compares it")

    def confirms(self, who: str) -> Page:
        """Somebody says that every line stands on the paper."""
        page = self.goes(who, "papers/")
        page.locator("main").get_by_role("link", name="C-77").first.click()
        return self.leaving.sends(page, "Yes, confirm it")

    def receives(self, who: str, accepts: str = "yes") -> Page:
        """The receipt, as somebody scanned it."""
        page = self.goes(who, "receipt/")
        file = {"name": "receipt.txt", "mimeType": "text/plain", "buffer": b"Received: WB-0042\n"}
        page.set_input_files("[name=file]", file)  # type: ignore[arg-type]  # a dict with these keys
        page.fill("[name=day]", self.today)
        page.check(f"[name=accepts][value={accepts}]")
        page.fill("[name=clause]", CLAUSE if accepts == "yes" else "")
        for tick in ("text=Its tag", f"[value={ONE}]", f"[value={TWO}]"):
            page.check(tick)
        return self.leaving.sends(page, "Take it in")
