"""What people send about things that leave. Every form carries `seq`, what they looked at."""

from typing import Any, Final

from django import forms

from controller.disposal.words import words
from inventory.disposal.states import ASKED, MEDIUM_KINDS

MOST_PENCE: Final = 10**9
LONGEST: Final = 500
_WHY: Final = "Say why, in a sentence that somebody else will understand in a year."


class StepForm(forms.Form):
    """What every step has."""

    seq = forms.IntegerField(min_value=0, widget=forms.HiddenInput())
    takes_files = False
    apart: tuple[str, ...] = ()
    """Fields that stand somewhere of their own on the page."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Dress the fields as the other pages’ are."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            kind = type(field.widget)
            if kind in (forms.HiddenInput, forms.RadioSelect):
                continue
            if isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "form-check-input"
            elif isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select"
            else:
                field.widget.attrs["class"] = "form-control"


def reason(label: str, *, required: bool = True, example: str = "") -> forms.CharField:
    """A sentence of somebody’s own."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": example}),
        error_messages={
            "required": _WHY,
            "max_length": f"Say it in {LONGEST} characters at most.",
        },
    )


def _choice(label: str, choices: dict[str, str], sentence: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(choices.items()),
        widget=forms.RadioSelect(),
        error_messages={"required": sentence, "invalid_choice": sentence},
    )


class WithdrawForm(StepForm):
    """A thing is taken out of use."""

    reason = reason("Why?", example="For example: hinge broken, not worth mending")
    personal_data = _choice(
        "May there be personal data on it?",
        dict(words().personal_data),
        "Say whether there may be personal data on it; not known is an answer.",
    )


class RequestForm(StepForm):
    """Where it should go."""

    apart = ("offer_1", "offer_2", "offer_3")

    route = _choice(
        "Where should it go?",
        {one: words().routes[one] for one in ASKED},
        "Say where it should go.",
    )
    value = forms.DecimalField(
        label="What is it worth today, in pounds?",
        min_value=0,
        max_value=MOST_PENCE // 100,
        decimal_places=2,
        max_digits=11,
        help_text="An honest guess; nothing is an answer. It decides who approves.",
        error_messages={
            "required": "Say what it is worth; 0 is an answer.",
            "invalid": "Write pounds such as 40 or 12.50.",
            "min_value": "It cannot be worth less than nothing.",
        },
    )
    licences_checked = forms.BooleanField(
        required=False,
        label="I looked which licences are on it, and they were released or moved",
    )
    reason = reason("Anything the approver should know?", required=False)

    offer_1, offer_2, offer_3 = (
        forms.DecimalField(
            required=False,
            min_value=0,
            max_value=MOST_PENCE // 100,
            decimal_places=2,
            max_digits=11,
        )
        for _ in range(3)
    )

    def pence(self) -> int:
        """The value in whole pence."""
        return int(self.cleaned_data["value"] * 100)

    def offered(self) -> dict[str, int]:
        """Written offers in pence, by the name of the field their file came in."""
        told = {f"paper_{name}": self.cleaned_data[name] for name in self.apart}
        return {name: int(value * 100) for name, value in told.items() if value is not None}


class ApproveForm(StepForm):
    """Yes, to exactly what was shown."""

    takes_files = True
    frozen = forms.CharField(required=False, max_length=64 * 65, widget=forms.HiddenInput())
    comment = reason("A remark (only people of the school see it)", required=False)
    minute = forms.CharField(
        required=False,
        max_length=200,
        label="Reference of the governors’ minute, if they decided",
    )


class RejectForm(StepForm):
    """No."""

    comment = reason("Why not?", example="For example: Year 2 could still use it")


class ReinstateForm(StepForm):
    """It is kept after all."""

    reason = reason("Why is it kept?")


class HoldForm(StepForm):
    """Everything stops."""

    kind = _choice(
        "What for?",
        {name: text[0].upper() + text[1:] for name, text in words().holds.items()},
        "Say what it is stopped for.",
    )
    reason = reason("Why?", example="For example: letter of the solicitor, 3 May")


