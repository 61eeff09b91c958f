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
    EDIT_REGISTER = "edit_register"
    SIGN_REGISTER = "sign_register"
    DECIDE_SOFTWARE = "decide_software"
    MANAGE_TOKENS = "manage_tokens"
    REQUEST_DISPOSAL = "request_disposal"
    APPROVE_DISPOSAL = "approve_disposal"
    RECEIVE_DISPOSAL = "receive_disposal"
    HOLD_DISPOSAL = "hold_disposal"
    REPORT_LOSS = "report_loss"
    RUN_SURVEYS = "run_surveys"
    AUTHORISE_SURVEYS = "authorise_surveys"


_READ: Final = frozenset({Ability.SEE_OVERVIEW, Ability.SEE_COMPUTERS})
SEE_DISPOSAL: Final = Ability.SEE_COMPUTERS
"""Whoever may see a thing may see how it leaves."""
# Who withdraws, wipes and asks; nobody approves what they asked for themselves (I2, S6).
_ASKS: Final = frozenset({Ability.REQUEST_DISPOSAL, Ability.REPORT_LOSS})
# Who answers for what leaves the school, and takes the contractor's receipt.
_HOLDS: Final = frozenset({Ability.HOLD_DISPOSAL})
# The 72 hours run from when somebody knows, so whoever answers for a loss reports it as well (I14).
_LETS_GO: Final = _HOLDS | {
    Ability.APPROVE_DISPOSAL,
    Ability.RECEIVE_DISPOSAL,
    Ability.REPORT_LOSS,
}
# The office keeps the register as well as the technician: loans, rooms, what was bought (S34).
_KEEPS: Final = _READ | {Ability.EDIT_REGISTER}
_HANDS_ON: Final = _KEEPS | _ASKS | {Ability.LET_IN, Ability.MANAGE_CODES, Ability.RUN_SURVEYS}
# A count is signed by somebody who answers for it; who may not have been its keeper (S34).
_SIGNS: Final = frozenset({Ability.SIGN_REGISTER})
# What may be installed, and what may be asked of the network, is the school's to say, not whoever
# does it.
_DECIDES: Final = frozenset(
    {Ability.DECIDE_SOFTWARE, Ability.AUTHORISE_SURVEYS, Ability.RUN_SURVEYS}
)
# Those who hold the others to account keep the printed sheets; who runs Caretaker does not (T5).
_WITNESS: Final = frozenset({Ability.SEE_EVIDENCE})
# And those who answer for it when the log is contradicted; a governor asks, and does not answer.
_ANSWERS: Final = _WITNESS | {Ability.ANSWER_EVIDENCE}

ABILITIES: Final[dict[Role, frozenset[Ability]]] = {
    Role.TECHNICIAN: _HANDS_ON,
    Role.PROVIDER: _HANDS_ON,
    Role.ADMIN: _HANDS_ON | _ANSWERS | _SIGNS | _DECIDES | _LETS_GO | {Ability.MANAGE_TOKENS},
    Role.SLT: _READ | _ANSWERS | _SIGNS | _DECIDES | _LETS_GO,
    Role.DSL: _READ | _HOLDS,  # what is needed as evidence is not wiped (I13)
    Role.BUSINESS_MANAGER: _KEEPS | _SIGNS | _DECIDES | _ASKS | _LETS_GO,
    Role.TRUST: _READ,
    Role.AUDITOR: _READ | _ANSWERS | _SIGNS,
    # Governors see reports only (DESIGN §5): no page names a single computer to them.
    Role.GOVERNOR: frozenset({Ability.SEE_OVERVIEW}) | _WITNESS,
}

TECHNICAL: Final = frozenset({Role.TECHNICIAN, Role.PROVIDER, Role.ADMIN})
"""Roles that read the technician's words; everybody else reads everyone's (S38)."""
