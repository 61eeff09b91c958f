"""The receipt of a hand-over: what whoever gets a thing signs, read from the real PDF (T4)."""

from pathlib import Path
from typing import Any

import pytest

from controller.disposal import receipt
from controller.disposal.headline import Moment
from controller.disposal.saying import Names
from controller.printing.making import make
from inventory.disposal.states import OUTCOMES, Route
from tests.controller.disposal.made import page_of, told_of
from tests.controller.disposal.test_certificate import ADDRESS, NAMES, text_of
from tests.inventory.disposal.telling import CHARITY, HDD, SSD, STICK, Story, approved, ready

ROUTES: tuple[Route, ...] = ("donate", "sale", "transfer", "return_lessor")


def stands(story: Story, names: Names = NAMES) -> dict[str, Any]:
    told, moment = told_of(story), Moment(story.now.at + 3_600, "Europe/London")
    about = {"school": "Willowbrook Primary School", "address": ADDRESS, "demo": False}
    return receipt.document(told, page_of(story, names), names, moment, about)


def with_a_stick(route: Route) -> Story:
    story = approved(SSD, STICK, route=route).wiped(SSD)
    return story.does("medium_failed", medium=STICK).destroyed(STICK)


def test_it_names_the_thing_each_drive_and_what_is_accepted(tmp_path: Path) -> None:
    text = text_of(make(receipt.TEMPLATE, stands(with_a_stick("donate"))), tmp_path).casefold()
    for said in (
        "Receipt for a donation",
        "Willowbrook Primary School",
        "WB-3",
        "5CD1234XYZ",
        SSD.serial,
        STICK.serial,
        "read back in full",
        "shredded",
        "It is a gift",
        "Received by",
        "Organisation and address",
        "Handed over for the school by",
    ):
        assert said.casefold() in text, said
    assert "do not hand it over" not in text


@pytest.mark.parametrize("route", ROUTES)
def test_each_way_has_a_receipt_when_ready_and_after(route: Route) -> None:
    assert not receipt.printable(approved(SSD, route=route).now)
    story = ready(SSD, route=route)
    assert receipt.printable(story.now)
    assert stands(story)["title"] == receipt.TITLES[route]
    story.does("handed_over")
    assert story.now.state == OUTCOMES[route]
    assert receipt.printable(story.now)
    assert "Handed over, as recorded" in dict(stands(story)["rows"])


def test_waste_and_what_is_missing_have_none() -> None:
    assert not receipt.printable(ready(HDD).now)
    assert not receipt.printable(ready(SSD, route="sale").does("missing").now)


def test_a_price_is_written_by_hand_before_and_stands_there_after() -> None:
    story = ready(SSD, route="sale")
    assert dict(stands(story)["rows"])["Price paid, £"] == ""
    story.does("handed_over", price_pence=9_900)
    assert "99" in dict(stands(story)["rows"])["Price paid"]


def test_a_recipient_is_named_while_they_are_known_and_no_longer() -> None:
    story = ready(SSD, route="transfer").does("handed_over")
    named = Names(people={**NAMES.people, CHARITY: "Rosa \u202eBell"}, files=NAMES.files)
    assert dict(stands(story, named)["rows"])["Recipient"].startswith("Rosa")
    assert "\u202e" not in dict(stands(story, named)["rows"])["Recipient"]
    assert "Recipient" not in dict(stands(story)["rows"])


def test_a_thing_without_a_drive_says_who_looked(tmp_path: Path) -> None:
    text = text_of(make(receipt.TEMPLATE, stands(approved(route="return_lessor"))), tmp_path)
    assert "there is no drive in it" in text
    assert "returned under its lease" in text
