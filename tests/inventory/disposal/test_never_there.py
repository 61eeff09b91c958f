"""A report may be wrong: what nobody ever had in their hands can be said never to have been there,
by two people, while somebody can still look (I2, I3, I16)."""

from typing import Any

import pytest

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.disposal import services
from inventory.disposal.refusing import Refused
from inventory.disposal.values import FoundMedium
from inventory.models import WatchedMark
from inventory.places.services import create_site
from tests.inventory.disposal.journey import DISK, NOW, approved, by
from tests.inventory.disposal.journey import HEAD as HELEN
from tests.inventory.disposal.journey import TECHNICIAN as TARIQ
from tests.inventory.disposal.stored import check
from tests.inventory.disposal.telling import (
    HDD,
    OFFICE,
    SSD,
    STICK,
    TECHNICIAN,
    Story,
    ready,
)

NEVER = {"outcome": "never_there", "reason": "The dock told it"}


def _reported() -> Story:
    """A drive that only a report names is recorded as missing."""
    story = ready(HDD).does("medium_appeared", medium=STICK, actor="system")
    return story.does("medium_missing", medium=STICK)


def _answer(story: Story, **said: Any) -> str:
    try:
        story.does("exception_closed", **{**NEVER, **said})
    except Refused as refused:
        return refused.code
    return ""


def test_what_only_a_report_names_no_longer_keeps_a_thing_here() -> None:
    story = _reported()
    assert story.now.state == "sanitising"
    story.does("exception_closed", **NEVER)
    medium = story.now.media[STICK.serial]
    assert (story.now.state, medium.state, medium.leaves) == ("ready", "never_there", False)
    assert story.does("collected").now.manifest == (HDD.serial,)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"actor": TECHNICIAN}, "same_closer"),
        ({"actor": OFFICE, "role": "technician"}, "may_not_lessen"),
        ({"actor": OFFICE, "role": ""}, "may_not_lessen"),
        ({"reason": " "}, "no_reason"),
        ({"role": "governors"}, "no_minute"),
    ],
)
def test_it_takes_a_reason_and_somebody_else_who_may_approve(
    said: dict[str, str], code: str
) -> None:
    assert _answer(_reported(), **said) == code


def test_not_even_before_the_approval_does_whoever_wants_it_gone_say_so() -> None:
    story = Story().does("withdrawn", found=(HDD, STICK))
    story.does("medium_missing", medium=STICK, actor=OFFICE)
    story.does("inspected", media=(HDD,), none_confirmed=False)
    assert _answer(story, actor=TECHNICIAN) == "same_giver_up"
    assert _answer(story, role="technician") == "may_not_lessen"
    assert _answer(story) == ""


@pytest.mark.parametrize("seen", ["inspected", "wiped", "failed", "found"])
def test_what_somebody_had_in_their_hands_was_there(seen: str) -> None:
    story = ready(SSD) if seen != "inspected" else ready(SSD, HDD)
    if seen != "inspected":
        story.does("medium_appeared", medium=HDD)
    if seen == "wiped":
        story.does("sanitised", medium=HDD)
    if seen == "failed":
        story.does("medium_failed", medium=HDD)
    if seen == "found":
        story.does("medium_missing", medium=HDD).does("exception_closed", outcome="found")
    story.does("medium_missing", medium=HDD)
    assert _answer(story) == "was_there"


def test_it_takes_a_look_inside_and_the_thing_itself() -> None:
    unopened = Story().does("withdrawn", found=(STICK,)).does("medium_missing", medium=STICK)
    gone = ready(HDD).does("collected").does("medium_appeared", medium=STICK)
    gone.does("medium_missing", medium=STICK)
    assert [_answer(unopened), _answer(gone)] == ["was_there", "was_there"]


def test_a_hold_stops_it() -> None:
    assert _answer(_reported().does("held")) == "held"


WRONG = FoundMedium(serial="WRONG77REPORT", kind="ssd_sata")


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


def _missed(site: str) -> tuple[str, str]:
    laptop = assets.add(site, {"tag": "HS-1", "kind": "laptop"}, by=by(TARIQ))
    one = approved(site, laptop, DISK)
    services.appear(site, one, medium=WRONG, by=by(TARIQ, 5), seen=None)
    services.miss(site, one, medium=WRONG.serial, by=by(TARIQ, 6), seen=None)
    (name,) = check(one).exceptions
    return one, name


def _closes(site: str, one: str, name: str) -> None:
    said = services.Settled(exception=name, outcome="never_there", reason="A dock's", role="slt")
    services.close_exception(site, one, said, by=by(HELEN, 7), seen=None)


def test_its_number_stays_in_the_record_and_is_watched_for(site: str) -> None:
    one, name = _missed(site)
    _closes(site, one, name)
    assert check(one).media[WRONG.serial].state == "never_there"
    loss = services.Loss(kind="lost", discovered_at=NOW, reason="Not in the cupboard")
    services.lose(site, one, loss, by=by(TARIQ, 9), seen=None)
    assert WatchedMark.objects.filter(value__contains=WRONG.serial).exists()


@pytest.mark.parametrize("known", ["entry", "disposal"])
def test_what_the_register_knows_otherwise_was_somewhere(site: str, known: str) -> None:
    if known == "entry":
        said = {"tag": "D-1", "kind": "drive", "serial": "WRONG-77-REPORT"}
        assets.add(site, said, by=by(TARIQ))
    else:
        other = assets.add(site, {"tag": "HS-2", "kind": "laptop"}, by=by(TARIQ))
        begun = services.withdraw(site, [other], reason="Old", by=by(TARIQ))[0].disposal
        services.appear(site, begun, medium=WRONG, by=by(TARIQ, 1), seen=None)
        services.reinstate(site, begun, reason="Needed", by=by(TARIQ, 2), seen=None)
    one, name = _missed(site)
    with pytest.raises(RegisterError) as refused:
        _closes(site, one, name)
    assert refused.value.code == "known_elsewhere"
