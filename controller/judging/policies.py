"""The policy in force at each school, remembered for a moment.

Another process may put a new policy in force, so what is remembered is looked at again every few
seconds; who judges looks before each batch, because computers that were marked due with a new
policy must not be judged by the one before and then be thought done.
"""

import time
from typing import Final, NamedTuple

from django.db.models import Max

from checks.policy import DEFAULT_POLICY, policy_hash
from controller.fleet.models import SitePolicy

_FRESH_SECONDS: Final = 2.0
DEFAULT_DIGEST: Final = policy_hash(DEFAULT_POLICY)


class _InForce(NamedTuple):
    version: int
    digest: str
    body: bytes
    envelope: bytes
    envelope_digest: str


class SitePolicies:
    """For one thread."""

    def __init__(self) -> None:
        """Nothing remembered."""
        self._read_at = float("-inf")
        self._rows: dict[str, _InForce] = {}

    def digest(self, site: str) -> str:
        """`sha256:…` of the policy in force, as a report names the one it was judged by."""
        self._refresh()
        return self._rows[site].digest if site in self._rows else DEFAULT_DIGEST

    def body(self, site: str) -> bytes:
        """Its canonical JSON; b"" for the defaults."""
        self._refresh()
        return self._rows[site].body if site in self._rows else b""

    def offered(self, site: str) -> str:
        """`sha256:…` of what was signed, as receipts name it; "" for the defaults."""
        self._refresh()
        return self._rows[site].envelope_digest if site in self._rows else ""

    def envelope(self, site: str) -> bytes:
        """What was signed, as computers get it; b"" for the defaults and for no school."""
        self._refresh()
        return self._rows[site].envelope if site in self._rows else b""

    def look(self) -> None:
        """Look now, however short a time ago the last look was."""
        newest = dict(SitePolicy.objects.values_list("site_id").annotate(Max("version")))
        self._rows = {
            site: held
            if (held := self._rows.get(site)) is not None and held.version == version
            else _read(site, version)
            for site, version in newest.items()
        }
        self._read_at = time.monotonic()

    def _refresh(self) -> None:
        if time.monotonic() - self._read_at >= _FRESH_SECONDS:
            self.look()


def _read(site: str, version: int) -> _InForce:
    row = SitePolicy.objects.get(site_id=site, version=version)
    return _InForce(version, row.digest, bytes(row.body), bytes(row.envelope), row.envelope_digest)
