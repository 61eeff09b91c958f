r"""Windows management: `SOFTWARE\Microsoft\Enrollments`, OMA-DM's own record, and the domain.

- An enrolment is in force while `EnrollmentState` is 1 and `ProviderID` names a manager. Traps:
  keys of old enrolments stay behind with other states; `WMI_Bridge…` and `Local_…` (any program may
  set one up) are Windows' own; `MdmUrl` of `dsregcmd` is what the organisation set up, not that
  this computer is managed.
- Which manager: the server in `DiscoveryServiceFullURL`, else `ProviderID`. Of both, and of the
  account (`UPN`, not read), nothing leaves but an id.
- Last reached: `Provisioning\OMADM\Accounts\<GUID>\Protected\ConnInfo` `ServerLastSuccessTime`, as
  `20261121T203015Z` (administrators). Windows asks about every eight hours.
- Domain: `Win32_ComputerSystem.PartOfDomain`; its policies do not reach a laptop that was lost.

Written after Microsoft's documentation and public readers of these keys; never run on Windows.
"""

import datetime
import re
from typing import Final

from checks.host import CannotLook, Host, RegistryKey, attempt
from checks.management import managers
from checks.management.facts import Enrolment, ManagementFacts
from checks.windows import number, only, row_flag, text

ENROLMENTS: Final = r"SOFTWARE\Microsoft\Enrollments"
ACCOUNTS: Final = r"SOFTWARE\Microsoft\Provisioning\OMADM\Accounts"
_GUID: Final = re.compile(r"\{?[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?")
_STAMP: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_IN_FORCE: Final = 1
_OWN: Final = ("wmi_bridge", "local_")
_MOST: Final = 200


def read(host: Host) -> ManagementFacts:
    """Enrolments in force and membership of a domain."""
    return ManagementFacts(enrolments=attempt(_enrolments, host), domain=attempt(_domain, host))


def _enrolments(host: Host) -> list[Enrolment]:
    listed = host.registry("HKLM", ENROLMENTS)
    names = [] if listed is None else [name for name in listed.subkeys if _GUID.fullmatch(name)]
    if len(names) > _MOST:
        raise CannotLook("too-large", ENROLMENTS)
    keys = [(name, host.registry("HKLM", rf"{ENROLMENTS}\{name}")) for name in names]
    found = [_enrolment(host, name, key) for name, key in keys if key and _is_in_force(key)]
    return sorted(found, key=lambda one: one.manager)


def _is_in_force(key: RegistryKey) -> bool:
    provider = (text(key, "ProviderID") or "").casefold()
    return (
        number(key, "EnrollmentState") == _IN_FORCE
        and bool(provider)
        and not provider.startswith(_OWN)
    )


def _enrolment(host: Host, name: str, key: RegistryKey) -> Enrolment:
    address = text(key, "DiscoveryServiceFullURL") or ""
    manager = managers.by_address(address)
    if manager is None and not address:
        manager = managers.by_provider(text(key, "ProviderID") or "")
    return managers.enrolment(host, manager, attempt(_last_at, host, name), None)


def _last_at(host: Host, name: str) -> int | None:
    key = host.registry("HKLM", rf"{ACCOUNTS}\{name}\Protected\ConnInfo")
    stamp = text(key, "ServerLastSuccessTime")
    if stamp is None:
        return None
    if not _STAMP.fullmatch(stamp):
        raise CannotLook("parse-error", "ServerLastSuccessTime")
    try:
        at = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    except ValueError as error:
        raise CannotLook("parse-error", "ServerLastSuccessTime") from error
    seconds = int(at.timestamp())
    return seconds if seconds > 0 else None


def _domain(host: Host) -> bool:
    row = only(host.wmi("Win32_ComputerSystem", "root/cimv2", ["PartOfDomain"]))
    found = row_flag(row, "PartOfDomain")
    if found is None:
        raise CannotLook("parse-error", "PartOfDomain")
    return found
