"""Purpose and keep-for of the tables that libraries bring; ours say both on the model (O12)."""

from typing import Final, NamedTuple

from inventory.keeping import WITH_SCHOOL, KeepFor

WITH_ACCOUNT: Final = KeepFor("as long as the account; erased with it")
NO_PERSON: Final = KeepFor("for ever: says nothing about anybody")


class Purpose(NamedTuple):
    """Why a library's table is there, and how long its rows stay."""

    purpose: str
    keep_for: KeepFor


OTHERS: Final = {
    "account.EmailAddress": Purpose("Finds an account by its mail address.", WITH_ACCOUNT),
    "account.EmailConfirmation": Purpose(
        "Would confirm a mail address; nothing here sends one, so it stays empty.", WITH_ACCOUNT
    ),
    "auth.Group": Purpose("Comes with Django; stays empty, roles are memberships.", WITH_SCHOOL),
    "auth.Permission": Purpose("Comes with Django; names tables, not people.", NO_PERSON),
    "contenttypes.ContentType": Purpose("Comes with Django; names tables, not people.", NO_PERSON),
    "sessions.Session": Purpose(
        "Keeps a person signed in.", KeepFor("12 hours; the night deletes those that ended")
    ),
}
"""By `app_label.Model`; a test fails for a table that is neither here nor one of ours."""
