from django.apps import AppConfig


class FrontConfig(AppConfig):
    name = "vafa.front"
    label = "front"
