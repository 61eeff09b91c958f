"""Leaving for good: uninstalling, and sealing a disk that is about to be copied (S15)."""

import os
import shutil
import stat
from pathlib import Path

import msgspec
import pytest

from agent import keyfile, leaving, public
from agent.collect import answers, binding
from agent.collect.introducing import give_up
from agent.collect.round import collect
from agent.commands import shared
from agent.deliver.upload import deliver
from agent.enrolling import enrol_machine
from agent.state import State, StateError
from tests import needs
from tests.agent.cli import agent_here as agent
from tests.agent.cli import one_line, printed
from tests.agent.conftest import machine
from tests.agent.simulator import NOW, Controller, html
from wire import itself

NOBODY = 65534


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last look is at a machine of which nothing can be seen: the real one takes a second."""
    monkeypatch.setattr(shared, "this_machine", lambda *_: machine())


@pytest.fixture
def reporting(enrolled: State, controller: Controller) -> Path:
    """A computer with everything in its folders: a delivered report, and an identity put aside."""
    give_up(enrolled, NOW)
    enrol_machine(enrolled, machine(), controller.url, controller.code())
    collect(enrolled, machine())
    assert deliver(enrolled, NOW).sent == 1
    assert answers.act(enrolled, NOW).confirmed == 1
    return enrolled.root.parent


def left(data: Path) -> set[str]:
    found = (path for path in (data / "agent").rglob("*") if path.is_file())
    return {path.name for path in found} - {"turn.lock"}


def test_uninstalling_leaves_no_service_no_file_and_no_key(reporting: Path, tmp_path: Path) -> None:
    root = ("--root", str(tmp_path / "root"))
    assert agent("schedule", "install", *root, data=reporting).returncode == 0
    stamps = tmp_path / "root/var/lib/systemd/timers"
    stamps.mkdir(parents=True)
    for name in ("stamp-caretaker-collect.timer", "stamp-apt-daily.timer"):
        (stamps / name).touch()
    assert list((tmp_path / "root").rglob("caretaker*"))
    ran = agent("uninstall", "--yes", *root, "--format", "json", data=reporting)
    assert ran.returncode == 0, ran.stderr
    assert not list((tmp_path / "root").rglob("caretaker*"))
    assert [path.name for path in stamps.iterdir()] == ["stamp-apt-daily.timer"]
    assert not reporting.exists()
    said = printed(ran)
    assert said["schema"] == "caretaker.uninstall/1"
    assert any("program itself" in one for one in said["remains"])
    assert not any("at the controller" in one for one in said["remains"])


def last_words(controller: Controller) -> itself.Leaving | None:
    return itself.heard(controller.reports[-1].now, itself.Leaving)


def test_who_uninstalls_tells_the_controller_in_a_last_signed_report(
    reporting: Path, controller: Controller
) -> None:
    ran = agent("uninstall", "--yes", "--root", "/nonexistent", data=reporting)
    assert "The controller was told" in ran.stdout
    assert [found.seq for found in controller.reports] == [1, 2]
    assert last_words(controller) == itself.Leaving(how="uninstalled")


def test_who_seals_a_disk_tells_the_controller_too(reporting: Path, controller: Controller) -> None:
    ran = agent("seal-image", "--format", "json", data=reporting)
    assert (printed(ran)["told"], printed(ran)["why"]) == (True, "")
    assert last_words(controller) == itself.Leaving(how="sealed")


def test_reports_that_wait_are_delivered_before_the_last_one(
    reporting: Path, controller: Controller
) -> None:
    collect(State(reporting), machine())
    agent("uninstall", "--yes", "--discard", "--root", "/nonexistent", data=reporting)
    assert [found.seq for found in controller.reports] == [1, 2, 3]


@pytest.mark.parametrize("fault", ["no network", "a filter's page", "a refusal"])
def test_a_controller_that_cannot_be_told_holds_nobody_up(
    reporting: Path, controller: Controller, fault: str
) -> None:
    state = State(reporting)
    identity = state.identity()
    assert identity is not None
    if fault == "no network":
        away = msgspec.structs.replace(identity, addresses=["https://127.0.0.1:9"])
        state.remember(away)
    elif fault == "a filter's page":
        controller.faults = [html(403)] * 9
    else:
        controller.refuse_next("busy")
        controller.refuse_next("busy")
    ran = agent("uninstall", "--yes", "--root", "/nonexistent", data=reporting)
    assert ran.returncode == 0, ran.stderr
    assert "The controller could not be told: " in ran.stdout
    assert "say there that it was removed" in ran.stdout
    assert not reporting.exists()


def test_a_copied_disk_says_no_farewell_for_the_computer_it_was_copied_from(
    reporting: Path, controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binding, "is_another_machine", lambda *_: True)
    ran = agent("uninstall", "--yes", "--root", "/nonexistent", data=reporting)
    assert ran.returncode == 0
    assert "The controller" not in ran.stdout
    assert len(controller.reports) == 1


def test_without_a_key_there_is_nobody_to_say_farewell(
    reporting: Path, controller: Controller
) -> None:
    (reporting / "agent/key/device.key").unlink()
    assert keyfile.load(State(reporting).key) is None
    ran = agent("seal-image", "--format", "json", data=reporting)
    assert printed(ran)["told"] is None
    assert len(controller.reports) == 1


def test_what_everybody_could_read_is_taken_away_too(
    reporting: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "public"
    folder.mkdir()
    monkeypatch.setenv("CACHE_DIRECTORY", str(folder))
    public.publish(folder, public.Public(looked_at=NOW), for_all=True)
    assert agent("uninstall", "--yes", "--root", "/nonexistent", data=reporting).returncode == 0
    assert not folder.exists()


def test_uninstalling_twice_is_no_error(reporting: Path) -> None:
    for _ in range(2):
        assert agent("uninstall", "--yes", "--root", "/nonexistent", data=reporting).returncode == 0


def test_nothing_is_removed_without_asking(reporting: Path) -> None:
    before = left(reporting)
    ran = agent("uninstall", "--root", "/nonexistent", data=reporting)
    assert ran.returncode == 64
    assert "--yes" in one_line(ran)
    assert left(reporting) == before


@pytest.mark.parametrize(
    "words", [("uninstall", "--yes", "--root", "/nonexistent"), ("seal-image",)]
)
def test_reports_that_nobody_received_are_not_thrown_away_unasked(
    reporting: Path, words: tuple[str, ...]
) -> None:
    collect(State(reporting), machine())
    before = left(reporting)
    ran = agent(*words, data=reporting)
    assert ran.returncode == 1
    assert "1 report was not delivered" in one_line(ran)
    assert left(reporting) >= before - {"presence.json"}
    assert agent(*words, "--discard", data=reporting).returncode == 0
    assert not (reporting / "agent/key/device.key").exists()


def test_somebody_elses_files_beside_ours_stay_and_are_named(reporting: Path) -> None:
    (reporting / "db").mkdir()
    ran = agent("uninstall", "--yes", "--root", "/nonexistent", data=reporting)
    assert f"remains: {reporting / 'db'}" in ran.stdout
    assert (reporting / "db").is_dir()


def test_a_sealed_computer_keeps_nothing_a_copy_could_speak_with(reporting: Path) -> None:
    assert {"device.key", "identity.json", "envelope.json"} <= left(reporting)
    assert agent("seal-image", data=reporting).returncode == 0
    assert left(reporting) == set()
    status = printed(agent("status", "--format", "json", data=reporting))
    assert status["standing"] == "not enrolled"


def test_sealing_twice_says_there_was_nothing_to_do(reporting: Path) -> None:
    assert "Sealed" in agent("seal-image", data=reporting).stdout
    again = agent("seal-image", data=reporting)
    assert (again.returncode, "nothing to seal" in again.stdout) == (0, True)


def test_the_schedule_and_a_curious_person_leave_no_trace_on_a_sealed_computer(
    reporting: Path,
) -> None:
    agent("seal-image", data=reporting)
    for words in (
        ("run", "--scheduled", "--part", "collect"),
        ("run", "--scheduled", "--part", "note"),
        ("run", "--scheduled"),
        ("audit", "--check", "lock-on-resume"),
        ("status",),
    ):
        assert agent(*words, data=reporting).returncode in (0, 2), words
    assert left(reporting) == set()


def join_code(data: Path, *lines: str) -> Path:
    path = data / leaving.JOIN_CODE
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o600)
    return path


def test_copies_of_a_sealed_computer_enrol_each_for_itself(
    reporting: Path, controller: Controller, tmp_path: Path
) -> None:
    join_code(reporting, controller.url, str(controller.code()))
    sealed = agent("seal-image", "--format", "json", data=reporting)
    assert printed(sealed)["copies"] == "enrol"
    keys = set()
    for copy in ("one", "two"):
        data = Path(shutil.copytree(reporting, tmp_path / copy))
        ran = agent("enrol", "--from-file", "--format", "json", data=data)
        assert ran.returncode == 0, ran.stderr
        assert not (data / leaving.JOIN_CODE).exists()
        keys.add(printed(ran)["words"])
    assert len(keys) == 2


def test_a_join_code_that_cannot_be_reached_is_kept_for_the_next_try(
    state: State, tmp_path: Path, controller: Controller
) -> None:
    path = join_code(tmp_path / "data", "https://127.0.0.1:9", str(controller.code()))
    assert agent("enrol", "--from-file", data=tmp_path / "data").returncode == 1
    assert path.exists()


@pytest.mark.parametrize(
    ("lines", "mode", "says"),
    [
        (("nonsense",), 0o600, "two lines"),
        (("http://caretaker.example", "CT1"), 0o600, "two lines"),
        (("https://caretaker.example", "CT1"), 0o644, "chmod 600"),
    ],
    ids=["one line", "no https", "open to all"],
)
def test_a_bad_join_code_file_is_refused_before_anything_is_wiped(
    reporting: Path, lines: tuple[str, ...], mode: int, says: str
) -> None:
    join_code(reporting, *lines).chmod(mode)
    before = left(reporting)
    ran = agent("seal-image", data=reporting)
    assert ran.returncode == 1
    assert says in one_line(ran)
    assert left(reporting) == before


def test_enrolling_needs_a_code_or_the_file(tmp_path: Path) -> None:
    assert "--from-file" in one_line(agent("enrol", data=tmp_path / "d"))
    assert agent("enrol", "--from-file", data=tmp_path / "d").returncode == 64


@pytest.mark.root
def test_the_sender_can_still_enter_a_sealed_spool(enrolled: State) -> None:
    needs.root()
    enrolled.share_with(NOBODY)
    leaving.wipe(enrolled)
    spool = enrolled.spool.stat()
    assert (stat.S_IMODE(spool.st_mode), spool.st_gid) == (0o2770, NOBODY)


@pytest.mark.root
def test_a_link_in_the_spool_leads_no_deletion_astray(enrolled: State, tmp_path: Path) -> None:
    needs.root()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_text("x")
    (enrolled.spool / "0000000009").symlink_to(outside)
    leaving.remove(enrolled)
    assert (outside / "precious").read_text() == "x"
    assert not enrolled.root.exists()


@pytest.mark.root
def test_a_folder_of_somebody_elses_is_not_touched(enrolled: State) -> None:
    needs.root()
    os.chown(enrolled.root, NOBODY, NOBODY)
    with pytest.raises(StateError, match="another user"):
        leaving.wipe(enrolled)
    assert (enrolled.key / "device.key").exists()


def test_a_computer_that_never_joined_leaves_no_page_behind(tmp_path: Path) -> None:
    ran = agent("uninstall", "--yes", "--root", "/nonexistent", data=tmp_path)
    assert ran.returncode == 0
    assert "page at the controller" not in ran.stdout


def test_a_damaged_identity_does_not_keep_a_computer_from_leaving(reporting: Path) -> None:
    (reporting / "agent" / "identity.json").write_bytes(b"\0\0")
    ran = agent("uninstall", "--yes", "--discard", "--root", "/nonexistent", data=reporting)
    assert "page at the controller" in ran.stdout + ran.stderr, (ran.stdout, ran.stderr)
