"""What is handed over in one step: one receipt, one signature, one way back; the words agreed."""

import pytest

from inventory.allocation import conditions, people
from inventory.allocation.handovers import MOST_AT_ONCE, declare, give, receive, sign, undo
from inventory.allocation.services import Back, Terms
from inventory.assets import services
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.folding import Change, fold
from inventory.assets.writing import By, values_of
from inventory.ledger.models import Event
from inventory.models import Allocation, Asset, AssetEvent
from inventory.places.services import add_room, create_site

NOW = 1_795_400_000
BY = By("user_1", NOW)
LATER = By("user_2", NOW + 86_400)

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def laptops(site: str) -> list[str]:
    return services.add_many(site, [{"tag": f"HS-{n}"} for n in range(3)], by=BY)


@pytest.fixture
def teacher(site: str) -> str:
    return people.add_person(site, "Maya Jones", "staff", by=BY)


def holders(asset_ids: list[str]) -> list[str]:
    rows = dict(Asset.objects.values_list("id", "holder"))
    return [rows[one] for one in asset_ids]


def agrees(asset_id: str) -> bool:
    events = AssetEvent.objects.filter(asset_id=asset_id).order_by("seq")
    row = Asset.objects.get(id=asset_id)
    return fold(Change(e.seq, e.before, e.after) for e in events) == values_of(row)


def test_one_signature_is_for_everything_handed_over_together(
    site: str, laptops: list[str], teacher: str
) -> None:
    batch = give(site, laptops, teacher, by=BY)
    sign(site, batch, "a" * 64, by=BY)
    assert set(Allocation.objects.values_list("signature", flat=True)) == {"a" * 64}
    with pytest.raises(RegisterError, match="signed already"):
        sign(site, batch, "b" * 64, by=BY)
    back = receive(site, laptops[:2], by=LATER, back=Back("good", {laptops[1]: "broken"}))
    sign(site, back, "c" * 64, by=LATER)
    rows = {row.asset_id: row for row in Allocation.objects.all()}
    assert [rows[one].return_signature for one in laptops] == ["c" * 64, "c" * 64, ""]
    assert [rows[one].returned_as for one in laptops] == ["good", "broken", ""]
    assert Asset.objects.get(id=laptops[1]).condition == "broken"
    verbs = list(Event.objects.filter(subject__in=[batch, back]).values_list("verb", flat=True))
    assert sorted(verbs) == ["asset.allocates", "asset.returns", "loan.sign", "loan.sign_return"]


@pytest.mark.parametrize("digest", ["", "a", "a" * 63, "a" * 65])
def test_a_signature_that_is_no_digest_is_refused(
    site: str, laptops: list[str], teacher: str, digest: str
) -> None:
    batch = give(site, laptops, teacher, by=BY)
    with pytest.raises(RegisterError):
        sign(site, batch, digest, by=BY)


def test_a_mistaken_give_leaves_things_where_they_were_and_with_whom(
    site: str, laptops: list[str], teacher: str
) -> None:
    oak, other = add_room(site, "Oak", by=BY), people.add_person(site, "Sam Lee", "staff", by=BY)
    services.change(site, laptops[0], {"room": oak}, by=BY)
    give(site, laptops[:1], teacher, by=BY, terms=Terms(due_on="2027-07-20", note="for Year 6"))
    beech = add_room(site, "Beech", by=BY)
    wrong = give(site, laptops[:2], beech, by=LATER, terms=Terms(take=True))
    done = undo(site, wrong, by=LATER)
    assert (done.done, done.kept) == (2, [])
    row = Asset.objects.get(id=laptops[0])
    assert (row.holder, row.due_on, row.room_id) == (teacher, "2027-07-20", oak)
    (still,) = Allocation.objects.filter(until=None)
    assert (still.person_id, still.note, still.taken_by) == (teacher, "for Year 6", "")
    assert all(agrees(one) for one in laptops)
    assert other not in holders(laptops)


def test_what_was_returned_or_moved_since_is_not_undone(
    site: str, laptops: list[str], teacher: str
) -> None:
    batch = give(site, laptops, teacher, by=BY)
    receive(site, laptops[:1], by=LATER)
    services.change(site, laptops[1], {"notes": "new case"}, by=LATER)
    done = undo(site, batch, by=LATER)
    assert (done.done, done.kept) == (2, laptops[:1])
    assert undo(site, batch, by=LATER).done == 0
    assert holders(laptops) == ["", "", ""]
    assert not Allocation.objects.filter(until=None).exists()


