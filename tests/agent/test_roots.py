"""A controller's keys, certificate and address change while this computer is away; nobody is lost
(O3)."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from agent.collect import answers, rooting
from agent.collect.introducing import give_up
from agent.collect.round import collect
from agent.deliver.answers import DeliveryError
from agent.deliver.upload import Delivered, deliver
from agent.enrolling import enrol_machine
from agent.state import Identity, State
from tests.agent.conftest import machine
from tests.agent.simulator import NOW, Controller, serving
from wire import dsse, keys, roots

DAY = 86_400


def who(state: State) -> Identity:
    """Who we are, having enrolled."""
    identity = state.identity()
    assert identity is not None
    return identity


def night(state: State, at: int = NOW) -> Delivered:
    """A round as `run` makes it: look, deliver, and again at once when new keys may mend it."""
    answers.act(state, at)
    collect(state, machine(at))
    outcome = deliver(state, at, scheduled=False)
    if outcome.code and answers.act(state, at).rooted:
        outcome = deliver(state, at, scheduled=False)
    answers.act(state, at)
    return outcome


def new_key(controller: Controller, *others: bytes) -> None:
    """The controller signs with a new key from now on, and its list says so."""
    controller.key = keys.generate()
    listed = [keys.to_text(key) for key in (controller.public, *others)]
    controller.list_keys(controllers=listed)


def test_joining_begins_with_the_roots_and_keeps_them(
    enrolled: State, controller: Controller
) -> None:
    identity = who(enrolled)
    assert identity.recovery == keys.to_text(keys.public_bytes(controller.recovery))
    assert identity.trusted() == [controller.public]
    held = (enrolled.key / "roots.json").read_bytes()
    assert (held, identity.roots) == (controller.roots(), dsse.digest(held))
    collect(enrolled, machine())
    assert deliver(enrolled, NOW).code == ""
    assert controller.reports[0].roots == identity.roots


def test_a_day_asks_once_and_no_news_is_nothing_to_keep(
    enrolled: State, controller: Controller
) -> None:
    for hours in (1, 12, 25, 26, 40, 60):
        night(enrolled, NOW + hours * 3_600)
    asked = [one.path for one in controller.requests if "/roots" in one.path]
    assert asked == ["/v1/roots/1"] * 2
    assert not (enrolled.spool / "roots.json").exists()


def test_the_controllers_key_changed_twice_while_the_computer_was_away(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    first = controller.public
    new_key(controller, first)
    second = controller.public
    new_key(controller, second)
    assert night(enrolled, NOW + 40 * DAY).code == ""
    assert who(enrolled).trusted() == [controller.public, second]
    assert [found.seq for found in controller.reports] == [1, 2]
    assert not list(enrolled.spool.glob("0*"))


def test_a_lost_controller_key_is_made_good_by_the_recovery_key_alone(
    enrolled: State, controller: Controller
) -> None:
    for _ in range(2):
        collect(enrolled, machine())
    new_key(controller)
    assert night(enrolled).code == ""
    assert who(enrolled).trusted() == [controller.public]
    assert [found.seq for found in controller.reports] == [1, 2, 3]


def test_a_stolen_controller_key_counts_no_more_once_the_list_says_so(
    enrolled: State, controller: Controller
) -> None:
    stolen = controller.key
    new_key(controller)
    assert night(enrolled).code == ""
    controller.key = stolen
    collect(enrolled, machine())
    assert deliver(enrolled, NOW + 1).code == "wrong_controller"
    assert not answers.act(enrolled, NOW).rooted


def test_a_planned_change_loses_no_answer_that_was_on_its_way(
    enrolled: State, controller: Controller
) -> None:
    collect(enrolled, machine())
    deliver(enrolled, NOW)  # a receipt by the old key lies there, and collect has not looked yet
    new_key(controller, controller.public)
    (enrolled.spool / "roots.json").write_bytes(controller.roots())
    acted = answers.act(enrolled, NOW)
    assert (acted.rooted, acted.confirmed) == (True, 1)


def test_a_new_certificate_is_accepted_because_the_roots_name_it(
    enrolled: State, controller: Controller
) -> None:
    gone = msgspec.structs.replace(who(enrolled), spki=["sha256:" + "0" * 64])
    enrolled.remember(gone)
    controller.list_keys()
    assert night(enrolled).code == ""
    assert who(enrolled).spki == [controller.spki]


def test_a_new_host_name_is_tried_first_and_the_old_one_kept(
    enrolled: State, controller: Controller, tmp_path: Path
) -> None:
    old = controller.url
    (tmp_path / "moved").mkdir()
    moved = Controller(key=controller.key, recovery=controller.recovery)
    with serving(moved, tmp_path / "moved"):
        controller.list_keys(addresses=[moved.url], tls_spki=[moved.spki, controller.spki])
        moved.__dict__.update(
            listed=controller.listed,
            device_key=controller.device_key,
            enrolled=controller.enrolled,
        )
        assert night(enrolled, NOW + DAY).code == ""  # still at the old address, which brings news
        assert who(enrolled).addresses == [moved.url, old]
        moved.heads, moved.reports = list(controller.heads), []
        assert night(enrolled, NOW + 2 * DAY).code == ""
        assert [found.seq for found in moved.reports] == [2]


def test_the_recovery_key_itself_is_handed_over_to_whoever_comes_late(
    enrolled: State, controller: Controller
) -> None:
    heir = keys.generate()
    controller.list_keys(next_recovery=keys.to_text(keys.public_bytes(heir)))
    controller.recovery = heir
    new_key(controller)
    night(enrolled, NOW + DAY)
    assert night(enrolled, NOW + 2 * DAY).code == ""
    assert who(enrolled).recovery == keys.to_text(keys.public_bytes(heir))
    assert who(enrolled).trusted() == [controller.public]


@pytest.mark.parametrize("case", ["lower", "same-number", "another-key", "no-roots", "a-page"])
def test_nothing_that_does_not_follow_changes_anything(
    enrolled: State, controller: Controller, case: str
) -> None:
    stranger = keys.generate()
    if case == "lower":
        controller.list_keys()
        (enrolled.spool / "roots.json").write_bytes(controller.roots())
        assert rooting.adopt(enrolled)
    offers: dict[str, Callable[[], bytes]] = {
        "lower": lambda: controller.listed[0],
        "same-number": lambda: controller.list_keys(version=1, delegated=False),
        "another-key": lambda: controller.list_keys(by=stranger, version=9),
        "no-roots": lambda: dsse.sign(b"{}", "application/vnd.other", controller.recovery),
        "a-page": lambda: b"<html>sign in</html>",
    }
    offered = offers[case]()
    before = who(enrolled), (enrolled.key / "roots.json").read_bytes()
    (enrolled.spool / "roots.json").write_bytes(offered)
    assert not rooting.adopt(enrolled)
    assert (who(enrolled), (enrolled.key / "roots.json").read_bytes()) == before
    assert not (enrolled.spool / "roots.json").exists()


def test_a_crash_between_list_and_identity_is_mended_the_next_time(
    enrolled: State, controller: Controller
) -> None:
    controller.list_keys(addresses=["https://new.school.example:8443"])
    (enrolled.key / "roots.json").write_bytes(controller.roots())
    assert rooting.adopt(enrolled)
    assert who(enrolled).addresses[0] == "https://new.school.example:8443"
    assert not rooting.adopt(enrolled)


def test_a_damaged_copy_of_the_list_is_replaced_but_never_by_an_older_one(
    enrolled: State, controller: Controller
) -> None:
    older = controller.roots()
    controller.list_keys()
    (enrolled.spool / "roots.json").write_bytes(controller.roots())
    assert rooting.adopt(enrolled)
    (enrolled.key / "roots.json").write_bytes(b"\xff")
    (enrolled.spool / "roots.json").write_bytes(older)
    assert not rooting.adopt(enrolled)
    (enrolled.spool / "roots.json").write_bytes(controller.roots())
    rooting.adopt(enrolled)
    assert (enrolled.key / "roots.json").read_bytes() == controller.roots()


@pytest.mark.parametrize(
    "spoil", [Path.unlink, lambda path: path.write_bytes(b"{")], ids=["gone", "damaged"]
)
def test_a_list_that_the_disk_lost_is_given_again_at_once(
    enrolled: State, controller: Controller, spoil: Callable[[Path], object]
) -> None:
    night(enrolled)
    spoil(enrolled.key / "roots.json")
    night(enrolled, NOW + 60)
    assert (enrolled.key / "roots.json").read_bytes() == controller.roots()
    assert who(enrolled).roots == dsse.digest(controller.roots())


def test_who_stands_between_can_join_nobody_to_themselves(
    state: State, controller: Controller
) -> None:
    code = controller.code()
    impostor = keys.generate()
    controller.list_keys(by=impostor)
    with pytest.raises(DeliveryError) as refused:
        enrol_machine(state, machine(), controller.url, code)
    assert refused.value.code == "wrong_controller"
    controller.listed.clear()
    controller.list_keys(controllers=[keys.to_text(keys.public_bytes(keys.generate()))])
    with pytest.raises(DeliveryError) as refused:
        enrol_machine(state, machine(), controller.url, code)
    assert refused.value.code == "wrong_controller"
    assert "does not vouch for" in refused.value.sentence
    assert state.identity() is None


def test_old_roots_beside_a_new_hello_are_noticed(state: State, controller: Controller) -> None:
    old = controller.roots()
    controller.list_keys()
    controller.refusals.append(lambda _: controller.signed(200, old))
    with pytest.raises(DeliveryError) as refused:
        enrol_machine(state, machine(), controller.url, controller.code())
    assert refused.value.code == "other_roots"


def test_an_identity_given_up_takes_its_list_along(enrolled: State, controller: Controller) -> None:
    give_up(enrolled, NOW)
    assert not (enrolled.key / "roots.json").exists()
    assert enrol_machine(enrolled, machine(), controller.url, controller.code()).status == "active"
    assert roots.open_held((enrolled.key / "roots.json").read_bytes()).version == 1