class ReleaseForm(StepForm):
    """A stop ends."""

    hold = forms.ChoiceField(
        label="Which stop?",
        error_messages={"required": "Choose which stop ends.", "invalid_choice": "Choose one."},
    )
    reason = reason("Why may it go on?")

    def __init__(self, *args: Any, holds: dict[str, str], **kwargs: Any) -> None:
        """`holds`: those in force, id → what for."""
        super().__init__(*args, **kwargs)
        field = self.fields["hold"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(holds.items())


class HandOverForm(StepForm):
    """Given to somebody, who signed for it."""

    takes_files = True
    recipient = forms.ChoiceField(
        required=False,
        label="Who got it, if it is somebody of the school",
        help_text="Anybody else is named on the receipt, and only there.",
    )
    outsider = forms.BooleanField(
        required=False,
        label="If it is somebody else: they neither asked for this nor approved it",
    )
    price = forms.DecimalField(
        required=False,
        min_value=0,
        max_value=MOST_PENCE // 100,
        decimal_places=2,
        max_digits=11,
        label="What was paid, in pounds",
    )

    def __init__(self, *args: Any, people: dict[str, str], sold: bool, **kwargs: Any) -> None:
        """`people`: of the school, id → name; `sold`: for money, which nothing else is."""
        super().__init__(*args, **kwargs)
        if not sold:
            del self.fields["price"]
        field = self.fields["recipient"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Somebody else"), *people.items()]

    def clean(self) -> dict[str, Any]:
        """Nobody but whoever hands it over knows who a stranger is (I2)."""
        told = super().clean() or {}
        if not told.get("recipient") and not told.get("outsider"):
            say = "Say who got it, or tick that they neither asked for this nor approved it."
            self.add_error("outsider", say)
        return told


class FailForm(StepForm):
    """A drive that cannot be wiped."""

    takes_files = True
    reason = reason("What does it do, or not do?", example="For example: clicks, is not found")


class DestroyForm(StepForm):
    """A drive was destroyed before a witness."""

    takes_files = True
    method = _choice(
        "How was it destroyed?",
        {name: text[0].upper() + text[1:] for name, text in words().destroyed.items()},
        "Say how it was destroyed.",
    )
    place = _choice("Where?", {"on_site": "Here", "off_site": "Elsewhere"}, "Say where.")
    witness = forms.ChoiceField(
        label="Who saw it?",
        error_messages={
            "required": "Name who saw it; that is somebody else than you.",
            "invalid_choice": "Name who saw it; that is somebody else than you.",
        },
    )
    particle_mm = forms.IntegerField(
        required=False, min_value=0, max_value=1_000, label="Largest piece, in millimetres"
    )

    def __init__(self, *args: Any, witnesses: dict[str, str], **kwargs: Any) -> None:
        """`witnesses`: people of the school, id → name, without who records it."""
        super().__init__(*args, **kwargs)
        field = self.fields["witness"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Choose"), *witnesses.items()]


class ValidateForm(StepForm):
    """A wipe is accepted, or not (NIST SP 800-88r2 §4.5.2)."""

    wipe = forms.IntegerField(min_value=0, widget=forms.HiddenInput())
    decision = _choice(
        "Is this wipe good enough?",
        {
            "approved": "Yes: I looked at the record and at what reading it back found",
            "rejected": "No: wipe it again",
            "escalate": "No: a stronger way is needed, or destroy it",
        },
        "Say whether the wipe is accepted.",
    )
    reason = reason("Why, if not?", required=False)

    def clean(self) -> dict[str, Any]:
        """A no says why."""
        told = super().clean() or {}
        if told.get("decision") in ("rejected", "escalate") and not told.get("reason"):
            self.add_error("reason", _WHY)
        return told


class ReadBackForm(StepForm):
    """Somebody who did not wipe it read it back with a program."""

    takes_files = True
    wipe = forms.IntegerField(min_value=0, widget=forms.HiddenInput())
    method = _choice(
        "How was it read?",
        {
            name: text[0].upper() + text[1:]
            for name, text in words().methods.items()
            if name != "sample"
        },
        "Say how it was read back.",
    )
    result = _choice(
        "What was found?",
        {name: text[0].upper() + text[1:] for name, text in words().found.items()},
        "Say what was found.",
    )
    bytes_read = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**53 - 1,
        label="How many bytes were read, as the program counted them",
    )


class MachineForm(StepForm):
    """A computer’s own reading is chosen."""

    wipe = forms.IntegerField(min_value=0, widget=forms.HiddenInput())
    reading = forms.CharField(max_length=64)
    compared = forms.BooleanField(required=False)


class WipeForm(StepForm):
    """A wipe by its report."""

    takes_files = True


class WipeByHandForm(StepForm):
    """A wipe whose report nobody here can read, typed in with a reason."""

    takes_files = True
    technique = forms.ChoiceField(
        label="How was it wiped?", choices=list(words().techniques.items())
    )
    tool = forms.CharField(
        max_length=100,
        label="With which program?",
        error_messages={"required": "Name the program or tool."},
    )
    tool_version = forms.CharField(max_length=60, required=False, label="Its version")
    hidden = forms.ChoiceField(
        label="Hidden parts of the drive (HPA, DCO)",
        choices=[
            ("", "Nobody looked"),
            ("yes", "There are none, or they were reset first"),
            ("no", "There are some"),
        ],
        required=False,
    )
    keys_destroyed = forms.BooleanField(
        required=False, label="Every copy of its key is gone, those kept for recovery as well"
    )
    reason = reason("Why is there no report that can be read?")


class DriveForm(forms.Form):
    """One drive as somebody found it."""

    there = forms.BooleanField(required=False)
    missing = forms.BooleanField(required=False)
    serial = forms.CharField(required=False, max_length=200)
    kind = forms.ChoiceField(
        required=False,
        choices=[("", "What is it?"), *((one, words().media[one]) for one in MEDIUM_KINDS)],
    )
    make = forms.CharField(required=False, max_length=80)
    model = forms.CharField(required=False, max_length=120)
    size = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=2**53 - 1,
        error_messages={"invalid": "Write the size as whole bytes, or leave it out."},
    )