def test_a_step_that_gave_something_out_is_undone_here_only(
    site: str, laptops: list[str], teacher: str
) -> None:
    batch = give(site, laptops, teacher, by=BY)
    with pytest.raises(RegisterError, match="on its own page"):
        services.undo(site, batch, by=LATER)
    assert holders(laptops) == [teacher] * 3


def test_another_schools_handover_is_not_there(site: str, laptops: list[str], teacher: str) -> None:
    batch, other = give(site, laptops, teacher, by=BY), create_site(name="Dale", at=NOW)
    for attempt in (
        lambda: undo(other, batch, by=BY),
        lambda: undo(site, "", by=BY),
        lambda: sign(other, batch, "a" * 64, by=BY),
        lambda: sign(site, "", "a" * 64, by=BY),
        lambda: receive(other, laptops, by=BY),
        lambda: declare(other, Allocation.objects.all()[0].id, "none", by=BY),
    ):
        with pytest.raises(RegisterError):
            attempt()
    assert holders(laptops) == [teacher] * 3


def test_nothing_or_too_much_is_said_before_anything_is_done(
    site: str, laptops: list[str], teacher: str
) -> None:
    with pytest.raises(RegisterError, match="at least one"):
        give(site, [], teacher, by=BY)
    with pytest.raises(RegisterError, match="500"):
        give(site, [f"asset_{n}" for n in range(MOST_AT_ONCE + 1)], teacher, by=BY)
    with pytest.raises(RegisterError, match="back already"):
        receive(site, laptops, by=BY)


def test_the_words_agreed_to_stay_when_the_school_writes_others(
    site: str, laptops: list[str], teacher: str
) -> None:
    first = conditions.add(site, "Staff laptops", "Keep it\n  dry.", by=BY)
    give(site, laptops[:1], teacher, by=BY, terms=Terms(text=first))
    second = conditions.revise(site, first, "Keep it dry and locked.", by=LATER, asks_scan=True)
    with pytest.raises(RegisterError, match="replaced"):
        give(site, laptops[1:], teacher, by=LATER, terms=Terms(text=first))
    give(site, laptops[1:2], teacher, by=LATER, terms=Terms(text=second))
    kept = Allocation.objects.order_by("since").values_list("conditions", "terms__version")
    assert list(kept) == [("Keep it\ndry.", 1), ("Keep it dry and locked.", 2)]
    assert [text.version for text in conditions.texts({site})] == [2]
    assert [text.version for text in conditions.texts({site}, every=True)] == [2, 1]


def test_two_people_who_rewrite_one_text_do_not_overwrite_each_other(site: str) -> None:
    first = conditions.add(site, "Trips", "Back by Friday.", by=BY)
    conditions.revise(site, first, "Back by Thursday.", by=BY)
    with pytest.raises(RegisterError, match="Somebody else changed"):
        conditions.revise(site, first, "Back by Monday.", by=LATER)
    with pytest.raises(RegisterError, match="already"):
        conditions.add(site, "Trips", "Anything", by=LATER)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 10_001, "x" * 4_001, "\u202e"])
def test_words_that_nobody_can_agree_to_are_refused(site: str, text: str) -> None:
    with pytest.raises(RegisterError):
        conditions.add(site, "Trips", text, by=BY)


def test_personal_use_is_declared_by_people_only_and_again_each_year(
    site: str, laptops: list[str], teacher: str
) -> None:
    give(site, laptops[:1], teacher, by=BY, terms=Terms(personal_use="none"))
    loan = Allocation.objects.get()
    assert (loan.personal_use, loan.declared_at) == ("none", NOW)
    declare(site, loan.id, "significant", by=LATER)
    loan.refresh_from_db()
    assert (loan.personal_use, loan.declared_at) == ("significant", LATER.at)
    give(site, laptops[1:2], add_room(site, "Oak", by=BY), by=BY)
    rooms = Allocation.objects.exclude(room=None).get()
    for loan_id, said in ((rooms.id, "none"), (loan.id, ""), (loan.id, "much")):
        with pytest.raises(RegisterError):
            declare(site, loan_id, said, by=LATER)


def test_two_people_who_change_one_persons_entry_are_told(site: str, teacher: str) -> None:
    seen = {"name": "Maya Jones", "kind": "staff", "group": ""}
    people.change(site, teacher, {"name": "Maya Khan"}, seen=seen, by=BY)
    with pytest.raises(StaleError) as raised:
        people.change(site, teacher, {"name": "Maya Long"}, seen=seen, by=LATER)
    assert raised.value.fields == ["name"]
    assert people.change(site, teacher, {"group": "Year 4"}, seen=seen, by=LATER)
    assert not people.change(site, teacher, {"group": "Year 4"}, seen=seen, by=LATER)
