"""Roles a person may hold at a school, and what each may do (S8, DESIGN §5).

A view asks for an ability, never for a role, so that a new role is one line here.
"""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """Closed set; per school, and one person may hold several."""

    TECHNICIAN = "technician"
    SLT = "slt"
    DSL = "dsl"
    BUSINESS_MANAGER = "business_manager"
    GOVERNOR = "governor"
    PROVIDER = "provider"
    TRUST = "trust"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Ability(StrEnum):
    """What a page or a button needs."""

    SEE_OVERVIEW = "see_overview"
    SEE_COMPUTERS = "see_computers"
    LET_IN = "let_in"
    MANAGE_CODES = "manage_codes"
    SEE_EVIDENCE = "see_evidence"
    ANSWER_EVIDENCE = "answer_evidence"


_READ: Final = frozenset({Ability.SEE_OVERVIEW, Ability.SEE_COMPUTERS})
_HANDS_ON: Final = _READ | {Ability.LET_IN, Ability.MANAGE_CODES}
# Those who hold the others to account keep the printed sheets; who runs Caretaker does not (T5).
_WITNESS: Final = frozenset({Ability.SEE_EVIDENCE})
# And those who answer for it when the log is contradicted; a governor asks, and does not answer.
_ANSWERS: Final = _WITNESS | {Ability.ANSWER_EVIDENCE}

ABILITIES: Final[dict[Role, frozenset[Ability]]] = {
    Role.TECHNICIAN: _HANDS_ON,
    Role.PROVIDER: _HANDS_ON,
    Role.ADMIN: _HANDS_ON | _ANSWERS,
    Role.SLT: _READ | _ANSWERS,
    Role.DSL: _READ,
    Role.BUSINESS_MANAGER: _READ,
    Role.TRUST: _READ,
    Role.AUDITOR: _READ | _ANSWERS,
    # Governors see reports only (DESIGN §5): no page names a single computer to them.
    Role.GOVERNOR: frozenset({Ability.SEE_OVERVIEW}) | _WITNESS,
}

TECHNICAL: Final = frozenset({Role.TECHNICIAN, Role.PROVIDER, Role.ADMIN})
"""Roles that read the technician's words; everybody else reads everyone's (S38)."""
