"""What a mutation run over the code that verifies found untested: each test here failed to exist
while a change of one operator, number or line went unnoticed (docs/testing.md).
"""

import base64

import msgspec
import pytest

from tests.wire import samples
from tests.wire.refusals import code
from tests.wire.samples import SAMPLES
from tests.wire.test_tamper import relabelled, signature_of
from wire import canonical, dsse, keys

KEY, PUBLIC = samples.DEVICE_KEY, samples.DEVICE_PUBLIC
REPORT = SAMPLES["report-unchanged"]
PAYLOAD = dsse.parse(REPORT.envelope).payload
SIGNATURE = signature_of(REPORT)


def test_a_signature_fits_its_own_message_and_key_only() -> None:
    signature = KEY.sign(b"message")
    assert keys.fits(PUBLIC, signature, b"message")
    assert keys.fits(PUBLIC, signature, b"massage") is False
    assert not keys.fits(samples.CONTROLLER_PUBLIC, signature, b"message")


@pytest.mark.parametrize("length", [0, 1, 32, 63, 65, 66])
def test_a_signature_of_another_length_is_refused_before_it_is_tried(length: int) -> None:
    raw = base64.b64decode(SIGNATURE["sig"])
    other = base64.b64encode((raw + raw)[:length]).decode()
    data = relabelled(PAYLOAD, REPORT.kind, SIGNATURE | {"sig": other})
    assert code(lambda: dsse.parse(data)) == "schema"


def test_letters_of_no_alphabet_are_not_base64() -> None:
    for text in ("é", "a b=", "ab", "====", "ab-_"):
        data = REPORT.envelope.replace(base64.b64encode(PAYLOAD), text.encode(), 1)
        assert code(lambda data=data: dsse.parse(data)) == "malformed"  # type: ignore[misc]  # bound now


def test_a_long_string_that_is_no_text_is_refused_like_any_other() -> None:
    assert code(lambda: canonical.decode(b'"' + b"\xff" * 2_000 + b'"', str)) == "too_large"


def test_a_public_key_is_the_same_from_either_half() -> None:
    assert keys.public_bytes(KEY) == keys.public_bytes(KEY.public_key()) == PUBLIC


class Row(msgspec.Struct):
    """As this release knows it."""

    name: str


class Table(msgspec.Struct):
    """Holds rows."""

    rows: list[Row]


def test_another_releases_field_is_passed_over_in_the_rows_of_a_list_too() -> None:
    newer = b'{"rows":[{"more":1,"name":"a"},{"name":"b"}]}'
    assert canonical.decode(newer, Table) == Table([Row("a"), Row("b")])
    for other in (
        b'{"rows":[{"name":"a","more":1},{"name":"b"}]}',
        b'{"rows":[{"more":1,"name":"a"}, {"name":"b"}]}',
        b'{"rows":[{"more":1,"more":1,"name":"a"},{"name":"b"}]}',
    ):
        assert code(lambda other=other: canonical.decode(other, Table)) == "not_canonical"  # type: ignore[misc]  # bound now
