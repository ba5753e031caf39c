"""The addresses of automations."""

from django.urls import path

from vafa.front.automations import codes, dry, editor, log, ruling, views

urlpatterns = [
    path("automations/", views.automations, name="automations"),
    path("automations/new/", views.new_automation, name="new_automation"),
    path("automations/codes/", codes.code_pools, name="code_pools"),
    path("automations/codes/<int:pool_id>/", codes.change_pool, name="change_pool"),
    path("automations/<int:automation_id>/", views.automation, name="automation"),
    path("automations/<int:automation_id>/act/", views.act_on_automation, name="act_on_automation"),
    path("automations/<int:automation_id>/keep/", views.keep_automation, name="keep_automation"),
    path("automations/<int:automation_id>/edit/", editor.automation_edit, name="automation_edit"),
    path(
        "automations/<int:automation_id>/rules/<slug:where>/",
        ruling.automation_rules,
        name="automation_rules",
    ),
    path("automations/<int:automation_id>/dry-run/", dry.automation_dry_run, name="automation_dry_run"),
    path(
        "automations/<int:automation_id>/dry-run.<slug:file_format>",
        dry.export_dry_run,
        name="export_dry_run",
    ),
    path("automations/<int:automation_id>/log/", log.automation_log, name="automation_log"),
    path(
        "automations/<int:automation_id>/log.<slug:file_format>", log.export_log, name="export_automation_log"
    ),
    path("customers/<int:customer_id>/automations/", log.customer_automations, name="customer_automations"),
]
