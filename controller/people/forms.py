"""The form with which people choose their own password."""

from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest

from controller.people.models import User


class OwnPasswordForm(PasswordChangeForm):
    """Old password, new password twice."""

    def __init__(self, request: HttpRequest, user: User) -> None:
        """Take the data of a POST."""
        super().__init__(user, request.POST if request.method == "POST" else None)
        self.fields["old_password"].widget.attrs["autofocus"] = True
