"""The addresses of the overview."""

from django.urls import path

from vafa.front.overview import views

urlpatterns = [
    path("overview/", views.overview, name="overview"),
    path("overview/export/<slug:part>.<slug:file_format>", views.export, name="overview_export"),
]
