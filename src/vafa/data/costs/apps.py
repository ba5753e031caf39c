from django.apps import AppConfig


class CostsConfig(AppConfig):
    name = "vafa.data.costs"
    label = "costs"
