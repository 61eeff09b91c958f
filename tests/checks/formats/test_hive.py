"""Files of the registry, read without Windows: whole ones, broken ones and hostile ones."""

import lzma
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import hive
from checks.formats.errors import ParseError
from checks.formats.registry_values import Value
from tests.checks import corpus
from tests.checks.formats.hives import Node, Writer


def sz(text: str) -> bytes:
    """Text as the registry keeps it."""
    return (text + "\0").encode("utf-16-le")


LONG = "x" * 30_000
ROOT = Node(
    "ROOT",
    [("", 1, sz("default"))],
    [
        Node(
            "Software",
            [
                ("Text", 1, sz("é")),
                ("Tiny", 1, sz("")),
                ("Number", 4, b"\x01\0\0\0"),
                ("Big", 11, b"\x02" + bytes(7)),
                ("List", 7, sz("a") + sz("b") + b"\0\0"),
                ("Blob", 3, b"\x01\x02\x03\x04\x05"),
                ("Long", 1, sz(LONG)),
                ("Ω", 2, sz("%x%")),
                ("DefaultPassword", 1, sz("Canary1")),
            ],
            [Node("Ключ"), Node("Policies", [], [Node("System", [("A", 4, b"\x05\0\0\0")])])],
        ),
        Node("Empty"),
    ],
)


@pytest.mark.parametrize("links", ["lf", "lh", "li", "ri"])
def test_every_key_and_value_is_read(links: str) -> None:
    found = hive.parse(Writer(links).file(ROOT))
    assert (found.name, found.written_at, found.dirty) == ("Test.DAT", 1_700_000_000, False)
    assert found.skipped == 0
    assert [key.path for key in found.keys] == [
        "",
        "Software",
        "Software\\Ключ",
        "Software\\Policies",
        "Software\\Policies\\System",
        "Empty",
    ]
    assert found.keys[0].values == {"": Value("sz", "default")}
    assert found.keys[1].values == {
        "Text": Value("sz", "é"),
        "Tiny": Value("sz", ""),
        "Number": Value("dword", 1),
        "Big": Value("qword", 2),
        "List": Value("multi_sz", ["a", "b"]),
        "Blob": Value("binary", "0102030405"),
        "Long": Value("sz", LONG),
        "Ω": Value("expand_sz", "%x%"),
        "DefaultPassword": Value("sz", "removed"),
    }


def test_one_key_is_found_in_any_case() -> None:
    opened = hive.Hive(Writer().file(ROOT))
    found = opened.look("software\\POLICIES\\system")
    assert found is not None
    assert found.key.values == {"A": Value("dword", 5)}
    software = opened.look("Software")
    assert software is not None
    assert software.subkeys == ["Ключ", "Policies"]
    assert opened.look("Software\\No") is None
    root = opened.look("")
    assert root is not None
    assert root.subkeys == ["Software", "Empty"]


def test_one_that_windows_had_open_says_so() -> None:
    assert hive.parse(Writer().file(ROOT, dirty=True)).dirty


@pytest.mark.parametrize(
    "path", ["SAM\\Domains\\Account\\Users\\000001F4", "Policy\\Secrets\\x\\CurrVal"]
)
def test_no_hash_and_no_secret_comes_out(path: str) -> None:
    first, *rest = reversed(path.split("\\"))
    node = Node(first, [("V", 3, b"Canary12"), ("", 3, b"Canary12")])
    for name in rest:
        node = Node(name, [], [node])
    last = hive.parse(Writer().file(Node("ROOT", [], [node]))).keys[-1]
    assert last.path == path
    assert last.values["V"].data == "removed"


@pytest.mark.parametrize("data", [b"", b"regf", b"regf" + bytes(5_000), b"hbin" + bytes(5_000)])
def test_another_file_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        hive.parse(data)


