"""What people may send us about drives."""

from typing import Any

from django import forms

from controller.wording.words import words


class MediumForm(forms.Form):
    """One drive."""

    label = forms.CharField(
        max_length=40,
        label="What is written on it",
        error_messages={"required": "Say what is written on it, such as USB-014."},
    )
    kind = forms.ChoiceField(label="What it is")
    model = forms.CharField(max_length=120, required=False, label="Make and model")
    serial = forms.CharField(
        max_length=128,
        label="Serial number, as a computer shows it",
        error_messages={"required": "Without its serial number no computer can know it."},
    )
    usb = forms.CharField(
        max_length=60,
        required=False,
        label="Maker’s and product’s number, if known",
        widget=forms.TextInput(attrs={"placeholder": "0781:5581"}),
    )
    holder = forms.ChoiceField(required=False, label="Who has it")
    encrypted = forms.ChoiceField(required=False, label="Is it encrypted?")
    until = forms.DateField(
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        label="Last day it may be used",
        error_messages={
            "required": "Say until when; it can be made longer later.",
            "invalid": "Write the day as 31/08/2027.",
        },
    )
    use = forms.CharField(
        max_length=500,
        label="What is it for?",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what it is for; whoever decides may not know."},
    )
    seq = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput())

    def __init__(self, *args: Any, holders: dict[str, str], **kwargs: Any) -> None:
        """`holders`: people of the school, id → name."""
        super().__init__(*args, **kwargs)
        known: dict[str, list[tuple[str, str]]] = {
            "kind": list(words().media.kinds.items()),
            "encrypted": [("", "Not known"), ("yes", "Yes"), ("no", "No")],
            "holder": [("", "Nobody in particular"), *holders.items()],
        }
        for name, field in self.fields.items():
            chooses = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if chooses else "form-control"
            if isinstance(field, forms.ChoiceField):
                field.choices = known[name]

    def values(self) -> dict[str, Any]:
        """What was typed, as the register keeps it."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "seq"}
        told["holder_id"] = told.pop("holder")
        told["until"] = told["until"].isoformat()
        return told


class DecideForm(forms.Form):
    """What somebody decides about a drive."""

    decision = forms.ChoiceField(choices=[("approved", ""), ("refused", "")])
    reason = forms.CharField(max_length=500, required=False)
    seq = forms.IntegerField(min_value=1)


class EndForm(forms.Form):
    """A drive that is not used any more."""

    how = forms.ChoiceField(choices=[("returned", ""), ("lost", ""), ("gone", "")])
    seq = forms.IntegerField(min_value=1)
