"""The record of what is kept, why and how long, as the page docs/personal-data.md (O12)."""

from collections.abc import Iterator

from django.apps import apps

from controller.personal.columns import naming
from controller.personal.others import OTHERS
from inventory.keeping import Kept


def page() -> Iterator[str]:
    """Lines of the page's table: every table, from the models themselves."""
    naming_people = {model for model, _ in naming()}
    yield "| table | why it is there | kept | names a person |"
    yield "|---|---|---|---|"
    for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
        label = model._meta.label
        kept = model if issubclass(model, Kept) else OTHERS[label]
        named = "by id" if model in naming_people else ""
        named = "yes" if label in {"people.User", "account.EmailAddress"} else named
        yield f"| `{label}` | {kept.purpose} | {kept.keep_for.rule} | {named} |"
