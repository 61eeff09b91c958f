"""A scanner's round into the school's tables: once, in any order, and never against what a failed
question would say."""

import itertools
import random
from typing import Any

import pytest
from django.core import serializers
from msgspec.structs import replace

from checks.surveys.equipment import Part
from inventory import models
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.ghosts import queries as ghosts
from inventory.identity.recognising import learn_marks
from inventory.models import (
    Bss,
    DhcpServer,
    Link,
    MacSighting,
    NetworkDevice,
    NetworkMac,
    OpenDoor,
    Survey,
    SwitchPort,
    Wlan,
)
from inventory.network import rounds
from inventory.network.rounds import Told, take
from inventory.places.services import create_site
from tests.inventory.at_once import at_once
from tests.inventory.network import surveys
from tests.inventory.network.surveys import (
    AP,
    CONSOLE,
    CORE,
    DAY,
    HALL,
    NOW,
    SCANNER,
    STRANGER,
    asked,
    core,
    equipment,
    hall,
    heard,
    lan,
    night,
    port,
    printer,
    run,
    segment,
    whole,
)

TABLES = (NetworkDevice, NetworkMac, MacSighting, SwitchPort, Link, Bss, Wlan, DhcpServer, OpenDoor)
LATER = NOW + 3_600

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


def everything() -> list[dict[str, Any]]:
    """All rows with their ids."""
    tables = (*TABLES, Survey)
    rows = [row for table in tables for row in table.objects.order_by("pk")]
    return list(serializers.serialize("python", rows))


def picture() -> list[tuple[Any, ...]]:
    """What the tables say, without ids that are made by chance."""
    devices = {row.id: str(row.keys) for row in NetworkDevice.objects.all()}
    macs = {
        row.address: (devices.get(row.device_id or ""), row.rounds, row.last_at, row.likely)
        for row in NetworkMac.objects.all()
    }
    seen = MacSighting.objects.values_list(
        "mac__address", "source", "device", "port", "last_at", "n"
    )
    ports = SwitchPort.objects.values_list("device", "index", "macs", "uplink", "leads_to")
    links = Link.objects.values_list("device", "port", "chassis", "far")
    told = [(devices[row.id], row.kind, row.model, row.name) for row in NetworkDevice.objects.all()]
    named = [tuple(devices.get(str(one), one) for one in row) for row in (*seen, *ports, *links)]
    return sorted([*told, *macs.items(), *named], key=repr)


def device(serial: str) -> NetworkDevice:
    return next(row for row in NetworkDevice.objects.all() if serial in row.keys)


def test_a_round_says_what_there_is_and_what_hangs_where(site: str) -> None:
    done = take(site, whole(), LATER)
    assert {row.kind for row in NetworkDevice.objects.all()} == {
        *("switch", "printer", "wireless-controller", "access-point"),
    }
    hall_row, point = device("CN221DE0YF"), device("391702000123")
    assert point.looked_after_by == device("ZD1200001")
    assert NetworkMac.objects.get(address=AP).device == point
    where = MacSighting.objects.get(mac__address=CONSOLE, source="fdb", device__isnull=False)
    assert (where.device, where.port) == (hall_row, 9)
    uplinks = SwitchPort.objects.filter(uplink=True).values_list("device", "index")
    assert set(uplinks) == {(device("CN65FP42R3").id, 2), (hall_row.id, 1)}
    assert Link.objects.get(device=hall_row).far == device("CN65FP42R3")
    console = NetworkMac.objects.get(address=CONSOLE)
    assert (console.likely, console.sure, console.rounds) == ("games-console", "medium", 1)
    survey = Survey.objects.get(id=done.survey)
    assert (survey.partial, survey.counts["hosts"], survey.counts["devices"]) == (False, 3, 4)
    assert Wlan.objects.get().security == "wpa2-enterprise"


def test_the_same_round_told_twice_changes_nothing(site: str) -> None:
    take(site, whole(), LATER)
    before = everything()
    assert take(site, whole(), LATER + 60).survey == ""
    assert everything() == before


def test_another_night_moves_times_and_adds_nothing(site: str) -> None:
    take(site, whole(), LATER)
    counts = [table.objects.count() for table in TABLES]
    take(site, whole(NOW + DAY), LATER + DAY)
    assert [table.objects.count() for table in TABLES] == counts
    console = NetworkMac.objects.get(address=CONSOLE)
    assert (console.rounds, console.first_at, console.last_at) == (2, NOW + 30, NOW + DAY + 60)


def test_the_order_of_devices_and_hosts_decides_nothing(site: str) -> None:
    devices = [core(), hall(), printer(), surveys.controller()]
    hosts = [heard(CONSOLE), heard(STRANGER), heard(surveys.LAPTOP)]
    pictures = set()
    dice = random.Random(7)
    for order in itertools.islice(itertools.permutations(devices), 0, 24, 9):
        dice.shuffle(hosts)
        for table in (MacSighting, Link, SwitchPort, Wlan, NetworkMac, NetworkDevice, Survey):
            table.objects.all().delete()
        take(site, night(*order, hosts=hosts), LATER)
        take(site, night(*reversed(order), hosts=hosts, at=NOW + DAY), LATER + DAY)
        pictures.add(repr(picture()))
    assert len(pictures) == 1


