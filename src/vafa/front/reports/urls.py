"""The addresses of dashboards, scheduled reports and links."""

from django.urls import path

from vafa.front.reports import editing, links, schedules, shared, views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/new/", editing.new_dashboard, name="new_dashboard"),
    path("reports/<int:dashboard_id>/", views.dashboard, name="dashboard"),
    path(
        "reports/<int:dashboard_id>/export.<slug:file_format>",
        views.export_dashboard,
        name="export_dashboard",
    ),
    path("reports/<int:dashboard_id>/edit/", editing.edit_dashboard, name="edit_dashboard"),
    path("reports/<int:dashboard_id>/duplicate/", editing.duplicate, name="duplicate_dashboard"),
    path("reports/<int:dashboard_id>/delete/", editing.delete, name="delete_dashboard"),
    path("reports/<int:dashboard_id>/restore/", editing.restore, name="restore_dashboard"),
    path("reports/<int:dashboard_id>/put-back/", editing.put_item_back, name="put_item_back"),
    path("reports/<int:dashboard_id>/items/new/", editing.new_item, name="new_item"),
    path("reports/<int:dashboard_id>/items/<int:item_id>/", editing.edit_item, name="edit_item"),
    path("reports/<int:dashboard_id>/items/<int:item_id>/do/", editing.act_on_item, name="act_on_item"),
    path(
        "reports/<int:dashboard_id>/items/<int:item_id>/export.<slug:file_format>",
        views.export_item,
        name="export_item",
    ),
    path("reports/<int:dashboard_id>/schedules/", schedules.dashboard_schedules, name="dashboard_schedules"),
    path("reports/schedules/<int:schedule_id>/", schedules.edit_schedule, name="edit_schedule"),
    path("reports/schedules/<int:schedule_id>/do/", schedules.act_on_schedule, name="act_on_schedule"),
    path(
        "reports/schedules/<int:schedule_id>/preview/<int:staff_id>/",
        schedules.preview_schedule,
        name="preview_schedule",
    ),
    path("reports/<int:dashboard_id>/links/", links.dashboard_links, name="dashboard_links"),
    path("reports/<int:dashboard_id>/links/<int:link_id>/revoke/", links.revoke, name="revoke_link"),
    path("shared/<str:token>/", shared.shared, name="shared"),
]
