"""One door for every step: events, rows, entry and ledger together (I1)."""

import pytest

from inventory.allocation import services as loans
from inventory.assets import services as assets
from inventory.assets import several
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.disposal import letting_go, services
from inventory.disposal.refusing import Refused
from inventory.models import (
    Allocation,
    Asset,
    Disposal,
    DisposalEvent,
    DisposalEvidence,
    DisposalNote,
    Event,
)
from inventory.places.services import add_room, create_site
from tests.inventory.disposal.journey import (
    ASKED,
    DISK,
    HEAD,
    NOW,
    SLT,
    SSD,
    TECHNICIAN,
    approved,
    by,
    disposed,
    file,
    read,
    told,
    wiped,
    withdrawn,
)
from tests.inventory.disposal.stored import check, check_all


@pytest.fixture
def site(db: None) -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def laptop(site: str) -> str:
    return assets.add(site, {"tag": "HS-1", "kind": "laptop"}, by=by(TECHNICIAN))


def test_a_laptop_goes_from_withdrawn_to_disposed_by_two_people(site: str, laptop: str) -> None:
    one = disposed(site, laptop)
    now = check(one)
    assert (now.state, now.seq) == ("disposed", 11)
    assert Asset.objects.get(id=laptop).state == "disposed"
    verbs = list(Event.objects.filter(subject=one).order_by("seq").values_list("verb", flat=True))
    assert (verbs[0], verbs[-1]) == ("disposal.withdrawn", "disposal.disposed")
    assert len(verbs) == now.seq


def test_a_computer_verifies_by_a_report_of_its_own_and_not_by_what_somebody_sent(
    site: str, laptop: str
) -> None:
    file(site, source="upload")
    one = approved(site, laptop, DISK)
    services.sanitise(site, one, wiped("WDWCC4E1111", 5), by=by(TECHNICIAN, 5), seen=4)
    with pytest.raises(RegisterError, match="own signed report"):
        services.verify(site, one, read("WDWCC4E1111", 5), by=by(TECHNICIAN, 6), seen=5)
    DisposalEvidence.objects.filter(site_id=site).update(source="device")
    services.verify(site, one, read("WDWCC4E1111", 5), by=by(TECHNICIAN, 6), seen=5)
    assert check(one).seq == 6


def test_what_is_withdrawn_is_out_of_use_and_nobody_has_it(site: str, laptop: str) -> None:
    room = add_room(site, "Year 3", by=by(TECHNICIAN))
    loans.allocate(site, [laptop], room, by=by(TECHNICIAN))
    one = withdrawn(site, laptop, DISK)
    row = Asset.objects.get(id=laptop)
    assert (row.state, row.holder) == ("retired", "")
    assert not Allocation.objects.filter(asset=laptop, until=None).exists()
    check(one)


def test_while_it_is_on_its_way_out_only_its_disposal_moves_an_entry(
    site: str, laptop: str
) -> None:
    one = withdrawn(site, laptop, DISK)
    for state in ("in_use", "stored"):
        with pytest.raises(RegisterError, match="only its disposal moves it"):
            assets.move(site, [laptop], state, by=by(HEAD, 1))
    with pytest.raises(RegisterError, match="only its disposal"):
        assets.withdraw(site, laptop, by=by(HEAD, 1))
    plan = several.plan(several.named(site, [laptop]), several.Wanted({}, "in_use"))
    assert [left.why for left in plan.left] == ["leaving"]
    services.reinstate(site, one, reason="Needed", by=by(TECHNICIAN, 2), seen=1)
    check(one)
    assert Asset.objects.get(id=laptop).state == "stored"
    assets.move(site, [laptop], "in_use", by=by(HEAD, 3))


def test_undoing_a_step_leaves_what_is_on_its_way_out_where_it_is(site: str, laptop: str) -> None:
    assets.move(site, [laptop], "retired", by=By(TECHNICIAN, NOW, batch="batch_1"))
    one = withdrawn(site, laptop, DISK)
    undone = assets.undo(site, "batch_1", by=by(HEAD, 1))
    assert (undone.done, undone.kept) == (0, [laptop])
    check(one)


def test_many_withdrawn_in_one_step_are_one_batch_that_nobody_undoes(site: str) -> None:
    rows = [{"tag": f"HS-{n}", "kind": "laptop"} for n in range(30)]
    ids = assets.add_many(site, rows, by=by(TECHNICIAN))
    before = Event.objects.count()
    found = services.withdraw(site, ids, reason="Too old", by=by(TECHNICIAN))
    assert len(found) == 30
    assert Event.objects.count() == before + 2  # the entries' line and the disposals'
    (batch,) = set(DisposalEvent.objects.values_list("batch", flat=True))
    with pytest.raises(RegisterError):
        assets.undo(site, batch, by=by(HEAD, 1))
    for one in found:
        services.inspect(
            site, one.disposal, none_confirmed=True, by=by(TECHNICIAN, 1), seen=one.now.seq
        )
    seen = {one.disposal: 2 for one in found}
    services.request_all(site, seen, ASKED, by=by(TECHNICIAN, 2))
    with pytest.raises(Refused) as refused:
        services.approve_all(site, dict.fromkeys(seen, 3), SLT, by=by(TECHNICIAN, 3))
    assert refused.value.code == "same_approver"
    services.approve_all(site, dict.fromkeys(seen, 3), SLT, by=by(HEAD, 3))
    assert {check(one).state for one in seen} == {"ready"}


