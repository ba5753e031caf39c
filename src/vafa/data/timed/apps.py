from django.apps import AppConfig


class TimedConfig(AppConfig):
    name = "vafa.data.timed"
    label = "timed"
