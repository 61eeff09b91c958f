"""What people and their phones may send while they count."""

from django import forms
from django.http import HttpRequest

from inventory.assets.kinds import kinds
from inventory.stocktake.services import MARKS, Scanned

_LOAD = "Load the page again, then say it once more."


class ScanForm(forms.Form):
    """One scan, or one tap in the list. What is too long is cut, for a code may hold anything."""

    text = forms.CharField(required=False, strip=False)
    key = forms.CharField(max_length=40, error_messages={"required": _LOAD})
    how = forms.ChoiceField(
        choices=[(how, how) for how in ("camera", "photo", "typed", "tick")], required=False
    )
    mark = forms.ChoiceField(choices=[(mark, mark) for mark in MARKS], required=False)
    thing = forms.CharField(max_length=32, required=False)

    def scanned(self) -> Scanned:
        """As the register's count takes it."""
        told = self.cleaned_data
        return Scanned(told["text"][:1_000], told["key"], told["how"] or "typed")


class NewForm(forms.Form):
    """An entry of something that the register did not know."""

    text = forms.CharField(max_length=128, required=False)
    key = forms.CharField(max_length=40, error_messages={"required": _LOAD})
    kind = forms.ChoiceField(choices=[(name, kind.title) for name, kind in kinds().items()])
    tag = forms.CharField(max_length=64, required=False)
    serial = forms.CharField(max_length=128, required=False)
    name = forms.CharField(max_length=255, required=False)

    def values(self) -> dict[str, str]:
        """The entry's fields."""
        return {name: self.cleaned_data[name] for name in ("kind", "tag", "serial", "name")}


def first_error(form: forms.Form) -> str:
    """One sentence about a form that cannot be taken."""
    return str(next(iter(form.errors.values()))[0])


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked, and not a person without one."""
    return request.headers.get("accept", "").startswith("application/json")
