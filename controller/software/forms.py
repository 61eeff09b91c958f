"""What people may send us about programs, requests and licences."""

from typing import Any

from django import forms

from inventory.assets.fields import FIELDS
from inventory.software.deciding import MOST, NEEDS, WISHES

MOST_COPIES = 100_000
MOST_PENCE = 100_000_000_00


def _dress(fields: dict[str, Any]) -> None:
    """Give each input the class that its kind has on every page."""
    for field in fields.values():
        chooses = isinstance(field, forms.ChoiceField)
        field.widget.attrs["class"] = "form-select" if chooses else "form-control"


def _day(**kwargs: Any) -> forms.DateField:
    return forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as 31/08/2027."},
        **kwargs,
    )


def _pounds(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        required=False,
        min_value=0,
        max_value=MOST_PENCE // 100,
        decimal_places=2,
        label=label,
        error_messages={"invalid": "Write the amount in pounds, such as 449.99."},
    )


class WishForm(forms.Form):
    """What is to happen with the ticked titles."""

    wish = forms.ChoiceField(choices=[(one, one) for one in WISHES], required=False)

    def __init__(self, data: Any) -> None:
        """The titles come beside the form, because there may be many."""
        super().__init__(data)
        told = data.getlist("title")[: MOST + 1]
        self.titles = [one for one in told if len(one) <= 32 and "\0" not in one]


class NeedsForm(forms.Form):
    """Whether a title is bought."""

    needs = forms.ChoiceField(choices=[(one, one) for one in NEEDS], required=False)


class RequestForm(forms.Form):
    """What somebody asks for."""

    name = forms.CharField(
        max_length=120, label="Which program", error_messages={"required": "Say which program."}
    )
    purpose = forms.CharField(
        max_length=500,
        label="What is it for?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what it is for; whoever decides was not in the lesson."},
    )
    how_many = forms.IntegerField(
        min_value=1, max_value=MOST_COPIES, initial=1, label="On how many computers"
    )
    used_by = forms.CharField(
        max_length=120, required=False, label="Who will use it (a class or a job, no pupil’s name)"
    )
    link = forms.URLField(
        max_length=300,
        required=False,
        assume_scheme="https",
        label="Its page on the web",
        error_messages={"invalid": "This is no address of a page, such as https://example.com."},
    )
    cost = _pounds("What it costs in all, in pounds")
    personal_data = forms.ChoiceField(
        choices=[("unknown", "I don’t know"), ("yes", "Yes"), ("no", "No")],
        label="Does it work with pupils’ or staff’s personal data?",
    )
    age_from = forms.IntegerField(
        min_value=0, max_value=21, required=False, label="Its age rating, in years"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """As a page shows it."""
        super().__init__(*args, **kwargs)
        _dress(self.fields)


class DecideForm(forms.Form):
    """What happens with a request."""

    state = forms.ChoiceField(
        choices=[(one, one) for one in ("looked_at", "approved", "refused", "withdrawn")]
    )
    seq = forms.IntegerField(min_value=1)
    reason = forms.CharField(max_length=500, required=False)


class LicenceForm(forms.Form):
    """One licence."""

    name = forms.CharField(
        max_length=120,
        label="What it is called on the order",
        error_messages={"required": "Say what it is called."},
    )
    counts = forms.ChoiceField(
        choices=[
            ("computer", "Per computer"),
            ("user", "Per person"),
            ("site", "For the whole school"),
        ],
        label="What is counted",
    )
    seats = forms.IntegerField(
        min_value=1, max_value=MOST_COPIES, required=False, label="For how many"
    )
    given = forms.IntegerField(
        min_value=0,
        max_value=MOST_COPIES,
        required=False,
        label="Given to how many people (only where it is per person)",
    )
    supplier = forms.CharField(
        max_length=FIELDS["supplier"].longest, required=False, label="Bought from"
    )
    order = forms.CharField(
        max_length=FIELDS["order"].longest, required=False, label="Order number"
    )
    cost = _pounds("Cost, in pounds")
    bought_on = _day(label="Bought on")
    expires_on = _day(label="Last day")
    renews = forms.ChoiceField(
        choices=[("", "Not known"), ("yes", "Yes"), ("no", "No")],
        required=False,
        label="Renews by itself",
    )
    key_kept = forms.CharField(
        max_length=120,
        required=False,
        label="Where its key is kept (never the key itself)",
    )
    notes = forms.CharField(
        max_length=1000,
        required=False,
        label="Notes",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seq = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput())

    def __init__(self, *args: Any, known: dict[str, str], **kwargs: Any) -> None:
        """`known`: titles of the school, id → name."""
        super().__init__(*args, **kwargs)
        self.fields["titles"] = forms.MultipleChoiceField(
            choices=list(known.items()),
            label="Programs it is for",
            error_messages={
                "required": "Choose at least one program.",
                "invalid_choice": "One of these programs is not in the register; choose again.",
            },
        )
        self.fields["proof"] = forms.FileField(
            required=False, label="Proof: the invoice or the licence itself"
        )
        _dress(self.fields)

    def values(self) -> dict[str, Any]:
        """What was typed, as the register keeps it."""
        told = dict(self.cleaned_data)
        cost = told.pop("cost")
        told["cost_pence"] = None if cost is None else int(cost * 100)
        for name in ("bought_on", "expires_on"):
            told[name] = told[name].isoformat() if told[name] else ""
        for name in ("titles", "proof", "seq"):
            told.pop(name, None)
        return told
