"""The facts for the checks: what is the school's, what is somebody else's, what moved."""

from typing import Any

import pytest
from msgspec.structs import replace

from checks.judging import Body
from checks.policy import Ssid
from checks.records.network.facts import AirRecordFacts, Gear, RoundFacts, Stranger, WireFacts
from checks.surveys.equipment import Part
from checks.surveys.lan import Door, Neighbours, Offer, Problem
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.identity.recognising import learn_marks
from inventory.models import DhcpServer, NetworkMac
from inventory.network import acknowledging, binding, computers, queries
from inventory.network.computers import Said
from inventory.network.gathering import Others, facts
from inventory.network.rounds import Told, take
from inventory.places.services import create_site
from tests.inventory.network import surveys
from tests.inventory.network.surveys import (
    AP,
    BSSID,
    CONSOLE,
    CORE,
    DAY,
    LAPTOP,
    NOW,
    PRINTER,
    SCANNER,
    STRANGER,
    air,
    bss,
    core,
    hall,
    heard,
    lan,
    night,
    port,
    run,
    segment,
    whole,
)

TODAY = "2026-11-22"
LATER = NOW + 3_600

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


def by() -> By:
    return By("user_1", NOW)


def told(site: str, kind: Any, others: Any = (), at: int = LATER) -> Any:
    named = [Ssid("Hill Staff", "staff")]
    found: Body = facts(site, named, others, at, TODAY)[kind]
    return found


def strangers(site: str, *others: Others, at: int = LATER) -> dict[str, Stranger]:
    found: WireFacts = told(site, WireFacts, others, at)
    address = dict(NetworkMac.objects.values_list("id", "address"))
    return {address[one.id]: one for one in found.strangers}


def gear(site: str, *others: Others) -> dict[str, Gear]:
    found: WireFacts = told(site, WireFacts, others)
    return {one.name: one for one in found.gear}


def test_before_the_first_round_nothing_is_known(site: str) -> None:
    assert told(site, RoundFacts) == RoundFacts(None, [], 0, "")
    wire: WireFacts = told(site, WireFacts)
    assert (wire.strangers, wire.gear, wire.doors_at, wire.asked_for_offers) == (
        [],
        [],
        None,
        False,
    )
    assert told(site, AirRecordFacts).listened_at is None


def test_a_round_that_was_refused_is_told_beside_the_last_that_went(site: str) -> None:
    take(site, whole(), LATER)
    at = NOW + DAY
    take(site, Told(SCANNER, None, None, run(at=at, refused="expired")), at + 100)
    assert told(site, RoundFacts) == RoundFacts(NOW + 60, [], 0, "expired")


def test_strangers_are_those_nobody_can_account_for(site: str) -> None:
    take(site, whole(), LATER)
    found = strangers(site)
    assert found.keys() == {LAPTOP, CONSOLE, STRANGER}
    console = found[CONSOLE]
    assert (console.console, console.place) == ("medium", "name-10.20.0.2 9")
    computers.take(site, [Said("dev_1", 1, NOW, cards=[LAPTOP])])
    entry = assets.add(site, {"kind": "till"}, by=by())
    learn_marks(entry, {"mac": [STRANGER]})
    assert strangers(site).keys() == {CONSOLE}
    said = {"reason": "club", "by": by(), "today": TODAY}
    mac = NetworkMac.objects.get(address=CONSOLE).id
    acknowledging.acknowledge(site, mac, "known", **said)  # type: ignore[arg-type]  # as named
    assert strangers(site) == {}


def test_what_was_not_seen_for_a_week_is_not_accused_today(site: str) -> None:
    take(site, whole(), LATER)
    assert strangers(site, at=NOW + 60 + 7 * DAY).keys() == {LAPTOP, CONSOLE, STRANGER}
    assert strangers(site, at=NOW + 61 + 7 * DAY) == {}


@pytest.mark.parametrize("where", ["10.20.0.0/24", "10.20.0.9", STRANGER, STRANGER[:8], CONSOLE])
def test_what_somebody_else_runs_is_left_out(site: str, where: str) -> None:
    take(site, whole(), LATER)
    theirs = Others("Tills", "the caterer", "2026-09-01", (where,))
    left = strangers(site, theirs)
    assert len(left) < 3
    assert gear(site, Others("Switches", "the council", "2026-09-01", ("10.20.0.1",))).keys() == {
        *("name-10.20.0.2", "name-10.20.0.4", "name-10.20.0.5", "hall-ap"),
    }


