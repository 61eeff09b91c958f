r"""Windows accounts: `windows_people` (accounts, their use), `windows_admins` (the administrators'
group), `windows_rules` (passwords, lockout, PINs), `windows_homes` and `windows_shares`.

- Guests: the account whose SID ends in -501, whatever it is called.
- Autologon: `HKLM\…\Winlogon`, `AutoAdminLogon` (REG_SZ "1") with `DefaultUserName`, and
  `DefaultPassword`, whose presence is told and whose value is not; Sysinternals' Autologon hides
  the password in an LSA secret and sets the same switch.
- Not read: HKLM\SAM (password hashes lie beside what we want to know, and every antivirus rightly
  shouts at who opens it), guests that Shared PC mode makes up when somebody presses a button.

Nothing here was seen on a real machine yet; keys and classes are Microsoft's documented ones.
"""

from checks.accounts import windows_people as people
from checks.accounts import windows_rules as rules
from checks.accounts.facts import AccountsFacts, AdminSource, Autologon
from checks.accounts.windows_admins import read_admins
from checks.accounts.windows_homes import read_homes
from checks.accounts.windows_shares import read_shares
from checks.host import Host, attempt
from checks.unseen import Unseen
from checks.windows import WINDOWS_NT, flag, text

_NAME = r"SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName"


def read(host: Host) -> AccountsFacts:
    """Everything about accounts."""
    local = attempt(people.local_accounts, host)
    found = attempt(people.read_accounts, host, local)
    policy = attempt(rules.local_policy, host)
    asked = rules.read_passwords(host, policy)
    homes = attempt(read_homes, host)
    return AccountsFacts(
        accounts=found if isinstance(found, Unseen) else found[: people.MOST],
        cut=0 if isinstance(found, Unseen) else max(0, len(found) - people.MOST),
        admins=[AdminSource("group", attempt(read_admins, host, local))],
        guest_enabled=attempt(people.guest, local),
        autologon=attempt(_autologon, host, local),
        rules_by=asked.by,
        min_length=asked.min_length,
        deny_list=False,
        second_factor=attempt(rules.second_factor, host),
        max_age_days=attempt(rules.max_age_days, policy, local),
        lockout_attempts=attempt(rules.lockout_attempts, policy),
        lockout_window_seconds=attempt(rules.lockout_window, policy),
        lockout_seconds=attempt(rules.lockout_seconds, policy),
        pin_min_length=attempt(rules.pin_min_length, host),
        homes=homes if isinstance(homes, Unseen) else homes.looked_at,
        homes_open=homes if isinstance(homes, Unseen) else homes.open,
        shares=attempt(read_shares, host),
    )


def _autologon(host: Host, local: people.Local) -> list[Autologon]:
    """A password that was left behind counts even where signing in by itself is off by now."""
    key = host.registry("HKLM", rf"{WINDOWS_NT}\Winlogon")
    on = flag(key, "AutoAdminLogon") or flag(key, "ForceAutoLogon")
    kept = text(key, "DefaultPassword") is not None
    if not (on or kept):
        return []
    name, domain = text(key, "DefaultUserName") or "", text(key, "DefaultDomainName") or ""
    if domain and not _is_this_computer(host, domain) and "\\" not in name:
        name = f"{domain}\\{name}"
    account = people.named(host, local, name)
    return [Autologon("winlogon", account.alias, account.label, kept)]


def _is_this_computer(host: Host, domain: str) -> bool:
    """Windows fills in the computer's own name where no domain is meant."""
    here = text(host.registry("HKLM", _NAME), "ComputerName") or ""
    return domain == "." or domain.casefold() == here.casefold()
