"""How long each record of a disposal is kept, as days of the calendar where the school is. Pure.

Sources: waste transfer note two years (Waste (England and Wales) Regulations 2011, reg. 35);
consignment note three years (Hazardous Waste Regulations 2005, reg. 49); contracts, certificates
and receipts six years (Limitation Act 1980) with the year that was running. What recognises a
thing that comes back, its number, serial numbers and digests, stays for good (I11).
"""

import datetime
import zoneinfo
from typing import Final, Literal

Note = Literal["transfer", "consignment"]
NOTE_YEARS: Final[dict[Note, int]] = {"transfer": 2, "consignment": 3}
PROOF_YEARS: Final = 6


def note_until(note: Note, handed_over: datetime.date) -> datetime.date:
    """The last day on which a waste note is still kept. From the 29th of February it is the 1st of
    March where there is none: a day late, never one early."""
    year = handed_over.year + NOTE_YEARS[note]
    try:
        return handed_over.replace(year=year)
    except ValueError:
        return datetime.date(year, 3, 1)


def proof_until(ended: datetime.date) -> datetime.date:
    """The last day on which contracts, certificates and receipts of a disposal are still kept."""
    return datetime.date(ended.year + PROOF_YEARS, 12, 31)


def goes_at(last: datetime.date, zone: str) -> int:
    """The first moment after that day, where the school is, in seconds since 1970."""
    after = last + datetime.timedelta(days=1)
    local = datetime.datetime(after.year, after.month, after.day, tzinfo=zoneinfo.ZoneInfo(zone))
    return int(local.timestamp())


def day_of(at: int, zone: str) -> datetime.date:
    """Which day that moment is where the school is."""
    return datetime.datetime.fromtimestamp(at, zoneinfo.ZoneInfo(zone)).date()
