"""A sheet is sent, its columns are explained and tried, then it is imported; a list taken back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller.importing import meaning
from controller.importing.queries import List, page_of, queries
from controller.importing.waiting import Waiting
from controller.people.access import needs
from controller.people.actor import actor_of, school_for
from controller.people.roles import Ability
from controller.wording.words import count
from inventory.assets.errors import RegisterError
from inventory.imports.sheets import LARGEST, SheetError


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def upload(request: HttpRequest) -> HttpResponse:
    """Step 1: send a file."""
    school, found, problem = (
        school_for(request, Ability.EDIT_REGISTER),
        queries(actor_of(request)),
        "",
    )
    if request.method == "POST":
        given = request.FILES.get("sheet")
        try:
            if given is None:
                raise RegisterError("no_file", "Choose a file first, then send it.")
            token = found.keep(school.id, given.name or "", given.read(LARGEST + 1))
            return redirect("import_look", token)
        except (SheetError, RegisterError) as error:
            problem = getattr(error, "sentence", str(error))
    names = {
        "waiting": found.waiting(),
        "lists": found.managed_lists(school.id),
        "problem": problem,
    }
    return render(request, "importing/upload.html", names)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.EDIT_REGISTER)
def look(request: HttpRequest, token: str) -> HttpResponse:
    """Steps 2 and 3: what the columns mean, what would happen; then do it."""
    school_for(request, Ability.EDIT_REGISTER)
    found, problem, would = queries(actor_of(request)), "", None
    one = found.one(token)
    if one is None:
        return _gone(request)
    said = meaning.first(one.sheet)
    try:
        if request.method == "POST":
            said = meaning.read(request.POST.dict(), one.sheet)
        if request.POST.get("step") == "do":
            step, refused = found.take(one, said)
            return _done(request, one, step, refused)
        would = found.look(one, said)
    except RegisterError as error:
        problem = error.sentence
    names = {"problem": problem, "would": would, "token": token}
    return render(request, "importing/look.html", names | page_of(one, said))


@require_POST
@needs(Ability.EDIT_REGISTER)
def let_go(request: HttpRequest, token: str) -> HttpResponse:
    """Forget a sheet that waits."""
    school_for(request, Ability.EDIT_REGISTER)
    found = queries(actor_of(request))
    one = found.one(token)
    if one is None:
        return _gone(request)
    found.let_go(one)
    messages.success(request, "The sheet is forgotten. Nothing was imported.")
    return redirect("register_import")


@require_safe
@needs(Ability.EDIT_REGISTER)
def managed_list(request: HttpRequest, sheet_id: str) -> HttpResponse:
    """One list of a management: what it did, and taking it back."""
    return render(request, "importing/list.html", {"page": _list(request, sheet_id)})


@require_POST
@needs(Ability.EDIT_REGISTER)
def undo(request: HttpRequest, sheet_id: str) -> HttpResponse:
    """Take a list back."""
    try:
        undone = queries(actor_of(request)).undo(_list(request, sheet_id))
    except RegisterError as error:
        messages.error(request, error.sentence)
        return redirect("managed_list", sheet_id)
    messages.success(request, "The list is taken back: the one before it holds again.")
    if undone.kept:
        kept = count(len(undone.kept), "entry was", "entries were")
        messages.error(request, f"{kept} changed since and stay in the register.")
    return redirect("managed_list", sheet_id)


def _done(request: HttpRequest, one: Waiting, step: str, refused: int) -> HttpResponse:
    """Where to after importing. What was refused can be looked at for the rest of the hour."""
    if refused:
        rows = count(refused, "row was", "rows were")
        messages.error(request, f"{rows} refused. The sheet waits under Import, with why.")
    else:
        queries(actor_of(request)).let_go(one)
    if not step:
        messages.success(request, "Nothing was different, so nothing was imported.")
        return redirect("register_import")
    messages.success(request, "It is imported.")
    if step.startswith("sheet_"):
        return redirect("managed_list", step)
    return redirect("register_step", step)


def _gone(request: HttpRequest) -> HttpResponse:
    """The same for what was let go, for another person's and for what never was."""
    messages.error(request, "This sheet is not kept any more: send it again.")
    return redirect("register_import")


def _list(request: HttpRequest, sheet_id: str) -> List:
    found = queries(actor_of(request)).managed_list(sheet_id)
    if found is None:
        raise Http404
    return found
