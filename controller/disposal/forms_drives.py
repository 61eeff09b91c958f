"""What people send about a drive that turns up, is not there, or is kept, and about what does not
fit."""

import datetime
from collections.abc import Mapping
from typing import Any, Final

from django import forms

from controller.disposal.forms import StepForm, reason
from controller.disposal.words import words
from inventory.disposal.states import MEDIUM_KINDS

LONGEST_WAIT: Final = 90
"""Days that somebody may take to find a drive."""
_SERIAL: Final = "Write its serial number as its label has it."
_KIND: Final = "Say what kind of drive it is; “not known” is an answer, and asks for the most."
_OWNER: Final = "Name who looks for it."


def _chosen(form: forms.Form, name: str, choices: Mapping[str, str]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices.items())


def _minute() -> forms.CharField:
    return forms.CharField(
        required=False,
        max_length=200,
        label="Reference of the governors’ minute; its paper is added below",
    )


class AppearForm(StepForm):
    """A drive that nobody knew of."""

    serial = forms.CharField(
        label="Serial number on its label",
        max_length=200,
        error_messages={"required": _SERIAL, "max_length": _SERIAL},
    )
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("", "What is it?"), *((one, words().media[one]) for one in MEDIUM_KINDS)],
        error_messages={"required": _KIND, "invalid_choice": _KIND},
    )
    make = forms.CharField(label="Make, if it says", required=False, max_length=80)
    model = forms.CharField(label="Model, if it says", required=False, max_length=120)
    size = forms.IntegerField(
        label="Size in bytes, if known exactly",
        required=False,
        min_value=0,
        max_value=2**53 - 1,
        error_messages={"invalid": "Write the size as whole bytes, or leave it out."},
    )


class MissForm(StepForm):
    """A drive is not there: who looks for it, and by when."""

    owner = forms.ChoiceField(
        label="Who looks for it?", error_messages={"required": _OWNER, "invalid_choice": _OWNER}
    )
    due = forms.DateField(
        label="By which day?",
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Choose a day.", "invalid": "Write the day as 31/08/2027."},
    )

    def __init__(
        self, *args: Any, people: Mapping[str, str], today: datetime.date, **kwargs: Any
    ) -> None:
        """`people`: of the school, id → name; `today`: where the school is."""
        super().__init__(*args, **kwargs)
        self._today = today
        _chosen(self, "owner", people)

    def clean_due(self) -> datetime.date:
        """Today or later, and not a year away."""
        due: datetime.date = self.cleaned_data["due"]
        if not 0 <= (due - self._today).days <= LONGEST_WAIT:
            raise forms.ValidationError(
                f"Choose a day from today on, {LONGEST_WAIT} days away at most."
            )
        return due


class WitnessForm(StepForm):
    """The witness of a destruction says whether they saw it."""

    destruction = forms.IntegerField(min_value=0, widget=forms.HiddenInput())
    saw = forms.ChoiceField(
        label="Did you see it destroyed?",
        choices=[("yes", "Yes: I saw it destroyed"), ("no", "No: I did not see that")],
        widget=forms.RadioSelect(),
        error_messages={
            "required": "Say whether you saw it.",
            "invalid_choice": "Say whether you saw it.",
        },
    )
    reason = reason("What happened, if you did not see it?", required=False)

    def clean(self) -> dict[str, Any]:
        """A no says why."""
        told = super().clean() or {}
        if told.get("saw") == "no" and not told.get("reason"):
            self.add_error("reason", "Say what happened, so that somebody can look for the drive.")
        return told


class RetainForm(StepForm):
    """A drive is kept."""

    entry = forms.CharField(
        label="Tag or serial number of its register entry, if it has one already",
        required=False,
        max_length=128,
        help_text="Leave it empty and an entry is made for it, with its serial number.",
    )
    minute = _minute()

    def __init__(self, *args: Any, by_minute: bool, **kwargs: Any) -> None:
        """`by_minute`: a committee decides, by its minute and its paper."""
        super().__init__(*args, **kwargs)
        self.takes_files = by_minute
        if not by_minute:
            del self.fields["minute"]


class CloseForm(StepForm):
    """What did not fit is explained."""

    takes_files = True
    exception = forms.ChoiceField(
        label="What is cleared up?",
        error_messages={
            "required": "Choose what is cleared up.",
            "invalid_choice": "This is cleared up already. Choose what is still open.",
        },
    )
    outcome = forms.ChoiceField(
        label="How did it end?",
        widget=forms.RadioSelect(),
        error_messages={
            "required": "Say how it ended.",
            "invalid_choice": "Say how it ended.",
        },
    )
    entry = forms.CharField(
        label="The other entry’s tag or serial number, if the drive is there",
        required=False,
        max_length=128,
    )
    minute = _minute()
    reason = reason("What did you find out?", example="For example: it was in the spares drawer")

    def __init__(
        self,
        *args: Any,
        still: Mapping[str, str],
        ends: Mapping[str, str],
        by_minute: bool,
        **kwargs: Any,
    ) -> None:
        """`still`: what is open, id → what it is; `ends`: how those may end, in words; `by_minute`:
        giving a drive up is a committee's."""
        super().__init__(*args, **kwargs)
        if not by_minute or "lost" not in ends:
            del self.fields["minute"]
        _chosen(self, "exception", still)
        _chosen(self, "outcome", ends)
        if "elsewhere" not in ends:
            del self.fields["entry"]

    def clean(self) -> dict[str, Any]:
        """A drive that is elsewhere says where."""
        told = super().clean() or {}
        if told.get("outcome") == "elsewhere" and not told.get("entry"):
            self.add_error("entry", "Write the tag or serial number of the entry it is in now.")
        return told
