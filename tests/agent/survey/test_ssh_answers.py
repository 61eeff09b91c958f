"""Recorded answers of real switches and access points, and what is made of them."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from agent.survey.ssh import makers, reading, rows
from agent.survey.ssh.makers import Ask, Gives
from checks.formats.errors import ParseError
from checks.surveys import equipment as facts
from checks.unseen import Unseen
from tests.checks import corpus

ASKS = [(name, command) for name, maker in makers.makers().items() for command in maker.asks]


def _recorded(name: str, command: str) -> tuple[Ask, list[Path]]:
    maker = makers.makers()[name]
    one = maker.asks[command]
    folder = corpus.need("ntc") / maker.template / (one.template or command).replace(" ", "_")
    return one, sorted(folder.glob("*.raw")) if folder.is_dir() else []


def _read(name: str, command: str, data: bytes) -> facts.Equipment:
    maker = makers.makers()[name]
    found = rows.rows(maker.template, maker.asks[command].template or command, data)
    return reading.equipment(
        maker, {command: found}, address="10.0.0.1", credential="cr_1", host_key=""
    )


def _expected(raw: Path) -> list[dict[str, object]]:
    said = yaml.safe_load(raw.with_suffix(".yml").read_text("utf-8"))
    listed: list[dict[str, object]] = said["parsed_sample"]
    return listed


@pytest.mark.parametrize(("name", "command"), ASKS)
def test_there_is_a_template_for_every_command(name: str, command: str) -> None:
    maker = makers.makers()[name]
    assert rows.readable(maker.template, maker.asks[command].template or command)


@pytest.mark.parametrize(("name", "command"), ASKS)
def test_every_column_named_is_one_the_template_has(name: str, command: str) -> None:
    """A column that is misspelt would read as "says nothing" for ever."""
    import io

    import textfsm

    maker = makers.makers()[name]
    one = maker.asks[command]
    text = rows._template(maker.template, one.template or command)
    assert text is not None
    header = set(textfsm.TextFSM(io.StringIO(text)).header)
    named = {
        getattr(one, field) for field in Ask.__struct_fields__ if field not in ("gives", "template")
    }
    assert named - {""} <= header
    assert named != {""}


def test_addresses_learnt_are_those_of_the_recording() -> None:
    seen = 0
    for name, command in ASKS:
        one, recorded = _recorded(name, command)
        if one.gives != "macs":
            continue
        for raw in recorded:
            found = _read(name, command, raw.read_bytes())
            assert not isinstance(found.ports, Unseen)
            learnt = {mac for port in found.ports for mac in port.macs}
            column = one.mac.lower()
            expected = {reading.mac(str(row[column])) for row in _expected(raw)} - {""}
            told = {mac for mac in expected if not reading.made_up(mac)}
            assert learnt <= told
            assert sum(port.count for port in found.ports) >= len(learnt)
            # What is left out is the switch's own.
            own = [
                r
                for r in _expected(raw)
                if one.type and str(r[one.type.lower()]).lower() in reading._OWN
            ]
            assert len(told - learnt) <= len(own)
            seen += bool(learnt)
    assert seen >= 8


@pytest.mark.parametrize(
    ("name", "command", "file", "serials"),
    [
        ("cisco-ios", "show version", "cisco_ios_show_version.raw", ["CAT1451S15C"]),
        ("cisco-ios", "show inventory", "cisco_ios_show_inventory.raw", ["FF1045C5"]),
        ("cisco-wireless", "show inventory", "cisco_wlc_ssh_show_inventory.raw", ["ABC1234D567"]),
        ("ruckus-icx", "show version", "show_version.raw", ["FEE3816Q018", "FEE3816Q017"]),
        (
            "ubiquiti-edgeswitch",
            "show version",
            "ubiquiti_edgeswitch_show_version2.raw",
            ["788A20BE0E00"],
        ),
    ],
)
def test_serials_of_a_chassis_or_of_each_member_of_a_stack(
    name: str, command: str, file: str, serials: list[str]
) -> None:
    _, recorded = _recorded(name, command)
    found = _read(name, command, next(p for p in recorded if p.name == file).read_bytes())
    assert not isinstance(found.parts, Unseen)
    assert [part.serial for part in found.parts] == serials
    assert {part.kind for part in found.parts} == {"stack" if len(serials) > 1 else "chassis"}


def test_the_name_of_a_telephone_stays_where_it_is() -> None:
    _, recorded = _recorded("cisco-ios", "show lldp neighbors detail")
    kept = []
    for raw in recorded:
        found = _read("cisco-ios", "show lldp neighbors detail", raw.read_bytes())
        assert not isinstance(found.neighbours, Unseen)
        kept += found.neighbours
    phones = [one for one in kept if "phone" in one.capabilities]
    assert phones
    assert all((one.name, one.description) == ("", "") for one in phones)
    assert any(one.name for one in kept if "bridge" in one.capabilities)


def test_ports_are_one_however_two_commands_spell_them() -> None:
    for one, other in (
        ("GigabitEthernet1/0/20", "GE1/0/20"),
        ("Gi1/0/1", "GigabitEthernet1/0/1"),
        ("Ten-GigabitEthernet1/0/30", "XGE1/0/30"),
        ("Bridge-Aggregation1", "BAGG1"),
        ("Port-channel15", "Po15"),
    ):
        assert reading._short(one) == reading._short(other)
    assert reading._short("Gi1/0/1") != reading._short("Te1/0/1")
    assert reading._short("Gi1/0/1") != reading._short("Gi1/0/11")


@pytest.mark.parametrize(
    ("said", "mac"),
    [
        ("001b.0c11.2201", "00:1b:0c:11:22:01"),
        ("c025a5-aabb01", "c0:25:a5:aa:bb:01"),
        ("C0-25-A5-AA-BB-01", "c0:25:a5:aa:bb:01"),
        ("0000-1111-2222", "00:00:11:11:22:22"),
        ("0100.0ccc.cccc", ""),  # a group's
        ("00:00:00:00:00:00", ""),
        ("ff:ff:ff:ff:ff:ff", ""),
        ("10.1.2.3", ""),
        ("SEP0000000000A0", ""),
        ("001b.0c11.220", ""),
    ],
)
def test_a_mac_in_any_spelling_and_nothing_else(said: str, mac: str) -> None:
    assert reading.mac(said) == mac


def test_what_a_terminal_would_show_is_what_is_read() -> None:
    assert rows.text_of(b"a\r\nb\r\n") == "a\nb\n"
    assert rows.text_of(b"\x1b[1;24r\x1b[24;1Hcupboard# show\x1b[K\n") == "cupboard# show\n"
    assert rows.text_of(b"--More--\r         \rnext\n") == "next\n"
    assert rows.text_of(b"--More--" + b"\x08" * 8 + b"next\n") == "next\n"
    assert len(rows.text_of(b"x" * 100_000)) == rows.LONGEST_LINE


@given(st.sampled_from(ASKS), st.binary(max_size=400), st.integers(0, 400))
def test_whatever_is_printed_there_are_rows_or_a_reason(
    ask: tuple[str, str], noise: bytes, at: int
) -> None:
    name, command = ask
    _, recorded = _recorded(name, command)
    good = recorded[0].read_bytes() if recorded else b""
    try:
        found = _read(name, command, good[:at] + noise + good[at:])
    except ParseError:
        return
    assert len(str(found)) < 4_000_000


def test_why_an_answer_cannot_be_read_does_not_repeat_it() -> None:
    with pytest.raises(ParseError) as error:
        rows.rows("cisco_ios", "show ip arp", b"enable secret canary-of-a-secret\n")
    assert "canary" not in f"{error.value!r} {error.value.__cause__!r}"
    assert error.value.__suppress_context__


def test_every_command_only_shows() -> None:
    for name, maker in makers.makers().items():
        for command in (*maker.asks, maker.first):
            assert makers.only_shows(command), name
    for command in (
        "configure terminal",
        "show version; reload",
        "show version | redirect x",
        "/system reboot",
        "show\nreload",
        "",
    ):
        assert not makers.only_shows(command)


def test_groups_that_no_command_fills_are_unseen() -> None:
    maker = makers.makers()["fortinet"]
    found = reading.equipment(maker, {}, address="10.0.0.1", credential="c", host_key="")
    gives: dict[Gives, object] = {"ports": found.ports, "neighbours": found.neighbours}
    assert set(map(str, gives.values())) == {str(Unseen("unsupported"))}
    assert found.bindings == Unseen("deferred")  # there is a command, and nobody asked
