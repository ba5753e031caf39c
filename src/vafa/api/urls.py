"""The addresses of the API and its reference."""

from django.urls import URLPattern, URLResolver, include, path

from vafa.api.reference import api_reference
from vafa.api.v1 import build_urls

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/docs/", api_reference, name="api_reference"),
    path("api/v1/", include((build_urls(), "api-v1"))),
]