def test_what_the_register_says_somebody_else_looks_after_is_left_out(site: str) -> None:
    values = {"kind": "network_switch", "serial": "CN65FP42R3", "ownership": "provided"}
    assets.add(site, {**values, "owner": "the council"}, by=by())
    take(site, whole(), LATER)
    assert "name-10.20.0.1" not in gear(site)


def test_a_stack_needs_an_entry_for_every_member(site: str) -> None:
    stack = core(parts=[Part("chassis", f"CN6500{n}", "2930M", "KB.16") for n in "AB"])
    take(site, night(stack, hosts=[]), LATER)
    for serial, whole_now in (("CN6500A", False), ("CN6500B", True)):
        assets.add(site, {"kind": "network_switch", "serial": serial}, by=by())
        assert gear(site)["name-10.20.0.1"].entry is whole_now


def test_a_printer_that_hangs_off_another_port_has_moved_once_its_old_port_was_looked_at(
    site: str,
) -> None:
    take(site, whole(), LATER)
    assert gear(site)["name-10.20.0.4"].moved == ""
    at = NOW + DAY
    other = core(ports=[port(1, AP, own=CORE), port(5, PRINTER)])
    take(site, night(other, at=at), at + 100)
    assert gear(site)["name-10.20.0.4"].moved == ""
    gone = hall(ports=[port(1, CORE, own=surveys.HALL, count=30), port(7)])
    take(site, night(other, gone, at=at + 100), at + 300)
    assert gear(site)["name-10.20.0.4"].moved == "name-10.20.0.2 7"


def test_whoever_hands_out_addresses_is_known_by_its_entry_or_a_word(site: str) -> None:
    take(site, whole(), LATER)
    assert [one.known for one in told(site, WireFacts).servers] == [False]
    assets.add(site, {"kind": "network_switch", "serial": "CN65FP42R3"}, by=by())
    binding.follow(site)
    assert [one.known for one in told(site, WireFacts).servers] == [True]
    DhcpServer.objects.update(relayed=True)
    assert [one.known for one in told(site, WireFacts).servers] == [False]


def test_where_whoever_hands_out_addresses_hangs_is_told(site: str) -> None:
    offer = Offer("10.20.0.66", STRANGER, False, "10.20.0.66", [])
    survey = lan(heard(STRANGER), segments=[segment(heard(STRANGER), offers=[offer])])
    take(site, replace(whole(), lan=survey), LATER)
    assert [one.place for one in told(site, WireFacts).servers] == ["name-10.20.0.2 9"]


def test_a_key_that_the_round_refused_counts_as_changed(site: str) -> None:
    take(site, whole(), LATER)
    assert not gear(site)["name-10.20.0.2"].key_changed
    at = NOW + DAY
    problem = Problem("10.20.0.2", "ssh", "host-key-changed")
    take(site, Told(SCANNER, lan(at=at), None, run(problem, at=at)), at + 100)
    assert gear(site)["name-10.20.0.2"].key_changed


def test_doors_of_equipment_are_doors_to_its_management(site: str) -> None:
    doors = [
        Door(CORE, "10.20.0.1", "Telnet", 23, True),
        Door(STRANGER, "10.20.0.9", "vnc", 5900, True),
        Door("", "10.30.0.1", "ftp", 21, False),
    ]
    survey = lan(heard(CORE, "10.20.0.1"), heard(STRANGER), doors=doors)
    take(site, replace(whole(), lan=survey), LATER)
    found: WireFacts = told(site, WireFacts)
    assert {(one.service, one.managed) for one in found.doors} == {
        *(("telnet", True), ("vnc", False)),
    }
    assert found.doors_at == NOW + 60


def test_an_access_point_is_ours_by_its_controllers_word(site: str) -> None:
    strange = bss("00:0c:43:99:00:01")
    computers.take(site, [Said("dev_1", 1, NOW, air=air(bss(), strange, bss(AP[:-1] + "f")))])
    assert {one.ours for one in told(site, AirRecordFacts).heard} == {None}
    take(site, whole(), LATER)
    found: AirRecordFacts = told(site, AirRecordFacts)
    ours = {one.bssid: one.ours for one in found.heard}
    assert ours == {BSSID: True, strange.bssid: False, AP[:-1] + "f": True}
    assert [one.security for one in found.set_up] == ["wpa2-enterprise"]