GROUPS = ("parts", "ports", "neighbours", "bindings", "default_community")


@pytest.mark.parametrize("blind", [*GROUPS, "all"])
def test_a_question_that_failed_takes_nothing_away_and_says_so(site: str, blind: str) -> None:
    hosts = [heard(CORE, "10.20.0.1"), heard(CONSOLE)]
    take(site, night(core(), hall(), printer(), surveys.controller(), hosts=hosts), LATER)
    before = [table.objects.count() for table in TABLES]
    names = GROUPS if blind == "all" else (blind,)
    unseen = dict.fromkeys(names, surveys.BLIND)
    take(site, night(core(**unseen), hall(), hosts=hosts, at=NOW + DAY), LATER + DAY)
    assert [table.objects.count() for table in TABLES] == before
    row = device("CN65FP42R3")
    assert row.model == "2530-24G"
    assert row.name == "name-10.20.0.1"
    assert row.unseen == dict.fromkeys(names, "timeout")
    assert {row.seen_at[name] for name in names} == {NOW + 30}


def test_a_sweep_that_failed_removes_nothing_and_the_round_is_not_whole(site: str) -> None:
    take(site, whole(), LATER)
    before = NetworkMac.objects.count()
    at = NOW + DAY
    blind = segment(hosts=surveys.BLIND, private=surveys.BLIND, offers=surveys.BLIND)
    told = Told(SCANNER, lan(at=at, segments=[blind]), asked(at=at), run(at=at))
    survey = Survey.objects.get(id=take(site, told, LATER + DAY).survey)
    assert survey.partial
    assert survey.segments[0]["unseen"] == "timeout"
    assert NetworkMac.objects.count() == before
    assert NetworkMac.objects.get(address=CONSOLE).rounds == 1


def test_neighbours_that_could_not_be_seen_tonight_leave_the_uplink_as_it_was(site: str) -> None:
    take(site, night(hall(), hosts=[]), LATER)
    few = hall(ports=[port(1, CORE, own=HALL)], neighbours=surveys.BLIND)
    take(site, night(few, hosts=[], at=NOW + DAY), LATER + DAY)
    assert SwitchPort.objects.get(index=1).uplink is True


def test_an_older_round_that_comes_late_changes_nothing_newer(site: str) -> None:
    take(site, night(hall(), hosts=[heard(CONSOLE, "10.20.0.77")], at=NOW + DAY), LATER + DAY)
    old = hall(ports=[port(7, CONSOLE, own=HALL)], identity=core().identity)
    take(site, night(old, hosts=[heard(CONSOLE, "10.20.0.9")]), LATER + DAY)
    mac = NetworkMac.objects.get(address=CONSOLE)
    assert (mac.ip, mac.first_at, mac.rounds) == ("10.20.0.77", NOW + 60, 1)
    assert device("CN221DE0YF").name == "name-10.20.0.2"
    newest = MacSighting.objects.filter(source="fdb", mac=mac).order_by("-last_at").first()
    assert newest is not None
    assert newest.port == 9


def test_a_stack_is_one_device_and_a_device_at_two_addresses_too(site: str) -> None:

    members = [
        Part("stack", "", "", ""),
        *(Part("chassis", f"CN6500{n}", "2930M", "") for n in "AB"),
    ]
    stack = core(parts=members)
    again = replace(stack, address="10.30.0.1")
    take(site, night(stack, again, hosts=[]), LATER)
    row = NetworkDevice.objects.exclude(serials=[]).get()
    assert row.serials == ["CN6500A", "CN6500B"]


@pytest.mark.parametrize("junk", ["", " ", "0123456789", "To be filled by O.E.M.", "N/A", "000000"])
def test_a_serial_that_identifies_nothing_brings_nothing_together(site: str, junk: str) -> None:
    one = equipment("10.20.0.8", "printer", junk, "00:1b:17:00:01:01")
    other = equipment("10.20.0.9", "printer", junk, "00:1b:17:00:01:02")
    take(site, night(one, other, hosts=[]), LATER)
    assert sorted(NetworkDevice.objects.values_list("address", flat=True)) == [
        "10.20.0.8",
        "10.20.0.9",
    ]
    assert set(NetworkDevice.objects.values_list("serials", flat=True)[0]) == set()


def test_never_one_by_name_or_address(site: str) -> None:
    take(site, night(hall(), hosts=[]), LATER)
    other = equipment("10.20.0.2", "switch", "CN999", "00:1b:17:00:01:09", identity=hall().identity)
    take(site, night(other, hosts=[], at=NOW + DAY), LATER + DAY)
    assert NetworkDevice.objects.count() == 2


