"""Addresses of importing."""

from django.urls import path

from controller.importing import views

urlpatterns = [
    path("register/import/", views.upload, name="register_import"),
    path("register/import/<str:token>/", views.look, name="import_look"),
    path("register/import/<str:token>/let-go/", views.let_go, name="import_let_go"),
    path("register/lists/<str:sheet_id>/", views.managed_list, name="managed_list"),
    path("register/lists/<str:sheet_id>/undo/", views.undo, name="managed_list_undo"),
]
