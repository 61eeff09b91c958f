"""The round happens by itself, in two services that each can do only their half (O13, O14)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from agent import spool
from agent.collect import answers
from agent.collect.introducing import give_up
from agent.collect.round import collect
from agent.deliver.upload import deliver
from agent.enrolling import enrol_machine
from agent.schedule import systemd
from agent.state import State, StateError
from tests import needs
from tests.agent.conftest import machine
from tests.agent.simulator import NOW, Controller

NOBODY = 65534
CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    systemd.install(systemd.plan(tmp_path), Path("/var/lib/caretaker"))
    return tmp_path / "etc/systemd/system"


def lines(path: Path) -> set[str]:
    return {line for line in path.read_text().splitlines() if not line.startswith("#")}


def test_systemd_accepts_every_unit(staged: Path) -> None:
    needs.program("systemd-analyze", package="systemd")
    units = sorted(map(str, staged.iterdir()))
    assert len(units) == 8
    ran = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


def test_the_reader_has_no_network_and_the_sender_no_key(staged: Path) -> None:
    reader = lines(staged / "caretaker-collect.service")
    sender = lines(staged / "caretaker-deliver.service")
    assert {"IPAddressDeny=any", "NoNewPrivileges=true", "ProtectSystem=strict"} <= reader
    assert not any(line.startswith(("PrivateNetwork", "PrivateDevices")) for line in reader)
    assert {f"User={systemd.USER}", "PrivateDevices=true", "CapabilityBoundingSet="} <= sender
    assert any("--part collect" in line for line in reader)
    assert any("--part deliver" in line for line in sender)


def test_the_sender_is_not_the_user_whose_keys_a_controller_on_this_computer_has() -> None:
    controller = Path(__file__).parents[2] / "deploy" / "systemd" / "caretaker.service"
    assert "User=caretaker" in lines(controller)
    assert f"User={systemd.USER}" not in lines(controller)


def test_a_round_missed_while_off_is_made_up_for_and_not_by_all_at_once(staged: Path) -> None:
    timer = lines(staged / "caretaker-collect.timer")
    assert {"Persistent=true", "RandomizedDelaySec=15min", "OnBootSec=10min"} <= timer


def test_switching_off_is_noted_while_the_network_is_still_there(staged: Path) -> None:
    noting = lines(staged / "caretaker-presence.service")
    assert {"RemainAfterExit=yes", "TimeoutStopSec=10s", "WantedBy=multi-user.target"} <= noting
    assert any(line.startswith("After=") and "network.target" in line for line in noting)
    assert any(line.startswith("ExecStop=") and "--part note" in line for line in noting)
    assert not any(line.startswith(("ExecStart", "PrivateNetwork")) for line in noting)


def test_removing_leaves_nothing_of_ours(staged: Path, tmp_path: Path) -> None:
    (staged / "other.service").write_text("")
    where = systemd.plan(tmp_path)
    assert set(systemd.status(where).values()) == {"installed"}
    systemd.remove(where)
    assert [path.name for path in staged.iterdir()] == ["other.service"]
    assert set(systemd.status(where).values()) == {"not installed"}


@pytest.mark.parametrize("data", ["/var/lib/care taker", "/var/lib/50%", "/x\ny", "/a:b"])
def test_a_folder_that_a_unit_cannot_name_is_refused(tmp_path: Path, data: str) -> None:
    with pytest.raises(StateError, match="--data"):
        systemd.install(systemd.plan(tmp_path), Path(data))


def test_an_ordinary_account_gets_units_of_its_own() -> None:
    text = systemd.unit("caretaker-agent.service", Path("/home/maya/.local/share/caretaker"))
    assert "User=" not in text
    assert "--data /home/maya/.local/share/caretaker" in text


def deliver_as_nobody(state: State) -> str:
    """Run the sender's half in a process that gave up root before it did anything."""
    code = (
        # The interpreter may lie in root's home: everything is loaded before giving root up.
        "import os, sys, encodings.idna, json\n"
        "import agent.collect.answers, agent.commands.copies, agent.commands.run\n"
        "import agent.collect.succession, agent.commands.shared, agent.deliver.joining\n"
        "import agent.deliver.backoff, agent.deliver.upload, checks.words\n"
        "from agent.commands.main import main\n"
        f"os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})\n"
        "sys.meta_path.clear()\n"  # nothing more can be loaded, wherever the checkout lies
        "sys.exit(main(sys.argv[1:]))\n"
    )
    words = ["run", "--part", "deliver", "--format", "json", "--data", str(state.root.parent)]
    ran = subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
    )
    return ran.stdout + ran.stderr


def open_to_all(path: Path) -> None:
    """pytest's own folders are closed; the sender's view of ours starts below them."""
    for folder in (path, *path.parents):
        if folder.stat().st_uid == os.geteuid() and str(folder) != "/":
            folder.chmod(folder.stat().st_mode | 0o011)


@pytest.mark.root
def test_the_sender_delivers_as_a_user_who_cannot_read_the_key(
    enrolled: State, controller: Controller, tmp_path: Path
) -> None:
    needs.root()
    open_to_all(enrolled.root.parent)
    enrolled.share_with(NOBODY)
    enrolled.prepare()
    collect(enrolled, machine())
    said = deliver_as_nobody(enrolled)
    assert '"sent": 1' in said, said
    (entry,) = spool.entries(enrolled.spool)
    assert (entry.path / "receipt.json").stat().st_uid == NOBODY
    answers.act(enrolled, NOW)
    assert [kept.seq for kept in spool.entries(enrolled.kept)] == [1]
    for closed in (enrolled.key, enrolled.kept, enrolled.dead, enrolled.orphan):
        assert closed.stat().st_mode & 0o077 == 0


@pytest.mark.root
def test_what_root_does_by_hand_does_not_lock_the_sender_out(
    enrolled: State, controller: Controller
) -> None:
    needs.root()
    open_to_all(enrolled.root.parent)
    enrolled.share_with(NOBODY)
    give_up(enrolled, NOW)
    enrol_machine(enrolled, machine(), controller.url, controller.code())
    collect(enrolled, machine())
    controller.refuse_next("busy")
    assert deliver(enrolled, NOW - 10**6).code == "busy"
    controller.refuse_next("unknown_key")
    assert deliver(enrolled, NOW - 10**6, scheduled=False).code == "unknown_key"
    said = deliver_as_nobody(enrolled)
    assert '"sent": 1' in said, said
    assert answers.act(enrolled, NOW).confirmed == 1


@pytest.mark.root
def test_a_sender_gone_bad_cannot_lead_the_reader_astray(
    enrolled: State, controller: Controller, tmp_path: Path
) -> None:
    needs.root()
    enrolled.share_with(NOBODY)
    collect(enrolled, machine())
    (entry,) = spool.entries(enrolled.spool)
    (entry.path / "receipt.json").symlink_to("/etc/shadow")
    os.mkfifo(entry.path / "problem.json")
    (enrolled.spool / ".new-0000000002").symlink_to(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert answers.act(enrolled, NOW).confirmed == 0
    collect(enrolled, machine())
    assert [waiting.seq for waiting in spool.entries(enrolled.spool)] == [1, 2]
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_the_units_are_in_the_wheel() -> None:
    assert shutil.which(sys.executable)
    for name in (*systemd.SYSTEM_UNITS, *systemd.USER_UNITS):
        assert "[Unit]" in systemd.unit(name, Path("/d"))
