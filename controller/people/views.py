"""Choosing one's own password. Sign-in and sign-out are allauth's own views."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from controller.people import services
from controller.people.forms import OwnPasswordForm
from controller.people.models import User


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Ask for the old password and twice for the new one."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  LoginRequiredMiddleware lets nobody else in
    form = OwnPasswordForm(request, user)
    if form.is_bound and form.is_valid():
        services.choose_password(user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, user)
        messages.success(request, "Your password is changed.")
        return redirect("overview")
    return render(request, "people/change_password.html", {"form": form})
