"""From the school's word to a computer's behaviour: the controller's own publishing and intake, the
agent's own rounds. Only the wire between them is short, and what the computer looks like is made.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from agent.collect import looking
from agent.collect.budget import Sections
from agent.collect.manners import LONGEST_SECONDS
from agent.commands import run
from checks.facts import decode_section
from checks.host import CannotLook, Platform, Ran
from checks.locking.facts import LockingFacts
from checks.policy import DEFAULT_POLICY, Policy, Quiet, policy_hash
from checks.unseen import Unseen
from checks.wireless.facts import Link, WirelessNow
from controller import clock
from controller.fleet import packed, services
from controller.fleet.models import Device, Report, SitePolicy, Verdict
from controller.keyfiles import signing_key
from controller.policy import publishing
from controller.roots import signers
from controller.roots.recovery import Recovery
from tests.controller.intake.conftest import Controller
from tests.controller.judging.bodies import locking
from tests.controller.judging.conftest import JudgeNow, judge_now
from tests.controller.policy.conftest import STRICT, by_hand
from tests.fleet_simulation.hardware import Clock, Hardware, Machine
from tests.fleet_simulation.world import Computer, World, furnish
from wire import dsse, keys
from wire import policy as signed
from wire.report import Content
from wire.report import Report as Said

__all__ = ["judge_now"]

CHECK = "lock-idle-timeout"
SCHOOL = "aa:bb:cc:00:11:22"
ROUTES = (
    b"Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
    b"wlan0 00000000 0101A8C0 0003 0 0 600 00000000 0 0 0\n"
)
ALWAYS = Quiet(weekdays=[1, 2, 3, 4, 5, 6, 7], begins_minute=0, ends_minute=1440, why="tests")
DAY = 86_400
SCHEDULED = argparse.Namespace(part=None, scheduled=True, trust=None, policy=None)


@dataclass
class Laptop(Machine):
    """A machine on a wireless network behind some way out."""

    way_out: str = SCHOOL
    platform: Platform = "linux"

    def read(self, path: str, limit: int = 0) -> bytes | None:
        """A file of Linux's."""
        if path == "/proc/net/route":
            return ROUTES
        if path == "/proc/net/arp":
            return (
                f"IP HW Flags HW Mask Device\n192.168.1.1 0x1 0x2 {self.way_out} * wlan0\n".encode()
            )
        return super().read(path, limit)

    def run(self, argv: Sequence[str], *_: object) -> Ran:
        """No desktop."""
        raise CannotLook("denied")

    def list(self, path: str) -> "list[str]":
        """No battery."""
        raise CannotLook("denied")


@dataclass
class School:
    """One controller and one laptop that was let in."""

    world: World
    laptop: Computer
    machine: Laptop

    @property
    def controller(self) -> Controller:
        """The real one."""
        return self.world.controller

    def publish(self, policy: Policy) -> str:
        """Put a policy in force with the controller's own key; its hash."""
        at = self.world.time.at
        rules = publishing.draft(self.controller.site, policy, at)
        publishing.use(self.controller.data, rules, actor="system", at=at)
        self.controller.room._policies.look()
        return policy_hash(policy)

    def night(self) -> Content:
        """A day later, a whole round; what the laptop said it judged by."""
        self.world.next_night()
        assert self.laptop.night().code == ""
        return self.said()

    def nights(self) -> Content:
        """The receipt of the first names the policy, the second is judged by it."""
        self.night()
        return self.night()

    def said(self) -> Content:
        """The content of its newest report that has one in it."""
        for row in Report.objects.order_by("-seq"):
            report = msgspec.json.decode(packed.payload(bytes(row.envelope)), type=Said)
            if isinstance(report.content, Content):
                return report.content
        raise AssertionError("it never said anything")

    def network(self) -> object:
        """What its newest report says of the network it is on."""
        row = Report.objects.order_by("-seq")[0]
        report = msgspec.json.decode(packed.payload(bytes(row.envelope)), type=Said)
        (body,) = [now.body for now in report.now if now.section == WirelessNow.section]
        found = decode_section(body.encode(), WirelessNow.schema, WirelessNow)
        assert isinstance(found, WirelessNow)
        assert not isinstance(found.links, Unseen)
        return found.links[0].ssid


def seen(*_: object) -> Sections:
    """A screen that locks after ten minutes, and a wireless network."""
    rules = decode_section(locking(600), LockingFacts.schema, LockingFacts)
    assert isinstance(rules, LockingFacts)
    link = Link(interface="wlan0", ssid="wifi-7", security="wpa2-psk")
    return {LockingFacts: rules, WirelessNow: WirelessNow(links=[link])}


