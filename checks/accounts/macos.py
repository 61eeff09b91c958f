"""macOS accounts: `macos_people` (accounts, their use, administrators) and `macos_rules` (what
pwpolicy and profiles ask of passwords).

- Guests: a profile's `DisableGuestAccount` or `EnableGuestAccount` (com.apple.MCX), else
  `GuestEnabled` in /Library/Preferences/com.apple.loginwindow.plist; not set is off. Trap: these
  are also written as text, and "NO" is a no.
- Autologin: `autoLoginUser` there, with /etc/kcpassword (without it, as under FileVault, nobody is
  signed in), unless a profile sets `DisableAutoLoginClient`.
- Not read: home folders' permissions and shares (no check asks for them on a Mac), administrators
  by a directory's own rule (`dsconfigad -groups`).

Nothing here was seen on a real Mac yet; files and commands are Apple's documented ones.
"""

from checks.accounts import macos_people as people
from checks.accounts import macos_rules as rules
from checks.accounts.facts import AccountsFacts, Autologon
from checks.accounts.names import label_of
from checks.host import CannotLook, Host, attempt
from checks.macos import flag, managed, settings, text
from checks.unseen import Unseen

_NO_READER = Unseen("unsupported")
_WINDOW = "/Library/Preferences/com.apple.loginwindow.plist"


def read(host: Host) -> AccountsFacts:
    """Everything about accounts."""
    found = attempt(people.read_accounts, host)
    policy = attempt(rules.local_policy, host)
    return AccountsFacts(
        accounts=found if isinstance(found, Unseen) else found[: people.MOST],
        cut=0 if isinstance(found, Unseen) else max(0, len(found) - people.MOST),
        admins=people.read_sources(host),
        guest_enabled=attempt(_guest, host),
        autologon=attempt(_autologon, host),
        rules_by=attempt(rules.layer, host, policy),
        min_length=attempt(rules.min_length, policy),
        deny_list=False,
        second_factor=attempt(_smart_card, host),
        max_age_days=attempt(rules.max_age_days, policy),
        lockout_attempts=attempt(rules.lockout_attempts, policy),
        lockout_window_seconds=None,
        lockout_seconds=attempt(rules.lockout_seconds, policy),
        pin_min_length=None,
        homes=_NO_READER,
        homes_open=_NO_READER,
        shares=_NO_READER,
    )


def _guest(host: Host) -> bool:
    """Only a profile that switches guests off, and does not also switch them on, is sure of it;
    else the Mac's own setting counts. Raises CannotLook."""
    profile = managed(host, "com.apple.MCX")
    off, on = flag(profile, "DisableGuestAccount"), flag(profile, "EnableGuestAccount")
    if off and on:
        raise CannotLook("unsupported", "a profile switches guests off and on")
    if off or on:
        return not off
    own = flag(settings(host, _WINDOW), "GuestEnabled") is True
    if own and on is False:
        raise CannotLook("unsupported", "switched on, and a profile does not switch it on")
    return own


def _autologon(host: Host) -> list[Autologon]:
    for domain in ("com.apple.loginwindow", "com.apple.login.mcx.DisableAutoLoginClient"):
        if flag(managed(host, domain), "DisableAutoLoginClient"):
            return []
    name = text(settings(host, _WINDOW), "autoLoginUser")
    if name is None or host.stat("/etc/kcpassword") is None:
        return []
    return [Autologon("loginwindow", host.alias("user", name), label_of(name), False)]


def _smart_card(host: Host) -> bool:
    """Whether only smart cards sign in."""
    return flag(managed(host, "com.apple.security.smartcard"), "enforceSmartCard") is True
