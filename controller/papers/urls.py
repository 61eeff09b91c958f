"""Addresses of papers. Those that take a file stand in `controller.serving.uploads` as well."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

import controller.serving.converters  # noqa: F401  it makes `<asset:…>` known
from controller.papers import views


class DocumentId(StringConverter):
    """`doc_` and a ULID."""

    regex = "doc_[0-9A-HJKMNP-TV-Z]{26}"


class Digest(StringConverter):
    """SHA-256 in hex."""

    regex = "[0-9a-f]{64}"


register_converter(DocumentId, "doc")
register_converter(Digest, "sha256")

_ENTRY = "register/<asset:asset_id>/papers/"
_PAPER = f"{_ENTRY}<doc:document_id>/"

urlpatterns = [
    path(f"{_ENTRY}add/", views.add, name="paper_add"),
    path(_PAPER, views.paper, name="paper"),
    path(f"{_PAPER}small/", views.small, name="paper_small"),
    path(f"{_PAPER}remove/", views.remove, name="paper_remove"),
    path("register/signatures/<sha256:sha256>/", views.signature, name="signature"),
]
