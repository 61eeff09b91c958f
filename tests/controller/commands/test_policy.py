"""`caretaker policy`: tried out, signed by the controller or by a person, shown, and refused in one
sentence."""

import json
import subprocess
from pathlib import Path

import pytest

from controller.commands import main as commands
from controller.roots import files, signers
from controller.roots.first import publish
from controller.roots.recovery import Recovery
from tests import needs
from tests.controller.commands.served import caretaker
from wire import keys, roots

KEY = Recovery(bytes(range(32)))
POLICY = """
name = "Hill School"
gateways = ["00:1a:2b:3c:4d:5e"]
ssids = [{ssid = "Hill-Staff", role = "staff"}]
[[decisions]]
check = "lock-idle-timeout"
setting = "limit_seconds"
value = "5 minutes"
profile = "staff"
by = "head"
reason = "visitors"
[[severities]]
check = "lock-idle-timeout"
severity = "critical"
by = "governors"
reason = "last year"
[[quiet]]
weekdays = ["mon", "tue", "wed"]
begins = "08:45"
ends = "15:30"
why = "lessons"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A policy as a person wrote it."""
    path = tmp_path / "hill.toml"
    path.write_text(POLICY, encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """A verb that needs no data folder, in this process."""
    code = commands.main(["policy", *words])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_policy_is_tried_out_where_no_controller_is(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said, _ = run(capsys, "check", str(file))
    assert code == 0
    assert "Quiet: Monday to Wednesday, 08:45 to 15:30: lessons" in said
    assert "At school is where the way out is one of: 00:1a:2b:3c:4d:5e" in said
    assert "Wireless network for staff: Hill-Staff" in said
    (row,) = [line for line in said.splitlines() if "visitors" in line]
    assert row.split("  ")[0] == "lock-idle-timeout"
    for told in ("limit", "5 minutes", "15 minutes", "staff", "head"):
        assert told in row
    assert "critical" in said


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        pytest.param(("-timeout", "-timeuot"), 2, "did you mean lock-idle-timeout?", id="slip"),
        pytest.param(('"08:45"', '"nine"'), 2, "write 08:45", id="hour"),
        pytest.param(("name =", "nam ="), 2, "nam", id="field"),
        pytest.param(("visitors", "\x1b[31mred"), 2, "hill.toml", id="escape"),
    ],
)
def test_a_mistake_is_said_in_one_line(
    file: Path,
    capsys: pytest.CaptureFixture[str],
    change: tuple[str, str],
    code: int,
    says: str,
) -> None:
    file.write_text(POLICY.replace(*change, 1), encoding="utf-8")
    got, out, err = run(capsys, "check", str(file))
    said = (out + err).splitlines()
    assert got == code
    assert any(says in line for line in said)
    assert "\x1b" not in out + err


def test_the_controller_signs_and_everybody_sees_that_nobody_else_did(
    folder: Path, file: Path
) -> None:
    nothing = caretaker("policy", "show", data=folder)
    assert (nothing.returncode, "defaults" in nothing.stdout) == (0, True)
    done = caretaker("policy", "use", str(file), "--expires-days", "20", data=folder)
    assert (done.returncode, "is in force" in done.stdout) == (0, True), done.stderr
    shown = caretaker("policy", "show", data=folder).stdout
    assert "Signed by the controller itself (not separated), SHA256:" in shown
    assert "Expires soon, on" in shown
    assert "Quiet: Monday to Wednesday" in shown
    found = json.loads(caretaker("policy", "show", "--format", "json", data=folder).stdout)
    assert (found["schema"], found["policy"]["ends"]) == ("caretaker.policy/1", "soon")
    listed = caretaker("policy", "list", data=folder).stdout
    assert str(found["policy"]["version"]["version"]) in listed


def test_a_person_signs_with_ssh_keygen_and_the_controller_cannot(
    folder: Path, file: Path, tmp_path: Path
) -> None:
    program = needs.program("ssh-keygen", package="openssh-client")
    key, payload = tmp_path / "head", tmp_path / "policy.json"
    subprocess.run([program, "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    public = signers.read_public(key.with_suffix(".pub").read_text("utf-8"))
    separated(folder, public)
    done = caretaker("policy", "use", str(file), "--out", str(payload), data=folder)
    assert "is in force" not in done.stdout, done.stderr
    (line,) = [text.split() for text in done.stdout.splitlines() if "ssh-keygen" in text]
    words = [str(key) if word == "KEY" else word for word in line]
    subprocess.run(words, check=True, cwd=tmp_path, capture_output=True)
    brought = caretaker("policy", "import", str(payload), data=folder)
    assert "is in force" in brought.stdout, brought.stderr
    checked_by_a_stranger(folder, tmp_path / "proof", keys.key_id(public))
    again = tmp_path / "again.json"
    done = caretaker("policy", "use", "--again", "--out", str(again), data=folder)
    assert again.name in done.stdout, done.stderr
    shown = caretaker("policy", "show", data=folder).stdout
    assert f"Signed by a person, {keys.key_id(public)}" in shown


def in_a_shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """As somebody pastes it."""
    shell = ["/bin/sh", "-c", line]
    return subprocess.run(shell, cwd=folder, capture_output=True, text=True, check=False)


def checked_by_a_stranger(folder: Path, out: Path, key_id: str) -> None:
    """The line that the command prints, in a shell; then the same with one letter changed."""
    done = caretaker("policy", "proof", "--out", str(out), data=folder)
    assert done.returncode == 0, done.stderr
    (line,) = [text for text in done.stdout.splitlines() if "ssh-keygen -Y verify" in text]
    good = in_a_shell(line, out)
    assert (good.returncode, key_id in good.stdout) == (0, True), good.stderr
    (payload,) = out.glob("policy-*.json")
    payload.write_bytes(payload.read_bytes().replace(b"head", b"Head"))
    assert in_a_shell(line, out).returncode != 0


def separated(folder: Path, public: bytes) -> None:
    """As after `key signer add PUBKEY --for policy --separate`."""
    current = files.current(folder)
    fields = {name: getattr(current, name) for name in roots.Roots.__struct_fields__}
    fields |= {
        "recovery": keys.to_text(KEY.public),
        "version": 2,
        "delegated": False,
        "policy_signers": [keys.to_text(public)],
    }
    publish(folder, KEY)
    files.put(folder, roots.sign_roots(roots.Roots(**fields), KEY.signing))
