"""A management's list taken in: matched by serial number, newest first, taken back."""

import pytest

from checks.records.tablets.facts import TabletFacts
from checks.unseen import Unseen
from inventory.assets import services as assets
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By
from inventory.imports.sheets import read
from inventory.ledger.models import Event
from inventory.managed import queries, services
from inventory.managed.adapters import adapters, guess, recognised
from inventory.managed.services import Done, Wanted, take
from inventory.models import Asset, ManagedSheet, ManagedThing
from inventory.places.services import create_site
from tests.inventory.managed.sheets import GOOGLE, INTUNE, JAMF

NOW = 1_795_334_400
DAY = 86_400
HEAD = "AssetTag;IsManaged;IsSupervised;LastConnected;Name;OsVersion;SerialNumber\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


def by(at: int = NOW) -> By:
    return By("user_1", at)


def add(site: str, serial: str, kind: str = "tablet", name: str = "") -> str:
    return assets.add(site, {"serial": serial, "kind": kind, "name": name}, by=by())


def taken(site: str, text: str, wanted: Wanted | None = None, at: int = NOW) -> Done:
    sheet = read(text.encode())
    name = recognised(sheet.headers)
    columns = guess(adapters()[name], sheet.headers)
    return take(site, sheet, name, columns, wanted or Wanted(), by=by(at))


def test_rows_are_matched_by_serial_number_and_never_by_name(site: str) -> None:
    one, other = add(site, "tablet-0001"), add(site, "ELSE000001", name="iPad Oak 2")
    laptop = add(site, "LAPTOP0003", "laptop")
    done = taken(site, INTUNE)
    assert (set(done.plan.matched), done.made) == ({one, laptop}, 0)
    assert [row.serial for row in done.plan.strangers] == ["PHONE00002", "TABLET0004"]
    found = queries.facts(site)
    assert found[one].listed
    assert found[one].imported_at == NOW
    assert found[other] == TabletFacts(imported_at=NOW, listed=False, manager="intune")
    assert laptop not in found
    said = queries.said([site], laptop)
    assert said is not None
    assert said.facts.encrypted is True
    (event,) = Event.objects.filter(verb="managed.import")
    assert event.subject == done.sheet


def test_nothing_is_said_before_a_list_came(site: str) -> None:
    one = add(site, "TABLET0001")
    assert queries.facts(site) == {}
    assert queries.said([site], one) is None


def test_a_chromebook_is_not_missed_from_a_list_of_ipads(site: str) -> None:
    add(site, "TABLET0001")
    book = add(site, "CHROME0001", "chromebook")
    taken(site, JAMF)
    assert book not in queries.facts(site)
    taken(site, GOOGLE, at=NOW + 1)
    assert queries.facts(site)[book].updates_until == "2031-06-01"


def test_what_a_newer_whole_list_has_not_is_not_listed_any_more(site: str) -> None:
    one, two = add(site, "TABLET0001"), add(site, "TABLET0005")
    taken(site, JAMF)
    newer = HEAD + ";true;true;2026-11-22T07:00:00Z;;iOS 26.1;TABLET0001\n"
    done = taken(site, newer, at=NOW + DAY)
    assert done.plan.missing == [two]
    found = queries.facts(site)
    assert (found[one].listed, found[two].listed) == (True, False)
    assert found[two].imported_at == NOW + DAY
    services.undo(site, done.sheet, by=by(NOW + DAY))
    found = queries.facts(site)
    assert (found[one].imported_at, found[two].listed) == (NOW, True)
    with pytest.raises(RegisterError, match="already"):
        services.undo(site, done.sheet, by=by(NOW + DAY))


def test_a_part_of_a_list_leaves_the_others_as_they_are(site: str) -> None:
    one, two = add(site, "TABLET0001"), add(site, "TABLET0005")
    taken(site, JAMF)
    newer = HEAD + ";true;true;2026-11-22T07:00:00Z;;iOS 26.1;TABLET0001\n"
    taken(site, newer, Wanted(whole=False), at=NOW + DAY)
    found = queries.facts(site)
    assert (found[one].imported_at, found[two].imported_at) == (NOW + DAY, NOW)
    assert found[two].listed


def test_several_entries_with_one_serial_number_are_named_and_left(site: str) -> None:
    add(site, "TABLET0001"), add(site, "TABLET-0001")
    with pytest.raises(RegisterError, match="None of these things"):
        taken(site, JAMF)
    three = add(site, "TABLET0005")
    done = taken(site, JAMF)
    assert set(done.plan.matched) == {three}
    whys = [(one.row, one.why) for one in done.plan.refused]
    assert whys == [
        (2, "2 entries have the serial number TABLET0001; join them first"),
        (5, "has no serial number, so nobody can say which thing it is"),
    ]
    assert ManagedThing.objects.count() == 1


def test_strangers_get_entries_only_where_somebody_asks(site: str) -> None:
    done = taken(site, GOOGLE, Wanted(add=True))
    assert (done.made, len(queries.facts(site))) == (3, 3)
    assert set(Asset.objects.values_list("kind", "make")) == {("chromebook", "")}
    assert taken(site, GOOGLE, at=NOW + 1).plan.same == 3
    back = services.undo(site, done.sheet, by=by(NOW + 2))
    assert (back.done, back.kept) == (3, [])
    assert set(Asset.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert queries.facts(site) == {}


def test_all_or_nothing_takes_nothing_where_a_row_is_refused(site: str) -> None:
    add(site, "TABLET0001")
    with pytest.raises(RegisterError, match="nothing was imported"):
        taken(site, JAMF, Wanted(all_or_nothing=True))
    assert not ManagedSheet.objects.exists()


def test_a_name_that_is_too_long_is_refused_and_the_rest_is_made(site: str) -> None:
    text = HEAD + f";true;;;{'x' * 300};;TABLET0008\n;true;;;=cmd;;TABLET0009\n"
    done = taken(site, text, Wanted(add=True))
    assert [one.why for one in done.plan.refused] == ["Name is longer than 255 characters."]
    assert list(Asset.objects.values_list("name", flat=True)) == ["=cmd"]


def test_a_thing_that_is_listed_twice_counts_as_it_was_in_contact_last(site: str) -> None:
    one = add(site, "TABLET0001")
    text = HEAD + (
        ";true;true;2026-01-01T07:00:00Z;;iOS 17;TABLET0001\n"
        ";true;true;2026-11-22T07:00:00Z;;iOS 26.1;TABLET0001\n"
    )
    done = taken(site, text)
    assert done.plan.matched[one].facts.release == "26.1"
    assert [row.row for row in done.plan.refused] == [2]


def test_another_schools_list_says_nothing_here(site: str) -> None:
    other = create_site(name="Dale School", at=NOW)
    mine, theirs = add(site, "TABLET0001"), add(other, "TABLET0001")
    taken(site, JAMF)
    assert queries.said([other], mine) is None
    assert queries.facts(other) == {}
    assert queries.said([other], theirs) is None


def test_what_is_kept_comes_back_as_it_was(site: str) -> None:
    one = add(site, "TABLET0001")
    done = taken(site, JAMF)
    assert queries.facts(site)[one] == done.plan.matched[one].facts
    assert queries.facts(site)[one].size_bytes == Unseen("unsupported")
    assert queries.facts(site, [one]).keys() == {one}
    assert queries.facts(site, []) == {}
