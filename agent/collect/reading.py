"""Reads one domain through a host: facts, or why nobody could look, never an exception.

A reader is `checks.<domain>.<platform>` with `read(host)` for the steady
section and `read_now(host)` for the drifting one; what looks for things that the
school's policy names is `read(host, policy)`. A platform without a reader yet is
`unsupported`, not an error.
"""

import importlib
from types import ModuleType

from checks.catalogue import Domain
from checks.facts import Facts
from checks.host import CannotLook, Host, Platform
from checks.judging import Body
from checks.policy import DEFAULT_POLICY, Policy
from checks.unseen import Unseen


def read_domain(
    host: Host, domain: Domain, policy: Policy = DEFAULT_POLICY
) -> dict[type[Facts], Body]:
    """Every section of a domain.

    A reader that could look at nothing yields `Unseen` with its reason.
    """
    reader = reader_of(domain.name, host.platform)
    return {section: _read(host, reader, section, policy) for section in domain.sections}


def reader_of(domain: str, platform: Platform) -> ModuleType | None:
    """The reader of a domain on a platform, or None where nobody has written one."""
    name = f"checks.{domain}.{platform}"
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name != name:
            raise
        return None


def _read(host: Host, reader: ModuleType | None, section: type[Facts], policy: Policy) -> Body:
    function = getattr(reader, "read_now" if section.section.endswith("_now") else "read", None)
    if function is None:
        return Unseen("unsupported")
    try:
        body: Body = function(host, policy) if section.by_policy else function(host)
    except CannotLook as blind:
        return Unseen(blind.reason)
    return body
