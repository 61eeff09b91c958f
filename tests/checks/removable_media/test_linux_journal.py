"""The kernel's messages as a real journald keeps them and a real journalctl shows them."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from checks.host import CannotLook, Ran
from checks.removable_media import attached
from checks.removable_media.named import SchoolList
from tests import needs
from tests.checks.removable_media.made_up import MadeUpHost

JOURNALD = "/usr/lib/systemd/systemd-journald"
# A private /run, so that nothing of this journal is left on the machine.
SCRIPT = """
set -e
mount --make-rprivate / && mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/journal /run/log/journal /run/systemd/system
{journald} >/dev/null 2>&1 & daemon=$!
trap 'kill $daemon' EXIT
for _ in $(seq 100); do
    if {fresh} | grep -q .; then break; fi
    sleep 0.1
done
{fresh} >{folder}/fresh
{before} >{folder}/before
"""


class Journalled(MadeUpHost):
    """A machine that answers with what a journal was seen to answer."""

    def run(self, argv: Sequence[str], timeout: int = 20, as_user: str | None = None) -> Ran:
        """Give the file of one question."""
        questions = {
            (*attached.JOURNAL, attached.FRESH): "fresh",
            (*attached.JOURNAL, *attached.BEFORE): "before",
        }
        name = questions.get(tuple(argv))
        if name is None:
            raise CannotLook("tool-missing", argv[0])
        return Ran(0, (self.root / name).read_bytes())


@pytest.fixture
def host(tmp_path: Path) -> Journalled:
    """What journald on this machine makes of its kernel's messages."""
    needs.root()
    journald = needs.file(JOURNALD, package="systemd")
    needs.program("journalctl", package="systemd")
    script = SCRIPT.format(
        journald=journald,
        folder=tmp_path,
        fresh=" ".join((*attached.JOURNAL, attached.FRESH)),
        before=" ".join((*attached.JOURNAL, *attached.BEFORE)),
    )
    ran = subprocess.run(
        ["unshare", "--mount", "bash", "-c", script], capture_output=True, check=False, timeout=60
    )
    if ran.returncode != 0:
        pytest.skip(f"no journald of its own here: {ran.stderr.decode()[:80]}")
    return Journalled(tmp_path)


def test_a_journal_that_began_today_tells_only_since_its_first_message(host: Journalled) -> None:
    volumes, since = attached.logged(host, SchoolList())
    first = host.run((*attached.JOURNAL, attached.FRESH)).out.split(b".")[0]
    assert since == int(first)
    assert volumes == []


def test_an_older_message_proves_that_the_journal_reaches_back(host: Journalled) -> None:
    older = b"1700000000.000001 host kernel: Linux version 6.1.0\n"
    (host.root / "before").write_bytes(older)
    assert attached.logged(host, SchoolList())[1] == 1_700_000_000


def test_a_journal_that_shows_nothing_is_not_an_empty_one(host: Journalled) -> None:
    (host.root / "fresh").write_bytes(b"")
    with pytest.raises(CannotLook):
        attached.logged(host, SchoolList())
