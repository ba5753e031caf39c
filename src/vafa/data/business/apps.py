from django.apps import AppConfig


class BusinessConfig(AppConfig):
    name = "vafa.data.business"
    label = "business"