def test_keys_in_a_circle_are_read_once() -> None:
    data = bytearray(Writer("li").file(Node("ROOT", [], [Node("A", [], [Node("B")])])))
    root = struct.unpack_from("<I", data, 36)[0]
    # B's list of subkeys becomes A's parent's: B is above the root that is above it.
    lists = [at for at in range(4096, len(data) - 8) if data[at : at + 2] == b"li"]
    for at in lists:
        struct.pack_into("<I", data, at + 4, root)
    found = hive.parse(bytes(data))
    assert [key.path for key in found.keys] == [""]


def test_a_chain_deeper_than_the_bound_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hive, "DEEPEST", 5)
    node = Node("x")
    for _ in range(9):
        node = Node("x", [], [node])
    assert len(hive.parse(Writer().file(node)).keys) == 6


def test_values_that_share_their_bytes_may_not_multiply_them() -> None:
    data = bytearray(Writer().file(Node("ROOT", [(f"{n:03}", 3, bytes(9)) for n in range(200)])))
    shared = len(data) - 4096
    data += struct.pack("<i", -(1 << 16)) + bytes((1 << 16) - 4)
    at = data.find(b"vk\x03\0")
    while at > 0:
        struct.pack_into("<II", data, at + 4, (1 << 16) - 4, shared)
        at = data.find(b"vk\x03\0", at + 20)
    with pytest.raises(ParseError, match="more than the file can"):
        hive.parse(bytes(data))


def test_a_copy_packed_with_xz_is_read_and_a_bomb_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = lzma.compress(Writer().file(ROOT))
    assert len(hive.parse(packed).keys) == 6
    monkeypatch.setattr(hive, "UNPACKED", 1 << 24)
    for broken in (packed[:-20], packed[:40], lzma.compress(bytes(1 << 25))):
        with pytest.raises(ParseError, match="packed"):
            hive.parse(broken)


WHOLE = Writer("ri").file(ROOT)


@given(st.integers(4096, len(WHOLE) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_hive_is_read_in_part_or_refused(at: int, damage: bytes) -> None:
    data = bytearray(WHOLE)
    data[at : at + len(damage)] = damage
    try:
        found = hive.parse(bytes(data[: len(WHOLE)]))
    except ParseError:
        return
    assert len(found.keys) <= 6
    assert "Canary" not in repr(found) or b"Canary".hex() not in repr(found)


@given(st.integers(0, len(WHOLE)))
def test_a_hive_cut_short_is_read_in_part_or_refused(end: int) -> None:
    try:
        assert len(hive.parse(WHOLE[:end]).keys) <= 6
    except ParseError:
        return


@pytest.mark.parametrize(
    ("name", "keys", "values"),
    [
        ("BCD", 132, 103),
        ("SAM", 65, 70),
        ("NTUSER-WSL.DAT", 3074, 4949),
        ("transactions_NTUSER.DAT", 2590, 4119),
    ],
)
def test_a_real_hive_has_as_many_keys_and_values_as_another_reader_counts(
    name: str, keys: int, values: int
) -> None:
    found = hive.parse(lzma.decompress(corpus.need(f"hives/{name}.xz").read_bytes()))
    assert found.skipped == 0
    assert (len(found.keys), sum(len(key.values) for key in found.keys)) == (keys, values)


@pytest.mark.parametrize("name", corpus.names("hives"))
def test_every_real_hive_opens_and_a_log_is_none(name: str) -> None:
    data = lzma.decompress(corpus.need(f"hives/{name}").read_bytes())
    if ".LOG" in name.upper():
        with pytest.raises(ParseError):
            hive.Hive(data)
        return
    found = hive.Hive(data).look("")
    assert found is not None
    assert found.subkeys


def test_one_key_of_a_real_system_is_found_without_reading_the_rest() -> None:
    data = lzma.decompress(corpus.need("hives/SYSTEM_WIN_10_1709.xz").read_bytes())
    found = hive.Hive(data).look("Select")
    assert found is not None
    assert found.key.values["Current"] == Value("dword", 1)
