"""Reports reach the controller, and nothing that merely
looks like an answer loses or changes one (O1)."""

import shutil
import socket
import threading
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import chain, spool
from agent.collect import answers
from agent.collect.budget import Sections
from agent.collect.round import INLINE, pack
from agent.deliver import connection
from agent.deliver.answers import Answer, DeliveryError, genuine
from agent.deliver.connection import Connection
from agent.deliver.upload import deliver
from agent.state import State
from checks.catalogue import catalogue
from checks.facts import Facts
from tests.agent.nights import kept, night, round_trip, saying, waiting
from tests.agent.proxies import serving
from tests.agent.simulator import NOW, Controller, Fault, Reply, Request, html
from wire import dsse, keys, limits, receipt

STRANGER = keys.public_bytes(keys.generate())


def test_a_report_arrives_with_every_section_and_is_kept_with_its_receipt(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    assert round_trip(enrolled).code == ""
    assert (waiting(enrolled), kept(enrolled)) == ([], [1])
    (found,) = controller.reports
    assert not isinstance(found.content, str)
    assert {ref.sha256 for ref in found.content.sections} <= set(controller.sections)
    assert (enrolled.kept / "0000000001" / "receipt.json").is_file()


def test_an_unchanged_night_sends_no_content_and_under_a_kilobyte(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    round_trip(enrolled)
    controller.requests.clear()
    assert night(enrolled).unchanged
    outcome = round_trip(enrolled)
    assert isinstance(controller.reports[1].content, str)
    assert controller.reports[1].prev == controller.heads[0]
    assert controller.reports[1].echo == f"{1:032x}"
    assert outcome.bytes_sent <= 1024 + len(controller.reports[1].now) * 200
    assert [request.method for request in controller.requests] == ["POST"]


def test_an_unchanged_night_whose_content_the_controller_lost_sends_it_again(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    round_trip(enrolled)
    controller.contents.clear()
    controller.sections.clear()
    night(enrolled)
    assert round_trip(enrolled).code == ""
    assert controller.needed(controller.reports[1]) == []


def test_reports_made_while_the_controller_was_away_arrive_in_order(
    enrolled: State, controller: Controller
) -> None:
    for _ in range(3):
        night(enrolled)
    assert round_trip(enrolled).sent == 3
    assert [found.seq for found in controller.reports] == [1, 2, 3]


def unsigned(status: int) -> Fault:
    def fault(request: Request, _: Reply) -> Reply:
        body = b'{"code":"revoked","request":"' + dsse.digest(request.body).encode() + b'"}'
        return Reply(status, body, "application/problem+json")

    return fault


def signed_by_another(_: Controller, code: str) -> Fault:
    stranger = Controller()
    return lambda request, _: stranger.refuse(code, dsse.digest(request.body))


def about_another(controller: Controller, code: str) -> Fault:
    return lambda _request, _reply: controller.refuse(code, "sha256:" + "0" * 64)


def truncated(_: Request, reply: Reply) -> Reply:
    return Reply(reply.status, reply.body[: len(reply.body) // 2])


def cut_off(_: Request, reply: Reply) -> Reply:
    return Reply(
        reply.status, reply.body[:20], reply.kind, {"Content-Length": "900", "Connection": "close"}
    )


def flipped(_: Request, reply: Reply) -> Reply:
    middle = len(reply.body) // 2
    return Reply(
        reply.status,
        reply.body[:middle] + bytes([reply.body[middle] ^ 1]) + reply.body[middle + 1 :],
    )


LIES: dict[str, Callable[[Controller], Fault]] = {
    "a filter's page as 200": lambda _: html(200),
    "a filter's page as 403": lambda _: html(403),
    "a filter's page as 413": lambda _: html(413),
    "an unsigned revoked as 401": lambda _: unsigned(401),
    "an unsigned revoked as 403": lambda _: unsigned(403),
    "a refusal signed by another key": lambda c: signed_by_another(c, "unknown_key"),
    "a condemnation signed by another key": lambda c: signed_by_another(c, "malformed"),
    "a refusal of another message": lambda c: about_another(c, "revoked"),
    "a condemnation of another message": lambda c: about_another(c, "malformed"),
    "a truncated receipt": lambda _: truncated,
    "a receipt cut off on the way": lambda _: cut_off,
    "a receipt with one bit flipped": lambda _: flipped,
    "a megabyte of nothing": lambda _: saying(200, b"x" * (1 << 20)),
    "an empty answer": lambda _: saying(200, b""),
    "an unsigned 204": lambda _: saying(204, b""),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_not_a_genuine_answer_changes_nothing_and_the_report_arrives_later(
    enrolled: State, controller: Controller, lie: str
) -> None:
    night(enrolled)
    before = chain.load(enrolled.key)
    controller.faults = [LIES[lie](controller)]
    outcome = round_trip(enrolled)
    assert outcome.code
    assert outcome.sentence.endswith((".", "--trust system"))
    assert waiting(enrolled) == [1]
    assert enrolled.identity() is not None
    assert not list(enrolled.dead.iterdir())
    assert chain.load(enrolled.key) == before
    assert round_trip(enrolled).code == ""
    assert kept(enrolled) == [1]


def test_a_replayed_receipt_of_an_earlier_report_confirms_nothing(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    round_trip(enrolled)
    old = (enrolled.kept / "0000000001" / "receipt.json").read_bytes()
    night(enrolled)
    controller.faults = [saying(202, old)]
    assert round_trip(enrolled).code == "wrong_request"
    assert waiting(enrolled) == [2]


def test_a_receipt_planted_in_the_spool_is_not_believed(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    (entry,) = spool.entries(enrolled.spool)
    forged = receipt.Receipt(
        device=controller.device,
        request=entry.digest(),
        seq=1,
        status="accepted",
        received_at=NOW,
        need=[],
        policy="",
        nonce="0" * 32,
    )
    entry.put_answer("receipt", receipt.sign_receipt(forged, keys.generate()))
    answers.act(enrolled, NOW)
    assert waiting(enrolled) == [1]
    assert round_trip(enrolled).sent == 1


def test_a_controller_that_is_down_is_said_so_and_retried_later_each_time(
    enrolled: State, controller: Controller, tmp_path: object
) -> None:
    identity = enrolled.identity()
    assert identity is not None
    enrolled.remember(msgspec.structs.replace(identity, addresses=["https://127.0.0.1:9"]))
    night(enrolled)
    first = deliver(enrolled, NOW)
    assert first.code == "controller_down"
    waits = [deliver(enrolled, NOW).retry_seconds for _ in range(8)]
    assert 150 <= first.retry_seconds <= 300
    assert max(waits) <= 6 * 3600
    assert waits[-1] > 3600
    assert waiting(enrolled) == [1]


def test_sections_the_spool_had_to_drop_do_not_block_the_chain(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    (entry,) = spool.entries(enrolled.spool)
    for path in entry.sections():
        path.unlink()
    assert round_trip(enrolled).code == ""
    assert kept(enrolled) == [1]
    assert not night(enrolled).unchanged


def test_an_endless_need_is_given_up_for_now(enrolled: State, controller: Controller) -> None:
    night(enrolled)

    class Forgetful(dict[str, bytes]):
        def __setitem__(self, key: str, value: bytes) -> None:
            """Forget it at once."""

    controller.sections = Forgetful()
    assert round_trip(enrolled).code == "still_needed"
    assert waiting(enrolled) == [1]


def test_a_new_certificate_is_not_trusted_silently_and_the_report_waits(
    enrolled: State, controller: Controller
) -> None:
    identity = enrolled.identity()
    assert identity is not None
    enrolled.remember(msgspec.structs.replace(identity, spki=["sha256:" + "0" * 64]))
    night(enrolled)
    assert deliver(enrolled, NOW).code == "wrong_certificate"
    assert [one.path for one in controller.requests] == ["/v1/roots/1"]
    assert deliver(enrolled, NOW, "system").code == "untrusted_certificate"


@pytest.mark.parametrize(
    ("asked", "least", "most"), [("600", 600, 600), ("999999", 3600, 3600), ("soon", 150, 300)]
)
def test_a_busy_controller_is_given_the_time_it_asks_for_within_an_hour(
    enrolled: State, controller: Controller, asked: str, least: int, most: int
) -> None:
    night(enrolled)
    busy = Reply(503, b"busy", "text/plain", {"Retry-After": asked})
    controller.faults = [lambda _request, _reply: busy]
    outcome = round_trip(enrolled)
    assert outcome.code == "busy"
    assert least <= outcome.retry_seconds <= most
    assert waiting(enrolled) == [1]


def test_a_report_that_the_reader_moves_while_we_send_is_left_for_next_time(
    enrolled: State, controller: Controller
) -> None:
    night(enrolled)
    night(enrolled)

    def meanwhile(_: Request, reply: Reply) -> Reply:
        shutil.move(enrolled.spool / "0000000002", enrolled.root / "aside")
        return reply

    controller.faults = [meanwhile]
    outcome = deliver(enrolled, NOW)
    assert (outcome.sent, outcome.code) == (1, "busy_here")
    shutil.move(enrolled.root / "aside", enrolled.spool / "0000000002")
    assert round_trip(enrolled).code == ""
    assert [found.seq for found in controller.reports] == [1, 2]


@given(st.binary(max_size=400), st.sampled_from([200, 202, 403, 503]), st.text(max_size=40))
def test_no_bytes_whatever_are_taken_for_an_answer(body: bytes, status: int, kind: str) -> None:
    with pytest.raises(DeliveryError) as refused:
        genuine(Answer(status, kind, body, "https://x"), [STRANGER], "sha256:" + "0" * 64)
    assert refused.value.code in ("middlebox", "busy", "damaged_answer", "wrong_controller")


def test_an_answer_that_drips_for_ever_is_hung_up_on(
    enrolled: State, controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(enrolled)
    monkeypatch.setattr(connection, "WHOLE_EXCHANGE", 0.3)
    controller.faults = [lambda _q, reply: Reply(reply.status, reply.body, reply.kind, {}, 0.05)]
    assert round_trip(enrolled).code in ("controller_down", "middlebox", "damaged_answer")
    assert waiting(enrolled) == [1]
    monkeypatch.undo()
    assert round_trip(enrolled).code == ""


def test_a_greeting_that_drips_for_ever_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "WHOLE_EXCHANGE", 0.2)
    stop = threading.Event()

    def drip(client: socket.socket) -> None:
        client.sendall(b"\x16\x03\x03\x40\x00")  # 16 KiB of handshake are to follow
        while not stop.wait(0.01):
            client.sendall(b"\x02")

    with serving(drip) as port, pytest.raises(DeliveryError):
        Connection(f"https://127.0.0.1:{port}", "first", []).get("/v1/hello")
    stop.set()


class Drifting(Facts, frozen=True):
    """Some facts that change every night."""

    names: list[str]


def drifting(section: str) -> type[Drifting]:
    """A section of its own, as a domain would declare it."""
    names = {"section": section, "schema": 1, "__module__": __name__}
    return type(section.title(), (Drifting,), names, frozen=True)


def test_small_drifting_facts_travel_inline_and_long_ones_by_hash(
    enrolled: State, controller: Controller
) -> None:
    """Or seventy waiting updates would make every night as long as themselves."""
    small, long, huge = drifting("small_now"), drifting("long_now"), drifting("huge")
    found: Sections = {
        small: small(["x"]),
        long: long(["x" * 20] * 200),
        huge: huge([f"{number:0900d}" for number in range(4_000)]),
    }
    packed = pack(found)
    assert [one.section for one in packed.now] == ["small_now"]
    assert [ref.section for ref in packed.refs] == ["long_now", "huge"]
    bodies = {ref.section: packed.bodies[ref.sha256] for ref in packed.refs}
    assert bodies["huge"] == b'{"unseen":"too-large"}'
    assert b"x" * 20 in bodies["long_now"]


def test_all_drifting_facts_of_every_domain_fit_inline_together() -> None:
    drifting_sections = [
        section
        for domain in catalogue().domains
        for section in domain.sections
        if section.section.endswith("_now")
    ]
    assert len(drifting_sections) * INLINE <= limits.NOW_TOTAL
