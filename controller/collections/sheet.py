"""What stands on the printed collection list: pure; `sheet.typ` draws it.

It goes with the waste note and is not the note: that one is the company's to write (spec §1.5).
"""

from pathlib import Path
from typing import Any, Final

from controller.collections.listing import LineRow, Page
from controller.wording.words import words

TEMPLATE: Final = Path(__file__).with_name("sheet.typ")


def document(page: Page, school: str, printed: str) -> dict[str, Any]:
    """Everything the template needs; every string may be shown as it is."""
    seals = page.seals or "______________________________"
    return {
        "title": f"Collection list, {page.day}",
        "school": school,
        "firm": page.firm,
        "address": page.firm_address,
        "day": page.day,
        "place": page.place,
        "handover": page.handover_said,
        "note": " ".join(filter(None, (page.note_said, page.note_number))),
        "tracking": page.tracking,
        "seals": seals,
        "driver": page.driver,
        "vehicle": page.vehicle,
        "number": f"{page.id}, change {page.seq}",
        "printed": printed,
        "things": len(page.lines),
        "drives": sum(len(one.drives) + one.more for one in page.lines),
        "hazardous": page.hazardous,
        "damaged": page.damaged,
        "lines": [_line(number, one) for number, one in enumerate(page.lines, 1)],
    }


def _line(number: int, one: LineRow) -> dict[str, Any]:
    drives = [{"serial": drive.serial, "state": drive.state} for drive in one.drives]
    if one.more:
        drives.append({"serial": f"and {one.more} more", "state": ""})
    return {
        "number": number,
        "tag": one.tag or "no tag",
        "name": one.name,
        "kind": one.kind,
        "serial": one.serial,
        "drives": drives,
        "code": one.code or "to be said",
        "battery": one.battery_said if one.battery else words().collections.batteries[""],
        "damaged": one.battery == "damaged",
        "seal": one.seal,
    }