def test_the_first_wpa_and_tkip_are_seen_and_what_was_not_seen_is_not_fine(site: str) -> None:
    found = [
        bss(f"00:1b:17:00:01:{n:02x}", pairwise=pairwise, wpa1=wpa1)
        for n, (pairwise, wpa1) in enumerate(
            [([4], False), ([2, 4], False), ([4], True), (surveys.BLIND, False)]
        )
    ]
    computers.take(site, [Said("dev_1", 1, NOW, air=air(*found))])
    air_facts: AirRecordFacts = told(site, AirRecordFacts)
    assert [one.tkip for one in air_facts.heard] == [False, True, True, None]


def test_telephones_count_where_two_computers_heard_some(site: str) -> None:
    computers.take(site, [Said("dev_1", 1, NOW, air=air(hotspots=3))])
    assert told(site, AirRecordFacts).hotspots == 0
    computers.take(site, [Said("dev_2", 1, NOW, air=air(hotspots=1))])
    assert told(site, AirRecordFacts).hotspots == 3
    assert told(site, AirRecordFacts, at=NOW + 3 * DAY + 1).hotspots == 0


def test_a_network_that_its_controller_no_longer_has_is_not_set_up(site: str) -> None:
    take(site, whole(), LATER)
    none = surveys.controller(wireless=surveys.wireless(ssids=[]))
    take(site, night(none, at=NOW + DAY), LATER + DAY)
    assert told(site, AirRecordFacts, at=LATER + DAY).set_up == []
    blind = surveys.controller(wireless=surveys.wireless(ssids=surveys.BLIND))
    take(site, night(blind, at=NOW + 2 * DAY), LATER + 2 * DAY)
    assert told(site, AirRecordFacts, at=LATER + 2 * DAY).set_up == []


def test_a_round_that_told_nothing_of_the_wire_is_no_look_at_it(site: str) -> None:
    take(site, whole(), LATER)
    for n, told_alone in enumerate((run(at=NOW + DAY), None), 1):
        at = NOW + n * DAY
        asked = surveys.asked(core(), at=at) if told_alone is None else None
        take(site, Told(SCANNER, None, asked, told_alone), at + 3_600)
    found = told(site, RoundFacts, at=NOW + 3 * DAY)
    assert found.at == NOW + 60, "the newest round that walked the wire"
    assert told(site, WireFacts, at=NOW + 3 * DAY).asked_for_offers


def test_a_computer_that_invents_neighbours_hides_no_console(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 20)
    ps5 = heard(CONSOLE, vendor_class="PS5")
    take(site, surveys.night(core(), hosts=[ps5, heard(STRANGER)]), LATER)
    fake = [heard(f"00:0c:43:00:01:{n:02x}") for n in range(30)]
    told_by = Said("dev_liar", 1, LATER + 60, neighbours=Neighbours(fake, 0))
    computers.take(site, [told_by])
    found = strangers(site, at=LATER + 120)
    assert found[CONSOLE].console == "high"
    assert STRANGER in found


def test_a_scanner_that_fell_silent_is_not_made_good_by_another(site: str) -> None:
    other = [segment(subnet="10.30.0.0/24")]
    take(site, Told("dev_other", lan(segments=other), None, run()), LATER)
    take(site, whole(NOW + DAY), NOW + DAY + 3_600)
    assert told(site, RoundFacts, at=NOW + 2 * DAY).blind == []
    take(site, whole(NOW + 9 * DAY), NOW + 9 * DAY + 3_600)
    assert told(site, RoundFacts, at=NOW + 10 * DAY).blind == ["10.30.0.0/24"]
    both = [segment(), segment(subnet="10.30.0.0/24")]
    take(site, Told(SCANNER, lan(segments=both, at=NOW + 11 * DAY)), NOW + 11 * DAY + 3_600)
    assert told(site, RoundFacts, at=NOW + 12 * DAY).blind == []


@pytest.mark.parametrize("kind", ["unknown", "computer", "server", "phone"])
def test_a_stranger_that_answers_snmp_is_a_stranger_still(site: str, kind: Any) -> None:
    liar = surveys.equipment("10.20.0.9", kind, "", STRANGER, way="snmp-v2c")
    take(site, surveys.night(core(), liar, hosts=[heard(STRANGER)]), LATER)
    assert STRANGER in strangers(site)
    row = NetworkMac.objects.get(address=STRANGER)
    acknowledging.acknowledge(site, row.id, "known", reason="a test box", by=by(), today=TODAY)
    assert STRANGER not in strangers(site)
