"""What a round may not do to the tables: fill them, name people, or speak for another school."""

import pytest

from checks.surveys.equipment import Identity
from checks.surveys.lan import Door, Problem
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
from inventory.network import bounds
from inventory.network.rounds import Told, take
from inventory.places.services import create_site
from tests.inventory.network import surveys
from tests.inventory.network.surveys import (
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
    whole,
)

TABLES = (NetworkDevice, NetworkMac, MacSighting, SwitchPort, Link, Bss, Wlan, DhcpServer, OpenDoor)
LATER = NOW + 3_600

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


def test_a_scanner_that_lies_fills_nothing(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_OF_ONE", 20)
    monkeypatch.setattr(bounds, "MOST_DEVICES", 5)
    hosts = [heard(f"00:0c:43:00:{n:02x}:01") for n in range(40)]
    fake = [equipment(f"10.20.1.{n}", "switch", f"FAKE10{n}", "") for n in range(9)]
    survey = Survey.objects.get(id=take(site, night(*fake, hosts=hosts), LATER).survey)
    assert (NetworkMac.objects.count(), NetworkDevice.objects.count()) == (20, 5)
    assert (survey.counts["left_out"], survey.partial) == (24, True)
    take(site, night(hosts=hosts, at=NOW + DAY), LATER + DAY)
    assert NetworkMac.objects.count() == 20


def test_what_is_seen_everywhere_forgets_where_it_was_longest_ago(site: str) -> None:
    many = [
        equipment(
            f"10.20.1.{n}",
            "switch",
            f"CNX10{n}",
            f"00:1b:17:00:02:{n:02x}",
            ports=[port(3, STRANGER)],
        )
        for n in range(12)
    ]
    take(site, night(*many, hosts=[]), LATER)
    assert MacSighting.objects.filter(mac__address=STRANGER).count() == bounds.MOST_SIGHTINGS


def test_times_from_a_clock_that_is_ahead_are_ours(site: str) -> None:
    take(site, whole(NOW + 400 * DAY), LATER)
    assert NetworkMac.objects.filter(last_at__gt=LATER).count() == 0
    take(site, whole(NOW + DAY), LATER + DAY)
    assert NetworkMac.objects.get(address=CONSOLE).last_at == NOW + DAY + 60


def test_a_round_that_was_refused_is_told_and_sees_nothing(site: str) -> None:
    told = Told(SCANNER, None, None, run(refused="expired"))
    survey = Survey.objects.get(id=take(site, told, LATER).survey)
    assert (survey.refused, survey.partial) == ("expired", True)
    assert NetworkMac.objects.count() == 0


def test_what_could_not_be_seen_is_kept_with_the_round(site: str) -> None:
    problem = Problem("10.20.0.8", "snmp", "wrong-password")
    told = Told(SCANNER, lan(heard(CONSOLE)), None, run(problem))
    survey = Survey.objects.get(id=take(site, told, LATER).survey)
    assert (survey.problems, survey.partial) == ([["10.20.0.8", "snmp", "wrong-password"]], True)


def test_equipment_that_comes_in_pieces_is_one_round(site: str) -> None:
    take(site, Told(SCANNER, lan(heard(CONSOLE)), asked(core()), run()), LATER)
    for _ in range(2):
        for piece in (hall(), printer()):
            take(site, Told(SCANNER, None, asked(piece), None), LATER + 60)
    survey = Survey.objects.get()
    assert (NetworkDevice.objects.count(), survey.counts["devices"]) == (3, 3)


def test_a_host_key_that_changed_is_remembered(site: str) -> None:
    for at, key in ((NOW, "SHA256:one"), (NOW + DAY, "SHA256:two"), (NOW + 2 * DAY, "SHA256:two")):
        take(site, night(core(host_key=key), hosts=[], at=at), at + 3_600)
    row = next(one for one in NetworkDevice.objects.all() if "CN65FP42R3" in one.serials)
    assert (row.host_key_before, row.host_key, row.host_key_at) == (
        *("SHA256:one", "SHA256:two", NOW + DAY + 30),
    )


def test_names_of_phones_are_not_kept(site: str) -> None:
    near = [
        surveys.neighbour(3, STRANGER, "phone", name="Anna’s phone"),
        surveys.neighbour(4, "Anna’s laptop", "station", name="Anna’s laptop"),
        surveys.neighbour(5, HALL, "bridge", name="hall-switch"),
    ]
    take(site, night(core(neighbours=near), hosts=[]), LATER)
    kept = set(Link.objects.values_list("name", "chassis"))
    assert kept == {("", STRANGER), ("", ""), ("hall-switch", HALL)}


def test_doors_that_answered_are_kept_with_since_when(site: str) -> None:
    for at, opens in ((NOW, True), (NOW + DAY, True), (NOW + 2 * DAY, False)):
        doors = [Door(CORE, "10.20.0.1", "telnet", 23, opens)]
        survey = lan(heard(CORE, "10.20.0.1"), at=at, doors=doors)
        take(site, Told(SCANNER, survey, None, run(at=at)), at + 3_600)
        row = OpenDoor.objects.get()
        assert (row.open, row.since) == (opens, NOW + 60 if opens else NOW + 2 * DAY + 60)
        assert row.mac == NetworkMac.objects.get(address=CORE)


def test_hostile_strings_are_stored_clean_and_short(site: str) -> None:
    bad = "\u202eevil\x00<script>" + "x" * 2_000
    told = hall(
        identity=Identity(bad, bad, bad, bad, bad, None),
        neighbours=[surveys.neighbour(1, bad, "bridge", name=bad)],
        ports=[port(1, bad, own=HALL), port(2, "", "zz")],
    )
    take(site, night(told, hosts=[heard(CONSOLE, bad, vendor_class=bad, model=bad)]), LATER)
    for row in (*NetworkDevice.objects.all(), *NetworkMac.objects.all(), *Link.objects.all()):
        for value in row.__dict__.values():
            assert "\x00" not in str(value)
            assert "\u202e" not in str(value)
            assert len(str(value)) < 600


def test_another_school_sees_nothing_of_it(site: str) -> None:
    other = create_site(name="Dale School", at=NOW)
    take(site, whole(), LATER)
    take(other, whole(), LATER)
    assert NetworkDevice.objects.filter(site_id=other).count() == 5
    mine = NetworkDevice.objects.filter(site_id=site)
    assert not Link.objects.filter(device__in=mine, far__site_id=other).exists()
    assert not NetworkMac.objects.filter(site_id=site, device__site_id=other).exists()
