"""The addresses of the list of customers."""

from django.urls import path

from vafa.front.customers import bulk_jobs, bulk_views, views

urlpatterns = [
    path("customers/bulk/", bulk_views.bulk, name="customers_bulk"),
    path("customers/bulk/undo/", bulk_views.undo_bulk, name="undo_bulk"),
    path("customers/bulk/<slug:key>/", bulk_jobs.bulk_job, name="bulk_job"),
    path("customers/bulk/<slug:key>/undo/", bulk_jobs.undo_bulk_job, name="undo_bulk_job"),
    path("customers/", views.customers, name="customers"),
    path("customers/export.<slug:file_format>", views.export, name="customers_export"),
]
