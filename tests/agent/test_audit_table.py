"""What a person reads at a terminal: safe whatever a machine
calls its things, and readable in 80 columns."""

import re
import unicodedata

import pytest

from agent.collect.looking import Look
from agent.commands.audit_table import table
from checks.catalogue import catalogue
from checks.judging import Device
from checks.page import WIDTH, summary
from checks.policy import DEFAULT_POLICY
from checks.verdicts import Verdict
from tests.agent.conftest import machine
from tests.agent.simulator import NOW

HOSTILE = {
    "colours and a new title": "\x1b[2J\x1b]0;owned\x07\x1b[31mfine",
    "the clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07",
    "text that runs backwards": "\u202egpj.exe",
    "nothing visible": "\u200b\u200d\u2060",
    "lines of its own": "a\r\nFAIL everything\n",
    "a page": "<script>alert(1)</script>",
    "ten thousand letters": "A" * 10_000,
    "a gap to fill": "{seconds} %s {0.__class__}",
    "eight-bit controls": "\x9b31m\x90",
}


def looked(verdicts: list[Verdict]) -> Look:
    return Look(NOW, {}, verdicts, DEFAULT_POLICY, catalogue(), Device("linux"))


def gap() -> tuple[str, str, str]:
    """A check, a sentence and a gap in it that text from a machine fills."""
    for domain in catalogue().domains:
        for check, words in domain.checks.items():
            for says, sentence in words.sentences.items():
                for name in re.findall(r"\{(\w+)\}", sentence):
                    return check, says, name
    raise AssertionError("no sentence has a gap")


@pytest.mark.parametrize("what", HOSTILE)
def test_a_machines_own_words_cannot_do_anything_to_the_terminal(what: str) -> None:
    check, says, name = gap()
    verdict = Verdict(check, "fail", "high", says, {name: HOSTILE[what]})
    shown = table(machine(), looked([verdict]), [verdict], name="room-7", colours=False)
    bad = {c for c in shown if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"}
    assert bad == set()
    assert max(map(len, shown.splitlines())) <= WIDTH
    assert "FAIL everything" not in [line.strip() for line in shown.splitlines()]


def test_colours_repeat_what_the_words_say() -> None:
    check, says, _ = gap()
    verdict = Verdict(check, "fail", "high", says)
    plain = table(machine(), looked([verdict]), [verdict], name="room-7", colours=False)
    coloured = table(machine(), looked([verdict]), [verdict], name="room-7", colours=True)
    assert "\x1b[31;1mFAIL" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_the_worst_comes_first_and_everything_is_counted() -> None:
    check, says, _ = gap()
    shown = [
        Verdict(check, "pass", "high", says),
        Verdict(check, "fail", "low", says),
        Verdict(check, "fail", "critical", says),
        Verdict(check, "unknown", "high", "could-not-look", {"reason": "denied"}),
    ]
    page = table(machine(), looked(shown), shown, name="room-7", colours=False)
    assert page.index("Severity: critical") < page.index("Severity: low") < page.index("Fine")
    assert "not allowed to look" in page
    assert page.endswith("4 checks: 2 need attention, 1 couldn't be checked, 1 fine.")
    assert summary(shown[:1]) == "1 check: 1 fine."


def test_what_waits_for_one_word_is_told_once_and_how_to_say_it() -> None:
    waiting = ("disk-encrypted", "av-managed", "backup-recent")
    shown = [Verdict(check, "unknown", "high", "profile-unset") for check in waiting]
    shown.append(
        Verdict("host-firewall", "unknown", "high", "could-not-look", {"reason": "denied"})
    )
    page = table(machine(), looked(shown), shown, name="room-7", colours=False)
    assert page.count("Nobody has said.") == page.count("--profile") == 1
    assert "These wait for it: av-managed, backup-recent, disk-encrypted." in " ".join(page.split())
    assert catalogue().check("host-firewall").title in page  # type: ignore[union-attr]  # known
    assert page.endswith("4 checks: 4 couldn't be checked, 0 fine.")


def test_an_unprivileged_look_says_how_to_see_more() -> None:
    host = machine()
    host.recording.privileged = False
    assert "sudo" in table(host, looked([]), [], name="room-7", colours=False)
    tried = table(host, looked([]), [], name="room-7", colours=False, by_choice=True)
    assert "sudo" not in tried, "where root is refused"
