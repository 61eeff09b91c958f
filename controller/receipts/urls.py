"""Addresses of what comes back after a collection. Those that take a file stand in
`controller.serving.uploads` as well."""

from django.urls import path

import controller.papers.urls  # noqa: F401  it makes `<sha256:…>` known
from controller.receipts import views, views_differences

_ONE = "register/collections/<str:collection_id>/"
_DIFFERENCE = "register/collections/differences/<str:difference_id>/"

urlpatterns = [
    path("register/collections/differences/", views_differences.differences, name="differences"),
    path(_DIFFERENCE, views_differences.difference, name="difference"),
    path(f"{_DIFFERENCE}settle/", views_differences.settle, name="difference_settle"),
    path(f"{_ONE}papers/", views.papers, name="collection_papers"),
    path(f"{_ONE}papers/go-on/", views_differences.go_on, name="collection_go_on"),
    path(f"{_ONE}receipt/", views.receipt, name="collection_receipt"),
    path(f"{_ONE}certificate/", views.certificate_new, name="certificate_new"),
    path(f"{_ONE}certificates/<str:certificate_id>/", views.certificate, name="certificate"),
    path(
        f"{_ONE}certificates/<str:certificate_id>/decide/",
        views.certificate_decide,
        name="certificate_decide",
    ),
    path(f"{_ONE}files/<sha256:sha256>/", views.file, name="collection_file"),
]
