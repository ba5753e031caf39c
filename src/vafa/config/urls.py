"""Every page's address, room by room."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("vafa.front.urls")),
    path("", include("vafa.api.urls")),
    path("", include("vafa.measure.metrics.urls")),
]
