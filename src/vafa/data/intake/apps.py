from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "vafa.data.intake"
    label = "intake"
