"""What people say of what was seen, and entries they make of it."""

import pytest

from inventory.assets import services as assets
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By
from inventory.ghosts import queries as ghosts
from inventory.ledger.models import Event
from inventory.models import (
    Asset,
    AssetMark,
    DhcpServer,
    MacSighting,
    NetworkDevice,
    NetworkMac,
    Room,
    SectionTold,
    Survey,
)
from inventory.network import acknowledging, binding, entering, letting_go, queries
from inventory.network.bounds import DAY
from inventory.network.rounds import take
from inventory.places.services import create_site
from tests.inventory.network.surveys import (
    AP,
    CONSOLE,
    CORE,
    LAPTOP,
    NOW,
    STRANGER,
    core,
    night,
    whole,
)

TODAY, CHRISTMAS = "2026-11-22", "2026-12-18"
LATER = NOW + 3_600

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    made = create_site(name="Hill School", at=NOW)
    take(made, whole(), LATER)
    return made


def by(at: int = LATER) -> By:
    return By("user_1", at)


def row(address: str = STRANGER) -> NetworkMac:
    return NetworkMac.objects.get(address=address)


def say(site: str, trust: str, until: str = CHRISTMAS, mac: str = "", **more: object) -> str:
    one = mac or row().id
    told = {"reason": "the photographer", "today": TODAY, "by": by(), "until": until}
    acknowledging.acknowledge(site, one, trust, **{**told, **more})  # type: ignore[arg-type]  # as told
    return one


def unknown(site: str, today: str = TODAY) -> set[str]:
    return {one.row["address"] for one in queries.things([site], "", today)}


def test_what_is_said_takes_a_thing_off_the_list_until_its_day(site: str) -> None:
    assert unknown(site) == {STRANGER, CONSOLE, LAPTOP}
    say(site, "known")
    say(site, "ignored", mac=row(CONSOLE).id)
    assert unknown(site) == {LAPTOP}
    assert unknown(site, CHRISTMAS) == {LAPTOP}
    assert len(unknown(site, "2026-12-19")) == 2
    events = Event.objects.filter(verb="network.acknowledge")
    assert [one.actor for one in events] == ["user_1", "user_1"]
    assert all(one.reason_digest for one in events)


@pytest.mark.parametrize("trust", ["guest", "ignored"])
def test_of_a_guests_thing_neither_address_nor_place_is_kept_and_it_is_known_again(
    site: str, trust: str
) -> None:
    mac = say(site, trust)
    one = NetworkMac.objects.get(id=mac)
    assert (one.address, one.ip, one.model) == ("", "", "")
    assert STRANGER not in repr(vars(one))
    assert not MacSighting.objects.filter(mac=mac).exists()
    take(site, whole(NOW + DAY), LATER + DAY)
    one.refresh_from_db()
    assert (one.last_at, one.rounds, one.address) == (NOW + DAY + 60, 2, "")
    assert not NetworkMac.objects.filter(address=STRANGER).exists()
    assert not MacSighting.objects.filter(mac=mac).exists()


def test_the_digest_is_another_at_another_school_and_needs_a_key(site: str) -> None:
    from inventory.network.addresses import digest_of

    mac = say(site, "guest")
    assert NetworkMac.objects.get(id=mac).digest == digest_of(site, STRANGER)
    assert digest_of("site_2", STRANGER) != digest_of(site, STRANGER)


def test_what_was_said_can_be_taken_back_and_the_address_comes_with_the_next_round(
    site: str,
) -> None:
    mac = say(site, "guest")
    acknowledging.take_back(site, mac, by=by())
    take(site, whole(NOW + DAY), LATER + DAY)
    assert row().id == mac
    assert STRANGER in unknown(site)
    with pytest.raises(RegisterError, match="nothing to undo"):
        acknowledging.take_back(site, mac, by=by())


@pytest.mark.parametrize(
    ("trust", "more", "field"),
    [
        ("friend", {}, "trust"),
        ("guest", {"reason": "  "}, "reason"),
        ("guest", {"reason": "x" * 301}, "reason"),
        ("guest", {"until": ""}, "until"),
        ("guest", {"until": "tomorrow"}, "until"),
        ("guest", {"until": "2026-11-21"}, "until"),
        ("ignored", {"until": "2028-01-01"}, "until"),
    ],
)
def test_what_cannot_be_said_is_refused_with_what_to_do(
    site: str, trust: str, more: dict[str, str], field: str
) -> None:
    with pytest.raises(RegisterError) as error:
        say(site, trust, **more)
    assert error.value.field == field
    assert row().trust == ""


def test_the_schools_own_and_other_schools_things_are_not_for_saying(site: str) -> None:
    with pytest.raises(RegisterError, match="already"):
        say(site, "guest", mac=row(CORE).id)
    other = create_site(name="Dale School", at=NOW)
    with pytest.raises(RegisterError, match="No such thing"):
        say(other, "guest")


def test_two_people_at_once_do_not_overwrite_each_other(site: str) -> None:
    say(site, "known", seen=0)
    with pytest.raises(StaleError):
        say(site, "ignored", seen=0)


