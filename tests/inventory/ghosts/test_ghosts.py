"""What is watched follows the entries, and a sighting is kept once until a person answers it."""

import pytest
from django.db import transaction

from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.ghosts import letting_go, queries, services, watching
from inventory.ghosts.services import GhostError, Hit, Proof, Sighting
from inventory.ledger.models import Event
from inventory.models import Asset, GhostAlarm, WatchedMark
from inventory.places.services import create_site
from tests.inventory.managed.test_managed import taken

NOW = 1_795_334_400
DAY = 86_400
SERIAL, UUID = "PF2K9QXA", "4c4c4544-0042-3510-8054-b7c04f4b5931"
MAC = "a4:4c:c8:11:22:33"
HEAD = "AssetTag;IsManaged;IsSupervised;LastConnected;Name;OsVersion;SerialNumber\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


def by(at: int = NOW) -> By:
    return By("user_1", at)


def laptop(site: str, state: str = "", serial: str = SERIAL, **more: object) -> str:
    made = assets.add(site, {"serial": serial, "kind": "laptop", **more}, by=by())
    if state == "disposed":  # only a disposal that is complete leads there
        assets.move(site, [made], "retired", by=by())
        from inventory.assets.writing import Step, write

        with transaction.atomic():
            row = Asset.objects.select_for_update().get(id=made)
            write(site, [Step(row, "asset.dispose", {"state": "disposed"})], by())
    elif state:
        assets.move(site, [made], state, by=by())  # type: ignore[arg-type]  # one of the states
    return made


def found(site: str, **marks: str) -> list[str]:
    shown = services.marks_of({kind: [value] for kind, value in marks.items()})
    return [hit.asset for hit in services.look_up(site, shown)]


@pytest.mark.parametrize("state", ["lost", "stolen", "disposed"])
def test_what_is_gone_is_known_by_its_serial_however_it_is_spelt(site: str, state: str) -> None:
    gone = laptop(site, state)
    assert found(site, serial=" pf2k-9qxa ") == [gone]
    assert found(site, serial="PF2K9QXB") == []
    other = create_site(name="Dale School", at=NOW)
    assert found(other, serial=SERIAL) == []


@pytest.mark.parametrize("state", ["", "stored", "repair", "retired"])
def test_what_is_here_is_not_watched(site: str, state: str) -> None:
    laptop(site, state)
    assert not WatchedMark.objects.exists()


def test_what_is_found_again_is_watched_no_more_and_lost_again_from_then_on(site: str) -> None:
    gone = laptop(site, "lost")
    assets.move(site, [gone], "stored", by=by(NOW + DAY))
    assert found(site, serial=SERIAL) == []
    assets.move(site, [gone], "stolen", by=by(NOW + 2 * DAY))
    (hit,) = services.look_up(site, services.marks_of({"serial": [SERIAL]}))
    assert hit.gone_at == NOW + 2 * DAY


def test_a_serial_typed_after_the_loss_is_looked_for_at_once_and_keeps_its_day(site: str) -> None:
    gone = laptop(site, "lost", serial="")
    assets.change(site, gone, {"serial": SERIAL}, by=by(NOW + DAY))
    (hit,) = services.look_up(site, services.marks_of({"serial": [SERIAL]}))
    assert (hit.asset, hit.gone_at) == (gone, NOW)


def test_what_was_written_off_goes_on_from_the_day_it_was_lost(site: str) -> None:
    gone = laptop(site, "lost")
    assets.move(site, [gone], "stolen", by=by(NOW + DAY))
    assert services.look_up(site, {("entry", gone)})[0].gone_at == NOW


def test_taking_the_step_back_takes_the_watch_back(site: str) -> None:
    gone = laptop(site)
    who = By("user_1", NOW, batch="batch_1")
    assets.move(site, [gone], "lost", by=who)
    assert found(site, serial=SERIAL) == [gone]
    assets.undo(site, "batch_1", by=by(NOW + 1))
    assert found(site, serial=SERIAL) == []


def test_what_went_before_anybody_watched_is_caught_up_with(site: str) -> None:
    gone = laptop(site)
    Asset.objects.filter(id=gone).update(state="disposed")
    assert watching.catch_up(site, NOW + DAY) == 1
    assert found(site, serial=SERIAL) == [gone]
    assert watching.catch_up(site, NOW + DAY) == 0


@pytest.mark.parametrize(
    "serial", ["0123456789", "To be filled by O.E.M.", "AB123", "", "00000000"]
)
def test_a_drive_serial_that_means_nothing_is_not_watched(site: str, serial: str) -> None:
    gone = laptop(site, "lost")
    watching.watch_drives(site, {gone: [serial]}, NOW)
    assert not WatchedMark.objects.filter(kind="drive").exists()


def test_a_loose_drive_is_known_in_another_machine(site: str) -> None:
    gone = laptop(site, "disposed", serial="S3Z1-NB0K", kind="drive")
    hits = services.look_up(site, services.marks_of({}, ["s3z1nb0k"]))
    assert [hit.asset for hit in hits] == [gone]


def test_the_network_saw_it_is_possible_never_certain_and_changes_nothing(site: str) -> None:
    gone = laptop(site, "stolen")
    marks = {"serial": [SERIAL], "mac": [MAC], "wild": ["x"]}
    (alarm,) = services.sighted(site, marks, NOW + DAY, "switch 2, port 14")
    kept = queries.one({site}, alarm)
    assert kept is not None
    assert (kept.sure, kept.way, kept.source) == (False, "network", "switch 2, port 14")
    assert kept.marks == [("serial", SERIAL)]
    assert Asset.objects.get(id=gone).state == "stolen"
    assert Event.objects.filter(verb="ghost.seen", subject=gone).count() == 1


