"""The pages of disposals: each step by its form, and what is said where it cannot be."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from controller import clock
from controller.people.models import User
from controller.people.roles import Role
from inventory.models import Asset
from tests.controller.disposal.walking import DRIVE, Walk, entry
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn

LOG = (Path(__file__).parents[1] / "disposal" / "nwipe-8mb.log").read_bytes()
"""Recorded: Debian’s nwipe on a loop device of 8 MB, in the evening of the tests’ Sunday."""
EVENING = school.NOW + 17 * 3_600


@pytest.fixture
def manager(place: Place) -> User:
    return school.make_person(place.site, Role.BUSINESS_MANAGER)


@pytest.fixture
def walk(place: Place) -> Walk:
    return Walk(entry(place.site))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def until_approved(walk: Walk, hands: Client, office: Client, **drive: Any) -> None:
    walk.start(hands)
    walk.inspect(hands, {**DRIVE, **drive})
    walk.request(hands)
    assert walk.approve(office).status_code == 302


def test_a_laptop_goes_from_withdrawn_to_ready_by_its_pages(
    walk: Walk, technician: User, slt: User, manager: User, signed_in: SignedIn
) -> None:
    hands, office, other = signed_in(technician), signed_in(slt), signed_in(manager)
    until_approved(walk, hands, office)
    clock.use(lambda: EVENING)
    assert walk.wipe(hands, LOG).status_code == 302, text(walk.wipe(hands, LOG))
    assert walk.read_back(other).status_code == 302
    assert walk.accept(office).status_code == 302
    assert walk.row.state == "ready"
    body = text(hands.get(walk.path))
    for said in (
        "Ready to go",
        "Put it on a collection",
        "Whole and signed",
        "Yes, and we can show",
    ):
        assert said in body
    assert Asset.objects.get(id=walk.asset).state == "retired"
