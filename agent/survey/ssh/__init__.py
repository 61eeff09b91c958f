"""Switches and access points that have no SNMP, asked over SSH: commands that only show (network
§2.2). What each maker is asked stands in `makers.toml`."""

from agent.survey.parts import Asked, Told


def run(asked: Asked) -> Told:
    """This part of a round (`agent.survey.parts`)."""
    from agent.survey.ssh.round import run as go

    return go(asked)
