from django.apps import AppConfig

from vafa.kit.erasing import register


class KitConfig(AppConfig):
    name = "vafa.kit"
    label = "kit"

    def ready(self) -> None:
        from vafa.kit.mail_erasing import HOLDER

        register(HOLDER)
