"""The form of whoever opens a thing and writes down its drives: what is known is proposed, each is
ticked or left, and rows for more stand below."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import msgspec
from django import forms as django_forms

from controller.disposal import forms
from controller.disposal.attached import Attached
from controller.disposal.reported import reported
from controller.disposal.stepping import Looked
from inventory.assets.errors import RegisterError
from inventory.disposal import media, serials, services
from inventory.disposal.now import Medium
from inventory.disposal.states import MediumKind
from inventory.disposal.values import MOST_MEDIA, FoundMedium

SPARE: Final = 3
"""Empty rows."""
_PREFIX: Final = "drive{}"


class Row(msgspec.Struct, frozen=True):
    """One drive of the form. `known`: what was known before; None for an empty row. `told`: when
    its computer last told it; None where it did not."""

    form: forms.DriveForm
    known: FoundMedium | None
    told: int | None = None


class InspectForm(forms.StepForm):
    """The whole; its rows are forms of their own."""

    apart = ("none_confirmed",)
    none_confirmed = django_forms.BooleanField(required=False)
    rows: Sequence[Row] = ()

    def is_valid(self) -> bool:
        """Every row as well."""
        whole = super().is_valid()
        return all([whole, *(row.form.is_valid() for row in self.rows)])


def make(looked: Looked, data: Mapping[str, Any] | None) -> django_forms.Form:
    """With a row for each drive that is known, and some for more."""
    form = InspectForm(data, initial={"seq": looked.told.now.seq})
    told, heard_at = _told(looked)
    known = _known(looked, told)[: MOST_MEDIA - SPARE]
    bound = data if data is not None else None
    form.rows = [
        Row(
            forms.DriveForm(bound, prefix=_PREFIX.format(at), initial=_initial(one)),
            one,
            heard_at if one and one.serial in told else None,
        )
        for at, one in enumerate([*known, *[None] * SPARE])
    ]
    return form


def _told(looked: Looked) -> tuple[dict[str, media.Proposed], int | None]:
    """What the computer last told to be in it, by key; and when that was."""
    asset = looked.told.entry["id"]
    proposal = media.propose(reported({looked.school.id}, [asset]).get(asset), looked.found.now)
    return {one.key: one for one in proposal.media if one.key}, proposal.heard_at


def _known(looked: Looked, told: Mapping[str, media.Proposed]) -> list[FoundMedium]:
    """What the disposal knows to be in it, or misses, and what the computer told since."""
    known = looked.told.now.media
    found = {one.serial: _found(one) for one in known.values() if one.leaves or one.missing}
    return [*found.values(), *(proposed(one) for key, one in told.items() if key not in known)]


def _found(medium: Medium) -> FoundMedium:
    return FoundMedium(**{name: getattr(medium, name) for name in FoundMedium.__struct_fields__})


def proposed(one: media.Proposed) -> FoundMedium:
    """A drive as its computer told it."""
    return FoundMedium(
        serial=one.key,
        kind=one.kind,
        serial_raw=one.serial[:200],
        wwn=one.wwn[:200],
        make=one.make[:200],
        model=one.model[:200],
        size_bytes=one.size_bytes or 0,
        encrypted_since=one.encrypted_since,
    )


def _initial(known: FoundMedium | None) -> dict[str, Any]:
    if known is None:
        return {}
    return {
        "there": True,
        "serial": known.serial_raw or known.serial,
        "kind": known.kind,
        "make": known.make,
        "model": known.model,
        "size": known.size_bytes or None,
    }


def take(looked: Looked, form: Any, _attached: Attached) -> str:
    """Write down what was found. Raises RegisterError."""
    found = [one for row in form.rows if (one := _read(row))]
    none = form.cleaned_data["none_confirmed"]
    missing = [one for row in form.rows if (one := _missing(looked, row))]
    services.inspect(
        looked.school.id,
        looked.told.id,
        media=found,
        none_confirmed=none,
        missing=missing,
        by=looked.by,
        seen=form.cleaned_data["seq"],
    )
    if none:
        return "Written down: there is no drive in it."
    return f"Written down: {len(found)} found. Whoever approves sees exactly these."


def _missing(looked: Looked, row: Row) -> FoundMedium | None:
    """The drive of a row where somebody says that it is not there. Raises RegisterError."""
    told = row.form.cleaned_data
    if row.known is None or not told["missing"]:
        return None
    if told["there"]:
        sentence = "Say of each drive that it is there or that it is missing, not both."
        raise RegisterError("both", sentence)
    now = looked.told.now.media.get(row.known.serial)
    return row.known if now is None or now.leaves else None


def _read(row: Row) -> FoundMedium | None:
    """The drive of a row; None for one that is empty or not ticked."""
    told = row.form.cleaned_data
    if row.known is not None and not told["there"]:
        return None
    if not told["serial"].strip():
        if row.known is None and not (told["make"] or told["model"] or told["kind"]):
            return None
        raise RegisterError("no_serial", "Write each drive’s serial number as its label has it.")
    key = serials.key(told["serial"])
    if not key:
        sentence = (
            f"“{told['serial'][:40]}” tells no two drives apart. Read the number again, or put a "
            "label of your own on the drive and use its number."
        )
        raise RegisterError("no_serial", sentence)
    same = row.known if row.known is not None and row.known.serial == key else None
    return FoundMedium(
        serial=key,
        kind=cast("MediumKind", told["kind"] or "unknown"),
        serial_raw=told["serial"].strip(),
        wwn=same.wwn if same else "",
        make=told["make"].strip(),
        model=told["model"].strip(),
        size_bytes=told["size"] or 0,
        encrypted_since=same.encrypted_since if same else None,
        failed=same.failed if same else False,
    )


def more(looked: Looked, form: Any) -> dict[str, Any]:
    """What the template shows besides: the rows, and what the last report leaves open."""
    asset = looked.told.entry["id"]
    told = reported({looked.school.id}, [asset]).get(asset)
    proposal = media.propose(told, looked.found.now)
    return {
        "drives": form.rows,
        "none_confirmed": bool(form["none_confirmed"].value()),
        "proposal": [media.SENTENCES[one] for one in proposal.why],
    }
