"""Addresses of companies. Those that take a file stand in `controller.serving.uploads` as well."""

from django.urls import path

import controller.serving.converters  # noqa: F401  it makes `<row:…>` known
from controller.contractors import views, views_papers, views_rules

_ALL = "register/contractors/"
_ONE = f"{_ALL}<row:contractor_id>/"
_PAPER = f"{_ONE}papers/<row:paper_id>/"

urlpatterns = [
    path(_ALL, views.contractors, name="contractors"),
    path(f"{_ALL}new/", views.new, name="contractor_new"),
    path(f"{_ALL}needed/", views_rules.rules, name="contractor_rules"),
    path(_ONE, views.contractor, name="contractor"),
    path(f"{_ONE}change/", views.change, name="contractor_change"),
    path(f"{_ONE}leave/", views.leave, name="contractor_leave"),
    path(f"{_ONE}papers/new/", views_papers.new, name="contractor_paper_new"),
    path(_PAPER, views_papers.paper, name="contractor_paper"),
    path(f"{_PAPER}end/", views_papers.end, name="contractor_paper_end"),
    path(f"{_PAPER}copy/", views_papers.copy, name="contractor_paper_copy"),
]
