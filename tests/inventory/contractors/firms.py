"""A company with every paper, as tests need it."""

from inventory.assets.writing import By
from inventory.contractors import papers, services
from inventory.contractors.kinds import known
from inventory.contractors.papers import File, Wanted

FIRM = {
    "name": "Green IT Recycling Ltd",
    "company_number": "01234567",
    "address": "Unit 4, Mill Lane, Leeds LS1 1AA",
    "contact": "Priya Shah",
    "phone": "0113 496 0000",
    "email": "collections@greenit.example",
}
TEXT = b"We guarantee that every drive is wiped or destroyed.\n"
FIRST, LAST = "2026-01-01", "2027-12-31"
WANTED = {
    "carrier": Wanted("carrier", FIRST, LAST, "england", level="upper", number="CBDU54597"),
    "permit": Wanted("permit", FIRST, LAST, "aatf", number="AATF/12"),
    "accreditation": Wanted("accreditation", FIRST, LAST, "adisa", level="3", number="A-77"),
    "agreement": Wanted("agreement", FIRST, "", terms=tuple(known().terms)),
    "guarantee": Wanted("guarantee", FIRST, LAST),
    "insurance": Wanted("insurance", FIRST, LAST, number="P-1"),
    "sub_processors": Wanted("sub_processors", FIRST, lines="Shred Co: shredding"),
}


def enter(site: str, by: By, **changes: str) -> str:
    """A company that may take anything away in 2026 and 2027; its id."""
    firm = services.keep(site, {**FIRM, **changes}, by=by)
    for kind, wanted in WANTED.items():
        file = File("paper.txt", TEXT) if known().kinds[kind].copy else None
        papers.keep(site, firm, wanted, by=by, file=file)
    return firm
