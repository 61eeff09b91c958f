"""The register of programs says what computers said: when they change, leave, retire, invent."""

from typing import Any

import pytest

from checks.policy import Ask, Policy
from controller.fleet import services as fleet
from controller.fleet.models import Device
from controller.software import reading
from controller.software.approved import APPROVED
from inventory.assets import services
from inventory.assets.states import State
from inventory.assets.writing import By
from inventory.installed import counting, letting_go
from inventory.installed.packing import pack, unpack
from inventory.models import ComputerSoftware, SoftwareName, SoftwareRegister, SoftwareTitle
from tests.controller.web import school
from tests.controller.web.software import EMPTY, SOURCES, computers, has, says

pytestmark = pytest.mark.django_db
NOW = school.NOW
BY = By("system", NOW)


@pytest.fixture
def site() -> Any:
    return school.make_site()


def counts() -> dict[str, int]:
    rows = SoftwareTitle.objects.filter(computers__gt=0)
    return dict(rows.values_list("title", "computers"))


def right(site: Any) -> bool:
    """Counting from nothing gives what is kept."""
    return reading.rebuild(site.id, NOW) == 0


def test_one_title_counts_each_computer_once_whatever_it_is_called_there(site: Any) -> None:
    one, other = computers(site, 1)[0], computers(site, 1, 10, "linux")[0]
    has(one, [("7-Zip 23.01 (x64)", "23.01", ""), ("7-Zip 9.20", "9.20", "")])
    has(other, [("p7zip-full", "16.02", ""), ("firefox-esr", "140", "")])
    assert reading.catch_up(NOW) == 2
    assert counts() == {"7-Zip": 2, "Firefox": 1}
    zip7 = SoftwareTitle.objects.get(title="7-Zip")
    assert (zip7.versions, zip7.first_seen_at, zip7.standing) == (3, NOW, "not")
    assert right(site)


def test_what_is_removed_stops_counting_and_stays_known(site: Any) -> None:
    one, _ = computers(site, 2)
    has(one, [("VLC media player", "3.0.22", "VideoLAN")])
    reading.catch_up(NOW + 60)
    assert counts()["VLC"] == 2
    assert counts()["Audacity"] == 1
    has(one, [])
    reading.catch_up(NOW + 120)
    assert counts()["VLC"] == 1
    assert SoftwareTitle.objects.get(title="VLC").versions == 1
    assert right(site)


def test_nothing_is_read_again_that_did_not_change(site: Any) -> None:
    computers(site, 3)
    assert reading.catch_up(NOW) == 0


@pytest.mark.parametrize("state", ["retired", "lost", "stolen"])
def test_a_computer_that_is_no_more_in_use_frees_what_it_had_at_once(
    site: Any, state: State
) -> None:
    one, _ = computers(site, 2)
    asset = services.add(site.id, {"tag": "T1"}, by=BY)
    Device.objects.filter(id=one.id).update(asset_id=asset)
    reading.catch_up(NOW)
    services.move(site.id, [asset], state, by=BY)
    assert counts()["VLC"] == 1
    assert reading.catch_up(NOW) == 0
    services.move(site.id, [asset], "stored", by=BY)
    assert counts()["VLC"] == 2
    services.withdraw(site.id, asset, by=BY)
    assert counts()["VLC"] == 1
    assert right(site)


def test_a_withdrawn_computer_and_one_that_left_stop_counting(site: Any) -> None:
    one, other, _ = computers(site, 3)
    fleet.revoke(one.id, actor="system", at=NOW, reason="sold")
    assert counts()["VLC"] == 2
    Device.objects.filter(id=other.id).update(left_at=NOW, left_how="uninstalled")
    assert reading.catch_up(NOW) == 1
    assert counts()["VLC"] == 1
    assert right(site)


def test_a_computer_that_could_not_look_keeps_what_was_known(site: Any) -> None:
    [one] = computers(site, 1)
    says(one, {**EMPTY, "titles": {"unseen": "denied"}})
    reading.catch_up(NOW)
    assert counts()["VLC"] == 1
    assert not ComputerSoftware.objects.get(computer=one.id).whole


def test_a_section_nobody_can_read_changes_nothing_and_is_not_asked_again(site: Any) -> None:
    [one] = computers(site, 1)
    says(one, {"titles": "nonsense"})
    assert reading.catch_up(NOW) == 1
    assert reading.catch_up(NOW) == 0
    assert counts()["VLC"] == 1


