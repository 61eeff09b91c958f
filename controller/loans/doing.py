"""What a form of loans asks for, done: things gathered from ticks and typed lines, then given or
taken back."""

from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest

from controller import clock
from controller.loans.forms import CONDITIONS, GiveForm, ReturnForm
from controller.loans.queries import LoanQueries, PersonPage, queries
from controller.people.actor import School, actor_of
from controller.people.roles import Ability
from inventory.allocation import handovers
from inventory.allocation.services import Back, Terms
from inventory.allocation.typed import Typed, typed
from inventory.assets.errors import RegisterError
from inventory.assets.writing import By

MOST_TICKED: Final = 500


@dataclass(slots=True)
class Gathered:
    """The things a form names: ids in order, and what was typed that names none."""

    ids: list[str]
    typed: Typed = field(default_factory=lambda: Typed([], [], []))

    @property
    def problem(self) -> str:
        """What is wrong with the lines, in a sentence; "" for nothing."""
        if self.typed.unknown:
            return f"Not in the register: {_some(self.typed.unknown)}."
        if self.typed.doubtful:
            return f"More than one thing has this number: {_some(self.typed.doubtful)}. Tick it."
        if self.typed.over:
            return f"{self.typed.over} lines too many. Do them in a second step."
        return ""


def keeper_of(request: HttpRequest, site: str) -> School:
    """The school of a thing, where this person keeps the register. Raises Http404."""
    school = actor_of(request).school(site)
    if school is None or not school.allows(Ability.EDIT_REGISTER):
        raise Http404
    return school


def person_page(request: HttpRequest, person_id: str) -> tuple[PersonPage, School]:
    """Their page and school. Raises Http404."""
    actor = actor_of(request)
    page = queries(actor).person(person_id)
    school = actor.school(page.person.site) if page else None
    if page is None or school is None:
        raise Http404
    return page, school


def by(request: HttpRequest) -> By:
    """Who does it, now."""
    return By(actor_of(request).id, clock.now())


def gathered(request: HttpRequest, site: str, tags: str) -> Gathered:
    """Ticked and typed things, each once."""
    source = request.POST if request.method == "POST" else request.GET
    ticked = [one.replace("\0", "")[:32] for one in source.getlist("thing")[:MOST_TICKED]]
    found = typed(site, tags)
    return Gathered(list(dict.fromkeys([*ticked, *found.ids])), found)


def give(form: GiveForm, things: Gathered, school: School, by_whom: By, today: str) -> str:
    """Give them; the handover's id, or "" with the form's errors set."""
    told = form.cleaned_data
    problem = things.problem
    if told["due_on"] and told["due_on"] < today:
        form.add_error("due_on", "That day is over. Choose today or later.")
    if problem:
        form.add_error("tags", problem)
    if form.errors:
        return ""
    terms = Terms(
        due_on=told["due_on"],
        goes_home=told["goes_home"],
        text=told["text"],
        reason=told["reason"],
        note=told["note"],
        personal_use=told["personal_use"] if told["to"].startswith("pers_") else "",
        take=told["take"],
    )
    try:
        return handovers.give(school.id, things.ids, told["to"], by=by_whom, terms=terms)
    except RegisterError as error:
        add(form, error)
        return ""


def receive(
    request: HttpRequest, form: ReturnForm, things: Gathered, school: School, by_whom: By
) -> str:
    """Take them back; the handover's id, or "" with the form's errors set."""
    if things.problem:
        form.add_error("tags", things.problem)
        return ""
    told = form.cleaned_data
    own = {one: request.POST.get(f"condition-{one}", "") for one in things.ids}
    back = Back(
        condition=told["condition"],
        conditions={one: said for one, said in own.items() if said in CONDITIONS},
        note=told["note"],
        scanned=told["scanned"],
    )
    try:
        return handovers.receive(school.id, things.ids, by=by_whom, back=back)
    except RegisterError as error:
        add(form, error)
        return ""


def add(form: GiveForm | ReturnForm, error: RegisterError) -> None:
    """Say a refusal at the field it is about, or else at the head of the form."""
    place = {"bought_on": "due_on"}.get(error.field, error.field)
    form.add_error(place if place in form.fields else None, ValidationError(error.sentence))


def known(found: LoanQueries, school: School) -> tuple[str, dict[str, object]]:
    """Today at a school, and what templates need for a page of its own."""
    today = found.today(school.timezone)
    return today, {"school": school, "timezone": school.timezone, "today_iso": today}


def _some(lines: list[str]) -> str:
    from controller.wording.shown import shown

    more = f" and {len(lines) - 8} more" if len(lines) > 8 else ""
    return ", ".join(shown(line, 40) or "an unreadable line" for line in lines[:8]) + more
