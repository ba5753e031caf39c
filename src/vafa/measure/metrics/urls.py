"""The addresses of this room's pages."""

from django.urls import path

from vafa.measure.metrics.views import rate_page

urlpatterns = [path("rate/", rate_page, name="rate")]
