"""What lets a scanner in somewhere, as it lies on the scanner."""

import logging
from pathlib import Path

import pytest

from agent.survey import held
from agent.survey.held import HeldError
from wire import credentials
from wire.credentials import Login, SnmpV2
from wire.errors import WireError
from wire.secret import Secret

DEVICE, OTHER = "dev_01JD0000000000000000000001", "dev_01JD0000000000000000000002"
CANARY = "canary-of-a-password"
LOGIN = Login("audit", Secret(CANARY), Secret(""))
PIN = "SHA256:" + "a" * 43


def test_what_is_typed_here_opens_here_and_nothing_shows_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    held.typed(tmp_path, DEVICE, "switches", LOGIN)
    assert held.held(tmp_path, DEVICE) == {"switches": LOGIN}
    assert held.names(tmp_path) == [("switches", "ssh", "typed")]
    for file in tmp_path.iterdir():
        assert CANARY.encode() not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    assert CANARY not in caplog.text


def test_another_scanner_opens_nothing_of_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    held.typed(tmp_path, DEVICE, "switches", LOGIN)
    with caplog.at_level(logging.WARNING, "agent"):
        assert held.held(tmp_path, OTHER) == {}
    (tmp_path / held.SEALING).unlink()
    assert held.held(tmp_path, DEVICE) == {}  # under a new key of its own
    assert "code=credential_closed credential=switches" in caplog.text


def test_one_typed_here_goes_before_one_fetched_and_the_fetched_go_together(
    tmp_path: Path,
) -> None:
    public = credentials.public_of(held.key(tmp_path))
    sent = [credentials.seal(SnmpV2(Secret("word")), public, DEVICE, name) for name in ("a", "b")]
    held.fetched(tmp_path, sent)
    held.typed(tmp_path, DEVICE, "b", LOGIN)
    assert held.held(tmp_path, DEVICE) == {"a": SnmpV2(Secret("word")), "b": LOGIN}
    held.fetched(tmp_path, [])
    assert held.held(tmp_path, DEVICE) == {"b": LOGIN}
    assert held.removed(tmp_path, "b")
    assert not held.removed(tmp_path, "b")
    assert held.held(tmp_path, DEVICE) == {}


def test_what_no_device_would_take_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(WireError) as error:
        held.typed(tmp_path, DEVICE, "x", Login("audit", Secret(CANARY + "\n"), Secret("")))
    assert CANARY not in f"{error.value!r}{error.value}"
    assert held.names(tmp_path) == []


def test_no_more_than_a_scope_may_name(tmp_path: Path) -> None:
    for n in range(credentials.MOST):
        held.typed(tmp_path, DEVICE, f"n{n}", SnmpV2(Secret("word")))
    held.typed(tmp_path, DEVICE, "n0", LOGIN)  # another under an old name
    with pytest.raises(HeldError):
        held.typed(tmp_path, DEVICE, "more", SnmpV2(Secret("word")))
    assert len(held.names(tmp_path)) == credentials.MOST


@pytest.mark.parametrize("damage", [b"{", b"[]", b'{"v":2}', b"\xff", b'{"sealed":[{}]}'])
def test_a_damaged_file_costs_what_is_in_it_and_not_the_round(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    held.typed(tmp_path, DEVICE, "b", LOGIN)
    (tmp_path / held.FETCHED).write_bytes(damage)
    with caplog.at_level(logging.WARNING, "agent"):
        assert held.held(tmp_path, DEVICE) == {"b": LOGIN}
    assert "code=credentials_unreadable" in caplog.text


def test_a_damaged_key_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / held.SEALING).write_bytes(b"short")
    with pytest.raises(HeldError, match="remove it"):
        held.key(tmp_path)


def test_host_keys_are_pinned_by_fingerprint(tmp_path: Path) -> None:
    assert held.pins(tmp_path) == {}
    held.pin(tmp_path, "10.20.0.2", PIN)
    held.pin(tmp_path, "10.20.0.3", PIN)
    held.pin(tmp_path, "10.20.0.2", "")
    assert held.pins(tmp_path) == {"10.20.0.3": PIN}
    for wrong in ("SHA256:short", "MD5:00:11", PIN + "=", " " + PIN):
        with pytest.raises(HeldError, match="fingerprint"):
            held.pin(tmp_path, "10.20.0.4", wrong)
    (tmp_path / held.PINS).write_text("{")
    with pytest.raises(HeldError, match="pin the keys again"):
        held.pins(tmp_path)
