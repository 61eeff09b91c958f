"""The door to the Windows registry, over a stand-in for Python's `winreg` (constructed: nobody ran
it on Windows)."""

import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from agent.hosts.windows import registry
from checks.host import CannotLook, RegistryValue

Tree = dict[tuple[int, str, int], tuple[list[tuple[str, object, int]], list[str]]]
LOCAL, USERS, READ, VIEW_32, VIEW_64 = 0x80000002, 0x80000003, 0x20019, 0x200, 0x100


class RefusedError(OSError):
    """As Windows refuses: with a number of its own."""

    def __init__(self, winerror: int) -> None:
        super().__init__(22, "refused")
        self.winerror = winerror


@pytest.fixture
def tree(monkeypatch: pytest.MonkeyPatch) -> Tree:
    keys: Tree = {}
    fake = types.ModuleType("winreg")

    @contextmanager
    def opened(root: int, key: str, reserved: int, access: int) -> Iterator[object]:
        assert (reserved, access & ~(VIEW_32 | VIEW_64)) == (0, READ)
        found = keys.get((root, key, access & (VIEW_32 | VIEW_64)))
        if found is None:
            raise FileNotFoundError(2, "no such key")
        yield found

    def item(of: int) -> object:
        def at(key: tuple[list[object], list[object]], index: int) -> object:
            if index >= len(key[of]):
                raise RefusedError(259)
            return key[of][index]

        return at

    fake.__dict__.update(
        HKEY_LOCAL_MACHINE=LOCAL,
        HKEY_USERS=USERS,
        KEY_READ=READ,
        KEY_WOW64_32KEY=VIEW_32,
        KEY_WOW64_64KEY=VIEW_64,
        OpenKey=opened,
        QueryInfoKey=lambda key: (len(key[1]), len(key[0]), 0),
        EnumValue=item(0),
        EnumKey=item(1),
    )
    monkeypatch.setitem(sys.modules, "winreg", fake)
    return keys


@pytest.mark.parametrize(
    ("data", "number", "shown"),
    [
        ("900", 1, RegistryValue("sz", "900")),
        (None, 1, RegistryValue("sz", "")),
        (r"%windir%\x", 2, RegistryValue("expand_sz", r"%windir%\x")),
        (b"\x01\xff", 3, RegistryValue("binary", "01ff")),
        (None, 3, RegistryValue("binary", "")),
        (4294967295, 4, RegistryValue("dword", 4294967295)),
        (["a", "b"], 7, RegistryValue("multi_sz", ["a", "b"])),
        (None, 7, RegistryValue("multi_sz", [])),
        (1 << 63, 11, RegistryValue("qword", 1 << 63)),
        (b"\x01", 0, RegistryValue("none", "01")),
        (b"\x00\x01", 5, RegistryValue("none", "0001")),
        ("half a pair \ud83d", 1, RegistryValue("sz", "half a pair \ufffd")),
        (b"odd", 1, RegistryValue("none", "6f6464")),
    ],
)
def test_every_type_of_value_has_one_form(data: object, number: int, shown: RegistryValue) -> None:
    assert registry.shown(data, number) == shown  # type: ignore[arg-type]  # also what winreg never gives


def test_names_of_values_are_lower_case_and_keys_sorted(tree: Tree) -> None:
    tree[LOCAL, r"SOFTWARE\Any", VIEW_64] = ([("Idle", 1, 4), ("", "default", 1)], ["b", "A"])
    key = registry.read("HKLM", r"SOFTWARE\Any", "64")
    assert key is not None
    assert set(key.values) == {"idle", ""}
    assert key.subkeys == ["A", "b"]


def test_both_views_are_asked_apart(tree: Tree) -> None:
    tree[LOCAL, "SOFTWARE", VIEW_64] = ([("a", 64, 4)], [])
    tree[LOCAL, "SOFTWARE", VIEW_32] = ([("a", 32, 4)], [])
    views = [registry.read("HKLM", "SOFTWARE", view) for view in ("64", "32")]  # type: ignore[arg-type]  # mypy widens the two words
    assert [key.values["a"].data for key in views if key] == [64, 32]


def test_a_hive_of_a_person_is_below_users(tree: Tree) -> None:
    tree[USERS, "S-1-12-1-1-2-3-4", VIEW_64] = ([], ["Software"])
    assert registry.read("HKU", "S-1-12-1-1-2-3-4", "64") is not None
    assert registry.read("HKLM", "S-1-12-1-1-2-3-4", "64") is None


def test_a_key_that_shrinks_while_it_is_listed_gives_what_is_left(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree[LOCAL, "K", VIEW_64] = ([("a", 1, 4)], ["s"])
    monkeypatch.setattr(sys.modules["winreg"], "QueryInfoKey", lambda _: (5, 5, 0))
    key = registry.read("HKLM", "K", "64")
    assert key is not None
    assert (list(key.values), key.subkeys) == (["a"], ["s"])


@pytest.mark.parametrize(
    ("refusal", "why"),
    [
        (PermissionError(13, "no"), "denied"),
        (RefusedError(5), "denied"),
        (RefusedError(1018), "unsupported"),
    ],
    ids=["permission", "access", "marked for deletion"],
)
def test_a_refusal_is_not_nothing(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, refusal: OSError, why: str
) -> None:
    def refuse(*_: object) -> object:
        raise refusal

    monkeypatch.setattr(sys.modules["winreg"], "OpenKey", refuse)
    with pytest.raises(CannotLook, match=why):
        registry.read("HKLM", "K", "64")


def test_too_much_is_too_large(tree: Tree) -> None:
    tree[LOCAL, "K", VIEW_64] = ([("a", b"x" * (9 << 20), 3)], [])
    with pytest.raises(CannotLook, match="too-large"):
        registry.read("HKLM", "K", "64")
    tree[LOCAL, "M", VIEW_64] = ([("a", 1, 4)] * 10_001, [])
    with pytest.raises(CannotLook, match="too-large"):
        registry.read("HKLM", "M", "64")


@pytest.mark.parametrize("key", ["a\0b", r"\SOFTWARE"])
def test_what_is_no_name_is_not_asked(tree: Tree, key: str) -> None:
    with pytest.raises(CannotLook, match="unsupported"):
        registry.read("HKLM", key, "64")


def test_without_a_registry_nobody_could_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "winreg", raising=False)
    with pytest.raises(CannotLook, match="unsupported"):
        registry.read("HKLM", "SOFTWARE", "64")
