"""Two schools and everybody who may come to their doors; the clock stands still."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.test import Client

from controller import clock
from controller.config import current
from controller.data.datafolder import prepare
from controller.fleet.models import Device, JoinCode
from controller.keyfiles import make_keys
from controller.people.models import User
from controller.people.roles import Role
from inventory.assets import services
from inventory.assets.writing import By
from inventory.models import Asset, Site
from tests.controller.web import school

SignedIn = Callable[[User], Client]
_BY = By("system", school.NOW)


@dataclass(frozen=True, slots=True)
class Place:
    """A school with one computer let in, one that waits, and a join code."""

    site: Site
    device: Device
    waiting: Device
    code: JoinCode

    @property
    def entry(self) -> str:
        """An entry of its register, made when it is first asked for."""
        found = Asset.objects.filter(site=self.site, tag="DOOR-1").first()
        return found.id if found else services.add(self.site.id, {"tag": "DOOR-1"}, by=_BY)


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """It is always Sunday 22 November 2026, 07:12 in London."""
    clock.use(lambda: school.NOW)
    cache.clear()
    yield
    clock.use(None)


@pytest.fixture(autouse=True)
def controller_keys() -> None:
    """The data folder of the run has its keys, as after `quickstart`."""
    prepare(current().folder)
    make_keys(current().folder)


@pytest.fixture
def signed_in() -> SignedIn:
    """Open a browser in which somebody is signed in."""

    def open_browser(user: User) -> Client:
        client = Client(raise_request_exception=False)
        client.cookies[settings.SESSION_COOKIE_NAME] = session_of(user)
        return client

    return open_browser


def session_of(user: User) -> str:
    """The key of a session in which somebody is signed in: what `login` leaves, in one statement
    where it takes ten. How people really sign in has tests of its own."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    [session[BACKEND_SESSION_KEY]] = settings.AUTHENTICATION_BACKENDS
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


@pytest.fixture
def place(db: None) -> Place:
    """Our school."""
    return make_place("Willowbrook Primary School")


@pytest.fixture
def elsewhere(db: None) -> Place:
    """Somebody else's school."""
    return make_place("St Aldhelm’s Primary School")


def make_place(name: str) -> Place:
    """A school with a little in it."""
    site = school.make_site(name)
    device = school.make_device(site, "FRONT-DESK", profile="office", n_pass=4)
    device.save()
    [waiting] = school.queue(site, 1)
    return Place(site, device, waiting, JoinCode.objects.get(site=site))


@pytest.fixture
def technician(place: Place) -> User:
    """Looks after the computers of our school."""
    return school.make_person(place.site, Role.TECHNICIAN)


@pytest.fixture
def slt(place: Place) -> User:
    """Leads our school."""
    return school.make_person(place.site, Role.SLT)


@pytest.fixture
def governor(place: Place) -> User:
    """Reads reports about our school."""
    return school.make_person(place.site, Role.GOVERNOR)


@pytest.fixture
def stranger(elsewhere: Place) -> User:
    """Looks after the computers of another school."""
    return school.make_person(elsewhere.site, Role.TECHNICIAN)


def waiting(answer: Any) -> dict[str, int]:
    """What waits on each page of the register that its rows of pages show, by address name."""
    return {tab.name: tab.count for group in answer.context["tabs"] for tab in group.inside}
