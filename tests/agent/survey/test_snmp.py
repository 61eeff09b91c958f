"""Real snmpd, and devices that misbehave, asked over the network as a round asks them."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.survey.pace import Budget, Pace, Turn
from agent.survey.snmp import engine as snmp_engine
from agent.survey.snmp.engine import Line, Reply, Round
from agent.survey.snmp.live import Live
from checks.snmp import columns, denied
from checks.snmp.asking import CannotAsk
from checks.snmp.collecting import collect
from checks.surveys.equipment import Equipment
from checks.unseen import Unseen
from tests.agent.survey.snmpd import (
    AUTH,
    COMMUNITY,
    PRIV,
    USERS,
    Answer,
    Device,
    Oid,
    number,
    snmpd,
    table,
    text,
)
from wire.credentials import SnmpV2, SnmpV3
from wire.secret import Secret

ROOT = Path(__file__).parents[3]
V2C = SnmpV2(Secret(COMMUNITY))


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with snmpd(tmp_path_factory.mktemp("snmpd"), COMMUNITY) as found:
        yield found


@pytest.fixture(scope="module")
def round_() -> Iterator[Round]:
    with Round() as found:
        yield found


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snmp_engine, "TIMEOUT", 0.3)


def turn(**budget: Any) -> Turn:
    pace = Pace(time.monotonic, time.sleep, {"snmp": 100_000.0})
    with pace.target("x", Budget(**budget)) as found:
        return found


def user(name: str, auth: str = AUTH, priv: str = PRIV) -> SnmpV3:
    _, authentication, _, privacy = USERS[name] if name in USERS else USERS["one"]
    return SnmpV3(name, authentication, Secret(auth), privacy, Secret(priv))  # type: ignore[arg-type]  # of the two closed sets


def asked(round_: Round, port: int, opened: SnmpV2 | SnmpV3, **more: Any) -> Equipment:
    budget = more.pop("budget", {})
    line = Line(round_, round_.engine(opened, **more), "127.0.0.1", port)
    return collect(Live(line, turn(**budget)))


@pytest.mark.parametrize(
    ("opened", "otherwise"),
    [(V2C, False), (user("one"), False), (user("two"), False), (user("three"), True)],
    ids=["v2c", "sha1-aes128", "sha256-aes128", "sha256-aes256"],
)
def test_a_real_agent_is_asked(
    round_: Round, port: int, opened: SnmpV2 | SnmpV3, otherwise: bool
) -> None:
    more = {"otherwise": True} if otherwise else {}
    found = asked(round_, port, opened, **more)
    assert (found.identity.name, found.identity.location) == ("hall", "Hall")
    assert found.identity.object_id == "1.3.6.1.4.1.8072.3.2.10"
    assert found.identity.engine_id
    assert found.kind == "server"
    assert isinstance(found.ports, list)
    assert "lo" in {one.name for one in found.ports}
    assert found.learnt is False


@pytest.mark.parametrize(
    ("opened", "code"),
    [
        (SnmpV2(Secret("wrong")), "no-answer"),
        (user("nobody"), "wrong-user"),
        (user("one", auth="wrong-password"), "wrong-password"),
        (user("one", priv="wrong-password"), "no-answer"),
    ],
    ids=["community", "user", "authentication", "privacy"],
)
def test_a_wrong_credential_is_named_as_far_as_anybody_can_tell(
    round_: Round, port: int, opened: SnmpV2 | SnmpV3, code: str
) -> None:
    line = Line(round_, round_.engine(opened), "127.0.0.1", port, retries=0)
    assert line.get([columns.SYS_NAME]) == Reply(code)
    assert line.speaks() is True, "to a stranger it says that it knows version 3"


def test_nobody_there_is_silence_even_to_a_stranger(round_: Round) -> None:
    line = Line(round_, round_.engine(user("one")), "127.0.0.1", 9, retries=0)
    assert line.get([columns.SYS_NAME]) == Reply("no-answer")
    assert line.speaks() is False


SYSTEM: dict[Oid, Any] = {(1, 3, 6, 1, 2, 1, 1, 5, 0): text(b"hall")}
FDB = tuple(map(int, columns.VLAN_FDB_PORT.split(".")))
ARP = tuple(map(int, columns.ARP.split(".")))


def switch(rows: int = 30) -> dict[Oid, Any]:
    """A small switch."""
    found = dict(SYSTEM)
    for at in range(1, rows + 1):
        found[*map(int, columns.IF_TYPE.split(".")), at] = number(6)
        found[*map(int, columns.BASE_PORT_IF_INDEX.split(".")), at] = number(at)
        found[*FDB, 1, 0, 0, 94, 0, 83, at] = number(at)
    return found


def forever(column: Oid) -> Answer:
    """Of one column there is always one more."""
    good = table(switch())

    def answer(kind: str, oids: list[Oid], size: int) -> Any:
        if kind == "Get" or oids[0][: len(column)] != column:
            return good(kind, oids, size)
        last = int.from_bytes(bytes(part % 256 for part in oids[0][len(column) + 1 :][-6:]), "big")
        new = [(last + at).to_bytes(6, "big") for at in range(1, size + 1)]
        return [((*column, 1, *mac), number(1)) for mac in new]

    return answer


def circle(column: Oid) -> Answer:
    """One column begins again after three rows."""
    good = table(switch())

    def answer(kind: str, oids: list[Oid], size: int) -> Any:
        if kind == "Get" or oids[0][: len(column)] != column:
            return good(kind, oids, size)
        return [((*column, 1, 0, 0, 94, 0, 83, at % 3), number(1)) for at in range(size)]

    return answer


def test_a_device_that_answers_for_ever_has_a_budget(round_: Round) -> None:
    with Device(forever(FDB)) as device:
        found = asked(round_, device.port, V2C, budget={"rows": 600})
    assert found.learnt == Unseen("too-large")
    assert isinstance(found.ports, list)
    assert sum(port.count for port in found.ports) > 100
    assert len(device.asked) < 100


def test_a_circle_in_its_tables_ends_and_the_rest_stands(round_: Round) -> None:
    with Device(circle(FDB)) as device:
        found = asked(round_, device.port, V2C)
    assert found.learnt == Unseen("parse-error")
    assert isinstance(found.ports, list)
    assert len(found.ports) == 30
    assert found.bindings == []


def test_a_device_with_little_room_is_asked_for_less_at_a_time(round_: Round) -> None:
    with Device(table(switch(), most=3)) as device:
        found = asked(round_, device.port, V2C)
    assert found.learnt is True
    assert isinstance(found.ports, list)
    assert len(found.ports) == 30
    assert found.identity.name == "hall"


def test_a_device_with_no_room_at_all_is_too_big(round_: Round) -> None:
    with Device(lambda *_: 1) as device, pytest.raises(CannotAsk, match="too-big"):
        asked(round_, device.port, V2C)


def test_a_device_that_goes_silent_is_asked_three_times_more_and_no_further(round_: Round) -> None:
    good = table(switch())

    def answer(kind: str, oids: list[Oid], size: int) -> Any:
        return good(kind, oids, size) if oids[0][:7] == (1, 3, 6, 1, 2, 1, 1) else None

    with Device(answer) as device:
        found = asked(round_, device.port, V2C)
    assert found.identity.name == "hall"
    assert found.ports == Unseen("timeout")
    in_vain = [oids[0] for _, oids in device.asked if oids[0][:7] != (1, 3, 6, 1, 2, 1, 1)]
    assert len(set(in_vain)) <= 3


@pytest.mark.parametrize("status", [2, 5, 6, 13, 16])
def test_an_error_is_a_reason_and_not_an_exception(round_: Round, status: int) -> None:
    with Device(lambda *_: status) as device, pytest.raises(CannotAsk) as refused:
        asked(round_, device.port, V2C)
    assert refused.value.code == ("denied" if status in (6, 16) else "malformed")


def test_a_device_that_refuses_a_whole_question_for_one_gap_is_asked_one_by_one(
    round_: Round,
) -> None:
    values = switch()
    good = table(values)

    def answer(kind: str, oids: list[Oid], size: int) -> Any:
        return (
            2
            if kind == "Get" and any(oid not in values for oid in oids)
            else good(kind, oids, size)
        )

    with Device(answer) as device:
        found = asked(round_, device.port, V2C)
    assert found.identity.name == "hall"
    assert found.learnt is True


def test_a_budget_of_questions_ends_in_a_reason(round_: Round) -> None:
    with Device(table(switch())) as device:
        found = asked(round_, device.port, V2C, budget={"questions": 4})
    assert len(device.asked) == 4
    assert found.bindings == Unseen("too-large")


def test_of_a_table_with_keys_one_row_is_read_at_a_time_and_no_key_is_asked_for(
    round_: Round,
) -> None:
    zone = (1, 3, 6, 1, 4, 1, 25053, 1, 2, 2, 2, 1, 1, 1, 1)
    values: dict[Oid, Any] = {
        (1, 3, 6, 1, 2, 1, 1, 2, 0): snmp_oid("1.3.6.1.4.1.25053.3.1.5.15"),
        **{(*zone, 2, at): text(b"Staff%d" % at) for at in (1, 2)},
        **{(*zone, 12, at): number(2) for at in (1, 2)},
        **{(*zone, 20, at): number(2) for at in (1, 2)},
        **{(*zone, 21, at): text(b"Canary-Key") for at in (1, 2)},
    }
    with Device(table(values)) as device:
        found = asked(round_, device.port, V2C)
    assert found.wireless is not None
    assert isinstance(found.wireless.ssids, list)
    assert [one.security for one in found.wireless.ssids] == ["wpa2-psk", "wpa2-psk"]
    secrets = [tuple(map(int, secret.split("."))) for secret in denied.DENIED]
    for kind, oids in device.asked:
        for oid in oids:
            assert not any(oid[: len(secret)] == secret for secret in secrets)
            assert oid[:7] != zone[:7] or kind in ("Get", "GetNext")


def test_an_old_cisco_is_asked_for_each_vlan_by_itself(round_: Round) -> None:
    fdb = tuple(map(int, columns.FDB_PORT.split(".")))
    base = tuple(map(int, columns.BASE_PORT_IF_INDEX.split(".")))
    state = tuple(map(int, columns.CISCO_VLAN_STATE.split(".")))

    def vlan(port: int) -> dict[Oid, Any]:
        return {(*base, port): number(port), (*fdb, 0, 0, 94, 0, 83, port): number(port)}

    whole = {oid: value for oid, value in switch(3).items() if oid[: len(FDB)] != FDB}
    whole |= vlan(1) | {(*state, 1, at): number(1) for at in (1, 20, 30, 1002)}
    whole[1, 3, 6, 1, 2, 1, 1, 2, 0] = snmp_oid("1.3.6.1.4.1.9.1.516")
    with Device(table(whole), **{"20": table(vlan(2)), "30": table(vlan(3))}) as device:
        found = asked(round_, device.port, V2C)
    assert found.learnt is True
    assert isinstance(found.ports, list)
    assert [port.macs for port in found.ports] == [[f"00:00:5e:00:53:0{at}"] for at in (1, 2, 3)]
    with Device(table(whole), **{"20": table(vlan(2))}) as device:
        partly = asked(round_, device.port, V2C)
    assert partly.learnt == Unseen("timeout")


def snmp_oid(value: str) -> Any:
    from pysnmp.proto.rfc1902 import ObjectIdentifier

    return ObjectIdentifier(value)


def test_nothing_of_ours_can_set_anything() -> None:
    for path in [*(ROOT / "agent").rglob("*.py"), *(ROOT / "checks").rglob("*.py")]:
        source = path.read_text("utf-8")
        for word in ("set_cmd", "SetCommand", "SetRequest", "send_notification", "snmpset"):
            assert word not in source, f"{word} in {path.relative_to(ROOT)}"


def test_only_two_modules_know_pysnmp() -> None:
    knows = {
        str(path.relative_to(ROOT))
        for path in [*(ROOT / "agent").rglob("*.py"), *(ROOT / "checks").rglob("*.py")]
        if "import pysnmp" in (source := path.read_text("utf-8")) or "from pysnmp" in source
    }
    assert knows == {"agent/survey/snmp/engine.py", "agent/survey/snmp/round.py"}
