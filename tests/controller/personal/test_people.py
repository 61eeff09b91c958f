"""What is held about a person can be handed out whole, and erased, and the history still holds."""

import datetime
import hashlib
import json

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction

from controller.fleet import services as fleet
from controller.people.models import Membership, User
from controller.people.roles import Role
from controller.people.services import create_account
from controller.personal import erasure, exporting, holdings, retention
from inventory.assets.writing import By
from inventory.ledger import services as ledger
from inventory.models import Event, EventNote, Medium, Reinstall, SoftwareRequest
from inventory.places.services import create_site
from inventory.software import requests
from inventory.software.requests import Wanted

NOW = 1_795_400_000
DAY = 86_400
pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> str:
    return create_site(name="Hill School", at=NOW)


@pytest.fixture
def head(site: str) -> User:
    return create_account(
        username="head", password="x" * 20, site_id=site, roles=[Role.ADMIN], name="Head Teacher"
    )


@pytest.fixture
def jones(site: str, head: User) -> User:
    """A technician who made a code, gave a reason, is signed in twice and is written about."""
    user = create_account(
        username="wjones",
        password="x" * 20,
        site_id=site,
        roles=[Role.TECHNICIAN, Role.DSL],
        name="Wendy Jones",
        email="wendy.jones@hill.example",
    )
    EmailAddress.objects.create(user=user, email=user.email)
    fleet.create_join_code(site_id=site, actor=user.id, at=NOW, label="Library")
    with transaction.atomic():
        ledger.append(
            site_id=site, at=NOW, actor=user.id, verb="test", subject=site, reason="I was told to"
        )
        ledger.append(
            site_id=site, at=NOW, actor=head.id, verb="test", subject=user.id, reason="Is on leave"
        )
        ledger.append(
            site_id=site, at=NOW, actor=head.id, verb="test", subject=site, reason="Wendy Jones saw"
        )
    for _ in range(2):
        _sign_in(user)
    _sign_in(head)
    return user


def _sign_in(user: User) -> None:
    store = SessionStore()
    store["_auth_user_id"] = user.id
    store.save()


def test_an_export_holds_the_account_the_roles_the_deeds_and_the_words(jones: User) -> None:
    document = json.loads(json.dumps(holdings.everything(jones, NOW), default=str))
    assert document["account"]["email"] == "wendy.jones@hill.example"
    records = {name: kept["rows"] for name, kept in document["records"].items()}
    assert [row["role"] for row in records["people.Membership"]] == ["technician", "dsl"]
    assert [row["label"] for row in records["fleet.JoinCode"]] == ["Library"]
    verbs = [row["verb"] for row in records["inventory.Event"]]
    assert verbs == ["join_code.create", "test", "test"]
    assert [note["text"] for note in document["reasons"]] == ["I was told to", "Is on leave"]
    assert [place["text"] for place in document["mentions"]] == ["Wendy Jones saw"]
    assert len(document["signed_in"]) == 2
    assert all(kept["purpose"] and kept["keep_for"] for kept in document["records"].values())


def test_an_export_hands_out_no_hash_and_no_session(jones: User) -> None:
    text = json.dumps(holdings.everything(jones, NOW), default=str)
    assert jones.password not in text
    assert not any(session.session_key in text for session in Session.objects.all())


def test_that_an_export_was_made_is_an_event(jones: User) -> None:
    exporting.export(jones, actor="system", at=NOW)
    assert Event.objects.get(verb="person.export").subject == jones.id


def test_erasing_leaves_nothing_of_the_person_in_any_table(jones: User) -> None:
    gone = erasure.erase(jones.id, actor="system", at=NOW)
    assert (gone.roles, gone.mail_addresses, gone.sessions, gone.reasons) == (2, 1, 2, 2)
    jones.refresh_from_db()
    assert holdings.mentions(["wjones", "wendy.jones@hill.example"]) == []
    assert (jones.name, jones.email, jones.is_active) == ("", "", False)
    assert not jones.has_usable_password()
    assert not Membership.objects.filter(user=jones).exists()
    document = json.dumps(holdings.everything(jones, NOW), default=str).lower()
    for word in ("wendy", "jones", "hill.example", "told to", "on leave"):
        assert word not in document


