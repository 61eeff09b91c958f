"""Whatever comes over the line from a computer is an answer to what was asked, or an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.hosts.ssh.posix import Known, PosixHost, framed
from agent.hosts.ssh.talking import Answer, BrokenError, Talk, Words
from checks.host import CannotLook, Host

READ = framed("read", "/etc/hostname", 100)


class Script:
    """A line that gives prepared bytes, `MARK` standing for the mark it was sent."""

    def __init__(self, *given: bytes) -> None:
        self._given = list(given)
        self.sent = b""

    def send(self, data: bytes) -> None:
        self.sent += data

    def receive(self, seconds: float) -> bytes:
        if not self._given:
            return b""
        mark = self.sent.split(b"program\n", 1)[1].split(b"\n", 1)[0]
        return self._given.pop(0).replace(b"MARK", mark)


def talk(*given: bytes) -> Talk:
    return Talk(Script(*given), b"program\n")


def answered(*given: bytes) -> dict[Words, Answer]:
    return talk(b"hello\n\nMARK\n", *given).ask([READ])


def test_an_answer_may_come_in_any_pieces() -> None:
    whole = b"0 ok 1\n5\na\nb\0cdone ok 0\n"
    for size in (1, 2, 7, 100):
        pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
        assert answered(*pieces)[READ] == Answer("ok", [b"a\nb\0c"])


@pytest.mark.parametrize(
    "said",
    [
        b"1 ok 0\ndone ok 0\n",
        b"0 fine 0\ndone ok 0\n",
        b"0 ok\n",
        b"0 ok -1\n",
        b"0 ok 99999999999999999999\n",
        b"0 ok 1\n999999999999\n",
        b"0 ok 1\n\xd9\xa3\nabc",
        b"0 ok 1\n3\nab",
        b"0 ok 0\n1 ok 0\n",
        b"x" * 1000,
        b"done ok 0\n",
    ],
)
def test_what_is_no_answer_breaks_the_line_off(said: bytes) -> None:
    with pytest.raises(BrokenError):
        answered(said)


@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_an_error(said: bytes) -> None:
    try:
        answers = answered(said)
    except BrokenError:
        return
    assert list(answers) == [READ]


def test_the_mark_of_another_talk_is_no_beginning() -> None:
    with pytest.raises(BrokenError):
        talk(b"\n@@00000000000000000000000000000000@@\n")


def test_answers_larger_than_can_be_are_not_read() -> None:
    with pytest.raises(BrokenError, match="more than can be"):
        answered(b"0 ok 2\n60000000\n", b"x" * 60_000_000, b"60000000\n")


def host(*given: bytes, hello: bytes = b"0 ok 4\n5\nlinux1\n03\n1002\nvmdone ok 0\n") -> Host:
    return PosixHost(Known(talk(b"\nMARK\n", hello, *given), b"k"))


@pytest.mark.parametrize(
    "hello",
    [
        b"0 ok 4\n7\nMSWin321\n03\n1002\nvmdone ok 0\n",
        b"0 ok 4\n5\nlinux4\nroot3\n1002\nvmdone ok 0\n",
        b"0 ok 1\n5\nlinuxdone ok 0\n",
        b"0 none 0\ndone ok 0\n",
    ],
)
def test_a_hello_that_is_none_is_no_machine(hello: bytes) -> None:
    with pytest.raises(BrokenError):
        host(hello=hello)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"0 cannot 1\n6\ndenied", "denied"),
        (b"0 cannot 1\n9\nno reason", "parse-error"),
        (b"0 cannot 0\n", "parse-error"),
        (b"0 ok 0\n", "parse-error"),
        (b"0 ok 2\n1\na1\nb", "parse-error"),
    ],
)
def test_an_odd_answer_is_never_taken_for_nothing_there(said: bytes, why: str) -> None:
    with pytest.raises(CannotLook, match=why):
        host(said + b"done ok 0\n").read("/etc/hostname")


def test_an_odd_kind_of_path_is_not_believed() -> None:
    said = b"0 ok 6\n5\npizza1\n01\n01\n01\n01\n0done ok 0\n"
    with pytest.raises(CannotLook, match="parse-error"):
        host(said).stat("/etc")
