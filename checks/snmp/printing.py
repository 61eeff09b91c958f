"""A printer's own words: six answers and its list of alerts, no more (network §4)."""

from typing import Final

from checks.formats.snmp_values import Value
from checks.snmp import columns, scalars, values
from checks.snmp.asking import CannotAsk, Snmp
from checks.surveys.equipment import Part, Printing

QUESTION: Final = (
    columns.HR_DEVICE_DESCR,
    columns.PRT_NAME,
    columns.PRT_SERIAL,
    columns.PRT_PAGES,
)
_ALARMS: Final = frozenset({3, 4})
"""prtAlertSeverityLevel: critical, warning."""


def is_printer(said: dict[str, Value], kind_of_first: Value | None, object_id: str) -> bool:
    """Whether these are a printer's answers. `kind_of_first`: hrDeviceType of its first device,
    which is a printer's too on a computer that prints into files."""
    pages = columns.PRT_SERIAL in said or columns.PRT_PAGES in said
    prints = kind_of_first == columns.HR_PRINTER
    return pages or (prints and scalars.maker(object_id).kind not in ("computer", "server"))


def read(snmp: Snmp, said: dict[str, Value], own: list[str], part: Part | None) -> Printing:
    """What it says. `part`: what its maker's own place says, for what is missing."""
    serial = values.serial(said.get(columns.PRT_SERIAL), own)
    pages = values.number(said.get(columns.PRT_PAGES))
    return Printing(
        model=values.model(said.get(columns.HR_DEVICE_DESCR))
        or (part.model if part else "")
        or values.model(said.get(columns.PRT_NAME)),
        serial=serial or (part.serial if part else ""),
        pages=pages if pages is not None and pages >= 0 else None,
        alerts=_alerts(snmp),
    )


def _alerts(snmp: Snmp) -> int | None:
    try:
        rows = snmp.walk(columns.PRT_ALERT_SEVERITY)
    except CannotAsk:
        return None
    return sum(values.number(value) in _ALARMS for _, value in rows)
