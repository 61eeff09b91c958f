"""The few fields of browsers' own JSON files that checks read, everything else ignored.

`Local State` of Chromium and its kin, their managed policies, and Firefox's `policies.json`. The
first is its user's file, so it is hostile.
"""

import msgspec

from checks.formats.errors import ParseError

_REFUSED = ("blocked", "removed")


class _Dns(msgspec.Struct):
    mode: str = ""


class _FirefoxDns(msgspec.Struct):
    enabled: bool | None = msgspec.field(name="Enabled", default=None)
    locked: bool = msgspec.field(name="Locked", default=False)


class _Extension(msgspec.Struct):
    mode: str = msgspec.field(name="installation_mode", default="")


class _Extensions(msgspec.Struct):
    everything: _Extension = msgspec.field(name="*", default_factory=_Extension)


class _FirefoxPolicies(msgspec.Struct):
    dns: _FirefoxDns = msgspec.field(name="DNSOverHTTPS", default_factory=_FirefoxDns)
    extensions: _Extensions = msgspec.field(name="ExtensionSettings", default_factory=_Extensions)


class _File(msgspec.Struct):
    local: _Dns = msgspec.field(name="dns_over_https", default_factory=_Dns)
    managed: str | None = msgspec.field(name="DnsOverHttpsMode", default=None)
    policies: _FirefoxPolicies = msgspec.field(default_factory=_FirefoxPolicies)
    google: bool | None = msgspec.field(name="ForceGoogleSafeSearch", default=None)
    bing: int | None = msgspec.field(name="ForceBingSafeSearch", default=None)
    blocked: list[str] = msgspec.field(name="ExtensionInstallBlocklist", default_factory=list)
    settings: _Extensions = msgspec.field(name="ExtensionSettings", default_factory=_Extensions)


class BrowserFile(msgspec.Struct, frozen=True):
    """What one file says of asking an outside service for names; each file fills its own fields."""

    local_mode: str
    """Chromium's `Local State`: `secure`, `automatic`, `off`, or empty for the default."""
    managed_mode: str | None
    """A managed policy of Chromium, in the same words; None = does not say."""
    firefox_enabled: bool | None
    """Firefox's policies: on, off, or None = does not say."""
    firefox_locked: bool
    safe_google: bool | None = None
    """A managed policy of Chromium: safe search forced on Google."""
    safe_bing: bool | None = None
    """The same of Edge on Bing."""
    extensions_blocked: bool = False
    """Extensions that the policy does not name cannot be added; Chromium's and Firefox's."""


def parse(data: bytes) -> BrowserFile:
    """Read the fields. Raises ParseError."""
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(str(error)) from error
    firefox = file.policies.dns
    mode = file.settings.everything.mode  # which outranks the list that is blocked
    refused = mode in _REFUSED if mode else "*" in file.blocked
    return BrowserFile(
        *(file.local.mode, file.managed, firefox.enabled, firefox.locked),
        safe_google=file.google,
        safe_bing=None if file.bing is None else file.bing > 0,
        extensions_blocked=refused or file.policies.extensions.everything.mode in _REFUSED,
    )
