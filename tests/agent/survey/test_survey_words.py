"""What a person at the terminal reads of a survey."""

from agent.survey import words
from agent.survey.planning import Plan, plans
from agent.survey.running import Round
from checks.surveys.lan import Door, Heard, LanSurvey, Offer, Problem, Segment, SurveyRun
from checks.unseen import Unseen
from tests.agent.survey.test_planning import CARD
from tests.scopes import AT, held

SCOPE = held(subnets=["10.20.0.0/24", "10.30.0.0/24"])
EVIL = "\x1b[2J\u202eevil\n"
PRINTER = Heard("00:1b:a9:00:00:01", ["10.20.0.3", "fe80::3", "fe80::4"], ["arp"], model="HP")
CONSOLE = Heard("00:d9:d1:00:00:08", [], ["dhcp"], vendor_class=EVIL)
BLIND = Unseen("denied")


def told(*problems: Problem, more: int = 0) -> list[str]:
    segments = [
        Segment("10.20.0.0/24", 253, [PRINTER, CONSOLE], 2, [
            Offer("10.20.0.1", "00:0d:b9:00:00:01", True, "", []),
        ]),
        Segment("10.30.0.0/24", 0, BLIND, BLIND, BLIND),
    ]  # fmt: skip
    doors = [
        Door("", "10.20.0.2", "telnet", 23, open=True),
        Door("", "10.20.0.2", "http", 80, open=False),
    ]
    run = SurveyRun(SCOPE.digest, "", AT, AT + 12, 1_500, 7, [*problems], more)
    return [*words.lines(SCOPE, Round(run, LanSurvey(SCOPE.digest, AT, AT + 12, segments, doors)))]


def test_things_their_addresses_and_who_hands_them_out() -> None:
    authority, count, *rest = told()
    assert "Anna Müller (Head teacher)" in authority
    assert "01632 960123" in authority
    assert "253 addresses asked, 2 things there, and 2 under an address" in count
    assert rest == [
        "  ADDRESS                        MAC                SAYS OF ITSELF",
        "  10.20.0.3, fe80::3 and 1 more  00:1b:a9:00:00:01  HP",
        "  -                              00:d9:d1:00:00:08  [2Jevil",
        "  Addresses are handed out by 10.20.0.1 (00:0d:b9:00:00:01, through a relay).",
        "10.30.0.0/24: not seen, Caretaker was not allowed to look.",
        "  10.20.0.2 answers at port 23 (telnet).",
        "1,500 frames and 7 questions were sent in 12 seconds.",
    ]


def test_what_was_not_seen_is_named_once_for_each_reason() -> None:
    silent = [Problem(f"10.20.0.{n}", "snmp", "no-answer") for n in range(5)]
    lines = told(*silent, Problem("10.20.0.9", "ssh", "a-new-code\x1b"), more=3)
    snmp, ssh, rest = lines[-4:-1]
    start = "Not seen: SNMP (10.20.0.0, 10.20.0.1, 10.20.0.2 and 2 more): no answer"
    assert snmp.startswith(start)
    assert ssh == "Not seen: SSH (10.20.0.9): a-new-code."
    assert rest == "Not seen: 3 more."


def test_a_plan_says_what_would_be_asked_and_why_not() -> None:
    lines = [*words.planned(SCOPE, [*plans(SCOPE, [CARD], 30)])]
    more = "who would hand out addresses and what announces itself"
    assert lines[1:] == [
        f"10.20.0.0/24: 253 addresses by card eth0, 100 a second, and {more}.",
        "10.30.0.0/24: not asked, this computer has no card in that network.",
        "Equipment is asked with: nothing, as the scope names no credential.",
        "Nothing was sent.",
    ]
    assert Plan("x", None).code == ""
