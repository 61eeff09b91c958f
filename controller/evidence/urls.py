"""Addresses of the evidence log's page."""

from django.urls import path

from controller.evidence import views

urlpatterns = [
    path("evidence/", views.sheet, name="evidence"),
    path("evidence/answer/", views.answer, name="evidence_answer"),
    path("evidence/export/", views.download, name="evidence_export"),
    path("evidence/checkpoint/", views.make, name="evidence_checkpoint"),
]
