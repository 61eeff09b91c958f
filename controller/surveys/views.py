"""Network → Who may ask: who may have the network looked at, where and with what; making a scope,
taking a signed one, ending one, and typing what it asks with (network.md §4, O20)."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from controller import clock
from controller.config import current
from controller.data.datafolder import DataFolderError
from controller.people.access import needs
from controller.people.actor import School, actor_of, school_for
from controller.people.roles import Ability
from controller.surveys import credentials, publishing
from controller.surveys.credentials import Place
from controller.surveys.forms import KINDS, LoginForm, ScopeForm, SignedForm
from controller.surveys.publishing import ScopeError
from controller.surveys.queries import queries
from controller.surveys.wording import KINDS as KIND_NAMES
from controller.surveys.wording import said
from wire import limits
from wire import scope as signed
from wire.scope import Scope

_RUN = Ability.RUN_SURVEYS
_AUTHORISE = Ability.AUTHORISE_SURVEYS


@require_safe
@needs(Ability.SEE_COMPUTERS)
def rounds(request: HttpRequest) -> HttpResponse:
    """How it stands."""
    school = school_for(request, Ability.SEE_COMPUTERS)
    found = queries(actor_of(request))
    page = found.page(school.id)
    if page is None:
        raise Http404
    names = {
        "page": page,
        "form": SignedForm(),
        "kinds": KIND_NAMES.items(),
        "signing": found.signing(),
    }
    names |= {"may_run": school.allows(_RUN), "kind_names": KIND_NAMES}
    return render(request, "surveys/rounds.html", names)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.RUN_SURVEYS)
def new(request: HttpRequest) -> HttpResponse:
    """Write a scope; read it in words; then have it signed."""
    school = school_for(request, _RUN)
    found = queries(actor_of(request))
    form = ScopeForm(request.POST or None, scanners=found.scanners(school.id))
    scope = None
    if request.method == "POST" and form.is_valid():
        scope = _drafted(request, form, school)
    if scope is not None and (done := _done(request, scope, school)) is not None:
        return done
    names = {
        "form": form,
        "scope": scope,
        "said": said(scope) if scope else None,
        "signing": found.signing(),
        "may_authorise": school.allows(_AUTHORISE),
    }
    return render(request, "surveys/new.html", names, status=422 if form.errors else 200)


def _drafted(request: HttpRequest, form: ScopeForm, school: School) -> Scope | None:
    made = form.scope(school.id, school.timezone)
    try:
        days = form.cleaned_data["days"]
        return publishing.numbered(made, clock.now(), days=days) if made else None
    except ScopeError as error:
        form.add_error(None, str(error))
        return None


def _done(request: HttpRequest, scope: Scope, school: School) -> HttpResponse | None:
    """A file to sign, or a scope in use; None to read it first, or when it is refused."""
    do = request.POST.get("do", "")
    if do == "file":
        answer = HttpResponse(signed.payload_of(scope), content_type="application/json")
        answer.headers["Content-Disposition"] = f'attachment; filename="scope-{scope.version}.json"'
        return answer
    if do != "use" or not school.allows(_AUTHORISE):
        return None
    try:
        envelope = publishing.sign(current().folder, scope)
        _take(request, envelope, school)
    except (ScopeError, DataFolderError) as error:
        messages.error(request, str(error))
        return None
    messages.success(request, "It is in use. Its scanner takes it with its next report.")
    return redirect("survey_rounds")


@require_POST
@needs(Ability.RUN_SURVEYS)
def bring(request: HttpRequest) -> HttpResponse:
    """Take what a person signed."""
    school = school_for(request, _RUN)
    form = SignedForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "Choose both: scope-….json, and scope-….json.sig beside it.")
        return redirect("survey_rounds")
    try:
        payload, signature = (_bytes(form.cleaned_data[n]) for n in ("payload", "signature"))
        envelope = publishing.join(current().folder, payload, signature)
        _take(request, envelope, school)
    except (ScopeError, DataFolderError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It is in use. Its scanner takes it with its next report.")
    return redirect("survey_rounds")


def _take(request: HttpRequest, envelope: bytes, school: School) -> None:
    publishing.take(
        current().folder,
        envelope,
        actor=actor_of(request).id,
        at=clock.now(),
        site=school.id,
    )


def _bytes(file: UploadedFile) -> bytes:
    """Raises ScopeError for what is too large to be either."""
    if (file.size or 0) > limits.ENVELOPE:
        raise ScopeError("That file is too large to be a scope or its signature.")
    return bytes(file.read())


@require_POST
@needs(Ability.RUN_SURVEYS)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Stop a scanner: nobody needs a key to stop something."""
    school = school_for(request, _RUN)
    found = queries(actor_of(request)).scope(school.id, number)
    if found is None:
        raise Http404
    publishing.end(found, actor=actor_of(request).id, at=clock.now())
    messages.success(request, "Ended. Its scanner asks nothing any more from its next report on.")
    return redirect("survey_rounds")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@needs(Ability.RUN_SURVEYS)
def credential(request: HttpRequest, kind: str) -> HttpResponse:
    """Type one; it is sealed at once and never shown again."""
    school = school_for(request, _RUN)
    if kind not in KINDS:
        raise Http404
    ready = queries(actor_of(request)).ready(school.id)
    form = KINDS[kind](request.POST or None, scanners=ready)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        place = Place(school.id, told["scanner"], told["name"].strip())
        try:
            by, at = actor_of(request).id, clock.now()
            credentials.add(current().folder, place, form.opened(), actor=by, at=at)
        except ScopeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Sealed. Only the scanner can open it.")
            return redirect("survey_rounds")
    if isinstance(form, LoginForm) and form.is_bound:
        form.forget()
    names = {"form": form, "kind": KIND_NAMES[kind], "ready": ready}
    return render(request, "surveys/credential.html", names, status=422 if form.errors else 200)


@require_POST
@needs(Ability.RUN_SURVEYS)
def forget(request: HttpRequest) -> HttpResponse:
    """Let go of one, here and on the scanner."""
    school = school_for(request, _RUN)
    place = Place(
        school.id, request.POST.get("scanner", "")[:64], request.POST.get("name", "")[:64]
    )
    try:
        by, at = actor_of(request).id, clock.now()
        credentials.remove(current().folder, place, actor=by, at=at)
    except ScopeError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Gone here; the scanner lets go of it with its next report.")
    return redirect("survey_rounds")
