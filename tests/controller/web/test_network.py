"""What the network's pages say."""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from controller.people.models import User
from inventory.models import Asset, Bss, DhcpServer, NetworkDevice, NetworkMac, Survey
from inventory.network import rounds
from tests.controller.network import believable
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from tests.inventory.network import surveys as made

PATH = "/register/network/"
HOSTILE = "<script>alert(1)</script>\u202eevil\x1b[2J"


def text(signed_in: SignedIn, person: User, path: str) -> str:
    return signed_in(person).get(PATH + path).content.decode()


def test_where_nobody_looked_nothing_is_said_to_be_well(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    assert "No round of the network has told" in text(signed_in, technician, "")
    assert "Nobody has looked yet" in text(signed_in, technician, "things/")
    assert "Nothing is known of the air yet" in text(signed_in, technician, "wireless/")
    assert "There was no round yet" in text(signed_in, technician, "rounds/")


def test_the_map_has_every_device_and_says_what_it_could_not_see(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    believable.seen(place.site)
    body = text(signed_in, technician, "")
    for name in ("gateway", "Server room", "Hall cupboard", "AP Year 5", "Office printer"):
        assert body.count(name) >= 2, name  # in the drawing and in the list
    assert "Could not see its neighbours (it did not answer in time)" in body
    assert "It did not see all" in body
    assert "<strong>4 things</strong>" in body
    page = signed_in(technician).get(PATH).context["page"]
    assert {row.name for row in page.rows if row.tone == "blind"} == {"Office"}


def test_a_strange_thing_is_shown_with_its_maker_its_place_and_a_guess_as_a_guess(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    believable.seen(place.site)
    rows = {row.address: row for row in signed_in(technician).get(PATH + "things/").context["rows"]}
    console = rows[believable.CONSOLE]
    assert (console.guess, console.because) == ("Says it is a games console", "it says PS5")
    assert console.place.text == "port 7 (Stage) of Hall cupboard, Hall"
    assert rows[believable.BOX].guess == "May be a casting box or smart screen"
    assert rows[believable.BOX].place.text.endswith("with 1 other")
    assert rows[believable.STRANGER].guess == ""
    # What the office's printer is, its own answer says: it is equipment, not unknown.
    assert believable.PRINTER not in rows


def test_what_ran_out_counts_as_unsaid_and_says_so(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    believable.seen(place.site)
    mac = NetworkMac.objects.filter(address=believable.STRANGER)
    for until, shown in (("2000-01-01", ""), ("9999-12-31", "guest"), ("", "guest")):
        mac.update(trust="guest", until=until, reason="The choir", decided_at=school.NOW)
        for view in ("", "guest"):
            path = PATH + "things/" + (f"?show={view}" if view else "")
            rows = signed_in(technician).get(path).context["rows"]
            assert (believable.STRANGER in {row.address for row in rows}) is (view == shown), until
    mac.update(until="2000-01-01")
    assert "Ran out: The choir" in text(signed_in, technician, "things/")


def test_the_air_is_told_network_by_network_with_what_speaks_against_an_access_point(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    believable.seen(place.site)
    page = signed_in(technician).get(PATH + "wireless/").context["page"]
    nets = {net.name: net for net in page.networks}
    assert set(nets) == {"Willowbrook", "Willowbrook-Guest", "Wiilowbrook"}
    assert [net.name for net in page.networks if net.near] == ["Wiilowbrook"]
    senders = {one.bssid: one for one in nets["Willowbrook"].senders}
    assert senders[believable._bssid(0)].ours == "AP Hall"
    assert senders[believable._bssid(0)].foreign == ""
    strange = senders[believable.FOREIGN]
    assert (strange.tone, strange.ours) == ("bad", "")
    assert strange.foreign.startswith("It is none of the access points")
    assert (page.others, page.hotspots) == (14, 2)


def test_without_a_list_of_access_points_none_is_said_to_be_missing_from_it(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    believable.seen(place.site)
    for row in NetworkDevice.objects.exclude(facts={}):
        NetworkDevice.objects.filter(id=row.id).update(facts={})
    page = signed_in(technician).get(PATH + "wireless/").context["page"]
    assert [s.foreign for net in page.networks if not net.near for s in net.senders] == [""] * 4


def test_a_round_that_was_refused_is_no_round(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    told = rounds.Told(made.SCANNER, run=made.run(at=believable.AT, refused="expired"))
    rounds.take(place.site.id, told, believable.AT)
    assert "The scope had run out." in text(signed_in, technician, "rounds/")
    assert "<strong>The newest round did not go.</strong>" in text(signed_in, technician, "")


def test_codes_of_a_newer_release_stand_as_they_are(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    believable.seen(place.site)
    Survey.objects.update(problems=[["10.20.0.9", "telepathy", "moon-phase"]])
    newest = Survey.objects.order_by("-began_at")[0].id
    body = text(signed_in, technician, f"rounds/{newest}/")
    assert "telepathy" in body
    assert "It could not be asked (moon-phase)." in body


def test_what_a_device_calls_itself_harms_nobody(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    believable.seen(place.site)
    NetworkDevice.objects.update(
        name=HOSTILE, make=HOSTILE, model=HOSTILE, location=HOSTILE, firmware=HOSTILE
    )
    NetworkMac.objects.update(vendor=HOSTILE, model=HOSTILE, because=HOSTILE, likely="printer")
    Bss.objects.update(ssid=HOSTILE[:32])
    Survey.objects.update(problems=[[HOSTILE, "snmp", HOSTILE[:30]]])
    switch, thing = NetworkDevice.objects.first(), NetworkMac.objects.exclude(address="").first()
    survey = Survey.objects.first()
    assert switch is not None
    assert thing is not None
    assert survey is not None
    inside = (f"devices/{switch.id}/", f"things/{thing.id}/", f"rounds/{survey.id}/")
    for path in ("", "things/", "wireless/", "rounds/", *inside):
        body = text(signed_in, technician, path)
        assert "<script>alert" not in body, path
        assert "\u202e" not in body, path
        assert "\x1b" not in body, path


COUNTS = json.loads(Path(__file__).with_name("network_counts.json").read_text("utf-8"))


@pytest.mark.parametrize("path", ["", "things/", "wireless/", "rounds/"])
def test_a_page_asks_no_more_for_many_than_for_few(
    path: str, place: Place, technician: User, signed_in: SignedIn
) -> None:
    client = signed_in(technician)
    believable.seen(place.site)
    client.get(PATH + path)
    with CaptureQueriesContext(connection) as few:
        client.get(PATH + path)
    hosts = [made.heard(f"00:0c:43:00:{n:02x}:01", f"10.20.0.{n}") for n in range(10, 60)]
    at = believable.AT + 60
    rounds.take(place.site.id, rounds.Told("dev_OTHER", made.lan(*hosts, at=at)), at + 1)
    with CaptureQueriesContext(connection) as more:
        client.get(PATH + path)
    assert len(more) == len(few) == COUNTS[path]


def test_a_thing_becomes_an_entry_in_one_step_and_leaves_the_list(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    believable.seen(place.site)
    client = signed_in(technician)
    mac = NetworkMac.objects.get(address=believable.BOX).id
    answer = client.post(f"{PATH}things/{mac}/enter/", {"name": "Screen in the hall"})
    entry = Asset.objects.get(name="Screen in the hall")
    assert answer.headers["Location"] == f"/register/{entry.id}/"
    assert (entry.kind, entry.make) == ("casting_box", "Roku, Inc.")
    rows = client.get(PATH + "things/").context["rows"]
    assert believable.BOX not in {row.address for row in rows}


def test_a_switch_becomes_an_entry_with_its_serial_number(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    believable.seen(place.site)
    client = signed_in(technician)
    switch = NetworkDevice.objects.get(name="Hall cupboard").id
    client.post(f"{PATH}devices/{switch}/enter/", {"tag": "WB-SW-2"})
    entry = Asset.objects.get(tag="WB-SW-2")
    assert (entry.serial, entry.kind) == ("CN221DE0YF", "network_switch")
    page = client.get(f"{PATH}devices/{switch}/")
    assert page.context["page"].device.asset == entry.id
    assert "Put it in the register" not in page.content.decode()


def test_a_guest_is_forgotten_by_address_and_what_was_said_can_be_taken_back(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    believable.seen(place.site)
    client = signed_in(technician)
    mac = NetworkMac.objects.get(address=believable.STRANGER)
    said = {"trust": "guest", "until": "2026-12-18", "reason": "The choir", "seq": str(mac.seq)}
    client.post(f"{PATH}things/{mac.id}/say/", said)
    mac.refresh_from_db()
    assert (mac.address, mac.trust) == ("", "guest")
    (row,) = client.get(PATH + "things/?show=guest").context["rows"]
    assert (row.reason, row.place) == ("The choir", None)
    client.post(f"{PATH}things/{mac.id}/back/", {"seq": str(mac.seq)})
    mac.refresh_from_db()
    assert mac.trust == ""


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"trust": "guest", "until": "", "reason": "The choir"}, "Give the last day"),
        ({"trust": "guest", "until": "2031-01-01", "reason": "The choir"}, "within 366 days"),
        ({"trust": "known", "reason": "  "}, "Say why in a few words"),
        ({"trust": "mine", "reason": "The choir"}, "Say whether it is known"),
        ({"trust": "known", "reason": "The choir", "seq": "41"}, "meanwhile"),
    ],
)
def test_what_is_refused_says_why_and_loses_nothing_typed(
    said: dict[str, str],
    sentence: str,
    place: Place,
    technician: User,
    signed_in: SignedIn,
) -> None:
    believable.seen(place.site)
    mac = NetworkMac.objects.get(address=believable.STRANGER).id
    body = signed_in(technician).post(f"{PATH}things/{mac}/say/", said).content.decode()
    assert sentence in body
    assert f'value="{said["reason"]}"' in body
    assert NetworkMac.objects.get(id=mac).trust == ""


def test_who_may_hand_out_addresses_is_said_with_a_reason(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    believable.seen(place.site)
    client, row = signed_in(technician), DhcpServer.objects.get()
    path = f"{PATH}servers/{row.id}/"
    client.post(path, {"known": "yes", "reason": ""})
    row.refresh_from_db()
    assert row.trust == ""
    client.post(path, {"known": "yes", "reason": "The provider's router"})
    row.refresh_from_db()
    assert row.trust == "known"
    client.post(path)
    row.refresh_from_db()
    assert row.trust == ""
