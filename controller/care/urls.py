"""Addresses of care; those that take a certificate also stand in `controller.serving.uploads`."""

from django.urls import path

from controller.care import views, views_kinds
from controller.papers import urls as _papers  # noqa: F401  the converter of papers' addresses

_STEP = "register/care/steps/<slug:batch>/"
_KIND = "register/care/kinds/<slug:kind_id>/"
urlpatterns = [
    path("register/care/", views.care, name="care"),
    path("register/care/done/", views.done, name="care_done"),
    path("register/care/set/", views_kinds.begin, name="care_begin"),
    path("register/care/kinds/", views_kinds.kinds, name="care_kinds"),
    path(_KIND, views_kinds.change, name="care_kind"),
    path(_KIND + "end/", views_kinds.end, name="care_kind_end"),
    path(_STEP, views.step, name="care_step"),
    path(_STEP + "undo/", views.undo, name="care_undo"),
    path(_STEP + "certificate/", views.certificate_add, name="care_certificate_add"),
    path(_STEP + "failed/", views.failed, name="care_failed"),
    path(
        "register/care/certificates/<doc:document_id>/",
        views.certificate,
        name="care_certificate",
    ),
]
