"""One thing on the network by what a person calls it: an id, an address, a serial number, a name.

Only to be pointed at by a person; nothing is ever brought together by it.
"""

from django.db.models import Q

from inventory.marks import normalise
from inventory.models import DhcpServer, NetworkDevice, NetworkMac
from inventory.network.addresses import digest_of, on_wire

MOST = 20
_LONGEST = 128


def things(site_id: str, asked: str) -> list[str]:
    """Ids of what is called so, equipment first; more than one where it is not clear."""
    word = asked.strip()[:_LONGEST].replace("\0", "")
    if not word:
        return []
    mac = on_wire(word)
    owner = NetworkMac.objects.filter(site_id=site_id)
    if mac:
        rows = owner.filter(Q(address=mac) | Q(digest=digest_of(site_id, mac)))
        return [row.device_id or row.id for row in rows]
    serial = normalise("serial", word)
    gear = NetworkDevice.objects.filter(site_id=site_id)
    named = gear.filter(Q(id=word) | Q(name__iexact=word) | Q(address=word)).order_by("id")
    found = list(named.values_list("id", flat=True)[:MOST])
    if serial and not found:
        found = [row.id for row in gear.order_by("id") if serial in row.keys][:MOST]
    if found:
        return found
    rows = owner.filter(Q(id=word) | Q(ip=word)).order_by("id")
    servers = DhcpServer.objects.filter(Q(id=word) | Q(server=word), site_id=site_id)
    return [row.id for row in rows[:MOST]] or [row.id for row in servers.order_by("id")[:MOST]]
