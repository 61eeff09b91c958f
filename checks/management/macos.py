"""macOS management: `profiles status -type enrollment`, whose words are in no language.

Enrolled, approved by the user or from the first start (then it is supervised, since macOS 11), and
the server's address, of which only the manager's id is kept. When the Mac last reached its manager
no command of macOS tells: unseen (`unsupported`), and the check says so. Membership of a domain is
not asked: no policies reach a Mac that way. Written after Apple's manual page and the macOS
security compliance project; never run on macOS.
"""

from checks.host import Host, attempt
from checks.macos import enrolment
from checks.management import managers
from checks.management.facts import Enrolment, ManagementFacts
from checks.unseen import Unseen


def read(host: Host) -> ManagementFacts:
    """The one enrolment a Mac can have."""
    return ManagementFacts(enrolments=attempt(_enrolments, host), domain=False)


def _enrolments(host: Host) -> list[Enrolment]:
    said = enrolment(host)
    if not said.enrolled:
        return []
    manager = None if said.server is None else managers.by_address(said.server)
    approved = said.approved or said.automated
    return [managers.enrolment(host, manager, Unseen("unsupported"), approved)]
