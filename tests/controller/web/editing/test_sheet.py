"""What the list finds, as a file a spreadsheet opens without running anything of it."""

import csv
import io

from django.test import Client

from controller.people.models import User
from tests.controller.web.conftest import Place, SignedIn
from tests.controller.web.editing.helpers import laptop

RISKY = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def rows_of(client: Client, query: str = "") -> list[dict[str, str]]:
    """The file, as a spreadsheet reads it."""
    answer = client.get(f"/register/found.csv{query}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="register.csv"'
    text = answer.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_has_what_the_search_finds_and_nothing_else(
    place: Place, elsewhere: Place, technician: User, stranger: User, signed_in: SignedIn
) -> None:
    laptop(place, technician, tag="A-1", cost_pence=124_950)
    laptop(place, technician, tag="A-2", make="Dell", model="Latitude")
    laptop(elsewhere, stranger, tag="THEIRS")
    client = signed_in(technician)
    assert [row["Asset tag"] for row in rows_of(client)] == ["A-1", "A-2"]
    assert [row["Asset tag"] for row in rows_of(client, "?school=all")] == ["A-1", "A-2"]
    assert [row["Asset tag"] for row in rows_of(client, "?q=latitude")] == ["A-2"]
    assert rows_of(client)[0]["Cost"] == "1249.50"
    body = client.get("/register/?q=latitude&after=x").content.decode()
    assert 'href="/register/found.csv?q=latitude"' in body


def test_no_cell_of_it_runs_in_a_spreadsheet(
    place: Place, technician: User, signed_in: SignedIn
) -> None:
    for number, sign in enumerate(RISKY):
        said = f"{sign}cmd|' /C calc'!A0"
        laptop(place, technician, tag=f"{sign}{number}", model=said, notes=said, supplier=said)
    cells = [cell for row in rows_of(signed_in(technician)) for cell in row.values()]
    assert len(cells) > len(RISKY)
    assert [cell for cell in cells if cell.startswith(RISKY)] == []
