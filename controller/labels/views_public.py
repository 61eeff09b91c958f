"""The page a label opens: no sign-in, nothing private, four things to tell (S25)."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from controller import clock
from controller.labels.public import Form, address_of, look, read, sent_from_elsewhere, tell
from controller.labels.staff import may_see
from inventory.jobs.services import FullError
from inventory.labels import codes


@csrf_exempt  # it acts on nobody's behalf: see controller.labels.public
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def label(request: HttpRequest, code: str) -> HttpResponse:
    """What it is, and what somebody wants to tell of it."""
    address, now, form = address_of(request), clock.now(), Form()
    try:
        thing = look(code, address, now)
        if thing is None:
            return render(request, "labels/nowhere.html", status=HTTPStatus.NOT_FOUND)
        if request.method == "POST":
            if sent_from_elsewhere(request):
                return render(request, "errors/form_expired.html", status=HTTPStatus.FORBIDDEN)
            wrong = tell(thing, read(request), address, now)
            if wrong is None:
                return redirect(reverse("label", args=[codes.read(code)]) + "?told=yes")
            form = wrong
    except FullError:
        return render(request, "labels/enough.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    told = request.method != "POST" and request.GET.get("told") == "yes"
    names = {"thing": thing, "form": form, "told_it": told, "code": codes.read(code)}
    names["staff"] = may_see(request, thing.site)
    return render(request, "labels/public.html", names)
