"""Parsers of what programs of a Mac say of themselves: hostile bytes, old and odd forms."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import homebrew_receipt, santactl_status
from checks.formats.errors import ParseError
from checks.formats.homebrew_receipt import Receipt

PARSERS: list[Callable[[bytes], object]] = [homebrew_receipt.parse, santactl_status.parse]


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__module__)
@given(data=st.binary() | st.text().map(str.encode))
def test_no_bytes_break_a_parser(parse: Callable[[bytes], object], data: bytes) -> None:
    try:
        parse(data)
    except ParseError:
        pass  # the one way a parser may refuse


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__module__)
@pytest.mark.parametrize("data", [b"", b"[]", b"\xff", b"[" * 50_000], ids=["", "[]", "ff", "deep"])
def test_what_is_no_answer_is_refused(parse: Callable[[bytes], object], data: bytes) -> None:
    with pytest.raises(ParseError):
        parse(data)


@pytest.mark.parametrize(
    ("text", "receipt"),
    [
        ('{"installed_on_request":true,"time":1795000000}', Receipt(True, 1_795_000_000)),
        ('{"installed_on_request":false,"time":1795000000.75}', Receipt(False, 1_795_000_000)),
        ('{"installed_on_request":null,"time":null}', Receipt(None, None)),
        ('{"used_options":[],"time":0}', Receipt(None, None)),
        ('{"time":-5}', Receipt(None, None)),
        ('{"time":1e300}', Receipt(None, None)),
        ("{}", Receipt(None, None)),
    ],
    ids=str,
)
def test_a_receipt_says_who_asked_and_when_or_nothing(text: str, receipt: Receipt) -> None:
    assert homebrew_receipt.parse(text.encode()) == receipt


def test_santa_says_its_mode_or_none() -> None:
    said = b'{"daemon":{"mode":"Lockdown","driver_connected":true},"sync":{"enabled":false}}'
    assert santactl_status.parse(said).mode == "Lockdown"
    assert santactl_status.parse(b'{"daemon":{}}').mode == ""
