"""Two nights of the real agent on this very computer, counted at the controller's door and on its
disk."""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import msgspec
import pytest
from django.db import connection

from agent import cost, keyfile
from agent.collect import answers
from agent.collect.round import Collected, collect
from agent.hosts.local import LocalHost
from agent.spool import entries
from agent.state import Identity, State
from checks.operating_system.facts import OperatingSystemNow, Update
from checks.operating_system.linux_apt import Apt
from controller import clock
from controller.fleet.facts_shown import fact_groups
from controller.fleet.models import Device, Held, Report, Verdict
from controller.fleet.packed import payload
from tests import needs
from tests.controller.intake.conftest import Controller
from tests.controller.intake.machine import Door, Machine
from tests.controller.judging.conftest import JudgeNow
from wire import canonical, dsse, frame, keys, report, types
from wire.receipt import Receipt

DAY = 86_400
WIRE, DISK = 400, 700
WAITING = [
    Update(name=f"lib{name}{number}", version=f"{number}.{number * 7}.1-3+deb13u{number % 5}")
    for number, name in enumerate(("ssl", "xml2-", "curl", "png16-", "tiff", "krb5-", "glib") * 10)
]
ORDINARY = 620
"""Bytes of drifting facts, as text, of a computer that runs little: WIRE and DISK are for them.
Each byte that another one has to say beyond these, more programs or volumes, may cost one more."""
CALM = {
    "running": ["bash", "cron", "login", "python3.11", "systemd-udevd"],
    "listening": [{"local": False, "port": 22, "protocol": "tcp"}],
}
"""What such a computer runs. The names and ports of this very one are nobody's to promise."""


@dataclass
class Computer:
    """This computer as one that was let in: the agent's own folder, and who brings its reports."""

    state: State
    door: Door
    host: LocalHost
    takes: int = frame.FIRST
    sent: list[int] = field(default_factory=list)
    """Bytes of each request of the newest night."""

    def night(self) -> Collected:
        """Look, sign, deliver, act on the receipt."""
        found = collect(self.state, self.host)
        cost.keep(self.state.key, cost.measured(self.host.clock(), time.monotonic()))
        self.sent = []
        (waiting,) = entries(self.state.spool)
        said = self.post(waiting.envelope())
        for digest in said.need:
            body = waiting.body(digest)
            assert body is not None
            self.put(digest, body)
        if said.need:
            said = self.post(waiting.envelope())
        waiting.put_answer("receipt", self.receipt)
        assert answers.act(self.state, self.host.clock()).confirmed == 1
        return found

    def post(self, envelope: bytes) -> Receipt:
        packed = frame.pack(envelope, self.takes)
        self.sent.append(len(packed))
        reply = self.door.ask("POST", "/v1/reports", packed, content_type=types.PACKED_TYPE)
        assert reply.status in (200, 202), reply.body
        self.receipt = reply.body
        self.takes = reply.receipt.frames or frame.FIRST
        return reply.receipt

    def put(self, digest: str, body: bytes) -> None:
        self.sent.append(len(body))
        name = {"caretaker_device": self.device, "content_encoding": "gzip"}
        path = f"/v1/sections/{digest.removeprefix('sha256:')}"
        assert self.door.ask("PUT", path, body, **name).status == 204

    @property
    def device(self) -> str:
        identity = self.state.identity()
        assert identity is not None
        return identity.device


@pytest.fixture
def computer(controller: Controller, tmp_path: Path) -> Computer:
    state = State(tmp_path / "agent")
    state.prepare()
    host = LocalHost(secrets.token_bytes(32), state)
    clock.use(host.clock)
    key = keyfile.create(state.key)
    machine: Machine = controller.machine()
    public = keys.public_bytes(key)
    Device.objects.filter(id=machine.device).update(
        public_key=public, key_id=keys.key_id(public), words=keys.words(public)
    )
    state.remember(
        Identity(
            device=machine.device,
            controller=keys.to_text(controller.door.public),
            addresses=[],
            trust="system",
            spki=[],
            enrolled="",
            words="",
            enrolled_at=host.clock() - 30 * DAY,
        )
    )
    return Computer(state, controller.door, host)


@pytest.fixture
def seventy_updates_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Apt, "pending", lambda _self: WAITING)


