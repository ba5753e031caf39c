from django.apps import AppConfig


class LogConfig(AppConfig):
    name = "vafa.data.log"
    label = "log"
