"""A scanner takes the scope that its receipt names, from who may sign it, and never an older one;
in doubt it may ask nothing (network.md §4, O20)."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from agent import chain
from agent.collect import scoping
from agent.state import State
from agent.survey import held
from tests.agent.cli import agent_here
from tests.agent.school import DAY, School, joined
from tests.agent.simulator import NOW
from wire import credentials, dsse, keys, scope, sshsig, types
from wire.credentials import SnmpV2
from wire.secret import Secret

CANARY = "zwitscher-7f3a"


@pytest.fixture
def school(state: State) -> School:
    made = joined(state)
    separate(made)
    return made


def separate(school: School, *signers: Any) -> None:
    """From now on people sign scopes, and the controller may not."""
    listed = [keys.to_text(keys.public_bytes(one)) for one in signers or (school.technician,)]
    school.controller.list_keys(delegated=False, policy_signers=listed, scope_signers=listed)
    school.believe()
    scoping.adopt(school.state)


def made(school: School, version: int = 1, by: Any = None, **changes: Any) -> bytes:
    """A scope for this computer, signed by a person."""
    fields: dict[str, Any] = {
        "site": school.controller.site,
        "version": version,
        "issued_at": NOW,
        "expires_at": NOW + 300 * DAY,
        "authorised_by": "Anna Müller",
        "role": "Head teacher",
        "contact": "01632 960123",
        "scanner": school.controller.device,
        "subnets": ["10.20.0.0/24"],
        "exclude": [],
        "hours": scope.Hours(begins_minute=0, ends_minute=1_440, timezone="UTC"),
    }
    payload = scope.payload_of(scope.Scope(**(fields | changes)))
    person = by or school.technician
    signature = sshsig.sign(payload, scope.NAMESPACE, person)
    return scope.join(payload, signature, [keys.public_bytes(person)])


def name(school: School, offered: bytes = b"", sealed: bytes = b"") -> None:
    """As the newest receipt does."""
    links = chain.load(school.state.key)
    told = msgspec.structs.replace(
        links,
        site=school.controller.site,
        scope=dsse.digest(offered) if offered else "",
        credentials=dsse.digest(sealed) if sealed else links.credentials,
    )
    chain.save(school.state.key, told)


def bring(school: School, offered: bytes) -> bytes | None:
    """Named, brought, and taken or not; what is in force then."""
    name(school, offered)
    (school.state.spool / "scope.json").write_bytes(offered)
    scoping.adopt(school.state)
    assert not (school.state.spool / "scope.json").exists()
    return scoping.in_force(school.state)


def why(school: School) -> str:
    said = scoping.said(school.state)
    return said.refused if said is not None else "(no scanner)"


def test_it_is_taken_and_the_report_says_so_with_a_key_to_seal_to(school: School) -> None:
    assert scoping.said(school.state) is None
    envelope = made(school)
    assert bring(school, envelope) == envelope
    said = scoping.said(school.state)
    assert said is not None
    assert (said.scope, said.refused) == (dsse.digest(envelope), "")
    assert said.sealing == held.public(school.state.key)
    identity = school.state.identity()
    assert identity is not None
    assert identity.scope == dsse.digest(envelope)


def test_one_that_the_receipt_no_longer_names_is_in_force_no_longer(school: School) -> None:
    envelope = made(school)
    bring(school, envelope)
    name(school)
    scoping.adopt(school.state)
    assert scoping.in_force(school.state) is None
    said = scoping.said(school.state)
    assert said is not None
    assert said.scope == ""
    name(school, made(school, 2))  # a newer one that has not come yet
    assert scoping.in_force(school.state) is None


def test_an_older_one_of_the_same_signer_is_refused_whoever_names_it(school: School) -> None:
    first, second = made(school, 1), made(school, 2)
    bring(school, second)
    assert bring(school, first) is None
    assert why(school) == "older"
    assert bring(school, second) == second
    assert why(school) == ""
    other = made(school, 2, exclude=["10.20.0.9"])
    assert bring(school, other) is None
    assert why(school) == "older"


def test_another_signers_measure_is_its_own_and_goes_with_the_signer(school: School) -> None:
    heir = keys.generate()
    separate(school, school.technician, heir)
    bring(school, made(school, 9))
    assert bring(school, made(school, 1, heir)) is not None
    separate(school, heir)
    assert bring(school, made(school, 9)) is None
    assert why(school) == "not-signed"
    separate(school, heir, school.technician)
    assert bring(school, made(school, 3)) is not None


REFUSED: dict[str, tuple[str, Callable[[School], bytes]]] = {
    "by-a-stranger": ("not-signed", lambda school: made(school, 9, keys.generate())),
    "by-the-controller": (
        "not-signed",
        lambda school: dsse.sign(
            dsse.parse(made(school, 9)).payload, types.SCOPE, school.controller.key
        ),
    ),
    "a-policy": ("not-signed", lambda school: school.made(9, school.technician)),
    "for-another-scanner": (
        "not-this-scanner",
        lambda school: made(school, 9, scanner="dev_01JD9ZK3V5N8Q2R4T6W8Y0A1B3"),
    ),
    "of-another-school": (
        "other-site",
        lambda school: made(school, 9, site="site_01JD9YBXRZ8QK2M4N6P8R0S2T5"),
    ),
}


@pytest.mark.parametrize("offer", REFUSED)
def test_what_may_not_be_taken_lets_nothing_be_asked_and_is_told(
    school: School, offer: str
) -> None:
    bring(school, made(school))
    code, offered = REFUSED[offer]
    assert bring(school, offered(school)) is None
    assert why(school) == code
    assert bring(school, made(school, 10)) is not None


def test_who_stands_between_cannot_bring_what_no_receipt_names(school: School) -> None:
    envelope = made(school, 2)
    bring(school, envelope)
    (school.state.spool / "scope.json").write_bytes(made(school, 3))
    scoping.adopt(school.state)
    assert scoping.in_force(school.state) == envelope


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff" * 100, b"x" * 100_000])
def test_whatever_lies_there_instead_is_no_scope_and_stops_nothing(
    school: School, damage: bytes
) -> None:
    envelope = made(school)
    bring(school, envelope)
    for file in ("scope.json", "credentials.json"):
        (school.state.spool / file).write_bytes(damage)
    scoping.adopt(school.state)
    assert scoping.in_force(school.state) == envelope
    (school.state.key / "scope.json").write_bytes(damage)
    (school.state.key / "scoping.json").write_bytes(damage)
    scoping.adopt(school.state)
    assert scoping.in_force(school.state) is None


def sealed_for(school: School, device: str = "", by: Any = None) -> bytes:
    one = credentials.seal(
        SnmpV2(Secret(CANARY)),
        held.public(school.state.key),
        school.controller.device,
        "switches",
    )
    message = credentials.Credentials(
        site=school.controller.site,
        device=device or school.controller.device,
        at=NOW,
        sealed=[one],
    )
    return credentials.sign_credentials(message, by or school.controller.key)


def test_sealed_credentials_are_kept_once_the_receipt_names_them(school: School) -> None:
    envelope = made(school)
    bring(school, envelope)
    sealed = sealed_for(school)
    for named, taken in ((b"", False), (sealed, True)):
        name(school, envelope, named)
        (school.state.spool / "credentials.json").write_bytes(sealed)
        scoping.adopt(school.state)
        identity = school.state.identity()
        assert identity is not None
        found = held.held(school.state.key, identity.device)
        assert (bool(found), bool(identity.credentials)) == (taken, taken)
    assert found["switches"] == SnmpV2(Secret(CANARY))
    for file in school.state.root.rglob("*"):
        assert file.is_dir() or CANARY.encode() not in file.read_bytes()


@pytest.mark.parametrize("wrong", ["signer", "device"])
def test_what_a_stranger_sealed_or_another_scanners_is_not_kept(school: School, wrong: str) -> None:
    envelope = made(school)
    bring(school, envelope)
    sealed = (
        sealed_for(school, by=keys.generate())
        if wrong == "signer"
        else sealed_for(school, "dev_01JD9ZK3V5N8Q2R4T6W8Y0A1B3")
    )
    name(school, envelope, sealed)
    (school.state.spool / "credentials.json").write_bytes(sealed)
    scoping.adopt(school.state)
    assert held.held(school.state.key, school.controller.device) == {}


def test_a_file_with_an_older_one_goes_past_nothing_that_a_newer_one_bars(school: School) -> None:
    bring(school, made(school, 2, exclude=["10.20.0.9"]))
    file, data = school.state.spool / "old", school.state.root.parent
    ran = []
    for number in (1, 2):
        file.write_bytes(made(school, number, exclude=["10.20.0.9"] if number == 2 else []))
        ran.append(agent_here("survey", "--scope", str(file), "--dry-run", data=data))
    assert "newer scope" in ran[0].stderr
    assert ran[0].returncode == 1
    assert "newer scope" not in ran[1].stderr


def test_without_a_scope_the_command_says_where_one_comes_from(school: School) -> None:
    ran = agent_here("survey", data=school.state.root.parent)
    assert ran.returncode == 1
    assert "caretaker survey scope" in ran.stderr


def test_a_credential_typed_on_the_scanner_is_shown_by_nothing(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.commands.survey_credential._prompt", lambda _: Secret(CANARY))
    data = school.state.root.parent
    add = ("survey", "credential", "add", "switches", "--user", "reader")
    ran = [agent_here(*add, data=data), agent_here("survey", "credential", "list", data=data)]
    assert [one.returncode for one in ran] == [0, 0], ran
    assert "switches  snmp-v3  typed here" in ran[1].stdout
    assert held.held(school.state.key, school.controller.device)
    ran.append(agent_here("survey", "credential", "remove", "switches", data=data))
    ran.append(agent_here("survey", "credential", "remove", "switches", data=data))
    wrong = ("survey", "credential", "add", "two words", "--kind", "snmp-v2c")
    ran.append(agent_here(*wrong, data=data))
    assert [one.returncode for one in ran] == [0, 0, 0, 1, 1]
    assert all(CANARY not in one.stdout + one.stderr for one in ran)


@pytest.mark.parametrize(
    "point",
    ["scoping:marked", "replace:sealing.key:renamed", "replace:scope.json:renamed"],
)
def test_a_power_cut_at_any_point_costs_nothing(
    school: School, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCutError(Exception):
        pass

    def cut(at: str) -> None:
        if at == point:
            raise PowerCutError

    envelope = made(school, 2)
    name(school, envelope)
    (school.state.spool / "scope.json").write_bytes(envelope)
    with monkeypatch.context() as patched:
        patched.setattr("agent.files.step", cut)
        with pytest.raises(PowerCutError):
            scoping.adopt(school.state)
    scoping.adopt(school.state)
    assert scoping.in_force(school.state) == envelope
    said = scoping.said(school.state)
    assert said is not None
    assert (said.scope, said.refused) == (dsse.digest(envelope), "")
