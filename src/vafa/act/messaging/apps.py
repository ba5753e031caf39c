"""The app of this room."""

from django.apps import AppConfig

from vafa.kit.erasing import register


class MessagingConfig(AppConfig):
    name = "vafa.act.messaging"
    label = "messaging"

    def ready(self) -> None:
        from vafa.act.messaging.erasing import HOLDER
        from vafa.act.messaging.treated import list_treatments
        from vafa.predict.models.actions import register_treatments

        register(HOLDER)
        register_treatments(list_treatments)
