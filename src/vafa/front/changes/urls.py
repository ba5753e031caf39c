"""The addresses of the pages that explain why a figure is not what it was."""

from django.urls import path

from vafa.front.changes import views

urlpatterns = [
    path("changes/", views.changes, name="changes"),
    path("changes.<slug:file_format>", views.export, name="changes_export"),
    path("changes/names/", views.names, name="changes_names"),
]
