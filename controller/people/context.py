"""What every page's frame needs: who is signed in, what they may do, and which words they read."""

from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:
    """Template variables for the frame."""
    return {}
