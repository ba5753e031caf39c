"""The app of this room."""

from django.apps import AppConfig

from vafa.kit.erasing import register


class AutomationsConfig(AppConfig):
    name = "vafa.act.automations"
    label = "automations"

    def ready(self) -> None:
        from vafa.act.automations.erasing import HOLDER

        register(HOLDER)
