"""One address of the table, and the groups of roles that may open it."""

from dataclasses import dataclass

from controller.people.roles import Role

EVERYBODY = frozenset(Role)
READERS = EVERYBODY - {Role.GOVERNOR}
WITNESSES = frozenset({Role.SLT, Role.AUDITOR, Role.GOVERNOR, Role.ADMIN})
ANSWERERS = WITNESSES - {Role.GOVERNOR}
HANDS_ON = frozenset({Role.TECHNICIAN, Role.PROVIDER, Role.ADMIN})


KEEPERS = HANDS_ON | {Role.BUSINESS_MANAGER}


@dataclass(frozen=True)
class Door:
    """One address: how it is opened, who may, and whether it names a thing of one school."""

    path: str
    who: frozenset[Role]
    method: str = "get"
    names_a_thing: bool = False
    data: tuple[tuple[str, str], ...] = ()
