"""The app of this room."""

from django.apps import AppConfig

from vafa.kit.erasing import register


class MessagingConfig(AppConfig):
    name = "vafa.act.messaging"
    label = "messaging"

    def ready(self) -> None:
        from vafa.act.messaging.erasing import HOLDER

        register(HOLDER)
