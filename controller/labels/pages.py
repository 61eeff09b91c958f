"""What the views of labels share: whose labels, the page as it was asked, the address of codes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from controller.config import current
from controller.labels.address import Address, address
from controller.labels.forms import Asked
from controller.labels.papers import papers
from controller.labels.queries import LabelQueries, queries
from controller.labels.sheet import SmallError
from controller.people.actor import actor_of, school_of
from controller.printing.making import PrintingError


def queries_for(request: HttpRequest) -> LabelQueries:
    """Labels of the school looked at. Raises Http404 where they are somebody else's."""
    found = queries(actor_of(request), school_of(request))
    if found is None:
        raise Http404
    return found


def address_for(request: HttpRequest) -> Address:
    """What codes begin with."""
    return address(current(), request.get_host())


def page(
    request: HttpRequest, found: LabelQueries, asked: Asked, picture: str = ""
) -> HttpResponse:
    """The page with everything that was asked on it."""
    names = {
        "asked": asked,
        "chosen": found.chosen(asked),
        "choices": found.choices(),
        "paper": papers()[asked.paper],
        "address": address_for(request),
        "picture": picture,
    }
    return render(request, "labels/labels.html", names)


def picture_of(request: HttpRequest, found: LabelQueries, asked: Asked) -> str:
    """The first sheet as a picture, or "" with the reason said."""
    try:
        return found.picture(asked, address_for(request))
    except (PrintingError, SmallError) as error:
        messages.error(request, str(error))
        return ""
