"""Linux removable media: `control` (drivers, USB switch, USBGuard, udev), `desktops` (what starts
by itself) and `attached` (what is and was plugged in).

A machine whose /sys shows no USB bus, no card slot and no optical drive (most virtual machines) has
no removable media. Root is needed for USBGuard's settings, other people's desktops and, on most
systems, the kernel's log.
"""

from checks.host import Host, attempt
from checks.policy import Policy, named
from checks.removable_media import arrivals, attached, control, desktops
from checks.removable_media.facts import RemovableMediaFacts, RemovableMediaNow
from checks.removable_media.named import CHECK, SETTING, SchoolList
from checks.unseen import NotHere, Unseen

NOTHING = NotHere("it has no USB, card slot or disc drive")


def read(host: Host) -> RemovableMediaFacts | NotHere:
    """What lets removable media in."""
    kinds = attempt(control.kinds, host)
    if not isinstance(kinds, Unseen) and not kinds:
        return NOTHING
    return RemovableMediaFacts(
        kinds=kinds,
        drivers=attempt(control.drivers, host),
        usb_default=attempt(control.usb_default, host),
        usbguard=attempt(control.usbguard, host),
        udev=attempt(control.udev, host),
        phone_programs=attempt(control.phone_programs, host),
        autorun=attempt(desktops.autorun, host),
    )


def read_now(host: Host, policy: Policy) -> RemovableMediaNow | NotHere:
    """What is and was attached, and what of it the school's list names."""
    kinds, scans = attempt(control.kinds, host), attempt(host.media_scans)
    if arrivals.none_ever(kinds, scans):
        return NOTHING
    school = SchoolList(named(policy, CHECK, SETTING))
    now = attempt(attached.attached, host, school)
    log = attempt(attached.logged, host, school)
    still = set() if isinstance(now, Unseen) else {volume.id for volume in now}
    return RemovableMediaNow(
        attached=arrivals.dated(now, [] if isinstance(log, Unseen) else log[0]),
        logged=log if isinstance(log, Unseen) else [v for v in log[0] if v.id not in still],
        log_since=log if isinstance(log, Unseen) else log[1],
        watching_since=attempt(host.enrolled_at),
        scans=scans,
        looked_for=school.tags,
    )
