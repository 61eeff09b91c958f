"""What is on the school's network, as rounds and the school's own computers saw it.

A row says when it was last seen, and nothing is deleted because a round did not see it: a question
that failed proves no absence. What is there now has the time of the last look that answered
(`NetworkDevice.seen_at`).
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from inventory.keeping import WITH_OWNER, KeepFor, Kept
from inventory.models.assets import Asset
from inventory.models.sites import ID_LENGTH, Site

LAST_SEEN: KeepFor = KeepFor("400 days after it was last seen", 400)
MAC: int = 17


class NetworkDevice(Kept):
    """A switch, access point, controller, printer or UPS that was asked or that its controller
    named. A stack is one, with the serial numbers of its members."""

    purpose = "Which switches, access points and printers there are, and how they stand."
    keep_for = LAST_SEEN

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+")
    """Its entry: found by a serial number, or said by a person."""
    asset_by = models.CharField(max_length=8, blank=True, default="")
    """`serial`, `mac` or `person`; "" for none."""
    asset_doubt = models.CharField(max_length=16, blank=True, default="")
    """`ambiguous`: several entries have its serial number, and a person decides."""
    kind = models.CharField(max_length=24, default="unknown")
    make = models.CharField(max_length=128, blank=True, default="")
    model = models.CharField(max_length=128, blank=True, default="")
    firmware = models.CharField(max_length=128, blank=True, default="")
    name = models.CharField(max_length=128, blank=True, default="")
    """As it calls itself: shown, never matched."""
    location = models.CharField(max_length=128, blank=True, default="")
    description = models.CharField(max_length=255, blank=True, default="")
    object_id = models.CharField(max_length=128, blank=True, default="")
    serials = models.JSONField(default=list)
    """Of its chassis, and of the members of a stack, as they are written."""
    keys = models.JSONField(default=list)
    """The same as they are compared."""
    engine_id = models.CharField(max_length=80, blank=True, default="")
    address = models.CharField(max_length=45, blank=True, default="")
    """Where it was asked last: shown, never matched."""
    way = models.CharField(max_length=8, blank=True, default="")
    """`snmp-v2c`, `snmp-v3`, `ssh`; "": its controller told of it."""
    community = models.CharField(max_length=8, blank=True, default="")
    """Which community everybody knows it answered: `none`, `public`, `private`; "": not tried."""
    host_key = models.CharField(max_length=80, blank=True, default="")
    host_key_before = models.CharField(max_length=80, blank=True, default="")
    """The key it showed until `host_key_at`; "" while it never changed, or a person said why."""
    host_key_at = models.BigIntegerField(null=True)
    looked_after_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    """The controller that told of it."""
    facts = models.JSONField(default=dict)
    """What a printer, a UPS or a controller said beyond this: pages, battery, foreign ones."""
    seen_at = models.JSONField(default=dict)
    """Group of questions → when it was last answered (epoch seconds)."""
    unseen = models.JSONField(default=dict)
    """Group of questions → why the newest look failed."""
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()

    class Meta:
        """Listed by school."""

        indexes: ClassVar = [models.Index(fields=["site", "last_at"], name="network_device_site")]


class NetworkMac(Kept):
    """One address on the wire, and what a person said of it.

    Of what nobody knows the address stands here for 30 days after it was last seen. Of a guest's or
    an ignored thing only a digest is kept, with a key outside the database: it is known again, and
    whose it is cannot be read from it.
    """

    purpose = "Tells what belongs to the school's network from what nobody knows."
    keep_for = KeepFor("30 days after it was last seen while nobody knows it, else 400 days", 400)

    id = models.CharField(max_length=ID_LENGTH, primary_key=True)
    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    address = models.CharField(max_length=MAC, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    vendor = models.CharField(max_length=120, blank=True, default="")
    device = models.ForeignKey(NetworkDevice, models.SET_NULL, null=True, related_name="macs")
    """The equipment that has this address itself."""
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+")
    """The entry a person said it is."""
    told_by = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """The school's computer whose own report shows it, as a card in it or on a dock."""
    first_by = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    """The computer that told of it first: nobody may fill the table alone."""
    trust = models.CharField(max_length=8, blank=True, default="")
    """`known`, `guest`, `ignored`; "" nobody said anything."""
    until = models.CharField(max_length=10, blank=True, default="")
    """The last day that holds; "" without end."""
    reason = models.CharField(max_length=300, blank=True, default="")
    decided_at = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=40, blank=True, default="")
    seq = models.IntegerField(default=0)
    """Counts what people said: whoever says something says what they saw."""
    likely = models.CharField(max_length=24, blank=True, default="")
    """What it looks like, such as `games-console`; a guess, said as one."""
    sure = models.CharField(max_length=8, blank=True, default="")
    """`high`: it says so itself; `medium`: its maker makes little else."""
    because = models.CharField(max_length=120, blank=True, default="")
    vendor_class = models.CharField(max_length=64, blank=True, default="")
    model = models.CharField(max_length=64, blank=True, default="")
    ip = models.CharField(max_length=45, blank=True, default="")
    """Where it was last: shown, never matched."""
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    rounds = models.IntegerField(default=0)
    """Rounds of a scanner that saw it."""
    round_at = models.BigIntegerField(null=True)
    """The newest of them."""

    class Meta:
        """Known by address or by digest."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["site", "address"], condition=~Q(address=""), name="network_mac_once"
            ),
            models.UniqueConstraint(
                fields=["site", "digest"], condition=~Q(digest=""), name="network_mac_digest"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "last_at"], name="network_mac_site")]


class MacSighting(Kept):
    """How and where one address was seen: one row each, updated, so that nights add nothing. No
    movement history follows from it, and a guest has none."""

    purpose = "Says where on the network a thing hangs."
    keep_for = KeepFor("30 days after it was last seen", 30)

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    mac = models.ForeignKey(NetworkMac, models.CASCADE, related_name="sightings", db_index=False)
    source = models.CharField(max_length=8)
    """`arp ndp dhcp mdns ssdp` a scanner's; `cache` a computer's own list; `fdb` learnt behind a
    port; `binding` an ARP table."""
    device = models.ForeignKey(NetworkDevice, models.CASCADE, null=True, related_name="+")
    port = models.IntegerField(default=0)
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()
    n = models.IntegerField(default=1)

    class Meta:
        """One row per address, source and port."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mac", "source", "device", "port"],
                condition=Q(device__isnull=False),
                name="sighting_on_port",
            ),
            models.UniqueConstraint(
                fields=["mac", "source"], condition=Q(device=None), name="sighting_anywhere"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["site", "last_at"], name="sighting_site")]


