"""The addresses of the what-if page."""

from django.urls import path

from vafa.front.what_if import views

urlpatterns = [
    path("what-if/", views.what_if, name="what_if"),
    path("what-if.<slug:file_format>", views.export, name="what_if_export"),
]
