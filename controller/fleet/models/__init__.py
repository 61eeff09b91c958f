"""Rows of the fleet: devices, join codes, reports, facts held, verdicts and counts.

Shapes follow A8. The hot tables have composite keys and are stored by that key (`WITHOUT ROWID` on
SQLite, see the first migration). Times are epoch seconds, UTC.
"""

from controller.fleet.models.devices import DIGEST, ID, STATES, Device, Enrolment, JoinCode
from controller.fleet.models.evidence import (
    Fork,
    Held,
    Manifest,
    ReadBack,
    Report,
    Section,
    Sighting,
    Wanted,
)
from controller.fleet.models.keys import PastKey
from controller.fleet.models.scopes import Scanner, SealedCredential, SurveyScope
from controller.fleet.models.surveyed import SurveyBody
from controller.fleet.models.verdicts import (
    OPEN,
    SEVERITY_RANK,
    Night,
    PastVerdict,
    SitePolicy,
    Standing,
    Tally,
    Verdict,
    VerdictFields,
)

__all__ = [
    "DIGEST",
    "ID",
    "OPEN",
    "SEVERITY_RANK",
    "STATES",
    "Device",
    "Enrolment",
    "Fork",
    "Held",
    "JoinCode",
    "Manifest",
    "Night",
    "PastKey",
    "PastVerdict",
    "ReadBack",
    "Report",
    "Scanner",
    "SealedCredential",
    "Section",
    "Sighting",
    "SitePolicy",
    "Standing",
    "SurveyBody",
    "SurveyScope",
    "Tally",
    "Verdict",
    "VerdictFields",
    "Wanted",
]