def test_an_unknown_thing_becomes_an_entry_in_one_step_with_its_place(site: str) -> None:
    room = Room.objects.create(id="room_1", site_id=site, name="Hall", created_at=NOW)
    hall = NetworkDevice.objects.get(address="10.20.0.2")
    entering.enter_device(site, hall.id, {"room": room.id}, by=by())
    told = entering.of_thing(site, row(CONSOLE).id)
    assert (told["room"], told["make"][:4], told["kind"]) == ("room_1", "Sony", "other")
    made = entering.enter_thing(site, row(CONSOLE).id, {"name": "Club console"}, by=by())
    entry = Asset.objects.get(id=made)
    assert (entry.name, entry.room_id) == ("Club console", "room_1")
    assert unknown(site) == {STRANGER, LAPTOP}
    with pytest.raises(RegisterError, match="already"):
        entering.enter_thing(site, row(CONSOLE).id, {}, by=by())


def test_an_entry_that_was_made_of_a_thing_is_looked_for_once_it_is_lost(site: str) -> None:
    made = entering.enter_thing(site, row(STRANGER).id, {"name": "Till"}, by=by())
    assets.move(site, [made], "stolen", by=by())
    take(site, whole(NOW + DAY), LATER + DAY)
    assert [one.entry["id"] for one in ghosts.waiting([site])] == [made]


def test_a_switch_becomes_an_entry_with_its_number_and_stays_bound(site: str) -> None:
    switch = NetworkDevice.objects.get(address="10.20.0.1")
    made = entering.enter_device(site, switch.id, {}, by=by())
    entry = Asset.objects.get(id=made)
    assert (entry.kind, entry.serial, entry.model) == ("network_switch", "CN65FP42R3", "2530-24G")
    assert AssetMark.objects.filter(asset=made, kind="mac", value=CORE).exists()
    take(site, whole(NOW + DAY), LATER + DAY)
    switch.refresh_from_db()
    assert (switch.asset_id, switch.asset_by) == (made, "person")


@pytest.mark.parametrize("of", ["thing", "device"])
def test_an_entry_made_by_mistake_is_undone_in_one_step(site: str, of: str) -> None:
    if of == "thing":
        subject = row().id
        made = entering.enter_thing(site, subject, {}, by=by())
    else:
        subject = NetworkDevice.objects.get(address="10.20.0.1").id
        made = entering.enter_device(site, subject, {}, by=by())
    entering.undo(site, subject, by=by(LATER + 60))
    assert Asset.objects.get(id=made).state == "withdrawn"
    if of == "thing":
        assert STRANGER in unknown(site)
    with pytest.raises(RegisterError, match="Nobody has made"):
        entering.undo(site, subject, by=by())


def test_what_was_bound_follows_its_entry_when_that_is_merged_or_taken_out(site: str) -> None:
    made = entering.enter_thing(site, row(STRANGER).id, {"name": "Till"}, by=by())
    switch = NetworkDevice.objects.get(address="10.20.0.1")
    entering.enter_device(site, switch.id, {}, by=by())
    other = assets.add(site, {"kind": "till"}, by=by())
    Asset.objects.filter(id=made).update(state="merged", merged_into=other)
    assets.withdraw(site, str(NetworkDevice.objects.get(id=switch.id).asset_id), by=by())
    assert binding.follow_entries(site) == 2
    assert row(STRANGER).asset_id == other
    switch.refresh_from_db()
    assert (switch.asset_id, switch.asset_by) == (None, "")
    assert binding.follow_entries(site) == 0


def test_a_server_that_hands_out_addresses_is_known_once_somebody_says_so(site: str) -> None:
    server = DhcpServer.objects.get()
    acknowledging.server_known(site, server.id, reason="the router", by=by())
    server.refresh_from_db()
    assert (server.trust, server.decided_by) == ("known", "user_1")
    acknowledging.server_unknown(site, server.id, by=by())
    server.refresh_from_db()
    assert server.trust == ""
    with pytest.raises(RegisterError):
        acknowledging.server_known("site_2", server.id, reason="x", by=by())


def test_a_changed_key_waits_until_somebody_says_why(site: str) -> None:
    for at, key in ((NOW + DAY, "SHA256:one"), (NOW + 2 * DAY, "SHA256:two")):
        take(site, night(core(host_key=key), hosts=[], at=at), at + 3_600)
    switch = NetworkDevice.objects.get(address="10.20.0.1")
    acknowledging.key_explained(site, switch.id, reason="new firmware", by=by())
    switch.refresh_from_db()
    assert (switch.host_key_before, switch.host_key) == ("", "SHA256:two")
    with pytest.raises(RegisterError):
        acknowledging.key_explained(site, switch.id, reason="again", by=by())


def test_the_night_lets_go_of_unknown_addresses_30_days_after_they_were_seen(site: str) -> None:
    say(site, "guest")
    seen = NOW + 60
    letting_go.let_go(seen + 30 * DAY)
    assert unknown(site) == {CONSOLE, LAPTOP}
    letting_go.let_go(seen + 30 * DAY + 1)
    assert unknown(site) == set()
    assert NetworkMac.objects.filter(trust="guest").count() == 1
    assert NetworkMac.objects.filter(address=AP).exists()
    assert not MacSighting.objects.exists()
    letting_go.let_go(seen + 401 * DAY)
    left = (NetworkMac, NetworkDevice, Survey, SectionTold, DhcpServer)
    assert [model.objects.count() for model in left] == [0] * 5
