"""A sender gone bad may drop reports; it can neither have anything signed nor lead root astray
(O13)."""

import os
from pathlib import Path

import msgspec
import pytest

from agent import chain, files, spool
from agent.collect import answers
from agent.collect.relinking import relink
from agent.collect.round import collect
from agent.state import State
from tests.agent.conftest import machine
from tests.agent.simulator import NOW
from wire import dsse, packing, report
from wire.canonical import encode

GROUP = os.getegid()


def _content(entry: spool.Entry) -> report.Content:
    parsed = dsse.parse(entry.envelope())
    found = msgspec.json.decode(parsed.payload, type=report.Report).content
    assert isinstance(found, report.Content)
    return found


def _rewind(state: State) -> None:
    """What a condemned report before it does: the next one has to be signed again."""
    links = chain.load(state.key)
    chain.save(state.key, msgspec.structs.replace(links, last=chain.Link(0, "")))


def test_findings_put_in_place_of_ours_are_never_signed(enrolled: State) -> None:
    collect(enrolled, machine())
    (entry,) = spool.entries(enrolled.spool)
    better = [msgspec.structs.replace(result, status="pass") for result in _content(entry).results]
    forged = encode(msgspec.structs.replace(_content(entry), results=better))
    files.replace(entry.path / "content.json", forged)
    _rewind(enrolled)
    relink(enrolled)
    assert spool.entries(enrolled.spool) == []
    (grave,) = spool.entries(enrolled.dead)
    assert grave.seq == entry.seq


def test_a_section_put_in_place_of_ours_is_dropped_and_the_report_goes_on(
    enrolled: State,
) -> None:
    collect(enrolled, machine())
    (entry,) = spool.entries(enrolled.spool)
    ours = _content(entry)
    first, *_, last = entry.sections()
    files.replace(first, packing.gzip_bytes(b'{"unseen":"denied","forged":1}'))
    files.replace(last, b"no gzip")
    _rewind(enrolled)
    relink(enrolled)
    (again,) = spool.entries(enrolled.spool)
    assert _content(again) == ours
    names = {path.name for path in again.sections()}
    assert first.name not in names
    assert last.name not in names


def test_an_old_report_put_back_under_a_new_number_is_not_signed_as_new(
    enrolled: State,
) -> None:
    collect(enrolled, machine())
    (entry,) = spool.entries(enrolled.spool)
    for name in ("0000000002", "again-0000000001", "again-x"):
        copied = enrolled.spool / name
        copied.mkdir()
        (copied / "envelope.json").write_bytes(entry.envelope())
        (copied / "content.json").write_bytes((entry.path / "content.json").read_bytes())
    answers.act(enrolled, NOW)
    signed = [dsse.digest(one.envelope()) for one in spool.entries(enrolled.spool)]
    assert signed == [entry.digest()]


@pytest.mark.parametrize("kind", ["link", "fifo", "folder"])
def test_what_is_no_envelope_of_ours_holds_nobody_up(
    enrolled: State, tmp_path: Path, kind: str
) -> None:
    collect(enrolled, machine())
    (entry,) = spool.entries(enrolled.spool)
    envelope = entry.path / "envelope.json"
    envelope.rename(tmp_path / "elsewhere")
    if kind == "fifo":
        os.mkfifo(envelope)
    elif kind == "folder":
        envelope.mkdir()
    else:
        envelope.symlink_to(tmp_path / "elsewhere")
    assert answers.act(enrolled, NOW).dead == 1


def test_a_link_in_place_of_a_report_is_no_report(enrolled: State, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (enrolled.spool / "0000000001").symlink_to(tmp_path / "elsewhere")
    (enrolled.spool / "0000000002").write_text("no folder")
    assert spool.entries(enrolled.spool) == []


def test_sharing_the_spool_again_hands_over_nothing_a_link_leads_to(
    enrolled: State, tmp_path: Path
) -> None:
    secret = tmp_path / "shadow"
    secret.write_text("secret")
    secret.chmod(0o600)
    folder = tmp_path / "etc"
    folder.mkdir(mode=0o700)
    (folder / "inner").write_text("secret")
    (folder / "inner").chmod(0o600)
    collect(enrolled, machine())
    (entry,) = spool.entries(enrolled.spool)
    (enrolled.spool / "link.json").symlink_to(secret)
    (enrolled.spool / "second-name.json").hardlink_to(secret)
    (enrolled.spool / "0000000002").symlink_to(folder)
    (entry.path / "link.json").symlink_to(secret)
    os.mkfifo(entry.path / "fifo.json")
    enrolled.share_with(GROUP)
    assert secret.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "inner").stat().st_mode & 0o777 == 0o600
    assert (entry.path / "envelope.json").stat().st_mode & 0o777 == 0o640
