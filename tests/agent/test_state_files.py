"""The agent's own notes, written by another release or not kept by the disk: a downgrade is no
damage, and damage costs one file or is said in one sentence."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent import cost, files, presence
from agent.collect import answers, succession
from agent.deliver import backoff, proxy
from agent.deliver.upload import deliver
from agent.state import State, StateError
from tests.agent.cli import agent_here, printed
from tests.agent.conftest import machine
from tests.agent.nights import night, round_trip
from tests.agent.simulator import NOW, Controller

SIGNED = frozenset(
    {"roots.json", "enrolment.json", "rekey.json", "rekeyed.json", "enrol.json", "joined.json"}
)
"""Not notes but messages: whoever changes those changes what was signed."""


def notes(state: State) -> Iterator[Path]:
    """Every note of ours that lies there, after as much as one computer can go through."""
    for path in sorted(state.root.rglob("*.json")):
        inside = any(part.name.isdigit() for part in path.parents)
        if path.name not in SIGNED and not inside:
            yield path


@pytest.fixture
def lived(enrolled: State, controller: Controller) -> State:
    """A computer with a few nights behind it, and with every kind of note."""
    night(enrolled)
    assert round_trip(enrolled).code == ""
    cost.keep(enrolled.key, cost.Cost(NOW, 400, 2_000, 40_000_000))
    presence.keep(enrolled.key, presence.Sample("b", NOW, 900, 900, True))
    backoff.failed(enrolled.spool, NOW)
    files.replace(enrolled.spool / "proxy.json", b'{"proxy":"none"}')
    assert {"identity.json", "chain.json", "binding.json"} < {p.name for p in notes(enrolled)}
    return enrolled


def goes_on(state: State, controller: Controller) -> None:
    """The next night arrives, under the same name and in the same chain."""
    before = len(controller.reports)
    answers.act(state, NOW)
    night(state)
    assert deliver(state, NOW, scheduled=False).code == ""
    assert answers.act(state, NOW).confirmed == 1
    assert [found.seq for found in controller.reports] == list(range(1, before + 2))


def of_the_next_release(value: Any) -> Any:
    """The same note with a field more wherever a field can be."""
    if isinstance(value, dict):
        more = {name: of_the_next_release(inner) for name, inner in value.items()}
        return {**more, "of_a_newer_release": {"v": 2}}
    if isinstance(value, list):
        return [of_the_next_release(one) for one in value]
    return value


def maps(path: Path) -> bool:
    """Whether a note is a table whose names are its content, which a new name would change."""
    return path.name in ("binding.json", "ruling.json")


def test_notes_of_the_next_release_are_read_by_this_one(
    lived: State, controller: Controller
) -> None:
    for path in notes(lived):
        told = json.loads(path.read_bytes())
        newer = {**told, "of_a_newer_release": 2} if maps(path) else of_the_next_release(told)
        path.write_text(json.dumps(newer))
    status = printed(agent_here("status", "--format", "json", data=lived.root.parent))
    assert (status["standing"], status["cpu_ms"]) == ("active", 400)
    assert presence.load(lived.key).last is not None
    assert backoff.load(lived.spool).failures == 1
    assert proxy.setting(lived.spool) == "none"
    goes_on(lived, controller)


def test_what_a_newer_release_noted_of_this_identity_is_there_when_it_comes_back(
    lived: State,
) -> None:
    path = lived.root / "identity.json"
    told = json.loads(path.read_bytes())
    path.write_text(json.dumps({**told, "of_a_newer_release": 7, "trust": "pins"}))
    identity = lived.identity()
    assert identity is not None
    lived.remember(identity)
    assert json.loads(path.read_bytes())["of_a_newer_release"] == 7


def test_a_newer_releases_notes_of_another_identity_are_nobodys_here(lived: State) -> None:
    path = lived.root / "identity.json"
    told = json.loads(path.read_bytes())
    path.write_text(json.dumps({**told, "device": "dev_other", "of_a_newer_release": 7}))
    lived.remember(State(lived.root.parent).identity() or pytest.fail("no identity"))
    identity = lived.identity()
    assert identity is not None
    path.write_text(json.dumps({**told, "of_a_newer_release": 7}))
    lived.remember(identity)  # that is `dev_other`
    assert "of_a_newer_release" not in json.loads(path.read_bytes())


DAMAGE = {
    "empty": lambda _: b"",
    "cut": lambda data: data[: len(data) // 2],
    "flipped": lambda data: data.replace(b'"', b'"\xff', 3),
    "zeroed": lambda data: bytes(len(data)),
    "list": lambda _: b"[]",
}


def said(state: State) -> str:
    """What a round says that cannot be made; "" for one that was made and arrived."""
    try:
        answers.act(state, NOW)
        night(state)
        assert deliver(state, NOW, scheduled=False).code == ""
        answers.act(state, NOW)
    except StateError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_note_that_the_disk_did_not_keep_is_done_without_or_named(
    lived: State, damage: Any
) -> None:
    must_be_sound = {lived.root / "identity.json", lived.key / "chain.json"}
    for path in list(notes(lived)):
        if not path.exists():
            continue  # a round that arrived has nothing to wait for
        sound = path.read_bytes()
        path.write_bytes(damage(sound))
        named = f"{path} is damaged; enrol this computer again."
        assert said(lived) == (named if path in must_be_sound else "")
        if path in must_be_sound:
            path.write_bytes(sound)


def test_a_damaged_note_of_a_newcomer_is_named(lived: State, controller: Controller) -> None:
    succession.begin(lived, machine())
    path = lived.root / "newcomer.json"
    path.write_bytes(path.read_bytes().replace(b'"', b'"\xff', 3))
    ran = agent_here("run", data=lived.root.parent)
    assert ran.returncode == 1
    assert "newcomer.json is damaged; enrol this computer with a join code" in ran.stderr
