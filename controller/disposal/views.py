"""The board, one thing's story, and the steps of the whole thing."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller.disposal.asking import asked_for
from controller.disposal.kinds import KINDS
from controller.disposal.many import together
from controller.disposal.queries import queries
from controller.disposal.stepping import Stepping, answer
from controller.disposal.taking import begin
from controller.disposal.words import words
from controller.people.access import needs
from controller.people.actor import actor_of, school_for
from controller.people.roles import Ability
from inventory.disposal.states import ASKED
from inventory.disposal.waiting import CUPBOARD_DAYS

AGES = (7, 30, 90)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def board(request: HttpRequest) -> HttpResponse:
    """What is on its way out, and what waits for whoever looks."""
    school, asked = school_for(request, Ability.SEE_COMPUTERS), asked_for(request.GET)
    names = {
        "board": queries(actor_of(request)).board(school, asked),
        "asked": asked,
        "narrowed": bool(asked.search or asked.route or asked.days),
        "routes": [(one, words().routes[one]) for one in ASKED],
        "ages": AGES,
        "cupboard_days": CUPBOARD_DAYS,
    }
    return render(request, "disposal/board.html", names)


@require_safe
@needs(Ability.SEE_COMPUTERS)
def disposal(request: HttpRequest, disposal_id: str) -> HttpResponse:
    """One thing's story."""
    found = queries(actor_of(request))
    told = found.told(disposal_id)
    if told is None:
        raise Http404
    return render(request, "disposal/disposal.html", {"page": found.page(*told)})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.REQUEST_DISPOSAL)
def start(request: HttpRequest, asset_id: str) -> HttpResponse:
    """Take a thing out of use."""
    made = begin(request, asset_id)
    if isinstance(made, str):
        if request.method == "POST":
            messages.success(request, "It is out of use. Say now where it should go.")
        return redirect("disposal", made)
    return render(request, "disposal/step.html", made, status=422 if request.POST else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.REQUEST_DISPOSAL)
def work(request: HttpRequest, disposal_id: str, step: str) -> HttpResponse:
    """Ask for its disposal, look inside, or keep it after all."""
    return answer(request, Stepping(disposal_id, step), KINDS[step])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.APPROVE_DISPOSAL)
def decide(request: HttpRequest, disposal_id: str, step: str) -> HttpResponse:
    """Approve, refuse, or hand over."""
    return answer(request, Stepping(disposal_id, step), KINDS[step])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.HOLD_DISPOSAL)
def stop(request: HttpRequest, disposal_id: str, step: str) -> HttpResponse:
    """Stop everything, or end a stop."""
    return answer(request, Stepping(disposal_id, step), KINDS[step])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.REQUEST_DISPOSAL)
def drive_work(request: HttpRequest, disposal_id: str, drive: str, step: str) -> HttpResponse:
    """What the technician does to one drive."""
    return answer(request, Stepping(disposal_id, step, drive), KINDS[step])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.SEE_COMPUTERS)
def clear_up(request: HttpRequest, disposal_id: str) -> HttpResponse:
    """What did not fit is explained: by whoever works on it, or answers for it."""
    return answer(request, Stepping(disposal_id, "close_exception"), KINDS["close_exception"])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.SEE_COMPUTERS)
def verify(request: HttpRequest, disposal_id: str, drive: str) -> HttpResponse:
    """A drive is read back: by whoever works on it, or answers for it."""
    return answer(request, Stepping(disposal_id, "verify", drive), KINDS["verify"])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.SEE_COMPUTERS)
def witness(request: HttpRequest, disposal_id: str, drive: str) -> HttpResponse:
    """Somebody says what they saw of a destruction."""
    return answer(request, Stepping(disposal_id, "witness", drive), KINDS["witness"])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.SEE_COMPUTERS)
def retain(request: HttpRequest, disposal_id: str, drive: str) -> HttpResponse:
    """A drive is kept: by whoever works on it, or answers for it."""
    return answer(request, Stepping(disposal_id, "retain", drive), KINDS["retain"])


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.APPROVE_DISPOSAL)
def drive_decide(request: HttpRequest, disposal_id: str, drive: str, step: str) -> HttpResponse:
    """Accept a wipe, or not."""
    return answer(request, Stepping(disposal_id, step, drive), KINDS[step])


@require_POST
@needs(Ability.APPROVE_DISPOSAL)
def approve_many(request: HttpRequest) -> HttpResponse:
    """Look at several together, then approve them in one step."""
    return together(request)