def test_an_old_sighting_from_before_it_went_raises_nothing(site: str) -> None:
    laptop(site, "lost")
    for at in (NOW - 1, NOW):
        assert services.sighted(site, {"serial": [SERIAL]}, at, "arp") == []


def test_seen_every_night_is_one_alarm_that_counts(site: str) -> None:
    laptop(site, "lost")
    for night in range(1, 31):
        services.sighted(site, {"serial": [SERIAL]}, NOW + night * DAY, "arp")
    row = GhostAlarm.objects.get()
    assert (row.n, row.first_at, row.last_at) == (30, NOW + DAY, NOW + 30 * DAY)
    assert Event.objects.filter(verb="ghost.seen").count() == 1


def test_the_same_report_asked_about_again_counts_once(site: str) -> None:
    gone = laptop(site, "lost")
    hit = Hit(gone, NOW, frozenset({("serial", SERIAL)}))
    for _ in range(3):
        with transaction.atomic():
            services.saw(
                site, Sighting(hit, "report", "dev_1", NOW + 5, Proof(7, "sha256:a", b"x"))
            )
    assert GhostAlarm.objects.get().n == 1


def test_an_alarm_is_answered_once_with_a_reason_and_stays_answered(site: str) -> None:
    laptop(site, "lost")
    (alarm,) = services.sighted(site, {"serial": [SERIAL]}, NOW + 1, "arp")
    for reason in ("", "  \n ", "x" * 301):
        with pytest.raises(GhostError):
            services.answer(site, alarm, reason, actor="user_1", at=NOW + 2)
    services.answer(site, alarm, " In the\x00  hall ", actor="user_1", at=NOW + 2)
    row = GhostAlarm.objects.get()
    assert (row.answer, row.answered_by) == ("In the hall", "user_1")
    with pytest.raises(GhostError, match="Somebody else"):
        services.answer(site, alarm, "Found", actor="user_2", at=NOW + 3)
    assert services.sighted(site, {"serial": [SERIAL]}, NOW + DAY, "arp") == []
    row.refresh_from_db()
    assert (row.n, row.answer) == (2, "In the hall")
    assert services.sighted(site, {"serial": [SERIAL]}, NOW + DAY, "another switch") != []


def test_another_school_cannot_answer(site: str) -> None:
    laptop(site, "lost")
    (alarm,) = services.sighted(site, {"serial": [SERIAL]}, NOW + 1, "arp")
    other = create_site(name="Dale School", at=NOW)
    with pytest.raises(GhostError):
        services.answer(other, alarm, "Ours now", actor="user_1", at=NOW + 2)
    assert queries.one({other}, alarm) is None


def test_a_later_loss_has_an_alarm_of_its_own(site: str) -> None:
    gone = laptop(site, "lost")
    (first,) = services.sighted(site, {"serial": [SERIAL]}, NOW + 1, "arp")
    services.answer(site, first, "Found in the hall", actor="user_1", at=NOW + 2)
    assets.move(site, [gone], "stored", by=by(NOW + 3))
    assets.move(site, [gone], "lost", by=by(NOW + DAY))
    assert services.sighted(site, {"serial": [SERIAL]}, NOW + DAY + 1, "arp") != []


def test_an_open_alarm_outlives_the_finding_and_every_clearing(site: str) -> None:
    gone = laptop(site, "lost")
    (alarm,) = services.sighted(site, {"serial": [SERIAL]}, NOW + 1, "arp")
    assets.move(site, [gone], "stored", by=by(NOW + 3))
    assert letting_go.let_go(NOW + 20 * 366 * DAY) == 0
    services.answer(site, alarm, "It is here again", actor="user_1", at=NOW + 5)
    assert letting_go.let_go(NOW + 5 + 6 * 366 * DAY) == 0
    assert letting_go.let_go(NOW + 6 + 6 * 366 * DAY) == 1


def listed(day: str) -> str:
    return f"{HEAD};true;true;{day}T07:24:34Z;Oak 1;iOS 26.1.0;{SERIAL}\n"


@pytest.mark.parametrize("state", ["lost", "disposed"])
def test_a_management_that_has_it_in_contact_later_is_an_alarm_to_check(
    site: str, state: str
) -> None:
    laptop(site, state, kind="tablet")
    other = laptop(site, serial="TABLET0009", kind="tablet")
    second = ";true;true;2026-11-23T07:24:34Z;Oak 2;iOS 26.1.0;TABLET0009\n"
    assert other
    taken(site, listed("2026-11-21") + second)  # before it went
    assert not GhostAlarm.objects.exists()
    taken(site, listed("2026-11-23") + second, at=NOW + 2 * DAY)
    taken(site, listed("2026-11-23") + second, at=NOW + 3 * DAY)
    row = GhostAlarm.objects.get()
    assert (row.way, row.sure, row.source) == ("list", False, "jamf-school")
    assert row.n == 1  # the same contact, listed twice
    assert row.marks == [["serial", SERIAL]]
    assert Asset.objects.get(id=row.asset_id).state == state


def test_thousands_of_marks_cost_a_handful_of_questions(
    site: str,
    django_assert_max_num_queries: object,
) -> None:
    gone = laptop(site, "lost")
    marks = {("serial", f"X{n:07d}") for n in range(1_000)} | {("serial", SERIAL)}
    with django_assert_max_num_queries(3):  # type: ignore[operator]  # pytest-django's own
        assert [hit.asset for hit in services.look_up(site, marks)] == [gone]
