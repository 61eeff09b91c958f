"""The words of a disposal: its states, its ways out, and what a medium is (spec §5.1, §5.2).

Values are the contract with rows, pages and commands; they are added to, never renamed. Which step
is possible in which state stands in `STEPS`; what else a step needs is `guards`.
"""

from typing import Final, Literal, get_args

State = Literal[
    "withdrawn",
    "requested",
    "approved",
    "sanitising",
    "ready",
    "collected",
    "received",
    "disposed",
    "reinstated",
    "donated",
    "sold",
    "transferred",
    "returned",
    "reused",
    "missing",
    "written_off",
]
"""`ready`: every medium is accounted for, the thing may leave. `reinstated` ends this disposal; the
next one of the same entry begins with nothing proven."""
STATES: Final[tuple[State, ...]] = get_args(State)

RUNNING: Final[tuple[State, ...]] = (
    "withdrawn",
    "requested",
    "approved",
    "sanitising",
    "ready",
    "collected",
    "received",
    "missing",
)
OUT: Final[tuple[State, ...]] = (
    "disposed",
    "donated",
    "sold",
    "transferred",
    "returned",
    "written_off",
)
"""The thing left for good: the entry becomes `disposed`."""
BACK: Final[tuple[State, ...]] = ("reinstated", "reused")
"""The thing is the school's again: the entry becomes `stored`."""
TERMINAL: Final[tuple[State, ...]] = (*OUT, *BACK)
HERE: Final[tuple[State, ...]] = ("withdrawn", "requested", "approved", "sanitising", "ready")
"""The thing is still in the school's hands."""
AWAY: Final[tuple[State, ...]] = ("collected", "received")

Route = Literal[
    "waste", "donate", "sale", "transfer", "return_lessor", "internal_reuse", "lost", "stolen"
]
ROUTES: Final[tuple[Route, ...]] = get_args(Route)
ASKED: Final[tuple[Route, ...]] = (
    "waste",
    "donate",
    "sale",
    "transfer",
    "return_lessor",
    "internal_reuse",
)
"""Routes that a person asks for; `lost` and `stolen` come with `Missing`."""

Outcome = Literal["donated", "sold", "transferred", "returned", "reused"]
OUTCOMES: Final[dict[Route, Outcome]] = {
    "donate": "donated",
    "sale": "sold",
    "transfer": "transferred",
    "return_lessor": "returned",
    "internal_reuse": "reused",
}
"""How a hand-over ends, by route."""

PersonalData = Literal["yes", "no", "unknown"]
"""Whether the thing may hold personal data; unknown counts as yes (T6)."""

MediumKind = Literal[
    "hdd_ata",
    "hdd_sas",
    "ssd_sata",
    "ssd_nvme",
    "emmc",
    "ufs",
    "usb",
    "sd",
    "tape",
    "optical",
    "printer_disk",
    "unknown",
]
"""`unknown` is judged as the strictest class. An entry without any medium has an inspection that
says so (`Inspected.none_confirmed`), not a medium."""
MEDIUM_KINDS: Final[tuple[MediumKind, ...]] = get_args(MediumKind)

MediumClass = Literal["hdd", "flash", "embedded", "removable", "tape", "optical", "unknown"]
"""What decides which technique reaches which level (SP 800-88r1 appendix A)."""
CLASS_OF: Final[dict[MediumKind, MediumClass]] = {
    "hdd_ata": "hdd",
    "hdd_sas": "hdd",
    "printer_disk": "hdd",
    "ssd_sata": "flash",
    "ssd_nvme": "flash",
    "emmc": "embedded",
    "ufs": "embedded",
    "usb": "removable",
    "sd": "removable",
    "tape": "tape",
    "optical": "optical",
    "unknown": "unknown",
}

Level = Literal["clear", "purge", "destroy"]
"""SP 800-88, weakest first."""
LEVELS: Final[tuple[Level, ...]] = get_args(Level)

Technique = Literal[
    "overwrite",
    "firmware_overwrite",
    "block_erase",
    "crypto_erase",
    "secure_erase",
    "secure_erase_enhanced",
    "format_user_data",
    "factory_reset",
    "degauss",
    "other",
]
"""How a medium was wiped; which level each reaches on which class is `rules.toml`."""

VerifyMethod = Literal["full", "sample", "before_after", "device_log", "visual"]
VerifyResult = Literal["clean", "found", "error"]
"""`found`: data survived. `error`: could not be read to the end, which is not clean either."""
Decision = Literal["approved", "rejected", "escalate"]
"""SP 800-88r2 §4.5.2: a person approves the wipe, has it repeated, or asks for a stronger one."""
DestroyMethod = Literal["shred", "crush", "disintegrate", "incinerate"]
Place = Literal["on_site", "off_site"]

MediumState = Literal[
    "untouched",
    "wiped",
    "verified",
    "done",
    "certified",
    "failed",
    "unconfirmed",
    "destroyed",
    "retained",
    "missing",
    "gone",
    "lost",
    "never_there",
]
"""Where one medium stands, for people: `done` = wiped, verified and approved; `certified` = a
contractor's certificate is all that says so; `unconfirmed` = somebody recorded its destruction, and
the witness has yet to say that they saw it; `retained` = taken out and kept by the school as an
entry of its own; `gone` = it is in another entry, as a closed exception says; `lost` = given up,
and assessed as a breach; `never_there` = only a report named it, and that was wrong."""

HoldKind = Literal["legal", "safeguarding", "incident"]
ExceptionKind = Literal[
    "medium_missing",
    "medium_extra",
    "serial_mismatch",
    "certified_twice",
    "failed_certified",
    "receipt_differs",
    "certificate_overdue",
    "seen_again",
    "other",
]
ExceptionOutcome = Literal["found", "elsewhere", "lost", "never_there", "mistaken", "resolved"]
"""How an exception ended. For a missing medium: `found` = it is here again, unproven; `elsewhere` =
it lives in another entry, named; `lost` = it is gone, and was assessed as a breach; `never_there`
= nobody ever saw it, and the report that named it was wrong."""
LossKind = Literal["lost", "stolen"]
Encryption = Literal["on", "off", "partial", "unknown"]
Breach = Literal["reported", "not_reportable", "no_personal_data"]
"""What the assessment of a loss came to: told to the ICO, or why not (UK GDPR art. 33)."""
PaperKind = Literal["carrier", "permit", "accreditation", "agreement", "guarantee", "insurance"]
"""`permit` also an exemption such as T11; `agreement` is the data-processing agreement; `guarantee`
is the written one that data is destroyed (T8)."""
Strength = Literal["signed", "claim", "sighting"]
"""How sure it is that a thing was seen again: a report signed by its own key, a serial claimed by
somebody else's report, an address on the network (O35)."""