@pytest.fixture
def school(controller: Controller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> School:
    """The laptop has joined and reported once."""
    world = World(controller, tmp_path / "computers", Clock(clock.now()))
    furnish(world, monkeypatch)
    monkeypatch.setattr("agent.collect.round.look", looking.look)
    monkeypatch.setattr("agent.collect.looking.read_everything", seen)
    clock.use(lambda: world.time.at)
    machine = Laptop(Hardware.new(), world.time)
    laptop = Computer(world, machine, world.folder / "laptop", "laptop")
    laptop.enrol()
    made = School(world, laptop, machine)
    made.night()
    return made


def test_a_laptop_judges_by_the_policy_of_its_school_from_the_next_night_on(
    school: School, judge_now: JudgeNow
) -> None:
    services.set_profile(school.laptop.device, "office", actor="system", at=school.world.time.at)
    judge_now()
    assert Verdict.objects.get(check_id=CHECK).status == "pass"
    assert school.said().policy == policy_hash(DEFAULT_POLICY)
    wanted = school.publish(STRICT)
    judge_now()
    assert Verdict.objects.get(check_id=CHECK).status == "fail", "from stored facts, at once"
    assert Device.objects.get().ruled == "behind"
    content = school.nights()
    assert (content.policy, content.profile, content.ruled) == (wanted, "office", msgspec.UNSET)
    (result,) = [one for one in content.results if one.check == CHECK]
    assert result.status == "fail"
    judge_now()
    assert Verdict.objects.get(check_id=CHECK).agent_status == "", "both judge alike"
    device = Device.objects.get()
    assert (device.judged_policy, device.ruled) == (wanted, "")


def test_quiet_hours_put_scheduled_looks_off_and_never_for_more_than_a_day(
    school: School,
) -> None:
    school.publish(msgspec.structs.replace(STRICT, quiet=[ALWAYS]))
    school.nights()
    before = Report.objects.count()
    began = school.world.time.at
    done = run.Done()
    while school.world.time.at < began + LONGEST_SECONDS:
        school.world.time.at += 3_600
        done = run.Done()
        run._collect(SCHEDULED, school.laptop.state, school.machine, done, 0.0)
        if not done.code:
            break
        assert (done.code, "tests" in done.sentence) == ("deferred", True)
        assert Report.objects.count() == before
    assert done.code == "deferred"
    school.world.time.at += 3_600
    done = run.Done()
    run._collect(SCHEDULED, school.laptop.state, school.machine, done, 0.0)
    run._deliver(SCHEDULED, school.laptop.state, school.machine, done)
    assert (done.code, done.sent) == ("", 1)
    assert Report.objects.count() == before + 1


def test_a_laptop_behind_another_way_out_keeps_the_names_of_networks_to_itself(
    school: School,
) -> None:
    school.publish(msgspec.structs.replace(STRICT, gateways=[SCHOOL]))
    school.nights()
    assert school.network() == "wifi-7"
    school.machine.way_out = "de:ad:be:ef:00:01"
    school.night()
    assert school.network() == Unseen("withheld")


def test_a_person_signs_and_a_controller_in_wrong_hands_cannot(
    school: School, recovery: Recovery
) -> None:
    person = keys.generate()
    data, at = school.controller.data, school.world.time.at
    public = keys.public_bytes(person)
    signers.change(data, recovery, at, duty="policy", add=public, delegated=False)
    payload = signed.payload_of(publishing.draft(school.controller.site, STRICT, at))
    envelope = publishing.join(data, payload, by_hand(payload, person))
    row = publishing.take(data, envelope, actor="system", at=at)
    school.controller.room._policies.look()
    assert school.nights().policy == policy_hash(STRICT)

    # Whoever runs the controller writes into its database what nobody but its own key signed.
    laxer = msgspec.structs.replace(STRICT, decisions=[], version=9)
    rules = publishing.draft(school.controller.site, laxer, school.world.time.at)
    own = signed.sign_rules(rules, signing_key(data))
    row.envelope, row.envelope_digest, row.version = own, dsse.digest(own), rules.version
    row.digest = policy_hash(laxer)
    row.save(force_insert=True)
    school.controller.room._policies.look()
    content = school.nights()
    assert (content.policy, content.ruled) == (policy_hash(STRICT), "not_signed")


def test_an_expired_policy_stays_in_use_and_is_said_to_be_past_its_date(
    school: School, judge_now: JudgeNow
) -> None:
    at = school.world.time.at
    rules = publishing.draft(school.controller.site, STRICT, at, days=10)
    publishing.use(school.controller.data, rules, actor="system", at=at)
    school.controller.room._policies.look()
    assert school.nights().ruled is msgspec.UNSET
    school.world.time.at += 10 * DAY
    content = school.nights()
    assert (content.policy, content.ruled) == (policy_hash(STRICT), "expired")
    judge_now()
    assert Device.objects.get().ruled == "expired"


def test_the_defaults_come_back_only_by_a_policy_that_says_so(school: School) -> None:
    school.publish(STRICT)
    school.nights()
    empty = school.publish(Policy(name="Hill School"))
    assert school.nights().policy == empty


def test_after_a_restore_a_laptop_keeps_the_later_policy_until_one_of_today_is_put_in_force(
    school: School, judge_now: JudgeNow
) -> None:
    school.publish(Policy(name="in the backup"))
    school.nights()
    later = school.publish(STRICT)
    assert school.nights().policy == later
    SitePolicy.objects.order_by("-version")[0].delete()
    school.controller.room._policies.look()
    content = school.nights()
    assert (content.policy, content.ruled) == (later, "old_policy")
    judge_now()
    assert Device.objects.get().ruled == "old_policy"
    again = school.publish(STRICT)
    content = school.nights()
    assert (content.policy, content.ruled) == (again, msgspec.UNSET)
