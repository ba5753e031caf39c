from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "vafa.measure.metrics"
    label = "metrics"
