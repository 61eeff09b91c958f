"""`caretaker disposal`: collections from booked to every paper agreeing, by two people."""

import datetime
import functools
import json
from collections.abc import Iterator
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
from inventory.contractors import services as firms
from inventory.disposal import rules, rulings
from inventory.models import Asset, Certificate, Collection, Disposal, DisposalRules
from inventory.places.services import create_site
from tests.inventory.contractors.firms import FIRM, enter
from tests.inventory.disposal.stored import check_all

OWN = "brass-otter-lantern-9"
SERIAL = "WD-WCC4E1111"
CLAUSE = "We accept responsibility for the destruction of any personal data."
PARSER = functools.cache(main.parser_of)
"""Made once: it has sixty verbs."""
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    """The time stands still."""
    now = clock.now()
    clock.use(lambda: now)
    yield
    clock.use(None)


@pytest.fixture(autouse=True)
def site(standing_clock: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> str:
    """A school with a technician, a head, a company with its papers, and two laptops. Passwords
    are checked by a hash that takes no time: they are typed a hundred times here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(shared, "ready", lambda _options: None)
    monkeypatch.setattr(main, "parser_of", PARSER)
    monkeypatch.setenv(PASSWORD, OWN)
    now = clock.now()
    site = create_site(name="Hill School", at=now)
    for name, role in (("anna", Role.TECHNICIAN), ("helen", Role.SLT), ("olga", Role.ADMIN)):
        create_account(username=name, password=OWN, site_id=site, roles=[role])
    User.objects.update(must_change_password=False)
    rows = [{"tag": f"HS-{n}", "kind": "laptop", "name": f"Laptop {n}"} for n in (1, 2)]
    assets.add_many(site, rows, by=By("system", now))
    enter(site, By("system", now))
    return site


def run(*words: str) -> int:
    return main.main(["disposal", *words])


def does(*words: str) -> None:
    assert run(*words) == 0, words


def told(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> Any:
    capsys.readouterr()
    assert run(*words, "--format", "json") == code
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: str, code: int = 1) -> str:
    capsys.readouterr()
    assert run(*words) == code
    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    return said


def today() -> str:
    return datetime.datetime.fromtimestamp(clock.now(), datetime.UTC).date().isoformat()


def paper(tmp_path: Path, name: str, text: str) -> str:
    path = tmp_path / name
    path.write_text(text)
    return str(path)


def states() -> dict[str, str]:
    return dict(Disposal.objects.values_list("asset__tag", "state"))


def ready(tmp_path: Path) -> None:
    """One laptop with a drive that was wiped, read and accepted, and one without a drive."""
    log = paper(tmp_path, "nwipe.log", "wiped\n")
    at = datetime.datetime.fromtimestamp(clock.now(), datetime.UTC).isoformat()
    common = ("--drive", SERIAL, "--finished", at, "--evidence", log)
    asked = ("--route", "waste", "--value", "40", "--licences-checked")
    does("withdraw", "HS-1", "HS-2", "--reason", "Too old", "--as", "anna")
    does("inspect", "HS-1", "--drive", f"{SERIAL}:hdd_ata:1000", "--as", "anna")
    does("inspect", "HS-2", "--none", "--as", "anna")
    does("request", "HS-1", "HS-2", *asked, "--as", "anna")
    does("approve", "HS-1", "HS-2", "--role", "slt", "--as", "helen")
    wiped = ("--level", "clear", "--technique", "overwrite", "--tool", "nwipe")
    does("wiped", "HS-1", *common, *wiped, "--hidden-areas-clear", "yes", "--as", "anna")
    read = ("--method", "full", "--bytes", "1000", "--result", "clean")
    does("read-back", "HS-1", *common, *read, "--as", "helen")
    does("accept", "HS-1", "--drive", SERIAL, "--decision", "approved", "--as", "helen")


def booked() -> str:
    does("book", "HS-1", "HS-2", "--contractor", FIRM["name"], "--day", today(), "--as", "anna")
    return Collection.objects.get().id


def collected(tmp_path: Path) -> str:
    ready(tmp_path)
    one = booked()
    note = ("--note-kind", "consignment", "--note-number", "HWCN-7")
    signed = ("--driver", "Sam Carter", "--signed", "Anna Bell")
    does("describe", one, "HS-1", "HS-2", "--code", "16 02 14", "--as", "anna")
    does("collect", one, "HS-1", "hs-2", *signed, *note, "--as", "anna")
    return one


def receipt(one: str, file: str, *words: str, accepts: str = "yes") -> tuple[str, ...]:
    said = ("--accepts", accepts, "--clause", CLAUSE, "--day", today(), "--file", file)
    return ("receipt", one, *said, *words)


def certificate(one: str, file: str, *words: str) -> tuple[str, ...]:
    said = ("--level", "destroy", "--day", today(), "--reference", "C-1", "--file", file)
    return ("certificate", one, *said, *words)


ALL = ("--line", f"HS-1,{SERIAL}", "--line", "HS-2")


def test_two_people_take_two_laptops_from_withdrawn_to_disposed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = collected(tmp_path)
    assert set(states().values()) == {"collected"}
    compared = told(capsys, "reconcile", one)
    assert (compared["schema"], compared["agrees"]) == ("caretaker.reconciliation/1", False)
    assert compared["waiting"] == ["receipt", "certificate"]
    scan = paper(tmp_path, "receipt.txt", "received\n")
    answer = told(capsys, *receipt(one, scan, *ALL), "--as", "helen")
    assert answer["schema"] == "caretaker.collection-step/1"
    assert {thing["state"] for thing in answer["disposals"]} == {"received"}
    proof = paper(tmp_path, "certificate.txt", "destroyed\n")
    lines = paper(tmp_path, "lines.txt", f"{SERIAL}, HS-1, shredded\n")
    entered = told(capsys, *certificate(one, proof, "--lines", lines), "--as", "anna")
    shown = told(capsys, "collection", one)
    assert [line["serial"] for line in shown["certificates"][0]["lines"]] == [SERIAL]
    assert len(shown["receipts"]) == 1
    assert "may not do this here" in refused(
        capsys, "confirm", entered["certificate"], "--as", "anna"
    )
    answer = told(capsys, "confirm", entered["certificate"], "--as", "helen")
    assert {thing["state"] for thing in answer["disposals"]} == {"disposed"}
    assert answer["state"] == "closed"
    assert set(Asset.objects.values_list("state", flat=True)) == {"disposed"}
    compared = told(capsys, "reconcile", one)
    assert (compared["agrees"], compared["differences"]) == (True, [])
    does("reconcile", one)
    assert "Every paper agrees." in capsys.readouterr().out
    check_all()


def test_who_entered_a_certificate_does_not_confirm_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = collected(tmp_path)
    does(*receipt(one, paper(tmp_path, "r.txt", "received\n"), *ALL), "--as", "helen")
    words = certificate(one, paper(tmp_path, "c.txt", "done\n"), "--line", SERIAL)
    made = told(capsys, *words, "--as", "olga")["certificate"]
    assert "(I2)" in refused(capsys, "confirm", made, "--as", "olga")
    does("refuse", made, "--reason", "Another school's", "--as", "helen")
    assert Certificate.objects.get().state == "refused"
    assert "decided" in refused(capsys, "confirm", made, "--as", "helen")


def test_a_receipt_that_accepts_nothing_or_names_nothing_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = collected(tmp_path)
    scan = paper(tmp_path, "receipt.txt", "received\n")
    words = receipt(one, scan, *ALL, accepts="no")
    assert "(T5, I8)" in refused(capsys, *words, "--as", "helen")
    assert "Tick what stands" in refused(capsys, *receipt(one, scan), "--as", "helen")
    assert "may not do this" in refused(capsys, *receipt(one, scan, *ALL), "--as", "anna")
    assert set(states().values()) == {"collected"}


def test_a_difference_is_open_until_two_people_or_a_better_paper_settle_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = collected(tmp_path)
    scan = paper(tmp_path, "receipt.txt", "received\n")
    does(*receipt(one, scan, *ALL, "--line", "HS-9,WD-STRANGE-77"), "--as", "helen")
    (found,) = told(capsys, "reconcile", one, code=2)["differences"]
    assert (found["state"], found["serial"]) == ("open", "WDSTRANGE77")
    does("take-over", found["id"], "--as", "anna")
    assert "how it was settled" in refused(capsys, "settle", found["id"], "--as", "anna")
    words = ("settle", found["id"], "--reason", "Their own drive", "--as", "anna")
    assert told(capsys, *words)["settled"] is False
    assert told(capsys, "reconcile", one, code=2)["differences"][0]["state"] == "second"
    does("turn-down", found["id"], "--as", "helen")
    assert told(capsys, *words)["settled"] is False
    assert told(capsys, "settle", found["id"], "--as", "helen")["settled"] is True
    assert told(capsys, "reconcile", one)["differences"][0]["state"] == "closed"
    assert "no such difference" in refused(capsys, "settle", "diff_none", "--as", "helen")


def test_a_booking_that_cannot_be_leaves_nothing_behind(
    site: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(tmp_path)
    words = ("book", "HS-1", "--contractor", FIRM["name"].upper(), "--as", "anna", "--day")
    assert "is no day" in refused(capsys, *words, "soon", code=64)
    assert "That day is over" in refused(capsys, *words, "2020-01-01")
    strange = ("book", "HS-1", "--contractor", "Evil Ltd", "--day", today(), "--as", "anna")
    assert FIRM["name"] in refused(capsys, *strange)
    firms.keep(site, FIRM | {"name": "New Ltd", "company_number": ""}, by=By("system", 1))
    new = ("book", "HS-1", "--contractor", "New Ltd", "--day", today(), "--as", "anna")
    assert "(I7)" in refused(capsys, *new)
    does("hold", "HS-1", "--kind", "legal", "--reason", "Case", "--as", "helen")
    assert "(I13)" in refused(capsys, *words, today())
    assert not Collection.objects.exists()


def test_what_is_not_on_the_list_does_not_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ready(tmp_path)
    one = booked()
    does("choose", one, "HS-1", "--as", "anna")
    note = ("--note-kind", "transfer", "--note-number", "T-1", "--driver", "Sam Carter")
    both = ("collect", one, "HS-1", "HS-2", *note, "--signed", "Anna Bell", "--as", "anna")
    assert "not on the list" in refused(capsys, *both)
    unsigned = ("collect", one, "HS-1", *note, "--signed", "-", "--as", "anna")
    assert "Sign first" in refused(capsys, *unsigned)
    does("cancel", one, "--as", "anna")
    assert "cancelled" in refused(capsys, "cancel", one, "--as", "anna")
    assert [row["state"] for row in told(capsys, "collections")["collections"]] == ["cancelled"]
    assert "no such collection" in refused(capsys, "collection", "coll_\x1b]52")
    assert "nothing of it was collected" in refused(capsys, "reconcile", one)


def test_the_rules_are_shown_changed_and_set_again(
    tmp_path: Path, site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    document = told(capsys, "rules", "show")
    assert document["schema"] == "caretaker.disposal-rules/1"
    assert document["version"] == rules.default().version
    document["rules"]["wiping"]["offsite"] = True
    own = paper(tmp_path, "rules.json", json.dumps(document))
    assert "may not do this" in refused(capsys, "rules", "set", own, "--as", "anna")
    after = told(capsys, "rules", "set", own, "--reason", "Governors", "--as", "helen")
    assert after["rules"]["wiping"]["offsite"] is True
    assert rulings.current(site).version == after["version"] != document["version"]
    shipped = paper(tmp_path, "rules.toml", Path(rules.__file__).with_suffix(".toml").read_text())
    does("rules", "set", shipped, "--as", "helen")
    assert rulings.current(site).version == rules.default().version
    does("rules", "show")
    assert "wiping.certificate_days" in capsys.readouterr().out


NONE = [
    ("{", "holds no rules"),
    ("[]", "holds no rules"),
    ("{}", "missing required field"),
    ('"bands": []', "contradict"),
    ('"bands": [{"roles": ["king"]}]', "no role 'king'"),
    ('"surprise": 1', "unknown field"),
    ("x" * 65_537, "larger than 64 KB"),
]


def test_rules_that_are_none_are_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = json.loads(rules.encode(rules.default()))
    for given, said in NONE:
        own = given.startswith('"')
        text = json.dumps(whole | json.loads(f"{{{given}}}")) if own else given
        words = ("rules", "set", paper(tmp_path, "rules.json", text))
        assert said in refused(capsys, *words, "--as", "helen", code=64)
    assert "--as whom" in refused(capsys, "rules", "set", code=64)
    assert not DisposalRules.objects.filter(own=True).exists()
