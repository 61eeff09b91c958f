"""Reports carried on a stick: copied whole, never emptied by copying, and back come only answers
that the controller signed (S16)."""

import os
import shutil
from pathlib import Path

import pytest

from agent import chain, spool
from agent.collect import answers
from agent.deliver.stick import StickError, bring_back, export
from agent.state import Identity, State
from tests.agent.cli import agent, enrol, one_line, printed
from tests.agent.nights import kept, night, round_trip, waiting
from tests.agent.school import School
from tests.agent.simulator import NOW, Controller, Request
from wire import dsse, packing, report, stick


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def who(state: State) -> Identity:
    identity = state.identity()
    assert identity is not None
    return identity


def folders(usb: Path) -> list[Path]:
    return sorted((usb / stick.FOLDER).glob("*/*"))


def answered(usb: Path, controller: Controller) -> None:
    """What the controller does with a stick, in few words."""
    for folder in folders(usb):
        envelope = (folder / stick.ENVELOPE).read_bytes()
        for body in folder.glob("*.gz"):
            plain = packing.gunzip_limited(body.read_bytes(), 1 << 20)
            controller.sections[dsse.digest(plain)] = plain
        reply = controller.answer(Request("POST", "/v1/reports", envelope, {}))
        (folder / "receipt.json").write_bytes(reply.body)
        if controller.policy:
            (folder / stick.POLICY).write_bytes(controller.policy)


def test_reports_go_out_and_receipts_come_back_on_a_stick(
    enrolled: State, controller: Controller, usb: Path
) -> None:
    night(enrolled)
    night(enrolled)
    before = chain.load(enrolled.key)
    done = export(enrolled, who(enrolled), usb)
    assert (done.reports, done.damaged) == (2, 0)
    assert waiting(enrolled) == [1, 2]
    assert chain.load(enrolled.key) == before
    answered(usb, controller)
    assert bring_back(enrolled, who(enrolled), usb).answers == 2
    assert answers.act(enrolled, NOW).confirmed == 2
    assert (waiting(enrolled), kept(enrolled)) == ([], [1, 2])
    assert night(enrolled).unchanged
    assert round_trip(enrolled).code == ""
    assert [found.seq for found in controller.reports] == [1, 2, 3]


def test_a_policy_comes_along_and_is_taken_only_if_the_receipt_names_it(
    enrolled: State, controller: Controller, usb: Path
) -> None:
    school = School(controller, enrolled)
    controller.policy = school.made(2)
    night(enrolled)
    export(enrolled, who(enrolled), usb)
    answered(usb, controller)
    (place,) = folders(usb)
    (place / stick.POLICY).write_bytes(school.made(3))
    bring_back(enrolled, who(enrolled), usb)
    assert not (enrolled.spool / "policy.json").exists()
    (place / stick.POLICY).write_bytes(controller.policy)
    bring_back(enrolled, who(enrolled), usb)
    assert answers.act(enrolled, NOW).ruled
    assert school.ruled().policy.name == "version 2"


def test_the_stick_holds_nothing_but_what_is_signed_and_what_it_names(
    enrolled: State, usb: Path
) -> None:
    night(enrolled)
    export(enrolled, who(enrolled), usb)
    (folder,) = folders(usb)
    (entry,) = spool.entries(enrolled.spool)
    assert (folder / stick.ENVELOPE).read_bytes() == entry.envelope()
    found = report.open_report(dsse.parse(entry.envelope()), _public(enrolled))
    assert isinstance(found.content, report.Content)
    named = {ref.sha256 for ref in found.content.sections} | {report.content_digest(found.content)}
    bodies = {
        dsse.digest(packing.gunzip_limited(path.read_bytes(), 1 << 20)): path.name
        for path in folder.glob("*.gz")
    }
    assert bodies == {digest: stick.body_name(digest) for digest in named}
    assert len(list(usb.rglob("*.*"))) == len(bodies) + 1


def _public(state: State) -> bytes:
    from agent.collect.round import credentials
    from wire import keys

    return keys.public_bytes(credentials(state)[1])


def test_copying_again_takes_in_what_is_new_and_harms_no_answer(
    enrolled: State, controller: Controller, usb: Path
) -> None:
    night(enrolled)
    export(enrolled, who(enrolled), usb)
    answered(usb, controller)
    night(enrolled)
    assert export(enrolled, who(enrolled), usb).reports == 2
    assert bring_back(enrolled, who(enrolled), usb).answers == 1
    answers.act(enrolled, NOW)
    assert (kept(enrolled), waiting(enrolled)) == ([1], [2])


