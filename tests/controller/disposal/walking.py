"""Walks a thing out of the school by its pages, as people would: one form after another."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inventory.assets import services
from inventory.assets.writing import By
from inventory.models import Disposal, Site
from tests.controller.web import school

REASON = "Hinge broken, not worth mending"
DRIVE = {"serial": "WD-WXM1A7654321", "kind": "hdd_sas", "make": "WDC", "model": "WD5000LPCX"}
SERIAL = "WDWXM1A7654321"
SIZE = 8 * 1024 * 1024


def entry(site: Site, **values: Any) -> str:
    """A laptop of the school’s; its id."""
    told = {"tag": "DX-0042", "kind": "laptop", "name": "Office laptop 3", **values}
    return services.add(site.id, told, by=By("system", school.NOW))


class Walk:
    """One disposal, by its pages."""

    def __init__(self, asset: str) -> None:
        """Not begun."""
        self.asset = asset

    @property
    def row(self) -> Disposal:
        """As it stands."""
        return Disposal.objects.get(asset=self.asset)

    @property
    def path(self) -> str:
        """Its page."""
        return f"/register/disposal/{self.row.id}/"

    def start(self, client: Client, **said: Any) -> Any:
        """Take it out of use."""
        told = {"seq": 1, "reason": REASON, "personal_data": "yes", **said}
        return client.post(f"/register/disposal/start/{self.asset}/", told)

    def sends(self, client: Client, step: str, **said: Any) -> Any:
        """Send a form, with what is seen now."""
        return client.post(f"{self.path}{step}/", {"seq": self.row.seq, **said})

    def inspect(self, client: Client, *drives: dict[str, Any], **said: Any) -> Any:
        """Write down drives."""
        told = {
            f"drive{at}-{name}": value
            for at, one in enumerate(drives)
            for name, value in {"size": SIZE, **one}.items()
        }
        return self.sends(client, "inspect", **told, **said)

    def request(self, client: Client, **said: Any) -> Any:
        """Ask for it."""
        told = {"route": "waste", "value": "40", "licences_checked": "on", **said}
        return self.sends(client, "request", **told)

    def approve(self, client: Client, **said: Any) -> Any:
        """Say yes to what is there."""
        frozen = " ".join(sorted(self.row.media.values_list("key", flat=True)))
        return self.sends(client, "approve", **{"frozen": frozen, **said})

    def wipe(self, client: Client, log: bytes, serial: str = SERIAL) -> Any:
        """Send the report of a wipe."""
        file = SimpleUploadedFile("nwipe.log", log)
        return self.sends(client, f"drives/{serial}/sanitise", way="report", evidence=file)

    def read_back(self, client: Client, serial: str = SERIAL, **said: Any) -> Any:
        """Somebody read it back."""
        file = SimpleUploadedFile("cmp.txt", b"cmp: EOF on /dev/zero, 8388608 bytes\n")
        wipe = self.wipe_number(serial)
        told = {"wipe": wipe, "method": "full", "result": "clean", "bytes_read": SIZE, **said}
        return self.sends(client, f"drives/{serial}/verify", evidence=file, **told)

    def accept(self, client: Client, serial: str = SERIAL, **said: Any) -> Any:
        """Accept the wipe."""
        told = {"wipe": self.wipe_number(serial), "decision": "approved", **said}
        return self.sends(client, f"drives/{serial}/validate", **told)

    def wipe_number(self, _serial: str) -> int:
        """The number of the last wipe."""
        found = self.row.events.filter(type="sanitised").order_by("-seq").first()
        return found.seq if found else 0
