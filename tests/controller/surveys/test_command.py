"""`caretaker survey`: a scope is written out, signed by the controller or with ssh-keygen, used,
shown, ended; a secret comes in at a prompt and out nowhere."""

import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from controller.commands import main as commands
from controller.commands import shared
from controller.config import Config
from controller.roots import signers
from controller.roots.recovery import Recovery
from tests import needs
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import NOW, Machine
from tests.controller.surveys.conftest import tells
from wire import keys

WORDS = (
    *("--authorised-by", "Anna Müller", "--role", "Head teacher", "--contact", "01632 960123"),
    *("--subnet", "10.20.0.0/24", "--exclude", "00-1B-63", "--hours", "18:00-06:00", "--dhcp"),
    *("--service", "telnet:23", "--credential", "switches snmp-v3 10.20.0.0/28"),
    *("--others", "Tills|Caterer Ltd|2026-09-01|10.20.0.64/27"),
)
CANARY = "zwitscher-7f3a"


class Done(NamedTuple):
    """How a command went."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(
    controller: Controller, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command in this process, on this test's database."""
    config = Config(data=str(controller.data))
    monkeypatch.setattr(shared, "ready", lambda _options: config)

    def once(*words: str, text: str = "") -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        code = commands.main(["survey", *words])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return once


def new(run: Run, scanner: Machine, out: Path, *more: str) -> Done:
    words = ("--scanner", scanner.device, *WORDS, "--out", str(out), *more)
    return run("scope", "new", *words)


def test_a_scope_goes_from_words_to_its_scanner_and_is_ended(
    run: Run, scanner: Machine, tmp_path: Path
) -> None:
    out = tmp_path / "scope.json"
    done = new(run, scanner, out)
    assert f"caretaker survey scope sign {out}" in done.out, done.err
    shown = run("scope", "show", str(out)).out
    assert "Authorised by Anna Müller, Head teacher (01632 960123)" in shown
    for told in ("10.20.0.0/24", "telnet (23)", "00:1b:63", "Caterer Ltd", "18:00 to 06:00"):
        assert told in shown
    done = run("scope", "sign", str(out))
    assert "scope use" in done.out, done.err
    done = run("scope", "use", f"{out}.signed")
    assert "is in use until 19 Sep 2027" in done.out, done.err
    shown = run("scope", "show").out
    assert "the scanner has yet to say" in shown
    assert "the controller itself (not separated)" in shown
    (row,) = json.loads(run("scope", "list", "--format", "json").out)["versions"]
    assert row["scanner"] == scanner.device
    done = run("scope", "end", str(row["version"]))
    assert "asks nothing any more" in done.out
    assert "ENDED" in run("scope", "show").out
    assert "no such version" in run("scope", "end", "7").err