def test_what_tells_nothing_of_its_own_is_known_by_the_address_that_answered_for_it(
    site: str,
) -> None:
    bare = equipment("10.20.0.8", "ups", "", "", ports=surveys.BLIND)
    hosts = [heard(STRANGER, "10.20.0.8")]
    for at in (NOW, NOW + DAY):
        take(site, night(bare, hosts=hosts, at=at), at + 3_600)
    assert NetworkMac.objects.get(address=STRANGER).device == NetworkDevice.objects.get()
    nobody = Told(SCANNER, lan(at=NOW + 2 * DAY), asked(bare, at=NOW + 2 * DAY), None)
    survey = Survey.objects.get(id=take(site, nobody, LATER + 2 * DAY).survey)
    assert (survey.counts["unclear"], survey.partial) == (1, True)


def test_two_rows_that_turn_out_to_be_one_become_one(site: str) -> None:
    by_engine = core(parts=surveys.BLIND, ports=surveys.BLIND)
    engine = replace(core().identity, engine_id="80000009abcdef")
    take(site, night(replace(by_engine, identity=engine), hosts=[]), LATER)
    take(site, night(core(), hosts=[], at=NOW + DAY), LATER + DAY)
    assert NetworkDevice.objects.count() == 2
    both = replace(core(), identity=engine)
    take(site, night(both, hosts=[], at=NOW + 2 * DAY), LATER + 2 * DAY)
    row = NetworkDevice.objects.get()
    assert (row.engine_id, row.keys, row.first_at) == ("80000009abcdef", ["CN65FP42R3"], NOW + 30)


def test_its_entry_is_the_one_with_its_serial_number_and_two_are_left_to_a_person(
    site: str,
) -> None:
    by = By("user_1", NOW)
    entry = assets.add(site, {"kind": "network_switch", "serial": " cn65fp42r3"}, by=by)
    take(site, whole(), LATER)
    row = device("CN65FP42R3")
    assert (row.asset_id, row.asset_by) == (entry, "serial")
    assets.add(site, {"kind": "network_switch", "serial": "CN65FP42R3"}, by=by)
    take(site, whole(NOW + DAY), LATER + DAY)
    row.refresh_from_db()
    assert (row.asset_id, row.asset_doubt) == (None, "ambiguous")


def test_without_a_number_its_entry_is_the_one_with_its_own_mac(site: str) -> None:
    by = By("system", NOW)
    entries = [assets.add(site, {"name": name, "kind": "printer"}, by=by) for name in "ab"]
    learn_marks(entries[0], {"mac": [surveys.PRINTER]})
    nameless = equipment("10.20.0.4", "printer", "", surveys.PRINTER)
    take(site, night(nameless, hosts=[]), NOW)
    row = NetworkDevice.objects.get()
    assert (row.asset_id, row.asset_by) == (entries[0], "mac")
    learn_marks(entries[1], {"mac": [surveys.PRINTER]})
    take(site, night(nameless, hosts=[], at=NOW + DAY), NOW + DAY)
    row.refresh_from_db()
    assert (row.asset_id, row.asset_doubt) == (None, "ambiguous")


def test_a_card_that_was_moved_does_not_outvote_a_serial_number(site: str) -> None:
    by = By("system", NOW)
    old = assets.add(site, {"name": "old", "kind": "network_switch"}, by=by)
    learn_marks(old, {"mac": [CORE]})
    new = assets.add(site, {"serial": "CN65FP42R3", "kind": "network_switch"}, by=by)
    take(site, night(core(), hosts=[]), NOW)
    row = NetworkDevice.objects.get()
    assert (row.asset_id, row.asset_by) == (new, "serial")


def test_something_stolen_that_is_seen_raises_an_alarm_once(site: str) -> None:
    by = By("user_1", NOW - DAY)
    gone = assets.add(site, {"kind": "laptop", "name": "Year 4"}, by=by)
    learn_marks(gone, {"mac": [STRANGER]})
    assets.move(site, [gone], "stolen", by=by)
    for at in (NOW, NOW + DAY):
        take(site, whole(at), at + 3_600)
    (alarm,) = ghosts.waiting([site])
    assert (alarm.entry["id"], alarm.way, alarm.sure, alarm.n) == (gone, "network", False, 2)


def test_a_retired_switch_that_is_disposed_of_is_known_by_its_serial(site: str) -> None:
    by = By("user_1", NOW - DAY)
    gone = assets.add(site, {"kind": "network_switch", "serial": "CN65FP42R3"}, by=by)
    assets.move(site, [gone], "lost", by=by)
    take(site, whole(), LATER)
    assert [alarm.entry["id"] for alarm in ghosts.waiting([site])] == [gone]


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_take_turns() -> None:
    site = create_site(name="Hill School", at=NOW)

    def one(scanner: str) -> object:
        told = whole()
        return rounds.take(site, Told(scanner, told.lan, told.equipment, told.run), LATER)

    assert at_once(lambda: one("dev_A"), lambda: one("dev_B")) == ["done", "done"]
    assert NetworkDevice.objects.count() == 5
    assert NetworkMac.objects.get(address=CONSOLE).rounds == 1
    assert Survey.objects.count() == 2
    assert models.Site.objects.count() == 1
