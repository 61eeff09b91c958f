"""What people may send us of receipts and certificates."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

from django import forms

from controller.contractors.forms import DAYS
from inventory.collections import certificates, claimed, receipts
from inventory.collections.certificates import TECHNIQUES
from inventory.collections.gathering import Thing
from inventory.collections.typed import LONGEST, LONGEST_CONDITION, Received, received
from inventory.disposal.proof.storing import Evidence
from inventory.disposal.states import LEVELS

LEVEL_WORDS: Final[Mapping[str, str]] = {
    "clear": "Wiped or overwritten (clear)",
    "purge": "Wiped beyond recovery (purge)",
    "destroy": "Destroyed",
}
TECHNIQUE_WORDS: Final[Mapping[str, str]] = {
    "overwrite": "Overwritten",
    "firmware_overwrite": "Overwritten by the drive itself",
    "block_erase": "Block erase",
    "crypto_erase": "Its key was erased",
    "secure_erase": "Secure Erase",
    "secure_erase_enhanced": "Enhanced Secure Erase",
    "format_user_data": "NVMe format",
    "factory_reset": "Factory reset",
    "degauss": "Degaussed",
    "other": "Another way",
}
MOST: Final = 20_000
"""Letters of a list that is pasted."""


class Query(Protocol):
    """What was sent."""

    def get(self, name: str, default: str, /) -> str:
        """One of them."""
        ...

    def getlist(self, name: str, /) -> Sequence[str]:
        """All of one name."""
        ...


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        label=label,
        error_messages={"required": "Say which day.", "invalid": "Write the day as 31/08/2027."},
    )


def _lines(label: str, rows: int) -> forms.CharField:
    return forms.CharField(
        max_length=MOST,
        required=False,
        strip=False,
        label=label,
        widget=forms.Textarea(attrs={"rows": rows, "class": "form-control mono"}),
    )


class _Styled(forms.Form):
    """As people see fields here."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Every field gets the class that its kind has."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.RadioSelect):
                chooses = isinstance(field, forms.ChoiceField)
                field.widget.attrs.setdefault("class", "form-select" if chooses else "form-control")


class ReceiptForm(_Styled):
    """What stands on a receipt beside its lines."""

    day = _day("The day on it")
    accepts = forms.ChoiceField(
        choices=[("yes", "Yes"), ("no", "No, or it does not say")],
        widget=forms.RadioSelect,
        label="Does it accept responsibility for destroying personal data?",
        error_messages={"required": "Say whether it accepts responsibility."},
    )
    clause = forms.CharField(
        max_length=receipts.LONGEST_CLAUSE,
        required=False,
        label="The words in which it does, as they stand there",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    more = _lines("Anything else on it, one thing to a line", 3)
    reason = forms.CharField(
        max_length=receipts.LONGEST_REASON, required=False, label="Why there is another receipt"
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput())

    def given(self, contractor: str, lines: tuple[Received, ...], evidence: str) -> receipts.Given:
        """As it is taken in. Raises RegisterError for a line."""
        said = self.cleaned_data
        return receipts.Given(
            contractor=contractor,
            day=said["day"].isoformat(),
            accepts=said["accepts"] == "yes",
            clause=said["clause"],
            lines=lines + received(said["more"]),
            evidence=evidence,
            reason=said["reason"],
        )


class CertificateForm(_Styled):
    """A certificate as somebody reads it off the paper."""

    contractor = forms.ChoiceField(label="Whose certificate it is")
    reference = forms.CharField(max_length=60, required=False, label="Its number")
    day = _day("The day on which they did it")
    level = forms.ChoiceField(
        choices=[("", "Choose what it says"), *((one, LEVEL_WORDS[one]) for one in LEVELS)],
        label="What they did",
        error_messages={"required": "Choose what the certificate says they did."},
    )
    technique = forms.ChoiceField(
        choices=[("", "Does not say"), *((one, TECHNIQUE_WORDS[one]) for one in TECHNIQUES)],
        required=False,
        label="How, where they wiped",
    )
    tool = forms.CharField(max_length=120, required=False, label="With which program or machine")
    lines = _lines("The drives on it, one to a line", 8)

    def __init__(self, *args: Any, firms: Mapping[str, str], **kwargs: Any) -> None:
        """`firms`: companies by id; the one that collected comes first."""
        super().__init__(*args, **kwargs)
        self.fields["contractor"].choices = list(firms.items())  # type: ignore[attr-defined]  # it is a choice

    def given(self, kept: Evidence | None) -> certificates.Given:
        """As it is entered: what was typed, or else what was read from the file. Raises
        RegisterError for a line."""
        said = self.cleaned_data
        whole = certificates.Line(
            serial="",
            level=said["level"],
            technique=said["technique"],
            tool=said["tool"],
            day=said["day"].isoformat(),
        )
        typed = claimed.typed(said["lines"], whole)
        read = claimed.lines(kept.claims, whole) if kept and not typed else ()
        return certificates.Given(
            contractor=said["contractor"],
            reference=said["reference"],
            day=whole.day,
            lines=typed or read,
            evidence=kept.sha256 if kept else "",
            read_as=kept.format if kept and read else "",
        )


def ticked(query: Query, things: Sequence[Thing]) -> tuple[Received, ...]:
    """The things and drives that somebody ticked as standing on the receipt."""
    found = []
    for thing in things:
        on_it = set(query.getlist(f"serial-{thing.disposal}"))
        drives = tuple(one for one in drives_of(thing) if one in on_it)
        named = bool(query.get(f"thing-{thing.disposal}", ""))
        if drives or named:
            condition = query.get(f"condition-{thing.disposal}", "")[:LONGEST_CONDITION]
            tag = thing.label[:LONGEST] if named else ""
            found.append(Received(tag, drives, condition))
    return tuple(found)


def drives_of(thing: Thing) -> list[str]:
    """Its drives that left, as they are written."""
    return sorted(
        medium.serial_raw or key for key, medium in thing.now.media.items() if medium.leaves
    )


def seen(query: Query) -> int:
    """The number somebody has seen; -1 for what is none, which nothing has."""
    text = query.get("seq", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