def test_where_nothing_is_in_use_it_says_so(run: Run) -> None:
    assert "nothing is asked of any network" in run("scope", "show").out
    assert run("scope", "list").out == "No scope was ever in use.\n"
    assert run("credential", "list").out == "No credential was typed.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--subnet", "8.8.8.0/24"), "is not private"),
        (("--subnet", "10.20.0.0/16"), "/22"),
        (("--hours", "evenings"), "18:00-06:00"),
        (("--hours", "18:60-06:00"), "18:00-06:00"),
        (("--hours", "18:00-24:01"), "18:00-06:00"),
        (("--service", "raw:9100"), "prints"),
        (("--service", "raw:\u0669"), "telnet:23"),
        (("--scanner", "dev_nobody"), "one of the school's computers"),
        (("--credential", "switches"), "its kind"),
        (("--others", "tills"), "Tills |"),
        (("--days", "401"), "1 to 400"),
        (("--authorised-by", " "), "who authorised it"),
        (("--authorised-by", "\x1b[31m"), "not in its one"),
    ],
    ids=range(13),
)
def test_a_mistake_is_one_sentence_and_writes_nothing(
    run: Run, scanner: Machine, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    done = new(run, scanner, tmp_path / "scope.json", *words)
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    assert says in done.err or "\x1b" in words[1]
    assert "\x1b" not in done.err
    assert not (tmp_path / "scope.json").exists()


def test_a_file_says_what_no_option_can(run: Run, scanner: Machine, tmp_path: Path) -> None:
    source, out = tmp_path / "hill.toml", tmp_path / "scope.json"
    source.write_text(
        f'scanner = "{scanner.device}"\nauthorised_by = "Anna"\nrole = "Head"\ncontact = "1"\n'
        'hours = "always"\nsubnets = ["10.20.0.0/24"]\n[[equipment_of_others]]\nwhat = "CCTV"\n'
        'by = "Eyes Ltd"\nstatement_on = 2026-09-01\naddresses = ["10.20.0.5", "AA:BB:CC"]\n',
        encoding="utf-8",
    )
    words = ("scope", "new", "--from", str(source), "--out", str(out))
    done = run(*words)
    assert done.code == 0, done.err
    made = json.loads(out.read_bytes())
    assert made["equipment_of_others"][0]["addresses"] == ["10.20.0.5", "aa:bb:cc"]
    assert made["hours"] == {"begins_minute": 0, "ends_minute": 1440, "timezone": "Europe/London"}
    for wrong, says in (
        ('subnet = ["10.20.0.0/24"]', "A scope has no subnet"),
        ('subnets = "10.20.0.0/24"', "is a list"),
        ("subnets = [[", "not TOML"),
        ("scanner = 5\n", "who authorised it"),
        ("hours = 5\nauthorised_by='a'\nrole='b'\ncontact='c'\nsubnets=['10.0.0.0/24']", "scope"),
    ):
        source.write_text(wrong, encoding="utf-8")
        done = run(*words)
        assert (done.code, says in done.err) == (1, True), done.err


def test_a_person_signs_with_ssh_keygen_by_the_line_that_is_printed(
    run: Run, controller: Controller, scanner: Machine, recovery: Recovery, tmp_path: Path
) -> None:
    program = needs.program("ssh-keygen", package="openssh-client")
    key, out = tmp_path / "head", tmp_path / "scope.json"
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    public = signers.read_public(key.with_suffix(".pub").read_text("utf-8"))
    signers.change(controller.data, recovery, NOW, duty="policy", add=public)
    signers.change(controller.data, recovery, NOW, duty="scope", add=public, delegated=False)
    done = new(run, scanner, out)
    (line,) = [text.split() for text in done.out.splitlines() if "ssh-keygen" in text]
    words = [str(key) if word == "KEY" else word for word in line]
    assert "may not sign" in run("scope", "sign", str(out)).err
    subprocess.run(words, check=True, cwd=tmp_path, capture_output=True)
    assert "Signed" in run("scope", "sign", str(out)).out
    done = run("scope", "use", f"{out}.signed")
    assert "is in use" in done.out, done.err
    assert f"Signed by a person, {keys.key_id(public)}" in run("scope", "show").out
    (tmp_path / "scope.json.signed").write_bytes(b"{}")
    done = run("scope", "use", f"{out}.signed")
    assert (done.code, len(done.err.splitlines())) == (1, 1)


def test_a_secret_comes_in_at_a_prompt_and_out_nowhere(
    run: Run, controller: Controller, scanner: Machine, tmp_path: Path
) -> None:
    add = ("credential", "add", "switches", "--kind", "snmp-v3", "--user", "reader")
    told = [run(*add, text=f"{CANARY}\n{CANARY}-b\n")]
    assert "No scanner has told its key" in told[0].err
    controller.door.post(tells(scanner))
    told.append(run(*add, text=f"{CANARY}\n{CANARY}-b\n"))
    assert "Only the scanner can open it" in told[-1].out, told[-1].err
    told.append(run("credential", "add", "old", "--kind", "snmp-v2c", text=f"{CANARY}\n"))
    key = tmp_path / "id"
    key.write_text(
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{CANARY}\n-----END OPENSSH PRIVATE KEY-----\n"
    )
    ssh = ("credential", "add", "cli", "--kind", "ssh", "--user", "audit")
    told.append(run(*ssh, "--key", str(key)))
    assert [one.code for one in told] == [1, 0, 0, 0]
    told.append(run(*ssh[:-2], text=f"{CANARY}\n"))
    assert (told[-1].code, "--user" in told[-1].err) == (64, True)
    told.append(run(*add, text=f"{CANARY[:7]}\n\n"))
    assert (told[-1].code, "8 to 128" in told[-1].err) == (1, True)
    told.append(run("credential", "list"))
    assert all(name in told[-1].out for name in ("switches", "old", "cli", "office-1"))
    told.append(run("credential", "remove", "old"))
    assert told[-1].code == 0
    assert all(CANARY[:7] not in one.out + one.err for one in told)
