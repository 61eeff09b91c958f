"""Choosing what gets a label, on which paper; the sheets as PDF; making lost ones void."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from controller.labels.forms import read
from controller.labels.pages import address_for, page, picture_of, queries_for
from controller.labels.sheet import SmallError
from controller.people.access import needs
from controller.people.roles import Ability
from controller.printing.making import PrintingError
from controller.wording.words import count
from inventory.assets.errors import RegisterError


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def labels(request: HttpRequest) -> HttpResponse:
    """What to print on what; a POST shows how it will look, so that what is ticked need not stand
    in an address."""
    found = queries_for(request)
    if request.method != "POST":
        return page(request, found, read(request.GET, first="paper" not in request.GET))
    asked = read(request.POST, first=False)
    return page(request, found, asked, picture_of(request, found, asked))


@require_POST
@needs(Ability.EDIT_REGISTER)
def sheet(request: HttpRequest) -> HttpResponse:
    """The sheets as PDF; what cannot be printed comes back as it was asked."""
    found, asked = queries_for(request), read(request.POST, first=False)
    try:
        pdf = found.pdf(asked, address_for(request))
    except (RegisterError, PrintingError, SmallError) as error:
        messages.error(request, str(error))
        return page(request, found, asked)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="labels.pdf"'
    return answer


@require_POST
@needs(Ability.EDIT_REGISTER)
def void(request: HttpRequest) -> HttpResponse:
    """Labels that were lost lead nowhere from now on."""
    found, asked = queries_for(request), read(request.POST, first=False)
    try:
        ended = found.void(asked)
    except RegisterError as error:
        messages.error(request, error.sentence)
        return page(request, found, asked)
    if ended:
        told = f"{count(ended, 'label leads', 'labels lead')} nowhere now. Print new ones."
        messages.success(request, told)
    else:
        messages.error(request, "Tick the entries whose labels are lost; none of these has one.")
    return redirect("labels")
