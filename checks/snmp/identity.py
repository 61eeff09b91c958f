"""Who a device says it is, in two questions."""

from checks.formats.snmp_values import Value
from checks.snmp import columns, scalars, values
from checks.snmp.asking import CannotAsk, Snmp
from checks.surveys.equipment import Identity

QUESTION = (
    columns.SYS_DESCR,
    columns.SYS_OBJECT_ID,
    columns.SYS_UPTIME,
    columns.SYS_NAME,
    columns.SYS_LOCATION,
)
MORE = (
    columns.ENGINE_ID,
    columns.IP_FORWARDING,
    columns.BRIDGE_ADDRESS,
    columns.BRIDGE_PORTS,
    columns.LLDP_OWN_SUBTYPE,
    columns.LLDP_OWN_CHASSIS,
    columns.LLDP_OWN_NAME,
    columns.LLDP_OWN_DESCR,
    columns.LLDP_OWN_CAPABILITIES,
    columns.HR_DEVICE_TYPE,
)
_TICKS = 100
"""Of sysUpTime in a second."""
_MAKER = 5
"""Bytes of an engine's id before what tells one from another."""


def ask(snmp: Snmp) -> dict[str, Value]:
    """The answers to all of them. Raises CannotAsk where nobody answers to the first."""
    said = snmp.get(QUESTION)
    try:
        return said | snmp.get(MORE)
    except CannotAsk:
        return said


def read(said: dict[str, Value]) -> Identity:
    """What they mean."""
    object_id = said.get(columns.SYS_OBJECT_ID, "")
    object_id = object_id if isinstance(object_id, str) else ""
    engine = said.get(columns.ENGINE_ID)
    uptime = values.number(said.get(columns.SYS_UPTIME))
    return Identity(
        name=values.name(said.get(columns.SYS_NAME))
        or values.name(said.get(columns.LLDP_OWN_NAME)),
        description=values.text(said.get(columns.SYS_DESCR))
        or values.text(said.get(columns.LLDP_OWN_DESCR)),
        object_id=object_id,
        engine_id=_engine(engine),
        location=_place(values.name(said.get(columns.SYS_LOCATION))),
        uptime_seconds=None if uptime is None or uptime < 0 else uptime // _TICKS,
        maker=scalars.maker(object_id).name,
        chassis=chassis(
            said.get(columns.LLDP_OWN_CHASSIS), values.number(said.get(columns.LLDP_OWN_SUBTYPE))
        ),
        base_mac=values.mac(said.get(columns.BRIDGE_ADDRESS)),
    )


def _engine(value: Value | None) -> str:
    """Its engine's id in hex; "" for one that says who made it and nothing more (RFC 3411 §5)."""
    if not isinstance(value, bytes) or not value[_MAKER:].strip(b"\0\xff"):
        return ""
    return value[:32].hex()


def _place(said: str) -> str:
    """Where it stands; what a maker put there for somebody to change is nowhere."""
    dull = ("unknown", "edit /etc", "(edit", "right here, right now")
    return "" if said.casefold().startswith(dull) else said


def chassis(value: Value | None, subtype: int | None) -> str:
    """An LLDP chassis or port identifier: a MAC (kind 4 of a chassis), an address, or a text."""
    if not isinstance(value, bytes):
        return ""
    if subtype == 4 or (len(value) == 6 and not value.isascii()):
        found = values.mac(value)
        if found:
            return found
    if subtype == 5 and value[:1] in (b"\x01", b"\x02"):
        return values.address(value[1:])
    return values.name(value)
