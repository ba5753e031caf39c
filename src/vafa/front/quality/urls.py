"""The addresses of the pages of data quality."""

from django.urls import path

from vafa.front.quality import views

urlpatterns = [
    path("quality/", views.quality, name="quality"),
    path("quality.<slug:file_format>", views.export_checks, name="quality_checks_export"),
    path("quality/join/", views.join, name="quality_join"),
    path("quality/separate/<int:customer_id>/", views.separate, name="quality_separate"),
    path("quality/<slug:name>/", views.check, name="quality_check"),
    path("quality/<slug:name>.<slug:file_format>", views.export, name="quality_export"),
]
