"""`caretaker disposal …`: every step from the command line, as two people with two passwords."""

import io
import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from controller import clock
from controller.commands import main, shared
from controller.commands.acting import PASSWORD
from controller.people.models import User
from controller.people.roles import Role
from controller.people.services import create_account
from inventory.assets import services as assets
from inventory.assets.writing import By
from inventory.disposal import checking, storing
from inventory.disposal.checking import Misfit
from inventory.models import (
    Asset,
    Disposal,
    DisposalEvent,
    DisposalException,
    DisposalMedium,
)
from inventory.places.services import create_site
from tests.inventory.disposal import journey
from tests.inventory.disposal.stored import check_all

OWN = "brass-otter-lantern-9"
pytestmark = pytest.mark.django_db
SERIAL = "WD-WCC4E1111"


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch, settings: Any) -> str:
    """A school with a technician, a head, and three laptops. Passwords are checked by a hash that
    takes no time: they are typed three hundred times here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(shared, "ready", lambda _options: None)
    monkeypatch.setenv(PASSWORD, OWN)
    now = clock.now()
    site = create_site(name="Hill School", at=now)
    for name, role in (("anna", Role.TECHNICIAN), ("helen", Role.SLT), ("otto", Role.GOVERNOR)):
        create_account(username=name, password=OWN, site_id=site, roles=[role])
    User.objects.update(must_change_password=False)
    rows = [{"tag": f"HS-{n}", "kind": "laptop"} for n in (1, 2, 3)]
    assets.add_many(site, rows, by=By("system", now))
    return site


def run(*words: str) -> int:
    return main.main(["disposal", *words])


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert run(*words, "--format", "json") == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert run(*words) == 1
    return capsys.readouterr().err


def state(tag: str = "HS-1") -> str:
    return Disposal.objects.get(asset__tag=tag).state


def ready(tmp_path: Path, until: str = "") -> None:
    """One laptop, wiped and verified and accepted, to be given away; or only `until` a step."""
    log = tmp_path / "nwipe.log"
    log.write_text("wiped\n")
    assert run("withdraw", "HS-1", "--reason", "Too old", "--as", "anna") == 0
    common = ("--drive", SERIAL, "--finished", _moment(), "--evidence", str(log))
    steps = (
        ("inspect", "HS-1", "--drive", f"{SERIAL}:hdd_ata:1000", "--as", "anna"),
        (
            *("request", "HS-1", "--route", "donate", "--value", "40"),
            *("--licences-checked", "--as", "anna"),
        ),
        ("approve", "HS-1", "--role", "slt", "--comment", "Fine", "--as", "helen"),
        (
            *("wiped", "HS-1", *common, "--level", "clear", "--technique", "overwrite"),
            *("--tool", "nwipe", "--hidden-areas-clear", "yes", "--as", "anna"),
        ),
        (
            *("read-back", "HS-1", *common, "--method", "full", "--bytes", "1000"),
            *("--result", "clean", "--as", "helen"),
        ),
        ("accept", "HS-1", "--drive", SERIAL, "--decision", "approved", "--as", "helen"),
    )
    for words in itertools.takewhile(lambda words: words[0] != until, steps):
        assert run(*words) == 0, words


def _moment() -> str:
    import datetime

    return datetime.datetime.fromtimestamp(clock.now(), datetime.UTC).isoformat()


def test_a_laptop_is_given_away_from_the_command_line_by_two_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(tmp_path)
    assert state() == "ready"
    capsys.readouterr()
    paper = tmp_path / "receipt.txt"
    paper.write_text("received with thanks\n")
    words = ("hand-over", "HS-1", "--outcome", "donated", "--evidence", str(paper))
    said = refused(capsys, *words, "--recipient", "Mrs Jane Doe", "--as", "helen")
    assert "nobody at this school" in said
    assert run(*words, "--as", "helen") == 64
    assert "neither asked for this nor approved it" in capsys.readouterr().err
    for name in ("anna", "helen"):
        assert "cannot be the one who gets it" in refused(
            capsys, *words, "--recipient", name, "--as", "helen"
        )
    answer = told(capsys, *words, "--outside", "--as", "helen")
    assert answer["schema"] == "caretaker.disposal-step/1"
    assert [one["state"] for one in answer["disposals"]] == ["donated"]
    assert b'"outsider":true' in bytes(DisposalEvent.objects.get(type="handed_over").body)
    assert Asset.objects.get(tag="HS-1").state == "disposed"
    shown = told(capsys, "show", "HS-1")
    assert shown["schema"] == "caretaker.disposal/1"
    assert [one["state"] for one in shown["media"]] == ["done"]
    assert [one["type"] for one in shown["steps"]][-1] == "handed_over"
    assert {one["who"] for one in shown["steps"]} == {"anna", "helen"}
    assert told(capsys, "list")["disposals"] == []
    assert [one["state"] for one in told(capsys, "list", "--all")["disposals"]] == ["donated"]
    check_all()


def test_a_report_that_speaks_against_a_wipe_is_not_taken_beside_what_is_typed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(tmp_path, until="wiped")
    recorded = Path(__file__).parents[1] / "disposal" / "nwipe-8mb.log"
    aborted = tmp_path / "nwipe-2.log"
    aborted.write_bytes(recorded.read_bytes().replace(b"| Erased |", b"|UABORTED|"))
    words = (
        *("wiped", "HS-1", "--drive", SERIAL, "--finished", _moment(), "--level", "clear"),
        *("--technique", "overwrite", "--tool", "nwipe", "--hidden-areas-clear", "yes"),
    )
    said = refused(capsys, *words, "--evidence", str(aborted), "--as", "anna")
    assert "UABORTED" in said
    assert state() == "approved"


def test_three_laptops_in_one_step_and_nobody_approves_what_they_asked_for(
    capsys: pytest.CaptureFixture[str], site: str
) -> None:
    things = ("HS-1", "hs-2", "HS-3")
    assert run("withdraw", *things, "--reason", "Too old", "--as", "anna") == 0
    for thing in things:
        assert run("inspect", thing, "--none", "--as", "anna") == 0
    asked = ("--route", "waste", "--value", "40.50", "--licences-checked")
    create_account(username="both", password=OWN, site_id=site, roles=[Role.ADMIN])
    User.objects.update(must_change_password=False)
    assert run("request", *things, *asked, "--as", "both") == 0
    said = refused(capsys, "approve", *things, "--role", "admin", "--as", "both")
    assert "approve" in said
    assert run("approve", *things, "--role", "slt", "--as", "helen") == 0
    assert {state(thing.upper()) for thing in things} == {"ready"}
    assert DisposalEvent.objects.filter(type="approved").values("batch").distinct().count() == 1
    check_all()


@pytest.mark.parametrize("person", ["helen", "otto", "nobody"])
def test_a_step_needs_somebody_who_may_take_it(
    person: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("withdraw", "HS-1", "--reason", "Too old", "--as", person)
    assert refused(capsys, *words)
    assert not Disposal.objects.exists()


def test_a_step_needs_the_password_of_whoever_takes_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("withdraw", "HS-1", "--reason", "Too old", "--as", "anna")
    monkeypatch.delenv(PASSWORD)
    monkeypatch.setattr("sys.stdin", io.StringIO("wrong\n"))
    assert "do not belong together" in refused(capsys, *words)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{OWN}\n"))
    assert run(*words) == 0


def test_a_first_password_is_changed_before_anything_is_signed_with_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    User.objects.filter(username="anna").update(must_change_password=True)
    words = ("withdraw", "HS-1", "--reason", "Too old", "--as", "anna")
    assert "choose a password first" in refused(capsys, *words)


def test_nobody_decides_as_what_they_are_not(capsys: pytest.CaptureFixture[str]) -> None:
    run("withdraw", "HS-1", "--reason", "Too old", "--as", "anna")
    assert run("approve", "HS-1", "--role", "admin", "--as", "helen") == 64
    assert "they are slt here" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "HS-9"), "Nothing here has the tag or serial 'HS-9'"),
        (("show", "HS-1"), "There is no disposal of 'HS-1'"),
        (("show", ""), "Nothing here"),
        (("show", "\x1b]52;c;evil"), "Nothing here"),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(
    words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(capsys, *words)
    assert said in told
    assert "\x1b" not in told


def test_a_sum_or_a_moment_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    run("withdraw", "HS-1", "--reason", "Too old", "--as", "anna")
    asked = ("request", "HS-1", "--route", "waste", "--licences-checked", "--as", "anna")
    assert run(*asked, "--value", "about forty") == 64
    lost = ("lose", "HS-2", "--kind", "lost", "--reason", "Bus", "--as", "anna")
    assert run(*lost, "--discovered", "yesterday") == 64
    assert run("inspect", "HS-1", "--drive", "123:tape", "--as", "anna") == 64
    assert run("inspect", "HS-1", "--as", "anna") == 64
    capsys.readouterr()


def test_whoever_looks_inside_says_which_drives_are_missing(
    site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    other = "S3Z9NB0K12345"
    asset = Asset.objects.get(tag="HS-1").id
    journey.withdrawn(site, asset, journey.DISK)
    looked = ("inspect", "HS-1", "--as", "anna")
    found = ("--drive", f"{other}:ssd_sata")
    assert run(*looked, "--missing", SERIAL) == 64, "what is in it, or that nothing is"
    assert run(*looked, *found, "--missing", "ANOTHER12345") == 64
    assert "cannot be missing" in capsys.readouterr().err
    assert run(*looked, "--drive", f"{SERIAL}:hdd_ata", "--missing", SERIAL.lower()) == 64
    assert "not both" in capsys.readouterr().err
    assert run(*looked, *found, "--missing", SERIAL.lower(), "--missing", SERIAL) == 0
    (exception,) = DisposalException.objects.all()
    assert exception.kind == "medium_missing"
    states = dict(DisposalMedium.objects.values_list("key", "state"))
    assert states == {"WDWCC4E1111": "missing", other: "untouched"}
    check_all()
    capsys.readouterr()


def test_a_stolen_laptop_is_out_of_use_and_missing_in_one_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ("lose", "HS-2", "--kind", "stolen", "--reason", "Van", "--discovered", _moment())
    assert run(*words, "--as", "anna") == 0
    assert (state("HS-2"), Asset.objects.get(tag="HS-2").state) == ("missing", "stolen")
    assert run("find", "HS-2", "--reason", "Police", "--as", "anna") == 0
    assert state("HS-2") == "withdrawn"
    check_all()
    capsys.readouterr()


def test_the_check_names_the_step_that_was_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(tmp_path)
    capsys.readouterr()
    sound = told(capsys, "check")
    assert (sound["checked"], sound["wrong"]) == (1, [])
    row = Disposal.objects.get()
    DisposalEvent.objects.filter(disposal=row, seq=3).update(
        body=storing.links([row])[row.id][2].body.replace(b"4000", b"9000")
    )
    assert run("check", "HS-1", "--format", "json") == 2
    (wrong,) = json.loads(capsys.readouterr().out)["wrong"]
    assert (wrong["disposal"], wrong["seq"], wrong["what"]) == (row.id, 3, "hash")


def test_the_check_names_a_row_that_does_not_say_what_was_signed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(tmp_path)
    Disposal.objects.update(state="disposed")
    assert run("check") == 2
    assert "does not say what the signed steps do" in capsys.readouterr().out


def test_the_check_misses_steps_that_were_cut_off_and_whole_disposals(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(tmp_path)
    capsys.readouterr()
    assert told(capsys, "check")["wrong"] == []
    row = Disposal.objects.get()
    last = DisposalEvent.objects.filter(disposal=row).order_by("-seq")[0]
    events, media = DisposalEvent.objects.filter(disposal=row), row.media.all()
    last.delete()
    assert [row.id] == [m.disposal for m in told_by_ledger(row.site_id)]
    media.delete()
    events.delete()
    assert [row.id] == [m.disposal for m in told_by_ledger(row.site_id)]


def told_by_ledger(site: str) -> list[Misfit]:
    """What the ledger says otherwise, of all disposals."""
    return [one for one in checking.check(site, {})[1] if one.what == "ledger"]


def test_a_witness_confirms_a_destruction_by_their_own_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(tmp_path, until="wiped")
    slip = tmp_path / "slip.txt"
    slip.write_text("shredded\n")
    what = ("--drive", SERIAL, "--method", "shred", "--evidence", str(slip))
    words = ("destroyed", "HS-1", *what, "--as", "anna", "--witness")
    capsys.readouterr()
    assert "could not confirm it" in refused(capsys, *words, "otto")
    assert run(*words, "helen") == 0
    assert state() == "sanitising"
    says = ("witness", "HS-1", "--drive", SERIAL, "--as")
    assert "Only the witness who was named" in refused(capsys, *says, "anna")
    assert "Say why" in refused(capsys, *says, "helen", "--not-seen")
    shown = told(capsys, "show", "HS-1")["media"]
    assert [(one["state"], one["waits_for"]) for one in shown] == [("unconfirmed", "helen")]
    assert run(*says, "helen") == 0
    assert state() == "ready"
    check_all()


def test_an_approved_drive_is_kept_or_given_up_in_a_role_that_may_approve(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], site: str
) -> None:
    ready(tmp_path, until="wiped")
    spare = {"tag": "D-1", "kind": "drive", "serial": SERIAL}
    assets.add(site, spare, by=By("system", clock.now()))
    capsys.readouterr()
    words = ("retained", "HS-1", "--drive", SERIAL, "--entry", "D-1", "--as", "helen")
    assert "said by the head" in refused(capsys, *words)
    assert run(*words, "--role", "governors") == 1
    assert run(*words, "--role", "admin") == 64
    assert run(*words, "--role", "slt") == 0
    assert state() == "ready"


def test_nobody_speaks_for_the_governors_who_may_not_approve(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], site: str
) -> None:
    ready(tmp_path, until="wiped")
    spare = {"tag": "D-1", "kind": "drive", "serial": SERIAL}
    assets.add(site, spare, by=By("system", clock.now()))
    create_account(username="tess", password=OWN, site_id=site, roles=[Role.TECHNICIAN])
    User.objects.update(must_change_password=False)
    minute = tmp_path / "minute.txt"
    minute.write_text("FGB 7\n")
    said = ("--role", "governors", "--minute", "FGB 7", "--evidence", str(minute))
    words = ("retained", "HS-1", "--drive", SERIAL, "--entry", "D-1", *said, "--as")
    capsys.readouterr()
    assert run(*words, "tess") == 64
    assert state() == "approved"
    assert run(*words, "helen") == 0
    assert state() == "ready"
    check_all()
