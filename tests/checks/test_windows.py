"""What readers on Windows share: values, hives and moments as Windows writes them."""

import msgspec
import pytest

from agent.hosts.recorded import RecordedHost
from agent.hosts.recording import Answer, Recording
from checks import windows
from checks.host import CannotLook, RegistryKey, RegistryValue, User
from checks.layers import Decided, decide
from checks.unseen import Unseen

MAYA = User("maya", "S-1-5-21-1-2-3-1001", "a" * 16, r"C:\Users\maya", "", "human")
RUNS = User("svc", "S-1-5-21-1-2-3-1002", "b" * 16, "", "", "service")


def key(**values: tuple[str, object]) -> RegistryKey:
    shown = {name: {"type": kind, "data": data} for name, (kind, data) in values.items()}
    return RegistryKey(msgspec.convert(shown, dict[str, RegistryValue]), [])


def machine(*answers: Answer) -> RecordedHost:
    return RecordedHost(
        Recording(
            schema="caretaker.recording/1",
            provenance="constructed",
            source="written by hand",
            platform="windows",
            os="Windows 11",
            build="26200",
            date="2026-11-22",
            at=1_795_336_200,
            privileged=True,
            answers=list(answers),
        )
    )


@pytest.mark.parametrize(
    ("kind", "data", "wanted"),
    [
        ("dword", 900, 900),
        ("qword", 1 << 40, 1 << 40),
        ("sz", "900", 900),
        ("sz", " 0900 \0", 900),
        ("sz", "-1", -1),
        ("sz", "0x384", 900),
        ("expand_sz", "0X0384", 900),
        ("sz", "", None),
    ],
)
def test_a_number_is_read_also_where_it_stands_as_text(
    kind: str, data: object, wanted: int
) -> None:
    assert windows.number(key(t=(kind, data)), "T") == wanted


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("sz", "15 min"),
        ("sz", "٩٠٠"),
        ("sz", "1e3"),
        ("sz", "9" * 5000),
        ("binary", "84030000"),
        ("multi_sz", ["900"]),
        ("none", ""),
        ("dword", "900"),
    ],
)
def test_what_is_no_number_is_never_guessed(kind: str, data: object) -> None:
    with pytest.raises(CannotLook) as refused:
        windows.number(key(t=(kind, data)), "t")
    assert refused.value.reason == "parse-error"


def test_a_value_or_key_that_is_not_there_is_none() -> None:
    asked = (windows.number, windows.flag, windows.text, windows.texts, windows.filetime)
    assert [ask(None, "t") for ask in asked] == [None] * 5
    assert [ask(key(), "t") for ask in asked] == [None] * 5


def test_a_text_ends_at_its_first_nul_and_an_empty_one_is_none() -> None:
    assert windows.text(key(t=("sz", "Dell Inc. \0rest")), "t") == "Dell Inc."
    assert windows.text(key(t=("sz", "  ")), "t") is None
    with pytest.raises(CannotLook):
        windows.text(key(t=("dword", 1)), "t")


def test_a_list_of_texts_may_be_one_text() -> None:
    assert windows.texts(key(t=("multi_sz", ["a", "", "b"])), "t") == ["a", "b"]
    assert windows.texts(key(t=("sz", "a")), "t") == ["a"]
    assert windows.texts(key(t=("sz", "")), "t") == []


@pytest.mark.parametrize(
    ("kind", "data", "wanted"),
    [
        ("qword", 133_766_000_000_000_000, 1_732_126_400),
        ("binary", (133_766_000_000_000_000).to_bytes(8, "little").hex(), 1_732_126_400),
        ("qword", 0, None),
        ("binary", "00" * 8, None),
        ("qword", (1 << 63) - 1, None),
    ],
)
def test_a_filetime_is_epoch_seconds_and_its_zero_is_never(
    kind: str, data: object, wanted: int | None
) -> None:
    assert windows.filetime(key(t=(kind, data)), "t") == wanted


