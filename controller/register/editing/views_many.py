"""Change many entries in one step: choose, see what would happen, confirm once."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from controller.people.access import needs
from controller.people.actor import School, actor_of
from controller.people.roles import Ability
from controller.register.editing import many
from controller.register.editing.inputs import harmless, sentence
from controller.register.editing.queries import EditingQueries, queries
from controller.register.editing.views import at
from controller.wording.words import count
from inventory.assets.errors import RegisterError, StaleError
from inventory.assets.queries import read
from inventory.assets.several import MOST, Selected, carry_out, plan
from inventory.ids import new_id

_OTHER_NOW: Final = "Meanwhile something changed: look at it as it is now, then do it."
_LONGEST_SEARCH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be changed: ticked entries, or all that a search finds."""

    school: School
    ids: tuple[str, ...]
    everything: bool
    search: str

    def rows(self, register: EditingQueries) -> Selected:
        """The entries. Raises RegisterError."""
        if self.everything:
            asked = read(dict(parse_qsl(self.search)))
            return register.found(self.school.id, asked, self.school.timezone)
        return register.ticked(self.school.id, self.ids)


@require_POST
@needs(Ability.EDIT_REGISTER)
def several(request: HttpRequest) -> HttpResponse:
    """All three pages of it; nothing is changed before the last."""
    register, chosen = queries(actor_of(request)), _chosen(request)
    if not chosen.everything and not chosen.ids:
        messages.error(request, "Tick at least one entry first.")
        return redirect("register")
    try:
        rows = chosen.rows(register)
    except RegisterError as error:
        if error.code == "not_found":
            raise Http404 from error
        messages.error(request, sentence(error))
        return redirect("register")
    stage = request.POST.get("stage", "")
    asked = many.asking(request.POST) if stage else None
    if asked is None or stage == "again" or asked.errors:
        return _form(request, chosen, rows, asked)
    return _preview(request, chosen, rows, asked)


def _chosen(request: HttpRequest) -> Chosen:
    post: QueryDict = request.POST
    school = actor_of(request).school(str(post.get("school", "")))
    if school is None or not school.allows(Ability.EDIT_REGISTER):
        raise Http404
    ticked = [*post.getlist("asset"), *str(post.get("assets", "")).split(",")]
    ids = tuple(dict.fromkeys(one for one in ticked if one))
    if any(not one.isascii() or not one.isprintable() for one in ids):
        raise Http404
    everything = post.get("all") == "1"
    search = harmless(str(post.get("search", ""))[:_LONGEST_SEARCH])
    return Chosen(school, () if everything else ids, everything, search)


def _form(
    request: HttpRequest, chosen: Chosen, rows: Selected, asked: many.Asking | None
) -> HttpResponse:
    register = queries(actor_of(request))
    parts, states = many.form(asked, register.places(chosen.school.id))
    page = {"parts": parts, "states": states, "most": MOST}
    if asked and request.POST.get("stage") != "again":
        page["wrong"] = list(dict.fromkeys(asked.errors.values()))
        page["wrong_reason"] = asked.errors.get("reason", "")
    return _render(request, "several", chosen, rows, asked, page)


def _preview(
    request: HttpRequest, chosen: Chosen, rows: Selected, asked: many.Asking
) -> HttpResponse:
    register, site = queries(actor_of(request)), chosen.school.id
    page: dict[str, Any] = {}
    try:
        agreed = plan(rows, asked.wanted)
        if request.POST.get("stage") == "do":
            if request.POST.get("mark") == agreed.mark and agreed.seen:
                by = register.by(asked.reason, new_id("batch", register.now))
                done = carry_out(site, rows, agreed, asked.wanted, by)
                messages.success(request, f"{count(done, 'entry is', 'entries are')} changed.")
                return redirect("register_step", by.batch)
            page["again"] = _OTHER_NOW
    except StaleError:
        rows = chosen.rows(register)
        agreed, page["again"] = plan(rows, asked.wanted), _OTHER_NOW
    except RegisterError as error:
        asked.errors[error.field or "nothing"] = sentence(error)
        return _form(request, chosen, rows, asked)
    names = register.names_of(site, many.named_in(agreed, asked.wanted))
    page["preview"] = many.preview(agreed, asked.wanted, names)
    return _render(request, "preview", chosen, rows, asked, page)


def _render(  # noqa: PLR0917  one page of three, with all that goes from one to the next
    request: HttpRequest,
    template: str,
    chosen: Chosen,
    rows: Selected,
    asked: many.Asking | None,
    page: dict[str, Any],
) -> HttpResponse:
    sent = {f"set-{name}": text for name, text in asked.typed.raw.items()} if asked else {}
    sent |= {f"empty-{name}": "1" for name in asked.emptied} if asked else {}
    sent |= {"set-state": asked.state or ""} if asked else {}
    known = {
        "chosen": chosen,
        "number": len(rows),
        "sent": {name: harmless(text, lines=True) for name, text in sent.items()},
        "reason": harmless(asked.reason[:2_000]) if asked else "",
    }
    return render(request, f"register/editing/{template}.html", known | page | at(chosen.school))
