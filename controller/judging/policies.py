"""The policy in force at each school, remembered for a moment.

Another process may put a new policy in force, so what is remembered is looked at again every few
seconds.
"""

import time
from typing import Final

from checks.policy import DEFAULT_POLICY, policy_hash
from controller.fleet.models import SitePolicy

_FRESH_SECONDS: Final = 2.0
DEFAULT_DIGEST: Final = policy_hash(DEFAULT_POLICY)


class SitePolicies:
    """For one thread."""

    def __init__(self) -> None:
        """Nothing remembered."""
        self._read_at = float("-inf")
        self._rows: dict[str, tuple[str, bytes]] = {}

    def digest(self, site: str) -> str:
        """`sha256:…` of the policy in force."""
        self._refresh()
        return self._rows[site][0] if site in self._rows else DEFAULT_DIGEST

    def body(self, site: str) -> bytes:
        """Its canonical JSON; b"" for the defaults."""
        self._refresh()
        return self._rows[site][1] if site in self._rows else b""

    def _refresh(self) -> None:
        if time.monotonic() - self._read_at < _FRESH_SECONDS:
            return
        rows = SitePolicy.objects.order_by("site_id", "version").values_list(
            "site_id", "digest", "body"
        )
        self._rows = {site: (digest, bytes(body)) for site, digest, body in rows}
        self._read_at = time.monotonic()
