"""Somebody who has never seen the commands: what they type by mistake, and where the words go."""

import argparse
import importlib
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

import agent.commands.main as agent_main
from controller import config
from controller.commands import key, main, recovery_key, restore, serve, shared
from controller.commands.exits import COULD_NOT, FAILED, USAGE
from controller.data import certificate

if TYPE_CHECKING:
    from controller.backup.restoring import Checked

OPTION = re.compile(r"--[a-z-]+")
PROGRAMS = ("controller.commands.main", "agent.commands.main")


def parser(name: str) -> main.Parser:
    command = importlib.import_module(f"controller.commands.{name.replace('-', '_')}")
    return main.parser_of(name, cast("main.Command", command))


@pytest.mark.parametrize("name", main.COMMANDS)
def test_options_of_a_verb_are_understood_behind_its_verbs_too(name: str) -> None:
    one = parser(name)
    for verb in one.verbs.values():
        assert {"--data", "--log-format", "--verbose"} <= set(OPTION.findall(verb.format_help()))
        assert ("--format" in one.format_help()) <= ("--format" in verb.format_help())


def test_a_data_folder_named_before_the_verb_holds_unless_named_again_behind_it() -> None:
    token = parser("token")
    assert token.parse_args(["--data", "a", "list"]).data == "a"
    assert token.parse_args(["list", "--data", "b"]).data == "b"
    assert token.parse_args(["--data", "a", "list", "--data", "b"]).data == "b"
    assert token.parse_args(["list"]).format == "table"


@pytest.mark.parametrize("program", PROGRAMS)
def test_help_into_a_closed_pipe_says_nothing_more(program: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        check=False,
        args=[sys.executable, "-m", program, "--help"],
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (COULD_NOT, b"")


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_full_disk_is_one_line(program: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            check=False,
            args=[sys.executable, "-m", program, "--help"],
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert done.returncode == COULD_NOT
    assert done.stderr.count(b"\n") == 1
    assert b"No space left" in done.stderr


def test_help_can_be_read_on_a_terminal_that_knows_only_ascii() -> None:
    done = subprocess.run(
        check=False,
        args=[sys.executable, "-m", PROGRAMS[0], "token", "--help"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii:strict"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"--code ?" in done.stdout


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["spool"], "export|import-receipts, DIR"),
        (["schedule"], "install|remove|status"),
        (["frob"], "caretaker-agent --help"),
        (["audit", "--replay", "/nowhere/x"], "/nowhere/x: No such file"),
    ],
)
def test_a_mistake_is_answered_with_what_can_be_typed(
    words: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = agent_main.main(words)
    except SystemExit as end:
        code = int(end.code or 0)
    assert code == USAGE
    assert named in capsys.readouterr().err


def test_a_mistyped_data_folder_is_not_answered_with_a_new_controller_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "_current", None)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    assert main.main(["fleet", "--data", str(tmp_path / "typo")]) == COULD_NOT
    assert "Name yours with --data" in capsys.readouterr().err
    assert not (tmp_path / "typo").exists()


def test_somebody_elses_data_folder_names_whose_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", closed)
    with pytest.raises(config.ConfigError, match=f"run this as {tmp_path.owner()}"):
        config.load({"data": str(tmp_path)}, {})


def test_a_restore_in_a_pipe_asks_for_a_file_instead_of_failing_at_the_prompt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = argparse.Namespace(recovery_key=None)
    sealed = SimpleNamespace(manifest=SimpleNamespace(sealed_to="SHA256:x"))
    with Path(os.devnull).open(encoding="utf-8") as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        with pytest.raises(shared.UsageError, match="--recovery-key FILE"):
            restore._recovery_key(options, cast("Checked", sealed))


@pytest.mark.parametrize("typed", ["foo", "http://hill:8443", "https://hill:8443/x", "https://"])
def test_an_address_that_is_none_is_refused_before_the_key_is_asked_for(
    typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(_: object) -> None:
        raise AssertionError("asked for the recovery key")

    monkeypatch.setattr(recovery_key, "asked", asked)
    options = argparse.Namespace(what="address", address=[typed], lost=False, version=0)
    with pytest.raises(shared.UsageError, match="An address looks like"):
        key.rotate(config.Config(data="."), options)


def test_a_file_that_is_no_policy_fails_the_check_and_is_not_a_broken_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear colleagues\n")
    assert main.main(["policy", "check", str(letter)]) == FAILED
    assert "is no policy as docs/policy.md has it" in capsys.readouterr().out
    assert main.main(["policy", "check", str(tmp_path / "none")]) == COULD_NOT


@pytest.mark.parametrize("name", ["", "a b", "https://hill.sch.uk", "x" * 65])
def test_a_certificate_is_asked_for_a_name_only(name: str, tmp_path: Path) -> None:
    (tmp_path / "tls").mkdir()
    certificate.make(tmp_path, "127.0.0.1", 1_795_400_000)
    with pytest.raises(certificate.CertificateError, match="is no DNS name"):
        certificate.request(tmp_path, [name])
    assert b"REQUEST" in certificate.request(tmp_path, ["caretaker.hill.sch.uk"])


def test_a_file_that_is_no_certificate_is_told_as_that() -> None:
    with pytest.raises(certificate.CertificateError, match="holds no certificate in PEM form"):
        certificate.spki_of(b"Dear colleagues")


@pytest.mark.parametrize("port", ["0", "65536", "https"])
def test_a_port_that_cannot_be_is_refused_as_a_setting(port: str, tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match="port"):
        config.load({"data": str(tmp_path), "port": port}, {})


def test_an_address_this_machine_does_not_have_is_no_matter_of_the_port() -> None:
    with pytest.raises(shared.CannotError, match="choose another with --listen"):
        serve.probe(config.Config(listen="192.0.2.1", port=8443))
