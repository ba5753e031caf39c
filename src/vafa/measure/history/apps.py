from django.apps import AppConfig


class HistoryConfig(AppConfig):
    name = "vafa.measure.history"
    label = "history"
