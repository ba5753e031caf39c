from django.apps import AppConfig

from vafa.kit.erasing import register


class ConsentConfig(AppConfig):
    name = "vafa.data.consent"
    label = "consent"

    def ready(self) -> None:
        from vafa.data.consent.erasing import HOLDER

        register(HOLDER)
