"""Text of Windows programs, whatever it was written in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.formats import windows_text

WRITTEN = {
    "Il existe 1 interface sur le système : État connecté": ("cp1252", "cp850"),
    "Schlüssel für Größe, Übertragung, Verschlüsselung": ("cp1252", "cp850"),
    "Autenticación: Señal, año": ("cp1252", "cp850"),
    "Состояние: подключено, Проверка подлинности: Открытая": ("cp1251", "cp866"),
    "Połączenie: włączone, Łódź": ("cp1250", "cp852"),
    "名前: 無線カード 切断されました 認証 オープン": ("cp932",),
}
EVERY = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize("text", WRITTEN)
@pytest.mark.parametrize("encoding", EVERY)
def test_unicode_with_or_without_a_mark_is_read(text: str, encoding: str) -> None:
    assert windows_text.decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "page"), [(text, page) for text, pages in WRITTEN.items() for page in pages]
)
def test_the_code_page_is_guessed_from_the_words(text: str, page: str) -> None:
    assert windows_text.decode(text.encode(page)) == text


def test_a_text_cut_within_a_character_is_still_what_it_was() -> None:
    assert windows_text.decode("Größe".encode()[:-2]).startswith("Grö")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r\r\n"])
def test_lines_end_in_any_way(ending: str) -> None:
    assert windows_text.lines(f"a{ending}b") == ["a", "b"]


@given(st.binary(max_size=200))
def test_any_bytes_are_some_text(data: bytes) -> None:
    assert isinstance(windows_text.decode(data), str)