@pytest.mark.parametrize("data", ["00", "zz" * 8, "00" * 9])
def test_bytes_that_are_no_filetime_are_refused(data: str) -> None:
    with pytest.raises(CannotLook):
        windows.filetime(key(t=("binary", data)), "t")


@pytest.mark.parametrize(
    ("iso", "wanted"),
    [
        ("2024-11-20T18:13:20Z", 1_732_126_400),
        ("2024-11-20T18:13:20.1234560Z", 1_732_126_400),
        ("2024-11-20T19:13:20+01:00", 1_732_126_400),
        ("1601-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("1899-12-30T00:00:00Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("", None),
        (None, None),
    ],
)
def test_a_moment_is_epoch_seconds_and_windows_ways_of_never_are_none(
    iso: str | None, wanted: int | None
) -> None:
    assert windows.when(iso) == wanted


@pytest.mark.parametrize("odd", ["20.11.2024", "yesterday", 7, ["2024-11-20"], "2024-13-01T00:00"])
def test_a_moment_that_cannot_be_read_is_refused(odd: object) -> None:
    with pytest.raises(CannotLook):
        windows.when(odd)


def test_the_hive_of_an_account_that_is_not_signed_in_is_unseen_not_empty() -> None:
    loaded = machine(
        Answer(ask=["registry", "HKU", MAYA.uid, "64"], gives={"values": {}, "subkeys": []})
    )
    assert windows.hive(loaded, MAYA) == MAYA.uid
    away = windows.hive(machine(Answer(ask=["registry", "HKU", MAYA.uid, "64"], absent=True)), MAYA)
    assert isinstance(away, Unseen)
    assert away.unseen == "deferred"


def test_only_accounts_of_people_count_as_people() -> None:
    users = [msgspec.to_builtins(user) for user in (MAYA, RUNS)]
    assert windows.people(machine(Answer(ask=["users"], gives=users))) == [MAYA]


def test_both_views_are_looked_at_and_one_may_be_missing() -> None:
    host = machine(
        Answer(ask=["registry", "HKLM", "S", "64"], gives={"values": {}, "subkeys": ["a"]}),
        Answer(ask=["registry", "HKLM", "S", "32"], absent=True),
    )
    assert [view.subkeys for view in windows.both_views(host, "S")] == [["a"]]


@pytest.mark.parametrize(("data", "wins"), [(1, True), (0, False)])
def test_mdm_beats_group_policy_only_where_it_is_told_to(data: int, wins: bool) -> None:
    place = rf"{windows.MDM}\device\ControlPolicyConflict"
    values = {"mdmwinsovergp": {"type": "dword", "data": data}}
    host = machine(
        Answer(ask=["registry", "HKLM", place, "64"], gives={"values": values, "subkeys": []})
    )
    assert windows.mdm_wins(host) is wins


def test_the_first_layer_that_says_anything_decides() -> None:
    assert decide(7, [("group-policy", None), ("user", 0)]) == Decided(0, "user")
    assert decide(7, [("group-policy", None)]) == Decided(7, "default")


def test_a_row_gives_texts_numbers_and_flags_and_refuses_other_kinds() -> None:
    row: windows.Row = {"T": " x \0", "N": 5, "S": "18446744073709551615", "F": False, "L": [1]}
    assert (windows.row_text(row, "T"), windows.row_text(row, "gone")) == ("x", None)
    assert (windows.row_number(row, "N"), windows.row_number(row, "gone")) == (5, None)
    assert windows.row_number(row, "S") == (1 << 64) - 1
    assert windows.row_flag(row, "F") is False
    for ask, name in (
        (windows.row_text, "N"),
        (windows.row_number, "F"),
        (windows.row_number, "T"),
        (windows.row_flag, "N"),
        (windows.row_text, "L"),
    ):
        with pytest.raises(CannotLook):
            ask(row, name)


def test_a_class_without_an_instance_is_not_supported_here() -> None:
    assert windows.only([{"A": 1}, {"A": 2}]) == {"A": 1}
    with pytest.raises(CannotLook) as refused:
        windows.only([])
    assert refused.value.reason == "unsupported"
