"""Tells disposals step by step: each step as it would be, with what a test wants different."""

from typing import Any, Final

import msgspec

from inventory.disposal.events import Event
from inventory.disposal.guards.table import TABLE, Table
from inventory.disposal.now import NOTHING, Now
from inventory.disposal.reducing import apply
from inventory.disposal.rules import Rules, default
from inventory.disposal.spelling import KINDS
from inventory.disposal.states import OUTCOMES
from inventory.disposal.values import CertifiedLine, FoundMedium, MediumEncryption, Paper

TECHNICIAN: Final = "usr_technician"
HEAD: Final = "usr_head"
OFFICE: Final = "usr_office"
CHARITY: Final = "c4" * 32
MACHINE: Final = "machine:dev_bench"
FILE: Final = "ab" * 32
OTHER_FILE: Final = "cd" * 32
START: Final = 1_790_000_000
DAY: Final = "2026-09-21"
STEP: Final = 600
"""Seconds from one step to the next."""

HDD: Final = FoundMedium(serial="WDWCC4E1111", kind="hdd_ata", size_bytes=500_107_862_016)
SSD: Final = FoundMedium(serial="S3Z9NB0K2222", kind="ssd_nvme", size_bytes=256_060_514_304)
STICK: Final = FoundMedium(serial="4C530001333", kind="usb", size_bytes=15_376_000_000)
TABLET: Final = FoundMedium(serial="DMPX4440004", kind="emmc", encrypted_since=START - 10**8)
GOOD_PAPERS: Final = tuple(
    Paper(kind=kind, valid_from="2025-09-21", valid_until="2027-09-20", evidence=FILE)
    for kind in default().contractors.papers
)
_BEST: Final = {"hdd": ("clear", "overwrite"), "flash": ("purge", "block_erase")}
_SAYS: Final[dict[str, dict[str, Any]]] = {
    "withdrawn": {"asset": "asset_1", "tag": "T-17", "reason": "Too old", "found": (HDD, SSD)},
    "inspected": {},
    "requested": {"route": "waste", "value_pence": 5_000, "licences_checked": True},
    "approved": {"actor": HEAD, "role": "slt"},
    "rejected": {"actor": HEAD, "role": "slt"},
    "medium_appeared": {"medium": STICK},
    "medium_missing": {"exception": "exc_1", "due": START + 10**6},
    "medium_failed": {"reason": "It clicks"},
    "sanitised": {"performer": TECHNICIAN, "tool": "nwipe", "evidence": (FILE,)},
    "verified": {"verifier": MACHINE, "method": "full", "result": "clean", "evidence": (FILE,)},
    "validated": {"actor": HEAD, "decision": "approved"},
    "destroyed": {
        "method": "shred",
        "place": "on_site",
        "witness": HEAD,
        "evidence": (FILE,),
        "awaits_witness": True,
    },
    "witnessed": {"actor": HEAD, "seen": True},
    "retained": {"entry": "asset_9", "role": "slt"},
    "held": {"actor": HEAD, "hold": "hold_1", "kind": "legal", "reason": "A claim"},
    "hold_released": {"actor": HEAD, "hold": "hold_1", "role": "slt", "reason": "Settled"},
    "exception_opened": {"exception": "exc_2", "kind": "other", "due": START + 10**6},
    "exception_closed": {
        "actor": HEAD,
        "exception": "exc_1",
        "outcome": "found",
        "reason": "Here",
        "role": "slt",
    },
    "collected": {"collection": "coll_1", "contractor": "con_1", "day": DAY, "papers": GOOD_PAPERS},
    "received": {"actor": HEAD, "receiver": HEAD, "accepts_responsibility": True},
    "certified": {"actor": HEAD, "confirmed_by": HEAD, "entered_by": TECHNICIAN},
    "disposed": {},
    "handed_over": {"actor": HEAD, "recipient": CHARITY, "evidence": (FILE,), "outsider": True},
    "reinstated": {"reason": "Needed after all"},
    "missing": {"kind": "stolen", "discovered_at": START},
    "found": {"reason": "In the cupboard"},
    "written_off": {"actor": HEAD, "role": "slt", "value_pence": 5_000, "breach": "reported"},
    "seen": {"actor": "system", "what": "alarm_1", "strength": "signed"},
    "corrected": {"corrects": 1, "second": HEAD, "reason": "The tag was read wrongly"},
}


def step(now: Now, tag: str, rules: Rules | None = None, /, **said: Any) -> Event:
    """The step as it would be taken now; `said` is what is different. `medium` may be found or
    a serial."""
    values: dict[str, Any] = {
        "seq": now.seq + 1,
        "at": (now.at or START) + STEP,
        "actor": TECHNICIAN,
        "rules": (rules or default()).version,
        **_SAYS[tag],
        **said,
    }
    if isinstance(values.get("medium"), FoundMedium) and tag != "medium_appeared":
        values["medium"] = values["medium"].serial
    values = {**_DERIVED.get(tag, lambda *_: {})(now, values), **values}
    event: Any = KINDS[tag](**values)
    return event  # type: ignore[no-any-return]  # one of the union, by its tag


