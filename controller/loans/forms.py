"""What people may send us about loans and people; anything else is said in one sentence, and what
was typed stands in the form again."""

from typing import Any, Final

from django import forms

from controller.fleet.forms import profile_choices
from controller.loans.shown import Group
from controller.wording.words import words
from inventory.allocation import people as register
from inventory.allocation.conditions import LONGEST_NAME, LONGEST_TEXT, Text

MOST_TYPED: Final = 70_000
"""Characters of tags, one per line: five hundred of the longest."""
CONDITIONS: Final = ("good", "worn", "broken")


class GiveForm(forms.Form):
    """What is given to whom, and on which terms."""

    to = forms.ChoiceField(error_messages={"required": "Say who or what it is given to."})
    tags = forms.CharField(required=False, max_length=MOST_TYPED)
    q = forms.CharField(required=False, max_length=100)
    due_on = forms.CharField(required=False, max_length=10)
    goes_home = forms.BooleanField(required=False)
    text = forms.ChoiceField(required=False)
    reason = forms.CharField(required=False, max_length=120)
    note = forms.CharField(required=False, max_length=500)
    personal_use = forms.ChoiceField(required=False)
    take = forms.BooleanField(required=False)

    def __init__(self, *args: Any, groups: list[Group], texts: list[Text], **kwargs: Any) -> None:
        """`groups` and `texts`: what may be chosen."""
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = [choice for group in groups for choice in group.choices]
        to.error_messages["invalid_choice"] = "Choose again: they are not on the list any more."
        text: Any = self.fields["text"]
        text.choices = [("", ""), *((one.id, one.name) for one in texts)]
        text.error_messages["invalid_choice"] = "These conditions were replaced. Choose again."
        use: Any = self.fields["personal_use"]
        use.choices = list(words().loans.personal_use.items())


class ReturnForm(forms.Form):
    """How things come back."""

    tags = forms.CharField(required=False, max_length=MOST_TYPED)
    condition = forms.ChoiceField(
        required=False, choices=[("", ""), *((one, one) for one in CONDITIONS)]
    )
    note = forms.CharField(required=False, max_length=500)
    scanned = forms.ChoiceField(required=False, choices=[("", ""), ("yes", ""), ("no", "")])


class ExtendForm(forms.Form):
    """Another day."""

    due_on = forms.CharField(
        max_length=10, error_messages={"required": "Say until which day it is lent."}
    )


class PersonForm(forms.Form):
    """Somebody who has things of the school's."""

    name = forms.CharField(
        max_length=register.LONGEST, error_messages={"required": "Say what they are called."}
    )
    kind = forms.ChoiceField()
    group = forms.CharField(required=False, max_length=register.GROUP)
    reference = forms.CharField(required=False, max_length=register.REFERENCE)
    profile = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Fill the choices from the words file."""
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["kind"]
        kind.choices = list(words().loans.kinds.items())
        profile: Any = self.fields["profile"]
        profile.choices = profile_choices("Not said")


class TextForm(forms.Form):
    """The school's words."""

    name = forms.CharField(
        max_length=LONGEST_NAME, error_messages={"required": "Give these conditions a name."}
    )
    text = forms.CharField(
        max_length=LONGEST_TEXT,
        strip=True,
        error_messages={"required": "Write what people agree to."},
    )
    asks_scan = forms.BooleanField(required=False)
