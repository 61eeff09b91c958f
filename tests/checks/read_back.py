"""A reading of a wiped drive as an honest computer tells it."""

from checks.media_wipes import MediaWipe

WIPED = 1_800_000_000
SIZE = 500_107_862_016
WIPE = MediaWipe(
    id="0" * 32,
    serial="S5ST-NF0R123456",
    typed_serial="",
    model="Samsung SSD 870",
    vendor="",
    wwn="0x5002538f00000001",
    transport="sata",
    rotational=False,
    what="drive",
    size_bytes=SIZE,
    pattern="zero",
    period_bytes=0,
    pattern_digest="",
    learned=False,
    residue="none",
    residue_sectors=0,
    sample=None,
    read_bytes=SIZE,
    direct=True,
    began_at=WIPED,
    ended_at=WIPED + 1_000,
    outcome="clean",
    why="",
    failed_at=None,
    survivors=[],
    whole=True,
)
