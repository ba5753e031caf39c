"""The addresses of targets and alerts."""

from django.urls import path

from vafa.front.watching import views

urlpatterns = [
    path("targets/", views.targets, name="targets"),
    path("targets/export.<slug:file_format>", views.export_targets, name="export_targets"),
    path("targets/alerts.<slug:file_format>", views.export_alerts, name="export_alerts"),
    path("targets/put-back/", views.put_back, name="put_back_watched"),
    path("targets/remove/", views.drop_target, name="remove_target"),
    path("targets/stop/", views.stop, name="stop_watching"),
    path("alerts/<int:alert_id>/settle/", views.settle, name="settle_alert"),
    path("alerts/<int:alert_id>/reopen/", views.reopen, name="reopen_alert"),
    path("marks/", views.mark, name="add_mark"),
    path("marks/<int:mark_id>/remove/", views.unmark, name="remove_mark"),
]
