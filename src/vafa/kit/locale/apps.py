from django.apps import AppConfig


class LocaleConfig(AppConfig):
    name = "vafa.kit.locale"
    label = "locale_kit"
