"""Windows administrators: who is in the group whose SID is S-1-5-32-544, whatever it is called.

Its name comes from `Win32_Group WHERE SID='S-1-5-32-544'`, its members from `net localgroup NAME`,
read by its form in any language (`checks.formats.net_localgroup`). Windows writes names there and a
SID only where it knows no name: a group of a directory is known by the name its makers gave it in
the language they installed it in (the table below), and any other is told as a group that nobody
agreed to. That errs towards asking. `Win32_GroupUser` lists the whole domain first and is not used.
"""

from typing import Final

from checks.accounts.facts import Admin, Label
from checks.accounts.windows_people import Local, named
from checks.formats import net_localgroup
from checks.formats.errors import ParseError
from checks.host import CannotLook, Host
from checks.windows import only, row_text, text

ADMINISTRATORS: Final = "S-1-5-32-544"
CODE_PAGES: Final = r"SYSTEM\CurrentControlSet\Control\Nls\CodePage"
DOMAIN_ADMINS: Final = frozenset(
    {
        *("domain admins", "domänen-admins", "admins du domaine", "domeinadministrators"),
        *("admins. del dominio", "administradores del dominio", "admins do domínio"),
        *("admins. do domínio", "domänadministratörer", "domeneadministratorer"),
        *("domæneadministratorer", "toimialueen järjestelmänvalvojat", "administratorzy domeny"),
        *("enterprise admins", "organisations-admins", "administrateurs de l’entreprise"),
    }
)
"""What a directory calls those who administer all of it."""
_ENDS: Final[tuple[tuple[str, Label], ...]] = (("-500", "builtin"), ("-512", "directory-admins"))
_CLOUD: Final = "S-1-12-1-"
ROLES: Final = 2
"""Roles that joining Entra puts in the group."""


def read_admins(host: Host, local: Local) -> list[Admin]:
    """Members of the group, each once. Raises CannotLook."""
    group = row_text(
        only(host.wmi(f"Win32_Group WHERE SID='{ADMINISTRATORS}'", "root/cimv2", ["Name", "SID"])),
        "Name",
    )
    if group is None:
        raise CannotLook("parse-error", "a group without a name")
    ran = host.run(["net.exe", "localgroup", group])
    if ran.code != 0:
        raise CannotLook("parse-error", f"net localgroup exited {ran.code}")
    page = text(host.registry("HKLM", CODE_PAGES), "OEMCP") or ""
    try:
        members = net_localgroup.members(ran.out, page)
    except ParseError as error:
        raise CannotLook("parse-error", str(error)) from error
    found = [_admin(host, local, name) for name in members]
    return _roles(list({one.user: one for one in found}.values()))


def _roles(found: list[Admin]) -> list[Admin]:
    """Joining brings two roles along: where there are more nameless ones than that, some are groups
    or people somebody added, and nobody can tell which."""
    if sum(one.label == "cloud-admins" for one in found) <= ROLES:
        return found
    return [Admin(one.user, "group") if one.label == "cloud-admins" else one for one in found]


def _admin(host: Host, local: Local, name: str) -> Admin:
    if name.upper().startswith("S-1-"):
        return _by_sid(host, name.upper())
    domain, _, plain = name.rpartition("\\")
    if domain and plain.casefold() in DOMAIN_ADMINS:
        return Admin(host.alias("group", name), "directory-admins")
    account = named(host, local, name)
    known_here = {user.name.casefold() for user in host.users()}
    if domain and account.label == "person" and domain.casefold() != "azuread":
        # A directory's group or a person of it: only those who signed in here are known as people.
        return Admin(account.alias, "person" if plain.casefold() in known_here else "group")
    return Admin(account.alias, account.label)


def _by_sid(host: Host, sid: str) -> Admin:
    """A SID without a name: the two roles that joining Entra brings along never have one; a person
    of Entra who signed in here does. Others belong to accounts and domains that are gone."""
    user = next((one for one in host.users() if one.uid.upper() == sid), None)
    if user is not None:
        return Admin(user.alias, "person")
    if sid.startswith(_CLOUD):
        return Admin(host.alias("group", sid), "cloud-admins")
    label: Label = next((label for end, label in _ENDS if sid.endswith(end)), "group")
    return Admin(host.alias("group", sid), label)
