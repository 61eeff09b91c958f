"""Which columns name a person: found by what they are, so that no later table escapes.

A person is named by a foreign key to the account, or by its id in a column called `actor`,
`subject` or `…_by`. Free text that may hold a person's name is listed in `FREE_TEXT`.
"""

from collections.abc import Iterator
from typing import Final

from django.apps import apps
from django.db.models import CharField, Field, ForeignKey, Model

from controller.people.models import User

FREE_TEXT: Final = {
    "inventory.EventNote": "text",
    "inventory.Asset": "name owner notes",
    "inventory.Person": "name reference group",
    "inventory.Room": "name building",
    "inventory.Pool": "name",
    "inventory.Allocation": "note return_note reason",
    "inventory.Document": "name",
    "inventory.SavedFilter": "name query",
    "inventory.StockTake": "name signed_name",
    "inventory.CountScan": "text",
    "inventory.Away": "repairer reference fault answer",
    "inventory.Delivery": "name",
    "inventory.CareDone": "who note",
    "inventory.Job": "said contact note",
    "inventory.SoftwareRequest": "name purpose_text used_by link reason",
    "inventory.SoftwareTitle": "title",
    "inventory.SoftwareName": "name",
    "inventory.Licence": "name supplier notes key_kept",
    "inventory.Reinstall": "reason",
    "inventory.DisposalNote": "text",
    "inventory.DisposalEvidence": "name",
    "inventory.Medium": "label model use reason",
    "inventory.Contractor": "name address contact email",
    "inventory.ContractorPaper": "scheme_name lines",
    "inventory.Collection": "place seals driver",
    "inventory.CollectionLine": "name",
    "inventory.Receipt": "clause reason",
    "inventory.Certificate": "reason",
    "inventory.CertificateLine": "method tool",
    "inventory.CollectionDifference": "reason other",
    "inventory.GhostAlarm": "source answer",
    "inventory.NetworkDevice": "name location description",
    "inventory.NetworkMac": "reason",
    "inventory.SwitchPort": "alias",
    "inventory.DhcpServer": "reason",
    "fleet.JoinCode": "label",
    "api.Token": "name",
    "fleet.Device": "name",
}
"""Columns people or computers write words into, where a name may stand; several of a table are
separated by spaces."""


def free_text() -> Iterator[tuple[str, str]]:
    """Each of them, as table and column."""
    for label, columns in FREE_TEXT.items():
        yield from ((label, column) for column in columns.split())


def naming() -> Iterator[tuple[type[Model], list[str]]]:
    """Every table that names people, with the columns that do."""
    for model in apps.get_models():
        columns = [field.attname for field in model._meta.concrete_fields if _names(field)]
        if columns:
            yield model, columns


def _names(field: "Field[object, object]") -> bool:
    if isinstance(field, ForeignKey):
        return field.related_model is User
    if not isinstance(field, CharField):
        return False
    return field.name in {"actor", "subject"} or field.name.endswith("_by")
