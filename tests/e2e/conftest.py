"""A real browser before the real pages: Debian's Chromium, driven by playwright."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from controller import clock
from controller.config import current
from controller.data.datafolder import prepare
from controller.keyfiles import make_keys
from controller.people.models import User
from controller.people.roles import Role
from inventory.models import Site
from tests import needs
from tests.controller.web import school

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Visit:
    """A signed-in browser window, and everything that went wrong in it."""

    context: BrowserContext
    page: Page
    address: str
    trouble: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open an address of the controller."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, path
        return self.page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file: playwright leaves an event loop running in this thread, and no other test
    may meet it."""
    program = needs.program("chromium", package="chromium")
    # Playwright keeps an event loop in this thread, and Django would refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """It is always the same Sunday morning."""
    prepare(current().folder)
    make_keys(current().folder)
    clock.use(lambda: school.NOW)
    yield
    clock.use(None)


@pytest.fixture
def willowbrook(transactional_db: None) -> Site:
    """A school of 133 computers, five in the queue, a technician, a head and a governor."""
    site = school.make_site()
    devices = school.fill(site)
    school.queue(site)
    school.hold_facts(devices[0], "locking", {"idle_seconds": 900, "locks": {"unseen": "denied"}})
    for role in (Role.TECHNICIAN, Role.SLT, Role.GOVERNOR):
        school.make_person(site, role, role.value)
    return site


class Doorman:
    """Opens windows in which somebody is signed in, and closes them all at the end."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self.address = browser, address
        self._contexts: list[BrowserContext] = []

    def open(self, who: str, **options: Any) -> Visit:
        """A window in which `who` is signed in; `options` are playwright's (viewport,
        java_script_enabled)."""
        context = self._browser.new_context(**({"viewport": DESKTOP} | options))
        self._contexts.append(context)
        visit = Visit(context, context.new_page(), self.address)
        visit.page.on("pageerror", lambda error: visit.trouble.append(str(error)))
        visit.page.on("dialog", lambda dialog: visit.trouble.append(f"dialog {dialog.message}"))
        visit.page.on(
            "console",
            lambda said: visit.trouble.append(said.text) if said.type != "log" else None,
        )
        known = Client()  # hashing a password takes a second, and one test does that by the form
        known.force_login(User.objects.get(username=who))
        secure = self.address.replace("http:", "https:")  # as its name demands
        for name, morsel in known.cookies.items():
            cookie = {"name": name, "value": morsel.value, "url": secure, "secure": True}
            context.add_cookies([cookie])  # type: ignore[list-item]  # a dict with these keys
        visit.go("/")
        return visit

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def doorman(browser: Browser, live_server: LiveServer, willowbrook: Site) -> Iterator[Doorman]:
    """The door of Willowbrook Primary School."""
    made = Doorman(browser, live_server.url)
    yield made
    made.close()
