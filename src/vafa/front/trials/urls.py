"""The addresses of the place "Results"."""

from django.urls import path

from vafa.front.trials import holdout_page, report, views

urlpatterns = [
    path("settings/holdout/", holdout_page.settings_holdout, name="settings_holdout"),
    path("settings/holdout/do/", holdout_page.change_holdout, name="change_holdout"),
    path("settings/holdout/price/", holdout_page.holdout_price, name="holdout_price"),
    path("trials/", views.trials, name="trials"),
    path("trials/export.<slug:file_format>", views.export_trials, name="trials_export"),
    path("trials/report/", report.report, name="proof_report"),
    path("trials/report/export.<slug:file_format>", report.export_report, name="proof_report_export"),
    path("trials/decisions/", views.decisions, name="trial_decisions"),
    path("trials/decisions/export.<slug:file_format>", views.export_decisions, name="trial_decisions_export"),
    path("trials/of/<str:key>/", views.trial, name="trial"),
    path("trials/of/<str:key>/cost/", views.pay_trial, name="pay_trial"),
    path("trials/of/<str:key>/decide/", views.decide_trial, name="decide_trial"),
]
