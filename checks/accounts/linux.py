"""Linux accounts: `linux_people` (accounts, their use and homes), `linux_admins` (groups, sudo),
`linux_signing_in` (autologin, guests) and `linux_rules` (PAM).

Local accounts are those of /etc/passwd between 1000 and 60000; a directory's are known by the home
they left here. Passwords: `passwd -S`, never /etc/shadow, so no hash is ever in our hands. Root is
needed for the state of passwords, other people's homes and sudo's rules. Seen on Debian 12: shadow
4.13, sudo 1.9.13, PAM 1.5.2.
"""

from checks.accounts import linux_people as people
from checks.accounts import linux_rules as rules
from checks.accounts.facts import AccountsFacts
from checks.accounts.linux_admins import read_sources
from checks.accounts.linux_shares import read_shares
from checks.accounts.linux_signing_in import read_autologon, read_guest
from checks.host import Host, attempt
from checks.unseen import Unseen


def read(host: Host) -> AccountsFacts:
    """Everything about accounts; a machine without /etc/passwd is `unsupported`."""
    statuses = attempt(people.statuses, host)
    found = attempt(people.read_accounts, host, statuses)
    asked = rules.read_passwords(host)
    shut = rules.read_lockout(host)
    homes = attempt(people.read_homes, host)
    return AccountsFacts(
        accounts=found if isinstance(found, Unseen) else found[: people.MOST],
        cut=0 if isinstance(found, Unseen) else max(0, len(found) - people.MOST),
        admins=read_sources(host),
        guest_enabled=attempt(read_guest, host, statuses),
        autologon=attempt(read_autologon, host),
        rules_by=asked.by,
        min_length=asked.min_length,
        deny_list=asked.deny_list,
        second_factor=attempt(rules.second_factor, host),
        max_age_days=attempt(people.max_age_days, host, statuses),
        lockout_attempts=shut.attempts,
        lockout_window_seconds=shut.window_seconds,
        lockout_seconds=shut.seconds,
        pin_min_length=None,
        homes=homes if isinstance(homes, Unseen) else homes.looked_at,
        homes_open=homes if isinstance(homes, Unseen) else homes.open,
        shares=attempt(read_shares, host),
    )
