from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    name = "vafa.data.interactions"
    label = "interactions"