def test_erasing_leaves_the_history_as_it_was_and_a_tombstone(jones: User) -> None:
    before = list(Event.objects.order_by("seq").values())
    erasure.erase(jones.id, actor="system", at=NOW)
    *same, tombstone = Event.objects.order_by("seq").values()
    assert same == before
    assert (tombstone["verb"], tombstone["subject"]) == ("person.erase", jones.id)
    roles = b'{"roles":["dsl","technician"]}'
    assert tombstone["before_digest"] == "sha256:" + hashlib.sha256(roles).hexdigest()


def test_nobody_else_is_touched(jones: User, head: User) -> None:
    erasure.erase(jones.id, actor="system", at=NOW)
    head.refresh_from_db()
    assert head.name == "Head Teacher"
    assert Session.objects.count() == 1
    assert EventNote.objects.get(text__contains="Wendy").event.actor == head.id


def test_reasons_the_school_answers_for_can_be_kept(jones: User) -> None:
    assert erasure.erase(jones.id, actor="system", at=NOW, keep_reasons=True).reasons == 0
    assert EventNote.objects.filter(text="I was told to").exists()


def test_erasing_twice_does_nothing_more(jones: User) -> None:
    erasure.erase(jones.id, actor="system", at=NOW)
    events = Event.objects.count()
    assert erasure.erase(jones.id, actor="system", at=NOW + 1) == erasure.Erased(0, 0, 0, 0)
    assert Event.objects.count() == events


def test_the_only_administrator_is_not_erased_by_mistake(head: User, site: str) -> None:
    with pytest.raises(erasure.LastAdminError, match=site):
        erasure.erase(head.id, actor="system", at=NOW)
    erasure.erase(head.id, actor="system", at=NOW, even_last=True)


@pytest.mark.parametrize("who", ["id", "username", "email"])
def test_a_person_is_found_by_any_of_three(jones: User, who: str) -> None:
    assert holdings.find(getattr(jones, who)) == jones
    assert holdings.find("nobody") is None
    assert holdings.find("") is None


def test_an_account_goes_a_year_after_its_last_role(jones: User, head: User) -> None:
    retention.prune(NOW)
    jones.memberships.all().delete()
    retention.prune(NOW + DAY)
    assert retention.prune(NOW + 367 * DAY).accounts == 0
    assert retention.prune(NOW + 368 * DAY).accounts == 1
    jones.refresh_from_db()
    head.refresh_from_db()
    assert (jones.name, head.name) == ("", "Head Teacher")
    assert EventNote.objects.filter(text="I was told to").exists()
    assert retention.prune(NOW + 800 * DAY).accounts == 0


def test_a_role_given_back_in_time_keeps_the_account(jones: User, site: str) -> None:
    jones.memberships.all().delete()
    retention.prune(NOW)
    Membership.objects.create(user=jones, site_id=site, role="dsl")
    retention.prune(NOW + 200 * DAY)
    assert retention.prune(NOW + 400 * DAY).accounts == 0


def test_sessions_that_ended_go_with_the_night(jones: User) -> None:
    ended = datetime.datetime.fromtimestamp(NOW - 1, datetime.UTC)
    old = Session.objects.order_by("session_key")[0]
    Session.objects.filter(pk=old.pk).update(expire_date=ended)
    later = datetime.datetime.fromtimestamp(NOW + 60, datetime.UTC)
    Session.objects.exclude(pk=old.pk).update(expire_date=later)
    assert retention.prune(NOW).sessions == 1
    assert Session.objects.count() == 2


def test_why_a_program_or_drive_was_refused_goes_with_whoever_said_it(
    jones: User, head: User, site: str
) -> None:
    wanted = Wanted(name="Krita", purpose="Art in Year 5", how_many=3)
    asked = requests.ask(site, wanted, by=By(head.id, NOW))
    by = By(jones.id, NOW + 1)
    requests.move(site, asked, "refused", seen=1, by=by, reason="I never liked it")
    told = dict.fromkeys(("label", "serial", "key"), "USB-014")
    Medium.objects.create(
        **told,
        id="drive_1",
        site_id=site,
        asked_at=NOW,
        asked_by=head.id,
        decision="refused",
        decided_by=jones.id,
        reason="Nor this",
    )
    when = dict.fromkeys(("made_at", "ends_at"), NOW)
    Reinstall.objects.create(
        id="again_1", site_id=site, made_by=jones.id, reason="Slow since Wendy came", **when
    )
    erasure.erase(jones.id, actor=head.id, at=NOW + 2)
    assert Reinstall.objects.get().reason == ""
    assert Medium.objects.get().reason == ""
    row = SoftwareRequest.objects.get(id=asked)
    assert (row.reason, row.purpose_text) == ("", "Art in Year 5")
