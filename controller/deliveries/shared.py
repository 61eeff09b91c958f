"""What the views of deliveries share: whose they are."""

from django.http import Http404, HttpRequest

from controller.deliveries.queries import Page, queries
from controller.people.actor import School, actor_of, school_of
from controller.people.roles import Ability


def school_for(request: HttpRequest) -> School:
    """The school looked at. Raises Http404 where this person does not keep its register."""
    school = school_of(request)
    if school is None or not school.allows(Ability.EDIT_REGISTER):
        raise Http404
    return school


def page_for(request: HttpRequest, delivery_id: str) -> Page:
    """One delivery. Raises Http404 where it is none of theirs."""
    page = queries(actor_of(request)).page(delivery_id)
    if page is None:
        raise Http404
    return page
