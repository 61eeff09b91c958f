"""Settings: flag before environment before file before default, and one sentence for a wrong
one.
"""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.config import ConfigError, default_data, load
from controller.data.datafolder import prepare, secret_path, web_secret
from controller.databases import database


def test_a_flag_beats_the_environment_beats_the_file_beats_the_default(tmp_path: Path) -> None:
    (tmp_path / "caretaker.toml").write_text('port = 1\nlisten = "0.0.0.0"\nhttps_name = "a.b"\n')
    env = {"CARETAKER_DATA": str(tmp_path), "CARETAKER_PORT": "2", "CARETAKER_LISTEN": "::1"}
    found = load({"port": 3, "listen": None}, env)
    assert (found.port, found.listen, found.https_name, found.log_format) == (
        3,
        "::1",
        "a.b",
        "text",
    )
    assert found.data == str(tmp_path)


def test_names_come_as_a_list_or_between_commas(tmp_path: Path) -> None:
    assert load({}, {"CARETAKER_DATA": str(tmp_path), "CARETAKER_HOSTS": "a, b,"}).hosts == [
        "a",
        "b",
    ]


@pytest.mark.parametrize(
    "text", ["port = 'many'", "colour = 'red'", "port = ", "hosts = 3", "log_format = 'xml'"]
)
def test_a_file_that_cannot_be_used_is_said_in_one_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "caretaker.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"^(A setting|The settings file) .*\.$"):
        load({}, {"CARETAKER_DATA": str(tmp_path)})


def test_other_peoples_variables_are_none_of_ours(tmp_path: Path) -> None:
    env = {"CARETAKER_DATA": str(tmp_path), "CARETAKER_UNHEARD_OF": "1", "PORT": "1"}
    assert load({}, env).port == 8443


def test_without_a_word_the_data_lies_where_the_system_keeps_such_things() -> None:
    expected = "/var/lib/caretaker" if os.geteuid() == 0 else "/caretaker"
    assert default_data().endswith(expected)


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host", "nonsense", "sqlite:///x"])
def test_a_database_we_do_not_know_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="postgresql://"):
        database(url, Path("/x"))


@given(st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable()))
def test_a_password_with_odd_signs_reaches_postgresql_as_it_is(password: str) -> None:
    from urllib.parse import quote

    url = f"postgresql://user:{quote(password, safe='')}@db.example:5433/school"
    entry = database(url, Path("/x"))
    assert entry["PASSWORD"] == password
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("db.example", "5433", "school")


def test_the_web_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    prepare(data)
    first = web_secret(data)
    prepare(data)
    assert web_secret(data) == first
    assert len(first) > 50
    assert stat.S_IMODE(secret_path(data).stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