def unchanged(computer: Computer) -> None:
    """Nights until two are alike: something may be installed or plugged in at this very second."""
    computer.night()
    assert any(computer.night().unchanged for _ in range(3))


def newest(device: str) -> Report:
    return Report.objects.filter(device_id=device).latest("seq")


def drifting(device: str) -> dict[str, report.NowSection]:
    said = canonical.decode(payload(bytes(newest(device).envelope)), report.Report, longest=1 << 14)
    return {one.section: one for one in said.now}


@pytest.mark.usefixtures("seventy_updates_wait")
def test_an_unchanged_night_of_this_computer_with_70_updates_waiting_is_one_message_of_400_bytes(
    computer: Computer, judge_now: JudgeNow
) -> None:
    unchanged(computer)
    (size,) = computer.sent
    now = drifting(computer.device).values()
    print({one.section: len(one.body) for one in now}, size)
    assert size <= WIRE + beyond(now)
    assert text(now) > 600
    (judged,) = judge_now()
    assert (judged.malformed, judged.failed) == ([], "")


@pytest.mark.usefixtures("seventy_updates_wait")
def test_what_waits_is_judged_as_the_agent_judged_it_though_it_came_in_two_parts(
    computer: Computer, judge_now: JudgeNow
) -> None:
    first = computer.night()
    judge_now()
    theirs = {one.check: (one.status, one.says) for one in first.look.verdicts}
    ours = {
        one.check_id: (one.status, one.says)
        for one in Verdict.objects.filter(device_id=computer.device)
    }
    for check in ("os-patches", "auto-update", "os-supported"):
        assert ours[check] == theirs[check]
    held = Held.objects.get(device_id=computer.device, name="operating_system_seldom")
    shown = fact_groups(held.device)
    assert "(changes now and then)" in " ".join(group.title for group in shown)
    body = first.look.sections[OperatingSystemNow]
    assert isinstance(body, OperatingSystemNow)
    assert body.pending == WAITING


def test_a_stored_unchanged_night_takes_less_than_700_bytes_of_disk_its_line_and_indexes_included(
    computer: Computer,
) -> None:
    if connection.vendor != "sqlite":
        needs.impossible("PostgreSQL gives a file back its room in its own time")
    unchanged(computer)
    key = keyfile.load(computer.state.key)
    assert key is not None
    stored = payload(bytes(newest(computer.device).envelope))
    last = calm(canonical.decode(stored, report.Report, longest=1 << 14))
    prev = dsse.digest(dsse.sign(stored, types.REPORT, key))
    at, before, nights = last.created_at, pages(), 300
    for night in range(1, nights + 1):
        moment = at + night * DAY
        clock.use(partial(int, moment))
        made = msgspec.structs.replace(
            last,
            seq=last.seq + night,
            prev=prev,
            created_at=moment,
            nonce=secrets.token_hex(16),
            echo=secrets.token_hex(16),
        )
        envelope = report.sign_report(made, key)
        prev = dsse.digest(envelope)
        assert computer.post(envelope).status == "accepted"
    each = (pages() - before) / nights
    print(f"{each:.0f} bytes of disk, {computer.sent[-1]} on the wire")
    assert computer.sent[-1] <= WIRE + beyond(last.now)
    assert 300 < each <= DISK + beyond(last.now), "and a night is not stored for nothing"


def text(now: Iterable[report.NowSection]) -> int:
    return sum(len(one.body) for one in now)


def beyond(now: Iterable[report.NowSection]) -> int:
    """Bytes that this computer has to say beyond an ordinary one."""
    return max(0, text(now) - ORDINARY)


def calm(said: report.Report) -> report.Report:
    """The same of a computer that runs what an ordinary one does."""
    cut = []
    for one in said.now:
        body = one.body
        if one.section == "software_now":
            body = canonical.encode(msgspec.json.decode(body) | CALM).decode()
        cut.append(msgspec.structs.replace(one, body=body))
    return msgspec.structs.replace(said, now=cut)


def pages() -> int:
    """Bytes of the database in use: what earlier tests left free in its file is not counted."""
    with connection.cursor() as cursor:
        (count, free, size) = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        ]
    return (int(count) - int(free)) * int(size)
