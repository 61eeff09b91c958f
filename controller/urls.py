"""Every address people may open. `/v1` for agents never reaches Django (`controller/rsgi.py`)."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("controller.posture.urls")),
    path("", include("controller.evidence.urls")),
    path("", include("controller.policy.urls")),
    path("", include("controller.surveys.urls")),
    path("", include("controller.fleet.urls")),
    path("", include("controller.records.urls")),
    path("", include("controller.ghosts.urls")),
    path("", include("controller.network.urls")),
    path("", include("controller.losses.urls")),
    path("", include("controller.counts.urls")),
    path("", include("controller.register.urls")),
    path("", include("controller.register.editing.urls")),
    path("", include("controller.labels.urls")),
    path("", include("controller.places.urls")),
    path("", include("controller.papers.urls")),
    path("", include("controller.api.urls")),
    path("", include("controller.register.identity.urls")),
    path("", include("controller.loans.urls")),
    path("", include("controller.jobs.urls")),
    path("", include("controller.rollover.urls")),
    path("", include("controller.software.urls")),
    path("", include("controller.media.urls")),
    path("", include("controller.deliveries.urls")),
    path("", include("controller.importing.urls")),
    path("", include("controller.reinstalls.urls")),
    path("", include("controller.repairs.urls")),
    path("", include("controller.care.urls")),
    path("", include("controller.collections.urls")),
    path("", include("controller.contractors.urls")),
    path("", include("controller.receipts.urls")),
    path("", include("controller.disposal.urls")),
    path("", include("controller.people.urls")),
]

handler400 = "controller.serving.error_pages.bad_request"
handler403 = "controller.serving.error_pages.forbidden"
handler404 = "controller.serving.error_pages.not_found"
handler500 = "controller.serving.error_pages.server_error"
