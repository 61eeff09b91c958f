"""Linux administrators: groups that sudo and polkit trust, sudo's own rules, and root's twins.

The groups are `sudo` (Debian, Ubuntu), `wheel` (Fedora, RHEL, SUSE) and Ubuntu's old `admin`, with
those whose own group it is. A directory's groups are not asked for; one that sudo's rules name is
told as a group. `su` needs root's password and is not counted.
"""

from typing import Final

from checks.accounts import sudo
from checks.accounts.facts import Admin, AdminSource, Label
from checks.accounts.names import label_of
from checks.formats import unix_accounts
from checks.host import Host, attempt

GROUPS: Final = ("admin", "sudo", "wheel")
SUDOERS: Final = ("/etc/sudoers", "/usr/etc/sudoers")
"""SUSE keeps the maker's rules in /usr/etc, which count while /etc has none."""
_DIRECTORY: Final = ("domain admins", "enterprise admins", "domänen-admins", "admins du domaine")


def read_sources(host: Host) -> list[AdminSource]:
    """Every place that makes administrators."""
    groups = attempt(_groups, host)
    rules = attempt(_rules, host)
    twins = attempt(_twins, host)
    return [
        AdminSource("group", groups),
        AdminSource("rules", rules),
        AdminSource("root-twins", twins),
    ]


def _groups(host: Host) -> list[Admin]:
    names = {name for group in GROUPS for name in _members(host, group) or []}
    return _admins(host, names)


def _members(host: Host, group: str) -> set[str] | None:
    """Everybody in a local group (a name, or `#` and its number); None: there is no such group."""
    groups = unix_accounts.parse_group(host.read("/etc/group") or b"")
    fitting = [one for one in groups if group in (one.name, f"#{one.gid}")]
    accounts = unix_accounts.parse_passwd(host.read("/etc/passwd") or b"")
    numbers = {one.gid for one in fitting}
    listed = {name for one in fitting for name in one.members}
    return listed | {a.name for a in accounts if a.gid in numbers} if fitting else None


def _twins(host: Host) -> list[Admin]:
    accounts = unix_accounts.parse_passwd(host.read("/etc/passwd") or b"")
    return _admins(host, {one.name for one in accounts if one.uid == 0})


def _admins(host: Host, names: set[str]) -> list[Admin]:
    """Root itself is the system's own and nobody's account."""
    return [Admin(host.alias("user", n), label_of(n)) for n in sorted(names - {"root"})]


def _rules(host: Host) -> list[Admin]:
    """Whoever sudo lets run everything; members of local groups one by one."""
    main = next((path for path in SUDOERS if host.stat(path) is not None), None)
    if main is None:
        return []
    found: dict[str, Admin] = {}
    for name in sudo.everything(host, main):
        found |= {admin.user: admin for admin in _who(host, name)}
    return list(found.values())


def _who(host: Host, name: str) -> list[Admin]:
    if name.startswith("%"):
        group = name[1:].removeprefix(":")
        members = _members(host, group)
        if members is not None:
            return _admins(host, members)
        return [Admin(host.alias("group", group), _group_label(group))]
    if name.startswith("+"):
        return [Admin(host.alias("group", name), "group")]
    if name == "ALL":
        return [Admin(host.alias("group", name), "everyone")]
    if name.startswith("#"):
        accounts = unix_accounts.parse_passwd(host.read("/etc/passwd") or b"")
        name = next((one.name for one in accounts if f"#{one.uid}" == name), name)
    return _admins(host, {name})


def _group_label(group: str) -> Label:
    plain = group.casefold().rpartition("\\")[2].partition("@")[0]
    return "directory-admins" if plain in _DIRECTORY else "group"
