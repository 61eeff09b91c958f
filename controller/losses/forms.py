"""What people say of a loss."""

import datetime
import re
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms

LONGEST: Final = 500
_MONEY: Final = re.compile(
    r"£?(?P<pounds>[0-9]{1,7}|[0-9]{1,3}(,[0-9]{3}){1,2})(\.(?P<pence>[0-9]{1,2}))?"
)
KINDS: Final = (("lost", "Lost"), ("stolen", "Stolen"))
BREACHES: Final = (
    ("reported", "The ICO was told"),
    ("not_reportable", "The ICO need not be told, and why stands below"),
    ("no_personal_data", "There was no personal data on it"),
)


class LostForm(forms.Form):
    """Lost or stolen, when somebody knew, what happened."""

    kind = forms.ChoiceField(
        choices=KINDS, error_messages={"required": "Say whether it is lost or stolen."}
    )
    discovered = forms.DateTimeField(
        input_formats=["%Y-%m-%dT%H:%M"],
        error_messages={
            "required": "Say when somebody first knew: the 72 hours count from then.",
            "invalid": "Give the day and the time, like 2026-11-22T08:30.",
        },
    )
    reason = forms.CharField(
        max_length=LONGEST,
        error_messages={"required": "Say what happened, in a sentence or two."},
    )
    seen = forms.IntegerField(min_value=0, required=False)

    def __init__(self, *args: Any, zone: str, now: int, **more: Any) -> None:
        """`zone`: the school's; `now`: epoch seconds, later is refused."""
        self.zone, self.now = ZoneInfo(zone), now
        super().__init__(*args, **more)

    def clean_discovered(self) -> int:
        """Epoch seconds of a moment in the past. Raises ValidationError."""
        typed: datetime.datetime = self.cleaned_data["discovered"]
        if not 2000 <= typed.year <= 2200:
            raise forms.ValidationError("Give the year in which somebody first knew.")
        at = int(typed.replace(tzinfo=self.zone).timestamp())
        if at > self.now + 60:
            raise forms.ValidationError("Nobody can know it before it happened: that is to come.")
        return min(at, self.now)


class CoverForm(forms.Form):
    """Up to what sum things are insured away from school; `1,200` and `£1200` are read alike."""

    limit = forms.CharField(
        max_length=20, error_messages={"required": "Write the limit in pounds, like 5000."}
    )
    seen = forms.IntegerField(min_value=0)

    def clean_limit(self) -> int:
        """Pence. Raises ValidationError."""
        typed = _MONEY.fullmatch(self.cleaned_data["limit"].replace(" ", ""))
        if typed is None:
            raise forms.ValidationError(
                "Write the limit in pounds, like 5000 or 5,000.00; 0 where nothing is covered."
            )
        return int(typed["pounds"].replace(",", "")) * 100 + int(
            (typed["pence"] or "0").ljust(2, "0")
        )


class FoundForm(forms.Form):
    """Where it was."""

    reason = forms.CharField(
        max_length=LONGEST, error_messages={"required": "Say where it was found."}
    )
    seen = forms.IntegerField(min_value=0)


class WriteOffForm(forms.Form):
    """What became of the assessment, and what it was worth."""

    breach = forms.ChoiceField(
        choices=BREACHES, error_messages={"required": "Say what the assessment came to."}
    )
    value = forms.DecimalField(min_value=0, max_value=9_999_999, decimal_places=2)
    reason = forms.CharField(
        max_length=LONGEST, error_messages={"required": "Say why it is given up."}
    )
    minute = forms.CharField(max_length=120, required=False)
    seen = forms.IntegerField(min_value=0)
