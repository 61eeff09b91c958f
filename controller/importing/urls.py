"""Addresses of importing."""

from django.urls import path

import controller.serving.converters  # noqa: F401  it makes `<row:…>` known
from controller.importing import views

urlpatterns = [
    path("register/import/", views.upload, name="register_import"),
    path("register/import/<str:token>/", views.look, name="import_look"),
    path("register/import/<str:token>/let-go/", views.let_go, name="import_let_go"),
    path("register/lists/<row:sheet_id>/", views.managed_list, name="managed_list"),
    path("register/lists/<row:sheet_id>/undo/", views.undo, name="managed_list_undo"),
]
