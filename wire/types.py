"""The payload types: one type, one schema, one function that opens it (trust §4.1).

The type is inside the signature, so a receipt can never be read as a report. Under one version a
message may gain a field that has a default and that may be passed over, and nothing else: what a
reader must understand, a field that goes, a new closed value take a new version in the type.
"""

from typing import Final

PREFIX: Final = "application/vnd.caretaker."

REPORT: Final = PREFIX + "report.v1+json"  # device → controller
ENROL: Final = PREFIX + "enrol.v1+json"  # new device key → controller
ENROLMENT: Final = PREFIX + "enrolment.v1+json"  # controller → device: where its enrolment stands
HELLO: Final = PREFIX + "hello.v1+json"  # controller → anyone who holds a join code
RECEIPT: Final = PREFIX + "receipt.v1+json"  # controller → device
PROBLEM: Final = PREFIX + "problem.v1+json"  # controller → device

ROOTS: Final = PREFIX + "roots.v1+json"  # recovery key → everyone: keys, certificates, addresses
REKEY: Final = PREFIX + "rekey.v1+json"  # new device key → controller, agreed by the old one
READMIT: Final = PREFIX + "readmit.v1+json"  # device → a controller restored from a backup
POLICY: Final = PREFIX + "policy.v1+json"  # who may sign policy → a school's computers
SCOPE: Final = PREFIX + "scope.v1+json"  # who may sign scopes → the scanner it names
CREDENTIALS: Final = PREFIX + "credentials.v1+json"  # controller → a scanner: sealed secrets

# Reserved: nothing signs or opens these yet, and nobody may use the names for anything else.
TIME: Final = PREFIX + "time.v1+json"
CHECKPOINT: Final = PREFIX + "checkpoint.v1"

CONTENT_TYPE: Final = PREFIX + "dsse+json"  # the HTTP content type of every signed body
PACKED_TYPE: Final = PREFIX + "dsse+packed"  # of the same as `frame` packs it, for reports
SECTION_TYPE: Final = "application/octet-stream"  # of a section body: bytes, unread at the door
DEVICE_HEADER: Final = "Caretaker-Device"  # who sends a section; names, never proves
