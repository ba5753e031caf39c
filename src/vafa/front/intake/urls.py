"""The addresses of the import pages."""

from django.urls import path

from vafa.front.intake import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("<int:import_id>/", views.import_page, name="import"),
    path("<int:import_id>/columns/", views.import_columns, name="import_columns"),
    path("<int:import_id>/rejects/", views.import_rejects, name="import_rejects"),
    path("<int:import_id>/retry/", views.retry_import, name="import_retry"),
    path("<int:import_id>/undo/", views.undo_import, name="import_undo"),
    path("<int:import_id>/discard/", views.discard_import, name="import_discard"),
]
