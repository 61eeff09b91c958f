"""Address of the policy page."""

from django.urls import path

from controller.policy import views

urlpatterns = [path("policy/", views.policy, name="policy")]
