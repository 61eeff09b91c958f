"""What a person says of a doubt, or of two entries."""

import re
from typing import Any

from django import forms

LONGEST_REASON = 300
_ENTRY = re.compile(r"\A(?:(?:this|gone):asset_[0-9A-HJKMNP-TV-Z]{26}|new)\Z")


class DecisionForm(forms.Form):
    """`this:<entry>`, `gone:<entry>` (and the other computer is gone), or `new`; and why."""

    decision = forms.RegexField(
        _ENTRY,
        error_messages={
            "required": "Choose which entry it is, or that it is a new thing.",
            "invalid": "Choose which entry it is, or that it is a new thing.",
        },
    )
    reason = forms.CharField(max_length=LONGEST_REASON, required=False)

    def said(self) -> tuple[str, str]:
        """What, and of which entry."""
        what, _, entry = self.cleaned_data["decision"].partition(":")
        return what, entry

    def clean(self) -> dict[str, Any]:
        """Whoever takes another computer out says why."""
        found = super().clean() or {}
        if str(found.get("decision", "")).startswith("gone:") and not found.get("reason"):
            why = "Say why the other computer is taken out, so that whoever asks later knows."
            self.add_error("reason", why)
        return found


class MergeForm(forms.Form):
    """Which of the two stays, and how new what was on the screen is."""

    other = forms.RegexField(r"\Aasset_[0-9A-HJKMNP-TV-Z]{26}\Z")
    stays = forms.RegexField(
        r"\Aasset_[0-9A-HJKMNP-TV-Z]{26}\Z",
        error_messages={"required": "Choose which of the two stays."},
    )
    seq = forms.IntegerField(min_value=0)
    other_seq = forms.IntegerField(min_value=0)
    reason = forms.CharField(max_length=LONGEST_REASON, required=False)
