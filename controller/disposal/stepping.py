"""One way through every form: shown with what it is about, sent, taken, or shown again with what
speaks against it and everything that was typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from controller.disposal.attached import MOST_FILES, Attached
from controller.disposal.happened import Happened
from controller.disposal.queries import DisposalQueries, queries
from controller.disposal.steps import role_order
from controller.disposal.story import Story, Told
from controller.disposal.words import words
from controller.people.actor import School, actor_of
from controller.people.roles import Ability
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.writing import By

_TWO_PEOPLE: Final = frozenset(
    {"same_approver", "same_verifier", "same_validator", "same_receiver"}
)


@dataclass(frozen=True, slots=True)
class Stepping:
    """Which step of which thing, and of which drive of it."""

    disposal: str
    step: str
    drive: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a form stands on: the thing as it is, its story, who looks, and what was asked."""

    found: DisposalQueries
    told: Told
    school: School
    page: Story
    asked: Stepping
    request: HttpRequest

    @property
    def by(self) -> By:
        """Who does it, now."""
        return By(self.found.actor.id, self.found.now)

    def role(self, minute: str) -> str:
        """The role they decide in: a committee’s where its minute is named, else their best."""
        trying = self.found.trying(self.school)
        order = role_order(self.told.now, trying)
        by_minute = trying.rules.approving.by_minute
        if minute.strip():
            return next((one for one in order if one in by_minute), order[0])
        return next((one for one in order if one not in by_minute), order[0])

    @property
    def by_minute(self) -> bool:
        """Whether they can say that less goes only for a committee."""
        trying = self.found.trying(self.school)
        enough = trying.rules.approvers(self.told.now.value_pence)
        return trying.viewer.approves and not set(enough) & set(trying.roles)


Make = Callable[[Looked, Mapping[str, Any] | None], forms.Form]
Take = Callable[[Looked, Any, Attached], str]
More = Callable[[Looked, forms.Form], dict[str, Any]]


def _nothing(_looked: Looked, _form: forms.Form) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Kind:
    """One step: who may, its form, what it does (giving the sentence that says so), its page."""

    abilities: tuple[Ability, ...]
    make: Make
    take: Take
    button: str
    template: str = "disposal/step.html"
    more: More = field(default=_nothing)
    files_label: str = ""


def look(request: HttpRequest, asked: Stepping, abilities: tuple[Ability, ...]) -> Looked:
    """Find it. Raises Http404 and PermissionDenied."""
    found = queries(actor_of(request))
    told = found.told(asked.disposal)
    if told is None or (asked.drive and asked.drive not in told[0].now.media):
        raise Http404
    if not any(told[1].allows(one) for one in abilities):
        raise PermissionDenied
    return Looked(found, *told, found.page(*told), asked, request)


def answer(request: HttpRequest, asked: Stepping, kind: Kind) -> HttpResponse:
    """Show the form, or take the step."""
    looked = look(request, asked, kind.abilities)
    form = kind.make(looked, request.POST if request.method == "POST" else None)
    against: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        try:
            done = kind.take(looked, form, Attached(looked.school.id, request, looked.by))
        except StaleError:
            against = {"meanwhile": _since(looked, form.cleaned_data.get("seq") or 0)}
        except RegisterError as refused:
            against = {"refused": refused}
        else:
            messages.success(request, done)
            return redirect("disposal", asked.disposal)
    names = {
        **_about(looked, kind, against),
        "form": _fresh(form, looked),
        **kind.more(looked, form),
    }
    return render(request, kind.template, names, status=422 if form.is_bound else 200)


def _since(looked: Looked, seq: int) -> list[Happened]:
    return [line for line in looked.page.past if line.seq > seq]


def _fresh(form: forms.Form, looked: Looked) -> forms.Form:
    """With the number of what is shown now, so that sending it again means what is seen."""
    if form.is_bound and "seq" in form.fields:
        form.data = {**_plain(form.data), form.add_prefix("seq"): looked.told.now.seq}
    return form


def _plain(data: Any) -> dict[str, Any]:
    return dict(data.items())


def _about(looked: Looked, kind: Kind, against: dict[str, Any]) -> dict[str, Any]:
    asked, page = looked.asked, looked.page
    step = next(
        (
            one
            for one in (*page.can, *page.cannot)
            if (one.name, one.drive) == (asked.step, asked.drive)
        ),
        None,
    )
    code = getattr(against.get("refused"), "code", "") or (step.code if step else "")
    return {
        "page": page,
        "name": page.name,
        "tag": page.tag,
        "title": words().steps[asked.step],
        "back": f"/register/disposal/{page.id}/",
        "drive": next((one for one in page.drives if one.serial == asked.drive), None),
        "step": step,
        "button": kind.button,
        "files_label": kind.files_label,
        "most_files": MOST_FILES,
        "two_people": code in _TWO_PEOPLE,
        **against,
    }
