"""What people may send us about computers; anything else is said in one sentence."""

from typing import Any

from django import forms

from checks.policy import PROFILES
from controller.fleet.forks.rule import CURES
from controller.wording.words import words

MOST_USES = 5_000
MOST_DAYS = 400
LONGEST_REASON = 300


def profile_choices(empty: str) -> list[tuple[str, str]]:
    """What a computer can be for; the first choice leaves it open."""
    return [("", empty), *((name, words().profiles[name]) for name in PROFILES)]


class LetInForm(forms.Form):
    """Which of the waiting computers to let in, and what they are for."""

    device = forms.MultipleChoiceField(
        error_messages={"required": "Tick at least one computer first."}
    )
    profile = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, known: list[str], **kwargs: Any) -> None:
        """`known` holds the ids this person may decide about; all others are not valid choices."""
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["device"]
        chosen.choices = [(device_id, device_id) for device_id in known]
        chosen.error_messages["invalid_choice"] = (
            "One of these computers is not waiting any more. Nothing was changed; look again."
        )
        profile: Any = self.fields["profile"]
        profile.choices = profile_choices("As its join code says")


class ReasonForm(forms.Form):
    """Why a computer is turned away or withdrawn."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        error_messages={"required": "Say why, so that whoever asks later knows."},
    )


class CureForm(forms.Form):
    """One computer that was set back, or two."""

    said = forms.ChoiceField(choices=[(cure, cure) for cure in CURES])


class ProfileForm(forms.Form):
    """What a computer is for."""

    profile = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill the choices from the words file."""
        super().__init__(*args, **kwargs)
        profile: Any = self.fields["profile"]
        profile.choices = profile_choices("As the register says")


class JoinCodeForm(forms.Form):
    """A new join code."""

    label = forms.CharField(
        max_length=120, required=False, label="Where you will use it, for example “Year 4 trolley”"
    )
    profile = forms.ChoiceField(required=False, label="What these computers are for")
    max_uses = forms.IntegerField(
        required=False, min_value=1, max_value=MOST_USES, label="How many computers may use it"
    )
    days = forms.IntegerField(min_value=1, max_value=MOST_DAYS, initial=30, label="Good for (days)")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill the choices from the words file."""
        super().__init__(*args, **kwargs)
        profile: Any = self.fields["profile"]
        profile.choices = profile_choices("Decide when letting each in")
