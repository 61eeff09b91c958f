"""Switches, access points, printers and UPSs asked over SNMP v2c and v3 (network §2.1). What is
asked and what is made of it stands in `checks.snmp`; here is the way there and back."""

from agent.survey.parts import Asked, Told
from checks.surveys.lan import Problem


def run(asked: Asked) -> Told:
    """This part of a round (`agent.survey.parts`)."""
    try:
        from agent.survey.snmp.round import run as go
    except ModuleNotFoundError:
        named = any(one.kind.startswith("snmp") for one in asked.scope.said.credentials)
        return Told(problems=[Problem("", "snmp", "tool-missing")] if named else [])
    return go(asked)
