"""A signature is a drawn line, or a name with a tick; nothing else counts as one."""

import io

import pytest
from PIL import Image

from inventory.assets.errors import RegisterError
from inventory.documents.contents import recognised
from inventory.documents.signatures import MOST_CHARACTERS, drawn, from_form
from tests.inventory.documents.files import SIGNED, drawing


def test_a_drawn_line_becomes_a_small_picture_black_on_white() -> None:
    data = drawn(SIGNED)
    with Image.open(io.BytesIO(data)) as made:
        assert (made.format, made.mode) == ("PNG", "L")
        assert made.width > made.height > 50
        assert made.getpixel((0, 0)) == 255
        assert made.getextrema() == (0, 255)
    assert recognised("signature", data).media_type == "image/png"


@pytest.mark.parametrize(
    ("field", "why"),
    [
        (drawing(), "Nothing was drawn"),
        (drawing((100, 100, 104, 104)), "dot"),
        (drawing((0, 100, 600, 100), width=190), "blot"),
        ("data:image/png;base64,", "not arrive whole"),
        ("data:image/png;base64,!!!!", "not arrive whole"),
        (SIGNED[:-40], "not arrive whole"),
        ("data:image/svg+xml;base64,AAAA", "did not arrive"),
        ("data:image/png;base64," + "A" * MOST_CHARACTERS, "did not arrive"),
        (drawing((0, 0, 2_000, 2_000), size=(2_001, 2_000)), "too large"),
    ],
    ids=["nothing", "dot", "blot", "empty", "no base64", "cut", "svg", "long", "large"],
)
def test_what_is_no_drawn_line_is_refused(field: str, why: str) -> None:
    with pytest.raises(RegisterError, match=why) as refused:
        drawn(field)
    assert refused.value.field == "signature"


def test_a_short_stroke_is_a_slip_and_one_of_a_twelfth_is_a_line() -> None:
    with pytest.raises(RegisterError):
        drawn(drawing((100, 100, 147, 100)))
    assert drawn(drawing((100, 100, 150, 100)))


def test_a_name_and_a_tick_stand_for_a_line() -> None:
    form = {"signature": "", "signature_name": " Maya\u202e Jones ", "signature_agreed": "on"}
    data = from_form(form)
    assert data == b"Signed by typing a name: Maya Jones\n"
    assert recognised("signature", data).media_type == "text/plain"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "signature_name"),
        ({"signature_name": "M.", "signature_agreed": "on"}, "signature_name"),
        ({"signature_name": "Maya"}, "signature_agreed"),
    ],
)
def test_without_a_line_a_name_or_a_tick_there_is_no_signature(
    form: dict[str, str], field: str
) -> None:
    with pytest.raises(RegisterError) as refused:
        from_form(form)
    assert refused.value.field == field


def test_a_drawing_goes_before_a_typed_name() -> None:
    assert from_form({"signature": SIGNED, "signature_name": "Maya"}) == drawn(SIGNED)


def test_a_photograph_is_no_signature() -> None:
    with pytest.raises(RegisterError):
        recognised("signature", b"\xff\xd8\xff" + bytes(100))
