"""Which backup jobs a computer has, when each last worked, and how often it failed since.

What is saved, where to, and under which account stays on the machine: paths, addresses and names of
volumes are used to find a job's result and never leave.
"""

from typing import ClassVar, Literal

import msgspec

from checks.facts import UNSUPPORTED, Facts
from checks.online import Stretch
from checks.unseen import Maybe

LONGEST_NAME = 80
MOST_JOBS = 32
MOST_FAILURES = 9
"""More in a row are this many: the number would change every night and say no more."""

Proof = Literal["result", "trace"]


class Job(msgspec.Struct, frozen=True):
    """One thing that saves data at set times."""

    product: str
    """What does the work: an entry of products.toml, or `timer`, `task`, `cron` for a script that
    is a backup by its name only."""
    name: str
    """What an administrator called it, cut to 80 characters; empty where it has no name."""
    proof: Proof
    """`result`: something kept whether its runs worked. `trace`: nothing did, so only the times of
    the files it leaves are known, or that it ended; what failed half-way does both too."""
    last_success_at: Maybe[int | None]
    """Epoch seconds at which its last good run ended (or began, where only that is kept); of a
    trace, when it last left anything. None: it never did, as far as anything here remembers."""
    failed_in_row: Maybe[int | None]
    """Runs that failed since then, at most 9; None: nothing here counts failures."""


class BackupsFacts(Facts, frozen=True):
    """What is installed; changes when somebody installs or removes it."""

    section: ClassVar[str] = "backups"
    schema: ClassVar[int] = 1

    products: Maybe[list[str]]
    """Backup programs found here, by their names in products.toml, whether or not Caretaker can
    read what they did."""


class BackupsNow(Facts, frozen=True):
    """What the jobs did lately."""

    section: ClassVar[str] = "backups_now"
    schema: ClassVar[int] = 1
    resting: ClassVar[bytes] = b'{"everywhere":true,"jobs":[],"online":[]}'
    """Of nearly every computer, every night."""

    jobs: Maybe[list[Job]]
    """At most 32, by product and name; an empty list: no job that Caretaker recognises."""
    online: Maybe[list[Stretch]]
    """When the computer was on and connected since the oldest of their successes; without jobs
    none, because a computer's hours are nobody's business without a need."""
    everywhere: Maybe[bool] = UNSUPPORTED
    """Whether every place where jobs are kept could be looked at; unseen: in one that was closed
    another may stand, of which nothing is known."""


SECTIONS = (BackupsFacts, BackupsNow)
