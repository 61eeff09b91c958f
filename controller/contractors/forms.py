"""What people may send us about companies; the register says what of it cannot be."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from inventory.contractors.kinds import Kind, known
from inventory.contractors.papers import File, Wanted
from inventory.contractors.services import FIELDS
from inventory.documents.contents import MOST_BYTES

DAYS: Final = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]
_MOST: Final = 4_000
"""Of anything typed: more is cut before the register says how much fits."""


def _styled(form: forms.Form) -> None:
    for field in form.fields.values():
        if isinstance(field, forms.MultipleChoiceField):
            continue
        chooses = isinstance(field, forms.ChoiceField)
        field.widget.attrs["class"] = "form-select" if chooses else "form-control"


def _day(label: str, *, required: bool) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    said = {"invalid": "Write the day as 31/08/2027.", "required": "Say which day."}
    return forms.DateField(
        required=required, input_formats=DAYS, widget=widget, label=label, error_messages=said
    )


class FirmForm(forms.Form):
    """Who a company is."""

    name = forms.CharField(
        max_length=FIELDS["name"],
        label="What it is called",
        error_messages={"required": "Say what the company is called."},
    )
    company_number = forms.CharField(
        max_length=FIELDS["company_number"], required=False, label="Company number"
    )
    address = forms.CharField(
        max_length=FIELDS["address"],
        required=False,
        label="Address",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    contact = forms.CharField(
        max_length=FIELDS["contact"], required=False, label="Whom to ask for there"
    )
    phone = forms.CharField(max_length=FIELDS["phone"], required=False, label="Telephone")
    email = forms.CharField(max_length=FIELDS["email"], required=False, label="Mail address")
    seq = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As people see fields here."""
        super().__init__(*args, **kwargs)
        _styled(self)


class PaperForm(forms.Form):
    """One paper: only what a paper of its kind has."""

    scheme = forms.ChoiceField(
        label="Under what it was given",
        error_messages={"required": "Choose under what it was given."},
    )
    scheme_name = forms.CharField(
        max_length=80, required=False, label="What it is called, if it is another one"
    )
    level = forms.ChoiceField(required=False, label="Level")
    number = forms.CharField(max_length=60, label="Its number")
    valid_from = _day("Counts from", required=True)
    valid_to = _day("Last day it counts", required=False)
    lines = forms.CharField(max_length=_MOST, widget=forms.Textarea(attrs={"rows": 5}))
    terms = forms.MultipleChoiceField(
        required=False, label="What it says", widget=forms.CheckboxSelectMultiple
    )
    seq = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput())

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        """`kind`: one of `papers.toml`."""
        super().__init__(*args, **kwargs)
        self.kind = kind
        about = known().kinds[kind]
        for name in _absent(kind, about):
            del self.fields[name]
        if about.ends == "must":
            self.fields["valid_to"].required = True
        else:
            self.fields["valid_to"].label = "Last day it counts, if it has one"
        fields: Any = self.fields
        if "scheme" in fields:
            schemes = about.schemes.items()
            fields["scheme"].choices = [("", "Choose"), *((k, one.label) for k, one in schemes)]
        if "level" in fields:
            levels = {k: v for one in about.schemes.values() for k, v in one.levels.items()}
            fields["level"].choices = [("", "None"), *levels.items()]
        if "terms" in fields:
            fields["terms"].choices = list(known().terms.items())
        if "lines" in fields:
            fields["lines"].label = about.lines
        if "number" in fields:
            fields["number"].required = about.numbered
            fields["number"].error_messages["required"] = "Say which number is on it."
        _styled(self)

    def wanted(self) -> Wanted:
        """What was typed, as the register takes it."""
        told = {k: v for k, v in self.cleaned_data.items() if k != "seq"}
        days = {k: told[k].isoformat() if told[k] else "" for k in ("valid_from", "valid_to")}
        told["terms"] = tuple(told.get("terms", ()))
        return Wanted(kind=self.kind, **(told | days))


def _absent(kind: str, about: Kind) -> list[str]:
    """The fields that a kind has not."""
    leveled = any(one.levels for one in about.schemes.values())
    there = {
        "scheme": bool(about.schemes),
        "scheme_name": "other" in about.schemes,
        "level": leveled,
        "number": about.numbered,
        "lines": bool(about.lines),
        "terms": kind == "agreement",
    }
    return [name for name, held in there.items() if not held]


def file(request: HttpRequest) -> File | None:
    """The copy that was chosen, if one was."""
    given = request.FILES.get("copy")
    if not isinstance(given, UploadedFile):
        return None
    return File(given.name or "", given.read(MOST_BYTES + 1))


def asks(typed: Mapping[str, str]) -> dict[str, str]:
    """What a school wants of each hand-over, as the page sends it."""
    keys = [f"{name}.{one.id}" for name, each in known().handovers.items() for one in each.needs]
    return {key: typed[key][:8] for key in keys if key in typed}


def number(text: str) -> int:
    """A row's number as the form carried it; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