def test_answers_that_are_not_the_controllers_to_this_report_are_left_alone(
    enrolled: State, controller: Controller, usb: Path
) -> None:
    night(enrolled)
    night(enrolled)
    export(enrolled, who(enrolled), usb)
    answered(usb, controller)
    first, second = folders(usb)
    stranger = Controller()
    digest = dsse.digest((second / stick.ENVELOPE).read_bytes())
    shutil.copy(first / "receipt.json", second / "receipt.json")
    (second / "problem.json").write_bytes(stranger.refuse("malformed", digest).body)
    brought = bring_back(enrolled, who(enrolled), usb)
    assert (brought.answers, brought.foreign) == (1, 2)
    answers.act(enrolled, NOW)
    assert (kept(enrolled), waiting(enrolled)) == ([1], [2])
    assert not list(enrolled.dead.iterdir())


def test_a_receipt_that_still_asks_for_parts_we_hold_confirms_nothing(
    enrolled: State, controller: Controller, usb: Path
) -> None:
    night(enrolled)
    export(enrolled, who(enrolled), usb)
    for body in usb.rglob("*.gz"):
        body.unlink()
    answered(usb, controller)
    assert bring_back(enrolled, who(enrolled), usb).incomplete == 1
    answers.act(enrolled, NOW)
    assert waiting(enrolled) == [1]
    assert round_trip(enrolled).code == ""


def test_a_signed_condemnation_comes_back_on_the_stick_too(
    enrolled: State, controller: Controller, usb: Path
) -> None:
    night(enrolled)
    export(enrolled, who(enrolled), usb)
    (folder,) = folders(usb)
    digest = dsse.digest((folder / stick.ENVELOPE).read_bytes())
    (folder / "problem.json").write_bytes(controller.refuse("schema", digest).body)
    assert bring_back(enrolled, who(enrolled), usb).answers == 1
    assert answers.act(enrolled, NOW).dead == 1


@pytest.mark.parametrize("level", [0, 1, 2])
def test_nothing_is_written_through_a_link_on_the_stick(
    enrolled: State, tmp_path: Path, usb: Path, level: int
) -> None:
    night(enrolled)
    parts = [stick.FOLDER, who(enrolled).device, stick.report_name(1)]
    elsewhere = tmp_path / "etc"
    elsewhere.mkdir()
    place = usb.joinpath(*parts[: level + 1])
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(elsewhere)
    with pytest.raises(StickError, match="empty stick"):
        export(enrolled, who(enrolled), usb)
    assert list(elsewhere.iterdir()) == []


def test_a_file_prepared_on_the_stick_is_replaced_and_never_written_through(
    enrolled: State, tmp_path: Path, usb: Path
) -> None:
    night(enrolled)
    folder = usb / stick.FOLDER / who(enrolled).device / stick.report_name(1)
    folder.mkdir(parents=True)
    secret = tmp_path / "secret"
    secret.write_text("untouched")
    (folder / stick.ENVELOPE).symlink_to(secret)
    (folder / f".{stick.ENVELOPE}.new").symlink_to(secret)
    export(enrolled, who(enrolled), usb)
    assert secret.read_text() == "untouched"
    assert not (folder / stick.ENVELOPE).is_symlink()


@pytest.mark.parametrize("kind", ["link", "fifo", "folder", "giant"])
def test_no_answer_but_a_plain_small_file_is_read(
    enrolled: State, tmp_path: Path, usb: Path, kind: str
) -> None:
    night(enrolled)
    export(enrolled, who(enrolled), usb)
    (folder,) = folders(usb)
    place = folder / "receipt.json"
    if kind == "link":
        (tmp_path / "elsewhere").write_text("x")
        place.symlink_to(tmp_path / "elsewhere")
    elif kind == "fifo":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    else:
        with place.open("wb") as file:
            file.truncate(1 << 40)
    assert bring_back(enrolled, who(enrolled), usb).missing == 1


def test_a_report_the_disk_did_not_keep_is_counted_and_the_others_are_copied(
    enrolled: State, usb: Path
) -> None:
    night(enrolled)
    night(enrolled)
    (enrolled.spool / "0000000001" / "envelope.json").write_bytes(b"")
    done = export(enrolled, who(enrolled), usb)
    assert (done.reports, done.damaged) == (1, 1)
    assert [folder.name for folder in folders(usb)] == ["0000000002"]


def test_the_command_says_what_it_did_and_what_is_next(
    controller: Controller, tmp_path: Path, usb: Path
) -> None:
    data = tmp_path / "client"
    nobody = agent("spool", "export", str(usb), data=data)
    assert nobody.returncode == 1
    assert "not enrolled" in one_line(nobody)
    enrol(controller, data)
    assert "No report waits" in agent("spool", "export", str(usb), data=data).stdout
    agent("run", "--part", "collect", data=data)
    out = agent("spool", "export", str(usb), data=data)
    assert out.returncode == 0
    assert f"caretaker import-spool {usb}" in out.stdout
    answered(usb, controller)
    back = agent("spool", "import-receipts", str(usb), "--format", "json", data=data)
    assert printed(back)["confirmed"] == 1
    missing = agent("spool", "export", str(usb / "absent"), data=data)
    assert missing.returncode == 64
    assert "There is no folder" in one_line(missing)
