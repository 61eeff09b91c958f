r"""Windows removable media: `windows_control` (what lets it in, what starts by itself) and
`windows_attached` (what is and was plugged in).

Sockets: USB where `SYSTEM\CurrentControlSet\Enum\USB` lists anything, a disc drive and a card
reader where their drivers count a device (`Services\cdrom\Enum`, `sdbus`, Realtek's). Settings of
Group Policy and of MDM end in the same keys, except where `windows_control` says otherwise.
Without an administrator's rights nothing is seen of drives that are attached, and only SYSTEM may
read when one was. No Windows machine was at hand: written from Microsoft's documentation and public
readers of these keys.
"""

from typing import Final

from checks.host import Host, attempt
from checks.policy import Policy, named
from checks.removable_media import arrivals, windows_attached, windows_control
from checks.removable_media.facts import RemovableMediaFacts, RemovableMediaNow
from checks.removable_media.named import CHECK, SETTING, SchoolList
from checks.unseen import NotHere, Unseen

BLIND: Final = Unseen("unsupported")
NOTHING: Final = NotHere("it has no USB, card slot or disc drive")


def read(host: Host) -> RemovableMediaFacts | NotHere:
    """What lets removable media in."""
    kinds = attempt(windows_control.kinds, host)
    if not isinstance(kinds, Unseen) and not kinds:
        return NOTHING
    return RemovableMediaFacts(
        kinds=kinds,
        drivers=BLIND,
        usb_default=BLIND,
        usbguard=BLIND,
        udev=BLIND,
        phone_programs=BLIND,
        autorun=attempt(windows_control.autorun, host),
        rules=kinds if isinstance(kinds, Unseen) else windows_control.rules(host, kinds),
        only_encrypted=attempt(windows_control.only_encrypted, host),
    )


def read_now(host: Host, policy: Policy) -> RemovableMediaNow | NotHere:
    """What is and was attached, and what of it the school's list names."""
    kinds, scans = attempt(windows_control.kinds, host), attempt(host.media_scans)
    if arrivals.none_ever(kinds, scans):
        return NOTHING
    school = SchoolList(named(policy, CHECK, SETTING))
    now = attempt(windows_attached.attached, host, school)
    log = attempt(windows_attached.logged, host, school)
    still = set() if isinstance(now, Unseen) else {volume.id for volume in now}
    return RemovableMediaNow(
        attached=arrivals.dated(now, [] if isinstance(log, Unseen) else log),
        logged=log if isinstance(log, Unseen) else [v for v in log if v.id not in still],
        log_since=attempt(windows_attached.log_since, host),
        watching_since=attempt(host.enrolled_at),
        scans=scans,
        looked_for=school.tags,
    )
