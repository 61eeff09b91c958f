"""`caretaker key`: what is shown, what is asked for, and what a wrong answer is told."""

import json
from pathlib import Path

import pytest

from controller.roots import files
from controller.roots.first import publish
from controller.roots.recovery import Recovery
from tests.controller.commands.served import caretaker
from wire import keys, roots, sshsig

KEY = Recovery(bytes(range(32)))


@pytest.fixture
def safe(folder: Path, tmp_path: Path) -> Path:
    """The recovery key of `folder` on a stick."""
    current = files.current(folder)
    named = keys.to_text(KEY.public)
    made = roots.Roots(
        **{
            name: getattr(current, name)
            for name in roots.Roots.__struct_fields__
            if name not in ("recovery", "version")
        },
        recovery=named,
        version=2,
    )
    publish(folder, KEY)
    files.put(folder, roots.sign_roots(made, KEY.signing))
    path = tmp_path / "stick.txt"
    path.write_text(f"{KEY}\n")
    return path


def test_a_rotation_is_one_command_and_can_be_seen(
    folder: Path, safe: Path, tmp_path: Path
) -> None:
    before = files.current(folder)
    policy = tmp_path / "policy.toml"
    policy.write_text('name = "ours"\n', encoding="utf-8")
    assert caretaker("policy", "use", str(policy), data=folder).returncode == 0
    done = caretaker("key", "rotate", "controller", "--recovery-key", str(safe), data=folder)
    assert (done.returncode, "version 3" in done.stdout) == (0, True), done.stderr
    assert "It signed the policy of site_" in done.stdout
    shown = json.loads(caretaker("key", "show", "--format", "json", data=folder).stdout)
    listed = [one for one in shown["roots"]["keys"] if one["what"] == "controller"]
    assert [one["in_use"] for one in listed] == [True, False]
    assert listed[1]["fingerprint"] == keys.key_id(keys.from_text(before.controllers[0]))
    page = caretaker("key", "show", data=folder).stdout
    assert listed[0]["fingerprint"] in page
    assert "not separated" in page


def test_a_new_log_key_and_the_old_one_sign_where_the_log_stands(folder: Path, safe: Path) -> None:
    done = caretaker("key", "rotate", "log", "--recovery-key", str(safe), data=folder)
    assert (done.returncode, "Both keys signed" in done.stdout) == (0, True), done.stderr
    assert not (folder / "keys" / files.HANDING_OVER).exists()
    assert len(files.current(folder).logs) == 2


def test_a_new_recovery_key_is_shown_and_the_old_one_is_worth_nothing(
    folder: Path, safe: Path
) -> None:
    done = caretaker("key", "rotate", "recovery", "--recovery-key", str(safe), data=folder)
    lines = iter(done.stdout.splitlines())
    first = next(line for line in lines if line.strip().startswith("CR1"))
    assert files.recovery_public(folder) == Recovery.parse(first + next(lines)).public
    again = caretaker("key", "rotate", "log", "--recovery-key", str(safe), data=folder)
    assert (again.returncode, again.stderr.count("\n")) == (1, 1)
    assert "not the one of this controller" in again.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param(["rotate"], 64, "caretaker key rotate and what", id="nothing-named"),
        pytest.param(["rotate", "tls"], 64, "--recovery-key FILE or -", id="no-terminal"),
        pytest.param(
            ["rotate", "address", "--recovery-key", "x"], 64, "--address https://", id="no-address"
        ),
        pytest.param(
            ["rotate", "tls", "--recovery-key", "/dev/null"], 1, "No recovery", id="empty"
        ),
    ],
)
def test_a_mistake_is_one_sentence(folder: Path, words: list[str], code: int, said: str) -> None:
    done = caretaker("key", *words, data=folder)
    assert (done.returncode, done.stderr.count("\n")) == (code, 1)
    assert said in done.stderr


def test_a_person_signs_policy_from_one_command_on(folder: Path, safe: Path) -> None:
    person = keys.public_bytes(keys.generate())
    line = " ".join(sshsig.allowed_signer("x", "y", person).split()[2:])
    words = ["signer", "add", line, "--for", "policy", "--separate", "--recovery-key", str(safe)]
    done = caretaker("key", *words, data=folder)
    assert (done.returncode, keys.key_id(person) in done.stdout) == (0, True), done.stderr
    made = files.current(folder)
    assert (made.policy_signers, made.delegated) == ([keys.to_text(person)], False)
    assert "not separated" not in caretaker("key", "show", data=folder).stdout
