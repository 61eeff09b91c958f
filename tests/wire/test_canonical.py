"""One value has one spelling; every other spelling, and every value no message may hold, is
refused.
"""

import json
import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.refusals import code
from wire import canonical, limits
from wire.errors import WireError

Json = Any

calm_text = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co"])
).map(lambda text: unicodedata.normalize("NFC", text))
numbers = st.integers(-limits.INTEGER, limits.INTEGER)
values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | numbers | calm_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(calm_text, inner, max_size=4),
    max_leaves=20,
)


def code_of(data: bytes, kind: type = object, **settings: Json) -> str:
    """Say with which code `data` is refused, or `accepted`."""
    return code(lambda: canonical.decode(data, kind, **settings))


@given(values)
def test_what_is_encoded_decodes_to_itself(value: Json) -> None:
    assert canonical.decode(canonical.encode(value), object) == value


@given(values)
def test_every_other_spelling_that_python_writes_is_refused(value: Json) -> None:
    """The one spelling is the one accepted: all others of the same value differ from it."""
    right = canonical.encode(value)
    spellings = {
        json.dumps(value, **style).encode()
        for style in (
            {},
            {"indent": 1},
            {"ensure_ascii": True, "separators": (",", ":")},
            {"ensure_ascii": False, "separators": (",", ":")},
            {"ensure_ascii": False, "separators": (",", ":"), "sort_keys": True},
        )
    } | {right + b" ", right + b"\n", b" " + right}
    accepted = {data for data in spellings if code_of(data) == "accepted"}
    assert accepted <= {right}


@given(values)
def test_stdlib_json_with_sorted_keys_writes_the_same_bytes(value: Json) -> None:
    style: Json = {"ensure_ascii": False, "separators": (",", ":"), "sort_keys": True}
    assert json.dumps(value, **style).encode() == canonical.encode(value)


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    a: int
    b: str = ""


PAIR = b'{"a":1,"b":"x"}'


def test_the_one_spelling_of_a_struct_is_accepted() -> None:
    assert canonical.decode(PAIR, Pair) == Pair(1, "x")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"b":"x","a":1}', "not_canonical"),
        (b'{"a":1,"a":1,"b":"x"}', "not_canonical"),
        (b'{"a":2,"a":1,"b":"x"}', "not_canonical"),
        (b'{"a":1, "b":"x"}', "not_canonical"),
        (b'{"a":1,"b":"x"}\n', "not_canonical"),
        (b'{"a":1,"b":"\\u0078"}', "not_canonical"),
        (b'{"a":1,"b":"\\/"}', "not_canonical"),
        (b'{"\\u0061":1,"b":"x"}', "not_canonical"),
        (b'{"a":-0,"b":"x"}', "not_canonical"),
        (b'{"a":1.0,"b":"x"}', "schema"),
        (b'{"a":1e0,"b":"x"}', "schema"),
        (b'{"a":1E2,"b":"x"}', "schema"),
        (b'{"a":true,"b":"x"}', "schema"),
        (b'{"a":"1","b":"x"}', "schema"),
        (b'{"a":null,"b":"x"}', "schema"),
        (b'{"a":1,"b":"x","c":1}', "schema"),
        (b'{"b":"x"}', "schema"),
        (b"[1]", "schema"),
        (b"", "malformed"),
        (b'{"a":01,"b":"x"}', "malformed"),
        (b'{"a":+1,"b":"x"}', "malformed"),
        (b'{"a":1,"b":"x"', "malformed"),
        (b'{"a":1,"b":"x"}}', "malformed"),
        (b"{'a':1}", "malformed"),
        (b'{"a":NaN,"b":"x"}', "malformed"),
        (b'{"a":Infinity,"b":"x"}', "malformed"),
        (b'{"a":1,"b":"x",}', "malformed"),
        (PAIR + PAIR, "malformed"),
        (b"\xef\xbb\xbf" + PAIR, "malformed"),
        (PAIR.decode().encode("utf-16"), "malformed"),
        (b"\x1f\x8b\x08\x00", "malformed"),
        (b"<html>403</html>", "malformed"),
    ],
)
def test_every_other_spelling_of_a_struct_is_refused(data: bytes, expected: str) -> None:
    assert code_of(data, Pair) == expected


