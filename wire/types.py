"""The payload types: one type, one schema, one function that opens it (trust §4.1).

The type is inside the signature, so a receipt can never be read as a report. A changed schema takes
a new version in the type; nothing ever changes meaning under an old one.
"""

from typing import Final

PREFIX: Final = "application/vnd.caretaker."

REPORT: Final = PREFIX + "report.v1+json"  # device → controller
ENROL: Final = PREFIX + "enrol.v1+json"  # new device key → controller
ENROLMENT: Final = PREFIX + "enrolment.v1+json"  # controller → device: where its enrolment stands
HELLO: Final = PREFIX + "hello.v1+json"  # controller → anyone who holds a join code
RECEIPT: Final = PREFIX + "receipt.v1+json"  # controller → device
PROBLEM: Final = PREFIX + "problem.v1+json"  # controller → device

# Reserved: nothing signs or opens these yet, and nobody may use the names for anything else.
POLICY: Final = PREFIX + "policy.v1+json"
TIME: Final = PREFIX + "time.v1+json"
ROOTS: Final = PREFIX + "roots.v1+json"
REKEY: Final = PREFIX + "rekey.v1+json"
CHECKPOINT: Final = PREFIX + "checkpoint.v1"

CONTENT_TYPE: Final = PREFIX + "dsse+json"  # the HTTP content type of every signed body
PACKED_TYPE: Final = PREFIX + "dsse+packed"  # of the same as `frame` packs it, for reports
SECTION_TYPE: Final = "application/octet-stream"  # of a section body: bytes, unread at the door
DEVICE_HEADER: Final = "Caretaker-Device"  # who sends a section; names, never proves
