from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "vafa.kit"
    label = "kit"