class SwitchPort(Kept):
    """One port of a switch, as at `last_at`."""

    purpose = "Shows what hangs off which port."
    keep_for = WITH_OWNER

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(NetworkDevice, models.CASCADE, related_name="ports", db_index=False)
    index = models.IntegerField()
    name = models.CharField(max_length=64, blank=True, default="")
    alias = models.CharField(max_length=64, blank=True, default="")
    up = models.BooleanField(null=True)
    macs = models.IntegerField(default=0)
    """Addresses learnt behind it, told or not."""
    private = models.IntegerField(default=0)
    uplink = models.BooleanField(null=True)
    """Whether it leads on to another switch or router; None: could not be told."""
    leads_to = models.CharField(max_length=16, blank=True, default="")
    """`bridge`, `router`, `access-point`, `many` or ""."""
    last_at = models.BigIntegerField()

    class Meta:
        """By its place in the device."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "index"], name="switch_port_once")
        ]


class Link(Kept):
    """A cable between two devices, as one end tells it."""

    purpose = "Draws the map of the network."
    keep_for = KeepFor("60 days after it was last seen", 60)

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(NetworkDevice, models.CASCADE, related_name="links", db_index=False)
    port = models.IntegerField(default=0)
    protocol = models.CharField(max_length=4)
    chassis = models.CharField(max_length=64)
    far_port = models.CharField(max_length=64, blank=True, default="")
    far = models.ForeignKey(NetworkDevice, models.SET_NULL, null=True, related_name="+")
    """The other end, where it is known by its address."""
    name = models.CharField(max_length=64, blank=True, default="")
    """Of equipment only: phones are called after people."""
    capabilities = models.JSONField(default=list)
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()

    class Meta:
        """One row per neighbour."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["device", "port", "protocol", "chassis", "far_port"], name="link_once"
            )
        ]


class Bss(Kept):
    """One access point's one network, where it bears a name of the school's or one like it, or its
    controller found it on the school's wire. What else is in the air is counted only."""

    purpose = "Shows how the school's wireless networks are protected, and who else uses the name."
    keep_for = KeepFor("60 days after it was last heard", 60)

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    bssid = models.CharField(max_length=MAC)
    ssid = models.CharField(max_length=128, blank=True, default="")
    likeness = models.CharField(max_length=8, blank=True, default="")
    """`same`, `near`; "": only a controller told of it."""
    security = models.CharField(max_length=20, default="unknown")
    akms = models.JSONField(null=True)
    """None, here and below: could not be seen."""
    pairwise = models.JSONField(null=True)
    group = models.IntegerField(null=True)
    pmf = models.CharField(max_length=8, blank=True, default="")
    wps = models.BooleanField(null=True)
    wpa1 = models.BooleanField(null=True)
    """Takes the WPA of 2003 too."""
    hidden = models.BooleanField(default=False)
    channel = models.IntegerField(null=True)
    strong = models.BooleanField(null=True)
    heard_by = models.JSONField(default=list)
    """Computers whose radios heard it, the newest first, eight at most."""
    heard_at = models.BigIntegerField(null=True)
    on_wire = models.BooleanField(null=True)
    """Whether the school's controller saw it on the school's wire."""
    verdict = models.CharField(max_length=16, blank=True, default="")
    """As the controller judges it itself."""
    told_at = models.BigIntegerField(null=True)
    """When a controller last told of it as a foreign one."""
    point = models.ForeignKey(NetworkDevice, models.SET_NULL, null=True, related_name="+")
    """The school's own access point it is of, as its controller says."""
    first_by = models.CharField(max_length=ID_LENGTH, blank=True, default="")
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()

    class Meta:
        """One row per access point and network."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "bssid", "ssid"], name="bss_once")
        ]


class Wlan(Kept):
    """A wireless network as a controller or an access point has it set up."""

    purpose = "Shows how each wireless network is set up to be protected."
    keep_for = WITH_OWNER

    site = models.ForeignKey(Site, models.PROTECT, related_name="+", db_index=False)
    device = models.ForeignKey(NetworkDevice, models.CASCADE, related_name="+", db_index=False)
    ssid = models.CharField(max_length=128)
    enabled = models.BooleanField(null=True)
    security = models.CharField(max_length=20, blank=True, default="")
    """"": its maker shows it to nobody."""
    tkip = models.BooleanField(null=True)
    pmf = models.CharField(max_length=8, blank=True, default="")
    hidden = models.BooleanField(null=True)
    first_at = models.BigIntegerField()
    last_at = models.BigIntegerField()

    class Meta:
        """By name."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device", "ssid"], name="wlan_once")
        ]
