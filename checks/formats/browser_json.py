"""The few fields of browsers' own JSON files that checks read, everything else ignored.

`Local State` of Chromium and its kin, their managed policies, and Firefox's `policies.json`. The
first is its user's file, so it is hostile.
"""

from typing import TypeVar

import msgspec

from checks.formats.errors import ParseError


class _Dns(msgspec.Struct):
    mode: str = ""


class _LocalState(msgspec.Struct):
    dns: _Dns = msgspec.field(name="dns_over_https", default_factory=_Dns)


class _Managed(msgspec.Struct):
    mode: str | None = msgspec.field(name="DnsOverHttpsMode", default=None)


class _FirefoxDns(msgspec.Struct):
    enabled: bool | None = msgspec.field(name="Enabled", default=None)
    locked: bool = msgspec.field(name="Locked", default=False)


class _FirefoxPolicies(msgspec.Struct):
    dns: _FirefoxDns | None = msgspec.field(name="DNSOverHTTPS", default=None)


class _FirefoxFile(msgspec.Struct):
    policies: _FirefoxPolicies = msgspec.field(default_factory=_FirefoxPolicies)


class FirefoxDns(msgspec.Struct, frozen=True):
    """What an administrator's policy says of DNS over HTTPS; None = does not say."""

    enabled: bool | None
    locked: bool


T = TypeVar("T")


def parse_local_state(data: bytes) -> str:
    """Chromium's DNS mode of one user: `secure`, `automatic`, `off`, or empty for the default.

    Raises ParseError.
    """
    return _read(data, _LocalState).dns.mode


def parse_managed(data: bytes) -> str | None:
    """The DNS mode a managed policy of Chromium sets; None = this file does not say.

    Raises ParseError.
    """
    return _read(data, _Managed).mode


def parse_firefox_policies(data: bytes) -> FirefoxDns:
    """Firefox's policy on DNS over HTTPS. Raises ParseError."""
    dns = _read(data, _FirefoxFile).policies.dns
    return FirefoxDns(None, False) if dns is None else FirefoxDns(dns.enabled, dns.locked)


def _read(data: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ParseError(str(error)) from error