def test_the_untyped_decode_refuses_the_same_numbers() -> None:
    assert code_of(b"1.5") == "schema"
    assert code_of(b"1e3") == "schema"
    assert code_of(b"[1E+3]") == "schema"
    assert code_of(b"-0") == "not_canonical"
    assert code_of(b'"1.5e3"') == "accepted"


@pytest.mark.parametrize("sign", ["", "-"])
def test_whole_numbers_are_bounded_by_what_every_reader_holds_exactly(sign: str) -> None:
    assert code_of(f"{sign}{2**53 - 1}".encode()) == "accepted"
    assert code_of(f"{sign}{2**53}".encode()) == "schema"
    assert code_of(f"{sign}{2**64}".encode()) == "schema"
    assert code_of(sign.encode() + b"9" * 60_000) == "schema"
    assert code_of(b"[" + sign.encode() + b"0" * 17 + b"]") == "schema"


@pytest.mark.parametrize(
    "character",
    [chr(n) for n in [*range(0x20), *range(0x7F, 0xA0)]]
    + list("\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\ufffe\uffff"),
)
def test_a_character_that_controls_turns_or_hides_text_is_refused(character: str) -> None:
    for kind in (object, str):
        assert code_of(canonical.encode(f"a{character}b"), kind) in {"not_canonical", "malformed"}
        assert code_of(canonical.encode([f"é{character}"]), object) in {
            "not_canonical",
            "malformed",
        }


def test_an_escaped_backslash_and_quote_are_ordinary_characters() -> None:
    for text in ('"', "\\", '\\"', '"\\', "\\\\n", '\\\\"', "C:\\new\\table", '{"a":"b\\\\"}'):
        assert canonical.decode(canonical.encode(text), str) == text


def test_lone_surrogates_and_bytes_that_are_not_utf8_are_refused() -> None:
    assert code_of(b'"\\ud800"') == "not_canonical"
    for raw in (b"\xed\xa0\x80", b"\xff", b"\xc0\x80", b"\xf8\x88\x80\x80\x80", b"\xc3"):
        assert code_of(b'"' + raw + b'"') == "malformed"
        assert code_of(b'{"' + raw + b'":1}') == "malformed"


def test_text_that_is_not_composed_is_refused_and_its_composed_form_is_not() -> None:
    assert code_of('"e\u0301"'.encode()) == "not_canonical"
    assert code_of('"\u212b"'.encode()) == "not_canonical"
    assert code_of('"é"'.encode()) == "accepted"


@given(st.lists(st.text(max_size=4), max_size=4))
def test_the_whole_text_is_composed_exactly_when_each_string_is(strings: list[str]) -> None:
    """The check runs once over the bytes: no quote, comma or escape may join two strings."""
    data = canonical.encode(strings)
    if any(canonical.HIDDEN.search(one) for one in strings):
        return
    composed = all(unicodedata.is_normalized("NFC", one) for one in strings)
    assert (code_of(data) == "accepted") == composed


def test_strings_are_bounded_in_characters_not_bytes() -> None:
    assert code_of(canonical.encode("ł" * limits.STRING)) == "accepted"
    assert code_of(canonical.encode("\\" * limits.STRING)) == "accepted"
    assert code_of(canonical.encode('"' * limits.STRING)) == "accepted"
    for character in ("a", "ł", "\\", '"', "😀"):
        assert code_of(canonical.encode(character * (limits.STRING + 1))) == "too_large"
    assert code_of(canonical.encode({"k" * 1025: 1})) == "too_large"
    for place in range(5):
        strings = ["a"] * 5
        strings[place] = "x" * 1025
        assert code_of(canonical.encode(strings)) == "too_large"
    assert code_of(canonical.encode(["a", *[1] * 2_000, "b"])) == "accepted"
    assert code_of(canonical.encode("a" * 20), longest=19) == "too_large"


def test_bytes_are_counted_before_anything_else() -> None:
    assert code_of(b"\xff" * (limits.PAYLOAD + 1)) == "too_large"
    assert code_of(b"1234", limit=3) == "too_large"
    assert code_of(b"1234", limit=4) == "accepted"


