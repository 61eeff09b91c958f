"""What people may send us about the evidence log."""

from django import forms

LONGEST_REASON = 300


class AnswerForm(forms.Form):
    """Why the log is contradicted, and up to where they had read when they wrote it."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        error_messages={"required": "Say what you know of it, so that whoever asks later knows."},
    )
    through = forms.IntegerField(min_value=0, error_messages={"required": "Look again first."})
