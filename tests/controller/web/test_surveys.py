"""Network → Rounds: a scope is written, read in words, signed and ended; a password is sealed and
never comes back to a page."""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from controller import keyfiles
from controller.config import Config
from controller.data import datafolder
from controller.fleet.models import Device, Scanner, SealedCredential, SurveyScope
from controller.people.models import User
from controller.people.roles import Role
from controller.roots import signers
from controller.roots.recovery import Recovery
from controller.surveys import publishing, queries, views
from tests.controller.web import school
from tests.controller.web.conftest import Place, SignedIn
from wire import credentials, dsse, keys, scope, sshsig

URL = "/register/network/scopes/"
CANARY = "zwitscher-7f3a"
DAY = 86_400
HOSTILE = "<script>alert(1)</script>"


@dataclass(frozen=True)
class Here:
    """Our school: its data folder with keys of its own, and a technician who looks."""

    place: Place
    folder: Path
    recovery: Recovery
    scanner: Device
    client: Client


@pytest.fixture
def here(
    place: Place,
    technician: User,
    signed_in: SignedIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Here:
    """With a computer that reports."""
    folder = tmp_path / "keyed"
    datafolder.prepare(folder)
    recovery = keyfiles.make_keys(folder)
    assert recovery is not None
    for module in (views, queries):
        monkeypatch.setattr(module, "current", lambda: Config(data=str(folder)))
    scanner = Device.objects.filter(site=place.site, state="active").order_by("id")[0]
    return Here(place, folder, recovery, scanner, signed_in(technician))


def typed(of: Here, **changes: str) -> dict[str, str]:
    return {
        "authorised_by": "Anna Müller",
        "role": "Head teacher",
        "contact": "01632 960123",
        "scanner": of.scanner.id,
        "subnets": "10.20.0.0/24\n10.20.4.0/22",
        "exclude": "10.20.0.9, 00-1B-63",
        "equipment_of_others": "Tills | Caterer Ltd | 2026-09-01 | 10.20.0.64/27",
        "credentials": "switches snmp-v3 10.20.0.0/28",
        "services": "telnet:23",
        "hours": "18:00-06:00",
        "days": "300",
        "dhcp": "on",
        **changes,
    }


def text(client: Client, path: str = URL) -> str:
    return client.get(path).content.decode()


def test_it_is_written_read_in_words_and_authorised_by_who_may(
    here: Here, slt: User, signed_in: SignedIn
) -> None:
    client = here.client
    assert "No round is authorised" in text(client)
    page = client.post(
        f"{URL}new/", typed(here, contact="Mu\u0308ller") | {"do": "use"}
    ).content.decode()
    assert "M\u00fcller" in page
    assert "I authorise it" not in page
    assert "Somebody of the leadership" in page
    assert not SurveyScope.objects.exists()
    for told in ("10.20.0.0/24", "00:1b:63", "telnet (23)", "Caterer Ltd", "18:00 to 06:00"):
        assert told in page
    head = signed_in(slt)
    assert "I authorise it" in head.post(f"{URL}new/", typed(here)).content.decode()
    answer = head.post(f"{URL}new/", typed(here) | {"do": "use"})
    assert (answer.status_code, answer["Location"]) == (302, URL)
    row = SurveyScope.objects.get()
    assert (row.device_id, row.separate) == (here.scanner.id, False)
    page = text(client)
    for said in ("Anna Müller", "Head teacher", "01632 960123", "In use", "has not said yet"):
        assert said in page
    assert client.post(f"{URL}{row.pk}/end/").status_code == 302
    assert "nothing is asked any more" in text(client)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"subnets": "8.8.8.0/24"}, "is not private"),
        ({"subnets": "10.20.0.0/16"}, "larger than /22"),
        ({"subnets": ""}, "Fill this in"),
        ({"exclude": "printer.local"}, "printer.local"),
        ({"hours": "evening"}, "18:00-06:00"),
        ({"days": "401"}, "400"),
        ({"days": "x" * 50}, "whole number"),
        ({"services": "raw:9100"}, "prints what it is sent"),
        ({"services": "telnet"}, "telnet:23"),
        ({"credentials": "switches"}, "its kind"),
        ({"credentials": "switches ssh 10.99.0.0/28"}, "none of the subnets"),
        ({"equipment_of_others": "tills"}, "who runs it"),
        ({"authorised_by": " "}, "Say who may say so"),
        ({"scanner": "dev_of_another_school"}, "Select a valid choice"),
        ({"air": "-i wlan0"}, "air"),
        ({"role": "\u202eHead"}, "hidden character"),
    ],
    ids=range(16),
)
def test_a_mistake_is_said_and_nothing_typed_is_lost(
    here: Here, changes: dict[str, str], says: str
) -> None:
    answer = here.client.post(f"{URL}new/", typed(here, **changes) | {"do": "file"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert "Anna Müller" in page or "authorised_by" in changes
    assert "Tills | Caterer Ltd" in page or "equipment_of_others" in changes


def test_a_person_signs_the_file_and_both_are_brought_back(here: Here) -> None:
    person = keys.generate()
    public = keys.public_bytes(person)
    for duty in ("policy", "scope"):
        signers.change(here.folder, here.recovery, school.NOW, duty=duty, add=public)
    signers.change(here.folder, here.recovery, school.NOW, duty="scope", delegated=False)
    client = here.client
    answer = client.post(f"{URL}new/", typed(here) | {"do": "file"})
    assert "attachment" in answer["Content-Disposition"]
    payload = answer.content
    signature = sshsig.sign(payload, scope.NAMESPACE, person)

    def bring(payload: bytes, signature: bytes) -> Any:
        files = {"payload": payload, "signature": signature}
        sent = {name: SimpleUploadedFile(name, one) for name, one in files.items()}
        return client.post(f"{URL}signed/", sent)

    for wrong, says in (
        ((payload, b"x"), "not an SSH signature"),
        ((payload + b" ", signature), "not in its one"),
        ((payload, sshsig.sign(payload, scope.NAMESPACE, keys.generate())), "Nobody whom"),
        ((b"x" * 200_000, signature), "too large"),
    ):
        assert bring(*wrong).status_code == 302
        assert says in text(client)
    client.post(f"{URL}signed/", {})
    assert "Choose both" in text(client)
    assert not SurveyScope.objects.exists()
    assert bring(payload, signature).status_code == 302
    assert SurveyScope.objects.get().separate
    assert keys.key_id(public) in text(client)


def in_use(here: Here, at: int) -> SurveyScope:
    made = scope.Scope(
        site=here.place.site.id,
        version=1,
        issued_at=0,
        expires_at=1,
        authorised_by=f"Anna {HOSTILE}",
        role="Head",
        contact="1",
        scanner=here.scanner.id,
        subnets=["10.20.0.0/24"],
        exclude=[],
        hours=scope.Hours(begins_minute=0, ends_minute=1_440, timezone="UTC"),
    )
    envelope = publishing.sign(here.folder, publishing.numbered(made, at))
    return publishing.take(here.folder, envelope, actor="system", at=at)


@pytest.mark.parametrize(
    ("age", "says"),
    [(0, "In use"), (270, "Have a new one signed before"), (300, "nothing is asked any more")],
)
def test_the_page_says_when_somebody_has_to_sign_again(here: Here, age: int, says: str) -> None:
    row = in_use(here, school.NOW - age * DAY)
    Scanner.objects.create(device=here.scanner, site=here.place.site, scope=row.envelope_digest)
    page = text(here.client)
    assert says in page
    assert HOSTILE not in page
    assert "has not said yet" not in page


def test_a_password_is_sealed_and_never_comes_back(
    here: Here, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    client = here.client
    assert "No scanner has told its key" in text(client, f"{URL}credentials/ssh/")
    key = bytes(range(32))
    Scanner.objects.create(
        device=here.scanner, site=here.place.site, sealing=credentials.public_of(key)
    )
    own = {"scanner": here.scanner.id, "user": "reader"}
    pem = f"-----BEGIN X PRIVATE KEY-----\r\n{CANARY}\r\n-----END X PRIVATE KEY-----\r\n"
    sent = [
        ("snmp-v3", {"name": "switches", "authentication": "sha256", "privacy": "aes128",
                     "authentication_password": CANARY, "privacy_password": CANARY}),
        ("snmp-v2c", {"name": "old", "community": CANARY}),
        ("ssh", {"name": "cli", "key": pem}),
    ]  # fmt: skip
    shown = []
    for kind, fields in sent:
        answer = client.post(f"{URL}credentials/{kind}/", own | fields)
        assert answer.status_code == 302, answer.content.decode()
        wrong = client.post(f"{URL}credentials/{kind}/", own | fields | {"name": "two words"})
        assert wrong.status_code == 422
        shown.append(wrong.content.decode())
    both = client.post(
        f"{URL}credentials/ssh/", own | {"name": "x", "key": pem, "password": CANARY}
    )
    assert "not both" in both.content.decode()
    shown += [both.content.decode(), text(client), caplog.text]
    assert all(CANARY not in one for one in shown)
    assert SealedCredential.objects.count() == 3
    message = credentials.open_credentials(
        dsse.parse(bytes(Scanner.objects.get().credentials)),
        keys.public_bytes(keyfiles.signing_key(here.folder)),
    )
    opened = credentials.unseal(message.sealed[0], key, here.scanner.id)
    assert isinstance(opened, credentials.Login)
    assert "\r" not in opened.key.reveal()
    gone = {"scanner": here.scanner.id, "name": "old"}
    assert client.post(f"{URL}credentials/remove/", gone).status_code == 302
    assert SealedCredential.objects.count() == 2
    assert client.get(f"{URL}credentials/telnet/").status_code == 404


def test_another_school_has_neither_page_nor_scanner(
    here: Here, elsewhere: Place, signed_in: SignedIn
) -> None:
    row = in_use(here, school.NOW)
    Scanner.objects.create(
        device=here.scanner, site=here.place.site, sealing=credentials.public_of(bytes(32))
    )
    client = signed_in(school.make_person(elsewhere.site, Role.TECHNICIAN))
    assert "Anna" not in text(client)
    assert client.post(f"{URL}{row.pk}/end/").status_code == 404
    page = client.post(f"{URL}new/", typed(here)).content.decode()
    assert "Select a valid choice" in page
    secret = {"scanner": here.scanner.id, "name": "x", "community": CANARY}
    assert client.post(f"{URL}credentials/snmp-v2c/", secret).status_code == 422
    client.post(f"{URL}credentials/remove/", {"scanner": here.scanner.id, "name": "x"})
    assert SurveyScope.objects.get().ended_at is None
    assert not SealedCredential.objects.exists()
