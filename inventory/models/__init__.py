"""Rows of the register: schools, what they own, how each thing is recognised, and every change to
it.

Imported only inside `inventory`; everyone else calls its services and queries (DESIGN §1). Other
apps' foreign keys name these models by string.
"""

from inventory.ledger.models import (
    Checkpoint,
    Event,
    EventNote,
    LedgerHead,
    Line,
    Settled,
    Waypoint,
)
from inventory.models.assets import Allocation, Asset, AssetEvent, AssetMark, Document
from inventory.models.care import Care, CareDone, CareKind
from inventory.models.collections import Collection, CollectionLine
from inventory.models.contractors import Contractor, ContractorPaper, ContractorRules
from inventory.models.cover import AwayCover
from inventory.models.deliveries import Delivery, DeliveryItem
from inventory.models.disposal import (
    Disposal,
    DisposalEvent,
    DisposalEvidence,
    DisposalException,
    DisposalMedium,
    DisposalNote,
    DisposalRules,
)
from inventory.models.ghosts import GhostAlarm, WatchedMark
from inventory.models.jobs import Job
from inventory.models.kept import AssetTally, AssetText
from inventory.models.labels import LabelCode
from inventory.models.loans import Conditions
from inventory.models.managed import ManagedSheet, ManagedThing
from inventory.models.media import Medium
from inventory.models.network import (
    Bss,
    Link,
    MacSighting,
    NetworkDevice,
    NetworkMac,
    SwitchPort,
    Wlan,
)
from inventory.models.receipts import Certificate, CertificateLine, CollectionDifference, Receipt
from inventory.models.reinstalls import Reinstall, ReinstallItem
from inventory.models.searches import SavedFilter
from inventory.models.sites import ID_LENGTH, Person, Pool, Room, Site
from inventory.models.software import (
    ComputerSoftware,
    Licence,
    LicenceTitle,
    SoftwareName,
    SoftwareRegister,
    SoftwareRequest,
    SoftwareTitle,
)
from inventory.models.stocktaking import CountedRoom, CountScan, Expected, StockTake
from inventory.models.surveys import DhcpServer, OpenDoor, SectionTold, Survey
from inventory.models.year import Away, AwayDrive, Rollover, TrolleyCount

__all__ = [
    "ID_LENGTH",
    "Allocation",
    "Asset",
    "AssetEvent",
    "AssetMark",
    "AssetTally",
    "AssetText",
    "Away",
    "AwayCover",
    "AwayDrive",
    "Bss",
    "Care",
    "CareDone",
    "CareKind",
    "Certificate",
    "CertificateLine",
    "Checkpoint",
    "Collection",
    "CollectionDifference",
    "CollectionLine",
    "ComputerSoftware",
    "Conditions",
    "Contractor",
    "ContractorPaper",
    "ContractorRules",
    "CountScan",
    "CountedRoom",
    "Delivery",
    "DeliveryItem",
    "DhcpServer",
    "Disposal",
    "DisposalEvent",
    "DisposalEvidence",
    "DisposalException",
    "DisposalMedium",
    "DisposalNote",
    "DisposalRules",
    "Document",
    "Event",
    "EventNote",
    "Expected",
    "GhostAlarm",
    "Job",
    "LabelCode",
    "LedgerHead",
    "Licence",
    "LicenceTitle",
    "Line",
    "Link",
    "MacSighting",
    "ManagedSheet",
    "ManagedThing",
    "Medium",
    "NetworkDevice",
    "NetworkMac",
    "OpenDoor",
    "Person",
    "Pool",
    "Receipt",
    "Reinstall",
    "ReinstallItem",
    "Rollover",
    "Room",
    "SavedFilter",
    "SectionTold",
    "Settled",
    "Site",
    "SoftwareName",
    "SoftwareRegister",
    "SoftwareRequest",
    "SoftwareTitle",
    "StockTake",
    "Survey",
    "SwitchPort",
    "TrolleyCount",
    "WatchedMark",
    "Waypoint",
    "Wlan",
]
