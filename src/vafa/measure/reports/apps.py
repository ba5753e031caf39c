from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "vafa.measure.reports"
    label = "reports"
