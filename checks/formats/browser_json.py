"""The few fields of browsers' own JSON files that checks read, everything else ignored.

`Local State` of Chromium and its kin, their managed policies, and Firefox's `policies.json`. The
first is its user's file, so it is hostile.
"""

import msgspec

from checks.formats.errors import ParseError


class _Dns(msgspec.Struct):
    mode: str = ""


class _FirefoxDns(msgspec.Struct):
    enabled: bool | None = msgspec.field(name="Enabled", default=None)
    locked: bool = msgspec.field(name="Locked", default=False)


class _FirefoxPolicies(msgspec.Struct):
    dns: _FirefoxDns = msgspec.field(name="DNSOverHTTPS", default_factory=_FirefoxDns)


class _File(msgspec.Struct):
    local: _Dns = msgspec.field(name="dns_over_https", default_factory=_Dns)
    managed: str | None = msgspec.field(name="DnsOverHttpsMode", default=None)
    policies: _FirefoxPolicies = msgspec.field(default_factory=_FirefoxPolicies)


class BrowserFile(msgspec.Struct, frozen=True):
    """What one file says of asking an outside service for names; each file fills its own fields."""

    local_mode: str
    """Chromium's `Local State`: `secure`, `automatic`, `off`, or empty for the default."""
    managed_mode: str | None
    """A managed policy of Chromium, in the same words; None = does not say."""
    firefox_enabled: bool | None
    """Firefox's policies: on, off, or None = does not say."""
    firefox_locked: bool


def parse(data: bytes) -> BrowserFile:
    """Read the fields. Raises ParseError."""
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(str(error)) from error
    firefox = file.policies.dns
    return BrowserFile(file.local.mode, file.managed, firefox.enabled, firefox.locked)
