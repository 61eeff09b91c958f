"""A chain of events shows every change: a byte, the order, the end, whose it is (I1)."""

import hashlib
from collections.abc import Callable

import msgspec
import pytest

from inventory.disposal.chain import PAYLOAD_TYPE, Link, Signed, What, link, start, verify
from inventory.disposal.now import NOTHING
from inventory.disposal.reducing import apply
from inventory.disposal.rules import default
from tests.inventory.disposal.telling import step
from wire import dsse, keys

KEY, OTHER = keys.generate(), keys.generate()
NAME = keys.key_id(keys.public_bytes(KEY))
PUBLICS = {NAME: keys.public_bytes(KEY)}
BEGIN = start("site_1", "disp_1")


def _sign(message: bytes) -> Signed:
    return Signed(NAME, KEY.sign(message))


def _chain(begin: str = BEGIN) -> list[Link]:
    now, links = NOTHING, list[Link]()
    for tag in ("withdrawn", "inspected", "requested", "approved"):
        event = step(now, tag)
        now = apply(now, event, default())
        links.append(link(event, links[-1].hash if links else begin, _sign))
    return links


def _with(links: list[Link], at: int, **changes: object) -> list[Link]:
    return [*links[:at], msgspec.structs.replace(links[at], **changes), *links[at + 1 :]]


def _forged(links: list[Link]) -> list[Link]:
    """The third event changed and everything hashed anew by somebody without the key."""
    body = links[2].body.replace(b'"value_pence":5000', b'"value_pence":5001')
    message = dsse.pae(PAYLOAD_TYPE, bytes.fromhex(links[2].prev) + body)
    digest = hashlib.sha256(message).hexdigest()
    return _with(links, 2, body=body, hash=digest)


def test_a_chain_as_it_was_written_is_sound() -> None:
    links = _chain()
    assert verify(links, BEGIN, PUBLICS, links[-1].hash) == []


@pytest.mark.parametrize(
    ("spoil", "first"),
    [
        (lambda links: _with(links, 1, body=links[1].body[:-1] + b" "), (2, "hash")),
        (lambda links: _with(links, 1, hash="0" * 64), (2, "hash")),
        (lambda links: _with(links, 1, prev="0" * 64), (2, "hash")),
        (lambda links: _with(links, 1, signature=bytes(64)), (2, "signature")),
        (lambda links: _with(links, 1, key="SHA256:unknown"), (2, "unknown_key")),
        (_forged, (3, "signature")),
        (lambda links: [links[0], *links[2:]], (3, "gap")),
        (lambda links: [links[1], links[0], *links[2:]], (2, "gap")),
        (lambda links: links[:-1], (4, "cut")),
        (lambda links: links[1:], (2, "gap")),
        (lambda _: [], (1, "cut")),
        (lambda _: _chain(start("site_1", "disp_2")), (1, "broken")),
    ],
)
def test_what_was_changed_is_named_with_its_step(
    spoil: Callable[[list[Link]], list[Link]], first: tuple[int, What]
) -> None:
    links = _chain()
    wrong = verify(spoil(links), BEGIN, PUBLICS, links[-1].hash)
    assert (wrong[0].seq, wrong[0].what) == first
    assert wrong[0].sentence.endswith(".")


def test_every_byte_of_every_event_counts() -> None:
    links = _chain()
    for at, one in enumerate(links):
        for place in range(0, len(one.body), 7):
            body = bytearray(one.body)
            body[place] ^= 1
            assert verify(_with(links, at, body=bytes(body)), BEGIN, PUBLICS)


def test_another_key_signs_no_chain_of_ours() -> None:
    stranger = {keys.key_id(keys.public_bytes(OTHER)): keys.public_bytes(OTHER)}
    assert [one.what for one in verify(_chain(), BEGIN, stranger)] == ["unknown_key"] * 4
    swapped = {NAME: keys.public_bytes(OTHER)}
    assert [one.what for one in verify(_chain(), BEGIN, swapped)] == ["signature"] * 4
