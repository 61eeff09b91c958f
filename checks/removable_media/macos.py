"""macOS removable media: `macos_control` (what lets it in) and `macos_attached` (what is plugged
in).

Nothing starts by itself from a drive on macOS, so nothing is told of that. macOS keeps no list of
what was plugged in before; its log would take longer to search than a whole round. Ordinary users
see what is plugged in; Santa's orders from its server are for root. Never run on macOS: written
after Apple's manual pages, the macOS security compliance project and public readers of these
places.
"""

from typing import Final

from checks.host import Host, attempt
from checks.policy import Policy, named
from checks.removable_media import macos_attached, macos_control
from checks.removable_media.facts import RemovableMediaFacts, RemovableMediaNow
from checks.removable_media.named import CHECK, SETTING, SchoolList
from checks.unseen import Unseen

BLIND: Final = Unseen("unsupported")


def read(host: Host) -> RemovableMediaFacts:
    """What lets removable media in."""
    kinds = attempt(macos_control.kinds, host)
    return RemovableMediaFacts(
        kinds=kinds,
        drivers=BLIND,
        usb_default=BLIND,
        usbguard=BLIND,
        udev=BLIND,
        phone_programs=BLIND,
        autorun=BLIND,
        rules=kinds if isinstance(kinds, Unseen) else macos_control.rules(host, kinds),
        only_encrypted=attempt(macos_control.only_encrypted, host),
    )


def read_now(host: Host, policy: Policy) -> RemovableMediaNow:
    """What is attached, and what of it the school's list names."""
    school = SchoolList(named(policy, CHECK, SETTING))
    return RemovableMediaNow(
        attached=attempt(macos_attached.attached, host, school),
        logged=BLIND,
        log_since=BLIND,
        watching_since=attempt(host.enrolled_at),
        scans=attempt(host.media_scans),
        looked_for=school.tags,
    )
