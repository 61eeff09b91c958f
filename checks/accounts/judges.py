"""Judges of accounts: who rules the computer, who can sign in, and what is asked of a password.

Somebody found is proof; nobody found is proof only if everything was looked at, so a source nobody
could see or a list that was cut makes "none" unknown. 0 and "not set" mean without any limit.
"""

from checks.accounts.facts import Account, AccountsFacts, Admin
from checks.accounts.rules import lockout, password_policy
from checks.judging import Device, Judge, Moment, Settings, judge
from checks.unseen import BlindError, Unseen, each, known
from checks.verdicts import Finding, failed, not_applicable, passed, warned

TECHNICIANS = ("builtin", "administration", "directory-admins", "cloud-admins")
"""Labels of accounts that are there to administer, and are not anybody's own."""


class ApprovedSettings(Settings, frozen=True):
    """`approved`: labels of accounts and groups, or aliases of single ones, the school agreed
    to."""

    approved: list[str]


class StaleSettings(Settings, frozen=True):
    """`unused_seconds`: an account unused for longer should have been switched off."""

    unused_seconds: int


@judge("account-local-admins")
def local_admins(accounts: AccountsFacts, settings: ApprovedSettings, device: Device) -> Finding:
    """Nobody but those the school agreed to is an administrator; no person on pupils'
    computers."""
    found = _admins(accounts)
    strangers = {one.user for one in found if not _agreed(one, settings)}
    if strangers:
        return failed("others", count=len(strangers))
    persons = {one.user for one in found if one.label == "person"}
    if persons and device.purpose() == "pupil":
        return failed("person-on-pupils", count=len(persons))
    for source in accounts.admins:
        known(source.members)
    return passed("only-agreed", count=len({one.user for one in found}))


def _admins(accounts: AccountsFacts) -> list[Admin]:
    """The administrators of every source that could be seen."""
    seen = [s.members for s in accounts.admins if not isinstance(s.members, Unseen)]
    return [one for members in seen for one in members]


def _agreed(one: Account | Admin, settings: ApprovedSettings) -> bool:
    return one.label in settings.approved or one.user in settings.approved


@judge("account-guest")
def guest(accounts: AccountsFacts) -> Finding:
    """No guest can sign in."""
    return failed("on") if known(accounts.guest_enabled) else passed("off")


@judge("account-shared")
def shared(accounts: AccountsFacts, settings: ApprovedSettings) -> Finding:
    """Nobody works in an account that belongs to nobody in particular, unless agreed."""
    unnamed = [a for a in known(accounts.accounts) if a.label != "person"]
    others = [a for a in unnamed if not _agreed(a, settings)]
    uses, blind = each(others, _shared)
    if "in-use" in uses:
        return failed("in-use", count=uses.count("in-use"))
    if blind or accounts.cut:
        raise BlindError(blind[0] if blind else "too-large")
    if "waiting" in uses:
        return warned("waiting", count=uses.count("waiting"))
    return passed("none")


def _shared(account: Account) -> str:
    """One that is kept elsewhere and was not used here lately is its directory's matter."""
    here = account.origin == "local"
    if here and not known(account.enabled):
        return "off"
    if known(account.used) in ("week", "month"):
        return "in-use"
    return "waiting" if here else "off"


@judge("account-stale")
def stale(accounts: AccountsFacts, settings: StaleSettings, moment: Moment) -> Finding:
    """Accounts that nobody needs any more are switched off."""
    local = [a for a in known(accounts.accounts) if a.origin == "local"]
    found, blind = each(local, lambda a: _stale(a, settings.unused_seconds, moment.seen))
    if blind or accounts.cut:
        raise BlindError(blind[0] if blind else "too-large")
    old, unused = found.count("old"), found.count("never")
    if old:
        return warned("unused", count=old, limit=settings.unused_seconds)
    return warned("never-used", count=unused) if unused else passed("all-used")


def _stale(account: Account, limit: int, seen: int) -> str:
    """`never`: no trace that it was ever used, and nobody knows how long it has been there."""
    if not known(account.enabled) or known(account.used) in ("week", "month"):
        return "fine"
    since = known(account.since)
    if since is None:
        return "never"
    return "old" if seen - since > limit else "fine"


@judge("account-autologon")
def autologon(accounts: AccountsFacts, device: Device) -> Finding:
    """Nobody is signed in without being asked for a password."""
    ways = known(accounts.autologon)
    if any(way.password_kept for way in ways):
        return failed("password-kept", severity="critical")
    if not ways:
        return passed("off")
    kiosk = not isinstance(device.profile, Unseen) and device.profile == "kiosk"
    rules = {admin.user for admin in _admins(accounts)}
    if kiosk and not any(way.user in rules for way in ways):
        return warned("kiosk")
    return failed("on")


@judge("account-role-separation")
def role_separation(accounts: AccountsFacts, device: Device) -> Finding:
    """Staff and administrators stay off pupils' computers; nobody works as an administrator."""
    pupils = device.purpose() == "pupil"
    lately, blind = each(known(accounts.accounts), lambda a: (a, known(a.used) == "week"))
    working = [a for a, used in lately if used and a.label not in TECHNICIANS]
    staff = [a for a in working if a.who == "staff"]
    if pupils and staff:
        return failed("staff-on-pupils", count=len(staff))
    rules = {admin.user for admin in _admins(accounts)}
    ruling = [a for a in working if a.user in rules]
    if ruling:
        return failed("admin-on-pupils" if pupils else "admin-daily", count=len(ruling))
    for source in accounts.admins:
        known(source.members)
    if blind or accounts.cut:
        raise BlindError(blind[0] if blind else "too-large")
    return passed("apart")


@judge("share-permissions")
def share_permissions(accounts: AccountsFacts) -> Finding:
    """Nobody looks into other people's folders, and nothing is shared with whoever comes."""
    shares = accounts.shares
    if not isinstance(shares, Unseen) and any(share.open_to == "guests" for share in shares):
        return failed("open-to-guests", count=sum(s.open_to == "guests" for s in shares))
    if not isinstance(accounts.homes_open, Unseen) and accounts.homes_open:
        return failed("homes-open", count=accounts.homes_open)
    open_shares, homes = known(shares), known(accounts.homes)
    known(accounts.homes_open)
    if open_shares:
        return warned("open-to-everyone", count=len(open_shares))
    return passed("closed", count=homes) if homes else not_applicable("no-homes")


JUDGES: tuple[Judge, ...] = (
    local_admins,
    guest,
    shared,
    password_policy,
    lockout,
    stale,
    autologon,
    role_separation,
    share_permissions,
)
