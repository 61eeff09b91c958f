"""What people may send us about collections; the register says what of it cannot be."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from controller.wording.words import words
from inventory.collections.leaving import LONGEST as DONE
from inventory.collections.leaving import Done, Went
from inventory.collections.services import LONGEST, Said, Wanted
from inventory.contractors.kinds import known

DAYS: Final = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]
_MOST: Final = 400
"""Things a form may name; the register takes fewer."""


class _Own(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fields look as everywhere."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.widget.attrs["class"] = "form-select"
            elif not isinstance(field, forms.BooleanField):
                field.widget.attrs["class"] = "form-control"
        if "note_kind" in self.fields:
            kind: Any = self.fields["note_kind"]
            kind.choices = list(words().collections.notes.items())


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        label=label,
        error_messages={"required": "Say on which day.", "invalid": "Write the day as 31/08/2027."},
    )


class BookForm(_Own):
    """A day with a company; `handover` and `firm` are fixed once it is booked."""

    firm = forms.ChoiceField(
        label="Which company", error_messages={"required": "Choose a company."}
    )
    handover = forms.ChoiceField(label="What kind of hand-over it is")
    day = _day("On which day")
    place = forms.CharField(
        max_length=LONGEST["place"], required=False, label="Where the things stand ready"
    )

    def __init__(self, *args: Any, firms: list[tuple[str, str]], **kwargs: Any) -> None:
        """`firms`: companies to choose from, id and name."""
        super().__init__(*args, **kwargs)
        firm: Any = self.fields["firm"]
        firm.choices = [("", "Choose"), *firms]
        firm.error_messages["invalid_choice"] = "This company is not in use any more. Choose again."
        handover: Any = self.fields["handover"]
        handover.choices = [(name, one.label) for name, one in known().handovers.items()]

    def wanted(self) -> Wanted:
        """What was typed."""
        told = self.cleaned_data
        return Wanted(day=told["day"].isoformat(), place=told["place"])


class ChangeForm(_Own):
    """What may change of a booking."""

    day = _day("On which day")
    place = forms.CharField(
        max_length=LONGEST["place"], required=False, label="Where the things stand ready"
    )
    note_kind = forms.ChoiceField(required=False, label="Waste note, if it is here already")
    note_number = forms.CharField(
        max_length=LONGEST["note_number"], required=False, label="Its number"
    )
    tracking = forms.CharField(
        max_length=LONGEST["tracking"], required=False, label="Id in the digital waste tracking"
    )
    seals = forms.CharField(
        max_length=LONGEST["seals"], required=False, label="Seals on cages and boxes"
    )
    seq = forms.IntegerField(min_value=1, widget=forms.HiddenInput())

    def wanted(self) -> Wanted:
        """What was typed."""
        told = {k: v for k, v in self.cleaned_data.items() if k != "seq"}
        return Wanted(**(told | {"day": told["day"].isoformat()}))


class DayForm(_Own):
    """What happened on the day; which lines went is ticked beside them."""

    day = _day("They came on")
    driver = forms.CharField(
        max_length=DONE["driver"],
        label="Who drove (name on their card)",
        error_messages={"required": "Say who drove: the name on their card."},
    )
    vehicle = forms.CharField(max_length=DONE["vehicle"], required=False, label="Number plate")
    note_kind = forms.ChoiceField(required=False, label="Which note they left")
    note_number = forms.CharField(
        max_length=DONE["note_number"],
        label="Its number",
        error_messages={"required": "Say which number is on their note."},
    )
    tracking = forms.CharField(
        max_length=DONE["tracking"], required=False, label="Id in the digital waste tracking"
    )
    seals = forms.CharField(
        max_length=DONE["seals"], required=False, label="Seals on cages and boxes"
    )
    driver_checked = forms.BooleanField(
        required=False, label="I looked at the driver’s card or order"
    )
    codes_confirmed = forms.BooleanField(
        required=False, label="Their note has the waste codes of this list"
    )
    seq = forms.IntegerField(min_value=1, widget=forms.HiddenInput())

    def done(self, typed: Mapping[str, str]) -> Done:
        """What was typed, with the lines that were ticked."""
        told = {k: v for k, v in self.cleaned_data.items() if k != "seq"}
        return Done(**(told | {"day": told["day"].isoformat(), "went": _went(typed)}))


def described(typed: Mapping[str, str]) -> dict[str, Said]:
    """Waste code, battery and seal of each line that the form has."""
    ids = [name.removeprefix("code-") for name in typed if name.startswith("code-")][:_MOST]
    return {
        one: Said(*(typed.get(f"{what}-{one}", "")[:200] for what in ("code", "battery", "seal")))
        for one in ids
        if len(one) <= 32
    }


def number(text: str) -> int:
    """A row's number as the form carried it; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0


def chosen(ids: list[str]) -> list[str]:
    """Ids of things that were ticked."""
    return [one.replace("\0", "")[:32] for one in ids[:_MOST]]


def _went(typed: Mapping[str, str]) -> dict[str, Went]:
    ids = [name.removeprefix("went-") for name in typed if name.startswith("went-")][:_MOST]
    return {
        one: Went(number(typed.get(f"seen-{one}", "")), typed.get(f"theirs-{one}", "")[:40])
        for one in ids
        if len(one) <= 32
    }