def test_one_that_cannot_be_keeps_all_of_a_step_back(site: str, laptop: str) -> None:
    other = assets.add(site, {"tag": "HS-2", "kind": "laptop"}, by=by(TECHNICIAN))
    withdrawn(site, other, DISK)
    with pytest.raises(RegisterError, match="HS-2 is on its way out already"):
        services.withdraw(site, [laptop, other], reason="Too old", by=by(TECHNICIAN))
    assert Asset.objects.get(id=laptop).state == "in_use"
    assert Disposal.objects.count() == 1


def test_whoever_saw_an_earlier_step_is_told_what_came_since(site: str, laptop: str) -> None:
    one = withdrawn(site, laptop, DISK)
    services.hold(site, one, kind="legal", reason="A claim", by=by(HEAD, 1), seen=1)
    with pytest.raises(StaleError) as stale:
        services.reinstate(site, one, reason="Needed", by=by(TECHNICIAN, 2), seen=1)
    assert stale.value.fields == ["held"]


def test_a_hold_stops_even_a_wipe_until_it_is_released(site: str, laptop: str) -> None:
    file(site)
    one = approved(site, laptop, DISK)
    held = services.hold(site, one, kind="legal", reason="A claim", by=by(HEAD, 4), seen=4)
    assert Disposal.objects.get(id=one).holds == ["legal"]
    with pytest.raises(Refused, match="stopped"):
        services.sanitise(site, one, wiped("WDWCC4E1111", 5), by=by(TECHNICIAN, 5), seen=5)
    (name,) = held.now.holds
    services.release_hold(
        site, one, hold=name, role="slt", reason="Settled", by=by(HEAD, 6), seen=5
    )
    services.sanitise(site, one, wiped("WDWCC4E1111", 7), by=by(TECHNICIAN, 7), seen=6)
    check(one)


def test_a_drive_is_on_one_open_list_only(site: str, laptop: str) -> None:
    other = assets.add(site, {"tag": "HS-2", "kind": "laptop"}, by=by(TECHNICIAN))
    withdrawn(site, laptop, DISK)
    with pytest.raises(RegisterError, match="list of another disposal"):
        withdrawn(site, other, DISK)
    assert Asset.objects.get(id=other).state == "in_use"
    check_all()


def test_a_file_that_is_not_kept_proves_nothing(site: str, laptop: str) -> None:
    one = approved(site, laptop, DISK)
    with pytest.raises(RegisterError, match="is not kept here"):
        services.sanitise(site, one, wiped("WDWCC4E1111", 5), by=by(TECHNICIAN, 5), seen=4)
    assert Disposal.objects.get(id=one).seq == 4


def test_what_is_lost_stays_with_whoever_had_it_until_it_is_written_off(
    site: str, laptop: str
) -> None:
    room = add_room(site, "Year 3", by=by(TECHNICIAN))
    loans.allocate(site, [laptop], room, by=by(TECHNICIAN))
    loss = services.Loss(kind="stolen", discovered_at=NOW, encryption="on", reason="Broken into")
    found = services.report_lost(
        site, laptop, loss, told={laptop: told(DISK)}, by=by(TECHNICIAN, 1)
    )
    row = Asset.objects.get(id=laptop)
    assert (row.state, row.holder) == ("stolen", room)
    assert found.now.loss is not None
    assert found.now.loss.due_at == NOW + 72 * 3600
    assert check(found.disposal).loss == found.now.loss
    services.find(site, found.disposal, reason="In the cupboard", by=by(HEAD, 2), seen=2)
    check(found.disposal)
    assert Asset.objects.get(id=laptop).holder == ""


def test_the_remark_of_an_approver_can_be_erased_and_the_chain_stays_whole(
    site: str, laptop: str
) -> None:
    one = approved(site, laptop, DISK)
    note = DisposalNote.objects.get(disposal=one)
    assert note.text == SLT.comment
    letting_go.let_go(NOW + 6 * 366 * 86_400 + 181)
    note.refresh_from_db()
    assert (note.text, note.nonce) == ("", "")
    check(one)


@pytest.mark.parametrize("reason", ["x" * 501, "x" * 4_000])
def test_a_reason_that_is_too_long_is_refused_and_not_cut(
    site: str, laptop: str, reason: str
) -> None:
    with pytest.raises(RegisterError, match="at most 500"):
        services.withdraw(site, [laptop], reason=reason, by=by(TECHNICIAN))


def test_hostile_words_are_kept_as_they_can_be(site: str, laptop: str) -> None:
    reason = "Old \x1b]52;c;\x07\u202e\nand slow\x00"
    (one,) = services.withdraw(site, [laptop], reason=reason, by=by(TECHNICIAN))
    check(one.disposal)


def test_another_schools_disposal_is_not_there(site: str, laptop: str) -> None:
    one = withdrawn(site, laptop, DISK)
    other = create_site(name="Mill School", at=NOW)
    with pytest.raises(RegisterError, match="no such disposal"):
        services.reinstate(other, one, reason="Ours", by=by(HEAD, 1), seen=1)
    with pytest.raises(RegisterError, match="no such entry"):
        services.withdraw(other, [laptop], reason="Ours", by=by(HEAD, 1))


def test_what_failed_in_an_earlier_disposal_is_known_as_failed_in_the_next(
    site: str, laptop: str
) -> None:
    one = approved(site, laptop, DISK)
    services.fail(site, one, medium="WD-WCC4E1111", reason="Clicks", by=by(TECHNICIAN, 4), seen=4)
    services.reinstate(site, one, reason="Needed", by=by(TECHNICIAN, 5), seen=5)
    again = withdrawn(site, laptop, DISK, SSD)
    media = check(again).media
    assert {key: medium.failed for key, medium in media.items()} == {
        "WDWCC4E1111": True,
        "S3Z9NB0K2222": False,
    }
