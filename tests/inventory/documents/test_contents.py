"""What a file is follows from what is in it, and what is kept of a photograph is its picture."""

import contextlib
import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from inventory.assets.errors import RegisterError
from inventory.documents import contents, pictures
from inventory.documents.contents import CSV, EXCEL, MOST_BYTES, PDF, TEXT, WORD, named, recognised
from tests.inventory.documents import files

WHOLE = [files.PDF, files.picture(), files.picture("PNG"), files.office("xl/workbook.xml")]


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (files.PDF, PDF),
        (files.office("word/document.xml"), WORD),
        (files.office("xl/workbook.xml"), EXCEL),
        (b"Tag,Room\r\n1,Oak\r\n", TEXT),
        ("Café, 5 €".encode("cp1252"), TEXT),
        ("\ufeffTag;Room".encode("utf-16"), TEXT),
        (files.picture("PNG"), pictures.JPEG),
        (files.picture("WEBP"), pictures.JPEG),
        (files.picture("JPEG"), pictures.JPEG),
    ],
    ids=["pdf", "word", "excel", "csv", "windows text", "utf-16", "png", "webp", "jpeg"],
)
def test_what_a_school_keeps_is_taken(data: bytes, media_type: str) -> None:
    assert recognised("document", data).media_type == media_type


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_python_cannot_stop_unpacking_is_never_unpacked(packed: int) -> None:
    bomb = files.office("word/document.xml", types=bytes(64 << 20), packed=packed)
    assert len(bomb) < 20_000
    tracemalloc.start()
    with pytest.raises(RegisterError, match="something else"):
        recognised("document", bomb)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1 << 20


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (files.PDF.replace(b"%%EOF", b""), "cut off"),
        (b" " + files.PDF, "something else"),
        (files.office("word/document.xml", "word/vbaProject.bin"), "macros"),
        (files.office("xl/workbook.xml", types=b"x.macroEnabled.y"), "macros"),
        (files.office("META-INF/MANIFEST.MF"), "something else"),
        (files.office("word/document.xml")[:-40], "something else"),
        (b"PK\x03\x04" + bytes(50), "something else"),
        (b"<!doctype html><script>alert(1)</script>", "something else"),
        (b"\n <svg onload='alert(1)'/>", "something else"),
        (b"MZ\x90\x00\x03" + bytes(60), "something else"),
        (b"#!/bin/sh\nrm -rf /\n", "something else"),
        (b"GIF89a" + bytes(20), "something else"),
        (bytes(range(256)), "something else"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(30), "iPhone"),
        (files.picture()[:200], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "damaged"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "damaged"),
    ],
    ids=[
        *("empty", "cut pdf", "pdf later", "word macro", "excel macro", "jar", "cut zip", "no zip"),
        *("html", "svg", "program", "script", "gif", "bytes", "heic"),
        *("cut jpeg", "no png", "no webp"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(data: bytes, why: str) -> None:
    with pytest.raises(RegisterError, match=why) as refused:
        recognised("document", data)
    assert refused.value.field == "file"
    assert refused.value.sentence.endswith(".")


def test_ten_megabytes_are_taken_and_one_byte_more_is_not() -> None:
    text = b"x" * MOST_BYTES
    assert recognised("document", text).data is text
    with pytest.raises(RegisterError, match="10 MB"):
        recognised("document", text + b"x")


@pytest.mark.parametrize("data", [files.PDF, b"words"])
def test_a_paper_is_no_photograph(data: bytes) -> None:
    with pytest.raises(RegisterError, match="no picture"):
        recognised("photo", data)


def test_a_photograph_stands_upright_and_says_nothing_of_where_and_with_what() -> None:
    kept = recognised("photo", files.photograph(orientation=6)).data
    with Image.open(io.BytesIO(kept)) as made:
        assert made.size == (48, 64)
        assert not made.getexif()
        assert {"exif", "comment", "icc_profile"}.isdisjoint(made.info)
    assert b"SecretMaker" not in kept
    assert b"hidden words" not in kept


@pytest.mark.parametrize(
    ("size", "made"),
    [((2_000, 10), (2_000, 10)), ((2_001, 10), (2_000, 10)), ((9, 4_000), (4, 2_000))],
)
def test_a_photograph_is_made_no_larger_than_two_thousand_points(
    size: tuple[int, int], made: tuple[int, int]
) -> None:
    with Image.open(io.BytesIO(recognised("photo", files.picture("PNG", size)).data)) as kept:
        assert kept.size == made


def test_what_is_see_through_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    with Image.open(io.BytesIO(pictures.photograph(out.getvalue()))) as made:
        assert made.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_a_small_file_with_millions_of_points_is_not_unpacked(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = files.picture(kind, (400, 400))
    monkeypatch.setattr(pictures, "MOST_POINTS", 400 * 400 - 1)
    monkeypatch.setattr(Image.Image, "load", lambda _self: pytest.fail("it was unpacked"))
    with pytest.raises(RegisterError, match="megapixels"):
        recognised("photo", bomb)


def test_a_picture_that_says_it_is_enormous_is_refused() -> None:
    data = bytearray(files.picture("PNG"))
    data[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(RegisterError):
        recognised("photo", bytes(data))


@pytest.mark.parametrize(
    ("kind", "name", "media_type", "called"),
    [
        ("document", "Invoice 2025.pdf", PDF, "Invoice 2025.pdf"),
        ("document", "C:\\Users\\me\\Invoice.PDF", PDF, "Invoice.pdf"),
        ("document", "../../etc/passwd", TEXT, "passwd.txt"),
        ("document", "list.csv", TEXT, "list.csv"),
        ("document", "run.exe", TEXT, "run.txt"),
        ("document", "v1.2 of the contract", PDF, "v1.2 of the contract.pdf"),
        ("photo", "", pictures.JPEG, "Photograph.jpg"),
        ("photo", "IMG_1\u202egpj.exe\x00", pictures.JPEG, "IMG_1gpj.jpg"),
        ("signature", "...", pictures.PNG, "Signature.png"),
        ("document", "x" * 300, PDF, "x" * 115 + "….pdf"),
    ],
)
def test_a_name_ends_as_its_content_does(
    kind: str, name: str, media_type: str, called: str
) -> None:
    told, _ = named(kind, name, media_type)
    assert told == called
    assert len(told) <= contents.LONGEST_NAME


def test_csv_is_the_one_thing_a_name_decides() -> None:
    assert named("document", "a.csv", TEXT)[1] == CSV
    assert named("document", "a.csv", PDF)[1] == PDF


@settings(max_examples=60)
@given(
    st.sampled_from(
        [files.PDF, files.picture(), files.picture("PNG"), files.office("xl/workbook.xml")]
    ),
    st.data(),
)
def test_no_damage_makes_anything_but_a_sentence(whole: bytes, data: st.DataObject) -> None:
    spoilt = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(spoilt)[: data.draw(st.integers(0, len(spoilt)))]
    with contextlib.suppress(RegisterError):
        recognised("document", cut)