def _wipe(now: Now, said: dict[str, Any]) -> dict[str, Any]:
    medium = now.media.get(said["medium"])
    level, technique = _BEST.get(medium.family if medium else "hdd", ("clear", "overwrite"))
    return {
        "level": level,
        "technique": technique,
        "finished_at": said["at"] - 60,
        "hidden_areas_clear": True,
    }


def _reading(now: Now, said: dict[str, Any]) -> dict[str, Any]:
    medium = now.media.get(said["medium"])
    return {
        "wipe": medium.wipe.seq if medium and medium.wipe else 0,
        "finished_at": said["at"] - 30,
        "bytes_read": medium.size_bytes if medium else 0,
    }


def _about(now: Now, said: dict[str, Any]) -> dict[str, Any]:
    medium = now.media.get(said["medium"])
    return {"wipe": medium.wipe.seq if medium and medium.wipe else 0}


def _destruction(now: Now, said: dict[str, Any]) -> dict[str, Any]:
    medium = now.media.get(said["medium"])
    return {"destruction": medium.unconfirmed.seq if medium and medium.unconfirmed else 0}


def present(now: Now) -> tuple[str, ...]:
    """Serials of what goes where the thing goes."""
    return tuple(sorted(serial for serial, medium in now.media.items() if medium.leaves))


def _certificate(now: Now, said: dict[str, Any]) -> dict[str, Any]:
    lines = [
        CertifiedLine(serial=serial, level="destroy", finished_at=said["at"] - 10)
        for serial in present(now)
    ]
    return {"contractor": now.contractor, "lines": tuple(lines), "evidence": (FILE,)}


def _all_found(now: Now) -> tuple[FoundMedium, ...]:
    return tuple(FoundMedium(serial=s, kind=m.kind) for s, m in now.media.items() if m.leaves)


_DERIVED: Final[dict[str, Any]] = {
    "inspected": lambda now, said: {
        "media": _all_found(now),
        "none_confirmed": not said.get("media", _all_found(now)),
    },
    "approved": lambda now, _: {
        "media": tuple(sorted(serial for serial, medium in now.media.items() if not medium.gone))
    },
    "sanitised": _wipe,
    "verified": _reading,
    "validated": _about,
    "witnessed": _destruction,
    "collected": lambda now, _: {"manifest": present(now)},
    "received": lambda now, _: {
        "collection": now.collection,
        "contractor": now.contractor,
        "tag": now.tag,
        "serials": present(now),
        "evidence": (FILE,),
    },
    "certified": _certificate,
    "disposed": lambda now, _: {
        "manifest": now.manifest,
        "receipt": now.receipt,
        "certificate": tuple(s for s in present(now) if now.media[s].certified),
    },
    "handed_over": lambda now, _: {"outcome": OUTCOMES.get(now.route or "waste", "donated")},
    "missing": lambda now, _: {
        "encryption": tuple(MediumEncryption(serial=serial) for serial in present(now))
    },
    "written_off": lambda *_: {"reason": "Police reference in the file"},
}


class Story:
    """A disposal that is being told."""

    def __init__(self, rules: Rules | None = None, table: Table = TABLE) -> None:
        """Nothing has happened yet."""
        self.rules = rules or default()
        self.table = table
        self.now = NOTHING
        self.history: list[Event] = []

    def does(self, tag: str, /, **said: Any) -> "Story":
        """Take a step. Raises Refused."""
        event = step(self.now, tag, self.rules, **said)
        self.now = apply(self.now, event, self.rules, self.table)
        self.history.append(event)
        return self

    def wiped(self, *media: FoundMedium, **said: Any) -> "Story":
        """Wiped, read back by a machine and accepted."""
        for medium in media:
            self.does("sanitised", medium=medium, **said)
            self.does("verified", medium=medium).does("validated", medium=medium)
        return self

    def destroyed(self, medium: FoundMedium, **said: Any) -> "Story":
        """Destroyed, as somebody says and their witness confirms."""
        return self.does("destroyed", medium=medium, **said).does("witnessed", medium=medium)


def approved(*found: FoundMedium, rules: Rules | None = None, **asked: Any) -> Story:
    """An approved disposal of a thing with these media."""
    story = Story(rules).does("withdrawn", found=found).does("inspected")
    return story.does("requested", **asked).does("approved")


def ready(*found: FoundMedium, rules: Rules | None = None, **asked: Any) -> Story:
    """A thing whose media are all wiped."""
    return approved(*found, rules=rules, **asked).wiped(*found)


def received(*found: FoundMedium) -> Story:
    """A thing that a contractor has taken away and signed for."""
    return ready(*found).does("collected").does("received")


def changed_rules(**parts: dict[str, Any]) -> Rules:
    """The default rules with some settings changed: `wiping={"offsite": True}`."""
    rules = default()
    for part, settings in parts.items():
        new = msgspec.structs.replace(getattr(rules, part), **settings)
        rules = msgspec.structs.replace(rules, **{part: new})
    return rules
