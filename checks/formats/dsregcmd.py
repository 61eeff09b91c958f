"""`dsregcmd /status`: whether a computer is joined to Entra ID, a domain or an organisation.

Labels are in no language; YES and NO neither. Traps: what stands of the user is that of whoever
runs it, SYSTEM's for the agent; `MdmUrl` is what the organisation has set up, not that this
computer is managed; names and addresses of users stand there too, and are not taken.
"""

import re
from typing import Final

import msgspec

from checks.formats import secret_values, windows_text
from checks.formats.errors import ParseError

LONGEST: Final = 1 << 20
_PAIR: Final = re.compile(r"\s*([A-Za-z][A-Za-z0-9 _()/-]{1,60}?)\s*:\s(.*)|\s*(\w{2,60})\s*:")
_PEOPLE: Final = re.compile(
    r"account|user ?name|userprincipal|upn|identity|useremail|display ?name|token", re.IGNORECASE
)
_ADDRESS: Final = re.compile(r"(?<![^\s@\"'<>])[^\s@\"'<>]{1,128}@[^\s@\"'<>]{1,128}")
_FLAGS: Final = {"YES": True, "NO": False}


class State(msgspec.Struct, frozen=True):
    """What is used. None: no such line, or neither yes nor no."""

    entra_joined: bool | None
    enterprise_joined: bool | None
    domain_joined: bool | None
    workplace_joined: bool | None
    device_id: str | None
    tenant_id: str | None
    tenant_name: str | None
    domain_name: str | None
    mdm_url: str | None
    primary_token: bool | None
    """Whoever ran it has signed in to Entra ID (`AzureAdPrt`)."""
    hello_set: bool | None
    """Whoever ran it signs in with Windows Hello (`NgcSet`)."""
    values: dict[str, str]
    """Every label with its value, without those that name people."""


def parse(data: bytes) -> State:
    """Read the answer. Raises ParseError for another text."""
    values: dict[str, str] = {}
    for line in windows_text.lines(windows_text.decode(data, LONGEST)):
        found = _PAIR.match(line)
        if found is None:
            continue
        name, value = (found[1] or found[3]).strip(), (found[2] or "").strip()
        if not _PEOPLE.search(name):
            told = _ADDRESS.sub(secret_values.REMOVED, value)
            values.setdefault(name, secret_values.without(name, told))
    if "AzureAdJoined" not in values and "DomainJoined" not in values:
        raise ParseError("dsregcmd: no line that says what is joined")
    flags = {name: _FLAGS.get(value.upper()) for name, value in values.items()}
    return State(
        entra_joined=flags.get("AzureAdJoined"),
        enterprise_joined=flags.get("EnterpriseJoined"),
        domain_joined=flags.get("DomainJoined"),
        workplace_joined=flags.get("WorkplaceJoined"),
        device_id=values.get("DeviceId") or None,
        tenant_id=values.get("TenantId") or None,
        tenant_name=values.get("TenantName") or None,
        domain_name=values.get("DomainName") or None,
        mdm_url=values.get("MdmUrl") or None,
        primary_token=flags.get("AzureAdPrt"),
        hello_set=flags.get("NgcSet"),
        values=values,
    )