def test_parts_of_the_system_are_counted_and_only_known_programs_of_it_listed(site: Any) -> None:
    [one] = computers(site, 1, platform="linux")
    parts = [f"lib-{n}" for n in range(300)]
    body = [
        {"name": name, "version": "1", "source": "dpkg", "system": True}
        for name in [*parts, "firefox-esr", "nmap", "clamav"]
    ]
    says(one, {**EMPTY, "titles": body})
    reading.catch_up(NOW)
    assert set(counts()) == {"Firefox", "nmap", "clamav"}
    assert ComputerSoftware.objects.get(computer=one.id).own_parts == 300
    assert SoftwareTitle.objects.get(title="Firefox").standing == "approved"
    assert SoftwareTitle.objects.get(title="nmap").watch == "security_tools"


def test_what_is_approved_follows_the_policy(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    computers(site, 1)
    wish = Ask(APPROVED.check, APPROVED.setting, ["vlc*", "publisher:Mozilla"], "head")
    monkeypatch.setattr(reading, "in_force", lambda _site: Policy(name="x", decisions=[wish]))
    reading.catch_up(NOW)
    agreed = SoftwareTitle.objects.filter(standing="approved").values_list("title", flat=True)
    assert set(agreed) == {"VLC", "Firefox"}


def test_versions_without_fixes_are_dated(site: Any) -> None:
    computers(site, 1)
    assert SoftwareTitle.objects.get(title="Microsoft Office 2019").ends_on == "2025-10-15"


def test_a_wrong_count_is_found_named_and_put_right(site: Any) -> None:
    computers(site, 2)
    SoftwareTitle.objects.filter(title="VLC").update(computers=7)
    SoftwareName.objects.filter(name__startswith="VLC").update(computers=9)
    assert reading.rebuild(site.id, NOW) == 2
    assert counts()["VLC"] == 2
    row = SoftwareRegister.objects.get(site=site)
    assert (row.differed, row.rebuilt_at) == (2, NOW)


def test_hostile_titles_are_rows_like_others(site: Any) -> None:
    [one] = computers(site, 1)
    names = ["\u202egpj.exe", "<script>", "a" * 4_000, "'; DROP TABLE x", "*", "[", "1.0", "(x64)"]
    has(one, [(name, "9" * 500, name) for name in names])
    reading.catch_up(NOW)
    assert len(counts()) >= 6
    assert all("\u202e" not in title and len(title) <= 120 for title in counts())
    assert right(site)


def test_one_computers_inventions_come_to_an_end(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_NAMES", 20)
    [one] = computers(site, 1)
    has(one, [(f"Invented {n}x", "1", "") for n in range(50)])
    reading.catch_up(NOW)
    assert SoftwareName.objects.count() == 20
    assert not ComputerSoftware.objects.get(computer=one.id).whole
    assert right(site)


def test_another_schools_programs_are_other_titles(site: Any) -> None:
    computers(site, 1)
    other = school.make_site("St Aldhelm's")
    computers(other, 2, 50)
    mine = SoftwareTitle.objects.get(site=site, title="VLC")
    theirs = SoftwareTitle.objects.get(site=other, title="VLC")
    assert (mine.computers, theirs.computers) == (1, 2)


def test_a_thousand_new_titles_on_one_computer_are_kept(site: Any) -> None:
    [one] = computers(site, 1)
    has(one, [(f"Program {n:05d} maker{n}", "1.0", "") for n in range(1_000)])
    reading.catch_up(NOW)
    assert SoftwareTitle.objects.filter(computers=1).count() == 1_000
    assert right(site)


def test_spellings_nobody_had_for_400_days_go_and_titles_stay(site: Any) -> None:
    one, _ = computers(site, 2)
    has(one, [("Old Thing", "1", "")])
    reading.catch_up(NOW)
    has(one, [("VLC media player", "3.0.21", "VideoLAN")])
    reading.catch_up(NOW + 60)
    assert letting_go.prune(site.id, NOW + 400 * school.DAY) == 0
    assert letting_go.prune(site.id, NOW + 401 * school.DAY) == 1
    assert SoftwareTitle.objects.filter(title="Old Thing").exists()
    assert right(site)


def test_ids_survive_packing() -> None:
    assert list(unpack(pack([5, 1, 4_000_000_000, 5]))) == [1, 5, 4_000_000_000]
    assert list(unpack(b"")) == []
    assert list(unpack(b"\x01\x00\x00\x00\x02")) == [1]
    assert set(SOURCES) == {"windows", "macos", "linux"}
