from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "vafa.measure.quality"
    label = "quality"