@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_nesting_is_bounded(left: str, right: str) -> None:
    levels = limits.DEPTH // (left.count("[") + left.count("{"))
    for depth, expected in ((levels, "accepted"), (levels + 1, "malformed"), (5_000, "malformed")):
        data = (left * depth + "1" + right * depth).encode()
        assert code_of(data) == expected, depth


def test_brackets_inside_strings_do_not_nest() -> None:
    text = "[" * 500 + "{" * 500
    assert canonical.decode(canonical.encode([text, '"' + "\\" * 9 + "[["]), object)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 60_000,
        b'{"a":' * 12_000,
        b"]" * 60_000,
        b"[]" * 30_000,
        b'\\"' * 30_000,
        b'"' * 60_001,
        b"[" * 16 + b'"\\' + b"[" * 60_000,
        b'["\\"' + b"[" * 60_000,
        b'[\\"' + b"[" * 60_000 + b'"',
    ],
)
def test_hostile_brackets_are_refused_without_recursion(data: bytes) -> None:
    assert code_of(data) in {"malformed", "not_canonical", "too_large"}


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore"))
)
def test_any_bytes_decode_or_are_refused_and_nothing_else_happens(data: bytes) -> None:
    for kind in (object, Pair, str, int, list[int]):
        if code_of(data, kind) == "accepted":
            assert canonical.encode(canonical.decode(data, kind)) == data


@given(st.lists(st.sampled_from(list(b'[]{}":,\\eE.-019naultrfs \xc3\xa9\x01')), max_size=40))
def test_any_soup_of_json_marks_decodes_or_is_refused(marks: list[int]) -> None:
    if code_of(bytes(marks)) == "accepted":
        json.loads(bytes(marks))


def test_a_list_that_is_read_as_a_tuple_is_the_same_in_another_release() -> None:
    class Known(msgspec.Struct, frozen=True):
        c: tuple[str, ...]
        later: bool = False

    assert canonical.decode(b'{"c":["x","y"]}', Known) == Known(("x", "y"))
    assert canonical.decode(b'{"c":[]}', Known) == Known(())


def test_another_release_may_say_a_field_more_or_less_in_the_one_spelling_only() -> None:
    class Known(msgspec.Struct, frozen=True):
        a: int
        b: str = ""
        c: list[str] = []

        def __post_init__(self) -> None:
            msgspec.structs.force_setattr(self, "c", sorted(self.c))

    for newer in (b'{"a":1,"b":"","c":[],"new":"x"}', b'{"a":1,"new":"x"}', b'{"a":1}'):
        assert canonical.decode(newer, Known) == Known(1)
    assert canonical.decode(b'{"a":1,"c":["x","y"],"d":{"e":null}}', Known).c == ["x", "y"]
    for other in (
        b'{"new":"x","a":1}',
        b'{"a":1,"new":"x","new":"x"}',
        b'{"a":1,"a":1,"new":"x"}',
        b'{"a":1, "new":"x"}',
        b'{"a":1,"c":["y","x"],"d":1}',
        b'{"a":1,"new":"\\n"}',
        b'{"a":1,"new":-0}',
    ):
        assert code_of(other, Known) == "not_canonical"
    assert code_of(b'{"a":1,"new":1.5}', Known) == "schema"
    assert code_of(b'{"a":1,"new":' + b"[" * 17 + b"]" * 17 + b"}", Known) == "malformed"


def test_a_hostile_field_name_cannot_reach_a_terminal_through_the_sentence() -> None:
    name = "\u202e\x1b]52;c;aGk=\x07" + "x" * 50_000
    for data in (canonical.encode({name: 1}), canonical.encode({"<b>é": 1, "a": 1, "b": ""})):
        with pytest.raises(WireError) as refused:
            canonical.decode(data, Pair, longest=60_000)
        assert len(refused.value.sentence) <= 300
        assert refused.value.sentence.isprintable()


def test_what_json_cannot_say_is_refused_when_encoding() -> None:
    loop: list[Json] = []
    loop.append(loop)
    for value in (object(), {1j}, loop, "\ud800", {"a": {(1, 2): 3}}):
        with pytest.raises(WireError) as refused:
            canonical.encode(value)
        assert refused.value.code == "schema"
